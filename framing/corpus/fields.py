"""Bring the fields of all files into one shape: text as text, dates as days, ids apart."""

import html
import re
from pathlib import PurePosixPath
from typing import NamedTuple

import pandas as pd

from framing.corpus.database_heads import head_facts
from framing.corpus.dates import read_dates
from framing.corpus.export import restore
from framing.corpus.flags import FLAGS, find_flags, is_flag

CORE = ("outlet", "date", "headline", "text")
DETAILS = ("byline", "section", "page", "length", "subjects", "url", "language", "story")
OPTIONAL = ("date_raw", *DETAILS, "source_file")
ONE_LINE = ("doc_id", "outlet", "headline", *DETAILS)
IN_HEADS = ("outlet", "date", "headline", "byline", "section", "page", "length", "language")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
LINE_END = re.compile(r"\r\n?|\u2028|\u2029")


class Tidied(NamedTuple):
    """Records in the kit's shape, and facts about each for the report."""

    table: pd.DataFrame
    facts: pd.DataFrame  # source, row, written (the date), order, kept, renamed, and the flags


def tidy_fields(table: pd.DataFrame, source: pd.Series) -> Tidied:
    """Give every field its type, every record an id, and clean what machines did to the text.

    Parameters
    ----------
    table : DataFrame
        Records of all files under the kit's names; fields may be missing.
    source : Series
        File of each record, by its name in the report.

    Returns
    -------
    Tidied
        `table`: `doc_id` (distinct among the records kept) and the fields, typed, in the kit's
        order, then the flags, other columns behind them. `facts`: `source`, the `row` of the record
        in it, the date as `written`, its `order` (see `read_dates`), whether the record is `kept`
        and whether its id was `renamed`, and the flags of `find_flags`.

    Notes
    -----
    HTML entities become characters and line ends become newlines; nothing else in a text changes.
    A flag is a column of the table when an article has it or the file was saved with it.
    """
    table = _with_own_flags(restore(table))
    given = _with_heads(_given_fields(table))
    written, dates = given["date"], read_dates(given["date"], source)
    kept = given["text"].notna() | given["headline"].notna()
    doc_id = given["doc_id"].fillna(default_ids(source))
    new_id = distinct_ids(doc_id[kept]).reindex(doc_id.index).fillna(doc_id)
    given |= {
        "doc_id": new_id,
        "date": dates.date,
        "date_raw": given["date_raw"].fillna(_printed(table, written)),
        "source_file": given["source_file"].fillna(source),
    }
    known = {n: c for n, c in given.items() if n not in OPTIONAL or n in table or c.notna().any()}
    flags = find_flags(table.assign(text=given["text"], date=dates.date), source)
    known |= {n: flags[n] for n in FLAGS if n in table or flags.loc[kept, n].any()}
    others = table.drop(columns=[name for name in known if name in table])
    typed = pd.concat([pd.DataFrame(known), others], axis="columns")
    facts = {"source": source, "row": source.groupby(source).cumcount() + 1, "kept": kept}
    facts |= {"written": written, "order": dates.order, "renamed": new_id != doc_id}
    return Tidied(typed, pd.DataFrame(facts).join(flags))


def _printed(table: pd.DataFrame, written: pd.Series) -> pd.Series:
    """Dates as the file has them, unless it has them as true dates and not in print."""
    true_dates = "date" in table and table["date"].dtype.kind == "M"
    return written.where(pd.Series(not true_dates, index=written.index))


def _with_own_flags(table: pd.DataFrame) -> pd.DataFrame:
    """Set aside columns that only share their name with a flag."""
    foreign = [name for name in FLAGS if name in table and not is_flag(table[name])]
    return table.rename(columns={name: f"file_{name}" for name in foreign})


def _given_fields(table: pd.DataFrame) -> dict[str, pd.Series]:
    """Every field as text, cleaned, missing where there is nothing but white space."""
    given = {name: as_text(_column(table, name)) for name in ("doc_id", *CORE, *OPTIONAL)}
    return {name: _cleaned(column, one_line=name in ONE_LINE) for name, column in given.items()}


def _with_heads(given: dict[str, pd.Series]) -> dict[str, pd.Series]:
    """Fill what is missing with what a news database printed above the text, and left there."""
    text = given["text"]
    printed = [head_facts(one) if isinstance(one, str) else {} for one in text]
    facts = pd.DataFrame(printed, index=text.index, dtype="str")
    return given | {name: given[name].fillna(facts[name]) for name in IN_HEADS if name in facts}


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    return table[name] if name in table else pd.Series(index=table.index, dtype="str")


def as_text(column: pd.Series) -> pd.Series:
    """Write a column of anything as text, whole numbers without a decimal point.

    Examples
    --------
    >>> as_text(pd.Series([7.0, None, 12.0])).tolist()
    ['7', nan, '12']
    """
    if isinstance(column.dtype, pd.StringDtype):
        return column.astype("str")
    if column.dtype.kind == "M":
        return column.dt.strftime("%Y-%m-%dT%H:%M:%S")
    written = [_written(value) for value in column.astype(object)]
    return pd.Series(written, index=column.index, dtype="str")


def _written(value: object) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return None if value != value else str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return None if value is None or value is pd.NA or value is pd.NaT else str(value)


def _cleaned(column: pd.Series, *, one_line: bool) -> pd.Series:
    """Clean each string; one that is empty or only white space is missing."""
    if column.isna().all():
        return column
    texts = [plain(text) if isinstance(text, str) and text.strip() else None for text in column]
    cleaned = pd.Series(texts, index=column.index, dtype="str")
    return cleaned.str.strip() if one_line else cleaned


def plain(text: str) -> str:
    r"""Turn HTML entities into characters and every line end into a newline.

    Examples
    --------
    >>> plain("Here &amp; Now\r\nAT&T")
    'Here & Now\nAT&T'
    """
    if "\r" in text or "\u2028" in text or "\u2029" in text:
        text = LINE_END.sub("\n", text)
    return _unescaped(text) if "&" in text else text


def _unescaped(text: str) -> str:
    """Unescape twice, since `&amp;#8217;` is common in scraped text."""
    once = ENTITY.sub(lambda match: html.unescape(match.group()), text)
    return ENTITY.sub(lambda match: html.unescape(match.group()), once)


def default_ids(source: pd.Series) -> pd.Series:
    """Name each record after its file and its place there.

    Examples
    --------
    >>> default_ids(pd.Series(["news/a.csv", "news/a.csv", "b.json"])).tolist()
    ['a-0001', 'a-0002', 'b-0001']
    """
    stem = source.map({name: _stem(name) for name in source.unique()})
    number = (source.groupby(source).cumcount() + 1).astype("str").str.zfill(4)
    return stem + "-" + number


def _stem(name: str) -> str:
    return PurePosixPath(name.removesuffix(".gz")).stem


def distinct_ids(doc_id: pd.Series) -> pd.Series:
    """Number repeated ids, in their order: x, x-2, x-3.

    Examples
    --------
    >>> distinct_ids(pd.Series(["x", "x", "x-2", "x"])).tolist()
    ['x', 'x-3', 'x-2', 'x-4']
    """
    taken, last = set(doc_id), dict.fromkeys(doc_id, 1)
    distinct = doc_id.tolist()
    for place in doc_id.duplicated().to_numpy().nonzero()[0]:
        name = distinct[place]
        while f"{name}-{last[name] + 1}" in taken:
            last[name] += 1
        distinct[place] = f"{name}-{last[name] + 1}"
        taken.add(distinct[place])
    return pd.Series(distinct, index=doc_id.index, dtype="str")
