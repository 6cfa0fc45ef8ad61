"""How many patients must be treated so that one more is free of the event at a given time?

Vocabulary: a *rate* is a Kaplan–Meier probability of being free of the event at one time, with its
standard error; the *benefit* is the difference of two rates, the *number needed to treat* its
inverse.
"""

import numpy as np
from scipy import stats

from reanalysis.alternatives.survival import LOG_LOG, PLAIN, survival_probability_variants
from reanalysis.estimates import Estimate


def rate_at(time, event, at):
    """Kaplan–Meier rate at one time with Greenwood's standard error.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        Follow-up and whether it ended in an event.
    at : float
        Time, not beyond the last one.

    Returns
    -------
    Estimate
        With the log-log interval where it exists, else the plain one.
    """
    table = survival_probability_variants(time, event, at=at).set_index("method")
    limits = table.loc[LOG_LOG] if np.isfinite(table.at[LOG_LOG, "conf_low"]) else table.loc[PLAIN]
    row = table.loc[PLAIN]
    return Estimate(
        row["estimate"], limits["conf_low"], limits["conf_high"], std_error=row["std_error"]
    )


def benefit(first, second, conf_level=0.95):
    """Difference of two rates.

    Parameters
    ----------
    first, second : Estimate
        Rates with standard errors, of independent groups.
    conf_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    Estimate
        First minus second, with its normal interval and P value.

    References
    ----------
    Altman DG, Andersen PK. Calculating the number needed to treat for trials where the outcome
    is time to an event. BMJ 1999;319:1492–1495.

    Examples
    --------
    >>> marked = Estimate(0.9, 0.8, 1, std_error=0.03)
    >>> gain = benefit(marked, Estimate(0.7, 0.6, 0.8, std_error=0.04))
    >>> f"{gain:.2f}"
    '0.20 (95% CI 0.10 to 0.30)'

    Twenty of a hundred more are free of the event at that time.
    """
    difference = first.estimate - second.estimate
    std_error = float(np.hypot(first.std_error, second.std_error))
    half = stats.norm.ppf((1 + conf_level) / 2) * std_error
    p_value = float(2 * stats.norm.sf(abs(difference) / std_error)) if std_error else 0.0
    return Estimate(
        difference, difference - half, difference + half, conf_level, std_error, p_value
    )


def pooled_over_members(benefits, conf_level=0.95):
    """One benefit from those of many reconstructed data sets.

    Parameters
    ----------
    benefits : sequence of Estimate
        One per data set that fits what is printed, each with its standard error.
    conf_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    Estimate
        Mean of the estimates; its variance is the mean sampling variance plus the variance
        between data sets, so that what is not printed widens the interval.

    Raises
    ------
    ValueError
        If there are fewer than two data sets.

    References
    ----------
    Rubin DB. Multiple imputation for nonresponse in surveys. 1987, equation 3.1.5.
    """
    if len(benefits) < 2:
        raise ValueError(f"expected at least two data sets, got {len(benefits)}")
    values = np.array([b.estimate for b in benefits])
    within = np.mean([b.std_error**2 for b in benefits])
    std_error = float(np.sqrt(within + (1 + 1 / len(values)) * values.var(ddof=1)))
    half = stats.norm.ppf((1 + conf_level) / 2) * std_error
    mean = float(values.mean())
    return Estimate(mean, mean - half, mean + half, conf_level, std_error)


def number_needed_to_treat(gain):
    """Number needed to treat, with its interval.

    Parameters
    ----------
    gain : Estimate
        Benefit, 0–1, greater than 0.

    Returns
    -------
    tuple of float
        Number, and the smallest and largest that the interval of the benefit allows; the largest
        is infinite if no benefit at all is among them.

    Raises
    ------
    ValueError
        If there is no benefit.

    Examples
    --------
    >>> numbers = number_needed_to_treat(Estimate(0.2, -0.05, 0.4))
    >>> [round(n, 1) for n in numbers]
    [5.0, 2.5, inf]

    Five; but no number at all is excluded.
    """
    if not gain.estimate > 0:
        raise ValueError(f"expected a benefit above 0, got {gain.estimate}")
    largest = 1 / gain.conf_low if gain.conf_low > 0 else float("inf")
    return 1 / gain.estimate, 1 / gain.conf_high, largest


def cautious_std_error(rate, n_at_risk):
    """Standard error of a rate as if only those still at risk had ever been observed.

    Parameters
    ----------
    rate : float
        Kaplan–Meier rate, 0–1.
    n_at_risk : array_like of float
        Patients still at risk, at least 1.

    Returns
    -------
    float or ndarray
        ``rate √((1 - rate) / n_at_risk)``. Greenwood's error does not grow on a plateau,
        however many leave; this one does.

    References
    ----------
    Peto R, Pike MC, Armitage P, et al. Design and analysis of randomized clinical trials
    requiring prolonged observation of each patient. II. Br J Cancer 1977;35:1–39.

    Examples
    --------
    >>> round(float(cautious_std_error(0.975, 4)), 2)
    0.08

    With four patients left the rate is known to within some fifteen points either way.
    """
    return rate * np.sqrt((1 - rate) / np.asarray(n_at_risk, float))


def benefits_of_pairs(pair, at):
    """Benefit of the first arm in every pair of reconstructed data sets.

    Parameters
    ----------
    pair : TwoArmEnsemble
        Reconstructed data sets of two arms.
    at : float
        Time, not beyond the last follow-up of any member.

    Returns
    -------
    list of Estimate
        One per pair, each with its sampling error.
    """
    found = []
    for position in range(len(pair)):
        first, second = (arm.member(position) for arm in (pair.first, pair.second))
        rates = [rate_at(data["time"], data["event"], at) for data in (first, second)]
        found.append(benefit(*rates))
    return found
