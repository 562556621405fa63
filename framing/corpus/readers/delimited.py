"""Comma-, semicolon- and tab-separated tables."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import NamedTuple

import pandas as pd

from framing.corpus.columns import field_of
from framing.corpus.encoding import UnreadableError, decode
from framing.corpus.readers import Raw

FORMAT = "csv"
PRECEDENCE = 80  # before plain text, which claims every .txt
SUFFIXES = (".csv", ".tsv", ".tab")
DELIMITERS = ",;\t|"
END = "end of table"  # stands in a row of its own unless a quotation mark is never closed
EXCEL_HINT = re.compile(r"sep=(.)\r?\n")
PLAIN_NUMBER = r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?"
HEADER = re.compile(rb"[^\r\n]{1,2000}")


class Rows(NamedTuple):
    """The rows of a table and what was odd about their quoting."""

    rows: list[list[str]]
    note: str = ""


def recognise(data: bytes, name: str) -> bool:
    """Recognise by suffix, or a text file by a first line that names a text and another field."""
    if name.lower().endswith(SUFFIXES):
        return True
    first = HEADER.match(data.removeprefix(b"\xef\xbb\xbf"))
    if not first or not name.lower().endswith(".txt"):
        return False
    names = re.split(r"[,;\t|]", first.group().decode("latin-1"))
    fields = [field_of(cell.strip(' "')) for cell in names]
    return "text" in fields and len([field for field in fields if field]) >= 2


def parse(data: bytes, name: str) -> Raw:
    """Read every row that fits the header; only columns of plain numbers become numbers.

    Examples
    --------
    >>> raw = parse(b"id;country;text\\n007;NA;War, and peace.\\n", "a.csv")
    >>> raw.records.to_dict("records")
    [{'id': '007', 'country': 'NA', 'text': 'War, and peace.'}]
    """
    text, encoding, notes = decode(data)
    hint = EXCEL_HINT.match(text)
    body = text[hint.end() :] if hint else text
    table = _read_rows(body, hint[1] if hint else delimiter_of(body))
    if not table.rows:
        raise UnreadableError("a table without rows")
    header, *rows = table.rows
    records, wide = _align(rows, _distinct_names(header))
    short = sum(len(row) < len(header) for row in rows)
    notes += (table.note,) if table.note else ()
    notes += (f"rows that end before the last column: {short}",) if short else ()
    problems = (f"{wide} dropped: more cells than the header",) if wide else ()
    return Raw(_with_numbers(records), encoding, notes, problems, n_lost=wide)


def delimiter_of(text: str) -> str:
    """Choose the delimiter that gives the first rows the same width, and the most columns."""
    return max(DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))


def _evenness(text: str, delimiter: str) -> tuple[bool, float, int]:
    """Whether there is a table at all, share of rows as wide as the header, and that width."""
    with wide_fields():
        rows = list(islice(_parsed(text[:500_000], delimiter), 50))
    widths = [len(row) for row in rows if row]
    if not widths or widths[0] < 2:
        return False, 0.0, 0
    return True, widths.count(widths[0]) / len(widths), widths[0]


def _read_rows(text: str, delimiter: str) -> Rows:
    """Parse with quotes; where they are broken, without them if only that gives an even table."""
    with wide_fields():
        with suppress(csv.Error):
            return Rows(_filled(_parsed(text, delimiter, strict=True)))
        *lenient, last = _filled(_parsed(f"{text}\n{END}", delimiter))
        closed = last == [END]
        if closed and max(map(len, lenient)) == len(lenient[0]):
            return Rows(lenient)
        bare = _filled(csv.reader(io.StringIO(text), delimiter=delimiter, quoting=csv.QUOTE_NONE))
    if len({len(row) for row in bare}) == 1:
        return Rows(bare, "quotation marks read as part of the text")
    rows = lenient if closed else [*lenient, last]
    return Rows(rows, "quoting is broken; some rows may be joined or cut")


def _parsed(text: str, delimiter: str, *, strict: bool = False) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)


def _filled(rows: Iterable[list[str]]) -> list[list[str]]:
    return [row for row in rows if row]


@contextmanager
def wide_fields() -> Iterator[None]:
    """Lift the csv module's limit on the length of a cell while a table is read."""
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _distinct_names(header: list[str]) -> list[str]:
    """Name unnamed columns and number repeated names."""
    seen: Counter[str] = Counter()
    names = []
    for place, cell in enumerate(header, start=1):
        name = cell.strip() or f"column {place}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return names


def _align(rows: list[list[str]], names: list[str]) -> tuple[pd.DataFrame, int]:
    """Fill short rows, cut empty cells off long ones and leave out those still too long."""
    width = len(names)
    fitting = [row[:width] + [""] * (width - len(row)) for row in rows if not any(row[width:])]
    records = pd.DataFrame(fitting, columns=names, dtype="str")
    return records.mask(records == ""), len(rows) - len(fitting)


def _with_numbers(records: pd.DataFrame) -> pd.DataFrame:
    """Turn columns of plain numbers into numbers, but no field of the kit and no code like 007."""
    others = [name for name in records.columns if not field_of(name)]
    numbers = {name: pd.to_numeric(records[name]) for name in others if _all_numbers(records[name])}
    return records.assign(**numbers)


def _all_numbers(column: pd.Series) -> bool:
    filled = column.dropna()
    return not filled.empty and bool(filled.str.fullmatch(PLAIN_NUMBER).all())
