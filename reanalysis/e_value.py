"""How strong would confounding have to be to explain a ratio away?

The E-value is the smallest risk ratio that an unmeasured confounder would need, with the treatment
and with the outcome both, to turn the true ratio of 1 into the one observed.
"""

import numpy as np


def hazard_ratio_to_risk_ratio(ratio):
    """Approximate risk ratio of a hazard ratio when the outcome is common.

    Parameters
    ----------
    ratio : float
        Hazard ratio, above 0.

    Returns
    -------
    float

    Notes
    -----
    ``(1 - 0.5^√HR) / (1 - 0.5^√(1/HR))``, for outcomes of more than 15 % by the end of
    follow-up; below that a hazard ratio is taken as a risk ratio.

    References
    ----------
    VanderWeele TJ. On a square-root transformation of the odds ratio for a common outcome.
    Epidemiology 2017;28:e58–e60. VanderWeele TJ, Ding P. Sensitivity analysis in observational
    research: introducing the E-value. Ann Intern Med 2017;167:268–274, Table 2.

    Examples
    --------
    >>> round(hazard_ratio_to_risk_ratio(0.5), 2)
    0.62

    The risk by the end is closer to 1 than the hazard.
    """
    root = np.sqrt(ratio)
    return float((1 - 0.5**root) / (1 - 0.5 ** (1 / root)))


def e_value(ratio):
    """E-value of a risk ratio, or of a hazard ratio of a rare outcome.

    Parameters
    ----------
    ratio : float
        Above 0.

    Returns
    -------
    float
        At least 1.

    Raises
    ------
    ValueError
        If the ratio is not positive.

    Notes
    -----
    With ``R = max(ratio, 1/ratio)``: ``R + √(R(R - 1))``.

    References
    ----------
    VanderWeele TJ, Ding P. Ann Intern Med 2017;167:268–274.

    Examples
    --------
    >>> round(e_value(3.9), 2), round(e_value(1.8), 1)
    (7.26, 3.0)

    The authors' example: a risk ratio of 3.9 (1.8 to 8.7) has an E-value of 7.26, its limit 3.0.
    """
    if not ratio > 0:
        raise ValueError(f"expected a ratio above 0, got {ratio!r}")
    strong = max(ratio, 1 / ratio)
    return float(strong + np.sqrt(strong * (strong - 1)))


def e_values(ratio):
    """E-values of a ratio and of the limit of its interval that is nearer to 1.

    Parameters
    ----------
    ratio : Estimate
        Ratio with its interval.

    Returns
    -------
    tuple of float
        Of the estimate, and of the limit; 1 for the limit if the interval holds 1.

    Examples
    --------
    >>> from reanalysis.estimates import Estimate
    >>> of_estimate, of_limit = e_values(Estimate(3.9, 1.8, 8.7))
    >>> round(of_estimate, 2), round(of_limit, 1)
    (7.26, 3.0)

    A confounder tied to treatment and outcome by ratios of 3 could move the interval to 1.
    """
    if ratio.conf_low <= 1 <= ratio.conf_high:
        return e_value(ratio.estimate), 1.0
    nearer = ratio.conf_low if ratio.estimate > 1 else ratio.conf_high
    return e_value(ratio.estimate), e_value(nearer)
