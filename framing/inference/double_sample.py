"""Scores of all units joined to human codes of a sample of them, with what each coded unit weighs.

A sample drawn out of an already scored corpus is a double (two-phase) sample: the cheap, faulty
measurement exists for every unit, the dear one for those drawn with a known probability.
"""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.listing import listed
from framing.inference.prevalence import _Units, _units
from framing.validity.coded_units import join_codes

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

    def only_coded(self, member: NDArray[np.bool_]) -> tuple["DoubleSample", NDArray[np.bool_]]:
        """The units that were coded for some frame, and which of them are members."""
        rows = np.flatnonzero(self.coded.any(axis=1))
        arrays = (self.scores[rows], self.codes[rows], self.weights[rows], self.strata[rows])
        part = DoubleSample(self.units.take(rows), self.doc_ids[rows], *arrays, self.design)
        return part, member[rows]

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
    joined = join_codes(wide, codes, sample)
    wide = wide[joined.frames]
    units = _units(wide, articles, None, None, 0.95, "each")
    number = wide.to_numpy(dtype=float)
    as_shares = bool(((number >= 0) & (number <= 1)).all())
    return DoubleSample(
        units=units,
        doc_ids=wide.index.get_level_values(0 if wide.index.nlevels == 1 else "doc_id"),
        scores=number if as_shares else units.present.astype(float),
        codes=joined.codes.fillna(0).to_numpy(),
        weights=joined.weights.to_numpy(),
        strata=joined.strata,
        design=joined.design,
    )


def _wide_scores(scores: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Return units × frames, also from the codes of a coder who read every unit."""
    if not isinstance(scores, pd.DataFrame):
        raise TypeError(f"`scores` must be a DataFrame, not {type(scores).__name__}.")
    if not {"unit", "frame", "value"} <= set(scores.columns):
        return scores.set_axis([str(name) for name in scores.columns], axis=1)
    twice = scores[scores.duplicated(["unit", "frame"])]["unit"].astype(str).unique()
    if len(twice):
        raise ValueError(
            f"{len(twice)} of {scores['unit'].nunique()} units have several values of one frame in "
            f"`scores` ({listed(twice)}). Agree on one: adjudicate(scores)"
        )
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
