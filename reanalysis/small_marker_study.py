"""What can a study of so few patients show about a marker of response, at best?

Every split into responders and others is tried, since the split is not known.

Vocabulary: ``total`` patients, of whom ``responders`` respond; an *effect* is a difference in
standard deviations of the marker.
"""

import numpy as np
import pandas as pd
from scipy import special, stats
from statsmodels.stats.power import TTestIndPower, TTestPower

from reanalysis.chance_discrimination import chance_areas
from reanalysis.diagnostic_accuracy import proportion
from reanalysis.power_of_proportions import power_unpaired
from reanalysis.roc_of_summary import hanley_mcneil_std_error

_LEVEL, _POWER = 0.05, 0.8


def every_share(total):
    """Exact interval of every number of patients out of so many.

    Parameters
    ----------
    total : int
        Patients.

    Returns
    -------
    DataFrame
        ``events, estimate, conf_low, conf_high`` (Clopper–Pearson, 0–1).

    Examples
    --------
    >>> round(float(every_share(20).loc[0, "conf_high"]), 3)
    0.168

    Nobody out of twenty is compatible with one in six.
    """
    rows = [(k, *_parts(proportion(k, total))) for k in range(total + 1)]
    return pd.DataFrame(rows, columns=["events", "estimate", "conf_low", "conf_high"])


def area_intervals(total, areas, conf_level=0.95):
    """Interval of an area under the ROC curve for every split of the patients.

    Parameters
    ----------
    total : int
        Patients.
    areas : sequence of float
        Areas, inside (0, 1).
    conf_level : float, default 0.95
        Level of the intervals.

    Returns
    -------
    DataFrame
        ``auc, responders, estimate, conf_low, conf_high, width``.

    Notes
    -----
    Hanley–McNeil standard error, interval on the scale of the log odds, which keeps it below 1.

    References
    ----------
    Hanley JA, McNeil BJ. Radiology 1982;143:29–36.
    """
    rows, z = [], stats.norm.isf((1 - conf_level) / 2)
    for auc in areas:
        for k in range(1, total):
            error = float(hanley_mcneil_std_error(auc, n_positive=k, n_negative=total - k))
            half = z * error / (auc * (1 - auc))
            low, high = (float(special.expit(special.logit(auc) + s * half)) for s in (-1, 1))
            rows.append((auc, k, auc, low, high, high - low))
    columns = ["auc", "responders", "estimate", "conf_low", "conf_high", "width"]
    return pd.DataFrame(rows, columns=columns)


def smallest_significant_area(responders, others, n_markers=1):
    """Smallest area that the exact rank test calls significant, two-sided.

    Parameters
    ----------
    responders, others : int
        Patients of each kind.
    n_markers : int, default 1
        Markers tried; the level is divided by it.

    Returns
    -------
    float
        0–1; NaN if not even a perfect separation is significant.

    Examples
    --------
    >>> smallest_significant_area(10, 10)
    0.77
    """
    table = chance_areas(n_positive=responders, n_negative=others)
    enough = table.loc[table["at_least"] <= _LEVEL / 2 / n_markers, "auc"]
    return float(enough.min()) if len(enough) else float("nan")


def chance_of_a_finding(n_markers, responders, others):
    """How often at least one of several useless markers is significant.

    Parameters
    ----------
    n_markers : int
        Markers that say nothing, independent of each other, each tested two-sided by ranks.
    responders, others : int
        Patients of each kind.

    Returns
    -------
    float
        0–1. Markers that resemble each other find something less often.

    Examples
    --------
    >>> round(chance_of_a_finding(7, 10, 10), 2)
    0.27
    """
    least = smallest_significant_area(responders, others)
    table = chance_areas(n_positive=responders, n_negative=others)
    one = 2 * table.loc[table["auc"] >= least - 1e-12, "probability"].sum()
    return float(1 - (1 - one) ** n_markers)


def detectable_by_split(total, smallest_group=2):
    """What each split of the patients could detect with a power of four in five.

    Parameters
    ----------
    total : int
        Patients.
    smallest_group : int, default 2
        Fewest patients of either kind.

    Returns
    -------
    DataFrame
        ``responders, others, effect`` (t test, standard deviations of the marker), ``auc`` (the
        area of two normal groups that far apart), ``significant_auc`` (smallest area that the
        exact rank test calls significant).
    """
    rows = []
    for k in range(smallest_group, total - smallest_group + 1):
        wanted = {"nobs1": k, "ratio": (total - k) / k, "alpha": _LEVEL, "power": _POWER}
        effect = float(np.ravel(TTestIndPower().solve_power(**wanted))[0])
        area = float(stats.norm.cdf(effect / np.sqrt(2)))
        rows.append((k, total - k, effect, area, smallest_significant_area(k, total - k)))
    columns = ["responders", "others", "effect", "auc", "significant_auc"]
    return pd.DataFrame(rows, columns=columns)


def detectable_change(total):
    """Smallest mean change that a paired t test finds with a power of four in five.

    Parameters
    ----------
    total : int
        Patients measured before and after.

    Returns
    -------
    float
        In standard deviations of the change.

    Examples
    --------
    >>> round(detectable_change(20), 2)
    0.66
    """
    found = TTestPower().solve_power(nobs=total, alpha=_LEVEL, power=_POWER)
    return float(np.ravel(found)[0])


def detectable_response_rate(low_rate, n_low, n_high):
    """Smallest response rate above a first one that Fisher's test finds in four of five studies.

    Parameters
    ----------
    low_rate : float
        True rate of response with a low marker, 0–1.
    n_low, n_high : int
        Patients with a low and with a high marker.

    Returns
    -------
    float
        To one hundredth; NaN if even a rate of 1 is not found often enough.

    Examples
    --------
    >>> detectable_response_rate(0.2, 10, 10)
    0.88
    """
    for rate in np.arange(round(100 * low_rate) + 1, 101) / 100:
        if power_unpaired(low_rate, rate, n_low, n_high) >= _POWER:
            return float(rate)
    return float("nan")


def _parts(estimate):
    return estimate.estimate, estimate.conf_low, estimate.conf_high
