"""Which numbers of events and of patients at risk give exactly a printed survival?

A Kaplan–Meier survival is a product of factors ``1 - 1/k``, one per event, where ``k`` patients
are at risk just before it; two events at once are two factors with ``k`` and ``k - 1``. With few
events only few products round to what is printed.

Vocabulary: a *history* is the decreasing numbers at risk at the events, each at most ``n``.
"""

import math

import numpy as np
import pandas as pd

from reanalysis.published_numbers import PublishedNumber

_UNITS = {"%": 100.0, "proportion": 1.0}
_MOST_PREFIXES = 3_000_000
_TRIES = 2_000
_WIDTHS = 16
_NOISE = 1e-12


def feasible_factors(n, survival, *, unit="%", decimals=None, min_at_risk=1):
    """Numbers of events, and of patients at risk at them, that give a printed survival.

    Parameters
    ----------
    n : int
        Patients at the beginning.
    survival : str or float
        As printed, or a number 0–1 together with ``decimals``.
    unit : str, default "%"
        Unit of a printed survival: ``%`` or ``proportion``.
    decimals : int, optional
        Decimals to which a number 0–1 is known.
    min_at_risk : int, default 1
        Fewest at risk at the last event.

    Returns
    -------
    DataFrame
        One row per possible number of events: ``events``; ``histories``, how many different
        ones there are (missing where there are too many to count); ``at_risk_first_min``,
        ``at_risk_first_max``, ``at_risk_last_min``, ``at_risk_last_max``, between which the
        numbers at risk at the first and the last event lie (over the counted histories; bounds
        where they are not counted); ``example``, the numbers at risk of one history.

    Raises
    ------
    ValueError
        If the arguments are not as described, or survival is printed as 0.

    Notes
    -----
    With ``d`` events survival is at most ``(n - d)/n``, which bounds their number. All but the
    last number at risk are enumerated, the last follows. Where that is too much, a history is
    looked for at random, and the row is there if one is found.

    Examples
    --------
    >>> feasible_factors(40, "97.50")[["events", "histories", "example"]].values.tolist()
    [[1, 1, (40,)]]

    A survival of 97.50 % of 40 patients is one event before anybody was censored.
    """
    low, high = _window(survival, unit, decimals)
    if n < 1 or not 1 <= min_at_risk <= n:
        raise ValueError(f"expected 1 <= min_at_risk <= n, got n = {n}, {min_at_risk}")
    rows = [(0, 1, None, None, None, None, ())] if high >= 1 - _NOISE else []
    for d in range(1, math.floor(n * (1 - low) + 1e-9) + 1):
        if math.comb(n, d - 1) <= _MOST_PREFIXES:
            found = _enumerate(n, d, low, high, min_at_risk)
        else:
            found = _search(n, d, low, high, min_at_risk)
        if found is not None:
            rows.append((d, *found))
    columns = ["events", "histories", "at_risk_first_min", "at_risk_first_max",
               "at_risk_last_min", "at_risk_last_max", "example"]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    return table.astype(dict.fromkeys(columns[:-1], "Int64"))


def _window(survival, unit, decimals):
    if decimals is not None:
        survival, unit = f"{float(survival):.{decimals}f}", "proportion"
    if not isinstance(survival, str) or unit not in _UNITS:
        raise ValueError(
            f"expected survival as printed with a unit out of {list(_UNITS)}, or a number with "
            f"decimals, got {survival!r}, {unit!r}"
        )
    low, high = (end / _UNITS[unit] for end in PublishedNumber(survival).interval())
    if not (0 < low < 1 and high <= 1 + (high - low)):
        raise ValueError(f"expected a survival above 0 and at most 1, got {survival!r}")
    return low, min(high, 1.0)


def _enumerate(n, d, low, high, least):
    """All histories of `d` events: the numbers before the last, then the last itself."""
    prefixes, products = np.zeros((1, 0), int), np.ones(1)
    for left in range(d, 1, -1):
        last = prefixes[:, -1] if prefixes.shape[1] else np.full(len(prefixes), n + 1)
        rows, following = _following(last, least + left - 1)
        after = products[rows] * (1 - 1 / following)
        # The other factors are largest if the numbers at risk follow each other.
        reachable = after * (following - left) / (following - 1) >= low - _NOISE
        prefixes = np.column_stack([prefixes[rows], following])[reachable]
        products = after[reachable]
        if not len(prefixes):
            return None
    last = prefixes[:, -1] if d > 1 else np.full(1, n + 1)
    smallest, largest = _last_between(products, low, high, last - 1, least)
    count = np.maximum(largest - smallest + 1, 0)
    if not count.sum():
        return None
    some = count > 0
    first = prefixes[some, 0] if d > 1 else None
    example = (*(prefixes[some][0] if d > 1 else ()), largest[some][0])
    ends = (smallest[some].min(), largest[some].max())
    firsts = (first.min(), first.max()) if d > 1 else ends
    return int(count.sum()), *map(int, firsts), *map(int, ends), tuple(map(int, example))


def _following(last, least):
    """Rows repeated for each number from `least` to below the last one, and that number."""
    room = np.maximum(last - least, 0)
    rows = np.repeat(np.arange(len(last)), room)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(room) - room, room)
    return rows, last[rows] - 1 - place


def _last_between(products, low, high, at_most, least):
    """Whole numbers at risk whose factor brings a product between two ends."""
    with np.errstate(divide="ignore"):
        smallest = np.ceil(1 / (1 - np.minimum(low / products, 1.0)) - 1e-7)
        largest = np.where(
            products > high, np.floor(1 / np.maximum(1 - high / products, 1e-300) + 1e-7), at_most
        )
    smallest = np.maximum(smallest, least)
    largest = np.minimum(largest, at_most)
    top = at_most.max(initial=0) + 1
    return (np.clip(ends, 0, top).astype(int) for ends in (smallest, largest))


def _search(n, d, low, high, least):
    """One history of many events, and bounds; None if none is found."""
    rng = np.random.default_rng(d)
    last_max = int(np.floor((1 + high * (d - 1)) / (1 - high) + 1e-9))
    share = low * n / (n - d + 1)
    last_min = n if share >= 1 else max(int(np.ceil(1 / (1 - share) - 1e-9)), least)
    start = min(n, int(np.floor(d / (1 - high))) + 1)
    for top in (n, start):
        # Few numbers to choose from give early or bunched events, many give scattered ones.
        for width in np.unique(np.geomspace(d, max(top, d), _WIDTHS).astype(int)):
            if width > top:
                continue
            ranks = rng.random((_TRIES, width)).argsort(axis=1)[:, : d - 1]
            prefixes = top - np.sort(ranks, axis=1)
            products = np.prod(1 - 1 / prefixes, axis=1)
            smallest, largest = _last_between(products, low, high, prefixes[:, -1] - 1, least)
            hit = np.flatnonzero(largest >= smallest)
            if len(hit):
                example = (*map(int, prefixes[hit[0]]), int(largest[hit[0]]))
                return None, None, None, last_min, min(last_max, n - d + 1), example
    return None
