"""Which confidence interval of one proportion does a printed interval follow?

Most are those of statsmodels and scipy, under their standard names; what the libraries lack
(continuity-corrected Wald, mid-P, likelihood, and the transformed scales) is here.
"""

import numpy as np
import pandas as pd
from scipy import optimize, special, stats
from statsmodels.stats.proportion import proportion_confint

from reanalysis.alternatives.transformed_proportions import proportion_of_arcsine
from reanalysis.diagnostic_accuracy import proportion

# Standard name -> (name in statsmodels.stats.proportion.proportion_confint, reference).
INTERVALS = {
    "Wald": ("normal", "Laplace 1812; Brown, Cai, DasGupta, Stat Sci 2001;16:101–133, eq. 1"),
    "Wilson": ("wilson", "Wilson, J Am Stat Assoc 1927;22:209–212"),
    "Clopper–Pearson": ("beta", "Clopper, Pearson, Biometrika 1934;26:404–413"),
    "Agresti–Coull": ("agresti_coull", "Agresti, Coull, Am Stat 1998;52:119–126"),
    "Jeffreys": ("jeffreys", "Brown, Cai, DasGupta, Stat Sci 2001;16:101–133"),
}
WILSON_CORRECTED = "Wilson with continuity correction"
WALD_CORRECTED = "Wald with continuity correction"
MID_P = "mid-P"
LIKELIHOOD = "likelihood ratio"
LOGIT = "Wald on the logit scale"
ARCSINE = "Wald on the arcsine scale"
REFERENCES = {name: reference for name, (_, reference) in INTERVALS.items()} | {
    WILSON_CORRECTED: "Newcombe, Stat Med 1998;17:857–872, method 4",
    WALD_CORRECTED: "Newcombe, Stat Med 1998;17:857–872, method 2",
    MID_P: "Lancaster, J Am Stat Assoc 1961;56:223–234; Newcombe, Stat Med 1998;17:857–872, "
    "method 6",
    LIKELIHOOD: "Newcombe, Stat Med 1998;17:857–872, method 7",
    LOGIT: "Brown, Cai, DasGupta, Stat Sci 2001;16:101–133",
    ARCSINE: "Anscombe, Biometrika 1948;35:246–254; Brown, Cai, DasGupta, Stat Sci "
    "2001;16:101–133, there with 3/8 added",
}


def proportion_interval_variants(events, total, conf_level=0.95):
    """Confidence intervals of one proportion, by every method in use.

    Parameters
    ----------
    events, total : int
        Number of events and of trials, ``0 <= events <= total`` and ``total > 0``.
    conf_level : float, default 0.95
        Confidence level.

    Returns
    -------
    DataFrame
        Columns ``method``, ``estimate``, ``conf_low``, ``conf_high``; proportions 0–1.
        The reference of each method is in ``REFERENCES``. With no events or only events the
        interval of Jeffreys leaves out its estimate: that is its definition; and the logit
        scale has no interval: missing values.

    Raises
    ------
    ValueError
        If the counts are not whole, negative, or more events than trials.

    Notes
    -----
    With ``p = x/n`` and the normal quantile ``z``: corrected Wald,
    ``p ± (z √(p(1-p)/n) + 1/(2n))`` cut to 0–1; mid-P, the two ``π`` at which the tail beyond
    ``x`` plus half the probability of ``x`` is ``(1 - level)/2``; likelihood, all ``π`` whose
    log-likelihood lies within ``z²/2`` of the largest; logit, ``logit p ± z / √(n p (1-p))``;
    arcsine, ``sin²(arcsin √p ± z / (2√n))``, with the angle cut to 0–90°.

    Examples
    --------
    >>> intervals = proportion_interval_variants(9, 9).set_index("method")
    >>> intervals.conf_low.round(2)[["Wald", "Wilson", "Clopper–Pearson"]].tolist()
    [1.0, 0.7, 0.66]

    Nine of nine: only the first calls itself certain.
    """
    estimate = proportion(events, total).estimate
    x, n = int(events), int(total)
    limits = {
        name: proportion_confint(x, n, 1 - conf_level, method)
        for name, (method, _) in INTERVALS.items()
    }
    corrected = stats.binomtest(x, n).proportion_ci(conf_level, "wilsoncc")
    z = stats.norm.ppf((1 + conf_level) / 2)
    limits |= {
        WILSON_CORRECTED: (corrected.low, corrected.high),
        WALD_CORRECTED: _wald_corrected(x, n, z),
        MID_P: _mirrored(_mid_p_upper, x, n, (1 - conf_level) / 2),
        LIKELIHOOD: _mirrored(_likelihood_upper, x, n, z**2 / 2),
        LOGIT: _logit(x, n, z),
        ARCSINE: _arcsine(x, n, z),
    }
    rows = [(name, estimate, float(low), float(high)) for name, (low, high) in limits.items()]
    return pd.DataFrame(rows, columns=["method", "estimate", "conf_low", "conf_high"])


def _wald_corrected(x, n, z):
    p = x / n
    half = z * np.sqrt(p * (1 - p) / n) + 1 / (2 * n)
    return max(0.0, p - half), min(1.0, p + half)


def _mirrored(upper, x, n, threshold):
    """Both limits from the upper one: the lower limit of x is one minus the upper of n - x."""
    return 1 - upper(n - x, n, threshold), upper(x, n, threshold)


def _mid_p_upper(x, n, tail):
    if x == n:
        return 1.0

    def excess(p):
        return stats.binom.cdf(x, n, p) - stats.binom.pmf(x, n, p) / 2 - tail

    return optimize.brentq(excess, x / n, 1.0, xtol=1e-14)


def _likelihood_upper(x, n, drop):
    if x == n:
        return 1.0
    highest = _log_likelihood(x, n, x / n)

    def excess(p):
        return highest - _log_likelihood(x, n, p) - drop

    # At 1 the likelihood of anything but n of n is 0; a root this near 1 cannot be told from it.
    return optimize.brentq(excess, x / n, 1 - 1e-16, xtol=1e-14)


def _log_likelihood(x, n, p):
    return special.xlogy(x, p) + special.xlog1py(n - x, -p)


def _logit(x, n, z):
    if x in (0, n):
        return np.nan, np.nan
    p = x / n
    half = z / np.sqrt(n * p * (1 - p))
    return tuple(special.expit(special.logit(p) + np.array([-half, half])))


def _arcsine(x, n, z):
    half = z / (2 * np.sqrt(n))
    return tuple(proportion_of_arcsine(np.arcsin(np.sqrt(x / n)) + np.array([-half, half])))
