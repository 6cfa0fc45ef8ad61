"""Which coefficient of association does a printed "correlation" of two classifications follow?

φ and Cramér's V, the contingency coefficient, the correlations of Pearson and Spearman over ordered
classes, and those that count pairs of patients: Kendall, Stuart, Goodman–Kruskal, Somers.
"""

import numpy as np
import pandas as pd
from scipy import stats

CRAMER = "φ or Cramér's V"
CONTINGENCY = "contingency coefficient"
SAKODA = "contingency coefficient over its maximum"
PEARSON = "Pearson's r of class numbers"
SPEARMAN = "Spearman's ρ"
TAU_B = "Kendall's τ-b"
TAU_C = "Stuart's τ-c"
GAMMA = "Goodman–Kruskal γ"
SOMERS = "Somers' d, columns given rows"

REFERENCES = {
    CRAMER: "Cramér, Mathematical Methods of Statistics, 1946; SPSS, R vcd::assocstats",
    CONTINGENCY: "Pearson 1904; SPSS, R vcd::assocstats",
    SAKODA: "Sakoda, Proc Soc Stat Sect, Am Stat Assoc 1977:777–780",
    PEARSON: "Pearson 1896; SPSS, R cor",
    SPEARMAN: "Spearman, Am J Psychol 1904;15:72–101; SPSS, R cor(method='spearman')",
    TAU_B: "Kendall, Biometrika 1945;33:239–251; SPSS, R cor(method='kendall')",
    TAU_C: "Stuart, Biometrika 1953;40:105–110; SPSS",
    GAMMA: "Goodman, Kruskal, J Am Stat Assoc 1954;49:732–764; SPSS",
    SOMERS: "Somers, Am Sociol Rev 1962;27:799–811; SPSS",
}


def association_variants(counts):
    """Association of two ordered classifications, by every coefficient in use.

    Parameters
    ----------
    counts : pandas.DataFrame or array_like of int, shape (n_rows, n_columns)
        Patients by class of the first (rows) and of the second classification (columns), in
        order. Rows and columns without patients are left out; two of each must remain.

    Returns
    -------
    pandas.DataFrame
        One row per coefficient: ``method``, ``estimate`` (between -1 and 1; the first three have
        no sign), ``largest`` (the most it could be in any table, 1 unless the coefficient cannot
        reach it). The reference of each is in ``REFERENCES``.

    Raises
    ------
    ValueError
        If a count is not a whole number of at least 0, or fewer than two rows or columns hold
        patients.

    Notes
    -----
    With χ² of ``N`` patients and the smaller number ``m`` of rows or columns:
    ``V = √(χ²/(N (m - 1)))``, ``C = √(χ²/(χ² + N))``, and Sakoda divides it by ``√((m - 1)/m)``.
    With ``P`` concordant and ``Q`` discordant pairs of patients ``γ = (P - Q)/(P + Q)``: pairs
    that are tied in either classification are left out, so that it is the largest of its kind.

    Examples
    --------
    >>> table = association_variants([[30, 6], [27, 29]]).set_index("method")
    >>> table.estimate[[CRAMER, SPEARMAN, GAMMA]].round(2).tolist()
    [0.35, 0.35, 0.69]

    One table, two very different "correlations": the second leaves out all ties.
    """
    n = _checked(counts)
    smaller, total = min(n.shape), n.sum()
    chi2 = float(stats.chi2_contingency(n, correction=False).statistic)
    contingency = np.sqrt(chi2 / (chi2 + total))
    most = np.sqrt((smaller - 1) / smaller)
    rows, columns = (np.repeat(place, n.ravel()) for place in np.indices(n.shape).reshape(2, -1))
    concordant, discordant = _pairs(n), _pairs(n[:, ::-1])
    found = [
        (CRAMER, np.sqrt(chi2 / (total * (smaller - 1))), 1.0),
        (CONTINGENCY, contingency, most),
        (SAKODA, contingency / most, 1.0),
        (PEARSON, stats.pearsonr(rows, columns).statistic, 1.0),
        (SPEARMAN, stats.spearmanr(rows, columns).statistic, 1.0),
        (TAU_B, stats.kendalltau(rows, columns, variant="b").statistic, 1.0),
        (TAU_C, stats.kendalltau(rows, columns, variant="c").statistic, 1.0),
        (GAMMA, (concordant - discordant) / (concordant + discordant), 1.0),
        (SOMERS, stats.somersd(n).statistic, 1.0),
    ]
    rows = [(name, float(value), float(largest)) for name, value, largest in found]
    return pd.DataFrame(rows, columns=["method", "estimate", "largest"])


def _pairs(n):
    """Pairs of patients of whom one is higher in both classifications."""
    return sum(
        n[i, j] * n[i + 1 :, j + 1 :].sum() for i in range(n.shape[0]) for j in range(n.shape[1])
    )


def _checked(counts):
    n = np.asarray(counts, float)
    if n.ndim != 2 or np.any(n < 0) or np.any(n != np.floor(n)):
        raise ValueError(f"counts must be a table of whole numbers of at least 0, got {n.tolist()}")
    n = n[n.sum(axis=1) > 0][:, n.sum(axis=0) > 0].astype(int)
    if min(n.shape) < 2:
        raise ValueError(f"expected patients in two rows and columns or more, got {n.tolist()}")
    return n
