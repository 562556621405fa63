"""Frames that depend on topics alone, on outlets alone, or on both."""

import warnings

import numpy as np
import pandas as pd
import pytest

from framing.inference.frame_given_topic import frame_given_topic

RAW, WITHIN, CARRIED = "raw", "within topic", "carried by topics"


def planted(seed=0, n=600):
    """Three frames of two outlets; two articles make a story."""
    rng = np.random.default_rng(seed)
    star = rng.integers(2, size=n)
    mix = np.where(star[:, None] == 1, [1.2, 0.3, 0.4, 0.3], [0.4, 0.6, 0.6, 0.3])
    theta = np.array([rng.dirichlet(row) for row in mix])
    index = pd.Index([f"a{number:03}" for number in range(n)], name="doc_id")
    scores = {
        "topical": 6 * theta[:, 0] + rng.normal(size=n),
        "own": 2 * star + rng.normal(size=n),
        "noise": rng.normal(size=n),
    }
    story = (np.arange(n) // 2).astype(str)
    articles = pd.DataFrame({"outlet": np.where(star, "Star", "Herald"), "story": story}, index)
    topics = [f"topic_{number}" for number in range(4)]
    return pd.DataFrame(scores, index), pd.DataFrame(theta, index, topics), articles


def contrast(found, frame, model):
    table = found.contrasts
    return table[(table["frame"] == frame) & (table["model"] == model)].iloc[0]


def test_a_frame_that_follows_the_topic_does_not_differ_within_topic():
    found = frame_given_topic(*planted())
    assert contrast(found, "topical", RAW)["low"] > 1.5
    within = contrast(found, "topical", WITHIN)
    assert within["low"] < 0 < within["high"]
    carried = contrast(found, "topical", CARRIED)
    assert carried["low"] > 1.5


def test_a_frame_of_the_outlets_own_stays_within_topic():
    found = frame_given_topic(*planted())
    within = contrast(found, "own", WITHIN)
    assert within["low"] < 2 < within["high"]
    carried = contrast(found, "own", CARRIED)
    assert carried["low"] < 0 < carried["high"]


def test_raw_is_within_and_carried():
    table = frame_given_topic(*planted()).contrasts
    wide = table.pivot(index="frame", columns="model", values="estimate")
    assert np.allclose(wide[RAW], wide[WITHIN] + wide[CARRIED])


def test_topics_explain_the_share_of_variance_that_was_planted():
    scores, shares, articles = planted(n=2000)
    table = frame_given_topic(scores, shares, articles).explained.set_index("frame")
    planted_r2 = np.var(6 * shares["topic_0"]) / (np.var(6 * shares["topic_0"]) + 1)
    assert table.loc["topical", "low"] < planted_r2 < table.loc["topical", "high"]
    assert table.loc["topical", "r2"] == pytest.approx(
        table.loc["topical", "r2_adjusted"], abs=0.02
    )
    assert table.loc["noise", "r2"] < 0.01
    assert (table["n"] == 2000).all()


def test_r2_of_held_out_articles_by_hand():
    # without the topic the best guess is the mean of the other eleven articles
    shares = pd.DataFrame({"one": [1.0, 0.0] * 6}).assign(two=lambda table: 1 - table["one"])
    scores = pd.DataFrame({"war": [4.0, 0.0, 2.0, 0.0] * 3})
    articles = pd.DataFrame({"outlet": ["Herald"] * 6 + ["Star"] * 6})
    row = frame_given_topic(scores, shares, articles).explained.iloc[0]
    folds = np.arange(12) % 10  # dealt out in the order of doc_id as text: 0 1 10 11 2 …
    order = np.array(sorted(range(12), key=str))
    residual, deviation = 0.0, 0.0
    for fold in range(10):
        out, kept = order[folds == fold], order[folds != fold]
        for number in out:
            same = [other for other in kept if other % 2 == number % 2]
            residual += (scores["war"][number] - scores["war"][same].mean()) ** 2
            deviation += (scores["war"][number] - scores["war"][kept].mean()) ** 2
    assert row["r2"] == pytest.approx(1 - residual / deviation)


def test_the_topic_that_carries_the_contrast_is_named():
    found = frame_given_topic(*planted())
    topical = found.topics[found.topics["frame"] == "topical"].set_index("topic")
    assert topical["carried"].idxmax() == "topic_0"
    assert topical["carried"].sum() == pytest.approx(
        contrast(found, "topical", CARRIED)["estimate"]
    )
    assert topical["change"].idxmin() == "topic_0"
    assert topical["n_left_out"].sum() == 600
    raw = contrast(found, "topical", RAW)["estimate"]
    assert np.allclose(topical["estimate"] - raw, topical["change"])


def test_leaving_out_a_topic_by_hand():
    shares = pd.DataFrame({"war": [0.9, 0.1, 0.2, 0.8, 0.3, 0.2]})
    shares = shares.assign(oil=1 - shares["war"])
    scores = pd.DataFrame({"conflict": [9.0, 1, 2, 8, 3, 3]})
    articles = pd.DataFrame({"outlet": ["Herald"] * 3 + ["Star"] * 3})
    table = frame_given_topic(scores, shares, articles).topics.set_index("topic")
    assert table.loc["war", "n_left_out"] == 2
    assert table.loc["war", "estimate"] == pytest.approx(3 - 1.5)
    assert np.isnan(table.loc["oil", "estimate"])  # one article of each outlet is left


def test_a_group_that_loses_all_its_articles_has_no_contrast():
    shares = pd.DataFrame({"war": [0.9, 0.8, 0.9, 0.1, 0.6, 0.2, 0.3]})
    shares = shares.assign(oil=1 - shares["war"])
    scores = pd.DataFrame({"conflict": [9.0, 7, 8, 2, 3, 4, 1]})
    articles = pd.DataFrame({"outlet": ["Herald"] * 3 + ["Star"] * 4})
    table = frame_given_topic(scores, shares, articles).topics.set_index("topic")
    assert np.isnan(table.loc["war", "estimate"])
    assert table.loc["war", "interval"] == "none: too few articles are left"
    assert table.loc["war", "n_left_out"] == 4
    assert np.isfinite(table.loc["war", "carried"])


def test_shares_that_do_not_sum_to_one_are_all_controlled():
    scores, shares, articles = planted()
    some = frame_given_topic(scores, shares[["topic_0", "topic_1"]], articles)
    rest = shares[["topic_0", "topic_1"]].assign(rest=1 - shares["topic_0"] - shares["topic_1"])
    whole = frame_given_topic(scores, rest, articles)
    one, two = (contrast(found, "own", WITHIN) for found in (some, whole))
    assert one["estimate"] == pytest.approx(two["estimate"])
    assert one["high"] == pytest.approx(two["high"])


def test_intervals_of_what_topics_carry_cover_the_truth():
    inside = []
    for seed in range(25):
        scores, shares, articles = planted(seed, n=200)
        row = contrast(frame_given_topic(scores[["topical"]], shares, articles), "topical", CARRIED)
        truth = 6 * (1.2 / 2.2 - 0.4 / 1.9)
        inside.append(row["low"] <= truth <= row["high"])
    assert np.mean(inside) >= 0.80  # .95 less three standard errors of 25 draws, rounded


def test_groups_may_be_months_or_numbers():
    scores, shares, articles = planted()
    days = pd.to_timedelta(np.arange(600) % 60, unit="D")
    articles = articles.assign(date=pd.Timestamp("2031-03-01") + days)
    months = frame_given_topic(scores, shares, articles, by="month").contrasts
    assert months["term"].unique().tolist() == ["2031-04 − 2031-03"]
    leaning = articles.assign(leaning=(articles["outlet"] == "Star").astype(float))
    number = frame_given_topic(scores, shares, leaning, by="leaning").contrasts
    outlet = frame_given_topic(scores, shares, articles).contrasts
    assert number["term"].unique().tolist() == ["leaning + 1"]
    assert np.allclose(number["estimate"], outlet["estimate"])


def test_the_reference_can_be_chosen():
    one = frame_given_topic(*planted())
    two = frame_given_topic(*planted(), reference="Star")
    assert two.contrasts["term"].unique().tolist() == ["Herald − Star"]
    assert np.allclose(one.contrasts["estimate"], -two.contrasts["estimate"])
    assert np.allclose(one.topics["carried"], -two.topics["carried"])


def test_rows_are_joined_by_doc_id_and_tables_kept():
    scores, shares, articles = planted()
    before = scores.copy(), shares.copy(), articles.copy()
    mixed = frame_given_topic(
        scores, shares.sample(frac=1, random_state=1), articles.sample(frac=1, random_state=2)
    )
    straight = frame_given_topic(scores, shares, articles)
    for one, two in zip(mixed, straight, strict=True):
        pd.testing.assert_frame_equal(one, two)
    for table, kept in zip((scores, shares, articles), before, strict=True):
        pd.testing.assert_frame_equal(table, kept)


def test_what_is_left_out_is_told():
    scores, shares, articles = planted()
    with pytest.warns(UserWarning) as caught:
        found = frame_given_topic(
            scores.drop("a000").assign(never=0.0), shares.drop("a001"), articles
        )
    texts = " ".join(str(each.message) for each in caught)
    assert "1 doc_id of `scores` have no shares (a001)" in texts
    assert "1 doc_id of `shares` have no scores (a000)" in texts
    assert "1 frames have the same score in all 598 articles (never)" in texts
    assert {each.filename for each in caught} == {__file__}
    assert found.explained["frame"].tolist() == ["topical", "own", "noise"]


def test_tables_that_cannot_be_used_say_why():
    scores, shares, articles = planted(n=40)
    with pytest.raises(TypeError, match="`scores` must be a DataFrame"):
        frame_given_topic(scores["own"], shares, articles)
    with pytest.raises(ValueError, match=r"no numbers in 1 columns \(own"):
        frame_given_topic(scores.assign(own="yes"), shares, articles)
    with pytest.raises(ValueError, match="1 of 40 rows of `scores` have a missing score"):
        frame_given_topic(scores.replace(scores.iloc[3, 0], np.nan), shares, articles)
    with pytest.raises(ValueError, match="No doc_id of `scores` is in `shares`"):
        frame_given_topic(scores, shares.add_prefix("b", axis=0), articles)
    with pytest.raises(ValueError, match="one row a document"):
        frame_given_topic(pd.concat([scores, scores]), shares, articles)
    with pytest.raises(ValueError, match="No frame varies"):
        frame_given_topic(scores * 0, shares, articles)
    with pytest.raises(TypeError, match="`by` is one column or period"):
        frame_given_topic(scores, shares, articles, by=["outlet"])
    with pytest.raises(ValueError, match="outlet is always Star"):
        frame_given_topic(scores, shares, articles.assign(outlet="Star"))


def test_a_group_of_one_article_has_no_interval_and_a_small_one_a_wide_one():
    scores, shares, articles = planted(n=120)
    articles = articles.drop(columns="story")
    articles["outlet"] = ["Herald"] * 100 + ["Post"] * 19 + ["Star"]
    found = frame_given_topic(scores[["noise"]], shares, articles)
    ends = found.contrasts.set_index(["term", "model"])[["low", "high", "p"]]
    assert ends.loc["Star − Herald"].isna().all(axis=None)
    assert ends.loc["Post − Herald"].notna().all(axis=None)
    topics = found.topics.set_index("term")
    assert topics.loc["Star − Herald", "low"].isna().all()
    reasons = {"none: a level has a single article or story"}
    assert set(topics.loc["Star − Herald", "interval"]) <= reasons | {
        "none: too few articles are left"
    }
    lone = found.contrasts["term"] == "Star − Herald"
    assert set(found.contrasts.loc[lone, "interval"]) == reasons
    assert set(found.contrasts.loc[~lone, "interval"]) == {"least squares 95 %"}
    two_of_one = articles.assign(outlet=["Herald"] + ["Post"] * 118 + ["Star"])
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        frame_given_topic(scores, shares, two_of_one)
    three = articles.assign(outlet=["Herald"] * 117 + ["Star"] * 3)
    raw = contrast(frame_given_topic(scores[["noise"]], shares, three), "noise", RAW)
    y = scores["noise"].to_numpy()
    one, two = y[:117], y[117:]
    least = np.sqrt(one.var() / 117 + two.var() / 3)  # the sandwich without any factor
    assert (raw["high"] - raw["low"]) / 2 > 4 * least
