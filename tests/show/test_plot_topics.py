"""What the figures of topics draw is what the tables say, and no label stands on another."""

import itertools
import warnings

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from framing.measures.topics.network import topic_frames, topic_network
from framing.show.style import use_style
from framing.show.topics import (
    plot_k,
    plot_stability,
    plot_topic_map,
    plot_topic_terms,
    plot_topics_over_time,
    push_apart,
)

LABELS = [
    "Air campaign and the question of civilian harm", "oil_prices", "Border guards", "League",
    "Bakery, bread and daily life under siege", "Pilots", "Monitors", "Hospitals and rescue",
    "Refugees crossing into Solet and beyond", "Civic council", "Cost in $ and $", "Other",
]  # fmt: skip
MEASURES = ["coherence", "exclusivity", "diversity", "log_likelihood", "stability"]


def names(n: int) -> list[str]:
    return [LABELS[row] if row < len(LABELS) else f"topic_{row + 1:02d}" for row in range(n)]


def comparison(ks=(5, 10, 20, 40), measures=MEASURES) -> pd.DataFrame:
    table = pd.DataFrame(itertools.product(ks, measures), columns=["k", "measure"])
    value = np.linspace(-0.9, 0.9, len(table))
    bounds = {"low": value - 0.1, "high": value + 0.1}
    bounds |= {"lowest": value - 0.2, "highest": value + 0.15}
    return table.assign(value=value, **bounds, n_runs=5, interval="t 95 %, jackknife over 5 runs")


def terms(n: int) -> pd.DataFrame:
    words = ["war", "weapons of mass destruction", "oil", "$5", "minister", "aid"]
    table = pd.DataFrame(itertools.product(names(n), words), columns=["topic", "term"])
    rank = table.groupby("topic", sort=False).cumcount() + 1
    return table.assign(rank=rank, probability=0.05 / rank, relevance=-0.1 * rank)


def survival(topics: int, variations: int) -> pd.DataFrame:
    kinds = ["seed", "subsample", "rare_terms_kept", "frequent terms left out"][:variations]
    table = pd.DataFrame(itertools.product(names(topics), kinds), columns=["topic", "variation"])
    similarity = np.linspace(0.05, 1, len(table))
    back = (5 * similarity).astype(int)
    bounds = {"lowest": similarity / 2, "highest": np.minimum(similarity * 1.2, 1)}
    table = table.assign(n_runs=5, n_survived=back, similarity=similarity, **bounds)
    return table.assign(survives=back > 2, at_least=0.4)


def trend(topics: int) -> pd.DataFrame:
    weeks = pd.date_range("2031-03-03", periods=6, freq="7D")
    table = pd.DataFrame(itertools.product(weeks, names(topics)), columns=["week", "topic"])
    share = np.linspace(0.01, 0.5, len(table))
    table = table.assign(n=20, share=share, low=share / 2, high=share * 1.5)
    return table.assign(interval="Wilson 95 %, pooled dispersion")


def shares(topics: int) -> pd.DataFrame:
    values = np.random.default_rng(0).dirichlet([0.1] * topics, 150)
    return pd.DataFrame(values, columns=names(topics))


def every_axes(figure: plt.Figure) -> list[Axes]:
    found: list[Axes] = []
    waiting = list(figure.axes)
    while waiting:
        axes = waiting.pop()
        found.append(axes)
        waiting.extend(axes.child_axes)
    return list(dict.fromkeys(found))


def texts_of(axes: Axes) -> list[mpl.text.Text]:
    legend = axes.get_legend().get_texts() if axes.get_legend() else []
    shown = [axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label]
    shown += [*axes.texts, *legend]
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        ticks = axis.get_major_ticks()
        shown += [tick.label1 for tick in ticks if low - 1e-6 <= tick.get_loc() <= high + 1e-6]
    return [text for text in shown if text.get_visible() and text.get_text().strip()]


def collisions(figure: plt.Figure) -> list[str]:
    """Texts that overlap each other or leave the figure."""
    figure.canvas.draw()
    boxes = [
        (text.get_text(), text.get_window_extent())
        for axes in every_axes(figure)
        for text in texts_of(axes)
    ]
    edge = figure.bbox.padded(1)
    found = [
        name
        for name, box in boxes
        if not (edge.contains(box.x0, box.y0) and edge.contains(box.x1, box.y1))
    ]
    for (name, box), (other, second) in itertools.combinations(boxes, 2):
        wide = min(box.x1, second.x1) - max(box.x0, second.x0)
        high = min(box.y1, second.y1) - max(box.y0, second.y0)
        if wide > 0.5 and high > 0.5:
            found.append(f"{name} / {other}")
    return found


@pytest.fixture(autouse=True)
def kit_style():
    """The kit's style, for one test."""
    with mpl.rc_context():
        use_style()
        yield


@pytest.mark.parametrize("measures", [MEASURES, MEASURES[:1]])
def test_no_text_overlaps_in_numbers_of_topics(measures):
    assert collisions(plot_k(comparison(measures=measures)).figure) == []


def test_no_text_overlaps_where_many_numbers_of_topics_were_tried():
    many = comparison((5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200))
    host = plot_k(many)
    assert collisions(host.figure) == []
    labels = [label.get_text() for label in host.child_axes[0].get_xticklabels()]
    assert labels[-1] == "200" and len(labels) > 4


@pytest.mark.parametrize("n", [1, 3, 9])
def test_no_text_overlaps_in_terms(n):
    assert collisions(plot_topic_terms(terms(n)).figure) == []


@pytest.mark.parametrize(("topics", "variations"), [(2, 1), (12, 2), (20, 4)])
def test_no_text_overlaps_in_stability(topics, variations):
    assert collisions(plot_stability(survival(topics, variations)).figure) == []


@pytest.mark.parametrize("topics", [1, 4, 12])
def test_no_text_overlaps_in_trends(topics):
    assert collisions(plot_topics_over_time(trend(topics)).figure) == []


@pytest.mark.parametrize("topics", [2, 12, 30])
def test_no_text_overlaps_on_the_map(topics):
    table = shares(topics)
    packages = topic_frames(table, n_runs=1)
    assert collisions(plot_topic_map(topic_network(table), packages).figure) == []


def test_numbers_of_topics_are_drawn_as_they_stand_in_the_table():
    table = comparison()
    panels = plot_k(table.sample(frac=1, random_state=0)).child_axes
    titles = [panel.get_title(loc="left").replace("\n", " ") for panel in panels]
    assert set(titles) >= {"coherence (NPMI)", "stability over runs"}
    panel = panels[titles.index("diversity")]
    own = table[table["measure"] == "diversity"]
    assert panel.lines[0].get_xdata().tolist() == own["k"].tolist()
    assert panel.lines[0].get_ydata().tolist() == own["value"].tolist()
    ends = [path.vertices[:, 1].tolist() for path in panel.collections[1].get_paths()]
    assert ends == own[["low", "high"]].to_numpy().tolist()


def test_no_number_of_topics_is_marked_as_the_winner():
    for panel in plot_k(comparison()).child_axes:
        assert len(panel.lines) == 1
        assert not panel.texts


def test_terms_are_drawn_in_order_with_their_probability():
    axes = plot_topic_terms(terms(1).sample(frac=1, random_state=0), top=3)
    labels = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
    assert labels == ["war", "weapons of mass destruction", "oil"]
    assert [text.get_text() for text in axes.texts] == ["5.0", "2.5", "1.7"]
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([5, 2.5, 5 / 3])


def test_an_address_leaves_room_for_its_bar():
    table = terms(1).replace({"term": {"war": "https://" + "long.example/" * 9}})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        axes = plot_topic_terms(table)
        assert collisions(axes.figure) == []
    assert axes.get_window_extent().width > 0.3 * axes.figure.bbox.width


def test_periods_without_any_interval_are_drawn():
    table = trend(2).assign(low=np.nan, high=np.nan)
    assert len(plot_topics_over_time(table).lines) > 0


def test_bars_below_zero_are_refused():
    with pytest.raises(ValueError, match=r"'relevance' is below 0 for 6 of 6 terms"):
        plot_topic_terms(terms(1), by="relevance")


def test_survivors_are_full_and_the_others_empty():
    table = survival(4, 1)
    axes = plot_stability(table)
    full, empty = axes.lines[0], axes.lines[1]
    assert full.get_xdata().tolist() == table.loc[table["survives"], "similarity"].tolist()
    assert empty.get_xdata().tolist() == table.loc[~table["survives"], "similarity"].tolist()
    assert full.get_markerfacecolor() != empty.get_markerfacecolor() == "white"
    assert axes.lines[2].get_xdata()[0] == 0.4
    assert axes.get_yticklabels()[0].get_text() == "League"  # the most similar one is on top


def test_the_trend_is_in_per_cent():
    table = trend(1)
    axes = plot_topics_over_time(table)
    assert axes.lines[0].get_ydata().tolist() == pytest.approx((100 * table["share"]).tolist())


@pytest.mark.parametrize("topics", [2, 6])
def test_what_is_no_trend_of_topics_is_told_in_terms_of_topics(topics):
    table = trend(topics)
    with pytest.raises(ValueError, match=r"has 0. Make it with topics_over_time"):
        plot_topics_over_time(table.drop(columns="week"))
    with pytest.raises(ValueError, match="repeat a week and topic"):
        plot_topics_over_time(pd.concat([table, table]))
    several = pd.concat([table.assign(outlet=name) for name in "ABCDEF"])
    if topics == 2:
        assert plot_topics_over_time(several).child_axes
    else:
        with pytest.raises(ValueError) as caught:
            plot_topics_over_time(several)
        repair = str(caught.value).split("e.g. ")[1]
        assert plot_topics_over_time(eval(repair, {"trend": several})).child_axes


@pytest.mark.parametrize("topics", [5, 20, 50])
def test_no_name_stands_on_a_name_or_dot_on_a_map_of_long_labels(topics):
    table = shares(topics)
    table.columns = [f"What ministers said about peace talks in week {k}" for k in range(topics)]
    packages = topic_frames(table, n_runs=1)
    axes = plot_topic_map(topic_network(table), packages)
    assert collisions(axes.figure) == []
    names = [text.get_window_extent() for text in axes.texts]
    dots = [line for line in axes.lines if len(line.get_xdata()) == 1]
    places = [axes.transData.transform(line.get_xydata()[0]) for line in dots]
    assert not any(name.contains(*place) for name in names for place in places)
    below = [place[1] - name.y1 for place, name in zip(places, names, strict=True)]
    assert min(below) > 0 and max(below) < 0.3 * axes.figure.dpi  # each stands under its own dot


def test_exclusivity_of_terms_is_told_apart():
    table = terms(1).assign(frex=[0.9994 - k / 1000 for k in range(len(terms(1)))])
    axes = plot_topic_terms(table, by="frex")
    written = [text.get_text() for text in axes.texts]
    assert written[:2] == [".999", ".998"] and axes.get_xlabel() == "FREX, at most 1"


def test_the_map_draws_the_strongest_pairs_and_says_so():
    table = shares(6)
    network = topic_network(table)
    axes = plot_topic_map(network)
    assert len(axes.lines) == 12 + 6  # two lines a topic, and a dot each
    assert axes.get_xlabel().startswith("lines: the 12 most similar of 15 pairs of topics")
    few = plot_topic_map(network, at_least=network["similarity"].max())
    assert "the 1 most similar of 15 pairs" in few.get_xlabel()
    small = plot_topic_map(topic_network(shares(3)))
    assert small.get_xlabel().startswith("lines: all pairs of topics")
    assert "none of 15 pairs" in plot_topic_map(network, at_least=2).get_xlabel()


def test_the_map_gives_every_package_its_colour_and_stays_the_same():
    table = shares(12)
    network, packages = topic_network(table), topic_frames(table, n_runs=1, resolution=1.5)
    one, two = (plot_topic_map(network, packages) for _ in range(2))
    legend = [text.get_text() for text in one.get_legend().get_texts()]
    assert legend == [name.replace("_", " ") for name in packages["package"].unique()]
    dots = [line for line in one.lines if len(line.get_xdata()) == 1]
    marks = pd.Series([line.get_color() + line.get_marker() for line in dots], table.columns)
    assert (packages.set_index("topic")["package"].groupby(marks).nunique() == 1).all()
    assert marks.nunique() == packages["package"].nunique()
    places = [[text.get_position() for text in axes.texts] for axes in (one, two)]
    assert places[0] == places[1]


def test_a_topic_without_package_is_refused():
    network = topic_network(shares(4))
    with pytest.raises(ValueError, match=r"3 of 4 topics of the network have no package"):
        plot_topic_map(network, pd.DataFrame({"topic": [LABELS[0]], "package": "p"}))


def test_boxes_are_pushed_apart_the_shorter_way():
    sizes = np.array([[4.0, 2.0], [4.0, 2.0], [1.0, 1.0]])
    places = push_apart(np.array([[5.0, 5.0], [8.0, 5.0], [5.0, 9.0]]), sizes, (20, 20))
    assert places.ravel().tolist() == pytest.approx([4.5, 5, 8.5, 5, 5, 9], abs=0.01)


def test_boxes_in_one_place_and_on_the_edge_come_apart_inside():
    sizes = np.tile([30.0, 10.0], (8, 1))
    places = push_apart(np.full((8, 2), 99.0), sizes, (100, 100))
    apart = np.abs(places[:, None] - places) + 0.02 >= sizes
    assert (apart.any(axis=2) | np.eye(8, dtype=bool)).all()
    assert (places - sizes / 2 >= -1e-9).all() and (places + sizes / 2 <= 100 + 1e-9).all()


@pytest.mark.parametrize(
    ("plot", "maker"),
    [
        (plot_k, "compare_k"),
        (plot_topic_terms, "topic_terms"),
        (plot_stability, "topic_survival"),
        (plot_topics_over_time, "topics_over_time"),
        (plot_topic_map, "topic_network"),
    ],
)
def test_a_wrong_table_is_answered_with_the_function_that_makes_it(plot, maker):
    with pytest.raises(ValueError, match=rf"No column .* Make the table with {maker}"):
        plot(pd.DataFrame({"x": [1]}))
    with pytest.raises(TypeError, match=rf"drawn, not int. Make it with {maker}"):
        plot(3)


def test_a_row_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match="repeat a k and measure"):
        plot_k(pd.concat([comparison(), comparison()]))


def test_the_callers_axes_are_used():
    figure, axes = plt.subplots(figsize=(7.2, 6), layout="constrained")
    assert plot_topic_map(topic_network(shares(5)), ax=axes) is axes
    assert collisions(figure) == []


@pytest.mark.parametrize(
    ("plot", "table"),
    [
        (plot_topic_map, topic_network(shares(20))),
        (plot_stability, survival(12, 2)),
        (plot_topics_over_time, trend(12)),
    ],
)
def test_axes_that_are_too_small_are_told_on_the_callers_line(plot, table):
    with pytest.warns(UserWarning, match="The labels need") as caught:
        plot(table, ax=plt.subplots(figsize=(5, 1))[1])
    assert caught[0].filename == __file__


@pytest.mark.parametrize("survives", [True, False])
def test_a_figure_drawn_again_stays_as_it_is(survives):
    host = plot_stability(survival(6, 3).assign(survives=survives))
    places = []
    for _ in range(3):
        host.figure.canvas.draw()
        places.append(host.get_position().bounds)
    assert np.allclose(places, places[0], atol=1e-3)
    box = host.get_tightbbox()
    assert box.x0 >= 0 and box.y0 >= 0
