"""Read dates the way newspapers and databases print them, without guessing day and month."""

from typing import NamedTuple

import numpy as np
import pandas as pd

# Beginnings that tell the months apart in English, German, French, Spanish, Italian and Dutch.
MONTHS = {
    1: "jan ene gen",
    2: "feb fév fev",
    3: "mar mär mrt maa",
    4: "apr abr avr",
    5: "may mai mag mei",
    6: "jun giu juin",
    7: "jul lug juil",
    8: "aug ago aoû aou",
    9: "sep set",
    10: "oct okt ott out",
    11: "nov",
    12: "dec dez déc dic",
}
MONTH_OF = {start: month for month, starts in MONTHS.items() for start in starts.split()}

WEEKDAY = r"^(?:[^\W\d]+\.?,?\s+)?"
NAME = r"(?P<month>[^\W\d]{3,})\.?"
CLOCK = r"(?:\d\d:\d\d(?::\d\d)?\s+(?:[+\-A-Z]\S*\s+)?)?"
WRITTEN = (
    r"^(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d)",
    r"^(?P<year>(?:19|20|21)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:T\d{4,6}Z?|\d{6})?(?:\.0)?$",
    WEEKDAY
    + r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º)?\.?[\s-]+(?:de\s+)?"
    + NAME
    + r",?[\s-]+(?:de\s+)?(?P<year>\d{4})(?!\d)",
    WEEKDAY
    + NAME
    + r"\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+"
    + CLOCK
    + r"(?P<year>\d{4})(?![\d:])",
)
IN_NUMBERS = r"^(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second>\d{1,2})\2(?P<year>\d{4}|\d\d)(?!\d)"
FIRST_YEAR, LAST_YEAR = 1600, 2199
DAY_FIRST, MONTH_FIRST, AMBIGUOUS = "day first", "month first", "ambiguous"


class DateReading(NamedTuple):
    """Days, and how those written in numbers were read."""

    date: pd.Series
    order: pd.Series  # "day first", "month first", "ambiguous", or "" for all other ways


def read_dates(written: pd.Series, source: pd.Series) -> DateReading:
    """Read written dates as days.

    Parameters
    ----------
    written : Series
        Dates as they stand in the files: text, numbers or datetimes.
    source : Series
        The file of each, since the order of day and month is decided file by file.

    Returns
    -------
    DateReading
        `date` (the day as printed; a time zone is dropped, not converted; seconds since 1970 are
        taken in UTC) and `order`.

    Notes
    -----
    03/04/2016 is read day first or month first when another date of the same file can be read in
    only one way, as 25/12/2015 can. Where none can, or both ways occur, it stays undated, unless
    its marks are dots, which only countries that write the day first use. Two-digit years follow
    POSIX: 69–99 are 1969–1999. A month or a year alone is not a day and stays undated.

    Examples
    --------
    >>> written = pd.Series(["Wed 05 Apr 2017", "4/16/2017", "4/5/2017", "soon"])
    >>> read_dates(written, pd.Series("a.csv", index=written.index)).date
    0   2017-04-05
    1   2017-04-16
    2   2017-04-05
    3          NaT
    dtype: datetime64[us]
    """
    text = written.astype("str").str.strip()
    code, forms = pd.factorize(text)  # days repeat: read each spelling once
    days = _in_words(pd.Series(forms, dtype="str")).array.take(code, allow_fill=True)
    date = pd.Series(days, index=text.index)
    numeric = _in_numbers(text.where(date.isna()), source)
    return DateReading(date.fillna(numeric.date), numeric.order)


def _in_words(text: pd.Series) -> pd.Series:
    """Read every way of writing that leaves no doubt."""
    date = _days(text)
    for pattern in WRITTEN:
        rest = date.isna()
        date = date.fillna(_as_days(_extract(text[rest], pattern)).reindex(text.index))
    return date


def _extract(text: pd.Series, pattern: str) -> pd.DataFrame:
    """Year, month and day of each text, month names turned into numbers."""
    parts = text.str.extract(pattern)[["year", "month", "day"]].copy()
    names = parts["month"].str.lower()
    by_name = names.str[:4].map(MONTH_OF).fillna(names.str[:3].map(MONTH_OF))
    parts["month"] = by_name.fillna(pd.to_numeric(parts["month"], errors="coerce"))
    return parts.apply(pd.to_numeric, errors="coerce")


def _as_days(parts: pd.DataFrame) -> pd.Series:
    """Dates of year, month and day; missing where there is no such day."""
    plausible = parts.where(parts["year"].between(FIRST_YEAR, LAST_YEAR))
    return pd.to_datetime(plausible, errors="coerce").astype("datetime64[us]")


def _days(text: pd.Series) -> pd.Series:
    """Days of bare numbers: Excel's day count, or seconds to nanoseconds since 1970."""
    number = pd.to_numeric(text.where(text.str.fullmatch(r"\d+(?:\.\d+)?").eq(True)))
    seconds = pd.Series(np.nan, index=text.index)
    seconds = seconds.mask(number.between(20_000, 80_000), (number - 25_569) * 86_400)
    for power in (0, 3, 6, 9):
        scale = 10.0**power
        seconds = seconds.mask(number.between(1e8 * scale, 1e10 * scale), number / scale)
    whole_days = (seconds // 86_400).astype("Int64")
    return pd.to_datetime(whole_days, unit="D").astype("datetime64[us]")


def _in_numbers(text: pd.Series, source: pd.Series) -> DateReading:
    """Read 3/4/2016 by the order that other dates of the same file prove."""
    parts = text.str.extract(IN_NUMBERS)
    first, second, year = (pd.to_numeric(parts[name]) for name in ("first", "second", "year"))
    year = year.mask(year < 69, year + 2000).mask(year.between(69, 99), year + 1900)
    order = _order(first, second, parts["mark"], source)
    day_first = pd.DataFrame({"year": year, "month": second, "day": first})
    month_first = pd.DataFrame({"year": year, "month": first, "day": second})
    use = day_first.where(order == DAY_FIRST, month_first)
    return DateReading(_as_days(use.mask(~order.isin([DAY_FIRST, MONTH_FIRST]))), order)


def _order(first: pd.Series, second: pd.Series, mark: pd.Series, source: pd.Series) -> pd.Series:
    """Which comes first in each date: its own proof, its file's proof, or dots."""
    one_way = {DAY_FIRST: (first > 12) & (second <= 12), MONTH_FIRST: (second > 12) & (first <= 12)}
    proven = {way: own.groupby(source).transform("any") for way, own in one_way.items()}
    order = pd.Series("", index=first.index).mask(first.notna(), AMBIGUOUS)
    order = order.mask(first.notna() & mark.eq(".").eq(True), DAY_FIRST)
    for way, other in ((DAY_FIRST, MONTH_FIRST), (MONTH_FIRST, DAY_FIRST)):
        order = order.mask(first.notna() & proven[way] & ~proven[other], way)
    for way, own in one_way.items():
        order = order.mask(own, way)
    return order.mask(first.eq(second) & order.eq(AMBIGUOUS), DAY_FIRST)
