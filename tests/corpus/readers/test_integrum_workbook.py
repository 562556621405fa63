import io
from datetime import datetime

import pytest
from openpyxl import Workbook

from framing.corpus.articles import read_articles
from framing.corpus.readers import UnreadableError, find_reader, integrum_workbook

NAMES = ["source", "date", "time", "head", "body"]
ROW = ["Вестник", "03.03.2031", "12:30", "Мост закрыт", "Мост закрыт.\nМашины ждут."]


def workbook(*rows: list[object], names: list[str] = NAMES) -> bytes:
    book = Workbook()
    for row in (names, *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "names", [NAMES, ["Источник", "Дата", "Время", "Заголовок", "Текст"], [*NAMES, "url"]]
)
def test_the_columns_become_fields(tmp_path, names):
    (tmp_path / "a.xlsx").write_bytes(
        workbook(ROW, [ROW[0], datetime(2031, 3, 13), *ROW[2:]], names=names)
    )
    articles, report = read_articles(tmp_path / "a.xlsx")
    assert report.loc[0, ["format", "parsed", "reason"]].tolist() == ["integrum xlsx", 2, ""]
    assert articles["outlet"].tolist() == ["Вестник"] * 2
    assert articles["headline"].tolist() == ["Мост закрыт"] * 2
    assert articles["date"].dt.strftime("%F").tolist() == ["2031-03-03", "2031-03-13"]
    assert articles["text"].tolist() == ["Мост закрыт.\n\nМашины ждут."] * 2


def test_other_workbooks_are_left_to_the_general_reader():
    data = workbook(
        ["Herald", "2031-03-03", "Bridge", "It rained."], names=["outlet", "date", "title", "text"]
    )
    assert find_reader(data, "a.xlsx").FORMAT == "xlsx"
    assert find_reader(workbook(ROW), "a.xlsx").FORMAT == "integrum xlsx"
    assert not integrum_workbook.recognise(b"source,date,time,head,body\n", "a.csv")


def test_a_broken_workbook_is_refused():
    data = workbook(ROW)
    with pytest.raises(UnreadableError):
        integrum_workbook.parse(data[: len(data) // 2], "a.xlsx")
