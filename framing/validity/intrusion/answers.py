"""Read the answers to intrusion tests, and say whether people did better than chance."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from framing.corpus.listing import listed
from framing.validity.agreement import coder_agreement
from framing.validity.sheets import unguard

SHEET = "tasks"
ANSWER = ("item", "coder", "answer")


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
        The tasks; answers to unknown tasks and numbers of no option are then problems.

    Returns
    -------
    Answers
        `answers` and `problems`. An empty answer is a problem too (“not answered”), so that
        nobody's silence is lost, unless the same coder answered in another file. Of two answers to
        one task neither is used unless they agree.

    Raises
    ------
    ValueError
        If there is no file, or one lacks a column.

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
    given["problem"] = _problems(given, items)
    bad = given["problem"].ne("")
    good = given[~bad].drop_duplicates(["item", "coder"])
    answers = good.assign(answer=good["answer"].astype(float).astype(int))[list(ANSWER)]
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
        right answers by guessing), `alpha` (Krippendorff's nominal α of the coders' answers; for
        all coders and topics only), `interval`.

    Raises
    ------
    ValueError
        If an answer is to no task of the key or no number of an option, a coder answered a task
        twice, a task is in the key twice, or a coder is called “all”.

    Notes
    -----
    Model precision (Chang et al. 2009, NeurIPS 22): the share of answers that name the intruder.
    One coder's interval is Clopper & Pearson's (1934, Biometrika 26, 404-413). Several answers to
    one task are not independent, so for all coders the same interval is taken at the effective
    number of answers (Korn & Graubard 1998, Survey Methodology 24, 193-201). `p` is one-sided and
    exact, by the binomial distribution: who guesses is right once in `n_options` tasks.
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
        rows[0]["alpha"] = _alpha(of_task, random_state)
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
    """Read one file as text; a workbook by its sheet of tasks."""
    if path.suffix.lower() == ".xlsx":
        sheets = pd.read_excel(path, sheet_name=None, dtype=str, keep_default_na=False)
        table = sheets.get(SHEET, next(iter(sheets.values())))
    else:
        table = _read_csv(path)
    missing = [name for name in ANSWER if name not in table]
    if missing:
        raise ValueError(f"{path.name} has no column {', '.join(missing)}: is it a sheet of tasks?")
    table = table[list(ANSWER)].apply(lambda column: column.str.strip())
    return table.assign(coder=table["coder"].map(unguard), source_file=path.name)


def _read_csv(path: Path) -> pd.DataFrame:
    """Read a CSV file, also one that a spreadsheet has saved with semicolons."""
    head = path.read_text(encoding="utf-8-sig", errors="replace").partition("\n")[0]
    divider = ";" if ";" in head and "," not in head else ","
    options: dict[str, Any] = {"dtype": str, "keep_default_na": False, "encoding": "utf-8-sig"}
    return pd.read_csv(path, sep=divider, **options)


def _problems(given: pd.DataFrame, items: pd.DataFrame | None) -> pd.Series:
    """Say what is wrong with each answer; nothing, for most."""
    number = pd.to_numeric(given["answer"], errors="coerce")
    known = given["item"].isin(items["item"]) if items is not None else given["item"].ne("")
    most = len(option_columns(items)) if items is not None else np.inf
    differ = number.groupby([given["item"], given["coder"]]).transform("nunique") > 1
    cases = {
        "not answered": given["answer"].eq(""),
        "unknown task": ~known,
        "no number of an option": ~(number.between(1, most) & number.mod(1).eq(0)),
        "answered twice, differently": differ,
    }
    return pd.Series(np.select(list(cases.values()), list(cases), default=""), given.index)


def _joined(answers: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
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
    n_effective = _effective(answers)
    low, high = exact_interval(n_right / n, n_effective, level)
    chance = 1 / answers["n_options"]
    method = f"Clopper-Pearson {100 * level:g} %"
    clustered = ", clustered by task" if answers["item"].duplicated().any() else ""
    return {
        **{"coder": coder, "topic": topic, "n": n, "n_right": n_right, "precision": n_right / n},
        **{"low": low, "high": high, "chance": float(chance.mean())},
        "p": float(_p_of_guessing(n_right, chance.to_numpy())),
        **{"alpha": np.nan, "interval": method + clustered},
    }


def _p_of_guessing(n_right: int, chance: np.ndarray) -> float:
    """Chance of so many right answers or more, each task guessed with its own chance."""
    distribution = np.ones(1)
    for one in chance:
        distribution = np.convolve(distribution, [1 - one, one])
    return min(1.0, float(distribution[n_right:].sum()))


def _effective(answers: pd.DataFrame) -> float:
    """Return the number of independent answers that answers to shared tasks are worth."""
    n, n_items = len(answers), answers["item"].nunique()
    share = answers["found"].mean()
    if n == n_items:
        return float(n)
    if not 0 < share < 1 or n_items < 2:
        return float(n_items)
    sums = (answers["found"] - share).groupby(answers["item"]).sum()
    variance = float(np.square(sums).sum()) / n**2 * n_items / (n_items - 1)
    return float(np.clip(share * (1 - share) / max(variance, 1e-12), n_items, n))


def exact_interval(share: float, n: float, level: float) -> tuple[float, float]:
    """Return the ends of Clopper and Pearson's interval; n need not be a whole number."""
    tail, right = (1 - level) / 2, share * n
    low = 0.0 if right <= 0 else float(stats.beta.ppf(tail, right, n - right + 1))
    high = 1.0 if right >= n else float(stats.beta.ppf(1 - tail, right + 1, n - right))
    return low, high


def _alpha(answers: pd.DataFrame, random_state: int) -> float:
    """Krippendorff's nominal alpha of the chosen options; missing for one coder."""
    if answers["coder"].nunique() < 2 or not answers["item"].duplicated().any():
        return float("nan")
    codes = answers.rename(columns={"item": "unit", "answer": "value"}).assign(frame="answer")
    table = coder_agreement(codes[["unit", "coder", "frame", "value"]], random_state=random_state)
    return float(table.loc[table["measure"].eq("alpha"), "value"].iloc[0])
