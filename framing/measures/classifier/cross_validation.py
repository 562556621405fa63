"""How well a classifier tells frames in articles, and outlets, that it has not seen."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import curve_fit
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, StratifiedShuffleSplit
from sklearn.pipeline import FeatureUnion, Pipeline

from framing.corpus.groups import group_keys
from framing.measures.classifier.features import Recipe
from framing.measures.classifier.fit import (
    Task,
    are_articles,
    coded_units,
    fit_chain,
    probability_columns,
    read_units,
    score_table,
    tasks_of,
)

Floats = NDArray[np.float64]
Split = tuple[NDArray[np.int64], NDArray[np.int64]]

N_DRAWS = 1000
LEVEL = 0.95
N_SIZES = 6
LEAST_SIZES = 4  # to project from
TEST_SHARE = 0.2
LEAST_TRAINED = 2  # codes of a value in a training part, or the value is not learned there


class _Corpus(NamedTuple):
    """What was read of all units, once, and the tasks on them."""

    reader: FeatureUnion
    counts: sparse.csr_matrix
    tasks: list[Task]
    units: pd.DataFrame
    recipe: Recipe


class _HeldOut(NamedTuple):
    """Of each coded unit the truth, the prediction of a model that did not see it, and others.

    `truth`, `guess`, `majority` number the values; `chances` are units × values; `group` numbers
    what is drawn anew in the bootstrap.
    """

    classes: NDArray[Any]
    truth: NDArray[np.int64]
    guess: NDArray[np.int64]
    majority: NDArray[np.int64]
    chances: Floats
    prior: Floats
    group: NDArray[np.int64]


def cross_validate_codes(
    articles: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    groups: str | None = "outlet",
    folds: int = 5,
    random_state: int = 0,
    **options: Any,
) -> pd.DataFrame:
    r"""Measure a classifier on codes it has not seen: on random folds, and outlet by outlet.

    Parameters
    ----------
    articles, codes : DataFrame
        As `fit_classifier` takes them.
    groups : str, optional
        A column of the articles, or a period, whose groups are never divided between learning and
        testing. None for random folds alone.
    folds : int
        Number of folds.
    random_state : int
        Seed of the folds.
    **options
        `codebook`, `embed`, `tokenizer`, as `fit_classifier` takes them.

    Returns
    -------
    DataFrame
        One row a frame, kind of folds and measure: `frame`, `folds` ("random", "by outlet"),
        `measure` (accuracy, macro_f1, f1, brier), `code` (the value that f1 is of), `value`,
        `low`, `high`, `majority` (the same measure if every article were given the most frequent
        code of the other folds), `n_units`, `n_folds`, `interval` (how it was made, and of how
        many groups).

    Raises
    ------
    KeyError
        If there is no such group.
    ValueError
        As `fit_classifier`, or if there are fewer than two groups or folds, or fewer codes of a
        value than folds.

    Notes
    -----
    Everything that is learned (which terms there are, their weights, the regression, calibration
    and thresholds) is learned anew without the fold that it is judged on. Folds have the same
    shares of every value as far as can be. The measures are of all held-out predictions together.
    macro_f1 is the plain mean of the f1 of all values; brier the mean squared error of the
    probabilities (Brier 1950; 0 is best), summed over values and halved, and its majority is that
    of giving everybody the shares of the training folds.

    Read the two kinds of folds side by side. If the random folds are much better, the classifier
    knows outlets, not frames, and will not do for others. An outlet under two names is divided
    after all: see `fold_outlets`. So are wire copies between random folds: with `groups="story"`,
    as `find_copies` gives it, they are not. Paragraphs and sentences of an article are never
    divided, in no kind of folds.

    The interval is a percentile bootstrap (1,000 draws) of units, or of groups where folds are by
    group; it takes the predictions as they are and does not say how much another division into
    folds would change. Of few groups (say, under twenty) it is too narrow.

    Examples
    --------
    >>> texts = ["Troops shell the town.", "Prices and wages rise."] * 10
    >>> articles = pd.DataFrame({"text": texts}, index=list("abcdefghijklmnopqrst"))
    >>> articles["outlet"] = ["Herald"] * 10 + ["Star"] * 10
    >>> codes = pd.DataFrame({"unit": articles.index, "frame": "war", "value": [1, 0] * 10})
    >>> table = cross_validate_codes(articles, codes)
    >>> table.loc[table["measure"] == "accuracy", ["folds", "value", "majority", "n_folds"]]
           folds  value  majority  n_folds
    0     random    1.0       0.5        5
    5  by outlet    1.0       0.5        2
    """
    corpus = _read_coded(articles, codes, Recipe(random_state=random_state, **options))
    kinds: list[tuple[str, NDArray[np.int64] | None]] = [("random", None)]
    if groups is not None:
        kinds.append((f"by {groups}", _group_numbers(articles, corpus.units, groups)))
    parts = []
    for task, (kind, group) in _with_progress(corpus.tasks, kinds):
        splits = list(_splits(task, group, folds, random_state))
        held_out = _hold_out(corpus, task, splits, group)
        table = _measure(held_out, random_state, _drawn(task, held_out, group))
        parts.append(table.assign(frame=task.frame, folds=kind, n_folds=len(splits)))
    columns = ["frame", "folds", "measure", "code", "value", "low", "high", "majority"]
    table = pd.concat(parts, ignore_index=True)
    return table[[*columns, "n_units", "n_folds", "interval"]]


def cross_predict(
    articles: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    groups: str | None = None,
    folds: int = 5,
    random_state: int = 0,
    **options: Any,
) -> pd.DataFrame:
    """Give the probability of every frame in articles, never from a model that saw their code.

    Parameters
    ----------
    articles, codes : DataFrame
        As `fit_classifier` takes them; articles that were coded and articles that were not.
    groups : str, optional
        A column of the articles whose groups, such as stories, are not divided between folds.
    folds : int
        Number of folds.
    random_state : int
        Seed of the folds.
    **options
        `codebook`, `embed`, `tokenizer`, as `fit_classifier` takes them.

    Returns
    -------
    DataFrame
        One row an article and the columns of `predict_frames`. Of a coded unit it holds the
        probability by the model that was fitted without its fold; of any other, the mean over the
        models of all folds.

    Raises
    ------
    KeyError, ValueError
        As `cross_validate_codes`.

    Notes
    -----
    These are the scores to give to `corrected_prevalence`. Its correction is the mean difference
    of codes and scores, and it is unbiased only if the scores of coded units are of the same kind
    as those of all others: a model that has seen them is too good on them. Zrnic, T., & Candès,
    E. J. (2024). Cross-prediction-powered inference. PNAS 121(15), e2322083121, on whose advice
    the models of all folds are averaged for units without code.

    Examples
    --------
    >>> texts = ["Troops shell the town.", "Prices and wages rise."] * 6
    >>> articles = pd.DataFrame({"text": texts}, index=list("abcdefghijkl"))
    >>> codes = pd.DataFrame({"unit": list("abcdefghij"), "frame": "war", "value": [1, 0] * 5})
    >>> cross_predict(articles, codes).round().tail(3)
    frame  war
    j      0.0
    k      1.0
    l      0.0
    """
    corpus = _read_coded(articles, codes, Recipe(random_state=random_state, **options))
    group = None if groups is None else _group_numbers(articles, corpus.units, groups)
    units = read_units(articles)
    counts = sparse.csr_matrix(corpus.reader.transform(units["text"].tolist()))
    columns: dict[str, Floats] = {}
    for task, _ in _with_progress(corpus.tasks, [("", None)]):
        splits = list(_splits(task, group, folds, random_state))
        place = pd.Index(units["unit"]).get_indexer(corpus.units["unit"].iloc[task.rows])
        chances = _cross_chances(corpus, task, splits, counts, place)
        columns |= probability_columns(task.frame, np.unique(task.values), chances)
    return score_table(columns, units.index)


def _cross_chances(
    corpus: _Corpus,
    task: Task,
    splits: list[Split],
    counts: sparse.csr_matrix,
    place: NDArray[np.int64],
) -> Floats:
    """Give units × values: of coded ones (at those places) held out, of others the folds' mean."""
    classes = np.unique(task.values)
    total = np.zeros((counts.shape[0], len(classes)))
    own = np.zeros((len(place), len(classes)))
    for train, test in splits:
        chain = _learn(corpus, task, train)
        chances = _spread(chain, chain.predict_proba(counts), classes)
        total += chances / len(splits)
        own[test] = chances[place[test]]
    total[place] = own
    return total


def learning_curve(
    articles: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    sizes: Sequence[int] | None = None,
    repeats: int = 10,
    random_state: int = 0,
    **options: Any,
) -> pd.DataFrame:
    r"""Show how a classifier gains with the number of codes, and guess what more would bring.

    Parameters
    ----------
    articles, codes : DataFrame
        As `fit_classifier` takes them.
    sizes : sequence of int, optional
        Numbers of codes to learn from; by default six, from an eighth of all to four fifths.
    repeats : int
        How often codes are drawn; in each, a fifth of the codes is kept for testing.
    random_state : int
        Seed of the draws.
    **options
        `codebook`, `embed`, `tokenizer`, as `fit_classifier` takes them.

    Returns
    -------
    DataFrame
        One row a frame and number of codes: `frame`, `n_codes`, `value` (mean macro-F1 of the
        repeats), `low`, `high` (the middle 95 % of the repeats), `majority`, `projected` (False
        where measured, True at all the codes, twice and four times as many), `interval`.

    Raises
    ------
    ValueError
        As `fit_classifier`, or if a size is less than ten or more than can be learned from.

    Notes
    -----
    The projection is the inverse power law :math:`a - b n^{-c}` (Figueroa et al. 2012, BMC Medical
    Informatics and Decision Making 12, 8), fitted to the measured sizes by least squares; its
    interval is that of the curves of the single repeats, which know nothing of whether the law
    holds. Take it as an order of magnitude: it says whether another two hundred codes could matter,
    not what they will bring. It supposes that more codes are of the same articles by coders who
    agree as well as these, and no classifier agrees with coders better than they do with each
    other. With fewer than four sizes nothing is projected.

    Examples
    --------
    >>> texts = ["Troops shell the town.", "Prices and wages rise."] * 20
    >>> articles = pd.DataFrame({"text": texts}, index=[f"a{k}" for k in range(40)])
    >>> codes = pd.DataFrame({"unit": articles.index, "frame": "war", "value": [1, 0] * 20})
    >>> learning_curve(articles, codes, sizes=[10, 20], repeats=2).iloc[:, :6].round(2)
      frame  n_codes  value  low  high  majority
    0   war       10    1.0  1.0   1.0      0.33
    1   war       20    1.0  1.0   1.0      0.33
    """
    if repeats < 2:
        raise ValueError(f"repeats={repeats!r} must be at least 2.")
    corpus = _read_coded(articles, codes, Recipe(random_state=random_state, **options))
    parts = []
    for task, _ in _with_progress(corpus.tasks, [("", None)]):
        draws = [_train_and_test(task, random_state + repeat) for repeat in range(repeats)]
        numbers = _sizes(task, sizes, min(len(train) for train, _ in draws))
        runs = [
            _one_curve(corpus, task, numbers, draw, random_state + repeat)
            for repeat, draw in enumerate(draws)
        ]
        measured = np.array([[value for value, _ in run] for run in runs])
        table = _summed_up(numbers, measured, projected=False)
        further = [len(task.rows) * times for times in (1, 2, 4)]
        if len(numbers) >= LEAST_SIZES:
            table = pd.concat([table, _project(numbers, measured, further)], ignore_index=True)
        majority = float(np.mean([[floor for _, floor in run] for run in runs]))
        parts.append(table.assign(frame=task.frame, majority=majority))
    columns = ["frame", "n_codes", "value", "low", "high", "majority", "projected"]
    table = pd.concat(parts, ignore_index=True)[columns]
    table = table.astype({"n_codes": "int64", "projected": bool})
    return table.assign(interval=f"middle 95 % of {repeats} repeats")


# --- folds ------------------------------------------------------------------------------------


def _read_coded(articles: pd.DataFrame, codes: pd.DataFrame, recipe: Recipe) -> _Corpus:
    units, coded = coded_units(articles, codes)
    reader = recipe.reader()
    counts = sparse.csr_matrix(reader.fit_transform(units["text"].tolist()))
    return _Corpus(reader, counts, tasks_of(coded, units), units, recipe)


def _with_progress(
    tasks: list[Task], kinds: list[tuple[str, Any]]
) -> Iterable[tuple[Task, tuple[str, Any]]]:
    from tqdm.auto import tqdm

    pairs = [(task, kind) for task in tasks for kind in kinds]
    return tqdm(pairs, desc="learning", unit="frame", leave=False, disable=None)


def _group_numbers(articles: pd.DataFrame, units: pd.DataFrame, groups: str) -> NDArray[np.int64]:
    """Number the group of every coded unit; units without one are a group of their own."""
    try:
        keys = group_keys(articles, groups)[groups]
    except KeyError as error:
        raise KeyError(f"{error.args[0]}. For random folds alone: groups=None") from None
    coded = read_units(articles)["unit"].isin(units["unit"]).to_numpy()
    number, names = pd.factorize(keys[coded], sort=True)
    number = np.where(number < 0, len(names), number)
    if len(np.unique(number)) < 2:
        raise ValueError(
            f"All coded units are of one {groups}, so none can be left out. "
            "For random folds alone: groups=None"
        )
    return number


def _splits(
    task: Task, group: NDArray[np.int64] | None, folds: int, random_state: int
) -> Iterator[Split]:
    """Divide codes at random, or by groups; units of one article always stay together."""
    if folds < 2:
        raise ValueError(f"folds={folds!r} must be at least 2.")
    empty = np.zeros(len(task.values))
    if group is None:
        _check_folds(task, folds)
    if group is None and are_articles(task.articles):
        divide = StratifiedKFold(folds, shuffle=True, random_state=random_state)
        yield from divide.split(empty, task.values)
        return
    own = task.articles if group is None else group[task.rows]
    yield from _grouped(task.values, own, folds, random_state)


def _check_folds(task: Task, folds: int) -> None:
    least = pd.Series(task.values).value_counts().min()
    if least < folds:
        raise ValueError(
            f"{task.frame}: a value has {least} codes, too few for {folds} folds. "
            f"Take fewer: folds={max(least, 2)}"
        )


def _grouped(
    values: NDArray[Any], own: NDArray[np.int64], folds: int, random_state: int
) -> Iterator[Split]:
    n_folds = min(folds, len(np.unique(own)))
    if n_folds < 2:
        raise ValueError("All coded units are of one article or group, so none can be left out.")
    divide = StratifiedGroupKFold(n_folds, shuffle=True, random_state=random_state)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")
        splits = list(divide.split(np.zeros(len(values)), values, own))
    yield from (split for split in splits if len(split[0]) and len(split[1]))


def _learn(corpus: _Corpus, task: Task, train: NDArray[np.int64]) -> Pipeline:
    """Fit on a training part, without values that have hardly a code there; or give its shares."""
    values = task.values[train]
    _, number, n = np.unique(values, return_inverse=True, return_counts=True)
    kept = (n >= LEAST_TRAINED)[number]
    if (n >= LEAST_TRAINED).sum() < 2:
        constant = Pipeline([("model", DummyClassifier(strategy="prior"))])
        return constant.fit(corpus.counts[task.rows[train]], values)
    part = task.part(train[kept])
    return fit_chain(corpus.reader, corpus.counts[part.rows], part, corpus.recipe.random_state)


def _spread(chain: Pipeline, chances: Floats, classes: NDArray[Any]) -> Floats:
    """Give a column to every value, also to one that the training part did not hold."""
    spread = np.zeros((len(chances), len(classes)))
    spread[:, np.searchsorted(classes, chain[-1].classes_)] = chances
    return spread


def _hold_out(
    corpus: _Corpus, task: Task, splits: list[Split], group: NDArray[np.int64] | None
) -> _HeldOut:
    classes, truth = np.unique(task.values, return_inverse=True)
    guess, majority = np.empty_like(truth), np.empty_like(truth)
    chances, prior = np.empty((2, len(truth), len(classes)))
    for train, test in splits:
        chain, counts = _learn(corpus, task, train), corpus.counts[task.rows[test]]
        chances[test] = _spread(chain, chain.predict_proba(counts), classes)
        guess[test] = np.searchsorted(classes, chain.predict(counts))
        shares = np.bincount(truth[train], minlength=len(classes)) / len(train)
        prior[test], majority[test] = shares, shares.argmax()
    own = task.articles if group is None else group[task.rows]
    number = np.unique(own, return_inverse=True)[1]
    return _HeldOut(classes, truth, guess, majority, chances, prior, number)


# --- measures ---------------------------------------------------------------------------------


def _measure(held_out: _HeldOut, random_state: int, drawn: str) -> pd.DataFrame:
    """Measure the predictions and the majority, and bootstrap the former."""
    weights = _draws(held_out.group, random_state)
    values = _all_measures(held_out, held_out.guess, held_out.chances, weights)
    floor = _all_measures(held_out, held_out.majority, held_out.prior, weights[:1])[0]
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.nanpercentile(values[1:], [tail, 100 - tail], axis=0)
    f1 = ["f1"] * len(held_out.classes)
    columns: dict[str, Any] = {
        "measure": ["accuracy", "macro_f1", *f1, "brier"],
        "code": ["", "", *(str(value) for value in held_out.classes), ""],
    }
    columns |= {"value": values[0], "low": low, "high": high, "majority": floor}
    table = pd.DataFrame(columns).astype({"measure": "str", "code": "str"})
    return table.assign(
        n_units=len(held_out.truth), interval=f"bootstrap 95 %, {N_DRAWS:,} draws of {drawn}"
    )


def _drawn(task: Task, held_out: _HeldOut, group: Any) -> str:
    """Say what the bootstrap draws, and how many there are."""
    if group is not None:
        return f"{held_out.group.max() + 1} groups"
    return "units" if are_articles(task.articles) else f"{held_out.group.max() + 1} articles"


def _draws(group: NDArray[np.int64], random_state: int) -> Floats:
    """Say how often each unit is drawn: once in the first row, then by whole groups."""
    n = int(group.max()) + 1
    rng = np.random.default_rng(random_state)
    counts = rng.multinomial(n, np.full(n, 1 / n), size=N_DRAWS)
    return np.vstack([np.ones(len(group)), counts[:, group]]).astype(float)


def _all_measures(
    held_out: _HeldOut, guess: NDArray[np.int64], chances: Floats, weights: Floats
) -> Floats:
    """Give draws × measures, in the order accuracy, macro-F1, F1 of each value, Brier."""
    k = len(held_out.classes)
    truth, guessed = np.eye(k)[held_out.truth], np.eye(k)[guess]
    total = weights.sum(axis=1, keepdims=True)
    both, coded, found = (weights @ table for table in (truth * guessed, truth, guessed))
    sizes = coded + found
    f1 = np.divide(2 * both, sizes, out=np.zeros_like(both), where=sizes > 0)
    there = sizes > 0
    macro = f1.sum(axis=1, keepdims=True) / np.maximum(there.sum(axis=1, keepdims=True), 1)
    brier = weights @ ((chances - truth) ** 2).sum(axis=1, keepdims=True) / 2 / total
    accuracy = both.sum(axis=1, keepdims=True) / total
    return np.hstack([accuracy, macro, np.where(there, f1, np.nan), brier])


# --- learning curves --------------------------------------------------------------------------


def _sizes(task: Task, sizes: Sequence[int] | None, most: int) -> list[int]:
    n = len(task.rows)
    if sizes is None:
        start = min(max(n // 8, 10), most)
        return sorted({int(size) for size in np.geomspace(start, most, N_SIZES).round()})
    wrong = [size for size in sizes if not 10 <= size <= most]
    if wrong or not len(sizes):
        raise ValueError(
            f"{task.frame}: of {n} codes a fifth is kept for testing, so sizes must be from 10 to "
            f"{most}, not {', '.join(map(str, wrong)) or 'none'}."
        )
    return sorted({int(size) for size in sizes})


def _one_curve(
    corpus: _Corpus, task: Task, sizes: list[int], draw: Split, random_state: int
) -> list[tuple[float, float]]:
    """Give macro-F1 and that of the majority for growing parts of one draw of the codes."""
    train, test = draw
    train = train[_nested_order(task.values[train], random_state)]
    curve = []
    for size in sizes:
        held_out = _hold_out_once(corpus, task, (train[:size], test))
        once = np.ones((1, len(test)))
        model = _all_measures(held_out, held_out.guess, held_out.chances, once)
        floor = _all_measures(held_out, held_out.majority, held_out.prior, once)
        curve.append((float(model[0, 1]), float(floor[0, 1])))
    return curve


def _train_and_test(task: Task, random_state: int) -> Split:
    """Keep a fifth of the codes for testing, of whole articles."""
    if not are_articles(task.articles):
        n_folds = round(1 / TEST_SHARE)
        return next(_grouped(task.values, task.articles, n_folds, random_state))
    divide = StratifiedShuffleSplit(1, test_size=TEST_SHARE, random_state=random_state)
    return next(divide.split(np.zeros(len(task.values)), task.values))


def _nested_order(values: NDArray[Any], random_state: int) -> NDArray[np.int64]:
    """Order units so that every beginning has the shares of the whole, as near as can be."""
    rng = np.random.default_rng(random_state)
    number = np.unique(values, return_inverse=True)[1]
    place = np.empty(len(values))
    for value in range(number.max() + 1):
        own = rng.permutation(np.flatnonzero(number == value))
        place[own] = (np.arange(len(own)) + 0.5) / len(own)
    return np.argsort(place, kind="stable")


def _hold_out_once(corpus: _Corpus, task: Task, split: Split) -> _HeldOut:
    """Hold out one part; what the units outside of both parts say is not looked at."""
    train, test = split
    part = task.part(np.append(train, test))
    places = np.arange(len(train)), np.arange(len(train), len(train) + len(test))
    every = _hold_out(corpus, part, [places], None)
    own: list[Any] = [array[places[1]] for array in every[1:]]
    return _HeldOut(every.classes, *own)


def _summed_up(sizes: Sequence[int], curves: Floats, *, projected: bool) -> pd.DataFrame:
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(curves, [tail, 100 - tail], axis=0)
    columns: dict[str, Any] = {
        "n_codes": list(sizes),
        "value": curves.mean(axis=0),
        "low": low,
        "high": high,
    }
    return pd.DataFrame(columns).assign(projected=projected)


def _project(sizes: list[int], curves: Floats, further: list[int]) -> pd.DataFrame:
    """Fit the power law to the mean and to every repeat, and read it further out."""
    single = np.array([_power_law(sizes, curve, further) for curve in curves])
    table = _summed_up(further, single, projected=True)
    return table.assign(value=_power_law(sizes, curves.mean(axis=0), further))


def _power_law(sizes: list[int], values: Floats, further: list[int]) -> Floats:
    r"""Fit :math:`a - b n^{-c}` with a from 0 to 1, b >= 0 and c from 0 to 1."""

    def law(n: Floats, a: float, b: float, c: float) -> Floats:
        return a - b * (n / sizes[0]) ** -c

    limits = ([0, 0, 0.05], [1, 1, 1])
    start = (min(float(values[-1]) + 0.01, 1), 0.1, 0.5)
    found = curve_fit(law, np.array(sizes, dtype=float), values, p0=start, bounds=limits)[0]
    return law(np.array(further, dtype=float), *found)
