"""Which printed counts and P values follow from the other printed counts of a signal study?

Each function returns values by the ends of their claim ids, so that a chapter posts them to its
ledger in one call. Vocabulary as in :mod:`reanalysis.signal_readings`; ``bright`` is hyperintense.
"""

import pandas as pd

from reanalysis.alternatives.proportion_interval import proportion_interval_variants
from reanalysis.alternatives.r_by_c_tests import r_by_c_variants
from reanalysis.alternatives.two_by_two_tests import two_by_two_variants
from reanalysis.diagnostic_accuracy import proportion
from reanalysis.estimates import estimate_table

BRIGHT, DARK = "hyperintense", "isointense"


def counts_of_readings(readings):
    """Every count that the sentences print, from the reconstructed cross-tables.

    Parameters
    ----------
    readings : mapping of str to FittingCrossTables
        As :func:`reanalysis.signal_readings.reconstruct_readings` returns them.

    Returns
    -------
    dict of str to int
        ``malignant.dwi.hyperintense`` and so on.

    Raises
    ------
    ValueError
        If the fitting tables do not agree on one of the counts.
    """
    found = {}
    for group in readings:
        for sequence in ("dwi", "sdwi"):
            for signal in (BRIGHT, DARK):
                found[f"{group}.{sequence}.{signal}"] = {sequence: signal}
    found = {name: (name.split(".")[0], levels) for name, levels in found.items()}
    only = {"dwi": DARK, "sdwi": BRIGHT}
    both = {"dwi": BRIGHT, "sdwi": BRIGHT}
    found |= {
        "malignant.sdwi_only": ("malignant", only),
        "malignant.sdwi_only.restricted": ("malignant", only | {"adc": "below"}),
        "malignant.neither": ("malignant", {"dwi": DARK, "sdwi": DARK}),
        "benign.sdwi_only": ("benign", only),
        "benign.both": ("benign", both),
        "benign.both.below": ("benign", both | {"adc": "below"}),
        "benign.both.above": ("benign", both | {"adc": "above"}),
        "benign.adc.below": ("benign", {"adc": "below"}),
    }
    return {name: the_count(readings[group], **levels) for name, (group, levels) in found.items()}


def the_count(tables, **levels):
    """The count at some levels on which all fitting tables agree.

    Parameters
    ----------
    tables : FittingCrossTables
        One group of lesions.
    **levels : str
        Level by reading.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If they do not agree.
    """
    low, high = tables.bounds(**levels)
    if low != high:
        raise ValueError(f"expected one count at {levels}, the tables allow {low} to {high}")
    return low


def shares_of_lesions(signals, density, size, diagnoses, readers):
    """Every share that Tables 1, 3, 5 and 6 and the lists of diagnoses print.

    Parameters
    ----------
    signals, density, size, diagnoses, readers : pandas.DataFrame
        The transcribed tables of those names.

    Returns
    -------
    dict of str to float
        0–1, by claim id.
    """
    n = signals[signals["sequence"] == "DWI"].groupby("pathology")["n"].sum()
    found = {f"table1.{group}.percent": count / n.sum() for group, count in n.items()}
    for row in size.itertuples():
        pattern = row.enhancement.replace("-", "_")
        found[f"table1.{row.pathology}.{pattern}.percent"] = row.n / n[row.pathology]
    for row in diagnoses.itertuples():
        name = row.diagnosis.replace(" ", "_")
        found[f"results.diagnoses.{name}"] = row.n / n[row.pathology]
    for row in signals.itertuples():
        start = f"{row.sequence.lower()}.{row.signal}"
        found[f"table3.{start}.{row.pathology}"] = row.n / n[row.pathology]
    by_type = density.groupby(["sequence", "density"])["n"].transform("sum")
    for row, total in zip(density.itertuples(), by_type, strict=True):
        name = f"table5.{row.sequence.lower()}.{row.signal}.{row.density.lower()}"
        found[name] = row.n / total
    by_reader = readers.groupby("reader")["n"].transform("sum")
    for row, total in zip(readers.itertuples(), by_reader, strict=True):
        name = row.reader.lower().replace(" ", "_")
        found[f"table6.{name}.{row.signal}"] = row.n / total
    return found


def rules_of_missed_lesions(missed, cutoff):
    """What the text says in number words of the cancers that are not bright on sDWI.

    Parameters
    ----------
    missed : pandas.DataFrame
        Those lesions: ``diagnosis, dwi, adc, marked_below_cutoff``.
    cutoff : float
        ADC cut-off.

    Returns
    -------
    dict of str to bool
        Whether each statement holds.
    """
    kind, marked = missed["diagnosis"], missed["marked_below_cutoff"] == "yes"
    triple = missed.loc[kind == "Triple-negative IDC", "adc"]
    return {
        "n": len(missed) == 7,
        "dcis": int((kind == "DCIS").sum()) == 4,
        "idc": int(kind.str.contains("IDC").sum()) == 3,
        "axilla": int((kind == "Luminal B IDC").sum()) == 2,
        "dwi_isointense": int((missed["dwi"] == DARK).sum()) == 6,
        "restricted": int(marked.sum()) == 3,
        "not_restricted": int((~marked).sum()) == 4,
        "triple_negative": bool((triple < cutoff).all()),
    }


def interval_limits_by_method(tables):
    """Limits of sensitivity and specificity of each test, by every method of an interval.

    Parameters
    ----------
    tables : mapping of str to TwoByTwo
        By test.

    Returns
    -------
    dict of str to pandas.DataFrame
        By method: rows are tests, columns ``sensitivity.low`` and so on.
    """
    rows = []
    for test, x in tables.items():
        counts = {"sensitivity": (x.tp, x.tp + x.fn), "specificity": (x.tn, x.tn + x.fp)}
        for quantity, (events, total) in counts.items():
            found = proportion_interval_variants(events, total)
            for row in found.itertuples():
                rows.append((row.method, test, f"{quantity}.low", row.conf_low))
                rows.append((row.method, test, f"{quantity}.high", row.conf_high))
    frame = pd.DataFrame(rows, columns=["method", "test", "limit", "value"])
    return {
        method: part.pivot(index="test", columns="limit", values="value")
        for method, part in frame.groupby("method", sort=False)
    }


def tables_by_density(density, signals):
    """Signal by breast density for each sequence, the category left out of the table put back.

    Parameters
    ----------
    density : pandas.DataFrame
        ``sequence, signal, density, n`` as printed, without type A.
    signals : pandas.DataFrame
        ``sequence, signal, pathology, n`` of all lesions.

    Returns
    -------
    dict of str to pandas.DataFrame
        By sequence: rows are signals, columns the categories, ``A`` first.
    """
    found = {}
    for sequence, rows in density.groupby("sequence", sort=False):
        table = rows.pivot(index="signal", columns="density", values="n")
        everything = signals[signals["sequence"] == sequence].groupby("signal")["n"].sum()
        table.insert(0, "A", everything.loc[table.index] - table.sum(axis=1))
        found[sequence] = table
    return found


def p_values_by_density(tables):
    """P of signal against density by every test, with type A left out and kept.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        As :func:`tables_by_density` returns them.

    Returns
    -------
    pandas.DataFrame
        Rows ``method, n categories``, one column per sequence; missing where the totals leave
        type A a negative count, as they do once somebody changes one of them.
    """
    columns = {}
    for sequence, table in tables.items():
        found = {}
        for words, part in (("three", table.drop(columns="A")), ("four", table)):
            if (part < 0).any(axis=None):  # counts that contradict each other have no test
                continue
            variants = r_by_c_variants(part).set_index("method")["p_value"]
            found |= {f"{method}, {words} categories": p for method, p in variants.items()}
        columns[sequence] = found
    return pd.DataFrame(columns)


def bright_shares(tables):
    """Share of bright lesions (%) by sequence and density, as a forest takes it.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        As :func:`tables_by_density` returns them.

    Returns
    -------
    pandas.DataFrame
        ``label, source, estimate, conf_low, conf_high``; exact intervals; type A left out.
    """
    rows = []
    for sequence, table in tables.items():
        for category, counts in table.drop(columns="A").items():
            share = proportion(counts[BRIGHT], counts.sum())
            rows.append((f"{sequence}, type {category}", "recomputed", share))
    return estimate_table(rows, per=100)


def size_comparisons(small, false_alarms, readings):
    """Bright or not against size: lesions below 1 cm and larger ones.

    Parameters
    ----------
    small : pandas.Series
        Lesions below 1 cm, indexed by ``pathology`` and ``seen_on``.
    false_alarms : pandas.DataFrame
        The benign lesions bright on sDWI: ``diameter_mm, dwi``. They replace the printed count of
        those bright on both sequences.
    readings : mapping of str to FittingCrossTables
        As :func:`reanalysis.signal_readings.reconstruct_readings` returns them.

    Returns
    -------
    pandas.DataFrame
        Indexed by comparison: events and totals of the small and of the larger lesions, and the
        P value of Fisher's test.
    """
    n = {group: the_count(tables) for group, tables in readings.items()}
    benign, malignant = small["benign"], small["malignant"]
    listed = false_alarms[false_alarms["diameter_mm"] < 10]
    both = int((listed["dwi"] == BRIGHT).sum())
    seen = {
        "malignant, bright on DWI": malignant["all"] - malignant["not DWI"],
        "malignant, bright on sDWI": malignant["all"],
        "benign, bright on DWI": benign["DWI only"] + both,
        "benign, bright on sDWI": len(listed),
        "benign, bright on neither": benign["neither"],
    }
    rows = {}
    for name, events in seen.items():
        group, sequence = name.split(", ")[0], name.split()[-1].lower()
        levels = {sequence: BRIGHT} if sequence != "neither" else {"dwi": DARK, "sdwi": DARK}
        total, everybody = small[group]["all"], the_count(readings[group], **levels)
        counts = (events, total, everybody - events, n[group] - total)
        keys = ("first_events", "first_total", "second_events", "second_total")
        variants = two_by_two_variants(**dict(zip(keys, map(int, counts), strict=True)))
        p_values = variants.set_index("method")["p_value"]
        rows[name] = (*counts, p_values["Fisher, minimum likelihood"])
    columns = ["small_events", "small_total", "larger_events", "larger_total", "p_value"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("lesions")
