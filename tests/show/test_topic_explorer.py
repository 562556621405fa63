"""The explorer shows what the tables say, and nothing an article could smuggle in."""

from dataclasses import replace

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from framing.measures.topics.fit import Topics
from framing.measures.topics.tables import topic_documents, topic_terms
from framing.show import topic_explorer
from framing.show.topic_explorer import explore_topics


@pytest.fixture
def topics():
    terms = pd.Index(["oil", "price", "troops", "war"], name="term")
    words = pd.DataFrame([[0.3, 0.3, 0.1, 0.3], [0.1, 0.1, 0.2, 0.6]], ["t1", "t2"], terms)
    doc_id = pd.Index(["a", "b"], name="doc_id")
    shares = pd.DataFrame({"t1": [0.9, 0.2], "t2": [0.1, 0.8]}, doc_id)
    counts = pd.DataFrame({"n": [4, 4, 3, 9], "n_documents": 2}, terms)
    return Topics(None, words, shares, None, counts, 2)


@pytest.fixture
def articles(topics):
    headlines = ["Oil <script>", "War"]
    dates = pd.to_datetime(["2031-03-03", None])
    return pd.DataFrame({"headline": headlines, "date": dates, "text": "x"}, topics.shares.index)


def test_static_and_interactive_show_the_same_numbers(topics, articles, monkeypatch):
    drawn = []
    draw = topic_explorer.plot_topic_terms
    monkeypatch.setattr(
        topic_explorer,
        "plot_topic_terms",
        lambda table, **o: drawn.append(table) or draw(table, **o),
    )
    widget = explore_topics(topics, articles, top=3)
    which, ranking = widget.children[0].children
    which.value = "t2"
    ranking.value = "lift"
    wanted = topic_terms(topics, 3, by="lift").query("topic == 't2'")
    pd.testing.assert_frame_equal(drawn[-1], wanted)
    ranking.value = "relevance"
    wanted = topic_terms(topics, 3, by="relevance").query("topic == 't2'")
    pd.testing.assert_frame_equal(drawn[-1], wanted)
    first = topic_documents(topics.shares, articles, 1).query("topic == 't2'").iloc[0]
    assert f"<td>{first['doc_id']}</td><td>{first['share']:.2f}</td>" in widget.children[2].value
    assert plt.get_fignums() == []


def test_topics_of_batches_need_shares(topics, articles):
    batched = replace(topics, shares=topics.shares.iloc[:0])
    with pytest.raises(ValueError, match=r"Take topic_shares\(topics, counts\)"):
        explore_topics(batched, articles)
    widget = explore_topics(batched, articles, shares=topics.shares)
    assert "<td>a</td><td>0.90</td>" in widget.children[2].value


def test_articles_are_escaped_and_missing_dates_are_blank(topics, articles):
    page = explore_topics(topics, articles).children[2].value
    assert "<script>" not in page
    assert "Oil &lt;script&gt;" in page
    assert "<td>2031-03-03</td>" in page
    assert "NaT" not in page
