"""Readers behind a printed ICC: R's psych, simulated readers, and Shrout and Fleiss's table."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from reanalysis import printed_icc as pi
from reanalysis.agreement import intraclass_correlations
from reanalysis.icc_forms import fitting_forms

ROOT = Path(__file__).parents[1]
ICC = pd.read_csv(ROOT / "tests" / "reference" / "effects" / "icc.csv")
# Shrout, Fleiss, Psychol Bull 1979;86:420–428, Table 2: six targets, four judges.
SHROUT_FLEISS = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]


def reader_f(ratings):
    six = intraclass_correlations(ratings)
    n = len(ratings)
    return six.f_statistic["ICC(C,1)"] / six.f_statistic["ICC(1,1)"] * n - (n - 1)


def test_consistency_of_the_judges_is_the_printed_one():
    # Shrout, Fleiss 1979, Table 4: agreement .29, consistency .71; psych 2.2.9 unrounded.
    golden = ICC.query("set == 'shrout_fleiss' and level == 0.95").set_index("form").estimate
    found = pi.consistency_of(golden["ICC(2,1)"], reader_f(SHROUT_FLEISS), n_targets=6, n_readers=4)
    assert_allclose(found, golden["ICC(3,1)"], rtol=1e-7)


@pytest.mark.parametrize("seed", range(6))
def test_readers_are_found_again_from_what_would_be_printed(seed):
    rng = np.random.default_rng(seed)
    k, levels = int(rng.integers(2, 6)), rng.uniform(0, 2)
    ratings = rng.normal(size=(30, 1)) + rng.normal(size=(1, k)) * levels
    ratings = ratings + 0.8 * rng.normal(size=(30, k))
    six = intraclass_correlations(ratings).set_index("shrout_fleiss")
    row = six.loc["ICC(2,1)"]
    texts = f"{row.estimate:.3f}", f"{row.conf_low:.2f}", f"{row.conf_high:.2f}"
    found = pi.implied_readers(*texts, n_targets=30, n_readers=k)
    assert found.fits
    # The grid of reader_f steps by 1.4 %.
    assert found.reader_f[0] * 0.985 <= reader_f(ratings) <= found.reader_f[1] * 1.015
    low, high = found.consistency
    assert low - 0.001 <= six.estimate["ICC(3,1)"] <= high + 0.001


def test_limits_in_standard_deviations_are_those_of_the_readings():
    rng = np.random.default_rng(3)
    ratings = rng.normal(size=(30, 1)) + 0.7 * rng.normal(size=(30, 2)) + [0, 0.6]
    icc = intraclass_correlations(ratings).estimate["ICC(A,1)"]
    found = pi.standardised_limits(icc, reader_f(ratings), n_targets=30).iloc[0]
    gaps, sd = ratings[:, 1] - ratings[:, 0], np.sqrt(ratings.var(axis=0, ddof=1).mean())
    assert_allclose(found.bias, abs(gaps.mean()) / sd, rtol=1e-8)
    assert_allclose(found.half_width, 1.959964 * gaps.std(ddof=1) / sd, rtol=1e-6)


def test_no_two_readers_have_an_interval_narrower_than_the_narrowest():
    widths = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        ratings = rng.normal(size=(30, 1)) + rng.normal(size=(30, 2)) + rng.normal(size=2)
        row = intraclass_correlations(ratings).loc["ICC(A,1)"]
        bound = pi.narrowest_interval(f"{row.estimate:.3f}", n_targets=30, n_readers=2)
        widths.append((row.conf_high - row.conf_low, bound))
    assert all(width >= bound for width, bound in widths)


def test_forms_are_told_apart():
    table = pd.DataFrame([(0.29, 0.02, 0.76, 4), (0.71, 0.34, 0.95, 4), (0.71, 0.5, 0.8, 4)])
    table.columns = ["icc", "conf_low", "conf_high", "n_raters"]
    # Rows one, two: psych 2.2.9, ICC(2,1) and ICC(3,1) of the judges; row three: no form.
    golden = ICC.query("set == 'shrout_fleiss' and level == 0.95").set_index("form")
    columns = ["estimate", "conf_low", "conf_high"]
    table.iloc[:2, :3] = golden.loc[["ICC(2,1)", "ICC(3,1)"], columns].round(3).to_numpy()
    found = fitting_forms(table, n_targets=6, decimals=(3, 3))
    assert found.loc[0, "ICC(2,1)"]
    assert found.loc[1, "ICC(3,1)"]
    assert not found.loc[2].any()
    assert not found.loc[0, "ICC(3,1)"]
    implied = pi.implied_by_table(table, n_targets=6, decimals=(3, 3))
    assert implied["fits"].tolist()[::2] == [True, False]
    assert np.isnan(implied.loc[2, "consistency_low"])


@given(icc=st.floats(-0.2, 0.9), factor=st.floats(0.1, 50), k=st.integers(2, 8))
def test_consistency_is_above_agreement_where_levels_differ(icc, factor, k):
    steady = pi.consistency_of(icc, 1 + factor, n_targets=30, n_readers=k)
    assert np.sign(steady - icc) == np.sign(icc) or abs(icc) < 1e-9
    assert_allclose(pi.consistency_of(icc, 1, n_targets=30, n_readers=k), icc, atol=1e-12)


def test_possible_values_hold_what_is_printed_only_if_it_fits():
    fitting = pi.possible_values(["0.46", "0.22", "0.67"], n_targets=27, n_readers=3)
    for (low, high), printed in zip(fitting, (0.46, 0.22, 0.67), strict=True):
        assert low - 0.006 <= printed <= high + 0.006
    strange = pi.possible_values(["0.46", "0.40", "0.52"], n_targets=27, n_readers=2)
    assert np.isnan(strange).any()
