"""Kept, moved, changed, dropped: against brute force."""

import itertools

import numpy as np
import pandas as pd
import pytest

from reanalysis.rewritten_report import fates_of_statements, moved_statements, sections_in_order


def fewest_moved(places):
    """Length of the longest run in order, by trying every subset."""
    n = len(places)
    longest = max(
        len(subset)
        for size in range(n + 1)
        for subset in itertools.combinations(places, size)
        if list(subset) == sorted(subset)
    )
    return n - longest


def test_as_few_as_possible_move():
    for places in itertools.permutations(range(1, 7)):
        moved = moved_statements(places)
        assert moved.sum() == fewest_moved(places)
        kept = np.array(places)[~moved]
        assert (np.diff(kept) > 0).all()


def test_what_is_not_there_has_not_moved():
    assert moved_statements([2, np.nan, 1]).sum() == 1
    assert not moved_statements([np.nan, np.nan]).any()
    with pytest.raises(ValueError, match="different places"):
        moved_statements([1, 1])


def test_fates():
    frame = pd.DataFrame(
        {"x_content": ["same", "changed", "dropped", "same"], "x_place": ["2", "3", "", "1"]}
    )
    assert fates_of_statements(frame, "x").tolist() == ["kept", "changed", "dropped", "moved"]
    with pytest.raises(ValueError, match="a place for each"):
        fates_of_statements(frame.assign(x_place=["2", "", "", "1"]), "x")


def test_sections():
    frame = pd.DataFrame({"requested_place": ["1", "2", ""], "x_place": ["1", "2", "3"]})
    assert sections_in_order(frame, "x") == (True, True)
    assert sections_in_order(frame.assign(x_place=["2", "1", "3"]), "x") == (True, False)
    assert sections_in_order(frame.assign(x_place=["1", "", "3"]), "x") == (False, True)
