"""What the figures draw is what the tables say, and no label stands on another."""

import itertools
import warnings

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from framing.inference.correction import ESTIMATE_COLUMNS
from framing.show.plots import (
    plot_coverage,
    plot_heatmap,
    plot_matches,
    plot_prevalence,
    plot_trend,
)
from framing.show.style import use_style

OUTLETS = [
    "Daily Beacon", "The Cambridge Evening Observer", "Star", "Northern Herald Tribune", "Post",
    "Gazette of the Western Isles", "Wire Service International", "Metro", "Morning Call",
    "Financial Ledger", "People’s Voice", "Capital Courier", "Harbour News",
    "The Independent Republican", "Frontier Weekly",
]  # fmt: skip
FRAMES = [
    "war", "human_interest", "economic_consequences", "attribution_of_responsibility", "morality",
    "conflict", "security", "health", "fairness_and_equality", "political", "public_opinion",
    "capacity_and_resources", "legality_constitutionality_jurisdiction", "external_regulation",
    "cultural_identity",
]  # fmt: skip
TERMS = ["war", "troops", "weapons of mass destruction", "U.S.-led coalition", "$5 or $6", "aid"]


def estimates(groups: int, frames: int, months: int = 0) -> pd.DataFrame:
    """Estimates of so many groups and frames, with shares from 0 to 1."""
    keys = {"outlet": OUTLETS[:groups], "frame": FRAMES[:frames]}
    if months:
        keys["month"] = list(pd.date_range("2030-11-01", periods=months, freq="MS"))
    table = pd.DataFrame(list(itertools.product(*keys.values())), columns=list(keys))
    share = np.linspace(0, 1, len(table)) if len(table) > 1 else np.array([0.4])
    low, high = np.maximum(share - 0.1, 0), np.minimum(share + 0.1, 1)
    n = 10 + 7 * pd.factorize(table["outlet"])[0]
    counts = {"n": n, "n_present": (n * share).round().astype(int), "share": share}
    return table.assign(**counts, low=low, high=high, interval="Wilson 95 %")


def articles(groups: int, days: int = 20) -> pd.DataFrame:
    """Twenty articles an outlet, spread over so many days."""
    rng = np.random.default_rng(3)
    dates = pd.Timestamp("2030-12-20") + pd.to_timedelta(rng.integers(0, days, 20 * groups), "D")
    outlet = np.repeat(OUTLETS[:groups], 20)
    index = pd.Index([f"a{number}" for number in range(20 * groups)], name="doc_id")
    return pd.DataFrame({"outlet": outlet, "date": dates}, index=index)


def matches(frames: int) -> pd.DataFrame:
    """Six terms a frame."""
    table = pd.DataFrame(itertools.product(FRAMES[:frames], TERMS), columns=["frame", "term"])
    return table.assign(pattern="x", n=range(1, len(table) + 1), n_articles=1)


def panels_of(ax: Axes) -> list[Axes]:
    """The small multiples, or the Axes itself where there is one panel."""
    titled = [child for child in ax.child_axes if child.get_title(loc="left")]
    return titled or [ax]


def every_axes(figure: plt.Figure) -> list[Axes]:
    found: list[Axes] = []
    waiting = list(figure.axes)
    while waiting:
        ax = waiting.pop()
        if ax not in found:
            found.append(ax)
            waiting.extend(ax.child_axes)
    return found


def texts_of(ax: Axes) -> list[mpl.text.Text]:
    """Every text an Axes shows."""
    titles = [getattr(ax, name) for name in ("title", "_left_title", "_right_title")]
    legend = ax.get_legend().get_texts() if ax.get_legend() else []
    shown = [*titles, ax.xaxis.label, ax.yaxis.label, *ax.texts, *legend]
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        ticks = axis.get_major_ticks()
        shown += [tick.label1 for tick in ticks if low - 1e-6 <= tick.get_loc() <= high + 1e-6]
    return [text for text in shown if text.get_visible() and text.get_text().strip()]


def collisions(figure: plt.Figure) -> list[str]:
    """Texts that overlap each other or leave the figure."""
    figure.canvas.draw()
    boxes = [
        (text.get_text(), text.get_window_extent())
        for ax in every_axes(figure)
        for text in texts_of(ax)
    ]
    edge = figure.bbox.padded(1)
    outside = [
        name
        for name, box in boxes
        if not (edge.contains(box.x0, box.y0) and edge.contains(box.x1, box.y1))
    ]
    pairs = [
        f"{name} / {other}"
        for (name, box), (other, second) in itertools.combinations(boxes, 2)
        if min(box.x1, second.x1) - max(box.x0, second.x0) > 0.5
        and min(box.y1, second.y1) - max(box.y0, second.y0) > 0.5
    ]
    return outside + pairs


@pytest.fixture
def kit_style():
    """The kit's style, for one test."""
    with mpl.rc_context():
        use_style()
        yield


SIZES = list(itertools.product((1, 2, 8, 15), (1, 5, 15)))
TRENDS = [(1, 1), (1, 4), (1, 15), (2, 1), (2, 5), (4, 1), (8, 3), (15, 1)]


@pytest.mark.parametrize(("groups", "frames"), SIZES)
@pytest.mark.parametrize("plot", [plot_prevalence, plot_heatmap])
def test_no_text_overlaps_in_rows_and_cells(plot, groups, frames, kit_style):
    assert collisions(plot(estimates(groups, frames)).figure) == []


@pytest.mark.parametrize(("groups", "frames"), TRENDS)
def test_no_text_overlaps_in_trends(groups, frames, kit_style):
    assert collisions(plot_trend(estimates(groups, frames, months=14)).figure) == []


@pytest.mark.parametrize(("groups", "days"), [(1, 1), (2, 3000), (8, 20), (15, 400)])
def test_no_text_overlaps_in_coverage(groups, days, kit_style):
    assert collisions(plot_coverage(articles(groups, days)).figure) == []


@pytest.mark.parametrize("frames", [1, 5, 15])
def test_no_text_overlaps_in_matches(frames, kit_style):
    assert collisions(plot_matches(matches(frames)).figure) == []


DRAWINGS = {
    "prevalence": lambda ax: plot_prevalence(estimates(8, 5), ax=ax),
    "trend": lambda ax: plot_trend(estimates(3, 3, months=14), ax=ax),
    "coverage": lambda ax: plot_coverage(articles(8), ax=ax),
    "matches": lambda ax: plot_matches(matches(3), ax=ax),
    "heatmap": lambda ax: plot_heatmap(estimates(8, 5), ax=ax),
}


@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_no_text_overlaps_in_the_style_of_matplotlib(drawing):
    assert collisions(drawing(None).figure) == []


@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS.keys())
@pytest.mark.parametrize("width", [3.5, 7.2])
def test_figures_fit_both_columns(drawing, width, kit_style):
    _, ax = plt.subplots(figsize=(width, 9))
    assert drawing(ax) is ax
    assert collisions(ax.figure) == []


@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_figures_fit_beside_others(drawing, kit_style):
    figure, axes = plt.subplots(2, 1, figsize=(7.2, 14))
    drawing(axes[0])
    drawing(axes[1])
    assert collisions(figure) == []
    assert figure.axes == list(axes)


@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_drawing_shows_nothing_and_changes_no_setting(drawing, monkeypatch):
    monkeypatch.setattr(plt, "show", lambda *args, **kwargs: pytest.fail("show() was called"))
    settings = dict(mpl.rcParams)
    figure = plt.figure(figsize=(8, 12))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawing(figure.subplots())
    assert dict(mpl.rcParams) == settings


@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_no_column_name_and_no_underscore_stands_in_a_figure(drawing):
    ax = drawing(None)
    words = [text.get_text() for axes in every_axes(ax.figure) for text in texts_of(axes)]
    assert words
    assert not [word for word in words if "_" in word or word in ("outlet", "frame", "n_present")]


@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_axes_that_are_too_low_are_said_aloud(drawing):
    _, ax = plt.subplots(figsize=(3.5, 1))
    with pytest.warns(UserWarning, match="The labels need") as seen:
        drawing(ax)
    assert seen[0].filename == __file__


def test_prevalence_draws_shares_and_intervals_in_per_cent():
    table = estimates(3, 2)
    for panel, (_, part) in zip(
        panels_of(plot_prevalence(table)), table.groupby("frame", sort=False), strict=True
    ):
        dots, labels = panel.lines[0], [label.get_text() for label in panel.get_yticklabels()]
        assert sorted(dots.get_xdata()) == pytest.approx(sorted(100 * part["share"]))
        spans = [segment[:, 0] for segment in panel.collections[0].get_segments()]
        wanted = np.column_stack([100 * part["low"], 100 * part["high"]])
        assert np.allclose(sorted(map(tuple, spans)), sorted(map(tuple, wanted)))
        assert not np.isnan(dots.get_xydata()).any()
        assert len(labels) == 3


def test_corrected_shares_are_drawn_as_those_they_correct():
    known = {"n_coded", *estimates(1, 1).columns}
    wide = dict.fromkeys(set(ESTIMATE_COLUMNS) - known, 0.123)
    corrected = estimates(3, 2).assign(**wide, n_coded=5)
    host = plot_prevalence(corrected)
    labels = [text.get_text() for text in panels_of(host)[0].get_yticklabels()]
    wanted = [f"{outlet} (5)" for outlet in OUTLETS[:3]]
    assert sorted(label.replace("\n", " ") for label in labels) == sorted(wanted)
    assert "coded units in parentheses" in host.get_xlabel().replace("\n", " ")
    months = estimates(1, 1, months=3).assign(**wide, n_coded=[5, 6, 7])
    ax = plot_trend(months)
    assert ax.lines[0].get_ydata().tolist() == pytest.approx((100 * months["share"]).tolist())


def test_differences_are_not_drawn_as_shares():
    table = estimates(3, 2).assign(reference="the rest", difference=0.1, p=0.5)
    with pytest.raises(ValueError, match="are those of differences"):
        plot_prevalence(table)


def test_each_dot_stands_in_the_row_of_its_group():
    table = estimates(3, 1).sample(frac=1, random_state=1)
    ax = plot_prevalence(table)
    names = dict(
        zip(ax.get_yticks(), [text.get_text() for text in ax.get_yticklabels()], strict=True)
    )
    drawn = {names[y].replace("\n", " "): x for x, y in ax.lines[0].get_xydata()}
    wanted = {
        f"{row.outlet} ({row.n})": pytest.approx(100 * row.share) for row in table.itertuples()
    }
    assert drawn == wanted


def test_groups_are_sorted_by_share_and_periods_by_time():
    labels = [text.get_text() for text in plot_prevalence(estimates(3, 1)).get_yticklabels()]
    assert [label.split()[0] for label in labels] == ["Star", "The", "Daily"]
    months = estimates(1, 1, months=3).drop(columns="outlet")
    labels = [text.get_text() for text in plot_prevalence(months).get_yticklabels()]
    assert labels == ["Nov 2030 (10)", "Dec 2030 (10)", "Jan 2031 (10)"]


def test_panels_share_their_scale_and_are_named_for_frames():
    panels = panels_of(plot_prevalence(estimates(2, 5)))
    assert [panel.get_title(loc="left") for panel in panels][:2] == ["war", "human interest"]
    assert len({panel.get_xlim() for panel in panels}) == 1


def test_one_group_has_its_frames_as_rows():
    ax = plot_prevalence(estimates(1, 3))
    assert ax.child_axes == []
    assert ax.get_title(loc="left") == "Daily Beacon (10)"
    assert {text.get_text().replace("\n", " ") for text in ax.get_yticklabels()} == {
        "war", "human interest", "economic consequences",
    }  # fmt: skip


def test_the_figure_says_how_its_interval_was_made():
    assert "Wilson 95 %" in plot_prevalence(estimates(2, 1)).get_xlabel()
    assert "Wilson 95 %" in plot_trend(estimates(2, 1, months=4)).get_xlabel()


def test_n_that_differs_between_frames_is_a_range():
    table = estimates(1, 2).assign(n=[8, 1200])
    assert plot_prevalence(table).get_title(loc="left") == "Daily Beacon (8–1,200)"


def test_trend_draws_lines_bands_and_counts():
    table = estimates(1, 1, months=4)
    ax = plot_trend(table)
    assert ax.lines[0].get_ydata() == pytest.approx(100 * table["share"])
    band = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == pytest.approx((0, 100))
    assert [bar.get_height() for bar in ax.child_axes[0].patches] == table["n"].tolist()
    assert ax.get_title(loc="left") == "war"


def test_trend_breaks_where_a_month_is_missing():
    table = estimates(1, 1, months=5).drop(index=[1, 3])
    ax = plot_trend(table)
    assert np.isnan(ax.lines[0].get_ydata()).tolist() == [False, True, False, True, False]
    lonely = ax.collections[1].get_segments()
    assert len(lonely) == 3
    assert len(ax.child_axes[0].patches) == 3


def test_lines_of_a_trend_differ_in_colour_marker_and_stroke():
    ax = plot_trend(estimates(4, 1, months=5))
    for style in ("get_color", "get_marker", "get_linestyle"):
        assert len({getattr(line, style)() for line in ax.lines}) == 4
    greys = sorted(np.dot(to_rgb(line.get_color()), (0.2126, 0.7152, 0.0722)) for line in ax.lines)
    assert min(high - low for low, high in itertools.pairwise(greys)) > 0.05


def test_lines_are_named_beside_or_above():
    alone = plot_trend(estimates(3, 1, months=5))
    named = {text.get_text().replace("\n", " ")[2:] for text in alone.texts}
    assert named == set(OUTLETS[:3])
    several = plot_trend(estimates(2, 3, months=5))
    assert [text.get_text() for text in several.get_legend().get_texts()] == OUTLETS[:2]


def test_many_groups_get_a_panel_each():
    panels = panels_of(plot_trend(estimates(8, 2, months=3)))
    assert len(panels) == 8
    assert {len(panel.lines) for panel in panels} == {2}


def test_too_many_lines_are_an_error():
    with pytest.raises(ValueError, match="5 groups × 5 frames are 25 lines"):
        plot_trend(estimates(5, 5, months=2))


def test_a_trend_needs_one_period():
    with pytest.raises(ValueError, match="needs one column of dates and the table has 0"):
        plot_trend(estimates(2, 1))


def test_events_can_be_marked_on_a_trend():
    ax = plot_trend(estimates(1, 1, months=6))
    before = ax.get_xlim()
    line = ax.axvline(pd.Timestamp("2031-02-01"))
    assert ax.get_xlim() == before
    ax.figure.canvas.draw()
    assert ax.lines[0].get_xydata()[3, 0] == pytest.approx(mpl.dates.date2num(line.get_xdata()[0]))


def test_coverage_counts_articles(tiny):
    ax = plot_coverage(tiny.assign(date=tiny["date"].where(tiny.index != "a6")))
    assert [text.get_text() for text in ax.get_yticklabels()] == ["Star (2)", "Herald (3)"]
    assert len(ax.patches) == 5
    assert np.ptp([bar.get_height() for bar in ax.patches]) == pytest.approx(0)
    assert ax.get_xlabel() == "articles a day (highest bar: 1); not shown: 1 without a date"


def test_coverage_says_which_period_it_counts():
    assert plot_coverage(articles(1, 400)).get_xlabel().startswith("articles a week")
    assert plot_coverage(articles(1, 3000)).get_xlabel().startswith("articles a month")


def test_coverage_bars_stand_on_their_days(tiny):
    ax = plot_coverage(tiny)
    days = sorted({mpl.dates.num2date(bar.get_x() + bar.get_width() / 2).day for bar in ax.patches})
    assert days == [3, 4, 5]


def test_coverage_without_a_date_is_an_error(tiny):
    with pytest.raises(ValueError, match="No article has both"):
        plot_coverage(tiny.assign(date=pd.NaT))


def test_matches_draw_the_most_frequent_terms():
    table = pd.DataFrame({"frame": "war", "term": ["war", "bombs", "war"], "n": [2, 3, 4]})
    ax = plot_matches(table)
    assert [text.get_text() for text in ax.get_yticklabels()] == ["war", "bombs"]
    assert [bar.get_width() for bar in ax.patches] == [6, 3]
    assert [text.get_text() for text in ax.texts] == ["6", "3"]


def test_matches_say_how_many_terms_are_left_out():
    ax = plot_matches(matches(2), frame="human_interest", top=4)
    title = " ".join(ax.get_title(loc="left").split())
    assert title == "human interest (4 of 6 terms)"
    assert len(ax.patches) == 4


def test_patterns_that_matched_nothing_are_no_bars():
    rows = [("war", "troops", 3), ("war", "", 0), ("peace", "", 0)]
    ax = plot_matches(pd.DataFrame(rows, columns=["frame", "term", "n"]))
    war, peace = panels_of(ax)
    assert (len(war.patches), len(peace.patches)) == (1, 0)
    assert peace.get_title(loc="left").replace("\N{NO-BREAK SPACE}", " ") == "peace (0 terms)"


def test_matches_refuse_what_they_cannot_draw():
    with pytest.raises(KeyError, match=r"No frame peace. Choose from: war"):
        plot_matches(matches(1), frame="peace")
    with pytest.raises(ValueError, match="None of the 1 frames has a hit"):
        plot_matches(matches(1).assign(n=0))
    with pytest.raises(ValueError, match="No column term, n"):
        plot_matches(pd.DataFrame({"frame": ["war"]}))
    with pytest.raises(ValueError, match="top=0"):
        plot_matches(matches(1), top=0)


def test_dollars_in_terms_are_no_formula():
    ax = plot_matches(matches(1))
    ax.figure.canvas.draw()
    shown = [text.get_text().replace("\\", "") for text in ax.get_yticklabels()]
    assert "$5 or $6" in shown


def test_heatmap_writes_the_per_cent_of_every_cell():
    table = estimates(2, 3)
    ax = plot_heatmap(table)
    wide = table.pivot(index="outlet", columns="frame", values="share")
    wide = wide.loc[OUTLETS[:2], FRAMES[:3]]
    assert np.allclose(ax.collections[0].get_array(), 100 * wide)
    assert [cell.get_text() for cell in ax.texts] == ["0", "20", "40", "60", "80", "100"]
    assert "n in parentheses" in ax.get_xlabel()


def test_heatmap_text_is_readable_on_its_cell():
    ax = plot_heatmap(estimates(15, 5))
    ax.figure.canvas.draw()
    for cell, colour in zip(ax.texts, ax.collections[0].get_facecolors(), strict=True):
        light, dark = sorted((luminance(cell.get_color()), luminance(colour)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) > 3


def luminance(colour) -> float:
    """Relative luminance after WCAG 2."""
    parts = np.array(to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def test_heatmap_of_a_wide_table_leaves_unknown_cells_empty():
    shares = pd.DataFrame({"war": [0.004, np.nan], "peace": [0.999, 1]}, index=["Herald", "Star"])
    ax = plot_heatmap(shares)
    assert [cell.get_text() for cell in ax.texts] == ["<1", ">99", "100"]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["Herald", "Star"]


def test_heatmap_refuses_what_is_no_share():
    with pytest.raises(ValueError, match="1 of 2 cells are no shares"):
        plot_heatmap(pd.DataFrame({"war": [0.5, 12]}))


@pytest.mark.parametrize("plot", [plot_prevalence, plot_trend, plot_heatmap])
def test_tables_are_checked_at_the_door(plot):
    table = estimates(2, 1, months=2)
    with pytest.raises(ValueError, match="No column low, high"):
        plot(table.drop(columns=["low", "high"]))
    with pytest.raises(ValueError, match="no rows"):
        plot(table.iloc[:0])
    with pytest.raises(ValueError, match="4 of 8 rows repeat a group and frame"):
        plot(pd.concat([table, table]))


@pytest.mark.parametrize("plot", [plot_prevalence, plot_trend, plot_heatmap])
def test_the_table_stays_as_it_was(plot):
    table = estimates(2, 2, months=3)
    before = table.copy()
    plot(table)
    pd.testing.assert_frame_equal(table, before)
