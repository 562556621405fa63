"""Turn the names of groups (outlet, month, week …) into one key column each."""

from collections.abc import Sequence
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "year": "Y"}


def group_keys(articles: pd.DataFrame, by: str | Sequence[str]) -> pd.DataFrame:
    """Look up or derive the columns that say which group each article belongs to.

    Parameters
    ----------
    articles : DataFrame
        Articles, one a row.
    by : str or list of str
        Names of columns, or of periods of the column `date`: "day", "week", "month", "year".
        A column of that name goes before a period.

    Returns
    -------
    DataFrame
        One column for each name of `by`, rows as in `articles`. A period is the Timestamp of its
        first day (a week starts on Monday); it is missing where the article has no date.

    Raises
    ------
    KeyError
        If a name is neither a column nor a period, or a period is asked for without `date`.
    TypeError
        If a period is asked for and `date` does not hold dates.

    Examples
    --------
    >>> articles = pd.DataFrame({"outlet": ["Herald", "Star"],
    ...                          "date": pd.to_datetime(["2031-03-05", "2031-03-09"])})
    >>> group_keys(articles, ["outlet", "week"])
       outlet       week
    0  Herald 2031-03-03
    1    Star 2031-03-03
    """
    names = [by] if isinstance(by, str) else list(by)
    _check_names(articles, names)
    keys = {name: articles[name] if name in articles else _period(articles, name) for name in names}
    return pd.DataFrame(keys, index=articles.index)


def story_clusters(articles: pd.DataFrame) -> tuple[NDArray[np.int64], str]:
    """Number what counts as one piece of evidence: a story with its copies, or a lone article.

    Returns
    -------
    tuple of array and str
        A number for each row, and what is numbered: "story", or "article" if no story has copies.

    Examples
    --------
    >>> numbers, name = story_clusters(pd.DataFrame({"story": ["s1", None, "s1"]}))
    >>> numbers.tolist(), name
    ([0, 2, 0], 'story')
    """
    own = np.arange(len(articles))
    if "story" not in articles:
        return own, "article"
    codes, stories = pd.factorize(articles["story"])
    name = "article" if len(stories) == (codes >= 0).sum() else "story"
    return np.where(codes < 0, len(stories) + own, codes), name


def _check_names(articles: pd.DataFrame, names: list[str]) -> None:
    choices = [str(name) for name in articles.columns]
    if "date" in articles:
        choices += [period for period in PERIODS if period not in articles]
    if not names:
        raise KeyError(f"`by` names no group. Choose from: {', '.join(choices)}")
    unknown = [name for name in names if name not in choices]
    if unknown:
        raise KeyError(_unknown_sentence(unknown, choices))


def _unknown_sentence(unknown: list[str], choices: list[str]) -> str:
    """Name what is missing, the nearest name that is there, and all the choices."""
    near = get_close_matches(str(unknown[0]), choices, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    if "date" not in choices and set(unknown) & set(PERIODS):
        hint = " A period is derived from a column 'date', which is not there."
    missing = ", ".join(repr(name) for name in unknown)
    return f"No column {missing} to group by.{hint} Choose from: {', '.join(choices)}"


def _period(articles: pd.DataFrame, name: str) -> pd.Series:
    """First day of the period each article falls in."""
    date = articles["date"]
    if not pd.api.types.is_datetime64_any_dtype(date):
        raise TypeError(
            f"`date` holds {date.dtype}, not dates, so there is no {name!r} to group by. "
            "Read it: articles.assign(date=pd.to_datetime(articles['date'], errors='coerce'))"
        )
    naive = date.dt.tz_localize(None)
    return naive.dt.to_period(PERIODS[name]).dt.start_time.astype("datetime64[us]")
