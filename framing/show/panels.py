"""Room for labels: measure text, wrap it, and lay small multiples inside one Axes."""

import warnings
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise, product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import Locator
from matplotlib.transforms import Bbox

from framing.corpus.callers import callers_level

POINTS = 72.0  # an inch
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LINE = 1.25  # height of a line of text, in font sizes
APART = 3.0  # points between two numbers of a scale
OVER = 7.0  # points by which a number may reach over the edge of its panel
STEPS = (1, 2, 3, 4, 5)  # times a power of ten, between the numbers of a scale


def font_size(key: Any) -> float:
    """Return a font size of the current style in points, e.g. of "xtick.labelsize"."""
    return float(FontProperties(size=rcParams[key]).get_size_in_points())


def text_width(text: str, size: float) -> float:
    """Return the width of the widest line in points."""
    font, lines = FontProperties(size=size), text.replace(r"\$", "$").split("\n")
    return max(text_to_path.get_text_width_height_descent(line, font, False)[0] for line in lines)


def text_height(text: str, size: float) -> float:
    """Return the height of all lines in points."""
    return LINE * size * (text.count("\n") + 1)


def wrap(text: str, width: float, size: float) -> str:
    """Break a text at spaces so that no line is wider than `width` points, if it can be helped."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def shorten(text: str, width: float, size: float) -> str:
    """Cut a text that is wider than `width` points, and end it with an ellipsis."""
    if text_width(text, size) <= width:
        return text

    def cut(n: int) -> str:
        return text[:n].rstrip("\\ ") + "…"

    lengths = range(1, len(text))
    return cut(bisect_right(lengths, width, key=lambda n: text_width(cut(n), size)))


def plain(text: Any) -> str:
    """Return a text that Matplotlib writes as it is, even with two dollar signs."""
    return str(text).replace("$", r"\$")


def readable(name: Any) -> str:
    """Return a name as it should stand in a figure, without underscores."""
    return plain(name).replace("_", " ")


def period_text(day: pd.Timestamp, unit: str, *, year: bool = True) -> str:
    """Return the first day of a period in words that do not depend on the locale."""
    if unit == "year":
        return str(day.year)
    month = MONTHS[day.month - 1]
    name = month if unit == "month" else f"{day.day} {month}"
    return f"{name}\n{day.year}" if year else name


def spread(wanted: list[float], sizes: list[float], limit: float) -> list[float]:
    """Move labels apart along a line of that length until none overlaps another."""
    placed = list(wanted)
    order = sorted(range(len(placed)), key=placed.__getitem__)
    floor, ceiling = 0.0, limit
    for k in order:
        placed[k] = max(placed[k], floor + sizes[k] / 2)
        floor = placed[k] + sizes[k] / 2
    for k in reversed(order):
        placed[k] = min(placed[k], ceiling - sizes[k] / 2)
        ceiling = placed[k] - sizes[k] / 2
    return placed


def slot(ax: Axes) -> tuple[float, float]:
    """Return width and height in points that an Axes and its labels may fill."""
    place: Any = ax.get_subplotspec()
    box = ax.bbox if place is None else canvas(ax).bbox
    width, height = (side * POINTS / canvas(ax).dpi for side in (box.width, box.height))
    if place is None:
        return width, height
    grid = place.get_gridspec()
    across = _portion(grid.get_width_ratios(), place.colspan)
    return width * across, height * _portion(grid.get_height_ratios(), place.rowspan)


def _portion(ratios: Sequence[float], span: range) -> float:
    return float(sum(ratios[span.start : span.stop]) / sum(ratios))


def canvas(ax: Axes) -> Any:
    """Return the figure or subfigure that holds an Axes."""
    return ax.get_figure()


def figure_of(ax: Axes) -> Figure:
    """Return the whole figure that holds an Axes."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("These Axes were removed from their figure.")
    return figure


def open_axes(ax: Axes | None, width: float, height: float) -> Axes:
    """Return the Axes to draw in: a new figure of that size in points, or the caller's own."""
    if ax is None:
        import matplotlib.pyplot as plt

        size = (width / POINTS, height / POINTS)
        return plt.subplots(figsize=size, layout="constrained")[1]
    _make_room(ax)
    found = slot(ax)[1]
    if found < 0.9 * height:
        warnings.warn(
            f"The labels need {height / POINTS:.1f} in from top to bottom and these Axes have "
            f"{found / POINTS:.1f} in, so text may overlap. Leave `ax` out, make the figure "
            "higher, or show fewer rows.",
            stacklevel=callers_level(),
        )
    return ax


def _make_room(ax: Axes) -> None:
    """Let a lone Axes of a figure without a layout make room for its labels."""
    figure = figure_of(ax)
    if figure.get_layout_engine() is None and figure.axes == [ax]:
        figure.set_layout_engine("constrained")


def scale_around_zero(axes: Axes, ends: np.ndarray) -> None:
    """Hold zero and all ends, missing ones apart, between round numbers that do not meet."""
    known = np.append(ends[np.isfinite(ends)], 0.0)
    low, high = known.min(), known.max()
    margin = 0.06 * (high - low or 1)
    axes.set_xlim(low - margin, high + margin)
    axes.xaxis.set_major_locator(_RoundNumbers())
    axes.xaxis.set_major_formatter(lambda value, _: _number(value))


class _RoundNumbers(Locator):
    """As many round numbers as stand apart; the width of a panel is known when it is drawn."""

    def __call__(self) -> list[float]:
        axes: Any = self.axis.axes  # type: ignore[union-attr]
        width = axes.get_window_extent().width / axes.figure.dpi * POINTS
        low, high = axes.get_xlim()
        return _apart(low, high, width, font_size("xtick.labelsize"))


def _apart(low: float, high: float, width: float, size: float) -> list[float]:
    """Multiples of the smallest round step whose labels stand apart, also in two panels."""
    ticks, point = [0.0], (high - low) / max(width, 1)
    for power, first in product(range(int(np.floor(np.log10(high - low))) - 1, 20), STEPS):
        step = first * 10.0**power
        ticks = [step * k for k in range(int(np.ceil(low / step)), int(high // step) + 1)]
        half = {tick: text_width(_number(tick), size) / 2 for tick in ticks}
        over = {tick: (half[tick] - OVER) * point for tick in ticks}
        ticks = [tick for tick in ticks if low + over[tick] <= tick <= high - over[tick]]
        if all(half[a] + half[b] + APART <= step / point for a, b in pairwise(ticks)):
            break
    return ticks


def _number(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")


class Grid(NamedTuple):
    """Small multiples in points: width of a panel, room for its title, gaps below and beside."""

    titles: list[str]
    columns: int
    panel: float
    title: float
    below: float
    beside: float

    @property
    def rows(self) -> int:
        return -(-len(self.titles) // self.columns)

    def height(self, panel: float) -> float:
        """Return the height of the whole grid for panels of that height."""
        return self.rows * (panel + self.title) + (self.rows - 1) * self.below

    def is_lowest(self, number: int) -> bool:
        """Tell whether no panel stands below this one."""
        return number + self.columns >= len(self.titles)

    def panels(self, host: Axes) -> list[Axes]:
        """Empty the host and put a titled panel in every cell; a single panel is the host."""
        alone = len(self.titles) == 1
        if not alone:
            host.set(xticks=[], yticks=[], frame_on=False)
        panels = [host] if alone else [host.inset_axes((0, 0, 1, 1)) for _ in self.titles]
        for number, (panel, title) in enumerate(zip(panels, self.titles, strict=True)):
            panel.set_title(title, fontsize=font_size("axes.titlesize"), loc="left", pad=4)
            if not alone:
                panel.set_axes_locator(_Cell(host, self, number))
        return panels


class _Cell:
    """Where a panel stands, worked out anew whenever the figure is drawn."""

    def __init__(self, host: Axes, grid: Grid, number: int) -> None:
        self.host, self.grid = host, grid
        self.row, self.column = divmod(number, grid.columns)

    def __call__(self, panel: Any, renderer: Any) -> Bbox:
        grid, box, figure = self.grid, self.host.bbox, canvas(self.host)
        point = figure.dpi / POINTS
        wide = (box.width - (grid.columns - 1) * grid.beside * point) / grid.columns
        gaps = grid.rows * grid.title + (grid.rows - 1) * grid.below
        high = (box.height - gaps * point) / grid.rows
        left = box.x0 + self.column * (wide + grid.beside * point)
        top = box.y1 - self.row * (high + (grid.title + grid.below) * point) - grid.title * point
        place = Bbox.from_bounds(left, top - max(high, 1), max(wide, 1), max(high, 1))
        return place.transformed(figure.transSubfigure.inverted())


class Beneath:
    """Where a strip stands under an Axes, in points."""

    def __init__(self, above: Axes, *, gap: float, height: float) -> None:
        self.above, self.gap, self.height = above, gap, height

    def __call__(self, strip: Any, renderer: Any) -> Bbox:
        figure, box = canvas(self.above), self.above.bbox
        point = figure.dpi / POINTS
        bottom = box.y0 - (self.gap + self.height) * point
        place = Bbox.from_bounds(box.x0, bottom, max(box.width, 1), self.height * point)
        return place.transformed(figure.transSubfigure.inverted())


def plan_grid(names: list[str], width: float, *, least: float, beside: float, below: float) -> Grid:
    """Choose as many columns as fit panels of the least width, and wrap the titles to them."""
    size = font_size("axes.titlesize")
    words = [word for name in names for word in readable(name).split(" ")]
    least = max(least, *(text_width(word, size) - beside + 4 for word in words))
    fitting = min(max(int((width + beside) // (least + beside)), 1), len(names))
    rows = -(-len(names) // fitting)
    columns = -(-len(names) // rows)
    panel = (width - (columns - 1) * beside) / columns
    titles = [wrap(readable(name), panel, size) for name in names]
    tallest = max(text_height(title, size) for title in titles)
    return Grid(titles, columns, panel, tallest + 6, below, beside)
