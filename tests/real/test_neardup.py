"""Near-duplicates among 2,833 real articles, beside an exhaustive count (not part of the kit)."""

import gzip
import json

import pandas as pd
import pytest

from framing.text.copies import find_copies


@pytest.fixture
def articles(real_data):
    with gzip.open(
        real_data / "immigrationnews" / "articles.jsonl.gz", "rt", encoding="utf-8"
    ) as file:
        table = pd.DataFrame([json.loads(line) for line in file])
    table["doc_id"] = table["newspaper"] + table["id"]
    table["date"] = pd.to_datetime(table["date"])
    return table.set_index("doc_id")[["date", "text"]]


@pytest.fixture
def pairs(real_data):
    return pd.read_csv(real_data / "neardup" / "immig_pairs.tsv", sep="\t")


def test_near_duplicates_are_found_and_nothing_else_is_called_a_reprint(articles, pairs):
    copies = find_copies(articles, within=None)
    story = copies["story"]
    same = story.loc[pairs["id_a"]].to_numpy() == story.loc[pairs["id_b"]].to_numpy()
    assert same[pairs["jaccard5"] >= 0.5].mean() >= 0.99

    # Pairs below .2 are not in the list; a passage of a longer text and a rewording may be.
    listed = set(map(frozenset, pairs[["id_a", "id_b"]].to_numpy()))
    reprints = copies[copies["kind"].isin(["exact", "reprint"])]
    assert len(reprints) > 200
    assert all(frozenset(pair) in listed for pair in reprints["copy_of"].items())
    partial = copies[copies["kind"] == "partial"]
    unlisted = [frozenset(pair) not in listed for pair in partial["copy_of"].items()]
    assert partial.loc[unlisted, "similarity"].min() >= 0.5


def test_window_of_three_days_loses_only_later_reprints(articles, pairs):
    close = pairs[pairs["jaccard5"] >= 0.5]
    day = articles["date"]
    apart = (day.loc[close["id_a"]].array - day.loc[close["id_b"]].array).map(abs)
    close = close[apart <= pd.Timedelta("3D")]
    story = find_copies(articles)["story"]
    same = story.loc[close["id_a"]].to_numpy() == story.loc[close["id_b"]].to_numpy()
    assert len(close) > 250
    assert same.mean() >= 0.99
