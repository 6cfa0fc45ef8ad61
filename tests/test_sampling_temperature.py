"""Temperature and top-p: limits, order, and draws that follow the probabilities."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import softmax

from reanalysis.sampling_temperature import (
    chance_that_runs_differ,
    draw_tokens,
    token_probabilities,
)

SCORES = np.array([1.0, 3.0, 2.5, -1.0, 0.0])


@pytest.mark.parametrize("temperature", [0.3, 1, 2.5])
def test_temperature_divides_the_scores(temperature):
    found = token_probabilities(SCORES, temperature=temperature)
    assert_allclose(found, softmax(SCORES / temperature))


def test_limits():
    """T → 0 takes the best, T → ∞ takes any."""
    best = (np.arange(5) == 1).astype(float)
    assert_array_equal(token_probabilities(SCORES, temperature=0), best)
    assert_allclose(token_probabilities(SCORES, temperature=1e-3), best, atol=1e-12)
    assert_allclose(token_probabilities(SCORES, temperature=1e-320), best)
    assert_allclose(token_probabilities(SCORES, temperature=np.inf), 1 / 5)
    assert_allclose(token_probabilities(SCORES, temperature=1e9), 1 / 5, atol=1e-8)
    assert_allclose(token_probabilities([2, 2, 1], temperature=0), [0.5, 0.5, 0])


def test_warmer_is_more_even():
    largest = [token_probabilities(SCORES, temperature=t).max() for t in (0, 0.5, 1, 2, 9)]
    assert (np.diff(largest) < 0).all()


@pytest.mark.parametrize("top_p", [0.01, 0.5, 0.9, 0.999, 1])
def test_top_p_keeps_the_fewest_that_reach_it(top_p):
    """Holtzman 2020, equation 2: the smallest set with at least that probability."""
    every = token_probabilities(SCORES)
    found = token_probabilities(SCORES, top_p=top_p)
    kept = found > 0
    assert every[kept].sum() >= top_p - 1e-12
    assert every[kept].sum() - every[kept].min() < top_p
    assert_allclose(found[kept], every[kept] / every[kept].sum())
    assert every[kept].min() >= np.max(every[~kept], initial=0)


def test_equal_sums_do_not_add_a_token():
    assert_allclose(token_probabilities(np.log([0.4, 0.3, 0.2, 0.1]), top_p=0.9)[3], 0)


def test_runs_that_differ():
    assert chance_that_runs_differ([1, 0], 5) == 0
    assert_allclose(chance_that_runs_differ([0.7, 0.3], 2), 2 * 0.7 * 0.3)
    assert_allclose(chance_that_runs_differ([0.25] * 4, 3), 1 - 4 * 0.25**3)


def test_draws_follow_the_probabilities():
    chances = token_probabilities(SCORES, top_p=0.9)
    drawn = draw_tokens(list("abcde"), chances, 20_000, np.random.default_rng(3))
    shares = np.array([drawn.count(k) for k in "abcde"]) / 20_000
    # four standard errors of the largest share
    assert_allclose(shares, chances, atol=4 * np.sqrt(0.25 / 20_000))
    assert set(drawn) == {"abcde"[k] for k in np.flatnonzero(chances)}


@pytest.mark.parametrize(
    ("scores", "options", "words"),
    [
        ([], {}, "finite score"),
        ([1, np.nan], {}, "finite score"),
        ([1, 2], {"temperature": -1}, "temperature"),
        ([1, 2], {"temperature": np.nan}, "temperature"),
        ([1, 2], {"top_p": 0}, "top-p"),
    ],
)
def test_settings_out_of_range_are_refused(scores, options, words):
    with pytest.raises(ValueError, match=words):
        token_probabilities(scores, **options)


def test_no_run_is_refused():
    with pytest.raises(ValueError, match="at least 1 run"):
        chance_that_runs_differ([1.0], 0)
