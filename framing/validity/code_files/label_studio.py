"""JSON exports of Label Studio: tasks with their annotations."""

from collections.abc import Iterator
from typing import Any, NamedTuple

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

MADE = ("annotations", "completions")
NUMBERS = ("rating", "number")


class _Work(NamedTuple):
    """One annotation of one task."""

    unit: str
    coder: str
    place: str
    when: str
    results: list[dict[str, Any]]

    def named(self, name: str, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
        return [r for r in self.results if r.get("from_name") == name and r.get("type") in kinds]

    @property
    def note(self) -> str:
        texts = [r["value"].get("text", []) for r in self.results if r.get("type") == "textarea"]
        listed = [t if isinstance(t, list) else [t] for t in texts]
        return "; ".join(plain(text) for several in listed for text in several)


def recognise(data: bytes, name: str) -> bool:
    """Recognise tasks by their `data` and their list of annotations."""
    return any(_made(record) is not None for record in sample_of_records(data))


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
    records, remarks = json_records(data)
    tasks = [(place, record) for place, record in records if isinstance(record, dict)]
    made = [one for task in tasks for one in _annotations(*task, stem_of(name), context)]
    work = [one for one in made if isinstance(one, _Work)]
    marks = [*remarks, *(one for one in made if isinstance(one, Remark))]
    labels = _names(work, ("choices", "taxonomy"))
    numbers = _names(work, NUMBERS)
    choices = [_choice(one, variable) for one in work for variable in labels]
    rows = [_row(one, variable) for one in work for variable in numbers]
    return found(rows=rows, choices=choices, remarks=[*marks, *_others(work)])


def _annotations(
    place: str, record: dict[str, Any], stem: str, context: Context
) -> Iterator[_Work | Remark]:
    known = record["data"] if isinstance(record.get("data"), dict) else {}
    unit = unit_of({"id": record.get("id"), **known}, context)
    for one in _made(record) or []:
        coder = _coder(one.get("completed_by")) or context.coder or stem
        if one.get("was_cancelled"):
            yield Remark("cancelled", "the coder skipped the unit", place, unit, coder)
            continue
        results = [r for r in one.get("result") or [] if isinstance(r.get("value"), dict)]
        when = plain(one.get("updated_at") or one.get("created_at"))
        yield _Work(unit, coder, place, when, results)


def _coder(who: Any) -> str:
    if isinstance(who, dict):
        who = who.get("email") or who.get("username") or who.get("id")
    return plain(who)


def _names(work: list[_Work], kinds: tuple[str, ...]) -> list[str]:
    named = [plain(r.get("from_name")) for one in work for r in one.results if r["type"] in kinds]
    return list(dict.fromkeys(named))


def _choice(one: _Work, variable: str) -> Choice:
    labels: list[str] = []
    for result in one.named(variable, ("choices", "taxonomy")):
        for label in result["value"].get(result["type"], []):
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
    for kind in dict.fromkeys(kind for kind in kinds if kind not in known):
        yield Remark("unreadable", f"{kinds.count(kind)} results of type {kind!r}: not a code")
