"""Bring the spellings of codes into one: yes, ja, TRUE and 1.0 are 1."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, time
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from framing.corpus.listing import listed
from framing.validity.code_files.found import Remark
from framing.validity.variables import UNSURE, Value, Variable

YES = frozenset(
    [
        *("yes", "y", "true", "t", "ja", "j", "wahr", "oui", "vrai", "si", "sí", "verdadero"),
        *("sim", "verdadeiro", "tak", "да", "x", "✓", "✔", "present"),
    ]
)
NO = frozenset(
    [
        *("no", "n", "false", "f", "nein", "falsch", "non", "faux", "falso", "não", "nao", "nie"),
        *("нет", "absent"),
    ]
)
UNSURE_WORDS = frozenset(
    (UNSURE, "?", "unsicher", "unklar", "unclear", "not sure", "don't know", "dk", "maybe", "no sé")
)
NOT_GIVEN = frozenset(("NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", ".", "*"))
SLIP = 0.02  # share of the answers that an odd one beside yes and no may have and be a slip
NOT_IN_NAMES = frozenset((UNSURE, "?", "unsicher"))  # what is unsure even among free labels


class _Reading(NamedTuple):
    """What a cell says: the code, the answer it stands for ("" for none), and why not."""

    code: Any
    answer: str
    is_respelt: bool = False
    impossible: str = ""


def is_yes_or_no(label: str) -> bool:
    """Say whether a label means yes, no or unsure.

    Examples
    --------
    >>> is_yes_or_no("Ja"), is_yes_or_no("0"), is_yes_or_no("war")
    (True, True, False)
    """
    return _yes_no(label) is not None


def read_values(
    table: pd.DataFrame, allowed: Mapping[str, Variable]
) -> tuple[pd.DataFrame, list[tuple[str, Remark]]]:
    """Read the values of every frame in its own way.

    Parameters
    ----------
    table : DataFrame
        `frame`, `value` (as in the file), `file`.
    allowed : mapping
        Variables with their possible values; of others all values of one kind are possible.

    Returns
    -------
    DataFrame
        With `code` (the value, missing where there is none), `answer` (as text; "" where nothing
        was answered, "unsure" where that was) and `impossible` (why, or "").
    list of (file, Remark)
        Which spellings were read as what, and where yes and no were left as they are.
    """
    readings: dict[Any, _Reading] = {}
    remarks = []
    for frame, values in table["value"].groupby(table["frame"], sort=False):
        known = allowed.get(str(frame))
        variable = known or _guessed(str(frame), values)
        why = "" if known else "; so the other answers say. If not: codebook=…"
        if variable is None and (mixed := _yes_no_among_names(values)):
            file = table.loc[values.index[0], "file"]
            remarks.append((file, Remark("assumed", mixed, frame=str(frame))))
        readings |= {row: _read(value, variable, why) for row, value in values.items()}
    in_order = [readings[row] for row in table.index]
    read = table.assign(
        code=pd.Series([one.code for one in in_order], table.index, dtype=object),
        answer=[one.answer for one in in_order],
        impossible=[one.impossible for one in in_order],
    )
    return read, [*remarks, *_respelt(read, [one.is_respelt for one in in_order])]


def _guessed(name: str, values: pd.Series) -> Variable | None:
    """Take a variable for yes and no, for numbers or for names, by all its values."""
    given = [value for value in map(_plain, values) if value is not None]
    given = [value for value in given if value not in NOT_GIVEN]
    if given and _are_yes_no(given):
        return Variable(name)
    texts = [v for v in given if isinstance(v, str) and v.casefold() not in NOT_IN_NAMES]
    numbers = [value for value in given if not isinstance(value, str)]
    if not texts or not numbers:
        return None
    kept = numbers if len(numbers) >= len(texts) else texts
    return Variable(name, values=tuple(dict.fromkeys(kept)))


def _are_yes_no(given: list[Value]) -> bool:
    """Say whether all answers mean yes or no, or all but a few slips beside both in words."""
    read = [_yes_no(value) for value in given]
    odd = Counter(value for value, code in zip(given, read, strict=True) if code is None)
    if not odd:
        return not _are_letters(given)
    words = any(isinstance(v, str) and code in (0, 1) for v, code in zip(given, read, strict=True))
    few = odd.total() * 3 <= len(given) and max(odd.values()) <= max(1, SLIP * len(given))
    return few and words and {0, 1} <= set(read)


def _yes_no_among_names(values: pd.Series) -> str:
    """Say that answers of which most are yes or no, in words, are kept as they are; else ""."""
    given = [value for value in map(_plain, values) if isinstance(value, str)]
    given = [value for value in given if value not in NOT_GIVEN]
    odd = Counter(value for value in given if _yes_no(value) is None)
    if not 0 < 2 * odd.total() < len(given):
        return ""
    return (
        f"yes and no are kept as words, for {odd.total():,} of {len(given):,} answers are neither "
        f"({listed(odd)}). If those are no codes: codebook=…"
    )


def _are_letters(given: list[Value]) -> bool:
    """Say whether the answers are letters of which several mean the same: x and y are names."""
    words = {v.casefold() for v in given if isinstance(v, str)}
    letters = [word for word in words if len(word) == 1 and word.isalpha()]
    return len(words) == len(letters) > 1 and len({_yes_no(word) for word in letters}) == 1


def _plain(value: Any) -> Value | None:
    """A cell as a number or a text; None if it is empty."""
    if value is None or isinstance(value, list | dict) or value != value:
        return None
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, Real):
        number = float(value)
        return int(number) if number.is_integer() else number
    text = value.isoformat() if isinstance(value, date | time) else str(value).strip()
    return _number(text) if text else None


def _number(text: str) -> Value:
    try:
        number = float(text)
    except ValueError:
        return text
    if not abs(number) < float("inf") or "_" in text:
        return text
    return int(number) if number.is_integer() else number


def _yes_no(value: Value | None) -> int | str | None:
    """1, 0, "unsure", or None for anything else."""
    if isinstance(value, str):
        word = value.strip().casefold()
        found = [code for code, words in ((1, YES), (0, NO)) if word in words]
        return found[0] if found else UNSURE if word in UNSURE_WORDS else _digit(word)
    return int(value) if value in (0, 1) and value is not None else None


def _digit(word: str) -> int | None:
    number = _number(word)
    return int(number) if number in (0, 1) else None


def _read(raw: Any, variable: Variable | None, why: str) -> _Reading:
    if isinstance(raw, list | dict) and raw:
        return _Reading(None, "", impossible="a list of values, and not one")
    value = _plain(raw)
    is_named = variable is not None and value in variable.values
    if value is None or (value in NOT_GIVEN and not is_named):
        return _Reading(None, "")
    code = _code(value, variable)
    if code is None and variable is not None:
        possible = ", ".join(map(str, variable.values[:8]))
        return _Reading(None, "", impossible=f"possible are: {possible} and {UNSURE}{why}")
    is_respelt = str(code) != str(value)
    return _Reading(None if code == UNSURE else code, str(code), is_respelt)


def _code(value: Value, variable: Variable | None) -> Value | None:
    if variable is not None and variable.is_binary:
        return _yes_no(value)
    return UNSURE if str(value).casefold() in NOT_IN_NAMES else _among(value, variable)


def _among(value: Value, variable: Variable | None) -> Value | None:
    """The value as the variable spells it."""
    if variable is None or value in variable.values:
        return value
    alike = [v for v in variable.values if str(v).casefold() == str(value).casefold()]
    return alike[0] if alike else None


def _respelt(read: pd.DataFrame, flags: list[bool]) -> list[tuple[str, Remark]]:
    rows = read[np.array(flags, dtype=bool)]
    spelt = rows.assign(value=rows["value"].map(str))
    counts = Counter(
        zip(*(spelt[name] for name in ("file", "frame", "value", "answer")), strict=True)
    )
    return [
        (file, Remark("normalised", f"read as {answer}: {n:,} ×", frame=frame, value=value))
        for (file, frame, value, answer), n in counts.items()
    ]
