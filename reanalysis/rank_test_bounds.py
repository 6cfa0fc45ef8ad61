"""Between which P values can a rank test lie when one group is printed as mean ± SD only?

The Mann–Whitney test needs every patient. Where one group's patients are printed and the other's
are not, many data sets fit the printed mean and SD, and each gives a P value. Two ways to look at
them here: all of them, listed (short whole-number scales), and the two ends, found by integer
programming. What usual shapes of distribution would give is in
:mod:`reanalysis.rank_test_simulation`.

Vocabulary: ``values`` are the printed patients; ``superiority`` is the share of pairs in which
the unprinted group has the larger value, ties by half.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import Bounds, LinearConstraint, milp

from reanalysis.alternatives.mann_whitney_tests import (
    mann_whitney_variants,
    rank_std_error,
    superiority,
)
from reanalysis.consistency.printed_bounds import plain_bounds, whole_numbers_between

# A milp that takes longer than this is not one of the small ones meant here.
_SECONDS = 60
# U moves by halves: of 400 pairs a gap of a thousandth is less than one such step, so the
# optimum is proven all the same.
_GAP = 1e-3


@dataclass(frozen=True)
class FittingSample:
    """One data set of the unprinted group that fits its printed summaries.

    Parameters
    ----------
    patients : ndarray, shape (n,)
        Their values, sorted.
    superiority : float
        Share of pairs in which they have the larger value, 0–1.
    p_value : float
        Two-sided, normal approximation with ties corrected.
    """

    patients: np.ndarray
    superiority: float
    p_value: float


def p_values_of_samples(values, samples):
    """The Mann–Whitney test of the printed patients against every sample that fits.

    Parameters
    ----------
    values : array_like, shape (n_printed,)
        The printed patients.
    samples : IntegerSamples
        As listed by :func:`reanalysis.consistency.integer_samples.integer_samples`.

    Returns
    -------
    pandas.DataFrame
        One row per sample, in the order given: ``superiority``, then one column per form of the
        test with its P value.

    Examples
    --------
    >>> from reanalysis.alternatives.mann_whitney_tests import ASYMPTOTIC
    >>> from reanalysis.consistency.integer_samples import integer_samples
    >>> fitting = integer_samples(5, "2.4", "0.89", (1, 5))
    >>> p_values_of_samples([1, 1, 1, 2, 2], fitting)[ASYMPTOTIC].round(3).tolist()
    [0.042, 0.077]

    Two samples have that mean and SD, and they stand on different sides of 0.05.
    """
    scale = samples.counts.columns.to_numpy(float)
    rows = []
    for counts in samples.counts.to_numpy():
        table = mann_whitney_variants(np.repeat(scale, counts), values)
        rows.append({"superiority": table["superiority"].iloc[0]} | _by_method(table))
    return pd.DataFrame(rows)


def extreme_samples(values, n, mean, sd, *, step=1, lowest=1, every=1):
    """The samples with the smallest and the largest superiority that fit mean and SD.

    Parameters
    ----------
    values : array_like, shape (n_printed,)
        The printed patients.
    n : int
        Size of the unprinted group, at least 2.
    mean, sd : str or PublishedNumber
        Its summaries as printed.
    step : int, default 1
        Values are whole multiples of it, in the printed unit.
    lowest : int, default 1
        Smallest possible value, in steps.
    every : int, default 1
        Above 1 only every so many steps are tried, and the neighbours of the printed patients:
        much faster on a long scale, but a search, and no longer a proof.

    Returns
    -------
    tuple of FittingSample
        Lowest and highest superiority.

    Raises
    ------
    ValueError
        If no sample on this grid fits.

    Notes
    -----
    How often each value of the grid occurs is a whole number; size and sum are fixed, the sum
    of squares lies in the range that the printed SD allows, and superiority is linear in these
    numbers: an integer programme for each possible sum, solved to proven optimality (HiGHS).
    The grid ends at ``mean + SD (n - 1)/√n``, beyond which no value can lie (Samuelson, J Am
    Stat Assoc 1968;63:1522–1525).

    Examples
    --------
    >>> low, high = extreme_samples([3, 5, 8, 9, 20], 5, "12.0", "8.0")
    >>> low.superiority, high.superiority
    (0.54, 0.72)

    With this mean and SD the second group tends to larger values, a little or clearly.
    """
    x = np.asarray(values, float)
    mean_low, mean_high = (bound / step for bound in plain_bounds(mean))
    sd_low, sd_high = (max(bound, 0) / step for bound in plain_bounds(sd))
    top = int(np.ceil(float(mean_high) + float(sd_high) * (n - 1) / np.sqrt(n)))
    grid = _thinned(np.arange(lowest, top + 1), x / step, every)
    gain = np.array([superiority([step * value], x) for value in grid]) / n
    found = []
    for total in whole_numbers_between(mean_low * n, mean_high * n):
        centre = Fraction(total**2, n)
        squares = [float(centre + bound**2 * (n - 1)) for bound in (sd_low, sd_high)]
        for sign in (1, -1):
            counts = _programme(sign * gain, grid, n, total, squares)
            if counts is not None:
                found.append(fitting_sample(step * np.repeat(grid, counts), x))
    if not found:
        raise ValueError(f"no {n} values in steps of {step} have mean {mean} and SD {sd}")
    return (
        min(found, key=lambda sample: sample.superiority),
        max(found, key=lambda sample: sample.superiority),
    )


def p_value_range(values, samples):
    """The smallest and the largest P value between two extremes of superiority.

    Parameters
    ----------
    values : array_like, shape (n_printed,)
        The printed patients.
    samples : tuple of FittingSample
        As from :func:`extreme_samples`.

    Returns
    -------
    low, high : float
        ``low`` is that of the sample at the farther extreme; other ties at the same superiority
        may move it a little. ``high`` is 1 where one half lies between the extremes; elsewhere
        it is the P value of the nearer extreme when nobody new is tied, which no sample there
        can exceed.

    Examples
    --------
    >>> values = [3, 5, 8, 9, 20]
    >>> low, high = p_value_range(values, extreme_samples(values, 5, "12.0", "8.0"))
    >>> round(low, 3), round(high, 3)
    (0.245, 0.835)

    Whatever the five unprinted patients were, this test finds no difference.
    """
    x = np.asarray(values, float)
    ends = [sample.superiority for sample in samples]
    low = min(sample.p_value for sample in samples)
    if ends[0] <= 0.5 <= ends[1]:
        return low, 1.0
    n = len(samples[0].patients)
    pairs, nearest = n * len(x), min(ends, key=lambda share: abs(share - 0.5))
    # Values beyond all others, each once: no ties but those among the printed patients.
    untied = rank_std_error(x.max() + 1 + np.arange(n), x)
    return low, float(2 * stats.norm.sf(abs(nearest - 0.5) * pairs / untied))


def fitting_sample(sample, values):
    """A sample of the unprinted group with its test against the printed patients.

    Parameters
    ----------
    sample : ndarray, shape (n,)
        The unprinted group.
    values : array_like, shape (n_printed,)
        The printed patients.

    Returns
    -------
    FittingSample
    """
    x = np.asarray(values, float)
    share, spread = superiority(sample, x), rank_std_error(sample, x)
    distance = abs(share - 0.5) * len(sample) * len(x)
    return FittingSample(np.sort(sample), share, float(2 * stats.norm.sf(distance / spread)))


def _thinned(grid, printed, every):
    if every == 1:
        return grid
    near = np.abs(np.subtract.outer(grid, printed)).min(axis=1) <= 1
    return grid[near | (np.arange(len(grid)) % every == 0)]


def _programme(objective, grid, n, total, squares):
    rows = np.array([np.ones(len(grid)), grid, grid.astype(float) ** 2])
    low, high = [n, total, squares[0]], [n, total, squares[1]]
    solved = milp(
        objective,
        constraints=LinearConstraint(rows, low, high),
        integrality=np.ones(len(grid)),
        bounds=Bounds(0, n),
        options={"time_limit": _SECONDS, "mip_rel_gap": _GAP},
    )
    return None if solved.x is None or solved.status != 0 else np.round(solved.x).astype(int)


def _by_method(table):
    return dict(zip(table["method"], table["p_value"], strict=True))
