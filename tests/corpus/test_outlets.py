import numpy as np
import pandas as pd
import pytest

from framing.corpus.outlets import find_gaps, fold_outlets


def fold(*names):
    table = fold_outlets(pd.DataFrame({"outlet": names}))
    return table.set_index("raw")["proposed"].to_dict()


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (["The New York Times", "thenewyorktimes"], "same letters"),
        (["El País", "EL PAIS"], "same letters"),
        (["Post & Courier", "post-and-courier"], "same letters"),
        (["Le Monde", "https://www.lemonde.fr/politique"], "web address"),
        (["The Guardian", "guardian.co.uk"], "web address"),
        (["bbc.co.uk", "news.bbc.co.uk"], "web address"),
        (["Die Welt", "Welt"], "leading article"),
        (["L’Express", "Express"], "leading article"),
        (["The Times", "The Times (London)"], "place in brackets"),
        (["The New York Times", "NYT"], "initials"),
        (["Frankfurter Allgemeine Zeitung", "FAZ"], "initials"),
    ],
)
def test_names_of_one_outlet(names, why):
    table = fold_outlets(pd.DataFrame({"outlet": names}))
    assert table["proposed"].unique().tolist() == [names[0]]
    assert table["why"].tolist() == ["", why]


@pytest.mark.parametrize(
    "names",
    [
        ["The Times", "The Sunday Times"],
        ["Herald (Glasgow)", "Herald (Harare)", "Herald"],
        ["Le Soir", "El Soir", "Soir"],
        ["abc.net.au", "abc.com", "ABC"],
        ["a.substack.com", "b.substack.com", "substack.com"],
        ["NYT", "New York Times", "North Yorkshire Tribune"],
        ["Lesotho Times", "sotho Times"],
        ["???", "!!!"],
        ["Правда", "Известия"],
    ],
)
def test_names_that_fit_several_outlets_fit_none(names):
    assert fold(*names) == {name: name for name in names}


def test_three_ways_of_writing_end_in_one_name():
    proposed = fold("nytimes.com", "www.nytimes.com", "NYTimes", "The Sun", "thesun", "Sun")
    assert set(proposed.values()) == {"NYTimes", "The Sun"}


def test_the_user_decides_and_applies():
    articles = pd.DataFrame({"outlet": ["BBC", "bbc", "bbc", None, "Star"]})
    names = fold_outlets(articles)
    assert names["n"].tolist() == [1, 2, 1]
    assert articles["outlet"].tolist()[1] == "bbc"  # nothing is changed by proposing
    names.loc[names["raw"] == "Star", "proposed"] = "Daily Star"
    folded = articles["outlet"].map(names.set_index("raw")["proposed"])
    assert folded.fillna("").tolist() == ["BBC", "BBC", "BBC", "", "Daily Star"]


def test_no_outlets_give_an_empty_proposal():
    table = fold_outlets(pd.DataFrame({"outlet": pd.Series([None], dtype="str")}))
    assert table.columns.tolist() == ["raw", "proposed", "n", "why"]
    assert table.empty
    with pytest.raises(KeyError, match="no column 'outlet' in: paper"):
        fold_outlets(pd.DataFrame({"paper": ["Star"]}))


def test_the_proposal_does_not_depend_on_the_order_of_articles():
    names = ["The Sun", "sun", "thesun", "sun.co.uk", "Sun (London)", "Die Welt", "Welt", "welt.de"]
    proposals = [
        fold_outlets(pd.DataFrame({"outlet": np.random.default_rng(seed).permutation(names)}))
        for seed in range(8)
    ]
    for proposal in proposals[1:]:
        pd.testing.assert_frame_equal(proposals[0], proposal)


def daily(outlet, days):
    return pd.DataFrame({"outlet": outlet, "date": days})


def test_a_gap_is_known_by_the_rhythm_of_its_weekdays():
    days = pd.date_range("2031-03-03", periods=28)  # four weeks from a Monday
    active = days.delete([10, 11])  # a Thursday and a Friday
    assert find_gaps(daily("Herald", active)).empty
    # by hand: on both weekdays articles in 3 of 4 weeks: (3 + ½) / 5 = .7, and room for 27 gaps
    (gap,) = find_gaps(daily("Herald", active), at_most=10).itertuples()
    assert (gap.start, gap.end, gap.n_days) == (*days[[10, 11]], 2)
    assert gap.expected == pytest.approx(27 * 0.3 * 0.3)


def test_a_sunday_paper_is_not_silent_on_weekdays():
    sundays = pd.date_range("2031-03-02", periods=52, freq="7D")
    assert find_gaps(daily("Sunday", sundays)).empty
    (gap,) = find_gaps(daily("Sunday", sundays.delete([20, 21, 22]))).itertuples()
    assert (gap.start, gap.n_days) == (sundays[19] + pd.Timedelta(days=1), 27)


def test_an_outlet_that_ends_early_shows_by_the_span_of_the_others():
    days = pd.date_range("2031-03-03", periods=60)
    both = pd.concat([daily("Herald", days), daily("Star", days[:30])])
    gaps = find_gaps(both)
    assert gaps[["outlet", "start", "end"]].values.tolist() == [["Star", days[30], days[-1]]]


def test_a_far_date_does_not_stretch_the_span():
    days = pd.date_range("2031-03-03", periods=60)
    articles = daily("Herald", [*days, pd.Timestamp("1970-01-01"), pd.NaT])
    assert find_gaps(articles).empty


def test_gaps_by_other_columns_and_bad_input(tiny):
    assert find_gaps(tiny).columns.tolist() == ["outlet", "start", "end", "n_days", "expected"]
    assert find_gaps(tiny, by=["outlet", "headline"]).columns[1] == "headline"
    assert find_gaps(tiny.assign(date=pd.NaT)).empty
    with pytest.raises(KeyError, match="no column 'date'"):
        find_gaps(tiny.drop(columns="date"))
    with pytest.raises(KeyError, match="paper"):
        find_gaps(tiny, by="paper")
    with pytest.raises(ValueError, match="at_most is 0"):
        find_gaps(tiny, at_most=0)
