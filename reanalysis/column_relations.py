"""How do the columns of a table of patients relate to one another, and to their order?

Columns that were measured independently agree as far as medicine makes them. An exact ratio in
patient after patient is something else: one of the two was then computed from the other, or both
from a third. These functions find such relations; they do not say how they came about.
"""

import itertools

import numpy as np
import pandas as pd
from scipy import stats


def rank_correlations(table):
    """Spearman's rank correlation of every pair of columns.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per patient, numbers only, at least three rows.

    Returns
    -------
    pandas.DataFrame
        One row per pair: ``first``, ``second``, ``correlation``, ``p_value`` (t approximation),
        strongest first. A constant column has missing values.

    Examples
    --------
    >>> table = pd.DataFrame({"time": [4, 9, 2, 7], "passes": [1, 4, 2, 3]})
    >>> rank_correlations(table).round(2).to_dict("records")
    [{'first': 'time', 'second': 'passes', 'correlation': 0.8, 'p_value': 0.2}]

    Longer times go with more passes.
    """
    rows = []
    for first, second in itertools.combinations(table.columns, 2):
        x, y = table[first], table[second]
        if x.nunique() == 1 or y.nunique() == 1:
            rows.append((first, second, np.nan, np.nan))
            continue
        found = stats.spearmanr(x, y)
        rows.append((first, second, float(found.statistic), float(found.pvalue)))
    frame = pd.DataFrame(rows, columns=["first", "second", "correlation", "p_value"])
    order = frame["correlation"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def exact_ratios(table, *, largest=10):
    """In how many patients is one column an exact whole multiple of another?

    Parameters
    ----------
    table : pandas.DataFrame
        One row per patient, in their order; numbers only.
    largest : int, default 10
        Largest multiple that is looked for; the smallest is 2.

    Returns
    -------
    pandas.DataFrame
        For each ordered pair of columns the multiple that most patients share: ``larger``,
        ``smaller``, ``ratio``, ``n_exact``, ``longest_run`` (patients one after the other),
        ``run_start`` (place of its first, from 1). Most patients first.

    Notes
    -----
    Small whole numbers are multiples of one another by chance: read the count beside those of
    the other pairs, and the run beside the count.

    Examples
    --------
    >>> table = pd.DataFrame({"total": [90, 99, 42, 50], "part": [30, 33, 14, 20]})
    >>> found = exact_ratios(table).iloc[0]
    >>> print(found.larger, found.ratio, found.smaller, found.n_exact, found.run_start)
    total 3 part 3 1

    In the first three patients the total is three times the part, to the minute.
    """
    rows = []
    for larger, smaller in itertools.permutations(table.columns, 2):
        y, x = table[larger].to_numpy(float), table[smaller].to_numpy(float)
        hits = {k: (x > 0) & np.isclose(y, k * x, rtol=1e-12) for k in range(2, largest + 1)}
        ratio = max(hits, key=lambda k: hits[k].sum())
        if hits[ratio].any():
            length, start = _longest_run(hits[ratio])
            rows.append((larger, smaller, ratio, int(hits[ratio].sum()), length, start))
    names = ["larger", "smaller", "ratio", "n_exact", "longest_run", "run_start"]
    frame = pd.DataFrame(rows, columns=names)
    by = ["n_exact", "longest_run"]
    return frame.sort_values(by, ascending=False, kind="stable").reset_index(drop=True)


def chance_of_exact_ratio(smaller, low, high):
    """How often would independent whole numbers stand in one exact ratio in all these patients?

    Parameters
    ----------
    smaller : array_like of int, shape (n_patients,)
        The smaller column, at least 1.
    low, high : float
        Between which multiples of it the larger column may lie, every whole number equally
        likely.

    Returns
    -------
    float
        0–1: the product over patients of one in the number of whole numbers allowed.

    Examples
    --------
    >>> f"{chance_of_exact_ratio([30, 33, 14], 2, 4):.1e}"
    '8.4e-06'

    Three patients alone would do it about once in a hundred thousand times.
    """
    x = np.asarray(smaller, float)
    n_allowed = np.floor(high * x) - np.ceil(low * x) + 1
    return float(np.prod(1 / n_allowed))


def trend_over_order(table):
    """Does each column rise or fall with the order of the patients?

    Parameters
    ----------
    table : pandas.DataFrame
        One row per patient, in their order; numbers only.

    Returns
    -------
    pandas.DataFrame
        Indexed by column: ``slope`` per patient (Theil–Sen) with ``conf_low`` and
        ``conf_high`` (95 %), ``tau`` (Kendall) and ``p_value`` (exact without ties,
        else its normal approximation).

    References
    ----------
    Sen PK. Estimates of the regression coefficient based on Kendall's tau. J Am Stat Assoc
    1968;63:1379–1389.

    Examples
    --------
    >>> table = pd.DataFrame({"minutes": [40, 36, 30, 31, 22, 20]})
    >>> trend_over_order(table).slope.tolist()
    [-4.0]

    Each patient took about four minutes less than the one before.
    """
    order, rows = np.arange(1, len(table) + 1), {}
    for name in table:
        slope = stats.theilslopes(table[name], order)
        rank = stats.kendalltau(order, table[name])
        ends = (slope.slope, slope.low_slope, slope.high_slope)
        rows[name] = (*map(float, ends), float(rank.statistic), float(rank.pvalue))
    names = ["slope", "conf_low", "conf_high", "tau", "p_value"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=names)


def _longest_run(hits):
    best, start, length = 0, 0, 0
    for place, hit in enumerate(hits, start=1):
        length = length + 1 if hit else 0
        if length > best:
            best, start = length, place - length + 1
    return best, start
