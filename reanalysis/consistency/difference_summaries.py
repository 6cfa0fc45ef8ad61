"""Can pairs of values and their differences have the printed means, medians and ranges?

Each patient has a larger value (the liver's) and a smaller one (the spared area's). A paper prints
mean and range of both and median and range of the difference. Every one of these is linear in the
patients' values once the patients are put in the order of their difference, so a mixed-integer
programme finds the range of each printed number given all the others, over all patients there
could be; binary variables say who has the smallest and who has the largest value.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from reanalysis.consistency.printed_bounds import plain_bounds

NUMBERS = ("first.mean", "second.mean", "difference.median")


@dataclass(frozen=True)
class PrintedPairs:
    """Summaries of pairs and of their difference, first minus second.

    Parameters
    ----------
    first, second : mapping of str to str
        ``mean``, ``minimum`` and ``maximum`` as printed.
    difference : mapping of str to str
        ``median``, ``minimum`` and ``maximum`` as printed.
    n : int
        Number of pairs, odd and at least 3 (so that the median is somebody's value).

    Raises
    ------
    ValueError
        If ``n`` is even or below 3.
    """

    first: dict
    second: dict
    difference: dict
    n: int

    def __post_init__(self):
        if self.n < 3 or self.n % 2 == 0:
            raise ValueError(f"expected an odd n of at least 3, got {self.n!r}")


def pair_bounds(printed):
    """Between which values must each mean and the median lie, given all other numbers?

    Parameters
    ----------
    printed : PrintedPairs
        The nine printed numbers.

    Returns
    -------
    pandas.DataFrame
        Index ``NUMBERS``; columns ``low``, ``high`` (missing if the others exclude each other)
        and ``printed``.

    Examples
    --------
    >>> first = {"mean": "20", "minimum": "10", "maximum": "30"}
    >>> second = {"mean": "5", "minimum": "0", "maximum": "10"}
    >>> difference = {"median": "15", "minimum": "10", "maximum": "20"}
    >>> pair_bounds(PrintedPairs(first, second, difference, 3)).round(1).loc[
    ...     "difference.median", ["low", "high"]].tolist()
    [11.0, 19.0]

    Three pairs with these means and ranges have a median difference of 11 to 19.
    """
    rows = {}
    for name in NUMBERS:
        ends = [_solve(printed, name, sign) for sign in (1, -1)]
        quantity, statistic = name.split(".")
        rows[name] = [*ends, float(getattr(printed, quantity)[statistic])]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["low", "high", "printed"])


def _solve(printed, wanted, sign):
    """Smallest (sign 1) or largest (sign -1) value of one number under all other constraints.

    Variables: n first values, n second values, then who has the smallest and largest of each.
    """
    n = printed.n
    names = [
        ("first", "minimum"),
        ("first", "maximum"),
        ("second", "minimum"),
        ("second", "maximum"),
    ]
    size = 2 * n + len(names) * n
    first, second = np.eye(n, size), np.eye(n, size, n)
    differences = first - second
    numbers = {
        "first.mean": first.mean(axis=0),
        "second.mean": second.mean(axis=0),
        "difference.median": differences[n // 2],
    }
    constraints = [LinearConstraint(np.diff(differences, axis=0), 0, np.inf)]
    for end, statistic in ((0, "minimum"), (n - 1, "maximum")):
        constraints.append(
            LinearConstraint(differences[end], *_bounds(printed.difference[statistic]))
        )
    for name, row in numbers.items():
        if name != wanted:
            quantity, statistic = name.split(".")
            constraints.append(
                LinearConstraint(row, *_bounds(getattr(printed, quantity)[statistic]))
            )
    low, high = np.zeros(size), np.ones(size)
    span = 0.0
    for block, quantity in ((0, "first"), (1, "second")):
        summaries = getattr(printed, quantity)
        least, most = _bounds(summaries["minimum"])[0], _bounds(summaries["maximum"])[1]
        low[block * n : (block + 1) * n], high[block * n : (block + 1) * n] = least, most
        span = max(span, most - least)
    for place, (quantity, statistic) in enumerate(names):
        values = first if quantity == "first" else second
        chosen = np.eye(n, size, (2 + place) * n)
        constraints.append(LinearConstraint(chosen.sum(axis=0), 1, np.inf))
        lower, upper = _bounds(getattr(printed, quantity)[statistic])
        if statistic == "minimum":  # whoever is chosen is at most the upper bound of print
            constraints.append(LinearConstraint(values + span * chosen, -np.inf, upper + span))
        else:
            constraints.append(LinearConstraint(values - span * chosen, lower - span, np.inf))
    integrality = np.r_[np.zeros(2 * n), np.ones(size - 2 * n)]
    found = milp(
        sign * numbers[wanted],
        integrality=integrality,
        bounds=Bounds(low, high),
        constraints=constraints,
    )
    return sign * found.fun if found.success else np.nan


def _bounds(printed):
    return tuple(float(bound) for bound in plain_bounds(printed))
