"""Which agreement of three readers do their totals allow?

A paper prints how many lesions each reader calls positive, and a kappa. With yes-or-no readings
Fleiss' kappa depends on the totals and on one further number: the *split* lesions, on which the
three do not all agree.
"""

import itertools

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

# The six ways in which three readers can differ: who of them says yes.
_SPLIT = np.array([p for p in itertools.product((0, 1), repeat=3) if 0 < sum(p) < 3])


def kappa_of_split_lesions(positives, total):
    """Fleiss' kappa for every number of split lesions that the totals allow.

    Parameters
    ----------
    positives : sequence of int, length 3
        Lesions that each reader calls positive, 0 to ``total``.
    total : int
        Lesions that all three read.

    Returns
    -------
    pandas.DataFrame
        One row per possible number: ``n_split``, ``kappa``, ``std_error`` (under the null
        hypothesis) and ``statistic``, kappa in units of it.

    Raises
    ------
    ValueError
        If there are not three readers, a count is out of range, or all readings are the same.

    Notes
    -----
    A split lesion has one agreeing pair of readers of three, any other three of three. With the
    share ``p`` of positive readings ``κ = 1 - 2 n_split / (3 n · 2 p (1 - p))``. That some
    pattern of readings has the totals is decided by integer programming, for each number.

    References
    ----------
    Fleiss JL. Psychol Bull 1971;76:378–382.

    Examples
    --------
    >>> table = kappa_of_split_lesions([6, 6, 7], 10)
    >>> table[["n_split", "kappa"]].round(2).head(2).to_numpy().tolist()
    [[1.0, 0.86], [2.0, 0.71]]

    The totals differ by one, so that at least one lesion is split; each costs a seventh.
    """
    reads, n = _checked(positives, total)
    p = reads.sum() / (3 * n)
    spread = 2 * p * (1 - p)
    possible = np.array([k for k in range(n + 1) if _is_possible(reads, n, k)], int)
    kappa = 1 - 2 * possible / (3 * n * spread)
    std_error = np.sqrt(1 / (3 * n))  # Fleiss, Nee and Landis 1979 for two categories
    return pd.DataFrame(
        {
            "n_split": possible,
            "kappa": kappa,
            "std_error": std_error,
            "statistic": kappa / std_error,
        }
    )


def patterns_of_split_lesions(positives, total, n_split):
    """Every pattern of readings with these totals and this many split lesions.

    Parameters
    ----------
    positives : sequence of int, length 3
        Lesions that each reader calls positive.
    total : int
        Lesions that all three read.
    n_split : int
        Lesions on which they do not all agree; at most about twenty.

    Returns
    -------
    pandas.DataFrame
        One row per pattern; columns ``yes_yes_yes, yes_yes_no, …, no_no_no`` name what the three
        readers say and count lesions.

    Raises
    ------
    ValueError
        As for :func:`kappa_of_split_lesions`.

    Examples
    --------
    >>> len(patterns_of_split_lesions([6, 6, 7], 10, 1))
    1

    The one split lesion is the third reader's.
    """
    reads, n = _checked(positives, total)
    rows = []
    for counts in _compositions(n_split, len(_SPLIT)):
        left = reads - np.array(counts) @ _SPLIT
        if left.min() == left.max() and 0 <= left[0] <= n - n_split:
            rows.append((int(left[0]), *counts, int(n - n_split - left[0])))
    patterns = [(1, 1, 1), *map(tuple, _SPLIT.tolist()), (0, 0, 0)]
    names = ["_".join("yes" if said else "no" for said in pattern) for pattern in patterns]
    return pd.DataFrame(rows, columns=names, dtype=int)


def _is_possible(reads, n, n_split):
    """Whether some pattern has these totals: unanimous yes, unanimous no, and six splits."""
    per_reader = np.hstack([np.ones((3, 1)), np.zeros((3, 1)), _SPLIT.T])
    splits = np.r_[0, 0, np.ones(6)]
    matrix = np.vstack([per_reader, np.ones(8), splits])
    wanted = np.r_[reads, n, n_split]
    found = milp(
        np.zeros(8),
        constraints=LinearConstraint(matrix, wanted, wanted),
        integrality=np.ones(8),
        bounds=Bounds(0, np.inf),
    )
    return bool(found.success)


def _compositions(total, parts):
    """Every way to share a total among parts."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _compositions(total - first, parts - 1):
            yield (first, *rest)


def _checked(positives, total):
    reads = np.asarray(positives)
    if reads.shape != (3,):
        raise ValueError(f"expected the totals of three readers, got {positives!r}")
    if not float(total).is_integer() or np.any(reads != np.floor(reads)):
        raise ValueError(f"expected whole numbers, got {positives!r} of {total!r}")
    if np.any(reads < 0) or np.any(reads > total) or reads.sum() in (0, 3 * total):
        raise ValueError(f"expected 0 to {total} positives and two categories, got {positives!r}")
    return reads.astype(int), int(total)
