"""Bounds of paired means and of the median difference, against every small data set there is."""

from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from reanalysis.consistency.difference_summaries import PrintedPairs, pair_bounds


def printed_of(first, second):
    """Summaries with two decimals, as a paper would print them."""
    parts = []
    for values, middle in ((first, "mean"), (second, "mean"), (first - second, "median")):
        numbers = {middle: getattr(np, middle)(values), "minimum": values.min()}
        numbers["maximum"] = values.max()
        parts.append({name: f"{number:.2f}" for name, number in numbers.items()})
    return PrintedPairs(*parts, n=len(first))


def test_every_data_set_lies_within_its_own_bounds():
    """Exhaustive enumeration of three pairs: 84 sets."""
    pairs = list(product((20, 26, 40), (2, 5, 9)))[:7]
    tried = 0
    for rows in combinations_with_replacement(pairs, 3):
        first, second = np.transpose(rows).astype(float)
        bounds = pair_bounds(printed_of(first, second))
        truth = [first.mean(), second.mean(), np.median(first - second)]
        assert (bounds["low"] - 1e-6 <= truth).all(), rows
        assert (bounds["high"] + 1e-6 >= truth).all(), rows
        tried += 1
    assert tried == 84  # (7 + 2 choose 3)


def test_the_median_is_fixed_where_three_pairs_leave_no_choice():
    """Two differences are the extremes, so the means give the third, up to rounding."""
    first, second = np.array([20.0, 30.0, 45.0]), np.array([8.0, 12.0, 5.0])
    low, high = pair_bounds(printed_of(first, second)).loc["difference.median", ["low", "high"]]
    assert low == pytest.approx(18, abs=0.05)
    assert high == pytest.approx(18, abs=0.05)


def test_summaries_that_exclude_each_other_have_no_bounds():
    first = {"mean": "20", "minimum": "10", "maximum": "30"}
    second = {"mean": "5", "minimum": "0", "maximum": "10"}
    far = {"median": "80", "minimum": "70", "maximum": "90"}
    assert pair_bounds(PrintedPairs(first, second, far, 5))[["low", "high"]].isna().all(axis=None)


def test_an_even_number_of_pairs_is_refused():
    whole = {"mean": "2", "minimum": "1", "maximum": "3"}
    with pytest.raises(ValueError, match="odd n"):
        PrintedPairs(whole, whole, whole, 4)
