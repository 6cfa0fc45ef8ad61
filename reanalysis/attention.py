"""Which words does a word look at? Scaled dot-product attention, by hand.

Vocabulary: a *token* is a row; its *query* asks, the *keys* of all tokens answer, their *values*
are averaged with the *weights* that come out. A *causal mask* hides later tokens.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Attention:
    """What attention computes for one sequence.

    Parameters
    ----------
    scores : ndarray, shape (n_queries, n_keys)
        Dot products, divided by the square root of the length of a key.
    weights : ndarray, shape (n_queries, n_keys)
        Softmax of the scores, row by row: at least 0, and each row sums to one.
    output : ndarray, shape (n_queries, n_features)
        The values, averaged with the weights.
    """

    scores: np.ndarray
    weights: np.ndarray
    output: np.ndarray


def softmax(scores):
    """Turn scores into probabilities, row by row.

    Parameters
    ----------
    scores : array_like, shape (..., n)
        Finite, or minus infinity for what is hidden; at least one is finite in each row.

    Returns
    -------
    ndarray, shape (..., n)
        Exponentials of the scores divided by their sum.

    Raises
    ------
    ValueError
        If a row has no finite score, or one is plus infinity or not a number.
    """
    scores = np.asarray(scores, float)
    top = scores.max(axis=-1, keepdims=True)
    if not np.isfinite(top).all():
        raise ValueError("expected a finite largest score in each row")
    powers = np.exp(scores - top)
    return powers / powers.sum(axis=-1, keepdims=True)


def attention(queries, keys, values, *, causal=False):
    """Which tokens does each token attend to, and what does it take from them?

    Parameters
    ----------
    queries : array_like, shape (n_queries, n_key_features)
        What each token asks.
    keys : array_like, shape (n_keys, n_key_features)
        What each token offers to be asked for.
    values : array_like, shape (n_keys, n_features)
        What each token hands over.
    causal : bool, default False
        Whether a token sees itself and earlier tokens only.

    Returns
    -------
    Attention

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    With queries Q, keys K of length d and values V: softmax(Q Kᵀ / √d) V. Without the division
    the scores of long keys are so far apart that the softmax looks at one token only. A hidden
    score is minus infinity, so its weight is exactly zero.

    References
    ----------
    Vaswani and others 2017, "Attention is all you need", equation 1 and section 3.2.3 (mask).

    Examples
    --------
    >>> import numpy as np
    >>> found = attention(np.eye(2), np.eye(2), np.array([[1.0], [0.0]]), causal=True)
    >>> found.weights.round(2).tolist()
    [[1.0, 0.0], [0.33, 0.67]]

    The first token can see only itself; the second looks twice as much at itself.
    """
    queries, keys, values = (np.asarray(part, float) for part in (queries, keys, values))
    if {part.ndim for part in (queries, keys, values)} != {2}:
        raise ValueError("expected queries, keys and values with one row per token")
    if queries.shape[1] != keys.shape[1] or len(keys) != len(values):
        raise ValueError(
            f"expected queries and keys of one length and a value for each key, got "
            f"{queries.shape}, {keys.shape}, {values.shape}"
        )
    if causal and len(queries) != len(keys):
        raise ValueError("a causal mask needs as many queries as keys")
    scores = queries @ keys.T / np.sqrt(keys.shape[1])
    visible = causal_mask(len(keys)) if causal else np.ones(scores.shape, bool)
    weights = softmax(np.where(visible, scores, -np.inf))
    return Attention(scores=scores, weights=weights, output=weights @ values)


def causal_mask(n_tokens):
    """Which token may see which: itself, and those before it.

    Parameters
    ----------
    n_tokens : int
        Length of the sequence, at least 1.

    Returns
    -------
    ndarray of bool, shape (n_tokens, n_tokens)
        True where the token of the row sees the token of the column.
    """
    return np.tri(n_tokens, dtype=bool)


@dataclass(frozen=True)
class AttentionHead:
    """One head of self-attention: three matrices, which are what training changes.

    Parameters
    ----------
    query_map, key_map, value_map : ndarray, shape (n_features, n_head_features)
        They turn embeddings into queries, keys and values.
    """

    query_map: np.ndarray
    key_map: np.ndarray
    value_map: np.ndarray

    @classmethod
    def random(cls, n_features, rng):
        """Draw a head that has learnt nothing.

        Parameters
        ----------
        n_features : int
            Length of an embedding and of what the head makes of it.
        rng : numpy.random.Generator
            Source of the normal numbers, of variance 1 / `n_features`.

        Returns
        -------
        AttentionHead
        """
        return cls(*rng.normal(scale=n_features**-0.5, size=(3, n_features, n_features)))

    def attend(self, embeddings, *, causal=False):
        """Let a sequence attend to itself.

        Parameters
        ----------
        embeddings : array_like, shape (n_tokens, n_features)
            One row per token; positions count only if they have been added.
        causal : bool, default False
            As for :func:`attention`.

        Returns
        -------
        Attention
        """
        maps = (self.query_map, self.key_map, self.value_map)
        return attention(*(np.asarray(embeddings, float) @ part for part in maps), causal=causal)


def positional_encoding(n_tokens, n_features):
    """Mark each place of a sequence with sines and cosines.

    Parameters
    ----------
    n_tokens : int
        Length of the sequence.
    n_features : int
        Length of an embedding, an even number.

    Returns
    -------
    ndarray, shape (n_tokens, n_features)
        To be added to the embeddings.

    Raises
    ------
    ValueError
        If `n_features` is odd.

    References
    ----------
    Vaswani and others 2017, section 3.5.
    """
    if n_features % 2:
        raise ValueError(f"expected an even number of features, got {n_features}")
    slowness = 10_000.0 ** (np.arange(0, n_features, 2) / n_features)
    angles = np.arange(n_tokens)[:, None] / slowness
    return np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(n_tokens, n_features)
