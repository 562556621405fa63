"""Patterns: the rules one by one, and the fast matcher against a plain one on random texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.text.patterns import Matcher, parse_pattern
from framing.text.sentences import sentence_spans
from framing.text.tokens import Encoder, token_spans, tokenize


def hits(text, patterns, frames=None):
    """Terms of the hits that count, in reading order."""
    matcher = Matcher(patterns, frames or [0] * len(patterns), Encoder())
    return [term for table in matcher.tables([text]) for term in table["term"]]


RULES = [
    ("War is war.", ["war"], ["war", "war"]),
    ("A warm warrior in Warsaw", ["war*"], ["warm", "warrior", "warsaw"]),
    ("A warm warrior in Warsaw", ["war*", "!warsaw", "!warm*"], ["warrior"]),
    ("border guard", ["border", "guard", "border gu*"], ["border guard"]),
    ("War on drugs, war on terror", ["war*", "!war on drug*"], ["war"]),
    ("a war on drugs policy", ["!war on drugs", "war on drugs policy"], ["war on drugs policy"]),
    ("Call it peace. Talks failed.", ["peace talks"], []),
    ("Peace, talks and more", ["peace talks"], ["peace talks"]),
    ("U.S. troops", ["u.s. troops"], ["u.s. troops"]),
    ("The U.S.-led raid, U.S. raid", ["u.s.*"], ["u.s.-led", "u.s."]),
    ("Syria’s war, Syria's war", ["syria"], ["syria's", "syria's"]),
    ("Syria’s war", ["syria war"], ["syria's war"]),
    ("xenophobia and phobias", ["*phobia"], ["xenophobia"]),
    ("troops near the border", ["troops ~3 border"], ["troops … border"]),
    ("border and troops", ["troops ~2 border"], ["border … troops"]),
    ("troops near the long border", ["troops ~3 border"], []),
    ("Troops came. The border shut.", ["troops ~5 border"], []),
    ("troops, border, troops", ["troops ~3 border"], ["troops … border"]),
    ("to be or not to be", ["to be", "be or"], ["to be", "to be"]),
    ("a b c", ["a b", "b c"], ["a b"]),
    ("AT&T and 9/11", ["at&t", "9/11"], ["at&t", "9 11"]),
    ("Don’t", ["DON'T"], ["don't"]),
    ("", ["war"], []),
]


@pytest.mark.parametrize(("text", "patterns", "wanted"), RULES)
def test_rules(text, patterns, wanted):
    assert hits(text, patterns) == wanted


def test_frames_may_share_a_token():
    assert hits("border guard", ["border", "border guard"], [0, 1]) == ["border", "border guard"]


def test_a_hit_never_leaves_its_document():
    matcher = Matcher(["peace talks", "peace ~5 talks"], [0, 1], Encoder())
    [(_, _, found)] = matcher.search(["for peace", "talks began"])
    assert len(found.first) == 0


def test_own_tokenizer_matches_its_own_tokens():
    matcher = Matcher(["战 争"], [0], Encoder(lambda text: [c for c in text if c != " "]))
    [table] = matcher.tables(["战争 和平"])
    assert table["term"].tolist() == ["战 争"]


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("*", "lone"),
        ("war * drugs", "lone"),
        ("…", "no token"),
        ("!", "no token"),
        ("war ~5", "one word on each side"),
        ("war ~0 peace", "one word on each side"),
        ("9/11 ~5 war", "one word on each side"),
        ("war ~5 peace talks", "one word on each side"),
    ],
)
def test_patterns_that_cannot_work_are_refused(pattern, problem):
    with pytest.raises(ValueError, match=problem):
        parse_pattern(pattern)


PATTERNS = [
    "war",
    "war*",
    "!war on drugs",
    "on drugs",
    "border guard",
    "border",
    "guard*",
    "war ~2 border",
    "!guard ~3 war*",
    "drugs war on",
    "u.s.",
    "!warm",
    "border gu*",
]
FRAMES = [0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 0, 0, 0]
words = st.sampled_from(
    [
        "war",
        "War’s",
        "warm",
        "on",
        "drugs",
        "border",
        "guard",
        "guards",
        "U.S.",
        ".",
        "!",
        "?",
        "…",
        "—",
        ",",
        "“",
        "”",
        "é",
        "\n",
        "and",
    ]
)
texts = st.lists(st.lists(words, max_size=14).map(" ".join), max_size=4)


def atom_matches(atom, token):
    if atom.endswith("*"):
        return token.startswith(atom[:-1])
    return token == atom or token == atom + "'s"


def candidates(tokens, sentence):
    """Every hit of every pattern in one document, as (pattern, its tokens)."""
    for number, pattern in enumerate(PATTERNS):
        parsed = parse_pattern(pattern)
        places = [[i for i, t in enumerate(tokens) if atom_matches(a, t)] for a in parsed.atoms]
        if parsed.within:
            found = {
                tuple(sorted((i, j)))
                for i in places[0]
                for j in places[1]
                if 0 < abs(i - j) <= parsed.within
                and not any(min(i, j) < k < max(i, j) for k in places[1])
            }
        else:
            found = {
                tuple(range(i, i + len(places)))
                for i in places[0]
                if all(i + k in place for k, place in enumerate(places))
            }
        for one in found:
            if sentence[one[0]] == sentence[one[-1]]:
                yield number, one


def plain_hits(text):
    tokens = tokenize(text)
    spans = sentence_spans(text)
    sentence = [sum(start <= token for start, _ in spans) for token, _ in token_spans(text)]

    def priority(hit):
        number, places = hit
        parsed = parse_pattern(PATTERNS[number])
        is_pair = parsed.within > 0
        rank = -len(places), is_pair, not parsed.cancels
        return *rank, places[0], places[-1], -len(PATTERNS[number]), number

    taken, kept = set(), []
    for number, places in sorted(candidates(tokens, sentence), key=priority):
        cells = {(FRAMES[number], place) for place in places}
        if not cells & taken:
            taken |= cells
            if not PATTERNS[number].startswith("!"):
                kept.append((places[0], places[-1], number))
    return sorted(kept)


@given(texts)
def test_matcher_is_the_plain_matcher(documents):
    matcher = Matcher(PATTERNS, FRAMES, Encoder())
    got = [[] for _ in documents]
    for place, block, found in matcher.search(documents):
        for first, last, number in zip(*(column.tolist() for column in found), strict=True):
            document = int(block.document_of(first))
            start = block.offsets[document]
            got[place.start + document].append((first - start, last - start, number))
    assert got == [plain_hits(text) for text in documents]
