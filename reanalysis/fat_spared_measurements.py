"""What do the printed summaries of fat and signal allow, in a liver and in its spared areas?

Vocabulary: *summaries* are the printed means, medians and ranges of measurements, as text, by
``quantity`` (``fat_fraction``, ``precontrast``, ``hepatobiliary``, ``enhancement``), ``tissue``
(``liver``, ``spared``) and ``statistic``.
"""

import numpy as np
import pandas as pd

from reanalysis.consistency.difference_summaries import PrintedPairs, pair_bounds
from reanalysis.consistency.printed_bounds import plain_bounds
from reanalysis.consistency.ratio_summaries import (
    STATISTICS,
    PrintedChange,
    extreme_bounds,
    mean_bounds,
)
from reanalysis.signal_ratios import (
    LARGEST_FAT_FRACTION,
    contrast_without_fat_signal,
    spoiled_echo_weight,
    without_t1_weighting,
)

# The names of the three measurements, by what they are to a relative change.
_CHANGE = {"before": "precontrast", "after": "hepatobiliary", "change": "enhancement"}


def printed_change(summaries, tissue, n):
    """The printed signals and enhancement of one tissue, ready for checks.

    Parameters
    ----------
    summaries : pandas.DataFrame
        Columns ``quantity``, ``tissue``, ``statistic`` and ``printed``.
    tissue : str
        ``"liver"`` or ``"spared"``.
    n : int
        Patients or areas summarised.

    Returns
    -------
    PrintedChange
    """
    parts = {role: _texts(summaries, name, tissue) for role, name in _CHANGE.items()}
    return PrintedChange(n=n, **parts)


def printed_pairs(summaries, n):
    """The printed fat fractions of liver and areas and of their difference.

    Parameters
    ----------
    summaries : pandas.DataFrame
        As for :func:`printed_change`.
    n : int
        Patients or areas summarised, odd.

    Returns
    -------
    PrintedPairs
    """
    first, second = (_texts(summaries, "fat_fraction", t) for t in ("liver", "spared"))
    difference = _texts(summaries, "delta_fat_fraction", "liver minus spared")
    return PrintedPairs(first=first, second=second, difference=difference, n=n)


def bounds_of_summaries(summaries, sizes):
    """Where every printed summary must lie, given the others, for any of some sample sizes.

    Parameters
    ----------
    summaries : pandas.DataFrame
        As for :func:`printed_change`.
    sizes : sequence of int
        Numbers of patients or areas that could have been summarised.

    Returns
    -------
    pandas.DataFrame
        Index: path of the number (``"enhancement.liver.mean"``); columns ``low``, ``high`` (as
        proportions where the print is in per cent), widest over the sizes.
    """
    found = []
    for n in sizes:
        for tissue in ("liver", "spared"):
            printed = printed_change(summaries, tissue, n)
            for role, row in mean_bounds(printed).iterrows():
                found.append((f"{_CHANGE[role]}.{tissue}.mean", row["low"], row["high"]))
            for (role, statistic), row in extreme_bounds(printed).iterrows():
                path = f"{_CHANGE[role]}.{tissue}.{statistic}"
                found.append((path, row["low"], row["high"]))
        found += _fat_bounds(printed_pairs(summaries, n))
    frame = pd.DataFrame(found, columns=["path", "low", "high"])
    return frame.groupby("path", sort=False).agg({"low": "min", "high": "max"})


def contrast_before_and_after(summaries):
    """How much brighter are the areas than the liver, before and after the contrast agent?

    Parameters
    ----------
    summaries : pandas.DataFrame
        As for :func:`printed_change`.

    Returns
    -------
    pandas.DataFrame
        Two routes from the printed means (of the signals; of the enhancements), columns
        ``before``, ``after`` (ratios of areas to liver) and ``share_before`` (of the logarithm
        of the ratio after).
    """
    mean = {
        (row.quantity, row.tissue): float(row.printed)
        for row in summaries.itertuples()
        if row.statistic == "mean"
    }
    ratio = {q: mean[q, "spared"] / mean[q, "liver"] for q in ("precontrast", "hepatobiliary")}
    gain = (1 + mean["enhancement", "spared"]) / (1 + mean["enhancement", "liver"])
    before = ratio["precontrast"]
    rows = {
        "mean signals before and after": (before, ratio["hepatobiliary"]),
        "mean signals before, mean enhancements": (before, before * gain),
    }
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["before", "after"])
    return frame.assign(share_before=np.log(frame["before"]) / np.log(frame["after"]))


def fat_without_t1_weighting(spared, liver, *, fat_t1_ms, water_t1_ms, **scan):
    """What the printed fat fractions would be among protons, for assumed relaxation times.

    Parameters
    ----------
    spared, liver : float
        Fat fractions, 0–0.5.
    fat_t1_ms, water_t1_ms : sequence of float
        Relaxation times to try.
    **scan
        ``repetition_time_ms`` and ``flip_angle_degrees``.

    Returns
    -------
    pandas.DataFrame
        One row per pair of times: ``fat_to_water`` weight, ``liver`` and ``spared`` fractions,
        and the ``contrast`` of areas to liver that the missing signal of fat alone would make.
    """
    rows = []
    for fat in fat_t1_ms:
        for water in water_t1_ms:
            weight = spoiled_echo_weight(fat, **scan) / spoiled_echo_weight(water, **scan)
            shares = [float(without_t1_weighting(f, weight)) for f in (liver, spared)]
            contrast = contrast_without_fat_signal(liver=shares[0], spared=shares[1])
            rows.append((fat, water, weight, *shares, contrast))
    columns = ["fat_t1_ms", "water_t1_ms", "fat_to_water", "liver", "spared", "contrast"]
    return pd.DataFrame(rows, columns=columns)


def _texts(summaries, quantity, tissue):
    rows = summaries[(summaries["quantity"] == quantity) & (summaries["tissue"] == tissue)]
    return dict(zip(rows["statistic"], rows["printed"], strict=True))


def _fat_bounds(printed):
    """Means and median by programme; extremes by what a patient at the extreme implies."""
    names = {
        "first.mean": "fat_fraction.liver.mean",
        "second.mean": "fat_fraction.spared.mean",
        "difference.median": "fat_fraction.delta.median",
    }
    table = pair_bounds(printed)
    rows = [
        (path, table.at[n, "low"] / 100, table.at[n, "high"] / 100) for n, path in names.items()
    ]
    ends = {}
    for name in ("first", "second", "difference"):
        for statistic in STATISTICS[1:]:
            bounds = plain_bounds(getattr(printed, name)[statistic])
            ends[name, statistic] = [float(bound) / 100 for bound in bounds]
    liver_min, liver_max = ends["first", "minimum"], ends["first", "maximum"]
    area_min, area_max = ends["second", "minimum"], ends["second", "maximum"]
    gap_min, gap_max = ends["difference", "minimum"], ends["difference", "maximum"]
    limits = {
        "liver.minimum": (area_min[0] + gap_min[0], area_max[1] + gap_min[1]),
        "liver.maximum": (area_min[0] + gap_max[0], area_max[1] + gap_max[1]),
        "spared.minimum": (liver_min[0] - gap_max[1], liver_min[1] - gap_min[0]),
        "spared.maximum": (liver_max[0] - gap_max[1], liver_max[1] - gap_min[0]),
        "delta.minimum": (liver_min[0] - area_max[1], liver_min[1] - area_min[0]),
        "delta.maximum": (liver_max[0] - area_max[1], liver_max[1] - area_min[0]),
    }
    for name, (low, high) in limits.items():
        most = LARGEST_FAT_FRACTION
        rows.append((f"fat_fraction.{name}", min(max(low, 0), most), min(max(high, 0), most)))
    return rows
