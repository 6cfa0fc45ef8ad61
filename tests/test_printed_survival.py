"""Reconstruction of all outcomes of a study from its table of printed rates."""

import numpy as np
import pandas as pd
import pytest
from lifelines.statistics import logrank_test
from numpy.testing import assert_allclose

from reanalysis.printed_survival import (
    constraints_of,
    log_rank_within,
    pair_as_printed,
    reconstruct_arms,
    reconstruct_study,
)

COLUMNS = ["outcome", "arm", "n", "rate_3_years", "rate_5_years", "follow_up_median"]


@pytest.fixture(scope="module")
def survival():
    """One outcome of two arms; not of any paper."""
    rows = [("A", "new", 60, "95.0", "92.1", "3.1"), ("A", "old", 62, "80.2", "75.0", "3.4")]
    return pd.DataFrame(rows, columns=COLUMNS).assign(follow_up_std_error="0.20")


@pytest.fixture(scope="module")
def arms(survival):
    return reconstruct_arms(survival, "A", n_members=20)


def test_the_constraints_are_passed_on_as_printed(survival):
    """No digit is lost."""
    assert constraints_of(survival.iloc[0]) == (60, {3: "95.0", 5: "92.1"}, "3.1")


def test_members_have_the_printed_rates(arms):
    """Both arms, in the order of the table."""
    assert list(arms) == ["new", "old"]
    assert_allclose(100 * arms["old"].survival([3, 5]).mean(axis=0), [80.2, 75.0], atol=0.05)


def test_the_standard_error_is_asked_for_only_when_wanted(survival):
    """Read as SD over root n: 0.20 of 60 patients is an SD of 1.51 to 1.59 years."""
    strict = reconstruct_arms(survival, "A", with_std_error=True, n_members=10)["new"]
    spread = strict.time.std(axis=1, ddof=1) / np.sqrt(60)
    assert ((spread >= 0.195) & (spread <= 0.205)).all()


def test_pairs_with_and_without_their_p_value(survival, arms):
    """The P value of a pair that exists is reached; free pairs do not all have it."""
    p_value = f"{np.median(pair_as_printed(arms).log_rank_p):.3f}"
    free, fitting = reconstruct_study(survival, {"A": p_value}, {"A": None}, n_members={"A": 20})
    assert {f"{p:.3f}" for p in fitting["A"].log_rank_p} == {p_value}
    assert len({f"{p:.3f}" for p in free["A"].log_rank_p}) > 1


def test_ending_observation_early_is_what_lifelines_does(arms):
    """Events after the stop are censored at it."""
    pair = pair_as_printed(arms, n_members=6)
    found = log_rank_within(pair, 2.5)
    for position, p_value in enumerate(found):
        first, second = (arm.member(position) for arm in (pair.first, pair.second))
        expected = logrank_test(
            first["time"].clip(upper=2.5),
            second["time"].clip(upper=2.5),
            first["event"] & (first["time"] <= 2.5),
            second["event"] & (second["time"] <= 2.5),
        ).p_value
        assert_allclose(p_value, expected, rtol=1e-9)


def test_an_outcome_without_two_arms_is_refused(survival):
    """Errors say what was expected."""
    with pytest.raises(ValueError, match="two arms of 'B'"):
        reconstruct_arms(survival, "B")
