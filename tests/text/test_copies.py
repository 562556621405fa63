"""Copies: what is measured, by hand; what is found, where the truth is known."""

from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import framing as fr
from framing.text.copies import _heaviest_chain, find_copies, show_copies
from framing.text.tokens import tokenize

WORDS = [f"w{number:02}" for number in range(50)]
OTHERS = [f"x{number:02}" for number in range(50)]


def corpus(*texts, dates=None, outlets=None):
    """Articles a1, a2, … of consecutive days; a text may be a list of words."""
    joined = [text if isinstance(text, str) else " ".join(text) for text in texts]
    index = pd.Index([f"a{number + 1}" for number in range(len(texts))], name="doc_id", dtype="str")
    days = pd.to_datetime(dates or pd.date_range("2031-03-03", periods=len(texts)))
    return pd.DataFrame({"date": days, "text": pd.Series(joined, dtype="str").array}, index=index)


def last(copies):
    return copies.iloc[-1][["copy_of", "similarity", "kind"]].tolist()


def test_exact_copy_has_the_same_words_whatever_their_case():
    articles = corpus("War began.", "WAR, began!")
    assert last(find_copies(articles)) == ["a1", 1.0, "exact"]


def test_reprint_is_measured_by_the_share_of_all_runs():
    # 46 runs each; the 36 of the first 40 words are shared, so 36 of 46 + 46 - 36 = 56.
    articles = corpus(WORDS, WORDS[:40] + OTHERS[:10])
    assert last(find_copies(articles)) == ["a1", pytest.approx(36 / 56), "reprint"]


def test_partial_is_measured_by_the_share_of_the_shorter_text():
    # The first 25 words hold 21 runs, of 46 in each text: 21 / 46, and 21 / 71 of all runs.
    articles = corpus(WORDS, OTHERS[:25] + WORDS[:25])
    assert last(find_copies(articles)) == ["a1", pytest.approx(21 / 46), "partial"]


def test_text_cut_from_below_is_partial():
    articles = corpus(WORDS, WORDS[:39])
    assert last(find_copies(articles)) == ["a1", 1.0, "partial"]
    articles = corpus(WORDS, WORDS[:42])  # more than .8 of the length: 38 of 46 runs
    assert last(find_copies(articles)) == ["a1", pytest.approx(38 / 46), "reprint"]


def test_rewording_is_measured_by_the_words_kept_in_order():
    # Every third word replaced: 17 words of 50. The 33 shared stand in 2 of 2 articles.
    reworded = [OTHERS[n] if n % 3 == 0 else word for n, word in enumerate(WORDS)]
    kept, own = 33 * log(1 + 2 / 2), 17 * log(1 + 2 / 1)
    articles = corpus(WORDS, reworded)
    assert last(find_copies(articles)) == ["a1", pytest.approx(kept / (kept + own)), "reworded"]


def test_same_words_in_another_order_are_no_copy():
    found = find_copies(corpus(WORDS, WORDS[::-1]))
    assert found["kind"].tolist() == ["original", "original"]


def test_short_texts_are_only_ever_exact():
    articles = corpus(WORDS[:19], [*WORDS[:18], "end"], WORDS[:19])
    assert find_copies(articles)["kind"].tolist() == ["original", "original", "exact"]


def test_threshold_leaves_out_what_is_less_alike():
    articles = corpus(WORDS, WORDS[:40] + OTHERS[:10])
    assert find_copies(articles, threshold=0.79)["kind"].tolist() == ["original", "original"]
    # 36 of 46 runs of one text are .78: above a threshold that the share of all runs is below.
    assert last(find_copies(articles, threshold=0.7)) == ["a1", pytest.approx(36 / 46), "partial"]


def test_window_counts_from_date_to_date():
    dates = ["2031-03-03", "2031-03-06", "2031-03-10"]
    articles = corpus(WORDS, WORDS, WORDS, dates=dates)
    found = find_copies(articles, within="3D")
    assert found["copy_of"].fillna("").tolist() == ["", "a1", ""]
    assert find_copies(articles, within=None)["copy_of"].fillna("").tolist() == ["", "a1", "a1"]
    assert find_copies(articles, within="0D")["copy_of"].isna().all()


def test_copy_names_the_most_similar_and_then_the_earliest_source():
    changed = WORDS[:40] + OTHERS[:10]
    found = find_copies(corpus(WORDS, changed, changed, WORDS))
    assert found["copy_of"].fillna("").tolist() == ["", "a1", "a2", "a1"]
    assert found["story"].tolist() == ["a1"] * 4


def test_story_goes_back_to_the_first_of_the_chain():
    second = WORDS[:30] + OTHERS[:20]
    third = OTHERS[:20] + [f"y{number}" for number in range(10)] + WORDS[:20]
    found = find_copies(corpus(WORDS, second, third, [f"z{number}" for number in range(50)]))
    assert found["story"].tolist() == ["a1", "a1", "a1", "a4"]


def test_row_order_does_not_matter():
    articles = fr.simulate_articles(300, random_state=2, share_copies=0.3).articles
    found = find_copies(articles)
    shuffled = find_copies(articles.sample(frac=1, random_state=3))
    pd.testing.assert_frame_equal(shuffled.loc[articles.index], found)


def test_same_date_is_read_in_the_order_of_doc_id():
    articles = corpus(WORDS, WORDS, dates=["2031-03-03"] * 2).iloc[::-1]
    assert find_copies(articles)["copy_of"].fillna("").to_dict() == {"a2": "a1", "a1": ""}


def test_undated_articles_are_compared_with_all_and_counted():
    articles = corpus(WORDS, WORDS, WORDS, dates=["2031-03-03", None, "2031-09-01"])
    with pytest.warns(UserWarning, match="1 of 3 articles have no date"):
        found = find_copies(articles)
    assert found["copy_of"].fillna("").tolist() == ["", "a1", ""]


def test_articles_without_any_date():
    with pytest.warns(UserWarning, match="2 of 2 articles have no date"):
        found = find_copies(corpus(WORDS, WORDS)[["text"]])
    assert found["kind"].tolist() == ["original", "exact"]


def test_table_joins_and_the_caller_keeps_theirs(tiny):
    before = tiny.copy()
    joined = tiny.join(find_copies(tiny))
    assert joined["story"].tolist() == tiny.index.tolist()
    assert joined["kind"].eq("original").all()
    assert joined[["copy_of", "similarity"]].isna().all(axis=None)
    assert [str(kind) for kind in joined.dtypes.iloc[-4:]] == ["str", "str", "float64", "str"]
    pd.testing.assert_frame_equal(tiny, before)


def test_no_articles(tiny):
    found = find_copies(tiny.iloc[:0])
    assert found.empty
    assert found.columns.tolist() == ["story", "copy_of", "similarity", "kind"]


def test_text_without_words_is_an_original():
    assert find_copies(corpus("!!!", "???", WORDS))["kind"].eq("original").all()


def test_own_tokenizer_decides_what_a_word_is():
    articles = corpus(" ".join(WORDS), " ".join(WORDS).replace("w", "v"))
    assert find_copies(articles)["kind"].eq("original").all()
    found = find_copies(articles, tokenizer=lambda text: [word[1:] for word in text.split()])
    assert last(found) == ["a1", 1.0, "exact"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"threshold": 0}, "threshold=0: give a similarity above 0"),
        ({"threshold": 1.1}, "threshold=1.1"),
        ({"within": "3 fortnights"}, "is no length of time"),
        ({"within": 3}, "has no unit: write '3D'"),
        ({"within": "-1D"}, "give 0 or more"),
        ({"within": "NaT"}, "give 0 or more"),
    ],
)
def test_arguments_out_of_range(tiny, arguments, message):
    with pytest.raises(ValueError, match=message):
        find_copies(tiny, **arguments)


def test_all_problems_are_said_at_once(tiny):
    with pytest.raises(ValueError, match=r"(?s)threshold=2.*within=3"):
        find_copies(tiny, threshold=2, within=3)


def test_dates_as_text_are_refused(tiny):
    with pytest.raises(TypeError, match="not plain dates"):
        find_copies(tiny.assign(date=tiny["date"].astype("str")))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), unique_by=lambda pair: pair[0]))
def test_heaviest_chain_is_that_of_the_quadratic_programme(pairs):
    places, weights = [place for place, _ in pairs], [float(weight) for _, weight in pairs]
    best = []
    for number, place in enumerate(places):
        before = [best[other] for other in range(number) if places[other] < place]
        best.append(weights[number] + max(before, default=0.0))
    assert _heaviest_chain(places, weights) == max(best, default=0.0)


@pytest.fixture(scope="module")
def simulation():
    return fr.simulate_articles(2_000, random_state=4)


def test_planted_copies_are_found(simulation):
    found, truth = find_copies(simulation.articles), simulation.stories
    assert found["copy_of"].isna().equals(truth["copy_of"].isna())
    assert (found["story"] == truth["story"]).mean() > 0.999
    assert (found["kind"] == truth["kind"]).mean() > 0.99


def test_candidates_miss_nothing_that_all_pairs_would_show():
    """Every pair by sets of runs, without hashes, samples or windows of keys."""
    articles = fr.simulate_articles(200, random_state=6, share_copies=0.4).articles
    tokens = {name: tokenize(text) for name, text in articles["text"].items()}
    runs = {
        name: {tuple(words[n : n + 5]) for n in range(len(words) - 4)}
        for name, words in tokens.items()
    }
    names = articles.sort_values("date", kind="stable").index.tolist()
    held = pd.Series(0.0, index=articles.index)
    for later, name in enumerate(names):
        for other in names[:later]:
            near = articles.loc[name, "date"] - articles.loc[other, "date"] <= pd.Timedelta("3D")
            both = len(runs[name] & runs[other])
            union = len(runs[name] | runs[other])
            share = both / min(len(runs[name]), len(runs[other]))
            if near and (share >= 0.5 or both / union >= 0.2):
                held[name] = max(held[name], share)
    found = find_copies(articles)
    verbatim = found["kind"].isin(["exact", "reprint", "partial"])
    pd.testing.assert_series_equal(verbatim, held >= 0.35, check_names=False)
    partial = found["kind"] == "partial"
    np.testing.assert_allclose(found.loc[partial, "similarity"], held[partial])


def test_teaching_corpus_has_its_copies_found():
    articles = fr.load_sample()
    articles = fr.drop_boilerplate(articles, fr.find_boilerplate(articles))
    gold = fr.load_sample_gold("stories").set_index("doc_id").loc[articles.index]
    found = find_copies(articles)
    right = found["copy_of"] == gold["copy_of"]
    for outlet, kinds in [("qg", ["reworded"]), ("wg", ["reprint", "partial"])]:
        mine = articles.index.str.startswith(outlet)
        truth = gold["kind"].isin(kinds) & mine
        assert right[truth].mean() >= 0.9
        assert right[found["copy_of"].notna() & mine].mean() >= 0.95
        assert (found["kind"] == gold["kind"])[truth].mean() >= 0.9
    others = ~articles.index.str.startswith(("qg", "wg"))
    assert found.loc[others, "copy_of"].isna().all()


def test_show_copies_marks_what_differs_and_escapes_the_rest(tiny):
    articles = tiny.assign(
        headline="<script>alert(1)</script>",
        text=["War <b>began</b>.\n\nTroops crossed."] + ["War ended.\n\nTroops crossed."] * 5,
    )
    html = show_copies(articles, "a1", "a2").data
    assert "<script>" not in html
    assert "<b>" not in html
    assert "War <del>&lt;b&gt;began&lt;/b&gt;.</del>\n\nTroops crossed." in html
    assert "War <ins>ended.</ins>\n\nTroops crossed." in html
    assert "a1 Herald 2031-03-03<br>&lt;script&gt;" in html


def test_show_copies_of_articles_with_text_alone():
    html = show_copies(corpus("War began.", "War began.")[["text"]], "a1", "a2").data
    assert "<del>" not in html
    assert "<ins>" not in html
    assert html.count("War began.") == 2


def test_show_copies_of_unknown_articles(tiny):
    with pytest.raises(KeyError, match="No article 'a9'"):
        show_copies(tiny, "a1", "a9")
