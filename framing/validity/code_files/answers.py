"""The answers that `code_in_notebook` saves, one a line; a later one replaces an earlier."""

from framing.validity.code_files.found import (
    Context,
    Found,
    Row,
    found,
    json_records,
    plain,
    sample_of_records,
)

FIELDS = {"unit", "coder", "coded_at", "answer"}


def recognise(data: bytes, name: str) -> bool:
    """Recognise by the fields of the lines."""
    return any(set(record) >= FIELDS for record in sample_of_records(data))


def read(data: bytes, name: str, context: Context) -> Found:
    """Read the last answer of every unit, coder and frame.

    Examples
    --------
    >>> line = b'{"unit": "a", "coder": "ann", "frame": "war", "value": 1, "coded_at": "", '
    >>> log = line + b'"answer": 1}\\n' + line.replace(b"1", b"0") + b'"answer": 2}'
    >>> [row.value for row in read(log, "ann.jsonl", Context({}, {}, {})).rows]
    [0]
    """
    records, remarks = json_records(data)
    rows: dict[tuple[str, str, str], Row] = {}
    notes: dict[tuple[str, str], str] = {}
    for place, record in records:
        if not isinstance(record, dict) or not set(record) >= FIELDS:
            continue
        unit, coder = plain(record["unit"]), plain(record["coder"])
        if "note" in record:
            notes[unit, coder] = plain(record["note"])
        else:
            frame, when = plain(record.get("frame")), plain(record["coded_at"])
            rows[unit, coder, frame] = Row(unit, coder, frame, record.get("value"), place, when)
    noted = [row._replace(note=notes.get((row.unit, row.coder), "")) for row in rows.values()]
    return found(rows=noted, remarks=remarks)
