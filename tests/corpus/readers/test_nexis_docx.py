"""Word exports of Nexis Uni, made here in the structure of the real ones, with invented text."""

import io
import zipfile
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.articles import read_articles
from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import find_reader, nexis_docx, word

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINK = "https://advance.lexis.com/api/document?collection=news&id=urn:contentItem:{}&context="
ENGLISH = {
    "documents": "Documents",
    "section": "Section",
    "length": "Length",
    "byline": "Byline",
    "body": "Body",
    "graphic": "Graphic",
    "classification": "Classification",
    "language": "Language",
    "subject": "Subject",
    "load_date": "Load-Date",
    "end": "End of Document",
}
INTERFACES = {
    "English": ENGLISH,
    "German": {
        "documents": "Dokumente",
        "section": "Rubrik",
        "length": "Länge",
        "byline": "Autor",
        "body": "Volltext",
        "graphic": "Grafik",
        "classification": "Klassifizierung",
        "language": "Sprache",
        "subject": "Thema",
        "load_date": "Ladedatum",
        "end": "Ende des Dokuments",
    },
    "French": {
        "documents": "Documents",
        "section": "Rubrique",
        "length": "Longueur",
        "byline": "Auteur",
        "body": "Corps",
        "graphic": "Graphique",
        "classification": "Classification",
        "language": "Langue",
        "subject": "Sujet",
        "load_date": "Date-Chargement",
        "end": "Fin du document",
    },
    "Spanish": {
        "documents": "Documentos",
        "section": "Sección",
        "length": "Longitud",
        "byline": "Autor",
        "body": "Cuerpo",
        "graphic": "Gráfico",
        "classification": "Clasificación",
        "language": "Idioma",
        "subject": "Asunto",
        "load_date": "Fecha de carga",
        "end": "Fin del documento",
    },
    "Dutch": {
        "documents": "Documenten",
        "section": "Rubriek",
        "length": "Lengte",
        "byline": "Auteur",
        "body": "Hoofdtekst",
        "graphic": "Grafiek",
        "classification": "Classificatie",
        "language": "Taal",
        "subject": "Onderwerp",
        "load_date": "Laaddatum",
        "end": "Einde van document",
    },
}
UNHEARD_OF = {name: f"Q{n}{word[::-1].lower()}" for n, (name, word) in enumerate(ENGLISH.items())}
STORY = {
    "headline": "Troops cross the river",
    "masthead": ("The Herald", "March 3, 2031 Monday, Late Edition - Final"),
    "section": "Section A; Column 0; Foreign Desk; Pg. 7",
    "length": "1,204 words",
    "byline": "By ANNA ROE",
    "text": ("The war began at dawn.", "“Nobody knew,” she said."),
    "graphic": "PHOTO: The bridge.",
    "load_date": "March 4, 2031",
}


def paragraph(text="", *, bookmark="", bold=False, size=20, level="", keep=False, link=""):
    """One w:p as the database writes it; a label is bold and its value is not."""
    looks = f'<w:rPr>{"<w:b/>" if bold else ""}<w:sz w:val="{size}"/></w:rPr>' if size else ""
    runs = "".join(
        f'<w:r>{looks}<w:t xml:space="preserve">{escape(part)}</w:t></w:r>'
        for part in text.split("|")
    )
    runs = f'<w:hyperlink r:id="{link}">{runs}</w:hyperlink>' if link else runs
    mark = f'<w:bookmarkStart w:id="1" w:name="{bookmark}"/><w:bookmarkEnd w:id="1"/>'
    level = f'<w:outlineLvl w:val="{level}"/>' if level else ""
    keep = "<w:keepNext/>" if keep else ""
    return f"<w:p><w:pPr>{keep}{level}</w:pPr>{mark if bookmark else ''}{runs}</w:p>"


def heading(text, bookmark=""):
    return paragraph(text, bookmark=bookmark, bold=True, size=28, keep=True)


def article(number, words, **changes):
    """The paragraphs of one article; a field that is None is not printed."""
    story = STORY | {"link": ""} | changes
    label = {name: f"{words[name]}:\u00a0{{}}" for name in words}
    body = "Body" if number == 1 else f"Body_{number - 2}"
    lines = [
        paragraph(bookmark=f"Bookmark_{number}"),
        paragraph(story["headline"], bold=True, size=28, level="0", link=story["link"]),
        *(paragraph(line) for line in story["masthead"]),
        paragraph(),
        paragraph("Copyright 2031 The Herald Company All Rights Reserved", size=16),
        *(
            paragraph(label[name].format(story[name]))
            for name in ("section", "length", "byline")
            if story[name]
        ),
        heading(words["body"], bookmark=body),
        paragraph(),
        *(paragraph(line) for line in story["text"]),
    ]
    if story["graphic"]:
        lines += [heading(words["graphic"]), paragraph(story["graphic"])]
    if story.get("subject"):
        lines += [heading(words["classification"], bookmark="Classification")]
        lines += [paragraph(label["language"].format("ENGLISH"))]
        lines += [paragraph(label["subject"].format(story["subject"]))]
    lines += [paragraph(label["load_date"].format(story["load_date"]))]
    return [*lines, paragraph(words["end"], bold=True, size=16), paragraph()]


def cover(words, n_documents):
    return [
        paragraph("Date and Time: Friday, 7. March 2031 09:31:00 CET"),
        paragraph("Job Number: 00000001"),
        paragraph(f"{words['documents']} ({n_documents})"),
        paragraph("1. Troops cross the river"),
        paragraph("Search Terms: river (3)"),
    ]


def make_docx(paragraphs, links=None, xml_head=""):
    """A Word document as bytes."""
    body = f"<w:body>{''.join(paragraphs)}<w:sectPr/></w:body>"
    document = f'{xml_head}<w:document xmlns:w="{W}" xmlns:r="{R}">{body}</w:document>'
    relations = "".join(
        f'<Relationship Id="{key}" Type="{R}/hyperlink" Target="{escape(target)}"/>'
        for key, target in (links or {}).items()
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="http://x.example/">{relations}</Relationships>',
        )
    return file.getvalue()


def export(words=ENGLISH, n_documents=2, **changes):
    """An export of two articles."""
    second = {"headline": "Oil & gas prices rise", "byline": None, "graphic": None}
    return make_docx(
        [
            *cover(words, n_documents),
            *article(1, words, **changes),
            *article(2, words, **second),
        ]
    )


def without_bookmarks(data):
    """The same document, as some programs save it again."""
    return rewritten(data, lambda xml: xml.replace("<w:bookmark", "<w:lost"))


def rewritten(data, change):
    old, new = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            content = old.read(name).decode()
            archive.writestr(name, change(content) if name == "word/document.xml" else content)
    return new.getvalue()


def records_of(data):
    return nexis_docx.parse(data, "a.docx").records


def test_every_field_of_an_article():
    item = "5RCP-FVR1-DXY4-X2BV-00000-00"
    lines = article(1, ENGLISH, link="rId7", subject="WAR (90%); RIVERS (72%)")
    raw = nexis_docx.parse(make_docx(lines, {"rId7": LINK.format(item)}), "a.docx")
    assert raw.declared is None
    assert raw.records == [
        {
            "doc_id": item,
            "database_url": LINK.format(item),
            "headline": "Troops cross the river",
            "outlet": "The Herald",
            "date": "March 3, 2031 Monday, Late Edition - Final",
            "edition": "Late Edition - Final",
            "section": "Section A; Column 0; Foreign Desk",
            "page": "7",
            "length": "1204",
            "byline": "By ANNA ROE",
            "text": "The war began at dawn.\n\n“Nobody knew,” she said.",
            "graphic": "PHOTO: The bridge.",
            "language": "en",
            "subjects": "WAR (90%); RIVERS (72%)",
            "load_date": "March 4, 2031",
        }
    ]


@pytest.mark.parametrize("language", INTERFACES)
@pytest.mark.parametrize("change", [bytes, without_bookmarks])
def test_interfaces_with_and_without_bookmarks(language, change):
    data = change(export(INTERFACES[language], subject="WAR (90%)"))
    assert nexis_docx.recognise(data, "a.docx")
    raw = nexis_docx.parse(data, "a.docx")
    first, second = raw.records
    assert raw.declared == 2
    assert first["headline"] == "Troops cross the river"
    assert first["byline"] == "By ANNA ROE"
    assert first["page"] == "7"
    assert first["length"] == "1204"
    assert first["text"] == "The war began at dawn.\n\n“Nobody knew,” she said."
    assert first["graphic"] == "PHOTO: The bridge."
    assert first["load_date"] == "March 4, 2031"
    assert first["subjects"] == "WAR (90%)"
    assert second["headline"] == "Oil & gas prices rise"
    assert second["text"] == first["text"]
    assert not {"byline", "graphic"} & set(second)


def test_a_language_nobody_listed_is_read_by_its_structure():
    first, second = records_of(export(UNHEARD_OF))
    assert first["outlet"] == "The Herald"
    assert first["date"].startswith("March 3, 2031")
    assert first["length"] == "1204"
    assert first["text"] == second["text"] == "The war began at dawn.\n\n“Nobody knew,” she said."
    assert first["other_qenilyb"] == "By ANNA ROE"
    assert first["other_qcihparg"] == "PHOTO: The bridge."
    assert "byline" not in first


def test_a_plain_copy_without_any_looks_is_read_by_words():
    def strip_looks(xml):
        for looks in ('<w:sz w:val="20"/>', '<w:sz w:val="28"/>', '<w:sz w:val="16"/>'):
            xml = xml.replace(looks, "")
        return xml.replace("<w:b/>", "").replace("<w:keepNext/>", "").replace("<w:outline", "<w:x")

    data = without_bookmarks(export(text=("Graphic scenes.", "Body of evidence.")))
    first, second = records_of(rewritten(data, strip_looks))
    assert [first["headline"], first["outlet"]] == ["Troops cross the river", "The Herald"]
    assert first["text"] == "Graphic scenes.\n\nBody of evidence."
    assert first["graphic"] == "PHOTO: The bridge."
    assert second["headline"] == "Oil & gas prices rise"


def test_what_looks_like_a_label_inside_a_text_stays_there():
    text = (
        "Language: a history",
        "Subject: war",
        "Graphic",
        "Length matters.",
        "End of the affair",
    )
    first, _ = records_of(export(text=text))
    assert first["text"].split("\n\n") == list(text)


def test_no_field_is_guessed():
    first, _ = records_of(
        export(masthead=("The Herald",), section=None, length=None, byline=None, graphic=None)
    )
    assert set(first) == {"headline", "outlet", "text", "load_date"}


@pytest.mark.parametrize(
    ("masthead", "date", "edition"),
    [
        (("Blog", "(Green)", "June 26, 2031 Friday 15:25 EST"), "June 26, 2031", "(Green)"),
        (("Die Zeitung", "Montag 3. März 2031"), "Montag 3. März 2031", None),
        (("Le Journal", "3 mars 2031 lundi", "Edition 2"), "3 mars 2031", "Edition 2"),
        (("El Diario", "3 de marzo de 2031 lunes"), "3 de marzo de 2031", None),
        (("Quarterly", "Spring 2031"), "Spring 2031", None),
        (("日报", "2031年3月3日 星期一"), "2031年3月3日", None),
    ],
)
def test_mastheads(masthead, date, edition):
    first, _ = records_of(export(masthead=masthead))
    assert first["outlet"] == masthead[0]
    assert first["date"].startswith(date)
    assert first.get("edition") == edition


def test_lines_broken_by_a_machine_are_joined():
    line = "and so the army went on through the valley of the river and over"
    text = ("The war began at dawn in the east of the country, as all had feared", *[line] * 9)
    first, _ = records_of(export(text=(*text, "hills.", "Peace was not in sight then.")))
    assert first["text"].count("\n\n") == 1
    assert first["text"].endswith("and over hills.\n\nPeace was not in sight then.")


def test_the_address_under_a_text_is_its_url():
    address = "https://herald.example/2031/03/03/river.html"
    first, _ = records_of(export(text=("The war began.", address)))
    assert [first["text"], first["url"]] == ["The war began.", address]
    first, _ = records_of(export(text=("The war began.", "http://www.herald.example")))
    assert first["text"] == "The war began."
    assert "url" not in first


def test_the_report_compares_with_the_cover(tmp_path):
    (tmp_path / "Files(3).DOCX").write_bytes(export(n_documents=3))
    articles, report = read_articles(tmp_path / "Files(3).DOCX")
    assert report.loc[0, ["format", "declared", "parsed"]].tolist() == ["nexis docx", 3, 2]
    assert report.loc[0, "reason"] == "declares 3 articles, not 2"
    assert articles.index.tolist() == ["Files(3)-0001", "Files(3)-0002"]
    assert articles["date"].notna().all()


def test_a_zip_of_exports_and_of_single_articles(tmp_path):
    with zipfile.ZipFile(tmp_path / "1to4.ZIP", "w") as archive:
        archive.writestr("Files(2).DOCX", export())
        for number in (1, 2):
            single = make_docx(article(1, ENGLISH, headline=f"Number {number}"))
            archive.writestr(f"single/article {number}.docx", single)
    articles, report = read_articles(tmp_path / "1to4.ZIP")
    assert report["parsed"].tolist() == [2, 1, 1]
    assert articles["headline"].tolist()[2:] == ["Number 1", "Number 2"]
    assert articles["text"].notna().all()


def test_a_single_article_without_bookmarks_and_cover():
    data = without_bookmarks(make_docx(article(1, ENGLISH)))
    (record,) = records_of(data)
    assert [record["headline"], record["outlet"]] == ["Troops cross the river", "The Herald"]


def test_an_article_without_body_keeps_its_headline(tmp_path):
    empty = [line for line in article(1, ENGLISH, text=()) if "Body" not in line]
    (record,) = records_of(make_docx([*empty]))
    assert record["headline"] == "Troops cross the river"
    assert "text" not in record


def test_other_documents_are_refused_in_one_row(tmp_path):
    files = {
        "essay.docx": make_docx([paragraph("War and peace"), paragraph("An essay.")]),
        "table.docx": b"doc_id,text\n1,War began.\n",
        "cut.docx": export()[:900],
        "locked.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "zero.docx").write_bytes(b"")
    _, report = read_articles(tmp_path)
    reason = report.set_index("source_file")["reason"]
    assert "no export of a news database" in reason["essay.docx"]
    assert "password" in reason["locked.docx"]
    assert reason["zero.docx"] == "the file is empty"
    assert reason["cut.docx"]
    assert len(report) == len(files) + 1
    assert report["parsed"].sum() <= 1


def test_xml_that_defines_entities_is_not_opened():
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    lines = [line.replace("The war", "&b; The war") for line in article(1, ENGLISH)]
    lines = [line.replace("&amp;b;", "&b;") for line in lines]
    with pytest.raises(UnreadableError, match="not safe to open"):
        records_of(make_docx(lines, xml_head=bomb))


def test_a_document_packed_like_a_bomb_is_not_opened():
    data = make_docx([*article(1, ENGLISH), paragraph("a" * 30_000_000)])
    with pytest.raises(UnreadableError, match="which no text is"):
        records_of(data)


def test_markup_in_a_text_stays_text():
    text = ("<script>alert(1)</script>", "&lt;b&gt;")
    first, _ = records_of(export(headline='=HYPERLINK("http://x.example")', text=text))
    assert first["headline"] == '=HYPERLINK("http://x.example")'
    assert first["text"] == "<script>alert(1)</script>\n\n&lt;b&gt;"


def test_only_exports_are_recognised():
    assert not nexis_docx.recognise(b"", "a.docx")
    assert not nexis_docx.recognise(b"PK\x03\x04 nonsense", "a.docx")
    assert find_reader(make_docx([paragraph("An essay.")]), "a.docx") is word
    assert find_reader(export(), "wrong.csv") is nexis_docx


def read_or_refuse(data):
    """Parse bytes; the only error a reader may raise is its own."""
    nexis_docx.recognise(data, "a.docx")
    try:
        return nexis_docx.parse(data, "a.docx")
    except UnreadableError:
        return None


VALID = export(subject="WAR (90%)")
VALID_XML = zipfile.ZipFile(io.BytesIO(VALID)).read("word/document.xml").decode()


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=400))
def test_random_bytes(data):
    assert read_or_refuse(data) is None


@settings(deadline=None, max_examples=100)
@given(st.integers(0, len(VALID) - 1), st.integers(1, 255), st.booleans())
def test_flipped_and_cut_files(place, change, cut):
    flipped = bytearray(VALID)
    flipped[place] ^= change
    read_or_refuse(bytes(flipped[:place] if cut else flipped))


@settings(deadline=None, max_examples=150)
@given(st.integers(0, len(VALID_XML)), st.integers(0, 400), st.text(max_size=20))
def test_damaged_xml(place, length, inserted):
    damaged = VALID_XML[:place] + inserted + VALID_XML[place + length :]
    read_or_refuse(rewritten(VALID, lambda _: damaged.encode("utf-8", "replace").decode()))


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.sampled_from([*article(1, ENGLISH), *article(2, UNHEARD_OF), *cover(ENGLISH, 2)]))
)
def test_paragraphs_in_any_order(lines):
    read_or_refuse(make_docx(lines))
