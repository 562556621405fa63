"""The files that say what the kit needs agree, and the wheel holds all that the package reads."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import framing

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
IMPORT_NAMES = {"scikit-learn": "sklearn", "pyyaml": "yaml", "ipython": "IPython"}
CONDA_NAMES = {"matplotlib-base": "matplotlib"}
UNLOCKED = {"embeddings"}  # 120 MB that no notebook needs; tests have stand-ins
EXTRAS = [text for group in PROJECT["project"]["optional-dependencies"].values() for text in group]
LOCKED_EXTRAS = [
    text
    for name, group in PROJECT["project"]["optional-dependencies"].items()
    for text in group
    if name not in UNLOCKED
]


def specifiers(texts):
    """Canonical name to specifier of each requirement."""
    found = [Requirement(text) for text in texts]
    return {str(canonicalize_name(each.name)): str(each.specifier) for each in found}


BASE = specifiers(PROJECT["project"]["dependencies"])
EVERYTHING = [
    *PROJECT["build-system"]["requires"],
    *PROJECT["project"]["dependencies"],
    *LOCKED_EXTRAS,
    *PROJECT["dependency-groups"]["dev"],
]


def test_conda_gets_the_same_packages_with_the_same_floors():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    packages = specifiers(
        text for text in listed if isinstance(text, str) and not re.match(r"(python|pip)\b", text)
    )
    renamed = {CONDA_NAMES.get(name, name): floor for name, floor in packages.items()}
    assert renamed == BASE
    assert listed[-1] == {"pip": ["-e ."]}


def test_conda_pins_python_with_one_equals_sign_as_binder_reads_it():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    assert re.fullmatch(r"python=3\.\d+", listed[0])
    oldest = re.fullmatch(r">=3\.(\d+)", PROJECT["project"]["requires-python"])
    assert int(listed[0].rpartition(".")[2]) >= int(oldest[1])


def locked():
    """Name to the locked versions (one for each marker) of every package."""
    versions = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", LOCK, re.MULTILINE):
        versions.setdefault(str(canonicalize_name(name)), []).append(version)
    return versions


@pytest.mark.parametrize("text", EVERYTHING)
def test_the_lock_holds_each_dependency_at_a_version_it_accepts(text):
    wanted = Requirement(text)
    versions = locked().get(str(canonicalize_name(wanted.name)), [])
    assert versions
    assert all(wanted.specifier.contains(version) for version in versions)


def test_every_locked_package_has_hashes():
    entries = [entry for entry in re.split(r"\n(?=\S)", LOCK.strip()) if entry]
    assert len(entries) > 100
    without = [entry for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)]
    assert without == []


def test_the_lock_names_no_host():
    assert "://" not in LOCK
    assert "index-url" not in LOCK


def imported_names():
    for path in (ROOT / "framing").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.split(".")[0]


def test_every_import_of_the_package_is_declared():
    declared = [*BASE, *specifiers(EXTRAS)]
    known = {IMPORT_NAMES.get(name, name.replace("-", "_")) for name in declared}
    known |= {"mpl_toolkits"}  # a part of matplotlib
    assert set(imported_names()) - set(sys.stdlib_module_names) - {"framing"} <= known


def test_every_dependency_has_a_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = text.split("dependencies = [")[1].split("]\n")[0].strip().splitlines()
    assert [line for line in lines if "#" not in line] == []


def test_all_files_tell_the_same_version():
    version = PROJECT["project"]["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert framing.__version__ == version
    assert citation["version"] == version
    assert re.search(r"^## \[([\d.]+)\]", changes, re.MULTILINE)[1] == version


def test_all_files_tell_the_same_licence_and_author():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    (author,) = citation["authors"]
    assert PROJECT["project"]["authors"] == [author]
    assert author["name"] in licence
    assert citation["license"] == PROJECT["project"]["license"] == "BSD-3-Clause"
    assert licence.startswith("BSD 3-Clause License")


def test_the_citation_file_has_what_the_format_asks_for():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)


def test_the_recorded_lock_command_is_complete():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"uv pip compile .*", text)
    for word in ("--universal", "--generate-hashes", "--group dev", "-o requirements.lock"):
        assert word in command


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
def test_the_ci_script_can_be_executed():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("framing_kit-*-py3-none-any.whl")
    return path


def files_below(folder):
    for path in sorted((ROOT / folder).rglob("*")):
        hidden = any(part.startswith((".", "__pycache__")) for part in path.parts[-3:])
        if path.is_file() and not hidden:
            yield path.relative_to(ROOT).as_posix()


def test_the_wheel_holds_the_package_and_the_teaching_corpus(wheel):
    names = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("framing/")}
    wanted = {*files_below("framing"), *(f"framing/{name}" for name in files_below("data"))}
    assert names == wanted
    kinds = {Path(name).suffix for name in names}
    assert {".py", ".pyi", ".typed", ".csv", ".mplstyle", ".txt", ".j2", ".css", ".json"} <= kinds


def test_the_wheel_carries_the_licence_and_the_command(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (licence,) = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]
        (commands,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert b"The framing-kit developers" in archive.read(licence)
        assert b"framing = framing.cli:main" in archive.read(commands)


def test_the_installed_wheel_loads_sample_codebook_and_style_far_from_the_checkout(wheel, tmp_path):
    target = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(target)
    code = f"""
import sys
sys.path.insert(0, {str(target)!r})
import framing as fr
assert fr.__file__.startswith({str(target)!r}), fr.__file__
articles = fr.load_sample()
codebook = fr.load_codebook("war_peace")
fr.use_style()
print(len(articles), articles["outlet"].nunique(), codebook["frame"].nunique())
"""
    command = [sys.executable, "-I", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    n_articles, n_outlets, n_frames = map(int, done.stdout.split())
    assert n_articles > 100
    assert min(n_outlets, n_frames) >= 2
