"""Standardised differences of means and shares."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from reanalysis.standardized_differences import (
    difference_of_means,
    difference_of_shares,
    standardized_differences,
)
from reanalysis.studies import load_study


def test_two_categories_are_the_formula_of_austin():
    """Austin, Stat Med 2009;28:3083–3107, equation 2: (p1 - p2)/√((p1q1 + p2q2)/2)."""
    p, q = 84 / 85, 81 / 88
    expected = (p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 2)
    assert_allclose(difference_of_shares([84, 1], [81, 7]).estimate, expected)
    assert_allclose(difference_of_shares([1, 84], [7, 81]).estimate, -expected)


def test_means_are_measured_in_the_average_spread():
    """Equation 1 of the same paper."""
    values = {"first_mean": 3.0, "first_sd": 3.0, "first_n": 10}
    values |= {"second_mean": 1.0, "second_sd": 4.0, "second_n": 20}
    assert_allclose(difference_of_means(**values).estimate, 2 / np.sqrt(12.5))


def test_order_of_categories_does_not_matter():
    """The Mahalanobis distance is the same whichever category is left out."""
    first, second = np.array([48, 31, 6]), np.array([41, 39, 8])
    found = [
        difference_of_shares(first[order], second[order]).estimate
        for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0])
    ]
    assert_allclose(found, found[0])


def test_a_category_empty_in_both_is_left_out():
    """It says nothing about the difference."""
    found = difference_of_shares([5, 0, 7], [4, 0, 3]).estimate
    assert_allclose(abs(found), abs(difference_of_shares([5, 7], [4, 3]).estimate))


def test_size_does_not_depend_on_the_number_of_patients():
    """Ten times as many patients: the same difference, a narrower interval."""
    small, large = (difference_of_shares([8 * k, 2 * k], [5 * k, 5 * k]) for k in (1, 10))
    assert_allclose(small.estimate, large.estimate)
    assert large.std_error < small.std_error


def test_nothing_to_compare_is_refused():
    """Errors say what was expected."""
    with pytest.raises(ValueError, match="two categories"):
        difference_of_shares([5, 0], [4, 0])
    with pytest.raises(ValueError, match="above 0"):
        difference_of_means(
            first_mean=1, first_sd=0, first_n=5, second_mean=1, second_sd=0, second_n=5
        )


def test_a_whole_table_is_sorted_by_size():
    """Fourteen variables, each once."""
    study = load_study("lipiodol_cryoablation")
    table = standardized_differences(
        study.table("baseline_categories"), study.table("baseline_means")
    )
    assert len(table) == 14
    assert (table["estimate"].abs().diff().dropna() <= 0).all()
    assert table["label"].is_unique
