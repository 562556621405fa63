"""Read articles from files, check them at the door, describe them."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from framing.corpus.checks import check_articles, require_text
from framing.corpus.columns import check_mapping
from framing.corpus.fields import tidy_fields
from framing.corpus.groups import group_keys
from framing.corpus.loading import Loaded, join_records, load_file
from framing.corpus.report import make_report
from framing.corpus.sources import Source, find_sources

__all__ = ["Reading", "check_articles", "describe_corpus", "read_articles", "require_text"]

MANY_FILES = 20


class Reading(NamedTuple):
    """What was read: the articles, and a report with one row for each file."""

    articles: pd.DataFrame
    report: pd.DataFrame


def read_articles(
    path: str | Path | Sequence[str | Path], columns: Mapping[str, str] | None = None
) -> Reading:
    """Read news articles from a file, a list of files, a folder or a ZIP.

    Parameters
    ----------
    path : path or list of paths
        `.txt` (one article each), `.csv`, `.tsv`, `.xlsx`, `.json`, `.jsonl`, `.parquet`, any of
        them as `.gz`, and the exports of news databases. Folders are searched with their
        subfolders, in sorted order; ZIPs are read in memory.
    columns : mapping of str to str, optional
        The kit's field to your column, as in `{"text": "my column"}`. Fields that are not named
        are recognised by their usual names: text, body, content, full_text …; headline, title …;
        outlet, source, newspaper …; date, published, pub_date …; doc_id, id, unit_id …; byline;
        section; url; language.

    Returns
    -------
    articles : DataFrame
        Index `doc_id`; columns `outlet`, `date`, `headline`, `text`; where the files have them
        `date_raw` (as printed), `byline`, `section`, `page`, `length`, `subjects`, `url`,
        `language`, `story`; then `source_file`, the flags `truncated`, `tabular`, `repeats` and
        `far_date` where an article has one, and all other columns as they are.
    report : DataFrame
        One row a file: `source_file`, `format`, `encoding`; `declared` (articles by the file's own
        word), `found` (records), `parsed` (articles), `dropped` and `dropped_rows` (which);
        `empty` (records without text), `headline_only` (those kept for their headline), `undated`,
        the flags, `renamed_ids`; `first` and `last` date; `reason` (what was lost and why),
        `notes` (what was decided, what looks odd); and the share filled of `outlet`, `date`,
        `headline`, `text`, `byline`, `section`, `url`, `language`.

    Raises
    ------
    FileNotFoundError
        If a path does not exist or a folder is empty.
    KeyError
        If `columns` names no field of the kit, or a column that no file has.
    ValueError
        If `columns` names one column for two fields.

    Notes
    -----
    A file that cannot be read is a row of the report with `parsed` 0 and the reason. Records with
    neither text nor headline are dropped and counted. Missing ids become `<file>-0001`; repeated
    ids become `x`, `x-2`, `x-3`. A text file named like `herald_2031-03-03_001.txt` tells its
    outlet and date. Bytes are read as marked, else as UTF-8, else as Windows Western, else by a
    guess. 3/4/2016 is read in the order another date of the file proves, else left undated.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table = Path(folder, "news.csv")
    ...     _ = table.write_text("id,newspaper,title,body,published\\n"
    ...                          "7,Herald,War,Troops crossed the river.,3 March 2031\\n"
    ...                          "8,Star,,,4 March 2031\\n")
    ...     articles, report = read_articles(table)
    >>> articles[["outlet", "date", "headline"]].reset_index()
      doc_id  outlet       date headline
    0      7  Herald 2031-03-03      War
    >>> report[["found", "parsed", "dropped", "reason"]]
       found  parsed  dropped                                reason
    0      2       1        1  1 dropped: neither text nor headline
    """
    mapping = check_mapping(columns or {})
    with ExitStack() as stack:
        sources = find_sources(path, stack)
        files = [load_file(source, mapping) for source in _with_progress(sources)]
    _check_columns_found(files, mapping)
    table, source = join_records(files)
    tidied = tidy_fields(table, source)
    articles = tidied.table[tidied.facts["kept"]].set_index("doc_id")
    return Reading(articles, make_report(files, tidied))


def _with_progress(sources: list[Source]) -> Iterable[Source]:
    if len(sources) <= MANY_FILES:
        return sources
    from tqdm.auto import tqdm

    return tqdm(sources, desc="reading", unit="file")


def _check_columns_found(files: list[Loaded], mapping: dict[str, str]) -> None:
    found = list(dict.fromkeys(name for file in files for name in file.columns))
    missing = [name for name in mapping.values() if found and name not in found]
    if missing:
        raise KeyError(
            f"columns= names {', '.join(map(repr, missing))}, which no file has. "
            f"Columns found: {', '.join(found)}"
        )


def describe_corpus(articles: pd.DataFrame, by: str | Sequence[str] = "outlet") -> pd.DataFrame:
    """Count articles, dates and words of each group.

    Parameters
    ----------
    articles : DataFrame
        Articles with `date`, `headline` and `text`.
    by : str or list of str, default "outlet"
        Columns, or periods of `date`: "day", "week", "month", "year".

    Returns
    -------
    DataFrame
        Index: the groups, sorted, articles without one last. Columns: `n_articles`, `n_undated`,
        `n_headlines`, `n_empty` (no text), `first` and `last` date, `n_words` and `median_words`
        (strings between white space, of articles with text).

    Raises
    ------
    KeyError
        If `by` names neither a column nor a period.

    Examples
    --------
    >>> articles = pd.DataFrame({
    ...     "outlet": ["Herald", "Herald", "Star"], "headline": ["War", None, "Peace"],
    ...     "date": pd.to_datetime(["2031-03-03", None, "2031-03-05"]),
    ...     "text": ["War began.", "Troops crossed the river.", None]})
    >>> describe_corpus(articles)[["n_articles", "n_undated", "median_words"]].reset_index()
       outlet  n_articles  n_undated  median_words
    0  Herald           2          1           3.0
    1    Star           1          0           NaN
    """
    keys = group_keys(articles, by)
    groups = _countable(articles).groupby([keys[name] for name in keys], dropna=False)
    table = groups.agg(
        n_articles=("article", "sum"),
        n_undated=("undated", "sum"),
        n_headlines=("headline", "sum"),
        n_empty=("empty", "sum"),
        first=("date", "min"),
        last=("date", "max"),
        n_words=("words", "sum"),
        median_words=("words", "median"),
    )
    return table.astype({"n_words": "int64"})


def _countable(articles: pd.DataFrame) -> pd.DataFrame:
    """What is counted of each article, as numbers."""
    words = [len(t.split()) if isinstance(t, str) else None for t in articles["text"]]
    facts = {
        "article": 1,
        "undated": articles["date"].isna().astype("int64"),
        "headline": articles["headline"].notna().astype("int64"),
        "empty": articles["text"].isna().astype("int64"),
        "date": articles["date"],
        "words": pd.Series(words, index=articles.index, dtype="float64"),
    }
    return pd.DataFrame(facts, index=articles.index)
