"""Page furniture: seen before it is removed, and nothing else touched."""

import warnings

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import framing as fr

PROSE = "The army said on Monday that its troops had crossed the river at dawn."


def one(text, **known):
    return pd.DataFrame({"text": [text], **known}, index=pd.Index(["a1"], name="doc_id"))


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Share", "share"),
        ("SHARE THIS ARTICLE", "share"),
        ("Advertisement", "advertisement"),
        ("Read more: What the maps show", "read_more"),
        ("Scroll down for video", "scroll"),
        ("Photo: Ada Brill / Harbour Agency", "photo"),
        ("Sign up for our newsletter", "newsletter"),
    ],
)
def test_rules(line, rule):
    found = fr.find_boilerplate(one(f"{PROSE}\n\n{line}\n\n{PROSE}"))
    assert found[["doc_id", "line", "text", "rule"]].to_numpy().tolist() == [["a1", 2, line, rule]]


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell on Monday.",
        "Comments by the minister angered the opposition.",
        "“Follow us,” he said, and they did.",
        "Photographs of the bridge were shown in court.",
        "By Monday the town was empty.",
        "More than 200 people were injured.",
        "Read aloud in parliament, the letter caused an uproar.",
    ],
)
def test_sentences_that_begin_like_furniture_stay(line):
    assert fr.find_boilerplate(one(f"{PROSE}\n\n{line}\n\n{PROSE}")).empty


def test_a_text_of_one_line_is_left_alone():
    assert fr.find_boilerplate(one("Advertisement")).empty


def test_a_corpus_without_line_breaks_is_told():
    texts = ["Troops came. Share this article", "Oil rose. Share this article"]
    articles = pd.DataFrame({"text": texts}, index=["a1", "a2"])
    with pytest.warns(UserWarning, match="None of the 2 texts has more than one line") as told:
        assert fr.find_boilerplate(articles).empty
    assert told[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fr.find_boilerplate(articles.assign(text=["Troops came.\nShare", "Oil rose."]))


def test_lines_that_recur_in_an_outlet():
    motto = "All the river news since the flood"
    texts = [f"{PROSE} Part {word}.\n\n{motto}\n\n{PROSE} It was {word}." for word in "abcd"]
    articles = pd.DataFrame({"text": texts, "outlet": "Herald"}, index=list("abcd"))
    found = fr.find_boilerplate(articles)
    assert found["text"].unique().tolist() == [motto]
    assert found["rule"].isin(["recurring", "stray"]).all()
    assert len(found) == 4


@pytest.mark.parametrize(
    ("line", "n_with", "recurs"),
    [
        ("All the river news", 3, True),
        ("All the river news", 2, False),
        ("“We will win,” he said", 3, False),
        ("He did not give a date.", 3, False),
        ("He did not give a date.", 9, True),
    ],
)
def test_a_sentence_must_recur_more_often(line, n_with, recurs):
    ends = [f"\n\n{line}\n\nIt rained." if n < n_with else "\n\nIt rained." for n in range(40)]
    texts = [
        f"{PROSE} Day {n:03}.\n\n{n:03} men\n\n{n:03} women{end}" for n, end in enumerate(ends)
    ]
    articles = pd.DataFrame({"text": texts, "outlet": "Herald"}, index=[f"a{n}" for n in range(40)])
    found = fr.find_boilerplate(articles)
    assert (line in set(found["text"])) is recurs


def test_long_paragraphs_that_recur_are_wire_copy():
    texts = [f"{PROSE} {PROSE}\n\nPart {word} ends here." for word in "abcd"]
    articles = pd.DataFrame({"text": texts, "outlet": "Herald"}, index=list("abcd"))
    assert fr.find_boilerplate(articles).empty


def test_dropping_leaves_everything_else_as_it_was():
    text = f"Share\n\n{PROSE}\n\n  Indented,  with gaps.\n\nAdvertisement\n\n{PROSE}\n\nShare"
    articles = one(text, headline="War")
    before = articles.copy()
    clean = fr.drop_boilerplate(articles, fr.find_boilerplate(articles))
    assert clean.loc["a1", "text"] == f"{PROSE}\n\n  Indented,  with gaps.\n\n{PROSE}"
    assert articles.equals(before)


def test_dropping_nothing_changes_nothing():
    articles = one(f"\n{PROSE}\n\n\n\n{PROSE}\n", headline="War")
    nothing = fr.find_boilerplate(articles)
    assert fr.drop_boilerplate(articles, nothing).equals(articles)


def test_rows_the_user_thinks_wrong_stay():
    articles = one(f"Share\n\n{PROSE}\n\nAdvertisement\n\n{PROSE}", headline="War")
    found = fr.find_boilerplate(articles)
    clean = fr.drop_boilerplate(articles, found[found["rule"] != "share"])
    assert clean.loc["a1", "text"].startswith("Share\n\n")
    assert "Advertisement" not in clean.loc["a1", "text"]


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        (f"War ends in the hills\n\n{PROSE}", "War ends in the hills"),
        (f"{PROSE}\n\n{PROSE}", None),
        (f"Two lines\nof verse\n\n{PROSE}", None),
        ("Only a line", None),
    ],
)
def test_a_headline_in_the_text_goes_to_its_field(text, headline):
    articles = one(text, headline=pd.Series([None], dtype="str").to_numpy())
    articles = articles.astype({"headline": "str"})
    clean = fr.drop_boilerplate(articles, fr.find_boilerplate(articles))
    if headline is None:
        assert clean["headline"].isna().all()
        assert clean.loc["a1", "text"] == text
    else:
        assert clean.loc["a1", "headline"] == headline
        assert clean.loc["a1", "text"] == PROSE


@given(
    lines=st.lists(st.sampled_from(["", " ", "War.", "Share", "  Peace.", "Oil"]), max_size=12),
    drop=st.sets(st.integers(0, 11)),
)
def test_only_the_lines_named_leave_a_text(lines, drop):
    articles = one("\n".join([*lines, "End."]), headline="War")
    taken = sorted(n for n in drop if n < len(lines) and lines[n].strip())
    clean = fr.drop_boilerplate(articles, pd.DataFrame({"doc_id": "a1", "line": taken}))
    left = [line for n, line in enumerate([*lines, "End."]) if n not in taken and line.strip()]
    assert [line for line in clean.loc["a1", "text"].split("\n") if line.strip()] == left
    if not taken:
        assert clean.equals(articles)


def test_copies_of_one_article_do_not_make_a_line_recur():
    story = f"{PROSE}\n\nBread runs short\n\n{PROSE} Twice."
    copies = pd.DataFrame({"text": [story] * 4, "outlet": "Herald"}, index=list("abcd"))
    assert fr.find_boilerplate(copies).empty


def test_a_lone_caption_is_stray_but_subheadings_are_not():
    caption = one(f"{PROSE}\n\nChildren wait at the old bridge\n\n{PROSE}")
    assert fr.find_boilerplate(caption)["rule"].tolist() == ["stray"]
    heads = f"{PROSE}\n\nWhy the army came back\n\n{PROSE}\n\nWhat the town can do\n\n{PROSE}"
    assert fr.find_boilerplate(one(heads)).empty


@pytest.mark.parametrize(
    "headline", ["5 things to know about the river", "Video: Rebels enter the eastern suburbs"]
)
def test_a_headline_that_looks_like_a_teaser_is_lifted(headline):
    articles = one(f"{headline}\n\n{PROSE}\n\n{PROSE}")
    clean = fr.drop_boilerplate(articles, fr.find_boilerplate(articles))
    assert clean.loc["a1", "headline"] == headline


def test_no_articles():
    none = one("x", headline="y").iloc[:0]
    found = fr.find_boilerplate(none)
    assert found.empty
    assert fr.drop_boilerplate(none, found).equals(none)


def test_lines_of_other_articles_are_refused():
    articles = one(f"Share\n\n{PROSE}")
    found = pd.DataFrame({"doc_id": ["a1", "b9"], "line": [0, 0]})
    with pytest.raises(KeyError, match="1 of 2 lines are in no article"):
        fr.drop_boilerplate(articles, found)
    with pytest.raises(KeyError, match="line 7 of 'a1'"):
        fr.drop_boilerplate(articles, found.iloc[:1].assign(line=7))


def test_furniture_of_the_teaching_corpus():
    found = fr.find_boilerplate(fr.load_sample())
    gold = fr.load_sample_gold("furniture")
    both = len(found.merge(gold, on=["doc_id", "line"]))
    assert both / len(found) >= 0.98
    assert both / len(gold) >= 0.95


def test_headlines_of_the_teaching_corpus():
    articles = fr.load_sample()
    clean = fr.drop_boilerplate(articles, fr.find_boilerplate(articles))
    assert articles["headline"].isna().sum() == 6
    assert clean["headline"].notna().all()
    others = articles["headline"].notna()
    assert clean.loc[others, "headline"].equals(articles.loc[others, "headline"])
