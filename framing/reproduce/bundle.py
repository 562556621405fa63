"""Build one folder that holds the pages, figures, numbers and provenance of a run."""

import csv
import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from framing.reproduce.notebooks import (
    TEMPLATES,
    NotebookRun,
    checkout_folder,
    figure_place,
    find_caption,
    find_notebooks,
    notebook_title,
    render_page,
    run_notebooks,
)
from framing.reproduce.provenance import describe_provenance

KINDS = ("pdf", "svg", "png", "csv")
ROWS_SHOWN = 8


class Cell(NamedTuple):
    """One value of a table as the index page shows it."""

    text: str
    number: bool


class Figure(NamedTuple):
    """A saved figure with its files, its words and the first rows of its numbers."""

    name: str
    caption: str
    files: dict[str, str]
    columns: list[str]
    rows: list[list[Cell]]
    n_rows: int

    @property
    def image(self) -> str:
        """Address of the file a browser shows best; empty when there is none."""
        return self.files.get("SVG") or self.files.get("PNG") or ""

    @property
    def alt(self) -> str:
        """Alternative text: the name and, when there is one, the caption."""
        return f"{self.name}: {self.caption}" if self.caption else self.name


class Page(NamedTuple):
    """A notebook's page and the figures that come from it."""

    name: str
    title: str
    address: str
    error: str
    figures: list[Figure]


def build_bundle(
    notebooks: Sequence[str] = (),
    *,
    out: str | Path = "build",
    tell: Callable[[str], None] = print,
) -> list[NotebookRun]:
    """Run notebooks and write their pages, figures, numbers and provenance into one folder.

    Parameters
    ----------
    notebooks : sequence of str
        Paths or names in the checkout's `notebooks/`; empty for all of them.
    out : str or pathlib.Path
        The folder. An earlier bundle there is replaced as a whole, and only at the very end.
    tell : callable
        Called with each line of progress.

    Returns
    -------
    list of NotebookRun
        In the order in which they were asked for; look at `error` for those that stopped early.

    Raises
    ------
    FileNotFoundError
        When there is nothing to run.
    ValueError
        When `out` holds something that is not a bundle, or names of notebooks clash.
    """
    began = time.perf_counter()
    paths, out = find_notebooks(notebooks), Path(out).resolve()
    check_replaceable(out)
    plural = "" if len(paths) == 1 else "s"
    tell(f"Running {len(paths)} notebook{plural}, at most two at a time.")
    with staged(out) as staging:
        saved = staging / "saved"
        runs = _run_aloud(paths, saved, tell)
        runs = [_collect_figures(run, saved / run.path.stem, staging / "figures") for run in runs]
        _write_pages(runs, saved, staging)
        seconds = time.perf_counter() - began
        _write_provenance(runs, staging, seconds)
        shutil.rmtree(saved)
    tell(f"Done in {seconds:.0f} s. Open {out / 'index.html'}")
    return runs


def check_replaceable(out: Path) -> None:
    """Refuse to replace a folder that is not an earlier bundle.

    Parameters
    ----------
    out : pathlib.Path
        The folder that would be replaced.

    Raises
    ------
    ValueError
        When it is a file, or a folder with other things in it.
    """
    if not out.exists() or (out / "provenance.json").is_file():
        return
    if not out.is_dir() or any(out.iterdir()):
        raise ValueError(
            f"{out} exists and is not an earlier result of this command, so it is left alone. "
            "Choose another folder with --out, or move it away."
        )


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Give an empty folder beside `out` that takes its place when the block ends well.

    Parameters
    ----------
    out : pathlib.Path
        The folder to replace; until the end it stays as it was.

    Yields
    ------
    pathlib.Path
        The folder to write into.
    """
    staging, old = out.with_name(f".{out.name}.partial"), out.with_name(f".{out.name}.old")
    if old.exists() and not out.exists():
        old.rename(out)  # an earlier swap was cut short between its two steps
    _remove(staging)
    staging.mkdir(parents=True)
    (staging / ".gitignore").write_text("*\n")
    try:
        yield staging
    except BaseException:
        _remove(staging)
        raise
    _remove(old)
    if out.exists():
        out.rename(old)
    staging.rename(out)
    _remove(old)


def read_figure(name: str, folder: Path, caption: str = "") -> Figure:
    """Describe one figure from the files that were saved under its name.

    Parameters
    ----------
    name : str
        File name without its ending.
    folder : pathlib.Path
        Folder of the figures.
    caption : str
        What the notebook says about it.

    Returns
    -------
    Figure
        With the addresses of its files as seen from the folder's parent.
    """
    kinds = [kind for kind in KINDS if (folder / f"{name}.{kind}").is_file()]
    files = {kind.upper(): f"{folder.name}/{name}.{kind}" for kind in kinds}
    table = folder / f"{name}.csv"
    columns, *rows = _read_table(table) if table.is_file() else [[]]
    shown = [[format_cell(text) for text in row] for row in rows[:ROWS_SHOWN]]
    return Figure(name, caption, files, columns, shown, len(rows))


def format_cell(text: str) -> Cell:
    """Shorten the digits of a number and leave other text alone.

    Parameters
    ----------
    text : str
        A value as it stands in a CSV file.

    Returns
    -------
    Cell
        Three decimals, or three significant digits below one; whole numbers stay whole.

    Examples
    --------
    >>> format_cell("0.123456").text, format_cell("12.5").text, format_cell("2016").text
    ('0.123', '12.500', '2016')
    >>> format_cell("Herald")
    Cell(text='Herald', number=False)
    """
    try:
        value = float(text)
    except ValueError:
        return Cell(text, False)
    if text.lstrip("+-").isdigit():
        return Cell(text, True)
    return Cell(f"{value:.3f}" if abs(value) >= 1 else f"{value:.3g}", True)


def _run_aloud(paths: list[Path], saved: Path, tell: Callable[[str], None]) -> list[NotebookRun]:
    """Run the notebooks, with a bar on a terminal and a line for each that ends."""
    from tqdm import tqdm

    with tqdm(total=len(paths), unit="notebook", leave=False, disable=None) as bar:

        def on_cell(path: Path, number: int) -> None:
            bar.set_postfix_str(f"{path.stem}, cell {number}")

        def on_end(run: NotebookRun) -> None:
            bar.update()
            bar.clear()
            tell(f"  {run.path.stem}: {run.seconds:.1f} s{', STOPPED EARLY' if run.error else ''}")

        return run_notebooks(paths, figures=saved, on_cell=on_cell, on_end=on_end)


def _collect_figures(run: NotebookRun, saved: Path, figures: Path) -> NotebookRun:
    """Copy a notebook's files into the one folder of figures; a name taken twice is an error."""
    figures.mkdir(exist_ok=True)
    files = sorted(saved.iterdir())
    taken = sorted({file.stem for file in files if (figures / file.name).exists()})
    for file in files:
        if file.stem not in taken:
            shutil.copy(file, figures / file.name)
    if not taken:
        return run
    clash = f"{run.path.name}: another notebook also saves {', '.join(taken)}; rename one."
    return run._replace(error="\n".join(filter(None, [run.error, clash])))


def _write_pages(runs: list[NotebookRun], saved: Path, staging: Path) -> None:
    """Write one page a notebook and the index that leads to them."""
    (staging / "notebooks").mkdir()
    names = [run.path.stem for run in runs]
    for run in runs:
        page = render_page(run, beside=names)
        (staging / "notebooks" / f"{run.path.stem}.html").write_text(page, "utf-8", newline="\n")
    pages = [_describe_page(run, saved / run.path.stem, staging / "figures") for run in runs]
    (staging / "index.html").write_text(render_index(pages), "utf-8", newline="\n")


def render_index(pages: Sequence[Page]) -> str:
    """Return the page that shows every figure with its downloads and its numbers.

    Parameters
    ----------
    pages : sequence of Page
        The notebooks in order.

    Returns
    -------
    str
        HTML without a script; every text in it is escaped.
    """
    import jinja2

    from framing.reproduce.provenance import package_versions

    loader = jinja2.FileSystemLoader(TEMPLATES / "page")
    environment = jinja2.Environment(loader=loader, autoescape=True)
    version = package_versions().get("framing-kit", "")
    return environment.get_template("figures.html.j2").render(pages=pages, version=version)


def _describe_page(run: NotebookRun, saved: Path, figures: Path) -> Page:
    """List a notebook's figures in the order in which it names them."""
    names = sorted({file.stem for file in saved.iterdir()})
    names.sort(key=lambda name: figure_place(run.notebook, name))
    found = [read_figure(name, figures, find_caption(run.notebook, name)) for name in names]
    name = run.path.stem
    title = notebook_title(run.notebook, name)
    return Page(name, title, f"notebooks/{name}.html", run.error, found)


def _write_provenance(runs: list[NotebookRun], staging: Path, seconds: float) -> None:
    try:
        root = checkout_folder()
    except FileNotFoundError:
        root = None
    facts = describe_provenance(runs, figures=staging / "figures", root=root, seconds=seconds)
    text = json.dumps(facts, indent=2, ensure_ascii=False)
    (staging / "provenance.json").write_text(text + "\n", "utf-8", newline="\n")


def _read_table(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.reader(file)) or [[]]


def _remove(folder: Path) -> None:
    """Delete a folder that may not be there."""
    if folder.exists():
        shutil.rmtree(folder)
