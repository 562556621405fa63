"""The report and its paragraph, file by file and word by word."""

import json

import pandas as pd
import pytest

from framing.corpus.articles import read_articles
from framing.corpus.methods_text import describe_report


def report_of(folder, **files):
    for name, text in files.items():
        (folder / name.replace("_dot_", ".")).write_text(text, encoding="utf-8")
    return read_articles(folder).report


def row_of(folder, **files):
    return report_of(folder, **files).loc[0]


def test_dropped_rows_are_named(tmp_path):
    row = row_of(tmp_path, a_dot_csv="title,text\nx,y\n,\nz,\n,\n")
    assert row[["found", "parsed", "dropped", "dropped_rows"]].tolist() == [4, 2, 2, "2, 4"]
    assert row["reason"] == "2 dropped: neither text nor headline"
    rows = ",\n" * 30
    assert row_of(tmp_path, a_dot_csv=f"title,text\nx,y\n{rows}")["dropped_rows"].endswith("21 …")


def test_a_file_without_text_drops_all_and_says_why(tmp_path):
    row = row_of(tmp_path, a_dot_csv="mood,place\ngood,here\nbad,there\n")
    assert row[["found", "parsed", "dropped", "dropped_rows"]].tolist() == [2, 0, 2, "all"]
    assert "no text column" in row["reason"]


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (["3/4/2031", "5/6/2031"], "2 dates can be read two ways ('3/4/2031'); see date_raw"),
        (["spring 2031", "2031-03-03"], "1 date without a day ('spring 2031'); see date_raw"),
        (["soon", "2031-03-03"], "1 date cannot be read ('soon'); see date_raw"),
    ],
)
def test_undated_articles_say_why(tmp_path, dates, said):
    row = row_of(tmp_path, a_dot_csv="\n".join(["date,text", *(f"{d},x" for d in dates)]))
    assert row["reason"] == said
    assert row["undated"] == len(dates) - (dates[-1] == "2031-03-03")


def test_first_and_last_date_are_the_files_own(tmp_path):
    row = row_of(tmp_path, a_dot_csv="date,text\n2031-03-05,x\n2031-03-03,y\nsoon,z\n")
    assert row[["first", "last"]].tolist() == [
        pd.Timestamp("2031-03-03"),
        pd.Timestamp("2031-03-05"),
    ]


def test_texts_shorter_than_declared_are_noted(tmp_path):
    rows = [f"{n},{'word ' * 10},10 words" for n in range(5)]
    rows += ['5,word word word,"1,024 words"']
    whole, short = ["id,text,length", *rows[:5]], ["id,text,length", *rows]
    assert row_of(tmp_path, a_dot_csv="\n".join(whole))["notes"] == ""
    assert row_of(tmp_path, a_dot_csv="\n".join(short))["notes"] == (
        "1 text with fewer than half the words declared (doc_id 5)"
    )
    characters = ["id,text,length", *(f"{n},{'word ' * 10},50" for n in range(6))]
    assert row_of(tmp_path, a_dot_csv="\n".join(characters))["notes"] == ""


def test_outlets_that_look_like_one_are_noted(tmp_path):
    row = row_of(tmp_path, a_dot_csv="outlet,text\nThe Sun,x\nthesun,y\nthesun,z\n")
    assert row["notes"] == (
        "2 articles under an outlet name that looks like another's spelling ('thesun'); "
        "see fold_outlets"
    )


def test_one_plain_file(tmp_path):
    report = report_of(tmp_path, a_dot_csv="outlet,date,title,text\nStar,2031-03-03,War,x\n")
    assert describe_report(report) == (
        "One file (csv; utf-8) was read. It does not say how many articles it holds; 1 was read. "
        "The article is dated 3 March 2031. It has an outlet, a date, a headline and a text; it "
        "does not have a byline, a section, a web address or a language."
    )


def test_several_files_with_everything_that_can_be_odd(tmp_path):
    long = "Troops crossed the river at dawn, and nobody in the town saw them come."
    rows = [
        {"id": "x", "outlet": "Star", "date": "2031-03-03", "text": "Cut [+1234 chars]"},
        {"id": "x", "outlet": "Star", "date": "soon", "text": f"{long}\n\n{long}"},
        {"id": "y", "outlet": "Sun", "date": "2031-03-05", "title": "Only this"},
        {"id": "z"},
    ]
    report = report_of(tmp_path, a_dot_json=json.dumps(rows), b_dot_txt="War.", c_dot_csv="")
    assert describe_report(report) == (
        "Of 3 files, 2 were read (1 json, 1 text; utf-8); 1 gave no article: c.csv (the file is "
        "empty). The files do not say how many articles they hold; 4 were read. 1 of 5 records was "
        "dropped: it had neither headline nor text. The dated articles are dated from 3 March 2031 "
        "to 5 March 2031. 1 (25.0 %) has no outlet, 2 (50.0 %) have no date, 3 (75.0 %) have no "
        "headline and 1 (25.0 %) has no text; none has a byline, a section, a web address or a "
        "language. Marked for a second look: 1 text that is cut short and 1 text with a paragraph "
        "twice. 1 article had the id of an earlier one and got a number behind it."
    )


def test_nothing_could_be_read(tmp_path):
    one = report_of(tmp_path, c_dot_csv="")
    assert describe_report(one) == "The one file gave no article: c.csv (the file is empty)."
    several = report_of(tmp_path, **{f"d{n}_dot_csv": "" for n in range(4)})
    assert describe_report(several) == (
        "None of 5 files gave an article: c.csv (the file is empty); d0.csv (the file is empty); "
        "d1.csv (the file is empty); and 2 more."
    )


@pytest.mark.parametrize(
    ("declared", "parsed", "said"),
    [
        ([372], [372], "Of 372 articles declared, 372 were read."),
        ([2], [1], "Of 2 articles declared, 1 was read."),
        ([1], [1], "Of 1 article declared, 1 was read."),
        ([200, 172], [200, 170], "Of 372 articles declared, 370 were read."),
        ([10, 10], [12, 8], "20 articles were declared and 20 were read."),
        ([10, None], [10, 1], "Of 10 articles declared, 10 were read. One file that declares no "
         "number gave 1 more: 11 articles in all."),
        ([10, None, None], [9, 5, 6], "Of 10 articles declared, 9 were read. 2 files that declare "
         "no number gave 11 more: 20 articles in all."),
        ([10, 3, None], [0, 3, 0], "Of 13 articles declared, 3 were read."),
    ],
)  # fmt: skip
def test_declared_and_read(tmp_path, declared, parsed, said):
    report = report_of(tmp_path, **{f"{n}_dot_txt": "War." for n in range(len(declared))})
    declared = pd.array(declared, dtype="Int64")
    report = report.assign(parsed=parsed, found=parsed, undated=parsed, declared=declared)
    assert f" {said} " in f" {describe_report(report)} "


def test_shares_are_never_rounded_to_nothing_or_all(tmp_path):
    report = report_of(tmp_path, a_dot_txt="War.")
    report = report.assign(
        parsed=100_000, found=100_000, undated=100_000, outlet=1e-5, headline=1 - 1e-5
    )
    text = describe_report(report)
    assert "99,999 (over 99.9 %) have no outlet" in text
    assert "1 (under 0.1 %) has no headline" in text


def test_another_table_is_no_report(tiny):
    with pytest.raises(KeyError, match="no report of read_articles"):
        describe_report(tiny)
