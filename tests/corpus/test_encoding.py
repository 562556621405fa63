import sys

import pytest

from framing.corpus.encoding import UnreadableError, decode

NEWS = "“It’s naïve,” she said in the café near Plzeň – and left."
WESTERN = "“It’s naïve,” she said in the café – and left."
RUSSIAN = "Президент заявил сегодня, что войска перешли реку и вошли в город без боя."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marks_and_utf8_are_certain(encoding):
    decoded = decode(NEWS.encode(encoding))
    assert decoded.text == NEWS
    assert decoded.encoding == encoding
    assert decoded.notes == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(encoding):
    assert decode(NEWS.encode(encoding)) == (NEWS, encoding, ())


def test_windows_western_keeps_its_curly_quotes():
    assert decode(WESTERN.encode("cp1252")) == (WESTERN, "cp1252", ())


def test_bytes_that_windows_lacks_are_latin1():
    assert decode(b"caf\xe9 \x81").encoding == "latin-1"


def test_cyrillic_is_not_taken_for_western():
    pytest.importorskip("charset_normalizer")
    decoded = decode(RUSSIAN.encode("cp1251") * 3)
    assert decoded.text == RUSSIAN * 3
    assert decoded.notes == ("encoding guessed: cp1251",)


def test_without_a_guesser_the_report_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "charset_normalizer", None)
    assert "pip install charset-normalizer" in decode(RUSSIAN.encode("cp1251")).notes[0]


def test_a_few_foreign_bytes_do_not_spoil_utf8():
    mixed = ("naïve café déjà " * 3).encode() + "it’s".encode("cp1252")
    decoded = decode(mixed)
    assert decoded.text == "naïve café déjà " * 3 + "it’s"
    assert decoded.notes == ("bytes that are not UTF-8, read as cp1252: 1",)


def test_lost_characters_are_counted():
    assert decode("Syria\ufffds".encode()).notes == ("characters lost in the file (�): 1",)


def test_binary_data_is_refused():
    with pytest.raises(UnreadableError, match="binary"):
        decode(bytes(range(32)) * 10)


@pytest.mark.parametrize(
    ("text", "page", "odd"),
    [
        ("Rządził miastem, była zażarta", "cp1250", "³ ¹ ¿"),
        ("Türkiye başbakanı geldi", "cp1254", "þ"),
    ],
)
def test_a_code_page_that_only_looks_western_is_doubted(text, page, odd):
    (note,) = decode(text.encode(page)).notes
    assert f"gives the letters {odd}" in note
    assert "save the file as UTF-8" in note


def test_western_prices_are_not_doubted():
    assert decode("Él pagó £30, ¿no? 5 m³".encode("cp1252")).notes == ()
