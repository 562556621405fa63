"""What trafilatura and newspaper write as JSON."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.articles import read_articles
from framing.corpus.readers import Raw, UnreadableError, find_reader, scraped_json

TRAFILATURA = {
    "title": "War begins",
    "author": "Jo Doe; Mo Roe",
    "hostname": "herald.example",
    "date": "2031-03-03",
    "fingerprint": "b2ff47fd37c48c10",
    "id": None,
    "license": None,
    "comments": "",
    "raw_text": "War begins Troops crossed the river. Peace came.",
    "text": "Troops crossed the river.\nPeace came.",
    "language": None,
    "image": None,
    "pagetype": "article",
    "source": "https://herald.example/war",
    "source-hostname": "The Herald",
    "excerpt": "A war in brief.",
    "categories": "World",
    "tags": "war;peace",
}
NEWSPAPER = {
    "url": "https://www.herald.example/war",
    "read_more_link": None,
    "language": "en",
    "title": "Krieg beginnt",
    "top_image": "https://herald.example/a.jpg",
    "images": ["https://herald.example/a.jpg"],
    "movies": [],
    "keywords": [],
    "tags": ["war", "peace"],
    "authors": ["Jo Doe", "Mo Roe"],
    "publish_date": "2031-03-03T10:00:00+00:00",
    "summary": "",
    "meta_lang": "de",
    "meta_site_name": "Der Herold",
    "canonical_link": "https://herald.example/war",
    "text": "Truppen kamen.\n\nDann Frieden.",
}


def parse(value: object) -> Raw:
    return scraped_json.parse(json.dumps(value).encode(), "a.json")


def test_trafilatura():
    [record] = parse(TRAFILATURA).records
    assert record == {
        "headline": "War begins",
        "byline": "Jo Doe; Mo Roe",
        "url": "https://herald.example/war",
        "outlet": "The Herald",
        "section": "World",
        "subjects": "war;peace",
        "text": "Troops crossed the river.\n\nPeace came.",
        "date": "2031-03-03",
        "excerpt": "A war in brief.",
    }


def test_newspaper_tells_the_language_of_the_page_not_its_setting():
    [record] = parse([NEWSPAPER]).records
    assert record == {
        "headline": "Krieg beginnt",
        "byline": "Jo Doe; Mo Roe",
        "date": "2031-03-03T10:00:00+00:00",
        "outlet": "Der Herold",
        "url": "https://www.herald.example/war",
        "language": "de",
        "subjects": "war; peace",
        "text": "Truppen kamen.\n\nDann Frieden.",
    }


@pytest.mark.parametrize(
    ("record", "outlet"),
    [
        (NEWSPAPER | {"meta_site_name": ""}, "herald.example"),
        (NEWSPAPER | {"meta_site_name": "", "url": "http://[broken"}, None),
        (TRAFILATURA | {"source-hostname": None}, "herald.example"),
    ],
)
def test_the_host_stands_in_for_a_site_without_a_name(record, outlet):
    assert parse(record).records[0]["outlet"] == outlet


@pytest.mark.parametrize("one", [TRAFILATURA, NEWSPAPER])
def test_recognised_by_the_keys(one):
    data = json.dumps(one).encode()
    assert find_reader(data, "a.json") is scraped_json
    assert find_reader(b"[" + data + b"]", "a") is scraped_json
    assert find_reader(data + b"\n" + data, "a.jsonl") is scraped_json


def test_a_text_that_quotes_the_keys_is_not_recognised():
    quoted = json.dumps({"text": json.dumps(TRAFILATURA), "title": "How scrapers work"})
    assert find_reader(quoted.encode(), "a.json").FORMAT == "json"
    assert find_reader(b'{"text": "War", "publish_date": "2031"}', "a.json").FORMAT == "json"


def test_as_articles(tmp_path):
    lines = "\n".join(json.dumps(one) for one in (TRAFILATURA, TRAFILATURA))
    (tmp_path / "a.jsonl").write_text(lines)
    (tmp_path / "b.json").write_text(json.dumps(NEWSPAPER))
    articles, report = read_articles(tmp_path)
    assert articles["outlet"].tolist() == ["The Herald", "The Herald", "Der Herold"]
    assert articles["date"].tolist() == [pd.Timestamp("2031-03-03")] * 3
    assert report["format"].tolist() == ["scraped json"] * 2
    assert report["parsed"].tolist() == [2, 1]
    assert (report["reason"] == "").all()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 600), st.booleans())
def test_any_bytes_are_records_or_a_reason(noise, place, cut):
    data = json.dumps([TRAFILATURA]).encode()
    damaged = data[:place] + noise + (b"" if cut else data[place:])
    scraped_json.recognise(damaged, "a.json")
    try:
        raw = scraped_json.parse(damaged, "a.json")
    except UnreadableError:
        return
    assert isinstance(raw.records, list)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_any_value_may_stand_in_any_field(value):
    record = dict.fromkeys([*TRAFILATURA, *NEWSPAPER], value)
    assert len(parse([record]).records) == 1
