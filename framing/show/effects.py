"""Draw contrasts as dots with their intervals around a line of no difference."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from framing.show.panels import font_size, scale_around_zero
from framing.show.plots import INK, RULE, _row_panels
from framing.show.style import COLOURS

EFFECTS = ("topic", "covariate", "term", "estimate", "low", "high", "p_adjusted", "interval")
CONTRASTS = ("frame", "term", "model", "estimate", "low", "high", "interval")
SURE = 0.05
MODELS = {"raw": "white", "within topic": COLOURS[0]}  # inside of the dots


def plot_topic_effects(effects: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how much more of each topic one level has than another, in percentage points.

    Parameters
    ----------
    effects : DataFrame
        As `topic_effects` returns it, or some rows of it.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in; several contrasts are its `child_axes`.

    Raises
    ------
    ValueError
        If a column is missing, the table is empty, or a topic and contrast stand in two rows.

    Notes
    -----
    Topics are rows and contrasts are panels; where there are more contrasts than topics, the other
    way round. A filled dot has an adjusted p below .05. Topics stand in the order of their mean
    estimate. A row without an estimate says so.

    Examples
    --------
    >>> effects = pd.DataFrame({"topic": ["war", "oil"], "covariate": "outlet",
    ...     "term": "Star − Herald", "estimate": [-2.0, 5.0], "low": [-6.0, 2.0],
    ...     "high": [2.0, 8.0], "p_adjusted": [0.3, 0.01], "interval": "fractional logit 95 %"})
    >>> ax = plot_topic_effects(effects)
    >>> [label.get_text() for label in ax.get_yticklabels()], ax.get_title(loc="left")
    (['oil', 'war'], 'Star − Herald')
    """
    table = _effect_rows(_checked(effects, EFFECTS, ["topic", "covariate", "term"]))
    sure = f"filled: adjusted p < {f'{SURE:g}'.removeprefix('0')}"
    note = f"percentage points ({sure}; intervals: {_intervals(effects)})"
    host, panels, places = _open(table, note, ax)
    for axes, (_, part) in zip(panels, table.groupby("panel", sort=False), strict=True):
        filled = np.where(part["p_adjusted"] < SURE, COLOURS[0], "white")
        _draw(axes, part, part["row"].map(places).to_numpy(dtype=float), list(filled))
    return host


def plot_frame_given_topic(contrasts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each frame's contrast between groups, raw and with topics held equal.

    Parameters
    ----------
    contrasts : DataFrame
        As `frame_given_topic(...).contrasts`, or some rows of it.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in; several contrasts are its `child_axes`.

    Raises
    ------
    ValueError
        If a column is missing, the table is empty, or a frame, contrast and model stand in two
        rows.

    Examples
    --------
    >>> contrasts = pd.DataFrame({"frame": "conflict", "term": "Star − Herald",
    ...     "model": ["raw", "within topic"], "estimate": [4.0, 0.2], "low": [1.9, -0.8],
    ...     "high": [6.1, 1.1], "interval": "least squares 95 %"})
    >>> ax = plot_frame_given_topic(contrasts)
    >>> [label.get_text().replace("\\n", " ") for label in ax.get_yticklabels()]
    ['conflict, raw', 'conflict, within topic']
    """
    table = _checked(contrasts, CONTRASTS, ["frame", "term", "model"])
    table = table[table["model"].isin(MODELS)]
    row = table["frame"].astype(str) + ", " + table["model"].astype(str)
    table = table.assign(row=row, panel=table["term"])
    note = f"difference of mean scores (intervals: {_intervals(contrasts)})"
    host, panels, places = _open(table, note, ax)
    for axes, (_, part) in zip(panels, table.groupby("panel", sort=False), strict=True):
        place = part["row"].map(places).to_numpy(dtype=float)
        _draw(axes, part, place, list(part["model"].map(MODELS)))
    return host


def _checked(table: pd.DataFrame, columns: tuple[str, ...], keys: list[str]) -> pd.DataFrame:
    """Refuse a table that cannot be drawn; name what repairs it."""
    maker = "topic_effects(...)" if "topic" in columns else "frame_given_topic(...).contrasts"
    missing = [name for name in columns if name not in table]
    if missing or table.empty:
        raise ValueError(
            f"The table has {len(table)} rows and lacks {', '.join(missing) or 'no column'}. "
            f"Make it with {maker}."
        )
    twice = int(table.duplicated(keys).sum())
    if twice:
        raise ValueError(f"{twice} of {len(table)} rows repeat a {', '.join(keys)}: keep one each.")
    return table.reset_index(drop=True)


def _effect_rows(effects: pd.DataFrame) -> pd.DataFrame:
    """Topics as rows and contrasts as panels, or the other way round where that is fewer panels."""
    several = effects["covariate"].nunique() > 1
    named = effects["covariate"].astype(str) + ": " + effects["term"].astype(str)
    contrast = named if several else effects["term"].astype(str)
    topic = effects["topic"].astype(str)
    order = effects.groupby(topic)["estimate"].mean().sort_values(ascending=False, kind="stable")
    rank = topic.map({name: place for place, name in enumerate(order.index)})
    if contrast.nunique() > topic.nunique():
        return effects.assign(row=contrast, panel=topic)
    table = effects.assign(row=topic, panel=contrast, rank=rank)
    return table.sort_values("rank", kind="stable")


def _intervals(table: pd.DataFrame) -> str:
    made = table.loc[table["estimate"].notna(), "interval"].astype(str).unique()
    return "; ".join(made) or "none"


def _open(
    table: pd.DataFrame, note: str, ax: Axes | None
) -> tuple[Axes, list[Axes], dict[str, float]]:
    """Panels with rows, one scale for all, and a line at no difference."""
    rows = list(dict.fromkeys(table["row"].astype(str)))
    titles = list(dict.fromkeys(table["panel"].astype(str)))
    host, panels, places = _row_panels(rows, titles, note, ax)
    ends = table[["estimate", "low", "high"]].to_numpy(dtype=float)
    for axes in panels:
        scale_around_zero(axes, ends)
        axes.grid(axis="x", color=RULE, linewidth=0.4)
        axes.axvline(0, color=INK, linewidth=0.8, zorder=1)
    return host, panels, places


def _draw(axes: Axes, part: pd.DataFrame, places: np.ndarray, faces: list[Any]) -> None:
    """Dots with intervals; a word where there is no estimate."""
    axes.hlines(places, part["low"], part["high"], color=COLOURS[0], linewidth=1.2, zorder=2)
    style: dict[str, Any] = {"edgecolors": COLOURS[0], "linewidths": 1.0, "zorder": 3}
    axes.scatter(part["estimate"], places, s=18, c=faces, **style)
    for place in places[part["estimate"].isna().to_numpy()]:
        grey: dict[str, Any] = {"fontsize": font_size("xtick.labelsize"), "color": "#6b6b6b"}
        side = axes.get_yaxis_transform()
        axes.text(0.03, place, "no estimate", va="center", transform=side, **grey)
