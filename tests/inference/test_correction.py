"""Corrected shares: by hand, against ppi-python, and in repeated samples whose truth is known."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from framing.inference.correction import (
    _at_power,
    _corrected,
    _group,
    corrected_difference,
    corrected_prevalence,
    prevalence_table,
)
from framing.inference.double_sample import as_double_sample
from framing.inference.prevalence import difference, prevalence
from framing.stats.intervals import wilson_interval


def doc_ids(n: int) -> pd.Index:
    return pd.Index([f"a{number:04}" for number in range(n)], name="doc_id")


def tables(found, coded, values, outlet="Herald"):
    """Scores of one frame for all articles, codes of some, and the articles."""
    index = doc_ids(len(found))
    articles = pd.DataFrame({"outlet": outlet}, index=index)
    scores = pd.DataFrame({"war": found}, index=index)
    codes = pd.DataFrame({"unit": index[coded], "frame": "war", "value": values})
    return scores, codes, articles


def hundred():
    """60 of 100 have a hit; of 12 coded hits 10 are right, and nothing was missed in 8."""
    coded = [*range(12), *range(60, 68)]
    return tables([1] * 60 + [0] * 40, coded, [1] * 10 + [0] * 10)


def wilson(share, n, df):
    """The two ends of Wilson's interval with a t quantile."""
    return [float(end) for end in wilson_interval(share, n, stats.t.ppf(0.975, df))]


# --- by hand ----------------------------------------------------------------------------------


def test_a_correction_done_by_hand():
    coded = [*range(24), *range(120, 136)]
    given = tables([1] * 120 + [0] * 80, coded, [1] * 20 + [0] * 20)
    row = corrected_prevalence(*given).iloc[0]
    assert (row["n"], row["n_coded"], row["naive"], row["codes_alone"]) == (200, 40, 0.6, 0.5)
    # λ = P(coded | hit) - P(coded | no hit) = 20/24; .5 + 20/24 (.6 - 24/40) = .5
    assert row["power"] == pytest.approx(20 / 24)
    assert row["share"] == pytest.approx(0.5)
    # residuals: 24 hits with variance 5/36 each, 16 others with none; 40/39, 39/38 for λ, 160/200
    variance = 24 * (20 / 24) * (4 / 24) / 40**2 * (40 / 39) * (39 / 38) * 0.8
    low, high = wilson(0.5, 0.25 / variance, 38)
    assert (row["low"], row["high"]) == pytest.approx((low, high))
    codes_low, codes_high = wilson(0.5, 39 / 0.8, 39)
    assert (row["codes_low"], row["codes_high"]) == pytest.approx((codes_low, codes_high))
    assert row["width_ratio"] == pytest.approx((high - low) / (codes_high - codes_low))
    assert row["interval"] == "Wilson 95 %, corpus, simple random sample assumed"


def test_yes_and_no_scores_make_it_the_post_stratified_share():
    rng = np.random.default_rng(4)
    found = rng.integers(0, 2, 300)
    coded = rng.permutation(300)[:90]
    values = np.where(rng.random(90) < 0.8, found[coded], 1 - found[coded])
    row = corrected_prevalence(*tables(found, coded, values)).iloc[0]
    right, missed = (values[found[coded] == k].mean() for k in (1, 0))
    assert row["share"] == pytest.approx(found.mean() * right + (1 - found.mean()) * missed)


def test_naive_is_what_prevalence_says():
    scores, codes, articles = hundred()
    row = corrected_prevalence(scores, codes, articles).iloc[0]
    naive = prevalence(scores, articles, by=None).iloc[0]
    assert list(row[["naive", "naive_low", "naive_high"]]) == list(naive[["share", "low", "high"]])


def test_hits_count_as_present_and_probabilities_as_they_are():
    scores, codes, articles = hundred()
    plain = corrected_prevalence(scores, codes, articles)
    pd.testing.assert_frame_equal(corrected_prevalence(scores * 7.0, codes, articles), plain)
    assert corrected_prevalence(scores * 0.5, codes, articles)["naive"].item() == 0.3


def test_coding_everything_leaves_no_doubt_about_the_corpus():
    values = np.arange(50) % 3 == 0
    scores, codes, articles = tables(np.arange(50) % 2, range(50), values.astype(int))
    row = corrected_prevalence(scores, codes, articles).iloc[0]
    assert list(row[["share", "low", "high", "width_ratio"]]) == [0.34, 0.34, 0.34, 1]
    process = corrected_prevalence(scores, codes, articles, population="process").iloc[0]
    low, high = wilson(0.34, 49, 49)
    assert (process["low"], process["high"]) == pytest.approx((low, high))


def test_perfect_agreement_is_not_certainty():
    found = np.arange(400) % 2
    widths = []
    for n in (20, 100):
        row = corrected_prevalence(*tables(found, range(n), found[:n])).iloc[0]
        assert row["low"] < 0.5 < row["high"]
        widths.append(row["high"] - row["low"])
    assert widths[0] > widths[1] > 0


@pytest.mark.parametrize("says", ["nothing", "the contrary", "something"])
def test_scores_are_used_only_where_they_help(says):
    hits = np.tile([1, 0, 0, 0, 0, 0, 0], 20)
    found = {"nothing": np.ones(140, int), "the contrary": 1 - hits, "something": hits}[says]
    values = np.tile([1, 0, 0, 1, 0, 0, 0], 8)
    row = corrected_prevalence(*tables(found, range(56), values)).iloc[0]
    if says == "something":
        assert row["power"] > 0
        assert row["width_ratio"] < 1
    else:
        assert row["power"] == 0
        ends = ["share", "low", "high"], ["codes_alone", "codes_low", "codes_high"]
        assert row[ends[0]].tolist() == row[ends[1]].tolist()


def test_no_positive_code_still_has_an_interval():
    row = corrected_prevalence(*tables([1] * 5 + [0] * 195, range(0, 200, 4), [0] * 50)).iloc[0]
    assert (row["share"], row["low"], row["power"]) == (0, 0, 0)
    assert row["high"] == pytest.approx(wilson(0, 50 / 0.75, 49)[1])


# --- design -----------------------------------------------------------------------------------


def stratified():
    """10 of 20 hits and 10 of 180 others are coded; 9 and 3 have the frame."""
    coded = [*range(10), *range(20, 30)]
    scores, codes, articles = tables([1] * 20 + [0] * 180, coded, [1] * 9 + [0] + [1] * 3 + [0] * 7)
    sample = pd.DataFrame({"unit": codes["unit"], "probability": [0.5] * 10 + [10 / 180] * 10})
    return scores, codes, articles, sample.assign(stratum=["hit"] * 10 + ["none"] * 10)


def test_a_stratified_sample_by_hand():
    *given, sample = stratified()
    row = corrected_prevalence(*given, sample=sample).iloc[0]
    share = 0.1 * 0.9 + 0.9 * 0.3
    assert row["codes_alone"] == pytest.approx(share)
    # sum of W² (1 - f) s² / n: Cochran (1977), Sampling Techniques, section 5.5
    variance = 0.1**2 * 0.5 * (0.09 * 10 / 9) / 10 + 0.9**2 * (17 / 18) * (0.21 * 10 / 9) / 10
    low, high = wilson(share, share * (1 - share) / variance, 18)
    assert (row["codes_low"], row["codes_high"]) == pytest.approx((low, high))
    assert row["interval"] == "Wilson 95 %, corpus, design-weighted"


def test_units_of_one_weight_have_an_interval_of_their_own_that_is_squared_and_added():
    coded = [*range(40), *range(200, 260)]
    given = tables([1] * 200 + [0] * 800, coded, [1] * 30 + [0] * 10 + [1] * 3 + [0] * 57)
    sample = pd.DataFrame({"unit": given[1]["unit"], "probability": [0.2] * 40 + [0.075] * 60})
    sample["stratum"] = ["hit"] * 40 + ["none"] * 60
    row = corrected_prevalence(*given, sample=sample).iloc[0]
    share = 0.2 * 0.75 + 0.8 * 0.05
    (l1, u1), (l2, u2) = wilson(0.75, 39 / 0.8, 98), wilson(0.05, 59 / 0.925, 98)
    low = share - np.hypot(0.2 * (0.75 - l1), 0.8 * (0.05 - l2))
    high = share + np.hypot(0.2 * (u1 - 0.75), 0.8 * (u2 - 0.05))
    assert (row["share"], row["low"], row["high"]) == pytest.approx((share, low, high))


def test_an_outlet_without_units_of_some_weight_is_not_touched_by_them():
    outlet = ["Herald"] * 300 + ["Star"] * 100
    coded = [*range(60), *range(300, 360)]
    given = tables([1, 0] * 200, coded, [1, 0, 0] * 40, outlet)
    sample = pd.DataFrame({"unit": given[1]["unit"], "probability": [0.2] * 60 + [0.6] * 60})
    sample["stratum"] = ["Herald"] * 60 + ["Star"] * 60
    apart = corrected_prevalence(*given, sample=sample, by="outlet").set_index("outlet")
    star = tables([1, 0] * 50, range(60), [1, 0, 0] * 20)
    alone = corrected_prevalence(*star).iloc[0]
    columns = ["codes_alone", "codes_low", "codes_high"]
    assert apart.loc["Star", columns].tolist() == pytest.approx(alone[columns].tolist())
    assert apart[["low", "high"]].notna().all(axis=None)


def test_scores_may_add_doubt_to_a_stratum_without_the_frame():
    rng = np.random.default_rng(0)
    coded = [*range(60), *range(300, 340)]
    codes = np.r_[np.arange(60) % 2, np.zeros(40, int)]
    scores = np.r_[np.arange(300) % 2 * 0.8, np.zeros(300)] + rng.random(600) * 0.2
    given = tables(scores, coded, codes)
    sample = pd.DataFrame({"unit": given[1]["unit"]})
    sample["stratum"] = np.repeat(["hit", "none"], [60, 40])
    sample["probability"] = np.repeat([60 / 300, 40 / 300], [60, 40])
    data = as_double_sample(*given, sample)
    found = _corrected(_group(data, np.ones(600, bool), "corpus"))
    assert found.power.item() > 0.5
    assert found.extra.ravel().tolist() == pytest.approx([0, found.extra.sum()])
    assert found.extra.sum() > 0
    without = found._replace(extra=np.zeros_like(found.extra)).interval(0.95)
    low, high = found.interval(0.95)
    assert low < without[0] and high > without[1]


def test_strata_that_differ_make_the_share_surer():
    coded = [*range(20), *range(100, 120)]
    given = tables([1] * 100 + [0] * 100, coded, [1] * 18 + [0] * 2 + [1] * 2 + [0] * 18)
    sample = pd.DataFrame({"unit": given[1]["unit"], "probability": 0.2})
    apart = sample.assign(stratum=["hit"] * 20 + ["none"] * 20)
    with_strata, without = (
        corrected_prevalence(*given, sample=one).iloc[0] for one in (apart, sample)
    )
    assert with_strata["codes_alone"] == without["codes_alone"] == pytest.approx(0.5)
    assert with_strata["codes_high"] < without["codes_high"] - 0.05
    # scores that are the same within a stratum add nothing to it, but do to a simple sample
    assert with_strata["power"] == 0 < without["power"]


def test_drawn_units_nobody_coded_are_spoken_for_by_their_stratum():
    scores, codes, articles, sample = stratified()
    codes.loc[9:9, "value"] = np.nan  # the one coded 0 among the hits
    with pytest.warns(UserWarning, match="Only 19 of 20 drawn units are coded"):
        row = corrected_prevalence(scores, codes, articles, sample=sample).iloc[0]
    assert row["n_coded"] == 19
    assert row["codes_alone"] == pytest.approx(0.1 * 1 + 0.9 * 0.3)
    codes.loc[:9, "value"] = np.nan
    with pytest.raises(ValueError, match="Nothing is coded in 1 of 2 strata"):
        corrected_prevalence(scores, codes, articles, sample=sample)


def test_copies_of_a_story_add_no_evidence_about_what_outlets_print():
    rng = np.random.default_rng(2)
    found, values = rng.integers(0, 2, 120), rng.integers(0, 2, 40)
    once = corrected_prevalence(*tables(found, range(40), values), population="process")
    scores, codes, articles = tables(np.repeat(found, 3), range(120), np.repeat(values, 3))
    articles["story"] = np.repeat(np.arange(120), 3)
    thrice = corrected_prevalence(scores, codes, articles, population="process")
    ends = ["codes_alone", "codes_low", "codes_high"]
    assert thrice[ends].iloc[0].tolist() == pytest.approx(once[ends].iloc[0].tolist())
    assert thrice["interval"].item().endswith("clustered by story")
    blind = corrected_prevalence(
        scores, codes, articles.drop(columns="story"), population="process"
    )
    assert blind["codes_high"].item() < thrice["codes_high"].item()


def test_groups_are_what_the_group_alone_would_give():
    rng = np.random.default_rng(7)
    found, outlet = rng.integers(0, 2, 400), np.array(["Herald", "Star"])[rng.integers(0, 2, 400)]
    coded = rng.permutation(400)[:150]
    values = np.where(rng.random(150) < 0.75, found[coded], 1 - found[coded])
    scores, codes, articles = tables(found, coded, values, outlet)
    whole = corrected_prevalence(scores, codes, articles, by="outlet").set_index("outlet")
    for name in ("Herald", "Star"):
        inside = articles.index[articles["outlet"] == name]
        mine = codes[codes["unit"].isin(inside)]
        alone = corrected_prevalence(scores.loc[inside], mine, articles.loc[inside]).iloc[0]
        columns = ["n", "n_coded", "share", "codes_alone", "power"]
        assert whole.loc[name, columns].tolist() == pytest.approx(alone[columns].tolist())


def test_a_group_that_nobody_coded_has_no_corrected_share():
    outlet = ["Herald"] * 90 + ["Star"] * 10
    scores, codes, articles = tables([1, 0] * 50, range(60), [1, 0] * 30, outlet)
    few = "1 of 2 groups have fewer than 10 coded units .Star."
    with pytest.warns(UserWarning, match=few) as warned:
        table = corrected_prevalence(scores, codes, articles, by="outlet").set_index("outlet")
    assert warned[0].filename == __file__
    assert table.loc["Star", "naive"] == 0.5
    assert table.loc["Star", ["share", "low", "high", "codes_low"]].isna().all()
    assert table.loc["Herald", "n_coded"] == 60


def test_nothing_but_our_own_warnings_where_there_is_no_doubt_or_nothing_at_all():
    outlet = ["Herald"] * 90 + ["Star"] * 10
    scores, codes, articles = tables([1, 0] * 50, range(100), [1, 0, 0, 1] * 25, outlet)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        whole = corrected_difference(scores, codes, articles).iloc[0]
        with pytest.warns(UserWarning, match="fewer than 10 coded units") as warned:
            part = corrected_difference(scores, codes[:60], articles).iloc[0]
    assert {warning.filename for warning in warned} == {__file__}
    assert whole["low"] == whole["high"] == whole["difference"] == pytest.approx(45 / 90 - 5 / 10)
    assert np.isnan(part["difference"]) and np.isnan(part["p"])


def test_one_story_is_worth_one_unit():
    scores, codes, articles = hundred()
    given = (scores, codes, articles.assign(story="s"))
    row = corrected_prevalence(*given, population="process").iloc[0]
    assert row["low"] < 0.01 and row["high"] > 0.99
    whole = corrected_prevalence(scores, codes.assign(value=1), given[2], population="process")
    assert whole["low"].iloc[0] < 0.1


@pytest.mark.parametrize("probability", [1, 0.001])
def test_a_sample_that_stands_for_another_corpus_is_told(probability):
    scores, codes, articles = hundred()
    sample = pd.DataFrame({"unit": codes["unit"], "probability": probability})
    said = f"stands for {20 / probability:,.0f} units, and 100 are scored"
    with pytest.warns(UserWarning, match=said):
        corrected_prevalence(scores, codes, articles, sample=sample)


def test_periods_group_and_units_without_a_group_are_told():
    scores, codes, articles = hundred()
    articles["date"] = pd.to_datetime("2031-03-01") + pd.to_timedelta(np.arange(100) % 40, "D")
    articles.loc[articles.index[99], "date"] = pd.NaT
    with (
        pytest.warns(UserWarning, match="1 of 100 units are in no group: month is missing"),
        pytest.warns(UserWarning, match=r"1 of 2 groups have fewer .*\(2031-04-01\)"),
    ):
        table = corrected_prevalence(scores, codes, articles, by="month")
    assert table["month"].dt.month.tolist() == [3, 4]
    assert table["n"].sum() == 99


def test_rogan_gladen_by_hand():
    """Se 18/20, Sp 57/60, apparent 100/400: (.25 + .95 - 1) / .85."""
    coded = [*range(18), *range(100, 102), *range(20, 23), *range(110, 167)]
    values = [1] * 20 + [0] * 60
    scores, codes, articles = tables([1] * 100 + [0] * 300, coded, values)
    row = corrected_prevalence(scores, codes, articles, population="process").iloc[0]
    share = 0.2 / 0.85
    assert row["rogan_gladen"] == pytest.approx(share)
    variance = share**2 * 0.9 * 0.1 / 19 + (1 - share) ** 2 * 0.95 * 0.05 / 59
    half = 1.959964 * np.sqrt(variance + 0.25 * 0.75 / 400) / 0.85
    assert row["rogan_gladen_high"] == pytest.approx(share + half, abs=0.004)


# --- ppi-python -------------------------------------------------------------------------------
# ppi-python 0.2.3 (Angelopoulos et al.), ppi_mean_pointestimate for the share and ppi_ols_ci on a
# column of ones for the standard error: 40 labelled and 160 unlabelled units, by its λ. It takes
# both as separate samples of an endless population, so its λ is ours times 160/200. The last λ is
# the one its own power tuning chose.
PPI_MEAN = {
    1.0: (0.35625, 0.09066839021820403),
    0.5: (0.428125, 0.07362454659673455),
    0.8: (0.38499999999999995, 0.08152238867245064),
    0.35834333733493423: (0.4484881452581032, 0.07291230284254853),
}


def ppi_data():
    i = np.arange(200)
    codes = (i * 7) % 10 < 2 + 2 * (i % 4)
    scores = np.where((i * 13) % 11 < 8, codes, ~codes)
    return tables(scores.astype(int), range(40), codes[:40].astype(int))


@pytest.mark.parametrize("power", PPI_MEAN)
def test_share_and_error_are_those_of_ppi_python(power):
    data = as_double_sample(*ppi_data(), None)
    share, variance = _at_power(_group(data, np.ones(200, bool), "process"), power * 200 / 160)
    assert share.item() == pytest.approx(PPI_MEAN[power][0], abs=1e-6)
    assert np.sqrt(variance).item() == pytest.approx(PPI_MEAN[power][1], abs=1e-6)


def test_power_is_where_the_variance_is_least():
    data = as_double_sample(*ppi_data(), None)
    group = _group(data, np.ones(200, bool), "corpus")
    power = corrected_prevalence(*ppi_data())["power"].item()
    grid = [_at_power(group, value)[1].item() for value in np.linspace(0, 1, 101)]
    assert np.linspace(0, 1, 101)[np.argmin(grid)] == pytest.approx(power, abs=0.005)


# --- coverage ---------------------------------------------------------------------------------


def repeated(truth, scores, n_coded, n_draws, strata):
    """Corrected shares of repeated samples; every draw is a frame, so that all go at once."""
    rng, n = np.random.default_rng(0), len(truth)
    data = as_double_sample(*tables(scores, range(n), truth), None)
    weights, parts = np.zeros((n, n_draws)), np.unique(strata)
    for draw in range(n_draws):
        for stratum in parts:
            rows = np.flatnonzero(strata == stratum)
            m = n_coded // len(parts)
            weights[rng.permutation(rows)[:m], draw] = len(rows) / m
    draws = data._replace(
        units=data.units._replace(frames=["war"] * n_draws),
        scores=np.repeat(data.scores, n_draws, axis=1),
        codes=np.repeat(data.codes, n_draws, axis=1),
        weights=weights,
        strata=strata,
    )
    return prevalence_table(draws, pd.DataFrame(index=range(n)), "corpus", 0.95)


@pytest.mark.parametrize(
    ("share", "sensitivity", "slip", "by_hits"),
    [(0.3, 0.8, 0.16, False), (0.05, 0.6, 0.05, False), (0.2, 0.95, 0.3, True)],
)
def test_corrected_intervals_hold_the_truth_and_are_never_wider(share, sensitivity, slip, by_hits):
    rng = np.random.default_rng(1)
    truth = (rng.permutation(1000) < 1000 * share).astype(int)
    scores = (rng.random(1000) < np.where(truth, sensitivity, slip)).astype(int)
    strata = scores if by_hits else np.zeros(1000, dtype=np.int64)
    table = repeated(truth, scores, 200, 500, strata)
    held = (table["low"] <= share) & (table["high"] >= share)
    # 500 draws have a standard error of .01; of two misses in a stratum Wilson's is too wide
    assert 0.925 <= held.mean() <= (0.99 if by_hits else 0.975)
    assert table["width_ratio"].max() <= 1
    assert abs(table["share"].mean() - share) < 0.005
    assert not ((table["naive_low"] <= share) & (table["naive_high"] >= share)).any()
    assert by_hits == (table["width_ratio"].mean() > 0.95)


# --- differences ------------------------------------------------------------------------------


def two_outlets(seed=0, n_coded=160):
    """A measure that knows the Herald's words better than the Star's; no true difference."""
    rng = np.random.default_rng(seed)
    outlet = np.repeat(["Herald", "Star"], 300)
    truth = rng.random(600) < 0.4
    hit = np.where(outlet == "Herald", 0.9, 0.5)
    scores = (rng.random(600) < np.where(truth, hit, 0.05)).astype(int)
    coded = np.sort(rng.permutation(600)[:n_coded])
    return tables(scores, coded, truth[coded].astype(int), outlet)


def test_a_difference_that_was_the_measures_goes():
    table = corrected_difference(*two_outlets(), between=("Herald", "Star")).iloc[0]
    assert table["naive_low"] > 0
    assert table["low"] < 0 < table["high"]
    shares = corrected_prevalence(*two_outlets(), by="outlet")["share"]
    assert table["difference"] == pytest.approx(shares[0] - shares[1])
    naive = difference(two_outlets()[0], two_outlets()[2], between=("Herald", "Star")).iloc[0]
    names = ["naive", "naive_low", "naive_high", "naive_p"]
    assert list(table[names]) == list(naive[["difference", "low", "high", "p"]])


def test_differences_are_square_and_add_of_the_groups():
    row = corrected_difference(*two_outlets(), between=("Herald", "Star")).iloc[0]
    one, two = (line for _, line in corrected_prevalence(*two_outlets(), by="outlet").iterrows())
    below = np.hypot(one["share"] - one["low"], two["high"] - two["share"])
    assert row["low"] == pytest.approx(row["difference"] - below, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_p_is_below_5_per_cent_exactly_where_0_is_left_out(seed):
    row = corrected_difference(*two_outlets(seed, 60)).iloc[0]
    assert (row["p"] < 0.05) == (not row["low"] <= 0 <= row["high"])
    assert row["width_ratio"] <= 1


def test_stories_that_both_outlets_print_make_the_difference_surer():
    rng = np.random.default_rng(5)
    found, values = rng.integers(0, 2, 100), rng.integers(0, 2, 100)
    outlet = np.repeat(["Herald", "Star"], 100)
    scores, codes, articles = tables(np.tile(found, 2), range(200), np.tile(values, 2), outlet)
    apart = corrected_difference(scores, codes, articles, population="process").iloc[0]
    articles["story"] = np.tile(np.arange(100), 2)
    together = corrected_difference(scores, codes, articles, population="process").iloc[0]
    assert together["high"] - together["low"] < 0.01 < apart["high"] - apart["low"]


def test_adjusted_p_values_are_those_of_all_rows():
    scores, codes, articles = two_outlets()
    scores["peace"] = 1 - scores["war"]
    codes = pd.concat([codes, codes.assign(frame="peace", value=1 - codes["value"])])
    table = corrected_difference(scores, codes, articles)
    assert len(table) == 4
    adjusted = stats.false_discovery_control(table["p"])
    assert table["p_adjusted"].tolist() == pytest.approx(adjusted.tolist())


# --- the door ---------------------------------------------------------------------------------


def test_codes_of_a_machine_that_read_all_can_be_the_scores():
    scores, codes, articles = hundred()
    machine = pd.DataFrame({"unit": scores.index, "frame": "war", "value": scores["war"].array})
    as_codes = corrected_prevalence(machine.sample(frac=1, random_state=1), codes, articles)
    pd.testing.assert_frame_equal(as_codes, corrected_prevalence(scores, codes, articles))


def test_paragraphs_are_known_by_article_and_number():
    scores, codes, articles = hundred()
    index = [(doc_id, number) for doc_id in articles.index[:50] for number in (1, 2)]
    paragraphs = scores.set_axis(pd.MultiIndex.from_tuples(index, names=["doc_id", "paragraph"]))
    names = {old: f"{doc}:{n}" for old, (doc, n) in zip(scores.index, index, strict=True)}
    table = corrected_prevalence(paragraphs, codes.replace({"unit": names}), articles.iloc[:50])
    plain = corrected_prevalence(scores, codes, articles)
    assert table["share"].item() == pytest.approx(plain["share"].item())
    machine = pd.DataFrame({"unit": list(names.values()), "frame": "war"})
    machine["value"] = scores["war"].to_numpy()
    again = corrected_prevalence(machine, codes.replace({"unit": names}), articles.iloc[:50])
    assert again["share"].item() == pytest.approx(plain["share"].item())


def test_frames_known_to_one_side_are_left_out_aloud():
    scores, codes, articles = hundred()
    scores["peace"] = 0
    with pytest.warns(UserWarning, match=r"Left out are frames .*\(1\): peace") as warned:
        table = corrected_prevalence(scores, codes, articles)
    assert warned[0].filename == __file__
    assert table["frame"].tolist() == ["war"]
    with pytest.raises(ValueError, match=r"No frame is both scored .peace. and coded .war."):
        corrected_prevalence(scores[["peace"]], codes, articles)


def test_every_problem_of_the_codes_is_told_at_once():
    scores, codes, articles = hundred()
    wrong = pd.concat([codes, codes.iloc[:2], codes.iloc[[2]].assign(unit="b1")])
    wrong["value"] = wrong["value"].astype(object)
    wrong.iloc[3, 2] = "yes"
    with pytest.raises(ValueError) as problem:
        corrected_prevalence(scores, wrong, articles)
    assert "2 of 21 units have several values of one frame in `codes` (a0000, a0001)" in str(
        problem.value
    )
    assert "adjudicate(codes)" in str(problem.value)
    assert "1 of 23 codes are not 0 or 1 (e.g. 'yes')" in str(problem.value)
    assert "1 of 21 coded units have no scores (b1)" in str(problem.value)


def test_every_problem_of_the_sample_is_told_at_once():
    *given, sample = stratified()
    wrong = pd.concat([sample.iloc[1:], sample.iloc[[3]], sample.iloc[[4]].assign(unit="b1")])
    wrong.iloc[0, 1] = 0
    with pytest.raises(ValueError) as problem:
        corrected_prevalence(*given, sample=wrong)
    for words in ("more than once (a0003)", "no probability above 0 and up to 1 (a0001)"):
        assert words in str(problem.value)
    assert "were drawn and have no scores (b1)" in str(problem.value)
    assert "were coded and not drawn (a0000)" in str(problem.value)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"codes": None}, TypeError, "`codes` must be a DataFrame"),
        ({"scores": [1]}, TypeError, "`scores` must be a DataFrame"),
        ({"codes": pd.DataFrame({"unit": ["a0001"]})}, ValueError, "no column frame, value"),
        ({"sample": pd.DataFrame({"unit": ["a0001"]})}, ValueError, "no column probability"),
        ({"population": "world"}, ValueError, "choose from corpus, process"),
        ({"level": 95}, ValueError, "must lie between 0 and 1"),
        ({"by": "paper"}, KeyError, "No column 'paper' to group by"),
    ],
)
def test_what_cannot_be_used_is_refused(change, error, words):
    given = dict(zip(("scores", "codes", "articles"), hundred(), strict=True))
    with pytest.raises(error, match=words):
        corrected_prevalence(**{**given, **change})


def test_nothing_coded_and_no_single_group_name_are_refused():
    scores, codes, articles = hundred()
    with pytest.raises(ValueError, match="None of the 20 codes has a value"):
        corrected_prevalence(scores, codes.assign(value=np.nan), articles)
    with pytest.raises(TypeError, match="`by` must be one name"):
        corrected_difference(scores, codes, articles, by=["outlet"])
    with pytest.raises(ValueError, match="cannot be called naive"):
        corrected_prevalence(scores, codes, articles.assign(naive=1), by="naive")


def test_the_callers_tables_stay_as_they_were():
    given = stratified()
    before = [table.copy() for table in given]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        corrected_prevalence(*given[:3], sample=given[3], by="outlet")
    for old, new in zip(before, given, strict=True):
        pd.testing.assert_frame_equal(old, new)


def test_two_codes_read_rightly_make_rogan_gladen_no_certain_share():
    scores, codes, articles = hundred()
    right = codes.iloc[[0, 19]].assign(value=[1, 0])
    with pytest.warns(UserWarning, match="fewer than 10 coded units"):
        row = corrected_prevalence(scores, right, articles).iloc[0]
    assert row["rogan_gladen"] == pytest.approx(row["naive"])
    assert row["rogan_gladen_low"] < row["rogan_gladen"] < row["rogan_gladen_high"]
