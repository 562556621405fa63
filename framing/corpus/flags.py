"""Mark the articles that deserve a second look, each by a rule that is stated."""

import re

import pandas as pd

FLAGS = ("truncated", "tabular", "repeats", "far_date")
CUT_SHORT = re.compile(r"(?:\[\+?\d+ chars\]|\[\s?(?:…|\.\.\.)\s?\])\s*$")  # the end of a teaser
MIN_WORDS, MIN_SHARE = 20, 0.25  # of a table: this many words, one in four with a digit
MIN_CHARACTERS = 60  # a shorter paragraph may well be printed twice: a dateline, three stars
MIN_DATES = 10  # fewer dates have no bulk to be far from
MIN_DAYS, SPREADS = 365, 3
FIGURE = re.compile(r"\d\S*")  # one for each word with a digit
BLANK_LINE = re.compile(r"\n\s*\n")
YES, NO = frozenset({"true", "1", "1.0", "yes"}), frozenset({"false", "0", "0.0", "no"})


def find_flags(table: pd.DataFrame, source: pd.Series) -> pd.DataFrame:
    """Mark truncated texts, tables, texts that repeat themselves, and dates far from the others.

    Parameters
    ----------
    table : DataFrame
        Records with `date` and `text`.
    source : Series
        File of each record.

    Returns
    -------
    DataFrame
        Columns of True and False: `truncated`, `tabular`, `repeats`, `far_date`. A flag that the
        table itself has (because it was saved with it) goes before the one found here.

    Examples
    --------
    >>> table = pd.DataFrame({"date": pd.NaT, "text": ["War began.", "War began [+1234 chars]"]})
    >>> find_flags(table, pd.Series(["a", "a"]))["truncated"].tolist()
    [False, True]
    """
    text = table["text"].fillna("")
    found = {
        "truncated": text.map(is_truncated),
        "tabular": text.map(is_tabular),
        "repeats": text.map(repeats_itself),
        "far_date": far_dates(table["date"], source),
    }
    given = {name: read_flag(table[name]) for name in FLAGS if name in table}
    kept = {
        name: given[name].fillna(flag) if name in given else flag for name, flag in found.items()
    }
    return pd.DataFrame(kept, index=table.index).astype(bool)


def is_truncated(text: str) -> bool:
    """Say whether a text ends as interfaces end what they cut: `[+1234 chars]` or `[…]`.

    Examples
    --------
    >>> is_truncated("War began … [+1234 chars]"), is_truncated("War began […]")
    (True, True)
    """
    return bool(CUT_SHORT.search(text[-30:]))


def is_tabular(text: str) -> bool:
    """Say whether a text is a table, a list of scores or prices: one word in four has a digit.

    Examples
    --------
    >>> is_tabular("Herald 3 Star 2 Post 1 Sun 4 Echo 0 " * 3)
    True
    """
    n_words = len(text.split())
    return n_words >= MIN_WORDS and len(FIGURE.findall(text)) >= MIN_SHARE * n_words


def repeats_itself(text: str) -> bool:
    r"""Say whether a paragraph of at least 60 characters stands in a text more than once.

    Paragraphs end at blank lines, or at every line where there are none.

    Examples
    --------
    >>> paragraph = "Troops crossed the river at dawn, and nobody in the town saw them come."
    >>> repeats_itself(f"{paragraph}\n\nIt rained.\n\n{paragraph}")
    True
    """
    parts = BLANK_LINE.split(text.strip())
    parts = parts if len(parts) > 1 else text.splitlines()
    paragraphs = [" ".join(part.split()) for part in parts]
    long = [paragraph for paragraph in paragraphs if len(paragraph) >= MIN_CHARACTERS]
    return len(set(long)) < len(long)


def far_dates(date: pd.Series, source: pd.Series) -> pd.Series:
    """Mark dates that lie far outside the dates of their own file.

    Parameters
    ----------
    date : Series
        Days; missing ones are never far.
    source : Series
        File of each. Files with fewer than ten dates are judged together.

    Returns
    -------
    Series
        True where a date lies more than a year, and more than three times the distance between
        the quartiles, before the first or after the last quartile. Never with fewer than ten dates.

    Notes
    -----
    Three interquartile ranges are the outer fence of Tukey (1977), *Exploratory Data Analysis*; the
    year keeps a background piece from being marked in a file of one busy week.

    Examples
    --------
    >>> dates = pd.Series(pd.to_datetime(["2031-03-03"] * 10 + ["1970-01-01"]))
    >>> far_dates(dates, pd.Series(["a"] * 11)).sum()
    np.int64(1)
    """
    n = date.groupby(source).transform("count")
    days = (date - pd.Timestamp(0)) / pd.Timedelta(days=1)
    groups = days.groupby(source.where(n >= MIN_DATES, ""))
    first, last = groups.transform("quantile", 0.25), groups.transform("quantile", 0.75)
    reach = (SPREADS * (last - first)).clip(lower=MIN_DAYS)
    enough = groups.transform("count") >= MIN_DATES
    return enough & ((days < first - reach) | (days > last + reach))


def read_flag(column: pd.Series) -> pd.Series:
    """Read a saved flag: True and False, as such or as words; missing where it says nothing.

    Examples
    --------
    >>> read_flag(pd.Series(["True", "0", None])).tolist()
    [True, False, <NA>]
    """
    words = column.astype("str").str.strip().str.lower()
    flag = pd.Series(pd.NA, index=column.index, dtype="boolean")
    return flag.mask(words.isin(YES), True).mask(words.isin(NO), False)


def is_flag(column: pd.Series) -> bool:
    """Say whether a column holds a flag, and not somebody else's column of the same name.

    Examples
    --------
    >>> is_flag(pd.Series(["True", None])), is_flag(pd.Series(["partly"]))
    (True, False)
    """
    return bool(column.dropna().astype("str").str.strip().str.lower().isin(YES | NO).all())
