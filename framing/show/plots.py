"""Figures of the kit's tables. Each takes a table, draws in one Axes and returns it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.dates import date2num
from matplotlib.lines import Line2D

from framing.corpus.groups import group_keys
from framing.inference.correction import ESTIMATE_COLUMNS
from framing.show.panels import (
    POINTS,
    Beneath,
    Grid,
    font_size,
    open_axes,
    period_text,
    plain,
    plan_grid,
    readable,
    slot,
    spread,
    text_height,
    text_width,
    wrap,
)
from framing.show.style import COLOURS, LINES, MARKERS, WIDTHS

ESTIMATES = ("frame", "n", "share", "low", "high", "interval")
MEASURES = (*ESTIMATES, "n_present")
FEW_LINES = 4
NO_BREAK = "\N{NO-BREAK SPACE}"
ALL = "all"  # the label where nothing is grouped
STEPS = {"day": "D", "week": "7D", "month": "MS", "year": "YS"}
DAYS = {"day": 1, "week": 7, "month": 28, "year": 365}
PERIOD_TEXTS = {"week": "week, by its Monday"}
STRIP = 24.0  # points under a panel for its bars of n
GLYPHS = {"o": "●", "s": "■", "^": "▲", "D": "◆"}
SHADES = LinearSegmentedColormap.from_list("shades", ["#ffffff", COLOURS[0]])
INK, RULE = "#202020", "#d5d5d5"


def plot_prevalence(estimates: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of every frame in every group as a dot with its interval.

    Parameters
    ----------
    estimates : DataFrame
        As `prevalence` or `corrected_prevalence` returns it.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in. Several frames become small multiples inside it, as its `child_axes`.

    Raises
    ------
    ValueError
        If a column is missing, or a group and frame stand in two rows.

    Notes
    -----
    Groups stand in the order of their mean share, the highest on top; periods in the order of
    time. With one group its frames are the rows. The number beside a group is its `n`, of
    corrected shares its `n_coded`.

    Examples
    --------
    >>> estimates = pd.DataFrame({"outlet": ["Herald", "Star"], "frame": "war", "n": [20, 30],
    ...                           "share": [0.2, 0.5], "low": [0.1, 0.3], "high": [0.4, 0.7],
    ...                           "interval": "Wilson 95 %"})
    >>> ax = plot_prevalence(estimates)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Star (30)', 'Herald (20)']
    """
    table = _rows_and_panels(_tidy(estimates))
    titles = list(table["panel"].unique())
    rows = list(table["row"].unique()) if _has_period(estimates) else _row_order(table)
    counted = "coded units" if "n_coded" in estimates else "n"
    note = f"share with the frame, % ({counted} in parentheses; intervals: {_intervals(estimates)})"
    host, panels, places = _row_panels(rows, titles, note, ax)
    narrow = len(titles) > 1 and slot(host)[0] < 0.6 * POINTS * WIDTHS["double"]
    ticks = _ticks(table[["share", "high"]].max().max(), parts=2 if narrow else 4)
    for axes, title in zip(panels, titles, strict=True):
        part = table[table["panel"] == title]
        place = part["row"].map(places)
        axes.hlines(place, part["low"], part["high"], color=COLOURS[0], linewidth=1.2)
        axes.plot(part["share"], place, "o", color=COLOURS[0], markersize=4, clip_on=False)
        axes.set(xlim=(0, ticks[-1]), xticks=ticks)
        axes.grid(color=RULE, linewidth=0.4)
    return host


def plot_trend(estimates: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw shares over time with a band for the interval, and `n` of every period beneath.

    Parameters
    ----------
    estimates : DataFrame
        As `prevalence` or `corrected_prevalence` returns it, with one period ("day", "week",
        "month", "year") in `by`. Beneath corrected shares stands the number of coded units.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in; several panels are its `child_axes`.

    Raises
    ------
    ValueError
        If a column or the period is missing, or there are more lines than can be read.

    Notes
    -----
    Up to four groups share a panel, a panel a frame; more groups get a panel each. A line breaks
    where a period has no articles.

    Examples
    --------
    >>> estimates = pd.DataFrame({"month": pd.to_datetime(["2031-03-01", "2031-04-01"]),
    ...                           "frame": "war", "n": [20, 30], "share": [0.5, 0.2],
    ...                           "low": [0.3, 0.1], "high": [0.7, 0.4],
    ...                           "interval": "Wilson 95 %"})
    >>> ax = plot_trend(estimates)
    >>> [round(float(share)) for share in ax.lines[0].get_ydata()]
    [50, 20]
    """
    trend = _trend(estimates)
    ticks = _ticks(trend.table[["share", "high"]].max().max())
    host, panels, strips = _trend_panels(trend, _intervals(estimates), ax)
    for axes, strip, title in zip(panels, strips, trend.titles, strict=True):
        part = trend.table[trend.table["panel"] == title]
        for line, series in part.groupby("line", sort=False):
            share = series.set_index("period").reindex(trend.every)
            _draw_line(axes, share, trend.lines[str(line)])
        axes.set(ylim=(0, ticks[-1]), xlim=_edges(trend.every, trend.unit), yticks=ticks)
        axes.grid(axis="y", color=RULE, linewidth=0.5)
        _draw_counts(strip, part, trend)
    if len(panels) == 1:
        _name_lines(host, trend)
    return host


def plot_coverage(articles: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many articles each outlet has on every day.

    Parameters
    ----------
    articles : DataFrame
        With the columns `outlet` and `date`.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in, a strip of bars for each outlet.

    Raises
    ------
    KeyError
        If there is no `outlet` or `date`.
    ValueError
        If no article has both an outlet and a date.

    Notes
    -----
    Corpora of more than 150 days are counted by week, of more than three years by month; the
    label says which. Articles with no outlet or no date are counted in the label.

    Examples
    --------
    >>> articles = pd.DataFrame({"outlet": ["Herald", "Herald", "Star"],
    ...                          "date": pd.to_datetime(["2031-03-03", "2031-03-03", None])})
    >>> print(plot_coverage(articles).get_xlabel())
    articles a day (highest bar: 2); not shown: 1 without a date
    """
    keys = group_keys(articles, ["outlet", "day"])
    unit = _readable_unit(keys.dropna()["day"])
    counts = group_keys(articles, ["outlet", unit]).groupby(["outlet", unit]).size()
    every = _all_periods(counts.index.get_level_values(unit).to_series(), unit)
    names = [_counted(str(name), [n]) for name, n in counts.groupby("outlet").sum().items()]
    width = _width(ax, "double")
    labels, heights, label_width = _row_labels(names, width)
    note = f"articles a {unit} (highest bar: {counts.max():,}){_not_shown(keys)}"
    note = wrap(note, width - 20, font_size("axes.labelsize"))
    height = max(*heights, 22) * len(labels) + text_height(note, font_size("axes.labelsize")) + 50
    axes = open_axes(ax, width, height)
    for place, (_, days) in enumerate(counts.groupby("outlet")):
        bars = days.droplevel("outlet")
        bottom, tall = len(labels) - 1 - place, 0.85 * bars / counts.max()
        axes.bar(bars.index, tall, bottom=bottom, width=0.85 * DAYS[unit], color=COLOURS[0])
    axes.set_yticks([place + 0.4 for place in range(len(labels))], labels[::-1])
    axes.set(ylim=(0, len(labels)), xlim=_edges(every, unit))
    axes.hlines(range(len(labels)), *axes.get_xlim(), color=RULE, linewidth=0.5)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(note, loc="right")
    _tick_periods(axes, every, unit, width - label_width - 20)
    return axes


def plot_matches(
    matches: pd.DataFrame,
    *,
    frame: str | Sequence[str] | None = None,
    top: int = 8,
    ax: Axes | None = None,
) -> Axes:
    """Draw which words made each frame: its most frequent terms, with their hits.

    Parameters
    ----------
    matches : DataFrame
        With the columns `frame`, `term` and `n`.
    frame : str or list of str, optional
        Frames to draw; by default all of them.
    top : int
        Terms a frame.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in; several frames are its `child_axes`.

    Raises
    ------
    KeyError
        If a frame is not in the table.
    ValueError
        If a column is missing or no frame has a hit.

    Notes
    -----
    Every frame has its own scale, so bars compare terms of one frame; the numbers are hits.

    Examples
    --------
    >>> matches = pd.DataFrame({"frame": "war", "term": ["troops", "war"], "n": [3, 9]})
    >>> ax = plot_matches(matches)
    >>> [label.get_text() for label in ax.get_yticklabels()], ax.get_title(loc="left")
    (['war', 'troops'], 'war (2\\xa0terms)')
    """
    if top < 1:
        raise ValueError(f"top={top!r} must be at least 1.")
    terms, size = _terms(_chosen(matches, frame)), font_size("ytick.labelsize")
    frames = list(terms["frame"].unique())
    width = _width(ax, "double" if len(frames) > 1 else "single")
    best = terms[terms["n"] > 0].groupby("frame", sort=False).head(top)
    best = best.assign(text=[wrap(plain(term), 0.3 * width, size) for term in best["term"]])
    best = best.assign(height=[text_height(text, size) + 2 for text in best["text"]])
    labels = max(text_width(text, size) for text in best["text"]) + 8
    counts = terms[terms["n"] > 0]["frame"].value_counts().reindex(frames, fill_value=0)
    titles = [_of_terms(name, total, top) for name, total in counts.items()]
    grid = plan_grid(titles, width - labels - 10, least=80, beside=labels + 12, below=6)
    deepest = float(best.groupby("frame")["height"].sum().max())
    host = open_axes(ax, width, grid.height(deepest) + 30)
    panels = grid.panels(host)
    for axes, name in zip(panels, frames, strict=True):
        _draw_terms(axes, best[best["frame"] == name], deepest)
    host.set_xlabel("hits; each frame has its own scale" if len(panels) > 1 else "hits")
    return host


def plot_heatmap(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw shares of groups × frames as shaded cells with the per cent written in.

    Parameters
    ----------
    table : DataFrame
        As `prevalence` returns it; or a row a group, a column a frame, shares from 0 to 1.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in.

    Raises
    ------
    ValueError
        If a share is not between 0 and 1.

    Notes
    -----
    Shares have no interval here: use `plot_prevalence` to compare groups. A cell without a share
    stays empty.

    Examples
    --------
    >>> shares = pd.DataFrame({"war": [0.5, 0.2]}, index=["Herald", "Star"])
    >>> [cell.get_text() for cell in plot_heatmap(shares).texts]
    ['50', '20']
    """
    shares = _share_table(table)
    width = _width(ax, "double" if shares.shape[1] > 5 else "single")
    labels, heights, label_width = _row_labels(list(shares.index), width)
    cell = (width - label_width - 16) / shares.shape[1]
    names, turned, head = _column_labels(list(shares.columns), cell)
    axes = open_axes(ax, width, (max(heights) + 3) * len(labels) + head + 24)
    values = shares.to_numpy(dtype=float)
    axes.pcolormesh(values, cmap=SHADES, vmin=0, edgecolors="white", linewidth=0.8)
    axes.set_yticks(np.arange(len(labels)) + 0.5, labels)
    axes.set_xticks(np.arange(len(names)) + 0.5, names, rotation=90 if turned else 0)
    axes.tick_params(length=0)
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    counted = " (n in parentheses)" if "n" in table else ""
    axes.set_xlabel(f"share with the frame, %{counted}", loc="right")
    _write_cells(axes, values, min(font_size("xtick.labelsize"), cell / 1.9))
    return axes


# --- tables ---------------------------------------------------------------------------------


def _tidy(estimates: pd.DataFrame, period: str | None = None) -> pd.DataFrame:
    """Check a table of estimates; return label, frame, n and the shares in per cent."""
    no_group = (*MEASURES, *ESTIMATE_COLUMNS, period)
    groups = [name for name in estimates.columns if name not in no_group]
    missing = [name for name in ESTIMATES if name not in estimates]
    if missing:
        raise ValueError(f"No column {', '.join(missing)}. Make the table with prevalence(...).")
    if "difference" in estimates:
        raise ValueError(
            "`low` and `high` are those of differences here, and not of the shares. Draw "
            "prevalence(...), or corrected differences by plot_correction."
        )
    if estimates.empty:
        raise ValueError("The table has no rows, so there is nothing to draw.")
    twice = int(estimates.duplicated([*groups, *([period] if period else []), "frame"]).sum())
    if twice:
        raise ValueError(
            f"{twice} of {len(estimates)} rows repeat a group and frame. Keep one estimate of "
            "each, or keep the column that tells them apart."
        )
    found = {"label": _labels(estimates, groups), "frame": estimates["frame"].astype(str)}
    percent = {name: 100 * estimates[name].astype(float) for name in ("share", "low", "high")}
    if period:
        found["period"] = estimates[period]
    return pd.DataFrame({**found, "n": _numbers(estimates), **percent}).reset_index(drop=True)


def _numbers(estimates: pd.DataFrame) -> pd.Series:
    """On how many units every share rests: corrected ones on those that people coded."""
    return estimates["n_coded" if "n_coded" in estimates else "n"]


def _labels(table: pd.DataFrame, groups: list[str]) -> pd.Series:
    """One name for every row, from all its group columns."""
    if not groups:
        return pd.Series(ALL, index=table.index)
    texts = [_texts(table[name], name) for name in groups]
    return pd.Series([", ".join(row) for row in zip(*texts, strict=True)], index=table.index)


def _texts(column: pd.Series, unit: str) -> list[str]:
    if pd.api.types.is_datetime64_any_dtype(column):
        return [period_text(day, unit).replace("\n", " ") for day in column]
    return [str(value) for value in column]


def _counted(name: str, n: Any) -> str:
    """Name a group with its n; with a range where n differs between frames."""
    low, high = (f"{round(float(bound), 1):,.10g}" for bound in (min(n), max(n)))
    return f"{name} ({low})" if low == high else f"{name} ({low}–{high})"


def _has_period(estimates: pd.DataFrame) -> bool:
    return any(pd.api.types.is_datetime64_any_dtype(kind) for kind in estimates.dtypes)


def _intervals(estimates: pd.DataFrame) -> str:
    return "; ".join(estimates["interval"].astype(str).unique())


def _rows_and_panels(table: pd.DataFrame) -> pd.DataFrame:
    """Groups as rows and frames as panels; with one group, frames as rows of one panel."""
    counts = {name: _counted(str(name), n) for name, n in table.groupby("label")["n"]}
    counted = table["label"].map(counts)
    if len(counts) == 1:
        return table.assign(row=table["frame"], panel=counted)
    return table.assign(row=counted, panel=table["frame"])


def _row_order(table: pd.DataFrame) -> list[str]:
    """Rows by their mean share, the highest first."""
    mean = table.groupby("row", sort=False)["share"].mean()
    return list(mean.sort_values(ascending=False, kind="stable").index)


def _period_column(estimates: pd.DataFrame) -> str:
    periods = [
        str(name)
        for name, kind in estimates.dtypes.items()
        if pd.api.types.is_datetime64_any_dtype(kind)
    ]
    if len(periods) != 1:
        raise ValueError(
            f"A trend needs one column of dates and the table has {len(periods)}. "
            "Make it with prevalence(..., by=['outlet', 'month'])."
        )
    return periods[0]


class _Trend(NamedTuple):
    """What a trend shows: shares, the number of each line, panels and all periods."""

    table: pd.DataFrame
    lines: dict[str, int]
    titles: list[str]
    every: pd.DatetimeIndex
    unit: str

    @property
    def named(self) -> bool:
        return max(self.lines.values()) > 0

    @property
    def most(self) -> int:
        return int(self.table["n"].max())


def _trend(estimates: pd.DataFrame) -> _Trend:
    unit = _period_column(estimates)
    table = _lines_and_panels(_tidy(estimates, unit))
    titles = list(table["panel"].unique())
    return _Trend(table, _line_numbers(table), titles, _all_periods(table["period"], unit), unit)


def _lines_and_panels(table: pd.DataFrame) -> pd.DataFrame:
    """Decide what is a line and what is a panel, so that few lines share a panel."""
    label, frame = table["label"], table["frame"]
    groups, frames = label.nunique(), frame.nunique()
    if min(groups, frames) > FEW_LINES:
        raise ValueError(
            f"{groups} groups × {frames} frames are {groups * frames} lines, more than can be "
            f"told apart. Choose up to {FEW_LINES} groups or up to {FEW_LINES} frames, e.g. "
            f"estimates[estimates['frame'].isin({list(frame.unique())[:2]})]"
        )
    if groups == 1 < frames <= FEW_LINES:
        return table.assign(line=frame, panel=label)
    if groups <= FEW_LINES:
        return table.assign(line=label, panel=frame)
    return table.assign(line=frame, panel=label)


def _line_numbers(table: pd.DataFrame) -> dict[str, int]:
    """Number the lines for their colours; lines that are alone in a panel all look alike."""
    alone = table.groupby("panel")["line"].nunique().max() == 1
    return {line: 0 if alone else place for place, line in enumerate(table["line"].unique())}


def _all_periods(found: pd.Series, unit: str) -> pd.DatetimeIndex:
    """Every period from the first to the last, also those without articles."""
    if unit not in STEPS:
        return pd.DatetimeIndex(sorted(found.unique()))
    return pd.date_range(found.min(), found.max(), freq=STEPS[unit])


def _readable_unit(days: pd.Series) -> str:
    """Choose the period that leaves bars wide enough to see."""
    if days.empty:
        raise ValueError(
            "No article has both an outlet and a date, so there is nothing to draw. "
            "Look at articles[['outlet', 'date']].isna().sum()"
        )
    span = (days.max() - days.min()).days
    return "day" if span <= 150 else "week" if span <= 3 * 365 else "month"


def _not_shown(keys: pd.DataFrame) -> str:
    missing = keys.rename(columns={"day": "date"}).isna().sum()
    parts = [f"{count:,} without {_article(name)}" for name, count in missing.items() if count]
    return f"; not shown: {', '.join(parts)}" if parts else ""


def _article(name: Any) -> str:
    return f"an {name}" if str(name)[0] in "aeiou" else f"a {name}"


def _chosen(matches: pd.DataFrame, frame: str | Sequence[str] | None) -> pd.DataFrame:
    """Matches of the frames that were asked for."""
    missing = [name for name in ("frame", "term", "n") if name not in matches]
    if missing:
        raise ValueError(
            f"No column {', '.join(missing)}. Make the table with match_codebook(articles, …)."
        )
    known = list(matches["frame"].unique())
    frames = known if frame is None else [frame] if isinstance(frame, str) else list(frame)
    unknown = [str(name) for name in frames if name not in known]
    if unknown:
        raise KeyError(f"No frame {', '.join(unknown)}. Choose from: {', '.join(map(str, known))}")
    chosen = matches[matches["frame"].isin(frames)]
    if not (chosen["n"] > 0).any():
        raise ValueError(
            f"None of the {len(frames)} frames has a hit, so there is nothing to draw. "
            "Look at the patterns: matches[['frame', 'pattern', 'n']]"
        )
    return chosen


def _terms(matches: pd.DataFrame) -> pd.DataFrame:
    """Hits of every term, the most frequent first; a frame without any keeps one row of 0."""
    hits = matches.groupby(["frame", "term"], sort=False, observed=True)["n"].sum().reset_index()
    frames = list(dict.fromkeys(matches["frame"]))
    hits = hits.assign(place=hits["frame"].map(frames.index))
    hits = hits.sort_values(["place", "n", "term"], ascending=[True, False, True], kind="stable")
    return hits[(hits["n"] > 0) | ~hits.duplicated("frame")].drop(columns="place")


def _of_terms(frame: Any, total: int, top: int) -> str:
    """Name a frame and say how many of its terms are shown."""
    many = "1 term" if total == 1 else f"{total:,} terms"
    count = f"({many})" if total <= top else f"({top} of {many})"
    return f"{frame} {count.replace(' ', NO_BREAK)}"


def _share_table(table: pd.DataFrame) -> pd.DataFrame:
    """Groups × frames in per cent, with the labels as they should be read."""
    if {"frame", "share"} <= set(table.columns):
        tidy = _tidy(table)
        counts = {name: _counted(str(name), n) for name, n in tidy.groupby("label")["n"]}
        rows = list(dict.fromkeys(tidy["label"].map(counts)))
        tidy = tidy.assign(row=tidy["label"].map(counts))
        wide = tidy.pivot(index="row", columns="frame", values="share")
        return wide.reindex(index=rows, columns=tidy["frame"].unique())
    shares = 100 * table.astype(float)
    wrong = int(((shares < 0) | (shares > 100)).to_numpy().sum())
    if shares.empty or wrong:
        raise ValueError(
            f"{wrong} of {shares.size} cells are no shares from 0 to 1. "
            "Make the table with prevalence(...)."
        )
    names = table.index.to_frame(index=False)
    return shares.set_axis(_labels(names, list(names.columns)), axis=0).rename(columns=str)


# --- room -----------------------------------------------------------------------------------


def _width(ax: Axes | None, column: str) -> float:
    """Width in points: of the Axes, or of a new figure."""
    return POINTS * WIDTHS[column] if ax is None else slot(ax)[0]


def _row_labels(names: list[str], width: float) -> tuple[list[str], list[float], float]:
    """Wrapped labels of rows, their heights and the width of the widest."""
    size = font_size("ytick.labelsize")
    labels = [wrap(readable(name), 0.36 * width, size) for name in names]
    heights = [text_height(label, size) + 3 for label in labels]
    return labels, heights, max(text_width(label, size) for label in labels)


def _row_panels(
    rows: list[str], titles: list[str], note: str, ax: Axes | None
) -> tuple[Axes, list[Axes], dict[str, float]]:
    """Panels that share their rows, which only the first column names; and the rows' places."""
    width = _width(ax, "double" if len(titles) > 2 else "single")
    labels, heights, label_width = _row_labels(rows, width)
    grid = plan_grid(titles, width - label_width - 20, least=60, beside=16, below=6)
    size = font_size("axes.labelsize")
    note = wrap(note, width - 20, size)
    host = open_axes(ax, width, grid.height(sum(heights)) + text_height(note, size) + 26)
    panels, ends = grid.panels(host), np.cumsum(heights)
    places = [float(end - height / 2) for end, height in zip(ends, heights, strict=True)]
    for number, axes in enumerate(panels):
        axes.set(yticks=places, ylim=(sum(heights), 0))
        axes.set_yticklabels(labels if number % grid.columns == 0 else [""] * len(rows))
        axes.tick_params(axis="y", length=0)
        axes.tick_params(axis="x", labelbottom=grid.is_lowest(number))
    host.set_xlabel(note, loc="right", labelpad=18 if len(panels) > 1 else 4)
    return host, panels, dict(zip(rows, places, strict=True))


def _trend_panels(
    trend: _Trend, intervals: str, ax: Axes | None
) -> tuple[Axes, list[Axes], list[Axes]]:
    """Panels with room for counts beneath and for the names of lines beside or above."""
    alone, size = len(trend.titles) == 1, font_size("axes.labelsize")
    width = _width(ax, "single" if alone else "double")
    names = [text_width(name, size) for name in _line_names(trend, width).values()]
    free = width - 50 - (max(names, default=0) + 8 if alone else 0)
    grid = plan_grid(trend.titles, free, least=110, beside=28, below=STRIP + 1.4 * size)
    unit = PERIOD_TEXTS.get(trend.unit, trend.unit)
    note = wrap(f"{unit} (bands: {intervals})", free + 40, size)
    hang = STRIP + 2 * size + 2 * text_height("", size)
    height = grid.height(110 if alone else 80) + hang + text_height(note, size) + 28
    host = open_axes(ax, width, height)
    panels = grid.panels(host)
    if trend.titles == [ALL]:
        host.set_title("", loc="left")
    strips = [_strip(trend, grid, number, axes) for number, axes in enumerate(panels)]
    host.set_xlabel(note, loc="right", labelpad=hang)
    beside = text_width(f"n {trend.most:,}", font_size("ytick.labelsize")) + 10
    host.set_ylabel("share with the frame, %", labelpad=4 if alone else max(beside, 3 * size))
    if not alone and trend.named:
        _line_legend(host, trend, width)
    return host, panels, strips


def _strip(trend: _Trend, grid: Grid, number: int, axes: Axes) -> Axes:
    """Room for counts under a panel, on the same periods; labels only on the outer panels."""
    strip = axes.inset_axes((0, -0.3, 1, 0.2), sharex=axes)
    gap = 0.9 * font_size("ytick.labelsize")
    strip.set_axes_locator(Beneath(axes, gap=gap, height=STRIP))
    _tick_periods(axes, trend.every, trend.unit, grid.panel)
    axes.tick_params(labelbottom=False, labelleft=number % grid.columns == 0)
    strip.tick_params(labelbottom=grid.is_lowest(number), labelleft=number % grid.columns == 0)
    strip.set(ylim=(0, trend.most), yticks=[trend.most])
    strip.set_yticklabels([f"n {trend.most:,}"], va="top")
    return strip


def _line_names(trend: _Trend, width: float) -> dict[str, str]:
    """What to write beside each line: its marker and its name; nothing for a lone line."""
    size, names = font_size("axes.labelsize"), {}
    for line, number in trend.lines.items() if trend.named else ():
        names[line] = wrap(f"{GLYPHS[MARKERS[number]]} {readable(line)}", 0.34 * width, size)
    return names


def _line_legend(host: Axes, trend: _Trend, width: float) -> None:
    """A legend above the panels, for lines that run through several of them."""
    styles = [
        Line2D([], [], markersize=3.5, **_line_style(number)) for number in trend.lines.values()
    ]
    size = font_size("legend.fontsize")
    names = [wrap(readable(line), 0.4 * width, size) for line in trend.lines]
    widest = max(text_width(name, size) for name in names) + 5 * size
    columns = max(int((width - 40) // widest), 1)
    place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0.2}
    host.legend(styles, names, ncols=min(columns, len(names)), frameon=False, **place)


def _tick_periods(axes: Axes, every: pd.DatetimeIndex, unit: str, room: float) -> None:
    """Write as many periods under an axis as fit, the year only where it changes."""
    widest = text_width(
        "2031" if unit in ("month", "year") else "28 Mar", font_size("xtick.labelsize")
    )
    step = -(-len(every) // max(int(room // (widest + 9)), 1))
    days = list(every[::step])
    new = [True, *(one.year != two.year for one, two in pairwise(days))]
    labels = [period_text(day, unit, year=first) for day, first in zip(days, new, strict=True)]
    axes.set_xticks(date2num(days), labels)


# --- marks ----------------------------------------------------------------------------------


def _ticks(highest: float, *, parts: int = 4) -> list[float]:
    """Per cent from 0 in at most so many round steps, to at least the highest."""
    steps = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50)
    step = next((step for step in steps if highest <= parts * step), 50)
    return [step * k for k in range(parts + 1) if step * (k - 1) < highest]


def _edges(every: pd.DatetimeIndex, unit: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Half a period more on both sides."""
    margin = pd.Timedelta(days=0.6 * DAYS.get(unit, 1))
    return every[0] - margin, every[-1] + margin


def _line_style(number: int) -> dict[str, Any]:
    return {"color": COLOURS[number], "marker": MARKERS[number], "linestyle": LINES[number]}


def _draw_line(axes: Axes, series: pd.DataFrame, number: int) -> None:
    """A line with its band; a period between two empty ones gets a bar for its interval."""
    size = 3.5 if len(series) <= 60 else 1.5
    axes.plot(
        series.index,
        series["share"],
        linewidth=1.2,
        markersize=size,
        clip_on=False,
        **_line_style(number),
    )
    band: dict[str, Any] = {"color": COLOURS[number], "alpha": 0.16, "linewidth": 0}
    axes.fill_between(series.index, series["low"], series["high"], **band)
    empty = series["share"].isna()
    lonely = series[~empty & empty.shift(fill_value=True) & empty.shift(-1, fill_value=True)]
    axes.vlines(lonely.index, lonely["low"], lonely["high"], color=COLOURS[number], linewidth=0.8)


def _draw_counts(strip: Axes, part: pd.DataFrame, trend: _Trend) -> None:
    """Bars of n in every period, one colour a line where lines have different n."""
    counts = part.pivot(index="period", columns="line", values="n")
    if (counts.nunique(axis=1) == 1).all():
        counts = counts.max(axis=1).to_frame("all lines")
    total = 0.85 * DAYS.get(trend.unit, 1)
    for place, (line, n) in enumerate(counts.items()):
        shift = total * ((place + 0.5) / counts.shape[1] - 0.5)
        colour = COLOURS[trend.lines[str(line)]] if counts.shape[1] > 1 else "#8c8c8c"
        strip.bar(date2num(n.index) + shift, n, width=total / counts.shape[1], color=colour)


def _name_lines(axes: Axes, trend: _Trend) -> None:
    """Write the name of every line at its right end."""
    names = _line_names(trend, slot(axes)[0])
    size = font_size("axes.labelsize")
    height = 0.85 * max(slot(axes)[1] - STRIP - 7 * size, size)
    last = trend.table.sort_values("period", kind="stable").groupby("line")["share"].last()
    ends = [last[line] for line in names]
    wanted = [end / axes.get_ylim()[1] * height for end in ends]
    placed = spread(wanted, [text_height(name, size) for name in names.values()], height)
    for line, end, want, place in zip(names, ends, wanted, placed, strict=True):
        axes.annotate(
            names[line],
            (1, end),
            xycoords=("axes fraction", "data"),
            xytext=(5, place - want),
            textcoords="offset points",
            va="center",
            fontsize=size,
            color=_darker(COLOURS[trend.lines[line]]),
        )


def _darker(colour: str) -> tuple[float, ...]:
    """A colour dark enough for text."""
    return tuple(0.65 * part for part in to_rgb(colour))


def _draw_terms(axes: Axes, part: pd.DataFrame, deepest: float) -> None:
    """Bars of hits with their number at the end."""
    axes.set(xticks=[], yticks=[], ylim=(deepest, 0))
    axes.spines["bottom"].set_visible(False)
    if part.empty:
        axes.spines["left"].set_visible(False)
        return
    places = part["height"].cumsum() - part["height"] / 2
    axes.barh(places, part["n"], color=COLOURS[0], height=0.8 * part["height"].min())
    shift: dict[str, Any] = {"xytext": (3, 0), "textcoords": "offset points", "va": "center"}
    for place, n in zip(places, part["n"], strict=True):
        axes.annotate(f"{n:,}", (n, place), fontsize=font_size("xtick.labelsize"), **shift)
    axes.set_yticks(places, part["text"])
    axes.set_xlim(0, 1.4 * part["n"].max())
    axes.tick_params(axis="y", length=0)


def _column_labels(names: list[str], cell: float) -> tuple[list[str], bool, float]:
    """Names of columns, upright where they are too wide; and the height they need."""
    size = font_size("xtick.labelsize")
    flat = [wrap(readable(name), cell - 4, size) for name in names]
    if all(text_width(name, size) <= cell - 4 for name in flat):
        return flat, False, max(text_height(name, size) for name in flat)
    for limit in (80.0, 120.0, 160.0, np.inf):
        upright = [wrap(readable(name), limit, size) for name in names]
        if all(text_height(name, size) <= cell for name in upright):
            break
    return upright, True, max(text_width(name, size) for name in upright)


def _write_cells(axes: Axes, values: np.ndarray, size: float) -> None:
    """Write the per cent in every cell, in white on dark."""
    dark = 0.65 * np.nanmax(values)
    for (row, column), value in np.ndenumerate(values):
        if not np.isnan(value):
            colour = "white" if value > dark else INK
            place: dict[str, Any] = {
                "ha": "center",
                "va": "center",
                "fontsize": size,
                "color": colour,
            }
            axes.text(column + 0.5, row + 0.5, _per_cent(value), **place)


def _per_cent(value: float) -> str:
    return "<1" if 0 < value < 0.5 else ">99" if 99.5 <= value < 100 else f"{value:.0f}"
