"""Published tables of counts, entered as they are printed, give the published values."""

import warnings

import numpy as np
import pandas as pd
import pytest

from framing.validity.agreement import coder_agreement
from framing.validity.counts import counts_as_codes

PSYCHIATRISTS = """
0-0-0-0-14 0-2-6-4-2 0-0-3-5-6 0-3-9-2-0 2-2-8-1-1 7-7-0-0-0 3-2-6-3-0 2-5-3-2-2 6-5-2-1-0 0-2-2-3-7
"""


@pytest.fixture
def patients():
    """Ten patients, fourteen psychiatrists: Wikipedia's article on Fleiss' kappa."""
    rows = [[int(n) for n in row.split("-")] for row in PSYCHIATRISTS.split()]
    return pd.DataFrame(rows, index=range(1, 11), columns=range(1, 6))


@pytest.fixture
def paradox():
    """Feinstein & Cicchetti (1990): .85 agreed, kappa .32."""
    return pd.DataFrame([[80, 10], [5, 5]], index=["yes", "no"], columns=["yes", "no"])


def value(codes, measure):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found = coder_agreement(codes, draws=0).set_index("measure")
    return found.loc[measure, "value"]


def test_fleiss_of_ten_patients(patients):
    codes = counts_as_codes(patients)
    assert len(codes) == 140 and codes["coder"].nunique() == 14
    assert codes.columns.tolist() == ["unit", "coder", "frame", "value"]
    assert round(value(codes, "fleiss_kappa"), 3) == 0.210
    back = pd.crosstab(codes["unit"].astype(int), codes["value"])
    assert (back.to_numpy() == patients.to_numpy()).all()


def test_kappa_of_two_coders(paradox):
    codes = counts_as_codes(paradox.rename_axis("ann").rename_axis("ben", axis=1), of="pairs")
    assert round(value(codes, "cohen_kappa"), 2) == 0.32
    assert value(codes, "percent") == 0.85
    wide = codes.pivot(index="unit", columns="coder", values="value")
    assert ((wide["ann"] == "yes") & (wide["ben"] == "no")).sum() == 10


def test_what_crosstab_makes_comes_back():
    rng = np.random.default_rng(0)
    ann, ben = (pd.Series(rng.choice(list("abc"), 50), name=name) for name in ("ann", "ben"))
    codes = counts_as_codes(pd.crosstab(ann, ben, margins=True), of="pairs", frame="tone")
    parts = [codes["value"][codes["coder"] == name].tolist() for name in ("ann", "ben")]
    assert sorted(zip(*parts, strict=True)) == sorted(zip(ann, ben, strict=True))
    assert codes["frame"].unique().tolist() == ["tone"]


@pytest.mark.parametrize("name", ["total", "Sum", "row totals", "n", "Σ"])
def test_totals_are_checked_and_left_out(patients, name):
    summed = patients.assign(**{name: 14})
    assert counts_as_codes(summed).equals(counts_as_codes(patients))
    summed.loc[4, name] = 15
    summed.loc["Total"] = [*patients.sum(), 141]
    summed.loc["Total", 2] += 1
    with pytest.raises(
        ValueError, match=r"1 of 10 rows do not add up .*row 4: 14, not 15"
    ) as error:
        counts_as_codes(summed)
    assert "1 of 5 columns do not add up to 'Total' (column 2: 28, not 29)" in str(error.value)


def test_units_with_another_number_of_codes_are_told(patients):
    patients.loc[3, 5] -= 1
    with pytest.warns(UserWarning, match=r"1 of 10 units .* than 14 \(3: 13\)") as said:
        codes = counts_as_codes(patients)
    assert said[0].filename == __file__
    note = coder_agreement(codes, draws=0).set_index("measure").loc["fleiss_kappa", "note"]
    assert "units have 13 to 14 codes" in note


def test_cells_that_are_no_counts_are_listed(patients):
    broken = patients.astype(object)
    broken.loc[2, 3], broken.loc[5, 1], broken.loc[9, 5] = -6, 0.5, None
    with pytest.raises(ValueError, match="3 of 50 cells are no counts") as error:
        counts_as_codes(broken)
    assert "row 2, column 3: -6; row 5, column 1: 0.5; row 9, column 5: None" in str(error.value)
    with pytest.raises(ValueError, match=r"counts\.set_index\('unit'\)"):
        counts_as_codes(patients.assign(unit="a"))
    with pytest.raises(ValueError, match="row 2, column 3: -6\\)"):
        counts_as_codes(patients.mask(patients.eq(6) & (patients.index == 2)[:, None], -6))
    texts = patients.astype("str")
    assert counts_as_codes(texts).equals(counts_as_codes(patients))


def test_names_that_cannot_be_told_apart(patients, paradox):
    with pytest.raises(ValueError, match=r"1 names of rows stand twice \(1\)"):
        counts_as_codes(patients.set_axis([1, 1, *range(3, 11)], axis=0))
    with pytest.raises(
        ValueError, match=r"no value is a row \(0, 1\) as well as a column"
    ) as error:
        counts_as_codes(paradox.reset_index(drop=True), of="pairs")
    mended = eval(str(error.value).rpartition("order: ")[2], {"counts": paradox})
    assert counts_as_codes(mended, of="pairs").equals(counts_as_codes(paradox, of="pairs"))


def test_arguments_are_checked(patients):
    with pytest.raises(TypeError, match="counts is a list"):
        counts_as_codes([[1, 2]])
    with pytest.raises(ValueError, match="of='coders': choose one of units, pairs"):
        counts_as_codes(patients, of="coders")
    with pytest.raises(ValueError, match="names of several levels"):
        counts_as_codes(pd.concat({"a": patients}, axis=1))
    for empty in (patients.iloc[:0], patients * 0):
        with pytest.raises(ValueError, match="nothing to count"):
            counts_as_codes(empty)


def test_the_callers_table_stays_as_it_is(patients):
    before = patients.copy()
    counts_as_codes(patients)
    pd.testing.assert_frame_equal(before, patients)


def test_n_beside_y_is_a_value_and_no_total():
    pairs = pd.DataFrame([[5, 5], [5, 80]], index=list("yn"), columns=list("yn"))
    codes = counts_as_codes(pairs, of="pairs")
    assert len(codes) == 2 * 95 and codes["value"].eq("n").sum() == 5 + 5 + 2 * 80
    units = pd.DataFrame({"y": [1, 1], "n": [1, 1]})
    assert counts_as_codes(units)["value"].tolist() == ["y", "n"] * 2
    assert counts_as_codes(units.assign(Total=2)).equals(counts_as_codes(units))
    with pytest.raises(ValueError, match="do not add up to 'n'"):
        counts_as_codes(pd.DataFrame({"yes": [1, 2], "n": [2, 2]}))
