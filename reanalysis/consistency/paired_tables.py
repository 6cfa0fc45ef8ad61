"""Which cross-tables fit the counts that a paper prints in sentences?

A paper says how many lesions were bright on one sequence, how many on both, how many of those lay
below a cut-off. Each sentence fixes a sum of cells of one cross-table of all the readings. The
search lists every table of whole numbers that has all the printed sums: one table is a proof,
several are bounds, none is a contradiction.

Vocabulary: a *factor* is a reading with its levels (``{"DWI": ("bright", "dark")}``); a *count* is
a printed number and the levels it counts (``({"DWI": "bright"}, 60)``; ``({}, 82)`` is the total).
"""

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd

DEFAULT_LIMIT = 200_000


@dataclass(frozen=True)
class FittingCrossTables:
    """Every cross-table that fits.

    Parameters
    ----------
    tables : pandas.DataFrame
        One row per table, one column per cell; the columns have one level per factor.
    """

    tables: pd.DataFrame

    def __len__(self):
        return len(self.tables)

    @property
    def is_unique(self):
        """Whether the printed counts leave exactly one table."""
        return len(self) == 1

    def counts(self, **levels):
        """How many are counted at some levels, in each fitting table.

        Parameters
        ----------
        **levels : str
            Level by factor; factors left out are summed over.

        Returns
        -------
        ndarray of int, shape (n_tables,)

        Raises
        ------
        ValueError
            If a factor or a level is unknown.
        """
        return self.tables.loc[:, _chosen(self.tables.columns, levels)].to_numpy().sum(axis=1)

    def bounds(self, **levels):
        """Smallest and largest count at some levels, over all fitting tables.

        Parameters
        ----------
        **levels : str
            Level by factor; factors left out are summed over.

        Returns
        -------
        low, high : int

        Raises
        ------
        ValueError
            If no table fits, or a factor or a level is unknown.
        """
        if not len(self):
            raise ValueError("expected at least one fitting table, got none: nothing to bound")
        counts = self.counts(**levels)
        return int(counts.min()), int(counts.max())


def fitting_cross_tables(factors, counts, *, limit=DEFAULT_LIMIT):
    """All cross-tables of whole numbers that have every printed count.

    Parameters
    ----------
    factors : mapping of str to sequence of str
        Levels of each reading, two or more.
    counts : sequence of (mapping, int or (int, int))
        Levels by factor, and the number printed for them; a pair is a range, both ends included.
    limit : int, default 200000
        Number of tables beyond which the search is refused.

    Returns
    -------
    FittingCrossTables
        Tables in lexical order of their cells.

    Raises
    ------
    ValueError
        If a factor or level is unknown, a count is negative or not whole, a cell is bounded by
        no count, or more tables fit than `limit`.

    Notes
    -----
    Cells are filled one after the other; each may take what every sum it belongs to still leaves,
    and a sum that has no further cell must be met. The search is exhaustive.

    Examples
    --------
    >>> factors = {"ct": ("pos", "neg"), "mri": ("pos", "neg")}
    >>> counts = [({}, 10), ({"ct": "pos"}, 6), ({"mri": "pos"}, 8)]
    >>> found = fitting_cross_tables(factors, counts)
    >>> len(found), found.bounds(ct="pos", mri="neg")
    (3, (0, 2))

    From the totals alone, CT was positive where MRI was negative in none to two patients.
    """
    cells = pd.MultiIndex.from_product(factors.values(), names=list(factors))
    sums = [(_chosen(cells, levels), *_span(printed)) for levels, printed in counts]
    covered = np.array([chosen for chosen, _, _ in sums])
    if not sums or not covered.any(axis=0).all():
        raise ValueError("expected every cell in some count; add the total, ({}, n)")
    rows = list(itertools.islice(_fill(sums, len(cells)), limit + 1))
    if len(rows) > limit:
        raise ValueError(f"more than {limit} tables fit: expected further counts")
    return FittingCrossTables(pd.DataFrame(sorted(rows), columns=cells, dtype=int))


def smallest_conflicts(factors, counts):
    """The smallest sets of printed counts that cannot all be true.

    Parameters
    ----------
    factors : mapping of str to sequence of str
        Levels of each reading.
    counts : mapping of str to (mapping, int or (int, int))
        Printed counts as for :func:`fitting_cross_tables`, by a name of each.

    Returns
    -------
    list of tuple of str
        Every conflicting set of the smallest size; empty if all counts fit one table.

    Examples
    --------
    >>> factors = {"reading": ("none", "one", "both")}
    >>> counts = {"total": ({}, 23), "none": ({"reading": "none"}, 11)}
    >>> counts |= {"one": ({"reading": "one"}, 7), "both": ({"reading": "both"}, 6)}
    >>> smallest_conflicts(factors, counts)
    [('total', 'none', 'one', 'both')]

    11, 7 and 6 make 24. No three of the four numbers are in conflict, so that any one of them
    may be the misprint.
    """
    cells = pd.MultiIndex.from_product(factors.values(), names=list(factors))
    sums = {name: (_chosen(cells, lv), *_span(printed)) for name, (lv, printed) in counts.items()}
    if _any_table(list(sums.values())):
        return []
    for size in range(1, len(sums) + 1):
        subsets = itertools.combinations(sums, size)
        found = [names for names in subsets if not _any_table([sums[n] for n in names])]
        if found:
            break
    return found


def _any_table(sums):
    """Whether some table has these sums; cells in none of them are free and left out."""
    used = np.array([chosen for chosen, _, _ in sums]).any(axis=0)
    kept = [(chosen[used], low, high) for chosen, low, high in sums]
    return next(_fill(kept, int(used.sum())), None) is not None


def _fill(sums, n_cells):
    """Every way to fill the cells, as tuples, by depth-first search."""
    chosen = np.array([c for c, _, _ in sums])
    last = [int(np.flatnonzero(c)[-1]) for c in chosen]
    of_cell = [np.flatnonzero(chosen[:, cell]).tolist() for cell in range(n_cells)]
    low, high = [s[1] for s in sums], [s[2] for s in sums]
    total, values = [0] * len(sums), [0] * n_cells

    def search(cell):
        if cell == n_cells:
            yield tuple(values)
            return
        at_most = min(high[s] - total[s] for s in of_cell[cell])
        at_least = max([0, *(low[s] - total[s] for s in of_cell[cell] if last[s] == cell)])
        for value in range(at_least, at_most + 1):
            values[cell] = value
            for s in of_cell[cell]:
                total[s] += value
            yield from search(cell + 1)
            for s in of_cell[cell]:
                total[s] -= value

    return search(0)


def _span(printed):
    low, high = printed if isinstance(printed, tuple) else (printed, printed)
    if any(not float(end).is_integer() or end < 0 for end in (low, high)) or low > high:
        raise ValueError(f"expected a whole number of at least 0, or a range, got {printed!r}")
    return int(low), int(high)


def _chosen(cells, levels):
    """Which cells lie at the levels."""
    keep = np.ones(len(cells), bool)
    for factor, level in levels.items():
        if factor not in cells.names or level not in cells.unique(factor):
            known = {name: list(cells.unique(name)) for name in cells.names}
            raise ValueError(f"expected factors and levels out of {known}, got {factor}={level!r}")
        keep &= cells.get_level_values(factor) == level
    return keep
