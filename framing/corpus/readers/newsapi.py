"""NewsAPI: JSON whose texts are cut after about 200 characters."""

import re
from typing import Any

from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import Raw, json_records

FORMAT = "newsapi"
PRECEDENCE = 10
SUFFIXES = (".json", ".jsonl", ".ndjson")
START = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
SIGNS = (
    re.compile(rb'(?<!\\)"publishedAt"\s*:'),
    re.compile(rb'(?<!\\)"(?:urlToImage|totalResults)"\s*:'),
)
REFUSED = re.compile(
    rb'(?:\xef\xbb\xbf)?\s*\{\s*"status"\s*:\s*"error"\s*,\s*"code"\s*:\s*"(\w{1,60})"'
)
TOTAL = re.compile(rb'(?<!\\)"totalResults"\s*:\s*(\d{1,12})')
CUT = re.compile(r"\s*\[\+?\d+ chars\]\s*$")
WITHDRAWN = "[Removed]"
NAMES = {"source.name": "outlet", "author": "byline"}
NAMES |= {"title": "headline", "publishedAt": "date", "content": "text"}


def recognise(data: bytes, name: str) -> bool:
    """Recognise by the names NewsAPI gives to the fields of an article, or by its error message."""
    if REFUSED.match(data[:500]):
        return True
    sample = data[:50_000]
    return bool(START.match(sample)) and all(sign.search(sample) for sign in SIGNS)


def parse(data: bytes, name: str) -> Raw:
    """Read the articles; `truncated` tells which texts are cut, and the report counts them.

    Examples
    --------
    >>> raw = parse(b'[{"title": "War", "publishedAt": "2031-03-03T10:00:00Z", '
    ...             b'"urlToImage": null, "content": "War began. [+1234 chars]"}]', "a.json")
    >>> raw.records[0]["text"], raw.records[0]["truncated"]
    ('War began.', True)
    """
    if refused := REFUSED.match(data[:500]):
        raise UnreadableError(f"an error message of NewsAPI, not articles: {refused[1].decode()}")
    raw = json_records.parse(data, name)
    found = [record for record in raw.records if isinstance(record, dict)]
    kept = [_article(record) for record in found if not _is_withdrawn(record)]
    n_withdrawn, total = len(found) - len(kept), _total(data)
    withdrawn = (f"{n_withdrawn} dropped: withdrawn ({WITHDRAWN})",) if n_withdrawn else ()
    paged = total is not None and total > len(found)
    page = (f"{len(found)} of the {total} articles the search found",) if paged else ()
    return raw._replace(
        records=kept,
        notes=(*raw.notes, *page),
        problems=raw.problems + withdrawn,
        n_lost=raw.n_lost + n_withdrawn,
        declared=None if paged else total,
    )


def _article(record: dict[str, Any]) -> dict[str, Any]:
    named = {NAMES.get(key, key): value for key, value in record.items()}
    text = named.get("text")
    if not isinstance(text, str):
        return named | {"text": None, "truncated": False}
    start, end = text[:-40], text[-40:]
    return named | {"text": start + CUT.sub("", end), "truncated": bool(CUT.search(end))}


def _is_withdrawn(record: dict[str, Any]) -> bool:
    """Whether the outlet has withdrawn the article, which leaves a row without content."""
    return record.get("title") == WITHDRAWN and record.get("content") in (WITHDRAWN, None)


def _total(data: bytes) -> int | None:
    found = TOTAL.search(data[:2000]) or TOTAL.search(data[-2000:])
    return int(found[1]) if found else None
