"""Why does the same question get different answers? Temperature and top-p.

Vocabulary: a *score* (logit) is what a model gives each possible next token; *temperature*
divides the scores before the softmax; *top-p* keeps the fewest most probable tokens that together
have at least that probability.
"""

import numpy as np

from reanalysis.attention import softmax

# Sums of probabilities that are meant to be equal differ by less.
_ROUNDING = 1e-12


def token_probabilities(scores, *, temperature=1.0, top_p=1.0):
    """With which probability is each token drawn?

    Parameters
    ----------
    scores : array_like, shape (n_tokens,)
        Finite scores of the possible next tokens.
    temperature : float, default 1
        At least 0. At 0 the best token is always taken (equally good ones share); at infinity
        all are equally likely.
    top_p : float, default 1
        Above 0, up to 1.

    Returns
    -------
    ndarray, shape (n_tokens,)
        They sum to one.

    Raises
    ------
    ValueError
        If a setting is out of its range or a score is not finite.

    References
    ----------
    Holtzman and others 2020, "The curious case of neural text degeneration", section 3.1 (top-p)
    and 3.3 (temperature).

    Examples
    --------
    >>> token_probabilities([2.0, 1.0, 0.0], temperature=0.5).round(2).tolist()
    [0.87, 0.12, 0.02]
    >>> token_probabilities([2.0, 1.0, 0.0], temperature=0).tolist()
    [1.0, 0.0, 0.0]

    Cooler settings bet on the favourite.
    """
    scores = np.asarray(scores, float)
    if scores.ndim != 1 or not scores.size or not np.isfinite(scores).all():
        raise ValueError("expected one finite score per token")
    if not temperature >= 0:
        raise ValueError(f"expected a temperature of at least 0, got {temperature}")
    if not 0 < top_p <= 1:
        raise ValueError(f"expected a top-p above 0 and up to 1, got {top_p}")
    below_best = scores - scores.max()
    if temperature == 0:
        chances = (below_best == 0) / np.sum(below_best == 0)
    else:
        with np.errstate(over="ignore"):  # a score far below the best: minus infinity is right
            chances = softmax(below_best / temperature)
    return _nucleus(chances, top_p)


def _nucleus(chances, top_p):
    """Keep the fewest most probable tokens that reach `top_p`, and let them sum to one."""
    order = np.argsort(-chances, kind="stable")
    before = np.cumsum(chances[order]) - chances[order]
    kept = np.zeros(len(chances), bool)
    kept[order[before < top_p - _ROUNDING]] = True
    return np.where(kept, chances, 0) / chances[kept].sum()


def chance_that_runs_differ(probabilities, n_runs):
    """How likely is it that not all runs draw the same token?

    Parameters
    ----------
    probabilities : array_like, shape (n_tokens,)
        As :func:`token_probabilities` returns them.
    n_runs : int
        Independent draws, at least 1.

    Returns
    -------
    float
        0–1.

    Raises
    ------
    ValueError
        If `n_runs` is below 1.

    Examples
    --------
    >>> chance_that_runs_differ([0.5, 0.5], 2)
    0.5
    """
    if n_runs < 1:
        raise ValueError(f"expected at least 1 run, got {n_runs}")
    return float(1 - np.sum(np.asarray(probabilities, float) ** n_runs))


def draw_tokens(tokens, probabilities, n_runs, rng):
    """Ask the same question several times.

    Parameters
    ----------
    tokens : sequence of str, length n_tokens
        What can be drawn.
    probabilities : array_like, shape (n_tokens,)
        As :func:`token_probabilities` returns them.
    n_runs : int
        How often.
    rng : numpy.random.Generator
        Source of the draws.

    Returns
    -------
    list of str, length n_runs
    """
    drawn = rng.choice(len(tokens), size=n_runs, p=np.asarray(probabilities, float))
    return [tokens[k] for k in drawn]
