"""Vectors recover planted neighbours; axes recover planted contrasts and say when they do not."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import framing as fr
from framing.measures.embeddings import (
    _cooccurrences,
    _corpus,
    _ppmi,
    check_axes,
    fit_embeddings,
    score_axis,
)


@pytest.fixture(scope="module")
def planted():
    """Articles of two worlds: `good*` words stand among light words, `bad*` among dark ones."""
    rng = np.random.default_rng(0)
    light, dark = ([f"{name}{number}" for number in range(20)] for name in ("light", "dark"))
    filler = [f"filler{number}" for number in range(30)]
    rows = []
    for number in range(120):
        bright = number % 2 == 0
        context, seeds = (light, ["gooda", "goodb"]) if bright else (dark, ["bada", "badb"])
        words = [*rng.choice(context, 40), *rng.choice(seeds, 8), *rng.choice(filler, 40)]
        rows.append(("Bright" if bright else "Grim", " ".join(rng.permutation(words))))
    index = pd.Index([f"a{number:03}" for number in range(120)], name="doc_id")
    return pd.DataFrame(rows, columns=["outlet", "text"], index=index)


@pytest.fixture(scope="module")
def vectors(planted):
    return fit_embeddings(planted, dimensions=10, random_state=0)


def articles_of(*texts):
    index = pd.Index([f"a{number}" for number in range(len(texts))], name="doc_id")
    return pd.DataFrame({"text": list(texts)}, index=index)


def test_cooccurrences_by_hand():
    corpus = _corpus(articles_of("a b c b", "c a"), 1, None)
    assert corpus.terms == ["a", "b", "c"]
    together = _cooccurrences(corpus, 2).toarray()
    # Next to each other counts 1, two apart 1/2; never from one article into the next.
    assert together.tolist() == [[0, 1, 1.5], [1, 1, 2], [1.5, 2, 0]]


def test_ppmi_by_hand():
    together = sparse.csr_array(np.array([[0.0, 3.0], [3.0, 2.0]]))
    p_a, p_b = 3**0.75, 5**0.75
    p_a, p_b = p_a / (p_a + p_b), p_b / (p_a + p_b)
    expected = [
        [0, np.log((3 / 8) / (3 / 8 * p_b))],
        [np.log((3 / 8) / (5 / 8 * p_a)), max(np.log((2 / 8) / (5 / 8 * p_b)), 0)],
    ]
    assert _ppmi(together).toarray() == pytest.approx(np.array(expected))


def test_with_all_dimensions_the_vectors_hold_the_matrix():
    words = [f"w{number}" for number in range(12)]
    rng = np.random.default_rng(2)
    articles = articles_of(*(" ".join(rng.choice(words, 30)) for _ in range(6)))
    vectors = fit_embeddings(articles, dimensions=11, min_count=1).to_numpy()
    matrix = _ppmi(_cooccurrences(_corpus(articles, 1, None), 5)).toarray()
    left, values, _ = np.linalg.svd(matrix)
    assert np.abs(vectors) == pytest.approx(np.abs(left[:, :11] * np.sqrt(values[:11])), abs=1e-8)


def test_planted_synonyms_are_neighbours(vectors):
    unit = vectors.div(np.linalg.norm(vectors, axis=1), axis=0)
    near = unit @ unit.T
    assert near.loc["gooda", "goodb"] > 0.8 > 0.2 > near.loc["gooda", "bada"]
    words = near.loc["gooda"].drop(["gooda", "goodb"]).nlargest(10).index
    assert words.str.startswith("light").all()


def test_the_same_call_gives_the_same_numbers_from_any_start(planted, vectors):
    again = fit_embeddings(planted, dimensions=10, random_state=0)
    pd.testing.assert_frame_equal(vectors, again)
    other = fit_embeddings(planted, dimensions=3, random_state=7)
    assert np.abs(other.to_numpy()) == pytest.approx(np.abs(vectors.to_numpy()[:, :3]), abs=1e-6)
    highest = vectors.to_numpy()[np.abs(vectors.to_numpy()).argmax(axis=0), range(10)]
    assert (highest > 0).all() and vectors.index.is_monotonic_increasing


def test_rare_words_have_no_vector_and_possessives_none_of_their_own():
    articles = articles_of("syria war " * 10, "Syria’s war began " + "peace talks " * 10)
    vectors = fit_embeddings(articles, dimensions=2, min_count=10)
    assert vectors.index.tolist() == ["peace", "syria", "talks", "war"]


def test_bias_and_intensity_by_hand():
    embeddings = pd.DataFrame([[2.0, 0.0], [0.0, 3.0], [1.0, 1.0]], index=["good", "bad", "both"])
    index = pd.Index(["a1", "a2", "a3"], name="doc_id")
    matrix = sparse.csr_matrix([[20, 0, 0, 5], [0, 20, 20, 0], [0, 0, 0, 9]])
    counts = fr.TermCounts(matrix, index, pd.Index(["good", "bad", "both", "unknown"]))
    table = score_axis(counts, embeddings, {"tone": (["good"], ["bad"])}).set_index("doc_id")
    half = np.sqrt(0.5)  # cosine of (1, 0) and (1, -1)
    assert table["n_tokens"].tolist() == [20, 40, 0]
    assert table["bias"].tolist()[:2] == pytest.approx([half, -half / 2])
    baseline = 0.0  # 20 good, 20 bad, 20 at right angles to the axis
    expected = [(half - baseline) ** 2, (half**2 + 0) / 2]
    assert table["intensity"].tolist()[:2] == pytest.approx(expected)
    assert table.loc["a3", ["bias", "intensity"]].isna().all()


def test_a_planted_axis_tells_articles_apart_and_an_empty_one_does_not(planted, vectors):
    counts = fr.count_terms(planted)
    axes = {
        "tone": (["gooda", "goodb"], ["bada", "badb"]),
        "none": (["filler1", "filler2"], ["filler3", "filler4"]),
    }
    scores = score_axis(counts, vectors, axes)
    bias = scores.join(planted["outlet"], on="doc_id").groupby(["axis", "outlet"])["bias"]
    lowest, highest = bias.min(), bias.max()
    assert lowest["tone", "Bright"] > highest["tone", "Grim"]
    assert lowest["none", "Bright"] < highest["none", "Grim"]
    checks = check_axes(counts, vectors, axes, n_random=199, random_state=0).set_index("axis")
    assert checks.loc["tone", "p"] <= 0.05 < 0.2 < checks.loc["none", "p"]
    assert checks.loc["tone", "agreement"] > 0.5 > checks.loc["none", "agreement"]
    assert checks.loc["tone", "spread"] > 3 * checks.loc["none", "spread"]
    assert checks.loc["tone", "fewest_uses"] > 100
    again = check_axes(counts, vectors, axes, n_random=199, random_state=0).set_index("axis")
    pd.testing.assert_frame_equal(checks, again)


def test_random_axes_are_rarely_called_real(planted, vectors):
    counts = fr.count_terms(planted)
    rng = np.random.default_rng(4)
    pairs = [rng.choice(vectors.index, 2, replace=False) for _ in range(40)]
    axes = {f"pair {number}": ([one], [two]) for number, (one, two) in enumerate(pairs)}
    p = check_axes(counts, vectors, axes, n_random=99)["p"]
    assert (p <= 0.1).mean() <= 0.25 and p.mean() > 0.3


def test_rare_and_missing_seed_words_are_said(planted, vectors):
    counts = fr.count_terms(planted.head(4))
    with pytest.warns(UserWarning, match=r"splendid: no vector; .*gooda \(10\).*fewer than 20"):
        score_axis(counts, vectors, {"tone": (["gooda", "splendid"], ["light1", "bada"])})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        score_axis(fr.count_terms(planted), vectors, {"tone": (["gooda"], ["bada"])})


def test_paragraphs_can_be_scored_too(planted, vectors):
    counts = fr.count_terms(planted, unit="paragraph")
    table = score_axis(counts, vectors, {"tone": (["gooda"], ["bada"])})
    assert table.columns.tolist()[:3] == ["doc_id", "paragraph", "axis"] and len(table) == 120


def test_mistakes_are_named(planted, vectors):
    counts = fr.count_terms(planted)
    with pytest.raises(ValueError, match="74 terms have 10 uses or more, and 100 dimensions"):
        fit_embeddings(planted)
    with pytest.raises(ValueError, match=r"dimensions=0.*\n.*window=0"):
        fit_embeddings(planted, dimensions=0, window=0)
    with pytest.raises(ValueError, match=r"no word of a pole has a vector \(splendid\)"):
        score_axis(counts, vectors, {"tone": (["splendid"], ["bada"])})
    with pytest.raises(ValueError, match="two lists of words"):
        score_axis(counts, vectors, {"tone": ("gooda", "bada")})
    with pytest.raises(ValueError, match="No term of `counts` has a vector"):
        score_axis(counts, vectors.rename(index=str.upper), {"tone": (["gooda"], ["bada"])})
    with pytest.raises(ValueError, match="n_random=0"):
        check_axes(counts, vectors, {"tone": (["gooda"], ["bada"])}, n_random=0)


def test_what_is_no_axis_is_refused():
    terms = pd.Index(["bad", "day", "good"])
    embeddings = pd.DataFrame(np.eye(3), terms)
    counts = fr.TermCounts(sparse.csr_matrix([[30, 30, 30]]), pd.Index(["a"], name="doc_id"), terms)
    for axes in ({}, [(["good"], ["bad"])]):
        for function in (score_axis, check_axes):
            with pytest.raises(ValueError, match="needs a name and two lists"):
                function(counts, embeddings, axes)
    with pytest.raises(ValueError, match="has day at both ends"):
        score_axis(counts, embeddings, {"tone": (["good", "day"], ["day"])})
    with pytest.raises(ValueError, match=r"dimensions=2\.0 must be a whole number"):
        fit_embeddings(pd.DataFrame({"text": ["war"]}), dimensions=2.0)


def test_an_axis_does_not_hang_on_those_beside_it(planted, vectors):
    counts = fr.count_terms(planted)
    tone, other = {"tone": (["gooda"], ["bada"])}, {"other": (["filler1"], ["filler2"])}
    alone = check_axes(counts, vectors, tone, n_random=49)
    second = check_axes(counts, vectors, other | tone, n_random=49).tail(1).reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, second)


def test_tables_that_are_no_counts_and_no_vectors_are_named(planted, vectors):
    axes, counts = {"tone": (["gooda"], ["bada"])}, fr.count_terms(planted)
    with pytest.raises(TypeError, match="counts of count_terms"):
        score_axis(planted, vectors, axes)
    with pytest.raises(ValueError, match="74 terms of `embeddings` stand there twice"):
        score_axis(counts, pd.concat([vectors, vectors]), axes)
    with pytest.raises(ValueError, match="two lists of words"):
        score_axis(counts, vectors, {"tone": None})
    with pytest.raises(ValueError, match=r"\(Gooda\)\. Write words in small letters"):
        score_axis(counts, vectors, {"tone": (["Gooda"], ["bada"])})
    with pytest.raises(ValueError, match="No two of the terms stand near each other"):
        fit_embeddings(articles_of("a", "b", "c"), dimensions=2, min_count=1)
