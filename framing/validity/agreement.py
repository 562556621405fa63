"""How far coders agree: a measure a frame, with an interval and with what to beware of."""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from framing.corpus.callers import callers_level
from framing.validity.chance import (
    ac1_terms,
    fleiss_terms,
    kappa_terms,
    n_meetings,
    n_undefined,
    percent_terms,
)
from framing.validity.codes import check_codes
from framing.validity.coincidences import alpha_terms, pairable, value_counts
from framing.validity.levels import (
    Floats,
    Judgements,
    check_level,
    marks_of_missing,
    read_values,
    twins,
    without,
    written,
    yes_values,
)
from framing.validity.resampling import Terms, bootstrap, estimate, percentiles

POOLED, MEAN = "all frames, pooled", "all frames, mean"
TRAP = 0.95  # share of one value from which agreement by chance is nearly all agreement
SKEW = 0.8  # share of one value from which measures of the same codes part: two thirds by chance
UNCORRECTED = ("percent",)
FEW = 10  # units with a rarer value, from which intervals were seen to hold what they promise
DRAWN = ("story", "doc_id", "unit")  # what a bootstrap draws as a whole: the first there is
MANY, MOST_LONE = 20, 2  # codes of a frame, and values given once, where these are worth a look
MOST_MEETINGS = 1_000_000  # of two codes; Light's kappa of many coders takes minutes from there
BY_SHARES = ("fleiss_kappa", "gwet_ac1")
COUNTS = ("n_units", "n_coders", "yes_rate", "top_share")
COLUMNS = ("frame", "measure", "value", "low", "high", *COUNTS, "interval", "note")


def coder_agreement(
    codes: pd.DataFrame,
    *,
    level: str = "nominal",
    order: Sequence[Any] | None = None,
    confidence: float = 0.95,
    draws: int = 1000,
    random_state: int = 0,
) -> pd.DataFrame:
    r"""Measure how far coders agree on each frame and over all frames, with intervals.

    Parameters
    ----------
    codes : DataFrame
        One row a judgement: `unit`, `coder`, `frame`, `value`. A coder may be a person, a language
        model or a dictionary (see `scores_as_codes`). Codes may be missing. Tables of counts become
        codes by `counts_as_codes`, tables of units × coders as below. A column `story` or
        else `doc_id` says which units are drawn together for the intervals.
    level : {"nominal", "ordinal", "interval", "ratio", "masi"}
        What the values are: names, ranks, numbers with meaningful differences, numbers with
        meaningful ratios (0 and above), or sets ("conflict|morality"; see `codes_as_sets`).
    order : list, optional
        Every possible value, the lowest first. Ordinal texts need it, unless the values are an
        ordered categorical; of nominal values it only tells AC1 how many there are.
    confidence : float
        Of the intervals.
    draws : int
        Of the bootstrap over units; 0 for no intervals.
    random_state : int
        Seed of the bootstrap.

    Returns
    -------
    DataFrame
        One row a frame and measure: `frame`, `measure`, `value`, `low`, `high`, `n_units` (with
        codes of two coders or more), `n_coders`, `yes_rate` (share of 1, yes or true among the
        codes of these units), `top_share` (share of the commonest value), `interval` (how it was
        made), `note` (what to beware of; else empty).

        Measures of nominal codes are `alpha`, `percent`, `cohen_kappa` (two coders) or
        `light_kappa` (more; left out where there are more coders than units and over a million
        pairs of codes), `fleiss_kappa`, `gwet_ac1`; of other levels `alpha` and `percent` (codes
        exactly alike). With several frames, "all frames, pooled" takes every unit of every frame
        as a unit (left out where some frames have texts and others numbers), and "all frames,
        mean" is the mean of the frames' measures.

    Raises
    ------
    TypeError
        If `codes` is not a table.
    ValueError
        If codes are not fit for use (see `check_codes`), the values do not suit the level, or no
        unit has codes of two coders.

    Warns
    -----
    UserWarning
        If nothing varies, so that a measure is not defined (it is then NaN); if one value makes
        up 95 % of a frame's codes; if there are more than ten coders and more than twice as many
        as units; if two values look like one written in two ways, or a value ("NA") like a missing
        code.

    Notes
    -----
    Krippendorff's alpha is :math:`1 - (n - 1) \sum_{ck} o_{ck} \delta_{ck} / \sum_{ck} n_c n_k
    \delta_{ck}` with coincidences :math:`o_{ck}` of values within units of two codes or more, and
    their marginals :math:`n_c`: Krippendorff, K. (2011), Computing Krippendorff's
    Alpha-Reliability; (2019), Content Analysis, 4th ed., ch. 12. Distances of sets are MASI,
    :math:`1 - J M` (Passonneau, R. (2006), LREC), M being 1, 2/3, 1/3 or 0.

    percent : mean over units of the share of pairs of codes that are alike.
    cohen_kappa : Cohen, J. (1960), Educational and Psychological Measurement 20, 37-46; on the
        units that both coded.
    light_kappa : the mean of Cohen's kappa over all pairs of coders: Light, R. J. (1971),
        Psychological Bulletin 76, 365-377. Pairs without a kappa are left out, and counted.
    fleiss_kappa : Fleiss, J. L. (1971), Psychological Bulletin 76, 378-382. Of two coders it is
        Scott's pi. Where units have unequal numbers of codes, as Gwet (2014) extends it.
    gwet_ac1 : Gwet, K. L. (2008), British Journal of Mathematical and Statistical Psychology 61,
        29-48; with missing codes Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed. The
        number of categories enters: those that occur (two for yes/no codes), or those of `order`.

    The pooled value is lifted by differences between frames: coders who agree only on which frames
    are rare reach a high pooled alpha. Report frame by frame.

    Intervals are percentiles of a bootstrap that draws units with all their codes, in all frames
    at once, and computes everything anew, the ordinal distances too. If more than 5 % of draws
    are not defined there is none. Without a column `story` or `doc_id` units are taken as
    independent, and paragraphs of one article are not: their intervals are then too narrow. Bring
    the article in: `codes.merge(sample[["unit", "doc_id"]])`. In
    simulations (1,000 samples, 2 and 4 coders, alpha of .44 to .64) 95 % intervals of alpha held
    the true value in .93 to .96 of samples with 100 or 400 units, in .92 to .94 with 30 units at
    yes-rates of .2 and .5, and in .76 to .80 with 30 units where 5 % were yes.

    Agreement is not validity: coders can agree and be wrong.

    Examples
    --------
    >>> codes = pd.DataFrame({"unit": ["a1", "a2", "a3", "a4"] * 2, "frame": "war",
    ...                       "coder": ["ann"] * 4 + ["ben"] * 4,
    ...                       "value": [1, 1, 0, 0, 1, 0, 0, 0]})
    >>> found = coder_agreement(codes, draws=0)
    >>> found[["measure", "value", "n_units", "yes_rate"]].round(3)
            measure  value  n_units  yes_rate
    0         alpha  0.533        4     0.375
    1       percent  0.750        4     0.375
    2   cohen_kappa  0.500        4     0.375
    3  fleiss_kappa  0.467        4     0.375
    4      gwet_ac1  0.529        4     0.375

    A table of units × coders (of coders × units, its `.T`):

    >>> table = pd.DataFrame({"ann": [1, 1, 0, 0], "ben": [1, 0, 0, 0]}, index=["a", "b", "c", "d"])
    >>> codes = table.rename_axis("unit").reset_index().melt("unit", var_name="coder")
    >>> coder_agreement(codes.assign(frame="war"), draws=0).loc[0, "value"].round(3).item()
    0.533
    """
    _check_numbers(confidence, draws)
    frames = read_frames(codes, level, order)
    entries = [entry for name, frame in frames.items() for entry in _entries(name, frame, level)]
    terms = [entry.terms for entry in entries]
    values, drawn = estimate(terms), bootstrap(terms, draws, random_state)
    values = np.where([_is_defined(entry) for entry in entries], values, np.nan)
    rows = [
        _row(entry, value, drawn[:, k], confidence)
        for k, (entry, value) in enumerate(zip(entries, values, strict=True))
    ]
    rows += _mean_rows(rows, drawn, confidence) if len(frames) > 1 else []
    _warn_of_traps({entry.frame: entry.facts for entry in entries if entry.frame != POOLED})
    made = interval_text(codes, confidence, draws)
    return pd.DataFrame(rows).assign(interval=made)[list(COLUMNS)]


class Facts(NamedTuple):
    """What a frame's judgements are like, before any measure of agreement."""

    n_units: int
    n_coders: int
    n_alone: int
    fewest: int
    most: int
    n_other: int
    commonest: str
    top_share: float
    by_chance: float
    yes_rate: float
    lone: str

    @property
    def varies(self) -> bool:
        return self.top_share < 1


class _Entry(NamedTuple):
    """One measure of one frame."""

    frame: str
    measure: str
    terms: Terms
    facts: Facts
    n_undefined: int = 0


# --- judgements -----------------------------------------------------------------------------


def read_frames(
    codes: pd.DataFrame, level: str, order: Sequence[Any] | None
) -> dict[str, Judgements]:
    """Read the codes of every frame by name, and of all frames pooled where there are several."""
    order = _as_list(order) if order is not None else None
    check_level(level, order)
    order = _order_of_categories(codes, level, order)
    table = number_names(check_codes(codes))
    parts = {str(name): part for name, part in table.groupby("frame", sort=True)}
    frames = {name: read_judgements(part, level, order) for name, part in parts.items()}
    _warn_of_twins({name: twins(frame.values) for name, frame in frames.items()})
    _warn_of_marks_of_missing(parts)
    _warn_of_many_coders(table)
    if len(frames) > 1 and _comparable(frames):
        frames[POOLED] = read_judgements(table, level, order)
    return _with_pairs(frames)


def _as_list(order: Sequence[Any]) -> Sequence[Any]:
    """Write an array, an index or a generator as a list of Python's own values."""
    if isinstance(order, str):
        return order
    return order.tolist() if isinstance(order, np.ndarray | pd.Series | pd.Index) else list(order)


def number_names(codes: pd.DataFrame) -> pd.DataFrame:
    """Number what is drawn, and coders, the same in all frames; drop what was not coded."""
    table = codes.dropna(subset=["value"])
    drawn = _drawn_by(codes)
    _check_drawn(table, drawn)
    owner, number = (
        pd.factorize(table[name].astype(str), sort=True)[0] for name in (drawn, "coder")
    )
    return table.assign(owner=owner, number=number, n_owners=len(np.unique(owner)))


def interval_text(codes: pd.DataFrame, confidence: float, draws: int) -> str:
    """Say how intervals were made."""
    what = {"unit": "units", "doc_id": "articles", "story": "stories"}[_drawn_by(codes)]
    return f"bootstrap {100 * confidence:g} %, {draws:,} draws of {what}" if draws else "none"


def _drawn_by(codes: pd.DataFrame) -> str:
    return next(name for name in DRAWN if name in codes)


def _check_drawn(table: pd.DataFrame, drawn: str) -> None:
    """Refuse units of which the article or story is not known, or that are in several."""
    nowhere = table.loc[table[drawn].isna(), "unit"].unique()
    n_homes = table.groupby("unit")[drawn].nunique()
    several = n_homes.index[n_homes > 1]
    if len(nowhere) or len(several):
        raise ValueError(
            f"Of {len(n_homes)} units, {len(nowhere)} have no {drawn} and {len(several)} have "
            f"several ({_few([*map(str, nowhere), *map(str, several)])}). Mend the column, or take "
            f"units as independent: codes.drop(columns={drawn!r})"
        )


def read_judgements(table: pd.DataFrame, level: str, order: Sequence[Any] | None) -> Judgements:
    """Read the numbered codes of one frame, or of several as units of their own."""
    value, values = read_values(table, level, order)
    place = table.groupby(["unit", "frame"], sort=True).ngroup()
    numbers = (place, table["number"], table["owner"])
    unit, coder, owner = (np.asarray(column, dtype=np.int64) for column in numbers)
    return Judgements(unit, coder, value, owner, values, int(table["n_owners"].iloc[0]))


def _order_of_categories(
    codes: pd.DataFrame, level: str, order: Sequence[Any] | None
) -> Sequence[Any] | None:
    """Take the order of ordered categories where the values are such and none is given."""
    known = isinstance(codes, pd.DataFrame) and "value" in codes
    kind = getattr(codes["value"], "dtype", None) if known else None  # two columns have no dtype
    if order is None and level == "ordinal" and isinstance(kind, pd.CategoricalDtype):
        return list(kind.categories) if kind.ordered else None
    return order


def _comparable(frames: dict[str, Judgements]) -> bool:
    """Tell whether all frames have values of one kind, so that pooling them has a meaning."""
    kinds = {
        "text" if isinstance(value, str) else "other"
        for frame in frames.values()
        for value in frame.values
    }
    return len(kinds) == 1


def _with_pairs(frames: dict[str, Judgements]) -> dict[str, Judgements]:
    """Refuse codes in which no unit has two coders; all the frames stay."""
    if not any(np.bincount(frame.unit).max() > 1 for frame in frames.values()):
        raise ValueError(
            f"None of the units of {len(frames)} frames has codes of two coders, so there is "
            "nothing to compare. Do the coders name the units alike? "
            "See codes.groupby('coder')['unit'].unique()"
        )
    return frames


def describe(frame: Judgements) -> Facts:
    """Count units, coders and values; the values only of units with two codes or more."""
    n_codes = np.bincount(frame.unit)
    shared = n_codes[n_codes > 1]
    counts = pairable(value_counts(frame))
    shares = np.asarray(counts.sum(axis=0)) / max(float(counts.sum()), 1.0)
    top = int(shares.argmax())
    other = counts.sum(axis=1) > counts[:, [top]].toarray().ravel()
    yes = yes_values(frame.values)
    return Facts(
        n_units=len(shared),
        n_coders=frame.n_coders,
        n_alone=int((n_codes == 1).sum()),
        fewest=int(shared.min(initial=n_codes.max())),
        most=int(n_codes.max()),
        n_other=int(other.sum()),
        commonest=written(frame.values[top]),
        top_share=float(shares.max()) if len(shared) else np.nan,
        by_chance=float(np.square(shares).sum()),
        yes_rate=np.nan if yes is None or not len(shared) else float(shares[yes].sum()),
        lone=_lone_values(frame),
    )


def _lone_values(frame: Judgements) -> str:
    """Name values given once where the others come again and again: slips, perhaps."""
    times = np.bincount(frame.value, minlength=len(frame.values))
    once = [written(frame.values[place]) for place in np.flatnonzero(times == 1)]
    is_telling = times.sum() >= MANY and 0 < len(once) <= MOST_LONE < (times > 0).sum()
    return ", ".join(once) if is_telling else ""


# --- rows -----------------------------------------------------------------------------------


def _entries(name: str, frame: Judgements, level: str) -> Iterator[_Entry]:
    """Return the measures that suit the level of measurement."""
    facts = describe(frame)
    terms = {"alpha": alpha_terms(frame, level), "percent": percent_terms(frame)}
    if level == "nominal":
        kappa = "cohen_kappa" if facts.n_coders < 3 else "light_kappa"
        terms |= {kappa: kappa_terms(frame)} if not _is_crowded(frame, facts) else {}
        terms |= {"fleiss_kappa": fleiss_terms(frame), "gwet_ac1": ac1_terms(frame)}
    for measure, one in terms.items():
        yield _Entry(name, measure, one, facts, measure == "light_kappa" and n_undefined(frame))


def _is_crowded(frame: Judgements, facts: Facts) -> bool:
    """Tell whether so many coders share few units that the kappas of their pairs take minutes."""
    return facts.n_coders > facts.n_units and n_meetings(frame) > MOST_MEETINGS


def _is_defined(entry: _Entry) -> bool:
    """Tell whether a measure means anything: percent needs a pair of codes, the rest variation."""
    return bool(entry.facts.n_units and (entry.facts.varies or entry.measure in UNCORRECTED))


def _row(entry: _Entry, value: float, drawn: Floats, confidence: float) -> dict[str, Any]:
    low, high = percentiles(drawn, confidence) if not np.isnan(value) else (np.nan, np.nan)
    facts = entry.facts
    return {
        "frame": entry.frame,
        "measure": entry.measure,
        "value": value,
        "low": low,
        "high": high,
        "n_units": facts.n_units,
        "n_coders": facts.n_coders,
        "yes_rate": facts.yes_rate,
        "top_share": facts.top_share,
        "note": "; ".join(_notes(entry, value, drawn, confidence)),
    }


def _notes(entry: _Entry, value: float, drawn: Floats, confidence: float) -> Iterator[str]:
    """Say what the value rests on and what it cannot show."""
    facts = entry.facts
    if entry.frame == POOLED:
        yield "lifted where some frames are common and others rare: report frame by frame"
    if not facts.n_units:
        yield "not defined: no unit has codes of two coders"
        return
    if not facts.varies and entry.measure not in UNCORRECTED:
        yield f"not defined: every code is {facts.commonest}, so nothing could be disagreed on"
        return
    if facts.top_share >= TRAP:
        yield (
            f"{_percent(facts.top_share)} of the codes are {facts.commonest}: by chance alone "
            f"{_percent(facts.by_chance)} of pairs agree, and a few codes decide this value"
        )
    elif facts.top_share >= SKEW:
        yield (
            f"{_percent(facts.top_share)} of the codes are {facts.commonest}: by chance alone "
            f"{_percent(facts.by_chance)} of pairs agree, and a slip costs alpha and kappa more, "
            "AC1 less than where values are balanced"
        )
    if entry.n_undefined:
        yield f"pairs of coders without a kappa, left out: {entry.n_undefined:,}"
    if facts.n_other < FEW and facts.varies:
        yield (
            f"units with another code than {facts.commonest}: {facts.n_other}, too few for the "
            "interval, which is too narrow"
        )
    if facts.lone:
        yield f"given once only: {facts.lone}; a slip?"
    if facts.n_alone:
        counted = "enter chance only" if entry.measure in BY_SHARES else "left out"
        yield f"units with one code ({facts.n_alone:,}): {counted}"
    if entry.measure == "fleiss_kappa" and facts.fewest < facts.most:
        yield f"units have {facts.fewest} to {facts.most} codes: extended by Gwet (2014)"
    if value == 1:
        yield "no disagreement was seen, so the interval cannot show what was not seen"
    undefined = float(np.isnan(drawn).mean()) if len(drawn) else 0.0
    if undefined > 1 - confidence:
        yield f"no interval: in {_percent(undefined)} of draws it is not defined"


def _percent(share: float) -> str:
    """Write a share in per cent, never rounded up to all."""
    return f"{min(100 * share, 99.9) if share < 1 else 100:.3g} %"


def _mean_rows(
    rows: list[dict[str, Any]], drawn: Floats, confidence: float
) -> list[dict[str, Any]]:
    """Average every measure over the frames in which it is defined."""
    single = [k for k, row in enumerate(rows) if row["frame"] != POOLED]
    measures = dict.fromkeys(rows[k]["measure"] for k in single)
    return [
        _mean_row([k for k in single if rows[k]["measure"] == name], rows, drawn, confidence)
        for name in measures
    ]


def _mean_row(
    places: list[int], rows: list[dict[str, Any]], drawn: Floats, confidence: float
) -> dict[str, Any]:
    """Average one measure; a draw leaves out the frames that are not defined in it."""
    defined = [k for k in places if not np.isnan(rows[k]["value"])]
    told = defined or places
    parts = drawn[:, defined]
    n_defined = (~np.isnan(parts)).sum(axis=1)
    drawn_means = np.nansum(parts, axis=1) / np.where(n_defined, n_defined, np.nan)
    low, high = percentiles(drawn_means, confidence)
    lost = np.isnan(parts).sum(axis=0) > (1 - confidence) * len(parts)
    fickle = int(lost.sum()) if not np.isnan(low) else 0
    note = f"mean of {len(defined)} of {len(places)} frames"
    note += f"; in many draws without {fickle} of them, not defined there" if fickle else ""
    return {
        **rows[places[0]],
        "frame": MEAN,
        "value": np.mean([rows[k]["value"] for k in defined]) if defined else np.nan,
        "low": low,
        "high": high,
        "n_units": sum(rows[k]["n_units"] for k in told),
        "n_coders": max(rows[k]["n_coders"] for k in told),
        **{name: np.mean([rows[k][name] for k in told]) for name in ("yes_rate", "top_share")},
        "note": note,
    }


# --- warnings and checks --------------------------------------------------------------------


def _warn_of_traps(facts: dict[str, Facts]) -> None:
    """Say aloud where nothing varies and where one value is nearly all there is."""
    constant = [name for name, fact in facts.items() if fact.n_units and not fact.varies]
    if constant:
        warnings.warn(
            f"In {len(constant)} of {len(facts)} frames every code is the same ({_few(constant)}): "
            "agreement beyond chance is not defined there (NaN), neither perfect nor absent. Code "
            "units in which the frame could be present as well as absent.",
            stacklevel=callers_level(),
        )
    skewed = [
        f"{name}: {_percent(fact.top_share)} {fact.commonest}"
        for name, fact in facts.items()
        if TRAP <= fact.top_share < 1
    ]
    if skewed:
        warnings.warn(
            f"In {len(skewed)} of {len(facts)} frames nearly all codes are one value "
            f"({_few(skewed)}). Percent agreement and AC1 are high there whatever the coders do, "
            "and a few codes decide alpha and kappa: none shows that the frame is coded reliably. "
            "Report the yes-rate, and code more units in which the rarer value is likely.",
            stacklevel=callers_level(),
        )


def _warn_of_twins(found: dict[str, list[tuple[Any, Any]]]) -> None:
    listed = [(name, *pair) for name, pairs in found.items() for pair in pairs]
    if listed:
        shown = [f"{known!r} and {value!r} in {name}" for name, known, value in listed]
        joined = {value: known for _, known, value in listed[:3]}
        warnings.warn(
            f"Values that look like one value written in two ways ({len(shown)}: {_few(shown)}) "
            f"count as different. To join them: codes.assign(value=codes['value'].replace({joined})"
            "); all words, and words in sets: codes.assign(value=codes['value'].str.strip()"
            ".str.casefold()); all numbers: codes.assign(value=pd.to_numeric(codes['value'])"
            ".round(9))",
            stacklevel=callers_level(),
        )


def _warn_of_many_coders(table: pd.DataFrame) -> None:
    n_coders, n_units = table["coder"].nunique(), table["unit"].nunique()
    if n_coders > max(2 * n_units, FEW):
        warnings.warn(
            f"There are {n_coders:,} coders and only {n_units:,} units. Are the columns swapped? "
            "codes.rename(columns={'unit': 'coder', 'coder': 'unit'})",
            stacklevel=callers_level(),
        )


def _warn_of_marks_of_missing(parts: dict[str, pd.DataFrame]) -> None:
    """Say where a text or number that usually means no code counts as a value."""
    values = {name: part["value"].unique().tolist() for name, part in parts.items()}
    marks = {name: marks_of_missing(listed) for name, listed in values.items()}
    found = [f"{mark} in {name}" for name, listed in marks.items() for mark in listed]
    if found:
        distinct = list(dict.fromkeys(mark for listed in marks.values() for mark in listed))
        warnings.warn(
            f"Values that look like missing codes ({len(found)}: {_few(found)}) count as values. "
            f"If nothing was coded there: {without(distinct)}",
            stacklevel=callers_level(),
        )


def _check_numbers(confidence: float, draws: int) -> None:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence={confidence!r} must lie between 0 and 1, e.g. 0.95")
    if draws < 0:
        raise ValueError(f"draws={draws!r} must be 0 (no intervals) or more, e.g. 1000")


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
