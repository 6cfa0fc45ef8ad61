"""How well does a score separate the diseased from the healthy, over all its thresholds?

The area under the ROC curve (AUC) is the probability that a diseased patient scores higher than a
healthy one, ties counting half. Here it comes from the scores themselves; what can be said of an
area that is only printed is in :mod:`reanalysis.roc_of_summary`.

Vocabulary: ``positives`` are the scores of the diseased, ``negatives`` those of the healthy,
higher meaning more suspicious. Areas are 0–1.
"""

import numpy as np
from scipy import stats

from reanalysis.estimates import Estimate

# An area of 0.5 is that of a coin.
NO_DISCRIMINATION = 0.5


def empirical_auc(positives, negatives):
    """Share of pairs, one diseased and one healthy, that the score puts in the right order.

    Parameters
    ----------
    positives, negatives : array_like, shape (n_positive,) and (n_negative,)
        Scores of the diseased and of the healthy.

    Returns
    -------
    float
        Area, 0–1; ties count half.

    References
    ----------
    Bamber D. J Math Psychol 1975;12:387–415.

    Examples
    --------
    >>> empirical_auc([3, 4, 5], [1, 2, 3])
    0.9444444444444444

    Of nine pairs eight are in order and one is tied.
    """
    return float(_pairs(positives, negatives).mean())


def delong_auc(positives, negatives, conf_level=0.95):
    """Empirical area with DeLong's standard error.

    Parameters
    ----------
    positives, negatives : array_like
        Scores of the diseased and of the healthy, at least two of each.
    conf_level : float, default 0.95
        Level of the normal interval, cut off at 0 and 1.

    Returns
    -------
    Estimate
        With ``p_value`` against an area of 0.5, two-sided.

    References
    ----------
    DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837–845.

    Examples
    --------
    >>> f"{delong_auc([3, 4, 5, 2], [1, 2, 3, 1]):.2f}"
    '0.88 (95% CI 0.63 to 1.00)'

    Eight patients leave the area anywhere between nearly useless and perfect.
    """
    pairs = _pairs(positives, negatives)
    std_error = float(np.sqrt(_placement_covariance([pairs])[0, 0]))
    return _normal_estimate(float(pairs.mean()), std_error, NO_DISCRIMINATION, conf_level, (0, 1))


def delong_difference(first, second, conf_level=0.95):
    """Difference of the areas of two scores in the same patients.

    Parameters
    ----------
    first, second : tuple of array_like
        Each ``(positives, negatives)``, patients in the same order in both.
    conf_level : float, default 0.95
        Level of the normal interval.

    Returns
    -------
    Estimate
        Area of the first minus area of the second, with its two-sided P value.

    Raises
    ------
    ValueError
        If the two scores are not of equally many patients.

    References
    ----------
    DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837–845.

    Examples
    --------
    >>> gap = delong_difference(([3, 4, 5, 2], [1, 2, 3, 1]), ([3, 1, 5, 2], [1, 2, 3, 4]))
    >>> f"{gap:.2f}"
    '0.34 (95% CI −0.11 to 0.80)'

    The first score looks better; four and four patients cannot show it.
    """
    pairs = [_pairs(*score) for score in (first, second)]
    if pairs[0].shape != pairs[1].shape:
        raise ValueError(f"expected the same patients, got {pairs[0].shape}, {pairs[1].shape}")
    covariance = _placement_covariance(pairs)
    std_error = float(np.sqrt(max(0.0, np.array([1, -1]) @ covariance @ np.array([1, -1]))))
    difference = float(pairs[0].mean() - pairs[1].mean())
    return _normal_estimate(difference, std_error, 0.0, conf_level, (-1, 1))


def binary_auc(table, conf_level=0.95):
    """Area under the two straight lines that join a yes-or-no test to the corners.

    Parameters
    ----------
    table : TwoByTwo
        Counts of the test, at least two diseased and two healthy.
    conf_level : float, default 0.95
        Level of the normal interval, cut off at 0 and 1.

    Returns
    -------
    Estimate
        With DeLong's standard error and ``p_value`` against 0.5, two-sided.

    Notes
    -----
    The area is ``(sensitivity + specificity) / 2``: every pair of a diseased and a healthy
    patient with the same result is a tie and counts half. It says nothing that the two
    proportions do not say, and a smooth curve through the point would be invented.

    References
    ----------
    Bamber D. J Math Psychol 1975;12:387–415. DeLong ER, DeLong DM, Clarke-Pearson DL.
    Biometrics 1988;44:837–845.

    Examples
    --------
    >>> from reanalysis.diagnostic_accuracy import TwoByTwo
    >>> f"{binary_auc(TwoByTwo(tp=45, fp=10, fn=15, tn=80)):.2f}"
    '0.82 (95% CI 0.76 to 0.88)'

    Halfway between a sensitivity of 0.75 and a specificity of 0.89.
    """
    counts = ([table.tp, table.fn], [table.fp, table.tn])
    return delong_auc(*(np.repeat([1.0, 0.0], pair) for pair in counts), conf_level)


def bootstrap_aucs(positives, negatives, rng, n_resamples=2000):
    """Areas of resampled patients, the diseased and the healthy drawn separately.

    Parameters
    ----------
    positives, negatives : array_like
        Scores of the diseased and of the healthy.
    rng : numpy.random.Generator
        Seeded source of the draws.
    n_resamples : int, default 2000
        How many times all patients are drawn anew.

    Returns
    -------
    ndarray, shape (n_resamples,)

    References
    ----------
    Carpenter J, Bithell J. Stat Med 2000;19:1141–1164.

    Examples
    --------
    >>> areas = bootstrap_aucs([3, 4, 5, 2], [1, 2, 3, 1], np.random.default_rng(1))
    >>> np.quantile(areas, [0.025, 0.975]).round(2)
    array([0.56, 1.  ])

    The percentile interval of eight patients.
    """
    pairs = _pairs(positives, negatives)
    drawn = [rng.multinomial(n, np.full(n, 1 / n), size=n_resamples) / n for n in pairs.shape]
    return np.einsum("ri,ij,rj->r", drawn[0], pairs, drawn[1], optimize=True)


def binormal_auc(positives, negatives, conf_level=0.95):
    """Area under the binormal curve of two samples, by their means and standard deviations.

    Parameters
    ----------
    positives, negatives : array_like
        Scores of the diseased and of the healthy, at least two different ones of each.
    conf_level : float, default 0.95
        Level of the interval, normal on the scale of ``Φ⁻¹(A)``.

    Returns
    -------
    Estimate
        With the delta-method standard error of the area; P against 0.5 on the probit scale.

    Notes
    -----
    ``A = Φ(δ)``, ``δ = (m₁ - m₀) / √(s₁² + s₀²)``; the means have variances ``s²/n`` and the
    standard deviations (divisor n, maximum likelihood) ``s²/2n``.

    References
    ----------
    Reiser B, Guttman I. Technometrics 1986;28:253–257. Pepe MS. The statistical evaluation of
    medical tests for classification and prediction. Oxford 2003.

    Examples
    --------
    >>> f"{binormal_auc([3, 4, 5, 2], [1, 2, 3, 1]):.2f}"
    '0.90 (95% CI 0.53 to 0.99)'

    The model smooths the steps of eight patients.
    """
    scores = [np.asarray(part, float) for part in (positives, negatives)]
    means, variances = [part.mean() for part in scores], [part.var() for part in scores]
    total = sum(variances)
    if not total > 0:
        raise ValueError("expected scores that differ, got two constant groups")
    delta = (means[0] - means[1]) / np.sqrt(total)
    sizes = [len(part) for part in scores]
    spread = sum(v / n for v, n in zip(variances, sizes, strict=True)) / total
    shape = sum(v**2 / (2 * n) for v, n in zip(variances, sizes, strict=True)) / total**2
    std_error = float(np.sqrt(spread + delta**2 * shape))
    half = stats.norm.ppf((1 + conf_level) / 2) * std_error
    low, middle, high = (float(stats.norm.cdf(delta + step)) for step in (-half, 0, half))
    p_value = float(2 * stats.norm.sf(abs(delta) / std_error))
    return Estimate(middle, low, high, conf_level, stats.norm.pdf(delta) * std_error, p_value)


def _pairs(positives, negatives):
    """1 where the diseased scores higher, 0.5 at a tie; shape (n_positive, n_negative)."""
    x, y = np.asarray(positives, float), np.asarray(negatives, float)
    if x.ndim != 1 or y.ndim != 1 or not len(x) or not len(y):
        raise ValueError(f"expected two lists of scores, got shapes {x.shape} and {y.shape}")
    if np.isnan(x).any() or np.isnan(y).any():
        raise ValueError("expected scores without missing values")
    return (np.sign(x[:, None] - y) + 1) / 2


def _placement_covariance(pairs):
    """DeLong's covariance of the areas of scores of the same patients."""
    if min(pairs[0].shape) < 2:
        raise ValueError(f"expected two of each group or more, got {pairs[0].shape}")
    parts = [np.array([score.mean(axis=axis) for score in pairs]) for axis in (1, 0)]
    return sum(np.atleast_2d(np.cov(part)) / part.shape[1] for part in parts)


def _normal_estimate(value, std_error, null, conf_level, ends):
    half = stats.norm.ppf((1 + conf_level) / 2) * std_error
    with np.errstate(divide="ignore", invalid="ignore"):
        p_value = float(2 * stats.norm.sf(np.abs(np.float64(value - null)) / std_error))
    low, high = max(ends[0], value - half), min(ends[1], value + half)
    return Estimate(value, float(low), float(high), conf_level, std_error, p_value)
