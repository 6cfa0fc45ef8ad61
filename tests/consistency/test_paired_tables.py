"""Every cross-table with the printed counts, against all tables there are."""

import itertools

import numpy as np
import pytest

from reanalysis.consistency.paired_tables import fitting_cross_tables, smallest_conflicts
from reanalysis.paired_tests import mcnemar_bounds

THREE = {"a": ("yes", "no"), "b": ("yes", "no"), "c": ("yes", "no")}


def all_tables(total, n_cells):
    """Every way to place a total in cells, by brute force."""
    grid = itertools.product(range(total + 1), repeat=n_cells)
    return [cells for cells in grid if sum(cells) == total]


def test_every_fitting_table_and_no_other():
    """Exhaustive at small totals: random counts of random tables, checked one by one."""
    rng = np.random.default_rng(20240611)
    cells = list(itertools.product(*THREE.values()))
    everything = np.array(all_tables(5, 8))
    for _ in range(25):
        truth = everything[rng.integers(len(everything))]
        counts = [({}, 5)]
        for _ in range(rng.integers(1, 5)):
            factors = rng.permutation(list(THREE))[: rng.integers(1, 4)]
            levels = {str(f): ("yes", "no")[rng.integers(2)] for f in factors}
            counts.append((levels, int(truth[members(cells, levels)].sum())))
        expected = everything[
            [all(t[members(cells, lv)].sum() == n for lv, n in counts) for t in everything]
        ]
        found = fitting_cross_tables(THREE, counts).tables.to_numpy()
        assert found.tolist() == sorted(expected.tolist())


def members(cells, levels):
    """Which cells lie at the levels, decided here by their names."""
    return [all(dict(zip(THREE, c, strict=True))[f] == v for f, v in levels.items()) for c in cells]


def test_two_margins_are_mcnemar_bounds():
    """The same tables as the enumeration for two tests."""
    factors = {"first": ("+", "-"), "second": ("+", "-")}
    counts = [({}, 62), ({"first": "+"}, 48), ({"second": "+"}, 58)]
    found = fitting_cross_tables(factors, counts)
    expected = mcnemar_bounds(48, 58, 62).cross_tables["both"]
    assert found.counts(first="+", second="+").tolist() == expected.tolist()
    assert found.bounds(first="-", second="-") == (0, 4)
    assert not found.is_unique


def test_a_range_is_searched_with_both_ends():
    """Four to six of ten are positive: three tables."""
    found = fitting_cross_tables({"test": ("+", "-")}, [({}, 10), ({"test": "+"}, (4, 6))])
    assert found.counts(test="+").tolist() == [4, 5, 6]


def test_no_table_is_a_contradiction_and_the_smallest_sets_are_named():
    """The parts are one more than the whole; a further, harmless count is not accused."""
    factors = {"reading": ("none", "one", "both")}
    parts = {"none": 11, "one": 7, "both": 6}
    counts = {name: ({"reading": name}, n) for name, n in parts.items()}
    assert smallest_conflicts(factors, counts) == []
    counts |= {"total": ({}, 23), "none again": ({"reading": "none"}, 11)}
    assert len(fitting_cross_tables(factors, list(counts.values()))) == 0
    found = smallest_conflicts(factors, counts)
    assert {frozenset(names) for names in found} == {
        frozenset({"none", "one", "both", "total"}),
        frozenset({"none again", "one", "both", "total"}),
    }
    with pytest.raises(ValueError, match="nothing to bound"):
        fitting_cross_tables(factors, list(counts.values())).bounds(reading="one")


def test_what_cannot_be_searched_is_refused():
    """Errors say what was expected and what came."""
    with pytest.raises(ValueError, match=r"add the total"):
        fitting_cross_tables(THREE, [({"a": "yes"}, 3)])
    with pytest.raises(ValueError, match="expected factors and levels out of"):
        fitting_cross_tables(THREE, [({"d": "yes"}, 3)])
    with pytest.raises(ValueError, match="whole number of at least 0"):
        fitting_cross_tables(THREE, [({}, 2.5)])
    with pytest.raises(ValueError, match="more than 10 tables fit"):
        fitting_cross_tables(THREE, [({}, 20)], limit=10)
