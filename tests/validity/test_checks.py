"""Scores against codes: a toy computed by hand, weights, coverage, and every bad input at once."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import balanced_accuracy_score, f1_score, precision_score, recall_score

from framing.validity.checks import MEASURES, calibration, score_against_codes

INDEX = pd.Index([f"a{i}" for i in range(10)], name="doc_id")
SCORES = pd.DataFrame({"war": [3.0, 1, 2, 1, 0, 0, 0, 0, 0, 0]}, index=INDEX)
TRUTH = [1, 1, 1, 0, 1, 0, 0, 0, 0, 0]


def coded(values, index=INDEX, frame="war"):
    return pd.DataFrame({"unit": index, "coder": "ann", "frame": frame, "value": values})


def by_measure(scores, codes, **options):
    return score_against_codes(scores, codes, **options).set_index("measure")


def test_a_toy_by_hand():
    """3 right alarms, 1 false one, 1 missed, 5 rightly silent."""
    found = by_measure(SCORES, coded(TRUTH))
    wanted = {
        "precision": 3 / 4,
        "recall": 3 / 4,
        "specificity": 5 / 6,
        "f1": 3 / 4,
        "balanced_accuracy": (3 / 4 + 5 / 6) / 2,
        "accuracy": 8 / 10,
        "correlation": np.corrcoef(SCORES["war"], TRUTH)[0, 1],
    }
    assert found["value"].to_dict() == pytest.approx(wanted)
    assert list(found.index) == list(MEASURES)
    assert (found["low"] <= found["value"]).all()
    assert (found["value"] <= found["high"]).all()
    assert set(found["n_units"]) == {10}
    assert set(found["n_present"]) == {4}


def test_equals_scikit_learn_on_random_tables():
    rng = np.random.default_rng(1)
    score, truth = rng.integers(0, 2, (2, 200))
    index = pd.Index([f"u{i}" for i in range(200)], name="doc_id")
    found = by_measure(pd.DataFrame({"war": score}, index), coded(truth, index))["value"]
    assert found["precision"] == pytest.approx(precision_score(truth, score))
    assert found["recall"] == pytest.approx(recall_score(truth, score))
    assert found["f1"] == pytest.approx(f1_score(truth, score))
    assert found["balanced_accuracy"] == pytest.approx(balanced_accuracy_score(truth, score))


def test_weights_give_back_what_the_sample_distorts():
    """All ten hits are coded and 10 of 100 silent units, one of them present: recall is 5/15."""
    index = pd.Index([f"u{i:03}" for i in range(110)], name="doc_id")
    scores = pd.DataFrame({"war": [1] * 10 + [0] * 100}, index=index)
    units = index[:20]
    codes = coded([1] * 5 + [0] * 5 + [1] + [0] * 9, units)
    sample = pd.DataFrame(
        {
            "unit": units,
            "probability": [1.0] * 10 + [0.1] * 10,
            "stratum": ["hit"] * 10 + ["no hit"] * 10,
        }
    )
    assert by_measure(scores, codes)["value"]["recall"] == pytest.approx(5 / 6)
    weighted = by_measure(scores, codes, sample=sample)
    assert weighted["value"]["recall"] == pytest.approx(5 / 15)
    assert weighted["value"]["precision"] == pytest.approx(5 / 10)
    assert weighted["interval"].iloc[0] == "Wilson or linearised 95 %, design-weighted"


def test_sentences_of_one_article_are_worth_less_than_as_many_articles():
    index = pd.MultiIndex.from_product([range(10), range(1, 6)], names=["doc_id", "sentence"])
    present = np.repeat([1, 0, 1, 1, 0, 1, 1, 0, 1, 1], 5)
    codes = coded(present, [f"{doc}:{n}" for doc, n in index])
    alarm = pd.DataFrame({"war": np.ones(50)}, index=index)
    nested = by_measure(alarm, codes).loc["precision"]
    flat = by_measure(alarm.set_axis(pd.Index(codes["unit"], name="doc_id")), codes)
    assert nested["value"] == flat.loc["precision", "value"]
    width = flat.loc["precision", "high"] - flat.loc["precision", "low"]
    assert nested["high"] - nested["low"] > 1.5 * width


def test_intervals_cover_the_measures_of_the_whole():
    rng = np.random.default_rng(5)
    index = pd.Index([f"u{i:04}" for i in range(2000)], name="doc_id")
    truth = rng.random(2000) < 0.3
    scores = pd.DataFrame({"war": (truth ^ (rng.random(2000) < 0.15)).astype(float)}, index=index)
    whole = by_measure(scores, coded(truth.astype(int), index))["value"]
    covered = pd.Series(0, index=whole.index)
    for _ in range(60):
        rows = rng.choice(2000, 120, replace=False)
        found = by_measure(scores, coded(truth[rows].astype(int), index[rows]))
        covered += (found["low"] <= whole) & (whole <= found["high"])
    assert (covered >= 52).all(), covered


def test_what_is_not_defined_is_missing():
    found = by_measure(SCORES * 0, coded(TRUTH))["value"]
    assert np.isnan(found[["precision", "correlation"]].astype(float)).all()
    assert found["recall"] == 0


def test_a_threshold_for_probabilities():
    found = by_measure(SCORES, coded(TRUTH), at_least=2)
    assert found["value"]["precision"] == 1
    assert found["n_found"].iloc[0] == 2


def test_every_problem_of_the_codes_at_once():
    codes = pd.concat([coded(TRUTH), coded([1, 7], ["a0", "zz"])])
    with pytest.raises(ValueError, match="adjudicate") as problem:
        score_against_codes(SCORES, codes)
    assert "1 of 12 codes are not 0 or 1 (e.g. 7)" in str(problem.value)
    assert "1 of 11 coded units have no scores (zz)" in str(problem.value)


def test_sample_problems():
    sample = pd.DataFrame({"unit": ["a0", "a0", "b"], "probability": [0.5, 0.5, 0]})
    with pytest.raises(ValueError, match="drawn more than once") as problem:
        score_against_codes(SCORES, coded([1, 1], ["a0", "a1"]), sample=sample)
    for part in ("no probability above 0", "have no scores (b)", "coded and not drawn (a1)"):
        assert part in str(problem.value)


def test_frames_that_do_not_meet():
    with pytest.raises(ValueError, match=r"both scored \(war\) and coded \(peace\)"):
        score_against_codes(SCORES, coded(TRUTH, frame="peace"))
    both = pd.concat([coded(TRUTH), coded(TRUTH, frame="peace")])
    with pytest.warns(UserWarning, match=r"Left out are frames .*\(1\): peace"):
        assert set(score_against_codes(SCORES, both)["frame"]) == {"war"}


def test_drawn_units_that_were_not_coded_are_told_and_stood_for():
    sample = pd.DataFrame({"unit": INDEX, "probability": 1.0})
    with pytest.warns(UserWarning, match="Only 8 of 10 drawn units are coded"):
        found = by_measure(SCORES, coded(TRUTH[:8], INDEX[:8]), sample=sample)
    assert found["value"]["recall"] == pytest.approx(3 / 4)


def test_calibration_of_a_constant_score_is_one_bin():
    table = calibration(SCORES * 0, coded(TRUTH))
    assert table[["bin", "n_units", "n_present", "share"]].values.tolist() == [[1, 10, 4, 0.4]]
    with pytest.raises(ValueError, match="shows no rise"):
        calibration(SCORES, coded(TRUTH), bins=1)


def test_calibration_rises_with_hits():
    table = calibration(SCORES, coded(TRUTH), bins=3)
    assert table["share"].is_monotonic_increasing
    assert table["n_units"].sum() == 10


def test_many_zeros_take_no_hit_into_their_bin():
    scores = pd.DataFrame({"war": [0] * 90 + [1] * 6 + [2] * 4}, dtype=float)
    scores.index = pd.Index([f"a{number}" for number in range(100)], name="doc_id")
    codes = pd.DataFrame({"unit": scores.index, "frame": "war", "value": [0] * 90 + [1] * 10})
    table = calibration(scores, codes)
    assert table[["lowest", "highest", "n_units", "n_present"]].values.tolist() == [
        [0, 0, 90, 0],
        [1, 2, 10, 10],
    ]


def test_presence_as_true_and_false_is_presence():
    there = SCORES["war"].ge(2).to_frame()
    wanted = score_against_codes(there.astype(int), coded(TRUTH))
    for scores in (there, there.astype("boolean")):
        pd.testing.assert_frame_equal(score_against_codes(scores, coded(TRUTH)), wanted)
    pd.testing.assert_frame_equal(
        calibration(there, coded(TRUTH), bins=2), calibration(there * 1, coded(TRUTH), bins=2)
    )


def test_variables_that_are_not_scored_need_not_be_yes_and_no():
    both = pd.concat([coded(TRUTH), coded(["good"] * 10, frame="tone")])
    with pytest.warns(UserWarning, match=r"only coded \(1\): tone"):
        found = score_against_codes(SCORES, both)
    pd.testing.assert_frame_equal(found, score_against_codes(SCORES, coded(TRUTH)))
    scored = SCORES.assign(tone=1)
    repair = r"10 of 20 codes .*'good'.* codes\[~codes\['frame'\].isin\(\['tone'\]\)\]"
    with pytest.raises(ValueError, match=repair):
        score_against_codes(scored, both)
    with pytest.raises(ValueError, match=r"map\({'yes': 1, 'no': 0}\)"):
        score_against_codes(SCORES, coded(["yes"] * 10))


def test_numbers_of_articles_may_be_written_as_they_come():
    index = pd.RangeIndex(10, name="doc_id")
    scores = SCORES.set_axis(index)
    wanted = score_against_codes(scores, coded(TRUTH, index))
    for units in (index.astype(float), index.astype(str)):
        pd.testing.assert_frame_equal(score_against_codes(scores, coded(TRUTH, units)), wanted)


def test_a_level_in_per_cent_and_infinite_scores_are_refused():
    for wrong in (95, -1):
        with pytest.raises(ValueError, match=r"must lie between 0 and 1, e\.g\. 0\.95"):
            score_against_codes(SCORES, coded(TRUTH), level=wrong)
    with pytest.raises(ValueError, match=r"10 of 10 rows of `scores` have an infinite score"):
        score_against_codes(SCORES + np.inf, coded(TRUTH))


def test_what_to_do_about_missing_scores_works():
    scores = SCORES.astype(float)
    scores.iloc[0] = np.nan
    with pytest.raises(ValueError, match=r"1 of 10 rows .* have a missing score") as error:
        score_against_codes(scores, coded(TRUTH))
    repair = str(error.value).rpartition(": ")[2]
    left = eval(repair, {"np": np, "scores": scores})
    codes = coded(TRUTH)
    table = score_against_codes(left, codes[codes["unit"].isin(left.index)])
    assert (table["n_units"] == 9).all()


def test_the_line_that_repairs_words_leaves_missing_codes_missing():
    words = coded(TRUTH).replace({"value": {1: "yes", 0: "no"}})
    words.loc[0, "value"] = None
    with pytest.raises(ValueError, match="not 0 or 1") as error:
        score_against_codes(SCORES, words)
    line = str(error.value).rpartition("is there: ")[2].splitlines()[0]
    mended = eval(line, {"codes": words})
    assert score_against_codes(SCORES, mended)["n_units"].eq(len(words) - 1).all()
