"""The house rules that a test can hold: size of functions, documents, direction of imports."""

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

import framing as fr

PACKAGE = Path(fr.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
RIVER = ["corpus", "text", "stats", "measures", "validity", "inference", "show", "reproduce"]
UPSTREAM_OF_ALL = {room: set(RIVER[: place + 1]) for place, room in enumerate(RIVER)}


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def n_lines(function):
    """Lines of code, without the docstring."""
    body = function.body
    if ast.get_docstring(function):
        body = body[1:]
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def n_arguments(function):
    names = [a.arg for a in [*function.args.posonlyargs, *function.args.args]]
    names += [a.arg for a in function.args.kwonlyargs]
    return len([name for name in names if name not in ("self", "cls")])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_functions_are_short(path):
    too_long = [f.name for f in functions(path) if n_lines(f) > 40]
    too_wide = [f.name for f in functions(path) if n_arguments(f) > 7]
    assert not too_long
    assert not too_wide


def test_the_median_function_has_eight_lines_at_most():
    assert median(n_lines(f) for path in MODULES for f in functions(path)) <= 8


@pytest.mark.parametrize("name", sorted(fr.__all__))
def test_public_names_are_documented(name):
    found = getattr(fr, name)
    text = inspect.getdoc(found)
    assert text.splitlines()[0].endswith(".")
    if inspect.isfunction(found):
        returns = inspect.signature(found).return_annotation is not None
        wanted = ["Examples\n", *(["Returns\n"] if returns else [])]
        wanted += ["Parameters\n"] if inspect.signature(found).parameters else []
        assert [section for section in wanted if section not in text] == []


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("framing."):
            yield node.module.split(".")[1]


@pytest.mark.parametrize("room", RIVER)
def test_imports_point_upstream(room):
    found = {name for path in (PACKAGE / room).rglob("*.py") for name in imports_of(path)}
    assert found - {"__version__"} <= UPSTREAM_OF_ALL[room]


def test_importing_the_kit_imports_nothing_heavy():
    heavy = ["pandas", "numpy", "sklearn", "scipy", "matplotlib", "nltk"]
    code = f"import framing, sys; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_module_imports():
    for path in MODULES:
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if parts[-1] != "__main__":
            importlib.import_module(".".join(parts).removesuffix(".__init__"))
