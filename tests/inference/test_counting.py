"""What a copy counts: three rules, by hand and in simulated corpora of wire copy."""

import numpy as np
import pandas as pd
import pytest

import framing as fr
from framing.inference.prevalence import difference, prevalence
from framing.text.copies import find_copies

RULES = ("each", "first", "weighted")


@pytest.fixture
def articles():
    """The Herald printed a1, a2 (a copy of it), a3 and a4; the Star b1, again the story of a1."""
    rows = [
        ("a2", "Herald", "2031-03-04", "s1"),
        ("a1", "Herald", "2031-03-03", "s1"),
        ("a3", "Herald", "2031-03-03", "s2"),
        ("a4", "Herald", "2031-03-05", None),
        ("b1", "Star", "2031-03-01", "s1"),
        ("b2", "Star", "2031-03-02", "s3"),
    ]
    table = pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "story"])
    return table.assign(date=pd.to_datetime(table["date"])).set_index("doc_id")


@pytest.fixture
def scores(articles):
    return pd.DataFrame({"war": [0, 1, 1, 0, 1, 0]}, index=articles.index)


@pytest.mark.parametrize(
    ("rule", "herald", "star"),
    [
        ("each", (4, 2, 2 / 4), (2, 1, 1 / 2)),
        ("first", (3, 2, 2 / 3), (2, 1, 1 / 2)),  # a1 and not a2, though its row comes later
        ("weighted", (3, 1.5, 1.5 / 3), (2, 1, 1 / 2)),  # a1 and a2 count a half each
    ],
)
def test_rules_by_hand(scores, articles, rule, herald, star):
    found = prevalence(scores, articles, count=rule)
    assert found[["n", "n_present", "share"]].values.tolist() == [
        pytest.approx(herald),
        pytest.approx(star),
    ]


def test_story_counts_once_in_the_whole_corpus(scores, articles):
    found = prevalence(scores, articles, by=None, count="first")
    assert found[["n", "n_present"]].values.tolist() == [[4, 2]]  # b1, b2, a3 and a4
    found = prevalence(scores, articles, by=None, count="weighted")
    assert found["n"].item() == pytest.approx(4)
    assert found["n_present"].item() == pytest.approx(2 / 3 + 1)


def test_interval_says_the_rule(scores, articles):
    found = {rule: prevalence(scores, articles, count=rule)["interval"].tolist() for rule in RULES}
    assert found == {
        "each": ["Wilson 95 %, clustered by story", "Wilson 95 %"],
        "first": ["Wilson 95 %, first of each story"] * 2,
        "weighted": [
            "Wilson 95 %, a story weighs 1, clustered by story",
            "Wilson 95 %, a story weighs 1",
        ],
    }


def test_difference_counts_within_each_side(scores, articles):
    both = ("Herald", "Star")
    found = {r: difference(scores, articles, between=both, count=r).iloc[0] for r in RULES}
    names = ["n", "n_reference", "share", "share_reference"]
    assert found["each"][names].tolist() == [4, 2, 0.5, 0.5]
    assert found["first"][names].tolist() == [3, 2, pytest.approx(2 / 3), 0.5]
    assert found["weighted"][names].tolist() == [pytest.approx(3), 2, pytest.approx(0.5), 0.5]


def test_sentences_of_a_first_article_all_count(articles):
    rows = [("a1", 1), ("a1", 2), ("a2", 1), ("a3", 1)]
    index = pd.MultiIndex.from_tuples(rows, names=["doc_id", "sentence"])
    scores = pd.DataFrame({"war": [1, 0, 1, 1]}, index=index)
    some = articles.loc[["a1", "a2", "a3"]]
    found = prevalence(scores, some, count="first")
    assert found[["n", "n_present"]].values.tolist() == [[3, 2]]
    found = prevalence(scores, some, count="weighted")  # a half for each sentence of a1 and a2
    assert found[["n", "n_present"]].values.tolist() == [[2.5, 2.0]]


@pytest.mark.parametrize("rule", RULES)
def test_without_copies_every_rule_gives_the_same(scores, articles, rule):
    alone = articles.assign(story=articles.index)
    expected = prevalence(scores, alone).drop(columns="interval")
    found = prevalence(scores, alone, count=rule).drop(columns="interval")
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


@pytest.mark.parametrize("rule", RULES)
def test_order_of_rows_does_not_matter(scores, articles, rule):
    found = prevalence(scores.iloc[::-1], articles.sample(frac=1, random_state=2), count=rule)
    pd.testing.assert_frame_equal(found, prevalence(scores, articles, count=rule))


def test_stories_are_needed_and_rules_have_names(scores, articles):
    with pytest.raises(ValueError, match=r"no column story.*find_copies"):
        prevalence(scores, articles.drop(columns="story"), count="first")
    with pytest.raises(ValueError, match="count='once' is no rule: choose from each, first"):
        difference(scores, articles, count="once")


def test_rules_undo_what_planted_copies_do_to_a_share():
    """Copies of a few articles pull "each" away; found copies bring the stories' share back."""
    simulation = fr.simulate_articles(1_500, random_state=8, n_outlets=2, share_copies=0.5)
    articles = simulation.articles.join(find_copies(simulation.articles))
    originals = simulation.stories["kind"] == "original"
    truth = (simulation.hits[originals] > 0).mean()
    gaps = {}
    for rule in RULES:
        found = prevalence(simulation.hits, articles, by=None, count=rule).set_index("frame")
        gaps[rule] = (found["share"] - truth).abs().max()
        assert found["n"].iloc[0] == pytest.approx(1_500 if rule == "each" else originals.sum())
    assert gaps["first"] < 1e-9  # the first article of a story is its original
    assert gaps["weighted"] < gaps["each"]


def wire_corpus(rng: np.random.Generator, share: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """60 stories of 1 to some 8 articles; a copy keeps the frame 7 times of 10; 2,000 corpora."""
    sizes = rng.geometric(0.5, 60)
    story = np.repeat(np.arange(60), sizes)
    of_story, of_article = rng.random((60, 2000)) < share, rng.random((len(story), 2000)) < share
    present = np.where(rng.random(of_article.shape) < 0.7, of_story[story], of_article)
    index = pd.Index([f"a{number:03}" for number in range(len(story))], name="doc_id")
    articles = pd.DataFrame({"outlet": "Herald", "story": story.astype(str)}, index=index)
    return pd.DataFrame(present.astype(int), index=index), articles


@pytest.mark.parametrize("share", [0.2, 0.5])
@pytest.mark.parametrize("rule", RULES)
def test_simulated_coverage_of_every_rule(share, rule):
    scores, articles = wire_corpus(np.random.default_rng(20160405), share)
    found = prevalence(scores, articles, count=rule)
    assert 0.93 <= ((found["low"] <= share) & (share <= found["high"])).mean() <= 0.98
