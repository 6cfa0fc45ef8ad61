"""Differences of survival rates and numbers needed to treat."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reanalysis.absolute_benefit import (
    benefit,
    benefits_of_pairs,
    cautious_std_error,
    number_needed_to_treat,
    pooled_over_members,
    rate_at,
)
from reanalysis.estimates import Estimate
from reanalysis.survival_reconstruction import reconstruct_from_summaries
from reanalysis.survival_two_arms import pair_arms

REFERENCE = Path(__file__).parent / "reference" / "cohort"
GOLDEN = pd.read_csv(REFERENCE / "golden.csv").set_index("name")["value"]


def test_rates_and_their_difference_are_those_of_r():
    """R 4.2.2, survival 3.5.3: survfit(Surv(time, event) ~ 1) at 365 days, lung by sex."""
    lung = pd.read_csv(REFERENCE / "lung.csv")
    rates = {s: rate_at(rows["time"], rows["event"], 365) for s, rows in lung.groupby("sex")}
    for sex, rate in rates.items():
        assert_allclose(rate.estimate, GOLDEN[f"survival.{sex}"], rtol=1e-10)
        assert_allclose(rate.std_error, GOLDEN[f"std_error.{sex}"], rtol=1e-10)
    gain = benefit(rates[2], rates[1])
    errors = np.array([GOLDEN["std_error.1"], GOLDEN["std_error.2"]])
    assert_allclose(gain.std_error, np.sqrt((errors**2).sum()))


def test_a_rate_of_one_keeps_an_interval():
    """Nobody has an event: the plain interval has no width, the log-log one does not exist."""
    rate = rate_at([1, 2, 3, 4], [0, 0, 0, 1], 3)
    assert rate.in_order == (1, 1, 1)


def test_nnt_is_the_inverse_and_may_be_without_end():
    """Altman, Andersen, BMJ 1999;319:1492–1495: the limits are inverted as well."""
    assert number_needed_to_treat(Estimate(0.25, 0.10, 0.40)) == (4, 2.5, 10)
    assert number_needed_to_treat(Estimate(0.25, -0.10, 0.60))[2] == np.inf
    with pytest.raises(ValueError, match="above 0"):
        number_needed_to_treat(Estimate(-0.1, -0.2, 0.1))


def test_pooling_adds_what_is_not_printed():
    """Equal members give the sampling error alone; members that differ, more (Rubin's rule)."""
    equal = [Estimate(0.2, 0.1, 0.3, std_error=0.05)] * 4
    assert_allclose(pooled_over_members(equal).std_error, 0.05)
    values = (0.1, 0.2, 0.3)
    apart = [Estimate(v, v - 0.1, v + 0.1, std_error=0.05) for v in values]
    expected = np.sqrt(0.05**2 + (1 + 1 / 3) * np.var(values, ddof=1))
    assert_allclose(pooled_over_members(apart).std_error, expected)
    with pytest.raises(ValueError, match="at least two"):
        pooled_over_members(equal[:1])


def test_the_cautious_error_grows_as_patients_leave():
    """With everybody there it is the binomial error (Peto 1977); with fewer it is larger."""
    assert_allclose(cautious_std_error(0.8, 50 / 0.8), np.sqrt(0.8 * 0.2 / 50) * 0.8)
    errors = cautious_std_error(0.975, [80, 20, 4])
    assert (np.diff(errors) > 0).all()


def test_every_pair_has_the_printed_difference():
    """Reconstructed data sets differ in their errors and not in their rates."""
    first = reconstruct_from_summaries(60, {2: "95.0"}, "2.2", n_members=5, seed=1)
    second = reconstruct_from_summaries(60, {2: "75.2"}, "2.4", n_members=5, seed=2)
    found = benefits_of_pairs(pair_arms(first, second), 2)
    assert len(found) == 5
    assert_allclose([gain.estimate for gain in found], 0.198, atol=0.001)
    assert len({gain.std_error for gain in found}) > 1
