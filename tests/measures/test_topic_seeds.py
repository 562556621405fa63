"""Seeds of topics: which terms a codebook names, and what the prior and the start make of them."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from framing.measures.topics.seeds import (
    find_seeds,
    place_frames,
    seed_mask,
    seeded_topics,
    warn_of_missing,
    warn_of_sizes,
    warn_of_strangers,
)

TERMS = pd.Index(
    ["human", "human rights", "prices", "price", "syria", "u.s.", "war", "warfare", "warm"],
    name="term",
)


def found(seeds) -> list[tuple[str, str]]:
    table = find_seeds(seeds, TERMS)
    return [*table.loc[table["found"], ["frame", "term"]].itertuples(index=False, name=None)]


def test_words_and_wildcards():
    assert found({"economy": ["price*"], "war": ["war"]}) == [
        ("economy", "price"),
        ("economy", "prices"),
        ("war", "war"),
    ]


def test_a_pattern_that_matches_no_term_is_listed():
    table = find_seeds({"economy": ["price", "zeal"], "war": ["troops*"]}, TERMS)
    assert table.columns.tolist() == ["frame", "pattern", "term", "found"]
    assert table["found"].tolist() == [True, False, False]
    assert table.loc[~table["found"], "pattern"].tolist() == ["zeal", "troops*"]
    assert table["term"].isna().tolist() == [False, True, True]


def test_nothing_found_at_all():
    assert not find_seeds({"economy": ["zeal"]}, TERMS)["found"].any()


def test_a_phrase_is_a_term_of_several_words_and_a_word_is_not_its_part():
    assert found({"law": ["human rights"]}) == [("law", "human rights")]
    assert found({"law": ["human"]}) == [("law", "human")]
    assert found({"law": ["human right*", "rights"]}) == [("law", "human rights")]


def test_a_cancelling_pattern_takes_terms_from_its_own_frame_only():
    codebook = {"war": ["war*", "!warm"], "weather": ["warm", "!war"]}
    assert found(codebook) == [("war", "war"), ("war", "warfare"), ("weather", "warm")]
    assert found({"war": ["war*", "!warf*", "!cold war"]}) == [("war", "war"), ("war", "warm")]


def test_terms_with_points_and_case():
    assert found({"places": ["Syria", "U.S."]}) == [("places", "syria"), ("places", "u.s.")]


def test_a_term_that_two_patterns_and_two_frames_name():
    table = find_seeds({"a": ["war", "war*"], "b": ["war"]}, TERMS)
    assert len(table) == 5
    mask = seed_mask(table, TERMS, 3)
    assert mask[TERMS.get_loc("war")].tolist() == [1, 1, 0]
    assert mask.sum(axis=0).tolist() == [3, 1, 0]


def test_codebooks_as_tables_of_any_index_and_by_name():
    rows = {"frame": ["war", "economy"], "pattern": ["war", "price*"]}
    table = pd.DataFrame(rows, index=[7, 7])
    assert found(table) == [("war", "war"), ("economy", "price"), ("economy", "prices")]
    assert table.columns.tolist() == ["frame", "pattern"]
    by_name = find_seeds("war_peace", TERMS)
    assert by_name["frame"].unique().tolist() == ["war_journalism", "peace_journalism"]


def test_frames_keep_the_order_of_the_codebook():
    assert find_seeds({"z": ["war"], "a": ["price"]}, TERMS)["frame"].tolist() == ["z", "a"]


@pytest.mark.parametrize("seeds", [{"war": "troops"}, {"war": ["war", None]}, {"war": [1]}])
def test_words_that_are_no_list_of_words(seeds):
    with pytest.raises(TypeError, match=r"seeds\['war'\] is .*Give words by frame: {'economy'"):
        find_seeds(seeds, TERMS)


def test_seeds_that_are_no_codebook():
    with pytest.raises(TypeError, match=r"seeds is a list\. Give a codebook, or words by frame"):
        find_seeds(["war"], TERMS)
    with pytest.raises(ValueError, match="1 of 2 frames have no seeds: economy"):
        find_seeds({"war": ["war"], "economy": []}, TERMS)
    with pytest.raises(ValueError, match="no patterns"):
        find_seeds({}, TERMS)


def test_missing_patterns_are_warned_about_and_empty_frames_refused():
    with pytest.warns(UserWarning, match=r"2 of 3 seed patterns .*\(phrases need join_counts\)"):
        warn_of_missing(find_seeds({"war": ["war", "zeal", "cold war"]}, TERMS))
    with pytest.warns(UserWarning, match="1 of 2 seed patterns match none of the terms: zeal"):
        warn_of_missing(find_seeds({"war": ["war", "zeal"]}, TERMS))
    with pytest.raises(ValueError, match=r"1 of 2 frames have no seed word .*: law\."):
        warn_of_missing(find_seeds({"war": ["war"], "law": ["courts"]}, TERMS))


def test_words_around_seeds_by_hand():
    # Term 0 is the seed. Half of document 0 is seeds: its words count .5 each, those of document 1
    # nothing. Around the seed: terms 0 and 1 half each, in the corpus a quarter each: + .25 each.
    matrix = sparse.csr_matrix(np.array([[1, 1, 0], [0, 0, 2]], dtype=np.float32))
    mask = np.array([[1], [0], [0]], dtype=np.float32)
    known = seeded_topics(matrix, mask)
    np.testing.assert_allclose(known.ravel(), np.array([0.25, 0.25, 0]) + 0.001 / 3, rtol=1e-5)


def test_a_topic_that_holds_most_of_a_frames_seeds_comes_first():
    topics = np.array([[0.1, 0.7, 0.1], [0.2, 0.2, 0.1], [0.7, 0.1, 0.8]], dtype=np.float32)
    mask = np.array([[1, 0, 0], [0, 0, 0], [0, 0, 0]], dtype=np.float32)
    known = np.array([[0.5], [0.4], [0.1]], dtype=np.float32)
    np.testing.assert_array_equal(place_frames(topics, known, mask), topics[:, [1, 0, 2]])


def test_where_no_topic_holds_a_frames_seeds_it_starts_from_the_words_around_them():
    topics = np.full((3, 3), 1 / 3, dtype=np.float32)
    mask = np.array([[1, 0, 0], [0, 0, 0], [0, 0, 0]], dtype=np.float32)
    known = np.array([[0.5], [0.4], [0.1]], dtype=np.float32)
    placed = place_frames(topics, known, mask)
    np.testing.assert_array_equal(placed[:, :1], known)
    assert placed.shape == (3, 3)


@pytest.mark.parametrize(
    ("share", "k", "said"),
    [(0.35, 10, "much"), (0.35, 5, None), (0.95, 2, "much"), (0.009, 10, "next to empty")],
)
def test_sizes_that_are_warned_about(recwarn, share, k, said):
    names = ["war", *[f"topic_{number:02}" for number in range(1, k)]]
    shares = pd.Series([share] + [(1 - share) / (k - 1)] * (k - 1), names)
    warn_of_sizes(shares, ["war"])
    texts = [str(one.message) for one in recwarn]
    assert len(texts) == (said is not None)
    assert all(said in text and f"war {share:.1%}" in text for text in texts)


def test_a_topic_without_its_seeds_among_its_first_words_is_told():
    terms = pd.Index([f"w{number:02}" for number in range(20)], name="term")
    falling = np.linspace(1, 0.05, 20)
    words = pd.DataFrame([falling, falling[::-1]], index=["war", "law"], columns=terms)
    seeds = find_seeds({"war": ["w03", "w19"], "law": ["w04", "zeal"]}, terms)
    with pytest.warns(UserWarning, match=r"1 of 2 seeded topics .* first words \(law\)"):
        warn_of_strangers(words, seeds)
    seeds = find_seeds({"war": ["w03"], "law": ["w04", "w15"]}, terms)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_strangers(words, seeds)
