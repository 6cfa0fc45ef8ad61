"""By which definition of a quartile was a printed interquartile range computed?

Programs interpolate between order statistics in nine ways, and textbooks take medians of halves.
"""

import numpy as np

# Hyndman and Fan's numbers, and where they are the default.
DEFINITIONS = {
    "linear, type 7 (R, numpy, Excel)": "linear",
    "type 6 (SPSS, Minitab)": "weibull",
    "type 2 (SAS, Stata)": "averaged_inverted_cdf",
    "type 8 (median-unbiased)": "median_unbiased",
    "nearest, type 3": "closest_observation",
}
HINGES = "medians of the halves, the median in both (Tukey's hinges)"
HALVES = "medians of the halves, without the median"
LINEAR = "linear, type 7 (R, numpy, Excel)"


def interquartile_ranges(values):
    """Interquartile range by every definition.

    Parameters
    ----------
    values : array_like, shape (n,)
        At least four numbers.

    Returns
    -------
    dict of str to float
        By name of the definition.

    Raises
    ------
    ValueError
        If fewer than four numbers are given or one is missing.

    References
    ----------
    Hyndman RJ, Fan Y. Am Stat 1996;50:361–365.

    Examples
    --------
    >>> found = interquartile_ranges([1, 2, 3, 4, 5, 6, 7, 9])
    >>> found[LINEAR], found["type 6 (SPSS, Minitab)"], found[HINGES]
    (3.5, 4.5, 4.0)

    Eight numbers have at least three interquartile ranges.
    """
    ordered = np.sort(np.asarray(values, float))
    if ordered.ndim != 1 or len(ordered) < 4 or not np.isfinite(ordered).all():
        raise ValueError(f"expected at least four numbers, none missing, got {values!r}")
    found = {
        name: float(np.diff(np.quantile(ordered, [0.25, 0.75], method=method))[0])
        for name, method in DEFINITIONS.items()
    }
    for name, half in ((HINGES, (len(ordered) + 1) // 2), (HALVES, len(ordered) // 2)):
        found[name] = float(np.median(ordered[-half:]) - np.median(ordered[:half]))
    return found
