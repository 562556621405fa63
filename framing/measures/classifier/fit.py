"""Learn frames from codes: a calibrated scikit-learn pipeline a frame, and what decides in it."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import logit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from framing.corpus.checks import require_text
from framing.corpus.listing import listed
from framing.measures.classifier.features import PLACES, Embedder, Recipe, feature_names, weigher
from framing.text.tokens import Tokenizer
from framing.text.units import unit_names

Floats = NDArray[np.float64]

PARTS = ("paragraph", "sentence")
LEAST_CODES = 5  # of every value of a frame
INNER_FOLDS = 5
N_THRESHOLDS = 21
DECIDING = ("words", *PLACES, "codebook")


class CalibratedLogit(ClassifierMixin, BaseEstimator):
    """Class-weighted logistic regressions, one a value, calibrated and tuned on held-out folds.

    Parameters
    ----------
    C : float
        Inverse strength of the L2 penalty.
    random_state : int
        Seed of the folds.

    Attributes
    ----------
    classes_ : ndarray
        The values.
    models_ : list of LogisticRegression
        One for the second of two values, or one for each of more.
    calibrators_ : list of LogisticRegression
        The sigmoid of each model, from decision value to probability.
    threshold_ : float
        Of two values the second is given from this probability on; of more, always the one that
        is most probable.

    Notes
    -----
    Decision values of units that the model was not fitted on come from five stratified folds of
    the training data. On them each sigmoid is fitted (Platt 1999, with his smoothed targets) and
    the threshold is chosen, between .5 and the share of the second value, that maximises the sum of
    accuracy and macro-F1. The further out, the more a threshold fits noise.

    Platt, J. (1999). Probabilistic outputs for support vector machines. In Advances in Large
    Margin Classifiers, 61-74.

    Examples
    --------
    >>> X, y = sparse.csr_matrix([[1.0], [0.9], [0.1], [0.0]] * 5), np.array([1, 1, 0, 0] * 5)
    >>> CalibratedLogit().fit(X, y).predict(sparse.csr_matrix([[0.95], [0.05]]))
    array([1, 0])
    """

    def __init__(self, C: float = 20.0, random_state: int = 0) -> None:
        self.C = C
        self.random_state = random_state

    def fit(self, X: sparse.csr_matrix, y: Any, groups: Any = None) -> "CalibratedLogit":
        """Fit, calibrate, tune; units of one group are never divided between inner folds."""
        X, y = validate_data(self, X, y, accept_sparse="csr", dtype=np.float64)
        check_classification_targets(y)
        self.classes_, number = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"All {len(y)} values are one class, {self.classes_[0]}.")
        targets = [y == value for value in self._modelled()]
        folds = _inner_folds(number, groups, self.random_state)
        held_out = [_held_out_decisions(self._logit(), X, target, folds) for target in targets]
        self.models_ = [self._logit().fit(X, target) for target in targets]
        self.calibrators_ = [
            _sigmoid(decision, target) for decision, target in zip(held_out, targets, strict=True)
        ]
        self.threshold_ = np.nan
        if len(self.classes_) == 2:
            self.threshold_ = _best_threshold(self._calibrate(held_out)[:, 1], targets[0])
        return self

    def predict_proba(self, X: sparse.csr_matrix) -> Floats:
        """Give the probability of every value, rows × `classes_`."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", dtype=np.float64, reset=False)
        return self._calibrate([model.decision_function(X) for model in self.models_])

    def predict(self, X: sparse.csr_matrix) -> NDArray[Any]:
        """Give the most probable value, or of two the second where it reaches the threshold."""
        chances = self.predict_proba(X)
        if len(self.classes_) == 2:
            return np.asarray(self.classes_[(chances[:, 1] >= self.threshold_).astype(int)])
        return np.asarray(self.classes_[chances.argmax(axis=1)])

    def __sklearn_tags__(self) -> Any:
        """Say that sparse tables will do."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def _modelled(self) -> NDArray[Any]:
        return self.classes_[1:] if len(self.classes_) == 2 else self.classes_

    def _logit(self) -> LogisticRegression:
        """A logit for many more features than units, which is solved by its dual."""
        chosen: dict[str, Any] = {"solver": "liblinear", "dual": True, "class_weight": "balanced"}
        return LogisticRegression(C=self.C, max_iter=1000, random_state=0, **chosen)

    def _calibrate(self, decisions: list[Floats]) -> Floats:
        pairs = zip(self.calibrators_, decisions, strict=True)
        sure = np.column_stack([c.predict_proba(d[:, None])[:, 1] for c, d in pairs])
        if len(self.classes_) == 2:
            return np.column_stack([1 - sure, sure])
        return np.asarray(sure / sure.sum(axis=1, keepdims=True))


def _best_threshold(chances: Floats, target: NDArray[np.bool_]) -> float:
    """Choose between .5 and the share of the value; of equals the one nearest to .5."""
    thresholds = np.linspace(0.5, target.mean(), N_THRESHOLDS)
    called = chances >= thresholds[:, None]
    right = called == target
    both = [
        2 * (right & (target == side)).sum(axis=1) / ((called == side).sum(axis=1) + n)
        for side, n in ((True, target.sum()), (False, (~target).sum()))
    ]
    scores = right.mean(axis=1) + np.mean(both, axis=0)
    return float(thresholds[int(np.argmax(scores.round(12)))])


def _inner_folds(number: NDArray[np.int64], groups: Any, random_state: int) -> list[Any]:
    """Divide units so that no fold holds all codes of a value, however rare it is."""
    n_folds = max(min(INNER_FOLDS, int(np.bincount(number).max())), 2)
    empty = np.zeros(len(number))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")
        if groups is not None and len(np.unique(groups)) >= n_folds:
            whole = StratifiedGroupKFold(n_folds, shuffle=True, random_state=random_state)
            folds = [fold for fold in whole.split(empty, number, groups) if len(fold[1])]
            if all(len(np.unique(number[train])) > number.max() for train, _ in folds):
                return folds
        plain = StratifiedKFold(n_folds, shuffle=True, random_state=random_state)
        return list(plain.split(empty, number))


def _held_out_decisions(
    logit: LogisticRegression, X: sparse.csr_matrix, target: NDArray[Any], folds: list[Any]
) -> Floats:
    held_out = np.empty(len(target))
    for train, test in folds:
        held_out[test] = logit.fit(X[train], target[train]).decision_function(X[test])
    return held_out


def _sigmoid(decision: Floats, target: NDArray[np.bool_]) -> LogisticRegression:
    """Fit Platt's sigmoid: every unit counts a little for the other side too.

    One that falls says that the model knows nothing, and becomes the share of the value.
    """
    n = target.sum()
    trust = np.where(target, (n + 1) / (n + 2), 1 / (len(target) - n + 2))
    both = np.concatenate([decision, decision])[:, None]
    sides = np.repeat([True, False], len(decision))
    sigmoid = LogisticRegression(C=np.inf).fit(both, sides, np.concatenate([trust, 1 - trust]))
    if sigmoid.coef_[0, 0] < 0:
        sigmoid.coef_, sigmoid.intercept_ = np.zeros((1, 1)), logit(trust.mean(keepdims=True))
    return sigmoid


@dataclass(frozen=True)
class FrameClassifier:
    """What `fit_classifier` learned.

    Attributes
    ----------
    pipelines : dict of str to sklearn.pipeline.Pipeline
        A fitted pipeline a frame, from texts to values: `pipelines["war"].predict(texts)`. Its
        steps are `reader` (the same for all frames), `weights` and `model`.
    summary : DataFrame
        One row a frame and value: `frame`, `value`, `n_codes`, and `threshold` for the 1 of a
        frame that is coded 0 or 1: the probability from which it is called present.

    Notes
    -----
    To share a classifier, share the articles and the codes and fit it again: the same calls give
    the same classifier. The kit never loads pickles.
    """

    pipelines: dict[str, Pipeline]
    summary: pd.DataFrame

    def __repr__(self) -> str:
        """Say what it can tell, not how: printed pipelines fill screens."""
        n_codes = self.summary.groupby("frame", sort=False)["n_codes"].sum()
        frames = ", ".join(f"{frame} ({n:,} codes)" for frame, n in n_codes.items())
        return f"FrameClassifier({frames}; see .summary)"


def fit_classifier(
    articles: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    codebook: str | Path | pd.DataFrame | None = None,
    embed: Embedder | None = None,
    tokenizer: Tokenizer | None = None,
    random_state: int = 0,
) -> FrameClassifier:
    """Learn from coded articles to tell frames in others.

    Parameters
    ----------
    articles : DataFrame
        Index `doc_id`, columns `text` and, when known, `headline`, which is read before the text.
        For paragraphs or sentences: the sample that was coded, or `split_units(articles)`; they
        are read without the headline.
    codes : DataFrame
        Columns `unit`, `frame`, `value`, with one value for each unit and frame: 0 and 1, or any
        others, of which one is right. A missing value is no code.
    codebook : str, Path or DataFrame, optional
        A codebook, or what `load_codebook` takes, whose hits the classifier also sees.
    embed : callable, optional
        An embedder, `list of str -> array (n, dimensions)`, such as `sentence_embedder` gives.
    tokenizer : callable, optional
        A tokenizer, `str -> list of str`. By default words are `english_stems`.
    random_state : int
        Seed of the inner folds.

    Returns
    -------
    FrameClassifier
        `pipelines` by frame, `summary`.

    Raises
    ------
    ValueError
        If codes are of units that have no text, a unit has several codes of a frame, or a value
        has fewer than five codes.

    Notes
    -----
    Features are tf-idf weights of words, of pairs of words, of the words that open and close the
    first line, and of pieces of words (two to five characters); the logarithm of the hits of each
    frame of the codebook; and the embedding. On them stands one class-weighted logistic regression
    a value, calibrated and tuned on inner folds (`CalibratedLogit`). How good it is on articles
    that it has not seen, above all of other outlets, `cross_validate_codes` tells.

    What it reached on headlines that people had coded with one of nine frames (1,301 of the Gun
    Violence Frame Corpus, Liu et al. 2019, CoNLL), `python benchmarks/classifier.py --embeddings
    FOLDER`: five stratified folds, everything learned inside them, mean and range of ten ways to
    divide (seeds 0 to 9; C was chosen on seeds 100 to 103):

    ================================== ================== ==================
    ..                                 accuracy           macro-F1
    most frequent frame                .292               .050
    tf-idf and logistic regression     .691 (.675–.706)   .627 (.609–.648)
    without a codebook                 .737 (.731–.743)   .664 (.655–.674)
    codebook of policy frames          .748 (.742–.753)   .680 (.669–.686)
    and a few words a frame            .752 (.743–.760)   .696 (.689–.706)
    policy frames, sentence embedding  .798 (.791–.806)   .741 (.727–.757)
    ================================== ================== ==================

    With the policy frames macro-F1 passed .68 in seven of the ten. The encoder is MiniLM-L6 (384
    dimensions, 23 MB).

    On 427 articles on the climate (Frermann et al. 2023, ACL), with `semetko_valkenburg`, the mean
    macro-F1 of five frames was .709 (.703–.713) on random folds and .691 (.678–.698) on folds by
    outlet; that of tf-idf and logistic regression .619 and .595 (seeds 0 to 4).

    Examples
    --------
    >>> texts = ["Troops shell the town.", "Prices and wages rise."] * 5
    >>> articles = pd.DataFrame({"text": texts}, index=list("abcdefghij"))
    >>> codes = pd.DataFrame({"unit": articles.index, "frame": "war", "value": [1, 0] * 5})
    >>> classifier = fit_classifier(articles, codes)
    >>> classifier.summary[["frame", "value", "n_codes"]]
      frame  value  n_codes
    0   war      0        5
    1   war      1        5
    """
    recipe = Recipe(codebook, embed, tokenizer, random_state)
    units, coded = coded_units(articles, codes)
    reader = recipe.reader()
    counts = sparse.csr_matrix(reader.fit_transform(units["text"].tolist()))
    pipelines, summaries = {}, []
    for task in tasks_of(coded, units):
        chain = fit_chain(reader, counts[task.rows], task, random_state)
        pipelines[task.frame] = Pipeline([("reader", reader), *chain.steps])
        summaries.append(_summary(task, chain[-1]))
    return FrameClassifier(pipelines, pd.concat(summaries, ignore_index=True))


class Task(NamedTuple):
    """One frame to learn: its values, the rows of the texts they are codes of, their articles."""

    frame: str
    rows: NDArray[np.int64]
    values: NDArray[Any]
    articles: NDArray[np.int64]

    @property
    def is_yes_no(self) -> bool:
        return is_yes_no(self.values)

    def part(self, chosen: NDArray[Any]) -> "Task":
        """Keep some of the codes."""
        arrays = (self.rows[chosen], self.values[chosen], self.articles[chosen])
        return Task(self.frame, *arrays)


def is_yes_no(values: Any) -> bool:
    """Tell whether values are 0 and 1."""
    found = pd.unique(pd.Series(values))
    return pd.api.types.is_numeric_dtype(found) and set(found) <= {0, 1}


def tasks_of(coded: pd.Series, units: pd.DataFrame) -> list[Task]:
    """Cut codes into tasks, frames in the order of their names."""
    tasks, names, articles = [], pd.Index(units["unit"]), units["article"].to_numpy()
    for frame, part in coded.groupby(level="frame", sort=True):
        rows = names.get_indexer(part.index.get_level_values("unit"))
        order = np.argsort(rows, kind="stable")
        rows = rows[order]
        tasks.append(Task(str(frame), rows, _plain(part)[order], articles[rows]))
    return tasks


def _plain(values: pd.Series) -> NDArray[Any]:
    """Return whole numbers as integers, other numbers as they are, anything else as text."""
    number = pd.Series(values.to_numpy(dtype=object)).infer_objects()
    if pd.api.types.is_bool_dtype(number):
        return number.to_numpy(dtype=np.int64)
    if not pd.api.types.is_numeric_dtype(number):
        return number.astype(str).to_numpy(dtype=object)
    whole = np.asarray(number, dtype=float)
    return whole.astype(np.int64) if (whole == np.floor(whole)).all() else whole


def fit_chain(
    reader: FeatureUnion, counts: sparse.csr_matrix, task: Task, random_state: int
) -> Pipeline:
    """Fit weights and model on what a fitted reader counted in the units of a task."""
    chain = [("weights", weigher(reader)), ("model", CalibratedLogit(random_state=random_state))]
    whole = None if are_articles(task.articles) else task.articles
    return Pipeline(chain).fit(counts, task.values, model__groups=whole)


def are_articles(numbers: NDArray[np.int64]) -> bool:
    """Tell whether no two units are of one article."""
    return len(np.unique(numbers)) == len(numbers)


def _summary(task: Task, model: CalibratedLogit) -> pd.DataFrame:
    n_codes = np.array([(task.values == value).sum() for value in model.classes_])
    table = pd.DataFrame({"frame": task.frame, "value": model.classes_, "n_codes": n_codes})
    return table.assign(threshold=[np.nan, model.threshold_] if task.is_yes_no else np.nan)


def predict_frames(classifier: FrameClassifier, articles: pd.DataFrame) -> pd.DataFrame:
    """Give the probability of every frame in articles.

    Parameters
    ----------
    classifier : FrameClassifier
        As `fit_classifier` returns it.
    articles : DataFrame
        As `fit_classifier` takes them.

    Returns
    -------
    DataFrame
        One row an article (or paragraph or sentence), in their order and with their index; one
        column a frame that was coded 0 or 1: the probability that it is present; one column
        "frame: value" for each value of any other.

    Notes
    -----
    These are scores like those of a codebook, with the same use: `corrected_prevalence(scores,
    codes, articles)`. For articles that were coded, take `cross_predict`: a classifier is too sure
    of what it learned from. Codes of several values have the same columns as these after
    `values_as_frames(codes)`.

    Examples
    --------
    >>> texts = ["Troops shell the town.", "Prices and wages rise."] * 5
    >>> articles = pd.DataFrame({"text": texts}, index=list("abcdefghij"))
    >>> codes = pd.DataFrame({"unit": articles.index, "frame": "war", "value": [1, 0] * 5})
    >>> predict_frames(fit_classifier(articles, codes), articles).round(1).head(2)
    frame  war
    a      0.9
    b      0.1
    """
    units = read_units(articles)
    counts = _read(classifier, units)
    columns: dict[str, Floats] = {}
    for frame, pipeline in classifier.pipelines.items():
        chances = pipeline[1:].predict_proba(counts)
        columns |= probability_columns(frame, pipeline[-1].classes_, chances)
    return score_table(columns, units.index)


def predict_codes(
    classifier: FrameClassifier, articles: pd.DataFrame, *, coder: str = "classifier"
) -> pd.DataFrame:
    """Code articles by a classifier.

    Parameters
    ----------
    classifier : FrameClassifier
        As `fit_classifier` returns it.
    articles : DataFrame
        As `fit_classifier` takes them.
    coder : str
        The name under which it stands in the table.

    Returns
    -------
    DataFrame
        One row an article and frame: `unit`, `coder`, `frame`, `value`; like the codes of a
        person, they can be held against others by `coder_agreement`.

    Examples
    --------
    >>> texts = ["Troops shell the town.", "Prices and wages rise."] * 5
    >>> articles = pd.DataFrame({"text": texts}, index=list("abcdefghij"))
    >>> codes = pd.DataFrame({"unit": articles.index, "frame": "war", "value": [1, 0] * 5})
    >>> predict_codes(fit_classifier(articles, codes), articles).head(2)
      unit       coder frame  value
    0    a  classifier   war      1
    1    b  classifier   war      0
    """
    units = read_units(articles)
    counts = _read(classifier, units)
    parts = [
        pd.DataFrame(
            {
                "unit": units["unit"].array,
                "coder": coder,
                "frame": frame,
                "value": pipeline[1:].predict(counts),
            }
        )
        for frame, pipeline in classifier.pipelines.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _read(classifier: FrameClassifier, units: pd.DataFrame) -> sparse.csr_matrix:
    reader = next(iter(classifier.pipelines.values()))[0]
    return sparse.csr_matrix(reader.transform(units["text"].tolist()))


def decisive_terms(
    classifier: FrameClassifier, n: int = 10, *, pieces: bool = False
) -> pd.DataFrame:
    """List the terms that speak most for every value of every frame.

    Parameters
    ----------
    classifier : FrameClassifier
        As `fit_classifier` returns it.
    n : int
        Terms a value.
    pieces : bool
        List pieces of words and dimensions of an embedding too.

    Returns
    -------
    DataFrame
        One row a term, the weightiest first: `frame`, `value`, `rank`, `term`, `kind` (words;
        opening, closing, first half, second half of the first line; codebook; pieces, embedding),
        `weight` (by how much the log-odds rise with the tf-idf weight of the term).

    Notes
    -----
    Terms that decide are not yet terms that mean: look for names of outlets, columns and people,
    and then at the folds by outlet of `cross_validate_codes`.

    Examples
    --------
    >>> texts = ["Troops shell the town.", "Prices and wages rise."] * 5
    >>> articles = pd.DataFrame({"text": texts}, index=list("abcdefghij"))
    >>> codes = pd.DataFrame({"unit": articles.index, "frame": "war", "value": [1, 0] * 5})
    >>> decisive_terms(fit_classifier(articles, codes), 1)[["value", "term"]]
       value   term
    0      0    and
    1      1  shell
    """
    if n < 1:
        raise ValueError(f"n={n!r} must be at least 1.")
    return pd.concat(
        [
            _weightiest(frame, *value, n, pieces)
            for frame, pipeline in classifier.pipelines.items()
            for value in _weights_by_value(pipeline)
        ],
        ignore_index=True,
    )


def _weights_by_value(pipeline: Pipeline) -> Iterator[tuple[Any, pd.DataFrame]]:
    reader, weights, model = pipeline[0], pipeline[1], pipeline[2]
    names = feature_names(reader, weights)
    coefs = [fitted.coef_[0] for fitted in model.models_]
    coefs = [-coefs[0], coefs[0]] if len(model.classes_) == 2 else coefs
    for value, coef in zip(model.classes_, coefs, strict=True):
        yield value, names.assign(weight=coef * names["scale"])


def _weightiest(frame: str, value: Any, table: pd.DataFrame, n: int, pieces: bool) -> pd.DataFrame:
    chosen = table if pieces else table[table["kind"].isin(DECIDING)]
    chosen = chosen[chosen["weight"] > 0].round({"weight": 9})
    top = chosen.sort_values(["weight", "term", "kind"], ascending=[False, True, True]).head(n)
    top = top.assign(frame=frame, value=value, rank=range(1, len(top) + 1))
    return top[["frame", "value", "rank", "term", "kind", "weight"]]


def values_as_frames(codes: pd.DataFrame) -> pd.DataFrame:
    """Make every value of a frame with several a frame of its own, coded 0 or 1.

    Parameters
    ----------
    codes : DataFrame
        Columns `frame`, `value` and others.

    Returns
    -------
    DataFrame
        The same columns. A frame coded 0 or 1 is as it was; of any other a row becomes one row a
        value, with `frame` "frame: value".

    Examples
    --------
    >>> codes = pd.DataFrame({"unit": ["a", "b"], "frame": "theme", "value": ["war", "peace"]})
    >>> values_as_frames(codes)
      unit         frame  value
    0    a  theme: peace      0
    1    b  theme: peace      1
    2    a    theme: war      1
    3    b    theme: war      0
    """
    parts = []
    for frame, part in codes.groupby("frame", sort=True):
        known = part.dropna(subset=["value"])
        plain = _plain(known["value"])
        if is_yes_no(plain):
            parts.append(known.assign(value=plain))
            continue
        for value in np.unique(plain):
            name = column_name(str(frame), value)
            parts.append(known.assign(frame=name, value=(plain == value).astype(np.int64)))
    return pd.concat(parts, ignore_index=True)


def column_name(frame: str, value: Any) -> str:
    """Name the column of one value of a frame with several."""
    return f"{frame}: {value}"


def probability_columns(frame: str, classes: Any, chances: Floats) -> dict[str, Floats]:
    """Name the columns of probabilities of one frame."""
    if is_yes_no(classes):
        return {frame: chances[:, -1]}
    return {column_name(frame, value): chances[:, k] for k, value in enumerate(classes)}


def score_table(columns: dict[str, Floats], index: pd.Index) -> pd.DataFrame:
    """Put columns of probabilities into a scores table."""
    return pd.DataFrame(columns, index=index).rename_axis(columns="frame")


# --- the door ---------------------------------------------------------------------------------


def read_units(articles: pd.DataFrame) -> pd.DataFrame:
    """Return of every unit its name (`unit`), the number of its `article`, and the `text` read.

    The index is that of scores: `doc_id`, or `doc_id` and the number of a smaller unit.
    """
    table = require_text(_indexed(articles))
    if table.empty:
        raise ValueError("There are no articles: 0 rows.")
    text = table["text"].astype(object)
    if "headline" in table and not _is_smaller(table):
        headline = table["headline"].astype(object)
        text = text.where(headline.isna(), headline.astype(str) + "\n\n" + text)
    unit = table["unit"].astype(str) if "unit" in table else unit_names(table.index)
    article = table["doc_id"] if "doc_id" in table else table.index.get_level_values(0)
    numbers = pd.factorize(np.asarray(article, dtype=object))[0]
    columns = {"unit": unit.array, "article": numbers, "text": text.array}
    return pd.DataFrame(columns, index=table.index)


def _indexed(articles: pd.DataFrame) -> pd.DataFrame:
    """Give a sample the index that articles and their parts have."""
    if not isinstance(articles, pd.DataFrame) or not {"unit", "text"} <= set(articles.columns):
        return articles
    keys = [name for name in ("doc_id", *PARTS) if name in articles]
    known = "doc_id" in keys and not articles.duplicated(keys).any()
    return articles.set_index(keys if known else "unit", drop=False)


def _is_smaller(table: pd.DataFrame) -> bool:
    return table.index.nlevels > 1 or any(name in table for name in PARTS)


def coded_units(articles: pd.DataFrame, codes: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Check both tables; return the units with a code, and the codes by `unit` and `frame`."""
    units = read_units(articles)
    problems = _column_problems(codes)
    if problems:
        raise ValueError(_listed(problems))
    known = codes.dropna(subset=["value"])
    unit = known["unit"].astype(str)
    problems = [*_repeated(known, unit), *_unknown(unit, units["unit"]), *_mixed(known)]
    problems = problems or _too_few(known)
    if problems:
        raise ValueError(_listed(problems))
    index = pd.MultiIndex.from_arrays([unit, known["frame"].astype(str)], names=["unit", "frame"])
    return units[units["unit"].isin(unit)], pd.Series(known["value"].array, index=index)


def _listed(problems: list[str]) -> str:
    return "\n- ".join(["These codes cannot be learned from yet:", *problems])


def _column_problems(codes: pd.DataFrame) -> list[str]:
    if not isinstance(codes, pd.DataFrame):
        raise TypeError(f"codes is a {type(codes).__name__}, not a DataFrame.")
    missing = [name for name in ("unit", "frame", "value") if name not in codes]
    if missing:
        return [f"No column {', '.join(missing)}. One row is one code: unit, frame, value"]
    return [] if codes["value"].notna().any() else ["There is no code: every value is missing"]


def _repeated(codes: pd.DataFrame, unit: pd.Series) -> list[str]:
    cells = codes.assign(unit=unit)
    twice = cells[cells.duplicated(["unit", "frame"])]
    if twice.empty:
        return []
    n = twice.drop_duplicates(["unit", "frame"]).shape[0]
    return [
        f"{n} units have several codes of one frame ({listed(twice['unit'].unique())}). "
        "Agree on one: adjudicate(codes)"
    ]


def _unknown(unit: pd.Series, known: pd.Series) -> list[str]:
    strange = unit[~unit.isin(known)].unique()
    if not len(strange):
        return []
    return [
        f"{len(strange)} of {unit.nunique()} coded units are not in the articles "
        f"({listed(strange)}). Give the articles, or the sample, that were coded, or leave the "
        "codes out: codes[codes['unit'].isin(articles.index)]"
    ]


def _mixed(codes: pd.DataFrame) -> list[str]:
    """Find frames whose values are no plain values, or of several kinds."""
    problems = []
    for frame, part in codes.groupby("frame", sort=True):
        kinds = {_kind(value) for value in part["value"]}
        if "set" in kinds:
            problems.append(
                f"{frame}: values are sets. Make every member a frame of its own, coded 0 or 1"
            )
        elif len(kinds) > 1:
            problems.append(f"{frame}: some values are numbers and some are text. Make them one")
    return problems


def _kind(value: Any) -> str:
    if isinstance(value, (set, frozenset, list, tuple)):
        return "set"
    return "text" if isinstance(value, str) else "number"


def _too_few(codes: pd.DataFrame) -> list[str]:
    problems = []
    for frame, part in codes.groupby("frame", sort=True):
        counts = pd.Series(_plain(part["value"])).value_counts().sort_index()
        if len(counts) < 2:
            problems.append(f"{frame}: all {counts.sum()} codes are {counts.index[0]}. Code more")
        rare = counts[counts < LEAST_CODES]
        if len(rare):
            listed = ", ".join(f"{value} has {n}" for value, n in rare.items())
            problems.append(
                f"{frame}: a value needs {LEAST_CODES} codes ({listed}). Code more, or merge rare "
                "values: codes.replace({'value': {rare: other}})"
            )
    return problems
