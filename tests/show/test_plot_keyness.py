"""Figures of keyness: what is drawn is in the table, and no label covers another."""

from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.text import Text

import framing as fr
from framing.measures.keyness import compare_words, keyness
from framing.show.keyness import LESS, MORE, NEITHER, PALE, plot_compare_words, plot_keyness


@pytest.fixture(scope="module")
def table():
    articles = fr.load_sample()
    return keyness(fr.count_terms(articles, min_articles=4), articles)


@pytest.fixture
def one():
    """Forty terms of one comparison, a few of them close together."""
    rng = np.random.default_rng(0)
    z = np.round(
        np.concatenate([rng.normal(0, 1, 30), [4, 4.05, 4.1, 5, -4, -4.02, -5, 3, 3, 6]]), 2
    )
    n = np.concatenate([rng.integers(5, 400, 30), [100, 101, 99, 300, 40, 41, 200, 9, 9, 395]])
    terms = [f"term{number:02}" for number in range(40)]
    rows = {"group": "Herald", "reference": "Star", "term": terms, "n_target": n, "n_reference": n}
    return pd.DataFrame(rows).assign(z=z, p_adjusted=np.where(abs(z) > 2.9, 0.01, 0.5))


def boxes(axes):
    return [text.get_window_extent() for text in axes.texts]


def panels(host):
    return host.child_axes or [host]


def drawn(host):
    host.figure.draw_without_rendering()
    return host


def overlapping(axes):
    pairs = combinations(boxes(axes), 2)
    return sum(a.padded(-1.5).overlaps(b.padded(-1.5)) for a, b in pairs)


def test_every_term_is_a_dot_at_its_uses_and_z(one):
    ax = plot_keyness(one)
    dots = np.concatenate(
        [dots.get_offsets() for dots in ax.collections if isinstance(dots, PathCollection)]
    )
    found = {(round(float(x), 6), round(float(y), 6)) for x, y in dots}
    uses = one["n_target"] + one["n_reference"]
    assert found == {(float(n), round(z, 6)) for n, z in zip(uses, one["z"], strict=True)}
    assert len(dots) == 40 and ax.get_xscale() == "log"


def test_strong_colours_are_for_low_p(one):
    grey, strong = (c for c in plot_keyness(one).collections if isinstance(c, PathCollection))
    assert {to_hex(colour) for colour in grey.get_facecolors()} == {NEITHER}
    assert len(strong.get_offsets()) == (one["p_adjusted"] < 0.05).sum()
    side = {
        to_hex(c): y
        for c, (_, y) in zip(strong.get_facecolors(), strong.get_offsets(), strict=True)
    }
    assert side[MORE] > 0 > side[LESS]


@pytest.mark.parametrize("size", [(3.5, 3), (7.2, 4), (2.6, 2.2)])
def test_labels_of_a_funnel_do_not_overlap_nor_leave_it(one, size):
    _, ax = plt.subplots(figsize=size, layout="constrained")
    with pytest.warns(UserWarning, match="labels need") if size[1] < 3.2 else _nothing():
        drawn(plot_keyness(one, top=10, ax=ax))
    assert len(ax.texts) >= 5
    assert not overlapping(ax)
    frame = ax.get_window_extent().padded(2)
    assert all(
        frame.contains(box.x0, box.y0) and frame.contains(box.x1, box.y1) for box in boxes(ax)
    )


def _nothing():
    from contextlib import nullcontext

    return nullcontext()


def test_a_label_is_nearest_to_its_own_dot(one):
    ax = drawn(plot_keyness(one, top=10))
    strong = one[one["p_adjusted"] < 0.05]
    dots = ax.transData.transform(
        np.column_stack([strong["n_target"] + strong["n_reference"], strong["z"]])
    )
    where = dict(zip(strong["term"], dots, strict=True))
    for text, box in zip(ax.texts, boxes(ax), strict=True):
        if text.get_text() in where:
            gaps = {
                term: np.hypot(max(box.x0 - x, x - box.x1, 0), max(box.y0 - y, y - box.y1, 0))
                for term, (x, y) in where.items()
            }
            own = gaps[text.get_text()]
            assert own <= min(gaps.values()) + 1.5


def test_the_strongest_terms_are_named_first(one):
    names = {text.get_text() for text in plot_keyness(one, top=3).texts}
    assert {"term39", "term33", "term36"} <= names and len(names) <= 6


def test_the_same_table_gives_the_same_labels(one):
    first, second = (
        [(t.get_text(), tuple(t.get_position())) for t in plot_keyness(one).texts] for _ in range(2)
    )
    assert first == second


def test_funnels_of_all_outlets_share_their_scales(table):
    host = drawn(plot_keyness(table, top=6))
    assert len(panels(host)) == table["group"].nunique() == 8
    assert len({axes.get_ylim() for axes in panels(host)}) == 1
    assert len({axes.get_xlim() for axes in panels(host)}) == 1
    assert not any(overlapping(axes) for axes in panels(host))
    titles = [axes.get_title(loc="left").replace("\n", " ") for axes in panels(host)]
    assert titles == sorted(table["group"].unique())


def test_bars_are_the_highest_and_lowest_z(table):
    herald = table[table["group"] == "QuickGlobe News"]
    ax = plot_keyness(herald, kind="bars", top=5)
    widths = [bar.get_width() for bar in ax.patches]
    expected = [*herald["z"].nlargest(5), *herald["z"].nsmallest(5)[::-1]]
    assert widths == pytest.approx(expected)
    terms = [text.get_text() for text in ax.texts][::2]
    assert terms[0] == herald.loc[herald["z"].idxmax(), "term"]
    row = herald.set_index("term").loc[terms[0]]
    assert ax.texts[1].get_text() == f"{row['n_target']:,} : {row['n_reference']:,}"
    colours = {to_hex(bar.get_facecolor()) for bar in ax.patches}
    assert colours <= {MORE, LESS, *PALE.values()}


def test_labels_of_bars_do_not_overlap_nor_leave_their_panel(table):
    host = drawn(plot_keyness(table, kind="bars", top=6))
    for axes in panels(host):
        assert not overlapping(axes)
        frame = axes.get_window_extent().padded(4)
        assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 for box in boxes(axes))
    assert len({axes.get_xlim() for axes in panels(host)}) == 1


def test_periods_are_named_in_words():
    articles = fr.load_sample()
    counts = fr.count_terms(articles, min_articles=8)
    host = plot_keyness(keyness(counts, articles, by="week", between="before"), kind="bars", top=3)
    assert panels(host)[0].get_title(loc="left") == "10 Mar 2031"
    assert "all before it" in host.get_xlabel().replace("\n", " ")


def test_one_sided_tables_are_drawn_too(one):
    more = one[one["z"] > 0]
    assert len(plot_keyness(more, kind="bars", top=4).patches) == 4
    assert plot_keyness(more).get_ylim()[0] <= 0
    assert len(plot_keyness(one.head(1), kind="bars").patches) == 1


def test_dollar_signs_stay_dollar_signs(one):
    rows = one.tail(2).assign(term=["$5", "$6"])
    ax = plot_keyness(rows, kind="bars")
    ax.figure.canvas.draw()
    assert {text.get_text() for text in ax.texts} >= {r"\$5", r"\$6"}


def test_mistakes_are_named(one):
    with pytest.raises(ValueError, match=r"No column z\. .*\n.*kind='cloud'.*\n.*top=0"):
        plot_keyness(one.drop(columns="z"), kind="cloud", top=0)
    with pytest.raises(ValueError, match="no rows"):
        plot_keyness(one.head(0))
    with pytest.raises(ValueError, match="compare_words"):
        plot_compare_words(one)


@pytest.fixture(scope="module")
def words():
    return compare_words(fr.load_sample(), "terrorist*", ["rebel*", "militant*"], by="week")


def test_words_over_time_are_the_shares_of_the_table(words):
    ax = plot_compare_words(words)
    assert ax.lines[0].get_ydata() == pytest.approx(100 * words["share"])
    assert ax.get_title(loc="left").replace("\n", " ") == "terrorist* rather than rebel*, militant*"
    assert ax.get_ylabel() == "share of hits, %"
    assert "n: hits of either" in ax.get_xlabel().replace("\n", " ")


def test_words_by_group_are_dots():
    table = compare_words(fr.load_sample(), "terrorist*", "rebel*", by="outlet")
    ax = plot_compare_words(table)
    assert len(ax.get_yticklabels()) == table["share"].notna().sum()
    assert ax.get_xlabel().startswith("share of hits, %")


def test_words_of_two_pairs_or_none_are_refused(words):
    with pytest.raises(ValueError, match="2 pairs"):
        plot_compare_words(pd.concat([words, words.assign(a="fighter*")]))
    with pytest.raises(ValueError, match="nothing to draw"):
        plot_compare_words(words.assign(share=np.nan))


def long_terms(n_groups):
    """Groups with phrases of four words on both sides."""
    rng = np.random.default_rng(n_groups)
    terms = [f"united nations security resolution {k}" if k % 4 == 0 else f"w{k}" for k in range(9)]
    group = [f"The Herald of Region {k}" for k in range(n_groups)]
    rows = [(name, "the rest", term) for name in group for term in terms]
    table = pd.DataFrame(rows, columns=["group", "reference", "term"])
    z = rng.normal(0, 5, len(table))
    return table.assign(n_target=1200, n_reference=800, z=z, p_adjusted=abs(z) / 20)


@pytest.mark.parametrize("n_groups", [1, 2, 5, 12])
def test_long_terms_stay_in_their_panel(n_groups):
    host = drawn(plot_keyness(long_terms(n_groups), kind="bars", top=9))
    every = [box for axes in panels(host) for box in boxes(axes)]
    assert len(every) == 2 * 9 * n_groups
    crowded = [(a, b) for a, b in combinations(every, 2) if a.padded(-1.5).overlaps(b.padded(-1.5))]
    assert not crowded
    edge = host.figure.bbox
    assert all(edge.x0 <= box.x0 and box.x1 <= edge.x1 for box in every)
    plt.close(host.figure)


@pytest.mark.parametrize("kind", ["funnel", "bars"])
def test_rows_of_several_tables_may_bear_the_same_number(one, kind):
    both = pd.concat([one, one.assign(group="Post", z=-one["z"])])
    assert len(plot_keyness(both, kind=kind).child_axes) == 2


def test_months_and_years_are_named_as_such(one):
    start = pd.to_datetime(["2031-03-01", "2031-04-01"])
    months = pd.concat([one.assign(group=day, reference="before") for day in start])
    host = plot_keyness(months, kind="bars")
    assert [axes.get_title(loc="left") for axes in host.child_axes] == ["Mar 2031", "Apr 2031"]
    years = months.assign(group=months["group"].where(months["group"] == start[0], "2032-01-01"))
    years["group"] = pd.to_datetime(years["group"]).dt.to_period("Y").dt.start_time
    host = plot_keyness(years, kind="bars")
    assert [axes.get_title(loc="left") for axes in host.child_axes] == ["2031", "2032"]


@pytest.mark.parametrize("kind", ["funnel", "bars"])
def test_a_table_without_any_difference_is_drawn(one, kind):
    assert drawn(plot_keyness(one.assign(z=0.0), kind=kind)).get_title(loc="left")


def written(host):
    """Every text of the figure that is drawn, with its box."""
    host.figure.draw_without_rendering()
    unseen = set()
    for axes in [host, *host.child_axes]:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
            unseen |= {id(tick.label1) for tick in ticks if not low <= tick.get_loc() <= high}
    found = [text for text in host.figure.findobj(Text) if text.get_text() and text.get_visible()]
    return [(t.get_text(), t.get_window_extent()) for t in found if id(t) not in unseen]


@pytest.mark.parametrize("kind", ["funnel", "bars"])
@pytest.mark.parametrize(
    ("n_groups", "z", "uses"), [(1, 100, 20), (3, 20, 8_000_000), (5, 0.1, 10), (9, 80, 1200)]
)
def test_no_two_texts_of_a_figure_meet(kind, n_groups, z, uses):
    rng = np.random.default_rng(1)
    table = long_terms(n_groups)
    table["z"] *= z
    table["n_target"] = rng.integers(1, uses, len(table))
    host = plot_keyness(table, kind=kind)
    apart = 1.5  # pixels at least, beside each other
    crowded = [
        (one, two)
        for (one, a), (two, b) in combinations(written(host), 2)
        if a.x0 < b.x1 + apart and b.x0 < a.x1 + apart and a.y0 < b.y1 - 2 and b.y0 < a.y1 - 2
    ]
    assert not crowded
    plt.close(host.figure)


def test_weak_words_that_share_a_place_are_drawn_once(one):
    weak = one[one["p_adjusted"] > 0.05]
    many = pd.concat([one, *[weak] * 50], ignore_index=True)
    grey, strong = (c for c in plot_keyness(many).collections if isinstance(c, PathCollection))
    assert len(grey.get_offsets()) == len(weak) and len(strong.get_offsets()) == 10
