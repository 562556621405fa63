"""Find words that come together, and count them as terms."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from framing.corpus.checks import require_text
from framing.corpus.listing import listed
from framing.text.counts import TermCounts, check_stop_words
from framing.text.patterns import Matcher, parse_pattern
from framing.text.tokens import Encoder, Tokenizer
from framing.text.units import split_units

MEASURES = ("likelihood_ratio", "pmi", "npmi")
SIZES = (2, 3)

Integers = NDArray[np.int64]


class _Tokens(NamedTuple):
    """Token ids of all sentences, end to end, with the sentence and the article of each."""

    ids: Integers
    sentence: Integers
    article: Integers
    terms: list[str]


def find_collocations(
    articles: pd.DataFrame,
    *,
    size: int = 2,
    measure: str = "likelihood_ratio",
    min_count: int = 5,
    stop_words: Iterable[str] = (),
    tokenizer: Tokenizer | None = None,
) -> pd.DataFrame:
    r"""Find phrases of two or three words that come together more often than by chance.

    Parameters
    ----------
    articles : DataFrame
        Index `doc_id`, column `text`.
    size : {2, 3}
        Words in a phrase.
    measure : {"likelihood_ratio", "pmi", "npmi"}
        The score. The likelihood ratio favours frequent phrases, pointwise mutual information
        rare ones; normalised, it is at most 1, for words that never come apart.
    min_count : int
        Leave out phrases that occur less often.
    stop_words : iterable of str
        Leave out phrases that begin or end with one of these.
    tokenizer : callable, optional
        A tokenizer of your own, `str -> list of str`.

    Returns
    -------
    DataFrame
        One row a phrase: `phrase`, `n` (occurrences), `n_articles`, `score`; the highest score
        first, ties by phrase. A likelihood ratio is missing where one word is most of all text:
        its cell for “other words” would be negative.

    Raises
    ------
    ValueError
        If `size`, `measure` or `min_count` is out of range, or articles have no text.
    TypeError
        If `stop_words` is one text.

    Notes
    -----
    The scores are those of NLTK's BigramCollocationFinder and TrigramCollocationFinder on the
    kit's tokens; no phrase crosses the end of a sentence. A possessive counts with its word.
    Likelihood ratio: Dunning, T. (1993), Computational Linguistics 19, 61-74. With the probability
    P of a phrase of k words and those of its words, pointwise mutual information is
    :math:`\log_2 P(w_1 \dots w_k) / \prod_i P(w_i)` (Church, K. W., & Hanks, P. 1990,
    Computational Linguistics 16, 22-29). It is normalised by :math:`-(k - 1) \log_2 P` (Bouma, G.
    2009, for k = 2).

    A score says that words come together, not that they mean something together: read the list
    before its phrases are counted.

    Examples
    --------
    >>> index = pd.Index(["a1", "a2"], name="doc_id")
    >>> text = ["Peace talks began. Talks of peace failed.", "The peace talks ended."]
    >>> articles = pd.DataFrame({"text": text}, index=index)
    >>> find_collocations(articles, measure="pmi", min_count=2).round(3)
            phrase  n  n_articles  score
    0  peace talks  2           2   1.29
    """
    _check_choices(size, measure, min_count)
    tokens = _tokens(require_text(articles), tokenizer)
    rows, starts, codes = _phrases(tokens, size, min_count)
    kept = _without_stop_words(rows, tokens.terms, stop_words)
    table = pd.DataFrame({"phrase": [" ".join(tokens.terms[i] for i in row) for row in rows]})
    table["n"] = np.bincount(codes, minlength=len(rows))
    table["n_articles"] = _n_articles(tokens.article[starts], codes, len(rows))
    table["score"] = _scores(tokens, size, measure, rows, table["n"].to_numpy())
    table = table[kept].sort_values(["score", "phrase"], ascending=[False, True])
    return table.astype({"phrase": "str", "score": float}).reset_index(drop=True)


def count_phrases(
    articles: pd.DataFrame,
    phrases: Iterable[str] | pd.DataFrame,
    *,
    tokenizer: Tokenizer | None = None,
) -> TermCounts:
    """Count phrases as terms.

    Parameters
    ----------
    articles : DataFrame
        Index `doc_id`, column `text`.
    phrases : iterable of str, or DataFrame with a column `phrase`
        Phrases, as `find_collocations` finds them, or any pattern of a codebook.
    tokenizer : callable, optional
        A tokenizer of your own, `str -> list of str`.

    Returns
    -------
    TermCounts
        One column a phrase, sorted.

    Raises
    ------
    ValueError
        If there is no phrase, a phrase is repeated or cannot match, or articles have no text.

    Notes
    -----
    Each phrase is counted for itself: “human rights” also inside “human rights council”. A phrase
    never crosses the end of a sentence, and a possessive matches its word.

    Examples
    --------
    >>> index = pd.Index(["a1", "a2"], name="doc_id")
    >>> articles = pd.DataFrame({"text": ["Peace talks. Peace. Talks.", "War."]}, index=index)
    >>> count_phrases(articles, ["peace talks"]).matrix.toarray()
    array([[1],
           [0]])
    """
    names = _phrase_list(phrases, tokenizer)
    texts = require_text(articles)["text"].tolist()
    matcher = Matcher(names, list(range(len(names))), Encoder(tokenizer))
    hits = pd.concat([hits[["document", "pattern"]] for hits in matcher.tables(texts)])
    ones = np.ones(len(hits), dtype=np.int64)
    places = (hits["document"].to_numpy(), hits["pattern"].to_numpy())
    matrix = sparse.csr_matrix((ones, places), shape=(len(texts), len(names)))
    matrix.sum_duplicates()
    return TermCounts(matrix, articles.index, pd.Index(names, dtype=str, name="term"))


def join_counts(counts: TermCounts, more: TermCounts) -> TermCounts:
    """Put the terms of two counts side by side, e.g. words and phrases.

    Parameters
    ----------
    counts, more : TermCounts
        Counts of the same documents, in any order, of different terms.

    Returns
    -------
    TermCounts
        Documents as in `counts`; the terms of both, sorted.

    Raises
    ------
    ValueError
        If the documents differ, or a term is in both.

    Notes
    -----
    The words of a phrase stay counted under their own names too.

    Examples
    --------
    >>> index = pd.Index(["a1"], name="doc_id")
    >>> words = TermCounts(sparse.csr_matrix([[2]]), index, pd.Index(["peace"]))
    >>> phrases = TermCounts(sparse.csr_matrix([[1]]), index, pd.Index(["a peace"]))
    >>> join_counts(words, phrases).terms.tolist()
    ['a peace', 'peace']
    """
    _check_joinable(counts, more)
    rows = more.documents.get_indexer(counts.documents)
    terms = counts.terms.append(more.terms)
    order = np.argsort(terms.to_numpy(dtype=object), kind="stable")
    matrix = sparse.hstack([counts.matrix, more.matrix[rows]], format="csr", dtype=np.int64)
    matrix = sparse.csr_matrix(matrix[:, order])
    matrix.sort_indices()
    return TermCounts(matrix, counts.documents, terms[order].rename("term"))


# --- checks ---------------------------------------------------------------------------------


def _check_choices(size: int, measure: str, min_count: int) -> None:
    problems = []
    if size not in SIZES or isinstance(size, float):
        problems.append(f"size={size!r}: choose 2 or 3 words.")
    if measure not in MEASURES:
        problems.append(f"measure={measure!r}: choose one of {', '.join(MEASURES)}.")
    if isinstance(min_count, str) or not min_count >= 1:
        problems.append(f"min_count={min_count!r} must be a number, at least 1.")
    if problems:
        raise ValueError("\n".join(problems))


def _phrase_list(phrases: Iterable[str] | pd.DataFrame, tokenizer: Tokenizer | None) -> list[str]:
    if isinstance(phrases, str):
        raise ValueError(f"`phrases` is one text, {phrases!r}; give a list: [{phrases!r}]")
    if isinstance(phrases, pd.DataFrame) and "phrase" not in phrases:
        raise ValueError("The table of phrases has no column 'phrase': see find_collocations.")
    names = list(phrases["phrase"] if isinstance(phrases, pd.DataFrame) else phrases)
    if odd := [name for name in names if not isinstance(name, str)]:
        raise ValueError(f"{len(odd)} of {len(names)} phrases are no text ({listed(odd)}).")
    if not names:
        raise ValueError("There are no phrases to count. Lower `min_count` in find_collocations?")
    names = sorted(names)
    alike = sorted(name.casefold() for name in names)
    problems = [f"{one!r} is repeated." for one, two in pairwise(alike) if one == two]
    for name in names:
        try:
            if parse_pattern(name, tokenizer).cancels:
                problems.append(f"{name!r} cancels what others match, and counts nothing.")
        except ValueError as error:
            problems.append(f"{name!r}: {error}.")
    if problems:
        raise ValueError("These phrases cannot be counted:\n" + "\n".join(problems))
    return names


def _check_joinable(counts: TermCounts, more: TermCounts) -> None:
    problems = []
    if counts.documents.nlevels != more.documents.nlevels:
        raise ValueError("One counts articles, the other parts of them. Count the same units.")
    missing = counts.documents.symmetric_difference(more.documents)
    if len(missing):
        problems.append(
            f"{len(missing)} documents are in one of the two only ({missing[0]}, …). "
            "Count the same articles."
        )
    both = counts.terms.intersection(more.terms)
    if len(both):
        problems.append(f"{len(both)} terms are in both ({', '.join(map(str, both[:3]))}).")
    if problems:
        raise ValueError("\n".join(problems))


# --- collocations ---------------------------------------------------------------------------


def _tokens(articles: pd.DataFrame, tokenizer: Tokenizer | None) -> _Tokens:
    """Tokens by sentence, a possessive with its word."""
    sentences = split_units(articles, "sentence")
    encoder = Encoder(tokenizer)
    block = encoder.encode(sentences["text"].tolist())
    lengths = np.diff(block.offsets)
    sentence = np.repeat(np.arange(len(sentences)), lengths)
    article = articles.index.get_indexer(sentences.index.get_level_values("doc_id"))
    names = [term.removesuffix("'s") or term for term in encoder.terms]
    codes, terms = pd.factorize(np.array(names, dtype=object), sort=True)
    return _Tokens(codes[block.ids], sentence, article[sentence], list(terms))


def _phrases(tokens: _Tokens, size: int, min_count: int) -> tuple[Integers, Integers, Integers]:
    """Phrases that occur often enough, as ids; and where each occurrence starts, and its phrase."""
    starts, keys = _ngrams(tokens, tuple(range(size)))
    found, codes, n = np.unique(keys, return_inverse=True, return_counts=True)
    often = n >= min_count
    number = np.cumsum(often) - 1
    kept = often[codes]
    return _ids(found[often], tokens, size), starts[kept], number[codes[kept]]


def _ngrams(tokens: _Tokens, steps: tuple[int, ...]) -> tuple[Integers, Integers]:
    """Where tokens some steps apart stand in one sentence, and their ids written as one number."""
    n = max(len(tokens.ids) - steps[-1], 0)
    starts = np.flatnonzero(tokens.sentence[:n] == tokens.sentence[steps[-1] :])
    keys = np.zeros(len(starts), dtype=np.int64)
    for step in steps:
        keys = keys * len(tokens.terms) + tokens.ids[starts + step]
    return starts, keys


def _ids(keys: Integers, tokens: _Tokens, size: int) -> Integers:
    """The ids, one column a word, that `_ngrams` wrote as one number."""
    powers = len(tokens.terms) ** np.arange(size - 1, -1, -1)
    return keys[:, np.newaxis] // powers % max(len(tokens.terms), 1)


def _without_stop_words(
    rows: Integers, terms: list[str], stop_words: Iterable[str]
) -> NDArray[np.bool_]:
    check_stop_words(stop_words)
    stopped = {word.lower() for word in stop_words}
    ends = [(terms[row[0]], terms[row[-1]]) for row in rows]
    return np.array([stopped.isdisjoint(pair) for pair in ends], dtype=bool)


def _n_articles(article: Integers, codes: Integers, n_phrases: int) -> Integers:
    pairs = pd.DataFrame({"article": article, "phrase": codes}).drop_duplicates()
    return np.bincount(pairs["phrase"], minlength=n_phrases)


def _scores(
    tokens: _Tokens, size: int, measure: str, rows: Integers, n: Integers
) -> NDArray[np.float64]:
    """Let NLTK score the phrases from counts made here, which is faster than its own counting."""
    finder, measures = _finder(tokens, size, rows, n)
    score: Callable[..., float] = getattr(measures, "pmi" if measure == "npmi" else measure)
    scores = np.array([_score(finder, score, row) for row in rows.tolist()], dtype=float)
    if measure == "npmi":
        scores /= -(size - 1) * np.log2(n / len(tokens.ids))
    return scores


def _score(finder: Any, score: Callable[..., float], row: list[int]) -> float:
    try:
        return float(finder.score_ngram(score, *row))
    except ValueError:  # a logarithm of a negative cell
        return np.nan


def _finder(tokens: _Tokens, size: int, rows: Integers, n: Integers) -> tuple[Any, Any]:
    from nltk.collocations import (
        BigramAssocMeasures,
        BigramCollocationFinder,
        TrigramAssocMeasures,
        TrigramCollocationFinder,
    )
    from nltk.probability import FreqDist

    words = _frequencies(*np.unique(tokens.ids, return_counts=True), tokens, 1)
    phrases = FreqDist(dict(zip(map(tuple, rows.tolist()), n.tolist(), strict=True)))
    if size == 2:
        return BigramCollocationFinder(words, phrases), BigramAssocMeasures
    pairs, apart = (
        _frequencies(*np.unique(_ngrams(tokens, steps)[1], return_counts=True), tokens, 2)
        for steps in ((0, 1), (0, 2))
    )
    return TrigramCollocationFinder(words, pairs, apart, phrases), TrigramAssocMeasures


def _frequencies(keys: Integers, n: Integers, tokens: _Tokens, size: int) -> Any:
    """NLTK's table of frequencies: of ids, or of pairs of ids."""
    from nltk.probability import FreqDist

    ids = keys.tolist() if size == 1 else map(tuple, _ids(keys, tokens, size).tolist())
    return FreqDist(dict(zip(ids, n.tolist(), strict=True)))
