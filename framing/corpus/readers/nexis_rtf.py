"""RTF exports of Nexis Uni, Lexis Advance and Lexis+, and of the LexisNexis before them."""

import re

from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import Raw
from framing.corpus.readers._docx import Paragraph
from framing.corpus.readers._legacy import read_counter
from framing.corpus.readers._nexis import parse_paragraphs
from framing.corpus.readers.lexis_txt import parse_text

FORMAT = "nexis rtf"
PRECEDENCE = 10
MARKS = re.compile(
    rb"\\bkmkstart (?:Bookmark_1|Body)\}|advance\.lexis\.com|"
    rb"\b\d{1,6} (?:of|von|de|di|van) \d{1,6} DO[CK]\w{5,8}\b|"
    rb"\b(?:End of Document|Ende des Dokuments|Fin d[eu] document|Fin del documento|"
    rb"Fine del documento|Einde van (?:het )?document|Fim do documento)\b"
)
BOOKMARK = re.compile(r"\{\\\*\\bkmkstart ([A-Za-z]{4,16}(?:_\d{1,6})?)\}")
LINK = re.compile(
    r"\{\\\*\\fldinst[^{}]{0,40}\{?[^{}]{0,80}HYPERLINK[^{}\"]{0,20}\"?([^{}\"]{0,2000})"
)
LONG = 100  # such a line is a paragraph, not one line of a headline
HEX_RUN = re.compile(r"[0-9a-fA-F]{64,}")  # pictures
FONT_TABLE = "\\fonttbl"
FONT = re.compile(r"\\f(\d{1,5})(?![a-z])[^;{}]{0,200}?\\fcharset(\d{1,3})")
BRACE = re.compile(r"[{}]")
# Characters of private use carry bookmarks and links through the conversion to text.
MARK, LINKED, END = "\ue000", "\ue001", "\ue002"
CARRIED = re.compile(f"([{MARK}{LINKED}])([^{END}\n]*){END}")


def recognise(data: bytes, name: str) -> bool:
    """Recognise an RTF by the bookmarks of an export, its end lines or its document counter."""
    return data[:10].lstrip().startswith(b"{\\rtf") and bool(MARKS.search(data))


def parse(data: bytes, name: str) -> Raw:
    """Read the articles between the bookmarks or end lines, or behind the document counters."""
    lines = rtf_lines(data)
    texts = [CARRIED.sub("", line) for line in lines]
    if any(map(read_counter, texts)):
        return parse_text("\n".join(f"\n{t}\n" if len(t) > LONG else t for t in texts))
    return parse_paragraphs([_paragraph(line) for line in lines])


def rtf_lines(data: bytes) -> list[str]:
    """Convert an RTF to lines of text, with bookmarks and links as carried marks.

    Raises
    ------
    UnreadableError
        If the file is broken.
    """
    from striprtf.striprtf import rtf_to_text

    source = _with_short_fonts(HEX_RUN.sub("", data.decode("latin-1")))
    source = BOOKMARK.sub(rf"{MARK}\1{END}", source)
    source = LINK.sub(lambda found: f"{LINKED}{found[1]}{END}{found[0]}", source)
    source = source.replace("HYPERLINK", "")  # the converter would write links into the text
    try:
        text = rtf_to_text(source, errors="replace")
    except Exception as error:  # the converter names no exceptions of its own
        raise UnreadableError("a broken RTF; download it again or save it as .docx") from error
    return text.replace("\r", "\n").split("\n")


def _with_short_fonts(source: str) -> str:
    """Keep of the font table what decides on characters; the converter is slow on the rest."""
    start = source.find(FONT_TABLE)
    if start < 0:
        return source
    depth = 1
    for brace in BRACE.finditer(source, start):
        depth += 1 if brace.group() == "{" else -1
        if not depth:
            fonts = dict(FONT.findall(source[start : brace.start()]))
            table = "".join(rf"{{\f{font}\fcharset{code} x;}}" for font, code in fonts.items())
            return f"{source[:start]}{FONT_TABLE}{table}{source[brace.start() :]}"
    raise UnreadableError("a broken RTF (its font table has no end)")


def _paragraph(line: str) -> Paragraph:
    """Take the carried marks out of a line."""
    carried = CARRIED.findall(line)
    return Paragraph(
        CARRIED.sub("", line),
        bookmarks=tuple(value for kind, value in carried if kind == MARK),
        links=tuple(value for kind, value in carried if kind == LINKED),
    )
