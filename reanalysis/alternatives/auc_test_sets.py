"""Which test set would give a printed AUC its interval, and which its P value?

The width of an interval and the P value of a rank test both follow from the two group sizes. A
pair of sizes that gives both is a test set on which both can have been computed. Unlike
:mod:`reanalysis.alternatives.auc_group_sizes`, the *place* of the interval is not used, only its
width: bootstrap intervals lean to one side as those of no formula do.

Vocabulary: ``n_positive`` diseased and ``n_negative`` healthy patients (or lesions); ``sides`` is
1 or 2 for the one- and the two-sided P value.
"""

import numpy as np
import pandas as pd
from scipy import stats

from reanalysis.alternatives.input_rounding import rounding_interval
from reanalysis.roc_of_summary import (
    hanley_mcneil_std_error,
    null_std_error,
    obuchowski_std_error,
)

STD_ERRORS = {
    "Hanley–McNeil": hanley_mcneil_std_error,
    "Obuchowski (binormal)": obuchowski_std_error,
}
# Areas tried within the rounding of the printed one.
_AREAS = 41
_NOISE = 1e-12


def sets_of_printed_auc(*, auc, conf_low, conf_high, p_value, total_max=200, conf_level=0.95):
    """All pairs of group sizes, with what of the print each of them gives.

    Parameters
    ----------
    auc, conf_low, conf_high, p_value : str
        As printed; honoured as rounded.
    total_max : int, default 200
        Most patients (or lesions) in both groups together.
    conf_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    DataFrame
        ``n_positive, n_negative, total``; ``width``: whether a standard error by Hanley–McNeil
        or Obuchowski gives an interval as wide as printed; ``one_sided`` and ``two_sided``:
        whether the rank test gives the printed P value.

    Raises
    ------
    ValueError
        If the area and its limits are not in order.

    Notes
    -----
    Exhaustive over all pairs of at least two each, and over 41 areas within the rounding of the
    printed one. The rank test is that of Mann and Whitney by its normal approximation without
    ties, with or without the continuity correction; a permutation test of the area is the same
    test.

    Examples
    --------
    >>> table = sets_of_printed_auc(
    ...     auc="0.72", conf_low="0.50", conf_high="0.90", p_value="0.019", total_max=146
    ... )
    >>> int((table.width & table.two_sided).sum()), bool((table.width & table.one_sided).any())
    (0, True)

    No test set gives this interval and this P value, unless the P value is one-sided.
    """
    (a, b), low, high = (rounding_interval(shown) for shown in (auc, conf_low, conf_high))
    if not 0 <= low[0] < b or not a < high[1] <= 1 + _NOISE or not (b > 0 and a < 1):
        raise ValueError(f"expected limits around the area, got {conf_low}, {auc}, {conf_high}")
    sizes = np.arange(2, total_max - 1)
    positive, negative = (grid.ravel() for grid in np.meshgrid(sizes, sizes, indexing="ij"))
    kept = positive + negative <= total_max
    pair = {"n_positive": positive[kept], "n_negative": negative[kept]}
    areas = np.linspace(max(a, 1e-6), min(b, 1 - 1e-6), _AREAS)[:, None]
    span = (high[0] - low[1], high[1] - low[0])
    quantile = 2 * stats.norm.ppf((1 + conf_level) / 2)
    fits = [_inside(quantile * of(areas, **pair), span) for of in STD_ERRORS.values()]
    columns = {"width": np.any(fits, axis=(0, 1))}
    for sides, name in ((1, "one_sided"), (2, "two_sided")):
        found = [
            _inside(
                _rank_test(areas, **pair, sides=sides, correction=c), rounding_interval(p_value)
            )
            for c in (0.0, 0.5)
        ]
        columns[name] = np.any(found, axis=(0, 1))
    total = pair["n_positive"] + pair["n_negative"]
    return pd.DataFrame(pair | {"total": total} | columns)


def smallest_total(auc, *, width, share_positive=0.5, conf_level=0.95):
    """Fewest patients for which the interval of an area is no wider than a width.

    Parameters
    ----------
    auc : float
        Area, inside (0, 1).
    width : float
        Upper minus lower limit.
    share_positive : float, default 0.5
        Share of the diseased among the patients.
    conf_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    int
        Patients of both groups, by Hanley and McNeil's standard error, groups not rounded.

    Raises
    ------
    ValueError
        If a number is outside its range.

    Examples
    --------
    >>> smallest_total(0.79, width=0.32), smallest_total(0.79, width=0.1)
    (32, 315)

    Thirty-two lesions give the printed width; one of 0.05 either way takes 315.
    """
    if not (0 < auc < 1 and width > 0 and 0 < share_positive < 1):
        raise ValueError(
            f"expected an area, a width and a share, got {auc}, {width}, {share_positive}"
        )
    quantile = 2 * stats.norm.ppf((1 + conf_level) / 2)

    def too_wide(total):
        sizes = {"n_positive": share_positive * total, "n_negative": (1 - share_positive) * total}
        return quantile * hanley_mcneil_std_error(auc, **sizes) > width

    high = 2
    while too_wide(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if too_wide(middle) else (low, middle)
    return high


def _rank_test(areas, *, n_positive, n_negative, sides, correction):
    """P value of the area, normal; the correction is half a pair."""
    distance = (areas - 0.5) - correction / (n_positive * n_negative)
    z = distance / null_std_error(n_positive=n_positive, n_negative=n_negative)
    return np.minimum(sides * stats.norm.sf(z), 1.0)


def _inside(values, ends):
    return (values >= ends[0] - _NOISE) & (values <= ends[1] + _NOISE)
