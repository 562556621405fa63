"""The notebooks: committed clean, readable, and able to run on the reader's own articles."""

import re
from pathlib import Path

import nbformat
import pytest

import framing as fr

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SOURCE = re.compile(r'^SOURCE = ".*"$', re.MULTILINE)


def read(path):
    return nbformat.read(path, as_version=4)


def code_of(path):
    return [cell.source for cell in read(path).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestEveryNotebook:
    """What the house style asks of each."""

    def test_is_committed_without_outputs(self, path):
        cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
        assert all(not cell.outputs and cell.execution_count is None for cell in cells)

    def test_opens_with_a_question_and_closes_with_its_limits(self, path):
        cells = read(path).cells
        assert re.match(r"# .*\?\n", cells[0].source)
        assert "## What we can and cannot conclude\n" in cells[-1].source

    def test_says_at_least_as_much_as_it_computes(self, path):
        cells = read(path).cells
        prose = sum(len(cell.source) for cell in cells if cell.cell_type == "markdown")
        assert prose >= sum(map(len, code_of(path)))

    def test_cells_are_small_enough_to_read(self, path):
        lines = [source.split("\n") for source in code_of(path)]
        assert max(map(len, lines)) <= 10
        assert max(len(line) for cell in lines for line in cell) <= 80

    def test_needs_no_network_no_install_no_machine(self, path):
        code = "\n".join(code_of(path))
        assert not re.search(r"https?://|pip install|^[!%]|/home/|C:\\\\", code, re.MULTILINE)


def test_the_reader_changes_one_line(tmp_path, monkeypatch):
    """Own articles of another subject, in the formats of the notebooks, run to the end."""
    monkeypatch.setenv("FRAMING_FIGURES", str(tmp_path / "figures"))
    monkeypatch.chdir(FOLDER)
    corpus = fr.simulate_articles(60, random_state=3).articles
    words = " Costs rose. Rebels and militants met a mother who blamed the minister."
    own = corpus.assign(text=corpus["text"] + words)
    own.reset_index().to_csv(tmp_path / "own.csv", index=False)
    (tmp_path / "own.txt").write_text(own["text"].iloc[0], encoding="utf-8")
    for path in NOTEBOOKS:
        code = "\n".join(code_of(path))
        name = "own.txt" if path.stem.startswith("01") else "own.csv"
        code, n_changed = SOURCE.subn(f"SOURCE = {str(tmp_path / name)!r}", code)
        assert n_changed == 1
        exec(compile(code, path.name, "exec"), {})
    assert len(list((tmp_path / "figures").glob("*.pdf"))) >= 5
