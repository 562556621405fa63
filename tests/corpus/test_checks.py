import pandas as pd
import pytest

from framing.corpus.articles import check_articles, require_text


def test_good_articles_come_back_unchanged(tiny):
    before = tiny.copy()
    assert check_articles(tiny) is tiny
    assert require_text(tiny) is tiny
    pd.testing.assert_frame_equal(tiny, before)


def test_missing_dates_headlines_and_outlets_are_no_error(tiny):
    tiny.loc["a1", ["outlet", "headline"]] = None
    tiny.loc["a1", "date"] = pd.NaT
    assert check_articles(tiny) is tiny


def test_all_problems_come_at_once(tiny):
    bad = tiny.assign(date="2031").drop(columns="outlet")
    bad.loc[["a2", "a5"], "text"] = [None, " "]
    bad.index = pd.Index(["a1", "a2", "a3", "a1", "a5", "a6"], name="id")
    with pytest.raises(ValueError, match="cannot be used yet") as caught:
        check_articles(bad)
    message = str(caught.value)
    assert message.count("\n- ") == 5
    for part in (
        "The index is named 'id', not 'doc_id'",
        "1 of 6 articles repeat a doc_id (a1)",
        "There is no column 'outlet' (found: date, headline, text)",
        "'date' is str, not dates",
        "2 of 6 articles have no text (doc_id a2, a5)",
    ):
        assert part in message


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t.rename_axis("id"),
        lambda t: t.reset_index(),
        lambda t: pd.concat([t, t]),
        lambda t: t.assign(date="2031-03-03"),
        lambda t: t.assign(date=t["date"].dt.tz_localize("UTC")),
        lambda t: t.assign(headline=1.0),
        lambda t: t.assign(text=["", None, " ", *t["text"][3:]]),
        lambda t: t.set_axis(pd.RangeIndex(6, name="doc_id")),
    ],
)
def test_the_lines_in_the_message_repair_it(tiny, spoil):
    articles = spoil(tiny)
    assert first_repair(articles)
    for _ in range(3):
        repair = first_repair(articles)
        articles = eval(repair) if repair else articles  # the advice is code; it must run
    assert check_articles(articles) is articles


def first_repair(articles: pd.DataFrame) -> str:
    """The line of code in the first problem, or nothing where there is no problem."""
    try:
        check_articles(articles)
    except ValueError as error:
        return str(error).splitlines()[1].rpartition(": ")[2]
    return ""


def test_an_empty_table_and_no_table(tiny):
    with pytest.raises(ValueError, match="There are no articles"):
        check_articles(tiny.iloc[:0])
    with pytest.raises(TypeError, match="articles, report = read_articles"):
        check_articles((tiny, tiny))


def test_require_text_asks_for_nothing_else(tiny):
    assert len(require_text(tiny[["text"]].rename_axis("id"))) == 6
    with pytest.raises(ValueError, match="no column 'text'"):
        require_text(tiny[["headline"]])
    with pytest.raises(ValueError, match="repeat a doc_id"):
        require_text(pd.concat([tiny, tiny]))
    with pytest.raises(ValueError, match=r"1 of 6 articles have no text \(doc_id a3\)"):
        require_text(tiny.assign(text=tiny["text"].where(tiny.index != "a3")))


def test_texts_that_are_cut_short_are_refused_unless_accepted(tiny):
    cut = tiny.assign(truncated=tiny.index.isin(["a2", "a5"]))
    assert check_articles(cut) is cut  # a table of teasers is a table of articles
    with pytest.raises(
        ValueError, match=r"2 of 6 articles .* cut short \(doc_id a2, a5\)"
    ) as caught:
        require_text(cut)
    drop, accept = str(caught.value).split("Drop them: ")[1].split(", or take them as they are: ")
    for repair, n in ((drop, 4), (accept, 6)):
        assert len(require_text(eval(repair, {"articles": cut}))) == n
    with pytest.raises(ValueError, match="cut short"):
        require_text(cut.astype({"truncated": "object"}))


@pytest.mark.parametrize(
    "texts, message",
    [
        ([None] * 6, "6 of 6 articles have no text"),
        ([float("nan")] * 6, "6 of 6 articles have no text"),
        (["War."] * 5 + [None], r"1 of 6 articles have no text \(doc_id a6\)"),
        (["War."] * 5 + [7], r"1 of 6 values of 'text' are not text \(doc_id a6\)"),
        ([b"War."] * 6, "6 of 6 values of 'text' are not text"),
        (pd.Categorical(["War."] * 5 + [" "]), r"1 of 6 articles have no text \(doc_id a6\)"),
    ],
)
def test_texts_are_asked_for_whatever_the_column_holds_them_in(tiny, texts, message):
    kind = object if isinstance(texts, list) else None
    with pytest.raises(ValueError, match=message):
        require_text(tiny.assign(text=pd.Series(texts, tiny.index, dtype=kind)))
    whole = tiny.assign(text=tiny["text"].astype(object))
    assert require_text(whole) is whole
