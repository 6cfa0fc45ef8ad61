"""Which kappa of several readers does a printed agreement follow?

"Kappa for three readers" may be Fleiss', which pools the readers' categories, Conger's exact form
of it, Light's mean of all pairs, or Randolph's, which takes every category for equally likely.
"""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa, to_table

from reanalysis.alternatives.kappa import APPROXIMATE, WEIGHTS, kappa_variants

FLEISS = "Fleiss, variance of 1979"
FLEISS_1971 = "Fleiss, variance of 1971"
CONGER = "Fleiss, exact (Conger)"
RANDOLPH = "Randolph, free marginals"
LIGHT = {weights: f"Light, {weights}" for weights in WEIGHTS}

REFERENCES = {
    FLEISS: "Fleiss, Psychol Bull 1971;76:378–382; Fleiss, Nee, Landis, Psychol Bull "
    "1979;86:974–977; SPSS, Stata, R irr",
    FLEISS_1971: "Fleiss, Psychol Bull 1971;76:378–382, eq. 16; corrected in 1979",
    CONGER: "Conger, Psychol Bull 1980;88:322–328; R irr kappam.fleiss(exact=TRUE)",
    RANDOLPH: "Randolph, Joensuu Learning and Instruction Symposium, 2005",
} | dict.fromkeys(LIGHT.values(), "Light, Psychol Bull 1971;76:365–377; R irr, psy::lkappa")


def multi_rater_kappa_variants(ratings, conf_level=0.95):
    """Kappa of several readers from all their readings, by every definition in use.

    Parameters
    ----------
    ratings : pandas.DataFrame or array_like, shape (n_targets, n_readers)
        Category each reader (column) gives each target (row); categories are ordered as they
        sort, for the weighted means of pairs. No gaps. A category that nobody used is none.
    conf_level : float, default 0.95
        Level of the normal intervals.

    Returns
    -------
    pandas.DataFrame
        One row per definition: ``method``, ``estimate``, ``std_error``, ``conf_low``,
        ``conf_high``, ``statistic``, ``p_value``. Fleiss' standard errors are those under the
        null hypothesis, which programs also use for the interval; the other definitions come
        without. References are in ``REFERENCES``.

    Raises
    ------
    ValueError
        If there are fewer than two targets, readers or categories, or gaps.

    Notes
    -----
    With ``N`` targets, ``m`` readers, the share ``p_j`` of readings in category ``j`` and
    ``q_j = 1 - p_j``, the variance of 1979 is ``2 [(Σpq)² - Σ pq(q-p)] / (N m (m-1) (Σpq)²)``;
    that of 1971 is
    ``2 [Σp² - (2m-3)(Σp²)² + 2(m-2)Σp³] / (N m (m-1) (1-Σp²)²)``. Conger takes from the
    expected agreement the variance between the readers' own shares.

    Examples
    --------
    >>> readings = [[1, 1, 1], [2, 2, 1], [3, 3, 3], [1, 2, 2], [3, 3, 2], [1, 1, 1]]
    >>> table = multi_rater_kappa_variants(readings).set_index("method")
    >>> table.estimate[[FLEISS, CONGER, LIGHT["unweighted"]]].round(3).tolist()
    [0.486, 0.493, 0.489]

    Three readers agree in half of what chance leaves open, by each definition.
    """
    codes, n_categories = _checked(ratings)
    counts, _ = aggregate_raters(codes, n_categories)
    n_readers = codes.shape[1]
    rows = []
    fleiss = fleiss_kappa(counts)
    z = stats.norm.ppf((1 + conf_level) / 2)
    for method, std_error in _fleiss_std_errors(counts, n_readers).items():
        half, statistic = z * std_error, fleiss / std_error
        p_value = 2 * stats.norm.sf(abs(statistic))
        rows.append((method, fleiss, std_error, fleiss - half, fleiss + half, statistic, p_value))
    pairs = [
        kappa_variants(to_table(codes[:, list(pair)], n_categories)[0])
        for pair in combinations(range(n_readers), 2)
    ]
    estimates = {
        CONGER: _conger(codes, counts, n_categories),
        RANDOLPH: fleiss_kappa(counts, method="randolph"),
    } | {
        LIGHT[weights]: np.mean([_estimate(table, weights) for table in pairs])
        for weights in WEIGHTS
    }
    rows += [(method, value, *(np.nan,) * 5) for method, value in estimates.items()]
    columns = ["method", "estimate", "std_error", "conf_low", "conf_high", "statistic", "p_value"]
    return pd.DataFrame(rows, columns=columns)


def _estimate(table, weights):
    return table.set_index("method").estimate[f"{weights}, {APPROXIMATE}"]


def _fleiss_std_errors(counts, m):
    p = counts.sum(axis=0) / counts.sum()
    pq = (p * (1 - p)).sum()
    squares, cubes = (p**2).sum(), (p**3).sum()
    spread = {
        FLEISS: pq**2 - (p * (1 - p) * (1 - 2 * p)).sum(),
        FLEISS_1971: squares - (2 * m - 3) * squares**2 + 2 * (m - 2) * cubes,
    }
    return {k: np.sqrt(2 * v / (len(counts) * m * (m - 1))) / pq for k, v in spread.items()}


def _conger(codes, counts, n_categories):
    m = codes.shape[1]
    agreement = ((counts**2).sum(axis=1) - m).mean() / (m * (m - 1))
    shares = np.stack([(codes == j).mean(axis=0) for j in range(n_categories)])
    expected = (shares.mean(axis=1) ** 2).sum() - shares.var(axis=1).sum() / (m - 1)
    return (agreement - expected) / (1 - expected)


def _checked(ratings):
    frame = pd.DataFrame(ratings)
    if frame.isna().any(axis=None):
        raise ValueError("expected a category for every reader and target, got gaps")
    if min(frame.shape) < 2:
        raise ValueError(f"expected two or more targets and readers, got shape {frame.shape}")
    categories, codes = np.unique(frame.to_numpy(), return_inverse=True)
    if len(categories) < 2:
        raise ValueError(f"expected two or more categories in use, got {categories.tolist()}")
    return codes.reshape(frame.shape), len(categories)
