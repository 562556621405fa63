"""Percent agreement, the kappas of Cohen, Light and Fleiss, and Gwet's AC1."""

from collections.abc import Callable

import numpy as np
from scipy import sparse

from framing.validity.coincidences import by_owner, neighbours, value_counts
from framing.validity.levels import Floats, Judgements, n_categories
from framing.validity.resampling import Terms


def percent_terms(judgements: Judgements) -> Terms:
    """Return the mean over units of the share of pairs of codes that are alike."""

    def value(sums: Floats) -> Floats:
        return _ratio(sums[:, 0], sums[:, 1])

    return Terms(by_owner(judgements, _alike(value_counts(judgements))), value)


def fleiss_terms(judgements: Judgements) -> Terms:
    """Return Fleiss' kappa; with unequal numbers of codes a unit, as Gwet (2014) extends it."""

    def expected(shares: Floats) -> Floats:
        return np.asarray(np.where((shares > 0).sum(axis=1) > 1, np.square(shares).sum(axis=1), 1))

    return _from_shares(judgements, expected)


def ac1_terms(judgements: Judgements) -> Terms:
    """Return Gwet's AC1: chance is how often coders would agree on units they cannot decide."""
    q = n_categories(judgements.values)

    def expected(shares: Floats) -> Floats:
        return np.asarray((shares * (1 - shares)).sum(axis=1) / max(q - 1, 1))

    return _from_shares(judgements, expected)


def kappa_terms(judgements: Judgements) -> Terms:
    """Return Cohen's kappa; of several coders the mean over their pairs, as Light (1971)."""
    table = _paired(judgements)
    width = 2 * len(judgements.values) + 1

    def value(sums: Floats) -> Floats:
        kappas = pair_kappas(sums.reshape(len(sums), -1, width))
        defined = ~np.isnan(kappas)
        total = np.where(defined, kappas, 0).sum(axis=1)
        return _ratio(total, defined.sum(axis=1).astype(float))

    return Terms(by_owner(judgements, [table]), value)


def n_meetings(judgements: Judgements) -> int:
    """Count the pairs of codes of one unit, over all units."""
    n = np.bincount(judgements.unit)
    return int((n * (n - 1) // 2).sum())


def n_undefined(judgements: Judgements) -> int:
    """Count the pairs of coders that shared units but gave only one value between them."""
    sums = np.asarray(_paired(judgements).sum(axis=0), dtype=float)
    return int(np.isnan(pair_kappas(sums.reshape(1, -1, 2 * len(judgements.values) + 1))).sum())


def pair_kappas(cells: Floats) -> Floats:
    """Return kappas of draws × pairs; NaN where both coders of a pair gave only one value.

    Cells are draws × pairs × (1 + 2 k): units with two equal codes, then each coder's values.
    """
    k = cells.shape[2] // 2
    alike, first, second = cells[:, :, 0], cells[:, :, 1 : k + 1], cells[:, :, k + 1 :]
    n, by_chance = first.sum(axis=2), (first * second).sum(axis=2)
    return _ratio(alike * n - by_chance, n**2 - by_chance)


def _paired(judgements: Judgements) -> sparse.csr_array:
    """Count for every pair of coders their equal codes and the values each of them gave."""
    order = np.lexsort((judgements.coder, judgements.unit))
    unit, coder, given = (one[order] for one in judgements[:3])
    first, second = neighbours(unit)
    met = coder[first] * (coder.max() + 1) + coder[second]
    pair = np.unique(met, return_inverse=True)[1]
    k, width = len(judgements.values), 2 * len(judgements.values) + 1
    column = np.stack([np.zeros_like(first), 1 + given[first], 1 + k + given[second]])
    weight = np.stack([given[first] == given[second], *2 * [np.ones(len(first))]]).astype(float)
    place = (np.tile(unit[first], 3), (pair * width + column).ravel())
    shape = (int(unit.max()) + 1, (int(pair.max(initial=-1)) + 1) * width)
    return sparse.csr_array((weight.ravel(), place), shape=shape)


def _from_shares(judgements: Judgements, expected: Callable[[Floats], Floats]) -> Terms:
    """Correct the agreement of units for chance that rests on the mean share of every value."""
    counts = value_counts(judgements)
    total = np.asarray(counts.sum(axis=1), dtype=float)
    shares = sparse.csr_array(counts.multiply(_ratio(np.ones_like(total), total, 0)[:, None]))
    coded = sparse.csr_array((total > 0).astype(float)[:, None])

    def value(sums: Floats) -> Floats:
        by_chance = expected(sums[:, 3:] / sums[:, 2:3])
        return _ratio(_ratio(sums[:, 0], sums[:, 1]) - by_chance, 1 - by_chance)

    return Terms(by_owner(judgements, [*_alike(counts), coded, shares]), value)


def _alike(counts: sparse.csr_array) -> list[sparse.csr_array]:
    """Share of each unit's pairs of codes that are alike, and whether it has a pair."""
    total = np.asarray(counts.sum(axis=1), dtype=float)
    pairs, same = total * (total - 1), counts.multiply(counts).sum(axis=1) - total
    columns = [_ratio(same, pairs, 0), (pairs > 0).astype(float)]
    return [sparse.csr_array(column[:, None]) for column in columns]


def _ratio(above: Floats, below: Floats, otherwise: float = np.nan) -> Floats:
    """Divide where the divisor is above 0."""
    out = np.full(np.shape(below), float(otherwise))
    return np.asarray(np.divide(above, below, out=out, where=np.asarray(below) > 0))
