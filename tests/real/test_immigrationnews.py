"""2,833 real articles with the head and tail of a database left in their texts (not of the kit)."""

import gzip
import json

import pandas as pd
import pytest

import framing as fr


@pytest.fixture
def raw(real_data):
    path = real_data / "immigrationnews" / "articles.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return pd.DataFrame([json.loads(line) for line in lines])


def test_dates_are_found_in_the_heads_and_texts_stay(raw, tmp_path):
    path = tmp_path / "texts.jsonl"
    raw[["id", "text"]].to_json(path, orient="records", lines=True)
    articles, _ = fr.read_articles(path)
    assert articles["date"].dt.day_of_year.tolist() == raw["day"].tolist()
    assert articles["text"].tolist() == raw["text"].tolist()
    assert articles[["headline", "outlet"]].notna().all(axis=None)


def test_heads_and_tails_are_found_as_furniture(raw):
    sample = raw.sample(300, random_state=0)
    ids = pd.Index(sample["id"].astype("str"), name="doc_id")
    articles = pd.DataFrame({"text": sample["text"].to_numpy()}, index=ids)
    found = fr.find_boilerplate(articles)
    frame = found[found["rule"] == "database frame"]
    assert frame["doc_id"].nunique() == len(articles)
    clean = fr.drop_boilerplate(articles, frame)
    assert not clean["text"].str.contains(r"(?m)^\d+ words$").any()
    assert (clean["text"].str.len() > 0.5 * articles["text"].str.len()).mean() > 0.95
