"""Which printed numbers cannot all be true, when one quantity cannot exceed another?

The smallest value of a part is never below the smallest value of the whole, and the largest
never above the largest. A *statement* is a printed number and the quantity it is printed for; a
*chain* is a group of quantities that are ordered among themselves.
"""

from itertools import product

import numpy as np
import pandas as pd

from reanalysis.consistency.contradictions import Contradictions, find_contradictions
from reanalysis.consistency.printed_bounds import plain_bounds

_MOST_CANDIDATES = 2_000_000


def ordered_fits(statements, order):
    """Every way the quantities of one chain can lie, and which statements each way fits.

    Parameters
    ----------
    statements : pandas.DataFrame
        Columns ``statement`` (its words), ``quantity`` and ``printed`` (text).
    order : pandas.DataFrame
        Columns ``smaller`` and ``larger`` (quantities: the first cannot exceed the second) and
        ``reading`` (words, where the order holds only under a reading of the paper; empty where
        it holds by logic).

    Returns
    -------
    pandas.DataFrame
        One row per way, one column of bool per statement and per reading, as
        :func:`reanalysis.consistency.contradictions.find_contradictions` takes it.

    Raises
    ------
    ValueError
        If a quantity of the order has no statement, or there are too many ways to list.

    Notes
    -----
    Only the order matters, so each quantity is tried at every end of every printed number's
    rounding, once between any two neighbouring ends, and once outside.

    Examples
    --------
    >>> statements = pd.DataFrame({
    ...     "statement": ["all: from 0.4", "women: from 0.2"],
    ...     "quantity": ["all", "women"], "printed": ["0.4", "0.2"],
    ... })
    >>> order = pd.DataFrame({"smaller": ["all"], "larger": ["women"], "reading": [""]})
    >>> find_contradictions(ordered_fits(statements, order)).minimal
    (('all: from 0.4', 'women: from 0.2'),)

    No woman can have less than the smallest value of all patients.
    """
    quantities = list(dict.fromkeys(statements["quantity"]))
    if unknown := {*order["smaller"], *order["larger"]} - set(quantities):
        raise ValueError(f"expected a statement for each quantity, none for {sorted(unknown)}")
    spans = [tuple(map(float, plain_bounds(text))) for text in statements["printed"]]
    places = _places(spans)
    if len(places) ** len(quantities) > _MOST_CANDIDATES:
        raise ValueError(f"expected fewer quantities in one chain, got {len(quantities)}")
    ways = pd.DataFrame(list(product(places, repeat=len(quantities))), columns=quantities)
    by_logic = order["reading"] == ""
    for row in order[by_logic].itertuples():
        ways = ways[ways[row.smaller] <= ways[row.larger]]
    fits = {
        row.statement: ways[row.quantity].between(*span)
        for row, span in zip(statements.itertuples(), spans, strict=True)
    }
    for reading, rows in order[~by_logic].groupby("reading", sort=False):
        held = [ways[row.smaller] <= ways[row.larger] for row in rows.itertuples()]
        fits[reading] = np.logical_and.reduce(held)
    return pd.DataFrame(fits).reset_index(drop=True)


def contradictions_of_chains(statements, order):
    """Minimal contradictions of several chains that share no quantity.

    Parameters
    ----------
    statements : pandas.DataFrame
        As for :func:`ordered_fits`, and ``chain``.
    order : pandas.DataFrame
        As for :func:`ordered_fits`, and ``chain``.

    Returns
    -------
    Contradictions
        All statements and readings; ``repairs`` mend every chain.
    """
    found = [
        find_contradictions(ordered_fits(rows, order[order["chain"] == chain]))
        for chain, rows in statements.groupby("chain", sort=False)
    ]
    minimal = sorted((m for f in found for m in f.minimal), key=len)
    repairs = [sum(choice, ()) for choice in product(*(f.repairs for f in found))]
    return Contradictions(
        statements=tuple(s for f in found for s in f.statements),
        minimal=tuple(minimal),
        repairs=tuple(sorted(repairs, key=len)),
    )


def _places(spans):
    """Ends of all spans, a place between any two neighbours, and one beyond either side."""
    ends = np.unique(spans)
    return np.unique([*ends, *(ends[1:] + ends[:-1]) / 2, ends[0] - 1, ends[-1] + 1])
