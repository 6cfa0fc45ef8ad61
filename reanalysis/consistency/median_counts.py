"""How many of a group reach a threshold, if only their median and range are printed?

A median is the middle: it fixes on which side of a threshold one half of the group lies, and
bounds the rest. With an even number it is the mean of the two middle values, and those may lie on
different sides of the threshold.
"""

import math

from reanalysis.consistency.printed_bounds import plain_bounds

STATISTICS = ("median", "mean")


def counts_reaching_threshold(n, *, value, low, high, threshold, statistic="median"):
    """Every number of members at or above a threshold that the printed numbers allow.

    Parameters
    ----------
    n : int
        Size of the group, at least 4.
    value : str
        Median (or mean) as printed.
    low, high : str or None
        Smallest and largest value as printed; None where nothing (credible) is printed.
    threshold : float
        Members at this value or above it are counted.
    statistic : {"median", "mean"}, default "median"
        What ``value`` is.

    Returns
    -------
    list of int
        Possible counts, smallest first; empty if the numbers contradict each other.

    Raises
    ------
    ValueError
        If n is not a whole number of at least 4 or the statistic is unknown.

    Notes
    -----
    Each number may lie anywhere within its rounding, ends included. With k members below the
    threshold t and a median m of an even number, both middle values are at or above t if
    k < n/2 (then m ≥ t), both are below if k > n/2 (m < t), and they lie either side if
    k = n/2 (then 2m lies between low + t and t + high). With a mean, n times the mean must lie
    between the smallest and the largest sum that k members below t allow.

    Examples
    --------
    >>> counts_reaching_threshold(8, value="1.6", low="0.18", high="198.47", threshold=1.5)
    [4, 5, 6, 7]

    A median just above the threshold: at least half of the eight reach it.
    """
    if not float(n).is_integer() or n < 4:
        raise ValueError(f"expected a whole number of at least 4 members, got {n!r}")
    if statistic not in STATISTICS:
        raise ValueError(f"expected a statistic out of {STATISTICS}, got {statistic!r}")
    ends = [
        (-math.inf, math.inf) if text is None else tuple(map(float, plain_bounds(text)))
        for text in (low, high)
    ]
    middle = tuple(map(float, plain_bounds(value)))
    fits = {"median": _median_fits, "mean": _mean_fits}[statistic]
    return [
        n - below
        for below in range(n, -1, -1)
        if _range_fits(n, below, *ends, threshold) and fits(n, below, middle, *ends, threshold)
    ]


def _range_fits(n, below, smallest, largest, threshold):
    """Are the smallest and the largest member on the sides that so many below ask for?"""
    if below == 0:
        return smallest[1] >= threshold
    if below == n:
        return largest[0] < threshold
    return smallest[0] < threshold <= largest[1]


def _median_fits(n, below, median, smallest, largest, threshold):
    half = n // 2
    if n % 2 == 0 and below == half:
        low, high = smallest[0] + threshold, threshold + largest[1]
        return median[0] * 2 < high and low <= median[1] * 2
    # With an odd number the middle member is below when more than half of n are.
    return median[0] < threshold if below > half else median[1] >= threshold


def _mean_fits(n, below, mean, smallest, largest, threshold):
    above = n - below
    if below in (0, n):
        return True  # within its range, which is checked already
    low = below * smallest[0] + (above - 1) * threshold + largest[0]
    high = smallest[1] + (below - 1) * threshold + above * largest[1]
    if math.isnan(low) or math.isnan(high):
        return True
    return mean[0] * n <= high and low <= mean[1] * n
