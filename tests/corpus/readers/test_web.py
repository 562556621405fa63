"""Saved pages: the article, its facts, and every way in which a page can be none."""

import gzip
import logging
import re
import sys

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from framing.corpus.articles import read_articles
from framing.corpus.readers import Raw, UnreadableError, _web, find_reader, webpage

pytest.importorskip("trafilatura")

PARAGRAPHS = (
    "Troops crossed the river at dawn on Monday, officials in the capital said in a statement.",
    "Residents of the eastern town described hours of shelling, and a school was hit twice.",
    "The government denied that its forces had fired on the town and called for an inquiry.",
)


def make_page(
    *, head: str = "", title: str = "War begins - The Herald", before: str = "", after: str = ""
) -> str:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    return f"""<!DOCTYPE html><html lang="en-GB"><head><title>{title}</title>
        <meta property="og:site_name" content="The Herald">
        <meta property="article:published_time" content="2031-03-03T23:30:00-05:00">
        <meta property="article:modified_time" content="2031-03-09T08:00:00-05:00">
        <meta name="author" content="Jo Doe">
        <link rel="canonical" href="https://herald.example/war">{head}</head><body>
        <nav><a href="/">Home</a><a href="/sport">Sport</a></nav>{before}
        <article><h1>War begins</h1>{body}</article>{after}
        <footer>Copyright The Herald. All rights reserved.</footer></body></html>"""


def parse(page: str | bytes, name: str = "war.html") -> Raw:
    return webpage.parse(page if isinstance(page, bytes) else page.encode(), name)


def only(raw: Raw) -> dict:
    [record] = raw.records
    return record


def test_article_and_facts_of_a_page():
    record = only(parse(make_page()))
    assert record["text"] == "\n\n".join(PARAGRAPHS)
    facts = ["doc_id", "outlet", "date", "headline", "byline", "url", "language"]
    assert [record[name] for name in facts] == [
        "war",
        "The Herald",
        "2031-03-03",
        "War begins",
        "Jo Doe",
        "https://herald.example/war",
        "en-GB",
    ]
    assert record["subjects"] is None


def test_the_first_publication_counts_and_a_date_merely_on_the_page_does_not():
    assert only(parse(make_page()))["date"] == "2031-03-03"
    dateless = re.sub(r"<meta property=.article:[^>]*>", "", make_page())
    assert "2031" not in dateless
    told = dateless.replace("All rights", "The archive opened on 4 May 2027. All rights")
    assert only(parse(told))["date"] is None


def test_the_date_does_not_depend_on_today_nor_on_the_age_of_the_page():
    assert only(parse(make_page().replace("2031-03-03", "2150-03-03")))["date"] == "2150-03-03"
    assert only(parse(make_page().replace("2031-03-03", "1986-03-03")))["date"] == "1986-03-03"


def test_comments_of_readers_are_no_text():
    comments = '<div id="comments" class="comments"><p>I disagree, wrote a reader at length.</p>'
    assert "disagree" not in only(parse(make_page(after=comments + "</div>")))["text"]


def test_a_page_saved_by_a_browser_tells_its_address():
    page = make_page().replace('<link rel="canonical" href="https://herald.example/war">', "")
    assert only(parse(page))["url"] is None
    saved = "<!-- saved from url=(0026)https://herald.example/war -->"
    assert only(parse(page.replace("<html", f"{saved}<html", 1)))["url"] == (
        "https://herald.example/war"
    )
    single = "<!--\n Page saved with SingleFile \n url: https://herald.example/war \n-->"
    assert only(parse(page.replace("<head>", f"<head>{single}", 1)))["url"] == (
        "https://herald.example/war"
    )


def test_the_headline_keeps_a_dash_that_is_not_the_sites_name():
    assert _web.without_site("War - and peace", "The Herald") == "War - and peace"
    assert _web.without_site("The Herald", "The Herald") == "The Herald"
    assert _web.without_site("Krieg | Herald", "Herald") == "Krieg"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r"])
def test_encodings(encoding):
    page = make_page().replace("Residents", "Жители города")
    declared = encoding.replace("cp", "windows-")
    marked = page.replace("<head>", f'<head><meta charset="{declared}">')
    raw = parse(marked.encode(encoding))
    assert "Жители города" in only(raw)["text"]
    assert raw.encoding.startswith(encoding[:3]) or raw.encoding == "windows-1251"


def test_a_wrongly_declared_encoding_is_not_believed():
    page = make_page().replace("Residents", "Bürger").replace("<head>", '<meta charset="cp1251">')
    assert "Bürger" in only(parse(page))["text"]


def test_an_encoding_that_is_none_is_ignored():
    data = b'<meta charset="unicode_escape"><p>caf\xe9'
    assert _web.decode_page(data).text.endswith("café")
    assert _web.decode_page(data, "punycode").encoding == "cp1252"
    assert _web.decode_page(b'<meta charset="cp99999">caf\xe9').encoding == "cp1252"


def test_pages_are_recognised_by_content():
    assert find_reader(b"<!DOCTYPE html><p>War", "war.txt").FORMAT == "html"
    assert find_reader(b"\n<!-- x --><HTML>", "war").FORMAT == "html"
    assert find_reader("<html><p>War".encode("utf-16"), "war.html").FORMAT == "html"
    assert find_reader(b"<div><p>War</p></div>", "part.html").FORMAT == "html"
    assert find_reader(b"id,text\n1,<p>War</p>", "a.csv").FORMAT == "csv"
    assert not webpage.recognise(b"War is <p>", "a.txt")
    assert not webpage.recognise(b"id,text\n1,War", "a.html")


def test_an_id_is_the_name_of_the_file_or_of_its_folder():
    assert only(parse(make_page(), "2031/war.html"))["doc_id"] == "war"
    assert only(parse(make_page(), "herald.example/war-begins/index.html"))["doc_id"] == (
        "war-begins"
    )
    assert only(parse(make_page(), "story.aspx.7"))["doc_id"] == "story.aspx.7"


@pytest.mark.parametrize("folder", ["War_files", "Krieg-Dateien", "Guerre_fichiers"])
def test_frames_saved_beside_a_page_are_no_articles(folder):
    with pytest.raises(UnreadableError, match="part of a saved page"):
        parse(make_page(), f"{folder}/frame.html")


@pytest.mark.parametrize(
    ("sign", "name"),
    [
        ('<p class="articleParagraph enarticleParagraph">', "Factiva"),
        ("<DOCFULL> -->", "LexisNexis"),
        ('<span class="DocPublicationName">', "Europresse"),
        ("<b>ProQuest document ID: </b>", "ProQuest"),
    ],
)
def test_an_export_of_a_database_does_not_pass_as_one_page(sign, name):
    with pytest.raises(UnreadableError, match=f"export of {name}"):
        parse(make_page(after=sign))


def test_a_page_without_text_is_a_headline_or_nothing():
    raw = parse("<html><head><title>War begins</title></head><body></body></html>")
    assert (only(raw)["headline"], only(raw)["text"]) == ("War begins", None)
    assert raw.notes == ("no text found in the page, only a headline",)
    with pytest.raises(UnreadableError, match="no article found"):
        parse("<html><body></body></html>")


def test_pictures_inside_the_page_are_left_out_before_it_is_read():
    picture = '<img src="data:image/png;base64,' + "A" * 3_000_000 + '">'
    assert only(parse(make_page(before=picture, after=picture)))["text"] == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("n_paragraphs", [1_000, 6_000])
def test_long_pages_are_read_whole(n_paragraphs):
    more = "".join(
        f"<p>Then, at {n} o'clock, it rained once more.</p>" for n in range(n_paragraphs)
    )
    page = make_page().replace("</article>", more + "</article>")
    assert only(parse(page))["text"].count("\n\n") == n_paragraphs + 2


def test_pages_too_large_to_be_articles_are_refused(monkeypatch):
    with pytest.raises(UnreadableError, match="20,001 elements, which no article has"):
        _web.read_page("<br>" * 20_001)
    monkeypatch.setattr(_web, "MAX_PAGE", 100)
    with pytest.raises(UnreadableError, match="which no article is"):
        parse(make_page())


def test_without_the_extra_a_page_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "war.html").write_text(make_page())
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    articles, report = read_articles(tmp_path)
    assert articles.empty
    assert report.loc[0, "reason"] == (
        "web pages need the extra 'web': pip install 'framing-kit[web]'"
    )


def test_a_failure_of_the_extractor_is_a_reason(monkeypatch):
    def fail(*args, **kwargs):
        raise RecursionError("too deep")

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    with pytest.raises(UnreadableError, match=r"cannot be read \(RecursionError\)"):
        parse(make_page())


def test_no_logger_stays_silenced(caplog):
    before = logging.getLogger("trafilatura").level
    with pytest.raises(UnreadableError):
        parse("<html><body></body></html>")
    assert logging.getLogger("trafilatura").level == before
    assert not caplog.records


def test_entities_of_a_page_are_not_expanded():
    evil = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "boom">]>'
    text = only(parse(evil + make_page(after="<p>&x;&y;</p>")))["text"]
    assert "root:" not in text
    assert "boom" not in text


def test_markup_in_a_text_stays_text():
    page = make_page().replace("Troops", "&lt;script&gt;alert(1)&lt;/script&gt; Troops")
    assert "<script>alert(1)</script> Troops" in only(parse(page))["text"]


def test_a_folder_of_pages(tmp_path):
    (tmp_path / "war.html").write_text(make_page(), encoding="utf-8")
    (tmp_path / "peace.html.gz").write_bytes(gzip.compress(make_page().encode()))
    (tmp_path / "empty.html").write_bytes(b"")
    articles, report = read_articles(tmp_path)
    assert articles.index.tolist() == ["peace", "war"]
    assert articles["date"].tolist() == [pd.Timestamp("2031-03-03")] * 2
    assert articles["text"].tolist() == ["\n\n".join(PARAGRAPHS)] * 2
    assert report["parsed"].tolist() == [0, 1, 1]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 1000), st.booleans())
@example(b"\x00", 0, True)
@example(b"<", 500, False)
def test_any_bytes_are_an_article_or_a_reason(noise, place, cut):
    page = make_page().encode()
    damaged = page[:place] + noise + (b"" if cut else page[place:])
    webpage.recognise(damaged, "a.html")
    try:
        record = only(webpage.parse(damaged, "a.html"))
    except UnreadableError:
        return
    assert record["text"] or record["headline"]
