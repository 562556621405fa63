"""kit.py: what it checks, when it installs, what it runs. No test here uses the network."""

import ast
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "kit.py"


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """The script as a module whose project folder is an empty one."""
    spec = importlib.util.spec_from_file_location("kit", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    venv = tmp_path / ".venv"
    places = {"ROOT": tmp_path, "VENV": venv}
    places |= {"STAMP": venv / "kit.stamp", "PYTHON": venv / "python"}
    for name, value in places.items():
        monkeypatch.setattr(module, name, value)
    (tmp_path / "requirements.lock").write_text("one==1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return module


@pytest.fixture
def installs(kit, monkeypatch):
    """The set-up without its slow parts: a list of the pip commands it would run."""
    commands = []

    def make_venv():
        kit.VENV.mkdir(exist_ok=True)
        kit.STAMP.unlink(missing_ok=True)
        kit.PYTHON.touch()

    monkeypatch.setattr(kit, "make_venv", make_venv)
    monkeypatch.setattr(kit, "pip", lambda *words: commands.append(words))
    return commands


@pytest.fixture
def runs(kit, monkeypatch):
    """The commands the jobs would run; ruff and pytest end as the dictionary says."""
    commands, codes = [], {}

    def run(*words, folder="root"):
        commands.append(words if folder == "root" else (*words, "where the caller stands"))
        return codes.get(words[1], 0) if len(words) > 1 else 0

    monkeypatch.setattr(kit, "run", run)
    monkeypatch.setattr(kit, "set_up", lambda: commands.append("set up"))
    return commands, codes


def test_needs_nothing_but_the_standard_library():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in imports if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_old_python_can_read_the_script_and_so_shows_its_message():
    source = SCRIPT.read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
    source.encode("ascii")  # for consoles of any encoding


def test_without_words_it_explains_itself_and_installs_nothing(kit, installs, capsys):
    assert kit.main([]) == 0
    assert "python3 kit.py figures" in capsys.readouterr().out
    assert kit.main(["figurs"]) == 2
    assert installs == []


def test_an_old_python_is_told_what_to_do(kit, monkeypatch):
    monkeypatch.setattr(kit, "OLDEST", (99, 0))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; this is 3\.\d+"):
        kit.set_up()


def test_debian_without_venv_is_told_the_package(kit, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="sudo apt install python3-venv"):
        kit.set_up()


def test_installs_from_the_lock_by_hash_then_the_project_without_dependencies(kit, installs):
    kit.set_up()
    lock, project = installs
    assert lock[:3] == ("install", "--require-hashes", "--requirement")
    assert lock[3].endswith("requirements.lock")
    assert {"--no-deps", "--no-build-isolation", "--editable"} < set(project)


def test_a_second_run_installs_nothing(kit, installs):
    kit.set_up()
    kit.set_up()
    assert len(installs) == 2


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_file_installs_again(kit, installs, name):
    kit.set_up()
    (kit.ROOT / name).write_text("changed")
    kit.set_up()
    assert len(installs) == 4


@pytest.mark.parametrize(
    ("name", "value"), [("version", "3.99.0"), ("base_prefix", "/opt/another")]
)
def test_another_python_installs_again(kit, installs, monkeypatch, name, value):
    kit.set_up()
    monkeypatch.setattr(sys, name, value)
    kit.set_up()
    assert len(installs) == 4


def test_an_environment_whose_python_is_gone_is_made_again(kit, installs):
    kit.set_up()
    kit.PYTHON.unlink()
    kit.set_up()
    assert len(installs) == 4


def test_a_moved_folder_installs_again(kit, installs, monkeypatch, tmp_path):
    before = kit.fingerprint()
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("requirements.lock", "pyproject.toml"):
        (moved / name).write_bytes((kit.ROOT / name).read_bytes())
    monkeypatch.setattr(kit, "ROOT", moved)
    assert kit.fingerprint() != before


def test_an_interrupted_install_is_done_again(kit, installs, monkeypatch):
    def stop(*words):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(kit, "pip", stop)
        with pytest.raises(KeyboardInterrupt):
            kit.set_up()
    assert not kit.STAMP.exists()
    kit.set_up()
    assert len(installs) == 2
    assert kit.STAMP.exists()


def test_a_failing_pip_shows_its_reason_and_what_to_do(kit, monkeypatch):
    monkeypatch.setattr(kit, "PYTHON", sys.executable)
    with pytest.raises(SystemExit) as stop:
        kit.pip("install", "--no-index", "no-such-package-of-the-kit")
    assert "No matching distribution found for no-such-package-of-the-kit" in str(stop.value)
    assert "needs the network" in str(stop.value)


def test_pip_counts_packages_instead_of_listing_them(kit, monkeypatch, capsys):
    lines = [f"Collecting package-{n}" for n in range(60)] + ["Installing collected packages: a"]
    code = "\n".join(f"print({line!r})" for line in lines)
    real = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda command, **rest: real([sys.executable, "-c", code], **rest)
    )
    kit.pip("install")
    assert capsys.readouterr().out == "  25 packages\n  50 packages\n  unpacking them\n"


def test_a_folder_in_use_is_explained(kit, monkeypatch):
    def refuse(builder, folder):
        raise PermissionError("python.exe is in use")

    monkeypatch.setattr("venv.EnvBuilder.create", refuse)
    with pytest.raises(SystemExit, match="Close what uses it"):
        kit.make_venv()


def test_run_returns_the_exit_code_and_speaks_utf_8(kit, monkeypatch):
    monkeypatch.setattr(kit, "PYTHON", sys.executable)
    assert kit.run("-c", "import sys; sys.exit(3 + sys.flags.utf8_mode)") == 4


def test_figures_hands_its_words_to_the_command_line(kit, runs):
    commands, _ = runs
    assert kit.main(["figures", "02", "--out", "x"]) == 0
    assert commands == ["set up", ("-m", "framing", "reproduce", "02", "--out", "x")]


def test_the_python_job_stays_where_the_caller_stands(kit, runs):
    commands, _ = runs
    kit.main(["python", "study.py"])
    assert commands[1] == ("study.py", "where the caller stands")


def test_all_three_checks_run_and_pytest_comes_last(kit, runs, capsys):
    commands, _ = runs
    assert kit.main(["test", "-k", "wilson"]) == 0
    assert [words[1] for words in commands[1:]] == ["ruff", "mypy", "pytest"]
    assert commands[-1][-2:] == ("-k", "wilson")
    assert capsys.readouterr().out == "ruff: passed\nmypy: passed\n"


@pytest.mark.parametrize("failing", ["ruff", "mypy", "pytest"])
def test_one_failing_check_fails_the_job_and_the_others_still_run(kit, runs, capsys, failing):
    commands, codes = runs
    codes[failing] = 1
    assert kit.main(["test"]) == 1
    assert [words[1] for words in commands[1:]] == ["ruff", "mypy", "pytest"]
    if failing != "pytest":
        assert f"{failing}: failed\n" in capsys.readouterr().out


def test_lab_opens_the_notebooks_without_the_news(kit, runs):
    commands, _ = runs
    assert kit.main(["lab", "--no-browser"]) == 0
    assert commands[1] == ("-m", "jupyterlab", "notebooks", "--no-browser")
    settings = kit.VENV / "share/jupyter/lab/settings/overrides.json"
    chosen = json.loads(settings.read_text())["@jupyterlab/apputils-extension:notification"]
    assert chosen == {"fetchNews": "false", "checkForUpdates": False}
