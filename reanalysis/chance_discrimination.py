"""How high does an area under the ROC curve get when there is nothing to find?

Answers three questions about scores that are pure noise: how high is one area by chance, how
high the best of several, and how high one that was selected and tested on the same patients.

Vocabulary: ``n_positive`` diseased and ``n_negative`` healthy patients; a *feature* is one of the
many measurements from which a score is made.
"""

import numpy as np
import pandas as pd
from scipy import stats

SAME = "selected and tested on the same"
LEAKED = "selected on all, tested on held-out"
CLEAN = "everything in training, tested on held-out"


def chance_areas(*, n_positive, n_negative):
    """Exact distribution of the area of a score that says nothing, without ties.

    Parameters
    ----------
    n_positive, n_negative : int
        Diseased and healthy patients, at least one.

    Returns
    -------
    DataFrame
        ``auc`` (rising), ``probability`` and ``at_least``, the probability of that area or a
        higher one.

    Raises
    ------
    ValueError
        If a group is empty.

    References
    ----------
    Mann HB, Whitney DR. Ann Math Stat 1947;18:50–60.

    Examples
    --------
    >>> table = chance_areas(n_positive=16, n_negative=17)
    >>> round(float(table.loc[table.auc >= 0.7, "at_least"].iloc[0]), 3)
    0.024

    One useless score in forty reaches 0.7 with 33 lesions.
    """
    if not (n_positive >= 1 and n_negative >= 1):
        raise ValueError(f"expected patients in both groups, got {n_positive}, {n_negative}")
    # Coefficients of the Gaussian binomial: orders by the number of pairs put right.
    most = n_positive * n_negative
    counts = np.zeros(most + 1)
    counts[0] = 1.0
    for i in range(1, n_positive + 1):
        longer = counts.copy()
        step = n_negative + i
        longer[step:] -= counts[:-step] if step <= most else 0
        for start in range(i):
            longer[start::i] = np.cumsum(longer[start::i])
        counts = longer
    # Rounding grows from the lower end to the upper; the distribution is symmetric.
    half = most // 2 + 1
    counts = np.r_[counts[:half], counts[: most + 1 - half][::-1]]
    share = counts / counts.sum()
    frame = pd.DataFrame({"auc": np.arange(most + 1) / most, "probability": share})
    return frame.assign(at_least=share[::-1].cumsum()[::-1])


def best_of_independent(n_scores, *, n_positive, n_negative, probabilities=(0.025, 0.5, 0.975)):
    """Quantiles of the highest of several areas, if no score says anything.

    Parameters
    ----------
    n_scores : int
        Scores tried, independent of each other.
    n_positive, n_negative : int
        Diseased and healthy patients.
    probabilities : sequence of float
        Of the quantiles.

    Returns
    -------
    tuple of float

    Examples
    --------
    >>> best_of_independent(7, n_positive=16, n_negative=17, probabilities=(0.5, 0.95))
    (0.636..., 0.746...)

    The best of seven useless scores reaches 0.64 half the time.
    """
    table = chance_areas(n_positive=n_positive, n_negative=n_negative)
    below = np.minimum(table["probability"].cumsum(), 1.0) ** n_scores
    places = np.searchsorted(below, probabilities)
    return tuple(float(table["auc"].iloc[place]) for place in places)


def best_of_each(numbers_of_scores, *, n_positive, n_negative):
    """Median and middle 95 % of the best area, for several numbers of useless scores.

    Parameters
    ----------
    numbers_of_scores : sequence of int
        Scores tried, independent of each other.
    n_positive, n_negative : int
        Diseased and healthy patients.

    Returns
    -------
    DataFrame
        ``label, source`` (simulated), ``estimate, conf_low, conf_high``, as forest plots want it.
    """
    rows = []
    for k in numbers_of_scores:
        found = best_of_independent(k, n_positive=n_positive, n_negative=n_negative)
        label = "one score" if k == 1 else f"best of {k}"
        rows.append((label, "simulated", found[1], found[0], found[2]))
    return pd.DataFrame(rows, columns=["label", "source", "estimate", "conf_low", "conf_high"])


def chance_of_best(auc, n_scores, *, n_positive, n_negative):
    """How often the best of several useless, independent scores reaches an area.

    Parameters
    ----------
    auc : float
        The area.
    n_scores : int
        Scores tried.
    n_positive, n_negative : int
        Diseased and healthy patients.

    Returns
    -------
    float
        Probability, 0–1. Scores that resemble each other reach it less often.

    Examples
    --------
    >>> round(chance_of_best(0.7, 7, n_positive=16, n_negative=17), 2)
    0.16
    """
    table = chance_areas(n_positive=n_positive, n_negative=n_negative)
    one = table.loc[table["auc"] >= auc - 1e-12, "probability"].sum()
    return float(-np.expm1(n_scores * np.log1p(-one)))


def selection_on_noise(
    n_features, *, n_positive, n_negative, rng, share_held_out=0.25, n_selected=5, n_repeats=200
):
    """Areas of a score made from the best of many useless features, by three designs.

    Parameters
    ----------
    n_features : int
        Features, independent standard normal noise.
    n_positive, n_negative : int
        Diseased and healthy lesions in all.
    rng : numpy.random.Generator
        Seeded source of the noise.
    share_held_out : float, default 0.25
        Share of each group that is kept for testing.
    n_selected : int, default 5
        How many features the score adds up, the most separating ones, each in its direction.
    n_repeats : int, default 200
        Studies simulated.

    Returns
    -------
    DataFrame
        One row per study; columns ``SAME``, ``LEAKED`` and ``CLEAN``: area on the lesions the
        features were selected on; on held-out lesions that took part in the selection; on
        held-out lesions that nobody looked at.

    Notes
    -----
    Features are ranked by the distance of the two group means, which needs no fit and leaves
    selection as the only cause. Models that are fitted afterwards reach higher.

    References
    ----------
    Ambroise C, McLachlan GJ. PNAS 2002;99:6562–6566.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> areas = selection_on_noise(500, n_positive=73, n_negative=73, rng=rng, n_repeats=50)
    >>> areas.median().round(2).to_dict()[SAME] > 0.75
    True

    Five of 500 useless features look useful on the lesions that chose them.
    """
    sizes = np.array([n_positive, n_negative])
    tested = np.maximum(1, np.round(share_held_out * sizes)).astype(int)
    rows = []
    for _ in range(n_repeats):
        groups = [rng.standard_normal((n, n_features)) for n in sizes]
        held = [group[:n] for group, n in zip(groups, tested, strict=True)]
        kept = [group[n:] for group, n in zip(groups, tested, strict=True)]
        on_all, on_kept = (_weights(*parts, n_selected) for parts in (groups, kept))
        areas = ((groups, on_all), (held, on_all), (held, on_kept))
        rows.append([_area(*(group @ weights for group in parts)) for parts, weights in areas])
    return pd.DataFrame(rows, columns=[SAME, LEAKED, CLEAN])


def selection_by_design(numbers_of_features, *, n_positive, n_negative, seed, n_repeats=200):
    """What :func:`selection_on_noise` gives for several numbers of features, summarised.

    Parameters
    ----------
    numbers_of_features : sequence of int
        Features tried.
    n_positive, n_negative : int
        Diseased and healthy lesions in all.
    seed : int
        Seed of each simulation.
    n_repeats : int, default 200
        Studies simulated for each.

    Returns
    -------
    DataFrame
        Index ``features`` and ``design``; columns ``low, median, high``: the middle 95 %.
    """
    found = {}
    for n_features in numbers_of_features:
        rng = np.random.default_rng(seed)
        sizes = {"n_positive": n_positive, "n_negative": n_negative}
        areas = selection_on_noise(n_features, rng=rng, n_repeats=n_repeats, **sizes)
        found[n_features] = areas.quantile([0.025, 0.5, 0.975]).T
    table = pd.concat(found, names=["features", "design"])
    return table.set_axis(["low", "median", "high"], axis=1)


def _weights(positives, negatives, n_selected):
    """±1 for the most separating features, 0 for the others."""
    gap = positives.mean(axis=0) - negatives.mean(axis=0)
    chosen = np.argsort(-np.abs(gap))[:n_selected]
    weights = np.zeros(len(gap))
    weights[chosen] = np.sign(gap[chosen])
    return weights


def _area(x, y):
    ranks = stats.rankdata(np.r_[x, y])[: len(x)].sum()
    return (ranks - len(x) * (len(x) + 1) / 2) / (len(x) * len(y))
