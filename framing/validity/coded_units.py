"""Scores of all units joined to the codes of some, with what each coded unit stands for."""

import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.callers import callers_level
from framing.corpus.fields import as_text
from framing.corpus.listing import listed
from framing.stats.ratios import Design
from framing.text.units import unit_names

FAR_OFF = 1.5  # sample and scores differ by more than chance in drawing makes them
NEEDED = ("unit", "frame", "value")


class CodedUnits(NamedTuple):
    """Units × frames: scores, codes (missing where nobody coded), and the design.

    The three tables have the same index (names of units) and columns (frames). `weights` is one
    over the probability of being coded, 0 where nobody coded; `strata` and `clusters` number the
    stratum and the article of every unit.
    """

    scores: pd.DataFrame
    codes: pd.DataFrame
    weights: pd.DataFrame
    strata: NDArray[np.int64]
    clusters: NDArray[np.int64]
    design: str

    @property
    def frames(self) -> list[str]:
        return [str(frame) for frame in self.scores.columns]

    def of(self, frame: str) -> tuple[NDArray[Any], NDArray[Any], Design]:
        """Give scores, codes and design of the units in which a frame was coded."""
        coded = self.weights[frame].to_numpy() > 0
        weights = self.weights[frame].to_numpy()[coded]
        design = Design(weights, self.strata[coded], self.clusters[coded])
        return self.scores[frame].to_numpy()[coded], self.codes[frame].to_numpy()[coded], design


def join_codes(
    scores: pd.DataFrame,
    codes: pd.DataFrame,
    sample: pd.DataFrame | None = None,
) -> CodedUnits:
    """Check scores, codes and sample, and join them on the unit.

    Parameters
    ----------
    scores : DataFrame, units × frames
        Index `doc_id`, or (`doc_id`, paragraph or sentence).
    codes : DataFrame
        `unit`, `frame`, `value` (0 or 1), one value for each unit and frame.
    sample : DataFrame, optional
        How the coded units were drawn: `unit`, `probability` and, if stratified, `stratum`.
        Without it the coded units are taken as a simple random sample.

    Returns
    -------
    CodedUnits
        Of the frames that are both scored and coded, in the order of the scores.

    Raises
    ------
    TypeError
        If an argument that must be a table is none.
    ValueError
        If codes are repeated or not 0 and 1, a coded unit has no scores or was not drawn, or
        scores are missing. All problems at once.

    Warns
    -----
    UserWarning
        If frames are only scored or only coded, drawn units were not coded, or the sample seems to
        have been drawn from another corpus.
    """
    for name, table in (("scores", scores), ("codes", codes)):
        if not isinstance(table, pd.DataFrame):
            raise TypeError(f"`{name}` must be a DataFrame, not {type(table).__name__}.")
    articles = scores.index.get_level_values(0)
    named = scores.set_axis(unit_names(scores.index)).rename(columns=str)
    coded = _given(codes)
    named = named[_shared_frames(named, coded)]
    given = coded[coded["frame"].isin(named.columns)]
    _raise([*_code_problems(given), *_unscored(given, named.index)])
    _raise([*_score_problems(named), *_sample_problems(sample, named.index, given)])
    named = named.astype(float)
    wide = given.pivot(index="unit", columns="frame", values="value").astype(float)
    wide = wide.reindex(index=named.index, columns=named.columns)
    weights, strata = _weights(wide.notna(), sample)
    remarks = [
        *_left_out(scores.columns.astype(str), coded),
        *_not_coded(wide.notna(), sample),
        *_another_corpus(sample, len(named)),
    ]
    for remark in remarks:
        warnings.warn(remark, stacklevel=callers_level())
    design = "simple random sample assumed" if sample is None else "design-weighted"
    return CodedUnits(named, wide, weights, strata, pd.factorize(articles)[0], design)


def _given(codes: pd.DataFrame) -> pd.DataFrame:
    """The codes that have a value, their units and frames named in text."""
    missing = [name for name in NEEDED if name not in codes]
    if missing:
        raise ValueError(f"`codes` has no column {', '.join(missing)}: one row is one judgement.")
    given = codes.dropna(subset=["value"])
    if given.empty:
        raise ValueError(f"None of the {len(codes)} codes has a value, so nothing was coded.")
    return given.assign(**{name: as_text(given[name]) for name in ("unit", "frame")})


def _raise(problems: Iterator[str] | list[str]) -> None:
    found = list(problems)
    if found:
        raise ValueError("\n".join(found))


def _shared_frames(scores: pd.DataFrame, codes: pd.DataFrame) -> list[str]:
    """Frames that are both scored and coded, in the order of the scores."""
    coded = sorted(codes["frame"].unique())
    shared = [frame for frame in scores.columns if frame in coded]
    if not shared:
        raise ValueError(
            f"No frame is both scored ({listed(list(scores.columns))}) and coded "
            f"({listed(coded)}). Give both one name: codes.replace({{'frame': {{'old': 'new'}}}})"
        )
    return shared


def _left_out(scored: pd.Index, codes: pd.DataFrame) -> Iterator[str]:
    left_out = sorted(set(scored) ^ set(codes["frame"]))
    if left_out:
        yield (
            f"Left out are frames that are only scored or only coded ({len(left_out)}): "
            f"{listed(left_out)}."
        )


def check_single_codes(codes: pd.DataFrame, names: pd.Index) -> pd.DataFrame:
    """Refuse codes that are not one 0 or 1 for a unit and frame, or of none of the named units."""
    if not isinstance(codes, pd.DataFrame):
        raise TypeError(f"`codes` must be a DataFrame, not {type(codes).__name__}.")
    given = _given(codes)
    _raise(_code_problems(given))
    if not given["unit"].isin(names).any():
        raise ValueError(
            f"None of the {given['unit'].nunique()} coded units ({listed(given['unit'].unique())}) "
            f"is a unit of the articles ({listed(names)}). Are they named alike, and of one kind "
            "(unit=…)?"
        )
    return given.assign(value=pd.to_numeric(given["value"]).astype("int64"))


def _code_problems(given: pd.DataFrame) -> Iterator[str]:
    twice = given[given.duplicated(["unit", "frame"])]["unit"].unique()
    if len(twice):
        yield (
            f"{len(twice)} of {given['unit'].nunique()} units have several values of one frame in "
            f"`codes` ({listed(twice)}). Agree on one: adjudicate(codes)"
        )
    wrong = ~pd.to_numeric(given["value"], errors="coerce").isin([0, 1])
    if wrong.any():
        frames = given.loc[wrong, "frame"].unique().tolist()
        repair = "Say which value means that the frame is there: codes.assign(value="
        repair += "codes['value'].map({'yes': 1, 'no': 0}))"  # what is missing stays missing
        if len(frames) < given["frame"].nunique():
            repair = f"Leave these frames out: codes[~codes['frame'].isin({frames!r})]"
        yield (
            f"{wrong.sum()} of {len(given)} codes are not 0 or 1 (e.g. "
            f"{given.loc[wrong, 'value'].tolist()[0]!r}). {repair}"
        )


def _unscored(codes: pd.DataFrame, names: pd.Index) -> Iterator[str]:
    units = codes["unit"]
    unknown = units[~units.isin(names)].unique()
    if len(unknown):
        yield (
            f"{len(unknown)} of {units.nunique()} coded units have no scores ({listed(unknown)}). "
            "Score them too: the sample must be part of what was scored."
        )


def _score_problems(scores: pd.DataFrame) -> Iterator[str]:
    twice = scores.index[scores.index.duplicated()].unique()
    if len(twice):
        yield (
            f"{len(twice)} of {scores.index.nunique()} units are in `scores` more than once "
            f"({listed(twice)}). Keep the first: scores[~scores.index.duplicated()]"
        )
    words = [name for name in scores if not pd.api.types.is_numeric_dtype(scores[name])]
    if words:
        yield f"Columns of `scores` that hold no numbers: {listed(words)}."
        return
    number = scores.astype(float)
    for kind, odd in (("a missing", number.isna()), ("an infinite", number.abs().eq(np.inf))):
        rows = scores.index[odd.any(axis=1)]
        if len(rows):
            n = f"{len(rows)} of {len(scores)} rows"
            yield (
                f"{n} of `scores` have {kind} score ({listed(rows)}). Score them again, or leave "
                "them out: scores[np.isfinite(scores).all(axis=1)]"
            )


def _sample_problems(
    sample: pd.DataFrame | None, names: pd.Index, codes: pd.DataFrame
) -> Iterator[str]:
    if sample is None:
        return
    missing = [name for name in ("unit", "probability") if name not in sample]
    if missing:
        yield f"`sample` has no column {', '.join(missing)}; see sample_for_coding."
        return
    unit = as_text(sample["unit"])
    probability = pd.to_numeric(sample["probability"], errors="coerce")
    found = {
        "are drawn more than once": unit[unit.duplicated()].unique(),
        "have no probability above 0 and up to 1": unit[~probability.between(1e-12, 1)].unique(),
        "were drawn and have no scores": unit[~unit.isin(names)].unique(),
    }
    strangers = codes["unit"][~codes["unit"].isin(unit)].unique()
    if len(strangers):
        n = codes["unit"].nunique()
        yield f"{len(strangers)} of {n} units were coded and not drawn ({listed(strangers)})."
    for what, units in found.items():
        if len(units):
            yield f"{len(units)} of {len(sample)} units of `sample` {what} ({listed(units)})."


def _another_corpus(sample: pd.DataFrame | None, n: int) -> Iterator[str]:
    """Say where the probabilities stand for many more or fewer units than there are scores."""
    if sample is None:
        return
    stands_for = float((1 / sample["probability"].astype(float)).sum())
    if not n / FAR_OFF <= stands_for <= n * FAR_OFF:
        yield (
            f"By its probabilities, `sample` stands for {stands_for:,.0f} units, and {n:,} are "
            "scored. Give the whole sample as it was drawn, with the probability of each unit to "
            "be drawn, and the scores of all the units it was drawn from."
        )


def _not_coded(coded: pd.DataFrame, sample: pd.DataFrame | None) -> Iterator[str]:
    """Say where units were drawn and not coded."""
    if sample is None:
        return
    n_coded = coded.sum()
    lacking = n_coded[n_coded < len(sample)]
    if len(lacking):
        yield (
            f"Only {lacking.min()} of {len(sample)} drawn units are coded (frames "
            f"{listed(list(lacking.index))}). The coded ones of a stratum stand for the others, "
            "which is right only if what was left out does not depend on the frame."
        )


def _weights(
    coded: pd.DataFrame, sample: pd.DataFrame | None
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """One over the probability of being coded, unit by frame, and the number of the stratum."""
    if sample is None:
        return coded / coded.mean(), np.zeros(len(coded), dtype=np.int64)
    drawn = sample.assign(unit=as_text(sample["unit"])).set_index("unit")
    stratum = drawn["stratum"].astype(str) if "stratum" in drawn else pd.Series("", drawn.index)
    inverse = (1 / drawn["probability"].astype(float)).reindex(coded.index).fillna(0.0)
    numbers = pd.factorize(stratum.reindex(coded.index).fillna(""), sort=True)[0]
    return _for_uncoded(coded, inverse, numbers), np.asarray(numbers, dtype=np.int64)


def _for_uncoded(
    coded: pd.DataFrame, inverse: pd.Series, strata: NDArray[np.int64]
) -> pd.DataFrame:
    """Let the coded units of a stratum speak for those that were drawn and not coded."""
    weights = coded.astype(float).mul(inverse, axis=0)
    drawn_total = inverse.groupby(strata).sum()
    coded_total = weights.groupby(strata).sum()
    lost = coded_total.rsub(drawn_total, axis=0) > 1e-9
    if (coded_total.eq(0) & lost).to_numpy().any():
        silent = (coded_total.eq(0) & lost).any(axis=1).sum()
        raise ValueError(
            f"Nothing is coded in {silent} of {(drawn_total > 0).sum()} strata, at least for one "
            "frame. Code some units there, or join strata."
        )
    factor = coded_total.rdiv(drawn_total, axis=0).fillna(0.0)
    return weights * factor.reindex(strata).to_numpy()
