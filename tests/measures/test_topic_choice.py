"""Numbers of topics side by side, and topics that come back or do not."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats

from framing.measures.topics import choice as topic_choice
from framing.measures.topics.choice import (
    _agreement,
    _matches,
    _summary,
    compare_k,
    similarities,
    topic_stability,
    topic_survival,
)
from framing.measures.topics.fit import fit_topics
from framing.text.counts import TermCounts

K, WORDS = 4, 12  # planted topics, and words that only one of them uses


def planted(n: int, k: int = K, seed: int = 0) -> tuple[TermCounts, np.ndarray]:
    """Counts of documents of one topic each, with words of all topics mixed in; and the topic."""
    rng = np.random.default_rng(seed)
    topic = rng.permutation(np.arange(n) % k)
    weights = np.linspace(3, 1, WORDS)
    own = np.kron(np.eye(k), weights) + 0.05
    rows = [rng.multinomial(60, own[t] / own[t].sum()) for t in topic]
    terms = pd.Index([f"t{t}w{w:02d}" for t in range(k) for w in range(WORDS)], name="term")
    documents = pd.Index([f"d{row:03d}" for row in range(n)], name="doc_id")
    return TermCounts(sparse.csr_matrix(np.array(rows)), documents, terms), topic


COUNTS, TOPIC = planted(80)


@pytest.fixture(scope="module")
def topics():
    return fit_topics(COUNTS, K)


@pytest.fixture(scope="module")
def compared():
    return compare_k(COUNTS, [2, 4], seeds=3)


def lists(*rows: str) -> np.ndarray:
    return np.array([row.split() for row in rows], dtype=object)


def test_similarity_is_that_of_greene_and_others():
    # Greene, O'Callaghan & Cunningham (2014), Table 1: Jaccard 0, 0, .200, .143 and .429 over the
    # first 1 to 5 terms; their mean is .154.
    found = similarities(lists("album music best award win"), lists("sport best win medal award"))
    assert found[0, 0] == pytest.approx(np.mean([0, 0, 1 / 5, 1 / 7, 3 / 7]))
    assert round(found[0, 0], 3) == 0.154


def test_seven_shared_terms_of_ten_count_by_their_ranks():
    first = lists("a b c d e f g x y z")
    assert similarities(first, lists("a b c d e f g u v w"))[0, 0] == pytest.approx(0.895, abs=1e-3)
    turned = lists("u v w g f e d c b a")
    assert similarities(first, turned)[0, 0] < 0.25


def test_similarity_runs_from_nothing_to_the_same_list():
    found = similarities(lists("a b c", "d e f"), lists("a b c", "c b a"))
    assert found[0, 0] == 1
    assert 0 < found[0, 1] < 1
    assert found[1].tolist() == [0, 0]


def test_matching_finds_topics_in_another_order():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.dirichlet(np.full(50, 0.1), 5), [f"topic_{n}" for n in range(5)])
    shuffled = table.iloc[[3, 0, 4, 1, 2]].set_axis([f"other_{n}" for n in range(5)], axis=0)
    found = _matches(table, shuffled)
    assert found["matched"].tolist() == ["other_1", "other_3", "other_4", "other_0", "other_2"]
    assert (found["similarity"] == 1).all()
    assert (found["next_similarity"] < 1).all()


def test_matching_is_best_for_all_topics_together():
    # Both want the first list; only one way round gives the other one any match.
    first = pd.DataFrame([[9, 8, 7, 0.1], [9, 8, 0.1, 7]], ["p", "q"], list("abcd"))
    second = pd.DataFrame([[9, 8, 7, 6], [0.1, 0.2, 9, 8]], ["r", "s"], list("abcd"))
    found = _matches(first, second)
    assert sorted(found["matched"]) == ["r", "s"]
    other = _matches(first, second.iloc[::-1])
    assert found["similarity"].sum() == other["similarity"].sum()


def test_only_terms_that_both_know_are_compared():
    table = pd.DataFrame(np.eye(3, 30) + 0.01, columns=[f"w{n:02d}" for n in range(30)])
    found = _matches(table, table.drop(columns=["w00", "w01", "w02"]))
    assert found["n_terms"].unique().tolist() == [27]


def test_runs_that_agree_and_one_that_does_not():
    table = pd.DataFrame(np.kron(np.eye(2), np.ones(10)) + 0.01)
    other = pd.DataFrame(np.eye(2)[:, ::-1].repeat(10, axis=1)[:, np.r_[0:5, 10:15, 5:10, 15:20]])
    agreement = _agreement([table, table, other + 0.01])
    assert agreement[0, 1] == 1
    assert agreement[0, 2] == agreement[1, 2] < 1
    assert np.isnan(np.diag(agreement)).all()


def test_the_interval_of_a_plain_mean_is_that_of_student():
    runs = pd.DataFrame({"coherence": [0.1, 0.2, 0.25, 0.4], "log_likelihood": [-7, -6.5, -6, -5]})
    agreement = np.full((4, 4), 0.5)
    found = _summary(5, runs, agreement).set_index("measure")
    for name, values in runs.items():
        low, high = stats.t.interval(0.95, 3, np.mean(values), stats.sem(values))
        assert found.loc[name, ["value", "low", "high"]].tolist() == pytest.approx(
            [np.mean(values), low, high]
        )


def test_stability_weighs_every_pair_of_runs_once():
    agreement = np.array([[np.nan, 0.9, 0.1], [0.9, np.nan, 0.2], [0.1, 0.2, np.nan]])
    found = _summary(5, pd.DataFrame({"coherence": [0.1, 0.2, 0.3]}), agreement)
    row = found.set_index("measure").loc["stability"]
    assert row["value"] == pytest.approx(0.4)
    assert (row["lowest"], row["highest"]) == pytest.approx((0.15, 0.55))
    # Leaving out a run leaves one pair: .2, .1, .9. Jackknife variance 2/3 · Σ (x - .4)².
    error = np.sqrt(2 / 3 * (0.2**2 + 0.3**2 + 0.5**2))
    assert row["high"] == min(0.4 + stats.t.ppf(0.975, 2) * error, 1)


def test_intervals_stay_where_measures_can_be():
    found = _summary(5, pd.DataFrame({"diversity": [0.9, 1, 1]}), np.full((3, 3), 1.0))
    assert found["high"].max() <= 1


def test_every_number_of_topics_gets_every_measure(compared):
    measures = ["coherence", "exclusivity", "diversity", "log_likelihood", "stability"]
    assert compared["k"].tolist() == [2] * 5 + [4] * 5
    assert compared["measure"].tolist() == measures * 2
    assert (compared["low"] <= compared["value"]).all()
    assert (compared["value"] <= compared["high"]).all()
    assert (compared["n_runs"] == 3).all()
    assert "best" not in " ".join(compared.columns)


def test_the_planted_number_fits_unseen_documents_better(compared):
    values = compared.set_index(["measure", "k"])["value"]
    assert values["log_likelihood", 4] > values["log_likelihood", 2]
    assert values["stability", 4] > 0.5


def test_runs_differ_so_that_intervals_have_a_width(compared):
    wide = compared[compared["measure"] == "log_likelihood"]
    assert (wide["high"] - wide["low"] > 0.001).all()


def test_the_same_call_gives_the_same_numbers(compared):
    pd.testing.assert_frame_equal(compare_k(COUNTS, [2, 4], seeds=3), compared)


def test_all_that_is_wrong_with_a_comparison_is_said_at_once():
    with pytest.raises(ValueError) as caught:
        compare_k(COUNTS, [4, 4, 1], seeds=2, held_out=0.001)
    for part in ("ks=[4, 4, 1]", "seeds=2", "held_out=0.001 leaves one side of 80"):
        assert part in str(caught.value)


def test_planted_topics_come_back(topics):
    stability = topic_stability(topics, COUNTS, seeds=3)
    assert len(stability) == K * 2 * 3
    assert stability["variation"].unique().tolist() == ["seed", "subsample"]
    survival = topic_survival(stability)
    assert survival["survives"].all()
    assert (survival["n_runs"] == 3).all()
    assert (stability["similarity"] > stability["next_similarity"]).all()


def test_a_topic_without_its_documents_does_not_come_back(topics):
    rows = np.flatnonzero(TOPIC != 2)
    without = TermCounts(COUNTS.matrix[rows], COUNTS.documents[rows], COUNTS.terms)
    lost = topics.term_probabilities.idxmax(axis=1).str.startswith("t2")
    stability = topic_stability(topics, COUNTS, seeds=3, variants={"without": without})
    survival = topic_survival(stability).query("variation == 'without'").set_index("topic")
    assert not survival.loc[lost[lost].index, "survives"].any()
    assert survival.loc[lost[~lost].index, "survives"].all()


def test_a_shorter_list_of_terms_breaks_no_topic(topics):
    common = [f"t{t}w00" for t in range(K)]
    kept = ~COUNTS.terms.isin(common)
    fewer = TermCounts(COUNTS.matrix[:, kept], COUNTS.documents, COUNTS.terms[kept])
    found = topic_stability(topics, COUNTS, seeds=1, variants={"stop words": fewer})
    part = found[found["variation"] == "stop words"]
    assert (part["n_terms"] == len(COUNTS.terms) - K).all()
    assert topic_survival(part)["survives"].all()


def test_survival_by_hand():
    similarity = [0.9, 0.5, 0.3, 0.1]
    table = pd.DataFrame({"topic": "war", "variation": "seed", "similarity": similarity})
    row = topic_survival(table, at_least=0.5).iloc[0]
    assert (row["n_runs"], row["n_survived"], row["share"]) == (4, 2, 0.5)
    assert not row["survives"]  # half is not more than half
    assert (row["similarity"], row["lowest"], row["highest"]) == (pytest.approx(0.45), 0.1, 0.9)
    # Wilson interval of 2 of 4: .5 ± 1.96 · sqrt(.25 / 4 + 3.84 / 64) / (1 + 3.84 / 4) = .5 ± .35.
    assert (round(row["low"], 2), round(row["high"], 2)) == (0.15, 0.85)


def test_what_cannot_be_tried_is_refused(topics):
    strange = COUNTS._replace(terms=pd.Index([f"x{n}" for n in range(K * WORDS)]))
    with pytest.raises(ValueError) as caught:
        topic_stability(
            topics, COUNTS, seeds=0, subsample=1.0, variants={"seed": COUNTS, "other": strange}
        )
    for part in ("seeds=0", "subsample=1.0", "cannot be called seed", "'other' shares 0 terms"):
        assert part in str(caught.value)
    with pytest.raises(ValueError, match="No column topic, variation, similarity"):
        topic_survival(pd.DataFrame({"x": [1]}))
    table = pd.DataFrame({"topic": ["a"], "variation": "seed", "similarity": [1.0]})
    with pytest.raises(ValueError, match="at_least=0 must be above 0"):
        topic_survival(table, at_least=0)


@pytest.mark.parametrize("method", ["lda", "nmf"])
def test_topics_are_fitted_again_as_they_were(monkeypatch, method):
    seeds = {"war": iter(["t0*", "!t0w01"])}
    seeded = fit_topics(COUNTS, K, method=method, seeds=seeds, seed_weight=0.2)
    asked = []

    def remember(counts, k, **options):
        asked.append(options | {"k": k})
        return fit_topics(counts, k, **options)

    monkeypatch.setattr(topic_choice, "fit_again", remember)
    topic_stability(seeded, COUNTS, seeds=1)
    again = fit_topics(COUNTS, **{**asked[0], "random_state": 0})
    assert (asked[0]["k"], asked[0]["method"], asked[0]["seed_weight"]) == (K, method, 0.2)
    pd.testing.assert_frame_equal(again.term_probabilities, seeded.term_probabilities)
    pd.testing.assert_frame_equal(again.seeds, seeded.seeds)
    assert "t0w01" not in again.seeds["term"].tolist()


def test_whole_numbers_may_be_stored_as_fractions(compared):
    as_floats = COUNTS._replace(matrix=COUNTS.matrix.astype(float))
    pd.testing.assert_frame_equal(compare_k(as_floats, [2, 4], seeds=3), compared)


def test_fits_made_again_say_nothing_twice():
    matrix = COUNTS.matrix.copy()
    matrix.data[: matrix.indptr[1]] = 0  # nothing is left of the first document
    counts = COUNTS._replace(matrix=matrix)
    seeds = {"war": ["t0*", "nowhere"]}
    with pytest.warns(UserWarning) as caught:
        topics = fit_topics(counts, K, seeds=seeds)
    assert len(caught) == 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        topic_stability(topics, counts, seeds=1)
    with pytest.warns(UserWarning, match="1 of 80 documents hold none") as caught:
        compare_k(counts, [2, 3], seeds=3)
    assert [warning.filename for warning in caught] == [__file__]


def test_what_is_no_number_of_runs_and_no_topics_is_named(topics):
    with pytest.raises(TypeError, match=r"seeds=\[1\]: give how many"):
        compare_k(COUNTS, [3], seeds=[1])
    with pytest.raises(TypeError, match="must be what fit_topics returns, not TermCounts"):
        topic_stability(COUNTS, COUNTS)
    for call in (lambda table: compare_k(table, [3]), lambda table: topic_stability(topics, table)):
        with pytest.raises(TypeError, match="counts is a DataFrame, not TermCounts"):
            call(pd.DataFrame())
    with pytest.raises(ValueError, match="random_state=-1: give a whole number, 0 or more"):
        compare_k(COUNTS, [3], random_state=-1)
    with pytest.raises(ValueError, match="ks=3: give a list of different whole numbers"):
        compare_k(COUNTS, 3, seeds=3)
    with pytest.raises(ValueError, match="give a list of different whole numbers"):
        compare_k(COUNTS, iter([2, 3]), seeds=3)
    with pytest.raises(ValueError, match="ks=\\['many'\\]: give a list"):
        compare_k(COUNTS, ["many"], seeds=3)
