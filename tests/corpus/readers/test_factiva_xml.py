import pytest

from framing.corpus.readers import UnreadableError, factiva_xml, find_reader

ARTICLE = """<article><accessionNo>DHER000020310303ea3h0000{n}</accessionNo>
<baseLanguage>FR</baseLanguage><copyright>(c) 2031 Héraut </copyright>
<headline><paragraph display="Proportional">
  <hlt>Pont</hlt> fermé</paragraph></headline>
<byline>Ada Ash</byline>
<leadParagraph><paragraph>Le pont est fermé.</paragraph></leadParagraph>
<pages><page>26</page></pages>
<publicationDate><dateTime>2031-03-03T23:35:58Z</dateTime></publicationDate>
<sourceName>Le Héraut</sourceName>
<newsSubject code="gtrans"><name>Transport</name></newsSubject>
<newsSubject code="gcat"><name>General</name></newsSubject>
<tailParagraphs><paragraph>On attend.</paragraph><paragraph>Il pleut.</paragraph></tailParagraphs>
<wordCount>942</wordCount></article>"""


def export(n: int, *, declared: int | None = None) -> bytes:
    articles = "".join(f"<ppsarticle>{ARTICLE.format(n=i)}</ppsarticle>" for i in range(n))
    return f"""<?xml version="1.0" encoding="utf-8"?>
<PPSResponse><ppsArticleResponse xmlns="http://example.org/pps/2.0">
<ppsarticleResultSet count="{n if declared is None else declared}">{articles}</ppsarticleResultSet>
</ppsArticleResponse></PPSResponse>""".encode()


def test_articles_are_read_by_the_names_of_their_elements():
    raw = factiva_xml.parse(export(2, declared=3), "a.xml")
    assert (len(raw.records), raw.declared, raw.encoding) == (2, 3, "utf-8")
    assert raw.records[0] == {
        "doc_id": "DHER000020310303ea3h00000",
        "outlet": "Le Héraut",
        "headline": "Pont fermé",
        "byline": "Ada Ash",
        "page": "26",
        "language": "fr",
        "length": "942",
        "copyright": "(c) 2031 Héraut",
        "date": "2031-03-03",
        "subjects": "Transport; General",
        "text": "Le pont est fermé.\n\nOn attend.\n\nIl pleut.",
        "graphic": None,
    }


def test_the_reader_is_found_by_content():
    assert find_reader(export(1), "a.txt").FORMAT == "factiva xml"
    assert find_reader(export(1).decode().encode("utf-16"), "a.xml").FORMAT == "factiva xml"
    assert not factiva_xml.recognise(b"<article>It rained.</article>", "a.xml")


def test_entities_and_broken_files_are_refused():
    bomb = b'<!DOCTYPE a [<!ENTITY b "rain">]>' + export(1).partition(b"?>")[2]
    with pytest.raises(UnreadableError, match="not safe"):
        factiva_xml.parse(bomb, "a.xml")
    with pytest.raises(UnreadableError, match="broken XML"):
        factiva_xml.parse(export(1)[:-40], "a.xml")
    with pytest.raises(UnreadableError, match="without articles"):
        factiva_xml.parse(b"<a/>", "a.xml")


def test_articles_inside_articles_cost_no_time():
    depth = 20_000
    data = b"<article><accessionNo>1</accessionNo>" * depth + b"</article>" * depth
    assert len(factiva_xml.parse(b"<a>" + data + b"</a>", "a.xml").records) == 1
