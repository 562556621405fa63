"""Figures of reliability: agreement by frame and measure, drift by coder."""

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from framing.show.panels import readable
from framing.show.plots import INK, RULE, _counted, _row_panels
from framing.show.style import COLOURS

AGREEMENT = ("frame", "measure", "value", "low", "high", "n_units", "top_share", "interval")
DRIFT = ("frame", "coder", "measure", "block", "change", "change_low", "change_high", "n_codes")
MEASURES = {
    "alpha": "Krippendorff’s α",
    "percent": "share agreed",
    "cohen_kappa": "Cohen’s κ",
    "light_kappa": "Light’s κ",
    "fleiss_kappa": "Fleiss’ κ",
    "gwet_ac1": "Gwet’s AC1",
}
CHANGES = {"agreement": "agreement with the others", "mean": "the coder’s mean code (yes-rate)"}
OVERALL = ("all frames, mean", "all frames, pooled")
LIMITS = (0.667, 0.8)
TRAP = 0.95


def plot_agreement(agreement: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw every measure of agreement of every frame as a dot with its interval.

    Parameters
    ----------
    agreement : DataFrame
        As `coder_agreement` returns it. Choose measures before:
        `agreement[agreement["measure"].isin(["alpha", "percent"])]`.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in, a row a frame; several measures are its `child_axes`. Of a single frame
        the measures are the rows.

    Raises
    ------
    ValueError
        If a column is missing, the table is empty, or a frame and measure stand in two rows.

    Notes
    -----
    Frames stand in the order of the first measure, the highest on top, means and pools of all
    frames below. The number beside a frame is that of its units with two codes or more. A hollow
    dot warns that one value makes up 95 % of the codes or more, where no measure means much. What
    is not defined is called so, and a dot without a line has no interval. Dotted lines mark an
    alpha of .8, from which Krippendorff (2019, ch. 12) relies on codes, and of .667, the least he
    takes for tentative conclusions; they are customs, not tests.

    Examples
    --------
    >>> agreement = pd.DataFrame({"frame": ["war", "peace"], "measure": "alpha",
    ...                           "value": [0.5, 0.8], "low": [0.3, 0.7], "high": [0.6, 0.9],
    ...                           "n_units": 50, "top_share": 0.6,
    ...                           "interval": "bootstrap 95 %, 1,000 draws of units"})
    >>> ax = plot_agreement(agreement)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['peace (50)', 'war (50)']
    """
    table = _rows_and_panels(
        _checked(agreement, AGREEMENT, ["frame", "measure"], "coder_agreement")
    )
    titles, rows = list(table["panel"].unique()), _row_order(table)
    host, panels, places = _row_panels(rows, titles, _agreement_note(table), ax)
    lowest = np.nanmin([0, *table["low"], *table["value"]])
    ticks = [tick for tick in (-1, -0.5, 0, 0.5, 1) if tick >= np.floor(2 * lowest) / 2]
    for axes, title in zip(panels, titles, strict=True):
        part = table[table["panel"] == title]
        _draw(axes, part, part["row"].map(places))
        axes.set(xlim=(ticks[0], 1.02), xticks=ticks)
        axes.set_xticklabels([f"{tick:g}".replace("-", "−") for tick in ticks])
        axes.grid(axis="x", color=RULE, linewidth=0.4)
    return host


def plot_drift(drift: pd.DataFrame, *, measure: str = "agreement", ax: Axes | None = None) -> Axes:
    """Draw how far each coder's last block of work differs from the first.

    Parameters
    ----------
    drift : DataFrame
        As `coder_drift` returns it.
    measure : {"agreement", "mean"}
        Agreement with the others, or the coder's mean code (of yes/no codes the yes-rate).
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in, a row a coder; several frames are its `child_axes`.

    Raises
    ------
    ValueError
        If a column is missing or the table holds nothing of that measure.

    Examples
    --------
    >>> drift = pd.DataFrame({"frame": "war", "coder": ["ann", "ben"], "measure": "agreement",
    ...                       "block": 2, "change": [0.0, -0.2], "change_low": [-0.1, -0.3],
    ...                       "change_high": [0.1, -0.1], "n_codes": 50,
    ...                       "interval": "bootstrap 95 %, 1,000 draws of units"})
    >>> ax = plot_drift(drift)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['ann', 'ben']
    """
    table = _last_block(
        _checked(drift, DRIFT, ["frame", "coder", "measure", "block"], "coder_drift"), measure
    )
    titles, rows = list(table["panel"].unique()), list(table["row"].unique())
    made = "; ".join(table["interval"].astype(str).unique())
    note = (
        f"change in {CHANGES[measure]} from the first to the last block, points (intervals: {made})"
    )
    host, panels, places = _row_panels(rows, titles, note, ax)
    widest = float(table[["value", "low", "high"]].abs().max().max())
    reach = max(10, 10 * math.ceil(widest / 10))
    for axes, title in zip(panels, titles, strict=True):
        part = table[table["panel"] == title]
        axes.axvline(0, color=INK, linewidth=0.6)
        _draw(axes, part, part["row"].map(places))
        axes.set(xlim=(-reach, reach), xticks=[-reach / 2, 0, reach / 2])
        axes.set_xticklabels([f"−{reach / 2:g}", "0", f"+{reach / 2:g}"])
        axes.grid(axis="x", color=RULE, linewidth=0.4)
    return host


def _checked(
    table: pd.DataFrame, columns: tuple[str, ...], keys: list[str], maker: str
) -> pd.DataFrame:
    missing = [name for name in columns if name not in table]
    if missing:
        raise ValueError(f"No column {', '.join(missing)}. Make the table with {maker}(codes).")
    if table.empty:
        raise ValueError("The table has no rows, so there is nothing to draw.")
    twice = int(table.duplicated(keys).sum())
    if twice:
        raise ValueError(f"{twice} of {len(table)} rows repeat a {' and '.join(keys)}. Keep one.")
    return table.reset_index(drop=True)


def _rows_and_panels(table: pd.DataFrame) -> pd.DataFrame:
    """Frames as rows and measures as panels; of one frame its measures as rows."""
    counts = table.groupby("frame")["n_units"].agg(list)
    named = table["frame"].map({name: _counted(str(name), n) for name, n in counts.items()})
    titles = table["measure"].map(lambda name: MEASURES.get(name, readable(name)))
    if table["frame"].nunique() == 1:
        return table.assign(row=titles, panel=named)
    return table.assign(row=named, panel=titles)


def _row_order(table: pd.DataFrame) -> list[str]:
    """Frames by their first measure, the highest first; what is not defined and overall last."""
    if table["frame"].nunique() == 1:
        return list(table["row"].unique())
    first = table.drop_duplicates("row").assign(last=table["frame"].isin(OVERALL))
    ordered = first.sort_values(["last", "value", "row"], ascending=[True, False, True])
    return list(ordered["row"])


def _agreement_note(table: pd.DataFrame) -> str:
    """Say what dots, lines and numbers are."""
    made = "; ".join(table["interval"].astype(str).unique())
    parts = [f"units with two codes or more in parentheses; intervals: {made}"]
    if (table["measure"] == "alpha").any():
        parts.append("dotted: α of .667 and .8")
    if (table["top_share"] >= TRAP).any():
        parts.append("hollow: 95 % of the codes or more are one value")
    return "agreement (" + "; ".join(parts) + ")"


def _draw(axes: Axes, part: pd.DataFrame, place: pd.Series) -> None:
    """Draw dots and intervals; say where there is nothing to draw."""
    axes.hlines(place, part["low"], part["high"], color=COLOURS[0], linewidth=1.2)
    trapped = part["top_share"] >= TRAP
    known = part["value"].notna()
    for chosen, face in ((known & ~trapped, COLOURS[0]), (known & trapped, "white")):
        if not chosen.any():  # a line without points would stand in the corner of the figure
            continue
        style: dict[str, Any] = {"markerfacecolor": face, "color": COLOURS[0], "markersize": 4}
        axes.plot(part["value"][chosen], place[chosen], "o", clip_on=False, **style)
    is_alpha = part["measure"].eq("alpha")
    dotted: dict[str, Any] = {"color": INK, "linewidth": 0.6, "linestyle": ":"}
    if is_alpha.all():
        for limit in LIMITS:
            axes.axvline(limit, zorder=0, **dotted)
    for height in () if is_alpha.all() else place[is_alpha]:
        axes.vlines(LIMITS, height - 6, height + 6, **dotted)
    for height in place[part["value"].isna()]:
        axes.text(0.02, height, "not defined", va="center", color="#606060", fontsize="small")


def _last_block(drift: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Changes of the last block in points, under the names that are drawn."""
    if measure not in CHANGES:
        raise ValueError(f"measure={measure!r}: choose one of {', '.join(CHANGES)}")
    last = drift[(drift["measure"] == measure) & (drift["block"] == drift["block"].max())]
    if last.empty:
        raise ValueError(
            f"The table holds nothing of {measure!r}: values that are names have no mean."
        )
    ends = {"value": "change", "low": "change_low", "high": "change_high"}
    if last["change"].isna().all():
        raise ValueError(f"None of the {len(last)} rows has a change: nothing to draw.")
    points = {name: 100 * last[column].astype(float) for name, column in ends.items()}
    row, panel = last["coder"].astype(str), last["frame"].astype(str)
    return last.assign(**points, row=row, panel=panel, top_share=0.0)
