"""Can so few events carry so many coefficients?

A regression of survival learns from events, not from patients. Three checks need nothing but what
a paper prints: events per coefficient, the shrinkage that the strength of the whole model calls
for, and the number of events in an arm that its standard error presupposes.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

# Peduzzi et al. 1995: below this, estimates and intervals of a Cox model become unreliable.
RULE_OF_THUMB = 10


@dataclass(frozen=True)
class ModelStrength:
    """What the overall test of a model says about overfitting.

    Parameters
    ----------
    chi_squared : float
        Likelihood-ratio statistic of the whole model.
    n_coefficients : int
        Its degrees of freedom.
    shrinkage : float
        Share of the log hazard ratios that is expected to hold up in new patients, 0–1.
    """

    chi_squared: float
    n_coefficients: int
    shrinkage: float


def events_per_coefficient(n_events, n_coefficients):
    """Events for each coefficient of a model.

    Parameters
    ----------
    n_events : int
        Events, at least 0.
    n_coefficients : int
        Coefficients, at least 1; a variable of three categories has two.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a count is out of range.

    References
    ----------
    Peduzzi P, Concato J, Feinstein AR, Holford TR. Importance of events per independent variable
    in proportional hazards regression analysis II. J Clin Epidemiol 1995;48:1503–1510.

    Examples
    --------
    >>> round(events_per_coefficient(20, 19), 2)
    1.05

    About one event for each coefficient, where ten are asked for.
    """
    if n_events < 0 or n_coefficients < 1:
        raise ValueError(
            f"expected events >= 0 and coefficients >= 1, got {n_events}, {n_coefficients}"
        )
    return n_events / n_coefficients


def model_strength(p_value, n_coefficients):
    """Heuristic shrinkage of a model, from the P value of its likelihood-ratio test.

    Parameters
    ----------
    p_value : float
        P value of the whole model, 0–1, taken as that of the likelihood-ratio test.
    n_coefficients : int
        Coefficients, at least 1.

    Returns
    -------
    ModelStrength

    Raises
    ------
    ValueError
        If the P value is not inside (0, 1) or there is no coefficient.

    Notes
    -----
    ``shrinkage = (χ² - df) / χ²``, not below 0: a model of pure noise has χ² near its degrees of
    freedom. Multiplied into a log hazard ratio it gives the size to expect in new patients.

    References
    ----------
    van Houwelingen JC, le Cessie S. Predictive value of statistical models. Stat Med
    1990;9:1303–1325, equation for the heuristic shrinkage factor.

    Examples
    --------
    >>> found = model_strength(0.022, 19)
    >>> round(found.chi_squared, 1), round(found.shrinkage, 2)
    (33.3, 0.43)

    Less than half of each log hazard ratio is expected to hold up.
    """
    if not 0 < p_value < 1 or n_coefficients < 1:
        raise ValueError(f"expected 0 < P < 1 and a coefficient, got {p_value}, {n_coefficients}")
    chi_squared = float(stats.chi2.isf(p_value, n_coefficients))
    shrinkage = max(0.0, 1 - n_coefficients / chi_squared)
    return ModelStrength(chi_squared, n_coefficients, shrinkage)


def shrunken_ratio(ratio, strength):
    """A ratio of hazards after shrinkage.

    Parameters
    ----------
    ratio : float
        Above 0.
    strength : ModelStrength
        From :func:`model_strength`.

    Returns
    -------
    float

    Examples
    --------
    >>> round(shrunken_ratio(0.145, model_strength(0.022, 19)), 2)
    0.44

    A reduction to a seventh becomes one to less than a half.
    """
    return float(np.exp(strength.shrinkage * np.log(ratio)))


def smallest_std_error(first_events, second_events):
    """Smallest standard error that a log hazard ratio of two arms can have.

    Parameters
    ----------
    first_events, second_events : int
        Events in each arm, at least 1.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If an arm has no event.

    Notes
    -----
    At the maximum of Cox's partial likelihood (no ties) the expected events of the arm,
    ``Σ pᵢ``, equal the observed ``d₁``, and the information is ``Σ pᵢ(1 - pᵢ)``, at most
    ``d₁ d₀ / (d₁ + d₀)`` because ``p(1 - p)`` is concave. Other coefficients in the model only
    take information away. Hence ``SE >= √(1/d₁ + 1/d₀)``.

    Examples
    --------
    >>> round(smallest_std_error(2, 18), 3)
    0.745

    With two events in one arm a standard error below 0.745 is impossible.
    """
    if min(first_events, second_events) < 1:
        raise ValueError(f"expected events in both arms, got {first_events}, {second_events}")
    return float(np.sqrt(1 / first_events + 1 / second_events))


def fewest_events(std_error, total_events):
    """Fewest events that one arm must have had, given the standard error of its coefficient.

    Parameters
    ----------
    std_error : float
        Standard error of the log hazard ratio, largest value that print allows.
    total_events : int
        Events of both arms, at least 2.

    Returns
    -------
    int
        The smaller arm's events; 0 if no division of the events reaches so small an error.

    Examples
    --------
    >>> fewest_events(0.771, 20)
    2

    One event in the arm would give a standard error above 1.
    """
    for events in range(1, total_events // 2 + 1):
        if smallest_std_error(events, total_events - events) <= std_error:
            return events
    return 0
