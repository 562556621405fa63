"""RTF exports of Nexis Uni and of the older LexisNexis, made here with invented text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.articles import read_articles
from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import find_reader, nexis_rtf

ITEM = "5RCP-FVR1-DXY4-X2BV-00000-00"
LINK = f"https://advance.lexis.com/api/document?collection=news&id=urn:contentItem:{ITEM}&context="
HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}}"
    r"{\header\pard Page 1 of 3\par}{\pict\pngblip " + "89504e47" * 40 + "}"
)


def escaped(text):
    """Text as RTF writes it."""
    plain = text.replace("\\", r"\\").replace("{", r"\{").replace("}", r"\}")
    coded = (
        letter if ord(letter) < 128 else r"\~" if letter == "\u00a0" else rf"\u{ord(letter)}?"
        for letter in plain
    )
    return "".join(coded)


def line(text, bookmark="", link=""):
    mark = rf"{{\*\bkmkstart {bookmark}}}{{\*\bkmkend {bookmark}}}" if bookmark else ""
    text = rf"{{\b {escaped(text)}}}"
    if link:
        field = rf'{{\*\fldinst{{HYPERLINK "{link}"}}}}{{\fldrslt{text}}}'
        text = rf"{{\field{field}}}"
    return rf"\pard\qc {mark}{text}\par" + "\n"


def article(number, *, headline, bookmarks=True, end="End of Document", link=""):
    body = "Body" if number == 1 else f"Body_{number - 2}"
    lines = [
        line("", f"Bookmark_{number}" if bookmarks else ""),
        line(headline, link=link),
        line("The Herald"),
        line("March 3, 2031 Monday"),
        line(""),
        line("Copyright 2031 The Herald Company"),
        line("Section:\u00a0NEWS; Pg. 7A"),
        line("Length:\u00a0355 words"),
        line("Byline:\u00a0Zoë Röe"),
        line("Body", body if bookmarks else ""),
        line("The war began {at} dawn."),
        line("“Nobody knew,” she said."),
        line("Graphic"),
        line("PHOTO: The bridge."),
        line("Load-Date:\u00a0March 4, 2031"),
        line(""),
        line(end),
    ]
    return "".join(lines)


def export(**changes):
    cover = line("Job Number: 1") + line("Documents (2)") + line("1. Troops cross the river")
    first = article(1, headline="Troops cross the river", link=LINK, **changes)
    second = article(2, headline="Oil prices rise", **changes)
    return (HEAD + cover + first + second + "}").encode("ascii")


@pytest.mark.parametrize("bookmarks", [True, False])
def test_fields_with_and_without_bookmarks(bookmarks):
    data = export(bookmarks=bookmarks)
    assert find_reader(data, "a.rtf") is nexis_rtf
    raw = nexis_rtf.parse(data, "a.rtf")
    assert raw.declared == 2
    assert raw.records[0] == {
        "doc_id": ITEM,
        "database_url": LINK,
        "headline": "Troops cross the river",
        "outlet": "The Herald",
        "date": "March 3, 2031 Monday",
        "section": "NEWS",
        "page": "7A",
        "length": "355",
        "byline": "Zoë Röe",
        "text": "The war began {at} dawn.\n\n“Nobody knew,” she said.",
        "graphic": "PHOTO: The bridge.",
        "load_date": "March 4, 2031",
    }
    assert raw.records[1]["headline"] == "Oil prices rise"
    assert "doc_id" not in raw.records[1]


@pytest.mark.parametrize("end", ["Ende des Dokuments", "Fin du document", "Fine del documento"])
def test_other_interfaces_without_bookmarks(end):
    raw = nexis_rtf.parse(export(bookmarks=False, end=end), "a.rtf")
    assert [record["headline"] for record in raw.records] == [
        "Troops cross the river",
        "Oil prices rise",
    ]


def test_the_older_layout():
    lines = ["", "1 of 1 DOCUMENT", "", "The Herald", "", "March 3, 2031 Monday", "Late Edition"]
    lines += ["", "Troops cross", "the river", "", "LENGTH: 355 words", ""]
    lines += ["The war began at dawn. " * 6, "Nobody knew of it. " * 8, "", "LOAD-DATE: March 4"]
    data = (HEAD + "".join(map(line, lines)) + "}").encode("ascii")
    (record,) = nexis_rtf.parse(data, "a.rtf").records
    assert record["headline"] == "Troops cross the river"
    assert [record["outlet"], record["edition"]] == ["The Herald", "Late Edition"]
    assert record["text"].count("\n\n") == 1


def test_other_rtf_is_not_recognised(tmp_path):
    data = rb"{\rtf1\ansi An essay on war.\par}"
    assert not nexis_rtf.recognise(data, "a.rtf")
    (tmp_path / "a.rtf").write_bytes(data)
    _, report = read_articles(tmp_path / "a.rtf")
    assert "an RTF of a kind the kit does not know" in report.loc[0, "reason"]


def test_a_font_table_without_end_is_refused():
    data = export().replace(b"{\\f0\\fswiss\\fcharset0 Arial;}}", b"{\\f0\\fcharset0" * 50_000)
    with pytest.raises(UnreadableError, match="font table"):
        nexis_rtf.parse(data, "a.rtf")


VALID = export()


def read_or_refuse(data):
    """Parse bytes; the only error a reader may raise is its own."""
    nexis_rtf.recognise(data, "a.rtf")
    try:
        return nexis_rtf.parse(data, "a.rtf")
    except UnreadableError:
        return None


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=400))
def test_random_bytes(data):
    read_or_refuse(data)
    read_or_refuse(b"{\\rtf1 " + data)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, len(VALID) - 1), st.integers(1, 255), st.booleans())
def test_flipped_and_cut_files(place, change, cut):
    flipped = bytearray(VALID)
    flipped[place] ^= change
    read_or_refuse(bytes(flipped[:place] if cut else flipped))
