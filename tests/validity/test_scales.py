"""Scales of yes/no items against hand computation, published figures and pingouin."""

import numpy as np
import pandas as pd
import pytest

from framing.validity.scales import (
    _alpha,
    _feldt,
    _jackknife,
    scale_items,
    scale_reliability,
    scale_scores,
)

# Ten students, ten items: K. L. Wuensch, The Kuder-Richardson 20,
# core.ecu.edu/wuenschk/StatHelp/KR20.txt (sum of pq 2.18, variance of totals 5.84).
QUIZ = [
    "1111110110",
    "1011011101",
    "1111011001",
    "0010001000",
    "0000010010",
    "1110111111",
    "1101110111",
    "1111111101",
    "0101111101",
    "1101101110",
]


def codes_of(answers, names=None):
    """Long codes of a table of answers."""
    wide = pd.DataFrame(answers)
    wide.columns = names or [f"q{number}" for number in range(wide.shape[1])]
    wide.index = [f"u{number:03}" for number in range(len(wide))]
    long = wide.rename_axis("unit").reset_index().melt("unit", var_name="frame")
    return long.assign(coder="adjudicated")


def quiz():
    return codes_of([[int(answer) for answer in row] for row in QUIZ])


def five_points():
    """Forty units, four items of five points that any program can make again."""
    i = np.arange(40)
    middle = 3 + 3 * (i * 7 % 11 / 10 - 0.5)
    items = [np.rint(middle + np.sin(3 * i + 2 * item)) for item in range(4)]
    return np.clip(np.column_stack(items), 1, 5)


def test_kr20_of_the_published_quiz():
    row = scale_reliability(quiz()).iloc[0]
    assert row["coefficient"] == "KR-20"
    assert row["alpha"] == pytest.approx(10 / 9 * (1 - 2.18 / 5.84))
    assert (row["n"], row["n_items"]) == (10, 10)


def test_feldts_interval_as_published():
    # C. Evans, imaging.mrc-cbu.cam.ac.uk/statswiki/FAQ/cafun: alpha .913, n 873, 20 items
    low, high = _feldt(0.913, 873, 20, 0.95)
    assert (round(low, 7), round(high, 7)) == (0.9044024, 0.9211588)


def test_alpha_and_interval_as_pingouin():
    # pingouin 0.7.0: cronbach_alpha(pd.DataFrame(five_points())) -> 0.823695040069309, .714, .899
    row = scale_reliability(codes_of(five_points()), method="feldt").iloc[0]
    assert row["coefficient"] == "Cronbach's alpha"
    assert row["alpha"] == pytest.approx(0.823695040069309, rel=1e-12)
    assert (round(row["low"], 3), round(row["high"], 3)) == (0.714, 0.899)


def test_alpha_by_hand():
    # item variances 2/3, 2/3; totals 0, 2, 4 and variance 8/3: 2 * (1 - 4/8) = 1
    assert scale_reliability(codes_of([[0, 0], [1, 1], [2, 2]]))["alpha"].iloc[0] == 1
    # items 0 0 1 1 and 0 1 0 1 do not go together: 2 * (1 - .5 / .5) = 0
    row = scale_reliability(codes_of([[0, 0], [0, 1], [1, 0], [1, 1]])).iloc[0]
    assert row["alpha"] == pytest.approx(0)
    assert row["mean_correlation"] == pytest.approx(0)


def test_items_by_hand():
    # rest of the first item: 0 1 1 2 against 0 0 1 1: covariance .25, variances .5 and .25
    table = scale_items(codes_of([[0, 0, 0], [0, 1, 0], [1, 1, 0], [1, 1, 1]]))
    assert table["mean"].tolist() == [0.5, 0.75, 0.25]
    assert table["item_rest"].iloc[0] == pytest.approx(0.25 / np.sqrt(0.5 * 0.25))
    # without the first: variances 3/16 + 3/16, total 0 1 1 2 has 1/2: 2 * (1 - 3/4)
    assert table["alpha_without"].iloc[0] == pytest.approx(0.5)


def test_loadings_of_one_factor_are_found():
    loadings = np.array([0.9, 0.8, 0.6, 0.5])
    correlation = np.outer(loadings, loadings)
    np.fill_diagonal(correlation, 1)
    rng = np.random.default_rng(1)
    raw = rng.normal(size=(200, 4))
    white = np.linalg.solve(np.linalg.cholesky(np.cov(raw.T)), (raw - raw.mean(axis=0)).T)
    answers = (np.linalg.cholesky(correlation) @ white).T  # has exactly these correlations
    assert np.allclose(scale_items(codes_of(answers))["loading"], loadings, atol=1e-4)


def test_parallel_analysis_counts_planted_factors():
    rng = np.random.default_rng(2)
    first, second = rng.normal(size=(2, 400, 1))
    both = np.hstack([first + rng.normal(size=(400, 4)), second + rng.normal(size=(400, 4))])
    yes_no = (both > 0.5).astype(int)
    names = [f"q{number}" for number in range(8)]
    halves = {name: "one" if name < "q4" else "two" for name in names}
    assert scale_reliability(codes_of(yes_no, names))["n_factors"].tolist() == [2]
    assert scale_reliability(codes_of(yes_no, names), halves)["n_factors"].tolist() == [1, 1]
    noise = rng.integers(2, size=(400, 6))
    assert scale_reliability(codes_of(noise))["n_factors"].tolist() == [0]


def test_the_jackknife_agrees_with_feldt_on_normal_items():
    rng = np.random.default_rng(3)
    answers = rng.normal(size=(300, 1)) + rng.normal(size=(300, 5))
    feldt, left_out = (
        scale_reliability(codes_of(answers), method=method).iloc[0]
        for method in ("feldt", "jackknife")
    )
    assert left_out["low"] == pytest.approx(feldt["low"], abs=0.02)
    assert left_out["high"] == pytest.approx(feldt["high"], abs=0.02)
    assert left_out["interval"] == "jackknife over units 95 %"


def test_the_jackknife_by_leaving_out_each_student():
    from scipy.stats import t

    answers = np.array([[int(answer) for answer in row] for row in QUIZ], dtype=float)
    logs = []
    for student in range(10):
        rest = np.delete(answers, student, axis=0)
        items, total = rest.var(axis=0).sum(), rest.sum(axis=1).var()
        logs.append(np.log(1 - 10 / 9 * (1 - items / total)))
    error = np.sqrt(9 / 10 * np.sum((logs - np.mean(logs)) ** 2))
    row = scale_reliability(quiz()).iloc[0]
    half = t.ppf(0.975, 9) * error
    assert np.log(1 - row["low"]) - np.log(1 - row["alpha"]) == pytest.approx(half)
    assert np.log(1 - row["alpha"]) - np.log(1 - row["high"]) == pytest.approx(half)


def test_the_jackknife_covers_where_items_are_rare_and_feldt_does_not():
    rng = np.random.default_rng(5)
    inside = {"jackknife": 0, "feldt": 0}
    for _ in range(100):
        common = rng.normal(size=(400, 1))
        answers = (0.8 * common + 0.6 * rng.normal(size=(400, 5)) > 1.6).astype(float)
        made = {"jackknife": _jackknife(answers, 0.95)}
        made["feldt"] = _feldt(_alpha(answers), 400, 5, 0.95)
        for method, (low, high) in made.items():
            inside[method] += low <= 0.695 <= high  # alpha of a million such units
    assert inside["jackknife"] >= 85
    assert inside["feldt"] <= 75


def test_scores_are_means_of_the_items_of_a_frame():
    codes = codes_of([[1, 1, 0], [1, 0, 1], [0, 0, np.nan]], ["a", "b", "c"])
    frames = {"a": "war", "b": "war", "c": "peace"}
    scores = scale_scores(codes, frames)
    assert scores["war"].tolist() == [1, 0.5, 0]
    assert scores["peace"].iloc[:2].tolist() == [0, 1]
    assert np.isnan(scores["peace"].iloc[2])
    assert scores.index.name == "unit"


def test_a_score_may_rest_on_part_of_the_items():
    codes = codes_of([[1, np.nan], [1, 0]], ["a", "b"])
    assert np.isnan(scale_scores(codes).iloc[0, 0])
    assert scale_scores(codes, min_share=0.5).iloc[0, 0] == 1


def test_a_codebook_names_the_items_of_a_frame():
    codebook = pd.DataFrame(
        {
            "frame": ["war", "war", "war", "peace"],
            "indicator": ["a", "a", "b", None],
            "pattern": ["troops", "tanks", "attack", "talks"],
        }
    )
    codes = codes_of([[1, 1, 0], [1, 0, 1]], ["a", "b", "c"])
    assert scale_scores(codes, codebook).columns.tolist() == ["war"]
    with pytest.raises(ValueError, match="lacks the columns"):
        scale_scores(codes, codebook.drop(columns="indicator"))


def test_units_left_out_and_dead_items_are_told():
    codes = codes_of([[1, 1, 0], [1, 0, 0], [0, 0, np.nan], [0, 1, 0]], ["a", "b", "c"])
    with pytest.warns(UserWarning) as caught:
        table = scale_reliability(codes)
    texts = [str(each.message) for each in caught]
    assert any("1 of 4 for all items" in text for text in texts)
    assert any("1 of 3 items have the same value in all units (c)" in text for text in texts)
    assert table["n"].iloc[0] == 3
    assert np.isnan(scale_items(codes)["item_rest"].iloc[2])


def test_units_of_which_no_item_is_coded_are_not_counted_among_those_left_out():
    answers = [[1, 1], [1, 0], [0, np.nan], [0, 1], [np.nan, np.nan]]
    with pytest.warns(UserWarning, match="1 of 4 for all items"):
        table = scale_reliability(codes_of(answers, ["a", "b"]))
    assert table["n"].iloc[0] == 4 - 1


def test_one_item_has_no_reliability():
    row = scale_reliability(codes_of([[1], [0], [1]])).iloc[0]
    assert np.isnan(row["alpha"])
    assert row["interval"] == "none"


def test_more_codes_than_one_are_sent_to_adjudicate():
    codes = pd.concat([quiz(), quiz().head(2).assign(coder="ben")])
    with pytest.raises(ValueError, match=r"2 of 102 rows .*adjudicate\(codes\)"):
        scale_scores(codes)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": "yes"}, "100 of 100 values are no numbers"),
        ({"frame": None}, "frame"),
    ],
)
def test_codes_that_cannot_be_used_say_why(change, message):
    codes = quiz().assign(**change)
    codes = codes.drop(columns=[name for name, value in change.items() if value is None])
    with pytest.raises(ValueError, match=message):
        scale_reliability(codes)


def test_items_without_codes_are_named():
    with pytest.raises(ValueError, match=r"1 of 2 items have no codes \(hi9"):
        scale_items(quiz(), {"q1": "war", "hi9": "war"})
    with pytest.raises(TypeError, match="DataFrame"):
        scale_items([1, 2])
    with pytest.raises(ValueError, match="choose from jackknife, feldt"):
        scale_reliability(quiz(), method="fisher")


def test_an_item_may_serve_two_frames_and_other_variables_do_not_matter():
    wide = pd.DataFrame([[1, 0, 1], [0, 0, 1], [1, 1, 0]], list("abc"), ["q0", "q1", "q2"])
    codes = wide.stack().rename_axis(["unit", "frame"]).rename("value").reset_index()
    items = pd.DataFrame({"frame": list("AABB"), "indicator": ["q0", "q1", "q0", "q2"]})
    scores = scale_scores(codes, items)
    assert list(scores) == ["A", "B"]
    assert scores["A"].tolist() == [0.5, 0, 1]
    assert scores["B"].tolist() == [1, 0.5, 0.5]
    assert scale_reliability(codes, items)["n_items"].tolist() == [2, 2]
    tone = pd.DataFrame({"unit": list("abc"), "frame": "tone", "value": "good"})
    pd.testing.assert_frame_equal(scale_scores(pd.concat([codes, tone]), items), scores)


def test_names_that_look_alike_are_told_on_the_callers_line():
    codes = quiz()
    twice = pd.concat([codes.assign(coder="Ann"), codes.assign(coder="ann ")])
    with (
        pytest.warns(UserWarning, match="differ only in capitals") as caught,
        pytest.raises(ValueError, match="code a unit and item again"),
    ):
        scale_scores(twice)
    assert caught[0].filename == __file__
