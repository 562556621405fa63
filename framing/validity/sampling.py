"""Draw the units that people will code, each with its exact probability, and plan how many."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from framing.corpus.checks import require_text
from framing.corpus.groups import group_keys
from framing.stats.intervals import critical_value, score_interval
from framing.text.units import UNITS, split_units, unit_names

Floats = NDArray[np.float64]
ALLOCATIONS = {"proportional": 1.0, "root": 0.5, "equal": 0.0}
LEAST = 2  # units of a stratum that an estimate of its variance needs
NO_HIT, UNKNOWN = "no hit", "unknown"
SHOWN = ("outlet", "date", "headline")
PLANS = ("share", "difference", "agreement")
PLAN_COLUMNS = ("half_width", "share", "n", "n_groups", "method")
OWN_NUMBERS = b"sample_for_coding"  # else data simulated with the same seed would choose the units
MOST_UNITS = 10_000_000


# --- the sample -----------------------------------------------------------------------------


def sample_for_coding(
    articles: pd.DataFrame,
    n: int,
    *,
    by: str | Sequence[str] | None = None,
    scores: pd.DataFrame | None = None,
    unit: str = "article",
    allocation: str | int | None = None,
    random_state: int = 0,
) -> pd.DataFrame:
    r"""Draw units for people to code, and keep the probability with which each was drawn.

    Parameters
    ----------
    articles : DataFrame
        Index `doc_id`, column `text`.
    n : int
        How many units to draw, all strata together, without replacement.
    by : str or list of str, optional
        Strata: columns or periods as in `prevalence`, e.g. ["outlet", "month"].
    scores : DataFrame, units × frames, optional
        Scores of every unit, as from `score_frames` with the same `unit`. A unit goes into the
        stratum of the rarest frame that hit it (score above 0), or into "no hit": rare frames are
        then sure to be coded, and what the codebook missed can be found.
    unit : {"article", "paragraph", "sentence"}
        What is coded.
    allocation : {"proportional", "root", "equal"} or int, optional
        Units of each stratum: in proportion to its size, to the root of its size, or the same of
        each; a whole number: at least so many of each and the rest in proportion. By default
        "root" with `scores`, else "proportional". Never fewer than 2, or all where there are fewer.
    random_state : int
        Seed. The same units come out whatever the order of the articles, and a larger `n` with
        the same seed keeps every unit that a smaller one drew. The random numbers are of the
        function's own, so data simulated with the same seed have no part in the choice.

    Returns
    -------
    DataFrame
        One row a unit, in the order of the articles: `unit` ("a004", or "a004:3" for its third
        paragraph or sentence), `doc_id`, `paragraph` or `sentence` where that is the unit, `text`,
        of `outlet`, `date`, `headline` what the articles have, `stratum`, and `probability`: of
        being drawn.

    Raises
    ------
    ValueError
        If there are fewer units than `n`, or `n` is too small for the strata; if a text is
        missing, or scores are missing or of other units; if an option is unknown.
    KeyError
        If `by` names no column.

    Notes
    -----
    Within stratum :math:`h` every unit is drawn with the same probability :math:`n_h / N_h`; the
    numbers :math:`n_h` do not depend on chance. Unless the allocation is proportional the
    probabilities differ, and a plain mean of the codes is biased: weigh by one over the
    probability, :math:`\hat T = \sum_i y_i / \pi_i` (Horvitz & Thompson 1952, Journal of the
    American Statistical Association 47, 663-685). The kit's functions that take `sample=` do.
    Units come one at a time to the stratum with the largest :math:`N_h^a / (n_h + 1/2)`, with
    :math:`a` = 1, 1/2 or 0 (power allocation: Bankier 1988, The American Statistician 42, 174-177;
    rounding: Sainte-Laguë). Articles without a date or an outlet are the stratum "unknown".

    Coders should not see where a text comes from: `write_sheet` and `code_in_notebook` show no
    outlet, date, stratum or score unless told to.

    Examples
    --------
    >>> doc_id = pd.Index(["a", "b", "c", "d", "e", "f"], name="doc_id")
    >>> articles = pd.DataFrame({"outlet": ["Herald"] * 4 + ["Star"] * 2, "text": "War."}, doc_id)
    >>> sample = sample_for_coding(articles, 4, by="outlet")
    >>> sample.groupby("stratum")["probability"].agg(["size", "first"])
             size  first
    stratum
    Herald      2    0.5
    Star        2    1.0
    """
    if not isinstance(random_state, int | np.integer):
        raise TypeError(
            f"random_state={random_state!r}: a whole number, so that it can be redrawn."
        )
    units = _units(articles, unit)
    strata = _strata(units, articles, by, scores)
    sizes = strata.value_counts().sort_index()
    usual = "proportional" if scores is None else "root"
    chosen = usual if allocation is None else allocation
    numbers = _allocate(sizes, n, chosen)
    drawn = _draw(units["unit"], strata, numbers, random_state)
    probability = strata.map(numbers / sizes).astype("float64")
    columns = [name for name in ("unit", "doc_id", unit, "text", *SHOWN) if name in units]
    table = units[columns].assign(stratum=strata, probability=probability)
    return table[drawn].reset_index(drop=True)


def _units(articles: pd.DataFrame, unit: str) -> pd.DataFrame:
    """One row a unit of every article, with what is known of the article."""
    if unit not in UNITS:
        raise ValueError(f"unit={unit!r}: choose one of {', '.join(UNITS)}")
    require_text(articles)
    pieces = split_units(articles, unit)
    names = unit_names(pieces.index)
    table = pieces[["text"]].rename_axis(["doc_id", unit][: pieces.index.nlevels])
    known = articles[[name for name in SHOWN if name in articles]].rename_axis("doc_id")
    return table.reset_index().assign(unit=names).join(known, on="doc_id")


def _strata(
    units: pd.DataFrame,
    articles: pd.DataFrame,
    by: str | Sequence[str] | None,
    scores: pd.DataFrame | None,
) -> pd.Series:
    """Name the stratum of every unit."""
    parts = []
    if by is not None:
        keys = group_keys(articles, by).reindex(units["doc_id"])
        parts += [_labels(keys[name]).set_axis(units.index) for name in keys]
    if scores is not None:
        parts.append(_rarest_frame(_scores_of(scores, units)))
    if not parts:
        return pd.Series("all", units.index, dtype="str")
    joined = [" / ".join(names) for names in zip(*parts, strict=True)]
    return pd.Series(joined, units.index, dtype="str")


def _labels(keys: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(keys):
        keys = keys.dt.strftime("%Y-%m-%d")
    return keys.astype("str").where(keys.notna(), UNKNOWN)


def _scores_of(scores: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Scores in the order of the units, named by unit."""
    if not isinstance(scores, pd.DataFrame):
        raise TypeError(f"`scores` must be a DataFrame, not {type(scores).__name__}.")
    named = scores.set_axis(unit_names(scores.index))
    twice = named.index[named.index.duplicated()].unique()
    if len(twice):
        raise ValueError(
            f"{len(twice)} of {named.index.nunique()} units are in `scores` more than once "
            f"({_few(twice)})."
        )
    lost = units.loc[~units["unit"].isin(named.index), "unit"]
    if len(lost):
        raise ValueError(
            f"{len(lost)} of {len(units)} units have no scores ({_few(lost)}). Score the same "
            "articles by the same unit: score_frames(articles, codebook, unit=…)"
        )
    matched = named.reindex(units["unit"])
    missing = matched.index[matched.isna().any(axis=1)]
    if len(missing):
        raise ValueError(
            f"{len(missing)} of {len(units)} units have a missing score ({_few(missing)}). If it "
            "means that nothing was hit: scores.fillna(0)"
        )
    return matched


def _rarest_frame(scores: pd.DataFrame) -> pd.Series:
    """Name the frame with the fewest hits in the corpus among those that hit a unit."""
    hit = scores.gt(0)
    names = [str(name) for name in hit.columns]
    order = sorted(range(len(names)), key=lambda k: (int(hit.iloc[:, k].sum()), names[k]))
    ranked = hit.iloc[:, order].to_numpy()
    first = ranked.argmax(axis=1) if ranked.shape[1] else np.zeros(len(hit), dtype=np.int64)
    labels = np.array([names[k] for k in order] or [NO_HIT], dtype=object)[first]
    return pd.Series(np.where(ranked.any(axis=1), labels, NO_HIT), scores.index)


def _allocate(sizes: pd.Series, n: int, allocation: str | int) -> pd.Series:
    """Say how many units of each stratum are drawn; chance has no part in it."""
    power, least = _rule(allocation)
    numbers = sizes.clip(upper=least if len(sizes) > 1 else 0)
    _check_n(n, sizes, numbers)
    size, number = sizes.to_numpy(), numbers.to_numpy().copy()
    claim = size.astype(float) ** power
    for _ in range(n - int(number.sum())):
        priority = np.where(number < size, claim / (number + 0.5), -1.0)
        number[int(priority.argmax())] += 1
    return pd.Series(number, sizes.index)


def _rule(allocation: str | int) -> tuple[float, int]:
    """Power of the size, and the least number of units of a stratum."""
    if isinstance(allocation, str) and allocation in ALLOCATIONS:
        return ALLOCATIONS[allocation], LEAST
    whole = isinstance(allocation, int | np.integer) and not isinstance(allocation, bool)
    if whole and int(allocation) > 0:
        return 1.0, int(allocation)
    listed = ", ".join(map(repr, ALLOCATIONS))
    raise ValueError(f"allocation={allocation!r}: choose {listed} or a number of units.")


def _check_n(n: int, sizes: pd.Series, least: pd.Series) -> None:
    whole = isinstance(n, int | np.integer) and not isinstance(n, bool)
    if not whole or n < 1:
        raise ValueError(f"n={n!r}: give a whole number of units to draw, 1 or more.")
    if sizes.empty:
        raise ValueError("There are no articles to draw from.")
    if n > sizes.sum():
        raise ValueError(
            f"n={n}: there are only {sizes.sum()} units. Code all of them (n={sizes.sum()}), or a "
            "smaller unit: unit='paragraph'"
        )
    if n < least.sum():
        raise ValueError(
            f"n={n} is too small for {len(sizes)} strata: with {least.max()} of each, or all where "
            f"there are fewer, it must be {least.sum()} or more. Draw more, or stratify by less "
            f"(the smallest: {_few(f'{name} ({size})' for name, size in _smallest(sizes))})."
        )


def _smallest(sizes: pd.Series) -> list[tuple[str, int]]:
    ordered = sizes.sort_values(kind="stable")
    return list(zip(ordered.index, ordered.tolist(), strict=True))


def _draw(
    names: pd.Series, strata: pd.Series, numbers: pd.Series, random_state: int
) -> NDArray[np.bool_]:
    """Mark, in each stratum, the units with the smallest random numbers."""
    order = np.argsort(names.to_numpy(dtype=object), kind="stable")
    lot = np.empty(len(names))
    lot[order] = np.random.default_rng([*OWN_NUMBERS, random_state]).random(len(names))
    rank = pd.Series(lot, strata.index).groupby(strata).rank(method="first")
    return np.asarray(rank <= strata.map(numbers))


def _few(names: Iterable[object]) -> str:
    listed = [str(name) for name in names]
    return ", ".join(listed[:3]) + (", …" if len(listed) > 3 else "")


# --- how many units -------------------------------------------------------------------------


def plan_sample(
    half_width: float | Sequence[float],
    share: float | Sequence[float] = 0.5,
    *,
    of: str = "share",
    correlation: float | None = None,
    population: int | None = None,
    design_effect: float = 1.0,
) -> pd.DataFrame:
    r"""Say how many units must be coded for an interval of a wanted width.

    Parameters
    ----------
    half_width : float or list of float
        Wanted half-width of the 95 % interval: 0.05 for ± 5 points.
    share : float or list of float
        Share of units with the frame, as you guess it. A difference supposes it in both groups.
    of : {"share", "difference", "agreement"}
        What is estimated: the share of a frame; its difference between two groups of the same
        size; the agreement of two coders (Krippendorff's alpha of yes/no codes).
    correlation : float, optional
        For a share or a difference: expected correlation of scores and codes, if the codes only
        correct the scores of all units (`corrected_prevalence`); 0 by default. For agreement, the
        alpha you expect, which is itself a correlation; it must be given.
    population : int, optional
        Number of units the statement is about, of each group for a difference, if it is about
        these and no others; by default about the process they come from.
    design_effect : float
        Variance relative to a simple random sample: above 1 for units in clusters (paragraphs of
        the same articles, copies of the same story) or with unequal probabilities.

    Returns
    -------
    DataFrame
        One row for each wanted half-width and share: `half_width`, `share`, `n` (units to code, of
        all groups together), `n_groups`, `method`.

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Notes
    -----
    A share: the :math:`n` at which the Wilson interval has the half-width :math:`w` (Piegorsch
    2004, Computational Statistics & Data Analysis 46, 309-316),
    :math:`n = z^2 (1/2 - 2 w^2) / (2 w^2 - pq + \sqrt{p^2 q^2 - 4 p q w^2 + w^2})`.
    A difference: the Miettinen–Nurminen interval, by search. Agreement: the large-sample variance
    of the intraclass kappa of two coders (Bloch & Kraemer 1989, Biometrics 45, 269-287),
    :math:`(1 - \kappa) [(1 - \kappa)(1 - 2 \kappa) + \kappa (2 - \kappa) / (2pq)] / n`.
    Scores that correlate :math:`\rho` with the codes leave :math:`1 - \rho^2` of the variance
    (difference and regression estimators: Cochran 1977, Sampling Techniques, sec. 7.3; if the
    process is meant, as long as there are many more units than codes). The design effect
    multiplies :math:`n`; a population of :math:`N` makes it :math:`n / (1 + (n - 1) / N)`
    (Cochran, sec. 4.4). The widths are those to be expected: a sample may give a wider one.

    Examples
    --------
    >>> plan_sample([0.05, 0.1], 0.2)
       half_width  share    n  n_groups  method
    0        0.05    0.2  245         1  Wilson
    1        0.10    0.2   60         1  Wilson

    Scores that correlate .7 with the codes halve the work:

    >>> plan_sample(0.05, 0.2, correlation=0.7)["n"].item()
    125
    """
    widths, shares = np.atleast_1d(half_width).astype(float), np.atleast_1d(share).astype(float)
    rho = 0.0 if correlation is None and of != "agreement" else correlation
    _check_plan(widths, shares, of, rho, (population, design_effect))
    width, guess = (grid.ravel() for grid in np.meshgrid(widths, shares, indexing="ij"))
    needed, method = _PLANS[of](width, guess, float(rho or 0.0))
    groups = 2 if of == "difference" else 1
    n = _in_population(needed * design_effect, population) * groups
    return pd.DataFrame(
        {"half_width": width, "share": guess, "n": n, "n_groups": groups, "method": method}
    )


def _check_plan(
    widths: Floats,
    shares: Floats,
    of: str,
    rho: float | None,
    rest: tuple[int | None, float],
) -> None:
    population, design_effect = rest
    most = 1.0 if of == "agreement" else 0.5
    wide = f"half_width must be above 0 and below {most:g}; ten percentage points are 0.1"
    problems = {
        f"of={of!r}: choose one of {', '.join(PLANS)}": of not in PLANS,
        "of='agreement' needs the alpha you expect: correlation=0.8": rho is None,
        wide: not _within(widths, 0, most),
        "share must be above 0 and below 1": not _within(shares, 0, 1),
        "correlation must be above -1 and below 1": rho is not None and not -1 < rho < 1,
        "population must be 1 or more": population is not None and population < 1,
        "design_effect must be above 0": not design_effect > 0,
    }
    found = [said for said, wrong in problems.items() if wrong]
    if found:
        raise ValueError("\n".join(found))


def _within(values: ArrayLike, low: float, high: float) -> bool:
    given = np.asarray(values)
    return bool(((given > low) & (given < high)).all())


def _in_population(n: Floats, population: int | None) -> NDArray[np.int64]:
    """Round up, after what a finite population spares."""
    spared = n if population is None else n / (1 + (n - 1) / population)
    whole = np.ceil(np.round(np.maximum(spared, 1), 6)).astype(np.int64)
    return whole if population is None else np.minimum(whole, population)


def _n_of_share(width: Floats, share: Floats, rho: float) -> tuple[Floats, str]:
    """Solve the half-width of Wilson's interval for n."""
    z2, pq, w2 = critical_value(0.95) ** 2, share * (1 - share), width**2
    root = np.sqrt(pq**2 - 4 * pq * w2 + w2)
    n = z2 * (0.5 - 2 * w2) / (2 * w2 - pq + root)
    return np.maximum(n, 1) * (1 - rho**2), "Wilson"


def _n_of_difference(width: Floats, share: Floats, rho: float) -> tuple[Floats, str]:
    """Search the number of units a group, the interval being the narrower the more there are."""

    def is_wide(n: Floats) -> NDArray[np.bool_]:
        low, high = score_interval((share, share), (n, n), critical_value(0.95))
        return np.asarray((high - low) / 2 > width + 1e-12)

    return _search(is_wide, width.shape) * (1 - rho**2), "Miettinen–Nurminen"


def _search(too_small: Callable[[Floats], NDArray[np.bool_]], shape: tuple[int, ...]) -> Floats:
    """Find the smallest whole number that is not too small, by halving."""
    low, high = np.zeros(shape), np.full(shape, float(MOST_UNITS))
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        small = too_small(np.maximum(middle, 1))
        low, high = np.where(small, middle, low), np.where(small, high, middle)
    return high


def _n_of_agreement(width: Floats, share: Floats, kappa: float) -> tuple[Floats, str]:
    pq = share * (1 - share)
    spread = (1 - kappa) * (1 - 2 * kappa) + kappa * (2 - kappa) / (2 * pq)
    return (1 - kappa) * spread * (critical_value(0.95) / width) ** 2, "large-sample alpha"


_PLANS: dict[str, Callable[[Floats, Floats, float], tuple[Floats, str]]] = {
    "share": _n_of_share,
    "difference": _n_of_difference,
    "agreement": _n_of_agreement,
}
