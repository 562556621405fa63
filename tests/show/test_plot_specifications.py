"""The specification curve as a figure: every estimate, every option, nothing else."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from framing.show.specifications import plot_specifications


@pytest.fixture
def curve():
    n = 24
    return pd.DataFrame(
        {
            "specification": np.arange(1, n + 1),
            "at least": [str(1 + i % 3) for i in range(n)],
            "left out": [f"pattern {i}" if i else "nothing" for i in range(n)],
            "main": [i == 0 for i in range(n)],
            "estimate": np.linspace(-0.1, 0.3, n),
            "low": np.linspace(-0.2, 0.2, n),
            "high": np.linspace(0.0, 0.4, n),
            "p": np.where(np.arange(n) < 12, 0.5, 0.01),
            "problem": "",
        }
    )


def test_shows_each_estimate_where_the_table_has_it(curve):
    above, below = plot_specifications(curve).child_axes
    points = above.collections[1].get_offsets()
    assert np.allclose(points[:, 1], curve["estimate"])
    assert [label.get_text() for label in below.get_yticklabels()] == [
        *["1", "2", "3"],
        *["nothing", "one of 23 others"],
    ]
    colours = {tuple(colour) for colour in above.collections[1].get_facecolors()}
    assert len(colours) == 2


def test_a_dot_stands_in_the_row_of_its_option(curve):
    below = plot_specifications(curve).child_axes[1]
    places = [dots.get_offsets()[:, 0].tolist() for dots in below.collections[:3]]
    assert places == [list(range(k, 24, 3)) for k in range(3)]


def test_leaves_out_what_failed_and_refuses_what_has_nothing(curve):
    some = curve.assign(estimate=curve["estimate"].where(curve["specification"] > 4))
    some.loc[20, "main"] = True
    above, _ = plot_specifications(some).child_axes
    assert len(above.collections[1].get_offsets()) == 20
    with pytest.raises(ValueError, match="None of the 24 specifications"):
        plot_specifications(curve.assign(estimate=np.nan))
    with pytest.raises(ValueError, match="no column estimate, p"):
        plot_specifications(curve.drop(columns=["estimate", "p"]))


def test_labels_do_not_overlap(curve):
    ax = plot_specifications(curve)
    ax.figure.canvas.draw()
    below = ax.child_axes[1]
    boxes = [label.get_window_extent() for label in [*below.get_yticklabels(), *below.texts]]
    boxes.sort(key=lambda box: box.y0)
    assert all(one.y1 <= other.y0 + 1 for one, other in pairwise(boxes))


def test_the_label_says_what_is_blue_and_how_many_there_are(curve):
    said = plot_specifications(curve, alpha=0.01).child_axes[1].get_xlabel().replace("\n", " ")
    assert said == "24 specifications, from the lowest to the highest estimate; blue: p < .01; " + (
        "bars: intervals"
    )
    alone = plot_specifications(curve.head(1)).child_axes[1].get_xlabel()
    assert alone.startswith("1 specification,")


def test_the_axis_names_what_is_estimated(curve):
    named = plot_specifications(curve, label="share less share")
    assert named.child_axes[0].get_ylabel() == "share less share"


def test_the_main_estimate_is_named_without_an_interval_too(curve):
    above = plot_specifications(curve.assign(low=np.nan, high=np.nan)).child_axes[0]
    (named,) = [text for text in above.texts if text.get_text() == "main"]
    assert named.xy == (0, pytest.approx(-0.1))


def test_options_that_are_numbers_have_their_dots_and_long_names_fit(curve):
    some = curve.drop(columns="left out").assign(**{"at least": [1, 2] * 12, "long": "x y " * 30})
    below = plot_specifications(some).child_axes[1]
    assert [len(dots.get_offsets()) for dots in below.collections] == [12, 12, 24]
    assert below.get_yticklabels()[-1].get_text().endswith("…")


def test_the_name_of_the_main_one_is_inside(curve):
    highest = curve.assign(main=[i == 23 for i in range(24)])
    ax = plot_specifications(highest)
    ax.figure.canvas.draw()
    above = ax.child_axes[0]
    (named,) = [text for text in above.texts if text.get_text() == "main"]
    assert named.get_window_extent().y1 <= above.get_window_extent().y1
