"""Draw which words divide groups, and which of two words each chooses."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter

from framing.show.panels import (
    POINTS,
    Grid,
    canvas,
    figure_of,
    font_size,
    open_axes,
    period_text,
    plain,
    plan_grid,
    slot,
    text_height,
    text_width,
    wrap,
)
from framing.show.plots import INK, RULE, _darker, _width, plot_prevalence, plot_trend
from framing.show.style import COLOURS

KINDS = ("funnel", "bars")
COLUMNS = ("group", "reference", "term", "n_target", "n_reference", "z", "p_adjusted")
WORDS = ("a", "b", "n_a", "n_b", "share", "low", "high", "interval")
ALPHA = 0.05
MORE, LESS, NEITHER = COLOURS[0], COLOURS[2], "#b8b8b8"
PALE = {MORE: "#b9c8dc", LESS: "#e6c3c0"}
GAP = 2.0  # points between a mark and its label
FUNNEL = 130.0  # height of a panel in points
WIDEST = 75.0  # of a line of a term beside its bar, in points
SHORTEST = 30.0  # room for bars beyond that for terms, which stand on their empty side
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
APART = 6.0  # points between two labels of ticks
Extent = Callable[[str, float], float]
EDGE = 4.0  # points that a label of a tick may reach over the end of its axis


class _Box(NamedTuple):
    """A rectangle in points."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: "_Box") -> bool:
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.top <= other.bottom or other.top <= self.bottom)

    def inside(self, other: "_Box") -> bool:
        across = other.left <= self.left and self.right <= other.right
        return across and other.bottom <= self.bottom and self.top <= other.top

    def wider(self, by: float) -> "_Box":
        return self._replace(left=self.left - by, right=self.right + by)

    @property
    def middle(self) -> np.ndarray:
        return np.array([(self.left + self.right) / 2, (self.bottom + self.top) / 2])

    def distances(self, places: np.ndarray) -> np.ndarray:
        """How far each place is from the nearest edge; 0 inside."""
        across = np.maximum(self.left - places[:, 0], places[:, 0] - self.right)
        up = np.maximum(self.bottom - places[:, 1], places[:, 1] - self.top)
        return np.hypot(np.maximum(across, 0), np.maximum(up, 0))


class _Hindrances(NamedTuple):
    """What a label has to keep clear of: the edges, all dots, strong dots, other labels."""

    room: _Box
    dots: np.ndarray
    strong: np.ndarray
    boxes: list[_Box]

    def leave(self, box: _Box, own: np.ndarray, *, strict: bool) -> bool:
        """Tell whether a label may stand there: nearest to its dot and, if strict, on no dot."""
        if not box.inside(self.room) or any(box.overlaps(other) for other in self.boxes):
            return False
        if strict and box.distances(self.dots).min() < 0.5:
            return False
        rivals = self.strong[(self.strong != own).any(axis=1)]
        return bool(box.distances(own[np.newaxis])[0] < box.distances(rivals).min(initial=np.inf))


def plot_keyness(
    table: pd.DataFrame, *, kind: str = "funnel", top: int = 8, ax: Axes | None = None
) -> Axes:
    """Draw the terms that divide groups: all of them, or the strongest.

    Parameters
    ----------
    table : DataFrame
        As `keyness` returns it; a panel a comparison.
    kind : {"funnel", "bars"}
        "funnel": a dot a term, how often it is used against its z. "bars": the terms with the
        highest and lowest z, with their uses in the group and in its reference.
    top : int
        Terms to name on each side.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in; several comparisons are its `child_axes`.

    Raises
    ------
    ValueError
        If a column is missing, there is no row, or `kind` or `top` is out of range.

    Notes
    -----
    Strong colours mark terms with an adjusted p below .05, in the test that takes articles and
    not words for evidence. In a funnel a name is left out where there is no room for it.

    Examples
    --------
    >>> table = pd.DataFrame({"group": "Herald", "reference": "Star", "term": ["rebels", "war"],
    ...                       "n_target": [2, 9], "n_reference": [8, 4], "z": [-2.5, 1.5],
    ...                       "p_adjusted": [0.01, 0.4]})
    >>> ax = plot_keyness(table, kind="bars")
    >>> [text.get_text() for text in ax.texts]
    ['war', '9 : 4', 'rebels', '2 : 8']
    """
    _check(table, kind, top)
    parts = _parts(table.reset_index(drop=True), kind, top)
    width = _width(ax, "single" if len(parts) == 1 else "double")
    note = wrap(_note(table, kind), width - 30, font_size("axes.labelsize"))
    draw = _draw_bars if kind == "bars" else _draw_funnels
    return draw(parts, _Sheet(ax, width, note), top)


def plot_compare_words(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how often one word was chosen rather than another, over time or by group.

    Parameters
    ----------
    table : DataFrame
        As `compare_words` returns it.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in; several panels are its `child_axes`.

    Raises
    ------
    ValueError
        If a column is missing, the table compares several pairs of words, or has no hit.

    Notes
    -----
    With a period in the table it is a line over time, with bands and a strip for the number of
    hits; else a dot a group. Groups without a hit are not drawn.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["Herald", "Star"], "a": "terrorist*", "b": "rebel*",
    ...                       "n_a": [2, 8], "n_b": [8, 2], "share": [0.2, 0.8],
    ...                       "low": [0.1, 0.5], "high": [0.5, 0.9], "interval": "Wilson 95 %"})
    >>> ax = plot_compare_words(table)
    >>> ax.get_title(loc="left")
    'terrorist* rather than rebel*'
    """
    estimates = _as_estimates(table)
    words = str(estimates["frame"].iloc[0])
    if not any(pd.api.types.is_datetime64_any_dtype(kind) for kind in estimates.dtypes):
        host = plot_prevalence(estimates.dropna(subset=["share"]), ax=ax)
        _relabel(host, "share with the frame, %", "share of hits, %")
        return host
    host = plot_trend(estimates, ax=ax)
    _relabel(host, ")", "; n: hits of either)")
    width = 0.75 * slot(host)[1]
    label = "share of hits, %" if not host.child_axes[1:] else f"{plain(words)}, %"
    host.set_ylabel(wrap(label, width, font_size("axes.labelsize")), labelpad=_pad(host))
    return host


class _Sheet(NamedTuple):
    """Where to draw, how wide it is in points, and the note beneath."""

    ax: Axes | None
    width: float
    note: str

    def open(self, grid: Grid, panel: float) -> tuple[Axes, list[Axes]]:
        """The Axes that hold all panels of this height, and the panels."""
        foot = text_height(self.note, font_size("axes.labelsize")) + 26
        host = open_axes(self.ax, self.width, grid.height(panel) + foot)
        panels = grid.panels(host)
        host.set_xlabel(self.note, loc="right", labelpad=18 if len(panels) > 1 else 4)
        return host, panels


# --- tables ---------------------------------------------------------------------------------


def _check(table: pd.DataFrame, kind: str, top: int) -> None:
    missing = [name for name in COLUMNS if name not in table]
    problems = []
    if missing:
        problems.append(f"No column {', '.join(missing)}. Make the table with keyness(...).")
    elif table.empty:
        problems.append("The table has no rows, so there is nothing to draw.")
    if kind not in KINDS:
        problems.append(f"kind={kind!r}: choose one of {', '.join(KINDS)}.")
    if top < 1:
        problems.append(f"top={top!r} must be at least 1.")
    if problems:
        raise ValueError("\n".join(problems))


def _parts(table: pd.DataFrame, kind: str, top: int) -> dict[str, pd.DataFrame]:
    """The rows to draw of every comparison, by its title."""
    unit = _unit(table["group"])
    found = table.groupby(["group", "reference"], sort=True, observed=True)
    return {_title(unit, *pair): _strongest(part, kind, top) for pair, part in found}


def _unit(group: pd.Series) -> str:
    """What periods to name: years or months, if all groups begin one."""
    if not pd.api.types.is_datetime64_any_dtype(group) or (group.dt.day > 1).any():
        return "day"
    return "month" if (group.dt.month > 1).any() or group.nunique() == 1 else "year"


def _title(unit: str, group: Any, reference: Any) -> str:
    """Name a comparison."""
    names = [
        period_text(name, unit).replace("\n", " ") if isinstance(name, pd.Timestamp) else str(name)
        for name in (group, reference)
    ]
    return names[0] if reference in ("the rest", "before") else f"{names[0]} against {names[1]}"


def _strongest(part: pd.DataFrame, kind: str, top: int) -> pd.DataFrame:
    """The terms to draw, the highest z first."""
    ordered = part.sort_values(["z", "term"], ascending=[False, True], kind="stable")
    ordered = ordered.assign(colour=_colours(ordered, strong_only=kind == "funnel"))
    if kind == "funnel":
        return ordered
    more, less = ordered[ordered["z"] >= 0], ordered[ordered["z"] < 0]
    return pd.concat([more.head(top), less.tail(top)])


def _colours(part: pd.DataFrame, *, strong_only: bool) -> list[str]:
    """Strong where p is low; pale, or grey, elsewhere."""
    side = np.where(part["z"] > 0, MORE, LESS)
    strong = part["p_adjusted"] < ALPHA
    weak = [NEITHER if strong_only else PALE[colour] for colour in side]
    return [str(a if ok else b) for a, ok, b in zip(side, strong, weak, strict=True)]


def _note(table: pd.DataFrame, kind: str) -> str:
    """What is drawn, in words."""
    references = {str(name) for name in table["reference"]}
    other = {"the rest": "the rest", "before": "all before it"}
    against = other.get(references.pop(), "the other") if len(references) == 1 else "the other"
    stories = "interval" in table and table["interval"].str.endswith("story").all()
    colour = f"strong colour: adjusted p < .05, by {'story' if stories else 'article'}"
    if kind == "funnel":
        return f"uses of the term in both, log scale (against {against}; {colour})"
    return f"z, and uses in the group : in {against} ({colour})"


def _as_estimates(table: pd.DataFrame) -> pd.DataFrame:
    """Shares in the columns that the plots of prevalence take."""
    missing = [name for name in WORDS if name not in table]
    if missing:
        raise ValueError(
            f"No column {', '.join(missing)}. Make the table with compare_words(articles, …)."
        )
    n_pairs = len(table[["a", "b"]].drop_duplicates())
    if n_pairs > 1:
        raise ValueError(f"The table compares {n_pairs} pairs of words: draw one at a time.")
    if table["share"].notna().sum() == 0:
        raise ValueError("None of the words was found, so there is nothing to draw.")
    words = table["a"] + " rather than " + table["b"]
    estimates = table.assign(frame=words, n=table["n_a"] + table["n_b"])
    return estimates.drop(columns=["a", "b", "n_a", "n_b", "n_articles"], errors="ignore")


def _relabel(host: Axes, old: str, new: str) -> None:
    """Put other words in the note under a plot, and wrap it again."""
    lines = host.get_xlabel().split("\n")
    size = font_size("axes.labelsize")
    widest = max(text_width(line, size) for line in lines)
    room = max(widest, 0.8 * slot(host)[0])
    note = wrap(" ".join(lines).replace(old, new, 1), room, size)
    host.set_xlabel(note, loc="right", labelpad=host.xaxis.labelpad)


def _pad(host: Axes) -> float:
    return float(host.yaxis.labelpad)


# --- bars -----------------------------------------------------------------------------------


def _draw_bars(parts: dict[str, pd.DataFrame], sheet: _Sheet, top: int) -> Axes:
    """Bars to both sides of 0, on one scale for all panels; long terms on several lines."""
    tables = [_with_text(part) for part in parts.values()]
    every, deepest = pd.concat(tables), max(part["height"].sum() for part in tables)
    least = max(150.0, sum(_beside(every)) + SHORTEST)
    grid = plan_grid(list(parts), sheet.width - 12, least=least, beside=12, below=16)
    host, panels = sheet.open(grid, deepest)
    limits = _bar_limits(every, grid.panel)
    ticks = _z_ticks(_reach(every), limits, grid.panel, text_width)
    for axes, part in zip(panels, tables, strict=True):
        places = part["height"].cumsum() - part["height"] / 2
        axes.barh(places, part["z"], color=part["colour"], height=0.72 * every["height"].min())
        axes.axvline(0, color=INK, linewidth=0.6)
        axes.set(xlim=limits, xticks=ticks, yticks=[], ylim=(deepest, 0))
        axes.spines["left"].set_visible(False)
        _write_bars(axes, part, places)
    return host


def _with_text(part: pd.DataFrame) -> pd.DataFrame:
    """The term as it is written, on several lines if it is long, and the height of its row."""
    size = font_size("ytick.labelsize")
    texts = [wrap(plain(term), WIDEST, size) for term in part["term"]]
    return part.assign(text=texts, height=[text_height(text, size) + 1 for text in texts])


def _z_ticks(
    reach: tuple[float, float], limits: tuple[float, float], length: float, extent: Extent
) -> list[float]:
    """Round values of z, few enough for their labels, whose extent along the axis is given."""
    ticks, size = [0.0], font_size("xtick.labelsize")
    for step in STEPS:
        if (reach[1] - reach[0]) / step > 5:
            continue
        ticks = [float(step * k) for k in range(-int(-reach[0] // step), int(reach[1] // step) + 1)]
        most = max(extent(f"{tick:g}", size) for tick in ticks)
        if step * length / (limits[1] - limits[0]) >= most + APART:
            break
    return ticks


def _reach(every: pd.DataFrame) -> tuple[float, float]:
    return float(min(every["z"].min(), 0)), float(max(every["z"].max(), 0))


def _beside(every: pd.DataFrame) -> tuple[float, float]:
    """Room for the terms to the left and to the right of 0, in points."""
    size, more = font_size("ytick.labelsize"), every["z"].to_numpy() > 0
    names = np.array([text_width(text, size) + 8 for text in every["text"]])
    return float(names[more].max(initial=4)), float(names[~more].max(initial=4))


def _write_bars(axes: Axes, part: pd.DataFrame, places: pd.Series) -> None:
    """Write the term on the empty side of each bar, and its uses at the end."""
    size = font_size("ytick.labelsize")
    shift: dict[str, Any] = {"textcoords": "offset points", "va": "center"}
    for place, z, text, use in zip(places, part["z"], part["text"], _uses(part), strict=True):
        sign, near, far = (1, "left", "right") if z > 0 else (-1, "right", "left")
        lines: dict[str, Any] = {"ha": far, "fontsize": size, "linespacing": 1.1}
        axes.annotate(text, (0, place), (-3 * sign, 0), **lines, **shift)
        grey: dict[str, Any] = {"fontsize": 0.85 * size, "color": "#5c5c5c", **shift}
        axes.annotate(use, (z, place), (3 * sign, 0), ha=near, **grey)


def _uses(part: pd.DataFrame) -> list[str]:
    return [f"{a:,} : {b:,}" for a, b in zip(part["n_target"], part["n_reference"], strict=True)]


def _bar_limits(every: pd.DataFrame, width: float) -> tuple[float, float]:
    """The largest scale that leaves room for terms on the empty side and for uses at the ends."""
    more, (left, right) = every["z"].to_numpy() > 0, _beside(every)
    small = 0.85 * font_size("ytick.labelsize")
    ends = np.array([text_width(use, small) + 8 for use in _uses(every)])
    zeros = np.linspace(left, max(width - right, left), 101)[:, np.newaxis]
    room = np.where(more, width - zeros, zeros) - ends
    units = (every["z"].abs().to_numpy() / np.maximum(room, 1)).max(axis=1)
    best = int(units.argmin())
    zero, unit = float(zeros[best, 0]), float(units[best]) or 1.0
    return -unit * zero, unit * max(width - zero, 1)


# --- funnel ---------------------------------------------------------------------------------


def _draw_funnels(parts: dict[str, pd.DataFrame], sheet: _Sheet, top: int) -> Axes:
    """Dots on scales that all panels share, and names where there is room."""
    every = pd.concat(parts.values())
    apart = 4.0 if len(parts) == 1 else _beside_funnel(every) + 4
    left = _beside_funnel(every) + 4 + 1.2 * font_size("axes.labelsize")
    grid = plan_grid(list(parts), sheet.width - left - 6, least=150, beside=12, below=16)
    height = FUNNEL if len(parts) > 1 else 1.6 * FUNNEL
    host, panels = sheet.open(grid, height)
    _scatter(panels, list(parts.values()), grid.columns)
    _scale(panels, every, grid.panel, height)
    host.set_ylabel("z of the log odds", labelpad=apart)
    figure_of(host).draw_without_rendering()  # only now it is known where the dots are
    for axes, part in zip(panels, parts.values(), strict=True):
        _name_dots(axes, part, top)
    return host


def _beside_funnel(every: pd.DataFrame) -> float:
    """Room for the labels of the ticks beside a funnel, and for the ticks, in points."""
    most = 1.16 * float(every["z"].abs().max())  # the scale reaches a little further
    widest = f"\N{MINUS SIGN}{most:.0f}" if most > 6 else f"\N{MINUS SIGN}{most:.1f}"
    return text_width(widest, font_size("ytick.labelsize")) + 8


def _scatter(panels: list[Axes], parts: list[pd.DataFrame], columns: int) -> None:
    for number, (axes, part) in enumerate(zip(panels, parts, strict=True)):
        uses = part["n_target"] + part["n_reference"]
        strong = part["colour"] != NEITHER
        # Thousands of rare words share their places: drawn once at each, a file stays small.
        weak = part.assign(uses=uses)[~strong].drop_duplicates(["uses", "z"])
        for chosen, dot in ((weak, 3.0), (part[strong], 9.0)):
            axes.scatter(uses[chosen.index], chosen["z"], s=dot, c=chosen["colour"], linewidths=0)
        axes.axhline(0, color=RULE, linewidth=0.8, zorder=0)
        axes.tick_params(labelleft=number % columns == 0)
        axes.tick_params(labelbottom=number + columns >= len(panels))


def _scale(panels: list[Axes], every: pd.DataFrame, width: float, height: float) -> None:
    """Give all funnels the same scales, with ticks whose labels do not meet."""
    n = every["n_target"] + every["n_reference"]
    across = (0.75 * float(n.min()), 1.6 * float(n.max()))
    lowest, highest = _reach(every)
    margin = 0.08 * (highest - lowest) or 1.0
    up = (lowest - margin, highest + margin)
    ticks, levels = _use_ticks(across, width), _z_ticks(up, up, height, text_height)
    for axes in panels:
        axes.set_xscale("log")
        axes.set(xlim=across, ylim=up, xticks=ticks, yticks=levels)
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.xaxis.set_minor_formatter(NullFormatter())


def _use_ticks(limits: tuple[float, float], width: float) -> list[int]:
    """Round numbers of uses on a log scale: 1, 2, 5, 10 … or fewer, as their labels allow."""
    size, scale = font_size("xtick.labelsize"), width / np.log(limits[1] / limits[0])
    decades = range(len(str(int(limits[1]))))
    ticks: list[int] = []
    for digits, step in (((1, 2, 5), 1), ((1, 3), 1), ((1,), 1), ((1,), 2), ((1,), 3)):
        every = [digit * 10**k for k in decades[::step] for digit in digits]
        places = {tick: scale * np.log(tick / limits[0]) for tick in every}
        half = {tick: text_width(f"{tick:,}", size) / 2 for tick in every}
        ticks = [
            tick
            for tick in every
            if places[tick] - half[tick] >= -EDGE and places[tick] + half[tick] <= width + EDGE
        ]
        ends = [(places[a] + half[a], places[b] - half[b]) for a, b in pairwise(ticks)]
        if all(right + APART <= left for right, left in ends):
            break
    return ticks


def _name_dots(axes: Axes, part: pd.DataFrame, top: int) -> None:
    """Write the strongest terms beside their dots, where a place is free."""
    size, point = 0.9 * font_size("xtick.labelsize"), canvas(axes).dpi / POINTS
    dots = np.column_stack([part["n_target"] + part["n_reference"], part["z"]]).astype(float)
    places = axes.transData.transform(dots) / point
    room = _Box(*(side / point for side in axes.bbox.extents))
    strong = part["colour"].to_numpy() != NEITHER
    hindrances = _Hindrances(room, places, places[strong], [])
    for row in _to_name(part["z"].to_numpy(), strong, top):
        term = plain(part["term"].iloc[row])
        wanted = (text_width(term, size), 1.1 * size)
        box = _free_box(places[row], wanted, hindrances, strict=True)
        if box is None and strong[row]:
            box = _free_box(places[row], wanted, hindrances, strict=False)
        if box is not None:
            hindrances.boxes.append(box.wider(1.5 * GAP))  # or two names would read as one
            _write(axes, term, dots[row], box.middle - places[row], part["colour"].iloc[row])


def _write(axes: Axes, term: str, dot: np.ndarray, shift: np.ndarray, colour: str) -> None:
    style: dict[str, Any] = {"ha": "center", "va": "center", "textcoords": "offset points"}
    style["fontsize"] = 0.9 * font_size("xtick.labelsize")
    style["color"] = "#5c5c5c" if colour == NEITHER else _darker(colour)
    label = axes.annotate(term, tuple(dot), tuple(shift), **style)
    label.set_in_layout(False)


def _to_name(z: np.ndarray, strong: np.ndarray, top: int) -> list[int]:
    """Rows to name on each side: first those in a strong colour, by their z, then the others."""
    order = np.lexsort((np.arange(len(z)), -np.abs(z), ~strong))
    rows = [*order[z[order] > 0][:top], *order[z[order] < 0][:top]]
    return [int(row) for row in order if row in rows]


def _around(place: np.ndarray, across: float, up: float) -> _Box:
    return _Box(place[0] - across, place[1] - up, place[0] + across, place[1] + up)


def _free_box(
    place: np.ndarray, size: tuple[float, float], hindrances: _Hindrances, *, strict: bool
) -> _Box | None:
    """The first free place around a dot: right, left, above, below, then at the corners."""
    across, up = size[0] / 2, size[1] / 2
    for step in (0.0, 4.0, 8.0):
        right, over = GAP + 1.5 + across + step, GAP + up + step
        for x, y in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)]:
            box = _around(place + np.array([x * right, y * over]), across, up)
            if hindrances.leave(box, place, strict=strict):
                return box
    return None
