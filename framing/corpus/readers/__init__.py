"""One file a format; a new reader is a new module in this folder and nothing else.

A reader is a module with four names:

`FORMAT`
    What the report calls the format.
`PRECEDENCE`
    Readers are asked in this order, then by name: 10 for a database's own export, 50 for a general
    format known by its content, 90 for one known only by its suffix.
`recognise(data, name)`
    Whether a file of these bytes and this name is of the format. Cheap, and never raises.
`parse(data, name)`
    The file as `Raw` records. Their names are the file's own or the kit's
    (`outlet`, `date`, `headline`, `text` …). Raises `UnreadableError` with a plain reason.
"""

import importlib
import pkgutil
from functools import cache
from pathlib import PurePosixPath
from typing import Any, NamedTuple, Protocol, cast

import pandas as pd

from framing.corpus.encoding import UnreadableError

__all__ = ["Raw", "Reader", "Records", "UnreadableError", "find_reader", "list_readers"]


Records = pd.DataFrame | list[dict[str, Any]]


class Raw(NamedTuple):
    """What a reader found in one file: a table, or a list with one mapping for each record."""

    records: Records
    encoding: str = ""
    notes: tuple[str, ...] = ()  # what was decided on the way
    problems: tuple[str, ...] = ()  # what was lost on the way
    n_lost: int = 0  # records seen but unreadable
    declared: int | None = None  # how many articles the file itself says it holds


class Reader(Protocol):
    """The four names a reader module must have."""

    FORMAT: str
    PRECEDENCE: int

    def recognise(self, data: bytes, name: str) -> bool:
        """Say whether the file is of this format."""

    def parse(self, data: bytes, name: str) -> Raw:
        """Read the file."""


@cache
def list_readers() -> tuple[Reader, ...]:
    """Import every module of this folder, in the order in which they are asked."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    readers = [cast(Reader, module) for module in modules if hasattr(module, "recognise")]
    return tuple(sorted(readers, key=lambda reader: reader.PRECEDENCE))


def find_reader(data: bytes, name: str) -> Reader:
    """Find the reader that recognises a file, or say in plain words why there is none.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        Its name, of which only the suffix may matter.

    Returns
    -------
    Reader
        The first reader, by precedence, that recognises the file.

    Raises
    ------
    UnreadableError
        If the file is empty or no reader recognises it.

    Examples
    --------
    >>> find_reader(b"doc_id,text", "news.csv").FORMAT
    'csv'
    """
    if not data.strip():
        raise UnreadableError("the file is empty")
    for reader in list_readers():
        if reader.recognise(data, name):
            return reader
    raise UnreadableError(_why_unknown(data, name))


KNOWN_STARTS = (
    (b"%PDF", "a PDF, which the kit does not read; export text, CSV or DOCX instead"),
    (b"\x89PNG", "a picture, not articles"),
    (b"\xff\xd8\xff", "a picture, not articles"),
    (b"GIF8", "a picture, not articles"),
    (b"{\\rtf", "an RTF of a kind the kit does not know; save it as text"),
    (b"PAR1", "a Parquet file that breaks off; copy or download it again"),
    (b"PK\x05\x06", "a ZIP without files"),
    (b"PK\x03\x04", "an Office file or ZIP that is broken or of a kind the kit does not read"),
)
OLE_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def _why_unknown(data: bytes, name: str) -> str:
    if data.startswith(OLE_FILE):
        locked = "protected by a password; save it without one"
        old = "an old Office file (.xls, .doc); save it as .xlsx, .docx or CSV"
        return locked if ENCRYPTED in data else old
    for start, reason in KNOWN_STARTS:
        if data.startswith(start):
            return reason
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in (".xlsx", ".parquet", ".docx", ".zip"):
        return f"named {suffix}, but it is broken or something else"
    return f"not a format the kit reads ({suffix or 'no suffix'})"
