"""How do two groups compare when one is printed patient by patient and the other in summary?

Counts can be compared exactly. Measurements can be compared by their means, which is another
test than the rank test most papers name; what the rank test can have given is bounded in
:mod:`reanalysis.rank_test_bounds`.
"""

import numpy as np
import pandas as pd

from reanalysis.alternatives import r_by_c_tests, two_by_two_tests
from reanalysis.alternatives.two_means import WELCH, two_means_variants

EXACT = "Fisher's exact test (of more than four cells: Freeman–Halton)"
# The same idea under the names that the two families of tests give it.
_OTHERS = {
    "χ² (Pearson)": (two_by_two_tests.PEARSON, r_by_c_tests.PEARSON),
    "χ², Yates for four cells": (two_by_two_tests.YATES, r_by_c_tests.PEARSON),
    "likelihood ratio G²": (two_by_two_tests.LIKELIHOOD_RATIO, r_by_c_tests.LIKELIHOOD_RATIO),
    "exact, mid-P": (two_by_two_tests.MID_P, r_by_c_tests.FREEMAN_HALTON_MID_P),
}


def compare_counts(counts, totals):
    """P values of each characteristic that was counted in two groups, by every common test.

    Parameters
    ----------
    counts : pandas.DataFrame
        Columns ``characteristic``, ``category``, and one column of counts per group (two
        groups). A characteristic with a single category is yes or no; the rest of the group
        is the other.
    totals : mapping of str to int
        Patients of each group, by the name of its column.

    Returns
    -------
    dict of str to pandas.DataFrame
        By test, ``EXACT`` first: indexed by characteristic, column ``p_value``.

    Raises
    ------
    ValueError
        If the categories of a characteristic do not add up to the groups.

    Examples
    --------
    >>> counts = pd.DataFrame({"characteristic": ["ascites"], "category": ["yes"],
    ...                        "study": [15], "control": [12]})
    >>> found = compare_counts(counts, {"study": 19, "control": 19})
    >>> print(found[EXACT].at["ascites", "p_value"].round(3))
    0.476

    Fifteen against twelve of nineteen is well within chance.
    """
    rows = {}
    for name, part in counts.groupby("characteristic", sort=False):
        table = part[list(totals)].to_numpy()
        if len(table) == 1:
            table = np.vstack([table, np.array(list(totals.values())) - table])
        if not np.array_equal(table.sum(axis=0), list(totals.values())):
            raise ValueError(f"{name}: expected columns that add up to {dict(totals)}")
        rows[name] = _p_values(table)
    methods = [EXACT, *_OTHERS]
    return {
        method: pd.DataFrame({"p_value": {name: row[method] for name, row in rows.items()}})
        for method in methods
    }


def mean_and_sd(table):
    """Mean and sample SD of every column.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per patient, numbers only.

    Returns
    -------
    pandas.DataFrame
        Indexed by column of ``table``: ``mean`` and ``sd``.

    Examples
    --------
    >>> mean_and_sd(pd.DataFrame({"minutes": [10, 20, 30]})).loc["minutes"].tolist()
    [20.0, 10.0]
    """
    return pd.DataFrame({"mean": table.mean(), "sd": table.std(ddof=1)})


def to_significant_digits(frame, digits):
    """Every number rounded to so many significant digits, as some programs print by default.

    Parameters
    ----------
    frame : pandas.DataFrame
        Numbers.
    digits : int
        At least 1.

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> to_significant_digits(pd.DataFrame({"mean": [220.61, 17.7368]}), 4)["mean"].tolist()
    [220.6, 17.74]

    Printed with two decimals the first becomes 220.60.
    """
    return frame.map(lambda value: float(f"{value:.{digits}g}"))


def welch_differences(printed, n):
    """Difference of two printed means with Welch's interval, for each quantity.

    Parameters
    ----------
    printed : pandas.DataFrame
        Indexed by quantity; columns ``study_mean``, ``study_sd``, ``control_mean`` and
        ``control_sd`` as printed (text).
    n : int
        Patients in each group.

    Returns
    -------
    pandas.DataFrame
        With that index: ``estimate`` (study minus control), ``conf_low``, ``conf_high``,
        ``p_value``, and ``p_value_min`` and ``p_value_max`` over the rounding of the inputs.

    Examples
    --------
    >>> printed = pd.DataFrame({"study_mean": ["17.74"], "study_sd": ["12.78"],
    ...     "control_mean": ["58.32"], "control_sd": ["47.11"]}, index=["minutes"])
    >>> welch_differences(printed, 19).round(1).loc["minutes", ["conf_low", "conf_high"]].tolist()
    [-63.9, -17.3]

    Between 17 and 64 minutes less, on average.
    """
    rows = []
    for row in printed.to_dict("records"):
        table = two_means_variants(
            first_mean=row["study_mean"],
            first_spread=row["study_sd"],
            first_n=n,
            second_mean=row["control_mean"],
            second_spread=row["control_sd"],
            second_n=n,
        )
        rows.append(table.set_index("method").loc[WELCH])
    columns = ["estimate", "conf_low", "conf_high", "p_value", "p_value_min", "p_value_max"]
    return pd.DataFrame(rows)[columns].set_index(printed.index).astype(float)


def _p_values(table):
    if table.shape == (2, 2):
        totals = table.sum(axis=0)
        found = two_by_two_tests.two_by_two_variants(
            first_events=table[0, 0],
            first_total=totals[0],
            second_events=table[0, 1],
            second_total=totals[1],
        )
        exact, place = two_by_two_tests.FISHER, 0
    else:
        found = r_by_c_tests.r_by_c_variants(table)
        exact, place = r_by_c_tests.FREEMAN_HALTON, 1
    p_values = found.set_index("method")["p_value"]
    names = {EXACT: exact} | {name: pair[place] for name, pair in _OTHERS.items()}
    return {name: float(p_values[method]) for name, method in names.items()}
