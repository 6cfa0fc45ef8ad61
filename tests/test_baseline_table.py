"""Percentages and P values of a baseline table."""

import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from reanalysis.alternatives import r_by_c_tests, two_by_two_tests
from reanalysis.baseline_table import (
    claims_by_test,
    compare_means,
    count_tables,
    p_values_by_test,
    shares_by_arm,
    two_groups,
)


@pytest.fixture
def categories():
    """Two variables of two arms."""
    rows = [("sex", "male", "a", 6), ("sex", "female", "a", 12)]
    rows += [("sex", "male", "b", 12), ("sex", "female", "b", 5)]
    rows += [("stage", str(s), "a", n) for s, n in ((1, 9), (2, 6), (3, 3))]
    rows += [("stage", str(s), "b", n) for s, n in ((1, 5), (2, 5), (3, 7))]
    return pd.DataFrame(rows, columns=["variable", "category", "arm", "count"])


def test_shares_add_up_and_keep_the_order(categories):
    """Within an arm the shares of a variable are 1; nothing is sorted."""
    shares = shares_by_arm(categories)
    assert_allclose(shares.groupby(level="variable").sum(), 1)
    assert [category for _, category in shares.index] == ["male", "female", "1", "2", "3"]
    assert_allclose(shares.at[("sex", "male"), "a"], 1 / 3)


def test_tests_are_those_of_the_families(categories):
    """R 4.2.2: chisq.test(matrix(c(6,12,12,5),2), correct=FALSE) 0.02752, fisher.test 0.04371."""
    tests = p_values_by_test(categories)
    assert_allclose(tests.at["sex", two_by_two_tests.PEARSON], 0.02752, atol=5e-6)
    assert_allclose(tests.at["sex", two_by_two_tests.FISHER], 0.04371, atol=5e-6)
    chi_square = stats.chi2_contingency(count_tables(categories)["stage"], correction=False)
    assert_allclose(tests.at["stage", r_by_c_tests.PEARSON], chi_square.pvalue)
    assert (
        tests.loc["stage", two_by_two_tests.FISHER] != tests.loc["stage", two_by_two_tests.FISHER]
    )


def test_two_groups_do_not_depend_on_their_order():
    """Swapping the groups changes no two-sided P value."""
    events, totals = pd.Series([2, 5]), pd.Series([85, 88])
    assert_allclose(two_groups(events, totals), two_groups(events[::-1], totals[::-1]))


def test_claims_leave_out_tests_that_do_not_apply(categories):
    """A variable of three categories has no Fisher test of two."""
    frames = claims_by_test(p_values_by_test(categories), ["stage", "sex"])
    assert list(frames[two_by_two_tests.PEARSON].index) == ["stage", "sex"]
    assert list(frames[two_by_two_tests.FISHER].index) == ["sex"]
    assert list(frames[two_by_two_tests.FISHER].columns) == ["p_value"]


def test_one_sided_is_half_of_two_sided():
    """With its range."""
    rows = [("age", "a", 85, "71.33", "11.22"), ("age", "b", 88, "71.20", "11.27")]
    means = pd.DataFrame(rows, columns=["variable", "arm", "n", "mean", "sd"])
    table = compare_means(means)["age"]
    for column in ("p_value", "p_value_min", "p_value_max"):
        assert_allclose(table.at["Student, one-sided", column], table.at["Student", column] / 2)
    expected = stats.ttest_ind_from_stats(71.33, 11.22, 85, 71.20, 11.27, 88).pvalue
    assert_allclose(table.at["Student", "p_value"], expected)


def test_other_numbers_of_arms_are_refused(categories):
    """Errors say what was expected."""
    with pytest.raises(ValueError, match="expected two arms"):
        count_tables(categories.query("arm == 'a'"))
    one = pd.DataFrame([("age", "a", 5, "1", "1")], columns=["variable", "arm", "n", "mean", "sd"])
    with pytest.raises(ValueError, match="expected two arms for age"):
        compare_means(one)
