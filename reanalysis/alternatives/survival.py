"""Which interval of a survival rate, and which test of two curves, do printed ones follow?

Kaplan–Meier estimates agree between programs, with Greenwood's variance; their intervals are
taken on one of five scales. Tests of two curves differ in how much early events count.

Vocabulary: ``time`` to ``event`` (1) or censoring (0), one per patient; ``arm`` 0 or 1.
"""

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import group_survival_table_from_events
from scipy import special, stats

PLAIN, LOG, LOG_LOG, LOGIT, ARCSINE = (
    f"Greenwood, {scale}" for scale in ("plain", "log", "log-log", "logit", "arcsine")
)
LOG_RANK = "log-rank"
GEHAN_BRESLOW = "Gehan–Breslow (Wilcoxon)"
TARONE_WARE = "Tarone–Ware"
PETO_PETO = "Peto–Peto (Prentice)"
HARRINGTON_FLEMING = "Harrington–Fleming, ρ = 1"
OBSERVED_EXPECTED = "log-rank, Σ(O-E)²/E"

REFERENCES = {
    PLAIN: "Greenwood, Rep Public Health Med Subj 1926;33:1–26",
    LOG: "R survfit (default)",
    LOG_LOG: "Kalbfleisch, Prentice, The statistical analysis of failure time data, 1980; SAS, "
    "Stata, lifelines",
    LOGIT: "Meeker, Escobar, Statistical methods for reliability data, 1998; SAS, R survfit",
    ARCSINE: "Borgan, Liestøl, Scand J Stat 1990;17:35–41; R survfit",
    LOG_RANK: "Mantel, Cancer Chemother Rep 1966;50:163–170; R survdiff, SPSS, Stata, lifelines",
    GEHAN_BRESLOW: "Gehan, Biometrika 1965;52:203–223; Breslow, Biometrika 1970;57:579–594",
    TARONE_WARE: "Tarone, Ware, Biometrika 1977;64:156–160; SPSS, Stata",
    PETO_PETO: "Peto, Peto, J R Stat Soc A 1972;135:185–207; Prentice, Biometrika 1978;65:167–179",
    HARRINGTON_FLEMING: "Harrington, Fleming, Biometrika 1982;69:553–566; R survdiff(rho=1)",
    OBSERVED_EXPECTED: "Peto et al., Br J Cancer 1977;35:1–39; by hand in textbooks",
}
_WEIGHTS = {
    LOG_RANK: {},
    GEHAN_BRESLOW: {"weightings": "wilcoxon"},
    TARONE_WARE: {"weightings": "tarone-ware"},
    PETO_PETO: {"weightings": "peto"},
    HARRINGTON_FLEMING: {"weightings": "fleming-harrington", "p": 1, "q": 0},
}
# A curve at one half up to rounding noise is at one half.
_NOISE = 1e-9


def survival_probability_variants(time, event, *, at, conf_level=0.95):
    """Kaplan–Meier survival at one time with its interval on every scale.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        Follow-up, at least 0, and 1 for an event, 0 for censoring.
    at : float
        Time at which survival is wanted, in the unit of ``time``, not beyond the last one.
    conf_level : float, default 0.95
        Level of the intervals.

    Returns
    -------
    DataFrame
        ``method``, ``estimate``, ``std_error`` (Greenwood's, of the rate), ``conf_low``,
        ``conf_high``; rates 0–1. Before the first event the rate of 1 has no interval but 1;
        at 0, and on the log-log, logit and arcsine scales also at 1, limits are missing.

    Raises
    ------
    ValueError
        If the data are unfit, or ``at`` lies beyond the follow-up.

    Notes
    -----
    With ``σ² = Σ d/(n(n-d))``: plain ``S ± zSσ``, log ``S exp(±zσ)``, both cut at 0 and 1;
    log-log ``S^exp(±zσ/ln S)``; logit ``logit S ± zσ/(1-S)``; arcsine
    ``sin²(arcsin√S ± zσ√(S/(1-S))/2)``.

    Examples
    --------
    >>> time, event = [6, 7, 10, 15, 19, 25, 30, 34], [1, 0, 1, 1, 0, 0, 1, 0]
    >>> table = survival_probability_variants(time, event, at=20).set_index("method")
    >>> (100 * table.conf_low).round(0).astype(int)[[PLAIN, LOG, LOG_LOG]].tolist()
    [22, 31, 18]

    The 20-month survival of 58 % begins at 18, 22 or 31 %, by the scale alone.
    """
    curve = _curve(time, event)
    if not 0 <= at <= np.max(time):
        raise ValueError(f"expected a time of 0 to {np.max(time)}, got {at}")
    row = curve[curve.index <= at].iloc[-1]
    limits = _limits(np.array([row.survival]), np.array([row.sigma]), conf_level)
    std_error = row.survival * row.sigma
    return pd.DataFrame(
        [(name, row.survival, std_error, low[0], high[0]) for name, (low, high) in limits.items()],
        columns=["method", "estimate", "std_error", "conf_low", "conf_high"],
    )


def median_survival_variants(time, event, conf_level=0.95):
    """Median survival with the interval read off each confidence band.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        Follow-up and whether it ended in an event.
    conf_level : float, default 0.95
        Level of the intervals.

    Returns
    -------
    DataFrame
        ``method``, ``estimate``, ``conf_low``, ``conf_high``, infinite where the curve or band
        stays above one half. A curve that is level at one half gives the middle of the step.

    References
    ----------
    Brookmeyer R, Crowley J. Biometrics 1982;38:29–41.

    Examples
    --------
    >>> time, event = [6, 7, 10, 15, 19, 25, 30, 34], [1, 0, 1, 1, 0, 0, 1, 0]
    >>> median_survival_variants(time, event).conf_low.tolist()
    [10.0, 10.0, 6.0, 6.0, 10.0]

    The lower limit of the median is 6 or 10 months, by the scale alone.
    """
    curve = _curve(time, event)
    limits = _limits(curve["survival"].to_numpy(), curve["sigma"].to_numpy(), conf_level)
    middle = _crossing(curve.index, curve["survival"])
    return pd.DataFrame(
        [
            (name, middle, _crossing(curve.index, low), _crossing(curve.index, high))
            for name, (low, high) in limits.items()
        ],
        columns=["method", "estimate", "conf_low", "conf_high"],
    )


def survival_test_variants(time, event, arm):
    """Tests of the equality of two survival curves.

    Parameters
    ----------
    time, event, arm : array_like, shape (n,)
        Follow-up, event (1) or censoring (0), and arm (0 or 1).

    Returns
    -------
    DataFrame
        ``method``, ``statistic`` (χ² with one degree of freedom), ``p_value``.

    Raises
    ------
    ValueError
        If the data are unfit or an arm is empty.

    Notes
    -----
    Weights of ``O - E`` at each event time: 1, the number at risk, its root, Prentice's
    ``Π(1 - d/(n+1))``, and the Kaplan–Meier estimate just before. All are lifelines'.

    Examples
    --------
    >>> time, event = [6, 7, 10, 15, 19, 25, 30, 34], [1, 0, 1, 1, 0, 0, 1, 0]
    >>> table = survival_test_variants(time, event, [1, 1, 0, 1, 1, 0, 0, 0])
    >>> table.set_index("method").p_value.round(2)[[LOG_RANK, GEHAN_BRESLOW]].tolist()
    [0.36, 0.36]

    Of eight patients it hardly matters how much late events count.
    """
    time, event = _checked(time, event)
    arm = np.asarray(arm)
    if arm.shape != time.shape or set(np.unique(arm)) != {0, 1}:
        raise ValueError(f"expected arms 0 and 1, one per patient, got {np.unique(arm)}")
    first = arm == 1
    rows = []
    for name, weights in _WEIGHTS.items():
        found = logrank_test(time[first], time[~first], event[first], event[~first], **weights)
        rows.append((name, float(found.test_statistic), float(found.p_value)))
    observed, expected = _observed_and_expected(time, event, arm)
    statistic = float(((observed - expected) ** 2 / expected).sum())
    rows.append((OBSERVED_EXPECTED, statistic, float(stats.chi2.sf(statistic, 1))))
    return pd.DataFrame(rows, columns=["method", "statistic", "p_value"])


def _observed_and_expected(time, event, arm):
    _, removed, observed, _ = group_survival_table_from_events(arm, time, event)
    at_risk = removed.sum() - removed.cumsum().shift(1, fill_value=0)
    expected = at_risk.mul(observed.sum(axis=1) / at_risk.sum(axis=1), axis=0)
    return observed.sum().to_numpy(float), expected.sum().to_numpy(float)


def _checked(time, event):
    time, event = np.asarray(time, float), np.asarray(event, float)
    if time.ndim != 1 or time.shape != event.shape or not len(time):
        raise ValueError(f"expected one event per time, got shapes {time.shape}, {event.shape}")
    if not (np.all(time >= 0) and np.isin(event, (0, 1)).all()):
        raise ValueError("expected times of at least 0 and events of 0 or 1")
    return time, event


def _curve(time, event):
    """Survival and the root of Greenwood's sum at each time of the table."""
    table = KaplanMeierFitter().fit(*_checked(time, event)).event_table
    at_risk, observed = table["at_risk"], table["observed"]
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.where(observed > 0, observed / (at_risk * (at_risk - observed)), 0.0)
    survival = (1 - observed / at_risk).cumprod()
    return pd.DataFrame({"survival": survival, "sigma": np.sqrt(np.cumsum(steps))})


def _limits(survival, sigma, conf_level):
    """Lower and upper band by scale; missing where a scale has none."""
    z = stats.norm.ppf((1 + conf_level) / 2)
    inner = (survival > _NOISE) & (survival < 1 - _NOISE)
    s = np.where(inner, survival, np.nan)
    with np.errstate(invalid="ignore"):
        plain = [np.where(survival > _NOISE, survival * (1 + sign * z * sigma), np.nan)
                 for sign in (-1, 1)]  # fmt: skip
        log = [np.where(survival > _NOISE, survival * np.exp(sign * z * sigma), np.nan)
               for sign in (-1, 1)]  # fmt: skip
        log_log = [s ** np.exp(sign * z * sigma / np.log(s)) for sign in (-1, 1)]
        logit = [special.expit(special.logit(s) + sign * z * sigma / (1 - s)) for sign in (-1, 1)]
        angles = [np.arcsin(np.sqrt(s)) + sign * z / 2 * sigma * np.sqrt(s / (1 - s))
                  for sign in (-1, 1)]  # fmt: skip
    arcsine = [np.sin(np.clip(angle, 0, np.pi / 2)) ** 2 for angle in angles]
    bands = {PLAIN: np.clip(plain, 0, 1), LOG: np.clip(log, 0, 1)}
    return bands | {LOG_LOG: log_log, LOGIT: logit, ARCSINE: arcsine}


def _crossing(times, band):
    """First time at which a band is at or below one half; the middle of a level step there."""
    times, band = np.asarray(times, float), np.asarray(band, float)
    reached = np.flatnonzero(band <= 0.5 + _NOISE)
    if not len(reached):
        return np.inf
    first = reached[0]
    level = abs(band[first] - 0.5) <= _NOISE
    later = np.flatnonzero(band < 0.5 - _NOISE)
    return (times[first] + times[later[0]]) / 2 if level and len(later) else times[first]
