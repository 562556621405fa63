"""Coder by coder: who differs from the others, in which direction, and who drifts."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from framing.corpus.callers import callers_level
from framing.corpus.fields import as_text
from framing.validity.agreement import (
    interval_text,
    number_names,
    read_frames,
    read_judgements,
)
from framing.validity.code_files.times import read_times
from framing.validity.codes import check_codes
from framing.validity.coincidences import alpha_terms, by_owner
from framing.validity.levels import Floats, Judgements, yes_values
from framing.validity.resampling import Terms, bootstrap, estimate, percentiles

EVERYONE = "all coders"
WHERE = ("frame", "coder", "measure", "block", "first", "last", "value", "low", "high", "n_codes")
DRIFT = (*WHERE, "change", "change_low", "change_high", "interval")

Bools = NDArray[np.bool_]


def compare_coders(
    codes: pd.DataFrame,
    *,
    level: str = "nominal",
    order: Sequence[Any] | None = None,
    confidence: float = 0.95,
    draws: int = 1000,
    random_state: int = 0,
) -> pd.DataFrame:
    """Compare each coder with all the others on the units they share.

    Parameters
    ----------
    codes : DataFrame
        Codes of two coders or more; a coder may be a language model or a dictionary.
    level, order, confidence, draws, random_state
        As for `coder_agreement`.

    Returns
    -------
    DataFrame
        One row a frame and coder: `frame`, `coder`, `n_units` (coded by this and another coder),
        `agreement` (mean share of the others' codes that equal this coder's), `low`, `high`;
        `mean`, `mean_of_others` (of yes/no codes the yes-rates), `bias` (their difference),
        `bias_low`, `bias_high`, all of these missing where values are names; `alpha` of all
        coders, `alpha_without` this one, and the interval of what leaving the coder out gains:
        `gain_low`, `gain_high`; `interval` (how intervals were made).

    Raises
    ------
    TypeError, ValueError
        As for `coder_agreement`.

    Notes
    -----
    The others of a unit are averaged, so a bias is never the mere effect of who coded which units.
    A coder whose interval of `bias` leaves 0 out reads the codebook differently: retrain and code
    anew. To drop a coder because alpha then rises is to choose the data by the result.

    Examples
    --------
    >>> codes = pd.DataFrame({"unit": ["a1", "a2", "a3", "a4"] * 3, "frame": "war",
    ...                       "coder": ["ann"] * 4 + ["ben"] * 4 + ["cleo"] * 4,
    ...                       "value": [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0]})
    >>> found = compare_coders(codes, draws=0)
    >>> found[["coder", "agreement", "mean", "mean_of_others", "bias", "alpha_without"]].round(2)
      coder  agreement  mean  mean_of_others  bias  alpha_without
    0   ann       0.75  0.25            0.50 -0.25           0.12
    1   ben       0.75  0.25            0.50 -0.25           0.12
    2  cleo       0.50  0.75            0.25  0.50           1.00
    """
    frames = read_frames(codes, level, order)
    names = sorted(as_text(codes.dropna(subset=["value"])["coder"]).unique())
    rows = []
    for name, frame in frames.items():
        present = [number for number in range(len(names)) if (frame.coder == number).any()]
        terms = [alpha_terms(frame, level)]
        for number in present:
            mine = frame.coder == number
            terms += [*_against_others(frame, mine), alpha_terms(_keep(frame, ~mine), level)]
        values, drawn = estimate(terms), bootstrap(terms, draws, random_state)
        for k, number in enumerate(present):
            places = [0, *range(1 + 5 * k, 6 + 5 * k)]
            row = _coder_row(values[places], drawn[:, places], confidence)
            shared = int(terms[places[1]].features[:, [0]].sum())
            rows.append({"frame": name, "coder": names[number], "n_units": shared, **row})
    return pd.DataFrame(rows).assign(interval=interval_text(codes, confidence, draws))


def coder_drift(
    codes: pd.DataFrame,
    *,
    blocks: int = 2,
    confidence: float = 0.95,
    draws: int = 1000,
    random_state: int = 0,
) -> pd.DataFrame:
    """Compare each coder's early work with the later: agreement with the others, and yes-rate.

    Parameters
    ----------
    codes : DataFrame
        Codes with `coded_at`, the time of every judgement.
    blocks : int
        Into how many blocks of about as many units each coder's work is cut, by time.
    confidence, draws, random_state
        As for `coder_agreement`.

    Returns
    -------
    DataFrame
        One row a frame, coder, measure and block: `frame`, `coder` ("all coders" are all of them,
        each cut by their own time), `measure` ("agreement": mean share of the others' codes of a
        unit that equal this coder's; "mean": of the coder's codes, for yes/no codes the yes-rate),
        `block` (1 is the earliest), `first`, `last` (times of its judgements), `value`, `low`,
        `high`, `n_codes`; `change` against block 1, `change_low`, `change_high` (missing for
        block 1); `interval` (how intervals were made).

    Raises
    ------
    TypeError
        If `codes` is not a table.
    ValueError
        If codes are not fit for use, there is no `coded_at`, a time is missing, or there are not
        two blocks or more.

    Warns
    -----
    UserWarning
        If all judgements of a coder bear one time, so that they cannot be cut.

    Notes
    -----
    Judgements of one time stay in one block. A mean may change because the material does, if units
    were not coded in random order; agreement with others who coded the same units in another order
    is the safer sign. With many coders and frames some intervals leave 0 out by chance: at 95 %,
    one in twenty.

    Examples
    --------
    >>> units = [f"a{number}" for number in range(8)]
    >>> codes = pd.DataFrame({"unit": units * 2, "coder": ["ann"] * 8 + ["ben"] * 8,
    ...                       "frame": "war", "value": [1, 0] * 4 + [1, 0, 1, 0, 1, 1, 1, 1],
    ...                       "coded_at": pd.date_range("2031-03-03", periods=8).tolist() * 2})
    >>> found = coder_drift(codes, draws=0)
    >>> found.loc[found["coder"] == "ben", ["measure", "block", "value", "change", "n_codes"]]
         measure  block  value  change  n_codes
    4  agreement      1    1.0     NaN        4
    5  agreement      2    0.5    -0.5        4
    6       mean      1    0.5     NaN        4
    7       mean      2    1.0     0.5        4
    """
    if blocks < 2:
        raise ValueError(f"blocks={blocks!r} must be 2 or more")
    table = _with_blocks(check_codes(codes), blocks)
    rows = []
    for name, part in table.groupby("frame", sort=True):
        frame = read_judgements(part, "nominal", None)
        keys, terms = _block_terms(part, frame, blocks)
        values, drawn = estimate(terms), bootstrap(terms, draws, random_state)
        for k, (coder, measure, block) in enumerate(keys):
            mine = _of_block(part, coder, block)
            row = {"frame": str(name), "coder": coder, "measure": measure, "block": block}
            row |= _times(part["coded_at"][mine])
            row |= _drift_row(values, drawn, (k, k - block + 1), confidence)
            rows.append({**row, "n_codes": int(terms[k].features[:, [0]].sum())})
    made = interval_text(codes, confidence, draws)
    return pd.DataFrame(rows).assign(interval=made)[list(DRIFT)]


# --- one coder against the others -----------------------------------------------------------


def _against_others(frame: Judgements, mine: Bools) -> list[Terms]:
    """Return agreement with the others, mean, mean of the others, and bias of some judgements."""
    features = _shared(frame, mine)
    return [
        Terms(features, lambda sums: _divide(sums[:, 1], sums[:, 0])),
        Terms(features, lambda sums: _divide(sums[:, 2], sums[:, 0])),
        Terms(features, lambda sums: _divide(sums[:, 3], sums[:, 0])),
        Terms(features, lambda sums: _divide(sums[:, 2] - sums[:, 3], sums[:, 0])),
    ]


def _shared(frame: Judgements, mine: Bools) -> sparse.csr_array:
    """Count judgements with others beside them, those alike, their values and the others' mean."""
    number = _numbers(frame.values)
    n, total = np.bincount(frame.unit), np.bincount(frame.unit, weights=number[frame.value])
    chosen = mine & (n[frame.unit] > 1)
    unit, value = frame.unit[chosen], frame.value[chosen]
    others = n[unit] - 1
    key = frame.unit * len(number) + frame.value
    place, n_alike = np.unique(key, return_inverse=True, return_counts=True)[1:]
    alike = (n_alike[place[chosen]] - 1) / others
    mean = (total[unit] - number[value]) / others
    columns = [np.ones(len(unit)), alike, number[value], mean]
    summed = [np.bincount(unit, weights=column, minlength=len(n)) for column in columns]
    return by_owner(frame, [sparse.csr_array(np.stack(summed, axis=1))])


def _mean_of(frame: Judgements, mine: Bools) -> Terms:
    """Return the mean of some judgements, also of units that nobody else coded."""
    unit, number = frame.unit[mine], _numbers(frame.values)[frame.value[mine]]
    size = int(frame.unit.max()) + 1
    summed = [np.bincount(unit, weights=column, minlength=size) for column in (None, number)]
    features = by_owner(frame, [sparse.csr_array(np.stack(summed, axis=1).astype(float))])
    return Terms(features, lambda sums: _divide(sums[:, 1], sums[:, 0]))


def _keep(frame: Judgements, kept: Bools) -> Judgements:
    unit, coder, value, owner = (column[kept] for column in frame[:4])
    return frame._replace(unit=unit, coder=coder, value=value, owner=owner)


def _numbers(values: list[Any]) -> Floats:
    """Return the values as numbers, yes as 1 and no as 0; missing where they are names."""
    yes = yes_values(values)
    if yes is not None:
        return np.isin(np.arange(len(values)), yes).astype(float)
    if all(isinstance(value, (int, float, np.number)) for value in values):
        return np.asarray(values, dtype=float)
    return np.full(len(values), np.nan)


def _divide(above: Floats, below: Floats) -> Floats:
    return np.asarray(np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0))


def _coder_row(values: Floats, drawn: Floats, confidence: float) -> dict[str, float]:
    """Name one coder's estimates: alpha of all, four against the others, alpha without."""
    alpha, agreement, mean, others, bias, without = (float(value) for value in values)
    low, high = percentiles(drawn[:, 1], confidence)
    bias_low, bias_high = percentiles(drawn[:, 4], confidence)
    gain_low, gain_high = percentiles(drawn[:, 5] - drawn[:, 0], confidence)
    return {
        "agreement": agreement,
        "low": low,
        "high": high,
        "mean": mean,
        "mean_of_others": others,
        "bias": bias,
        "bias_low": bias_low,
        "bias_high": bias_high,
        "alpha": alpha,
        "alpha_without": without,
        "gain_low": gain_low,
        "gain_high": gain_high,
    }


# --- blocks of time -------------------------------------------------------------------------


def _with_blocks(codes: pd.DataFrame, blocks: int) -> pd.DataFrame:
    """Cut every coder's units into blocks by the time when they were coded."""
    coded = codes.dropna(subset=["value"])
    _check_times(coded)
    first = coded.assign(coded_at=_as_times(coded["coded_at"]))
    times = first.groupby(["coder", "unit"])["coded_at"].min()
    share = times.groupby("coder").rank(pct=True) - 0.5 / times.groupby("coder").transform("size")
    block = np.minimum(np.floor(share * blocks) + 1, blocks).astype("int64").rename("block")
    _warn_of_one_time(times)
    return number_names(first).join(block, on=["coder", "unit"])


def _as_times(coded_at: pd.Series) -> pd.Series:
    """Times as times; written ones as `read_codes` reads them."""
    if pd.api.types.is_datetime64_any_dtype(coded_at):
        return coded_at
    written = coded_at.astype("str")
    read = read_times(written, pd.Series("", written.index))
    lost = written[read.isna()]
    if len(lost):
        raise ValueError(
            f"{len(lost)} of {len(written)} times in `coded_at` cannot be read (e.g. "
            f"{lost.iloc[0]!r}). Say how they are written: "
            "codes.assign(coded_at=pd.to_datetime(codes['coded_at'], format=…))"
        )
    return read


def _check_times(coded: pd.DataFrame) -> None:
    if "coded_at" not in coded:
        raise ValueError(
            f"There is no column 'coded_at' (found: {', '.join(map(str, coded.columns))}). Drift "
            "needs the time of every judgement; code_in_notebook and most annotation tools keep it"
        )
    missing = coded["coded_at"].isna()
    if missing.any():
        raise ValueError(
            f"{missing.sum()} of {len(coded)} judgements have no time (coder "
            f"{', '.join(sorted(coded['coder'][missing].unique())[:3])}). "
            "Drop them: codes.dropna(subset=['coded_at'])"
        )


def _warn_of_one_time(times: pd.Series) -> None:
    n_times = times.groupby("coder").nunique()
    stuck = n_times.index[n_times.eq(1)]
    if len(stuck):
        warnings.warn(
            f"All judgements of {len(stuck)} of {len(n_times)} coders bear one time "
            f"({', '.join(map(str, stuck[:3]))}), so their work cannot be cut into blocks.",
            stacklevel=callers_level(),
        )


def _block_terms(
    part: pd.DataFrame, frame: Judgements, blocks: int
) -> tuple[list[tuple[str, str, int]], list[Terms]]:
    """Return the measures of every coder and block, with their keys; blocks run fastest."""
    keys, terms = [], []
    measures = (
        ("agreement", "mean") if not np.isnan(_numbers(frame.values)).any() else ("agreement",)
    )
    for coder in [*sorted(part["coder"].unique()), EVERYONE]:
        for measure in measures:
            for block in range(1, blocks + 1):
                mine = _of_block(part, coder, block)
                one = (
                    _mean_of(frame, mine) if measure == "mean" else _against_others(frame, mine)[0]
                )
                keys.append((coder, measure, block))
                terms.append(one)
    return keys, terms


def _of_block(part: pd.DataFrame, coder: str, block: int) -> Bools:
    of_coder = True if coder == EVERYONE else part["coder"].eq(coder)
    return np.asarray(part["block"].eq(block) & of_coder, dtype=bool)


def _times(coded_at: pd.Series) -> dict[str, Any]:
    return {"first": coded_at.min(), "last": coded_at.max()}


def _drift_row(
    values: Floats, drawn: Floats, places: tuple[int, int], confidence: float
) -> dict[str, float]:
    """Estimate one block, and its change against the first block of the same coder."""
    here, first = places
    low, high = percentiles(drawn[:, here], confidence)
    row = {"value": values[here], "low": low, "high": high}
    if here == first:
        return {**row, "change": np.nan, "change_low": np.nan, "change_high": np.nan}
    change_low, change_high = percentiles(drawn[:, here] - drawn[:, first], confidence)
    change = values[here] - values[first]
    return {**row, "change": change, "change_low": change_low, "change_high": change_high}
