"""The articles of Nexis Uni, Lexis Advance and Lexis+, from the paragraphs of DOCX or RTF."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import Raw
from framing.corpus.readers._docx import Paragraph
from framing.corpus.readers._lexis import (
    COPYRIGHT,
    field_of_label,
    finish,
    is_date,
    label_key,
    other_name,
    tidy,
)

START = re.compile(r"Bookmark_\d+")
BODY = re.compile(r"Body(?:_\d+)?")
SECTION_MARK = re.compile(r"(?P<name>Correction|Classification|Graphic|Abstract)(?:_\d+)?")
NO_BREAK = "\u00a0"  # stands between a label and its value in every language
LABEL = re.compile(r"(?P<label>[^\W\d_][^:\n\u00a0]{0,40}(?:\u00a0[^:\n]{1,20})?):(?P<space>\s*)")
DECLARED = re.compile(r"[^\d()]{3,40}\((\d{1,6})\)")
COUNTED = re.compile(r"\d[\d.,]{0,8}\s+[^\W\d]{3,15}")  # "355 words" in any language
CONTENT_ITEM = re.compile(r"urn:contentItem:([0-9A-Z]{4}(?:-[0-9A-Z]{2,5}){3,8})")
END_OF_DOCUMENT = (
    "endofdocument endedesdokuments dokumentende findudocument findedocument findeldocumento "
    "findedocumento finaldeldocumento finedeldocumento finedocumento finedeldocument "
    "eindevanhetdocument eindevandocument eindedocument fimdodocumento fimdedocumento "
    "koniecdokumentu slutpadokument slutpadokumentet"
)
END_WORDS = frozenset(END_OF_DOCUMENT.split())
HEADINGS = {
    "text": "body text textkorper volltext fulltext corps corpsdutexte texte textintegral cuerpo "
    "texto testo corpo corpodotexto hoofdtekst tekst inhalt",
    "abstract": "abstract zusammenfassung resume resumen riassunto samenvatting resumo",
    "graphic": "graphic graphik grafik graphique grafico grafica grafiek abbildung illustration",
    "classification": "classification klassifizierung klassifikation clasificacion "
    "classificazione classificatie classificacao",
    "correction": "correction korrektur berichtigung correccion correzione correctie correcao",
}
SECTION_OF_HEADING = {word: name for name, words in HEADINGS.items() for word in words.split()}
HEADING_SIZE = 24  # half-points; text is 20, headings inside a text too
MAX_END, MAX_MASTHEAD = 40, 5


class Labelled(NamedTuple):
    """A line that begins with a label."""

    field: str
    value: str
    known: bool


Fields = dict[str, list[str]]


def parse_paragraphs(paragraphs: Sequence[Paragraph]) -> Raw:
    """Read the articles among the paragraphs of an export.

    Bookmarks part the articles; the line that ends each does it where there are none.
    """
    cover, *chunks = split_articles(paragraphs)
    ends = END_WORDS | _repeated_ends(chunks)
    pieces = _split_at_ends(cover, ends)
    articles = [_without_cover(pieces[0]), *pieces[1:]] if len(pieces) > 1 or not chunks else []
    articles += [piece for chunk in chunks for piece in _split_at_ends(chunk, ends)]
    filled = [article for article in articles if any(p.text.strip() for p in article)]
    records = [read_article(article) for article in filled if _is_article(article)]
    if not records:
        raise UnreadableError(f"no article of Nexis among its {len(paragraphs)} paragraphs")
    return Raw(records, declared=_declared(paragraphs))


def split_articles(paragraphs: Sequence[Paragraph]) -> list[list[Paragraph]]:
    """Part paragraphs at the bookmarks that begin an article; the cover comes first."""
    chunks: list[list[Paragraph]] = [[]]
    seen: set[str] = set()
    for paragraph in paragraphs:
        starts = [mark for mark in paragraph.bookmarks if START.fullmatch(mark)]
        if any(mark not in seen for mark in starts):
            chunks.append([])
        seen.update(starts)
        chunks[-1].append(paragraph)
    return chunks


def _repeated_ends(chunks: Sequence[Sequence[Paragraph]]) -> frozenset[str]:
    """The line that ends most marked articles, in whatever language."""
    filled = [[p.text for p in chunk if p.text.strip()] for chunk in chunks]
    lasts = Counter(label_key(lines[-1]) for lines in filled if lines and len(lines[-1]) <= MAX_END)
    most, n = lasts.most_common(1)[0] if lasts else ("", 0)
    return frozenset({most}) if most and 2 <= n > len(chunks) / 2 else frozenset()


def _split_at_ends(chunk: list[Paragraph], ends: frozenset[str]) -> list[list[Paragraph]]:
    """Part paragraphs after each line that ends an article; that line is left out."""
    pieces: list[list[Paragraph]] = [[]]
    for paragraph in chunk:
        if len(paragraph.text) <= 2 * MAX_END and label_key(paragraph.text) in ends:
            pieces.append([])
        elif paragraph.text.strip() or _is_body(paragraph):
            pieces[-1].append(paragraph)
    return pieces


def _without_cover(piece: list[Paragraph]) -> list[Paragraph]:
    """Cut off what precedes the first headline of a file without bookmarks."""
    title = next((place for place, p in enumerate(piece) if p.level == "0"), None)
    body = next((place for place, p in enumerate(piece) if _is_body(p)), len(piece))
    return piece[_headline_above(piece[:body]) if title is None or title > body else title :]


def _headline_above(head: Sequence[Paragraph]) -> int:
    """Find a headline without marks: above the outlet, which is above the last date line."""
    dates = [place for place, p in enumerate(head) if place and is_date(p.text.strip())]
    if not dates:
        return 0
    between = head[dates[-1] - 1].text.strip()
    return max(dates[-1] - (3 if between.startswith("(") else 2), 0)


def _is_article(lines: Sequence[Paragraph]) -> bool:
    """Tell an article from the cover and from what follows the last article."""
    return any(START.fullmatch(mark) for line in lines for mark in line.bookmarks) or any(
        _is_body(line) or _has_known_label(line) for line in lines
    )


def _has_known_label(line: Paragraph) -> bool:
    found = _labelled(line)
    return bool(found and found.field in ("length", "load_date"))


def _is_body(paragraph: Paragraph) -> bool:
    return section_of(paragraph) == "text"


def section_of(paragraph: Paragraph) -> str:
    """Name the section a heading begins; "" for a line that is no heading."""
    for mark in paragraph.bookmarks:
        if BODY.fullmatch(mark):
            return "text"
        if found := SECTION_MARK.fullmatch(mark):
            return found["name"].lower()
    text = paragraph.text.strip()
    looks = paragraph.bold and paragraph.keeps_next and paragraph.size >= HEADING_SIZE
    plain = not paragraph.size and not paragraph.level  # nothing is known of its looks
    if not text or len(text) > MAX_END or not (looks or plain) or ":" in text:
        return ""
    return SECTION_OF_HEADING.get(label_key(text), other_name(text) if looks else "")


def _labelled(paragraph: Paragraph) -> Labelled | None:
    """Read a label with its value: any label before a no-break space, else a known one."""
    text = paragraph.text.strip()
    found = LABEL.match(text)
    if not found:
        return None
    value, field = text[found.end() :], field_of_label(found["label"])
    if field:
        return Labelled(field, value, known=True)
    if not found["space"].startswith(NO_BREAK):
        return None
    counted = COUNTED.fullmatch(value)
    return Labelled("length" if counted else other_name(found["label"]), value, known=False)


def read_article(lines: Sequence[Paragraph]) -> dict[str, str]:
    """Read the fields of one article, from its headline to its load date."""
    body = next((place for place, p in enumerate(lines) if _is_body(p)), None)
    head = lines[: _end_of_head(lines) if body is None else body]
    fields = _read_head(head)
    paragraphs = _read_rest(lines[len(head) + (body is not None) :], fields)
    return finish(fields, paragraphs)


def _end_of_head(lines: Sequence[Paragraph]) -> int:
    """Without a heading above the text, it begins below the first run of labels."""
    end = 0
    for place, line in enumerate(lines):
        if _labelled(line) or place < 3 or COPYRIGHT.match(line.text.strip()):
            end = place + 1
        elif place - end > 1:
            break
    return end


def _read_head(head: Sequence[Paragraph]) -> Fields:
    """Read what stands above the text: headline, outlet, date, then labelled lines."""
    fields = _read_links(head)
    filled = [line for line in head if line.text.strip()]
    n_titles = max(1, next((n for n, p in enumerate(filled) if p.level != "0"), len(filled)))
    fields["headline"] = [" ".join(p.text for p in filled[:n_titles])]
    rest = filled[n_titles:]
    n_masthead = next((n for n, p in enumerate(rest) if _ends_masthead(p)), len(rest))
    fields |= _read_masthead([tidy(p.text) for p in rest[:n_masthead]])
    label = ""
    for line in rest[n_masthead:]:
        if found := _labelled(line):
            label = found.field
            fields.setdefault(label, []).append(found.value)
        elif label and not COPYRIGHT.match(line.text.strip()):
            name = "highlight" if label == "highlight" else "credit"
            fields.setdefault(name, []).append(line.text)
    return fields


def _ends_masthead(line: Paragraph) -> bool:
    """Copyright and other notices stand below a line break."""
    text = line.text
    return bool(text.startswith("\n") or COPYRIGHT.match(text.strip()) or _labelled(line))


def _read_links(head: Sequence[Paragraph]) -> Fields:
    """The database's own number of an article stands in the link under its headline."""
    for link in (link for p in head[:3] for link in p.links):
        if found := CONTENT_ITEM.search(link):
            return {"doc_id": [found[1]], "database_url": [link]}
    return {}


def _read_masthead(lines: list[str]) -> Fields:
    """Read outlet, date and edition, which stand in this order without labels."""
    lines = lines[:MAX_MASTHEAD]
    dates = [place for place, line in enumerate(lines) if is_date(line)]
    if not dates:
        return {"outlet": lines[:1]}
    date = lines.pop(dates[0] if dates[0] or len(dates) == 1 else dates[1])
    return {"outlet": lines[:1], "date": [date], "edition": lines[1:]}


def _read_rest(lines: Sequence[Paragraph], fields: Fields) -> list[str]:
    """Read the text and what stands below it; headings and the database's labels end the text."""
    n_tail = next((n for n, p in enumerate(reversed(lines)) if not _labelled(p)), len(lines))
    section, label = "text", ""
    paragraphs: list[str] = []
    for place, line in enumerate(lines):
        heading, found = section_of(line), _labelled(line)
        if heading and (heading != "text" or line.size or line.bookmarks):
            section, label = heading, ""
        elif found and (section != "text" or _is_tail(line, found, place >= len(lines) - n_tail)):
            section, label = "tail", found.field
            fields.setdefault(label, []).append(found.value)
        elif section == "text":
            paragraphs.append(line.text)
        else:
            fields.setdefault(label or section, []).append(line.text)
    return paragraphs


def _is_tail(line: Paragraph, found: Labelled, at_end: bool) -> bool:
    """Only a label as the database prints it ends a text; "Language: a history" does not."""
    if NO_BREAK not in line.text[: MAX_END + 2]:
        return found.field == "load_date"
    return found.known or at_end


def _declared(paragraphs: Sequence[Paragraph]) -> int | None:
    """Read how many documents the cover announces: the first number in brackets on it."""
    for paragraph in paragraphs[:40]:
        if any(START.fullmatch(mark) for mark in paragraph.bookmarks) or paragraph.level:
            return None
        if found := DECLARED.fullmatch(paragraph.text.strip()):
            return int(found[1])
    return None
