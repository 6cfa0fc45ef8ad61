"""Is a reliability poor, moderate, good or excellent, and by whose words?

The words are those of Koo and Li, who apply them to the 95 % interval of an ICC and not to its
estimate: an interval that reaches into two classes is called by both.
"""

import numpy as np
import pandas as pd

KOO_2016 = {"poor": -np.inf, "moderate": 0.5, "good": 0.75, "excellent": 0.9}


def reliability_class(icc, scale=None):
    """Class of one ICC by its estimate.

    Parameters
    ----------
    icc : float
        The estimate or one limit.
    scale : mapping of str to float, optional
        Where each class begins, lowest first; ``KOO_2016`` without it.

    Returns
    -------
    str

    References
    ----------
    Koo TK, Li MY. J Chiropr Med 2016;15:155–163.

    Examples
    --------
    >>> reliability_class(0.5), reliability_class(0.499)
    ('moderate', 'poor')
    """
    classes = scale or KOO_2016
    return [name for name, start in classes.items() if icc >= start][-1]


def reliability_range(conf_low, conf_high, scale=None):
    """Classes that an interval reaches, in Koo and Li's words.

    Parameters
    ----------
    conf_low, conf_high : float
        Limits of the 95 % interval of an ICC.
    scale : mapping of str to float, optional
        As for :func:`reliability_class`.

    Returns
    -------
    str
        One class, or the lowest and the highest joined by "to".

    Raises
    ------
    ValueError
        If the limits are not in order.

    Examples
    --------
    >>> reliability_range(0.21, 0.74)
    'poor to moderate'

    The estimate may be 0.53: what thirty patients show is anything from poor to moderate.
    """
    if not conf_low <= conf_high:
        raise ValueError(f"expected conf_low <= conf_high, got {conf_low!r} and {conf_high!r}")
    ends = [reliability_class(limit, scale) for limit in (conf_low, conf_high)]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def classes_of_table(table, scale=None):
    """Every row of a table classed by its estimate and by its interval.

    Parameters
    ----------
    table : DataFrame
        ``icc, conf_low, conf_high``.
    scale : mapping of str to float, optional
        As for :func:`reliability_class`.

    Returns
    -------
    DataFrame
        ``by_estimate, by_interval``, index of `table`.
    """
    rows = [
        (reliability_class(icc, scale), reliability_range(low, high, scale))
        for icc, low, high in table[["icc", "conf_low", "conf_high"]].to_numpy(float)
    ]
    return pd.DataFrame(rows, columns=["by_estimate", "by_interval"], index=table.index)
