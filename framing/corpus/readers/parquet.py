"""Parquet tables."""

import io

import pandas as pd

from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import Raw

FORMAT = "parquet"
PRECEDENCE = 50
MAGIC = b"PAR1"
MAX_BYTES = 4 * 1024**3


def recognise(data: bytes, name: str) -> bool:
    """Recognise by the mark at both ends of the file."""
    return len(data) > 12 and data.startswith(MAGIC) and data.endswith(MAGIC)


def parse(data: bytes, name: str) -> Raw:
    """Read the table, its named index included."""
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise UnreadableError("Parquet needs pyarrow: pip install pyarrow") from None
    try:
        _check_size(ParquetFile(io.BytesIO(data)))
        records = pd.read_parquet(io.BytesIO(data))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableError(f"a broken Parquet file ({type(error).__name__})") from error
    named = [name for name in records.index.names if name and name not in records]
    return Raw(records.reset_index(level=named).reset_index(drop=True).rename(columns=str))


def _check_size(file: object) -> None:
    meta = file.metadata  # type: ignore[attr-defined]
    size = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
    if size > MAX_BYTES:
        raise UnreadableError(
            f"{size / 1024**3:.0f} GiB when unpacked; split it into smaller files"
        )
