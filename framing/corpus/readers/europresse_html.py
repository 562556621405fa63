"""HTML saved from Europresse and Eureka.cc, in any language of the interface and of any year."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from framing.corpus.database_heads import DATE
from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import Raw
from framing.corpus.readers._markup import (
    BREAK,
    EDGE,
    ascii_view,
    blocks_of,
    has_class,
    join_paragraphs,
    lines_of,
    parse_html,
    text_of,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

FORMAT = "europresse html"
PRECEDENCE = 10
MARKS = re.compile(rb"class\s*=\s*[\"'](?:[^\"']{0,80}\s)?DocPublicationName\b", re.I)
ISSUE = re.compile(r",\s*(?:no|n°|nº|nr|num|núm|vol|issue|ausgabe)\b\.?\s?.*", re.I | re.DOTALL)
NUMBER = re.compile(
    r"(?:news|web|pub|biblio|social|tv|radio|rep|ref|bio|pdf)?[·•][0-9]{8}[·•][^\s·•<>]{1,12}[·•][^\s<>]{1,80}"
)
DATED = re.compile(rf"(?P<before>.*?)(?P<date>{DATE})(?P<after>.*)", re.DOTALL)
PAGED = re.compile(
    r"(?:^|[,\s])(?:pp?|pg|s|seite|pág|pag|blz|page)\.?\s?(?P<page>[\w-]*\d[\w-]*)", re.I
)
COUNTED = re.compile(
    r"(?P<n>\d[\d\s.,]{0,8})\s?(?:mots?|words?|wörter|worte|palabras|parole|palavras|woorden)\b",
    re.I,
)
WEEKDAY = re.compile(
    r"(?:lun|mar|mer|jeu|ven|sam|dim|mon|tue|wed|thu|fri|sat|sun|die|mit|don|fre|son|mie|jue|vie|"
    r"sáb|mié|gio|sab|dom|seg|ter|qua|qui|sex|maa|din|woe|vri|zat|zon)[^\W\d]{0,8}(?:-feira)?\.?",
    re.I,
)
COPYRIGHT = re.compile(r"\s*(?:©|\(c\)|copyright)", re.I)
NUMBERED = re.compile(rf"[:：]\s?{NUMBER.pattern}")
LEADING_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?[.,]*\s+")
CAPTIONED = re.compile(
    r"(?:illustration|photo|image|légende|caption|abbildung|ilustraci)[^:]{0,12}:\s*", re.I
)
ASIDES = frozenset({"header", "footer", "aside", "nav", "form"})
TITLE_ENDS = "\ue000"
LONGEST_HEADER = 500
LONGEST_BYLINE = 150


class Header(NamedTuple):
    """What is printed around the date of an article."""

    date: str = ""
    section: str = ""
    page: str = ""
    length: str = ""


def recognise(data: bytes, name: str) -> bool:
    """Recognise the class that Europresse gives to the name of an outlet."""
    return bool(MARKS.search(ascii_view(data)))


def parse(data: bytes, name: str) -> Raw:
    """Read each article by the classes of its parts."""
    page = parse_html(data)
    records = [_modern(article) for article in page.root.iter("article") if _outlet(article)]
    records = records or [_old(cell) for cell in _cells(page.root)]
    if not records:
        raise UnreadableError("HTML from Europresse without articles")
    declared = len(NUMBERED.findall(page.text)) or None
    return Raw(records, page.encoding, page.notes, declared=declared)


def _by_class(element: "HtmlElement", name: str) -> "list[HtmlElement]":
    return [part for part in element.iter() if has_class(part, name)]


def _outlet(article: "HtmlElement") -> str:
    """The outlet without the number of its issue."""
    named = [
        lines_of(part) for part in _by_class(article, "DocPublicationName") if part.tag != "div"
    ]
    first = next((name for name in named if name), "").partition("\n")[0]
    return ISSUE.sub("", first).strip()


def _number(text: str) -> str:
    """The database's own number of the article."""
    found = NUMBER.search(text)
    return found.group().strip() if found else ""


def read_header(text: str) -> Header:
    """Read what is printed around the date of an article.

    Examples
    --------
    >>> read_header("Politique, mardi 14 mars 2031 134 mots, p. 16")
    Header(date='14 mars 2031', section='Politique', page='16', length='134')
    """
    flat = " ".join(text.split())[:LONGEST_HEADER]
    match = DATED.match(flat)
    if not match:
        return Header(section=flat.strip(" ,"))
    before, date = match["before"], match["date"]
    word = LEADING_WORD.match(date)
    if word and re.fullmatch(DATE, date[word.end() :]):
        before, date = before + word.group(), date[word.end() :]
    segments = [segment.strip() for segment in re.split(r",\s*|\s+(?=\S+$)", before.strip(" ,"))]
    section = ", ".join(s for s in segments if s and not WEEKDAY.fullmatch(s))
    page, counted = PAGED.search(match["after"]), COUNTED.search(match["after"])
    length = re.sub(r"\D", "", counted["n"]) if counted else ""
    return Header(date, section, page["page"] if page else "", length)


def _known(record: dict[str, Any]) -> dict[str, Any]:
    return {field: value or None for field, value in record.items()}


def _modern(article: "HtmlElement") -> dict[str, Any]:
    """Read an article that is an element of its own."""
    header = read_header(_header_text(article))
    titles = _by_class(article, "titreArticleVisu") or _by_class(article, "titreArticle")
    number = _number(" ".join(text_of(part) for part in article.iter("footer"))) or _number(
        text_of(article)
    )
    return _known(
        {
            "doc_id": number,
            "outlet": _outlet(article),
            "date": header.date or number[5:13],
            "headline": text_of(titles[0]) if titles else "",
            "byline": _byline(article),
            "section": header.section,
            "page": header.page,
            "length": header.length,
            "text": _text(article),
            "graphic": _captions(article),
        }
    )


def _header_text(article: "HtmlElement") -> str:
    """The line with the date: the header of the document, or what follows its subsection."""
    marked = " ".join(text_of(part) for part in _by_class(article, "DocHeader"))
    if re.search(DATE, marked):
        return marked
    following = [part.getnext() for part in _by_class(article, "DocTitreSousSection")]
    beside = " ".join(text_of(part) for part in following if part is not None)
    return beside if re.search(DATE, beside) else marked


def _byline(article: "HtmlElement") -> str:
    """Names stand behind the title, in its header."""
    named = _by_class(article, "docAuthors")
    boxes = [part for part in _by_class(article, "titreArticle") if part.tag == "div"]
    behind = (
        [text_of(part) for part in boxes[0].itersiblings() if part.tag in ("div", "p")]
        if boxes
        else []
    )
    names = [text_of(part) for part in named] or [name for name in behind if name]
    return names[0] if names and len(names[0]) <= LONGEST_BYLINE else ""


def _text(article: "HtmlElement") -> str | None:
    """The text, in whichever of the boxes that the years have known."""
    for name in ("docOcurrContainer", "DocText"):
        for box in _by_class(article, name):
            return _paragraphs(box)
    sections = list(article.iter("section"))
    return _paragraphs(sections[0]) if sections else None


def _paragraphs(box: "HtmlElement") -> str | None:
    blocks = blocks_of(box, without=ASIDES)
    return join_paragraphs([block.strip(f" {BREAK}").replace(BREAK, "\n") for block in blocks])


def _captions(article: "HtmlElement") -> str | None:
    """Captions stand beside the text, under a label of their own."""
    boxes = [box for aside in article.iter("aside") for box in aside.iter("div")]
    texts = [text_of(box) for box in boxes]
    captions = [CAPTIONED.sub("", text) for text in texts if CAPTIONED.match(text)]
    return join_paragraphs(captions)


def _cells(root: "HtmlElement") -> "Iterator[HtmlElement]":
    """Cells of a page of the older kind, one an article."""
    seen: set[HtmlElement] = set()
    for part in _by_class(root, "DocPublicationName"):
        cell = next((around for around in part.iterancestors("td", "body")), root)
        if cell not in seen:
            seen.add(cell)
            yield cell


def _old(cell: "HtmlElement") -> dict[str, Any]:
    """Read an article that is a cell: outlet, header, title, byline and text in one row."""
    header = read_header("".join("".join(part.itertext()) for part in _by_class(cell, "DocHeader")))
    titles = _by_class(cell, "TitreArticleVisu")
    number = _number(text_of(cell))
    headline = text_of(titles[0]) if titles else ""
    if titles:
        titles[0].tail = f"{EDGE}{TITLE_ENDS}{EDGE}{titles[0].tail or ''}"
    byline, text = _byline_and_text(blocks_of(cell, without=frozenset({"table"})))
    return _known(
        {
            "doc_id": number,
            "outlet": _outlet(cell),
            "date": header.date or number[5:13],
            "headline": headline,
            "byline": byline,
            "section": header.section,
            "page": header.page,
            "length": header.length,
            "text": text,
        }
    )


def _byline_and_text(blocks: list[str]) -> tuple[str, str | None]:
    """The byline ends in a line break, the text in the copyright or the number."""
    start = blocks.index(TITLE_ENDS) + 1 if TITLE_ENDS in blocks else 0
    rest = [block for block in blocks[start:] if block.strip(f" {BREAK}")]
    byline = ""
    if len(rest) > 1 and rest[0].endswith(BREAK) and len(rest[0]) <= LONGEST_BYLINE:
        byline = rest.pop(0).strip(f" {BREAK}")
    ends = [n for n, block in enumerate(rest) if COPYRIGHT.match(block) or NUMBERED.search(block)]
    text = rest[: ends[0]] if ends else rest
    return byline, join_paragraphs(
        [block.strip(f" {BREAK}").replace(BREAK, "\n") for block in text]
    )
