"""Text exports of the LexisNexis before Nexis Uni ("1 of 10 DOCUMENTS")."""

import re
from collections.abc import Sequence

from framing.corpus.encoding import UnreadableError, decode
from framing.corpus.readers import Raw
from framing.corpus.readers._legacy import Block, Marked, parse_documents, read_counter, split_label
from framing.corpus.readers._lexis import field_of_label, join_runs

FORMAT = "lexisnexis txt"
PRECEDENCE = 10
SAMPLE = 100_000
# "Selected Items: 1-10, 12", in any language the first line of the file
SELECTED = re.compile(
    r".{3,60}:\s+(\d{1,6}(?:\s*-\s*\d{1,6})?(?:\s*[,;]\s*\d{1,6}(?:-\d{1,6})?)*)\s*$"
)
CENTRED = 10  # spaces before a line in the middle
NEEDED = {"length", "load_date"}  # labels of a single article without a counter


def recognise(data: bytes, name: str) -> bool:
    """Recognise by a line that counts documents, or by the labels of a single article."""
    start = data[:SAMPLE].lstrip(b"\xef\xbb\xbf \t\r\n\x0c")
    if not start or start[:1] in b"<{[" or start[:2] == b"PK":
        return False
    try:
        lines = decode(data[:SAMPLE]).text.splitlines()
    except UnreadableError:
        return False
    return any(map(read_counter, lines)) or _labels_in(lines) >= NEEDED


def _labels_in(lines: Sequence[str]) -> set[str]:
    return {field_of_label(label) for label, _ in map(split_label, lines) if label}


def parse(data: bytes, name: str) -> Raw:
    """Read the articles behind the document counters; the header tells how many there should be."""
    text, encoding, notes = decode(data)
    raw = parse_text(text)
    return raw._replace(encoding=encoding, notes=notes + raw.notes)


def parse_text(text: str) -> Raw:
    """Read the articles in a text whose blocks are parted by empty lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n").split("\n")
    counters = [(place, found) for place, line in enumerate(lines) if (found := read_counter(line))]
    if not counters:
        return parse_documents([Marked(0, 0, make_blocks(lines))], None)
    ends = [place for place, _ in counters[1:]] + [len(lines)]
    documents = [
        Marked(*found, make_blocks(lines[place + 1 : end]))
        for (place, found), end in zip(counters, ends, strict=True)
    ]
    return parse_documents(documents, count_selected(lines[: counters[0][0]]))


def count_selected(header: Sequence[str]) -> int | None:
    """Count the items the header's first line names.

    Examples
    --------
    >>> count_selected(["", "Download Request: Selected Items: 1-10, 12", "Terms: war 1-3"])
    11
    """
    first = next((line for line in header if line.strip("\ufeff \t")), "")
    found = SELECTED.fullmatch(first[:500])
    if not found:
        return None
    ranges = [re.findall(r"\d+", part) for part in re.split(r"[,;]", found[1])]
    return sum(abs(int(part[-1]) - int(part[0])) + 1 for part in ranges if part)


def make_blocks(lines: Sequence[str]) -> list[Block]:
    """Group lines between empty ones."""
    groups: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [_block(group) for group in groups if group]


def _block(lines: list[str]) -> Block:
    centred = all(len(line) - len(line.lstrip()) >= CENTRED for line in lines)
    label, first = ("", lines[0]) if centred else split_label(lines[0])
    return Block(_paragraphs([first, *lines[1:]]), label, centred, wrapped=True)


def _paragraphs(lines: Sequence[str]) -> tuple[str, ...]:
    """Keep lines apart in a centred block or list, else join them; an indented one begins anew."""
    indented = [line[:1].isspace() for line in lines]
    anew = [inside and not all(indented) for inside in indented[1:]]
    return tuple(join_runs([line.strip() for line in lines], [not new for new in anew], "\n"))
