"""Keyness against hand and published values; its test against corpora where nothing differs."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats

import framing as fr
from framing.measures.keyness import compare_words, keyness

LOG2 = np.log2


def two_groups(target, reference, terms=None):
    """Two articles, Herald and Star, with the uses of each term."""
    index = pd.Index(["a1", "a2"], name="doc_id")
    terms = terms or [f"w{number}" for number in range(len(target))]
    counts = fr.TermCounts(sparse.csr_matrix([target, reference]), index, pd.Index(terms))
    return counts, pd.DataFrame({"outlet": ["Herald", "Star"]}, index=index)


def of_term(table, term):
    return table.set_index("term").loc[term]


def test_log_odds_and_z_by_hand():
    # 10 of 100 tokens against 5 of 200, prior 30 tokens of which a tenth is the term.
    table = keyness(*two_groups([10, 90], [5, 195]), between=("Herald", "Star"), prior_size=20)
    row = of_term(table, "w0")
    alpha = 20 * 15 / 300
    assert row["prior"] == pytest.approx(alpha) == 1
    log_odds = np.log(11 / (100 + 20 - 11)) - np.log(6 / (200 + 20 - 6))
    assert row["log_odds"] == pytest.approx(log_odds)
    assert row["z"] == pytest.approx(log_odds / np.sqrt(1 / 11 + 1 / 6))
    assert row["log_ratio"] == pytest.approx(LOG2((10 / 100) / (5 / 200))) == 2
    assert row[["n_target", "n_reference"]].tolist() == [10, 5]
    assert row[["rate_target", "rate_reference"]].tolist() == [100, 25]


@pytest.mark.parametrize(
    ("cells", "published"),
    [
        ((110, 2442, 111, 29114), 270.72),
        ((29, 13, 123, 31612), 263.90),
        ((31, 23, 139, 31584), 256.84),
        ((10, 0, 3, 31764), 167.23),
    ],
)
def test_log_likelihood_ratios_that_dunning_published(cells, published):
    # Dunning (1993), Computational Linguistics 19, 61-74: the strongest bigrams of his table.
    a, b, c, d = cells
    table = keyness(*two_groups([a, c], [b, d]), between=("Herald", "Star"))
    assert of_term(table, "w0")["g2"] == pytest.approx(published, abs=0.006)


def test_the_interval_is_the_published_exact_one():
    # Newcombe (1998), Statistics in Medicine 17, 857-872, Table I, method 5: 15 of 148.
    index = pd.Index([f"a{number}" for number in range(10_000)], name="doc_id")
    uses = np.zeros((10_000, 2), dtype=int)
    uses[:15, 0] = uses[5000:5133, 0] = 1
    uses[:, 1] = 100 - uses[:, 0]
    outlet = ["Herald"] * 5000 + ["Star"] * 5000
    counts = fr.TermCounts(sparse.csr_matrix(uses), index, pd.Index(["war", "rest"]))
    articles = pd.DataFrame({"outlet": outlet}, index=index)
    row = of_term(keyness(counts, articles, between=("Herald", "Star")), "war")
    assert row["design_effect"] == 1
    shares = 2 ** row[["low", "high"]].astype(float)
    assert (shares / (1 + shares)).tolist() == pytest.approx([0.0578, 0.1617], abs=5e-5)
    p = stats.binom(148, 0.5)
    assert row["p"] == pytest.approx(2 * (p.cdf(14) + p.pmf(15) / 2), rel=0.05)
    assert row["z_clustered"] == pytest.approx(stats.norm.ppf(row["p"] / 2))


def test_a_word_of_one_article_is_no_contrast(tiny):
    index = pd.Index([f"a{number:02}" for number in range(40)], name="doc_id")
    uses = np.tile([0, 0, 100], (40, 1))
    uses[0, 0] = 20  # twenty times in one article
    uses[:20, 1] = 1  # once in each of twenty
    articles = pd.DataFrame({"outlet": ["Herald"] * 20 + ["Star"] * 20}, index=index)
    counts = fr.TermCounts(sparse.csr_matrix(uses), index, pd.Index(["name", "spread", "the"]))
    table = keyness(counts, articles, between=("Herald", "Star"))
    name, spread = of_term(table, "name"), of_term(table, "spread")
    assert name["z"] == spread["z"] and name["g2"] == spread["g2"]
    assert name["n_articles_target"] == 1 and spread["n_articles_target"] == 20
    assert name["design_effect"] == pytest.approx(20, rel=0.05) and name["p"] > 0.2
    assert spread["design_effect"] == 1 and spread["p"] < 1e-5


def test_copies_of_a_story_are_one_piece_of_evidence():
    index = pd.Index([f"a{number:02}" for number in range(40)], name="doc_id")
    uses = np.tile([0, 100], (40, 1))
    uses[:10, 0] = 1
    articles = pd.DataFrame({"outlet": ["Herald"] * 20 + ["Star"] * 20}, index=index)
    counts = fr.TermCounts(sparse.csr_matrix(uses), index, pd.Index(["siege", "the"]))
    alone = of_term(keyness(counts, articles, between=("Herald", "Star")), "siege")
    story = ["s1"] * 10 + [None] * 30
    copied = keyness(counts, articles.assign(story=story), between=("Herald", "Star"))
    assert alone["p"] < 0.01 and alone["interval"].endswith("article")
    copied = of_term(copied, "siege")
    assert copied["p"] > 0.1 and copied["interval"].endswith("clustered by story")
    assert copied["z"] == alone["z"]


def test_a_word_that_only_the_others_use_is_found():
    rng = np.random.default_rng(3)
    index = pd.Index([f"a{number:03}" for number in range(150)], name="doc_id")
    uses = np.column_stack([rng.negative_binomial(2, 0.4, 150), np.full(150, 250)])
    uses[:20, 0] = 0
    articles = pd.DataFrame({"outlet": ["Herald"] * 20 + ["Star"] * 130}, index=index)
    counts = fr.TermCounts(sparse.csr_matrix(uses), index, pd.Index(["said", "the"]))
    said = of_term(keyness(counts, articles, between=("Herald", "Star")), "said")
    assert said["n_target"] == 0 and said["p"] < 1e-6 and said["high"] < -2


def test_the_design_effect_is_that_of_the_formula_also_for_stories_on_both_sides():
    rng = np.random.default_rng(5)
    index = pd.Index([f"a{number:02}" for number in range(12)], name="doc_id")
    uses = rng.negative_binomial(1, 0.1, (12, 2)) + np.array([0, 30])
    story = np.array(list("abcdefabggha"))
    side = np.repeat([1, -1], 6)
    articles = pd.DataFrame({"outlet": np.where(side > 0, "H", "S"), "story": story}, index=index)
    counts = fr.TermCounts(sparse.csr_matrix(uses), index, pd.Index(["war", "the"]))
    found = of_term(keyness(counts, articles, between=("H", "S")), "war")["design_effect"]
    length, y = uses.sum(axis=1), uses[:, 0]
    n = np.where(side > 0, length[:6].sum(), length[6:].sum())
    p = np.where(side > 0, y[:6].sum(), y[6:].sum()) / n
    sums = pd.Series(side * (y - p * length) / n).groupby(story).sum()
    independent = p[0] * (1 - p[0]) / n[0] + p[6] * (1 - p[6]) / n[6]
    assert found == pytest.approx((sums**2).sum() * 8 / 6 / independent)
    assert found > 1


def test_a_lone_article_is_one_use():
    uses = np.tile([0, 100], (10, 1))
    uses[0, 0] = 40
    index = pd.Index([f"a{number}" for number in range(10)], name="doc_id")
    articles = pd.DataFrame({"outlet": ["Herald"] + ["Star"] * 9}, index=index)
    counts = fr.TermCounts(sparse.csr_matrix(uses), index, pd.Index(["name", "the"]))
    row = of_term(keyness(counts, articles, between=("Herald", "Star")), "name")
    assert row["design_effect"] == pytest.approx(40, rel=0.5) and row["p"] > 0.5


def null_corpus(rng, n=120, n_target=40, n_words=300):
    """Bursty words that do not differ between the groups."""
    shapes = np.linspace(3, 0.02, n_words)
    rates = 60 / (np.arange(n_words) + 5)
    uses = rng.poisson(rates * rng.gamma(shapes, 1 / shapes, (n, n_words)))
    index = pd.Index([f"a{number:03}" for number in range(n)], name="doc_id")
    terms = pd.Index([f"w{number:03}" for number in range(n_words)])
    outlet = np.where(np.arange(n) < n_target, "Herald", "Star")
    kept = uses.sum(axis=0) > 0
    counts = fr.TermCounts(sparse.csr_matrix(uses[:, kept]), index, terms[kept])
    return counts, pd.DataFrame({"outlet": outlet}, index=index)


def test_where_nothing_differs_the_clustered_test_finds_nothing_and_z_does():
    rng = np.random.default_rng(0)
    found = {"clustered": 0, "z": 0, "g2": 0}
    for _ in range(25):
        table = keyness(*null_corpus(rng), between=("Herald", "Star"))
        plain = {"z": 2 * stats.norm.sf(table["z"].abs()), "g2": stats.chi2.sf(table["g2"], 1)}
        found["clustered"] += (table["p_adjusted"] < 0.05).any()
        for name, p in plain.items():
            found[name] += (stats.false_discovery_control(p) < 0.05).any()
    assert found["clustered"] <= 2
    assert found["z"] >= 15 and found["g2"] >= 15


def test_a_planted_difference_is_found():
    rng = np.random.default_rng(1)
    counts, articles = null_corpus(rng)
    uses = counts.matrix.toarray()
    uses[:40, 3] *= 2
    counts = counts._replace(matrix=sparse.csr_matrix(uses))
    table = keyness(counts, articles, between=("Herald", "Star"))
    assert table.sort_values("p")["term"].iloc[0] == "w003"
    assert table["p_adjusted"].min() < 0.01


def test_p_values_are_adjusted_over_all_rows(tiny):
    table = keyness(fr.count_terms(tiny), tiny)
    expected = stats.false_discovery_control(table["p"])
    assert table["p_adjusted"].tolist() == pytest.approx(expected.tolist())
    assert set(table["group"]) == {"Herald", "Star"} and set(table["reference"]) == {"the rest"}


def test_swapping_the_groups_turns_every_sign(tiny):
    counts = fr.count_terms(tiny)
    one = keyness(counts, tiny, between=("Herald", "Star")).set_index("term")
    two = keyness(counts, tiny, between=("Star", "Herald")).set_index("term").loc[one.index]
    for name in ("log_odds", "z", "log_ratio", "z_clustered"):
        assert one[name].to_numpy() == pytest.approx(-two[name].to_numpy())
    assert one["p"].to_numpy() == pytest.approx(two["p"].to_numpy())
    assert one["low"].to_numpy() == pytest.approx(-two["high"].to_numpy())


def test_each_period_is_compared_with_all_before_it(tiny):
    table = keyness(fr.count_terms(tiny), tiny, by="day", between="before")
    days = pd.to_datetime(["2031-03-04", "2031-03-05"])
    assert table["group"].unique().tolist() == days.tolist()
    peace = table[table["term"] == "peace"].set_index("group")
    assert peace.loc[days[1], ["n_target", "n_reference"]].tolist() == [2, 0]
    war = table[table["term"] == "war"].set_index("group")
    assert war.loc[days[0], ["n_target", "n_reference"]].tolist() == [1, 1]
    assert war.loc[days[1], ["n_target", "n_reference"]].tolist() == [0, 2]


def test_the_prior_comes_from_the_background_and_has_the_size_asked_for(tiny):
    counts = fr.count_terms(tiny)
    index = pd.Index(["b1"], name="doc_id")
    background = fr.TermCounts(sparse.csr_matrix([[7, 92]]), index, pd.Index(["war", "peace"]))
    table = keyness(counts, tiny, background=background, prior_size=50, between=("Herald", "Star"))
    prior = table.set_index("term")["prior"]
    assert prior.sum() == pytest.approx(50)
    assert prior["peace"] / prior["war"] == pytest.approx(92 / 7)
    assert prior["oil"] / prior["war"] == pytest.approx(0.5 / 7)
    default = keyness(counts, tiny, between=("Herald", "Star"))["prior"]
    assert default.sum() == pytest.approx(counts.matrix.sum() / 100)


def test_sentences_count_for_their_article(tiny):
    whole = keyness(fr.count_terms(tiny), tiny)
    parts = keyness(fr.count_terms(tiny, unit="sentence"), tiny)
    pd.testing.assert_frame_equal(whole, parts)


def test_rows_are_joined_by_doc_id(tiny):
    counts = fr.count_terms(tiny)
    shuffled = tiny.iloc[[3, 1, 5, 0, 2, 4]]
    pd.testing.assert_frame_equal(keyness(counts, tiny), keyness(counts, shuffled))


def test_enormous_counts_keep_their_rank():
    table = keyness(*two_groups([90_000, 10], [10, 90_000]), between=("Herald", "Star"))
    assert np.isfinite(table[["z", "z_clustered"]].to_numpy()).all()
    assert (table["p"] <= 1).all()


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"by": ["outlet"]}, TypeError, "one name"),
        ({"between": "Herald"}, TypeError, "name two groups"),
        ({"between": ("Herald", "Herald")}, ValueError, "twice"),
        ({"between": ("Herald", "Times")}, KeyError, "'Times'.*Herald, Star"),
        ({"prior_size": 0}, ValueError, "above 0"),
        ({"by": "section"}, KeyError, "No column 'section'"),
    ],
)
def test_mistakes_are_named(tiny, change, kind, words):
    with pytest.raises(kind, match=words):
        keyness(fr.count_terms(tiny), tiny, **change)


def test_tables_that_do_not_fit_are_refused(tiny):
    counts = fr.count_terms(tiny)
    with pytest.raises(TypeError, match="count_terms"):
        keyness(tiny, tiny)
    with pytest.raises(ValueError, match=r"3 of 6 doc_id of `counts`.*a4, a5, a6"):
        keyness(counts, tiny.head(3))
    with pytest.raises(ValueError, match="Only one group"):
        keyness(fr.count_terms(tiny.head(3)), tiny.head(3))
    with (
        pytest.warns(UserWarning, match="3 of 6 articles have no counts"),
        pytest.raises(ValueError, match="Only one group"),
    ):
        keyness(fr.count_terms(tiny.head(3)), tiny)
    with pytest.warns(UserWarning, match="1 of 6 articles have no outlet"):
        keyness(counts, tiny.assign(outlet=["Herald", "Herald", None, "Star", "Star", "Star"]))
    empty = fr.count_terms(tiny, stop_words=fr.tokenize(" ".join(tiny["text"].tail(3))))
    with pytest.raises(ValueError, match="No counted word in Star"):
        keyness(empty, tiny, between=("Herald", "Star"))


def labelled(texts, **columns):
    index = pd.Index([f"a{number}" for number in range(len(texts))], name="doc_id")
    return pd.DataFrame({"text": texts, **columns}, index=index)


def test_words_compared_by_hand():
    articles = labelled(
        ["Rebels met rebels.", "A terrorist, rebels say.", "Terrorists fled.", "Rain."],
        outlet=["Herald", "Herald", "Star", "Star"],
    )
    table = compare_words(articles, "terrorist*", "rebel*", by="outlet")
    assert table[["n_a", "n_b", "n_articles"]].to_numpy().tolist() == [[1, 3, 2], [1, 0, 1]]
    assert table["share"].tolist() == [0.25, 1.0]
    assert table.loc[1, ["low", "high"]].tolist() == [0, 1]  # one article only: no telling


def test_the_interval_of_a_share_is_wilsons_at_the_design_effect():
    texts = ["terrorists " * a + "rebels " * b for a, b in [(3, 0), (0, 3), (1, 1), (2, 0)]]
    row = compare_words(labelled(texts), "terrorist*", "rebel*", by=None).iloc[0]
    share, sums = 0.6, np.array([(3, 3), (0, 3), (1, 2), (2, 2)])
    spread = ((sums[:, 0] - share * sums[:, 1]) ** 2).sum() * 4 / 3
    effect = spread / (10 * share * (1 - share))
    assert effect > 1
    critical = stats.t.ppf(0.975, 3) * np.sqrt(effect)
    n = 10 / critical**2  # Wilson's ends solve n (p - x)^2 = x (1 - x) for the standard normal's 1
    ends = np.roots([1 + 1 / n, -(2 * share + 1 / n), share**2])
    assert sorted(ends) == pytest.approx(row[["low", "high"]].tolist())


def test_a_token_is_a_hit_of_one_side():
    articles = labelled(["The rebel army met rebels."])
    row = compare_words(articles, ["rebel army"], ["rebel*"], by=None).iloc[0]
    assert (row["n_a"], row["n_b"]) == (1, 1)


def test_periods_without_a_hit_have_no_share(tiny):
    table = compare_words(tiny, "rebel*", ["troops"], by="day")
    assert table["n_a"].tolist() == [1, 2, 0] and table["n_b"].tolist() == [1, 0, 0]
    assert table["share"].isna().tolist() == [False, False, True]
    assert table["a"].unique().tolist() == ["rebel*"]


def test_stories_are_clusters_of_words():
    texts = ["terrorists", "terrorists", "terrorists", "rebels", "rebels", "rebels"]
    alone = compare_words(labelled(texts), "terrorist*", "rebel*", by=None).iloc[0]
    story = ["s1", "s1", "s1", "s2", "s2", "s3"]
    copied = compare_words(labelled(texts, story=story), "terrorist*", "rebel*", by=None).iloc[0]
    assert copied["high"] - copied["low"] > alone["high"] - alone["low"]
    assert copied["interval"] == "Wilson 95 %, clustered by story"


def test_compared_words_cover_the_truth():
    rng = np.random.default_rng(0)
    covered = []
    for _ in range(120):
        chosen = rng.beta(1.5, 1, size=(30, 1)) > rng.random((30, 4))  # mean share .6, by article
        texts = [" ".join(np.where(row, "terrorists", "rebels")) for row in chosen]
        row = compare_words(labelled(texts), "terrorist*", "rebel*", by=None).iloc[0]
        covered.append(row["low"] <= 0.6 <= row["high"])
    assert 0.91 <= np.mean(covered) <= 0.99


def test_words_on_both_sides_are_refused(tiny):
    with pytest.raises(ValueError, match="war: on both sides"):
        compare_words(tiny, ["war", "troops"], ["war"])
    with pytest.raises(ValueError, match="at least one pattern"):
        compare_words(tiny, [], ["war"])
    with pytest.raises(ValueError, match="share: rename"):
        compare_words(tiny.assign(share="x"), "war", "peace", by="share")


def test_g2_has_the_cells_that_rayson_and_garside_leave_out():
    # 10 of 100 tokens against 5 of 200: 5 and 10 are expected, and 95 and 190 of all other words.
    row = of_term(keyness(*two_groups([10, 90], [5, 195]), between=("Herald", "Star")), "w0")
    two_cells = 2 * (10 * np.log(10 / 5) + 5 * np.log(5 / 10))
    other_cells = 2 * (90 * np.log(90 / 95) + 195 * np.log(195 / 190))
    assert two_cells == pytest.approx(6.931, abs=5e-4)  # the formula of 2000
    assert row["g2"] == pytest.approx(two_cells + other_cells) and other_cells > 0


def test_groups_are_compared_in_the_order_of_their_category_or_by_name():
    counts, articles = two_groups([10, 90], [5, 195])
    unordered = articles.astype({"outlet": pd.CategoricalDtype(["Star", "Herald", "Post"])})
    by_name = keyness(counts, unordered, between="before")
    assert by_name["group"].unique().tolist() == ["Star"]
    order = pd.CategoricalDtype(["Star", "Herald"], ordered=True)
    own = keyness(counts, articles.astype({"outlet": order}), between="before")
    assert own["group"].unique().tolist() == ["Herald"]
    with pytest.raises(TypeError, match=r"several kinds.*articles\.astype\(\{'outlet': 'str'\}\)"):
        keyness(counts, articles.assign(outlet=["Herald", 1]))


def test_what_cannot_be_a_background_or_a_level_is_refused():
    counts, articles = two_groups([10, 90], [5, 195])
    elsewhere = counts._replace(terms=pd.Index(["mot", "autre"]))
    with pytest.raises(ValueError, match="None of the 2 terms"):
        keyness(counts, articles, background=elsewhere)
    with pytest.raises(TypeError, match="`background` is a DataFrame"):
        keyness(counts, articles, background=articles)
    with pytest.raises(ValueError, match="level=95"):
        keyness(counts, articles, level=95)
    with pytest.raises(ValueError, match="No article has a counted word"):
        keyness(counts._replace(matrix=counts.matrix * 0), articles)


def test_a_term_the_background_lacks_has_half_a_use_there():
    counts, articles = two_groups([10, 90], [5, 195])
    half = counts._replace(matrix=sparse.csr_matrix([[0, 49], [0, 50]]))
    row = of_term(keyness(counts, articles, background=half, prior_size=199), "w0")
    assert row["prior"].iloc[0] == pytest.approx(199 * 0.5 / 99.5)


def test_a_period_that_is_none_is_named(tiny):
    counts = fr.count_terms(tiny)
    with pytest.raises(KeyError, match="No articles in group 'soon'"):
        keyness(counts, tiny, by="week", between=("soon", "later"))


def test_a_word_in_another_case_is_the_same_word(tiny):
    with pytest.raises(ValueError, match="on both sides"):
        compare_words(tiny, "Rebel*", ["rebel*"])


def test_arguments_that_are_no_pair_no_prior_and_no_pattern_are_named(tiny):
    counts = fr.count_terms(tiny)
    with pytest.raises(TypeError, match="`between` is 3; name two groups"):
        keyness(counts, tiny, between=3)
    with pytest.raises(ValueError, match="prior_size=inf"):
        keyness(counts, tiny, prior_size=np.inf)
    with pytest.raises(ValueError, match="at least one pattern on each side"):
        compare_words(tiny, "!rebel*", "troops")
    with pytest.raises(ValueError, match=r"'\*': a lone \* would match every token"):
        compare_words(tiny, ["rebel*", "*"], "troops")


@pytest.mark.parametrize("kind", [iter, np.array, pd.Index])
def test_two_groups_may_be_named_by_any_two(tiny, kind):
    counts, names = fr.count_terms(tiny), ["Herald", "Star"]
    found = keyness(counts, tiny, between=kind(names))
    pd.testing.assert_frame_equal(found, keyness(counts, tiny, between=names))
