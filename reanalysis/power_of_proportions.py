"""How probable is it that a study finds a difference of two proportions, if there is one?

Two designs: *unpaired*, two groups of different patients (outcome with and without a sign), and
*paired*, two tests on the same patients. Power is exact: every outcome of the study is listed,
those that the chosen test calls significant are kept, and their probabilities added up.
"""

from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import stats

from reanalysis.alternatives.two_sided import minimum_likelihood_p_values

UNPAIRED_TESTS = ("fisher", "pearson")
PAIRED_TESTS = ("exact", "mid_p", "asymptotic")


def power_unpaired(first, second, n_first, n_second, *, alpha=0.05, test="fisher"):
    """Exact probability that a study of two groups finds a significant difference.

    Parameters
    ----------
    first, second : float
        True proportions in the two groups, 0–1.
    n_first, n_second : int
        Patients in each group, at least 1.
    alpha : float, default 0.05
        Two-sided level.
    test : {"fisher", "pearson"}, default "fisher"
        Fisher's exact test (by minimum likelihood) or Pearson's χ² without correction.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a proportion, a size, the level or the test is out of its range.

    Examples
    --------
    >>> round(power_unpaired(0.7, 0.2, 6, 5), 2)
    0.19

    With eleven patients such a difference would be found in one study of five.
    """
    _check(first, second, alpha, test, UNPAIRED_TESTS, n_first=n_first, n_second=n_second)
    p_values = unpaired_p_values(int(n_first), int(n_second), test)
    weights = np.multiply.outer(
        stats.binom.pmf(np.arange(n_first + 1), n_first, first),
        stats.binom.pmf(np.arange(n_second + 1), n_second, second),
    )
    return float(weights[p_values <= alpha].sum())


@lru_cache(maxsize=256)
def unpaired_p_values(n_first, n_second, test="fisher"):
    """P value of every outcome of a study of two groups.

    Parameters
    ----------
    n_first, n_second : int
        Patients in each group.
    test : {"fisher", "pearson"}, default "fisher"
        As for :func:`power_unpaired`.

    Returns
    -------
    ndarray, shape (n_first + 1, n_second + 1)
        Row: events in the first group; column: events in the second.

    Examples
    --------
    >>> round(float(unpaired_p_values(6, 5)[4, 1]), 3)
    0.242

    Four of six against one of five.
    """
    a, b = np.meshgrid(np.arange(n_first + 1), np.arange(n_second + 1), indexing="ij")
    found = np.ones(a.shape)
    if test == "pearson":
        common = (a + b) / (n_first + n_second)
        variance = common * (1 - common) * (1 / n_first + 1 / n_second)
        inside = variance > 0
        gap = a[inside] / n_first - b[inside] / n_second
        found[inside] = 2 * stats.norm.sf(np.abs(gap) / np.sqrt(variance[inside]))
        return found
    for events in range(n_first + n_second + 1):
        on = (a + b) == events
        given = stats.hypergeom.pmf(a[on], n_first + n_second, events, n_first)
        found[on] = minimum_likelihood_p_values(given)
    return found


def normal_power_unpaired(first, second, n, *, alpha=0.05):
    """Approximate power of the χ² test with ``n`` patients in each of two groups.

    Parameters
    ----------
    first, second : float
        True proportions, 0–1.
    n : float
        Patients per group.
    alpha : float, default 0.05
        Two-sided level.

    Returns
    -------
    float

    Notes
    -----
    ``Φ((√n d - z √(2 q (1 - q))) / √(p₁(1-p₁) + p₂(1-p₂)))`` with the difference ``d`` and the
    mean proportion ``q``: R's ``power.prop.test``.

    References
    ----------
    Fleiss JL, Levin B, Paik MC. Statistical Methods for Rates and Proportions, 3rd ed., 2003,
    chapter 4.

    Examples
    --------
    >>> round(normal_power_unpaired(0.5, 0.75, 50), 2)
    0.74

    As R's help page of power.prop.test has it.
    """
    _check(first, second, alpha, "fisher", UNPAIRED_TESTS, n=n)
    mean, z = (first + second) / 2, stats.norm.isf(alpha / 2)
    null = np.sqrt(2 * mean * (1 - mean))
    other = np.sqrt(first * (1 - first) + second * (1 - second))
    return float(_normal_tail(np.sqrt(n) * abs(first - second), z * null, other))


def power_paired(first_only, second_only, n, *, alpha=0.05, test="exact"):
    """Exact probability that two tests on the same patients are found to differ.

    Parameters
    ----------
    first_only, second_only : float
        True share of patients whom only the first, only the second test calls positive.
    n : int
        Patients who have both tests, at least 1.
    alpha : float, default 0.05
        Two-sided level.
    test : {"exact", "mid_p", "asymptotic"}, default "exact"
        Form of McNemar's test.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a share, the size, the level or the test is out of its range.

    Notes
    -----
    The number of discordant patients is binomial, and given it the number of those whom only
    the first test calls positive: the power is the mean over both.

    Examples
    --------
    >>> round(power_paired(0.45, 0.05, 19), 2)
    0.66

    Nineteen patients find even so large a difference in two studies of three only.
    """
    _check(first_only, second_only, alpha, test, PAIRED_TESTS, n=n)
    discordant = first_only + second_only
    if discordant > 1:
        raise ValueError(f"expected shares of together at most 1, got {first_only}, {second_only}")
    if discordant == 0:
        return 0.0
    numbers = np.arange(n + 1)
    chance = [_chance_of_rejecting(d, first_only / discordant, alpha, test) for d in numbers]
    return float(stats.binom.pmf(numbers, n, discordant) @ chance)


def power_by_size(first, seconds, sizes, *, alpha=0.05, test="fisher"):
    """Power of studies of two equal groups, over several sizes and assumptions.

    Parameters
    ----------
    first : float
        True proportion in the first group.
    seconds : mapping of str to float
        True proportion in the second group, by the name of its curve.
    sizes : sequence of int
        Patients per group.
    alpha, test
        As for :func:`power_unpaired`.

    Returns
    -------
    pandas.DataFrame
        Columns ``curve``, ``n`` (patients of both groups) and ``power``.
    """
    rows = [
        (name, 2 * n, power_unpaired(first, second, n, n, alpha=alpha, test=test))
        for name, second in seconds.items()
        for n in sizes
    ]
    return pd.DataFrame(rows, columns=["curve", "n", "power"])


def significant_outcomes(n_first, n_second, *, alpha=0.05, test="fisher"):
    """Which outcomes of a study of two groups would have been significant?

    Parameters
    ----------
    n_first, n_second : int
        Patients in each group.
    alpha, test
        As for :func:`power_unpaired`.

    Returns
    -------
    pandas.DataFrame
        Columns ``first_events``, ``second_events``, ``difference`` (of the proportions),
        ``p_value``; the smallest absolute difference first.

    Examples
    --------
    >>> round(float(significant_outcomes(6, 5)["difference"].abs().min()), 2)
    0.8

    Of six and five patients: six against one is the smallest difference that is significant.
    """
    p_values = unpaired_p_values(int(n_first), int(n_second), test)
    a, b = np.nonzero(p_values <= alpha)
    table = pd.DataFrame({"first_events": a, "second_events": b})
    table["difference"] = a / n_first - b / n_second
    table["p_value"] = p_values[a, b]
    order = ["size", "first_events"]
    table = table.assign(size=table["difference"].abs().round(9)).sort_values(
        order, ascending=[True, False], ignore_index=True
    )
    return table.drop(columns="size")


@lru_cache(maxsize=4096)
def _rejected(discordant, alpha, test):
    """Numbers of patients on one side, of the discordant ones, that are significant."""
    ours = np.arange(discordant + 1)
    if test == "asymptotic":
        statistic = (2 * ours - discordant) ** 2 / max(discordant, 1)
        return tuple(ours[stats.chi2.sf(statistic, 1) <= alpha])
    given = stats.binom.pmf(ours, discordant, 0.5)
    p_values = minimum_likelihood_p_values(given)
    if test == "mid_p":  # outcomes as probable as the one seen count by half
        p_values = p_values - np.where(2 * ours == discordant, given / 2, given)
    return tuple(ours[p_values <= alpha])


def _chance_of_rejecting(discordant, share, alpha, test):
    rejected = _rejected(int(discordant), alpha, test)
    return float(stats.binom.pmf(list(rejected), discordant, share).sum()) if rejected else 0.0


def _normal_tail(distance, critical, spread):
    if spread == 0:
        return 1.0 if distance > critical else 0.0
    return stats.norm.cdf((distance - critical) / spread)


def _check(first, second, alpha, test, tests, **sizes):
    for name, value in (("first", first), ("second", second)):
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must be a proportion from 0 to 1, got {value!r}")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, got {alpha!r}")
    if test not in tests:
        raise ValueError(f"expected a test out of {tests}, got {test!r}")
    for name, size in sizes.items():
        if not size >= 1:
            raise ValueError(f"{name} must be at least 1, got {size!r}")
