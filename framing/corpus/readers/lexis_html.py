"""HTML exports of the LexisNexis before Nexis Uni (Nexis UK and others)."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from framing.corpus.encoding import decode
from framing.corpus.readers import Raw
from framing.corpus.readers._legacy import Block, Marked, parse_documents, read_counter, split_label
from framing.corpus.readers._lexis import field_of_label, tidy

if TYPE_CHECKING:
    from lxml.html import HtmlElement

FORMAT = "lexisnexis html"
PRECEDENCE = 10
# Pseudo-tags in comments hold each document; browsers and cleaners may leave only the anchors.
DOCUMENT = re.compile(r"<DOCFULL>(?:\s{0,5}-->)?", re.IGNORECASE)
ANCHOR = re.compile(r"<a\s+name=[\"']?DOC_ID_\d+_\d+[\"']?[^<>]{0,50}>", re.IGNORECASE)
END = re.compile(r"</DOCFULL>", re.IGNORECASE)
COMMENT_START = "<!--"
MARKS = re.compile(rb"<DOCFULL>|<a\s{1,5}name=[\"']?DOC_ID_\d", re.IGNORECASE)
DECLARED = re.compile(r"<meta\b[^<>]{0,200}\bdocuments=[\"']?(\d{1,7})", re.IGNORECASE)
CENTRED = re.compile(r"\.(c\d{1,4})\s*\{[^{}]{0,300}text-align:\s*center", re.IGNORECASE)
PARAGRAPHS = {"p", "tr", "div", "li", "table", "blockquote", "h1", "h2", "h3", "h4", "hr"}
BOUNDARY = "\x1e"  # between paragraphs; no page holds this control character
SAMPLE = 300_000


def recognise(data: bytes, name: str) -> bool:
    """Recognise by the pseudo-tags or the anchors before each document, whole or UTF-16."""
    sample = data[:SAMPLE]
    return bool(MARKS.search(sample.replace(b"\0", b"") if b"\0" in sample[:100] else sample))


def parse(data: bytes, name: str) -> Raw:
    """Read the documents between the pseudo-tags; the head of the page tells how many."""
    page, encoding, notes = decode(data)
    centred = frozenset(CENTRED.findall(page[:SAMPLE]))
    documents = [_document(markup, centred) for markup in split_page(page)]
    declared = DECLARED.search(page[:SAMPLE])
    raw = parse_documents(documents, int(declared[1]) if declared else None)
    return raw._replace(encoding=encoding, notes=notes + raw.notes)


def split_page(page: str) -> Iterator[str]:
    """Yield the markup of each document.

    Examples
    --------
    >>> list(split_page("<p><!-- <DOCFULL> --><b>1</b><!-- x </DOCFULL> --><p>"))
    ['<b>1</b>']
    """
    starts = list(DOCUMENT.finditer(page)) or list(ANCHOR.finditer(page))
    ends = [start.start() for start in starts[1:]] + [len(page)]
    for start, end in zip(starts, ends, strict=False):
        markup = page[start.end() : end]
        closed = END.search(markup)
        markup = markup[: closed.start()] if closed else markup
        cut = markup.rfind(COMMENT_START)
        yield markup[:cut] if cut >= 0 and "-->" not in markup[cut:] else markup


def _document(markup: str, centred: frozenset[str]) -> Marked:
    blocks = [block for box in _boxes(markup) if any((block := _block(box, centred))[:2])]
    counter = read_counter(blocks[0].paragraphs[0]) if blocks else None
    number, total = counter or (0, 0)
    return Marked(number, total, blocks[1:] if counter else blocks)


def _boxes(markup: str) -> list["HtmlElement"]:
    """The boxes of a document: the outermost elements, below any that wraps them all."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(huge_tree=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(f"<html><body>{markup}</body></html>", parser=parser)
    except (etree.LxmlError, ValueError):
        return []
    boxes = root.find("body")
    while boxes is not None and len(boxes) == 1 and len(boxes[0].findall("div")) > 1:
        boxes = boxes[0]
    return [box for box in boxes if box.tag != "br"] if boxes is not None else []


def _block(box: "HtmlElement", centred: frozenset[str]) -> Block:
    """Read a box; its label is the first piece of its text, alone in its element."""
    pieces = list(_pieces(box))
    texts = [text.strip("\t \n\u00a0") for text in "".join(pieces).split(BOUNDARY)]
    paragraphs = [text for text in texts if text]
    first = next((tidy(piece) for piece in pieces if piece.strip(BOUNDARY).strip()), "")
    label, value = split_label(first)
    if value and (len(paragraphs) > 1 or not field_of_label(label)):
        label = ""  # a text that begins with a word in capitals
    if label:
        paragraphs[0] = split_label(paragraphs[0])[1]
    return Block(tuple(paragraphs), label, box.get("class", "") in centred)


def _pieces(box: "HtmlElement") -> Iterator[str]:
    """Yield texts in their order; breaks are newlines, cells end with tabs, rows are paragraphs."""
    from lxml import etree

    in_row = 0
    for event, node in etree.iterwalk(box, events=("start", "end")):
        in_row += {"start": 1, "end": -1}[event] if node.tag == "tr" else 0
        if node.tag in PARAGRAPHS and (not in_row or node.tag == "tr"):
            yield BOUNDARY
        if event == "start":
            yield "\n" if node.tag == "br" else _inline(node.text, node.tag)
        else:
            yield "\t" if node.tag in ("td", "th") else ""
            yield _inline(node.tail) if node is not box else ""


def _inline(text: str | None, tag: str = "") -> str:
    """Line ends in the source are spaces."""
    return re.sub(r"[\r\n]+", " ", text) if text and tag not in ("style", "script") else ""
