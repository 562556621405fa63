"""Topics that come together, and packages that were planted."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from framing.measures.topics.fit import fit_topics
from framing.measures.topics.network import (
    _by_size,
    _firmness,
    package_shares,
    topic_frames,
    topic_network,
)
from framing.text.counts import TermCounts

PACKAGES, PER_PACKAGE = 3, 4
TRUTH = np.repeat(np.arange(PACKAGES), PER_PACKAGE)
TOPICS = [f"topic_{number + 1:02d}" for number in range(PACKAGES * PER_PACKAGE)]


def planted_shares(n: int, seed: int) -> pd.DataFrame:
    """Shares of documents that mostly keep to one package of topics."""
    rng = np.random.default_rng(seed)
    package = rng.dirichlet([0.3] * PACKAGES, n)
    within = np.stack([rng.dirichlet([1.0] * PER_PACKAGE, n) for _ in range(PACKAGES)], axis=1)
    index = pd.Index([f"d{row:03d}" for row in range(n)], name="doc_id")
    return pd.DataFrame((package[:, :, None] * within).reshape(n, -1), index, TOPICS)


def sets(packages: pd.DataFrame) -> set[frozenset[str]]:
    return {frozenset(part) for _, part in packages.groupby("package")["topic"]}


PLANTED = {frozenset(np.array(TOPICS)[package == TRUTH]) for package in range(PACKAGES)}


@pytest.fixture(scope="module")
def planted() -> pd.DataFrame:
    return planted_shares(200, seed=0)


def test_cosine_and_correlation_by_hand():
    shares = pd.DataFrame({"a": [0.6, 0.0, 0.3], "b": [0.2, 0.5, 0.3], "c": [0.2, 0.5, 0.4]})
    found = topic_network(shares).set_index(["topic_a", "topic_b"])
    expected = (0.6 * 0.2 + 0.3 * 0.3) / np.sqrt((0.36 + 0.09) * (0.04 + 0.25 + 0.09))
    assert found.loc[("a", "b"), "similarity"] == pytest.approx(expected)
    assert found["correlation"].tolist() == pytest.approx(
        [np.corrcoef(shares[one], shares[two])[0, 1] for one, two in ["ab", "ac", "bc"]]
    )
    assert (found["n"] == 3).all()


def test_a_topic_that_never_varies_has_no_correlation():
    shares = pd.DataFrame({"a": [0.1, 0.1, 0.1], "b": [0.5, 0.4, 0.3], "c": [0.4, 0.5, 0.6]})
    found = topic_network(shares)
    assert found["correlation"].isna().tolist() == [True, True, False]


def test_topics_left_out_change_no_other_pair(planted):
    whole, part = topic_network(planted), topic_network(planted, leave_out=["topic_02"])
    others = whole[(whole["topic_a"] != "topic_02") & (whole["topic_b"] != "topic_02")]
    pd.testing.assert_frame_equal(part, others.reset_index(drop=True))


@pytest.mark.parametrize("seed", range(5))
def test_planted_packages_are_found(seed):
    packages = topic_frames(planted_shares(100, seed), n_runs=10, random_state=seed)
    assert sets(packages) == PLANTED


def test_planted_packages_are_found_from_the_words_of_articles():
    rng = np.random.default_rng(1)
    shares = planted_shares(300, seed=1).to_numpy()
    own = np.kron(np.eye(len(TOPICS)), np.linspace(3, 1, 12)) + 0.01
    words = shares @ (own / own.sum(axis=1, keepdims=True))
    matrix = sparse.csr_matrix(np.array([rng.multinomial(150, row / row.sum()) for row in words]))
    terms = pd.Index([f"t{t:02d}w{w:02d}" for t in range(12) for w in range(12)], name="term")
    counts = TermCounts(matrix, pd.Index(range(300), name="doc_id").astype(str), terms)
    topics = fit_topics(counts, len(TOPICS))
    about = topics.term_probabilities.idxmax(axis=1).str[1:3].astype(int)
    assert sorted(about) == list(range(len(TOPICS)))
    packages = topic_frames(topics.shares, n_runs=10)
    found = packages.assign(topic=[TOPICS[about[name]] for name in packages["topic"]])
    assert sets(found) == PLANTED


def test_packages_do_not_hang_on_the_seed_or_the_order_of_topics(planted):
    first = topic_frames(planted, n_runs=5)
    for seed in range(1, 4):
        other = topic_frames(planted[TOPICS[::-1]], n_runs=5, random_state=seed)
        assert sets(other) == sets(first)


def test_the_same_call_gives_the_same_table(planted):
    pd.testing.assert_frame_equal(topic_frames(planted, n_runs=5), topic_frames(planted, n_runs=5))


def test_the_largest_package_comes_first_and_topics_by_share(planted):
    packages = topic_frames(planted, n_runs=5)
    totals = packages.groupby("package")["share"].sum()
    assert totals.is_monotonic_decreasing
    assert packages["package"].unique().tolist() == ["package_1", "package_2", "package_3"]
    assert packages["share"].sum() == pytest.approx(1)
    for _, part in packages.groupby("package"):
        assert part["share"].is_monotonic_decreasing


def test_a_topic_of_two_packages_is_less_firm_than_the_others(planted):
    rng = np.random.default_rng(0)
    share = 0.3 * planted["topic_01"] + 0.3 * planted["topic_05"] + 0.02 * rng.random(len(planted))
    packages = topic_frames(planted.assign(between=share), n_runs=30).set_index("topic")
    assert packages.loc["between", "next_together"] > 0.1
    others = packages.drop(index="between")
    assert packages.loc["between", "together"] < others["together"].min() + 0.05
    assert packages.loc["between", "next_together"] >= others["next_together"].max()


def test_one_package_of_unrelated_topics_has_no_next():
    shares = np.random.default_rng(3).dirichlet([0.3] * 6, 400)
    packages = topic_frames(pd.DataFrame(shares).add_prefix("t"), n_runs=5)
    assert packages["package"].unique().tolist() == ["package_1"]
    assert packages["next_package"].isna().all()
    assert packages["next_together"].isna().all()


def test_a_higher_resolution_makes_more_packages(planted):
    numbers = [
        topic_frames(planted, resolution=resolution, n_runs=2)["package"].nunique()
        for resolution in (0.2, 1, 5)
    ]
    assert numbers[0] < numbers[1] < numbers[2]


def test_firmness_by_hand():
    # Topics 0 and 1 are a package, 2 is alone; the diagonal says how often a topic was alone.
    tied = np.array([[0.1, 0.8, 0.3], [0.8, 0.2, 0.1], [0.3, 0.1, 0.6]])
    found = _firmness(np.array([0, 0, 1]), tied)
    assert found["together"].tolist() == [0.8, 0.8, 0.6]
    assert found["next_package"].tolist() == [1, 1, 0]
    assert found["next_together"] == pytest.approx([0.3, 0.1, 0.2])


def test_equal_packages_are_numbered_by_their_first_topic():
    assert _by_size(np.array([1, 0, 1, 0]), np.array([0.25] * 4)).tolist() == [1, 0, 1, 0]
    assert _by_size(np.array([0, 1, 1]), np.array([0.2, 0.3, 0.5])).tolist() == [1, 0, 0]


def test_package_shares_add_up(planted):
    packages = topic_frames(planted, leave_out=["topic_12"], n_runs=2)
    found = package_shares(planted, packages)
    assert found.columns.tolist() == ["package_1", "package_2", "package_3", "left out"]
    assert found.index.equals(planted.index)
    assert found.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(planted)))
    assert found["left out"].to_numpy() == pytest.approx(planted["topic_12"].to_numpy())
    members = packages.loc[packages["package"] == "package_2", "topic"]
    assert found["package_2"].to_numpy() == pytest.approx(planted[members].sum(axis=1).to_numpy())


def test_without_topics_left_out_there_is_no_column_for_them(planted):
    found = package_shares(planted, topic_frames(planted, n_runs=2))
    assert "left out" not in found


def test_what_is_no_table_of_shares_is_refused():
    shares = pd.DataFrame({"a": [0.5, np.nan], "b": [0.5, -0.1], "c": [0.0, 0.0]}, ["d1", "d2"])
    with pytest.raises(ValueError) as caught:
        topic_network(shares)
    for part in ("1 of 2 documents", "(d2)", "1 topics have no share", "leave_out=['c']"):
        assert part in str(caught.value)
    with pytest.raises(ValueError, match="A network needs two topics and 1 is left"):
        topic_network(pd.DataFrame({"a": [1.0], "b": [0.5]}), leave_out="b")
    with pytest.raises(KeyError, match="No topic 'z' to leave out"):
        topic_frames(pd.DataFrame({"a": [1.0], "b": [0.5]}), leave_out=["z"])
    with pytest.raises(ValueError, match=r"resolution=0 must be above 0"):
        topic_frames(pd.DataFrame({"a": [1.0], "b": [0.5]}), resolution=0, n_runs=5)
    with pytest.raises(ValueError, match=r"n_runs=2.5: give a whole number, 1 or more"):
        topic_frames(pd.DataFrame({"a": [1.0], "b": [0.5]}), n_runs=2.5)
    with pytest.raises(TypeError, match=r"not dict. Give topics.shares"):
        topic_network({"a": [1.0], "b": [0.5]})


def test_topics_may_be_numbers():
    shares = pd.DataFrame(np.random.default_rng(0).dirichlet([1.0] * 4, 30))
    packages = topic_frames(shares, n_runs=2, leave_out=["3"])
    assert sorted(packages["topic"]) == ["0", "1", "2"]
    found = package_shares(shares, packages)
    assert found["left out"].tolist() == pytest.approx(shares[3].tolist())
    pd.testing.assert_frame_equal(
        topic_network(shares, leave_out=[3]), topic_network(shares, leave_out="3")
    )


def test_packages_that_do_not_fit_the_shares_are_refused():
    shares = pd.DataFrame({"a": [1.0], "b": [0.0]})
    with pytest.raises(KeyError, match=r"1 of 2 topics of `packages` are not in `shares` \(z\)"):
        package_shares(shares, pd.DataFrame({"topic": ["a", "z"], "package": "p"}))
    with pytest.raises(ValueError, match="more than once"):
        package_shares(shares, pd.DataFrame({"topic": ["a", "a"], "package": ["p", "q"]}))
    with pytest.raises(ValueError, match="No column package"):
        package_shares(shares, pd.DataFrame({"topic": ["a"]}))


def test_the_order_of_the_columns_does_not_matter():
    rng = np.random.default_rng(3)
    names = [f"topic_{number:02}" for number in range(12)]
    shares = pd.DataFrame(rng.dirichlet([0.2] * 12, 60), columns=names)  # nothing firm in it
    one = topic_frames(shares, n_runs=5)
    for seed in range(5):
        turned = shares[np.random.default_rng(seed).permutation(names)]
        pd.testing.assert_frame_equal(topic_frames(turned, n_runs=5), one)
    alike = pd.DataFrame(np.eye(4)[np.arange(8) % 4], columns=list("dcba"))
    assert topic_frames(alike, n_runs=5)["topic"].tolist() == list("abcd")


def test_shares_that_are_words_are_refused():
    with pytest.raises(ValueError, match=r"1 columns hold no numbers \(outlet\)"):
        topic_network(pd.DataFrame({"outlet": ["Star"], "war": [1.0]}))
