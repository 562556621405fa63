"""Read when codes were made, day and month in the order that the file proves."""

import pandas as pd

from framing.corpus.dates import DAY_FIRST, read_dates, read_seconds

NEAR = pd.Timedelta(days=2)  # a time in UTC is that near to the day written in any zone


def read_times(written: pd.Series, file: pd.Series) -> pd.Series:
    """Read times of coding.

    Parameters
    ----------
    written : Series of str
        Times as they stand in the files, or seconds to nanoseconds since 1970; "" for none.
    file : Series of str
        The file of each, since the order of day and month is decided file by file.

    Returns
    -------
    Series of datetime64[us]
        In UTC, which a time without a zone is taken to be; missing where no day can be told. See
        `read_dates`.

    Examples
    --------
    >>> written = pd.Series(["2030-02-03T10:00+02:00", "03.02.2030 10:00", "3/2/2030", "today"])
    >>> read_times(written, pd.Series("a.csv", index=written.index))
    0   2030-02-03 08:00:00
    1   2030-02-03 10:00:00
    2                   NaT
    3                   NaT
    dtype: datetime64[us]
    """
    days = read_dates(written, file)
    dated = written.where(days.date.notna())
    read = pd.Series(pd.NaT, index=written.index, dtype="datetime64[us]")
    for is_day_first in (False, True):
        some = dated[days.order.eq(DAY_FIRST).eq(is_day_first)]
        found = pd.to_datetime(
            some, dayfirst=is_day_first, errors="coerce", utc=True, format="mixed"
        )
        read = read.fillna(found.dt.tz_localize(None).astype("datetime64[us]"))
    read = read.where((read - days.date).abs() <= NEAR)
    since = (read_seconds(dated) * 1e6).round().astype("Int64")
    return read.where(since.isna(), pd.to_datetime(since, unit="us").astype("datetime64[us]"))
