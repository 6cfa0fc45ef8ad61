"""What would a test say of two groups that are printed as median and range?

The printed P value belongs to data that nobody else has. Two answers: the P values that are
possible at all, and those that simulated data with these medians and ranges usually give.
"""

import numpy as np
import pandas as pd
from scipy import optimize, stats

from reanalysis.consistency.printed_bounds import printed_bounds
from reanalysis.median_range_samples import SHAPES

STUDENT, WELCH, RANK = "Student's t", "Welch's t", "Mann–Whitney"
STUDENT_LOG, WELCH_LOG = "Student's t of logarithms", "Welch's t of logarithms"
TESTS = (STUDENT, WELCH, STUDENT_LOG, WELCH_LOG, RANK)


def p_values_by_test(first, second):
    """P value of every test for pairs of samples.

    Parameters
    ----------
    first : ndarray, shape (n_samples, n_first)
        Samples of one group.
    second : ndarray, shape (n_samples, n_second)
        Samples of the other.

    Returns
    -------
    pandas.DataFrame
        One row per pair, one column per test of ``TESTS``; tests of logarithms are missing
        where a value is 0. Mann–Whitney is exact without ties.

    Examples
    --------
    >>> table = p_values_by_test(np.array([[1.0, 2, 3, 4]]), np.array([[3.5, 5, 6, 7]]))
    >>> round(float(table.loc[0, RANK]), 3)
    0.057

    One value out of order: with four against four that is not significant.
    """
    columns = {
        STUDENT: stats.ttest_ind(first, second, axis=1).pvalue,
        WELCH: stats.ttest_ind(first, second, axis=1, equal_var=False).pvalue,
    }
    missing = np.full(len(first), np.nan)
    if first.min() > 0 and second.min() > 0:
        logs = np.log(first), np.log(second)
        columns[STUDENT_LOG] = stats.ttest_ind(*logs, axis=1).pvalue
        columns[WELCH_LOG] = stats.ttest_ind(*logs, axis=1, equal_var=False).pvalue
    exact = stats.mannwhitneyu(first, second, axis=1, method="exact").pvalue
    columns[RANK] = exact
    return pd.DataFrame({test: columns.get(test, missing) for test in TESTS})


def simulated_p_values(first, second, printed, *, rng, n_samples=2000):
    """What each test says of data that fit two printed medians and ranges.

    Parameters
    ----------
    first, second : MedianRange
        The groups.
    printed : str
        The printed P value.
    rng : numpy.random.Generator
        Seeded source.
    n_samples : int, default 2000
        Simulated pairs of samples per shape.

    Returns
    -------
    pandas.DataFrame
        One row per ``test`` and ``shape``: ``conf_low, estimate, conf_high`` (the 2.5th, 50th
        and 97.5th percentile of the simulated P values), ``significant`` (share below 0.05)
        and ``reaching`` (share printed like the paper's). Tests without values are left out.
    """
    low, high = map(float, printed_bounds(printed))
    rows = []
    for shape in SHAPES:
        pair = (group.simulate(rng, n_samples, shape=shape) for group in (first, second))
        for test, values in p_values_by_test(*pair).items():
            if values.isna().all():
                continue
            ends = values.quantile([0.025, 0.5, 0.975])
            shares = (values < 0.05).mean(), values.between(low, high).mean()
            rows.append((test, shape, *ends, *shares))
    columns = ["test", "shape", "conf_low", "estimate", "conf_high", "significant", "reaching"]
    return pd.DataFrame(rows, columns=columns)


def student_p_bounds(first, second):
    """Smallest and largest P value that Student's t test can give for such groups.

    Parameters
    ----------
    first, second : MedianRange
        The groups.

    Returns
    -------
    low, high : float
        Every P value between is given by some data with these medians and ranges; high is 1
        where the means can be equal.

    Notes
    -----
    For given sums the variance is smallest when the free members of each half are alike, so
    the search runs over three numbers per group: where the lower and the upper half lie, and
    how far apart the two middle values are. In these the statistic t, a linear function over a
    norm, is quasi-concave where it is positive: a local maximum is the global one (Boyd and
    Vandenberghe, Convex Optimization, 2004, section 3.4). It is searched in both directions.

    Examples
    --------
    >>> from reanalysis.median_range_samples import MedianRange
    >>> first = MedianRange(n=14, median=3.1, low=0.48, high=6.1)
    >>> second = MedianRange(n=8, median=0.9, low=0, high=6.4)
    >>> low, high = student_p_bounds(first, second)
    >>> f"{low:.4f} to {high:.1f}"
    '0.0027 to 1.0'

    A printed P value of 0.08 is possible, and so is nearly every other.
    """
    low = min(_smallest_p(first, second, sign) for sign in (1, -1))
    bounds = first.mean_bounds(), second.mean_bounds()
    if bounds[0][0] <= bounds[1][1] and bounds[1][0] <= bounds[0][1]:
        return low, 1.0
    # Apart, the statistic is smallest at a corner: it is quasi-concave between them.
    pairs = [(a, b) for a in first.corners() for b in second.corners()]
    return low, max(_student_p(_statistic(*pair), first, second) for pair in pairs)


def smallest_by_form(first, second):
    """How small a P value do extreme data of such groups give, by the form of the t test?

    Parameters
    ----------
    first, second : MedianRange
        The groups; one-sided tests ask whether the first has the larger mean.

    Returns
    -------
    dict of str to float
        Smallest P value over all pairs of corners, by the form: Student's and Welch's, each
        two-sided and one-sided.

    Notes
    -----
    The data are those with as many members as possible at the ends of where they may lie. A P
    value found here is reached by data that fit; that no smaller one exists is known for
    Student's two-sided test alone (:func:`student_p_bounds`).

    Examples
    --------
    >>> from reanalysis.median_range_samples import MedianRange
    >>> first = MedianRange(n=14, median=7.4, low=0.58, high=221.13)
    >>> second = MedianRange(n=8, median=1.6, low=0.18, high=198.47)
    >>> found = smallest_by_form(first, second)
    >>> {form: round(p, 3) for form, p in found.items()}
    {"Student's t": 0.109, "Student's t, one-sided": 0.055, "Welch's t": 0.073, ...}

    A printed P value of 0.08 has not come from Student's two-sided test; from Welch's it may.
    """
    one, other = first.corners(), second.corners()
    pairs = np.repeat(one, len(other), axis=0), np.tile(other, (len(one), 1))
    sides = {"": "two-sided", ", one-sided": "greater"}
    return {
        f"{form}{words}": float(
            stats.ttest_ind(*pairs, axis=1, equal_var=equal, alternative=side).pvalue.min()
        )
        for form, equal in ((STUDENT, True), (WELCH, False))
        for words, side in sides.items()
    }


def _smallest_p(first, second, sign):
    """Smallest two-sided P value with the first mean above (sign 1) or below the second."""

    def negative(shares):
        return -sign * _statistic(first.placed(*shares[:3]), second.placed(*shares[3:]))

    starts = np.full(6, 0.5), [0.9, 0.9, 0.1, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.9, 0.9, 0.1]
    best = min(
        optimize.minimize(negative, start, bounds=[(0, 1)] * 6, method="L-BFGS-B").fun
        for start in starts
    )
    return _student_p(max(-best, 0.0), first, second)


def _statistic(first, second):
    """Student's t of two samples."""
    n, m = len(first), len(second)
    pooled = ((n - 1) * first.var(ddof=1) + (m - 1) * second.var(ddof=1)) / (n + m - 2)
    return (first.mean() - second.mean()) / np.sqrt(pooled * (1 / n + 1 / m))


def _student_p(statistic, first, second):
    return float(2 * stats.t.sf(abs(statistic), first.n + second.n - 2))
