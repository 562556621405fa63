"""The teaching corpus loads whole, by name."""

import pytest

import framing as fr


def test_articles():
    articles = fr.load_sample()
    assert len(articles) >= 160
    assert fr.check_articles(articles) is articles
    assert articles["date"].notna().all()


@pytest.mark.parametrize("name", ["frames", "furniture", "labels", "quotes", "stories", "timeline"])
def test_gold(name):
    table = fr.load_sample_gold(name)
    assert len(table) > 40
    if "doc_id" in table:
        assert set(table["doc_id"]) <= set(fr.load_sample().index)


def test_unknown_names():
    with pytest.raises(KeyError, match="no corpus 'moon'; there is air_campaign"):
        fr.load_sample("moon")
    with pytest.raises(KeyError, match="no table 'moods'; there is frames, furniture"):
        fr.load_sample_gold("moods")
