"""Record what a run of the notebooks rests on: versions, inputs, seeds and results."""

import hashlib
import platform
import re
import subprocess
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from framing import __version__
from framing.reproduce.notebooks import PACKAGE, NotebookRun


def describe_provenance(
    runs: Iterable[NotebookRun], *, figures: Path, root: Path | None = None, seconds: float = 0.0
) -> dict[str, Any]:
    """Gather what a reader needs to repeat a run and to see that it is the same.

    Parameters
    ----------
    runs : iterable of NotebookRun
        The notebooks that were run.
    figures : pathlib.Path
        Folder of the figures they saved.
    root : pathlib.Path, optional
        The checkout, whose `data/` and git commit are recorded; None for an installed package.
    seconds : float
        Run time of the whole.

    Returns
    -------
    dict
        `framing_kit`, `python`, `platform`, `packages` (name to version), `commit`, `corpus`,
        `codebooks`, `figures` (file to SHA-256), `notebooks` (hash, seeds, seconds, error) and
        `seconds`. Paths are relative, so that the file tells nothing about the machine's owner.
    """
    return {
        "framing_kit": __version__,
        "python": sys.version,
        "platform": platform.platform(),
        "packages": package_versions(),
        "commit": git_commit(root) if root else None,
        "corpus": hash_files(root / "data" if root else PACKAGE / "data"),
        "codebooks": hash_files(PACKAGE / "codebooks"),
        "notebooks": {run.path.name: _describe_run(run) for run in runs},
        "figures": hash_files(figures),
        "seconds": round(seconds, 1),
    }


def package_versions() -> dict[str, str]:
    """Return every installed distribution with its version.

    Returns
    -------
    dict
        Name, in lower case with hyphens, to version, sorted by name.
    """
    found = {
        re.sub(r"[-_.]+", "-", package.metadata["Name"]).lower(): package.version
        for package in metadata.distributions()
    }
    return dict(sorted(found.items()))


def hash_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file under a folder.

    Parameters
    ----------
    folder : pathlib.Path
        A folder; one that does not exist has no files.

    Returns
    -------
    dict
        Path inside the folder, with forward slashes, to the hash, sorted by path. Hidden files
        and compiled Python are left out.
    """
    files = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {
        name.as_posix(): hash_file(path)
        for name, path in sorted(files.items(), key=lambda item: item[0].as_posix())
        if not any(part.startswith((".", "__")) for part in name.parts)
    }


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find_seeds(notebook: NotebookNode) -> list[str]:
    """Return what a notebook hands to `random_state=`, as it is written.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The notebook.

    Returns
    -------
    list of str
        Each spelling once, in the order of the notebook.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> cell = new_code_cell("f(x, random_state=7), f(y, random_state=7, z=g(random_state=SEED))")
    >>> find_seeds(new_notebook(cells=[cell]))
    ['7', 'SEED']
    """
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return list(dict.fromkeys(re.findall(r"\brandom_state\s*=\s*([\w.]+)", code)))


def git_commit(root: Path) -> dict[str, Any] | None:
    """Return the commit a checkout stands at and how many of its files differ.

    Parameters
    ----------
    root : pathlib.Path
        Folder of the checkout.

    Returns
    -------
    dict or None
        `id` and `n_changed_files`; None without git or outside a repository.
    """
    commit = _git(root, "rev-parse", "HEAD")
    if not commit:
        return None
    changed = _git(root, "status", "--porcelain", "--untracked-files=no") or ""
    return {"id": commit, "n_changed_files": len(changed.splitlines())}


def _git(root: Path, *words: str) -> str | None:
    """Output of a git command, None when it fails or git is not there."""
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _describe_run(run: NotebookRun) -> dict[str, Any]:
    return {
        "sha256": hash_file(run.path),
        "random_state": find_seeds(run.notebook),
        "seconds": round(run.seconds, 1),
        "error": run.error or None,
    }
