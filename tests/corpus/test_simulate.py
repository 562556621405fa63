"""Simulated articles: what the tables say was planted is what the texts hold."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from framing.corpus.simulate import COPY_KINDS, Simulation, simulate_articles
from framing.measures.frames import score_frames


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    return simulate_articles(2_000, random_state=5, n_outlets=5, share_copies=0.3)


@pytest.fixture(scope="module")
def pairs(simulation) -> pd.DataFrame:
    """One row a copy: the copy's columns, and the original's with `_original`."""
    table = simulation.articles.join(simulation.stories)
    copies = table[table["copy_of"].notna()]
    return copies.join(table.add_suffix("_original"), on="copy_of")


def digest(simulation: Simulation) -> str:
    return hashlib.sha256(simulation.articles.to_csv(lineterminator="\n").encode()).hexdigest()


def words(text: str) -> list[str]:
    return text.replace(".", "").lower().split()


def test_articles_keep_the_contract(simulation):
    articles = simulation.articles
    assert articles.index.name == "doc_id"
    assert articles.index.is_unique
    assert articles.columns.tolist() == ["outlet", "date", "headline", "text"]
    assert articles.dtypes.astype(str).tolist() == ["str", "datetime64[us]", "str", "str"]
    assert articles.notna().all(axis=None)
    assert articles["date"].is_monotonic_increasing


def test_every_table_knows_every_article(simulation):
    for table in (simulation.hits, simulation.stories, simulation.topic_shares):
        assert table.index.equals(simulation.articles.index)


def test_the_same_seed_gives_the_same_bytes():
    assert digest(simulate_articles(50, 7)) == digest(simulate_articles(50, 7))


def test_the_bytes_are_those_of_every_other_machine():
    assert digest(simulate_articles(50, 7)) == (
        "a0733f5b34787b75d69e77dbfad6a2938c1a132e1e6bb7d131ff1d04b7802079"
    )


def test_another_seed_gives_other_articles_outlets_and_words():
    one, two = simulate_articles(50, 7), simulate_articles(50, 8)
    assert not set(one.articles["text"]) & set(two.articles["text"])
    assert set(one.articles["outlet"]) != set(two.articles["outlet"])
    assert set(one.codebook["pattern"]) != set(two.codebook["pattern"])


def test_hits_are_the_marker_words_of_the_text(simulation):
    frame_of = dict(zip(simulation.codebook["pattern"], simulation.codebook["frame"], strict=True))
    for doc_id, text in simulation.articles["text"].items():
        found = pd.Series([frame_of[word] for word in words(text) if word in frame_of], dtype="str")
        counted = found.value_counts().reindex(simulation.hits.columns, fill_value=0)
        assert counted.tolist() == simulation.hits.loc[doc_id].tolist()


def test_score_frames_recovers_the_hits(simulation):
    scores = score_frames(simulation.articles, simulation.codebook, measure="hits")
    assert (scores[simulation.hits.columns] == simulation.hits).all(axis=None)


def test_headlines_hold_no_marker_word(simulation):
    markers = set(simulation.codebook["pattern"])
    assert not markers.intersection(*[words(" ".join(simulation.articles["headline"]))])


def test_original_articles_have_the_frames_of_their_outlet(simulation):
    original = simulation.stories["kind"] == "original"
    outlets = simulation.articles["outlet"][original]
    share = (simulation.hits[original] > 0).groupby(outlets).mean()
    n = outlets.value_counts().reindex(share.index)
    expected = simulation.frame_shares.loc[share.index]
    error = np.sqrt((expected * (1 - expected)).div(n, axis=0))
    z = (share - expected) / error
    assert (z.abs() < 4).all(axis=None)
    assert 0.6 < z.stack().std() < 1.4  # 25 shares scatter as a binomial share does


def test_frame_shares_can_be_given():
    shares = pd.DataFrame({"war": [1.0, 0.0], "peace": [0.0, 1.0]}, index=["Herald", "Star"])
    simulation = simulate_articles(60, frame_shares=shares, share_copies=0)
    assert simulation.frame_shares.equals(shares)
    herald = simulation.articles["outlet"] == "Herald"
    assert set(simulation.articles["outlet"]) == {"Herald", "Star"}
    assert ((simulation.hits["war"] > 0) == herald).all()
    assert ((simulation.hits["peace"] > 0) == ~herald).all()
    assert simulation.codebook["frame"].unique().tolist() == ["war", "peace"]


def test_many_frames_find_a_place_in_the_shortest_article():
    shares = pd.DataFrame(1.0, index=["Herald"], columns=[f"frame {k}" for k in range(40)])
    simulation = simulate_articles(30, frame_shares=shares, share_copies=0)
    assert (simulation.hits >= 1).all(axis=None)


def test_the_share_of_copies_is_met(simulation):
    kinds = simulation.stories["kind"].value_counts()
    assert kinds["original"] == 1_400
    assert sorted(kinds.index) == sorted(["original", *COPY_KINDS])
    assert kinds.drop("original").between(100, 200).all()


def test_a_copy_names_an_original_of_another_outlet_at_most_three_days_older(simulation, pairs):
    assert len(pairs) == 600
    assert (pairs["kind_original"] == "original").all()
    assert (pairs["outlet"] != pairs["outlet_original"]).all()
    assert (pairs["date"] - pairs["date_original"]).dt.days.between(0, 3).all()
    assert (pairs.index > pairs["copy_of"]).all()
    originals = simulation.stories[simulation.stories["kind"] == "original"]
    assert (originals["story"] == originals.index).all()
    assert originals["copy_of"].isna().all()


def test_stories_hold_an_original_and_all_its_copies(simulation, pairs):
    assert (pairs["story"] == pairs["copy_of"]).all()
    sizes = simulation.stories["story"].value_counts()
    assert len(sizes) == 1_400
    assert sizes.max() > 5


def test_copies_keep_what_their_kind_says(pairs):
    for row in pairs.itertuples():
        new, old = words(row.text), words(row.text_original)
        changed = np.mean([a != b for a, b in zip(new, old, strict=False)])
        same = (row.text == row.text_original, row.headline == row.headline_original)
        assert (row.kind == "exact") == all(same)
        if row.kind == "partial":
            assert row.text_original.startswith(row.text)
            assert 0 < len(new) < len(old)
        else:
            assert len(new) == len(old)
            low, high = {"exact": (0, 0), "reprint": (1e-9, 0.15), "reworded": (0.2, 0.6)}[row.kind]
            assert low <= changed <= high


def test_copies_keep_their_frames_unless_they_are_partial(simulation, pairs):
    whole = pairs[pairs["kind"] != "partial"]
    hits = simulation.hits
    assert (hits.loc[whole.index].to_numpy() == hits.loc[whole["copy_of"]].to_numpy()).all()
    assert (hits.loc[pairs.index].to_numpy() <= hits.loc[pairs["copy_of"]].to_numpy()).all()


def test_topics_are_distributions(simulation):
    assert np.allclose(simulation.topic_shares.sum(axis=1), 1)
    assert np.allclose(simulation.topic_words.sum(axis=1), 1)
    assert simulation.topic_words.columns.is_unique
    assert (simulation.topic_words >= 0).all(axis=None)


def test_words_come_from_the_topics_of_the_article():
    simulation = simulate_articles(400, random_state=2, n_topics=2, share_copies=0)
    pure = simulation.topic_shares["topic_1"][lambda share: share == 1].index
    drawn = [word for text in simulation.articles["text"][pure] for word in words(text)]
    counts = pd.Series(drawn).value_counts()
    for topic, probabilities in simulation.topic_words.iterrows():
        top = probabilities.nlargest(300).index
        expected = (
            counts[counts.index.isin(top)].sum() * probabilities[top] / probabilities[top].sum()
        )
        distance = ((counts.reindex(top, fill_value=0) - expected) ** 2 / expected).mean()
        assert (distance < 1.3) == (topic == "topic_1")


def test_texts_look_like_news(simulation):
    texts = simulation.articles["text"]
    lengths = texts.map(lambda text: len(words(text)))
    assert 300 < lengths.mean() < 380
    assert lengths.skew() > 0.8
    assert texts.str.fullmatch(r"(?:[A-Z][a-z]*(?: [a-z]+){7,27}\.(?: |\n\n|$))+").all()
    counts = pd.Series([word for text in texts[:300] for word in words(text)]).value_counts()
    assert counts.iloc[0] > 20 * counts.iloc[200] > 0


def test_weekends_are_slow(simulation):
    original = simulation.stories["kind"] == "original"
    days = simulation.articles["date"][original].dt.day_of_week.value_counts(normalize=True)
    expected = np.array([1, 1, 1, 1, 1, 0.6, 0.4]) / 6
    assert np.abs(days.sort_index().to_numpy() - expected).max() < 4 * np.sqrt(0.16 * 0.84 / 1_400)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_articles(n):
    simulation = simulate_articles(n, share_copies=0.9)
    assert len(simulation.articles) == len(simulation.hits) == len(simulation.stories) == n
    assert simulation.articles.dtypes.astype(str).tolist() == [
        "str",
        "datetime64[us]",
        "str",
        "str",
    ]
    assert (simulation.stories["kind"] == "original").sum() == min(n, 1)
    assert simulation.codebook.shape == (40, 2)


def test_the_table_given_is_not_changed():
    shares = pd.DataFrame({"war": [0.5, 0.2]}, index=["Herald", "Star"])
    before = shares.copy()
    simulate_articles(5, frame_shares=shares)
    pd.testing.assert_frame_equal(shares, before)
    assert shares.index.name is None


def test_all_problems_are_told_at_once():
    with pytest.raises(ValueError) as error:
        simulate_articles(-1, n_topics=0, n_outlets=1, share_copies=1.5)
    message = str(error.value)
    for name in ("n=-1", "n_topics=0", "share_copies=1.5", "second outlet"):
        assert name in message


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        (pd.DataFrame({"war": [0.5, 1.2]}, index=["A", "B"]), "1 of the 2"),
        (pd.DataFrame({"war": [0.5, np.nan]}, index=["A", "B"]), "1 of the 2"),
        (pd.DataFrame({"war": [0.5, 0.2]}, index=["A", "A"]), "twice"),
        (pd.DataFrame(index=["A", "B"]), "at least one"),
        (pd.DataFrame({"war": [0.5, 0.2, 0.1]}, index=["A", "B", "C"]), "3 outlets"),
    ],
)
def test_frame_shares_are_checked(shares, message):
    with pytest.raises(ValueError, match=message):
        simulate_articles(5, frame_shares=shares, n_outlets=2)
