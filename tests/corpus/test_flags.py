import pandas as pd
import pytest

from framing.corpus.articles import read_articles
from framing.corpus.flags import far_dates, is_tabular, is_truncated, repeats_itself

LONG = "Troops crossed the river at dawn, and nobody in the town saw them come."


@pytest.mark.parametrize(
    "end", ["[+1234 chars]", "… [1234 chars]", "[…]", "[...]", "[ … ] ", "[+1234 chars]\n"]
)
def test_the_ends_of_teasers(end):
    assert is_truncated(f"War began {end}")


@pytest.mark.parametrize("end", ["…", "...", "[sic]", "chars]", "[+1234 chars] and so on.", ""])
def test_other_ends_are_no_teasers(end):
    assert not is_truncated(f"War began {end}")


def test_a_table_has_a_figure_in_one_word_of_four():
    assert is_tabular("Herald 3 Star Sun " * 5)  # 20 words, 5 figures
    assert not is_tabular("Herald 3 Star Sun " * 5 + "Post")  # 21 words, 5 figures
    assert not is_tabular("Herald 3 Star 2 " * 4)  # 16 words are too few to tell


def test_only_long_paragraphs_are_repeated():
    assert repeats_itself(f"{LONG}\n\nIt rained.\n\n{LONG}")
    assert repeats_itself(f"{LONG}\nIt rained.\n{LONG}")
    assert repeats_itself(f"{LONG}\n\n{LONG.replace(' ', '  ')}")
    assert not repeats_itself(f"{LONG}\n\n{LONG} Or did they?")
    assert not repeats_itself("* * *\n\nIt rained.\n\n* * *")
    assert not repeats_itself("")


def mark(days, source="a"):
    date = pd.Series(pd.to_datetime(days))
    return far_dates(date, pd.Series(source, index=date.index)).tolist()


def test_far_dates_lie_more_than_a_year_and_three_spreads_away():
    week = [f"2031-03-{day:02d}" for day in range(1, 11)]
    assert mark([*week, "1970-01-01", "2032-06-01", None, "2032-02-01"]) == [
        *([False] * 10),
        *(True, True, False, False),
    ]
    decades = [f"{year}-01-01" for year in range(1980, 2020)]
    assert not any(mark([*decades, "2031-01-01"]))  # quartiles 20 years apart reach 60 years
    assert not any(mark([*week[:8], "1970-01-01"]))  # nine dates have no bulk


def test_small_files_are_judged_together():
    days = pd.Series(pd.to_datetime([*["2031-03-03"] * 10, "1970-01-01"]))
    names = pd.Series([f"{n}.txt" for n in range(11)])
    assert far_dates(days, names).tolist() == [*([False] * 10), True]


def test_flags_are_columns_only_where_an_article_has_them(tmp_path):
    rows = [f"2031-03-{day:02d},War {day},It began." for day in range(1, 12)]
    (tmp_path / "a.csv").write_text("\n".join(["date,title,text", *rows]))
    assert not {"truncated", "tabular", "repeats", "far_date"} & {*read_articles(tmp_path)[0]}

    odd = [
        "2031-03-12,Cut,War began … [+1234 chars]",
        f"2031-03-12,Scores,{'Herald 3 Star 2 ' * 6}",
        f'2031-03-12,Twice,"{LONG}\n\n{LONG}"',
        "1970-01-01,Far,It began.",
    ]
    (tmp_path / "a.csv").write_text("\n".join(["date,title,text", *rows, *odd]))
    articles, report = read_articles(tmp_path)
    for flag, headline in {
        "truncated": "Cut",
        "tabular": "Scores",
        "repeats": "Twice",
        "far_date": "Far",
    }.items():
        assert articles[flag].dtype == bool
        assert articles.loc[articles[flag], "headline"].tolist() == [headline]
        assert report.loc[0, flag] == 1
        assert f"see {flag}" in report.loc[0, "reason"] + report.loc[0, "notes"]


def test_a_saved_flag_goes_before_the_one_found(tmp_path):
    (tmp_path / "a.csv").write_text("text,truncated\nWar began [+1234 chars],False\nPeace.,True\n")
    assert read_articles(tmp_path)[0]["truncated"].tolist() == [False, True]


def test_somebody_elses_column_is_set_aside(tmp_path):
    (tmp_path / "a.csv").write_text("text,truncated\nWar began [+1234 chars],by hand\n")
    articles, _ = read_articles(tmp_path)
    assert articles["file_truncated"].tolist() == ["by hand"]
    assert articles["truncated"].tolist() == [True]
