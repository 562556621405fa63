"""Formulas of covariates: "outlet + month" becomes a table of numbers with one row an article."""

import re
import warnings
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from framing.corpus.callers import callers_level
from framing.corpus.groups import PERIODS, group_keys
from framing.corpus.listing import listed

PERIOD_NAMES = {"day": "%Y-%m-%d", "week": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


class Design(NamedTuple):
    """A design matrix with the covariates it was made from; see `build_design`.

    Attributes
    ----------
    matrix : DataFrame, articles × columns
    covariates : DataFrame, articles × covariates
        Categorical where the covariate names a group (the reference level first), else numbers.
    spec : formulaic.ModelSpec
        How the one becomes the other.
    """

    matrix: pd.DataFrame
    covariates: pd.DataFrame
    spec: Any

    def with_value(self, covariate: str, value: Any) -> pd.DataFrame:
        """Return the matrix as it would be if every article had this value of one covariate."""
        column = self.covariates[covariate]
        same = pd.Series([value] * len(column), column.index, dtype=column.dtype)
        changed = self.covariates.assign(**{covariate: same})
        found = self.spec.get_model_matrix(changed, context={"np": np})
        return _as_numbers(found).set_axis(self.matrix.columns, axis=1)


def design_matrix(
    formula: str, articles: pd.DataFrame, *, reference: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """Turn covariates of articles into the columns of a regression.

    Parameters
    ----------
    formula : str
        Right-hand side only, e.g. "outlet + month", "outlet * leaning", "outlet + bs(date, df=4)".
    articles : DataFrame
        Index `doc_id`, with the columns that the formula names, or `date` for the periods "day",
        "week", "month" and "year". `date` itself is a number: days since the first date.
    reference : mapping, optional
        The level that the others are compared with, by covariate: `{"outlet": "Star"}`. By default
        the first by name. A period is named by its first day: "2031-03" is a month.

    Returns
    -------
    DataFrame
        Index `doc_id`, without the articles that lack a covariate; columns `Intercept` and, for
        each level but the reference, e.g. `outlet[Star vs Herald]`; numbers keep their name.

    Raises
    ------
    KeyError
        If a covariate is neither a column nor a period, or a reference no level.
    TypeError
        If the formula is no text, `articles` no table, or `date` holds no dates.
    ValueError
        If the formula cannot be read, has a left-hand side or no value for some articles, if the
        table is empty or a doc_id is there twice, if no article has all covariates, or a covariate
        does not vary.

    Warns
    -----
    UserWarning
        If articles are left out because a covariate is missing; says how many and which.

    Notes
    -----
    Treatment coding: a column is 1 where the article has the level, else 0. The formula is read by
    formulaic, which knows `a * b`, `a:b`, `I(x ** 2)`, `np.log(x)`, `bs(x, df=4)`, `C(number)`.

    Examples
    --------
    >>> articles = pd.DataFrame({"outlet": ["Herald", "Star", "Star"],
    ...     "date": pd.to_datetime(["2031-03-30", "2031-03-31", "2031-04-02"])},
    ...     index=pd.Index(["a1", "a2", "a3"], name="doc_id"))
    >>> design_matrix("outlet + date", articles)
            Intercept  outlet[Star vs Herald]  date
    doc_id
    a1            1.0                     0.0   0.0
    a2            1.0                     1.0   1.0
    a3            1.0                     1.0   3.0
    >>> design_matrix("month", articles, reference={"month": "2031-04"}).columns.tolist()
    ['Intercept', 'month[2031-03 vs 2031-04]']
    """
    return build_design(formula, articles, reference=reference).matrix


def build_design(
    formula: str,
    articles: pd.DataFrame,
    *,
    reference: Mapping[str, Any] | None = None,
) -> Design:
    """Make a design matrix and keep what is needed to ask “what if” of its covariates."""
    parsed = _parse(formula)
    _check_articles(articles)
    covariates = _covariates(_names(parsed, articles), articles)
    covariates = _complete(covariates).pipe(_with_reference, reference or {})
    _check_varies(covariates)
    try:
        found = parsed.get_model_matrix(covariates, context={"np": np}, na_action="ignore")
    except Exception as problem:
        raise ValueError(f"The formula {formula!r} cannot be used: {problem}") from problem
    matrix = _as_numbers(found)
    _check_numbers(matrix, formula)
    names = [_readable(str(name), covariates) for name in matrix.columns]
    return Design(matrix.set_axis(names, axis=1), covariates, found.model_spec)


def _parse(formula: str) -> Any:
    """Read a formula that has only a right-hand side."""
    from formulaic import Formula

    if not isinstance(formula, str):
        raise TypeError(f"`formula` must be text such as 'outlet + month', not {formula!r}.")
    text = formula.strip().removeprefix("~").strip()
    if not text or "~" in text:
        raise ValueError(f"Give only covariates, e.g. 'outlet + month', not {formula!r}.")
    try:
        return Formula(text)
    except Exception as problem:
        said = re.sub(r"\x1b?\[[\d;]*m|[\u29da\u29db]", "", str(problem))
        raise ValueError(
            f"The formula {formula!r} cannot be read: {' '.join(said.split())}"
        ) from problem


def _check_articles(articles: pd.DataFrame) -> None:
    if not isinstance(articles, pd.DataFrame):
        raise TypeError(f"`articles` must be a DataFrame, not {type(articles).__name__}.")
    if articles.empty:
        raise ValueError("`articles` has no rows or no columns, so there is nothing to compare.")
    twice = articles.index[articles.index.duplicated()].unique()
    if len(twice):
        raise ValueError(
            f"{len(twice)} doc_id are in `articles` more than once ({listed(twice)}). "
            "Keep the first: articles[~articles.index.duplicated()]"
        )


def _names(parsed: Any, articles: pd.DataFrame) -> list[str]:
    """Covariates that a formula needs, in its order."""
    found = []
    for factor in (factor for term in parsed for factor in term.factors):
        needed = {str(name) for name in factor.required_variables & parsed.required_variables}
        found += sorted(needed)
        # formulaic does not look into bs(…), poly(…) and the like.
        bare = re.sub(r"`.*?`|'.*?'|\".*?\"", " ", factor.expr)
        inside = re.findall(r"\b[^\W\d]\w*\b(?!\s*[=(])", bare)
        found += [name for name in inside if name in articles or _is_period(name, articles)]
    return list(dict.fromkeys(found))


def _is_period(name: str, articles: pd.DataFrame) -> bool:
    return name in PERIODS and "date" in articles


def _covariates(names: list[str], articles: pd.DataFrame) -> pd.DataFrame:
    """Look up or derive every covariate: groups as text, everything else as numbers."""
    choices = [*map(str, articles.columns), *(PERIODS if "date" in articles else ())]
    unknown = [name for name in names if name not in choices]
    if unknown:
        near = get_close_matches(unknown[0], choices, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise KeyError(
            f"No covariate {listed(unknown)} in `articles`.{hint} Choose from: "
            f"{', '.join(dict.fromkeys(choices))}"
        )
    return pd.DataFrame({name: _covariate(name, articles) for name in names}, articles.index)


def _covariate(name: str, articles: pd.DataFrame) -> pd.Series:
    """One covariate with its levels in order; a period is named by its first day."""
    column = group_keys(articles, name)[name]
    if name == "date" and not pd.api.types.is_datetime64_any_dtype(column):
        raise TypeError(
            f"`date` holds {column.dtype}, not dates. "
            "Read it: articles.assign(date=pd.to_datetime(articles['date'], errors='coerce'))"
        )
    if pd.api.types.is_datetime64_any_dtype(column):
        if name not in PERIOD_NAMES:
            return (column - column.min()) / pd.Timedelta(days=1)
        column = column.dt.strftime(PERIOD_NAMES[name])
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        return _levels(column)
    return column.astype(float).where(np.isfinite(column.astype(float)))


def _levels(column: pd.Series) -> pd.Series:
    """Name the levels by text, sorted; an ordered category keeps its own order."""
    if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.ordered:
        return column.cat.rename_categories([str(level) for level in column.cat.categories])
    text = column.astype(object).where(column.notna()).map(str, na_action="ignore")
    return text.astype(pd.CategoricalDtype(sorted(text.dropna().unique())))


def _complete(covariates: pd.DataFrame) -> pd.DataFrame:
    """Leave out articles that lack a covariate, and say so."""
    missing = covariates.isna()
    out = missing.any(axis=1)
    if not out.any():
        return covariates
    counts = ", ".join(f"{n} without {name}" for name, n in missing.sum().items() if n)
    if out.all():
        raise ValueError(f"None of the {len(out)} articles has every covariate: {counts}.")
    warnings.warn(
        f"{out.sum()} of {len(out)} articles are left out: {counts} "
        f"(doc_id {listed(covariates.index[out])}). Fill it in, or choose other covariates.",
        stacklevel=callers_level(),
    )
    return covariates[~out]


def _with_reference(covariates: pd.DataFrame, reference: Mapping[str, Any]) -> pd.DataFrame:
    """Drop levels that no article has and put the reference level first."""
    grouped = [str(name) for name in covariates.select_dtypes("category").columns]
    unknown = [name for name in reference if name not in grouped]
    if unknown:
        raise KeyError(f"No groups {listed(unknown)} in the formula; groups: {listed(grouped)}.")
    for name in grouped:
        column = covariates[name].cat.remove_unused_categories()
        levels = list(column.cat.categories)
        first = str(reference.get(name, levels[0]))
        if first not in levels:
            raise KeyError(f"No level {first!r} of {name}. Levels: {listed(levels, most=20)}")
        ordered = [first, *(level for level in levels if level != first)]
        dtype = pd.CategoricalDtype(ordered)
        covariates = covariates.assign(**{name: column.astype(object).astype(dtype)})
    return covariates


def _check_varies(covariates: pd.DataFrame) -> None:
    same = [str(name) for name in covariates if covariates[name].nunique() < 2]
    if same:
        values = ", ".join(f"{name} is always {covariates[name].iloc[0]}" for name in same)
        raise ValueError(f"Covariates that do not vary: {values}. Leave them out of the formula.")


def _check_numbers(matrix: pd.DataFrame, formula: str) -> None:
    """Refuse the logarithm of a negative number and the like."""
    wrong = ~np.isfinite(matrix.to_numpy())
    if wrong.any():
        rows = wrong.any(axis=1)
        raise ValueError(
            f"The formula {formula!r} has no value for {rows.sum()} of {len(matrix)} articles, in "
            f"{listed(matrix.columns[wrong.any(axis=0)])} (doc_id {listed(matrix.index[rows])}). "
            "Leave them out, or change the formula."
        )


def _as_numbers(found: Any) -> pd.DataFrame:
    return pd.DataFrame(found).astype(float)


def _readable(name: str, covariates: pd.DataFrame) -> str:
    """Say of every level what it is compared with."""
    for covariate in covariates.select_dtypes("category"):
        reference, *levels = covariates[covariate].cat.categories
        for level in levels:
            name = name.replace(f"{covariate}[T.{level}]", f"{covariate}[{level} vs {reference}]")
    return name
