"""Figures of a classifier: how it does on codes it has not seen, and what more codes may bring."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from framing.show.panels import font_size, open_axes, plan_grid, readable, text_height, wrap
from framing.show.plots import INK, NO_BREAK, RULE, _counted, _row_panels, _width
from framing.show.style import COLOURS

FOLDS = (
    *("frame", "folds", "measure", "code", "value", "low", "high", "majority", "n_units"),
    "interval",
)
CURVE = ("frame", "n_codes", "value", "low", "high", "majority", "projected", "interval")
MEASURES = {"macro_f1": "macro-F1", "accuracy": "accuracy", "f1": "F1 of"}
LEVELS = (0, 0.25, 0.5, 0.75, 1)
SIDES = 2.6  # points that two kinds of folds stand above and below the middle of a row
ROOM = 0.12  # of macro-F1, for a label between a band and the majority
ABOVE: dict[str, Any] = {"xytext": (0, 3), "va": "bottom"}
BELOW: dict[str, Any] = {"xytext": (0, -4), "va": "top"}
MAJORITY = "#707070"
HALO = withStroke(linewidth=2, foreground="white")


def plot_cross_validation(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how a classifier does on random folds and on whole outlets it has not seen.

    Parameters
    ----------
    table : DataFrame
        As `cross_validate_codes` returns it.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in, a row a frame; macro-F1 and accuracy are its `child_axes`. Of a single
        frame the rows are accuracy, macro-F1 and the F1 of every value.

    Raises
    ------
    ValueError
        If a column is missing, the table is empty, has more than two kinds of folds, or a measure
        stands in two rows.

    Notes
    -----
    The grey bar of each row is what giving everybody the most frequent code would reach. Dots left
    of the hollow ones are the price of outlets that the classifier has not read. The number beside
    a frame is that of its coded units.

    Examples
    --------
    >>> table = pd.DataFrame({"frame": "war", "folds": ["random", "by outlet"],
    ...     "measure": "accuracy", "code": "", "value": [0.9, 0.7], "low": [0.8, 0.6],
    ...     "high": [1.0, 0.8], "majority": 0.5, "n_units": 80,
    ...     "interval": "bootstrap 95 %, 1,000 draws of units"})
    >>> ax = plot_cross_validation(table)
    >>> [label.get_text() for label in ax.get_yticklabels()], ax.get_title(loc="left")
    (['accuracy'], 'war (80)')
    """
    points = _rows_and_panels(_checked_folds(table))
    kinds = list(dict.fromkeys(points["folds"]))
    titles, rows = list(points["panel"].unique()), list(points["row"].unique())
    host, panels, places = _row_panels(rows, titles, _folds_note(points, kinds), ax)
    for axes, title in zip(panels, titles, strict=True):
        part = points[points["panel"] == title]
        _draw_folds(axes, part, part["row"].map(places).to_numpy(dtype=float), kinds)
        axes.set(xlim=(0, 1), xticks=LEVELS)
        axes.set_xticklabels(["0", "", "0.5", "", "1"])
        axes.grid(axis="x", color=RULE, linewidth=0.4)
    return host


def plot_learning_curve(curve: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how a classifier gains with the number of codes, and where more may lead.

    Parameters
    ----------
    curve : DataFrame
        As `learning_curve` returns it.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in, a panel a frame; several are its `child_axes`.

    Raises
    ------
    ValueError
        If a column is missing, the table is empty, or a frame has two rows for one number of codes.

    Notes
    -----
    Numbers of codes are on a logarithmic scale, on which equal steps are equal factors. What is
    dashed was not measured: it is a curve drawn on from the points before it.

    Examples
    --------
    >>> curve = pd.DataFrame({"frame": "war", "n_codes": [50, 100, 200, 400],
    ...     "value": [0.5, 0.6, 0.65, 0.7], "low": [0.4, 0.5, 0.6, 0.6],
    ...     "high": [0.6, 0.7, 0.7, 0.8], "majority": 0.4,
    ...     "projected": [False, False, True, True], "interval": "middle 95 % of 10 repeats"})
    >>> ax = plot_learning_curve(curve)
    >>> [text.get_text() for text in ax.texts]
    ['measured', 'projected', 'majority']
    """
    table = _checked_curve(curve)
    names, size = list(table["frame"].unique()), font_size("axes.labelsize")
    width = _width(ax, "double" if len(names) > 1 else "single")
    titles = [_counted(str(name), _n_codes(table[table["frame"] == name])) for name in names]
    grid = plan_grid(titles, width - 40, least=110, beside=26, below=24)
    note = wrap(_curve_note(table), width - 20, size)
    host = open_axes(ax, width, grid.height(95) + text_height(note, size) + 44)
    for number, (axes, name) in enumerate(zip(grid.panels(host), names, strict=True)):
        part = table[table["frame"] == name].sort_values("n_codes", kind="stable")
        _draw_curve(axes, part)
        if number == 0:
            _name_lines(axes, part)
    host.set_xlabel(note, loc="right", labelpad=18 if len(names) > 1 else 4)
    host.set_ylabel("macro-F1", labelpad=26 if len(names) > 1 else 4)
    return host


# --- folds ------------------------------------------------------------------------------------


def _checked_folds(table: pd.DataFrame) -> pd.DataFrame:
    table = _checked(table, FOLDS, "cross_validate_codes(articles, codes)")
    points = table[table["measure"].isin(MEASURES)]
    twice = int(points.duplicated(["frame", "folds", "measure", "code"]).sum())
    kinds = points["folds"].unique()
    if twice:
        raise ValueError(f"{twice} of {len(points)} rows repeat a measure of a frame. Keep one.")
    if not 1 <= len(kinds) <= 2:
        raise ValueError(
            f"The table has {len(kinds)} kinds of folds ({', '.join(kinds) or 'none'}) and the "
            f"figure shows one or two: table[table['folds'].isin({list(kinds[:2])})]"
        )
    return points


def _checked(table: pd.DataFrame, columns: tuple[str, ...], maker: str) -> pd.DataFrame:
    missing = [name for name in columns if name not in table]
    if missing:
        raise ValueError(f"No column {', '.join(missing)}. Make the table with {maker}.")
    if table.empty:
        raise ValueError("The table has no rows, so there is nothing to draw.")
    return table


def _rows_and_panels(points: pd.DataFrame) -> pd.DataFrame:
    """Frames as rows and measures as panels; of one frame its measures as rows."""
    counts = points.groupby("frame")["n_units"].max()
    named = points["frame"].map({name: _counted(str(name), [n]) for name, n in counts.items()})
    code = points["code"].astype(str)
    measure = (points["measure"].map(MEASURES) + " " + code).str.strip()
    if points["frame"].nunique() == 1:
        return points.assign(row=measure, panel=named)
    whole = points["measure"] != "f1"
    order = points["measure"].map(list(MEASURES).index)
    wide = points.assign(row=named, panel=measure, order=order)[whole]
    return wide.sort_values("order", kind="stable")


def _folds_note(points: pd.DataFrame, kinds: list[str]) -> str:
    marks = [f"●{NO_BREAK}{_kind_text(kinds[-1])}"]
    marks = [f"○{NO_BREAK}{_kind_text(kinds[0])}", *marks] if len(kinds) > 1 else marks
    made = "; ".join(points["interval"].astype(str).unique())
    return (
        f"on codes not seen (coded units in parentheses); {', '.join(marks)}; "
        f"grey: all given the most frequent code ({made})"
    )


def _kind_text(kind: str) -> str:
    name = "random folds" if kind == "random" else f"folds {kind}"
    return readable(name).replace(" ", NO_BREAK)


def _draw_folds(axes: Axes, part: pd.DataFrame, place: np.ndarray, kinds: list[str]) -> None:
    """A dot with its interval for each kind of folds, and a bar for the majority."""
    sides = dict(zip(kinds, (-SIDES, SIDES), strict=True)) if len(kinds) > 1 else {kinds[0]: 0.0}
    shift = part["folds"].map(sides).to_numpy(dtype=float)
    half = 2.2
    ends = (place + shift - half, place + shift + half)
    axes.vlines(part["majority"], *ends, color=MAJORITY, linewidth=1.6)
    for number, kind in enumerate(kinds):
        chosen = (part["folds"] == kind).to_numpy()
        hollow = len(kinds) > 1 and number == 0
        colour = COLOURS[1] if hollow else COLOURS[0]
        height = (place + shift)[chosen]
        style: dict[str, Any] = {"markersize": 4, "clip_on": False, "zorder": 3, "color": colour}
        style["markerfacecolor"] = "white" if hollow else colour
        axes.hlines(height, part["low"][chosen], part["high"][chosen], color=colour, linewidth=1.2)
        axes.plot(part["value"][chosen], height, "o", **style)


# --- learning curves --------------------------------------------------------------------------


def _checked_curve(curve: pd.DataFrame) -> pd.DataFrame:
    table = _checked(curve, CURVE, "learning_curve(articles, codes)")
    twice = int(table.duplicated(["frame", "n_codes", "projected"]).sum())
    if twice:
        raise ValueError(
            f"{twice} of {len(table)} rows repeat a number of codes. Keep one of each."
        )
    return table.assign(projected=table["projected"].astype(bool))


def _n_codes(part: pd.DataFrame) -> list[int]:
    """Give the number of all codes, where the projection begins, or the largest measured."""
    ahead = part.loc[part["projected"], "n_codes"]
    return [int(ahead.min() if len(ahead) else part["n_codes"].max())]


def _curve_note(table: pd.DataFrame) -> str:
    made = "; ".join(table["interval"].astype(str).unique())
    ahead = "; dashed: projected by a power law" if table["projected"].any() else ""
    return f"codes to learn from, on a logarithmic scale (bands: {made}{ahead})"


def _draw_curve(axes: Axes, part: pd.DataFrame) -> None:
    """Draw what was measured, what is projected, and the majority."""
    style: dict[str, Any] = {"color": COLOURS[0], "linewidth": 1.2}
    looks = (("-", "o", 0.25), ("--", "", 0.12))
    for chosen, (line, marker, dense) in zip(_by_kind(part), looks, strict=True):
        n, band = chosen["n_codes"], (chosen["low"], chosen["high"])
        axes.fill_between(n, *band, color=COLOURS[0], alpha=dense, linewidth=0)
        axes.plot(n, chosen["value"], line, marker=marker, markersize=3, **style)
    axes.axhline(part["majority"].iloc[0], color=MAJORITY, linewidth=1)
    axes.set_xscale("log", base=2)
    ticks = sorted({int(part["n_codes"].min()), *_n_codes(part), int(part["n_codes"].max())})
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.minorticks_off()
    axes.set(ylim=(0, 1), yticks=LEVELS)
    axes.set_yticklabels(["0", "", "0.5", "", "1"])
    axes.grid(axis="y", color=RULE, linewidth=0.4)


def _by_kind(part: pd.DataFrame) -> list[pd.DataFrame]:
    return [part[~part["projected"]], part[part["projected"]]]


def _name_lines(axes: Axes, part: pd.DataFrame) -> None:
    """Write on the first panel which line is which, below it where there is room."""
    beside: dict[str, Any] = {"textcoords": "offset points", "fontsize": "small", "ha": "right"}
    beside["path_effects"] = [HALO]
    for name, rows in zip(("measured", "projected"), _by_kind(part), strict=True):
        if rows.empty:
            continue
        last = rows.iloc[-1]
        if last["low"] - last["majority"] > ROOM:
            place, side = (last["n_codes"], last["low"]), BELOW
        else:
            place, side = (last["n_codes"], last["high"]), ABOVE
        axes.annotate(name, place, **side, **beside)
    end = (part["n_codes"].max(), part["majority"].iloc[0])
    axes.annotate("majority", end, color=INK, **BELOW, **beside)
