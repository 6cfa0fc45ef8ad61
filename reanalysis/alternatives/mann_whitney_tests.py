"""Which form of the Mann–Whitney test gives the P value that is printed?

"The Mann–Whitney U test" is a normal approximation with or without a correction for ties and for
continuity, or an exact test that keeps the ties, or one that ignores them as the old tables do.
Whole numbers (needle passes, scores) have many ties, and there the forms differ.
"""

import numpy as np
import pandas as pd
from scipy import stats

ASYMPTOTIC = "normal approximation, ties corrected"
CONTINUITY = "normal approximation, ties and continuity corrected"
TIES_IGNORED = "normal approximation, ties ignored"
EXACT = "exact, ties kept"
EXACT_TIES_IGNORED = "exact, ties ignored"
REFERENCES = {
    ASYMPTOTIC: "Lehmann, Nonparametrics, 1975, chapter 1; SPSS asymptotic significance; "
    "R wilcox.test(exact=FALSE, correct=FALSE)",
    CONTINUITY: "R wilcox.test(exact=FALSE); scipy mannwhitneyu(method='asymptotic')",
    TIES_IGNORED: "Mann, Whitney, Ann Math Stat 1947;18:50–60, who assume none",
    EXACT: "Streitberg, Röhmel, Stat Softw Newsl 1986;12:10–17; "
    "R coin wilcox_test(distribution='exact')",
    EXACT_TIES_IGNORED: "Mann, Whitney, Ann Math Stat 1947;18:50–60, tables; SPSS exact "
    "significance, 2 × (one-tailed)",
}


def mann_whitney_variants(first, second):
    """P values of the comparison of two independent samples by rank, in every form in use.

    Parameters
    ----------
    first, second : array_like, shape (n_first,) and (n_second,)
        The values of each group, at least one each, none missing.

    Returns
    -------
    pandas.DataFrame
        One row per form: ``method``, ``u`` (pairs in which the first group has the larger
        value, ties by half), ``superiority`` (``u`` as a share of all pairs, 0–1) and
        ``p_value`` (two-sided). The reference of each form is in ``REFERENCES``.

    Raises
    ------
    ValueError
        If a group is empty or a value is missing.

    Notes
    -----
    With ``N = n + m``, ``Var U = n m / 12 (N + 1 - Σ (t³ - t) / (N (N - 1)))`` over groups of
    ``t`` tied values. The exact form that keeps ties adds the probabilities of all rank sums at
    least as far from their expectation, over all ways to choose ``n`` of the ``N`` values.
    Where ties make U a half, the form that ignores them takes the next whole U towards the
    centre. Everybody equal: P is 1.

    Examples
    --------
    >>> table = mann_whitney_variants([1, 1, 2, 4, 4], [3, 5, 5, 6, 7]).set_index("method")
    >>> table.p_value[[ASYMPTOTIC, CONTINUITY, EXACT]].round(3).tolist()
    [0.027, 0.035, 0.024]

    The second group has the higher values, by every form.
    """
    x, y = (np.asarray(values, float) for values in (first, second))
    if not len(x) or not len(y) or not np.all(np.isfinite([*x, *y])):
        raise ValueError(f"expected two samples without gaps, got {first!r} and {second!r}")
    n, m = len(x), len(y)
    u = superiority(x, y) * n * m
    distance = abs(u - n * m / 2)
    spread = rank_std_error(x, y)
    whole = np.ceil(u) if u < n * m / 2 else np.floor(u)
    values = {
        ASYMPTOTIC: _normal(distance, spread),
        CONTINUITY: _normal(max(distance - 0.5, 0), spread),
        TIES_IGNORED: _normal(distance, np.sqrt(n * m * (n + m + 1) / 12)),
        EXACT: _exact(x, y),
        EXACT_TIES_IGNORED: _exact_without_ties(int(whole), n, m),
    }
    rows = [(name, u, u / (n * m), float(p)) for name, p in values.items()]
    return pd.DataFrame(rows, columns=["method", "u", "superiority", "p_value"])


def superiority(first, second):
    """Share of pairs in which the value of the first group is the larger one, ties by half.

    Parameters
    ----------
    first, second : array_like, shape (n_first,) and (n_second,)
        The values of each group.

    Returns
    -------
    float
        0–1; one half when neither group tends to larger values.

    Examples
    --------
    >>> superiority([3, 5], [1, 3])
    0.875

    In three and a half of four pairs the first is larger.
    """
    gaps = np.subtract.outer(np.asarray(first, float), np.asarray(second, float))
    return float(((gaps > 0) + 0.5 * (gaps == 0)).mean())


def rank_std_error(first, second):
    """Standard error of U under no difference, corrected for ties.

    Parameters
    ----------
    first, second : array_like, shape (n_first,) and (n_second,)
        The values of each group.

    Returns
    -------
    float

    Examples
    --------
    >>> round(rank_std_error([1, 2, 3], [4, 5, 6]), 3)
    2.291

    Without ties it depends on the numbers of patients alone.
    """
    both = np.concatenate([first, second])
    n, total = len(first), len(both)
    ties = np.unique(both, return_counts=True)[1].astype(float)
    lost = (ties**3 - ties).sum() / (total * (total - 1))
    return float(np.sqrt(max(0.0, n * (total - n) / 12 * (total + 1 - lost))))


def superiority_of_p_value(p_value, n_first, n_second):
    """The superiority that a Mann–Whitney P value stands for, without ties.

    Parameters
    ----------
    p_value : float
        Two-sided, inside (0, 1].
    n_first, n_second : int
        Patients in each group.

    Returns
    -------
    float
        Share of pairs, at least one half; which group has the larger values P does not say.

    Raises
    ------
    ValueError
        If P is not in (0, 1].

    Examples
    --------
    >>> round(superiority_of_p_value(0.05, 19, 19), 2)
    0.69

    With 19 patients a side, P is 0.05 when one group is ahead in 69 of 100 pairs.
    """
    if not 0 < p_value <= 1:
        raise ValueError(f"expected a P value in (0, 1], got {p_value!r}")
    pairs = n_first * n_second
    spread = np.sqrt(pairs * (n_first + n_second + 1) / 12)
    return float(0.5 + stats.norm.isf(p_value / 2) * spread / pairs)


def _normal(distance, spread):
    return 2 * stats.norm.sf(distance / spread) if spread > 0 else 1.0


def _exact(x, y):
    """Count the ways to choose the first group, by its sum of doubled midranks."""
    both = np.concatenate([x, y])
    ranks = np.round(2 * stats.rankdata(both)).astype(int)
    ways = np.zeros((len(x) + 1, ranks.sum() + 1))
    ways[0, 0] = 1
    for rank in ranks:
        ways[1:, rank:] += ways[:-1, : ways.shape[1] - rank]
    sums, expected = np.arange(ways.shape[1]), len(x) * ranks.sum() / len(both)
    far = np.abs(sums - expected) >= abs(ranks[: len(x)].sum() - expected) - 1e-9
    return ways[-1, far].sum() / ways[-1].sum()


def _exact_without_ties(u, n, m):
    """Twice the smaller tail of U when all values differ."""
    ways = np.zeros((n + 1, n * m + 1))
    ways[0, 0] = 1
    for position in range(n + m):
        for chosen in range(min(position + 1, n), 0, -1):
            # Of the values before this one, all but those chosen already are of the other group.
            below = position - (chosen - 1)
            if below <= m:
                ways[chosen, below:] += ways[chosen - 1, : n * m + 1 - below]
    smaller = min(u, n * m - u)
    return min(1.0, 2 * ways[-1, : smaller + 1].sum() / ways[-1].sum())
