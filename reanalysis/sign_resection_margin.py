"""A sign on two scans, a resection, a clear margin: which counts fit what an abstract prints?

Everybody has both scans, so that a cross-table belongs to the sign; some patients are resected,
and some of those with a clear margin (R0). Vocabulary: ``with`` and ``without`` the sign on the
first scan; ``_n`` patients counted, ``_first`` resected, ``_second`` with a clear margin.
"""

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reanalysis.alternatives.mcnemar_tests import mcnemar_variants
from reanalysis.consistency.nested_percentages import (
    fisher_p_values,
    nested_counts,
    p_values_printed_as,
    printed_as,
)

EVERYONE = "everyone is counted"
PAIRED = ("both", "first_only", "second_only", "neither")


@dataclass(frozen=True)
class SignFits:
    """Every set of counts there is, with the printed numbers that each has.

    Parameters
    ----------
    paired : pandas.DataFrame
        Cross-tables of the sign on two scans: ``both``, ``first_only``, ``second_only``,
        ``neither`` (patients), and one column of bool per printed number.
    outcomes : pandas.DataFrame
        Nested counts of the outcomes, as listed by
        :func:`reanalysis.consistency.nested_percentages.nested_counts`, and the same.
    fits : pandas.DataFrame
        The two joined, reduced to the different patterns: one column of bool per statement, for
        :func:`reanalysis.consistency.contradictions.find_contradictions`.
    """

    paired: pd.DataFrame
    outcomes: pd.DataFrame
    fits: pd.DataFrame


def printed_statements(results):
    """The printed numbers of the abstract, by what they say.

    Parameters
    ----------
    results : pandas.DataFrame
        Columns ``result``, ``group``, ``measure``, ``printed`` (text), ``unit``, as in
        ``data/pancreatic_halo_sign/results.csv``.

    Returns
    -------
    dict of str to (str or tuple)
        Printed text by its role: ``mri`` and ``ct`` as (count, total), the others as text.
    """
    rows = results.set_index(["result", "group", "measure"])
    percent = (rows["unit"] == "%").map({True: "%", False: ""})
    texts = rows["printed"] + percent
    counts = ("events", "total")
    margin, values = "R0 of the resected", "predictive value for R0"
    return {
        "mri": tuple(int(texts["halo sign", "CE-MRI", part]) for part in counts),
        "ct": tuple(int(texts["halo sign", "CE-CT", part]) for part in counts),
        "halo_p": texts["halo sign", "CE-MRI against CE-CT", "p_value"],
        "resected_with": texts["resection", "MRI-halo", "percent"],
        "resected_without": texts["resection", "no MRI-halo", "percent"],
        "resected_p": texts["resection", "MRI-halo against none", "p_value"],
        "clear_with": texts[margin, "MRI-halo", "percent"],
        "clear_without": texts[margin, "no MRI-halo", "percent"],
        "clear_p": texts[margin, "MRI-halo against none", "p_value"],
        "ppv": texts[values, "positive", "percent"],
        "npv": texts[values, "negative", "percent"],
    }


def names_of(printed):
    """How each printed number is called in tables and figures, by its role."""
    return {
        "mri": "MRI halo: {} of {}".format(*printed["mri"]),
        "ct": "CT halo: {} of {}".format(*printed["ct"]),
        "halo_p": f"MRI against CT: P {printed['halo_p']}",
        "resected_with": f"resected, halo: {printed['resected_with']}",
        "resected_without": f"resected, no halo: {printed['resected_without']}",
        "resected_p": f"resected: P {printed['resected_p']}",
        "clear_with": f"R0, halo: {printed['clear_with']}",
        "clear_without": f"R0, no halo: {printed['clear_without']}",
        "clear_p": f"R0: P {printed['clear_p']}",
        "ppv": f"positive predictive value {printed['ppv']}",
        "npv": f"negative predictive value {printed['npv']}",
        "everyone": EVERYONE,
    }


def sign_fits(printed, max_n=20):
    """Every set of counts of up to ``max_n`` patients, and which printed numbers each has.

    Parameters
    ----------
    printed : dict
        As :func:`printed_statements` returns it.
    max_n : int, default 20
        Patients who were included: no table holds more.

    Returns
    -------
    SignFits

    Notes
    -----
    How the numbers are read: rates of resection over the patients counted with and without the
    sign; rates of a clear margin, and both predictive values, over those resected; the P value
    of the paired comparison by any form of McNemar's test, the two others by Fisher's. A
    patient may be missing from the outcomes unless the statement "everyone is counted" is made.

    Examples
    --------
    >>> printed = {
    ...     "mri": (3, 4), "ct": (1, 4), "halo_p": "0.500", "resected_with": "66.7%",
    ...     "resected_without": "100.0%", "resected_p": "1.000", "clear_with": "50.0%",
    ...     "clear_without": "0.0%", "clear_p": "1.000", "ppv": "50.0%", "npv": "100.0%",
    ... }
    >>> found = sign_fits(printed, max_n=4)
    >>> bool(found.fits.all(axis=1).any())
    True

    Four patients can have all of these constructed numbers at once.
    """
    names = names_of(printed)
    paired, outcomes = _paired(printed, names, max_n), _outcomes(printed, names, max_n)
    own = [names[role] for role in ("ct", "halo_p")]
    other = [n for role, n in names.items() if role not in ("mri", "ct", "halo_p", "everyone")]
    n_all, n_sign = paired[list(PAIRED)].sum(axis=1), paired["both"] + paired["first_only"]
    of_paired = _patterns(paired[own].assign(sign=n_sign, rest=n_all - n_sign), ["sign", "rest"])
    sizes = outcomes[["with_n", "without_n"]].set_axis(["sign", "rest"], axis=1)
    of_outcomes = _patterns(outcomes[other].join(sizes), ["sign", "rest"])
    rows = set()
    for (sign, rest), left in of_paired.items():
        mri = (sign, sign + rest) == printed["mri"]
        for (counted, uncounted), right in of_outcomes.items():
            if counted <= sign and uncounted <= rest:
                everyone = (counted, uncounted) == (sign, rest)
                rows |= {(mri, *a, *b, everyone) for a, b in itertools.product(left, right)}
    columns = [names["mri"], *own, *other, EVERYONE]
    return SignFits(paired, outcomes, pd.DataFrame(sorted(rows), columns=columns))


def _paired(printed, names, max_n):
    """Every cross-table of at most ``max_n`` patients, with what it would be printed as."""
    sizes = range(max_n + 1)
    rows = [
        (both, b, c, n - both - b - c)
        for n in sizes[1:]
        for both in range(n + 1)
        for b in range(n - both + 1)
        for c in range(n - both - b + 1)
    ]
    tables = pd.DataFrame(rows, columns=list(PAIRED))
    pairs = [(b, c) for b in sizes for c in sizes if b + c <= max_n]
    reached = {pair: _any_form_prints(*pair, printed["halo_p"]) for pair in pairs}
    first, n = tables["both"] + tables["first_only"], tables.sum(axis=1)
    second = tables["both"] + tables["second_only"]
    discordant = zip(tables["first_only"], tables["second_only"], strict=True)
    return tables.assign(
        **{
            names["mri"]: (first == printed["mri"][0]) & (n == printed["mri"][1]),
            names["ct"]: (second == printed["ct"][0]) & (n == printed["ct"][1]),
            names["halo_p"]: [reached[pair] for pair in discordant],
        }
    )


def _any_form_prints(first_only, second_only, text):
    forms = mcnemar_variants(first_only=first_only, second_only=second_only)
    return bool(p_values_printed_as(forms["p_value"], text).any())


def _outcomes(printed, names, max_n):
    """Every set of nested counts, with what it would be printed as."""
    c = nested_counts(max_n)
    resected = fisher_p_values(c["with_first"], c["with_n"], c["without_first"], c["without_n"])
    steps = c["with_second"], c["with_first"], c["without_second"], c["without_first"]
    clear = fisher_p_values(*steps)
    not_clear = c["without_first"] - c["without_second"]
    by_role = {
        "resected_with": printed_as(c["with_first"], c["with_n"], printed["resected_with"]),
        "resected_without": printed_as(
            c["without_first"], c["without_n"], printed["resected_without"]
        ),
        "resected_p": p_values_printed_as(resected, printed["resected_p"]),
        "clear_with": printed_as(c["with_second"], c["with_first"], printed["clear_with"]),
        "clear_without": printed_as(
            c["without_second"], c["without_first"], printed["clear_without"]
        ),
        "clear_p": p_values_printed_as(clear, printed["clear_p"]),
        "ppv": printed_as(c["with_second"], c["with_first"], printed["ppv"]),
        "npv": printed_as(not_clear, c["without_first"], printed["npv"]),
    }
    return c.assign(**{names[role]: found for role, found in by_role.items()})


def _patterns(frame, by):
    """Different rows of bool by the sizes they belong to."""
    rows = frame.drop_duplicates()
    found = {}
    for key, group in rows.groupby(by):
        found[tuple(map(int, key))] = [
            tuple(map(bool, r)) for r in group.drop(columns=by).to_numpy()
        ]
    return found


def predicted_by_the_rest(outcomes, printed, *, everyone):
    """What do the other printed numbers say about each number of the outcomes?

    Parameters
    ----------
    outcomes : pandas.DataFrame
        Of :class:`SignFits`.
    printed : dict
        As :func:`printed_statements` returns it.
    everyone : bool
        Whether all patients with and without the sign are counted, or some may be missing.

    Returns
    -------
    pandas.DataFrame
        One row per number: ``role``, ``printed``, ``low`` and ``high`` (smallest and largest
        value that the others allow, 0–1), ``n_values`` and ``n_tables`` (how many different
        values, and how many sets of counts). The number itself is left out, and so is the
        predictive value that says the same; the negative predictive value, which no set of counts
        has together with the others, is never used.
    """
    names, c = names_of(printed), outcomes
    count, total = printed["mri"]
    with_n, without_n = c["with_n"], c["without_n"]
    sized = (with_n <= count) & (without_n <= total - count)
    if everyone:
        sized = (with_n == count) & (without_n == total - count)
    values = _outcome_values(c)
    used = [role for role in values if role != "npv"]
    same = {"clear_with": {"ppv"}, "ppv": {"clear_with"}, "npv": set()}
    rows = []
    for role, value in values.items():
        given = [names[r] for r in used if r not in {role, *same.get(role, ())}]
        chosen = value[sized & c[given].all(axis=1)]
        different = np.unique(chosen.dropna().round(12))
        ends = (different.min(), different.max()) if len(different) else (np.nan, np.nan)
        rows.append((role, printed[role], *ends, len(different), len(chosen)))
    columns = ["role", "printed", "low", "high", "n_values", "n_tables"]
    return pd.DataFrame(rows, columns=columns)


def _outcome_values(c):
    """Each number of the outcomes, in every set of counts."""
    with_first, without_first = (c[k].where(c[k] > 0) for k in ("with_first", "without_first"))
    with_n, without_n = (c[k].where(c[k] > 0) for k in ("with_n", "without_n"))
    resected = c["with_first"], c["with_n"], c["without_first"], c["without_n"]
    clear = c["with_second"], c["with_first"], c["without_second"], c["without_first"]
    without_clear = c["without_second"] / without_first
    return {
        "resected_with": c["with_first"] / with_n,
        "resected_without": c["without_first"] / without_n,
        "resected_p": pd.Series(fisher_p_values(*resected), index=c.index),
        "clear_with": c["with_second"] / with_first,
        "clear_without": without_clear,
        "clear_p": pd.Series(fisher_p_values(*clear), index=c.index),
        "ppv": c["with_second"] / with_first,
        "npv": 1 - without_clear,
    }
