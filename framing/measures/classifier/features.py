"""What a frame classifier sees of a text: words, pieces of words, a codebook, an embedding."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, Normalizer
from sklearn.utils.validation import check_is_fitted

from framing.measures.frames import FrameScorer
from framing.text.tokens import Tokenizer, tokenize

Embedder = Callable[[list[str]], Any]

N_OPENING, N_CLOSING = 2, 1  # tokens at the ends of the first line
PLACES = ("opening", "closing", "first half", "second half")
PIECES = range(2, 6)
WEIGHTS = {"words": 1.5, "pieces": 1.0, "codebook": 0.3, "embedding": 1.0}
LEAST = {"words": 1, "pieces": 3}  # units a term must stand in


class Recipe(NamedTuple):
    """How texts become features; see `fit_classifier`."""

    codebook: str | Path | pd.DataFrame | None = None
    embed: Embedder | None = None
    tokenizer: Tokenizer | None = None
    random_state: int = 0

    def reader(self) -> FeatureUnion:
        """Count words and pieces of words; score by the codebook; embed."""
        words = CountVectorizer(analyzer=WordGrams(self.tokenizer or english_stems))
        pieces = CountVectorizer(analyzer=WordPieces(self.tokenizer or tokenize))
        parts: list[tuple[str, Any]] = [("words", words), ("pieces", pieces)]
        if self.codebook is not None:
            parts.append(("codebook", FrameScorer(self.codebook, "hits")))
        if self.embed is not None:
            parts.append(("embedding", TextEmbedding(self.embed)))
        return FeatureUnion(parts)


@lru_cache(maxsize=1)
def _stemmer() -> Callable[[str], str]:
    from nltk.stem.snowball import SnowballStemmer

    return lru_cache(maxsize=200_000)(SnowballStemmer("english").stem)


def english_stems(text: str) -> list[str]:
    """Split one text into the stems of its English words.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str
        The tokens of `tokenize`, each cut to its stem, in reading order.

    Notes
    -----
    The stemmer is Snowball's for English (Porter 2001), as NLTK has it. NLTK has others, e.g.
    `SnowballStemmer("german").stem`, for a tokenizer of your own.

    Examples
    --------
    >>> english_stems("Shooters’ shootings")
    ['shooter', 'shoot']
    """
    return [_stemmer()(token) for token in tokenize(text)]


class WordGrams:
    """Words, pairs of neighbours, and words with the place they have in the first line.

    A headline is short and ordered: who acts comes first. So each word of the first line counts
    again as one of its first or second half, and those at its ends once more.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer

    def __call__(self, text: str) -> list[str]:
        words = self.tokenizer(text)
        first = self.tokenizer(text.strip().partition("\n")[0])
        pairs = [f"{one} {two}" for one, two in pairwise(words)]
        return [*words, *pairs, *_placed(first)]


def _placed(line: list[str]) -> list[str]:
    """Mark words with their places; a tab, which no word holds, tells them from pairs."""
    middle = (len(line) + 1) // 2
    parts = line[:N_OPENING], line[-N_CLOSING:], line[:middle], line[middle:]
    return [f"{name}\t{word}" for name, part in zip(PLACES, parts, strict=True) for word in part]


class WordPieces:
    """Runs of two to five characters inside words, with a space for the word's two ends."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer

    def __call__(self, text: str) -> list[str]:
        return [piece for word in self.tokenizer(text) for piece in pieces_of(word)]


@lru_cache(maxsize=200_000)
def pieces_of(word: str) -> list[str]:
    """Cut one word into its pieces."""
    edged = f" {word} "
    return [edged[i : i + n] for n in PIECES for i in range(len(edged) - n + 1)]


class TextEmbedding(TransformerMixin, BaseEstimator):
    """Call an embedder and hold it to its word: a row of finite numbers a text.

    Parameters
    ----------
    embed : callable
        `list of str -> array (n, dimensions)`.

    Attributes
    ----------
    n_dimensions_ : int
    """

    def __init__(self, embed: Embedder) -> None:
        self.embed = embed

    def fit(self, X: Sequence[str], y: Any = None) -> "TextEmbedding":
        """Learn how many dimensions there are."""
        self.n_dimensions_ = self._vectors(X[:1]).shape[1]
        return self

    def fit_transform(self, X: Sequence[str], y: Any = None, **_: Any) -> np.ndarray:
        """Embed texts, each only once."""
        vectors = self._vectors(X)
        self.n_dimensions_ = vectors.shape[1]
        return vectors

    def transform(self, X: Sequence[str]) -> np.ndarray:
        """Embed texts."""
        check_is_fitted(self)
        vectors = self._vectors(X)
        if vectors.shape[1] != self.n_dimensions_:
            raise ValueError(
                f"embed gave {vectors.shape[1]} dimensions and {self.n_dimensions_} before. "
                "Fit and predict with the same embedder."
            )
        return vectors

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Number the dimensions from 1."""
        check_is_fitted(self)
        return np.array([f"dimension {k + 1}" for k in range(self.n_dimensions_)], dtype=object)

    def _vectors(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.asarray(self.embed(list(texts)), dtype=float)
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise ValueError(
                f"embed gave an array of shape {vectors.shape} for {len(texts)} texts. It must "
                "take a list of str and return one row of finite numbers for each."
            )
        return vectors


class SeenTerms(TransformerMixin, BaseEstimator):
    """Keep the columns that are not empty in at least so many rows.

    Parameters
    ----------
    least : int
        Number of rows.

    Attributes
    ----------
    kept_ : ndarray of int
        The columns kept.

    Notes
    -----
    Counting once and choosing columns in every training fold gives what counting anew in every
    fold would, without its cost: a term that stands only in held-out texts plays no part.
    """

    def __init__(self, least: int = 1) -> None:
        self.least = least

    def fit(self, X: sparse.csr_matrix, y: Any = None) -> "SeenTerms":
        """Choose the columns."""
        n_rows = np.bincount(sparse.csr_matrix(X).indices, minlength=X.shape[1])
        self.kept_ = np.flatnonzero(n_rows >= self.least)
        return self

    def transform(self, X: sparse.csr_matrix) -> sparse.csr_matrix:
        """Keep the columns."""
        check_is_fitted(self)
        return sparse.csr_matrix(X)[:, self.kept_]


def weigher(reader: FeatureUnion) -> ColumnTransformer:
    """Weigh what a fitted reader counts: tf-idf of terms, logarithms of codebook hits."""
    widths = feature_widths(reader)
    ends = np.cumsum(list(widths.values()))
    parts = [
        (name, _weighing(name), slice(int(end) - width, int(end)))
        for (name, width), end in zip(widths.items(), ends, strict=True)
    ]
    return ColumnTransformer(parts, transformer_weights=WEIGHTS, sparse_threshold=1.0)


def doublings(hits: sparse.csr_matrix) -> sparse.csr_matrix:
    """Take the binary logarithm of one more than each number of hits: 1 for 1, 2 for 3."""
    return sparse.csr_matrix(hits).log1p() / np.log(2)


def _weighing(name: str) -> Pipeline:
    if name == "codebook":
        return make_pipeline(FunctionTransformer(doublings))
    if name == "embedding":
        return make_pipeline(Normalizer())
    return make_pipeline(SeenTerms(LEAST[name]), TfidfTransformer(sublinear_tf=True))


def feature_widths(reader: FeatureUnion) -> dict[str, int]:
    """Say how many columns each part of a fitted reader has."""
    return {name: len(part.get_feature_names_out()) for name, part in reader.transformer_list}


def feature_names(reader: FeatureUnion, weights: ColumnTransformer) -> pd.DataFrame:
    """Name every feature that a model sees: `kind`, `term`, `scale`, in the order of columns."""
    tables = [
        _named(name, part, weights.named_transformers_[name])
        for name, part in reader.transformer_list
    ]
    return pd.concat(tables, ignore_index=True)


def _named(name: str, part: Any, weighing: Pipeline) -> pd.DataFrame:
    terms = np.asarray(part.get_feature_names_out(), dtype=object)
    if isinstance(weighing[0], SeenTerms):
        terms = terms[weighing[0].kept_]
    table = pd.DataFrame({"term": terms, "kind": name, "scale": WEIGHTS[name]})
    return _name_places(table) if name == "words" else table


def _name_places(table: pd.DataFrame) -> pd.DataFrame:
    """Tell words that stand in a place of the first line from words that stand anywhere."""
    parts = table["term"].astype(str).str.rpartition("\t")
    return table.assign(term=parts[2], kind=parts[0].where(parts[1] == "\t", "words"))
