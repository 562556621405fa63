"""Words as vectors trained on the corpus itself, and articles on an axis between two of them."""

import warnings
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from framing.corpus.callers import callers_level
from framing.corpus.checks import require_text
from framing.text.counts import TermCounts
from framing.text.tokens import Encoder, Tokenizer

SMOOTHING = 0.75
RARE = 20  # uses below which a seed word's vector is mostly noise

Floats = NDArray[np.float64]
Axes = Mapping[str, tuple[Sequence[str], Sequence[str]]]


class _Corpus(NamedTuple):
    """Token ids of all articles, end to end, -1 for rare terms, and the article of each."""

    ids: NDArray[np.int64]
    article: NDArray[np.int64]
    terms: list[str]


class _Scored(NamedTuple):
    """Uses (documents × terms) of the terms that have a vector, and those vectors, length 1."""

    uses: sparse.csr_matrix
    terms: pd.Index
    vectors: Floats
    n: Floats


def fit_embeddings(
    articles: pd.DataFrame,
    *,
    dimensions: int = 100,
    window: int = 5,
    min_count: int = 10,
    random_state: int = 0,
    tokenizer: Tokenizer | None = None,
) -> pd.DataFrame:
    r"""Give every word of the corpus a vector that is near those of words used like it.

    Parameters
    ----------
    articles : DataFrame
        Index `doc_id`, column `text`.
    dimensions : int
        Length of the vectors.
    window : int
        How many tokens on each side of a word are its context, inside its article.
    min_count : int
        Leave out words with fewer uses than this.
    random_state : int
        Seed of the vector that the decomposition starts from.
    tokenizer : callable, optional
        A tokenizer of your own, `str -> list of str`.

    Returns
    -------
    DataFrame
        terms × dimensions: index `term`, sorted; columns `d001`, …, the widest dimension first.

    Raises
    ------
    ValueError
        If an argument is out of range, articles have no text, there are not more terms than
        dimensions, or no two of them stand near each other.

    Notes
    -----
    Truncated singular value decomposition of positive pointwise mutual information, which on
    corpora of this size does as well as word2vec and needs no download and no luck: Levy, O., &
    Goldberg, Y. (2014), NeurIPS 27; Levy, O., Goldberg, Y., & Dagan, I. (2015), Transactions of
    the ACL 3, 211-225. Contexts d tokens away count (window + 1 - d) / window; their probabilities
    are smoothed by the power 3/4; vectors are the left singular vectors times the square root of
    the singular values. The sign of each dimension is such that its largest value is positive.

    Some tens of thousands of tokens give a rough picture at best: look at the neighbours of words
    you know before you trust a distance.

    Examples
    --------
    >>> text = ["the war went on and on", "the war went on", "on went the talks"]
    >>> articles = pd.DataFrame({"text": text}, index=pd.Index(["a", "b", "c"], name="doc_id"))
    >>> fit_embeddings(articles, dimensions=2, min_count=2).shape
    (4, 2)
    """
    _check_sizes(dimensions, window, min_count)
    corpus = _corpus(require_text(articles), min_count, tokenizer)
    if len(corpus.terms) <= dimensions:
        raise ValueError(
            f"{len(corpus.terms)} terms have {min_count} uses or more, and {dimensions} dimensions "
            f"need more terms. Lower `dimensions` or `min_count`, or add articles."
        )
    together = _cooccurrences(corpus, window)
    if not together.nnz:
        raise ValueError("No two of the terms stand near each other: there is nothing to learn.")
    vectors = _decompose(_ppmi(together), dimensions, random_state)
    index = pd.Index(corpus.terms, dtype="str", name="term")
    columns = [f"d{number:03}" for number in range(1, dimensions + 1)]
    return pd.DataFrame(vectors, index=index, columns=columns)


def score_axis(counts: TermCounts, embeddings: pd.DataFrame, axes: Axes) -> pd.DataFrame:
    r"""Place documents on axes between two sets of words.

    Parameters
    ----------
    counts : TermCounts
        Words of the documents; words without a vector are left out.
    embeddings : DataFrame
        terms × dimensions, as `fit_embeddings` returns it.
    axes : mapping of str to a pair of lists of str
        Name of each axis, with the words of its positive and of its negative pole:
        `{"blame": (["guilty"], ["innocent"])}`.

    Returns
    -------
    DataFrame
        One row a document and axis: the levels of the documents' index (`doc_id`), `axis`,
        `n_tokens` (words with a vector), `bias` (-1 to 1, above 0 towards the positive pole),
        `intensity` (0 or more: how much the words stray to either side). A document of no such
        word has missing scores.

    Raises
    ------
    ValueError
        If there is no axis, a pole is empty or none of its words has a vector, a word stands at
        both poles, or no word of the counts has a vector.
    TypeError
        If `counts` or `embeddings` is of the wrong kind.

    Warns
    -----
    UserWarning
        If words of a pole have no vector, or fewer than 20 uses.

    Notes
    -----
    An axis is the mean vector of the positive pole minus that of the negative one (SemAxis: An,
    J., Kwak, H., & Ahn, Y.-Y. 2018, ACL). With :math:`c_w` the cosine of word w and axis, bias
    and intensity of a document are those of FrameAxis (Kwak, H., An, J., Jing, E., & Ahn, Y.-Y.
    2021, PeerJ Computer Science 7, e644): the mean :math:`\sum_w n_w c_w / \sum_w n_w`, and
    the mean square :math:`\sum_w n_w (c_w - B)^2 / \sum_w n_w` around the bias B of the whole
    corpus. Poles are means of vectors of length 1, so that a frequent word does not outweigh the
    rest of its pole.

    Only differences between documents can be read; 0 has no meaning of its own. Ask `check_axes`
    whether an axis tells documents apart more than arbitrary ones do.

    Examples
    --------
    >>> embeddings = pd.DataFrame([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]], ["good", "bad", "day"])
    >>> index = pd.Index(["a1", "a2"], name="doc_id")
    >>> matrix = sparse.csr_matrix([[0, 20, 30], [20, 20, 0]])
    >>> counts = TermCounts(matrix, index, pd.Index(["bad", "day", "good"]))
    >>> score_axis(counts, embeddings, {"tone": (["good"], ["bad"])}).round(3)
      doc_id  axis  n_tokens  bias  intensity
    0     a1  tone        50   0.6      0.479
    1     a2  tone        40  -0.5      0.623
    """
    _check_axes(axes)
    scored = _scored(counts, embeddings)
    poles = {name: _poles(scored, name, pair) for name, pair in axes.items()}
    _warn_of_seeds(scored, axes)
    parts = [_document_scores(counts, scored, name, *pair) for name, pair in poles.items()]
    return pd.concat(parts, ignore_index=True)


def check_axes(
    counts: TermCounts,
    embeddings: pd.DataFrame,
    axes: Axes,
    *,
    n_random: int = 500,
    random_state: int = 0,
) -> pd.DataFrame:
    r"""Ask whether axes tell documents apart more than axes between arbitrary words do.

    Parameters
    ----------
    counts, embeddings, axes
        As for `score_axis`.
    n_random : int
        Random axes for each axis.
    random_state : int
        Seed of the random axes.

    Returns
    -------
    DataFrame
        One row an axis: `axis`, `n_positive`, `n_negative` (seed words with a vector),
        `fewest_uses` (of any of them), `agreement` (mean cosine of two words of one pole minus
        that of words of opposite poles; missing where both poles have one word), `spread`
        (standard deviation of bias over documents), `random_spread` (its median over random
        axes), `p`.

    Raises
    ------
    ValueError
        As for `score_axis`; also if `n_random` is below 1.

    Notes
    -----
    A random axis has as many words at each pole, each drawn from the tenth of the vocabulary that
    is nearest in frequency to the word it stands for. `p` is (1 + the number of random axes whose
    spread is at least that of the axis) / (1 + `n_random`), a Monte Carlo test (Davison & Hinkley
    1997, chapter 4). The spread of each axis is taken over documents, weighted by their words,
    after what chance alone gives has been taken out: the variance of bias in a document of as many
    words drawn from the corpus. Kwak et al. (2021) compare a corpus with random draws of words in
    the same way.

    A low p says that documents differ along the axis more than along most directions. It does not
    say that the axis means what its name says; read the words at its ends.

    Examples
    --------
    Half of the documents use the words near “w00”, the other half do not:

    >>> rng = np.random.default_rng(0)
    >>> terms = pd.Index([f"w{number:02}" for number in range(99)])
    >>> near = np.repeat([1, 0], [10, 89])
    >>> vectors = rng.normal(size=(99, 30)) + 2 * near[:, np.newaxis]
    >>> rates = 3 + 3 * np.outer(np.repeat([1, -1], 10), near)
    >>> index = pd.RangeIndex(20, name="doc_id")
    >>> counts = TermCounts(sparse.csr_matrix(rng.poisson(rates)), index, terms)
    >>> axes = {"planted": (["w00", "w01", "w02"], ["w40", "w41", "w42"])}
    >>> table = check_axes(counts, pd.DataFrame(vectors, terms), axes, n_random=99)
    >>> table[["axis", "n_positive", "n_negative", "p"]]
          axis  n_positive  n_negative     p
    0  planted           3           3  0.01
    """
    if n_random < 1:
        raise ValueError(f"n_random={n_random!r} must be at least 1.")
    _check_axes(axes)
    scored = _scored(counts, embeddings)
    rows = []
    for name, pair in axes.items():
        rng = np.random.default_rng(random_state)  # anew, so that no axis hangs on another
        poles = _poles(scored, name, pair)
        spread = _spread(scored, _axis(scored, *poles)[:, np.newaxis])[0]
        random = _spread(scored, _random_axes(scored, poles, n_random, rng))
        found = {"axis": name, "n_positive": len(poles[0]), "n_negative": len(poles[1])}
        found |= {"fewest_uses": int(scored.n[np.concatenate(poles)].min())}
        found |= {"agreement": _agreement(scored, *poles), "spread": spread}
        p = (1 + (random >= spread).sum()) / (1 + n_random)
        rows.append({**found, "random_spread": float(np.median(random)), "p": p})
    return pd.DataFrame(rows)


# --- vectors --------------------------------------------------------------------------------


def _check_sizes(dimensions: int, window: int, min_count: int) -> None:
    sizes = {"dimensions": dimensions, "window": window, "min_count": min_count}
    problems = [
        f"{name}={size!r} must be a whole number, at least 1."
        for name, size in sizes.items()
        if not isinstance(size, int | np.integer) or size < 1
    ]
    if problems:
        raise ValueError("\n".join(problems))


def _corpus(articles: pd.DataFrame, min_count: int, tokenizer: Tokenizer | None) -> _Corpus:
    """Read all tokens, a possessive as its word, and number the terms that are frequent enough."""
    encoder = Encoder(tokenizer)
    blocks = list(encoder.blocks(articles["text"].tolist()))
    names = np.array([term.removesuffix("'s") or term for term in encoder.terms], dtype=object)
    codes, terms = pd.factorize(names, sort=True)
    ids = codes[np.concatenate([block.ids for _, block in blocks])]
    lengths = np.concatenate([np.diff(block.offsets) for _, block in blocks])
    kept = np.bincount(ids, minlength=len(terms)) >= min_count
    number = np.where(kept, np.cumsum(kept) - 1, -1)
    article = np.repeat(np.arange(len(articles)), lengths)
    return _Corpus(number[ids], article, list(np.asarray(terms)[kept]))


def _cooccurrences(corpus: _Corpus, window: int) -> sparse.csr_array:
    """How often terms stand near each other, the nearer the more."""
    n = len(corpus.terms)
    total = sparse.csr_array((n, n))
    for distance in range(1, min(window, len(corpus.ids) - 1) + 1):
        first, second = corpus.ids[:-distance], corpus.ids[distance:]
        together = corpus.article[:-distance] == corpus.article[distance:]
        both = together & (first >= 0) & (second >= 0)
        weight = np.full(int(both.sum()), (window + 1 - distance) / window)
        near = sparse.csr_array((weight, (first[both], second[both])), shape=(n, n))
        total = sparse.csr_array(total + near)
    return sparse.csr_array(total + total.T)


def _ppmi(together: sparse.csr_array) -> sparse.csr_array:
    """Positive pointwise mutual information, with smoothed probabilities of the contexts."""
    cells, total = together.tocoo(), together.sum()
    words = np.asarray(together.sum(axis=1)).ravel()
    contexts = words**SMOOTHING
    expected = words[cells.row] / total * contexts[cells.col] / contexts.sum()
    values = np.maximum(np.log(cells.data / total / expected), 0)
    matrix = sparse.csr_array((values, (cells.row, cells.col)), shape=together.shape)
    matrix.eliminate_zeros()
    return matrix


def _decompose(matrix: sparse.csr_array, dimensions: int, random_state: int) -> Floats:
    start = np.random.default_rng(random_state).normal(size=matrix.shape[0])
    left, values, _ = svds(matrix, k=dimensions, v0=start, return_singular_vectors="u")
    order = np.argsort(values)[::-1]
    vectors = left[:, order] * np.sqrt(np.maximum(values[order], 0))
    largest = vectors[np.abs(vectors).argmax(axis=0), np.arange(dimensions)]
    return np.asarray(vectors * np.where(largest < 0, -1, 1))


# --- axes -----------------------------------------------------------------------------------


def _scored(counts: TermCounts, embeddings: pd.DataFrame) -> _Scored:
    if not isinstance(counts, TermCounts) or not isinstance(embeddings, pd.DataFrame):
        raise TypeError("Give the counts of count_terms, and then the vectors of fit_embeddings.")
    if n_twice := int(embeddings.index.duplicated().sum()):
        raise ValueError(f"{n_twice} terms of `embeddings` stand there twice.")
    columns = np.flatnonzero(counts.terms.isin(embeddings.index))
    if not len(columns):
        raise ValueError("No term of `counts` has a vector: make both from the same articles.")
    uses = sparse.csr_matrix(counts.matrix)[:, columns]
    terms = counts.terms[columns]
    vectors = _unit(embeddings.loc[terms].to_numpy(dtype=float))
    return _Scored(uses, terms, vectors, np.asarray(uses.sum(axis=0), dtype=float).ravel())


def _unit(vectors: Floats) -> Floats:
    """Vectors of length 1; those of length 0 stay."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)


def _check_axes(axes: Axes) -> None:
    """Refuse what is no axis, and words that stand at both of its ends."""
    if not isinstance(axes, Mapping) or not axes:
        raise ValueError("`axes` needs a name and two lists: {'tone': (['good'], ['bad'])}.")
    problems = []
    for name, pair in axes.items():
        if pair is None or len(pair) != 2 or any(isinstance(words, str) for words in pair):
            problems.append(f"Axis {name!r} needs two lists of words: (['good'], ['bad']).")
        elif both := sorted(set(pair[0]) & set(pair[1])):
            problems.append(f"Axis {name!r} has {', '.join(both)} at both ends. Keep one.")
    if problems:
        raise ValueError("\n".join(problems))


def _poles(
    scored: _Scored, name: str, pair: tuple[Sequence[str], Sequence[str]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of the seed words that have a vector, pole by pole."""
    found = [np.flatnonzero(scored.terms.isin(list(words))) for words in pair]
    empty = [", ".join(words) for words, rows in zip(pair, found, strict=True) if not len(rows)]
    if empty:
        raise ValueError(
            f"Axis {name!r}: no word of a pole has a vector ({'; '.join(empty)}). Write words in "
            "small letters, choose some the corpus uses more often, or lower `min_count` in "
            "fit_embeddings."
        )
    return found[0], found[1]


def _warn_of_seeds(scored: _Scored, axes: Axes) -> None:
    """Name the seed words that have no vector, or one that rests on few uses."""
    uses = pd.Series(scored.n, scored.terms)
    seeds = sorted({word for pair in axes.values() for words in pair for word in words})
    missing = [word for word in seeds if word not in uses.index]
    rare = [f"{word} ({uses[word]:.0f})" for word in seeds if uses.get(word, RARE) < RARE]
    parts = [f"{', '.join(missing)}: no vector"] if missing else []
    parts += [f"{', '.join(rare)}: fewer than {RARE} uses, an unsure vector"] if rare else []
    if parts:
        warnings.warn(f"Seed words of axes. {'; '.join(parts)}.", stacklevel=callers_level())


def _axis(scored: _Scored, positive: NDArray[np.int64], negative: NDArray[np.int64]) -> Floats:
    """Cosine of every term and the axis."""
    poles = [scored.vectors[rows].mean(axis=0) for rows in (positive, negative)]
    return np.asarray(scored.vectors @ _unit(poles[0] - poles[1]))


def _document_scores(
    counts: TermCounts,
    scored: _Scored,
    name: str,
    positive: NDArray[np.int64],
    negative: NDArray[np.int64],
) -> pd.DataFrame:
    cosines = _axis(scored, positive, negative)
    n = np.asarray(scored.uses.sum(axis=1)).ravel()
    baseline = float(scored.n @ cosines / scored.n.sum())
    some = np.where(n > 0, n, np.nan)
    table = counts.documents.to_frame(index=False).assign(axis=name, n_tokens=n)
    table["bias"] = scored.uses @ cosines / some
    table["intensity"] = scored.uses @ np.square(cosines - baseline) / some
    return table


def _random_axes(
    scored: _Scored,
    poles: tuple[NDArray[np.int64], NDArray[np.int64]],
    n_random: int,
    rng: np.random.Generator,
) -> Floats:
    """Cosines (terms × random axes) for axes between words as frequent as the seed words."""
    order = np.lexsort((np.arange(len(scored.n)), scored.n))
    rank = np.argsort(order)
    width = max(len(order) // 10, len(poles[0]) + len(poles[1]) + 1)
    drawn = []
    for rows in poles:
        first = np.clip(rank[rows] - width // 2, 0, max(len(order) - width, 0))
        places = first + rng.integers(min(width, len(order)), size=(n_random, len(rows)))
        drawn.append(scored.vectors[order[places]].mean(axis=1))
    return np.asarray(scored.vectors @ _unit(drawn[0] - drawn[1]).T)


def _spread(scored: _Scored, cosines: Floats) -> Floats:
    """Standard deviation of bias over documents beyond that of random draws of words."""
    n = np.asarray(scored.uses.sum(axis=1), dtype=float).ravel()
    weight, tokens = n / n.sum(), scored.n / scored.n.sum()
    bias = (scored.uses @ cosines) / np.maximum(n, 1)[:, np.newaxis]
    centre = weight @ bias
    within = tokens @ np.square(cosines) - np.square(tokens @ cosines)
    expected = within * (len(n) - 1) / n.sum()
    return np.sqrt(np.maximum(weight @ np.square(bias - centre) - expected, 0))


def _agreement(scored: _Scored, positive: NDArray[np.int64], negative: NDArray[np.int64]) -> float:
    """Mean cosine inside poles minus that between them."""
    inside = []
    for rows in (positive, negative):
        cosines = scored.vectors[rows] @ scored.vectors[rows].T
        inside.append(cosines[np.triu_indices(len(rows), 1)])
    pairs = np.concatenate(inside)
    if not len(pairs):
        return float("nan")
    return float(pairs.mean() - (scored.vectors[positive] @ scored.vectors[negative].T).mean())
