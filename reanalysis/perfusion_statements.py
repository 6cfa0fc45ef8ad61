"""The printed ranges of perfusion before radiosurgery, as statements that may clash."""

import numpy as np
import pandas as pd

from reanalysis.consistency.ordered_numbers import contradictions_of_chains
from reanalysis.consistency.printed_bounds import plain_bounds

OWN_RATIO = "table group: formed by rKtrans itself"


def range_contradictions(ratios):
    """Which printed ends of ranges before treatment cannot all be true?

    Parameters
    ----------
    ratios : pandas.DataFrame
        As in ``data/srs_perfusion/ratios.csv``.

    Returns
    -------
    reanalysis.consistency.contradictions.Contradictions

    Notes
    -----
    The whole holds its parts: its smallest value is not above theirs, its largest not below.
    One reading is added: if the group below the threshold is formed by the ratio in whose row
    it stands, it holds the smallest value of the whole.
    """
    statements, order = _statements(ratios[ratios["time"] == "before"])
    return contradictions_of_chains(statements, order)


def named_groups(ratios):
    """The printed medians and ranges, with words for a figure.

    Parameters
    ----------
    ratios : pandas.DataFrame
        As in ``data/srs_perfusion/ratios.csv``.

    Returns
    -------
    pandas.DataFrame
        ``panel`` (ratio and time), ``label`` (group and place), ``value``, ``low``, ``high``;
        at progression first.
    """
    frame = ratios.sort_values(["ratio", "time"], kind="stable")
    when = frame["time"].map({"before": "before treatment"}).fillna(frame["time"])
    label = frame["group"].map(_WORDS).fillna(frame["group"])
    label += np.where(frame["place"] == "Abstract", "", " (table)")
    found = frame.assign(panel=frame["ratio"] + ", " + when, label=label)
    return found[["panel", "label", "value", "low", "high"]].reset_index(drop=True)


_WORDS = {
    "cohort": "all lesions",
    "ratio below threshold": "below 1.5",
    "recurrence missed": "recurrence, later low",
    "recurrence found": "recurrence, later high",
}
_NAMES = {
    "cohort": "all",
    "ratio below threshold": "below 1.5",
    "recurrence missed": "later low",
    "recurrence found": "later high",
}
_SIDES = {"low": "from", "high": "to"}


def _statements(before):
    rows, order = [], []
    for row in before.itertuples():
        for side, word in _SIDES.items():
            printed, group = getattr(row, side), _NAMES[row.group]
            place = "table" if row.place.startswith("Table") else "text"
            chain = f"{row.ratio} {side}"
            name = f"{row.ratio}, {group} ({place}): {word} {printed}"
            rows.append((chain, name, f"{chain}, {group}", printed))
    statements = pd.DataFrame(rows, columns=["chain", "statement", "quantity", "printed"])
    for chain, quantities in statements.groupby("chain")["quantity"]:
        whole = f"{chain}, all"
        for part in dict.fromkeys(quantities):
            if part != whole:
                pair = (whole, part) if chain.endswith("low") else (part, whole)
                order.append((chain, *pair, ""))
    chain = "rKtrans low"
    order.append((chain, f"{chain}, below 1.5", f"{chain}, all", OWN_RATIO))
    return statements, pd.DataFrame(order, columns=["chain", "smaller", "larger", "reading"])


def checks_of_ranges(ratios, numbers):
    """What each number that cannot be recomputed can be held against.

    Parameters
    ----------
    ratios : pandas.DataFrame
        As in ``data/srs_perfusion/ratios.csv``.
    numbers : pandas.Series
        Printed text by quantity, as in ``data/srs_perfusion/numbers.csv``.

    Yields
    ------
    claim_id : str
    low, high : float
        What the other printed numbers allow.
    check : str
        In words.
    """
    rows = ratios.set_index(["place", "time", "group", "ratio"])[["value", "low", "high"]]
    rows = rows.astype(float)
    for ratio in ("rKtrans", "rVP"):
        whole = rows.loc[("Abstract", "before", "cohort", ratio)]
        table = ratios[(ratios["place"] == "Table 1") & (ratios["ratio"] == ratio)]
        repeated = table.set_index("group").loc["cohort"]
        for end, word in (("value", "median"), ("low", "low"), ("high", "high")):
            if (ratio, end) != ("rVP", "low"):
                span = map(float, plain_bounds(repeated[end]))
                yield f"before.cohort.{ratio.lower()}.{word}", *span, "the table's rounding"
        for group in ("recurrence", "necrosis"):
            own = rows.loc[("Abstract", "at progression", group, ratio)]
            yield from _own_range(f"progression.{group}.{ratio.lower()}", own, "median")
        for group in ("missed", "found"):
            if (group, ratio) == ("found", "rVP"):
                own = rows.loc[("Abstract", "before", "recurrence found", ratio)]
                yield f"before.found.{ratio.lower()}.value", own.low, own.high, _INSIDE
                continue
            own = rows.loc[("Abstract", "before", f"recurrence {group}", ratio)]
            start = f"before.{group}.{ratio.lower()}"
            yield f"{start}.value", own.low, own.high, _INSIDE
            yield f"{start}.low", whole.low, own.value, _WHOLE
            yield f"{start}.high", own.value, whole.high, _WHOLE
        yield from _table_group(rows, ratio, float(numbers["threshold"]))
    size = pd.Series({"value": numbers["median size"], "low": numbers["smallest size"],
                      "high": numbers["largest size"]}).astype(float)  # fmt: skip
    yield from _own_range("size", size, "median")


_INSIDE = "inside its own range"
_WHOLE = "between its middle and the end of the range of all lesions"


def _own_range(start, own, middle):
    """A middle inside its range, and ends either side of the middle."""
    yield f"{start}.{middle}", own.low, own.high, _INSIDE
    yield f"{start}.low", 0.0, own.value, "not above its middle"
    yield f"{start}.high", own.value, np.inf, "not below its middle"


def _table_group(rows, ratio, threshold):
    """The table's group below the threshold, against what the text prints of its members."""
    own = rows.loc[("Table 1", "before", "ratio below threshold", ratio)]
    groups = ("recurrence missed", "recurrence found")
    members = [rows.at[("Abstract", "before", group, ratio), "low"] for group in groups]
    largest = max(member for member in members if member < threshold)
    start = f"table1.low.{ratio.lower()}"
    yield f"{start}.median", own.low, own.high, _INSIDE
    check = "from the smallest values of the recurrences up to the threshold"
    yield f"{start}.high", largest, threshold, check


def smallest_of_recurrences(ratios):
    """Where would the table's group below the threshold begin, if it held recurrences only?

    Parameters
    ----------
    ratios : pandas.DataFrame
        As in ``data/srs_perfusion/ratios.csv``.

    Returns
    -------
    dict of str to dict
        By claim: the smallest value before treatment of the two groups of recurrences, by the
        name of this reading.
    """
    groups = ["recurrence missed", "recurrence found"]
    before = ratios[(ratios["time"] == "before") & ratios["group"].isin(groups)]
    lows = before["low"].astype(float).groupby(before["ratio"]).min()
    return {
        f"table1.low.{ratio.lower()}.low": {"smallest of the recurrences": float(low)}
        for ratio, low in lows.items()
    }


def ends_that_clash(ratios):
    """The ends of the ranges of rVP before treatment that other printed ends rule out.

    Parameters
    ----------
    ratios : pandas.DataFrame
        As in ``data/srs_perfusion/ratios.csv``.

    Returns
    -------
    pandas.DataFrame
        Columns ``claim``, ``value`` (what the other places print) and ``implied`` (by claim, the
        range that each of the others leaves to this one).
    """
    before = ratios[(ratios["time"] == "before") & (ratios["ratio"] == "rVP")]
    before = before.set_index(["place", "group"])
    lows = {claim: before.at[at, "low"] for claim, at in _LOWS.items()}
    highs = {claim: before.at[at, "high"] for claim, at in _HIGHS.items()}
    smallest = min(lows.values(), key=float)
    rows = []
    for claim, printed in lows.items():
        whole = claim in _WHOLE_GROUP
        implied = {}
        for other, text in lows.items():
            low, high = map(float, plain_bounds(text))
            if other == claim or not (whole or other in _WHOLE_GROUP):
                continue
            if whole:  # a part never begins below the whole, and the whole is printed twice
                implied[other] = (low, high) if other in _WHOLE_GROUP else (0.0, high)
            else:
                implied[other] = (low, np.inf)
        value = smallest if whole and printed != smallest else lows["before.cohort.rvp.low"]
        rows.append((claim, float(value), implied))
    tops = {claim: float(plain_bounds(text)[1]) for claim, text in highs.items()}
    implied = {claim: (0.0, top) for claim, top in tops.items()}
    rows.append(("before.found.rvp.high", float(highs["before.cohort.rvp.high"]), implied))
    return pd.DataFrame(rows, columns=["claim", "value", "implied"])


_WHOLE_GROUP = ("before.cohort.rvp.low", "table1.cohort.rvp.low")
_LOWS = {
    "before.cohort.rvp.low": ("Abstract", "cohort"),
    "table1.cohort.rvp.low": ("Table 1", "cohort"),
    "before.found.rvp.low": ("Abstract", "recurrence found"),
    "table1.low.rvp.low": ("Table 1", "ratio below threshold"),
}
_HIGHS = {
    "before.cohort.rvp.high": ("Abstract", "cohort"),
    "table1.cohort.rvp.high": ("Table 1", "cohort"),
}
