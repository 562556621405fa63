"""Ratios of weighted sums: a simple sample, weights, clusters, strata, and coverage."""

import numpy as np
import pytest

from framing.stats.intervals import wilson_interval
from framing.stats.ratios import Design, estimate_ratio


def simple(n):
    return Design(np.ones(n), np.zeros(n, dtype=int), np.arange(n))


def test_a_simple_random_sample_gets_plain_wilson():
    whole = np.array([1.0] * 10 + [0.0] * 5)
    part = np.array([1.0] * 7 + [0.0] * 8)
    found = estimate_ratio(part, whole, simple(15))
    assert found.value == 0.7
    assert found.interval(0.95) == pytest.approx([float(end) for end in wilson_interval(0.7, 10)])


def test_nothing_to_divide_by_is_missing_not_zero():
    found = estimate_ratio(np.zeros(3), np.zeros(3), simple(3))
    assert np.isnan(found.value)
    assert np.isnan(found.interval(0.95)).all()


def test_weights_are_what_units_stand_for():
    """One unit of a stratum of 9 is right, one of a stratum of 1 is wrong."""
    design = Design(np.array([9.0, 1.0]), np.zeros(2, dtype=int), np.arange(2))
    assert estimate_ratio(np.array([1.0, 0.0]), np.ones(2), design).value == 0.9


def test_copies_in_one_cluster_count_once():
    """Ten clusters of five equal units are worth ten units, or nine for the estimated mean."""
    part = np.repeat([1.0, 0, 1, 1, 0, 1, 1, 0, 1, 0], 5)
    design = simple(50)._replace(clusters=np.repeat(np.arange(10), 5))
    assert estimate_ratio(part, np.ones(50), design).n_effective == pytest.approx(9)
    assert estimate_ratio(np.ones(50), np.ones(50), design).n_effective == pytest.approx(10)


def test_strata_that_explain_everything_leave_only_the_cap():
    part = np.repeat([1.0, 0.0], 20)
    design = simple(40)._replace(strata=np.repeat([0, 1], 20), weights=np.repeat([1.0, 3.0], 20))
    assert estimate_ratio(part, np.ones(40), design).value == 0.25
    assert estimate_ratio(part, np.ones(40), design).n_effective <= 40


def test_the_interval_covers_precision_in_a_stratified_sample():
    """Alarms are oversampled; precision among all of them is .6."""
    rng = np.random.default_rng(3)
    truth = np.concatenate([rng.permutation(np.repeat([1.0, 0.0], [300, 200])), np.zeros(1500)])
    alarm = np.repeat([1.0, 0.0], [500, 1500])
    covered = []
    for _ in range(400):
        rows = np.concatenate([rng.choice(500, 60, False), 500 + rng.choice(1500, 40, False)])
        weights = np.repeat([500 / 60, 1500 / 40], [60, 40])
        design = Design(weights, np.repeat([0, 1], [60, 40]), np.arange(100))
        low, high = estimate_ratio((truth * alarm)[rows], alarm[rows], design).interval(0.95)
        covered.append(low <= 0.6 <= high)
    assert 0.93 <= np.mean(covered) <= 0.99
