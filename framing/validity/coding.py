"""Code in a notebook: one text at a time, every answer saved at once, resumed where one stopped."""

import json
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from framing.corpus.encoding import UnreadableError
from framing.corpus.listing import listed
from framing.validity.code_files.answers import FIELDS
from framing.validity.code_files.found import json_records
from framing.validity.sheets import TEXT, _in_own_order, _shown, _unit_column
from framing.validity.variables import UNSURE, Value, Variable, as_variables

WORDS: dict[Value, str] = {1: "yes", 0: "no"}
TALLEST = "34em"
TEXT_LOOK = (
    f"max-height: {TALLEST}; overflow-y: auto; white-space: pre-wrap; line-height: 1.5; "
    "padding: 0.6em 1em; margin-right: 1em; border-radius: 4px; "
    "border: 1px solid var(--jp-border-color2, #c9ced6)"
)
ASKED_LOOK = "line-height: 1.35; margin-top: 0.4em; cursor: pointer"
FAINT = "color: var(--jp-ui-font-color2, #5b6673)"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class CodingSession:
    """One coder's work on a sample: where they are, what they answered, and the file it is in.

    Parameters
    ----------
    sample : DataFrame
        Units with `unit` and `text`. If it has the column `coder`, as from `assign_units`, only
        the units of this coder, in their order; else all in an order of the coder's own.
    codebook : str, Path or DataFrame
        What to code, as for `write_sheet`.
    path : str or Path
        File of the answers, JSON lines; it is made, or gone on with.
    coder : str
        Who codes.
    random_state : int
        Seed of the order.

    Attributes
    ----------
    units : DataFrame
        The units in the order of coding, index `unit`.
    position : int
        Place of the unit that is shown, from 0.
    """

    def __init__(
        self,
        sample: pd.DataFrame,
        codebook: str | Path | pd.DataFrame,
        path: str | Path,
        *,
        coder: str,
        random_state: int = 0,
    ) -> None:
        self.variables = as_variables(codebook)
        self.coder = str(coder).strip()
        self.path = Path(path)
        self.units = _own_units(sample, self.coder, random_state)
        self.answers: dict[tuple[str, str], Value] = {}
        self.notes: dict[str, str] = {}
        self.clock: Callable[[], str] = _now
        self._n_saved = 0
        self._load()
        self.position = 0
        self.go_to_first_uncoded()

    @property
    def unit(self) -> str:
        """Name of the unit that is shown."""
        return str(self.units.index[self.position])

    @property
    def n_done(self) -> int:
        """Units in which every variable is answered."""
        return sum(self.is_done(str(unit)) for unit in self.units.index)

    def is_done(self, unit: str) -> bool:
        """Say whether every variable of a unit is answered."""
        return all((unit, variable.name) in self.answers for variable in self.variables)

    def answer(self, frame: str, value: Value) -> None:
        """Save an answer for the unit that is shown; a later one replaces an earlier."""
        variable = next((v for v in self.variables if v.name == frame), None)
        if variable is None or value not in variable.choices:
            raise ValueError(f"{value!r} is no answer to {frame!r}.")
        self._save({"frame": frame, "value": value})
        self.answers[self.unit, frame] = value

    def note(self, text: str) -> None:
        """Save a note on the unit that is shown."""
        if text.strip() != self.notes.get(self.unit, ""):
            self._save({"note": text.strip()})
            self.notes[self.unit] = text.strip()

    def go(self, step: int) -> None:
        """Go forward or back, not beyond the ends."""
        self.position = min(max(self.position + step, 0), len(self.units) - 1)

    def go_to_first_uncoded(self) -> None:
        """Go to the first unit with an open question, or to the last if there is none."""
        is_open = [not self.is_done(str(unit)) for unit in self.units.index]
        self.position = is_open.index(True) if any(is_open) else len(is_open) - 1

    def _save(self, said: dict[str, Any]) -> None:
        """Append one line and wait until it is on the disk."""
        record = {"unit": self.unit, "coder": self.coder, **said}
        record |= {"coded_at": self.clock(), "answer": self._n_saved + 1}
        line = json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab+") as file:
            file.write(_line_end(file) + line)
            file.flush()
            os.fsync(file.fileno())
        self._n_saved += 1

    def _load(self) -> None:
        """Take up the answers that the file holds; a line torn by a crash is passed over."""
        records = _saved(self.path)
        self._n_saved = max((int(record["answer"]) for record in records), default=0)
        choices = {variable.name: variable.choices for variable in self.variables}
        for record in records:
            unit, frame = str(record["unit"]), str(record.get("frame"))
            if record["coder"] != self.coder or unit not in self.units.index:
                continue
            if "note" in record:
                self.notes[unit] = str(record["note"])
            elif record.get("value") in choices.get(frame, ()):
                self.answers[unit, frame] = record["value"]


def _own_units(sample: pd.DataFrame, coder: str, random_state: int) -> pd.DataFrame:
    if not coder:
        raise ValueError("The coder needs a name.")
    if isinstance(sample, pd.DataFrame) and "coder" in sample:
        mine = sample[sample["coder"].astype("str") == coder]
        if mine.empty:
            raise ValueError(f"No unit of the sample is assigned to {coder!r}.")
        names = _unit_column(mine).tolist()
    else:
        mine = sample
        names = _in_own_order(_unit_column(sample).tolist(), coder, random_state)
    if TEXT not in mine:
        raise KeyError(f"The sample has no column {TEXT!r}.")
    empty = mine.loc[mine[TEXT].fillna("").astype("str").str.strip().eq(""), "unit"]
    if len(empty):
        raise ValueError(
            f"{len(empty)} of {len(mine)} units have no text ({listed(empty)}). Drop them: "
            "sample.dropna(subset=['text'])"
        )
    named = mine.set_axis(pd.Index(_unit_column(mine), name="unit"), axis=0)
    return named.loc[names]


def _saved(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes() if path.exists() else b""
    if not data.strip():
        return []
    try:
        records, _ = json_records(data)
    except UnreadableError:
        records = []
    answers = [r for _, r in records if isinstance(r, dict) and set(r) >= FIELDS]
    if not answers:
        raise ValueError(f"{path.name!r} holds something else than answers: choose another name.")
    return answers


def _line_end(file: Any) -> bytes:
    """A line end, if the last line was torn off before its own."""
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        return b""
    file.seek(size - 1)
    return b"" if file.read(1) == b"\n" else b"\n"


# --- the widget -----------------------------------------------------------------------------


class CodingPanel:
    """What `code_in_notebook` shows; it draws a `CodingSession` and hands it the answers."""

    def __init__(self, session: CodingSession, show: Sequence[str]) -> None:
        import ipywidgets as widgets

        self.session = session
        self.show = list(show)
        self.place, self.text = widgets.HTML(), widgets.HTML()
        self.bar = widgets.IntProgress(min=0, max=len(session.units))
        self.buttons = {v.name: _buttons(v) for v in session.variables}
        self.note = widgets.Textarea(placeholder="note", continuous_update=False)
        self.back = widgets.Button(description="◀ back")
        self.next = widgets.Button(description="next ▶", button_style="primary")
        self.first = widgets.Button(description="first uncoded")
        self.box = self._layout()
        self._is_drawing = False
        self._connect()
        self.draw()

    def _layout(self) -> Any:
        """The text on the left, what to decide on the right, so that nobody has to scroll."""
        import ipywidgets as widgets

        rows = [
            widgets.VBox(
                [widgets.HTML(_asked(v)), self.buttons[v.name]], layout={"flex": "0 0 auto"}
            )
            for v in self.session.variables
        ]
        right = {"flex": "2 1 20em", "max_height": TALLEST, "overflow": "auto"}
        answers = widgets.VBox([*rows, self.note], layout=right)
        self.text.layout = widgets.Layout(flex="3 1 24em")
        self.bar.layout = widgets.Layout(flex="0 1 10em")
        self.place.layout = widgets.Layout(flex="1 0 auto")
        for button in (self.back, self.next, self.first):
            button.layout = widgets.Layout(flex="0 0 9em")
        self.note.layout = widgets.Layout(width="95%", min_height="4em")
        steps = widgets.HBox([self.back, self.next, self.first, self.bar, self.place])
        work = widgets.HBox([self.text, answers])
        return widgets.VBox([steps, work])

    def _connect(self) -> None:
        for name, buttons in self.buttons.items():
            buttons.observe(self._on_answer(name), "value")
        self.note.observe(self._on_note, "value")
        self.back.on_click(lambda _: self._move(lambda: self.session.go(-1)))
        self.next.on_click(lambda _: self._move(lambda: self.session.go(1)))
        self.first.on_click(lambda _: self._move(self.session.go_to_first_uncoded))

    def _on_answer(self, name: str) -> Callable[[Any], None]:
        def save(change: Any) -> None:
            if not self._is_drawing and change["new"] is not None:
                self.session.answer(name, change["new"])
                self._draw_place()

        return save

    def _on_note(self, change: Any) -> None:
        if not self._is_drawing:
            self.session.note(change["new"])

    def _move(self, step: Callable[[], None]) -> None:
        step()
        self.draw()

    def draw(self) -> None:
        """Show the unit on which the session stands, with the answers it has."""
        self._is_drawing = True
        session = self.session
        self.text.value = _page(session.units.iloc[session.position], self.show)
        for name, buttons in self.buttons.items():
            buttons.value = session.answers.get((session.unit, name))
        self.note.value = session.notes.get(session.unit, "")
        self.back.disabled = session.position == 0
        self.next.disabled = session.position == len(session.units) - 1
        self._is_drawing = False
        self._draw_place()

    def _draw_place(self) -> None:
        n, n_done = len(self.session.units), self.session.n_done
        self.bar.value = n_done
        done = "all coded, thank you" if n_done == n else f"{n_done} coded"
        who = escape(self.session.coder)
        self.place.value = f"text {self.session.position + 1} of {n} · {done} · {who}"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.box._repr_mimebundle_(**kwargs)


def _buttons(variable: Variable) -> Any:
    import ipywidgets as widgets

    words = WORDS if variable.is_binary else dict[Value, str]()
    options = [(words.get(value, str(value)), value) for value in variable.values]
    made = widgets.ToggleButtons(options=[*options, (UNSURE, UNSURE)], value=None)
    made.style.button_width = "auto"
    return made


def _asked(variable: Variable) -> str:
    """Name of a variable; a click on it shows its definition and questions."""
    said = "<br>".join(escape(part) for part in (variable.definition, *variable.questions) if part)
    name = f"<b>{escape(variable.name)}</b>"
    if not said:
        return f"<div style='{ASKED_LOOK}'>{name}</div>"
    told = f"<div style='{FAINT}'>{said}</div>"
    return f"<details style='{ASKED_LOOK}'><summary>{name}</summary>{told}</details>"


def _page(unit: pd.Series, show: Sequence[str]) -> str:
    """The text of a unit and what may be seen of it, escaped."""
    shown = "".join(f"<b>{escape(_shown(unit[name]))}</b><br>" for name in show)
    return f"<div style='{TEXT_LOOK}'>{shown}{escape(str(unit[TEXT]))}</div>"


def code_in_notebook(
    sample: pd.DataFrame,
    codebook: str | Path | pd.DataFrame,
    path: str | Path,
    *,
    coder: str,
    show: Sequence[str] = ("headline",),
    random_state: int = 0,
) -> CodingPanel:
    """Show one text at a time with buttons for every frame, and save each answer at once.

    Parameters
    ----------
    sample : DataFrame
        Units with `unit` and `text`, as from `sample_for_coding`; or from `assign_units`, of
        which only the coder's own are shown.
    codebook : str, Path or DataFrame
        What to code, as for `write_sheet`.
    path : str or Path
        File for the answers, one a line (`.jsonl`). If it is there, coding goes on at the first
        unit that is not coded. Several coders may use one file, one after the other.
    coder : str
        Who codes.
    show : list of str
        Columns of the sample that are shown above the text; outlet and date are not, unless named.
    random_state : int
        Seed of the order of texts, which differs from coder to coder.

    Returns
    -------
    CodingPanel
        It shows itself in a notebook. `.session` holds the answers; `read_codes(path)` reads them.

    Raises
    ------
    ValueError
        If the file holds something else, or the sample or codebook cannot be used.
    KeyError
        If a column is not there.

    Notes
    -----
    Every answer is on the disk before the next is taken, with its time in UTC; a changed answer is
    a new line, and the last one counts. After a crash at most the line being written is lost.

    Examples
    --------
    >>> import tempfile
    >>> sample = pd.DataFrame({"unit": ["a1", "a2"], "text": ["War began.", "Rain fell."]})
    >>> codebook = pd.DataFrame({"frame": ["war"], "pattern": ["war"]})
    >>> path = Path(tempfile.mkdtemp(), "ann.jsonl")
    >>> panel = code_in_notebook(sample, codebook, path, coder="ann")
    >>> panel.buttons["war"].value = 1
    >>> panel.session.n_done
    1
    """
    session = CodingSession(sample, codebook, path, coder=coder, random_state=random_state)
    shown = [show] if isinstance(show, str) else list(show)
    if shown == ["headline"] and "headline" not in sample:
        shown = []
    lost = [name for name in shown if name not in sample]
    if lost:
        raise KeyError(f"The sample has no column {', '.join(map(repr, lost))}.")
    return CodingPanel(session, shown)
