"""The whole river on 804 real articles about the war in Syria (not part of the kit)."""

import pytest

import framing as fr

STATE = ["sana", "sputnik", "alalam", "manar"]
OPPOSITION = ["etilaf"]


@pytest.fixture
def articles(real_data):
    table, report = fr.read_articles(real_data / "fa_kes" / "FA-KES-Dataset.csv")
    assert report["parsed"].tolist() == [804]
    return fr.drop_boilerplate(table, fr.find_boilerplate(table))


def test_labels_by_outlet(articles, tmp_path):
    present = fr.score_frames(articles, "conflict_labels", measure="present")
    shares = fr.prevalence(present, articles, by="outlet")
    assert shares.groupby("outlet")["n"].first().sum() == 804
    assert shares["outlet"].nunique() == 15
    assert shares.eval("0 <= low <= share <= high <= 1").all()

    share = shares.pivot(index="outlet", columns="frame", values="share")
    assert share.loc["sana", "terrorists"] > share.loc["etilaf", "terrorists"]
    assert share.loc["etilaf", "opposition"] > share.loc["sana", "opposition"]

    paths = fr.save_figure(fr.plot_heatmap(shares), "labels", numbers=shares, folder=tmp_path)
    assert all(path.stat().st_size > 1000 for path in paths.values())


def test_war_and_peace_by_outlet(articles):
    hits = fr.score_frames(articles, "war_peace", measure="hits")
    shares = fr.prevalence(hits, articles, by="outlet", at_least=2)
    assert shares["n"].min() >= 1
    contrast = fr.difference(hits, articles, by="outlet", at_least=2)
    assert (contrast["p_adjusted"] >= contrast["p"]).all()
    assert contrast.eval("low <= difference <= high").all()


def test_every_score_can_be_traced_to_its_words(articles):
    hits = fr.find_hits(articles, "conflict_labels")
    scores = fr.score_frames(articles, "conflict_labels", measure="hits")
    assert len(hits) == scores.to_numpy().sum()
    assert fr.match_codebook(articles, "conflict_labels")["n"].sum() == len(hits)
    one = hits.sample(200, random_state=0)
    for doc_id, start, end, term in one[["doc_id", "start", "end", "term"]].to_numpy():
        assert fr.tokenize(articles.loc[doc_id, "text"][start:end])[0] == term.split()[0]
