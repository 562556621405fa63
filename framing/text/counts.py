"""Count terms: articles to a matrix that carries its labels."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from framing.corpus.checks import require_text
from framing.text.tokens import Block, Encoder, Tokenizer
from framing.text.units import split_units


class TermCounts(NamedTuple):
    """How often each term stands in each document.

    Attributes
    ----------
    matrix : scipy.sparse.csr_matrix of shape (n_documents, n_terms)
        Counts, 64-bit integers.
    documents : pandas.Index
        The documents, in the order of the rows.
    terms : pandas.Index
        The terms, in the order of the columns, sorted.
    """

    matrix: sparse.csr_matrix
    documents: pd.Index
    terms: pd.Index

    def __repr__(self) -> str:
        """Say how much is counted, not the arrays that hold it."""
        size = f"{len(self.documents):,} documents × {len(self.terms):,} terms"
        return f"TermCounts({size}, {int(self.matrix.sum()):,} tokens)"


def count_terms(
    articles: pd.DataFrame,
    *,
    min_articles: int = 1,
    max_share: float = 1.0,
    stop_words: Iterable[str] = (),
    unit: str = "article",
    tokenizer: Tokenizer | None = None,
) -> TermCounts:
    """Count the terms of every article.

    Parameters
    ----------
    articles : pandas.DataFrame
        Index `doc_id`, column `text`.
    min_articles : int
        Leave out terms that stand in fewer units than this.
    max_share : float
        Leave out terms that stand in more than this share of units, from 0 to 1.
    stop_words : iterable of str
        Terms to leave out.
    unit : {"article", "paragraph", "sentence"}
    tokenizer : callable, optional
        A tokenizer of your own, `str -> list of str`.

    Returns
    -------
    TermCounts
        `matrix`, `documents`, `terms`.

    Raises
    ------
    TypeError
        If `stop_words` is one text.
    ValueError
        If articles have no text, or the unit is unknown.

    Notes
    -----
    A possessive counts with its word: `Syria's` under `syria`, as a pattern `syria` matches both.
    So does a short `is`: `it's` counts under `it`.

    Examples
    --------
    >>> articles = pd.DataFrame({"text": ["War, war!", "Syria’s war"]}, index=["a", "b"])
    >>> counts = count_terms(articles)
    >>> counts.terms.tolist()
    ['syria', 'war']
    >>> counts.matrix.toarray()
    array([[0, 2],
           [1, 1]])
    """
    check_stop_words(stop_words)
    units = split_units(require_text(articles), unit)
    encoder = Encoder(tokenizer)
    rows = [_count(block) for _, block in encoder.blocks(units["text"].tolist())]
    n_terms = len(encoder.terms)
    counts = sparse.vstack([_widen(row, n_terms) for row in rows], format="csr", dtype=np.int64)
    names, columns = np.unique([_without_possessive(t) for t in encoder.terms], return_inverse=True)
    fold = sparse.csr_matrix(
        (np.ones(n_terms, dtype=np.int64), (np.arange(n_terms), columns)), (n_terms, len(names))
    )
    counts = counts @ fold
    n_units = np.bincount(counts.indices, minlength=len(names))
    kept = (n_units >= min_articles) & (n_units <= max_share * len(units))
    kept &= ~np.isin(names, [_without_possessive(word) for word in stop_words])
    matrix = counts[:, np.flatnonzero(kept)]
    matrix.sort_indices()
    return TermCounts(matrix, units.index, pd.Index(names[kept], dtype=str, name="term"))


def check_stop_words(stop_words: Iterable[str]) -> None:
    """Refuse one text, whose letters would be left out."""
    if isinstance(stop_words, str):
        raise TypeError(
            f"`stop_words` is one text, {stop_words!r}; give a list of words, such as "
            "sklearn.feature_extraction.text.ENGLISH_STOP_WORDS"
        )


def _count(block: Block) -> sparse.csr_matrix:
    """Count ids by document; columns go only as far as the largest id of the block."""
    ones = np.ones(len(block.ids), dtype=np.int64)
    shape = (len(block.offsets) - 1, int(block.ids.max(initial=-1)) + 1)
    counts = sparse.csr_matrix((ones, block.ids, block.offsets), shape)
    counts.sum_duplicates()
    return counts


def _widen(counts: sparse.csr_matrix, n_terms: int) -> sparse.csr_matrix:
    return sparse.csr_matrix(
        (counts.data, counts.indices, counts.indptr), (counts.shape[0], n_terms)
    )


def _without_possessive(term: str) -> str:
    return term.removesuffix("'s") or term  # `it's` too counts under `it`, its first word
