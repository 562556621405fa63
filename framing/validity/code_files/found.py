"""What every reader of codes finds, and the small things that several of them need."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from framing.corpus.encoding import UnreadableError, decode
from framing.validity.variables import Variable

UNIT_KEYS = ("unit", "unit_id", "doc_id")
PART_KEYS = ("paragraph", "sentence")
TEXT_KEYS = ("text", "data", "displayed_text")


class Row(NamedTuple):
    """A judgement as it stands in the file; None where the cell is empty."""

    unit: str
    coder: str
    frame: str
    value: Any
    place: str = ""
    coded_at: str = ""
    note: str = ""


class Choice(NamedTuple):
    """What was ticked of a list of labels. Are they frames, or the values of one variable?"""

    unit: str
    coder: str
    variable: str
    chosen: tuple[str, ...]
    place: str = ""
    coded_at: str = ""
    note: str = ""


class Remark(NamedTuple):
    """A problem with a file or a place in it."""

    problem: str
    reason: str
    place: str = ""
    unit: str = ""
    coder: str = ""
    frame: str = ""
    value: str = ""


class Found(NamedTuple):
    """The content of one file."""

    rows: list[Row]
    choices: list[Choice]
    remarks: list[Remark]
    variables: list[Variable]


class Context(NamedTuple):
    """What the caller knows: variables, names of columns, units by their text.

    `coder` is who made codes that name no coder, where the name of the file cannot tell.
    """

    variables: Mapping[str, Variable]
    columns: Mapping[str, str]
    units_by_text: Mapping[str, str]
    coder: str = ""


def found(
    rows: list[Row] | None = None,
    choices: list[Choice] | None = None,
    remarks: list[Remark] | None = None,
    variables: list[Variable] | None = None,
) -> Found:
    """Make a `Found` of what there is."""
    return Found(rows or [], choices or [], remarks or [], variables or [])


def stem_of(name: str) -> str:
    """Name of a file without folders and endings."""
    return PurePosixPath(name).name.split(".")[0]


def plain(value: Any) -> str:
    """Write a name or number as text, whole numbers without a decimal point.

    Examples
    --------
    >>> plain(7.0), plain(" ann "), plain(None)
    ('7', 'ann', '')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def json_records(data: bytes) -> tuple[list[tuple[str, Any]], list[Remark]]:
    """Read JSON or JSON lines: records with their place, and remarks on lines that are broken."""
    return _json_records(data)


@lru_cache(maxsize=4)
def _json_records(data: bytes) -> tuple[list[tuple[str, Any]], list[Remark]]:
    text = decode(data).text
    try:
        whole = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return _json_lines(text)
    listed = whole if isinstance(whole, list) else [whole]
    return [(str(number), record) for number, record in enumerate(listed, start=1)], []


def _json_lines(text: str) -> tuple[list[tuple[str, Any]], list[Remark]]:
    records: list[tuple[str, Any]] = []
    remarks = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                records.append((str(number), json.loads(line)))
            except (json.JSONDecodeError, RecursionError):
                reason = "a line that is not JSON, or is cut off"
                remarks.append(Remark("unreadable", reason, str(number), value=line[:40]))
    if not records:
        raise UnreadableError("neither JSON nor JSON lines")
    return records, remarks


def looks_like_json(data: bytes) -> bool:
    """Say whether a file begins like JSON."""
    return data[:100].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def sample_of_records(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSON file that are objects; none if it is no JSON."""
    if looks_like_json(data):
        try:
            records, _ = json_records(data)
        except UnreadableError:
            return
        yield from (record for _, record in records if isinstance(record, dict))


def unit_of(record: Mapping[str, Any], context: Context) -> str:
    """Name the unit of a record: by its own field, by its text in the sample, or by its id."""
    named = context.columns.get("unit")
    if named is not None:
        return plain(record.get(named))
    for key in UNIT_KEYS:
        if plain(record.get(key)):
            parts = [plain(record[part]) for part in PART_KEYS if plain(record.get(part))]
            whole = key == "unit" or not parts
            return plain(record[key]) if whole else f"{plain(record[key])}:{parts[-1]}"
    by_text = [
        context.units_by_text.get(squeezed(record[key]))
        for key in TEXT_KEYS
        if isinstance(record.get(key), str)
    ]
    return next((unit for unit in by_text if unit), plain(record.get("id")))


def squeezed(text: str) -> str:
    """A text with every run of white space made one blank, to be looked up."""
    return " ".join(text.split())
