"""JSON and JSON lines, flat or nested one level, as news interfaces and scrapers write them."""

import json
import re
from typing import Any

from framing.corpus.encoding import Decoded, UnreadableError, decode
from framing.corpus.readers import Raw

FORMAT = "json"
PRECEDENCE = 50
SUFFIXES = (".json", ".jsonl", ".ndjson")
START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*\"")


def recognise(data: bytes, name: str) -> bool:
    """Recognise by suffix, or by a first record whatever the suffix."""
    return name.lower().endswith(SUFFIXES) or bool(START.match(data[:2000]))


def parse(data: bytes, name: str) -> Raw:
    """Read a list of records, an object that holds one, or one record a line.

    Examples
    --------
    >>> parse(b'{"articles": [{"title": "War", "source": {"name": "Herald"}}]}', "a.json").records
    [{'title': 'War', 'source.name': 'Herald'}]
    """
    decoded = decode(data)
    bad: list[int] = []
    try:
        records = _records(json.loads(decoded.text))
    except json.JSONDecodeError as error:
        records, bad = _lines(decoded.text, error)
    except RecursionError:
        raise UnreadableError("JSON nested too deeply to be articles") from None
    flat = [_flat(record) for record in records if isinstance(record, dict)]
    return _raw(flat, decoded, len(records) - len(flat), bad)


def _raw(records: list[dict[str, Any]], decoded: Decoded, n_odd: int, bad: list[int]) -> Raw:
    problems = []
    if bad:
        lines = ", ".join(map(str, bad[:3])) + (" …" if len(bad) > 3 else "")
        problems.append(f"{len(bad)} dropped: not JSON (line {lines})")
    if n_odd:
        problems.append(f"{n_odd} dropped: not a record with named fields")
    n_lost = n_odd + len(bad)
    return Raw(records, decoded.encoding, decoded.notes, tuple(problems), n_lost)


def _records(value: Any) -> list[Any]:
    """Find the records in a parsed document."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise UnreadableError("JSON without a list of records")
    lists = [
        v for v in value.values() if isinstance(v, list) and any(isinstance(r, dict) for r in v)
    ]
    if lists:
        return max(lists, key=len)
    if value and all(isinstance(v, dict) for v in value.values()):
        return [{"id": key, **record} for key, record in value.items()]
    return [value]


def _lines(text: str, whole: json.JSONDecodeError) -> tuple[list[Any], list[int]]:
    """Read one record a line; line numbers of those that cannot be read come second."""
    records, bad = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                records.append(json.loads(line))
            except (json.JSONDecodeError, RecursionError):
                bad.append(number)
    if not any(isinstance(record, dict) for record in records):
        raise UnreadableError(f"broken JSON ({whole.msg}, line {whole.lineno})")
    return records, bad


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """Lift the fields of nested objects one level and write a list of strings as one."""
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            flat.update({f"{key}.{inner}": _plain(v) for inner, v in value.items()})
        else:
            flat[key] = _plain(value)
    return flat


def _plain(value: Any) -> Any:
    if isinstance(value, str) and not value.isascii():  # half a character, as in "\\ud800"
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        paragraphs = any(len(item) > 100 for item in value)
        return ("\n\n" if paragraphs else "; ").join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
