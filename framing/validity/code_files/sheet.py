"""The kit's own coding sheets, as `write_sheet` writes them and coders fill them in."""

from typing import TYPE_CHECKING, Any

from framing.corpus.archives import members_of
from framing.validity.code_files.books import open_book, place_of
from framing.validity.code_files.found import Context, Found, Remark, Row, found, plain
from framing.validity.sheets import KEY, NOTE, UNIT, unguard
from framing.validity.variables import UNSURE, Variable

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

Cells = list[tuple[Any, ...]]


def recognise(data: bytes, name: str) -> bool:
    """Recognise a workbook with the hidden sheet that `write_sheet` puts in."""
    return "xl/workbook.xml" in members_of(data) and KEY in open_book(data).sheetnames


def read(data: bytes, name: str, context: Context) -> Found:
    """Read every coder's sheet; a cell that is empty is a code that is missing."""
    book = open_book(data)
    variables, coders, remarks = _key(book)
    rows: list[Row] = []
    for coder, title, n_units in coders:
        if title not in book.sheetnames:
            reason = f"the sheet {title!r} of coder {coder!r} is gone, or has another name"
            remarks.append(Remark("unreadable", reason, coder=coder))
            continue
        read_rows, marks = _coder_sheet(book, title, coder, [v.name for v in variables])
        rows += read_rows
        remarks += [*marks, *_shrunk(read_rows, coder, n_units)]
    return found(rows=rows, remarks=remarks, variables=variables)


def _key(book: "Workbook") -> tuple[list[Variable], list[tuple[str, str, int]], list[Remark]]:
    """Read the hidden sheet: the variables with their values, and whose sheet is which."""
    variables, coders = [], []
    for line in book[KEY].iter_rows(min_row=2, values_only=True):
        kind, name, *rest = line
        if kind == "variable":
            values = tuple(v for v in rest if v is not None and v != UNSURE)
            variables.append(Variable(unguard(plain(name)), values=values))  # type: ignore[arg-type]
        elif kind == "coder":
            title, n_units = rest[0], int(rest[1])  # type: ignore[arg-type]
            coders.append((unguard(plain(name)), unguard(plain(title)), n_units))
    return variables, coders, []


def _coder_sheet(
    book: "Workbook", title: str, coder: str, frames: list[str]
) -> tuple[list[Row], list[Remark]]:
    lines: Cells = list(book[title].iter_rows(values_only=True))
    header = [unguard(plain(cell)) for cell in lines[0]] if lines else []
    if UNIT not in header:
        return [], [Remark("unreadable", f"sheet {title!r} has no column {UNIT!r}", coder=coder)]
    lost = [frame for frame in frames if frame not in header]
    reason = f"sheet {title!r} has no column of this name any more"
    remarks = [Remark("unreadable", reason, coder=coder, frame=frame) for frame in lost]
    columns = [(frame, header.index(frame)) for frame in frames if frame in header]
    note = header.index(NOTE) if NOTE in header else None
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        line = (*cells, *[None] * (len(header) - len(cells)))  # rows may end early
        unit = line[header.index(UNIT)]
        if unit is not None:
            said = plain(line[note]) if note is not None else ""
            name = unguard(str(unit))
            for frame, k in columns:
                place = place_of(title, k, number)
                rows.append(Row(name, coder, frame, line[k], place, "", said))
    return rows, remarks


def _shrunk(rows: list[Row], coder: str, n_units: int) -> list[Remark]:
    n_found = len({row.unit for row in rows})
    if n_found >= n_units:
        return []
    reason = f"{n_units - n_found} of {n_units} units of this coder are no longer in the sheet"
    return [Remark("missing", reason, coder=coder)]
