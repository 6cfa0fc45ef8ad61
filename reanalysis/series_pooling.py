"""What do several series say about one mean, and what would the next hospital see?

Single-arm series print a mean, an SD and a number of patients. A random-effects model takes each
series to have a mean of its own. Nothing here compares treatments: a pooled mean of single arms
describes the hospitals that published.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from reanalysis.alternatives.random_effects import RESTRICTED_LIKELIHOOD, pooled_effect

RAW, LOG = "mean", "log mean"


@dataclass(frozen=True)
class PooledSeries:
    """A pooled mean with its confidence and prediction intervals, in the unit of the means.

    Parameters
    ----------
    estimate, conf_low, conf_high : float
        The average series; on the log scale the geometric average of the series' means.
    prediction_low, prediction_high : float
        Where the mean of one further series is expected.
    tau_squared : float
        Variance between series, on the scale that was pooled.
    i_squared : float
        Share of the variation that is between series, 0–1.
    n_series : int
        Number of series.
    """

    estimate: float
    conf_low: float
    conf_high: float
    prediction_low: float
    prediction_high: float
    tau_squared: float
    i_squared: float
    n_series: int


def pool_series(table, model=RESTRICTED_LIKELIHOOD, *, scale=RAW, conf_level=0.95):
    """Random-effects summary of means that are printed as mean ± SD.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``n``, ``mean`` and ``sd``, one row per series; at least three rows.
    model : str
        As for :func:`reanalysis.alternatives.random_effects.pooled_effect`.
    scale : str, default "mean"
        ``"mean"``, or ``"log mean"`` for what cannot be negative.
    conf_level : float, default 0.95
        Level of both intervals.

    Returns
    -------
    PooledSeries

    Raises
    ------
    ValueError
        If there are fewer than three series, the scale is not known, or a mean is not positive
        on the log scale.

    Notes
    -----
    Within-series variances are ``SD²/n``, and ``SD²/(n mean²)`` on the log scale (metafor's
    measures MN and MNLN). The prediction interval is
    ``estimate ± t √(τ² + SE²)`` with ``k - 2`` degrees of freedom.

    References
    ----------
    Higgins JPT, Thompson SG, Spiegelhalter DJ. A re-evaluation of random-effects meta-analysis.
    J R Stat Soc A 2009;172:137–159, equation 12.

    Examples
    --------
    >>> import pandas as pd
    >>> series = pd.DataFrame({"n": [20, 30, 25], "mean": [14, 17, 32], "sd": [6, 9, 20]})
    >>> pooled = pool_series(series)
    >>> f"{pooled.estimate:.0f}, next {pooled.prediction_low:.0f} to {pooled.prediction_high:.0f}"
    '20, next -110 to 151'

    Three series say next to nothing about a fourth; and minutes below 0 show that the log scale
    is the better one here.
    """
    if len(table) < 3:
        raise ValueError(f"expected at least three series, got {len(table)}")
    means, variances = series_effects(table, scale)
    pooled = pooled_effect(means, variances, model, conf_level)
    reach = stats.t.ppf((1 + conf_level) / 2, len(table) - 2)
    reach *= np.sqrt(pooled.tau_squared + pooled.std_error**2)
    ends = (pooled.estimate, pooled.conf_low, pooled.conf_high)
    ends += (pooled.estimate - reach, pooled.estimate + reach)
    values = [float(np.exp(end) if scale == LOG else end) for end in ends]
    return PooledSeries(*values, pooled.tau_squared, pooled.i_squared, len(table))


def series_effects(table, scale=RAW):
    """Means and their variances on the scale of the pooling.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``n``, ``mean`` and ``sd``.
    scale : str
        ``"mean"`` or ``"log mean"``.

    Returns
    -------
    effects, variances : ndarray, shape (n_series,)

    Raises
    ------
    ValueError
        If the scale is not known or a mean is not positive on the log scale.
    """
    means, variances = table["mean"].to_numpy(float), table["sd"].to_numpy(float) ** 2
    variances = variances / table["n"].to_numpy(float)
    if scale == RAW:
        return means, variances
    if scale != LOG:
        raise ValueError(f"expected a scale of {(RAW, LOG)}, got {scale!r}")
    if np.any(means <= 0):
        raise ValueError(f"expected positive means on the log scale, got {means.tolist()}")
    return np.log(means), variances / means**2


def series_means(table, conf_level=0.95):
    """Each series' mean with its t interval.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``n``, ``mean`` and ``sd``.
    conf_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    pandas.DataFrame
        The table with ``estimate``, ``conf_low`` and ``conf_high``.

    Examples
    --------
    >>> import pandas as pd
    >>> row = series_means(pd.DataFrame({"n": [19], "mean": [17.0], "sd": [12.0]})).iloc[0]
    >>> f"{row.conf_low:.1f} to {row.conf_high:.1f}"
    '11.2 to 22.8'
    """
    half = table["sd"] / np.sqrt(table["n"]) * stats.t.ppf((1 + conf_level) / 2, table["n"] - 1)
    return table.assign(
        estimate=table["mean"], conf_low=table["mean"] - half, conf_high=table["mean"] + half
    )
