"""Finding, running and rendering notebooks."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from framing.reproduce import notebooks
from framing.reproduce.notebooks import (
    NotebookRun,
    checkout_folder,
    figure_place,
    find_caption,
    find_notebooks,
    kernel_environment,
    notebook_title,
    plain_text,
    render_page,
    run_notebooks,
)


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A checkout with three notebooks."""
    folder = tmp_path / "checkout" / "notebooks"
    folder.mkdir(parents=True)
    for name in ("02_b", "01_a", "02_c"):
        (folder / f"{name}.ipynb").write_text("{}")
    monkeypatch.setattr(notebooks, "checkout_folder", lambda: folder.parent)
    return folder


def rendered(*cells, error="", beside=(), metadata=None):
    notebook = new_notebook(cells=list(cells), metadata=metadata or {})
    run = NotebookRun(Path("01_a.ipynb"), notebook, 0.0, error)
    return render_page(run, beside=beside)


def test_the_checkout_is_the_folder_with_notebooks_and_project_file():
    assert (checkout_folder() / "kit.py").is_file()


def test_without_a_checkout_the_error_says_where_notebooks_come_from(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "PACKAGE", tmp_path / "site-packages" / "framing")
    with pytest.raises(FileNotFoundError, match=r"come with the repository.*kit\.py figures"):
        find_notebooks()


def test_all_notebooks_come_in_the_order_of_their_names(shelf):
    assert [path.stem for path in find_notebooks()] == ["01_a", "02_b", "02_c"]


def test_notebooks_are_found_by_beginning_by_name_and_by_path(shelf):
    found = find_notebooks(["02_c", "01", str(shelf / "02_b.ipynb")])
    assert [path.stem for path in found] == ["02_c", "01_a", "02_b"]


def test_paths_need_no_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "PACKAGE", tmp_path / "site-packages" / "framing")
    study = tmp_path / "study.ipynb"
    study.write_text("{}")
    assert find_notebooks([str(study)]) == [study]


def test_every_unknown_name_is_told_at_once(shelf):
    with pytest.raises(FileNotFoundError, match=r"No notebook 07, x\. There are: 01_a, 02_b, 02_c"):
        find_notebooks(["07", "01", "x"])


def test_a_name_that_fits_two_notebooks_is_refused(shelf):
    with pytest.raises(ValueError, match="02 fits several notebooks"):
        find_notebooks(["02"])


def test_two_notebooks_of_one_name_are_refused(shelf, tmp_path):
    other = tmp_path / "01_a.ipynb"
    other.write_text("{}")
    with pytest.raises(ValueError, match="twice here: 01_a"):
        find_notebooks([str(other), "01_a"])


def test_an_empty_shelf_is_told(shelf):
    for path in shelf.iterdir():
        path.unlink()
    with pytest.raises(FileNotFoundError, match="No notebook in"):
        find_notebooks()


@pytest.fixture(scope="module")
def runs(tmp_path_factory, write_notebook):
    """One notebook that runs, one that fails in its second cell, one that is not a notebook."""
    folder = tmp_path_factory.mktemp("runs")
    facts = (
        "import os, sys, framing; from pathlib import Path; Path('here').touch()\n"
        "print(sys.executable); print(Path(framing.__file__).parent)\n"
        "print(os.environ['FRAMING_FIGURES']); print(os.environ['PYTHONHASHSEED'])"
    )
    good = write_notebook(folder / "good.ipynb", "md # Good", facts)
    bad = write_notebook(folder / "bad.ipynb", "x = 1", "md text", "y = {}\ny['outlet']", "x = 2")
    broken = folder / "broken.ipynb"
    broken.write_text("no notebook")
    ended = []
    done = run_notebooks([bad, broken, good], figures=folder / "figures", on_end=ended.append)
    assert sorted(run.path.stem for run in ended) == ["bad", "broken", "good"]
    return {run.path.stem: run for run in done}


def test_runs_come_in_the_order_asked(runs):
    assert list(runs) == ["bad", "broken", "good"]


def test_a_notebook_runs_in_its_folder_with_this_python_and_this_package(runs):
    run = runs["good"]
    printed = run.notebook.cells[1].outputs[0].text.splitlines()
    figures = run.path.parent / "figures" / "good"
    assert run.error == ""
    assert (run.path.parent / "here").exists()
    assert printed == [sys.executable, str(notebooks.PACKAGE), str(figures), "0"]


def test_a_failing_notebook_names_itself_the_cell_the_exception_and_the_line(runs):
    assert runs["bad"].error == "bad.ipynb, code cell 2: KeyError: 'outlet'\n    y = {}"
    assert runs["bad"].notebook.cells[3].outputs == []


def test_an_unreadable_notebook_is_an_error_of_its_own(runs):
    assert runs["broken"].error.startswith("broken.ipynb: ")
    assert runs["broken"].notebook.cells == []


def test_the_notebook_files_stay_as_they_were(runs):
    saved = nbformat.read(runs["good"].path, as_version=4)
    assert saved.cells[1].outputs == []


def test_a_cell_that_never_ends_is_stopped(tmp_path, write_notebook, monkeypatch):
    monkeypatch.setattr(notebooks, "SECONDS_A_CELL", 1)
    path = write_notebook(tmp_path / "slow.ipynb", "import time; time.sleep(300)")
    (run,) = run_notebooks([path], figures=tmp_path / "figures")
    assert run.error.startswith("slow.ipynb, code cell 1: CellTimeoutError")


def test_the_readers_own_settings_do_not_reach_the_kernel(tmp_path, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "QtAgg")
    monkeypatch.setenv("MATPLOTLIBRC", "/home/reader/matplotlibrc")
    monkeypatch.setenv("PYTHONHASHSEED", "12")
    environment = kernel_environment(tmp_path, "scratch")
    assert environment["MPLBACKEND"].endswith("backend_inline")
    assert Path(environment["MATPLOTLIBRC"]).is_file()
    assert environment["PYTHONHASHSEED"] == "0"
    assert environment["IPYTHONDIR"] == "scratch"
    assert environment["FRAMING_FIGURES"] == str(tmp_path)


def test_the_title_is_the_first_heading_in_prose():
    cells = [new_code_cell("# a comment"), new_markdown_cell("Hello.\n\n## The *war*")]
    assert notebook_title(new_notebook(cells=cells), "01") == "The war"
    assert notebook_title(new_notebook(cells=cells[:1]), "01") == "01"


@pytest.mark.parametrize(
    ("under", "caption"),
    [
        (new_markdown_cell("**War** leads\nby far.\n\nMore."), "War leads by far."),
        (new_markdown_cell("## Next section\n\nText."), ""),
        (new_code_cell("x = 1"), ""),
    ],
)
def test_the_caption_is_the_first_paragraph_under_the_figure(under, caption):
    cells = [new_code_cell('fr.save_figure(ax, "war", numbers=t)'), under]
    notebook = new_notebook(cells=cells)
    assert find_caption(notebook, "war") == caption
    assert find_caption(notebook, "wa") == ""
    assert (figure_place(notebook, "war"), figure_place(notebook, "wa")) == (0, 2)


def test_markup_is_stripped_and_words_with_underscores_stay():
    assert plain_text("> See [the _data_](x.html): `doc_id` and **n_hits**") == (
        "See the data: doc_id and n_hits"
    )


def test_a_page_holds_no_script_and_forbids_the_network():
    output = new_output("display_data", {"application/javascript": "alert(1)"})
    kind = "application/vnd.jupyter.widget-{}+json".format
    widget = new_output("display_data", {kind("view"): {"model_id": "a1"}})
    states = {"widgets": {kind("state"): {"state": {"a1": {}}}}}
    page = rendered(new_code_cell("x", outputs=[output, widget]), metadata=states)
    assert page.count("open the notebook in JupyterLab") == 2
    assert "<script" not in page
    assert "alert(1)" not in page
    assert "default-src 'none'; img-src data:" in page
    assert "http://" not in page
    assert "https://" not in page


def test_text_outputs_are_escaped():
    output = new_output("stream", name="stdout", text="<img src=x onerror=alert(1)>")
    page = rendered(new_code_cell("print('<b>')", outputs=[output]))
    assert "<img" not in page
    assert "&lt;img src=x" in page
    assert "&lt;b&gt;" in page


def test_a_widget_is_pointed_at_and_a_progress_bar_left_out():
    kind = "application/vnd.jupyter.widget"
    state = {f"{kind}-state+json": {"state": {"a": {}}, "version_major": 2, "version_minor": 0}}
    told = []
    for text in ("VBox(children=(Button(),))", "fitting topics:   0%|          | 0/16 [00:00<?]"):
        data = {f"{kind}-view+json": {"model_id": "a"}, "text/plain": text}
        cell = new_code_cell("show", outputs=[new_output("display_data", data)])
        page = rendered(cell, metadata={"widgets": state})
        told.append("answers to clicks" in page)
        assert "0/16" not in page
    assert told == [True, False]


def test_title_and_error_are_escaped():
    page = rendered(new_markdown_cell("# A & B"), error="01: ValueError: <b>")
    assert "<title>A &amp; B</title>" in page
    assert "ValueError: &lt;b&gt;" in page
    assert "stopped early" in page
    assert "stopped early" not in rendered(new_markdown_cell("# A"))


@pytest.mark.parametrize("kind", ["image/png", "image/svg+xml"])
def test_every_image_says_what_it_shows(kind):
    output = new_output("display_data", {kind: "aGk="})
    drawn = new_code_cell("plot()", outputs=[output])
    assert 'alt="War &amp; peace lead."' in rendered(
        drawn, new_markdown_cell("War & *peace* lead.")
    )
    assert 'alt="Figure; its code stands above it"' in rendered(drawn)


def test_links_between_notebooks_lead_to_pages():
    cell = new_markdown_cell("[next](02_b.ipynb#end) [elsewhere](07_x.ipynb)")
    page = rendered(cell, beside=["01_a", "02_b"])
    assert 'href="02_b.html#end"' in page
    assert 'href="07_x.ipynb"' in page
