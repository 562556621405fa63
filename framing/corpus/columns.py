"""Recognise the kit's fields among the columns of somebody else's table."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

# The usual names of each field, the best first; spelled without case, spaces and marks.
VARIANTS = {
    "doc_id": "docid id unitid articleid documentid uid storiesid",
    "outlet": "outlet source sourcename newspaper publication publicationtitle publisher medianame "
    "medium media domain sourcedomain sourcecommonname website site",
    "date": "date published publishdate publishedat pubdate publicationdate datepublished "
    "datepublish publishedon datetime seendate timestamp day",
    "headline": "headline title articletitle newstitle storytitle head",
    "text": "text body content fulltext article articlecontent articletext articlebody maintext "
    "bodytext plaintext",
    "byline": "byline author authors journalist",
    "section": "section sectionname desk",
    "url": "url link articleurl permalink weburl",
    "language": "language lang",
    "story": "story",
    "date_raw": "dateraw",
    "source_file": "sourcefile",
}
FIELDS = tuple(VARIANTS)
_FIELD_OF = {name: field for field, names in VARIANTS.items() for name in names.split()}
_RANK = {name: rank for names in VARIANTS.values() for rank, name in enumerate(names.split())}


class Match(NamedTuple):
    """Which column fills each field, and what had to be decided."""

    columns: dict[str, str]
    notes: tuple[str, ...] = ()


def field_of(name: str) -> str:
    """Name the field a column usually holds, or nothing.

    Examples
    --------
    >>> field_of("Publication Date"), field_of("article_content"), field_of("mood")
    ('date', 'text', '')
    """
    return _FIELD_OF.get(_squeezed(name), "")


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]+", "", str(name).casefold())


def match_columns(found: list[str], columns: Mapping[str, str]) -> Match:
    """Choose a column for each field: the one the user names, else the best known name.

    Parameters
    ----------
    found : list of str
        The columns of a table.
    columns : mapping
        Field to column, as the user gives it; columns that are not in this table are ignored.

    Returns
    -------
    Match
        `columns` (field to column) and `notes` (a sentence for each field with a choice).

    Examples
    --------
    >>> match_columns(["Title", "body", "content"], {})
    Match(columns={'headline': 'Title', 'text': 'body'}, notes=("text is 'body', not 'content'",))
    """
    chosen = {field: column for field, column in columns.items() if column in found}
    notes = []
    for field in FIELDS:
        candidates = _candidates(field, found, chosen)
        if field not in chosen and candidates:
            chosen[field] = candidates[0]
            notes += _choice_note(field, candidates)
    return Match(chosen, tuple(notes))


def _candidates(field: str, found: list[str], chosen: Mapping[str, str]) -> list[str]:
    """Columns that may hold the field, best first; ties in the order of the table."""
    free = [name for name in found if name not in chosen.values()]
    return sorted((n for n in free if field_of(n) == field), key=lambda n: _RANK[_squeezed(n)])


def _choice_note(field: str, candidates: list[str]) -> list[str]:
    first, *others = candidates
    return [f"{field} is {first!r}, not {', '.join(map(repr, others))}"] if others else []


def names_for(found: list[str], match: Match) -> dict[str, str]:
    """Give the chosen columns the kit's names; a column in the way becomes `file_<name>`.

    Examples
    --------
    >>> names_for(["text", "clean", "mood"], Match({"text": "clean"}))
    {'text': 'file_text', 'clean': 'text'}
    """
    theirs = {column: field for field, column in match.columns.items()}
    in_the_way = [name for name in found if name in FIELDS and name not in theirs]
    return {name: _free_name(f"file_{name}", set(found)) for name in in_the_way} | theirs


def _free_name(name: str, taken: set[str]) -> str:
    return _free_name(f"{name}_", taken) if name in taken else name


def check_mapping(columns: Mapping[str, str]) -> dict[str, str]:
    """Check that a mapping goes from the kit's fields to the user's columns.

    Examples
    --------
    >>> check_mapping({"text": "my column"})
    {'text': 'my column'}
    """
    unknown = [name for name in columns if name not in FIELDS]
    if unknown:
        raise KeyError(
            f"columns= maps the kit's field to your column, as in {{'text': 'my column'}}; "
            f"{', '.join(map(repr, unknown))} is no field. Fields: {', '.join(FIELDS)}"
        )
    twice = [name for name, n in Counter(columns.values()).items() if n > 1]
    if twice:
        raise ValueError(f"columns= names {', '.join(map(repr, twice))} for more than one field")
    return dict(columns)
