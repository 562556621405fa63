"""Write a figure, in three formats and with its numbers, the same bytes every time."""

import os
import re
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from framing.corpus.export import defused_name, only_counts_rows, write_whole
from framing.show.panels import figure_of

RC: dict[Any, Any] = {
    "svg.hashsalt": "framing",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "savefig.bbox": None,
    "savefig.facecolor": "auto",
    "savefig.transparent": False,
}
METADATA: dict[str, dict[str, None]] = {
    "pdf": {"Creator": None, "Producer": None, "CreationDate": None},
    "svg": {"Creator": None, "Date": None},
    "png": {"Software": None},
}


def save_figure(
    ax: Axes, name: str, numbers: pd.DataFrame, *, folder: str | Path | None = None
) -> dict[str, Path]:
    """Write the figure that holds `ax` as PDF, SVG and PNG, and its numbers as CSV.

    Parameters
    ----------
    ax : Axes
        Any Axes of the figure, as the plot functions return it.
    name : str
        Name of the files without ending: letters, digits, `-` and `_`.
    numbers : DataFrame
        The table the figure shows.
    folder : str or Path, optional
        Where to write; by default the environment variable FRAMING_FIGURES, or else "figures".

    Returns
    -------
    dict
        Path of each file, by ending: "pdf", "svg", "png", "csv".

    Raises
    ------
    TypeError
        If `ax` is not an Axes or `numbers` is not a DataFrame.
    ValueError
        If the name holds anything but letters, digits, `-` and `_`.

    Notes
    -----
    The same figure gives the same bytes in every process, locale and time zone, as long as
    Matplotlib and its fonts are the same: no dates, no random ids. A file appears under its name
    only when it is complete. The PNG has 300 dots an inch.

    In the CSV, text that a spreadsheet would run as a formula (it begins with = + - @ or a tab)
    is defused with a leading apostrophe; numbers are written with ten significant digits.

    Examples
    --------
    >>> import matplotlib.pyplot as plt, tempfile
    >>> _, ax = plt.subplots()
    >>> folder = tempfile.mkdtemp()
    >>> paths = save_figure(ax, "figure_1", pd.DataFrame({"share": [-0.25]}), folder=folder)
    >>> sorted(path.name for path in paths.values())
    ['figure_1.csv', 'figure_1.pdf', 'figure_1.png', 'figure_1.svg']
    >>> paths["csv"].read_text()
    'share\\n-0.25\\n'
    >>> plt.close()
    """
    _check(ax, name, numbers)
    home = Path(folder if folder is not None else os.environ.get("FRAMING_FIGURES") or "figures")
    home.mkdir(parents=True, exist_ok=True)
    paths = {ending: home / f"{name}.{ending}" for ending in (*METADATA, "csv")}
    for ending in METADATA:
        write_whole(paths[ending], partial(_draw, ax, ending))
    write_whole(paths["csv"], partial(_write_numbers, numbers))
    return paths


def _check(ax: Any, name: Any, numbers: Any) -> None:
    if not isinstance(ax, Axes):
        raise TypeError(
            f"`ax` must be an Axes, as the plot functions return, not {type(ax).__name__}."
        )
    if not isinstance(numbers, pd.DataFrame):
        raise TypeError(f"`numbers` must be a DataFrame, not {type(numbers).__name__}.")
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise ValueError(
            f"{name!r} is no name for a file: use letters, digits, - and _, and no ending; "
            "say where with folder=."
        )


def _draw(ax: Axes, ending: str, path: Path) -> None:
    figure = figure_of(ax)
    _forget_layout(figure)
    with rc_context(RC):
        figure.savefig(path, format=ending, dpi=300, metadata=METADATA[ending])


def _forget_layout(figure: Figure) -> None:
    """Start the layout anew: it would depend a little on how often the figure was drawn before."""
    for axes in figure.axes:
        place = axes.get_subplotspec()
        if figure.get_layout_engine() is not None and place is not None and axes.get_in_layout():
            axes.set_subplotspec(place)


def _write_numbers(numbers: pd.DataFrame, path: Path) -> None:
    table = numbers if only_counts_rows(numbers.index) else numbers.reset_index()
    table = table.apply(_defuse_column).rename(columns=defused_name)
    csv = table.to_csv(index=False, lineterminator="\n", float_format="%.10g")
    path.write_bytes(csv.encode("utf-8"))


def _defuse_column(column: pd.Series) -> pd.Series:
    typed = pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column)
    return column if typed else column.astype(object).map(defused_name)
