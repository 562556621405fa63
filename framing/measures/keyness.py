"""Which words divide groups of articles, and which of two words each group chooses."""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, special, stats

from framing.corpus.callers import callers_level
from framing.corpus.checks import require_text
from framing.corpus.groups import group_keys, story_clusters
from framing.corpus.listing import listed
from framing.stats.intervals import critical_value, wilson_interval
from framing.text.counts import TermCounts
from framing.text.patterns import Matcher, parse_pattern
from framing.text.tokens import Encoder, Tokenizer

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PRIOR_SHARE = 0.01
WORDS = ("a", "b", "n_a", "n_b", "share", "low", "high", "n_articles", "interval")


class _Texts(NamedTuple):
    """Articles × terms, with the group, the length in tokens and the cluster of every article."""

    matrix: sparse.csr_matrix
    terms: pd.Index
    group: pd.Series
    length: Integers
    clusters: Integers
    cluster_name: str

    def take(self, rows: Integers) -> "_Texts":
        return self._replace(
            matrix=self.matrix[rows],
            group=self.group.iloc[rows].reset_index(drop=True),
            length=self.length[rows],
            clusters=self.clusters[rows],
        )


class _Contrast(NamedTuple):
    """Counts of every term on two sides, the sizes of the sides, the design effect and its df."""

    counts: tuple[Floats, Floats]
    sizes: tuple[float, float]
    effect: Floats
    df: int

    @property
    def total(self) -> Floats:
        return self.counts[0] + self.counts[1]

    @property
    def part(self) -> float:
        """The target's part of all tokens: where its part of a term's uses would lie by chance."""
        return self.sizes[0] / sum(self.sizes)


def keyness(
    counts: TermCounts,
    articles: pd.DataFrame,
    *,
    by: str = "outlet",
    between: tuple[Any, Any] | str | None = None,
    background: TermCounts | None = None,
    prior_size: float | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Find the terms that one group of articles uses more, or less, than another.

    Parameters
    ----------
    counts : TermCounts
        As `count_terms` returns it, or `join_counts` for words and phrases together.
    articles : DataFrame
        Index `doc_id`, with the column that `by` names (or `date`, for a period); when known
        `story`, so that copies of one text are not taken for independent evidence.
    by : str
        Column of `articles`, or a period ("day", "week", "month", "year").
    between : pair of group names, "before" or None
        The group and its reference, e.g. ("Herald", "Star"). "before": each group in order, above
        all each period, against all groups before it. None: each group against the rest.
    background : TermCounts, optional
        Where the prior's rates come from; by default `counts`, all groups together.
    prior_size : float, optional
        Weight of the prior in tokens; by default a hundredth of all tokens of `counts`.
    level : float
        Confidence level of the interval.

    Returns
    -------
    DataFrame
        One row a comparison and term that either side uses, the highest `z` of each comparison
        first.

        group, reference, term : what is compared
        n_target, n_reference : uses of the term in the group and in the reference
        n_articles_target, n_articles_reference : articles that hold it
        rate_target, rate_reference : uses per 1,000 counted tokens
        prior : pseudo-uses that the prior adds to either side
        log_odds, z : difference of the log odds under the prior, and that over its standard error
        g2 : log-likelihood ratio
        log_ratio, low, high : binary logarithm of the ratio of the rates, with its interval
        design_effect : how many uses are worth one independent use, 1 or more
        z_clustered, p, p_adjusted : test in which articles, not words, are the evidence
        interval : how interval and test were made

    Raises
    ------
    KeyError
        If `by` is neither a column nor a period, or a group of `between` has no articles.
    TypeError
        If `counts`, `background`, `by` or `between` is of the wrong kind, or groups are text and
        numbers mixed.
    ValueError
        If a doc_id of `counts` is not in `articles`, there is only one group, a group has no
        counted word, the prior has no weight, the background has none of the terms, or `level` is
        not between 0 and 1.

    Warns
    -----
    UserWarning
        If articles are left out because they have no counts or no group.

    Notes
    -----
    `log_odds` and `z` are those of Monroe, B. L., Colaresi, M. P., & Quinn, K. M. (2008),
    Fightin' words, Political Analysis 16, 372-403, equations 16, 20 and 22. With :math:`y_i` uses
    among :math:`n_i` tokens, the prior :math:`\alpha = \alpha_0 b / B` from b uses in the
    background and the B uses of all terms of `counts` there, and
    :math:`o_i = (y_i + \alpha) / (n_i + \alpha_0 - y_i - \alpha)`,

    .. math:: \delta = \log o_1 - \log o_2, \qquad
              z = \delta / \sqrt{1 / (y_1 + \alpha) + 1 / (y_2 + \alpha)}.

    The larger :math:`\alpha_0` is, the more uses a rare term needs. A term that the background
    does not hold is given half a use there. In `benchmarks/keyness.py`, where rates of 60 words
    are doubled or halved, a prior of 1/1,000, 1/100 or 1/10 of all tokens ranks them alike; one of
    all tokens no better and in one corpus worse (49 of 100 of them on top, not 53).

    `g2` is the log-likelihood ratio of Dunning, T. (1993), Computational Linguistics 19, 61-74,
    over all four cells; the “log-likelihood” of Rayson, P., & Garside, R. (2000), ACL Workshop on
    Comparing Corpora, 1-6, keeps the two of the term and is a little smaller. `log_ratio` is that
    of Hardie, A. (2014), with half a use in place of 0.

    z and g2 take every word for an independent draw. Words come in bursts: a name said 40 times in
    one article is one event (Lijffijt et al. 2016, Digital Scholarship in the Humanities 31,
    374-397). Both are for ranking. `p` takes an article, or all articles of one `story`, for one
    piece of evidence. The design effect is

    .. math:: d = \frac{C}{C - 2} \sum_c \Big(\sum_{j \in c} \pm \frac{y_j - p_i n_j}{n_i}\Big)^2
              \Big/ \sum_i \frac{p_i (1 - p_i)}{n_i},

    over the C clusters c with articles j of side i, and never below 1. With df one less than the
    clusters on the side that has fewer, :math:`y (1.96 / t_{df})^2 / d` are the effective uses.
    Given all of them, the target's part is binomial if nothing differs: `low` and `high` are the
    exact interval for that part, as Korn, E. L., & Graubard, B. I. (1998), Survey Methodology 24,
    193-201, have it, turned into a ratio of rates; `p` is the two-sided mid-p-value, and
    `z_clustered` the normal deviate that belongs to it. A side of one cluster counts its uses as
    one. `p_adjusted` controls the false discovery rate over all rows (Benjamini, Y., & Hochberg, Y.
    1995, Journal of the Royal Statistical Society B 57, 289-300).

    Where no word differs between the groups but words are bursty, z and g2 find words at an
    adjusted p below .05 in 9 to 40 of 100 simulated corpora, of very bursty words in all. The
    clustered test does in 0 to 3; in 9 where words are very bursty and the target is 30 of 1,000
    articles. The price is power: where the target is a small part of the corpus, few of the words
    that are twice or half as common there are found (`benchmarks/keyness.py`).

    Rates are per counted token: words left out of `counts` are not in the denominator.

    Examples
    --------
    The Herald writes “militia” ten times in one article, and “rebels” once in each of ten. To z
    they are the same; to the clustered test they are not:

    >>> index = pd.Index([f"a{number:02}" for number in range(20)], name="doc_id")
    >>> articles = pd.DataFrame({"outlet": ["Herald"] * 10 + ["Star"] * 10}, index=index)
    >>> uses = np.tile([0, 0, 20, 80], (20, 1))
    >>> uses[0, 0] = 10
    >>> uses[:10, 1] = 1
    >>> terms = pd.Index(["militia", "rebels", "the", "war"])
    >>> counts = TermCounts(sparse.csr_matrix(uses), index, terms)
    >>> table = keyness(counts, articles, between=("Herald", "Star"))
    >>> table[["term", "n_target", "n_articles_target", "z", "design_effect", "p"]].round(3)
          term  n_target  n_articles_target      z  design_effect      p
    0  militia        10                  1  1.449          9.902  0.596
    1   rebels        10                 10  1.449          1.000  0.006
    2      the       200                 10 -0.244          1.000  0.864
    3      war       800                 10 -1.887          1.000  0.732
    """
    _check_level(level)
    texts = _grouped(counts, articles, by)
    prior = _prior(counts, background, prior_size)
    pairs = _pairs(texts.group, between)
    parts = [_compare(texts, pair, prior, level) for pair in pairs]
    table = pd.concat(parts, ignore_index=True)
    table.insert(len(table.columns) - 1, "p_adjusted", stats.false_discovery_control(table["p"]))
    return table


def compare_words(
    articles: pd.DataFrame,
    a: str | Sequence[str],
    b: str | Sequence[str],
    *,
    by: str | Sequence[str] | None = "week",
    level: float = 0.95,
    tokenizer: Tokenizer | None = None,
) -> pd.DataFrame:
    r"""Estimate how often articles choose one word rather than another for the same thing.

    Parameters
    ----------
    articles : DataFrame
        Index `doc_id`, column `text`, and what `by` needs; when known `story`.
    a, b : str or list of str
        Patterns of a codebook (`terrorist*`, `armed gang*`): the words counted, and the words
        they stand against.
    by : str, list of str or None
        Columns of `articles` or periods ("day", "week", "month", "year"). None: the whole corpus.
    level : float
        Confidence level of the interval.
    tokenizer : callable, optional
        A tokenizer of your own, `str -> list of str`.

    Returns
    -------
    DataFrame
        One row a group: the group columns, `a`, `b` (the patterns), `n_a`, `n_b` (hits), `share`
        (of a among both), `low`, `high`, `n_articles` (with a hit of either), `interval` (how it
        was made). Where nothing was hit, share and interval are missing.

    Raises
    ------
    KeyError
        If `by` names neither a column nor a period.
    ValueError
        If a pattern stands on both sides or cannot match, articles have no text, or `level` is not
        between 0 and 1.

    Warns
    -----
    UserWarning
        If articles are left out because their group is missing.

    Notes
    -----
    A token counts once: where patterns overlap the longest wins. The share is :math:`p = n_a / n`
    of all hits n of either. Hits of one article, and of articles of one `story`, are not
    independent, so n is divided by the design effect of the share before Wilson's interval is
    taken, with Student's t of C - 1 degrees of freedom for the C clusters that have a hit (Rao, J.
    N. K., & Scott, A. J. 1992, Biometrics 48, 577-585; Dean, N., & Pagano, M. 2015, Journal of
    Survey Statistics and Methodology 3, 484-503). Where nothing varies, the hits of a cluster are
    taken as copies of each other. With hits in one cluster only there is no telling: 0 to 1.

    The share compares words, not people: it says which word was chosen where one of the two was,
    and it is for the reader to see that both could stand there.

    Examples
    --------
    >>> index = pd.Index(["a1", "a2", "a3"], name="doc_id")
    >>> text = ["Rebels fled.", "Rebels and terrorists met.", "Terrorists fled."]
    >>> articles = pd.DataFrame({"text": text}, index=index)
    >>> table = compare_words(articles, "terrorist*", "rebel*", by=None)
    >>> table[["n_a", "n_b", "share", "n_articles", "interval"]]
       n_a  n_b  share  n_articles                        interval
    0    2    2    0.5           3  Wilson 95 %, clustered by article
    """
    _check_level(level)
    first, second = _pattern_lists(a, b, tokenizer)
    hits = _count_sides(require_text(articles), first, second, tokenizer)
    clusters, name = story_clusters(articles)
    groups = list(_word_groups(articles, by))
    rows = [
        {**key, "a": ", ".join(first), "b": ", ".join(second)}
        | _share(hits[place], clusters[place], level)
        for key, place in groups
    ]
    label = f"Wilson {100 * level:g} %, clustered by {name}"
    return pd.DataFrame(rows).assign(interval=label)


# --- keyness: tables at the door --------------------------------------------------------------


def _grouped(counts: TermCounts, articles: pd.DataFrame, by: str) -> _Texts:
    """Check counts and articles, and put what is needed of both in one row an article."""
    _check_counts("counts", counts)
    if not isinstance(by, str):
        raise TypeError(f"`by` must be one name, not {by!r}: keyness(..., by='outlet')")
    doc_ids, matrix = _by_article(counts)
    _check_ids(doc_ids, articles)
    rows = articles.index.get_indexer(doc_ids)
    group = _sortable(group_keys(articles, by)[by].iloc[rows].reset_index(drop=True), by)
    clusters, name = story_clusters(articles)
    length = np.asarray(matrix.sum(axis=1)).ravel()
    texts = _Texts(matrix, counts.terms, group, length, clusters[rows], name)
    return _with_group(texts, by)


def _check_counts(name: str, counts: Any) -> None:
    if not isinstance(counts, TermCounts):
        raise TypeError(
            f"`{name}` is a {type(counts).__name__}, not TermCounts: count_terms(articles)"
        )


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level={level!r} must lie between 0 and 1, e.g. 0.95.")


def _sortable(group: pd.Series, by: str) -> pd.Series:
    """Groups by name, unless a category has an order of its own."""
    if not isinstance(group.dtype, pd.CategoricalDtype):
        try:
            group.dropna().drop_duplicates().sort_values()
        except TypeError as problem:
            raise TypeError(
                f"`{by}` holds values of several kinds, which have no order. Make them text: "
                f"articles.astype({{{by!r}: 'str'}})"
            ) from problem
        return group
    return group if group.cat.ordered else group.astype(group.cat.categories.dtype)


def _by_article(counts: TermCounts) -> tuple[pd.Index, sparse.csr_matrix]:
    """Add the counts of paragraphs or sentences up to articles."""
    documents, matrix = counts.documents, sparse.csr_matrix(counts.matrix)
    if not isinstance(documents, pd.MultiIndex):
        return documents, matrix
    codes, doc_ids = pd.factorize(documents.get_level_values("doc_id"))
    return pd.Index(doc_ids), _indicator(codes, len(doc_ids)) @ matrix


def _check_ids(doc_ids: pd.Index, articles: pd.DataFrame) -> None:
    problems = []
    for name, index in (("articles", articles.index), ("counts", doc_ids)):
        if twice := int(index.duplicated().sum()):
            problems.append(f"{twice} of {len(index)} doc_id of `{name}` are repeated.")
    unknown = doc_ids[~doc_ids.isin(articles.index)]
    if len(unknown):
        problems.append(
            f"{len(unknown)} of {len(doc_ids)} doc_id of `counts` are not in `articles` "
            f"({listed(unknown)}). Count the same articles: count_terms(articles)"
        )
    if problems:
        raise ValueError("\n".join(problems))
    if n_without := int((~articles.index.isin(doc_ids)).sum()):
        warnings.warn(
            f"{n_without} of {len(articles)} articles have no counts.", stacklevel=callers_level()
        )


def _with_group(texts: _Texts, by: str) -> _Texts:
    """Leave out articles of no known group, and say so."""
    known = texts.group.notna().to_numpy()
    if known.all():
        return texts
    _warn_of_missing(known, by)
    return texts.take(np.flatnonzero(known))


def _warn_of_missing(known: NDArray[np.bool_], by: str) -> None:
    if not known.any():
        raise ValueError(f"No article has a value for {by}: nothing to compare.")
    n_without = int((~known).sum())
    warnings.warn(
        f"{n_without} of {len(known)} articles have no {by}: left out.", stacklevel=callers_level()
    )


def _prior(counts: TermCounts, background: TermCounts | None, size: float | None) -> Floats:
    """Pseudo-uses of every term."""
    uses = np.asarray(counts.matrix.sum(axis=0)).ravel().astype(float)
    if not uses.sum():
        raise ValueError("No article has a counted word: nothing to compare.")
    size = PRIOR_SHARE * uses.sum() if size is None else size
    if not 0 < size < np.inf:
        raise ValueError(f"prior_size={size!r} must be a number of tokens above 0.")
    if background is not None:
        _check_counts("background", background)
        if not counts.terms.isin(background.terms).any():
            raise ValueError(
                f"None of the {len(counts.terms):,} terms of `counts` is in the background. Count "
                "both with the same tokenizer, or leave `background` out."
            )
        found = pd.Series(np.asarray(background.matrix.sum(axis=0)).ravel(), background.terms)
        uses = found.reindex(counts.terms, fill_value=0).to_numpy(dtype=float)
    uses = np.maximum(uses, 0.5)
    return np.asarray(size * uses / uses.sum())


# --- keyness: who is compared with whom -------------------------------------------------------


def _pairs(
    group: pd.Series, between: tuple[Any, Any] | str | None
) -> Iterator[tuple[Any, Any, Integers]]:
    """Yield group, reference and the side of every article: 1 group, -1 reference, 0 neither."""
    groups = pd.Index(group.unique()).sort_values()
    before = isinstance(between, str) and between == "before"
    if between is not None and not before:
        yield _pair(group, groups, between)
        return
    if len(groups) < 2:
        raise ValueError(f"Only one group ({listed(groups)}), so there is nothing to compare.")
    if before:
        for one in groups[1:]:
            yield one, "before", _sides(group == one, group < one)
    else:
        for one in groups:
            yield one, "the rest", _sides(group == one, group != one)


def _pair(group: pd.Series, groups: pd.Index, between: Any) -> tuple[Any, Any, Integers]:
    named = [] if isinstance(between, str) or not np.iterable(between) else list(between)
    if len(named) != 2:
        raise TypeError(f"`between` is {between!r}; name two groups: between=('Herald', 'Star')")
    first, second = (_known_group(name, groups) for name in named)
    if first == second:
        raise ValueError(f"`between` names {first!r} twice; name two groups.")
    return first, second, _sides(group == first, group == second)


def _known_group(name: Any, groups: pd.Index) -> Any:
    """Return the group of that name; a period may be given as text."""
    known = name
    if isinstance(groups, pd.DatetimeIndex):
        known = pd.to_datetime(str(name), errors="coerce")
    if known not in groups:
        raise KeyError(f"No articles in group {name!r}. Groups: {listed(groups, most=20)}")
    return known


def _sides(first: pd.Series, second: pd.Series) -> Integers:
    return first.to_numpy(dtype=np.int64) - second.to_numpy(dtype=np.int64)


# --- keyness: statistics ----------------------------------------------------------------------


def _compare(
    texts: _Texts, pair: tuple[Any, Any, Integers], prior: Floats, level: float
) -> pd.DataFrame:
    """All terms of one comparison, the highest z first."""
    group, reference, side = pair
    chosen = texts.take(np.flatnonzero(side))
    side = side[side != 0]
    contrast = _contrast(chosen, side, (group, reference))
    columns = {"term": chosen.terms, **_sizes(chosen, side, contrast), "prior": prior}
    columns |= _published(contrast, prior) | _by_cluster(contrast, level)
    table = pd.DataFrame(columns)[contrast.total > 0]
    table.insert(0, "group", group)
    table.insert(1, "reference", reference)
    table["interval"] = f"Korn-Graubard {100 * level:g} %, clustered by {chosen.cluster_name}"
    return table.sort_values(["z", "term"], ascending=[False, True])


def _contrast(texts: _Texts, side: Integers, names: tuple[Any, Any]) -> _Contrast:
    sizes = (float(texts.length[side > 0].sum()), float(texts.length[side < 0].sum()))
    empty = [str(name) for name, size in zip(names, sizes, strict=True) if size == 0]
    if empty:
        raise ValueError(f"No counted word in {' and '.join(empty)}: nothing to compare.")
    counts = (_column_sums(texts.matrix[side > 0]), _column_sums(texts.matrix[side < 0]))
    n_clusters = [len(np.unique(texts.clusters[side == sign])) for sign in (1, -1)]
    shares = [count / size for count, size in zip(counts, sizes, strict=True)]
    found = _clustered_variance(texts, side, shares, sizes)
    for share, n in zip(shares, n_clusters, strict=True):
        found += np.square(share) * (n == 1)  # a lone cluster does not vary: it is one use
    independent = sum(p * (1 - p) / size for p, size in zip(shares, sizes, strict=True))
    effect = np.divide(found, independent, out=np.ones_like(found), where=independent > 0)
    return _Contrast(counts, sizes, np.maximum(effect, 1), max(min(n_clusters) - 1, 1))


def _clustered_variance(
    texts: _Texts, side: Integers, shares: list[Floats], sizes: tuple[float, float]
) -> Floats:
    """Variance of the difference of two rates when clusters are drawn, not words."""
    codes, found = pd.factorize(texts.clusters)
    add_up = _indicator(codes, len(found))
    weights = np.where(side > 0, 1 / sizes[0], -1 / sizes[1])
    observed = sparse.csr_array(add_up @ sparse.diags_array(weights) @ texts.matrix)
    expected = [
        sign * (add_up @ (texts.length * (side == sign))) / size
        for sign, size in zip((1, -1), sizes, strict=True)
    ]
    # The squares of `observed - expected`, summed without making the matrix dense.
    squares = _column_sums(observed.power(2))
    for share, one in zip(shares, expected, strict=True):
        squares -= 2 * share * (observed.T @ one)
        for other_share, other in zip(shares, expected, strict=True):
            squares += share * other_share * (one @ other)
    return np.asarray(squares * len(found) / max(len(found) - 2, 1))


def _sizes(texts: _Texts, side: Integers, contrast: _Contrast) -> dict[str, NDArray[Any]]:
    """Uses, articles and rates of every term on both sides."""
    held = texts.matrix > 0
    columns: dict[str, NDArray[Any]] = {}
    for name, uses in zip(("target", "reference"), contrast.counts, strict=True):
        columns[f"n_{name}"] = uses.astype(np.int64)
    for name, sign in (("target", 1), ("reference", -1)):
        columns[f"n_articles_{name}"] = _column_sums(held[side == sign]).astype(np.int64)
    for name, uses, size in zip(
        ("target", "reference"), contrast.counts, contrast.sizes, strict=True
    ):
        columns[f"rate_{name}"] = 1000 * uses / size
    return columns


def _published(contrast: _Contrast, prior: Floats) -> dict[str, Floats]:
    """Log-odds with their z (Monroe et al. 2008), and the log-likelihood ratio (Dunning 1993)."""
    smoothed = [count + prior for count in contrast.counts]
    others = [
        size + prior.sum() - uses for size, uses in zip(contrast.sizes, smoothed, strict=True)
    ]
    log_odds = np.log(smoothed[0] / others[0]) - np.log(smoothed[1] / others[1])  # equation 16
    error = np.sqrt(1 / smoothed[0] + 1 / smoothed[1])  # equation 20
    return {"log_odds": log_odds, "z": log_odds / error, "g2": _log_likelihood(contrast)}


def _log_likelihood(contrast: _Contrast) -> Floats:
    """Twice the sum of O log(O / E) over the four cells of term or not × target or not."""
    found, tokens = np.zeros_like(contrast.total), sum(contrast.sizes)
    for uses, size in zip(contrast.counts, contrast.sizes, strict=True):
        for observed, margin in ((uses, contrast.total), (size - uses, tokens - contrast.total)):
            expected = margin * size / tokens
            found += special.xlogy(observed, observed) - special.xlogy(observed, expected)
    return np.maximum(2 * found, 0)


def _by_cluster(contrast: _Contrast, level: float) -> dict[str, Floats]:
    """Log ratio with interval and test on effective uses."""
    shrink = float((critical_value(0.95) / critical_value(0.95, contrast.df)) ** 2)
    first, second = (shrink * count / contrast.effect for count in contrast.counts)
    ratio = _log_ratio(contrast, *(np.where(c == 0, 0.5, c) for c in contrast.counts))
    low, high = _exact_interval(first, second, level)
    p, sign = _mid_p_value(first, second, contrast.part)
    deviate = stats.norm.isf(np.maximum(p, 1e-300) / 2)
    # Below the smallest number a float can hold, the log-likelihood ratio gives the same rank.
    far = np.maximum(deviate, np.sqrt(_log_likelihood(contrast) / contrast.effect))
    return {
        "log_ratio": ratio,
        "low": _log_ratio(contrast, low, 1 - low),
        "high": _log_ratio(contrast, high, 1 - high),
        "design_effect": contrast.effect,
        "z_clustered": sign * np.where(p > 1e-300, deviate, far),
        "p": p,
    }


def _log_ratio(contrast: _Contrast, first: Floats, second: Floats) -> Floats:
    """Binary logarithm of the ratio of two rates, from uses or from parts of all uses."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log2(first / second) - np.log2(contrast.sizes[0] / contrast.sizes[1]))


def _exact_interval(first: Floats, second: Floats, level: float) -> tuple[Floats, Floats]:
    """Clopper and Pearson's interval for a part, with counts that need not be whole numbers."""
    tail = (1 - level) / 2
    low = special.betaincinv(np.maximum(first, 1e-9), second + 1, tail)
    high = special.betaincinv(first + 1, np.maximum(second, 1e-9), 1 - tail)
    return np.where(first > 0, low, 0), np.where(second > 0, high, 1)


def _mid_p_value(first: Floats, second: Floats, part: float) -> tuple[Floats, Floats]:
    """Two-sided mid-p-value of a binomial count, and the direction it points in."""
    a, b = np.maximum(first, 1e-9), np.maximum(second, 1e-9)
    at_least = np.where(first > 0, special.betainc(a, second + 1, part), 1)
    above = np.where(second > 0, special.betainc(first + 1, b, part), 0)
    at_most = np.where(second > 0, special.betaincc(first + 1, b, part), 1)
    below = np.where(first > 0, special.betaincc(a, second + 1, part), 0)
    upper, lower = (at_least + above) / 2, (at_most + below) / 2
    return np.minimum(2 * np.minimum(upper, lower), 1), np.where(upper <= lower, 1.0, -1.0)


def _indicator(codes: Integers, n: int) -> sparse.csr_array:
    """A matrix that adds rows up by their code."""
    ones = np.ones(len(codes), dtype=np.int64)
    return sparse.csr_array((ones, (codes, np.arange(len(codes)))), shape=(n, len(codes)))


def _column_sums(matrix: Any) -> Floats:
    return np.asarray(matrix.sum(axis=0), dtype=float).ravel()


# --- one word or the other --------------------------------------------------------------------


def _pattern_lists(
    a: str | Sequence[str], b: str | Sequence[str], tokenizer: Tokenizer | None
) -> tuple[list[str], list[str]]:
    first, second = ([side] if isinstance(side, str) else list(side) for side in (a, b))
    known = {pattern.casefold() for pattern in second}
    both = [pattern for pattern in first if pattern.casefold() in known]
    if both:
        raise ValueError(f"{listed(both)}: on both sides. Keep it on one.")
    counting = {pattern for pattern in (*first, *second) if _counts_hits(pattern, tokenizer)}
    if counting.isdisjoint(first) or counting.isdisjoint(second):
        raise ValueError("Give at least one pattern on each side, e.g. 'terrorist*' and 'rebel*'.")
    return first, second


def _counts_hits(pattern: str, tokenizer: Tokenizer | None) -> bool:
    """Whether a pattern counts, rather than cancels what others would."""
    try:
        return not parse_pattern(pattern, tokenizer).cancels
    except ValueError as problem:
        raise ValueError(f"{pattern!r}: {problem}.") from problem


def _count_sides(
    articles: pd.DataFrame, first: list[str], second: list[str], tokenizer: Tokenizer | None
) -> Integers:
    """Hits of both sides in every article (n × 2); a token is a hit of one side only."""
    patterns = [*first, *second]
    matcher = Matcher(patterns, [0] * len(patterns), Encoder(tokenizer))
    counts = np.zeros((len(articles), 2), dtype=np.int64)
    for hits in matcher.tables(articles["text"].tolist()):
        side = (hits["pattern"] >= len(first)).astype(int)
        np.add.at(counts, (hits["document"].to_numpy(), side.to_numpy()), 1)
    return counts


def _word_groups(
    articles: pd.DataFrame, by: str | Sequence[str] | None
) -> Iterator[tuple[dict[str, Any], Integers]]:
    """Yield every group, sorted, with the rows of its articles."""
    if by is None:
        yield {}, np.arange(len(articles))
        return
    keys = group_keys(articles, by).reset_index(drop=True)
    names = [str(name) for name in keys.columns]
    if clash := [name for name in names if name in WORDS]:
        raise ValueError(f"A group column cannot be called {listed(clash)}: rename it first.")
    known = keys.notna().all(axis=1).to_numpy()
    if not known.all():
        _warn_of_missing(known, " and ".join(names))
    for key, rows in keys[known].groupby(names, sort=True, observed=True):
        yield dict(zip(names, key, strict=True)), rows.index.to_numpy()


def _share(hits: Integers, clusters: Integers, level: float) -> dict[str, Any]:
    """Share of the first side among the hits of one group, with its interval."""
    n_a, n_b = (int(n) for n in hits.sum(axis=0))
    found: dict[str, Any] = {"n_a": n_a, "n_b": n_b, "share": np.nan, "low": np.nan, "high": np.nan}
    found["n_articles"] = int((hits.sum(axis=1) > 0).sum())
    n = n_a + n_b
    if n == 0:
        return found
    sums = pd.DataFrame(hits).groupby(clusters).sum().to_numpy()
    sums = sums[sums.sum(axis=1) > 0]
    low, high = 0.0, 1.0
    if len(sums) > 1:
        critical = critical_value(level, len(sums) - 1) * np.sqrt(_share_effect(sums))
        low, high = (float(end) for end in wilson_interval(n_a / n, n, critical))
    return {**found, "share": n_a / n, "low": low, "high": high}


def _share_effect(sums: Integers) -> float:
    """Design effect of a share of hits that come in clusters (clusters × 2)."""
    sizes = sums.sum(axis=1)
    n, share = sizes.sum(), sums[:, 0].sum() / sizes.sum()
    if share in (0, 1):
        return float(np.square(sizes).sum() / n)
    spread = np.square(sums[:, 0] - share * sizes).sum() * len(sums) / (len(sums) - 1)
    return max(float(spread / (n * share * (1 - share))), 1.0)
