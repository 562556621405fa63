"""Unpack a .gz in memory, and refuse one that would flood it."""

import gzip
import io
import zlib

from framing.corpus.archives import MAX_BYTES, MAX_RATIO, SMALL
from framing.corpus.encoding import UnreadableError


def unpack_gzip(data: bytes) -> bytes:
    """Unpack every member of a .gz.

    Parameters
    ----------
    data : bytes
        The packed file.

    Returns
    -------
    bytes
        Its content.

    Raises
    ------
    UnreadableError
        If it is broken, larger than 2 GiB, or packed implausibly tightly.

    Notes
    -----
    A .gz does not declare its size in a way that can be trusted, so it is unpacked only as far as
    `MAX_RATIO` times its packed size (100 MB for small files) and refused if more follows.

    Examples
    --------
    >>> unpack_gzip(gzip.compress(b"War began."))
    b'War began.'
    """
    limit = min(MAX_BYTES, max(SMALL, MAX_RATIO * len(data)))
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            plain = stream.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError("a broken .gz; copy or download it again") from error
    if len(plain) > limit:
        raise UnreadableError(_why_too_large(limit))
    return plain


def _why_too_large(limit: int) -> str:
    if limit == MAX_BYTES:
        return f"larger than {MAX_BYTES // 1024**3} GiB when unpacked; split it"
    return f"packed more than {MAX_RATIO} times, which no text is; not opened"
