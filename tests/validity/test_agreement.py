"""Agreement: published tables to their last digit, other implementations to 1e-9, and the traps.

Tables: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section D; Krippendorff
(2004), Content Analysis, 11.3.1; Hayes & Krippendorff (2007), Communication Methods and Measures 1,
77-89, table 1; the three coders of the English Wikipedia's article on alpha; Cohen (1960); Fleiss
(1971), as the counts of each diagnosis; the ten patients of Wikipedia's article on Fleiss' kappa;
the data of Gwet's R package irrCAC (2019), whose values were computed with its Python
version, irrCAC 0.4.4.
"""

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from framing.validity.agreement import MEAN, POOLED, coder_agreement, read_frames
from framing.validity.coder_checks import coder_drift, compare_coders
from framing.validity.codes import codes_as_sets
from framing.validity.coincidences import alpha_terms
from framing.validity.resampling import bootstrap, percentiles

NONE = float("nan")
KRIPPENDORFF_2011 = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 ."""
KRIPPENDORFF_2011_B = "a a b b d c c c e d d a\nb a b b b c c c e d d d"
WIKIPEDIA = """
. . . . . 3 4 1 2 1 1 3 3 . 3
1 . 2 1 3 3 4 3 . . . . . . .
. . 2 1 3 4 4 . 2 1 1 3 3 . 4"""
KRIPPENDORFF_2004 = "1 1 0 0 0 0 0 0 0 0\n0 1 1 0 0 1 0 1 0 0"
HAYES_2007 = """
1 1 2 . 0 0 1 1 2 2 . 0 1 3 1 1 2 1 1 0 0 0 2 0 1 0 0 1 1 1 1 2 2 3 2 2 2 2 2 1
1 1 3 0 0 0 0 . 2 1 1 0 2 3 1 1 1 2 1 0 0 0 3 0 2 1 0 2 1 1 1 1 2 2 2 2 2 2 2 1
2 0 3 0 0 0 2 2 2 1 0 0 2 2 1 1 2 3 0 0 1 . 3 0 . 1 0 1 2 2 0 2 . 2 2 3 2 . 2 1
. 1 3 . . . . 0 . 1 0 0 2 2 . . . 3 1 . 1 0 3 0 2 1 1 2 2 . . 1 2 2 . . . 1 2 .
2 . . 0 0 0 1 . 2 . . . . 3 1 1 2 . . 0 . 0 . . 2 . 0 . . 2 0 . 2 . 2 2 2 2 . 1"""
RAW_4RATERS = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . .
. 3 3 3 2 3 4 2 2 5 1 3
1 2 3 3 2 4 4 1 2 5 1 ."""
RAW_5OBSERVERS = """
1 1 2 . 0 0 1 1 2 2 . 0 1 3 1
1 1 3 0 0 0 0 . 2 1 1 0 2 3 1
2 0 3 0 0 0 2 2 2 1 0 0 2 2 1
. 1 3 . . . . 0 . 1 0 0 2 2 .
2 . . 0 0 0 1 . 2 . . . . 3 1"""
RAW_GENDER = """
a a a a a b b b c a a a a a b
a a a a b a b c c a a a a b a
a b b c a a b b c a b b c a a
c c c c a a b b c c c c c a a"""
BEN_GERRY = "a a b b d c c c e d d a\nb a b b b c c c e . d d"
FLEISS_1971 = """
000600 030003 014001 000006 030300 204000 004002 203100 200400 000006 100500 110400 033000 100500
020301 005001 300102 510000 020400 102003 000006 010500 020103 200400 100401 050100 400002 020400
105000 000006"""
TEN_PATIENTS = """
0-0-0-0-14 0-2-6-4-2 0-0-3-5-6 0-3-9-2-0 2-2-8-1-1 7-7-0-0-0 3-2-6-3-0 2-5-3-2-2 6-5-2-1-0 0-2-2-3-7
"""


def long(matrix, frame="x"):
    """Coders × units, as text or numbers, as a table of codes."""
    if isinstance(matrix, str):
        matrix = [row.split() for row in matrix.strip().split("\n")]
    rows = [
        {"unit": f"u{k:03}", "coder": f"c{number}", "frame": frame, "value": value}
        for number, row in enumerate(matrix)
        for k, value in enumerate(row)
        if value != "." and value == value
    ]
    table = pd.DataFrame(rows, columns=["unit", "coder", "frame", "value"])
    whole = table["value"].map(lambda value: str(value).isdigit()).all()
    return table.assign(value=table["value"].astype(int)) if whole else table


def from_counts(rows):
    """Units × values, how many coders gave each, as a table of codes of interchangeable coders."""
    lists = [[value for value, n in enumerate(row) for _ in range(n)] for row in rows]
    return long(list(itertools.zip_longest(*lists, fillvalue=NONE)))


def from_cells(cells):
    """A square table of two coders as codes."""
    pairs = [pair for pair, n in cells.items() for _ in range(n)]
    return long([[a for a, _ in pairs], [b for _, b in pairs]])


def measures(codes, **options):
    """Values by measure; by frame and measure where there are several frames."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found = coder_agreement(codes, **{"draws": 0, **options})
    keys = ["measure"] if found["frame"].nunique() == 1 else ["frame", "measure"]
    return found.set_index(keys)["value"]


# --- published tables -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "data, level, published, digits",
    [
        (KRIPPENDORFF_2011, "nominal", 0.743, 3),
        (KRIPPENDORFF_2011, "ordinal", 0.815, 3),
        (KRIPPENDORFF_2011, "interval", 0.849, 3),
        (KRIPPENDORFF_2011, "ratio", 0.797, 3),
        (HAYES_2007, "nominal", 0.477, 3),
        (HAYES_2007, "ordinal", 0.7598, 4),
        (HAYES_2007, "interval", 0.757, 3),
        (WIKIPEDIA, "nominal", 0.691, 3),
        (WIKIPEDIA, "ordinal", 0.807, 3),
        (WIKIPEDIA, "interval", 0.811, 3),
        (KRIPPENDORFF_2004, "nominal", 0.095, 3),
        (KRIPPENDORFF_2011_B, "nominal", 0.692, 3),
    ],
)
def test_alpha_of_published_tables(data, level, published, digits):
    assert round(measures(long(data), level=level)["alpha"], digits) == published


@pytest.mark.parametrize(
    "data, fleiss, ac1, alpha",
    [
        (RAW_4RATERS, 0.76117, 0.77544, 0.74342),
        (RAW_5OBSERVERS, 0.45762, 0.49662, 0.48053),
        (RAW_GENDER, 0.12889, 0.20808, 0.14341),
        (BEN_GERRY, 0.64935, 0.66144, None),
    ],
)
def test_measures_that_irrcac_gives_with_missing_codes(data, fleiss, ac1, alpha):
    found = measures(long(data))
    assert round(found["fleiss_kappa"], 5) == fleiss
    assert round(found["gwet_ac1"], 5) == ac1
    assert alpha is None or round(found["alpha"], 5) == alpha


def test_two_coders_of_gwets_abstractors():
    cells = {(0, 0): 13, (1, 1): 20, (1, 2): 7, (2, 1): 4, (2, 2): 56}
    found = measures(from_cells(cells))
    assert round(found["cohen_kappa"], 5) == 0.79641
    assert round(found["fleiss_kappa"], 5) == 0.79624, "of two coders it is Scott's pi"
    assert round(found["gwet_ac1"], 5) == 0.84933
    assert round(found["alpha"], 5) == 0.79726


def test_cohen_1960():
    table = [[88, 10, 2], [14, 40, 6], [18, 10, 12]]
    cells = {(a, b): table[a][b] for a in range(3) for b in range(3)}
    assert round(measures(from_cells(cells))["cohen_kappa"], 3) == 0.492


@pytest.mark.parametrize(
    "table, kappa, pi",
    [
        ([[40, 9], [6, 45]], 0.70, None),  # Feinstein & Cicchetti (1990), J Clin Epidemiol 43
        ([[80, 10], [5, 5]], 0.32, None),  # of the same percent agreement, .85
        ([[45, 15], [25, 15]], 0.13, None),
        ([[25, 35], [5, 35]], 0.26, None),
        ([[20, 20], [10, 50]], 0.348, 0.341),  # Artstein & Poesio (2008), Comput Linguist 34
        # Landis & Koch (1977), Biometrics 33: neurologists in Winnipeg and New Orleans
        ([[38, 5, 0, 1], [33, 11, 3, 0], [10, 14, 5, 6], [3, 7, 3, 10]], 0.208, None),
        ([[5, 3, 0, 0], [3, 11, 4, 0], [2, 13, 3, 4], [1, 2, 4, 14]], 0.297, None),
    ],
)
def test_kappa_of_published_tables(table, kappa, pi):
    places = range(len(table))
    found = measures(from_cells({(a, b): table[a][b] for a in places for b in places}))
    assert round(found["cohen_kappa"], 3 if kappa * 100 % 1 else 2) == kappa
    assert pi is None or round(found["fleiss_kappa"], 3) == pi


def test_fleiss_1971():
    rows = [[int(n) for n in patient] for patient in FLEISS_1971.split()]
    assert {sum(row) for row in rows} == {6} and len(rows) == 30
    assert round(measures(from_counts(rows))["fleiss_kappa"], 7) == 0.4302445


def test_ten_patients_of_fourteen_psychiatrists():
    rows = [[int(n) for n in patient.split("-")] for patient in TEN_PATIENTS.split()]
    assert round(measures(from_counts(rows))["fleiss_kappa"], 3) == 0.210


def test_where_kappa_collapses_and_ac1_does_not():
    """118 of 125 units are yes for both: kappa (118 - 118.2) / (125 - 118.2), AC1 chance .0544."""
    found = measures(from_cells({(1, 1): 118, (1, 0): 5, (0, 1): 2}))
    assert round(found["percent"], 3) == 0.944
    assert round(found["cohen_kappa"], 4) == -0.0234
    assert round(found["gwet_ac1"], 4) == 0.9408


# --- by hand --------------------------------------------------------------------------------


def test_a_table_small_enough_for_paper():
    """Two coders, 4 units, one disagreement: o = 2, n0 = 5, n1 = 3, so alpha = 1 - 7 · 2 / 30."""
    found = measures(long([[1, 1, 0, 0], [1, 0, 0, 0]]))
    assert found["alpha"] == pytest.approx(1 - 7 * 2 / 30)
    assert found["percent"] == 0.75
    assert found["cohen_kappa"] == pytest.approx((0.75 - 0.5) / 0.5)
    assert found["fleiss_kappa"] == pytest.approx((0.75 - 34 / 64) / (1 - 34 / 64))
    assert found["gwet_ac1"] == pytest.approx((0.75 - 30 / 64) / (1 - 30 / 64))


def test_light_is_the_mean_over_pairs():
    rows = [[1, 1, 0, 0, 1], [1, 0, 0, 0, 1], [0, 1, 0, 1, 1]]
    pairs = [measures(long(list(pair)))["cohen_kappa"] for pair in itertools.combinations(rows, 2)]
    assert measures(long(rows))["light_kappa"] == pytest.approx(np.mean(pairs))


def test_pairs_without_a_kappa_are_left_out_and_counted():
    """Two coders said 1 of all they shared; the third differs once."""
    found = coder_agreement(long([[1, 1, 1], [1, 1, 1], [0, 1, 1]]), draws=0).set_index("measure")
    assert found.loc["light_kappa", "value"] == 0
    assert "pairs of coders without a kappa, left out: 1" in found.loc["light_kappa", "note"]


def test_masi_by_hand():
    """{a} ⊂ {a, b}: 1 - 2/3 · 1/2 = 2/3; {a, b} and {b, c}: 1 - 1/3 · 1/3 = 8/9; apart: 1."""
    found = measures(long([["a", "a|b"], ["a|b", "b|c"]]), level="masi")
    observed = (2 / 3 + 8 / 9) / 2
    expected = (2 * 2 / 3 + 2 * 8 / 9 + 1) * 2 / 12
    assert found["alpha"] == pytest.approx(1 - observed / expected)


def test_sets_may_be_sets_and_empty():
    values = [[frozenset("ab"), frozenset()], [frozenset("a"), frozenset()]]
    texts = [["a|b", ""], ["a", ""]]
    assert measures(long(values), level="masi").equals(measures(long(texts), level="masi"))


def test_sets_out_of_yes_and_no():
    codes = pd.concat([long([[1, 0], [1, 1]], "war"), long([[0, 1], [1, 1]], "peace")])
    sets = codes_as_sets(codes)
    assert sets["value"].tolist() == ["war", "peace|war", "peace", "peace|war"]
    assert measures(sets, level="masi")["percent"] == 0


# --- other implementations ------------------------------------------------------------------

codings = st.integers(2, 5).flatmap(
    lambda n_coders: st.lists(
        st.lists(st.sampled_from([0, 1, 2, 5, None]), min_size=n_coders, max_size=n_coders),
        min_size=2,
        max_size=12,
    )
)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@settings(max_examples=25, deadline=None)
@given(units=codings)
def test_alpha_equals_the_krippendorff_package(level, units):
    krippendorff = pytest.importorskip("krippendorff")
    matrix = np.array(units, dtype=float).T
    paired = matrix[:, (~np.isnan(matrix)).sum(axis=0) > 1]
    assume(len(np.unique(paired[~np.isnan(paired)])) > 1)
    expected = krippendorff.alpha(reliability_data=matrix, level_of_measurement=level)
    assert measures(long(matrix), level=level)["alpha"] == pytest.approx(expected, abs=1e-9)


sets_of = st.sets(st.sampled_from("abc"), min_size=1).map(frozenset)


@settings(max_examples=15, deadline=None)
@given(units=st.lists(st.lists(sets_of, min_size=3, max_size=3), min_size=2, max_size=6))
def test_masi_alpha_equals_nltk(units):
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import masi_distance

    assume(len({value for unit in units for value in unit}) > 1)
    rows = [
        (f"c{k}", f"u{n}", value) for n, unit in enumerate(units) for k, value in enumerate(unit)
    ]
    expected = AnnotationTask(data=rows, distance=masi_distance).alpha()
    codes = pd.DataFrame(rows, columns=["coder", "unit", "value"]).assign(frame="x")
    assert measures(codes, level="masi")["alpha"] == pytest.approx(expected, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(units=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=20))
def test_kappa_equals_scikit_learn(units):
    from sklearn.metrics import cohen_kappa_score

    first, second = zip(*units, strict=True)
    assume(len({*first, *second}) > 1)
    expected = cohen_kappa_score(first, second)
    assert measures(long([first, second]))["cohen_kappa"] == pytest.approx(expected, abs=1e-9)


# --- the bootstrap --------------------------------------------------------------------------


def noisy(n_units, n_coders=3, right=0.85, share=0.4, seed=0):
    """Codes of coders who give the true value with probability `right`; some are missing."""
    rng = np.random.default_rng(seed)
    truth = rng.random(n_units) < share
    codes = np.where(rng.random((n_coders, n_units)) < right, truth, ~truth).astype(float)
    codes[rng.random(codes.shape) < 0.1] = np.nan
    return codes


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_a_draw_is_alpha_of_the_units_drawn(level):
    """Draws through weighted sums equal alpha of a table in which units are really repeated."""
    rng = np.random.default_rng(3)
    matrix = rng.integers(0, 4, (3, 12)).astype(float)
    matrix[rng.random(matrix.shape) < 0.15] = np.nan
    [frame] = read_frames(long(matrix), level, None).values()
    terms = alpha_terms(frame, level)
    weights = rng.multinomial(frame.n_owners, np.full(frame.n_owners, 1 / frame.n_owners), size=5)
    drawn = terms.value((terms.features.T @ weights.T.astype(float)).T)
    kept = matrix[:, ~np.isnan(matrix).all(axis=0)]
    for row, value in zip(weights, drawn, strict=True):
        again = measures(long(np.repeat(kept, row, axis=1)), level=level)["alpha"]
        assert value == pytest.approx(again, abs=1e-12)


def test_the_same_seed_gives_the_same_interval_and_order_does_not_matter():
    codes = long(noisy(60))
    first = coder_agreement(codes, draws=200, random_state=4)
    again = coder_agreement(codes.sample(frac=1, random_state=0), draws=200, random_state=4)
    other = coder_agreement(codes, draws=200, random_state=5)
    pd.testing.assert_frame_equal(first, again)
    assert not first["low"].equals(other["low"])
    assert (first["low"] < first["value"]).all() and (first["value"] < first["high"]).all()


def test_intervals_narrow_with_units():
    widths = []
    for n_units in (50, 800):
        found = coder_agreement(long(noisy(n_units)), draws=300).set_index("measure")
        widths.append(found.loc["alpha", "high"] - found.loc["alpha", "low"])
    assert widths[1] < widths[0] / 2.5, "sixteen times the units, about a quarter of the width"


def test_intervals_cover_the_alpha_of_all_units():
    """100 samples of 80 units from 5,000: about 95 % of the intervals hold the alpha of all."""
    everything = noisy(5_000, right=0.8, seed=1)
    truth = measures(long(everything))["alpha"]
    rng, held = np.random.default_rng(2), 0
    for seed in range(100):
        [frame] = read_frames(
            long(everything[:, rng.integers(0, 5_000, 80)]), "nominal", None
        ).values()
        drawn = bootstrap([alpha_terms(frame, "nominal")], 300, seed)[:, 0]
        low, high = percentiles(drawn, 0.95)
        held += low <= truth <= high
    assert 88 <= held <= 99


def test_a_unit_is_drawn_with_all_its_frames():
    """Two frames with the same codes rest on 60 units, not on 120: pooling must not narrow."""
    matrix = noisy(60)
    codes = pd.concat([long(matrix, "war"), long(matrix, "peace")])
    found = coder_agreement(codes, draws=500).set_index(["frame", "measure"])
    width = (found["high"] - found["low"]).xs("alpha", level="measure")
    assert width[POOLED] == pytest.approx(width["war"], rel=0.02)
    assert width[MEAN] == pytest.approx(width["war"], rel=1e-9)


def test_paragraphs_of_one_article_are_drawn_together():
    """Each unit four times over, as paragraphs that are coded alike, is worth one unit."""
    rng = np.random.default_rng(3)
    first = rng.integers(0, 2, 60)
    second = np.where(rng.random(60) < 0.25, 1 - first, first)
    articles = long([first.tolist(), second.tolist()])
    parts = [
        articles.assign(doc_id=articles["unit"], unit=articles["unit"] + f":{k}") for k in "1234"
    ]
    paragraphs = pd.concat(parts, ignore_index=True)
    whole, parted, naive = (
        coder_agreement(codes).set_index("measure").loc["percent"]
        for codes in (articles, paragraphs, paragraphs.drop(columns="doc_id"))
    )
    assert [parted["low"], parted["high"]] == pytest.approx([whole["low"], whole["high"]], abs=0.05)
    assert naive["high"] - naive["low"] < 0.6 * (whole["high"] - whole["low"])
    assert parted["interval"] == "bootstrap 95 %, 1,000 draws of articles"
    assert compare_coders(paragraphs, draws=20)["interval"].str.endswith("draws of articles").all()


def test_units_of_unknown_or_several_articles_are_refused():
    codes = long([[1, 0, 1], [1, 1, 1]]).assign(doc_id=["a", "a", None, "a", "b", None])
    with pytest.raises(ValueError, match=r"Of 3 units, 1 have no doc_id and 1 have several"):
        coder_agreement(codes)


def test_no_draws_no_intervals():
    found = coder_agreement(long(noisy(20)), draws=0)
    assert found["low"].isna().all() and (found["interval"] == "none").all()


# --- frames ---------------------------------------------------------------------------------


def test_pooling_lifts_alpha_where_frames_differ():
    """Coders who only share that war is common and peace is rare do not agree within frames."""
    rng = np.random.default_rng(0)
    war, peace = ((rng.random((2, 300)) < share).astype(int) for share in (0.9, 0.1))
    found = measures(pd.concat([long(war, "war"), long(peace, "peace")]))
    assert abs(found["war", "alpha"]) < 0.15 and abs(found["peace", "alpha"]) < 0.15
    assert found[POOLED, "alpha"] > 0.5
    told = coder_agreement(pd.concat([long(war, "war"), long(peace, "peace")]), draws=0)
    assert told.loc[told["frame"] == POOLED, "note"].str.contains("report frame by frame").all()
    assert found[MEAN, "alpha"] == pytest.approx(
        (found["war", "alpha"] + found["peace", "alpha"]) / 2
    )


def test_frames_of_names_and_of_numbers_are_not_pooled():
    codes = pd.concat([long([[1, 0], [1, 1]], "war"), long([["a", "b"], ["a", "a"]], "tone")])
    assert set(coder_agreement(codes, draws=0)["frame"]) == {"war", "tone", MEAN}


def test_frames_may_rest_on_other_units_and_coders():
    third = long([[1, 0, 1], [1, 0, 0], [1, 1, 0]], "peace")
    codes = pd.concat([long([[1, 0, 1, 1], [1, 0, 0, 1]], "war"), third])
    found = coder_agreement(codes, draws=50).set_index(["frame", "measure"])
    assert found.loc[("war", "cohen_kappa"), ["n_units", "n_coders"]].tolist() == [4, 2]
    assert found.loc[("peace", "light_kappa"), ["n_units", "n_coders"]].tolist() == [3, 3]
    assert found.loc[("war", "alpha"), "value"] == pytest.approx(
        measures(codes[codes["frame"] == "war"])["alpha"]
    )


# --- traps ----------------------------------------------------------------------------------


def test_nothing_varies_and_nothing_is_claimed():
    codes = long([[1, 1, 1], [1, 1, 1]])
    with pytest.warns(UserWarning, match=r"In 1 of 1 frames every code is the same \(x\)"):
        found = coder_agreement(codes, draws=50).set_index("measure")
    assert found["value"].drop("percent").isna().all()
    assert found.loc["percent", "value"] == 1
    assert found.loc["alpha", "note"].startswith("not defined: every code is 1")
    assert found["low"].drop("percent").isna().all()


@pytest.mark.parametrize("level", ["ordinal", "interval", "ratio", "masi"])
def test_nothing_varies_at_any_level(level):
    codes = long([[0.1, 0.1, 0.1], [0.1, 0.1, 0.1]])
    if level == "masi":
        codes = codes.assign(value="a")
    with pytest.warns(UserWarning, match="every code is the same"):
        assert np.isnan(coder_agreement(codes, level=level, draws=0)["value"].iloc[0])


def test_a_lone_other_code_does_not_count_as_variation():
    """The only 0 is of a unit that one coder coded: among units with two codes all are 1."""
    with pytest.warns(UserWarning, match="every code is the same"):
        found = coder_agreement(long([[1, 1, 0], [1, 1, NONE]]), draws=0).set_index("measure")
    assert found["value"].drop("percent").isna().all()
    assert found["n_units"].unique().tolist() == [2]


def test_swapped_columns_are_said_and_cost_no_time():
    rng = np.random.default_rng(0)
    codes = long(rng.integers(0, 2, (3, 1000)).tolist())
    swapped = codes.rename(columns={"unit": "coder", "coder": "unit"})
    with pytest.warns(UserWarning, match="1,000 coders and only 3 units") as said:
        found = coder_agreement(swapped, draws=10)
    assert "light_kappa" not in set(found["measure"])
    line = str(said[0].message).partition("swapped? ")[2]
    mended = eval(line, {"codes": swapped})
    assert measures(mended).equals(measures(codes))


def test_the_prevalence_trap_is_said_aloud():
    rows = np.ones((2, 200), dtype=int)
    rows[0, 0] = 0
    with pytest.warns(UserWarning, match=r"\(x: 99.8 % 1\)\. Percent agreement and AC1 are high"):
        found = coder_agreement(long(rows), draws=200).set_index("measure")
    assert found.loc["alpha", "value"] == pytest.approx(0, abs=1e-9)
    assert found.loc["gwet_ac1", "value"] > 0.99
    assert found.loc["alpha", "yes_rate"] == pytest.approx(399 / 400)
    assert "by chance alone 99.5 % of pairs agree" in found.loc["alpha", "note"]
    assert "no interval" in found.loc["alpha", "note"] and np.isnan(found.loc["alpha", "low"])


def test_a_paradox_of_kappa_is_said():
    """Feinstein & Cicchetti (1990): .85 agreed, kappa .32; 87.5 % of the codes are 1."""
    skewed = from_cells({(1, 1): 80, (1, 0): 10, (0, 1): 5, (0, 0): 5})
    balanced = from_cells({(1, 1): 40, (1, 0): 9, (0, 1): 6, (0, 0): 45})
    note = coder_agreement(skewed, draws=0)["note"]
    assert note.str.startswith("87.5 % of the codes are 1: by chance alone 78.1 % of pairs").all()
    assert coder_agreement(balanced, draws=0)["note"].eq("").all()


def test_few_units_with_the_rarer_value_are_said():
    rows = [[1] * 3 + [0] * 30, [1] * 3 + [0] * 30]
    note = coder_agreement(long(rows), draws=0)["note"]
    assert note.str.contains("units with another code than 0: 3, too few").all()


def test_perfect_agreement_is_no_certainty():
    found = coder_agreement(long([[1, 0, 1], [1, 0, 1]]), draws=0)
    assert found["value"].eq(1).all()
    assert found["note"].str.contains("no disagreement was seen").all()


def test_systematic_disagreement_is_below_zero():
    assert measures(long([[1, 0, 1, 0], [0, 1, 0, 1]]))["alpha"] == pytest.approx(-0.75)


def test_no_unit_with_two_codes():
    with pytest.raises(ValueError, match="None of the units of 1 frames has codes of two coders"):
        coder_agreement(long([[1, NONE], [NONE, 0]]))


def test_one_frame_without_pairs_among_others():
    codes = pd.concat([long([[1, 0], [1, 1]], "war"), long([[1, 0]], "peace")])
    found = coder_agreement(codes, draws=20).set_index(["frame", "measure"])
    assert np.isnan(found.loc[("peace", "percent"), "value"])
    assert "no unit has codes of two" in found.loc[("peace", "alpha"), "note"]
    assert found.loc[(MEAN, "alpha"), "note"] == "mean of 1 of 2 frames"


def test_a_coder_with_one_code_counts_only_there():
    codes = long([[1, 0, 1], [1, 0, 0], [NONE, NONE, 1]])
    found = measures(codes)
    assert found["percent"] == pytest.approx((1 + 1 + 1 / 3) / 3)
    assert found["light_kappa"] == pytest.approx(
        measures(long([[1, 0, 1], [1, 0, 0]]))["cohen_kappa"] / 2
    )


@pytest.mark.parametrize("measure", [coder_agreement, compare_coders, coder_drift])
def test_warnings_are_said_once_and_name_the_callers_line(measure):
    codes = timed([[1, 0, 1, 1], [1, 0, 0, 1]]).replace({"coder": {"c0": "Ann", "c1": "ann "}})
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        measure(codes, draws=0)
    assert [one.filename for one in said] == [__file__]
    assert "differ only in capitals and blanks" in str(said[0].message)


# --- values ---------------------------------------------------------------------------------


def test_numbers_and_their_texts_agree_at_every_level():
    texts = long(KRIPPENDORFF_2011).assign(value=lambda table: table["value"].astype("str"))
    for level in ("nominal", "ordinal", "interval", "ratio"):
        numbers = measures(long(KRIPPENDORFF_2011), level=level)["alpha"]
        assert measures(texts, level=level)["alpha"] == pytest.approx(numbers)


def test_ten_comes_after_nine_also_as_text():
    rows = [["2", "9", "10", "2"], ["2", "10", "9", "9"]]
    numbers = [[int(value) for value in row] for row in rows]
    assert measures(long(rows).astype({"value": "str"}), level="ordinal")["alpha"] == pytest.approx(
        measures(long(numbers), level="ordinal")["alpha"]
    )


def test_ordered_words_need_an_order():
    words = {1: "none", 2: "some", 3: "much", 4: "most", 5: "all"}
    codes = long(KRIPPENDORFF_2011)
    texts = codes.assign(value=codes["value"].map(words))
    with pytest.raises(ValueError, match=r"39 of 41 codes|41 of 41 codes are no numbers .*order="):
        coder_agreement(texts, level="ordinal")
    order = list(words.values())
    expected = measures(codes, level="ordinal")["alpha"]
    assert measures(texts, level="ordinal", order=order)["alpha"] == pytest.approx(expected)
    ordered = texts.assign(value=pd.Categorical(texts["value"], order, ordered=True))
    assert measures(ordered, level="ordinal")["alpha"] == pytest.approx(expected)
    with pytest.raises(ValueError, match=r"codes are not in `order` \('all'\)"):
        coder_agreement(texts, level="ordinal", order=order[:-1])


def test_unused_values_count_for_ac1_alone():
    codes = long([[1, 0, 1, 1], [1, 0, 0, 1]])
    two, three = (measures(codes, order=order) for order in ([0, 1], [0, 1, 2]))
    assert two.drop("gwet_ac1").equals(three.drop("gwet_ac1"))
    assert three["gwet_ac1"] > two["gwet_ac1"]


def test_values_that_do_not_suit_the_level():
    codes = long([[1, -2, 3], [1, 2, float("inf")]])
    with pytest.raises(ValueError, match="1 of 6 codes are infinite") as error:
        coder_agreement(codes, level="ratio")
    assert "1 of 6 codes are below 0" in str(error.value)
    assert "level='interval'" in str(error.value)
    with pytest.raises(ValueError, match=r"2 of 4 codes are no numbers \('1,5'\) in unit u000,"):
        coder_agreement(
            long([["1,5", "2"], ["1,5", "2"]]).astype({"value": "str"}), level="interval"
        )


def test_thousands_of_numbers_of_a_ratio_scale(monkeypatch):
    """Distances of many numbers are computed part by part; the parts change nothing."""
    rng = np.random.default_rng(0)
    first = rng.exponential(5, 60)
    codes = long([first.tolist(), (first * rng.uniform(0.5, 2, 60)).tolist()])
    whole = coder_agreement(codes, level="ratio", draws=50)
    monkeypatch.setattr("framing.validity.coincidences.CELLS", 1000)
    parted = coder_agreement(codes, level="ratio", draws=50)
    pd.testing.assert_frame_equal(whole, parted)


def test_words_that_look_alike_or_missing_are_said():
    with pytest.warns(UserWarning, match=r"two ways \(1: 'Yes' and 'yes ' in x\)"):
        coder_agreement(long([["Yes", "no"], ["yes ", "no"]]), draws=0)
    with pytest.warns(UserWarning, match=r"two ways \(1: 'War' and 'war' in x\)"):
        coder_agreement(long([["War|a", "a"], ["war|a", "a"]]), level="masi", draws=0)
    with pytest.warns(UserWarning, match=r"missing codes \(1: 'NA' in x\)"):
        coder_agreement(long([["a", "NA"], ["a", "b"]]), draws=0)
    for one, other in [("True", "true)"), ("pro-war", "pro war"), ("1", "yes"), ("2.0", "2")]:
        codes = long([[one, "x"], [other, "x"]]).astype({"value": "str"})
        with pytest.warns(UserWarning, match="written in two ways") as said:
            coder_agreement(codes, draws=0)
        line = str(said[0].message).partition("join them: ")[2].partition("; all words")[0]
        assert measures(eval(line, {"codes": codes}))["percent"] == 1
    with pytest.warns(UserWarning, match=r"0.3 and 0.30000000000000004"):
        coder_agreement(long([[0.3, 1], [0.1 + 0.2, 1]]), level="interval", draws=0)
    with pytest.raises(ValueError, match="1 of 4 codes are blank text"):
        coder_agreement(long([["a", " "], ["a", "b"]]), draws=0)


@pytest.mark.parametrize("level", ["nominal", "interval"])
def test_numbers_that_stand_for_missing_are_said(level):
    with pytest.warns(UserWarning, match=r"missing codes \(1: 99(\.0)? in x\)"):
        coder_agreement(long([[1, 2, 3, 99], [1, 2, 2, 3]]), level=level, draws=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        coder_agreement(long([[1, 2, 3, 9], [1, 2, 2, 8]]), level=level, draws=0)
        coder_agreement(long([["B-", "B", "-1", "1"], ["B", ".5", "5", "1"]]), draws=0)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("mark", [".", "*", "NA", -99, 99, -9])
def test_the_line_that_repairs_marks_of_missing_works(level, mark):
    codes = long(KRIPPENDORFF_2011)
    cells = pd.MultiIndex.from_product([codes["unit"].unique(), codes["coder"].unique()])
    filled = codes.set_index(["unit", "coder"]).reindex(cells.set_names(["unit", "coder"]))
    kind = "str" if isinstance(mark, str) else "int64"
    value = filled["value"].map(lambda value: mark if value != value else f"{value:g}")
    marked = filled.assign(frame="x", value=value.astype(kind)).reset_index()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            coder_agreement(marked, level=level, draws=0)
            message = str(said[0].message)
        except ValueError as error:
            message = str(error)
    line = message[message.rindex("codes.assign") :]
    mended = eval(line, {"codes": marked, "pd": pd})
    wanted = measures(codes, level=level)["alpha"]
    assert measures(mended, level=level)["alpha"] == pytest.approx(wanted)


def test_decimal_commas_are_repaired():
    codes = long([["1,5", "2", "3"], ["1,5", "2", "2,5"]]).astype({"value": "str"})
    with pytest.raises(ValueError, match=r"Write decimal points: codes.assign") as error:
        coder_agreement(codes, level="interval")
    mended = eval(str(error.value).partition("points: ")[2], {"codes": codes})
    numbers = long([[1.5, 2, 3], [1.5, 2, 2.5]])
    assert measures(mended, level="interval").equals(measures(numbers, level="interval"))


def test_a_value_given_once_is_told():
    """Two digits for one are a value of their own where nobody says what the scale is."""
    codes = long(KRIPPENDORFF_2011)
    assert not coder_agreement(codes, draws=0)["note"].str.contains("given once").any()
    slipped = codes.assign(value=codes["value"].where(codes.index != 7, 11))
    note = coder_agreement(slipped, draws=0)["note"]
    assert note.str.contains("given once only: 11; a slip?", regex=False).all()
    rare = from_counts([[2, 0], [2, 0], [1, 1]] * 4).replace({"value": {0: 5}})
    assert not coder_agreement(rare, draws=0)["note"].str.contains("given once").any()


def test_a_value_outside_the_order_is_told_with_its_unit():
    with pytest.raises(ValueError, match=r"1 of 6 codes are not in `order` \(22\) in unit u001\."):
        coder_agreement(long([[1, 22, 3], [1, 2, 3]]), order=[1, 2, 3, 4, 5])


def test_an_order_may_be_any_series():
    codes = long([["low", "high", "mid"], ["low", "mid", "mid"]])
    words = ["low", "mid", "high"]
    wanted = measures(codes, level="ordinal", order=words)
    for order in (np.array(words), pd.Index(words), (word for word in words)):
        assert measures(codes, level="ordinal", order=order).equals(wanted)


def test_sets_that_are_not_divided_are_refused():
    with pytest.raises(ValueError, match=r"2 of 4 sets are not divided by '\|' \(e.g. 'a, b'\)"):
        coder_agreement(long([["a, b", "c"], ["b, a", "c"]]), level="masi")


@pytest.mark.parametrize(
    "options, message",
    [
        ({"level": "binary"}, "choose one of nominal"),
        ({"level": "interval", "order": [1, 2]}, "`order` is for nominal and ordinal"),
        ({"order": [1, 1]}, "every value once"),
        ({"confidence": 95}, "must lie between 0 and 1"),
        ({"draws": -1}, "must be 0"),
    ],
)
def test_options_that_make_no_sense(options, message):
    with pytest.raises(ValueError, match=message):
        coder_agreement(long([[1, 0], [1, 1]]), **options)


# --- coder by coder, drift ------------------------------------------------------------------


def test_the_coder_with_another_reading_is_found():
    matrix = noisy(300, n_coders=4, right=0.9)
    matrix[3] = np.where(np.random.default_rng(5).random(300) < 0.4, 1, matrix[3])
    found = compare_coders(long(matrix), draws=300).set_index("coder")
    assert found["agreement"].idxmin() == "c3" and found["bias"].idxmax() == "c3"
    assert found.loc["c3", "bias_low"] > 0 and found.loc["c3", "gain_low"] > 0
    assert found.loc["c3", "alpha_without"] > found.loc["c3", "alpha"]


def test_alpha_without_a_coder_is_alpha_of_the_rest():
    matrix = noisy(80)
    found = compare_coders(long(matrix), draws=0).set_index("coder")
    assert found.loc["c1", "alpha_without"] == pytest.approx(
        measures(long(matrix[[0, 2]]))["alpha"]
    )


def test_a_coder_of_two_has_no_rest():
    found = compare_coders(long([[1, 0, 1], [1, 0, 0]]), draws=20)
    assert found["alpha_without"].isna().all()
    assert found["bias"].tolist() == pytest.approx([1 / 3, -1 / 3])


def test_names_have_no_bias():
    found = compare_coders(long([["a", "b", "b"], ["a", "b", "c"]]), draws=20)
    assert found["bias"].isna().all() and found["agreement"].tolist() == pytest.approx([2 / 3] * 2)


def timed(matrix):
    codes = long(matrix)
    day = pd.to_timedelta(codes["unit"].str[1:].astype(int), unit="D")
    return codes.assign(coded_at=pd.Timestamp("2031-03-03") + day)


def test_a_coder_who_tires_is_found():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 200)
    tired = np.where(np.arange(200) < 100, truth, rng.integers(0, 2, 200))
    found = coder_drift(timed([truth, truth, tired]), draws=200)
    late = found[(found["block"] == 2) & (found["measure"] == "agreement")].set_index("coder")
    assert late.loc["c2", "change"] < -0.3 and late.loc["c2", "change_high"] < 0
    assert found["n_codes"].tolist()[:2] == [100, 100]
    assert (found["last"] >= found["first"]).all()


def test_blocks_follow_each_coders_own_time():
    """The second coder worked backwards: the early block of one is the late block of the other."""
    codes = timed([[1, 1, 1, 0], [1, 1, 1, 0]])
    back = codes["coder"] == "c1"
    codes.loc[back, "coded_at"] = codes.loc[back, "coded_at"].to_numpy()[::-1]
    found = coder_drift(codes, draws=0).query("measure == 'mean'")
    values = found.groupby("coder")["value"].agg(list)
    assert values["c0"] == [1, 0.5] and values["c1"] == [0.5, 1]


def test_drift_needs_times():
    codes = long([[1, 0], [1, 1]])
    with pytest.raises(ValueError, match="no column 'coded_at'"):
        coder_drift(codes)
    with pytest.raises(ValueError, match=r"4 of 4 judgements have no time \(coder c0, c1\)"):
        coder_drift(codes.assign(coded_at=pd.NaT))
    with pytest.warns(UserWarning, match="of 2 of 2 coders bear one time"):
        coder_drift(codes.assign(coded_at=pd.Timestamp("2031-03-03")), draws=0)
    with pytest.raises(ValueError, match="blocks=1 must be 2"):
        coder_drift(codes, blocks=1)


def test_the_mean_tells_of_the_frames_that_it_is_the_mean_of():
    codes = pd.concat(
        [
            from_cells({(1, 1): 3, (0, 0): 4, (1, 0): 1}).assign(frame="war"),
            from_cells({("there", "there"): 5}).assign(frame="peace"),
        ]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        warnings.simplefilter("error", RuntimeWarning)
        found = coder_agreement(codes, draws=0)
    mean = found[(found["frame"] == "all frames, mean") & (found["measure"] == "alpha")].iloc[0]
    assert mean["note"] == "mean of 1 of 2 frames"
    assert mean["n_units"] == 8
    assert mean["yes_rate"] == pytest.approx(7 / 16)


def test_times_that_are_none_say_how_to_repair_them():
    codes = timed([[1, 0], [1, 0]]).assign(coded_at="some day")
    with pytest.raises(
        ValueError, match=r"4 of 4 times in `coded_at` cannot be read \(e\.g\. 'some day'"
    ):
        coder_drift(codes, draws=0)
