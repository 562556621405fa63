"""Shares and differences on corpora small enough to count on fingers."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from framing.inference.prevalence import difference, prevalence
from framing.stats.intervals import wilson_interval


@pytest.fixture
def scores(tiny: pd.DataFrame) -> pd.DataFrame:
    """Hits of two frames in the six articles of the tiny corpus."""
    hits = {"war": [2, 1, 0, 1, 0, 0], "peace": [0, 0, 2, 0, 0, 0]}
    return pd.DataFrame(hits, index=tiny.index).rename_axis(columns="frame")


def sentences(doc_ids: list[str], present: list[int]) -> pd.DataFrame:
    """Scores of one frame, a row a sentence."""
    number = [doc_ids[:place].count(doc_id) for place, doc_id in enumerate(doc_ids)]
    index = pd.MultiIndex.from_arrays([doc_ids, number], names=["doc_id", "sentence"])
    return pd.DataFrame({"war": present}, index=index)


def wilson(share: float, n: int, critical: float) -> tuple[float, float]:
    """Both ends of the interval, as numbers."""
    low, high = wilson_interval(share, n, critical)
    return float(low), float(high)


def test_counts_and_shares_by_outlet(scores, tiny):
    found = prevalence(scores, tiny)
    assert found.columns.tolist() == [
        "outlet", "frame", "n", "n_present", "share", "low", "high", "interval",
    ]  # fmt: skip
    assert found[["outlet", "frame", "n", "n_present"]].values.tolist() == [
        ["Herald", "war", 3, 2],
        ["Herald", "peace", 3, 1],
        ["Star", "war", 3, 1],
        ["Star", "peace", 3, 0],
    ]
    assert found["share"].tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 3, 0])
    assert set(found["interval"]) == {"Wilson 95 %"}


def test_intervals_are_wilsons(scores, tiny):
    found = prevalence(scores, tiny, level=0.9)
    low, high = wilson_interval(found["share"], found["n"], stats.norm.ppf(0.95))
    assert found["low"].tolist() == pytest.approx(low) and found["high"].tolist() == pytest.approx(
        high
    )
    assert set(found["interval"]) == {"Wilson 90 %"}


def test_at_least_two_hits(scores, tiny):
    assert prevalence(scores, tiny, at_least=2)["n_present"].tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("by", [None, []])
def test_whole_corpus_has_no_group_column(scores, tiny, by):
    found = prevalence(scores, tiny, by=by)
    assert found.columns[0] == "frame"
    assert found[["n", "n_present"]].values.tolist() == [[6, 3], [6, 1]]


def test_groups_by_outlet_and_period(scores, tiny):
    found = prevalence(scores[["war"]], tiny, by=["outlet", "day"])
    assert found["day"].dt.day.tolist() == [3, 4, 5, 3, 4, 5]
    assert found["n_present"].tolist() == [1, 1, 0, 1, 0, 0]


def test_documents_are_joined_by_doc_id_and_not_by_position(scores, tiny):
    shuffled = prevalence(scores.iloc[::-1], tiny.sample(frac=1, random_state=4))
    pd.testing.assert_frame_equal(shuffled, prevalence(scores, tiny))


def test_the_tables_of_the_caller_stay_as_they_were(scores, tiny):
    before = scores.copy(), tiny.copy()
    prevalence(scores, tiny, by="month")
    difference(scores, tiny)
    pd.testing.assert_frame_equal(scores, before[0])
    pd.testing.assert_frame_equal(tiny, before[1])


def test_scores_of_unknown_documents_are_an_error(scores, tiny):
    with pytest.raises(ValueError, match=r"1 of 6 doc_id of `scores` are not in `articles` \(a6\)"):
        prevalence(scores, tiny.drop(index="a6"))


def test_articles_without_scores_are_said_aloud(scores, tiny):
    with pytest.warns(UserWarning, match=r"2 articles have no scores \(a5, a6\)") as seen:
        found = prevalence(scores.iloc[:4], tiny)
    assert found["n"].tolist() == [3, 3, 1, 1]
    assert seen[0].filename == __file__


def test_units_without_a_group_are_counted_aloud(scores, tiny):
    tiny.loc["a2", "outlet"] = np.nan
    tiny.loc["a6", "date"] = pd.NaT
    with pytest.warns(
        UserWarning, match="2 of 6 units are left out: 1 without outlet, 1 without day"
    ) as seen:
        found = prevalence(scores, tiny, by=["outlet", "day"])
    assert found.loc[found["frame"] == "war", "n"].sum() == 4
    assert seen[0].filename == __file__


def test_no_unit_with_a_group_is_an_error(scores, tiny):
    with pytest.raises(ValueError, match="No unit has a value for outlet"):
        prevalence(scores, tiny.assign(outlet=np.nan))


def test_all_problems_are_named_at_once(scores, tiny):
    bad = scores.astype(float)
    bad.loc["a1", "war"] = np.nan
    with pytest.raises(ValueError) as error:
        prevalence(bad, pd.concat([tiny, tiny.iloc[:1]]), at_least=0, level=95)
    for part in (
        "articles` more than once (a1)",
        "1 of 6 rows",
        "scores.dropna()",
        "at_least=0",
        "level=95",
    ):
        assert part in str(error.value)


def test_a_year_may_be_named_by_its_number():
    index = pd.Index(["a", "b", "c", "d"], name="doc_id")
    dates = pd.to_datetime(["2030-05-01", "2030-06-01", "2031-05-01", "2031-06-01"])
    articles = pd.DataFrame({"date": dates}, index)
    scores = pd.DataFrame({"war": [0, 1, 1, 1]}, index)
    found = difference(scores, articles, by="year", between=(2031, 2030))
    again = difference(scores, articles, by="year", between=("2031", "2030"))
    pd.testing.assert_frame_equal(found, again)
    for wrong in (2029, "spring"):
        with pytest.raises(KeyError, match="Groups: 2030-01-01, 2031-01-01"):
            difference(scores, articles, by="year", between=(wrong, 2030))


def test_words_and_empty_tables_are_errors(scores, tiny):
    with pytest.raises(ValueError, match="hold no numbers: outlet"):
        prevalence(scores.assign(outlet="Herald"), tiny)
    with pytest.raises(ValueError, match="empty"):
        prevalence(scores.iloc[:0], tiny)
    with pytest.raises(TypeError, match="`scores` must be a DataFrame, not Series"):
        prevalence(scores["war"], tiny)
    with pytest.raises(ValueError, match="cannot be called share"):
        prevalence(scores, tiny.assign(share=1), by="share")


def test_sentences_that_copy_each_other_count_as_one_article():
    # 4 articles of 5 equal sentences: V = p(1-p) / (C-1), so the design effect is 20 / 3.
    articles = pd.DataFrame({"outlet": "Herald"}, index=pd.Index(list("abcd"), name="doc_id"))
    units = sentences([doc for doc in "abcd" for _ in range(5)], [1] * 10 + [0] * 10)
    found = prevalence(units, articles).iloc[0]
    critical = stats.t.ppf(0.975, 3) * np.sqrt(20 / 3)
    assert (found["low"], found["high"]) == pytest.approx(wilson(0.5, 20, critical))
    assert found["n"] == 20
    assert found["interval"] == "Wilson 95 %, clustered by article"


def test_design_effect_computed_by_hand():
    # a: 1 1 0, b: 0 0, p = 2/5. Cluster sums of (y - p) / n are (2 - 6/5) / 5 = .16 and -.16,
    # V = 2 * 2 * .0256 = .1024 against p(1-p)/n = .048: the design effect is 2.1333.
    articles = pd.DataFrame({"outlet": "Herald"}, index=pd.Index(["a", "b"], name="doc_id"))
    found = prevalence(sentences(list("aaabb"), [1, 1, 0, 0, 0]), articles).iloc[0]
    critical = stats.t.ppf(0.975, 1) * np.sqrt(0.1024 / 0.048)
    assert (found["low"], found["high"]) == pytest.approx(wilson(0.4, 5, critical))


def test_where_nothing_varies_sentences_of_an_article_are_taken_as_copies():
    # Kish: (3² + 2²) / 5 = 2.6
    articles = pd.DataFrame({"outlet": "Herald"}, index=pd.Index(["a", "b"], name="doc_id"))
    found = prevalence(sentences(list("aaabb"), [0] * 5), articles).iloc[0]
    critical = stats.t.ppf(0.975, 1) * np.sqrt(2.6)
    assert found["high"] == pytest.approx(wilson_interval(0, 5, critical)[1])


def test_a_design_effect_is_never_below_one():
    # Each of 4 articles has one sentence with the frame and one without: nothing varies between.
    articles = pd.DataFrame({"outlet": "Herald"}, index=pd.Index(list("abcd"), name="doc_id"))
    found = prevalence(sentences(list("aabbccdd"), [1, 0] * 4), articles).iloc[0]
    expected = wilson(0.5, 8, stats.t.ppf(0.975, 3))
    assert (found["low"], found["high"]) == pytest.approx(expected)


def test_articles_of_no_known_story_are_stories_of_their_own(scores, tiny):
    unknown = tiny.assign(story=["s1", "s1", None, None, None, None])
    named = tiny.assign(story=["s1", "s1", "s2", "s3", "s4", "s5"])
    expected = prevalence(scores, named, by=None)
    pd.testing.assert_frame_equal(prevalence(scores, unknown, by=None), expected)


def test_one_article_alone_says_next_to_nothing():
    articles = pd.DataFrame({"outlet": "Herald"}, index=pd.Index(["a"], name="doc_id"))
    found = prevalence(sentences(["a"] * 40, [1] * 20 + [0] * 20), articles).iloc[0]
    assert found["low"] < 0.01 and found["high"] > 0.99


def test_wire_copies_are_clustered_by_story(scores, tiny):
    copied = prevalence(scores, tiny.assign(story=["s1", "s1", "s1", "s2", "s3", np.nan]))
    plain = prevalence(scores, tiny)
    herald, star = copied["outlet"] == "Herald", copied["outlet"] == "Star"
    assert set(copied.loc[herald, "interval"]) == {"Wilson 95 %, clustered by story"}
    assert (copied["high"] - copied["low"])[herald].gt((plain["high"] - plain["low"])[herald]).all()
    pd.testing.assert_frame_equal(copied[star], plain[star])


def test_stories_that_never_repeat_change_nothing(scores, tiny):
    alone = tiny.assign(story=[f"s{number}" for number in range(6)])
    pd.testing.assert_frame_equal(prevalence(scores, alone), prevalence(scores, tiny))


def test_difference_of_two_named_groups(scores, tiny):
    found = difference(scores, tiny, between=("Star", "Herald"))
    assert found.columns.tolist() == [
        "group", "reference", "frame", "n", "n_reference", "share", "share_reference",
        "difference", "low", "high", "p", "p_adjusted", "interval",
    ]  # fmt: skip
    assert found["difference"].tolist() == pytest.approx([-1 / 3, -1 / 3])
    assert set(found["interval"]) == {"Miettinen-Nurminen 95 %"}


def test_each_group_against_the_rest(scores, tiny):
    tiny["outlet"] = ["Herald", "Herald", "Post", "Post", "Star", "Star"]
    found = difference(scores[["war"]], tiny)
    assert found["group"].tolist() == ["Herald", "Post", "Star"]
    assert set(found["reference"]) == {"the rest"}
    assert found["n"].tolist() == [2, 2, 2] and found["n_reference"].tolist() == [4, 4, 4]
    assert found["share_reference"].tolist() == pytest.approx([1 / 4, 1 / 2, 3 / 4])


def test_between_leaves_the_other_groups_out(scores, tiny):
    tiny["outlet"] = ["Herald", "Herald", "Post", "Post", "Star", "Star"]
    found = difference(scores[["war"]], tiny, between=("Herald", "Star"))
    assert found[["n", "n_reference", "share", "share_reference"]].values.tolist() == [[2, 2, 1, 0]]


def test_p_values_are_adjusted_as_benjamini_and_hochberg_say(scores, tiny):
    rng = np.random.default_rng(7)
    index = pd.Index([f"d{number}" for number in range(90)], name="doc_id")
    articles = pd.DataFrame({"outlet": list("ABC") * 30}, index=index)
    hits = pd.DataFrame(rng.random((90, 4)) < 0.4, index=index, columns=list("wxyz"))
    found = difference(hits, articles)
    p = np.sort(found["p"].to_numpy())
    scaled = p * len(p) / np.arange(1, len(p) + 1)
    by_hand = np.minimum.accumulate(scaled[::-1])[::-1]
    assert np.sort(found["p_adjusted"]) == pytest.approx(by_hand)


def test_periods_can_be_named_as_text(scores, tiny):
    found = difference(scores, tiny, by="day", between=("2031-03-03", "2031-03-05"))
    assert found["difference"].tolist() == pytest.approx([1, -1 / 2])


def test_groups_that_are_not_there_are_an_error(scores, tiny):
    with pytest.raises(KeyError, match=r"No units in group 'Post'. Groups: Herald, Star"):
        difference(scores, tiny, between=("Herald", "Post"))
    with pytest.raises(ValueError, match="twice"):
        difference(scores, tiny, between=("Herald", "Herald"))
    with pytest.raises(ValueError, match=r"Only one group \(Herald\)"):
        difference(scores.iloc[:3], tiny.iloc[:3])
    with pytest.raises(TypeError, match="one name"):
        difference(scores, tiny, by=["outlet"])


def test_difference_design_effect_computed_by_hand():
    # Herald prints story s three times (1 1 1) and t once (0); Star prints u once (0), v once (1).
    # Shares 3/4 and 1/2; cluster sums: s 3 * (1/4) / 4 = .1875, t -.1875, u .25, v -.25.
    # V = 4/2 * (2 * .1875² + 2 * .25²) = .390625 against .75*.25/4 + .25/2 = .171875.
    index = pd.Index(list("abcdef"), name="doc_id")
    columns = {"outlet": ["Herald"] * 4 + ["Star"] * 2, "story": ["s", "s", "s", "t", "u", "v"]}
    hits = pd.DataFrame({"war": [1, 1, 1, 0, 0, 1]}, index=index)
    found = difference(hits, pd.DataFrame(columns, index=index), between=("Herald", "Star")).iloc[0]
    pooled = 4 / 6 * 2 / 6 * (1 / 4 + 1 / 2) * 6 / 5
    t = 0.25 / np.sqrt(pooled * 0.390625 / 0.171875)
    assert found["p"] == pytest.approx(2 * stats.t.sf(t, 1))
    assert found["interval"] == "Miettinen-Nurminen 95 %, clustered by story"


def test_a_story_in_both_groups_cancels_out():
    # The same five stories in both outlets: the difference is 0 whatever the stories say.
    index = pd.Index([f"d{number}" for number in range(10)], name="doc_id")
    stories = [f"s{number}" for number in range(5)] * 2
    articles = pd.DataFrame(
        {"outlet": ["Herald"] * 5 + ["Star"] * 5, "story": stories}, index=index
    )
    hits = pd.DataFrame({"war": [1, 1, 0, 0, 0] * 2}, index=index)
    found = difference(hits, articles, between=("Herald", "Star")).iloc[0]
    assert found["difference"] == 0 and found["p"] == 1
    assert "clustered by story" in found["interval"]
