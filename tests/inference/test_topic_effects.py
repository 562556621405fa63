"""Contrasts of topic shares: by hand, against statsmodels, and where the answer was planted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from framing.inference.topic_effects import (
    _contrasts,
    _estimates,
    _study,
    refit_shares,
    topic_effects,
    topic_levels,
    unshrunk_shares,
)
from framing.measures.topics.batches import fit_topic_batches
from framing.measures.topics.fit import fit_topics
from framing.text.counts import TermCounts


def ids(n):
    return pd.Index([f"a{number:03}" for number in range(n)], name="doc_id")


def table_of(war, outlet, **columns):
    """Shares of two topics and articles."""
    index = ids(len(war))
    war = pd.Series(np.asarray(war, dtype=float), index)
    articles = pd.DataFrame({"outlet": outlet, **columns}, index)
    return pd.DataFrame({"war": war, "oil": 1 - war}), articles


def sixty():
    """Sixty articles in fifteen stories that any program can make again."""
    i = np.arange(60)
    leaning, star = (i * 7 % 11) / 10, i % 3 == 0
    linear = -0.8 + 0.9 * leaning - 0.5 * star + 0.6 * np.sin(i // 4) + 0.7 * np.cos(3 * i)
    outlet = np.where(star, "Star", "Herald")
    story = [f"s{number}" for number in i // 4]
    return table_of(1 / (1 + np.exp(-linear)), outlet, leaning=leaning, story=story)


def planted(seed, n=150):
    """Counts of three topics, of which the Star prints more of the first."""
    rng = np.random.default_rng(seed)
    words = np.kron(np.eye(3), np.full(8, 0.9 / 8)) + 0.1 / 24
    star = rng.integers(2, size=n)
    theta = np.array([rng.dirichlet([2.0, 0.5, 0.5] if each else [0.5, 1, 1]) for each in star])
    rows = np.array([rng.multinomial(80, share @ words) for share in theta])
    terms = pd.Index([f"w{number:02}" for number in range(24)], name="term")
    counts = TermCounts(sparse.csr_matrix(rows), ids(n), terms)
    outlet = np.where(star == 1, "Star", "Herald")
    return counts, pd.DataFrame({"outlet": outlet}, ids(n)), pd.DataFrame(theta, ids(n))


def test_one_outlet_against_another_is_a_difference_of_means():
    shares, articles = table_of([0.1, 0.3, 0.6, 0.8], ["Herald"] * 2 + ["Star"] * 2)
    row = topic_effects(shares, articles, "outlet").iloc[0]
    assert row["term"] == "Star − Herald"
    assert row["estimate"] == pytest.approx(50)
    # residuals of .1: variance of each mean .02 / 4, both .01, times n / (n - k) = 2
    error, critical = np.sqrt(0.01 * 2), 4.302652729749464
    assert row["estimate"] - row["low"] == pytest.approx(100 * critical * error)
    assert row["high"] == 100  # and not 110.8, which no difference of shares can be
    assert (row["n"], row["n_reference"]) == (2, 2)


def test_a_level_of_one_article_or_story_has_no_interval():
    shares, articles = sixty()
    lone = articles.assign(outlet=["Star"] + ["Herald"] * 59)
    row = topic_effects(shares, lone.drop(columns="story"), "outlet").iloc[0]
    assert np.isfinite(row["estimate"]) and row[["low", "high", "p"]].isna().all()
    assert row["interval"] == "none: a level has a single article or story"
    one_story = articles.assign(
        outlet=["Star"] * 9 + ["Herald"] * 51, story=["s"] * 9 + [f"h{k}" for k in range(51)]
    )
    assert topic_effects(shares, one_story, "outlet")["p"].isna().all()
    levels = topic_levels(shares, one_story, "outlet").set_index(["topic", "level"])
    assert levels["low"].unstack().isna().all().to_dict() == {"Herald": False, "Star": True}


def test_intervals_of_three_articles_against_many_hold_the_truth():
    rng = np.random.default_rng(0)
    shares = pd.DataFrame(
        {k: np.append(rng.beta(2, 3, 3), rng.beta(1, 3, 60)) for k in range(300)}, ids(63)
    )
    articles = pd.DataFrame({"outlet": ["Star"] * 3 + ["Herald"] * 60}, ids(63))
    tables = [topic_effects(shares[[k]], articles, "outlet") for k in shares]
    found = pd.concat(tables)
    assert ((found["low"] <= 15) & (found["high"] >= 15)).mean() == pytest.approx(0.95, abs=0.03)


def test_contrasts_and_errors_as_statsmodels():
    # statsmodels 0.15.0, run once: Logit(...).fit(cov_type="cluster", ...).get_margeff(dummy=True)
    shares, articles = sixty()
    row = topic_effects(shares[["war"]], articles, "outlet + leaning").iloc[0]
    critical = 2.1447866879169273  # Student's t with 14 degrees of freedom
    assert row["estimate"] == pytest.approx(100 * -0.11123266559467351, rel=1e-9)
    half = row["high"] - row["estimate"]
    assert half == pytest.approx(100 * critical * 0.024174850598724085, rel=1e-9)
    assert row["interval"] == "fractional logit 95 %, clustered by story; topics taken as known"


def test_a_number_is_compared_at_its_quartiles():
    shares, articles = sixty()
    row = topic_effects(shares, articles, "leaning").iloc[0]
    assert (row["term"], row["n"], row["n_reference"]) == ("0.8 − 0.2", 60, 60)
    levels = topic_levels(shares, articles, "leaning")
    share = levels[levels["topic"] == "war"].set_index("level")["share"]
    assert 100 * (share["0.8"] - share["0.2"]) == pytest.approx(row["estimate"])


def test_dates_are_named_by_their_day():
    shares, articles = sixty()
    articles["date"] = pd.Timestamp("2031-03-01") + pd.to_timedelta(np.arange(60), unit="D")
    row = topic_effects(shares, articles, "date").iloc[0]
    assert row["term"] == "2031-04-14 − 2031-03-15"


def test_a_part_of_the_articles_is_told_how_to_go_on():
    shares, articles = sixty()
    with pytest.raises(ValueError, match=r"shares\[shares\.index\.isin\(articles\.index\)\]"):
        topic_effects(shares, articles.head(20), "outlet")


def test_levels_of_an_only_covariate_are_plain_means():
    shares, articles = sixty()
    table = topic_levels(shares, articles, "outlet")
    war = table[table["topic"] == "war"].set_index("level")
    means = shares["war"].groupby(articles["outlet"]).mean()
    assert war["share"].to_dict() == pytest.approx(means.to_dict())
    assert war["n"].to_dict() == {"Herald": 40, "Star": 20}
    assert ((war["low"] < war["share"]) & (war["share"] < war["high"])).all()
    assert table["low"].between(0, 1).all()


def test_a_story_printed_again_and_again_makes_no_surer():
    shares, articles = table_of([0.1, 0.3, 0.2, 0.6, 0.4, 0.7], ["Herald"] * 3 + ["Star"] * 3)
    articles["story"] = list("abcdef")
    often = np.repeat(np.arange(6), 10)
    many, copies = shares.iloc[often].set_axis(ids(60)), articles.iloc[often].set_axis(ids(60))
    one = topic_effects(shares, articles, "outlet").iloc[0]
    ten = topic_effects(many, copies, "outlet").iloc[0]
    assert ten["estimate"] == pytest.approx(one["estimate"])
    # stories are the clusters: only the factor (n - 1) / (n - k) and the df of t move
    assert ten["high"] - ten["low"] > 0.7 * (one["high"] - one["low"])
    naive = topic_effects(many, copies.drop(columns="story"), "outlet").iloc[0]
    assert naive["high"] - naive["low"] < 0.3 * (one["high"] - one["low"])


def test_p_values_are_adjusted_over_all_topics():
    from scipy.stats import false_discovery_control

    shares, articles = sixty()
    table = topic_effects(shares, articles, "outlet + leaning")
    assert np.allclose(table["p_adjusted"], false_discovery_control(table["p"]))
    inside = (table["low"] < 0) & (table["high"] > 0)
    assert (inside == (table["p"] > 0.05)).all()


def test_the_reference_can_be_chosen():
    shares, articles = sixty()
    one = topic_effects(shares, articles, "outlet")
    two = topic_effects(shares, articles, "outlet", reference={"outlet": "Star"})
    assert two["term"].iloc[0] == "Herald − Star"
    assert np.allclose(one["estimate"], -two["estimate"])


def test_refits_are_matched_by_what_documents_hold():
    shares, articles = sixty()
    turned = shares.rename(columns={"war": "topic_1", "oil": "topic_2"})[["topic_2", "topic_1"]]
    same = topic_effects(shares, articles, "outlet", refits=[turned] * 3)
    alone = topic_effects(shares, articles, "outlet")
    assert np.allclose(same["match"], 1)
    assert np.allclose(same["low"], alone["low"])
    assert alone["match"].isna().all()


def test_the_spread_of_refits_widens_the_interval_by_rubins_rule():
    shares, articles = table_of([0.1, 0.3, 0.6, 0.8], ["Herald"] * 2 + ["Star"] * 2)
    move = pd.Series([0.0, 0.0, 1.0, 1.0], shares.index)
    refits = [shares.assign(war=shares["war"] + by * move) for by in (-0.1, 0.0, 0.1)]
    refits = [each.assign(oil=1 - each["war"]) for each in refits]
    row = topic_effects(shares, articles, "outlet", refits=refits).iloc[0]
    # differences .4 .5 .6: variance .01, times 1 + 1/3; regression .02
    within, between = 0.02, 0.01 * 4 / 3
    total = within + between
    df = total**2 / (within**2 / 2 + between**2 / 2)  # two variances of 2 degrees each
    from scipy.stats import t

    assert row["estimate"] - row["low"] == pytest.approx(
        100 * t.ppf(0.975, df) * np.sqrt(total), rel=1e-9
    )
    assert row["interval"].endswith("topics refitted 3 times")


def test_refits_that_differ_much_do_not_make_an_interval_without_end():
    values = [0.02, 0.021] + [0.02, 0.019, 0.021] * 20
    shares, articles = table_of(values, ["Herald"] * 2 + ["Star"] * 60)
    move = (articles["outlet"] == "Star").astype(float)
    refits = [shares.assign(war=shares["war"] + by * move) for by in (-0.015, 0, 0.01, 0.03)]
    refits = [each.assign(oil=1 - each["war"]) for each in refits]
    table = topic_effects(shares, articles, "outlet", refits=refits)
    # the spread of the refits is known by four of them, that of the articles hardly matters
    half = table["high"] - table["estimate"]
    assert (half < 10).all()
    # and two against three articles that differ widely know nothing, but no more than all of it
    shares, articles = table_of([0.1, 0.9, 0.2, 0.99], ["Herald"] * 2 + ["Star"] * 2)
    table = topic_effects(shares, articles, "outlet")
    assert table["low"].ge(-100).all() and table["high"].le(100).all()


def test_shares_that_are_not_shrunk_by_hand():
    # two topics that share no word: shares are the shares of their words
    counts, *_ = planted(seed=4, n=30)
    topics = fit_topics(counts, 2)
    words = np.kron(np.eye(2), np.full(12, 1 / 12))
    words = pd.DataFrame(words, topics.term_probabilities.index, counts.terms)
    shares = unshrunk_shares(replace(topics, term_probabilities=words), counts)
    first = counts.matrix[:, :12].sum(axis=1) / counts.matrix.sum(axis=1)
    assert np.allclose(shares.iloc[:, 0], np.asarray(first).ravel())


def test_shares_that_are_not_shrunk_are_right_on_average():
    counts, _, theta = planted(seed=5, n=2000)
    topics = fit_topics(counts, 3)
    words = np.kron(np.eye(3), np.full(8, 0.9 / 8)) + 0.1 / 24
    words = words / words.sum(axis=1, keepdims=True)
    known = pd.DataFrame(words, topics.term_probabilities.index, counts.terms)
    shares = unshrunk_shares(replace(topics, term_probabilities=known), counts)
    assert np.allclose(shares.sum(axis=1), 1)
    slopes = np.linalg.lstsq(theta.to_numpy(), shares.to_numpy(), rcond=None)[0]
    assert np.allclose(slopes, np.eye(3), atol=0.02)
    assert shares.to_numpy().min() < 0


def test_topics_with_the_same_words_share_evenly():
    counts, *_ = planted(seed=6, n=20)
    topics = fit_topics(counts, 3)
    words = topics.term_probabilities.copy()
    words.iloc[2] = words.iloc[1]
    shares = unshrunk_shares(replace(topics, term_probabilities=words), counts)
    assert np.allclose(shares.iloc[:, 1], shares.iloc[:, 2])
    assert np.allclose(shares.sum(axis=1), 1)


def test_topics_of_batches_give_shares_that_are_not_shrunk():
    counts, *_ = planted(seed=6, n=60)
    topics = fit_topic_batches([counts], 3)
    assert np.allclose(unshrunk_shares(topics, counts).sum(axis=1), 1)


def test_topics_of_weights_or_other_words_have_no_shares_of_words():
    counts, *_ = planted(seed=6, n=20)
    with pytest.raises(ValueError, match="Topics of NMF are made of tf-idf weights"):
        unshrunk_shares(fit_topics(counts, 3, method="nmf"), counts)
    with pytest.raises(ValueError, match="None of the 24 terms is known"):
        unshrunk_shares(fit_topics(counts, 3), counts._replace(terms=counts.terms + "x"))
    with pytest.raises(TypeError, match="must be what fit_topics returns, not TermCounts"):
        unshrunk_shares(counts, counts)


def test_documents_without_known_terms_have_no_share():
    counts, *_ = planted(seed=6, n=20)
    topics = fit_topics(counts, 3)
    rest = sparse.diags_array([float(name != "a003") for name in counts.documents])
    shares = unshrunk_shares(
        topics, counts._replace(matrix=sparse.csr_matrix(rest @ counts.matrix))
    )
    assert shares.index.tolist() == [name for name in counts.documents if name != "a003"]


def test_shares_beyond_0_and_1_are_regressed_by_least_squares():
    shares, articles = table_of([-0.1, 0.3, 0.6, 1.2], ["Herald"] * 2 + ["Star"] * 2)
    row = topic_effects(shares, articles, "outlet").iloc[0]
    assert row["estimate"] == pytest.approx(80)
    assert row["interval"] == "least squares 95 %; topics taken as known"
    levels = topic_levels(shares, articles, "outlet").iloc[0]
    assert levels["share"] == pytest.approx(0.1)
    assert levels["low"] < 0 < levels["high"]


def test_a_planted_difference_is_found_with_refits():
    counts, articles, theta = planted(seed=1)
    topics = fit_topics(counts, 3)
    refits = refit_shares(counts, articles, 3, n_refits=4, random_state=1)
    table = topic_effects(topics.shares, articles, "outlet", refits=refits).set_index("topic")
    first = topics.term_probabilities.iloc[:, :8].sum(axis=1).idxmax()
    truth = 100 * theta[0].groupby(articles["outlet"]).mean().diff()["Star"]
    assert table.loc[first, "low"] < truth < table.loc[first, "high"]
    assert table.loc[first, "p_adjusted"] < 0.001
    assert (table["match"] > 0.95).all()


def test_refits_repeat_and_keep_stories_together():
    counts, articles, _ = planted(seed=2, n=60)
    one, two, other = (
        refit_shares(counts, articles, 3, n_refits=2, random_state=seed) for seed in (5, 5, 6)
    )
    pd.testing.assert_frame_equal(one[1], two[1])
    assert not one[1].equals(other[1])
    assert all(np.allclose(table.sum(axis=1), 1) for table in one)
    single = refit_shares(counts, articles.assign(story="s1"), 3, n_refits=1)[0]
    whole = refit_shares(counts, articles.assign(story="s1"), 3, n_refits=1, random_state=9)[0]
    assert np.allclose(single.max(), whole.max(), atol=0.05)  # one story: the same documents


def test_refits_take_the_options_of_the_topics():
    counts, articles, _ = planted(seed=2, n=60)
    topics = fit_topics(counts, 3, seeds={"war": ["w00", "w01"]}, seed_weight=0.5)
    refits = refit_shares(counts, articles, 3, n_refits=2, **topics.options)
    assert all(table.columns[0] == "war" for table in refits)


def test_coverage_of_planted_differences():
    inside = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        star = rng.integers(2, size=80)[np.arange(120) % 80]  # every third story is printed twice
        story = np.arange(120) % 80
        mean = np.where(star, 0.45, 0.30)
        war = rng.beta(4 * mean[:80], 4 * (1 - mean[:80]))[story]
        shares, articles = table_of(war, np.where(star, "Star", "Herald"), story=story.astype(str))
        row = topic_effects(shares[["war"]], articles, "outlet").iloc[0]
        inside.append(row["low"] <= 15 <= row["high"])
    assert np.mean(inside) >= 0.85  # .95 less three standard errors of 40 draws, rounded


def test_a_topic_that_an_outlet_never_prints_has_no_estimate():
    shares, articles = table_of([0, 0, 0, 0.5, 0.4, 0.3], ["Herald"] * 3 + ["Star"] * 3)
    table = topic_effects(shares, articles, "outlet")
    assert table["estimate"].isna().all()
    assert table["p_adjusted"].isna().all()
    assert table["interval"].unique().tolist() == [
        "none: the share is 0 or 1 in all articles of a level"
    ]


@pytest.mark.parametrize("formula", ["outlet", "leaning", "outlet * leaning"])
@pytest.mark.parametrize("stretch", [0.9, 2.0])  # within 0 and 1, and beyond
def test_refits_are_regressed_as_the_topics_themselves(formula, stretch):
    shares, articles = sixty()
    war = [shares["war"] * stretch**power for power in (1, 2, 3)]
    first, *refits = [shares.assign(war=each, oil=1 - each) for each in war]
    study = _study(first, articles, formula, None, refits, 0.95)
    by_kind = [_estimates(study, table, list(_contrasts(study))) for table in study.tables]
    for table, estimates in zip([first, *refits], by_kind, strict=True):
        whole = topic_effects(table, articles, formula)["estimate"]
        assert (100 * estimates).ravel() == pytest.approx(whole.to_numpy(), abs=1e-8)


def test_a_refit_without_a_topic_in_an_outlet_is_told():
    shares, articles = table_of([0.2, 0.1, 0.3, 0.5, 0.4, 0.3], ["Herald"] * 3 + ["Star"] * 3)
    none = shares.assign(war=shares["war"].where(articles["outlet"] == "Star", 0.0))
    none = none.assign(oil=1 - none["war"])
    table = topic_effects(shares, articles, "outlet", refits=[shares, none])
    assert table["estimate"].notna().all()
    assert table["low"].isna().all()
    assert table["interval"].unique().tolist() == [
        "none: in a refit the share is 0 or 1 in all articles of a level"
    ]


def test_articles_left_out_are_told():
    shares, articles = sixty()
    articles.loc["a003", "outlet"] = None
    with pytest.warns(UserWarning) as caught:
        table = topic_effects(shares.drop("a001"), articles, "outlet")
    texts = [str(each.message) for each in caught]
    assert any("1 articles have no shares (a001)" in text for text in texts)
    assert any("1 of 59 articles are left out: 1 without outlet" in text for text in texts)
    assert table["n"].iloc[0] + table["n_reference"].iloc[0] == 58
    assert {each.filename for each in caught} == {__file__}


def test_rows_are_joined_by_doc_id():
    shares, articles = sixty()
    mixed = articles.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        topic_effects(shares, mixed, "outlet"), topic_effects(shares, articles, "outlet")
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t * 10, "60 of 60 rows of `shares` have a value that is no share"),
        (lambda t: t.assign(war=np.nan), "no share"),
        (lambda t: pd.concat([t, t.head(2)]), "2 doc_id are in `shares` more than once"),
        (lambda t: t.rename(index={"a000": "b"}), "1 of 60 doc_id of `shares` are not in"),
        (lambda t: t.iloc[:0], "empty"),
    ],
)
def test_shares_that_cannot_be_used_say_why(change, message):
    shares, articles = sixty()
    with pytest.raises(ValueError, match=message):
        topic_effects(change(shares), articles, "outlet")


def test_other_arguments_that_cannot_be_used_say_why():
    shares, articles = sixty()
    with pytest.raises(ValueError, match="lacks 10 of 60 documents"):
        topic_effects(shares, articles, "outlet", refits=[shares.iloc[10:]])
    with pytest.raises(ValueError, match="names no covariate"):
        topic_effects(shares, articles, "1")
    with pytest.raises(ValueError, match="level=95"):
        topic_levels(shares, articles, "outlet", level=95)
    with pytest.raises(ValueError, match="n_refits=0"):
        counts, articles, _ = planted(seed=3, n=20)
        refit_shares(counts, articles, 2, n_refits=0)


def test_a_single_refit_is_refused():
    shares, articles = sixty()
    with pytest.raises(TypeError, match="`refits` must be a list of shares, not DataFrame"):
        topic_effects(shares, articles, "outlet", refits=shares)
    for one in ([shares], iter([shares])):
        with pytest.raises(ValueError, match="One refit does not say how much topics vary"):
            topic_effects(shares, articles, "outlet", refits=one)
