"""GDELT: article lists of the DOC interface, read; events, mentions and GKG, refused by name.

The date of an article list is when GDELT saw the page, in UTC; most pages are seen within hours of
their publication. Headlines keep GDELT's spaces before punctuation.
"""

import re

import pandas as pd

from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import Raw, delimited, json_records
from framing.corpus.readers._tables import header_of

FORMAT = "gdelt"
PRECEDENCE = 10
SUFFIXES = (".csv", ".tsv", ".json")
LISTS = (
    frozenset({"url", "title", "seendate", "domain"}),
    frozenset({"url", "title", "date", "mobileurl"}),
)
JSON_LIST = re.compile(rb'\s*\{\s*"articles"\s*:\s*\[\s*\{')
JSON_SIGN = re.compile(rb'(?<!\\)"seendate"\s*:')
NAMES = {"title": "headline", "seendate": "date", "domain": "outlet"}
LIMIT = 250

# What GDELT's other tables are, by a column of their header or by the look of a row without one.
BY_COLUMN = {
    "mentionidentifier": "a GDELT table of mentions",
    "goldsteinscale": "a GDELT table of events",
    "gkgrecordid": "a GDELT knowledge graph (GKG)",
    "v2enhancedthemes": "a GDELT knowledge graph (GKG)",
}
BY_ROW = {
    rb"\d{6,12}\t\d{14}\t\d{14}\t[1-6]\t": "a GDELT table of mentions",
    rb"\d{6,12}\t\d{8}\t\d{6}\t\d{4}\t\d{4}\.\d+\t": "a GDELT table of events",
    rb"\d{14}-T?\d+\t\d{14}\t": "a GDELT knowledge graph (GKG)",
    rb"(?i)(?:\xef\xbb\xbf)?name,type,description\s+(?:gkgrecordid|globaleventid|eventid),": (
        "a description of GDELT's columns"
    ),
}
ADVICE = "no headline or text; use an article list of GDELT's DOC interface"


def recognise(data: bytes, name: str) -> bool:
    """Recognise article lists (CSV, JSON) and the tables that are not articles."""
    return _is_json(data) or _is_list(data) or bool(_other_table(data))


def _is_json(data: bytes) -> bool:
    sample = data[:20_000].removeprefix(b"\xef\xbb\xbf")
    return bool(JSON_LIST.match(sample) and JSON_SIGN.search(sample))


def _is_list(data: bytes) -> bool:
    header = header_of(data)
    return any(header >= sign for sign in LISTS) and not header & {"text", "content", "body"}


def _other_table(data: bytes) -> str:
    header = header_of(data)
    by_column = [table for column, table in BY_COLUMN.items() if column in header]
    by_row = [table for row, table in BY_ROW.items() if re.match(row, data[:500])]
    return next(iter(by_column + by_row), "")


def parse(data: bytes, name: str) -> Raw:
    """Read an article list; say of any other table what it is.

    Examples
    --------
    >>> raw = parse(b"url,title,seendate,domain\\na.org/1,War,20310303T101500Z,a.org", "a.csv")
    >>> raw.records.iloc[0].tolist()
    ['a.org/1', 'War', '20310303T101500Z', 'a.org']
    """
    if _is_json(data):
        raw = json_records.parse(data, name)
        return _with_notes(raw, pd.DataFrame(raw.records))
    if not _is_list(data):
        raise UnreadableError(f"{_other_table(data) or 'a GDELT table'}, not articles: {ADVICE}")
    raw = delimited.parse(data, name)
    return _with_notes(raw, pd.DataFrame(raw.records).rename(columns=str.strip))


def _with_notes(raw: Raw, table: pd.DataFrame) -> Raw:
    """Give the columns the kit's names, drop a saved row number, and say what the list lacks."""
    numbers = [name for name in ("column 1", "Unnamed: 0") if name in table]
    named = table.drop(columns=numbers).rename(columns={"URL": "url", "Title": "title"})
    records = named.rename(columns=NAMES).rename(columns={"Date": "date"})
    notes = [*raw.notes, "GDELT gives no text: headlines only"]
    if "seendate" in named:
        notes.append("dates are when GDELT saw the page")
    if len(records) == LIMIT:
        notes.append(f"{LIMIT} rows are the most one query returns; there may be more articles")
    return raw._replace(records=records, notes=tuple(notes))
