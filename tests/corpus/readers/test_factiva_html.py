import pytest

from framing.corpus.articles import read_articles
from framing.corpus.readers import UnreadableError, factiva_html, find_reader

NUMBER = "DHER000020310303ea3h000{:02}"


def article(n: int = 0, *, language: str = "en", word: str = "Document", **changed: str) -> str:
    """One article as a page shows it; parts can be changed or left out."""
    parts = {
        "section": "<div>News</div>",
        "headline": f'<div id="hd"><span class="{language}Headline">Bridge &amp; road {n}  </span>'
        "</div>",
        "author": '<div class="author">By Ada Ash  </div>',
        "count": "<div>1,234 words</div>",
        "date": "<div>3 March 2031</div>",
        "source": "<div>Daily Herald</div><div>DHER</div>",
        "edition": "<div>Late Edition</div>",
        "page": "<div>A12</div>",
        "spoken": "<div>English</div>",
        "copyright": "<div>(c) 2031 Herald Group</div>",
    } | changed
    head = "".join(parts.values())
    marked = f'class="articleParagraph {language}articleParagraph"'
    return f"""<div id="article-{NUMBER.format(n)}" class="article">
<div class="article {language}Article"><p>{head}</p>
<p {marked}>The <b>bridge</b> closed;
it was <span class="companylink">old</span>.</p><p {marked}>Cars wait.</p>
<p {marked}>Photo: The bridge. (pg. 1)</p><p>A crane. Foto: Ash</p>
<p>Herald Group Limited</p><p>{word} {NUMBER.format(n)}</p></div></div><br>"""


def page(*articles: str, end: str = "") -> bytes:
    head = (
        '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8"><script>x="�"</script>'
    )
    return f"<html><head>{head}</head><body>{''.join(articles)}{end}</body></html>".encode()


SUMMARY = """<table class="searchPreview"><tr><td colspan="2">Zusammenfassung</td></tr>
<tr><td class="label">Text</td><td>2031</td></tr><tr><td>Gefunden</td><td>1.437</td></tr>
<tr><td class="label">Zeit</td><td>5 März 2031 7:41 GMT</td></tr></table>"""


def test_an_article_is_read_by_its_classes_and_the_order_of_its_parts():
    raw = factiva_html.parse(page(article()), "a.html")
    assert raw.records == [
        {
            "headline": "Bridge & road 0",
            "byline": "By Ada Ash",
            "section": "News",
            "length": "1234",
            "date": "3 March 2031",
            "outlet": "Daily Herald",
            "edition": "Late Edition",
            "page": "A12",
            "language": "en",
            "copyright": "(c) 2031 Herald Group",
            "text": "The bridge closed; it was old.\n\nCars wait.",
            "graphic": "Photo: The bridge. (pg. 1)\n\nA crane. Foto: Ash",
            "doc_id": NUMBER.format(0),
        }
    ]
    assert raw.declared == 1
    assert raw.notes == raw.problems == ()


@pytest.mark.parametrize(
    ("language", "code", "word", "count", "date", "spoken"),
    [
        ("de", "de", "Dokument", "1.234 Wörter", "3 März 2031", "Deutsch"),
        ("fr", "fr", "Document", "1 234 mots", "3 mars 2031", "Français"),
        ("ru", "ru", "Документ", "1234 слова", "3 Март 2031", "Русский"),
        ("zhcn", "zh", "文件", "1,234 字", "2031 年 3 月 3 日", "简体中文"),
        ("en", "en", "Documento", "1.234 palabras", "3 marzo 2031", "Inglés"),
    ],
)
def test_any_language_of_article_and_interface(language, code, word, count, date, spoken):
    made = article(
        language=language,
        word=word,
        count=f"<div>{count}</div>",
        date=f"<div>{date}</div>",
        spoken=f"<div>{spoken}</div>",
    )
    record = factiva_html.parse(page(made), "a.html").records[0]
    assert [record[field] for field in ("language", "date", "length")] == [code, date, "1234"]
    assert record["outlet"] == "Daily Herald"
    assert record["doc_id"] == NUMBER.format(0)


def test_parts_may_be_missing():
    gone = dict.fromkeys(("section", "author", "edition", "page", "copyright"), "")
    record = factiva_html.parse(page(article(**gone)), "a.html").records[0]
    known = {"headline", "length", "date", "outlet", "language", "text", "graphic", "doc_id"}
    assert {field for field, value in record.items() if value} == known


def test_a_time_and_an_unknown_language_keep_their_places():
    date = "<div>3 March 2031</div><div>21:39</div>"
    made = article(date=date, spoken="<div>Klingon</div>", edition="")
    record = factiva_html.parse(page(made), "a.html").records[0]
    assert record["outlet"] == "Daily Herald"
    assert record["page"] == "A12"
    assert "edition" not in record


def test_a_page_in_a_foreign_encoding():
    made = page(article(count="<div>1.234 Wörter</div>")).decode()
    raw = factiva_html.parse(made.encode("cp1252", "replace"), "a.html")
    assert raw.encoding == "cp1252"
    assert raw.records[0]["date"] == "3 March 2031"
    utf16 = made.encode("utf-16")
    assert factiva_html.recognise(utf16, "a.html")
    assert factiva_html.parse(utf16, "a.html").records[0]["length"] == "1234"


def test_the_report_compares_closing_lines_and_articles(tmp_path):
    whole = page(article(0), article(1), end=SUMMARY)
    (tmp_path / "a.html").write_bytes(whole)
    _, report = read_articles(tmp_path / "a.html")
    assert report.loc[0, ["format", "declared", "parsed", "reason"]].tolist() == [
        "factiva html",
        2,
        2,
        "",
    ]
    assert "the search found 1437 articles" in report.loc[0, "notes"]
    (tmp_path / "a.html").write_bytes(whole[: whole.rindex(b"Cars wait")])
    _, report = read_articles(tmp_path / "a.html")
    assert "cut off?" in report.loc[0, "reason"]
    assert "declares 1 articles, not 2" in report.loc[0, "reason"]


def test_pages_joined_into_one_file_are_read_to_the_end():
    raw = factiva_html.parse(page(article(0)) + page(article(1)), "a.html")
    assert (len(raw.records), raw.declared) == (2, 2)


def indexed(*, code: str = "<b>{}</b>&nbsp;") -> str:
    cells = {
        "SE": "Infos",
        "HD": "<b class='frHeadline'>Pont fermé</b>",
        "PG": "26",
        "WC": "295 mots",
        "PD": "3 mars 2031",
        "ET": "15:32",
        "SN": "Le Héraut",
        "SC": "HERA",
        "LA": "Français",
        "CY": "(c) Héraut",
        "LP": '<p class="articleParagraph frarticleParagraph">Le pont est fermé.</p>',
        "TD": '<p class="articleParagraph frarticleParagraph">On attend.</p>\n'
        '<p class="articleParagraph frarticleParagraph">Il pleut.</p>',
        "NS": "<br/>gtrans : Transport | gcat : General",
        "PUB": "<br/>Héraut SA",
        "AN": f"<br/>Document {NUMBER.format(1)}",
    }
    rows = [
        f'<tr><td class="index">{code.format(name)}</td><td>{cell}</td></tr>'
        for name, cell in cells.items()
    ]
    return f'<div class="article frArticle"><table>{"".join(rows)}</table><br/></div>'


@pytest.mark.parametrize("code", ["<b>{}</b>&nbsp;", "<p><b>{}</b></p>", "{}"])
def test_an_indexed_article_is_read_by_its_codes(code):
    record = factiva_html.parse(page(indexed(code=code)), "a.html").records[0]
    assert record["text"] == "Le pont est fermé.\n\nOn attend.\n\nIl pleut."
    assert record["subjects"] == "Transport; General"
    assert [record[field] for field in ("outlet", "date", "page", "section", "language")] == [
        "Le Héraut",
        "3 mars 2031",
        "26",
        "Infos",
        "fr",
    ]
    assert record["headline"] == "Pont fermé"
    assert record["doc_id"] == NUMBER.format(1)


def test_the_reader_is_found_by_content_alone():
    assert find_reader(page(article()), "a.csv").FORMAT == "factiva html"
    assert not factiva_html.recognise(b'<div class="article">It rained.</div>', "a.html")
    with pytest.raises(UnreadableError, match="without articles"):
        factiva_html.parse(b"<p>It rained.</p>", "a.html")
    with pytest.raises(UnreadableError):
        factiva_html.parse(b"", "a.html")


def test_markup_in_a_text_stays_text():
    made = page(article()).replace(b"Cars wait.", b"&lt;script&gt;alert(1)&lt;/script&gt;")
    assert (
        factiva_html.parse(made, "a.html").records[0]["text"].endswith("<script>alert(1)</script>")
    )
