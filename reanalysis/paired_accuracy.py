"""Which of two tests is better, when both were read on the same patients?

Vocabulary: ``first`` and ``second`` are the two tests; :class:`PairedCounts` counts the diseased
and the healthy by who calls them positive. Differences and ratios are second test against first.
Predictive values are at the prevalence of the study.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from reanalysis.diagnostic_accuracy import TwoByTwo
from reanalysis.estimates import Estimate
from reanalysis.paired_proportions import PairedCounts, paired_difference


@dataclass(frozen=True, kw_only=True)
class PairedAccuracy:
    """Two tests and a reference standard on the same patients.

    Parameters
    ----------
    diseased, healthy : PairedCounts
        The patients with and without the disease, by the results of the two tests.
    conf_level : float, default 0.95
        Level of every interval.

    Examples
    --------
    >>> diseased = PairedCounts(both=319, first_only=78, second_only=22, neither=32)
    >>> healthy = PairedCounts(both=31, first_only=53, second_only=22, neither=155)
    >>> pair = PairedAccuracy(diseased=diseased, healthy=healthy)
    >>> round(pair.positive_predictive_value_p, 3), round(pair.negative_predictive_value_p, 6)
    (0.019, 4.8e-05)

    A positive result of the second test is worth more, and a negative one less.
    """

    diseased: PairedCounts
    healthy: PairedCounts
    conf_level: float = 0.95

    @property
    def first(self):
        """The first test alone, as a TwoByTwo."""
        return self._table(self.diseased.first, self.healthy.first)

    @property
    def second(self):
        """The second test alone, as a TwoByTwo."""
        return self._table(self.diseased.second, self.healthy.second)

    @property
    def sensitivity_difference(self):
        """Sensitivity, second minus first (Tango), with McNemar's exact P."""
        return paired_difference(self.diseased, self.conf_level)

    @property
    def specificity_difference(self):
        """Specificity, second minus first (Tango), with McNemar's exact P."""
        return paired_difference(self.healthy.turned, self.conf_level)

    @property
    def accuracy_difference(self):
        """Share classified correctly, second minus first (Tango), over all patients."""
        right, wrong = self.diseased, self.healthy.turned
        summed = (a + b for a, b in zip(right.cells, wrong.cells, strict=True))
        return paired_difference(PairedCounts.of_cells(*summed), self.conf_level)

    @property
    def relative_sensitivity(self):
        """Sensitivity, second over first (delta method on the log scale)."""
        return self._ratio(above=["d2"], below=["d1"])

    @property
    def relative_specificity(self):
        """Specificity, second over first (delta method on the log scale)."""
        return self._ratio(above=["h-2"], below=["h-1"])

    @property
    def relative_likelihood_ratio_positive(self):
        """LR+, second over first (delta method on the log scale)."""
        return self._ratio(above=["d2", "h1"], below=["d1", "h2"])

    @property
    def relative_likelihood_ratio_negative(self):
        """LR−, second over first (delta method on the log scale)."""
        return self._ratio(above=["d-2", "h-1"], below=["d-1", "h-2"])

    @property
    def relative_positive_predictive_value(self):
        """PPV, second over first, at this prevalence (Moskowitz and Pepe 2006)."""
        return self._ratio(above=["d2", "p1"], below=["d1", "p2"])

    @property
    def relative_negative_predictive_value(self):
        """NPV, second over first, at this prevalence (Moskowitz and Pepe 2006)."""
        return self._ratio(above=["h-2", "p-1"], below=["h-1", "p-2"])

    @property
    def positive_predictive_value_p(self):
        """P of equal positive predictive values, weighted generalised score (Kosinski 2013)."""
        return _weighted_generalised_score(self.diseased, self.healthy)

    @property
    def negative_predictive_value_p(self):
        """P of equal negative predictive values, weighted generalised score (Kosinski 2013)."""
        return _weighted_generalised_score(self.healthy.turned, self.diseased.turned)

    def _table(self, tp, fp):
        fn, tn = self.diseased.n - tp, self.healthy.n - fp
        return TwoByTwo(tp=tp, fp=fp, fn=fn, tn=tn, conf_level=self.conf_level)

    def _margins(self):
        """Which of the eight cells each margin counts: d, h, p of diseased, healthy, all."""
        first, second = np.array([1, 1, 0, 0] * 2, bool), np.array([1, 0, 1, 0] * 2, bool)
        diseased = np.arange(8) < 4
        groups = {"d": diseased, "h": ~diseased, "p": diseased | ~diseased}
        tests = {"1": first, "2": second, "-1": ~first, "-2": ~second}
        return {g + t: groups[g] & tests[t] for g in groups for t in tests}

    def _ratio(self, *, above, below):
        """A ratio of products of margins, with a normal interval of its logarithm."""
        counts = np.array([*self.diseased.cells, *self.healthy.cells], float)
        members = self._margins()
        totals = {name: counts[members[name]].sum() for name in (*above, *below)}
        top, bottom = (np.prod([totals[n] for n in part]) for part in (above, below))
        if not top or not bottom:
            value = np.nan if top == bottom else np.inf if top else 0.0
            return Estimate(float(value), 0.0, float("inf"), self.conf_level)
        pull = sum(members[n] / totals[n] for n in above)
        pull = pull - sum(members[n] / totals[n] for n in below)
        std_error = float(np.sqrt((counts * pull**2).sum()))
        center, z = np.log(top / bottom), stats.norm.ppf((1 + self.conf_level) / 2)
        low, high = np.exp(center + z * std_error * np.array([-1.0, 1.0]))
        p_value = float(2 * stats.norm.sf(abs(center) / std_error)) if std_error else 1.0
        value = float(np.exp(center))
        return Estimate(value, float(low), float(high), self.conf_level, std_error, p_value)


def _weighted_generalised_score(diseased, healthy):
    """P of equal predictive values of a positive result; turn both groups for a negative one."""
    first, second = diseased.first + healthy.first, diseased.second + healthy.second
    if not first or not second:
        return float("nan")
    pooled = (diseased.first + diseased.second) / (first + second)
    shared = diseased.both * (1 - pooled) ** 2 + healthy.both * pooled**2
    variance = pooled * (1 - pooled) - 2 * shared / (first + second)
    difference = diseased.first / first - diseased.second / second
    if not difference:
        return 1.0
    statistic = difference**2 / (variance * (1 / first + 1 / second))
    return float(stats.chi2.sf(statistic, 1))
