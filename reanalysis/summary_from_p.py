"""Which mean or standard deviation goes with a printed P value?

Of the five numbers of a comparison (two means, two SDs, P) any one follows from the others. If two
places of a paper print one of them differently, P tells which goes with the rest.
"""

import itertools

from scipy import optimize, stats

from reanalysis.alternatives.input_rounding import rounding_interval

NAMES = ("first_mean", "first_spread", "second_mean", "second_spread")


def values_giving_p(name, printed, p_value, *, first_n, second_n, within):
    """Range of one summary that Student's test turns into the printed P value.

    Parameters
    ----------
    name : str
        The summary in question, one of ``NAMES``.
    printed : dict of str to str
        The other three, as printed; an entry for ``name`` is not used.
    p_value : str
        P value as printed, two-sided.
    first_n, second_n : int
        Patients of the two groups.
    within : tuple of float
        Range to search, in which P rises or falls throughout: one side of the other mean.

    Returns
    -------
    tuple of float
        Smallest and largest value, over the rounding of the other numbers; NaN if there is none.

    Raises
    ------
    ValueError
        If the name is unknown.

    Examples
    --------
    >>> printed = {"first_mean": "4.34", "first_spread": "8.08", "second_mean": "3.48"}
    >>> low, high = values_giving_p(
    ...     "second_spread", printed, "0.547", first_n=63, second_n=73, within=(1, 20)
    ... )
    >>> round(low, 1), round(high, 1)
    (8.3, 8.7)

    An SD of 8.64 goes with this P value; one of 3.48 does not.
    """
    if name not in NAMES:
        raise ValueError(f"expected one of {NAMES}, got {name!r}")
    ends = [rounding_interval(printed[key]) for key in NAMES if key != name]
    others = [key for key in NAMES if key != name]
    found = []
    for *corner, target in itertools.product(*ends, rounding_interval(p_value)):
        given = dict(zip(others, corner, strict=True))

        def gap(value, given=given, target=target):
            return _student(given | {name: value}, first_n, second_n) - target

        if gap(within[0]) * gap(within[1]) <= 0:
            found.append(float(optimize.brentq(gap, *within, xtol=1e-9)))
    return (min(found), max(found)) if found else (float("nan"), float("nan"))


def _student(values, first_n, second_n):
    first, second = values["first_mean"], values["second_mean"]
    spreads = values["first_spread"], values["second_spread"]
    result = stats.ttest_ind_from_stats(first, spreads[0], first_n, second, spreads[1], second_n)
    return float(result.pvalue)
