"""Which readers, places and numbers of samples agree best, in a table of printed ICCs?

A table of ICCs has one row per analysis (who is compared) and strategy (where the reference is
placed, how many regions are sampled). Comparing strategies means pairing the rows of one analysis.

Vocabulary: ``analysis, location, n_rois, icc, conf_low, conf_high, n_raters`` as columns.
"""

import numpy as np
import pandas as pd

from reanalysis.alternatives.quartiles import interquartile_ranges
from reanalysis.estimates import Estimate
from reanalysis.printed_icc import narrowest_interval


def side_by_side(table, by):
    """The ICCs of each analysis under the strategies to be compared, in one row.

    Parameters
    ----------
    table : DataFrame
        One row per analysis and strategy.
    by : {"location", "n_rois"}
        What distinguishes the columns; the other one goes into the rows.

    Returns
    -------
    DataFrame
        Nothing missing.

    Raises
    ------
    ValueError
        If an analysis lacks a strategy, so that it has no pair.

    Examples
    --------
    >>> rows = [("A", "x", 1, 0.5), ("A", "y", 1, 0.4)]
    >>> table = pd.DataFrame(rows, columns=["analysis", "location", "n_rois", "icc"])
    >>> side_by_side(table, "location").to_numpy().tolist()
    [[0.5, 0.4]]
    """
    other = "n_rois" if by == "location" else "location"
    order = list(dict.fromkeys(table["analysis"]))
    wide = table.pivot(index=["analysis", other], columns=by, values="icc")
    if wide.isna().any(axis=None):
        raise ValueError("expected every analysis under every strategy, one is missing")
    return wide.reindex(order, level="analysis")


def summary_by(table, by):
    """Median and interquartile range of the ICCs under each strategy.

    Parameters
    ----------
    table : DataFrame
        One row per analysis and strategy.
    by : str
        Column that distinguishes the strategies.

    Returns
    -------
    dict of str to DataFrame
        By definition of the quartile; index the strategies, columns ``median`` and ``iqr``.
    """
    groups = {key: rows["icc"] for key, rows in table.groupby(by)}
    ranges = pd.DataFrame({key: interquartile_ranges(icc) for key, icc in groups.items()})
    medians = {key: icc.median() for key, icc in groups.items()}
    return {
        name: pd.DataFrame({"median": pd.Series(medians), "iqr": row})
        for name, row in ranges.iterrows()
    }


def highest(table, n=10):
    """The rows with the highest ICCs, the first one first.

    Parameters
    ----------
    table : DataFrame
        One row per analysis and strategy.
    n : int, default 10
        How many.

    Returns
    -------
    DataFrame
    """
    return table.nlargest(n, "icc", keep="all")


def repeated_analyses(table):
    """Analyses that hold the same numbers as an earlier one, in every strategy.

    Parameters
    ----------
    table : DataFrame
        One row per analysis and strategy, in the order of the paper.

    Returns
    -------
    dict of str to str
        The later analysis, and the one whose numbers it repeats.

    Examples
    --------
    >>> rows = [("A", "x", 1, 0.5, 0.2, 0.7), ("B", "x", 1, 0.5, 0.2, 0.7)]
    >>> names = ["analysis", "location", "n_rois", "icc", "conf_low", "conf_high"]
    >>> repeated_analyses(pd.DataFrame(rows, columns=names))
    {'B': 'A'}
    """
    numbers = ["location", "n_rois", "icc", "conf_low", "conf_high"]
    first, repeated = {}, {}
    for name, rows in table.groupby("analysis", sort=False):
        key = tuple(map(tuple, rows[numbers].sort_values(numbers[:2]).to_numpy()))
        if key in first:
            repeated[name] = first[key]
        first.setdefault(key, name)
    return repeated


def narrowest_by_table(table, *, n_targets):
    """Printed width of each interval, and the narrowest its readers could have.

    Parameters
    ----------
    table : DataFrame
        With ``n_raters``.
    n_targets : int
        Targets of every row.

    Returns
    -------
    DataFrame
        ``printed`` and ``narrowest``, index of `table`.
    """
    cache = {}
    for icc, k in table[["icc", "n_raters"]].itertuples(index=False):
        if (icc, k) not in cache:
            sizes = {"n_targets": n_targets, "n_readers": int(k)}
            cache[icc, k] = narrowest_interval(f"{icc:.3f}", **sizes)
    narrowest = [cache[row] for row in table[["icc", "n_raters"]].itertuples(index=False)]
    printed = table["conf_high"] - table["conf_low"]
    return pd.DataFrame({"printed": printed, "narrowest": narrowest}, index=table.index)


def average_of_other_pairs(all_readers, within_pairs, n_readers):
    """Mean ICC of the pairs that are not printed, from that of all readers and some pairs.

    Parameters
    ----------
    all_readers : float
        ICC(2,1) of all readers together.
    within_pairs : array_like
        ICCs of the pairs that are printed.
    n_readers : int
        Readers.

    Returns
    -------
    float

    Notes
    -----
    The covariance in ICC(2,1) of k readers is the mean of the covariances of their k(k-1)/2
    pairs. If all readers spread alike, the same holds for the correlations, and what is left
    after the printed pairs belongs to the others. An approximation, therefore.

    Examples
    --------
    >>> print(round(average_of_other_pairs(0.3, [0.5, 0.5, 0.5], 6), 2))
    0.25

    If the three pairs of colleagues agree better than all, the twelve others agree worse.
    """
    n_pairs = n_readers * (n_readers - 1) / 2
    printed = np.asarray(within_pairs, float)
    return float((n_pairs * all_readers - printed.sum()) / (n_pairs - len(printed)))


def total_bounds(groups):
    """Between which values median and interquartile range of a total must lie.

    Parameters
    ----------
    groups : DataFrame
        ``median`` and ``iqr`` of each of the groups that make up the total, in its unit; no
        reading is negative.

    Returns
    -------
    dict of str to (float, float)
        ``median`` and ``iqr``.

    Notes
    -----
    The median of a total lies between the smallest and the largest median of its parts. Its
    quartiles lie between the smallest lower and the largest upper quartile; of a quartile is
    known only that it lies within the interquartile range of the median and above zero.
    """
    low = (groups["median"] - groups["iqr"]).clip(lower=0).min()
    high = (groups["median"] + groups["iqr"]).max()
    medians = (float(groups["median"].min()), float(groups["median"].max()))
    return {"median": medians, "iqr": (0.0, float(high - low))}


def estimates_of(table, keys):
    """The rows of a table as estimates under the paths of their claims.

    Parameters
    ----------
    table : DataFrame
        ``icc, conf_low, conf_high``.
    keys : list of str
        Columns whose words make up the path.

    Returns
    -------
    DataFrame
        One unnamed column of Estimates, as :meth:`reanalysis.ledger.Ledger.recompute_frame`
        takes it.
    """
    numbers = table[["icc", "conf_low", "conf_high"]].to_numpy(float)
    found = pd.Series([Estimate(*row) for row in numbers], dtype=object)
    return pd.DataFrame({"": found.to_numpy()}, index=pd.MultiIndex.from_frame(table[keys]))


def spans(table, by):
    """Smallest and largest ICC of each group of rows.

    Parameters
    ----------
    table : DataFrame
        With column ``icc``.
    by : str or Series
        What distinguishes the groups.

    Returns
    -------
    DataFrame
        ``smallest, largest, n``; order of first appearance.
    """
    return table.groupby(by, sort=False)["icc"].agg(smallest="min", largest="max", n="size")


def largest_sd(mean, low, high, n):
    """Largest standard deviation that ``n`` values with this mean and range can have.

    Parameters
    ----------
    mean, low, high : float
        Mean, smallest and largest value, in one unit.
    n : int
        How many values.

    Returns
    -------
    float

    Notes
    -----
    All values at the two ends: ``√((high - mean)(mean - low) n/(n-1))`` (Bhatia and Davis, with
    the divisor n - 1).

    Examples
    --------
    >>> round(largest_sd(5, 0, 10, 4), 2)
    5.77
    """
    return float(np.sqrt((high - mean) * (mean - low) * n / (n - 1)))
