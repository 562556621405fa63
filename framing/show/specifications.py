"""Draw one finding under many choices, as a specification curve."""

from textwrap import shorten
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from framing.inference.robustness import ESTIMATE, choices_of, options_of
from framing.show.panels import POINTS, font_size, open_axes, readable, wrap
from framing.show.style import COLOURS, WIDTHS

MOST_OPTIONS = 8
QUIET, STRONG = "#9a9a9a", COLOURS[0]
HEAD: dict[str, Any] = {"ha": "right", "va": "center", "fontweight": "bold", "fontsize": "small"}
GAP = 0.3  # rows between two choices
ROW = 15.0  # points
LEFT = 0.16  # of the width, for the names of the options
LONGEST = 30  # characters of such a name


def plot_specifications(
    curve: pd.DataFrame, *, alpha: float = 0.05, label: str = "estimate", ax: Axes | None = None
) -> Axes:
    """Draw every specification's estimate above the choices that made it.

    Parameters
    ----------
    curve : DataFrame
        As `specification_curve` or `robustness` returns it.
    alpha : float
        Estimates with a p below are drawn in colour, the others in grey.
    label : str
        What is estimated, beside the axis: "share in Herald less share in Star".
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in; the estimates and the choices are its `child_axes`.

    Raises
    ------
    ValueError
        If a column is missing or no specification has an estimate.

    Notes
    -----
    The main specification is the diamond. Of a choice with more than eight options only the main
    one and “one of n others” are told apart; the table has them all.

    Examples
    --------
    >>> curve = pd.DataFrame({"specification": [1, 2, 3], "at least": ["3", "2", "1"],
    ...                       "main": [False, False, True], "estimate": [0.1, 0.2, 0.3],
    ...                       "low": [-0.1, 0.1, 0.2], "high": [0.3, 0.3, 0.4],
    ...                       "p": [0.3, 0.04, 0.01], "problem": ""})
    >>> ax = plot_specifications(curve)
    >>> [label.get_text() for label in ax.child_axes[1].get_yticklabels()]
    ['1', '2', '3']
    """
    missing = [name for name in ("main", *ESTIMATE) if name not in curve]
    if missing:
        raise ValueError(f"The curve has no column {', '.join(missing)}; see specification_curve.")
    drawn = curve.dropna(subset=["estimate"]).reset_index(drop=True)
    if drawn.empty:
        raise ValueError(f"None of the {len(curve)} specifications has an estimate.")
    rows = _rows(drawn)
    n_rows = sum(1 + len(options) + GAP for options in rows.values())
    above_rows = 12
    ax = open_axes(ax, POINTS * WIDTHS["double"], ROW * (above_rows + n_rows + 2))
    ax.set_axis_off()
    part = above_rows / (above_rows + n_rows)
    above = ax.inset_axes((LEFT, 1 - part, 1 - LEFT, part))
    below = ax.inset_axes((LEFT, 0, 1 - LEFT, 1 - part - 0.02), sharex=above)
    _draw_estimates(above, drawn, alpha)
    above.set_ylabel(label)
    _draw_choices(below, drawn, rows, alpha)
    return ax


def _rows(curve: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """For each choice the options to show: a label, and which specifications took it."""
    rows = {}
    for choice in choices_of(curve):
        options = options_of(curve, choice)
        main = options[0]
        if len(options) > MOST_OPTIONS:
            others = f"one of {len(options) - 1} others"
            is_main = curve[choice].astype(str) == main
            rows[choice] = {main: is_main, others: ~is_main}
        else:
            rows[choice] = {option: curve[choice].astype(str) == option for option in options}
    return rows


def _draw_estimates(ax: Axes, curve: pd.DataFrame, alpha: float) -> None:
    place = np.arange(len(curve))
    colour = np.where(curve["p"] < alpha, STRONG, QUIET).tolist()
    width = float(np.clip(120 / len(curve), 0.6, 2.5))
    ax.vlines(place, curve["low"], curve["high"], colors=colour, linewidth=width, alpha=0.55)
    ax.scatter(place, curve["estimate"], c=colour, s=10 * width, linewidths=0, zorder=3)
    ax.axhline(0, color="#404040", linewidth=0.8, zorder=1)
    for row, main in curve[curve["main"]].iterrows():
        top = main["high"] if np.isfinite(main["high"]) else main["estimate"]
        _mark_main(ax, row, main["estimate"], top)
    ax.margins(y=0.1)  # room for the name of the main one
    ax.tick_params(axis="x", bottom=False, labelbottom=False)
    ax.set_xlim(-0.8, len(curve) - 0.2)


def _mark_main(ax: Axes, row: Any, estimate: float, high: float) -> None:
    ax.scatter([row], [estimate], marker="D", s=42, c="white", edgecolors="#101010", zorder=4)
    ax.annotate(
        "main",
        (row, high),
        xytext=(0, 5),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize="small",
    )


def _draw_choices(
    ax: Axes, curve: pd.DataFrame, rows: dict[str, dict[str, Any]], alpha: float
) -> None:
    """A dot for each specification in the row of the option that it took."""
    colour = np.where(curve["p"] < alpha, STRONG, QUIET).tolist()
    height = 0.0
    ticks: list[float] = []
    names: list[str] = []
    size = float(np.clip(1200 / len(curve), 4, 22))
    for choice, options in rows.items():
        height += 1
        ax.text(-0.01, -height, readable(choice), transform=ax.get_yaxis_transform(), **HEAD)
        for option, taken in options.items():
            height += 1
            place = np.flatnonzero(taken)
            ax.scatter(
                place,
                np.full(len(place), -height),
                c=[colour[k] for k in place],
                s=size,
                linewidths=0,
            )
            ticks.append(-height)
            names.append(shorten(readable(option), LONGEST, placeholder=" …"))
        height += GAP
    ax.set_yticks(ticks, names)
    ax.set_ylim(-height - 0.5, 0)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(axis="both", length=0)
    ax.tick_params(axis="x", labelbottom=False)
    room, size = 0.6 * POINTS * WIDTHS["double"], font_size("axes.labelsize")
    ax.set_xlabel(wrap(_said(len(curve), alpha), room, size), loc="right")


def _said(n: int, alpha: float) -> str:
    """What is drawn, in words."""
    many = "1 specification" if n == 1 else f"{n:,} specifications"
    level = f"{alpha:g}".removeprefix("0")
    return f"{many}, from the lowest to the highest estimate; blue: p < {level}; bars: intervals"
