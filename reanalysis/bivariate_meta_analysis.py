"""How accurate is a test, over all the studies that looked?

The bivariate model of diagnostic accuracy: each study has its own sensitivity and specificity,
their logits are jointly normal between studies, and the counts within a study are binomial.

Vocabulary: ``tp`` true positives, ``fp`` false positives, ``fn`` false negatives, ``tn`` true
negatives; proportions are 0–1; *between-study* means the spread of the studies' true values, not
of their observed ones.
"""

import warnings

import pandas as pd

from reanalysis.bivariate_comparison import BivariateComparison, compare_two_tests
from reanalysis.bivariate_parameters import (
    METHODS,
    QuadratureWarning,
    covariance_of,
)
from reanalysis.bivariate_results import BivariateFit
from reanalysis.bivariate_structure import STRUCTURES, fit_one_test, what_to_do_instead
from reanalysis.bivariate_tables import (
    CONTINUITY_CORRECTIONS,
    EmptyClassWarning,
    FewStudiesWarning,
    NonConvergenceWarning,
    counts_for,
    read_accuracy_table,
)

__all__ = [
    "BivariateComparison",
    "BivariateFit",
    "EmptyClassWarning",
    "FewStudiesWarning",
    "NonConvergenceWarning",
    "QuadratureWarning",
    "fit_bivariate_model",
    "leave_one_out",
]


def fit_bivariate_model(
    table,
    method="glmm",
    n_nodes=15,
    continuity_correction="none",
    compare=None,
    *,
    structure="unstructured",
    study_effects="independent",
    variances="equal",
    reference=None,
    conf_level=0.95,
):
    """Pool 2×2 tables of diagnostic accuracy, for one test or for two side by side.

    Answers: what are sensitivity and specificity in an average study, how much do studies
    differ, and (with ``compare``) is one test better than the other?

    Parameters
    ----------
    table : pandas.DataFrame
        One row per study (and test), columns ``study, tp, fp, fn, tn``.
    method : {"glmm", "reitsma_reml", "reitsma_ml"}, default "glmm"
        ``"glmm"``: exact binomial likelihood, maximised with adaptive Gauss–Hermite quadrature.
        ``"reitsma_reml"``, ``"reitsma_ml"``: normal approximation within studies.
    n_nodes : int, default 15
        Quadrature nodes per axis for ``"glmm"``; 1 is the Laplace approximation.
    continuity_correction : {"none", "zero_studies", "all_if_any_zero"}, default "none"
        For the normal methods: add 0.5 to the four cells of the studies with an empty cell, or
        of all studies if any has one. ``"glmm"`` takes zero cells as they are; half a person is
        not a binomial count, so any other value than ``"none"`` is refused there.
    compare : str, optional
        Name of the column that tells two tests apart; both are then fitted in one model.
    structure : {"unstructured", "no_correlation", "univariate"}, default "unstructured"
        The between-study covariance. The two simpler rungs are for data that cannot carry the
        full model, and are taken only when asked for: no correlation between the logits of
        sensitivity and specificity; or each margin by itself, in which case one of them may be
        perfect in every study (its pooled counts are then reported with an exact interval).
    study_effects : {"independent", "shared"}, default "independent"
        With ``compare``: a pair of random effects for each study and test, or one pair per study
        that moves both tests.
    variances : {"equal", "test_specific"}, default "equal"
        With ``compare``: one between-study covariance matrix for both tests, or one each. With
        shared effects each test scales the study's pair by its own Cholesky factor.
    reference : str, optional
        With ``compare``: the test that is subtracted from, or divides, the other; by default the
        one that comes first in ``table``.
    conf_level : float, default 0.95
        Confidence level of all intervals.

    Returns
    -------
    BivariateFit or BivariateComparison
        The latter with ``compare``.

    Raises
    ------
    ValueError
        If the table or an option cannot be used; the message names the column and the study.

    Warns
    -----
    FewStudiesWarning
        With two or three studies.
    EmptyClassWarning
        If a study has no diseased or no healthy people: it informs the other margin only.
    NonConvergenceWarning
        If no maximum was found; ``converged`` is then false, and the message names the next
        simpler ``structure``.
    QuadratureWarning
        If 15 or more nodes were asked for and are still too few.

    Notes
    -----
    For study i with true logits (a_i, b_i) ~ N₂(μ, Σ): tp_i ~ Bin(tp_i + fn_i, logit⁻¹ a_i) and
    tn_i ~ Bin(tn_i + fp_i, logit⁻¹ b_i), given (a_i, b_i) independent. Σ = LL' with a Cholesky
    factor that may be singular: with few studies the maximum often lies at a correlation of ±1,
    which ``boundary`` then says. Intervals are normal-based (z, not t), as in Stata's *metandi*
    and *midas*, *lme4* and *mada*.

    A comparison cannot use how the two tests agreed patient by patient, because reviews do not
    print it. The two tests' counts of one study are taken as independent given the study's
    effects. If the same patients had both tests and their results agree more often than chance,
    the difference is estimated without bias, but its interval is too wide and its P too large.

    References
    ----------
    Chu H, Cole SR (2006). J Clin Epidemiol 59:1331–2.
    Reitsma JB et al. (2005). J Clin Epidemiol 58:982–90.
    van Houwelingen HC, Arends LR, Stijnen T (2002). Stat Med 21:589–624, section 5.
    Takwoingi Y et al. (2017). Stat Methods Med Res 26:1896–911 (simpler models).
    Takwoingi Y et al. (2023). Cochrane Handbook for DTA reviews, version 2, chapter 10.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {
    ...         "study": ["A", "B", "C", "D", "E"],
    ...         "tp": [23, 42, 10, 48, 31], "fp": [3, 1, 9, 13, 3],
    ...         "fn": [18, 5, 11, 14, 1], "tn": [60, 36, 12, 65, 7],
    ...     }
    ... )
    >>> fit = fit_bivariate_model(table)
    >>> f"{fit.sensitivity:.2f}"
    '0.78 (95% CI 0.56 to 0.91)'

    In an average hospital the test finds 78 of 100 patients with disease; with five studies
    anything from 56 to 91 is compatible with the data.
    """
    _check_options(method, n_nodes, continuity_correction, structure, conf_level)
    options = {
        "method": method,
        "n_nodes": n_nodes,
        "continuity_correction": continuity_correction,
        "structure": structure,
        "conf_level": conf_level,
    }
    if compare is not None:
        comparison = compare_two_tests(
            table,
            compare,
            study_effects=study_effects,
            variances=variances,
            reference=reference,
            **options,
        )
        return _announced(comparison)
    studies = read_accuracy_table(table)
    correct, people = counts_for(
        studies, method, continuity_correction, by_margin=structure == "univariate"
    )
    parameters = fit_one_test(correct, people, method, n_nodes, structure)
    return _announced(
        BivariateFit(
            method=method,
            n_studies=len(studies),
            n_nodes=n_nodes if method == "glmm" else 0,
            continuity_correction=continuity_correction,
            conf_level=conf_level,
            mean=parameters.theta[:2],
            mean_covariance=parameters.mean_covariance,
            between_study_covariance=covariance_of(parameters.theta[2:]),
            log_likelihood=parameters.log_likelihood,
            converged=parameters.converged,
            message=parameters.message,
            studies=studies,
            structure=structure,
        )
    )


def leave_one_out(table, **options):
    """Pool again without each study in turn: does one study carry the result?

    Parameters
    ----------
    table : pandas.DataFrame
        As for :func:`fit_bivariate_model`.
    **options
        Passed on to :func:`fit_bivariate_model`.

    Returns
    -------
    pandas.DataFrame
        One row per omitted study (and test, with ``compare``): ``omitted, sensitivity,
        sensitivity_low, sensitivity_high, specificity, specificity_low, specificity_high,
        log_likelihood, boundary, converged``; ``boundary`` is text, empty in the interior.

    Raises
    ------
    ValueError
        As :func:`fit_bivariate_model`, also when too few studies are left.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {
    ...         "study": ["A", "B", "C", "D", "E"],
    ...         "tp": [23, 42, 10, 48, 31], "fp": [3, 1, 9, 13, 3],
    ...         "fn": [18, 5, 11, 14, 1], "tn": [60, 36, 12, 65, 7],
    ...     }
    ... )
    >>> leave_one_out(table).set_index("omitted")["sensitivity"].round(2).to_dict()
    {'A': 0.82, 'B': 0.75, 'C': 0.84, 'D': 0.79, 'E': 0.71}

    No single hospital moves the pooled sensitivity out of the range 71 % to 84 %.
    """
    rows = []
    for study in pd.unique(table["study"]):
        fit = fit_bivariate_model(table[table["study"] != study], **options)
        by_test = getattr(fit, "by_test", {None: fit})
        for test, one in by_test.items():
            row = {"omitted": study} if test is None else {"omitted": study, "test": test}
            for measure in ("sensitivity", "specificity"):
                estimate = getattr(one, measure)
                row[measure] = estimate.estimate
                row[f"{measure}_low"] = estimate.conf_low
                row[f"{measure}_high"] = estimate.conf_high
            row["log_likelihood"] = one.log_likelihood
            row["boundary"] = "; ".join(one.boundary)
            row["converged"] = one.converged
            rows.append(row)
    return pd.DataFrame(rows)


def _check_options(method, n_nodes, continuity_correction, structure, conf_level):
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}; got {method!r}")
    if isinstance(n_nodes, bool) or int(n_nodes) != n_nodes or not 1 <= n_nodes <= 100:
        raise ValueError(f"n_nodes must be a whole number from 1 to 100, got {n_nodes!r}")
    if continuity_correction not in CONTINUITY_CORRECTIONS:
        raise ValueError(
            f"continuity_correction must be one of {', '.join(CONTINUITY_CORRECTIONS)}; "
            f"got {continuity_correction!r}"
        )
    if method == "glmm" and continuity_correction != "none":
        raise ValueError(
            'method="glmm" uses the counts as they are and needs no continuity correction; '
            f'expected continuity_correction="none", got {continuity_correction!r}'
        )
    if structure not in STRUCTURES:
        raise ValueError(f"structure must be one of {', '.join(STRUCTURES)}; got {structure!r}")
    if not 0 < conf_level < 1:
        raise ValueError(f"conf_level must lie between 0 and 1, got {conf_level!r}")


def _announced(fit):
    """The same fit, after a warning if it is none."""
    if not fit.converged:
        warnings.warn(
            f"the model did not converge: {fit.message}; do not report these estimates, "
            f"{what_to_do_instead(fit.structure)}",
            NonConvergenceWarning,
            stacklevel=3,
        )
    return fit
