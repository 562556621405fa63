"""Read dates the way newspapers and databases print them, without guessing day and month."""

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from framing.corpus.months import DAY_AND_MONTH_NAME, MONTH_NUMBER, fold

FIRST_YEAR, LAST_YEAR = 1600, 2199
LONGEST = 120  # characters; what is longer is no date but a text in the wrong column
DAY_FIRST, MONTH_FIRST, AMBIGUOUS, NO_DAY = "day first", "month first", "ambiguous", "no day"

ZONE = r"(?:(?:gmt|utc|[a-z]{2,3}t|mesz?|mez|msk|z)\b)"
CLOCK = (
    r"(?:\b\d{1,2}(?:(?::|h)\d\d){1,2}(?:[.,]\d+)?\s?(?:[ap]\.?\s?m\b\.?)?|\b\d{1,2}\s?[ap]\.?m\b\.?)"
    rf"\s?(?:uhr\b)?\s?{ZONE}?\s?(?:[+-]\d{{1,2}}(?::?\d\d)?(?!\d))?"
)
MONTHS = "|".join(sorted(MONTH_NUMBER, key=len, reverse=True))
NAME = rf"(?<![^\W_])(?P<month>{MONTHS})(?![^\W_])"
WORDS = rf"(?:(?!(?:{MONTHS})\b)[^\W\d]+[.,]?\s+){{0,2}}"  # a weekday or zone before the year
DAY = r"(?P<day>\d{1,2})(?!\d)(?:st|nd|rd|th|ers?|o|a|e|ª|°|-?го)?"
OTHER_DAY = r"(?:\s?[-–—/&]\s?\d{1,2}(?!\d)\.?)?"  # 11/12 November: the first day counts
OF = r"(?:(?:de|del|of|di|do|d['’])\s?)?"
YEAR = r"(?P<year>\d{4})(?![\d:])"
IN_WORDS = [
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d){DAY}[.,]?{OTHER_DAY}[\s/.\-]*{OF}{NAME}[\s/.,\-]*{OF}{YEAR}",
        rf"(?<!\d){DAY}(?P<mark>[-/]){NAME}\.?(?P=mark)(?P<year>\d\d)(?![\d:])",
        rf"{NAME}[\s.\-/]*{DAY}{OTHER_DAY}[,.\-/\s]+{WORDS}(?:{CLOCK}\s*)?{WORDS}{YEAR}",
        rf"(?<!\d)(?P<year>\d{{4}})[\s.,\-/]*{NAME}[\s.,\-/]*{DAY}",
        r"(?<!\d)(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日号號일]",
    )
]
TIME = r"\b\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?\b"
CLOCKS = re.compile(CLOCK)
WORD = re.compile(r"[^\W\d_]+")
LEAD = r"^[^\d]{0,40}?(?<![\d\-+])"  # a weekday, "published on", an opening bracket
YEAR_FIRST = (
    LEAD + r"(?P<year>\d{4})(?P<mark>\s?[-/.]\s?)(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
    r"^(?P<year>(?:19|20|21)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:T\d{4,6}Z?|\d{6})?(?:\.0)?$",
)
IN_NUMBERS = (
    LEAD + r"(?P<first>\d{1,2})(?P<mark>[/.-])\s?(?P<second>\d{1,2})(?P=mark)\s?"
    r"(?P<year>\d{4}|\d\d)(?!\d)"
)
WITHOUT_DAY = re.compile(
    r"(?:Q[1-4])?\D*(?:1[6-9]|2[01])\d\d(?:[-–/]\d\d(?:\d\d)?)?\D*|"
    r"(?:1[6-9]|2[01])\d\d\s?[-/.年년]\s?\d{1,2}\s?[月월]?|"
    r"\d{1,2}\s?[-/.]\s?(?:1[6-9]|2[01])\d\d"
)


class DateReading(NamedTuple):
    """Days, and how those written in numbers were read."""

    date: pd.Series
    order: pd.Series  # "day first", "month first", "ambiguous", "no day", or "" for all others


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
        taken in UTC) and `order`: for dates in numbers, which came first; "ambiguous" where that
        cannot be told; "no day" for a year, a month or a season alone.

    Notes
    -----
    Months are known by name in English, French, German, Spanish, Italian, Portuguese, Dutch, Polish
    and Russian, whole or cut short, and by 年月日 and 년월일 in Chinese, Japanese and Korean. Day,
    month and year may come in any usual order, with a weekday, a time and a zone around them. An
    issue of two days (11/12 November 2017) counts as its first.

    03/04/2016 is read day first or month first when another date of the same file can be read in
    only one way, as 25/12/2015 can. Where none can, or both ways occur, it stays undated, unless
    its marks are dots, which only countries that write the day first use. Two-digit years follow
    POSIX: 69–99 are 1969–1999. A month, a season or a year alone is not a day and stays undated.

    Examples
    --------
    >>> written = pd.Series(["Wed 05 Apr 2017", "4/16/2017", "4/5/2017", "spring 2017", "soon"])
    >>> read_dates(written, pd.Series("a.csv", index=written.index)).date
    0   2017-04-05
    1   2017-04-16
    2   2017-04-05
    3          NaT
    4          NaT
    dtype: datetime64[us]
    """
    text = written.astype("str").str.normalize("NFKC").str.strip()
    text = text.where(text.str.len() <= LONGEST).str.replace(TIME, "0:00", regex=True)
    code, forms = pd.factorize(text)  # days repeat: read each spelling once
    days = _without_doubt(pd.Series(forms, dtype="str")).array.take(code, allow_fill=True)
    date = pd.Series(days, index=text.index)
    numeric = _in_numbers(text.where(date.isna()), source)
    date = date.fillna(numeric.date)
    dayless = date.isna() & numeric.order.eq("") & text.fillna("").map(_names_no_day).astype(bool)
    return DateReading(date, numeric.order.mask(dayless, NO_DAY))


def _without_doubt(text: pd.Series) -> pd.Series:
    """Read every way of writing that leaves no doubt."""
    date = _days(text)
    for pattern in YEAR_FIRST:
        parts = text[date.isna()].str.extract(pattern)[["year", "month", "day"]]
        date = date.fillna(_as_days(parts.apply(pd.to_numeric)).reindex(text.index))
    rest = text[date.isna()]
    parts = pd.DataFrame([_in_words(form) for form in rest], rest.index, ["year", "month", "day"])
    return date.fillna(_as_days(parts.astype("float64")).reindex(text.index))


def _in_words(text: str) -> tuple[float, float, float]:
    """Year, month and day of a date with a month's name, or three times NaN."""
    folded = fold(text)
    found = [match for pattern in IN_WORDS if (match := pattern.search(folded))]
    first = min(found, key=lambda match: match.start(), default=None)
    if first is None or not _is_plain_lead(folded[: first.start()]):
        return (np.nan, np.nan, np.nan)
    month = first["month"]
    number = int(month) if month.isdecimal() else MONTH_NUMBER[month]
    return (_long_year(int(first["year"]), len(first["year"])), number, int(first["day"]))


def _is_plain_lead(lead: str) -> bool:
    """Whether only words and a time stand before a date, not another number or month."""
    words = CLOCKS.sub(" ", lead)
    months = set(WORD.findall(words)) & MONTH_NUMBER.keys()
    return not any(letter.isdigit() for letter in words) and months <= {DAY_AND_MONTH_NAME}


def _long_year(year: int, digits: int) -> int:
    return year if digits > 2 else year + (2000 if year < 69 else 1900)


def _names_no_day(text: str) -> bool:
    return bool(WITHOUT_DAY.fullmatch(text))


def _as_days(parts: pd.DataFrame) -> pd.Series:
    """Dates of year, month and day; missing where there is no such day."""
    plausible = parts.where(parts["year"].between(FIRST_YEAR, LAST_YEAR))
    return pd.to_datetime(plausible, errors="coerce").astype("datetime64[us]")


def _days(text: pd.Series) -> pd.Series:
    """Days of bare numbers."""
    whole_days = (read_seconds(text) // 86_400).astype("Int64")
    return pd.to_datetime(whole_days, unit="D").astype("datetime64[us]")


def read_seconds(text: pd.Series) -> pd.Series:
    """Read bare numbers as seconds since 1970: Excel's day count, or seconds to nanoseconds.

    Examples
    --------
    >>> read_seconds(pd.Series(["1892700000", "1892700000000", "47474", "12"])).tolist()
    [1892700000.0, 1892700000.0, 1892592000.0, nan]
    """
    number = pd.to_numeric(text.where(text.str.fullmatch(r"\d+(?:\.\d+)?").eq(True)))
    seconds = pd.Series(np.nan, index=text.index)
    seconds = seconds.mask(number.between(20_000, 80_000), (number - 25_569) * 86_400)
    for power in (0, 3, 6, 9):
        scale = 10.0**power
        seconds = seconds.mask(number.between(1e8 * scale, 1e10 * scale), number / scale)
    return seconds


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
