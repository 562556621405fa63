"""Names of units: one word for an article, a paragraph, a sentence."""

import numpy as np
import pandas as pd

from framing.text.units import split_units, unit_names


def test_articles_go_by_their_doc_id(tiny):
    assert unit_names(tiny.index).tolist() == ["a1", "a2", "a3", "a4", "a5", "a6"]


def test_sentences_go_by_article_and_number(tiny):
    names = unit_names(split_units(tiny, "sentence").index)
    assert names[:3].tolist() == ["a1:1", "a1:2", "a2:1"]
    assert names.name == "unit"
    assert names.is_unique


def test_numbers_become_words_without_a_decimal_point():
    assert unit_names(pd.Index([7, 8])).tolist() == ["7", "8"]
    assert unit_names(pd.Index([7.0, 8.0])).tolist() == ["7", "8"]
    assert unit_names(pd.Index([7.5, 8.0])).tolist() == ["7.5", "8.0"]
    assert unit_names(pd.Index([7.0, np.nan])).tolist()[0] == "7.0"


def test_no_units_no_names():
    assert unit_names(pd.Index([], dtype="str")).tolist() == []


def test_names_agree_with_the_names_of_scored_units(tiny):
    from framing.validity.codes import scores_as_codes

    units = split_units(tiny, "sentence")
    scores = pd.DataFrame({"war": 0}, index=units.index)
    assert scores_as_codes(scores)["unit"].tolist() == unit_names(units.index).tolist()
