"""Coding sheets: a workbook with instructions, a sheet for every coder, and drop-down lists."""

import io
import math
import re
import textwrap
import zipfile
import zlib
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from framing.corpus.export import LONGEST_CELL, NOT_IN_XLSX, defused_name, is_formula, write_whole
from framing.corpus.fields import as_text
from framing.corpus.listing import listed
from framing.validity.variables import Variable, as_variables

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

INSTRUCTIONS, KEY = "Instructions", "framing_key"
UNIT, NUMBER, TEXT, NOTE = "unit", "no.", "text", "note"
KEY_TITLE, VERSION = "framing coding sheet", 1
LONGEST_TITLE = 31
BAD_IN_TITLE = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
BAD_IN_UNIT = re.compile(f"{NOT_IN_XLSX.pattern}|[\\t\\r\\n]")
SHOWN_WIDTH, TEXT_WIDTH, CODE_WIDTH, NOTE_WIDTH = 24, 90, 14, 30
TEXT_LETTERS = 98  # of Calibri on a line of that width
WIDE = re.compile("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60]")
GUIDE_WIDTHS = (24, 48, 56, 48, 20)
LINE_HEIGHT = 15.0  # points, of Calibri 11
LINES_A_ROW = 22  # a row is at most 409 points high, and sheets scroll by rows
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
LONGEST_PROMPT = 250
PAPER, INK, INPUT, LINE = "FFFFFF", "1F2A37", "FFF8E1", "C9CED6"
HEAD = (
    "Read each text to its end, then answer every column to its right from the drop-down list.",
    "Leave no cell empty: where the text does not let you decide, choose “unsure” and say why in "
    "the note.",
    "Judge the text, not the event, and not what you know from elsewhere. Use the definitions "
    "below, not your own.",
    "Code alone, in the order of the sheet, and do not speak with other coders about texts before "
    "all of you are done.",
    "Do not rename sheets or columns. You can stop and go on at any time: save the file.",
)


class _Look(NamedTuple):
    """How cells of one kind look, and whether they can be changed."""

    name: str
    size: int = 11
    bold: bool = False
    ink: str = INK
    fill: str = ""
    center: bool = False
    top: bool = True
    boxed: bool = True
    locked: bool = True


LOOKS = (
    _Look("coding title", size=16, bold=True, top=False, boxed=False),
    _Look("coding rule", size=12, top=False, boxed=False),
    _Look("coding head", bold=True, ink=PAPER, fill=INK, center=True, top=False),
    _Look("coding text"),
    _Look("coding number", center=True),
    _Look("coding answer", size=12, bold=True, fill=INPUT, center=True, top=False, locked=False),
    _Look("coding note", fill=INPUT, locked=False),
)


class _Page(NamedTuple):
    """Where things stand in a coder's sheet."""

    variables: list[Variable]
    shown: list[str]

    @property
    def header(self) -> list[str]:
        return [UNIT, NUMBER, *self.shown, TEXT, *(v.name for v in self.variables), NOTE]

    @property
    def text_column(self) -> int:
        return 3 + len(self.shown)

    def code_columns(self) -> Iterator[tuple[int, Variable]]:
        return iter(enumerate(self.variables, start=self.text_column + 1))


# --- who codes what -------------------------------------------------------------------------


def assign_units(
    sample: pd.DataFrame,
    coders: int | Sequence[str] = 2,
    *,
    overlap: float | int = 0.25,
    random_state: int = 0,
) -> pd.DataFrame:
    """Share out a sample among coders; some units go to all of them, to measure agreement.

    Parameters
    ----------
    sample : DataFrame
        One row a unit, with the column `unit`, as from `sample_for_coding`.
    coders : int or list of str
        How many ("coder_1", "coder_2", …), or their names.
    overlap : float or int
        Units that all coders get: a share (0.25, 1.0) or a number (50). The others are dealt out
        evenly. `plan_sample(…, of="agreement")` says how many are needed.
    random_state : int
        Seed of who gets what, and of the order, which differs from coder to coder.

    Returns
    -------
    DataFrame
        One row a coder and unit, in the order of coding: `coder`, `position` (from 1), and the
        columns of the sample.

    Raises
    ------
    ValueError
        If units repeat, coders have no or the same name, a coder would get no unit, or the overlap
        is not possible.

    Examples
    --------
    >>> sample = pd.DataFrame({"unit": ["a", "b", "c", "d"]})
    >>> assign_units(sample, ["ann", "ben"], overlap=2).groupby("coder").size().to_dict()
    {'ann': 3, 'ben': 3}
    """
    names = _coder_names(coders)
    units = _unit_column(sample)
    n_shared = _n_shared(overlap, len(units))
    if not n_shared and len(units) < len(names):
        raise ValueError(
            f"There are {len(names)} coders and {len(units)} units: "
            f"{len(names) - len(units)} would get none. Draw more, or share some: overlap=…"
        )
    lot = np.random.default_rng(random_state).permutation(len(units))
    shuffled = np.array(sorted(units), dtype=object)[lot]
    shared, rest = shuffled[:n_shared], shuffled[n_shared:]
    known = sample.assign(unit=units).set_index("unit", drop=False)
    parts = []
    for place, coder in enumerate(names):
        mine = _in_own_order([*shared, *rest[place :: len(names)]], coder, random_state)
        part = known.loc[mine].reset_index(drop=True)
        part.insert(0, "coder", coder)
        part.insert(1, "position", np.arange(1, len(part) + 1))
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _in_own_order(units: list[str], coder: str, random_state: int) -> list[str]:
    seed = [abs(int(random_state)), zlib.crc32(coder.encode("utf-8"))]
    order = np.random.default_rng(seed).permutation(len(units))
    ordered = sorted(units)
    return [ordered[k] for k in order]


def _coder_names(coders: int | Iterable[str]) -> list[str]:
    if isinstance(coders, str):
        raise TypeError(f"coders={coders!r}: give a list of names or a number.")
    if isinstance(coders, int | np.integer):
        coders = [f"coder_{k}" for k in range(1, int(coders) + 1)]
    names = [str(name).strip() for name in coders]
    if not names or not all(names):
        raise ValueError("There must be at least one coder, and each needs a name.")
    repeated = [name for name, n in Counter(names).items() if n > 1]
    if repeated:
        raise ValueError(f"Two coders are called {repeated[0]!r}.")
    return names


def _unit_column(sample: pd.DataFrame) -> pd.Series:
    if not isinstance(sample, pd.DataFrame):
        raise TypeError(f"`sample` must be a DataFrame, not {type(sample).__name__}.")
    if "unit" not in sample:
        raise ValueError("`sample` has no column 'unit': see sample_for_coding.")
    if sample.empty:
        raise ValueError("The sample is empty.")
    units = as_text(sample["unit"])
    named = units.fillna("")
    wrong = named[named.eq("") | named.duplicated()]
    if len(wrong):
        raise ValueError(
            f"{len(wrong)} of {len(sample)} units have no name or stand twice "
            f"({listed(map(repr, wrong))}). "
            "Keep one of each: sample.dropna(subset=['unit']).drop_duplicates('unit')"
        )
    return units


def _n_shared(overlap: float | int, n: int) -> int:
    is_share = isinstance(overlap, float) and 0 <= overlap <= 1
    is_number = isinstance(overlap, int | np.integer) and not isinstance(overlap, bool)
    if is_share:
        return math.ceil(round(overlap * n, 6))
    if is_number and 0 <= overlap <= n:
        return int(overlap)
    raise ValueError(
        f"overlap={overlap!r}: give a share from 0.0 to 1.0, or a number of units up to {n}."
    )


# --- the workbook ---------------------------------------------------------------------------


def write_sheet(
    sample: pd.DataFrame,
    codebook: str | Path | pd.DataFrame,
    path: str | Path,
    *,
    coders: int | Sequence[str] = 2,
    overlap: float | int = 0.25,
    show: Sequence[str] = ("headline",),
    random_state: int = 0,
) -> Path:
    """Write a workbook for coders: instructions, and a sheet with drop-down lists for each.

    Parameters
    ----------
    sample : DataFrame
        One row a unit: `unit`, `text`, as from `sample_for_coding`.
    codebook : str, Path or DataFrame
        A codebook: every frame is coded 1 (there), 0 (not there) or unsure. Or a table of
        variables without the column `pattern`: `frame` (the name), and if known `definition`,
        `indicator` (the question), `example`, and `values` ("positive|neutral|negative").
        `indicator_questions(codebook)` makes every question of a codebook a variable.
    path : str or Path
        Where to write; ends in `.xlsx`.
    coders, overlap, random_state
        Who codes what, as in `assign_units`.
    show : list of str
        Columns of the sample that coders see besides the text. By default the headline; outlet,
        date, stratum and scores stay hidden, so that coders do not code what they expect.

    Returns
    -------
    Path
        The file, which appears under its name only when it is complete. `read_codes` reads it.

    Raises
    ------
    ValueError
        If the sample or the codebook cannot be used, or the path ends otherwise.
    KeyError
        If a column to show is not there.
    FileExistsError
        If the file is there and holds answers, or is no coding sheet.

    Notes
    -----
    The same call writes the same bytes. The name of the unit is in a hidden column; only the cells
    to fill in can be changed (there is no password). Long texts go on in the rows below, beside
    one tall cell for each code. Texts are never formulas.

    Examples
    --------
    >>> import tempfile
    >>> sample = pd.DataFrame({"unit": ["a1"], "headline": ["War"], "text": ["War began."]})
    >>> codebook = pd.DataFrame({"frame": ["war"], "pattern": ["war"]})
    >>> write_sheet(sample, codebook, Path(tempfile.mkdtemp(), "sheet.xlsx"), coders=1).name
    'sheet.xlsx'
    """
    path = Path(path)
    shown = [show] if isinstance(show, str) else list(show)
    if shown == ["headline"] and "headline" not in sample:
        shown = []
    variables = as_variables(codebook)
    _check_sheet(sample, variables, shown, path)
    _check_unanswered(path)
    work = assign_units(sample, coders, overlap=overlap, random_state=random_state)
    book = _new_workbook()
    _write_instructions(book, variables)
    titles = _titles(work["coder"].unique().tolist())
    _write_key(book, variables, titles, work["coder"].value_counts())
    for coder, title in titles.items():
        rows = work[work["coder"] == coder].astype({"unit": "str"})
        _write_coder(book.create_sheet(title), rows, _Page(variables, shown))
    book.move_sheet(KEY, offset=len(titles))
    path.parent.mkdir(parents=True, exist_ok=True)
    data = _bytes_of(book)
    write_whole(path, lambda part: _save(part, data))
    return path


def _save(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _check_sheet(
    sample: pd.DataFrame, variables: list[Variable], shown: list[str], path: Path
) -> None:
    units = _unit_column(sample)
    lost = [name for name in [*shown, TEXT] if name not in sample]
    if lost:
        there = ", ".join(map(str, sample.columns))
        raise KeyError(f"The sample has no column {', '.join(map(repr, lost))} (found: {there}).")
    own = {UNIT, NUMBER, TEXT, NOTE, *shown}
    clash = [variable.name for variable in variables if variable.name in own]
    empty = units[sample[TEXT].fillna("").astype("str").str.strip().eq("")]
    odd = units[units.str.contains(BAD_IN_UNIT)].tolist()
    letters = {name: sample[name].map(str).str.len().max() for name in (UNIT, *shown)}
    long = [name for name, n in letters.items() if n >= LONGEST_CELL]
    long += [v.name for v in variables if max(map(len, _described(v))) >= LONGEST_CELL]
    problems = {
        f"{path.name!r} must end in .xlsx": path.suffix.lower() != ".xlsx",
        f"{len(empty)} units have no text ({', '.join(empty[:3])})": len(empty) > 0,
        f"{len(odd)} names of units hold control characters ({odd[:3]})": len(odd) > 0,
        f"texts of {LONGEST_CELL:,} letters or more, which no cell holds, in "
        f"{', '.join(textwrap.shorten(name, 40) for name in long[:3])}": bool(long),
        f"variables called as a column of the sheet: {', '.join(clash)}": bool(clash),
    }
    found = [said for said, wrong in problems.items() if wrong]
    if found:
        raise ValueError("\n- ".join(["The coding sheet cannot be written:", *found]))


def _check_unanswered(path: Path) -> None:
    """Refuse to write over somebody's work."""
    if path.exists() and _may_hold_answers(path):
        raise FileExistsError(
            f"{path.name!r} is there and may hold answers. Read it with read_codes(path), or "
            "choose another name for the new sheet."
        )


def _may_hold_answers(path: Path) -> bool:
    """Look for anything to the right of the texts; what is no coding sheet is left alone too."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(path.read_bytes()), read_only=True)
    except Exception:
        return True
    if KEY not in book.sheetnames:
        return True
    for title in set(book.sheetnames) - {KEY, INSTRUCTIONS}:
        rows = book[title].iter_rows(values_only=True)
        first = next(rows, ())
        start = first.index(TEXT) + 1 if TEXT in first else 0
        cells = (cell for row in rows for cell in row[start:])
        if any(cell is not None and str(cell).strip() for cell in cells):
            return True
    return False


def _new_workbook() -> "Workbook":
    from openpyxl import Workbook

    book = Workbook()
    book.worksheets[0].title = INSTRUCTIONS
    _add_styles(book)
    book.properties.creator = "framing"
    book.properties.created = datetime(*FIXED_TIME)
    return book


def _titles(coders: list[str]) -> dict[str, str]:
    """Name a sheet for each coder, within Excel's rules and without two alike."""
    taken = {INSTRUCTIONS.casefold(), KEY.casefold(), "history"}
    titles = {}
    for coder in coders:
        plain = BAD_IN_TITLE.sub("_", coder)[: LONGEST_TITLE - 4].strip() or "coder"
        tries = [plain, *(f"{plain}_{k}" for k in range(2, 1000))]
        titles[coder] = next(title for title in tries if title.casefold() not in taken)
        taken.add(titles[coder].casefold())
    return titles


def _write_key(
    book: "Workbook", variables: list[Variable], titles: dict[str, str], n_units: pd.Series
) -> None:
    """Write the hidden sheet that tells `read_codes` what the others are."""
    key = book.create_sheet(KEY)
    key.sheet_state = "veryHidden"
    lines: list[list[Any]] = [[KEY_TITLE, VERSION]]
    lines += [["variable", guard(v.name), *v.choices] for v in variables]
    lines += [["coder", guard(coder), guard(t), int(n_units[coder])] for coder, t in titles.items()]
    for row, line in enumerate(lines, start=1):
        for column, value in enumerate(line, start=1):
            _put(key, row, column, value)


def guard(name: str) -> str:
    """Put an apostrophe before a name that would be a formula, so that `unguard` can undo it."""
    return f"'{name}" if is_formula(name) or name.startswith("'") else name


def unguard(name: str) -> str:
    """Take the apostrophe of `guard` off again."""
    return name.removeprefix("'")


def _put(sheet: "Worksheet", row: int, column: int, value: Any) -> Any:
    """Write a cell; text stays text, whatever it begins with."""
    cell: Any = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


# --- the instructions -----------------------------------------------------------------------


def _write_instructions(book: "Workbook", variables: list[Variable]) -> None:
    sheet = book[INSTRUCTIONS]
    for letter, width in zip("ABCDE", GUIDE_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    _put(sheet, 1, 1, "How to code").style = "coding title"
    sheet.row_dimensions[1].height = 26
    lines = [*HEAD, *_meaning(variables)]
    for row, line in enumerate(lines, start=2):
        _put(sheet, row, 1, f"{row - 1}.  {line}").style = "coding rule"
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=5)
        sheet.row_dimensions[row].height = 20
    top = len(lines) + 3
    names = ("what to decide", "definition", "questions", "example", "answers")
    for column, name in enumerate(names, start=1):
        _put(sheet, top, column, name).style = "coding head"
    for row, variable in enumerate(variables, start=top + 1):
        cells = _described(variable)
        for column, text in enumerate(cells, start=1):
            _put(sheet, row, column, defused_name(_clean(text))).style = "coding text"
        sheet.row_dimensions[row].height = _height(_n_lines(cells, GUIDE_WIDTHS))
    sheet.protection.sheet = True
    sheet.sheet_view.showGridLines = False
    _fit_page(sheet)


def _meaning(variables: list[Variable]) -> list[str]:
    if not any(variable.is_binary for variable in variables):
        return []
    return ["1 means: yes, it is there; 0 means: no, it is not. One clear sign is enough for a 1."]


def _described(variable: Variable) -> list[str]:
    answers = ["1 = yes", "0 = no", "unsure"] if variable.is_binary else variable.choices
    questions = "\n".join(f"• {question}" for question in variable.questions)
    examples = "\n".join(f"“{example}”" for example in variable.examples)
    return [variable.name, variable.definition, questions, examples, "\n".join(map(str, answers))]


# --- a coder's sheet ------------------------------------------------------------------------


def _write_coder(sheet: "Worksheet", work: pd.DataFrame, page: _Page) -> None:
    _write_header(sheet, page)
    row = 2
    for number, unit in enumerate(work.to_dict("records"), start=1):
        row = _write_unit(sheet, row, number, unit, page)
    for column, variable in page.code_columns():
        _add_list(sheet, column, (2, max(row - 1, 2)), variable, page.variables)
    sheet.freeze_panes = "C2"
    sheet.column_dimensions["A"].hidden = True
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False  # False says that it is not forbidden
    sheet.protection.formatRows = False
    sheet.sheet_view.showGridLines = False
    sheet.print_title_rows = "1:1"
    _fit_page(sheet)


def _write_header(sheet: "Worksheet", page: _Page) -> None:
    from openpyxl.utils import get_column_letter

    widths = [12, 6, *(SHOWN_WIDTH for _ in page.shown), TEXT_WIDTH]
    widths += [_code_width(variable) for variable in page.variables] + [NOTE_WIDTH]
    for column, (name, width) in enumerate(zip(page.header, widths, strict=True), start=1):
        _put(sheet, 1, column, guard(_clean(name))).style = "coding head"
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[1].height = _height(_n_lines(page.header, widths))


def _code_width(variable: Variable) -> int:
    longest = max(len(str(value)) for value in variable.choices)
    name = len(variable.name) if len(variable.name) <= 24 else 20
    return max(CODE_WIDTH, min(26, max(longest, name) + 4))


def _write_unit(
    sheet: "Worksheet", row: int, number: int, unit: dict[Hashable, Any], page: _Page
) -> int:
    """Write a unit on as many rows as its text needs; return the row after it."""
    text = _clean(str(unit[TEXT]))
    letters = _letters_a_line(text)
    parts = pages(text, letters)
    last = row + len(parts) - 1
    _put(sheet, row, 1, guard(str(unit[UNIT])))
    _put(sheet, row, 2, number).style = "coding number"
    for column, name in enumerate(page.shown, start=3):
        _put(sheet, row, column, defused_name(_clean(_shown(unit[name])))).style = "coding text"
    for place, part in enumerate(parts, start=row):
        _put(sheet, place, page.text_column, defused_name(part)).style = "coding text"
        sheet.row_dimensions[place].height = _height(_n_lines([part], [letters + 1]))
    for column, _ in page.code_columns():
        sheet.cell(row, column).style = "coding answer"
    n_columns = len(page.header)
    sheet.cell(row, n_columns).style = "coding note"
    for column in [2, *range(3, page.text_column), *range(page.text_column + 1, n_columns + 1)]:
        _join_down(sheet, row, last, column)
    return last + 1


def _letters_a_line(text: str) -> int:
    """Letters on a line of the text; Chinese, Japanese and Korean ones are twice as wide."""
    n_wide = len(WIDE.findall(text))
    return max(1, TEXT_LETTERS * len(text) // max(1, len(text) + n_wide))


def _join_down(sheet: "Worksheet", first: int, last: int, column: int) -> None:
    """Merge cells; `merge_cells` compares every area with all before it, which takes minutes."""
    from openpyxl.worksheet.cell_range import CellRange

    if last > first:
        for row in range(first + 1, last + 1):
            sheet.cell(row, column).style = sheet.cell(first, column).style
        area = CellRange(min_row=first, max_row=last, min_col=column, max_col=column)
        sheet.merged_cells.ranges.add(area)


def pages(text: str, width: int = TEXT_LETTERS, n_lines: int = LINES_A_ROW) -> list[str]:
    """Cut a text into parts of so many lines, at ends of paragraphs or between words.

    Examples
    --------
    >>> pages("One two three.\\nFour.", width=8, n_lines=3)
    ['One two three.', 'Four.']
    """
    parts: list[str] = []
    room = 0
    for paragraph in filter(str.strip, text.split("\n")):
        lines = list(_lines(paragraph, width, n_lines))
        height = sum(n for _, n in lines)
        if height >= room and (height <= n_lines or room < 2):
            room = 0  # begin a new part rather than tear a paragraph
        for place, (line, n) in enumerate(lines):
            gap = 0 if place else 1
            if room < n + gap:
                parts.append(line)
                room = n_lines - n
            else:
                parts[-1] += (" " if place else "\n\n") + line
                room -= n + gap
    return parts or [""]


def _lines(paragraph: str, width: int, n_lines: int) -> Iterator[tuple[str, int]]:
    """Lines of a paragraph, and over how many the sheet breaks each; no word is torn.

    A word of more than a part (a text in a language without spaces) is cut, to go on below.
    """
    wrapped = textwrap.wrap(paragraph, width, break_long_words=False, break_on_hyphens=False)
    for line in wrapped:
        for start in range(0, len(line), width * n_lines):
            piece = line[start : start + width * n_lines]
            yield piece, math.ceil(len(piece) / width)


def _add_list(
    sheet: "Worksheet",
    column: int,
    rows: tuple[int, int],
    variable: Variable,
    variables: list[Variable],
) -> None:
    """Give the cells of a column their drop-down list, and the question as a tip."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    row, last = 2 + variables.index(variable), get_column_letter(2 + len(variable.choices))
    rule = DataValidation("list", f"={KEY}!$C${row}:${last}${row}", allow_blank=True)
    rule.errorTitle, rule.error = "Not an answer", "Choose one of the list."
    rule.showErrorMessage = rule.showInputMessage = True
    rule.promptTitle = _clean(variable.name)[:30]
    asked = " ".join(variable.questions) or variable.definition or "Choose from the list."
    rule.prompt = textwrap.shorten(_clean(asked), LONGEST_PROMPT, placeholder=" …")
    letter = get_column_letter(column)
    rule.add(f"{letter}{rows[0]}:{letter}{rows[1]}")
    sheet.add_data_validation(rule)


# --- looks ----------------------------------------------------------------------------------


def _add_styles(book: "Workbook") -> None:
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

    for look in LOOKS:
        style = NamedStyle(look.name)
        style.font = Font("Calibri", size=look.size, bold=look.bold, color=look.ink)
        across = "center" if look.center else "left"
        indent = 0 if look.center or not look.boxed else 1
        upright = "top" if look.top else "center"
        style.alignment = Alignment(across, upright, wrap_text=True, indent=indent)
        if look.fill:
            style.fill = PatternFill("solid", fgColor=look.fill)
        if look.boxed:
            side = Side("thin", LINE)
            style.border = Border(side, side, side, side)
        style.protection = Protection(locked=look.locked)
        book.add_named_style(style)


def _clean(text: str) -> str:
    """Replace what a workbook cannot hold."""
    return NOT_IN_XLSX.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def _shown(value: Any) -> str:
    if pd.isna(value):
        return ""
    return value.strftime("%Y-%m-%d") if isinstance(value, datetime) else str(value)


def _n_lines(texts: Sequence[str], widths: Sequence[int]) -> int:
    """Lines of the tallest of the cells, each wrapped at the width of its column."""
    return max(
        sum(max(1, math.ceil(len(line) / (width - 1))) for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    )


def _height(n_lines: int) -> float:
    return min(409.0, LINE_HEIGHT * n_lines + 6)


def _fit_page(sheet: "Worksheet") -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


# --- the same bytes every time --------------------------------------------------------------


def _bytes_of(book: "Workbook") -> bytes:
    """Save a workbook without the time of day."""
    stream = io.BytesIO()
    book.save(stream)
    return _without_times(stream.getvalue())


def _without_times(data: bytes) -> bytes:
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(fixed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content
                )
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return fixed.getvalue()
