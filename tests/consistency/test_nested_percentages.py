"""Every set of nested counts, and which percentages and P values it would be printed with."""

from math import comb

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from reanalysis.consistency.nested_percentages import (
    COLUMNS,
    fisher_p_values,
    nested_counts,
    p_values_printed_as,
    printed_as,
)
from reanalysis.consistency.percentages import counts_reaching


@pytest.mark.parametrize("max_n", [1, 2, 5, 9])
def test_every_set_once(max_n):
    """Six cells and a rest that add up to max_n: max_n + 6 choose 6 sets."""
    counts = nested_counts(max_n)
    assert list(counts.columns) == list(COLUMNS)
    assert len(counts) == len(counts.drop_duplicates()) == comb(max_n + 6, 6)
    for side in ("with", "without"):
        n, first, second = (counts[f"{side}_{part}"] for part in ("n", "first", "second"))
        assert ((n >= first) & (first >= second) & (second >= 0)).all()
    assert (counts["with_n"] + counts["without_n"]).max() == max_n


@pytest.mark.parametrize("text", ["66.7%", "62.5%", "20.0%", "0.0%", "100%", "33%"])
def test_percentages_are_those_of_the_single_search(text):
    events, totals = (grid.ravel() for grid in np.meshgrid(np.arange(21), np.arange(21)))
    found = printed_as(events, totals, text)
    expected = [
        n > 0 and k in counts_reaching(text, n) for k, n in zip(events, totals, strict=True)
    ]
    assert found.tolist() == expected


def test_p_values_are_those_of_scipy():
    """All tables of two groups of at most five; SciPy's two-sided Fisher for 2 by 2 is exact."""
    tables = [
        (a, n, b, m) for n in range(1, 6) for m in range(1, 6) for a in range(n + 1)
        for b in range(m + 1)
    ]  # fmt: skip
    ours = fisher_p_values(*np.array(tables).T)
    scipy = [stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue for a, n, b, m in tables]
    assert_allclose(ours, scipy, rtol=1e-9)
    assert np.isnan(fisher_p_values([0, 1], [0, 2], [1, 0], [2, 0])).all()


def test_printed_p_values():
    assert p_values_printed_as([0.2424, 0.2425, 0.2415, np.nan, 1.0], "0.242").tolist() == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert p_values_printed_as([0.0004, 0.001], "<0.001").tolist() == [True, False]


@pytest.mark.parametrize("max_n", [0, 1000])
def test_sizes_that_cannot_be_listed_are_refused(max_n):
    with pytest.raises(ValueError, match="expected max_n"):
        nested_counts(max_n)
