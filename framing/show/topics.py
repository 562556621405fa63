"""Figures of topics: how many, of which words, how firm, who meets whom, and when."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from framing.show.panels import (
    font_size,
    open_axes,
    plain,
    plan_grid,
    readable,
    shorten,
    slot,
    text_height,
    text_width,
    wrap,
)
from framing.show.plots import FEW_LINES, INK, RULE, _row_panels, _width, plot_trend
from framing.show.plots import MEASURES as NUMBERS
from framing.show.style import COLOURS, MARKERS

Floats = NDArray[np.float64]
MEASURES = {
    "coherence": "coherence (NPMI)",
    "exclusivity": "exclusivity",
    "diversity": "diversity",
    "log_likelihood": "log likelihood of an unseen token",
    "stability": "stability over runs",
}
UNITS = {
    "probability": "probability in the topic, %",
    "frex": "FREX, at most 1",
    "lift": "lift: times as probable in the topic as in the corpus",
}
PALE, LINE = "#a9bdd4", "#b4b4b4"
PLAIN: dict[str, Any] = {"linestyle": "-", "marker": "", "zorder": 1}
EDGES_PER_TOPIC = 2
ROOMY = 2.5  # a map is so many times as large as its names and dots
MOST_PUSHES = 400


def plot_k(comparison: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how each criterion changes with the number of topics; no winner is marked.

    Parameters
    ----------
    comparison : DataFrame
        As `compare_k` returns it.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in; every measure is one of its `child_axes`.

    Raises
    ------
    ValueError
        If a column is missing, or a measure has two rows for one number of topics.

    Notes
    -----
    Dots are means over the runs, dark bars the interval of the mean, pale bars the lowest and the
    highest run. Every measure has its own scale, which need not begin at 0.

    Examples
    --------
    >>> comparison = pd.DataFrame({"k": [5, 10], "measure": "coherence", "value": [0.2, 0.3],
    ...                            "low": [0.1, 0.2], "high": [0.3, 0.4], "lowest": [0.1, 0.1],
    ...                            "highest": [0.3, 0.5], "n_runs": 5, "interval": "t 95 %"})
    >>> ax = plot_k(comparison)
    >>> print(ax.get_title(loc="left"), ax.lines[0].get_ydata())
    coherence (NPMI) [0.2 0.3]
    """
    wanted = ["k", "measure", "value", "low", "high", "lowest", "highest", "interval"]
    _check_columns(comparison, wanted, "compare_k(counts, ks)")
    _check_once(comparison, ["k", "measure"])
    names = list(comparison["measure"].unique())
    width = _width(ax, "double" if len(names) > 1 else "single")
    titles = [MEASURES.get(name, str(name)) for name in names]
    grid = plan_grid(titles, width - 44, least=100, beside=40, below=20)
    size = font_size("axes.labelsize")
    intervals = "; ".join(comparison["interval"].astype(str).unique())
    note = wrap(
        f"number of topics (dots: means; dark bars: {intervals}; pale bars: lowest and highest)",
        width - 20,
        size,
    )
    host = open_axes(ax, width, grid.height(90) + text_height(note, size) + 40)
    for axes, name in zip(grid.panels(host), names, strict=True):
        part = comparison[comparison["measure"] == name].sort_values("k")
        _draw_measure(axes, part, grid.panel)
    host.set_xlabel(note, loc="right", labelpad=18 if len(names) > 1 else 4)
    return host


def plot_topic_terms(
    terms: pd.DataFrame, *, by: str = "probability", top: int = 10, ax: Axes | None = None
) -> Axes:
    """Draw the first terms of every topic as bars.

    Parameters
    ----------
    terms : DataFrame
        As `topic_terms` returns it: `topic`, `rank`, `term` and the column that `by` names.
    by : str
        Which column the bars show. The order of the terms is their `rank`.
    top : int
        Terms a topic.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in; several topics are its `child_axes`.

    Raises
    ------
    ValueError
        If a column is missing, there is no row, or a bar would be below 0.

    Notes
    -----
    Every topic has its own scale, so bars compare terms of one topic. Probabilities are in per
    cent. To draw some topics, choose them before: `terms[terms["topic"].isin(["topic_03"])]`.

    Examples
    --------
    >>> terms = pd.DataFrame({"topic": "topic_01", "rank": [1, 2], "term": ["war", "troops"],
    ...                       "probability": [0.05, 0.02]})
    >>> ax = plot_topic_terms(terms)
    >>> [label.get_text() for label in ax.get_yticklabels()], ax.texts[0].get_text()
    (['war', 'troops'], '5.0')
    """
    bars = _bars(terms, by, top)
    names, size = list(bars["topic"].unique()), font_size("ytick.labelsize")
    width = _width(ax, "double" if len(names) > 1 else "single")
    texts = [
        " ".join(shorten(word, 0.4 * width, size) for word in str(term).split(" "))
        for term in bars["term"]
    ]
    bars = bars.assign(text=[wrap(plain(text), 0.2 * width, size) for text in texts])
    bars = bars.assign(height=[text_height(text, size) + 2 for text in bars["text"]])
    labels = max(text_width(text, size) for text in bars["text"]) + 8
    grid = plan_grid(names, width - labels - 10, least=70, beside=labels + 12, below=8)
    deepest = float(bars.groupby("topic")["height"].sum().max())
    host = open_axes(ax, width, grid.height(deepest) + 30)
    for axes, name in zip(grid.panels(host), names, strict=True):
        _draw_bars(axes, bars[bars["topic"] == name], deepest)
    unit = UNITS.get(by, readable(by))
    unit += "; each topic has its own scale" if len(names) > 1 else ""
    size = font_size("axes.labelsize")
    host.set_xlabel(wrap(unit, width - 20, size), loc="right")
    return host


def plot_topics_over_time(trend: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the mean share of topics over time with a band for the interval, and `n` beneath.

    Parameters
    ----------
    trend : DataFrame
        As `topics_over_time` returns it, with one period in `by`.
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
    As `plot_trend`: up to four topics share a panel, more get a panel each.

    Examples
    --------
    >>> trend = pd.DataFrame({"week": pd.to_datetime(["2031-03-03", "2031-03-10"]),
    ...                       "topic": "war", "n": [20, 30], "share": [0.5, 0.2],
    ...                       "low": [0.3, 0.1], "high": [0.7, 0.4], "interval": "Wilson 95 %"})
    >>> plot_topics_over_time(trend).get_ylabel()
    'mean share of the topic, %'
    """
    wanted = ["topic", "n", "share", "low", "high", "interval"]
    _check_columns(trend, wanted, "topics_over_time(shares, articles, by='week')")
    _check_trend(trend)
    axes = plot_trend(trend.rename(columns={"topic": "frame"}), ax=ax)
    axes.set_ylabel("mean share of the topic, %", labelpad=axes.yaxis.labelpad)
    return axes


def plot_stability(survival: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw which topics come back under each variation.

    Parameters
    ----------
    survival : DataFrame
        As `topic_survival` returns it.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in; several variations are its `child_axes`.

    Raises
    ------
    ValueError
        If a column is missing, or a topic has two rows for one variation.

    Notes
    -----
    Dots are means over the fits, bars their range; full dots survive, empty ones do not. The
    dashed line is `at_least`. The number is that of the fits in which the topic came back. Topics
    are ordered by their mean similarity.

    Examples
    --------
    >>> survival = pd.DataFrame({"topic": ["war", "oil"], "variation": "seed", "n_runs": 5,
    ...                          "n_survived": [1, 5], "similarity": [0.2, 0.9],
    ...                          "lowest": [0.0, 0.8], "highest": [0.5, 1.0],
    ...                          "survives": [False, True], "at_least": 0.4})
    >>> ax = plot_stability(survival)
    >>> [label.get_text() for label in ax.get_yticklabels()], [t.get_text() for t in ax.texts]
    (['oil', 'war'], ['1/5', '5/5'])
    """
    wanted = ["topic", "variation", "n_runs", "n_survived", "similarity", "lowest", "highest"]
    _check_columns(survival, [*wanted, "survives", "at_least"], "topic_survival(stability)")
    _check_once(survival, ["topic", "variation"])
    mean = survival.groupby("topic", sort=False)["similarity"].mean()
    rows = list(mean.sort_values(ascending=False, kind="stable").index)
    titles = list(survival["variation"].unique())
    note = "similarity to the matched topic (dots: means, full where the topic survives; "
    note += "bars: lowest and highest; beside them: fits in which it came back)"
    host, panels, places = _row_panels(rows, titles, note, ax)
    for axes, name in zip(panels, titles, strict=True):
        part = survival[survival["variation"] == name]
        _draw_survival(axes, part, part["topic"].map(places))
    return host


def plot_topic_map(
    network: pd.DataFrame,
    packages: pd.DataFrame | None = None,
    *,
    at_least: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the network of topics, packages in colours.

    Parameters
    ----------
    network : DataFrame
        As `topic_network` returns it.
    packages : DataFrame, optional
        As `topic_frames` returns it: `topic`, `package` and, for the size of the dots, `share`.
    at_least : float, optional
        Draw lines of at least this similarity; by default the strongest, twice as many as topics.
    ax : Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    Axes
        The Axes drawn in.

    Raises
    ------
    ValueError
        If a column is missing, a topic of the network has no package, or there is no pair.

    Notes
    -----
    Places come from a spring layout of all similarities (Fruchterman & Reingold 1991) from a fixed
    start, and are moved apart where names would cover each other: topics that come together stand
    near each other, more or less. Read similarities from
    the table; distances and directions have no unit. Thicker lines are more similar; the area of a
    dot is the mean share of the topic.

    Examples
    --------
    >>> network = pd.DataFrame({"topic_a": ["war", "war"], "topic_b": ["oil", "aid"],
    ...                         "similarity": [0.5, 0.1]})
    >>> sorted(label.get_text() for label in plot_topic_map(network).texts)
    ['aid', 'oil', 'war']
    """
    nodes = _nodes(network, packages)
    edges, note = _strongest(network, len(nodes), at_least)
    width, size = _width(ax, "double"), font_size("axes.labelsize")
    sized = "; area of a dot: mean share of the topic" if nodes["diameter"].nunique() > 1 else ""
    note = wrap(note + sized, width - 20, size)
    legend = _package_legend(nodes, width)
    boxes = _boxes(nodes, width - 20)
    room = (width - 20, max(0.6 * width, ROOMY * boxes.area / (width - 20)))
    below = text_height(note, size) + 16
    axes = open_axes(ax, width, room[1] + below + legend.height)
    if ax is not None:
        room = (room[0], max(slot(axes)[1] - below - legend.height, 40))
    places = push_apart(_places(network, list(nodes.index), room), boxes.sizes, room)
    axes.set(xlim=(0, room[0]), ylim=(0, room[1]), xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    _draw_map(axes, nodes, edges, boxes, places)
    legend.draw(axes)
    axes.set_xlabel(note, loc="right")
    return axes


# --- tables ---------------------------------------------------------------------------------


def _check_columns(table: pd.DataFrame, wanted: Sequence[str], maker: str) -> None:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"A table is drawn, not {type(table).__name__}. Make it with {maker}.")
    missing = [name for name in wanted if name not in table]
    if missing:
        raise ValueError(f"No column {', '.join(missing)}. Make the table with {maker}.")
    if table.empty:
        raise ValueError("The table has no rows, so there is nothing to draw.")


def _check_trend(trend: pd.DataFrame) -> None:
    """Refuse tables without a period, and more lines than can be told apart."""
    groups = trend.drop(columns=["topic", *NUMBERS], errors="ignore")
    periods = groups.select_dtypes(["datetime", "datetimetz"])
    if periods.shape[1] != 1:
        raise ValueError(
            f"A trend needs one column of dates and the table has {periods.shape[1]}. Make it with "
            "topics_over_time(shares, articles, by='week')."
        )
    _check_once(trend, [*groups, "topic"])
    others = groups.columns.drop(periods.columns).tolist()
    n_groups = len(groups[others].drop_duplicates()) if others else 1
    topics = trend["topic"].astype(str).unique().tolist()
    if min(n_groups, len(topics)) > FEW_LINES:
        raise ValueError(
            f"{n_groups} groups × {len(topics)} topics are {n_groups * len(topics)} lines, more "
            f"than can be told apart. Choose up to {FEW_LINES} groups or topics, e.g. "
            f"trend[trend['topic'].isin({topics[:2]})]"
        )


def _check_once(table: pd.DataFrame, keys: list[str]) -> None:
    twice = int(table.duplicated(keys).sum())
    if twice:
        raise ValueError(
            f"{twice} of {len(table)} rows repeat a {' and '.join(keys)}. Keep one of each."
        )


def _bars(terms: pd.DataFrame, by: str, top: int) -> pd.DataFrame:
    """Rows to draw as bars, with the column `bar` and the `number` written beside it."""
    _check_columns(terms, ["topic", "rank", "term", by], "topic_terms(topics)")
    if top < 1:
        raise ValueError(f"top={top!r} must be at least 1.")
    if (terms[by] < 0).any():
        raise ValueError(
            f"{by!r} is below 0 for {(terms[by] < 0).sum()} of {len(terms)} terms, so bars cannot "
            "show it. Draw by='probability'; terms stay in the order of their rank."
        )
    place = terms["topic"].map({name: k for k, name in enumerate(terms["topic"].unique())})
    bars = terms.assign(place=place, bar=100 * terms[by] if by == "probability" else terms[by])
    bars = bars.sort_values(["place", "rank"], kind="stable").groupby("place").head(top)
    return bars.assign(number=[_short(value, by) for value in bars["bar"]])


def _short(value: float, by: str) -> str:
    if by == "frex":
        return f"{value:.3f}".removeprefix("0")
    return f"{value:.1f}" if value >= 0.1 else f"{value:.1g}"


def _nodes(network: pd.DataFrame, packages: pd.DataFrame | None) -> pd.DataFrame:
    """Index topic, in the order of the network; `package` and `diameter` in points."""
    _check_columns(network, ["topic_a", "topic_b", "similarity"], "topic_network(shares)")
    topics = pd.unique(pd.concat([network["topic_a"], network["topic_b"]]))
    nodes = pd.DataFrame({"package": "", "diameter": 9.0}, index=pd.Index(topics, name="topic"))
    if packages is None:
        return nodes
    _check_columns(packages, ["topic", "package"], "topic_frames(shares)")
    found = packages.drop_duplicates("topic").set_index("topic")
    missing = nodes.index.difference(found.index)
    if len(missing):
        raise ValueError(
            f"{len(missing)} of {len(nodes)} topics of the network have no package "
            f"({', '.join(map(str, missing[:3]))}). Give both functions the same `leave_out`."
        )
    nodes["package"] = found["package"].reindex(nodes.index).astype(str)
    if "share" in found:
        share = found["share"].reindex(nodes.index)
        nodes["diameter"] = np.maximum(20 * np.sqrt(share / share.max()), 4)
    order = {name: place for place, name in enumerate(packages["package"].astype(str).unique())}
    return nodes.assign(number=nodes["package"].map(order))


def _strongest(
    network: pd.DataFrame, n_topics: int, at_least: float | None
) -> tuple[pd.DataFrame, str]:
    """Pairs to draw as lines, the weakest first, and what the lines are."""
    found = network.sort_values("similarity", kind="stable")
    if at_least is None and len(found) <= EDGES_PER_TOPIC * n_topics:
        low, high = found["similarity"].min(), found["similarity"].max()
        return found, f"lines: all pairs of topics (cosine {low:.2f} to {high:.2f})"
    if at_least is None:
        found = found.tail(EDGES_PER_TOPIC * n_topics)
    else:
        found = found[found["similarity"] >= at_least]
    if found.empty:
        return found, f"none of {len(network)} pairs is similar by {at_least} or more"
    low, high = found["similarity"].min(), found["similarity"].max()
    return found, (
        f"lines: the {len(found)} most similar of {len(network)} pairs of topics "
        f"(cosine {low:.2f} to {high:.2f})"
    )


# --- marks ----------------------------------------------------------------------------------


def _apart(ks: list[int], room: float) -> list[int]:
    """The numbers of topics that can be written under an axis of that many points."""
    size, span = font_size("xtick.labelsize"), max(1.2 * (ks[-1] - ks[0]), 1e-9)
    kept = [ks[-1]]
    for k in reversed(ks):
        wide = (text_width(str(k), size) + text_width(str(kept[0]), size)) / 2 + 3
        if (kept[0] - k) * room / span > wide:
            kept.insert(0, k)
    return kept


def _draw_measure(axes: Axes, part: pd.DataFrame, room: float) -> None:
    """Means with their interval over the numbers of topics, in that many points."""
    axes.vlines(part["k"], part["lowest"], part["highest"], color=PALE, linewidth=4)
    axes.vlines(part["k"], part["low"], part["high"], color=COLOURS[0], linewidth=1.2)
    axes.plot(part["k"], part["value"], "o-", color=COLOURS[0], markersize=4, linewidth=0.8)
    axes.set_xticks(_apart(part["k"].tolist(), room))
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.margins(x=0.1, y=0.1)
    axes.grid(axis="y", color=RULE, linewidth=0.5)


def _draw_bars(axes: Axes, part: pd.DataFrame, deepest: float) -> None:
    """Bars with their number at the end."""
    places = part["height"].cumsum() - part["height"] / 2
    axes.barh(places, part["bar"], color=COLOURS[0], height=0.8 * part["height"].min())
    shift: dict[str, Any] = {"xytext": (3, 0), "textcoords": "offset points", "va": "center"}
    for place, bar, number in zip(places, part["bar"], part["number"], strict=True):
        axes.annotate(number, (bar, place), fontsize=font_size("xtick.labelsize"), **shift)
    axes.set_yticks(places, part["text"])
    axes.set(xticks=[], ylim=(deepest, 0), xlim=(0, 1.45 * max(part["bar"].max(), 1e-9)))
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _draw_survival(axes: Axes, part: pd.DataFrame, places: pd.Series) -> None:
    """Mean and range of the similarities of one variation, and in how many fits a topic is back."""
    axes.hlines(places, part["lowest"], part["highest"], color=PALE, linewidth=3)
    for survives in (True, False):
        own = part["survives"] == survives
        if not own.any():  # a line without points would stand in the corner of the figure
            continue
        inside = COLOURS[0] if survives else "white"
        style: dict[str, Any] = {"color": COLOURS[0], "markerfacecolor": inside, "clip_on": False}
        axes.plot(part["similarity"][own], places[own], "o", markersize=4.5, **style)
    axes.axvline(part["at_least"].iloc[0], color=INK, linewidth=0.8, linestyle="--")
    size = font_size("xtick.labelsize")
    for place, back, runs in zip(places, part["n_survived"], part["n_runs"], strict=True):
        axes.text(1.1, place, f"{back}/{runs}", fontsize=size, va="center")
    axes.set(xlim=(0, 1.14 + 0.03 * size), xticks=[0, 0.5, 1])
    axes.set_xticklabels(["0", ".5", "1"])
    axes.grid(color=RULE, linewidth=0.4)


class _Legend(NamedTuple):
    """Names of packages with their marks, above the Axes."""

    marks: list[Line2D]
    names: list[str]
    columns: int
    height: float

    def draw(self, axes: Axes) -> None:
        place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0}
        if self.names:
            axes.legend(self.marks, self.names, ncols=self.columns, frameon=False, **place)


def _package_legend(nodes: pd.DataFrame, width: float) -> _Legend:
    if "number" not in nodes:
        return _Legend([], [], 1, 0)
    size = font_size("legend.fontsize")
    found = nodes.drop_duplicates("package").sort_values("number")
    names = [wrap(readable(name), 0.4 * width, size) for name in found["package"]]
    marks = [Line2D([], [], markersize=6, **_mark(number)) for number in found["number"]]
    widest = max(text_width(name, size) for name in names) + 5 * size
    columns = min(max(int((width - 20) // widest), 1), len(names))
    height = max(text_height(name, size) for name in names) * -(-len(names) // columns)
    return _Legend(marks, names, columns, height + size)


def _mark(number: int) -> dict[str, Any]:
    """Colour and marker of a package; after six, colours come back with other markers."""
    marker = MARKERS[(number + number // len(COLOURS)) % len(MARKERS)]
    return {"color": COLOURS[number % len(COLOURS)], "marker": marker, "linestyle": ""}


# --- places on the map ---------------------------------------------------------------------------


class _Boxes(NamedTuple):
    """Dots with their names below, in points: names, size of each name, size of both together."""

    texts: list[str]
    names: Floats
    sizes: Floats

    @property
    def area(self) -> float:
        return float(self.sizes.prod(axis=1).sum())


def _boxes(nodes: pd.DataFrame, width: float) -> _Boxes:
    size, diameter = font_size("ytick.labelsize"), nodes["diameter"].to_numpy()
    texts = [wrap(readable(topic), 0.24 * width, size) for topic in nodes.index]
    names = np.array([(1.04 * text_width(text, size), text_height(text, size)) for text in texts])
    wide = np.maximum(names[:, 0], diameter) + 6
    return _Boxes(texts, names, np.column_stack([wide, names[:, 1] + diameter + 5]))


def _places(network: pd.DataFrame, topics: list[str], room: tuple[float, float]) -> Floats:
    """Places of the topics in points, as the similarities would have them."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(len(topics)))
    codes = {topic: code for code, topic in enumerate(topics)}
    for one, two, weight in network[["topic_a", "topic_b", "similarity"]].itertuples(index=False):
        graph.add_edge(codes[one], codes[two], weight=max(float(weight), 1e-6))
    layout = nx.spring_layout(graph, seed=0, iterations=300, weight="weight")
    found = np.array([layout[code] for code in range(len(topics))])
    span = np.maximum(np.ptp(found, axis=0), 1e-9)
    margin = np.array([0.14, 0.1]) * room
    return np.asarray(margin + (found - found.min(axis=0)) / span * (np.array(room) - 2 * margin))


def push_apart(centres: Floats, sizes: Floats, room: tuple[float, float]) -> Floats:
    """Move boxes until none covers another: along the way that is shorter, inside the room.

    What is pushed against a side wall goes up or down in the end, so crossways counts more and
    more.
    """
    half, number = sizes / 2, np.arange(len(sizes))
    found = np.clip(centres, half, np.array(room) - half)
    order = np.sign(number[:, None] - number)[:, :, None]  # in one place, the first gives way
    for turn in range(MOST_PUSHES):
        apart = found[:, None] - found
        covered = half[:, None] + half - np.abs(apart)
        overlap = (covered > 0.01).all(axis=2) & (order[:, :, 0] != 0)
        if not overlap.any():
            break
        crossways = covered[:, :, 0] * (1 + 3 * turn / MOST_PUSHES) < covered[:, :, 1]
        along = np.stack([crossways, ~crossways], axis=2) & overlap[:, :, None]
        side = np.where(apart == 0, order, np.sign(apart))
        push = np.where(along, 0.4 * covered * side, 0).sum(axis=1)
        found = np.clip(found + push, half, np.array(room) - half)
    return np.asarray(found)


def _draw_map(
    axes: Axes, nodes: pd.DataFrame, edges: pd.DataFrame, boxes: _Boxes, places: Floats
) -> None:
    """Lines, dots and names, in points from the lower left corner."""
    codes = {topic: code for code, topic in enumerate(nodes.index)}
    diameter = nodes["diameter"].to_numpy()
    top, bottom = places[:, 1] + boxes.sizes[:, 1] / 2, places[:, 1] - boxes.sizes[:, 1] / 2
    dots = np.column_stack([places[:, 0], top - diameter / 2 - 1])
    for one, two, weight in edges[["topic_a", "topic_b", "similarity"]].itertuples(index=False):
        strength = weight / edges["similarity"].max()
        ends = dots[[codes[one], codes[two]]]
        axes.plot(*ends.T, linewidth=0.4 + 2 * strength, color=LINE, **PLAIN)
    numbers = nodes["number"] if "number" in nodes else pd.Series(0, nodes.index)
    for dot, number, wide in zip(dots, numbers, diameter, strict=True):
        axes.plot(*dot, markersize=wide, markeredgecolor="white", zorder=2, **_mark(number))
    style: dict[str, Any] = {"ha": "center", "va": "center", "linespacing": 1.1, "color": INK}
    style |= {"fontsize": font_size("ytick.labelsize"), "zorder": 3}
    halo = [withStroke(linewidth=2, foreground="white")]
    for x, y, text in zip(
        places[:, 0], bottom + boxes.names[:, 1] / 2 + 1, boxes.texts, strict=True
    ):
        axes.text(x, y, text, path_effects=halo, **style)
