"""Events among leavers, given the curve: against enumeration of every possibility."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from numpy.testing import assert_allclose

from reanalysis.survival_histories import sample_histories, survival_of_order


def enumerated(p, boundaries, windows):
    """Probability of every sequence of events and censorings that passes the windows."""
    n = len(p)
    found = {}
    for x in itertools.product([False, True], repeat=n):
        survival = survival_of_order(x)[np.array(boundaries)]
        if all(low <= s <= high for s, (low, high) in zip(survival, windows, strict=True)):
            found[x] = np.prod(np.where(x, p, 1 - np.asarray(p)))
    return found


@given(
    p=st.lists(st.floats(0.05, 0.6), min_size=4, max_size=9),
    first=st.integers(1, 9),
    level=st.floats(0.3, 0.95),
    drop=st.floats(0.5, 1.0),
    seed=st.integers(0, 1000),
)
@settings(max_examples=40)
def test_draws_and_their_probability_are_those_of_enumeration(p, first, level, drop, seed):
    n = len(p)
    boundaries = [min(first, n), n]
    windows = np.array([(level - 0.06, level + 0.06), (level * drop - 0.08, level * drop + 0.06)])
    windows = np.clip(windows, 0.02, 1)
    found = enumerated(p, boundaries, windows)
    drawn = sample_histories(
        [p], [boundaries], windows, rng=np.random.default_rng(seed), n_draws=400
    )
    if not found:
        assert not drawn.exact.any()
        return
    total = sum(found.values())
    rows = drawn.event[0][drawn.exact[0]]
    assert {tuple(row) for row in rows.tolist()} <= set(found)
    # The windows are widened by two steps on the grid, so the draws that are exact are fewer;
    # their share times the probability is the probability of the exact windows.
    ours = np.exp(drawn.log_probability[0]) * drawn.exact.mean()
    spread = np.exp(drawn.log_probability[0]) * 0.5 / np.sqrt(400)
    assert abs(ours - total) < 5 * spread + 1e-6


def test_conditional_frequencies_are_right():
    # Ten patients, eight leave, 78.5–79.5 %: only events at 10 and 8 at risk reach it.
    # 85 patients, 97.51 %: the four pairs of tests/test_survival_factors.py, no other.
    p = np.full((1, 85), 0.1)
    window = [(0.97505, 0.97515)]
    drawn = sample_histories(p, [[40]], window, rng=np.random.default_rng(3), n_draws=4000)
    exact = drawn.event[0][drawn.exact[0], :40]
    pairs, count = np.unique(85 - np.array([np.flatnonzero(row) for row in exact]), axis=0,
                             return_counts=True)  # fmt: skip
    assert len(pairs) == 4
    # All four have two events among forty leavers, so they are equally probable.
    assert_allclose(count / count.sum(), 0.25, atol=0.05)


def test_later_leavers_are_free():
    p = np.full((1, 30), 0.4)
    p[0, 20:] = 0.9
    drawn = sample_histories(p, [[20]], [(0.5, 0.6)], rng=np.random.default_rng(1), n_draws=500)
    assert_allclose(drawn.event[0][:, 20:].mean(), 0.9, atol=0.03)


def test_what_cannot_be_reached_is_said():
    drawn = sample_histories(
        np.full((1, 30), 0.3), [[20]], [(0.9751, 0.9752)], rng=np.random.default_rng(1)
    )
    assert not drawn.exact.any()
    with pytest.raises(ValueError, match="expected 1 windows"):
        sample_histories([[0.5]], [[1]], [], rng=np.random.default_rng(1))
    with pytest.raises(ValueError, match="one row of probabilities"):
        sample_histories([0.5], [[1]], [(0.5, 0.6)], rng=np.random.default_rng(1))
    with pytest.raises(ValueError, match="from low to high"):
        sample_histories([[0.5]], [[1]], [(0.6, 0.5)], rng=np.random.default_rng(1))


def test_survival_is_that_of_lifelines():
    rng = np.random.default_rng(5)
    time, event = np.sort(rng.exponential(1, 40)), rng.random(40) < 0.6
    ours = survival_of_order(event)[1:]
    theirs = KaplanMeierFitter().fit(time, event).survival_function_at_times(time)
    assert_allclose(ours, theirs, atol=1e-12)
