"""Share counts out among topics: expectation and maximisation on the counts of a corpus.

Everything here is done element by element or summed in a fixed order, without BLAS, so that the
number of threads and the make of the processor do not change the result.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[Any]
SINGLE = np.float32  # half the memory of double precision and twice the speed
BLOCK = 60_000  # counts shared out at a time, few enough to stay in the processor's cache
TINY = SINGLE(1e-30)  # the probability of a term that no topic of the document can make
FOLD_IN_PASSES = 100
CLOSE = 1e-3  # the shares of a document stand when a pass moves none of them further than this


class Prior(NamedTuple):
    """Pseudo-counts: of every topic in a document, of every term in a topic, of seed words."""

    document: float
    term: float
    seeds: Floats | None = None  # terms × topics, 1 where a term is a seed
    seed_weight: float = 1.0  # the pseudo-count of a seed, as a multiple of the term's count


class Estimate(NamedTuple):
    """Topics (terms × topics, columns sum to 1), shares of documents, expected counts, fit."""

    terms: Floats
    shares: Floats
    expected: Floats
    log_likelihood: float


def share_out(
    matrix: sparse.csr_matrix, shares: Floats, terms: Floats, *, by_term: Floats | None = None
) -> tuple[Floats, float]:
    """Give the expected counts by document and topic, and the fit; add those by term to `by_term`.

    What is added to `by_term` (terms × topics) must still be multiplied by the topics.
    """
    by_document, fit = np.empty_like(shares), 0.0
    by_topic = np.ascontiguousarray(terms.T)
    for place in blocks(matrix):
        rows, own = matrix[place], shares[place]
        likely = np.maximum(_likelihood(rows, own, by_topic), TINY)
        ratio = sparse.csr_matrix((rows.data / likely, rows.indices, rows.indptr), rows.shape)
        by_document[place] = own * (ratio @ terms)
        if by_term is not None:
            fit += float((rows.data * np.log(likely)).sum(dtype=np.float64))
            by_term += ratio.T @ own
    return by_document, fit


def _likelihood(rows: sparse.csr_matrix, shares: Floats, by_topic: Floats) -> Floats:
    """Give the probability of every term that stands in a document, topic after topic."""
    document = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    likely = np.zeros(rows.nnz, dtype=shares.dtype)
    one, other = np.empty_like(likely), np.empty_like(likely)
    for topic, share in zip(by_topic, np.ascontiguousarray(shares.T), strict=True):
        np.take(topic, rows.indices, out=one, mode="clip")  # clip: straight into `out`
        np.take(share, document, out=other, mode="clip")
        one *= other
        likely += one
    return likely


def blocks(matrix: sparse.csr_matrix) -> Iterator[slice]:
    """Cut documents into blocks of about as many counts each."""
    n_blocks = max(1, round(matrix.nnz / BLOCK))
    wanted = np.arange(1, n_blocks) * (matrix.nnz / n_blocks)
    cuts = np.unique([0, *np.searchsorted(matrix.indptr, wanted), matrix.shape[0]])
    for start, stop in pairwise(cuts):
        yield slice(int(start), int(stop))


def n_tokens(matrix: sparse.csr_matrix) -> float:
    """Count the tokens, 1 at least, so that one can divide by them."""
    return max(float(matrix.data.sum(dtype=np.float64)), 1.0)


def normalise(weights: Floats) -> Floats:
    """Divide rows by their sums; a row without any weight becomes uniform."""
    sums = weights.sum(axis=1, keepdims=True)
    uniform = np.full_like(weights, 1 / weights.shape[1])
    return np.divide(weights, sums, out=uniform, where=sums > 0)


def equal_shares(n_documents: int, k: int) -> Floats:
    """Give every document the same share of every topic."""
    return np.full((n_documents, k), 1 / k, dtype=SINGLE)


def with_prior(expected: Floats, prior: Prior) -> Floats:
    """Add the pseudo-counts of the prior to expected counts of terms by topic."""
    added = expected + SINGLE(prior.term)
    if prior.seeds is None:
        return added
    totals = expected.sum(axis=1, keepdims=True)
    return added + SINGLE(prior.seed_weight) * prior.seeds * totals


def estimate(matrix: sparse.csr_matrix, terms: Floats, prior: Prior, n_passes: int) -> Estimate:
    """Improve topics, starting from equal shares in every document."""
    shares = equal_shares(matrix.shape[0], terms.shape[1])
    expected, fit = terms, 0.0
    for _ in range(n_passes):
        collected = np.zeros_like(terms)
        by_document, fit = share_out(matrix, shares, terms, by_term=collected)
        expected = collected * terms
        shares = normalise(by_document + SINGLE(prior.document))
        terms = normalise(with_prior(expected, prior).T).T
    return Estimate(terms, shares, expected, fit)


def fold_in(
    matrix: sparse.csr_matrix,
    terms: Floats,
    prior: Prior,
    *,
    shares: Floats | None = None,
    n_passes: int = FOLD_IN_PASSES,
) -> Floats:
    """Find the shares of documents while the topics stay as they are."""
    k = terms.shape[1]
    shares = equal_shares(matrix.shape[0], k) if shares is None else shares.copy()
    moving = np.arange(matrix.shape[0])
    for _ in range(n_passes):
        by_document, _ = share_out(matrix[moving], shares[moving], terms)
        new = normalise(by_document + SINGLE(prior.document))
        far = np.abs(new - shares[moving]).max(axis=1, initial=0) > CLOSE
        shares[moving] = new
        moving = moving[far]
        if not len(moving):
            break
    return shares
