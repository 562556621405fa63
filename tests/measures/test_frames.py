"""Frame scores on articles known by heart, and the scorer as a scikit-learn transformer."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.utils import estimator_checks as checks

import framing as fr
from framing.text import tokens as tokens_module

CODEBOOK = pd.DataFrame(
    {
        "frame": ["war", "war", "war", "peace", "peace"],
        "pattern": ["war", "troop*", "rebel*", "peace", "peace talk*"],
    }
)


def test_hits_by_hand(tiny):
    scores = fr.score_frames(tiny, CODEBOOK, measure="hits")
    assert scores["war"].tolist() == [2, 1, 0, 1, 2, 0]
    assert scores["peace"].tolist() == [0, 0, 2, 0, 0, 0]
    assert scores.index.equals(tiny.index)
    assert scores.columns.name == "frame"


def test_rate_is_hits_per_thousand_tokens(tiny):
    hits = fr.score_frames(tiny, CODEBOOK, measure="hits")
    n_tokens = tiny["text"].map(lambda text: len(fr.tokenize(text)))
    rate = fr.score_frames(tiny, CODEBOOK)
    assert np.allclose(rate, hits.mul(1000).div(n_tokens, axis=0))


def test_present_is_one_or_zero(tiny):
    present = fr.score_frames(tiny, CODEBOOK, measure="present")
    assert present["war"].tolist() == [1, 1, 0, 1, 1, 0]


def test_sentences_add_up_to_articles(tiny):
    sentences = fr.score_frames(tiny, CODEBOOK, measure="hits", unit="sentence")
    assert sentences.index.names == ["doc_id", "sentence"]
    assert sentences.loc[("a1", 1), "war"] == 1
    whole = fr.score_frames(tiny, CODEBOOK, measure="hits")
    assert sentences.groupby("doc_id").sum().equals(whole)


def test_small_blocks_give_the_same_scores(tiny, monkeypatch):
    whole = fr.score_frames(tiny, CODEBOOK)
    monkeypatch.setattr(tokens_module, "BLOCK_CHARACTERS", 1)
    assert fr.score_frames(tiny, CODEBOOK).equals(whole)
    assert fr.match_codebook(tiny, CODEBOOK)["n"].sum() == 8


def test_every_hit_is_where_it_says(tiny):
    hits = fr.find_hits(tiny, CODEBOOK)
    places = zip(hits["doc_id"], hits["start"], hits["end"], strict=True)
    shown = [fr.tokenize(tiny.loc[doc_id, "text"][start:end]) for doc_id, start, end in places]
    assert [" ".join(one) for one in shown] == hits["term"].tolist()
    counted = hits.groupby(["doc_id", "frame"]).size().unstack(fill_value=0)
    scores = fr.score_frames(tiny, CODEBOOK, measure="hits")
    assert (
        counted.reindex(index=scores.index, columns=scores.columns, fill_value=0)
        .eq(scores)
        .all(axis=None)
    )


def test_matches_tell_which_words_and_where_nothing_matched(tiny):
    matches = fr.match_codebook(tiny, CODEBOOK)
    rows = {tuple(row) for row in matches.itertuples(index=False)}
    assert ("war", "rebel*", "rebels", 2, 1) in rows
    assert ("war", "rebel*", "rebel", 1, 1) in rows
    assert ("peace", "peace talk*", "peace talks", 1, 1) in rows
    assert matches["n"].sum() == len(fr.find_hits(tiny, CODEBOOK))
    silent = fr.match_codebook(tiny, pd.DataFrame({"frame": ["x"], "pattern": ["siege"]}))
    assert silent.to_dict("records") == [
        {"frame": "x", "pattern": "siege", "term": "", "n": 0, "n_articles": 0}
    ]


def test_two_spellings_of_a_frame_keep_codebook_order(tiny):
    codebook = CODEBOOK.iloc[::-1].reset_index(drop=True)
    assert fr.score_frames(tiny, codebook).columns.tolist() == ["peace", "war"]


def test_no_articles_give_no_rows(tiny):
    none = fr.score_frames(tiny.iloc[:0], CODEBOOK)
    assert none.shape == (0, 2)
    assert fr.find_hits(tiny.iloc[:0], CODEBOOK).empty


def test_an_article_without_tokens_scores_zero():
    articles = pd.DataFrame({"text": ["… – …"]}, index=pd.Index(["a"], name="doc_id"))
    assert fr.score_frames(articles, CODEBOOK).to_numpy().tolist() == [[0, 0]]


def test_articles_without_text_are_refused(tiny):
    with pytest.raises(ValueError, match=r"1 of 6 articles have no text .*a2"):
        fr.score_frames(tiny.assign(text=tiny["text"].where(tiny.index != "a2")), CODEBOOK)


def test_unknown_choices_are_refused(tiny):
    with pytest.raises(ValueError, match="measure='shares': choose one of rate, hits, present"):
        fr.score_frames(tiny, CODEBOOK, measure="shares")
    with pytest.raises(ValueError, match="unit='word': choose one of"):
        fr.score_frames(tiny, CODEBOOK, unit="word")


def test_own_tokenizer(tiny):
    scores = fr.score_frames(tiny, CODEBOOK, measure="hits", tokenizer=str.split)
    assert scores.loc["a1"].tolist() == [1, 0]
    assert fr.find_hits(tiny, CODEBOOK, tokenizer=str.split).loc[0, "term"] == "war"


class TestScorer:
    """What scikit-learn asks of a transformer of texts."""

    @pytest.mark.parametrize(
        "check",
        [
            checks.check_parameters_default_constructible,
            checks.check_no_attributes_set_in_init,
            checks.check_do_not_raise_errors_in_init_or_set_params,
            checks.check_get_params_invariance,
            checks.check_set_params,
            checks.check_estimator_repr,
            checks.check_estimator_cloneable,
            checks.check_mixin_order,
            checks.check_estimators_overwrite_params,
            checks.check_get_feature_names_out_error,
            checks.check_estimator_tags_renamed,
        ],
    )
    def test_checks_that_need_no_numbers(self, check):
        check("FrameScorer", fr.FrameScorer(CODEBOOK))

    def test_names(self):
        scorer = fr.FrameScorer(CODEBOOK).fit()
        assert scorer.get_feature_names_out().tolist() == ["war", "peace"]
        union = FeatureUnion([("cues", fr.FrameScorer(CODEBOOK))]).fit(["war"])
        assert union.get_feature_names_out().tolist() == ["cues__war", "cues__peace"]

    def test_before_fit(self):
        with pytest.raises(NotFittedError):
            fr.FrameScorer(CODEBOOK).transform(["war"])
        with pytest.raises(NotFittedError):
            fr.FrameScorer(CODEBOOK).get_feature_names_out()

    def test_one_string_is_not_a_corpus(self):
        with pytest.raises(ValueError, match="Iterable over raw text documents expected"):
            fr.FrameScorer(CODEBOOK).fit().transform("war")

    def test_missing_documents_are_named(self):
        with pytest.raises(ValueError, match=r"1 of 2 documents are not text .*number 1"):
            fr.FrameScorer(CODEBOOK).fit().transform(["war", np.nan])

    def test_clone_and_pickle_give_the_same_scores(self, tiny):
        scorer = fr.FrameScorer(CODEBOOK).fit()
        wanted = scorer.transform(tiny["text"])
        assert np.array_equal(clone(scorer).fit().transform(tiny["text"]), wanted)
        assert np.array_equal(pickle.loads(pickle.dumps(scorer)).transform(tiny["text"]), wanted)

    def test_order_of_documents_is_kept(self, tiny):
        scorer = fr.FrameScorer(CODEBOOK).fit()
        forward = scorer.transform(tiny["text"])
        assert np.array_equal(scorer.transform(tiny["text"][::-1]), forward[::-1])

    def test_pandas_output_keeps_the_index(self, tiny):
        scorer = fr.FrameScorer(CODEBOOK, "hits").set_output(transform="pandas")
        table = scorer.fit_transform(tiny["text"])
        assert table.index.equals(tiny.index)
        assert table.columns.tolist() == ["war", "peace"]

    def test_in_a_grid_search(self, tiny):
        labels = [1, 0, 0, 1, 1, 0]
        model = make_pipeline(fr.FrameScorer(CODEBOOK), LogisticRegression())
        grid = {"framescorer__measure": ["rate", "hits", "present"]}
        search = GridSearchCV(model, grid, cv=2).fit(tiny["text"], labels)
        assert search.best_params_["framescorer__measure"] in grid["framescorer__measure"]

    def test_beside_word_counts(self, tiny):
        both = FeatureUnion([("cues", fr.FrameScorer(CODEBOOK)), ("words", CountVectorizer())])
        model = Pipeline([("both", both), ("model", LogisticRegression())])
        assert (
            model.fit(tiny["text"], [1, 0, 0, 1, 1, 0]).score(tiny["text"], [1, 0, 0, 1, 1, 0]) == 1
        )
