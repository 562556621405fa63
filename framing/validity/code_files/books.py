"""Open workbooks safely, and name their cells."""

import io
import zipfile
from functools import lru_cache
from typing import TYPE_CHECKING

from framing.corpus.archives import check_archive
from framing.corpus.encoding import UnreadableError
from framing.corpus.readers.workbook import _refuse_entities

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook


@lru_cache(maxsize=2)
def open_book(data: bytes) -> "Workbook":
    """Open a workbook for reading, formulas as their last values."""
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        check_archive(archive)
        _refuse_entities(archive)
    try:
        return load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (KeyError, ValueError, OSError) as error:
        raise UnreadableError("a broken workbook; save it again in Excel") from error


def place_of(title: str, column: int, row: int) -> str:
    """Name a cell as a spreadsheet does; columns count from 0.

    Examples
    --------
    >>> place_of("ann", 5, 12)
    'ann!F12'
    """
    from openpyxl.utils import get_column_letter

    return f"{title}!{get_column_letter(column + 1)}{row}"
