"""How unlike are two groups, whatever their size?

A P value of a baseline difference depends on the number of patients; a standardised difference
does not. It is the distance of two means in standard deviations, and its counterpart for shares.
"""

import numpy as np
import pandas as pd
from scipy import stats

from reanalysis.baseline_table import count_tables
from reanalysis.estimates import Estimate

# Austin 2009: from about this size on a difference is commonly taken as more than negligible.
NEGLIGIBLE = 0.1


def difference_of_means(*, first_mean, first_sd, first_n, second_mean, second_sd, second_n):
    """Distance of two means in units of their average standard deviation.

    Parameters
    ----------
    first_mean, first_sd, second_mean, second_sd : float
        Summaries of the two groups; SDs above 0.
    first_n, second_n : int
        Patients.

    Returns
    -------
    Estimate
        First minus second, with a normal interval.

    Notes
    -----
    ``d = (m₁ - m₂) / √((s₁² + s₂²)/2)``, standard error ``√(1/n₁ + 1/n₂ + d²/(2(n₁ + n₂)))``.

    References
    ----------
    Austin PC. Balance diagnostics for comparing the distribution of baseline covariates between
    treatment groups in propensity-score matched samples. Stat Med 2009;28:3083–3107.
    Hedges LV, Olkin I. Statistical methods for meta-analysis. 1985 (standard error).

    Examples
    --------
    >>> found = difference_of_means(
    ...     first_mean=24.27, first_sd=7.47, first_n=85,
    ...     second_mean=26.08, second_sd=7.92, second_n=88,
    ... )
    >>> f"{found:.2f}"
    '−0.24 (95% CI −0.53 to 0.06)'

    Tumours of the first group are smaller by a quarter of a standard deviation.
    """
    spread = np.sqrt((first_sd**2 + second_sd**2) / 2)
    if not spread > 0:
        raise ValueError(f"expected SDs above 0, got {first_sd}, {second_sd}")
    return _with_interval((first_mean - second_mean) / spread, first_n, second_n)


def difference_of_shares(first_counts, second_counts):
    """Distance of two groups in a variable of two or more categories.

    Parameters
    ----------
    first_counts, second_counts : array_like of int, shape (n_categories,)
        Patients by category.

    Returns
    -------
    Estimate
        For two categories with the sign of the first category's difference; for more, a
        distance without sign.

    Raises
    ------
    ValueError
        If nobody, or everybody in one category, leaves nothing to compare.

    Notes
    -----
    The Mahalanobis distance of the shares ``p`` of all categories but the last:
    ``d² = (p₁ - p₂)' S⁻¹ (p₁ - p₂)`` with ``S`` the average of the two multinomial covariances;
    for two categories ``(p₁ - p₂) / √((p₁q₁ + p₂q₂)/2)``. A category empty in both groups is
    left out.

    References
    ----------
    Yang D, Dalton JE. A unified approach to measuring the effect size between two groups using
    SAS. SAS Global Forum 2012, paper 335.

    Examples
    --------
    >>> f"{difference_of_shares([84, 1], [81, 7]):.2f}"
    '0.33 (95% CI 0.03 to 0.63)'

    Two kidneys are more frequent in the first group, by a third of a standard deviation.
    """
    counts = np.array([first_counts, second_counts], float)
    counts = counts[:, counts.sum(axis=0) > 0]
    n = counts.sum(axis=1)
    if counts.shape[1] < 2 or np.any(n == 0):
        raise ValueError(f"expected patients in two categories, got {counts.tolist()}")
    p = (counts / n[:, None])[:, :-1]
    covariance = sum(np.diag(share) - np.outer(share, share) for share in p) / 2
    gap = p[0] - p[1]
    distance = float(np.sqrt(gap @ np.linalg.solve(covariance, gap)))
    signed = np.copysign(distance, gap[0]) if len(gap) == 1 else distance
    return _with_interval(float(signed), *n)


def standardized_differences(categories, means):
    """Standardised difference of every variable of a baseline table.

    Parameters
    ----------
    categories, means : pandas.DataFrame
        As for :mod:`reanalysis.baseline_table`.

    Returns
    -------
    pandas.DataFrame
        Columns ``label, estimate, conf_low, conf_high, source`` (``"recomputed"``), sorted from
        the largest absolute difference down.
    """
    rows = []
    for variable, pair in means.groupby("variable", sort=False):
        first, second = pair.to_dict("records")
        found = difference_of_means(
            first_mean=float(first["mean"]),
            first_sd=float(first["sd"]),
            first_n=first["n"],
            second_mean=float(second["mean"]),
            second_sd=float(second["sd"]),
            second_n=second["n"],
        )
        rows.append((variable, found))
    for variable, table in count_tables(categories).items():
        found = difference_of_shares(table.iloc[:, 0], table.iloc[:, 1])
        name = f"{variable}: {table.index[0]}" if len(table) == 2 else variable
        rows.append((name, found))
    rows.sort(key=lambda row: -abs(row[1].estimate))
    flat = [(name, e.estimate, e.conf_low, e.conf_high, "recomputed") for name, e in rows]
    return pd.DataFrame(flat, columns=["label", "estimate", "conf_low", "conf_high", "source"])


def _with_interval(d, n_1, n_2, conf_level=0.95):
    std_error = float(np.sqrt(1 / n_1 + 1 / n_2 + d**2 / (2 * (n_1 + n_2))))
    half = stats.norm.ppf((1 + conf_level) / 2) * std_error
    return Estimate(float(d), float(d - half), float(d + half), conf_level, std_error)
