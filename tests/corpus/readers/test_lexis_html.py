"""HTML exports of the older LexisNexis, made here with invented text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.articles import read_articles
from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import find_reader, lexis_html

STYLE = ".c0 { text-align: center; }\n.c3 { text-align: center; margin: 1em; }\n.c5 { }"
OPEN = '<A NAME="DOC_ID_0_{}"></A><!-- Hide XML section from browser\n<DOC NUMBER=1>\n<DOCFULL> -->'
CLOSE = '<!-- Hide XML section from browser\n</DOCFULL>\n</DOC> -->\n<DIV CLASS="c10"/>\n'
LABELS = {
    "English": ["BYLINE", "SECTION", "LENGTH", "LOAD-DATE", "LANGUAGE", "GRAPHIC"],
    "French": ["AUTEUR", "RUBRIQUE", "LONGUEUR", "DATE-CHARGEMENT", "LANGUE", "GRAPHIQUE"],
    "German": ["AUTOR", "RUBRIK", "LÄNGE", "UPDATE", "SPRACHE", "GRAFIK"],
    "Spanish": ["AUTOR", "SECCIÓN", "LONGITUD", "FECHA-DE-CARGA", "IDIOMA", "GRÁFICO"],
}
BODY = (
    '<P CLASS="c9"><SPAN CLASS="c2">The war began\nat dawn.</SPAN></P>\n'
    '<P CLASS="c9"><SPAN CLASS="c2">&quot;Nobody </SPAN><SPAN CLASS="c4">knew</SPAN>'
    '<SPAN CLASS="c2">,&quot; she said.</SPAN></P><P CLASS="c9"></P>'
)


def box(content, css="c5"):
    return f'<BR><DIV CLASS="{css}"><P CLASS="c6">{content}</P>\n</DIV>\n'


def span(text):
    return f'<SPAN CLASS="c2">{text}</SPAN>'


def keyed(label, value):
    return box(f'<SPAN CLASS="c8">{label}: </SPAN>{span(value)}')


def document(number=1, total=2, *, labels=LABELS["English"], body=BODY, **changes):
    """One document; a field that is None is not printed."""
    facts = {"date": "March 3, 2031 Monday", "headline": "Troops cross the river"} | changes
    byline, section, length, load_date, language, graphic = labels
    parts = [
        OPEN.format(number),
        box(span(f"{number} of {total} DOCUMENTS"), "c0"),
        box(span("The Herald"), "c3"),
        box(span(facts["date"]), "c3") if facts["date"] else "",
        box(span(facts["headline"])) if facts["headline"] else "",
        keyed(byline, "By ANNA ROE"),
        keyed(section, "Section B; Page 22, Column 2; National Desk"),
        keyed(length, "121 words"),
        f'<BR><DIV CLASS="c5">{body}</DIV>\n',
        keyed(load_date, "March 4, 2031"),
        keyed(language, "ENGLISH; ENGLISHS"),
        keyed(graphic, "Map (source: an office)"),
        box(span("Copyright 2031 The Herald<BR>All Rights Reserved"), "c3"),
        CLOSE,
    ]
    return "".join(parts)


def page(*documents, declared=2):
    meta = f'<META TOPIC="null" DOCUMENTS="{declared}" UPDATED="Friday" />' if declared else ""
    style = f'<STYLE TYPE="text/css"><!--\n{STYLE}\n--></STYLE>'
    return f"<HTML><HEAD>{style}{meta}</HEAD>\n<BODY>\n{''.join(documents)}</BODY></HTML>".encode()


def records_of(*documents):
    return lexis_html.parse(page(*documents), "a.html").records


@pytest.mark.parametrize("language", LABELS)
def test_every_field_in_every_interface(language):
    documents = [document(1, labels=LABELS[language]), document(2, labels=LABELS[language])]
    data = page(*documents)
    assert find_reader(data, "a.HTML") is lexis_html
    raw = lexis_html.parse(data, "a.HTML")
    assert raw.declared == len(raw.records) == 2
    assert raw.records[0] == {
        "outlet": "The Herald",
        "date": "March 3, 2031 Monday",
        "headline": "Troops cross the river",
        "byline": "By ANNA ROE",
        "section": "Section B; Column 2; National Desk",
        "page": "22",
        "length": "121",
        "text": 'The war began at dawn.\n\n"Nobody knew," she said.',
        "language": "en",
        "graphic": "Map (source: an office)",
        "load_date": "March 4, 2031",
    }


def test_a_page_saved_again_by_a_browser():
    data = page(document(1), document(2)).decode()
    saved = data.replace("<DIV", "<div").replace("<P", "<p").replace("<SPAN", "<span")
    assert lexis_html.parse(saved.encode(), "a").records == records_of(document(1), document(2))


def test_a_page_without_comments_and_styles():
    data = page(document(1), document(2)).decode()
    bare = data.replace(OPEN[25:], "").replace(STYLE, "")
    bare = bare.replace(CLOSE, "")
    raw = lexis_html.parse(bare.encode(), "a")
    assert "DOCFULL" not in bare
    assert raw.records == records_of(document(1), document(2))


def test_breaks_lists_and_tables_in_a_text():
    rows = "<TR><TD><P>Rank</P></TD><TD><P>Bank</P></TD></TR><TR><TD>1</TD><TD>Two</TD></TR>"
    body = f"<P>A list:<BR>one<BR>&nbsp;<BR>two</P></DIV><TABLE>{rows}</TABLE><DIV>"
    (record,) = records_of(document(1, 1, body=body))
    assert record["text"] == "A list:\none\n\ntwo\n\nRank Bank\n\n1 Two"


def test_parts_of_a_headline_and_an_edition_below_the_date():
    date = "March 3, 2031, Monday, Late Edition - Final<BR>Correction Appended"
    (record,) = records_of(document(1, 1, date=date, headline="First part;<BR>second part"))
    assert record["headline"] == "First part; second part"
    assert record["edition"] == "Late Edition - Final; Correction Appended"
    assert record["date"] == "March 3, 2031, Monday, Late Edition - Final"


def test_a_capital_word_before_a_colon_inside_a_text_is_no_label():
    body = "<P><SPAN>LONDON: The war began.</SPAN></P><P><SPAN>SUBJECT: none</SPAN></P>"
    (record,) = records_of(document(1, 1, body=body))
    assert record["text"] == "LONDON: The war began.\n\nSUBJECT: none"


def test_no_field_is_guessed():
    (record,) = records_of(document(1, 1, headline=None, date=None))
    assert not {"headline", "date", "edition"} & set(record)
    assert record["outlet"] == "The Herald"


def test_the_article_that_the_database_did_not_show_is_counted(tmp_path):
    error = OPEN.format(2) + box(span("We are sorry but there is an error.")) + CLOSE
    (tmp_path / "a.html").write_bytes(page(document(1), error))
    _, report = read_articles(tmp_path / "a.html")
    assert report.loc[0, ["declared", "found", "parsed", "dropped"]].tolist() == [2, 2, 1, 1]
    assert report.loc[0, "reason"].startswith("1 dropped: the database did not show the article")


def test_declared_without_a_head():
    raw = lexis_html.parse(page(document(1, 5), document(2, 5), declared=None), "a")
    assert raw.declared == 5


def test_scripts_are_no_text_but_escaped_ones_are():
    body = "<script>alert(1)</script><P>&lt;script&gt;alert(2)&lt;/script&gt;</P>"
    (record,) = records_of(document(1, 1, body=body))
    assert record["text"] == "<script>alert(2)</script>"


def test_other_pages_are_not_recognised():
    for data in (b"<html><p>1 of 2 DOCUMENTS</p></html>", b"", b"<a name='DOC'>", b"\x00<DOC"):
        assert not lexis_html.recognise(data, "a.html")


def test_entities_are_not_expanded():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    raw = lexis_html.parse(bomb.encode() + page(document(1, 1, body="<P>&b; war</P>")), "a")
    assert "aaaa" not in raw.records[0]["text"]


VALID = page(document(1), document(2))


def read_or_refuse(data):
    """Parse bytes; the only error a reader may raise is its own."""
    lexis_html.recognise(data, "a.html")
    try:
        return lexis_html.parse(data, "a.html")
    except UnreadableError:
        return None


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400))
def test_random_bytes(data):
    read_or_refuse(data)
    read_or_refuse(b"<DOCFULL> -->" + data)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, len(VALID) - 1), st.integers(1, 255), st.booleans())
def test_flipped_and_cut_files(place, change, cut):
    flipped = bytearray(VALID)
    flipped[place] ^= change
    read_or_refuse(bytes(flipped[:place] if cut else flipped))


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=300), st.integers(0, len(VALID)))
def test_any_text_inside_a_page(text, place):
    read_or_refuse(VALID[:place] + text.encode("utf-8", "replace") + VALID[place:])
