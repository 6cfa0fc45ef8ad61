"""Errors of a measurement: Bland and Altman's peak flow meters, R, and simulation."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from reanalysis import measurement_error as me
from reanalysis.agreement import limits_of_agreement
from reanalysis.maximum_of_regions import (
    expected_highest,
    implied_region_sd,
    median_of_maximum,
    sd_of_maximum,
)

# Bland, Altman, Lancet 1986;327:307–310: two meters, two readings each, l/min (the second ones as
# in R package BlandAltmanLeh 0.3.1, bland.altman.PEFR).
WRIGHT = np.array([
    [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427],
    [490, 397, 512, 401, 470, 611, 415, 431, 638, 429, 420, 633, 275, 492, 165, 372, 421],
]).T  # fmt: skip
MINI = np.array([
    [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451],
    [525, 415, 508, 444, 500, 625, 460, 390, 642, 432, 420, 605, 227, 467, 268, 370, 443],
]).T  # fmt: skip


@pytest.mark.parametrize(
    ("meter", "expected"),
    [
        # R 4.2.2: sigma(lm(reading ~ factor(person)))
        (WRIGHT, 15.30667),
        (MINI, 19.91083),
    ],
)
def test_within_subject_sd_is_that_of_r(meter, expected):
    found = me.within_target_error(meter)
    assert_allclose(found.sem.estimate, expected, rtol=1e-6)
    assert_allclose(found.repeatability.estimate, 1.959964 * np.sqrt(2) * expected, rtol=1e-6)
    assert found.df == 17
    # The exact interval of a variance, with R's qchisq for scipy's.
    ends = np.sqrt(17 * expected**2 / stats.chi2.ppf([0.975, 0.025], 17))
    assert_allclose([found.sem.conf_low, found.sem.conf_high], ends, rtol=1e-6)


def test_proportional_bias_is_that_of_r():
    # R 4.2.2: summary(lm(I(w - m) ~ I((w + m)/2))), first readings: slope, its SE and P.
    slope = me.proportional_bias(WRIGHT[:, 0], MINI[:, 0])
    expected = [0.02868745, 0.08820641, 0.7494985]
    assert_allclose([slope.estimate, slope.std_error, slope.p_value], expected, rtol=1e-6)


def test_repeated_limits_are_wider_than_those_of_averages():
    bias, lower, upper = me.repeated_limits_of_agreement(WRIGHT, MINI)
    gaps = WRIGHT.mean(axis=1) - MINI.mean(axis=1)
    # By hand, Bland and Altman 1999, section 5.1: var = var(means) + sw1²/2 + sw2²/2.
    variance = gaps.var(ddof=1) + (15.30667**2 + 19.91083**2) / 2
    assert_allclose([bias, upper - bias], [gaps.mean(), 1.959964 * np.sqrt(variance)], rtol=1e-6)
    averages = limits_of_agreement(gaps)
    assert upper - lower > averages.upper.estimate - averages.lower.estimate


def test_repeated_limits_cover_single_differences():
    rng = np.random.default_rng(4)
    truth = rng.normal(100, 20, (4000, 1))
    first = truth + rng.normal(0, 5, (4000, 3))
    second = truth + 2 + rng.normal(0, 3, (4000, 2))
    _, lower, upper = me.repeated_limits_of_agreement(first, second)
    gaps = first[:, 0] - second[:, 0]
    # Four thousand differences know a share of 0.95 to 0.7 % with two standard errors.
    assert_allclose(np.mean((lower < gaps) & (gaps < upper)), 0.95, atol=0.01)


def test_error_between_readers_with_and_without_levels():
    rng = np.random.default_rng(8)
    ratings = rng.normal(0, 10, (60, 1)) + rng.normal(0, 2, (60, 3)) + [0, 0, 6]
    steady = me.between_reader_error(ratings, levels=False).sem
    whole = me.between_reader_error(ratings).sem
    # With balanced data the consistency error is that of R's lm(y ~ target + reader): here by hand.
    rest = ratings - ratings.mean(axis=1, keepdims=True) - ratings.mean(axis=0) + ratings.mean()
    assert_allclose(steady.estimate, np.sqrt((rest**2).sum() / (59 * 2)))
    assert whole.estimate > steady.estimate
    levels = ratings.mean(axis=0).var(ddof=1) - steady.estimate**2 / 60
    assert_allclose(whole.estimate**2, steady.estimate**2 + levels, rtol=1e-9)


def test_ratios_do_not_change_with_the_unit():
    first, second = WRIGHT[:, 0], MINI[:, 0]
    found = me.ratio_limits_of_agreement(first, second)
    scaled = me.ratio_limits_of_agreement(first * 60, second * 60)
    assert_allclose(scaled.upper.in_order, found.upper.in_order)
    swapped = me.ratio_limits_of_agreement(second, first)
    assert_allclose(swapped.upper.estimate, 1 / found.lower.estimate)
    assert_allclose(me.within_target_cv(WRIGHT * 60).estimate, me.within_target_cv(WRIGHT).estimate)


@pytest.mark.parametrize("ratings", [[[1, 2]], [[1], [2]], [[1, 2], [3, np.nan]]])
def test_unfit_ratings_are_named(ratings):
    with pytest.raises(ValueError, match="expected two targets"):
        me.within_target_error(ratings)


def test_logarithms_need_positive_values():
    with pytest.raises(ValueError, match="positive"):
        me.within_target_cv([[1, 2], [0, 1]])
    with pytest.raises(ValueError, match="positive"):
        me.ratio_limits_of_agreement([1, 2, 3], [1, -2, 3])


def test_highest_of_several_is_that_of_simulated_values():
    rng = np.random.default_rng(6)
    highest = rng.normal(size=(200_000, 5)).max(axis=1)
    # A median of two hundred thousand is known to about 0.004 with two standard errors.
    assert_allclose(median_of_maximum(5), np.median(highest), atol=0.006)
    # Tippett, Biometrika 1925;17:364–387, table: SD of the highest of five 0.66898.
    assert_allclose(sd_of_maximum(5), 0.66898, atol=2e-5)
    assert_allclose(expected_highest(10, implied_region_sd(10, 13, 5), 5), 13)
    with pytest.raises(ValueError, match="at least 2 regions"):
        implied_region_sd(10, 12, 1)
