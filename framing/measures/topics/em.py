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
BLOCK = 250_000  # counts shared out at a time
GATHERED = 100_000  # numbers brought together at a time, to stay in the processor's cache
TINY = SINGLE(1e-30)  # the probability of a term that no topic of the document can make
SMALLEST = SINGLE(1e-20)  # no share or term goes below, that it may come back
FASTER, LONGEST_STRIDE = 1.6, 4.0
FASTEST = SINGLE(10)  # what grows faster than this goes no further for it
FOLD_IN_STRIDE = 1.8  # EM still settles with strides below 2
FOLD_IN_PASSES = 100
CLOSE = 2e-3  # the shares of a document stand when a pass moves none of them further than this


class Prior(NamedTuple):
    """Pseudo-counts: of every topic in a document, of every term in a topic, of seed words."""

    document: float
    term: float
    seeds: Floats | None = None  # terms × topics, 1 where a term is a seed
    seed_weight: float = 1.0  # the pseudo-count of a seed, as a multiple of the term's count


class Estimate(NamedTuple):
    """Topics (terms × topics, columns sum to 1), shares of documents, expected counts, fit.

    Log-likelihood and log posterior are those of the topics and shares the pass began with.
    """

    terms: Floats
    shares: Floats
    expected: Floats
    log_likelihood: float
    log_posterior: float


def share_out(
    matrix: sparse.csr_matrix, shares: Floats, terms: Floats, *, by_term: Floats | None = None
) -> tuple[Floats, float]:
    """Give the expected counts by document and topic, and the fit; add those by term to `by_term`.

    What is added to `by_term` (terms × topics) must still be multiplied by the topics.
    """
    by_document, fit = np.empty_like(shares), 0.0
    for place in blocks(matrix):
        rows, own = matrix[place], shares[place]
        likely = np.maximum(_likelihood(rows, own, terms), TINY)
        ratio = sparse.csr_matrix((rows.data / likely, rows.indices, rows.indptr), rows.shape)
        by_document[place] = own * (ratio @ terms)
        if by_term is not None:
            fit += float((rows.data * np.log(likely)).sum(dtype=np.float64))
            by_term += ratio.T @ own
    return by_document, fit


def _likelihood(rows: sparse.csr_matrix, shares: Floats, terms: Floats) -> Floats:
    """Give the probability of every term that stands in a document."""
    document = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    likely = np.empty(rows.nnz, dtype=shares.dtype)
    n = max(1, GATHERED // shares.shape[1])
    of_term, of_document = np.empty((2, n, shares.shape[1]), dtype=shares.dtype)
    for start in range(0, rows.nnz, n):
        part = slice(start, start + n)
        size = len(rows.indices[part])
        one, other = of_term[:size], of_document[:size]
        np.take(terms, rows.indices[part], axis=0, out=one, mode="clip")  # clip: straight to `out`
        np.take(shares, document[part], axis=0, out=other, mode="clip")
        np.einsum("ij,ij->i", one, other, out=likely[part])
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
    return expected + pseudo_counts(expected, prior)


def pseudo_counts(expected: Floats, prior: Prior) -> Floats | np.float32:
    """Give what the prior adds to expected counts: to seeds in proportion to their terms."""
    if prior.seeds is None:
        return SINGLE(prior.term)
    totals = expected.sum(axis=1, keepdims=True)
    return SINGLE(prior.term) + SINGLE(prior.seed_weight) * prior.seeds * totals


def estimate(matrix: sparse.csr_matrix, terms: Floats, prior: Prior, n_passes: int) -> Estimate:
    """Improve topics, starting from equal shares in every document.

    Over-relaxed EM (Salakhutdinov & Roweis 2003): after the first pass each goes further than EM
    would, further every time; where the next shows that this was too far, it goes back.
    """
    shares = equal_shares(matrix.shape[0], terms.shape[1])
    best, stride = em_pass(matrix, shares, terms, prior), 1.0
    shares, terms = best.shares, best.terms
    for _ in range(n_passes - 1):
        new = em_pass(matrix, shares, terms, prior)
        if stride > 1 and new.log_posterior < best.log_posterior:
            shares, terms, stride = best.shares, best.terms, 1.0
            continue
        best, stride = new, min(stride * FASTER, LONGEST_STRIDE)
        shares = go_further(shares, new.shares, stride)
        terms = go_further(terms.T, new.terms.T, stride).T
    return best


def em_pass(matrix: sparse.csr_matrix, shares: Floats, terms: Floats, prior: Prior) -> Estimate:
    """Share out the counts, and take what is expected, with the prior, for the new estimate."""
    collected = np.zeros_like(terms)
    by_document, fit = share_out(matrix, shares, terms, by_term=collected)
    expected = collected * terms
    added = pseudo_counts(expected, prior)
    known = _log_sum(shares, SINGLE(prior.document)) + _log_sum(terms, added)
    shares = normalise(by_document + SINGLE(prior.document))
    return Estimate(normalise((expected + added).T).T, shares, expected, fit, fit + known)


def _log_sum(probabilities: Floats, weights: Floats | np.float32) -> float:
    logs = np.log(np.maximum(probabilities, SMALLEST))
    return float((weights * logs).sum(dtype=np.float64))


def go_further(old: Floats, new: Floats, stride: float) -> Floats:
    """Go on from old to new (rows sum to 1), `stride` times as far on the logarithmic scale."""
    step = np.minimum(new / old, FASTEST) ** SINGLE(stride - 1)
    return normalise(np.maximum(new * step, SMALLEST))


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
        old = shares[moving]
        by_document, _ = share_out(matrix[moving], old, terms)
        new = normalise(by_document + SINGLE(prior.document))
        shares[moving] = new = go_further(old, new, FOLD_IN_STRIDE)
        moving = moving[np.abs(new - old).max(axis=1, initial=0) > CLOSE]
        if not len(moving):
            break
    return shares
