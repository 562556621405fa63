"""Real exports of Nexis and LexisNexis (not part of the kit): counts, fill rates, clean texts."""

import re
import zipfile

import pandas as pd
import pytest

import framing as fr

WHOLE = {
    "lexis/nyt1.docx": 50,
    "lexis/usa-today.docx": 7,
    "lexisnexistools/sample.DOCX": 10,
    "lexisnexistools/sample.TXT": 10,
    "nexis/guardian_1986-01-01_0001.html": 262,
    "tm_plugin/lexisnexis_test_fr.html": 3,
}
FURNITURE = re.compile(
    r"End of Document|^Load-Date:|^LOAD-DATE:|^Copyright (?:19|20)\d\d|\d+ of \d+ DOCUMENTS"
    r"|^LANGUAGE:|^Length:|^PUBLICATION-TYPE:|urn:contentItem",
    re.MULTILINE,
)


@pytest.fixture
def exports(real_data):
    return real_data / "exports"


@pytest.mark.parametrize("name", WHOLE)
def test_every_article_of_a_file(exports, name):
    articles, report = fr.read_articles(exports / name)
    row = report.loc[0]
    assert [row["declared"], row["parsed"], row["dropped"]] == [WHOLE[name], WHOLE[name], 0]
    assert row["reason"] == ""
    assert row[["outlet", "headline", "text"]].eq(1).all()
    assert articles["text"].str.contains(FURNITURE).sum() == 0
    assert not articles["headline"].str.contains(FURNITURE).any()
    assert articles.index.is_unique


@pytest.mark.parametrize("name", WHOLE)
def test_every_date_that_is_printed(exports, name):
    articles, report = fr.read_articles(exports / name)
    without_date = 1 if name == "lexis/nyt1.docx" else 0  # a line the file leaves empty
    assert report.loc[0, "undated"] == without_date
    assert articles["date"].isna().sum() == without_date


@pytest.mark.parametrize(
    ("name", "byline", "section"),
    [
        ("lexis/nyt1.docx", 41, 50),
        ("lexis/usa-today.docx", 6, 7),
        ("lexisnexistools/sample.DOCX", 10, 10),
        ("lexisnexistools/sample.TXT", 9, 5),
        ("nexis/guardian_1986-01-01_0001.html", 230, 0),
    ],
)
def test_fields_are_filled_as_often_as_labelled(exports, name, byline, section):
    articles, _ = fr.read_articles(exports / name)
    assert articles["byline"].notna().sum() == byline
    assert articles.get("section", pd.Series(dtype="str")).notna().sum() == section


@pytest.mark.parametrize(
    "name",
    [
        "lexis/nyt1.docx",
        "lexis/usa-today.docx",
        "lexisnexistools/sample.TXT",
        "nexis/guardian_1986-01-01_0001.html",
    ],
)
def test_texts_are_as_long_as_declared(exports, name):
    """The mock DOCX is left out: its texts were replaced, its lengths were not."""
    articles, _ = fr.read_articles(exports / name)
    share = articles["text"].str.split().str.len() / articles["length"].astype("int64")
    assert share.between(0.85, 1.15).all()


def test_ids_are_the_database_s_own_where_it_links_to_the_article(exports):
    articles, _ = fr.read_articles(exports / "lexis" / "nyt1.docx")
    again, _ = fr.read_articles(exports / "lexis" / "nyt1.docx")
    assert articles.index.str.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z-]+").all()
    assert articles.index.equals(again.index)


@pytest.mark.parametrize("name", ["lexis/nyt1.docx", "lexisnexistools/sample.DOCX"])
def test_bookmarks_are_not_needed(exports, name, tmp_path):
    old = zipfile.ZipFile(exports / name)
    with zipfile.ZipFile(tmp_path / "again.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels"):
            xml = re.sub(rb"<w:bookmark(?:Start|End)[^>]*/>", b"", old.read(part))
            archive.writestr(part, xml)
    with_marks, _ = fr.read_articles(exports / name)
    without, _ = fr.read_articles(tmp_path / "again.docx")
    columns = ["outlet", "date", "headline", "text", "byline", "section"]
    pd.testing.assert_frame_equal(
        with_marks[columns].reset_index(drop=True), without[columns].reset_index(drop=True)
    )


def test_a_zip_of_real_exports(exports, tmp_path):
    with zipfile.ZipFile(tmp_path / "all.ZIP", "w") as archive:
        archive.write(exports / "lexis" / "usa-today.docx", "Files(7).DOCX")
        archive.write(exports / "lexisnexistools" / "sample.DOCX", "more/Files(10).DOCX")
    articles, report = fr.read_articles(tmp_path / "all.ZIP")
    assert report["parsed"].tolist() == [7, 10]
    assert len(articles) == 17


def test_files_with_something_wrong_are_one_clear_row(exports):
    broken = {
        "lexisnexistools/test.DOCX": "a Word document (3 words), but no export",
        "tm_plugin/lexisnexis_test_copyright_error.html": "1 dropped: the database did not show",
        "tm_plugin/lexisnexis_test_en.html": "declares 146 articles, not 2",
    }
    for name, reason in broken.items():
        _, report = fr.read_articles(exports / name)
        assert len(report) == 1
        assert report.loc[0, "reason"].startswith(reason)


def test_cut_copies_never_fail(exports, tmp_path):
    for name in WHOLE:
        whole = (exports / name).read_bytes()
        (tmp_path / name.replace("/", "_")).write_bytes(whole[: len(whole) * 2 // 3])
    articles, report = fr.read_articles(tmp_path)
    assert len(report) == len(WHOLE)
    assert report["reason"].ne("").all()
    assert len(articles) == report["parsed"].sum() > 100
