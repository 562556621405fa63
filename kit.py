"""Set up the framing kit and run a job with it; needs Python 3.11 or newer and nothing else.

    python3 kit.py figures    run the notebooks; pages and figures go to build/
    python3 kit.py test       check style and types, run every test
    python3 kit.py lab        open the notebooks in JupyterLab
    python3 kit.py python     the kit's own Python, e.g.  python3 kit.py python my_study.py

On Windows write `py kit.py`. Words after the job go to it: `figures --help`, `test -k wilson`.
The first run makes .venv (one to three minutes, needs the network); later runs start at once.
"""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "kit.stamp"  # written last, so an interrupted set-up is done again

TOO_OLD = """The kit needs Python 3.11 or newer; this is {found} ({path}).
Install a newer one from python.org and use it here, for example: python3.12 kit.py figures"""
NO_VENV = """This Python cannot make virtual environments. On Debian or Ubuntu:
    sudo apt install python3-venv
Then run the same command again."""
IN_USE = """Could not write .venv: {error}
Close what uses it (JupyterLab, an editor, a shell where it is active) and run again."""
NO_PACKAGES = """
{reason}
pip could not finish. The first set-up needs the network: if that was the reason, check the
connection or the proxy and run the same command again; it starts over cleanly."""


def main(words):
    """Run the job that the first word names; return its exit code."""
    if not words or words[0] not in JOBS:
        print(__doc__)
        return 0 if words in ([], ["-h"], ["--help"]) else 2
    set_up()
    return JOBS[words[0]](words[1:])


def set_up():
    """Make .venv from the lock, unless it is there, whole and up to date."""
    check_python()
    stamp = fingerprint()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == stamp:
        return
    print("Setting up .venv: 225 MB to fetch, one to three minutes; later runs skip this")
    make_venv()
    print("  fetching the packages of requirements.lock", flush=True)
    pip("install", "--require-hashes", "--requirement", str(ROOT / "requirements.lock"))
    pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text(stamp)
    print("  done", flush=True)


def check_python():
    """Stop with the repair when this Python cannot make the environment."""
    if sys.version_info < OLDEST:
        sys.exit(TOO_OLD.format(found=sys.version.split()[0], path=sys.executable))
    if not all(importlib.util.find_spec(name) for name in ("ensurepip", "venv")):
        sys.exit(NO_VENV)


def fingerprint():
    """Hash what .venv depends on: the lock, the project file, this Python, this folder."""
    parts = [(ROOT / name).read_bytes() for name in ("requirements.lock", "pyproject.toml")]
    parts += [text.encode() for text in (sys.version, sys.base_prefix, str(ROOT))]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_venv():
    """Make an empty .venv in place of any old one."""
    import venv

    print(f"  making .venv with Python {sys.version.split()[0]}", flush=True)
    try:
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=os.name != "nt").create(VENV)
    except OSError as error:
        sys.exit(IN_USE.format(error=error))


def pip(*words):
    """Run pip inside .venv; tell how far it is in a few lines instead of its hundreds."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", *words]
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    lines, fetched = [], 0
    with subprocess.Popen(command, text=True, errors="replace", **pipe) as process:
        for line in process.stdout:
            lines += [] if line.startswith("Ignoring ") else [line]  # packages of other systems
            if line.startswith(("Collecting ", "Processing ")):
                fetched += 1
                if fetched % 25 == 0:
                    print(f"  {fetched} packages", flush=True)
            elif line.startswith("Installing collected") and fetched:
                print("  unpacking them", flush=True)
    if process.returncode:
        sys.exit(NO_PACKAGES.format(reason="".join(lines[-12:])))


def run(*words, folder=ROOT):
    """Run the Python of .venv; return its exit code."""
    env = {**os.environ, "PYTHONUTF8": "1"}  # one encoding on every system
    process = subprocess.Popen([str(PYTHON), *words], cwd=folder, env=env)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the job hears Ctrl-C too and closes in its own time
            continue


def figures(words):
    """Run the notebooks and write their pages and figures."""
    return run("-m", "framing", "reproduce", *words)


def test(words):
    """Run the three checks; pytest comes last, so that its own summary closes the output."""
    codes = {"ruff": run("-m", "ruff", "check", "."), "mypy": run("-m", "mypy")}
    for name, code in codes.items():
        print(f"{name}: {'failed' if code else 'passed'}", flush=True)
    return run("-m", "pytest", "-n", "auto", "--dist", "loadfile", *words) or max(codes.values())


def lab(words):
    """Open JupyterLab on the notebooks, without its news pop-up."""
    settings = VENV / "share/jupyter/lab/settings"
    settings.mkdir(parents=True, exist_ok=True)
    quiet = {"fetchNews": "false", "checkForUpdates": False}
    overrides = {"@jupyterlab/apputils-extension:notification": quiet}
    (settings / "overrides.json").write_text(json.dumps(overrides))
    return run("-m", "jupyterlab", "notebooks", *words)


def python(words):
    """Run the kit's Python where the caller stands."""
    return run(*words, folder=None)


JOBS = {"figures": figures, "test": test, "lab": lab, "python": python}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
