"""No bytes may do more to a reader than make it say in plain words that it cannot read them."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from framing.corpus.database_heads import head_and_tail_lines, head_facts
from framing.corpus.readers import (
    Raw,
    UnreadableError,
    europresse_html,
    factiva_html,
    factiva_text,
    factiva_xml,
    integrum_workbook,
    proquest_text,
)

NUMBER = "DHER000020310303ea3h00001"
HEAD = "News\nBridge closed\n97 words\n3 March 2031\nDaily Herald\nDHER\n12\nEnglish\n(c) Herald\n"
TEXT = f"{HEAD}The bridge closed.\n\nCars wait.\nDocument {NUMBER}\n"
CODED = (
    f"HD\nBridge\nPD\n3 March 2031\nSN\nHerald\nLP\nIt rained.\nTD\nMore.\nAN\nDocument {NUMBER}\n"
)
DIVS = "".join(f"<div>{line}</div>" for line in HEAD.split("\n"))
HTML = f"""<html><body><div class="article enArticle">
<div id="hd"><b class="enHeadline">Bridge</b></div>
{DIVS}<p class="articleParagraph enarticleParagraph">It rained.<br>More.</p><p>A crane.</p>
<p>Document {NUMBER}</p></div>
<div class="article frArticle"><table><tr><td>HD</td><td>Pont</td></tr>
<tr><td>LP</td><td><p>Il pleut.</p><pre>a\nb</pre></td></tr></table></div></body></html>"""
XML = f"""<r><s count="1"><article><accessionNo>{NUMBER}</accessionNo><headline>Bridge</headline>
<leadParagraph><paragraph>It rained.</paragraph></leadParagraph></article></s></r>"""
RTF = (
    r"{\rtf1\ansi{\fonttbl{\f0\fcharset204 A;}}\f0 "
    + TEXT.replace("\n", "\\par ")
    + r"\'e9\u8217?}"
)
RULE = "_" * 60
PROQUEST = f"""{RULE}
Document 1 of 2

Bridge

Publication info: Herald; Dublin03 Mar 2031: 1.

Full text: It rained.

Title: Bridge

Publication title: Herald

Publication date: Mar 3, 2031

ProQuest document ID: 1963418101
{RULE}
"""
EUROPRESSE = """<table><tr><td><span class="DocPublicationName">Herald, no. 1</span><br>
<span class="DocHeader">News, 3 mars 2031, p. 3</span><br><br>
<span class="TitreArticleVisu">Pont</span><br>
<br>Ada<br><p></p>Il pleut.<p></p>N : news·20310303·DH·1</td></tr></table>
<article><span class="DocPublicationName">Herald</span>
<div class="titreArticle">Pont</div><p>Ada</p>
<section>Il pleut.</section></article>"""


def workbook() -> bytes:
    book = Workbook()
    book.active.append(["source", "date", "time", "head", "body"])
    book.active.append(["Herald", "03.03.2031", "12:30", "Bridge", "It rained.\nMore."])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


FILES = {
    factiva_html: [HTML.encode(), HTML.encode("utf-16")],
    factiva_text: [TEXT.encode(), CODED.encode(), RTF.encode()],
    factiva_xml: [XML.encode()],
    proquest_text: [PROQUEST.encode()],
    europresse_html: [EUROPRESSE.encode(), EUROPRESSE.partition("</table>")[2].encode()],
    integrum_workbook: [workbook()],
}
CASES = [
    pytest.param(reader, data, id=reader.FORMAT) for reader, all in FILES.items() for data in all
]


def survives(reader, data: bytes) -> None:
    assert reader.recognise(data, "a.bin") in (True, False)
    try:
        assert isinstance(reader.parse(data, "a.bin"), Raw)
    except UnreadableError as error:
        assert str(error)


@pytest.mark.parametrize(("reader", "data"), CASES)
def test_the_whole_file_is_recognised_and_read(reader, data):
    assert reader.recognise(data, "a.bin")
    assert len(reader.parse(data, "a.bin").records) > 0


@pytest.mark.parametrize(("reader", "data"), CASES)
@settings(max_examples=40, deadline=None)
@given(draw=st.data())
def test_a_damaged_file_is_read_or_refused(reader, data, draw):
    cut = draw.draw(st.integers(0, len(data)))
    damaged = bytearray(data[:cut])
    places = st.lists(st.tuples(st.integers(0, max(cut - 1, 0)), st.integers(0, 255)), max_size=8)
    for place, byte in draw.draw(places) if damaged else ():
        damaged[place] = byte
    survives(reader, bytes(damaged))
    survives(reader, data[:cut] + draw.draw(st.binary(max_size=60)) + data[cut:])


@pytest.mark.parametrize("reader", FILES, ids=lambda reader: reader.FORMAT)
@settings(max_examples=30, deadline=None)
@given(data=st.binary(max_size=300))
def test_random_bytes_are_refused(reader, data):
    survives(reader, data)
    survives(reader, b"{\\rtf1" + data)


LINES = st.sampled_from([*TEXT.split("\n"), *CODED.split("\n"), "", "{", "x" * 90])


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES | st.text(max_size=20), max_size=30))
def test_lines_in_any_order_are_numbered_once(lines):
    text = "\n".join(lines)
    found = head_and_tail_lines(text)
    assert found == sorted(set(found))
    assert all(text.split("\n")[n].strip() for n in found)
    assert all(isinstance(fact, str) and fact for fact in head_facts(text).values())


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_that_would_flood_the_memory_is_refused(part):
    stream = io.BytesIO(workbook())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{part}.more", b"\0" * 120 * 1024**2)
    data = stream.getvalue()
    assert not integrum_workbook.recognise(data, "a.xlsx")
    with pytest.raises(UnreadableError, match="packed"):
        integrum_workbook.parse(data, "a.xlsx")
