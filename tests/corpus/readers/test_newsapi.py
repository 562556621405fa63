"""NewsAPI: cut texts are said to be cut, withdrawn articles are counted."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.articles import read_articles
from framing.corpus.readers import Raw, UnreadableError, find_reader, newsapi


def make_article(**fields: object) -> dict:
    return {
        "source": {"id": None, "name": "Herald"},
        "author": "Jo Doe",
        "title": "War begins",
        "description": "In brief.",
        "url": "https://herald.example/war",
        "urlToImage": None,
        "publishedAt": "2031-03-03T22:00:00Z",
        "content": "Troops crossed the river… [+1234 chars]",
    } | fields


def response(*articles: dict, total: int | None = None) -> bytes:
    total = len(articles) if total is None else total
    return json.dumps({"status": "ok", "totalResults": total, "articles": articles}).encode()


def parse(*articles: dict, total: int | None = None) -> Raw:
    return newsapi.parse(response(*articles, total=total), "a.json")


def test_a_cut_text_is_flagged_and_its_mark_is_no_text(tmp_path):
    (tmp_path / "a.json").write_bytes(
        response(make_article(), make_article(content="Short."), make_article(content=None))
    )
    articles, report = read_articles(tmp_path / "a.json")
    assert articles["text"].fillna("").tolist() == ["Troops crossed the river…", "Short.", ""]
    assert articles["truncated"].tolist() == [True, False, False]
    assert articles["truncated"].dtype == bool
    assert articles["date"].tolist() == [pd.Timestamp("2031-03-03")] * 3
    assert articles["outlet"].tolist() == ["Herald"] * 3
    assert articles["byline"].tolist() == ["Jo Doe"] * 3
    assert report.loc[0, ["format", "declared", "parsed"]].tolist() == ["newsapi", 3, 3]
    assert report.loc[0, "reason"].count("1 text cut short") == 1


def test_a_mark_inside_a_text_is_text():
    [record] = parse(make_article(content="He wrote [+12 chars] and left.")).records
    assert record["text"] == "He wrote [+12 chars] and left."
    assert record["truncated"] is False


def test_a_page_of_many_results_says_so():
    raw = parse(make_article(), total=2400)
    assert raw.declared is None
    assert raw.notes == ("1 of the 2400 articles the search found",)


def test_fewer_articles_declared_than_given_is_left_to_the_report():
    assert parse(make_article(), make_article(), total=1).declared == 1


def test_withdrawn_articles_are_dropped_and_counted(tmp_path):
    removed = dict.fromkeys(("title", "description", "content"), "[Removed]")
    (tmp_path / "a.json").write_bytes(
        response(make_article(content="Short."), make_article(**removed))
    )
    articles, report = read_articles(tmp_path / "a.json")
    assert len(articles) == 1
    assert report.loc[0, ["found", "parsed", "dropped"]].tolist() == [2, 1, 1]
    assert report.loc[0, "reason"].startswith("1 dropped: withdrawn ([Removed])")


def test_the_list_alone_and_lines_are_read_too():
    data = json.dumps([make_article(), make_article()]).encode()
    assert find_reader(data, "a.json") is newsapi
    assert len(newsapi.parse(data, "a.json").records) == 2
    lines = b"\n".join(json.dumps(make_article()).encode() for _ in range(3))
    assert find_reader(lines, "a.jsonl") is newsapi
    assert len(newsapi.parse(lines, "a.jsonl").records) == 3


def test_an_error_message_is_named():
    data = b'{"status":"error","code":"apiKeyInvalid","message":"Your API key is invalid."}'
    assert find_reader(data, "a.json") is newsapi
    with pytest.raises(
        UnreadableError, match="error message of NewsAPI, not articles: apiKeyInvalid"
    ):
        newsapi.parse(data, "a.json")


def test_other_json_is_not_recognised():
    assert not newsapi.recognise(b'[{"title": "War", "publishedAt": "2031-03-03"}]', "a.json")
    assert not newsapi.recognise(json.dumps({"text": response().decode()}).encode(), "a.json")
    assert not newsapi.recognise(b'title,"publishedAt":,"urlToImage":', "a.csv")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 400), st.booleans())
def test_any_bytes_are_records_or_a_reason(noise, place, cut):
    data = response(make_article())
    damaged = data[:place] + noise + (b"" if cut else data[place:])
    newsapi.recognise(damaged, "a.json")
    try:
        raw = newsapi.parse(damaged, "a.json")
    except UnreadableError:
        return
    assert isinstance(raw.records, list)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_any_value_may_stand_in_any_field(value):
    assert len(parse(dict.fromkeys(make_article(), value)).records) <= 1
