import datetime

import pandas as pd
import pytest

from framing.corpus.dates import AMBIGUOUS, DAY_FIRST, MONTH_FIRST, NO_DAY, read_dates
from framing.corpus.months import MONTH_NUMBER, NAMES, fold


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


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("January 11, 2010 Monday", "2010-01-11"),
        ("July 1, 2019 Monday 9:20 AM GMT", "2019-07-01"),
        ("9:20 AM GMT July 1, 2019", "2019-07-01"),
        ("Late Edition - Final, January 11, 2010", "2010-01-11"),
        ("13th of November 2017", "2017-11-13"),
        ("NOVEMBER 13, 2017", "2017-11-13"),
        ("13-NOV-17 10:14:00", "2017-11-13"),
        ("27. Februar 2012 Montag 9:50 PM GMT+1", "2012-02-27"),
        ("Sonnabend, 3. Jänner 2015", "2015-01-03"),
        ("mercredi 15 novembre 2017", "2017-11-15"),
        ("le 13 novembre 2017 à 9h50", "2017-11-13"),
        ("1er août 2017", "2017-08-01"),
        ("martes, 13 de noviembre del 2017", "2017-11-13"),
        ("mar. 14 nov. 2017", "2017-11-14"),  # mardi, not March
        ("mar 14 mar 2017", "2017-03-14"),
        ("domenica 1º ottobre 2017", "2017-10-01"),
        ("quarta-feira, 15 de novembro de 2017", "2017-11-15"),
        ("13/nov/2017", "2017-11-13"),
        ("maandag 13 november 2017", "2017-11-13"),
        ("środa, 15 listopada 2017 r.", "2017-11-15"),
        ("Среда, 15 ноября 2017 г., 10:30", "2017-11-15"),
        ("3-го мая 2017", "2017-05-03"),
        ("2017年11月13日", "2017-11-13"),
        ("２０１７年１１月１３日（月）", "2017-11-13"),
        ("2017年11月13號 星期一", "2017-11-13"),
        ("2017년 11월 13일 월요일", "2017-11-13"),
        ("2017. 11. 13.", "2017-11-13"),
        ("月曜日 2017/11/13", "2017-11-13"),
        ("2017-Nov-13", "2017-11-13"),
        ("lun. 13/11/2017", "2017-11-13"),
        ("Samstag/Sonntag, 11./12. November 2017", "2017-11-11"),
        ("July 1-2, 2019", "2019-07-01"),
    ],
)
def test_dates_as_databases_print_them(written, day):
    assert read(written).date.tolist() == [pd.Timestamp(day)]


SENTENCES = {
    "English": "{weekday}, {month} {day}, {year} 9:20 AM GMT",
    "French": "le {day} {month} {year} à 9:20",
    "German": "{day}. {month} {year} 9:20 Uhr MEZ",
    "Spanish": "{day} de {month} de {year}",
    "Italian": "{day} {month} {year}",
    "Portuguese": "{day} de {month} de {year}",
    "Dutch": "{day} {month} {year}",
    "Polish": "{day} {month} {year} r.",
    "Russian": "{day} {month} {year} г.",
    "Chinese": "{year}年{number}月{day}日",
    "Japanese": "{year}年{number:02d}月{day:02d}日",
    "Korean": "{year}년 {number}월 {day}일",
}


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize(("case", "n_spellings"), [(str, 4), (str.upper, 1), (str.title, 1)])
def test_every_day_of_a_leap_year_in_every_language(language, case, n_spellings):
    days = pd.date_range("2016-01-01", "2016-12-31")
    for spelling in range(n_spellings):
        written = [case(printed(day, language, spelling)) for day in days]
        assert read(*written).date.tolist() == days.tolist()


def printed(day, language, spelling):
    """A day in a language, months in one of their spellings."""
    spellings = NAMES[language].split()[day.month - 1].split("|") if language in NAMES else [""]
    return SENTENCES[language].format(
        weekday=day.day_name(),
        day=day.day,
        month=spellings[spelling % len(spellings)],
        number=day.month,
        year=day.year,
    )


def test_each_language_names_twelve_months_and_none_means_two():
    for names in NAMES.values():
        numbers = [
            {MONTH_NUMBER[fold(name)] for name in month.split("|")} for month in names.split()
        ]
        assert numbers == [{number} for number in range(1, 13)]


@pytest.mark.parametrize(
    "written", ["Spring 2017", "Winter 2010/2011", "November 2017", "2017-11", "2017年11月", "2017"]
)
def test_a_date_without_a_day_is_told_from_one_that_cannot_be_read(written):
    reading = read(written, "Vol. 3 no. 2")
    assert reading.order.tolist() == [NO_DAY, ""]
    assert reading.date.isna().all()


@pytest.mark.parametrize(
    "written",
    [
        "30 November - 6 December 2017",  # which of the two?
        "平成29年11月13日",
        "13 Aralık 2017",
        "No. 7 of 3 March 2031",
        "Marching 3, 2031",
        "3 March 2031 " + "and so on " * 20,
    ],
)
def test_what_could_be_read_wrongly_is_not_read(written):
    assert read(written).date.isna().all()


@pytest.mark.parametrize("mess", ["mar ", "1 ", "a. ", "9:20 ", "2017 ", "-", "november 1, ", "年"])
def test_a_mess_is_no_date_and_no_error(mess):
    assert read(*[mess * n for n in range(1, 120)]).date.isna().all()
