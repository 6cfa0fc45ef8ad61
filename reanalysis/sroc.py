"""Where does the next study lie in ROC space, and along which curve?

Regions and curves that follow from a fitted bivariate model. The confidence region is for the
summary point; the prediction region is for the true sensitivity and specificity of one more
study, e.g. of the reader's own hospital. All coordinates are proportions, 0–1.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.integrate import quad
from scipy.special import expit, logit
from scipy.stats import chi2, f

QUANTILES = ("f", "chi2")
FORMS = ("hsroc", "regression")
EXTENTS = ("full", "observed")


@dataclass(frozen=True)
class HsrocParameters:
    """The same model in the parameters of Rutter and Gatsonis.

    Parameters
    ----------
    accuracy : float
        Λ, mean log diagnostic odds ratio on the scale where both classes vary alike.
    threshold : float
        Θ, mean positivity threshold.
    shape : float
        β; 0 means a symmetric curve, one diagnostic odds ratio along all of it.
    accuracy_variance : float
        σ²_α between studies.
    threshold_variance : float
        σ²_θ between studies.
    """

    accuracy: float
    threshold: float
    shape: float
    accuracy_variance: float
    threshold_variance: float


def confidence_region(fit, level=0.95, n_points=200, quantile="f"):
    """Joint confidence region of summary sensitivity and specificity.

    Parameters
    ----------
    fit : BivariateFit
        Fitted model.
    level : float, default 0.95
        Confidence level.
    n_points : int, default 200
        Points of the closed outline; the last repeats the first.
    quantile : {"f", "chi2"}, default "f"
        Squared radius of the ellipse on the logit scale: ``"f"`` is 2·F(2, k − 2) for k studies,
        as Stata's *metandi* and *midas* draw it; ``"chi2"`` is χ²(2), the large-sample value
        (as in *mada*), smaller: with 6 studies the ``"f"`` ellipse is 1.5 times as wide.

    Returns
    -------
    pandas.DataFrame
        Columns ``false_positive_rate, sensitivity``.

    Raises
    ------
    ValueError
        For two studies with ``quantile="f"``, where F(2, 0) does not exist.

    References
    ----------
    Harbord RM, Whiting P (2009). Stata J 9:211–29.
    Douglas JB (1993). Am Stat 47:43–5 (outline of the ellipse).
    """
    return _region(fit, fit.mean_covariance, level, n_points, quantile)


def prediction_region(fit, level=0.95, n_points=200, quantile="f"):
    """Region for the true sensitivity and specificity of one more study.

    Parameters
    ----------
    fit, level, n_points, quantile
        As for :func:`confidence_region`.

    Returns
    -------
    pandas.DataFrame
        Columns ``false_positive_rate, sensitivity``.

    Notes
    -----
    The covariance is that between studies plus that of the estimated mean. It takes the
    between-study covariance as known, so with few studies even this region is too small.
    """
    covariance = fit.between_study_covariance + fit.mean_covariance
    return _region(fit, covariance, level, n_points, quantile)


def hsroc_parameters(fit):
    """Translate a bivariate model into the hierarchical summary ROC model.

    Parameters
    ----------
    fit : BivariateFit
        Fitted model without covariates, with both between-study SDs above 0.

    Returns
    -------
    HsrocParameters

    References
    ----------
    Harbord RM et al. (2007). Biostatistics 8:239–51, section 4 (the identity).
    """
    sd_sens, sd_spec = _positive_sds(fit)
    ratio = np.sqrt(sd_spec / sd_sens)
    covariance = fit.between_study_covariance[0, 1]
    return HsrocParameters(
        accuracy=float(ratio * fit.mean[0] + fit.mean[1] / ratio),
        threshold=float((ratio * fit.mean[0] - fit.mean[1] / ratio) / 2),
        shape=float(np.log(sd_spec / sd_sens)),
        accuracy_variance=float(max(2 * (sd_sens * sd_spec + covariance), 0.0)),
        threshold_variance=float(max((sd_sens * sd_spec - covariance) / 2, 0.0)),
    )


def sroc_curve(fit, n_points=200, form="hsroc", extent="full"):
    """Summary ROC curve.

    Parameters
    ----------
    fit : BivariateFit
        Fitted model with both between-study SDs above 0.
    n_points : int, default 200
        Points of the curve, equally spaced in the false positive rate.
    form : {"hsroc", "regression"}, default "hsroc"
        ``"hsroc"``: the curve of Rutter and Gatsonis, drawn by *metandi*, *midas* and RevMan;
        it always rises. ``"regression"``: expected logit sensitivity given logit specificity
        (Reitsma 2005). It falls when the correlation of logit sensitivity and specificity is
        positive, for then studies do not trade one for the other and no threshold effect is
        there to be drawn.
    extent : {"full", "observed"}, default "full"
        The whole axis, or only the false positive rates that studies observed; outside them the
        curve is extrapolation.

    Returns
    -------
    pandas.DataFrame
        Columns ``false_positive_rate, sensitivity``.

    Notes
    -----
    Both are lines logit(sensitivity) = a + b·logit(false positive rate); ``"hsroc"`` has slope
    σ_A/σ_B and ``"regression"`` −σ_AB/σ_B², where A is logit sensitivity and B logit
    specificity, and both pass through the summary point.
    """
    low, high = _range(fit, extent)
    intercept, slope = _line(fit, form)
    false_positive_rate = np.linspace(low, high, n_points)
    return pd.DataFrame(
        {
            "false_positive_rate": false_positive_rate,
            "sensitivity": _on_line(false_positive_rate, intercept, slope),
        }
    )


def area_under_curve(fit, form="hsroc", extent="full"):
    """Area under the summary ROC curve, over the whole axis or where studies lie.

    Parameters
    ----------
    fit : BivariateFit
        Fitted model with both between-study SDs above 0.
    form : {"hsroc", "regression"}, default "hsroc"
        See :func:`sroc_curve`.
    extent : {"full", "observed"}, default "full"
        ``"observed"`` restricts the area to the false positive rates that studies observed and
        divides it by the width of that range: it is then the mean sensitivity along it.

    Returns
    -------
    float
        Area, 0–1. Most of the axis usually lies outside the observed false positive rates, so
        the full area describes the curve more than the studies. Its interval is given by
        :func:`reanalysis.sroc_bootstrap.area_under_curve_interval`.

    Raises
    ------
    ValueError
        If there is no curve, or all studies observed one false positive rate.
    """
    intercept, slope = _line(fit, form)
    low, high = _range(fit, extent)
    if not low < high:
        raise ValueError(f"expected different false positive rates, got {low:.3f} in all studies")
    return area_below_line(intercept, slope, low, high) / (high - low)


def area_below_line(intercept, slope, low=0.0, high=1.0):
    """Area under the curve logit(sensitivity) = intercept + slope·logit(false positive rate).

    Parameters
    ----------
    intercept, slope : float
        The line on the logit scales.
    low, high : float, default 0 and 1
        False positive rates between which the area is taken.

    Returns
    -------
    float
        Area, at most ``high - low``.
    """
    # Pieces at the steepest part of the curve and near the corners.
    bend = float(expit(-intercept / slope)) if slope else 0.5
    cuts = sorted({low, high, *(cut for cut in (1e-6, bend, 1 - 1e-6) if low < cut < high)})
    return float(
        sum(
            quad(_on_line, start, end, args=(intercept, slope), epsabs=1e-11, limit=200)[0]
            for start, end in pairwise(cuts)
        )
    )


def _region(fit, covariance, level, n_points, quantile):
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level!r}")
    if quantile not in QUANTILES:
        raise ValueError(f"quantile must be one of {', '.join(QUANTILES)}; got {quantile!r}")
    if quantile == "f" and fit.n_studies < 3:
        raise ValueError(
            f'quantile="f" needs at least 3 studies, got {fit.n_studies}; use quantile="chi2"'
        )
    squared_radius = (
        2 * f.ppf(level, 2, fit.n_studies - 2) if quantile == "f" else chi2.ppf(level, 2)
    )
    # Any square root of the covariance gives the same ellipse; this one may be singular.
    eigenvalues, axes = np.linalg.eigh(covariance)
    root = axes * np.sqrt(np.clip(eigenvalues, 0, None))
    angle = np.linspace(0, 2 * np.pi, n_points)
    circle = np.sqrt(squared_radius) * np.stack([np.cos(angle), np.sin(angle)])
    sensitivity, specificity = expit(fit.mean[:, None] + root @ circle)
    return pd.DataFrame({"false_positive_rate": 1 - specificity, "sensitivity": sensitivity})


def _range(fit, extent):
    """Lowest and highest false positive rate of a curve."""
    if extent not in EXTENTS:
        raise ValueError(f"extent must be one of {', '.join(EXTENTS)}; got {extent!r}")
    if extent == "full":
        return 0.0, 1.0
    studies = fit.studies[fit.studies.fp + fit.studies.tn > 0]
    observed = studies.fp / (studies.fp + studies.tn)
    return float(observed.min()), float(observed.max())


def _line(fit, form):
    """Intercept and slope of logit sensitivity against logit false positive rate."""
    if form not in FORMS:
        raise ValueError(f"form must be one of {', '.join(FORMS)}; got {form!r}")
    sd_sens, sd_spec = _positive_sds(fit)
    if form == "hsroc":
        slope = sd_sens / sd_spec
    else:
        slope = -fit.between_study_covariance[0, 1] / sd_spec**2
    return fit.mean[0] + slope * fit.mean[1], slope


def _on_line(false_positive_rate, intercept, slope):
    with np.errstate(divide="ignore"):
        return expit(intercept + slope * logit(false_positive_rate))


def _positive_sds(fit):
    sds = fit.sd_logit_sensitivity, fit.sd_logit_specificity
    if any(reached.endswith("= 0") for reached in fit.boundary):
        raise ValueError(
            f"a summary curve needs both between-study SDs above 0, got {sds[0]:.2g} and "
            f"{sds[1]:.2g}; report the summary point and its confidence region instead"
        )
    return sds
