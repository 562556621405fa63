"""Who copies whom: the numbers drawn are those of the table, and no label stands on another."""

import itertools

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import framing as fr
from framing.show.copies import plot_copies
from framing.text.copies import find_copies


@pytest.fixture
def articles():
    outlets = ["Wire", "Wire", "Herald", "Herald", "Herald", "Star", "Star", "Post"]
    index = pd.Index([f"a{number}" for number in range(1, 9)], name="doc_id", dtype="str")
    return pd.DataFrame({"outlet": outlets}, index=index)


@pytest.fixture
def copies(articles):
    copy_of = [None, None, "a1", "a2", None, "a1", "a6", None]
    return pd.DataFrame({"copy_of": copy_of}, index=articles.index)


def drawn(ax):
    """Numbers by row and column label."""
    rows = [label.get_text() for label in ax.get_yticklabels()]
    columns = [label.get_text() for label in ax.get_xticklabels()]
    return {
        (rows[int(text.get_position()[1])], columns[int(text.get_position()[0])]): text.get_text()
        for text in ax.texts
    }


def test_counts_stand_in_their_cells(copies, articles):
    ax = plot_copies(copies, articles)
    assert drawn(ax) == {
        ("Herald (3)", "Wire"): "2",
        ("Star (2)", "Wire"): "1",
        ("Star (2)", "Star"): "1",
    }
    assert "not shown: 1 outlet without copies" in ax.get_xlabel().replace("\n", " ")


def test_order_of_rows_does_not_matter(copies, articles):
    assert drawn(plot_copies(copies.iloc[::-1], articles.iloc[::-1])) == drawn(
        plot_copies(copies, articles)
    )


def test_copies_without_outlet_are_counted(copies, articles):
    articles.loc["a6", "outlet"] = None
    label = plot_copies(copies, articles).get_xlabel().replace("\n", " ")
    assert "2 copies without outlet" in label


def test_no_copies(copies, articles):
    with pytest.raises(ValueError, match="8 articles, 0 of them copies"):
        plot_copies(copies.assign(copy_of=None), articles)


def test_tables_that_do_not_fit(copies, articles):
    with pytest.raises(KeyError, match="No column copy_of"):
        plot_copies(articles, articles)
    with pytest.raises(
        KeyError, match=r"1 articles of `copies` are not in `articles` \(doc_id a3\)"
    ):
        plot_copies(copies, articles.drop("a3"))


def test_axes_given_are_the_axes_returned(copies, articles):
    ax = plt.figure(figsize=(5, 4)).subplots()
    assert plot_copies(copies, articles, ax=ax) is ax


@pytest.mark.parametrize("n_outlets", [2, 8, 15])
def test_labels_do_not_overlap(n_outlets):
    simulated = fr.simulate_articles(400, random_state=1, n_outlets=n_outlets, share_copies=0.3)
    names = {name: f"The {name} of the Western Isles" for name in simulated.frame_shares.index}
    articles = simulated.articles.replace({"outlet": names})
    ax = plot_copies(find_copies(articles), articles)
    ax.figure.canvas.draw()
    for labels in (ax.get_xticklabels(), ax.get_yticklabels()):
        boxes = [label.get_window_extent() for label in labels]
        assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
    edge = ax.figure.bbox
    for text in [*ax.get_xticklabels(), *ax.get_yticklabels(), ax.xaxis.label]:
        box = text.get_window_extent()
        assert box.x0 >= -1 and box.x1 <= edge.x1 + 1 and box.y0 >= -1 and box.y1 <= edge.y1 + 1
