"""Estimates: printed in one form, never outside their own interval."""

import pytest

from reanalysis.estimates import Estimate, estimate_table


def test_printed_form():
    """Every notebook prints an estimate the same way."""
    sensitivity = Estimate(0.7831, 0.5912, 0.9004)
    assert f"{sensitivity:.2f}" == "0.78 (95% CI 0.59 to 0.90)"
    assert f"{sensitivity:.0%}" == "78% (95% CI 59% to 90%)"


def test_an_interval_without_its_estimate_is_refused():
    """Such an interval is a bug of its maker."""
    with pytest.raises(ValueError, match="must contain its estimate"):
        Estimate(0.95, 0.5, 0.9)


def test_a_confidence_level_in_percent_is_refused():
    """Levels are proportions, as everywhere in the package."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        Estimate(0.5, 0.4, 0.6, conf_level=95)


def test_a_decreasing_transformation_swaps_the_limits():
    """One minus specificity is the false-positive rate."""
    rate = Estimate(0.87, 0.72, 0.94).transformed(lambda x: 1 - x)
    assert (round(rate.conf_low, 2), round(rate.conf_high, 2)) == (0.06, 0.28)


def test_a_table_of_estimates_is_what_a_forest_takes():
    """Rows keep their order, label and source; the unit is that of print."""
    rows = [
        ("a", "recomputed", Estimate(0.5, 0.4, 0.7)),
        ("a", "published", Estimate(0.5, 0.3, 0.6)),
    ]
    table = estimate_table(rows, per=100)
    assert list(table.columns) == ["label", "source", "estimate", "conf_low", "conf_high"]
    assert table.to_numpy().tolist() == [
        ["a", "recomputed", 50.0, 40.0, 70.0],
        ["a", "published", 50.0, 30.0, 60.0],
    ]
