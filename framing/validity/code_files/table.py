"""Tables of codes: long (a row a judgement) or wide (a column a frame), CSV, Excel or JSON."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from framing.corpus.archives import members_of
from framing.corpus.encoding import CONTROLS, UnreadableError, decode
from framing.corpus.export import restore
from framing.corpus.listing import listed
from framing.corpus.readers.delimited import EXCEL_HINT, delimiter_of, wide_fields
from framing.validity.code_files.books import open_book, place_of
from framing.validity.code_files.found import (
    PART_KEYS,
    Context,
    Found,
    Remark,
    Row,
    found,
    json_records,
    looks_like_json,
    plain,
    stem_of,
)
from framing.validity.code_files.values import is_yes_or_no
from framing.validity.variables import known_as

NAMES = {
    "unit": ("unit", "unit_id", "doc_id", "document_id", "article_id", "text_id", "item_id", "id"),
    "coder": ("coder", "coder_id", "annotator", "annotator_id", "rater", "user", "username"),
    "frame": ("frame", "variable"),
    "value": ("value", "code", "answer", "rating", "score"),
    "note": ("note", "notes", "comment", "comments", "remark"),
    "coded_at": ("coded_at", "timestamp", "created_at", "updated_at"),
}
ABOUT_THE_UNIT = {
    *("text", "headline", "title", "outlet", "source", "date", "url", "byline", "section"),
    *("story", "source_file", "stratum", "probability", "position", "no.", "no", "nr", "index"),
    *("annotation_id", "lead_time", "start", "end", "defused", "weight", "data", *PART_KEYS),
}
NAMELESS = re.compile(r"(column|unnamed:) \d+(_level_\d+)?", re.IGNORECASE)


class Table(NamedTuple):
    """Cells under their names, with the place of every row (and of the columns, in a workbook).

    `overfull` are the places of rows with more cells than names, which are left out.
    """

    cells: pd.DataFrame
    places: list[int]
    title: str = ""
    overfull: tuple[int, ...] = ()

    def place(self, row: int, column: str) -> str:
        if not self.title:
            return str(self.places[row])
        return place_of(self.title, self.cells.columns.get_loc(column), self.places[row])  # type: ignore[arg-type]


def recognise(data: bytes, name: str) -> bool:
    """Recognise workbooks, and texts that are JSON or have a delimiter in their first line."""
    if "xl/workbook.xml" in members_of(data) or looks_like_json(data):
        return True
    if not data.strip() or CONTROLS.search(data[:2000].decode("latin-1").replace("\0", "")):
        return False
    first = decode(data[:4000]).text.lstrip("\r\n").partition("\n")[0]
    return any(mark in first for mark in ",;\t|")


def read(data: bytes, name: str, context: Context) -> Found:
    """Read the table, or every table of a workbook that names units.

    Examples
    --------
    >>> read(b"unit;war;peace\\na1;1;0\\n", "ann.csv", Context({}, {}, {})).rows[1][:4]
    ('a1', 'ann', 'peace', '0')
    """
    tables = list(tables_of(data))
    mine = [table for table in tables if _columns(table.cells, context)["unit"]]
    if not mine:
        names = listed(tables[0].cells.columns, most=20) if tables else "nothing"
        raise UnreadableError(
            f"no column that names the unit (found: {names}). Name it: columns={{'unit': …}}"
        )
    rows: list[Row] = []
    remarks: list[Remark] = []
    if not any(len(table.cells) for table in mine):
        raise UnreadableError("a table without rows")
    for table in mine:
        of_sheet = table.title if len(mine) > 1 else ""
        coder = " ".join(filter(None, (context.coder, of_sheet))) or stem_of(name)
        some, marks = _read_table(table, coder, context)
        rows += some
        remarks += marks
    return found(rows=rows, remarks=remarks)


# --- from bytes to cells --------------------------------------------------------------------


def tables_of(data: bytes) -> Iterator[Table]:
    if "xl/workbook.xml" in members_of(data):
        for sheet in open_book(data).worksheets:
            lines = [(n, line) for n, line in enumerate(sheet.iter_rows(values_only=True), start=1)]
            filled = [(n, line) for n, line in lines if any(cell is not None for cell in line)]
            if len(filled) > 1:
                yield _with_header(filled, sheet.title)
    elif looks_like_json(data):
        records, _ = json_records(data)
        kept = [(int(place), record) for place, record in records if isinstance(record, dict)]
        cells = pd.DataFrame([record for _, record in kept], dtype=object)
        yield Table(cells.where(cells.notna(), None), [place for place, _ in kept])
    else:
        yield _delimited(decode(data).text)


def _delimited(text: str) -> Table:
    hint = EXCEL_HINT.match(text)
    body = text[hint.end() :] if hint else text
    delimiter = hint[1] if hint else delimiter_of(body)
    lines = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    with wide_fields():
        filled = [(n, tuple(line)) for n, line in enumerate(lines, start=1) if any(line)]
    if not filled:
        raise UnreadableError("a table without rows")
    return _with_header(filled, "")


def _with_header(lines: Sequence[tuple[int, tuple[Any, ...]]], title: str) -> Table:
    (_, header), *rest = lines
    names = [plain(cell) or f"column {k}" for k, cell in enumerate(header, start=1)]
    names = [f"{n}.{k}" if n in names[:k] else n for k, n in enumerate(names)]
    width = len(names)
    over = {number: None for number, line in rest if any(map(plain, line[width:]))}
    kept = [(number, line) for number, line in rest if number not in over]
    if over and not kept:
        raise UnreadableError("all rows have more cells than the first line has names")
    cells = [[*line[:width], *[None] * (width - len(line))] for _, line in kept]
    table = pd.DataFrame(cells, columns=names, dtype=object)
    return Table(restore(table), [number for number, _ in kept], title, tuple(over))


# --- from cells to judgements ---------------------------------------------------------------


def _columns(cells: pd.DataFrame, context: Context) -> dict[str, str]:
    """Find the column of each field; "" where there is none."""
    lower = {plain(name).casefold(): str(name) for name in reversed(cells.columns)}
    chosen = {}
    for field, names in NAMES.items():
        hits = [lower[name] for name in names if name in lower]
        chosen[field] = context.columns.get(field) or (hits[0] if hits else "")
    found = {field: name if name in cells.columns else "" for field, name in chosen.items()}
    return found if found["frame"] else found | {"value": ""}  # it is a variable's own column


def _read_table(table: Table, coder: str, context: Context) -> tuple[list[Row], list[Remark]]:
    columns, cells = _columns(table.cells, context), table.cells
    is_long = bool(columns["frame"] and columns["value"])
    names = [] if is_long else _frames(cells, columns, context)
    odd = () if is_long else _odd_columns(cells, columns, context)
    shape = [*_doubled([str(name) for name in cells.columns]), *_overfull(table)]
    remarks = [*_assumed(columns, coder, names, context), *shape, *odd]
    rows: list[Row] = []
    for k, record in enumerate(cells.to_dict("records")):
        base = _base(record, columns, coder)
        judged = [
            base._replace(value=record[name], place=table.place(k, name), **named)
            for name in ([columns["value"]] if is_long else names)
            for named in [_named(record, columns, name)]
        ]
        lacking = [field for field in ("unit", "coder") if not getattr(base, field)]
        if not lacking:
            rows += judged
        elif any(plain(row.value) for row in judged):
            reason = f"a row with codes and no {' and no '.join(lacking)}"
            place = table.place(k, columns[lacking[0]])
            remarks.append(Remark("unreadable", reason, place, base.unit, base.coder))
    return rows, remarks


def _named(record: Mapping[Any, Any], columns: Mapping[str, str], name: str) -> dict[str, str]:
    """Name the frame of a cell, and the coder where the columns are coders."""
    if not columns["frame"]:
        return {"frame": plain(name)}
    frame = plain(record[columns["frame"]])
    return {"frame": frame} if columns["value"] else {"frame": frame, "coder": plain(name)}


def _base(record: Mapping[Any, Any], columns: Mapping[str, str], coder: str) -> Row:
    unit = plain(record[columns["unit"]])
    if columns["unit"].casefold() == "doc_id":
        parts = [plain(record[part]) for part in PART_KEYS if plain(record.get(part))]
        unit = ":".join([unit, *parts[-1:]]) if unit else ""
    who = plain(record[columns["coder"]]) if columns["coder"] else coder
    note, when = (record[columns[f]] if columns[f] else "" for f in ("note", "coded_at"))
    return Row(unit, who, "", None, "", plain(when), plain(note))


def _frames(cells: pd.DataFrame, columns: Mapping[str, str], context: Context) -> list[str]:
    """Columns that hold codes: those of the codebook, or all that are not known as another."""
    if columns["frame"] and columns["coder"]:
        return []
    if context.variables and not columns["frame"]:
        return [str(name) for name in cells.columns if _is_known(name, context)]
    return [name for name in _others(cells, columns) if name.casefold() not in ABOUT_THE_UNIT]


def _is_known(name: Any, context: Context) -> bool:
    return known_as(plain(name), context.variables) in context.variables


def _others(cells: pd.DataFrame, columns: Mapping[str, str]) -> list[str]:
    """Columns with a name that are none of the fields."""
    fields = {name for field, names in NAMES.items() if field != "value" for name in names}
    taken = set(columns.values())
    others = [str(name) for name in cells.columns if name not in taken]
    named = [name for name in others if not NAMELESS.fullmatch(name)]
    return [name for name in named if name.casefold() not in fields]


def _odd_columns(
    cells: pd.DataFrame, columns: Mapping[str, str], context: Context
) -> Iterator[Remark]:
    """Say which columns hold something and are read as nothing, or as something else."""
    names = [str(name) for name in cells.columns]
    if columns["frame"] and columns["coder"] and not columns["value"]:
        reason = f"no column that holds the value (found: {', '.join(names)}). Name it: columns=…"
        yield Remark("unreadable", reason)
    for name in names:
        if NAMELESS.fullmatch(name) and not context.variables and cells[name].map(plain).any():
            yield Remark("assumed", f"a column without a name ({name}): left out")
    yield from _left_out(cells, columns, context)


def _doubled(names: list[str]) -> Iterator[Remark]:
    for name in names:
        base = name.rpartition(".")[0]
        if base in names and name == f"{base}.{names.index(name)}":
            yield Remark("assumed", f"two columns are called {base!r}: the later one is {name!r}")


def _overfull(table: Table) -> Iterator[Remark]:
    """List rows whose cells are shifted, as by a comma in a text that is not quoted."""
    for place in table.overfull:
        reason = "a row with more cells than the first line has names: left out"
        yield Remark("unreadable", reason, str(place))


def _left_out(
    cells: pd.DataFrame, columns: Mapping[str, str], context: Context
) -> Iterator[Remark]:
    """Say which columns could be codes and are not read as such."""
    others = [name for name in _others(cells, columns) if cells[name].map(plain).any()]
    about = [name for name in others if name.casefold() in ABOUT_THE_UNIT]
    if columns["frame"]:
        return
    if context.variables:
        for name in others:
            if name not in about and not _is_known(name, context):
                yield Remark("unknown frame", "a column that is no frame: left out", frame=name)
        return
    marks = [name for name in about if all(map(is_yes_or_no, filter(None, cells[name].map(plain))))]
    if marks:
        reason = "columns of yes and no read as background, not as variables, by their names"
        yield Remark("assumed", f"{reason}: {', '.join(marks)}. If not: codebook=…")


def _assumed(
    columns: Mapping[str, str], coder: str, frames: list[str], context: Context
) -> Iterator[Remark]:
    if frames and columns["frame"]:
        yield Remark("assumed", f"no column holds values: read as coders: {', '.join(frames)}")
        return
    if not columns["coder"]:
        reason = f"no column names the coder: called {coder!r}, as the file, folder or sheet"
        yield Remark("assumed", reason, coder=coder)
    if frames and not context.variables:
        yield Remark("assumed", f"columns read as variables: {', '.join(frames)}")
    if len(frames) > 1 and not (columns["coder"] or context.variables):
        yield Remark("assumed", "if these columns are coders, add a column 'frame'")
