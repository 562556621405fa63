"""Find where to start: topics from scikit-learn's NMF on a sample, improved on larger samples."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer

from framing.measures.topics.em import SINGLE, Estimate, Floats, Prior, estimate, normalise
from framing.measures.topics.seeds import place_frames
from framing.stats.threads import one_thread

N_STARTS = 4  # at most, and 40 / k: among many topics no start does without a theme
N_DOCUMENTS = 1_000  # in the sample, or 20 a topic
LARGER_SAMPLES = ((2, 60), (6, 50))  # times the documents, passes; up to half of the corpus
N_TERMS = 2_000  # the most common ones are enough to tell topics apart
SHARE_DRAWN = 0.8  # of the sample, anew for each start
NMF_PASSES = 15
NMF_TOLERANCE = 1e-3
EM_PASSES = 4


@contextmanager
def quietly() -> Iterator[None]:
    """Let NMF stop early, and on one thread."""
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.filterwarnings("ignore", "invalid value encountered in sqrt")
        yield


def start_topics(
    matrix: sparse.csr_matrix, k: int, prior: Prior, known: Floats, random_state: int
) -> Floats:
    """Give terms × topics to start from: the best of a few starts, and what samples made of it.

    `known` holds what is known beforehand of the first topics (terms × topics, maybe none). Each
    start sees other documents, so another `random_state` is another start.
    """
    rng = np.random.default_rng(random_state)
    n_drawn = max(N_DOCUMENTS, 20 * k)
    sample = matrix[_draw(rng, matrix.shape[0], n_drawn)]
    columns = _common(sample, max(N_TERMS, k))
    small = sample[:, columns].tocsr()
    few = prior._replace(seeds=None if prior.seeds is None else prior.seeds[columns])
    n_starts = min(N_STARTS, max(1, 40 // k))
    tried = [_one_start(small, k, few, known[columns], rng) for _ in range(n_starts)]
    best = max(tried, key=lambda one: one.log_likelihood)
    terms = _on_all_terms(sample, columns, best)
    for times, n_passes in LARGER_SAMPLES:
        if 2 * times * n_drawn <= matrix.shape[0]:
            rows = _draw(rng, matrix.shape[0], times * n_drawn)
            terms = estimate(matrix[rows], terms, prior, n_passes).terms
    return terms


def _draw(rng: np.random.Generator, n: int, n_drawn: int) -> np.ndarray:
    return np.sort(rng.permutation(n)[:n_drawn])


def _common(matrix: sparse.csr_matrix, n: int) -> np.ndarray:
    """Give the n columns that stand in most documents, in their order."""
    n_documents = np.bincount(matrix.indices, minlength=matrix.shape[1])
    return np.sort(np.argsort(-n_documents, kind="stable")[:n])


def _one_start(
    matrix: sparse.csr_matrix, k: int, prior: Prior, known: Floats, rng: np.random.Generator
) -> Estimate:
    terms = draw_parts(matrix, k, prior, known, rng, NMF_PASSES)
    return estimate(matrix, terms, prior, EM_PASSES)


def draw_parts(
    matrix: sparse.csr_matrix,
    k: int,
    prior: Prior,
    known: Floats,
    rng: np.random.Generator,
    n_passes: int,
) -> Floats:
    """Give the parts (terms × topics) that NMF finds in some of the documents, frames first."""
    drawn = _draw(rng, matrix.shape[0], max(k, int(SHARE_DRAWN * matrix.shape[0])))
    terms = _nmf_topics(matrix[drawn], k, int(rng.integers(2**31)), n_passes).astype(SINGLE)
    if prior.seeds is None:
        return terms
    return place_frames(terms, normalise(known.T).T, prior.seeds)


def _nmf_topics(matrix: sparse.csr_matrix, k: int, seed: int, n_passes: int) -> Floats:
    nmf = NMF(k, init="nndsvd", max_iter=n_passes, tol=NMF_TOLERANCE, random_state=seed)
    weights = TfidfTransformer().fit_transform(matrix.astype(float))
    with quietly():
        found = nmf.fit(weights).components_
    found = normalise(found) + 1e-3 / found.shape[1]  # what is nought stays nought in EM
    return normalise(found).T


def _on_all_terms(sample: sparse.csr_matrix, columns: np.ndarray, start: Estimate) -> Floats:
    """Give rare terms the topics of the documents they stand in."""
    terms = sample.T @ start.shares + SINGLE(1e-3)
    terms /= terms.sum(axis=0)
    terms[columns] = start.terms * terms[columns].sum(axis=0)
    return terms
