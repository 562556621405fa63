"""Excel workbooks (.xlsx)."""

import io
import zipfile
from datetime import datetime

import pandas as pd

from framing.corpus.archives import check_archive, members_of
from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import Raw

FORMAT = "xlsx"
PRECEDENCE = 50
CARRIAGE_RETURN = "_x000D_"  # how Excel writes \r into a cell


def recognise(data: bytes, name: str) -> bool:
    """Recognise a ZIP that holds a workbook, whatever the suffix."""
    return "xl/workbook.xml" in members_of(data)


def parse(data: bytes, name: str) -> Raw:
    """Read the sheet that holds the most text; the notes name the others."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        check_archive(archive)
        _refuse_entities(archive)
    sheets = _sheets(data)
    if not sheets:
        raise UnreadableError("a workbook without rows")
    chosen = max(sheets, key=lambda sheet: _n_characters(sheets[sheet]))
    others = [sheet for sheet in sheets if sheet != chosen]
    notes = (f"read sheet {chosen!r}, not {', '.join(map(repr, others))}",) if others else ()
    return Raw(sheets[chosen].map(_cell), notes=notes)


def _refuse_entities(archive: zipfile.ZipFile) -> None:
    """Refuse XML that defines its own entities: no program writes it, only an attacker."""
    for member in archive.namelist():
        if member.endswith((".xml", ".rels")):
            with archive.open(member) as part:
                if b"<!DOCTYPE" in part.read(2000):
                    raise UnreadableError("a workbook with XML that is not safe to open")


def _sheets(data: bytes) -> dict[str, pd.DataFrame]:
    try:
        tables = pd.read_excel(
            io.BytesIO(data), sheet_name=None, dtype=object, keep_default_na=False, na_values=[""]
        )
    except ImportError:
        raise UnreadableError("Excel files need openpyxl: pip install openpyxl") from None
    named = {str(name): table.rename(columns=str) for name, table in tables.items()}
    return {name: table.dropna(how="all") for name, table in named.items() if len(table)}


def _n_characters(table: pd.DataFrame) -> int:
    return int(table.map(lambda cell: len(cell) if isinstance(cell, str) else 0).sum().sum())


def _cell(cell: object) -> object:
    """Undo Excel's spelling of line ends; write dates as ISO."""
    if isinstance(cell, str):
        return cell.replace(CARRIAGE_RETURN, "")
    return cell.isoformat() if isinstance(cell, datetime) else cell
