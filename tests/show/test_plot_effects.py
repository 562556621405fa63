"""Figures of contrasts: what stands where, read from the artists."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from framing.show.effects import plot_frame_given_topic, plot_topic_effects


def effects(topics=("war", "oil_price"), terms=("Star − Herald",)):
    rows = [
        {"topic": topic, "covariate": "outlet", "term": term, "estimate": 3.0 * place - number}
        for place, topic in enumerate(topics)
        for number, term in enumerate(terms)
    ]
    table = pd.DataFrame(rows).assign(p_adjusted=0.2, interval="fractional logit 95 %")
    table.loc[table["estimate"] >= 3, "p_adjusted"] = 0.01
    return table.assign(low=table["estimate"] - 2, high=table["estimate"] + 2)


def contrasts():
    rows = [
        ("conflict", "raw", 4.0),
        ("conflict", "within topic", 0.5),
        ("conflict", "carried by topics", 3.5),
        ("morality", "raw", 1.0),
        ("morality", "within topic", 1.1),
        ("morality", "carried by topics", -0.1),
    ]
    table = pd.DataFrame(rows, columns=["frame", "model", "estimate"])
    table = table.assign(term="Star − Herald", interval="least squares 95 %")
    return table.assign(low=table["estimate"] - 1, high=table["estimate"] + 1)


def labels(ax):
    return [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]


def titles(host):
    return [axes.get_title(loc="left").replace("\n", " ") for axes in host.child_axes]


def dots(ax):
    return ax.collections[1].get_offsets()[:, 0].tolist()


def test_one_contrast_has_topics_as_rows_by_estimate():
    ax = plot_topic_effects(effects())
    assert labels(ax) == ["oil price", "war"]
    assert dots(ax) == [3, 0]
    assert [segment[:, 0].tolist() for segment in ax.collections[0].get_segments()] == [
        [1, 5],
        [-2, 2],
    ]


def test_a_filled_dot_is_a_sure_one():
    faces = plot_topic_effects(effects()).collections[1].get_facecolors()
    assert faces[0].tolist() != [1, 1, 1, 1]
    assert faces[1].tolist() == [1, 1, 1, 1]


def test_few_contrasts_are_panels_and_many_are_rows():
    few = plot_topic_effects(effects(terms=("Star − Herald", "Post − Herald")))
    assert titles(few) == ["Star − Herald", "Post − Herald"]
    many = plot_topic_effects(effects(terms=("a − b", "c − b", "d − b")))
    assert titles(many) == ["war", "oil price"]
    assert labels(many.child_axes[0]) == ["a − b", "c − b", "d − b"]


def test_all_panels_share_a_scale_with_no_difference_in_it():
    host = plot_topic_effects(effects(terms=("Star − Herald", "Post − Herald")))
    scales = {axes.get_xlim() for axes in host.child_axes}
    assert len(scales) == 1
    low, high = scales.pop()
    assert low < 0 < high


def test_several_covariates_are_named():
    table = effects(terms=("Star − Herald", "2031-04 − 2031-03"))
    table["covariate"] = ["outlet", "month"] * 2
    assert titles(plot_topic_effects(table)) == [
        "outlet: Star − Herald",
        "month: 2031-04 − 2031-03",
    ]


def test_a_row_without_an_estimate_says_so():
    table = effects()
    table.loc[0, ["estimate", "low", "high"]] = np.nan
    assert [text.get_text().strip() for text in plot_topic_effects(table).texts] == ["no estimate"]


def test_raw_and_within_topic_stand_below_each_other():
    ax = plot_frame_given_topic(contrasts())
    assert labels(ax) == [
        "conflict, raw",
        "conflict, within topic",
        "morality, raw",
        "morality, within topic",
    ]
    assert dots(ax) == [4, 0.5, 1, 1.1]


def test_the_callers_axes_are_used_and_the_table_kept():
    table = effects()
    before = table.copy()
    ax = plt.subplots(figsize=(4, 3))[1]
    assert plot_topic_effects(table, ax=ax) is ax
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("plot", [plot_topic_effects, plot_frame_given_topic])
def test_tables_that_cannot_be_drawn_say_why(plot):
    table = effects() if plot is plot_topic_effects else contrasts()
    with pytest.raises(ValueError, match="lacks low"):
        plot(table.drop(columns="low"))
    with pytest.raises(ValueError, match="0 rows"):
        plot(table.iloc[:0])
    with pytest.raises(ValueError, match=r"1 of .* repeat"):
        plot(pd.concat([table, table.head(1)]))


def test_estimates_without_an_interval_are_in_sight():
    table = effects().assign(estimate=[12.0, -7.0], low=np.nan, high=np.nan)
    low, high = plot_topic_effects(table).get_xlim()
    assert low < -7 and high > 12


def test_tables_put_together_are_drawn():
    both = pd.concat([effects(), effects(terms=("Post − Herald",))])
    assert titles(plot_topic_effects(both)) == ["Star − Herald", "Post − Herald"]
