"""Readers of codes, one a format, and the choice between them."""

from collections.abc import Callable
from types import MappingProxyType
from typing import NamedTuple

from framing.corpus.encoding import UnreadableError
from framing.validity.code_files import (
    answers,
    doccano,
    label_studio,
    potato,
    sheet,
    table,
)
from framing.validity.code_files.found import Context, Found


class CodeReader(NamedTuple):
    """A format: does it know the bytes, and what is in them."""

    recognise: Callable[[bytes, str], bool]
    read: Callable[[bytes, str, Context], Found]


READERS = MappingProxyType(
    {
        "sheet": CodeReader(sheet.recognise, sheet.read),
        "answers": CodeReader(answers.recognise, answers.read),
        "label_studio": CodeReader(label_studio.recognise, label_studio.read),
        "potato": CodeReader(potato.recognise, potato.read),
        "doccano": CodeReader(doccano.recognise, doccano.read),
        "table": CodeReader(table.recognise, table.read),  # last, for it takes any table
    }
)


OTHERS = MappingProxyType(
    {
        b"\xd0\xcf\x11\xe0": "a workbook of old (.xls): save it as .xlsx",
        b"opendocument.spreadsheet": "an OpenDocument workbook (.ods): save it as .xlsx",
        b"$FL2": "data of SPSS (.sav): save them as CSV",
    }
)  # by what stands at their beginning


def find_reader(data: bytes, name: str, wanted: str | None = None) -> CodeReader:
    """Choose the reader of a file by its content, or the one that is wanted."""
    if wanted is not None:
        return READERS[wanted]
    for mark, reason in OTHERS.items():
        if mark in data[:100]:
            raise UnreadableError(reason)
    for reader in READERS.values():
        if reader.recognise(data, name):
            return reader
    raise UnreadableError(f"not a file of codes that the kit knows ({', '.join(READERS)})")
