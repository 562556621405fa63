"""Draw who copies whom."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from framing.show.panels import font_size, open_axes, text_height, wrap
from framing.show.plots import INK, SHADES, _column_labels, _row_labels, _width


def plot_copies(copies: pd.DataFrame, articles: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many articles each outlet copied from each.

    Parameters
    ----------
    copies : DataFrame
        As `find_copies` returns it: index `doc_id`, column `copy_of`. Choose kinds before:
        `copies[copies["kind"] != "reworded"]`.
    articles : DataFrame
        Index `doc_id`, column `outlet`.
    ax : Axes, optional
        Where to draw; by default a new figure that is large enough.

    Returns
    -------
    Axes
        The Axes drawn in: a row an outlet that copies, a column an outlet that is copied, the one
        with the most copies first.

    Raises
    ------
    KeyError
        If `articles` has no `outlet`, or lacks an article of `copies`.
    ValueError
        If there is no copy to draw.

    Notes
    -----
    The number beside a row is that of the outlet's articles, copied or not. Outlets that neither
    copy nor are copied are left out, and so are copies of which an outlet is not known; the label
    counts both. Which of two articles of one day is the copy is a convention (see `find_copies`).

    Examples
    --------
    >>> index = pd.Index(["a1", "a2", "a3"], name="doc_id")
    >>> articles = pd.DataFrame({"outlet": ["Wire", "Herald", "Star"]}, index=index)
    >>> copies = pd.DataFrame({"copy_of": [None, "a1", "a1"]}, index=index)
    >>> ax = plot_copies(copies, articles)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Herald (1)', 'Star (1)']
    """
    counts, note = _counts(copies, articles)
    width = _width(ax, "double" if counts.shape[1] > 5 else "single")
    labels, heights, label_width = _row_labels(list(counts.index), width)
    cell = (width - label_width - 16) / counts.shape[1]
    names, turned, head = _column_labels(list(counts.columns), cell)
    note = wrap(note, width - 8, font_size("axes.labelsize"))
    foot = text_height(note, font_size("axes.labelsize")) + 12
    axes = open_axes(ax, width, (max(heights) + 3) * len(labels) + head + foot)
    axes.pcolormesh(counts.to_numpy(), cmap=SHADES, vmin=0, edgecolors="white", linewidth=0.8)
    axes.set_yticks(np.arange(len(labels)) + 0.5, labels)
    axes.set_xticks(np.arange(len(names)) + 0.5, names, rotation=90 if turned else 0)
    axes.tick_params(length=0)
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    axes.set_xlabel(note, loc="right")
    _write_counts(axes, counts.to_numpy(), min(font_size("xtick.labelsize"), cell / 1.9))
    return axes


def _counts(copies: pd.DataFrame, articles: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Count copies by outlet and source, and say what the counts are."""
    pairs = _outlets_of_copies(copies, articles)
    known = pairs.dropna()
    if known.empty:
        raise ValueError(
            f"There is no copy to draw: {len(copies)} articles, {len(pairs)} of them copies"
            + (", and no outlet known of both sides." if len(pairs) else ".")
        )
    counts = pd.crosstab(known["copier"], known["source"])
    rows, columns = (_most_first(counts.sum(axis=axis)) for axis in (1, 0))
    n_articles = articles["outlet"].value_counts()
    labels = [f"{name} ({n_articles[name]:,})" for name in rows]
    others = articles["outlet"].nunique() - len(set(rows) | set(columns))
    n_unknown = len(pairs) - len(known)
    rest = [f"{others:,} outlet{'s' * (others > 1)} without copies"] if others else []
    rest += [f"{n_unknown:,} cop{'ies' if n_unknown > 1 else 'y'} without outlet"] * bool(n_unknown)
    note = "number of copies by outlet (row; all its articles in parentheses) and source (column)"
    note += f"; not shown: {', '.join(rest)}" if rest else ""
    return counts.loc[rows, columns].set_axis(labels, axis=0), note


def _outlets_of_copies(copies: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Give the two outlets of every copy."""
    missing = [
        name for name, table in (("copy_of", copies), ("outlet", articles)) if name not in table
    ]
    if missing:
        raise KeyError(f"No column {' and no column '.join(missing)}: give copies, then articles.")
    source = copies["copy_of"].dropna()
    named = source.index.append(pd.Index(source)).unique()
    unknown = named[~named.isin(articles.index)]
    if len(unknown):
        raise KeyError(
            f"{len(unknown)} articles of `copies` are not in `articles` "
            f"(doc_id {', '.join(map(str, unknown[:3]))}). Give the articles they were found in."
        )
    outlets = articles["outlet"]
    found = {"copier": outlets.loc[source.index].array, "source": outlets.loc[source].array}
    return pd.DataFrame(found, index=source.index)


def _most_first(totals: pd.Series) -> list[Any]:
    """Order names by their number of copies, then by name."""
    return totals.sort_index().sort_values(ascending=False, kind="stable").index.tolist()


def _write_counts(axes: Axes, counts: np.ndarray, size: float) -> None:
    """Write the number in every cell that has one, in white on dark."""
    for (row, column), count in np.ndenumerate(counts):
        if count:
            colour = "white" if count > 0.65 * counts.max() else INK
            place: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": size}
            axes.text(column + 0.5, row + 0.5, f"{count:,}", color=colour, **place)
