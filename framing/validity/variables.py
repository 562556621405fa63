"""What coders are asked: variables, their definitions, questions and permitted values."""

from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from framing.measures.codebook import as_codebook

Value = int | float | str
UNSURE = "unsure"
YES_NO: tuple[Value, ...] = (1, 0)
SEPARATOR = "|"
NOTES = ("definition", "indicator", "example", "values")
COLUMNS = ("frame", *NOTES)


class Variable(NamedTuple):
    """One thing to decide about every unit; `values` without "unsure", which is always allowed."""

    name: str
    definition: str = ""
    questions: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    values: tuple[Value, ...] = YES_NO

    @property
    def is_binary(self) -> bool:
        return set(self.values) == {0, 1}

    @property
    def choices(self) -> tuple[Value, ...]:
        return (*self.values, UNSURE)


def indicator_questions(codebook: str | Path | pd.DataFrame) -> pd.DataFrame:
    """Make every indicator question of a codebook a variable of its own, to be coded yes or no.

    Parameters
    ----------
    codebook : str, Path or DataFrame
        A codebook with the column `indicator`, or what `load_codebook` takes.

    Returns
    -------
    DataFrame
        One row a question, for `write_sheet`, `code_in_notebook` and `read_codes`: `frame` (the
        question, which is the name of the variable), `definition` (of the frame it belongs to).

    Raises
    ------
    ValueError
        If the codebook has no questions.

    Notes
    -----
    Semetko & Valkenburg (2000), Journal of Communication 50(2), 93-109, coded about twenty such
    questions and averaged those of a frame: `scale_scores(codes, codebook)` does that.

    Examples
    --------
    >>> indicator_questions("semetko_valkenburg").loc[1, "frame"]
    'Does one party, person, group or state reproach another?'
    """
    table = as_codebook(codebook).reindex(columns=["frame", "indicator", "definition"])
    asked = table[table["indicator"].astype("str").fillna("").str.strip().ne("")]
    if asked.empty:
        raise ValueError("The codebook has no indicator questions: no column `indicator`.")
    asked = asked.drop_duplicates(["frame", "indicator"])
    said = asked["frame"] + ": " + asked["definition"].astype("str").fillna("")
    questions = pd.DataFrame({"frame": asked["indicator"], "definition": said.str.strip(": ")})
    return questions.reset_index(drop=True)


def as_variables(codebook: str | Path | pd.DataFrame) -> list[Variable]:
    """List the variables of a codebook, or of a table of variables, which has no `pattern`."""
    if isinstance(codebook, pd.DataFrame) and "pattern" not in codebook:
        table = _check_table(codebook)
    else:
        table = as_codebook(codebook)
    notes = table.reindex(columns=list(COLUMNS)).astype("str").fillna("")
    named = notes.assign(frame=notes["frame"].str.strip())
    return [_variable(str(name), rows) for name, rows in named.groupby("frame", sort=False)]


def known_as(name: str, known: Collection[str]) -> str:
    """Spell a name as the known one that differs from it only in capitals and blanks."""
    if name in known:
        return name
    alike = [one for one in known if _folded(one) == _folded(name)]
    return alike[0] if len(alike) == 1 else name


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _check_table(table: pd.DataFrame) -> pd.DataFrame:
    problems = []
    unknown = [str(name) for name in table.columns if name not in COLUMNS]
    if unknown:
        problems.append(f"unknown column {', '.join(unknown)} (there is {', '.join(COLUMNS)})")
    if "frame" not in table:
        problems.append("no column frame: the name of the variable")
    elif table.empty or table["frame"].astype("str").fillna("").str.strip().eq("").any():
        problems.append("a variable without a name" if len(table) else "no variables")
    if problems:
        raise ValueError("\n- ".join(["The table of variables cannot be used:", *problems]))
    return table


def _variable(name: str, rows: pd.DataFrame) -> Variable:
    said = {note: _distinct(rows[note]) for note in NOTES}
    listed = [_split_values(name, cell) for cell in said["values"]]
    if len(listed) > 1:
        raise ValueError(f"Variable {name!r} has {len(listed)} different lists of values.")
    values = listed[0] if listed else YES_NO
    definition = " ".join(said["definition"])
    return Variable(name, definition, said["indicator"], said["example"], values)


def _distinct(column: pd.Series) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in column if text.strip()))


def _split_values(name: str, cell: str) -> tuple[Value, ...]:
    words = [word.strip() for word in cell.split(SEPARATOR)]
    words = [word for word in words if word.casefold() != UNSURE]
    repeated = [word for word, n in Counter(words).items() if n > 1]
    if len(words) < 2 or not all(words) or repeated:
        raise ValueError(
            f"Variable {name!r} needs two or more different values, divided by {SEPARATOR}, "
            f"e.g. 'positive{SEPARATOR}neutral{SEPARATOR}negative'; it has {cell!r}."
        )
    return _as_numbers(words) or tuple(words)


def _as_numbers(words: Iterable[str]) -> tuple[Value, ...]:
    """Read a list of numbers; it is empty where a word is none."""
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        return ()
    return tuple(int(number) if number.is_integer() else number for number in numbers)
