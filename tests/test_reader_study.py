"""Tables of printed ICCs: pairs, copies, bounds, classes and sizes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from reanalysis import reader_study as rs
from reanalysis.icc_sample_size import patients_for_width
from reanalysis.reliability_scale import classes_of_table, reliability_range
from reanalysis.studies import load_study


@pytest.fixture
def table():
    return load_study("rcbv_reproducibility").table("icc")


def test_pairs_are_the_two_values_of_one_analysis(table):
    wide = rs.side_by_side(table, "location")
    row = table.query("analysis == 'R5 vs. R6' and n_rois == 3").set_index("location")["icc"]
    assert wide.loc[("R5 vs. R6", 3)].to_dict() == row.to_dict()
    with pytest.raises(ValueError, match="one is missing"):
        rs.side_by_side(table.iloc[1:], "location")


def test_medians_and_ranges_by_strategy(table):
    found = rs.summary_by(table, "n_rois")["linear, type 7 (R, numpy, Excel)"]
    # R 4.2.2: tapply(icc, n_rois, median), IQR.
    assert_allclose(found["median"], [0.321, 0.316, 0.335], atol=1e-9)
    assert_allclose(found["iqr"], [0.1275, 0.11225, 0.11725], atol=1e-9)


def test_copies_are_found_and_a_changed_digit_ends_them(table):
    assert set(rs.repeated_analyses(table)) == {"R1 vs. R3", "R1 vs. R5", "R3 vs. R5"}
    table.loc[table["analysis"] == "R1 vs. R3", "icc"] += 0.001
    assert set(rs.repeated_analyses(table)) == {"R1 vs. R5", "R3 vs. R5"}


def test_highest_keep_ties():
    frame = pd.DataFrame({"icc": [0.3, 0.5, 0.4, 0.4]})
    assert rs.highest(frame, 2)["icc"].tolist() == [0.5, 0.4, 0.4]


def test_other_pairs_average_as_in_a_data_set():
    # Six readers who spread alike: the covariance in ICC(2,1) is the mean over fifteen pairs.
    rng = np.random.default_rng(5)
    ratings = rng.normal(size=(4000, 1)) + rng.normal(size=(4000, 6))
    pairs = np.corrcoef(ratings.T)
    within = [pairs[0, 1], pairs[2, 3], pairs[4, 5]]
    every = pairs[np.triu_indices(6, 1)]
    found = rs.average_of_other_pairs(every.mean(), within, 6)
    assert_allclose(found, (every.sum() - sum(within)) / 12)


@given(st.lists(st.lists(st.floats(0, 40), min_size=5, max_size=9), min_size=2, max_size=4))
def test_a_total_lies_within_its_bounds(parts):
    def summary(values):
        low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
        return middle, high - low

    bounds = rs.total_bounds(pd.DataFrame(map(summary, parts), columns=["median", "iqr"]))
    median, _ = summary(np.concatenate(parts))
    low, high = bounds["median"]
    # Interpolation between two values can leave the range by the width of a gap.
    gap = max(np.diff(np.sort(np.concatenate(parts))).max(), 0)
    assert low - gap - 1e-9 <= median <= high + gap + 1e-9


def test_largest_sd_is_reached_by_values_at_the_ends():
    values = [38] * 5 + [78] * 9
    sd = np.std(values, ddof=1)
    assert_allclose(rs.largest_sd(np.mean(values), 38, 78, len(values)), sd)


def test_classes_of_koo_and_li():
    assert reliability_range(0.5, 0.7499) == "moderate"
    assert reliability_range(-0.1, 0.95) == "poor to excellent"
    with pytest.raises(ValueError, match="conf_low <= conf_high"):
        reliability_range(0.6, 0.5)
    rows = pd.DataFrame({"icc": [0.53], "conf_low": [0.21], "conf_high": [0.74]})
    assert classes_of_table(rows).to_numpy().tolist() == [["moderate", "poor to moderate"]]


def test_sample_sizes_are_those_of_bonett():
    # Bonett 2002 (quoted in R presize, prec_icc): four raters, 0.85, width 0.2: 19.2, so 20.
    assert patients_for_width(0.85, 4, 0.2) == 20
    assert patients_for_width(0.5, 2, 0.2) > patients_for_width(0.5, 3, 0.2)
    with pytest.raises(ValueError, match="expected 2 readers"):
        patients_for_width(0.5, 1, 0.2)
