"""The tokenizer: what a token is, and that the fast path gives exactly that."""

import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import framing as fr
from framing.text import tokens as tokens_module
from framing.text.tokens import Encoder, token_spans, tokenize

JOINERS = "'’ʼ＇&-‐‑"
INVISIBLE = "\u00ad\u200c\u200d\u2060\ufeff"


def is_letter(c):
    return unicodedata.category(c)[0] == "L" and c != "ʼ"


def is_mark(c):
    return unicodedata.category(c)[0] == "M"


def is_number(c):
    return unicodedata.category(c)[0] == "N"


def in_word(c):
    return is_letter(c) or is_number(c) or is_mark(c) or c in INVISIBLE


def letter_with_marks(text, i):
    """End of one letter and its marks at i, or None."""
    if i >= len(text) or not is_letter(text[i]):
        return None
    i += 1
    while i < len(text) and is_mark(text[i]):
        i += 1
    return i


def acronym(text, i):
    """End of the longest run of single letters with stops between them, or None."""
    place, ends = letter_with_marks(text, i), []
    while place is not None and len(ends) < 15 and place < len(text) and text[place] == ".":
        place = letter_with_marks(text, place + 1)
        if place is not None:
            ends.append(place)
    for end in reversed(ends):
        # a letter's marks may be left to nobody, so a shorter run ends before its own marks too
        if end == len(text) or not in_word(text[end]):
            return end + (end < len(text) and text[end] == ".")
    return None


def number_head(text, i):
    """Place after digits joined by stops or commas to further digits, or i."""
    while True:
        j = i
        while j < len(text) and is_number(text[j]):
            j += 1
        if j == i or j + 1 >= len(text) or text[j] not in ".," or not is_number(text[j + 1]):
            return i
        i = j + 1


def part(text, i):
    """End of a word, number or acronym that starts at i, or None."""
    if i >= len(text) or not (is_letter(text[i]) or is_number(text[i])):
        return None
    end = acronym(text, i)
    if end is not None:
        return end
    i = number_head(text, i)
    while i < len(text) and in_word(text[i]):
        i += 1
    return i


def reference_spans(text):
    """Tokens of a text, one character at a time."""
    spans, i = [], 0
    while i < len(text):
        end = part(text, i)
        if end is None:
            i += 1
            continue
        while end < len(text) and text[end] in JOINERS and part(text, end + 1) is not None:
            end = part(text, end + 1)
        spans.append((i, end))
        i = end
    return spans


def reference_token(piece):
    for curly in "’ʼ＇":
        piece = piece.replace(curly, "'")
    for dash in "‐‑":
        piece = piece.replace(dash, "-")
    for hidden in "\u00ad\u2060\ufeff":
        piece = piece.replace(hidden, "")
    word = unicodedata.normalize("NFC", unicodedata.normalize("NFC", piece).lower())
    return with_last_stop(word.rstrip("\u200c\u200d"))


def with_last_stop(word):
    """Write `u.s` as `u.s.`, wherever an acronym stands in a token."""
    out, i = "", 0
    while i < len(word):
        before = word[i - 1] if i else " "
        starts = not (before == "." or is_letter(before) or is_number(before) or is_mark(before))
        end = acronym(word, i) if starts else None
        if end is None:
            out, i = out + word[i], i + 1
        else:
            out += word[i:end].rstrip(".") + "."
            i = end
    return out


def reference(text):
    return [reference_token(text[start:end]) for start, end in reference_spans(text)]


def encoded(texts):
    encoder = Encoder()
    block = encoder.encode(texts)
    return [
        [encoder.terms[i] for i in block.ids[start:stop]]
        for start, stop in zip(block.offsets[:-1], block.offsets[1:], strict=True)
    ]


CASES = {
    "U.S.-led strikes": ["u.s.-led", "strikes"],
    "the U.S. He left": ["the", "u.s.", "he", "left"],
    "the U.S": ["the", "u.s."],
    "U.S.The": ["u.s.", "the"],
    "al-Qaida’s men": ["al-qaida's", "men"],
    "don’t, don't; donʼt": ["don't", "don't", "don't"],
    "Syria's Syria’s": ["syria's", "syria's"],
    "the rebels’ flag": ["the", "rebels", "flag"],
    "‘quoted’ “words”": ["quoted", "words"],
    "war—the end…Now": ["war", "the", "end", "now"],
    "rock 'n' roll": ["rock", "n", "roll"],
    "1,200 jets, 3.5m and 9/11": ["1,200", "jets", "3.5m", "and", "9", "11"],
    "AT&T a.k.a. APT28": ["at&t", "a.k.a.", "apt28"],
    "at 5 p.m. Thursday": ["at", "5", "p.m.", "thursday"],
    "ended.Then": ["ended", "then"],
    "J. K. Rowling": ["j", "k", "rowling"],
    "co\u00adoperation": ["cooperation"],
    "e\u0301te\u0301 ÉTÉ": ["été", "été"],
    "हिन्दी में": ["हिन्दी", "में"],
    "كتاب، جديد": ["كتاب", "جديد"],
    "well -- no- -yes": ["well", "no", "yes"],
    "snake_case @name #tag": ["snake", "case", "name", "tag"],
    "": [],
    " \n\t…—": [],
}


@pytest.mark.parametrize(("text", "wanted"), CASES.items())
def test_cases(text, wanted):
    assert tokenize(text) == wanted
    assert reference(text) == wanted
    assert encoded([text]) == [wanted]


news = st.lists(
    st.sampled_from(
        [
            *" .,'’-&“”…!?\n\0aAbZ19_é",
            "U.S.",
            "’s",
            "e\u0301",
            "\u00ad",
            "\u200d",
            "ʼ",
            "İ",
            "ß",
            "Σ",
            "हि",
            "的",
            "\ud800",
            "=\u0338",
            "ǅ",
            "½",
            "U.S",
            "long-compound-words",
        ]
    ),
    max_size=30,
).map("".join)
# letters that this Python does not know yet may be known to `regex`, so they are left out
anything = st.text(st.characters(exclude_categories=["Cn"]), max_size=60)


@given(st.one_of(news, anything))
def test_tokenize_is_the_reference(text):
    assert token_spans(text) == reference_spans(text)
    assert tokenize(text) == reference(text)


@given(st.lists(st.one_of(news, anything), max_size=5))
def test_encoder_is_the_reference(texts):
    assert encoded(texts) == [reference(text) for text in texts]


@given(st.lists(news, min_size=1, max_size=12))
def test_blocks_do_not_change_the_tokens(texts):
    whole, cut = Encoder(), Encoder()
    expected = [whole.terms[i] for i in whole.encode(texts).ids]
    got = []
    for text in texts:
        got += [cut.terms[i] for i in cut.encode([text]).ids]
    assert got == expected


def test_corpus_is_cut_into_blocks(monkeypatch):
    monkeypatch.setattr(tokens_module, "BLOCK_CHARACTERS", 10)
    slices = [place for place, _ in Encoder().blocks(["12345", "678901", "", "1", "12345678901"])]
    assert slices == [slice(0, 2), slice(2, 5)]


def test_long_chunks_are_told_apart():
    words = ["a" * n + "b" * m for n in range(8, 30) for m in range(30)]
    assert encoded([" ".join(words)]) == [words]


def test_own_tokenizer_gives_ids_and_places():
    def split_all(text):
        return [c for c in text if not c.isspace()]

    encoder = Encoder(split_all)
    block = encoder.encode(["战争 和", "平"])
    assert [encoder.terms[i] for i in block.ids] == ["战", "争", "和", "平"]
    assert block.offsets.tolist() == [0, 3, 4]
    assert token_spans("战争 和", split_all) == [(0, 1), (1, 2), (3, 4)]


def test_tokens_that_are_not_in_the_text_have_no_place():
    with pytest.raises(ValueError, match="gave 'wars', which is not in the text"):
        token_spans("a war", lambda text: ["wars"])


def test_count_terms_by_hand(tiny):
    counts = fr.count_terms(tiny)
    table = pd.DataFrame(counts.matrix.toarray(), counts.documents, counts.terms)
    assert table.loc["a3", "peace"] == 2
    assert table.loc["a5", "rebels"] == 2
    assert table["the"].tolist() == [2, 1, 0, 0, 2, 1]
    assert list(table.columns) == sorted(table.columns)
    assert table.to_numpy().sum() == sum(len(tokenize(text)) for text in tiny["text"])


def test_counts_print_their_size():
    index = pd.Index(["a", "b"], name="doc_id")
    counts = fr.count_terms(pd.DataFrame({"text": ["War, war.", "Peace."]}, index))
    assert repr(counts) == "TermCounts(2 documents × 2 terms, 3 tokens)"


def test_count_terms_folds_possessives_and_filters():
    articles = pd.DataFrame(
        {"text": ["Syria’s war", "Syria's war", "the war"]}, index=pd.Index(list("abc"))
    )
    counts = fr.count_terms(articles, min_articles=2, max_share=0.9, stop_words=["the"])
    assert counts.terms.tolist() == ["syria"]
    assert counts.matrix.toarray().ravel().tolist() == [1, 1, 0]


def test_count_terms_of_sentences():
    articles = pd.DataFrame({"text": ["One war. No peace."]}, index=pd.Index(["a"], name="doc_id"))
    counts = fr.count_terms(articles, unit="sentence")
    assert counts.documents.tolist() == [("a", 1), ("a", 2)]
    assert counts.matrix.sum(axis=1).tolist() == [[2], [2]]


def test_count_terms_equals_in_small_blocks(monkeypatch, tiny):
    whole = fr.count_terms(tiny)
    monkeypatch.setattr(tokens_module, "BLOCK_CHARACTERS", 1)
    cut = fr.count_terms(tiny)
    assert np.array_equal(whole.matrix.toarray(), cut.matrix.toarray())
    assert whole.terms.equals(cut.terms)
