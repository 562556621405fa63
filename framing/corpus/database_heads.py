"""Find what the news database Factiva prints around an article, where it was left in the text.

An article saved from Factiva as text stands between a head and a tail:

    News                                    section (may be missing)
    Bridge closed for repairs               headline
    By Ada Ash                              byline (may be missing)
    1,234 words                             length, in the language of the interface
    3 March 2031                            date, likewise
    21:39                                   time (may be missing)
    Daily Herald                            outlet
    DHER                                    code of the outlet
    Late Edition                            edition (may be missing)
    12                                      page (may be missing)
    English                                 language
    (c) 2031 Herald Group                   copyright
    …                                       the article
    Document DHER000020310303ea3h0000j      accession number; after the last article of a file
                                            there follows a summary of the search

Or, when it was saved with its indexing, each part stands under a code of two or three letters.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from framing.corpus.readers._languages import code_of, language_code

Line = tuple[int, str]  # its number in the text and what it says

LONGEST_FACT = 80  # characters; a line of the head that is not headline or copyright is shorter
LONGEST_COPYRIGHT = 400
WORDS_OF_OWNER = 5  # in a copyright line that says nothing but a name and a year
LINES_BEFORE_COUNT = 8
LINES_AFTER_DATE = 9
LINES_OF_SUMMARY = 60

ACCESSION = r"[A-Za-z][A-Za-z0-9]{6,9}(?:19|20)\d{6}[A-Za-z0-9]{8,10}"
CLOSING = re.compile(rf"(?:\S{{1,20}}\s+|[^\x00-\x7f]{{1,10}})?(?P<accession>{ACCESSION})")
COUNT = re.compile(r"\d[\d.,'’\s]{0,11}[^\W\d_\s\ufffd]{0,2}(?:[^\W\d_]|\ufffd)[^\W\d_]{0,12}\.?")
TIME = re.compile(r"\d{1,2}[:.h]?\d\d(?::\d\d)?(?:\s+\S{1,10}){0,2}")
SOURCE_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]{1,9}")
PAGE = re.compile(r"(?=\S*\d)\S{1,12}|[A-Z]")
COPYRIGHT = re.compile(
    r"©|\(c\)|\bc (?:19|20)\d\d\b|copyright|alle rechte|all rights|tous droits|derechos|direitos|"
    r"diritti|rechten voorbehouden|права|版权|版權|著作権|저작권",
    re.IGNORECASE,
)
ENDS_IN_YEAR = re.compile(r".*\b(?:19|20)\d\d\b\W*")
BYLINE = re.compile(r"(?:by|von|par|por|di|da|door|av|af|przez)\s+\S.*", re.IGNORECASE)
NAMES = re.compile(r"(?:[^\W\d_a-z][\w.’'-]{0,25}(?:\s|,\s|\sand\s|\s&\s)?){2,6}")

YEAR = r"(?:1[6-9]|20|21)\d\d(?!\d)"
MONTH = r"[^\W\d_]{3,14}\.?"
DAY = r"\d{1,2}(?:\.|er|st|nd|rd|th|º|ª)?"
WEEKDAY = r"(?:(?:[^\W\d_]{2}[.,]+|[^\W\d_]{3,14}(?:-[^\W\d_]{2,8})?\.?,?)\s+)?"
DATE = (
    rf"(?:{WEEKDAY}{DAY}[\s-]+(?:de\s+)?{MONTH},?[\s-]+(?:de\s+)?{YEAR}"
    rf"|{WEEKDAY}{MONTH}\s+{DAY},?\s+{YEAR}"
    rf"|{YEAR}\s?[年년]\s?\d{{1,2}}\s?[月월]\s?\d{{1,2}}\s?[日일]"
    rf"|{YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d)"
    rf"|\d{{1,2}}[-/.]\d{{1,2}}[-/.]{YEAR})"
)
CLOCK = r"(?:\S{1,3}\s+)?\d{1,2}[:.h]\d\d.{0,20}"
DATED = re.compile(rf"(?P<date>{DATE})(?:,?\s+{CLOCK})?")

# The codes of an indexed article, in the order in which they are printed.
BEFORE_TEXT = "CLM SE HD BY CR WC PD ET SN SC NGC GC ED VOL PG LA CY CX"
AFTER_TEXT = "ART CT RF DLN CO IN NS RE IPD IPC PUB AN"
CODES_BEFORE = frozenset(BEFORE_TEXT.split())
CODES_OF_TEXT = frozenset({"LP", "TD"})
PLACE_AFTER = {code: place for place, code in enumerate(AFTER_TEXT.split())}
CODES = CODES_BEFORE | CODES_OF_TEXT | PLACE_AFTER.keys()
CODED = re.compile(
    r"\W{0,4}(?P<code>[A-Z]{2,3})(?:\s*[|]?\s*|[\t\xa0|]\s*(?P<tab>.*)|\s{2,}(?P<gap>.*))"
)


class Part(NamedTuple):
    """What stands under one code of an indexed article."""

    code: str
    first: int  # line with the code
    last: int  # last line of the part
    value: str


class Head(NamedTuple):
    """Lines of a head, by their place among the printed lines."""

    counted: int  # the length, or the date where no length is printed
    dated: int
    end: int  # the first line behind the head


def printed_date(text: str) -> str:
    """Give the date that a database printed above an article, as printed.

    Parameters
    ----------
    text : str
        An article with the head that Factiva gives it.

    Returns
    -------
    str
        The date, in the language of the interface; empty where there is no such head.

    Examples
    --------
    >>> printed_date("Bridge closed\\n97 words\\n3 March 2031\\nHerald\\nHER\\nEnglish\\nIt was.")
    '3 March 2031'
    >>> printed_date("The bridge closed on 3 March 2031.")
    ''
    """
    return head_facts(text).get("date", "")


def head_and_tail_lines(text: str) -> list[int]:
    """Number the lines that the database Factiva printed before and behind an article.

    Parameters
    ----------
    text : str
        An article, or several that were left in one text.

    Returns
    -------
    list of int
        Numbers of lines in `text.split("\\n")`, from 0, in order; lines without text between them
        are left out. Headline and byline belong to the head: keep what `head_facts` says of them
        before the lines are dropped.

    Examples
    --------
    >>> text = "Bridge closed\\n97 words\\n3 March 2031\\nHerald\\nHER\\nEnglish\\nIt was."
    >>> head_and_tail_lines(text)
    [0, 1, 2, 3, 4, 5]
    """
    found: list[int] = []
    for segment, follows in _segments(printed_lines(text)):
        found += _coded_frame(segment) or _frame(segment, follows)
    return found


def head_facts(text: str) -> dict[str, str]:
    """Read what the head above an article says of it.

    Parameters
    ----------
    text : str
        An article with the head that Factiva gives it.

    Returns
    -------
    dict
        What is printed of `headline`, `byline`, `section`, `length`, `date`, `outlet`, `edition`,
        `page`, `language`, `copyright` and `doc_id` (the accession number).

    Examples
    --------
    >>> text = "News\\nBridge\\n97 words\\n3 March 2031\\nHerald\\nHER\\n12\\nEnglish\\nIt was."
    >>> facts = head_facts(text)
    >>> facts["headline"], facts["outlet"], facts["page"], facts["language"]
    ('Bridge', 'Herald', '12', 'en')
    """
    segment = next((lines for lines, _ in _segments(printed_lines(text))), [])
    parts = coded_parts(segment)
    return facts_of_codes({part.code: part.value for part in parts}) or _facts_above(segment)


def printed_lines(text: str) -> list[Line]:
    """Number the lines that are not empty."""
    return [(number, line) for number, line in enumerate(text.split("\n")) if line.strip()]


def _segments(lines: list[Line]) -> list[tuple[list[Line], bool]]:
    """Cut behind each closing line; tell of each piece whether it follows another."""
    closings = [n for n, (_, line) in enumerate(lines) if closing_accession(line)]
    bounds = [0, *(n + 1 for n in closings), len(lines)]
    return [(lines[a:b], a > 0) for a, b in pairwise(bounds) if a < b]


def closing_accession(line: str) -> str:
    """Give the accession number of a line that closes an article, or nothing.

    Examples
    --------
    >>> closing_accession("Dokument HERA000020310303ea3h0000j"), closing_accession("Document it.")
    ('HERA000020310303ea3h0000j', '')
    """
    bare = line.strip()
    match = CLOSING.fullmatch(bare) if len(bare) <= LONGEST_FACT else None
    return match["accession"] if match else ""


def _frame(segment: list[Line], follows: bool) -> list[int]:
    """Lines of the head and tail of one article; a summary of the search is tail as a whole."""
    head = find_head([line for _, line in segment])
    closed = bool(closing_accession(segment[-1][1]))
    if not head and follows and not closed and len(segment) <= LINES_OF_SUMMARY:
        return [number for number, _ in segment]
    n_head = head.end if head else 0
    n_tail = _n_closing(segment[n_head:], segment[:n_head]) if closed else 0
    kept = len(segment) - n_tail
    return [number for number, _ in segment[:n_head] + segment[max(kept, n_head) :]]


def _n_closing(body: list[Line], head: list[Line]) -> int:
    """Count the lines that close an article: a publisher known from the copyright, the number."""
    named = head[-1][1] if head and COPYRIGHT.search(head[-1][1]) else ""
    return 2 if len(body) > 1 and same_publisher(body[-2][1], named) else 1


def same_publisher(line: str, copyright_line: str) -> bool:
    """Tell whether a short line names the publisher that a copyright line names.

    Examples
    --------
    >>> same_publisher("Herald Group Limited", "(c) 2031 Herald Group Ltd")
    True
    >>> same_publisher("He lives in Dublin.", "(c) 2031 Herald Group Ltd")
    False
    """
    words, named = _names_in(line), _names_in(copyright_line)
    bare = line.strip()
    short = len(bare) <= LONGEST_FACT and not bare.endswith((".", "?", "!", "”", '"'))
    return short and len(words & named) >= max(2, len(words) / 2)


def _names_in(line: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{3,}", line.casefold())) - {"the", "and", "der", "die", "les"}


def find_head(lines: Sequence[str]) -> Head | None:
    """Find the head at the beginning of an article's printed lines: a length, then a date."""
    for n in range(min(len(lines), LINES_BEFORE_COUNT)):
        counted = n + 1 < len(lines) and is_count(lines[n])
        if counted and is_date(lines[n + 1]):
            return Head(n, n + 1, _end_of_head(lines, n + 2))
        if n and is_date(lines[n]) and _has_outlet(lines[n + 1 :]):
            return Head(n, n, _end_of_head(lines, n + 1))
    return None


def is_count(line: str) -> bool:
    """Tell a declared length (`1.234 Wörter`, `808 words`, `512 字`)."""
    bare = line.strip()
    return len(bare) <= 30 and bool(COUNT.fullmatch(bare))


def is_date(line: str) -> bool:
    """Tell a line that holds nothing but a date, and perhaps a time."""
    bare = line.strip()
    return len(bare) <= LONGEST_FACT and bool(DATED.fullmatch(bare))


def _has_outlet(lines: Sequence[str]) -> bool:
    """Where no length is printed, outlet, code and language must follow the date."""
    facts = [line.strip() for line in lines[:LINES_AFTER_DATE]]
    facts = facts[1:] if facts and TIME.fullmatch(facts[0]) else facts
    coded = len(facts) > 2 and facts[1].isupper() and bool(SOURCE_CODE.fullmatch(facts[1]))
    return coded and any(map(code_of, facts[2:]))


def _end_of_head(lines: Sequence[str], start: int) -> int:
    """Find the first line of the article: behind the language and the copyright."""
    near = range(start, min(start + LINES_AFTER_DATE, len(lines)))
    spoken = next((n for n in near if len(lines[n]) <= LONGEST_FACT and code_of(lines[n])), None)
    if spoken is not None:
        return spoken + 1 + (spoken + 1 < len(lines) and is_copyright(lines[spoken + 1]))
    claimed = next((n for n in near if is_copyright(lines[n])), None)
    if claimed is not None:
        return claimed + 1
    codes = [n for n in near[:3] if lines[n].isupper() and SOURCE_CODE.fullmatch(lines[n].strip())]
    return codes[0] + 1 if codes else start


def is_copyright(line: str) -> bool:
    """Tell a copyright line: it says so, or it is short and ends in a year."""
    bare = line.strip()
    if len(bare.split()) <= WORDS_OF_OWNER and ENDS_IN_YEAR.fullmatch(bare):
        return True
    return len(bare) <= LONGEST_COPYRIGHT and bool(COPYRIGHT.search(bare))


def _facts_above(segment: list[Line]) -> dict[str, str]:
    lines = [line for _, line in segment]
    head = find_head(lines)
    if not head:
        return {}
    accession = closing_accession(lines[-1])
    number = {"doc_id": accession} if accession else {}
    return titles_of(lines[: head.counted]) | facts_after(lines[head.counted : head.end]) | number


def titles_of(lines: Sequence[str]) -> dict[str, str]:
    """Tell section, headline and byline apart among the lines above the length.

    Examples
    --------
    >>> titles_of(["News", "Bridge closed for repairs", "By Ada Ash"])
    {'headline': 'Bridge closed for repairs', 'byline': 'By Ada Ash', 'section': 'News'}
    """
    kept = [line.strip("\ufeff\r\f") for line in lines if not line.startswith("{")]
    place = _place_of_byline(kept)
    bare = [line.strip() for line in kept]
    titles = bare[:place]
    facts = {"headline": titles[-1]} if titles else {}
    facts |= {"byline": bare[place]} if place < len(bare) else {}
    return facts | ({"section": titles[-2]} if len(titles) > 1 else {})


def _place_of_byline(lines: Sequence[str]) -> int:
    """Find the byline: it says “by”, or ends in the blanks that Factiva prints behind names."""
    for n, line in enumerate(lines):
        shorter = n and len(line.strip()) < len(lines[n - 1].strip())
        if n and (BYLINE.fullmatch(line.strip()) or (shorter and line.endswith("  "))):
            return n
    last = len(lines) - 1
    if last > 0 and NAMES.fullmatch(lines[last].strip()) and len(lines[last - 1].split()) >= 4:
        return last
    return len(lines)


def facts_after(lines: Sequence[str]) -> dict[str, str]:
    """Read length, date, outlet, edition, page, language and copyright from their order.

    Examples
    --------
    >>> facts_after(["97 words", "3 March 2031", "Herald", "HER", "English", "(c) Herald"])
    {'length': '97', 'date': '3 March 2031', 'outlet': 'Herald', 'language': 'en',
    'copyright': '(c) Herald'}
    """
    rest = [line.strip() for line in lines]
    facts: dict[str, str] = {}
    if rest and is_count(rest[0]):
        facts["length"] = digits_of(rest.pop(0))
    if rest and (dated := DATED.fullmatch(rest[0])):
        facts["date"] = dated["date"]
        rest.pop(0)
    if len(rest) > 1 and TIME.fullmatch(rest[0]):
        rest.pop(0)
    return facts | _facts_of_source(rest)


def digits_of(count: str) -> str:
    """Give a declared length as a number: `1.234 Wörter` is 1234."""
    return re.sub(r"\D", "", count)


def _facts_of_source(rest: list[str]) -> dict[str, str]:
    """Read outlet and code, edition and page, language and copyright."""
    facts = {"outlet": rest[0]} if rest else {}
    rest = rest[1:]
    rest = rest[1:] if rest and SOURCE_CODE.fullmatch(rest[0]) and not code_of(rest[0]) else rest
    spoken = next((n for n in reversed(range(len(rest))) if code_of(rest[n])), None)
    if spoken is None and rest:
        spoken = len(rest) - (2 if is_copyright(rest[-1]) and len(rest) > 1 else 1)
        spoken = spoken if not is_copyright(rest[spoken]) else None
    middle = rest[:spoken] if spoken is not None else [x for x in rest if not is_copyright(x)]
    paged = middle and PAGE.fullmatch(middle[-1])
    facts |= {"edition": "; ".join(middle[:-1] if paged else middle)}
    facts |= {"page": middle[-1]} if paged else {}
    facts |= {"language": language_code(rest[spoken])} if spoken is not None else {}
    facts |= {"copyright": rest[-1]} if rest and is_copyright(rest[-1]) else {}
    return {name: fact for name, fact in facts.items() if fact}


def _coded_frame(segment: list[Line]) -> list[int]:
    """Lines of an indexed article that are not its text; the codes of the text are not either."""
    parts = coded_parts(segment)
    text = [part for part in parts if part.code in CODES_OF_TEXT]
    if not text:
        return []
    labels = {part.first for part in text if not value_beside(segment[part.first][1])}
    inside = {n for part in text for n in range(part.first, part.last + 1)} - labels
    return [number for n, (number, _) in enumerate(segment) if n not in inside]


def value_beside(line: str) -> str:
    """Give what stands beside a code on its line.

    Examples
    --------
    >>> value_beside("SN   Daily Herald"), value_beside("SN")
    ('Daily Herald', '')
    """
    coded = CODED.fullmatch(line.rstrip())
    return (coded["tab"] or coded["gap"] or "").strip(" \t\xa0|") if coded else ""


def coded_parts(segment: Sequence[Line]) -> list[Part]:
    """Cut an indexed article at its codes, in the order in which Factiva prints them.

    Lines that only look like a code, such as a paragraph “US”, are out of order and stay text.
    """
    marks = _codes_in_order([(n, _code_of(line)) for n, (_, line) in enumerate(segment)])
    codes = {code for _, code in marks}
    if len(codes & {"HD", "PD", "SN", "AN"}) < 2:
        return []
    ends = [n for n, _ in marks[1:]] + [len(segment)]
    return [
        Part(code, n, end - 1, _value(segment, n, end))
        for (n, code), end in zip(marks, ends, strict=True)
    ]


def _code_of(line: str) -> str:
    coded = CODED.fullmatch(line.rstrip()) if line.strip()[:3].strip(" |\t\xa0").isupper() else None
    return coded["code"] if coded and coded["code"] in CODES else ""


def _codes_in_order(marks: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Keep the codes before the text, those of the text, and those behind it that are in order."""
    coded = [(n, code) for n, code in marks if code]
    lead = next((i for i, (_, code) in enumerate(coded) if code in CODES_OF_TEXT), len(coded))
    before = [mark for mark in coded[:lead] if mark[1] in CODES_BEFORE]
    rest = coded[lead:]
    text = rest[:1] + [mark for mark in rest[1:] if mark[1] == "TD"][:1]
    last_text = text[-1][0] if text else -1
    after: list[tuple[int, str]] = []
    for n, code in reversed(rest):
        place = PLACE_AFTER.get(code, -1)
        limit = PLACE_AFTER[after[-1][1]] if after else len(PLACE_AFTER)
        if n > last_text and -1 < place < limit:
            after.append((n, code))
    return before + text + after[::-1]


def _value(segment: Sequence[Line], start: int, end: int) -> str:
    lines = [value_beside(segment[start][1]), *(line for _, line in segment[start + 1 : end])]
    return "\n".join(line.strip(" \t\xa0|") for line in lines).strip()


FIELD_OF_CODE = {
    "HD": "headline",
    "BY": "byline",
    "SE": "section",
    "PG": "page",
    "ED": "edition",
    "SN": "outlet",
    "CY": "copyright",
    "ART": "graphic",
}


def facts_of_codes(values: dict[str, str]) -> dict[str, str]:
    """Give the parts of an indexed article their names.

    Examples
    --------
    >>> facts_of_codes({"HD": "Bridge", "WC": "97 mots", "LA": "Français", "NS": "gpol : Politics"})
    {'headline': 'Bridge', 'length': '97', 'language': 'fr', 'subjects': 'Politics'}
    """
    one_line = {code: " ".join(value.split()) for code, value in values.items()}
    facts = {field: one_line.get(code, "") for code, field in FIELD_OF_CODE.items()}
    facts["section"] = facts["section"] or one_line.get("CLM", "")
    dated = DATED.fullmatch(one_line.get("PD", ""))
    number = CLOSING.fullmatch(one_line.get("AN", ""))
    facts |= {
        "length": digits_of(one_line.get("WC", "")),
        "date": dated["date"] if dated else one_line.get("PD", ""),
        "language": language_code(one_line.get("LA", "")),
        "subjects": labels_of(one_line.get("NS", "")),
        "doc_id": number["accession"] if number else "",
    }
    return {field: fact for field, fact in facts.items() if fact}


def labels_of(indexing: str) -> str:
    """Give the labels of `code : label | code : label`, separated by semicolons."""
    labels = [entry.rpartition(" : ")[2].strip() for entry in indexing.split("|")]
    return "; ".join(label for label in labels if label)
