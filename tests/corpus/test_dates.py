import datetime

import pandas as pd
import pytest

from framing.corpus.dates import AMBIGUOUS, DAY_FIRST, MONTH_FIRST, read_dates


def read(*written, source=None):
    values = pd.Series(written)
    return read_dates(values, pd.Series(source or ["a"] * len(written)))


@pytest.mark.parametrize(
    "written",
    [
        "2031-03-03",
        "2031-3-3",
        "2031/03/03 10:14",
        "2031.03.03",
        "2031-03-03T23:30:00+05:00",  # the printed day, not the day in another zone
        "20310303",
        "20310303T101400Z",
        "20310303101400",
        "03 Mar 2031",
        "Mon 03 Mar 2031",
        "Mon, 03 Mar 2031 10:14:00 GMT",
        "Mon Mar 03 10:14:00 +0000 2031",
        "March 3, 2031",
        "March 3, 2031 Monday 9:20 AM GMT",
        "Monday, March 3rd, 2031",
        "3rd March 2031",
        "03-Mar-2031",
        "3. März 2031 Montag 9:50 PM GMT+1",
        "lundi 3 mars 2031",
        "3 de marzo de 2031",
        "3 maart 2031",
        "3.3.2031",
        "1930299240",  # seconds since 1970: 2031-03-03 10:14 UTC
        "1930299240000",
        "1930299240.0",
        "47910",  # days since 1899-12-30, as Excel counts
    ],
)
def test_a_date_is_read_as_its_day(written):
    assert read(written).date.tolist() == [pd.Timestamp("2031-03-03")]


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "2031",
        "March 2031",
        "2031-03",
        "2031-02-30",
        "31 Feb 2031",
        "0001-01-01",
        "7",
        None,
    ],
)
def test_what_is_no_day_stays_undated(written):
    assert read(written).date.isna().all()


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("2 juin 2016", 6),
        ("2 juillet 2016", 7),
        ("2 août 2016", 8),
        ("2 Okt. 2016", 10),
        ("2 Sept 2016", 9),
    ],
)
def test_months_of_other_languages(written, month):
    assert read(written).date.dt.month.tolist() == [month]


def test_datetimes_and_dates_are_days():
    stamps = pd.Series(pd.to_datetime(["2031-03-03 10:14+02:00", None]))
    assert read_dates(stamps, pd.Series(["a", "a"])).date[0] == pd.Timestamp("2031-03-03")
    mixed = pd.Series([datetime.date(2031, 3, 3), pd.Timestamp("2031-03-03 10:14")], dtype=object)
    assert read_dates(mixed, pd.Series(["a", "a"])).date.nunique() == 1


def test_one_date_proves_the_order_of_its_file():
    reading = read("3/4/2016", "4/16/2017", "3/4/2016", "16/4/2017", source=["a", "a", "b", "b"])
    assert reading.date.dt.month.tolist() == [3, 4, 4, 4]
    assert reading.order.tolist() == [MONTH_FIRST, MONTH_FIRST, DAY_FIRST, DAY_FIRST]


def test_without_proof_it_stays_undated():
    reading = read("3/4/2016", "5/5/2016")
    assert reading.date.tolist() == [pd.NaT, pd.Timestamp("2016-05-05")]  # 5 May either way
    assert reading.order[0] == AMBIGUOUS


def test_contradicting_proofs_leave_only_the_doubtful_undated():
    reading = read("3/4/2016", "16/4/2016", "4/16/2016")
    assert reading.date.isna().tolist() == [True, False, False]


def test_dots_mean_day_first_unless_the_file_proves_otherwise():
    assert read("3.4.2016").date.dt.month.tolist() == [4]
    assert read("3.4.2016", "4.16.2016").date.dt.month.tolist() == [3, 4]


def test_short_years_follow_posix():
    assert read("16/4/17", "16/4/68", "16/4/69").date.dt.year.tolist() == [2017, 2068, 1969]
