"""Keyness on 804 real articles about the war in Syria (not part of the kit)."""

import numpy as np
import pytest

import framing as fr
from framing.measures.embeddings import check_axes, fit_embeddings, score_axis
from framing.measures.keyness import compare_words, keyness
from framing.measures.phrases import count_phrases, find_collocations, join_counts


@pytest.fixture
def articles(real_data):
    table, _ = fr.read_articles(real_data / "fa_kes" / "FA-KES-Dataset.csv")
    return fr.drop_boilerplate(table, fr.find_boilerplate(table))


def test_the_words_of_state_and_opposition_agencies(articles):
    phrases = find_collocations(articles, min_count=20).head(200)
    assert {"human rights", "chemical weapons"} <= set(phrases["phrase"])
    counts = join_counts(fr.count_terms(articles, min_articles=5), count_phrases(articles, phrases))
    table = keyness(counts, articles, between=("sana", "etilaf")).set_index("term")
    strong = table[table["p_adjusted"] < 0.01]
    assert {"terrorist", "terrorists"} <= set(strong.index[strong["z"] > 0])
    assert {"regime", "assad", "assad regime"} <= set(strong.index[strong["z"] < 0])
    assert (table["design_effect"] >= 1).all() and table["design_effect"].max() > 3
    finite = table[["z", "g2", "log_ratio", "z_clustered", "p", "p_adjusted"]].to_numpy()
    assert np.isfinite(finite).all()


def test_the_word_for_the_same_people_depends_on_the_outlet(articles):
    table = compare_words(articles, "terrorist*", "rebel*", by="outlet").set_index("outlet")
    assert table.loc["sana", "low"] > 0.8 > 0.3 > table.loc["reuters", "high"]
    assert table["n_articles"].sum() < len(articles)


def test_vectors_and_axis_learned_from_the_corpus(articles):
    vectors = fit_embeddings(articles, dimensions=50)
    unit = vectors.div(np.linalg.norm(vectors, axis=1), axis=0)
    near = (unit @ unit.loc["killed"]).nlargest(15).index
    assert {"wounded", "civilians", "people"} <= set(near)
    counts = fr.count_terms(articles)
    axis = {"label": (["terrorist", "terrorists"], ["rebel", "rebels"])}
    bias = score_axis(counts, vectors, axis).set_index("doc_id")["bias"]
    by_outlet = bias.groupby(articles["outlet"]).mean()
    assert by_outlet["sana"] == by_outlet.max() and by_outlet["reuters"] < by_outlet.median()
    assert check_axes(counts, vectors, axis, n_random=99)["p"].item() <= 0.05
