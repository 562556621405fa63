import pytest

from framing.corpus.articles import read_articles
from framing.corpus.readers import UnreadableError, factiva_text, find_reader

NUMBER = "DHER000020310303ea3h000{:02}"
SUMMARY = "Search Summary\nText\nbridge*\nDate\n01/03/2031 to 04/03/2031\nResults Found\n1,437\n"


def article(n: int = 0, *, word: str = "Document") -> str:
    return f"""News
Bridge {n} closed for repairs
By Ada Ash
1,234 words
3 March 2031
Daily Herald
DHER
12
English
(c) 2031 Herald Group

The bridge closed.

Cars wait.
Photo: The bridge.

Herald Group
{word} {NUMBER.format(n)}
"""


def coded(n: int = 0) -> str:
    return f"""
 HD
Bridge {n} closed
 WC
97 words
 PD
3 March 2031
 SN
Daily Herald
 LP
The bridge closed.

 TD
Cars wait.

RE: it rains.

 NS
gtrans : Transport
 AN
Document {NUMBER.format(n)}
"""


def rtf(text: str) -> bytes:
    """An RTF with one paragraph a line."""
    body = "\\par\n".join(
        "".join(c if c < "\x80" else f"\\u{ord(c)}?" for c in line) for line in text.split("\n")
    )
    fonts = r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset204 Arial;}}"
    return rf"{{\rtf1\ansi\ansicpg1252\deff0{fonts}{{\colortbl;}}\f0 {body}}}".encode("ascii")


def test_articles_end_at_the_lines_that_close_them():
    raw = factiva_text.parse((article(0) + article(1) + SUMMARY).encode(), "a.txt")
    assert [record["doc_id"] for record in raw.records] == [NUMBER.format(0), NUMBER.format(1)]
    assert raw.declared == 2
    assert raw.problems == ()
    assert raw.notes == ("the search found 1437 articles, of which the file may hold a part",)
    assert raw.records[1] == {
        "section": "News",
        "headline": "Bridge 1 closed for repairs",
        "byline": "By Ada Ash",
        "length": "1234",
        "date": "3 March 2031",
        "outlet": "Daily Herald",
        "page": "12",
        "language": "en",
        "copyright": "(c) 2031 Herald Group",
        "text": "The bridge closed.\n\nCars wait.\nPhoto: The bridge.",
        "graphic": None,
        "doc_id": NUMBER.format(1),
    }


def test_lines_are_paragraphs_where_no_line_is_blank():
    text = "\n".join(line for line in article().split("\n") if line)
    record = factiva_text.parse(text.encode(), "a.txt").records[0]
    assert record["text"] == "The bridge closed.\n\nCars wait."
    assert record["graphic"] == "Photo: The bridge."


@pytest.mark.parametrize("separator", ["", "\f", "\n\n\n"])
def test_indexed_articles_are_read_by_their_codes(separator):
    text = separator.join([coded(0), coded(1), SUMMARY])
    raw = factiva_text.parse(text.encode(), "a.txt")
    assert [record["headline"] for record in raw.records] == ["Bridge 0 closed", "Bridge 1 closed"]
    record = raw.records[1]
    assert record["text"] == "The bridge closed.\n\nCars wait.\n\nRE: it rains."
    assert [record[field] for field in ("outlet", "date", "subjects", "length")] == [
        "Daily Herald",
        "3 March 2031",
        "Transport",
        "97",
    ]
    assert raw.declared == 2


@pytest.mark.parametrize("make", [article, coded])
def test_rtf_is_read_like_text(make):
    text = make(0).replace("Cars", "Süße Мир Cars") + make(1)
    data = rtf(text)
    assert find_reader(data, "a.txt").FORMAT == "factiva text"
    raw = factiva_text.parse(data, "a.rtf")
    assert [record["doc_id"] for record in raw.records] == [NUMBER.format(0), NUMBER.format(1)]
    assert "Süße Мир Cars" in raw.records[0]["text"]
    assert raw.records[0]["date"] == "3 March 2031"


def test_a_list_of_contents_before_the_first_article_is_not_its_head():
    contents = "Factiva RTF Display Format\nBridge 0 closed for repairs 2\nBridge 1 closed 3\n"
    raw = factiva_text.parse(f"{contents}\f{article(0)}{article(1)}".encode(), "a.txt")
    assert [record["section"] for record in raw.records] == ["News", "News"]
    marked = rtf("MARK").replace(
        b"MARK",
        rtf(contents)[rtf("").index(b"\\f0 ") + 4 : -1]
        + rb"{\*\bkmkstart toc0}{\*\bkmkend toc0}"
        + rtf(article(0))[rtf("").index(b"\\f0 ") + 4 : -1],
    )
    raw = factiva_text.parse(marked, "a.rtf")
    assert [record["section"] for record in raw.records] == ["News"]
    assert raw.records[0]["headline"] == "Bridge 0 closed for repairs"


def test_what_is_lost_is_said(tmp_path):
    whole = article(0) + article(1)
    (tmp_path / "a.txt").write_text(whole[: whole.rindex("Cars")], encoding="utf-8")
    articles, report = read_articles(tmp_path / "a.txt")
    assert len(articles) == 2
    assert "1 article without the line that closes it" in report.loc[0, "reason"]
    headless = f"It rained.\nDocument {NUMBER.format(7)}\n"
    raw = factiva_text.parse((headless + article(0)).encode(), "a.txt")
    assert raw.problems == ("1 without the lines that should stand above an article",)
    assert raw.records[0]["text"] == "It rained."


def test_a_table_with_such_texts_is_not_an_export():
    table = f'id,text\n1,"{article(0)}"\n2,"{article(1).strip()}"\n'
    assert not factiva_text.recognise(table.encode(), "a.csv")
    assert not factiva_text.recognise(b"{\\rtf1 It rained.}", "a.rtf")
    assert not factiva_text.recognise(b"Document it, they said.", "a.txt")
    assert factiva_text.recognise(article(word="文書").encode("utf-16"), "a.txt")
    with pytest.raises(UnreadableError, match="without articles"):
        factiva_text.parse(b"It rained.", "a.txt")
