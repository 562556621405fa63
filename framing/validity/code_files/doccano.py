"""Exports of doccano: JSON lines, one a text, in one file for all or one for each annotator."""

from collections.abc import Iterator
from typing import Any

from framing.validity.code_files.found import (
    Choice,
    Context,
    Found,
    Remark,
    Row,
    found,
    json_records,
    plain,
    sample_of_records,
    stem_of,
    unit_of,
)

LABEL_KEYS = ("label", "labels", "cats")
CODER_KEYS = ("username", "annotator", "user", "coder")
TOGETHER = ("all", "unknown")


def recognise(data: bytes, name: str) -> bool:
    """Recognise texts with an id and a list of labels, or the older list of annotations."""
    return any(_is_record(record) for record in sample_of_records(data))


def _is_record(record: dict[str, Any]) -> bool:
    listed = any(isinstance(record.get(key), list) for key in LABEL_KEYS) or _marks(record)
    has_text = bool({"text", "data"} & set(record))
    return has_text and (bool(listed) or _is_old(record))


def _marks(record: dict[str, Any]) -> dict[str, Any]:
    """Marks of every label, as {"war": 1, "peace": 0} has them."""
    marks = record.get("cats")
    return marks if isinstance(marks, dict) else {}


def _is_old(record: dict[str, Any]) -> bool:
    made = record.get("annotations")
    return isinstance(made, list) and all(
        isinstance(one, dict) and {"label", "user"} <= set(one) for one in made
    )


def read(data: bytes, name: str, context: Context) -> Found:
    """Read the labels of every text.

    Examples
    --------
    >>> line = b'{"id": 1, "text": "War.", "unit": "a1", "label": ["war"]}'
    >>> read(line, "ann.jsonl", Context({}, {}, {})).choices[0][:4]
    ('a1', 'ann', 'label', ('war',))
    """
    records, remarks = json_records(data)
    coder = context.coder or stem_of(name)
    if coder in TOGETHER:
        remarks = [*remarks, Remark("assumed", f"the labels of one coder, called {coder!r}")]
    choices: list[Choice] = []
    rows: list[Row] = []
    for place, record in records:
        if isinstance(record, dict):
            named = next((plain(record[key]) for key in CODER_KEYS if record.get(key)), coder)
            unit, note = unit_of({**_meta(record), **record}, context), _note(record)
            for frame, value in _marks(record).items():
                rows.append(Row(unit, named, plain(frame), value, place, "", note))
            for choice in _choices(record, named, place, context):
                remarks = [*remarks, *_spans(choice)]
                choices.append(choice)
    good = [choice for choice in choices if not _spans(choice)]
    return found(rows=rows, choices=good, remarks=remarks)


def _choices(record: dict[str, Any], coder: str, place: str, context: Context) -> Iterator[Choice]:
    unit, note = unit_of({**_meta(record), **record}, context), _note(record)
    if _is_old(record):
        users = dict.fromkeys(plain(one["user"]) for one in record["annotations"])
        for user in users or [coder]:
            chosen = [one["label"] for one in record["annotations"] if plain(one["user"]) == user]
            yield Choice(unit, user, "label", tuple(map(plain, chosen)), place, "", note)
        return
    for key in LABEL_KEYS:
        if key in record and not isinstance(record[key], dict):
            given = [] if record[key] is None else record[key]
            labels = given if isinstance(given, list) else [given]
            yield Choice(unit, coder, "label", tuple(map(_label, labels)), place, "", note)
            return


def _label(label: Any) -> str:
    return "" if isinstance(label, list | dict) else plain(label)


def _spans(choice: Choice) -> list[Remark]:
    if "" not in choice.chosen:
        return []
    reason = "labels of parts of the text, not of the text: not a code"
    return [Remark("unreadable", reason, choice.place, choice.unit, choice.coder)]


def _meta(record: dict[str, Any]) -> dict[str, Any]:
    meta = record.get("meta")
    return meta if isinstance(meta, dict) else {}


def _note(record: dict[str, Any]) -> str:
    said = record.get("Comments") or record.get("comments") or []
    return "; ".join(map(plain, said)) if isinstance(said, list) else plain(said)
