"""Counts beyond a threshold from a median (or mean) and a range."""

from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from reanalysis.consistency.median_counts import counts_reaching_threshold

GRID = (0, 1, 2, 3, 5, 8)


def by_enumeration(n, statistic, value, low, high, threshold):
    """Counts in every sample from a grid with these numbers."""
    samples = np.array(list(combinations_with_replacement(GRID, n)))
    middle = {"median": np.median, "mean": np.mean}[statistic](samples, axis=1)
    fits = np.isclose(middle, value) & (samples[:, 0] == low) & (samples[:, -1] == high)
    return {int(c) for c in (samples[fits] >= threshold).sum(axis=1)}


@pytest.mark.parametrize(
    ("n", "statistic", "ends", "value"),
    list(product((4, 5, 6, 7), ("median", "mean"), ((0, 8), (1, 5)), (1.5, 2.0, 2.5, 3.0))),
)
def test_every_count_of_a_real_sample_is_found(n, statistic, ends, value):
    """What is exhaustively listed on a grid is a part of what is possible."""
    low, high = ends
    for threshold in (1.5, 2.5, 4):
        real = by_enumeration(n, statistic, value, low, high, threshold)
        found = counts_reaching_threshold(
            n,
            value=f"{value:.3f}",
            low=f"{low}.000",
            high=f"{high}.000",
            threshold=threshold,
            statistic=statistic,
        )
        assert real <= set(found)


def test_counts_by_hand():
    """Six with a median of 2.81 from 0.71 to 5.22: x3 + x4 = 5.62, so x3 may be below 1.5."""
    numbers = {"value": "2.81", "low": "0.71", "high": "5.22", "threshold": 1.5}
    assert counts_reaching_threshold(6, **numbers) == [3, 4, 5]
    # x3 + x4 = 20.76 and x4 <= 15.27 leave x3 at 5.49 or more.
    numbers = {"value": "10.38", "low": "0.35", "high": "15.27", "threshold": 1.5}
    assert counts_reaching_threshold(6, **numbers) == [4, 5]
    # A mean of 10.38: with three below 1.5 the sum would be at most 0.355 + 3 + 3 x 15.275 < 62.
    assert counts_reaching_threshold(6, statistic="mean", **numbers) == [4, 5]


def test_all_or_none_and_contradictory_numbers():
    assert counts_reaching_threshold(5, value="3", low="2", high="4", threshold=1) == [5]
    assert counts_reaching_threshold(5, value="3", low="2", high="4", threshold=9) == [0]
    assert counts_reaching_threshold(6, value="9.0", low="1", high="4", threshold=5) == []


def test_a_range_that_is_not_printed_bounds_nothing():
    numbers = {"value": "3.94", "low": None, "high": None, "threshold": 1.5}
    assert counts_reaching_threshold(8, **numbers) == [4, 5, 6, 7, 8]
    assert counts_reaching_threshold(8, statistic="mean", **numbers) == list(range(9))


@pytest.mark.parametrize(
    ("n", "statistic", "message"), [(3, "median", "at least 4"), (6, "mode", "statistic")]
)
def test_unfit_input_is_refused(n, statistic, message):
    with pytest.raises(ValueError, match=message):
        counts_reaching_threshold(n, value="1", low="0", high="2", threshold=1, statistic=statistic)
