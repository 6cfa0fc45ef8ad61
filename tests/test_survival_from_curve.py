"""Curves of public data sets, read off as by hand and turned back into patients."""

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter
from numpy.testing import assert_allclose

from reanalysis.survival_from_curve import digitise, reconstruct_from_curve


def curve_of(time, event, at):
    return KaplanMeierFitter().fit(time, event).survival_function_at_times(at).to_numpy()


def sample(n, seed):
    rng = np.random.default_rng(seed)
    event_time, follow_up = rng.exponential(4, n), rng.uniform(1, 6, n)
    return np.minimum(event_time, follow_up), event_time <= follow_up


def test_clicks_follow_the_curve():
    time, event = sample(60, 1)
    clicks = digitise(time, event, seed=1, noise_px=0)
    end = time.max()
    # Without a tremor every click lies on the staircase: on a level, or down a fall.
    levels = curve_of(time, event, clicks.time)
    before = curve_of(time, event, np.maximum(clicks.time - 1e-9 * end, 0))
    assert np.all(clicks.survival >= levels - 1e-9)
    assert np.all(clicks.survival <= before + 1e-9)
    moved = np.diff(clicks.time) / end - np.diff(clicks.survival)
    assert moved.max() <= max(0.02 + 1e-9, -np.diff(clicks.survival).min())
    noisy = digitise(time, event, seed=1, noise_px=1)
    assert 0.5 / 400 < np.std(noisy.survival - clicks.survival) < 2 / 400
    assert np.array_equal(noisy, digitise(time, event, seed=1))
    with pytest.raises(ValueError, match="one event per time"):
        digitise([1, 2], [1], seed=1)


def test_without_tremor_and_with_a_risk_table_the_curve_comes_back():
    time, event = sample(200, 2)
    end = time.max()
    clicks = digitise(time, event, seed=1, noise_px=0, step=0.002)
    at_risk = {t: int((time >= t).sum()) for t in np.linspace(0, end, 11)[:-1]}
    patients = reconstruct_from_curve(clicks, at_risk=at_risk)
    assert len(patients) == 200
    assert abs(patients.event.sum() - event.sum()) <= 2
    grid = np.linspace(0, 0.9 * end, 300)
    assert_allclose(curve_of(patients.time, patients.event, grid), curve_of(time, event, grid),
                    atol=0.012)  # fmt: skip
    for t, count in at_risk.items():
        assert abs((patients.time >= t).sum() - count) <= 1


def test_printed_totals_are_kept():
    time, event = sample(150, 3)
    clicks = digitise(time, event, seed=4)
    blind = reconstruct_from_curve(clicks, n=150)
    told = reconstruct_from_curve(clicks, n=150, total_events=int(event.sum()))
    assert len(blind) == len(told) == 150
    # Nobody censored before the end means too many events.
    assert blind.event.sum() > event.sum()
    assert abs(told.event.sum() - event.sum()) <= 1


def test_marks_of_censoring_are_used():
    time, event = sample(80, 5)
    clicks = digitise(time, event, seed=1)
    marks = time[~event]
    patients = reconstruct_from_curve(clicks, n=80, censor_times=marks)
    assert abs(patients.event.sum() - event.sum()) <= 2
    censored = patients.time[~patients.event]
    distance = np.abs(censored.to_numpy()[:, None] - marks).min(axis=1)
    assert np.median(distance) < 1e-9
    table = {0: 80, 2: int((time >= 2).sum())}
    both = reconstruct_from_curve(clicks, at_risk=table, censor_times=marks)
    assert abs((both.time >= 2).sum() - table[2]) <= 1


def test_clicks_out_of_order_are_repaired():
    clicks = pd.DataFrame({
        "time": [0.0, 1.0, 0.99, 2.0, 3.0], "survival": [1.01, 1.0, 0.5, 0.51, 0.5]
    })  # fmt: skip
    patients = reconstruct_from_curve(clicks, n=10)
    assert patients.event.sum() == 5
    assert_allclose(patients.time[patients.event], 0.995, atol=0.01)


def test_arguments_are_checked():
    clicks = pd.DataFrame({"time": [0.0, 1.0], "survival": [1.0, 0.5]})
    with pytest.raises(ValueError, match="expected n"):
        reconstruct_from_curve(clicks)
    with pytest.raises(ValueError, match="begins with n"):
        reconstruct_from_curve(clicks, n=20, at_risk={0: 30})
    with pytest.raises(ValueError, match="never increase"):
        reconstruct_from_curve(clicks, at_risk={0: 30, 0.5: 31})
    with pytest.raises(ValueError, match="two clicks"):
        reconstruct_from_curve(clicks.iloc[:1], n=5)
