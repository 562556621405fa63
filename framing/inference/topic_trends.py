"""How much room topics take in each group or period, and how sure that is."""

import warnings
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.callers import callers_level
from framing.corpus.groups import group_keys, story_clusters
from framing.corpus.listing import listed
from framing.inference.topic_effects import beyond
from framing.measures.topics.fit import check_table, no_numbers
from framing.stats.intervals import critical_value, wilson_interval

Floats = NDArray[np.float64]
NONE = "none: nothing says how much the share varies"
TINY = 1e-12  # a dispersion of nothing leaves an interval of no width
RESERVED = ("topic", "n", "share", "low", "high", "interval")


def topics_over_time(
    shares: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    by: str | Sequence[str] = "week",
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Estimate the mean share of every topic, period by period.

    Parameters
    ----------
    shares : DataFrame, documents × topics
        Index `doc_id`; as `topic_shares` or `package_shares` returns it.
    articles : DataFrame
        Index `doc_id`, with `date` and the columns that `by` names; `story`, if known.
    by : str or list of str
        Periods ("day", "week", "month", "year") or columns of `articles`, such as
        ["outlet", "month"].
    level : float
        Confidence level of the interval.

    Returns
    -------
    DataFrame
        One row a group and topic: the columns of `by`, `topic`, `n` (articles), `share` (mean over
        them), `low`, `high`, `interval` (how it was made). Groups are sorted. Where no
        group has two articles, or a topic has no share in any, `low` and `high` are missing.

    Raises
    ------
    KeyError
        If `by` names neither a column nor a period.
    ValueError
        If shares are missing or not from 0 to 1, a doc_id is not in `articles` or twice, or no
        article has a period.

    Warns
    -----
    UserWarning
        If articles are left out because their group or date is missing.

    Notes
    -----
    Wilson's score interval with :math:`n_g / \varphi` in the place of :math:`n_g`: the mean
    :math:`m_g` of group g has variance :math:`\varphi m_g (1 - m_g) / n_g`, as in the
    quasi-likelihood of fractions (Papke & Wooldridge 1996, Journal of Applied Econometrics 11,
    619-632). The dispersion :math:`\varphi` of a topic is pooled over the groups,

    .. math:: \varphi = \frac{\sum_g \frac{C_g}{C_g - 1} \sum_{c \in g}
              (\sum_{d \in c} (\theta_d - m_g))^2}{\sum_g m_g (1 - m_g) \sum_{c \in g} n_c^2}

    over the :math:`C_g` stories c of a group where they are known, otherwise its articles; with
    stories, :math:`n_g^2 / \sum_c n_c^2` takes the place of :math:`n_g`. Student's t has
    :math:`\sum_g (C_g - 1)` degrees of freedom.

    Simulated with Dirichlet shares, 8 periods of 5 to 100 articles and 6 to 50 topics, it covers
    .93 to .97. A plain t interval of the mean covers as little as .46 (50 topics, 5 articles),
    because a rare topic seldom shows in few articles how much it varies. Every article counts the
    same, however long.

    The shares are taken as known. They are estimates themselves, so the truth is less sure than the
    interval; `topic_effects` carries that along.

    Examples
    --------
    >>> index = pd.Index(["a1", "a2", "a3"], name="doc_id")
    >>> articles = pd.DataFrame({"date": pd.to_datetime(["2031-03-03", "2031-03-04",
    ...                                                  "2031-03-10"])}, index=index)
    >>> shares = pd.DataFrame({"war": [0.5, 0.6, 0.2], "oil": [0.5, 0.4, 0.8]}, index=index)
    >>> trend = topics_over_time(shares, articles)
    >>> trend[["topic", "n", "share", "low", "high"]].round(2)
      topic  n  share   low  high
    0   war  2   0.55  0.13  0.91
    1   oil  2   0.45  0.09  0.87
    2   war  1   0.20  0.01  0.85
    3   oil  1   0.80  0.15  0.99
    """
    _check(shares, articles, level)
    rows = articles.index.get_indexer(shares.index)
    keys = _known(group_keys(articles, by).iloc[rows])
    groups = keys.groupby(list(keys.columns), sort=True)
    codes = np.asarray(groups.ngroup().fillna(-1), dtype=np.int64)
    estimate = _estimate(shares, codes, story_clusters(articles)[0][rows])
    names = groups.size().index.to_frame(index=False)
    low, high = estimate.interval(level)
    made = f"Wilson {100 * level:g} %, pooled dispersion{estimate.clustered}"
    n_groups, n_topics = estimate.mean.shape
    table = names.loc[names.index.repeat(n_topics)].reset_index(drop=True)
    return table.assign(
        topic=np.tile(shares.columns.astype(str), n_groups),
        n=np.repeat(estimate.n, n_topics),
        share=estimate.mean.ravel(),
        low=low.ravel(),
        high=high.ravel(),
        interval=np.where(np.isnan(low.ravel()), NONE, made),
    )


class _Estimate(NamedTuple):
    """Means (groups × topics), articles, articles as good as independent, dispersion of topics."""

    mean: Floats
    n: NDArray[np.int64]
    n_independent: Floats
    dispersion: Floats
    df: int

    @property
    def clustered(self) -> str:
        return ", clustered by story" if (self.n_independent < self.n - 1e-9).any() else ""

    def interval(self, level: float) -> tuple[Floats, Floats]:
        """Return low and high; missing where nothing tells how a topic varies."""
        if self.df == 0:
            missing = np.full_like(self.mean, np.nan)
            return missing, missing
        n = self.n_independent[:, None] / np.maximum(self.dispersion, TINY)
        ends = wilson_interval(self.mean, n, critical_value(level, self.df))
        low, high = (np.where(np.isfinite(n), end, np.nan) for end in ends)
        return low, high


def _estimate(
    shares: pd.DataFrame, groups: NDArray[np.int64], clusters: NDArray[np.int64]
) -> _Estimate:
    """Means of groups, numbered from 0 (below: in no group), and how much topics vary."""
    known = groups >= 0
    values, groups, clusters = shares.to_numpy(dtype=float)[known], groups[known], clusters[known]
    n = np.bincount(groups)
    mean = pd.DataFrame(values).groupby(groups).mean().to_numpy()
    cells = pd.DataFrame(values - mean[groups]).groupby([groups, clusters])
    sizes, squares = cells.size(), cells.sum() ** 2
    n_clusters, squared_n = sizes.groupby(level=0).size(), (sizes**2).groupby(level=0).sum()
    several = (n_clusters > 1).to_numpy()
    factor = (n_clusters / (n_clusters - 1).clip(lower=1)).to_numpy()
    found = (factor[:, None] * squares.groupby(level=0).sum().to_numpy())[several].sum(axis=0)
    most = (mean * (1 - mean) * squared_n.to_numpy()[:, None])[several].sum(axis=0)
    dispersion = np.divide(found, most, out=np.full_like(found, np.nan), where=most > 0)
    df = int((n_clusters - 1).sum())
    return _Estimate(mean, n, n**2 / squared_n.to_numpy(), dispersion, df)


def _known(keys: pd.DataFrame) -> pd.DataFrame:
    """Refuse reserved names; warn of documents of no known group."""
    taken = [str(name) for name in keys if name in RESERVED]
    if taken:
        raise ValueError(f"A group column cannot be called {listed(taken)}: rename it first.")
    missing = keys.isna()
    out = missing.any(axis=1).to_numpy()
    if out.all():
        raise ValueError(f"No article has a value for {listed(keys.columns)}: nothing to group.")
    if out.any():
        counts = ", ".join(f"{count} without {name}" for name, count in missing.sum().items())
        warnings.warn(
            f"{out.sum()} of {len(out)} articles are left out: {counts} "
            f"(doc_id {listed(keys.index[out])}). Fill it in `articles`.",
            stacklevel=callers_level(),
        )
    return keys.reset_index(drop=True)


def _check(shares: pd.DataFrame, articles: pd.DataFrame, level: float) -> None:
    """Raise one error that names every problem of the tables."""
    check_table(shares)
    problems = []
    for name, index in (("articles", articles.index), ("shares", shares.index)):
        twice = index[index.duplicated()].unique()
        if len(twice):
            problems.append(
                f"{len(twice)} doc_id are in `{name}` more than once ({listed(twice)}). "
                f"Keep the first: {name}[~{name}.index.duplicated()]"
            )
    unknown = shares.index[~shares.index.isin(articles.index)]
    if len(unknown):
        problems.append(
            f"{len(unknown)} of {len(shares)} doc_id of `shares` are not in `articles` "
            f"({listed(unknown)}). Keep the shared ones: shares[shares.index.isin(articles.index)]"
        )
    problems += _no_shares(shares)
    if not 0 < level < 1:
        problems.append(f"level={level!r} must lie between 0 and 1, e.g. 0.95.")
    if problems:
        raise ValueError("\n".join(problems))


def _no_shares(shares: pd.DataFrame) -> list[str]:
    """Say what are no numbers from 0 to 1."""
    if words := no_numbers(shares):
        return words
    problems, missing = [], shares.isna().any(axis=1)
    if missing.any():
        problems.append(
            f"{missing.sum()} of {len(shares)} rows of `shares` have a missing share "
            f"({listed(shares.index[missing])}). Drop them: shares.dropna()"
        )
    wrong = beyond(shares)
    if wrong.any():
        problems.append(
            f"{wrong.sum()} of {len(shares)} rows of `shares` go below 0 or above 1 "
            f"({listed(shares.index[wrong])}). Give topics.shares; the means of unshrunk_shares "
            "are in topic_levels(shares, articles, 'week')."
        )
    return problems
