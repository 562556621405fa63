"""Regressions against hand computation and statsmodels.

The figures of statsmodels were computed once with version 0.15.0 on `data()`:
OLS(...).fit(cov_type="HC1"), WLS, Logit and GLM(family=Binomial()) with
.fit(cov_type="cluster", cov_kwds={"groups": clusters}).
"""

import numpy as np
import pandas as pd
import pytest

from framing.stats.regression import few_clusters, fit_linear, fit_logit, thin_support


def data():
    """Sixty rows that any program can make again."""
    i = np.arange(60)
    x = pd.DataFrame({"Intercept": 1.0, "slope": (i * 7 % 11) / 10, "third": i % 3 == 0})
    x = x.astype(float)
    linear = -0.8 + 0.9 * x["slope"] - 0.5 * x["third"] + 0.6 * np.sin(i // 4)
    table = {
        "share": 1 / (1 + np.exp(-linear - 0.7 * np.cos(3 * i))),
        "number": 1 + 2 * x["slope"] - x["third"] + np.sin(i // 4) + np.cos(3 * i),
        "weight": 1.0 + i % 4,
        "cluster": i // 4,
    }
    return pd.DataFrame(table), x


def assert_fit(fit, coef, variance, covariance):
    assert np.allclose(fit.coef, coef, rtol=1e-9)
    assert np.allclose(np.diag(fit.covariance), variance, rtol=1e-9)
    assert np.isclose(fit.covariance.iloc[0, 1], covariance, rtol=1e-9)


def test_linear_as_statsmodels_hc1():
    table, x = data()
    fit = fit_linear(table["number"], x)
    assert_fit(
        fit,
        [1.1946765677410025, 1.8139103141508333, -1.008343636816534],
        [0.0690779798612612, 0.16228428064126366, 0.07287296317966871],
        -0.08355350069001621,
    )
    assert fit.df == 57


def test_linear_weighted_and_clustered_as_statsmodels():
    table, x = data()
    fit = fit_linear(table["number"], x, weights=table["weight"], clusters=table["cluster"])
    assert_fit(
        fit,
        [1.231078425118037, 1.7362546570053996, -1.0567319714444794],
        [0.11546574921292392, 0.24333143571896879, 0.05336934166497802],
        -0.12607165826098332,
    )
    assert fit.df == 14


def test_logit_clustered_as_statsmodels():
    table, x = data()
    fit = fit_logit((table["share"] > 0.45).astype(int), x, clusters=table["cluster"])
    assert_fit(
        fit,
        [-1.4564632715623451, 3.5587499654968715, -3.075950569916231],
        [0.36225905929653157, 1.2153304524568629, 0.6896173145087661],
        -0.4947992857022352,
    )


def test_fractional_logit_clustered_as_statsmodels():
    table, x = data()
    fit = fit_logit(table["share"], x, clusters=table["cluster"])
    assert_fit(
        fit,
        [-0.6077546995731671, 0.7199346326269219, -0.47869366281292175],
        [0.03399056555746997, 0.07163548487383455, 0.010532026206272402],
        -0.03852656568114303,
    )


def test_fractional_logit_with_weights_as_statsmodels():
    table, x = data()
    fit = fit_logit(table["share"], x, weights=table["weight"], clusters=table["cluster"])
    assert_fit(
        fit,
        [-0.5876279676026969, 0.6752827183624608, -0.514103982546105],
        [0.03677264833789822, 0.09030906170585863, 0.021407796799848985],
        -0.04411695158009341,
    )


def test_linear_by_hand():
    x = pd.DataFrame({"Intercept": [1.0] * 4, "star": [0.0, 0, 1, 1]})
    fit = fit_linear([1, 3, 4, 8], x)
    assert fit.coef.tolist() == pytest.approx([2, 4])  # means 2 and 6
    # residuals ±1 and ±2: variance of a mean of two is (1 + 1) / 4 and (4 + 4) / 4, times 4 / 2
    assert fit.covariance.loc["Intercept", "Intercept"] == pytest.approx(0.5 * 2)
    assert fit.covariance.loc["star", "star"] == pytest.approx((0.5 + 2) * 2)


def test_logit_by_hand():
    x = pd.DataFrame({"Intercept": [1.0] * 8, "star": [0.0] * 4 + [1.0] * 4})
    fit = fit_logit([0, 0, 0, 1, 0, 1, 1, 1], x)
    assert fit.coef.tolist() == pytest.approx([-np.log(3), 2 * np.log(3)])


def test_a_mean_of_equal_clusters_by_hand():
    x = pd.DataFrame({"Intercept": [1.0] * 6})
    fit = fit_linear([1, 1, 2, 2, 6, 6], x, clusters=["a", "a", "b", "b", "c", "c"])
    # cluster means 1, 2, 6 around 3: variance 7 over 3 clusters
    assert fit.covariance.iloc[0, 0] == pytest.approx(7 / 3)
    assert fit.df == 2


def test_clusters_of_one_are_no_clusters():
    table, x = data()
    alone = fit_linear(table["number"], x, clusters=np.arange(60))
    pd.testing.assert_frame_equal(alone.covariance, fit_linear(table["number"], x).covariance)
    assert alone.df == 57


def test_rows_of_no_known_cluster_are_their_own():
    table, x = data()
    known = pd.Series([f"s{number}" for number in table["cluster"]])
    named = known.where(table["cluster"] < 10, [f"own{number}" for number in range(60)])
    missing = known.where(table["cluster"] < 10)
    one, two = (fit_logit(table["share"], x, clusters=names) for names in (named, missing))
    pd.testing.assert_frame_equal(one.covariance, two.covariance)
    assert one.df == two.df == 29


def test_rows_are_joined_by_name():
    table, x = data()
    mixed = table.sample(frac=1, random_state=1)
    fit = fit_logit(mixed["share"], x, weights=mixed["weight"], clusters=mixed["cluster"])
    straight = fit_logit(table["share"], x, weights=table["weight"], clusters=table["cluster"])
    pd.testing.assert_series_equal(fit.coef, straight.coef)


def test_scale_of_a_column_does_not_matter():
    table, x = data()
    large = x.assign(slope=1e7 * x["slope"])
    assert fit_logit(table["share"], large).coef["slope"] * 1e7 == pytest.approx(
        fit_logit(table["share"], x).coef["slope"]
    )


@pytest.mark.parametrize("outcome", [[0, 0, 0, 1, 1, 1], [0, 0, 0, 0.5, 0.4, 0.6]])
def test_separation_is_an_error_that_names_the_column(outcome):
    x = pd.DataFrame({"Intercept": [1.0] * 6, "star": [0.0] * 3 + [1.0] * 3})
    with pytest.raises(ValueError, match="star separates the outcome of 6 rows"):
        fit_logit(outcome, x)


def test_an_outcome_that_never_happens_is_an_error():
    with pytest.raises(ValueError, match="Intercept separates"):
        fit_logit([0] * 6, pd.DataFrame({"Intercept": [1.0] * 6}))


def test_a_rare_outcome_is_not_taken_for_separation():
    x = pd.DataFrame({"Intercept": [1.0] * 4000, "star": [0.0] * 2000 + [1.0] * 2000})
    y = np.zeros(4000)
    y[[5, 2100, 2101]] = 1
    fit = fit_logit(y, x)
    assert fit.coef["star"] == pytest.approx(np.log(2 / 1998) - np.log(1 / 1999))


def test_repeated_columns_are_named():
    x = pd.DataFrame({"Intercept": [1.0] * 6, "a": [1.0, 0, 0, 1, 0, 1]})
    x = x.assign(b=1 - x["a"], c=3e6 * x["a"], d=[1.0, 2, 3, 4, 5, 6])
    with pytest.raises(ValueError, match=r"follow from those before them: b, c\. "):
        fit_linear(range(6), x)


def test_problems_are_listed_together():
    x = pd.DataFrame({"Intercept": [1.0] * 5, "a": [1.0, 0, np.nan, 1, 0]})
    with pytest.raises(ValueError) as caught:
        fit_linear([1, 2, np.nan, np.nan, 5], x, weights=[1, 1, -1, 1, 1], clusters=[0] * 5)
    text = str(caught.value)
    assert "2 values of `y`" in text
    assert "1 values of `x`" in text
    assert "1 weights are below 0" in text
    assert "one cluster" in text


def test_rows_that_do_not_match_are_refused():
    x = pd.DataFrame({"Intercept": [1.0] * 3}, index=["a1", "a2", "a3"])
    with pytest.raises(ValueError, match=r"1 of 3 rows of `x` are not in `y` \(a3"):
        fit_linear(pd.Series([1, 2], ["a1", "a2"]), x)
    with pytest.raises(ValueError, match="shape"):
        fit_linear([1, 2], x)
    with pytest.raises(ValueError, match="too few"):
        fit_linear([1], x.head(1))
    with pytest.raises(ValueError, match="not from 0 to 1"):
        fit_logit([0.5, 1, 2], x)


def test_few_articles_against_many_by_the_formula_for_two_means():
    # variance of two means of 3 and 7: the residuals' part is widened to the unbiased one
    factor, df = few_clusters((3, 7), usual=10 / 8)
    assert factor == pytest.approx((1 / 3 + 1 / 7) / (2 / 9 + 6 / 49) / 1.25)
    assert df == pytest.approx((1 / 3 + 1 / 7) ** 2 / (1 / 9 / 2 + 1 / 49 / 6))
    n0, n1 = 3, 7  # Imbens & Kolesár (2016) write it so
    same = (n0 + n1) ** 2 * (n0 - 1) * (n1 - 1) / (n1**2 * (n1 - 1) + n0**2 * (n0 - 1))
    assert df == pytest.approx(same)


def test_support_of_two_means_widens_as_few_clusters_does():
    x = np.column_stack([np.ones(63), np.arange(63) < 3])
    widening, df = thin_support(x, np.arange(63), np.ones(63))
    assert widening[1] == pytest.approx(few_clusters((3, 60), usual=1.0)[0])
    parts = np.array([2 / 9, 59 / 3600])  # variances of two means from residuals, times sigma²
    assert df[1] == pytest.approx(parts.sum() ** 2 / (2 / 81 + 59 / 60**4))
    assert df[0] == pytest.approx(59)


def test_support_of_any_design_by_whole_matrices():
    rng = np.random.default_rng(0)
    x = np.column_stack([np.ones(40), rng.integers(0, 2, 40), 100 * rng.normal(size=40)])
    clusters, weights = rng.integers(0, 15, 40), rng.uniform(1, 5, 40)
    pull = weights[:, None] * x @ np.linalg.inv(x.T @ (weights[:, None] * x))
    residual = np.eye(40) - x @ pull.T
    widening, df = thin_support(x, clusters, weights)
    for number in range(3):
        sums = (np.unique(clusters)[:, None] == clusters) * pull[:, number] @ residual
        omega = sums @ sums.T
        assert df[number] == pytest.approx(np.trace(omega) ** 2 / np.trace(omega @ omega))
        assert widening[number] == pytest.approx(np.square(pull[:, number]).sum() / omega.trace())


def test_support_of_one_cluster_is_missing_where_it_matters():
    x = np.column_stack([np.ones(12), np.arange(12) < 3, np.arange(12) * 5 % 7])
    one = np.maximum(np.arange(12), 2)
    assert np.isnan(thin_support(x, one, np.ones(12))).tolist() == [[False, True, False]] * 2
    assert np.isfinite(thin_support(x, np.maximum(np.arange(12), 1), np.ones(12))).all()
    x[:, 1] = 1 - x[:, 1]  # now the reference level is a single cluster
    assert np.isnan(thin_support(x, one, np.ones(12))[1]).tolist() == [True, True, False]
