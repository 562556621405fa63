"""Text exports of the older LexisNexis, made here with invented text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.articles import read_articles
from framing.corpus.encoding import UnreadableError
from framing.corpus.readers import find_reader, lexis_txt, plain_text

ENGLISH = {
    "counter": "{} of {} DOCUMENTS",
    "byline": "BYLINE",
    "section": "SECTION",
    "length": "LENGTH",
    "language": "LANGUAGE",
    "graphic": "GRAPHIC",
    "load_date": "LOAD-DATE",
    "type": "PUBLICATION-TYPE",
}
INTERFACES = {
    "English": ENGLISH,
    "German": {
        "counter": "Dokument {} von {}",
        "byline": "AUTOR",
        "section": "RUBRIK",
        "length": "LÄNGE",
        "language": "SPRACHE",
        "graphic": "GRAFIK",
        "load_date": "UPDATE",
        "type": "PUBLICATION-TYPE",
    },
    "French": {
        "counter": "Document {} de {}",
        "byline": "AUTEUR",
        "section": "RUBRIQUE",
        "length": "LONGUEUR",
        "language": "LANGUE",
        "graphic": "GRAPHIQUE",
        "load_date": "DATE-CHARGEMENT",
        "type": "TYPE-PUBLICATION",
    },
    "Dutch": {
        "counter": "{} van {} DOCUMENTEN",
        "byline": "AUTEUR",
        "section": "RUBRIEK",
        "length": "LENGTE",
        "language": "TAAL",
        "graphic": "GRAFIEK",
        "load_date": "LAADDATUM",
        "type": "PUBLICATIETYPE",
    },
}
FACTS = {
    "outlet": "The Herald",
    "date": "March 3, 2031 Monday",
    "headline": "Troops cross\nthe river",
    "byline": "By Zoë Röe",
    "section": "NEWS; Pg. 7",
    "length": "1,204 words",
    "text": "The war began\nat dawn.\n\n“Nobody knew,”\nshe said.",
    "graphic": "PHOTO: The bridge.\n\nMAP: The valley.",
    "language": "ENGLISH",
    "load_date": "March 4, 2031",
    "type": "Newspaper",
}


def centre(text):
    return "\n".join(line.center(78).rstrip() for line in text.split("\n"))


def article(number=1, total=2, words=ENGLISH, **changes):
    """One document; a field that is None is not printed."""
    facts = FACTS | changes
    keyed = {name: f"{words[name]}: {value}" for name, value in facts.items() if name in words}
    top = [words["counter"].format(number, total), facts["outlet"], facts["date"]]
    above = [keyed[name] for name in ("byline", "section", "length") if facts[name]]
    below = [keyed[name] for name in ("load_date", "language", "graphic", "type") if facts[name]]
    blocks = [*(centre(line) for line in top if line), *([facts["headline"] or ""])]
    blocks += [*above, facts["text"], *below, centre("Copyright 2031 The Herald\nAll Rights")]
    return "\n\n".join(block for block in blocks if block) + "\n\n"


def export(words=ENGLISH, first_line="Download Request: Selected Items: 1-2", **changes):
    header = f"\n\n{first_line}\nTime Of Request: Friday, March 7, 2031  16:51:31\n\nTerms: war\n\n"
    second = {"headline": "Oil prices rise", "byline": None, "graphic": None}
    return header + article(1, 2, words, **changes) + article(2, 2, words, **second)


def parse(text):
    return lexis_txt.parse(text.encode(), "a.txt")


@pytest.mark.parametrize("language", INTERFACES)
def test_every_field_in_every_interface(language):
    data = export(INTERFACES[language]).encode()
    assert find_reader(data, "a.TXT") is lexis_txt
    raw = lexis_txt.parse(data, "a.TXT")
    assert raw.declared == 2
    assert raw.records[0] == {
        "outlet": "The Herald",
        "date": "March 3, 2031 Monday",
        "headline": "Troops cross the river",
        "byline": "By Zoë Röe",
        "section": "NEWS",
        "page": "7",
        "length": "1204",
        "text": "The war began at dawn.\n\n“Nobody knew,” she said.",
        "graphic": "PHOTO: The bridge.; MAP: The valley.",
        "language": "en",
        "load_date": "March 4, 2031",
        "publication_type": "Newspaper",
    }
    assert raw.records[1]["headline"] == "Oil prices rise"
    assert not {"byline", "graphic"} & set(raw.records[1])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding):
    data = export(INTERFACES["German"]).encode(encoding)
    assert lexis_txt.recognise(data, "a.txt")
    raw = lexis_txt.parse(data, "a.txt")
    assert raw.records[0]["byline"] == "By Zoë Röe"
    assert raw.records[0]["text"].endswith("“Nobody knew,” she said.")


def test_windows_line_ends_and_form_feeds():
    text = export().replace("\n\n\n", "\n\x0c\n\n").replace("\n", "\r\n")
    assert parse(text).records == parse(export()).records


def test_editions_below_the_date_and_labels_in_no_list():
    (record,) = parse(
        article(1, 1, date="March 3, 2031 Monday\nEdition 1;\nScotland")
        + "WEATHER-CODE: rain\n\nJOURNAL-CODE: HER\n"
    ).records
    assert record["edition"] == "Edition 1; Scotland"
    assert record["date"] == "March 3, 2031 Monday"
    assert [record["other_weathercode"], record["journal_code"]] == ["rain", "HER"]


def test_what_looks_like_a_label_inside_a_text_stays_there():
    text = "LONDON: The war began.\n\nSUBJECT: none.\n\nOne.\n\nTwo.\n\nThree.\n\nFour.\n\nFive."
    first, _ = parse(export(text=text)).records
    assert first["text"] == text


def test_no_field_is_guessed():
    missing = dict.fromkeys(["byline", "section", "graphic", "language", "type", "headline"])
    first, _ = parse(export(**missing)).records
    assert set(first) == {"outlet", "date", "length", "text", "load_date"}


def test_the_lost_article_is_counted():
    error = "We are sorry but there is an error in this document.\n"
    raw = parse(article(1, 2) + centre("2 of 2 DOCUMENTS") + f"\n\n{error}")
    assert [len(raw.records), raw.n_lost, raw.declared] == [1, 1, 2]
    assert raw.problems == ("1 dropped: the database did not show the article",)


def test_a_part_of_a_search_says_which():
    raw = parse(article(501, 800) + article(502, 800))
    assert raw.declared == 300
    assert raw.notes == ("documents 501 to 502 of 800 found",)


def test_one_odd_total_does_not_count():
    raw = parse(article(1, 3) + article(2, 383) + article(3, 3))
    assert raw.declared == 3


def test_a_single_article_without_counter(tmp_path):
    text = article(1, 1).split("\n\n", 1)[1]
    (tmp_path / "one.txt").write_text(text, encoding="utf-8")
    articles, report = read_articles(tmp_path / "one.txt")
    assert report.loc[0, "format"] == "lexisnexis txt"
    assert articles["headline"].tolist() == ["Troops cross the river"]


def test_the_report_names_a_truncated_export(tmp_path):
    text = export(first_line="Download Request: Selected Items: 1-3, 5")
    (tmp_path / "war.txt").write_text(text, encoding="utf-8")
    articles, report = read_articles(tmp_path / "war.txt")
    assert report.loc[0, "reason"] == "declares 4 articles, not 2"
    assert articles.index.tolist() == ["war-0001", "war-0002"]
    assert articles["date"].notna().all()


def test_other_texts_are_not_recognised():
    for text in ("War began.", "2 of 3 soldiers\nLENGTH: 3 words", "<p>1 of 2 DOCUMENTS</p>", ""):
        assert not lexis_txt.recognise(text.encode(), "a.txt")
    assert find_reader(b"The army read 1 of 2 documents.", "a.txt") is plain_text


VALID = export().encode()


def read_or_refuse(data):
    """Parse bytes; the only error a reader may raise is its own."""
    lexis_txt.recognise(data, "a.txt")
    try:
        return lexis_txt.parse(data, "a.txt")
    except UnreadableError:
        return None


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400))
def test_random_bytes(data):
    read_or_refuse(data)
    read_or_refuse(b"1 of 2 DOCUMENTS\n" + data)


@settings(deadline=None, max_examples=150)
@given(st.integers(0, len(VALID) - 1), st.integers(1, 255), st.booleans())
def test_flipped_and_cut_files(place, change, cut):
    flipped = bytearray(VALID)
    flipped[place] ^= change
    read_or_refuse(bytes(flipped[:place] if cut else flipped))


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(export().split("\n\n"))))
def test_blocks_in_any_order(blocks):
    read_or_refuse("\n\n".join(blocks).encode())
