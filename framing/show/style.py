"""The look of the kit's figures: one style sheet, two widths."""

from pathlib import Path

WIDTHS = {"single": 3.5, "double": 7.2}
COLOURS = ("#00407f", "#e2923a", "#b2352b", "#278b70", "#0d1420", "#e6d48f")
MARKERS = ("o", "s", "^", "D", "v", "P")
LINES = ("-", "--", "-.", ":", "-", "--")
STYLE = Path(__file__).with_name("framing.mplstyle")


def use_style() -> None:
    """Switch Matplotlib to the kit's style for the rest of the session.

    Notes
    -----
    Nothing changes before this is called; `matplotlib.rcdefaults()` undoes it.

    Examples
    --------
    >>> use_style()
    >>> import matplotlib
    >>> matplotlib.rcParams["pdf.fonttype"], matplotlib.rcParams["font.size"]
    (42, 8.0)
    >>> matplotlib.rcdefaults()
    """
    import matplotlib.pyplot as plt

    plt.style.use(STYLE)


def figure_size(width: str = "double", *, rows: int = 12) -> tuple[float, float]:
    """Return a figure size in inches that fits a journal column.

    Parameters
    ----------
    width : {"single", "double"}
        One column (3.5 in) or the whole page (7.2 in).
    rows : int
        Lines of labels the figure has to hold, from top to bottom.

    Returns
    -------
    tuple of float
        Width and height.

    Raises
    ------
    ValueError
        If the width has no such name or there is no row.

    Examples
    --------
    >>> figure_size("single", rows=10)
    (3.5, 2.9)
    """
    if width not in WIDTHS:
        raise ValueError(f"No width {width!r}. Choose from: {', '.join(WIDTHS)}")
    if rows < 1:
        raise ValueError(f"rows={rows!r} must be at least 1.")
    return WIDTHS[width], round(0.9 + 0.2 * rows, 2)
