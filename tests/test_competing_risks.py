"""Bounds of the cumulative incidence from printed rates."""

from pathlib import Path

import pandas as pd
import pytest
from lifelines import AalenJohansenFitter
from numpy.testing import assert_allclose

from reanalysis.competing_risks import incidence_bounds

REFERENCE = Path(__file__).parent / "reference" / "cohort"
GOLDEN = pd.read_csv(REFERENCE / "golden.csv").set_index("name")["value"]
TIMES = (60, 120, 240)


def golden(name):
    return [GOLDEN[f"{name}.{time}"] for time in TIMES]


def test_the_incidence_of_r_lies_between_the_bounds():
    """R 4.2.2, survival 3.5.3: survfit of 120 patients of mgus2, with and without states."""
    low, high = incidence_bounds(golden("free_of_event"), golden("free_of_competing"))
    incidence = golden("incidence")
    assert (low <= incidence).all()
    assert (incidence <= high).all()
    assert (high < 1 - pd.Series(golden("free_of_event"))).any()


def test_lifelines_agrees_with_the_golden_incidence():
    """A second program on the same patients."""
    data = pd.read_csv(REFERENCE / "competing.csv")
    fit = AalenJohansenFitter(calculate_variance=False).fit(data["time"], data["type"], 1)
    found = [fit.cumulative_density_.loc[:time].iloc[-1, 0] for time in TIMES]
    assert_allclose(found, golden("incidence"), rtol=1e-9)


def test_without_competing_events_nothing_changes():
    """Both bounds are one minus Kaplan–Meier."""
    for bound in incidence_bounds([0.9, 0.7], [1, 1]):
        assert_allclose(bound, [0.1, 0.3])


@pytest.mark.parametrize("rates", [([0.7, 0.9], [1, 1]), ([0.9], [1, 1]), ([0.9, 0.8], [1.1, 1])])
def test_rates_that_rise_or_do_not_pair_are_refused(rates):
    """Errors say what was expected."""
    with pytest.raises(ValueError, match="falling rates"):
        incidence_bounds(*rates)
