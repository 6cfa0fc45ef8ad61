"""Bounds on Cochran's Q from the totals of several tests on the same patients."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from statsmodels.stats.contingency_tables import cochrans_q

from reanalysis.paired_tests import mcnemar_bounds
from reanalysis.several_paired_tests import cochran_q_bounds, paired_comparisons

GOLDEN = pd.read_csv(Path(__file__).parent / "reference" / "classification" / "golden.csv")
GOLDEN = GOLDEN[GOLDEN["topic"] == "cochran"]


@pytest.mark.parametrize("case", GOLDEN["case"].unique())
def test_both_ends_are_those_of_r(case):
    # R 4.2.2 friedman.test() of zeros and ones, positives spread out and nested; twelve digits.
    positives, total = case.split(" of ")
    bounds = cochran_q_bounds([int(n) for n in positives.split()], int(total))
    golden = GOLDEN[GOLDEN["case"] == case].set_index("quantity")["value"]
    assert set(golden.index) == {"statistic_low", "statistic_high", "p_low", "p_high"}
    # R's P of a large statistic has fewer digits than the statistic itself.
    assert_allclose([getattr(bounds, name) for name in golden.index], golden, rtol=1e-8)


@pytest.mark.parametrize(("positives", "total"), [((2, 1, 3), 4), ((1, 1, 2), 5), ((4, 3, 0), 4)])
def test_no_overlap_leaves_the_bounds_and_both_are_reached(positives, total):
    """Exhaustive: every way in which three tests can pick their positives."""
    picks = [
        [np.isin(np.arange(total), c).astype(int) for c in itertools.combinations(range(total), n)]
        for n in positives
    ]
    found = {
        cochrans_q(np.column_stack(columns)).statistic for columns in itertools.product(*picks)
    }
    bounds = cochran_q_bounds(positives, total)
    assert_allclose([min(found), max(found)], [bounds.statistic_low, bounds.statistic_high])
    assert bounds.df == 2


def test_equal_totals_can_agree_completely():
    """Edge: the same patients throughout, so nothing differs."""
    bounds = cochran_q_bounds([3, 3], 9)
    assert bounds.statistic_low == bounds.statistic_high == 0
    assert bounds.p_high == 1


def test_a_test_that_is_never_positive_leaves_one_table():
    """Its pairs are decided by the totals; the others are bounded as by McNemar's test."""
    pairs = paired_comparisons({"a": 8, "b": 13, "none": 0}, 201)
    decided = pairs.query("determined")
    assert decided[["first", "second"]].to_numpy().tolist() == [["a", "none"], ["b", "none"]]
    # R 4.2.2: binom.test(0, 8)$p.value is 0.0078125, binom.test(0, 13)$p.value 0.0002441406
    assert_allclose(decided["p_high"], [0.0078125, 0.0002441406], rtol=1e-6)
    bounds = mcnemar_bounds(8, 13, 201)
    assert tuple(pairs.loc[0, ["p_low", "p_high"]]) == (bounds.p_low, bounds.p_high)


@pytest.mark.parametrize(
    ("positives", "message"),
    [([4], "two tests"), ([4, 11], "0 to 10"), ([4, 2.5], "0 to 10"), ([0, 0], "not defined")],
)
def test_unfit_totals_are_refused(positives, message):
    with pytest.raises(ValueError, match=message):
        cochran_q_bounds(positives, 10)
