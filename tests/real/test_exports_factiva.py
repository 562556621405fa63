import gzip
import json

import pandas as pd
import pytest

from framing.corpus.articles import read_articles
from framing.corpus.database_heads import head_and_tail_lines, head_facts, printed_date
from framing.corpus.dates import read_dates

FILES = {
    "factiva/irish-independence_1_2017-11-14.html": (44, "Irish Independent", "en", 32),
    "factiva/suddeutsche_1_2017-11-19.html": (51, "Süddeutsche Zeitung", "de", 49),
    "factiva/nyt_1_1993-01-03.html": (27, "The New York Times", "en", 21),
}
FURNITURE = r"(?m)^(?:Document|Dokument) |Factiva|All rights reserved|Alle Rechte"


@pytest.mark.parametrize("name", FILES)
def test_every_article_of_a_saved_page_is_read(real_data, name):
    n, outlet, language, n_bylines = FILES[name]
    articles, report = read_articles(real_data / "exports" / name)
    assert report.loc[0, ["format", "declared", "parsed"]].tolist() == ["factiva html", n, n]
    assert report.loc[0, "reason"] == ""
    assert (
        articles[["outlet", "date", "headline", "text", "section", "length"]].notna().all(axis=None)
    )
    assert articles["outlet"].eq(outlet).all()
    assert articles["language"].eq(language).all()
    assert articles["byline"].notna().sum() == n_bylines
    assert articles.index.str.fullmatch(r"[A-Z]{4}\d{12}\w{9}").all()
    assert not articles["text"].str.contains(FURNITURE).any()


@pytest.mark.parametrize("name", FILES)
def test_the_texts_have_about_the_declared_length(real_data, name):
    articles, _ = read_articles(real_data / "exports" / name)
    n_words = articles["text"].str.split().str.len() + articles["headline"].str.split().str.len()
    ratio = n_words / articles["length"].astype(int)
    assert ratio.median() == pytest.approx(1, abs=0.1)


def test_captions_are_no_text(real_data):
    articles, _ = read_articles(real_data / "exports/factiva/suddeutsche_1_2017-11-19.html")
    assert articles["graphic"].notna().sum() == 32
    articles, _ = read_articles(real_data / "exports/factiva/nyt_1_1993-01-03.html")
    assert articles["graphic"].notna().sum() == 11
    assert not articles["text"].str.contains(r"(?m)^(?:Photo|Map|Drawing)s?:").any()


def test_the_summary_of_the_search_is_noted(real_data):
    _, report = read_articles(real_data / "exports/factiva/nyt_1_1993-01-03.html")
    assert "the search found 27 articles" in report.loc[0, "notes"]


def test_an_indexed_page_is_read_by_its_codes(real_data):
    articles, report = read_articles(real_data / "exports/tm_plugin/factiva_test.html")
    assert report.loc[0, ["declared", "parsed", "reason"]].tolist() == [2, 2, ""]
    assert articles[["outlet", "date", "headline", "text", "subjects"]].notna().all(axis=None)
    assert articles["date"].dt.strftime("%F").tolist() == ["2011-12-29"] * 2
    assert articles["text"].str.count("\n\n").tolist() == [3, 1]


def test_xml_is_read_by_its_elements(real_data):
    articles, report = read_articles(real_data / "exports/tm_plugin/factiva_test.xml")
    assert report.loc[0, ["format", "declared", "parsed"]].tolist() == ["factiva xml", 3, 3]
    assert articles[["outlet", "date", "headline", "text", "subjects"]].notna().all(axis=None)
    assert articles["date"].dt.strftime("%F").tolist() == ["2012-01-09", "2012-01-06", "2012-05-06"]
    assert articles["language"].tolist() == ["en", "fr", "en"]


@pytest.fixture
def framed(real_data) -> pd.DataFrame:
    """Articles with Factiva's head and tail left in the text."""
    with gzip.open(real_data / "immigrationnews" / "articles.jsonl.gz", "rt") as lines:
        return pd.DataFrame([json.loads(line) for line in lines])


def test_the_printed_date_is_found_in_every_head(framed):
    printed = framed["text"].map(printed_date)
    days = read_dates(printed, pd.Series("a", index=printed.index)).date
    since = (days - pd.Timestamp("2013-12-31")).dt.days
    assert (since == framed["day"].astype(int)).sum() == 2833


def test_head_and_tail_are_found_and_the_article_is_untouched(framed):
    for text in framed["text"]:
        lines = text.split("\n")
        first = [line.strip() for line in lines[:30]].index("english") + 2
        closing = [n for n, line in enumerate(lines) if line.startswith("document ") and n > first]
        number = [n for n in closing if len(lines[n].split()) == 2 and len(lines[n]) > 30]
        last = number[-1] if number else len(lines)
        expected = [n for n in (*range(first), *range(last, len(lines))) if lines[n].strip()]
        found = head_and_tail_lines(text)
        beyond = set(found) ^ set(expected)
        assert all("© guardian" in lines[n] for n in beyond)  # the publisher, above the number


def test_every_head_names_headline_and_outlet(framed):
    facts = pd.DataFrame(framed["text"].map(head_facts).tolist())
    assert facts[["headline", "outlet", "length", "language"]].notna().all(axis=None)
    assert facts["doc_id"].notna().sum() == 2832
    assert facts["outlet"].nunique() == 17
