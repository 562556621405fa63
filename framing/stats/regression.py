"""Linear and logistic regression with a sandwich covariance, in a few lines of linear algebra."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

Floats = NDArray[np.float64]
MOST_STEPS = 60
SMALL_STEP = 1e-9
FAR = 30.0  # log odds that no data ask for


class SeparationError(ValueError):
    """No finite coefficients fit best, because a column separates the outcome."""


class Regression(NamedTuple):
    """A fitted regression.

    Attributes
    ----------
    coef : Series
        Coefficients, one a column of the design matrix.
    covariance : DataFrame
        Their sandwich covariance, columns × columns.
    df : float
        Degrees of freedom of the t distribution: clusters - 1, or rows - columns.
    """

    coef: pd.Series
    covariance: pd.DataFrame
    df: float


class _Data(NamedTuple):
    """The same rows of everything, as arrays."""

    y: Floats
    x: Floats
    weights: Floats
    clusters: NDArray[np.int64]
    names: pd.Index
    clustered: bool


def fit_linear(
    y: ArrayLike,
    x: pd.DataFrame,
    *,
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
) -> Regression:
    r"""Fit a linear regression by (weighted) least squares.

    Parameters
    ----------
    y : Series or array, (n,)
        Outcome. A Series is joined to `x` by its index.
    x : DataFrame, n × columns
        Design matrix with its intercept, as `design_matrix` returns it.
    weights : Series or array, (n,), optional
        What each row counts, e.g. one over its probability of being sampled.
    clusters : Series or array, (n,), optional
        Cluster of each row, e.g. its story. A row of no known cluster is its own.

    Returns
    -------
    Regression
        `coef`, `covariance`, `df`.

    Raises
    ------
    ValueError
        If rows do not match, a value is missing, a column repeats others, or there are too few
        rows or clusters.

    Notes
    -----
    Covariance :math:`c\,(X'WX)^{-1} (\sum_g s_g s_g') (X'WX)^{-1}` with the cluster sums
    :math:`s_g = \sum_{i \in g} w_i e_i x_i` and
    :math:`c = \frac{G}{G-1} \frac{n-1}{n-k}`; without clusters each row is one and
    :math:`c = n/(n-k)`. Liang & Zeger (1986), Biometrika 73, 13-22; MacKinnon & White (1985),
    Journal of Econometrics 29, 305-325; degrees of freedom G - 1: Cameron & Miller (2015),
    Journal of Human Resources 50, 317-372. With fewer than about 30 clusters, or very unequal
    ones, such intervals are too narrow.

    Examples
    --------
    >>> x = pd.DataFrame({"Intercept": 1.0, "leaning": [0.0, 0.0, 1.0, 1.0]})
    >>> fit = fit_linear([1.0, 3.0, 4.0, 6.0], x)
    >>> fit.coef.to_dict(), fit.df
    ({'Intercept': 2.0, 'leaning': 3.0}, 2.0)
    """
    data = _data(y, x, weights, clusters)
    bread = _inverse(data.x.T @ (data.weights[:, None] * data.x))
    coef = bread @ (data.x.T @ (data.weights * data.y))
    return _regression(data, coef, bread, data.y - data.x @ coef)


def fit_logit(
    y: ArrayLike,
    x: pd.DataFrame,
    *,
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
) -> Regression:
    r"""Fit a logistic regression of an outcome from 0 to 1, yes/no or a share.

    Parameters
    ----------
    y : Series or array, (n,)
        Outcome, 0 or 1 or any share between. A Series is joined to `x` by its index.
    x, weights, clusters
        As for `fit_linear`.

    Returns
    -------
    Regression
        `coef` (log odds), `covariance`, `df`.

    Raises
    ------
    ValueError
        As for `fit_linear`; if `y` leaves 0 to 1; if a column separates the outcome, so that no
        finite coefficient fits best (`SeparationError`, a ValueError).

    Notes
    -----
    Maximises :math:`\sum w_i [y_i \log p_i + (1 - y_i) \log(1 - p_i)]`,
    :math:`p_i = 1 / (1 + e^{-x_i b})`, by Newton steps (iteratively reweighted least squares).
    For shares this is the fractional logit, whose sandwich covariance asks only that the mean is
    right: Papke & Wooldridge (1996), Journal of Applied Econometrics 11, 619-632. Covariance and
    degrees of freedom as for `fit_linear`, with :math:`X'WX` weighted by :math:`p(1-p)`. No
    penalty is added: under separation (Albert & Anderson 1984, Biometrika 71, 1-10) steps never
    shrink, which is an error here.

    Examples
    --------
    A quarter of the articles with leaning 0 and half of those with leaning 1 have the frame:

    >>> x = pd.DataFrame({"Intercept": 1.0, "leaning": [0.0] * 4 + [1.0] * 4})
    >>> fit = fit_logit([0, 0, 0, 1, 0, 0, 1, 1], x)
    >>> fit.coef.round(4).to_dict()
    {'Intercept': -1.0986, 'leaning': 1.0986}
    """
    data = _data(y, x, weights, clusters)
    outside = (data.y < 0) | (data.y > 1)
    if outside.any():
        raise ValueError(
            f"{outside.sum()} of {len(data.y)} outcomes are not from 0 to 1 "
            f"(e.g. {data.y[outside][0]:g}). A logistic model needs shares or yes and no."
        )
    coef = _newton(data)
    mean = expit(data.x @ coef)
    bread = _inverse(data.x.T @ ((data.weights * mean * (1 - mean))[:, None] * data.x))
    return _regression(data, coef, bread, data.y - mean)


def _inverse(matrix: Floats) -> Floats:
    """Invert a positive definite matrix whose columns may differ in scale."""
    scale = np.sqrt(np.diag(matrix))
    return np.asarray(np.linalg.inv(matrix / np.outer(scale, scale)) / np.outer(scale, scale))


def _newton(data: _Data) -> Floats:
    """Climb to the maximum of the likelihood, halving steps that overshoot."""
    scale = np.abs(data.x).max(axis=0)
    x, coef = data.x / scale, np.zeros(data.x.shape[1])
    for _ in range(MOST_STEPS):
        mean = expit(x @ coef)
        curvature = x.T @ ((data.weights * mean * (1 - mean))[:, None] * x)
        try:
            step = np.linalg.solve(curvature, x.T @ (data.weights * (data.y - mean)))
        except np.linalg.LinAlgError:
            break
        step = _halved(data, x, coef, step)
        coef = coef + step
        if np.abs(x @ coef).max() > FAR:
            break
        if np.abs(step).max() < SMALL_STEP * max(1.0, np.abs(coef).max()):
            return np.asarray(coef / scale)
    raise SeparationError(_separation_sentence(data, coef))


def _halved(data: _Data, x: Floats, coef: Floats, step: Floats) -> Floats:
    """Shorten a step until the likelihood does not fall by more than rounding."""
    before = _log_likelihood(data, x @ coef)
    for _ in range(30):
        if _log_likelihood(data, x @ (coef + step)) >= before - 1e-10 * abs(before):
            break
        step = step / 2
    return step


def _log_likelihood(data: _Data, linear: Floats) -> float:
    return float(np.sum(data.weights * (data.y * linear - np.logaddexp(0, linear))))


def _separation_sentence(data: _Data, coef: Floats) -> str:
    """Name the columns whose coefficients ran away."""
    far = np.abs(coef) > 0.5 * np.abs(coef).max()
    names = ", ".join(str(name) for name in data.names[far])
    return (
        f"No finite coefficients fit best: {names} separates the outcome of {len(data.y)} rows "
        "(all of one side are 0, or all are 1). Join levels, leave the column out, or fit_linear."
    )


def _regression(data: _Data, coef: Floats, bread: Floats, residual: Floats) -> Regression:
    """Put the sandwich together."""
    n, k = data.x.shape
    scores = data.x * (data.weights * residual)[:, None]
    n_clusters = int(data.clusters.max()) + 1
    sums = np.zeros((n_clusters, k))
    np.add.at(sums, data.clusters, scores)
    factor = usual_factor(n, n_clusters, k)
    covariance = factor * bread @ (sums.T @ sums) @ bread
    return Regression(
        pd.Series(coef, data.names, name="coef"),
        pd.DataFrame(covariance, data.names, data.names),
        float(n_clusters - 1 if data.clustered else n - k),
    )


def _data(
    y: ArrayLike, x: pd.DataFrame, weights: ArrayLike | None, clusters: ArrayLike | None
) -> _Data:
    """Join everything to the rows of `x`, and check it."""
    if not isinstance(x, pd.DataFrame):
        raise TypeError(f"`x` must be a DataFrame with named columns, not {type(x).__name__}.")
    outcome = _aligned("y", y, x).to_numpy(dtype=np.float64)
    given = np.ones(len(x)) if weights is None else weights
    counts = _aligned("weights", given, x).to_numpy(dtype=np.float64)
    codes = np.arange(len(x)) if clusters is None else _codes(_aligned("clusters", clusters, x))
    matrix = x.to_numpy(dtype=float)
    clustered = clusters is not None and len(np.unique(codes)) < len(codes)
    data = _Data(outcome, matrix, counts, codes, x.columns, clustered)
    problems = _problems(data)
    if problems:
        raise ValueError("\n".join(problems))
    return data


def _aligned(name: str, values: Any, x: pd.DataFrame) -> pd.Series:
    """One value for each row of `x`, joined by the index if there is one."""
    if not isinstance(values, pd.Series):
        values = np.asarray(values)
        if values.shape != (len(x),):
            raise ValueError(f"`{name}` has the shape {values.shape} and `x` has {len(x)} rows.")
        return pd.Series(values, x.index)
    if values.index.equals(x.index):
        return values
    if not (values.index.is_unique and x.index.is_unique):
        raise ValueError(f"`{name}` and `x` have different rows, some of them twice.")
    missing = x.index.difference(values.index, sort=False)
    if len(missing):
        shown = ", ".join(map(str, missing[:3]))
        raise ValueError(f"{len(missing)} of {len(x)} rows of `x` are not in `{name}` ({shown}).")
    return values.reindex(x.index)


def _codes(clusters: pd.Series) -> NDArray[np.int64]:
    """Number the clusters; a row of no known cluster is its own."""
    codes, known = pd.factorize(clusters)
    alone = codes < 0
    return np.where(alone, len(known) + np.cumsum(alone) - 1, codes)


def _problems(data: _Data) -> list[str]:
    """Everything that would make the numbers meaningless."""
    (n, k), problems = data.x.shape, []
    for name, values in (("y", data.y), ("x", data.x), ("weights", data.weights)):
        wrong = int((~np.isfinite(values)).sum())
        if wrong:
            problems.append(f"{wrong} values of `{name}` are missing or infinite. Drop these rows.")
    if (data.weights < 0).any():
        problems.append(f"{(data.weights < 0).sum()} weights are below 0.")
    n_clusters = len(np.unique(data.clusters))
    if n <= k:
        problems.append(f"{n} rows are too few for {k} columns: use fewer covariates.")
    elif n_clusters < 2:
        problems.append("All rows are in one cluster, so nothing says how sure the result is.")
    rows = data.x * np.sqrt(data.weights.clip(0))[:, None]
    if not problems and (repeated := repeated_columns(rows, [str(name) for name in data.names])):
        problems.append(
            f"Columns that follow from those before them: {', '.join(repeated)}. "
            "Leave out a covariate (a weekly column already says the month)."
        )
    return problems


def repeated_columns(rows: Floats, names: Sequence[str]) -> list[str]:
    """Name the columns that are a combination of the columns to their left."""
    length = np.linalg.norm(rows, axis=0)
    scaled = rows / np.where(length > 0, length, 1)
    left_over = np.abs(np.diag(np.linalg.qr(scaled, mode="r")))
    return [name for name, rest in zip(names, left_over, strict=True) if rest < 1e-8]


def usual_factor(n: int, n_clusters: int, n_columns: int) -> float:
    """The small-sample factor in a clustered covariance."""
    return n_clusters / (n_clusters - 1) * (n - 1) / (n - n_columns)


def few_clusters(sizes: Sequence[int], usual: float) -> tuple[float, float]:
    """By what to widen a variance for levels of so many clusters, and degrees of freedom.

    Examples
    --------
    >>> few_clusters((2, 2), usual=2.0), few_clusters((1, 9), usual=1.2), few_clusters((), 1.1)
    ((1.0, 2.0), (nan, nan), (1.0, inf))
    """
    m = np.asarray(sizes, dtype=float)
    if not len(m):
        return 1.0, np.inf
    if (m < 2).any():
        return np.nan, np.nan
    wanted = (1 / m).sum() / ((m - 1) / m**2).sum()
    df = np.square((1 / m).sum()) / (1 / m**2 / (m - 1)).sum()
    return max(float(wanted / usual), 1.0), float(df)


def thin_support(x: Floats, clusters: NDArray[np.int64], weights: Floats) -> tuple[Floats, Floats]:
    r"""By what to widen the variance of each coefficient, and its degrees of freedom.

    For any design what `few_clusters` is for levels; both are missing where a single cluster
    carries the coefficient.

    Parameters
    ----------
    x : array, n × columns
    clusters : array, (n,)
    weights : array, (n,)
        Above 0.

    Returns
    -------
    widening, df : array, (columns,)
        By what to multiply a sandwich variance that has no factor, so that it is right on average
        for independent errors of one variance, and the degrees of freedom that it then has.

    Notes
    -----
    A coefficient is :math:`a'y`; its sandwich variance is the sum of squares of :math:`A(I - H)y`,
    where A sums :math:`a_i` times residuals in clusters. With
    :math:`\Omega = A(I - H)(I - H)'A'` its mean is :math:`\sigma^2 \mathrm{tr}\,\Omega` and its
    degrees of freedom :math:`(\mathrm{tr}\,\Omega)^2 / \mathrm{tr}\,\Omega^2` (Bell, R. M., &
    McCaffrey, D. F. 2002, Survey Methodology 28, 169-181; Imbens & Kolesár 2016, Review of
    Economics and Statistics 98, 701-712).

    Examples
    --------
    Two means, of two and of ten articles:

    >>> x = np.column_stack([np.ones(12), np.arange(12) < 2])
    >>> widening, df = thin_support(x, np.arange(12), np.ones(12))
    >>> widening.round(2), df.round(2)
    (array([1.11, 1.76]), array([9.  , 1.82]))
    """
    order = np.argsort(clusters, kind="stable")
    codes = np.unique(clusters[order], return_inverse=True)[1]
    x, weights = x[order] / np.abs(x).max(axis=0), weights[order]
    inverse = _inverse(x.T @ (weights[:, None] * x))
    pull = weights[:, None] * x @ inverse
    k, middle = x.shape[1], pull.T @ pull
    core = np.block([[middle, -np.eye(k)], [-np.eye(k), np.zeros((k, k))]])
    found = np.array([_moments_of_variance(x, pull, codes, core, number) for number in range(k)])
    wanted = np.square(pull).sum(axis=0)
    found[_carried_by_one(x, codes)] = np.nan
    return wanted / found[:, 0], np.square(found[:, 0]) / found[:, 1]


def _moments_of_variance(
    x: Floats, pull: Floats, codes: NDArray[np.int64], core: Floats, number: int
) -> tuple[float, float]:
    """The traces of Ω and of its square, of one coefficient: Ω = D + Z core Z'."""
    own = np.bincount(codes, np.square(pull[:, number]))
    parts = pull[:, [number]] * np.hstack([x, pull])
    if len(own) < len(parts):
        parts = np.add.reduceat(parts, np.searchsorted(codes, np.arange(len(own))), axis=0)
    shared = core @ (parts.T @ parts)
    crossed = core @ (parts.T @ (own[:, None] * parts))
    first = own.sum() + np.trace(shared)
    second = np.square(own).sum() + 2 * np.trace(crossed) + np.trace(shared @ shared)
    return float(first), float(second)


def _carried_by_one(x: Floats, codes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say of each coefficient if it cannot be told without some one cluster."""
    q, r = np.linalg.qr(x)
    carried = np.zeros(x.shape[1], dtype=bool)
    leverage = np.bincount(codes, np.square(q).sum(axis=1))
    for cluster in np.flatnonzero(leverage > 1 - SMALL_STEP):
        rows = q[codes == cluster]
        values, directions = np.linalg.eigh(rows.T @ rows)
        lost = np.linalg.solve(r, directions[:, values > 1 - SMALL_STEP])
        carried |= (np.abs(lost) > 1e-6 * np.abs(lost).max(initial=1e-300)).any(axis=1)
    return carried
