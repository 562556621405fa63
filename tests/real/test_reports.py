"""Reports of real files: every count in them can be checked against the file itself."""

import pytest

from framing.corpus.articles import read_articles
from framing.corpus.export import save_table
from framing.corpus.methods_text import describe_report
from framing.corpus.outlets import find_gaps, fold_outlets


def test_63_raw_names_are_36_outlets(real_data):
    path = real_data / "narrative_framing" / "articles_metadata.tsv"
    articles, report = read_articles(path)
    names = fold_outlets(articles)
    assert len(names) == articles["outlet"].nunique() == 63
    assert names["proposed"].nunique() == 36
    assert names["n"].sum() == len(articles) == 428
    assert set(names["why"]) == {"", "same letters"}
    folded = articles["outlet"].map(names.set_index("raw")["proposed"])
    assert (folded == "The Guardian").sum() == 20  # 12 as theguardian, 8 as The Guardian
    under_another = (folded != articles["outlet"]).sum()
    assert f"{under_another} articles under an outlet name" in report.loc[0, "notes"]


def test_the_paragraph_on_the_exports(real_data):
    folder = real_data / "exports"
    articles, report = read_articles([folder / "factiva", folder / "lexis", folder / "nexis"])
    text = describe_report(report)
    assert text.startswith(
        "6 files (3 factiva html, 2 nexis docx, 1 lexisnexis html; utf-8, cp1252"
    )
    assert "Of 441 articles declared, 441 were read." in text
    assert "dated from 2 January 1986 to 7 April 2018" in text
    assert "1 (0.2 %) has no date" in text
    assert len(articles) == 441
    assert articles["date_raw"].notna().sum() == 440


def test_dates_and_days_of_the_immigration_corpus(real_data):
    articles, report = read_articles(real_data / "immigrationnews" / "articles.jsonl.gz")
    assert (articles["date"].dt.day_of_year == articles["day"]).sum() == 2833
    assert report.loc[0, ["truncated", "far_date"]].tolist() == [0, 0]
    assert report.loc[0, "tabular"] <= 3  # of 2,833: stubs of a dozen words under a long head
    assert articles["repeats"].sum() == report.loc[0, "repeats"] <= 30


def test_a_lost_month_shows_as_a_gap(real_data):
    articles, _ = read_articles(real_data / "immigrationnews" / "articles.jsonl.gz")
    outlet = articles["outlet"].value_counts().index[0]
    april = articles["date"].between("2014-04-01", "2014-04-30") & articles["outlet"].eq(outlet)
    before, after = find_gaps(articles), find_gaps(articles[~april])
    assert outlet not in set(before["outlet"])
    (gap,) = after[after["outlet"] == outlet].itertuples()
    assert (str(gap.start.date()), str(gap.end.date()), gap.n_days) == (
        "2014-04-01",
        "2014-04-30",
        30,
    )


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_real_texts_come_back_exactly(real_data, tmp_path, ending):
    articles, _ = read_articles(real_data / "exports" / "nexis")
    again, _ = read_articles(save_table(articles, tmp_path / f"a{ending}"))
    for name in ("outlet", "date", "date_raw", "headline", "text", "source_file"):
        assert again[name].equals(articles[name])
    assert again.index.equals(articles.index)
