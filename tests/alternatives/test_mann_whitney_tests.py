"""The forms of the Mann–Whitney test against R, enumeration and each other."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from reanalysis.alternatives import mann_whitney_tests as mw

GOLDEN = pd.read_csv(Path(__file__).parents[1] / "reference" / "small_series" / "rank_tests.csv")
# As in tests/reference/small_series/reference.R, which names the call of each number.
SAMPLES = {
    "ties": (
        [4, 2, 4, 1, 2, 3, 1, 4, 1, 3, 3, 1, 4, 1, 3, 3, 3, 3, 1],
        [1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 4, 4, 6, 6, 6, 6, 8, 9],
    ),
    "few": ([22, 19, 34, 6, 12, 36, 4, 21, 5], [40, 19, 61, 12, 75, 22, 90]),
    "none": ([1, 3, 5, 7, 9], [2, 4, 11, 13, 15, 17]),
}
whole_numbers = st.lists(st.integers(0, 6), min_size=2, max_size=5)


@pytest.mark.parametrize(
    "row", list(GOLDEN.itertuples()), ids=lambda row: f"{row.sample}, {row.method}"
)
def test_forms_are_those_of_r(row):
    found = mw.mann_whitney_variants(*SAMPLES[row.sample]).set_index("method")
    # R printed twelve digits.
    assert_allclose(found.at[row.method, "p_value"], row.p_value, rtol=1e-10)


@given(whole_numbers, whole_numbers)
def test_exact_form_is_the_share_of_all_splits(first, second):
    """Every way to choose the first group, one by one."""
    both = np.array([*first, *second])
    ranks = stats.rankdata(both)
    expected = len(first) * ranks.mean()
    sums = [sum(ranks[list(s)]) for s in itertools.combinations(range(len(both)), len(first))]
    seen = abs(ranks[: len(first)].sum() - expected)
    share = np.mean(np.abs(np.array(sums) - expected) >= seen - 1e-9)
    found = mw.mann_whitney_variants(first, second).set_index("method")
    assert_allclose(found.at[mw.EXACT, "p_value"], share, atol=1e-12)


@given(whole_numbers, whole_numbers)
def test_exchanging_the_groups_changes_the_side_and_no_p_value(first, second):
    there, back = (mw.mann_whitney_variants(*s) for s in ((first, second), (second, first)))
    assert_allclose(there["p_value"], back["p_value"], atol=1e-12)
    assert_allclose(there["superiority"], 1 - back["superiority"])


def test_everybody_equal_is_no_difference():
    """No spread of ranks at all: every form says 1."""
    found = mw.mann_whitney_variants([2, 2], [2, 2, 2])
    assert_allclose(found["p_value"], 1)
    assert_allclose(found["superiority"], 0.5)


def test_a_p_value_turns_back_into_the_superiority_it_came_from():
    """Without ties the two are one-to-one."""
    found = mw.mann_whitney_variants([5, 7, 9, 11], [1, 2, 3, 6, 8]).set_index("method")
    p_value, share = found.loc[mw.TIES_IGNORED, ["p_value", "superiority"]]
    assert_allclose(mw.superiority_of_p_value(p_value, 4, 5), share)


def test_gaps_and_impossible_p_values_are_refused():
    with pytest.raises(ValueError, match="without gaps"):
        mw.mann_whitney_variants([1, np.nan], [2])
    with pytest.raises(ValueError, match="expected a P value"):
        mw.superiority_of_p_value(0, 19, 19)
