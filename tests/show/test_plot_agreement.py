"""Figures of agreement: what is drawn is what the table says, and labels keep apart."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from framing.show.agreement import plot_agreement, plot_drift
from framing.validity.agreement import coder_agreement
from framing.validity.coder_checks import coder_drift

TABLE = pd.DataFrame(
    {
        "frame": ["war", "war", "peace", "peace", "rare", "rare"],
        "measure": ["alpha", "percent"] * 3,
        "value": [0.5, 0.8, 0.7, 0.9, np.nan, 0.99],
        "low": [0.3, 0.7, 0.6, 0.85, np.nan, 0.98],
        "high": [0.6, 0.85, 0.8, 0.95, np.nan, 1.0],
        "n_units": [50, 50, 60, 60, 40, 40],
        "top_share": [0.6, 0.6, 0.5, 0.5, 1.0, 1.0],
        "interval": "bootstrap 95 %, 1,000 draws of units",
    }
)


def rows_of(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


def dots(axes):
    """Values drawn, with whether they are hollow."""
    found = {}
    for line in axes.lines:
        if line.get_marker() == "o":
            hollow = line.get_markerfacecolor() == "white"
            found |= {float(x): hollow for x in line.get_xdata() if not np.isnan(x)}
    return found


def test_dots_stand_at_their_values_and_traps_are_hollow():
    alpha, percent = plot_agreement(TABLE).child_axes
    assert alpha.get_title(loc="left").split() == ["Krippendorff’s", "α"]
    assert percent.get_title(loc="left").split() == ["share", "agreed"]
    assert rows_of(alpha) == ["peace (60)", "war (50)", "rare (40)"]
    assert dots(alpha) == {0.5: False, 0.7: False}
    assert dots(percent) == {0.8: False, 0.9: False, 0.99: True}


def test_what_is_not_defined_is_called_so():
    alpha, percent = plot_agreement(TABLE).child_axes
    assert [text.get_text() for text in alpha.texts] == ["not defined"]
    assert not percent.texts


def test_intervals_are_those_of_the_table():
    alpha = plot_agreement(TABLE).child_axes[0]
    lines = [line for line in alpha.collections[0].get_segments() if len(line)]
    drawn = {tuple(map(float, line[:, 0])) for line in lines}
    assert {(0.3, 0.6), (0.6, 0.8)} <= drawn


def test_one_frame_has_its_measures_as_rows():
    ax = plot_agreement(TABLE[TABLE["frame"] == "war"])
    assert rows_of(ax) == ["Krippendorff’s α", "share agreed"]
    assert ax.get_title(loc="left") == "war (50)"


def test_values_below_zero_have_room():
    table = TABLE[TABLE["frame"] == "war"].assign(value=-0.3, low=-0.6, high=0.1)
    low, high = plot_agreement(table).get_xlim()
    assert low <= -0.6 and high >= 1


def test_axes_given_are_the_axes_returned():
    ax = plt.figure(figsize=(7, 4)).subplots()
    assert plot_agreement(TABLE, ax=ax) is ax


@pytest.mark.parametrize(
    "table, message",
    [
        (TABLE.drop(columns="low"), "No column low"),
        (TABLE.iloc[:0], "no rows"),
        (pd.concat([TABLE, TABLE]), "6 of 12 rows repeat a frame and measure"),
    ],
)
def test_tables_that_cannot_be_drawn(table, message):
    with pytest.raises(ValueError, match=message):
        plot_agreement(table)


def simulated(n_frames, n_coders=3):
    rng = np.random.default_rng(0)
    rows = [
        (f"u{unit}", f"coder {coder}", f"a_long_name_of_frame_{frame}", rng.integers(0, 2), time)
        for time, unit in enumerate(range(12))
        for coder in range(n_coders)
        for frame in range(n_frames)
    ]
    codes = pd.DataFrame(rows, columns=["unit", "coder", "frame", "value", "day"])
    day = pd.to_timedelta(codes["day"], unit="D")
    return codes.assign(coded_at=pd.Timestamp("2031-03-03") + day)


@pytest.mark.parametrize("n_frames", [1, 2, 7])
def test_labels_do_not_overlap(n_frames):
    codes = simulated(n_frames)
    for ax in (
        plot_agreement(coder_agreement(codes, draws=20)),
        plot_drift(coder_drift(codes, draws=20)),
    ):
        ax.figure.canvas.draw()
        for axes in ax.child_axes or [ax]:
            for labels in (axes.get_xticklabels(), axes.get_yticklabels()):
                boxes = [label.get_window_extent() for label in labels if label.get_text()]
                assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


def test_drift_draws_the_change_of_the_last_block():
    drift = coder_drift(simulated(1), blocks=3, draws=20)
    last = drift[(drift["block"] == 3) & (drift["measure"] == "mean")]
    ax = plot_drift(drift, measure="mean")
    assert sorted(dots(ax)) == pytest.approx(sorted(set(100 * last["change"])))
    assert rows_of(ax)[-1] == "all coders"
    assert "yes-rate" in ax.get_xlabel().replace("\n", " ")


def test_drift_of_nothing():
    drift = coder_drift(simulated(1), draws=0)
    with pytest.raises(ValueError, match="has a change: nothing to draw"):
        plot_drift(drift.assign(change=float("nan")))
    with pytest.raises(ValueError, match="measure='speed': choose one of agreement"):
        plot_drift(drift, measure="speed")
    with pytest.raises(ValueError, match="holds nothing of 'mean'"):
        plot_drift(drift[drift["measure"] == "agreement"], measure="mean")


def test_tables_put_together_are_drawn():
    one = pd.DataFrame(
        {"frame": ["war", "peace"], "measure": "alpha", "value": [0.5, 0.8], "low": 0.3}
    ).assign(high=0.9, n_units=50, top_share=0.6, interval="bootstrap 95 %")
    both = pd.concat([one, one.assign(measure="percent")])
    assert len(plot_agreement(both).child_axes) == 2


@pytest.mark.parametrize("top_share", [0.6, 0.99])
@pytest.mark.parametrize("value", [0.5, np.nan])
def test_a_figure_drawn_again_stays_as_it_is(top_share, value):
    frames = {"frame": ["war", "peace"], "measure": "alpha", "value": value, "low": 0.3}
    table = pd.DataFrame(frames).assign(high=0.9, n_units=50, top_share=top_share, interval="b")
    host = plot_agreement(table)
    places = []
    for _ in range(3):
        host.figure.canvas.draw()
        places.append(host.get_position().bounds)
    assert np.allclose(places, places[0], atol=1e-3)
    assert host.get_tightbbox().y0 >= 0
