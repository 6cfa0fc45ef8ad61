"""How far apart are two proportions of the same patients?

Vocabulary: ``first`` and ``second`` are the two tests; ``both``, ``first_only``, ``second_only``
and ``neither`` count the patients of one group by who calls them positive. Differences and ratios
are second test against first. Proportions are 0–1.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats
from statsmodels.stats.proportion import proportion_confint

from reanalysis.alternatives.mcnemar_tests import EXACT, mcnemar_variants
from reanalysis.estimates import Estimate

# Tango's interval is sought from here on, just inside the largest difference that can be.
_EDGE = 1e-12


@dataclass(frozen=True, kw_only=True)
class PairedCounts:
    """Patients of one group (the diseased, or the healthy) by the results of two tests.

    Parameters
    ----------
    both, first_only, second_only, neither : int
        Patients whom both tests call positive, only the first, only the second, none.

    Raises
    ------
    ValueError
        If a count is not a whole number of at least 0, or nobody is counted.
    """

    both: int
    first_only: int
    second_only: int
    neither: int

    def __post_init__(self):
        for name, value in vars(self).items():
            if not float(value).is_integer() or value < 0:
                raise ValueError(f"{name} must be a whole number of at least 0, got {value!r}")
        if not self.n:
            raise ValueError("expected at least one patient, got none")

    @classmethod
    def of_cells(cls, both, first_only, second_only, neither):
        """The same from four counts in this order."""
        return cls(both=both, first_only=first_only, second_only=second_only, neither=neither)

    @property
    def cells(self):
        """The four counts: both, first only, second only, neither."""
        return self.both, self.first_only, self.second_only, self.neither

    @property
    def n(self):
        """Number of patients."""
        return sum(self.cells)

    @property
    def first(self):
        """Patients whom the first test calls positive."""
        return self.both + self.first_only

    @property
    def second(self):
        """Patients whom the second test calls positive."""
        return self.both + self.second_only

    @property
    def turned(self):
        """The same patients, with negative called positive: for specificity."""
        return PairedCounts.of_cells(*reversed(self.cells))

    def p_value(self, method=EXACT):
        """P value of McNemar's test.

        Parameters
        ----------
        method : str, default "McNemar, exact"
            One of the forms in :mod:`reanalysis.alternatives.mcnemar_tests`.

        Returns
        -------
        float
        """
        table = mcnemar_variants(first_only=self.first_only, second_only=self.second_only)
        return float(table.set_index("method").at[method, "p_value"])


def paired_difference(counts, conf_level=0.95, method="tango"):
    """Difference of two proportions of the same patients, with an interval that uses the pairing.

    Parameters
    ----------
    counts : PairedCounts
        Patients by the two results.
    conf_level : float, default 0.95
        Confidence level.
    method : {"tango", "newcombe", "wald"}, default "tango"
        Tango's score interval; Newcombe's tenth method, from two Wilson intervals; or the plain
        normal interval, which is too short in small samples.

    Returns
    -------
    Estimate
        Second minus first, with McNemar's exact P value.

    Raises
    ------
    ValueError
        If the method is unknown.

    Notes
    -----
    With ``b`` first only and ``c`` second only of ``n`` the difference is ``d = (c - b)/n``.
    Tango's limits are the ``d`` at which ``(c - b - n d)² = z² n (2 q + d (1 - d))``, where ``q``
    is the maximum-likelihood share of first only, given ``d``. The lower limit by Newcombe's
    method 10 is ``d - √(u² - 2 φ u v + v²)`` with the distances ``u, v`` of the two proportions
    from their Wilson limits and a correlation ``φ`` that is corrected for continuity when positive.

    References
    ----------
    Tango T. Stat Med 1998;17:891–908. Newcombe RG. Stat Med 1998;17:2635–2650.

    Examples
    --------
    >>> counts = PairedCounts(both=59, first_only=1, second_only=16, neither=6)
    >>> f"{paired_difference(counts).times(100):+.0f}"
    '+18 (95% CI +10 to +28)'

    Of a hundred diseased patients the second test finds 18 more.
    """
    limits = {"tango": _tango, "newcombe": _newcombe, "wald": _wald}
    if method not in limits:
        raise ValueError(f"expected a method out of {list(limits)}, got {method!r}")
    z = float(stats.norm.ppf((1 + conf_level) / 2))
    low, high = limits[method](counts, z)
    value = (counts.second_only - counts.first_only) / counts.n
    return Estimate(value, low, high, conf_level, _std_error(counts), counts.p_value())


def _std_error(counts):
    b, c, n = counts.first_only, counts.second_only, counts.n
    return float(np.sqrt(b + c - (c - b) ** 2 / n) / n)


def _wald(counts, z):
    value, half = (counts.second_only - counts.first_only) / counts.n, z * _std_error(counts)
    return max(-1.0, value - half), min(1.0, value + half)


def _tango(counts, z):
    b, c, n = counts.first_only, counts.second_only, counts.n

    def score(d):
        linear = -b - c + (2 * n - c + b) * d
        constant = -b * d * (1 - d)
        # Share of first only, by maximum likelihood under the difference d = second - first.
        share = (np.sqrt(max(0.0, linear**2 - 8 * n * constant)) - linear) / (4 * n)
        variance = n * (2 * share + d * (1 - d))
        return (c - b - n * d) / np.sqrt(max(variance, _EDGE))

    value = (c - b) / n
    ends = -1 + _EDGE, 1 - _EDGE
    low = optimize.brentq(lambda d: score(d) - z, ends[0], value) if value > ends[0] else -1.0
    high = optimize.brentq(lambda d: score(d) + z, value, ends[1]) if value < ends[1] else 1.0
    return float(low), float(high)


def _newcombe(counts, z):
    n, level = counts.n, 2 * stats.norm.cdf(z) - 1
    shares = [counts.second / n, counts.first / n]
    limits = [proportion_confint(x, n, 1 - level, "wilson") for x in (counts.second, counts.first)]
    below = [p - low for p, (low, _) in zip(shares, limits, strict=True)]
    above = [high - p for p, (_, high) in zip(shares, limits, strict=True)]
    phi, value = _correlation(counts), shares[0] - shares[1]
    low = value - _side(below[0], above[1], phi)
    high = value + _side(above[0], below[1], phi)
    return float(low), float(high)


def _side(one, other, phi):
    return np.sqrt(max(0.0, one**2 - 2 * phi * one * other + other**2))


def _correlation(counts):
    """Correlation of the two results, a positive one corrected for continuity."""
    n = counts.n
    margins = counts.first * counts.second * (n - counts.first) * (n - counts.second)
    if not margins:
        return 0.0
    product = counts.both * counts.neither - counts.first_only * counts.second_only
    return float(min(product, max(product - n / 2, 0)) / np.sqrt(float(margins)))
