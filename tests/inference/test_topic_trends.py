"""Mean shares of topics by period, and intervals that cover."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from framing.inference.topic_trends import topics_over_time


def corpus(shares: np.ndarray, days: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Shares and articles, so many a day, in turn."""
    index = pd.Index([f"a{row:04d}" for row in range(len(shares))], name="doc_id")
    date = pd.Timestamp("2031-03-03") + pd.to_timedelta(np.arange(len(shares)) % days, "D")
    names = [f"topic_{number + 1}" for number in range(shares.shape[1])]
    return pd.DataFrame(shares, index, names), pd.DataFrame({"date": date}, index)


def test_mean_and_interval_by_hand():
    shares, articles = corpus(np.array([[0.2], [0.4], [0.6], [0.8]]))
    row = topics_over_time(shares, articles, by="day").iloc[0]
    # Dispersion: 4/3 · (.09 + .01 + .01 + .09) over 4 · .5 · .5; then Wilson's interval of p = .5.
    n, t = 4 / (4 / 3 * 0.2), stats.t.ppf(0.975, 3)
    half = np.sqrt(t**2 * 0.25 / n + t**4 / (4 * n**2)) / (1 + t**2 / n)
    assert (row["n"], row["share"]) == (4, pytest.approx(0.5))
    assert (row["low"], row["high"]) == (pytest.approx(0.5 - half), pytest.approx(0.5 + half))
    assert row["interval"] == "Wilson 95 %, pooled dispersion"


def test_yes_and_no_get_nearly_the_plain_wilson_interval():
    shares, articles = corpus(np.array([[0.0], [1.0]] * 50))
    row = topics_over_time(shares, articles, by="day").iloc[0]
    assert row["low"] == pytest.approx(0.404, abs=0.005)  # Wilson, 50 of 100: .4038 to .5962
    assert row["high"] == pytest.approx(0.596, abs=0.005)


def test_copies_of_a_story_count_once_for_the_interval():
    rng = np.random.default_rng(0)
    once = rng.dirichlet([0.5, 0.5], 40)
    shares, articles = corpus(np.repeat(once, 3, axis=0))
    copied = articles.assign(story=np.repeat(np.arange(40), 3))
    found = topics_over_time(shares, copied, by="day")
    alone = topics_over_time(*corpus(once), by="day")
    assert found["share"].tolist() == pytest.approx(alone["share"].tolist())
    assert found["low"].tolist() == pytest.approx(alone["low"].tolist())
    assert found["n"].tolist() == [120, 120]
    assert found["interval"].iloc[0].endswith("clustered by story")


def test_a_day_with_one_article_borrows_how_much_the_topic_varies():
    shares, articles = corpus(np.array([[0.2, 0.8], [0.3, 0.7], [0.1, 0.9]]), days=2)
    found = topics_over_time(shares, articles, by="day")
    assert found["n"].tolist() == [2, 2, 1, 1]
    assert found[["low", "high"]].notna().all().all()
    assert (found["low"] < found["share"]).all()


def test_single_articles_everywhere_leave_no_interval():
    shares, articles = corpus(np.array([[0.2, 0.8], [0.3, 0.7]]), days=2)
    assert topics_over_time(shares, articles, by="day")[["low", "high"]].isna().all().all()


def test_groups_are_sorted_and_joined_by_doc_id():
    shares, articles = corpus(np.array([[0.1], [0.2], [0.3], [0.4]]), days=2)
    articles = articles.assign(outlet=["Star", "Star", "Herald", "Herald"])
    found = topics_over_time(shares.iloc[::-1], articles, by=["outlet", "day"])
    assert found["outlet"].tolist() == ["Herald", "Herald", "Star", "Star"]
    assert found["share"].tolist() == pytest.approx([0.3, 0.4, 0.1, 0.2])


def test_articles_without_a_date_are_left_out_aloud():
    shares, articles = corpus(np.array([[0.1], [0.2], [0.3]]))
    articles.loc["a0001", "date"] = pd.NaT
    with pytest.warns(UserWarning, match=r"1 of 3 articles are left out: 1 without week"):
        found = topics_over_time(shares, articles)
    assert (found["n"].tolist(), found["share"].tolist()) == ([2], [pytest.approx(0.2)])


@pytest.mark.parametrize(("alpha", "k", "n"), [(0.1, 20, 5), (0.3, 6, 10)])
def test_intervals_cover_the_truth_about_as_often_as_they_say(alpha, k, n):
    rng = np.random.default_rng(1)
    covered = []
    for _ in range(15):
        shares, articles = corpus(rng.dirichlet([alpha] * k, 8 * n), days=8)
        found = topics_over_time(shares, articles, by="day")
        covered += ((found["low"] <= 1 / k) & (1 / k <= found["high"])).tolist()
    assert 0.92 < np.mean(covered) < 0.98


def test_what_does_not_fit_together_is_refused():
    shares, articles = corpus(np.array([[0.1, 0.9], [0.2, 0.8]]))
    strange = shares.rename(index={"a0001": "x"}).assign(topic_1=[0.1, np.nan])
    with pytest.raises(ValueError) as caught:
        topics_over_time(strange, articles, level=95)
    for part in ("1 of 2 doc_id of `shares` are not", "have a missing share", "level=95"):
        assert part in str(caught.value)
    with pytest.raises(ValueError, match=r"2 of 2 rows of `shares` go below 0.*topic_levels"):
        topics_over_time(shares - 0.5, articles)
    with pytest.raises(ValueError, match=r"1 columns hold no numbers \(outlet\)"):
        topics_over_time(shares.assign(outlet="Star"), articles)
    with pytest.raises(ValueError, match="No article has a value for week"):
        topics_over_time(shares, articles.assign(date=pd.NaT).astype({"date": "datetime64[us]"}))
    with pytest.raises(ValueError, match="cannot be called topic"):
        topics_over_time(shares, articles.assign(topic="x"), by="topic")
    with pytest.raises(ValueError, match="more than once"):
        topics_over_time(pd.concat([shares, shares]), articles)


def test_where_nothing_varies_there_is_no_interval_and_it_says_so():
    index = pd.Index(["a1", "a2", "a3"], name="doc_id")
    articles = pd.DataFrame({"outlet": ["Herald", "Herald", "Star"]}, index)
    shares = pd.DataFrame({"war": [0.2, 0.4, 0.3], "never": 0.0}, index)
    table = topics_over_time(shares, articles, by="outlet").set_index("topic")
    assert table.loc["never", ["low", "high"]].isna().all(axis=None)
    assert set(table.loc["never", "interval"]) == {"none: nothing says how much the share varies"}
    assert table.loc["war", ["low", "high"]].notna().all(axis=None)
    lone = topics_over_time(shares.head(1), articles, by="outlet")
    assert lone["low"].isna().all() and lone["interval"].str.startswith("none").all()
