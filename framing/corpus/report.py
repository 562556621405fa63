"""The report: one row for each file, with what was read, what was lost and why."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from framing.corpus.dates import AMBIGUOUS, DAY_FIRST, MONTH_FIRST, NO_DAY
from framing.corpus.fields import Tidied
from framing.corpus.flags import FLAGS
from framing.corpus.loading import Loaded
from framing.corpus.outlets import propose_names

FILLED = ("outlet", "date", "headline", "text", "byline", "section", "url", "language")
COUNTS = ["parsed", "empty", "headline_only", "undated", *FLAGS, "renamed_ids"]
COLUMNS = ["source_file", "format", "encoding", "declared", "found", "parsed", "dropped"]
COLUMNS += ["dropped_rows", *COUNTS[1:], "first", "last", "reason", "notes"]
MANY_ROWS = 20
MIN_LENGTHS = 5  # fewer declared lengths do not show in which unit they are
HTML_TAG = re.compile(r"</?(?:p|div|span|br|a)\b[^<>]*>")
NUMBER = r"(\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+|\d+)"
END_OF_CLAIM = re.compile(r" \(|; ")


class Finding(NamedTuple):
    """Something said of a file when at least one of its records shows it."""

    column: str  # "reason" for a loss, "notes" for a decision
    sentence: str
    shown_by: pd.Series
    examples: pd.Series


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
        The report of `read_articles`: `source_file`, `format`, `encoding`; `declared` (articles by
        the file's own word), `found` (records), `parsed` (articles), `dropped` and `dropped_rows`
        (their places among the records that could be read, from 1, at most twenty, or "all");
        `empty` (records without text), `headline_only` (those of them that have a headline: kept),
        `undated`, the flags `truncated`, `tabular`, `repeats` and `far_date`, and `renamed_ids`;
        `first` and `last` date; `reason` (what was lost, and why), `notes` (what was decided, and
        what looks odd); and the share of articles that have `outlet`, `date`, `headline`, `text`,
        `byline`, `section`, `url`, `language`.
    """
    report = pd.DataFrame([_known(file) for file in files]).astype({"declared": "Int64"})
    names, source = report["source_file"], tidied.facts["source"]
    counts = _counts(tidied).groupby(source).sum().reindex(names, fill_value=0)
    report[COUNTS] = counts[COUNTS].to_numpy()
    report["dropped"] = report["found"] - report["parsed"]
    rows = _dropped_rows(tidied.facts).reindex(names, fill_value="").to_numpy()
    none_read = report["parsed"].eq(0) & report["found"].gt(0)
    report["dropped_rows"] = pd.Series(rows, index=report.index).mask(none_read, "all")
    said = _said(files, tidied)
    for column in ("reason", "notes"):
        report[column] = ["; ".join(said[name, column]) for name in names]
    kept = tidied.table[tidied.facts["kept"]]
    dates = kept["date"].groupby(source).agg(["min", "max"]).reindex(names)
    report[["first", "last"]] = dates.astype("datetime64[us]").to_numpy()
    shares = kept.reindex(columns=FILLED).notna().groupby(source).mean().reindex(names)
    return pd.concat([report[COLUMNS], shares.reset_index(drop=True)], axis="columns")


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
    table, facts = tidied
    kept = facts["kept"]
    counted = {
        "parsed": kept,
        "empty": table["text"].isna(),
        "undated": kept & table["date"].isna(),
        "headline_only": kept & table["text"].isna(),
        **{name: kept & facts[name] for name in FLAGS},
        "renamed_ids": facts["renamed"],
    }
    return pd.DataFrame(counted, index=table.index).astype("int64")


def _dropped_rows(facts: pd.DataFrame) -> pd.Series:
    """The places of the dropped records in each file, written out."""
    rows = facts.loc[~facts["kept"], "row"].groupby(facts["source"]).agg(list)
    return rows.map(_listed).astype("str")


def _listed(rows: list[int]) -> str:
    return ", ".join(map(str, rows[:MANY_ROWS])) + (" …" if len(rows) > MANY_ROWS else "")


def _said(files: Sequence[Loaded], tidied: Tidied) -> dict[tuple[str, str], list[str]]:
    """Sentences about each file: its reader's own, what its records show, what it declared."""
    said = {(file.source_file, "reason"): list(file.problems) for file in files}
    said |= {(file.source_file, "notes"): list(file.notes) for file in files}
    for finding in _findings(tidied):
        examples = finding.examples.fillna("")[finding.shown_by]
        shown = examples.groupby(tidied.facts["source"]).agg(["size", "first"])
        for name, n, first in shown.itertuples():
            _say(said[name, finding.column], finding.sentence, n, first)
    parsed = tidied.facts.groupby("source")["kept"].sum()
    for file in files:
        if file.declared not in (None, n := int(parsed.get(file.source_file, 0))):
            said[file.source_file, "reason"].append(f"declares {file.declared} articles, not {n}")
    return said


def _say(sentences: list[str], sentence: str, n: int, example: str) -> None:
    """Add a sentence, unless the reader of the file has said the same with its own details."""
    new = sentence.format(n=n, s="" if n == 1 else "s", example=example)
    if END_OF_CLAIM.split(new)[0] not in {END_OF_CLAIM.split(old)[0] for old in sentences}:
        sentences.append(new)


def _findings(tidied: Tidied) -> list[Finding]:
    return [*_losses(tidied), *_oddities(tidied), *_decisions(tidied)]


def _losses(tidied: Tidied) -> list[Finding]:
    table, facts = tidied
    kept, order, written = facts["kept"], facts["order"], facts["written"]
    undated = kept & table["date"].isna() & written.notna()
    said_of_dates = {
        "{n} date{s} can be read two ways ({example!r}); see date_raw": order.eq(AMBIGUOUS),
        "{n} date{s} without a day ({example!r}); see date_raw": order.eq(NO_DAY),
        "{n} date{s} cannot be read ({example!r}); see date_raw": ~order.isin([AMBIGUOUS, NO_DAY]),
    }
    ids = table["doc_id"]
    return [
        Finding("reason", "{n} dropped: neither text nor headline", ~kept, ids),
        *(
            Finding("reason", said, undated & which, written)
            for said, which in said_of_dates.items()
        ),
        Finding("reason", "{n} text{s} cut short; see truncated", kept & facts["truncated"], ids),
    ]


def _oddities(tidied: Tidied) -> list[Finding]:
    table, facts = tidied
    kept, ids = facts["kept"], table["doc_id"]
    tags = table["text"].fillna("").map(_has_tags).astype(bool)
    outlet = table["outlet"]
    another = outlet.notna() & (outlet != outlet.map(propose_names(outlet)))
    day = facts["written"].fillna("")
    short = _is_shorter_than_declared(table, facts["source"])
    none = pd.Series("", index=table.index)
    said = [
        ("{n} text{s} with HTML tags (doc_id {example})", tags, ids),
        ("{n} text{s} with fewer than half the words declared (doc_id {example})", short, ids),
        ("{n} text{s} with figures in one word of four; see tabular", facts["tabular"], none),
        ("{n} text{s} with the same paragraph twice; see repeats", facts["repeats"], none),
        ("{n} date{s} far from the others ({example}); see far_date", facts["far_date"], day),
        (
            "{n} article{s} under an outlet name that looks like another's spelling ({example!r}); "
            "see fold_outlets",
            another,
            outlet,
        ),
    ]
    return [Finding("notes", sentence, kept & shown, example) for sentence, shown, example in said]


def _decisions(tidied: Tidied) -> list[Finding]:
    kept, order, day = (tidied.facts[name] for name in ("kept", "order", "written"))
    orders = (DAY_FIRST, MONTH_FIRST)
    said = {way: f"dates such as {{example!r}} read {way}" for way in orders}
    return [Finding("notes", said[way], kept & order.eq(way), day) for way in orders]


def _has_tags(text: str) -> bool:
    return "<" in text and bool(HTML_TAG.search(text))


def _is_shorter_than_declared(table: pd.DataFrame, source: pd.Series) -> pd.Series:
    """Texts of fewer than half the declared words, in files that plainly declare words."""
    if "length" not in table:
        return pd.Series(False, index=table.index)
    digits = table["length"].astype("str").str.extract(NUMBER)[0].str.replace(r"\D", "", regex=True)
    declared = pd.to_numeric(digits, errors="coerce").where(lambda n: n > 0)
    n_words = [len(text.split()) for text in table["text"].fillna("")]
    share = pd.Series(n_words, index=table.index) / declared
    files = share.groupby(source)
    usual, n = files.transform("median"), files.transform("count")
    return (share < 0.5) & usual.between(0.7, 1.5) & (n >= MIN_LENGTHS)
