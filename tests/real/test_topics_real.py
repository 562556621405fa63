"""Topics of 2,833 real articles about immigration (not part of the kit)."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.decomposition import LatentDirichletAllocation
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from framing.measures.topics.batches import fit_topic_batches
from framing.measures.topics.fit import fit_topics, topic_shares
from framing.text.counts import TermCounts, count_terms

K, N_SEEN, N_UNSEEN = 20, 500, 150


@cache
def all_counts(path: Path) -> TermCounts:
    """Count the articles, once for all tests, in an order that mixes papers and days."""
    articles = pd.read_json(path, lines=True).astype({"id": "str"}).set_index("id")[["text"]]
    articles = articles.sample(frac=1, random_state=0).rename_axis("doc_id")
    return count_terms(articles, min_articles=20, max_share=0.5, stop_words=ENGLISH_STOP_WORDS)


def rows(counts: TermCounts, start: int, stop: int) -> TermCounts:
    return TermCounts(counts.matrix[start:stop], counts.documents[start:stop], counts.terms)


@pytest.fixture
def counts(real_data):
    return all_counts(real_data / "immigrationnews" / "articles.jsonl.gz")


@pytest.fixture
def seen(counts):
    return rows(counts, 0, N_SEEN)


@pytest.fixture
def unseen(counts):
    return rows(counts, N_SEEN, N_SEEN + N_UNSEEN)


def completion_perplexity(terms: np.ndarray, unseen: TermCounts) -> float:
    """Predict half of the tokens of every article from the other half, in plain numpy.

    Shares are the same mode for every model: pseudo-counts of .05, 50 passes; topics are mixed
    with .001 of equal probabilities, since some would give a word none.
    """
    known = unseen.matrix.copy()
    known.data = np.random.default_rng(0).binomial(unseen.matrix.data, 0.5)
    rest, known = (unseen.matrix - known).toarray(), known.toarray()
    terms = 0.999 * terms / terms.sum(axis=1, keepdims=True) + 0.001 / terms.shape[1]
    shares = np.full((len(known), len(terms)), 1 / len(terms))
    for _ in range(50):
        shares = shares * ((known / (shares @ terms)) @ terms.T) + 0.05
        shares /= shares.sum(axis=1, keepdims=True)
    return float(np.exp(-(rest * np.log(shares @ terms)).sum() / rest.sum()))


def test_unseen_articles_are_predicted_better_than_by_ten_iterations_of_batch_lda(seen, unseen):
    own = completion_perplexity(fit_topics(seen, K).term_probabilities.to_numpy(), unseen)
    peer = LatentDirichletAllocation(K, max_iter=10, random_state=0).fit(seen.matrix)
    assert own <= completion_perplexity(peer.components_, unseen)
    words = np.asarray(seen.matrix.sum(axis=0)) + 1.0  # without topics
    assert own < 0.8 * completion_perplexity(words, unseen)


@pytest.mark.parametrize("method", ["lda", "nmf"])
def test_words_of_one_subject_stand_in_one_topic(counts, method):
    table = fit_topics(rows(counts, 0, 800), K, method=method).term_probabilities
    tops = [set(row.nlargest(30).index) for _, row in table.iterrows()]
    for subject in ({"ukip", "farage"}, {"court", "judge"}, {"labour", "miliband"}):
        assert any(subject <= top for top in tops), subject
    np.testing.assert_allclose(table.sum(axis=1), 1, atol=1e-9)


def test_fitted_and_new_articles_have_shares_of_the_same_making(seen, unseen):
    topics = fit_topics(seen, K)
    assert np.abs(topic_shares(topics, seen) - topics.shares).max(axis=None) < 0.03
    by_model = topics.model.transform(unseen.matrix)
    assert np.abs(topic_shares(topics, unseen).to_numpy() - by_model).mean() < 0.01


def test_seeds_from_a_codebook_of_the_kit(seen):
    with pytest.warns(UserWarning, match=r"\d+ of \d+ seed patterns match none of the terms"):
        topics = fit_topics(seen, K, seeds="semetko_valkenburg")
    frames = topics.seeds["frame"].unique().tolist()
    assert topics.shares.columns[: len(frames)].tolist() == frames
    free = topics.term_probabilities.iloc[len(frames) :]
    found = topics.seeds[topics.seeds["found"]]
    for frame, words in found.groupby("frame", sort=False)["term"]:
        held = topics.term_probabilities.loc[frame, words.unique()].sum()
        assert held > 2 * free[words.unique()].sum(axis=1).max()


def test_batches_predict_about_as_well_as_one_fit(counts, unseen):
    seen = [rows(counts, start, start + 400) for start in range(N_SEEN + N_UNSEEN, 1850, 400)]
    batched = fit_topic_batches(seen, K)
    whole = sparse.vstack([batch.matrix for batch in seen], format="csr")
    documents = pd.Index(np.concatenate([batch.documents for batch in seen]), name="doc_id")
    topics = fit_topics(TermCounts(whole, documents, counts.terms), K)
    found = [
        completion_perplexity(one.term_probabilities.to_numpy(), unseen)
        for one in (batched, topics)
    ]
    assert found[0] < 1.1 * found[1]
