"""Turn the bytes of a text file into text, and say how that was done."""

import codecs
import re
from typing import NamedTuple

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
UTF8_LETTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
HIGH_RUN = re.compile(rb"[\xa0-\xff]{3,}")
HIGH_BYTES = bytes(range(0x80, 0x100))
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
# What Polish, Czech and Turkish letters look like in a Western code page.
ODD_IN_WESTERN = re.compile(r"(?<=[^\W\d_])[¹³¿](?=[^\W\d_])|[þð]")
STRAY_BYTE = re.compile("[\udc80-\udcff]")


class UnreadableError(ValueError):
    """A file that cannot be read; the message is the reason, in plain words."""


class Decoded(NamedTuple):
    """Text, the name of its encoding, and what a reader of the report should know."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """Decode bytes by mark, as UTF-8, as Windows Western, and only then by a guess.

    Parameters
    ----------
    data : bytes
        A whole file.

    Returns
    -------
    Decoded
        `text`, `encoding` and `notes` (a tuple of sentences, empty when nothing was odd).

    Raises
    ------
    UnreadableError
        If the bytes are not text.

    Notes
    -----
    A statistical guess comes last because it is often wrong about short news texts: curly quotes
    and one accented name look alike in several code pages.

    Examples
    --------
    >>> decode("naïve".encode("cp1252"))
    Decoded(text='naïve', encoding='cp1252', notes=())
    """
    decoded = _by_mark(data) or _as_utf8(data) or _as_utf16(data) or _as_damaged_utf8(data)
    return _checked(decoded or _as_western(data) or _guess(data))


def _checked(decoded: Decoded) -> Decoded:
    """Refuse what is not text, and count characters that were lost before the file came here."""
    sample = decoded.text[:1_000_000]
    if len(CONTROLS.findall(sample)) > 0.01 * len(sample):
        raise UnreadableError("binary data, not text")
    lost = decoded.text.count("\ufffd")
    if not lost:
        return decoded
    return decoded._replace(notes=(*decoded.notes, f"characters lost in the file (�): {lost}"))


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return Decoded(data.decode(encoding, errors="replace"), encoding)
    return None


def _as_utf8(data: bytes) -> Decoded | None:
    try:
        return Decoded(data.decode("utf-8"), "utf-8") if not _looks_utf16(data) else None
    except UnicodeDecodeError:
        return None


def _looks_utf16(data: bytes) -> str:
    """Name the byte order of UTF-16 without a mark: every other byte of Latin text is zero."""
    sample = data[:2000]
    half = len(sample) // 2
    if half and sample[1::2].count(0) > 0.6 * half and sample[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if half and sample[0::2].count(0) > 0.6 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return ""


def _as_utf16(data: bytes) -> Decoded | None:
    encoding = _looks_utf16(data)
    return Decoded(data.decode(encoding, errors="replace"), encoding) if encoding else None


def _as_damaged_utf8(data: bytes) -> Decoded | None:
    """Read UTF-8 with a few foreign bytes, as from files glued together."""
    letters = len(UTF8_LETTER.findall(data))
    text = data.decode("utf-8", errors="surrogateescape")
    stray = len(STRAY_BYTE.findall(text))
    if stray > 0.5 * letters:
        return None
    repaired = STRAY_BYTE.sub(_western_letter, text)
    return Decoded(repaired, "utf-8", (f"bytes that are not UTF-8, read as cp1252: {stray}",))


def _western_letter(match: re.Match[str]) -> str:
    return bytes([ord(match.group()) - 0xDC00]).decode("cp1252", errors="replace")


def _as_western(data: bytes) -> Decoded | None:
    """Read as Windows Western, unless foreign letters stand in rows as in Cyrillic or Chinese."""
    high = len(data) - len(data.translate(None, HIGH_BYTES))
    in_runs = sum(len(run) for run in HIGH_RUN.findall(data))
    if in_runs > 0.3 * high:
        return None
    try:
        text, encoding = data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        text, encoding = data.decode("latin-1"), "latin-1"
    return Decoded(text, encoding, _doubts(text, encoding))


def _doubts(text: str, encoding: str) -> tuple[str, ...]:
    """Say where Western letters look as if the file were of another code page."""
    odd = sorted(set(ODD_IN_WESTERN.findall(text)))
    if not odd:
        return ()
    advice = "if they look wrong, save the file as UTF-8 and read it again"
    return (f"read as {encoding}, which gives the letters {' '.join(odd)} within words; {advice}",)


def _guess(data: bytes) -> Decoded:
    """Ask charset-normalizer, or fall back on Latin-1, which never fails but may be wrong."""
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        advice = (
            "encoding unknown, read as latin-1; for a better guess: pip install charset-normalizer"
        )
        return Decoded(data.decode("latin-1"), "latin-1", (advice,))
    best = from_bytes(data[:200_000]).best()
    encoding = best.encoding if best else "latin-1"
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding, (f"encoding guessed: {encoding}",))
