"""Judgements as numbers: the values of a level of measurement, in order, and their distances."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.validity.codes import SEPARATOR

LEVELS = ("nominal", "ordinal", "interval", "ratio", "masi")
MEASURED = ("ordinal", "interval", "ratio")
DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
NO_CODE = {"na", "n/a", "#n/a", "nan", "null", "<na>", ".", "*", "-", "?", "missing"}
FAR = 5  # so many times any other value is a number that stands for "missing"
ORNAMENTS = """ .,;:!()[]{}'"`´’‘“”"""  # around a word they are slips of the pen
YES_NO = ({"0", "1"}, {"no", "yes"}, {"false", "true"})

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Judgements(NamedTuple):
    """The codes of one frame as three columns of numbers.

    `unit` is what agreement is counted over, `owner` the unit that a bootstrap draws as a whole (of
    `n_owners`); they differ where several frames are pooled. `value` is a place in `values`.
    """

    unit: Ints
    coder: Ints
    value: Ints
    owner: Ints
    values: list[Any]
    n_owners: int

    @property
    def n_coders(self) -> int:
        return len(np.unique(self.coder))


def read_values(
    table: pd.DataFrame, level: str, order: Sequence[Any] | None
) -> tuple[Ints, list[Any]]:
    """Number the values of a frame (or several) by their place among all possible values."""
    _refuse(_undivided(table) if level == "masi" else _blank_texts(table))
    given = _of_level(table, level, order)
    possible = _sorted_values(given) if order is None else list(order)
    place = {value: number for number, value in enumerate(possible)}
    _refuse(_outside_order(given, place, table["unit"]))
    return np.array([place[value] for value in given], dtype=np.int64), possible


def distances(values: list[Any], level: str, first: Ints, second: Ints) -> Floats:
    """Return the distance of values by their places: the metric of a level, squared where it is."""
    if level == "nominal":
        return np.asarray(first != second, dtype=float)
    if level == "masi":
        pairs = zip(first.ravel(), second.ravel(), strict=True)
        apart = [masi_distance(values[a], values[b]) for a, b in pairs]
        return np.array(apart, dtype=float).reshape(first.shape)
    a, b = (np.asarray(values, dtype=float)[place] for place in (first, second))
    scale = a + b if level == "ratio" else np.ones_like(a)
    return np.square(np.divide(a - b, scale, out=np.zeros_like(a), where=scale > 0))


def masi_distance(a: frozenset[Any], b: frozenset[Any]) -> float:
    """Return one minus Jaccard's overlap times 1, 2/3, 1/3 or 0 for the way the sets overlap."""
    both = len(a & b)
    if a == b:
        return 0.0
    kind = 2 / 3 if both == min(len(a), len(b)) else 1 / 3
    return 1 - kind * both / len(a | b)


def yes_values(values: list[Any]) -> list[int] | None:
    """Return the places of the values that mean yes; None where values are not yes and no."""
    names = [_yes_name(value) for value in values]
    if not any(set(names) <= pair for pair in YES_NO):
        return None
    return [place for place, name in enumerate(names) if name in ("1", "yes", "true")]


def written(value: Any) -> str:
    """Write a value so that it reads alike on every machine; sets have no order of their own."""
    if isinstance(value, frozenset):
        return SEPARATOR.join(_sort_key(value)) or "the empty set"
    return repr(value)


def n_categories(values: list[Any]) -> int:
    """Count the possible values; of yes and no there are two even if one never occurs."""
    return max(len(values), 0 if yes_values(values) is None else 2)


def _yes_name(value: Any) -> str:
    return (
        str(value).casefold()
        if isinstance(value, str)
        else f"{value:g}"
        if _is_number(value)
        else "?"
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.number))


def _of_level(table: pd.DataFrame, level: str, order: Sequence[Any] | None) -> list[Any]:
    """Return the values as sets, as numbers, or as they are."""
    if level == "masi":
        return [_as_set(value) for value in table["value"]]
    if level in MEASURED and order is None:
        return _as_numbers(table, level).tolist()
    return table["value"].tolist()


def _as_set(value: Any) -> frozenset[Any]:
    """Read a set, or a text such as "conflict|morality"; an empty text is the empty set."""
    if not isinstance(value, str):
        return value if isinstance(value, frozenset) else frozenset([value])
    return frozenset(part.strip() for part in value.split(SEPARATOR) if part.strip())


def _as_numbers(table: pd.DataFrame, level: str) -> pd.Series:
    """Read values as numbers; texts only where every one of them is the text of a number."""
    texts = table["value"].map(lambda value: value if _is_number(value) else str(value))
    number = pd.to_numeric(texts, errors="coerce").astype(float)
    below = _negative(table, number) if level == "ratio" else ()
    _refuse([*_no_numbers(table, number, level), *_infinite(table, number), *below])
    return number


def _sorted_values(given: list[Any]) -> list[Any]:
    """Sort the distinct values: numbers by size, texts by name, sets by their members."""
    distinct = set(given)
    return sorted(distinct) if all(map(_is_number, distinct)) else sorted(distinct, key=_sort_key)


def _sort_key(value: Any) -> list[str]:
    return sorted(map(str, value)) if isinstance(value, frozenset) else [str(value)]


# --- checks ---------------------------------------------------------------------------------


def check_level(level: str, order: Sequence[Any] | None) -> None:
    """Check that the level of measurement is known and the order names each value once."""
    if level not in LEVELS:
        raise ValueError(f"level={level!r}: choose one of {', '.join(LEVELS)}")
    if order is None:
        return
    if level not in ("nominal", "ordinal"):
        raise ValueError(
            f"`order` is for nominal and ordinal values; {level} values have their own"
        )
    if isinstance(order, str) or len(set(order)) < len(list(order)):
        raise ValueError(
            f"order={order!r} must be a list that names every value once, lowest first"
        )


def _refuse(problems: Any) -> None:
    bullets = "\n".join(f"- {problem}" for problem in problems)
    if bullets:
        raise ValueError(f"These values cannot be compared:\n{bullets}")


def _blank_texts(table: pd.DataFrame) -> Iterator[str]:
    blank = table["value"].map(lambda value: isinstance(value, str) and not value.strip())
    if blank.any():
        yield (
            f"{blank.sum()} of {len(table)} codes are blank text (unit "
            f"{_few(table['unit'][blank])}). "
            "If nothing was coded: codes.assign(value=codes['value'].replace(r'^\\s*$', None, "
            "regex=True))"
        )


def _no_numbers(table: pd.DataFrame, number: pd.Series, level: str) -> Iterator[str]:
    wrong = table["value"][number.isna()]
    if len(wrong):
        distinct = wrong.unique().tolist()
        yield (
            f"{len(wrong)} of {len(table)} codes are no numbers ({_few(map(repr, distinct))}) in "
            f"unit {_few(table['unit'][number.isna()])}, which level={level!r} needs. "
            f"{_repair_of_texts(distinct, level)}"
        )


def _repair_of_texts(texts: list[Any], level: str) -> str:
    """The line that makes numbers of texts: marks of missing codes, decimal commas, words."""
    marks = marks_of_missing(texts)
    if len(marks) == len(texts):
        return f"If nothing was coded there: {without(marks)}"
    if all(DECIMAL_COMMA.fullmatch(str(text).strip()) for text in texts):
        return "Write decimal points: codes.assign(value=codes['value'].str.replace(',', '.'))"
    if level == "ordinal":
        return "Say how they are ordered: order=['lowest', …, 'highest']"
    return "Give numbers: codes.assign(value=codes['value'].map({'text': number, …}))"


def without(marks: list[str]) -> str:
    """The line that makes codes missing where a mark stands."""
    listed = ", ".join(marks)
    return f"codes.assign(value=codes['value'].where(~codes['value'].isin([{listed}])))"


def _undivided(table: pd.DataFrame) -> Iterator[str]:
    """Refuse texts such as "war, peace", which would be sets of one odd frame."""
    written = pd.Series([text for text in table["value"] if isinstance(text, str)], dtype="str")
    divided = written[written.str.contains("[,;]")]
    if len(divided) and not written.str.contains(SEPARATOR, regex=False).any():
        yield (
            f"{len(divided)} of {len(written)} sets are not divided by {SEPARATOR!r} (e.g. "
            f"{divided.iloc[0]!r}). Divide them: "
            f"codes.assign(value=codes['value'].str.replace('[,;]', {SEPARATOR!r}, regex=True))"
        )


def _infinite(table: pd.DataFrame, number: pd.Series) -> Iterator[str]:
    wrong = np.isinf(number)
    if wrong.any():
        yield (
            f"{wrong.sum()} of {len(table)} codes are infinite (unit "
            f"{_few(table['unit'][wrong])}). "
            "Drop them: codes[~codes['value'].isin([np.inf, -np.inf])]"
        )


def _negative(table: pd.DataFrame, number: pd.Series) -> Iterator[str]:
    wrong = number < 0
    if wrong.any():
        marks = marks_of_missing(table["value"].unique().tolist())
        missing = f"; if nothing was coded there: {without(marks)}" if marks else ""
        yield (
            f"{wrong.sum()} of {len(table)} codes are below 0 (unit {_few(table['unit'][wrong])}), "
            f"and a ratio scale has no such values. Use level='interval'{missing}"
        )


def _outside_order(given: list[Any], place: dict[Any, int], units: pd.Series) -> Iterator[str]:
    wrong = [value for value in given if value not in place]
    if wrong:
        where = [unit for unit, value in zip(units, given, strict=True) if value not in place]
        yield (
            f"{len(wrong)} of {len(given)} codes are not in `order` ({_few(map(repr, wrong))}) in "
            f"unit {_few(where)}. "
            "Name every possible value, as text or number just as it stands in the table"
        )


def twins(values: list[Any]) -> list[tuple[Any, Any]]:
    """List pairs of values, or members of sets, that are probably one, spelt in two ways."""
    sets = [value for value in values if isinstance(value, frozenset)]
    members = sorted({member for one in sets for member in one}, key=str)
    first: dict[str | float, Any] = {}
    found = []
    for value in [*values, *members]:
        if isinstance(value, str) or _is_number(value):
            known = first.setdefault(_written_plainly(value), value)
            found += [(known, value)] if known != value else []
    return found


def marks_of_missing(values: list[Any]) -> list[str]:
    """List values that usually say that there is no code: "NA", or 99 or -9 among 1, 2 and 3."""
    words = [v for v in values if isinstance(v, str) and v.strip().casefold() in NO_CODE]
    plain = {v: _written_plainly(v) for v in values if isinstance(v, str) or _is_number(v)}
    numbers = {v: number for v, number in plain.items() if isinstance(number, float)}
    nines = [v for v, number in numbers.items() if set(f"{abs(number):g}") in ({"8"}, {"9"})]
    rest = [number for v, number in numbers.items() if v not in nines and abs(number) < np.inf]
    largest, lowest = max(map(abs, rest), default=0), min(rest, default=0)
    far = [
        v
        for v in (nines if len(rest) > 1 else [])
        if abs(numbers[v]) >= FAR * largest or numbers[v] < 0 <= lowest
    ]
    return [written(value) for value in [*words, *far]]


def _written_plainly(value: Any) -> str | float:
    """Bring spellings of a word or a number into one; yes and true are 1, no and false 0."""
    try:
        return float(f"{float(value):.12g}")
    except (ValueError, OverflowError):
        text = str(value).casefold().strip(ORNAMENTS + "\t\r\n") or str(value)
    spelt = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}
    return spelt.get(text, re.sub(r"(?<=[^\W_])[\s_-]+(?=[^\W_])", " ", text))


def _few(names: Any) -> str:
    listed = list(dict.fromkeys(map(str, names)))
    return ", ".join(listed[:3]) + (" …" if len(listed) > 3 else "")
