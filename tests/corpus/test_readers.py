import io
import textwrap

import pandas as pd
import pytest

from framing.corpus import readers
from framing.corpus.articles import read_articles
from framing.corpus.readers import delimited, find_reader, json_records, plain_text, workbook


def parse_table(text: str) -> readers.Raw:
    return delimited.parse(text.encode(), "a.csv")


def test_every_reader_keeps_the_protocol():
    for reader in readers.list_readers():
        assert isinstance(reader.FORMAT, str)
        assert isinstance(reader.PRECEDENCE, int)
        assert callable(reader.recognise)
        assert callable(reader.parse)
        assert not reader.recognise(b"\x00\x01nonsense", "nonsense.bin")


def test_a_new_reader_is_one_new_file(tmp_path, monkeypatch):
    code = """
        from framing.corpus.readers import Raw

        FORMAT, PRECEDENCE = "telegraph", 10

        def recognise(data, name):
            return data.startswith(b"STOP")

        def parse(data, name):
            return Raw([{"text": "Arrived", "outlet": "Wire"}], "ascii", declared=2)
    """
    (tmp_path / "telegraph.py").write_text(textwrap.dedent(code))
    monkeypatch.setattr(readers, "__path__", [*readers.__path__, str(tmp_path)])
    readers.list_readers.cache_clear()
    try:
        (tmp_path / "a.csv").write_bytes(b"STOP ARRIVED STOP")
        articles, report = read_articles(tmp_path / "a.csv")
    finally:
        readers.list_readers.cache_clear()
    assert articles["outlet"].tolist() == ["Wire"]
    assert report.loc[0, ["format", "declared"]].tolist() == ["telegraph", 2]
    assert report.loc[0, "reason"] == "declares 2 articles, not 1"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(mark):
    raw = parse_table(f'id{mark}text\n1{mark}"War, peace; and | oil"\n2{mark}More.\n')
    assert raw.records.columns.tolist() == ["id", "text"]
    assert raw.records["text"].tolist() == ["War, peace; and | oil", "More."]


def test_a_comma_in_the_text_does_not_win_over_the_delimiter():
    raw = parse_table("id;text\n1;War, then peace, then war\n2;Oil, gas, coal\n")
    assert raw.records.columns.tolist() == ["id", "text"]


def test_excel_may_name_the_delimiter():
    assert parse_table("sep=;\nid;text\n1;War\n").records["text"].tolist() == ["War"]


def test_cells_may_hold_lines_and_be_long():
    long = "war " * 100_000
    raw = parse_table(f'id,text\n1,"First.\n\n""Second,"" he said."\n2,{long}\n')
    assert raw.records["text"].tolist() == ['First.\n\n"Second," he said.', long]


def test_rows_wider_than_the_header_are_counted():
    raw = parse_table("id,text\n1,War\n2,War,and,peace\n3,Oil,\n4\n")
    assert len(raw.records) == 3
    assert raw.n_lost == 1
    assert raw.problems == ("1 dropped: more cells than the header",)
    assert raw.notes == ("rows that end before the last column: 1",)


def test_quotes_inside_unquoted_cells_are_text():
    raw = delimited.parse(b'id\ttext\n1\t"War," he said\n2\t"Peace\n3\tOil\n', "a.tsv")
    assert raw.records["text"].tolist() == ['"War," he said', '"Peace', "Oil"]
    assert raw.notes == ("quotation marks read as part of the text",)


def test_a_quote_that_is_never_closed_is_said():
    raw = parse_table('id,text\n1,War\n2,"Peace, or\n3,Oil,gas\n')
    assert raw.notes == ("quoting is broken; some rows may be joined or cut",)


def test_headers_without_or_with_the_same_name():
    raw = parse_table(",text,text\n0,War,Peace\n")
    assert raw.records.columns.tolist() == ["column 1", "text", "text.2"]


def test_the_limit_on_cells_is_put_back():
    import csv

    before = csv.field_size_limit()
    parse_table("id,text\n1,War\n")
    assert csv.field_size_limit() == before


def test_a_text_file_with_a_header_is_a_table():
    assert find_reader(b"date\ttext\n1\tWar", "a.txt") is delimited
    assert find_reader(b"Dear reader, text follows\nWar", "a.txt") is plain_text


@pytest.mark.parametrize(
    "text",
    [
        '[{"text": "War"}]',
        '{"text": "War"}',
        '{"text": "War"}\n{bad',
        '{"n": 1, "docs": [{"text": "War"}], "tags": ["a", "b", "c"]}',
        '{"doc7": {"text": "War"}}',
        '\ufeff [ {"text": "War"}, 5]',
    ],
)
def test_records_are_found_wherever_json_keeps_them(text):
    records = json_records.parse(text.encode(), "a.json").records
    assert [record["text"] for record in records] == ["War"]


def test_json_names_its_records_and_joins_its_lists():
    text = '{"d7": {"authors": ["A", "B"], "meta": {"lang": "en", "deep": {"x": 1}}, "n": null}}'
    (record,) = json_records.parse(text.encode(), "a.json").records
    assert record == {
        "id": "d7",
        "authors": "A; B",
        "meta.lang": "en",
        "meta.deep": '{"x": 1}',
        "n": None,
    }


def test_a_list_of_paragraphs_is_a_text():
    first, second = "War. " * 30, "Peace. " * 30
    (record,) = json_records.parse(f'{{"text": ["{first}", "{second}"]}}'.encode(), "a").records
    assert record["text"] == f"{first}\n\n{second}"


def test_bad_lines_are_counted_with_their_numbers():
    raw = json_records.parse(b'{"text": "War"}\n{bad\n\n5\n{"text": "Peace"}\n', "a.jsonl")
    assert len(raw.records) == 2
    assert raw.n_lost == 2
    assert raw.problems[0] == "1 dropped: not JSON (line 2)"


def test_json_is_known_by_content_but_a_bracket_is_not_enough():
    assert find_reader(b' [{"text": "War"}]', "a.txt") is json_records
    assert find_reader(b"[Updated] War began.", "a.txt") is plain_text


@pytest.fixture
def two_sheets() -> bytes:
    pytest.importorskip("openpyxl")
    news = {
        "id": [1.0, 2.0],
        "text": ["War_x000D_\nbegan.", "NA"],
        "date": pd.Timestamp("2031-03-03"),
    }
    stream = io.BytesIO()
    with pd.ExcelWriter(stream) as book:
        pd.DataFrame({"note": ["ours"]}).to_excel(book, sheet_name="about", index=False)
        pd.DataFrame(news).to_excel(book, sheet_name="news", index=False)
    return stream.getvalue()


def test_the_sheet_with_the_most_text_is_read(two_sheets, tmp_path):
    raw = workbook.parse(two_sheets, "a.xlsx")
    assert raw.notes == ("read sheet 'news', not 'about'",)
    (tmp_path / "a.xlsx").write_bytes(two_sheets)
    articles = read_articles(tmp_path / "a.xlsx").articles
    assert articles["text"].to_dict() == {"1": "War\nbegan.", "2": "NA"}
    assert articles["date"].eq(pd.Timestamp("2031-03-03")).all()


def test_parquet_keeps_a_named_index(tiny, tmp_path):
    pytest.importorskip("pyarrow")
    tiny.to_parquet(tmp_path / "tiny.parquet")
    articles = read_articles(tmp_path / "tiny.parquet").articles
    expected = tiny.assign(source_file="tiny.parquet").astype({"date": "datetime64[us]"})
    pd.testing.assert_frame_equal(articles, expected[articles.columns])


@pytest.mark.parametrize(
    ("name", "outlet"),
    [
        ("herald_2031-03-03_001.txt", "herald"),
        ("daily_beacon_2031-03-03.txt", "daily_beacon"),
        ("herald_2031-13-03_001.txt", None),
        ("000_e44c5af5.txt", None),
        ("2031-03-03_herald.txt", None),
    ],
)
def test_a_file_name_may_tell_outlet_and_date(name, outlet):
    (record,) = plain_text.parse(b"War.", name).records
    assert record.get("outlet") == outlet
    assert ("date" in record) == (outlet is not None)


def test_half_a_character_in_json_does_not_sink_the_batch(tmp_path):
    (tmp_path / "half.json").write_text('[{"title": "War \\ud800", "text": "É 😀"}]', "utf-8")
    articles, report = read_articles(tmp_path / "half.json")
    assert report["parsed"].tolist() == [1]
    assert articles["headline"].tolist() == ["War \ufffd"]
    assert articles["text"].tolist() == ["É 😀"]
