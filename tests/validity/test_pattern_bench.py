"""Patterns judged by codes, and codebooks before and after: toys computed by hand."""

import numpy as np
import pandas as pd
import pytest

from framing.validity.pattern_bench import compare_codebooks, pattern_bench

TEXTS = {
    "a": "The siege went on.",
    "b": "A siege of ants.",
    "c": "Troops and a siege.",
    "d": "Troops came.",
    "e": "Rain.",
    "f": "A war of nerves.",
}
ARTICLES = pd.DataFrame({"text": TEXTS}).rename_axis("doc_id")
CODEBOOK = pd.DataFrame({"frame": "war", "pattern": ["siege", "troop*", "raid*", "!of ants"]})
CODES = pd.DataFrame({"unit": list(TEXTS), "frame": "war", "value": [1, 0, 1, 1, 0, 1]})


def test_a_toy_by_hand():
    bench = pattern_bench(ARTICLES, CODEBOOK, CODES).set_index("pattern")
    assert list(bench.index) == ["siege", "troop*", "raid*"]
    siege = bench.loc["siege"]
    assert siege[["n_hits", "n_units", "n_coded", "n_right"]].tolist() == [3, 3, 3, 2]
    assert siege["precision"] == pytest.approx(2 / 3)
    assert siege["recall"] == pytest.approx(2 / 4)
    assert siege[["n_only_here", "n_only_wrong"]].tolist() == [1, 1]
    assert (siege["before"], siege["keyword"], siege["after"]) == ("A", "siege", "of ants.")
    assert siege["right"] is False
    assert bench.loc["raid*", "n_hits"] == 0
    assert np.isnan(bench.loc["raid*", "precision"])
    assert set(bench["advice"]) == {"too few codes"}


def test_advice_follows_precision_and_its_interval():
    index = pd.Index([f"u{i:02}" for i in range(60)], name="doc_id")
    texts = ["good sign"] * 20 + ["poor sign"] * 20 + ["bad sign"] * 20
    value = [1] * 18 + [0] * 2 + [1] * 9 + [0] * 11 + [1] * 2 + [0] * 18
    codebook = pd.DataFrame({"frame": "f", "pattern": ["good", "poor", "bad"]})
    codes = pd.DataFrame({"unit": index, "frame": "f", "value": value})
    bench = pattern_bench(pd.DataFrame({"text": texts}, index), codebook, codes)
    assert bench["advice"].tolist() == ["keep", "revise", "drop"]
    lenient = pattern_bench(pd.DataFrame({"text": texts}, index), codebook, codes, wanted=0.05)
    assert lenient["advice"].tolist() == ["keep"] * 3


def test_codes_of_sentences_judge_sentences():
    articles = pd.DataFrame({"text": ["Troops came. It rained. Troops left."]}, ["a"])
    codes = pd.DataFrame({"unit": ["a:1", "a:2", "a:3"], "frame": "war", "value": [1, 0, 0]})
    bench = pattern_bench(articles.rename_axis("doc_id"), CODEBOOK, codes, unit="sentence")
    assert bench.set_index("pattern").loc["troop*", ["n_units", "n_right"]].tolist() == [2, 1]


def test_recall_from_coded_non_hits_is_weighted():
    """Half of the hits and a tenth of the rest are coded; one unit of the rest stands for ten."""
    index = pd.Index([f"u{i:03}" for i in range(120)], name="doc_id")
    articles = pd.DataFrame({"text": ["troops"] * 20 + ["rain"] * 100}, index)
    units = [*index[:10], *index[20:30]]
    codes = pd.DataFrame({"unit": units, "frame": "war", "value": [1] * 10 + [1] + [0] * 9})
    sample = pd.DataFrame({"unit": units, "probability": [0.5] * 10 + [0.1] * 10})
    sample["stratum"] = ["hit"] * 10 + ["none"] * 10
    bench = pattern_bench(articles, CODEBOOK, codes, sample=sample).set_index("pattern")
    assert bench.loc["troop*", "recall"] == pytest.approx(20 / 30)


def test_two_codebooks_on_the_same_codes():
    old = CODEBOOK[:1]
    table = compare_codebooks(ARTICLES, old, CODEBOOK[:2], CODES).set_index("measure")
    assert table.loc["precision", ["before", "after"]].tolist() == pytest.approx([2 / 3, 3 / 4])
    assert table.loc["recall", ["before", "after"]].tolist() == pytest.approx([2 / 4, 3 / 4])
    assert table.loc["recall", "change"] == pytest.approx(1 / 4)
    again = compare_codebooks(ARTICLES, old, CODEBOOK[:2], CODES).set_index("measure")
    pd.testing.assert_frame_equal(table, again)
    same = compare_codebooks(ARTICLES, old, old, CODES)
    assert (same[["change", "low", "high"]] == 0).all(axis=None)


def test_codebooks_are_compared_in_the_population_that_was_drawn_from():
    old, new = CODEBOOK[1:2], CODEBOOK[:2]  # troop*, then siege besides
    articles = pd.DataFrame({"text": TEXTS | {"g": "Snow.", "h": "Hail."}}).rename_axis("doc_id")
    drawn = {"unit": list(TEXTS), "probability": [1, 1, 1, 1, 0.5, 0.5], "stratum": list("aaaabb")}
    table = compare_codebooks(articles, old, new, CODES, sample=pd.DataFrame(drawn))
    found = table.set_index("measure")
    # a, c and d have the frame and count 1; f has it too and counts 2
    assert found.loc["recall", ["before", "after"]].tolist() == pytest.approx([2 / 5, 3 / 5])
    assert found.loc["precision", ["before", "after"]].tolist() == pytest.approx([2 / 2, 3 / 4])
    assert (table["low"] <= table["change"]).all()
    assert (table["change"] <= table["high"]).all()
    assert table["interval"].str.endswith("design-weighted").all()
    simple = compare_codebooks(ARTICLES, old, new, CODES).set_index("measure")
    assert simple.loc["recall", "after"] == pytest.approx(3 / 4)


def test_an_impossible_wish():
    with pytest.raises(ValueError, match="between 0 and 1"):
        pattern_bench(ARTICLES, CODEBOOK, CODES, wanted=1.5)
