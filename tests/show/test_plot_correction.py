"""The figure of corrections draws what the table says."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from framing.show.correction import plot_correction
from framing.show.style import use_style


def shares(groups=("Herald", "Star"), frames=("war", "peace_talks")) -> pd.DataFrame:
    rows = [(group, frame) for group in groups for frame in frames]
    table = pd.DataFrame(rows, columns=["outlet", "frame"])
    naive, share = np.linspace(0.5, 0.7, len(rows)), np.linspace(0.2, 0.4, len(rows))
    return table.assign(
        n=300, n_coded=100, naive=naive, naive_low=naive - 0.05, naive_high=naive + 0.05,
        share=share, low=share - 0.1, high=share + 0.1, codes_alone=share, width_ratio=0.8,
        power=0.5, rogan_gladen=0.3, interval="Wilson 95 %, corpus",
    )  # fmt: skip


def dots(axes):
    """Naive and corrected values drawn in one panel."""
    points = [line for line in axes.lines if line.get_marker() == "o"]
    return [np.round(line.get_xdata(), 6).tolist() for line in points]


def test_every_group_and_frame_has_a_hollow_and_a_filled_dot():
    table = shares()
    host = plot_correction(table)
    assert [panel.get_title(loc="left") for panel in host.child_axes] == ["war", "peace talks"]
    for panel, (_, part) in zip(host.child_axes, table.groupby("frame", sort=False), strict=True):
        naive, corrected = dots(panel)
        assert naive == pytest.approx((100 * part["naive"]).tolist())
        assert corrected == pytest.approx((100 * part["share"]).tolist())
        ends = [path.vertices[:, 0] for lines in panel.collections for path in lines.get_paths()]
        assert ends[0].tolist() == pytest.approx(
            [45, 55] if part.index[0] == 0 else ends[0].tolist()
        )
        assert len(panel.texts) == 2
    labels = [label.get_text() for label in host.child_axes[0].get_yticklabels()]
    assert labels == ["Herald (100)", "Star (100)"]


def test_numbers_of_narrow_panels_do_not_run_into_each_other():
    frames = ("conflict", "human_interest", "economic", "morality", "responsibility")
    table = shares(("right vs left", "2031 vs 2030"), frames).rename(columns={"outlet": "term"})
    table = table.rename(columns={"share": "coef"}).assign(naive_p=0.1, p=0.1)
    columns = ["naive", "naive_low", "naive_high", "coef", "low", "high"]
    table[columns] -= 0.4
    host = plot_correction(table)
    host.figure.canvas.draw()
    labels = [label for panel in host.child_axes for label in panel.get_xticklabels()]
    boxes = [label.get_window_extent() for label in labels if label.get_text()]
    boxes = sorted(boxes, key=lambda box: (round(box.y0), box.x0))
    rows = [pair for pair in pairwise(boxes) if round(pair[0].y0) == round(pair[1].y0)]
    assert len(rows) >= 5
    assert all(left.x1 < right.x0 for left, right in rows)


def test_one_group_makes_its_frames_the_rows():
    axes = plot_correction(shares(groups=("Herald",)).drop(columns="outlet"))
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "war (100)",
        "peace talks (100)",
    ]
    assert axes.get_title(loc="left") == ""
    note = axes.get_xlabel().replace("\n", " ")
    assert "○\N{NO-BREAK SPACE}measure alone, ●\N{NO-BREAK SPACE}corrected" in note
    assert "(Wilson 95 %, corpus)" in note


def test_arrows_go_from_naive_to_corrected():
    axes = plot_correction(shares(groups=("Herald",)))
    naive, corrected = dots(axes)
    assert [text.xyann[0] for text in axes.texts] == pytest.approx(naive)
    assert [text.xy[0] for text in axes.texts] == pytest.approx(corrected)


def test_a_group_without_a_corrected_share_has_no_arrow():
    table = shares(frames=("war",))
    table.loc[1, ["share", "low", "high"]] = np.nan
    axes = plot_correction(table)
    assert len(axes.texts) == 1
    assert axes.get_xlim()[1] <= 100


def test_differences_stand_around_a_line_at_0():
    table = shares(frames=("war",)).rename(columns={"share": "difference", "outlet": "group"})
    table = table.assign(reference="the rest", n_reference=50, n_coded_reference=20, p=0.1)
    table["difference"] -= 0.5
    table["low"] -= 0.5
    axes = plot_correction(table)
    labels = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
    assert labels == ["Herald less the rest (120)", "Star less the rest (120)"]
    assert axes.get_xlim()[0] < 0 < axes.get_xlim()[1]
    assert axes.get_xlabel().startswith("difference, percentage points")


def test_coefficients_are_drawn_without_the_intercept():
    table = shares(frames=("war",)).rename(columns={"share": "coef", "outlet": "term"})
    table["term"] = ["Intercept", "outlet[Star vs Herald]"]
    axes = plot_correction(table)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["war (100)"]
    assert axes.get_title(loc="left") == "Star vs Herald"
    assert dots(axes)[1] == [0.4]


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match=r"No column naive\. Make the table"):
        plot_correction(shares().drop(columns="naive"))
    with pytest.raises(ValueError, match="No column share, difference or coef"):
        plot_correction(shares().drop(columns="share"))
    with pytest.raises(ValueError, match="no rows"):
        plot_correction(shares().iloc[:0])
    with pytest.raises(ValueError, match="4 of 8 rows repeat a group and frame"):
        plot_correction(pd.concat([shares(), shares()]))


def test_no_label_stands_on_another_in_a_wide_table():
    use_style()
    groups = [f"The Daily Newspaper of Town {number}" for number in range(9)]
    host = plot_correction(shares(groups, ("war", "peace", "human_interest", "conflict")))
    figure = host.figure
    figure.canvas.draw()
    boxes = [label.get_window_extent() for label in host.child_axes[0].get_yticklabels()]
    assert not any(a.overlaps(b) for a, b in pairwise(boxes))
    assert host.xaxis.label.get_window_extent().y0 >= figure.bbox.y0


def test_a_table_without_any_interval_is_refused():
    ends = dict.fromkeys(["naive_low", "naive_high", "low", "high"], np.nan)
    table = pd.DataFrame({"frame": ["war"], "n": 9, "n_coded": 2, "naive": 0.6, "share": 0.5})
    with pytest.raises(ValueError, match="None of the 1 rows has an interval"):
        plot_correction(table.assign(**ends, interval="Wilson 95 %"))


def test_groups_may_have_names_like_those_of_estimates():
    named = shares().rename(columns={"outlet": "codes_by"})
    labels = [
        [label.get_text() for label in plot_correction(table).child_axes[0].get_yticklabels()]
        for table in (shares(), named)
    ]
    assert labels[0] == labels[1]
    assert len(labels[0]) == 2


@pytest.mark.parametrize(("wide", "n_panels"), [(0.3, 5), (0.5, 5), (0.07, 4), (6.0, 5), (0.2, 2)])
def test_numbers_of_a_signed_scale_stand_apart(wide, n_panels):
    use_style()
    frames = [f"frame {number}" for number in range(n_panels)]
    terms = ["outlet[Star vs Herald]", "month[2031-04 vs 2031-03]"]
    table = shares(terms, frames).rename(columns={"share": "coef", "outlet": "term"})
    table = table.assign(low=-wide, naive_low=-wide, high=wide, naive_high=wide, coef=0, naive=0)
    host = plot_correction(table)
    host.figure.canvas.draw()
    labels = [label for axes in host.child_axes for label in axes.get_xticklabels()]
    boxes = [label.get_window_extent() for label in labels]
    assert not any(a.overlaps(b) for a, b in pairwise(boxes))
    assert len(labels) >= 3 * n_panels
