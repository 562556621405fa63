"""Judge every pattern of a codebook by coded units, and a changed codebook against the old one."""

import warnings
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.checks import require_text
from framing.measures.codebook import as_codebook
from framing.measures.frames import find_hits
from framing.stats.ratios import Design, cluster_sums, estimate_ratio
from framing.text.units import split_units, unit_names
from framing.validity.coded_units import CodedUnits, join_codes

FEW_CODED = 5
COMPARED = ("precision", "recall", "f1")
N_DRAWS = 2_000
KEYS = ["frame", "pattern"]

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


def pattern_bench(
    articles: pd.DataFrame,
    codebook: str | Path | pd.DataFrame,
    codes: pd.DataFrame,
    *,
    unit: str = "article",
    sample: pd.DataFrame | None = None,
    wanted: float = 0.5,
) -> pd.DataFrame:
    """Tell how often each pattern of a codebook is right, and what would be lost without it.

    Parameters
    ----------
    articles : DataFrame
        Index `doc_id`, column `text`: all articles, coded or not.
    codebook : str, Path or DataFrame
        A codebook, or what `load_codebook` takes.
    codes : DataFrame
        `unit`, `frame`, `value` (0 or 1), one value for each unit and frame.
    unit : {"article", "paragraph", "sentence"}
        What was coded. Codes of sentences judge a pattern almost hit by hit; codes of articles
        only say whether it stands in the right articles.
    sample : DataFrame, optional
        How the coded units were drawn: `unit`, `probability`, and `stratum` if stratified.
    wanted : float
        The precision that a pattern should have.

    Returns
    -------
    DataFrame
        One row a pattern, in the codebook's order: `frame`, `pattern`, `n_hits`, `n_units` (with a
        hit), `n_coded` and `n_right` (of these, coded and coded as present); `precision`, `low`,
        `high`; `recall` (the part of the frame that the pattern finds), `n_only_here` (units
        rightly found by this pattern alone), `n_only_wrong` (units wrongly found by it alone);
        `advice` (keep, revise, drop, or “too few codes”), and a hit to read: `before`, `keyword`,
        `after`, `right`; a false one where there is one.

    Raises
    ------
    ValueError
        If the codebook, the codes or the sample have problems; see `score_against_codes`.

    Warns
    -----
    UserWarning
        If frames are only in the codebook or only coded.

    Notes
    -----
    Precision has Wilson's 95 % interval at the effective number of units. The advice is “drop”
    where even the upper end lies below `wanted`, “revise” where only the precision itself does,
    “keep” elsewhere, and none is given on fewer than five coded units. It is arithmetic, not a
    decision: a rare pattern may be what the theory is about. A codebook trimmed by these codes must
    be judged by others (`compare_codebooks` on held-out codes).

    Within a frame the longest pattern wins, so a dropped phrase may leave its words to a shorter
    pattern; `n_only_here` and `n_only_wrong` presume that it does not.

    Examples
    --------
    >>> doc_id = pd.Index(["a", "b", "c"], name="doc_id")
    >>> texts = ["The siege went on.", "A siege of ants.", "Troops and a siege."]
    >>> articles = pd.DataFrame({"text": texts}, index=doc_id)
    >>> codebook = pd.DataFrame({"frame": "war", "pattern": ["siege", "troop*"]})
    >>> codes = pd.DataFrame({"unit": doc_id, "frame": "war", "value": [1, 0, 1]})
    >>> bench = pattern_bench(articles, codebook, codes)
    >>> bench[["pattern", "n_coded", "n_right", "n_only_here", "n_only_wrong", "before", "right"]]
      pattern  n_coded  n_right  n_only_here  n_only_wrong before  right
    0   siege        3        2            1             1      A  False
    1  troop*        1        1            0             0          True
    """
    if not 0 < wanted < 1:
        raise ValueError(f"wanted={wanted!r} must lie between 0 and 1.")
    table = as_codebook(codebook)
    found = _found(articles, table, unit)
    joined = join_codes(_presence(found, table), codes, sample)
    patterns = table.loc[~table["pattern"].str.startswith("!"), KEYS].reset_index(drop=True)
    patterns = patterns[patterns["frame"].isin(joined.frames)].reset_index(drop=True)
    judged = [_judge(found, joined, frame, pattern) for frame, pattern in patterns.to_numpy()]
    bench = pd.concat([patterns, pd.DataFrame(judged)], axis=1)
    bench.insert(list(bench).index("before"), "advice", _advice(bench, wanted))
    return bench


def compare_codebooks(
    articles: pd.DataFrame,
    before: str | Path | pd.DataFrame,
    after: str | Path | pd.DataFrame,
    codes: pd.DataFrame,
    *,
    unit: str = "article",
    sample: pd.DataFrame | None = None,
    random_state: int = 0,
) -> pd.DataFrame:
    """Compare two codebooks on the same codes, to see whether the new one is better.

    Parameters
    ----------
    articles, codes, unit, sample
        As for `pattern_bench`. The codes should be others than those by which it was changed.
    before, after : str, Path or DataFrame
        The two codebooks.
    random_state : int
        Seed of the bootstrap.

    Returns
    -------
    DataFrame
        One row a frame and measure (precision, recall, f1): `frame`, `measure`, `before`, `after`,
        `change`, `low`, `high` (of the change), `n_units`, `interval`.

    Raises
    ------
    ValueError
        If a codebook or the codes have problems; see `score_against_codes`.

    Notes
    -----
    The interval is the 2.5 and 97.5 % percentile of 2,000 bootstrap samples of articles; both
    codebooks are applied to the same sample, so what they share cancels out. Of the n articles of
    a stratum n - 1 are drawn and count n / (n - 1) each (Rao, J. N. K., & Wu, C. F. J. 1988,
    Journal of the American Statistical Association 83, 231-241).

    Examples
    --------
    >>> doc_id = pd.Index(["a", "b", "c", "d"], name="doc_id")
    >>> texts = ["A siege.", "A siege of ants.", "Troops came.", "Rain."]
    >>> articles = pd.DataFrame({"text": texts}, index=doc_id)
    >>> codes = pd.DataFrame({"unit": doc_id, "frame": "war", "value": [1, 0, 1, 0]})
    >>> old = pd.DataFrame({"frame": "war", "pattern": ["siege"]})
    >>> new = pd.DataFrame({"frame": "war", "pattern": ["siege", "troop*"]})
    >>> compare_codebooks(articles, old, new, codes)[["measure", "before", "after"]].round(2)
         measure  before  after
    0  precision     0.5   0.67
    1     recall     0.5   1.00
    2         f1     0.5   0.80
    """
    old, new = (as_codebook(codebook) for codebook in (before, after))
    first, second = _scores(articles, old, unit), _scores(articles, new, unit)
    sides = [join_codes(first, codes, sample), join_codes(second, codes, sample)]
    frames = [frame for frame in sides[0].frames if frame in sides[1].frames]
    rng = np.random.default_rng(random_state)
    tables = [_change(sides, frame, rng) for frame in frames]
    interval = f"bootstrap of articles, {N_DRAWS:,} draws, 95 %"
    design = sides[0].design
    return pd.concat(tables, ignore_index=True).assign(interval=f"{interval}, {design}")


class _Found(NamedTuple):
    """Texts by unit, and every hit with its unit."""

    units: pd.DataFrame
    hits: pd.DataFrame


def _found(articles: pd.DataFrame, codebook: pd.DataFrame, unit: str) -> _Found:
    """Find the hits in every unit; the units keep the index that scores would have."""
    units = split_units(require_text(articles), unit)
    named = units.set_axis(pd.Index(unit_names(units.index), name="doc_id"))
    hits = find_hits(named, codebook).rename(columns={"doc_id": "unit"})
    return _Found(units, hits)


def _presence(found: _Found, codebook: pd.DataFrame) -> pd.DataFrame:
    """Units × frames: 1 where a frame has a hit."""
    names = unit_names(found.units.index)
    counts = pd.crosstab(found.hits["unit"], found.hits["frame"])
    frames = pd.Index(codebook["frame"].unique(), name="frame")
    wide = counts.reindex(index=names, columns=frames, fill_value=0)
    return wide.gt(0).astype(int).set_axis(found.units.index)


def _scores(articles: pd.DataFrame, codebook: pd.DataFrame, unit: str) -> pd.DataFrame:
    return _presence(_found(articles, codebook, unit), codebook)


def _judge(found: _Found, joined: CodedUnits, frame: str, pattern: str) -> dict[str, Any]:
    """Count what one pattern finds, rightly and wrongly, alone and with others."""
    of_frame = found.hits[found.hits["frame"] == frame]
    hits = of_frame[of_frame["pattern"] == pattern]
    _, code, design = joined.of(frame)
    names = joined.codes.index[joined.codes[frame].notna()]
    here = names.isin(hits["unit"])
    elsewhere = names.isin(of_frame.loc[of_frame["pattern"] != pattern, "unit"])
    present = code == 1
    precision = estimate_ratio((here & present).astype(float), here.astype(float), design)
    recall = estimate_ratio((here & present).astype(float), present.astype(float), design)
    low, high = precision.interval(0.95)
    counts = {"n_hits": len(hits), "n_units": hits["unit"].nunique(), "n_coded": int(here.sum())}
    alone = here & ~elsewhere
    return {
        **counts,
        "n_right": int((here & present).sum()),
        **{"precision": precision.value, "low": low, "high": high, "recall": recall.value},
        "n_only_here": int((alone & present).sum()),
        "n_only_wrong": int((alone & ~present).sum()),
        **_example(found, hits, dict(zip(names[here], present[here], strict=True))),
    }


def _example(found: _Found, hits: pd.DataFrame, judged: dict[str, Any]) -> dict[str, Any]:
    """Show a false hit, else a right one, else one that nobody coded."""
    if hits.empty:
        return {"before": "", "keyword": "", "after": "", "right": None}
    right = hits["unit"].map(judged)
    order = right.map({False: 0, True: 1}).fillna(2).to_numpy().argsort(kind="stable")
    hit = hits.iloc[order[0]]
    names = unit_names(found.units.index)
    text = found.units["text"].iloc[names.get_loc(hit["unit"])]
    before, after = text[: hit["start"]].split()[-8:], text[hit["end"] :].split()[:8]
    shown = {"before": " ".join(before), "keyword": text[hit["start"] : hit["end"]]}
    known = right.iloc[order[0]]
    return {**shown, "after": " ".join(after), "right": None if pd.isna(known) else bool(known)}


def _advice(bench: pd.DataFrame, wanted: float) -> NDArray[Any]:
    few = bench["n_coded"] < FEW_CODED
    cases = [few, bench["high"] < wanted, bench["precision"] < wanted]
    return np.select(cases, ["too few codes", "drop", "revise"], default="keep")


def _change(sides: list[CodedUnits], frame: str, rng: np.random.Generator) -> pd.DataFrame:
    """Measure both codebooks in one frame, and bootstrap the difference by articles."""
    _, code, design = sides[0].of(frame)
    cells = [_cells(side.of(frame)[0] > 0, code == 1, design) for side in sides]
    draws = _resampled(cluster_sums(design.weights, design)[1], rng)
    drawn = [_measures(draws @ one) for one in cells]
    values = [_measures(one.sum(axis=0)) for one in cells]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "All-NaN", RuntimeWarning)  # a measure nowhere defined
        low, high = np.nanquantile(drawn[1] - drawn[0], [0.025, 0.975], axis=0)
    table = pd.DataFrame({"frame": frame, "measure": COMPARED})
    table = table.assign(before=values[0], after=values[1], change=values[1] - values[0])
    return table.assign(low=low, high=high, n_units=len(code))


def _cells(found: Flags, present: Flags, design: Design) -> Floats:
    """Right alarms, all alarms and all that is present, weighted: one row an article."""
    cells = (found & present, found, present)
    return np.stack([cluster_sums(design.weights * cell, design)[0] for cell in cells], axis=1)


def _resampled(strata: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    """How often each article counts in each bootstrap sample; one alone in its stratum once."""
    times = np.ones((N_DRAWS, len(strata)))
    for stratum in np.unique(strata):
        inside = np.flatnonzero(strata == stratum)
        n = len(inside)
        if n > 1:
            drawn = rng.multinomial(n - 1, np.full(n, 1 / n), size=N_DRAWS)
            times[:, inside] = drawn * n / (n - 1)
    return times


def _measures(cells: Floats) -> Floats:
    """Precision, recall and F1 from sums of `_cells`, along the last axis."""
    right, found, present = np.moveaxis(cells, -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack([right / found, right / present, 2 * right / (found + present)], axis=-1)
