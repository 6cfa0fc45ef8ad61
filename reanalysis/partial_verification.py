"""How accurate would a test have looked, had everyone's outcome been observed?

Often only some of those tested go on to the procedure that shows the truth, and the test result
helps to decide who. Sensitivity and specificity among them are then biased. Vocabulary: patients
whose outcome was observed are *verified*; ``tp, fp, fn, tn`` count them.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from reanalysis.estimates import Estimate


@dataclass(frozen=True)
class VerifiedAccuracy:
    """Accuracy of a test corrected for who was verified, and what holds without an assumption.

    Parameters
    ----------
    sensitivity, specificity : Estimate
        Corrected, 0–1.
    prevalence : float
        Share of all tested who would have the outcome, 0–1.
    accuracy : float
        Share of all tested who would be classified correctly, 0–1.
    sensitivity_range, specificity_range : tuple of float
        Smallest and largest value over every outcome that those not verified can have.
    """

    sensitivity: Estimate
    specificity: Estimate
    prevalence: float
    accuracy: float
    sensitivity_range: tuple[float, float]
    specificity_range: tuple[float, float]


def correct_for_verification(
    *, tp, fp, fn, tn, unverified_positive, unverified_negative, conf_level=0.95
):
    """Sensitivity and specificity among all who were tested, after Begg and Greenes.

    Parameters
    ----------
    tp, fp, fn, tn : int
        Verified patients; at least one among the test-positives and one among the negatives.
    unverified_positive, unverified_negative : int
        Patients with a positive and with a negative result who were not verified.
    conf_level : float, default 0.95
        Level of the intervals.

    Returns
    -------
    VerifiedAccuracy

    Raises
    ------
    ValueError
        If a count is not a whole number of at least 0, or one test result was never verified.

    Notes
    -----
    Assumption: among patients with the same test result, being verified has nothing to do with
    the outcome. Then the predictive values are unbiased, and with ``N⁺`` and ``N⁻`` tested
    positive and negative, ``sensitivity = N⁺ PPV / (N⁺ PPV + N⁻ (1 - NPV))``. Intervals are normal
    on the logit scale, with the variance ``1/N⁺ + 1/N⁻ + (1 - PPV)/tp + NPV/fn`` for sensitivity
    and the same with the outcomes exchanged for specificity. With an empty cell they run from 0
    to 1. The ranges give the unverified the outcomes that make the measure smallest and largest.

    References
    ----------
    Begg CB, Greenes RA. Assessment of diagnostic tests when disease verification is subject to
    selection bias. Biometrics 1983;39:207–215.

    Examples
    --------
    >>> found = correct_for_verification(
    ...     tp=45, fp=15, fn=5, tn=35, unverified_positive=0, unverified_negative=160
    ... )
    >>> f"{found.sensitivity:.2f}"
    '0.64 (95% CI 0.43 to 0.81)'

    Of the verified diseased the test found nine in ten. It found fewer of all: most of those it
    calls negative were never verified, and some of them are diseased.
    """
    counts = {"tp": tp, "fp": fp, "fn": fn, "tn": tn}
    counts |= {"unverified_positive": unverified_positive}
    counts |= {"unverified_negative": unverified_negative}
    for name, value in counts.items():
        if not float(value).is_integer() or value < 0:
            raise ValueError(f"{name} must be a whole number of at least 0, got {value!r}")
    if not tp + fp or not fn + tn:
        raise ValueError(f"expected verified patients with either result, got {counts}")
    positive, negative = tp + fp + unverified_positive, fn + tn + unverified_negative
    ppv, npv = tp / (tp + fp), tn / (fn + tn)
    cells = np.array([[positive * ppv, positive * (1 - ppv)],
                      [negative * (1 - npv), negative * npv]])  # fmt: skip
    margin = 1 / positive + 1 / negative
    z = float(stats.norm.ppf((1 + conf_level) / 2))
    return VerifiedAccuracy(
        sensitivity=_estimate(cells[:, 0], margin, (tp, ppv), (fn, 1 - npv), z, conf_level),
        specificity=_estimate(cells[::-1, 1], margin, (tn, npv), (fp, 1 - ppv), z, conf_level),
        prevalence=float(cells[:, 0].sum() / cells.sum()),
        accuracy=float(np.trace(cells) / cells.sum()),
        sensitivity_range=_range(tp, fn, unverified_positive, unverified_negative),
        specificity_range=_range(tn, fp, unverified_negative, unverified_positive),
    )


def _estimate(found_missed, margin, found, missed, z, conf_level):
    """Share found with a logit interval; each of found and missed as (count, its share)."""
    share = float(found_missed[0] / found_missed.sum()) if found_missed.sum() else float("nan")
    if not found[0] or not missed[0]:
        return Estimate(share, 0.0, 1.0, conf_level)
    variance = margin + sum((1 - part) / count for count, part in (found, missed))
    half = z * np.sqrt(variance)
    limits = special.expit(special.logit(share) + np.array([-half, half]))
    return Estimate(share, *map(float, limits), conf_level)


def _range(found, missed, unverified_found, unverified_missed):
    """Share found when the unverified all speak against the test, and when all for it."""
    worst = found / (found + missed + unverified_missed) if found else 0.0
    best_found = found + unverified_found
    best = best_found / (best_found + missed) if best_found + missed else float("nan")
    return worst, best
