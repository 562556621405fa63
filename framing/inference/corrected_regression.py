"""Regressions of a frame on outlet or time, corrected by a sample that people coded."""

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from framing.corpus.callers import callers_level
from framing.inference.correction import LEAST_MISREAD, story_sums
from framing.inference.double_sample import DoubleSample, Floats, as_double_sample
from framing.stats.design import build_design
from framing.stats.intervals import critical_value
from framing.stats.regression import (
    fit_linear,
    fit_logit,
    repeated_columns,
    thin_support,
    usual_factor,
)

FAMILIES = ("linear", "logit")
MOST_STEPS = 100
SMALL_STEP = 1e-10
LONE = "none: it rests on a single coded article or story"


class _Moments(NamedTuple):
    """One frame: the design matrix, scores, codes and weights of its units, and their stories.

    `weights` sum to the number of units, and are 0 where nobody coded.
    """

    x: Floats
    scores: Floats
    codes: Floats
    weights: Floats
    clusters: NDArray[np.int64]
    logit: bool

    def mean(self, coef: Floats) -> Floats:
        linear = self.x @ coef
        return np.asarray(0.5 * (1 + np.tanh(linear / 2)) if self.logit else linear)

    def inverse_curvature(self, coef: Floats, weights: Floats) -> Floats:
        mean = self.mean(coef)
        slope = mean * (1 - mean) if self.logit else np.ones_like(mean)
        return np.asarray(np.linalg.pinv(self.x.T @ ((weights * slope)[:, None] * self.x)))


class _Fit(NamedTuple):
    """Coefficients with standard errors, degrees of freedom, and the weight of the scores.

    `wide` is by what few stories widen the error; missing where a single one carries the
    coefficient.
    """

    coef: Floats
    error: Floats
    wide: Floats
    df: Floats
    power: Floats

    def interval(self) -> tuple[Floats, Floats]:
        half = critical_value(0.95, self.df) * self.wide * self.error
        return self.coef - half, self.coef + half

    def p_value(self) -> Floats:
        ratio = np.abs(self.coef / (self.wide * self.error))
        return np.asarray(2 * stats.t.sf(ratio, self.df))


def corrected_regression(
    formula: str,
    scores: pd.DataFrame,
    codes: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    family: str = "linear",
    sample: pd.DataFrame | None = None,
    reference: dict[str, Any] | None = None,
) -> pd.DataFrame:
    r"""Regress frames on properties of their articles, corrected by human codes of a sample.

    Parameters
    ----------
    formula : str
        Covariates, as for `design_matrix`: "leaning + month". Every frame is an outcome in turn;
        "war ~ leaning + month" takes one. `date` counts days, `I(date / 365.25)` years.
    scores, codes, articles, sample
        As for `corrected_prevalence`. A `story` column of `articles` names the clusters.
    family : {"linear", "logit"}
        Linear probability model (coefficients are differences of shares) or logistic regression
        (differences of log odds).
    reference : dict, optional
        The level that others are compared with: `{"outlet": "Star"}`. By default the first.

    Returns
    -------
    DataFrame
        One row a frame and coefficient: `frame`, `term`, `n`, `n_coded`; `naive`, `naive_low`,
        `naive_high`, `naive_p` (the scores as outcome); `coef`, `low`, `high`, `p` (corrected);
        `codes_alone`, `codes_low`, `codes_high` (the coded units alone, weighted);
        `width_ratio` (corrected over codes alone, never above 1); `power` (weight of the scores,
        0 to 1); `interval`. The intervals are 95 % intervals; they are missing where a coefficient
        rests on a single coded story, or article, and `interval` says so.

    Raises
    ------
    KeyError
        If the formula names an unknown frame or covariate.
    ValueError
        If the coded units do not show every level of a covariate; else as for
        `corrected_prevalence` and `design_matrix`.

    Warns
    -----
    UserWarning
        If a model has no finite coefficients (a level has the frame always or never) or no more
        coded stories than coefficients: they are missing; else as for `corrected_prevalence`.

    Notes
    -----
    Design-based supervised learning (Egami, Hinck, Stewart & Wei 2023, NeurIPS 36; 2024,
    Sociological Methods & Research): the outcome nobody coded is replaced by
    :math:`\tilde y_i = f_i + R_i (y_i - f_i) / \pi_i`, whose mean is right however wrong the
    scores :math:`f_i` are (:math:`R_i` says who was coded, with probability :math:`\pi_i`).
    With :math:`w_i = R_i / \pi_i` the moments solved here are those of prediction-powered
    inference (Angelopoulos, Duchi & Zrnic 2023, arXiv:2311.01453),

    .. math:: \sum_i x_i \{\lambda [f_i - \mu_i] + w_i [y_i - \mu_i] - \lambda w_i [f_i - \mu_i]\}
              = 0, \qquad \mu_i = x_i'\beta \text{ or } 1 / (1 + e^{-x_i'\beta}),

    which is design-based supervised learning at :math:`\lambda = 1` and the codes alone at 0. Each
    coefficient takes the :math:`\lambda` from 0 to 1 with its least estimated variance. Where its
    interval would still be wider than that of the codes alone, it is those. So the coefficient of
    a group can differ somewhat from `corrected_difference`, which takes one :math:`\lambda` for
    each group.

    Sandwich covariance: influences are centred among the coded and among the other units, scaled
    by :math:`G/(G-1)` for the G stories of each part, summed within stories and squared; t has at
    most the number of coded stories less the columns less 1 degrees of freedom. The articles are
    taken as a sample of what the outlets would print.

    A coefficient that rests on few coded stories (without stories: articles) gets a wider interval.
    From the coded units alone, by weighted least squares, follow the degrees of freedom of its
    variance and by what that is too small on average (Bell & McCaffrey 2002, Survey Methodology 28,
    169-181; Imbens & Kolesár 2016, Review of Economics and Statistics 98, 701-712); the naive
    interval uses all units. Both serve the logit and the corrected coefficients as well. There they
    are no theorem but a cautious rule: what the scores of the other units add rests on more
    stories. One that cannot be told without a single coded story has no interval.

    As in `corrected_prevalence`, something counts as misread even where the sample shows nothing,
    also for the codes alone: the variance is at least :math:`\sum b_g^2 \cdot 2 / (m + 2)`, with
    how far a story g can move the coefficient, :math:`b_g`, and the number of stories it rests on,
    :math:`m = (\sum b_g^2)^2 / \sum b_g^4`. This is no estimate, so it keeps the usual t.

    Measured (`benchmarks/correction.py`): 1,000 simulated corpora of 900 articles, 200 coded, with
    scores that err more in one outlet. The naive interval of that outlet's coefficient never holds
    the truth, the corrected one in .94 to .96 (linear, linear with three articles a story, logit),
    at .84 times the width of the codes alone. Where 3 of 30 articles of one outlet are coded and 60
    of 600 of another, 1.00 of the corrected intervals of the difference hold the truth, with 5, 10
    and 20 coded .98, .94 and .94 (without widening and misread units .63; .78, .88 and .93): for
    five or fewer they are wider than need be.

    Examples
    --------
    The word list knows the Star's words for war, so it finds more of them there:

    >>> doc_ids = pd.Index([f"a{number:03}" for number in range(200)], name="doc_id")
    >>> articles = pd.DataFrame({"outlet": ["Herald", "Star"] * 100}, index=doc_ids)
    >>> truth = np.arange(200) // 2 % 2
    >>> found = np.where((truth == 1) & (articles["outlet"] == "Herald") & (np.arange(200) % 5 < 2),
    ...                  0, truth)
    >>> scores = pd.DataFrame({"war": found}, index=doc_ids)
    >>> codes = pd.DataFrame({"unit": doc_ids[:75], "frame": "war", "value": truth[:75]})
    >>> table = corrected_regression("outlet", scores, codes, articles)
    >>> table[["term", "naive", "naive_low", "coef", "low", "high"]].round(2)
                         term  naive  naive_low  coef   low  high
    0               Intercept    0.3       0.21  0.51  0.36  0.66
    1  outlet[Star vs Herald]    0.2       0.07 -0.01 -0.19  0.17
    """
    if family not in FAMILIES:
        raise ValueError(f"family={family!r}: choose from {', '.join(FAMILIES)}.")
    outcome, covariates = _parts(formula)
    data = as_double_sample(scores, codes, articles, sample)
    if outcome and outcome not in data.frames:
        raise KeyError(f"No frame {outcome!r} is scored and coded: {', '.join(data.frames)}")
    design = build_design(covariates, articles, reference=reference).matrix
    _check_apart(design)
    moments = {
        frame: _moments(data, design, number, family)
        for number, frame in enumerate(data.frames)
        if outcome in ("", frame)
    }
    table = _table(moments, list(design.columns))
    clustered = f", clustered by {data.units.cluster_name}" if data.units.clustered else ""
    lone = table["coef"].notna() & table["low"].isna()
    usual = f"sandwich t 95 %, {data.design}{clustered}"
    return table.assign(interval=np.where(lone, LONE, usual))


def _parts(formula: str) -> tuple[str, str]:
    """Split a formula into its frame, if it names one, and its covariates."""
    if not isinstance(formula, str):
        raise TypeError(f"`formula` must be text such as 'war ~ outlet + month', not {formula!r}.")
    outcome, _, covariates = formula.rpartition("~")
    return outcome.strip(), covariates.strip()


def _moments(data: DoubleSample, design: pd.DataFrame, number: int, family: str) -> _Moments:
    """The arrays of one frame, for the units whose article has every covariate."""
    kept = data.doc_ids.isin(design.index)
    x = design.loc[data.doc_ids[kept]]
    weights = data.weights[kept, number]
    _check_shown(x[weights > 0], data.frames[number])
    return _Moments(
        x=x.to_numpy(dtype=float),
        scores=data.scores[kept, number],
        codes=data.codes[kept, number],
        weights=weights * len(weights) / weights.sum(),
        clusters=np.unique(data.units.clusters[kept], return_inverse=True)[1],
        logit=family == "logit",
    )


def _check_apart(design: pd.DataFrame) -> None:
    """Raise an error where covariates say the same of all articles, coded or not."""
    repeated = repeated_columns(design.to_numpy(dtype=float), list(design.columns))
    if repeated:
        raise ValueError(
            f"Covariates that follow from those before them: {', '.join(repeated)}. Leave them out."
        )


def _check_shown(x: pd.DataFrame, frame: str) -> None:
    """Raise an error where the coded units cannot tell the coefficients apart."""
    if len(x) > x.shape[1] and np.linalg.matrix_rank(x.to_numpy()) == x.shape[1]:
        return
    never = [str(name) for name in x.columns if (x[name] == 0).all()]
    which = f"; none of them has {', '.join(never[:3])}" if never else ""
    raise ValueError(
        f"The {len(x)} coded units of {frame!r} cannot carry {x.shape[1]} coefficients{which}. "
        "Code more units, join levels, or take fewer covariates."
    )


def _table(moments: dict[str, _Moments], terms: list[str]) -> pd.DataFrame:
    """Naive, corrected and codes-alone coefficients of frames of the same units."""
    every = next(iter(moments.values()))
    support = thin_support(every.x, every.clusters, np.ones(len(every.x)))
    tables = []
    for frame, one in moments.items():  # a comprehension would move the line of a warning
        tables.append(_frame_table(frame, one, terms, support))
    return pd.concat(tables, ignore_index=True)


def _frame_table(
    frame: str, moments: _Moments, terms: list[str], support: tuple[Floats, Floats]
) -> pd.DataFrame:
    naive = _tried(partial(_naive, support), moments, f"{frame}, naive")
    alone = _tried(_codes_alone, moments, f"{frame}, codes alone")
    corrected = _tried(_corrected, moments, f"{frame}, corrected")
    widths = [np.subtract(*fit.interval()[::-1]) for fit in (corrected, alone)]
    better = (corrected.power > 0) & ~(widths[0] >= widths[1])
    columns: dict[str, Any] = {"frame": frame, "term": terms, "n": len(moments.x)}
    columns["n_coded"] = int((moments.weights > 0).sum())
    low, high = naive.interval()
    columns |= {"naive": naive.coef, "naive_low": low, "naive_high": high}
    columns["naive_p"] = naive.p_value()
    ends = zip(corrected.interval(), alone.interval(), strict=True)
    low, high = (np.where(better, mine, theirs) for mine, theirs in ends)
    columns |= {"coef": np.where(better, corrected.coef, alone.coef), "low": low, "high": high}
    columns["p"] = np.where(better, corrected.p_value(), alone.p_value())
    columns["codes_alone"] = alone.coef
    columns["codes_low"], columns["codes_high"] = alone.interval()
    columns["width_ratio"] = np.where(better | np.isnan(widths[1]), widths[0] / widths[1], 1.0)
    columns["power"] = np.where(better, corrected.power, 0.0)
    return pd.DataFrame(columns)


def _tried(fit: Callable[[_Moments], _Fit], moments: _Moments, name: str) -> _Fit:
    """Fit, or warn and return missing coefficients where none are finite."""
    try:
        return fit(moments)
    except ValueError as problem:
        warnings.warn(f"{name}: {problem}", stacklevel=callers_level())
        missing = np.full(moments.x.shape[1], np.nan)
        return _Fit(*[missing] * 5)


def _naive(support: tuple[Floats, Floats], moments: _Moments) -> _Fit:
    """The scores as outcome, for all units, whose support is given."""
    fit = fit_logit if moments.logit else fit_linear
    found = fit(moments.scores, pd.DataFrame(moments.x), clusters=moments.clusters)
    error, (n, k) = np.sqrt(np.diag(found.covariance)), moments.x.shape
    usual = usual_factor(n, len(np.unique(moments.clusters)), k)
    wanted, df = support
    wide = np.sqrt(np.maximum(wanted / usual, 1))
    return _Fit(found.coef.to_numpy(), error, wide, np.minimum(df, found.df), np.ones(k))


def _codes_alone(moments: _Moments) -> _Fit:
    """The codes as outcome, for the coded units, weighted."""
    coef = _solve(moments, 0.0)
    by_codes, _ = _influences(moments, coef, moments.weights)
    error = np.sqrt(np.square(by_codes).sum(axis=0))
    return _with_support(moments, coef, error, np.zeros(len(coef)), _degrees(moments))


def _corrected(moments: _Moments) -> _Fit:
    """Each coefficient at the weight of the scores that makes its variance least."""
    everyone = np.ones(len(moments.x))
    by_codes, by_scores = _influences(moments, _solve(moments, 1.0), everyone)
    spread = np.square(by_scores).sum(axis=0)
    shared = (by_codes * by_scores).sum(axis=0)
    power = np.divide(shared, spread, out=np.zeros_like(spread), where=spread > 0).clip(0, 1)
    found = [_at_power(moments, value) for value in power]
    coef = np.array([one[0][number] for number, one in enumerate(found)])
    error = np.array([one[1][number] for number, one in enumerate(found)])
    m = int((moments.weights > 0).sum())
    error = error * np.sqrt((m - 1) / max(m - 2, 1))
    return _with_support(moments, coef, error, power, max(_degrees(moments) - 1, 1))


def _with_support(
    moments: _Moments, coef: Floats, error: Floats, power: Floats, most: float
) -> _Fit:
    """Widen what rests on few coded stories; where misread units say more, take these."""
    coded = moments.weights > 0
    x, clusters, weights = moments.x[coded], moments.clusters[coded], moments.weights[coded]
    wanted, df = thin_support(x, clusters, weights)
    stories = len(np.unique(clusters))
    wide = np.sqrt(np.maximum(wanted * (stories - 1) / stories, 1))
    df, least = np.minimum(df, most), _least_error(moments, coef)
    surer = critical_value(0.95, df) * wide * error >= critical_value(0.95, most) * least
    wide = np.where(surer | np.isnan(wide), wide, 1.0)
    return _Fit(coef, np.where(surer, error, least), wide, np.where(surer, df, most), power)


def _at_power(moments: _Moments, power: float) -> tuple[Floats, Floats]:
    """Coefficients and standard errors at a given weight of the scores."""
    coef = _solve(moments, power)
    by_codes, by_scores = _influences(moments, coef, np.ones(len(moments.x)))
    return coef, np.sqrt(np.square(by_codes - power * by_scores).sum(axis=0))


def _solve(moments: _Moments, power: float) -> Floats:
    """Solve the moments: least squares, or Newton steps that never go downhill."""
    x = moments.x / (scale := np.abs(moments.x).max(axis=0))
    weights = power + (1 - power) * moments.weights
    target = x.T @ (
        power * moments.scores + moments.weights * (moments.codes - power * moments.scores)
    )
    if not moments.logit:
        return np.asarray(np.linalg.solve(x.T @ (weights[:, None] * x), target) / scale)

    def objective(coef: Floats) -> float:
        return float(target @ coef - weights @ np.logaddexp(0, x @ coef))

    coef = np.zeros(x.shape[1])
    for _ in range(MOST_STEPS):
        mean = 0.5 * (1 + np.tanh(x @ coef / 2))
        curvature = x.T @ ((weights * mean * (1 - mean))[:, None] * x)
        try:
            step = np.linalg.solve(curvature, target - x.T @ (weights * mean))
        except np.linalg.LinAlgError:
            break
        floor = objective(coef) - 1e-10 * abs(objective(coef))
        while objective(coef + step) < floor and np.abs(step).max() > SMALL_STEP:
            step = step / 2
        coef = coef + step
        if np.abs(step).max() < SMALL_STEP * max(1.0, np.abs(coef).max()):
            return np.asarray(coef / scale)
    raise ValueError(
        "no finite coefficients fit best, because a level has the frame always or never. "
        "Join levels, leave the covariate out, or take family='linear'."
    )


def _influences(moments: _Moments, coef: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """How far each story moves the coefficients by its codes, and by its scores."""
    inverse, mean = moments.inverse_curvature(coef, weights), moments.mean(coef)
    coded = (moments.weights > 0)[:, None]
    moved = moments.x @ inverse
    by_codes = moved * (moments.weights * (moments.codes - mean))[:, None]
    by_scores = moved * ((moments.weights - 1) * (moments.scores - mean))[:, None]
    parts = np.broadcast_to(coded, moved.shape), np.broadcast_to(~coded, moved.shape)
    found = [story_sums(values, *parts, moments.clusters) for values in (by_codes, by_scores)]
    return found[0], found[1]


def _least_error(moments: _Moments, coef: Floats) -> Floats:
    """Standard errors if the scores were nearly perfect: two more coded stories are misread."""
    inverse = moments.inverse_curvature(coef, np.ones(len(moments.x)))
    coded = moments.weights > 0
    moved = pd.DataFrame((moments.x @ inverse) * moments.weights[:, None])[coded].abs()
    pull = np.square(moved.groupby(moments.clusters[coded]).sum().to_numpy())
    stories = np.square(pull.sum(axis=0)) / np.square(pull).sum(axis=0)
    return np.asarray(np.sqrt(pull.sum(axis=0) * LEAST_MISREAD / (stories + LEAST_MISREAD)))


def _degrees(moments: _Moments) -> float:
    stories = len(np.unique(moments.clusters[moments.weights > 0]))
    columns = moments.x.shape[1]
    if stories <= columns:
        raise ValueError(
            f"the coded units tell of too few stories ({stories}) for {columns} coefficients. "
            "Code units of more stories, or take fewer covariates."
        )
    return float(stories - columns)
