"""HTML saved from Factiva, as articles or with their indexing, in any language."""

import re
from typing import TYPE_CHECKING, Any

from framing.corpus.database_heads import (
    ACCESSION,
    closing_accession,
    facts_after,
    facts_of_codes,
    is_count,
    is_date,
)
from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import Raw
from framing.corpus.readers._factiva import cut_off, found_in_search, text_and_captions
from framing.corpus.readers._markup import (
    Page,
    ascii_view,
    has_class,
    lines_of,
    parse_html,
    text_of,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

FORMAT = "factiva html"
PRECEDENCE = 10
# The class says the language: enArticle, deHeadline, frarticleParagraph, zhcnArticle.
ARTICLE = re.compile(rb"class\s*=\s*[\"']article [A-Za-z]{2,8}Article[\"' ]")
OF_ARTICLE = re.compile(r"(?P<language>[a-z]{2})[A-Za-z]{0,6}Article")
HEADLINE = re.compile(r"[A-Za-z]{2,8}Headline")
CLOSED = re.compile(rf">\s*(?:[^\s<>]{{1,20}}\s+)?{ACCESSION}\s*<")
CODE = re.compile(r"[A-Z]{2,3}")
LONGEST_PUBLISHER = 100


def recognise(data: bytes, name: str) -> bool:
    """Recognise the class that Factiva gives each article."""
    return bool(ARTICLE.search(ascii_view(data)))


def parse(data: bytes, name: str) -> Raw:
    """Read each article by the classes and the order of its parts."""
    page = parse_html(data)
    articles = [element for element in page.root.iter("div") if _language(element)]
    if not articles:
        raise UnreadableError("HTML from Factiva without articles")
    records = [_record(article) for article in articles]
    declared = len(CLOSED.findall(page.text)) or None
    closed = [_closing_line(article) for article in articles]
    return Raw(
        records, page.encoding, page.notes + _search(page, articles), cut_off(closed), 0, declared
    )


def _language(element: "HtmlElement") -> str:
    for name in (element.get("class") or "").split():
        if match := OF_ARTICLE.fullmatch(name):
            return match["language"]
    return ""


def _record(article: "HtmlElement") -> dict[str, Any]:
    """Read one article, with or without its indexing."""
    coded = _coded_cells(article)
    record = _indexed(coded) if coded else _positional(article)
    number = closing_accession(_closing_line(article)) or _container_number(article)
    return record | {"doc_id": number or None, "language": _language(article)}


def _closing_line(article: "HtmlElement") -> str:
    """The last line that names an accession number."""
    lines = [text_of(element) for element in article.iter("p", "td")][-3:]
    return next((line for line in reversed(lines) if closing_accession(line)), "")


def _container_number(article: "HtmlElement") -> str:
    around = article.getparent()
    name = (around.get("id") or "") if around is not None else ""
    return closing_accession(name.removeprefix("article-"))


def _coded_cells(article: "HtmlElement") -> dict[str, "HtmlElement"]:
    """Cells of an indexed article by their code."""
    cells: dict[str, HtmlElement] = {}
    for row in article.iter("tr"):
        pair = [cell for cell in row if cell.tag in ("td", "th")][:2]
        if len(pair) == 2 and CODE.fullmatch(code := text_of(pair[0])):
            cells.setdefault(code, pair[1])
    return cells if {"HD", "LP", "TD", "AN"} & set(cells) else {}


def _indexed(cells: dict[str, "HtmlElement"]) -> dict[str, Any]:
    """Read an article from its codes; the text is the lead and what follows it."""
    facts = facts_of_codes({code: text_of(cell) for code, cell in cells.items()})
    text = [part for code in ("LP", "TD") if code in cells for part in _paragraphs(cells[code])]
    return facts | text_and_captions(text, facts.get("graphic", ""))


def _paragraphs(cell: "HtmlElement") -> list[str]:
    """Paragraphs of the text, or all that is there when none is marked."""
    marked = [lines_of(p) for p in cell.iter("p", "pre") if _is_paragraph(p)]
    return marked or [lines_of(cell)]


def _is_paragraph(element: "HtmlElement") -> bool:
    marked = (element.get("class") or "").lower().split()
    if element.tag == "pre":
        around = element.getparent()
        return around is None or not _is_paragraph(around)
    return any(name.endswith("articleparagraph") for name in marked)


def _positional(article: "HtmlElement") -> dict[str, Any]:
    """Read an article without codes: its parts stand in one order in every language."""
    divs = [
        div for div in article.iter("div") if div is not article and not len(div.findall("div"))
    ]
    heads = [n for n, div in enumerate(divs) if _headline(div)]
    place = heads[0] if heads else -1
    below = [div for div in divs[place + 1 :] if not has_class(div, "author")]
    lines = [text_of(div) for div in below]
    start = next((n for n, line in enumerate(lines) if is_count(line) or is_date(line)), len(lines))
    text = [lines_of(p) for p in article.iter("p", "pre") if _is_paragraph(p)]
    record: dict[str, Any] = {
        "headline": _headline(divs[place]) if heads else None,
        "byline": "; ".join(text_of(div) for div in divs if has_class(div, "author")) or None,
        "section": text_of(divs[0]) if place > 0 and not has_class(divs[0], "author") else None,
    }
    facts = facts_after([line for line in lines[start:] if line])
    return record | facts | text_and_captions(text, *_captions(article))


def _headline(div: "HtmlElement") -> str:
    """The headline inside a division, if it holds one."""
    for element in div.iter():
        names = (element.get("class") or "").split() if isinstance(element.tag, str) else []
        if any(HEADLINE.fullmatch(name) for name in names):
            return text_of(element)
    return text_of(div) if div.get("id") == "hd" else ""


def _captions(article: "HtmlElement") -> list[str]:
    """Captions: what stands unmarked behind the text, without publisher and number."""
    paragraphs = list(article.iter("p"))
    last = max((n for n, p in enumerate(paragraphs) if _is_paragraph(p)), default=-1)
    behind = [text_of(p) for p in paragraphs[last + 1 :] if last >= 0]
    behind = [line for line in behind if line and not closing_accession(line)]
    if behind and len(behind[-1]) <= LONGEST_PUBLISHER:
        behind.pop()
    return behind


def _search(page: Page, articles: "list[HtmlElement]") -> tuple[str, ...]:
    """What the summary of the search says, a table that is in no article."""
    within = {row for article in articles for row in article.iter("tr")}
    rows = [row.findall("td") for row in page.root.iter("tr") if row not in within]
    return found_in_search([text_of(row[1]) for row in rows if len(row) == 2])
