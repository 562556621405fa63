"""Propose patterns that a codebook may lack; the scholar decides, and held-out codes judge."""

import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedKFold

from framing.corpus.checks import require_text
from framing.measures.codebook import as_codebook
from framing.measures.embeddings import fit_embeddings
from framing.measures.frames import find_hits
from framing.measures.keyness import keyness
from framing.text.concordance import concordance
from framing.text.counts import TermCounts, count_terms
from framing.text.units import split_units, unit_names
from framing.validity.checks import score_against_codes
from framing.validity.coded_units import check_single_codes

LEAST_Z = 1.64
MOST_UNITS = 0.2  # a word in more than a fifth of the units hardly marks a frame
WORD = r"[^\W\d_]{3}"
COLUMNS = ["frame", "term", "n", "n_units", "z_codes", "pmi_hits", "nearness", "votes"]


def expand_codebook(
    articles: pd.DataFrame,
    codebook: str | Path | pd.DataFrame,
    codes: pd.DataFrame | None = None,
    *,
    n: int = 15,
    unit: str = "article",
    min_units: int = 3,
) -> pd.DataFrame:
    r"""Propose terms that may belong into a codebook, from the corpus and from codes.

    Parameters
    ----------
    articles : DataFrame
        Index `doc_id`, column `text`.
    codebook : str, Path or DataFrame
        A codebook, or what `load_codebook` takes.
    codes : DataFrame, optional
        `unit`, `frame`, `value` (0 or 1), one value for each unit and frame.
    n : int
        How many terms to propose for each frame.
    unit : {"article", "paragraph", "sentence"}
        What was coded, and within what terms count as standing together.
    min_units : int
        Leave out terms that stand in fewer units than this; those in more than a fifth of the
        units are left out too, for they hardly mark a frame.

    Returns
    -------
    DataFrame
        One row a frame and proposed term that no pattern of the frame matches: `frame`, `term`,
        `n`, `n_units`; `z_codes` (log-odds z of units coded as present against those coded as
        absent, by articles as the evidence; missing without codes), `pmi_hits` (pointwise mutual
        information, in bits, of the term with the frame's hits), `nearness` (cosine with the mean
        of the frame's matched words in embeddings of this corpus), `votes` (in how many of the
        three lists of the best 3n the term stands), and a hit to read: `before`, `keyword`,
        `after`. The most votes first, then by the mean of the ranks.

    Raises
    ------
    ValueError
        If articles, codebook or codes have problems.

    Notes
    -----
    Log-odds: Monroe, Colaresi & Quinn (2008), Political Analysis 16, 372-403, with the clustered
    z of `keyness`. PMI: Church & Hanks (1990), Computational Linguistics 16, 22-29, over units.
    Embeddings: `fit_embeddings`, with as many dimensions as the corpus bears.

    Every list finds what goes with the frame in *this* corpus: topics, names and dates as well as
    frames. What is added because it fits these codes fits other codes less well; `expansion_gain`
    says by how much.

    Examples
    --------
    >>> doc_id = pd.Index([f"a{i:02}" for i in range(24)], name="doc_id")
    >>> texts = ["Shells fell on troops again"] * 4 + ["Prices rose again"] * 20
    >>> articles = pd.DataFrame({"text": texts}, index=doc_id)
    >>> codebook = pd.DataFrame({"frame": ["war"], "pattern": ["troop*"]})
    >>> expand_codebook(articles, codebook, n=2)[["frame", "term", "n_units", "pmi_hits"]]
      frame    term  n_units  pmi_hits
    0   war    fell        4  2.584963
    1   war  shells        4  2.584963
    """
    table = as_codebook(codebook)
    units = _named_units(articles, unit)
    codes = None if codes is None else check_single_codes(codes, units.index)
    counts = count_terms(units, min_articles=min_units, max_share=MOST_UNITS)
    hits = find_hits(units, table)
    vectors = _vectors(articles)
    proposals = []
    for frame in table["frame"].unique():
        own = hits[hits["frame"] == frame]
        lists = _lists(own, counts, _z_codes(frame, counts, codes), vectors)
        proposals.append(_ranked(lists.assign(frame=frame), 3 * n).head(n))
    found = pd.concat(proposals, ignore_index=True)
    lines = [_line(units, term) for term in found["term"]]
    return found.join(pd.DataFrame(lines, index=found.index))


def expansion_gain(
    articles: pd.DataFrame,
    codebook: str | Path | pd.DataFrame,
    codes: pd.DataFrame,
    *,
    n: int = 5,
    folds: int = 5,
    random_state: int = 0,
) -> pd.DataFrame:
    """Tell what a codebook gains by its best proposals, on the codes that made them and on others.

    Parameters
    ----------
    articles, codebook, codes
        As for `expand_codebook`; the codes are of articles.
    n : int
        How many proposals each frame takes, unread. A scholar who reads them will choose better.
    folds : int
        In how many parts the codes are cut; each is held out once.
    random_state : int
        Seed of the cut.

    Returns
    -------
    DataFrame
        One row a frame and measure (precision, recall, f1, balanced_accuracy): `frame`, `measure`,
        `before`, `on_same_codes` (proposed and judged by all codes: too rosy), `on_held_out_codes`
        (judged by codes that proposed nothing), `n_units`.

    Raises
    ------
    ValueError
        If a frame has fewer than `folds` codes of 0 or of 1, or the tables have problems.

    Examples
    --------
    >>> doc_id = pd.Index([f"a{i:02}" for i in range(40)], name="doc_id")
    >>> texts = ["Troops came", "Shells hit", "Prices rose", "Oil rose", "Cold rain"] * 8
    >>> articles = pd.DataFrame({"text": texts}, index=doc_id)
    >>> codebook = pd.DataFrame({"frame": ["war"], "pattern": ["troop*"]})
    >>> codes = pd.DataFrame({"unit": doc_id, "frame": "war", "value": [1, 1, 0, 0, 0] * 8})
    >>> gain = expansion_gain(articles, codebook, codes, n=3)
    >>> gain[["measure", "before", "on_same_codes", "on_held_out_codes"]].iloc[[1]]
      measure  before  on_same_codes  on_held_out_codes
    1  recall     0.5            1.0                1.0
    """
    table = as_codebook(codebook)
    units = _named_units(articles, "article")
    codes = check_single_codes(codes, units.index)
    coded = codes[codes["frame"].isin(table["frame"])]
    same = _held_out(units, table, [(coded, coded)], n)
    cut = _held_out(units, table, list(_folds(coded, folds, random_state)), n)
    before = _measured(_hits_by_unit(units, table), coded)
    sides = {"on_same_codes": _measured(same, coded)["value"]}
    sides |= {"on_held_out_codes": _measured(cut, coded)["value"]}
    gained = before.rename(columns={"value": "before"}).assign(**sides)
    return gained[["frame", "measure", "before", *sides, "n_units"]]


def _named_units(articles: pd.DataFrame, unit: str) -> pd.DataFrame:
    units = split_units(require_text(articles), unit)
    return units.set_axis(pd.Index(unit_names(units.index), name="doc_id"))[["text"]]


def _vectors(articles: pd.DataFrame) -> pd.DataFrame | None:
    """Fit embeddings where the corpus is large enough to have any."""
    try:
        return fit_embeddings(articles, dimensions=50, min_count=5)
    except ValueError:
        return None


def _lists(
    hits: pd.DataFrame,
    counts: TermCounts,
    z_codes: dict[str, float],
    vectors: pd.DataFrame | None,
) -> pd.DataFrame:
    """Say of every term that no hit of the frame holds how near each list puts it to the frame."""
    matched = _matched(hits)
    found = pd.DataFrame({"term": counts.terms})
    found["n"] = np.asarray(counts.matrix.sum(axis=0)).ravel()
    found["n_units"] = np.asarray((counts.matrix > 0).sum(axis=0)).ravel()
    found["z_codes"] = found["term"].map(z_codes).astype(float)
    found["pmi_hits"] = _pmi(counts, hits["doc_id"])
    found["nearness"] = found["term"].map(_nearness(vectors, matched)).astype(float)
    return found[~found["term"].isin(matched) & found["term"].str.contains(WORD)]


def _matched(hits: pd.DataFrame) -> set[str]:
    return {token for term in hits["term"] for token in term.split()}


def _ranked(found: pd.DataFrame, best: int) -> pd.DataFrame:
    """Count in how many lists a term is among the best, and order by that and the mean rank."""
    lists = found[["z_codes", "pmi_hits", "nearness"]]
    strong = lists.where(lists > 0)
    strong["z_codes"] = strong["z_codes"].where(strong["z_codes"] > LEAST_Z)
    ranks = strong.mul(np.log1p(found["n_units"]), axis=0).rank(ascending=False, method="min")
    votes = (ranks <= best).sum(axis=1)
    ordered = found.assign(votes=votes, rank=ranks.fillna(len(found)).mean(axis=1))
    ordered = ordered[ordered["votes"] > 0]
    order = ["votes", "rank", "term"]
    return ordered.sort_values(order, ascending=[False, True, True])[COLUMNS]


def _z_codes(frame: str, counts: TermCounts, codes: pd.DataFrame | None) -> dict[str, float]:
    """Clustered log-odds z of units coded as present against those coded as absent."""
    if codes is None:
        return {}
    given = codes[(codes["frame"] == frame) & codes["value"].notna()]
    value = given.set_index(given["unit"].astype(str))["value"]
    rows = np.flatnonzero(counts.documents.isin(value.index))
    if value.nunique() < 2 or len(rows) < 10 or not counts.matrix[rows].sum():
        return {}
    documents = counts.documents[rows]
    coded = pd.DataFrame({"coded": value.reindex(documents).map({1: "yes", 0: "no"})}, documents)
    part = TermCounts(counts.matrix[rows], documents, counts.terms)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        table = keyness(part, coded, by="coded", between=("yes", "no"))
    return dict(zip(table["term"], table["z_clustered"], strict=True))


def _pmi(counts: TermCounts, hit_units: pd.Series) -> np.ndarray:
    """Bits by which a term is likelier in units that hold a hit than in all units."""
    with_hit = counts.documents.isin(hit_units)
    present = counts.matrix > 0
    n_term = np.asarray(present.sum(axis=0)).ravel()
    n_both = np.asarray(present[np.flatnonzero(with_hit)].sum(axis=0)).ravel()
    expected = n_term * with_hit.mean()
    ratio = np.divide(n_both, expected, out=np.zeros(len(n_term)), where=expected > 0)
    return np.log2(ratio, out=np.full(len(n_term), -np.inf), where=ratio > 0)


def _nearness(vectors: pd.DataFrame | None, matched: set[str]) -> dict[str, float]:
    """Cosine of every term with the mean direction of the matched ones."""
    if vectors is None:
        return {}
    length = pd.Series(np.sqrt(np.square(vectors).sum(axis=1))).replace(0, 1)
    unit = vectors.div(length, axis=0)
    own = unit[unit.index.isin(matched)]
    if own.empty:
        return {}
    middle = own.mean()
    cosines = unit @ (middle / np.sqrt(np.square(middle).sum()))
    return dict(zip(cosines.index, cosines, strict=True))


def _line(units: pd.DataFrame, term: str) -> dict[str, str]:
    """Give the first line of text that holds a term."""
    lines = concordance(units[units["text"].str.contains(term, case=False, regex=False)], term)
    shown = ("before", "keyword", "after")
    return {name: str(lines[name].iloc[0]) if len(lines) else "" for name in shown}


def _folds(
    codes: pd.DataFrame, folds: int, random_state: int
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Cut the codes of every frame, keeping the share that is present."""
    fewest = codes.groupby("frame")["value"].value_counts().min()
    if codes.groupby("frame")["value"].nunique().min() < 2 or fewest < folds:
        raise ValueError(f"{folds} folds need {folds} codes of 0 and of 1 in every frame.")
    cutter = StratifiedKFold(folds, shuffle=True, random_state=random_state)
    parts = []
    for _, of_frame in codes.groupby("frame"):
        ordered = of_frame.sort_values("unit")
        for fold, (_, held) in enumerate(cutter.split(ordered, ordered["value"])):
            parts.append(ordered.iloc[held].assign(fold=fold))
    cut = pd.concat(parts)
    for fold in range(folds):
        yield cut[cut["fold"] != fold], cut[cut["fold"] == fold]


def _held_out(
    units: pd.DataFrame,
    codebook: pd.DataFrame,
    cuts: list[tuple[pd.DataFrame, pd.DataFrame]],
    n: int,
) -> pd.DataFrame:
    """Hits in every unit and frame by a codebook that took its proposals from other codes."""
    counts = count_terms(units, min_articles=3, max_share=MOST_UNITS)
    hits = find_hits(units, codebook)
    scores = _hits_by_unit(units, codebook)
    for learned, held in cuts:
        for frame, of_frame in held.groupby("frame"):
            own = hits[hits["frame"] == frame]
            terms = _best_by_codes(_z_codes(str(frame), counts, learned), _matched(own), n)
            rows = of_frame["unit"].astype(str).tolist()
            scores.loc[rows, str(frame)] += _n_uses(counts, terms).loc[rows]
    return scores


def _best_by_codes(z_codes: dict[str, float], matched: set[str], n: int) -> list[str]:
    """Choose the n terms with the highest z that no pattern matches yet."""
    new = [(-z, term) for term, z in z_codes.items() if z > LEAST_Z and term not in matched]
    return [term for _, term in sorted(new) if re.search(WORD, term)][:n]


def _n_uses(counts: TermCounts, terms: list[str]) -> pd.Series:
    columns = counts.terms.get_indexer(pd.Index(terms))
    return pd.Series(np.asarray(counts.matrix[:, columns].sum(axis=1)).ravel(), counts.documents)


def _hits_by_unit(units: pd.DataFrame, codebook: pd.DataFrame) -> pd.DataFrame:
    hits = find_hits(units, codebook)
    frames = pd.Index(codebook["frame"].unique(), name="frame")
    counts = pd.crosstab(hits["doc_id"], hits["frame"])
    return counts.reindex(index=units.index, columns=frames, fill_value=0)


def _measured(scores: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    measures = ["precision", "recall", "f1", "balanced_accuracy"]
    found = score_against_codes(scores, codes)
    return found[found["measure"].isin(measures)].reset_index(drop=True)
