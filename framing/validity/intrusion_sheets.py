"""Hand intrusion tests out: sheets with the key in another file, or tasks in a notebook."""

from collections.abc import Iterable
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from framing.corpus.export import defused_name, write_whole
from framing.validity.intrusion import IntrusionTest, options_of
from framing.validity.intrusion_answers import SHEET, option_columns, read_intrusion

if TYPE_CHECKING:
    import ipywidgets

TOLD = (
    "Answer each task by the number of the option that does not belong.",
    "Work alone, from top to bottom. If you cannot tell, choose the likeliest.",
    "Do not look anything up, and do not speak with the other readers before all are done.",
)


def write_intrusion(
    test: IntrusionTest, folder: str | Path, *, coders: Iterable[str] = ("reader 1", "reader 2")
) -> list[Path]:
    """Write a sheet of tasks for each coder, and the key into a file of its own.

    Parameters
    ----------
    test : IntrusionTest
        As `word_intrusion`, `topic_intrusion` or `label_intrusion` make it.
    folder : str or Path
        Where to; it is made if it is not there.
    coders : iterable of str
        Who answers. Each gets the tasks in the same order.

    Returns
    -------
    list of Path
        The sheets, `<task> <coder>.xlsx`, and last the key, `<task> key.csv`, which stays with you.

    Raises
    ------
    ValueError
        If two coders bear one name.
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
    names, folder = [str(coder) for coder in coders], Path(folder)
    if len(set(names)) < len(names):
        raise ValueError(f"Two coders bear one name: {', '.join(names)}.")
    task = str(test.items["task"].iloc[0])
    paths = [folder / f"{task} {name}.xlsx" for name in names]
    there = [path.name for path in [*paths, folder / f"{task} key.csv"] if path.exists()]
    if there:
        raise FileExistsError(f"{', '.join(there)} may hold answers. Choose another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in zip(names, paths, strict=True):
        write_whole(path, partial(_write_sheet, test.items, name))
    key = folder / f"{task} key.csv"
    write_whole(key, lambda part: test.key.to_csv(part, index=False))
    return [*paths, key]


def answer_in_notebook(items: pd.DataFrame, path: str | Path, *, coder: str) -> "ipywidgets.VBox":
    """Show intrusion tasks one after another and save every answer.

    Parameters
    ----------
    items : DataFrame
        Of an `IntrusionTest`; the key is not needed and must not be shown.
    path : str or Path
        CSV file of the answers. Where it exists, the work goes on at the first open task.
    coder : str
        Who answers.

    Returns
    -------
    ipywidgets.VBox

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

    def show() -> None:
        item = session.open_item()
        head.value = f"{session.n_done} of {len(items)} answered"
        body.value = "<p>Done. Thank you.</p>" if item is None else _html(item)
        buttons.children = [] if item is None else [button(*one) for one in options_of(item)]

    def button(number: int, text: str) -> Any:
        def answer(_: Any) -> None:
            session.save(number)
            show()

        made = widgets.Button(description=text, layout=widgets.Layout(width="auto"))
        made.on_click(answer)
        return made

    show()
    return widgets.VBox([head, body, buttons])


class _Session:
    """The answers of one coder so far, saved whole after every one."""

    def __init__(self, items: pd.DataFrame, path: Path, coder: str) -> None:
        self.items, self.path, self.coder = items, path, str(coder)
        self.answers: dict[str, int] = {}
        if path.exists():
            earlier = read_intrusion([path], items=items).answers
            own = earlier[earlier["coder"] == self.coder]
            self.answers = dict(zip(own["item"], own["answer"], strict=True))
            self.others = earlier[earlier["coder"] != self.coder]
        else:
            self.others = pd.DataFrame(columns=["item", "coder", "answer"])

    @property
    def n_done(self) -> int:
        return len(self.answers)

    def open_item(self) -> pd.Series | None:
        """Return the first task without an answer."""
        still_open = self.items[~self.items["item"].isin(list(self.answers))]
        return still_open.iloc[0] if len(still_open) else None

    def save(self, number: int) -> None:
        """Answer the open task and write the file."""
        item = self.open_item()
        if item is None:
            return
        self.answers[str(item["item"])] = number
        own = pd.DataFrame(
            {"item": list(self.answers), "coder": self.coder, "answer": list(self.answers.values())}
        )
        table = pd.concat([self.others, own]) if len(self.others) else own
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
    book.remove(book.worksheets[0])
    told = book.create_sheet("instructions")
    for line in TOLD:
        told.append([line])
    told.column_dimensions["A"].width = 90
    sheet = book.create_sheet(SHEET)
    columns = ["item", "coder", "question", "text", *option_columns(items), "answer"]
    sheet.append(columns)
    for row in items.assign(coder=coder, answer="").reindex(columns=columns).fillna("").values:
        sheet.append([defused_name(cell) for cell in row])
    choice = DataValidation("list", formula1=_choices(items), allow_blank=True)
    sheet.add_data_validation(choice)
    last = sheet.cell(1, len(columns)).column_letter
    choice.add(f"{last}2:{last}{len(items) + 1}")
    _lay_out(sheet, columns, Alignment(wrap_text=True, vertical="top"), Font(bold=True))
    book.save(path)


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
