"""Measures that are functions of sums over units, and their bootstrap.

Drawing units anew changes only how often each unit counts. So a unit is reduced to a row of
numbers once, and a draw is a weighted sum of those rows; units with equal rows are drawn together.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
CELLS = 4_000_000  # numbers held at once


class Terms(NamedTuple):
    """A measure: one row of features a unit, and the measure of draws × sums of features."""

    features: sparse.csr_array
    value: Callable[[Floats], Floats]


def estimate(terms: Sequence[Terms]) -> Floats:
    """Return each measure of the units as they are."""
    return np.asarray(
        [
            float(one.value(np.asarray(one.features.sum(axis=0), dtype=float)[None, :])[0])
            for one in terms
        ]
    )


def bootstrap(terms: Sequence[Terms], draws: int, random_state: int) -> Floats:
    """Return draws × measures, every draw the same units for all measures."""
    ends = np.cumsum([0, *(one.features.shape[1] for one in terms)])
    rows, counts = _distinct_rows(sparse.csr_array(sparse.hstack([one.features for one in terms])))
    rng = np.random.default_rng(random_state)
    block = max(1, CELLS // max(*rows.shape, 1))
    found = []
    for start in range(0, draws, block):
        size = min(block, draws - start)
        weights = rng.multinomial(int(counts.sum()), counts / counts.sum(), size=size).astype(float)
        sums = (rows.T @ weights.T).T
        values = [one.value(sums[:, ends[i] : ends[i + 1]]) for i, one in enumerate(terms)]
        found.append(np.stack(values, axis=1))
    return np.concatenate(found) if found else np.empty((0, len(terms)))


def percentiles(values: Floats, confidence: float) -> tuple[float, float]:
    """Return the ends of a percentile interval; NaN where too many draws are not defined."""
    defined = values[~np.isnan(values)]
    if len(defined) < max(confidence * len(values), 1):
        return np.nan, np.nan
    low, high = np.quantile(defined, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def _distinct_rows(features: sparse.csr_array) -> tuple[sparse.csr_array | Floats, Floats]:
    """Gather equal rows with their counts, where the table is small enough to compare them."""
    n_rows, n_columns = features.shape
    if n_rows * n_columns > CELLS:
        return features, np.ones(n_rows)
    dense = np.ascontiguousarray(features.toarray())
    keys = dense.view(np.dtype((np.void, dense.itemsize * max(n_columns, 1)))).ravel()
    _, first, counts = np.unique(keys, return_index=True, return_counts=True)
    return dense[first], counts.astype(float)
