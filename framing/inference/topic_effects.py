"""What goes with more or less of a topic, and how much of a frame its topics explain."""

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.decomposition import NMF

from framing.corpus.callers import callers_level
from framing.corpus.listing import listed
from framing.measures.topics.fit import (
    Topics,
    check_counts,
    check_number,
    check_table,
    check_topics,
    fit_again,
    topic_shares,
)
from framing.stats.design import Design, build_design
from framing.stats.intervals import critical_value
from framing.stats.regression import (
    SeparationError,
    few_clusters,
    fit_linear,
    fit_logit,
    usual_factor,
)
from framing.stats.threads import one_thread
from framing.text.counts import TermCounts

Floats = NDArray[np.float64]
_Predict = Callable[[Floats, Floats, Floats], tuple[float, Floats]]
QUARTILES = (0.0, 0.25, 0.5, 0.75, 1.0)
NOTHING = "none: the share is 0 or 1 in all articles of a level"
LONE = "none: a level has a single article or story"
NO_REFIT = "none: in a refit the share is 0 or 1 in all articles of a level"


class _Kinds(NamedTuple):
    """Articles alike in all covariates are of one kind: that of each; size and design of kinds."""

    codes: NDArray[np.int64]
    n: Floats
    design: Design


class _Study(NamedTuple):
    """Shares of the same articles, of one model and of refits matched to it, and covariates."""

    tables: list[pd.DataFrame]
    matches: pd.Series
    design: Design
    kinds: _Kinds
    clusters: pd.Series | None
    first_day: pd.Timestamp | None
    linear: bool
    level: float

    @property
    def n(self) -> int:
        return len(self.design.matrix)

    def n_clusters(self, articles: pd.Series) -> int:
        """Count the stories, or articles, among those marked."""
        return int(articles.sum() if self.clusters is None else self.clusters[articles].nunique())

    def interval(self) -> str:
        known = self.clusters is not None and bool(self.clusters.duplicated().any())
        clustered = ", clustered by story" if known else ""
        m = len(self.tables) - 1
        topics = f"; topics refitted {m} times" if m else "; topics taken as known"
        model = "least squares" if self.linear else "fractional logit"
        return f"{model} {100 * self.level:g} %{clustered}{topics}"


class _Question(NamedTuple):
    """A mean prediction with one design, or its difference from that with another design.

    Designs have a row a kind of article. `clusters` are the stories (or articles) of the level, or
    of both levels; empty for a number.
    """

    labels: dict[str, Any]
    first: Floats
    second: Floats | None = None
    clusters: tuple[int, ...] = ()


def topic_effects(
    shares: pd.DataFrame,
    articles: pd.DataFrame,
    formula: str,
    *,
    reference: Mapping[str, Any] | None = None,
    refits: Sequence[pd.DataFrame] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Compare how much of each topic articles hold, between outlets, months or other covariates.

    Parameters
    ----------
    shares : DataFrame, documents × topics
        Index `doc_id`: `topics.shares`, or `unshrunk_shares(topics, counts)`, whose differences
        are not too small.
    articles : DataFrame
        Index `doc_id`, with the covariates of the formula; when known, `story`.
    formula : str
        Covariates, e.g. "outlet + month"; see `design_matrix`.
    reference : mapping, optional
        The level that others are compared with, by covariate; by default the first by name.
    refits : list of DataFrame, optional
        Shares of the same documents from other fits, as `refit_shares` returns them. Without
        them the intervals take the topics as known.
    level : float
        Confidence level of the intervals.

    Returns
    -------
    DataFrame
        One row a topic and contrast: `topic`, `covariate`, `term` (what is compared, "Star −
        Herald"; for a number its third and first quartile), `estimate`, `low`, `high` (percentage
        points), `p`, `p_adjusted`, `n`, `n_reference` (articles of the two levels; for a number
        all of them), `match` (mean correlation of the topic with its like in the refits),
        `interval`.

    Raises
    ------
    KeyError, TypeError
        As for `design_matrix`.
    ValueError
        As for `design_matrix`; if a share is missing or not from 0 to 1, tables do not match, or
        there is a single refit.

    Warns
    -----
    UserWarning
        If articles are left out, because they have no shares or lack a covariate.

    Notes
    -----
    Fractional logit of the share (Papke & Wooldridge 1996, Journal of Applied Econometrics 11,
    619-632), one model a topic. The estimate is the mean over all articles of the predicted share
    if each were of the one level, less that if each were of the other (average marginal effect);
    its variance follows by the delta method from a covariance clustered by `story`. Levels of few
    stories widen it: with :math:`m_1` and :math:`m_2` stories (or articles) of the two levels, t
    has :math:`(1/m_1 + 1/m_2)^2 / (m_1^{-2} / (m_1 - 1) + m_2^{-2} / (m_2 - 1))` degrees of freedom
    (Imbens, G. W., & Kolesár, M. 2016, Review of Economics and Statistics 98, 701-712), at most
    one less than there are stories, and the variance is at least what makes it right on average
    for two means. A level of a single story or article has no interval: nothing says how much it
    varies. Of 600 simulated samples of 3 articles against 60, 95 % intervals hold the truth in .945
    (without this: .77), of 5 against 60 in .95 (.90). `p_adjusted` controls the false discovery
    rate over all rows (Benjamini & Hochberg 1995). Shares below 0 or above 1 (`unshrunk_shares`)
    are regressed by least squares instead.

    Refits say how much hangs on the topics themselves: the variance of the estimate between fits
    on resampled articles, times 1 + 1/m, is added to that of the regression (Rubin 1987; degrees
    of freedom of the sum of two variances: Satterthwaite 1946, Biometrics Bulletin 2, 110-114; of
    200,000 draws of two such variances 95 % intervals held .94 to .96 where the smaller level has
    five articles and more, .93 to .96 with three, .88 to .96 with two). They do not mend shrinkage,
    and the method of composition (Treier & Jackman 2008, American Journal of Political Science 52,
    201-217) does not either where the topic model knows nothing of the covariates. No interval of
    the fractional logit goes beyond 100 points.

    Measured (`benchmarks/topic_effects.py`: two outlets, six topics, planted differences of 8 and
    17 points, 30 % copies, 50 seeds each), 95 % intervals of planted differences:

    ========================  =============  ==============  =============
    articles x words          400 x 150      1,200 x 60      800 x 300
    ========================  =============  ==============  =============
    articles independent      .84            .67             .85
    clustered by story        .93            .83             .96
    unshrunk, clustered       .93            .89             .96
    unshrunk, 6 refits        .93            .89             .96
    true shares, clustered    .93            .97             .95
    estimate / truth, shares  .93            .87             .96
    estimate / truth, unshr.  .97            .94             .98
    ========================  =============  ==============  =============

    So give `unshrunk_shares`, whose intervals are 2 to 8 % wider, above all for short articles;
    there, 8 refits or 20 draws of the shares from their posterior (method of composition) lifted
    the coverage of shrunk shares, over all topics, only from .89 to .90. What is still missing from
    1 is for the most part due to topics whose fit stops after ten passes, when words of others
    still cling to them: with 30 passes it would be .99, .96 and 1.00.

    Examples
    --------
    >>> index = pd.Index([f"a{number}" for number in range(8)], name="doc_id")
    >>> war = pd.Series([0.1, 0.3, 0.2, 0.2, 0.7, 0.5, 0.6, 0.6], index)
    >>> shares = pd.DataFrame({"war": war, "oil": 1 - war})
    >>> articles = pd.DataFrame({"outlet": ["Herald"] * 4 + ["Star"] * 4}, index)
    >>> table = topic_effects(shares, articles, "outlet")
    >>> table[["topic", "term", "estimate", "low", "high", "p_adjusted"]].round(3)
      topic           term  estimate     low    high  p_adjusted
    0   war  Star − Herald      40.0  25.873  54.127         0.0
    1   oil  Star − Herald     -40.0 -54.127 -25.873         0.0
    """
    study = _study(shares, articles, formula, reference, refits, level)
    table = _answers(study, list(_contrasts(study)))
    half = critical_value(level, table["df"]) * table["error"]
    table = table.assign(low=table["estimate"] - half, high=table["estimate"] + half)
    table[["estimate", "low", "high"]] *= 100
    if not study.linear:  # shares from 0 to 1 differ by no more, however few the articles
        table[["low", "high"]] = table[["low", "high"]].clip(-100, 100)
    table = _with_p_values(table)
    columns = ["topic", "covariate", "term", "estimate", "low", "high", "p", "p_adjusted"]
    return table[[*columns, "n", "n_reference", "match", "interval"]]


def topic_levels(
    shares: pd.DataFrame,
    articles: pd.DataFrame,
    formula: str,
    *,
    reference: Mapping[str, Any] | None = None,
    refits: Sequence[pd.DataFrame] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Predict the share of each topic at every level of the covariates, the others held equal.

    Parameters
    ----------
    shares, articles, formula, reference, refits, level
        As for `topic_effects`.

    Returns
    -------
    DataFrame
        One row a topic and level: `topic`, `covariate`, `level` (for a number its minimum,
        quartiles and maximum), `n` (articles of the level; for a number all), `share`, `low`,
        `high`, `interval`.

    Raises
    ------
    KeyError, TypeError, ValueError
        As for `topic_effects`.

    Notes
    -----
    The share is the mean prediction over all articles if each were of this level: groups become
    comparable when they differ in the other covariates. Intervals are symmetric in log odds
    (of unshrunk shares: in shares).

    Examples
    --------
    >>> index = pd.Index([f"a{number}" for number in range(8)], name="doc_id")
    >>> war = pd.Series([0.1, 0.3, 0.2, 0.2, 0.7, 0.5, 0.6, 0.6], index)
    >>> articles = pd.DataFrame({"outlet": ["Herald"] * 4 + ["Star"] * 4}, index)
    >>> table = topic_levels(war.to_frame("war"), articles, "outlet")
    >>> table[["topic", "level", "n", "share", "low", "high"]].round(3)
      topic   level  n  share    low  high
    0   war  Herald  4    0.2  0.100  0.36
    1   war    Star  4    0.6  0.466  0.72
    """
    study = _study(shares, articles, formula, reference, refits, level)
    table = _answers(study, list(_levels(study)))
    table = table.rename(columns={"estimate": "share"})
    half = critical_value(level, table["df"]) * table["error"]
    if study.linear:
        table = table.assign(low=table["share"] - half, high=table["share"] + half)
    else:
        odds, half = logit(table["share"]), half / (table["share"] * (1 - table["share"]))
        table = table.assign(low=expit(odds - half), high=expit(odds + half))
    return table[["topic", "covariate", "level", "n", "share", "low", "high", "interval"]]


def refit_shares(
    counts: TermCounts,
    articles: pd.DataFrame,
    k: int,
    *,
    n_refits: int = 20,
    unshrunk: bool = False,
    random_state: int = 0,
    **options: Any,
) -> list[pd.DataFrame]:
    """Fit the topics again on samples of the articles, to see how sure they are.

    Parameters
    ----------
    counts : TermCounts
        The counts the topics were fitted on.
    articles : DataFrame
        Index `doc_id`; when known, `story`, and stories are drawn with their copies.
    k : int
        Number of topics.
    n_refits : int
        Number of fits.
    unshrunk : bool
        Return `unshrunk_shares` in place of `topic_shares`.
    random_state : int
        Seed.
    **options
        Passed on to `fit_topics`, as for the topics themselves: `**topics.options`.

    Returns
    -------
    list of DataFrame
        The shares of all documents of `counts` under each fit.

    Raises
    ------
    TypeError
        If `counts` are not TermCounts.
    ValueError
        If there is less than one refit, or documents are not in `articles`.

    Examples
    --------
    >>> from scipy import sparse
    >>> index = pd.Index([f"a{number}" for number in range(10)], name="doc_id")
    >>> terms = pd.Index(["oil", "price", "rebel", "war"], name="term")
    >>> matrix = sparse.csr_matrix([[3, 2, 0, 0], [0, 0, 2, 3]] * 5)
    >>> counts = TermCounts(matrix, index, terms)
    >>> articles = pd.DataFrame({"outlet": ["Herald", "Star"] * 5}, index)
    >>> refits = refit_shares(counts, articles, 2, n_refits=3)
    >>> len(refits), refits[0].shape, refits[0].index.equals(index)
    (3, (10, 2), True)
    """
    from tqdm.auto import tqdm

    counts = check_counts(counts)
    check_number("n_refits", n_refits)
    stories = stories_of(articles, counts.documents, "counts")
    codes = pd.factorize(stories)[0] if stories is not None else np.arange(len(counts.documents))
    members = pd.Series(np.arange(len(codes))).groupby(codes).apply(np.asarray).tolist()
    rng = np.random.Generator(np.random.PCG64(random_state))
    found = []
    for _ in tqdm(range(n_refits), desc="refitting topics", unit="fit", leave=False, disable=None):
        drawn = rng.integers(len(members), size=len(members))
        rows = np.concatenate([members[story] for story in drawn])
        sample = TermCounts(counts.matrix[rows], _new_names(len(rows)), counts.terms)
        topics = fit_again(sample, k, random_state=int(rng.integers(2**31)), **options)
        found.append(_shares_again(topics, counts, unshrunk))
    return found


def _shares_again(topics: Topics, counts: TermCounts, unshrunk: bool) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of empty documents: said of the first fit
        return (unshrunk_shares if unshrunk else topic_shares)(topics, counts)


def unshrunk_shares(topics: Topics, counts: TermCounts) -> pd.DataFrame:
    r"""Estimate topic shares that are noisy one by one but right on average.

    Parameters
    ----------
    topics : Topics
        As `fit_topics` returns them.
    counts : TermCounts
        Counts of the documents, with some of the terms of the topics.

    Returns
    -------
    DataFrame
        Documents × topics; rows sum to 1, single shares may lie below 0 or above 1. For
        regressions and means, not for reading. A document without known terms has no row.

    Raises
    ------
    TypeError
        If `topics` are none.
    ValueError
        If the topics are of NMF, whose shares are not shares of words, or know none of the terms.

    Notes
    -----
    The shares of a topic model are pulled towards what is usual in the corpus, the more the
    shorter a document is, so differences between outlets come out too small. Word frequencies
    :math:`f_d` have the mean :math:`B'\theta_d`, whatever the shares :math:`\theta_d`, so weighted
    least squares finds them without that pull:
    :math:`\tilde\theta_d = (B W B')^{-1} B W f_d` with the term probabilities B (topics × terms)
    and W one over each term's mean probability. It takes the topics as known; what two topics with
    the same words hold is split between them.

    Examples
    --------
    >>> from framing.measures.topics.fit import fit_topics
    >>> from scipy import sparse
    >>> index = pd.Index([f"a{number}" for number in range(10)], name="doc_id")
    >>> terms = pd.Index(["oil", "price", "rebel", "war"], name="term")
    >>> matrix = sparse.csr_matrix([[4, 2, 0, 0], [0, 0, 2, 4], [2, 1, 1, 2]] + [[4, 2, 2, 4]] * 7)
    >>> counts = TermCounts(matrix, index, terms)
    >>> topics = fit_topics(counts, 2)
    >>> unshrunk_shares(topics, counts).sum(axis=1).round(6).unique()
    array([1.])
    """
    _check_unshrunk(topics, counts)
    terms = topics.term_probabilities.columns
    places = counts.terms.get_indexer(terms)
    known = places >= 0
    usual = (topics.shares if len(topics.shares) else topic_shares(topics, counts)).mean()
    matrix = counts.matrix[:, places[known]]
    length = np.asarray(matrix.sum(axis=1), dtype=float).ravel()
    words = topics.term_probabilities.to_numpy()[:, known]
    words = words / words.sum(axis=1, keepdims=True)
    weighted = words / np.maximum(usual.to_numpy() @ words, 1e-300)
    seen = (matrix @ weighted.T)[length > 0]
    found = np.linalg.lstsq(weighted @ words.T, seen.T, rcond=1e-10)[0]
    shares = found.T / length[length > 0, None]
    return pd.DataFrame(shares, counts.documents[length > 0], topics.term_probabilities.index)


def _check_unshrunk(topics: Topics, counts: TermCounts) -> None:
    check_topics(topics)
    check_counts(counts)
    if isinstance(topics.model, NMF):
        raise ValueError(
            "Topics of NMF are made of tf-idf weights, from which shares of words do not follow. "
            'Fit topics of words: fit_topics(counts, k, method="lda")'
        )
    if not counts.terms.isin(topics.term_probabilities.columns).any():
        raise ValueError(f"None of the {len(counts.terms)} terms is known to the topics.")


def _new_names(n: int) -> pd.Index:
    """Names for drawn documents, some of which are there twice."""
    return pd.Index([f"draw {number}" for number in range(n)], name="doc_id", dtype="str")


# --- tables ---------------------------------------------------------------------------------


def _study(
    shares: pd.DataFrame,
    articles: pd.DataFrame,
    formula: str,
    reference: Mapping[str, Any] | None,
    refits: Sequence[pd.DataFrame] | None,
    level: float,
) -> _Study:
    """Check all tables and join them on doc_id."""
    if not 0 < level < 1:
        raise ValueError(f"level={level!r} must lie between 0 and 1, e.g. 0.95.")
    check_shares("shares", shares)
    stories = stories_of(articles, shares.index, "shares")
    warn_of_missing(articles.index.difference(shares.index, sort=False), "shares")
    chosen = articles.loc[shares.index]
    design = build_design(formula, chosen, reference=reference)
    rows = design.matrix.index
    aligned, matches = _aligned(shares, [] if refits is None else refits)
    linear = any(beyond(table).any() for table in aligned)
    tables = [table.loc[rows] if linear else table.loc[rows].clip(0, 1) for table in aligned]
    clusters = None if stories is None else pd.Series(pd.factorize(stories.loc[rows])[0], rows)
    first = chosen["date"].min() if "date" in design.covariates else None
    return _Study(tables, matches, design, _kinds(design), clusters, first, linear, level)


def _kinds(design: Design) -> _Kinds:
    """Bring together articles that no covariate tells apart: predictions are the same for them."""
    names = list(design.covariates.columns)
    if not names:
        raise ValueError("The formula names no covariate, e.g. 'outlet + month'.")
    groups = design.covariates.groupby(names, sort=False, observed=True)
    codes = np.asarray(groups.ngroup(), dtype=np.int64)
    first = np.unique(codes, return_index=True)[1]
    matrix, covariates = design.matrix.iloc[first], design.covariates.iloc[first]
    one_each = design._replace(matrix=matrix, covariates=covariates)
    return _Kinds(codes, np.bincount(codes).astype(float), one_each)


def check_shares(name: str, shares: Any) -> None:
    check_table(shares, name)
    problems = []
    if shares.empty:
        problems.append(f"`{name}` is empty ({shares.shape[0]} rows, {shares.shape[1]} topics).")
    twice = shares.index[shares.index.duplicated()].unique()
    if len(twice):
        problems.append(f"{len(twice)} doc_id are in `{name}` more than once ({listed(twice)}).")
    numbers = shares.apply(pd.to_numeric, errors="coerce").astype(float)
    whole = np.isclose(numbers.sum(axis=1), 1, atol=1e-6)
    wrong = (numbers.isna().any(axis=1) | beyond(numbers) & ~whole).to_numpy()
    if wrong.any():
        problems.append(
            f"{wrong.sum()} of {len(shares)} rows of `{name}` have a value that is no share from "
            f"0 to 1 (doc_id {listed(shares.index[wrong])}). Use topics.shares or "
            "topic_shares(topics, counts)."
        )
    if problems:
        raise ValueError("\n".join(problems))


def beyond(shares: pd.DataFrame) -> pd.Series:
    """Say of every document if a share is below 0 or above 1."""
    return ((shares < -1e-9) | (shares > 1 + 1e-9)).any(axis=1)


def stories_of(articles: pd.DataFrame, documents: pd.Index, name: str) -> pd.Series | None:
    """The story of each document, its own id where it has none; nothing if none is known."""
    if not isinstance(articles, pd.DataFrame):
        raise TypeError(f"`articles` must be a DataFrame, not {type(articles).__name__}.")
    unknown = documents[~documents.isin(articles.index)]
    if len(unknown):
        raise ValueError(
            f"{len(unknown)} of {len(documents)} doc_id of `{name}` are not in `articles` "
            f"({listed(unknown)}). Give all articles that were counted, or keep the shared rows: "
            f"{name}[{name}.index.isin(articles.index)]"
        )
    if "story" not in articles:
        return None
    stories = articles.loc[documents, "story"].astype(object)
    own = pd.Series([("own", doc_id) for doc_id in documents], documents, dtype=object)
    return stories.where(stories.notna(), own)


def warn_of_missing(doc_ids: pd.Index, name: str) -> None:
    if len(doc_ids):
        warnings.warn(
            f"{len(doc_ids)} articles have no {name} ({listed(doc_ids)}) and are left out.",
            stacklevel=callers_level(),
        )


def _aligned(
    shares: pd.DataFrame, refits: Sequence[pd.DataFrame]
) -> tuple[list[pd.DataFrame], pd.Series]:
    """Give the topics of every refit the names of their likes; and how like they are."""
    if isinstance(refits, pd.DataFrame) or not isinstance(refits, Iterable):
        raise TypeError(
            f"`refits` must be a list of shares, not {type(refits).__name__}: "
            "refits=refit_shares(counts, articles, k, n_refits=20)"
        )
    tables, matches = [shares], []
    for number, refit in enumerate(refits):
        name = f"refits[{number}]"
        check_shares(name, refit)
        missing = shares.index.difference(refit.index, sort=False)
        if len(missing) or refit.shape[1] < shares.shape[1]:
            raise ValueError(
                f"`{name}` lacks {len(missing)} of {len(shares)} documents and has "
                f"{refit.shape[1]} topics for {shares.shape[1]}. Make it with "
                "refit_shares(counts, articles, k)."
            )
        table, match = match_topics(shares, refit.loc[shares.index])
        tables.append(table)
        matches.append(match)
    if len(matches) == 1:
        raise ValueError(
            "One refit does not say how much topics vary. Give more: "
            "refits=refit_shares(counts, articles, k, n_refits=20)"
        )
    found = np.mean(matches, axis=0) if matches else np.full(shares.shape[1], np.nan)
    return tables, pd.Series(found, shares.columns)


def match_topics(shares: pd.DataFrame, refit: pd.DataFrame) -> tuple[pd.DataFrame, Floats]:
    """Pair topics so that the sum of their correlations over documents is the largest."""
    from scipy.optimize import linear_sum_assignment

    with one_thread():
        correlation = _standardised(shares).T @ _standardised(refit) / len(shares)
    rows, columns = linear_sum_assignment(-correlation)
    return refit.iloc[:, columns].set_axis(shares.columns, axis=1), correlation[rows, columns]


def _standardised(table: pd.DataFrame) -> Floats:
    values = table.to_numpy(dtype=float)
    centred = values - values.mean(axis=0)
    spread = np.sqrt(np.square(centred).mean(axis=0))
    return np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)


# --- questions ------------------------------------------------------------------------------


def _contrasts(study: _Study) -> Iterator[_Question]:
    """Every level against the reference; of a number, the third quartile against the first."""
    for name, column in study.design.covariates.items():
        numeric = not isinstance(column.dtype, pd.CategoricalDtype)
        values = _spread_values(column) if numeric else list(column.cat.categories)
        reference, *others = values
        second = _design_with(study, str(name), reference)
        for value in others:
            pair = (value, reference)
            texts = [_text(study, str(name), each) for each in pair]
            sizes = [study.n if numeric else int((column == each).sum()) for each in values]
            labels = {"covariate": name, "term": " − ".join(map(bracketed, texts))}
            labels |= {"n": sizes[values.index(value)], "n_reference": sizes[0]}
            several = () if numeric else tuple(study.n_clusters(column == v) for v in pair)
            yield _Question(labels, _design_with(study, str(name), value), second, several)


def _levels(study: _Study) -> Iterator[_Question]:
    """Every level; of a number, its quartiles."""
    for name, column in study.design.covariates.items():
        numeric = not isinstance(column.dtype, pd.CategoricalDtype)
        found = column.quantile(list(QUARTILES)).unique() if numeric else column.cat.categories
        for value in found.tolist():
            text = _text(study, str(name), value)
            n = study.n if numeric else int((column == value).sum())
            labels = {"covariate": name, "level": text, "n": n}
            alone = () if numeric else (study.n_clusters(column == value),)
            yield _Question(labels, _design_with(study, str(name), value), None, alone)


def _spread_values(column: pd.Series) -> list[float]:
    """First and third quartile of a number; its ends where these are the same."""
    low, high = column.quantile([0.25, 0.75])
    return [low, high] if low < high else [column.min(), column.max()]


def _design_with(study: _Study, covariate: str, value: Any) -> Floats:
    return study.kinds.design.with_value(covariate, value).to_numpy(dtype=float)


def _text(study: _Study, covariate: str, value: Any) -> str:
    """Name a level as a reader knows it."""
    if isinstance(value, str):
        return value
    if covariate == "date" and study.first_day is not None:
        return (study.first_day + pd.Timedelta(days=value)).strftime("%Y-%m-%d")
    return f"{value:.4g}".replace("-", "−")


def bracketed(text: str) -> str:
    return f"({text})" if text.startswith("−") else text


# --- answers --------------------------------------------------------------------------------


def _answers(study: _Study, questions: list[_Question]) -> pd.DataFrame:
    """Estimate, standard error and degrees of freedom, topic by topic."""
    labels = pd.DataFrame([question.labels for question in questions])
    with one_thread():
        refits = np.array([_estimates(study, table, questions) for table in study.tables[1:]])
        fits = [_fitted(study, share, questions) for _, share in study.tables[0].items()]
    parts = []
    for number, (topic, fit) in enumerate(zip(study.tables[0].columns, fits, strict=True)):
        estimate, within, df = fit
        error, df = _pooled(within, df, refits[:, number] if len(refits) else None)
        part = labels.assign(estimate=estimate, error=error, df=df, match=study.matches[topic])
        part.insert(0, "topic", topic)
        reasons = [(~np.isfinite(estimate), NOTHING), (~np.isfinite(within), LONE)]
        reasons.append((~np.isfinite(error), NO_REFIT))
        conditions, said = zip(*reasons, strict=True)
        parts.append(part.assign(interval=np.select(conditions, said, study.interval())))
    return pd.concat(parts, ignore_index=True)


def _fitted(
    study: _Study, share: pd.Series, questions: list[_Question]
) -> tuple[Floats, Floats, Floats]:
    """Answer all questions for one topic: estimates, variances, degrees of freedom."""
    fit_model = fit_linear if study.linear else fit_logit
    try:
        fit = fit_model(share, study.design.matrix, clusters=study.clusters)
    except SeparationError:
        empty = np.full(len(questions), np.nan)
        return empty, empty, empty
    coef, covariance = fit.coef.to_numpy(), fit.covariance.to_numpy()
    found = [_answer(study, coef, question) for question in questions]
    estimates = np.array([estimate for estimate, _ in found])
    gradients = np.array([gradient for _, gradient in found])
    n_clusters = study.n_clusters(pd.Series(True, study.design.matrix.index))
    usual = usual_factor(study.n, n_clusters, len(coef))
    few = np.array([few_clusters(question.clusters, usual) for question in questions])
    variances = np.einsum("ij,jk,ik->i", gradients, covariance, gradients)
    return estimates, few[:, 0] * variances, np.minimum(few[:, 1], fit.df)


def _estimates(study: _Study, table: pd.DataFrame, questions: list[_Question]) -> Floats:
    """Answer all questions without variances, topics × questions, from the means of every kind.

    Both regressions find the same coefficients from means as from articles. Kinds stand there
    twice, with half their weight, because a regression asks for more rows than columns.
    """
    fit_model = fit_linear if study.linear else fit_logit
    means = table.groupby(study.kinds.codes).mean()
    x = pd.concat([study.kinds.design.matrix] * 2, ignore_index=True)
    weights = np.tile(study.kinds.n / 2, 2)
    found = np.full((table.shape[1], len(questions)), np.nan)
    for number in range(table.shape[1]):
        try:
            fit = fit_model(np.tile(means.iloc[:, number], 2), x, weights=weights)
        except SeparationError:
            continue
        found[number] = [_answer(study, fit.coef.to_numpy(), each)[0] for each in questions]
    return found


def _answer(study: _Study, coef: Floats, question: _Question) -> tuple[float, Floats]:
    """Mean prediction, or difference of two, and its gradient."""
    predict: _Predict = _linear_prediction if study.linear else _mean_prediction
    parts = study.kinds.n / study.kinds.n.sum()
    estimate, gradient = predict(coef, question.first, parts)
    if question.second is None:
        return estimate, gradient
    other, slope = predict(coef, question.second, parts)
    return estimate - other, gradient - slope


def _mean_prediction(coef: Floats, x: Floats, parts: Floats) -> tuple[float, Floats]:
    mean = expit(x @ coef)
    return float(parts @ mean), (parts * mean * (1 - mean)) @ x


def _linear_prediction(coef: Floats, x: Floats, parts: Floats) -> tuple[float, Floats]:
    mean = parts @ x
    return float(mean @ coef), mean


def _pooled(within: Floats, df: Floats, refits: Floats | None) -> tuple[Floats, Floats]:
    """Add the variance between refits to that of the regression (Rubin 1987; Satterthwaite)."""
    if refits is None:
        return np.sqrt(within), df
    m = len(refits)
    between = (1 + 1 / m) * np.var(refits, axis=0, ddof=1)
    total = within + between
    with np.errstate(invalid="ignore"):  # nothing varies: no share of it is anyone's
        fraction = between / total
    pooled = 1 / (fraction**2 / (m - 1) + (1 - fraction) ** 2 / df)
    return np.sqrt(total), np.where(between > 0, pooled, df)


def _with_p_values(table: pd.DataFrame) -> pd.DataFrame:
    from scipy import stats

    ratio = (table["estimate"] / 100 / table["error"]).abs()
    table = table.assign(p=2 * stats.t.sf(ratio, table["df"]), p_adjusted=np.nan)
    known = table["p"].notna()
    table.loc[known, "p_adjusted"] = stats.false_discovery_control(table.loc[known, "p"])
    return table
