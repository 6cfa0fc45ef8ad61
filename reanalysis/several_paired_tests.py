"""Do several tests on the same patients differ, when only their totals are printed?

Tests (or classifications) read on the same patients are compared by Cochran's Q. It needs to know
in whom the positives coincide; reports often print each test's total alone. The totals still
bound the overlap, and so Q and its P value. Of two tests: :mod:`reanalysis.paired_tests`.
"""

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from reanalysis.paired_tests import mcnemar_bounds


@dataclass(frozen=True)
class CochranBounds:
    """What the totals of several tests allow Cochran's Q to be.

    Parameters
    ----------
    statistic_low, statistic_high : float
        Smallest Q (positives in different patients) and largest (in the same patients).
    df : int
        Degrees of freedom, one less than there are tests.
    """

    statistic_low: float
    statistic_high: float
    df: int

    @property
    def p_low(self):
        """Smallest P value that the totals allow."""
        return float(stats.chi2.sf(self.statistic_high, self.df))

    @property
    def p_high(self):
        """Largest P value that the totals allow."""
        return float(stats.chi2.sf(self.statistic_low, self.df))


def cochran_q_bounds(positives, total):
    """Range of Cochran's Q over all ways in which the positives of several tests can overlap.

    Parameters
    ----------
    positives : sequence of int, shape (n_tests,)
        Patients whom each test calls positive; two tests or more.
    total : int
        Patients who had all tests.

    Returns
    -------
    CochranBounds

    Raises
    ------
    ValueError
        If there are fewer than two tests, a count is not a whole number from 0 to ``total``, or
        every test calls all patients or none positive, so that Q is not defined.

    Notes
    -----
    With ``k`` tests, totals ``C`` and the number ``R`` of tests that call a patient positive,
    ``Q = (k - 1) (k ΣC² - (ΣC)²) / (k ΣC - ΣR²)``. Only ``ΣR²`` depends on the overlap. It is
    smallest when the positives are spread as evenly over the patients as they can be, and largest
    when they are nested, the patients of a rarer positive among those of every commoner one. Both
    can be reached with any totals (Gale and Ryser, 1957), so the bounds are sharp. P is that of
    the χ² distribution.

    References
    ----------
    Cochran WG. The comparison of percentages in matched samples. Biometrika 1950;37:256–266.
    Ryser HJ. Combinatorial properties of matrices of zeros and ones. Can J Math 1957;9:371–377.

    Examples
    --------
    >>> bounds = cochran_q_bounds([12, 5, 3], total=60)
    >>> f"P {bounds.p_low:.4f} to {bounds.p_high:.4f}"
    'P 0.0006 to 0.0351'

    However the patients overlap, the three tests differ by more than chance explains.
    """
    columns = _checked(positives, total)
    k, n_positive = len(columns), int(columns.sum())
    apart, left = divmod(n_positive, int(total))
    spread = (total - left) * apart**2 + left * (apart + 1) ** 2
    nested = sum(int((columns > place).sum()) ** 2 for place in range(columns.max(initial=0)))
    numerator = (k - 1) * (k * int((columns**2).sum()) - n_positive**2)
    room = [k * n_positive - squares for squares in (spread, nested)]
    if room[0] == 0:
        raise ValueError(f"Q is not defined when nobody differs: {columns.tolist()} of {total}")
    # Nested and all totals equal: nobody is called differently, and nothing differs.
    high = numerator / room[1] if room[1] else 0.0
    return CochranBounds(numerator / room[0], high, k - 1)


def paired_comparisons(positives, total):
    """Every pair of tests, by what the totals say about their difference.

    Parameters
    ----------
    positives : mapping of str to int
        Patients whom each test calls positive, by the test's name.
    total : int
        Patients who had all tests.

    Returns
    -------
    pandas.DataFrame
        One row per pair: ``first``, ``second``, ``first_positive``, ``second_positive``,
        ``n_tables`` (cross-tables that fit), ``p_low``, ``p_high`` (McNemar's exact P value) and
        ``determined`` (whether the totals leave one cross-table only).

    Raises
    ------
    ValueError
        If a count is not a whole number from 0 to ``total``.

    Examples
    --------
    >>> pairs = paired_comparisons({"old": 8, "older": 13, "new": 0}, total=50)
    >>> pairs.set_index(["first", "second"])["determined"].to_dict()
    {('old', 'older'): False, ('old', 'new'): True, ('older', 'new'): True}

    Against a test that is never positive, the totals are the cross-table.
    """
    rows = []
    for (first, n), (second, m) in itertools.combinations(positives.items(), 2):
        bounds = mcnemar_bounds(n, m, total)
        n_tables = len(bounds.cross_tables)
        rows.append((first, second, n, m, n_tables, bounds.p_low, bounds.p_high, n_tables == 1))
    columns = ["first", "second", "first_positive", "second_positive", "n_tables", "p_low",
               "p_high", "determined"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _checked(positives, total):
    columns = np.asarray(list(positives), float)
    if len(columns) < 2:
        raise ValueError(f"expected two tests or more, got {len(columns)}")
    if np.any(columns != np.floor(columns)) or np.any((columns < 0) | (columns > total)):
        raise ValueError(f"expected whole numbers from 0 to {total}, got {columns.tolist()}")
    return columns.astype(int)
