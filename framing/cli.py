"""The command line: each command calls one public function."""

import argparse
import sys
from collections.abc import Sequence
from importlib import metadata


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    words : sequence of str, optional
        The words after `framing`; those of the command line when left out.

    Returns
    -------
    int
        0 when all went well, 1 when a notebook failed, 2 when the command cannot be followed.
    """
    choice = make_parser().parse_args(words)
    try:
        return int(choice.run(choice))
    except (ValueError, FileNotFoundError) as error:
        print(f"framing: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted; the earlier results are as they were.", file=sys.stderr)
        return 130


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Returns
    -------
    argparse.ArgumentParser
        One sub-parser a command, each with the function that runs it as `run`.
    """
    parser = argparse.ArgumentParser(prog="framing", description="The framing kit.")
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    reproduce = commands.add_parser(
        "reproduce",
        help="run the notebooks and write their pages, figures and numbers",
        description="Run the notebooks from top to bottom and write one folder: a page for each, "
        "every figure as PDF, SVG and PNG with its numbers as CSV, and provenance.json.",
    )
    reproduce.add_argument(
        "notebooks", nargs="*", metavar="NOTEBOOK", help="a path, or a name such as 02 (all)"
    )
    reproduce.add_argument(
        "--out", default="build", help="folder to write; an earlier result is replaced (build)"
    )
    reproduce.set_defaults(run=run_reproduce)
    return parser


def run_reproduce(choice: argparse.Namespace) -> int:
    """Build the bundle that the command line asks for.

    Parameters
    ----------
    choice : argparse.Namespace
        With `notebooks` and `out`.

    Returns
    -------
    int
        1 when a notebook stopped early, else 0.
    """
    print("Loading …", flush=True)
    from framing.reproduce.bundle import build_bundle

    runs = build_bundle(choice.notebooks, out=choice.out)
    errors = [run.error for run in runs if run.error]
    for error in errors:
        print(f"framing: {error}", file=sys.stderr)
    return 1 if errors else 0


def _version() -> str:
    try:
        return metadata.version("framing-kit")
    except metadata.PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    sys.exit(main())
