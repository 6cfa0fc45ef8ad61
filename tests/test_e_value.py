"""E-values."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from reanalysis.e_value import e_value, e_values, hazard_ratio_to_risk_ratio
from reanalysis.estimates import Estimate


def test_published_example():
    """VanderWeele, Ding, Ann Intern Med 2017;167:268–274: RR 3.9 (1.8 to 8.7) has 7.26 and 3.0."""
    of_estimate, of_limit = e_values(Estimate(3.9, 1.8, 8.7))
    assert_allclose([of_estimate, of_limit], [7.26, 3.0], atol=0.005)


def test_a_confounder_of_that_strength_explains_it_away():
    """The bounding factor RR·RR/(RR + RR - 1) at the E-value is the ratio itself."""
    for ratio in (1.2, 2.0, 6.9):
        strength = e_value(ratio)
        assert_allclose(strength**2 / (2 * strength - 1), ratio)


def test_protection_and_harm_are_alike():
    """The limit is the one nearer to 1; an interval across 1 needs no confounder."""
    assert_allclose(e_value(0.25), e_value(4))
    assert_allclose(e_values(Estimate(0.25, 0.1, 0.5))[1], e_value(0.5))
    assert e_values(Estimate(0.8, 0.5, 1.3))[1] == 1
    assert e_value(1) == 1


def test_common_outcomes_bring_a_hazard_ratio_nearer_to_one():
    """And keep its direction and its inverse."""
    ratios = np.array([0.1, 0.5, 2.0, 8.0])
    risks = np.array([hazard_ratio_to_risk_ratio(ratio) for ratio in ratios])
    assert (np.abs(np.log(risks)) < np.abs(np.log(ratios))).all()
    assert_allclose(risks[1] * risks[2], 1)


def test_a_ratio_must_be_positive():
    """Errors say what was expected."""
    with pytest.raises(ValueError, match="above 0"):
        e_value(0)
