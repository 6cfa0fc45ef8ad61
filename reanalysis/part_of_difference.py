"""How much of a difference in the whole is a difference in one of its parts?

A procedure is a part (the puncture) and the rest. The difference between two groups in the whole
splits into that of the part and that of the rest, exactly, since means add up. How certain the
rest is depends on how part and whole go together within a group: where a group is printed as
mean ± SD only, that correlation is unknown and has to be assumed.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from reanalysis.estimates import Estimate


@dataclass(frozen=True)
class Summary:
    """A quantity of one group as printed.

    Parameters
    ----------
    mean, sd : float
        In one unit for whole and part.
    """

    mean: float
    sd: float


def split_difference(whole, part, *, control_whole, control_part):
    """Difference of the whole, of the part, and of the rest; and the part's share.

    Parameters
    ----------
    whole, part : array_like, shape (n,)
        The printed patients.
    control_whole, control_part : Summary
        The other group.

    Returns
    -------
    dict of str to float
        ``whole``, ``part``, ``rest`` (control minus printed patients) and ``share``
        (part / whole, 1 when the rest does not differ).

    Examples
    --------
    >>> found = split_difference([60, 80], [10, 30], control_whole=Summary(100, 30),
    ...                          control_part=Summary(45, 20))
    >>> found["whole"], found["part"], found["rest"], round(found["share"], 2)
    (30.0, 25.0, 5.0, 0.83)

    Of the 30 minutes saved, 25 are saved in the part.
    """
    gaps = [
        control.mean - float(np.mean(own))
        for own, control in ((whole, control_whole), (part, control_part))
    ]
    return {
        "whole": gaps[0],
        "part": gaps[1],
        "rest": gaps[0] - gaps[1],
        "share": gaps[1] / gaps[0],
    }


def rest_by_correlation(whole, part, *, control_whole, control_part, n_control, correlations):
    """Difference of the rest with its Welch interval, for each assumed correlation.

    Parameters
    ----------
    whole, part : array_like, shape (n,)
        The printed patients.
    control_whole, control_part : Summary
        The other group.
    n_control : int
        Its size, at least 2.
    correlations : sequence of float
        Assumed correlations of whole and part within the control group, from -1 to 1.

    Returns
    -------
    pandas.DataFrame
        One row per correlation: ``correlation``, ``control_sd`` (of the rest) and ``rest``
        (an :class:`~reanalysis.estimates.Estimate`, control minus printed patients).

    Raises
    ------
    ValueError
        If a correlation is not between -1 and 1.

    Notes
    -----
    The SD of the rest is ``√(s_w² + s_p² - 2 r s_w s_p)``.

    Examples
    --------
    >>> table = rest_by_correlation([60, 80, 70], [10, 30, 14], control_whole=Summary(100, 30),
    ...     control_part=Summary(45, 20), n_control=12, correlations=[0.0, 0.9])
    >>> [f"{rest:.0f}" for rest in table["rest"]]
    ['3 (95% CI −20 to 26)', '3 (95% CI −7 to 13)']

    The closer part and whole go together, the better is the rest known.
    """
    own = np.asarray(whole, float) - np.asarray(part, float)
    rows = []
    for r in correlations:
        if not -1 <= r <= 1:
            raise ValueError(f"expected correlations from -1 to 1, got {r!r}")
        a, b = control_whole.sd, control_part.sd
        sd = float(np.sqrt(max(0.0, a**2 + b**2 - 2 * r * a * b)))
        control = Summary(control_whole.mean - control_part.mean, sd)
        rows.append((r, sd, _welch(own, control, n_control)))
    return pd.DataFrame(rows, columns=["correlation", "control_sd", "rest"])


def _welch(own, control, n_control):
    parts = np.array([own.var(ddof=1) / len(own), control.sd**2 / n_control])
    df = parts.sum() ** 2 / (parts**2 / np.array([len(own) - 1, n_control - 1])).sum()
    gap, std_error = control.mean - own.mean(), float(np.sqrt(parts.sum()))
    half = stats.t.ppf(0.975, df) * std_error
    p_value = float(2 * stats.t.sf(abs(gap) / std_error, df))
    low, high = float(gap - half), float(gap + half)
    return Estimate(float(gap), low, high, std_error=std_error, p_value=p_value)
