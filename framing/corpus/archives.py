"""Look at a ZIP before it is opened: how many files, how large, how tightly packed."""

import io
import zipfile
from pathlib import Path

from framing.corpus.encoding import UnreadableError

MAX_MEMBERS = 200_000
MAX_BYTES = 2 * 1024**3
SMALL = 100 * 1024**2  # nothing this small can do harm, however tightly it is packed
MAX_RATIO = 200  # news text packs 3 to 10 times, a repetitive table 50 times
OFFICE = frozenset({"[Content_Types].xml", "mimetype"})  # in every .xlsx, .docx or .odt


def members_of(file: Path | bytes) -> frozenset[str]:
    """List the names inside a ZIP; there are none in anything else, or in a broken one.

    Examples
    --------
    >>> members_of(b"plain text")
    frozenset()
    """
    try:
        with zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return frozenset()


def check_archive(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that would flood the memory when unpacked.

    Parameters
    ----------
    archive : ZipFile
        An open archive; only its table of contents is read.

    Raises
    ------
    UnreadableError
        If it holds too many files, too many bytes, or bytes packed implausibly tightly.

    Notes
    -----
    The declared sizes can be trusted as limits: `zipfile` never yields more bytes than declared.

    Examples
    --------
    >>> import io
    >>> archive = zipfile.ZipFile(io.BytesIO(), "w")
    >>> archive.writestr("war.txt", "War began.")
    >>> check_archive(archive)
    """
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    packed = max(sum(member.compress_size for member in members), 1)
    if len(members) > MAX_MEMBERS:
        raise UnreadableError(f"{len(members):,} files in one ZIP; split it")
    if size > MAX_BYTES:
        raise UnreadableError(f"{size / 1024**3:.1f} GiB when unpacked; split it")
    if size > SMALL and size / packed > MAX_RATIO:
        raise UnreadableError(f"packed {size / packed:.0f} times, which no text is; not opened")
