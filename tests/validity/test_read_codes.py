"""Codes come back from sheets, tables and tools; what is wrong with them is listed, not guessed."""

import json
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.export import save_table
from framing.validity.codes import check_codes
from framing.validity.read_codes import PROBLEMS, read_codes
from framing.validity.sheets import KEY, write_sheet

BOOK = pd.DataFrame({"frame": ["war", "peace"], "pattern": ["troops", "talks"]})
TONE = pd.DataFrame({"frame": ["tone", "level"], "values": ["good|bad|so-so", "1|2|3"]})


@pytest.fixture
def sample():
    rows = [(f"a{k}", f"This is text number {k}.") for k in range(6)]
    return pd.DataFrame(rows, columns=["unit", "text"])


@pytest.fixture
def write(tmp_path):
    """Write a file and give its path."""

    def write_file(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, str | bytes):
            content = json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


def fill(path, answers, notes=None):
    """Fill the sheets of a workbook as coders would: {(coder, unit, frame): value}."""
    book = openpyxl.load_workbook(path)
    for sheet in book:
        if sheet.title in ("Instructions", KEY):
            continue
        header = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            if row[0].value is None:
                continue
            for cell, frame in zip(row, header, strict=True):
                key = (sheet.title, row[0].value, frame)
                if key in answers:
                    cell.value = answers[key]
    book.save(path)


def listed(problems, problem):
    return problems[problems["problem"] == problem]


def as_dict(codes):
    keys = zip(codes["unit"], codes["coder"], codes["frame"], strict=True)
    return dict(zip(keys, codes["value"], strict=True))


# --- our sheets -----------------------------------------------------------------------------


def test_a_filled_sheet_comes_back(sample, tmp_path):
    path = write_sheet(sample, BOOK, tmp_path / "s.xlsx", coders=["ann", "ben"], overlap=1.0)
    given_codes = {
        (coder, unit, frame): (k + len(frame) + len(coder)) % 2
        for coder in ("ann", "ben")
        for k, unit in enumerate(sample["unit"])
        for frame in ("war", "peace")
    }
    fill(path, given_codes)
    codes, problems = read_codes(path, sample=sample)
    assert as_dict(codes) == {(u, c, f): v for (c, u, f), v in given_codes.items()}
    assert codes["value"].dtype == "int64"
    assert problems.empty
    assert check_codes(codes) is not None


def test_empty_cells_unsure_and_impossible_answers_are_listed_with_their_cell(sample, tmp_path):
    path = write_sheet(sample.head(2), BOOK, tmp_path / "s.xlsx", coders=["ann"], show=[])
    fill(path, {("ann", "a0", "war"): 7, ("ann", "a0", "peace"): "unsure", ("ann", "a1", "war"): 1})
    codes, problems = read_codes(path)
    (bad,) = listed(problems, "impossible").to_dict("records")
    assert (bad["file"], bad["unit"], bad["frame"], bad["value"]) == ("s.xlsx", "a0", "war", "7")
    assert openpyxl.load_workbook(path)["ann"][bad["row"].removeprefix("ann!")].value == 7
    assert listed(problems, "unsure")["frame"].tolist() == ["peace"]
    assert listed(problems, "missing")[["unit", "frame"]].to_numpy().tolist() == [["a1", "peace"]]
    kept = as_dict(codes)
    assert kept["a1", "ann", "war"] == 1
    assert ("a0", "ann", "war") not in kept
    assert pd.isna(kept["a0", "ann", "peace"]) and pd.isna(kept["a1", "ann", "peace"])


def test_excel_truth_values_and_words_are_read_and_reported(sample, tmp_path):
    path = write_sheet(sample, BOOK, tmp_path / "s.xlsx", coders=["ann"])
    values = [True, False, "ja", "Nein", "Y", 1.0]
    fill(path, {("ann", f"a{k}", "war"): value for k, value in enumerate(values)})
    codes, problems = read_codes(path)
    war = codes[codes["frame"] == "war"].set_index("unit")["value"].sort_index()
    assert war.tolist() == [1, 0, 1, 0, 1, 1]
    spelt = listed(problems, "normalised").set_index("value")["reason"].to_dict()
    assert spelt == {
        "True": "read as 1: 1 ×",
        "False": "read as 0: 1 ×",
        "ja": "read as 1: 1 ×",
        "Nein": "read as 0: 1 ×",
        "Y": "read as 1: 1 ×",
    }


def test_sheets_with_values_of_their_own(sample, tmp_path):
    path = write_sheet(sample, TONE, tmp_path / "s.xlsx", coders=["ann"])
    fill(
        path,
        {("ann", "a0", "tone"): "Good", ("ann", "a1", "tone"): "awful", ("ann", "a0", "level"): 3},
    )
    codes, problems = read_codes(path)
    assert as_dict(codes)["a0", "ann", "tone"] == "good"
    assert as_dict(codes)["a0", "ann", "level"] == 3
    assert listed(problems, "impossible")["value"].tolist() == ["awful"]
    assert "good, bad, so-so" in listed(problems, "impossible")["reason"].item()


def test_deleted_rows_columns_and_sheets_are_noticed(sample, tmp_path):
    path = write_sheet(sample, BOOK, tmp_path / "s.xlsx", coders=["ann", "ben", "eve"], overlap=1.0)
    book = openpyxl.load_workbook(path)
    book["ann"].delete_rows(3, 2)
    book["ben"]["D1"] = "krieg"
    del book["eve"]
    book.save(path)
    _, problems = read_codes(path)
    assert "2 of 6 units of this coder" in str(problems["reason"].tolist())
    assert "no column of this name" in str(problems["reason"].tolist())
    assert "the sheet 'eve' of coder 'eve' is gone" in str(problems["reason"].tolist())


def test_two_files_of_one_coder_that_contradict(sample, tmp_path):
    paths = []
    for k, name in enumerate(["early.xlsx", "late.xlsx"]):
        path = write_sheet(sample.head(3), BOOK, tmp_path / name, coders=["ann"])
        fill(path, {("ann", "a0", "war"): k, ("ann", "a1", "war"): 1})
        paths.append(path)
    codes, problems = read_codes(paths)
    fights = listed(problems, "contradictory")
    assert fights["unit"].tolist() == ["a0", "a0"]
    assert "late.xlsx ann!" in fights["reason"].iloc[0]
    assert ("a0", "ann", "war") not in as_dict(codes)
    assert as_dict(codes)["a1", "ann", "war"] == 1
    assert len(listed(problems, "duplicate")) == 5  # a1 again, and four empty cells again
    assert not codes.duplicated(["unit", "coder", "frame"]).any()


names = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12
)
values = st.sampled_from([1, 0, "unsure", None])


@given(
    units=st.lists(names, min_size=1, max_size=6, unique=True),
    frames=st.lists(names, min_size=1, max_size=3, unique_by=str.casefold),
    coders=st.lists(names, min_size=1, max_size=2, unique=True),
    answers=st.lists(values, min_size=36, max_size=36),
)
@settings(max_examples=15, deadline=None)
def test_whatever_is_filled_in_comes_back(tmp_path_factory, units, frames, coders, answers):
    frames = [f"v_{frame}" for frame in frames]
    sample = pd.DataFrame({"unit": units, "text": "=1+1"})
    path = tmp_path_factory.mktemp("sheet") / "s.xlsx"
    table = pd.DataFrame({"frame": frames})
    write_sheet(sample, table, path, coders=coders, overlap=1.0)
    book = openpyxl.load_workbook(path)
    titles = [title for title in book.sheetnames if title not in ("Instructions", KEY)]
    draws, truth = iter(answers), {}
    for coder, title in zip(coders, titles, strict=True):
        for row in book[title].iter_rows(min_row=2):
            for frame, cell in zip(frames, row[3:], strict=False):
                cell.value = next(draws)
                unit = row[0].value.removeprefix("'")
                truth[unit, coder, frame] = cell.value
    book.save(path)
    known = {key: value for key, value in truth.items() if value in (0, 1)}
    codes, problems = read_codes(path, sample=sample)
    assert as_dict(codes.dropna(subset="value")) == known
    assert len(codes) == len(truth)
    counts = problems["problem"].value_counts()
    assert counts.get("unsure", 0) == sum(value == "unsure" for value in truth.values())
    assert counts.get("missing", 0) == sum(value is None for value in truth.values())


# --- tables ---------------------------------------------------------------------------------


def test_a_long_table(write):
    path = write("c.csv", "unit,coder,frame,value\na1,ann,war,1\na1,ben,war,0\na2,ann,war,1\n")
    codes, problems = read_codes(path)
    assert as_dict(codes) == {
        ("a1", "ann", "war"): 1,
        ("a1", "ben", "war"): 0,
        ("a2", "ann", "war"): 1,
    }
    assert problems.empty


def test_a_wide_table_of_one_coder_from_a_german_excel(write):
    text = "Unit;Text;Krieg;Frieden;Notes\r\na1;„So…“;ja;nein;späte Zweifel\r\na2;x;nein;;\r\n"
    codes, problems = read_codes(write("anna.csv", text.encode("cp1252")))
    assert as_dict(codes)["a1", "anna", "Krieg"] == 1
    assert as_dict(codes)["a1", "anna", "Frieden"] == 0
    assert codes["note"].iloc[0] == "späte Zweifel"
    assert set(problems["problem"]) == {"missing", "normalised", "assumed"}
    assert "columns read as variables: Krieg, Frieden" in problems["reason"].tolist()
    assert "if these columns are coders, add a column 'frame'" in problems["reason"].tolist()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_at_the_beginning_do_not_matter(write, encoding):
    path = write("c.csv", "sep=;\nunit;coder;frame;value\nä1;ann;war;1\n".encode(encoding))
    assert as_dict(read_codes(path).codes) == {("ä1", "ann", "war"): 1}


def test_ids_stay_what_they_are(write):
    path = write("c.csv", "unit,coder,frame,value\n007,ann,war,1\nNA,ann,war,0\n1.50,ann,war,1\n")
    assert read_codes(path).codes["unit"].tolist() == ["007", "NA", "1.50"]


def test_columns_can_be_named(write):
    path = write("c.csv", "Nr,Who,war\n1,ann,1\n2,ben,0\n")
    codes, _ = read_codes(path, columns={"unit": "Nr", "coder": "Who"})
    assert as_dict(codes) == {("1", "ann", "war"): 1, ("2", "ben", "war"): 0}


def test_units_by_article_and_sentence(write):
    path = write("ann.csv", "doc_id,sentence,war\na1,3,1\na1,4,0\n")
    assert read_codes(path).codes["unit"].tolist() == ["a1:3", "a1:4"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".jsonl"])
def test_codes_saved_by_the_kit_come_back(tmp_path, suffix):
    table = pd.DataFrame(
        {"unit": ["=a", "b"], "coder": "ann", "frame": "war", "value": [1, 0], "note": ["-x", None]}
    )
    codes, problems = read_codes(save_table(table, tmp_path / f"codes{suffix}"))
    pd.testing.assert_frame_equal(codes, table.astype({"note": "str"}), check_dtype=False)
    assert problems.empty


def test_a_workbook_with_a_sheet_for_each_coder(tmp_path):
    path = tmp_path / "codes.xlsx"
    with pd.ExcelWriter(path) as book:
        for coder, value in (("ann", True), ("ben", False)):
            table = pd.DataFrame({"unit": [1, 2], "war": [value, 1]})
            table.to_excel(book, sheet_name=coder, index=False)
        pd.DataFrame({"what": ["to do"]}).to_excel(book, sheet_name="readme", index=False)
    codes, problems = read_codes(path)
    assert as_dict(codes)["1", "ann", "war"] == 1
    assert as_dict(codes)["1", "ben", "war"] == 0
    assert set(problems["problem"]) == {"normalised", "assumed"}


def test_numbers_and_names_are_values_too(write):
    text = (
        "unit,coder,frame,value\na,ann,tone,good\nb,ann,tone,bad\na,ann,level,3\nb,ann,level,2.5\n"
    )
    codes, problems = read_codes(write("c.csv", text))
    assert codes["value"].tolist() == ["good", "bad", 3, 2.5]
    assert problems.empty


def test_a_slip_among_numbers_is_impossible(write):
    text = "unit,coder,frame,value\na,ann,war,2\nb,ann,war,O\nc,ann,war,1\n"
    codes, problems = read_codes(write("c.csv", text))
    assert codes["value"].tolist() == [2, 1]
    (bad,) = listed(problems, "impossible").to_dict("records")
    assert (bad["row"], bad["value"]) == ("3", "O")


def test_na_is_no_code_unless_it_is_a_value(write):
    path = write("c.csv", "unit,coder,frame,value\na,ann,land,NA\nb,ann,land,1\n")
    codes, problems = read_codes(path)
    assert codes["value"].isna().tolist() == [True, False]
    assert problems[["problem", "value"]].to_numpy().tolist() == [["missing", "NA"]]
    land = pd.DataFrame({"frame": ["land"], "values": ["NA|EU"]})
    codes, problems = read_codes(path, codebook=land)
    assert codes["value"].tolist() == ["NA"]
    assert problems["problem"].tolist() == ["impossible"]


@pytest.mark.parametrize("mark", [".", "*"])
@pytest.mark.parametrize("values", ["123", "abc"])
def test_a_dot_or_a_star_is_no_code(write, mark, values):
    """Tables of reliability are printed with them, and statistical packages export them."""
    cells = "\n".join(f"u{k},x,{v},{mark}" for k, v in enumerate(values))
    codes, problems = read_codes(write("two.csv", f"unit,frame,ann,ben\n{cells}\n"))
    assert codes["value"].dropna().astype(str).str[0].tolist() == list(values)
    assert listed(problems, "missing")["value"].tolist() == [mark] * 3


def test_rows_that_are_shifted_or_cut_off_are_listed(write):
    """A comma in a text that is not quoted moves all cells after it."""
    wide = write("ann.csv", "unit,text,war,peace\na1,War.,1,0\na2,War, and,1,0\na3,War.,1,0,,\n")
    codes, problems = read_codes(wide)
    assert codes["unit"].unique().tolist() == ["a1", "a3"]
    assert listed(problems, "unreadable")["row"].tolist() == ["3"]
    long = write("long.csv", "unit,coder,frame,value\na1,ann,war,1\na2,ann\n")
    codes, problems = read_codes(long)
    assert codes["unit"].tolist() == ["a1"]
    assert listed(problems, "unreadable")["unit"].tolist() == ["a2"]
    with pytest.raises(ValueError, match="all rows have more cells than the first line"):
        read_codes(write("r.csv", "unit,coder,frame,value\n1,a1,ann,war,1\n"))


def test_two_columns_of_one_field_are_told(write):
    path = write("two.csv", "unit,coder,frame,value,coder\na1,ann,war,1,ben\n")
    _, problems = read_codes(path)
    assert "two columns are called 'coder'" in listed(problems, "assumed")["reason"].item()


def test_a_list_of_labels_of_potato_is_labels(write):
    marks = [{"multi": []}, {"multi": ["war", "peace"]}, {"multi": {"war": "true"}}]
    lines = "\n".join(
        json.dumps({"id": f"a{k}", "label_annotations": m}) for k, m in enumerate(marks)
    )
    codes, problems = read_codes(write("ann.jsonl", lines))
    assert set(codes["frame"]) == {"war", "peace"}
    assert codes["value"].tolist() == [1, 1, 1, 0]
    assert listed(problems, "missing")["unit"].tolist() == ["a0"]


def test_a_code_without_the_name_of_its_unit_is_listed(write):
    marks = '{"text": "a", "cats": {"war": 1}}\n{"id": 3, "text": "b", "cats": {"war": 0}}'
    made = [annotation(1, [("war", "choices", ["yes"])])]
    tasks = [{"data": {"text": "a"}, "annotations": made}]
    tasks.append({"id": 3, "data": {"text": "b"}, "annotations": made})
    for content in (marks, tasks):
        codes, problems = read_codes(write("codes.json", content))
        assert codes["unit"].tolist() == ["3"]
        assert listed(problems, "unreadable")["reason"].str.contains("name of its unit").all()


def test_answers_of_label_studio_on_parts_of_a_text_are_no_codes(write):
    made = annotation(1, [("tone", "choices", ["bad"]), ("war", "choices", ["yes"])])
    made["result"][0]["value"] |= {"start": 3, "end": 9, "text": "is tex"}
    task = {"id": 1, "data": {"text": "This is text.", "unit": "a1"}, "annotations": [made]}
    codes, problems = read_codes(write("export.json", [task]))
    assert codes["frame"].tolist() == ["war"]
    assert "answers on parts of the text" in listed(problems, "unreadable")["reason"].item()


def test_a_choice_of_label_studio_that_is_no_list_is_one_choice(write):
    made = annotation(1, [("war", "choices", "yes")])
    task = {"id": 1, "data": {"unit": "a1"}, "annotations": [made]}
    codes, _ = read_codes(write("export.json", [task]))
    assert codes[["frame", "value"]].to_numpy().tolist() == [["war", 1]]


def test_a_label_of_doccano_that_is_null_is_none(write):
    lines = '{"id": 1, "text": "a", "label": null}\n{"id": 2, "text": "b", "label": ["war"]}'
    _, problems = read_codes(write("ann.jsonl", lines), codebook=BOOK)
    assert listed(problems, "missing")["unit"].tolist() == ["1"]
    assert listed(problems, "unreadable").empty


def test_duplicates_are_kept_once_and_contradictions_not_at_all(write):
    text = (
        "unit,coder,frame,value\n" + "a,ann,war,1\n" * 3 + "b,ann,war,1\nb,ann,war,0\nc,ann,war,0\n"
    )
    codes, problems = read_codes(write("c.csv", text))
    assert as_dict(codes) == {("a", "ann", "war"): 1, ("c", "ann", "war"): 0}
    assert listed(problems, "duplicate")["row"].tolist() == ["3", "4"]
    fights = listed(problems, "contradictory")
    assert fights["row"].tolist() == ["5", "6"]
    assert fights["reason"].iloc[0] == "the same coder also coded: c.csv 6: 0"


def test_yes_and_no_that_stay_words_beside_other_answers_are_told(write):
    answers = ["yes", "no", "no", "yes", "n/a: solved", "no", "yes", "n/a: solved"]
    rows = [f"a{n},ann,war,{answer}" for n, answer in enumerate(answers)]
    path = write("ann.csv", "\n".join(["unit,coder,frame,value", *rows]))
    codes, problems = read_codes(path)
    assert codes["value"].tolist() == answers
    told = problems[problems["problem"] == "assumed"].iloc[0]
    assert told["frame"] == "war"
    assert "2 of 8 answers are neither (n/a: solved)" in told["reason"]
    codes, problems = read_codes(path, codebook=pd.DataFrame({"frame": ["war"]}))
    assert codes["value"].dropna().tolist() == [1, 0, 0, 1, 0, 1]
    assert not (problems["problem"] == "assumed").any()


def test_a_file_of_many_columns_without_units_is_told_in_a_line(write):
    path = write("codes.json", json.dumps({f"article {n}": {"war": 1} for n in range(400)}))
    with pytest.raises(ValueError, match="no column that names the unit") as error:
        read_codes(path)
    assert "article 19, …" in str(error.value)
    assert len(str(error.value)) < 500


def test_a_column_that_names_no_units_does_not_fill_the_memory(write):
    lines = "\n".join(f"a1,ann,war,{k % 2}" for k in range(3000))
    codes, problems = read_codes(write("a.csv", f"unit,coder,frame,value\n{lines}\nb,ann,war,1\n"))
    assert codes["unit"].tolist() == ["b"]
    told = listed(problems, "contradictory")["reason"]
    assert len(told) == 3000 and told.str.len().max() < 100
    assert (
        told.iloc[1]
        == "the same coder also coded: a.csv 2: 0; a.csv 4: 0; a.csv 5: 1; and 2,996 more"
    )


def test_unsure_against_one_is_a_contradiction(write):
    codes, problems = read_codes(
        write("c.csv", "unit,coder,frame,value\nb,ann,war,1\nb,ann,war,?\na,ann,war,0\n")
    )
    assert codes["unit"].tolist() == ["a"]
    assert len(listed(problems, "contradictory")) == 2


def test_an_empty_cell_beside_a_code_gives_way(write):
    codes, problems = read_codes(
        write("c.csv", "unit,coder,frame,value\nb,ann,war,\nb,ann,war,1\n")
    )
    assert codes["value"].tolist() == [1]
    assert problems["problem"].tolist() == ["duplicate"]


def test_frames_left_out_for_one_unit_are_missing(write):
    text = "unit,coder,frame,value\na,ann,war,1\na,ann,peace,0\nb,ann,war,0\nc,ben,war,1\n"
    _, problems = read_codes(write("c.csv", text))
    assert problems[["problem", "unit", "coder", "frame"]].to_numpy().tolist() == [
        ["missing", "b", "ann", "peace"]
    ]


def test_the_sample_tells_strangers_and_the_uncoded(write, sample):
    text = "unit,coder,frame,value\na0,ann,war,1\nzz,ann,war,1\na1,ann,war,\n"
    codes, problems = read_codes(write("c.csv", text), sample=sample)
    assert codes["unit"].tolist() == ["a0", "a1"]
    assert listed(problems, "unknown unit")["unit"].tolist() == ["zz"]
    assert listed(problems, "not coded")["unit"].tolist() == ["a1", "a2", "a3", "a4", "a5"]


def test_the_codebook_tells_unknown_frames_and_impossible_values(write):
    text = "unit,coder,frame,value\na,ann,war,1\na,ann,wra,1\nb,ann,war,2\n"
    codes, problems = read_codes(write("c.csv", text), codebook=BOOK)
    assert as_dict(codes) == {("a", "ann", "war"): 1}
    assert listed(problems, "unknown frame")["value"].tolist() == ["1"]
    assert listed(problems, "impossible")["unit"].tolist() == ["b"]


def test_rows_without_a_unit_are_listed(write):
    codes, problems = read_codes(write("ann.csv", "unit,war\na,1\n,1\n,\n"))
    assert len(codes) == 1
    assert listed(problems, "unreadable")["row"].tolist() == ["3"]


def test_a_column_for_each_coder(write):
    text = "unit,frame,ann,ben\na,war,1,0\na,peace,yes,\n"
    codes, problems = read_codes(write("c.csv", text), codebook=BOOK)
    assert as_dict(codes)["a", "ann", "war"] == 1
    assert as_dict(codes)["a", "ben", "war"] == 0
    assert as_dict(codes)["a", "ann", "peace"] == 1
    assert "read as coders: ann, ben" in listed(problems, "assumed")["reason"].iloc[0]


def test_a_long_table_whose_values_have_another_name(write):
    with pytest.raises(ValueError, match="no column that holds the value"):
        read_codes(write("c.csv", "unit,coder,frame,judgement\na,ann,war,1\n"))


def test_a_slip_in_a_column_of_yes_and_no_is_impossible_and_the_rest_is_kept(write):
    given = ["yes", "no", "1", "0", "x", "True", "False)", "maybe so", ""]
    text = "unit,coder,war\n" + "".join(f"a{k},ann,{value}\n" for k, value in enumerate(given))
    codes, problems = read_codes(write("c.csv", text))
    assert codes["value"].dropna().tolist() == [1, 0, 1, 0, 1, 1]
    assert listed(problems, "impossible")["value"].tolist() == ["False)", "maybe so"]
    assert listed(problems, "impossible")["reason"].str.contains("the other answers say").all()
    names = "unit,coder,view\n" + "a,ann,no\nb,ann,war\nc,ann,peace\n"
    assert read_codes(write("d.csv", names)).codes["value"].tolist() == ["no", "war", "peace"]


def test_columns_without_a_name_and_columns_of_one_name(write):
    text = ",unit,coder,war,war\n0,a,ann,1,0\n1,b,ann,1,1\n"
    codes, problems = read_codes(write("c.csv", text))
    assert codes["frame"].unique().tolist() == ["war", "war.4"]
    reasons = listed(problems, "assumed")["reason"].str.cat(sep="; ")
    assert "a column without a name (column 1): left out" in reasons
    assert "two columns are called 'war': the later one is 'war.4'" in reasons


def test_coders_that_may_be_one_are_listed(write):
    text = "unit,coder,frame,value\na,Ann,war,1\na,ann,war,0\n"
    codes, problems = read_codes(write("c.csv", text))
    assert len(codes) == 2
    assert "2 of 2 names of coders" in listed(problems, "assumed")["reason"].iloc[0]


def test_a_table_without_rows_says_so(write):
    with pytest.raises(ValueError, match="a table without rows"):
        read_codes(write("c.csv", "unit,coder,frame,value\n"))


def test_times_are_kept(write):
    text = "unit,coder,frame,value,coded_at\na,ann,war,1,2031-03-05T12:00:00+02:00\n"
    when = read_codes(write("c.csv", text)).codes["coded_at"]
    assert when.tolist() == [pd.Timestamp("2031-03-05 10:00")]
    assert when.dtype == "datetime64[us]"


# --- tools ----------------------------------------------------------------------------------


def doccano(*records):
    return "\n".join(json.dumps(record) for record in records) + "\n"


def test_doccano_with_a_file_for_each_annotator(tmp_path):
    records = [
        {"id": 1, "text": "War.", "unit": "a1", "label": ["war", "peace"]},
        {"id": 2, "text": "Talks.", "unit": "a2", "label": ["peace"], "Comments": ["hm"]},
        {"id": 3, "text": "Rain.", "unit": "a3", "label": []},
    ]
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("ann.jsonl", doccano(*records))
        archive.writestr("ben.jsonl", doccano(*records[:2]))
    codes, problems = read_codes(tmp_path / "export.zip")
    assert as_dict(codes)["a2", "ann", "war"] == 0
    assert as_dict(codes)["a2", "ben", "peace"] == 1
    assert codes.loc[codes["unit"] == "a2", "note"].eq("hm").all()
    silent = listed(problems, "missing")
    assert silent[["unit", "coder"]].to_numpy().tolist() == [["a3", "ann"]]
    assert "unlabelled='absent'" in silent["reason"].item()
    spoken, problems = read_codes(tmp_path / "export.zip", unlabelled="absent")
    assert as_dict(spoken)["a3", "ann", "war"] == 0
    assert problems.empty


def test_doccano_of_old(write):
    made = [{"label": 2, "user": 1}, {"label": 3, "user": 1}, {"label": 2, "user": 7}]
    record = {"id": 1, "text": "War.", "meta": {"unit": "a1"}, "annotations": made}
    codes, _ = read_codes(write("x.jsonl", doccano(record)))
    assert as_dict(codes) == {
        ("a1", "1", "2"): 1,
        ("a1", "1", "3"): 1,
        ("a1", "7", "2"): 1,
        ("a1", "7", "3"): 0,
    }


def test_one_label_each_may_be_names_or_frames(write):
    path = write(
        "ann.jsonl",
        doccano(
            {"id": 1, "text": "War.", "unit": "a1", "label": ["war"]},
            {"id": 2, "text": "Talks.", "unit": "a2", "label": ["peace"]},
        ),
    )
    codes, problems = read_codes(path)
    assert codes["frame"].tolist() == ["label", "label"]
    assert codes["value"].tolist() == ["war", "peace"]
    assert listed(problems, "assumed")["frame"].tolist() == ["label"]
    known, problems = read_codes(path, codebook=BOOK)
    assert as_dict(known)["a1", "ann", "war"] == 1
    assert as_dict(known)["a1", "ann", "peace"] == 0
    assert problems.empty


def test_spans_are_no_codes(write):
    path = write(
        "ann.jsonl",
        doccano(
            {"id": 1, "text": "War.", "label": [[0, 3, "war"]]},
            {"id": 2, "text": "Talks.", "label": ["peace"]},
        ),
    )
    codes, problems = read_codes(path)
    assert codes["unit"].tolist() == ["2"]
    assert "labels of parts of the text" in listed(problems, "unreadable")["reason"].item()


def test_units_are_found_by_their_text(write, sample):
    path = write(
        "ann.jsonl", doccano({"id": 31, "text": "This is  text number 4.", "label": ["war"]})
    )
    assert read_codes(path, sample=sample).codes["unit"].tolist() == ["a4"]


def annotation(coder, results, **more):
    listed_results = [
        {
            "from_name": name,
            "to_name": "text",
            "type": kind,
            "value": {"text" if kind == "textarea" else kind: value},
        }
        for name, kind, value in results
    ]
    return {"completed_by": coder, "result": listed_results, "was_cancelled": False, **more}


def test_label_studio(write):
    tasks = [
        {
            "id": 11,
            "data": {"unit": "a1", "text": "War."},
            "annotations": [
                annotation(1, [("frames", "choices", ["war", "peace"]), ("level", "rating", 3)]),
                annotation(
                    {"id": 2, "email": "ben@x.org"},
                    [("frames", "choices", ["war"]), ("why", "textarea", ["clear"])],
                    updated_at="2031-03-05T10:00:00.5Z",
                ),
            ],
            "predictions": [{"result": []}],
        },
        {
            "id": 12,
            "data": {"doc_id": "a2", "paragraph": 3},
            "annotations": [
                annotation(1, [], was_cancelled=True),
                annotation(3, [("box", "labels", ["x"]), ("level", "rating", 1)]),
            ],
        },
    ]
    codes, problems = read_codes(write("export.json", tasks))
    found = as_dict(codes.dropna(subset="value"))
    assert found == {
        ("a1", "1", "war"): 1,
        ("a1", "1", "peace"): 1,
        ("a1", "1", "level"): 3,
        ("a1", "ben@x.org", "war"): 1,
        ("a1", "ben@x.org", "peace"): 0,
        ("a2:3", "3", "level"): 1,
    }
    assert codes.loc[codes["coder"] == "ben@x.org", "note"].eq("clear").all()
    assert codes["coded_at"].notna().sum() == 3
    assert listed(problems, "cancelled")["coder"].tolist() == ["1"]
    assert "type 'labels'" in listed(problems, "unreadable")["reason"].item()
    assert ("a2:3", "3") in set(zip(problems["unit"], problems["coder"], strict=True))


def test_label_studio_with_a_question_for_each_frame(write):
    tasks = [
        {
            "id": 1,
            "data": {"unit": "a1"},
            "annotations": [
                annotation(1, [("war", "choices", ["Yes"]), ("peace", "choices", ["No"])]),
                annotation(2, [("war", "choices", ["Yes"])]),
            ],
        },
    ]
    codes, problems = read_codes(write("export.json", tasks))
    assert as_dict(codes.dropna(subset="value")) == {
        ("a1", "1", "war"): 1,
        ("a1", "1", "peace"): 0,
        ("a1", "2", "war"): 1,
    }
    assert listed(problems, "missing")["frame"].tolist() == ["peace"]


def potato(unit, labels):
    return {"id": unit, "displayed_text": "…", "label_annotations": labels, "span_annotations": {}}


LABEL_STUDIO_ROWS = [
    {"frames": {"choices": ["war", "peace"]}, "tone": {"rating": 3}, "said": {"text": ["late"]}},
    {"frames": "war", "tone": 2, "spans": [{"start": 0, "end": 3, "labels": ["X"]}]},
    {"tone": 1},
]


@pytest.mark.parametrize("kind", ["json", "csv", "tsv"])
def test_label_studio_of_rows(write, tmp_path, kind):
    rows = [
        {"id": k, "unit": f"a{k}", "text": "T.", **row, "annotator": 7, "annotation_id": 50 + k}
        for k, row in enumerate(LABEL_STUDIO_ROWS)
    ]
    rows = [{**row, "lead_time": 2.5, "updated_at": "2031-03-05T12:00:00Z"} for row in rows]
    path = write("export.json", rows)
    if kind != "json":
        table = pd.DataFrame(rows).map(lambda v: json.dumps(v) if isinstance(v, dict | list) else v)
        path = tmp_path / f"export.{kind}"
        table.to_csv(path, index=False, sep="," if kind == "csv" else "\t")
    codes, problems = read_codes(path)
    found = as_dict(codes)
    assert [found["a0", "7", name] for name in ("war", "peace", "tone")] == [1, 1, 3]
    assert [found["a1", "7", name] for name in ("war", "peace", "tone")] == [1, 0, 2]
    assert ("a2", "7", "war") not in found
    assert found["a2", "7", "tone"] == 1
    assert codes.loc[codes["unit"].eq("a0"), "note"].eq("late").all()
    assert codes["coded_at"].notna().all()
    assert set(listed(problems, "missing")["unit"]) == {"a2"}
    assert (
        "results of type 'labels' are no codes (1)"
        in listed(problems, "unreadable")["reason"].tolist()
    )


def test_label_studio_of_rows_with_a_codebook(write):
    row = {"annotator": "ann@x", "annotation_id": 1, "length": 120, "frames": "war", "unit": "a"}
    codes, problems = read_codes(write("export.json", [row]), codebook=BOOK)
    assert as_dict(codes) == {("a", "ann@x", "war"): 1, ("a", "ann@x", "peace"): 0}
    assert set(problems["problem"]) == {"assumed"}


def test_marks_of_every_label_are_codes(write):
    text = doccano({"id": 1, "text": "T.", "unit": "a", "cats": {"war": 1, "peace": 0}})
    codes, problems = read_codes(write("ann.jsonl", text))
    assert as_dict(codes) == {("a", "ann", "war"): 1, ("a", "ann", "peace"): 0}
    assert problems.empty


def test_lists_are_never_values(write):
    records = [
        {"unit": "a", "coder": "ann", "war": [1, 0]},
        {"unit": "b", "coder": "ann", "war": 1},
    ]
    codes, problems = read_codes(write("c.json", records))
    assert as_dict(codes) == {("b", "ann", "war"): 1}
    assert listed(problems, "impossible")["reason"].tolist() == ["a list of values, and not one"]


def test_potato_writes_a_scale_as_its_name_and_number(write):
    record = {"id": "a", "label_annotations": {"tone": {"scale_3": "3"}}}
    codes, _ = read_codes(write("ann.jsonl", json.dumps(record)))
    assert codes["value"].tolist() == [3]


def test_potato(write, tmp_path):
    write(
        "out/ann@x.org/annotated_instances.jsonl",
        doccano(
            potato("a1", {"frames": {"war": "true", "peace": "true"}, "level": {"3": "3"}}),
            potato(
                "a2", {"frames": {"peace": "true"}, "level": {"1": "1"}, "why": {"text_box": "so"}}
            ),
        ),
    )
    write("out/ann@x.org/assigned_user_data.json", {"a1": 1})
    codes, problems = read_codes(tmp_path / "out")
    assert as_dict(codes) == {
        ("a1", "ann@x.org", "war"): 1,
        ("a1", "ann@x.org", "peace"): 1,
        ("a1", "ann@x.org", "level"): 3,
        ("a2", "ann@x.org", "war"): 0,
        ("a2", "ann@x.org", "peace"): 1,
        ("a2", "ann@x.org", "level"): 1,
    }
    assert codes.loc[codes["unit"] == "a2", "note"].eq("so").all()
    assert listed(problems, "unreadable")["file"].tolist() == ["ann@x.org/assigned_user_data.json"]


def test_potato_tells_the_coder_by_the_folder_of_a_single_file(write):
    line = doccano(potato("a1", {"war": {"yes": "true"}}))
    path = write("out/ben/annotated_instances.jsonl", line)
    assert as_dict(read_codes(path).codes) == {("a1", "ben", "war"): 1}


@pytest.mark.parametrize(
    "labels",
    [
        {"war": {"yes": "true"}, "tone": {"select-one": "good"}},
        {"war": {"labels": {"yes": True, "no": False}}, "tone": {"select-one": "good"}},
        [
            [{"schema": "war", "name": "yes"}, True],
            [{"schema": "tone", "name": "select-one"}, "good"],
        ],
    ],
)
def test_potato_of_today(write, labels):
    state = {"user_id": "ann", "instance_id_to_label_to_value": {"a1": labels}}
    codes, _ = read_codes(write("user_state.json", state))
    assert as_dict(codes) == {("a1", "ann", "war"): 1, ("a1", "ann", "tone"): "good"}


def test_potato_that_kept_an_answer_taken_back_contradicts_itself(write):
    labels = {"a1": {"war": {"yes": "true", "no": "true"}}, "a2": {"war": {"no": "true"}}}
    state = {"user_id": "ann", "instance_id_to_label_to_value": labels}
    codes, problems = read_codes(write("user_state.json", state))
    assert as_dict(codes) == {("a2", "ann", "war"): 0}
    assert len(listed(problems, "contradictory")) == 2


# --- the door -------------------------------------------------------------------------------


def test_a_broken_file_does_not_lose_the_others(write, tmp_path):
    write("a.csv", "unit,coder,frame,value\na,ann,war,1\n")
    write("b.xlsx", b"PK\x03\x04 broken")
    write("c.csv", b"\x00\x01\x02\x03" * 50)
    write("d.json", "[1, 2, 3]")
    write("e.csv", "colour,size\nred,1\n")
    codes, problems = read_codes(tmp_path)
    assert len(codes) == 1
    assert listed(problems, "unreadable")["file"].tolist() == ["b.xlsx", "c.csv", "d.json", "e.csv"]
    assert "columns={'unit': …}" in problems["reason"].iloc[3]


@pytest.mark.parametrize("kind, advice", [("xls", "as .xlsx"), ("ods", "as .xlsx"), ("sav", "CSV")])
def test_other_spreadsheets_are_told_how_to_be_saved(write, tmp_path, kind, advice):
    heads = {"xls": b"\xd0\xcf\x11\xe0\xa1\xb1", "sav": b"$FL2@(#) SPSS"}
    path = write(f"ann.{kind}", heads.get(kind, b"") + bytes(600))
    if kind == "ods":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", "<x/>")
    with pytest.raises(ValueError, match=rf"ann\.{kind}: .*\.{kind}\): save .* {advice}"):
        read_codes(path)


def test_no_codes_at_all_is_an_error(write):
    with pytest.raises(ValueError, match=r"No codes were found:\n- e\.csv: no column that names"):
        read_codes(write("e.csv", "colour,size\nred,1\n"))


def test_options_are_checked(write):
    path = write("c.csv", "unit,coder,frame,value\na,ann,war,1\n")
    with pytest.raises(ValueError, match="format='xml'"):
        read_codes(path, format="xml")
    with pytest.raises(ValueError, match="unlabelled='zero'"):
        read_codes(path, unlabelled="zero")
    with pytest.raises(ValueError, match="no field who"):
        read_codes(path, columns={"who": "coder"})
    with pytest.raises(FileNotFoundError):
        read_codes(path.with_name("nowhere.csv"))


def test_a_format_can_be_forced(write):
    record = {"id": 1, "text": "x", "unit": "a1", "label": ["war"], "coder": "ann", "war": 1}
    path = write("x.json", [record])
    assert read_codes(path).codes["value"].tolist() == ["war"]
    assert as_dict(read_codes(path, format="table", codebook=BOOK).codes) == {
        ("a1", "ann", "war"): 1
    }


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=40, deadline=None)
def test_any_bytes_are_read_or_listed(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("any")
    (folder / "good.csv").write_text("unit,coder,frame,value\na,ann,war,1\n")
    (folder / "what.csv").write_bytes(data)
    codes, problems = read_codes(folder)
    assert ("a", "ann", "war") in as_dict(codes)
    assert set(problems["problem"]) <= set(PROBLEMS)


def ticked(unit, *lists, coder=1):
    """A task of Label Studio with one annotation: the labels ticked in each list."""
    result = [
        {"from_name": f"list {k}", "type": "choices", "value": {"choices": labels}}
        for k, labels in enumerate(lists)
        if labels is not None
    ]
    made = [{"completed_by": coder, "result": result}]
    return {"data": {"unit": unit}, "annotations": made}


def wide(codes):
    return codes.pivot(index="unit", columns="frame", values="value")


FOUR = pd.DataFrame({"frame": ["war", "peace", "money", "faith"], "pattern": list("abcd")})


def test_frames_divided_into_lists_are_one_annotation(write):
    tasks = [
        ticked("a1", ["war", "peace"], ["money"]),
        ticked("a2", ["war"], ["faith"]),
        ticked("a3", ["peace"], None),
    ]
    codes, problems = read_codes(write("export.json", tasks), codebook=FOUR)
    assert listed(problems, "contradictory").empty
    table = wide(codes)[FOUR["frame"]]
    assert table.loc["a1"].tolist() == [1, 1, 1, 0]
    assert table.loc["a2"].tolist() == [1, 0, 0, 1]
    assert table.loc["a3", ["war", "peace"]].tolist() == [0, 1]
    assert table.loc["a3", ["money", "faith"]].isna().all()  # the list was left blank
    lost = listed(problems, "missing")
    assert lost[["unit", "frame"]].to_numpy().tolist() == [["a3", "money"], ["a3", "faith"]]


def test_a_frame_in_two_lists_is_there_if_ticked_in_either(write):
    tasks = [ticked("a1", ["war"], ["money"]), ticked("a2", ["money"], ["war"])]
    tasks.append(ticked("a3", ["war"], ["faith"]))
    codes, problems = read_codes(write("export.json", tasks), codebook=FOUR)
    assert wide(codes)[["war", "money", "faith"]].to_numpy().tolist() == [
        [1, 1, 0],
        [1, 1, 0],
        [1, 0, 1],
    ]
    assert listed(problems, "contradictory").empty


def test_two_annotations_of_one_coder_still_contradict(write):
    task = ticked("a1", ["war"])
    task["annotations"] += ticked("a1", ["peace"])["annotations"]
    codes, problems = read_codes(write("export.json", [task, ticked("a2", ["war"])]), codebook=FOUR)
    assert codes.loc[codes["unit"] == "a1", "frame"].tolist() == ["money", "faith"]
    assert listed(problems, "contradictory")["frame"].tolist() == ["war", "peace", "war", "peace"]


def test_capitals_of_frames_are_read_as_the_codebook_has_them(write):
    lines = '{"id": 1, "text": "t", "label": ["war", "Peace"]}\n'
    codes, problems = read_codes(write("ann.jsonl", lines), codebook=BOOK)
    assert codes[["frame", "value"]].to_numpy().tolist() == [["war", 1], ["peace", 1]]
    said = listed(problems, "normalised")[["frame", "reason"]].to_numpy().tolist()
    assert said == [["Peace", "read as 'peace', as in the codebook"]]
    for name, text in (
        ("wide.csv", "unit,coder,War\na1,ann,1\n"),
        ("long.csv", "unit,coder,frame,value\na1,ann,WAR,1\n"),
    ):
        codes, _ = read_codes(write(name, text), codebook=BOOK)
        assert codes[["frame", "value"]].to_numpy().tolist() == [["war", 1]]


@pytest.mark.parametrize(
    "text",
    [
        "unit,coder,war\na1,ann,1\na2,,0\na3,ben,1\n",
        "unit,coder,frame,value\na1,ann,war,1\na2,,war,0\na3,ben,war,1\n",
    ],
)
def test_a_row_without_a_coder_is_listed_and_not_given_to_one(write, text):
    codes, problems = read_codes(write("codes.csv", text))
    assert codes["coder"].tolist() == ["ann", "ben"]
    told = listed(problems, "unreadable")[["row", "unit", "reason"]].to_numpy().tolist()
    assert told == [["3", "a2", "a row with codes and no coder"]]


def test_files_of_one_name_are_told_apart_by_their_folders(write, tmp_path):
    paths = [
        write("fold/ann/codes.csv", "unit,war\na1,1\na2,0\n"),
        write("fold/ben/codes.csv", "unit,war\na1,1\na2,1\n"),
    ]
    for path in (tmp_path / "fold", paths):
        codes, problems = read_codes(path)
        assert codes["coder"].tolist() == ["ann", "ann", "ben", "ben"]
        assert codes["value"].tolist() == [1, 0, 1, 1]
        assert listed(problems, "duplicate").empty
    deeper = tmp_path / "deeper"
    write("deeper/x/ann/codes.csv", "unit,war\na1,1\n")
    write("deeper/y/ann/codes.csv", "unit,war\na1,0\n")
    assert read_codes(deeper).codes["coder"].tolist() == ["x/ann/codes", "y/ann/codes"]


def test_no_column_of_codes_is_lost_without_a_word(write):
    text = "unit,coder,war,Rain,source,title\na1,ann,1,1,1,A walk\n"
    _, problems = read_codes(write("codes.csv", text), codebook=BOOK)
    assert listed(problems, "unknown frame")["frame"].tolist() == ["Rain"]
    codes, problems = read_codes(write("codes.csv", text))
    assert codes["frame"].tolist() == ["war", "Rain"]
    (said,) = [reason for reason in problems["reason"] if "background" in reason]
    assert "by their names: source." in said


def test_a_column_called_value_is_a_variable_where_no_column_names_the_frame(write):
    codes, _ = read_codes(write("codes.csv", "unit,coder,value\na1,ann,1\na1,ben,0\n"))
    assert codes[["frame", "value"]].to_numpy().tolist() == [["value", 1], ["value", 0]]
    codes, _ = read_codes(write("codes.csv", "unit,coder,war,score\na1,ann,1,7\n"))
    assert codes["frame"].tolist() == ["war", "score"]


def test_why_there_are_no_codes_is_said(write):
    text = "unit,coder,label\na1,ann,war\n"
    with pytest.raises(ValueError, match=r"codes\.csv: a column that is no frame: left out"):
        read_codes(write("codes.csv", text), codebook=BOOK)
    task = ticked("a1", ["war"]) | {"annotations": []}
    with pytest.raises(ValueError, match="tasks without an annotation: 1 of 1"):
        read_codes(write("export.json", [task]))
    with pytest.raises(ValueError, match="no column, label or answer that is a code"):
        read_codes(write("ids.csv", "unit,coder\na1,ann\n"))


def test_times_are_read_in_the_order_that_the_file_proves(write):
    text = "unit,coder,war,coded_at\na1,ann,1,{}\na2,ann,0,{}\n"
    times = [
        (("03.02.2030 10:00", "13.02.2030 10:00"), ["2030-02-03 10:00", "2030-02-13 10:00"]),
        (("3/2/2030 10:00", "3/14/2030 10:00"), ["2030-03-02 10:00", "2030-03-14 10:00"]),
        (("1892700000", "1892700000500"), ["2029-12-23 06:00", "2029-12-23 06:00:00.5"]),
        (("2030-02-03T10:00:00+02:00", ""), ["2030-02-03 08:00", pd.NaT]),
    ]
    for written, read in times:
        codes, _ = read_codes(write("codes.csv", text.format(*written)))
        assert codes["coded_at"].tolist() == [pd.Timestamp(time) for time in read]
    codes, problems = read_codes(write("codes.csv", text.format("yesterday", "3/2/2030")))
    assert "coded_at" not in codes and len(codes) == 2
    (said,) = listed(problems, "assumed")["reason"].tail(1)
    assert said == "2 times of coding left out, e.g. 'yesterday'"


def test_zero_is_an_answer_to_a_slider(write):
    lines = [
        {"id": f"a{k}", "label_annotations": {"how much": {"slider": k}, "frames": {"war": 1 - k}}}
        for k in (0, 1)
    ]
    path = write("ann/annotated_instances.jsonl", "\n".join(map(json.dumps, lines)))
    codes, problems = read_codes(path)
    assert codes.loc[codes["frame"] == "how much", "value"].tolist() == [0, 1]
    assert len(listed(problems, "missing")) == 1  # nothing ticked in a1


def test_odd_records_do_not_lose_the_file(write):
    task = ticked("a1", ["war"])
    task["annotations"] += [None, {"completed_by": 2, "result": [None, {"value": {}}]}]
    task["annotations"].append(
        {
            "completed_by": 3,
            "result": [{"from_name": "list 0", "type": "choices", "value": {"choices": None}}],
        }
    )
    codes, problems = read_codes(write("export.json", [task]), codebook=BOOK)
    assert codes[["coder", "frame", "value"]].to_numpy().tolist() == [
        ["1", "war", 1],
        ["1", "peace", 0],
    ]
    assert "an annotation without content" in set(listed(problems, "unreadable")["reason"])
    text = "\n\nunit,coder,text,war\na1,ann," + "x" * 200_000 + ",1\n"
    assert read_codes(write("codes.csv", text)).codes["value"].tolist() == [1]


def test_letters_that_would_all_mean_yes_are_names(write):
    codes, _ = read_codes(write("codes.csv", "unit,coder,side\na1,ann,x\na2,ann,y\n"))
    assert codes["value"].tolist() == ["x", "y"]
    codes, _ = read_codes(write("codes.csv", "unit,coder,war\na1,ann,x\na2,ann,\n"))
    assert codes["value"].tolist()[0] == 1
