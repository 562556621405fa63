"""Samples for coding: who is drawn, with what probability, and how many are needed."""

from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.simulate import simulate_articles
from framing.measures.frames import score_frames
from framing.stats.intervals import score_interval, wilson_interval
from framing.validity.sampling import LEAST, _allocate, _draw, plan_sample, sample_for_coding

Z = 1.959963984540054


@pytest.fixture
def press():
    """Thirty articles: 20 of the Herald, 8 of the Star, 2 of nobody."""
    outlet = ["Herald"] * 20 + ["Star"] * 8 + [None] * 2
    doc_id = pd.Index([f"a{i:02}" for i in range(30)], name="doc_id")
    text = [f"Article {i} is here.\n\nIt goes on. And on." for i in range(30)]
    return pd.DataFrame({"outlet": outlet, "headline": "News", "text": text}, doc_id)


@pytest.fixture
def scores(press):
    """`war` hits 12 articles, `peace` 3, two of them also hit by `war`; 17 are hit by none."""
    table = pd.DataFrame({"war": 0.0, "peace": 0.0}, press.index)
    table.loc[press.index[:12], "war"] = 2.0
    table.loc[press.index[10:13], "peace"] = 1.0
    return table


# --- who is drawn ---------------------------------------------------------------------------


def test_data_made_with_the_same_seed_do_not_choose_the_units():
    """The lots of a plain generator would draw the units with the smallest values first."""
    index = pd.Index([f"a{k:03}" for k in range(400)], name="doc_id")
    for seed in range(3):
        value = np.random.default_rng(seed).random(400)
        drawn = sample_for_coding(pd.DataFrame({"text": "War."}, index), 100, random_state=seed)
        assert abs(value[index.isin(drawn["unit"])].mean() - 0.5) < 0.09


def test_a_simple_sample_gives_every_unit_the_same_probability(press):
    sample = sample_for_coding(press, 6)
    assert list(sample.columns) == [
        *("unit", "doc_id", "text", "outlet", "headline", "stratum", "probability")
    ]
    assert len(sample) == 6
    assert sample["unit"].is_unique
    assert sample["probability"].eq(6 / 30).all()
    assert sample["text"].tolist() == press.loc[sample["doc_id"], "text"].tolist()


def test_one_unit_can_be_drawn(press):
    assert sample_for_coding(press, 1)["probability"].tolist() == [1 / 30]


def test_strata_get_their_share_and_articles_without_outlet_are_one_of_them(press):
    sample = sample_for_coding(press, 12, by="outlet")
    drawn = sample.groupby("stratum")["probability"].agg(["size", "first"])
    assert drawn.loc["Herald"].tolist() == [7, 7 / 20]
    assert drawn.loc["Star"].tolist() == [3, 3 / 8]
    assert drawn.loc["unknown"].tolist() == [2, 1.0]  # both of them: never fewer than two


def test_equal_allocation_takes_the_same_of_each(press):
    drawn = sample_for_coding(press, 14, by="outlet", allocation="equal")["stratum"].value_counts()
    assert drawn.to_dict() == {"Herald": 6, "Star": 6, "unknown": 2}


def test_a_number_is_the_least_of_each_stratum(press):
    drawn = sample_for_coding(press, 15, by="outlet", allocation=6)["stratum"].value_counts()
    assert drawn.to_dict() == {"Herald": 7, "Star": 6, "unknown": 2}


def test_a_unit_goes_to_the_rarest_frame_that_hit_it(press, scores):
    sample = sample_for_coding(press, 30, scores=scores).set_index("unit")
    assert sample["stratum"].value_counts().to_dict() == {"no hit": 17, "war": 10, "peace": 3}
    assert sample.loc[["a10", "a11", "a12"], "stratum"].eq("peace").all()


def test_every_unit_hit_by_a_rare_frame_is_likely_to_be_drawn(press, scores):
    sample = sample_for_coding(press, 12, scores=scores, allocation="equal")
    drawn = sample.groupby("stratum")["probability"].agg(["size", "first"])
    assert drawn.loc["peace"].tolist() == [3, 1.0]
    assert drawn["size"].sum() == 12


def test_scores_and_groups_cross(press, scores):
    sample = sample_for_coding(press, 30, by="outlet", scores=scores)
    assert set(sample["stratum"]) == {
        *("Herald / no hit", "Herald / peace", "Herald / war"),
        *("Star / no hit", "unknown / no hit"),
    }


def test_periods_are_strata(tiny):
    sample = sample_for_coding(tiny, 6, by=["outlet", "day"])
    assert sample.loc[0, "stratum"] == "Herald / 2031-03-03"


def test_smaller_units_bear_their_number(press):
    sample = sample_for_coding(press, 40, unit="sentence").set_index("unit")
    assert {"doc_id", "sentence", "text"} <= set(sample.columns)
    first = sample.iloc[0]
    assert sample.index[0] == f"{first['doc_id']}:{first['sentence']}"
    assert sample["probability"].eq(40 / 90).all()


def test_paragraphs_are_drawn_by_their_own_scores(press):
    codebook = pd.DataFrame({"frame": ["going"], "pattern": ["goes"]})
    scored = score_frames(press, codebook, unit="paragraph")
    sample = sample_for_coding(press, 20, scores=scored, unit="paragraph")
    hit = sample["text"].str.contains("goes")
    assert sample["stratum"].eq("going").tolist() == hit.tolist()


def test_a_corpus_without_any_hit_is_one_stratum(press, scores):
    assert set(sample_for_coding(press, 5, scores=scores * 0)["stratum"]) == {"no hit"}


# --- chance ---------------------------------------------------------------------------------


def test_the_order_of_the_articles_does_not_matter(press, scores):
    one = sample_for_coding(press, 9, by="outlet", scores=scores, allocation=1)
    other = sample_for_coding(press[::-1], 9, by="outlet", scores=scores[::-1], allocation=1)
    assert set(one["unit"]) == set(other["unit"])


@pytest.mark.parametrize("allocation", ["proportional", "root", "equal", 3])
def test_a_larger_sample_keeps_the_smaller_one(press, scores, allocation):
    drawn = [
        set(sample_for_coding(press, n, scores=scores, allocation=allocation)["unit"])
        for n in range(9, 31)
    ]
    assert all(small < large for small, large in pairwise(drawn))


def test_seeds_differ_and_repeat(press):
    units = [sample_for_coding(press, 9, random_state=k)["unit"].tolist() for k in (0, 0, 1)]
    assert units[0] == units[1] != units[2]


def test_each_unit_is_drawn_as_often_as_its_probability_says(press, scores):
    units = sample_for_coding(press, 30, scores=scores)
    sizes = units["stratum"].value_counts().sort_index()
    numbers = _allocate(sizes, 14, "equal")
    sample = sample_for_coding(press, 14, scores=scores, allocation="equal")
    assert sample["stratum"].value_counts().to_dict() == numbers.to_dict()
    stated = units["stratum"].map(numbers / sizes)
    assert sample.set_index("unit")["probability"].equals(
        stated.set_axis(units["unit"])[sample["unit"]].rename("probability")
    )
    draws = [_draw(units["unit"], units["stratum"], numbers, k) for k in range(600)]
    error = np.sqrt(stated * (1 - stated) / len(draws))
    assert (np.abs(np.mean(draws, axis=0) - stated) <= 4 * error + 1e-12).all()


def test_weighted_totals_are_right_on_average_and_plain_means_are_not(press, scores):
    frame = scores["war"].gt(0).astype(float)
    estimates, plain = [], []
    for k in range(100):
        sample = sample_for_coding(press, 12, scores=scores, allocation="equal", random_state=k)
        value = sample["unit"].map(frame)
        estimates.append((value / sample["probability"]).sum())
        plain.append(value.mean() * len(press))
    error = np.std(estimates) / np.sqrt(len(estimates))
    assert abs(np.mean(estimates) - frame.sum()) < 3.5 * error + 1e-9
    assert abs(np.mean(plain) - frame.sum()) > 1


def test_every_pair_is_as_likely_as_any_other():
    names = pd.Series(list("abcde"))
    one, two = pd.Series("all", names.index), pd.Series({"all": 2})
    counts = dict.fromkeys(combinations(range(5), 2), 0)
    for k in range(500):
        counts[tuple(np.flatnonzero(_draw(names, one, two, k)))] += 1
    chi_square = sum((count - 50) ** 2 / 50 for count in counts.values())
    assert chi_square < 27.9  # 99.9 % quantile of 9 degrees of freedom


@given(
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=8),
    share=st.floats(0, 1),
    allocation=st.sampled_from(["proportional", "root", "equal", 1, 5]),
)
@settings(max_examples=60, deadline=None)
def test_allocations_add_up_and_stay_within_the_strata(sizes, share, allocation):
    strata = pd.Series(sizes, [f"s{k}" for k in range(len(sizes))])
    least = strata.clip(upper=allocation if isinstance(allocation, int) else LEAST)
    n = max(1, int(least.sum() + share * (strata.sum() - least.sum())))
    numbers = _allocate(strata, n, allocation)
    assert numbers.sum() == n
    assert (numbers <= strata).all()
    assert len(sizes) == 1 or (numbers >= least).all()


def test_proportional_allocation_is_sainte_lague():
    """Seats of Sainte-Laguë for 53,000, 24,000 and 23,000 votes and 7 seats: 3, 2, 2."""
    votes = pd.Series({"a": 53_000, "b": 24_000, "c": 23_000})
    assert _allocate(votes, 7, 1).tolist() == [3, 2, 2]


# --- the door -------------------------------------------------------------------------------


def test_more_than_there_are_is_an_error(press):
    with pytest.raises(ValueError, match="only 30 units"):
        sample_for_coding(press, 31)


def test_too_few_for_the_strata_is_an_error(press):
    with pytest.raises(ValueError, match=r"n=3 is too small for 3 strata.*it must be 6 or more"):
        sample_for_coding(press, 3, by="outlet")


@pytest.mark.parametrize("n", [0, -1, 2.5, True, "many"])
def test_n_is_a_whole_number(press, n):
    with pytest.raises(ValueError, match="whole number"):
        sample_for_coding(press, n)


@pytest.mark.parametrize("allocation", ["neyman", 0.5, -1, True])
def test_unknown_allocations_are_named(press, allocation):
    with pytest.raises(ValueError, match="allocation="):
        sample_for_coding(press, 5, allocation=allocation)


def test_scores_must_be_of_the_same_units(press, scores):
    with pytest.raises(ValueError, match=r"2 of 30 units have no scores \(a28, a29\)"):
        sample_for_coding(press, 9, scores=scores.iloc[:28])
    with pytest.raises(ValueError, match="units have no scores"):
        sample_for_coding(press, 9, scores=scores, unit="paragraph")
    with pytest.raises(ValueError, match="more than once"):
        sample_for_coding(press, 9, scores=pd.concat([scores, scores]))
    with pytest.raises(ValueError, match=r"1 of 30 units have a missing score .*fillna"):
        sample_for_coding(press, 9, scores=scores.drop("a03").reindex(press.index))
    with pytest.raises(TypeError, match="must be a DataFrame"):
        sample_for_coding(press, 9, scores=scores["war"])


def test_units_groups_and_texts_are_checked(press):
    with pytest.raises(ValueError, match="no articles to draw from"):
        sample_for_coding(press.iloc[:0], 3)
    with pytest.raises(ValueError, match="unit='page'"):
        sample_for_coding(press, 9, unit="page")
    with pytest.raises(KeyError, match="No column 'paper'"):
        sample_for_coding(press, 9, by="paper")
    with pytest.raises(ValueError, match="have no text"):
        sample_for_coding(press.assign(text=""), 9)


def test_the_articles_stay_as_they_were(press, scores):
    before = press.copy(), scores.copy()
    sample_for_coding(press, 9, scores=scores)
    pd.testing.assert_frame_equal(press, before[0])
    pd.testing.assert_frame_equal(scores, before[1])


def test_a_sample_of_a_scored_corpus_finds_what_the_codebook_missed():
    """Recall from a score-stratified sample is right on average; among hits alone it is 1."""
    world = simulate_articles(200, random_state=1)
    truth = world.hits.gt(0)
    seen = world.codebook.groupby("frame").head(5)  # five of eight words of each frame
    found = score_frames(world.articles, seen, measure="hits")
    frame = found.columns[0]
    true = truth[frame]
    real_recall = (found[frame].gt(0) & true).sum() / true.sum()
    top, bottom = 0.0, 0.0
    for k in range(40):
        sample = sample_for_coding(world.articles, 80, scores=found, random_state=k)
        weight = true.loc[sample["doc_id"]].to_numpy() / sample["probability"].to_numpy()
        hit = found.loc[sample["doc_id"], frame].gt(0).to_numpy()
        top, bottom = top + (weight * hit).sum(), bottom + weight.sum()
    assert real_recall < 0.95
    assert top / bottom == pytest.approx(real_recall, abs=0.04)


# --- plans ----------------------------------------------------------------------------------


def test_half_of_all_within_five_points_takes_381():
    """Wilson at share 1/2: z² (1 / 4w² - 1) = 3.8415 × 99 = 380.3; Wald's 385 is z² more."""
    assert plan_sample(0.05)["n"].tolist() == [381]


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("width", [0.03, 0.1])
def test_the_planned_n_gives_the_width_and_one_less_does_not(width, share):
    n = plan_sample(width, share)["n"].item()
    halves = [np.subtract(*wilson_interval(share, k)[::-1]) / 2 for k in (n, n - 1)]
    assert halves[0] <= width < halves[1]


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_a_difference_is_planned_for_the_interval_that_is_reported(share):
    plan = plan_sample(0.1, share, of="difference")
    n = plan["n"].item() // 2
    halves = [
        float(np.subtract(*score_interval((share, share), (k, k))[::-1])) / 2 for k in (n, n - 1)
    ]
    assert halves[0] <= 0.1 < halves[1]
    assert plan["n_groups"].item() == 2


def test_a_table_has_a_row_for_every_width_and_share():
    plan = plan_sample([0.1, 0.05], [0.2, 0.5])
    assert plan["half_width"].tolist() == [0.1, 0.1, 0.05, 0.05]
    assert plan["share"].tolist() == [0.2, 0.5, 0.2, 0.5]
    assert plan["n"].is_monotonic_increasing


def test_populations_spare_and_clusters_cost():
    """Cochran's correction by hand: 380.3 / (1 + 379.3 / 500) = 216.2."""
    assert plan_sample(0.05, population=500)["n"].item() == 217
    assert plan_sample(0.05, population=10)["n"].item() == 10
    assert plan_sample(0.05, design_effect=2)["n"].item() == 761
    assert plan_sample(0.05, population=10**9)["n"].item() == 381


def test_corrected_shares_have_the_planned_width():
    """Scores that correlate ρ with the codes: the difference estimator, simulated."""
    rng = np.random.default_rng(0)
    share, n_all = 0.3, 20_000
    truth = rng.random(n_all) < share
    score = np.where(rng.random(n_all) < 0.12, rng.random(n_all) < share, truth).astype(float)
    rho = np.corrcoef(truth, score)[0, 1]
    n = plan_sample(0.05, share, correlation=rho, population=n_all)["n"].item()
    slope = np.cov(truth, score)[0, 1] / score.var()
    estimates = []
    for _ in range(1500):
        coded = rng.choice(n_all, n, replace=False)
        estimates.append(slope * score.mean() + (truth[coded] - slope * score[coded]).mean())
    assert Z * np.std(estimates) == pytest.approx(0.05, rel=0.06)
    assert n < plan_sample(0.05, share)["n"].item() / 3


def test_agreement_has_the_planned_width():
    """Two coders whose yes/no codes correlate α; alpha of two coders, simulated."""
    rng = np.random.default_rng(1)
    share, alpha = 0.3, 0.7
    n = plan_sample(0.1, share, of="agreement", correlation=alpha)["n"].item()
    estimates = []
    for _ in range(3000):
        same = rng.random(n) < alpha
        first = rng.random(n) < share
        second = np.where(same, first, rng.random(n) < share)
        mean = (first.mean() + second.mean()) / 2
        expected = 2 * mean * (1 - mean) * 2 * n / (2 * n - 1)
        estimates.append(1 - (first != second).mean() / expected)
    assert Z * np.std(estimates) == pytest.approx(0.1, rel=0.06)


def test_perfect_guesses_still_need_units():
    assert plan_sample(0.05, 0.5, correlation=0.9999)["n"].item() >= 1


def test_plans_are_checked_all_at_once():
    with pytest.raises(ValueError) as error:
        plan_sample(0.6, 1.5, of="mean", correlation=2, population=0, design_effect=0)
    text = str(error.value)
    for word in ("of='mean'", "half_width", "share", "correlation", "population", "design_effect"):
        assert word in text


def test_agreement_needs_the_alpha_you_expect():
    with pytest.raises(ValueError, match=r"correlation=0\.8"):
        plan_sample(0.1, of="agreement")


def test_numbers_of_any_kind_are_an_allocation_and_zero_is_none(press):
    six = sample_for_coding(press, 15, by="outlet", allocation=6)
    again = sample_for_coding(press, 15, by="outlet", allocation=np.int64(6))
    pd.testing.assert_frame_equal(six, again)
    with pytest.raises(ValueError, match="allocation=0: choose"):
        sample_for_coding(press, 15, by="outlet", allocation=0)
    with pytest.raises(TypeError, match="a whole number, so that it can be redrawn"):
        sample_for_coding(press, 15, random_state=None)
