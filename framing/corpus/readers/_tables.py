"""Look at the first line of a table without reading the table."""

import codecs
import re

LONGEST_LINE = 4000
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def header_of(data: bytes) -> frozenset[str]:
    """Name the columns of a delimited table, spelled without case, spaces and marks.

    Examples
    --------
    >>> sorted(header_of(b'"Publish Date",media_name,URL\\n1,2,3'))
    ['medianame', 'publishdate', 'url']
    """
    cells = re.split(r"[,;\t|]", _first_line(data))
    return frozenset(re.sub(r"[\W_]+", "", cell.casefold()) for cell in cells)


def _first_line(data: bytes) -> str:
    sample = data[:LONGEST_LINE]
    wide = sample.startswith(UTF16)
    text = sample.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    lines = [line for line in text.splitlines()[:2] if not line.startswith("sep=")]
    return lines[0] if lines else ""
