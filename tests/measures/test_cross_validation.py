"""Held-out measures: nothing that is judged was seen, and no outlet is on both sides."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, brier_score_loss, f1_score

from framing.inference.correction import corrected_prevalence
from framing.measures.classifier import cross_validation
from framing.measures.classifier.cross_validation import (
    cross_predict,
    cross_validate_codes,
    learning_curve,
)
from framing.measures.classifier.features import Recipe
from framing.measures.classifier.fit import fit_classifier, predict_frames

COMMON = ["the", "old", "town", "by", "a", "river", "said", "that", "it", "will", "be", "on"]


def corpus(n=60, outlets=("Herald", "Star", "Post"), *, noise=0.0):
    """Articles of common words and a telling one; a share of the codes is turned round."""
    rng = np.random.default_rng(7)
    value = rng.permutation(np.arange(n) % 2)
    telling = np.where(value == 1, "troops", "wages")
    texts = [" ".join(rng.permutation([*rng.choice(COMMON, 8), word])) for word in telling]
    doc_id = pd.Index([f"a{k:03}" for k in range(n)], name="doc_id")
    outlet = [outlets[k % len(outlets)] for k in range(n)]
    articles = pd.DataFrame({"outlet": outlet, "text": texts}, index=doc_id)
    turned = np.where(rng.random(n) < noise, 1 - value, value)
    return articles, pd.DataFrame({"unit": doc_id, "frame": "war", "value": turned})


def lines(table, folds="random"):
    part = table[table["folds"] == folds]
    return part.set_index(part["measure"] + part["code"].where(part["measure"] == "f1", ""))


def held_out(articles, codes, groups=None, folds=5):
    """Splits of the only frame, as positions of its codes."""
    read = cross_validation._read_coded(articles, codes, Recipe())
    (task,) = read.tasks
    numbers = cross_validation._group_numbers(articles, read.units, groups) if groups else None
    splits = list(cross_validation._splits(task, numbers, folds, 0))
    return read.units.iloc[task.rows], splits


def test_what_can_be_told_is_told_on_every_kind_of_folds():
    table = cross_validate_codes(*corpus())
    assert table["folds"].unique().tolist() == ["random", "by outlet"]
    assert lines(table).loc["accuracy", ["value", "majority"]].tolist() == [1, 0.5]
    assert lines(table, "by outlet").loc["accuracy", "value"] == 1
    assert lines(table).loc["macro_f1", "majority"] == pytest.approx(1 / 3, abs=0.05)
    assert lines(table)["n_folds"].eq(5).all()
    assert lines(table, "by outlet")["n_folds"].eq(3).all()


def test_shuffled_codes_are_told_no_better_than_by_the_majority():
    articles, codes = corpus(120)
    value = np.repeat([0, 1], [80, 40])
    gains = []
    for seed in range(3):
        shuffled = codes.assign(value=np.random.default_rng(seed).permutation(value))
        line = lines(
            cross_validate_codes(articles, shuffled, groups=None, folds=3, random_state=seed)
        )
        gains.append(line.loc["accuracy", "value"] - line.loc["accuracy", "majority"])
        assert line.loc["brier", "value"] == pytest.approx(2 / 9, abs=0.04)
    assert np.mean(gains) < 0.03


def test_the_codes_of_a_fold_do_not_reach_the_model_that_is_judged_on_it():
    articles, codes = corpus(noise=0.2)
    units, splits = held_out(articles, codes)
    for train, test in splits[:2]:
        turned = codes.set_index("unit")["value"].copy()
        names = units["unit"].iloc[test]
        turned[names] = 1 - turned[names]
        other = codes.assign(value=turned.array)
        guesses = []
        for each in (codes, other):
            read = cross_validation._read_coded(articles, each, Recipe())
            chain = cross_validation._learn(read, read.tasks[0], train)
            guesses.append((chain.predict_proba(read.counts), chain[-1].threshold_))
        assert (guesses[0][0] == guesses[1][0]).all()
        assert guesses[0][1] == guesses[1][1]


def test_the_texts_of_a_fold_do_not_reach_it_either():
    """A model of the training part alone is the same as one of a corpus that holds no more."""
    articles, codes = corpus(noise=0.2)
    units, splits = held_out(articles, codes)
    train, _ = splits[0]
    known = units["unit"].iloc[train]
    read = cross_validation._read_coded(articles, codes, Recipe())
    chain = cross_validation._learn(read, read.tasks[0], train)
    alone = fit_classifier(articles.loc[known], codes[codes["unit"].isin(known)])
    mine = chain.predict_proba(read.counts)[:, 1]
    theirs = predict_frames(alone, articles)["war"].loc[units["unit"]]
    assert mine == pytest.approx(theirs.to_numpy(), abs=1e-3)  # columns stand in another order


def test_folds_by_outlet_never_share_one():
    articles, codes = corpus(60, ("Herald", "Star", "Post", "Times", "Echo", "Mail", "Sun"))
    units, splits = held_out(articles, codes, "outlet")
    outlet = articles.loc[units["unit"], "outlet"].to_numpy()
    assert len(splits) == 5
    assert sorted(np.concatenate([test for _, test in splits])) == list(range(60))
    for train, test in splits:
        assert not set(outlet[train]) & set(outlet[test])


def test_an_outlet_that_gives_itself_away_is_found_out():
    """Codes follow the outlet, whose name stands in each text; another outlet says nothing."""
    articles, codes = corpus(80, ("Herald", "Star", "Post", "Times"))
    loud = articles.assign(text=articles["outlet"] + " " + articles["text"].str.split().str[0])
    biased = codes.assign(value=articles["outlet"].isin(["Herald", "Post"]).astype(int).array)
    table = cross_validate_codes(loud, biased, folds=4)
    assert lines(table).loc["accuracy", "value"] == 1
    assert lines(table, "by outlet").loc["accuracy", "value"] < 0.6
    assert lines(table, "by outlet")["interval"].str.endswith("draws of 4 groups").all()


def paragraphs(n=40):
    """Two paragraphs an article with one code and words no other article has."""
    value = np.random.default_rng(0).permutation(np.arange(n) % 2)
    texts = [f"word{k} {COMMON[k % 9]}" for k in range(n) for _ in (1, 2)]
    index = pd.MultiIndex.from_product([[f"a{k}" for k in range(n)], [1, 2]])
    parts = pd.DataFrame({"text": texts}, index=index.set_names(["doc_id", "paragraph"]))
    unit = [f"{doc}:{number}" for doc, number in index]
    return parts, pd.DataFrame({"unit": unit, "frame": "war", "value": np.repeat(value, 2)})


def test_paragraphs_of_an_article_are_never_divided():
    parts, codes = paragraphs()
    units, splits = held_out(parts, codes)
    for train, test in splits:
        assert not set(units["article"].iloc[train]) & set(units["article"].iloc[test])
    table = cross_validate_codes(parts, codes, groups=None, folds=3)
    assert lines(table).loc["accuracy", "value"] < 0.65  # divided, all would be told
    assert lines(table)["interval"].str.endswith("draws of 40 articles").all()
    curve = learning_curve(parts, codes, sizes=[60], repeats=2)
    assert (curve["value"] < 0.7).all()


def test_measures_are_those_of_scikit_learn():
    articles, codes = corpus(noise=0.2)
    line = lines(cross_validate_codes(articles, codes, groups=None, folds=3))
    chance = cross_predict(articles, codes, folds=3)["war"].to_numpy()
    truth = codes["value"].to_numpy()
    assert line.loc["brier", "value"] == pytest.approx(brier_score_loss(truth, chance))
    read = cross_validation._read_coded(articles, codes, Recipe())
    task = read.tasks[0]
    splits = list(cross_validation._splits(task, None, 3, 0))
    guess = cross_validation._hold_out(read, task, splits, None).guess
    assert line.loc["accuracy", "value"] == pytest.approx(accuracy_score(truth, guess))
    assert line.loc["macro_f1", "value"] == pytest.approx(f1_score(truth, guess, average="macro"))
    assert line.loc["f11", "value"] == pytest.approx(f1_score(truth, guess))
    assert line.loc["f10", "value"] == pytest.approx(f1_score(truth, guess, pos_label=0))
    assert ((line["low"] <= line["value"]) & (line["value"] <= line["high"])).all()


def test_missing_codes_are_left_out_frame_by_frame():
    articles, codes = corpus()
    other = codes.assign(frame="peace", value=(1 - codes["value"]).where(codes.index < 40))
    table = cross_validate_codes(
        articles, pd.concat([codes, other], ignore_index=True), groups=None, folds=2
    )
    assert table.groupby("frame")["n_units"].first().to_dict() == {"peace": 40, "war": 60}


def test_the_same_seed_gives_the_same_table_and_another_another():
    data, options = corpus(noise=0.3), {"groups": None, "folds": 2}
    one = cross_validate_codes(*data, **options)
    pd.testing.assert_frame_equal(one, cross_validate_codes(*data, **options))
    assert not one["value"].equals(cross_validate_codes(*data, random_state=1, **options)["value"])


def test_cross_predictions_correct_a_share():
    """Scores of models that saw the code would be too sure; held out, they are not."""
    articles, codes = corpus(120, noise=0.25)
    coded = codes.head(60)
    scores = cross_predict(articles, coded)
    assert scores.index.equals(articles.index)
    error = (scores["war"].head(60).to_numpy() - coded["value"]) ** 2
    seen = predict_frames(fit_classifier(articles, coded), articles)["war"].head(60).to_numpy()
    assert error.mean() > ((seen - coded["value"]) ** 2).mean()
    table = corrected_prevalence(scores, coded, articles)
    assert table["low"].item() <= codes["value"].mean() <= table["high"].item()


def test_what_cannot_be_divided_is_refused():
    articles, codes = corpus(60, ("Herald",))
    with pytest.raises(ValueError, match="All coded units are of one outlet"):
        cross_validate_codes(articles, codes)
    with pytest.raises(KeyError, match="For random folds alone: groups=None"):
        cross_validate_codes(articles.drop(columns="outlet"), codes)
    with pytest.raises(ValueError, match="folds=1 must be at least 2"):
        cross_validate_codes(articles, codes, groups=None, folds=1)
    with pytest.raises(ValueError, match=r"a value has 30 codes, too few for 40 folds"):
        cross_validate_codes(articles, codes, groups=None, folds=40)
    with pytest.raises(ValueError, match=r"sizes must be from 10 to 48, not 5, 900"):
        learning_curve(articles, codes, sizes=[5, 20, 900])
    with pytest.raises(ValueError, match="repeats=1 must be at least 2"):
        learning_curve(articles, codes, repeats=1)


# --- learning curves --------------------------------------------------------------------------


def test_a_power_law_is_carried_on_exactly():
    sizes = np.array([50, 100, 200, 400])
    found = cross_validation._power_law(sizes.tolist(), 0.8 - 2 * sizes**-0.5, [800, 3200])
    assert found == pytest.approx([0.8 - 2 * 800**-0.5, 0.8 - 2 * 3200**-0.5], abs=1e-5)


def test_a_flat_curve_stays_flat_and_none_goes_above_one():
    flat = cross_validation._power_law([50, 100, 200, 400], np.full(4, 0.7), [1600])
    assert flat == pytest.approx([0.7], abs=1e-3)
    steep = cross_validation._power_law(
        [50, 100, 200, 400], np.array([0.2, 0.5, 0.8, 0.99]), [9999]
    )
    assert steep[0] <= 1


def test_a_learning_curve_measures_then_projects():
    articles, codes = corpus(100, noise=0.1)
    curve = learning_curve(articles, codes, repeats=2)
    measured, ahead = curve[~curve["projected"]], curve[curve["projected"]]
    assert measured["n_codes"].tolist() == sorted(measured["n_codes"])
    assert (measured["n_codes"].iloc[0], measured["n_codes"].iloc[-1]) == (12, 80)
    assert ahead["n_codes"].tolist() == [100, 200, 400]
    assert ahead["value"].is_monotonic_increasing
    assert measured["value"].iloc[-1] > curve["majority"].iloc[0] + 0.2
    assert (curve["low"] <= curve["high"]).all()


def test_every_beginning_has_the_shares_of_the_whole():
    values = np.array(["a"] * 60 + ["b"] * 30 + ["c"] * 10)
    order = cross_validation._nested_order(values, 0)
    assert sorted(order) == list(range(100))
    for size in (10, 20, 50):
        counts = pd.Series(values[order[:size]]).value_counts() / size
        assert counts["a"] == pytest.approx(0.6, abs=0.11)
        assert counts["c"] == pytest.approx(0.1, abs=0.11)
