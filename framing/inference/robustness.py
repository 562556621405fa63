"""One finding under many defensible choices: does it hang on one of them?"""

import itertools
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from framing.corpus.groups import group_keys
from framing.inference.prevalence import _pairs, difference
from framing.measures.codebook import as_codebook
from framing.measures.frames import match_codebook, score_frames

ESTIMATE = ("estimate", "low", "high", "p")
RESERVED = {"specification", "main", *ESTIMATE, "problem"}
NOTHING = "nothing"
COPY_RULES = {"every copy": "each", "first of a story": "first", "stories alike": "weighted"}
CHOICES = ("texts", "unit", "at_least", "count", "tokenizer")

Finding = Callable[..., Any]


def specification_curve(finding: Finding, choices: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Repeat an analysis under every combination of choices.

    Parameters
    ----------
    finding : callable
        Takes one keyword argument a choice, and gives back `estimate`, `low`, `high`, `p` as a
        mapping or a Series.
    choices : mapping of str to mapping of str to value
        For each choice its options: a readable label and the value that `finding` is given. The
        first options together are the main analysis, the one reported. Labels become text.

    Returns
    -------
    DataFrame
        One row a specification, from the lowest to the highest estimate: `specification` (from 1),
        one column a choice with the label, `main`, `estimate`, `low`, `high`, `p`, and `problem`:
        the error that stopped the specification, which then has no estimate.

    Raises
    ------
    ValueError
        If there is no choice, a choice has no options or the name of another column, or the main
        analysis fails.

    Notes
    -----
    Simonsohn, U., Simmons, J. P., & Nelson, L. D. (2020), Specification curve analysis, Nature
    Human Behaviour 4, 1208-1214; Steegen, Tuerlinckx, Gelman & Vanpaemel (2016), Perspectives on
    Psychological Science 11, 702-712. Put in only what you would defend before a reviewer. The
    specifications share their articles, so their p-values are no independent tests.

    Examples
    --------
    >>> def finding(at_least, doubled):
    ...     estimate = 0.3 / at_least * (2 if doubled else 1)
    ...     return {"estimate": estimate, "low": estimate - 0.2, "high": estimate + 0.2, "p": 0.04}
    >>> curve = specification_curve(finding, {"at_least": {"one": 1, "two": 2},
    ...                                       "doubled": {"no": False, "yes": True}})
    >>> curve[["at_least", "doubled", "main", "estimate"]]
      at_least doubled   main  estimate
    0      two      no  False      0.15
    1      one      no   True      0.30
    2      two     yes  False      0.30
    3      one     yes  False      0.60
    """
    _check_choices(choices)
    named = {name: _in_text(options) for name, options in choices.items()}
    combinations = list(itertools.product(*named.values()))
    bar = tqdm(combinations, desc="specifications", leave=False, disable=None)
    rows = [_specify(finding, named, labels) for labels in bar]
    return _curve(pd.DataFrame(rows))


def robustness(
    articles: pd.DataFrame,
    codebook: str | Path | pd.DataFrame,
    *,
    frame: str,
    between: tuple[Any, Any],
    by: str = "outlet",
    choices: Mapping[str, Mapping[str, Any]] | None = None,
) -> pd.DataFrame:
    """Repeat the difference of a frame between two groups under many choices.

    Parameters
    ----------
    articles : DataFrame
        Index `doc_id`, column `text` and the column that `by` names.
    codebook : str, Path or DataFrame
        A codebook, or what `load_codebook` takes.
    frame : str
        The frame of the finding.
    between : pair of group names
        The group and its reference, e.g. ("Herald", "Star").
    by : str
        Column of `articles`, or a period.
    choices : mapping, optional
        Options for `at_least` (hits that make a frame present), `unit`, `count` (a copy rule),
        `tokenizer`, and `texts` (tables of articles: cleaned or not, one voice only …), each a
        mapping of label to value whose first option is the main one. By default `at_least` of 1,
        2 and 3 hits, and the three copy rules where `articles` have a column `story`.

    Returns
    -------
    DataFrame
        As `specification_curve`, with the difference of the shares as estimate, and the column
        `left out`: every combination of the choices with the whole codebook (“nothing”), and the
        main one again without each pattern that has a hit in either group.

    Raises
    ------
    KeyError
        If the codebook has no such frame.
    ValueError
        If a choice is not known, or the main analysis fails.

    Examples
    --------
    >>> doc_id = pd.Index([f"a{i:02}" for i in range(40)], name="doc_id")
    >>> texts = ["troops and a siege", "a siege", "rain", "sun"] * 5 + ["troops", "rain"] * 10
    >>> articles = pd.DataFrame({"outlet": ["Herald"] * 20 + ["Star"] * 20, "text": texts}, doc_id)
    >>> codebook = pd.DataFrame({"frame": "war", "pattern": ["troop*", "siege"]})
    >>> curve = robustness(articles, codebook, frame="war", between=("Herald", "Star"))
    >>> curve[["at least", "left out", "main", "estimate"]]
             at least left out   main  estimate
    0   1 hit or more    siege  False     -0.25
    1   1 hit or more  nothing   True      0.00
    2  3 hits or more  nothing  False      0.00
    3  2 hits or more  nothing  False      0.25
    4   1 hit or more   troop*  False      0.50

    The voices of the articles are a choice of texts:

    >>> from framing.text.quotes import keep_voice
    >>> voices = {"all": articles, "quotations": keep_voice(articles, "quoted"),
    ...           "the outlet's own words": keep_voice(articles, "unquoted")}
    >>> curve = robustness(articles, codebook, frame="war", between=("Herald", "Star"),
    ...                    choices={"texts": voices})
    >>> curve.loc[curve["left out"] == "nothing", "texts"].tolist()
    ['all', 'quotations', "the outlet's own words"]
    """
    book = as_codebook(codebook)
    own = book[book["frame"] == frame]
    if own.empty:
        raise KeyError(f"No frame {frame!r}; there are {', '.join(book['frame'].unique())}")
    options = _default_choices(articles) if choices is None else dict(choices)
    _check_known(options)
    study = _Study(articles, own, by, between)
    named = {name.replace("_", " "): _in_text(labels) for name, labels in options.items()}
    curve = specification_curve(study.finding, named)
    main = {name: next(iter(labels.items())) for name, labels in named.items()}
    rows = [study.without(pattern, main) for pattern in study.patterns_with_hits(main)]
    trimmed = pd.DataFrame(rows, columns=[*named, "left out", *ESTIMATE, "main", "problem"])
    whole = curve.drop(columns="specification").assign(**{"left out": NOTHING})
    both = pd.concat([whole, trimmed.reindex(columns=whole.columns)], ignore_index=True)
    return _curve(both)


def describe_robustness(curve: pd.DataFrame, *, alpha: float = 0.05) -> pd.DataFrame:
    """Sum up a specification curve: how many choices keep the finding, and which matter.

    Parameters
    ----------
    curve : DataFrame
        As `specification_curve` or `robustness` returns it.
    alpha : float
        A specification is significant where its p is below.

    Returns
    -------
    DataFrame
        First all specifications, then those of each option: `choice`, `option`, `n` (that gave an
        estimate), `n_failed`, `lowest`, `median`, `highest` estimate, `same_sign` and
        `significant` (shares of `n` that have the sign of the main estimate, and that and a p
        below alpha).

    Raises
    ------
    ValueError
        If there is no main specification.

    Examples
    --------
    >>> curve = pd.DataFrame({"specification": [1, 2, 3], "at least": ["3", "2", "1"],
    ...                       "main": [False, False, True], "estimate": [-0.1, 0.2, 0.3],
    ...                       "low": 0, "high": 0, "p": [0.5, 0.2, 0.01], "problem": ""})
    >>> describe_robustness(curve)[["option", "n", "same_sign", "significant"]].round(2).head(1)
      option  n  same_sign  significant
    0    all  3       0.67         0.33
    """
    if "main" not in curve or not curve["main"].any():
        raise ValueError("The curve has no main specification to compare with.")
    sign = np.sign(curve.loc[curve["main"], "estimate"].iloc[0])
    rows = [_summary("all", "all", curve, sign, alpha)]
    for choice in choices_of(curve):
        for option in options_of(curve, choice):
            rows.append(
                _summary(choice, option, curve[curve[choice].astype(str) == option], sign, alpha)
            )
    return pd.DataFrame(rows)


def choices_of(curve: pd.DataFrame) -> list[str]:
    """Name the columns of a curve that are choices."""
    return [str(name) for name in curve if name not in RESERVED]


def options_of(curve: pd.DataFrame, choice: str) -> list[str]:
    """Name the options of a choice, the main one first, the others as numbers are counted."""
    main = curve.loc[curve["main"], choice].astype(str).tolist()
    return list(dict.fromkeys([*main, *sorted(curve[choice].astype(str), key=_counted)]))


def _counted(option: str) -> list[str | int]:
    """Split words from whole numbers, so that K = 4 comes before K = 12."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", option)]


class _Study:
    """A difference between two groups, ready to be repeated; scores are kept by texts and unit."""

    def __init__(
        self, articles: pd.DataFrame, codebook: pd.DataFrame, by: str, between: tuple[Any, Any]
    ) -> None:
        self.articles, self.codebook, self.by, self.between = articles, codebook, by, between
        self._scores: dict[tuple[int, str, int], pd.DataFrame] = {}

    def finding(self, **chosen: Any) -> dict[str, float]:
        """Compare the groups under one combination of choices."""
        return self._compare(self.codebook, chosen)

    def patterns_with_hits(self, main: Mapping[str, tuple[str, Any]]) -> list[str]:
        _, texts = main.get("texts", ("", self.articles))
        _, tokenizer = main.get("tokenizer", ("", None))
        labels = group_keys(texts, self.by)[self.by].dropna()
        side = next(_pairs(labels, self.between))[2]
        compared = texts.loc[side.index[side != 0]]
        matches = match_codebook(compared, self.codebook, tokenizer=tokenizer)
        found = matches.loc[matches["n"] > 0, "pattern"].unique()
        return [pattern for pattern in self.codebook["pattern"] if pattern in found]

    def without(self, pattern: str, main: Mapping[str, tuple[str, Any]]) -> dict[str, Any]:
        """Repeat the main analysis without one pattern."""
        rest = self.codebook[self.codebook["pattern"] != pattern]
        labels = {name: label for name, (label, _) in main.items()}
        row = {**labels, "left out": pattern, "main": False, "problem": ""}
        try:
            chosen = {name: value for name, (_, value) in main.items()}
            return row | self._compare(rest, chosen)
        except (ValueError, KeyError) as problem:
            return row | {"problem": str(problem)}

    def _compare(self, codebook: pd.DataFrame, chosen: dict[str, Any]) -> dict[str, float]:
        articles = chosen.get("texts", self.articles)
        options = {"measure": "hits", "unit": chosen.get("unit", "article")}
        options["tokenizer"] = chosen.get("tokenizer")
        key = (id(articles), options["unit"], id(options["tokenizer"]))
        scores = self._scores.get(key) if codebook is self.codebook else None
        if scores is None:
            scores = score_frames(articles, codebook, **options)
        if codebook is self.codebook:
            self._scores[key] = scores
        rules = {"count": chosen.get("count", "each"), "at_least": chosen.get("at least")}
        table = difference(scores, articles, by=self.by, between=self.between, **rules)
        row = table.iloc[0].rename({"difference": "estimate"})
        return {name: float(row[name]) for name in ESTIMATE}


def _default_choices(articles: pd.DataFrame) -> dict[str, dict[str, Any]]:
    least = {"at_least": {"1 hit or more": 1, "2 hits or more": 2, "3 hits or more": 3}}
    return least | ({"count": COPY_RULES} if "story" in articles else {})


def _check_known(options: Mapping[str, Any]) -> None:
    unknown = [name for name in options if name not in CHOICES]
    if unknown:
        raise ValueError(
            f"No choice {', '.join(map(repr, unknown))}; robustness knows {', '.join(CHOICES)}. "
            "For any other analysis, write it as a function for specification_curve."
        )


def _check_choices(choices: Mapping[str, Mapping[str, Any]]) -> None:
    problems = [f"{name!r} has no options" for name, options in choices.items() if not options]
    problems += [f"{name!r} is a column of the result" for name in choices if name in RESERVED]
    problems += [
        f"two options of {name!r} have one label"
        for name, options in choices.items()
        if len(_in_text(options)) < len(options)
    ]
    if not choices:
        problems.append("there is no choice")
    if problems:
        raise ValueError(f"These choices make no curve: {'; '.join(problems)}.")


def _in_text(options: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(label): value for label, value in options.items()}


def _specify(
    finding: Finding, choices: Mapping[str, Mapping[str, Any]], labels: tuple[str, ...]
) -> dict[str, Any]:
    """Run one specification; what stops it is kept, unless it is the main one."""
    named = dict(zip(choices, labels, strict=True))
    main = all(next(iter(choices[name])) == label for name, label in named.items())
    row: dict[str, Any] = {**named, "main": main, "problem": ""}
    try:
        found = finding(**{name: choices[name][label] for name, label in named.items()})
        return row | _estimate(found)
    except Exception as problem:  # whatever the user's analysis raises
        if main:
            raise ValueError(f"The main analysis fails: {problem}") from problem
        return row | {"problem": f"{type(problem).__name__}: {problem}"}


def _estimate(found: Any) -> dict[str, float]:
    """Numbers of a finding, or an error that says which it does not give."""
    if not isinstance(found, Mapping | pd.Series):
        raise TypeError(f"a mapping with {', '.join(ESTIMATE)} is needed, not {found!r}")
    lacking = [name for name in ESTIMATE if name not in found or found[name] is None]
    if lacking:
        raise ValueError(f"the finding has no {', '.join(lacking)}")
    return {name: float(found[name]) for name in ESTIMATE}


def _curve(rows: pd.DataFrame) -> pd.DataFrame:
    """Sort by the estimate, number the rows, and put the columns in order."""
    rows = rows.reindex(columns=[*dict.fromkeys([*rows.columns, *ESTIMATE])])
    ordered = rows.sort_values("estimate", kind="stable", ignore_index=True)
    names = [name for name in ordered if name not in RESERVED]
    ordered.insert(0, "specification", np.arange(1, len(ordered) + 1))
    ordered["main"] = ordered["main"].astype(bool)
    return ordered[["specification", *names, "main", *ESTIMATE, "problem"]]


def _summary(
    choice: str, option: str, rows: pd.DataFrame, sign: float, alpha: float
) -> dict[str, Any]:
    done = rows.dropna(subset=["estimate"])
    same = np.sign(done["estimate"]) == sign
    return {
        "choice": choice,
        "option": option,
        **{"n": len(done), "n_failed": len(rows) - len(done)},
        "lowest": done["estimate"].min(),
        "median": done["estimate"].median(),
        "highest": done["estimate"].max(),
        "same_sign": same.mean(),
        "significant": (same & (done["p"] < alpha)).mean(),
    }
