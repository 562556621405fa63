"""Figures of classifiers: what is drawn is what the table says, and nothing measured is dashed."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from framing.show.classifier import plot_cross_validation, plot_learning_curve


def folds(frames=("war", "human_interest")):
    rows = [
        (frame, kind, measure, code, value, value - 0.1, value + 0.05, 0.4, 80)
        for frame in frames
        for kind, value in (("random", 0.8), ("by outlet", 0.6))
        for measure, code in (("accuracy", ""), ("macro_f1", ""), ("f1", "0"), ("brier", ""))
    ]
    names = ["frame", "folds", "measure", "code", "value", "low", "high", "majority", "n_units"]
    made = "bootstrap 95 %, 1,000 draws of units"
    return pd.DataFrame(rows, columns=names).assign(interval=made)


def curve(frames=("war",), projected=(200, 400, 800)):
    measured = pd.DataFrame({"n_codes": [25, 50, 160], "value": [0.5, 0.6, 0.7]})
    ahead = pd.DataFrame(
        {"n_codes": list(projected), "value": [0.71, 0.74, 0.76][: len(projected)]}
    )
    table = pd.concat([measured.assign(projected=False), ahead.assign(projected=True)])
    table = table.assign(low=table["value"] - 0.1, high=table["value"] + 0.1, majority=0.4)
    table = table.assign(interval="middle 95 % of 10 repeats")
    return pd.concat([table.assign(frame=frame) for frame in frames], ignore_index=True)


def rows_of(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


def dots(axes):
    """Values drawn as hollow and as filled dots."""
    found = {True: [], False: []}
    for line in axes.lines:
        if line.get_marker() == "o":
            found[line.get_markerfacecolor() == "white"] += list(map(float, line.get_xdata()))
    return found[True], found[False]


def test_frames_are_rows_and_measures_are_panels():
    macro, accuracy = plot_cross_validation(folds()).child_axes
    assert (macro.get_title(loc="left"), accuracy.get_title(loc="left")) == ("macro-F1", "accuracy")
    assert [row.replace("\n", " ") for row in rows_of(macro)] == ["war (80)", "human interest (80)"]
    assert dots(macro) == ([0.8, 0.8], [0.6, 0.6])


def test_one_frame_has_its_measures_as_rows_and_one_kind_of_folds_is_filled():
    table = folds(["war"])
    ax = plot_cross_validation(table[table["folds"] == "random"])
    assert rows_of(ax) == ["accuracy", "macro-F1", "F1 of 0"]
    assert dots(ax) == ([], [0.8, 0.8, 0.8])
    assert "●\N{NO-BREAK SPACE}random\N{NO-BREAK SPACE}folds" in ax.get_xlabel()


def test_majority_and_intervals_are_those_of_the_table():
    ax = plot_cross_validation(folds(["war"]))
    segments = [line for part in ax.collections for line in part.get_segments()]
    upright = {float(line[0, 0]) for line in segments if line[0, 0] == line[1, 0]}
    flat = {tuple(line[:, 0].round(2).tolist()) for line in segments if line[0, 0] != line[1, 0]}
    assert upright == {0.4}
    assert flat == {(0.7, 0.85), (0.5, 0.65)}


def test_what_was_measured_is_solid_and_what_was_not_is_dashed():
    ax = plot_learning_curve(curve())
    solid, dashed, majority = ax.lines
    assert (solid.get_linestyle(), dashed.get_linestyle()) == ("-", "--")
    assert solid.get_xdata().tolist() == [25, 50, 160]
    assert dashed.get_ydata().tolist() == [0.71, 0.74, 0.76]
    assert set(np.ravel(majority.get_ydata())) == {0.4}
    assert [label.get_text() for label in ax.get_xticklabels()] == ["25", "200", "800"]
    assert ax.get_title(loc="left") == "war (200)"


def test_a_curve_without_projection_says_nothing_of_one():
    ax = plot_learning_curve(curve(projected=()))
    assert [text.get_text() for text in ax.texts] == ["measured", "majority"]
    assert "projected" not in ax.get_xlabel()


def test_several_frames_have_a_panel_each_and_one_is_labelled():
    ax = plot_learning_curve(curve(["war", "human_interest", "morality"]))
    titles = [panel.get_title(loc="left").replace("\n", " ") for panel in ax.child_axes]
    assert titles == ["war (200)", "human interest (200)", "morality (200)"]
    assert [len(panel.texts) for panel in ax.child_axes] == [3, 0, 0]


def test_labels_stay_inside_the_figure_and_apart():
    for ax in (plot_cross_validation(folds()), plot_learning_curve(curve(["war", "peace"]))):
        figure = ax.get_figure()
        figure.canvas.draw()
        frame = figure.bbox
        for panel in ax.child_axes:
            texts = [text for text in panel.texts if text.get_text()]
            boxes = [text.get_window_extent() for text in texts]
            assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 for box in boxes)
            pairs = [(a, b) for i, a in enumerate(boxes) for b in boxes[:i]]
            assert not any(a.overlaps(b) for a, b in pairs)
        plt.close(figure)


def test_axes_given_are_the_axes_returned():
    ax, other = plt.figure(figsize=(7, 6)).subplots(2)
    assert plot_cross_validation(folds(), ax=ax) is ax
    assert plot_learning_curve(curve(), ax=other) is other


@pytest.mark.parametrize(
    ("draw", "table", "message"),
    [
        (plot_cross_validation, folds().drop(columns="majority"), "No column majority"),
        (plot_cross_validation, folds().head(0), "no rows"),
        (plot_cross_validation, pd.concat([folds(), folds()]), "12 of 24 rows repeat"),
        (plot_cross_validation, folds().query("measure == 'brier'"), "0 kinds of folds"),
        (plot_learning_curve, curve().drop(columns="low"), "No column low"),
        (plot_learning_curve, curve().head(0), "no rows"),
        (plot_learning_curve, pd.concat([curve(), curve()]), "6 of 12 rows repeat"),
    ],
)
def test_tables_that_cannot_be_drawn_are_refused(draw, table, message):
    with pytest.raises(ValueError, match=message):
        draw(table)
