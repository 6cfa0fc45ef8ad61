"""What does a threshold on a perfusion ratio tell, when only medians and ranges are printed?

Lesions treated by radiosurgery grow again: *recurrence* or *necrosis*. A ratio below the threshold
calls a lesion necrosis. A recurrence below it is *missed*, one at or above it *found*.
"""

from itertools import product

import pandas as pd
from scipy import stats

from reanalysis.consistency.median_counts import counts_reaching_threshold
from reanalysis.consistency.printed_bounds import plain_bounds
from reanalysis.diagnostic_accuracy import TwoByTwo, proportion
from reanalysis.median_range_samples import MedianRange

RATIOS = ("rKtrans", "rVP")


def printed_group(ratios, time, group, ratio, place="Abstract"):
    """One printed row of ``data/srs_perfusion/ratios.csv``.

    Parameters
    ----------
    ratios : pandas.DataFrame
        The table.
    time, group, ratio, place : str
        Values of its columns.

    Returns
    -------
    Series
        With ``value``, ``low`` and ``high`` as text.

    Raises
    ------
    KeyError
        If there is no such row.
    """
    keys = ["place", "time", "group", "ratio"]
    return ratios.set_index(keys).sort_index().loc[(place, time, group, ratio)]


def median_range(ratios, group, ratio, n, time="at progression"):
    """A printed group as numbers.

    Parameters
    ----------
    ratios, group, ratio, time
        As for :func:`printed_group`.
    n : int
        Size of the group.

    Returns
    -------
    MedianRange
    """
    row = printed_group(ratios, time, group, ratio)
    return MedianRange(n=n, median=float(row.value), low=float(row.low), high=float(row.high))


def possible_counts(ratios, sizes, threshold, *, statistic="median", distrusted=()):
    """How many lesions of each group may reach the threshold.

    Parameters
    ----------
    ratios : pandas.DataFrame
        As in ``data/srs_perfusion/ratios.csv``.
    sizes : dict of str to int
        Lesions per group: ``recurrence``, ``necrosis``, ``recurrence missed``,
        ``recurrence found``.
    threshold : float
        Of the ratio.
    statistic : {"median", "mean"}
        How the values before treatment, whose kind is not printed, are read.
    distrusted : sequence of (str, str)
        Groups and ratios whose printed range is not used.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``time``, ``group``, ``ratio``: ``n`` and ``at_or_above`` (list of counts).
    """
    rows = []
    abstract = ratios[(ratios["place"] == "Abstract") & ratios["group"].isin(sizes)]
    for row in abstract.itertuples():
        n = sizes[row.group]
        low, high = (None, None) if (row.group, row.ratio) in distrusted else (row.low, row.high)
        kind = "median" if row.statistic == "median" else statistic
        found = counts_reaching_threshold(
            n, value=row.value, low=low, high=high, threshold=threshold, statistic=kind
        )
        rows.append((row.time, row.group, row.ratio, n, found))
    columns = ["time", "group", "ratio", "n", "at_or_above"]
    return pd.DataFrame(rows, columns=columns).set_index(columns[:3]).sort_index()


def possible_tables(counts, missed):
    """Every 2×2 table of the rule "below the threshold means necrosis".

    Parameters
    ----------
    counts : pandas.DataFrame
        As :func:`possible_counts` returns it.
    missed : int or None
        Recurrences below the threshold, if they were counted by this ratio; with None every
        number that the median allows is listed.

    Returns
    -------
    pandas.DataFrame
        One row per ratio and table: ``ratio, tp, fp, fn, tn``, ``sensitivity``,
        ``specificity``, both predictive values and likelihood ratios.
    """
    rows = []
    for ratio in RATIOS:
        sick = counts.loc[("at progression", "recurrence", ratio)]
        healthy = counts.loc[("at progression", "necrosis", ratio)]
        if missed is None:
            found = sick.at_or_above
        else:
            found = [tp for tp in sick.at_or_above if tp == sick.n - missed]
        for tp, fp in product(found, healthy.at_or_above):
            cells = {"tp": tp, "fp": fp, "fn": sick.n - tp, "tn": healthy.n - fp}
            rows.append({"ratio": ratio, **cells, **_measures(TwoByTwo(**cells))})
    return pd.DataFrame(rows)


def _measures(table):
    names = ["sensitivity", "specificity", "positive_predictive_value"]
    names += ["negative_predictive_value"]
    names += ["likelihood_ratio_positive", "likelihood_ratio_negative"]
    return {name: getattr(table, name).estimate for name in names}


def low_before(counts):
    """How many missed and found recurrences can have been below the threshold before treatment.

    Parameters
    ----------
    counts : pandas.DataFrame
        As :func:`possible_counts` returns it.

    Returns
    -------
    pandas.DataFrame
        One row per ratio and pair of counts: ``ratio, missed_low, missed_n, found_low,
        found_n``, ``difference`` (share among the missed minus the found) and ``p_value``
        (Fisher's exact test, two-sided).
    """
    rows = []
    for ratio in RATIOS:
        missed, found = (counts.loc[("before", f"recurrence {w}", ratio)]
                         for w in ("missed", "found"))  # fmt: skip
        for high, other in product(missed.at_or_above, found.at_or_above):
            a, b = missed.n - high, found.n - other
            p_value = stats.fisher_exact([[a, missed.n - a], [b, found.n - b]]).pvalue
            share = a / missed.n - b / found.n
            rows.append((ratio, a, missed.n, b, found.n, share, p_value))
    columns = ["ratio", "missed_low", "missed_n", "found_low", "found_n", "difference", "p_value"]
    return pd.DataFrame(rows, columns=columns)


def trusted_negatives(counts, tables):
    """Recurrences among the negatives that the proposal would trust.

    The proposal: distrust a ratio below the threshold if the lesion was below it before
    treatment as well. What is left are lesions that were above before and are below now.

    Parameters
    ----------
    counts : pandas.DataFrame
        As :func:`possible_counts` returns it.
    tables : pandas.DataFrame
        As :func:`possible_tables` returns it.

    Returns
    -------
    pandas.DataFrame
        By ratio: ``recurrences`` (fewest), ``necroses`` (most) among the trusted negatives and
        ``share`` (smallest share of recurrences).
    """
    rows = {}
    for ratio in RATIOS:
        fewest = min(counts.loc[("before", "recurrence missed", ratio)].at_or_above)
        most = int(tables.loc[tables["ratio"] == ratio, "tn"].max())
        rows[ratio] = (fewest, most, fewest / (fewest + most))
    columns = ["recurrences", "necroses", "share"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("ratio")


def necroses_at_most(ratios, sizes, ratio):
    """Fewest necroses at or below the median of all lesions before treatment.

    Parameters
    ----------
    ratios, sizes
        As for :func:`possible_counts`; the whole cohort is taken to be all lesions in ``sizes``.
    ratio : str
        Which ratio.

    Returns
    -------
    fewest : int
        At least half of all lesions lie at or below their median; those that the recurrences
        cannot supply are necroses.
    middle : float
        The upper end of the rounding of the median of all lesions.
    """
    whole = printed_group(ratios, "before", "cohort", ratio)
    middle = float(plain_bounds(whole.value)[1])
    n = sizes["recurrence"] + sizes["necrosis"]
    supplied = 0
    for group in ("recurrence missed", "recurrence found"):
        row = printed_group(ratios, "before", group, ratio)
        above = counts_reaching_threshold(
            sizes[group], value=row.value, low=row.low, high=row.high, threshold=middle * (1 + 1e-9)
        )
        supplied += sizes[group] - min(above)
    return max(n // 2 - supplied, 0), middle


def corrected_for_selection(table, shares):
    """Sensitivity and specificity if negatives are operated on less often than positives.

    Parameters
    ----------
    table : TwoByTwo
        Of the lesions that were operated on.
    shares : sequence of float
        How often a lesion below the threshold is operated on, for each at or above it, 0–1.

    Returns
    -------
    pandas.DataFrame
        By ``share``: ``sensitivity`` and ``specificity`` of all lesions.

    Raises
    ------
    ValueError
        If a share is not above 0.

    Notes
    -----
    The method of Begg and Greenes: negatives count once for each that would have been operated
    on. It assumes that the choice depends on the test result alone.

    References
    ----------
    Begg CB, Greenes RA. Biometrics 1983;39:207–215.

    Examples
    --------
    >>> table = TwoByTwo(tp=8, fp=1, fn=6, tn=7)
    >>> corrected_for_selection(table, [1, 0.5]).round(2)["sensitivity"].tolist()
    [0.57, 0.4]

    If only every other negative is operated on, four in ten recurrences are found, not six.
    """
    if not all(share > 0 for share in shares):
        raise ValueError(f"expected shares above 0, got {shares!r}")
    rows = [
        (s, table.tp / (table.tp + table.fn / s), (table.tn / s) / (table.tn / s + table.fp))
        for s in shares
    ]
    return pd.DataFrame(rows, columns=["share", "sensitivity", "specificity"]).set_index("share")


def low_before_extremes(low):
    """The counts most for and most against the hypothesis, as proportions for a forest plot.

    Parameters
    ----------
    low : pandas.DataFrame
        As :func:`low_before` returns it.

    Returns
    -------
    pandas.DataFrame
        Columns ``label, events, total, estimate, conf_low, conf_high, published`` (missing) and
        ``case``; exact intervals.
    """
    rows = []
    for ratio, group in low.groupby("ratio", sort=False):
        ends = {"most for it": group["difference"].idxmax()}
        ends["most against it"] = group["difference"].idxmin()
        for case, place in ends.items():
            row = group.loc[place]
            for later, kind in (("low", "missed"), ("high", "found")):
                events, total = int(row[f"{kind}_low"]), int(row[f"{kind}_n"])
                found = proportion(events, total)
                label = f"{ratio}, later {later}: {case}"
                ends_of = (found.estimate, found.conf_low, found.conf_high)
                rows.append((label, events, total, *ends_of, float("nan"), case))
    columns = ["label", "events", "total", "estimate", "conf_low", "conf_high", "published", "case"]
    return pd.DataFrame(rows, columns=columns)
