"""The order that rates of local control, recurrence-free and overall survival must keep."""

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reanalysis.outcome_order import bounds_by_order, other_events_only


@pytest.fixture
def survival():
    """Rates of one arm."""
    rows = [
        ("LCR", "a", "90.0", "80.0"),
        ("RFSR", "a", "85.0", "70.0"),
        ("OSR", "a", "95.0", "75.0"),
    ]
    return pd.DataFrame(rows, columns=["outcome", "arm", "rate_3_years", "rate_5_years"])


def test_recurrence_free_is_below_the_other_two(survival):
    """With half a digit either side."""
    table = bounds_by_order(survival).set_index(["outcome", "year"])
    assert_allclose(table.loc[("RFSR", 3), ["low", "high"]].astype(float), [0, 0.9005])
    assert_allclose(table.loc[("RFSR", 5), ["low", "high"]].astype(float), [0, 0.7505])
    assert_allclose(table.loc[("LCR", 5), ["low", "high"]].astype(float), [0.6995, 1])


def test_a_rate_in_the_wrong_place_is_outside(survival):
    """Recurrence-free above local control."""
    survival.loc[1, "rate_3_years"] = "93.0"
    table = bounds_by_order(survival).set_index(["outcome", "year"])
    assert table.at[("RFSR", 3), "high"] < 0.93
    assert table.at[("LCR", 3), "low"] > 0.90


def test_what_is_left_over_is_the_ratio(survival):
    """Product of the two causes, with the same patients at risk."""
    assert_allclose(other_events_only(survival).loc["a"], [85 / 90, 70 / 80])
