"""GDELT: article lists are read, its other tables are named."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.articles import read_articles
from framing.corpus.readers import UnreadableError, find_reader, gdelt

LIST = """url,url_mobile,title,seendate,socialimage,domain,language,sourcecountry
https://herald.example/war,,"War , they say",20310303T221500Z,,herald.example,English,Atlantis
"""


@pytest.mark.parametrize("numbered", [False, True])
def test_an_article_list(tmp_path, numbered):
    lines = LIST.splitlines()
    table = f",{lines[0]}\n0,{lines[1]}\n" if numbered else LIST
    (tmp_path / "a.csv").write_text(table)
    articles, report = read_articles(tmp_path / "a.csv")
    facts = ["outlet", "headline", "url", "language", "sourcecountry"]
    assert articles[facts].values.tolist() == [
        ["herald.example", "War , they say", "https://herald.example/war", "English", "Atlantis"]
    ]
    assert articles["date"].tolist() == [pd.Timestamp("2031-03-03")]
    assert "column 1" not in articles
    assert report.loc[0, ["format", "parsed", "text"]].tolist() == ["gdelt", 1, 0]
    notes = report.loc[0, "notes"]
    assert "GDELT gives no text: headlines only; dates are when GDELT saw the page" in notes


def test_the_csv_of_the_interface_itself():
    data = "\ufeffURL,MobileURL,Date,Title\nhttps://a.example/1,,2031-03-03 10:00:00,War\n"
    reader = find_reader(data.encode(), "a.csv")
    assert reader is gdelt
    table = pd.DataFrame(reader.parse(data.encode(), "a.csv").records)
    assert table[["url", "date", "headline"]].values.tolist() == [
        ["https://a.example/1", "2031-03-03 10:00:00", "War"]
    ]


def test_its_json():
    one = {"url": "https://a.example/1", "url_mobile": "", "title": "War"}
    one |= {"seendate": "20310303T101500Z", "socialimage": "", "domain": "a.example"}
    data = json.dumps({"articles": [one]}).encode()
    assert find_reader(data, "a.json") is gdelt
    table = pd.DataFrame(gdelt.parse(data, "a.json").records)
    assert table[["outlet", "headline"]].values.tolist() == [["a.example", "War"]]


def test_a_full_list_may_be_cut():
    header, row = LIST.splitlines()
    raw = gdelt.parse("\n".join([header, *[row] * 250]).encode(), "a.csv")
    assert raw.notes[-1].startswith("250 rows are the most one query returns")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("GlobalEventID,EventTimeDate,MentionIdentifier\n1,2,3\n", "table of mentions"),
        ("GLOBALEVENTID\tSQLDATE\tGoldsteinScale\n1\t2\t3\n", "table of events"),
        ("GKGRECORDID,DATE,SourceCommonName\n1,2,3\n", "knowledge graph"),
        ("669670\t20170701234500\t20170701234500\t1\ta.example\thttps://a.example\n", "mentions"),
        ("669670701\t20170701\t201707\t2017\t2017.4959\tUSA\n", "table of events"),
        ("20170701234500-T12\t20170701234500\t1\ta.example\thttps://a.example\n", "knowledge"),
        ('name,type,description\nGKGRECORDID,STRING,"An id"\n', "description of GDELT's columns"),
    ],
)
def test_other_tables_are_named(tmp_path, data, what):
    (tmp_path / "a.csv").write_text(data)
    articles, report = read_articles(tmp_path / "a.csv")
    assert articles.empty
    assert what in report.loc[0, "reason"]
    assert "use an article list of GDELT's DOC interface" in report.loc[0, "reason"]


def test_other_tables_and_lists_with_texts_are_not_gdelt():
    assert not gdelt.recognise(b"id,title,text\n1,War,War began.", "a.csv")
    assert not gdelt.recognise(b"name,type,description\nHerald,paper,A paper", "a.csv")
    assert not gdelt.recognise(LIST.splitlines()[0].encode() + b",text", "a.csv")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 200), st.booleans())
def test_any_bytes_are_records_or_a_reason(noise, place, cut):
    data = LIST.encode()
    damaged = data[:place] + noise + (b"" if cut else data[place:])
    gdelt.recognise(damaged, "a.csv")
    try:
        raw = gdelt.parse(damaged, "a.csv")
    except UnreadableError:
        return
    assert len(raw.records) <= 10
