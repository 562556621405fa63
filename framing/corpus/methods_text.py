"""Say in sentences, for a methods section, what the report says in numbers."""

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from framing.corpus.months import NAMES as MONTH_NAMES
from framing.corpus.report import COLUMNS, FILLED

NAMES = {
    "outlet": "an outlet",
    "date": "a date",
    "headline": "a headline",
    "text": "a text",
    "byline": "a byline",
    "section": "a section",
    "url": "a web address",
    "language": "a language",
}
ODD = {
    "truncated": ("a text that is cut short", "texts that are cut short"),
    "tabular": ("a text like a table or list", "texts like tables or lists"),
    "repeats": ("a text with a paragraph twice", "texts with a paragraph twice"),
    "far_date": ("a date far from the others", "dates far from the others"),
}
MANY_NAMES = 3
MONTHS = [names.split("|")[0].capitalize() for names in MONTH_NAMES["English"].split()]


def describe_report(report: pd.DataFrame) -> str:
    """Write the report as one paragraph for a methods section.

    Parameters
    ----------
    report : DataFrame
        The report of `read_articles`.

    Returns
    -------
    str
        One paragraph: how many files were read, how many articles they declare and gave, what was
        dropped, from when the articles are, what they have and lack, and what looks odd.

    Raises
    ------
    KeyError
        If it is not such a report.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from framing.corpus.articles import read_articles
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table = Path(folder, "news.csv")
    ...     _ = table.write_text("outlet,date,title,text\\nStar,2031-03-03,War,It began.\\n,,,\\n")
    ...     print(describe_report(read_articles(table).report))
    One file (csv; utf-8) was read. It does not say how many articles it holds; 1 was read. \
1 of 2 records was dropped: it had neither headline nor text. The article is dated 3 March 2031. \
It has an outlet, a date, a headline and a text; it does not have a byline, a section, \
a web address or a language.
    """
    missing = [name for name in (*COLUMNS, *FILLED) if name not in report]
    if missing:
        raise KeyError(f"This is no report of read_articles: it has no column {missing[0]!r}.")
    said = [_files(report), _declared(report), _dropped(report)]
    if report["parsed"].sum():
        said += [_dated(report), _filled(report), _odd(report), _renamed(report)]
    return " ".join(sentence for sentence in said if sentence)


def _files(report: pd.DataFrame) -> str:
    read, n = report[report["parsed"] > 0], len(report)
    if read.empty:
        none = "The one file" if n == 1 else f"None of {n} files"
        return f"{none} gave {'no' if n == 1 else 'an'} article: {_unread(report)}."
    kinds = _kinds(read)
    if len(read) == n:
        return f"{'One file' if n == 1 else f'{n:,} files'} ({kinds}) {_was(n)} read."
    return f"Of {n:,} files, {len(read):,} {_was(len(read))} read ({kinds}); {_unread(report)}."


def _kinds(read: pd.DataFrame) -> str:
    """The formats, with the number of files where there are several, and the encodings."""
    formats = Counter(read["format"]).most_common()
    named = [name if len(formats) == 1 else f"{n:,} {name}" for name, n in formats]
    encodings = [name for name, _ in Counter(read["encoding"]).most_common() if name]
    return "; ".join(", ".join(part) for part in (named, encodings) if part)


def _unread(report: pd.DataFrame) -> str:
    """The files without articles by name, each with its reason."""
    unread = report[report["parsed"] == 0]
    shown = unread.head(MANY_NAMES)[["source_file", "reason"]].itertuples(index=False)
    named = "; ".join(f"{name} ({reason})" for name, reason in shown)
    more = len(unread) - MANY_NAMES
    tail = f"; and {more:,} more" if more > 0 else ""
    if len(unread) == len(report):
        return named + tail
    return f"{len(unread):,} gave no article: {named}{tail}"


def _declared(report: pd.DataFrame) -> str:
    says = report["declared"].notna()
    declared, parsed = int(report["declared"].sum()), int(report["parsed"].sum())
    if not says.any():
        return _nothing_declared(int((report["parsed"] > 0).sum()), parsed)
    of_them, rest = int(report.loc[says, "parsed"].sum()), int(report.loc[~says, "parsed"].sum())
    first = _of_declared(report[says], declared, of_them)
    if not rest:
        return f"{first}."
    n = int((~says & report["parsed"].gt(0)).sum())
    others = "One file that declares no number" if n == 1 else f"{n:,} files that declare no number"
    return f"{first}. {others} gave {rest:,} more: {_articles(parsed)} in all."


def _of_declared(report: pd.DataFrame, declared: int, read: int) -> str:
    """Declared and read, in words that hold where a file gave more than it declares."""
    if (report["parsed"] > report["declared"]).any():
        return f"{_articles(declared)} {_was(declared)} declared and {read:,} {_was(read)} read"
    return f"Of {_articles(declared)} declared, {read:,} {_was(read)} read"


def _nothing_declared(n_files: int, parsed: int) -> str:
    if not parsed:
        return ""
    silent = "It does not say how many articles it holds"
    if n_files > 1:
        silent = "The files do not say how many articles they hold"
    return f"{silent}; {parsed:,} {_was(parsed)} read."


def _dropped(report: pd.DataFrame) -> str:
    found, dropped = int(report["found"].sum()), int(report["dropped"].sum())
    empty = int((report["empty"] - report["headline_only"]).sum())
    if not dropped:
        return ""
    first = f"{dropped:,} of {_counted(found, 'record')} {_was(dropped)} dropped"
    if empty == dropped:
        return f"{first}: {'it' if dropped == 1 else 'they'} had neither headline nor text."
    if not empty:
        return f"{first}, for the reasons in the report."
    return (
        f"{first}: {empty:,} had neither headline nor text, {dropped - empty:,} could not be read."
    )


def _dated(report: pd.DataFrame) -> str:
    first, last = report["first"].min(), report["last"].max()
    undated = int(report["undated"].sum())
    n = int(report["parsed"].sum()) - undated
    if not n:
        return ""
    subject = "The dated article" if undated else "The article"
    if n == 1:
        return f"{subject} is dated {_day(first)}."
    if first == last:
        return f"{subject}s are all dated {_day(first)}."
    return f"{subject}s are dated from {_day(first)} to {_day(last)}."


def _filled(report: pd.DataFrame) -> str:
    """What every article has, what some lack and what none has."""
    n = int(report["parsed"].sum())
    lacking = {name: n - _n_filled(report, name) for name in FILLED}
    some = [_some_lack(name, k, n) for name, k in lacking.items() if 0 < k < n]
    whole = [NAMES[name] for name, k in lacking.items() if k == 0]
    never = [NAMES[name] for name, k in lacking.items() if k == n]
    one = n == 1
    parts = [f"{'it' if one else 'every article'} has {_joined(whole)}"] if whole else []
    parts += [_joined(some)] if some else []
    parts += (
        [f"{'it does not have' if one else 'none has'} {_joined(never, 'or')}"] if never else []
    )
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _some_lack(name: str, k: int, n: int) -> str:
    return f"{_share(k, n)} {'has' if k == 1 else 'have'} no {NAMES[name].split(' ', 1)[1]}"


def _n_filled(report: pd.DataFrame, name: str) -> int:
    return int((report[name].fillna(0) * report["parsed"]).round().sum())


def _odd(report: pd.DataFrame) -> str:
    counts = {name: int(report[name].sum()) for name in ODD}
    found = [f"{n:,} {ODD[name][n != 1].removeprefix('a ')}" for name, n in counts.items() if n]
    return f"Marked for a second look: {_joined(found)}." if found else ""


def _renamed(report: pd.DataFrame) -> str:
    n = int(report["renamed_ids"].sum())
    if not n:
        return ""
    return f"{_counted(n, 'article')} had the id of an earlier one and got a number behind it."


def _articles(n: int) -> str:
    return _counted(n, "article")


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _was(n: int) -> str:
    return "was" if n == 1 else "were"


def _day(day: pd.Timestamp) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"  # strftime would follow the locale


def _share(k: int, n: int) -> str:
    """A count with its share, which is never rounded to nothing or to all."""
    percent = 100 * k / n
    if percent < 0.05 or percent > 99.95:
        return f"{k:,} ({'under 0.1' if percent < 1 else 'over 99.9'} %)"
    return f"{k:,} ({percent:.1f} %)"


def _joined(parts: Iterable[str], word: str = "and") -> str:
    *first, last = parts
    return f"{', '.join(first)} {word} {last}" if first else last
