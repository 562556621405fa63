"""Seed topics by a codebook: which terms are seeds of which frame, and what stands around them."""

import warnings
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from framing.measures.codebook import as_codebook
from framing.measures.topic_em import SINGLE, TINY, Floats, normalise
from framing.text.patterns import Matcher
from framing.text.tokens import Encoder

Seeds = str | pd.DataFrame | Mapping[str, Iterable[str]]


def find_seeds(seeds: Seeds, terms: pd.Index) -> pd.DataFrame:
    """Find the terms that the patterns of a codebook match, and the patterns that match none.

    Returns
    -------
    pandas.DataFrame
        One row a pattern and term: `frame`, `pattern`, `term` (missing where there is none),
        `found`.
    """
    codebook = _as_table(seeds)
    codebook = codebook[~codebook["pattern"].str.startswith("!")].reset_index(drop=True)
    matches = _whole_matches(codebook["pattern"].tolist(), terms)
    table = codebook[["frame", "pattern"]].merge(
        matches, how="left", left_index=True, right_on="number"
    )
    table = table.drop(columns="number").reset_index(drop=True)
    return table.assign(found=table["term"].notna())


def _as_table(seeds: Seeds) -> pd.DataFrame:
    if not isinstance(seeds, Mapping):
        return as_codebook(seeds)
    rows = [(str(frame), str(word)) for frame, words in seeds.items() for word in words]
    return as_codebook(pd.DataFrame(rows, columns=["frame", "pattern"], dtype="str"))


def _whole_matches(patterns: list[str], terms: pd.Index) -> pd.DataFrame:
    """Match every pattern by itself, on terms as if each were an article."""
    matcher = Matcher(patterns, range(len(patterns)), Encoder())
    hits = pd.concat(list(matcher.tables([*terms, ""])), ignore_index=True)
    found = hits.assign(term=terms[hits["document"]])
    lengths = found["term"].map(lambda term: len(term.replace("_", " ").split()))
    found = found[found["last"] - found["first"] + 1 >= lengths]
    return (
        found[["pattern", "term"]]
        .rename(columns={"pattern": "number"})
        .drop_duplicates()
        .sort_values(["number", "term"], ignore_index=True)
    )


def warn_of_missing(seeds: pd.DataFrame) -> None:
    """Say which patterns match no term, and refuse frames without any."""
    empty = seeds.groupby("frame", sort=False)["found"].any()
    if not empty.all():
        names = ", ".join(empty.index[~empty])
        raise ValueError(
            f"{(~empty).sum()} of {len(empty)} frames have no seed word among the terms: {names}. "
            "Leave them out, or count rarer terms: count_terms(articles, min_articles=1)"
        )
    missing = seeds.loc[~seeds["found"], "pattern"]
    if len(missing):
        n = seeds[["frame", "pattern"]].drop_duplicates().shape[0]
        few = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
        warnings.warn(
            f"{len(missing)} of {n} seed patterns match none of the terms: {few}. See topics.seeds",
            stacklevel=3,
        )


def seed_mask(seeds: pd.DataFrame, terms: pd.Index, k: int) -> Floats:
    """Mark the seed terms (rows) of every topic (columns); frames are the first topics."""
    found = seeds[seeds["found"]]
    numbers = pd.factorize(seeds["frame"])[0][seeds["found"].to_numpy()]
    mask = np.zeros((len(terms), k), dtype=SINGLE)
    mask[terms.get_indexer(pd.Index(found["term"])), numbers] = 1
    return mask


def seeded_topics(matrix: sparse.csr_matrix, mask: Floats) -> Floats:
    """Give each frame the words that stand by its seeds more often than elsewhere."""
    totals = np.asarray(matrix.sum(axis=0), dtype=SINGLE).reshape(-1, 1)
    n_tokens = np.maximum(np.asarray(matrix.sum(axis=1), dtype=SINGLE), 1).reshape(-1, 1)
    around = matrix.T @ ((matrix @ mask) / n_tokens)
    around /= np.maximum(around.sum(axis=0), TINY)
    return np.maximum(around - totals / max(totals.sum(), 1), 0) + SINGLE(1e-3) / len(mask)


def place_frames(found: Floats, known: Floats, mask: Floats) -> Floats:
    """Put the topics that hold most of a frame's seeds first; where none does, what is known."""
    n_frames = known.shape[1]
    held = normalise(mask[:, :n_frames].T @ found)
    frames, topics = linear_sum_assignment(-held)
    is_held = held[frames, topics] > 0.5
    first = np.where(is_held, found[:, topics], known)
    return np.hstack([first, np.delete(found, topics, axis=1)])


def warn_of_swallowing(shares: pd.Series, frames: list[str]) -> None:
    """Warn of seeded topics with .3 of the average document and twice an even share, or .9."""
    limit = min(0.9, max(0.3, 2 / len(shares)))
    large = shares[frames][shares[frames] > limit]
    if len(large):
        said = ", ".join(f"{name} {share:.0%}" for name, share in large.items())
        warnings.warn(
            f"A seeded topic takes much of the corpus ({said} of the average document): its seeds "
            "are too common to set articles apart. Choose rarer seeds, or lower seed_weight.",
            stacklevel=3,
        )
