"""Once the counts behind an abstract are found: what do they say, read in each possible way?

Follows :mod:`reanalysis.sign_resection_margin`, whose vocabulary it shares: ``with`` and
``without`` a sign; ``_n`` patients counted, ``_first`` resected, ``_second`` with a clear margin.
"""

import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from reanalysis.alternatives.mcnemar_tests import mcnemar_variants
from reanalysis.alternatives.two_by_two_tests import two_by_two_variants
from reanalysis.consistency.nested_percentages import COLUMNS, fisher_p_values
from reanalysis.diagnostic_accuracy import TwoByTwo, proportion
from reanalysis.estimates import Estimate
from reanalysis.sign_resection_margin import PAIRED, names_of

# Numbers that counts of the outcomes can have, in the order in which the abstract prints them.
OUTCOME_ROLES = (
    "resected_with", "resected_without", "resected_p", "clear_with", "clear_without", "clear_p",
    "ppv", "npv",
)  # fmt: skip


def sets_left(found, printed, roles=OUTCOME_ROLES):
    """How many sets of counts are left after each printed number?

    Parameters
    ----------
    found : SignFits
        As :func:`reanalysis.sign_resection_margin.sign_fits` returns it.
    printed : dict
        As :func:`reanalysis.sign_resection_margin.printed_statements` returns it.
    roles : sequence of str
        Printed numbers in the order in which they are used.

    Returns
    -------
    pandas.DataFrame
        Columns ``number`` and ``sets_left``; the first row is before any number of the outcomes
        is used, the second allows no more patients than were scored with and without the sign.
    """
    keep = pd.Series(data=True, index=found.outcomes.index)
    rows = [("none: every set of counts", int(keep.sum()))]
    keep &= _sized(found.outcomes, printed)
    names = names_of(printed)
    rows.append((names["mri"], int(keep.sum())))
    for role in roles:
        keep &= found.outcomes[names[role]]
        rows.append((names[role], int(keep.sum())))
    return pd.DataFrame(rows, columns=["number", "sets_left"])


def best_counts(found, printed):
    """The sets of counts that have the most of the printed numbers of the outcomes.

    Parameters
    ----------
    found, printed
        As for :func:`sets_left`.

    Returns
    -------
    pandas.DataFrame
        Columns ``COLUMNS`` and ``n_numbers``, how many of the eight numbers each set has. One
        row means that the counts are known.
    """
    names = names_of(printed)
    chosen = found.outcomes[_sized(found.outcomes, printed)]
    has = chosen[[names[role] for role in OUTCOME_ROLES]].sum(axis=1)
    best = chosen.loc[has == has.max(), list(COLUMNS)]
    return best.assign(n_numbers=int(has.max())).reset_index(drop=True)


def _sized(outcomes, printed):
    count, total = printed["mri"]
    return (outcomes["with_n"] <= count) & (outcomes["without_n"] <= total - count)


def fates(counts, printed):
    """Patients of each group by what became of them.

    Parameters
    ----------
    counts : pandas.Series
        One row of :func:`best_counts`.
    printed : dict
        As for :func:`sets_left`.

    Returns
    -------
    pandas.DataFrame
        Index: the two groups; columns: clear margin, margin not clear, not resected, not counted.
    """
    count, total = printed["mri"]
    rows = {}
    for name, side, size in (
        ("MRI-halo", "with", count),
        ("no MRI-halo", "without", total - count),
    ):
        n, first, second = (int(counts[f"{side}_{part}"]) for part in ("n", "first", "second"))
        rows[f"{name}, {size} patients"] = (second, first - second, n - first, size - n)
    columns = ["clear margin", "margin not clear", "not resected", "not counted"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def tables_of(counts):
    """The sign against a clear margin, in 2×2 tables by who is counted.

    Parameters
    ----------
    counts : pandas.Series
        One row of :func:`best_counts`.

    Returns
    -------
    dict of str to TwoByTwo
        ``"of the resected"``: those without a clear margin are negative by the reference;
        ``"of all counted"``: those not resected are too.
    """
    tp, fn = int(counts["with_second"]), int(counts["without_second"])
    fp, tn = (int(counts[f"{side}_first"]) for side in ("with", "without"))
    every_fp, every_tn = (int(counts[f"{side}_n"]) for side in ("with", "without"))
    return {
        "of the resected": TwoByTwo(tp=tp, fp=fp - tp, fn=fn, tn=tn - fn),
        "of all counted": TwoByTwo(tp=tp, fp=every_fp - tp, fn=fn, tn=every_tn - fn),
    }


def group_tests(counts):
    """What every test of two groups gives for the resections and for the clear margins.

    Parameters
    ----------
    counts : pandas.Series
        One row of :func:`best_counts`.

    Returns
    -------
    pandas.DataFrame
        Index: the test; columns ``resection`` and ``r0``: P values.
    """
    columns = {}
    for name, (a, n, b, m) in _compared(counts).items():
        table = two_by_two_variants(
            first_events=a, first_total=n, second_events=b, second_total=m
        ).set_index("method")
        columns[name] = table["p_value"]
    return pd.DataFrame(columns)


def sign_tests(found, printed):
    """What every test gives for the sign on the two scans, for every cross-table that is left.

    Parameters
    ----------
    found, printed
        As for :func:`sets_left`.

    Returns
    -------
    pandas.DataFrame
        Columns ``method`` (with the discordant patients of the cross-table, first scan only :
        second scan only), ``p_value``, ``paired`` (False for tests that ignore the pairing).
    """
    tables, rows = cross_tables(found, printed), []
    for table in tables.itertuples():
        forms = mcnemar_variants(first_only=table.first_only, second_only=table.second_only)
        ends = f" ({table.first_only} : {table.second_only})"
        rows += [(m + ends, p, True) for m, p in forms[["method", "p_value"]].to_numpy()]
    (a, n), (b, m) = printed["mri"], printed["ct"]
    forms = two_by_two_variants(first_events=a, first_total=n, second_events=b, second_total=m)
    rows += [(m, p, False) for m, p in forms[["method", "p_value"]].to_numpy()]
    return pd.DataFrame(rows, columns=["method", "p_value", "paired"]).astype({"p_value": float})


def cross_tables(found, printed):
    """Every cross-table of the sign on the two scans that has both printed totals.

    Parameters
    ----------
    found, printed
        As for :func:`sets_left`.

    Returns
    -------
    pandas.DataFrame
        Columns ``both``, ``first_only``, ``second_only``, ``neither`` (patients).
    """
    names = names_of(printed)
    fits = found.paired[names["mri"]] & found.paired[names["ct"]]
    return found.paired.loc[fits, list(PAIRED)][::-1].reset_index(drop=True)


def paired_t_tests(tables):
    """What would a t test of the pairs give, which takes yes and no for measurements?

    Parameters
    ----------
    tables : pandas.DataFrame
        As :func:`cross_tables` returns it, with discordant patients in each row.

    Returns
    -------
    dict of str to float
        Two-sided P values by the test, with the discordant patients as in :func:`sign_tests`.
    """
    found = {}
    for row in tables.itertuples():
        same = row.both + row.neither
        gains = [1] * row.first_only + [-1] * row.second_only + [0] * same
        name = f"t test of the pairs ({row.first_only} : {row.second_only})"
        found[name] = float(stats.ttest_1samp(gains, 0).pvalue)
    return found


def uncounted_patient(counts, printed):
    """What could a patient without the sign change who is not counted?

    Parameters
    ----------
    counts : pandas.Series
        One row of :func:`best_counts`.
    printed : dict
        As for :func:`sets_left`.

    Returns
    -------
    pandas.DataFrame
        Index: what is assumed of all who are not counted; columns ``resected``, ``of`` (patients
        without the sign), ``rate`` (0–1), ``p_value`` (Fisher, against those with the sign).
    """
    c, (count, total) = counts.astype(int), printed["mri"]
    events, n, all_of_them = c["without_first"], c["without_n"], total - count
    rows = {
        "not counted (as printed)": (events, n),
        "counted, not resected": (events, all_of_them),
        "counted, resected": (events + all_of_them - n, all_of_them),
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["resected", "of"])
    table["rate"] = table["resected"] / table["of"]
    same = [[c["with_first"]] * len(table), [c["with_n"]] * len(table)]
    return table.assign(p_value=fisher_p_values(*same, table["resected"], table["of"]))


def printed_proportions(counts, printed):
    """Every proportion of the abstract with its counts, exact interval and printed value.

    Parameters
    ----------
    counts, printed
        As for :func:`uncounted_patient`.

    Returns
    -------
    pandas.DataFrame
        Columns ``label``, ``events``, ``total``, ``estimate``, ``conf_low``, ``conf_high``,
        ``published`` (proportions 0–1): what
        :func:`reanalysis.plots.proportion_forest.proportion_forest` draws.
    """
    c = counts.astype(int)
    not_clear = c["without_first"] - c["without_second"]
    (mri, n_mri), (ct, n_ct) = printed["mri"], printed["ct"]
    rows = [
        ("Halo on MRI", mri, n_mri, mri / n_mri),
        ("Halo on CT", ct, n_ct, ct / n_ct),
        ("Resected, halo", c["with_first"], c["with_n"], "resected_with"),
        ("Resected, no halo", c["without_first"], c["without_n"], "resected_without"),
        ("Clear margin, halo (PPV)", c["with_second"], c["with_first"], "ppv"),
        ("Clear margin, no halo", c["without_second"], c["without_first"], "clear_without"),
        ("Not clear, no halo (NPV)", not_clear, c["without_first"], "npv"),
    ]
    found = []
    for label, events, total, role in rows:
        known = role if isinstance(role, float) else float(printed[role].rstrip("%")) / 100
        low, estimate, high = proportion(events, total).in_order
        found.append((label, events, total, estimate, low, high, known))
    columns = ["label", "events", "total", "estimate", "conf_low", "conf_high", "published"]
    return pd.DataFrame(found, columns=columns)


def group_differences(counts, conf_level=0.95):
    """How much more often are patients with the sign resected, and with a clear margin?

    Parameters
    ----------
    counts : pandas.Series
        One row of :func:`best_counts`.
    conf_level : float, default 0.95
        Confidence level.

    Returns
    -------
    dict of str to Estimate
        ``"resection"`` and ``"r0"``: differences of proportions, with minus without.

    References
    ----------
    Newcombe RG. Stat Med 1998;17:873–890, method 10: from two Wilson intervals.
    """
    found = {}
    for name, (a, n, b, m) in _compared(counts).items():
        low, high = confint_proportions_2indep(
            a, n, b, m, method="newcomb", compare="diff", alpha=1 - conf_level
        )
        found[name] = Estimate(float(a / n - b / m), float(low), float(high), conf_level)
    return found


def _compared(counts):
    """The two comparisons of groups: events and patients with, and without the sign."""
    c = counts.astype(int)
    return {
        "resection": (c["with_first"], c["with_n"], c["without_first"], c["without_n"]),
        "r0": (c["with_second"], c["with_first"], c["without_second"], c["without_first"]),
    }
