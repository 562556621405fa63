"""Web archives (WARC): the pages among the records of a crawl."""

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import Raw
from framing.corpus.readers._web import MAX_PAGE, NEEDS, decode_page, read_page

FORMAT = "warc"
PRECEDENCE = 10
SUFFIXES = (".warc",)
HTML = ("text/html", "application/xhtml+xml")
BROKEN = "the archive breaks off or is damaged; what comes after is lost"
CHUNK = re.compile(rb"([0-9a-fA-F]{1,7})[^\r\n]{0,200}\r?\n")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


class Page(NamedTuple):
    """One page as the server sent it."""

    doc_id: str
    url: str
    retrieved: str
    charset: str
    chunked: bool
    packing: str
    body: bytes


def recognise(data: bytes, name: str) -> bool:
    """Recognise by the mark every record begins with."""
    return data[:200].lstrip().startswith(b"WARC/")


def parse(data: bytes, name: str) -> Raw:
    """Read every page the server answered with; ids are those of the archive's records."""
    records: list[dict[str, Any]] = []
    lost, left_out = Counter[str](), Counter[str]()
    for found in _pages(data):
        if isinstance(found, Page):
            _add(found, records, lost)
        else:
            left_out[found] += 1
    broken = (BROKEN,) if left_out.pop(BROKEN, 0) else ()
    reasons = tuple(f"{n} dropped: {reason}" for reason, n in lost.items())
    notes = tuple(f"{n} left out: {what}" for what, n in left_out.items())
    return Raw(records, notes=notes, problems=reasons + broken, n_lost=lost.total())


def _add(page: Page, records: list[dict[str, Any]], lost: Counter[str]) -> None:
    """Read one page; what is wrong with it is counted."""
    try:
        decoded = decode_page(_plain(page), page.charset)
        article = read_page(decoded.text, page.url)
    except UnreadableError as error:
        _need(error)
        lost[str(error)] += 1
        return
    records.append({"doc_id": page.doc_id or None, **article, "retrieved": page.retrieved or None})


def _need(error: UnreadableError) -> None:
    """Say once for the file, not once a page, that the extractor is not installed."""
    if str(error) == NEEDS.format(what="web pages"):
        raise error


def _pages(data: bytes) -> Iterator[Page | str]:
    """Yield each page, or a word for what else there is."""
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError:
        raise UnreadableError(NEEDS.format(what="web archives")) from None
    try:
        for record in ArchiveIterator(io.BytesIO(data)):
            if record.rec_type in ("response", "resource"):
                yield _page(record)
    except Exception:  # damaged archives fail in too many ways to list
        yield BROKEN


def _page(record: Any) -> Page | str:
    http, warc = record.http_headers, record.rec_headers
    status = (http.get_statuscode() if http else "200") or "no status"
    headers = _lower(http or warc)
    kind = headers.get("content-type", "")
    if status != "200":
        return f"answered with HTTP {status[:20]}"
    if not kind.lower().startswith(HTML):
        return "not pages"
    charset, own = CHARSET.search(kind), _lower(warc)
    return Page(
        doc_id=own.get("warc-record-id", "").strip("<>").removeprefix("urn:uuid:"),
        url=own.get("warc-target-uri", "").strip("<>"),
        retrieved=own.get("warc-date", ""),
        charset=charset[1] if charset else "",
        chunked="chunked" in headers.get("transfer-encoding", "").lower(),
        packing=headers.get("content-encoding", "").lower() if http else "",
        body=_body(record.raw_stream),
    )


def _lower(headers: Any) -> dict[str, str]:
    return {str(name).lower(): str(value).strip() for name, value in headers.headers}


def _body(stream: Any) -> bytes:
    """Read the stored bytes, one too many where the page is too large."""
    parts: list[bytes] = []
    while (wanted := MAX_PAGE + 1 - sum(map(len, parts))) > 0 and (part := stream.read(wanted)):
        parts.append(part)
    if wanted > 0 and getattr(stream, "limit", 0) > 0:
        raise EOFError("the record is shorter than it declares")
    return b"".join(parts)


def _plain(page: Page) -> bytes:
    """Put chunks together and unpack, up to the limit for a page."""
    body = _dechunked(page.body) if page.chunked else page.body
    if page.packing in ("", "identity") or body[:1] == b"<":
        return body
    if page.packing not in ("gzip", "x-gzip", "deflate"):
        raise UnreadableError(f"packed in a way the kit does not read ({page.packing[:20]})")
    return _inflated(body)


def _dechunked(body: bytes) -> bytes:
    """Join the chunks of a transfer; a body without them is returned as it is."""
    parts, place = [], 0
    while size := CHUNK.match(body, place):
        end = size.end() + int(size[1], 16)
        parts.append(body[size.end() : end])
        place = end + 2
        if end == size.end():
            break
    return b"".join(parts) or body


def _inflated(body: bytes) -> bytes:
    """Unpack gzip or deflate, which some servers send without its head."""
    for bits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        try:
            return zlib.decompressobj(bits).decompress(body, MAX_PAGE + 1)
        except zlib.error:
            continue
    raise UnreadableError("a page whose compression is damaged")
