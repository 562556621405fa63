"""Coherence, exclusivity, diversity and perplexity on toys that a person can compute."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from framing.measures.topics.batches import fit_topic_batches
from framing.measures.topics.fit import fit_topics, topic_shares
from framing.measures.topics.quality import (
    _halves,
    coherence,
    diversity,
    exclusivity,
    log_likelihood,
    npmi,
    top_terms,
    topic_quality,
)
from framing.text.counts import TermCounts


def counted(matrix, terms="abcd"):
    """Counts with one row a document and one letter a term."""
    documents = pd.Index([f"d{row:03d}" for row in range(len(matrix))], name="doc_id")
    matrix = sparse.csr_matrix(np.array(matrix, dtype=np.int64))
    return TermCounts(matrix, documents, pd.Index(list(terms), name="term"))


TWO_THEMES = counted([[3, 2, 0, 0], [2, 3, 0, 0], [0, 0, 2, 3], [0, 0, 3, 2]] * 5)


def rows(counts, start, stop):
    return TermCounts(counts.matrix[start:stop], counts.documents[start:stop], counts.terms)


@pytest.fixture
def topics():
    return fit_topics(TWO_THEMES, 2)


def with_probabilities(topics, rows):
    table = pd.DataFrame(
        rows, index=topics.term_probabilities.index, columns=topics.term_probabilities.columns
    )
    return dataclasses.replace(topics, term_probabilities=table)


def test_npmi_is_what_bouma_says_at_the_ends_and_in_between():
    # Four documents: a in 2, b with a always, c never with a, d in every second one of a.
    both = np.array([[2, 2, 0, 1], [2, 2, 0, 1], [0, 0, 2, 1], [1, 1, 1, 2]])
    found = npmi(both, 4)
    assert found[0, 1] == pytest.approx(1)  # only together
    assert found[0, 2] == -1  # never together
    assert found[0, 3] == pytest.approx(0)  # as often as chance has it: 1/4 = 1/2 · 1/2


def test_npmi_by_hand():
    # In 3 and in 2 of 4 documents, together in 2: log(.5 / (.75 · .5)) / -log(.5).
    found = npmi(np.array([[3, 2], [2, 2]]), 4)
    assert found[0, 1] == pytest.approx(math.log(4 / 3) / math.log(2))


def test_terms_of_every_document_tell_nothing():
    assert npmi(np.array([[4, 4], [4, 4]]), 4)[0, 1] == 0


def test_coherence_is_the_mean_over_the_pairs():
    reference = counted([[1, 1, 0, 0], [1, 1, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]])
    found = coherence(np.array([["a", "b", "c"]], dtype=object), reference)
    pairs = [math.log(4 / 3) / math.log(2), math.log(4 * 1 / (3 * 2)) / math.log(4), 0]
    assert found[0] == pytest.approx(sum(pairs) / 3)


def test_coherence_leaves_out_terms_the_reference_does_not_have():
    reference = counted([[1, 1, 0, 0], [0, 0, 1, 0]])
    with pytest.warns(UserWarning, match=r"2 top terms .*\(d, elsewhere\)"):
        found = coherence(np.array([["a", "b", "d", "elsewhere"]], dtype=object), reference)
    assert found[0] == pytest.approx(1)


def test_a_topic_of_unknown_terms_has_no_coherence():
    with pytest.warns(UserWarning):
        found = coherence(np.array([["x", "y"]], dtype=object), TWO_THEMES)
    assert np.isnan(found[0])


def test_exclusivity_and_diversity_by_hand():
    rows = [[0.5, 0.3, 0.2, 0.0], [0.1, 0.6, 0.0, 0.3]]
    table = pd.DataFrame(rows, columns=list("abcd"))
    top = top_terms(table, 2)
    assert top.tolist() == [["a", "b"], ["b", "d"]]
    assert exclusivity(table, top) == pytest.approx([(5 / 6 + 3 / 9) / 2, (6 / 9 + 1) / 2])
    assert diversity(top) == pytest.approx([0.75, 0.75])  # 3 distinct terms of 4


def test_ties_among_terms_go_by_the_alphabet():
    table = pd.DataFrame([[0.25] * 4], columns=list("abcd"))
    assert top_terms(table, 3).tolist() == [["a", "b", "c"]]


def test_the_last_row_is_the_mean_of_the_topics(topics):
    quality = topic_quality(topics, TWO_THEMES, n_terms=2, held_out=TWO_THEMES)
    rows, overall = quality.iloc[:-1], quality.iloc[-1]
    assert overall["topic"] == "all"
    for measure in ("coherence", "exclusivity", "diversity"):
        assert overall[measure] == pytest.approx(rows[measure].mean())
    assert rows["share"].sum() == pytest.approx(1)
    assert rows["perplexity"].isna().all()
    assert rows["coherence"].tolist() == pytest.approx([1, 1])


def test_the_table_says_where_coherence_was_counted(topics):
    assert topic_quality(topics, TWO_THEMES, n_terms=2)["reference"].unique().tolist() == [
        "the fitted documents (20)"
    ]
    other = counted([[1, 1, 1, 1], [1, 0, 1, 0]])
    found = topic_quality(topics, TWO_THEMES, n_terms=2, reference=other)
    assert found["reference"].unique().tolist() == ["other documents (2)"]
    assert found["coherence"].iloc[0] < 1


def test_topics_that_know_nothing_have_the_number_of_terms_as_perplexity(topics):
    flat = with_probabilities(topics, [[0.25] * 4] * 2)
    assert math.exp(-log_likelihood(flat, TWO_THEMES, 0)) == pytest.approx(4)


def test_perplexity_of_one_certain_topic_by_hand(topics):
    # Both topics alike, so shares do not matter: every token costs its own log probability.
    alike = with_probabilities(topics, [[0.7, 0.1, 0.1, 0.1]] * 2)
    held_out = counted([[40, 0, 0, 0]])
    expected = math.log(0.999 * 0.7 + 0.001 / 4)
    assert log_likelihood(alike, held_out, 0) == pytest.approx(expected)


def test_the_right_topics_predict_better_than_wrong_ones(topics):
    wrong = with_probabilities(topics, [[0.5, 0, 0.5, 0], [0, 0.5, 0, 0.5]])
    right, other = (log_likelihood(model, TWO_THEMES, 0) for model in (topics, wrong))
    assert right > other > -np.inf


def test_halves_share_out_every_token_and_leave_out_empty_documents():
    counts = counted([[9, 8, 0, 7], [0, 0, 0, 0], [0, 1, 0, 0], [5, 5, 5, 5]])
    read, scored = _halves(counts, 0)
    assert read.documents.tolist() == scored.documents.tolist() == ["d000", "d003"]
    assert (read.matrix + scored.matrix).toarray().tolist() == [[9, 8, 0, 7], [5, 5, 5, 5]]


def test_terms_the_topics_do_not_know_are_left_out_of_perplexity(topics):
    more = counted([[30, 20, 99, 0, 0]], terms="abxcd")
    less = counted([[30, 20, 0, 0]])
    assert log_likelihood(topics, more, 0) == log_likelihood(topics, less, 0)


def test_shares_are_those_of_the_counts(topics):
    first = rows(TWO_THEMES, 0, 7)
    share = topic_quality(topics, first, n_terms=2)["share"]
    assert share[:2].tolist() == pytest.approx(topic_shares(topics, first).mean().tolist())
    with pytest.warns(UserWarning) as caught:
        topic_quality(topics, first._replace(terms=pd.Index(list("abcx"))), n_terms=2)
    assert "1 of 4 terms" in str(caught[0].message)
    assert {warning.filename for warning in caught} == {__file__}
    batched = fit_topic_batches([TWO_THEMES], 2)
    assert topic_quality(batched, TWO_THEMES, n_terms=2)["share"][:2].sum() == pytest.approx(1)


def test_what_cannot_be_measured_is_refused(topics):
    with pytest.raises(TypeError, match="must be what fit_topics returns, not DataFrame"):
        topic_quality(topics.shares, TWO_THEMES)
    with pytest.raises(ValueError, match="n_terms=1 must be from 2 to the number of terms, 4"):
        topic_quality(topics, TWO_THEMES, n_terms=1)
    with pytest.raises(ValueError, match="None of the 1 documents held out"):
        topic_quality(topics, TWO_THEMES, n_terms=2, held_out=counted([[9]], terms="x"))
