"""What the readers of web pages share: decode a page, take the article out of it."""

import codecs
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from framing.corpus.encoding import Decoded, UnreadableError, decode

MAX_PAGE = 20 * 1024**2  # the largest news page is a few MB
MAX_ELEMENTS = 20_000  # most have under 2,000; the extractor's time grows with their square
LARGE = 5_000  # from here on without the extractor's second opinions, which are slowest
ELEMENT = re.compile(r"<[a-zA-Z]")
LONG_VALUE = re.compile(r'="[^"]{10000,}+"')  # pictures a browser saved inside the page
NEEDS = "{what} need the extra 'web': pip install 'framing-kit[web]'"
DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^<>]{0,300}?(?:charset|encoding)\s*=\s*["']?([\w-]+)"""
)
WEB_ENCODING = re.compile(
    r"(?:utf-8|utf-16|us-ascii|ascii|iso-?8859|latin|windows-|cp\d|koi8|gbk?\d*$|gb2312|gb18030|"
    r"big5|euc-|shift.jis|sjis|iso-2022-(?:jp|kr)|tis-620|macintosh)",
    re.IGNORECASE,
)
ESCAPED = re.compile(r"iso-2022-", re.IGNORECASE)  # written in ASCII, so it passes as UTF-8
SAVED_FROM = re.compile(
    r"<!--\s{0,9}(?:saved from url=\(\d{1,6}\)|Page saved with SingleFile\s{1,9}url:\s?)"
    r"(http\S{1,2000})"
)
LANGUAGE = re.compile(r"""<html\b[^<>]{0,500}?\s(?:xml:)?lang\s*=\s*["']?([A-Za-z][\w-]{1,11})""")
LINE_END = re.compile(r"\n\s*")
BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


def decode_page(data: bytes, charset: str = "") -> Decoded:
    """Decode a page by its mark, as UTF-8, as the server or the page declares, or by a guess.

    Examples
    --------
    >>> decode_page('<meta charset="windows-1251"><p>война'.encode("cp1251")).encoding
    'windows-1251'
    """
    if len(data) > MAX_PAGE:
        raise UnreadableError(f"a page of {len(data) / 1024**2:.0f} MB, which no article is")
    inside = DECLARED.search(data[:4000])
    for name in (charset, inside[1].decode("latin-1") if inside else ""):
        decoded = _as_declared(data, name)
        if decoded:
            return decoded
    return decode(data)


def _as_declared(data: bytes, name: str) -> Decoded | None:
    """Believe a declared encoding only where UTF-8 fails: many servers declare the wrong one."""
    if not WEB_ENCODING.match(name) or data.startswith((codecs.BOM_UTF8, b"\xff\xfe", b"\xfe\xff")):
        return None
    if not ESCAPED.match(name) and _is_utf8(data):
        return None
    codec = {"iso-8859-1": "cp1252", "latin1": "cp1252", "gb2312": "gb18030"}.get(
        name.lower(), name
    )
    try:
        return Decoded(data.decode(codec, errors="replace"), name.lower())
    except (LookupError, ValueError):
        return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def read_page(page: str, url: str = "") -> dict[str, Any]:
    """Take article and facts out of a page.

    Parameters
    ----------
    page : str
        HTML.
    url : str, optional
        Where it was fetched, if that is known.

    Returns
    -------
    dict
        `outlet` (the site's name, else its host), `date`, `headline`, `text` (None where there is
        none), `byline`, `section`, `url`, `language` and `subjects`; those that are not there are
        missing.

    Raises
    ------
    UnreadableError
        If trafilatura is not installed, cannot read the page or finds nothing in it, or if the
        page has more elements than any article.

    Notes
    -----
    trafilatura (Barbaresi 2021) with its preference for precision, without readers' comments. The
    date is the day of first publication the page declares or shows beside the headline; dates
    merely somewhere on the page are not guessed from.
    """
    found = _extract(LONG_VALUE.sub('=""', page), url)
    if found is None:
        raise UnreadableError("no article found in this page")
    record = _record(found) | {"url": url or found.url or _match(SAVED_FROM, page[:5000])}
    record["language"] = _match(LANGUAGE, page[:5000])
    if not record["text"] and not record["headline"]:
        raise UnreadableError("no article found in this page")
    return {name: value or None for name, value in record.items()}


def _extract(page: str, url: str) -> Any:
    """Run trafilatura, on the facts alone where there is no text; any failure becomes a reason."""
    options = _options(_count_elements(page))
    try:
        from trafilatura import bare_extraction, extract_metadata
    except ImportError:
        raise UnreadableError(NEEDS.format(what="web pages")) from None
    try:
        with _quiet():
            article = bare_extraction(page, url=url or None, with_metadata=True, **options)
            return article or extract_metadata(page, url or None, date_config=_dates())
    except Exception as error:  # a parser of the whole web fails in too many ways to list
        raise UnreadableError(f"a page that cannot be read ({type(error).__name__})") from error


def _count_elements(page: str) -> int:
    n_elements = sum(1 for _ in ELEMENT.finditer(page))
    if n_elements > MAX_ELEMENTS:
        raise UnreadableError(f"a page of {n_elements:,} elements, which no article has")
    return n_elements


def _options(n_elements: int) -> dict[str, Any]:
    large = n_elements > LARGE
    return {
        "fast": large,
        "favor_precision": not large,
        "include_comments": False,
        "date_extraction_params": _dates(),
    }


def _dates() -> dict[str, Any]:
    """How to look for the date; made anew for each page since the extractor writes into it."""
    return {
        "original_date": True,
        "extensive_search": False,
        "min_date": "1800-01-01",
        "max_date": "2199-12-31",  # not today: the same page must always give the same date
    }


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the extractor's warnings off the notebook; the report says what was lost."""
    loggers = [logging.getLogger(name) for name in ("trafilatura", "htmldate", "readability")]
    before = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _record(found: Any) -> dict[str, Any]:
    headline = without_site(found.title or "", found.sitename or "")
    return {
        "outlet": found.sitename or found.hostname,
        "date": found.date,
        "headline": headline,
        "text": without_headline(as_paragraphs(found.text or ""), headline),
        "byline": found.author,
        "section": "; ".join(found.categories or []),
        "subjects": "; ".join(found.tags or []),
    }


def without_site(headline: str, site: str) -> str:
    """Cut the site's name off the end of a page's title.

    Examples
    --------
    >>> without_site("War begins - The Herald", "The Herald")
    'War begins'
    """
    cut = re.sub(rf"\s+[|–—·•:-]+\s+{re.escape(site)}\s*$", "", headline) if site else headline
    return cut or headline


def without_headline(text: str, headline: str) -> str:
    r"""Cut the headline off the text where it is the first paragraph.

    Examples
    --------
    >>> without_headline("War begins\n\nTroops crossed the river.", "War begins")
    'Troops crossed the river.'
    """
    first, _, rest = text.partition("\n\n")
    return rest if rest and first.strip() == headline else text


def as_paragraphs(text: str) -> str:
    r"""Separate paragraphs by blank lines where each is a line of its own.

    Examples
    --------
    >>> as_paragraphs("War began.\nPeace came.")
    'War began.\n\nPeace came.'
    """
    if BLANK_LINE.search(text):
        return text.strip()
    return LINE_END.sub("\n\n", text.strip())


def _match(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    return found[1] if found else ""
