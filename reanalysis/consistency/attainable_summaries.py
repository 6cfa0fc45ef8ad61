"""Which mean and which SD can whole numbers have that are printed like this?

GRIM and GRIMMER (:mod:`reanalysis.consistency.granularity`) say whether there is one. This table
says which, for a whole list of printed summaries, and with how many digits the answer holds: a
mean printed as ``121.70`` may be impossible where ``121.7`` is not.
"""

import math

import pandas as pd

from reanalysis.consistency.granularity import grim, grimmer
from reanalysis.consistency.printed_bounds import plain_bounds, whole_numbers_between


def attainable_summaries(printed, n):
    """Whole-number totals and SDs behind printed means ± SDs.

    Parameters
    ----------
    printed : pandas.DataFrame
        Columns ``mean`` and ``sd`` as printed (text), one row per quantity.
    n : int
        Number of people, at least 2.

    Returns
    -------
    pandas.DataFrame
        With the index of ``printed``: ``mean``, ``sd``; ``grim``, ``grimmer`` (whether whole
        numbers can have them); ``total`` (smallest that fits, else missing); ``mean_low``,
        ``mean_high`` (the means of the totals that fit or, if none does, of the totals on
        either side); ``sd_low``, ``sd_high`` (SDs that fit with such a total, else missing);
        ``share_passing`` (how often a mean with these digits passes by chance).

    Examples
    --------
    >>> printed = pd.DataFrame({"mean": ["3.44", "5.19"], "sd": ["2.47", "1.2"]})
    >>> table = attainable_summaries(printed, 18)
    >>> table[["grim", "grimmer"]].to_numpy().tolist()
    [[True, False], [False, False]]

    Eighteen whole numbers can average 3.44, but not with that SD; they cannot average 5.19.
    """
    rows = [_row(mean, sd, n) for mean, sd in zip(printed["mean"], printed["sd"], strict=True)]
    return pd.DataFrame(rows, index=printed.index)


def _row(mean, sd, n):
    mean_test, both = grim(mean, n), grimmer(mean, sd, n)
    low, high = plain_bounds(mean)
    totals = whole_numbers_between(low * n, high * n)
    around = totals or range(math.floor(low * n), math.ceil(high * n) + 1)
    sds = [value for total in totals for value in _fitting_sds(total, sd, n)]
    return {
        "mean": mean,
        "sd": sd,
        "grim": mean_test.consistent,
        "grimmer": both.consistent,
        "total": totals[0] if totals else float("nan"),
        "mean_low": around[0] / n,
        "mean_high": around[-1] / n,
        "sd_low": min(sds, default=float("nan")),
        "sd_high": max(sds, default=float("nan")),
        "share_passing": mean_test.share_passing,
    }


def _fitting_sds(total, sd, n):
    low, high = (max(bound, 0) ** 2 * (n - 1) for bound in plain_bounds(sd))
    whole = [
        square
        for square in whole_numbers_between(low + total**2 / n, high + total**2 / n)
        if square % 2 == total % 2
    ]
    ends = whole[:1] + whole[-1:]
    return [math.sqrt((square - total**2 / n) / (n - 1)) for square in ends]
