"""Which denominator, and which rounding, makes the percentage that is printed?

"12 (54.5 %)" may be 12 of all patients or of those with a lesion, rounded half-up as by hand,
half-even as by Python and R, or cut off after the last digit.
"""

from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pandas as pd

HALF_UP, HALF_EVEN, TRUNCATED = "rounded half-up", "rounded half-even", "truncated"

_RULES = {HALF_UP: ROUND_HALF_UP, HALF_EVEN: ROUND_HALF_EVEN, TRUNCATED: ROUND_DOWN}
REFERENCES = {
    HALF_UP: "Schoolbook rounding; Excel ROUND, SPSS, SAS ROUND",
    HALF_EVEN: "IEEE 754-2019, section 4.3.1, roundTiesToEven; R round, Python round",
    TRUNCATED: "IEEE 754-2019, section 4.3.2, roundTowardZero; Excel TRUNC",
}


def percentage_variants(count, totals, decimals):
    """Percentages that one count can be printed as, by denominator and rounding.

    Parameters
    ----------
    count : int
        The numerator, at least 0.
    totals : mapping of str to int, or sequence of int
        Candidate denominators, by what they count; at least 1. Those below ``count`` are kept:
        a printed 120 % is a finding.
    decimals : int
        Decimals that are printed, at least 0.

    Returns
    -------
    pandas.DataFrame
        One row per denominator and rounding: ``method`` (``"of patients, truncated"``),
        ``denominator``, ``total``, ``rounding``, ``percentage`` (as it would be printed, in %)
        and ``unrounded``. The reference of each rounding is in ``REFERENCES``.

    Raises
    ------
    ValueError
        If a count is not a whole number in its range, or there is no denominator.

    Notes
    -----
    Decimal arithmetic: 1 of 8 is exactly 12.5 %, a tie, and no rounding noise decides it.

    Examples
    --------
    >>> table = percentage_variants(5, {"patients": 40, "lesions": 64}, decimals=1)
    >>> table[table.percentage == 7.8].method.tolist()
    ['of lesions, rounded half-up', 'of lesions, rounded half-even', 'of lesions, truncated']

    The printed 7.8 % counts lesions; of the patients it would be 12.5 %.
    """
    if not isinstance(totals, Mapping):
        totals = {str(total): total for total in totals}
    _check(count, totals, decimals)
    rows = []
    for name, total in totals.items():
        exact = Decimal(100 * int(count)) / Decimal(int(total))
        for rounding, rule in _RULES.items():
            shown = exact.quantize(Decimal(1).scaleb(-decimals), rule)
            rows.append(
                (f"of {name}, {rounding}", name, int(total), rounding, float(shown), float(exact))
            )
    columns = ["method", "denominator", "total", "rounding", "percentage", "unrounded"]
    return pd.DataFrame(rows, columns=columns)


def adding_to_100(counts, decimals):
    """Percentages of a column rounded in such a way that they add up to 100.

    Parameters
    ----------
    counts : sequence of int, shape (n_classes,)
        Numbers of the classes, at least 0; their sum is the denominator.
    decimals : int
        Decimals that are printed, at least 0.

    Returns
    -------
    list of float
        In %, in the order given.

    Raises
    ------
    ValueError
        If a count is not a whole number of at least 0, or their sum is 0.

    Notes
    -----
    The method of largest remainders (Hamilton): all are cut off, and the units that are then
    missing from 100 go to the classes that lost most; of equal losses to the earlier one.

    Examples
    --------
    >>> adding_to_100([58, 136, 7], decimals=1)
    [28.8, 67.7, 3.5]

    Rounded one by one the first would be 28.9, and the sum 100.1.
    """
    total = sum(counts)
    for count in [total, *counts]:
        _check(count, {"counts": total}, decimals)
    unit = 10 ** int(decimals)
    exact = [Fraction(100 * unit * int(count), int(total)) for count in counts]
    units = [int(value) for value in exact]
    order = sorted(range(len(units)), key=lambda place: units[place] - exact[place])
    for place in order[: 100 * unit - sum(units)]:
        units[place] += 1
    return [value / unit for value in units]


def _check(count, totals, decimals):
    if not totals:
        raise ValueError("expected at least one denominator, got none")
    for name, value, least in [("count", count, 0), ("decimals", decimals, 0)] + [
        (f"the total of {name}", total, 1) for name, total in totals.items()
    ]:
        if not float(value).is_integer() or value < least:
            raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
