"""How do areas without fat look in a fatty liver, phase by phase, and what can nine patients show?

Vocabulary: an *area* is a fat-spared area; the paper names *segments* with areas, and *signals* of
the areas relative to the liver, both patient by patient. *Summaries* are the printed means,
medians and ranges of measurements, as text.
"""

import numpy as np
import pandas as pd

from reanalysis.diagnostic_accuracy import proportion

SEQUENCES = ("T2", "T1", "arterial", "portal", "delayed", "hepatobiliary")
SIGNALS = ("hypointense", "isointense", "hyperintense")
SEGMENTS = tuple(range(1, 9))


def segment_map(segments):
    """Which patient has an area in which segment?

    Parameters
    ----------
    segments : pandas.DataFrame
        Columns ``patient`` and ``segment``, one row per segment named.

    Returns
    -------
    pandas.DataFrame of bool
        One row per patient, one column per segment 1–8.
    """
    named = pd.crosstab(segments["patient"], segments["segment"]) > 0
    return named.reindex(columns=SEGMENTS, fill_value=False)


def signal_map(signals):
    """Signal of the areas, patient by sequence.

    Parameters
    ----------
    signals : pandas.DataFrame
        Columns ``patient``, ``sequence`` and ``signal``.

    Returns
    -------
    pandas.DataFrame of str
        One row per patient, columns in the order of ``SEQUENCES``.
    """
    return signals.pivot(index="patient", columns="sequence", values="signal")[list(SEQUENCES)]


def patients_by_signal(signals):
    """How many patients have which signal in which sequence?

    Parameters
    ----------
    signals : pandas.DataFrame
        As for :func:`signal_map`.

    Returns
    -------
    pandas.DataFrame of int
        One row per sequence, one column per signal.
    """
    counts = pd.crosstab(signals["sequence"], signals["signal"])
    return counts.reindex(index=SEQUENCES, columns=SIGNALS, fill_value=0)


def shares_by_signal(counts, printed=None):
    """Each signal's share of the patients, with its exact interval.

    Parameters
    ----------
    counts : pandas.DataFrame
        As :func:`patients_by_signal` returns it.
    printed : mapping of (str, str) to float, optional
        Published proportions (0–1) by sequence and signal; with it only signals that occur, or
        are printed, are listed.

    Returns
    -------
    pandas.DataFrame
        Columns ``label``, ``events``, ``total``, ``estimate``, ``conf_low``, ``conf_high`` and
        ``published``, as :func:`reanalysis.plots.proportion_forest.proportion_forest` needs.
    """
    published = dict(printed or {})
    rows = []
    for sequence, row in counts.iterrows():
        for signal, events in row.items():
            if events == 0 and (sequence, signal) not in published:
                continue
            share = proportion(int(events), int(row.sum()))
            limits = (share.estimate, share.conf_low, share.conf_high)
            value = published.get((sequence, signal), np.nan)
            label = f"{sequence}: {signal}"
            rows.append((label, int(events), int(row.sum()), *limits, value))
    columns = ["label", "events", "total", "estimate", "conf_low", "conf_high", "published"]
    return pd.DataFrame(rows, columns=columns)


def first_brighter(signals):
    """In which sequence, in the order of the examination, are the areas first hyperintense?

    Parameters
    ----------
    signals : pandas.DataFrame
        As for :func:`signal_map`.

    Returns
    -------
    pandas.Series
        Patients by sequence, from the precontrast image on, and ``never``.
    """
    bright = (signal_map(signals)[list(SEQUENCES[1:])] == "hyperintense").assign(never=True)
    return bright.idxmax(axis=1).value_counts().reindex(bright.columns, fill_value=0)


def patients_needed(least, conf_level=0.95):
    """How many patients without an exception exclude a true share below ``least``?

    Parameters
    ----------
    least : float
        Share, above 0 and below 1.
    conf_level : float, default 0.95
        Of the exact two-sided interval.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If the share is not between 0 and 1.

    Examples
    --------
    >>> patients_needed(0.9), patients_needed(0.95)
    (36, 72)

    Nine of nine says "two in three at least"; "nine in ten at least" takes 36 of 36.
    """
    if not 0 < least < 1:
        raise ValueError(f"expected a share above 0 and below 1, got {least!r}")
    return int(np.ceil(np.log((1 - conf_level) / 2) / np.log(least)))


def signs_by_lesion(lesion_signs):
    """What is said of each lesion in each sequence, in a few words.

    Parameters
    ----------
    lesion_signs : pandas.DataFrame
        Columns ``lesion``, ``sequence``, ``sign``, ``patients`` (text, may be empty).

    Returns
    -------
    pandas.DataFrame of str
        One row per sequence, one column per lesion in the order of the table; empty where
        nothing is said.
    """
    seen = lesion_signs["patients"].map(lambda number: f" ({number} seen)" if number else "")
    words = lesion_signs.assign(words=lesion_signs["sign"] + seen)
    joined = words.groupby(["sequence", "lesion"], sort=False)["words"].agg("; ".join)
    order = list(dict.fromkeys(lesion_signs["lesion"]))
    return joined.unstack().reindex(index=SEQUENCES, columns=order).fillna("")
