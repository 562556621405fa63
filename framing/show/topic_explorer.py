"""Leaf through topics in a notebook: the same tables as the static figures, one topic at a time."""

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from framing.measures.topics.fit import Topics
from framing.measures.topics.tables import RANKINGS, topic_documents, topic_terms
from framing.show.topics import plot_topic_terms

if TYPE_CHECKING:
    import ipywidgets

MOST_ARTICLES = 8


def explore_topics(
    topics: Topics,
    articles: pd.DataFrame,
    *,
    shares: pd.DataFrame | None = None,
    top: int = 12,
) -> "ipywidgets.VBox":
    """Show one topic at a time: its words as bars and the articles to read.

    Parameters
    ----------
    topics : Topics
        As `fit_topics` returns them.
    articles : DataFrame
        Index `doc_id`; `outlet`, `date`, `headline` and `text` as far as known.
    shares : DataFrame, optional
        Whose articles to list, as `topic_shares` returns it; by default those of the fit. Topics of
        batches keep none.
    top : int
        How many words.

    Returns
    -------
    ipywidgets.VBox
        A list of topics, a list of rankings, the figure that `plot_topic_terms` draws from
        `topic_terms` (with probabilities as bars where terms are ranked by relevance), and the rows
        of `topic_documents`. A page made of the notebook does not show it: draw the static figure
        too.

    Raises
    ------
    KeyError
        If articles of the topics are not in `articles`.
    ValueError
        If there are no shares.

    Examples
    --------
    >>> from contextlib import redirect_stdout
    >>> from io import StringIO
    >>> from framing.corpus.sample import load_sample
    >>> from framing.measures.topics.fit import fit_topics
    >>> from framing.text.counts import count_terms
    >>> articles = load_sample().head(40)
    >>> topics = fit_topics(count_terms(articles, min_articles=3, max_share=0.5), 3)
    >>> with redirect_stdout(StringIO()):  # outside a notebook the figure would print itself
    ...     widget = explore_topics(topics, articles)
    >>> widget.children[0].children[0].options
    ('topic_01', 'topic_02', 'topic_03')
    """
    import ipywidgets as widgets

    known = topics.shares if shares is None else shares
    reading = topic_documents(known, articles, n=MOST_ARTICLES)
    names = [str(name) for name in topics.term_probabilities.index]
    which = widgets.Dropdown(options=names, description="Topic")
    ranking = widgets.Dropdown(options=list(RANKINGS), description="Words by")
    figure, read = widgets.Output(), widgets.HTML()

    def show(_: Any = None) -> None:
        table = topic_terms(topics, top, by=ranking.value)
        bars = "probability" if ranking.value == "relevance" else ranking.value  # it is below 0
        _draw(figure, table[table["topic"] == which.value], bars, top)
        read.value = _as_html(reading[reading["topic"] == which.value])

    for control in (which, ranking):
        control.observe(show, "value")
    show()
    return widgets.VBox([widgets.HBox([which, ranking]), figure, read])


def _draw(output: Any, terms: pd.DataFrame, by: str, top: int) -> None:
    """Draw into the output area, and close the figure, so that it is shown once."""
    import matplotlib.pyplot as plt
    from IPython.display import display

    with output:
        output.clear_output(wait=True)
        plot_topic_terms(terms, by=by, top=top)
        display(plt.gcf())
        plt.close()


def _as_html(reading: pd.DataFrame) -> str:
    shown = reading.drop(columns=["topic", "rank"])
    head = "".join(f"<th>{escape(str(name))}</th>" for name in shown)
    rows = [
        "".join(f"<td>{escape(_cell(value))}</td>" for value in row)
        for row in shown.itertuples(index=False, name=None)
    ]
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.2f}"
    return "" if pd.isna(value) else str(value)
