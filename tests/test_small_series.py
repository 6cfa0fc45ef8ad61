"""Columns, parts and counts of a small series: constructed tables with known relations."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from reanalysis import column_relations as relations
from reanalysis import two_groups
from reanalysis.consistency.attainable_summaries import attainable_summaries
from reanalysis.consistency.granularity import grim, grimmer
from reanalysis.part_of_difference import Summary, rest_by_correlation, split_difference

TABLE = pd.DataFrame({"a": [5, 4, 7, 2, 9], "b": [15, 12, 21, 7, 27], "c": [1, 1, 1, 1, 1]})


def test_exact_ratios_are_counted_with_their_run():
    """Three of four in a row, then a break, then one more."""
    found = relations.exact_ratios(TABLE[["a", "b"]]).iloc[0]
    assert (found["larger"], found["smaller"], found["ratio"]) == ("b", "a", 3)
    assert (found["n_exact"], found["longest_run"], found["run_start"]) == (4, 3, 1)


def test_chance_of_exact_ratios_is_counted_out():
    """Between 2 and 3 times two there are 4, 5, 6; between 2 and 3 times four 8 to 12."""
    assert_allclose(relations.chance_of_exact_ratio([2, 4], 2, 3), 1 / 3 / 5)


def test_correlations_are_those_of_scipy_and_a_constant_has_none():
    pairs = relations.rank_correlations(TABLE).set_index(["first", "second"])
    expected = stats.spearmanr(TABLE["a"], TABLE["b"])
    assert_allclose(pairs.loc[("a", "b"), "correlation"], expected.statistic)
    assert pairs.loc[("a", "c")].isna().all()


def test_a_trend_turns_round_with_the_order():
    table = pd.DataFrame({"minutes": [40, 36, 30, 31, 22, 20]})
    there = relations.trend_over_order(table).loc["minutes"]
    back = relations.trend_over_order(table.iloc[::-1]).loc["minutes"]
    assert_allclose(there[["slope", "tau"]], -back[["slope", "tau"]])
    assert_allclose(there["p_value"], back["p_value"])
    # Medians of the fifteen pairwise slopes, by hand.
    slopes = [(y - x) / (j - i) for i, x in enumerate(table["minutes"])
              for j, y in enumerate(table["minutes"]) if j > i]  # fmt: skip
    assert_allclose(there["slope"], np.median(slopes))


def test_parts_add_up_and_the_rest_is_a_welch_interval():
    """Two groups known patient by patient: the rest must be the test of the differences."""
    rng = np.random.default_rng(8)
    part, other = rng.integers(5, 40, 12), rng.integers(10, 90, 15)
    whole, other_whole = part + rng.integers(20, 60, 12), other + rng.integers(20, 60, 15)
    groups = {
        "control_whole": Summary(other_whole.mean(), other_whole.std(ddof=1)),
        "control_part": Summary(other.mean(), other.std(ddof=1)),
    }
    split = split_difference(whole, part, **groups)
    assert_allclose(split["part"] + split["rest"], split["whole"])
    r = float(np.corrcoef(other, other_whole)[0, 1])
    table = rest_by_correlation(whole, part, n_control=15, correlations=[r], **groups)
    expected = stats.ttest_ind(other_whole - other, whole - part, equal_var=False)
    found = table["rest"].iloc[0]
    assert_allclose(found.p_value, expected.pvalue)
    interval = expected.confidence_interval()
    assert_allclose([found.conf_low, found.conf_high], [interval.low, interval.high])
    with pytest.raises(ValueError, match="from -1 to 1"):
        rest_by_correlation(whole, part, n_control=15, correlations=[1.2], **groups)


def test_counts_are_compared_by_the_exact_test_of_each_size():
    """Agresti, Categorical Data Analysis (2002), section 3.5.2, tea tasting: 0.486."""
    counts = pd.DataFrame(
        [
            ("tea", "milk", 3, 1),
            ("tea", "other", 1, 3),
            ("grade", "x", 2, 1),
            ("grade", "y", 1, 1),
            ("grade", "z", 1, 2),
        ],
        columns=["characteristic", "category", "study", "control"],
    )
    found = two_groups.compare_counts(counts, {"study": 4, "control": 4})
    exact = found[two_groups.EXACT]["p_value"]
    assert_allclose(exact["tea"], 0.486, atol=5e-4)
    assert_allclose(exact["grade"], 1.0)
    with pytest.raises(ValueError, match="add up"):
        two_groups.compare_counts(counts, {"study": 5, "control": 4})


def test_a_single_category_is_yes_or_no():
    yes = pd.DataFrame({"characteristic": ["x"], "category": ["yes"], "a": [0], "b": [4]})
    found = two_groups.compare_counts(yes, {"a": 19, "b": 19})[two_groups.EXACT]
    assert_allclose(found.at["x", "p_value"], stats.fisher_exact([[0, 4], [19, 15]]).pvalue)


def test_differences_of_printed_means_are_welchs():
    printed = pd.DataFrame(
        {"study_mean": ["2.0"], "study_sd": ["1.0"], "control_mean": ["3.5"], "control_sd": ["2.0"]}
    )
    row = two_groups.welch_differences(printed, 12).iloc[0]
    expected = stats.ttest_ind_from_stats(2.0, 1.0, 12, 3.5, 2.0, 12, equal_var=False)
    assert_allclose(row["p_value"], expected.pvalue)
    assert row["p_value_min"] < row["p_value"] < row["p_value_max"]


def test_means_sds_and_significant_digits():
    table = two_groups.mean_and_sd(pd.DataFrame({"minutes": [1, 2, 6]}))
    assert_allclose(table.loc["minutes"], [3, np.sqrt(7)])
    assert two_groups.to_significant_digits(table, 2).at["minutes", "sd"] == 2.6


def test_attainable_summaries_agree_with_grim_and_grimmer():
    """And the means they offer print as the printed one exactly where GRIM passes."""
    printed = pd.DataFrame({"mean": ["3.44", "5.19", "3.74"], "sd": ["2.47", "1.20", "2.40"]})
    table = attainable_summaries(printed, 18)
    for row in table.itertuples():
        assert row.grim == grim(row.mean, 18).consistent
        assert row.grimmer == grimmer(row.mean, row.sd, 18).consistent
        assert row.grim == (f"{row.mean_low:.2f}" == row.mean)
        assert row.mean_low <= float(row.mean) + 0.005
        assert row.grimmer == (row.sd_low <= row.sd_high)
