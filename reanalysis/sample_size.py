"""How many patients does it take to show that two proportions differ, or to measure one?

Sizes are exact: found by the power of :mod:`reanalysis.power_of_proportions`, which lists every
outcome. The formulas of the textbooks are here as well, for comparison and as a start of the
search.
"""

import numpy as np
from scipy import stats

from reanalysis.diagnostic_accuracy import DEFAULT_INTERVAL, proportion
from reanalysis.power_of_proportions import power_paired, power_unpaired

# Exact power goes up and down from one size to the next, over fewer sizes than this.
LOOK_AHEAD = 12
LARGEST_N = 5000


def sample_size_unpaired(first, second, *, power=0.8, alpha=0.05, test="fisher", ratio=1.0):
    """Smallest number of patients in the first group that reaches the wanted power, exactly.

    Parameters
    ----------
    first, second : float
        True proportions, 0–1, not equal.
    power : float, default 0.8
        Wanted power.
    alpha : float, default 0.05
        Two-sided level.
    test : {"fisher", "pearson"}, default "fisher"
        As for :func:`reanalysis.power_of_proportions.power_unpaired`.
    ratio : float, default 1
        Patients in the second group per patient in the first (rounded up).

    Returns
    -------
    n_first, n_second : int

    Raises
    ------
    ValueError
        If the proportions are equal, or more than ``LARGEST_N`` patients would be needed.

    Notes
    -----
    Exact power is not monotone in the size. The size returned reaches the wanted power, and so
    do the next ``LOOK_AHEAD`` sizes.

    Examples
    --------
    >>> sample_size_unpaired(0.75, 0.5)
    (64, 64)

    The formula without exactness gives 58 per group.
    """
    if first == second:
        raise ValueError(f"expected two different proportions, got {first} twice")

    def reached(n):
        other = int(np.ceil(n * ratio))
        return power_unpaired(first, second, n, other, alpha=alpha, test=test) >= power

    n = _smallest_size(reached, normal_sample_size_unpaired(first, second, power, alpha) * 0.7)
    return n, int(np.ceil(n * ratio))


def normal_sample_size_unpaired(first, second, power=0.8, alpha=0.05):
    """Patients per group by the formula of R's ``power.prop.test``, not rounded."""
    z, beta = stats.norm.isf(alpha / 2), stats.norm.ppf(power)
    mean = (first + second) / 2
    null = np.sqrt(2 * mean * (1 - mean))
    other = np.sqrt(first * (1 - first) + second * (1 - second))
    return float(((z * null + beta * other) / (first - second)) ** 2)


def sample_size_paired(first_only, second_only, *, power=0.8, alpha=0.05, test="exact"):
    """Smallest number of patients with both tests that reaches the wanted power, exactly.

    Parameters
    ----------
    first_only, second_only : float
        As for :func:`reanalysis.power_of_proportions.power_paired`, not equal.
    power : float, default 0.8
        Wanted power.
    alpha, test
        As for :func:`reanalysis.power_of_proportions.power_paired`.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If the shares are equal, or more than ``LARGEST_N`` patients would be needed.

    Examples
    --------
    >>> sample_size_paired(0.45, 0.05)
    25

    Connor's formula for the asymptotic test gives 23.
    """
    if first_only == second_only:
        raise ValueError(f"expected two different shares, got {first_only} twice")
    start = normal_sample_size_paired(first_only, second_only, power, alpha) * 0.7

    def reached(n):
        return power_paired(first_only, second_only, n, alpha=alpha, test=test) >= power

    return _smallest_size(reached, start)


def normal_sample_size_paired(first_only, second_only, power=0.8, alpha=0.05):
    """Patients with both tests by Connor's formula, not rounded.

    References
    ----------
    Connor RJ. Sample size for testing differences in proportions for the paired-sample design.
    Biometrics 1987;43:207–211.

    Examples
    --------
    >>> round(normal_sample_size_paired(0.45, 0.05), 1)
    22.0
    """
    z, beta = stats.norm.isf(alpha / 2), stats.norm.ppf(power)
    total, gap = first_only + second_only, first_only - second_only
    return float(((z * np.sqrt(total) + beta * np.sqrt(total - gap**2)) / gap) ** 2)


def sample_size_for_precision(expected, half_width, *, conf_level=0.95, method=DEFAULT_INTERVAL):
    """How many patients must a proportion be measured in, to be known this closely?

    Parameters
    ----------
    expected : float
        Proportion that is expected, 0–1.
    half_width : float
        Wanted half width of the confidence interval.
    conf_level, method
        As for :func:`reanalysis.diagnostic_accuracy.proportion`.

    Returns
    -------
    int
        Smallest number at which the interval around the expected number of events (rounded)
        has this half width, and at the next ``LOOK_AHEAD`` numbers.

    Raises
    ------
    ValueError
        If a value is out of its range or more than ``LARGEST_N`` patients would be needed.

    Examples
    --------
    >>> sample_size_for_precision(0.8, 0.1)
    70

    To know a predictive value of about 0.8 to ten points either side.
    """
    if not (0 <= expected <= 1 and 0 < half_width < 1):
        raise ValueError(f"expected proportions between 0 and 1, got {expected}, {half_width}")

    def reached(n):
        found = proportion(round(expected * n), n, conf_level, method)
        return found.conf_high - found.conf_low <= 2 * half_width

    return _smallest_size(reached, 1)


def _smallest_size(reached, start):
    """Smallest n from which on a condition holds for ``LOOK_AHEAD`` further sizes."""
    low = max(1, int(start))
    while low > 1 and reached(low):  # the start lies too high
        low = max(1, low // 2)
    run = 0
    for n in range(low, LARGEST_N + LOOK_AHEAD + 1):
        run = run + 1 if reached(n) else 0
        if run > LOOK_AHEAD:
            return n - LOOK_AHEAD
    raise ValueError(f"expected a difference that at most {LARGEST_N} patients can show")
