"""Corrected regressions: against ppi-python, plain regressions, and a truth that is known."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from framing.inference.corrected_regression import (
    LONE,
    _at_power,
    _codes_alone,
    _Moments,
    _moments,
    _table,
    corrected_regression,
)
from framing.inference.correction import corrected_difference
from framing.inference.double_sample import as_double_sample
from framing.stats.design import design_matrix
from framing.stats.regression import fit_linear, fit_logit, thin_support

# ppi-python 0.2.3 (Angelopoulos et al.), ppi_ols_ci and ppi_logistic_ci with tolerances of 1e-16,
# on the articles of `ppi_data`: coefficients and standard errors by its λ, which is ours times
# 160/200 (it counts 160 unlabelled units apart from 40 labelled ones).
PPI = {
    ("linear", 1.0): ((0.007499999999999729, 0.2325), (0.1524234253012024, 0.07807111770333776)),
    ("linear", 0.5): ((0.10375, 0.21625), (0.10612014511373284, 0.05612566043004084)),
    ("linear", 0.8): ((0.046, 0.226), (0.12861186636206567, 0.06682793870951374)),
    ("logit", 1.0): (
        (-2.807163505303927, 1.291234531164103),
        (1.7695967950435245, 0.7726133934045067),
    ),
    ("logit", 0.5): (
        (-1.942157855610515, 1.0396107305319833),
        (0.7731917688879268, 0.38078214582539777),
    ),
    ("logit", 0.8): (
        (-2.4068413855274944, 1.1685544001522863),
        (1.1990823415566658, 0.5469413779635272),
    ),
}


def ppi_data():
    """200 articles with a leaning of 0 to 3, mostly right scores, and codes of the first 40."""
    i = np.arange(200)
    index = pd.Index([f"a{number:03}" for number in i], name="doc_id")
    truth = (i * 7) % 10 < 2 + 2 * (i % 4)
    scores = np.where((i * 13) % 11 < 8, truth, ~truth).astype(int)
    codes = pd.DataFrame({"unit": index[:40], "frame": "war", "value": truth[:40].astype(int)})
    articles = pd.DataFrame({"leaning": i % 4}, index=index)
    return pd.DataFrame({"war": scores}, index=index), codes, articles


def moments(family):
    scores, codes, articles = ppi_data()
    design = design_matrix("leaning", articles)
    return _moments(as_double_sample(scores, codes, articles, None), design, 0, family)


@pytest.mark.parametrize(("family", "power"), PPI)
def test_coefficients_and_errors_are_those_of_ppi_python(family, power):
    coef, error = _at_power(moments(family), power * 200 / 160)
    assert coef == pytest.approx(PPI[family, power][0], abs=1e-6)
    assert error == pytest.approx(PPI[family, power][1], abs=1e-6)


def test_full_power_is_a_regression_of_the_corrected_outcome():
    """Design-based supervised learning: f + R (y - f) / π as the outcome."""
    scores, codes, articles = ppi_data()
    outcome = scores["war"].astype(float)
    outcome.iloc[:40] += 5 * (codes["value"].to_numpy() - outcome.iloc[:40])
    plain = fit_linear(outcome, design_matrix("leaning", articles))
    assert _at_power(moments("linear"), 1.0)[0] == pytest.approx(plain.coef.to_numpy())


@pytest.mark.parametrize(("family", "fit"), [("linear", fit_linear), ("logit", fit_logit)])
def test_naive_and_codes_alone_are_plain_regressions(family, fit):
    scores, codes, articles = ppi_data()
    design = design_matrix("leaning", articles)
    table = corrected_regression("leaning", scores, codes, articles, family=family)
    naive = fit(scores["war"], design)
    assert table["naive"].tolist() == pytest.approx(naive.coef.tolist())
    alone = fit(codes.set_index("unit")["value"], design.iloc[:40])
    assert table["codes_alone"].tolist() == pytest.approx(alone.coef.tolist(), abs=1e-8)
    error = np.sqrt(np.diag(alone.covariance)) * np.sqrt(38 / 39)
    assert _codes_alone(moments(family)).error == pytest.approx(error, rel=1e-6)
    half = (table["codes_high"] - table["codes_low"]) / 2
    wanted, df = thin_support(design.iloc[:40].to_numpy(), np.arange(40), np.ones(40))
    wide = np.sqrt(wanted * 39 / 40) * stats.t.ppf(0.975, np.minimum(df, 38))
    assert half.tolist() == pytest.approx((error * wide).tolist(), rel=1e-6)
    assert (table["width_ratio"] <= 1).all()


def test_an_outlet_alone_gives_the_corrected_difference():
    scores, codes, articles = ppi_data()
    articles["outlet"] = np.where(articles["leaning"] > 1, "Star", "Herald")
    row = corrected_regression("war ~ outlet", scores, codes, articles).iloc[1]
    given = {"between": ("Star", "Herald"), "population": "process"}
    pair = corrected_difference(scores, codes, articles, **given).iloc[0]
    assert row["term"] == "outlet[Star vs Herald]"
    assert row["naive"] == pytest.approx(pair["naive"])
    assert row["codes_alone"] == pytest.approx(pair["codes_alone"])
    swapped = corrected_regression(
        "war ~ outlet", scores, codes, articles, reference={"outlet": "Star"}
    )
    assert swapped["codes_alone"].iloc[1] == pytest.approx(-row["codes_alone"])


def test_copies_of_a_story_add_no_evidence():
    scores, codes, articles = ppi_data()
    once = corrected_regression("leaning", scores, codes, articles)

    def twice(table):
        other = table.rename(index=lambda doc_id: f"b{doc_id}")
        return pd.concat([table, other])

    again = codes.assign(unit="b" + codes["unit"])
    both = twice(articles.assign(story=np.arange(200)))
    doubled = corrected_regression("leaning", twice(scores), pd.concat([codes, again]), both)
    ends = ["naive", "naive_low", "codes_alone", "codes_low", "codes_high"]
    assert doubled[ends].to_numpy() == pytest.approx(once[ends].to_numpy(), rel=0.01)
    assert doubled["interval"].iloc[0].endswith("clustered by story")


@pytest.mark.parametrize("logit", [False, True])
def test_corrected_coefficients_hold_the_truth_where_naive_ones_do_not(logit):
    rng, held, ratio = np.random.default_rng(3), [], []
    for _ in range(100):
        outlet = rng.integers(0, 2, 600)
        linear = -0.5 + 0.6 * outlet
        chance = 1 / (1 + np.exp(-linear)) if logit else 0.4 + 0.1 * outlet
        truth = rng.random(600) < chance
        found = rng.random(600) < np.where(truth, np.where(outlet, 0.95, 0.6), 0.1 + 0.2 * outlet)
        weights = np.zeros(600)
        weights[rng.permutation(600)[:200]] = 3
        x = np.column_stack([np.ones(600), outlet])
        given = (x, found * 1.0, truth * (weights > 0) * 1.0, weights, np.arange(600), logit)
        row = _table({"war": _Moments(*given)}, ["Intercept", "outlet"]).iloc[1]
        value = 0.6 if logit else 0.1
        held.append([row[f"{k}low"] <= value <= row[f"{k}high"] for k in ("", "naive_", "codes_")])
        ratio.append(row["width_ratio"])
    corrected, naive, codes = np.mean(held, axis=0)
    assert corrected >= 0.9  # 100 draws: a standard error of .02
    assert codes >= 0.9
    assert naive < 0.1
    assert max(ratio) <= 1
    assert np.mean(ratio) < 0.95


def test_perfect_scores_are_not_taken_as_certain():
    rng = np.random.default_rng(0)
    truth, x = rng.integers(0, 2, 5000), np.column_stack([np.ones(5000), np.arange(5000) % 2])
    weights = np.zeros(5000)
    weights[:50] = 100
    given = (x, truth * 1.0, truth * (weights > 0) * 1.0, weights, np.arange(5000), False)
    row = _table({"war": _Moments(*given)}, ["Intercept", "outlet"]).iloc[1]
    assert row["high"] - row["low"] > 1.5 * (row["naive_high"] - row["naive_low"])


def test_codes_that_are_all_the_same_are_no_certainty():
    scores, codes, articles = ppi_data()
    table = corrected_regression("leaning", scores, codes.assign(value=0), articles)
    assert (table["coef"] == 0).all() and (table["p"] == 1).all()
    assert (table["high"] > 0.02).all()


def test_one_story_says_nothing_about_coefficients():
    scores, codes, articles = ppi_data()
    with (
        pytest.warns(UserWarning, match=r"too few stories \(1\) for 2 coefficients"),
        pytest.warns(UserWarning, match="All rows are in one cluster"),
    ):
        table = corrected_regression("leaning", scores, codes, articles.assign(story="s"))
    assert table[["coef", "low", "high", "p", "naive_low"]].isna().all(axis=None)


def test_units_without_a_covariate_are_left_out_aloud():
    scores, codes, articles = ppi_data()
    articles["leaning"] = articles["leaning"].where(np.arange(200) != 5)
    with pytest.warns(UserWarning, match="1 of 200 articles are left out") as warned:
        table = corrected_regression("leaning", scores, codes, articles)
    assert warned[0].filename == __file__
    assert table[["n", "n_coded"]].iloc[0].tolist() == [199, 39]


def test_a_level_without_variation_has_no_finite_coefficients():
    scores, codes, articles = ppi_data()
    articles["outlet"] = np.where(np.arange(200) % 10 == 0, "Star", "Herald")
    codes.loc[::10, "value"] = 1
    scores.iloc[::10] = 1
    with (
        pytest.warns(UserWarning, match="war, naive: No finite coefficients"),
        pytest.warns(UserWarning, match="war, codes alone: no finite coefficients"),
        pytest.warns(UserWarning, match="war, corrected: no finite coefficients") as warned,
    ):
        table = corrected_regression("outlet", scores, codes, articles, family="logit")
    assert {warning.filename for warning in warned} == {__file__}
    assert table[["naive", "codes_alone"]].isna().all(axis=None)


def coded(star, rest, *, n=63, more=30):
    """Coded articles of the Star and the Herald among `n`, and `more` of the Star uncoded."""
    values = [*star, *rest]
    index = pd.Index([f"a{number:03}" for number in range(n + more)], name="doc_id")
    outlets = ["Star"] * len(star) + ["Herald"] * (n - len(star)) + ["Star"] * more
    scores = pd.DataFrame({"war": np.arange(len(index)) * 7 % 5 % 2}, index=index)
    codes = pd.DataFrame({"unit": index[: len(values)], "frame": "war", "value": values})
    return scores, codes, pd.DataFrame({"outlet": outlets}, index=index)


def test_codes_of_two_means_by_hand():
    """1, 1, 0, 0 against 1, 0, 0, 0, 1, 0, 0, 0: the sums of squares by paper and pencil."""
    table = corrected_regression("outlet", *coded([1, 1, 0, 0], [1, 0, 0, 0] * 2, n=12, more=0))
    row = table.set_index("term").loc["outlet[Star vs Herald]"]
    assert row["codes_alone"] == pytest.approx(0.25)
    # (4 / 16) / 4 and (2 * 9 + 6 * 1) / 16 / 64, by 12 / 11, which is too small on average
    sandwich = (1 / 4 / 4 + 1.5 / 64) * 12 / 11
    wanted = (1 / 4 + 1 / 8) / (3 / 16 + 7 / 64)
    df = (3 / 16 + 7 / 64) ** 2 / (3 / 256 + 7 / 4096)
    half = stats.t.ppf(0.975, df) * np.sqrt(sandwich * wanted / (12 / 11))
    assert (row["codes_high"] - row["codes_low"]) / 2 == pytest.approx(half)


def test_an_outlet_of_one_coded_article_has_no_interval():
    scores, codes, articles = coded([1], [1, 0, 0] * 10)
    table = corrected_regression("outlet", scores, codes, articles).set_index("term")
    assert table.index[1] == "outlet[Star vs Herald]"
    row = table.iloc[1]
    assert np.isfinite(row["coef"]) and np.isfinite(row["naive_low"])
    assert row[["low", "high", "p", "codes_low", "width_ratio"]].isna().all()
    assert row["interval"] == LONE
    assert table.loc["Intercept", ["low", "high", "p"]].notna().all()
    assert table.loc["Intercept", "interval"].startswith("sandwich t 95 %")
    base = corrected_regression("outlet", scores, codes, articles, reference={"outlet": "Star"})
    assert base["low"].isna().all()


def test_an_outlet_of_one_story_has_no_interval():
    scores, codes, articles = coded([1, 0, 1, 1], [1, 0, 0] * 10)
    is_star = articles["outlet"] == "Star"
    stories = articles.assign(story=np.where(is_star, "s", articles.index))
    table = corrected_regression("outlet", scores, codes, stories).set_index("term")
    row = table.loc["outlet[Star vs Herald]"]
    assert row[["low", "naive_low", "codes_low", "p", "naive_p"]].isna().all()
    assert row["interval"] == LONE


def test_fewer_coded_articles_or_stories_make_intervals_wider():
    for star in ([0, 1], [1, 1]):  # with and without variation in the sample
        widths = []
        for times in (1, 2, 4, 8):
            given = coded(star * times, [1, 0, 0] * 10, n=30 + 2 * times, more=0)
            row = corrected_regression("outlet", *given).iloc[1]
            widths.append((row["high"] - row["low"], row["codes_high"] - row["codes_low"]))
        assert (np.diff(widths, axis=0) < 0).all()
    scores, codes, articles = coded([0, 1, 1, 0] * 2, [1, 0, 0] * 10, n=38, more=0)
    widths = []
    for several in (1, 2, 4):
        stories = np.append(np.arange(8) // several, np.arange(8, len(articles)))
        row = corrected_regression("outlet", scores, codes, articles.assign(story=stories)).iloc[1]
        widths.append(row["codes_high"] - row["codes_low"])
    assert widths == sorted(widths)


def test_intervals_of_three_coded_articles_against_many_hold_the_truth():
    rng, held = np.random.default_rng(4), []
    outlet = np.repeat([1, 0], [30, 600])
    for _ in range(150):
        truth = rng.random(630) < 0.3 + 0.1 * outlet
        found = rng.random(630) < np.where(truth, 0.8, 0.2)
        weights = np.zeros(630)
        weights[[*range(3), *range(30, 90)]] = 10
        x = np.column_stack([np.ones(630), outlet])
        given = (x, found * 1.0, truth * (weights > 0) * 1.0, weights, np.arange(630), False)
        row = _table({"war": _Moments(*given)}, ["Intercept", "outlet"]).iloc[1]
        held.append([row[f"{kind}low"] <= 0.1 <= row[f"{kind}high"] for kind in ("", "codes_")])
    assert (np.mean(held, axis=0) >= 0.93).all()  # without this: about .7


@pytest.mark.parametrize(
    ("formula", "change", "error", "words"),
    [
        (7, {}, TypeError, "`formula` must be text"),
        ("peace ~ leaning", {}, KeyError, "No frame 'peace' is scored and coded: war"),
        ("leaning", {"family": "probit"}, ValueError, "choose from linear, logit"),
        ("outlet", {}, KeyError, "No covariate outlet"),
    ],
)
def test_what_cannot_be_used_is_refused(formula, change, error, words):
    with pytest.raises(error, match=words):
        corrected_regression(formula, *ppi_data(), **change)


def test_levels_that_nobody_coded_are_refused():
    scores, codes, articles = ppi_data()
    articles["outlet"] = np.where(np.arange(200) > 150, "Star", "Herald")
    with pytest.raises(ValueError, match=r"none of them has outlet\[Star vs Herald\]"):
        corrected_regression("outlet", scores, codes, articles)


def test_covariates_that_repeat_each_other_are_named():
    scores, codes, articles = ppi_data()
    articles["twice"] = 2 * articles["leaning"]
    with pytest.raises(ValueError, match="follow from those before them: twice"):
        corrected_regression("leaning + twice", scores, codes, articles)
