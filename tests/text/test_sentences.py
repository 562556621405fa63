"""Sentences: cases written for each rule, and properties that hold for any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.text.sentences import _abbreviations, sentence_spans, split_sentences

# One row a case: a bar marks each place where a sentence ends and another begins.
CASES = {
    "plain": "The town fell at dawn.| Nobody had slept.",
    "question": "Who fired first?| No one would say.",
    "exclamation": "They held the bridge!| The river was high.",
    "stacked marks": "He resigned?!| The hall fell silent.",
    "title": "Mr. Orban met Dr. Weil and Prof. Adams.| They shook hands.",
    "military titles": "Lt. Col. Amy Reed and Maj. Gen. Paul Stone flew home.",
    "politicians": "Gov. Dale asked Sen. Price and Rep. Lowe to wait.| They did.",
    "US before a name": "The U.S. Defense Secretary landed.| Rain fell.",
    "US before a starter": "She left the U.S.| He stayed behind.",
    "US before lower case": "The U.S. army and the U.N. mission agreed.",
    "UN before a quotation": "He spoke to the U.N.| “We are tired,” he said.",
    "party and state": "Sen. Ada Moss (D-N.Y.) and Rep. Lee Fox (R-Tex.) voted no.",
    "state": "The plant in Mesa, Ariz., shut.| A mill in Flint, Mich.| The rest stay open.",
    "also known as": "The group, a.k.a. Red Kite, struck again.| Nobody paid.",
    "for example": "Some outlets, e.g. The Herald, ran it; others, i.e. Star TV, did not.",
    "initials": "J. K. Marlow and A.B. Crane wrote it.| It sold well.",
    "middle initial": "The judge, Ruth E. Cole, agreed.",
    "letter at the end": "They chose plan B.| The first had failed.",
    "hour and day": "The vote is at 5 p.m. Thursday.| Polls close at 9 p.m.| It will be close.",
    "hour and zone": "It aired at 8 p.m. ET on Sunday.",
    "date": "On Sept. 11 and Jan. 6 the flags were lowered.",
    "versus": "Both lawyers in Holt vs. Crane appealed.",
    "number sign": "No. 5 and Nos. 7 and 9 burned.| No.| It was not arson.",
    "pages": "See p. 12, pp. 3 and fig. 4 of Vol. 2.",
    "decimals": "It cost 3.5 million.| Shares fell 0.7 percent to $4.20.| Nobody bought.",
    "number at the end": "The war began in 2011.| 35 people fled that day.",
    "company": "Hale & Co. and Moss Inc. merged.| Drax Ltd.| They paid cash.",
    "junior": "Tom Hale Jr. spoke and left.| So did Sam Poe Jr.| He was late.",
    "saint": "St. Anne's stands on High St. near the quay.",
    "quotation closed after the stop": "He said: “We won.”| The crowd roared.",
    "straight quotation": 'He said: "We won."| The crowd roared.',
    "single quotation": "She whispered, ‘Go.’| Nobody moved.",
    "straight single quotation": "She whispered, 'Go.'| Nobody moved.",
    "attribution after a comma": "“We will answer these raids,” he said in a live address.",
    "quoted question, he": "“What next?” he asked.| Nobody knew.",
    "quoted question, straight": '"What next?" he asked.| Nobody knew.',
    "quoted question, name": "“What next?” Mr. Hale asked.| Nobody knew.",
    "quoted question, sentence": "“What next?”| He had no answer.",
    "quoted exclamation": '"Wait!" she said.| "Come back!" they cried.',
    "stop before the speaker": "‘It is over.’ she said.",
    "quoted phrase": "Asked Thursday about talks, she said it was “too early” to say.",
    "aside": "The envoy (he had come by train.| Nobody met him.) smiled.",
    "whole sentence in brackets": "He left.| (Nobody saw it.)| The door was open.",
    "al-": "The al-Qaida branch, an al-Safa ally, withdrew.| al-Safa fighters stayed.",
    "ellipsis inside": "We waited ... and waited… until dawn.",
    "ellipsis at the end": "We waited...| Nobody came…| Dawn broke.",
    "ellipsis and I": "Well... I never knew.",
    "bracketed ellipsis": "“The plan [...] Failed,” he wrote.",
    "name with a mark": "Yahoo! News ran it.| Then others did.",
    "address": "Write to a.hale@example.org.| See www.example.org/a.html for more.",
    "space left out": "They took the town.|But it burned.”|The rest fled.",
    "dateline": "BISMARCK, N.D. — The mill closed.",
    "blank line": "Envoys meet again|\n\nThey met on Monday",
    "blank line with spaces": "War talk|\n \t\n|the rest follows",
    "wrapped line": "The army crossed the\nriver at night.",
    "dashed list": "They want:|\n- Land|\n- A vote|\nThe mayor refused.",
    "bullets": "• Land| • A vote| • Water",
    "list in one line": "1. Land for all| 2. A vote| 3. Water",
    "bracketed list": "1) Land| 2) A vote",
    "Chinese": "他们停火了。|谈判开始了！|谁赢了？",
    "Japanese quotation": "「行こう。」|彼は立った。",
    "Arabic": "من بدأ الحرب؟| لا أحد يعرف.| انتهى اليوم.",
    "Urdu": "جنگ ختم ہوئی۔| لوگ گھر آئے۔",
    "Hindi": "युद्ध समाप्त हुआ।| लोग लौट आए।",
    "German": "Dr. Weil kam am 12. Juni nach Ulm.| „Endlich.“| Das sagte er z. B. Anna.",
    "French": "M. Morel est parti.| « Quoi ? »| Elle rit.| Mme Roy aussi.",
    "Spanish": "¿Quién ganó?| ¡Nadie!| El Sr. Gil y la Sra. Paz callaron.",
    "Russian": "А. С. Петров уехал.| Никто не ответил.",
}


@pytest.mark.parametrize("marked", CASES.values(), ids=CASES.keys())
def test_case(marked):
    pieces = [piece.strip() for piece in marked.split("|")]
    assert split_sentences(marked.replace("|", "")) == [piece for piece in pieces if piece]


@pytest.mark.parametrize("quotes", ["“”", '""', "''", "‘’", "«»"])
def test_quotes_of_every_kind_are_alike(quotes):
    text = "He wept. {0}We lost.{1} {0}Who knows?{1} she asked.".format(*quotes)
    assert len(split_sentences(text)) == 3


def test_an_abbreviation_is_of_one_kind():
    kinds = _abbreviations()
    listed = [entry for kind in ("never", "number", "maybe") for entry in kinds[kind]]
    assert sorted(listed) == sorted(set(listed))
    assert not [entry for entry in listed if entry.endswith(".")]


def test_nothing_in_a_text_without_words():
    assert split_sentences("") == []
    assert split_sentences(" \n\n\t ") == []
    assert split_sentences("...") == ["..."]


def test_spans_are_places_in_the_text_as_given():
    text = "\ufeff  Rain fell.\r\n\r\nNobody  came. \n"
    assert [text[a:b] for a, b in sentence_spans(text)] == ["\ufeff  Rain fell.", "Nobody  came."]


@pytest.mark.parametrize("wrong", [None, float("nan"), b"Rain.", ["Rain."]])
def test_only_strings_are_split(wrong):
    with pytest.raises(TypeError, match="dropna"):
        split_sentences(wrong)


WORDS = "The He I Smith U.S. Mr. No. p.m. J. Co. said asked army al-Nusra Yahoo! 5 12 2014 über"
MARKS = ". .. ... … ! ? ?! : , ; “ ” ‘ ’ \" ' « » ( ) [ ] - — • * 。 ？ ؟ । 」 $"
LISTS = "1. 2. 3) a. b. (1) (2) 1.) 2.)"
GAPS = (" ", " ", " ", "  ", "\n", "\n\n", "\t", "\r\n", "\u00a0", "\f")
PIECES = (*WORDS.split(), *MARKS.split(), *LISTS.split(), *GAPS)
texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=60)
checked = settings(deadline=None, derandomize=True, max_examples=500)


@given(texts)
@checked
def test_spans_hold_every_character_but_white_space_once_and_in_order(text):
    spans = sentence_spans(text)
    places = [0, *(place for span in spans for place in span), len(text)]
    assert places == sorted(places)
    outside = [text[a:b] for a, b in zip(places[::2], places[1::2], strict=True)]
    assert "".join(outside).strip() == ""
    assert all(text[a:b] and text[a:b] == text[a:b].strip() for a, b in spans)


@given(texts, texts)
@checked
def test_a_blank_line_keeps_two_texts_apart(first, second):
    shift = len(first) + 2
    later = [(start + shift, end + shift) for start, end in sentence_spans(second)]
    assert sentence_spans(f"{first}\n\n{second}") == sentence_spans(first) + later


@given(texts)
@checked
def test_sentences_on_lines_of_their_own_stay_as_they_are(text):
    sentences = split_sentences(text)
    assert split_sentences("\n\n".join(sentences)) == sentences


@pytest.mark.parametrize(
    "piece", [".", '"', "?!", ".”", "U.S. ", "\n", "• ", "1. a ", "。", "(", "a."]
)
def test_long_runs_are_split_at_all(piece):
    text = piece * 20_000
    kept = "".join(split_sentences(text))
    assert "".join(kept.split()) == "".join(text.split())
