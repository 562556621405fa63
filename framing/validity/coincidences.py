"""Krippendorff's alpha, step by step.

Value counts per unit → coincidences of values → distances between values → observed and expected
disagreement → one minus their ratio.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from framing.validity.levels import Floats, Ints, Judgements, distances
from framing.validity.resampling import CELLS, Terms


class Coincidences(NamedTuple):
    """How often two different values met in a unit, each pair of places once (`low` < `high`)."""

    unit: Ints
    low: Ints
    high: Ints
    times: Floats


def value_counts(judgements: Judgements) -> sparse.csr_array:
    """Count how many coders gave each value to each unit: units × values."""
    shape = (int(judgements.unit.max(initial=-1)) + 1, len(judgements.values))
    ones = np.ones(len(judgements.unit))
    return sparse.csr_array((ones, (judgements.unit, judgements.value)), shape=shape)


def pairable(counts: sparse.csr_array) -> sparse.csr_array:
    """Keep the units that have two codes or more; a code alone agrees with nothing."""
    enough = (counts.sum(axis=1) > 1).astype(float)
    kept = sparse.csr_array(counts.multiply(enough[:, None]))
    kept.eliminate_zeros()
    return kept


def coincidences(counts: sparse.csr_array) -> Coincidences:
    """Count the pairs of different values in every unit, each divided by its codes minus one."""
    counts.sort_indices()
    unit = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    value, n, total = counts.indices.astype(np.int64), counts.data, counts.sum(axis=1)
    first, second = neighbours(unit)
    count = n[first] * n[second] / (total[unit[first]] - 1)
    return Coincidences(unit[first], value[first], value[second], count)


def neighbours(group: Ints) -> tuple[Ints, Ints]:
    """Pair every row with each later row of its group; rows of a group stand together."""
    found, step = [], 1
    while (same := np.flatnonzero(group[:-step] == group[step:])).size:
        found.append((same, same + step))
        step += 1
    pairs = (
        np.concatenate([np.stack(pair) for pair in found], axis=1)
        if found
        else np.empty((2, 0), int)
    )
    return pairs[0], pairs[1]


def alpha_terms(judgements: Judgements, level: str) -> Terms:
    """Return Krippendorff's alpha of one level of measurement."""
    counts = pairable(value_counts(judgements))
    pairs, k = coincidences(counts), counts.shape[1]
    if level == "ordinal":
        return _ordinal_terms(judgements, counts, pairs)
    delta = distances(judgements.values, level, pairs.low, pairs.high)
    observed = np.bincount(pairs.unit, weights=pairs.times * delta, minlength=counts.shape[0])
    expected = _expected(judgements.values, level)

    def value(sums: Floats) -> Floats:
        marginals = sums[:, :k]
        return one_minus_ratio(marginals, 2 * sums[:, k], expected(marginals))

    return Terms(by_owner(judgements, [counts, sparse.csr_array(observed[:, None])]), value)


def _expected(values: list[Any], level: str) -> Callable[[Floats], Floats]:
    """Sum the distances of all pairs of codes, of whatever units."""
    if level == "nominal":
        return lambda n: np.asarray(n.sum(axis=1) ** 2 - np.square(n).sum(axis=1))
    if level == "interval":
        return lambda n: _spread(n, np.asarray(values, dtype=float)[None, :])
    place = np.arange(len(values))
    parts = np.array_split(place, 1 + len(place) ** 2 // CELLS)

    def between(part: Ints) -> Floats:
        return distances(values, level, *np.meshgrid(part, place, indexing="ij"))

    if len(parts) == 1 or level == "masi":
        delta = between(place)
        return lambda n: np.asarray(((n @ delta) * n).sum(axis=1))
    return lambda n: np.asarray(
        sum(((n[:, part] @ between(part)) * n).sum(axis=1) for part in parts)
    )


def _ordinal_terms(judgements: Judgements, counts: sparse.csr_array, pairs: Coincidences) -> Terms:
    """Take differences of mid-ranks, which every draw has its own of.

    Krippendorff's ordinal distance, the sum of n_g from c to k less (n_c + n_k) / 2, is the
    difference of the mid-ranks of c and k.
    """
    k = counts.shape[1]
    met, column = np.unique(pairs.low * k + pairs.high, return_inverse=True)
    low, high = np.divmod(met, k)
    shape = (counts.shape[0], len(met))
    observed = sparse.csr_array((pairs.times, (pairs.unit, column)), shape=shape)

    def value(sums: Floats) -> Floats:
        marginals = sums[:, :k]
        ranks = np.cumsum(marginals, axis=1) - marginals / 2
        delta = np.square(ranks[:, low] - ranks[:, high])
        disagreement = 2 * (sums[:, k:] * delta).sum(axis=1)
        return one_minus_ratio(marginals, disagreement, _spread(marginals, ranks))

    return Terms(by_owner(judgements, [counts, observed]), value)


def _spread(marginals: Floats, number: Floats) -> Floats:
    """Sum the squared differences of all pairs of values, through their mean."""
    n = marginals.sum(axis=1, keepdims=True)
    mean = (marginals * number).sum(axis=1, keepdims=True) / np.maximum(n, 1)
    return np.asarray(2 * n[:, 0] * (marginals * np.square(number - mean)).sum(axis=1))


def one_minus_ratio(marginals: Floats, observed: Floats, expected: Floats) -> Floats:
    """Return alpha; NaN where only one value occurs, for then nothing could be disagreed on."""
    n, varies = marginals.sum(axis=1), (marginals > 0).sum(axis=1) > 1
    ratio = np.divide((n - 1) * observed, expected, out=np.full(len(n), np.nan), where=varies)
    return np.asarray(1 - ratio)


def by_owner(judgements: Judgements, parts: list[sparse.csr_array]) -> sparse.csr_array:
    """Join features of units side by side and add up those of units that are drawn together."""
    joined = sparse.hstack(parts, format="csr")
    unit, first = np.unique(judgements.unit, return_index=True)
    owner = judgements.owner[first]
    shape = (judgements.n_owners, joined.shape[0])
    adding = sparse.csr_array((np.ones(len(unit)), (owner, unit)), shape=shape)
    return sparse.csr_array(adding @ joined)
