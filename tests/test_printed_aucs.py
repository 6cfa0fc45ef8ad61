"""Readings of printed areas, checked by hand on one row."""

import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import special, stats

from reanalysis import printed_aucs as printed

# Bodalal 2023, doi 10.1186/s13244-023-01474-x, abstract.
ROWS = [("ADC", 0.72, 0.50, 0.90, 0.019), ("T2W TE75", 0.64, 0.42, 0.82, 0.092)]
TABLE = pd.DataFrame(ROWS, columns=["name", "auc", "conf_low", "conf_high", "p_value"])
TEXTS = printed.printed_texts(TABLE)


def test_texts_are_as_printed():
    assert TEXTS["ADC"] == {
        "auc": "0.72", "conf_low": "0.50", "conf_high": "0.90", "p_value": "0.019",
    }  # fmt: skip


def test_standard_error_is_the_width_over_twice_the_quantile():
    found = printed.printed_estimates(TABLE)["ADC"]
    assert_allclose(found.std_error, 0.4 / (2 * 1.959964), rtol=1e-6)


def test_readings_are_those_of_the_normal_theory():
    readings = printed.p_values_by_reading(TEXTS).set_index(["name", "sides", "reading"])
    row = readings.loc[("ADC", "two-sided", "Wald, from the width")]
    # By hand: z = 0.22 / (0.40 / 3.92), and the corners of the rounding.
    assert_allclose(row["p_value"], 2 * stats.norm.sf(0.22 / 0.40 * 3.919928), rtol=1e-6)
    assert_allclose(row["p_min"], 2 * stats.norm.sf(0.225 / 0.39 * 3.919928), rtol=1e-6)
    assert_allclose(row["p_max"], 2 * stats.norm.sf(0.215 / 0.41 * 3.919928), rtol=1e-6)
    one = readings.xs("one-sided", level="sides")["p_value"]
    assert_allclose(2 * one, readings.xs("two-sided", level="sides")["p_value"])


def test_ranges_span_the_readings():
    readings = printed.p_values_by_reading(TEXTS)
    ranges = printed.p_value_ranges(readings)
    assert list(ranges.index) == list(TEXTS)
    for name, row in ranges.iterrows():
        here = readings[(readings["name"] == name) & (readings["sides"] == "two-sided")]
        assert_allclose(row["two_low"], here["p_min"].min())
        assert_allclose(row["two_high"], here["p_max"].max())


def test_bounds_by_symmetry_hold_both_scales():
    bounds = printed.bounds_by_symmetry(TEXTS).loc["ADC"]
    plain, logit = 0.70, special.expit((special.logit(0.5) + special.logit(0.9)) / 2)
    low, high = bounds["auc"]
    assert low < plain < logit < high
    assert_allclose(low, (0.495 + 0.895) / 2, atol=1e-9)
    assert_allclose(high, special.expit(special.logit([0.505, 0.905]).mean()), atol=1e-9)


def test_fewer_patients_are_needed_in_equal_groups():
    totals = printed.totals_of_width(TABLE, shares=(0.5, 0.25, 0.1))
    assert (totals[0.5] < totals[0.25]).all()
    assert (totals[0.25] < totals[0.1]).all()


def test_no_set_of_lesions_gives_these_two_sided():
    found = printed.sets_of_each(TEXTS, 146)
    assert (found["two_sided"] == 0).all()
    assert (found["one_sided"] > 0).all()
    assert (found["smaller_group_min"] <= found["smaller_group_max"]).all()


@pytest.mark.parametrize("decimals", [2, 3])
def test_finer_print_narrows_the_ranges(decimals):
    coarse = printed.p_value_ranges(printed.p_values_by_reading(TEXTS))
    texts = printed.printed_texts(TABLE, decimals=decimals)
    fine = printed.p_value_ranges(printed.p_values_by_reading(texts))
    widths = [r["two_high"] - r["two_low"] for r in (coarse, fine)]
    assert (widths[1] <= widths[0] + 1e-12).all()


def test_common_sets_count_the_areas():
    found = printed.sets_in_common(TEXTS, 146)
    each = printed.sets_of_each(TEXTS, 146)
    assert found["width"].sum() == each["width"].sum()
    assert found[["width", "one_sided", "two_sided"]].to_numpy().max() <= len(TEXTS)
    assert (found["total"] == found["n_positive"] + found["n_negative"]).all()


def test_corrections_are_worked_by_hand():
    table = printed.corrected_p_values(pd.Series({"a": 0.01, "b": 0.02, "c": 0.6}))
    # Holm: 3 × 0.01, 2 × 0.02, 1 × 0.6; Benjamini–Hochberg: 3/1, 3/2, 3/3 times, made monotone.
    assert_allclose(table["printed", "Holm"], [0.03, 0.04, 0.6])
    assert_allclose(table["printed", "Benjamini–Hochberg"], [0.03, 0.03, 0.6])
    assert_allclose(table["doubled", "alone"], [0.02, 0.04, 1.0])
