import pytest

from framing.corpus.database_heads import (
    closing_accession,
    coded_parts,
    head_and_tail_lines,
    head_facts,
    is_count,
    is_date,
    printed_date,
    printed_lines,
    same_publisher,
    titles_of,
)

NUMBER = "DHER000020310303ea3h0000j"
HEAD = """News
Bridge closed for repairs
Ada Ash{blanks}
1,234 words
3 March 2031
21:39
Daily Herald
DHER
Late Edition
A12
English
© 2031 Herald Group Limited. All rights reserved."""
BODY = """The bridge closed on 2 March 2031.
It had 12 arches.
Cars wait."""
TAIL = f"Herald Group Limited\nDocument {NUMBER}"
TEXT = "\n".join([HEAD.format(blanks="   "), BODY, TAIL])
SUMMARY = """Search Summary
All of these words
   Date
01/03/2031 to 04/03/2031
   Results Found
1,437
   Timestamp
5 March 2031 7:41 GMT
© 2031 Factiva, Inc. All rights reserved."""


def kept(text: str) -> str:
    gone = set(head_and_tail_lines(text))
    lines = text.split("\n")
    return "\n".join(line for n, line in enumerate(lines) if n not in gone and line.strip())


def test_head_and_tail_are_furniture_and_the_article_is_not():
    assert kept(TEXT) == BODY
    assert head_and_tail_lines(TEXT) == [*range(12), 15, 16]


def test_blank_lines_do_not_matter():
    assert kept(TEXT.replace("\n", "\n\n")) == BODY


def test_a_summary_of_the_search_is_tail():
    assert kept(f"{TEXT}\n{SUMMARY}") == BODY


def test_every_article_of_one_text_has_its_own_frame():
    other = BODY.replace("bridge", "tunnel")
    joined = "\n".join([TEXT, TEXT.replace(BODY, other)])
    assert kept(joined) == f"{BODY}\n{other}"


def test_an_article_without_a_frame_is_left_alone():
    prose = "Bridge closed\nThe bridge closed.\nIt was 3 March 2031.\nDocument it, they said."
    assert head_and_tail_lines(prose) == []
    assert printed_date(prose) == ""
    assert head_facts(prose) == {}
    assert head_and_tail_lines("") == []


def test_the_article_may_begin_with_a_date_of_its_own():
    diary = TEXT.replace(BODY, "4 March 2031\n" + BODY)
    assert kept(diary) == "4 March 2031\n" + BODY
    assert printed_date(diary) == "3 March 2031"


def test_facts_of_the_head():
    assert head_facts(TEXT) == {
        "section": "News",
        "headline": "Bridge closed for repairs",
        "byline": "Ada Ash",
        "length": "1234",
        "date": "3 March 2031",
        "outlet": "Daily Herald",
        "edition": "Late Edition",
        "page": "A12",
        "language": "en",
        "copyright": "© 2031 Herald Group Limited. All rights reserved.",
        "doc_id": NUMBER,
    }


@pytest.mark.parametrize(
    ("count", "date", "language"),
    [
        ("1.234 Wörter", "3 März 2031", "Deutsch"),
        ("1 234 mots", "3 mars 2031", "Français"),
        ("1.234 palabras", "3 de marzo de 2031", "Español"),
        ("1.234 parole", "3 marzo 2031", "Italiano"),
        ("1.234 palavras", "3 de Março de 2031", "Português"),
        ("1.234 woorden", "3 maart 2031", "Nederlands"),
        ("1234 слова", "3 Март 2031", "Русский"),
        ("1,234 字", "2031 年 3 月 3 日", "英文"),
        ("1234 W\ufffdrter", "3. März 2031", "Quechua"),
        ("512 words", "March 3, 2031", "english"),
        ("512 words", "2031-03-03", "english"),
    ],
)
def test_heads_of_any_interface(count, date, language):
    lines = ["Bridge closed", count, date, "Daily Herald", "DHER", language, "(c) Herald Group"]
    text = "\n".join([*lines, BODY])
    assert kept(text) == BODY
    assert printed_date(text) == date
    assert head_facts(text)["outlet"] == "Daily Herald"


def test_the_time_beside_the_date_is_not_of_the_date():
    text = TEXT.replace("3 March 2031\n21:39", "2031 年 3 月 3 日 08:00")
    assert printed_date(text) == "2031 年 3 月 3 日"
    assert kept(text) == BODY


def test_a_head_without_copyright_ends_at_the_language():
    text = TEXT.replace("© 2031 Herald Group Limited. All rights reserved.\n", "")
    assert kept(text).startswith(BODY)


def test_a_head_without_length_needs_outlet_code_and_language():
    text = TEXT.replace("1,234 words\n", "")
    assert kept(text) == BODY
    assert head_facts(text)["headline"] == "Bridge closed for repairs"
    prose = "Bridge closed\n3 March 2031\nThe bridge closed.\nIt rained."
    assert head_and_tail_lines(prose) == []


def test_lines_that_the_head_holds():
    assert is_count("808 words") and is_count("1.234 Wörter") and not is_count("808 words more")
    assert is_date("Montag, 3. März 2031") and not is_date("On 3 March 2031 it rained")
    assert closing_accession(f"文書{NUMBER}") == NUMBER
    assert closing_accession("Document 12") == ""


def test_a_publisher_is_known_from_the_copyright():
    named = "Copyright 2031 The Old Herald Tribune Company"
    assert same_publisher("Old Herald Tribune Digital (Full Text)", named)
    assert not same_publisher("the herald", named)
    assert not same_publisher("He works for the Herald Tribune.", named)


@pytest.mark.parametrize(
    ("lines", "titles"),
    [
        (["Bridge closed"], {"headline": "Bridge closed"}),
        (["News", "Bridge closed"], {"headline": "Bridge closed", "section": "News"}),
        (["Bridge closed", "By Ada Ash"], {"headline": "Bridge closed", "byline": "By Ada Ash"}),
        (["bridge closed", "ada ash   "], {"headline": "bridge closed", "byline": "ada ash"}),
        (
            ["Bridge closed for good", "Ada Ash"],
            {"headline": "Bridge closed for good", "byline": "Ada Ash"},
        ),
        (
            ["News", "Bridge closed", "By Ada Ash", "heraldonline"],
            {"headline": "Bridge closed", "byline": "By Ada Ash", "section": "News"},
        ),
    ],
)
def test_titles_above_the_length(lines, titles):
    assert titles_of(lines) == titles


CODED = f"""HD
Bridge closed
BY
By Ada Ash
WC
97 words
PD
3 March 2031
SN
Daily Herald
LA
English
LP
The bridge closed.
US
It was old.
TD
Cars wait.
NS
gtrans : Transport | gcat : General
AN
Document {NUMBER}"""


def test_an_indexed_article_keeps_its_text():
    assert kept(CODED) == "The bridge closed.\nUS\nIt was old.\nCars wait."
    assert printed_date(CODED) == "3 March 2031"
    assert head_facts(CODED)["subjects"] == "Transport; General"


def test_a_code_out_of_order_is_text():
    text = CODED.replace("Cars wait.", "Cars wait.\nRE\nAnd so on.")
    assert kept(text).endswith("Cars wait.\nRE\nAnd so on.")


def test_codes_alone_are_no_indexed_article():
    assert coded_parts(printed_lines("US\nIN\nTD\nIt rained.")) == []


def test_a_value_may_stand_beside_its_code():
    parts = coded_parts(printed_lines("HD   Bridge closed\nPD\t3 March 2031\nLP|It rained.|"))
    assert [(part.code, part.value) for part in parts] == [
        ("HD", "Bridge closed"),
        ("PD", "3 March 2031"),
        ("LP", "It rained."),
    ]
