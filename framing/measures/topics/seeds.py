"""Seed topics by a codebook: which terms are seeds of which frame, and what stands around them."""

import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from framing.corpus.callers import callers_level
from framing.measures.codebook import as_codebook
from framing.measures.topics.em import SINGLE, TINY, Floats, normalise
from framing.text.patterns import Matcher
from framing.text.tokens import Encoder

Seeds = str | Path | pd.DataFrame | Mapping[str, Iterable[str]]
FIRST_WORDS = 10  # among which a seeded topic should show one of its seeds
_LIKE_THIS = "words by frame: {'economy': ['oil', 'price*']}"


def find_seeds(seeds: Seeds, terms: pd.Index) -> pd.DataFrame:
    """Find the terms that the patterns of a codebook match, and the patterns that match none.

    A term that a cancelling pattern (`!warfare`) matches is no seed of its frame.

    Returns
    -------
    pandas.DataFrame
        One row a pattern and term: `frame`, `pattern`, `term` (missing where there is none),
        `found`.
    """
    codebook = read_seeds(seeds)
    cancels = codebook["pattern"].str.startswith("!")
    cancelled = _matches(codebook[cancels], terms)
    matches = _matches(codebook[~cancels], terms)
    pairs = pd.MultiIndex.from_frame(matches[["frame", "term"]])
    kept = matches[~pairs.isin(pd.MultiIndex.from_frame(cancelled[["frame", "term"]]))]
    table = codebook[~cancels].merge(kept, how="left", on=["frame", "pattern"])
    return table.assign(found=table["term"].notna())


def _matches(codebook: pd.DataFrame, terms: pd.Index) -> pd.DataFrame:
    codebook = codebook.reset_index(drop=True)
    matches = _whole_matches(codebook["pattern"].str.removeprefix("!").tolist(), terms)
    return codebook.join(matches.set_index("number"), how="inner").reset_index(drop=True)


def read_seeds(seeds: Seeds) -> pd.DataFrame:
    """Give seeds of any kind as a table of `frame` and `pattern`."""
    return _as_table(seeds)[["frame", "pattern"]].reset_index(drop=True)


def _as_table(seeds: Seeds) -> pd.DataFrame:
    if isinstance(seeds, str | Path | pd.DataFrame):
        return as_codebook(seeds)
    if not isinstance(seeds, Mapping):
        raise TypeError(f"seeds is a {type(seeds).__name__}. Give a codebook, or {_LIKE_THIS}")
    words = {str(frame): _as_words(frame, given) for frame, given in seeds.items()}
    if empty := [frame for frame, given in words.items() if not given]:
        raise ValueError(f"{len(empty)} of {len(words)} frames have no seeds: {', '.join(empty)}.")
    rows = [(frame, word) for frame, given in words.items() for word in given]
    return as_codebook(pd.DataFrame(rows, columns=["frame", "pattern"], dtype="str"))


def _as_words(frame: str, given: Iterable[str]) -> list[str]:
    words = [] if isinstance(given, str) else [*given]
    if isinstance(given, str) or not all(isinstance(word, str) for word in words):
        raise TypeError(f"seeds[{frame!r}] is {given!r}, not a list of words. Give {_LIKE_THIS}")
    return words


def _whole_matches(patterns: list[str], terms: pd.Index) -> pd.DataFrame:
    """Match every pattern by itself, on terms as if each were an article."""
    matcher = Matcher(patterns, range(len(patterns)), Encoder())
    hits = pd.concat(list(matcher.tables([*terms, ""])), ignore_index=True)
    found = hits.assign(term=terms[hits["document"].to_numpy(dtype=np.int64)])
    lengths = [len(term.replace("_", " ").split()) for term in found["term"]]
    found = found[found["last"] - found["first"] + 1 >= np.array(lengths, dtype=np.int64)]
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
        phrases = " (phrases need join_counts)" if missing.str.contains(" ").any() else ""
        warnings.warn(
            f"{len(missing)} of {n} seed patterns match none of the terms{phrases}: {few}. "
            "See topics.seeds",
            stacklevel=callers_level(),
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
    held = normalise(sparse.csr_matrix(mask[:, :n_frames].T) @ found)  # sparse: without BLAS
    frames, topics = linear_sum_assignment(-held)
    is_held = held[frames, topics] > 0.5
    first = np.where(is_held, found[:, topics], known)
    return np.hstack([first, np.delete(found, topics, axis=1)])


def warn_of_sizes(shares: pd.Series, frames: list[str]) -> None:
    """Warn of seeded topics that take much of the average document, or next to nothing.

    Much is more than .3 and twice an even share, or .9; next to nothing a tenth of an even share.
    """
    seeded, even = shares[frames], 1 / len(shares)
    if said := _sizes(seeded[seeded > min(0.9, max(0.3, 2 * even))]):
        warnings.warn(
            f"A seeded topic takes much of the corpus ({said} of the average document): its seeds "
            "are too common to set articles apart. Choose rarer seeds, or lower seed_weight.",
            stacklevel=callers_level(),
        )
    if said := _sizes(seeded[seeded < 0.1 * even]):
        warnings.warn(
            f"A seeded topic is next to empty ({said} of the average document): other topics tell "
            "the articles of its seeds better apart. Lower seed_weight, add words of the same "
            "articles, or leave the frame out.",
            stacklevel=callers_level(),
        )


def warn_of_strangers(words: pd.DataFrame, seeds: pd.DataFrame) -> None:
    """Warn of seeded topics that bear a frame's name and none of its seeds among their first words.

    `words` are topics × terms.
    """
    by_topic = words.T
    lost = [
        str(frame)
        for frame, terms in seeds.dropna(subset=["term"]).groupby("frame", sort=False)["term"]
        if not terms.isin(by_topic[str(frame)].nlargest(FIRST_WORDS).index).any()
    ]
    if lost:
        warnings.warn(
            f"{len(lost)} of {seeds['frame'].nunique()} seeded topics have none of their seeds "
            f"among their {FIRST_WORDS} first words ({', '.join(lost)}): they are of something "
            "else than their name says. Raise seed_weight (of LDA), add seeds, or leave out the "
            "frame.",
            stacklevel=callers_level(),
        )


def _sizes(shares: pd.Series) -> str:
    return ", ".join(f"{name} {share:.1%}" for name, share in shares.items())
