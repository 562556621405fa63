"""Load codebooks: which patterns count as evidence of which frame, and why."""

import re
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from framing.corpus.encoding import decode
from framing.corpus.readers.delimited import delimiter_of
from framing.text.patterns import parse_pattern

COLUMNS = ("frame", "pattern", "indicator", "definition", "example", "source")
_SHIPPED = Path(__file__).parents[1] / "codebooks"


def load_codebook(name_or_path: str | Path) -> pd.DataFrame:
    """Load a codebook, one that comes with the kit or a file of your own.

    Parameters
    ----------
    name_or_path : str or Path
        The name of a codebook of the kit (`list_codebooks()`), or a file: CSV
        (comma, semicolon or tab) or XLSX with the columns `frame` and `pattern`, YAML (`frame:
        [pattern, …]`, nested as quanteda writes it, or `frame: {definition: …, patterns: […]}`),
        or a LIWC dictionary (`.dic`).

    Returns
    -------
    pandas.DataFrame
        One row a pattern: `frame`, `pattern` and, when known, `indicator`, `definition`,
        `example`, `source`. In a file, an empty cell of the last four says “as in the row above”
        within the frame.

    Raises
    ------
    FileNotFoundError
        If there is neither a codebook of that name nor a file.
    ValueError
        If the codebook has problems; one message lists them all, as `check_codebook` does.

    Notes
    -----
    A pattern is a word, a `prefix*`, a phrase any word of which may carry `*`, or a pair
    `word1 ~5 word2` (at most 5 tokens apart, in either order, in one sentence). `!pattern`
    cancels: what it matches does not count (`!war on drugs` under `war*`). A word also matches
    its possessive (`Syria`, `Syria's`). Case and the shape of apostrophes do not matter.

    Examples
    --------
    >>> codebook = load_codebook("conflict_labels")
    >>> list(codebook.columns)
    ['frame', 'pattern', 'indicator', 'definition', 'example', 'source']
    """
    path = _find(name_or_path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ValueError(f"{path.name}: a codebook is one of {', '.join(sorted(_READERS))}")
    table = reader(path)
    table.columns = table.columns.str.strip().str.lower()
    for column in {"frame", "pattern"} & set(table.columns):
        table[column] = table[column].str.strip()
    return check_codebook(_fill_down(table) if "frame" in table else table)


def as_codebook(codebook: str | Path | pd.DataFrame) -> pd.DataFrame:
    """Check a codebook that is a table, load one that is not."""
    if isinstance(codebook, pd.DataFrame):
        return check_codebook(codebook)
    return load_codebook(codebook)


def list_codebooks() -> list[str]:
    """List the names of the codebooks that come with the kit.

    Returns
    -------
    list of str

    Examples
    --------
    >>> "war_peace" in list_codebooks()
    True
    """
    return sorted(path.stem for path in _SHIPPED.glob("*.csv"))


def check_codebook(codebook: pd.DataFrame) -> pd.DataFrame:
    """Check a codebook and give it back.

    Parameters
    ----------
    codebook : pandas.DataFrame
        Columns `frame` and `pattern`; when known `indicator`, `definition`, `example`, `source`.

    Returns
    -------
    pandas.DataFrame
        The same table, unchanged.

    Raises
    ------
    ValueError
        With one line for every problem: a missing or unknown column, an empty frame, a duplicate
        pattern, a lone `*`, a pattern that no token can ever match.

    Examples
    --------
    >>> check_codebook(pd.DataFrame({"frame": ["war", "war"], "pattern": ["troops", "*"]}))
    Traceback (most recent call last):
    ...
    ValueError: 1 problem in the codebook:
    - row 1 (war): '*': a lone * would match every token
    """
    problems = [*_column_problems(codebook)]
    if not problems:
        problems = [*_row_problems(codebook), *_frame_problems(codebook)]
    if problems:
        noun = "problem" if len(problems) == 1 else "problems"
        raise ValueError("\n- ".join([f"{len(problems)} {noun} in the codebook:", *problems]))
    return codebook


def describe_codebook(codebook: pd.DataFrame) -> pd.DataFrame:
    """Sum up a codebook, a row a frame.

    Parameters
    ----------
    codebook : pandas.DataFrame
        As from `load_codebook`.

    Returns
    -------
    pandas.DataFrame
        Index `frame`; `n_patterns` that count, `n_cancelling` that begin with `!`, `n_indicators`,
        `definition`, `source`.

    Examples
    --------
    >>> list(describe_codebook(load_codebook("episodic_thematic")).index)
    ['episodic', 'thematic']
    """
    full = codebook.reindex(columns=list(COLUMNS))
    cancels = full["pattern"].str.startswith("!")
    return (
        full.assign(n_patterns=~cancels, n_cancelling=cancels)
        .groupby("frame", sort=False)
        .agg(
            n_patterns=("n_patterns", "sum"),
            n_cancelling=("n_cancelling", "sum"),
            n_indicators=("indicator", "nunique"),
            definition=("definition", "first"),
            source=("source", "first"),
        )
    )


def _find(name_or_path: str | Path) -> Path:
    shipped = _SHIPPED / f"{name_or_path}.csv"
    if shipped.is_file():
        return shipped
    path = Path(name_or_path)
    if path.is_file():
        return path
    raise FileNotFoundError(
        f"no codebook {str(name_or_path)!r}: the kit has {', '.join(list_codebooks())}, "
        "and there is no file of that name"
    )


def _read_csv(path: Path) -> pd.DataFrame:
    text = decode(path.read_bytes()).text
    return pd.read_csv(StringIO(text), sep=delimiter_of(text), dtype=str, keep_default_na=False)


def _read_xlsx(path: Path) -> pd.DataFrame:
    return pd.read_excel(path, dtype=str, keep_default_na=False)


def _read_yaml(path: Path) -> pd.DataFrame:
    import yaml

    tree = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # `no` is a word
    if not isinstance(tree, dict):
        raise ValueError(f"{path.name}: expected `frame: [pattern, …]`")
    return pd.DataFrame(_rows_of(tree, ()), columns=list(COLUMNS))


def _rows_of(tree: Any, names: tuple[str, ...], **known: str) -> Iterator[dict[str, str]]:
    """Walk nested lists and mappings down to the patterns; nested names are joined by a dot."""
    if isinstance(tree, dict):
        said = {key: str(tree[key]) for key in COLUMNS[2:] if isinstance(tree.get(key), str)}
        for name, branch in tree.items():
            if name not in said:
                deeper = names if name == "patterns" else (*names, str(name))
                yield from _rows_of(branch, deeper, **(known | said))
    elif isinstance(tree, list):
        for branch in tree or [""]:
            yield from _rows_of(branch, names, **known)
    else:
        yield {"frame": ".".join(names), "pattern": "" if tree is None else str(tree), **known}


def _read_dic(path: Path) -> pd.DataFrame:
    """Read a LIWC dictionary: numbered categories between two lines of `%`, then the words."""
    head, body = _halves_of_dic(path)
    names = {line.split()[0]: line.split(maxsplit=1)[1].strip() for line in head}
    entries = [_entry_of_dic(line) for line in body]
    strange = [word for word, numbers in entries if not numbers or set(numbers) - set(names)]
    if strange:
        listed = ", ".join(repr(word) for word in strange[:5]) + (", …" if strange[5:] else "")
        raise ValueError(
            f"{path.name}: {len(strange)} words name no category of the head: {listed}"
        )
    rows = [(names[number], word) for word, numbers in entries for number in numbers]
    table = pd.DataFrame(rows, columns=["frame", "pattern"])
    order = {name: place for place, name in enumerate(names.values())}
    return table.sort_values("frame", key=lambda c: c.map(order), kind="stable", ignore_index=True)


def _entry_of_dic(line: str) -> tuple[str, list[str]]:
    """Take a line apart into the word, which may hold spaces before a tab, and its categories."""
    word, *numbers = re.split(r"\t+", line.strip()) if "\t" in line else line.split()
    return word.strip(), [number for cell in numbers for number in cell.split()]


def _halves_of_dic(path: Path) -> tuple[list[str], list[str]]:
    lines = [line for line in decode(path.read_bytes()).text.splitlines() if line.strip()]
    marks = [i for i, line in enumerate(lines) if line.strip() == "%"]
    if len(marks) != 2 or any(len(line.split()) < 2 for line in lines[marks[0] + 1 : marks[1]]):
        raise ValueError(f"{path.name}: a LIWC dictionary lists its categories between two %")
    return lines[marks[0] + 1 : marks[1]], lines[marks[1] + 1 :]


_READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": _read_csv,
    ".xlsx": _read_xlsx,
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".dic": _read_dic,
}


def _fill_down(table: pd.DataFrame) -> pd.DataFrame:
    """Fill an empty cell with the one above it in the same frame."""
    notes = [column for column in COLUMNS[2:] if column in table]
    filled = table[notes].astype(str).replace("", pd.NA).groupby(table["frame"]).ffill()
    return table.assign(**filled.fillna(""))


def _column_problems(codebook: pd.DataFrame) -> Iterator[str]:
    missing = [column for column in COLUMNS[:2] if column not in codebook]
    unknown = [str(column) for column in codebook if column not in COLUMNS]
    if missing:
        yield f"no column {' and no column '.join(missing)}"
    if unknown:
        yield f"unknown column {', '.join(unknown)} (a codebook has {', '.join(COLUMNS)})"
    if not missing and codebook.empty:
        yield "no patterns"


def _row_problems(codebook: pd.DataFrame) -> Iterator[str]:
    first_row: dict[tuple[str, str], Any] = {}
    for row, frame, pattern in codebook[["frame", "pattern"]].fillna("").itertuples(name=None):
        frame, pattern = str(frame).strip(), str(pattern).strip()
        if not frame:
            yield f"row {row}: {pattern!r} has no frame"
        if not pattern:
            continue
        try:
            key = (frame, repr(parse_pattern(pattern)))
        except ValueError as problem:
            yield f"row {row} ({frame}): {pattern!r}: {problem}"
            continue
        if key in first_row:
            yield f"row {row} ({frame}): {pattern!r} stands already in row {first_row[key]}"
        first_row.setdefault(key, row)


def _frame_problems(codebook: pd.DataFrame) -> Iterator[str]:
    pattern = codebook["pattern"].fillna("").astype("str").str.strip()
    counts = (pattern.ne("") & ~pattern.str.startswith("!")).groupby(codebook["frame"]).sum()
    for frame in counts.index[counts == 0]:
        yield f"frame {frame!r} is empty: no pattern counts towards it"
    n_blank = int(pattern.eq("").sum())
    if n_blank:
        yield f"{n_blank} rows without a pattern, first {codebook.index[pattern.eq('')][0]}"
