"""Exports of Label Studio: tasks with their annotations, or JSON-MIN and CSV, one each a row."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from framing.corpus.encoding import decode
from framing.corpus.readers.delimited import delimiter_of, wide_fields
from framing.validity.code_files.found import (
    Choice,
    Context,
    Found,
    Remark,
    Row,
    found,
    json_records,
    looks_like_json,
    plain,
    sample_of_records,
    stem_of,
    unit_of,
)
from framing.validity.code_files.table import ABOUT_THE_UNIT, NAMES

KINDS = {"choices": "choices", "taxonomy": "taxonomy", "rating": "rating", "number": "number"}
KINDS |= {"text": "textarea"}
OF_THE_TOOL = {"annotation_id", "annotator", "lead_time", "agreement", "frame", "value"}
MADE = ("annotations", "completions")
NUMBERS = ("rating", "number")
PART = "start"  # where a result says so, it is of a part of the text


class _Work(NamedTuple):
    """One annotation of one task."""

    unit: str
    coder: str
    place: str
    when: str
    results: list[dict[str, Any]]

    @property
    def whole(self) -> list[dict[str, Any]]:
        return [r for r in self.results if PART not in r["value"]]

    def named(self, name: str, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
        return [r for r in self.whole if r.get("from_name") == name and r.get("type") in kinds]

    @property
    def note(self) -> str:
        texts = [r["value"].get("text", []) for r in self.results if r.get("type") == "textarea"]
        listed = [t if isinstance(t, list) else [t] for t in texts]
        return "; ".join(plain(text) for several in listed for text in several)


def recognise(data: bytes, name: str) -> bool:
    """Recognise tasks by their `data` and their list of annotations, and rows by their ids."""
    if looks_like_json(data):
        found = sample_of_records(data)
        return any(_made(record) is not None or _is_row(set(record)) for record in found)
    if b"annotation_id" not in data[:4000]:
        return False
    first = decode(data[:4000]).text.partition("\n")[0].strip("\r")
    return _is_row(set(next(csv.reader([first], delimiter=delimiter_of(first)), [])))


def _is_row(names: set[str]) -> bool:
    """Tell a row of JSON-MIN from a long table, which has frame and value."""
    made = "annotation_id" in names and names & {"annotator", "lead_time"}
    return bool(made) and not names >= {"frame", "value"}


def _made(record: dict[str, Any]) -> list[Any] | None:
    has_data = isinstance(record.get("data"), dict)
    lists = [record[key] for key in MADE if isinstance(record.get(key), list)]
    return lists[0] if has_data and lists else None


def read(data: bytes, name: str, context: Context) -> Found:
    """Read choices, ratings and numbers of every annotation that was not cancelled.

    Examples
    --------
    >>> task = b'[{"data": {"unit": "a1"}, "annotations": [{"completed_by": 1, "result": [{'
    >>> task += b'"from_name": "war", "type": "choices", "value": {"choices": ["yes"]}}]}]}]'
    >>> read(task, "export.json", Context({}, {}, {})).choices[0][:4]
    ('a1', '1', 'war', ('yes',))
    """
    records, remarks = json_records(data) if looks_like_json(data) else (_lines(data), [])
    tasks = [(place, record) for place, record in records if isinstance(record, dict)]
    flat = [task for task in tasks if _made(task[1]) is None and _is_row(set(task[1]))]
    made = [one for task in tasks for one in _annotations(*task, stem_of(name), context)]
    made += _of_rows(flat, stem_of(name), context)
    work = [one for one in made if isinstance(one, _Work)]
    marks = [*remarks, *(one for one in made if isinstance(one, Remark))]
    labels = _names(work, ("choices", "taxonomy"))
    numbers = _names(work, NUMBERS)
    choices = [_choice(one, variable) for one in work for variable in labels]
    rows = [_row(one, variable) for one in work for variable in numbers]
    return found(rows=rows, choices=choices, remarks=[*marks, *_others(work), *_idle(tasks)])


def _annotations(
    place: str, record: dict[str, Any], stem: str, context: Context
) -> Iterator[_Work | Remark]:
    known = record["data"] if isinstance(record.get("data"), dict) else {}
    unit = unit_of({"id": record.get("id"), **known}, context)
    for one in _made(record) or []:
        if not isinstance(one, dict):
            yield Remark("unreadable", "an annotation without content", place, unit)
            continue
        coder = _coder(one.get("completed_by")) or context.coder or stem
        if one.get("was_cancelled"):
            yield Remark("cancelled", "the coder skipped the unit", place, unit, coder)
            continue
        results = [result for result in one.get("result") or [] if _is_result(result)]
        when = plain(one.get("updated_at") or one.get("created_at"))
        yield _Work(unit, coder, place, when, results)


def _is_result(result: Any) -> bool:
    return isinstance(result, dict) and isinstance(result.get("value"), dict) and "type" in result


def _idle(tasks: list[tuple[str, dict[str, Any]]]) -> Iterator[Remark]:
    n = sum(_made(record) == [] for _, record in tasks)
    if n:
        yield Remark("not coded", f"tasks without an annotation: {n} of {len(tasks)}")


# --- JSON-MIN and CSV -----------------------------------------------------------------------


def _lines(data: bytes) -> list[tuple[str, dict[str, Any]]]:
    """Read the rows of a CSV export, in which lists are written as JSON."""
    text = decode(data).text
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    with wide_fields():
        return [
            (str(number), {str(name): _unpacked(cell) for name, cell in line.items()})
            for number, line in enumerate(lines, start=2)
        ]


def _unpacked(cell: Any) -> Any:
    if isinstance(cell, str) and cell[:1] in ("{", "["):
        try:
            return json.loads(cell)
        except json.JSONDecodeError:
            return cell
    return cell


def _of_rows(
    tasks: list[tuple[str, dict[str, Any]]], stem: str, context: Context
) -> Iterator[_Work | Remark]:
    """Read rows in which the answers stand beside the data of the task."""
    named = dict.fromkeys(name for _, record in tasks for name in record)
    about = OF_THE_TOOL | ABOUT_THE_UNIT | {name for names in NAMES.values() for name in names}
    names = [name for name in named if name.casefold() not in about]
    if context.variables:
        names = [name for name in names if _is_asked(name, tasks, context)]
    if names:
        yield Remark("assumed", f"columns read as variables: {', '.join(names)}")
    for place, record in tasks:
        coder = _coder(record.get("annotator")) or context.coder or stem
        when = plain(record.get("updated_at") or record.get("created_at"))
        results = [_result(name, record.get(name)) for name in names]
        given = [result for result in results if result["value"][result["key"]] not in (None, [""])]
        yield _Work(unit_of(record, context), coder, place, when, given)


def _is_asked(name: str, tasks: list[tuple[str, dict[str, Any]]], context: Context) -> bool:
    """Say whether a column is a variable of the codebook, or has labels that are."""
    results = [_result(name, record.get(name)) for _, record in tasks]
    labels = [one for r in results if r["type"] == "choices" for one in r["value"]["choices"]]
    return name in context.variables or bool(set(map(plain, labels)) & set(context.variables))


def _result(name: str, value: Any) -> dict[str, Any]:
    """Write a simplified answer as the whole export has it."""
    key = "choices"
    if isinstance(value, dict):
        key = next((key for key in KINDS if key in value), "object")
        value = value.get(key)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        key = "labels"
    elif isinstance(value, list) and value and isinstance(value[0], list):
        key = "taxonomy"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        key = "number"
    elif not isinstance(value, list):
        value = [plain(value)]
    kind = KINDS.get(key, key)
    return {"from_name": name, "type": kind, "key": key, "value": {key: value}}


# --- answers --------------------------------------------------------------------------------


def _coder(who: Any) -> str:
    if isinstance(who, dict):
        who = who.get("email") or who.get("username") or who.get("id")
    return plain(who)


def _names(work: list[_Work], kinds: tuple[str, ...]) -> list[str]:
    named = [plain(r.get("from_name")) for one in work for r in one.whole if r["type"] in kinds]
    return list(dict.fromkeys(named))


def _choice(one: _Work, variable: str) -> Choice:
    labels: list[str] = []
    for result in one.named(variable, ("choices", "taxonomy")):
        chosen = result["value"].get(result["type"]) or []
        for label in chosen if isinstance(chosen, list) else [chosen]:
            labels.append(
                " > ".join(map(plain, label)) if isinstance(label, list) else plain(label)
            )
    chosen = tuple(dict.fromkeys(labels))
    return Choice(one.unit, one.coder, variable, chosen, one.place, one.when, one.note)


def _row(one: _Work, variable: str) -> Row:
    values = [r["value"].get(r["type"]) for r in one.named(variable, NUMBERS)]
    value = values[-1] if values else None
    return Row(one.unit, one.coder, variable, value, one.place, one.when, one.note)


def _others(work: list[_Work]) -> Iterator[Remark]:
    """Count what is no code of a whole text."""
    known = {"choices", "taxonomy", "textarea", *NUMBERS}
    kinds = [plain(r.get("type")) for one in work for r in one.results]
    n_parts = sum(r["type"] in known and PART in r["value"] for one in work for r in one.results)
    if n_parts:
        yield Remark("unreadable", f"answers on parts of the text are no codes of it ({n_parts})")
    for kind in dict.fromkeys(kind for kind in kinds if kind not in known):
        yield Remark("unreadable", f"results of type {kind!r} are no codes ({kinds.count(kind)})")
