"""What did two sequences and an ADC map say of each lesion, as far as a paper prints it?

Vocabulary: a lesion is ``hyperintense`` or ``isointense`` on DWI and on synthetic DWI (``sdwi``),
and its ADC lies ``below`` or ``above`` the cut-off. Bright, or below the cut-off, is positive.
The *readings* are every cross-table of the three that fits the printed counts, for the malignant
and for the benign lesions.
"""

import itertools

import pandas as pd

from reanalysis.consistency.paired_tables import fitting_cross_tables
from reanalysis.consistency.percentages import counts_reaching
from reanalysis.diagnostic_accuracy import TwoByTwo
from reanalysis.paired_accuracy import PairedAccuracy
from reanalysis.paired_proportions import PairedCounts

FACTORS = {
    "dwi": ("hyperintense", "isointense"),
    "sdwi": ("hyperintense", "isointense"),
    "adc": ("below", "above"),
}
_POSITIVE = {factor: levels[0] for factor, levels in FACTORS.items()}
# Ways of reading: by which of the three being positive is a lesion called positive?
RULES = {
    "DWI alone": lambda seen: "dwi" in seen,
    "sDWI alone": lambda seen: "sdwi" in seen,
    "ADC alone": lambda seen: "adc" in seen,
    "sDWI; ADC settles the bright ones": lambda seen: {"sdwi", "adc"} <= seen,
    "sDWI; ADC settles the others": lambda seen: bool({"sdwi", "adc"} & seen),
    "DWI bright and ADC low": lambda seen: {"dwi", "adc"} <= seen,
    "two of the three": lambda seen: len(seen) >= len(FACTORS) - 1,
}


def two_by_two_of_each_sequence(signals):
    """The 2×2 table of each sequence, bright being positive.

    Parameters
    ----------
    signals : pandas.DataFrame
        Columns ``sequence, signal, pathology, n``.

    Returns
    -------
    dict of str to TwoByTwo
        By sequence, in the order of the table.

    Examples
    --------
    >>> from reanalysis.studies import load_study
    >>> tables = two_by_two_of_each_sequence(load_study("synthetic_dwi_breast").table("signals"))
    >>> f"{tables['sDWI'].sensitivity:.2f}"
    '0.91 (95% CI 0.83 to 0.96)'

    Nine in ten cancers were bright on the computed image.
    """
    found = {}
    for name, rows in signals.groupby("sequence", sort=False):
        n = rows.set_index(["pathology", "signal"])["n"]
        found[name] = TwoByTwo(
            tp=int(n["malignant", "hyperintense"]),
            fn=int(n["malignant", "isointense"]),
            fp=int(n["benign", "hyperintense"]),
            tn=int(n["benign", "isointense"]),
        )
    return found


def printed_counts(prose, lesions, adc_sensitivity):
    """Every printed count that says something of the cross-table of the three readings.

    Parameters
    ----------
    prose : pandas.DataFrame
        Counts given in sentences: ``pathology, dwi, sdwi, adc, n, source``; ``any`` sums over.
    lesions : pandas.DataFrame
        The misread lesions one by one: ``table, pathology, dwi, sdwi, marked_below_cutoff``. The
        lists are complete: every cancer that is not bright, every benign lesion that is bright
        on sDWI.
    adc_sensitivity : str
        Share of the malignant lesions below the cut-off, as printed (``"92.68%"``).

    Returns
    -------
    dict of str to dict
        By pathology: the counts by a name of each, as
        :func:`reanalysis.consistency.paired_tables.smallest_conflicts` takes them.

    Raises
    ------
    ValueError
        If the printed sensitivity fits no single count.
    """
    found = {}
    for pathology, rows in prose.groupby("pathology", sort=False):
        counts = {}
        for row in rows.to_dict("records"):
            levels = {name: row[name] for name in FACTORS if row[name] != "any"}
            counts[f"{row['source']}: {_words(levels)}"] = (levels, row["n"])
        listed = lesions[lesions["pathology"] == pathology]
        (seen,) = listed["sdwi"].unique()
        for dwi, adc in itertools.product(FACTORS["dwi"], FACTORS["adc"]):
            levels = {"dwi": dwi, "sdwi": seen, "adc": adc}
            marked = "yes" if adc == "below" else "no"
            here = (listed["dwi"] == dwi) & (listed["marked_below_cutoff"] == marked)
            counts[f"{listed['table'].iloc[0]}: {_words(levels)}"] = (levels, int(here.sum()))
        found[pathology] = counts
    total = found["malignant"][f"{prose['source'].iloc[0]}: all"][1]
    reached = counts_reaching(adc_sensitivity, total)
    if len(reached) != 1:
        raise ValueError(f"expected one count of {total} printed {adc_sensitivity}, got {reached}")
    found["malignant"]["sensitivity of ADC"] = ({"adc": "below"}, reached[0])
    return found


def reconstruct_readings(counts):
    """Every cross-table of DWI, sDWI and ADC that fits, by pathology.

    Parameters
    ----------
    counts : mapping of str to mapping
        As :func:`printed_counts` returns them.

    Returns
    -------
    dict of str to FittingCrossTables
    """
    return {
        pathology: fitting_cross_tables(FACTORS, list(given.values()))
        for pathology, given in counts.items()
    }


def paired(readings, first, second):
    """Two of the three readings as a paired comparison, where the fitting tables agree on it.

    Parameters
    ----------
    readings : mapping of str to FittingCrossTables
        As :func:`reconstruct_readings` returns them.
    first, second : str
        ``"dwi"``, ``"sdwi"`` or ``"adc"``.

    Returns
    -------
    PairedAccuracy

    Raises
    ------
    ValueError
        If the printed counts leave more than one cross-table of these two.
    """
    groups = {}
    for name, pathology in (("diseased", "malignant"), ("healthy", "benign")):
        cells = []
        for one, other in itertools.product(FACTORS[first], FACTORS[second]):
            low, high = readings[pathology].bounds(**{first: one, second: other})
            if low != high:
                raise ValueError(
                    f"{pathology} lesions, {first} {one} and {second} {other}: expected one "
                    f"count, the printed ones leave {low} to {high}"
                )
            cells.append(low)
        groups[name] = PairedCounts.of_cells(*cells)
    return PairedAccuracy(**groups)


def accuracy_of_rules(readings, rules=None):
    """What each way of combining the three readings would have done to these lesions.

    Parameters
    ----------
    readings : mapping of str to FittingCrossTables
        As :func:`reconstruct_readings` returns them.
    rules : mapping of str to callable, optional
        By name: whether a lesion is called positive, given the set of the readings (``"dwi"``,
        ``"sdwi"``, ``"adc"``) that are positive in it. ``RULES`` without it.

    Returns
    -------
    pandas.DataFrame
        Indexed by rule: ``tp_low, tp_high, fp_low, fp_high, correct_low, correct_high``, the
        smallest and largest count over all fitting tables.
    """
    rows = {}
    for name, rule in (RULES if rules is None else rules).items():
        tp, fp = (_positives(readings[p].tables, rule) for p in ("malignant", "benign"))
        n_benign = int(readings["benign"].tables.iloc[0].sum())
        correct = tp.min() + n_benign - fp.max(), tp.max() + n_benign - fp.min()
        rows[name] = (tp.min(), tp.max(), fp.min(), fp.max(), *correct)
    columns = ["tp_low", "tp_high", "fp_low", "fp_high", "correct_low", "correct_high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("rule")


def best_possible_rule(readings):
    """How many lesions the best of all rules on the three readings classifies correctly.

    Parameters
    ----------
    readings : mapping of str to FittingCrossTables
        As :func:`reconstruct_readings` returns them.

    Returns
    -------
    low, high : int
        Over all fitting tables. A rule chosen on the lesions it is judged by: an upper limit.

    Notes
    -----
    Three yes-or-no readings allow 256 rules; the best one calls each of the eight patterns
    whatever most of its lesions are.
    """
    best = [
        sum(max(a, b) for a, b in zip(malignant, benign, strict=True))
        for malignant in readings["malignant"].tables.to_numpy()
        for benign in readings["benign"].tables.to_numpy()
    ]
    return int(min(best)), int(max(best))


def _positives(tables, rule):
    """How many lesions a rule calls positive, in each fitting table."""
    seen = [
        {factor for factor, level in zip(FACTORS, cell, strict=True) if level == _POSITIVE[factor]}
        for cell in tables.columns
    ]
    return tables.loc[:, [bool(rule(positive)) for positive in seen]].sum(axis=1)


def _words(levels):
    return ", ".join(f"{factor} {level}" for factor, level in levels.items()) or "all"
