"""Which patients' data lie behind a Kaplan–Meier curve that can be measured?

The curve of a figure, read off point by point, is turned back into times and events. With the
numbers at risk printed under it little is lost; without them censoring has to be guessed.

Vocabulary: a *click* is one point read off the curve; the *risk table* gives the patients at
risk at some times. Survival 0–1.
"""

import itertools

import numpy as np
import pandas as pd
from scipy.optimize import isotonic_regression

from reanalysis.survival_histories import survival_of_order

_NOISE = 1e-9


def digitise(time, event, *, seed, step=0.02, noise_px=1.0, size_px=(600, 400)):
    """Read a Kaplan–Meier curve off as a hand would, with its inaccuracy.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        The data whose curve is drawn.
    seed : int
        Of the inaccuracy.
    step : float, default 0.02
        A click follows wherever the curve has moved on by this share of the width and the
        height together, and at the top and the foot of every fall at least as tall.
    noise_px : float, default 1
        Standard deviation of a click, both ways.
    size_px : tuple of float, default (600, 400)
        Width and height of the figure: last follow-up, and survival from 0 to 1.

    Returns
    -------
    DataFrame
        ``time``, ``survival``; as clicked, so not quite decreasing.

    Examples
    --------
    >>> clicks = digitise([1, 2, 3, 4, 5], [1, 0, 1, 0, 1], seed=1)
    >>> bool(clicks.survival.iloc[0] > 0.98), bool(clicks.survival.iloc[-1] < 0.02)
    (True, True)
    """
    time, event = _ordered(time, event)
    end = time[-1]
    levels = survival_of_order(event)
    drops = np.flatnonzero(event)
    x = np.concatenate([[0.0], np.repeat(time[drops], 2), [end]])
    y = np.concatenate([[1.0], np.column_stack([levels[drops], levels[drops + 1]]).ravel(),
                        [levels[-1]]])  # fmt: skip
    # Along the staircase, one step of either axis has the same length.
    length = np.concatenate([[0.0], np.cumsum(np.diff(x) / end - np.diff(y))])
    corners = _corners(x, y, length, step)
    along = np.arange(0.0, length[-1], step)
    inside = [(along > top - step / 4) & (along < foot + step / 4) for top, foot in corners]
    along = along[~np.any(inside, axis=0)] if len(corners) else along
    at = np.unique([*along, *corners.ravel(), length[-1]])
    rng = np.random.default_rng(seed)
    wobble = noise_px * rng.standard_normal((2, len(at)))
    clicked_x = np.interp(at, length, x) + wobble[0] * end / size_px[0]
    clicked_y = np.interp(at, length, y) + wobble[1] / size_px[1]
    return pd.DataFrame({"time": np.maximum(clicked_x, 0.0), "survival": clicked_y})


def reconstruct_from_curve(curve, n=None, at_risk=None, total_events=None, censor_times=None):
    """Times and events of patients whose Kaplan–Meier curve has been read off.

    Parameters
    ----------
    curve : DataFrame
        Clicks ``time``, ``survival`` (0–1), in the order in which the curve is followed.
    n : int, optional
        Patients at the beginning; needed without a risk table.
    at_risk : dict of float to int, optional
        The risk table; the first time is usually 0.
    total_events : int, optional
        Events in all, if printed.
    censor_times : array_like, optional
        Where the figure marks censoring.

    Returns
    -------
    DataFrame
        ``time``, ``event``, one row per patient, in order of time.

    Raises
    ------
    ValueError
        If neither ``n`` nor a risk table from time 0 is given, or the table increases.

    Notes
    -----
    The algorithm of Guyot et al.: between two times of the risk table the number censored is
    the one with which, events being what the falls of the curve demand, the next number at risk
    comes out; censoring is spread evenly. After the table it continues at the mean rate so far,
    or such that ``total_events`` comes out. With neither, nobody is censored before the end.
    What differs: clicks that rise or go back are repaired by isotonic regression instead of
    being cut; events are spread between the two clicks that enclose them; where marks of
    censoring are given (Rogula et al.), it is put there.

    References
    ----------
    Guyot P, Ades AE, Ouwens MJNM, Welton NJ. Enhanced secondary analysis of survival data:
    reconstructing the data from published Kaplan–Meier survival curves. BMC Med Res Methodol
    2012;12:9.
    Liu N, Zhou Y, Lee JJ. IPDfromKM: reconstruct individual patient data from published
    Kaplan–Meier survival curves. BMC Med Res Methodol 2021;21:111.
    Rogula B, Lozano-Ortega G, Johnston KM. A method for reconstructing individual patient data
    from Kaplan–Meier survival curves that incorporate marked censoring times. MDM Policy Pract
    2022;7:23814683221077643.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> time = np.minimum(rng.exponential(5, 200), 4)
    >>> event = time < 4
    >>> clicks = digitise(time, event, seed=1)
    >>> patients = reconstruct_from_curve(clicks, n=200)
    >>> bool(abs(patients.event.sum() - event.sum()) <= 3)
    True
    """
    times, survival = _repaired(curve)
    table = _table(n, at_risk, times[-1])
    marks = None if censor_times is None else np.sort(np.asarray(censor_times, float))
    walk = _Walk(times, survival, marks)
    n_left = table[0][1]
    for (start, n_start), (stop, n_stop) in itertools.pairwise(table):
        # The risk table corrects what rounding has left over.
        n_left = min(n_left, n_start) if walk.time else n_start
        walk.continue_to(start, stop, n_left, wanted=n_stop)
        n_left = walk.n_left
    _last_interval(walk, table[-1][0], n_left, total_events)
    time = np.concatenate([*walk.time, np.full(max(walk.n_left, 0), times[-1])])
    event = np.concatenate([*walk.event, np.zeros(max(walk.n_left, 0), bool)])
    order = np.lexsort((~event, time))
    return pd.DataFrame({"time": time[order], "event": event[order]})


def _corners(x, y, length, step):
    """Top and foot of each tall fall, as places along the curve, shape (n_falls, 2)."""
    first = np.unique(x, return_index=True)[1]
    last = np.append(first[1:], len(x)) - 1
    tall = y[first] - y[last] >= step
    return np.column_stack([length[first[tall]], length[last[tall]]])


def _last_interval(walk, start, n_left, total_events):
    """After the risk table: censoring goes on as before, or as the events in all demand."""
    end = walk.clicks[-1]
    so_far = sum(int(e.sum()) for e in walk.event)
    if total_events is not None:
        # More censoring means fewer at risk at each fall, and so fewer events.
        fits = [abs(so_far + walk.try_censored(start, end, n_left, c)[1] - total_events)
                for c in range(n_left + 1)]  # fmt: skip
        censored = int(np.argmin(fits))
    elif walk.marks is not None:
        censored = int(((walk.marks > start) & (walk.marks <= end)).sum())
    else:
        before = sum(int((~e).sum()) for e in walk.event)
        censored = int(np.rint(before * (end - start) / start)) if start > 0 else 0
    walk.commit(start, end, n_left, min(censored, n_left))


class _Walk:
    """Patients taken off the curve from left to right; the level reached so far is kept."""

    def __init__(self, clicks, survival, marks):
        self.clicks, self.survival, self.marks = clicks, survival, marks
        self.level, self.time, self.event, self.n_left = 1.0, [], [], 0

    def try_censored(self, start, stop, n_start, n_censored):
        """At risk at the end of an interval, events in it, level, and where they fall."""
        censored = self._censor_times(start, stop, n_censored)
        inside = np.flatnonzero((self.clicks > start) & (self.clicks <= stop + _NOISE))
        level, n_left, previous = self.level, n_start, start
        gone, falls = 0, []
        for k in inside:
            click = self.clicks[k]
            leaving = int(np.searchsorted(censored, click))
            n_left, gone = n_left - (leaving - gone), leaving
            if n_left <= 0:
                n_left = 0
                break
            fallen = int(np.rint(n_left * (1 - self.survival[k] / level))) if level > 0 else 0
            fallen = min(max(fallen, 0), n_left)
            if fallen:
                falls.append((previous, click, fallen))
                level *= 1 - fallen / n_left
                n_left -= fallen
            previous = click
        n_left = max(n_left - (n_censored - gone), 0)
        return n_left, sum(fall[2] for fall in falls), level, falls, censored

    def continue_to(self, start, stop, n_start, wanted):
        """Censor so many in an interval that the next number at risk comes out."""
        low, high = 0, n_start
        while low < high:
            middle = (low + high) // 2
            if self.try_censored(start, stop, n_start, middle)[0] > wanted:
                low = middle + 1
            else:
                high = middle
        self.commit(start, stop, n_start, low)

    def commit(self, start, stop, n_start, n_censored):
        """Take the events and censorings of an interval as final."""
        n_left, _, level, falls, censored = self.try_censored(start, stop, n_start, n_censored)
        events = [a + (b - a) * (np.arange(m) + 0.5) / m for a, b, m in falls]
        times = np.concatenate([*events, censored]) if events else censored
        happened = np.arange(len(times)) < len(times) - len(censored)
        kept = np.lexsort((~happened, times))[: max(n_start - n_left, 0)]
        self.time.append(times[kept])
        self.event.append(happened[kept])
        self.level, self.n_left = level, n_start - len(kept)

    def _censor_times(self, start, stop, size):
        share = (np.arange(size) + 0.5) / max(size, 1)
        if self.marks is not None:
            inside = self.marks[(self.marks > start) & (self.marks <= stop)]
            if len(inside) and size:
                return np.sort(inside[(share * len(inside)).astype(int)])
        return start + (stop - start) * share


def _repaired(curve):
    """Clicks that go neither back nor up, within 0–1, beginning at time 0 and survival 1.

    They are kept in the order of the clicks: sorted by time, the foot of a fall that was clicked
    a pixel too early would come before its top.
    """
    times, survival = (curve[name].to_numpy(float) for name in ("time", "survival"))
    if len(times) < 2 or not (np.isfinite(times + survival).all() and times.min() >= 0):
        raise ValueError("expected at least two clicks at times of at least 0")
    times = isotonic_regression(times).x
    survival = isotonic_regression(np.clip(survival, 0, 1), increasing=False).x
    return np.concatenate([[0.0], times]), np.concatenate([[1.0], survival])


def _table(n, at_risk, end):
    rows = sorted((float(t), int(k)) for t, k in (at_risk or {}).items() if t < end)
    if not rows or rows[0][0] > 0:
        if n is None:
            raise ValueError("expected n, or a risk table that begins at time 0")
        rows.insert(0, (0.0, int(n)))
    counts = [k for _, k in rows]
    if n is not None and counts[0] != n:
        raise ValueError(f"expected a risk table that begins with n = {n}, got {counts[0]}")
    if counts != sorted(counts, reverse=True):
        raise ValueError(f"expected numbers at risk that never increase, got {counts}")
    return rows


def _ordered(time, event):
    time, event = np.asarray(time, float), np.asarray(event, bool)
    if time.shape != event.shape or time.ndim != 1 or not len(time):
        raise ValueError(f"expected one event per time, got shapes {time.shape}, {event.shape}")
    order = np.lexsort((~event, time))
    return time[order], event[order]
