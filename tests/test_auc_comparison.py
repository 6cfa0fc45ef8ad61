"""Differences of areas of the same patients against R's pROC and generalised least squares."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reanalysis import auc_comparison as compare
from reanalysis.estimates import Estimate
from reanalysis.roc import delong_auc

REFERENCE = Path(__file__).parent / "reference"
SCORES = pd.read_csv(REFERENCE / "effects" / "scores.csv")
ROWS = pd.read_csv(REFERENCE / "roc" / "roc.csv")
GOLDEN = {(row.what, row.score): row.value for row in ROWS.itertuples()}
ILL = SCORES["ill"] == 1
AREAS = {
    name: delong_auc(SCORES.loc[ILL, name], SCORES.loc[~ILL, name])
    for name in ("skewed", "noisy", "graded")
}
PAIR = AREAS["skewed"], AREAS["noisy"]


def test_with_their_correlation_the_difference_is_that_of_proc():
    # tests/reference/roc/roc.csv: pROC 1.18.0, cov and roc.test(method='delong', paired=TRUE).
    found = compare.area_difference(*PAIR, GOLDEN["correlation", "skewed, noisy"])
    assert_allclose(found.p_value, GOLDEN["p_value", "skewed, noisy"], rtol=1e-9)
    z = found.estimate / found.std_error
    assert_allclose(z, GOLDEN["statistic", "skewed, noisy"], rtol=1e-9)


def test_equality_of_three_is_that_of_generalised_least_squares():
    # tests/reference/roc/roc.csv: stats::mahalanobis about the GLS mean, correlation 0.4.
    statistic, p_value = compare.equality_test(AREAS, 0.4)
    assert_allclose(statistic, GOLDEN["equality", "all three"], rtol=1e-8)
    assert_allclose(p_value, GOLDEN["equality p", "all three"], rtol=1e-8)


def test_equality_of_two_is_their_difference():
    two = dict(list(AREAS.items())[:2])
    found = compare.area_difference(*two.values(), 0.3)
    assert_allclose(compare.equality_test(two, 0.3)[1], found.p_value, rtol=1e-9)


def test_correlation_needed_is_where_p_reaches_the_level():
    first, second = (
        Estimate(a, a - 0.2, a + 0.2, std_error=s) for a, s in ((0.7, 0.1), (0.6, 0.09))
    )
    needed = compare.correlation_needed(first, second)
    assert_allclose(compare.area_difference(first, second, needed).p_value, 0.05, rtol=1e-9)
    far = Estimate(0.05, 0, 0.1, std_error=0.001)
    assert compare.correlation_needed(first, far) == -1


def test_every_pair_is_compared_once_the_larger_first():
    pairs = compare.pairs_that_differ(AREAS, 0.5)
    assert len(pairs) == 3
    assert (pairs["estimate"] >= 0).all()
    assert (pairs["differ"] == (pairs["p_value"] < 0.05)).all()
    curve = compare.differences_over_correlation(*PAIR, np.linspace(0, 0.9, 4))
    assert (np.diff(curve["conf_high"] - curve["conf_low"]) < 0).all()


def test_more_correlation_tells_more_apart():
    found = compare.what_can_be_told_apart(AREAS, [0.0, 0.5, 0.9])
    assert (np.diff(found["pairs_that_differ"]) >= 0).all()
    assert (np.diff(found["p_all_equal"]) < 0).all()
    assert (found["pairs"] == 3).all()


@pytest.mark.parametrize("correlation", [-1.1, 1.2])
def test_impossible_inputs_are_named(correlation):
    with pytest.raises(ValueError, match="correlation"):
        compare.area_difference(*PAIR, correlation)
    with pytest.raises(ValueError, match="standard errors"):
        compare.area_difference(Estimate(0.7, 0.6, 0.8), PAIR[0])
    with pytest.raises(ValueError, match="two areas"):
        compare.equality_test({"one": PAIR[0]}, 0.2)
