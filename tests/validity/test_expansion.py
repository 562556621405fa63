"""Proposals for a codebook: planted words come first, and codes held out judge honestly."""

import numpy as np
import pandas as pd
import pytest

from framing.corpus.simulate import simulate_articles
from framing.validity.expansion import expand_codebook, expansion_gain


@pytest.fixture(scope="module")
def planted():
    """Simulated articles, a codebook with half of the marker words, and the true codes."""
    simulation = simulate_articles(400, random_state=4, share_copies=0)
    halved = simulation.codebook[simulation.codebook["frame"] == "economy"]
    truth = simulation.hits["economy"].gt(0).astype(int)
    codes = pd.DataFrame({"unit": truth.index, "frame": "economy", "value": truth.to_numpy()})
    return simulation.articles, halved.iloc[:4], halved.iloc[4:], codes


def test_codes_bring_the_missing_markers_to_the_top(planted):
    articles, known, missing, codes = planted
    found = expand_codebook(articles, known, codes, n=8)
    best = found.sort_values("z_codes", ascending=False)["term"].head(4)
    assert set(best) == set(missing["pattern"])
    assert not set(found["term"]) & set(known["pattern"])
    assert (found["keyword"].str.casefold() == found["term"]).all()


def test_without_codes_two_lists_remain(planted):
    articles, known, _, _ = planted
    found = expand_codebook(articles, known, n=5)
    assert found["z_codes"].isna().all()
    assert found["votes"].max() <= 2
    assert len(found) == 5


def test_what_is_really_missing_is_gained_on_held_out_codes(planted):
    articles, known, _, codes = planted
    gain = expansion_gain(articles, known, codes, n=4).set_index("measure")
    assert gain.loc["recall", "before"] < 0.8
    assert gain.loc["recall", "on_held_out_codes"] > 0.95
    assert gain.loc["f1", "on_held_out_codes"] > gain.loc["f1", "before"] + 0.1


def test_codes_at_random_gain_only_on_themselves(planted):
    """Words chosen by chance fit the codes that chose them, and no others."""
    articles, known, _, codes = planted
    few = codes[:120]
    value = np.random.default_rng(7).permutation(few["value"])
    gain = expansion_gain(articles, known, few.assign(value=value), n=5).set_index("measure")
    gained = gain.loc["balanced_accuracy"]
    assert gained["on_same_codes"] > gained["before"] + 0.1
    assert gained["on_held_out_codes"] < gained["on_same_codes"] - 0.1
    assert gained["on_held_out_codes"] == pytest.approx(0.5, abs=0.12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": "yes"}, "2 of 2 codes are not 0 or 1"),
        ({"unit": "a1"}, "1 of 1 units have several values of one frame"),
        ({"unit": ["z1", "z2"]}, r"None of the 2 coded units \(z1, z2\) is a unit of the articles"),
    ],
)
def test_codes_are_checked_before_they_teach(change, message):
    index = pd.Index(["a1", "a2"], name="doc_id")
    articles = pd.DataFrame({"text": ["Troops came.", "Rain fell."]}, index)
    book = pd.DataFrame({"frame": ["war"], "pattern": ["troop*"]})
    codes = pd.DataFrame({"unit": index, "frame": "war", "value": [1, 0]}).assign(**change)
    with pytest.raises(ValueError, match=message):
        expand_codebook(articles, book, codes)
    with pytest.raises(ValueError, match=message):
        expansion_gain(articles, book, codes)


def test_too_few_codes_to_hold_any_out(planted):
    articles, known, _, codes = planted
    with pytest.raises(ValueError, match="5 folds need 5 codes of 0 and of 1"):
        expansion_gain(articles, known, codes[:6])
