"""Units: paragraphs and sentences know where they stand in their article."""

import pandas as pd
import pytest

import framing as fr


def units(text, unit):
    articles = pd.DataFrame({"text": [text]}, index=pd.Index(["a"], name="doc_id"))
    return fr.split_units(articles, unit)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("One.\n\nTwo.\n \nThree.", ["One.", "Two.", "Three."]),
        ("Two\nlines.\n\nOne line.", ["Two\nlines.", "One line."]),
        ("One.\nTwo.", ["One.", "Two."]),
        ("  \n\nOne.\n\n ", ["One."]),
        ("\n", []),
    ],
)
def test_paragraphs(text, wanted):
    table = units(text, "paragraph")
    assert table["text"].tolist() == wanted
    assert [text[a:b] for a, b in zip(table["start"], table["end"], strict=True)] == wanted


def test_sentences_are_numbered_from_one():
    table = units("It rained. It poured.\n\nIt stopped.", "sentence")
    assert table.index.tolist() == [("a", 1), ("a", 2), ("a", 3)]
    assert table["text"].tolist() == ["It rained.", "It poured.", "It stopped."]


def test_articles_are_units_too(tiny):
    table = fr.split_units(tiny, "article")
    assert table.index.equals(tiny.index)
    assert table["end"].tolist() == tiny["text"].str.len().tolist()
