"""Shares of a frame corrected for the errors of its measure, by a sample that people coded."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from framing.corpus.callers import callers_level
from framing.corpus.listing import listed
from framing.inference.double_sample import DoubleSample, Floats, as_double_sample
from framing.inference.prevalence import _contrast, _group_shares, _keys, _pairs
from framing.stats.intervals import critical_value, wilson_interval

POPULATIONS = ("corpus", "process")
FEW_CODED = 10
LEAST_MISREAD = 2.0  # units taken as misread even where the sample shows none, one each way
LEAST_ALIKE = 20  # coded units of about one weight that get a Wilson interval of their own
ESTIMATE_COLUMNS = (
    *("frame", "n", "n_coded", "naive", "naive_low", "naive_high", "share", "low", "high"),
    *("codes_alone", "codes_low", "codes_high", "width_ratio", "power"),
    *("rogan_gladen", "rogan_gladen_low", "rogan_gladen_high", "interval"),
)


class _Parts(NamedTuple):
    """Parts of a sample that have Wilson intervals of their own: a number for each unit or story.

    The other fields are parts × frames: what of the sample is there, the coded share, the least
    variance, and the variance of a share that is all chance.
    """

    number: NDArray[np.int64]
    portions: Floats
    shares: Floats
    least: Floats
    unit_variance: Floats

    @property
    def known(self) -> Floats:
        return self.shares * (1 - self.shares)


class _Group(NamedTuple):
    """What the units of one group say of every frame.

    `by_codes` and `by_scores` hold how far each coded unit (or each story) moves the coded share
    and the gain from the scores; sums of their products estimate variances.
    """

    n: int
    n_coded: Floats
    codes_share: Floats
    gain: Floats
    by_codes: Floats
    by_scores: Floats
    parts: _Parts
    df: Floats


class _Estimate(NamedTuple):
    """A share for every frame, df of t, the weight of the scores, and what makes its interval.

    Of every part of the sample: its portion, its share, the sample size that Wilson's interval may
    count, and, where all its codes are the same, what variance is seen all the same.
    """

    share: Floats
    df: Floats
    power: Floats
    portions: Floats
    shares: Floats
    sizes: Floats
    extra: Floats

    def interval(self, level: float | Floats) -> tuple[Floats, Floats]:
        """Square and add the distances to the ends of Wilson's intervals of the parts."""
        critical = stats.t.ppf(0.5 + np.asarray(level) / 2, self.df)
        with np.errstate(invalid="ignore"):  # a share without doubt, at a level of nearly 1
            low, high = wilson_interval(self.shares, self.sizes, critical)
            arms = [self.portions * (self.shares - low), self.portions * (high - self.shares)]
            extra = critical**2 * self.extra
        below, above = (np.sqrt((np.square(arm) + extra).sum(axis=0)) for arm in arms)
        return np.clip(self.share - below, 0, 1), np.clip(self.share + above, 0, 1)

    def where(self, chosen: NDArray[np.bool_], other: "_Estimate") -> "_Estimate":
        """Keep the chosen frames and take the rest from another estimate."""
        pairs = zip(self, other, strict=True)
        return _Estimate(*(np.where(chosen, mine, theirs) for mine, theirs in pairs))


def corrected_prevalence(
    scores: pd.DataFrame,
    codes: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = None,
    sample: pd.DataFrame | None = None,
    population: str = "corpus",
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Estimate the share of each frame, corrected by human codes of a random sample.

    Parameters
    ----------
    scores : DataFrame, documents × frames
        What the measure says of every unit. Values of 0 to 1 (present or not, or a probability)
        are used as they are; if any value lies outside (hits, rates), a frame is present above 0.
        For another threshold pass `scores >= 2`. The codes of a coder who read every unit, such
        as a language model, may be given instead: `unit`, `frame`, `value`.
    codes : DataFrame
        What people say of the sampled units: `unit`, `frame`, `value` (0 or 1), one value for each
        unit and frame. A missing value was not coded.
    articles : DataFrame
        Index `doc_id`, with the columns that `by` names; `story`, if there, names the clusters.
    by : str, list of str or None
        Columns of `articles` or periods ("day", "week", "month", "year"). None: the whole corpus.
    sample : DataFrame, optional
        How the coded units were drawn: `unit`, `probability` (of being drawn), and `stratum` if it
        was stratified. Without it the coded units are taken as a simple random sample.
    population : {"corpus", "process"}
        corpus : what is the share in these very articles? Only the choice of units to code is
            random; coding all of them leaves no doubt
        process : what share would the outlets print, of which the articles are a sample? Stories
            are the clusters
    level : float
        Confidence level of the intervals.

    Returns
    -------
    DataFrame
        One row a group and frame: the group columns, `frame`, `n` (units scored), `n_coded`;
        `naive`, `naive_low`, `naive_high` (the measure alone, as `prevalence`); `share`, `low`,
        `high` (corrected); `codes_alone`, `codes_low`, `codes_high` (the sample alone);
        `width_ratio` (corrected over codes alone, never above 1); `power` (λ, the weight of the
        scores, 0 to 1); `rogan_gladen`, `rogan_gladen_low`, `rogan_gladen_high`; `interval`.

    Raises
    ------
    TypeError
        If an argument that must be a table is none.
    KeyError
        If `by` names neither a column nor a period.
    ValueError
        If a unit has several codes of a frame (`adjudicate` them), a code is not 0 or 1, a coded
        unit has no scores or was not drawn, or `scores` have the problems that `prevalence` names.

    Warns
    -----
    UserWarning
        If frames are only scored or only coded, drawn units were not coded, groups have fewer than
        ten coded units, or units are in no group.

    Notes
    -----
    Difference estimator: with scores :math:`f_i` for all :math:`N` units and codes :math:`y_i` for
    the sample :math:`s` with weights :math:`w_i = 1/\pi_i`,

    .. math:: \hat\theta_\lambda = \frac1N\sum_i \lambda f_i
              + \frac{\sum_s w_i (y_i - \lambda f_i)}{\sum_s w_i} .

    However wrong the scores, :math:`\hat\theta` is (nearly) unbiased; good scores make it sure
    (Särndal, Swensson & Wretman 1992, Model Assisted Survey Sampling, ch. 6-7; prediction-powered
    inference: Angelopoulos et al. 2023, Science 382, 669-674). :math:`\lambda` is the value from 0
    to 1 with the least estimated variance (“power tuning”: Angelopoulos, Duchi & Zrnic 2023,
    arXiv:2311.01453), for each frame and group; 0 is the codes alone, 1 plain correction.
    With codes and scores both 0 or 1, untied λ makes it the post-stratified estimator.

    Variance, "corpus": Taylor linearisation within strata with the finite population correction
    :math:`1 - \pi_i`. "process": the influence of scores and codes summed within stories, squared
    and added up; strata are not credited. It is multiplied by (m - 1)/(m - 2) for the estimated
    λ (m coded units) and is never taken to be less than if two of the coded units were misread, so
    perfect agreement does not give an interval of no width. With unequal weights the same floor
    holds for the codes alone, up to the variance of a sample without strata (Kish).

    Interval: Wilson's, at :math:`\hat\theta`, with the size of sample whose coded share would have
    that variance, and t with m - 2 degrees of freedom (m - 1 for codes alone; fewer with strata).
    For "corpus" and unequal weights, twenty coded units or more that weigh about the same (within a
    factor of two) have one of their own, all others one together, and the distances to their ends,
    by their portion of the corpus, are squared and added (Zou & Donner 2008, Statistics in Medicine
    27, 1693-1702). Where the interval would be wider than that of the codes alone, those are
    reported and `power` is 0.

    Measured (`benchmarks/correction.py`): 1,000 simple random samples of 200 from 1,301 headlines
    and from 427 articles that people coded in full; 14 frames with shares of .03 to .63, scored by
    a word list and by a classifier (yes and no, or its probability). The 95 % interval covers .93
    to .97 for every frame and measure, .95 to .97 for four kinds of outlet apart, and is .59 to
    1.00 times as wide as that of the codes alone. The naive interval, narrow about one wrong
    value, covers never or always: never in 29 of the 42. Rogan-Gladen's covers .72 to .98, by
    outlet .00 to .93. Samples of 100 cover .93 to .97, of 50 .94 to .98. Where half of the sample
    are hits and half are not, the corrected interval covers .94 to .98. At a given λ the share
    and, for "process", its standard error are those of ppi-python 0.2.3. However the units were
    drawn (`benchmarks/coding_designs.py`: eight designs of `sample_for_coding`, 250 samples of 150
    from 800 simulated articles), shares and differences are off by no more than chance; a share of
    .21 is covered in .94 to .95, one of .04, of which a simple sample holds about six, in .94 to
    .97, and differences of two outlets in .95 to 1.00.

    If scores come from a classifier trained on these codes, score each coded unit by a model that
    has not seen it (`cross_predict`), or its errors look smaller than they are elsewhere.

    Rogan-Gladen, for comparison: :math:`(\bar f + Sp - 1) / (Se + Sp - 1)` with sensitivity and
    specificity from all coded units, and its delta-method interval (Rogan & Gladen 1978, American
    Journal of Epidemiology 107, 71-76); probabilities count as present from .5. It presumes that
    the measure errs alike in every group, and uses only what the misclassification matrix holds.

    Examples
    --------
    A word list finds "war" in 60 of 100 articles. In the 20 coded ones it found 12, and two of
    these were wrong, so about 50 are right:

    >>> doc_ids = pd.Index([f"a{number:02}" for number in range(100)], name="doc_id")
    >>> articles = pd.DataFrame({"outlet": "Herald"}, index=doc_ids)
    >>> scores = pd.DataFrame({"war": [1] * 60 + [0] * 40}, index=doc_ids)
    >>> coded = [*doc_ids[:12], *doc_ids[60:68]]
    >>> codes = pd.DataFrame({"unit": coded, "frame": "war", "value": [1] * 10 + [0] * 10})
    >>> table = corrected_prevalence(scores, codes, articles)
    >>> table[["n", "n_coded", "naive", "share", "low", "high", "codes_low", "codes_high"]].round(2)
         n  n_coded  naive  share   low  high  codes_low  codes_high
    0  100       20    0.6    0.5  0.37  0.63        0.3         0.7
    """
    data = as_double_sample(scores, codes, articles, sample)
    _check_choice(population, level)
    keys = _group_columns(data, articles, by)
    return prevalence_table(data, keys, population, level)


def corrected_difference(
    scores: pd.DataFrame,
    codes: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    by: str = "outlet",
    between: tuple[Any, Any] | None = None,
    sample: pd.DataFrame | None = None,
    population: str = "corpus",
) -> pd.DataFrame:
    r"""Compare the corrected shares of each frame in two groups, or in each group and the rest.

    Parameters
    ----------
    scores, codes, articles, sample, population
        As for `corrected_prevalence`.
    by : str
        Column of `articles`, or a period ("day", "week", "month", "year").
    between : pair of group names, optional
        The group and its reference, e.g. ("Herald", "Star"). By default each group in turn is
        compared with the rest of the corpus.

    Returns
    -------
    DataFrame
        One row a comparison and frame: `group`, `reference`, `frame`, `n`, `n_reference`,
        `n_coded`, `n_coded_reference`; `naive`, `naive_low`, `naive_high`, `naive_p`,
        `naive_p_adjusted` (differences of the scores, as `difference`); `difference`, `low`,
        `high`, `p`, `p_adjusted` (corrected); `codes_alone`, `codes_low`, `codes_high`,
        `width_ratio`, `interval`. The intervals are 95 % intervals.

    Raises
    ------
    KeyError
        If a group of `between` has no units.
    TypeError, ValueError
        As for `corrected_prevalence`; ValueError also if there is only one group.

    Notes
    -----
    The square-and-add interval (Zou & Donner 2008, Statistics in Medicine 27, 1693-1702; for
    shares Newcombe 1998, ibid. 17, 873-890, method 10) puts the intervals :math:`(l, u)` of both
    groups together: :math:`d - \sqrt{a^2 + b^2 - 2 r a b}` with :math:`a = \theta_1 - l_1`,
    :math:`b = u_2 - \theta_2` and the correlation :math:`r` of the two estimates, which comes from
    stories that both groups print or strata that reach into both (Zou 2007, Psychological Methods
    12, 399-413). p is the level at which that interval ends at 0, so p < .05 exactly where the
    interval leaves 0 out. `p_adjusted` controls the false discovery rate over all rows:
    Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.

    In 1,000 samples of 200 the interval covers .95 to .97 (four kinds of outlet, five frames;
    `benchmarks/correction.py`).

    Where a measure errs alike in both groups, the naive difference is only too small; where it
    errs differently (it knows the words of one outlet), the difference may be an error's alone.

    Examples
    --------
    A word list finds a frame more often in the Herald, where it mostly errs:

    >>> doc_ids = pd.Index([f"a{number:03}" for number in range(200)], name="doc_id")
    >>> articles = pd.DataFrame({"outlet": ["Herald"] * 100 + ["Star"] * 100}, index=doc_ids)
    >>> scores = pd.DataFrame({"war": [1] * 60 + [0] * 40 + [1] * 30 + [0] * 70}, index=doc_ids)
    >>> coded = [*doc_ids[:24], *doc_ids[60:76], *doc_ids[100:112], *doc_ids[130:158]]
    >>> values = [1] * 12 + [0] * 28 + [1] * 12 + [0] * 28
    >>> codes = pd.DataFrame({"unit": coded, "frame": "war", "value": values})
    >>> table = corrected_difference(scores, codes, articles, between=("Herald", "Star"))
    >>> table[["naive", "naive_low", "naive_high", "difference", "low", "high"]].round(2)
       naive  naive_low  naive_high  difference   low  high
    0    0.3       0.16        0.43         0.0 -0.11  0.12
    """
    if not isinstance(by, str):
        raise TypeError(
            f"`by` must be one name, not {by!r}: corrected_difference(..., by='outlet')"
        )
    data = as_double_sample(scores, codes, articles, sample)
    _check_choice(population, 0.95)
    labels = _group_columns(data, articles, by)[by]
    return difference_table(data, labels, between, population)


# --- groups ---------------------------------------------------------------------------------


def prevalence_table(
    data: DoubleSample, keys: pd.DataFrame, population: str, level: float
) -> pd.DataFrame:
    """Every estimate of every group and frame, from tables that were checked and joined."""
    members = list(_members(keys, len(data.scores)))
    groups = [_group(data, member, population) for _, member in members]
    _warn_of_few(groups, [" ".join(map(_named, name.values())) for name, _ in members])
    errors = _misread(data, population)
    tables = [
        _row(data, group, member, errors, level)
        for group, (_, member) in zip(groups, members, strict=True)
    ]
    names = pd.DataFrame([name for name, _ in members], columns=keys.columns)
    repeated = names.loc[names.index.repeat(len(data.frames))].reset_index(drop=True)
    found = pd.concat(tables, ignore_index=True)
    found["interval"] = _interval_text(data, population, level)
    return pd.concat([repeated, found[list(ESTIMATE_COLUMNS)]], axis=1)


def difference_table(
    data: DoubleSample, labels: pd.Series, between: tuple[Any, Any] | None, population: str
) -> pd.DataFrame:
    """Every comparison of groups, from tables that were checked and joined."""
    units = data.scored()._replace(keys=labels.to_frame())
    tables = []
    for group, reference, side in _pairs(labels.dropna(), between):
        sides = side.reindex(labels.index).fillna(0)
        naive = _contrast(units, group, reference, sides, 0.95)
        first, second = (_group(data, (sides == sign).to_numpy(), population) for sign in (1, -1))
        _warn_of_few([first, second], [_named(group), _named(reference)])
        tables.append(_compared(naive, first, second))
    table = pd.concat(tables, ignore_index=True)
    for name in ("naive_p", "p"):
        place = list(table.columns).index(name)
        table.insert(place + 1, f"{name}_adjusted", _adjusted(table[name]))
    return table.assign(interval=_interval_text(data, population, 0.95, "square-and-add"))


def _check_choice(population: str, level: float) -> None:
    if population not in POPULATIONS:
        raise ValueError(f"population={population!r}: choose from {', '.join(POPULATIONS)}.")
    if not 0 < level < 1:
        raise ValueError(f"level={level!r} must lie between 0 and 1, e.g. 0.95.")


def _group_columns(
    data: DoubleSample, articles: pd.DataFrame, by: str | Sequence[str] | None
) -> pd.DataFrame:
    """Group columns of every unit; says how many units are in no group."""
    keys = _keys(articles, by)
    clash = [name for name in keys.columns if name in ESTIMATE_COLUMNS]
    if clash:
        raise ValueError(f"A group column cannot be called {listed(clash)}: rename it first.")
    keys = keys.iloc[articles.index.get_indexer(data.doc_ids)].reset_index(drop=True)
    lost = keys.isna().any(axis=1)
    if lost.any():
        if lost.all():
            raise ValueError(f"No unit has a value for {listed(keys.columns)}: nothing to group.")
        warnings.warn(
            f"{lost.sum()} of {len(lost)} units are in no group: {listed(keys.columns)} is "
            f"missing (doc_id {listed(data.doc_ids[lost.to_numpy()].unique())}).",
            stacklevel=callers_level(),
        )
    return keys


def _members(keys: pd.DataFrame, n: int) -> Iterator[tuple[dict[str, Any], NDArray[np.bool_]]]:
    """Yield every group, sorted: the values that name it, and which units it holds."""
    if keys.columns.empty:
        yield {}, np.ones(n, dtype=bool)
        return
    names = list(keys.columns)
    for key, rows in keys.groupby(names, sort=True, observed=True):
        member = np.zeros(n, dtype=bool)
        member[rows.index.to_numpy()] = True
        yield dict(zip(names, key, strict=True)), member


def _named(value: Any) -> str:
    """A group's name; of a period its first day."""
    return str(value.date() if isinstance(value, pd.Timestamp) else value)


def _warn_of_few(groups: list[_Group], names: list[str]) -> None:
    fewest = [group.n_coded.min() for group in groups]
    few = [name or "all" for n, name in zip(fewest, names, strict=True) if n < FEW_CODED]
    if few:
        warnings.warn(
            f"{len(few)} of {len(groups)} groups have fewer than {FEW_CODED} coded units "
            f"({listed(few)}): their corrected shares are hardly more than a guess. Code more "
            "units there, or take broader groups.",
            stacklevel=callers_level(),
        )


# --- estimates ------------------------------------------------------------------------------


def _group(data: DoubleSample, member: NDArray[np.bool_], population: str) -> _Group:
    """Weighted means of codes and scores in one group, and how each unit moves them."""
    of_process, n = population == "process", int(member.sum())
    mean = data.scores[member].mean(axis=0) if n else np.full(len(data.frames), np.nan)
    if not of_process:  # what the others say is in the mean of the scores
        data, member = data.only_coded(member)
    weight = data.weights * member[:, None]
    total = weight.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        codes_share = (weight * data.codes).sum(axis=0) / total
        scores_share = (weight * data.scores).sum(axis=0) / total
        portion = weight / total
    by_codes = portion * (data.codes - codes_share)
    by_scores = portion * (data.scores - scores_share)
    n_coded = (weight > 0).sum(axis=0).astype(float)
    spread = _process_spread if of_process else _corpus_spread
    if of_process:
        by_scores = by_scores - member[:, None] * (data.scores - mean) / max(n, 1)
    parts = _process_parts if of_process else _corpus_parts
    return _Group(
        n=n,
        n_coded=n_coded,
        codes_share=codes_share,
        gain=mean - scores_share,
        by_codes=spread(by_codes, data, member),
        by_scores=spread(by_scores, data, member),
        parts=parts(data, portion, member),
        df=_degrees(data, member, population),
    )


def _corpus_parts(data: DoubleSample, portion: Floats, member: NDArray[np.bool_]) -> _Parts:
    """Units that weigh about the same, if they are twenty or more, and all the others."""
    weight = np.rint(np.log2(data.weights.max(axis=1)))
    alike = np.unique(weight, return_inverse=True)[1]
    many = _sums((portion > 0).astype(float), alike).min(axis=1) >= LEAST_ALIKE
    number = np.unique(np.where(many[alike], alike, -1), return_inverse=True)[1]
    portions, shares = _shares(data, portion, number)
    left = np.square(portion) * _not_drawn(data)
    least = np.zeros_like(portions)
    np.maximum.at(least, number, LEAST_MISREAD * left)
    return _Parts(number, portions, shares, least, _sums(left, number))


def _process_parts(data: DoubleSample, portion: Floats, member: NDArray[np.bool_]) -> _Parts:
    """The whole sample: strata are not credited, and stories move together."""
    by_story = _sums(portion, data.units.clusters)
    portions, shares = _shares(data, portion, np.zeros(len(portion), dtype=np.int64))
    known, weight = shares * (1 - shares), np.square(by_story).sum(axis=0, keepdims=True)
    least = LEAST_MISREAD * (np.square(portion) * _not_drawn(data)).max(axis=0)
    least = np.where(weight > 1 - 1e-9, known, least + known / max(int(member.sum()), 1))
    return _Parts(np.zeros(len(by_story), dtype=np.int64), portions, shares, least, weight)


def _shares(
    data: DoubleSample, portion: Floats, number: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """What of the sample is in each part, and the coded share there."""
    portions, present = _sums(portion, number), _sums(portion * data.codes, number)
    return portions, np.divide(present, portions, out=np.zeros_like(portions), where=portions > 0)


def _not_drawn(data: DoubleSample) -> Floats:
    """Probability that a coded unit had not been drawn: the finite population correction."""
    return np.divide(
        data.weights - 1, data.weights, out=np.zeros_like(data.weights), where=data.coded
    ).clip(min=0)


def _degrees(data: DoubleSample, member: NDArray[np.bool_], population: str) -> Floats:
    """Degrees of freedom of t: coded units less strata, or coded stories less one."""
    coded = data.coded & member[:, None]
    if population == "process":
        return np.maximum(_n_clusters(coded, data.units.clusters) - 1, 1)
    strata = [len(np.unique(data.strata[column])) for column in data.coded.T]
    return np.maximum(np.minimum(data.coded.sum(axis=0) - strata, coded.sum(axis=0) - 1.0), 1)


def _corpus_spread(influence: Floats, data: DoubleSample, member: NDArray[np.bool_]) -> Floats:
    """Deviations within strata, scaled so that the sum of their squares is the variance."""
    rows = np.flatnonzero(data.coded.any(axis=1))
    coded, values = data.coded[rows], influence[rows]
    strata = np.unique(data.strata[rows], return_inverse=True)[1]
    n = _sums(coded.astype(float), strata)
    in_group = (data.coded & member[:, None]).sum(axis=0)
    mean = np.divide(_sums(values, strata), n, out=np.zeros_like(n), where=n > 1)
    factor = np.maximum(_bessel(n), _bessel(in_group.astype(float)))
    deviation = np.where(coded, values - mean[strata], 0)
    return np.asarray(deviation * np.sqrt(factor[strata] * _not_drawn(data)[rows]))


def _process_spread(influence: Floats, data: DoubleSample, member: NDArray[np.bool_]) -> Floats:
    """Sums within stories, scaled so that the sum of their squares is the variance."""
    inside = member[:, None]
    return story_sums(influence, data.coded & inside, ~data.coded & inside, data.units.clusters)


def story_sums(
    influence: Floats,
    coded: NDArray[np.bool_],
    rest: NDArray[np.bool_],
    clusters: NDArray[np.int64],
) -> Floats:
    """Centre the influence of coded units and of the rest, and sum it within stories."""
    scaled = np.zeros_like(influence)
    for part in (coded, rest):
        n = np.maximum(part.sum(axis=0), 1)
        centred = influence - (influence * part).sum(axis=0) / n
        scaled += part * centred * np.sqrt(_bessel(_n_clusters(part, clusters)))
    return _sums(scaled, clusters)


def _n_clusters(chosen: NDArray[np.bool_], clusters: NDArray[np.int64]) -> Floats:
    """Number of clusters among the chosen units of each column."""
    found = [np.count_nonzero(np.bincount(clusters[column])) for column in chosen.T]
    return np.array(found, dtype=float)


def _bessel(n: Floats) -> Floats:
    """n / (n - 1); 1 where there is only one."""
    return np.divide(n, n - 1, out=np.ones_like(n), where=n > 1)


def _sums(values: Floats, codes: NDArray[np.int64]) -> Floats:
    """Sum rows of the same code."""
    n = codes.max() + 1
    return np.stack([np.bincount(codes, column, n) for column in values.T], axis=1)


def _codes_alone(group: _Group) -> _Estimate:
    """The weighted share of the coded units."""
    share = group.codes_share
    return _estimate(group, share, np.zeros_like(share), _codes_variance(group), group.df)


def _estimate(
    group: _Group, share: Floats, power: Floats, variance: Floats, df: Floats
) -> _Estimate:
    """A share with what its interval is made of, from its variance by parts."""
    parts = group.parts
    return _Estimate(
        share=np.clip(share, 0, 1),
        df=df,
        power=power,
        portions=parts.portions,
        shares=np.clip(parts.shares + share - group.codes_share, 0, 1),
        sizes=_sizes(parts, variance),
        extra=np.where(parts.known > 0, 0, variance),
    )


def _codes_variance(group: _Group) -> Floats:
    """Design variance of the coded share by parts, at least that of a plausible slip."""
    found, parts = _sums(np.square(group.by_codes), group.parts.number), group.parts
    return np.maximum(found, np.minimum(parts.least, parts.known * parts.unit_variance))


def _sizes(parts: _Parts, variance: Floats) -> Floats:
    """Units of a simple random sample with this variance; by the weights where none can be seen."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(parts.known > 0, parts.known / variance, 1 / parts.unit_variance)
        return np.where(parts.portions > 0, np.square(parts.portions) * found, 1)


def _corrected(group: _Group) -> _Estimate:
    """The power-tuned difference estimate."""
    power, m, most = _power(group), group.n_coded, _codes_variance(group)
    share, found = _at_power(group, power)
    variance = np.maximum(found * _bessel(m - 1), np.minimum(group.parts.least, most))
    tuned = _estimate(group, share, power, variance, np.maximum(group.df - 1, 1))
    surer = variance.sum(axis=0) < most.sum(axis=0)
    return tuned.where((power > 0) & surer & (m > 3), _codes_alone(group))


def _at_power(group: _Group, power: Floats | float) -> tuple[Floats, Floats]:
    """The difference estimate at a given weight of the scores, and its variance by parts."""
    left = group.by_codes - power * group.by_scores
    return group.codes_share + power * group.gain, _sums(np.square(left), group.parts.number)


def _power(group: _Group) -> Floats:
    """The weight of the scores, 0 to 1, that makes the estimated variance least."""
    shared = (group.by_codes * group.by_scores).sum(axis=0)
    spread = np.square(group.by_scores).sum(axis=0)
    return np.divide(shared, spread, out=np.zeros_like(spread), where=spread > 0).clip(0, 1)


def _chosen(group: _Group, level: float) -> tuple[_Estimate, _Estimate]:
    """The corrected estimate, or codes alone where it is no narrower; and codes alone."""
    corrected, alone = _corrected(group), _codes_alone(group)
    widths = [np.subtract(*estimate.interval(level)[::-1]) for estimate in (corrected, alone)]
    return corrected.where(widths[0] < widths[1], alone), alone


def _row(
    data: DoubleSample,
    group: _Group,
    member: NDArray[np.bool_],
    errors: "_Errors",
    level: float,
) -> pd.DataFrame:
    """Every estimate of one group, a row a frame."""
    corrected, alone = _chosen(group, level)
    low, high = corrected.interval(level)
    codes_low, codes_high = alone.interval(level)
    units = data.scored().take(np.flatnonzero(member))
    naive = _group_shares([units], level)
    table = naive[["frame", "n"]].assign(n_coded=group.n_coded.astype(int))
    table[["naive", "naive_low", "naive_high"]] = naive[["share", "low", "high"]]
    found = {"share": corrected.share, "low": low, "high": high}
    found |= {"codes_alone": alone.share, "codes_low": codes_low, "codes_high": codes_high}
    found |= {"width_ratio": _ratio(high - low, codes_high - codes_low), "power": corrected.power}
    return table.assign(**found, **_rogan_gladen(data, member, errors, level))


def _ratio(width: Floats, codes_width: Floats) -> Floats:
    """Width over that of codes alone; 1 where all units are coded and both are nothing."""
    return np.divide(width, codes_width, out=np.ones_like(width), where=codes_width != 0)


def _interval_text(
    data: DoubleSample, population: str, level: float, method: str = "Wilson"
) -> str:
    clustered = population == "process" and data.units.clustered
    by = f", clustered by {data.units.cluster_name}" if clustered else ""
    return f"{method} {100 * level:g} %, {population}, {data.design}{by}"


# --- misclassification matrix -----------------------------------------------------------------


class _Errors(NamedTuple):
    """Sensitivity and specificity of every frame, with their variances."""

    sensitivity: Floats
    specificity: Floats
    variances: tuple[Floats, Floats]
    of_process: bool


def _misread(data: DoubleSample, population: str) -> _Errors:
    """How often the measure finds what people found, and leaves what they left."""
    found, variances = [], []
    everyone = np.ones(len(data.scores), dtype=bool)
    spread = _corpus_spread if population == "corpus" else _process_spread
    right = np.where(data.codes == 1, data.scores >= 0.5, data.scores < 0.5)
    for value in (1, 0):
        weight = data.weights * (data.codes == value)
        with np.errstate(invalid="ignore", divide="ignore"):
            portion = weight / weight.sum(axis=0)
        rate = (portion * right).sum(axis=0)
        influence = spread(portion * (right - rate), data, everyone)
        n = (weight > 0).sum(axis=0).astype(float)
        found.append(rate)
        least = (np.square(portion) * _not_drawn(data)).max(axis=0)  # as if one were misread
        variances.append(np.maximum(np.square(influence).sum(axis=0) * _bessel(n), least))
    return _Errors(found[0], found[1], (variances[0], variances[1]), population == "process")


def _rogan_gladen(
    data: DoubleSample, member: NDArray[np.bool_], errors: _Errors, level: float
) -> dict[str, Floats]:
    """The share that the misclassification matrix implies, with its delta-method interval."""
    apparent = (data.scores[member] >= 0.5).mean(axis=0)
    youden = errors.sensitivity + errors.specificity - 1
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (apparent + errors.specificity - 1) / np.where(youden > 0, youden, np.nan)
        share = np.clip(share, 0, 1)
        variance = share**2 * errors.variances[0] + (1 - share) ** 2 * errors.variances[1]
        variance = variance + errors.of_process * apparent * (1 - apparent) / member.sum()
        half = critical_value(level) * np.sqrt(variance) / youden
    low, high = np.clip(share - half, 0, 1), np.clip(share + half, 0, 1)
    names = ("rogan_gladen", "rogan_gladen_low", "rogan_gladen_high")
    return dict(zip(names, (share, low, high), strict=True))


# --- differences ------------------------------------------------------------------------------


class _Pair(NamedTuple):
    """Estimates of two groups and how they move together."""

    first: _Estimate
    second: _Estimate
    correlation: Floats

    @property
    def difference(self) -> Floats:
        return self.first.share - self.second.share

    def interval(self, level: float | Floats) -> tuple[Floats, Floats]:
        """Square and add the distances to the ends of the two intervals."""
        (l1, u1), (l2, u2) = self.first.interval(level), self.second.interval(level)
        below = self._together(self.first.share - l1, u2 - self.second.share)
        above = self._together(u1 - self.first.share, self.second.share - l2)
        return self.difference - below, self.difference + above

    def _together(self, a: Floats, b: Floats) -> Floats:
        return np.sqrt(np.maximum(a**2 + b**2 - 2 * self.correlation * a * b, 0))

    def p_value(self) -> Floats:
        """Halve the levels until the interval ends at 0."""
        inside, outside = np.ones_like(self.difference), np.zeros_like(self.difference)
        for _ in range(60):
            middle = (inside + outside) / 2
            low, high = self.interval(middle)
            covers = (low <= 0) & (high >= 0)
            inside, outside = np.where(covers, middle, inside), np.where(covers, outside, middle)
        return np.asarray(np.where(np.isnan(self.difference), np.nan, 1 - inside))


def _compared(naive: pd.DataFrame, first: _Group, second: _Group) -> pd.DataFrame:
    """Naive, corrected and codes-alone differences of two groups, a row a frame."""
    alone = _pair(first, second, _codes_alone)
    tuned = _pair(first, second, lambda group: _chosen(group, 0.95)[0])
    codes_low, codes_high = alone.interval(0.95)
    narrower = np.subtract(*tuned.interval(0.95)[::-1]) < codes_high - codes_low
    best = _Pair(
        tuned.first.where(narrower, alone.first),
        tuned.second.where(narrower, alone.second),
        np.where(narrower, tuned.correlation, alone.correlation),
    )
    low, high = best.interval(0.95)
    table = naive[["group", "reference", "frame", "n", "n_reference"]].assign(
        n_coded=first.n_coded.astype(int), n_coded_reference=second.n_coded.astype(int)
    )
    old = ["difference", "low", "high", "p"]
    table[["naive", "naive_low", "naive_high", "naive_p"]] = naive[old]
    found = {"difference": best.difference, "low": low, "high": high, "p": best.p_value()}
    found |= {"codes_alone": alone.difference, "codes_low": codes_low, "codes_high": codes_high}
    return table.assign(**found, width_ratio=_ratio(high - low, codes_high - codes_low))


def _pair(first: _Group, second: _Group, estimate: Callable[[_Group], _Estimate]) -> _Pair:
    """Estimate both groups, and the correlation of the two from the units that move both."""
    found = [estimate(first), estimate(second)]
    moves = [
        group.by_codes - one.power * group.by_scores
        for group, one in zip((first, second), found, strict=True)
    ]
    together = (moves[0] * moves[1]).sum(axis=0)
    apart = np.sqrt(np.square(moves[0]).sum(axis=0) * np.square(moves[1]).sum(axis=0))
    correlation = np.divide(together, apart, out=np.zeros_like(apart), where=apart > 0)
    return _Pair(found[0], found[1], np.clip(correlation, -1, 1))


def _adjusted(p: pd.Series) -> Floats:
    """Benjamini-Hochberg, over the comparisons that have a p-value."""
    adjusted, known = np.full(len(p), np.nan), p.notna().to_numpy()
    if known.any():
        adjusted[known] = stats.false_discovery_control(p[known])
    return adjusted
