"""Read the answers to intrusion tests, and say whether people did better than chance."""

import re
import unicodedata
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from framing.corpus.encoding import UnreadableError
from framing.corpus.listing import listed
from framing.stats.intervals import critical_value
from framing.validity.agreement import coder_agreement
from framing.validity.code_files.found import plain
from framing.validity.code_files.table import Table, tables_of
from framing.validity.intrusion.tasks import options_of
from framing.validity.sheets import unguard

SHEET = "tasks"
ANSWER = ("item", "coder", "answer")
KEY = ("item", "task", "topic", "right", "n_options")
CODE = ["unit", "coder", "frame", "value"]
ALPHA = ("alpha", "alpha_low", "alpha_high")
NUMBER = re.compile(r"(?:option[\s_]*)?(\d+)[.,]?0*\)?")


class Answers(NamedTuple):
    """Answers that can be used, and those that cannot.

    Attributes
    ----------
    answers : pandas.DataFrame
        `item`, `coder`, `answer` (the number of the chosen option).
    problems : pandas.DataFrame
        `source_file`, `coder`, `item`, `given`, `problem`.
    """

    answers: pd.DataFrame
    problems: pd.DataFrame


def read_intrusion(paths: Iterable[str | Path], *, items: pd.DataFrame | None = None) -> Answers:
    """Read the answers back from sheets, or from tables saved by the notebook.

    Parameters
    ----------
    paths : iterable of str or Path
        XLSX or CSV files with the columns `item`, `coder`, `answer`.
    items : DataFrame, optional
        The tasks; answers to unknown tasks and numbers of no option are then problems, and who
        wrote the text of an option has chosen it.

    Returns
    -------
    Answers
        `answers` and `problems`. An empty answer is a problem too (“not answered”), so that
        nobody's silence is lost, unless the same coder answered in another file. Of two answers to
        one task neither is used unless they agree. “2.”, “option 2” and “OPTION_2” are 2.

    Raises
    ------
    ValueError
        If there is no file, or one cannot be read or lacks a column.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "ann.csv"
    >>> _ = path.write_text("item,coder,answer\\nword-001,Ann,2\\nword-002,Ann,\\n")
    >>> answers, problems = read_intrusion([path])
    >>> answers.to_dict("records")
    [{'item': 'word-001', 'coder': 'Ann', 'answer': 2}]
    >>> problems["problem"].tolist()
    ['not answered']
    """
    paths = [paths] if isinstance(paths, (str, Path)) else list(paths)
    if not paths:
        raise ValueError("There is no file to read: give the paths of the sheets that came back.")
    given = pd.concat([read_answers(Path(path)) for path in paths], ignore_index=True)
    given["number"] = _numbers(given, items)
    given["problem"] = _problems(given, items)
    bad = given["problem"].ne("")
    good = given[~bad].drop_duplicates(["item", "coder"])
    answers = good.assign(answer=good["number"].astype(int))[list(ANSWER)]
    given = given[~_answered_elsewhere(given)]
    wrong = given[given["problem"].ne("")].rename(columns={"answer": "given"})
    columns = ["source_file", "coder", "item", "given", "problem"]
    return Answers(answers.reset_index(drop=True), wrong[columns].reset_index(drop=True))


def score_intrusion(
    answers: pd.DataFrame, key: pd.DataFrame, *, level: float = 0.95, random_state: int = 0
) -> pd.DataFrame:
    r"""Tell how often people found the intruder, with exact intervals and a test against chance.

    Parameters
    ----------
    answers : DataFrame
        `item`, `coder`, `answer` (number of an option).
    key : DataFrame
        Of the `IntrusionTest`.
    level : float
        Confidence level of the intervals.
    random_state : int
        Seed of the bootstrap of agreement.

    Returns
    -------
    DataFrame
        `task`, `coder` (“all” first, then each), `topic` (“all”, and for all coders together each
        topic), `n` (answers), `n_right`, `precision`, `low`, `high`, `chance`, `p` (of as many
        right answers by chance), `alpha`, `alpha_low`, `alpha_high` (Krippendorff's nominal α of
        the coders' answers and its bootstrap interval; for all coders and topics only),
        `interval`.

    Raises
    ------
    ValueError
        If a column is missing, an answer is to no task of the key or no number of an option, a
        coder answered a task twice, a task is in the key twice, or a coder has no name or is called
        “all”.

    Notes
    -----
    Model precision (Chang et al. 2009, NeurIPS 22): the share of answers that name the intruder.
    One coder's interval is Clopper & Pearson's (1934, Biometrika 26, 404-413). Several answers to
    one task are not independent, so for all coders the same interval is taken at the effective
    number of answers, with Student's t for the tasks (Korn & Graubard 1998, Survey Methodology 24,
    193-201). Where all answers are right, or wrong, those to one task are taken as copies.

    `p` is one-sided and exact: of the answers as they are, if each option of a task were as likely
    to be the intruder as any other. For one coder that is the binomial distribution. Coders who
    share a wrong cue, such as the rarest word, choose alike without seeing the topic; taken for
    independent guesses, four of them would beat chance at p < .05 in a quarter of all tests. So
    one task, however many answer it, cannot give less than 1 / `n_options`.

    Precision above chance says that a topic is coherent to readers, not that it means what its
    label says, nor that it is a frame.

    Examples
    --------
    >>> key = pd.DataFrame({"item": ["w1", "w2", "w3"], "task": "word", "topic": ["a", "b", "c"],
    ...                     "right": [1, 2, 3], "n_options": 6})
    >>> answers = pd.DataFrame({"item": ["w1", "w2", "w3"], "coder": "Ann", "answer": [1, 2, 1]})
    >>> found = score_intrusion(answers, key)
    >>> found.loc[[0], ["coder", "n", "n_right", "precision", "low", "high", "p"]].round(3)
      coder  n  n_right  precision    low   high      p
    0   all  3        2      0.667  0.094  0.992  0.074
    """
    if not 0 < level < 1:
        raise ValueError(f"level={level!r} must lie between 0 and 1, e.g. 0.95.")
    joined = _joined(answers, key)
    tables = []
    for task, of_task in joined.groupby("task", sort=False):
        rows = [_precision(of_task, "all", "all", level)]
        rows[0] |= _alpha(of_task, level, random_state)
        rows += [_precision(t, "all", str(name), level) for name, t in of_task.groupby("topic")]
        rows += [_precision(t, str(name), "all", level) for name, t in of_task.groupby("coder")]
        tables.append(pd.DataFrame(rows).assign(task=task))
    table = pd.concat(tables, ignore_index=True)
    return table[["task", *[name for name in table if name != "task"]]]


def option_columns(items: pd.DataFrame) -> list[str]:
    """Name the columns that hold the options of the tasks."""
    return [str(name) for name in items if str(name).startswith("option_")]


def _answered_elsewhere(given: pd.DataFrame) -> pd.Series:
    """Empty rows of a task that the same coder answered in another row."""
    empty = given["answer"].eq("")
    filled = given.assign(filled=~empty).groupby(["item", "coder"])["filled"].transform("any")
    return empty & filled


def read_answers(path: Path) -> pd.DataFrame:
    """Read one file as text, by its content; of a workbook the first sheet of answers."""
    try:
        tables = list(tables_of(path.read_bytes())) or [Table(pd.DataFrame(), [])]
    except UnreadableError as problem:
        raise ValueError(f"{path.name}: {problem}. Save it as .xlsx or .csv.") from problem
    found = next((one for one in tables if set(ANSWER) <= set(one.cells)), tables[0])
    missing = [name for name in ANSWER if name not in found.cells]
    if missing:
        raise ValueError(f"{path.name} has no column {', '.join(missing)}: is it a sheet of tasks?")
    if found.overfull:
        raise ValueError(
            f"{path.name} has {len(found.overfull)} rows with more cells than the first row "
            f"(row {listed(found.overfull)}). Mend them there."
        )
    table = found.cells[list(ANSWER)].astype(object).map(plain).astype("str")
    table = table[table["item"].ne("") | table["answer"].ne("")]
    return table.assign(coder=table["coder"].map(unguard), source_file=path.name)


def _numbers(given: pd.DataFrame, items: pd.DataFrame | None) -> pd.Series:
    """Which option each answer means; missing where it means none."""
    number = pd.to_numeric(given["answer"].map(_number))
    if items is None:
        return number.where(number >= 1)
    rows = [(i["item"], *one) for _, i in items.iterrows() for one in options_of(i)]
    options = pd.DataFrame(rows, columns=["item", "number", "text"])
    known = set(zip(options["item"], options["number"], strict=True))
    texts = options.assign(text=options["text"].map(_folded))
    texts = texts.drop_duplicates(["item", "text"], keep=False).set_index(["item", "text"])
    written = pd.MultiIndex.from_arrays([given["item"], given["answer"].map(_folded)])
    named = pd.Series(texts["number"].reindex(written).to_numpy(), given.index)
    is_option = np.array([one in known for one in zip(given["item"], number, strict=True)])
    return number.where(is_option, named)


def _number(answer: str) -> float:
    """The number in an answer such as “2.”, missing if it is none."""
    found = NUMBER.fullmatch(_folded(answer))
    return float(found[1]) if found else float("nan")


def _folded(text: str) -> str:
    """A text without what typing may change: case, spaces, width, the mark against formulas."""
    return unguard(" ".join(unicodedata.normalize("NFKC", text).casefold().split()))


def _problems(given: pd.DataFrame, items: pd.DataFrame | None) -> pd.Series:
    """Say what is wrong with each answer; nothing, for most."""
    known = given["item"].isin(items["item"]) if items is not None else given["item"].ne("")
    answers = given["number"].groupby([given["item"], given["coder"]])
    cases = {
        "not answered": given["answer"].eq(""),
        "no coder": given["coder"].eq(""),
        "unknown task": ~known,
        "no number of an option": given["number"].isna(),
        "answered twice, differently": answers.transform("nunique") > 1,
    }
    return pd.Series(np.select(list(cases.values()), list(cases), default=""), given.index)


def _joined(answers: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    for name, table, needed in (("answers", answers, ANSWER), ("key", key, KEY)):
        if missing := [one for one in needed if one not in table]:
            raise ValueError(f"`{name}` has no column {', '.join(missing)}.")
    if answers.empty:
        raise ValueError("There are no answers to score: see the problems of read_intrusion.")
    number = pd.to_numeric(answers["answer"], errors="coerce")
    most = answers["item"].map(key.drop_duplicates("item").set_index("item")["n_options"])
    cases = {
        "are not in the key": ~answers["item"].isin(key["item"]),
        "have two answers": answers.duplicated(["item", "coder"]),
        "have an answer that is no option": ~(number.ge(1) & (number.le(most) | most.isna())),
    }
    found = {what: answers.loc[wrong, "item"].unique() for what, wrong in cases.items()}
    found["have no coder"] = answers.loc[answers["coder"].isna(), "item"].unique()
    found["are in the key twice"] = key.loc[key["item"].duplicated(), "item"].unique()
    problems = [
        f"{len(items)} answered tasks {what} ({listed(items)})."
        for what, items in found.items()
        if len(items)
    ]
    if answers["coder"].eq("all").any():
        problems.append("A coder is called 'all', as the row of all coders is: rename them.")
    if problems:
        raise ValueError("\n".join(problems))
    joined = answers.assign(answer=number).merge(key, on="item")
    return joined.assign(found=joined["answer"].eq(pd.to_numeric(joined["right"])))


def _precision(answers: pd.DataFrame, coder: str, topic: str, level: float) -> dict[str, Any]:
    """Count right answers, with the exact interval and the chance of as many by guessing."""
    n, n_right = len(answers), int(answers["found"].sum())
    low, high = exact_interval(n_right / n, _effective(answers, level), level)
    method = f"Clopper-Pearson {100 * level:g} %"
    clustered = ", clustered by task" if answers["item"].duplicated().any() else ""
    return {
        **{"coder": coder, "topic": topic, "n": n, "n_right": n_right, "precision": n_right / n},
        **{"low": low, "high": high, "chance": float((1 / answers["n_options"]).mean())},
        "p": _p_of_chance(answers),
        **dict.fromkeys(ALPHA, np.nan),
        "interval": method + clustered,
    }


def _p_of_chance(answers: pd.DataFrame) -> float:
    """Chance of so many right answers or more, if any option were as likely to be the intruder."""
    distribution = np.ones(1)
    for _, of_task in answers.groupby("item"):
        n_options = int(of_task["n_options"].iloc[0])
        chosen = of_task["answer"].value_counts().to_numpy()
        right = np.bincount([*chosen, *[0] * (n_options - len(chosen))]) / n_options
        distribution = np.convolve(distribution, right)
    return min(1.0, float(distribution[int(answers["found"].sum()) :].sum()))


def _effective(answers: pd.DataFrame, level: float) -> float:
    """Return the number of independent answers that answers to shared tasks are worth."""
    n, share = len(answers), answers["found"].mean()
    sizes = answers["item"].value_counts().to_numpy()
    if len(sizes) == n:
        return float(n)
    fewest = float(n**2 / np.square(sizes).sum())  # if those to one task are copies of each other
    if not 0 < share < 1 or len(sizes) < 2:
        return fewest
    sums = (answers["found"] - share).groupby(answers["item"]).sum()
    variance = float(np.square(sums).sum()) / n**2 * len(sizes) / (len(sizes) - 1)
    shrink = float(critical_value(level) / critical_value(level, len(sizes) - 1)) ** 2
    return float(np.clip(shrink * share * (1 - share) / max(variance, 1e-12), fewest, n))


def exact_interval(share: float, n: float, level: float) -> tuple[float, float]:
    """Return the ends of Clopper and Pearson's interval; n need not be a whole number."""
    tail, right = (1 - level) / 2, share * n
    low = 0.0 if right <= 0 else float(stats.beta.ppf(tail, right, n - right + 1))
    high = 1.0 if right >= n else float(stats.beta.ppf(1 - tail, right + 1, n - right))
    return low, high


def _alpha(answers: pd.DataFrame, level: float, random_state: int) -> dict[str, float]:
    """Krippendorff's nominal alpha of the chosen options, with its interval; if it is known."""
    if answers["coder"].nunique() < 2 or not answers["item"].duplicated().any():
        return {}
    codes = answers.rename(columns={"item": "unit", "answer": "value"}).assign(frame="answer")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # which speak of frames; alpha is missing, and says enough
        table = coder_agreement(codes[CODE], confidence=level, random_state=random_state)
    alpha = table.loc[table["measure"].eq("alpha"), ["value", "low", "high"]].iloc[0]
    return dict(zip(ALPHA, map(float, alpha), strict=True))
