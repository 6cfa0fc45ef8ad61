"""Bounds of the design effect against all ways to spread the lesions."""

from itertools import combinations_with_replacement

import pytest
from numpy.testing import assert_allclose

from reanalysis.lesions_in_patients import design_effect_bounds, spread_bounds


@pytest.mark.parametrize(("n_lesions", "n_patients", "most"), [(9, 4, None), (9, 4, 3), (7, 7, 2)])
def test_bounds_are_those_of_all_spreads(n_lesions, n_patients, most):
    sizes = range(1, (most or n_lesions) + 1)
    spreads = [s for s in combinations_with_replacement(sizes, n_patients) if sum(s) == n_lesions]
    means = [sum(m * m for m in s) / n_lesions for s in spreads]
    found = spread_bounds(n_lesions=n_lesions, n_patients=n_patients, most=most)
    assert_allclose(found, (min(means), max(means)))


def test_no_correlation_costs_nothing_and_full_correlation_leaves_the_patients():
    totals = {"n_lesions": 135, "n_patients": 128}
    assert design_effect_bounds(**totals, icc=0).effective_lesions == (135, 135)
    # Two lesions in each of five patients, fully correlated, are worth five.
    assert design_effect_bounds(n_lesions=10, n_patients=5, icc=1).effective_lesions[1] == 5


@pytest.mark.parametrize(
    "wrong",
    [
        {"n_lesions": 3, "n_patients": 4, "icc": 0.1},
        {"n_lesions": 9, "n_patients": 4, "icc": 0.1, "most": 2},
        {"n_lesions": 9, "n_patients": 4, "icc": 1.2},
    ],
)
def test_impossible_inputs_are_named(wrong):
    with pytest.raises(ValueError, match=r"expected|fit|must lie"):
        design_effect_bounds(**wrong)
