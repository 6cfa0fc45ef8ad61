"""What does a table of printed areas under the ROC curve say, when nothing else is printed?

Vocabulary: a table has one row per score with the columns ``name, auc, conf_low, conf_high`` and
``p_value``, numbers as printed. A *reading* is one way to get a standard error from an interval:
the scale on which it is taken as symmetric, and whether from its width or from one of its arms.
"""

import pandas as pd
from scipy import special, stats
from statsmodels.stats.multitest import multipletests

from reanalysis.alternatives.auc import auc_p_value_variants
from reanalysis.alternatives.auc_test_sets import sets_of_printed_auc, smallest_total
from reanalysis.alternatives.input_rounding import rounding_interval, value_range
from reanalysis.estimates import Estimate

ONE_SIDED, TWO_SIDED = "one-sided", "two-sided"
_LIMITS = ["auc", "conf_low", "conf_high"]
# Column of the variants, by what the P value is.
_CORRECTIONS = {"Holm": "holm", "Benjamini–Hochberg": "fdr_bh"}
_SIDES = {ONE_SIDED: "p_one_sided", TWO_SIDED: "p_value"}


def printed_texts(table, decimals=2, p_decimals=3):
    """The numbers of a table as the texts that stood in print.

    Parameters
    ----------
    table : DataFrame
        Columns ``name, auc, conf_low, conf_high, p_value``.
    decimals, p_decimals : int
        Printed decimals of areas and limits, and of P values.

    Returns
    -------
    dict of str to dict of str to str
        By name, then by column.

    Examples
    --------
    >>> row = {"name": "ADC", "auc": 0.72, "conf_low": 0.5, "conf_high": 0.9, "p_value": 0.019}
    >>> printed_texts(pd.DataFrame([row]))["ADC"]["conf_low"]
    '0.50'
    """
    places = dict.fromkeys(_LIMITS, decimals) | {"p_value": p_decimals}
    rows = table.set_index("name")[list(places)].to_dict("index")
    return {
        name: {column: f"{row[column]:.{digits}f}" for column, digits in places.items()}
        for name, row in rows.items()
    }


def printed_estimates(table, conf_level=0.95):
    """Each printed area with the standard error that the width of its interval implies.

    Parameters
    ----------
    table : DataFrame
        Columns ``name, auc, conf_low, conf_high``.
    conf_level : float, default 0.95
        Level of the intervals.

    Returns
    -------
    dict of str to Estimate
    """
    quantile = 2 * stats.norm.ppf((1 + conf_level) / 2)
    found = {}
    for row in table.itertuples():
        std_error = (row.conf_high - row.conf_low) / quantile
        limits = (row.conf_low, row.conf_high)
        found[row.name] = Estimate(row.auc, *limits, conf_level, std_error)
    return found


def p_values_by_reading(texts):
    """P value of each area by every reading of its interval, one- and two-sided.

    Parameters
    ----------
    texts : dict
        As :func:`printed_texts` returns them.

    Returns
    -------
    DataFrame
        ``name, sides, reading, p_value, p_min, p_max`` (over the rounding of the inputs) and
        ``reaches``, whether the printed P value is within that range.

    Examples
    --------
    >>> row = {"name": "ADC", "auc": 0.72, "conf_low": 0.5, "conf_high": 0.9, "p_value": 0.019}
    >>> found = p_values_by_reading(printed_texts(pd.DataFrame([row])))
    >>> found[found.reaches].groupby("sides").size().to_dict()
    {'one-sided': 1, 'two-sided': 1}
    """
    rows = []
    for name, printed in texts.items():
        variants = auc_p_value_variants(**{column: printed[column] for column in _LIMITS})
        low, high = rounding_interval(printed["p_value"])
        for sides, column in _SIDES.items():
            for row in variants.to_dict("records"):
                value, ends = row[column], (row[f"{column}_min"], row[f"{column}_max"])
                reaches = ends[0] <= high and low <= ends[1]
                rows.append((name, sides, row["method"], value, *ends, reaches))
    columns = ["name", "sides", "reading", "p_value", "p_min", "p_max", "reaches"]
    return pd.DataFrame(rows, columns=columns)


def p_value_ranges(readings):
    """Smallest and largest P value over all readings, by area and side.

    Parameters
    ----------
    readings : DataFrame
        As :func:`p_values_by_reading` returns it.

    Returns
    -------
    DataFrame
        Index ``name`` in order of appearance; columns ``two_low, two_high, one_low, one_high``.
    """
    order = readings["name"].drop_duplicates()
    columns = {}
    for sides in (TWO_SIDED, ONE_SIDED):
        here = readings[readings["sides"] == sides].groupby("name")
        columns[f"{sides[:3]}_low"] = here["p_min"].min()
        columns[f"{sides[:3]}_high"] = here["p_max"].max()
    return pd.DataFrame(columns).loc[order]


def corrected_p_values(p_values):
    """P values corrected for their number, as printed and if they are one-sided and doubled.

    Parameters
    ----------
    p_values : Series
        P values by name.

    Returns
    -------
    DataFrame
        Index as given; columns ``(printed or doubled, alone or Holm or Benjamini–Hochberg)``.

    References
    ----------
    Holm S. Scand J Stat 1979;6:65–70. Benjamini Y, Hochberg Y. J R Stat Soc B 1995;57:289–300.

    Examples
    --------
    >>> table = corrected_p_values(pd.Series({"a": 0.01, "b": 0.04}))
    >>> table["doubled", "Holm"].tolist()
    [0.04, 0.08]
    """
    columns = {}
    for word, values in (("printed", p_values), ("doubled", (2 * p_values).clip(upper=1))):
        columns[word, "alone"] = values
        for name, method in _CORRECTIONS.items():
            columns[word, name] = multipletests(values, method=method)[1]
    return pd.DataFrame(columns, index=p_values.index)


def bounds_by_symmetry(texts):
    """What each of area, lower and upper limit can be, given the other two.

    Parameters
    ----------
    texts : dict
        As :func:`printed_texts` returns them.

    Returns
    -------
    DataFrame
        Index ``name``; columns ``(quantity, "low")`` and ``(quantity, "high")`` for ``auc``,
        ``conf_low`` and ``conf_high``: the range between an interval that is symmetric on the
        plain scale and one that is on the logit scale, with the rounding of the inputs.

    Notes
    -----
    Wald intervals are symmetric on the plain scale, logit ones on theirs, and bootstrap
    intervals of an area lie in between as a rule.

    Examples
    --------
    >>> row = {"name": "ADC", "auc": 0.72, "conf_low": 0.5, "conf_high": 0.9, "p_value": 0.019}
    >>> bounds_by_symmetry(printed_texts(pd.DataFrame([row]))).loc["ADC", "auc"].round(3).tolist()
    [0.695, 0.757]
    """
    thirds = {
        "auc": lambda onto, back, low, high: back((onto(low) + onto(high)) / 2),
        "conf_low": lambda onto, back, auc, high: back(2 * onto(auc) - onto(high)),
        "conf_high": lambda onto, back, auc, low: back(2 * onto(auc) - onto(low)),
    }
    needed = {"auc": ("low", "high"), "conf_low": ("auc", "high"), "conf_high": ("auc", "low")}
    scales = [(lambda x: x, lambda x: x), (special.logit, special.expit)]
    rows = {}
    for name, printed in texts.items():
        given = {"auc": printed["auc"], "low": printed["conf_low"], "high": printed["conf_high"]}
        ends = {}
        for quantity, third in thirds.items():
            inputs = {key: given[key] for key in needed[quantity]}

            def at(third=third, **values):
                return [third(onto, back, **values) for onto, back in scales]

            low, high = value_range(at, inputs)
            ends[quantity, "low"], ends[quantity, "high"] = float(min(low)), float(max(high))
        rows[name] = ends
    return pd.DataFrame.from_dict(rows, orient="index")


def totals_of_width(table, shares=(0.5, 0.25)):
    """Total number of patients at which each printed interval would be as wide as it is.

    Parameters
    ----------
    table : DataFrame
        Columns ``name, auc, conf_low, conf_high``.
    shares : sequence of float
        Shares of the diseased among the patients.

    Returns
    -------
    DataFrame
        Index ``name``, one column per share; by Hanley and McNeil's standard error.
    """
    found = {}
    for row in table.itertuples():
        width = row.conf_high - row.conf_low
        found[row.name] = [smallest_total(row.auc, width=width, share_positive=s) for s in shares]
    return pd.DataFrame.from_dict(found, orient="index", columns=list(shares)).rename_axis("name")


def sets_of_each(texts, total_max):
    """How many pairs of group sizes give the width of each interval, the P value, and both.

    Parameters
    ----------
    texts : dict
        As :func:`printed_texts` returns them.
    total_max : int
        Most patients (or lesions) in both groups together.

    Returns
    -------
    DataFrame
        Index ``name``: ``width`` (pairs), ``smaller_group_min`` and ``smaller_group_max`` among
        them, ``one_sided`` and ``two_sided`` (pairs that give width and P value).
    """
    rows = {}
    for name, printed in texts.items():
        table = sets_of_printed_auc(**printed, total_max=total_max)
        fits = table[table["width"]]
        smaller = fits[["n_positive", "n_negative"]].min(axis=1)
        rows[name] = {
            "width": len(fits),
            "smaller_group_min": smaller.min(),
            "smaller_group_max": smaller.max(),
            "one_sided": int(fits["one_sided"].sum()),
            "two_sided": int(fits["two_sided"].sum()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("name")


def sets_in_common(texts, total_max):
    """For each pair of group sizes: of how many areas does it give the width, and the P value?

    Parameters
    ----------
    texts : dict
        As :func:`printed_texts` returns them.
    total_max : int
        Most patients (or lesions) in both groups together.

    Returns
    -------
    DataFrame
        ``n_positive, n_negative, total`` and the counts ``width, one_sided, two_sided``, 0 to
        the number of areas. If all areas were computed on one test set by the methods tried,
        some pair would reach all of them.
    """
    counted = ["width", "one_sided", "two_sided"]
    tables = [sets_of_printed_auc(**printed, total_max=total_max) for printed in texts.values()]
    counts = sum(table[counted].astype(int) for table in tables)
    return tables[0][["n_positive", "n_negative", "total"]].join(counts)
