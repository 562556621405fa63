"""Intervals for shares and for differences of shares, on plain numbers and arrays.

Every function takes arrays that broadcast against each other. Units that come in clusters are
handled by a wider critical value: multiplying it by the square root of a design effect is the same
as dividing the number of units by that design effect.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


def critical_value(level: float, df: ArrayLike = np.inf) -> Floats:
    """Return the two-sided critical value of Student's t; of the normal where `df` is infinite."""
    if not np.all((np.asarray(level) >= 0) & (np.asarray(level) <= 1)):
        raise ValueError(f"level={level!r} must lie between 0 and 1, e.g. 0.95.")
    return np.asarray(stats.t.ppf(0.5 + level / 2, np.asarray(df, dtype=float)))


def wilson_interval(
    share: ArrayLike, n: ArrayLike, critical: ArrayLike = 1.959963984540054
) -> tuple[Floats, Floats]:
    r"""Return the lower and upper end of the score interval for one share.

    Parameters
    ----------
    share : array-like
        Observed share, between 0 and 1.
    n : array-like
        Number of units it rests on, above 0.
    critical : array-like
        Critical value, by default that of a 95 % interval.

    Returns
    -------
    tuple of arrays
        `low`, `high`.

    Notes
    -----
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212. The ends are the two shares
    :math:`\pi` that solve :math:`(p - \pi)^2 = z^2 \pi (1 - \pi) / n`.

    Examples
    --------
    15 of 148 (Newcombe 1998, Statistics in Medicine 17, 857-872, Table I):

    >>> low, high = wilson_interval(15 / 148, 148)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0624, 0.1605)
    """
    p, z2 = np.asarray(share, dtype=float), np.square(critical) / np.asarray(n, dtype=float)
    middle = (p + z2 / 2) / (1 + z2)
    half = np.sqrt(z2 * p * (1 - p) + z2**2 / 4) / (1 + z2)
    return np.where(p <= 0, 0.0, middle - half), np.where(p >= 1, 1.0, middle + half)


def score_interval(
    shares: tuple[ArrayLike, ArrayLike],
    sizes: tuple[ArrayLike, ArrayLike],
    critical: ArrayLike = 1.959963984540054,
) -> tuple[Floats, Floats]:
    r"""Return the lower and upper end of the score interval for a difference of two shares.

    Parameters
    ----------
    shares, sizes : pair of array-like
        Observed shares of the two groups and the numbers of units they rest on.
    critical : array-like
        Critical value, by default that of a 95 % interval.

    Returns
    -------
    tuple of arrays
        `low`, `high` of the first share minus the second.

    Notes
    -----
    Miettinen, O., & Nurminen, M. (1985). Comparative analysis of two rates. Statistics in
    Medicine 4, 213-226. A difference :math:`\delta` lies inside when
    :math:`(d - \delta)^2 \le z^2 \tilde V(\delta)`, with the variance taken at the likeliest pair
    of shares that differ by :math:`\delta` and multiplied by :math:`N / (N - 1)`.

    Examples
    --------
    56 of 70 against 48 of 80 (Newcombe 1998, Statistics in Medicine 17, 873-890, Table II):

    >>> low, high = score_interval((56 / 70, 48 / 80), (70, 80))
    >>> round(float(low), 4), round(float(high), 4)
    (0.0528, 0.3382)
    """
    first, second, n1, n2, z = _arrays(*shares, *sizes, critical)
    found = first - second

    def outside(delta: Floats) -> NDArray[np.bool_]:
        return np.square(found - delta) > z**2 * _variance(delta, (first, second), (n1, n2))

    low = _boundary(outside, far=np.full_like(found, -1), near=found)
    return low, _boundary(outside, far=np.full_like(found, 1), near=found)


def score_p_value(
    shares: tuple[ArrayLike, ArrayLike],
    sizes: tuple[ArrayLike, ArrayLike],
    design_effect: ArrayLike = 1.0,
    df: ArrayLike = np.inf,
) -> Floats:
    """Return the two-sided p-value of equal shares that belongs to the score interval.

    Parameters
    ----------
    shares, sizes : pair of array-like
        Observed shares of the two groups and the numbers of units they rest on.
    design_effect, df : array-like
        Variance relative to independent units, and degrees of freedom of the reference t.

    Returns
    -------
    array
        The p-value; 1 where both shares are 0 or both are 1.

    Notes
    -----
    The score statistic at a difference of 0, so p < .05 exactly where the 95 % interval leaves 0
    out. For independent units it is Pearson's chi-square times (N - 1) / N, which Campbell, I.
    (2007), Statistics in Medicine 26, 3661-3675, recommends for 2 x 2 tables.

    Examples
    --------
    >>> round(float(score_p_value((56 / 70, 48 / 80), (70, 80))), 5)
    0.00826
    """
    first, second, n1, n2, inflation = _arrays(*shares, *sizes, design_effect)
    error = np.sqrt(inflation * _variance(np.zeros_like(first), (first, second), (n1, n2)))
    statistic = np.divide(first - second, error, out=np.zeros_like(error), where=error > 0)
    return np.asarray(2 * stats.t.sf(np.abs(statistic), np.asarray(df, dtype=float)))


def _arrays(*values: ArrayLike) -> list[Floats]:
    """Broadcast numbers and arrays against each other, as floats."""
    return list(np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in values)))


def _boundary(
    outside: Callable[[Floats], NDArray[np.bool_]], *, far: Floats, near: Floats
) -> Floats:
    """Halve the way from `far` to `near` until it holds only the place where `outside` ends."""
    for _ in range(60):
        middle = (far + near) / 2
        beyond = outside(middle)
        far, near = np.where(beyond, middle, far), np.where(beyond, near, middle)
    return near


def _variance(delta: Floats, shares: tuple[Floats, Floats], sizes: tuple[Floats, Floats]) -> Floats:
    """Variance of the difference of two shares if the true difference were `delta`."""
    first, second = _likeliest_shares(delta, shares, sizes)
    total = sizes[0] + sizes[1]
    spread = first * (1 - first) / sizes[0] + second * (1 - second) / sizes[1]
    return np.asarray(spread * total / np.maximum(total - 1, 1))


def _likeliest_shares(
    delta: Floats, shares: tuple[Floats, Floats], sizes: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Maximum-likelihood shares under a fixed difference (Miettinen & Nurminen 1985, appendix)."""
    (n1, n2), (x1, x2) = sizes, (shares[0] * sizes[0], shares[1] * sizes[1])
    total, present = n1 + n2, x1 + x2
    cubic, square = total, (n1 + 2 * n2) * delta - total - present
    linear, constant = (n2 * delta - total - 2 * x2) * delta + present, x2 * delta * (1 - delta)
    shift = square / (3 * cubic)
    q = shift**3 - linear * square / (6 * cubic**2) + constant / (2 * cubic)
    p = np.where(q < 0, -1.0, 1.0) * np.sqrt(np.maximum(shift**2 - linear / (3 * cubic), 0))
    cosine = np.divide(q, p**3, out=np.zeros_like(q), where=p != 0)
    angle = (np.pi + np.arccos(np.clip(cosine, -1, 1))) / 3
    second = np.clip(2 * p * np.cos(angle) - shift, 0, 1)
    return np.clip(second + delta, 0, 1), second
