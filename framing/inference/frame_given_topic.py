"""A topic is not a frame: how much of a frame topics explain, and what is left within them."""

import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.callers import callers_level
from framing.corpus.listing import listed
from framing.inference.topic_effects import (
    LONE,
    check_shares,
    stories_of,
    warn_of_missing,
)
from framing.stats.design import build_design
from framing.stats.intervals import critical_value
from framing.stats.regression import few_clusters, fit_linear, usual_factor
from framing.stats.threads import one_thread

Floats = NDArray[np.float64]
FOLDS = 10
GONE = "none: too few articles are left"
RAW, WITHIN, CARRIED = "raw", "within topic", "carried by topics"


class FrameGivenTopic(NamedTuple):
    """What topics say about frames; see `frame_given_topic`."""

    explained: pd.DataFrame
    contrasts: pd.DataFrame
    topics: pd.DataFrame


class _Study(NamedTuple):
    """Scores, topic shares and the groups that are compared, of the same articles."""

    scores: pd.DataFrame
    shares: pd.DataFrame
    groups: pd.DataFrame
    terms: pd.DataFrame
    stories: NDArray[np.int64]
    clustered: bool
    level: float

    @property
    def clusters(self) -> NDArray[np.int64] | None:
        return self.stories if self.clustered else None

    @property
    def is_whole(self) -> bool:
        """Shares sum to 1, so that one topic follows from the others."""
        return bool(np.allclose(self.shares.sum(axis=1), 1, atol=1e-6))

    @property
    def controlled(self) -> pd.DataFrame:
        """Groups and topic shares side by side, without the largest topic if shares are whole."""
        base = [self.shares.mean().idxmax()] if self.is_whole else []
        return pd.concat([self.groups, self.shares.drop(columns=base)], axis=1)

    def interval(self, method: str) -> str:
        clustered = ", clustered by story" if self.clustered else ""
        return f"{method} {100 * self.level:g} %{clustered}"


def frame_given_topic(
    scores: pd.DataFrame,
    shares: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    by: str = "outlet",
    reference: Any = None,
    level: float = 0.95,
) -> FrameGivenTopic:
    r"""Tell how much of each frame its topics explain, and whether groups differ within topics.

    Parameters
    ----------
    scores : DataFrame, documents × frames
        Index `doc_id`, as `score_frames` returns it.
    shares : DataFrame, documents × topics
        Index `doc_id`, e.g. `topics.shares`.
    articles : DataFrame
        Index `doc_id`, with the column that `by` names; when known, `story`.
    by : str
        What is compared: a column of `articles` or a period of `date`.
    reference : optional
        The group the others are compared with; by default the first by name.
    level : float
        Confidence level of the intervals.

    Returns
    -------
    FrameGivenTopic
        A named tuple of three tables.

        explained : `frame`, `n`, `r2` (share of the frame's variance that topic shares predict in
            articles held out), `low`, `high`, `r2_adjusted` (in the articles themselves, adjusted
            for the number of topics), `interval`
        contrasts : `frame`, `term` ("Star − Herald"), `model`, `estimate`, `low`, `high` (units
            of the score), `p`, `p_adjusted`, `n`, `n_reference`, `interval`; `model` is "raw",
            "within topic" (topic shares held equal) or "carried by topics" (raw less within)
        topics : `frame`, `term`, `topic`, `carried` (part of the raw contrast that comes with the
            topic), `n_left_out` (articles of which the topic is the largest), `estimate`, `low`,
            `high` (raw contrast without these articles), `change`, `interval`

    Raises
    ------
    KeyError, TypeError
        As for `design_matrix`.
    ValueError
        If tables do not match, hold no numbers or no groups, or no frame varies.

    Warns
    -----
    UserWarning
        If articles are left out, or frames because all articles have the same score.

    Notes
    -----
    Least squares of the score on groups, and on groups and topic shares; covariance clustered by
    `story`, wider where a group has few stories, and no interval where it has one (see
    `topic_effects`).

    `r2` is :math:`1 - \sum (y - \hat y)^2 / \sum (y - \bar y)^2` with prediction and mean from the
    other nine tenths of the stories; below 0 topics predict worse than the mean. Its interval is by
    the delta method. Topics that tell outlets apart predict what outlets do, so a high `r2` alone
    does not say that frame and topic are one: look at "within topic" too.

    What topics carry is split as Gelbach, J. B. (2016), Journal of Labor Economics 34, 509-543,
    does: :math:`\hat\gamma_k d_k`, the score that goes with topic k times the difference of its
    mean share. As shares sum to 1, :math:`\gamma` counts from the score at the mean topic mix.
    Parts sum to "carried by topics".

    Shares come from the same words as scores: a topic made of a frame's own patterns explains it
    by construction. Fit the topics without these words (`count_terms(..., stop_words=)`) before
    calling a frame a topic. Which topics to print is an outlet's choice too, so "within topic" is
    another question than "raw", not a better answer. Errors of the topic model are not in the
    intervals; noisy shares leave part of what topics carry in "within topic". Give `topics.shares`
    here, not `unshrunk_shares`, whose noise would leave more.

    Examples
    --------
    The frame follows the topic alone, and the Star prints more of it:

    >>> war = np.array([0.4, 0.3, 0.2, 0.1, 0.3, 0.5, 0.9, 0.8, 0.6, 0.7, 0.4, 0.8])
    >>> index = pd.Index([f"a{number:02}" for number in range(12)], name="doc_id")
    >>> shares = pd.DataFrame({"topic_01": war, "topic_02": 1 - war}, index)
    >>> scores = pd.DataFrame({"conflict": 10 * war + [0, 1, 1] * 4}, index)
    >>> articles = pd.DataFrame({"outlet": ["Herald"] * 6 + ["Star"] * 6}, index)
    >>> found = frame_given_topic(scores, shares, articles)
    >>> found.contrasts[["term", "model", "estimate", "low", "high"]].round(1)
                term              model  estimate  low  high
    0  Star − Herald                raw       4.0  1.9   6.1
    1  Star − Herald       within topic       0.2 -0.8   1.1
    2  Star − Herald  carried by topics       3.8  1.4   6.3
    """
    study = _study(scores, shares, articles, by, reference, level)
    frames = list(study.scores.columns)
    with one_thread():
        explained = pd.DataFrame([_explained(study, frame) for frame in frames])
        contrasts = pd.concat([_contrasts(study, frame) for frame in frames], ignore_index=True)
        topics = pd.concat([_without_topics(study, frame) for frame in frames], ignore_index=True)
    return FrameGivenTopic(explained, _adjusted(contrasts), topics)


# --- tables ---------------------------------------------------------------------------------


def _study(
    scores: pd.DataFrame,
    shares: pd.DataFrame,
    articles: pd.DataFrame,
    by: str,
    reference: Any,
    level: float,
) -> _Study:
    """Check all tables and join them on doc_id."""
    if not 0 < level < 1:
        raise ValueError(f"level={level!r} must lie between 0 and 1, e.g. 0.95.")
    if not isinstance(by, str):
        raise TypeError(f"`by` is one column or period, e.g. 'outlet', not {by!r}.")
    check_shares("shares", shares)
    _check_scores(scores)
    both = scores.index.intersection(shares.index, sort=False)
    _warn_of_unshared(scores, shares, both)
    stories = stories_of(articles, both, "scores")
    warn_of_missing(articles.index.difference(both, sort=False), "scores")
    chosen = {} if reference is None else {by: reference}
    quoted = by if by.isidentifier() else f"`{by}`"
    design = build_design(quoted, articles.loc[both], reference=chosen)
    rows = design.matrix.index
    codes = np.arange(len(rows)) if stories is None else pd.factorize(stories.loc[rows])[0]
    terms = _terms(design.covariates[by], by, codes)
    groups = design.matrix.set_axis(["Intercept", *terms.index], axis=1)
    varying = _varying(scores.loc[rows].astype(float))
    clustered = len(np.unique(codes)) < len(codes)
    return _Study(varying, shares.loc[rows].astype(float), groups, terms, codes, clustered, level)


def _check_scores(scores: Any) -> None:
    if not isinstance(scores, pd.DataFrame):
        raise TypeError(f"`scores` must be a DataFrame of documents × frames, not {type(scores)}.")
    if isinstance(scores.index, pd.MultiIndex) or not scores.index.is_unique:
        raise ValueError("`scores` needs one row a document: score_frames(..., unit='article').")
    words = [str(name) for name in scores if not pd.api.types.is_numeric_dtype(scores[name])]
    if words or scores.empty:
        raise ValueError(f"`scores` holds no numbers in {len(words)} columns ({listed(words)}).")
    missing = scores.isna().any(axis=1)
    if missing.any():
        raise ValueError(
            f"{missing.sum()} of {len(scores)} rows of `scores` have a missing score "
            f"({listed(scores.index[missing])}). Drop them: scores.dropna()"
        )


def _warn_of_unshared(scores: pd.DataFrame, shares: pd.DataFrame, both: pd.Index) -> None:
    if both.empty:
        raise ValueError("No doc_id of `scores` is in `shares`: give tables of the same articles.")
    for name, other, index in (("scores", "shares", scores), ("shares", "scores", shares)):
        alone = index.index.difference(both, sort=False)
        if len(alone):
            warnings.warn(
                f"{len(alone)} doc_id of `{name}` have no {other} ({listed(alone)}) and are left "
                "out.",
                stacklevel=callers_level(),
            )


def _terms(column: pd.Series, by: str, stories: NDArray[np.int64]) -> pd.DataFrame:
    """What each column of the design compares; how many articles and stories that rests on."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        sizes = {"n": len(column), "n_reference": len(column), "clusters": [()]}
        return pd.DataFrame(sizes, [f"{by} + 1"])
    reference, *levels = column.cat.categories
    n = column.value_counts()
    different = pd.Series(stories, column.index).groupby(column, observed=False).nunique()
    pairs = [(int(different[name]), int(different[reference])) for name in levels]
    table = {"n": [n[name] for name in levels], "n_reference": n[reference], "clusters": pairs}
    return pd.DataFrame(table, [f"{name} − {reference}" for name in levels])


def _varying(scores: pd.DataFrame) -> pd.DataFrame:
    """Leave out frames that have the same score in all articles."""
    same = [str(name) for name in scores if scores[name].nunique() < 2]
    if len(same) == scores.shape[1]:
        raise ValueError(f"No frame varies between the {len(scores)} articles ({listed(same)}).")
    if same:
        warnings.warn(
            f"{len(same)} frames have the same score in all {len(scores)} articles "
            f"({listed(same)}) and are left out.",
            stacklevel=callers_level(),
        )
    return scores.drop(columns=same)


# --- how much of a frame topics explain -----------------------------------------------------


def _explained(study: _Study, frame: str) -> dict[str, Any]:
    """R² in articles held out, with its interval, and adjusted R² in the articles themselves."""
    y, x = study.scores[frame].to_numpy(), study.shares.to_numpy()
    residual, deviation = _held_out(y, x, _folds(study))
    scale = np.square(deviation).mean()
    r2 = 1 - np.square(residual).mean() / scale
    influence = (np.square(deviation) * (1 - r2) - np.square(residual)) / scale / len(y)
    error = np.sqrt(_clustered_variance(influence[:, None], study.stories, 1)[0])
    half = float(critical_value(study.level, study.stories.max())) * error
    found = {"frame": frame, "n": len(y), "r2": r2, "low": r2 - half, "high": r2 + half}
    interval = study.interval("held-out stories, delta method")
    return found | {"r2_adjusted": _adjusted_r2(y, x), "interval": interval}


def _folds(study: _Study) -> NDArray[np.int64]:
    """Deal stories out into tenths, in the order of doc_id."""
    order = pd.Series(study.stories, study.scores.index.astype(str)).sort_index(kind="stable")
    dealt = {story: place % FOLDS for place, story in enumerate(order.unique())}
    return np.array([dealt[story] for story in study.stories])


def _held_out(y: Floats, x: Floats, folds: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Errors of predictions by topics, and by the mean, from the other folds."""
    whole = np.column_stack([np.ones(len(x)), x])
    residual, deviation = np.empty(len(y)), np.empty(len(y))
    for fold in np.unique(folds):
        out = folds == fold
        coef = np.linalg.lstsq(whole[~out], y[~out], rcond=None)[0]
        residual[out] = y[out] - whole[out] @ coef
        deviation[out] = y[out] - y[~out].mean()
    return residual, deviation


def _adjusted_r2(y: Floats, x: Floats) -> float:
    whole = np.column_stack([np.ones(len(x)), x])
    coef, _, rank, _ = np.linalg.lstsq(whole, y, rcond=None)
    residual = np.square(y - whole @ coef).sum() / max(len(y) - rank, 1)
    return float(1 - residual / np.var(y, ddof=1))


def _clustered_variance(influence: Floats, stories: NDArray[np.int64], k: int) -> Floats:
    """Variance of sums of influence, over clusters, with the usual small-sample factor."""
    n, n_stories = len(influence), int(stories.max()) + 1
    sums = np.zeros((n_stories, influence.shape[1]))
    np.add.at(sums, stories, influence)
    factor = n_stories / (n_stories - 1) * (n - 1) / (n - k)
    return np.asarray(factor * np.square(sums).sum(axis=0))


# --- contrasts ------------------------------------------------------------------------------


def _contrasts(study: _Study, frame: str) -> pd.DataFrame:
    """Raw, within topic and the difference of both, for every term."""
    terms = list(study.terms.index)
    raw, within = (_coefficients(study, frame, x) for x in (study.groups, study.controlled))
    carried = _differences(study, frame).loc[terms]
    models = {RAW: raw.loc[terms], WITHIN: within.loc[terms], CARRIED: carried}
    table = pd.concat(models, names=["model", "term"]).reset_index()
    table = table.join(study.terms, on="term")
    table["place"] = table["term"].map(terms.index)
    table = table.sort_values("place", kind="stable", ignore_index=True)
    table.insert(0, "frame", frame)
    return _with_reason(study, table)


def _coefficients(study: _Study, frame: str, x: pd.DataFrame) -> pd.DataFrame:
    fit = fit_linear(study.scores[frame], x, clusters=study.clusters)
    variance = pd.Series(np.diag(fit.covariance), fit.coef.index)
    return _with_interval(study, fit.coef, variance, fit.df, x.shape[1])


def _with_interval(
    study: _Study, estimate: pd.Series, variance: pd.Series, df: float, n_columns: int
) -> pd.DataFrame:
    """Intervals and tests, wider where a group has few stories; none where it has one."""
    from scipy import stats

    usual = usual_factor(len(study.stories), len(np.unique(study.stories)), n_columns)
    few = {term: few_clusters(sizes, usual) for term, sizes in study.terms["clusters"].items()}
    factor, most = np.array([few.get(name, (1.0, np.inf)) for name in estimate.index]).T
    # rounding can leave the variance of a group of one article a little below 0
    df, error = np.minimum(most, df), np.sqrt(factor * variance.clip(lower=0))
    half = critical_value(study.level, df) * error
    p = 2 * stats.t.sf(np.abs(estimate / error.where(error > 0)), df)
    return pd.DataFrame(
        {"estimate": estimate, "low": estimate - half, "high": estimate + half, "p": p}
    )


def _with_reason(study: _Study, table: pd.DataFrame) -> pd.DataFrame:
    """Say how intervals were made, or why there is none."""
    none = [(table["estimate"].isna(), GONE), (table["low"].isna(), LONE)]
    conditions, reasons = zip(*none, strict=True)
    return table.assign(interval=np.select(conditions, reasons, study.interval("least squares")))


def _differences(study: _Study, frame: str) -> pd.DataFrame:
    """Raw less within-topic coefficients; their errors are those of the same articles."""
    y, raw, within = study.scores[frame].to_numpy(), study.groups, study.controlled
    (one, first), (two, second) = (_influence(y, x.to_numpy()) for x in (raw, within))
    k = raw.shape[1]
    variance = _clustered_variance(first - second[:, :k], study.stories, within.shape[1])
    n_stories = int(study.stories.max()) + 1
    df = n_stories - 1 if study.clustered else n_stories - within.shape[1]
    moved, variances = pd.Series(one - two[:k], raw.columns), pd.Series(variance, raw.columns)
    return _with_interval(study, moved, variances, df, within.shape[1])


def _influence(y: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Coefficients of least squares, and what each article adds to them (articles × columns)."""
    bread = np.linalg.pinv(x)
    coef = bread @ y
    return coef, bread.T * (y - x @ coef)[:, None]


def _adjusted(contrasts: pd.DataFrame) -> pd.DataFrame:
    """Add p-values adjusted for the number of frames and terms, model by model."""
    from scipy.stats import false_discovery_control

    table = contrasts.assign(p_adjusted=np.nan)
    for _, rows in table[table["p"].notna()].groupby("model").groups.items():
        table.loc[rows, "p_adjusted"] = false_discovery_control(table.loc[rows, "p"])
    columns = ["frame", "term", "model", "estimate", "low", "high", "p", "p_adjusted"]
    return table[[*columns, "n", "n_reference", "interval"]]


# --- topic by topic -------------------------------------------------------------------------


def _without_topics(study: _Study, frame: str) -> pd.DataFrame:
    """The raw contrasts without the articles of one topic, and what each topic carries."""
    terms = list(study.terms.index)
    raw = _coefficients(study, frame, study.groups)["estimate"]
    carried, largest = _carried(study, frame), study.shares.idxmax(axis=1)
    rows = []
    for topic, kept in _left_out(study, largest):
        found = _refitted(study, frame, kept)
        for term in terms:
            labels = {"frame": frame, "term": term, "topic": topic}
            labels |= {"carried": carried.loc[topic, term], "n_left_out": int((~kept).sum())}
            estimates = found.loc[term, ["estimate", "low", "high"]].to_dict()
            rows.append(labels | estimates | {"change": found.loc[term, "estimate"] - raw[term]})
    return _with_reason(study, pd.DataFrame(rows))


def _left_out(study: _Study, largest: pd.Series) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    for topic in study.shares.columns:
        yield topic, (largest != topic).to_numpy()


def _refitted(study: _Study, frame: str, kept: NDArray[np.bool_]) -> pd.DataFrame:
    """Coefficients without some articles; missing where a group has none left."""
    rest = study._replace(
        scores=study.scores[kept],
        shares=study.shares[kept],
        groups=study.groups[kept],
        stories=pd.factorize(study.stories[kept])[0],
        terms=study.terms.assign(clusters=pd.Series(_remaining(study, kept), study.terms.index)),
    )
    empty = pd.DataFrame(np.nan, study.groups.columns, ["estimate", "low", "high"])
    few = kept.sum() <= study.groups.shape[1] or len(np.unique(rest.stories)) < 2
    if few or np.linalg.matrix_rank(rest.groups) < study.groups.shape[1]:
        return empty
    return _coefficients(rest, frame, rest.groups)


def _remaining(study: _Study, kept: NDArray[np.bool_]) -> list[tuple[int, ...]]:
    """Stories that are left of the two groups of every term."""
    if not study.terms["clusters"].iloc[0]:
        return [() for _ in study.terms.index]
    groups = study.groups.to_numpy()[kept][:, 1:]
    stories = study.stories[kept]
    base = len(np.unique(stories[groups.sum(axis=1) == 0]))
    return [(len(np.unique(stories[column > 0])), base) for column in groups.T]


def _carried(study: _Study, frame: str) -> pd.DataFrame:
    """Topics × terms: score that goes with the topic, times the difference of its mean share."""
    y, x, topics = study.scores[frame].to_numpy(), study.controlled, study.shares
    coef = pd.Series(np.linalg.pinv(x.to_numpy()) @ y, x.columns)
    gamma = coef.reindex(topics.columns).fillna(0.0).to_numpy()
    if study.is_whole:
        gamma = gamma - float(gamma @ topics.mean().to_numpy())
    k = study.groups.shape[1]
    differences = np.linalg.pinv(study.groups.to_numpy()) @ topics.to_numpy()
    parts = pd.DataFrame(differences[1:k].T, topics.columns, list(study.terms.index))
    return parts.mul(gamma, axis=0)
