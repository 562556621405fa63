import pytest

from framing.corpus.readers import UnreadableError, europresse_html, find_reader
from framing.corpus.readers.europresse_html import read_header

NUMBER = "news·20310303·DH·0q1503_{}"


def modern(
    n: int = 0, *, header: str = "Politique, lundi 3 mars 2031, p. 16", text: str = ""
) -> str:
    body = text or "<p>Le <mark>pont</mark> est fermé.</p> <p>On attend.</p>"
    return f"""<article> <header> <img sourcecode="DH"/>
<div class="rdp__DocPublicationName">
<span class="DocPublicationName">Le Héraut, no. 4301 </span></div>
<div><span class="DocHeader">{header}</span></div> <div><p>SURTITRE</p></div>
<div class="titreArticle"> <p class="sm-margin-bottom">TRIBUNE</p>
<p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">Pont &amp; route {n}</p></div>
<p class="sm-margin-bottomNews">Ada Ash</p></header>
<section><div class="DocText clearfix"><div class="docOcurrContainer">{body}</div></div></section>
<aside><div><p><b>Illustration(s) : </b></p><div><p>Une photo.</p></div></div></aside>
<footer><small>© 2031 Héraut. Tous droits réservés.</small>
<p>Numéro de document : {NUMBER.format(n)}</p>
<div id="divPubliC"><span>{NUMBER.format(n)}</span></div></footer></article>"""


def old(n: int = 0) -> str:
    return f"""<table><tr><td><table><tr><td><img></td></tr></table>
<span class="DocPublicationName">Le Héraut</span><br><span class="DocHeader">Politique, </span>
<span class="DocHeader">lundi </span><span class="DocHeader">3 mars 2031</span>
<span class="DocHeader">, p. 03</span><br><br>Surtitre<br>
<span class="TitreArticleVisu">Pont <span style="color:red">fermé</span> {n}</span><br><br>
Ada Ash<br><p></p>Le pont est <font>fermé.</font><p></p>On attend.<p></p>
<b><i>© 2031 Héraut. Tous droits réservés.</i></b><p></p>Numéro de document : {NUMBER.format(n)}<br>
<table><tr><td>{NUMBER.format(n)}</td></tr></table></td></tr></table>"""


def page(*articles: str) -> bytes:
    return (
        f"<html><head><meta charset=utf-8></head><body>{''.join(articles)}</body></html>".encode()
    )


def test_a_page_of_the_newer_kind():
    raw = europresse_html.parse(page(modern(0), modern(1)), "a.html")
    assert raw.declared == 2
    assert raw.records[1] == {
        "doc_id": NUMBER.format(1),
        "outlet": "Le Héraut",
        "date": "3 mars 2031",
        "headline": "Pont & route 1",
        "byline": "Ada Ash",
        "section": "Politique",
        "page": "16",
        "length": None,
        "text": "Le pont est fermé.\n\nOn attend.",
        "graphic": "Une photo.",
    }


def test_a_page_of_the_older_kind():
    raw = europresse_html.parse(page(old(0), old(1)), "a.html")
    assert raw.declared == 2
    assert raw.records[1] == {
        "doc_id": NUMBER.format(1),
        "outlet": "Le Héraut",
        "date": "3 mars 2031",
        "headline": "Pont fermé 1",
        "byline": "Ada Ash",
        "section": "Politique",
        "page": "03",
        "length": None,
        "text": "Le pont est fermé.\n\nOn attend.",
    }


@pytest.mark.parametrize(
    "text",
    [
        "Il pleut.<br><br>Encore.",
        "<div>Il pleut.</div><div>Encore.</div>",
        "Il pleut.<p>Encore.</p>",
    ],
)
def test_paragraphs_however_they_are_marked(text):
    record = europresse_html.parse(page(modern(text=text)), "a.html").records[0]
    assert record["text"] == "Il pleut.\n\nEncore."


@pytest.mark.parametrize(
    ("text", "date", "section", "page", "length"),
    [
        ("Politique, lundi 3 mars 2031, p. 16", "3 mars 2031", "Politique", "16", ""),
        ("lundi 3 mars 2031", "3 mars 2031", "", "", ""),
        ("France, lundi 3 mars 2031 134 mots, p. MDE6", "3 mars 2031", "France", "MDE6", "134"),
        (
            "Home, News, Monday, March 3, 2031 1,234 words",
            "March 3, 2031",
            "Home, News",
            "",
            "1234",
        ),
        ("Une, 3 mars 2031", "3 mars 2031", "Une", "", ""),
        ("Política, lunes 3 de marzo de 2031, p. 4", "3 de marzo de 2031", "Política", "4", ""),
        ("2031-03-03 06:00", "2031-03-03", "", "", ""),
        ("Politique", "", "Politique", "", ""),
    ],
)
def test_headers_of_any_interface(text, date, section, page, length):
    assert read_header(text) == (date, section, page, length)


def test_an_undated_header_leaves_the_date_to_the_number():
    record = europresse_html.parse(page(modern(header="Politique")), "a.html").records[0]
    assert record["date"] == "20310303"


def test_the_reader_is_found_by_content():
    assert find_reader(page(modern()), "a.txt").FORMAT == "europresse html"
    assert find_reader(page(old()), "a.htm").FORMAT == "europresse html"
    assert not europresse_html.recognise(b"<article><p>It rained.</p></article>", "a.html")
    with pytest.raises(UnreadableError, match="without articles"):
        europresse_html.parse(b"<p>It rained.</p>", "a.html")
