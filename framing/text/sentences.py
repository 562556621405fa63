"""Where sentences begin and end, by a short list of rules and a frozen list of abbreviations.

Nothing is learnt from the corpus, so a sentence keeps its place and its number when articles are
added. One pattern finds every mark that may end a sentence; a few questions about the word before
and the word after decide.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_ALWAYS = "。！？｡؟۔।॥።፧։။។\u037e"  # ends a sentence with or without a space after it
_MARK = rf".!?…‼⁇⁈⁉{_ALWAYS}"
_CLOSER = "\"'’”‘“»«›‹)\\]}」』）】》〉"
_BULLET = "•⁃‣▪●◦■□"
_NUMBERED = r"\(?(?:\d{1,3}|[a-z])(?:\.\)|[.)])(?!\S)"
_ITEM = rf"(?:[{_BULLET}]|[-*–—][^\S\n]++(?![a-z])|{_NUMBERED})"
_LONGEST_ITEM = 1_000  # characters in which the next item of a list in one line is looked for

_CANDIDATE = re.compile(
    rf"([{_MARK}]++)"  # the mark
    rf"((?:[{_CLOSER}]|[^\S\n]»(?!\S))*+)"  # closing quotes and brackets
    rf"(\s*+)"  # the white space after them
    rf"((?:[^\w\s{_MARK}]++[^\S\n]?)*+)"  # opening quotes, brackets, dashes, $
    rf"(?=(\w*+(?:-\w++)?+))"  # the next word
)
_BREAK = re.compile(
    rf"\n[^\S\n]*+\n\s*+|[\f\v\u2029]\s*+|\n(?=[^\S\n]*+{_ITEM})|(?<=\s)(?=[{_BULLET}])"
)
_LEAD = re.compile(r"[\W_]*+(?:(?:\d{1,3}|[^\W\d_])[.)]+(?!\S))?+")
_ITEM_START = re.compile(_ITEM)
_NUMBER = re.compile(r"(\(?)(\d{1,3}|[a-z])(\.\)|[.)])(?!\S)")
_LINE_END = re.compile(r"\n[^\S\n]*+(?![a-z])")
_LETTERS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_RESUMED = re.compile(r"(?<=\S\.) \. \. \. +[A-Z]")
_UP_TO_WORD = re.compile(rf".*[\s\-–—(\[\"'“‘„«{_ALWAYS}]", re.DOTALL)
_SPEAKER = re.compile(
    r"(?:[A-Z][\w.’'-]*+[^\S\n]+){1,3}+(?:said|says|asked|asks|wrote|writes|told|added|replied)\b"
)


def split_sentences(text: str) -> list[str]:
    """Split one text into sentences.

    Parameters
    ----------
    text : str
        An article, its paragraphs divided by blank lines.

    Returns
    -------
    list of str
        The sentences in reading order, as they stand in the text, without the white space around
        them. Nothing but white space is lost.

    Raises
    ------
    TypeError
        If `text` is not a string.

    Notes
    -----
    A sentence ends

    1. at a blank line, before a bullet and before a line that begins with a list mark, and before
       the next number of a list that runs on in one line (`1. … 2. …`);
    2. after ``. ! ? …`` and the quotes and brackets that close there, when white space follows and
       the next word does not begin in lower case (so `“What next?” he asked.` is one sentence);
    3. after the marks of other scripts, ``。！？؟۔।`` among them, with or without a space.

    A full stop does not end one after an abbreviation. Those of the list `abbreviations.txt` are
    of three kinds: titles and the like never end a sentence (`Mr. Smith`), some do unless a number
    follows (`No. 5`), and some do only before a word that begins sentences, such as The, He or But
    (`in the U.S. He left`, but `U.S. Defense Secretary`). Single letters and letters with stops
    between them are of the third kind. An ellipsis ends a sentence before a capital other than I;
    one in brackets and one of three spaced stops never does. A question or exclamation that
    closes a quotation does not end the sentence that names its speaker (`“Why?” Smith asked.`).

    Examples
    --------
    >>> split_sentences("He works for the U.S. Senate. “What next?” he asked at 5 p.m. Monday.")
    ['He works for the U.S. Senate.', '“What next?” he asked at 5 p.m. Monday.']
    """
    return [text[start:end] for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Give the place of every sentence of one text.

    Parameters
    ----------
    text : str
        An article, its paragraphs divided by blank lines.

    Returns
    -------
    list of (int, int)
        Start and end of each sentence, in characters of `text`, the end not included. Spans are
        in order, do not overlap and begin and end with a character that is not white space; every
        such character of the text is in one of them. The rules are those of `split_sentences`.

    Raises
    ------
    TypeError
        If `text` is not a string.

    Examples
    --------
    >>> sentence_spans("It rained.  Why? ")
    [(0, 10), (12, 16)]
    """
    if not isinstance(text, str):
        raise TypeError(
            f"A text must be a string, not {type(text).__name__}. "
            "Drop articles without text: articles.dropna(subset=['text'])"
        )
    return [span for block in _blocks(text) for span in _sentences(text, *block)]


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Cut where the layout alone ends a sentence: blank lines, list items, bullets."""
    start = 0
    for gap in _BREAK.finditer(text):
        yield from _trimmed(text, start, gap.start())
        start = gap.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end].rstrip()
    if kept := len(piece.lstrip()):
        yield start + len(piece) - kept, start + len(piece)


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop, following = _first_end(text, start, _next_item(text, start, end))
        yield from _trimmed(text, start, stop)
        start = following


def _next_item(text: str, start: int, end: int) -> int:
    """Give the start of the next list item, or of the line after the list; else `end`."""
    if not _ITEM_START.match(text, start, end):
        return end
    limit = min(end, start + _LONGEST_ITEM)
    if number := _NUMBER.match(text, start, end):
        opening, value, closing = number.groups()
        follower = str(int(value) + 1) if value.isdigit() else chr(ord(value) + 1)
        place = text.find(f" {opening}{follower}{closing} ", number.end(), limit)
        end = limit = place + 1 if place >= 0 else end
    line = _LINE_END.search(text, start, limit)
    return line.end() if line else end


def _first_end(text: str, start: int, end: int) -> tuple[int, int]:
    """Give the end of the sentence that begins at `start`, and the start of the one after it."""
    lead = _LEAD.match(text, start, end)
    first = lead.end() if lead else start
    for candidate in _CANDIDATE.finditer(text, start, end):
        if candidate.start() >= first and _ends(text, candidate):
            return candidate.end(2), candidate.end(3)
    return end, end


def _ends(text: str, candidate: re.Match[str]) -> bool:
    """Decide whether a mark ends a sentence, from the words on both sides."""
    mark, closers, space, opening, word = candidate.groups()
    if mark[-1] in _ALWAYS:
        return True
    if not space:
        return _space_is_missing(text, candidate)
    if not word:
        return bool(_RESUMED.match(text, candidate.end(1)))
    if word[0].islower() and (closers or word.islower()):
        return False
    if text[candidate.start() - 1] in "([":
        return False
    if mark == ".":
        return _full_stop_ends(text, candidate.start(), opening, word)
    if mark[-1] in ".…":
        return word != "I"
    return _question_ends(text, candidate)


def _space_is_missing(text: str, candidate: re.Match[str]) -> bool:
    """Tell `the town.But` from `example.com`."""
    if candidate[5] not in _listed("starter") or len(candidate[1]) > 1:
        return False
    before = text[max(candidate.start() - 2, 0) : candidate.start()]
    after = text[candidate.end(5) : candidate.end(5) + 1]
    return len(before) == 2 and before.isalpha() and before.islower() and after not in {".", "@"}


def _full_stop_ends(text: str, stop: int, opening: str, word: str) -> bool:
    """Decide about a single full stop, with the word before it."""
    before = _word_before(text, stop)
    if not before:
        return text.endswith(" . . . ", 0, stop) or not text.endswith(". ", 0, stop)
    if before in _listed("never"):
        return False
    if before in _listed("number"):
        return not word[0].isdigit()
    if before in _listed("maybe") or _LETTERS.fullmatch(before):
        return word in _listed("starter") and not opening.startswith(("-", "–", "—"))
    return not (before.isdigit() and len(before) < 3 and word in _listed("month"))


def _word_before(text: str, stop: int) -> str:
    """Read back from a full stop to a space, a hyphen or an opening mark; at most 20 characters."""
    start = max(stop - 20, 0)
    rest = _UP_TO_WORD.match(text, start, stop)
    return text[rest.end() if rest else start : stop]


def _question_ends(text: str, candidate: re.Match[str]) -> bool:
    """Decide about `?` and `!`: a quoted question may be followed by its speaker."""
    word = candidate[5]
    if word in _listed("starter") and word not in _listed("never"):
        return True
    if candidate[2]:
        return not _SPEAKER.match(text, candidate.end(3))
    return _word_before(text, candidate.end(1)) not in _listed("maybe")


def _listed(kind: str) -> frozenset[str]:
    return _abbreviations()[kind]


@cache
def _abbreviations() -> dict[str, frozenset[str]]:
    """Read the frozen list, kind by kind."""
    lines = files("framing.text").joinpath("abbreviations.txt").read_text("utf-8").splitlines()
    kinds: dict[str, list[str]] = {}
    kind = ""
    for line in lines:
        entries = line.partition("#")[0].split()
        if entries and entries[0].startswith("["):
            kind = entries[0].strip("[]")
        elif entries:
            kinds.setdefault(kind, []).extend(entries)
    return {kind: frozenset(entries) for kind, entries in kinds.items()}
