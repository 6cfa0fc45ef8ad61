"""Which of the patients who leave a curve leave it by an event, if the curve is to be as printed?

Patients leave a Kaplan–Meier curve one after another, and the one who leaves when ``k`` are at
risk multiplies it by ``1 - 1/k`` if by an event, by 1 if by censoring. A printed survival
therefore is a sum over leavers: ``-log S = Σ x log(k/(k - 1))`` with ``x`` 0 or 1. How probable
it is, and what the ``x`` are given that it holds, follow by recursion over the leavers on a fine
grid of ``-log S``; nothing is left to trial and error.

Vocabulary: *leavers* are ordered by time, the first with ``n`` at risk; a *boundary* is the
number of leavers up to a printed time.
"""

from dataclasses import dataclass

import numpy as np

# A printed survival is this many steps of the grid wide. The sum of rounded steps strays by
# about one or two of them, so the recursion lets the curve end this many outside, and what is
# not exactly as printed is dropped afterwards.
_STEPS_PER_WINDOW = 10
_SLACK = 2
# A survival printed as zero has no logarithm; a curve this low is at zero.
_ZERO = 1e-4
# Bands of one block together hold about a quarter of this many numbers.
_CELLS = 40_000_000
_NOISE = 1e-9


@dataclass(frozen=True)
class Histories:
    """Events and censorings of leavers, drawn so that a curve passes through printed windows.

    Parameters
    ----------
    event : ndarray of bool, shape (n_orders, n_draws, n)
        Whether each leaver, in order, leaves by an event.
    exact : ndarray of bool, shape (n_orders, n_draws)
        Whether the curve lies in every window exactly.
    log_probability : ndarray, shape (n_orders,)
        Logarithm of the probability of the windows; ``-inf`` where they cannot be reached.
    """

    event: np.ndarray
    exact: np.ndarray
    log_probability: np.ndarray


def sample_histories(event_probability, boundaries, windows, *, rng, n_draws=1):
    """Draw who of the leavers has an event, given the survival at some boundaries.

    Parameters
    ----------
    event_probability : array_like, shape (n_orders, n)
        Probability that each leaver leaves by an event, before the windows are known.
    boundaries : array_like of int, shape (n_orders, n_windows)
        Leavers up to each printed time, not decreasing.
    windows : array_like, shape (n_windows, 2)
        Lowest and highest survival at each boundary, 0–1.
    rng : numpy.random.Generator
        Source of the draws.
    n_draws : int, default 1
        Draws per row.

    Returns
    -------
    Histories

    Raises
    ------
    ValueError
        If shapes do not fit together or a window is empty or outside 0–1.

    Notes
    -----
    Backward: ``f_r(s) = (1 - p_r) f_{r+1}(s) + p_r f_{r+1}(s + log(k/(k-1)))``, times the
    indicator of the window where ``r`` is a boundary; forward: the leaver ``r`` has an event
    with probability ``p_r f_{r+1}(s + …) / f_r(s)``. This is the exact conditional distribution
    but for the grid.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> p, windows = np.full((1, 10), 0.3), [(0.785, 0.795)]
    >>> drawn = sample_histories(p, [[8]], windows, rng=rng, n_draws=200)
    >>> as_printed = drawn.event[0][drawn.exact[0], :8]
    >>> {tuple((10 - np.flatnonzero(events)).tolist()) for events in as_printed}
    {(10, 8)}

    If eight of ten patients have left and survival is printed as 79 %, there were two events: one
    with ten at risk and one with eight.
    """
    p, boundaries, windows = (np.asarray(a) for a in (event_probability, boundaries, windows))
    _check(p, boundaries, windows)
    n = p.shape[1]
    steps = _Steps.of(n, windows)
    per_block = max(1, _CELLS // (steps.length * (boundaries.max(initial=0) + 1)))
    parts = [
        _sample_block(p[rows], boundaries[rows], steps, rng, n_draws)
        for rows in np.array_split(np.arange(len(p)), -(-len(p) // per_block))
    ]
    event, log_probability = (np.concatenate(part) for part in zip(*parts, strict=True))
    exact = np.isfinite(log_probability)[:, None] & _inside(event, boundaries, windows)
    return Histories(event, exact, log_probability)


def survival_of_order(event):
    """Kaplan–Meier survival after each leaver, without ties.

    Parameters
    ----------
    event : array_like of bool, shape (..., n)
        Whether each leaver, in order of time, leaves by an event.

    Returns
    -------
    ndarray, shape (..., n + 1)
        Survival before the first leaver (1) and after each.

    Examples
    --------
    >>> survival_of_order([True, False, True]).round(3).tolist()
    [1.0, 0.667, 0.667, 0.0]

    The last patient's event brings the curve to zero, whatever happened before.
    """
    event = np.asarray(event, bool)
    at_risk = np.arange(event.shape[-1], 0, -1)
    survival = np.cumprod(np.where(event, 1 - 1 / at_risk, 1.0), axis=-1)
    return np.concatenate([np.ones((*event.shape[:-1], 1)), survival], axis=-1)


@dataclass(frozen=True)
class _Steps:
    """The grid of -log S: steps down by rank, windows in steps, and how long it must be."""

    down: np.ndarray
    low: np.ndarray
    high: np.ndarray
    length: int

    @classmethod
    def of(cls, n, windows):
        if not len(windows):
            return cls(np.zeros(n, int), np.zeros(0, int), np.zeros(0, int), 1)
        floor = np.maximum(windows, _ZERO)
        nearest, farthest = -np.log(floor[:, 1]), -np.log(floor[:, 0])
        width = np.min(farthest - nearest) / _STEPS_PER_WINDOW
        at_risk = np.arange(n, 0, -1)
        with np.errstate(divide="ignore"):
            down = -np.log(np.maximum(1 - 1 / at_risk, _ZERO**2))
        low = np.maximum(np.floor(nearest / width).astype(int) - _SLACK, 0)
        high = np.ceil(farthest / width).astype(int) + _SLACK
        high = np.where(windows[:, 0] <= 0, high + int(np.ceil(down[-1] / width)), high)
        return cls(np.rint(down / width).astype(int), low, high, int(high.max()) + 1)


def _sample_block(p, boundaries, steps, rng, n_draws):
    backward = _backward(p, boundaries, steps)
    with np.errstate(divide="ignore"):
        log_probability = np.log(backward[0].at(np.zeros((len(p), 1), int))[:, 0].astype(float))
    return _forward(p, boundaries, steps, backward, rng, n_draws), log_probability


@dataclass(frozen=True)
class _Band:
    """Probability of all later windows, by row and step, for the steps that can occur."""

    start: int
    values: np.ndarray  # (n_rows, n_steps)

    def at(self, where):
        """Values at steps, shape (n_rows, n_draws); zero outside the band."""
        place = where - self.start
        inside = (place >= 0) & (place < self.values.shape[1])
        rows = np.arange(len(self.values))[:, None]
        return np.where(inside, self.values[rows, np.where(inside, place, 0)], np.float32(0))

    def span(self, start, stop):
        """Values at steps from one to before another, zero outside the band."""
        found = np.zeros((len(self.values), stop - start), np.float32)
        low, high = max(start, self.start), min(stop, self.start + self.values.shape[1])
        if low < high:
            found[:, low - start : high - start] = self.values[
                :, low - self.start : high - self.start
            ]
        return found


def _backward(p, boundaries, steps):
    """One band per leaver: only steps from which the last window can be reached."""
    last = int(boundaries.max(initial=0))
    ends = boundaries.max(axis=1, initial=0)[:, None]
    # Events all the way so far, or all the way from here to the last window.
    farthest = np.concatenate([[0], np.cumsum(steps.down[:last])])
    still = farthest[-1] - farthest
    lowest = steps.low[-1] if len(steps.low) else 0
    kept = [None] * (last + 1)
    for r in range(last, -1, -1):
        start = int(max(0, lowest - still[r] - last))
        stop = int(min(steps.length, farthest[r] + 1))
        for k in range(boundaries.shape[1]):
            # Before every row has passed a window the curve is above its foot; after, below.
            if r <= boundaries[:, k].min():
                stop = min(stop, int(steps.high[k]) + 1)
            if r >= boundaries[:, k].max():
                start = max(start, int(steps.low[k]))
        start = min(start, stop - 1)
        if r == last:
            current = np.ones((len(p), stop - start), np.float32)
        else:
            share = np.where(r < ends, p[:, r, None], 0).astype(np.float32)
            down = steps.down[r]
            current = (1 - share) * kept[r + 1].span(start, stop)
            current += share * kept[r + 1].span(start + down, stop + down)
        grid = np.arange(start, stop)
        for k in range(boundaries.shape[1]):
            rows = boundaries[:, k] == r
            if rows.any():
                current[rows] *= (grid >= steps.low[k]) & (grid <= steps.high[k])
        kept[r] = _Band(start, current)
    return kept


def _forward(p, boundaries, steps, backward, rng, n_draws):
    n_rows, n = p.shape
    last = boundaries.max(axis=1, initial=0)[:, None]
    event = np.empty((n_rows, n_draws, n), bool)
    where = np.zeros((n_rows, n_draws), int)
    uniform = rng.random((n, n_rows, n_draws), np.float32)
    for r in range(n):
        share = np.broadcast_to(p[:, r, None], where.shape)
        if r + 1 < len(backward):
            by_event = share * backward[r + 1].at(where + steps.down[r])
            total = by_event + (1 - share) * backward[r + 1].at(where)
            bound = np.divide(by_event, total, out=np.zeros_like(total), where=total > 0)
            share = np.where(r < last, bound, share)
        event[:, :, r] = uniform[r] < share
        where = where + np.where(event[:, :, r] & (r < last), steps.down[r], 0)
    return event


def _inside(event, boundaries, windows):
    survival = survival_of_order(event)
    inside = np.ones(event.shape[:2], bool)
    for k, (low, high) in enumerate(windows):
        there = np.take_along_axis(survival, boundaries[:, k, None, None], axis=2)[:, :, 0]
        inside &= (there >= low - _NOISE) & (there <= high + _NOISE)
    return inside


def _check(p, boundaries, windows):
    if p.ndim != 2 or boundaries.shape[:1] != p.shape[:1] or boundaries.ndim != 2:
        raise ValueError(
            f"expected one row of probabilities and boundaries per order, got shapes {p.shape} "
            f"and {boundaries.shape}"
        )
    if windows.size != 2 * boundaries.shape[1]:
        raise ValueError(f"expected {boundaries.shape[1]} windows, got {windows.tolist()}")
    if windows.size and not np.all((windows[:, 0] <= windows[:, 1]) & (windows[:, 1] > 0)):
        raise ValueError(f"expected windows from low to high within 0–1, got {windows.tolist()}")
