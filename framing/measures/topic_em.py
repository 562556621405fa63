"""Expectation and maximisation for topics: how counts are shared out, in a fixed order of sums."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
BLOCK = 100_000  # counts shared out at a time, few enough to stay in the processor's cache
TINY = 1e-100  # a term that no topic of the document can make


class Priors(NamedTuple):
    """Pseudo-counts: of a topic in a document, of a term in a topic, of seed words."""

    document: float
    term: float
    seeds: Floats | None = None


def share_out(
    matrix: sparse.csr_matrix, shares: Floats, terms: Floats, collected: Floats | None = None
) -> Floats:
    """Give the expected number of tokens by document and topic; add those by term and topic."""
    expected = np.empty_like(shares)
    for place in blocks(matrix):
        rows, own = matrix[place], shares[place]
        likely = np.einsum(
            "ij,ij->i", np.repeat(own, np.diff(rows.indptr), axis=0), terms[rows.indices]
        )
        ratio = sparse.csr_matrix(
            (rows.data / np.maximum(likely, TINY), rows.indices, rows.indptr), rows.shape
        )
        expected[place] = own * (ratio @ terms)
        if collected is not None:
            collected += ratio.T @ own
    return expected


def blocks(matrix: sparse.csr_matrix) -> Iterator[slice]:
    """Cut documents into blocks of about as many counts each."""
    n_blocks = max(1, round(matrix.nnz / BLOCK))
    wanted = np.arange(1, n_blocks) * (matrix.nnz / n_blocks)
    cuts = np.unique([0, *np.searchsorted(matrix.indptr, wanted), matrix.shape[0]])
    for start, stop in zip(cuts[:-1], cuts[1:], strict=True):
        yield slice(int(start), int(stop))


def normalise(weights: Floats) -> Floats:
    """Divide rows by their sums; a row without any weight becomes uniform."""
    sums = weights.sum(axis=1, keepdims=True)
    uniform = np.full_like(weights, 1 / weights.shape[1])
    return np.divide(weights, sums, out=uniform, where=sums > 0)


def fold_in(
    matrix: sparse.csr_matrix, terms: Floats, prior: float, n_passes: int, tolerance: float = 0.0
) -> Floats:
    """Find the topic shares of documents, from equal shares, while the topics stay as they are."""
    shares = np.full((matrix.shape[0], terms.shape[1]), 1 / terms.shape[1])
    for _ in range(n_passes):
        new = normalise(share_out(matrix, shares, terms) + prior)
        change = np.abs(new - shares).max(initial=0)
        shares = new
        if change <= tolerance:
            break
    return shares
