"""Read codes back from coders and from annotation tools, and list what is wrong with them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from framing.corpus.encoding import UnreadableError
from framing.corpus.sources import Source, find_sources
from framing.validity.code_files import READERS, find_reader
from framing.validity.code_files.choices import settle_choices
from framing.validity.code_files.found import Context, Found, Remark, found, squeezed, stem_of
from framing.validity.code_files.potato import GENERIC
from framing.validity.code_files.times import read_times
from framing.validity.code_files.values import read_values
from framing.validity.codes import alike_names
from framing.validity.sheets import _unit_column
from framing.validity.variables import UNSURE, Variable, as_variables, known_as

KEYS = ["unit", "coder", "frame"]
COLUMNS = ["unit", "coder", "frame", "value", "coded_at", "note", "file", "row"]
REPORT = ["problem", "file", "row", "unit", "coder", "frame", "value", "reason"]
PROBLEMS = (
    *("unreadable", "unknown unit", "unknown frame", "impossible", "contradictory"),
    *("duplicate", "missing", "unsure", "cancelled", "not coded", "normalised", "assumed"),
)
SHOWN = 3  # contradicting codes that a reason names
UNLABELLED = ("missing", "absent")
FIELDS = ("unit", "coder", "frame", "value", "note", "coded_at")


class Codes(NamedTuple):
    """Codes, and what was found wrong on the way; see `read_codes`."""

    codes: pd.DataFrame
    problems: pd.DataFrame


def read_codes(
    path: str | Path | Sequence[str | Path],
    *,
    format: str | None = None,
    codebook: str | Path | pd.DataFrame | None = None,
    sample: pd.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
    unlabelled: str = "missing",
) -> Codes:
    """Read codes from coding sheets, tables and annotation tools, and list every problem.

    Parameters
    ----------
    path : path or list of paths
        Files, folders or ZIP archives.
    format : {"sheet", "answers", "table", "doccano", "label_studio", "potato"}, optional
        By default each file tells by its content: a workbook of `write_sheet`, the answers saved
        by `code_in_notebook`, a long table (`unit`, `coder`, `frame`, `value`) or a wide one (a
        column a frame; beside a column `frame`, a column a coder) as CSV, Excel or JSON, JSON
        lines of doccano, JSON, JSON-MIN or CSV of Label Studio, and `annotated_instances.jsonl`
        or `user_state.json` of Potato.
    codebook : str, Path or DataFrame, optional
        What was coded, as given to `write_sheet`: its frames are the known ones, their values the
        possible ones, and labels that are frames are read as 1 and 0. The kit's own sheets carry
        this with them.
    sample : DataFrame, optional
        The units drawn, with `unit`: unknown and uncoded units are listed, and units of tools that
        lost the name are found by their `text`.
    columns : mapping, optional
        Field to column where a table calls it otherwise: {"unit": "Nr", "coder": "Who"}. Fields
        are unit, coder, frame, value, note, coded_at.
    unlabelled : {"missing", "absent"}
        What a text without any label means where labels are frames: not coded (listed), or that
        every frame is absent.

    Returns
    -------
    Codes
        `codes`: one row a judgement: `unit`, `coder`, `frame`, `value` (1, 0, a number or a text;
        missing where the cell is empty or the coder unsure) and, where known, `coded_at` (UTC) and
        `note`. `problems`: `problem`, `file`, `row`, `unit`, `coder`, `frame`, `value`, `reason`.

    Raises
    ------
    FileNotFoundError
        If a path does not exist.
    ValueError
        If no file holds a code or a cell for one, or an option is unknown.

    Notes
    -----
    A table that names no coder is the work of one, called as its file; as its folder, where files
    of several folders have one name. Names of frames may differ from the codebook's in capitals
    and blanks. Of labels divided into several lists, a frame is 0 where a list that has it was
    answered without it. Times are read in the order of day and month that their file proves.
    A file of any other form becomes a long table in a few lines of pandas: rows of `unit`, `coder`,
    `frame` and `value`, saved by `to_csv`.

    Nothing is guessed. Out of `codes` stay values that are not possible, all codes of a coder who
    judged the same unit and frame in two ways, and codes of unknown units and frames. A code that
    stands there twice is kept once. Words for yes and no in several languages, and TRUE and FALSE,
    become 1 and 0, which is listed as "normalised"; so they do where a few odd answers stand among
    them, which are listed as "impossible". Among many others they stay words, which is listed as
    "assumed".

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "ann.csv")
    >>> _ = path.write_text("unit;war;peace\\na1;1;0\\na2;1;\\na3;ja;0\\na3;0;0\\n")
    >>> codes, problems = read_codes(path)
    >>> codes.loc[:3]
      unit coder  frame  value
    0   a1   ann    war    1.0
    1   a1   ann  peace    0.0
    2   a2   ann    war    1.0
    3   a2   ann  peace    NaN
    >>> problems.loc[problems["problem"] == "contradictory", ["row", "unit", "frame", "value"]]
      row unit frame value
    0   4   a3   war    ja
    1   5   a3   war     0
    """
    _check_options(format, columns, unlabelled)
    known = {} if codebook is None else {v.name: v for v in as_variables(codebook)}
    units = None if sample is None else _unit_column(sample)
    context = Context(known, columns or {}, _by_text(sample, units))
    read = _read_files(path, format, context)
    read = [(file, _as_known(each, known)) for file, each in read]
    table, remarks = _join(read, known, unlabelled)
    allowed = known or {v.name: v for _, each in read for v in each.variables}
    return _codes(table, remarks, allowed, (bool(known), units))


def _check_options(format: str | None, columns: Mapping[str, str] | None, unlabelled: str) -> None:
    unknown = [name for name in columns or {} if name not in FIELDS]
    problems = {
        f"format={format!r}: choose one of {', '.join(READERS)}": format not in (None, *READERS),
        f"unlabelled={unlabelled!r}: choose one of {', '.join(UNLABELLED)}": unlabelled
        not in UNLABELLED,
        f"columns: no field {', '.join(unknown)}; there is {', '.join(FIELDS)}": bool(unknown),
    }
    wrong = [said for said, is_wrong in problems.items() if is_wrong]
    if wrong:
        raise ValueError("\n".join(wrong))


def _by_text(sample: pd.DataFrame | None, units: pd.Series | None) -> dict[str, str]:
    """Units by their text, where no other unit has the same."""
    if sample is None or units is None or "text" not in sample:
        return {}
    texts = sample["text"].astype("str").fillna("").map(squeezed)
    single = ~texts.duplicated(keep=False) & texts.ne("")
    return dict(zip(texts[single], units[single], strict=True))


# --- files ----------------------------------------------------------------------------------


def _read_files(
    path: str | Path | Sequence[str | Path], format: str | None, context: Context
) -> list[tuple[str, Found]]:
    paths = [path] if isinstance(path, str | Path) else list(path)
    folders = {Path(one).name: Path(one).resolve().parent.name for one in paths}
    with ExitStack() as stack:
        sources = find_sources(paths, stack)
        coders = _coders([source.name for source in sources])
        return [
            _read_file(source, format, context._replace(coder=coders[source.name]), folders)
            for source in sources
        ]


def _coders(names: list[str]) -> dict[str, str]:
    """Who made the codes of files of one name: their folder, as far as it tells them apart."""
    coders = dict.fromkeys(names, "")
    stems = Counter(stem_of(name) for name in names)
    clashes = [name for name in names if stems[stem_of(name)] > 1]
    folders = Counter(folder.name for folder in {PurePosixPath(name).parent for name in clashes})
    for name in clashes:
        path = PurePosixPath(name)
        is_alone = path.parent.name and folders[path.parent.name] == 1
        coders[name] = path.parent.name if is_alone else path.with_suffix("").as_posix()
    return coders


def _read_file(
    source: Source, format: str | None, context: Context, folders: Mapping[str, str]
) -> tuple[str, Found]:
    """Read one file; whatever is wrong with it becomes a remark."""
    generic = Path(source.name).stem in GENERIC and source.name in folders
    name = f"{folders[source.name]}/{source.name}" if generic else source.name
    try:
        data = source.load()
        return name, find_reader(data, name, format).read(data, name, context)
    except UnreadableError as error:
        return name, found(remarks=[Remark("unreadable", str(error))])
    except Exception as error:  # one broken file must never lose the others
        reason = f"a broken file ({type(error).__name__}: {' '.join(str(error).split())[:120]})"
        return name, found(remarks=[Remark("unreadable", reason)])


def _as_known(each: Found, known: Mapping[str, Variable]) -> Found:
    """Spell the names in a file as the codebook does."""
    labels = (label for choice in each.choices for label in (choice.variable, *choice.chosen))
    names = dict.fromkeys([*(row.frame for row in each.rows), *labels])
    spelt = {name: known_as(name, known) for name in names}
    respelt = [
        Remark("normalised", f"read as {wanted!r}, as in the codebook", frame=name)
        for name, wanted in spelt.items()
        if name != wanted
    ]
    choices = [
        choice._replace(
            variable=spelt[choice.variable],
            chosen=tuple(dict.fromkeys(spelt[label] for label in choice.chosen)),
        )
        for choice in each.choices
    ]
    rows = [row._replace(frame=spelt[row.frame]) for row in each.rows]
    return found(rows, choices, [*each.remarks, *respelt], each.variables)


def _join(
    read: list[tuple[str, Found]], known: Mapping[str, Variable], unlabelled: str
) -> tuple[pd.DataFrame, list[dict[str, str]]]:
    """Put the judgements of all files into one table, and the remarks into one list."""
    choices = [(file, choice) for file, each in read for choice in each.choices]
    ticked, said = settle_choices(choices, known, unlabelled)
    rows = [(file, row) for file, each in read for row in each.rows] + ticked
    remarks = [(file, mark) for file, each in read for mark in each.remarks] + said
    listed = [(*row[:4], row.coded_at, row.note, file, row.place) for file, row in rows]
    table = pd.DataFrame(listed, columns=COLUMNS, dtype=object)
    return table, [_reported(file, mark) for file, mark in remarks]


def _reported(file: str, mark: Remark) -> dict[str, str]:
    told = {**mark._asdict(), "file": file, "row": mark.place}
    return {name: told[name] for name in REPORT}


# --- judgements -----------------------------------------------------------------------------


def _codes(
    table: pd.DataFrame,
    remarks: list[dict[str, str]],
    allowed: Mapping[str, Variable],
    drawn: tuple[bool, pd.Series | None],
) -> Codes:
    is_closed, units = drawn
    told = [pd.DataFrame(remarks, columns=REPORT)]
    for reason, problem, wrong in _strangers(table, allowed if is_closed else None, units):
        told.append(_listed(table[wrong], problem, reason))
    keep = ~_is_strange(table, allowed if is_closed else None, units)
    table, marks = read_values(table[keep], allowed)
    told.append(pd.DataFrame([_reported(file, m) for file, m in marks], columns=REPORT))
    told.append(_listed(table[table["impossible"].ne("")], "impossible", table["impossible"]))
    seen = table[KEYS]
    table, repeated = _without_repeats(table[table["impossible"].eq("")])
    table = table.assign(when=read_times(table["coded_at"].astype("str"), table["file"]))
    told += [repeated, *_gaps(table, seen), *_timeless(table), _uncoded(table, units)]
    told += _alike(seen)
    problems = _sorted(pd.concat(told, ignore_index=True))
    if table.empty:
        reasons = list((problems["file"] + ": " + problems["reason"]).head(5))
        said = reasons or ["there are units, and no column, label or answer that is a code"]
        raise ValueError("\n- ".join(["No codes were found:", *said]))
    return Codes(_tidy(table), problems)


def _listed(rows: pd.DataFrame, problem: str, reason: str | pd.Series) -> pd.DataFrame:
    why = reason if isinstance(reason, str) else reason.loc[rows.index].to_numpy()
    told = rows.assign(problem=problem, reason=why, value=rows["value"].map(_shown))
    return told[REPORT]


def _shown(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _strangers(
    table: pd.DataFrame, allowed: Mapping[str, Variable] | None, units: pd.Series | None
) -> Iterator[tuple[str, str, pd.Series]]:
    if units is not None:
        unknown = ~table["unit"].isin({*units, ""})
        yield "not a unit of the sample", "unknown unit", unknown & table["value"].notna()
    if allowed is not None:
        unknown = ~table["frame"].isin({*allowed, ""})
        yield "not a frame of the codebook", "unknown frame", unknown & table["value"].notna()
    for name in KEYS:
        yield f"a code without the name of its {name}", "unreadable", table[name].eq("")


def _is_strange(
    table: pd.DataFrame, allowed: Mapping[str, Variable] | None, units: pd.Series | None
) -> pd.Series:
    strange = table[KEYS].isin([""]).any(axis=1)
    if units is not None:
        strange |= ~table["unit"].isin(set(units))
    if allowed is not None:
        strange |= ~table["frame"].isin(set(allowed))
    return strange


def _without_repeats(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep one of equal codes and none of contradicting ones; list the others."""
    answered = table["answer"].ne("")
    given = table[answered]
    n_different = given.groupby(KEYS)["answer"].transform("nunique")
    fights = given[n_different > 1]
    again = given[(n_different == 1) & given.duplicated(KEYS)]
    settled = pd.MultiIndex.from_frame(given[KEYS])
    empty = table[~answered]
    idle = empty[pd.MultiIndex.from_frame(empty[KEYS]).isin(settled) | empty.duplicated(KEYS)]
    told = [
        _listed(fights, "contradictory", _elsewhere(fights)),
        _listed(again, "duplicate", "the same code again; kept once"),
        _listed(idle, "duplicate", "empty here, while the code stands in another place"),
    ]
    gone = fights.index.union(again.index).union(idle.index)
    return table.drop(index=gone), pd.concat(told)


def _elsewhere(fights: pd.DataFrame) -> pd.Series:
    """Say of each contradicting code where the others are."""
    where = fights["file"] + " " + fights["row"] + ": " + fights["value"].map(_shown)
    groups = where.groupby([fights[key] for key in KEYS])
    reasons = {row: _others(group, row) for _, group in groups for row in group.index}
    return pd.Series(reasons, dtype="str").reindex(fights.index)


def _others(group: pd.Series, row: Any) -> str:
    """Name the first codes of a group besides this one; all of them would fill the memory."""
    first = [text for k, text in group.head(SHOWN + 1).items() if k != row][:SHOWN]
    n_more = len(group) - 1 - len(first)
    more = f"; and {n_more:,} more" if n_more else ""
    return f"the same coder also coded: {'; '.join(first)}{more}"


def _gaps(table: pd.DataFrame, seen: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """List empty cells, unsure answers, and frames that a coder left out for one unit."""
    yield _listed(table[table["answer"].eq("")], "missing", "no code")
    yield _listed(table[table["answer"].eq(UNSURE)], "unsure", "the coder was unsure: no value")
    frames = seen[["coder", "frame"]].drop_duplicates()
    wanted = seen[["unit", "coder"]].drop_duplicates().merge(frames, on="coder")
    there = pd.MultiIndex.from_frame(wanted[KEYS]).isin(pd.MultiIndex.from_frame(seen))
    lost = wanted[~there].assign(file="", row="", value=None)
    yield _listed(lost, "missing", "the coder coded other frames of this unit, not this one")


def _timeless(table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Say how many times of coding cannot be read; the codes are kept."""
    lost = table[table["when"].isna() & table["coded_at"].ne("")]
    for file, rows in lost.groupby("file", sort=False):
        reason = f"{len(rows)} times of coding left out, e.g. {rows['coded_at'].iloc[0]!r}"
        marks = [_reported(str(file), Remark("assumed", reason))]
        yield pd.DataFrame(marks, columns=REPORT)


def _alike(seen: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """List names that may be one, written in two ways."""
    row = dict.fromkeys(REPORT, "") | {"problem": "assumed"}
    said = [alike_names(seen[name]) for name in KEYS]
    yield pd.DataFrame([row | {"reason": one} for one in said if one], columns=REPORT)


def _uncoded(table: pd.DataFrame, units: pd.Series | None) -> pd.DataFrame:
    """List the units of the sample that nobody coded."""
    if units is None:
        return pd.DataFrame(columns=REPORT)
    coded = set(table.loc[table["answer"].ne(""), "unit"])
    lost = [unit for unit in units if unit not in coded]
    row = dict.fromkeys(REPORT, "") | {"problem": "not coded", "reason": "nobody coded this unit"}
    return pd.DataFrame([row | {"unit": unit} for unit in lost], columns=REPORT)


def _sorted(problems: pd.DataFrame) -> pd.DataFrame:
    """Order by how much it matters, and within that as they were found."""
    rank = problems["problem"].map({name: k for k, name in enumerate(PROBLEMS)})
    ordered = problems.iloc[np.argsort(rank.to_numpy(), kind="stable")]
    return ordered.astype("str").reset_index(drop=True)


def _tidy(table: pd.DataFrame) -> pd.DataFrame:
    """Give the columns their types, and leave out times and notes where there are none."""
    names = {name: table[name].astype("str") for name in KEYS}
    codes = pd.DataFrame({**names, "value": table["code"].infer_objects()})
    if table["when"].notna().any():
        codes["coded_at"] = table["when"]
    if table["note"].ne("").any():
        codes["note"] = table["note"].astype("str").where(table["note"].ne(""))
    return codes.reset_index(drop=True)
