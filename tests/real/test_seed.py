"""The article the kit started from: a scraped, reworded report on air strikes (not part of it)."""

import pytest

import framing as fr


@pytest.fixture
def seed(real_data):
    folder = real_data.parent / "seeds"
    if not folder.is_dir():
        pytest.skip(f"no seed article at {folder}")
    articles, report = fr.read_articles(folder)
    assert report["parsed"].tolist() == [1]
    return articles


def test_exactly_the_furniture_is_found(seed):
    found = fr.find_boilerplate(seed)
    assert found["text"].tolist() == ["Share", "Advertisement", "Advertisement"]


def test_the_headline_becomes_the_headline(seed):
    clean = fr.drop_boilerplate(seed, fr.find_boilerplate(seed))
    headline = clean["headline"].iloc[0]
    assert headline == seed["text"].iloc[0].split("\n")[2]
    assert headline not in clean["text"].iloc[0]


def test_one_set_of_fighters_has_many_names(seed):
    clean = fr.drop_boilerplate(seed, fr.find_boilerplate(seed))
    hits = fr.score_frames(clean, "conflict_labels", measure="hits").iloc[0]
    assert hits["terrorists"] >= 2
    assert hits["militants"] >= 2


def test_its_tokens_and_sentences_hold(seed):
    tokens = fr.tokenize(seed["text"].iloc[0])
    for token in ("u.s.-led", "al-qaida-affiliated", "russia's", "al-nusra", "you'd"):
        assert token in tokens
    sentences = fr.split_sentences(seed["text"].iloc[0])
    assert any(s.endswith("in a live broadcast from the Kremlin.") for s in sentences)
    assert any(s.startswith("U.S. Defense Secretary Ash Carter said") for s in sentences)
