"""Draw what a measure says beside what is left of it when people have read a sample."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from framing.show.panels import scale_around_zero
from framing.show.plots import INK, NO_BREAK, RULE, _counted, _labels, _row_panels, _ticks
from framing.show.style import COLOURS

RESULTS = {"share": "share with the frame, %", "difference": "difference, percentage points"}
KEY = f"○{NO_BREAK}measure alone, ●{NO_BREAK}corrected"
SIDES = 2.6  # points that the two estimates of a row stand above and below its middle
REST = (
    *("frame", "n", "n_coded", "n_reference", "n_coded_reference", "interval", "width_ratio"),
    *("power", "p", "p_adjusted", "naive_p", "naive_p_adjusted", "low", "high", *RESULTS, "coef"),
)
BESIDE = (
    *("naive", "naive_low", "naive_high", "codes_alone", "codes_low", "codes_high"),
    *("rogan_gladen", "rogan_gladen_low", "rogan_gladen_high"),
)


class _Kind(NamedTuple):
    """What a table estimates: its column, what to call it, and by what to multiply it."""

    result: str
    name: str
    factor: float


def plot_correction(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each naive estimate with an arrow to the corrected one, both with their intervals.

    Parameters
    ----------
    table : DataFrame
        As `corrected_prevalence`, `corrected_difference` or `corrected_regression` return it.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in; several frames are its `child_axes`.

    Raises
    ------
    ValueError
        If a column is missing, a group and frame stand in two rows, or no row has an interval.

    Notes
    -----
    Hollow: the measure alone, for all units. Filled: corrected by human codes. The number beside a
    row is that of its coded units. A row that lacks a corrected estimate has no filled dot.
    Intercepts of regressions are left out.

    Examples
    --------
    >>> table = pd.DataFrame({"frame": ["war"], "n": 900, "n_coded": 200, "naive": 0.6,
    ...     "naive_low": 0.57, "naive_high": 0.63, "share": 0.48, "low": 0.42, "high": 0.54,
    ...     "interval": "Wilson 95 %"})
    >>> ax = plot_correction(table)
    >>> [round(float(line.get_xdata()[0])) for line in ax.lines]
    [60, 48]
    """
    kind = _kind(table)
    points = _rows_and_panels(_points(table, kind), signed=kind.result != "share")
    titles, rows = list(points["panel"].unique()), list(points["row"].unique())
    note = (
        f"{kind.name} (coded units in parentheses); {KEY} "
        f"({'; '.join(table['interval'].astype(str).unique())})"
    )
    host, panels, places = _row_panels(rows, titles, note, ax)
    ends = points[["low", "high", "naive_low", "naive_high"]].to_numpy()
    for axes, title in zip(panels, titles, strict=True):
        part = points[points["panel"] == title]
        _draw(axes, part, part["row"].map(places).to_numpy(dtype=float))
        _scale(axes, ends[np.isfinite(ends)], signed=kind.result != "share")
    return host


def _kind(table: pd.DataFrame) -> _Kind:
    """Tell what the table estimates, or say which columns it lacks."""
    found = [name for name in (*RESULTS, "coef") if name in table]
    wanted = ("frame", "n_coded", "naive", "naive_low", "naive_high", "low", "high", "interval")
    missing = [name for name in wanted if name not in table]
    if missing or not found:
        lacking = ", ".join(missing) or "share, difference or coef"
        raise ValueError(f"No column {lacking}. Make the table with corrected_prevalence(...).")
    if table.empty:
        raise ValueError("The table has no rows, so there is nothing to draw.")
    if table[["low", "high", "naive_low", "naive_high"]].isna().to_numpy().all():
        raise ValueError(f"None of the {len(table)} rows has an interval: nothing to draw.")
    if found[0] == "coef":
        return _Kind("coef", "coefficient", 1.0)
    return _Kind(found[0], RESULTS[found[0]], 100.0)


def _points(table: pd.DataFrame, kind: _Kind) -> pd.DataFrame:
    """Label, frame, coded units and both estimates of every row, as they are drawn."""
    table = table.reset_index(drop=True)
    if kind.result == "coef":
        table = table[table["term"] != "Intercept"]
        shorter = table["term"].str.replace(r"\w+\[([^\]]*)\]", r"\1", regex=True)
        table = table.assign(term=shorter)
    groups = [name for name in table.columns if name not in (*REST, *BESIDE)]
    if kind.result == "difference":
        label = table["group"].astype(str) + " less " + table["reference"].astype(str)
    else:
        label = _labels(table, groups)
    points = pd.DataFrame({"label": label, "frame": table["frame"].astype(str)})
    twice = int(points.duplicated().sum())
    if twice:
        raise ValueError(
            f"{twice} of {len(table)} rows repeat a group and frame: keep one of each."
        )
    columns = {"naive": "naive", "naive_low": "naive_low", "naive_high": "naive_high"}
    columns |= {"corrected": kind.result, "low": "low", "high": "high"}
    for name, column in columns.items():
        points[name] = kind.factor * table[column].astype(float)
    coded = ["n_coded", *(["n_coded_reference"] if "n_coded_reference" in table else [])]
    return points.assign(n=table[coded].sum(axis=1)).reset_index(drop=True)


def _rows_and_panels(points: pd.DataFrame, *, signed: bool) -> pd.DataFrame:
    """Groups as rows and frames as panels; with one group, frames as rows of one panel."""
    by = "frame" if points["label"].nunique() == 1 else "label"
    names = {name: _counted(str(name), n) for name, n in points.groupby(by)["n"]}
    other = "label" if by == "frame" else "frame"
    title = points[other].where((points[other] != "all") | signed, "")
    return points.assign(row=points[by].map(names), panel=title)


def _draw(axes: Axes, part: pd.DataFrame, place: np.ndarray) -> None:
    """Two dots with intervals a row, and an arrow from one to the other."""
    colour, size = COLOURS[0], 4.0
    up, down = place - SIDES, place + SIDES
    axes.hlines(up, part["naive_low"], part["naive_high"], color=COLOURS[1], linewidth=1.2)
    axes.hlines(down, part["low"], part["high"], color=colour, linewidth=1.2)
    for start, end, top, bottom in zip(part["naive"], part["corrected"], up, down, strict=True):
        if np.isfinite(end):
            style = {
                "arrowstyle": "-|>,head_length=0.25,head_width=0.12",
                "shrinkA": 2,
                "shrinkB": 2,
            }
            style |= {"color": INK, "linewidth": 0.6}
            axes.annotate("", xy=(end, bottom), xytext=(start, top), arrowprops=style)
    hollow: dict[str, Any] = {"markerfacecolor": "white", "markeredgecolor": COLOURS[1]}
    axes.plot(part["naive"], up, "o", markersize=size, clip_on=False, zorder=3, **hollow)
    axes.plot(part["corrected"], down, "o", color=colour, markersize=size, clip_on=False, zorder=3)


def _scale(axes: Axes, ends: np.ndarray, *, signed: bool) -> None:
    """The same scale in every panel; from 0 for shares, around a line at 0 for differences."""
    axes.grid(color=RULE, linewidth=0.4)
    if not signed:
        ticks = _ticks(ends.max())
        axes.set(xlim=(ticks[0], ticks[-1]), xticks=ticks)
        return
    scale_around_zero(axes, ends)
    axes.axvline(0, color=INK, linewidth=0.6)
