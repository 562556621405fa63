"""XML that Factiva's interface for programs gives out."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import Raw
from framing.corpus.readers._factiva import text_and_captions
from framing.corpus.readers._markup import CHARSET, ascii_view, parse_xml, text_of

FORMAT = "factiva xml"
PRECEDENCE = 10
MARKS = re.compile(rb"<(?:\w+:)?accessionNo\b", re.IGNORECASE)
START = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<")
ONE_LINE = {
    "doc_id": "accessionno",
    "outlet": "sourcename",
    "headline": "headline",
    "byline": "byline",
    "section": "sectionname",
    "page": "pages",
    "edition": "edition",
    "language": "baselanguage",
    "length": "wordcount",
    "copyright": "copyright",
}


def recognise(data: bytes, name: str) -> bool:
    """Recognise XML with accession numbers."""
    view = ascii_view(data)
    return bool(START.match(view)) and bool(MARKS.search(view))


def parse(data: bytes, name: str) -> Raw:
    """Read each article by the names of its elements, whatever their namespace."""
    root = parse_xml(data)
    articles = list(_articles(root))
    if not articles:
        raise UnreadableError("XML from Factiva without articles")
    declared = CHARSET.search(ascii_view(data)[:200])
    encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    return Raw([_record(article) for article in articles], encoding, declared=_declared(root))


def _articles(root: Element) -> Iterator[Element]:
    """Find the articles, without looking for others inside them."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if _name(element) == "article" and any(_name(part) == "accessionno" for part in element):
            yield element
        else:
            waiting += reversed(element)


def _name(element: Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _first(article: Element, name: str) -> str:
    """Text of the first part of that name."""
    return next(_texts(article, name), "")


def _texts(article: Element, name: str) -> Iterator[str]:
    return (text for e in article.iter() if _name(e) == name and (text := text_of(e)))


def _record(article: Element) -> dict[str, Any]:
    record: dict[str, Any] = {field: _first(article, tag) for field, tag in ONE_LINE.items()}
    text = [p for part in ("leadparagraph", "tailparagraphs") for p in _paragraphs(article, part)]
    subjects = [
        _first(e, "name") or text_of(e) for e in article.iter() if _name(e) == "newssubject"
    ]
    record |= {
        "date": _date(article),
        "language": record["language"].lower(),
        "subjects": "; ".join(subject for subject in subjects if subject),
    }
    known = {field: value for field, value in record.items() if value}
    return known | text_and_captions(text, *_texts(article, "artwork"))


def _date(article: Element) -> str:
    """The day of publication, without the hour and its time zone."""
    written = _first(article, "publicationdate")
    return written.partition("T")[0] if written[:4].isdigit() else written


def _paragraphs(article: Element, part: str) -> list[str]:
    """Paragraphs of a part of the text, or the part as one."""
    found: list[str] = []
    for element in article.iter():
        if _name(element) == part:
            inner = [text_of(e) for e in element.iter() if _name(e) == "paragraph"]
            found += inner or [text_of(element)]
    return found


def _declared(root: Element) -> int | None:
    """The number of articles that the list of results says it holds."""
    for element in root.iter():
        count = element.get("count", "")
        if _name(element).endswith("resultset") and count.isdecimal() and len(count) < 9:
            return int(count)
    return None
