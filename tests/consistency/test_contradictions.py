"""Minimal contradictions and repairs, against every subset of the statements."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reanalysis.consistency.contradictions import find_contradictions, values_left_by


def holds(fits, statements):
    return bool(fits[list(statements)].all(axis=1).any())


def by_brute_force(fits):
    """All 2^k subsets: contradictory ones whose every proper subset holds; and repairs."""
    names = list(fits.columns)
    subsets = [c for k in range(len(names) + 1) for c in itertools.combinations(names, k)]
    minimal = [
        c
        for c in subsets
        if not holds(fits, c) and all(holds(fits, [x for x in c if x != out]) for out in c)
    ]
    given_up = [c for c in subsets if holds(fits, [x for x in names if x not in c])]
    repairs = [c for c in given_up if not any(set(o) < set(c) for o in given_up)]
    return minimal, repairs


@given(
    st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=1, max_size=12),
)
@settings(max_examples=80, deadline=None)
def test_every_minimal_contradiction_and_no_other(rows):
    fits = pd.DataFrame(rows, columns=list("abcde"))
    found = find_contradictions(fits)
    minimal, repairs = by_brute_force(fits)
    assert set(found.minimal) == set(minimal)
    assert set(found.repairs) == set(repairs)
    assert found.consistent == bool(fits.all(axis=1).any())
    assert [len(c) for c in found.minimal] == sorted(len(c) for c in minimal)


def test_an_example_worked_by_hand():
    # Clauses (a), (not a), (not a or b), (not b). Only the first asserts a: without it a and b
    # false fit all others. With it the second fails, and so does the third or the fourth.
    a, b = np.array(list(itertools.product([False, True], repeat=2))).T
    fits = pd.DataFrame({"1": a, "2": ~a, "3": ~a | b, "4": ~b})
    found = find_contradictions(fits)
    assert found.minimal == (("1", "2"), ("1", "3", "4"))
    assert found.repairs == (("1",), ("2", "3"), ("2", "4"))


def test_statements_that_agree_or_that_nothing_fits():
    agree = find_contradictions(pd.DataFrame({"x": [True], "y": [True]}))
    assert agree.consistent
    assert agree.repairs == ((),)
    assert agree.membership().empty
    never = find_contradictions(pd.DataFrame({"x": [True, True], "y": [False, False]}))
    assert never.minimal == never.repairs == (("y",),)
    assert never.membership().to_dict("index") == {"y": {1: True}}


def test_values_that_statements_leave():
    fits = pd.DataFrame({"x": [True, True, False], "y": [True, False, True]})
    values = pd.Series([0.2, 0.1, np.nan])
    assert values_left_by(fits, values, ["x"]) == [0.1, 0.2]
    assert values_left_by(fits, values, ["x", "y"]) == [0.2]
    assert values_left_by(fits, values, ["y"]) == [0.2]


def test_unfit_input_is_refused():
    with pytest.raises(ValueError, match="at least one candidate"):
        find_contradictions(pd.DataFrame({"x": []}))
    with pytest.raises(ValueError, match="1 to 62 statements"):
        find_contradictions(pd.DataFrame([[True] * 63]))
