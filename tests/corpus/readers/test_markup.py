import pytest

from framing.corpus.readers import UnreadableError
from framing.corpus.readers._languages import CODE_OF_LANGUAGE, code_of, language_code
from framing.corpus.readers._markup import (
    BREAK,
    blocks_of,
    decode_markup,
    lines_of,
    parse_html,
    parse_rtf,
    parse_xml,
)


def test_a_declared_charset_is_believed_where_utf8_fails():
    page = '<meta http-equiv="Content-Type" content="text/html; charset={}">Мир – Süß'
    assert "Мир" in decode_markup(page.format("windows-1251").encode("cp1251", "replace")).text
    assert "Süß" in decode_markup(page.format("windows-1251").encode()).text
    assert decode_markup(page.format("nonsense-8").encode()).encoding == "utf-8"
    assert "é" in decode_markup(b"<meta charset=iso-8859-1>\xe9\x96").text


def test_scripts_and_comments_are_no_text():
    page = parse_html(b"<p>a<script>x</script><!-- y --><style>z</style>b</p>")
    assert lines_of(page.root) == "ab"


def test_line_ends_that_a_page_shows_are_kept():
    page = parse_html(b"<div>a\nb<br>c</div><pre>d\n e</pre>")
    boxes = list(page.root.body)
    assert lines_of(boxes[0]) == "a b\nc"
    assert lines_of(boxes[1]) == "d\ne"


def test_blocks_are_cut_where_the_page_shows_a_paragraph():
    page = parse_html(
        b"<td><div>a<p>b <i>c</i></p>d<br><br>e<br>f<table><tr><td>g</table></div></td>"
    )
    blocks = blocks_of(page.root.body, without=frozenset({"table"}))
    assert [block for block in blocks if block] == ["a", "b c", "d", f"e{BREAK}f"]


@pytest.mark.parametrize("data", [b"", b"   ", b"<!-- x -->", b"\x00\x00"])
def test_a_page_without_elements_is_refused(data):
    with pytest.raises(UnreadableError):
        parse_html(data)


def test_entities_of_xml_are_refused():
    with pytest.raises(UnreadableError, match="not safe"):
        parse_xml(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>')
    with pytest.raises(UnreadableError, match="not safe"):
        parse_xml(b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>')
    assert parse_xml(b"  <a>b</a>").text == "b"


def test_rtf_becomes_text():
    source = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}"
        rb"{\info{\title Hidden}}\f0 caf\'e9 \u8217?\par\f1 \'cc\'e8\'f0\f0\page next"
        rb" \u-10179?\u-8704?}"
    )
    assert parse_rtf(source) == "café ’\nМир\n\fnext 😀"


def test_links_of_rtf_leave_their_text_only():
    link = rb'{\field{\*\fldinst{HYPERLINK "http://example.org"}}{\fldrslt{\ul rain}}}'
    assert parse_rtf(rb"{\rtf1 It is " + link + rb" again}") == "It is rain again"


@pytest.mark.parametrize(
    "part",
    [
        rb"{\field{\*\fldinst{",
        rb"{\fonttbl{\f1\fcharset1 ",
        rb"\f1\fcharset1 ",
        rb"{\*\bkmkstart toc",
        rb"{{{{",
        rb"\bin99999 \pict ",
    ],
)
def test_hostile_rtf_takes_no_longer_than_its_size(part):
    for size in (20_000, 200_000):
        try:
            parse_rtf(rb"{\rtf1 " + part * (size // len(part)))
        except UnreadableError as error:
            assert "RTF" in str(error)


def test_names_of_languages_have_one_code_each():
    assert all(len(code) == 2 for code in CODE_OF_LANGUAGE.values())
    assert [
        language_code(name) for name in ("Allemand", "ENGELS", "日本語", "Chinese (Simplified)")
    ] == [
        "de",
        "en",
        "ja",
        "zh",
    ]
    assert code_of("english weather") == ""
