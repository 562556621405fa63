"""How well scores find what people found: precision, recall and their kin, with intervals."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.stats.intervals import critical_value
from framing.stats.ratios import Design, Ratio, estimate_ratio, variance_of_sum
from framing.validity.coded_units import CodedUnits, join_codes

MEASURES = (
    *("precision", "recall", "specificity", "f1", "balanced_accuracy", "accuracy", "correlation"),
)
Ends = tuple[float, float, float]  # value, low, high


def score_against_codes(
    scores: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    sample: pd.DataFrame | None = None,
    at_least: float | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Hold scores against human codes, frame by frame.

    Parameters
    ----------
    scores : DataFrame, units × frames
        Index `doc_id`, or (`doc_id`, paragraph or sentence): hits, rates or probabilities.
    codes : DataFrame
        What people say: `unit`, `frame`, `value` (0 or 1), one value for each unit and frame.
    sample : DataFrame, optional
        How the coded units were drawn: `unit`, `probability`, and `stratum` if stratified. Every
        measure is then weighted by the design, so that it holds for all scored units. Without it
        the coded units are taken as a simple random sample.
    at_least : float, optional
        A frame counts as found where its score is at least this much; by default, above 0. For
        probabilities, give the threshold: 0.5.
    level : float
        Confidence level of the intervals.

    Returns
    -------
    DataFrame
        One row a frame and measure: `frame`, `measure` (precision, recall, specificity, f1,
        balanced_accuracy, accuracy, correlation), `value`, `low`, `high`, `n_units` (coded),
        `n_present` (coded 1), `n_found` (scored as present), `interval`. A measure that is not
        defined, such as precision where nothing was found, is missing.

    Raises
    ------
    TypeError, ValueError
        As `join_codes` says: tables that are none, repeated codes (`adjudicate` them), codes other
        than 0 and 1, coded units without scores or not drawn.

    Warns
    -----
    UserWarning
        If frames are only scored or only coded, or drawn units were not coded.

    Notes
    -----
    Precision, recall, specificity and accuracy are ratios of weighted sums with Wilson's interval
    at their effective number of units (see `framing.stats.ratios.estimate_ratio`); units of one
    article are a cluster. :math:`F_1 = 2J / (1 + J)`, where J is the share of right alarms
    among all that was coded or found, so the ends of J's interval give those of :math:`F_1`.
    Balanced accuracy is the mean of recall and specificity, which rest on different units; their
    intervals are combined by MOVER (Zou & Donner 2008, Statistics in Medicine 27, 1693-1702).
    Correlation is Pearson's, of the score as it is with the code. Its variance is that of its
    linearised form, :math:`z_x z_y - r (z_x^2 + z_y^2) / 2` in standard scores, for Fisher's would
    presume normal scores; the interval is made on Fisher's z and transformed back.

    Codes are taken as the truth. Where coders disagree, agreement bounds what any score can reach.

    Examples
    --------
    >>> index = pd.Index([f"a{i}" for i in range(10)], name="doc_id")
    >>> scores = pd.DataFrame({"war": [3, 1, 2, 1, 0, 0, 0, 0, 0, 0]}, index=index)
    >>> codes = pd.DataFrame({"unit": index, "coder": "ann", "frame": "war",
    ...                       "value": [1, 1, 1, 0, 1, 0, 0, 0, 0, 0]})
    >>> found = score_against_codes(scores, codes).set_index("measure")
    >>> found.loc[["precision", "recall", "f1"], ["value", "low", "high"]].round(3)
               value    low   high
    measure
    precision   0.75  0.301  0.954
    recall      0.75  0.301  0.954
    f1          0.75  0.375  0.938
    """
    joined = join_codes(scores, codes, sample)
    rows = [row for frame in joined.frames for row in _frame_rows(joined, frame, at_least, level)]
    table = pd.DataFrame(rows)
    return table.assign(interval=f"Wilson or linearised {100 * level:g} %, {joined.design}")


def calibration(
    scores: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    sample: pd.DataFrame | None = None,
    bins: int = 5,
    level: float = 0.95,
) -> pd.DataFrame:
    """Show, for low to high scores, how often people coded the frame as present.

    Parameters
    ----------
    scores, codes, sample, level
        As for `score_against_codes`.
    bins : int
        Number of bins, with about as many coded units in each; units of equal score stay together,
        so there may be fewer.

    Returns
    -------
    DataFrame
        One row a frame and bin: `frame`, `bin` (from 1, the lowest scores), `lowest`, `highest`,
        `score` (the weighted mean), `n_units`, `n_present`, `share` coded as present, `low`,
        `high`. Scores that are probabilities are calibrated where `share` meets `score`; hits and
        rates do their work where `share` rises.

    Raises
    ------
    ValueError
        As for `score_against_codes`, or if `bins` is below 2.

    Examples
    --------
    >>> index = pd.Index([f"a{i}" for i in range(8)], name="doc_id")
    >>> scores = pd.DataFrame({"war": [0.1, 0.1, 0.2, 0.2, 0.8, 0.8, 0.9, 0.9]}, index=index)
    >>> codes = pd.DataFrame({"unit": index, "frame": "war", "value": [0, 0, 0, 1, 1, 1, 1, 1]})
    >>> calibration(scores, codes, bins=2)[["bin", "score", "n_units", "share"]].round(2)
       bin  score  n_units  share
    0    1   0.15        4   0.25
    1    2   0.85        4   1.00
    """
    if bins < 2:
        raise ValueError(f"bins={bins} shows no rise: use 2 or more.")
    joined = join_codes(scores, codes, sample)
    tables = [_bins(joined, frame, bins, level) for frame in joined.frames]
    return pd.concat(tables, ignore_index=True)


class _Cells(NamedTuple):
    """Which coded units were found and which are present, and how they were drawn."""

    found: NDArray[Any]
    present: NDArray[Any]
    design: Design

    def ratio(self, part: NDArray[Any], whole: NDArray[Any]) -> Ratio:
        return estimate_ratio(part.astype(float), whole.astype(float), self.design)


def _frame_rows(
    joined: CodedUnits, frame: str, at_least: float | None, level: float
) -> Iterator[dict[str, Any]]:
    """Measure one frame."""
    score, code, design = joined.of(frame)
    cells = _Cells(score > 0 if at_least is None else score >= at_least, code == 1, design)
    values = {**_ratios(cells, level), "correlation": _correlation(score, code, design, level)}
    counts = {"n_units": len(code), "n_present": int(cells.present.sum())}
    for measure in MEASURES:
        value, low, high = values[measure]
        row = {"frame": frame, "measure": measure, "value": value, "low": low, "high": high}
        yield {**row, **counts, "n_found": int(cells.found.sum())}


def _ratios(cells: _Cells, level: float) -> dict[str, Ends]:
    """Measures that are ratios, or made of ratios."""
    found, present = cells.found, cells.present
    right = found & present
    recall, specificity = cells.ratio(right, present), cells.ratio(~found & ~present, ~present)
    overlap = _ends(cells.ratio(right, found | present), level)
    f1 = tuple(2 * end / (1 + end) for end in overlap)
    return {
        "precision": _ends(cells.ratio(right, found), level),
        "recall": _ends(recall, level),
        "specificity": _ends(specificity, level),
        "f1": (f1[0], f1[1], f1[2]),
        "balanced_accuracy": _mean_of(_ends(recall, level), _ends(specificity, level)),
        "accuracy": _ends(cells.ratio(found == present, np.ones_like(found)), level),
    }


def _ends(ratio: Ratio, level: float) -> Ends:
    return (ratio.value, *ratio.interval(level))


def _mean_of(first: Ends, second: Ends) -> Ends:
    """Average two independent estimates, their intervals combined by the squares of the arms."""
    down = np.hypot(first[0] - first[1], second[0] - second[1]) / 2
    up = np.hypot(first[2] - first[0], second[2] - second[0]) / 2
    middle = (first[0] + second[0]) / 2
    return middle, float(middle - down), float(middle + up)


def _correlation(score: NDArray[Any], code: NDArray[Any], design: Design, level: float) -> Ends:
    """Weighted correlation of the score with the code; missing where one of them never varies."""
    if np.ptp(score) == 0 or np.ptp(code) == 0:
        return float("nan"), float("nan"), float("nan")
    weights = design.weights / design.weights.sum()
    x, y = (_standard(values.astype(float), weights) for values in (score, code))
    value = float(weights @ (x * y))
    if abs(value) >= 1 - 1e-12:
        return value, float("nan"), float("nan")
    influence = weights * (x * y - value * (x**2 + y**2) / 2)
    error = np.sqrt(variance_of_sum(influence, design)) / (1 - value**2)
    arm = float(critical_value(level)) * error
    low, high = np.tanh(np.arctanh(value) + np.array([-arm, arm]))
    return value, float(low), float(high)


def _standard(values: NDArray[Any], weights: NDArray[Any]) -> NDArray[Any]:
    centred = values - weights @ values
    return np.asarray(centred / np.sqrt(weights @ centred**2))


def _bins(joined: CodedUnits, frame: str, bins: int, level: float) -> pd.DataFrame:
    """Cut the coded units by their score, and estimate the share that is present in each cut."""
    score, code, design = joined.of(frame)
    # the middle rank of equal scores decides, so that many zeros take no hit into their bin
    cuts = np.floor(bins * (pd.Series(score).rank() - 0.5) / len(score))
    rows = []
    for number, cut in enumerate(np.unique(cuts), start=1):
        inside = cuts == cut
        ratio = estimate_ratio(code * inside, inside.astype(float), design)
        value, low, high = _ends(ratio, level)
        row = {"frame": frame, "bin": number, "lowest": score[inside].min()}
        row |= {"highest": score[inside].max()}
        row |= {"score": np.average(score[inside], weights=design.weights[inside])}
        row |= {"n_units": int(inside.sum()), "n_present": int(code[inside].sum())}
        rows.append(row | {"share": value, "low": low, "high": high})
    return pd.DataFrame(rows)
