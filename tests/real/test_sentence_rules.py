"""Sentence-splitting rules published with pragmatic_segmenter and pySBD (Sadvilkar & Neumann 2020).

The rules are not part of the kit; they are read from the folder of real data.
"""

import json

import pytest

from framing.text.sentences import split_sentences

# What each language's rules reach today; a change may raise a count, never lower it.
REACHED = {
    "english": (47, 48),
    "chinese": (1, 2),
    "deutsch": (3, 3),
    "french": (5, 5),
    "hindi": (1, 1),
    "italian": (3, 3),
    "japanese": (4, 4),
    "marathi": (5, 5),
    "persian": (1, 1),
    "russian": (3, 3),
    "spanish": (5, 5),
    "urdu": (1, 1),
}


@pytest.fixture
def rules(real_data):
    path = real_data / "sentences" / "pysbd_rules.json"
    if not path.is_file():
        pytest.skip(f"no sentence rules at {path}")
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("language", REACHED)
def test_rules_of_a_language(rules, language):
    cases = next(rules[language][name] for name in rules[language] if "GOLDEN" in name)
    missed = [
        case["text"]
        for case in cases
        if split_sentences(case["text"]) != [piece.strip() for piece in case["expected"]]
    ]
    reached, total = REACHED[language]
    assert len(cases) == total
    assert total - len(missed) >= reached, missed
