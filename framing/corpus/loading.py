"""Read one file as far as it can be read alone: its records under the kit's names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import pandas as pd

from framing.corpus.columns import match_columns, names_for
from framing.corpus.fields import as_text
from framing.corpus.readers import Raw, Reader, Records, UnreadableError, find_reader
from framing.corpus.sources import Source


@dataclass(frozen=True)
class Loaded:
    """One file: its records, and what the report says about it."""

    source_file: str
    format: str = ""
    encoding: str = ""
    declared: int | None = None
    found: int = 0
    columns: tuple[str, ...] = ()
    records: Records | None = None
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def load_file(source: Source, columns: Mapping[str, str]) -> Loaded:
    """Read a file; whatever is wrong with it becomes its problem, never an error.

    Parameters
    ----------
    source : Source
        A file and how to get at its bytes.
    columns : mapping
        Field to column, where the user names some.

    Returns
    -------
    Loaded
        With `records` None where there are no articles, and the reason in `problems`.
    """
    loaded = Loaded(source.name)
    try:
        data, name = source.load(), source.name.removesuffix(".gz")
        reader = find_reader(data, name)
        loaded = replace(loaded, format=reader.FORMAT, notes=_wrong_suffix(reader, name))
        return _with_records(loaded, reader.parse(data, name), columns)
    except UnreadableError as error:
        return replace(loaded, problems=(str(error),))
    except Exception as error:  # one broken file must never sink a batch of thousands
        return replace(loaded, problems=(_unforeseen(loaded.format, error),))


def _unforeseen(kind: str, error: Exception) -> str:
    detail = " ".join(str(error).split())[:120]
    return f"a broken {kind or 'unknown'} file ({type(error).__name__}: {detail})"


def _wrong_suffix(reader: Reader, name: str) -> tuple[str, ...]:
    """Say so when the name promises another format than the content shows."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    promised = {"csv", "tsv", "xlsx", "json", "jsonl", "parquet", "docx"}
    near = {"csv": {"csv", "tsv"}, "json": {"json", "jsonl"}}.get(reader.FORMAT, {reader.FORMAT})
    is_general = reader.PRECEDENCE >= 50  # a database's export is a CSV or a JSON of its own kind
    wrong = is_general and suffix in promised and suffix not in near
    return (f"named .{suffix}, but it is {reader.FORMAT}",) if wrong else ()


def _with_records(loaded: Loaded, raw: Raw, columns: Mapping[str, str]) -> Loaded:
    found = _names(raw.records)
    match = match_columns(found, columns)
    known = replace(
        loaded,
        encoding=raw.encoding,
        declared=raw.declared,
        found=len(raw.records) + raw.n_lost,
        columns=tuple(found),
        problems=raw.problems,
        notes=loaded.notes + raw.notes + match.notes,
    )
    if len(raw.records) and not {"text", "headline"} & set(match.columns):
        return replace(known, problems=(*raw.problems, _no_text(pd.DataFrame(raw.records))))
    if known.found == 0:
        return replace(known, problems=(*raw.problems, "no records"))
    return replace(known, records=_renamed(raw.records, names_for(found, match)))


def _names(records: Records) -> list[str]:
    if isinstance(records, pd.DataFrame):
        return [str(name) for name in records.columns]
    return list(dict.fromkeys(name for record in records for name in record))


def _renamed(records: Records, names: dict[str, str]) -> Records:
    if isinstance(records, pd.DataFrame):
        return records.rename(columns=names)
    return [{names.get(key, key): value for key, value in record.items()} for record in records]


def join_records(files: Sequence[Loaded]) -> tuple[pd.DataFrame, pd.Series]:
    """Put the records of all files into one table; the file of each record comes second."""
    read = [(file.source_file, file.records) for file in files if file.records is not None]
    runs = groupby((records for _, records in read), key=type)
    tables = [table for _, run in runs for table in _as_tables(list(run))]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    names = [name for name, records in read for _ in range(len(records))]
    return table, pd.Series(names, index=table.index, dtype="str")


def _as_tables(run: list[Records]) -> list[pd.DataFrame]:
    """Tables stay; lists become one table, so that thousands of one-record files are quick."""
    tables = [records for records in run if isinstance(records, pd.DataFrame)]
    listed = [record for records in run if isinstance(records, list) for record in records]
    return tables or [pd.DataFrame(listed)]


def _no_text(records: pd.DataFrame) -> str:
    """Say that no column is known to hold text, and which one might."""
    names = ", ".join(records.columns[:12]) + (" …" if len(records.columns) > 12 else "")
    lengths = {name: as_text(column).str.len().sum() for name, column in records.items()}
    longest = max(lengths, key=lengths.__getitem__)
    return f"no text column among: {names}. Name it: columns={{'text': {longest!r}}}"
