"""Fit topics to a corpus that does not fit into memory, a batch of counts at a time."""

import warnings
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
from scipy import sparse
from tqdm.auto import tqdm

from framing.corpus.callers import callers_level
from framing.measures.topics.em import SINGLE, fold_in, n_tokens, normalise, share_out, with_prior
from framing.measures.topics.fit import (
    Topics,
    align_terms,
    as_lda,
    check_counts,
    check_fit,
    check_number,
    count_documents,
    label_fit,
    order_topics,
    plan_fit,
)
from framing.measures.topics.seeds import Seeds, warn_of_sizes
from framing.measures.topics.start import start_topics
from framing.text.counts import TermCounts

PASSES_OVER_BATCH = 10
FORGETTING = 0.7  # batch t of average size weighs t ** -FORGETTING


def fit_topic_batches(
    batches: Iterable[TermCounts],
    k: int,
    *,
    random_state: int = 0,
    seeds: Seeds | None = None,
    seed_weight: float = 1.0,
    n_passes: int = 1,
) -> Topics:
    """Fit topics (LDA) to batches of counts, of which one at a time is in memory.

    Parameters
    ----------
    batches : iterable of TermCounts
        The terms of the first batch are those of the topics; other terms are left out. A batch
        should be a fair mixture: shuffle the articles, since the topics start from the first
        batch, and make batches of a thousand articles or more.
    k, random_state, seeds, seed_weight
        As `fit_topics` takes them.
    n_passes : int
        How often to go through all batches. More than once needs a list, or another iterable
        that can be gone through again; a generator cannot.

    Returns
    -------
    Topics
        As `fit_topics` returns them, but `shares` has no rows: `topic_shares(topics, batch)` gives
        those of a batch.

    Raises
    ------
    ValueError
        As `fit_topics`, for the first batch; if there is no batch; or if a generator is to be gone
        through more than once.
    TypeError
        If a batch is not TermCounts.

    Warns
    -----
    UserWarning
        As `fit_topics` of seeds; of batches that hold none of the terms, which change nothing.

    Notes
    -----
    Stepwise EM (Cappé & Moulines 2009; for LDA Hoffman, Blei & Bach 2010, which is what
    scikit-learn's `partial_fit` does): the expected counts of batch t replace a part
    t ** -.7 of those known so far, less where the batch holds fewer tokens than the average one
    (and more where it holds more), so that a short last batch does not count as much as a full
    one. The model's own `partial_fit` can go on with later batches.

    Examples
    --------
    >>> from scipy import sparse
    >>> terms = pd.Index(["oil", "price", "rebel", "war"], name="term")
    >>> matrix = sparse.csr_matrix([[3, 2, 0, 0], [0, 0, 2, 4]] * 5)
    >>> batch = TermCounts(matrix, pd.Index([f"a{i}" for i in range(10)], name="doc_id"), terms)
    >>> topics = fit_topic_batches([batch] * 3, 2)
    >>> topics.n_documents, topics.shares.shape
    (30, (0, 2))
    """
    _check_batches(batches, n_passes)
    check_number("random_state", random_state, 0)
    stream: _Stream | None = None
    for number in range(n_passes):
        for batch in tqdm(batches, desc="Batches", disable=None):
            if stream is None:
                checked = check_fit(batch, k, "lda", seed_weight)
                stream = _Stream(checked, k, seeds, seed_weight, random_state)
            stream.add(batch, is_new=number == 0)
    if stream is None:
        raise ValueError("There are no batches.")
    return stream.topics(random_state)


def _check_batches(batches: Iterable[TermCounts], n_passes: int) -> None:
    if isinstance(batches, TermCounts) or not isinstance(batches, Iterable):
        raise TypeError(
            f"batches is one {type(batches).__name__}, not several TermCounts. Give a list of "
            "them, or a generator; for one: fit_topics(counts, k)"
        )
    check_number("n_passes", n_passes)
    if n_passes > 1 and isinstance(batches, Iterator):
        raise ValueError(
            f"n_passes={n_passes}, but the batches are a generator, which can be gone through "
            "once. Give a list, or n_passes=1."
        )


class _Stream:
    """Topics as they stand, and what is kept of all batches."""

    def __init__(
        self,
        first: TermCounts,
        k: int,
        seeds: Seeds | None,
        seed_weight: float,
        random_state: int,
    ) -> None:
        self.plan = plan_fit(first, k, seeds, seed_weight)
        matrix = first.matrix.astype(SINGLE)
        self.topic_terms = start_topics(matrix, k, self.plan.prior, self.plan.known, random_state)
        self.terms = first.terms
        self.expected = np.zeros_like(self.topic_terms)  # of one token
        self.counts = count_documents(first) * 0
        self.n_documents, self.n_batches, self.n_tokens = 0, 0, 0.0

    def add(self, batch: TermCounts, *, is_new: bool) -> None:
        """Let a batch change the topics; its documents count when they come for the first time."""
        known = align_terms(check_counts(batch), self.terms)
        if is_new:
            self.counts = self.counts + count_documents(known)
            self.n_documents += len(known.documents)
        if known.matrix.nnz:
            self._learn(known.matrix.astype(SINGLE))
        else:
            first = ", ".join(map(str, batch.documents[:1])) or "without documents"
            warnings.warn(
                f"A batch ({first} …) holds none of the terms and changes nothing.",
                stacklevel=callers_level(),
            )

    def _learn(self, matrix: sparse.csr_matrix) -> None:
        shares = fold_in(matrix, self.topic_terms, self.plan.prior, n_passes=PASSES_OVER_BATCH)
        collected = np.zeros_like(self.topic_terms)
        share_out(matrix, shares, self.topic_terms, by_term=collected)
        self.n_batches += 1
        self.n_tokens += n_tokens(matrix)
        size = n_tokens(matrix) * self.n_batches / self.n_tokens  # 1 for a batch of average size
        weight = SINGLE(min(1.0, size * self.n_batches**-FORGETTING))
        new = collected * self.topic_terms / SINGLE(n_tokens(matrix))
        self.expected = (1 - weight) * self.expected + weight * new
        self.topic_terms = normalise(self.pseudo_counts().T).T

    def pseudo_counts(self) -> np.ndarray:
        """Give expected counts in all documents seen, and the prior."""
        return with_prior(self.expected * SINGLE(self.counts["n"].sum()), self.plan.prior)

    def topics(self, random_state: int) -> Topics:
        """Put it all into scikit-learn's model and tables."""
        order = order_topics(self.expected.sum(axis=0), len(self.plan.frames))
        components = self.pseudo_counts()[:, order].T.astype(float)
        model = as_lda(components, random_state, self.n_documents)
        model.n_iter_ = model.n_batch_iter_ = self.n_batches
        no_documents = pd.Index([], dtype="str", name="doc_id")
        nothing = pd.DataFrame(np.empty((0, len(order))), no_documents)
        topics = label_fit(model, nothing, self.plan, self.counts, self.n_documents)
        sizes = pd.Series(self.expected.sum(axis=0)[order], topics.term_probabilities.index)
        warn_of_sizes(sizes / sizes.sum(), self.plan.frames)
        return topics
