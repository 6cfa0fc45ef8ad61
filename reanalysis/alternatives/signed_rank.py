"""Which Wilcoxon signed-rank test does a printed P value follow?

The test ranks the sizes of paired differences. Programs differ in how they treat ties, in whether
they use the exact distribution or a normal approximation with or without continuity correction;
users differ in how they form the pairs and in whether they correct for several tests.

Vocabulary: ``first`` and ``second`` are two columns of numbers whose rows belong together.
"""

import numpy as np
import pandas as pd
from scipy import stats

EXACT, CONTINUITY, NORMAL = "exact", "normal, continuity-corrected", "normal"
BY_ROW, BY_SIZE, UNPAIRED = "paired by row", "each column sorted first", "unpaired"
STATED = f"{BY_ROW}, {CONTINUITY}, Bonferroni"
_NOISE_DECIMALS = 9


def signed_rank_p(differences, distribution=CONTINUITY):
    """Two-sided P value of the Wilcoxon signed-rank test.

    Parameters
    ----------
    differences : array_like, shape (n,)
        Paired differences; those of zero are left out, as Wilcoxon did.
    distribution : {"exact", "normal, continuity-corrected", "normal"}
        The second is R's default where there are ties.

    Returns
    -------
    float
        NaN if no difference is left.

    Notes
    -----
    Tied sizes share their mean rank. *Exact* enumerates the signs given those ranks; the normal
    variance is ``Σ rank²/4``, which includes the correction for ties.

    References
    ----------
    Wilcoxon F. Biometrics Bull 1945;1:80–83. Hollander M, Wolfe DA. Nonparametric statistical
    methods, 2nd ed. Wiley 1999, chapter 3.

    Examples
    --------
    >>> round(signed_rank_p([1, 2, 3, 4, 5, 6], "exact"), 3)
    0.031

    Six differences of one sign are just enough.
    """
    found = np.round(np.asarray(differences, float), _NOISE_DECIMALS)
    found = found[found != 0]
    if not len(found):
        return float("nan")
    ranks = stats.rankdata(np.abs(found))
    if distribution == EXACT:
        return _exact(ranks, ranks[found > 0].sum())
    gap = ranks[found > 0].sum() - ranks.sum() / 2
    correction = 0.5 * np.sign(gap) if distribution == CONTINUITY else 0.0
    return float(2 * stats.norm.sf(abs(gap - correction) / np.sqrt((ranks**2).sum() / 4)))


def signed_rank_variants(first, second, n_tests=1):
    """P value of two paired columns by every pairing, distribution and correction.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Two columns.
    n_tests : int, default 1
        Tests over which a Bonferroni correction runs.

    Returns
    -------
    dict of str to float
        By name of the method; "paired by row" is what the name of the test means.

    Raises
    ------
    ValueError
        If the columns are of different length.

    Notes
    -----
    Sorting each column by itself destroys the pairs: the test then compares two distributions as
    if their quantiles had been matched, and its P value is too small. Unpaired is the rank-sum
    test of Mann and Whitney with its normal approximation.

    Examples
    --------
    >>> found = signed_rank_variants([3, 1, 4, 2, 6], [2, 3, 1, 5, 4])
    >>> round(found["paired by row, exact"], 2)
    1.0
    """
    first, second = (np.asarray(column, float) for column in (first, second))
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"expected two columns of one length, got {first.shape}, {second.shape}")
    gaps = {BY_ROW: first - second, BY_SIZE: np.sort(first) - np.sort(second)}
    plain = {
        f"{pairing}, {distribution}": signed_rank_p(gap, distribution)
        for pairing, gap in gaps.items()
        for distribution in (CONTINUITY, NORMAL, EXACT)
    }
    plain[UNPAIRED] = float(stats.mannwhitneyu(first, second, method="asymptotic").pvalue)
    corrected = {f"{name}, Bonferroni": min(1.0, n_tests * p) for name, p in plain.items()}
    return plain | corrected


def variants_by_test(pairs, n_tests):
    """The variants of several tests, ready for a ledger.

    Parameters
    ----------
    pairs : mapping of str to (array_like, array_like)
        The two columns of each test, by its claim id without the last part.
    n_tests : mapping of str to int
        Tests over which the Bonferroni correction of each runs.

    Returns
    -------
    dict of str to DataFrame
        By method: one row per test, column ``p_value``.
    """
    rows = {name: signed_rank_variants(*pair, n_tests[name]) for name, pair in pairs.items()}
    by_method = pd.DataFrame(rows).T
    return {method: by_method[[method]].set_axis(["p_value"], axis=1) for method in by_method}


def _exact(ranks, positive):
    """Two-sided P over all assignments of signs; mean ranks are multiples of one half."""
    halves = np.round(2 * ranks).astype(int)
    ways = np.ones(1)
    for half in halves:
        ways = np.concatenate([ways, np.zeros(half)]) + np.concatenate([np.zeros(half), ways])
        ways /= 2
    total, seen = halves.sum(), round(2 * positive)
    tail = min(seen, total - seen)
    return float(min(1.0, 2 * ways[: tail + 1].sum()))
