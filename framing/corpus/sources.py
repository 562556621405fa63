"""Find the files behind a path: one file, several, a folder or a ZIP."""

import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from difflib import get_close_matches
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from framing.corpus.archives import MAX_BYTES, OFFICE, check_archive, members_of
from framing.corpus.encoding import UnreadableError
from framing.corpus.gzips import unpack_gzip

PathLike = str | Path
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
LITTER = ("Thumbs.db", "desktop.ini", "__MACOSX")


class Source(NamedTuple):
    """A file that may be read: its name in the report and how to get at its bytes."""

    name: str
    load: Callable[[], bytes]


def find_sources(path: PathLike | Sequence[PathLike], stack: ExitStack) -> list[Source]:
    """List the files behind a path, in an order that does not depend on the machine.

    Parameters
    ----------
    path : path or list of paths
        Files, folders (searched with all their subfolders) or ZIP archives.
    stack : ExitStack
        Closes the archives when the caller is done with the files.

    Returns
    -------
    list of Source
        A folder's files by their path below it, an archive's as `archive.zip/member`. Hidden files
        and the litter of operating systems (`.DS_Store`, `Thumbs.db`, `~$…`) are left out.

    Raises
    ------
    FileNotFoundError
        If a path does not exist, or there is no file at all.
    """
    paths = [path] if isinstance(path, str | Path) else list(path)
    named = [pair for one in paths for pair in _files(Path(one))]
    files = list({file.resolve(): (name, file) for name, file in reversed(named)}.values())[::-1]
    if not files:
        raise FileNotFoundError("The list of files is empty.")
    clashes = {name for name, n in Counter(name for name, _ in files).items() if n > 1}
    named = [(file.as_posix() if name in clashes else name, file) for name, file in files]
    return [source for name, file in named for source in _open(name, file, stack)]


def _files(path: Path) -> list[tuple[str, Path]]:
    """A file, or the files of a folder, each with its name in the report."""
    if path.is_file():
        return [(path.name, path)]
    if not path.is_dir():
        raise FileNotFoundError(_not_found(path))
    inside = [(file.relative_to(path).as_posix(), file) for file in path.rglob("*")]
    files = sorted((name, file) for name, file in inside if _wanted(name) and file.is_file())
    if not files:
        raise FileNotFoundError(f"The folder {str(path)!r} holds no files.")
    return files


def _not_found(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"There is no {str(path)!r}: the folder {str(folder)!r} does not exist."
    near = get_close_matches(path.name, sorted(file.name for file in folder.iterdir()), n=1)
    hint = f" Did you mean {str(folder / near[0])!r}?" if near else ""
    return f"There is no {path.name!r} in the folder {str(folder.resolve())!r}.{hint}"


def _wanted(name: str) -> bool:
    """Leave out hidden files, locks and litter."""
    parts = [part for part in PurePosixPath(name).parts if part not in ("..", "/")]
    return not any(part.startswith((".", "~$")) or part in LITTER for part in parts)


def _open(name: str, file: Path, stack: ExitStack) -> Iterator[Source]:
    """Yield a file, or the members of an archive; one that cannot be opened fails when loaded."""
    if not _is_archive(file):
        yield Source(name, partial(_load_file, file))
        return
    try:
        archive = stack.enter_context(zipfile.ZipFile(file))
        check_archive(archive)
        yield from _members(name, archive)
    except UnreadableError as error:
        yield Source(name, partial(_fail, f"ZIP not opened: {error}"))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        yield Source(name, partial(_fail, "a broken ZIP or Office file; copy or download it again"))


def _is_archive(file: Path) -> bool:
    """Tell a ZIP of files from other files and from Office documents, which are ZIPs too."""
    try:
        with file.open("rb") as stream:
            return stream.read(4) == ZIP and not OFFICE & members_of(file)
    except OSError:
        return False


def _members(name: str, archive: zipfile.ZipFile) -> list[Source]:
    members = [m for m in archive.infolist() if not m.is_dir() and _wanted(m.filename)]
    if not members:
        return [Source(name, partial(_fail, "a ZIP without files"))]
    ordered = sorted(members, key=lambda member: member.filename)
    return [Source(f"{name}/{m.filename}", partial(_load_member, archive, m)) for m in ordered]


def _fail(reason: str) -> bytes:
    raise UnreadableError(reason)


def _load_file(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UnreadableError(f"larger than {MAX_BYTES // 1024**3} GiB; split it")
        return _unzipped(file.read_bytes())
    except OSError as error:
        raise UnreadableError(f"cannot be opened ({error.strerror or error})") from error


def _load_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Read a member into memory; nothing is ever written to the disk."""
    if member.flag_bits & 1:
        raise UnreadableError("protected by a password")
    try:
        data = archive.read(member)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, zlib.error) as error:
        raise UnreadableError("a broken member of a ZIP; download it again") from error
    if data.startswith(ZIP) and not OFFICE & members_of(data):
        raise UnreadableError("a ZIP inside a ZIP (unpack the outer one), or a broken Office file")
    return _unzipped(data)


def _unzipped(data: bytes) -> bytes:
    """Unpack a .gz in memory; a bomb is refused."""
    return unpack_gzip(data) if data.startswith(GZIP) else data
