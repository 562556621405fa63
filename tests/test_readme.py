"""The README: its code runs, its figures are those the notebooks draw, its links lead somewhere."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FIGURES = sorted(set(re.findall(r"\(docs/(\w+)\.svg\)", README)))
NAME = re.compile(r"\b[pm][0-9a-f]{10}\b")  # made from the shape it names, to the last digit
NUMBER = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Folder of the figures as the notebooks draw them now."""
    folder = tmp_path_factory.mktemp("figures")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRAMING_FIGURES", str(folder))
        patch.chdir(ROOT / "notebooks")
        for path in sorted(Path().glob("*.ipynb")):
            cells = nbformat.read(path, as_version=4).cells
            code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
            exec(compile(code, path.name, "exec"), {})
    return folder


def test_shows_five_figures():
    assert len(FIGURES) == 5


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_those_of_the_notebooks(drawn, name):
    """Same shapes and labels; places may differ by what another processor rounds differently."""
    files = (ROOT / "docs" / f"{name}.svg", drawn / f"{name}.svg")
    shown, made = (NAME.sub("", file.read_text(encoding="utf-8")) for file in files)
    assert NUMBER.sub("#", shown) == NUMBER.sub("#", made)
    numbers = [np.array(NUMBER.findall(text), dtype=float) for text in (shown, made)]
    assert np.allclose(*numbers, atol=0.05)


def test_its_code_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    [code] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    assert "n_articles" in capsys.readouterr().out
    assert (tmp_path / "figures" / "labels_by_outlet.pdf").is_file()


def test_links_lead_somewhere():
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []
    notebooks = re.findall(r"`(0\d_\w+)`", README)
    assert [name for name in notebooks if not (ROOT / "notebooks" / f"{name}.ipynb").exists()] == []
