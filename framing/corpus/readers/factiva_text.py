"""Text and RTF saved from Factiva, as articles or with their indexing, in any language."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from framing.corpus.database_heads import (
    ACCESSION,
    CODES_OF_TEXT,
    Line,
    closing_accession,
    coded_parts,
    facts_after,
    facts_of_codes,
    find_head,
    is_count,
    is_date,
    same_publisher,
    titles_of,
    value_beside,
)
from framing.corpus.encoding import UnreadableError, decode
from framing.corpus.readers import Raw
from framing.corpus.readers._factiva import cut_off, found_in_search, text_and_captions
from framing.corpus.readers._markup import ascii_view, parse_rtf

FORMAT = "factiva text"
PRECEDENCE = 10
RTF = b"{\\rtf"
NUMBER = ACCESSION.encode("ascii")
IN_RTF = re.compile(rb"[^\sA-Za-z0-9]?[ }?]" + NUMBER + rb"(?=[\s\\}]|$)")
IN_TEXT = re.compile(
    rb"^[^\S\n]{0,20}[^\s,;\"]{1,60}[^\S\n]{1,4}" + NUMBER + rb"[^\S\n]{0,20}$", re.M
)
IN_TABLE = re.compile(NUMBER + rb"[^\S\n]{0,20}\"")  # a cell of a CSV ends here
TITLES = 4  # lines above the length: section, headline, byline, credit
PAGE_BREAK = "\f"


def recognise(data: bytes, name: str) -> bool:
    """Recognise the accession number that closes each article."""
    start = data[:10].lstrip()
    if start.startswith(RTF):
        return bool(IN_RTF.search(data))
    if start.startswith((b"<", b"{", b"[", b"PK", b"%PDF")):
        return False
    text = ascii_view(data).replace(b"\r", b"\n")
    return bool(IN_TEXT.search(text)) and not IN_TABLE.search(text)


def parse(data: bytes, name: str) -> Raw:
    """Read the articles between the lines that close them."""
    if data[:10].lstrip().startswith(RTF):
        return parse_text(parse_rtf(data), "rtf")
    decoded = decode(data)
    raw = parse_text(decoded.text, decoded.encoding)
    return raw._replace(notes=decoded.notes + raw.notes)


def parse_text(text: str, encoding: str) -> Raw:
    """Read the articles of an export that is text by now."""
    lines = re.sub(r"\r\n?", "\n", text).replace(PAGE_BREAK, f"\n{PAGE_BREAK}\n").split("\n")
    closings = [n + 1 for n, line in enumerate(lines) if closing_accession(line)]
    bounds = list(pairwise([0, *closings, len(lines)]))
    blocks = [lines[a:b] for a, b in bounds[:-1]]
    rest = lines[bounds[-1][0] :]
    if _place_of_head(rest) is not None:  # an article that breaks off
        blocks.append(rest)
    if not blocks:
        raise UnreadableError("text from Factiva without articles")
    records = [_record(block, is_first=not n) for n, block in enumerate(blocks)]
    notes = found_in_search([line for line in rest if line.strip()])
    problems = cut_off(
        [block[-1].strip() if closing_accession(block[-1]) else "" for block in blocks]
    )
    return Raw(records, encoding, notes, problems + _headless(records), 0, len(closings) or None)


def _headless(records: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    n = sum("outlet" not in record for record in records)
    return (f"{n} without the lines that should stand above an article",) if n else ()


def _place_of_head(lines: Sequence[str]) -> int | None:
    """Find the line from which on an article can be known: its length, or its first code."""
    printed = [n for n, line in enumerate(lines) if line.strip(" \t\f")]
    for n, following in pairwise(printed):
        if is_count(lines[n]) and is_date(lines[following]):
            return n
    parts = coded_parts([(n, lines[n]) for n in printed])
    return printed[parts[0].first] if parts else None


def _record(block: list[str], *, is_first: bool) -> dict[str, Any]:
    """Read one article, with or without its indexing."""
    place = _place_of_head(block)
    start = _start(block, place, is_first=is_first) if place is not None else 0
    segment = [(n, line) for n, line in enumerate(block) if n >= start and line.strip(" \t\f")]
    number = closing_accession(block[-1])
    parts = coded_parts(segment)
    record = _indexed(block, segment) if parts else _positional(block, segment)
    return record | ({"doc_id": number} if number else {})


def _start(block: list[str], place: int, *, is_first: bool) -> int:
    """Find where an article starts: at its page; the first stands behind a list of contents."""
    pages = [n for n in range(place) if block[n] == PAGE_BREAK]
    above = [n for n in range(pages[-1] + 1 if pages else 0, place) if block[n].strip(" \t\f")]
    if is_first and not pages:
        above = above[-TITLES + 1 :]
    return above[0] if above else place


def _indexed(block: list[str], segment: list[Line]) -> dict[str, Any]:
    """Read an article from its codes; the text is the lead and what follows it."""
    parts = coded_parts(segment)
    facts = facts_of_codes({part.code: part.value for part in reversed(parts)})
    text: list[str] = []
    for part in parts:
        if part.code in CODES_OF_TEXT:
            first, last = segment[part.first][0], segment[part.last][0]
            text += split_paragraphs([value_beside(block[first]), *block[first + 1 : last + 1]])
    return facts | text_and_captions(text, facts.get("graphic", ""))


def _positional(block: list[str], segment: list[Line]) -> dict[str, Any]:
    """Read an article without codes: its parts stand in one order in every language."""
    lines = [line for _, line in segment]
    head = find_head(lines)
    if not head:
        return text_and_captions(split_paragraphs([x for x in block if not closing_accession(x)]))
    facts = titles_of(lines[: head.counted]) | facts_after(lines[head.counted : head.end])
    end = len(lines) - bool(closing_accession(lines[-1]))
    if end - head.end > 1 and same_publisher(lines[end - 1], facts.get("copyright", "")):
        end -= 1
    if end <= head.end:
        return facts | {"text": None}
    first, last = segment[head.end][0], segment[end - 1][0]
    return facts | text_and_captions(split_paragraphs(block[first : last + 1]))


def split_paragraphs(lines: Sequence[str]) -> list[str]:
    r"""Cut at blank lines; where there are none, each line is a paragraph.

    Examples
    --------
    >>> split_paragraphs(["It rained.", "", "It", "stopped."])
    ['It rained.', 'It\nstopped.']
    >>> split_paragraphs(["It rained.", "It stopped."])
    ['It rained.', 'It stopped.']
    """
    bare = [" ".join(line.strip("|\f").split()) for line in lines]
    text = "\n".join(bare).strip("\n")
    return re.split(r"\n{2,}", text) if "\n\n" in text else text.split("\n") if text else []
