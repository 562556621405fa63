"""Media Cloud's tables: headlines, and said to be no more."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.articles import read_articles
from framing.corpus.readers import UnreadableError, find_reader, mediacloud

TODAY = """id,indexed_date,language,media_name,media_url,publish_date,title,url
a7f,2031-03-05 01:02:03.4,en,herald.example,herald.example,2031-03-03,"War, they say",https://herald.example/war
b8e,2031-03-05 01:02:03.4,fr,etoile.example,etoile.example,2031-03-04,La guerre,https://e.example/1
"""
BEFORE_2023 = """stories_id,publish_date,title,url,language,ap_syndicated,themes,media_id,media_name
12345,2017-03-03 10:11:12,War begins,http://herald.example/war,en,False,,1,The Herald
"""


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_table_of_today(tmp_path, mark):
    file = tmp_path / "mc-onlinenews-mediacloud-20310305010203-content.csv"
    file.write_text(mark + TODAY, encoding="utf-8")
    articles, report = read_articles(file)
    assert articles.index.tolist() == ["a7f", "b8e"]
    assert articles["outlet"].tolist() == ["herald.example", "etoile.example"]
    assert articles["date"].tolist() == [pd.Timestamp("2031-03-03"), pd.Timestamp("2031-03-04")]
    assert articles["headline"].tolist() == ["War, they say", "La guerre"]
    assert articles["language"].tolist() == ["en", "fr"]
    assert articles["text"].isna().all()
    assert report.loc[0, ["format", "parsed", "text"]].tolist() == ["media cloud", 2, 0]
    assert "Media Cloud gives no text: headlines only" in report.loc[0, "notes"]
    assert report.loc[0, "reason"] == ""


def test_a_table_from_before_2023(tmp_path):
    (tmp_path / "stories.csv").write_text(BEFORE_2023)
    articles, _ = read_articles(tmp_path / "stories.csv")
    assert articles.index.tolist() == ["12345"]
    assert articles["outlet"].tolist() == ["The Herald"]
    assert articles["date"].tolist() == [pd.Timestamp("2017-03-03")]


def test_both_kinds_of_id_give_one_doc_id():
    data = b"id,stories_id,media_name,publish_date,title,url\n1,2,a.org,2031-03-03,War,a.org/1\n"
    table = pd.DataFrame(mediacloud.parse(data, "a.csv").records)
    assert table["doc_id"].tolist() == ["2"]
    assert table["id"].tolist() == ["1"]


def test_a_table_with_texts_joined_to_it_keeps_them():
    header = TODAY.splitlines()[0].encode()
    assert find_reader(header, "a.csv") is mediacloud
    assert find_reader(header.replace(b",", b"\t"), "a.tsv") is mediacloud
    assert find_reader(header + b",text", "a.csv").FORMAT == "csv"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 300), st.booleans())
def test_any_bytes_are_records_or_a_reason(noise, place, cut):
    data = TODAY.encode()
    damaged = data[:place] + noise + (b"" if cut else data[place:])
    mediacloud.recognise(damaged, "a.csv")
    try:
        raw = mediacloud.parse(damaged, "a.csv")
    except UnreadableError:
        return
    assert len(raw.records) <= 10
