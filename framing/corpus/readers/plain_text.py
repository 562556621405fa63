"""Plain text: one article a file."""

import re
from datetime import date
from pathlib import PurePosixPath

from framing.corpus.encoding import decode
from framing.corpus.readers import Raw

FORMAT = "text"
PRECEDENCE = 90
SUFFIXES = (".txt", ".text")
NAME = re.compile(r"(?P<outlet>[^\W\d].*?)_(?P<date>\d{4}-\d\d-\d\d)(?:[_-].*)?")


def recognise(data: bytes, name: str) -> bool:
    """Recognise by suffix alone: any text is a text."""
    return name.lower().endswith(SUFFIXES)


def parse(data: bytes, name: str) -> Raw:
    """Read one article, with outlet and date from a name such as `outlet_2019-07-01_003.txt`.

    Examples
    --------
    >>> raw = parse(b"War began.", "herald_2031-03-03_001.txt")
    >>> raw.records[0]["outlet"]
    'herald'
    """
    decoded = decode(data)
    stem = PurePosixPath(name).stem
    record = {"doc_id": stem, **_facts_in_name(stem), "text": decoded.text}
    return Raw([record], decoded.encoding, decoded.notes)


def _facts_in_name(stem: str) -> dict[str, str]:
    match = NAME.fullmatch(stem)
    if not match:
        return {}
    try:
        date.fromisoformat(match["date"])
    except ValueError:
        return {}
    return match.groupdict()
