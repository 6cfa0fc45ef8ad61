"""When do patients leave a curve, if the median of their follow-up is as printed?

The median is one leaver's time, or the mean of two: given which leavers, all times follow from
the assumed distribution with that median held inside its printed digits.

Vocabulary: *rank* counts leavers from 0 in order of time.
"""

import numpy as np
from scipy.special import gammaln

from reanalysis.survival_assumptions import OBSERVED, REVERSE_KAPLAN_MEIER


def draw_times(scenarios, n, rng):
    """Ordered times of leaving, free of any printed median.

    Parameters
    ----------
    scenarios : Scenarios
    n : int
        Patients.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n_scenarios, n)
    """
    shares = np.sort(rng.random((len(scenarios.left), n)), axis=1)
    return scenarios.quantile(shares)


def draw_times_with_median(scenarios, n, ranks, window, rng):
    """Ordered times of leaving whose median lies in a window, and how probable that was.

    Parameters
    ----------
    scenarios : Scenarios
    n : int
        Patients.
    ranks : ndarray of int, shape (n_scenarios, 2)
        The leavers whose times are averaged; twice the same for a single one.
    window : tuple of float
        Values of the median that would be printed as it is.
    rng : numpy.random.Generator

    Returns
    -------
    times : ndarray, shape (n_scenarios, n)
    log_weight : ndarray, shape (n_scenarios,)
        Logarithm of the density of the times over that of the draw: their mean is the
        probability of the window.

    Notes
    -----
    Density of the order statistics ``a``, ``b`` with ``m`` between them (David, Nagaraja, Order
    statistics, 2003, section 2.2): ``n!/(i! m! j!) F(a)^i f(a) (F(b) - F(a))^m f(b)
    (1 - F(b))^j``. The median is drawn evenly from its window, the gap ``b - a`` from a gamma
    distribution about what the density of leavers suggests.
    """
    lower, upper = ranks.T
    size = len(lower)
    low, high = max(window[0], 0.0), min(window[1], scenarios.times[-1])
    middle = rng.uniform(low, high, size)
    _, density = scenarios.at(middle)
    single = lower == upper
    between = np.maximum(upper - lower - 1, 0)
    rate = np.maximum(n * density, 0.1 / scenarios.times[-1])
    gap = np.where(single, 0.0, rng.gamma(between + 1.0) / rate)
    first, second = middle - gap / 2, middle + gap / 2
    share_1, density_1 = scenarios.at(first)
    share_2, density_2 = scenarios.at(second)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_weight = (
            gammaln(n + 1) - gammaln(lower + 1) - gammaln(between + 1) - gammaln(n - upper)
            + lower * np.log(share_1) + np.log(density_1)
            + (n - 1 - upper) * np.log1p(-share_2) + np.log(high - low)
        )  # fmt: skip
        proposal = (between + 1) * np.log(rate) + between * np.log(gap) - rate * gap
        pair = between * np.log(share_2 - share_1) + np.log(density_2)
        pair = np.where(between > 0, pair - proposal + gammaln(between + 1), 0.0)
        adjacent = np.log(density_2) - (np.log(rate) - rate * gap)
        log_weight += np.where(single, 0.0, np.where(between > 0, pair, adjacent))
    log_weight = np.nan_to_num(log_weight, nan=-np.inf, posinf=-np.inf)
    place = np.arange(n)
    uniform = rng.random((size, n))
    below, above = place < lower[:, None], place > upper[:, None]
    shares = np.where(
        below,
        uniform * share_1[:, None],
        np.where(
            above,
            share_2[:, None] + uniform * (1 - share_2[:, None]),
            share_1[:, None] + uniform * (share_2 - share_1)[:, None],
        ),
    )
    times = scenarios.quantile(np.sort(shares, axis=1))
    rows = np.arange(size)
    times[rows, lower] = np.where(single, middle, first)
    times[rows, upper] = np.where(single, middle, second)
    return np.sort(times, axis=1), log_weight


def median_ranks(event, definition):
    """Leavers whose mean time is the median of the follow-up.

    Parameters
    ----------
    event : ndarray of bool, shape (..., n)
        Whether each leaver, in order of time, leaves by an event.
    definition : str
        ``observed``: all patients' times. ``reverse_kaplan_meier``: median of the Kaplan–Meier
        curve of censoring (events end it early). ``event_free``: patients without event only.

    Returns
    -------
    ndarray of int, shape (..., 2)
        Twice the same where one leaver is the median; -1 where there is none.

    References
    ----------
    Schemper M, Smith TL. A note on quantifying follow-up in studies of failure time. Control
    Clin Trials 1996;17:343–346.

    Examples
    --------
    >>> event = np.array([True, True, False, False, False])
    >>> [median_ranks(event, name).tolist() for name in FOLLOW_UP_DEFINITIONS]
    [[2, 2], [3, 3], [3, 3]]

    The same five patients: two of the three definitions give the follow-up of the fourth.
    """
    event = np.asarray(event, bool)
    n = event.shape[-1]
    if definition == OBSERVED:
        ranks = np.array([(n - 1) // 2, n // 2])
        return np.broadcast_to(ranks, (*event.shape[:-1], 2))
    censored = ~event
    if definition == REVERSE_KAPLAN_MEIER:
        at_risk = np.arange(n, 0, -1)
        curve = np.cumprod(np.where(censored, 1 - 1 / at_risk, 1.0), axis=-1)
        reached = curve <= 0.5 + 1e-12
        rank = np.where(reached.any(axis=-1), reached.argmax(axis=-1), -1)
        return np.stack([rank, rank], axis=-1)
    count, total = np.cumsum(censored, axis=-1), censored.sum(axis=-1)
    wanted = np.stack([(total - 1) // 2 + 1, total // 2 + 1], axis=-1)
    ranks = (count[..., None, :] >= wanted[..., None]).argmax(axis=-1)
    return np.where(total[..., None] > 0, ranks, -1)


def median_follow_up(time, event, definition):
    """Median follow-up by any of the definitions.

    Parameters
    ----------
    time : ndarray, shape (..., n)
        Times of leaving, increasing.
    event : ndarray of bool, shape (..., n)
    definition : str
        As in :func:`median_ranks`.

    Returns
    -------
    ndarray, shape (...)
        NaN where no patient defines it.
    """
    ranks = np.broadcast_to(median_ranks(event, definition), (*np.shape(time)[:-1], 2))
    values = np.take_along_axis(np.asarray(time, float), np.maximum(ranks, 0), axis=-1)
    return np.where((ranks < 0).any(axis=-1), np.nan, values.mean(axis=-1))
