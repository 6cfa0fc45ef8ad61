"""Signed-rank tests by every method: R's wilcox.test and coin, and enumeration."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from reanalysis.alternatives import signed_rank as sr

# Two columns of ICCs in thousandths, with a tie.
FIRST = [489, 437, 457, 312, 349, 370, 513, 464, 472, 286, 319, 334]
SECOND = [527, 474, 497, 301, 254, 254, 288, 312, 314, 254, 299, 308]


def gaps():
    return np.subtract(FIRST, SECOND) / 1000


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [
        # R 4.2.2: wilcox.test(x, y, paired = TRUE, exact = FALSE); correct = FALSE; exact = TRUE
        (sr.CONTINUITY, 0.1078018),
        (sr.NORMAL, 0.09948088),
        (sr.EXACT, 0.1098633),
    ],
)
def test_p_values_are_those_of_r(distribution, expected):
    assert_allclose(sr.signed_rank_p(gaps(), distribution), expected, rtol=1e-6)


@pytest.mark.parametrize("differences", [[1, -1, 2, 3, 3, -4], [0.5, 0.5, 0.5, 0, 2], [1, 2, -3]])
def test_exact_p_is_that_of_all_signs(differences):
    kept = np.array([d for d in differences if d])
    ranks = stats.rankdata(np.abs(kept))
    sums = np.array([ranks[np.array(s) > 0].sum() for s in product((-1, 1), repeat=len(kept))])
    seen, middle = ranks[kept > 0].sum(), ranks.sum() / 2
    expected = np.mean(np.abs(sums - middle) >= abs(seen - middle) - 1e-9)
    assert_allclose(sr.signed_rank_p(differences, sr.EXACT), expected)


def test_ties_of_printed_numbers_are_ties():
    # 0.489 - 0.471 and 0.300 - 0.282 are the same in print and not in floating point.
    noisy = [0.489 - 0.471, 0.300 - 0.282, -0.018, 0.05]
    assert sr.signed_rank_p(noisy, sr.EXACT) == sr.signed_rank_p([18, 18, -18, 50], sr.EXACT)


def test_sorting_first_destroys_pairs():
    rng = np.random.default_rng(1)
    first, second = rng.normal(0.3, 1, 40), rng.normal(0, 1, 40)
    found = sr.signed_rank_variants(first, second, n_tests=3)
    assert found["each column sorted first, normal"] < found["paired by row, normal"] / 10
    assert_allclose(found[sr.STATED], min(1, 3 * found["paired by row, " + sr.CONTINUITY]))
    assert_allclose(found[sr.UNPAIRED], stats.mannwhitneyu(first, second).pvalue, rtol=1e-9)


def test_tests_of_a_paper_stand_by_method():
    found = sr.variants_by_test({"a": (FIRST, SECOND), "b": (FIRST, FIRST)}, {"a": 1, "b": 2})
    assert list(found[sr.STATED].index) == ["a", "b"]
    assert np.isnan(found["paired by row, exact"].at["b", "p_value"])
    assert isinstance(found[sr.STATED], pd.DataFrame)


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="one length"):
        sr.signed_rank_variants([1, 2], [1, 2, 3])
