"""Kappa of three readers from their totals, against all patterns there are."""

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose

from reanalysis.alternatives.multi_rater_kappa import FLEISS, multi_rater_kappa_variants
from reanalysis.consistency.reader_patterns import (
    kappa_of_split_lesions,
    patterns_of_split_lesions,
)

PATTERNS = list(itertools.product((1, 0), repeat=3))


def ratings_of(row):
    """One row per lesion, from a row of patterns."""
    said = {"yes": 1, "no": 0}
    lines = [([said[word] for word in name.split("_")], int(n)) for name, n in row.items()]
    return np.array([line for line, n in lines for _ in range(n)])


def test_every_pattern_and_no_other_at_six_lesions():
    """Exhaustive: all ways to share six lesions among the eight patterns, by their totals."""
    found = {}
    for counts in itertools.product(range(7), repeat=7):
        if sum(counts) <= 6:
            full = np.array([*counts, 6 - sum(counts)])
            reads = tuple((full @ np.array(PATTERNS)).tolist())
            split = int(full[1:-1].sum())
            found.setdefault(reads, {}).setdefault(split, 0)
            found[reads][split] += 1
    for reads in [(3, 3, 4), (2, 5, 3), (1, 1, 1), (6, 5, 4)]:
        table = kappa_of_split_lesions(reads, 6)
        assert table["n_split"].tolist() == sorted(found[reads])
        for split, n_patterns in found[reads].items():
            assert len(patterns_of_split_lesions(reads, 6, split)) == n_patterns


def test_all_patterns_with_one_number_of_split_lesions_have_one_kappa():
    """Fleiss' kappa by statsmodels, and its standard error, for each pattern."""
    reads, n = [90, 90, 91], 135
    table = kappa_of_split_lesions(reads, n).set_index("n_split")
    for split in (1, 4, 7):
        patterns = patterns_of_split_lesions(reads, n, split)
        for _, row in patterns.iterrows():
            variants = multi_rater_kappa_variants(ratings_of(row)).set_index("method")
            assert_allclose(variants.at[FLEISS, "estimate"], table.at[split, "kappa"])
            assert_allclose(variants.at[FLEISS, "std_error"], table.at[split, "std_error"])
            assert ratings_of(row).sum(axis=0).tolist() == reads


def test_full_agreement_needs_equal_totals():
    """A reader who calls one more positive splits at least one lesion."""
    assert kappa_of_split_lesions([4, 4, 4], 10)["kappa"].iloc[0] == 1.0
    assert kappa_of_split_lesions([4, 4, 5], 10)["n_split"].min() == 1


def test_what_is_not_three_yes_or_no_readers_is_refused():
    """Errors say what was expected and what came."""
    with pytest.raises(ValueError, match="three readers"):
        kappa_of_split_lesions([4, 5], 10)
    with pytest.raises(ValueError, match="two categories"):
        kappa_of_split_lesions([10, 10, 10], 10)
    with pytest.raises(ValueError, match="whole numbers"):
        patterns_of_split_lesions([4, 4.5, 4], 10, 2)
