"""Check an articles table at the door, every problem at once."""

import pandas as pd

COLUMNS = ("outlet", "date", "headline", "text")
TEXT_COLUMNS = ("outlet", "headline", "text")


def check_articles(articles: pd.DataFrame) -> pd.DataFrame:
    """Check that a table has the shape every other function expects.

    Parameters
    ----------
    articles : DataFrame
        Articles, one a row.

    Returns
    -------
    DataFrame
        The same table, unchanged.

    Raises
    ------
    ValueError
        If anything is wrong. All problems are listed, with counts, examples and a line that
        repairs each.
    TypeError
        If it is not a DataFrame.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": "Herald", "date": pd.to_datetime(["2031-03-03"] * 2),
    ...                       "headline": "War", "text": ["War began.", ""]},
    ...                      index=pd.Index(["a1", "a2"], name="doc_id"))
    >>> check_articles(table)
    Traceback (most recent call last):
    ValueError: These articles cannot be used yet:
    - 1 of 2 articles have no text (doc_id a2). Drop them: \
articles[articles['text'].fillna('').str.strip() != '']
    """
    _check_is_table(articles)
    problems = [*_index_problems(articles), *_column_problems(articles), *_text_problems(articles)]
    return _refuse(problems, articles)


def require_text(articles: pd.DataFrame) -> pd.DataFrame:
    """Check only that ids are distinct and every article has its whole text.

    Parameters
    ----------
    articles : DataFrame
        Articles with `text`; when known, `truncated` (True where the text is cut short).

    Returns
    -------
    DataFrame
        The same table, unchanged.

    Raises
    ------
    ValueError
        If ids repeat, there is no column `text`, or a text is missing, empty or truncated.
    TypeError
        If it is not a DataFrame.

    Notes
    -----
    A count of words in a text that is cut short says nothing about the article. To count all the
    same, say that the texts are whole: `articles.assign(truncated=False)`.

    Examples
    --------
    >>> require_text(pd.DataFrame({"text": ["War began."]}, index=["a1"])).index.tolist()
    ['a1']
    """
    _check_is_table(articles)
    problems = [*_repeated_ids(articles), *_missing_columns(articles, ("text",))]
    texts = [*_no_texts(articles), *_text_problems(articles)]
    return _refuse([*problems, *texts, *_truncated(articles)], articles)


def _check_is_table(articles: pd.DataFrame) -> None:
    if not isinstance(articles, pd.DataFrame):
        raise TypeError(
            f"articles is a {type(articles).__name__}, not a DataFrame. "
            "read_articles returns two tables: articles, report = read_articles(path)"
        )


def _refuse(problems: list[str], articles: pd.DataFrame) -> pd.DataFrame:
    if problems:
        bullets = "\n".join(f"- {problem}" for problem in problems)
        raise ValueError(f"These articles cannot be used yet:\n{bullets}")
    return articles


def _index_problems(articles: pd.DataFrame) -> list[str]:
    problems = [] if len(articles) else ["There are no articles. See the report of read_articles"]
    if articles.index.name != "doc_id":
        repair = "set_index('doc_id')" if "doc_id" in articles else "rename_axis('doc_id')"
        problems.append(
            f"The index is named {articles.index.name!r}, not 'doc_id'. Name it: articles.{repair}"
        )
    if not pd.api.types.is_string_dtype(articles.index):
        problems.append(
            f"doc_id is {articles.index.dtype}, not text. "
            "Turn it: articles.set_axis(articles.index.astype('str').rename('doc_id'))"
        )
    return problems + _repeated_ids(articles)


def _repeated_ids(articles: pd.DataFrame) -> list[str]:
    repeated = articles.index[articles.index.duplicated()]
    if repeated.empty:
        return []
    return [
        f"{len(repeated)} of {len(articles)} articles repeat a doc_id ({_few(repeated)}). "
        "Keep the first of each: articles[~articles.index.duplicated()]"
    ]


def _missing_columns(articles: pd.DataFrame, wanted: tuple[str, ...]) -> list[str]:
    missing = [name for name in wanted if name not in articles]
    found = ", ".join(map(str, articles.columns)) or "none"
    return [
        f"There is no column {name!r} (found: {found}). "
        f"Rename yours: articles.rename(columns={{'your column': {name!r}}})"
        for name in missing
    ]


def _column_problems(articles: pd.DataFrame) -> list[str]:
    problems = _missing_columns(articles, COLUMNS)
    for name in TEXT_COLUMNS:
        if name in articles and not pd.api.types.is_string_dtype(articles[name]):
            problems.append(
                f"{name!r} is {articles[name].dtype}, not text. "
                f"Turn it: articles.assign({name}=articles[{name!r}].astype('str'))"
            )
    return problems + _date_problems(articles)


def _date_problems(articles: pd.DataFrame) -> list[str]:
    dtype = articles["date"].dtype if "date" in articles else None
    zoned = isinstance(dtype, pd.DatetimeTZDtype)
    if dtype is None or (dtype.kind == "M" and not zoned):
        return []
    if zoned:
        return [
            f"'date' has a time zone ({dtype}). "
            "Keep the printed day: articles.assign(date=articles['date'].dt.tz_localize(None))"
        ]
    return [
        f"'date' is {dtype}, not dates. "
        "Read it: articles.assign(date=pd.to_datetime(articles['date'], errors='coerce'))"
    ]


def _no_texts(articles: pd.DataFrame) -> list[str]:
    """Refuse values that are neither texts nor missing, such as numbers or bytes."""
    if "text" not in articles or pd.api.types.is_string_dtype(articles["text"]):
        return []
    given = articles["text"].dropna()
    wrong = given.index[~given.map(lambda value: isinstance(value, str)).astype(bool)]
    if wrong.empty:
        return []
    return [
        f"{len(wrong)} of {len(articles)} values of 'text' are not text (doc_id {_few(wrong)}). "
        "Turn them: articles.assign(text=articles['text'].astype('str'))"
    ]


def _text_problems(articles: pd.DataFrame) -> list[str]:
    if "text" not in articles:
        return []
    text = articles["text"]
    empty = articles.index[text.isna() | text.astype("str").str.strip().eq("")]
    if empty.empty:
        return []
    return [
        f"{len(empty)} of {len(articles)} articles have no text (doc_id {_few(empty)}). "
        "Drop them: articles[articles['text'].fillna('').str.strip() != '']"
    ]


def _truncated(articles: pd.DataFrame) -> list[str]:
    """Refuse texts that are cut short, unless the user has said that they are whole."""
    if "truncated" not in articles:
        return []
    cut = articles.index[articles["truncated"].eq(True)]
    if cut.empty:
        return []
    return [
        f"{len(cut)} of {len(articles)} articles have a text that is cut short (doc_id "
        f"{_few(cut)}). Drop them: articles[~articles['truncated'].eq(True)], "
        "or take them as they are: articles.assign(truncated=False)"
    ]


def _few(ids: pd.Index) -> str:
    return ", ".join(map(str, ids[:3])) + (" …" if len(ids) > 3 else "")
