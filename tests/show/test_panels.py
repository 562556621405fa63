"""Text is measured, wrapped and moved apart; panels keep their place inside one Axes."""

import itertools

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from framing.show.panels import (
    font_size,
    open_axes,
    period_text,
    plain,
    plan_grid,
    readable,
    shorten,
    slot,
    spread,
    text_width,
    wrap,
)


def test_text_width_is_what_the_renderer_draws():
    figure, ax = plt.subplots()
    drawn = ax.text(0, 0, "The Evening Observer", fontsize=8).get_window_extent()
    assert text_width("The Evening Observer", 8) == pytest.approx(
        drawn.width * 72 / figure.dpi, rel=0.04
    )


def test_wrap_breaks_at_spaces_only():
    assert wrap("The Evening Observer", 60, 8) == "The Evening\nObserver"
    assert wrap("Observer", 5, 8) == "Observer"
    assert wrap("war (8\N{NO-BREAK SPACE}terms)", 30, 8) == "war\n(8\N{NO-BREAK SPACE}terms)"


def test_what_is_too_wide_is_cut():
    assert shorten("war", 60, 9) == "war"
    cut = shorten("x" * 80, 60, 9)
    assert cut.endswith("x…") and 50 < text_width(cut, 9) <= 60
    assert shorten("war", 0, 9) == "…"


def test_names_are_readable_and_dollars_stay_dollars():
    assert readable("human_interest") == "human interest"
    figure, ax = plt.subplots()
    ax.set_title(plain("$5 or $6"))
    figure.canvas.draw()
    assert text_width("$5 or $6", 10) > 0 and plain("$5 or $6") == r"\$5 or \$6"


@pytest.mark.parametrize(
    ("unit", "expected"), [("day", "5 Mar\n2031"), ("month", "Mar\n2031"), ("year", "2031")]
)
def test_periods_in_words(unit, expected):
    assert period_text(pd.Timestamp("2031-03-05"), unit) == expected


def test_labels_are_spread_until_none_overlaps():
    placed = spread([10, 11, 12, 90], [10, 10, 10, 10], 100)
    gaps = [high - low for low, high in itertools.pairwise(placed)]
    assert min(gaps) >= 10 and placed[3] == 90
    assert spread([99, 98], [10, 10], 100) == [95, 85]


def test_a_long_word_gets_a_wide_panel():
    narrow = plan_grid(["war"] * 6, 400, least=50, beside=10, below=0)
    wide = plan_grid(
        ["war"] * 5 + ["constitutionality_of_everything"], 400, least=50, beside=10, below=0
    )
    assert wide.columns < narrow.columns == 6
    assert wide.panel + wide.beside > text_width("constitutionality", font_size("axes.titlesize"))


def test_columns_are_balanced():
    assert plan_grid(["war"] * 5, 250, least=50, beside=10, below=0).columns == 3
    assert plan_grid(["war"] * 4, 200, least=50, beside=10, below=0).columns == 2


def test_slot_of_a_subplot_is_its_part_of_the_figure():
    _, axes = plt.subplots(1, 2, figsize=(6, 4), width_ratios=[2, 1])
    assert slot(axes[0]) == pytest.approx((4 * 72, 4 * 72))
    figure = plt.figure(figsize=(6, 4))
    assert slot(figure.add_axes((0, 0, 0.5, 0.25))) == pytest.approx((3 * 72, 72))


def test_too_small_axes_are_said_aloud():
    _, ax = plt.subplots(figsize=(4, 2))
    with pytest.warns(UserWarning, match=r"need 5.0 in .* have 2.0 in"):
        open_axes(ax, 288, 360)


def test_a_lone_axes_makes_room_and_a_layout_of_ones_own_stays():
    figure, ax = plt.subplots(figsize=(4, 4))
    open_axes(ax, 288, 100)
    assert figure.get_layout_engine() is not None
    figure, axes = plt.subplots(1, 2)
    open_axes(axes[0], 100, 100)
    assert figure.get_layout_engine() is None
