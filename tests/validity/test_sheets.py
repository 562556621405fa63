"""Coding sheets: who gets which unit, and a workbook that coders can fill in."""

import hashlib
import subprocess
import sys

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.validity.sheets import KEY, assign_units, guard, pages, unguard, write_sheet
from framing.validity.variables import as_variables, indicator_questions

BOOK = pd.DataFrame(
    {
        "frame": ["war", "war", "peace"],
        "pattern": ["troops", "tanks", "talks"],
        "indicator": ["Are there troops?", "Are there tanks?", "Do they talk?"],
        "definition": ["Told as war.", "Told as war.", "Told as peace."],
        "example": ["Troops left.", "Troops left.", "Talks began."],
    }
)
TONE = pd.DataFrame({"frame": ["tone", "level"], "values": ["good|bad|=mixed", "1|2|3"]})


@pytest.fixture
def sample():
    rows = [(f"a{k}", f"Text {k}.", "Herald", f"Headline {k}", 0.5) for k in range(10)]
    return pd.DataFrame(rows, columns=["unit", "text", "outlet", "headline", "probability"])


def cells(sheet):
    return [list(line) for line in sheet.iter_rows(values_only=True)]


# --- who codes what -------------------------------------------------------------------------


def test_shared_units_go_to_all_and_the_others_to_one(sample):
    work = assign_units(sample, 3, overlap=4)
    n_coders = work.groupby("unit").size()
    assert n_coders.value_counts().to_dict() == {1: 6, 3: 4}
    assert work.groupby("coder").size().to_dict() == {"coder_1": 6, "coder_2": 6, "coder_3": 6}


@pytest.mark.parametrize(("overlap", "n"), [(0.25, 3), (1.0, 10), (0.0, 0), (1, 1), (0, 0)])
def test_overlap_is_a_share_or_a_number(sample, overlap, n):
    per_unit = assign_units(sample, 2, overlap=overlap).groupby("unit").size()
    assert (per_unit == 2).sum() == n
    assert len(per_unit) == 10


def test_every_coder_has_an_order_of_their_own(sample):
    work = assign_units(sample, ["ann", "ben"], overlap=1.0)
    ann, ben = (work.loc[work["coder"] == who, "unit"].tolist() for who in ("ann", "ben"))
    assert sorted(ann) == sorted(ben) == sorted(sample["unit"])
    assert ann != ben
    assert work["position"].tolist() == [*range(1, 11)] * 2


def test_the_order_of_the_sample_does_not_matter(sample):
    pd.testing.assert_frame_equal(assign_units(sample), assign_units(sample[::-1]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"coders": ["ann", "ann"]}, "Two coders are called 'ann'"),
        ({"coders": ["ann", " "]}, "each needs a name"),
        ({"coders": 0}, "at least one coder"),
        ({"overlap": 1.5}, r"overlap=1\.5"),
        ({"overlap": 11}, "units up to 10"),
    ],
)
def test_impossible_assignments_are_refused(sample, arguments, message):
    with pytest.raises(ValueError, match=message):
        assign_units(sample, **arguments)


def test_wide_letters_get_rows_that_show_them(tmp_path):
    """A line holds half as many Chinese letters; a row is at most 409 points high."""
    sample = pd.DataFrame({"unit": ["a", "b"], "text": ["戦争" * 3000, "war " * 1500]})
    write_sheet(sample, BOOK, tmp_path / "s.xlsx", coders=1)
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx")["coder_1"]
    texts = [str(row[2]) for row in sheet.iter_rows(min_row=2, values_only=True)]
    lengths = {text[0]: max(len(one) for one in texts if one[0] == text[0]) for text in texts}
    assert lengths["戦"] < 22 * 50 < 22 * 90 < lengths["w"] < 22 * 99


def test_samples_are_checked(sample):
    with pytest.raises(TypeError, match="list of names"):
        assign_units(sample, "ann")
    with pytest.raises(TypeError, match="DataFrame"):
        assign_units(["a1"])
    with pytest.raises(ValueError, match="no column 'unit'"):
        assign_units(sample.drop(columns="unit"))
    with pytest.raises(ValueError, match=r"units have no name or stand twice .*drop_dup"):
        assign_units(pd.concat([sample, sample]))
    with pytest.raises(ValueError, match=r"1 of \d+ units have no name or stand twice \(''\)"):
        assign_units(sample.assign(unit=["", *sample["unit"][1:]]))
    with pytest.raises(ValueError, match="empty"):
        assign_units(sample.head(0))


# --- variables ------------------------------------------------------------------------------


def test_a_codebook_gives_a_variable_for_each_frame():
    war, peace = as_variables(BOOK)
    assert war.questions == ("Are there troops?", "Are there tanks?")
    assert war.definition == "Told as war."
    assert war.examples == ("Troops left.",)
    assert war.is_binary and peace.choices == (1, 0, "unsure")


def test_a_table_without_patterns_gives_values_of_its_own():
    tone, level = as_variables(TONE)
    assert tone.values == ("good", "bad", "=mixed")
    assert level.values == (1, 2, 3)
    assert not level.is_binary


def test_indicator_questions_become_variables():
    questions = indicator_questions(BOOK)
    assert [v.name for v in as_variables(questions)] == BOOK["indicator"].tolist()
    assert questions.loc[0, "definition"] == "war: Told as war."
    with pytest.raises(ValueError, match="no indicator questions"):
        indicator_questions(BOOK.drop(columns="indicator"))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pd.DataFrame({"frame": ["a"], "colour": ["red"]}), "unknown column colour"),
        (pd.DataFrame({"values": ["a|b"]}), "no column frame"),
        (pd.DataFrame({"frame": ["a", ""]}), "without a name"),
        (pd.DataFrame({"frame": ["a"], "values": ["only"]}), "two or more different values"),
        (pd.DataFrame({"frame": ["a"], "values": ["x|x"]}), "two or more different values"),
        (pd.DataFrame({"frame": ["a", "a"], "values": ["x|y", "1|2"]}), "different lists"),
    ],
)
def test_tables_of_variables_are_checked(table, message):
    with pytest.raises(ValueError, match=message):
        as_variables(table)


# --- the workbook ---------------------------------------------------------------------------


def test_coders_see_texts_and_frames_and_nothing_that_tells_on_the_outlet(sample, tmp_path):
    path = write_sheet(sample, BOOK, tmp_path / "s.xlsx", coders=["ann", "ben"])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Instructions", "ann", "ben", KEY]
    assert cells(book["ann"])[0] == ["unit", "no.", "headline", "text", "war", "peace", "note"]
    everything = str([cells(sheet) for sheet in book])
    assert "Herald" not in everything and "0.5" not in everything
    assert book[KEY].sheet_state == "veryHidden"
    assert book["ann"].column_dimensions["A"].hidden


def test_columns_can_be_shown(sample, tmp_path):
    path = write_sheet(sample, BOOK, tmp_path / "s.xlsx", show=["outlet"])
    assert cells(openpyxl.load_workbook(path)["coder_1"])[1][2] == "Herald"


def test_instructions_hold_definitions_questions_and_examples(sample, tmp_path):
    book = openpyxl.load_workbook(write_sheet(sample, BOOK, tmp_path / "s.xlsx"))
    told = str(cells(book["Instructions"]))
    title = book["Instructions"]["A1"]
    assert book["Instructions"].row_dimensions[1].height > 1.3 * title.font.size
    for text in ("Told as war.", "• Are there tanks?", "“Talks began.”", "1 = yes"):
        assert text in told


def test_cells_have_lists_and_only_they_can_be_changed(sample, tmp_path):
    book = openpyxl.load_workbook(write_sheet(sample, BOOK, tmp_path / "s.xlsx", coders=["ann"]))
    sheet = book["ann"]
    first, second = sheet.data_validations.dataValidation
    assert first.formula1 == f"={KEY}!$C$2:$E$2"
    assert [str(c.sqref) for c in (first, second)] == ["E2:E11", "F2:F11"]
    assert first.prompt == "Are there troops? Are there tanks?"
    assert [cell.value for cell in book[KEY][2]][:5] == ["variable", "war", 1, 0, "unsure"]
    assert sheet.protection.sheet
    locked = [cell.protection.locked for cell in sheet[2]]
    assert locked == [True, True, True, True, False, False, False]
    assert sheet.freeze_panes == "C2"
    assert all(cell.alignment.wrap_text for cell in sheet[2][2:])


def test_texts_are_never_formulas(sample, tmp_path):
    evil = sample.assign(
        text='=HYPERLINK("http://x")', headline="@SUM(A1)", unit=lambda t: "=" + t.unit
    )
    path = write_sheet(evil, TONE, tmp_path / "s.xlsx", coders=["=ann"])
    book = openpyxl.load_workbook(path)
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {
        "s",
        "inlineStr",
        "n",
    }
    texts = [v for row in cells(book["=ann"])[1:] for v in row[:4] if isinstance(v, str)]
    assert all(text.startswith("'") for text in texts)


def test_long_texts_go_on_below(sample, tmp_path):
    long = "\n\n".join(f"Paragraph {k}. " + "word " * 120 for k in range(8))
    path = write_sheet(sample.head(2).assign(text=long), BOOK, tmp_path / "s.xlsx", coders=["ann"])
    sheet = openpyxl.load_workbook(path)["ann"]
    units = [row[0].value for row in sheet.iter_rows(min_row=2)]
    assert sum(unit is not None for unit in units) == 2
    assert len(units) > 4
    together = " ".join(row[3].value for row in sheet.iter_rows(min_row=2) if row[3].value)
    assert together.split() == (long + " " + long).split()
    assert any("E2:E" in str(area) for area in sheet.merged_cells.ranges)
    assert all((sheet.row_dimensions[k].height or 0) <= 409 for k in range(1, sheet.max_row + 1))


def test_control_characters_are_taken_out_of_texts(sample, tmp_path):
    path = write_sheet(sample.assign(text="a\x07b\r\nc"), BOOK, tmp_path / "s.xlsx", coders=1)
    assert cells(openpyxl.load_workbook(path)["coder_1"])[1][3] == "a b\n\nc"


def test_names_of_coders_become_titles_that_a_workbook_allows(sample, tmp_path):
    names = ["ann/ben [1]", "ann?ben *1*", "x" * 60, "x" * 61, "Instructions"]
    path = write_sheet(sample, BOOK, tmp_path / "s.xlsx", coders=names)
    titles = openpyxl.load_workbook(path).sheetnames
    assert len({title.casefold() for title in titles}) == 7
    assert all(len(title) <= 31 for title in titles)


def test_the_same_call_writes_the_same_bytes(sample, tmp_path):
    first = write_sheet(sample, BOOK, tmp_path / "s.xlsx").read_bytes()
    second = write_sheet(sample, BOOK, tmp_path / "t.xlsx").read_bytes()
    assert first == second
    assert write_sheet(sample, BOOK, tmp_path / "u.xlsx", random_state=1).read_bytes() != first


def test_bytes_do_not_depend_on_the_process(sample, tmp_path):
    code = (
        "import hashlib, sys, pandas as pd\n"
        "from framing.validity.sheets import write_sheet\n"
        "sample = pd.DataFrame({'unit': ['a', 'b', 'c'], 'text': ['x', 'y ' * 3000, 'z']})\n"
        "book = pd.DataFrame({'frame': ['war'], 'pattern': ['war']})\n"
        "path = write_sheet(sample, book, sys.argv[1], coders=['ann', 'ben'])\n"
        "print(hashlib.sha256(path.read_bytes()).hexdigest())\n"
    )
    small = pd.DataFrame({"unit": ["a", "b", "c"], "text": ["x", "y " * 3000, "z"]})
    book = pd.DataFrame({"frame": ["war"], "pattern": ["war"]})
    here = write_sheet(small, book, tmp_path / "here.xlsx", coders=["ann", "ben"]).read_bytes()
    command = [sys.executable, "-c", code, str(tmp_path / "there.xlsx")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hashlib.sha256(here).hexdigest()


def test_a_sheet_with_answers_is_not_written_over(sample, tmp_path):
    path = write_sheet(sample, BOOK, tmp_path / "s.xlsx", coders=["ann"])
    write_sheet(sample, BOOK, path, coders=["ann"], random_state=1)  # nobody has begun
    book = openpyxl.load_workbook(path)
    book["ann"]["E3"] = 0
    book.save(path)
    coded = path.read_bytes()
    with pytest.raises(FileExistsError, match=r"may hold answers\. Read it with read_codes"):
        write_sheet(sample, BOOK, path, coders=["ann"])
    assert path.read_bytes() == coded
    path.write_text("notes of mine")
    with pytest.raises(FileExistsError):
        write_sheet(sample, BOOK, path, coders=["ann"])


def test_numbers_of_numpy_are_numbers(sample):
    found = assign_units(sample, np.int64(2), overlap=np.int64(3))
    assert found["coder"].unique().tolist() == ["coder_1", "coder_2"]
    assert found["unit"].duplicated().sum() == 3


def test_nothing_half_written_is_left(sample, tmp_path, monkeypatch):
    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr("framing.validity.sheets._save", broken)
    with pytest.raises(OSError, match="disk full"):
        write_sheet(sample, BOOK, tmp_path / "s.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        ({}, {"path": "s.csv"}, "must end in .xlsx"),
        ({"text": " "}, {}, "10 units have no text"),
        ({"unit": [f"a\n{k}" for k in range(10)]}, {}, "control characters"),
        ({"headline": "h" * 32_767}, {}, "32,767 letters or more, .* in headline"),
    ],
)
def test_sheets_that_cannot_be_written_are_refused(sample, tmp_path, change, arguments, message):
    path = tmp_path / arguments.get("path", "s.xlsx")
    with pytest.raises(ValueError, match=message):
        write_sheet(sample.assign(**change), BOOK, path)


def test_variables_may_not_be_called_as_the_columns(sample, tmp_path):
    with pytest.raises(ValueError, match="called as a column of the sheet: note"):
        write_sheet(sample, pd.DataFrame({"frame": ["note"]}), tmp_path / "s.xlsx")
    with pytest.raises(KeyError, match="no column 'colour'"):
        write_sheet(sample, BOOK, tmp_path / "s.xlsx", show=["colour"])


def test_a_sample_without_headlines_can_be_coded(sample, tmp_path):
    path = write_sheet(sample.drop(columns="headline"), BOOK, tmp_path / "s.xlsx")
    assert cells(openpyxl.load_workbook(path)["coder_1"])[0][2] == "text"


@given(st.text(max_size=20))
def test_guarded_names_come_back(name):
    assert unguard(guard(name)) == name


@given(st.text(alphabet="ab \n", max_size=300), st.integers(5, 30), st.integers(1, 6))
def test_parts_hold_every_word_in_order(text, width, n_lines):
    assert " ".join(pages(text, width, n_lines)).split() == [
        piece
        for word in text.split()
        for piece in [word[k : k + width * n_lines] for k in range(0, len(word), width * n_lines)]
    ]


def test_words_with_hyphens_and_long_addresses_stay_whole():
    text = f"Anti-aircraft guns of U.S.-led forces, see https://news.example/{'a-b/' * 60} end."
    for width in range(15, 40):
        assert " ".join(pages(text, width)).split() == text.split()


def test_a_text_without_spaces_goes_on_below():
    parts = pages("\u4e2d" * 5000, width=50, n_lines=20)
    assert [len(part) for part in parts] == [1000] * 5


def test_a_coder_without_any_unit_is_refused(sample):
    with pytest.raises(ValueError, match=rf"There are 50 coders and {len(sample)} units"):
        assign_units(sample, 50, overlap=0)
    assert assign_units(sample, 50, overlap=1)["coder"].nunique() == 50
