"""Fit topics with scikit-learn's models, quickly and so that the same call gives the same topics."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import digamma
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.feature_extraction.text import TfidfTransformer

from framing.measures.topic_em import Floats, fold_in, normalise, share_out
from framing.text.counts import TermCounts

N_PASSES = 12
N_START = 8
FOLD_IN = 50
CLOSE = 1e-4


@dataclass(frozen=True)
class Topics:
    """Fitted topics.

    Attributes
    ----------
    model : sklearn.decomposition.LatentDirichletAllocation or NMF
    term_probabilities : pandas.DataFrame
        Topics × terms; rows sum to 1.
    shares : pandas.DataFrame
        Documents × topics; rows sum to 1.
    seeds : pandas.DataFrame or None
        `frame`, `pattern`, `term`, `found`.
    term_totals : pandas.Series
        How often each term stands in the documents.
    """

    model: LatentDirichletAllocation | NMF
    term_probabilities: pd.DataFrame
    shares: pd.DataFrame
    seeds: pd.DataFrame | None
    term_totals: pd.Series


def fit_topics(counts: TermCounts, k: int, *, method: str = "lda", random_state: int = 0) -> Topics:
    """Fit topics.

    Examples
    --------
    >>> terms = pd.Index(["oil", "price", "rebel", "war"], name="term")
    >>> matrix = sparse.csr_matrix([[3, 2, 0, 0], [0, 0, 2, 3]] * 5)
    >>> counts = TermCounts(matrix, pd.Index([f"a{i}" for i in range(10)], name="doc_id"), terms)
    >>> fit_topics(counts, 2).shares.head(2).round(1)
    topic   topic_01  topic_02
    doc_id
    a0           1.0       0.0
    a1           0.0       1.0
    """
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(counts.matrix)
    nmf = NMF(k, init="nndsvda", max_iter=N_START, tol=1e-3, random_state=random_state)
    shares = normalise(nmf.fit_transform(weights) + 1e-3)
    terms = normalise(nmf.components_ + 1e-9).T
    collected = np.zeros_like(terms)
    for _ in range(N_PASSES):
        collected = np.zeros_like(terms)
        shares = normalise(share_out(counts.matrix, shares, terms, collected) + 1 / k)
        collected *= terms
        terms = normalise(collected.T + 1 / k).T
    order = np.argsort(-collected.sum(axis=0), kind="stable")
    model = _as_sklearn(collected.T[order] + 1 / k, random_state)
    names = pd.Index([f"topic_{i + 1:02}" for i in range(k)], name="topic", dtype=str)
    table = pd.DataFrame(normalise(model.components_), names, counts.terms)
    topics = Topics(
        model,
        table,
        pd.DataFrame(shares[:, order], counts.documents, names),
        None,
        pd.Series(np.asarray(counts.matrix.sum(axis=0)).ravel(), counts.terms, name="n"),
    )
    return topics


def _as_sklearn(components: Floats, random_state: int) -> LatentDirichletAllocation:
    model = LatentDirichletAllocation(len(components), random_state=random_state)
    model.partial_fit(sparse.csr_matrix((1, components.shape[1]), dtype=float))
    model.components_ = components
    total = digamma(components.sum(axis=1, keepdims=True))
    model.exp_dirichlet_component_ = np.exp(digamma(components) - total)
    return model


def topic_shares(topics: Topics, counts: TermCounts) -> pd.DataFrame:
    """Give the topic shares of documents."""
    places = counts.terms.get_indexer(topics.term_probabilities.columns)
    known = places >= 0
    matrix = counts.matrix[:, places[known]]
    terms = topics.term_probabilities.to_numpy().T[known]
    shares = fold_in(matrix.tocsr(), terms, 1 / terms.shape[1], FOLD_IN, CLOSE)
    return pd.DataFrame(shares, counts.documents, topics.term_probabilities.index)
