"""Is acting on a test better than acting on everybody, or on nobody?

Net benefit counts the patients who are rightly acted on (biopsied, treated) and subtracts those
who are wrongly acted on, each weighted by what a wrong action costs relative to a missed disease.
The weight follows from the *threshold*: the probability of disease at which acting and waiting
seem equally good. Whoever would biopsy at one in ten says that nine needless biopsies are worth
one cancer found.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from reanalysis.diagnostic_accuracy import post_test_probability
from reanalysis.estimates import Estimate


def net_benefit(*, sensitivity, specificity, prevalence, threshold):
    """Net benefit of acting on the positives of a test.

    Parameters
    ----------
    sensitivity, specificity, prevalence : float or array_like
        Proportions, 0–1.
    threshold : float or array_like
        Probability of disease at which acting and waiting are equally good, 0 up to below 1.

    Returns
    -------
    float or ndarray
        True positives per patient, after the false positives are paid for.

    Raises
    ------
    ValueError
        If a proportion lies outside 0–1 or a threshold outside 0 to below 1.

    Notes
    -----
    ``prevalence·sensitivity - (1 - prevalence)(1 - specificity)·t/(1 - t)``. Acting on everybody
    is a test with sensitivity 1 and specificity 0; on nobody, 0 and 1, hence 0.

    References
    ----------
    Vickers AJ, Elkin EB. Med Decis Making 2006;26:565–574.

    Examples
    --------
    >>> value = net_benefit(sensitivity=0.9, specificity=0.7, prevalence=0.2, threshold=0.1)
    >>> round(100 * value, 1)
    15.3

    Among 100 patients, as if 15 cancers had been found and nobody biopsied in vain.
    """
    given = {"sensitivity": sensitivity, "specificity": specificity, "prevalence": prevalence}
    for name, values in given.items():
        if not np.all((np.asarray(values) >= 0) & (np.asarray(values) <= 1)):
            raise ValueError(f"{name} must lie in 0–1, got {values!r}")
    t = np.asarray(threshold, float)
    if not np.all((t >= 0) & (t < 1)):
        raise ValueError(f"threshold must lie in 0 to below 1, got {threshold!r}")
    se, sp, p = (np.asarray(values, float) for values in given.values())
    value = p * se - (1 - p) * (1 - sp) * t / (1 - t)
    return value if value.ndim else float(value)


def decision_curves(tables, thresholds, *, prevalence=None):
    """Net benefit of several tests, of acting on everybody and on nobody, over thresholds.

    Parameters
    ----------
    tables : mapping of str to TwoByTwo
        One per test, by name.
    thresholds : array_like
        Thresholds, 0 up to below 1.
    prevalence : float, optional
        Probability of disease before the test, 0–1; that of each table without it.

    Returns
    -------
    pandas.DataFrame
        Columns ``test, threshold, net_benefit``; the two strategies without a test are called
        ``"everybody"`` and ``"nobody"``.

    Raises
    ------
    ValueError
        If the tables have different prevalences and none is given, or a value is out of range.

    Examples
    --------
    >>> from reanalysis.diagnostic_accuracy import TwoByTwo
    >>> curves = decision_curves({"MRI": TwoByTwo(tp=18, fp=6, fn=2, tn=74)}, [0.1, 0.5])
    >>> curves.pivot(index="test", columns="threshold", values="net_benefit").round(2).loc["MRI"]
    threshold
    0.1    0.17
    0.5    0.12
    Name: MRI, dtype: float64

    The dearer a needless action, the less the test is worth.
    """
    shares = {name: table.prevalence.estimate for name, table in tables.items()}
    if prevalence is None and len({round(share, 12) for share in shares.values()}) != 1:
        raise ValueError(f"expected tables of one prevalence, or prevalence=, got {shares}")
    common = next(iter(shares.values())) if prevalence is None else prevalence
    rates = {n: (t.sensitivity.estimate, t.specificity.estimate) for n, t in tables.items()}
    rates |= {"everybody": (1.0, 0.0), "nobody": (0.0, 1.0)}
    grid = np.asarray(thresholds, float)
    parts = [
        pd.DataFrame({
            "test": name,
            "threshold": grid,
            "net_benefit": net_benefit(
                sensitivity=se, specificity=sp, prevalence=common, threshold=grid
            ),
        })
        for name, (se, sp) in rates.items()
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True)
class UsefulRange:
    """Thresholds between which a test beats acting on everybody and on nobody.

    Parameters
    ----------
    low, high : float
        Probability of disease after a negative and after a positive result, 0–1. Below ``low``
        acting on everybody is better, above ``high`` acting on nobody.
    """

    low: float
    high: float


def useful_range(table, prevalence=None):
    """For which thresholds is it worth looking at the test at all?

    Parameters
    ----------
    table : TwoByTwo
        The test.
    prevalence : float, optional
        Probability of disease before the test, 0–1; the table's own without it.

    Returns
    -------
    UsefulRange

    Notes
    -----
    A test changes what is done exactly when the threshold lies between the probabilities after
    its two results.

    References
    ----------
    Pauker SG, Kassirer JP. N Engl J Med 1980;302:1109–1117.

    Examples
    --------
    >>> from reanalysis.diagnostic_accuracy import TwoByTwo
    >>> found = useful_range(TwoByTwo(tp=18, fp=6, fn=2, tn=74))
    >>> f"{found.low:.0%} to {found.high:.0%}"
    '3% to 75%'

    Who would biopsy at a risk of one in fifty need not look at this test.
    """
    before = table.prevalence.estimate if prevalence is None else prevalence
    ratios = table.likelihood_ratio_negative.estimate, table.likelihood_ratio_positive.estimate
    low, high = (
        1.0 if ratio == np.inf else post_test_probability(before, ratio) for ratio in ratios
    )
    return UsefulRange(low, high)


def net_benefit_difference(pair, *, prevalence, threshold):
    """How much more is the second of two tests worth, read on the same patients?

    Parameters
    ----------
    pair : PairedAccuracy
        The two tests.
    prevalence : float
        Probability of disease before the tests, 0–1, taken as known.
    threshold : float
        Probability at which acting and waiting are equally good, 0 up to below 1.

    Returns
    -------
    Estimate
        Net benefit of the second minus that of the first, with a normal interval that uses the
        pairing.

    Notes
    -----
    ``p·Δse + (1 - p)·Δsp·t/(1 - t)``. The two differences are of different patients, so their
    variances add.

    Examples
    --------
    >>> from reanalysis.paired_accuracy import PairedAccuracy, PairedCounts
    >>> diseased = PairedCounts(both=59, first_only=1, second_only=16, neither=6)
    >>> healthy = PairedCounts(both=11, first_only=22, second_only=4, neither=16)
    >>> pair = PairedAccuracy(diseased=diseased, healthy=healthy)
    >>> gain = net_benefit_difference(pair, prevalence=0.2, threshold=0.1)
    >>> f"{gain.times(100):.1f}"
    '6.7 (95% CI 4.4 to 9.0)'

    Per hundred patients, nearly seven more cancers found at no further cost.
    """
    weight = threshold / (1 - threshold)
    parts = pair.sensitivity_difference, pair.specificity_difference
    factors = np.array([prevalence, (1 - prevalence) * weight])
    value = float(factors @ [part.estimate for part in parts])
    std_error = float(np.hypot(*(factors * [part.std_error for part in parts])))
    half = stats.norm.ppf((1 + pair.conf_level) / 2) * std_error
    p_value = float(2 * stats.norm.sf(abs(value) / std_error)) if std_error else 1.0
    return Estimate(value, value - half, value + half, pair.conf_level, std_error, p_value)
