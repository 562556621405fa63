"""Write tables that open safely in a spreadsheet and come back exactly as they were."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd

MARK = "defused"  # the column that says in which cells an apostrophe was added
FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@＝＋－＠]|[\t\r\n]")
LONGEST_CELL = 32_767
NOT_IN_XLSX = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def save_table(table: pd.DataFrame, path: str | Path) -> Path:
    r"""Write a table as CSV, Excel workbook, Parquet or JSON lines.

    Parameters
    ----------
    table : DataFrame
        Articles, codes, estimates, a report: any table with text, numbers and dates.
    path : str or Path
        Where to write; `.csv`, `.xlsx`, `.parquet` or `.jsonl` says how. Folders are made.

    Returns
    -------
    Path
        The file, which appears under its name only when it is complete.

    Raises
    ------
    ValueError
        If the ending is another, or a workbook cannot hold a text (longer than 32,767 characters,
        or with control characters).
    TypeError
        If `table` is not a DataFrame.

    Notes
    -----
    A text that a spreadsheet would run as a formula (its first character is = + - @ or a tab, a
    line end) is defused with a leading apostrophe in CSV and Excel. A last column `defused` then
    names the columns of each row where that was done; `read_articles` takes the apostrophes off
    again, so that a saved table of articles gives back the same text. Names of columns are defused
    for good. An empty text and a missing one are the same in CSV and Excel. CSV is UTF-8, which
    Excel takes for Windows Western: for people with Excel save `.xlsx`.

    Examples
    --------
    >>> import tempfile
    >>> articles = pd.DataFrame({"headline": ['=HYPERLINK("x")', "War"], "text": "War began."},
    ...                         index=pd.Index(["a1", "a2"], name="doc_id"))
    >>> path = save_table(articles, Path(tempfile.mkdtemp(), "articles.csv"))
    >>> print(path.read_text(encoding="utf-8"))
    doc_id,headline,text,defused
    a1,"'=HYPERLINK(""x"")",War began.,headline
    a2,War,War began.,
    <BLANKLINE>
    """
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"table is a {type(table).__name__}, not a DataFrame.")
    path = Path(path)
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ValueError(f"{path.name!r} must end in {', '.join(WRITERS)}.")
    flat = table if only_counts_rows(table.index) else table.reset_index()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, lambda part: writer(flat, part))
    return path


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Write beside the file and rename, so that no half-written file is ever seen."""
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        write(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def defuse(table: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before every text that a spreadsheet would run as a formula.

    Parameters
    ----------
    table : DataFrame
        Any table.

    Returns
    -------
    DataFrame
        The table with defused texts and names and, if there was anything to defuse, a last column
        `defused`: the names of the columns where, divided by "; ".

    Examples
    --------
    >>> defuse(pd.DataFrame({"a": ["=1+1", "x"], "n": [-1, 2]})).to_numpy().tolist()
    [["'=1+1", -1, 'a'], ['x', 2, nan]]
    """
    if MARK in table:
        raise ValueError(f"The table has a column {MARK!r} of its own: rename or drop it first.")
    hot = {name: table[name].map(is_formula).astype(bool) for name in _texts(table)}
    safe = {name: _apostrophe(table[name], flag) for name, flag in hot.items() if flag.any()}
    marks = pd.Series("", index=table.index)
    for name in safe:
        marks = marks.mask(hot[name], marks + "; " + _label(defused_name(name)))
    named = table.assign(**safe).rename(columns=defused_name)
    return named.assign(**{MARK: marks.str[2:].where(marks.ne(""))}) if safe else named


def _texts(table: pd.DataFrame) -> list[str]:
    """Columns that may hold text, which is all but numbers, dates and truth values."""
    types = pd.api.types
    typed = (types.is_numeric_dtype, types.is_datetime64_any_dtype, types.is_timedelta64_dtype)
    return [n for n in table.columns if not any(is_typed(table[n].dtype) for is_typed in typed)]


def _apostrophe(column: pd.Series, hot: pd.Series) -> pd.Series:
    cells = [f"'{cell}" if flag else cell for cell, flag in zip(column, hot, strict=True)]
    return pd.Series(cells, index=column.index, dtype=_text_dtype(column))


def _text_dtype(column: pd.Series) -> str:
    return "str" if isinstance(column.dtype, pd.StringDtype) else "object"


def restore(table: pd.DataFrame) -> pd.DataFrame:
    """Take off the apostrophes that `defuse` put on, and its column.

    Examples
    --------
    >>> restore(defuse(pd.DataFrame({"a": ["=1+1", "'x"]})))["a"].tolist()
    ['=1+1', "'x"]
    """
    if MARK not in table:
        return table
    places = table[MARK].fillna("").astype("str").map(_names)
    if not set().union(*places) <= set(map(_label, table.columns)):
        return table  # somebody else's column of this name
    plain = {name: _bare(table[name], name, places) for name in _texts(table) if name != MARK}
    return table.assign(**plain).drop(columns=MARK)


def _label(name: object) -> str:
    """A column's name without the mark that divides names."""
    return str(name).replace(";", ",")


def _names(cell: str) -> frozenset[str]:
    return frozenset(name for name in cell.split("; ") if name)


def _bare(column: pd.Series, name: str, places: pd.Series) -> pd.Series:
    """Take the apostrophe off where the row says that it was added to this column."""
    cells = [
        cell.removeprefix("'") if isinstance(cell, str) and _label(name) in names else cell
        for cell, names in zip(column, places, strict=True)
    ]
    return pd.Series(cells, index=column.index, dtype=_text_dtype(column))


def is_formula(cell: object) -> bool:
    """Say whether a spreadsheet would run a cell, were it typed in.

    Examples
    --------
    >>> is_formula("=1+1"), is_formula("-1"), is_formula(-1), is_formula("a=1")
    (True, True, False, False)
    """
    return isinstance(cell, str) and bool(FORMULA.match(cell))


def defused_name(name: object) -> object:
    """Defuse the name of a column, or one cell that need not be restored."""
    return f"'{name}" if is_formula(name) else name


def only_counts_rows(index: pd.Index) -> bool:
    """Say whether an index only numbers the rows, so that a file can do without it."""
    return all(name is None for name in index.names) and pd.api.types.is_integer_dtype(index)


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    path.write_bytes(defuse(table).to_csv(index=False, lineterminator="\n").encode("utf-8"))


def _write_workbook(table: pd.DataFrame, path: Path) -> None:
    problems = [problem for name in _texts(table) for problem in _unfit(table[name], name)]
    if problems:
        raise ValueError("\n- ".join(["A workbook cannot hold this table:", *problems]))
    defuse(table).to_excel(path, index=False, engine="openpyxl")


def _unfit(column: pd.Series, name: str) -> list[str]:
    """What a workbook would cut off or refuse."""
    texts = [cell for cell in column if isinstance(cell, str)]
    long = sum(len(text) >= LONGEST_CELL for text in texts)  # one character left for an apostrophe
    odd = sum(bool(NOT_IN_XLSX.search(text)) for text in texts)
    said = {
        f"{long} of {len(column)} cells of {name!r} are longer than {LONGEST_CELL:,} characters. "
        "Save as .csv, .parquet or .jsonl": long,
        f"{odd} of {len(column)} cells of {name!r} hold control characters. "
        f"Take them out: table.assign({name}=table[{name!r}].str.replace("
        r"r'[\x00-\x08\x0b-\x1f]', ' ', regex=True))": odd,
    }
    return [problem for problem, n in said.items() if n]


def _write_parquet(table: pd.DataFrame, path: Path) -> None:
    try:
        table.to_parquet(path, index=False)
    except ImportError:
        raise ImportError("Parquet needs pyarrow: pip install pyarrow") from None


def _write_json_lines(table: pd.DataFrame, path: Path) -> None:
    lines = table.to_json(
        orient="records", lines=True, date_format="iso", force_ascii=False, double_precision=15
    )
    path.write_bytes(lines.encode("utf-8"))


WRITERS: dict[str, Callable[[pd.DataFrame, Path], None]] = {
    ".csv": _write_csv,
    ".xlsx": _write_workbook,
    ".parquet": _write_parquet,
    ".jsonl": _write_json_lines,
}
