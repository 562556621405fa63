"""JSON written by trafilatura and by newspaper3k or newspaper4k."""

import re
from typing import Any
from urllib.parse import urlsplit

from framing.corpus.readers import Raw, json_records
from framing.corpus.readers._web import as_paragraphs

FORMAT = "scraped json"
PRECEDENCE = 40
SUFFIXES = (".json", ".jsonl", ".ndjson")
START = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
SAMPLE = 200_000

# Their field to the kit's, and the keys of which one or all must be there.
TRAFILATURA = {
    "title": "headline",
    "author": "byline",
    "source": "url",
    "url": "url",
    "source-hostname": "outlet",
    "sitename": "outlet",
    "categories": "section",
    "tags": "subjects",
    "text": "text",
    "date": "date",
    "language": "language",
    "id": "doc_id",
}
NEWSPAPER = {
    "title": "headline",
    "authors": "byline",
    "publish_date": "date",
    "meta_site_name": "outlet",
    "url": "url",
    "meta_lang": "language",  # their `language` is a setting, not what the page says
    "tags": "subjects",
    "text": "text",
}
TRAFILATURA_SIGN = ("fingerprint", "hostname")
NEWSPAPER_SIGN = "publish_date"
NEWSPAPER_SIGNS = re.compile(
    rb'(?<!\\)"(?:meta_(?:lang|site_name|img|favicon)|top_image|canonical_link|source_url)"\s*:'
)
KEPT = ("excerpt", "summary", "meta_description", "comments")


def recognise(data: bytes, name: str) -> bool:
    """Recognise by the keys these two programs give to an article."""
    sample = data[:SAMPLE]
    if not START.match(sample):
        return False
    return all(_has(sample, key) for key in TRAFILATURA_SIGN) or _is_newspaper(sample)


def _is_newspaper(sample: bytes) -> bool:
    return _has(sample, NEWSPAPER_SIGN) and bool(NEWSPAPER_SIGNS.search(sample))


def _has(sample: bytes, key: str) -> bool:
    """Whether a key is there, and not merely quoted inside a text."""
    return bool(re.search(rb'(?<!\\)"' + key.encode() + rb'"\s*:', sample))


def parse(data: bytes, name: str) -> Raw:
    r"""Read the articles; the site's name is the outlet, else the host of the address.

    Examples
    --------
    >>> raw = parse(b'{"title": "War", "publish_date": "2031-03-03", "top_image": "", '
    ...             b'"url": "https://www.herald.example/1", "text": "War began."}', "a.json")
    >>> raw.records[0]["headline"], raw.records[0]["outlet"]
    ('War', 'herald.example')
    """
    raw = json_records.parse(data, name)
    names = NEWSPAPER if _is_newspaper(data[:SAMPLE]) else TRAFILATURA
    records = [_article(record, names) for record in raw.records if isinstance(record, dict)]
    return raw._replace(records=records)


def _article(record: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    article: dict[str, Any] = {}
    for theirs, ours in names.items():
        if record.get(theirs) and not article.get(ours):
            article[ours] = record[theirs]
    article["outlet"] = article.get("outlet") or record.get("hostname") or _host(article.get("url"))
    if isinstance(text := article.get("text"), str):
        article["text"] = as_paragraphs(text)
    return article | {name: record[name] for name in KEPT if record.get(name)}


def _host(url: object) -> str | None:
    """The host of an address, without www."""
    try:
        host = urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
