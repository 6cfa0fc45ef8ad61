"""Which order must the rates of local control, recurrence-free and overall survival keep?

Whoever is free of recurrence is alive, and free of local recurrence. So a recurrence-free rate
lies below the other two, and the patients of a printed table can be checked without being known.

Vocabulary: ``LCR``, ``RFSR``, ``OSR`` are the rates of local control, recurrence-free and overall
survival, printed in per cent.
"""

import pandas as pd

YEARS = (3, 5)


def bounds_by_order(survival):
    """Range of each printed rate that the other rates of the arm at the same time allow.

    Parameters
    ----------
    survival : pandas.DataFrame
        Columns ``outcome`` (LCR, RFSR, OSR), ``arm, rate_3_years, rate_5_years`` (text, in %).

    Returns
    -------
    pandas.DataFrame
        Columns ``outcome, arm, year, low, high``; proportions 0–1, with half a unit of the last
        printed digit either side.

    Notes
    -----
    Recurrence-free is at most the smaller of the other two; each of these is at least
    recurrence-free. With patients lost in between the order of Kaplan–Meier rates may be
    disturbed a little; a rate far outside would be an error.
    """
    rates = survival.set_index(["outcome", "arm"])
    rows = []
    for arm in dict.fromkeys(survival["arm"]):
        for year in YEARS:
            column = f"rate_{year}_years"
            value = {name: float(rates.at[(name, arm), column]) for name in ("LCR", "RFSR", "OSR")}
            slack = {
                name: 0.5 * 10.0 ** -_decimals(rates.at[(name, arm), column]) for name in value
            }
            least = value["RFSR"] - slack["RFSR"]
            most = min(value[name] + slack[name] for name in ("LCR", "OSR"))
            rows += [(name, arm, year, least / 100, 1.0) for name in ("LCR", "OSR")]
            rows.append(("RFSR", arm, year, 0.0, most / 100))
    return pd.DataFrame(rows, columns=["outcome", "arm", "year", "low", "high"])


def other_events_only(survival):
    """Rate of being free of what ends recurrence-free survival but is no local recurrence.

    Parameters
    ----------
    survival : pandas.DataFrame
        As for :func:`bounds_by_order`.

    Returns
    -------
    pandas.DataFrame
        Index ``arm``; columns ``3`` and ``5``: recurrence-free over local control, 0–1. With the
        same patients at risk this is the Kaplan–Meier rate of metastasis or death before local
        recurrence.
    """
    rates = survival.set_index(["outcome", "arm"])
    columns = {year: f"rate_{year}_years" for year in YEARS}
    found = {
        year: rates.loc["RFSR", column].astype(float) / rates.loc["LCR", column].astype(float)
        for year, column in columns.items()
    }
    return pd.DataFrame(found)


def _decimals(text):
    return len(text.partition(".")[2])
