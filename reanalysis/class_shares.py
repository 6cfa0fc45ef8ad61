"""Do the printed counts and percentages of a classification hold together?

Vocabulary: a *system* divides a *total* of patients into classes of ``n`` patients each; beside
each count a percentage is printed, as text, so that its digits survive.
"""

import numpy as np

from reanalysis.alternatives.percentages import adding_to_100
from reanalysis.consistency.percentages import denominators_reaching, percentage_of_count

ROUNDED = "of all, rounded"
ADDING_UP = "of all, rounded so that the column adds up to 100"
CLASSIFIED = "of those classified"


def left_by_the_others(table, total, *, by="system"):
    """What the other classes of each system leave of the total.

    Parameters
    ----------
    table : DataFrame
        Columns ``n`` and that of ``by``.
    total : int
        Patients whom each system divides.
    by : str, default "system"
        Column that tells the systems apart.

    Returns
    -------
    Series of int
        In the order of ``table``; equal to ``n`` in every line of a system that adds up.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"system": ["old"] * 3, "n": [12, 7, 3]})
    >>> left_by_the_others(table, total=21).tolist()
    [11, 6, 2]

    The three classes add up to 22 of 21: one line counts one patient too many.
    """
    sums = table.groupby(by, sort=False)["n"].transform("sum")
    return (total - (sums - table["n"])).astype(int)


def shares_by_method(table, total, *, by="system", rest="Unclassified"):
    """Shares of the classes of each system, by every way of computing them that we know.

    Parameters
    ----------
    table : DataFrame
        Columns ``class``, ``n`` and that of ``by``.
    total : int
        Patients whom each system divides.
    by : str, default "system"
        Column that tells the systems apart.
    rest : str, default "Unclassified"
        Class of those who fit nowhere; none, when no class is called that.

    Returns
    -------
    dict of str to Series
        Shares, 0–1, in the order of ``table``, by the name of the method.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"system": "new", "class": list("abc"), "n": [58, 136, 7]})
    >>> {name: (100 * s).round(1).tolist() for name, s in shares_by_method(table, 201).items()}
    ... # doctest: +NORMALIZE_WHITESPACE
    {'of all, rounded': [28.9, 67.7, 3.5],
     'of all, rounded so that the column adds up to 100': [28.8, 67.7, 3.5],
     'of those classified': [28.9, 67.7, 3.5]}

    Rounded line by line the shares add up to 100.1.
    """
    groups = table.groupby(by, sort=False)["n"]
    left_out = table["n"].where(table["class"] == rest, 0)
    classified = total - left_out.groupby(table[by]).transform("sum")
    return {
        ROUNDED: table["n"] / total,
        ADDING_UP: groups.transform(lambda n: np.array(adding_to_100(n, decimals=1)) / 100),
        CLASSIFIED: table["n"] / classified,
    }


def audit_percentages(table, total, *, max_denominator=400):
    """Every printed percentage against its count, with the denominators that reach it.

    Parameters
    ----------
    table : DataFrame
        Columns ``n`` and ``percent`` (text as printed; empty where none is).
    total : int
        The denominator that the table states.
    max_denominator : int, default 400
        Largest denominator to try.

    Returns
    -------
    DataFrame
        ``table`` without the lines that print no percentage, with ``of_total`` (in %),
        ``agrees`` and ``denominators`` (``"107"``, ``"223 to 285"``, or ``"none"``).

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"n": [20, 12], "percent": ["18.7", "11.2"]})
    >>> audited = audit_percentages(table, 93)
    >>> audited["agrees"].tolist(), audited["denominators"].tolist()
    ([False, False], ['107', '107'])

    Neither is a share of 93; both are shares of 107.
    """
    rows = table[table["percent"] != ""].copy()
    pairs = list(zip(rows["n"], rows["percent"] + "%", strict=True))
    rows["of_total"] = 100 * rows["n"] / total
    rows["agrees"] = [percentage_of_count(n, total, text).consistent for n, text in pairs]
    rows["denominators"] = [_denominators(n, text, max_denominator) for n, text in pairs]
    return rows


def _denominators(count, percentage, largest):
    found = denominators_reaching(percentage, count=count, max_denominator=largest)
    numbers = found["denominator"].tolist()
    if not numbers:
        return "none"
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"
