"""Topics: EM by hand and beside plain numpy, planted themes, scikit-learn's own estimators."""

import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse
from sklearn.base import clone
from sklearn.decomposition import NMF, LatentDirichletAllocation

from framing.measures.topics import em as topic_em
from framing.measures.topics.em import (
    Prior,
    em_pass,
    equal_shares,
    estimate,
    fold_in,
    go_further,
    share_out,
)
from framing.measures.topics.fit import fit_topics, topic_shares
from framing.text.counts import TermCounts

K, THEME = 6, 20  # planted themes, words that only one of them uses
METHODS = ("lda", "nmf")


def as_counts(rows, terms=None, documents=None) -> TermCounts:
    matrix = sparse.csr_matrix(np.asarray(rows, dtype=np.int64))
    terms = terms or [f"t{number:03}" for number in range(matrix.shape[1])]
    documents = documents or [f"d{number:03}" for number in range(matrix.shape[0])]
    return TermCounts(matrix, pd.Index(documents, name="doc_id"), pd.Index(terms, name="term"))


def planted(seed: int, n: int = 300) -> tuple[TermCounts, np.ndarray]:
    """Short articles, a third from their themes (20 words each), the rest common words."""
    rng = np.random.default_rng(seed)
    common = 1 / (np.arange(200) + 2.7)
    shares = rng.dirichlet(np.full(K, 0.3), n)
    themes = 0.35 / THEME * np.repeat(shares, THEME, axis=1)
    words = np.hstack([themes, 0.65 * np.tile(common / common.sum(), (n, 1))])
    return as_counts(rng.multinomial(rng.poisson(50, n) + 10, words)), shares


def worst_match(found: np.ndarray, truth: np.ndarray) -> float:
    """Give the lowest correlation of found and planted shares, topics matched one to one."""
    alike = np.corrcoef(found.T, truth.T)[: found.shape[1], found.shape[1] :]
    return alike[optimize.linear_sum_assignment(-alike)].min()


COUNTS, SHARES = planted(0)
SEEDS = {"economy": ["t000", "t001", "t002"], "war": ["t040", "t041", "t042"]}  # themes 0 and 2


@pytest.fixture(scope="module")
def lda():
    return fit_topics(COUNTS, K)


@pytest.fixture(scope="module")
def nmf():
    return fit_topics(COUNTS, K, method="nmf")


# Expectation and maximisation


TOY = sparse.csr_matrix(np.array([[2, 1, 0], [0, 1, 2]], dtype=np.float32))
TOY_TERMS = np.array([[0.5, 0], [0.5, 0.5], [0, 0.5]], dtype=np.float32)


def test_one_pass_by_hand():
    # Only topic 0 makes term a, only topic 1 makes c; b is shared out half and half. So topic 0
    # has 2 + .5 tokens of document 0 and .5 of document 1. With .5 more for each topic:
    # 3 : 1 of 4. Terms of topic 0: a 2, b .5 + .5, c 0; with .5 more: 2.5, 1.5, .5 of 4.5.
    # Likelihood: a and c have .5 * .5 = .25, twice each; b has .5, in both documents.
    found = estimate(TOY, TOY_TERMS, Prior(0.5, 0.5), 1)
    np.testing.assert_allclose(found.shares, [[0.75, 0.25], [0.25, 0.75]], rtol=1e-6)
    np.testing.assert_allclose(found.expected, [[2, 0], [1, 1], [0, 2]], atol=1e-6)
    np.testing.assert_allclose(found.terms * 9, [[5, 1], [3, 3], [1, 5]], rtol=1e-6)
    assert found.log_likelihood == pytest.approx(10 * np.log(0.5))


def test_one_pass_with_a_seed_by_hand():
    # b stands in the corpus twice; as a seed of topic 0 with weight 2 it has 4 tokens more there.
    # Terms of topic 0: a 2.5, b 1.5 + 4, c .5 of 8.5. Topic 1 stays as it is.
    prior = Prior(0.5, 0.5, np.array([[0, 0], [1, 0], [0, 0]], dtype=np.float32), 2)
    found = estimate(TOY, TOY_TERMS, prior, 1)
    np.testing.assert_allclose(found.terms[:, 0] * 17, [5, 11, 1], rtol=1e-6)
    np.testing.assert_allclose(found.terms[:, 1] * 9, [1, 3, 5], rtol=1e-6)


def random_problem(seed: int = 0, n: int = 12, v: int = 9, k: int = 3):
    rng = np.random.default_rng(seed)
    matrix = sparse.csr_matrix(rng.poisson(0.8, (n, v)).astype(np.float32))
    mask = np.zeros((v, k), dtype=np.float32)
    mask[:2, 0] = 1
    return matrix, rng.dirichlet(np.ones(v), k).T.astype(np.float32), mask


def plain_pass(matrix, shares, terms, prior):
    """Share out a dense matrix in double precision, as the textbook has it."""
    likely = shares @ terms.T
    ratio = matrix / likely
    expected = terms * (ratio.T @ shares)
    new = shares * (ratio @ terms) + prior.document
    added = expected + prior.term
    added += prior.seed_weight * prior.seeds * matrix.sum(axis=0)[:, None]
    fit = (matrix * np.log(likely)).sum()
    return new / new.sum(axis=1, keepdims=True), added / added.sum(axis=0), fit


@pytest.mark.parametrize(("block", "gathered"), [(7, 6), (250_000, 100_000)])
def test_a_pass_equals_plain_numpy(monkeypatch, block, gathered):
    monkeypatch.setattr(topic_em, "BLOCK", block)
    monkeypatch.setattr(topic_em, "GATHERED", gathered)
    matrix, terms, mask = random_problem()
    prior = Prior(1 / 3, 0.01, mask, 1.5)
    shares, plain = np.full((12, 3), 1 / 3), terms
    for _ in range(4):
        found = em_pass(matrix, shares.astype(np.float32), plain.astype(np.float32), prior)
        shares, plain, fit = plain_pass(matrix.toarray(), shares, plain, prior)
        np.testing.assert_allclose(found.shares, shares, rtol=1e-4)
        np.testing.assert_allclose(found.terms, plain, rtol=1e-4, atol=1e-7)
        assert found.log_likelihood == pytest.approx(fit, rel=1e-5)


def test_a_longer_stride_by_hand():
    # From .5 to .8 is 1.6 times, from .5 to .2 is .4 times; at stride 2 both go once more by that:
    # 1.28 and .08 of 1.36. Twenty times counts as ten: .02 * 20 * 10 = 4 and .98 ** -1 * .6 ** 2.
    old = np.array([[0.5, 0.5], [0.02, 0.98]], dtype=np.float32)
    new = np.array([[0.8, 0.2], [0.4, 0.6]], dtype=np.float32)
    other = 0.6**2 / 0.98
    expected = [[1.28 / 1.36, 0.08 / 1.36], [4 / (4 + other), other / (4 + other)]]
    np.testing.assert_allclose(go_further(old, new, 2.0), expected, rtol=1e-5)
    np.testing.assert_allclose(go_further(old, new, 1.0), new, rtol=1e-6)


def test_what_is_almost_nothing_overflows_nowhere_and_may_come_back():
    old = np.array([[1e-30, 1.0]], dtype=np.float32)
    with np.errstate(all="raise", under="ignore"):
        up = go_further(old, np.array([[0.5, 0.5]], dtype=np.float32), 4.0)
        down = go_further(up, np.array([[1e-25, 1.0]], dtype=np.float32), 4.0)
    assert up[0, 0] > 0.9 and 0 < down[0, 0] < 1e-15


def test_strides_climb_faster_than_plain_passes_and_never_end_lower():
    prior, matrix = Prior(1 / K, 0.01), COUNTS.matrix.astype(np.float32)
    start = np.random.default_rng(0).dirichlet(np.ones(matrix.shape[1]), K).T.astype(np.float32)
    shares, terms, heights = equal_shares(matrix.shape[0], K), start, []
    for _ in range(30):
        found = em_pass(matrix, shares, terms, prior)
        shares, terms = found.shares, found.terms
        heights.append(found.log_posterior)
    reached = [estimate(matrix, start, prior, n).log_posterior for n in range(1, 21)]
    assert (np.diff(reached) >= -0.1).all()
    assert reached[19] > heights[29] and reached[:2] == pytest.approx(heights[:2])


def test_the_posterior_never_falls_from_one_plain_pass_to_the_next():
    matrix, terms, mask = random_problem(1, n=30)
    prior = Prior(1 / 3, 0.01, mask, 1.0)
    pseudo = prior.term + mask * np.asarray(matrix.sum(axis=0)).reshape(-1, 1)
    plain = matrix.toarray().astype(float)
    heights, shares = [], equal_shares(30, 3)
    for _ in range(24):
        found = em_pass(matrix, shares, terms, prior)
        fit = (plain * np.log(shares.astype(float) @ terms.T.astype(float))).sum()
        added = prior.document * np.log(shares).sum() + (pseudo * np.log(terms)).sum()
        assert found.log_posterior == pytest.approx(fit + added, rel=1e-5)
        shares, terms = found.shares, found.terms
        heights.append(found.log_posterior)
    assert (np.diff(heights) > -1e-3).all() and heights[-1] - heights[0] > 1


def test_blocks_cover_every_document_once(monkeypatch):
    monkeypatch.setattr(topic_em, "BLOCK", 5)
    matrix = sparse.csr_matrix(np.tril(np.ones((9, 9))))
    places = [*topic_em.blocks(matrix)]
    assert len(places) > 3
    assert [row for place in places for row in range(9)[place]] == [*range(9)]
    assert [*topic_em.blocks(matrix[:0])] == []


def test_a_term_that_no_topic_makes_is_no_division_by_zero():
    terms = np.array([[1, 1], [0, 0]], dtype=np.float32)
    matrix = sparse.csr_matrix(np.array([[1, 3]], dtype=np.float32))
    shares, fit = share_out(matrix, equal_shares(1, 2), terms, by_term=np.zeros_like(terms))
    assert np.isfinite(shares).all() and np.isfinite(fit)


def test_folding_in_finds_the_mode():
    # One document, two topics: the log posterior is a curve of one share, its top can be searched.
    terms = np.array([[0.6, 0.1], [0.3, 0.2], [0.1, 0.7]])
    counts, prior = np.array([5, 2, 3]), Prior(0.5, 0.01)

    def height(share):
        both = np.array([share, 1 - share])
        return -(counts @ np.log(terms @ both) + 0.5 * np.log(both).sum())

    best = optimize.minimize_scalar(height, bounds=(1e-6, 1 - 1e-6), method="bounded").x
    matrix = sparse.csr_matrix(counts.reshape(1, -1).astype(np.float32))
    found = fold_in(matrix, terms.astype(np.float32), prior)
    assert found[0, 0] == pytest.approx(best, abs=0.01)


# What fit_topics finds


@pytest.mark.parametrize("method", METHODS)
def test_planted_themes_are_found(method):
    for seed in range(5):
        counts, truth = planted(seed)
        found = fit_topics(counts, K, method=method, random_state=seed).shares.to_numpy()
        assert worst_match(found, truth) >= 0.85


@pytest.mark.parametrize("method", METHODS)
def test_each_topic_holds_the_words_of_one_theme(method, request):
    table = request.getfixturevalue(method).term_probabilities.to_numpy()
    held = table[:, : K * THEME].reshape(K, K, THEME).sum(axis=2)  # topics × themes
    assert sorted(held.argmax(axis=1)) == [*range(K)]
    assert (held.max(axis=1) / held.sum(axis=1)).min() > 0.8


@pytest.mark.parametrize("method", METHODS)
def test_seeded_topics_bear_their_frames_names(method):
    topics = fit_topics(COUNTS, K, method=method, seeds=SEEDS)
    free = [f"topic_{number:02}" for number in range(1, K - 1)]
    assert topics.shares.columns.tolist() == ["economy", "war", *free]
    for frame, theme in (("economy", 0), ("war", 2)):
        assert np.corrcoef(topics.shares[frame], SHARES[:, theme])[0, 1] > 0.9
    assert worst_match(topics.shares.to_numpy(), SHARES) > 0.85
    assert topics.seeds["found"].all() and len(topics.seeds) == 6


@pytest.mark.filterwarnings("ignore:A seeded topic is next to empty")
def test_more_weight_draws_seeds_into_their_topic():
    held = []
    for weight in (0, 1, 100):
        topics = fit_topics(COUNTS, K, seeds=SEEDS, seed_weight=weight)
        held.append(topics.term_probabilities.loc["war", SEEDS["war"]].sum())
    assert held[0] < held[1] < held[2]
    assert np.isfinite(fit_topics(COUNTS, K, seeds=SEEDS, seed_weight=1e6).shares).all(axis=None)


def test_as_many_frames_as_topics():
    topics = fit_topics(COUNTS, 2, seeds=SEEDS)
    assert topics.shares.columns.tolist() == ["economy", "war"]


def test_a_seed_in_one_document_still_names_its_topic():
    rows = COUNTS.matrix.toarray()
    rows[0, 0] = 4
    rows[1:, 0] = 0
    topics = fit_topics(as_counts(rows), K, seeds={"economy": ["t000"]})
    assert topics.term_probabilities["t000"].idxmax() == "economy"


@pytest.mark.parametrize("method", METHODS)
def test_tables_are_labelled_and_sum_to_one(method, request):
    topics = request.getfixturevalue(method)
    shares, terms = topics.shares, topics.term_probabilities
    assert shares.index.equals(COUNTS.documents) and terms.columns.equals(COUNTS.terms)
    assert (shares.index.name, shares.columns.name) == ("doc_id", "topic")
    assert (terms.index.name, terms.columns.name) == ("topic", "term")
    for table in (shares, terms):
        assert (table >= 0).all(axis=None)
        np.testing.assert_allclose(table.sum(axis=1), 1, atol=1e-9)
    assert topics.seeds is None and topics.n_documents == len(COUNTS.documents)
    n = np.asarray(COUNTS.matrix.sum(axis=0)).ravel()
    assert topics.term_counts["n"].tolist() == n.tolist()
    assert topics.term_counts["n_documents"].tolist() == COUNTS.matrix.getnnz(axis=0).tolist()


def test_free_topics_come_in_order_of_size(lda):
    sizes = lda.model.components_.sum(axis=1)
    assert (np.diff(sizes) <= 0).all()
    assert lda.shares.columns.tolist() == [f"topic_{number:02}" for number in range(1, K + 1)]


def test_names_of_a_hundred_topics_sort_as_numbers_do():
    counts = as_counts(np.eye(101, dtype=int) * 3)
    names = fit_topics(counts, 100).shares.columns.tolist()
    assert names == sorted(names) and names[-1] == "topic_100"


@pytest.mark.parametrize("method", METHODS)
def test_integer_and_double_labels_stay_as_they_are(method, lda):
    ids = pd.MultiIndex.from_product([["a", "b", "c"], range(1, 101)], names=["doc_id", "sentence"])
    for documents in (pd.RangeIndex(300, name="doc_id"), ids):
        topics = fit_topics(COUNTS._replace(documents=documents), K, method=method)
        assert topics.shares.index.equals(documents)
        assert topics.shares.index.names == documents.names


@pytest.mark.parametrize("method", METHODS)
def test_counts_are_not_changed(method):
    counts, _ = planted(0, 40)
    before = [array.copy() for array in (counts.matrix.data, counts.matrix.indices)]
    topics = fit_topics(counts, 3, method=method, seeds=SEEDS)
    topic_shares(topics, counts)
    assert counts.matrix.dtype == np.int64
    np.testing.assert_array_equal(counts.matrix.data, before[0])
    np.testing.assert_array_equal(counts.matrix.indices, before[1])


@pytest.mark.parametrize("method", METHODS)
def test_stored_zeros_and_the_order_of_columns_in_a_row_change_nothing(method):
    counts, _ = planted(0, 60)
    plain = fit_topics(counts, 3, method=method)
    column, row = counts.matrix.shape[1] - 1, 0
    coo = counts.matrix.tocoo()
    data = np.concatenate([[0], coo.data])[::-1]
    places = (np.concatenate([[row], coo.row])[::-1], np.concatenate([[column], coo.col])[::-1])
    shuffled = sparse.coo_matrix((data, places), coo.shape)
    order = np.argsort(shuffled.row, kind="stable")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(shuffled.row))])
    messy = sparse.csr_matrix((shuffled.data[order], shuffled.col[order], indptr), coo.shape)
    assert not messy.has_sorted_indices and messy.nnz == counts.matrix.nnz + 1
    again = fit_topics(counts._replace(matrix=messy), 3, method=method)
    pd.testing.assert_frame_equal(again.shares, plain.shares, check_exact=True)


@settings(max_examples=15, deadline=None)
@given(
    rows=st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), min_size=3, max_size=9),
    k=st.integers(2, 3),
    method=st.sampled_from(METHODS),
)
def test_shares_and_terms_are_distributions_whatever_the_counts(rows, k, method):
    rows = [[1, 2, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 0, 1, 2], *rows]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # documents without terms
        topics = fit_topics(as_counts(rows), k, method=method)
        new = topic_shares(topics, as_counts(rows[::-1]))
    for table in (topics.shares, topics.term_probabilities, new):
        assert (table >= 0).all(axis=None)
        np.testing.assert_allclose(table.sum(axis=1), 1, atol=1e-9)


# The same call, the same topics


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_the_same_topics_and_another_seed_others(method, request):
    first = request.getfixturevalue(method)
    again = fit_topics(COUNTS, K, method=method)
    pd.testing.assert_frame_equal(first.shares, again.shares, check_exact=True)
    other = fit_topics(COUNTS, K, method=method, random_state=1)
    assert not np.array_equal(first.shares.to_numpy(), other.shares.to_numpy())


SCRIPT = """
import numpy as np, pandas as pd
from scipy import sparse
from framing.measures.topics.fit import fit_topics
from framing.text.counts import TermCounts
rng = np.random.default_rng(0)
rates = rng.gamma(0.3, 0.8, (800, 6)) @ rng.gamma(0.3, 1, (6, 500))
terms = pd.Index([f"t{number:03}" for number in range(500)], name="term")
counts = TermCounts(sparse.csr_matrix(rng.poisson(rates)), pd.RangeIndex(800), terms)
for method in ("lda", "nmf"):
    topics = fit_topics(counts, 8, method=method, seeds={"war": ["t000", "t001"]})
    print(topics.shares.round(3).to_csv(float_format="%.3f"))
"""


def test_the_number_of_threads_changes_nothing():
    said = []
    for threads in ("1", "2"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = os.environ | dict.fromkeys(names, threads) | {"PYTHONHASHSEED": threads}
        root = Path(__file__).resolve().parents[2]
        run = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", SCRIPT],
            env=environment | {"PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
        )
        said.append(run.stdout)
    assert said[0] == said[1] and len(said[0]) > 2 * 800 * 8 * 5


# The estimator is scikit-learn's own


def test_the_model_is_scikit_learns_lda(lda):
    model = lda.model
    assert isinstance(model, LatentDirichletAllocation)
    assert model.components_.shape == (K, len(COUNTS.terms))
    assert model.n_features_in_ == len(COUNTS.terms) and len(model.get_feature_names_out()) == K
    assert clone(model).get_params() == model.get_params()
    expected = COUNTS.matrix.sum() + K * len(COUNTS.terms) * 0.01
    assert model.components_.sum() == pytest.approx(expected, rel=1e-4)
    shares = model.transform(COUNTS.matrix)
    assert np.abs(shares - lda.shares.to_numpy()).mean() < 0.02
    assert worst_match(shares, SHARES) > 0.85


def test_score_and_perplexity_are_of_one_bound(lda):
    perplexity = lda.model.perplexity(COUNTS.matrix)
    assert perplexity == pytest.approx(
        np.exp(-lda.model.score(COUNTS.matrix) / COUNTS.matrix.sum()), rel=1e-6
    )
    assert lda.model.bound_ < perplexity < len(COUNTS.terms)


def test_partial_fit_goes_on_with_as_many_tokens():
    counts, _ = planted(3)
    model = fit_topics(counts, K).model
    new, truth = planted(4, 200)
    n_before, before = model.components_.sum(), model.perplexity(new.matrix)
    model.partial_fit(new.matrix)
    assert model.components_.sum() == pytest.approx(n_before, rel=0.05)
    assert model.perplexity(new.matrix) < before
    assert worst_match(model.transform(new.matrix), truth) > 0.85


def test_the_model_is_scikit_learns_nmf(nmf):
    assert isinstance(nmf.model, NMF)
    parts = nmf.model.components_ / nmf.model.components_.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(parts, nmf.term_probabilities)
    assert clone(nmf.model).get_params()["n_components"] == K


# Shares of documents, new or not


@pytest.mark.parametrize("method", METHODS)
def test_fitted_documents_get_their_shares_again(method, request):
    topics = request.getfixturevalue(method)
    again = topic_shares(topics, COUNTS)
    assert again.index.equals(topics.shares.index) and again.columns.equals(topics.shares.columns)
    assert np.abs(again - topics.shares).max(axis=None) < 0.02


def test_shares_of_new_documents_follow_what_was_planted(lda):
    new, truth = planted(9)
    assert worst_match(topic_shares(lda, new).to_numpy(), truth) > 0.85


@pytest.mark.parametrize("method", METHODS)
def test_terms_are_matched_by_name(method, request):
    topics = request.getfixturevalue(method)
    order = np.random.default_rng(0).permutation(len(COUNTS.terms))[:100]
    part = TermCounts(COUNTS.matrix[:, order].tocsr(), COUNTS.documents, COUNTS.terms[order])
    whole = np.zeros(COUNTS.matrix.shape, dtype=int)
    whole[:, order] = part.matrix.toarray()
    pd.testing.assert_frame_equal(
        topic_shares(topics, part), topic_shares(topics, as_counts(whole)), check_names=False
    )


@pytest.mark.parametrize("method", METHODS)
def test_documents_without_a_known_term_have_even_shares_and_a_warning(method, request):
    topics = request.getfixturevalue(method)
    new = as_counts([[0, 3], [1, 2]], terms=["t000", "unheard"])
    with pytest.warns(UserWarning) as said:
        shares = topic_shares(topics, new)
    np.testing.assert_allclose(shares.loc["d000"], 1 / K)
    texts = [str(one.message) for one in said]
    assert "1 of 2 terms (83.3% of the tokens) are unknown" in texts[0] and "unheard" in texts[0]
    assert "1 of 2 documents hold none of the terms (d000)" in texts[1]
    assert all(one.filename == __file__ for one in said)


@pytest.mark.parametrize("method", METHODS)
def test_no_documents_have_no_shares(method, request):
    none = TermCounts(COUNTS.matrix[:0], COUNTS.documents[:0], COUNTS.terms)
    assert topic_shares(request.getfixturevalue(method), none).shape == (0, K)


def test_counts_of_another_vocabulary_have_no_shares(lda):
    with pytest.raises(ValueError, match="None of the 2 terms is known"):
        topic_shares(lda, as_counts([[1, 1]], terms=["x", "y"]))


# What is refused, and what is warned about


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("rows", "k"), [([[1, 0], [0, 1]], 2), (np.eye(4, 9, dtype=int) + 1, 4)])
def test_the_smallest_corpora(method, rows, k):
    topics = fit_topics(as_counts(rows), k, method=method)
    np.testing.assert_allclose(topics.shares.sum(axis=1), 1, atol=1e-9)


def test_two_documents_with_nothing_in_common_are_two_topics():
    shares = fit_topics(as_counts([[9, 0], [0, 9]]), 2).shares
    assert shares.max(axis=1).min() > 0.9 and shares.idxmax(axis=1).nunique() == 2


@pytest.mark.parametrize("method", METHODS)
def test_terms_and_documents_without_counts(method):
    rows = np.hstack([COUNTS.matrix[:50].toarray(), np.zeros((50, 2), dtype=int)])
    rows[:4] = 0
    with pytest.warns(UserWarning, match=r"4 of 50 documents .*\(d000, d001, d002, …\)"):
        topics = fit_topics(as_counts(rows), 3, method=method)
    assert np.isfinite(topics.term_probabilities).all(axis=None)
    np.testing.assert_allclose(topics.shares.iloc[:4], 1 / 3)


def test_all_problems_are_said_at_once():
    with pytest.raises(ValueError) as refused:
        fit_topics(COUNTS, 1, method="lsa", seed_weight=-1)
    said = str(refused.value)
    assert "k=1: one topic" in said and "seed_weight=-1" in said
    assert "method='lsa': choose one of lda, nmf" in said


@pytest.mark.parametrize("weight", [np.nan, np.inf, 1e7])
def test_weights_of_seeds_that_are_none(weight):
    with pytest.raises(ValueError, match=r"seed_weight=.*from 0 to 1,000,000"):
        fit_topics(COUNTS, K, seeds=SEEDS, seed_weight=weight)


@pytest.mark.parametrize("k", [2.0, "3", None, True])
def test_a_number_of_topics_that_is_no_number(k):
    with pytest.raises(TypeError, match=r"k=.* is no whole number"):
        fit_topics(COUNTS, k)


def test_more_topics_than_documents_with_a_term():
    with pytest.raises(
        ValueError, match="only 2 of 5 documents hold a term and 3 of 4 terms occur"
    ):
        fit_topics(as_counts([[1, 1, 0, 0], [0, 1, 1, 0], *[[0] * 4] * 3]), 3)


@pytest.mark.parametrize("seed", [-1, None, 0.5])
def test_seeds_of_chance_that_cannot_be_given_again(seed):
    with pytest.raises(ValueError, match=r"random_state=.*: give a whole number, 0 or more"):
        fit_topics(COUNTS, 2, random_state=seed)


def test_what_is_not_counts():
    with pytest.raises(TypeError, match=r"counts is a DataFrame, not TermCounts. Count first"):
        fit_topics(pd.DataFrame({"text": ["War"]}), 2)
    with pytest.raises(TypeError, match="csc_matrix, not a csr_matrix"):
        fit_topics(COUNTS._replace(matrix=COUNTS.matrix.tocsc()), 2)


def test_counts_that_are_no_counts():
    matrix = COUNTS.matrix.astype(float)
    matrix.data[:3] = -1, 0.5, np.nan
    terms = COUNTS.terms[:1].append(COUNTS.terms[:-1])
    with pytest.raises(ValueError, match=r"1 terms have several columns: t000\n- 3 counts are neg"):
        fit_topics(TermCounts(matrix, COUNTS.documents, terms), K)
    with pytest.raises(ValueError, match=r"the matrix is \(300, 320\), its labels are \(10, 320\)"):
        fit_topics(COUNTS._replace(documents=COUNTS.documents[:10]), K)


def test_more_frames_than_topics_and_frames_named_like_free_topics():
    with pytest.raises(ValueError, match="3 seeded frames need k=3 or more, not k=2"):
        fit_topics(COUNTS, 2, seeds=SEEDS | {"peace": ["t100"]})
    with pytest.raises(ValueError, match=r"names of free topics: topic_01\. Rename"):
        fit_topics(COUNTS, 3, seeds={"topic_01": ["t000"]})


def test_a_missing_seed_is_warned_about_and_listed():
    with pytest.warns(UserWarning, match="1 of 4 seed patterns match none of the terms: zeal") as w:
        topics = fit_topics(COUNTS, K, seeds={"economy": [*SEEDS["economy"], "zeal"]})
    assert w[0].filename == __file__
    assert topics.seeds.loc[~topics.seeds["found"], "pattern"].tolist() == ["zeal"]


def test_a_topic_that_swallows_the_corpus_is_warned_about():
    rng = np.random.default_rng(0)
    shares = rng.dirichlet([1.5, 0.3, 0.3, 0.3, 0.3], 200)  # more than half is of theme 0
    counts = as_counts(rng.multinomial(40, np.repeat(shares, THEME, axis=1) / THEME))
    with pytest.warns(UserWarning, match=r"much of the corpus \(all [4-6]\d\.\d% of the av") as w:
        fit_topics(counts, 5, seeds={"all": ["t000", "t001"], "war": ["t040", "t041"]})
    assert w[0].filename == __file__ and "war" not in str(w[0].message)


def test_a_seeded_topic_that_stays_empty_is_warned_about():
    rows = COUNTS.matrix.toarray()
    rows[1:, 0] = 0
    rows[0, 0] = 1
    with pytest.warns(UserWarning, match=r"next to empty \(rare 0\.\d% of the average") as w:
        fit_topics(as_counts(rows), K + 1, seeds={"rare": ["t000"]}, seed_weight=1e5)
    assert w[0].filename == __file__


def test_good_seeds_do_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit_topics(COUNTS, K, seeds=SEEDS)
