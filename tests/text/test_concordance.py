"""Concordance: every hit in its line, safely shown."""

import pandas as pd
import pytest

import framing as fr


def test_every_hit_with_its_line(tiny):
    lines = fr.concordance(tiny, "rebel*", window=2)
    assert lines.columns.tolist() == ["doc_id", "outlet", "date", "before", "keyword", "after"]
    assert lines[["doc_id", "before", "keyword", "after"]].to_numpy().tolist() == [
        ["a4", "son, a", "rebel", ", was dead"],
        ["a5", "", "Rebels", "won the"],
        ["a5", "town. The", "rebels", "’ flag rose"],
    ]
    assert lines["outlet"].tolist() == ["Star"] * 3
    assert lines["date"].tolist() == [*pd.to_datetime(["2031-03-03", "2031-03-04", "2031-03-04"])]


def test_phrases_and_white_space():
    articles = pd.DataFrame({"text": ["Long\n\npeace   talks began"]}, index=["a"])
    [line] = fr.concordance(articles, "peace talks").to_dict("records")
    assert (line["before"], line["keyword"], line["after"]) == ("Long", "peace talks", "began")
    assert pd.isna(line["outlet"])


def test_no_hits_give_an_empty_table(tiny):
    lines = fr.concordance(tiny, "submarine*")
    assert lines.empty
    assert "doc_id" in lines


def test_bad_pattern():
    with pytest.raises(ValueError, match="lone"):
        fr.concordance(pd.DataFrame({"text": ["war"]}, index=["a"]), "*")


def test_shown_text_is_escaped():
    articles = pd.DataFrame(
        {"text": ["<script>alert(1)</script> war <b>"], "outlet": ["<i>Star</i>"]},
        index=["<a1>"],
    )
    page = fr.show_concordance(fr.concordance(articles, "war")).data
    body = page.split("</style>")[1]
    assert "script" in body
    assert not any(tag in body for tag in ("<script", "<b>", "<i>", "<a1>"))
