"""Classifiers: what they learn, from what, and what they refuse."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.utils import estimator_checks

from framing.inference.correction import corrected_prevalence
from framing.measures.classifier.features import Recipe, SeenTerms, english_stems
from framing.measures.classifier.fit import (
    CalibratedLogit,
    decisive_terms,
    fit_classifier,
    predict_codes,
    predict_frames,
    values_as_frames,
)
from framing.text.units import split_units

THEMES = {
    "war": "Troops shell the old town by the river.",
    "money": "Prices and wages rise in the old town.",
    "sport": "The home team wins the old cup again.",
}


def corpus(n=30, themes=("war", "money")):
    """Articles that take turns between themes, and one code of each."""
    names = [themes[k % len(themes)] for k in range(n)]
    texts = [f"{THEMES[name]} Report {k}." for k, name in enumerate(names)]
    doc_id = pd.Index([f"a{k:02}" for k in range(n)], name="doc_id")
    articles = pd.DataFrame({"outlet": "Herald", "text": texts}, doc_id)
    return articles, pd.DataFrame({"unit": doc_id, "frame": "theme", "value": names})


def planted(n=40):
    """Articles of common words in any order, with one telling word among them."""
    articles, codes = corpus(n)
    rng, common = np.random.default_rng(0), ["the", "old", "town", "by", "a", "river", "said", "it"]
    telling = codes["value"].map({"war": "troops", "money": "wages"})
    texts = [" ".join(rng.permutation([*rng.choice(common, 6), word])) for word in telling]
    return articles.assign(text=texts), codes


def yes_no(codes, frame, value):
    return codes.assign(frame=frame, value=(codes["value"] == value).astype(int))


def test_a_toy_is_told_apart():
    articles, codes = corpus()
    classifier = fit_classifier(articles, yes_no(codes, "war", "war"))
    new = pd.DataFrame({"text": ["Troops shell a village.", "Wages and prices."]}, ["x", "y"])
    scores = predict_frames(classifier, new)
    assert scores.index.tolist() == ["x", "y"] and scores.columns.tolist() == ["war"]
    assert scores.loc["x", "war"] > 0.7 and scores.loc["y", "war"] < 0.3
    assert predict_codes(classifier, new)["value"].tolist() == [1, 0]


def test_three_values_have_three_probabilities_that_sum_to_one():
    articles, codes = corpus(30, ("war", "money", "sport"))
    scores = predict_frames(fit_classifier(articles, codes), articles)
    assert scores.columns.tolist() == ["theme: money", "theme: sport", "theme: war"]
    assert scores.sum(axis=1).to_numpy() == pytest.approx(1)
    best = scores.idxmax(axis=1).str.removeprefix("theme: ")
    assert best.tolist() == codes["value"].tolist()


def test_several_frames_are_learned_side_by_side_each_from_its_own_codes():
    articles, codes = corpus(30, ("war", "money", "sport"))
    war, sport = yes_no(codes, "war", "war"), yes_no(codes, "sport", "sport").head(20)
    missing = sport.assign(value=sport["value"].where(sport.index > 2))
    both = fit_classifier(articles, pd.concat([missing, war], ignore_index=True))
    assert both.summary.groupby("frame")["n_codes"].sum().to_dict() == {"sport": 17, "war": 30}
    assert list(both.pipelines) == ["sport", "war"]
    alone = fit_classifier(articles, war)
    pd.testing.assert_series_equal(
        predict_frames(both, articles)["war"], predict_frames(alone, articles)["war"]
    )


def test_the_same_calls_give_the_same_classifier_whatever_the_order_of_codes():
    articles, codes = corpus(30, ("war", "money", "sport"))
    one = predict_frames(fit_classifier(articles, codes), articles)
    other = predict_frames(fit_classifier(articles, codes.sample(frac=1, random_state=3)), articles)
    pd.testing.assert_frame_equal(one, other)


def test_nothing_given_is_changed():
    articles, codes = corpus()
    before = articles.copy(), codes.copy()
    predict_codes(fit_classifier(articles, codes), articles)
    pd.testing.assert_frame_equal(articles, before[0])
    pd.testing.assert_frame_equal(codes, before[1])


def test_a_planted_term_is_found_and_a_common_one_is_not():
    articles, codes = planted()
    terms = decisive_terms(fit_classifier(articles, codes), 5)
    first = terms[terms["rank"] == 1].set_index("value")["term"]
    assert first.to_dict() == {"money": "wage", "war": "troop"}
    assert terms["rank"].tolist() == [1, 2, 3, 4, 5] * 2
    assert (terms["weight"] > 0).all()
    assert terms["kind"].isin({"words", "opening", "closing", "first half", "second half"}).all()


def test_the_weight_of_a_term_is_what_it_adds_to_the_log_odds():
    articles, codes = corpus()
    pipeline = fit_classifier(articles, codes).pipelines["theme"]
    terms = decisive_terms(fit_classifier(articles, codes), 10_000, pieces=True)
    weight = terms.set_index(["value", "kind", "term"])["weight"]
    counts = sparse.csr_matrix(pipeline[0].transform(["troops"]))
    seen = sparse.csr_matrix(pipeline[1].transform(counts))
    names = pipeline[0].get_feature_names_out()
    assert "words__troop" in names
    model = pipeline[2].models_[0]
    column = seen.indices[seen.data.argmax()]
    assert model.coef_[0, column] * 1.5 == pytest.approx(weight["war", "words", "troop"])


def test_a_word_with_a_sign_of_its_own_is_a_word():
    articles, codes = corpus()
    marked = articles.assign(text=articles["text"].str.replace("Prices", "$ ^up <b >"))
    found = decisive_terms(fit_classifier(marked, codes, tokenizer=str.split), 50)
    signs = found[found["term"].isin(["$", "^up", "<b", ">"]) & (found["value"] == "money")]
    assert set(signs.loc[signs["kind"] == "words", "term"]) == {"$", "^up", "<b", ">"}


def test_the_codebook_is_a_feature():
    articles, codes = corpus()
    codebook = pd.DataFrame({"frame": ["conflict"], "pattern": ["troops|shell*"]})
    codebook = codebook.assign(pattern=codebook["pattern"].str.split("|")).explode("pattern")
    classifier = fit_classifier(articles, codes, codebook=codebook)
    terms = decisive_terms(classifier, 50)
    assert terms.loc[terms["kind"] == "codebook", ["value", "term"]].to_numpy().tolist() == [
        ["war", "conflict"]
    ]


def test_an_embedding_is_a_feature_and_is_asked_once_a_text():
    articles, codes = corpus()
    asked = []

    def embed(texts):
        asked.extend(texts)
        return [["shell" in text, "wages" in text, 1] for text in texts]

    classifier = fit_classifier(articles, codes, embed=embed)
    assert asked == articles["text"].tolist()
    terms = decisive_terms(classifier, 1000, pieces=True)
    found = terms[terms["kind"] == "embedding"].set_index("term")["value"]
    assert found["dimension 1"] == "war" and found["dimension 2"] == "money"


@pytest.mark.parametrize("answer", [[1.0, 2.0], [[1.0]], [[np.nan]] * 30])
def test_an_embedder_that_breaks_its_word_is_told(answer):
    articles, codes = corpus()
    with pytest.raises(ValueError, match=r"embed gave an array of shape .* for 30 texts"):
        fit_classifier(articles, codes, embed=lambda texts: answer)


def test_an_embedder_that_changes_is_told():
    articles, codes = corpus()
    width = iter([3, 4])

    def embed(texts):
        return np.ones((len(texts), next(width)))

    classifier = fit_classifier(articles, codes, embed=embed)
    with pytest.raises(ValueError, match="4 dimensions and 3 before"):
        predict_frames(classifier, articles)


def test_the_headline_of_an_article_is_read_and_that_of_a_paragraph_is_not():
    articles, codes = planted(30)
    bare = articles.assign(text="Nothing is said here.", headline=articles["text"])
    assert decisive_terms(fit_classifier(bare, codes), 1)["term"].tolist() == ["wage", "troop"]
    sample = bare.reset_index().assign(paragraph=1, unit=lambda t: t["doc_id"] + ":1")
    parts = codes.assign(unit=codes["unit"] + ":1")
    scores = predict_frames(fit_classifier(sample, parts), sample)
    assert scores.to_numpy() == pytest.approx(0.5, abs=0.05)


def test_paragraphs_are_scored_under_the_index_that_corrections_ask_for():
    articles, codes = corpus()
    whole = articles.assign(text=articles["text"] + "\n\nA second paragraph.")
    parts = split_units(whole, "paragraph")
    coded = codes.assign(unit=codes["unit"] + ":1", frame="war", value=[1, 0] * 15)
    second = coded.assign(unit=codes["unit"] + ":2", value=0)
    coded = pd.concat([coded, second], ignore_index=True)
    classifier = fit_classifier(parts, coded)
    scores = predict_frames(classifier, parts)
    assert scores.index.names == ["doc_id", "paragraph"]
    assert scores.loc[("a00", 1), "war"] > 0.5 > scores.loc[("a00", 2), "war"]
    assert predict_codes(classifier, parts)["unit"].head(2).tolist() == ["a00:1", "a00:2"]
    table = corrected_prevalence(scores, coded, whole)
    assert table["n"].item() == 60
    assert table["share"].item() == pytest.approx(0.25, abs=0.01)
    sample = parts.reset_index().assign(unit=lambda t: t["doc_id"] + ":" + t["paragraph"].map(str))
    pd.testing.assert_frame_equal(predict_frames(fit_classifier(sample, coded), sample), scores)


def test_values_as_frames_and_probabilities_meet_in_a_corrected_share():
    articles, codes = corpus(60, ("war", "money", "sport"))
    classifier = fit_classifier(articles, codes.head(30))
    scores = predict_frames(classifier, articles)
    drawn = values_as_frames(codes.iloc[30:])
    assert sorted(drawn["frame"].unique()) == scores.columns.tolist()
    assert drawn.groupby("unit")["value"].sum().eq(1).all()
    table = corrected_prevalence(scores, drawn, articles).set_index("frame")
    assert table["share"].to_numpy() == pytest.approx(1 / 3, abs=0.02)


def test_values_as_frames_keeps_yes_and_no_and_drops_what_is_missing():
    codes = pd.DataFrame(
        {"unit": list("abca"), "frame": ["x"] * 3 + ["y"], "value": ["p", "q", None, 1]}
    )
    found = values_as_frames(codes)
    assert found["frame"].tolist() == ["x: p"] * 2 + ["x: q"] * 2 + ["y"]
    assert found["value"].tolist() == [1, 0, 0, 1, 1]


# --- the model --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_classifiers_one_label,
        estimator_checks.check_classifiers_regression_target,
        estimator_checks.check_dict_unchanged,
        estimator_checks.check_dtype_object,
        estimator_checks.check_estimators_nan_inf,
        estimator_checks.check_estimators_unfitted,
        estimator_checks.check_fit_score_takes_y,
        estimator_checks.check_methods_sample_order_invariance,
        estimator_checks.check_n_features_in_after_fitting,
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_parameters_default_constructible,
    ],
)
def test_calibrated_logit_is_a_classifier_as_scikit_learn_understands_it(check):
    """All of `check_estimator` passes; these are the quick ones that could break."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        check("CalibratedLogit", CalibratedLogit())


def noisy(n=400, share=0.2, seed=0):
    """One feature that is normal around 1 or around -1."""
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < share).astype(int)
    return rng.normal(2 * y - 1, 1.5)[:, None], y


def test_probabilities_are_calibrated_and_the_class_weights_do_not_show():
    X, y = noisy(4000)
    chance = CalibratedLogit(C=1).fit(X[:2000], y[:2000]).predict_proba(X[2000:])[:, 1]
    assert chance.mean() == pytest.approx(y[2000:].mean(), abs=0.02)
    for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 1)):
        inside = (chance >= low) & (chance < high)
        assert y[2000:][inside].mean() == pytest.approx(chance[inside].mean(), abs=0.08)


def test_the_threshold_lies_between_a_half_and_the_share_and_decides():
    X, y = noisy()
    model = CalibratedLogit(C=1).fit(X, y)
    assert y.mean() <= model.threshold_ <= 0.5
    chance = model.predict_proba(X)[:, 1]
    assert (model.predict(X) == (chance >= model.threshold_)).all()


def test_noise_gives_everybody_the_share():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(200, 20)), np.repeat([0, 1], [150, 50])
    chance = CalibratedLogit(C=0.1).fit(X, rng.permutation(y)).predict_proba(X)[:, 1]
    assert np.abs(chance - 0.25).max() < 0.25


def test_units_of_one_group_stay_together_inside():
    """Twins told apart by nothing but themselves make a model too sure unless kept together."""
    rng = np.random.default_rng(0)
    X = np.repeat(np.eye(60), 2, axis=0)
    y = np.repeat(rng.permutation(np.repeat([0, 1], 30)), 2)
    groups = np.repeat(np.arange(60), 2)
    apart = CalibratedLogit().fit(X, y).predict_proba(X)[:, 1]
    together = CalibratedLogit().fit(X, y, groups=groups).predict_proba(X)[:, 1]
    assert np.abs(apart - y).mean() < 0.1
    assert np.abs(together - 0.5).max() < 0.05


def test_counting_once_and_choosing_columns_is_counting_anew():
    texts = ["war and war", "war or peace", "peace talks", "talks and talks"]
    reader = Recipe().reader()
    counts = sparse.csr_matrix(reader.fit_transform(texts))
    names = reader.get_feature_names_out()
    kept = SeenTerms(1).fit(counts[:2])
    anew = Recipe().reader().fit(texts[:2])
    assert names[kept.kept_].tolist() == anew.get_feature_names_out().tolist()
    once, again = kept.transform(counts[2:]), sparse.csr_matrix(anew.transform(texts[2:]))
    assert (once != again).nnz == 0


def test_stems_are_porters():
    assert english_stems("Running runners ran, easily.") == ["run", "runner", "ran", "easili"]


# --- the door ---------------------------------------------------------------------------------


def test_all_problems_of_codes_are_told_at_once():
    articles, codes = corpus()
    codes = pd.concat([codes, codes.head(2), codes.head(1).assign(unit="zz")], ignore_index=True)
    with pytest.raises(ValueError) as error:
        fit_classifier(articles, codes)
    text = str(error.value)
    assert "2 units have several codes of one frame (a00, a01)" in text
    assert "1 of 31 coded units are not in the articles (zz)" in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda codes: codes.drop(columns="value"), "No column value"),
        (lambda codes: codes.assign(value=np.nan), "There is no code"),
        (lambda codes: codes.assign(value="war"), "theme: all 30 codes are war"),
        (lambda codes: codes.head(8), r"theme: a value needs 5 codes \(money has 4, war has 4\)"),
        (lambda codes: codes.assign(value=[{"a"}] * 30), "theme: values are sets"),
        (lambda codes: codes.assign(value=[1, "war"] * 15), "some values are numbers and some"),
    ],
)
def test_codes_that_cannot_be_learned_from_are_refused(change, message):
    articles, codes = corpus()
    with pytest.raises(ValueError, match=message):
        fit_classifier(articles, change(codes))


def test_what_is_no_table_is_refused():
    articles, codes = corpus()
    with pytest.raises(TypeError, match="codes is a list"):
        fit_classifier(articles, [codes])
    with pytest.raises(TypeError, match="articles is a tuple"):
        fit_classifier((articles, None), codes)
    with pytest.raises(ValueError, match="n=0 must be at least 1"):
        decisive_terms(fit_classifier(articles, codes), 0)


def test_values_may_be_booleans_categories_and_numbers_beside_texts():
    articles, codes = corpus()
    mixed = pd.concat([codes, yes_no(codes, "war", "war")], ignore_index=True)
    summary = fit_classifier(articles, mixed).summary
    assert summary.loc[summary["frame"] == "war", "value"].tolist() == [0, 1]
    for kind in (bool, "category", "Int64", float):
        own = yes_no(codes, "war", "war")
        own["value"] = own["value"].astype(kind)
        assert fit_classifier(articles, own).summary["value"].tolist() == [0, 1]


def test_units_that_are_numbers_are_met():
    articles, codes = corpus()
    numbered = articles.set_axis(pd.Index(range(30), name="doc_id"))
    codes = codes.assign(unit=[str(k) for k in range(30)])
    assert fit_classifier(numbered, codes).summary["n_codes"].tolist() == [15, 15]


def test_no_articles_cannot_be_coded():
    articles, codes = corpus()
    classifier = fit_classifier(articles, yes_no(codes, "war", "war"))
    with pytest.raises(ValueError, match="There are no articles"):
        predict_frames(classifier, articles[:0])


def test_a_classifier_says_what_it_can_tell_and_no_more():
    shown = repr(fit_classifier(*corpus()))
    assert shown == "FrameClassifier(theme (30 codes); see .summary)"
