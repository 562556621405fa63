"""Web archives: which records are pages, how they are packed, what is said of the others."""

import gzip
import io
import sys
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.articles import read_articles
from framing.corpus.readers import Raw, UnreadableError, _web, find_reader, warc

pytest.importorskip("trafilatura")
pytest.importorskip("warcio")

TEXT = "Troops crossed the river at dawn on Monday, officials in the capital said in a statement."
PAGE = f"<html><head><title>War begins</title></head><body><article><p>{TEXT}</p></article>"


def make_record(
    body: bytes,
    *,
    number: int = 1,
    status: str = "200 OK",
    kind: str = "text/html; charset=utf-8",
    extra: str = "",
) -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{extra}\r\n".encode() + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\n"
        "WARC-Date: 2031-03-04T05:06:07Z\r\n"
        f"WARC-Target-URI: https://herald.example/{number}\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def chunked(body: bytes, size: int = 50) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def parse(*records: bytes) -> Raw:
    return warc.parse(b"".join(records), "crawl.warc")


def test_a_page_of_an_archive():
    raw = parse(make_record(PAGE.encode()))
    [record] = raw.records
    assert record["doc_id"] == "00000000-0000-0000-0000-000000000001"
    assert record["url"] == "https://herald.example/1"
    assert record["retrieved"] == "2031-03-04T05:06:07Z"
    assert (record["headline"], record["text"]) == ("War begins", TEXT)
    assert record["date"] is None
    assert raw.notes == raw.problems == ()


@pytest.mark.parametrize(
    ("extra", "pack"),
    [
        ("Transfer-Encoding: chunked\r\n", chunked),
        ("Transfer-Encoding: chunked\r\n", bytes),
        ("Content-Encoding: gzip\r\n", gzip.compress),
        ("Content-Encoding: gzip\r\n", bytes),
        ("content-encoding: deflate\r\n", zlib.compress),
        ("Content-Encoding: deflate\r\n", raw_deflate),
        (
            "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
            lambda body: chunked(gzip.compress(body)),
        ),
    ],
)
def test_pages_are_unpacked_as_their_server_packed_them(extra, pack):
    [record] = parse(make_record(pack(PAGE.encode()), extra=extra)).records
    assert record["text"] == TEXT


def test_the_encoding_the_server_declares_counts():
    page = PAGE.replace("Troops", "Войска").encode("cp1251")
    [record] = parse(make_record(page, kind="text/html; charset=windows-1251")).records
    assert record["text"].startswith("Войска")


def test_what_is_not_an_article_is_counted():
    raw = parse(
        make_record(PAGE.encode(), number=1),
        make_record(b"body {}", number=2, kind="text/css"),
        make_record(b"\x89PNG", number=3, kind="image/png"),
        make_record(PAGE.encode(), number=4, status="404 Not Found"),
        make_record(b"<html></html>", number=5),
        make_record(PAGE.encode(), number=6, extra="Content-Encoding: br\r\n"),
        make_record(PAGE.encode(), number=7),
    )
    assert [record["url"][-1] for record in raw.records] == ["1", "6", "7"]  # 6 is not packed
    assert raw.notes == ("2 left out: not pages", "1 left out: answered with HTTP 404")
    assert raw.problems == ("1 dropped: no article found in this page",)
    assert raw.n_lost == 1


def test_a_packing_the_kit_does_not_know_is_a_reason():
    raw = parse(make_record(b"\x1b\x00\x00", extra="Content-Encoding: br\r\n"))
    assert raw.problems == ("1 dropped: packed in a way the kit does not read (br)",)
    raw = parse(make_record(b"\x1f\x8bxx", extra="Content-Encoding: gzip\r\n"))
    assert raw.problems == ("1 dropped: a page whose compression is damaged",)


def test_a_bomb_is_unpacked_only_to_the_limit(monkeypatch):
    bomb = gzip.compress(b"<" * 5_000_000)
    monkeypatch.setattr(_web, "MAX_PAGE", 100_000)
    monkeypatch.setattr(warc, "MAX_PAGE", 100_000)
    page = warc.Page("1", "", "", "", False, "gzip", bomb)
    assert len(warc._plain(page)) == 100_001
    raw = parse(make_record(bomb, extra="Content-Encoding: gzip\r\n"))
    assert raw.problems == ("1 dropped: a page of 0 MB, which no article is",)


def test_an_archive_that_breaks_off_keeps_what_came_before():
    whole = make_record(PAGE.encode()) + make_record(PAGE.encode(), number=2)
    raw = parse(whole[:-100])
    assert [record["text"] for record in raw.records] == [TEXT]
    assert raw.problems == ("the archive breaks off or is damaged; what comes after is lost",)


def test_archives_packed_record_by_record(tmp_path):
    records = [make_record(PAGE.encode(), number=number) for number in (1, 2)]
    (tmp_path / "crawl.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    articles, report = read_articles(tmp_path / "crawl.warc.gz")
    assert articles["url"].str[-1].tolist() == ["1", "2"]
    assert report.loc[0, ["format", "parsed"]].tolist() == ["warc", 2]


def test_written_by_warcio_itself():
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=False)
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    url = "https://herald.example/war"
    payload = io.BytesIO(PAGE.encode())
    writer.write_record(
        writer.create_warc_record(url, "response", payload=payload, http_headers=headers)
    )
    payload = io.BytesIO(PAGE.encode())
    writer.write_record(
        writer.create_warc_record(
            url, "resource", payload=payload, warc_content_type="text/html; charset=utf-8"
        )
    )
    raw = warc.parse(stream.getvalue(), "crawl.warc")
    assert [record["text"] for record in raw.records] == [TEXT, TEXT]
    assert [record["url"] for record in raw.records] == [url, url]


@pytest.mark.parametrize("module", ["trafilatura", "warcio.archiveiterator"])
def test_without_the_extra_an_archive_says_what_to_install(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UnreadableError, match="need the extra 'web'"):
        parse(make_record(PAGE.encode()))


def test_recognised_by_its_mark():
    assert find_reader(make_record(b""), "crawl").FORMAT == "warc"
    assert not warc.recognise(b"a WARC/1.0", "crawl.warc")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=100), st.integers(0, 800), st.booleans())
def test_any_bytes_are_records_or_a_reason(noise, place, cut):
    archive = make_record(chunked(PAGE.encode()), extra="Transfer-Encoding: chunked\r\n")
    damaged = archive[:place] + noise + (b"" if cut else archive[place:])
    warc.recognise(damaged, "a.warc")
    raw = warc.parse(damaged, "a.warc")
    assert len(raw.records) <= 1
