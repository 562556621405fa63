import pytest

from framing.corpus.articles import read_articles

FILES = {"europresse_test1.html": 3, "europresse_test2.html": 4}


@pytest.mark.parametrize("name", FILES)
def test_every_article_of_a_saved_page_is_read(real_data, name):
    articles, report = read_articles(real_data / "exports" / "tm_plugin" / name)
    expected = ["europresse html", FILES[name], FILES[name], ""]
    assert report.loc[0, ["format", "declared", "parsed", "reason"]].tolist() == expected
    assert articles[["outlet", "date", "headline", "text"]].notna().all(axis=None)
    assert articles.index.str.startswith("news·").all()
    assert not articles["text"].str.contains("©|Numéro de document|Certificat").any()


def test_a_page_of_the_older_kind(real_data):
    articles, _ = read_articles(real_data / "exports/tm_plugin/europresse_test1.html")
    assert articles["outlet"].tolist() == ["l'Humanité", "Mag", "Magazine 1"]
    assert articles["date"].dt.strftime("%F").tolist() == ["2013-10-05", "2012-10-03", "2012-10-04"]
    assert articles["byline"].fillna("").tolist() == ["", "Second Author", "Author Name"]
    assert articles["section"].fillna("").tolist() == ["Politique", "", "Éditorial"]
    assert articles["page"].fillna("").tolist() == ["", "", "03"]


def test_a_page_of_the_newer_kind(real_data):
    articles, _ = read_articles(real_data / "exports/tm_plugin/europresse_test2.html")
    assert articles["page"].tolist() == ["16", "12", "MDE6", "32"]
    assert articles["byline"].fillna("").tolist() == ["Author", "Ariane Chemin", "", "Author"]
    assert articles["graphic"].fillna("").tolist() == ["A photo.", "", "", ""]
