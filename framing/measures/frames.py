"""Score articles by the patterns of a codebook, and show every hit behind a score."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from framing.corpus.checks import require_text
from framing.measures.codebook import as_codebook
from framing.text.patterns import Hits, Matcher
from framing.text.tokens import Block, Encoder, Tokenizer, token_spans
from framing.text.units import split_units

MEASURES = ("rate", "hits", "present")


class FrameScorer(TransformerMixin, BaseEstimator):
    """Score texts by a codebook, as a scikit-learn transformer.

    Parameters
    ----------
    codebook : str, Path or pandas.DataFrame
        A codebook, or what `load_codebook` takes.
    measure : {"rate", "hits", "present"}
        Hits per 1,000 tokens, number of hits, or 1 where there is a hit and 0 where there is none.
    tokenizer : callable, optional
        A tokenizer of your own, `str -> list of str`; without one, `tokenize`.

    Attributes
    ----------
    codebook_ : pandas.DataFrame
        The codebook as it was checked.
    frames_ : ndarray of str
        The frames, in the order of the codebook.

    Notes
    -----
    Inside a frame the longest pattern wins and a token counts once; a phrase never crosses the
    end of a sentence; patterns of different frames may share a token.

    Examples
    --------
    >>> codebook = pd.DataFrame({"frame": ["war", "peace"], "pattern": ["troop*", "peace talks"]})
    >>> scorer = FrameScorer(codebook, measure="hits").fit()
    >>> scorer.transform(["Troops left. Peace talks began.", "Rain."])
    array([[1., 1.],
           [0., 0.]])
    """

    def __init__(
        self,
        codebook: str | Path | pd.DataFrame = "semetko_valkenburg",
        measure: str = "rate",
        tokenizer: Tokenizer | None = None,
    ) -> None:
        self.codebook = codebook
        self.measure = measure
        self.tokenizer = tokenizer

    def fit(self, X: Iterable[str] | None = None, y: Any = None) -> "FrameScorer":
        """Check the codebook; nothing is learned from texts.

        Parameters
        ----------
        X, y : ignored

        Returns
        -------
        FrameScorer
            Itself.
        """
        if self.measure not in MEASURES:
            raise ValueError(f"measure={self.measure!r}: choose one of {', '.join(MEASURES)}")
        self.codebook_ = as_codebook(self.codebook).copy()
        self.frames_ = self.codebook_["frame"].unique().astype(object)
        return self

    def transform(self, X: Iterable[str]) -> np.ndarray:
        """Score texts.

        Parameters
        ----------
        X : iterable of str, n documents

        Returns
        -------
        ndarray of shape (n, n_frames)
        """
        check_is_fitted(self)
        texts = _as_texts(X)
        scores = np.zeros((len(texts), len(self.frames_)))
        for place, block, hits in _matcher(self.codebook_, self.tokenizer).search(texts):
            scores[place] = self._measure(block, hits)
        return scores

    def _measure(self, block: Block, hits: Hits) -> np.ndarray:
        n_documents, n_frames = len(block.offsets) - 1, len(self.frames_)
        frame, _ = pd.factorize(self.codebook_["frame"])
        cell = block.document_of(hits.first) * n_frames + frame[hits.pattern]
        counted = np.bincount(cell, minlength=n_documents * n_frames)
        n_hits = counted.reshape(n_documents, n_frames).astype(float)
        if self.measure == "hits":
            return n_hits
        if self.measure == "present":
            return np.minimum(n_hits, 1)
        return 1000 * n_hits / np.maximum(np.diff(block.offsets), 1)[:, None]

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Give the names of the columns: the frames.

        Parameters
        ----------
        input_features : ignored

        Returns
        -------
        ndarray of str objects
        """
        check_is_fitted(self)
        return self.frames_

    def __sklearn_tags__(self) -> Any:
        """Say that this takes texts and learns nothing from them."""
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.input_tags.string = True
        tags.requires_fit = False if tags.requires_fit is None else tags.requires_fit
        return tags


def score_frames(
    articles: pd.DataFrame,
    codebook: str | Path | pd.DataFrame,
    *,
    measure: str = "rate",
    unit: str = "article",
    tokenizer: Tokenizer | None = None,
) -> pd.DataFrame:
    """Score articles, paragraphs or sentences by a codebook.

    Parameters
    ----------
    articles : pandas.DataFrame
        Index `doc_id`, column `text`.
    codebook : str, Path or pandas.DataFrame
        A codebook, or what `load_codebook` takes.
    measure : {"rate", "hits", "present"}
        Hits per 1,000 tokens, number of hits, or 1 where there is a hit and 0 where there is none.
    unit : {"article", "paragraph", "sentence"}
    tokenizer : callable, optional
        A tokenizer of your own, `str -> list of str`.

    Returns
    -------
    pandas.DataFrame
        One row a unit, index `doc_id`, or (`doc_id`, `paragraph` or `sentence`); one column a
        frame.

    Raises
    ------
    ValueError
        If articles have no text, or the codebook has problems.

    Examples
    --------
    >>> doc_id = pd.Index(["a"], name="doc_id")
    >>> articles = pd.DataFrame({"text": ["Peace talks began."]}, doc_id)
    >>> codebook = pd.DataFrame({"frame": ["peace"], "pattern": ["peace talk*"]})
    >>> score_frames(articles, codebook, measure="hits")
    frame   peace
    doc_id
    a         1.0
    """
    units = split_units(require_text(articles), unit)
    scorer = FrameScorer(codebook, measure, tokenizer).fit()
    columns = pd.Index(scorer.frames_, name="frame", dtype=str)
    return pd.DataFrame(scorer.transform(units["text"]), index=units.index, columns=columns)


def match_codebook(
    articles: pd.DataFrame,
    codebook: str | Path | pd.DataFrame,
    *,
    tokenizer: Tokenizer | None = None,
) -> pd.DataFrame:
    """Count which words each pattern matched.

    Parameters
    ----------
    articles : pandas.DataFrame
        Index `doc_id`, column `text`.
    codebook : str, Path or pandas.DataFrame
        A codebook, or what `load_codebook` takes.
    tokenizer : callable, optional
        A tokenizer of your own, `str -> list of str`.

    Returns
    -------
    pandas.DataFrame
        One row a pattern and term: `frame`, `pattern`, `term` (the tokens matched; those of a
        pair with … between), `n`, `n_articles`; frames in the codebook's order, the most frequent
        first. A pattern that matched nothing has one row with an empty term and zeros.

    Examples
    --------
    >>> doc_id = pd.Index(["a"], name="doc_id")
    >>> articles = pd.DataFrame({"text": ["Troops met troops."]}, doc_id)
    >>> codebook = pd.DataFrame({"frame": ["war", "war"], "pattern": ["troop*", "siege*"]})
    >>> match_codebook(articles, codebook)
      frame pattern    term  n  n_articles
    0   war  troop*  troops  2           1
    1   war  siege*          0           0
    """
    codebook = as_codebook(codebook)
    keys = ["frame", "pattern", "term"]
    counts = [
        hits.groupby(keys).agg(n=("document", "size"), n_articles=("document", "nunique"))
        for hits in _hit_tables(require_text(articles)["text"], codebook, tokenizer)
    ]
    found = pd.concat(counts).groupby(keys).sum().reset_index()
    every = codebook[keys[:2]].assign(place=range(len(codebook)))
    table = every.merge(found, how="left", on=keys[:2]).fillna(
        {"term": "", "n": 0, "n_articles": 0}
    )
    table["frame_place"] = table.groupby("frame")["place"].transform("min")
    order = ["frame_place", "n", "place", "term"]
    table = table.sort_values(order, ascending=[True, False, True, True], ignore_index=True)
    return table[[*keys, "n", "n_articles"]].astype({"n": int, "n_articles": int})


def find_hits(
    articles: pd.DataFrame,
    codebook: str | Path | pd.DataFrame,
    *,
    tokenizer: Tokenizer | None = None,
) -> pd.DataFrame:
    """List every hit that counts, with its place.

    Parameters
    ----------
    articles : pandas.DataFrame
        Index `doc_id`, column `text`.
    codebook : str, Path or pandas.DataFrame
        A codebook, or what `load_codebook` takes.
    tokenizer : callable, optional
        A tokenizer of your own, whose tokens are pieces of the text.

    Returns
    -------
    pandas.DataFrame
        One row a hit, in reading order: `doc_id`, `frame`, `pattern`, `term`, and `start`, `end`,
        its place in the article's text in characters.

    Examples
    --------
    >>> doc_id = pd.Index(["a"], name="doc_id")
    >>> articles = pd.DataFrame({"text": ["Then troops left."]}, doc_id)
    >>> codebook = pd.DataFrame({"frame": ["war"], "pattern": ["troop*"]})
    >>> find_hits(articles, codebook)
      doc_id frame pattern    term  start  end
    0      a   war  troop*  troops      5   11
    """
    texts = require_text(articles)["text"]
    tables = [
        _placed(hits, texts, tokenizer)
        for hits in _hit_tables(texts, as_codebook(codebook), tokenizer)
    ]
    return pd.concat(tables, ignore_index=True)[
        ["doc_id", "frame", "pattern", "term", "start", "end"]
    ]


def _hit_tables(
    texts: pd.Series, codebook: pd.DataFrame, tokenizer: Tokenizer | None
) -> Iterator[pd.DataFrame]:
    """Give the hits of one block after another, with the names of their frame and pattern."""
    for hits in _matcher(codebook, tokenizer).tables(texts.tolist()):
        names = codebook[["frame", "pattern"]].iloc[hits["pattern"]].reset_index(drop=True)
        yield hits.assign(frame=names["frame"], pattern=names["pattern"])


def _placed(hits: pd.DataFrame, texts: pd.Series, tokenizer: Tokenizer | None) -> pd.DataFrame:
    """Turn token numbers into places in the text."""
    spans = {d: token_spans(texts.iloc[d], tokenizer) for d in hits["document"].unique()}
    starts = [spans[d][i][0] for d, i in zip(hits["document"], hits["first"], strict=True)]
    ends = [spans[d][i][1] for d, i in zip(hits["document"], hits["last"], strict=True)]
    return hits.assign(doc_id=texts.index[hits["document"]], start=starts, end=ends)


def _matcher(codebook: pd.DataFrame, tokenizer: Tokenizer | None) -> Matcher:
    numbers, _ = pd.factorize(codebook["frame"])
    return Matcher(codebook["pattern"].tolist(), numbers.tolist(), Encoder(tokenizer))


def _as_texts(X: Iterable[str]) -> list[str]:
    if isinstance(X, str):
        raise ValueError("Iterable over raw text documents expected, string object received.")
    texts = list(X)
    strange = [i for i, text in enumerate(texts) if not isinstance(text, str)]
    if strange:
        raise ValueError(
            f"{len(strange)} of {len(texts)} documents are not text (first: number {strange[0]}, "
            f"{texts[strange[0]]!r}). Drop them: articles.dropna(subset=['text'])"
        )
    return texts
