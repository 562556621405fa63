"""How many topics, and which of them come back when something that should not matter is changed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from numbers import Integral
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from framing.measures.topics.fit import (
    Topics,
    check_counts,
    check_number,
    check_topics,
    fit_again,
    warn_of_empty,
)
from framing.measures.topics.quality import (
    coherence,
    diversity,
    exclusivity,
    log_likelihood,
    top_terms,
)
from framing.stats.intervals import critical_value, wilson_interval
from framing.text.counts import TermCounts

Floats = NDArray[np.float64]
N_TERMS = 10  # top terms that stand for a topic
BOUNDS = {
    "coherence": (-1.0, 1.0),
    "exclusivity": (0.0, 1.0),
    "diversity": (0.0, 1.0),
    "log_likelihood": (-np.inf, 0.0),
    "stability": (0.0, 1.0),
}
SEED, SUBSAMPLE = "seed", "subsample"


def compare_k(
    counts: TermCounts,
    ks: Sequence[int],
    *,
    seeds: int = 5,
    method: str = "lda",
    held_out: float = 0.2,
    random_state: int = 0,
) -> pd.DataFrame:
    r"""Put several numbers of topics side by side, by five criteria that do not agree.

    Parameters
    ----------
    counts : TermCounts
        As `count_terms` returns it. Drop copies first: a copy of an article that is held out makes
        every likelihood look better than it is.
    ks : list of int
        Numbers of topics.
    seeds : int
        Runs for each number of topics, 3 or more.
    method : {"lda", "nmf"}
        As for `fit_topics`.
    held_out : float
        Share of documents that a run does not see, above 0 and below 1.
    random_state : int
        Run r uses the seed `random_state` + r, for the documents it holds out and for the fit.

    Returns
    -------
    DataFrame
        One row a number of topics and a measure.

        k, measure : `coherence`, `exclusivity`, `diversity`, `log_likelihood`, `stability`
        value : mean over the runs
        low, high : interval of that mean
        lowest, highest : of the runs (for stability, of the means of each run with the others)
        n_runs, interval : runs, and how the interval was made

        There is no best k in it.

    Raises
    ------
    TypeError
        If `counts` are not TermCounts, or `seeds` no number.
    ValueError
        If `ks`, `seeds` or `held_out` is out of range.

    Warns
    -----
    UserWarning
        Of documents that hold no term.

    Notes
    -----
    Coherence (NPMI over all documents of `counts`), exclusivity and diversity of the 10 most
    probable terms are means over the topics, as in `topic_quality`. The log likelihood is that of a
    token in the second half of a document held out, given the first; perplexity is the exponential
    of minus it. Stability is the mean similarity of matched topics (see `topic_stability`) over
    all pairs of runs. All are better when higher, but exclusivity and diversity fall and the
    likelihood rises with k for reasons of arithmetic, and coherence likes few, broad topics. What
    to look for is where a curve bends, and whether runs agree.

    Runs differ in the documents they are fitted on and in the seed. Where the fit starts from a
    decomposition that no seed changes, the documents alone make the difference; an interval over
    seeds of one and the same fit would have no width. The same run holds out the same documents for
    every k.

    The interval is that of Student's t with a jackknife over the runs. It says how well the mean
    over runs is known for these articles. It does not say how other articles would do; and for a
    single fit, look at `lowest` and `highest`.

    Examples
    --------
    >>> from framing.corpus.simulate import simulate_articles
    >>> from framing.text.counts import count_terms
    >>> counts = count_terms(simulate_articles(60).articles, min_articles=5)
    >>> compared = compare_k(counts, [2, 4], seeds=3)
    >>> compared.groupby("k")["measure"].apply(list)[2]
    ['coherence', 'exclusivity', 'diversity', 'log_likelihood', 'stability']
    """
    counts = check_counts(counts)
    _check_comparison(counts, ks, seeds, held_out)
    check_number("random_state", random_state, 0)
    warn_of_empty(counts)
    split = [_split(counts, held_out, random_state + run) for run in range(seeds)]
    rows = []
    with _progress(len(ks) * seeds) as bar:
        for k in ks:
            found, measured = [], []
            for run, (seen, unseen) in enumerate(split):
                topics = fit_again(seen, k, method=method, random_state=random_state + run)
                measured.append(_measure(topics, counts, unseen, random_state + run))
                found.append(topics.term_probabilities)
                bar.update()
            rows.append(_summary(k, pd.DataFrame(measured), _agreement(found)))
    return pd.concat(rows, ignore_index=True)


def topic_stability(
    topics: Topics,
    counts: TermCounts,
    *,
    seeds: int = 5,
    subsample: float = 0.8,
    variants: Mapping[str, TermCounts] | None = None,
    random_state: int = 0,
) -> pd.DataFrame:
    r"""Fit again under other seeds, documents and preprocessing, and look for the same topics.

    Parameters
    ----------
    topics : Topics
        The topics to be tried, as `fit_topics` returns them.
    counts : TermCounts
        The counts they were fitted on.
    seeds : int
        Fits for each variation.
    subsample : float
        Share of documents that are drawn, without replacement, for each fit of "subsample".
    variants : dict of str to TermCounts, optional
        Other choices of preprocessing by name, e.g.
        `{"rarer terms": count_terms(articles, min_articles=2)}`.
    random_state : int
        Fit r of each variation uses the seed `random_state` + 1 + r.

    Returns
    -------
    DataFrame
        One row a topic, variation and fit.

        topic : name of the topic that is tried
        variation : "seed", "subsample" or the name of a variant
        run : number of the fit, from 1
        matched : the topic of that fit it is matched with
        similarity : of the two, 0 to 1
        next_similarity : the highest similarity with another topic of that fit; near `similarity`
            where a topic falls in two
        n_terms : number of terms that both fits know

    Raises
    ------
    TypeError
        If `topics` or `counts` are none, or `seeds` no number.
    ValueError
        If an argument is out of range or a variant shares too few terms with the topics.

    See Also
    --------
    topic_survival : which topics come back, and how often

    Notes
    -----
    Similarity is the average Jaccard of Greene, D., O'Callaghan, D., & Cunningham, P. (2014). How
    many topics? Stability analysis for topic models. ECML PKDD, LNCS 8724, 498-513: for the two
    lists of 10 most probable terms, :math:`\frac{1}{10} \sum_{t=1}^{10} |A_t \cap B_t| / |A_t \cup
    B_t|` over the first t terms of both. It is 1 for the same terms in the same order; seven shared
    terms of ten make .90 where they are the first seven of both lists, and .26 (median) where they
    stand anywhere. Lists are drawn from the terms that both fits know, so that a list of stop words
    by itself breaks no topic.

    Topics of a fit are matched one to one such that the sum of similarities is highest (Kuhn's
    Hungarian method, `scipy.optimize.linear_sum_assignment`). Every topic gets a match, also one
    that has none in truth: read the similarity.

    Examples
    --------
    >>> from framing.corpus.simulate import simulate_articles
    >>> from framing.measures.topics.fit import fit_topics
    >>> from framing.text.counts import count_terms
    >>> counts = count_terms(simulate_articles(60).articles, min_articles=5)
    >>> stability = topic_stability(fit_topics(counts, 3), counts, seeds=2)
    >>> stability.groupby("variation").size()
    variation
    seed         6
    subsample    6
    dtype: int64
    """
    counts, variants = check_counts(counts), dict(variants or {})
    _check_variations(topics, counts, seeds, subsample, variants)
    fits = list(_variations(counts, seeds, subsample, variants, random_state))
    tables = []
    with _progress(len(fits)) as bar:
        for name, run, varied, seed in fits:
            again = _refit(topics, varied, seed).term_probabilities
            matches = _matches(topics.term_probabilities, again)
            tables.append(matches.assign(variation=name, run=run))
            bar.update()
    columns = ["topic", "variation", "run", "matched", "similarity", "next_similarity", "n_terms"]
    return pd.concat(tables, ignore_index=True)[columns]


def topic_survival(stability: pd.DataFrame, *, at_least: float = 0.4) -> pd.DataFrame:
    """Tell which topics come back under each variation, and which do not.

    Parameters
    ----------
    stability : DataFrame
        As `topic_stability` returns it.
    at_least : float
        A topic has come back where its match is at least this similar, above 0, up to 1.

    Returns
    -------
    DataFrame
        One row a topic and variation, in the order of the table.

        topic, variation : names
        n_runs, n_survived : fits, and those in which the topic came back
        share, low, high : of the fits, with a Wilson interval
        similarity, lowest, highest : mean and range over the fits
        survives : whether it came back in more than half of them
        at_least, interval : as given; how the interval was made

    Raises
    ------
    ValueError
        If a column is missing or `at_least` is no similarity.

    Notes
    -----
    Why 0.4: two models fitted on 100 documents each, with no document in common, of 10 planted
    topics (6 simulated corpora) were similar by .45 to .98 where both had found the same topic, and
    by .27 at most where not. It is no sharp line: in the teaching corpus (6 to 12 topics, 5 other
    seeds and 5 subsamples) the nearest topic that was not the match reached .4 for 8 of 360 topics,
    and .53 for one. Leave out stop words, which stand on top of every list.

    The interval is for the share of all such fits of this corpus; five fits leave it wide. Where a
    variant is one table and the fit knows no chance, all its fits are alike, and it says nothing.

    Examples
    --------
    >>> stability = pd.DataFrame({"topic": ["war", "oil"] * 2, "variation": "seed",
    ...                           "run": [1, 1, 2, 2], "similarity": [0.9, 0.5, 0.8, 0.1]})
    >>> topic_survival(stability)[["topic", "n_runs", "n_survived", "similarity", "survives"]]
      topic  n_runs  n_survived  similarity  survives
    0   war       2           2        0.85      True
    1   oil       2           1        0.30     False
    """
    missing = [name for name in ("topic", "variation", "similarity") if name not in stability]
    if missing:
        raise ValueError(f"No column {', '.join(missing)}. Make the table with topic_stability.")
    if not 0 < at_least <= 1:
        raise ValueError(f"at_least={at_least!r} must be above 0 and at most 1.")
    back = stability.assign(back=stability["similarity"] >= at_least)
    groups = back.groupby(["topic", "variation"], sort=False)
    found = groups["similarity"].agg(similarity="mean", lowest="min", highest="max")
    n, n_back = groups.size(), groups["back"].sum()
    low, high = wilson_interval(n_back / n, n)
    counted = {"n_runs": n, "n_survived": n_back, "share": n_back / n, "low": low, "high": high}
    survival = pd.concat([pd.DataFrame(counted), found], axis=1)
    survival = survival.assign(survives=survival["share"] > 0.5, at_least=at_least)
    return survival.assign(interval="Wilson 95 %").reset_index()


# --- several numbers of topics ------------------------------------------------------------------


def _progress(total: int) -> Any:
    from tqdm.auto import tqdm

    return tqdm(total=total, desc="fitting topics", unit="fit", leave=False, disable=None)


def _split(counts: TermCounts, held_out: float, seed: int) -> tuple[TermCounts, TermCounts]:
    """Documents to fit on and documents held out."""
    order = np.random.default_rng(seed).permutation(len(counts.documents))
    n_unseen = _n_unseen(len(order), held_out)
    return take(counts, np.sort(order[n_unseen:])), take(counts, np.sort(order[:n_unseen]))


def _n_unseen(n: int, held_out: float) -> int:
    return round(held_out * n)


def take(counts: TermCounts, rows: NDArray[np.int64]) -> TermCounts:
    """Return the counts of some documents, with all columns."""
    return TermCounts(counts.matrix[rows], counts.documents[rows], counts.terms)


def _measure(topics: Topics, counts: TermCounts, unseen: TermCounts, seed: int) -> dict[str, float]:
    """Measure one fit; the mean over topics where topics have a value each."""
    top = top_terms(topics.term_probabilities, N_TERMS)
    return {
        "coherence": float(np.nanmean(coherence(top, counts))),
        "exclusivity": float(exclusivity(topics.term_probabilities, top).mean()),
        "diversity": float(diversity(top).mean()),
        "log_likelihood": log_likelihood(topics, unseen, seed),
    }


def _agreement(found: Sequence[pd.DataFrame]) -> Floats:
    """Mean similarity of the matched topics of every two fits."""
    agreement = np.full((len(found), len(found)), np.nan)
    for one in range(len(found)):
        for two in range(one):
            mean = _matches(found[one], found[two])["similarity"].mean()
            agreement[one, two] = agreement[two, one] = mean
    return agreement


def _summary(k: int, runs: pd.DataFrame, agreement: Floats) -> pd.DataFrame:
    """Mean of every measure over the runs, with its interval and range."""
    n = len(runs)
    without = [np.delete(np.delete(agreement, run, 0), run, 1) for run in range(n)]
    values = runs.assign(stability=np.nanmean(agreement, axis=1))
    left = (runs.sum() - runs) / (n - 1)
    left = left.assign(stability=[np.nanmean(others) for others in without])
    mean = values.mean()
    error = np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum())
    reach = float(critical_value(0.95, n - 1)) * error
    floor, ceiling = zip(*(BOUNDS[name] for name in values.columns), strict=True)
    table = {"value": mean, "low": (mean - reach).clip(lower=floor)}
    table |= {"high": (mean + reach).clip(upper=ceiling)}
    table |= {"lowest": values.min(), "highest": values.max()}
    summary = pd.DataFrame(table).rename_axis("measure").reset_index()
    summary.insert(0, "k", k)
    return summary.assign(n_runs=n, interval=f"t 95 % of the mean, jackknife over {n} runs")


# --- other seeds, documents and preprocessing ---------------------------------------------------


class _Fit(NamedTuple):
    """A fit to make: which variation, which run of it, on what, with which seed."""

    variation: str
    run: int
    counts: TermCounts
    seed: int


def _variations(
    counts: TermCounts,
    seeds: int,
    subsample: float,
    variants: Mapping[str, TermCounts],
    random_state: int,
) -> Iterator[_Fit]:
    """Yield all fits to make, `seeds` of each variation."""
    for run in range(1, seeds + 1):
        yield _Fit(SEED, run, counts, random_state + run)
    for run in range(1, seeds + 1):
        drawn = _split(counts, 1 - subsample, random_state + run)[0]
        yield _Fit(SUBSAMPLE, run, drawn, random_state + run)
    for name, varied in variants.items():
        for run in range(1, seeds + 1):
            yield _Fit(name, run, varied, random_state + run)


def _refit(topics: Topics, counts: TermCounts, seed: int) -> Topics:
    """Fit as the topics were fitted, with another seed."""
    return fit_again(counts, len(topics.term_probabilities), random_state=seed, **topics.options)


def _matches(topics: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Match topics × terms with others one to one, on the terms that both know."""
    shared = topics.columns.intersection(others.columns, sort=False)
    similar = similarities(*(top_terms(table[shared], N_TERMS) for table in (topics, others)))
    rows, places = linear_sum_assignment(similar, maximize=True)
    rest = similar.copy()
    rest[rows, places] = -np.inf
    nearest = rest.max(axis=1)
    return pd.DataFrame(
        {
            "topic": topics.index.astype(str),
            "matched": others.index.astype(str)[places],
            "similarity": similar[rows, places],
            "next_similarity": np.where(np.isfinite(nearest), nearest, np.nan),
            "n_terms": len(shared),
        }
    )


def similarities(first: NDArray[np.object_], second: NDArray[np.object_]) -> Floats:
    """Return the average Jaccard of every two ranked lists of terms (lists × terms)."""
    depth = np.maximum.outer(*[np.arange(first.shape[1])] * 2)
    same = first[:, None, :, None] == second[None, :, None, :]
    total = np.zeros((len(first), len(second)))
    for last in range(first.shape[1]):
        n_shared = same[:, :, depth <= last].sum(axis=2)
        total += n_shared / (2 * (last + 1) - n_shared)
    return np.asarray(total / first.shape[1])


# --- checks ----------------------------------------------------------------------------------


def _check_runs(seeds: int) -> None:
    if isinstance(seeds, bool) or not isinstance(seeds, Integral):
        raise TypeError(f"seeds={seeds!r}: give how many to take, a whole number such as 5.")


def _check_comparison(counts: TermCounts, ks: Sequence[int], seeds: int, held_out: float) -> None:
    _check_runs(seeds)
    problems = []
    n, n_terms = len(counts.documents), len(counts.terms)
    given = list(ks) if isinstance(ks, Collection) else [ks]
    wrong = [k for k in given if not (isinstance(k, Integral) and 2 <= k <= n_terms)]
    if wrong or not isinstance(ks, Collection) or not given or len(set(given)) < len(given):
        problems.append(
            f"ks={ks!r}: give a list of different whole numbers from 2 to {n_terms:,}, "
            "e.g. [10, 20, 40]."
        )
    if seeds < 3:
        problems.append(f"seeds={seeds!r}: an interval needs 3 runs or more.")
    if not (0 < held_out < 1 and 0 < _n_unseen(n, held_out) < n):
        problems.append(f"held_out={held_out!r} leaves one side of {n} documents empty: try 0.2.")
    if n_terms < N_TERMS:
        problems.append(f"{n_terms} terms are too few: a topic is known by its {N_TERMS} top ones.")
    if problems:
        raise ValueError("\n".join(problems))


def _check_variations(
    topics: Topics,
    counts: TermCounts,
    seeds: int,
    subsample: float,
    variants: Mapping[str, TermCounts],
) -> None:
    check_topics(topics)
    _check_runs(seeds)
    problems = []
    n = len(counts.documents)
    if seeds < 1:
        problems.append(f"seeds={seeds!r}: give 1 fit or more for each variation.")
    if not (0 < subsample < 1 and 0 < _n_unseen(n, 1 - subsample) < n):
        problems.append(f"subsample={subsample!r} draws none or all of {n} documents: try 0.8.")
    taken = sorted({SEED, SUBSAMPLE} & set(variants))
    if taken:
        problems.append(f"A variant cannot be called {' or '.join(taken)}: give it another name.")
    for name, varied in {"counts": counts, **variants}.items():
        shared = topics.term_probabilities.columns.isin(varied.terms).sum()
        if shared < N_TERMS:
            problems.append(
                f"{name!r} shares {shared} terms with the topics, and {N_TERMS} are compared. "
                "Count it with the same tokenizer."
            )
    if problems:
        raise ValueError("\n".join(problems))
