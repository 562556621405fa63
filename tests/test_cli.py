"""The command line: words in, exit code out."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from framing.cli import main
from framing.reproduce import bundle


@pytest.fixture
def asked(monkeypatch):
    """What the command asks of `build_bundle`, which here returns the runs put into `runs`."""
    seen = SimpleNamespace(notebooks=None, out=None, runs=[])

    def build(notebooks, *, out):
        seen.notebooks, seen.out = notebooks, out
        return seen.runs

    monkeypatch.setattr(bundle, "build_bundle", build)
    return seen


def test_help_imports_nothing_heavy():
    code = (
        "import sys, runpy; sys.argv = ['framing', '--help']\n"
        "try: runpy.run_module('framing', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print('heavy:', [m for m in ('pandas', 'numpy', 'matplotlib', 'sklearn', 'nltk', 'scipy',"
        " 'nbformat', 'nbclient', 'nbconvert', 'jinja2') if m in sys.modules])"
    )
    root = Path(__file__).resolve().parents[1]
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=root)
    assert "reproduce" in done.stdout
    assert done.stdout.endswith("heavy: []\n")


def test_reproduce_runs_everything_into_build_by_default(asked):
    assert main(["reproduce"]) == 0
    assert (asked.notebooks, asked.out) == ([], "build")


def test_reproduce_hands_on_names_and_folder(asked):
    assert main(["reproduce", "01", "study.ipynb", "--out", "paper"]) == 0
    assert (asked.notebooks, asked.out) == (["01", "study.ipynb"], "paper")


def test_a_failed_notebook_gives_exit_code_1_and_its_name(asked, capsys):
    asked.runs = [SimpleNamespace(error=e) for e in ("", "02.ipynb, code cell 3: KeyError")]
    assert main(["reproduce"]) == 1
    assert capsys.readouterr().err == "framing: 02.ipynb, code cell 3: KeyError\n"


def test_a_wrong_name_gives_exit_code_2_and_no_traceback(capsys):
    assert main(["reproduce", "99_no_such_notebook"]) == 2
    assert "framing: No notebook 99_no_such_notebook. There are: " in capsys.readouterr().err


def test_an_interrupt_is_not_an_error_report(monkeypatch, capsys):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(bundle, "build_bundle", interrupt)
    assert main(["reproduce"]) == 130
    assert "earlier results are as they were" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["reprodoce"]])
def test_an_unknown_command_shows_the_usage(words, capsys):
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2
    assert "usage: framing" in capsys.readouterr().err
