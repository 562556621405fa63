"""Corrected shares of two corpora that people coded in full: coverage over samples of 200.

The long version, 1,000 samples by every measure, is `benchmarks/correction.py`.
"""

import importlib.util
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.inference.corrected_regression import corrected_regression
from framing.inference.correction import corrected_prevalence

N_DRAWS = 250


@pytest.fixture(scope="module")
def benchmark():
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "correction.py"
    spec = importlib.util.spec_from_file_location("correction_benchmark", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def held(table, corpus, measure):
    """What is true of every frame of a corpus."""
    # 250 draws have a standard error of .014; the mean over frames one of about .005
    assert table["corrected"].between(0.9, 0.99).all()
    assert 0.93 <= table["corrected"].mean() <= 0.97
    assert table["naive"].isin([0, 1]).all()
    assert (table["naive"] == 0).mean() >= 0.4
    assert (table["widest_ratio"] <= 1).all()
    assert table["truth"].tolist() == pytest.approx(corpus.truth.mean().tolist())
    assert list(corpus.scores[measure].columns) == list(corpus.truth.columns)


def test_gun_headlines(real_data, benchmark):
    corpus = benchmark.gun_headlines(real_data, measures=("words",))
    assert corpus.truth.shape == (1301, 9)
    table = benchmark.coverage(corpus, "words", N_DRAWS)
    held(table, corpus, "words")
    assert table["width_ratio"].mean() == pytest.approx(0.884, abs=0.02)


def test_climate_articles(real_data, benchmark):
    corpus = benchmark.climate_articles(real_data, measures=("words",))
    assert corpus.truth.shape == (427, 5)
    table = benchmark.coverage(corpus, "words", N_DRAWS)
    held(table, corpus, "words")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        by_outlet = benchmark.coverage(corpus, "words", 100, by="outlet")
    assert len(by_outlet) == 20
    assert 0.92 <= by_outlet["corrected"].mean() <= 0.985


def test_one_sample_through_the_front_door_is_one_of_the_draws(real_data, benchmark):
    corpus = benchmark.climate_articles(real_data, measures=("words",))
    data = benchmark.everything_coded(corpus, "words")
    number = data.frames.index("conflict")
    draw = benchmark.redrawn(data, number, 1)
    fast = benchmark.prevalence_table(draw, pd.DataFrame(index=range(427)), "corpus", 0.95)
    drawn = corpus.truth.index[draw.weights[:, 0] > 0]
    values = corpus.truth.loc[drawn, "conflict"].array
    codes = pd.DataFrame({"unit": drawn, "frame": "conflict", "value": values})
    scores = corpus.scores["words"][["conflict"]]
    pd.testing.assert_frame_equal(corrected_prevalence(scores, codes, corpus.articles), fast)


def test_word_lists_turn_an_outlets_lead_around(real_data, benchmark):
    """With all articles coded, the corrected regression is that of the codes."""
    corpus = benchmark.climate_articles(real_data, measures=("words",))
    long = corpus.truth.rename_axis(index="unit", columns="frame").stack().rename("value")
    articles = corpus.articles
    table = corrected_regression(
        "responsibility ~ outlet",
        corpus.scores["words"],
        long.reset_index(),
        articles,
        reference={"outlet": "right_bias"},
    ).set_index("term")
    line = table.loc["outlet[left_center_bias vs right_bias]"]
    share = corpus.truth["responsibility"].groupby(articles["outlet"]).mean()
    truth = share["left_center_bias"] - share["right_bias"]
    assert line["coef"] == pytest.approx(truth)
    assert line["low"] > 0 > line["naive"]
    assert np.isfinite(table["p"]).all()
