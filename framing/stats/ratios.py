"""Ratios of weighted sums from a sample whose units count unequally, with their intervals."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.stats.intervals import critical_value, wilson_interval

Floats = NDArray[np.float64]


class Design(NamedTuple):
    """How units were drawn: what each counts, and the numbers of its stratum and its cluster."""

    weights: Floats
    strata: NDArray[np.int64]
    clusters: NDArray[np.int64]

    def take(self, rows: NDArray[np.bool_]) -> "Design":
        """Keep the design of some units."""
        return Design(self.weights[rows], self.strata[rows], self.clusters[rows])

    @property
    def simple(self) -> bool:
        """Whether all units count the same and each is its own cluster."""
        return np.ptp(self.weights) == 0 and len(np.unique(self.clusters)) == len(self.clusters)


class Ratio(NamedTuple):
    """A ratio of two weighted sums, and the number of independent units it is worth."""

    value: float
    n_effective: float

    def interval(self, level: float) -> tuple[float, float]:
        """Return the ends of Wilson's interval at the effective number of units."""
        if not self.n_effective > 0:
            return float("nan"), float("nan")
        low, high = wilson_interval(self.value, self.n_effective, critical_value(level))
        return float(low), float(high)


def estimate_ratio(part: Floats, whole: Floats, design: Design) -> Ratio:
    r"""Estimate the share of `part` in `whole`, as precision is the share of right alarms in all.

    Parameters
    ----------
    part, whole : arrays of shape (n_units,)
        0 or 1 for each unit; `part` is 1 only where `whole` is.
    design : Design
        Of the same units.

    Returns
    -------
    Ratio
        `value` (missing where nothing is in `whole`) and `n_effective`.

    Notes
    -----
    :math:`R = \sum w y / \sum w x` with the variance of its linearised form,
    :math:`V = \sum_h \frac{m_h}{m_h - 1} \sum_c (e_{hc} - \bar e_h)^2`,
    :math:`e = w (y - R x) / \sum w x` summed within the :math:`m_h` clusters of stratum h (Särndal,
    Swensson & Wretman 1992, Model Assisted Survey Sampling, 5.6-5.8). :math:`n = R (1 - R) / V`
    then goes into Wilson's interval (Korn & Graubard 1998, Survey Methodology 24, 193-201, who
    do the same with the exact one). It is never taken to be more than the number of clusters that
    hold `whole`. Where the ratio is 0 or 1, or all units count the same and none share a cluster,
    it is Kish's :math:`(\sum w x)^2 / \sum (w x)^2`: in a simple random sample, plain Wilson.

    Examples
    --------
    Three of four alarms are right:

    >>> even = Design(np.ones(4), np.zeros(4, int), np.arange(4))
    >>> found = estimate_ratio(np.array([1., 1, 1, 0]), np.ones(4), even)
    >>> found.value
    0.75
    >>> [round(end, 3) for end in found.interval(0.95)]
    [0.301, 0.954]
    """
    total = float(design.weights @ whole)
    if total <= 0:
        return Ratio(float("nan"), 0.0)
    value = float(design.weights @ part) / total
    shares, _ = cluster_sums(design.weights * whole / total, design)
    kish = 1 / float(np.square(shares).sum())
    variance = variance_of_sum(design.weights * (part - value * whole) / total, design)
    if variance <= 0 or not 0 < value < 1 or design.simple:
        return Ratio(value, kish)
    return Ratio(value, min(value * (1 - value) / variance, float((shares > 0).sum())))


def variance_of_sum(deviation: Floats, design: Design) -> float:
    """Estimate the variance of a sum over clusters; one alone in its stratum is set against 0."""
    sums, strata = cluster_sums(deviation, design)
    n = np.bincount(strata)
    mean = np.bincount(strata, sums) / np.maximum(n, 1)
    centred = sums - np.where(n > 1, mean, 0)[strata]
    return float(np.square(centred) @ (n / np.maximum(n - 1, 1))[strata])


def cluster_sums(values: Floats, design: Design) -> tuple[Floats, NDArray[np.int64]]:
    """Sum within the clusters of each stratum; the second array numbers their strata."""
    pairs = design.strata * (design.clusters.max(initial=0) + 1) + design.clusters
    _, first, places = np.unique(pairs, return_index=True, return_inverse=True)
    return np.bincount(places, values).astype(np.float64), design.strata[first]
