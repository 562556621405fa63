"""Topics of batches beside those of the whole corpus, on planted themes."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, sparse
from sklearn.decomposition import LatentDirichletAllocation

from framing.measures.topics.batches import fit_topic_batches
from framing.measures.topics.fit import fit_topics, topic_shares
from framing.text.counts import TermCounts

K, THEME, N, SIZE = 5, 15, 1600, 200
SEEDS = {"economy": ["t000", "t001"], "war": ["t030", "t031"]}  # themes 0 and 2


def planted(seed: int) -> tuple[TermCounts, np.ndarray]:
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(K, 0.3), N)
    common = 1 / (np.arange(120) + 2.7)
    themes = 0.4 / THEME * np.repeat(shares, THEME, axis=1)
    words = np.hstack([themes, 0.6 * np.tile(common / common.sum(), (N, 1))])
    matrix = sparse.csr_matrix(rng.multinomial(rng.poisson(40, N) + 10, words))
    documents = pd.Index([f"d{number:04}" for number in range(N)], name="doc_id")
    terms = pd.Index([f"t{number:03}" for number in range(matrix.shape[1])], name="term")
    return TermCounts(matrix, documents, terms), shares


def rows(counts: TermCounts, start: int, stop: int) -> TermCounts:
    return TermCounts(counts.matrix[start:stop], counts.documents[start:stop], counts.terms)


def worst_match(one: np.ndarray, other: np.ndarray) -> float:
    k = one.shape[1]
    alike = np.corrcoef(one.T, other.T)[:k, k:]
    return alike[optimize.linear_sum_assignment(-alike)].min()


COUNTS, SHARES = planted(0)
BATCHES = [rows(COUNTS, start, start + SIZE) for start in range(0, N, SIZE)]


@pytest.fixture(scope="module")
def whole():
    return fit_topics(COUNTS, K)


@pytest.fixture(scope="module")
def batched():
    return fit_topic_batches(BATCHES, K)


def test_batches_find_what_the_whole_corpus_shows(whole, batched):
    terms = batched.term_probabilities.to_numpy().T
    assert worst_match(terms, whole.term_probabilities.to_numpy().T) > 0.95
    shares = topic_shares(batched, COUNTS).to_numpy()
    assert worst_match(shares, whole.shares.to_numpy()) > 0.95
    assert worst_match(shares, SHARES) > 0.9


def test_seeded_batches_bear_their_frames_names():
    topics = fit_topic_batches(BATCHES, K, seeds=SEEDS)
    shares = topic_shares(topics, COUNTS)
    assert shares.columns.tolist() == ["economy", "war", "topic_01", "topic_02", "topic_03"]
    for frame, theme in (("economy", 0), ("war", 2)):
        assert np.corrcoef(shares[frame], SHARES[:, theme])[0, 1] > 0.9
    assert worst_match(shares.to_numpy(), SHARES) > 0.9
    assert topics.seeds["found"].all()


def log_likelihood(topics) -> float:
    shares, terms = topic_shares(topics, COUNTS), topics.term_probabilities
    seen = COUNTS.matrix.tocoo()
    likely = (shares.to_numpy()[seen.row] * terms.to_numpy().T[seen.col]).sum(axis=1)
    return float(seen.data @ np.log(likely))


def test_a_second_pass_fits_better_and_counts_documents_once(batched):
    again = fit_topic_batches(BATCHES, K, n_passes=2)
    assert log_likelihood(again) > log_likelihood(batched)
    pd.testing.assert_frame_equal(again.term_counts, batched.term_counts)
    assert again.n_documents == N


def test_tables_are_those_of_all_batches(batched, whole):
    pd.testing.assert_frame_equal(batched.term_counts, whole.term_counts)
    assert batched.n_documents == N
    assert batched.shares.shape == (0, K) and batched.shares.index.name == "doc_id"
    np.testing.assert_allclose(batched.term_probabilities.sum(axis=1), 1, atol=1e-9)


def test_a_generator_gives_the_same_topics_again(batched):
    again = fit_topic_batches((batch for batch in BATCHES), K)
    pd.testing.assert_frame_equal(
        again.term_probabilities, batched.term_probabilities, check_exact=True
    )


def test_a_short_last_batch_changes_little(batched):
    odd = rows(COUNTS, 0, 2)
    longer = fit_topic_batches([*BATCHES, odd], K)
    parts = longer.term_probabilities.to_numpy() - batched.term_probabilities.to_numpy()
    assert np.abs(parts).max() < 0.002


def test_terms_are_matched_by_name(batched):
    def shuffled(batch, seed):
        order = np.random.default_rng(seed).permutation(len(batch.terms))
        terms = batch.terms[order].append(pd.Index(["unheard"]))
        extra = sparse.csr_matrix(np.ones((len(batch.documents), 1), dtype=np.int64))
        matrix = sparse.hstack([batch.matrix[:, order], extra], format="csr")
        return TermCounts(matrix, batch.documents, terms)

    others = [shuffled(batch, number) for number, batch in enumerate(BATCHES[1:])]
    again = fit_topic_batches([BATCHES[0], *others], K)
    pd.testing.assert_frame_equal(
        again.term_probabilities, batched.term_probabilities, check_exact=True
    )


def test_a_batch_without_known_terms_changes_nothing(batched):
    foreign = BATCHES[1]._replace(terms=BATCHES[1].terms + "x")
    none = rows(COUNTS, 0, 0)
    with pytest.warns(UserWarning, match=r"A batch \(.*\) holds none of the terms") as said:
        again = fit_topic_batches([*BATCHES, foreign, none], K)
    assert len(said) == 2
    pd.testing.assert_frame_equal(again.term_probabilities, batched.term_probabilities)


def test_the_model_goes_on_with_partial_fit():
    topics = fit_topic_batches(BATCHES[:6], K)
    model = topics.model
    assert isinstance(model, LatentDirichletAllocation) and model.n_batch_iter_ == 6
    n_before, new = model.components_.sum(), BATCHES[7].matrix
    before = model.perplexity(new)
    model.partial_fit(BATCHES[6].matrix).partial_fit(new)
    assert model.components_.sum() == pytest.approx(n_before, rel=0.05)
    assert model.perplexity(new) < before


def test_an_interruption_is_passed_on_and_leaves_the_batches_alone():
    before = BATCHES[0].matrix.copy()

    def interrupted():
        yield BATCHES[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit_topic_batches(interrupted(), K)
    assert (before != BATCHES[0].matrix).nnz == 0


def test_missing_seeds_are_warned_about():
    said = "1 of 3 seed patterns match none of the terms: zeal"
    with pytest.warns(UserWarning, match=said) as caught:
        fit_topic_batches(BATCHES[:1], K, seeds={"war": [*SEEDS["war"], "zeal"]})
    assert [warning.filename for warning in caught] == [__file__]


def test_what_are_no_batches():
    with pytest.raises(ValueError, match="There are no batches"):
        fit_topic_batches([], K)
    with pytest.raises(TypeError, match="batches is one TermCounts, not several"):
        fit_topic_batches(COUNTS, K)
    with pytest.raises(TypeError, match="batches is one int, not several"):
        fit_topic_batches(7, K)
    for wrong in ([COUNTS.matrix], [BATCHES[0], COUNTS.matrix]):
        with pytest.raises(TypeError, match="csr_matrix, not TermCounts"):
            fit_topic_batches(wrong, K)


def test_passes_that_cannot_be_made():
    with pytest.raises(ValueError, match="n_passes=2, but the batches are a generator"):
        fit_topic_batches(iter(BATCHES), K, n_passes=2)
    with pytest.raises(ValueError, match="n_passes=0: give a whole number, 1 or more"):
        fit_topic_batches(BATCHES, K, n_passes=0)


def test_only_the_first_batch_must_hold_as_many_documents_as_topics(batched):
    few = rows(COUNTS, 0, K - 1)
    with pytest.raises(ValueError, match=f"only {K - 1} of {K - 1} documents hold a term"):
        fit_topic_batches([few, *BATCHES], K)
    assert fit_topic_batches([BATCHES[0], few], K).n_documents == SIZE + K - 1
