"""Tables of topics: every ranking by hand, what to read, and labels that are kept."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from framing.corpus.export import save_table
from framing.measures.topics.fit import Topics
from framing.measures.topics.tables import label_topics, topic_documents, topic_terms


@pytest.fixture
def topics():
    """Two topics of four terms; "war" is common in both, "oil" only in the first."""
    terms = pd.Index(["oil", "price", "troops", "war"], name="term")
    words = pd.DataFrame([[0.3, 0.2, 0.1, 0.4], [0.01, 0.09, 0.3, 0.6]], ["t1", "t2"], terms)
    doc_id = pd.Index(["a", "b", "c"], name="doc_id")
    shares = pd.DataFrame({"t1": [0.9, 0.9, 0.2], "t2": [0.1, 0.1, 0.8]}, doc_id)
    counts = pd.DataFrame({"n": [10, 10, 20, 60], "n_documents": 3}, terms)
    return Topics(None, words, shares, None, counts, 3)


def test_rankings_by_hand(topics):
    table = topic_terms(topics, n=4).set_index(["topic", "term"])
    oil = table.loc[("t1", "oil")]
    assert oil["lift"] == pytest.approx(0.3 / 0.1)
    assert oil["relevance"] == pytest.approx(0.6 * np.log(0.3) + 0.4 * np.log(3))
    # third of four by frequency, first by exclusivity: ranks 3/4 and 4/4
    assert oil["frex"] == pytest.approx(1 / (0.5 / 1 + 0.5 / 0.75))
    # the commonest, and the third by exclusivity (.4/1.0 after .3/.31 and .2/.29)
    assert table.loc[("t1", "war"), "frex"] == pytest.approx(1 / (0.5 / 0.5 + 0.5 / 1))


def test_each_ranking_brings_another_first(topics):
    first = {
        by: topic_terms(topics, n=1, by=by).set_index("topic").loc["t1", "term"]
        for by in ("probability", "frex", "lift")
    }
    assert first == {"probability": "war", "frex": "oil", "lift": "oil"}
    with pytest.raises(ValueError, match="choose one of probability, frex"):
        topic_terms(topics, by="beta")
    with pytest.raises(ValueError, match="n=0: give a whole number"):
        topic_terms(topics, n=0)
    with pytest.raises(TypeError, match="must be what fit_topics returns, not DataFrame"):
        topic_terms(topics.shares)


def test_terms_that_a_topic_rules_out_are_not_listed(topics):
    words = topics.term_probabilities.copy()
    words.loc["t2"] = [0.0, 0.0, 0.4, 0.6]
    table = topic_terms(replace(topics, term_probabilities=words), n=4)
    assert table.groupby("topic")["term"].agg(list).to_dict() == {
        "t1": ["war", "oil", "price", "troops"],
        "t2": ["war", "troops"],
    }


def test_articles_to_read_are_joined_by_name_and_copies_once(topics):
    articles = pd.DataFrame(
        {"headline": ["B", "C", "A"], "text": ["b " * 30, "c", "a"], "story": ["s", np.nan, "s"]},
        index=["b", "c", "a"],
    )
    table = topic_documents(topics.shares, articles, n=3)
    read = table[table["topic"] == "t1"]
    assert read["doc_id"].tolist() == ["a", "c"]  # b is a copy of a, and a comes first
    assert read["headline"].tolist() == ["A", "C"]
    assert read["rank"].tolist() == [1, 2]
    assert (
        topic_documents(topics.shares, articles.drop(columns="story"), n=2)["beginning"]
        .iloc[1]
        .endswith("b …")
    )
    with pytest.raises(KeyError, match="1 of 3 articles with shares are not in `articles`"):
        topic_documents(topics.shares, articles.drop(index="a"))


def test_labels_survive_a_file(topics, tmp_path):
    labels = label_topics(topics, {"t2": "Fighting"}, reader="R. One", date="2031-04-07")
    assert labels["label"].isna().tolist() == [True, False]
    save_table(labels, tmp_path / "labels.csv")
    back = pd.read_csv(tmp_path / "labels.csv", parse_dates=["date"])
    pd.testing.assert_frame_equal(back, labels, check_dtype=False)
    named = topics.shares.rename(columns=back.dropna().set_index("topic")["label"])
    assert list(named.columns) == ["t1", "Fighting"]


def test_labels_that_cannot_be_kept(topics):
    with pytest.raises(KeyError, match="No topic t9; there are t1, t2"):
        label_topics(topics, {"t9": "War"}, reader="R", date="2031-04-07")
    with pytest.raises(ValueError, match="two topics are called War; nobody is named"):
        label_topics(topics, {"t1": "War", "t2": "War"}, reader=" ", date="2031-04-07")
    with pytest.raises(ValueError, match="no label for t1"):
        label_topics(topics, {"t1": " "}, reader="R", date="2031-04-07")
    with pytest.raises(ValueError, match=r"(?i)date|time"):
        label_topics(topics, {"t1": "War"}, reader="R", date="soon")
    with pytest.raises(ValueError, match="t2 is the name of another topic"):
        label_topics(topics, {"t1": "t2"}, reader="R", date="2031-04-07")
    with pytest.raises(TypeError, match="labels is a list"):
        label_topics(topics, ["War"], reader="R", date="2031-04-07")
    series = label_topics(topics, pd.Series({"t1": "War"}), reader="R", date="2031-04-07")
    assert series["label"].tolist()[0] == "War"
    numbered = pd.DataFrame([[0.9, 0.1]])
    for labels in ({1: "War"}, pd.Series({1: "War"}), {"1": "War"}):
        table = label_topics(numbered, labels, reader="R", date="2031-04-07")
        assert table["label"].fillna("").tolist() == ["", "War"]


@pytest.mark.parametrize("dtype", ["str", "float", "Int64", "category"])
def test_stories_of_any_kind_are_listed_once(dtype):
    doc_id = pd.Index(list("abcd"), name="doc_id")
    shares = pd.DataFrame({"war": [0.9, 0.8, 0.7, 0.6]}, doc_id)
    story = pd.Series(["1", "1", None, None], doc_id)
    story = story.astype("float").astype(dtype) if dtype == "Int64" else story.astype(dtype)
    table = topic_documents(shares, pd.DataFrame({"story": story}, doc_id))
    assert table["doc_id"].tolist() == ["a", "c", "d"]


def test_repeated_articles_bad_dates_and_empty_labels():
    doc_id = pd.Index(["a", "a"], name="doc_id")
    shares = pd.DataFrame({"war": [0.9], "oil": [0.1]}, doc_id[:1])
    with pytest.raises(ValueError, match=r"no rows.* Take topic_shares\(topics, counts\)"):
        topic_documents(shares.iloc[:0], pd.DataFrame({"outlet": "Star"}, doc_id[:1]))
    with pytest.raises(ValueError, match="1 doc_id are in `articles` more than once"):
        topic_documents(shares, pd.DataFrame({"outlet": "Star"}, doc_id))
    for date in ("soon", None):
        with pytest.raises(ValueError, match="the date is no day"):
            label_topics(shares, {"war": "War"}, reader="A. K.", date=date)
    table = label_topics(shares, {"war": "War", "oil": None}, reader="A. K.", date="2031-04-07")
    assert table["label"].isna().tolist() == [False, True]
