"""Which counts are behind two groups' percentages, when each step counts some of the last?

Of the patients of a group some were treated, and of those some succeeded: three numbers per
group, nested. Papers print the percentages and a P value of each step. This module lists every
set of whole numbers there is, and says of each which printed numbers it has.

Vocabulary: groups ``with`` and ``without`` (a sign, say), each with ``_n`` patients counted,
``_first`` of them with the first outcome, ``_second`` of *those* with the second.
"""

import numpy as np
import pandas as pd
from scipy import stats

from reanalysis.alternatives.two_sided import minimum_likelihood_p_values
from reanalysis.consistency.printed_bounds import plain_bounds
from reanalysis.published_numbers import PublishedNumber

COLUMNS = (
    "with_n", "with_first", "with_second", "without_n", "without_first", "without_second",
)  # fmt: skip
# Rows of the listing beyond which it is refused: some hundred MB.
_MOST_ROWS = 5_000_000


def nested_counts(max_n):
    """Every set of nested counts of two groups of together at most ``max_n`` patients.

    Parameters
    ----------
    max_n : int
        At least 1; 20 patients give 230,230 sets.

    Returns
    -------
    pandas.DataFrame
        Columns ``COLUMNS``: whole numbers with ``n >= first >= second >= 0`` in each group.

    Raises
    ------
    ValueError
        If ``max_n`` is below 1 or asks for more than five million sets.

    Examples
    --------
    >>> len(nested_counts(1)), len(nested_counts(20))
    (7, 230230)

    One patient: nobody is counted, or one in either group who reached no, one or two outcomes.
    """
    if max_n < 1 or _n_sets(max_n) > _MOST_ROWS:
        raise ValueError(f"expected max_n of at least 1 and at most {_MOST_ROWS} sets, got {max_n}")
    sides = np.array(
        [
            (n, first, second)
            for n in range(max_n + 1)
            for first in range(n + 1)
            for second in range(first + 1)
        ]
    )
    left, right = (
        grid.ravel() for grid in np.meshgrid(*[np.arange(len(sides))] * 2, indexing="ij")
    )
    fits = sides[left, 0] + sides[right, 0] <= max_n
    return pd.DataFrame(np.hstack([sides[left[fits]], sides[right[fits]]]), columns=COLUMNS)


def printed_as(events, total, percentage):
    """Would ``events`` of ``total`` be printed as this percentage?

    Parameters
    ----------
    events, total : array_like of int
        Counts, of any shape.
    percentage : str
        As printed, ``"66.7%"``; not an inequality.

    Returns
    -------
    ndarray of bool
        False where the total is 0.

    Examples
    --------
    >>> printed_as([4, 5, 2], [6, 8, 3], "66.7%").tolist()
    [True, False, True]

    Four of six and two of three print alike.
    """
    events, total = np.asarray(events), np.asarray(total)
    low, high = plain_bounds(percentage)
    above = events * low.denominator >= low.numerator * total
    return (total > 0) & above & (events * high.denominator <= high.numerator * total)


def fisher_p_values(first_events, first_total, second_events, second_total):
    """Fisher's exact P value (two-sided, by minimum likelihood) of many tables at once.

    Parameters
    ----------
    first_events, first_total, second_events, second_total : array_like of int, shape (n_tables,)
        Counts of the two groups.

    Returns
    -------
    ndarray, shape (n_tables,)
        NaN where a group is empty.

    Examples
    --------
    >>> fisher_p_values([4, 6], [6, 10], [1, 5], [5, 8]).round(3).tolist()
    [0.242, 1.0]

    Tables with the same margins share one computation.
    """
    counts = pd.DataFrame(
        {"a": first_events, "n": first_total, "b": second_events, "m": second_total}
    )
    margins = counts.assign(k=counts["a"] + counts["b"]).groupby(["n", "m", "k"]).indices
    p, a = np.full(len(counts), np.nan), counts["a"].to_numpy()
    for (n, m, k), rows in margins.items():
        if n and m:
            low = max(0, k - m)
            support = np.arange(low, min(n, k) + 1)
            given = minimum_likelihood_p_values(stats.hypergeom.pmf(support, n + m, k, n))
            p[rows] = given[a[rows] - low]
    return p


def p_values_printed_as(p_values, printed):
    """Which P values would be printed like this?

    Parameters
    ----------
    p_values : array_like of float
        NaN is printed as nothing.
    printed : str
        As printed, ``"0.242"``.

    Returns
    -------
    ndarray of bool
    """
    different, places = np.unique(np.asarray(p_values, float), return_inverse=True)
    number = PublishedNumber(printed)
    return np.array([number.matches(value) for value in different])[places]


def _n_sets(max_n):
    """Whole-number solutions of six nested counts and a rest: max_n + 6 choose 6."""
    sets = 1
    for i in range(1, 7):
        sets = sets * (max_n + i) // i
    return sets
