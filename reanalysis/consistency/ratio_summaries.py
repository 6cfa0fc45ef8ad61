"""Can two measurements and the change between them have the printed means and ranges?

A paper prints mean, smallest and largest value of a signal before, of the signal after, and of
the relative change ``(after - before) / before``, of the same patients. The three are not free of
one another: the mean of a ratio is not the ratio of the means, but it cannot be anything either.

The patients are weights on the plane of before and after. Every printed mean is linear in the
weights, every printed extreme says that at least one patient stands there, so each mean is
bounded by a linear programme once the other two are given. For one value before, the value after
and the change lie on a straight line: only its ends need a weight, and the places at which a
value begins to count as a printed extreme.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from reanalysis.consistency.printed_bounds import plain_bounds

QUANTITIES = ("before", "after", "change")
STATISTICS = ("mean", "minimum", "maximum")
# Values before the change that are tried, over the whole printed range.
_STEPS = 400


@dataclass(frozen=True)
class PrintedChange:
    """Mean and range of a measurement before, after, and of its relative change.

    Parameters
    ----------
    before, after, change : mapping of str to str
        ``mean``, ``minimum`` and ``maximum`` as printed.
    n : int
        Patients (or areas) summarised, at least 2.

    Raises
    ------
    ValueError
        If a statistic is missing, ``n`` is below 2, or a smallest value is above a largest.
    """

    before: dict
    after: dict
    change: dict
    n: int

    def __post_init__(self):
        for quantity in QUANTITIES:
            printed = getattr(self, quantity)
            if missing := set(STATISTICS) - set(printed):
                raise ValueError(f"{quantity}: expected {STATISTICS}, missing {sorted(missing)}")
            if self.range_of(quantity)[0] > self.range_of(quantity)[1]:
                raise ValueError(f"{quantity}: minimum above maximum in {printed}")
        if self.n < 2:
            raise ValueError(f"expected n of at least 2, got {self.n!r}")

    def bounds(self, quantity, statistic):
        """Smallest and largest value that would be printed so.

        Parameters
        ----------
        quantity : str
            One of ``QUANTITIES``.
        statistic : str
            One of ``STATISTICS``.

        Returns
        -------
        low, high : float
        """
        return tuple(float(bound) for bound in plain_bounds(getattr(self, quantity)[statistic]))

    def range_of(self, quantity):
        """Between which values every patient lies, rounding included."""
        return self.bounds(quantity, "minimum")[0], self.bounds(quantity, "maximum")[1]


def mean_bounds(printed):
    """Between which values must each printed mean lie, given all the other numbers?

    Parameters
    ----------
    printed : PrintedChange
        The nine printed numbers.

    Returns
    -------
    pandas.DataFrame
        Index ``before``, ``after``, ``change``; columns ``low`` and ``high``, missing where the
        other numbers exclude each other.

    Notes
    -----
    Outer bounds, to within the step of the values tried: weights may be any shares, patients are
    whole. A printed mean outside is
    impossible; one inside need not be possible (find a sample:
    :func:`reanalysis.ratio_samples.sample_with_summaries`).

    Examples
    --------
    >>> before = {"mean": "405", "minimum": "129", "maximum": "891"}
    >>> after = {"mean": "736", "minimum": "175", "maximum": "1693"}
    >>> change = {"mean": "0.78", "minimum": "0.35", "maximum": "1.6"}
    >>> mean_bounds(PrintedChange(before, after, change, 9)).loc["change"].round(2).tolist()
    [0.59, 1.15]

    The printed mean of 0.78 is possible; 0.50 would not have been.
    """
    columns = _columns(printed)
    above, least = _extremes(printed, columns)
    rows = {}
    for wanted in QUANTITIES:
        matrix, limits = [-above], [-least]
        for other in QUANTITIES:
            if other != wanted:
                low, high = printed.bounds(other, "mean")
                matrix.append(np.vstack([columns[other], -columns[other]]))
                limits.append([high, -low])
        rows[wanted] = [
            _extreme(sign, columns[wanted], np.vstack(matrix), np.concatenate(limits))
            for sign in (1, -1)
        ]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["low", "high"])


def extreme_bounds(printed):
    """Between which values must each printed extreme lie, given the other extremes?

    Parameters
    ----------
    printed : PrintedChange
        The nine printed numbers; means are not used.

    Returns
    -------
    pandas.DataFrame
        Index (quantity, statistic); columns ``low`` and ``high``.

    Notes
    -----
    The patient with the smallest value after has some value before, and the change is what leads
    from the one to the other: after = before × (1 + change), patient by patient.

    Examples
    --------
    >>> before = {"mean": "405", "minimum": "129", "maximum": "891"}
    >>> after = {"mean": "736", "minimum": "175", "maximum": "1693"}
    >>> change = {"mean": "0.78", "minimum": "0.35", "maximum": "1.6"}
    >>> bounds = extreme_bounds(PrintedChange(before, after, change, 9))
    >>> bounds.loc[("change", "minimum")].round(2).tolist()
    [-0.8, 0.37]

    Somebody enhanced by 0.37 at most: the darkest liver after was no darker than 129 before.
    """
    ends = {q: [printed.bounds(q, s) for s in STATISTICS[1:]] for q in QUANTITIES}
    (b_min, b_max), (a_min, a_max), (c_min, c_max) = (ends[q] for q in QUANTITIES)
    least, most = 1 + c_min[0], 1 + c_max[1]
    rows = {
        ("before", "minimum"): (a_min[0] / most, a_min[1] / least),
        ("before", "maximum"): (a_max[0] / most, a_max[1] / least),
        ("after", "minimum"): (b_min[0] * least, b_min[1] * most),
        ("after", "maximum"): (b_max[0] * least, b_max[1] * most),
        ("change", "minimum"): (
            a_min[0] / b_max[1] - 1,
            min(a_min[1] / b_min[0], a_max[1] / b_max[0]) - 1,
        ),
        ("change", "maximum"): (
            max(a_min[0] / b_min[1], a_max[0] / b_max[1]) - 1,
            a_max[1] / b_min[0] - 1,
        ),
    }
    index = pd.MultiIndex.from_tuples(rows, names=["quantity", "statistic"])
    return pd.DataFrame(list(rows.values()), index=index, columns=["low", "high"])


def ratio_of_means(printed):
    """The change of the means, which is not the mean of the changes.

    Parameters
    ----------
    printed : PrintedChange
        Only the means before and after are used.

    Returns
    -------
    low, middle, high : float
        Over the rounding of both means.

    Examples
    --------
    >>> texts = {"mean": "10", "minimum": "5", "maximum": "20"}
    >>> change = {"mean": "0.5", "minimum": "0", "maximum": "1"}
    >>> after = texts | {"mean": "15"}
    >>> ratio_of_means(PrintedChange(texts, after, change, 4))[1]
    0.5

    From 10 to 15 on average is a gain of one half.
    """
    (b_low, b_high), (a_low, a_high) = (printed.bounds(q, "mean") for q in ("before", "after"))
    return a_low / b_high - 1, (a_low + a_high) / (b_low + b_high) - 1, a_high / b_low - 1


def implied_correlation(printed):
    """Least correlation of the change with the value before that the means imply.

    Parameters
    ----------
    printed : PrintedChange
        The nine printed numbers.

    Returns
    -------
    covariance, low : float
        Covariance implied by the printed means, and the least size of the correlation (0–1; at
        the rounding that favours none).

    Notes
    -----
    For a change c of a value b: mean(b c) = mean(b) mean(c) + covariance, and the ratio of the
    means less 1 is mean(b c) / mean(b). So (ratio of means - 1 - mean of changes) × mean(b) is
    the covariance. The variances are at most (max - mean)(mean - min) each (Bhatia and Davis).

    References
    ----------
    Bhatia R, Davis C. A better bound on the variance. Am Math Mon 2000;107:353–357.

    Examples
    --------
    >>> before = {"mean": "481", "minimum": "130", "maximum": "1277"}
    >>> after = {"mean": "1112", "minimum": "203", "maximum": "2834"}
    >>> change = {"mean": "1.11", "minimum": "0.45", "maximum": "1.9"}
    >>> covariance, low = implied_correlation(PrintedChange(before, after, change, 9))
    >>> round(covariance), round(low, 2)
    (97, 0.23)

    Areas that were brighter before also enhanced more, with a correlation of at least 0.23.
    """
    low, middle, high = ratio_of_means(printed)
    c_low, c_high = printed.bounds("change", "mean")
    b_low, b_high = printed.bounds("before", "mean")
    covariance = (middle - (c_low + c_high) / 2) * (b_low + b_high) / 2
    smallest = max(low - c_high, c_low - high, 0.0) * b_low
    if smallest == 0:
        return covariance, 0.0
    spreads = [_largest_variance(printed, quantity) for quantity in ("before", "change")]
    return covariance, float(smallest / np.sqrt(spreads[0] * spreads[1]))


def _largest_variance(printed, quantity):
    low, high = printed.range_of(quantity)
    means = np.array(printed.bounds(quantity, "mean"))
    return float(((high - means) * (means - low)).max())


def _columns(printed):
    """Ends and inner edges of the line at each value before: columns of the linear programme."""
    low, high = printed.range_of("before")
    edges = [bound for s in STATISTICS[1:] for bound in printed.bounds("before", s)]
    after_low, after_high = printed.range_of("after")
    change_low, change_high = printed.range_of("change")
    # Where one limit of the value after takes over from another the bounds have a corner.
    for end in (after_low, after_high):
        corners = end / (1 + np.array([change_low, change_high]))
        edges += list(corners[(corners > low) & (corners < high)])
    before = np.unique(np.concatenate([np.linspace(low, high, _STEPS), edges]))
    first = np.maximum(after_low, before * (1 + change_low))
    last = np.minimum(after_high, before * (1 + change_high))
    before, first, last = (values[first <= last] for values in (before, first, last))
    places = [first, last]
    for statistic, inner in (("minimum", 1), ("maximum", 0)):
        edge = printed.bounds("after", statistic)[inner]
        places.append(np.clip(edge, first, last))
        edge = before * (1 + printed.bounds("change", statistic)[inner])
        places.append(np.clip(edge, first, last))
    after = np.concatenate(places)
    before = np.tile(before, len(places))
    return {"before": before, "after": after, "change": after / before - 1}


def _extremes(printed, columns):
    """For every printed extreme: which columns have it, and the least weight there."""
    slack = 1e-9
    rows = []
    for quantity in QUANTITIES:
        values = columns[quantity]
        rows.append(values <= printed.bounds(quantity, "minimum")[1] + slack)
        rows.append(values >= printed.bounds(quantity, "maximum")[0] - slack)
    return np.array(rows, dtype=float), np.full(len(rows), 1 / printed.n)


def _extreme(sign, objective, matrix, limits):
    found = linprog(
        sign * objective,
        A_ub=matrix,
        b_ub=limits,
        A_eq=np.ones((1, len(objective))),
        b_eq=[1.0],
        bounds=(0, 1),
        method="highs",
    )
    return sign * found.fun if found.success else np.nan
