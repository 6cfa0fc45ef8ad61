"""Do the percentages and P values of a baseline table follow from its counts and means?

A baseline table describes two arms before treatment. Vocabulary: a ``variable`` (sex) has
``categories`` (male, female); ``arm`` is the group; counts are patients.
"""

import pandas as pd

from reanalysis.alternatives.r_by_c_tests import r_by_c_variants
from reanalysis.alternatives.two_by_two_tests import two_by_two_variants
from reanalysis.alternatives.two_means import STUDENT, two_means_variants


def count_tables(categories):
    """One table of counts per variable.

    Parameters
    ----------
    categories : pandas.DataFrame
        Columns ``variable, category, arm, count``; two arms.

    Returns
    -------
    dict of str to DataFrame
        By variable: categories in rows, arms in columns, all in the order given.

    Raises
    ------
    ValueError
        If there are not two arms.
    """
    arms = list(dict.fromkeys(categories["arm"]))
    if len(arms) != 2:
        raise ValueError(f"expected two arms, got {arms}")
    tables = {}
    for variable, rows in categories.groupby("variable", sort=False):
        table = rows.pivot(index="category", columns="arm", values="count")
        tables[variable] = table.loc[list(dict.fromkeys(rows["category"])), arms]
    return tables


def shares_by_arm(categories):
    """The share of each category in its arm.

    Parameters
    ----------
    categories : pandas.DataFrame
        As for :func:`count_tables`.

    Returns
    -------
    pandas.DataFrame
        Index ``variable, category``; one column per arm; proportions 0–1.
    """
    tables = count_tables(categories)
    return pd.concat({name: t / t.sum() for name, t in tables.items()}, names=["variable"])


def p_values_by_test(categories):
    """P value of each variable by every test in use.

    Parameters
    ----------
    categories : pandas.DataFrame
        As for :func:`count_tables`.

    Returns
    -------
    pandas.DataFrame
        Index ``variable``; one column per test of
        :mod:`~reanalysis.alternatives.two_by_two_tests` (two categories) or
        :mod:`~reanalysis.alternatives.r_by_c_tests` (more); missing where a test does not
        apply.

    Examples
    --------
    >>> rows = [("kidney", "both", "marked", 84), ("kidney", "single", "marked", 1)]
    >>> rows += [("kidney", "both", "plain", 81), ("kidney", "single", "plain", 7)]
    >>> table = pd.DataFrame(rows, columns=["variable", "category", "arm", "count"])
    >>> float(p_values_by_test(table).at["kidney", "χ² (Pearson)"].round(3))
    0.034

    Single kidneys are shared out unevenly, by this test.
    """
    found = {}
    for variable, table in count_tables(categories).items():
        if len(table) == 2:
            found[variable] = two_groups(table.iloc[0], table.sum())
        else:
            found[variable] = r_by_c_variants(table).set_index("method")["p_value"]
    return pd.DataFrame(found).T.rename_axis("variable")


def two_groups(counts, totals):
    """P values of one event in two groups by every test.

    Parameters
    ----------
    counts, totals : pandas.Series of int
        Events and patients of the two groups, in the same order.

    Returns
    -------
    pandas.Series
        By test of :mod:`~reanalysis.alternatives.two_by_two_tests`.
    """
    variants = two_by_two_variants(
        first_events=counts.iloc[0],
        first_total=totals.iloc[0],
        second_events=counts.iloc[1],
        second_total=totals.iloc[1],
    )
    return variants.set_index("method")["p_value"]


def claims_by_test(tests, variables, column="p_value"):
    """P values of some variables by each test that has them, ready for the ledger.

    Parameters
    ----------
    tests : pandas.DataFrame
        Result of :func:`p_values_by_test`.
    variables : sequence of str
        Which rows.
    column : str, default "p_value"
        Last part of the claim ids.

    Returns
    -------
    dict of str to DataFrame
        By test: one column, the variables it applies to in rows.
    """
    part = tests.loc[list(variables)]
    return {name: part[[name]].dropna().set_axis([column], axis=1) for name in part}


def compare_means(means):
    """Every comparison of the means of two arms, with its range over the rounding of the inputs.

    Parameters
    ----------
    means : pandas.DataFrame
        Columns ``variable, arm, n, mean, sd``; mean and SD as printed (text); two rows each.

    Returns
    -------
    dict of str to DataFrame
        By variable, the table of
        :func:`~reanalysis.alternatives.two_means.two_means_variants`, indexed by method, with
        the one-sided P value of Student's test as a further row.

    Raises
    ------
    ValueError
        If a variable does not have two rows.
    """
    found = {}
    for variable, rows in means.groupby("variable", sort=False):
        if len(rows) != 2:
            raise ValueError(f"expected two arms for {variable}, got {len(rows)} rows")
        first, second = rows.to_dict("records")
        table = two_means_variants(
            first_mean=first["mean"],
            first_spread=first["sd"],
            first_n=first["n"],
            second_mean=second["mean"],
            second_spread=second["sd"],
            second_n=second["n"],
        ).set_index("method")
        one_sided = table.loc[STUDENT].copy()
        chances = ["p_value", "p_value_min", "p_value_max"]
        one_sided[chances] = one_sided[chances] / 2
        table.loc[f"{STUDENT}, one-sided"] = one_sided
        found[variable] = table
    return found
