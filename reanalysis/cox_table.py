"""Do the rows of a printed Cox table close: ratio, interval and P value?

Vocabulary: ``term`` is a coefficient, the last part of the claim ids of its row
(``table2.<term>``, ``….low``, ``….high``, ``….p_value``). A row is *separated* when its interval
has no width: no finite answer was found, most often because nobody in a category has the event.
"""

import numpy as np
import pandas as pd

from reanalysis.alternatives.ratio_interval import NORMAL, ratio_interval_variants
from reanalysis.consistency.estimate_intervals import check_triad, interval_asymmetry
from reanalysis.consistency.printed_bounds import printed_bounds

_SUFFIXES = {"estimate": "", "conf_low": ".low", "conf_high": ".high", "p_value": ".p_value"}
_NORMAL_WIDTH = 2 * 1.959963984540054


def printed_rows(claims, terms, prefix):
    """The printed rows of a Cox table, as text.

    Parameters
    ----------
    claims : pandas.DataFrame
        The published side of the ledger.
    terms : pandas.DataFrame
        Column ``term``, and any that describe it.
    prefix : str
        Start of the claim ids, e.g. ``"table2"``.

    Returns
    -------
    pandas.DataFrame
        ``terms`` with the text columns ``estimate, conf_low, conf_high, p_value``, indexed by
        ``term``.
    """
    published = claims.set_index("claim_id")["published"]
    rows = terms.set_index("term")
    for column, suffix in _SUFFIXES.items():
        rows[column] = [published[f"{prefix}.{term}{suffix}"] for term in rows.index]
    return rows


def check_rows(rows):
    """Each printed number of a Cox table from the others of its row.

    Parameters
    ----------
    rows : pandas.DataFrame
        As :func:`printed_rows` returns them.

    Returns
    -------
    pandas.DataFrame
        Index ``term``; ``separated`` (bool); ``p_value`` (from the printed digits), ``p_low``
        and ``p_high`` (over their rounding); ``closes`` (whether the printed P value is
        reached); ``std_error`` of the log ratio; ``middle_low`` and ``middle_high`` (where the
        middle of the interval lies); ``low_from`` … ``high_to`` (each limit from the ratio and
        the other limit). Missing for separated rows.

    Examples
    --------
    >>> row = {"estimate": "0.145", "conf_low": "0.032", "conf_high": "0.657", "p_value": "0.012"}
    >>> found = check_rows(pd.DataFrame([row], index=pd.Index(["marking"], name="term")))
    >>> found[["closes", "std_error"]].round(2).values.tolist()
    [[True, 0.77]]

    The P value follows from the ratio and its interval.
    """
    return pd.DataFrame([_check(row) for row in rows.to_dict("records")], index=rows.index)


def _check(row):
    ends = {name: printed_bounds(row[name]) for name in ("estimate", "conf_low", "conf_high")}
    if ends["conf_high"][1] <= ends["conf_low"][1]:
        return {"separated": True, "closes": False}
    triad = {name: row[name] for name in ("estimate", "conf_low", "conf_high")}
    table = ratio_interval_variants(**triad, p_value=row["p_value"])
    p = table.set_index(["quantity", "method"]).loc[("p_value", NORMAL)]
    found = check_triad(*triad.values(), row["p_value"], kind="ratio")
    middle = interval_asymmetry(*triad.values()).loc["log"]
    (r_low, r_high), (l_low, l_high), (h_low, h_high) = (
        tuple(map(float, pair)) for pair in ends.values()
    )
    width = np.log(float(row["conf_high"]) / float(row["conf_low"]))
    return {
        "separated": False,
        "closes": bool(found.p_agrees),
        "p_value": p.value,
        # no interval of normal theory: what the printed digits give, whatever they are worth
        "p_low": p.value_min if np.isnan(found.p_low) else found.p_low,
        "p_high": p.value_max if np.isnan(found.p_high) else found.p_high,
        "std_error": width / _NORMAL_WIDTH,
        "middle_low": middle.centre_low,
        "middle_high": middle.centre_high,
        "low_from": r_low**2 / h_high,
        "low_to": r_high**2 / h_low,
        "high_from": r_low**2 / l_high,
        "high_to": r_high**2 / l_low,
    }


def implied_ranges(checked, prefix):
    """What each ratio and limit of a printed table can be, given the two others of its row.

    Parameters
    ----------
    checked : pandas.DataFrame
        Result of :func:`check_rows`; separated rows are passed over.
    prefix : str
        Start of the claim ids.

    Returns
    -------
    dict of str to dict
        By term: claim id to ``(low, high)``, for the ratio, the lower and the upper limit.
    """
    whole = checked[~checked["separated"].astype(bool)]
    return {
        term: {
            f"{prefix}.{term}": (row["middle_low"], row["middle_high"]),
            f"{prefix}.{term}.low": (row["low_from"], row["low_to"]),
            f"{prefix}.{term}.high": (row["high_from"], row["high_to"]),
        }
        for term, row in whole.iterrows()
    }


def row_labels(terms):
    """What each row of a Cox table compares, in a few words.

    Parameters
    ----------
    terms : pandas.DataFrame
        Columns ``variable, contrast, reference``.

    Returns
    -------
    list of str
        The variable, and the contrast where a reference category is printed.
    """
    return [
        row.variable
        if row.reference in ("none", "not stated")
        else f"{row.variable}: {row.contrast} vs {row.reference}"
        for row in terms.itertuples()
    ]


def per_unit_std_error(n_events, spread):
    """Standard error of a log hazard ratio per unit that a continuous variable would have alone.

    Parameters
    ----------
    n_events : int
        Events, at least 1.
    spread : float
        Standard deviation of the variable in the patients, above 0.

    Returns
    -------
    float
        ``1 / (SD √events)``. Other variables in the model make it larger, by the root of the
        variance inflation; a printed error tens of times as large is of another unit.

    References
    ----------
    Hsieh FY, Lavori PW. Sample-size calculations for the Cox proportional hazards regression
    model with nonbinary covariates. Control Clin Trials 2000;21:552–560.

    Examples
    --------
    >>> round(per_unit_std_error(20, 11.2), 3)
    0.02

    A standard error above 1 for one year of age is not of one year.
    """
    if n_events < 1 or not spread > 0:
        raise ValueError(f"expected events and a spread above 0, got {n_events}, {spread}")
    return float(1 / (spread * np.sqrt(n_events)))
