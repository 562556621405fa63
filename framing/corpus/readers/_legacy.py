"""The articles of the LexisNexis before Nexis Uni, from the blocks of TXT, RTF or HTML."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import Raw
from framing.corpus.readers._lexis import (
    ABOVE,
    BELOW,
    COPYRIGHT,
    field_of_label,
    finish,
    is_date,
    other_name,
    tidy,
)

# "1 of 10 DOCUMENTS", "Dokument 1 von 10", "Document 1 de 10", "1 van 10 DOCUMENTEN" …
NUMBER = r"(\d{1,3}(?:[.,\u00a0 ]\d{3})*|\d{1,7})"
NOUN = r"(?:DO[CK]\w{4,9}|ДОКУМЕНТ\w{0,3})"
COUNTER = re.compile(
    rf"[ \t]*(?:{NOUN}\s+)?{NUMBER}\s+[^\W\d]{{1,5}}\s+{NUMBER}(?:\s+{NOUN})?[ \t]*$", re.IGNORECASE
)
HAS_NOUN = re.compile(NOUN, re.IGNORECASE)
LABEL = re.compile(r"\s*(?P<label>[^\W\d_](?:[^\W\d_]|[- ./()]){1,30}):(?:\s+|$)")
MAX_TOP, MAX_LINES, MAX_LOOSE = 6, 8, 3
Fields = dict[str, list[str]]


class Block(NamedTuple):
    """A block between empty lines, or a box of a page."""

    paragraphs: tuple[str, ...]
    label: str = ""  # as printed, without the colon
    centred: bool = False
    wrapped: bool = False  # its line ends mean nothing


class Marked(NamedTuple):
    """One document of an export: its number and total, where printed, and its blocks."""

    number: int
    total: int
    blocks: list[Block]


def read_counter(line: str) -> tuple[int, int] | None:
    """Read number and total of the line that begins a document.

    Examples
    --------
    >>> read_counter("        2001 of 2146 DOCUMENTS"), read_counter("Dokument 3 von 10")
    ((2001, 2146), (3, 10))
    >>> read_counter("2 of 3 soldiers") is None
    True
    """
    found = COUNTER.match(line[:80]) if len(line) < 200 else None
    if not found or not HAS_NOUN.search(line):
        return None
    return int(re.sub(r"\D", "", found[1])), int(re.sub(r"\D", "", found[2]))


def split_label(line: str) -> tuple[str, str]:
    """Part a label in capitals from the line behind it; there may be none.

    Examples
    --------
    >>> split_label("LOAD-DATE: January 11, 2010"), split_label("LÄNGE: 300 Wörter")
    (('LOAD-DATE', 'January 11, 2010'), ('LÄNGE', '300 Wörter'))
    >>> split_label("He said: no.")
    ('', 'He said: no.')
    """
    found = LABEL.match(line[:60])
    if not found or found["label"] != found["label"].upper():
        return "", line
    return found["label"], line[found.end() :]


def parse_documents(documents: Sequence[Marked], declared: int | None) -> Raw:
    """Read every document; those the database could not show are counted as lost."""
    read = [read_article(document.blocks) for document in documents]
    records = [record for record in read if record]
    if not records:
        raise UnreadableError("an export of LexisNexis without an article that can be read")
    n_lost = len(read) - len(records)
    problems = (f"{n_lost} dropped: the database did not show the article",) if n_lost else ()
    numbers = [document for document in documents if document.number]
    return Raw(
        records,
        notes=_range_note(numbers),
        problems=problems,
        n_lost=n_lost,
        declared=declared if declared is not None else count_declared(numbers),
    )


def count_declared(numbered: Sequence[Marked]) -> int | None:
    """Count the documents from the first number in the file to the total most of them name."""
    if not numbered:
        return None
    total = Counter(document.total for document in numbered).most_common(1)[0][0]
    return max(total - numbered[0].number + 1, 0)


def _range_note(numbered: Sequence[Marked]) -> tuple[str, ...]:
    if not numbered or numbered[0].number == 1:
        return ()
    first, last = numbered[0].number, numbered[-1].number
    return (f"documents {first} to {last} of {numbered[-1].total} found",)


def read_article(blocks: Sequence[Block]) -> dict[str, str]:
    """Read one document; nothing is left of one without any field, as error messages are."""
    blocks = [block for block in blocks if block.label or any(map(str.strip, block.paragraphs))]
    n_top = _end_of_top(blocks)
    fields = _read_top(blocks[:n_top])
    if not fields.get("date") and not any(block.label for block in blocks):
        return {}
    head_end = _end_of_head(blocks, n_top)
    tail = _start_of_tail(blocks, head_end)
    _read_labels(blocks[n_top:head_end], fields)
    _read_labels(blocks[tail:], fields)
    body = [p for block in blocks[head_end:tail] for p in _body_of(block)]
    return finish(fields, fields.pop("text", []) + body)


def _body_of(block: Block) -> list[str]:
    """The paragraphs of a block; a label inside the text belongs to it."""
    first, *rest = _plain(block) or [""]
    known = not block.label or field_of_label(block.label) == "text"
    return [first if known else f"{block.label}: {first}", *rest]


def _plain(block: Block) -> list[str]:
    return [p.replace("\n", " ") if block.wrapped else p for p in block.paragraphs]


def _end_of_top(blocks: Sequence[Block]) -> int:
    """Outlet, date and headline stand above the first label, or in the first three blocks."""
    top = blocks[:MAX_TOP]
    labels = [place for place, block in enumerate(top) if block.label]
    long = [place for place, block in enumerate(top) if _n_lines(block) > MAX_LINES]
    end = min([*labels[:1], *long[:1], len(top)])
    below = labels[:1] == [end] and field_of_label(blocks[end].label) in BELOW
    return min(end, 3) if below or not labels else end


def _n_lines(block: Block) -> int:
    return sum(paragraph.count("\n") + 1 for paragraph in block.paragraphs)


def _read_top(top: Sequence[Block]) -> Fields:
    """Read outlet, date with edition, and headline, which stand in this order without labels."""
    lines = [(place, line) for place, block in enumerate(top) for line in _lines(block)]
    dates = [n for n, (_, line) in enumerate(lines) if n and is_date(line)]
    if not dates:
        texts = [" ".join(_lines(block)) for block in top]
        return {"outlet": texts[:1], "headline": texts[1:]}
    place, date = lines[dates[0]]
    before = [line for _, line in lines[: dates[0]]]
    below = [line for at, line in lines[dates[0] + 1 :] if at == place or top[at].centred]
    title = [" ".join(_lines(top[at])) for at in range(place + 1, len(top)) if not top[at].centred]
    title = title or [line for at, line in lines[dates[0] + 1 :] if at > place]
    return {
        "outlet": [" ".join(before)],
        "date": [date],
        "edition": [line.strip(";, ") for line in below if line not in title],
        "headline": [join_titles(title)],
    }


def _lines(block: Block) -> list[str]:
    return [tidy(line) for p in block.paragraphs for line in p.split("\n") if line.strip()]


def join_titles(titles: Sequence[str]) -> str:
    """Join the parts of a headline.

    Examples
    --------
    >>> join_titles(["First part;", "second part", "third"])
    'First part; second part; third'
    """
    parts = [
        title if title.endswith((";", ":", ".", "?", "!")) else f"{title};" for title in titles
    ]
    return " ".join([*parts[:-1], *titles[-1:]])


def _end_of_head(blocks: Sequence[Block], start: int) -> int:
    """The labels above the text end with the last known one of their first run."""
    end = start
    for place, block in enumerate(blocks[start:], start=start):
        field = field_of_label(block.label) if block.label else ""
        if field == "text":
            return place
        if field in ABOVE:
            end = place + 1
        elif not block.label and not _is_above(blocks[place + 1 : place + 2]):
            return end
    return end


def _is_above(blocks: Sequence[Block]) -> bool:
    return any(block.label and field_of_label(block.label) in ABOVE for block in blocks)


def _start_of_tail(blocks: Sequence[Block], start: int) -> int:
    """Go up from the end over labels, what continues them, and the copyright."""
    tail, loose = len(blocks), 0
    for place in range(len(blocks) - 1, start - 1, -1):
        block = blocks[place]
        field = field_of_label(block.label) if block.label else ""
        if (field and field != "text") or (block.label and not field and not loose):
            tail, loose = place, 0
        elif _is_notice(block) and tail == place + 1:
            tail = place
        elif loose == MAX_LOOSE or field == "text":
            return tail
        elif not _is_notice(block):
            loose += 1
    return tail


def _is_notice(block: Block) -> bool:
    """Tell copyright and other centred lines from text."""
    first = block.paragraphs[0].strip() if block.paragraphs else ""
    return not block.label and (block.centred or bool(COPYRIGHT.match(first)))


def _read_labels(blocks: Sequence[Block], fields: Fields) -> None:
    """Read labelled blocks; what follows one without a known label belongs to a graphic."""
    field = ""
    for block in blocks:
        known = field_of_label(block.label) if block.label else ""
        goes_on = not block.label or (field == "graphic" and not known)
        field = field if goes_on else known or other_name(block.label)
        if field and not _is_notice(block):
            values = _plain(block) if not goes_on else _body_of(block)
            fields.setdefault(field, []).extend(values)
