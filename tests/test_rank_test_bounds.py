"""Bounds of a rank test from a printed mean and SD, against listing every data set."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reanalysis import rank_test_bounds as bounds
from reanalysis.alternatives.mann_whitney_tests import ASYMPTOTIC, superiority
from reanalysis.consistency.granularity import grim
from reanalysis.consistency.integer_samples import integer_samples
from reanalysis.historical_controls import (
    needed_to_hide,
    panels_of,
    possible_p_values,
    rank_tests_of_every_sample,
)
from reanalysis.rank_test_simulation import SHAPES, scaled_sample, simulated_p_values

PRINTED = [2, 3, 3, 5, 9]


@pytest.mark.parametrize(("mean", "sd"), [("3.0", "1.5"), ("4.2", "2.4"), ("6.5", "2.88")])
def test_extremes_are_those_of_the_whole_list(mean, sd):
    """Six whole numbers: all samples can be listed, and the programme must find both ends."""
    listed = integer_samples(6, mean, sd, (1, 14))
    shares = bounds.p_values_of_samples(PRINTED, listed)["superiority"]
    low, high = bounds.extreme_samples(PRINTED, 6, mean, sd)
    assert_allclose([low.superiority, high.superiority], [shares.min(), shares.max()])


def test_extreme_samples_have_the_printed_summaries():
    for sample in bounds.extreme_samples(PRINTED, 7, "8.57", "6.4"):
        assert grim("8.57", 7).consistent
        assert f"{sample.patients.mean():.2f}" == "8.57"
        assert f"{sample.patients.std(ddof=1):.1f}" == "6.4"
        assert_allclose(sample.superiority, superiority(sample.patients, PRINTED))


@pytest.mark.parametrize(("mean", "sd"), [("3.0", "1.5"), ("4.2", "2.4"), ("9.0", "2.0")])
def test_no_listed_sample_has_a_larger_p_value_than_the_bound(mean, sd):
    found = bounds.p_values_of_samples(PRINTED, integer_samples(6, mean, sd, (1, 14)))
    _, high = bounds.p_value_range(PRINTED, bounds.extreme_samples(PRINTED, 6, mean, sd))
    assert found[ASYMPTOTIC].max() <= high + 1e-12


def test_a_thinned_grid_stays_inside_the_proven_range():
    proven = bounds.extreme_samples(PRINTED, 8, "20.0", "9.1")
    searched = bounds.extreme_samples(PRINTED, 8, "20.0", "9.1", every=3)
    assert proven[0].superiority <= searched[0].superiority
    assert searched[1].superiority <= proven[1].superiority


def test_impossible_summaries_are_refused():
    """Five whole numbers cannot average 2.3."""
    with pytest.raises(ValueError, match="no 5 values"):
        bounds.extreme_samples(PRINTED, 5, "2.3", "1.0")


@pytest.mark.parametrize("shape", SHAPES)
def test_simulated_samples_have_mean_and_sd_up_to_rounding(shape):
    rng = np.random.default_rng(3)
    samples = np.array([scaled_sample(19, 40.0, 20.0, rng, shape=shape) for _ in range(50)])
    assert samples.min() >= 1
    # Rounding to whole minutes moves a mean of 19 by less than half a minute.
    assert np.abs(samples.mean(axis=1) - 40).max() < 0.5
    assert np.abs(samples.std(axis=1, ddof=1) - 20).max() < 0.5


def test_a_seed_gives_the_same_draws_and_an_unknown_shape_none():
    def draw(**options):
        return simulated_p_values(PRINTED, 9, 8.0, 4.0, np.random.default_rng(1), **options)

    assert_allclose(draw(n_draws=20), draw(n_draws=20))
    with pytest.raises(ValueError, match="expected a shape"):
        draw(shape="square", n_draws=1)


def test_the_quartile_is_the_one_of_spss():
    """The weibull quantile of numpy, at (n + 1) p; only at whole places is it a patient."""
    found = rank_tests_of_every_sample(PRINTED, 7, "3.0", "1.83", median=2, third_quartile=5)
    samples = integer_samples(7, "3.0", "1.83", (1, 9), median="2").counts
    values = [np.repeat(samples.columns, row) for row in samples.to_numpy()]
    quartiles = np.array([np.quantile(v, 0.75, method="weibull") for v in values])
    assert (found["fits_quartile"].to_numpy() == (quartiles == 5)).all()
    with pytest.raises(ValueError, match="whole"):
        rank_tests_of_every_sample(PRINTED, 6, "3.0", "1.5", median=2, third_quartile=5)


def test_possible_p_values_hold_the_simulated_ones():
    patients = pd.DataFrame({"minutes": PRINTED})
    control = pd.DataFrame({"mean": ["9.0"], "sd": ["4.0"]}, index=["minutes"])
    rng = np.random.default_rng(5)
    row = possible_p_values(patients, 7, control, ["minutes"], rng, n_draws=40).loc["minutes"]
    assert row["low"] <= row["usual_low"] < row["usual_high"] <= row["high"]
    labels, words = {"minutes": "Time (min)"}, {"minutes": "Time: short"}
    assert panels_of(patients, control, labels=labels, words=words)[0]["values"] == PRINTED


def test_nothing_explains_a_difference_in_the_wrong_direction():
    assert needed_to_hide(expected=30, seen=30, share_more=0.1) == 0
    with pytest.raises(ValueError, match="above 0"):
        needed_to_hide(expected=30, seen=10, share_more=0)
