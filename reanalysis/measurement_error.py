"""How large is the error of a measurement, in its unit, and what change is more than error?

Limits of agreement compare two readers; the measures here describe one reader or method by its
repeated measurements, or several readers together, and carry limits to ratios.

Vocabulary: ``ratings`` one row per target, one column per reader or repetition; ``sem`` is the
standard error of measurement.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from reanalysis.agreement import LimitsOfAgreement, limits_of_agreement
from reanalysis.estimates import Estimate


@dataclass(frozen=True)
class MeasurementError:
    """Error of a single measurement.

    Parameters
    ----------
    sem : Estimate
        Standard deviation of repeated measurements of one target, in their unit.
    repeatability : Estimate
        What 95 % of the differences of two measurements stay below; a change beyond it is more
        than error (minimal detectable change).
    df : int
        Degrees of freedom of the error.
    """

    sem: Estimate
    repeatability: Estimate
    df: int


def within_target_error(ratings, conf_level=0.95):
    """Error of a measurement from repetitions that have no order.

    Parameters
    ----------
    ratings : array_like, shape (n_targets, n_repetitions)
        Nothing missing.
    conf_level : float, default 0.95
        Level of the intervals.

    Returns
    -------
    MeasurementError

    Raises
    ------
    ValueError
        If there are fewer than two targets or repetitions, or one is missing.

    Notes
    -----
    Root of the mean square within targets; repeatability is ``1.96 √2`` times it. Intervals from
    the χ² distribution of the mean square.

    References
    ----------
    Bland JM, Altman DG. Stat Methods Med Res 1999;8:135–160, section 4.

    Examples
    --------
    >>> found = within_target_error([[10, 12], [20, 21], [30, 28], [40, 41]])
    >>> f"{found.sem.estimate:.2f} {found.repeatability.estimate:.1f}"
    '1.12 3.1'

    A change of two units between visits may be error alone.
    """
    values = _checked(ratings)
    df = values.shape[0] * (values.shape[1] - 1)
    return _error(values.var(axis=1, ddof=1).mean(), df, conf_level)


def between_reader_error(ratings, *, levels=True, conf_level=0.95):
    """Error of a measurement by any one of several readers.

    Parameters
    ----------
    ratings : array_like, shape (n_targets, n_readers)
        Nothing missing.
    levels : bool, default True
        Whether differences in level between readers are errors (agreement) or not (consistency).
    conf_level : float, default 0.95
        Level of the intervals.

    Returns
    -------
    MeasurementError
        With ``levels`` the degrees of freedom are Satterthwaite's, rounded.

    Notes
    -----
    Consistency: root of the residual mean square E. Agreement: ``E + max(J - E, 0)/n`` with the
    mean square J of the readers.

    References
    ----------
    McGraw KO, Wong SP. Psychol Methods 1996;1:30–46. de Vet HCW et al. J Clin Epidemiol
    2006;59:1033–1039.

    Examples
    --------
    >>> found = between_reader_error([[10, 14], [20, 23], [30, 35], [40, 44]])
    >>> round(found.sem.estimate, 2)
    2.87
    """
    values = _checked(ratings)
    n, k = values.shape
    rest = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()
    residual = (rest**2).sum() / ((n - 1) * (k - 1))
    readers = n * values.mean(axis=0).var(ddof=1)
    df = (n - 1) * (k - 1)
    if not levels or readers <= residual:
        return _error(residual, df, conf_level)
    parts = np.array([readers / n, residual * (n - 1) / n])
    freedom = parts.sum() ** 2 / (parts**2 / [k - 1, df]).sum()
    return _error(parts.sum(), freedom, conf_level)


def within_target_cv(ratings, conf_level=0.95):
    """Within-target coefficient of variation, for errors that grow with the value.

    Parameters
    ----------
    ratings : array_like, shape (n_targets, n_repetitions)
        Positive, nothing missing.
    conf_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    Estimate
        0–1.

    Notes
    -----
    ``exp(s) - 1`` with the within-target standard deviation s of the natural logarithms.

    References
    ----------
    Bland JM, Altman DG. BMJ 1996;313:106.

    Examples
    --------
    >>> f"{within_target_cv([[10, 11], [20, 22], [40, 44]]):.2f}"
    '0.07 (95% CI 0.04 to 0.29)'
    """
    values = _checked(ratings)
    if (values <= 0).any():
        raise ValueError(f"expected positive ratings, the smallest is {values.min()}")
    return within_target_error(np.log(values), conf_level).sem.transformed(math.expm1)


def ratio_limits_of_agreement(first, second, *, coverage=0.95, conf_level=0.95):
    """Limits of agreement as ratios, for differences that grow with the value.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Positive paired measurements.
    coverage, conf_level : float, default 0.95
        As for :func:`reanalysis.agreement.limits_of_agreement`.

    Returns
    -------
    LimitsOfAgreement
        ``bias`` and limits are ratios of `first` to `second`; ``std_dev`` that of the logarithms.

    Raises
    ------
    ValueError
        If a measurement is not positive.

    Examples
    --------
    >>> found = ratio_limits_of_agreement([10, 22, 36, 52, 50], [11, 20, 30, 40, 55])
    >>> f"{found.lower.estimate:.2f} to {found.upper.estimate:.2f}"
    '0.78 to 1.47'

    One reading may be a fifth below the other, or half above it.
    """
    pairs = np.asarray([first, second], float)
    if not (pairs > 0).all():
        raise ValueError("expected positive measurements")
    found = limits_of_agreement(
        np.log(pairs[0] / pairs[1]), coverage=coverage, conf_level=conf_level
    )
    parts = (part.transformed(np.exp) for part in (found.bias, found.lower, found.upper))
    bias, lower, upper = parts
    return LimitsOfAgreement(found.n, bias, found.std_dev, lower, upper)


def proportional_bias(first, second, conf_level=0.95):
    """Slope of the differences on the means: do two readers differ more for larger values?

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Paired measurements, at least three.
    conf_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    Estimate
        Change of the difference per unit of the mean, with its P value.

    Notes
    -----
    Least squares of ``first - second`` on their mean. The slope is zero in expectation if both
    spread alike, whatever their agreement.

    References
    ----------
    Bland JM, Altman DG. Stat Methods Med Res 1999;8:135–160, section 3.2.

    Examples
    --------
    >>> slope = proportional_bias([10, 20, 30, 41], [9, 18, 27, 36])
    >>> f"{slope:.2f}"
    '0.14 (95% CI 0.06 to 0.21)'
    """
    first, second = (np.asarray(values, float) for values in (first, second))
    fit = stats.linregress((first + second) / 2, first - second)
    half = stats.t.ppf((1 + conf_level) / 2, len(first) - 2) * fit.stderr
    ends = (float(fit.slope - half), float(fit.slope + half))
    return Estimate(float(fit.slope), *ends, conf_level, float(fit.stderr), float(fit.pvalue))


def repeated_limits_of_agreement(first, second, *, coverage=0.95):
    """Limits of agreement of single measurements when both methods were repeated.

    Parameters
    ----------
    first, second : array_like, shape (n_targets, n_repetitions)
        Repetitions of each method on the same targets; their numbers may differ.
    coverage : float, default 0.95
        Share of the differences between the limits, 0–1.

    Returns
    -------
    tuple of float
        Bias, lower and upper limit.

    Notes
    -----
    The variance of the difference of two single measurements is that of the differences of the
    means, plus ``(1 - 1/m)`` times each method's within-target variance: averages hide error.

    References
    ----------
    Bland JM, Altman DG. Stat Methods Med Res 1999;8:135–160, section 5.1.

    Examples
    --------
    >>> first, second = [[10, 12], [20, 21], [30, 28]], [[11, 11], [19, 22], [31, 30]]
    >>> [round(end, 1) for end in repeated_limits_of_agreement(first, second)]
    [-0.5, -3.5, 2.5]
    """
    first, second = _checked(first), _checked(second)
    gaps = first.mean(axis=1) - second.mean(axis=1)
    variance = gaps.var(ddof=1)
    for values in (first, second):
        variance += (1 - 1 / values.shape[1]) * values.var(axis=1, ddof=1).mean()
    half = stats.norm.ppf((1 + coverage) / 2) * np.sqrt(variance)
    return float(gaps.mean()), float(gaps.mean() - half), float(gaps.mean() + half)


def _error(variance, df, conf_level):
    tails = (1 + conf_level) / 2, (1 - conf_level) / 2
    low, high = (float(np.sqrt(variance * df / stats.chi2.ppf(tail, df))) for tail in tails)
    sem = Estimate(float(np.sqrt(variance)), low, high, conf_level)
    return MeasurementError(sem, sem.times(float(stats.norm.ppf(0.975) * np.sqrt(2))), round(df))


def _checked(ratings):
    values = np.asarray(ratings, float)
    if values.ndim != 2 or min(values.shape) < 2 or not np.isfinite(values).all():
        raise ValueError(f"expected two targets and two columns, none missing, got {values.shape}")
    return values
