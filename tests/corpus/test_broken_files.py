"""Whatever a file holds, it becomes a row of the report and never sinks the batch."""

import io
import sys
import zipfile

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from framing.corpus import archives
from framing.corpus.articles import read_articles
from framing.corpus.loading import load_file
from framing.corpus.sources import Source

ARTICLE = pd.DataFrame({"id": ["1"], "title": ["War"], "text": ["War began."]})
SUFFIXES = [
    "csv",
    "tsv",
    "txt",
    "json",
    "jsonl",
    "xlsx",
    "parquet",
    "zip",
    "gz",
    "docx",
    "html",
    "",
]


def as_parquet() -> bytes:
    pytest.importorskip("pyarrow")
    stream = io.BytesIO()
    ARTICLE.to_parquet(stream)
    return stream.getvalue()


def as_workbook() -> bytes:
    pytest.importorskip("openpyxl")
    stream = io.BytesIO()
    ARTICLE.to_excel(stream, index=False)
    return stream.getvalue()


def as_zip(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_dot_", "."), data)
    return stream.getvalue()


def reason(folder, name: str, data: bytes) -> str:
    """Read one file and return why it gave nothing."""
    (folder / name).write_bytes(data)
    articles, report = read_articles(folder / name)
    assert articles.empty
    assert report["parsed"].tolist() == [0]
    return report.loc[0, "reason"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", b"", "empty"),
        ("a.txt", b" \n ", "empty"),
        ("a.csv", b"id,text\n", "no records"),
        ("a.csv", b"a,b\n1,longer\n", "no text column among: a, b. Name it: columns={'text': 'b'}"),
        ("a.txt", bytes(range(32)) * 20, "binary"),
        ("a.json", b'[{"text": "War', "broken JSON"),
        ("a.json", b"5", "without a list of records"),
        ("a.json", b"[]", "no records"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.xlsx", b"not a workbook", "broken or something else"),
        ("a.zip", b"PK\x03\x04 torn off", "broken ZIP"),
        ("a.zip", as_zip(), "ZIP without files"),
        ("a.gz", b"\x1f\x8b torn off", r"broken .gz"),
        ("a.pdf", b"%PDF-1.7", "a PDF"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "old Office file"),
        ("a.mp3", b"ID3 sound", "not a format the kit reads (.mp3)"),
    ],
)
def test_the_reason_is_plain(tmp_path, name, data, words):
    assert words in reason(tmp_path, name, data)


def test_a_workbook_with_a_password_is_said_to_have_one(tmp_path):
    locked = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99) + "EncryptedPackage".encode("utf-16-le")
    )
    assert "password" in reason(tmp_path, "a.xlsx", locked)


def test_a_torn_workbook_and_a_torn_parquet_are_rows(tmp_path):
    assert "broken" in reason(tmp_path, "a.xlsx", as_workbook()[:3000])
    assert "breaks off" in reason(tmp_path, "a.parquet", as_parquet()[:-20])
    middle = as_parquet()
    middle = middle[:4] + b"\xff" * (len(middle) - 8) + middle[-4:]
    assert "broken Parquet" in reason(tmp_path, "b.parquet", middle)


def test_parquet_without_pyarrow_says_what_to_install(tmp_path, monkeypatch):
    data = as_parquet()
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert reason(tmp_path, "a.parquet", data) == "Parquet needs pyarrow: pip install pyarrow"


def test_a_workbook_without_openpyxl_says_what_to_install(tmp_path, monkeypatch):
    data = as_workbook()
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert reason(tmp_path, "a.xlsx", data) == "Excel files need openpyxl: pip install openpyxl"


def test_a_workbook_that_defines_entities_is_not_opened(tmp_path):
    evil = as_zip(
        **{
            "xl/workbook_dot_xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook/>',
            "[Content_Types]_dot_xml": b"<Types/>",
        }
    )
    assert "not safe" in reason(tmp_path, "a.xlsx", evil)


def test_a_zip_bomb_is_not_opened(tmp_path, monkeypatch):
    bomb = as_zip(a_dot_txt=b"a" * 300_000)
    monkeypatch.setattr(archives, "SMALL", 100_000)
    assert "which no text is" in reason(tmp_path, "a.zip", bomb)
    monkeypatch.setattr(archives, "MAX_BYTES", 200_000)
    assert "when unpacked" in reason(tmp_path, "b.zip", bomb)


def test_a_zip_of_too_many_files_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_MEMBERS", 1)
    assert "2 files in one ZIP" in reason(tmp_path, "a.zip", as_zip(a_dot_txt=b"a", b_dot_txt=b"b"))


def test_a_zip_in_a_zip_and_a_locked_member_are_rows(tmp_path):
    inner = as_zip(b_dot_txt=b"Peace.")
    outer = bytearray(as_zip(a_dot_txt=b"War.", inner_dot_zip=inner, locked_dot_txt=b"?"))
    place = outer.rfind(b"PK\x01\x02")  # the last entry of the table of contents
    outer[place + 8] |= 1  # its flag that says: encrypted
    (tmp_path / "outer.zip").write_bytes(bytes(outer))
    articles, report = read_articles(tmp_path / "outer.zip")
    assert articles["text"].tolist() == ["War."]
    assert "ZIP inside a ZIP" in report.loc[1, "reason"]
    assert report.loc[2, "reason"] == "protected by a password"


def test_a_broken_file_leaves_the_others_alone(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "b.txt").write_text("War.")
    articles, report = read_articles(tmp_path)
    assert articles.index.tolist() == ["b"]
    assert report["parsed"].tolist() == [0, 1]


def test_an_error_nobody_foresaw_is_a_row():
    def fail() -> bytes:
        raise RuntimeError("the disk\nis on fire")

    loaded = load_file(Source("a.txt", fail), {})
    assert loaded.problems == ("a broken unknown file (RuntimeError: the disk is on fire)",)


def test_a_workbook_named_csv_is_read_and_said(tmp_path):
    (tmp_path / "a.csv").write_bytes(as_workbook())
    articles, report = read_articles(tmp_path / "a.csv")
    assert articles["text"].tolist() == ["War began."]
    assert report.loc[0, "notes"] == "named .csv, but it is xlsx"


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=400), suffix=st.sampled_from(SUFFIXES))
@example(data=b'id,text\n1,"War', suffix="csv")
@example(data=b"\xff\xfe", suffix="csv")
@example(data=b"\x00", suffix="txt")
@example(data=b'{"articles": [1, null]}', suffix="json")
@example(data=b'{"a": {"text": 1}, "b": {"text": [[1]]}}', suffix="json")
def test_random_bytes_never_crash(tmp_path_factory, data, suffix):
    path = tmp_path_factory.mktemp("fuzz") / f"news.{suffix}"
    path.write_bytes(data)
    articles, report = read_articles(path)
    assert len(articles) == report["parsed"].sum()
    assert (report["found"] == report["parsed"] + report["dropped"]).all()


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_damaged_files_never_crash(data):
    name, whole = data.draw(st.sampled_from(DAMAGED))
    place = data.draw(st.integers(0, len(whole) - 1))
    patch = data.draw(st.binary(min_size=1, max_size=8))
    damaged = whole[:place] + patch + whole[place + len(patch) :]
    loaded = load_file(Source(name, lambda: damaged), {})
    assert loaded.records is not None or loaded.problems


DAMAGED = [
    ("a.xlsx", as_workbook()),
    ("a.parquet", as_parquet()),
    ("a.csv", b"id,text\n1,War\n" * 9),
]
