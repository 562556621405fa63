"""What stands in quotation marks, and what does not."""

import pandas as pd
import pytest

from framing.measures.frames import score_frames
from framing.text.quotes import keep_voice
from framing.text.units import split_units

VOICES = ("quoted", "unquoted")


def table(*texts):
    doc_id = pd.Index([f"a{number}" for number in range(len(texts))], name="doc_id")
    return pd.DataFrame({"text": list(texts), "outlet": "Herald"}, doc_id)


def voices(text):
    return [" ".join(keep_voice(table(text), v)["text"].iloc[0].split()) for v in VOICES]


@pytest.mark.parametrize(
    ("text", "quoted", "unquoted"),
    [
        ("“It’s over,” he said.", "“It’s over,” …", "… he said."),
        ('He said "yes" with a 5" gun.', '… "yes" …', 'He said … with a 5" gun.'),
        ("« Oui », dit-il.", "« Oui » …", "… , dit-il."),
        ("„Nein“, sagte er.", "„Nein“ …", "… , sagte er."),
        ("Sie rief »Doch« laut.", "… »Doch« …", "Sie rief … laut."),
        ("”Ja” sade han.", "”Ja” …", "… sade han."),
        ("‘The workers’ party won,’ he said.", "‘The workers’ party won,’ …", "… he said."),
        ("‘Terrorists’ left the workers’ homes.", "‘Terrorists’ …", "… left the workers’ homes."),
        ("“He said ‘go’ to me,” she said.", "“He said ‘go’ to me,” …", "… she said."),
        ("It's the workers' 'own' town.", "…", "It's the workers' 'own' town."),
        ("“All of it.”", "“All of it.”", "…"),
    ],
)
def test_marks_of_many_kinds(text, quoted, unquoted):
    assert voices(text) == [quoted, unquoted]


def test_a_long_quotation_goes_on_where_the_next_paragraph_opens_again():
    quoted, unquoted = voices("“One.\n\n“Two,” she said.\n\nAn “unclosed one.\n\nNo more.")
    assert quoted == "“One. “Two,” … … …"
    assert unquoted == "… … she said. An “unclosed one. No more."


def test_articles_and_paragraphs_keep_their_places():
    articles = table("“One.”\n\nTwo.", "No voice but its own.")
    before = articles.copy()
    for voice in VOICES:
        kept = keep_voice(articles, voice)
        assert kept.drop(columns="text").equals(articles.drop(columns="text"))
        assert len(split_units(kept)) == 3
    pd.testing.assert_frame_equal(articles, before)


def test_hits_of_both_voices_are_those_of_the_whole():
    articles = table("“Troops came,” he said of a siege. “A siege of troops.”", "A siege.")
    codebook = pd.DataFrame({"frame": ["war", "war"], "pattern": ["troops", "siege"]})
    whole, *parts = (
        score_frames(texts, codebook, measure="hits")["war"]
        for texts in (articles, *(keep_voice(articles, voice) for voice in VOICES))
    )
    assert [part.tolist() for part in parts] == [[3, 0], [1, 1]]
    assert (sum(parts) == whole).all()


def test_no_phrase_crosses_what_is_left_out():
    codebook = pd.DataFrame({"frame": ["war"], "pattern": ["troops siege"]})
    kept = keep_voice(table("Troops “at war” siege towns."), "unquoted")
    assert score_frames(kept, codebook, measure="hits")["war"].sum() == 0


def test_a_voice_that_is_not_known():
    with pytest.raises(ValueError, match="voice='direct': choose one of quoted, unquoted"):
        keep_voice(table("x"), "direct")
    with pytest.raises(ValueError, match="1 of 1 articles have no text"):
        keep_voice(table(""), "quoted")
