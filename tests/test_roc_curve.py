"""ROC curves against R's pROC, and reconstructed ones against simulated scores."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from reanalysis.diagnostic_accuracy import TwoByTwo
from reanalysis.roc import binary_auc, empirical_auc
from reanalysis.roc_curve import binormal_roc, empirical_roc

REFERENCE = Path(__file__).parent / "reference"
SCORES = pd.read_csv(REFERENCE / "effects" / "scores.csv")
GOLDEN = pd.read_csv(REFERENCE / "roc" / "roc.csv")


def groups(score):
    ill = SCORES["ill"] == 1
    return SCORES.loc[ill, score].to_numpy(), SCORES.loc[~ill, score].to_numpy()


def golden(what, score):
    rows = GOLDEN[(GOLDEN["what"] == what) & (GOLDEN["score"] == score)]
    return rows.set_index("at")["value"]


@pytest.mark.parametrize("score", ["skewed", "noisy", "graded"])
def test_points_of_the_curve_are_those_of_proc(score):
    # tests/reference/roc/roc.csv: pROC 1.18.0, roc() and coords(input='specificity').
    curve = empirical_roc(*groups(score))
    at = golden("sensitivity", score)
    assert_allclose(curve.sensitivity_at(at.index.to_numpy()), at, rtol=1e-9)
    assert len(curve.sensitivity) == golden("points", score).iloc[0]
    assert_allclose(curve.sensitivity.sum(), golden("sum of sensitivities", score).iloc[0])
    found = (1 - curve.false_positive_rate).sum()
    assert_allclose(found, golden("sum of specificities", score).iloc[0])


def test_band_is_that_of_proc_up_to_simulation():
    # pROC: ci.se(boot.n=20000). Sensitivities of 41 patients come in steps of 0.024: limits of
    # two simulations may lie one step apart.
    band = empirical_roc(*groups("skewed"), rng=np.random.default_rng(3), n_resamples=4000).band
    for side, end in {"low": band.low, "high": band.high}.items():
        theirs = golden(f"band {side}", "skewed")
        ours = np.interp(1 - theirs.index, band.false_positive_rate, end)
        assert_allclose(ours, theirs, atol=1 / 41 + 1e-9)
    assert (band.low <= band.high).all()


def test_binary_area_is_that_of_proc():
    # pROC 1.18.0: auc, var and ci.auc(method='delong') of a score of 0 and 1.
    found = binary_auc(TwoByTwo(tp=45, fp=10, fn=15, tn=80))
    names = {"auc": "estimate", "std_error": "std_error"}
    names |= {name: name for name in ("conf_low", "conf_high")}
    for theirs, ours in names.items():
        assert_allclose(getattr(found, ours), golden(theirs, "binary").iloc[0], rtol=1e-9)
    assert_allclose(found.estimate, (45 / 60 + 80 / 90) / 2)


@given(
    x=st.lists(st.integers(0, 8), min_size=2, max_size=12),
    y=st.lists(st.integers(0, 8), min_size=2, max_size=12),
)
@settings(max_examples=40, deadline=None)
def test_area_under_the_steps_is_the_share_of_pairs(x, y):
    curve = empirical_roc(x, y)
    area = np.trapezoid(curve.sensitivity, curve.false_positive_rate)
    assert_allclose(area, empirical_auc(x, y), atol=1e-12)
    for rate in (curve.sensitivity, curve.false_positive_rate):
        assert rate[0] == 0
        assert rate[-1] == 1
        assert (np.diff(rate) >= 0).all()


def test_reconstructed_curve_has_its_area_and_narrows_with_patients():
    curve = binormal_roc(0.79, n_positive=16, n_negative=17, slope=0.8)
    area = np.trapezoid(curve.sensitivity, curve.false_positive_rate)
    assert_allclose(area, 0.79, atol=0.001)  # 201 points joined by lines
    assert curve.reconstructed
    many = binormal_roc(0.79, n_positive=1600, n_negative=1700, slope=0.8)
    widths = [(c.band.high - c.band.low)[1:-1] for c in (curve, many)]
    assert (widths[1] < widths[0]).all()


def test_band_of_the_reconstruction_is_the_spread_of_fitted_curves():
    # 40,000 simulated studies of 60 and 80 patients: the standard deviation of a + b z of fitted
    # means and standard deviations. The delta method is of first order: 5 %.
    rng, n1, n0, slope, area = np.random.default_rng(8), 60, 80, 0.8, 0.8
    intercept = stats.norm.ppf(area) * np.hypot(1, slope)
    ill, healthy = (rng.normal(size=(40_000, n)) for n in (n1, n0))
    ill, healthy = ill + intercept, slope * healthy
    a = (ill.mean(axis=1) - healthy.mean(axis=1)) / ill.std(axis=1)
    b = healthy.std(axis=1) / ill.std(axis=1)
    band = binormal_roc(area, n_positive=n1, n_negative=n0, slope=slope).band
    for rate in (0.05, 0.2, 0.5, 0.9):
        ends = [np.interp(rate, band.false_positive_rate, end) for end in (band.low, band.high)]
        ours = np.diff(stats.norm.ppf(ends))[0] / (2 * stats.norm.ppf(0.975))
        assert_allclose(ours, (a + b * stats.norm.ppf(rate)).std(), rtol=0.05)


def test_points_are_on_the_curve_and_its_band():
    curve = binormal_roc(0.79, n_positive=16, n_negative=17)
    points = curve.points([0.8, 0.9])
    assert_allclose(points["sensitivity"], curve.sensitivity_at([0.8, 0.9]))
    assert (points["conf_low"] < points["sensitivity"]).all()
    assert (points["sensitivity"] < points["conf_high"]).all()
    assert empirical_roc([3, 4], [1, 2]).points([0.5])["conf_low"].isna().all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: binormal_roc(1.0, n_positive=9, n_negative=9), "inside"),
        (lambda: binormal_roc(0.8, n_positive=0, n_negative=9), "both groups"),
        (lambda: empirical_roc([1], [1, 2]), "two of each"),
    ],
)
def test_impossible_inputs_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
