"""Workbooks saved from Integrum: source, date, time, head and body of each article."""

import html
import io
import re
import zipfile
import zlib

import pandas as pd

from framing.corpus.archives import check_archive, members_of
from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import Raw, workbook
from framing.corpus.readers._markup import join_paragraphs

FORMAT = "integrum xlsx"
PRECEDENCE = 10
FIRST_CELL = re.compile(rb"<(?:\w{1,10}:)?t(?:\s[^<>]{0,80})?>([^<]{1,300})<")
NAMES = {
    "outlet": "source источник издание сми",
    "date": "date дата",
    "time": "time время",
    "headline": "head заголовок название",
    "text": "body текст",
}
FIELD_OF = {name: field for field, names in NAMES.items() for name in names.split()}
REQUIRED = {"outlet", "date", "headline", "text"}
MAX_COLUMNS = 16
LOOKED_AT = 20_000  # bytes of a part of the workbook in which the first row stands


def recognise(data: bytes, name: str) -> bool:
    """Recognise a workbook by the names of its first row."""
    if "xl/workbook.xml" not in members_of(data):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            first = _first_cells(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError, RuntimeError):
        return False
    named = {FIELD_OF.get(cell.strip().casefold(), "") for cell in first}
    return named >= REQUIRED and bool(
        {"head", "body", "текст"} & {c.strip().casefold() for c in first}
    )


def _first_cells(archive: zipfile.ZipFile) -> list[str]:
    """The first texts of the workbook, whether its cells share them or not."""
    check_archive(archive)
    members = archive.namelist()
    shared = [member for member in members if member.lower() == "xl/sharedstrings.xml"]
    sheets = sorted(member for member in members if member.startswith("xl/worksheets/sheet"))
    with archive.open((shared + sheets)[0] if shared + sheets else "") as part:
        cells = FIRST_CELL.findall(part.read(LOOKED_AT))[:MAX_COLUMNS]
    return [html.unescape(cell.decode("utf-8", "replace")) for cell in cells]


def parse(data: bytes, name: str) -> Raw:
    """Read the rows; the line ends of a body become paragraphs."""
    try:
        raw = workbook.parse(data, name)
    except UnreadableError:
        raise
    except Exception as error:  # whatever a broken workbook provokes in the library
        raise UnreadableError("a broken workbook; download it again") from error
    table = pd.DataFrame(raw.records)
    names = {column: FIELD_OF.get(str(column).strip().casefold(), "") for column in table.columns}
    kept = {column: field for column, field in names.items() if field}
    table = table.rename(columns=kept)
    if "text" in table:
        table["text"] = table["text"].map(_paragraphs)
    return raw._replace(records=table)


def _paragraphs(body: object) -> object:
    r"""Separate paragraphs by blank lines, unless they are.

    Examples
    --------
    >>> _paragraphs("It rained.\nIt stopped.")
    'It rained.\n\nIt stopped.'
    """
    if not isinstance(body, str) or "\n\n" in body:
        return body
    return join_paragraphs([line.strip() for line in body.split("\n")])
