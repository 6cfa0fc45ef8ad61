"""Are two printed areas under the ROC curve different, when they come from the same patients?

Scores of the same patients rise and fall together, so their areas are correlated. The
correlation is hardly ever printed: here the answer is given over the whole range of it.

Vocabulary: ``correlation`` is that of the two *areas* over repeated samples, not of the scores.
"""

import itertools

import numpy as np
import pandas as pd
from scipy import stats

from reanalysis.estimates import Estimate


def area_difference(first, second, correlation=0.0):
    """Difference of two areas that are known by their estimates and standard errors.

    Parameters
    ----------
    first, second : Estimate
        Areas with ``std_error``.
    correlation : float, default 0
        Correlation of the two areas, −1 to 1; 0 for different patients.

    Returns
    -------
    Estimate
        First minus second, with its two-sided normal P value.

    Raises
    ------
    ValueError
        If a standard error is missing or the correlation is not one.

    References
    ----------
    Hanley JA, McNeil BJ. Radiology 1983;148:839–843.

    Examples
    --------
    >>> b200 = Estimate(0.79, 0.61, 0.93, std_error=0.082)
    >>> b10 = Estimate(0.53, 0.33, 0.74, std_error=0.105)
    >>> [round(area_difference(b200, b10, r).p_value, 3) for r in (0, 0.5)]
    [0.051, 0.007]

    Whether the two differ depends on a number that nobody printed.
    """
    std_errors = [area.std_error for area in (first, second)]
    if None in std_errors or not -1 <= correlation <= 1:
        raise ValueError(
            "expected standard errors and a correlation in −1 to 1, "
            f"got {std_errors}, {correlation!r}"
        )
    one, two = std_errors
    variance = max(one**2 + two**2 - 2 * correlation * one * two, 0.0)
    difference, std_error = first.estimate - second.estimate, np.sqrt(variance)
    half = stats.norm.ppf((1 + first.conf_level) / 2) * std_error
    with np.errstate(divide="ignore", invalid="ignore"):
        p_value = float(2 * stats.norm.sf(np.abs(np.float64(difference)) / std_error))
    limits = float(difference - half), float(difference + half)
    return Estimate(difference, *limits, first.conf_level, float(std_error), p_value)


def differences_over_correlation(first, second, correlations):
    """The same difference for every correlation that might have been.

    Parameters
    ----------
    first, second : Estimate
        Areas with ``std_error``.
    correlations : array_like
        Correlations to try.

    Returns
    -------
    DataFrame
        ``correlation, estimate, conf_low, conf_high, p_value``, one row each.
    """
    rows = []
    for correlation in correlations:
        found = area_difference(first, second, correlation)
        limits = (found.conf_low, found.conf_high)
        rows.append((float(correlation), found.estimate, *limits, found.p_value))
    return pd.DataFrame(
        rows, columns=["correlation", "estimate", "conf_low", "conf_high", "p_value"]
    )


def correlation_needed(first, second, p_value=0.05):
    """From which correlation on are two areas different at a level?

    Parameters
    ----------
    first, second : Estimate
        Areas with ``std_error``.
    p_value : float, default 0.05
        Two-sided level.

    Returns
    -------
    float
        Smallest such correlation; −1 if they differ whatever it is, above 1 if none suffices.

    Examples
    --------
    >>> b200 = Estimate(0.79, 0.61, 0.93, std_error=0.082)
    >>> b10 = Estimate(0.53, 0.33, 0.74, std_error=0.105)
    >>> round(correlation_needed(b200, b10), 2)
    0.01

    Areas of the same patients are hardly ever less correlated than that.
    """
    one, two = first.std_error, second.std_error
    allowed = (first.estimate - second.estimate) / stats.norm.isf(p_value / 2)
    return float(max((one**2 + two**2 - allowed**2) / (2 * one * two), -1.0))


def pairs_that_differ(areas, correlation, p_value=0.05):
    """Which of several areas differ two by two, if all are correlated alike?

    Parameters
    ----------
    areas : mapping of str to Estimate
        By name, with ``std_error``.
    correlation : float
        Correlation of any two of the areas.
    p_value : float, default 0.05
        Two-sided level of each comparison.

    Returns
    -------
    DataFrame
        ``first, second, estimate, conf_low, conf_high, p_value, differ``: the larger area
        first.
    """
    rows = []
    for pair in itertools.combinations(areas.items(), 2):
        (high, a), (low, b) = sorted(pair, key=lambda item: -item[1].estimate)
        found = area_difference(a, b, correlation)
        limits = (found.conf_low, found.conf_high)
        differ = found.p_value < p_value
        rows.append((high, low, found.estimate, *limits, found.p_value, differ))
    names = ["first", "second", "estimate", "conf_low", "conf_high", "p_value", "differ"]
    return pd.DataFrame(rows, columns=names)


def equality_test(areas, correlation):
    """Could all areas be the same? One test for all, if they are correlated alike.

    Parameters
    ----------
    areas : mapping of str to Estimate
        By name, with ``std_error``; two or more.
    correlation : float
        Correlation of any two of the areas, at least 0 and below 1.

    Returns
    -------
    statistic, p_value : float
        χ² with one degree of freedom less than there are areas.

    Raises
    ------
    ValueError
        If there is one area only or the correlation is not in 0–1.

    References
    ----------
    DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837–845, for the contrasts.

    Examples
    --------
    >>> areas = {"a": Estimate(0.8, 0.7, 0.9, std_error=0.05),
    ...          "b": Estimate(0.7, 0.6, 0.8, std_error=0.05)}
    >>> round(equality_test(areas, 0.0)[1], 3)
    0.157

    With two areas it is the test of their difference.
    """
    if len(areas) < 2 or not 0 <= correlation < 1:
        raise ValueError(f"expected two areas, 0 <= correlation < 1: {len(areas)}, {correlation}")
    values = np.array([area.estimate for area in areas.values()])
    spread = np.array([area.std_error for area in areas.values()])
    same = np.eye(len(values))
    covariance = np.outer(spread, spread) * (correlation + (1 - correlation) * same)
    contrasts = np.column_stack([np.ones(len(values) - 1), -same[1:, 1:]])
    gaps = contrasts @ values
    statistic = float(gaps @ np.linalg.solve(contrasts @ covariance @ contrasts.T, gaps))
    return statistic, float(stats.chi2.sf(statistic, len(values) - 1))


def what_can_be_told_apart(areas, correlations):
    """How many pairs of areas differ, and could all be equal, for each correlation?

    Parameters
    ----------
    areas : mapping of str to Estimate
        By name, with ``std_error``.
    correlations : sequence of float
        Correlations of any two of the areas, at least 0 and below 1.

    Returns
    -------
    DataFrame
        ``correlation, pairs_that_differ`` (P below 0.05, uncorrected), ``pairs`` and
        ``p_all_equal``.
    """
    rows = []
    for correlation in correlations:
        pairs = pairs_that_differ(areas, correlation)
        chance = equality_test(areas, correlation)[1]
        rows.append((correlation, int(pairs["differ"].sum()), len(pairs), chance))
    names = ["correlation", "pairs_that_differ", "pairs", "p_all_equal"]
    return pd.DataFrame(rows, columns=names)
