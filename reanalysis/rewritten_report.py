"""What became of each statement of a report: kept, moved, changed or dropped?

Vocabulary: a *statement* says one thing of one subject (a property, a value, a denial); its
*place* is its rank among the statements of a text.
"""

from bisect import bisect_left

import numpy as np
import pandas as pd

FATES = ("kept", "moved", "changed", "dropped")


def moved_statements(places):
    """Which statements must have been moved, if as few as possible were?

    Parameters
    ----------
    places : array_like, shape (n_statements,)
        Place of each statement in the rewritten text, in the order of the source; NaN if it is
        not there.

    Returns
    -------
    ndarray of bool, shape (n_statements,)
        All that stand outside a longest run of statements whose order is kept.

    Raises
    ------
    ValueError
        If two statements have the same place.

    Notes
    -----
    The longest increasing subsequence. If several are equally long, the one whose statements
    stand earliest in the rewritten text is taken; the number moved is the same for all.

    Examples
    --------
    >>> moved_statements([2, 3, 1, 4]).tolist()
    [False, False, True, False]

    One statement jumped to the front; the other three kept their order.
    """
    places = np.asarray(places, float)
    there = np.flatnonzero(np.isfinite(places))
    if len(set(places[there])) != len(there):
        raise ValueError(f"expected different places, got {places[there].tolist()}")
    ends, last, before = [], [], {}
    for index in there:
        rank = bisect_left(ends, places[index])
        ends[rank:], last[rank:] = (
            [places[index], *ends[rank + 1 :]],
            [index, *last[rank + 1 :]],
        )
        before[index] = last[rank - 1] if rank else None
    kept, index = set(), last[-1] if last else None
    while index is not None:
        kept.add(index)
        index = before[index]
    return np.array([np.isfinite(place) and i not in kept for i, place in enumerate(places)], bool)


def fates_of_statements(statements, output):
    """What became of each statement in one output?

    Parameters
    ----------
    statements : pandas.DataFrame
        One row per statement in the order of the source, with columns ``<output>_content``
        (``same``, ``changed`` or ``dropped``) and ``<output>_place`` (rank, text or NaN).
    output : str
        Start of the names of the columns.

    Returns
    -------
    pandas.Series of str
        One of ``FATES``; a statement that is both changed and moved counts as changed.

    Raises
    ------
    ValueError
        If a statement is dropped and has a place, or the other way round.
    """
    content = statements[f"{output}_content"]
    places = pd.to_numeric(statements[f"{output}_place"], errors="coerce")
    if not (places.isna() == (content == "dropped")).all():
        raise ValueError("expected a place for each statement that is not dropped")
    fate = np.where(moved_statements(places), "moved", "kept")
    return pd.Series(np.where(content == "same", fate, content), statements.index, name=output)


def sections_in_order(sections, output):
    """Are all requested sections there, and in the requested order?

    Parameters
    ----------
    sections : pandas.DataFrame
        Columns ``requested_place`` and ``<output>_place``: ranks, empty or NaN where a section
        was not requested or is not there.
    output : str
        Start of the name of the column.

    Returns
    -------
    tuple of bool
        Whether all are there, whether those that are there stand in order.
    """
    asked = pd.to_numeric(sections["requested_place"], errors="coerce").rename("asked")
    found = pd.to_numeric(sections[f"{output}_place"], errors="coerce").rename("found")
    wanted = pd.concat([asked, found], axis=1).dropna(subset="asked").sort_values("asked")
    return bool(wanted["found"].notna().all()), bool(
        wanted["found"].dropna().is_monotonic_increasing
    )
