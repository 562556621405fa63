"""Does the 95 % interval hold the true share in 95 % of corpora? Exact sums, and simulation."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from framing.inference.prevalence import difference, prevalence
from framing.stats.intervals import score_interval, wilson_interval

SIZES, SHARES = (20, 100, 1000), (0.02, 0.2, 0.5)
CELLS = list(itertools.product(SIZES, SHARES))
PAIRS = list(itertools.combinations_with_replacement(CELLS, 2))


def likely_counts(n: int, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Counts with a probability that matters, and that probability."""
    counts = np.arange(n + 1)
    chance = stats.binom.pmf(counts, n, share)
    return counts[chance > 1e-7], chance[chance > 1e-7]


def exact_coverage(n: int, share: float) -> float:
    counts, chance = likely_counts(n, share)
    low, high = wilson_interval(counts / n, n)
    return float(chance[(low <= share) & (share <= high)].sum())


def exact_difference_coverage(first: tuple[int, float], second: tuple[int, float]) -> float:
    (counts, chance), (other, other_chance) = likely_counts(*first), likely_counts(*second)
    shares = (counts[:, None] / first[0], other[None, :] / second[0])
    low, high = score_interval(shares, (first[0], second[0]))
    true = first[1] - second[1]
    inside = (low - 1e-9 <= true) & (true <= high + 1e-9)
    return float((np.outer(chance, other_chance) * inside).sum())


@pytest.mark.parametrize(("n", "share"), CELLS)
def test_exact_coverage_of_the_share(n, share):
    assert 0.93 <= exact_coverage(n, share) <= 0.97


@pytest.mark.parametrize(("n", "share"), CELLS)
def test_simulated_coverage_of_prevalence(n, share):
    """2,000 corpora, one a column, through the public function."""
    rng = np.random.default_rng(20160401)
    index = pd.Index([f"a{number}" for number in range(n)], name="doc_id")
    scores = pd.DataFrame(rng.random((n, 2000)) < share, index=index)
    found = prevalence(scores, pd.DataFrame({"outlet": "Herald"}, index=index))
    covered = ((found["low"] <= share) & (share <= found["high"])).mean()
    assert 0.93 <= covered <= 0.97
    assert covered == pytest.approx(exact_coverage(n, share), abs=0.02)


def test_exact_coverage_of_the_difference():
    covered = {pair: exact_difference_coverage(*pair) for pair in PAIRS}
    assert min(covered.values()) >= 0.93
    too_wide = {pair for pair, value in covered.items() if value > 0.97}
    # Too wide, never too narrow: less than one hit expected in both groups; and .9703.
    assert too_wide == {((20, 0.02), (20, 0.02)), ((20, 0.02), (100, 0.5))}
    assert covered[(20, 0.02), (100, 0.5)] < 0.971


@pytest.mark.parametrize(
    ("first", "second"),
    [((20, 0.2), (20, 0.5)), ((100, 0.02), (100, 0.2)), ((20, 0.2), (1000, 0.2))],
)
def test_simulated_coverage_of_difference(first, second):
    rng = np.random.default_rng(20160402)
    (n, share), (other_n, other_share) = first, second
    index = pd.Index([f"a{number}" for number in range(n + other_n)], name="doc_id")
    articles = pd.DataFrame({"outlet": ["Herald"] * n + ["Star"] * other_n}, index=index)
    chance = np.repeat([share, other_share], [n, other_n])
    scores = pd.DataFrame(rng.random((n + other_n, 2000)) < chance[:, None], index=index)
    found = difference(scores, articles, between=("Herald", "Star"))
    true = share - other_share
    assert 0.93 <= ((found["low"] <= true) & (true <= found["high"])).mean() <= 0.97


def clustered_corpora(rng: np.random.Generator, share: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """50 articles of 1 to 30 sentences with an intra-class correlation of .3; 2,000 corpora."""
    sizes = rng.integers(1, 31, 50)
    articles = pd.DataFrame(
        {"outlet": "Herald"}, index=pd.Index(range(50), name="doc_id").astype(str)
    )
    beta = rng.beta(share * 7 / 3, (1 - share) * 7 / 3, (50, 2000))
    present = rng.random((sizes.sum(), 2000)) < np.repeat(beta, sizes, axis=0)
    rows = [articles.index.repeat(sizes), range(sizes.sum())]
    index = pd.MultiIndex.from_arrays(rows, names=["doc_id", "sentence"])
    return pd.DataFrame(present, index=index), articles


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_simulated_coverage_for_sentences_inside_articles(share):
    scores, articles = clustered_corpora(np.random.default_rng(20160403), share)
    found = prevalence(scores, articles)
    assert 0.93 <= ((found["low"] <= share) & (share <= found["high"])).mean() <= 0.97
    low, high = wilson_interval(found["share"], found["n"])
    assert ((low <= share) & (share <= high)).mean() < 0.7  # what ignoring the articles would cost
