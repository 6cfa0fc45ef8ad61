"""Interquartile ranges by definition: R's quantile and fivenum, and textbook halves."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from reanalysis.alternatives import quartiles

VALUES = [2.0, 3.5, 4.1, 7.7, 8.0, 11.2, 13.9]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # R 4.2.2: diff(quantile(x, c(.25, .75), type = 7)); 6; 2; 8; 3; diff(fivenum(x)[c(2, 4)])
        ("linear, type 7 (R, numpy, Excel)", 5.8),
        ("type 6 (SPSS, Minitab)", 7.7),
        ("type 2 (SAS, Stata)", 7.7),
        ("type 8 (median-unbiased)", 7.066667),
        ("nearest, type 3", 4.5),
        (quartiles.HINGES, 5.8),
        (quartiles.HALVES, 7.7),
    ],
)
def test_definitions_are_those_of_r(name, expected):
    assert_allclose(quartiles.interquartile_ranges(VALUES)[name], expected, atol=1e-6)


def test_all_definitions_agree_in_large_samples():
    found = quartiles.interquartile_ranges(np.random.default_rng(1).normal(size=20_001))
    assert np.ptp(list(found.values())) < 0.001


@pytest.mark.parametrize("values", [[1, 2, 3], [1, 2, 3, np.nan]])
def test_unfit_values_are_named(values):
    with pytest.raises(ValueError, match="at least four"):
        quartiles.interquartile_ranges(values)
