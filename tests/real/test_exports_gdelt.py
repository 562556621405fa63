"""GDELT's sample tables, which hold no articles (not part of the kit)."""

import pytest

import framing as fr


@pytest.mark.parametrize(
    ("name", "what"),
    [("mentionssamp.csv", "table of mentions"), ("gkg2.csv", "description of GDELT's columns")],
)
def test_a_table_without_articles_is_one_clear_row(real_data, name, what):
    articles, report = fr.read_articles(real_data / "exports" / "gdelt" / name)
    assert articles.empty
    assert report.loc[0, ["format", "parsed"]].tolist() == ["gdelt", 0]
    assert what in report.loc[0, "reason"]
