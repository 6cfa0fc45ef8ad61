"""Counts and percentages of classifications."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from reanalysis.alternatives.percentages import adding_to_100
from reanalysis.class_shares import (
    ADDING_UP,
    CLASSIFIED,
    ROUNDED,
    audit_percentages,
    left_by_the_others,
    shares_by_method,
)

TABLE = pd.DataFrame(
    {
        "system": ["old"] * 3 + ["new"] * 2,
        "class": ["a", "b", "Unclassified", "x", "y"],
        "n": [12, 7, 2, 5, 16],
        "percent": ["57.1", "33.3", "9.5", "23.8", ""],
    }
)


def test_what_is_left_is_the_count_where_the_column_adds_up():
    """One changed count shows in every line of its own column, and in no other."""
    assert left_by_the_others(TABLE, 21).tolist() == TABLE["n"].tolist()
    wrong = TABLE.assign(n=[12, 7, 3, 5, 16])
    assert left_by_the_others(wrong, 21).tolist() == [11, 6, 2, 5, 16]


def test_each_method_has_its_denominator():
    """The classified are those of the same system; a system without that class keeps all."""
    found = shares_by_method(TABLE, 21)
    assert set(found) == {ROUNDED, ADDING_UP, CLASSIFIED}
    assert_allclose(found[ROUNDED], TABLE["n"] / 21)
    assert_allclose(found[CLASSIFIED], [12 / 19, 7 / 19, 2 / 19, 5 / 21, 16 / 21])
    assert_allclose(found[ADDING_UP].groupby(TABLE["system"]).sum(), 1)


def test_the_audit_finds_the_line_that_does_not_fit():
    """It leaves out the line that prints no percentage, and names what would reach the rest."""
    audited = audit_percentages(TABLE.assign(percent=["57.1", "33.3", "9.4", "23.8", ""]), 21)
    assert audited["agrees"].tolist() == [True, True, False, True]
    assert audited["denominators"].tolist() == ["21", "21", "none", "21"]


@given(st.lists(st.integers(0, 300), min_size=1, max_size=8).filter(sum), st.integers(0, 2))
def test_largest_remainders_add_up_and_stay_near(counts, decimals):
    """Invariant: the sum is 100, and no class moves by a whole unit of its last digit."""
    found = np.array(adding_to_100(counts, decimals))
    unit = 10.0**-decimals
    assert_allclose(found.sum(), 100)
    exact = 100 * np.array(counts) / sum(counts)
    assert (np.abs(found - exact) < unit * (1 + 1e-9)).all()


@pytest.mark.parametrize("counts", [[], [0, 0], [1.5, 2], [-1, 4]])
def test_unfit_counts_are_refused(counts):
    with pytest.raises(ValueError, match="must be a whole number"):
        adding_to_100(counts, 1)
