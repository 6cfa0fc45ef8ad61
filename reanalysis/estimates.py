"""How is one estimate with its uncertainty written down?

Every estimator of the package returns an :class:`Estimate`, so that a notebook prints all of
them in one form and a plot finds the same four names on each.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special, stats

# Limits computed in floating point may miss their own estimate by rounding noise.
_ROUNDING_NOISE = 1e-9


@dataclass(frozen=True)
class Estimate:
    """One estimated quantity with its confidence interval.

    Parameters
    ----------
    estimate : float
        The point estimate, in code units (proportions 0–1).
    conf_low, conf_high : float
        Limits of the confidence interval, in the unit of ``estimate``.
    conf_level : float, default 0.95
        Confidence level, between 0 and 1.
    std_error : float, optional
        Standard error of ``estimate`` on its own scale.
    p_value : float, optional
        Two-sided P value, where a hypothesis belongs to the estimate.

    Raises
    ------
    ValueError
        If the confidence level is not between 0 and 1 or the interval excludes its estimate.

    Examples
    --------
    >>> sensitivity = Estimate(0.7831, 0.5912, 0.9004)
    >>> f"{sensitivity:.2f}"
    '0.78 (95% CI 0.59 to 0.90)'
    >>> f"{sensitivity:.0%}"
    '78% (95% CI 59% to 90%)'

    Read: 78 of 100 diseased patients are found; values from 59 to 90 fit the data as well.
    """

    estimate: float
    conf_low: float
    conf_high: float
    conf_level: float = 0.95
    std_error: float | None = None
    p_value: float | None = None

    def __post_init__(self):
        if not 0 < self.conf_level < 1:
            raise ValueError(f"conf_level must lie between 0 and 1, got {self.conf_level!r}")
        slack = _ROUNDING_NOISE * max(1.0, abs(self.estimate))
        if np.isfinite(self.estimate) and not (
            self.conf_low - slack <= self.estimate <= self.conf_high + slack
        ):
            raise ValueError(
                f"the interval must contain its estimate: expected {self.conf_low!r} <= "
                f"{self.estimate!r} <= {self.conf_high!r}"
            )

    def __format__(self, spec):
        if not spec:
            return str(self)
        numbers = (self.estimate, self.conf_low, self.conf_high)
        value, low, high = (format(number, spec).replace("-", "−") for number in numbers)
        return f"{value} ({self.conf_level:.0%} CI {low} to {high})"

    def times(self, factor):
        """The same in another unit.

        Parameters
        ----------
        factor : float
            Positive, e.g. 100 for patients per hundred.

        Returns
        -------
        Estimate
            P value and confidence level are kept.
        """
        return Estimate(
            factor * self.estimate,
            factor * self.conf_low,
            factor * self.conf_high,
            self.conf_level,
            None if self.std_error is None else factor * self.std_error,
            self.p_value,
        )

    @property
    def in_order(self):
        """Lower limit, estimate and upper limit, as a tuple of float."""
        return self.conf_low, self.estimate, self.conf_high

    def transformed(self, function):
        """Estimate and limits passed through a monotone function (a decreasing one swaps them).

        Parameters
        ----------
        function : callable
            Monotone function of one number, e.g. ``lambda x: 1 - x``.

        Returns
        -------
        Estimate
            Without a standard error, which does not transform; the P value is kept.
        """
        limits = sorted((function(self.conf_low), function(self.conf_high)))
        return Estimate(
            function(self.estimate), *limits, conf_level=self.conf_level, p_value=self.p_value
        )


def estimate_table(rows, per=1):
    """Estimates as rows of a table, in the form that a forest plot takes.

    Parameters
    ----------
    rows : sequence of (str, str, Estimate)
        Label, source (``"published"``, ``"recomputed"`` or ``"simulated"``) and estimate.
    per : float, default 1
        Factor to another unit, e.g. 100 for per cent.

    Returns
    -------
    pandas.DataFrame
        Columns ``label, source, estimate, conf_low, conf_high``.

    Examples
    --------
    >>> table = estimate_table([("sensitivity", "recomputed", Estimate(0.75, 0.5, 0.9))], per=100)
    >>> table[["estimate", "conf_low", "conf_high"]].to_numpy().tolist()
    [[75.0, 50.0, 90.0]]

    Three quarters of the diseased were found; half to nine tenths fit the data.
    """
    values = [(label, source, e.times(per)) for label, source, e in rows]
    return pd.DataFrame(
        [(label, source, e.estimate, e.conf_low, e.conf_high) for label, source, e in values],
        columns=["label", "source", "estimate", "conf_low", "conf_high"],
    )


def logit_difference(first, second):
    """Difference of two independent proportions that are known by their intervals alone.

    Answers: could the proportions of two reviews be the same? The standard error of each logit
    is taken from the width of its printed interval.

    Parameters
    ----------
    first, second : Estimate
        Proportions (0–1) with limits inside (0, 1), from samples that share no patients.

    Returns
    -------
    Estimate
        ``logit(first) - logit(second)``, with its two-sided normal P value.

    Raises
    ------
    ValueError
        If an estimate or a limit is 0 or 1 or beyond.

    References
    ----------
    Altman DG, Bland JM. Interaction revisited: the difference between two estimates.
    BMJ 2003;326:219.

    Examples
    --------
    >>> gap = logit_difference(Estimate(0.87, 0.72, 0.94), Estimate(0.65, 0.57, 0.72))
    >>> round(gap.p_value, 3)
    0.009

    The two specificities differ by more than chance explains.
    """
    values = np.array([[e.estimate, e.conf_low, e.conf_high] for e in (first, second)])
    if not np.all((values > 0) & (values < 1)):
        raise ValueError(f"proportions and limits must lie inside (0, 1), got {values.tolist()}")
    logits = special.logit(values)
    quantiles = [stats.norm.ppf(0.5 + e.conf_level / 2) for e in (first, second)]
    std_errors = (logits[:, 2] - logits[:, 1]) / (2 * np.array(quantiles))
    difference, std_error = float(logits[0, 0] - logits[1, 0]), float(np.hypot(*std_errors))
    half = quantiles[0] * std_error
    return Estimate(
        difference,
        difference - half,
        difference + half,
        conf_level=first.conf_level,
        std_error=std_error,
        p_value=float(2 * stats.norm.sf(abs(difference) / std_error)),
    )
