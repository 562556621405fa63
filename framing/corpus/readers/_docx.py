"""Read the paragraphs of a Word document as a stream: text, bookmarks, links, how they look."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl

from framing.corpus.archives import check_archive, members_of
from framing.corpus.encoding import UnreadableError

DOCUMENT, RELATIONS = "word/document.xml", "word/_rels/document.xml.rels"
WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
OFF = ("0", "false", "off", "none")
CHUNK = 1 << 16
SMALL_PART, MAX_PACKED = 10 * 1024**2, 100  # XML of articles packs 5 to 20 times


class Paragraph(NamedTuple):
    """A paragraph with text or bookmarks, as far as its looks tell what it is."""

    text: str
    bookmarks: tuple[str, ...] = ()
    links: tuple[str, ...] = ()  # targets of its hyperlinks
    bold: bool = False  # all of it
    size: int = 0  # of its first letters, in half-points; 0 when the style decides
    level: str = ""  # outline level: "0" is a title
    keeps_next: bool = False  # stays on the page of the paragraph below, as headings do


def is_docx(data: bytes) -> bool:
    """Say whether the bytes are a Word document, whole enough to list its parts."""
    return data[:2] == b"PK" and DOCUMENT in members_of(data)


def holds(data: bytes, marks: tuple[bytes, ...]) -> bool:
    """Say whether the document's XML holds one of some marks; nothing is parsed.

    Examples
    --------
    >>> holds(b"no ZIP", (b"Bookmark_1",))
    False
    """
    if not is_docx(data):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_archive(archive)
            with archive.open(DOCUMENT) as part:
                return any(mark in chunk for chunk in _overlapping(part) for mark in marks)
    except (*BROKEN_ZIP, UnreadableError):
        return False


BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,  # encrypted members
    NotImplementedError,
    ValueError,
    KeyError,
)


def _overlapping(part: IO[bytes]) -> Iterator[bytes]:
    """Chunks that share their ends, so that no mark is cut in two."""
    tail = b""
    while chunk := part.read(CHUNK):
        yield tail + chunk
        tail = chunk[-100:]


def read_paragraphs(data: bytes) -> list[Paragraph]:
    """Read all paragraphs that hold text or a bookmark, those in tables included.

    Parameters
    ----------
    data : bytes
        A whole .docx file.

    Returns
    -------
    list of Paragraph
        In the order of the document. No XML tree is built: the memory used is that of the text.

    Raises
    ------
    UnreadableError
        If the file is broken, encrypted, implausibly packed, or its XML defines entities.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_archive(archive)
            relations = _Relations()
            if RELATIONS in archive.namelist():
                _stream(archive, RELATIONS, relations)
            document = _Document(relations.targets)
            _stream(archive, DOCUMENT, document)
    except UnreadableError:
        raise
    except BROKEN_ZIP as error:
        raise UnreadableError("a broken or encrypted .docx; copy or save it again") from error
    return document.paragraphs


def _stream(archive: zipfile.ZipFile, part: str, handler: ContentHandler) -> None:
    """Feed a part of the document to a handler, refusing XML that defines its own entities."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import make_parser

    size, packed = archive.getinfo(part).file_size, archive.getinfo(part).compress_size
    if size > SMALL_PART and size > MAX_PACKED * packed:
        raise UnreadableError(f"packed {size // max(packed, 1)} times, which no text is")
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(handler)
    try:
        with archive.open(part) as stream:
            parser.parse(stream)
    except DefusedXmlException:
        raise UnreadableError("a .docx with XML that is not safe to open") from None
    except SAXParseException as error:
        where = f"line {error.getLineNumber()}"
        raise UnreadableError(f"a broken .docx ({error.getMessage()}, {where})") from error
    except (SAXException, AttributeError) as error:
        raise UnreadableError("a broken .docx") from error


Name = tuple[str | None, str]


class _Relations(ContentHandler):
    """Collect where each hyperlink of the document leads."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, str] = {}

    def startElementNS(self, name: Name, qname: str | None, attrs: AttributesNSImpl) -> None:
        """Keep the target of a relation."""
        given = {local: value for (_, local), value in attrs.items()}
        if name[1] == "Relationship" and given.get("Type", "").endswith("/hyperlink"):
            self.targets[given.get("Id", "")] = given.get("Target", "")


class _Document(ContentHandler):
    """Collect paragraphs; text in drawings and deleted text are other elements and stay out."""

    def __init__(self, targets: dict[str, str]) -> None:
        super().__init__()
        self.paragraphs: list[Paragraph] = []
        self.targets = targets
        self._in_text = self._in_run = False
        self._bold = False
        self._size = 0
        self._begin()

    def _begin(self) -> None:
        self._parts: list[str] = []
        self._looks: list[tuple[bool, int]] = []
        self._bookmarks: dict[str, None] = {}
        self._links: dict[str, None] = {}
        self._level, self._keeps_next = "", False

    def startElementNS(self, name: Name, qname: str | None, attrs: AttributesNSImpl) -> None:
        """Note what an element says of its paragraph or run."""
        uri, local = name
        if uri not in WORD:
            return
        given = {key: value for (_, key), value in attrs.items()}
        if local == "t":
            self._in_text = True
        elif local == "r":
            self._in_run, self._bold, self._size = True, False, 0
        elif local in BREAKS and self._in_run:
            self._parts.append(BREAKS[local])
        elif local == "bookmarkStart":
            self._bookmarks[given.get("name", "")] = None
        elif local == "hyperlink":
            self._links[self.targets.get(given.get("id", ""), "")] = None
        else:
            self._note_looks(local, given.get("val", "1"))

    def _note_looks(self, local: str, value: str) -> None:
        if local == "b" and self._in_run:
            self._bold = value not in OFF
        elif local == "sz" and self._in_run:
            self._size = int(value) if value.isdecimal() else 0
        elif local == "outlineLvl":
            self._level = value
        elif local == "keepNext":
            self._keeps_next = value not in OFF

    def endElementNS(self, name: Name, qname: str | None) -> None:
        """Close a text, a run or a paragraph."""
        uri, local = name
        if uri in WORD and local == "t":
            self._in_text = False
        elif uri in WORD and local == "r":
            self._in_run = False
        elif uri in WORD and local == "p":
            self._finish()

    def characters(self, content: str) -> None:
        """Collect text, and the looks of what can be seen."""
        if self._in_text:
            self._parts.append(content)
            if content.strip():
                self._looks.append((self._bold, self._size))

    def _finish(self) -> None:
        text = "".join(self._parts)
        if text.strip() or self._bookmarks:
            self.paragraphs.append(
                Paragraph(
                    text,
                    bookmarks=tuple(self._bookmarks),
                    links=tuple(link for link in self._links if link),
                    bold=bool(self._looks) and all(bold for bold, _ in self._looks),
                    size=self._looks[0][1] if self._looks else 0,
                    level=self._level,
                    keeps_next=self._keeps_next,
                )
            )
        self._begin()
