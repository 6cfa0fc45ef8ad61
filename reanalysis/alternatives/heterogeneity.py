"""Which of the definitions of I² does a printed heterogeneity of proportions follow?

One I² is printed for the sensitivities of several studies, and another for their specificities,
but programs mean different things by it: another scale, another centre, another variance.

Vocabulary: ``events`` of ``totals`` is the margin whose heterogeneity is asked for (true
positives of the diseased, say); ``partner_events`` of ``partner_totals`` is the other margin of
the same studies (true negatives of the healthy). ``q`` is Cochran's statistic or its analogue,
``df`` the studies used minus one, ``i_squared = max(0, (q - df) / q)`` lies in 0–1.
"""

import numpy as np
import pandas as pd
from scipy import special, stats

from reanalysis.alternatives.shared_intercept_logistic import (
    NoEstimateError,
    fit_shared_intercept_logistic,
)
from reanalysis.alternatives.study_counts import study_counts
from reanalysis.alternatives.transformed_proportions import (
    arcsines,
    double_arcsines,
    has_zero,
    logits,
    raw_proportions,
)
from reanalysis.bivariate_meta_analysis import fit_bivariate_model

# The bivariate model has five parameters; below four studies it is not fitted.
MINIMUM_FOR_BIVARIATE = 4

_COCHRAN = "Cochran, Biometrics 1954;10:101–129; Higgins, Thompson, Stat Med 2002;21:1539–1558"
_ZHOU = "Zhou, Dendukuri, Stat Med 2014;33:2701–2717; Stata metadta"

LOGIT = "inverse variance, logit, no correction"
LOGIT_ZERO = "inverse variance, logit, 0.5 in studies with a zero"
LOGIT_ANY_CELL = "inverse variance, logit, 0.5 in studies with a zero in any of the four cells"
LOGIT_ALL = "inverse variance, logit, 0.5 in all studies"
DOUBLE_ARCSINE = "inverse variance, Freeman–Tukey double arcsine"
ARCSINE = "inverse variance, arcsine"
RAW = "inverse variance, raw proportions, no correction"
RAW_ZERO = "inverse variance, raw proportions, 0.5 in studies with a zero"
PEARSON = "Pearson, about the pooled proportion"
DEVIANCE = "likelihood ratio G²"
MIDAS = "Pearson, about the shared-random-intercept logistic estimate (Stata midas)"
PEARSON_BIVARIATE = "Pearson, about the bivariate model's summary value"
BIVARIATE_MARGIN = "bivariate model, I² of this margin"
BIVARIATE_JOINT = "bivariate model, joint I² of both margins"

REFERENCES = {
    LOGIT: f"{_COCHRAN}; R metafor escalc(measure='PLO', add=0)",
    LOGIT_ZERO: f"{_COCHRAN}; R metafor escalc(measure='PLO')",
    LOGIT_ALL: f"{_COCHRAN}; Haldane, Ann Hum Genet 1956;20:309–311",
    DOUBLE_ARCSINE: "Freeman, Tukey, Ann Math Stat 1950;21:607–611; Stata metaprop, ftt",
    ARCSINE: "Rücker et al., Stat Med 2009;28:721–738; R metafor escalc(measure='PAS')",
    RAW: f"{_COCHRAN}; Stata metaprop",
    RAW_ZERO: f"{_COCHRAN}; R metafor escalc(measure='PR')",
    PEARSON: "Pearson, Philos Mag 1900;50:157–175; R prop.test and mada::madad",
    DEVIANCE: "Wilks, Ann Math Stat 1938;9:60–62; Meta-DiSc 1.4: Zamora et al., "
    "BMC Med Res Methodol 2006;6:31",
    LOGIT_ANY_CELL: f"{_COCHRAN}; the correction of Stata midas and R mada ('single')",
    MIDAS: "Dwamena, midas, Statistical Software Components S456880, version 2.00 (2008)",
    PEARSON_BIVARIATE: "Pearson, Philos Mag 1900;50:157–175, about the estimate of Chu, Cole, "
    "J Clin Epidemiol 2006;59:1331–1332",
    BIVARIATE_MARGIN: _ZHOU,
    BIVARIATE_JOINT: _ZHOU,
}


def heterogeneity_variants(events, totals, *, partner_events=None, partner_totals=None):
    """Q and I² of the proportions of several studies, under every definition in use.

    Parameters
    ----------
    events, totals : array_like of int, shape (n_studies,)
        Counts of the margin in question, ``0 <= events <= totals`` and ``totals >= 1``.
    partner_events, partner_totals : array_like of int, shape (n_studies,), optional
        Counts of the other margin of the same studies. Without them the definitions that
        need both margins are left out.

    Returns
    -------
    DataFrame
        One row per definition: ``method``, ``q``, ``df``, ``p_value`` (chi-squared with ``df``
        degrees of freedom), ``i_squared`` (0–1). The reference of each method is in
        ``REFERENCES``.

    Raises
    ------
    ValueError
        If the counts are unfit for pooling, or only one of the partner counts is given.

    Notes
    -----
    Inverse-variance definitions: ``Q = Σ w_i (y_i - ȳ)²``, ``w_i = 1 / var(y_i)``,
    ``ȳ = Σ w_i y_i / Σ w_i``, with ``y`` the logit (variance ``1/x + 1/(n-x)``), the proportion
    (``p(1-p)/n``), the arcsine of its root (``1/(4n)``) or the Freeman–Tukey mean of two
    arcsines (``1/(4n+2)``). Without correction, studies whose variance is 0 or infinite (no
    events, or only events) cannot be weighted and are left out, which lowers ``df``.

    Pearson definitions: ``Q = Σ n_i (p_i - c)² / (c(1-c))`` about a centre ``c``: the pooled
    proportion ``Σx/Σn``, the fixed part of a logistic model in which one normal intercept per
    study moves both margins (``midas``; seven-point adaptive quadrature), or the summary
    value of the bivariate binomial–normal model. Only the first minimises nothing and is a
    chi-squared statistic; the others measure distance from a point that is not the mean.

    The bivariate I² compare the between-study covariance ``Σ`` with the within-study variance
    expected on the logit scale, ``(e^(μ+τ²/2) + e^(-μ+τ²/2) + 2) · mean(1/n)`` for each margin:
    ``τ² / (τ² + S)`` for one, ``√|Σ| / (√|Σ| + √(S₁S₂))`` for both. They have no Q. With a
    correlation of ±1 the determinant is 0, and so is the joint I², however large the variances.
    Rows of the bivariate model are missing values below four studies and where one margin has
    no variation at all.

    Examples
    --------
    >>> table = heterogeneity_variants([23, 42, 10, 31, 48, 6], [41, 47, 21, 32, 62, 8])
    >>> by_method = table.set_index("method").i_squared
    >>> f"{by_method[LOGIT]:.2f}, {by_method[PEARSON]:.2f}"
    '0.79, 0.84'

    The same six sensitivities: 79 % or 84 %, by what the program calls I².
    """
    x, n = study_counts(events, totals)
    rows = _one_margin(x, n)
    if (partner_events is None) != (partner_totals is None):
        raise ValueError("expected both partner_events and partner_totals, got one of them")
    if partner_events is not None:
        partner = study_counts(partner_events, partner_totals, "partner_events")
        if len(partner[0]) != len(x):
            raise ValueError(f"expected {len(x)} studies in the partner, got {len(partner[0])}")
        rows |= _two_margins(x, n, *partner)
    frame = pd.DataFrame(
        [(method, *values) for method, values in rows.items()],
        columns=["method", "q", "df", "p_value", "i_squared"],
    )
    return frame


def i_squared(q, df):
    """Share of the variation that chance does not explain, ``max(0, (q - df) / q)``.

    Parameters
    ----------
    q : float
        Cochran's Q, at least 0.
    df : int
        Its degrees of freedom.

    Returns
    -------
    float
        I² in 0–1, 0 when ``q`` is 0.

    References
    ----------
    Higgins JPT, Thompson SG. Stat Med 2002;21:1539–1558, section 3.3.

    Examples
    --------
    >>> i_squared(20.0, 5)
    0.75

    A quarter of the variation is what chance alone would give.
    """
    return max(0.0, (q - df) / q) if q > 0 else 0.0


def _one_margin(x, n):
    return {
        LOGIT: _inverse_variance(*logits(x, n, 0.0)),
        LOGIT_ZERO: _inverse_variance(*logits(x, n, 0.5 * has_zero(x, n))),
        LOGIT_ALL: _inverse_variance(*logits(x, n, 0.5)),
        DOUBLE_ARCSINE: _inverse_variance(*double_arcsines(x, n)),
        ARCSINE: _inverse_variance(*arcsines(x, n)),
        RAW: _inverse_variance(*raw_proportions(x, n, 0.0)),
        RAW_ZERO: _inverse_variance(*raw_proportions(x, n, 0.5 * has_zero(x, n))),
        PEARSON: _pearson(x, n, x.sum() / n.sum()),
        DEVIANCE: _deviance(x, n),
    }


def _two_margins(x, n, partner_x, partner_n):
    any_cell = 0.5 * (has_zero(x, n) | has_zero(partner_x, partner_n))
    rows = {LOGIT_ANY_CELL: _inverse_variance(*logits(x, n, any_cell))}
    try:
        shared = fit_shared_intercept_logistic([(x, n), (partner_x, partner_n)])
        rows[MIDAS] = _pearson(x, n, shared.proportions[0])
    except NoEstimateError:
        rows[MIDAS] = (np.nan,) * 4
    margins = ((x, n), (partner_x, partner_n))
    varied = all(0 < events.sum() < totals.sum() for events, totals in margins)
    if len(x) < MINIMUM_FOR_BIVARIATE or not varied:
        unavailable = (np.nan,) * 4
        bivariate = (PEARSON_BIVARIATE, BIVARIATE_MARGIN, BIVARIATE_JOINT)
        return rows | dict.fromkeys(bivariate, unavailable)
    table = pd.DataFrame(
        {"tp": x, "fp": partner_n - partner_x, "fn": n - x, "tn": partner_x}
    ).astype(int)
    fit = fit_bivariate_model(table.assign(study=[f"study {i + 1}" for i in range(len(x))]))
    margin, joint = bivariate_i_squared(fit.mean, fit.between_study_covariance, (n, partner_n))
    return rows | {
        PEARSON_BIVARIATE: _pearson(x, n, float(special.expit(fit.mean[0]))),
        BIVARIATE_MARGIN: (np.nan, np.nan, np.nan, margin),
        BIVARIATE_JOINT: (np.nan, np.nan, np.nan, joint),
    }


def bivariate_i_squared(mean, between_study_covariance, totals):
    """I² of the first margin and of both, from the parameters of a bivariate model.

    Parameters
    ----------
    mean : array_like, shape (2,)
        Means on the logit scale.
    between_study_covariance : array_like, shape (2, 2)
        Between-study covariance on the logit scale.
    totals : pair of array_like, shape (n_studies,) each
        Patients of each study in the two margins.

    Returns
    -------
    tuple of float
        I² of the first margin and the joint I², both 0–1.

    References
    ----------
    Zhou Y, Dendukuri N. Stat Med 2014;33:2701–2717; as Stata's metadta computes it.

    Examples
    --------
    >>> margin, joint = bivariate_i_squared([1, 2], [[1, 0], [0, 1]], [[40, 40], [60, 60]])
    >>> round(margin, 2), round(joint, 2)
    (0.85, 0.83)

    Most of the scatter of the logits is between the studies, not within them.
    """
    mean, covariance = np.asarray(mean, float), np.asarray(between_study_covariance, float)
    tau_squared = np.diag(covariance)
    inverse_sizes = np.array([np.mean(1 / np.asarray(part, float)) for part in totals])
    spread = 2 * np.cosh(mean) * np.exp(tau_squared / 2)
    within = (spread + 2) * inverse_sizes
    # Rounding may turn the determinant of a singular matrix slightly negative.
    between = np.sqrt(max(0.0, float(np.linalg.det(covariance))))
    margin = tau_squared[0] / (tau_squared[0] + within[0])
    return float(margin), float(between / (between + np.sqrt(within.prod())))


def _inverse_variance(y, variance):
    if len(y) < 2:
        return (np.nan,) * 4
    weights = 1 / variance
    centre = (weights * y).sum() / weights.sum()
    return _test((weights * (y - centre) ** 2).sum(), len(y) - 1)


def _pearson(x, n, centre):
    # About 0 or 1 all studies agree exactly: the ratio 0/0 is 0.
    q = (n * (x / n - centre) ** 2).sum() / (centre * (1 - centre)) if 0 < centre < 1 else 0.0
    return _test(q, len(x) - 1)


def _deviance(x, n):
    expected = n * (x.sum() / n.sum())
    found = special.rel_entr(x, expected) + special.rel_entr(n - x, n - expected)
    return _test(2 * found.sum(), len(x) - 1)


def _test(q, df):
    q = float(q)
    return q, df, float(stats.chi2.sf(q, df)), i_squared(q, df)
