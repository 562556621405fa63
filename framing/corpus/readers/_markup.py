"""Read HTML, XML and RTF files safely: no network, no entities, no time beyond the file's size."""

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import Element

from framing.corpus.encoding import BOMS, Decoded, UnreadableError, decode

if TYPE_CHECKING:
    from lxml.html import HtmlElement

CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^<>]{0,200}?(?:charset|encoding)\s?=\s?[\"']?([\w-]{3,20})", re.I
)
WIDER = {"iso-8859-1": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
END_OF_PAGE = re.compile(r"</(?:body|html)\s{0,9}>", re.IGNORECASE)  # files may be joined
BREAK = "\u2028"  # a line end that is meant, among those that are only the file's
EDGE = "\u2029"  # where a block of the page begins or ends
BLOCK_NAMES = """address article aside blockquote body dd div dl dt figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table tbody td th thead tr ul"""
BLOCKS = frozenset(BLOCK_NAMES.split())
NOT_TEXT = ("script", "style", "noscript", "template", "button", "select")
PARAGRAPH = re.compile(r"\n\s*\n")

RTF_FONTS = re.compile(r"\\f(\d{1,5})(?!\d)|\\fcharset(\d{1,3})(?!\d)")
RTF_PICTURE = re.compile(r"[0-9a-fA-F]{64,}")
RTF_ARTICLE = re.compile(r"\{\\\*\\bkmkstart\s+toc\d{1,6}\}|\\page(?![a-z]) ?")
PAGE_BREAK = "\ue000"  # of private use, so that no text holds it


class Page(NamedTuple):
    """An HTML file as a tree, and how it was decoded."""

    root: "HtmlElement"
    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def ascii_view(data: bytes) -> bytes:
    """Give bytes in which ASCII words can be found, also when the file is UTF-16.

    Examples
    --------
    >>> ascii_view("<html>".encode("utf-16-le"))
    b'<html>'
    """
    return data.replace(b"\x00", b"") if b"\x00" in data[:200] else data


def decode_markup(data: bytes) -> Decoded:
    """Decode by mark, as UTF-8, by the charset that the file declares, and only then by a guess.

    Examples
    --------
    >>> decode_markup('<meta charset="windows-1251">Мир'.encode("cp1251")).encoding
    'windows-1251'
    """
    declared = CHARSET.search(data[:4000])
    name = declared[1].decode("ascii").lower() if declared else ""
    if not name or name.startswith("utf") or data.startswith(tuple(mark for mark, _ in BOMS)):
        return decode(data)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _by_name(data, name) or decode(data)


def _by_name(data: bytes, name: str) -> Decoded | None:
    try:
        codec = codecs.lookup(WIDER.get(name, name))
        return Decoded(codec.decode(data, "replace")[0], name)
    except (LookupError, ValueError, TypeError):
        return None


def parse_html(data: bytes) -> Page:
    """Read an HTML file as a tree, without scripts, styles and comments.

    Raises
    ------
    UnreadableError
        If there is no HTML in it.
    """
    from lxml import etree, html

    decoded = decode_markup(data)
    text = END_OF_PAGE.sub("", CONTROLS.sub("", decoded.text))
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
        etree.strip_elements(
            root, etree.Comment, etree.ProcessingInstruction, *NOT_TEXT, with_tail=False
        )
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadableError("HTML that is broken or empty; download it again") from error
    _mark_breaks(root)
    lost = "\ufffd" in text_of(root)  # or only in a script
    notes = tuple(note for note in decoded.notes if lost or "\ufffd" not in note)
    return Page(root, decoded.text, decoded.encoding, notes)


def _mark_breaks(root: "HtmlElement") -> None:
    """Keep the line ends that a page shows: `<br>` and those in `<pre>`."""
    for element in root.iter("br"):
        element.tail = BREAK + (element.tail or "")
    for element in root.iter("pre"):
        for inner in element.iter():
            inner.text = (inner.text or "").strip("\r\n").replace("\n", BREAK)
            if inner is not element:
                inner.tail = (inner.tail or "").replace("\n", BREAK)


def has_class(element: "HtmlElement", name: str) -> bool:
    """Tell whether an element is of a class, whatever the case."""
    return name.lower() in (element.get("class") or "").lower().split()


def text_of(element: "HtmlElement | Element | None") -> str:
    """Give the text of an element on one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def lines_of(element: "HtmlElement") -> str:
    """Give the text of an element, line ends kept where the page shows them."""
    lines = [" ".join(line.split()) for line in "".join(element.itertext()).split(BREAK)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def blocks_of(element: "HtmlElement", *, without: frozenset[str] = frozenset()) -> list[str]:
    """Cut the text of an element where the page shows a new paragraph; `BREAK` is left in."""
    from lxml import etree

    pieces: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        edge = EDGE if node.tag in BLOCKS else ""
        if event == "start" and node.tag in without:
            walk.skip_subtree()
        elif event == "start":
            pieces += (edge, node.text or "")
        else:
            pieces += (edge, (node.tail or "") if node is not element else "")
    parts = re.split(f"([{BREAK}{EDGE}])", "".join(pieces))
    shown = "".join(part if part in (BREAK, EDGE) else " ".join(part.split()) for part in parts)
    return re.split(f"{EDGE}+|{BREAK}{{2,}}", shown)


def join_paragraphs(paragraphs: "list[str] | Iterator[str]") -> str | None:
    """Separate paragraphs by blank lines; nothing where there are none."""
    return "\n\n".join(text for text in paragraphs if text) or None


def parse_xml(data: bytes) -> Element:
    """Read an XML file, refusing document types and entities.

    Raises
    ------
    UnreadableError
        If it is broken or defines entities.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root: Element = fromstring(data.strip(), forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableError("XML that is not safe to open") from error
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableError("broken XML; download it again") from error
    return root


def parse_rtf(data: bytes) -> str:
    """Convert an RTF to text; a form feed stands before each page and each bookmarked article.

    Raises
    ------
    UnreadableError
        If it is broken.

    Notes
    -----
    What makes the converter slow on hostile files (links, an endless font table, pictures) is taken
    out or rewritten before.
    """
    from striprtf.striprtf import rtf_to_text

    source = RTF_PICTURE.sub("", data.decode("latin-1"))
    fonts = _font_table(source)
    source = source.replace("\\fonttbl", "\\generator").replace("\\fldinst", "\\generator")
    source = RTF_ARTICLE.sub(rf"\\u{ord(PAGE_BREAK)}?", source)
    start = source.find("\\rtf")
    end = source.find("\\", start + 1)
    source = f"{source[:end]}{fonts}{source[end:]}" if end > 0 else source
    try:
        text = rtf_to_text(source, errors="replace")
    except Exception as error:  # the converter names no exceptions of its own
        raise UnreadableError("a broken RTF; download it again or save it as text") from error
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\r", "\n").replace(PAGE_BREAK, "\n\f")


def _font_table(source: str) -> str:
    """Write the character set of each font in the shortest form."""
    fonts: dict[str, str] = {}
    font = ""
    for number, charset in RTF_FONTS.findall(source[:1_000_000]):
        font = number or font
        if charset and font and len(fonts) < 1000:
            fonts[font] = charset
    entries = "".join(rf"{{\f{font}\fcharset{charset} x;}}" for font, charset in fonts.items())
    return rf"{{\fonttbl{entries}}}" if entries else ""
