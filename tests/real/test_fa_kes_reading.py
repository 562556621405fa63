"""Reading 804 real articles on the war in Syria (not part of the kit)."""

import pandas as pd
import pytest

import framing as fr

OUTLETS = {"ahram": 149, "manar": 105, "alalam": 90, "alaraby": 84, "dailysabah": 74, "sana": 56}


@pytest.fixture
def reading(real_data):
    return fr.read_articles(real_data / "fa_kes" / "FA-KES-Dataset.csv")


def test_every_row_is_an_article_of_the_right_outlet(reading):
    articles, report = reading
    assert len(articles) == 804
    assert fr.check_articles(articles) is articles
    n = articles["outlet"].value_counts()
    assert len(n) == 15
    assert n[list(OUTLETS)].to_dict() == OUTLETS
    assert (
        report.loc[0, ["found", "parsed", "dropped", "undated", "empty"]].tolist()
        == [804] * 2 + [0] * 3
    )


def test_repeated_ids_are_kept_apart_and_counted(reading):
    articles, report = reading
    assert articles.index.is_unique
    assert report.loc[0, "renamed_ids"] == 804 - 792  # 792 distinct ids in the file
    assert articles.index.str.split("-").str[0].nunique() == 792


def test_dates_agree_with_those_printed_in_the_texts(reading):
    articles, report = reading
    assert articles["date"].notna().all()
    assert "'4/5/2017' read month first" in report.loc[0, "notes"]
    printed = pd.to_datetime(
        articles["text"].str.extract(r"^(\d\d-\d\d-20\d\d)\b")[0], format="%d-%m-%Y"
    ).dropna()
    agree = printed.eq(articles.loc[printed.index, "date"])
    assert len(printed) > 80
    assert agree.mean() > 0.7  # the others contradict the file's own column, often by years


def test_characters_lost_before_are_said(reading):
    articles, report = reading
    n_lost = articles[["headline", "text"]].apply(lambda c: c.str.count("�").sum()).sum()
    assert n_lost == 123
    assert "characters lost in the file (�): 123" in report.loc[0, "notes"]


def test_other_columns_come_along(reading):
    assert reading.articles["labels"].isin([0, 1]).all()
    assert reading.articles["location"].notna().all()


def test_describe_by_outlet_and_year(reading):
    table = fr.describe_corpus(reading.articles, by=["outlet", "year"])
    assert table["n_articles"].sum() == 804
    assert (table["first"] <= table["last"]).all()
    assert (table["first"].dt.year == table.index.get_level_values("year").year).all()
