"""Saved web pages (HTML): one article a page."""

import codecs
import re
from pathlib import PurePosixPath

from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import Raw
from framing.corpus.readers._web import decode_page, read_page

FORMAT = "html"
PRECEDENCE = 60  # after every database that exports HTML
SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
BEFORE = r"\s*(?:<\?xml[^<>]{0,300}>\s*)?(?:<!--(?:(?!-->)[\s\S]){0,3000}-->\s*){0,3}"
PAGE = re.compile(BEFORE + r"<(?:!doctype\s+html|html|head|body|meta|title|base)\b", re.IGNORECASE)
ELEMENT = re.compile(r"<(?:p|div|article|section|main|h[1-6]|span|a|table)\b[^<>]*>", re.IGNORECASE)
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# The folder a browser saves beside a page, in the languages of browsers.
PARTS = re.compile(
    r"[-_ ](?:files?|dateien|fichiers|archivos|ficheros|bestanden|arquivos|ficheiros|pliki|filer)$",
    re.IGNORECASE,
)
# Signs of databases' exports, lest one of an unknown layout pass as a single page of news.
DATABASES = {
    "Factiva": re.compile(rb"class=\"?'?article [a-z]{2}Article|articleParagraph"),
    "LexisNexis": re.compile(rb"<DOCFULL>|<DOC NUMBER=", re.IGNORECASE),
    "Europresse": re.compile(rb"DocPublicationName|txtCertificat", re.IGNORECASE),
    "ProQuest": re.compile(rb"ProQuest document ID", re.IGNORECASE),
}
UNTELLING = {"index", "default", "amp", "story", "article", ""}


def recognise(data: bytes, name: str) -> bool:
    """Recognise a page by how it begins, or a part of one by its elements and its suffix."""
    sample = data[:8000]
    encoding = "utf-16" if sample.startswith(UTF16) else "utf-8-sig"
    text = sample.decode(encoding, errors="replace")
    if PAGE.match(text):
        return True
    return name.lower().endswith(SUFFIXES) and bool(ELEMENT.search(text))


def parse(data: bytes, name: str) -> Raw:
    """Take the article out of the page; its id is the name of the file.

    Examples
    --------
    >>> parse(b"<html>", "news_files/advert.html")
    Traceback (most recent call last):
    framing.corpus.encoding.UnreadableError: a part of a saved page, not an article
    """
    path = PurePosixPath(name)
    _refuse(data, path)
    decoded = decode_page(data)
    record = {"doc_id": _telling_name(path), **read_page(decoded.text)}
    no_text = () if record["text"] else ("no text found in the page, only a headline",)
    return Raw([record], decoded.encoding, (*decoded.notes, *no_text))


def _refuse(data: bytes, path: PurePosixPath) -> None:
    """Refuse what is not a page of news: frames saved beside a page, exports of databases."""
    if any(PARTS.search(folder) for folder in path.parts[:-1]):
        raise UnreadableError("a part of a saved page, not an article")
    if source := next((name for name, sign in DATABASES.items() if sign.search(data)), ""):
        raise UnreadableError(f"an export of {source} in a layout the kit does not know")


def _telling_name(path: PurePosixPath) -> str:
    """Name the page after its file, or after its folder where every file is `index.html`."""
    known = path.suffix.lower() in SUFFIXES
    stem = path.stem if known else path.name
    folders = [part for part in path.parts[:-1] if part not in ("..", "/")]
    return folders[-1] if stem.lower() in UNTELLING and folders else stem
