"""Standard deviations that means and ranges allow, against all samples there are."""

import itertools

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reanalysis.consistency.spread_bounds import sd_bounds


def test_no_sample_leaves_the_bounds_and_some_reach_them():
    """Exhaustive: all samples of five whole numbers from 0 to 6 with both ends of their range."""
    for values in itertools.combinations_with_replacement(range(7), 5):
        sample = np.array(values)
        row = {"n": [5], "mean": [sample.mean()], "smallest": [sample.min()]}
        low, high = sd_bounds(pd.DataFrame(row | {"largest": [sample.max()]}))
        assert low - 1e-9 <= sample.std(ddof=1) <= high + 1e-9
    constant = pd.DataFrame({"n": [5], "mean": [3.0], "smallest": [1], "largest": [5]})
    low, high = sd_bounds(constant)
    # 1, 3, 3, 3, 5 has the least spread; the most would need half a person at each end.
    assert_allclose(low, np.std([1, 3, 3, 3, 5], ddof=1))
    assert high >= np.std([1, 1, 3, 5, 5], ddof=1)
    skewed = pd.DataFrame({"n": [5], "mean": [2.4], "smallest": [0], "largest": [6]})
    assert_allclose(sd_bounds(skewed)[0], np.std([0, 2, 2, 2, 6], ddof=1))
    even = pd.DataFrame({"n": [4], "mean": [3.0], "smallest": [1], "largest": [5]})
    assert_allclose(sd_bounds(even)[1], np.std([1, 1, 5, 5], ddof=1))


def test_groups_add_the_distance_of_their_means():
    """Two groups without spread of their own: the spread is all between them."""
    groups = pd.DataFrame({"n": [2, 2], "mean": [1.0, 5.0], "smallest": [1, 5], "largest": [1, 5]})
    assert_allclose(sd_bounds(groups), [np.std([1, 1, 5, 5], ddof=1)] * 2)


def test_impossible_means_are_refused():
    """A mean of ten values that must include 5 and 40 cannot be 6."""
    groups = pd.DataFrame({"n": [10], "mean": [6.0], "smallest": [5], "largest": [40]})
    with pytest.raises(ValueError, match=r"lies between 8\.5 and 36\.5"):
        sd_bounds(groups)
    with pytest.raises(ValueError, match="two or more members"):
        sd_bounds(groups.assign(n=1))
    with pytest.raises(ValueError, match="missing"):
        sd_bounds(groups.drop(columns="mean"))
