"""What the record of a run holds."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from framing.reproduce.notebooks import NotebookRun
from framing.reproduce.provenance import (
    describe_provenance,
    find_seeds,
    git_commit,
    hash_files,
    package_versions,
)


@pytest.fixture
def facts(tmp_path):
    """The record of one failed notebook in a checkout with one file of data."""
    (tmp_path / "data" / "corpus").mkdir(parents=True)
    (tmp_path / "data" / "corpus" / "articles.csv").write_bytes(b"abc")
    (tmp_path / "data" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "figures").mkdir()
    path = tmp_path / "01_a.ipynb"
    path.write_bytes(b"abc")
    notebook = new_notebook(cells=[new_code_cell("f(random_state=7)")])
    runs = [NotebookRun(path, notebook, 1.26, "01_a.ipynb: KeyError")]
    return describe_provenance(runs, figures=tmp_path / "figures", root=tmp_path, seconds=2.04)


# SHA-256 of "abc": FIPS 180-2, appendix B.1
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_inputs_are_known_by_their_hash(facts):
    assert facts["corpus"] == {"corpus/articles.csv": ABC}
    assert facts["notebooks"]["01_a.ipynb"]["sha256"] == ABC
    assert "war_peace.csv" in facts["codebooks"]


def test_a_notebook_has_its_seeds_time_and_error(facts):
    notebook = facts["notebooks"]["01_a.ipynb"]
    assert notebook["random_state"] == ["7"]
    assert notebook["seconds"] == 1.3
    assert notebook["error"] == "01_a.ipynb: KeyError"
    assert facts["seconds"] == 2.0


def test_the_record_tells_nothing_about_where_it_was_made(facts, tmp_path):
    text = json.dumps(facts)
    assert str(tmp_path) not in text
    assert str(Path.home()) not in text


def test_versions_are_those_of_the_installed_packages():
    import pandas

    assert package_versions()["pandas"] == pandas.__version__
    assert list(package_versions()) == sorted(package_versions())


def test_hashes_are_sorted_by_path_with_forward_slashes(tmp_path):
    for name in ("b.txt", "a/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    hashes = hash_files(tmp_path)
    assert list(hashes) == ["a/c.txt", "b.txt"]
    assert hashes["b.txt"] == hashlib.sha256(b"b.txt").hexdigest()
    assert hash_files(tmp_path / "none") == {}


def test_seeds_are_found_in_code_only():
    cells = [new_markdown_cell("random_state=1"), new_code_cell("f(random_state = 2016)")]
    assert find_seeds(new_notebook(cells=cells)) == ["2016"]


def test_outside_a_repository_there_is_no_commit(tmp_path):
    assert git_commit(tmp_path) is None


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_commit_and_the_changed_files_are_told(tmp_path):
    def git(*words):
        who = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
        done = subprocess.run(
            ["git", *who, *words], cwd=tmp_path, capture_output=True, check=True, text=True
        )
        return done.stdout.strip()

    git("init", "-q")
    (tmp_path / "a.txt").write_text("1")
    git("add", "a.txt")
    git("commit", "-q", "-m", "first")
    assert git_commit(tmp_path) == {"id": git("rev-parse", "HEAD"), "n_changed_files": 0}
    (tmp_path / "a.txt").write_text("2")
    assert git_commit(tmp_path)["n_changed_files"] == 1
