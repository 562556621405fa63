import json

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framing.corpus.articles import read_articles
from framing.corpus.export import defuse, restore, save_table

HOSTILE = [
    '=HYPERLINK("http://evil.example";"win")',
    "=cmd|' /C calc'!A0",
    "+1 for peace",
    "-5 degrees",
    "@herald says",
    "\t=1+1",
    "＝1+1",
    "'=quoted already",
    "'@herald' quoted",
    "<script>alert(1)</script>",
    "5 < 6 & so on",
    "plain",
]
ENDINGS = [".csv", ".xlsx", ".parquet", ".jsonl"]


@pytest.fixture
def hostile():
    index = pd.Index([f"a{n:02d}" for n in range(len(HOSTILE))], name="doc_id")
    date = pd.to_datetime("2031-03-03")
    headlines = [text.strip() for text in HOSTILE]
    table = pd.DataFrame({"outlet": "=Star", "date": date, "headline": headlines}, index=index)
    return table.assign(text=[f"{text}\n\nSecond paragraph." for text in HOSTILE])


@pytest.mark.parametrize("ending", ENDINGS)
def test_articles_come_back_exactly(hostile, tmp_path, ending):
    before = hostile.copy()
    path = save_table(hostile, tmp_path / "deep" / f"articles{ending}")
    again, report = read_articles(path)
    pd.testing.assert_frame_equal(
        again[["outlet", "headline", "text"]], hostile.drop(columns="date")
    )
    assert again["date"].tolist() == hostile["date"].tolist()
    assert "defused" not in again
    assert report.loc[0, "reason"] == ""
    pd.testing.assert_frame_equal(hostile, before)


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_was_read_and_saved_reads_the_same(tmp_path, ending):
    rows = [
        {
            "title": "=1+1",
            "text": "War began … [+1234 chars]",
            "date": "March 3, 2031",
            "page": "7",
        },
        {"title": "-", "text": "Peace.", "date": "spring 2031", "tone": 0.25},
    ]
    (tmp_path / "a.json").write_text(json.dumps(rows))
    first = read_articles(tmp_path / "a.json")[0]
    again = read_articles(save_table(first, tmp_path / f"b{ending}"))[0]
    pd.testing.assert_frame_equal(first, again, check_dtype=False)
    assert again["date_raw"].tolist() == ["March 3, 2031", "spring 2031"]
    assert again["truncated"].dtype == bool


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_no_cell_of_a_sheet_is_a_formula(hostile, tmp_path, ending):
    path = save_table(hostile.rename(columns={"text": "=text"}), tmp_path / f"a{ending}")
    if ending == ".csv":
        cells = pd.read_csv(path, dtype=str, header=None).to_numpy().ravel().tolist()
    else:
        sheet = openpyxl.load_workbook(path).active
        assert {cell.data_type for row in sheet for cell in row} <= {"s", "d", "n"}
        cells = [cell.value for row in sheet for cell in row]
    texts = [cell for cell in cells if isinstance(cell, str)]
    assert len(texts) > 30
    assert not any(text.lstrip().startswith(("=", "+", "-", "@", "＝")) for text in texts)


def test_a_cell_with_markup_is_escaped_in_the_page_of_a_notebook(hostile):
    assert "<script>" not in hostile.to_html()
    assert "&lt;script&gt;" in hostile.to_html()


def test_somebody_elses_apostrophes_stay(tmp_path):
    (tmp_path / "a.csv").write_text("headline,text\n'@herald' quoted,'=1\n", encoding="utf-8")
    articles, _ = read_articles(tmp_path / "a.csv")
    assert articles[["headline", "text"]].values.tolist() == [["'@herald' quoted", "'=1"]]


def test_somebody_elses_column_of_that_name_stays(tmp_path):
    (tmp_path / "a.csv").write_text("text,defused\n'=1,bomb\n", encoding="utf-8")
    articles, _ = read_articles(tmp_path / "a.csv")
    assert articles[["text", "defused"]].values.tolist() == [["'=1", "bomb"]]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(alphabet="=+-@'\t\n\r a1;", max_size=6), min_size=1, max_size=8))
def test_defusing_can_always_be_undone(texts):
    table = pd.DataFrame({"a": texts, "b; c": texts[::-1], "n": range(len(texts))})
    safe = defuse(table)
    assert not any(text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for text in safe["a"])
    pd.testing.assert_frame_equal(restore(safe), table)


def test_numbers_dates_and_truth_stay_what_they_are():
    table = pd.DataFrame(
        {"n": [-1], "day": pd.to_datetime(["2031-03-03"]), "flag": [True], "mixed": [-2]}
    ).astype({"mixed": object})
    pd.testing.assert_frame_equal(defuse(table), table)


def test_what_a_workbook_would_spoil_is_refused(tmp_path):
    table = pd.DataFrame({"text": ["x" * 40_000, "a\x00b", "fine"]})
    with pytest.raises(ValueError, match="1 of 3 cells of 'text' are longer") as caught:
        save_table(table, tmp_path / "a.xlsx")
    assert list(tmp_path.iterdir()) == []
    repair = str(caught.value).split("Take them out: ")[1]
    table = eval(repair, {"table": table.iloc[1:]})  # the advice is code; it must run
    assert save_table(table, tmp_path / "a.xlsx").exists()


def test_wrong_endings_and_no_tables(tiny, tmp_path):
    with pytest.raises(ValueError, match=r"'a.txt' must end in .csv, .xlsx, .parquet, .jsonl"):
        save_table(tiny, tmp_path / "a.txt")
    with pytest.raises(TypeError, match="a list, not a DataFrame"):
        save_table([1], tmp_path / "a.csv")
    with pytest.raises(ValueError, match="'defused' of its own"):
        save_table(tiny.assign(defused="yes"), tmp_path / "a.csv")


def test_an_index_that_only_counts_is_not_saved(tmp_path):
    path = save_table(pd.DataFrame({"frame": ["war"], "n": [3]}), tmp_path / "a.csv")
    assert path.read_bytes() == b"frame,n\nwar,3\n"
