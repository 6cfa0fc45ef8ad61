"""Events per coefficient, shrinkage, and the events that a standard error presupposes."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter
from numpy.testing import assert_allclose

from reanalysis.overfitting import (
    events_per_coefficient,
    fewest_events,
    model_strength,
    shrunken_ratio,
    smallest_std_error,
)

REFERENCE = Path(__file__).parent / "reference" / "cohort"
GOLDEN = pd.read_csv(REFERENCE / "golden.csv").set_index("name")["value"]


def test_chi_squared_from_p_is_that_of_r():
    """R 4.2.2, survival 3.5.3: coxph(Surv(time, event) ~ sex, lung), and qchisq; printed digits."""
    found = model_strength(GOLDEN["p_value.lung"], 1)
    assert_allclose(found.chi_squared, GOLDEN["chi_squared.lung"], rtol=1e-9)
    assert_allclose(found.shrinkage, 1 - 1 / GOLDEN["chi_squared.lung"], rtol=1e-9)
    assert_allclose(model_strength(0.022, 19).chi_squared, GOLDEN["chi_squared.0.022.19"])


def test_noise_is_shrunk_to_nothing():
    """A model no better than chance keeps nothing; a ratio of 1 stays."""
    noise = model_strength(0.6, 10)
    assert noise.shrinkage == 0
    assert shrunken_ratio(0.1, noise) == 1
    assert shrunken_ratio(1.0, model_strength(0.001, 3)) == 1


def test_shrinkage_acts_alike_on_a_ratio_and_its_inverse():
    """It works on the logarithm."""
    strength = model_strength(0.01, 5)
    assert_allclose(shrunken_ratio(4.0, strength) * shrunken_ratio(0.25, strength), 1)


@pytest.mark.parametrize("seed", range(6))
def test_no_cox_model_has_a_smaller_standard_error_than_its_events_allow(seed):
    """The bound holds with other covariates in the model, and is not idle."""
    rng = np.random.default_rng(seed)
    n = 120
    arm, other = rng.integers(0, 2, n), rng.normal(size=n)
    time = rng.exponential(np.exp(1.2 * arm - 0.5 * other))
    ends = rng.uniform(0.1, 1.0, n)
    data = pd.DataFrame({"time": np.minimum(time, ends), "event": time <= ends, "arm": arm})
    data["other"] = other
    fit = CoxPHFitter().fit(data, "time", "event")
    events = data.query("event").groupby("arm")["event"].count()
    bound = smallest_std_error(*events)
    assert bound <= fit.standard_errors_["arm"] <= 1.4 * bound
    assert fewest_events(fit.standard_errors_["arm"], events.sum()) <= events.min()


def test_events_per_coefficient_and_their_limits():
    """Counting, and what cannot be counted."""
    assert events_per_coefficient(20, 19) == 20 / 19
    with pytest.raises(ValueError, match="coefficients >= 1"):
        events_per_coefficient(20, 0)
    with pytest.raises(ValueError, match="0 < P < 1"):
        model_strength(0, 3)
    with pytest.raises(ValueError, match="events in both arms"):
        smallest_std_error(0, 4)
    assert fewest_events(0.1, 20) == 0
