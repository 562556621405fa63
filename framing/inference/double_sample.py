"""Scores of all units joined to human codes of a sample of them, with what each coded unit weighs.

A sample drawn out of an already scored corpus is a double (two-phase) sample: the cheap, faulty
measurement exists for every unit, the dear one for those drawn with a known probability.
"""

import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.inference.prevalence import _listed, _Units, _units

Floats = NDArray[np.float64]


class DoubleSample(NamedTuple):
    """Units × frames, as arrays with the same rows and columns.

    `scores` lie in 0 to 1; `codes` are 0 where nobody coded; `weights` are one over the
    probability of being coded, and 0 where nobody coded. `strata` numbers the strata.
    """

    units: _Units
    doc_ids: pd.Index
    scores: Floats
    codes: Floats
    weights: Floats
    strata: NDArray[np.int64]
    design: str

    @property
    def coded(self) -> NDArray[np.bool_]:
        return np.asarray(self.weights > 0)

    def scored(self) -> _Units:
        """The units with their scores, which may be probabilities, as what is present."""
        scores: Any = self.scores
        return self.units._replace(present=scores)

    @property
    def frames(self) -> list[str]:
        return self.units.frames


def as_double_sample(
    scores: pd.DataFrame,
    codes: pd.DataFrame,
    articles: pd.DataFrame,
    sample: pd.DataFrame | None,
) -> DoubleSample:
    """Check all tables and join them on the unit."""
    wide = _wide_scores(scores, articles)
    names = _unit_names(wide.index)
    _check_codes(codes, names)
    given = codes.dropna(subset=["value"]).astype({"unit": str, "frame": str})
    wide = wide[_shared_frames(wide, given)]
    units = _units(wide, articles, None, None, 0.95, "each")
    _check_sample(sample, names, given)
    value = given.pivot(index="unit", columns="frame", values="value").astype(float)
    value = value.reindex(index=names, columns=units.frames)
    weights, strata = _weights(value.notna(), sample)
    number = wide.to_numpy(dtype=float)
    as_shares = bool(((number >= 0) & (number <= 1)).all())
    return DoubleSample(
        units=units,
        doc_ids=wide.index.get_level_values(0 if wide.index.nlevels == 1 else "doc_id"),
        scores=number if as_shares else units.present.astype(float),
        codes=value.fillna(0).to_numpy(),
        weights=weights.to_numpy(),
        strata=strata,
        design="simple random sample assumed" if sample is None else "design-weighted",
    )


# --- scores ---------------------------------------------------------------------------------


def _wide_scores(scores: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Return units × frames, also from the codes of a coder who read every unit."""
    if not isinstance(scores, pd.DataFrame):
        raise TypeError(f"`scores` must be a DataFrame, not {type(scores).__name__}.")
    if not {"unit", "frame", "value"} <= set(scores.columns):
        return scores.set_axis([str(name) for name in scores.columns], axis=1)
    _raise([*_repeated(scores, "scores")])
    text = scores.astype({"unit": str, "frame": str})
    wide = text.pivot(index="unit", columns="frame", values="value")
    if pd.api.types.is_object_dtype(text["value"]):
        wide = wide.infer_objects()
    known = {str(doc_id): doc_id for doc_id in articles.index}
    if all(unit in known for unit in wide.index):
        return wide.set_axis(pd.Index([known[unit] for unit in wide.index], name="doc_id"))
    parts = [unit.rpartition(":")[::2] for unit in wide.index]
    index = [(known.get(doc_id, doc_id), part) for doc_id, part in parts]
    return wide.set_axis(pd.MultiIndex.from_tuples(index, names=["doc_id", "part"]))


def _unit_names(index: pd.Index) -> pd.Index:
    """Name units as coding sheets do: "a004", or "a004:3" for its third paragraph or sentence."""
    if not isinstance(index, pd.MultiIndex):
        return index.astype(str)
    doc_ids = index.get_level_values("doc_id" if "doc_id" in index.names else 0)
    last = index.get_level_values(index.nlevels - 1)
    return pd.Index([f"{doc}:{part}" for doc, part in zip(doc_ids, last, strict=True)])


def _shared_frames(scores: pd.DataFrame, codes: pd.DataFrame) -> list[str]:
    """Frames that are both scored and coded, in the order of the scores."""
    coded = sorted(codes["frame"].unique())
    shared = [str(frame) for frame in scores.columns if frame in coded]
    if not shared:
        raise ValueError(
            f"No frame is both scored ({_listed(list(scores.columns))}) and coded "
            f"({_listed(coded)}). Give both one name: codes.replace({{'frame': {{'old': 'new'}}}})"
        )
    left_out = [str(frame) for frame in {*coded, *scores.columns} - set(shared)]
    if left_out:
        warnings.warn(
            f"{len(left_out)} frames are left out, for they are only scored or only coded: "
            f"{_listed(sorted(left_out))}.",
            stacklevel=5,
        )
    return shared


# --- codes ----------------------------------------------------------------------------------


def _check_codes(codes: pd.DataFrame, names: pd.Index) -> None:
    """Raise one error that names every problem of the codes."""
    if not isinstance(codes, pd.DataFrame):
        raise TypeError(f"`codes` must be a DataFrame, not {type(codes).__name__}.")
    missing = [name for name in ("unit", "frame", "value") if name not in codes]
    if missing:
        raise ValueError(f"`codes` has no column {', '.join(missing)}: one row is one judgement.")
    given = codes.dropna(subset=["value"])
    if given.empty:
        raise ValueError(f"None of the {len(codes)} codes has a value, so nothing was coded.")
    problems = [*_repeated(given, "codes"), *_value_problems(given)]
    unknown = given["unit"].astype(str)[~given["unit"].astype(str).isin(names)].unique()
    if len(unknown):
        problems.append(
            f"{len(unknown)} of {given['unit'].nunique()} coded units have no scores "
            f"({_listed(unknown)}). Score them too: the sample must be part of what was scored."
        )
    _raise(problems)


def _repeated(codes: pd.DataFrame, name: str) -> Iterator[str]:
    twice = codes[codes.duplicated(["unit", "frame"])]
    if len(twice):
        units = twice["unit"].astype(str).unique()
        yield (
            f"{len(units)} units have several values of one frame in `{name}` ({_listed(units)}). "
            f"Agree on one: adjudicate({name})"
        )


def _value_problems(codes: pd.DataFrame) -> Iterator[str]:
    wrong = ~pd.to_numeric(codes["value"], errors="coerce").isin([0, 1])
    if wrong.any():
        yield (
            f"{wrong.sum()} of {len(codes)} codes are not 0 or 1 "
            f"(e.g. {codes.loc[wrong, 'value'].iloc[0]!r}). Say which value means that the frame "
            "is there: codes.assign(value=codes['value'].eq('yes').astype(int))"
        )


def _raise(problems: list[str]) -> None:
    if problems:
        raise ValueError("\n".join(problems))


# --- sample ---------------------------------------------------------------------------------


def _check_sample(sample: pd.DataFrame | None, names: pd.Index, codes: pd.DataFrame) -> None:
    """Raise one error that names every problem of the sample."""
    if sample is None:
        return
    missing = [name for name in ("unit", "probability") if name not in sample]
    if missing:
        raise ValueError(f"`sample` has no column {', '.join(missing)}; see sample_for_coding.")
    unit = sample["unit"].astype(str)
    probability = pd.to_numeric(sample["probability"], errors="coerce")
    not_drawn = codes["unit"][~codes["unit"].isin(unit)].unique()
    wrong = {
        "are drawn more than once": unit[unit.duplicated()].unique(),
        "have no probability above 0 and up to 1": unit[~probability.between(1e-12, 1)].unique(),
        "were drawn and have no scores": unit[~unit.isin(names)].unique(),
        "were coded and not drawn": not_drawn,
    }
    sentences = [
        f"{len(units)} units of `sample` {what} ({_listed(units)})."
        for what, units in wrong.items()
        if len(units)
    ]
    _raise(sentences)


def _weights(
    coded: pd.DataFrame, sample: pd.DataFrame | None
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """One over the probability of being coded, unit by frame, and the number of the stratum."""
    if sample is None:
        return coded / coded.mean(), np.zeros(len(coded), dtype=np.int64)
    drawn = sample.assign(unit=sample["unit"].astype(str)).set_index("unit")
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
    if lost.to_numpy().any():
        n = int((inverse > 0).sum())
        warnings.warn(
            f"Only {coded.sum().min()} of {n} drawn units are coded (frames "
            f"{_listed(list(coded.columns[lost.any()]))}). The coded ones of a stratum stand for "
            "the others, which is right only if what was left out does not depend on the frame.",
            stacklevel=6,
        )
    factor = coded_total.rdiv(drawn_total, axis=0).fillna(0.0)
    return weights * factor.reindex(strata).to_numpy()
