"""What does a printed ICC with its confidence interval say about the readers behind it?

The F-based interval of an agreement ICC depends on the numbers of targets and readers and on how
much the readers differ in their means. Print fixes the first three, so the interval gives away
the fourth: whether such readers can exist at all, whether the disagreement is one of level, and
what the ICC would be with the levels taken out.

Vocabulary: ``reader_f`` is the mean square of the readers over the residual one; *agreement* is
ICC(2,1), *consistency* ICC(3,1), in the names of Shrout and Fleiss.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from reanalysis.consistency.printed_bounds import plain_bounds
from reanalysis.icc_intervals import icc_interval

# Ratios of mean squares that are tried: from readers closer together than chance would put them
# to readers whose level explains nearly all of their difference.
READER_F = np.exp(np.linspace(np.log(1e-4), np.log(1e3), 1200))
ICC_STEPS = 5
_NOISE = 1e-9


@dataclass(frozen=True)
class ImpliedReaders:
    """What a printed agreement ICC with its interval leaves open.

    Parameters
    ----------
    fits : bool
        Whether any readers have this ICC and this interval.
    reader_f : tuple of float
        Smallest and largest ratio of the readers' mean square to the residual one; NaN if
        nothing fits.
    consistency : tuple of float
        Smallest and largest consistency ICC.
    """

    fits: bool
    reader_f: tuple[float, float]
    consistency: tuple[float, float]


def consistency_of(icc, reader_f, *, n_targets, n_readers):
    """Consistency ICC that belongs to an agreement ICC.

    Parameters
    ----------
    icc, reader_f : array_like
        Agreement ICC below 1, and the readers' mean square over the residual one.
    n_targets, n_readers : int
        Targets and readers.

    Returns
    -------
    ndarray

    Notes
    -----
    In units of the residual mean square the targets have
    ``b = (1 + ρ(k-1 + k(f-1)/n)) / (1-ρ)``, and consistency is ``(b-1)/(b+k-1)``.

    References
    ----------
    McGraw KO, Wong SP. Psychol Methods 1996;1:30–46.

    Examples
    --------
    >>> print(consistency_of(0.4, 60, n_targets=30, n_readers=2).round(2))
    0.66

    Readers who agree poorly can rank the patients well: they differ in level.
    """
    k, rho = n_readers, np.asarray(icc, float)
    targets = (1 + rho * (k - 1 + k * (np.asarray(reader_f) - 1) / n_targets)) / (1 - rho)
    return (targets - 1) / (targets + k - 1)


def implied_readers(icc, conf_low, conf_high, *, n_targets, n_readers):
    """Which readers can have this printed agreement ICC with this printed 95 % interval?

    Parameters
    ----------
    icc, conf_low, conf_high : str
        As printed; each stands for every value that rounds to it.
    n_targets, n_readers : int
        Targets and readers.

    Returns
    -------
    ImpliedReaders

    Notes
    -----
    A grid over the ICC within its rounding and over the reader F; a pair fits if both limits of
    McGraw and Wong's interval round to the printed ones.

    Examples
    --------
    >>> implied_readers("0.321", "0.14", "0.53", n_targets=30, n_readers=2).fits
    False
    >>> implied_readers("0.321", "0.14", "0.53", n_targets=30, n_readers=6).fits
    True

    So narrow an interval needs six readers; two cannot have it.
    """
    grid, ends = _agreement_grid(icc, n_targets, n_readers)
    inside = within_print(ends[0], conf_low) & within_print(ends[1], conf_high)
    if not inside.any():
        return ImpliedReaders(fits=False, reader_f=(np.nan,) * 2, consistency=(np.nan,) * 2)
    rho, reader_f = (values[inside] for values in grid)
    steady = consistency_of(rho, reader_f, n_targets=n_targets, n_readers=n_readers)
    return ImpliedReaders(
        fits=True,
        reader_f=(float(reader_f.min()), float(reader_f.max())),
        consistency=(float(steady.min()), float(steady.max())),
    )


def possible_values(printed, *, n_targets, n_readers):
    """What each of a printed ICC and its two limits can be, given the two others.

    Parameters
    ----------
    printed : sequence of str
        ICC, lower and upper 95 % limit, as printed.
    n_targets, n_readers : int
        Targets and readers.

    Returns
    -------
    list of (float, float)
        Smallest and largest value of each; NaN where the two others fit nothing.

    Examples
    --------
    >>> found = possible_values(["0.50", "0.26", "0.70"], n_targets=30, n_readers=3)
    >>> [round(end, 2) for end in found[0]]
    [0.49, 0.5]

    The limits alone fix the ICC to within two hundredths.
    """
    near = float(plain_bounds(printed[0])[0])
    rho = np.arange(max(near - 0.2, -0.5), min(near + 0.2, 0.99), 0.0005)
    rho, reader_f = (g.ravel() for g in np.meshgrid(rho, READER_F[::6]))
    ends = icc_interval(
        rho, "ICC(2,1)", n_targets=n_targets, n_readers=n_readers, reader_f=reader_f
    )
    values = (rho, *ends)
    fits = [within_print(value, text) for value, text in zip(values, printed, strict=True)]
    found = []
    for place, value in enumerate(values):
        others = np.logical_and.reduce([fit for i, fit in enumerate(fits) if i != place])
        kept = value[others] if others.any() else np.array([np.nan])
        found.append((float(kept.min()), float(kept.max())))
    return found


def narrowest_interval(icc, *, n_targets, n_readers):
    """Width of the narrowest 95 % interval that an agreement ICC of this size can have.

    Parameters
    ----------
    icc : str
        As printed.
    n_targets, n_readers : int
        Targets and readers.

    Returns
    -------
    float

    Examples
    --------
    >>> round(narrowest_interval("0.321", n_targets=30, n_readers=2), 2)
    0.6
    >>> round(narrowest_interval("0.321", n_targets=30, n_readers=6), 2)
    0.33

    Four more readers nearly halve what thirty patients leave open.
    """
    _, ends = _agreement_grid(icc, n_targets, n_readers)
    return float((ends[1] - ends[0]).min())


def standardised_limits(icc, reader_f, *, n_targets):
    """Limits of agreement of two readers in standard deviations of a single reading.

    Parameters
    ----------
    icc, reader_f : array_like
        Agreement ICC of two readers, and their mean square over the residual one.
    n_targets : int
        Targets.

    Returns
    -------
    DataFrame
        ``bias`` (without its sign) and ``half_width`` (1.96 SD of the differences), both over
        the pooled standard deviation of a reader's readings.

    Notes
    -----
    With residual mean square 1, target mean square b and reader mean square f the differences
    have variance 2 and mean ``√(2f/n)``; the readings of a reader have variance ``(b+1)/2`` on
    average. So the limits of a Bland–Altman plot are known up to scale and sign from a printed
    ICC and its interval.

    Examples
    --------
    >>> found = standardised_limits(0.5, 4.0, n_targets=30).round(2)
    >>> found.to_numpy().tolist()
    [[0.36, 1.91]]

    With an ICC of one half two readings of a patient may differ by nearly two of the standard
    deviations by which patients differ.
    """
    icc, reader_f = np.atleast_1d(np.asarray(icc, float)), np.atleast_1d(reader_f)
    targets = (1 + icc * (1 + 2 * (reader_f - 1) / n_targets)) / (1 - icc)
    spread = np.sqrt((targets + 1) / 2)
    half = stats.norm.ppf(0.975) * np.sqrt(2) / spread
    bias = np.sqrt(2 * reader_f / n_targets) / spread
    return pd.DataFrame({"bias": bias, "half_width": half})


def implied_by_table(table, *, n_targets, decimals=(3, 2)):
    """What each row of a table of printed agreement ICCs implies.

    Parameters
    ----------
    table : DataFrame
        ``icc, conf_low, conf_high`` and ``n_raters``.
    n_targets : int
        Targets of every row.
    decimals : tuple of int, default (3, 2)
        Decimals printed of the ICC and of its limits.

    Returns
    -------
    DataFrame
        Index of `table`; ``fits, reader_f_low, reader_f_high, consistency_low,
        consistency_high``.
    """
    cache, rows = {}, []
    for row in rows_as_printed(table, decimals):
        if row not in cache:
            *texts, k = row
            cache[row] = implied_readers(*texts, n_targets=n_targets, n_readers=k)
        found = cache[row]
        rows.append((found.fits, *found.reader_f, *found.consistency))
    columns = ["fits", "reader_f_low", "reader_f_high", "consistency_low", "consistency_high"]
    return pd.DataFrame(rows, columns=columns, index=table.index)


def rows_as_printed(table, decimals):
    """Rows as (icc, low, high) in print and the number of raters."""
    places = (decimals[0], decimals[1], decimals[1])
    for *values, k in table[["icc", "conf_low", "conf_high", "n_raters"]].to_numpy(float):
        texts = (f"{value:.{d}f}" for value, d in zip(values, places, strict=True))
        yield (*texts, int(k))


def _agreement_grid(icc, n, k):
    """ICC and reader F of every grid point, and the limits there."""
    rho = np.linspace(*map(float, plain_bounds(icc)), ICC_STEPS)
    grid = np.array([values.ravel() for values in np.meshgrid(rho, READER_F)])
    ends = icc_interval(grid[0], "ICC(2,1)", n_targets=n, n_readers=k, reader_f=grid[1])
    return grid, ends


def within_print(values, printed):
    """Which values round to a printed text; array of bool."""
    low, high = plain_bounds(printed)
    return (values >= float(low) - _NOISE) & (values <= float(high) + _NOISE)
