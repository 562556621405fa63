"""Output of Potato: `annotated_instances.jsonl` or `user_state.json`, in a folder for each user."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from framing.validity.code_files.found import (
    Choice,
    Context,
    Found,
    Remark,
    found,
    json_records,
    plain,
    sample_of_records,
    stem_of,
    unit_of,
)

STATE = "instance_id_to_label_to_value"
ONE_FIELD = ("select-one", "slider", "number", "vas")  # the answer is the value, not the name
FREE = ("text_box", "free_response")
BLOB = "_data"
OFF = ("", "false", "False")
GENERIC = ("annotated_instances", "user_state")
Answers = dict[str, dict[str, Any]]


def recognise(data: bytes, name: str) -> bool:
    """Recognise by the fields that only Potato writes."""
    fields = {"label_annotations", STATE}
    return any(fields & set(record) for record in sample_of_records(data))


def read(data: bytes, name: str, context: Context) -> Found:
    """Read the labels of every instance.

    Examples
    --------
    >>> line = b'{"id": "a1", "displayed_text": "War.", '
    >>> line += b'"label_annotations": {"tone": {"neutral": "true"}}}'
    >>> read(line, "ann/annotated_instances.jsonl", Context({}, {}, {})).choices[0][:4]
    ('a1', 'ann', 'tone', ('neutral',))
    """
    records, remarks = json_records(data)
    seen: list[tuple[str, str, str, Answers]] = []
    for place, record in records:
        if isinstance(record, dict):
            seen += _instances(record, place, _coder(record, name, context), context)
    schemas = list(dict.fromkeys(schema for *_, answers in seen for schema in answers))
    chosen = [schema for schema in schemas if not _is_free(schema, seen)]
    choices = [
        _choice(unit, coder, place, answers, schema)
        for unit, coder, place, answers in seen
        for schema in chosen
    ]
    return found(choices=choices, remarks=[*remarks, *_blobs(seen)])


def _coder(record: dict[str, Any], name: str, context: Context) -> str:
    """The user, as the file says, or the folder it lies in."""
    if plain(record.get("user_id")):
        return plain(record["user_id"])
    folder = PurePosixPath(name).parent.name
    by_name = folder if folder and stem_of(name) in GENERIC else stem_of(name)
    return context.coder or by_name


def _instances(
    record: dict[str, Any], place: str, coder: str, context: Context
) -> Iterator[tuple[str, str, str, Answers]]:
    if isinstance(record.get(STATE), dict):
        for unit, given in record[STATE].items():
            yield plain(unit), coder, plain(unit), _answers(given)
    elif "label_annotations" in record:
        unit = plain(record.get("id")) or unit_of(record, context)
        yield unit, coder, place, _answers(record["label_annotations"])


def _answers(given: Any) -> Answers:
    """Bring both spellings, {schema: {name: value}} and [[{schema, name}, value]], into one."""
    answers: Answers = {}
    if isinstance(given, dict):
        for schema, names in given.items():
            inner = names.get("labels", names) if isinstance(names, dict) else names
            answers[str(schema)] = _by_name(inner)
    elif isinstance(given, list):
        for pair in given:
            if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], dict):
                label, value = pair
                schema = answers.setdefault(plain(label.get("schema")), {})
                schema[plain(label.get("name"))] = value
    return answers


def _by_name(given: Any) -> dict[str, Any]:
    """Bring what was answered to one question, a list of labels or a number, into {name: value}."""
    if isinstance(given, list):
        return {plain(label): True for label in given}
    return dict(given) if isinstance(given, dict) else {"number": given}


def _is_free(schema: str, seen: list[tuple[str, str, str, Answers]]) -> bool:
    """Say whether a schema asks for free text or holds drawings only."""
    names = {name for *_, answers in seen for name in answers.get(schema, {})}
    return bool(names) and names <= {*FREE, BLOB}


def _choice(unit: str, coder: str, place: str, answers: Answers, schema: str) -> Choice:
    ticked = {n: v for n, v in answers.get(schema, {}).items() if _is_on(n, v) and n != BLOB}
    labels = [
        plain(value) if name in (*ONE_FIELD, f"scale_{plain(value)}") else name
        for name, value in ticked.items()
        if name not in FREE
    ]
    free = [plain(names[f]) for names in answers.values() for f in FREE if names.get(f)]
    return Choice(unit, coder, schema, tuple(labels), place, "", "; ".join(free))


def _is_on(name: str, value: Any) -> bool:
    """Tell an answer from a box that is not ticked; the number 0 is an answer to a slider."""
    if value is None or value is False or value in OFF:
        return False
    return name in ONE_FIELD or value != 0


def _blobs(seen: list[tuple[str, str, str, Answers]]) -> Iterator[Remark]:
    schemas = [schema for *_, answers in seen for schema, n in answers.items() if BLOB in n]
    for schema in dict.fromkeys(schemas):
        reason = f"drawings and lists are no codes ({schemas.count(schema)})"
        yield Remark("unreadable", reason, frame=schema)
