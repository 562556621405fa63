"""Published tables of reliability, which give counts, as codes."""

import re
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from framing.corpus.callers import callers_level
from framing.corpus.listing import listed
from framing.validity.codes import COLUMNS
from framing.validity.levels import Ints

KINDS = ("units", "pairs")
TOTAL = re.compile(r"((row|column|grand) )?(totals?|sums?|all|[Σ∑])", re.IGNORECASE)


def counts_as_codes(
    counts: pd.DataFrame, *, of: str = "units", frame: str = "code"
) -> pd.DataFrame:
    """Turn a table of counts, as reliability is often published, into codes.

    Parameters
    ----------
    counts : DataFrame
        Whole numbers; its index and columns bear names. A row or column called total, sum, all or
        n is checked against the cells and left out; beside one other letter, as in y and n, n is a
        value.
    of : {"units", "pairs"}
        units : one row a unit, one column a value; a cell says how many coders gave that value
        pairs : of two coders, one row a value of the first, one column a value of the second; a
        cell says how many units have that pair of values
    frame : str
        What to call the variable.

    Returns
    -------
    DataFrame
        One row a judgement: `unit`, `coder`, `frame`, `value` (the names of the columns). Coders
        are "1", "2", …; of pairs they are called as the index and the columns, where these have
        names.

    Raises
    ------
    TypeError
        If it is not a DataFrame.
    ValueError
        If cells are no counts, names repeat, totals are not those of the cells, or the rows and
        columns of pairs have no value in common. All problems at once, with rows.

    Warns
    -----
    UserWarning
        If units have unequal numbers of codes.

    Notes
    -----
    A table of units does not say who gave which code. Of its agreement only alpha, percent,
    `fleiss_kappa` and `gwet_ac1` mean something; `cohen_kappa` and `light_kappa` compare coders,
    who are made up here.

    Examples
    --------
    >>> counts = pd.DataFrame({"yes": [3, 2, 0], "no": [0, 1, 3]}, index=["a1", "a2", "a3"])
    >>> counts_as_codes(counts).query("unit == 'a2'")
      unit coder frame value
    3   a2     1  code   yes
    4   a2     2  code   yes
    5   a2     3  code    no

    Two coders, Cohen (1960):

    >>> pairs = pd.DataFrame([[88, 10, 2], [14, 40, 6], [18, 10, 12]])
    >>> from framing.validity.agreement import coder_agreement
    >>> found = coder_agreement(counts_as_codes(pairs, of="pairs"), draws=0)
    >>> found.set_index("measure")["value"].round(3)["cohen_kappa"].item()
    0.492
    """
    _check_arguments(counts, of)
    _refuse([*_repeated_names(counts), *_no_counts(counts)])
    totals = _totals(counts.index), _totals(counts.columns)
    cells = _without(counts, *totals)
    _refuse([*_wrong_totals(counts, cells, *totals), *_nothing(cells), *_strangers(cells, of)])
    whole = cells.astype("int64")
    table = _of_units(whole) if of == "units" else _of_pairs(whole)
    return table.assign(frame=frame)[list(COLUMNS)]


# --- codes ----------------------------------------------------------------------------------


def _places(cells: pd.DataFrame) -> tuple[Ints, Ints]:
    """Row and column of every cell, as often as it counts."""
    place = np.repeat(np.arange(cells.size), cells.to_numpy().ravel())
    return np.divmod(place, cells.shape[1])


def _of_units(cells: pd.DataFrame) -> pd.DataFrame:
    """Give every unit as many codes of each value as are counted."""
    _warn_of_unequal(cells.sum(axis=1))
    row, column = _places(cells)
    table = pd.DataFrame({"unit": cells.index[row], "value": cells.columns[column]})
    coder = table.groupby(row).cumcount() + 1
    return table.assign(unit=table["unit"].astype("str"), coder=coder.astype("str"))


def _of_pairs(cells: pd.DataFrame) -> pd.DataFrame:
    """Give two coders as many units of each pair of values as are counted."""
    row, column = _places(cells)
    names = [str(name) for name in (cells.index.name, cells.columns.name) if name is not None]
    first, second = names if len(set(names)) == 2 else ("1", "2")
    unit = pd.Series(np.arange(1, len(row) + 1)).astype("str")
    values = ((first, cells.index[row]), (second, cells.columns[column]))
    parts = [pd.DataFrame({"unit": unit, "coder": name, "value": v}) for name, v in values]
    return pd.concat(parts, ignore_index=True)


# --- checks ---------------------------------------------------------------------------------


def _check_arguments(counts: pd.DataFrame, of: str) -> None:
    if not isinstance(counts, pd.DataFrame):
        raise TypeError(f"counts is a {type(counts).__name__}, not a DataFrame")
    if of not in KINDS:
        raise ValueError(f"of={of!r}: choose one of {', '.join(KINDS)}")
    if counts.index.nlevels + counts.columns.nlevels > 2:
        raise ValueError("Rows or columns have names of several levels; give each one name.")


def _refuse(problems: list[str]) -> None:
    if problems:
        raise ValueError("\n- ".join(["These counts cannot be used yet:", *problems]))


def _repeated_names(counts: pd.DataFrame) -> Iterator[str]:
    for what, names in (("rows", counts.index), ("columns", counts.columns)):
        again = names[names.duplicated()].unique()
        if len(again):
            yield f"{len(again)} names of {what} stand twice ({listed(again)}). Rename all but one"


def _no_counts(counts: pd.DataFrame) -> Iterator[str]:
    number = counts.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    wrong = np.argwhere(~((number >= 0) & (number % 1 == 0)))
    if len(wrong):
        given = counts.astype(object)  # Python's own numbers
        shown = [
            f"row {counts.index[i]}, column {counts.columns[j]}: {given.iat[i, j]!r}"
            for i, j in wrong[:3].tolist()
        ]
        yield (
            f"{len(wrong)} of {counts.size} cells are no counts, whole numbers from 0 on "
            f"({'; '.join(shown)}). If empty cells mean 0: counts.fillna(0); if the names of units "
            "are a column: counts.set_index('unit')"
        )


def _totals(names: pd.Index) -> list[Any]:
    """Names of totals; "n" is one, unless it stands beside one other letter."""
    totals = [name for name in names if TOTAL.fullmatch(str(name).strip())]
    rest = {name: str(name).strip() for name in names if name not in totals}
    n = [name for name, text in rest.items() if text.casefold() == "n"]
    values = [text for name, text in rest.items() if name not in n]
    return totals if len(values) == 1 and len(values[0]) == 1 else totals + n


def _without(counts: pd.DataFrame, rows: list[Any], columns: list[Any]) -> pd.DataFrame:
    cells = counts.drop(index=rows, columns=columns).apply(pd.to_numeric)
    names = (cells.index.infer_objects(), cells.columns.infer_objects())  # numbers once more
    return cells.set_axis(names[0], axis=0).set_axis(names[1], axis=1)


def _wrong_totals(
    counts: pd.DataFrame, cells: pd.DataFrame, rows: list[Any], columns: list[Any]
) -> Iterator[str]:
    """Compare the totals that stand in the table with those of its cells."""
    for what, names, given, summed in (
        ("row", columns, counts, cells.sum(axis=1)),
        ("column", rows, counts.T, cells.sum(axis=0)),
    ):
        for name in names:
            said = pd.to_numeric(given[name])[summed.index]
            wrong = summed[summed != said]
            shown = [f"{what} {one}: {n}, not {said[one]}" for one, n in wrong.items()]
            if shown:
                yield (
                    f"the cells of {len(wrong)} of {len(summed)} {what}s do not add up to {name!r} "
                    f"({'; '.join(shown[:3])}). Mend the table; if {name!r} is a value, rename it"
                )


def _nothing(cells: pd.DataFrame) -> Iterator[str]:
    if not cells.size or not cells.to_numpy().any():
        yield "there is nothing to count"


def _strangers(cells: pd.DataFrame, of: str) -> Iterator[str]:
    """Refuse pairs whose rows bear other names than their columns."""
    if of == "pairs" and cells.size and not set(cells.index) & set(cells.columns):
        yield (
            f"no value is a row ({listed(map(repr, cells.index))}) as well as a column "
            f"({listed(map(repr, cells.columns))}). If they stand in one order: "
            "counts.set_axis(counts.columns, axis=0)"
        )


def _warn_of_unequal(n_codes: pd.Series) -> None:
    usual = n_codes.mode().iloc[0]
    odd = n_codes[n_codes != usual]
    if len(odd):
        shown = listed(f"{unit}: {n}" for unit, n in odd.items())
        warnings.warn(
            f"{len(odd)} of {len(n_codes)} units have another number of codes than {usual} "
            f"({shown}). If all coders coded all units, a count is wrong.",
            stacklevel=callers_level(),
        )
