"""Run notebooks in fresh kernels and turn each into one self-contained page."""

import os
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat import NotebookNode

PACKAGE = Path(__file__).resolve().parents[1]
TEMPLATES = PACKAGE / "reproduce" / "templates"
SECONDS_A_CELL = 600


class NotebookRun(NamedTuple):
    """One notebook after its run: `error` is empty when it ran to the end."""

    path: Path
    notebook: NotebookNode
    seconds: float
    error: str


def checkout_folder() -> Path:
    """Return the folder of the checkout that this package is imported from.

    Returns
    -------
    pathlib.Path
        The folder that holds `notebooks/`, `data/` and `pyproject.toml`.

    Raises
    ------
    FileNotFoundError
        When the package was installed without its checkout.
    """
    folder = PACKAGE.parent
    if not (folder / "pyproject.toml").is_file() or not (folder / "notebooks").is_dir():
        raise FileNotFoundError(
            f"The kit's notebooks are not beside the package (looked in {folder}). They come with "
            "the repository, not with the installed package: get a copy of it and run `python3 "
            "kit.py figures` there, or name your own files: framing reproduce study.ipynb"
        )
    return folder


def find_notebooks(names: Sequence[str] = ()) -> list[Path]:
    """Find notebooks by path, by name or by the beginning of a name.

    Parameters
    ----------
    names : sequence of str
        Paths, or names in the checkout's `notebooks/` such as ``"02"``; empty for all of them.

    Returns
    -------
    list of pathlib.Path
        In the order of the names; every notebook of the folder, sorted, when there are none.

    Raises
    ------
    FileNotFoundError
        When a name fits no notebook; all such names are told at once.
    ValueError
        When a name fits several, or two notebooks would write the same page.
    """
    if names and all(Path(name).is_file() for name in names):
        found = [Path(name).resolve() for name in names]
    else:
        shelf = sorted((checkout_folder() / "notebooks").glob("*.ipynb"))
        if not shelf:
            raise FileNotFoundError(f"No notebook in {checkout_folder() / 'notebooks'}.")
        found = [_pick(name, shelf) for name in _check_names(names, shelf)] if names else shelf
    _check_pages(found)
    return found


def run_notebooks(
    paths: Iterable[Path],
    *,
    figures: Path,
    workers: int = 2,
    on_cell: Callable[[Path, int], None] | None = None,
    on_end: Callable[[NotebookRun], None] | None = None,
) -> list[NotebookRun]:
    """Run each notebook from top to bottom in a kernel of its own.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Notebook files; they are not changed.
    figures : pathlib.Path
        Folder for figures; a notebook's figures go to a folder inside named like the notebook.
    workers : int
        How many notebooks run at the same time.
    on_cell : callable, optional
        Called with the path and the number of the code cell that starts (from 1).
    on_end : callable, optional
        Called with each `NotebookRun` as it ends.

    Returns
    -------
    list of NotebookRun
        In the order of the paths. A notebook that fails carries its error; the others still run.
    """
    clients: list[Any] = []

    def run(path: Path) -> NotebookRun:
        result = _run(path, figures / path.stem, scratch, clients, on_cell)
        if on_end:
            on_end(result)
        return result

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        pool = ThreadPoolExecutor(workers)
        try:
            return list(pool.map(run, paths))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            _stop_kernels(clients)
            raise
        finally:
            pool.shutdown()


def kernel_environment(figures: Path, scratch: str) -> dict[str, str]:
    """Return the environment in which a notebook gives the same bytes on every run.

    Parameters
    ----------
    figures : pathlib.Path
        Where `save_figure` writes.
    scratch : str
        An empty folder that stands in for the reader's own IPython profile.

    Returns
    -------
    dict
        Variable to value: the present environment with the kit's settings on top.
    """
    from matplotlib import get_data_path

    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {
        **os.environ,
        **one_thread,  # two kernels share the machine, and sums keep their order
        "FRAMING_FIGURES": str(figures),
        "IPYTHONDIR": scratch,
        "MATPLOTLIBRC": str(Path(get_data_path()) / "matplotlibrc"),  # not the reader's own
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(PACKAGE.parent), os.getenv("PYTHONPATH")])),
        "PYTHONUTF8": "1",
        "SOURCE_DATE_EPOCH": "0",
        "TZ": "UTC",
    }


def notebook_title(notebook: NotebookNode, fallback: str) -> str:
    """Return the first heading of a notebook.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The notebook.
    fallback : str
        What to return when no markdown cell holds a heading.

    Returns
    -------
    str
        The heading without its markup.

    Examples
    --------
    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> notebook_title(new_notebook(cells=[new_markdown_cell("# What is *new*?")]), "01")
    'What is new?'
    """
    for cell in notebook.cells:
        heading = re.search(r"^#+\s+(.+)$", cell.source, re.MULTILINE)
        if cell.cell_type == "markdown" and heading:
            return plain_text(heading[1])
    return fallback


def find_caption(notebook: NotebookNode, figure: str) -> str:
    """Return the first paragraph of prose under the cell that saves a figure.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The notebook.
    figure : str
        Name of the figure, as the cell spells it in quotes.

    Returns
    -------
    str
        The paragraph without its markup; empty when the next cell is code or begins a section.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
    >>> cells = [new_code_cell("save_figure(ax, 'war')"), new_markdown_cell("**War** leads.")]
    >>> find_caption(new_notebook(cells=cells), "war")
    'War leads.'
    """
    place = figure_place(notebook, figure)
    return _prose_under(notebook, place) if place < len(notebook.cells) else ""


def figure_place(notebook: NotebookNode, figure: str) -> int:
    """Return the index of the cell that names a figure, or the number of cells.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The notebook.
    figure : str
        Name of the figure, as the cell spells it in quotes.

    Returns
    -------
    int
        Index of the first code cell that holds the quoted name.
    """
    quoted = re.compile(rf"""(["']){re.escape(figure)}\1""")
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and quoted.search(cell.source):
            return index
    return len(notebook.cells)


def plain_text(markdown: str) -> str:
    """Strip the markup of one paragraph of markdown.

    Parameters
    ----------
    markdown : str
        A line or a paragraph.

    Returns
    -------
    str
        The text a reader sees, on one line.

    Examples
    --------
    >>> plain_text("- **Oil** is _named_ in\\n[every](a.html) `wire_copy` article")
    'Oil is named in every wire_copy article'
    """
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)  # a link leaves its words
    text = re.sub(r"(?<!\w)_([^_]+)_(?!\w)", r"\1", text)
    return " ".join(re.sub(r"^[\s>#-]+|[*`]", "", text).split())


def render_page(run: NotebookRun, *, beside: Iterable[str] = ()) -> str:
    """Turn a notebook that was run into one page of HTML.

    Parameters
    ----------
    run : NotebookRun
        The notebook with its outputs.
    beside : iterable of str
        Names of the other pages: a link to such a notebook becomes a link to its page.

    Returns
    -------
    str
        A page with its style and images inside. It holds no script and asks nothing of the
        network; its security policy forbids both, whatever an article's text contains.
    """
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(
        template_name="page",
        extra_template_basedirs=[str(TEMPLATES)],
        embed_images=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    _describe_images(run.notebook)
    resources = {
        "metadata": {"path": str(run.path.parent)},
        "title": notebook_title(run.notebook, run.path.stem),
        "stopped": run.error,
    }
    page, _ = exporter.from_notebook_node(run.notebook, resources=resources)
    for name in map(re.escape, beside):
        page = re.sub(rf'href="(?:\./)?({name})\.ipynb(["#])', r'href="\1.html\2', page)
    return page


def _check_names(names: Sequence[str], shelf: list[Path]) -> Sequence[str]:
    """Raise one error that holds every name which fits no notebook or several."""
    counts = {name: len(_fitting(name, shelf)) for name in names}
    known = ", ".join(path.stem for path in shelf)
    if missing := [name for name in names if not counts[name]]:
        raise FileNotFoundError(f"No notebook {', '.join(missing)}. There are: {known}")
    if vague := [name for name in names if counts[name] > 1]:
        raise ValueError(f"{', '.join(vague)} fits several notebooks. There are: {known}")
    return names


def _fitting(name: str, shelf: list[Path]) -> list[Path]:
    if Path(name).is_file():
        return [Path(name).resolve()]
    exact = [path for path in shelf if name in (path.stem, path.name)]
    return exact or [path for path in shelf if path.stem.startswith(name)]


def _pick(name: str, shelf: list[Path]) -> Path:
    return _fitting(name, shelf)[0]


def _check_pages(paths: list[Path]) -> None:
    """Refuse two notebooks of one name, whose pages would overwrite each other."""
    stems = [path.stem for path in paths]
    if twice := sorted({stem for stem in stems if stems.count(stem) > 1}):
        raise ValueError(f"Each notebook needs a name of its own; twice here: {', '.join(twice)}")


def _run(
    path: Path,
    figures: Path,
    scratch: str,
    clients: list[Any],
    on_cell: Callable[[Path, int], None] | None,
) -> NotebookRun:
    """Run one notebook; whatever goes wrong becomes its error."""
    began = time.perf_counter()
    notebook, started, error = nbformat.v4.new_notebook(), [], ""

    def note_start(cell: NotebookNode, cell_index: int) -> None:
        started.append(cell)
        if on_cell:
            on_cell(path, len(started))

    try:
        figures.mkdir(parents=True, exist_ok=True)
        notebook = nbformat.read(path, as_version=4)
        client = _client(notebook, path.parent, note_start)
        clients.append(client)
        client.execute(env=kernel_environment(figures, scratch))
    except Exception as problem:
        error = _describe_error(path, started, problem)
    return NotebookRun(path, notebook, time.perf_counter() - began, error)


def _client(notebook: NotebookNode, folder: Path, note_start: Callable[..., None]) -> Any:
    """Prepare a kernel of this very Python, whatever other kernels the reader has installed."""
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpecManager
    from nbclient import NotebookClient

    client = NotebookClient(
        notebook,
        resources={"metadata": {"path": str(folder)}},
        timeout=SECONDS_A_CELL,
        record_timing=False,
        on_cell_execute=note_start,
        extra_arguments=["--log-level=ERROR"],
    )
    specs = KernelSpecManager(kernel_dirs=[])
    client.km = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs)
    return client


def _stop_kernels(clients: list[Any]) -> None:
    """Kill running kernels, so that an interrupt does not wait for a long cell."""
    for client in clients:
        process = getattr(getattr(client.km, "provisioner", None), "process", None)
        if process is not None:
            process.kill()


def _describe_error(path: Path, started: list[NotebookNode], problem: Exception) -> str:
    """Name the notebook, the cell and the exception in two lines."""
    reason = f"{type(problem).__name__}: {str(problem).strip()}"
    if hasattr(problem, "ename"):
        reason = f"{problem.ename}: {getattr(problem, 'evalue', '')}"
    if not started:
        return f"{path.name}: {reason}"
    code = started[-1].source.strip().splitlines()[0]
    return f"{path.name}, code cell {len(started)}: {reason}\n    {code}"


def _prose_under(notebook: NotebookNode, place: int) -> str:
    """First paragraph of the markdown cell that follows, unless it opens a new section."""
    following = notebook.cells[place + 1 : place + 2]
    if not following or following[0].cell_type != "markdown":
        return ""
    paragraph = following[0].source.strip().split("\n\n")[0]
    return "" if paragraph.startswith("#") else plain_text(paragraph)


def _describe_images(notebook: NotebookNode) -> None:
    """Give every image an alternative text: the prose under it, or where it was drawn."""
    for place, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            for kind in output.get("data", {}):
                if kind.startswith("image/"):
                    text = _prose_under(notebook, place) or "Figure; its code stands above it"
                    output.metadata.setdefault(kind, NotebookNode())["alt"] = text
