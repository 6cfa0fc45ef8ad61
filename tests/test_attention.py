"""Attention: worked by hand, and the identities that any implementation must have."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import softmax as scipy_softmax

from reanalysis.attention import (
    AttentionHead,
    attention,
    causal_mask,
    positional_encoding,
    softmax,
)

RNG = np.random.default_rng(5)
EMBEDDINGS = RNG.normal(size=(7, 12))
HEAD = AttentionHead.random(12, RNG)


def test_two_tokens_by_hand():
    """Vaswani 2017, equation 1: scores 1/√2 and 0, so e^(1/√2) to 1 in the second row."""
    found = attention(np.eye(2), np.eye(2), [[10.0], [20.0]], causal=True)
    ratio = np.exp(1 / np.sqrt(2))
    assert_allclose(found.weights, [[1, 0], [1 / (1 + ratio), ratio / (1 + ratio)]])
    assert_allclose(found.output[:, 0], [10, (10 + 20 * ratio) / (1 + ratio)])


@pytest.mark.parametrize("causal", [False, True])
def test_weights_are_probabilities(causal):
    weights = HEAD.attend(EMBEDDINGS, causal=causal).weights
    assert (weights >= 0).all()
    assert_allclose(weights.sum(axis=1), 1, rtol=1e-14)


def test_the_mask_hides_exactly_what_is_later():
    weights = HEAD.attend(EMBEDDINGS, causal=True).weights
    assert_array_equal(weights > 0, causal_mask(7))
    assert (weights[np.triu_indices(7, 1)] == 0).all()
    assert (HEAD.attend(EMBEDDINGS).weights > 0).all()


def test_a_later_token_changes_nothing_before_it():
    changed = EMBEDDINGS.copy()
    changed[4] += 3
    before, after = (HEAD.attend(e, causal=True).output for e in (EMBEDDINGS, changed))
    assert_array_equal(before[:4], after[:4])
    assert (np.abs(before[4:] - after[4:]).max(axis=1) > 1e-3).all()


def test_shuffled_tokens_give_shuffled_outputs_unless_positions_are_added():
    order = np.array([3, 0, 6, 1, 5, 2, 4])
    assert_allclose(HEAD.attend(EMBEDDINGS[order]).output, HEAD.attend(EMBEDDINGS).output[order])
    places = positional_encoding(7, 12)
    there = HEAD.attend(EMBEDDINGS + places).output[order]
    assert np.abs(HEAD.attend(EMBEDDINGS[order] + places).output - there).max() > 0.1


def test_equal_keys_share_equally():
    found = attention(np.ones((3, 4)), np.ones((5, 4)), np.arange(10.0).reshape(5, 2))
    assert_allclose(found.weights, 1 / 5)
    assert_allclose(found.output, [[4, 5]] * 3)


def test_softmax_agrees_with_scipy_and_does_not_overflow():
    scores = RNG.normal(scale=300, size=(4, 6)) + 2000
    assert_allclose(softmax(scores), scipy_softmax(scores, axis=-1), atol=1e-15)
    assert_allclose(softmax(scores + 7), softmax(scores), atol=1e-12)
    assert_allclose(softmax([0, -np.inf]), [1, 0])


def test_positions_are_those_of_the_formula():
    """Vaswani 2017, section 3.5: sine and cosine of place / 10000^(2i/d)."""
    found = positional_encoding(3, 4)
    assert_allclose(found[0], [0, 1, 0, 1])
    assert_allclose(found[2], [np.sin(2), np.cos(2), np.sin(0.02), np.cos(0.02)])


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="one length"):
        attention(np.ones((2, 3)), np.ones((2, 4)), np.ones((2, 1)))
    with pytest.raises(ValueError, match="one row per token"):
        attention(np.ones(3), np.ones((2, 3)), np.ones((2, 1)))
    with pytest.raises(ValueError, match="as many queries"):
        attention(np.ones((1, 3)), np.ones((2, 3)), np.ones((2, 1)), causal=True)
    with pytest.raises(ValueError, match="finite"):
        softmax([-np.inf, -np.inf])
    with pytest.raises(ValueError, match="even"):
        positional_encoding(3, 5)
