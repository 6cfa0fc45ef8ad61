"""Which printed numbers cannot all be true together, and which few would have to give way?

A *statement* is a printed number, or a way of reading one, that data either fit or do not fit. A
*candidate* is one possible data set. Given every candidate there is, a *minimal contradiction*
is a set of statements that no candidate fits, while it fits whenever one of them is left out;
a *repair* is a smallest set of statements that has to be given up so that all others hold.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

# One bit of a whole number of 64 bits per statement.
_MOST_STATEMENTS = 62


@dataclass(frozen=True)
class Contradictions:
    """What a list of statements can and cannot be together.

    Parameters
    ----------
    statements : tuple of str
        All statements, in the order given.
    minimal : tuple of tuple of str
        Every minimal contradiction, the smallest first; empty if all statements fit together.
    repairs : tuple of tuple of str
        Every smallest-by-inclusion set to give up, the smallest first; one empty set if all
        statements fit together.
    """

    statements: tuple
    minimal: tuple
    repairs: tuple

    @property
    def consistent(self):
        """Whether some candidate fits every statement."""
        return not self.minimal

    def membership(self):
        """Which statement belongs to which minimal contradiction.

        Returns
        -------
        pandas.DataFrame
            One row per statement that belongs to any, in the order given; one column (1, 2, …)
            per minimal contradiction; True where it belongs.
        """
        rows = {s: [s in conflict for conflict in self.minimal] for s in self.statements}
        columns = range(1, len(self.minimal) + 1)
        table = pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=bool)
        return table[table.any(axis=1)].rename_axis("statement")


def find_contradictions(fits):
    """Every minimal contradiction and every repair of a list of statements.

    Parameters
    ----------
    fits : pandas.DataFrame
        One row per candidate, one column of bool per statement: does this candidate fit it? The
        candidates must be all there are: what is missing here is taken to be impossible.

    Returns
    -------
    Contradictions

    Raises
    ------
    ValueError
        If there is no candidate, no statement, or more than 62 statements.

    Notes
    -----
    A set of statements holds together if and only if some candidate fits all of it, so the
    largest sets that do are read off the candidates; what each leaves out is a repair. A set is
    contradictory if and only if it shares a statement with every repair: the minimal
    contradictions are the smallest sets that meet all of them, built up one repair at a time.

    References
    ----------
    Liffiton MH, Sakallah KA. Algorithms for computing minimal unsatisfiable subsets of
    constraints. J Autom Reasoning 2008;40:1–33.

    Examples
    --------
    >>> counts = pd.DataFrame({"events": [4, 5, 6, 7], "of": [9, 9, 9, 9]})
    >>> share = (counts.events / counts.of).round(2)
    >>> fits = pd.DataFrame(
    ...     {"44%": share == 0.44, "more than half": share > 0.5, "odd": counts.events % 2 == 1}
    ... )
    >>> find_contradictions(fits).minimal
    (('44%', 'more than half'), ('44%', 'odd'))
    >>> find_contradictions(fits).repairs
    (('44%',), ('more than half', 'odd'))

    Give up the first number and the two others can be true.
    """
    statements = tuple(map(str, fits.columns))
    if not len(fits) or not 0 < len(statements) <= _MOST_STATEMENTS:
        raise ValueError(
            f"expected at least one candidate and 1 to {_MOST_STATEMENTS} statements, got "
            f"{len(fits)} and {len(statements)}"
        )
    bits = np.int64(1) << np.arange(len(statements), dtype=np.int64)
    held = np.unique(fits.to_numpy(bool) @ bits)
    every = int(bits.sum())
    given_up = _smallest({every & ~int(mask) for mask in held})
    conflicts = [0]
    for repair in given_up:
        conflicts = _smallest(
            {c for c in conflicts if c & repair}
            | {
                c | (1 << place)
                for c in conflicts
                if not c & repair
                for place in range(len(statements))
                if repair >> place & 1
            }
        )
    if given_up == [0]:
        conflicts = []
    return Contradictions(
        statements=statements,
        minimal=tuple(_named(mask, statements) for mask in conflicts),
        repairs=tuple(_named(mask, statements) for mask in given_up),
    )


def values_left_by(fits, values, statements):
    """What can a quantity be, if these statements are true?

    Parameters
    ----------
    fits : pandas.DataFrame
        As for :func:`find_contradictions`.
    values : pandas.Series
        The quantity in each candidate, on the index of ``fits``.
    statements : sequence of str
        Columns of ``fits`` that are taken to be true.

    Returns
    -------
    list of float
        Its different values (to twelve decimals), smallest first; empty if no candidate fits.

    Examples
    --------
    >>> fits = pd.DataFrame({"67%": [False, True, True], "P 0.2": [True, False, True]})
    >>> values_left_by(fits, pd.Series([0.5, 0.25, 0.75]), ["67%"])
    [0.25, 0.75]

    The first statement alone leaves two values.
    """
    chosen = fits[list(statements)].all(axis=1)
    return [float(v) for v in np.unique(values[chosen].dropna().to_numpy(float).round(12))]


def _smallest(masks):
    """Those that contain no other; fewest bits first, then in the order of the statements."""
    kept = []
    for mask in sorted(masks, key=lambda m: (m.bit_count(), _reversed_bits(m))):
        if not any(mask & other == other for other in kept):
            kept.append(mask)
    return kept


def _reversed_bits(mask):
    """Sorts sets of one size by their first statement, then by the second, and so on."""
    return [place for place in range(_MOST_STATEMENTS) if mask >> place & 1]


def _named(mask, statements):
    return tuple(s for place, s in enumerate(statements) if mask >> place & 1)
