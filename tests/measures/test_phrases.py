"""Collocations as NLTK scores them, never across sentences; phrases counted like words."""

import nltk.collocations
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import framing as fr
from framing.measures.phrases import count_phrases, find_collocations, join_counts

TEXTS = [
    "Peace talks opened. The peace talks of Geneva failed. Human rights council met.",
    "Human rights groups spoke. The Human Rights Council met on human rights.",
    "Talks. Peace. Talks of peace. Peace talks' end. Human dignity.",
]


@pytest.fixture
def articles():
    index = pd.Index(["a1", "a2", "a3"], name="doc_id")
    return pd.DataFrame({"text": TEXTS}, index=index)


def by_nltk(articles, size, measure):
    """The same from NLTK alone, on tokens cut by sentence."""
    sentences = [fr.tokenize(text) for text in fr.split_units(articles, "sentence")["text"] if text]
    kinds = {
        2: (nltk.collocations.BigramCollocationFinder, nltk.collocations.BigramAssocMeasures),
        3: (nltk.collocations.TrigramCollocationFinder, nltk.collocations.TrigramAssocMeasures),
    }
    finder, measures = kinds[size]
    found = finder.from_documents(sentences)
    scores = {" ".join(words): s for words, s in found.score_ngrams(getattr(measures, measure))}
    return scores, {" ".join(words): n for words, n in found.ngram_fd.items()}


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("measure", ["likelihood_ratio", "pmi"])
def test_scores_are_nltks_own(articles, size, measure):
    table = find_collocations(articles, size=size, measure=measure, min_count=1)
    scores, n = by_nltk(articles, size, measure)
    assert set(table["phrase"]) == set(scores)
    assert table["score"].tolist() == pytest.approx([scores[name] for name in table["phrase"]])
    assert table["n"].tolist() == [n[name] for name in table["phrase"]]


def test_pmi_and_npmi_by_hand(articles):
    n_tokens = sum(len(fr.tokenize(text)) for text in TEXTS)
    pmi = find_collocations(articles, measure="pmi", min_count=1).set_index("phrase")
    rights = np.log2((4 / n_tokens) / ((5 / n_tokens) * (4 / n_tokens)))
    assert pmi.loc["human rights", ["n", "n_articles"]].tolist() == [4, 2]
    assert pmi.loc["human rights", "score"] == pytest.approx(rights)
    npmi = find_collocations(articles, measure="npmi", min_count=1).set_index("phrase")
    assert npmi.loc["human rights", "score"] == pytest.approx(rights / -np.log2(4 / n_tokens))
    assert npmi["score"].max() == pytest.approx(1)  # words that never come apart
    three = find_collocations(articles, size=3, measure="npmi", min_count=1)["score"]
    assert three.max() <= 1 + 1e-9


def test_no_phrase_crosses_the_end_of_a_sentence_or_of_an_article(articles):
    found = set(find_collocations(articles, min_count=1)["phrase"])
    assert {"peace talks", "human rights"} <= found
    assert not {"opened the", "failed human", "met human", "talks peace", "rights talks"} & found


def test_possessives_count_with_their_word():
    index = pd.Index(["a1"], name="doc_id")
    articles = pd.DataFrame({"text": ["Syria's war. Syria’s war. Syria war."]}, index=index)
    table = find_collocations(articles, min_count=3)
    assert table[["phrase", "n"]].to_numpy().tolist() == [["syria war", 3]]
    assert count_phrases(articles, table).matrix.toarray().tolist() == [[3]]


def test_phrases_that_begin_or_end_with_a_stop_word_are_left_out(articles):
    table = find_collocations(articles, min_count=1, stop_words=["The", "of"])
    words = [phrase.split() for phrase in table["phrase"]]
    assert words and not any({"the", "of"} & {one[0], one[-1]} for one in words)
    three = find_collocations(articles, size=3, min_count=1, stop_words=["of"])["phrase"]
    assert "talks of peace" in set(three)


def test_rare_phrases_are_left_out_and_nothing_is_an_empty_table(articles):
    assert find_collocations(articles, min_count=4)["phrase"].tolist() == ["human rights"]
    none = find_collocations(articles, min_count=50)
    assert none.empty and none.columns.tolist() == ["phrase", "n", "n_articles", "score"]
    assert find_collocations(articles.head(0), min_count=1).empty


@pytest.mark.parametrize("size", [2, 3])
def test_a_text_of_one_word_has_no_likelihood_ratio(size):
    index = pd.Index(["a1"], name="doc_id")
    articles = pd.DataFrame({"text": ["war war war war war war"]}, index=index)
    found = find_collocations(articles, size=size, min_count=1)
    assert found["phrase"].tolist() == [" ".join(["war"] * size)]
    assert found["score"].isna().all()


def test_an_own_tokenizer_makes_the_words(articles):
    table = find_collocations(articles, min_count=1, tokenizer=str.split)
    assert "Peace talks" in set(table["phrase"])
    counts = count_phrases(articles, ["Peace talks"], tokenizer=str.split)
    assert counts.matrix.toarray().ravel().tolist() == [1, 0, 0]  # a3 has talks'


def test_phrases_are_counted_each_for_itself(articles):
    counts = count_phrases(articles, ["human rights council", "human rights", "peace talk*"])
    assert counts.terms.tolist() == ["human rights", "human rights council", "peace talk*"]
    assert counts.matrix.toarray().tolist() == [[1, 1, 2], [3, 1, 0], [0, 0, 1]]
    assert counts.documents.tolist() == ["a1", "a2", "a3"]


def test_found_and_counted_agree(articles):
    table = find_collocations(articles, min_count=1)
    counts = count_phrases(articles, table)
    n = pd.Series(np.asarray(counts.matrix.sum(axis=0)).ravel(), counts.terms)
    assert n.loc[table["phrase"]].tolist() == table["n"].tolist()


def test_words_and_phrases_stand_side_by_side(articles):
    words = fr.count_terms(articles)
    phrases = count_phrases(articles.iloc[::-1], ["human rights", "peace talks"])
    both = join_counts(words, phrases)
    assert both.terms.is_monotonic_increasing and len(both.terms) == len(words.terms) + 2
    table = pd.DataFrame(both.matrix.toarray(), both.documents, both.terms)
    assert table["human rights"].tolist() == [1, 3, 0]
    assert table["human"].tolist() == [1, 3, 1]
    assert isinstance(both.matrix, sparse.csr_matrix) and both.matrix.dtype == np.int64


def test_mistakes_are_named(articles):
    with pytest.raises(ValueError, match=r"size=4.*\n.*measure='t'.*\n.*min_count=0"):
        find_collocations(articles, size=4, measure="t", min_count=0)
    with pytest.raises(ValueError, match="give a list"):
        count_phrases(articles, "peace talks")
    with pytest.raises(ValueError, match="no phrases"):
        count_phrases(articles, [])
    with pytest.raises(ValueError, match=r"'a b' is repeated.*\n.*a lone \* would match"):
        count_phrases(articles, ["a b", "*", "a b"])
    words = fr.count_terms(articles)
    with pytest.raises(ValueError, match=r"1 documents.*a3.*\n.*terms are in both"):
        join_counts(words, fr.count_terms(articles.head(2)))


def test_stop_words_are_a_list_and_a_phrase_has_one_case(tiny):
    for count in (find_collocations, fr.count_terms):
        with pytest.raises(TypeError, match=r"is one text, 'the'; give a list of words"):
            count(tiny, stop_words="the")
    with pytest.raises(ValueError, match="'peace talks' is repeated"):
        count_phrases(tiny, ["Peace talks", "peace talks"])


def test_what_is_no_phrase_no_size_and_no_match_is_named(tiny):
    with pytest.raises(ValueError, match=r"size=2\.0.*\n.*min_count='5'"):
        find_collocations(tiny, size=2.0, min_count="5")
    with pytest.raises(ValueError, match="no column 'phrase'"):
        count_phrases(tiny, pd.DataFrame({"term": ["war"]}))
    with pytest.raises(ValueError, match=r"1 of 2 phrases are no text \(None\)"):
        count_phrases(tiny, ["the war", None])
    with pytest.raises(ValueError, match="'!war' cancels"):
        count_phrases(tiny, ["!war"])
    with pytest.raises(ValueError, match="Count the same units"):
        join_counts(fr.count_terms(tiny, unit="sentence"), count_phrases(tiny, ["the war"]))
