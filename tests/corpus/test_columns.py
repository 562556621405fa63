import pytest

from framing.corpus.columns import FIELDS, VARIANTS, field_of, match_columns, names_for


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Full Text", "text"),
        ("article_content", "text"),
        ("articleBody", "text"),
        ("Article_Title", "headline"),
        ("media_name", "outlet"),
        ("source.name", "outlet"),
        ("publishedAt", "date"),
        ("pub_date", "date"),
        ("unit_id", "doc_id"),
        ("Authors", "byline"),
        ("lang", "language"),
        ("sentiment", ""),
    ],
)
def test_usual_names_are_known(name, field):
    assert field_of(name) == field


def test_no_name_belongs_to_two_fields():
    names = [name for names in VARIANTS.values() for name in names.split()]
    assert len(names) == len(set(names))


def test_a_field_is_known_by_its_own_name():
    assert [field_of(field) for field in FIELDS] == list(FIELDS)


def test_the_better_name_wins_wherever_it_stands():
    match = match_columns(["day", "source", "Date", "outlet"], {})
    assert match.columns == {"outlet": "outlet", "date": "Date"}
    assert match.notes == ("outlet is 'outlet', not 'source'", "date is 'Date', not 'day'")


def test_a_named_column_is_not_used_twice():
    match = match_columns(["title", "text"], {"text": "title"})
    assert match.columns == {"text": "title"}
    assert names_for(["title", "text"], match) == {"title": "text", "text": "file_text"}


def test_a_column_that_is_moved_away_never_hits_another():
    names = names_for(["text", "file_text", "raw"], match_columns(["raw"], {"text": "raw"}))
    assert names["text"] == "file_text_"
