"""The codes table: check it, turn scores into codes, list disagreements, settle them.

A row of `codes` is one judgement: `unit`, `coder`, `frame`, `value`. A coder may be a person, a
language model or a dictionary.
"""

import warnings
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from framing.corpus.callers import callers_level
from framing.corpus.fields import as_text
from framing.text.units import unit_names

COLUMNS = ("unit", "coder", "frame", "value")
KEYS = ["unit", "coder", "frame"]
CELL = ["unit", "frame"]
SET_TYPES = (set, frozenset, tuple, list)
SEPARATOR = "|"
RULES = ("majority", "plurality", "unanimous", "first")
NO_CODER = {"unit", "frame", "disagreement", "n_codes", "value"}
CONTEXT = ("outlet", "date", "headline", "text")


def check_codes(codes: pd.DataFrame) -> pd.DataFrame:
    """Check a table of codes at the door and put its columns into one shape.

    Parameters
    ----------
    codes : DataFrame
        One row a judgement: `unit`, `coder`, `frame` and `value` (a number, a text, or a set;
        missing where the coder gave no code). Other columns are kept.

    Returns
    -------
    DataFrame
        A new table of the same rows in which `unit`, `coder` and `frame` are text (7 becomes "7")
        and True and False among the values are 1 and 0.

    Raises
    ------
    TypeError
        If it is not a DataFrame.
    ValueError
        If a column is missing, a unit, coder or frame has no name, a coder judged one unit and
        frame more than once, the values of a frame are of several kinds (numbers and texts) or
        no codes (a mapping, say), or there is no code at all. All problems are listed, with a line
        that repairs each.

    Warns
    -----
    UserWarning
        If two units, coders or frames differ only in capitals and blanks ("Ann", "ann "): they
        count as two.

    Examples
    --------
    >>> codes = pd.DataFrame({"unit": [1, 1, 1], "coder": ["ann", "ben", "ben"], "frame": "war",
    ...                       "value": [1, 0, 1]})
    >>> check_codes(codes)
    Traceback (most recent call last):
    ValueError: These codes cannot be used yet:
    - 2 of 3 judgements are of a unit, coder and frame that were judged before or again (1, ben, \
    war), and for 1 of 1 the values differ. Look at them: \
    codes[codes.duplicated(['unit', 'coder', 'frame'], keep=False)], then keep one, e.g. the last: \
    codes.drop_duplicates(['unit', 'coder', 'frame'], keep='last')
    >>> check_codes(codes.drop_duplicates(["unit", "coder", "frame"], keep="last"))
      unit coder frame  value
    0    1   ann   war      1
    2    1   ben   war      1
    """
    if not isinstance(codes, pd.DataFrame):
        raise TypeError(
            f"codes is a {type(codes).__name__}, not a DataFrame. One row is one judgement, with "
            f"the columns {', '.join(COLUMNS)}"
        )
    _refuse(_missing_columns(codes, COLUMNS))
    names = {name: as_text(codes[name]) for name in KEYS}
    _refuse(_no_codes(codes["value"]))
    table = codes.assign(**names, value=_plain_values(codes["value"]))
    _refuse([*_unnamed(table), *_nothing_coded(table), *_repeated(table), *_mixed_kinds(table)])
    for name in KEYS:
        if said := alike_names(table[name]):
            repair = f"codes.assign({name}=codes[{name!r}].str.strip().str.casefold())"
            warnings.warn(f"{said}. If they are the same: {repair}", stacklevel=callers_level())
    return table


def scores_as_codes(
    scores: pd.DataFrame, *, coder: str = "dictionary", at_least: float | None = None
) -> pd.DataFrame:
    """Turn frame scores into codes, so that a dictionary can be compared with people.

    Parameters
    ----------
    scores : DataFrame, documents × frames
        Index `doc_id`, or (`doc_id`, paragraph or sentence).
    coder : str
        The name under which they stand in the table.
    at_least : float, optional
        A frame is present where its score is at least this much; by default, above 0.

    Returns
    -------
    DataFrame
        One row a unit and frame: `unit` (the doc_id, or "doc_id:3" for its third paragraph or
        sentence), `coder`, `frame`, `value` (1 present, 0 absent, missing where the score is).

    Raises
    ------
    TypeError
        If it is not a table of numbers.
    ValueError
        If a unit is there twice.

    Examples
    --------
    >>> scores = pd.DataFrame({"war": [2, 0]}, index=pd.Index(["a1", "a2"], name="doc_id"))
    >>> scores_as_codes(scores)
      unit       coder frame  value
    0   a1  dictionary   war      1
    1   a2  dictionary   war      0
    """
    _check_scores(scores)
    present = scores.gt(0) if at_least is None else scores.ge(at_least)
    value = present.astype(float).where(scores.notna())
    value = value.set_axis(unit_names(scores.index), axis=0).rename_axis("unit")
    long = value.rename(columns=str).melt(ignore_index=False, var_name="frame").reset_index()
    whole = long["value"].notna().all()
    long["value"] = long["value"].astype("int64") if whole else long["value"]
    return long.assign(coder=str(coder))[list(COLUMNS)]


def codes_as_sets(codes: pd.DataFrame, *, name: str = "frames") -> pd.DataFrame:
    """Gather the yes/no codes of several frames into one set a unit and coder.

    Parameters
    ----------
    codes : DataFrame
        Codes of 0 and 1, one row a unit, coder and frame.
    name : str
        What to call the set, as its `frame`.

    Returns
    -------
    DataFrame
        One row a unit and coder: `unit`, `coder`, `frame` (= `name`), `value`: the frames that
        the coder found, in alphabetical order, e.g. "conflict|morality"; "" for none of them, and
        missing where the coder left a frame uncoded, for then the set is not known.

    Raises
    ------
    ValueError
        If the codes are not 0 and 1 or a frame's name holds the sign "|".

    Notes
    -----
    The sets go to `coder_agreement(…, level="masi")`. A saved CSV must be read back with
    `keep_default_na=False`, or empty sets become missing codes.

    Examples
    --------
    >>> codes = pd.DataFrame({"unit": "a1", "coder": ["ann", "ann", "ben", "ben"],
    ...                       "frame": ["war", "peace"] * 2, "value": [1, 1, 1, 0]})
    >>> codes_as_sets(codes)
      unit coder   frame      value
    0   a1   ann  frames  peace|war
    1   a1   ben  frames        war
    """
    table = check_codes(codes)
    _refuse([*_not_binary(table), *_separator_in_names(table["frame"])])
    wide = table.pivot(index=["unit", "coder"], columns="frame", values="value").astype(float)
    wide = wide.sort_index(axis=1)
    names, found = wide.columns.to_numpy(dtype=object), wide.to_numpy() == 1
    sets = pd.Series([SEPARATOR.join(names[row]) for row in found], wide.index, dtype="str")
    sets = sets.where(wide.notna().all(axis=1))
    return sets.rename("value").reset_index().assign(frame=name)[list(COLUMNS)]


def disagreements(codes: pd.DataFrame, *, sample: pd.DataFrame | None = None) -> pd.DataFrame:
    """List the units and frames on which coders differ, the most disputed first.

    Parameters
    ----------
    codes : DataFrame
        Codes of two coders or more.
    sample : DataFrame, optional
        The units with their `text`, by the column `unit` or by the index `doc_id`.

    Returns
    -------
    DataFrame
        One row a disputed unit and frame: `unit`, `frame`, `disagreement` (share of the pairs of
        coders whose codes differ), `n_codes`, one column a coder, and of the sample `outlet`,
        `date`, `headline`, `text` where it has them. Ties stand by unit, then frame.

    Raises
    ------
    ValueError
        If the codes are not fit for use, or a coder bears the name of one of these columns.
    KeyError
        If the sample lacks a disputed unit.

    Notes
    -----
    For `adjudicate`, write the settled `value` into a new column and name who decided as `coder`.

    Examples
    --------
    >>> codes = pd.DataFrame({"unit": ["a1", "a1", "a2", "a2"], "coder": ["ann", "ben"] * 2,
    ...                       "frame": "war", "value": [1, 0, 1, 1]})
    >>> disagreements(codes)
      unit frame  disagreement  n_codes  ann  ben
    0   a1   war           1.0        2    1    0
    """
    table = check_codes(codes).dropna(subset=["value"])
    _refuse(_clashing_coders(table))
    counts = _value_counts(table)
    counts["alike"] = counts["n"] * (counts["n"] - 1)
    pairs = counts.groupby(CELL)[["n", "alike"]].sum().rename(columns={"n": "n_codes"})
    pairs = pairs[pairs["n_codes"] > 1]
    differing = 1 - pairs["alike"] / (pairs["n_codes"] * (pairs["n_codes"] - 1))
    found = pairs.assign(disagreement=differing)[["disagreement", "n_codes"]]
    found = found[found["disagreement"] > 0].reset_index()
    found = found.sort_values(
        ["disagreement", *CELL], ascending=[False, True, True], ignore_index=True
    )
    wide = table.pivot(index=CELL, columns="coder", values="value").sort_index(axis=1)
    listed = found.join(wide.rename_axis(columns=None), on=CELL)
    return listed if sample is None else _with_texts(listed, sample)


def adjudicate(
    codes: pd.DataFrame, *, rule: str = "majority", decisions: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Settle on one value a unit and frame: what was decided, else what the rule gives.

    Parameters
    ----------
    codes : DataFrame
        Codes of one coder or more.
    rule : {"majority", "plurality", "unanimous", "first"}
        majority : the value that more than half of the coders gave
        plurality : the value that most coders gave, if one value leads alone
        unanimous : the value that all gave
        first : the value that stands first in the table (sort the coders before)
    decisions : DataFrame, optional
        What was settled by people: `unit`, `frame`, `value` and `coder` (who decided). A decision
        goes before the rule; rows without a value count as undecided.

    Returns
    -------
    DataFrame
        One row a unit and frame, in the order of `codes`: `unit`, `coder` ("adjudicated"),
        `frame`, `value`, `n_codes`, `support` (share of the codes that have this value),
        `decided_by` (the rule, or who decided). What no rule settles has no value and is
        "nobody": nothing is guessed.

    Raises
    ------
    ValueError
        If codes or decisions are not fit for use, a decision is of a unit and frame that nobody
        coded, or the rule is not known.

    Warns
    -----
    UserWarning
        If units stay unsettled.

    Notes
    -----
    One code alone is its own majority: see `n_codes`. Agreement is measured before
    adjudication; adjudicated codes say nothing about reliability (Krippendorff 2019, ch. 12).

    Examples
    --------
    >>> codes = pd.DataFrame({"unit": ["a1"] * 3 + ["a2"] * 2, "frame": "war",
    ...                       "coder": ["ann", "ben", "cleo", "ann", "ben"],
    ...                       "value": [1, 0, 1, 0, 1]})
    >>> decisions = pd.DataFrame({"unit": ["a2"], "frame": "war", "value": 1, "coder": "cleo"})
    >>> adjudicate(codes, decisions=decisions).drop(columns="coder").round(2)
      unit frame  value  n_codes  support decided_by
    0   a1   war      1        3     0.67   majority
    1   a2   war      1        2     0.50       cleo
    """
    if rule not in RULES:
        raise ValueError(f"rule={rule!r}: choose one of {', '.join(RULES)}")
    table = check_codes(codes).dropna(subset=["value"])
    decided = _decisions(decisions, table)
    settled = _settle(table, rule).join(decided, on=CELL)
    overruled = settled["decision"].notna()
    value = settled["value"].astype(object).where(~overruled, settled["decision"])
    by = settled["decider"].where(overruled, settled["decided_by"])
    settled = settled.assign(value=_tidy_values(value), decided_by=by, coder="adjudicated")
    settled["support"] = _support(settled, table)
    _warn_of_unsettled(settled)
    return settled[[*COLUMNS, "n_codes", "support", "decided_by"]]


# --- checks ---------------------------------------------------------------------------------


def _refuse(problems: Iterable[str]) -> None:
    bullets = "\n".join(f"- {problem}" for problem in problems)
    if bullets:
        raise ValueError(f"These codes cannot be used yet:\n{bullets}")


def _missing_columns(table: pd.DataFrame, wanted: tuple[str, ...]) -> Iterator[str]:
    found = ", ".join(map(str, table.columns)) or "none"
    for name in wanted:
        n = list(table.columns).count(name)
        if not n:
            one = "; of one variable: codes.assign(frame='its name')" if name == "frame" else ""
            yield (
                f"There is no column {name!r} (found: {found}). "
                f"Rename yours: codes.rename(columns={{'your column': {name!r}}}){one}"
            )
        if n > 1:
            yield f"{n} columns are called {name!r} (found: {found}). Rename or drop all but one"
    if "coder" not in table and "value" not in table:
        yield f"If each column is a coder: {_melting(table)}"


def _melting(table: pd.DataFrame) -> str:
    """The line that makes codes of a table with a column a coder."""
    keys = [name for name in CELL if name in table]
    start = "codes" if "unit" in table else "codes.rename_axis('unit').reset_index()"
    named = "" if "frame" in table else ".assign(frame='its name')"
    return f"{start}.melt({list(dict.fromkeys(['unit', *keys]))}, var_name='coder'){named}"


def _plain_values(values: pd.Series) -> pd.Series:
    """Turn True and False into 1 and 0, missing codes into NaN, sets into frozen ones."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(object)
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
        whole = pd.api.types.is_bool_dtype(values) or pd.api.types.is_integer_dtype(values)
        return (
            values.astype("int64") if whole and values.notna().all() else values.astype("float64")
        )
    if pd.api.types.is_string_dtype(values.dtype) and values.dtype != object:
        return values.astype("str")
    return _tidy_values(values.map(_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, (*SET_TYPES, np.ndarray)):
        return frozenset(value.tolist() if isinstance(value, np.ndarray) else value)
    return int(value) if isinstance(value, (bool, np.bool_)) else value


def _tidy_values(values: pd.Series) -> pd.Series:
    """Give a column of Python values the narrowest type that holds them all."""
    filled = values.where(values.notna(), np.nan)
    return filled.infer_objects()


def _no_codes(values: pd.Series) -> Iterator[str]:
    """Refuse what can be no code, because two of them cannot be compared or counted."""
    if values.dtype != object and not pd.api.types.is_complex_dtype(values):
        return
    wrong = [value for value in values if not _can_be_code(value)]
    if wrong:
        yield (
            f"{len(wrong)} of {len(values)} values are no codes (e.g. {wrong[0]!r}, a "
            f"{type(wrong[0]).__name__}). A code is a number, a text, or a set of them"
        )


def _can_be_code(value: Any) -> bool:
    try:
        hash(_plain(value))
    except TypeError:
        return False
    return not isinstance(value, complex)


def alike_names(names: pd.Series) -> str:
    """Say which names differ only in capitals and blanks, so that one coder may count as two."""
    distinct = pd.Series(names.unique(), dtype="str").dropna()
    plain = distinct.str.casefold().str.split().str.join(" ")
    alike = distinct[plain.duplicated(keep=False)].map(repr)
    if alike.empty:
        return ""
    return (
        f"{len(alike)} of {len(distinct)} names of {names.name}s differ only in capitals and "
        f"blanks ({_few(alike)}) and count as different"
    )


def _unnamed(table: pd.DataFrame) -> Iterator[str]:
    for name in KEYS:
        empty = table[name].isna() | table[name].fillna("").str.strip().eq("")
        if empty.any():
            yield (
                f"{empty.sum()} of {len(table)} rows have no {name} (row "
                f"{_few(table.index[empty])}). Drop them: codes.dropna(subset=[{name!r}])"
            )


def _nothing_coded(table: pd.DataFrame) -> Iterator[str]:
    if table["value"].isna().all():
        yield f"None of the {len(table)} rows has a value, so nothing was coded"


def _repeated(table: pd.DataFrame) -> Iterator[str]:
    """List judgements made more than once and say how many of them contradict each other."""
    coded = table.dropna(subset=["value"])
    again = coded[coded.duplicated(KEYS, keep=False)]
    if again.empty:
        return
    differ = again.groupby(KEYS)["value"].agg(lambda values: len(set(values))).gt(1)
    names = [", ".join(key) for key in again[KEYS].drop_duplicates().itertuples(index=False)]
    yield (
        f"{len(again)} of {len(coded)} judgements are of a unit, coder and frame that were judged "
        f"before or again ({_few(names, '; ')}), and for {differ.sum()} of {len(differ)} the "
        "values differ. Look at them: codes[codes.duplicated(['unit', 'coder', 'frame'], "
        "keep=False)], then keep one, e.g. the last: "
        "codes.drop_duplicates(['unit', 'coder', 'frame'], keep='last')"
    )


def _kind(value: Any) -> str:
    if isinstance(value, (str, frozenset)):
        return "text" if isinstance(value, str) else "set"
    return "number" if isinstance(value, (int, float, np.number)) else type(value).__name__


def _mixed_kinds(table: pd.DataFrame) -> Iterator[str]:
    """Refuse frames in which, say, 1 and "1" stand for who knows what."""
    if table["value"].dtype != object:
        return
    coded = table.dropna(subset=["value"]).reset_index(drop=True)
    kinds = coded["value"].map(_kind).groupby(coded["frame"])
    mixed = [frame for frame, n in kinds.nunique().items() if n > 1]
    for frame in mixed[:3]:
        found = kinds.get_group(frame)
        values = coded["value"][found.index]
        shown = [
            f"{n} {kind}s (e.g. {values[found == kind].iloc[0]!r})"
            for kind, n in found.value_counts().sort_index().items()
        ]
        where = _few(coded["unit"][found.index[found == found.value_counts().idxmin()]])
        said = f"The values of {frame!r} are {' and '.join(shown)}, the fewer in unit {where}"
        yield f"{said}. {_joined(values, found)}"
    if len(mixed) > 3:
        yield f"So are the values of {len(mixed) - 3} more frames ({_few(mixed[3:])})"


def _joined(values: pd.Series, kinds: pd.Series) -> str:
    """The line that makes values of several kinds one."""
    numbers = values[kinds == "number"].unique()
    if len(numbers) == 1 and values[kinds == "text"].nunique() > 1:
        return (
            f"If {numbers[0]} means that nothing was coded: "
            f"codes.assign(value=codes['value'].where(codes['value'] != {numbers[0]}))"
        )
    if kinds.eq("set").any():
        return (
            "If texts stand for sets: codes.assign(value=codes['value'].map("
            "lambda value: set(value.split('|')) if isinstance(value, str) else value))"
        )
    return (
        "If all of them mean numbers: codes.assign(value=pd.to_numeric(codes['value'])); if they "
        "are names: codes.assign(value=codes['value'].astype('str').where(codes['value'].notna()))"
    )


def _not_binary(table: pd.DataFrame) -> Iterator[str]:
    coded = table["value"].dropna()
    wrong = coded[~coded.isin([0, 1])]
    if len(wrong):
        yield (
            f"{len(wrong)} of {len(coded)} codes are not 0 or 1 (e.g. {wrong.iloc[0]!r}). "
            "Make them so: codes.assign(value=codes['value'].map({'no': 0, 'yes': 1}))"
        )


def _separator_in_names(frames: pd.Series) -> Iterator[str]:
    names = sorted({name for name in frames if SEPARATOR in name})
    if names:
        yield f"Frames with {SEPARATOR!r} in their name: {len(names)} ({_few(names)}). Rename them"


def _clashing_coders(table: pd.DataFrame) -> Iterator[str]:
    clashing = sorted(set(table["coder"]) & (NO_CODER | set(CONTEXT)))
    if clashing:
        yield (
            f"Coders called like a column: {len(clashing)} ({_few(clashing)}). Rename them: "
            f"codes.assign(coder=codes['coder'].replace({{{clashing[0]!r}: 'coder 1'}}))"
        )


def _check_scores(scores: pd.DataFrame) -> None:
    if not isinstance(scores, pd.DataFrame):
        raise TypeError(f"scores is a {type(scores).__name__}, not a DataFrame")
    texts = [
        str(name) for name, kind in scores.dtypes.items() if not pd.api.types.is_numeric_dtype(kind)
    ]
    if texts:
        raise TypeError(
            f"{len(texts)} of {scores.shape[1]} columns of scores are not numbers ({_few(texts)}). "
            f"Drop them: scores.drop(columns={texts})"
        )
    twice = scores.index[scores.index.duplicated()]
    if len(twice):
        raise ValueError(
            f"{len(twice)} of {len(scores)} units are in scores twice ({_few(twice)}). "
            "Keep the first of each: scores[~scores.index.duplicated()]"
        )


def _few(names: Iterable[Any], separator: str = ", ") -> str:
    listed = list(map(str, names))
    return separator.join(listed[:3]) + (" …" if len(listed) > 3 else "")


# --- one value a unit and frame -------------------------------------------------------------


def _value_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Count how often each value was given to a unit and frame, with the row it stands in first."""
    number = pd.factorize(table["value"])[0]
    keyed = table[CELL].assign(number=number, row=np.arange(len(table)))
    grouped = keyed.groupby([*CELL, "number"], sort=False)["row"]
    return grouped.agg(n="size", row="min").reset_index()


def _settle(table: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Apply the rule: one row a unit and frame, without a value where the rule gives none."""
    counts = _value_counts(table)
    per_cell = counts.groupby(CELL, sort=False)
    total, most = per_cell["n"].transform("sum"), per_cell["n"].transform("max")
    leads = counts["n"].eq(most)
    chosen = {
        "majority": counts["n"] * 2 > total,
        "plurality": leads
        & leads.groupby([counts["unit"], counts["frame"]]).transform("sum").eq(1),
        "unanimous": counts["n"].eq(total),
        "first": counts["row"].eq(per_cell["row"].transform("min")),
    }[rule]
    cells = counts.assign(n_codes=total).drop_duplicates(CELL)[[*CELL, "n_codes"]]
    winners = counts[chosen].assign(
        value=table["value"].astype(object).to_numpy()[counts.loc[chosen, "row"]]
    )
    settled = cells.merge(winners[[*CELL, "value"]], on=CELL, how="left")
    return settled.assign(decided_by=settled["value"].notna().map({True: rule, False: "nobody"}))


def _decisions(decisions: pd.DataFrame | None, table: pd.DataFrame) -> pd.DataFrame:
    """Index what people decided by unit and frame."""
    if decisions is None:
        empty = pd.MultiIndex.from_frame(table[CELL].iloc[:0])
        return pd.DataFrame({"decision": [], "decider": []}, empty, dtype=object)
    _refuse(_missing_columns(decisions, COLUMNS))
    made = decisions[decisions["value"].notna()]
    made = check_codes(made) if len(made) else made
    both = pd.concat([table, made], ignore_index=True)
    _refuse([*_decided_twice(made), *_never_coded(made, table), *_mixed_kinds(both)])
    renamed = made.rename(columns={"value": "decision", "coder": "decider"})
    return renamed.set_index(CELL)[["decision", "decider"]].astype(object)


def _decided_twice(made: pd.DataFrame) -> Iterator[str]:
    twice = made[made.duplicated(CELL)]
    if len(twice):
        yield f"Units and frames decided twice: {len(twice)} ({_few(_cells(twice), '; ')})"


def _never_coded(made: pd.DataFrame, table: pd.DataFrame) -> Iterator[str]:
    coded = pd.MultiIndex.from_frame(table[CELL])
    unknown = made[~pd.MultiIndex.from_frame(made[CELL]).isin(coded)]
    if len(unknown):
        yield (
            f"{len(unknown)} of {len(made)} decisions are of a unit and frame that nobody coded "
            f"({_few(_cells(unknown), '; ')}). Check how the unit and the frame are written"
        )


def _cells(table: pd.DataFrame) -> list[str]:
    return [f"{unit}, {frame}" for unit, frame in zip(table["unit"], table["frame"], strict=True)]


def _support(settled: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Share of the codes that have the settled value."""
    final = pd.MultiIndex.from_frame(settled[CELL])
    place = final.get_indexer(pd.MultiIndex.from_frame(table[CELL]))
    alike = (
        table["value"].astype(object).to_numpy()
        == settled["value"].astype(object).to_numpy()[place]
    )
    n_alike = np.bincount(place, weights=alike.astype(float), minlength=len(settled))
    return (n_alike / settled["n_codes"]).where(settled["value"].notna())


def _warn_of_unsettled(settled: pd.DataFrame) -> None:
    open_ones = settled[settled["value"].isna()]
    if len(open_ones):
        warnings.warn(
            f"{len(open_ones)} of {len(settled)} units and frames stay unsettled and have no value "
            f"({_few(_cells(open_ones), '; ')}). Look at them with disagreements(codes), and pass "
            "what you decide: adjudicate(codes, decisions=…)",
            stacklevel=callers_level(),
        )


def _with_texts(listed: pd.DataFrame, sample: pd.DataFrame) -> pd.DataFrame:
    """Put what the sample knows of each unit beside the codes."""
    named = (
        sample.set_index("unit") if "unit" in sample else sample.set_axis(unit_names(sample.index))
    )
    known = named.set_axis(as_text(named.index.to_series()).array, axis=0)
    missing = [unit for unit in dict.fromkeys(listed["unit"]) if unit not in known.index]
    if missing:
        raise KeyError(
            f"{len(missing)} of {listed['unit'].nunique()} disputed units are not in the sample "
            f"({_few(missing)}). Give the sample from which the codes were made."
        )
    columns = [name for name in CONTEXT if name in known]
    return listed.join(known.loc[~known.index.duplicated(), columns], on="unit")
