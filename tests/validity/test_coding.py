"""Coding in a notebook: saved after every answer, resumed at the first open unit."""

import json

import pandas as pd
import pytest

from framing.validity.coding import CodingSession, code_in_notebook
from framing.validity.read_codes import read_codes
from framing.validity.sheets import assign_units

BOOK = pd.DataFrame({"frame": ["war", "peace"], "pattern": ["troops", "talks"]})


@pytest.fixture
def sample():
    rows = [(f"a{k}", f"Text {k} <b>bold</b>.", f"Headline & {k}") for k in range(4)]
    return pd.DataFrame(rows, columns=["unit", "text", "headline"]).assign(outlet="Herald")


@pytest.fixture
def panel(sample, tmp_path):
    return code_in_notebook(sample, BOOK, tmp_path / "ann.jsonl", coder="ann")


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_an_answer_is_on_the_disk_at_once(panel, tmp_path):
    unit = panel.session.unit
    panel.buttons["war"].value = 1
    (saved,) = lines(tmp_path / "ann.jsonl")
    assert saved["unit"] == unit
    assert (saved["coder"], saved["frame"], saved["value"], saved["answer"]) == ("ann", "war", 1, 1)
    assert saved["coded_at"].endswith("+00:00")


def test_moving_on_shows_the_next_text_with_no_answer(panel):
    first = panel.text.value
    panel.buttons["war"].value = 1
    panel.next.click()
    assert panel.text.value != first
    assert panel.buttons["war"].value is None
    panel.back.click()
    assert panel.text.value == first
    assert panel.buttons["war"].value == 1


def test_going_back_and_forth_saves_nothing(panel, tmp_path):
    panel.buttons["war"].value = 0
    for button in (panel.next, panel.back, panel.first):
        button.click()
    assert len(lines(tmp_path / "ann.jsonl")) == 1


def test_the_ends_are_ends(panel):
    assert panel.back.disabled and not panel.next.disabled
    for _ in range(9):
        panel.next.click()
    assert panel.session.position == 3
    assert panel.next.disabled


def test_texts_are_escaped_and_outlets_hidden(panel, sample, tmp_path):
    assert "&lt;b&gt;bold&lt;/b&gt;" in panel.text.value
    assert "Headline &amp; " in panel.text.value
    assert "Herald" not in panel.text.value
    told = code_in_notebook(sample, BOOK, tmp_path / "b.jsonl", coder="<i>", show=["outlet"])
    assert "Herald" in told.text.value
    assert "&lt;i&gt;" in told.place.value


def test_progress_is_told(panel):
    assert panel.place.value.startswith("text 1 of 4 · 0 coded")
    for _ in range(4):
        panel.buttons["war"].value = 1
        panel.buttons["peace"].value = "unsure"
        panel.next.click()
    assert "all coded" in panel.place.value
    assert panel.bar.value == 4


def test_coding_goes_on_at_the_first_open_unit(panel, sample, tmp_path):
    panel.buttons["war"].value = 1
    panel.buttons["peace"].value = 0
    panel.next.click()
    panel.buttons["war"].value = 1  # peace stays open
    panel.next.click()
    panel.buttons["war"].value = 0
    again = code_in_notebook(sample, BOOK, tmp_path / "ann.jsonl", coder="ann")
    assert again.session.position == 1
    assert again.buttons["war"].value == 1
    assert again.buttons["peace"].value is None
    assert again.session.n_done == 1


def test_a_finished_file_opens_at_its_end(sample, tmp_path):
    session = CodingSession(sample, BOOK, tmp_path / "x.jsonl", coder="ann")
    for _ in range(4):
        session.answer("war", 1)
        session.answer("peace", 0)
        session.go(1)
    assert CodingSession(sample, BOOK, tmp_path / "x.jsonl", coder="ann").position == 3


def test_a_torn_line_costs_only_itself(panel, sample, tmp_path):
    path = tmp_path / "ann.jsonl"
    panel.buttons["war"].value = 1
    panel.buttons["peace"].value = 0
    path.write_bytes(path.read_bytes()[:-25])
    again = CodingSession(sample, BOOK, path, coder="ann")
    assert list(again.answers.values()) == [1]
    again.answer("peace", 1)
    codes, problems = read_codes(path)
    assert codes["value"].tolist() == [1, 1]
    assert problems["problem"].tolist() == ["unreadable"]
    assert CodingSession(sample, BOOK, path, coder="ann").n_done == 1


def test_the_last_answer_counts(panel, tmp_path):
    panel.session.clock = iter(["2031-03-05T10:00:00+00:00", "2031-03-05T10:01:00+00:00"]).__next__
    panel.buttons["war"].value = 1
    panel.buttons["war"].value = 0
    codes, problems = read_codes(tmp_path / "ann.jsonl")
    assert codes["value"].tolist() == [0]
    assert codes["coded_at"].tolist() == [pd.Timestamp("2031-03-05 10:01")]
    assert problems.empty


def test_notes_are_kept(panel, sample, tmp_path):
    panel.buttons["war"].value = 1
    panel.note.value = "irony?\nperhaps"
    panel.note.value = "irony?\nperhaps "
    assert len(lines(tmp_path / "ann.jsonl")) == 2
    again = code_in_notebook(sample, BOOK, tmp_path / "ann.jsonl", coder="ann")
    assert again.note.value == "irony?\nperhaps"
    assert read_codes(tmp_path / "ann.jsonl").codes["note"].tolist() == ["irony?\nperhaps"]


def test_a_click_that_cannot_be_saved_is_not_taken_for_an_answer(panel, monkeypatch):
    def broken(self, said):
        raise OSError("disk full")

    monkeypatch.setattr(CodingSession, "_save", broken)
    with pytest.raises(OSError, match="disk full"):
        panel.session.answer("war", 1)
    assert panel.session.answers == {}


def test_two_coders_share_a_file_without_seeing_each_other(panel, sample, tmp_path):
    panel.buttons["war"].value = 1
    other = code_in_notebook(sample, BOOK, tmp_path / "ann.jsonl", coder="ben")
    assert other.session.answers == {}
    other.buttons["war"].value = 0
    codes = read_codes(tmp_path / "ann.jsonl").codes
    assert sorted(zip(codes["coder"], codes["value"], strict=True)) == [("ann", 1), ("ben", 0)]


def test_assigned_units_are_shown_in_their_order(sample, tmp_path):
    work = assign_units(sample, ["ann", "ben"], overlap=2)
    session = CodingSession(work, BOOK, tmp_path / "x.jsonl", coder="ben")
    assert session.units.index.tolist() == work.loc[work["coder"] == "ben", "unit"].tolist()
    with pytest.raises(ValueError, match="No unit of the sample is assigned to 'eve'"):
        CodingSession(work, BOOK, tmp_path / "x.jsonl", coder="eve")


def test_values_of_other_variables_are_buttons_too(sample, tmp_path):
    tone = pd.DataFrame({"frame": ["tone"], "values": ["good|bad"]})
    panel = code_in_notebook(sample, tone, tmp_path / "x.jsonl", coder="ann")
    assert [label for label, _ in panel.buttons["tone"].options] == ["good", "bad", "unsure"]
    panel.buttons["tone"].value = "bad"
    assert read_codes(tmp_path / "x.jsonl", codebook=tone).codes["value"].tolist() == ["bad"]


def test_wrong_answers_and_files_are_refused(sample, tmp_path):
    session = CodingSession(sample, BOOK, tmp_path / "x.jsonl", coder="ann")
    with pytest.raises(ValueError, match="7 is no answer to 'war'"):
        session.answer("war", 7)
    with pytest.raises(ValueError, match="no answer to 'weather'"):
        session.answer("weather", 1)
    (tmp_path / "notes.txt").write_text("my notes")
    with pytest.raises(ValueError, match="choose another name"):
        CodingSession(sample, BOOK, tmp_path / "notes.txt", coder="ann")
    assert (tmp_path / "notes.txt").read_text() == "my notes"
    with pytest.raises(ValueError, match="needs a name"):
        CodingSession(sample, BOOK, tmp_path / "x.jsonl", coder=" ")
    with pytest.raises(KeyError, match="no column 'text'"):
        CodingSession(sample.drop(columns="text"), BOOK, tmp_path / "x.jsonl", coder="ann")
    with pytest.raises(KeyError, match="no column 'colour'"):
        code_in_notebook(sample, BOOK, tmp_path / "x.jsonl", coder="ann", show=["colour"])


def test_it_shows_itself_in_a_notebook(panel):
    assert panel._repr_mimebundle_(include=None, exclude=None)


def test_units_without_a_text_are_refused(sample, tmp_path):
    empty = sample.assign(text=["War.", None, " ", "Peace."])
    with pytest.raises(ValueError, match=r"2 of 4 units have no text \(a1, a2\)"):
        code_in_notebook(empty, BOOK, tmp_path / "ann.jsonl", coder="ann")
