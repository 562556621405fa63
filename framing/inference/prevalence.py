"""How common a frame is in each group of articles, how sure that is, and where groups differ."""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.callers import callers_level
from framing.corpus.groups import group_keys, story_clusters
from framing.corpus.listing import listed
from framing.stats.intervals import (
    critical_value,
    score_interval,
    score_p_value,
    wilson_interval,
)

COUNTS = {"each": "", "first": ", first of each story", "weighted": ", a story weighs 1"}
RESERVED = ("frame", "n", "n_present", "share", "low", "high", "interval")


class _Units(NamedTuple):
    """Units × frames as yes and no, with the group and the cluster of every unit.

    `articles` numbers the articles of the units by date, and `weights` is what each unit counts.
    """

    present: NDArray[np.bool_]
    frames: list[str]
    keys: pd.DataFrame
    clusters: NDArray[np.int64]
    cluster_name: str
    articles: NDArray[np.int64]
    weights: NDArray[np.float64]
    rule: str

    def take(self, rows: NDArray[np.int64]) -> "_Units":
        return self._replace(
            present=self.present[rows],
            keys=self.keys.iloc[rows],
            clusters=self.clusters[rows],
            articles=self.articles[rows],
            weights=self.weights[rows],
        )

    def total(self, values: NDArray[Any]) -> NDArray[Any]:
        """Sum over the units, in whole numbers where each counts 1."""
        if self.rule == "weighted":
            return np.asarray(self.weights @ values)
        return np.asarray(values.sum(axis=0))

    @property
    def size(self) -> NDArray[Any]:
        return self.total(np.ones(len(self.present), dtype=int))

    @property
    def clustered(self) -> bool:
        return len(np.unique(self.clusters)) < len(self.clusters)

    def interval(self, method: str, level: float) -> str:
        clustered = f", clustered by {self.cluster_name}" if self.clustered else ""
        return f"{method} {100 * level:g} %{COUNTS[self.rule]}{clustered}"


def prevalence(
    scores: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = "outlet",
    at_least: float | None = None,
    level: float = 0.95,
    count: str = "each",
) -> pd.DataFrame:
    r"""Estimate the share of articles in which each frame is present, group by group.

    Parameters
    ----------
    scores : DataFrame, documents × frames
        Index `doc_id`; or a MultiIndex with a level `doc_id` where the units are paragraphs or
        sentences.
    articles : DataFrame
        Index `doc_id`, with the columns that `by` names (or `date`, for a period).
    by : str, list of str or None
        Columns of `articles` or periods ("day", "week", "month", "year"). None: the whole corpus.
    at_least : float, optional
        A frame is present where its score is at least this much; by default, above 0.
    level : float
        Confidence level of the interval.
    count : {"each", "first", "weighted"}
        What a copy counts, by the column `story` of `articles` (see `find_copies`).

        each : every article counts, copies too: what was printed
        first : in each group, of the articles of one story only the first counts, by date and then
            `doc_id`: what the group chose to print, however often
        weighted : in each group, each of the m articles of one story counts 1/m: every story counts
            1, with the share of its articles in which the frame is present

    Returns
    -------
    DataFrame
        One row a group and frame: the group columns, `frame`, `n` (units), `n_present`, `share`,
        `low`, `high`, `interval` (how the interval was made). Groups are sorted. With
        `count="weighted"`, `n` and `n_present` are sums of weights: where the units are articles,
        `n` is the number of stories.

    Raises
    ------
    TypeError
        If `scores` or `articles` is not a table.
    KeyError
        If `by` names neither a column nor a period.
    ValueError
        If a score is missing or not a number, a doc_id is not in `articles` or is there twice, or
        stories are to be counted and there is no column `story`.

    Warns
    -----
    UserWarning
        If articles have no scores, or units are left out because their group is missing.

    Notes
    -----
    Independent units get the interval of Wilson, E. B. (1927), Journal of the American
    Statistical Association 22, 209-212, recommended by Brown, Cai & DasGupta (2001), Statistical
    Science 16, 101-133. Its exact coverage is .940 to .959 for n of 20, 100 and 1,000 and shares
    of .02, .2 and .5.

    Sentences of one article, and articles of one `story`, are not independent. Where units share
    an article or a story, :math:`n` is divided by the design effect :math:`V / (p(1-p)/n)`,
    :math:`V = \frac{C}{C-1} \sum_c (\sum_{i \in c} (y_i - p) / n)^2` over the C clusters, and the
    normal quantile gives way to Student's t with C - 1 degrees of freedom: Rao & Scott (1992),
    Biometrics 48, 577-585; Dean & Pagano (2015), Journal of Survey Statistics and Methodology 3,
    484-503. The design effect is never taken below 1. Where the share is 0 or 1 nothing varies,
    so units of a cluster are taken as copies of each other (Kish's :math:`\sum m_c^2 / n`).

    In simulated wire copy (10 to 200 stories, shares of .05, .2 and .5, frames kept by .7 or all of
    a story's copies) it covers .92 to .98 where most stories are printed once or twice, and a
    percentile bootstrap over stories less each time, .39 to .95. Where few stories make up much of
    the corpus it covers .85 to .96 (bootstrap: .40 to .94) with `count="each"`; "first" and
    "weighted" stay at .92 to .98 there.
    With "weighted" the sums over clusters, :math:`n` and :math:`p` are weighted.

    The interval treats the articles as a sample of what the outlets would have printed. It says
    nothing about articles the database left out or scores that miss the frame.

    Examples
    --------
    >>> articles = pd.DataFrame({"outlet": ["Herald", "Herald", "Star", "Star"]},
    ...                         index=pd.Index(["a1", "a2", "a3", "a4"], name="doc_id"))
    >>> scores = pd.DataFrame({"war": [2, 0, 1, 1]}, index=articles.index)
    >>> prevalence(scores, articles).round(3)
       outlet frame  n  n_present  share    low   high     interval
    0  Herald   war  2          1    0.5  0.095  0.905  Wilson 95 %
    1    Star   war  2          2    1.0  0.342  1.000  Wilson 95 %

    The Star printed one story twice:

    >>> articles["story"] = ["a1", "a2", "a3", "a3"]
    >>> found = prevalence(scores, articles, count="first")
    >>> found[["outlet", "n", "n_present", "interval"]]
       outlet  n  n_present                           interval
    0  Herald  2          1  Wilson 95 %, first of each story
    1    Star  1          1  Wilson 95 %, first of each story
    """
    units = _units(scores, articles, by, at_least, level, count)
    names, groups = zip(*_groups(units), strict=True)
    keys = pd.DataFrame(list(names), columns=units.keys.columns)
    repeated = keys.loc[keys.index.repeat(len(units.frames))].reset_index(drop=True)
    return pd.concat([repeated, _group_shares(groups, level)], axis=1)


def difference(
    scores: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    by: str = "outlet",
    between: tuple[Any, Any] | None = None,
    at_least: float | None = None,
    level: float = 0.95,
    count: str = "each",
) -> pd.DataFrame:
    r"""Compare how common each frame is in two groups, or in each group and all the others.

    Parameters
    ----------
    scores, articles, at_least, level
        As for `prevalence`.
    count : {"each", "first", "weighted"}
        As for `prevalence`. The rest of the corpus is one group, in which a story counts once.
    by : str
        Column of `articles`, or a period ("day", "week", "month", "year").
    between : pair of group names, optional
        The group and its reference, e.g. ("Herald", "Star"). By default each group in turn is
        compared with the rest of the corpus.

    Returns
    -------
    DataFrame
        One row a comparison and frame: `group`, `reference`, `frame`, `n`, `n_reference`,
        `share`, `share_reference`, `difference`, `low`, `high`, `p`, `p_adjusted`, `interval`.

    Raises
    ------
    KeyError
        If a group of `between` has no units.
    TypeError, ValueError
        As for `prevalence`; ValueError also if there is only one group.

    Notes
    -----
    Score interval of Miettinen & Nurminen (1985), Statistics in Medicine 4, 213-226, and the
    score test that belongs to it: p < .05 exactly where the 95 % interval leaves 0 out. Over the
    45 pairs of n of 20, 100, 1,000 and shares of .02, .2, .5 its exact coverage is .936 to .970
    (Newcombe's hybrid interval: .941 to .984), but for .02 against .02 at n = 20 it is .999: with
    less than one expected hit it is too wide rather than too narrow.

    Where units share an article or a story, the variance is multiplied by the design effect of
    the difference (see `prevalence`), computed over clusters that may reach into both groups.
    t has one degree of freedom less than the smaller number of clusters.

    `p_adjusted` controls the false discovery rate over all rows of one call: Benjamini, Y., &
    Hochberg, Y. (1995), Journal of the Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> index = pd.Index([f"a{number:03}" for number in range(150)], name="doc_id")
    >>> articles = pd.DataFrame({"outlet": ["Herald"] * 70 + ["Star"] * 80}, index=index)
    >>> scores = pd.DataFrame({"war": [1] * 56 + [0] * 14 + [1] * 48 + [0] * 32}, index=index)
    >>> table = difference(scores, articles, between=("Herald", "Star"))
    >>> table[["group", "reference", "difference", "low", "high", "p"]].round(4)
        group reference  difference     low    high       p
    0  Herald      Star         0.2  0.0528  0.3382  0.0083
    """
    from scipy.stats import false_discovery_control

    if not isinstance(by, str):
        raise TypeError(f"`by` must be one name, not {by!r}: difference(..., by='outlet')")
    units = _units(scores, articles, by, at_least, level, count)
    pairs = list(_pairs(units.keys[by], between))
    table = pd.concat([_contrast(units, *pair, level) for pair in pairs], ignore_index=True)
    table.insert(len(table.columns) - 1, "p_adjusted", false_discovery_control(table["p"]))
    return table


def _groups(units: _Units) -> Iterator[tuple[dict[str, Any], _Units]]:
    """Yield every group, sorted, with the values that name it."""
    names = list(units.keys.columns)
    if not names:
        yield {}, _counted(units)
        return
    for key, rows in units.keys.groupby(names, sort=True, observed=True):
        yield dict(zip(names, key, strict=True)), _counted(units.take(rows.index.to_numpy()))


def _counted(units: _Units) -> _Units:
    """Let every story count in one group as the rule says."""
    if units.rule == "each":
        return units
    stories = pd.Series(units.articles).groupby(units.clusters)
    if units.rule == "first":
        return units.take(np.flatnonzero(units.articles == stories.transform("min")))
    return units._replace(weights=1 / stories.transform("nunique").to_numpy(dtype=float))


def _joined(units: _Units, other: _Units) -> _Units:
    """Put the units of two groups together, as each group counts them."""
    return units._replace(
        present=np.concatenate([units.present, other.present]),
        keys=pd.concat([units.keys, other.keys]),
        clusters=np.concatenate([units.clusters, other.clusters]),
        articles=np.concatenate([units.articles, other.articles]),
        weights=np.concatenate([units.weights, other.weights]),
    )


def _group_shares(groups: Sequence[_Units], level: float) -> pd.DataFrame:
    """Shares of every frame in every group, with their intervals."""
    n = np.array([[group.size] for group in groups])
    n_present = np.array([group.total(group.present) for group in groups])
    designs = [_design_effect(group, np.ones(len(group.present))) for group in groups]
    effects, df = zip(*designs, strict=True)
    critical = critical_value(level, np.array(df)[:, None]) * np.sqrt(effects)
    low, high = wilson_interval(n_present / n, n, critical)
    interval = np.array([[group.interval("Wilson", level)] for group in groups])
    found = {"frame": np.array(groups[0].frames), "n": n, "n_present": n_present}
    found |= {"share": n_present / n, "low": low, "high": high, "interval": interval}
    flat = {name: np.broadcast_to(grid, low.shape).ravel() for name, grid in found.items()}
    return pd.DataFrame(flat)


def _pairs(
    labels: pd.Series, between: tuple[Any, Any] | None
) -> Iterator[tuple[Any, Any, pd.Series]]:
    """Yield group, reference and the side of every unit: 1 group, -1 reference, 0 neither."""
    groups = pd.Index(labels.unique()).sort_values()
    if between is None:
        if len(groups) < 2:
            raise ValueError(f"Only one group ({listed(groups)}), so there is no rest to compare.")
        for group in groups:
            yield group, "the rest", (labels == group).map({True: 1, False: -1})
        return
    if isinstance(between, str):
        raise TypeError(f"`between` is {between!r}; name two groups: between=('Herald', 'Star')")
    first, second = (_known_group(name, groups) for name in between)
    if first == second:
        raise ValueError(f"`between` names {first!r} twice; name two groups.")
    yield first, second, (labels == first).astype(int) - (labels == second).astype(int)


def _known_group(name: Any, groups: pd.Index) -> Any:
    """Return the group of that name; a period may be given as text, a year as a number."""
    if not isinstance(groups, pd.DatetimeIndex):
        known, names = name, groups
    else:
        known, names = pd.to_datetime(str(name), errors="coerce"), groups.strftime("%Y-%m-%d")
    if known not in groups:
        raise KeyError(f"No units in group {name!r}. Groups: {listed(names, most=20)}")
    return known


def _contrast(
    units: _Units, group: Any, reference: Any, side: pd.Series, level: float
) -> pd.DataFrame:
    """Differences of every frame between two sides, with their intervals and p-values."""
    first, second = (_counted(units.take(np.flatnonzero(side == sign))) for sign in (1, -1))
    sizes = (first.size.item(), second.size.item())
    shares = (first.total(first.present) / sizes[0], second.total(second.present) / sizes[1])
    chosen = _joined(first, second)
    sign = np.repeat([1, -1], [len(first.present), len(second.present)])
    effect, df = _design_effect(chosen, sign)
    low, high = score_interval(shares, sizes, critical_value(level, df) * np.sqrt(effect))
    names = {"group": group, "reference": reference, "frame": chosen.frames}
    found = {"n": sizes[0], "n_reference": sizes[1], "share": shares[0]}
    found |= {"share_reference": shares[1], "difference": shares[0] - shares[1]}
    found |= {"low": low, "high": high, "p": score_p_value(shares, sizes, effect, df)}
    interval = chosen.interval("Miettinen-Nurminen", level)
    return pd.DataFrame({**names, **found, "interval": interval})


def _design_effect(units: _Units, side: NDArray[Any]) -> tuple[NDArray[np.float64], float]:
    """Variance over clusters against that of independent units, and degrees of freedom of t."""
    if not units.clustered:
        return np.ones(len(units.frames)), np.inf
    present, clusters = units.present.astype(float), units.clusters
    signs, code = np.unique(side, return_inverse=True)
    member = np.eye(len(signs))[code] * units.weights[:, None]
    n = member.sum(axis=0)
    share = member.T @ present / n[:, None]
    independent = (share * (1 - share) / n[:, None]).sum(axis=0)
    deviation = (present - share[code]) * (units.weights * (signs / n)[code])[:, None]
    count = len(np.unique(clusters))
    found = _squared_sums(deviation, clusters) * count / max(count - len(signs), 1)
    copies = _squared_sums(member / n, clusters).sum() / (1 / n).sum()
    fewest = min(len(np.unique(clusters[code == side])) for side in range(len(signs)))
    varies = (independent > 0) & (fewest > 1)
    effect = np.divide(found, independent, out=np.full_like(found, copies), where=varies)
    return np.maximum(effect, 1), max(fewest - 1, 1)


def _squared_sums(values: NDArray[np.float64], clusters: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sum each column within clusters, square, and sum over the clusters."""
    sums = pd.DataFrame(values).groupby(clusters).sum().to_numpy()
    return np.asarray(np.square(sums).sum(axis=0))


def _units(
    scores: pd.DataFrame,
    articles: pd.DataFrame,
    by: str | Sequence[str] | None,
    at_least: float | None,
    level: float,
    count: str,
) -> _Units:
    """Check both tables and join them on doc_id."""
    doc_ids = _doc_ids(scores, articles)
    _check(scores, articles, doc_ids, at_least, level, count)
    rows = articles.index.get_indexer(doc_ids)
    keys = _keys(articles, by).iloc[rows].reset_index(drop=True)
    present = scores > 0 if at_least is None else scores >= at_least
    clusters, cluster_name = story_clusters(articles)
    frames = [str(frame) for frame in scores.columns]
    joined = (keys, clusters[rows], cluster_name, _reading_order(articles)[rows])
    units = _Units(present.to_numpy(dtype=bool), frames, *joined, np.ones(len(rows)), count)
    _warn_of_unscored(articles.index.difference(doc_ids, sort=False))
    return _with_group(units, doc_ids)


def _doc_ids(scores: pd.DataFrame, articles: pd.DataFrame) -> pd.Index:
    """Return the doc_id of every unit."""
    for name, table in (("scores", scores), ("articles", articles)):
        if not isinstance(table, pd.DataFrame):
            raise TypeError(f"`{name}` must be a DataFrame, not {type(table).__name__}.")
    if not isinstance(scores.index, pd.MultiIndex):
        return scores.index
    if "doc_id" not in scores.index.names:
        raise ValueError(f"The index of `scores` has no level doc_id, only {scores.index.names}.")
    return scores.index.get_level_values("doc_id")


def _keys(articles: pd.DataFrame, by: str | Sequence[str] | None) -> pd.DataFrame:
    """Group columns of every article; none for the whole corpus."""
    if by is None or len(by) == 0:
        return pd.DataFrame(index=articles.index)
    keys = group_keys(articles, by)
    clash = [name for name in keys.columns if name in RESERVED]
    if clash:
        raise ValueError(f"A group column cannot be called {listed(clash)}: rename it first.")
    return keys


def _reading_order(articles: pd.DataFrame) -> NDArray[np.int64]:
    """Number the articles by date and then doc_id, those without a date last."""
    doc_ids = pd.factorize(articles.index.astype(str), sort=True)[0]
    if "date" not in articles:
        return doc_ids
    dates = pd.factorize(articles["date"], sort=True, use_na_sentinel=False)[0]
    order = np.lexsort((doc_ids, dates))
    return np.argsort(order)


def _check(
    scores: pd.DataFrame,
    articles: pd.DataFrame,
    doc_ids: pd.Index,
    at_least: float | None,
    level: float,
    count: str,
) -> None:
    """Raise one error that names every problem of the tables."""
    problems = [*_index_problems(scores, articles, doc_ids), *_score_problems(scores)]
    problems += _count_problems(count, articles)
    if at_least is not None and not at_least > 0:
        problems.append(f"at_least={at_least!r} would find every frame everywhere: use above 0.")
    if not 0 < level < 1:
        problems.append(f"level={level!r} must lie between 0 and 1, e.g. 0.95.")
    if problems:
        raise ValueError("\n".join(problems))


def _index_problems(
    scores: pd.DataFrame, articles: pd.DataFrame, doc_ids: pd.Index
) -> Iterator[str]:
    for name, index in (("articles", articles.index), ("scores", scores.index)):
        twice = index[index.duplicated()].unique()
        if len(twice):
            yield (
                f"{len(twice)} doc_id are in `{name}` more than once ({listed(twice)}). "
                f"Keep the first: {name}[~{name}.index.duplicated()]"
            )
    unknown = doc_ids[~doc_ids.isin(articles.index)].unique()
    if len(unknown):
        yield (
            f"{len(unknown)} of {doc_ids.nunique()} doc_id of `scores` are not in `articles` "
            f"({listed(unknown)}). Score the same articles, or keep the shared ones: "
            "scores[scores.index.get_level_values('doc_id').isin(articles.index)]"
        )


def _count_problems(count: str, articles: pd.DataFrame) -> Iterator[str]:
    if count not in COUNTS:
        yield f"count={count!r} is no rule: choose from {', '.join(COUNTS)}."
    elif count != "each" and "story" not in articles:
        yield (
            f"count={count!r} asks which articles are copies, and `articles` has no column story. "
            "Add it: articles.join(find_copies(articles))"
        )


def _score_problems(scores: pd.DataFrame) -> Iterator[str]:
    if scores.empty:
        yield f"`scores` is empty ({scores.shape[0]} rows, {scores.shape[1]} frames)."
    words = scores.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in scores.dtypes]]
    if len(words):
        yield f"Columns of `scores` that hold no numbers: {listed(words)}. Drop them first."
    missing = scores.isna().any(axis=1)
    if missing.any():
        yield (
            f"{missing.sum()} of {len(scores)} rows of `scores` have a missing score "
            f"({listed(scores.index[missing])}). Drop them: scores.dropna()"
        )


def _warn_of_unscored(unscored: pd.Index) -> None:
    if len(unscored):
        warnings.warn(
            f"{len(unscored)} articles have no scores ({listed(unscored)}) and are in no share.",
            stacklevel=callers_level(),
        )


def _with_group(units: _Units, doc_ids: pd.Index) -> _Units:
    """Leave out units of no known group, and say so."""
    missing = units.keys.isna()
    out = missing.any(axis=1).to_numpy()
    if not out.any():
        return units
    if out.all():
        raise ValueError(f"No unit has a value for {listed(missing.columns)}: nothing to group.")
    counts = ", ".join(f"{count} without {name}" for name, count in missing.sum().items() if count)
    warnings.warn(
        f"{out.sum()} of {len(out)} units are left out: {counts} "
        f"(doc_id {listed(doc_ids[out].unique())}). Fill it in `articles`, or group by another "
        "column.",
        stacklevel=callers_level(),
    )
    kept = units.take(np.flatnonzero(~out))
    return kept._replace(keys=kept.keys.reset_index(drop=True))
