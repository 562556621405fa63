"""The report: one row for each file, with what was read, what was lost and why."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from framing.corpus.dates import AMBIGUOUS, DAY_FIRST, MONTH_FIRST
from framing.corpus.fields import Tidied
from framing.corpus.loading import Loaded

FILLED = ("outlet", "date", "headline", "text", "byline", "section", "url", "language")
COUNTS = ["parsed", "undated", "empty", "renamed_ids"]
COLUMNS = ["source_file", "format", "encoding", "declared", "found", "parsed", "dropped"]
COLUMNS += [*COUNTS[1:], "reason", "notes"]
CUT_SHORT = re.compile(r"\[\+\d+ chars\]$")  # how a news interface ends the texts it gives away
HTML_TAG = re.compile(r"</?(?:p|div|span|br|a)\b[^<>]*>")


class Finding(NamedTuple):
    """Something said of a file when at least one of its records shows it."""

    column: str  # "reason" for a loss, "notes" for a decision
    sentence: str
    shown_by: pd.Series


def make_report(files: Sequence[Loaded], tidied: Tidied) -> pd.DataFrame:
    """Count, file by file, what was found, read, dropped and left empty.

    Parameters
    ----------
    files : sequence of Loaded
        All files, readable or not.
    tidied : Tidied
        All their records, those to be dropped included.

    Returns
    -------
    DataFrame
        The report of `read_articles`.
    """
    report = pd.DataFrame([_known(file) for file in files]).astype({"declared": "Int64"})
    names, source = report["source_file"], tidied.facts["source"]
    counts = _counts(tidied).groupby(source).sum().reindex(names, fill_value=0)
    report[COUNTS] = counts[COUNTS].to_numpy()
    report["dropped"] = report["found"] - report["parsed"]
    said = _said(files, tidied)
    for column in ("reason", "notes"):
        report[column] = ["; ".join(said[name, column]) for name in names]
    filled = tidied.table[tidied.facts["kept"]].reindex(columns=FILLED).notna()
    shares = filled.groupby(source).mean().reindex(names).reset_index(drop=True)
    return pd.concat([report[COLUMNS], shares], axis="columns")


def _known(file: Loaded) -> dict[str, object]:
    """What the file itself tells, before its records are looked at."""
    return {
        "source_file": file.source_file,
        "format": file.format,
        "encoding": file.encoding,
        "declared": file.declared,
        "found": file.found,
    }


def _counts(tidied: Tidied) -> pd.DataFrame:
    kept = tidied.facts["kept"]
    flags = {
        "parsed": kept,
        "undated": kept & tidied.table["date"].isna(),
        "empty": kept & tidied.table["text"].isna(),
        "renamed_ids": tidied.facts["renamed"],
    }
    return pd.DataFrame(flags, index=tidied.table.index).astype("int64")


def _said(files: Sequence[Loaded], tidied: Tidied) -> dict[tuple[str, str], list[str]]:
    """Sentences about each file: its reader's own, what its records show, what it declared."""
    said = {(file.source_file, "reason"): list(file.problems) for file in files}
    said |= {(file.source_file, "notes"): list(file.notes) for file in files}
    example = tidied.facts["written"].fillna("")
    for column, sentence, shown_by in _findings(tidied):
        shown = example[shown_by].groupby(tidied.facts["source"]).agg(["size", "first"])
        for name, n, first in shown.itertuples():
            said[name, column].append(sentence.format(n=n, s="s" if n > 1 else "", example=first))
    parsed = tidied.facts.groupby("source")["kept"].sum()
    for file in files:
        if file.declared not in (None, n := int(parsed.get(file.source_file, 0))):
            said[file.source_file, "reason"].append(f"declares {file.declared} articles, not {n}")
    return said


def _findings(tidied: Tidied) -> list[Finding]:
    table, facts = tidied
    text = table["text"].fillna("")
    kept, order = facts["kept"], facts["order"]
    unread = kept & table["date"].isna() & facts["written"].notna()
    two_ways = unread & order.eq(AMBIGUOUS)
    return [
        Finding("reason", "{n} dropped: neither text nor headline", ~kept),
        Finding(
            "reason", "{n} date{s} cannot be read ({example!r}); see date_raw", unread & ~two_ways
        ),
        Finding("reason", "{n} date{s} can be read two ways ({example!r}); see date_raw", two_ways),
        Finding("reason", "{n} text{s} cut short ([+… chars])", text.map(_is_cut_short)),
        Finding("notes", "{n} text{s} with HTML tags", text.map(_has_tags)),
        Finding("notes", "dates such as {example!r} read day first", kept & order.eq(DAY_FIRST)),
        Finding(
            "notes", "dates such as {example!r} read month first", kept & order.eq(MONTH_FIRST)
        ),
    ]


def _is_cut_short(text: str) -> bool:
    return text.endswith("chars]") and bool(CUT_SHORT.search(text[-30:]))


def _has_tags(text: str) -> bool:
    return "<" in text and bool(HTML_TAG.search(text))
