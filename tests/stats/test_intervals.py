"""Intervals against published tables, an independent test and arithmetic done by hand."""

import numpy as np
import pytest
from scipy import stats

from framing.stats.intervals import (
    critical_value,
    score_interval,
    score_p_value,
    wilson_interval,
)

# Newcombe (1998), Two-sided confidence intervals for the single proportion, Table I, method 3.
WILSON = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]

# Newcombe (1998), Interval estimation for the difference, Table II (a) to (h), method 6.
MIETTINEN_NURMINEN = [
    (56, 70, 48, 80, 0.0528, 0.3382),
    (9, 10, 3, 10, 0.1700, 0.8406),
    (6, 7, 2, 7, 0.0342, 0.8534),
    (5, 56, 0, 29, -0.0326, 0.1933),
    (0, 10, 0, 20, -0.1658, 0.2844),
    (0, 10, 0, 10, -0.2879, 0.2879),
    (10, 10, 0, 20, 0.7156, 1.0000),
    (10, 10, 0, 10, 0.6636, 1.0000),
]


@pytest.mark.parametrize(("present", "n", "low", "high"), WILSON)
def test_wilson_matches_newcombe_table(present, n, low, high):
    assert wilson_interval(present / n, n) == pytest.approx((low, high), abs=5e-5)


def test_wilson_ends_solve_the_score_equation():
    low, high = wilson_interval(0.3, 40)
    for end in (low, high):
        assert (0.3 - end) ** 2 == pytest.approx(1.959964**2 * end * (1 - end) / 40, rel=1e-6)


def test_wilson_never_leaves_zero_to_one():
    low, high = wilson_interval(np.array([0, 1]), np.array([3, 3]))
    assert (low[0], high[1]) == (0, 1)


@pytest.mark.parametrize(("x1", "n1", "x2", "n2", "low", "high"), MIETTINEN_NURMINEN)
def test_score_interval_matches_newcombe_table(x1, n1, x2, n2, low, high):
    assert score_interval((x1 / n1, x2 / n2), (n1, n2)) == pytest.approx((low, high), abs=6e-5)


def test_swapping_the_groups_mirrors_the_interval():
    low, high = score_interval((0.8, 0.6), (70, 80))
    swapped_low, swapped_high = score_interval((0.6, 0.8), (80, 70))
    assert (swapped_low, swapped_high) == pytest.approx((-high, -low), abs=1e-12)


@pytest.mark.parametrize(
    ("x1", "n1", "x2", "n2"), [(56, 70, 48, 80), (7, 34, 1, 34), (5, 56, 0, 29)]
)
def test_p_value_is_pearsons_with_n_minus_one(x1, n1, x2, n2):
    pearson = stats.chi2_contingency([[x1, n1 - x1], [x2, n2 - x2]], correction=False).statistic
    expected = stats.chi2.sf(pearson * (n1 + n2 - 1) / (n1 + n2), 1)
    assert score_p_value((x1 / n1, x2 / n2), (n1, n2)) == pytest.approx(expected, rel=1e-9)


def test_p_value_is_one_where_nothing_varies():
    assert score_p_value((np.array([0, 1]), np.array([0, 1])), (5, 9)).tolist() == [1, 1]


def test_p_below_five_percent_exactly_where_the_interval_leaves_zero_out():
    x1, x2 = np.meshgrid(np.arange(13), np.arange(21))
    shares = (x1 / 12, x2 / 20)
    low, high = score_interval(shares, (12, 20))
    assert np.array_equal((low > 0) | (high < 0), score_p_value(shares, (12, 20)) < 0.05)


def test_a_design_effect_of_four_is_a_quarter_of_the_units():
    doubled = critical_value(0.95) * 2
    assert np.allclose(wilson_interval(0.3, 80, doubled), wilson_interval(0.3, 20), rtol=1e-12)


def test_critical_value_is_normal_or_students():
    assert critical_value(0.95) == pytest.approx(1.959964, abs=1e-6)
    assert critical_value(0.95, 9) == pytest.approx(2.262157, abs=1e-6)
