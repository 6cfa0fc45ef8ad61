"""Which sensitivity comes with which false positive rate, over all thresholds of a score?

A curve comes from the scores themselves (steps), or is reconstructed from a printed area and the
numbers of patients under the binormal model, and then shows what such a curve might look like.

Vocabulary: ``false_positive_rate`` is one minus specificity; ``positives`` are the scores of the
diseased, ``negatives`` those of the healthy, higher meaning more suspicious.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from reanalysis.estimates import Estimate
from reanalysis.roc import delong_auc
from reanalysis.roc_of_summary import binormal_curve_of_auc

# Points on which bands and smooth curves are evaluated; the ends are 0 and 1.
_GRID = np.linspace(0, 1, 201)
_DECIMALS = 12


@dataclass(frozen=True)
class RocBand:
    """Pointwise limits of the sensitivity.

    Parameters
    ----------
    false_positive_rate, low, high : ndarray, shape (n_points,)
        Where the limits hold, and the limits, 0–1.
    """

    false_positive_rate: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class RocCurve:
    """A ROC curve, from (0, 0) to (1, 1).

    Parameters
    ----------
    false_positive_rate, sensitivity : ndarray, shape (n_points,)
        Both rising. Steps for an empirical curve, slanted where scores are tied.
    auc : Estimate
        Area under the curve.
    band : RocBand, optional
        Pointwise confidence band.
    thresholds : ndarray, optional
        The score from which on a patient counts as positive, by point; the first is infinite.
    reconstructed : bool, default False
        Whether the curve was made from printed summaries under a model.
    """

    false_positive_rate: np.ndarray
    sensitivity: np.ndarray
    auc: Estimate
    band: RocBand | None = None
    thresholds: np.ndarray | None = None
    reconstructed: bool = False

    def sensitivity_at(self, specificity):
        """Sensitivity at a specificity, on the curve.

        Parameters
        ----------
        specificity : float or array_like
            0–1.

        Returns
        -------
        float or ndarray
            The highest at that specificity; between two points, on the line that joins them.
        """
        return _on_curve(1 - np.asarray(specificity), self.false_positive_rate, self.sensitivity)

    def points(self, specificities):
        """The curve and its band at some specificities.

        Parameters
        ----------
        specificities : array_like
            0–1.

        Returns
        -------
        DataFrame
            ``specificity, sensitivity, conf_low, conf_high``; limits are missing without a band.
        """
        at = np.asarray(specificities, float)
        frame = pd.DataFrame({"specificity": at, "sensitivity": self.sensitivity_at(at)})
        ends = (None, None) if self.band is None else (self.band.low, self.band.high)
        for name, end in zip(("conf_low", "conf_high"), ends, strict=True):
            on_band = (
                np.nan if end is None else _on_curve(1 - at, self.band.false_positive_rate, end)
            )
            frame[name] = on_band
        return frame


def empirical_roc(positives, negatives, *, conf_level=0.95, rng=None, n_resamples=2000):
    """ROC curve of a score, by every threshold that its values offer.

    Parameters
    ----------
    positives, negatives : array_like, shape (n_positive,) and (n_negative,)
        Scores of the diseased and of the healthy, at least two of each.
    conf_level : float, default 0.95
        Level of the area's interval and of the band.
    rng : numpy.random.Generator, optional
        Seeded source of the bootstrap; no band without it.
    n_resamples : int, default 2000
        Bootstrap samples, the diseased and the healthy drawn separately.

    Returns
    -------
    RocCurve
        Area by DeLong; band of percentile limits of the sensitivity at each false positive rate.

    References
    ----------
    Pepe MS. The statistical evaluation of medical tests for classification and prediction.
    Oxford 2003. Band: as ``ci.se`` of R's pROC.

    Examples
    --------
    >>> curve = empirical_roc([3, 4, 5, 2], [1, 2, 3, 1])
    >>> list(zip(curve.false_positive_rate.tolist(), curve.sensitivity.tolist()))[:4]
    [(0.0, 0.0), (0.0, 0.25), (0.0, 0.5), (0.25, 0.75)]

    The third point slants: a diseased and a healthy patient share the score 3.
    """
    x, y = (np.asarray(part, float) for part in (positives, negatives))
    area = delong_auc(x, y, conf_level)
    thresholds = np.r_[np.inf, np.unique([*x, *y])[::-1]]
    false_positive_rate, sensitivity = _rates(x, y, thresholds)
    band = None
    if rng is not None:
        band = _bootstrap_band(x, y, thresholds, conf_level, rng, n_resamples)
    return RocCurve(false_positive_rate, sensitivity, area, band, thresholds)


def binormal_roc(auc, *, n_positive, n_negative, slope=1.0, conf_level=0.95):
    """ROC curve reconstructed from its area: what a curve with that area might look like.

    Parameters
    ----------
    auc : float
        Area, inside (0, 1).
    n_positive, n_negative : int
        Diseased and healthy patients, for the band.
    slope : float, default 1
        Standard deviation of the healthy over that of the diseased.
    conf_level : float, default 0.95
        Level of the area's interval and of the band.

    Returns
    -------
    RocCurve
        With ``reconstructed=True``.

    Raises
    ------
    ValueError
        If the area is not inside (0, 1) or a group is empty.

    Notes
    -----
    The curve is ``Φ(a + b z)`` with ``z = Φ⁻¹(x)``. Means have variances ``s²/n``, standard
    deviations ``s²/2n``, so by the delta method ``var a = 1/n₁ + b²/n₀ + a²/2n₁``,
    ``var b = b²(1/2n₁ + 1/2n₀)``, ``cov = ab/2n₁``, and the band is
    ``Φ(a + b z ± q √(var a + z² var b + 2 z cov))``. It is the uncertainty of a curve that *is*
    binormal with this slope; that it is so cannot be seen from an area.

    References
    ----------
    Pepe MS. The statistical evaluation of medical tests for classification and prediction.
    Oxford 2003, chapter 5.

    Examples
    --------
    >>> curve = binormal_roc(0.79, n_positive=16, n_negative=17)
    >>> low, high = (np.interp(0.2, curve.band.false_positive_rate, end)
    ...              for end in (curve.band.low, curve.band.high))
    >>> f"{curve.sensitivity_at(0.8):.2f}, {low:.2f} to {high:.2f}"
    '0.62, 0.33 to 0.85'

    With 33 lesions a sensitivity of 62 % at a specificity of 80 % may be 33 % or 85 %.
    """
    if not 0 < auc < 1:
        raise ValueError(f"auc must lie inside (0, 1), got {auc!r}")
    if not (n_positive >= 1 and n_negative >= 1):
        raise ValueError(f"expected patients in both groups, got {n_positive}, {n_negative}")
    model = binormal_curve_of_auc(auc, slope)
    a, b = model.intercept, model.slope
    z = stats.norm.ppf(_GRID[1:-1])
    var_a = 1 / n_positive + b**2 / n_negative + a**2 / (2 * n_positive)
    var_b = b**2 * (1 / (2 * n_positive) + 1 / (2 * n_negative))
    spread = np.sqrt(var_a + z**2 * var_b + z * a * b / n_positive)
    quantile = stats.norm.ppf((1 + conf_level) / 2)
    limits = (stats.norm.cdf(a + b * z + step * quantile * spread) for step in (-1, 1))
    low, high = (np.r_[0.0, limit, 1.0] for limit in limits)
    sensitivity = np.r_[0.0, model.sensitivity(_GRID[1:-1]), 1.0]
    area = _binormal_area(auc, b, n_positive, n_negative, conf_level)
    band = RocBand(_GRID, low, high)
    return RocCurve(_GRID, sensitivity, area, band, reconstructed=True)


def _binormal_area(auc, b, n_positive, n_negative, conf_level):
    """Interval on the probit scale, as :func:`reanalysis.roc.binormal_auc` has it."""
    delta, total = stats.norm.ppf(auc), 1 + b**2
    shape = (1 / (2 * n_positive) + b**4 / (2 * n_negative)) / total**2
    std_error = np.sqrt((1 / n_positive + b**2 / n_negative) / total + delta**2 * shape)
    half = stats.norm.ppf((1 + conf_level) / 2) * std_error
    limits = (float(stats.norm.cdf(delta + step)) for step in (-half, half))
    p_value = float(2 * stats.norm.sf(abs(delta) / std_error))
    return Estimate(
        float(auc), *limits, conf_level, float(stats.norm.pdf(delta) * std_error), p_value
    )


def _rates(x, y, thresholds):
    """False positive rate and sensitivity at each threshold, which fall."""
    shares = ((part[:, None] >= thresholds).mean(axis=0) for part in (y, x))
    return tuple(shares)


def _bootstrap_band(x, y, thresholds, conf_level, rng, n_resamples):
    at_least = [(part[:, None] >= thresholds).astype(float) for part in (y, x)]
    drawn = [rng.multinomial(n, np.full(n, 1 / n), n_resamples) / n for n in (len(y), len(x))]
    rates = [share @ above for share, above in zip(drawn, at_least, strict=True)]
    curves = [_on_curve(_GRID, *pair) for pair in zip(*rates, strict=True)]
    low, high = np.quantile(curves, [(1 - conf_level) / 2, (1 + conf_level) / 2], axis=0)
    return RocBand(_GRID, low, high)


def _on_curve(at, false_positive_rate, sensitivity):
    """Height of a curve; where it rises vertically, its upper end."""
    # np.interp takes the last of equal abscissas; noise must not make them unequal.
    return np.interp(np.round(at, _DECIMALS), np.round(false_positive_rate, _DECIMALS), sensitivity)
