import pandas as pd
import pytest

from framing.corpus.groups import group_keys, story_clusters


def test_a_column_is_taken_as_it_stands(tiny):
    assert group_keys(tiny, "outlet")["outlet"].tolist() == ["Herald"] * 3 + ["Star"] * 3


def test_rows_keep_their_doc_id_and_order(tiny):
    shuffled = tiny.iloc[[3, 0, 5]]
    keys = group_keys(shuffled, ["outlet", "day"])
    assert keys.index.tolist() == ["a4", "a1", "a6"]
    assert keys.columns.tolist() == ["outlet", "day"]


@pytest.mark.parametrize(
    ("period", "first"),
    [
        ("day", "2031-03-09"),
        ("week", "2031-03-03"),  # Sunday 9 March belongs to the week of Monday 3 March
        ("month", "2031-03-01"),
        ("year", "2031-01-01"),
    ],
)
def test_a_period_is_its_first_day(period, first):
    articles = pd.DataFrame({"date": pd.to_datetime(["2031-03-09 23:59"])})
    assert group_keys(articles, period)[period].tolist() == [pd.Timestamp(first)]


def test_a_week_starts_on_monday(tiny):
    monday = tiny.assign(date=pd.Timestamp("2031-03-10"))
    assert group_keys(monday, "week")["week"].eq(pd.Timestamp("2031-03-10")).all()


def test_an_undated_article_has_no_period(tiny):
    tiny.loc["a1", "date"] = pd.NaT
    assert group_keys(tiny, "month")["month"].isna().tolist() == [True] + [False] * 5


def test_a_column_goes_before_a_period_of_the_same_name(tiny):
    assert group_keys(tiny.assign(week="first"), "week")["week"].eq("first").all()


def test_times_with_a_zone_keep_their_printed_day():
    late = pd.to_datetime(["2031-03-09 23:30+05:00"])
    keys = group_keys(pd.DataFrame({"date": late}), "day")
    assert keys["day"].tolist() == [pd.Timestamp("2031-03-09")]


def test_a_wrong_name_lists_the_choices(tiny):
    with pytest.raises(KeyError, match=r"outlets.*Did you mean 'outlet'.*week, month"):
        group_keys(tiny, "outlets")


def test_a_period_needs_a_date(tiny):
    with pytest.raises(KeyError, match="derived from a column 'date'"):
        group_keys(tiny.drop(columns="date"), "week")
    with pytest.raises(TypeError, match=r"pd\.to_datetime"):
        group_keys(tiny.assign(date="2031"), "week")


def test_no_name_at_all_is_an_error(tiny):
    with pytest.raises(KeyError, match="names no group"):
        group_keys(tiny, [])


def test_the_callers_table_is_left_alone(tiny):
    before = tiny.copy()
    group_keys(tiny, ["outlet", "week"])
    pd.testing.assert_frame_equal(tiny, before)


def test_articles_of_no_story_are_clusters_of_their_own():
    stories = pd.DataFrame({"story": ["s1", None, "s1", None, "s2"]})
    numbers, name = story_clusters(stories)
    assert numbers[0] == numbers[2] and len(set(numbers)) == 4 and name == "story"
    assert story_clusters(stories.drop(index=2))[1] == "article"
    assert story_clusters(stories[[]])[0].tolist() == [0, 1, 2, 3, 4]
