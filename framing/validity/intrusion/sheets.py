"""Hand intrusion tests out: sheets with the key in another file, or tasks in a notebook."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from framing.corpus.export import defused_name, write_whole
from framing.validity.intrusion.answers import (
    ANSWER,
    SHEET,
    option_columns,
    read_answers,
    read_intrusion,
)
from framing.validity.intrusion.tasks import IntrusionTest, options_of
from framing.validity.sheets import (
    BAD_IN_TITLE,
    FIXED_TIME,
    _bytes_of,
    _clean,
    _coder_names,
    guard,
)

if TYPE_CHECKING:
    import ipywidgets

BAD_IN_FILE = re.compile(f'{BAD_IN_TITLE.pattern}|[<>"|]')
TOLD = (
    "Answer each task by the number of the option that does not belong.",
    "Work alone, from top to bottom. If you cannot tell, choose the likeliest.",
    "Do not look anything up, and do not speak with the other readers before all are done.",
)


def write_intrusion(
    test: IntrusionTest,
    folder: str | Path,
    *,
    coders: Iterable[str] | int = ("reader 1", "reader 2"),
) -> list[Path]:
    """Write a sheet of tasks for each coder, and the key into a file of its own.

    Parameters
    ----------
    test : IntrusionTest
        As `word_intrusion`, `topic_intrusion` or `label_intrusion` make it.
    folder : str or Path
        Where to; it is made if it is not there.
    coders : iterable of str, or int
        Who answers, or how many. Each gets the tasks in the same order. A letter that no file name
        can hold becomes `_` there.

    Returns
    -------
    list of Path
        The sheets, `<task> <coder>.xlsx`, and last the key, `<task> key.csv`, which stays with you:
        hand out the sheets, never the folder. The same call writes the same bytes.

    Raises
    ------
    ValueError
        If a coder has no name, or two bear one.
    TypeError
        If `coders` is one text.
    FileExistsError
        If one of the files is there: it may hold answers.

    Examples
    --------
    >>> import tempfile
    >>> items = pd.DataFrame({"item": ["word-001"], "task": "word", "question": "Which?",
    ...                       "text": "", "option_1": "oil", "option_2": "war"})
    >>> key = pd.DataFrame({"item": ["word-001"], "task": "word", "right": [2]})
    >>> folder = tempfile.mkdtemp()
    >>> written = write_intrusion(IntrusionTest(items, key), folder, coders=["Ann"])
    >>> [path.name for path in written]
    ['word Ann.xlsx', 'word key.csv']
    """
    names, folder = _coder_names(coders), Path(folder)
    task = str(test.items["task"].iloc[0])
    paths = [folder / f"{task} {BAD_IN_FILE.sub('_', name)}.xlsx" for name in names]
    if len({path.name.casefold() for path in paths}) < len(paths):
        raise ValueError(f"Two files would bear one name: {', '.join(p.name for p in paths)}.")
    there = [path.name for path in [*paths, folder / f"{task} key.csv"] if path.exists()]
    if there:
        raise FileExistsError(f"{', '.join(there)} may hold answers. Choose another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in zip(names, paths, strict=True):
        write_whole(path, partial(_write_sheet, test.items, name))
    key = folder / f"{task} key.csv"
    safe = test.key.map(defused_name)
    write_whole(key, lambda part: safe.to_csv(part, index=False))
    return [*paths, key]


def answer_in_notebook(items: pd.DataFrame, path: str | Path, *, coder: str) -> "ipywidgets.VBox":
    """Show intrusion tasks one after another and save every answer.

    Parameters
    ----------
    items : DataFrame
        Of an `IntrusionTest`; the key is not needed and must not be shown.
    path : str or Path
        CSV file of the answers; its folder is made. Where it exists, the work goes on at the first
        open task.
    coder : str
        Who answers.

    Returns
    -------
    ipywidgets.VBox
        A button an option. “take back” opens the task answered last again.

    Raises
    ------
    ValueError
        If the coder has no name, or the file is no `.csv` or holds something else than answers.

    Notes
    -----
    Every answer is saved before the next task is shown; where that fails, the widget says so. Other
    people's answers and those to other tests may be in the same file, also while these are given;
    they stay there.

    Examples
    --------
    >>> import tempfile
    >>> items = pd.DataFrame({"item": ["w1"], "task": "word", "question": "Which?", "text": "",
    ...                       "option_1": "oil", "option_2": "war"})
    >>> path = Path(tempfile.mkdtemp()) / "ann.csv"
    >>> widget = answer_in_notebook(items, path, coder="Ann")
    >>> widget.children[-1].children[1].click()
    >>> read_intrusion([path]).answers.to_dict("records")
    [{'item': 'w1', 'coder': 'Ann', 'answer': 2}]
    """
    import ipywidgets as widgets

    session = _Session(items, Path(path), coder)
    head, body, buttons = widgets.HTML(), widgets.HTML(), widgets.VBox()
    back = widgets.Button(description="◀ take back", layout=widgets.Layout(width="9em"))

    def show() -> None:
        item = session.open_item()
        head.value = f"{session.n_done} of {len(items)} answered"
        body.value = "<p>Done. Thank you.</p>" if item is None else _html(item)
        buttons.children = [] if item is None else [button(item, *one) for one in options_of(item)]
        back.disabled = session.n_done == 0

    def attempt(step: Callable[[], None]) -> None:
        try:
            step()
            show()
        except (OSError, ValueError) as problem:  # a click that fails would seem to do nothing
            head.value = f"<b>Not saved, try again.</b> {escape(str(problem))}"

    def button(item: pd.Series, number: int, text: str) -> Any:
        made = widgets.Button(description=text, layout=widgets.Layout(width="auto"))
        save = partial(session.save, str(item["item"]), number)
        made.on_click(lambda _: attempt(save))
        return made

    back.on_click(lambda _: attempt(session.take_back))
    show()
    return widgets.VBox([widgets.HBox([back, head]), body, buttons])


class _Session:
    """The answers of one coder so far, saved whole after every one."""

    def __init__(self, items: pd.DataFrame, path: Path, coder: str) -> None:
        self.items, self.path, self.coder = items, path, str(coder).strip()
        self.answers: dict[str, int] = {}
        self.rest = pd.DataFrame(columns=list(ANSWER))
        if not self.coder:
            raise ValueError("The coder needs a name.")
        if path.suffix.lower() != ".csv":
            raise ValueError(f"{path.name!r} must end in .csv: answers are saved as such a table.")
        self._take_up()

    def _take_up(self) -> None:
        """Go on with the coder's own answers, and keep whatever else is in the file."""
        if not self.path.exists():
            return
        earlier = read_intrusion([self.path], items=self.items).answers
        own = earlier[earlier["coder"] == self.coder]
        self.answers = dict(zip(own["item"], own["answer"].astype(int), strict=True))
        saved = read_answers(self.path)[list(ANSWER)]
        taken = saved["coder"].eq(self.coder) & saved["item"].isin(self.items["item"])
        self.rest = saved[~taken]

    @property
    def n_done(self) -> int:
        return len(self.answers)

    def open_item(self) -> pd.Series | None:
        """Return the first task without an answer."""
        still_open = self.items[~self.items["item"].isin(list(self.answers))]
        return still_open.iloc[0] if len(still_open) else None

    def save(self, item: str, number: int) -> None:
        """Answer a task and write the file, with what others have written there since."""
        self._take_up()
        self.answers[item] = number
        self._write()

    def take_back(self) -> None:
        """Forget the last answer."""
        self._take_up()
        if self.answers:
            self.answers.popitem()
            self._write()

    def _write(self) -> None:
        own = pd.DataFrame(
            {"item": list(self.answers), "coder": self.coder, "answer": list(self.answers.values())}
        )
        table = pd.concat([self.rest, own]) if len(self.rest) else own
        table = table.assign(coder=table["coder"].map(guard))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.path, lambda part: table.to_csv(part, index=False))


def _html(item: pd.Series) -> str:
    text = escape(str(item["text"])).replace("\n", "<br>")
    shown = f'<div style="max-width:45em;line-height:1.5">{text}</div>' if text else ""
    return f"{shown}<p><b>{escape(str(item['question']))}</b></p>"


def _write_sheet(items: pd.DataFrame, coder: str, path: Path) -> None:
    """Write the tasks with a drop-down for each answer; texts are never formulas."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    book.properties.creator, book.properties.created = "framing", datetime(*FIXED_TIME)
    book.remove(book.worksheets[0])
    told = book.create_sheet("instructions")
    for line in TOLD:
        told.append([line])
    told.column_dimensions["A"].width = 90
    sheet = book.create_sheet(SHEET)
    columns = ["item", "coder", "question", "text", *option_columns(items), "answer"]
    sheet.append(columns)
    for row in (
        items.assign(coder=guard(coder), answer="").reindex(columns=columns).fillna("").values
    ):
        sheet.append([defused_name(_clean(cell)) for cell in row])
    choice = DataValidation("list", formula1=_choices(items), allow_blank=True)
    sheet.add_data_validation(choice)
    last = sheet.cell(1, len(columns)).column_letter
    choice.add(f"{last}2:{last}{len(items) + 1}")
    _lay_out(sheet, columns, Alignment(wrap_text=True, vertical="top"), Font(bold=True))
    path.write_bytes(_bytes_of(book))


def _lay_out(sheet: Any, columns: list[str], wrapped: Any, bold: Any) -> None:
    """Make the sheet readable: widths, wrapped text, a head that stays."""
    widths = {"item": 12, "coder": 12, "question": 34, "text": 70, "answer": 10}
    for number, name in enumerate(columns, start=1):
        letter = sheet.cell(1, number).column_letter
        sheet.column_dimensions[letter].width = widths.get(name, 24)
        sheet.cell(1, number).font = bold
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = wrapped
    sheet.freeze_panes = "B2"


def _choices(items: pd.DataFrame) -> str:
    return f'"{",".join(str(n) for n in range(1, len(option_columns(items)) + 1))}"'
