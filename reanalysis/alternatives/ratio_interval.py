"""Do a printed ratio, its interval and its P value belong together, and by which method?

Hazard, odds and risk ratios are computed on the log scale. There the interval is symmetric: it
gives the estimate and the P value, and these two give the interval. A triad that does not close was
rounded, computed on another scale, with another distribution, or at another level.

Vocabulary: ``estimate`` is a ratio (HR, OR, RR), ``conf_low`` and ``conf_high`` its limits. Inputs
may be numbers, taken as exact, or printed text (``"0.78"``, ``"<0.001"``), which stands for every
value that is printed like that.
"""

import numpy as np
import pandas as pd
from scipy import stats

from reanalysis.alternatives.input_rounding import rounding_interval, value_range
from reanalysis.alternatives.reached import reaches
from reanalysis.published_numbers import PublishedNumber

NORMAL = "normal, log scale"
NORMAL_LOWER = "normal, log scale, from the lower limit"
NORMAL_UPPER = "normal, log scale, from the upper limit"
STUDENT = "t, log scale"
ONE_SIDED = "normal, log scale, one-sided"
ARITHMETIC = "normal, arithmetic scale"
APPROXIMATION = "normal, log scale, Altman–Bland approximation"
STANDARD_ERRORS = "normal, log scale, limits of one standard error"
OTHER_LEVEL = "normal, log scale, limits of {:.0%}"
GEOMETRIC_MEAN = "geometric mean of the limits"
ARITHMETIC_MEAN = "arithmetic mean of the limits"
MIRRORED = "other limit mirrored, log scale"
MIRRORED_ARITHMETIC = "other limit mirrored, arithmetic scale"

# Levels at which an interval printed as one of 95 % may have been computed.
OTHER_LEVELS = (0.90, 0.99)

# Stands for infinity, so that a limit that runs away is still compared with its neighbours.
_INFINITE = 1e300
# At P = 1 the estimate is 1 and its standard error unknown.
_P_LIMITS = (0.0, 1 - 1e-12)

_FROM_INTERVAL = "Altman, Bland, BMJ 2011;343:d2304"
_FROM_P = "Altman, Bland, BMJ 2011;343:d2090"
_SYMMETRY = "Bland, Altman, BMJ 1996;312:1079; BMJ 2000;320:1468"
REFERENCES = {
    NORMAL: f"{_FROM_INTERVAL}; {_FROM_P}",
    NORMAL_LOWER: _FROM_INTERVAL,
    NORMAL_UPPER: _FROM_INTERVAL,
    STUDENT: f"{_FROM_INTERVAL}, with Student's t for the normal distribution",
    ONE_SIDED: f"{_FROM_INTERVAL}; Bland, Altman, BMJ 1994;309:248",
    ARITHMETIC: "delta method; Oehlert, Am Stat 1992;46:27–29",
    APPROXIMATION: f"{_FROM_INTERVAL}; {_FROM_P}; Lin, Appl Stat 1989;38:69–70",
    STANDARD_ERRORS: "Altman, Bland, BMJ 2005;331:903",
    **{OTHER_LEVEL.format(level): _FROM_INTERVAL for level in OTHER_LEVELS},
    GEOMETRIC_MEAN: _SYMMETRY,
    ARITHMETIC_MEAN: "delta method; Oehlert, Am Stat 1992;46:27–29",
    MIRRORED: _SYMMETRY,
    MIRRORED_ARITHMETIC: "delta method; Oehlert, Am Stat 1992;46:27–29",
}


def ratio_interval_variants(
    *, estimate, conf_low, conf_high, p_value=None, df=None, conf_level=0.95
):
    """Each of estimate, limits and P value of a ratio, from the others, by every method.

    Parameters
    ----------
    estimate, conf_low, conf_high : float or str
        The ratio and its limits, ``0 <= conf_low <= conf_high``; text is honoured as rounded.
    p_value : float or str, optional
        Printed P value of the hypothesis that the ratio is 1; may be ``"<0.001"``. Without it
        the interval is not recomputed.
    df : float, optional
        Degrees of freedom of Student's t. Without them the rows of t are left out.
    conf_level : float, default 0.95
        Level that the paper gives for the interval.

    Returns
    -------
    DataFrame
        One row per quantity and method: ``quantity`` (``p_value``, ``conf_low``, ``conf_high``,
        ``estimate``), ``method``, ``value`` (from the printed digits as they stand),
        ``value_min`` and ``value_max`` (over all inputs that would be printed like this),
        ``reaches`` (whether the quantity as printed is in that range; missing when no text of
        it is given). The reference of each method is in ``REFERENCES``.

    Raises
    ------
    ValueError
        If a ratio is not positive, the limits are in the wrong order, or P is not in 0–1.

    Notes
    -----
    ``SE = (ln conf_high - ln conf_low) / 2q`` with the quantile ``q`` of the level, and
    ``P = 2Φ(-|ln estimate| / SE)``; the other way round ``SE = |ln estimate| / q(P)``. On the
    arithmetic scale the same holds for ``estimate - 1`` without logarithms. Altman and Bland
    replace the normal integral by ``P = exp(-0.717 z - 0.416 z²)`` and its inverse. The range
    over rounded inputs is that of :func:`reanalysis.alternatives.input_rounding.value_range`,
    taken on either side of an estimate of 1, where P is largest.

    Examples
    --------
    >>> table = ratio_interval_variants(
    ...     estimate="0.81", conf_low="0.70", conf_high="0.94", p_value="0.005"
    ... )
    >>> row = table.set_index(["quantity", "method"]).loc[("p_value", NORMAL)]
    >>> f"{row.value:.4f} ({row.value_min:.4f} to {row.value_max:.4f})", bool(row.reaches)
    ('0.0051 (0.0026 to 0.0091)', True)

    The printed 0.005 fits the interval; two digits of the limits allow 0.003 to 0.009.
    """
    printed = {"estimate": estimate, "conf_low": conf_low, "conf_high": conf_high}
    if p_value is not None:
        printed["p_value"] = p_value
    _check(printed)
    rows = [
        (quantity, method, *_spread(function, {name: printed[name] for name in names}))
        for quantity, method, function, names in _relations(df, conf_level)
        if set(names) <= set(printed)
    ]
    columns = ["quantity", "method", "value", "value_min", "value_max"]
    table = pd.DataFrame(rows, columns=columns).assign(reaches=pd.NA)
    for name, shown in printed.items():
        if isinstance(shown, str | PublishedNumber):
            of_it = table["quantity"] == name
            table.loc[of_it, "reaches"] = reaches(table[of_it], {"value": shown})["reaches"]
    return table.astype({"reaches": "boolean"})


def log_asymmetry(*, estimate, conf_low, conf_high):
    """How far an estimate lies from the middle of its interval on the log scale.

    Parameters
    ----------
    estimate, conf_low, conf_high : float or str
        As for :func:`ratio_interval_variants`.

    Returns
    -------
    tuple of float
        ``(ln high + ln low - 2 ln estimate) / (ln high - ln low)``: 0 in the middle, 1 when the
        estimate is the lower limit, -1 when it is the upper; then its smallest and its largest
        value over the rounding of the inputs.

    Examples
    --------
    >>> value, low, high = log_asymmetry(estimate="2.0", conf_low="1.1", conf_high="3.6")
    >>> f"{value:.2f} ({low:.2f} to {high:.2f})"
    '-0.01 (-0.10 to 0.09)'

    Zero is among the values that rounding allows: nothing speaks against a log scale.
    """
    printed = {"estimate": estimate, "conf_low": conf_low, "conf_high": conf_high}
    _check(printed)

    def asymmetry(estimate, conf_low, conf_high):
        return np.log(conf_high * conf_low / estimate**2) / np.log(conf_high / conf_low)

    return _spread(asymmetry, printed)


def _relations(df, conf_level):
    """Every relation: what it gives, its name, its function, and what the function needs."""
    q = stats.norm.ppf((1 + conf_level) / 2)
    triad = ("estimate", "conf_low", "conf_high")
    yield "p_value", NORMAL, _p_from_width(np.log, 0.0, q), triad
    yield "p_value", NORMAL_LOWER, _p_from_distance(q), ("estimate", "conf_low")
    yield "p_value", NORMAL_UPPER, _p_from_distance(q), ("estimate", "conf_high")
    if df is not None:
        t = stats.t.ppf((1 + conf_level) / 2, df)
        yield "p_value", STUDENT, _p_from_width(np.log, 0.0, t, stats.t(df).sf), triad
    yield "p_value", ONE_SIDED, _p_from_width(np.log, 0.0, q, lambda z: stats.norm.sf(z) / 2), triad
    yield "p_value", ARITHMETIC, _p_from_width(_identity, 1.0, q), triad
    yield "p_value", APPROXIMATION, _p_from_width(np.log, 0.0, q, _half_approximate_p), triad
    for level in OTHER_LEVELS:
        other = stats.norm.ppf((1 + level) / 2)
        yield "p_value", OTHER_LEVEL.format(level), _p_from_width(np.log, 0.0, other), triad
    yield "p_value", STANDARD_ERRORS, _p_from_width(np.log, 0.0, 1.0), triad
    for sign, limit, other in ((-1, "conf_low", "conf_high"), (1, "conf_high", "conf_low")):
        pair = ("estimate", "p_value")
        yield limit, NORMAL, _limit_on_log_scale(sign * q, stats.norm.isf), pair
        if df is not None:
            yield limit, STUDENT, _limit_on_log_scale(sign * t, stats.t(df).isf), pair
        yield limit, ARITHMETIC, _limit_on_arithmetic_scale(sign * q), pair
        yield limit, APPROXIMATION, _limit_on_log_scale(sign * q, _approximate_z), pair
        yield limit, MIRRORED, _mirrored(np.log, np.exp), ("estimate", other)
        yield limit, MIRRORED_ARITHMETIC, _mirrored(_identity, _identity), ("estimate", other)
    limits = ("conf_low", "conf_high")
    yield (
        "estimate",
        GEOMETRIC_MEAN,
        lambda conf_low, conf_high: np.sqrt(conf_low * conf_high),
        limits,
    )
    yield (
        "estimate",
        ARITHMETIC_MEAN,
        lambda conf_low, conf_high: (conf_low + conf_high) / 2,
        limits,
    )


def _identity(value):
    return value


def _half_approximate_p(z):
    return np.exp(-0.717 * z - 0.416 * z**2) / 2


def _approximate_z(half_p):
    return -0.862 + np.sqrt(0.743 - 2.404 * np.log(2 * half_p))


def _p_from_width(scale, null, quantile, tail=stats.norm.sf):
    def p_value(estimate, conf_low, conf_high):
        std_error = (scale(conf_high) - scale(conf_low)) / (2 * quantile)
        return 2 * tail(np.abs(scale(estimate) - null) / std_error)

    return p_value


def _p_from_distance(quantile):
    def p_value(estimate, **limit):
        (limit,) = limit.values()
        std_error = np.abs(np.log(estimate) - np.log(limit)) / quantile
        return 2 * stats.norm.sf(np.abs(np.log(estimate)) / std_error)

    return p_value


def _limit_on_log_scale(signed_quantile, inverse_tail):
    def limit(estimate, p_value):
        std_error = np.abs(np.log(estimate)) / inverse_tail(p_value / 2)
        return np.exp(np.log(estimate) + signed_quantile * std_error)

    return limit


def _limit_on_arithmetic_scale(signed_quantile):
    def limit(estimate, p_value):
        return estimate + signed_quantile * np.abs(estimate - 1) / stats.norm.isf(p_value / 2)

    return limit


def _mirrored(scale, back):
    def limit(estimate, **other):
        (other,) = other.values()
        return back(2 * scale(estimate) - scale(other))

    return limit


def _check(printed):
    values = {name: _shown_value(shown) for name, shown in printed.items()}
    if not 0 <= values["conf_low"] <= values["conf_high"] or not values["estimate"] > 0:
        raise ValueError(f"expected positive ratios and conf_low <= conf_high, got {values}")
    if not 0 <= values.get("p_value", 0) <= 1:
        raise ValueError(f"p_value must lie in 0–1, got {values['p_value']}")


def _shown_value(shown):
    """The digits as they stand; of an inequality, its bound."""
    shown = PublishedNumber(shown) if isinstance(shown, str) else shown
    return shown.value if isinstance(shown, PublishedNumber) else float(shown)


def _spread(function, printed):
    """Value at the printed digits, then smallest and largest while they vary."""

    def bounded(**values):
        # A P of 0 or 1, or an interval without width, is a limit and not a mistake.
        with np.errstate(all="ignore"):
            found = function(**{name: np.float64(value) for name, value in values.items()})
        return np.clip(found, -_INFINITE, _INFINITE)

    values = {name: _shown_value(shown) for name, shown in printed.items()}
    limits = dict.fromkeys(values, (0.0, np.inf)) | {"p_value": _P_LIMITS}
    sides = [limits]
    if "estimate" in printed:
        sides = [limits | {"estimate": side} for side in ((0.0, 1.0), (1.0, np.inf))]
    ranges = [value_range(bounded, printed, side) for side in sides if _overlaps(printed, side)]
    low, high = np.array(ranges).T
    found = np.array([bounded(**values), np.fmin.reduce(low), np.fmax.reduce(high)])
    return tuple(np.where(np.abs(found) == _INFINITE, np.copysign(np.inf, found), found).tolist())


def _overlaps(printed, limits):
    if "estimate" not in printed:
        return True
    low, high = rounding_interval(printed["estimate"])
    return low <= limits["estimate"][1] and high >= limits["estimate"][0]
