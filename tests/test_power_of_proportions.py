"""Exact power against R, which lists the outcomes by itself."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from reanalysis.power_of_proportions import (
    normal_power_unpaired,
    power_by_size,
    power_paired,
    power_unpaired,
    significant_outcomes,
    unpaired_p_values,
)

# tests/reference/sample_size/power.csv: the R call stands on each of its lines.
GOLDEN = pd.read_csv(Path(__file__).parent / "reference" / "sample_size" / "power.csv")


@pytest.mark.parametrize("row", GOLDEN.to_dict("records"), ids=lambda r: f"{r['design']}")
def test_power_is_that_of_r(row):
    first, second, n, alpha = row["first"], row["second"], int(row["n_first"]), row["alpha"]
    if row["test"] == "normal":
        # power.prop.test counts one tail only, as ours does. Twelve printed digits.
        found = normal_power_unpaired(first, second, n, alpha=alpha)
    elif row["design"] == "paired":
        found = power_paired(first, second, n, alpha=alpha, test=row["test"])
    else:
        found = power_unpaired(
            first, second, n, int(row["n_second"]), alpha=alpha, test=row["test"]
        )
    assert_allclose(found, row["value"], rtol=1e-9)


def test_p_values_of_every_outcome():
    """SciPy's Fisher and chi-squared test, table by table."""
    fisher, pearson = (unpaired_p_values(6, 5, test) for test in ("fisher", "pearson"))
    for a in range(7):
        for b in range(6):
            table = [[a, 6 - a], [b, 5 - b]]
            assert_allclose(fisher[a, b], stats.fisher_exact(table).pvalue, rtol=1e-9)
            if 0 < a + b < 11:
                chi2 = stats.chi2_contingency(table, correction=False).pvalue
                assert_allclose(pearson[a, b], chi2, rtol=1e-9)
    assert pearson[0, 0] == pearson[6, 5] == 1


@given(st.integers(2, 12), st.integers(2, 12), st.floats(0.01, 0.99))
@settings(max_examples=30, deadline=None)
def test_without_a_difference_fisher_keeps_its_level(n, m, rate):
    assert power_unpaired(rate, rate, n, m) <= 0.05 + 1e-12
    assert_allclose(power_unpaired(rate, 0.5, n, m), power_unpaired(0.5, rate, m, n), atol=1e-12)


def test_edges():
    assert power_paired(0, 0, 19) == 0
    assert power_paired(1, 0, 6) == pytest.approx(1)  # P 1/32 for certain
    assert power_paired(1, 0, 5) == 0  # P 1/16 at best
    assert normal_power_unpaired(0, 1, 5) == 1
    assert significant_outcomes(2, 2).empty


def test_significant_outcomes_are_all_there_are():
    found = significant_outcomes(6, 5)
    assert len(found) == (unpaired_p_values(6, 5) <= 0.05).sum() == 6
    assert (np.diff(found["difference"].abs().round(9)) >= 0).all()
    assert found.loc[0, "difference"] == pytest.approx(0.8)


def test_power_by_size_is_power_of_each():
    found = power_by_size(0.7, {"a": 0.2}, [4, 8])
    assert found["n"].tolist() == [8, 16]
    assert_allclose(found["power"], [power_unpaired(0.7, 0.2, n, n) for n in (4, 8)])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: power_unpaired(1.2, 0.5, 5, 5), "first must be a proportion"),
        (lambda: power_unpaired(0.2, 0.5, 0, 5), "n_first must be at least 1"),
        (lambda: power_unpaired(0.2, 0.5, 5, 5, alpha=0), "alpha must lie between"),
        (lambda: power_unpaired(0.2, 0.5, 5, 5, test="t"), "expected a test out of"),
        (lambda: power_paired(0.7, 0.5, 5), "together at most 1"),
    ],
)
def test_unfit_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
