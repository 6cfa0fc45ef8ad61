"""What does a paper print about one survival curve, and can it be true together?

Vocabulary: a *constraint* is one printed fact, named in words; constraints are in *conflict* if
no data set satisfies them all.
"""

import itertools
from dataclasses import dataclass, replace

import numpy as np
from lifelines import KaplanMeierFitter

from reanalysis.published_numbers import PublishedNumber
from reanalysis.survival_assumptions import FOLLOW_UP_DEFINITIONS, OBSERVED
from reanalysis.survival_order import median_follow_up

_UNITS = {"%": 100.0, "proportion": 1.0}
_NOISE = 1e-9


class InfeasibleConstraintsError(ValueError):
    """No data set satisfies what is printed.

    Attributes
    ----------
    conflict : tuple of str
        The smallest set of constraints that contradict each other.
    """

    def __init__(self, message, conflict):
        super().__init__(message)
        self.conflict = tuple(conflict)

    @classmethod
    def of(cls, printed, found):
        """Error for a conflict and its ground.

        Parameters
        ----------
        printed : PrintedCurve
        found : tuple
            Constraints in conflict, and whether arithmetic alone shows it.
        """
        conflict, arithmetic = found
        ground = (
            "no data set can satisfy"
            if arithmetic
            else "no data set was found, under the assumptions made, that satisfies"
        )
        words = "; ".join(printed.in_words(name) for name in conflict)
        return cls(f"with {printed.n} patients {ground} together: {words}", conflict)


@dataclass(frozen=True)
class PrintedCurve:
    """What is printed of one arm, as ``reconstruct_from_summaries`` takes it.

    Parameters
    ----------
    n : int
        Patients.
    survival_at : tuple of (float, str)
        Times and survival as printed.
    follow_up_median, follow_up_std_error : str or None
        As printed.
    unit, definition : str
        Unit of the survival; definition of the median.
    events : tuple of int or None
        Fewest and most events.
    at_risk : tuple of (float, int, int)
        Times with the fewest and the most at risk.
    """

    n: int
    survival_at: tuple
    follow_up_median: str | None = None
    follow_up_std_error: str | None = None
    unit: str = "%"
    definition: str = OBSERVED
    events: tuple | None = None
    at_risk: tuple = ()

    @classmethod
    def of(
        cls, n, survival_at, follow_up_median, *, unit, follow_up_std_error,
        follow_up_definition, events, at_risk,
    ):  # fmt: skip
        """From the arguments of ``reconstruct_from_summaries``, checked and completed.

        Raises
        ------
        ValueError
            If an argument is not as described there.
        """
        if int(n) != n or n < 2:
            raise ValueError(f"expected at least two patients, got {n!r}")
        if not survival_at or not all(time > 0 for time in survival_at):
            raise ValueError(f"expected survival at times after 0, got {survival_at!r}")
        if unit not in _UNITS:
            raise ValueError(f"expected a unit out of {list(_UNITS)}, got {unit!r}")
        if follow_up_definition not in FOLLOW_UP_DEFINITIONS:
            raise ValueError(
                f"expected a definition out of {FOLLOW_UP_DEFINITIONS}, "
                f"got {follow_up_definition!r}"
            )
        times = sorted(survival_at)
        printed = [str(survival_at[time]) for time in times]
        for text in [*printed, follow_up_median, follow_up_std_error]:
            if text is not None and (PublishedNumber(str(text)).relation or not _is_number(text)):
                raise ValueError(f"expected a plain number as printed, got {text!r}")
        at_risk = {times[-1]: (1, n)} if at_risk is None else at_risk
        return cls(
            n=int(n),
            survival_at=tuple(zip(map(float, times), printed, strict=True)),
            follow_up_median=None if follow_up_median is None else str(follow_up_median),
            follow_up_std_error=None if follow_up_std_error is None else str(follow_up_std_error),
            unit=unit,
            definition=follow_up_definition,
            events=_range(events),
            at_risk=tuple((float(t), *_range(at_risk[t])) for t in sorted(at_risk)),
        )

    @property
    def times(self):
        """Printed times, increasing, shape (n_times,)."""
        return np.array([time for time, _ in self.survival_at])

    @property
    def survival(self):
        """Printed survival, 0–1, shape (n_times,)."""
        return np.array([float(text) for _, text in self.survival_at]) / _UNITS[self.unit]

    @property
    def survival_windows(self):
        """Survival that would be printed as it is, 0–1, shape (n_times, 2)."""
        windows = [PublishedNumber(text).interval() for _, text in self.survival_at]
        return np.clip(np.array(windows) / _UNITS[self.unit], 0, 1)

    @property
    def median_window(self):
        """Medians that would be printed as they are, or None."""
        text = self.follow_up_median
        return None if text is None else PublishedNumber(text).interval()

    @property
    def median(self):
        """Printed median follow-up as a number, or None."""
        return None if self.follow_up_median is None else float(self.follow_up_median)

    @property
    def last_time(self):
        """Last time at which somebody is known to be followed."""
        return max([*self.times, *(time for time, fewest, _ in self.at_risk if fewest > 0)])

    @property
    def sd_window(self):
        """Standard deviations of the follow-up that fit its standard error, or None."""
        if self.follow_up_std_error is None:
            return None
        return np.sqrt(self.n) * np.array(PublishedNumber(self.follow_up_std_error).interval())

    @property
    def needs_ranks(self):
        """Whether the patient in the middle depends on who had an event."""
        return self.follow_up_median is not None and self.definition != OBSERVED

    def times_fit(self, time):
        """Whether ordered times satisfy the numbers at risk and the standard error.

        Parameters
        ----------
        time : ndarray, shape (n_orders, n)

        Returns
        -------
        ndarray of bool, shape (n_orders,)
        """
        fits = np.ones(len(time), bool)
        for when, fewest, most in self.at_risk:
            count = (time >= when).sum(axis=1)
            fits &= (count >= fewest) & (count <= most)
        if self.sd_window is not None:
            sd = time.std(axis=1, ddof=1)
            fits &= (sd >= self.sd_window[0]) & (sd <= self.sd_window[1])
        return fits

    def events_fit(self, event):
        """Whether the number of events is as printed.

        Parameters
        ----------
        event : ndarray of bool, shape (..., n)

        Returns
        -------
        ndarray of bool, shape (...)
        """
        total = event.sum(axis=-1)
        low, high = (0, self.n) if self.events is None else self.events
        return (total >= low) & (total <= high)

    def satisfied_by(self, time, event):
        """Whether one data set prints as the paper does, computed as any reader would.

        Parameters
        ----------
        time, event : array_like, shape (n,)

        Returns
        -------
        bool
        """
        time, event = np.asarray(time, float), np.asarray(event, bool)
        order = np.argsort(time)
        curve = KaplanMeierFitter().fit(time, event)
        survival = curve.survival_function_at_times(self.times).to_numpy()
        texts = [text for _, text in self.survival_at]
        as_printed = [
            PublishedNumber(text).matches(_UNITS[self.unit] * value)
            for text, value in zip(texts, survival, strict=True)
        ]
        median = median_follow_up(time[order], event[order], self.definition)
        if self.follow_up_median is not None:
            as_printed.append(PublishedNumber(self.follow_up_median).matches(float(median)))
        fits = self.times_fit(time[None]) & self.events_fit(event[None])
        return len(time) == self.n and all(as_printed) and bool(fits[0])

    def names(self):
        """Constraints, in words short enough for a list.

        Returns
        -------
        list of str
        """
        names = [f"survival at {time:g}" for time, _ in self.survival_at]
        names += ["follow-up median"] if self.follow_up_median is not None else []
        names += ["follow-up standard error"] if self.follow_up_std_error is not None else []
        names += ["events"] if self.events is not None else []
        return names + [f"at risk at {time:g}" for time, _, _ in self.at_risk]

    def in_words(self, name):
        """A constraint with what is printed."""
        if name.startswith("survival at "):
            mark = "%" if self.unit == "%" else ""
            text = next(text for time, text in self.survival_at if name.endswith(f"at {time:g}"))
            return f"{name} = {text}{' ' + mark if mark else ''}"
        if name == "follow-up median":
            return f"{name} = {self.follow_up_median} ({self.definition.replace('_', ' ')})"
        if name == "follow-up standard error":
            return f"{name} = {self.follow_up_std_error}"
        low, high = next(
            (low, high) for key, low, high in [("events", *(self.events or (0, 0))),
            *((f"at risk at {time:g}", low, high) for time, low, high in self.at_risk)]
            if key == name
        )  # fmt: skip
        return f"{name} = {low}" if low == high else f"{name} from {low} to {high}"

    def without(self, *names):
        """The same with some constraints dropped; survival at one time at least must stay."""
        kept = tuple(pair for pair in self.survival_at if f"survival at {pair[0]:g}" not in names)
        drop_median = "follow-up median" in names
        return replace(
            self,
            survival_at=kept,
            follow_up_median=None if drop_median else self.follow_up_median,
            follow_up_std_error=(
                None if "follow-up standard error" in names else self.follow_up_std_error
            ),
            events=None if "events" in names else self.events,
            at_risk=tuple(row for row in self.at_risk if f"at risk at {row[0]:g}" not in names),
        )

    def arithmetic_conflict(self):
        """Smallest set of survivals, events and numbers at risk that no integers satisfy.

        Returns
        -------
        tuple of str
            Empty if integers satisfy all of them; follow-up is not looked at.
        """
        names = [name for name in self.names() if not name.startswith("follow-up")]
        if _reachable(self):
            return ()
        for size in range(1, len(names) + 1):
            for subset in itertools.combinations(names, size):
                if not _reachable(self.without(*(set(names) - set(subset)))):
                    return subset
        return ()


def conflict_among(printed, assumptions, possible):
    """Smallest set of constraints in conflict, and whether arithmetic alone shows it.

    Parameters
    ----------
    printed : PrintedCurve
    assumptions : SurvivalAssumptions
    possible : callable
        ``possible(printed, assumptions)``: whether any member is found.

    Returns
    -------
    conflict : tuple of str
    arithmetic : bool
    """
    conflict = printed.arithmetic_conflict()
    if conflict:
        return conflict, True
    names = printed.names()
    for size in range(1, len(names)):
        for subset in itertools.combinations(names, size):
            rest = printed.without(*(set(names) - set(subset)))
            if rest.survival_at and not possible(rest, assumptions):
                return subset, False
    return tuple(names), False


def _reachable(printed):
    """Whether whole numbers of events and leavers fit survival, events and numbers at risk.

    Leavers are taken one by one; after each, printed times may be passed. A state is the number
    of events so far and the survival, in steps of the grid; the windows are widened by all the
    rounding there can be, so that what is called unreachable is so.
    """
    n = printed.n
    moments = sorted({*(t for t, _ in printed.survival_at), *(t for t, _, _ in printed.at_risk)})
    windows = dict(zip(printed.times, printed.survival_windows, strict=True))
    counts = {time: (low, high) for time, low, high in printed.at_risk}
    fewest, most = printed.events or (0, n)
    lowest = min((low for low, _ in windows.values()), default=0.0)
    low_log = -np.log(max(lowest, 1e-4))
    width = min([high - low for low, high in windows.values()], default=1.0) / 8
    length = int(low_log / width) + 2 * n + 3
    cap = min(most, n)
    states = np.zeros((len(moments) + 1, cap + 1, length), bool)
    states[0, 0, 0] = True
    grid = np.arange(length)
    ends = np.zeros(cap + 1, bool)
    for gone in range(n + 1):
        for k, when in enumerate(moments):
            passing = states[k].copy()
            if when in windows:
                low, high = windows[when]
                # Every event so far may have been rounded by half a step.
                slack = np.arange(cap + 1)[:, None] / 2 + 1
                nearest = -np.log(max(high, 1e-12)) / width
                farthest = -np.log(max(low, 1e-4)) / width
                passing &= (grid >= nearest - slack) & ((grid <= farthest + slack) | (low <= 1e-4))
            if when in counts and not counts[when][0] <= n - gone <= counts[when][1]:
                passing[:] = False
            states[k + 1] |= passing
        if gone == n:
            break
        step = length if n - gone == 1 else int(np.rint(-np.log1p(-1 / (n - gone)) / width))
        moved = np.zeros_like(states)
        if step < length:
            moved[:, 1:, step:] = states[:, :-1, : length - step]
        # After the last printed time, and at zero, only the number of events matters.
        moved[:, 1:, -1] |= states[:, :-1, max(length - step, 0) :].any(axis=2)
        states |= moved
    ends = states[-1].any(axis=1)
    return bool(ends[fewest : most + 1].any())


def _range(value):
    if value is None:
        return None
    low, high = (value, value) if np.ndim(value) == 0 else value
    if int(low) != low or int(high) != high or not 0 <= low <= high:
        raise ValueError(f"expected a whole number or a range of them, got {value!r}")
    return int(low), int(high)


def _is_number(text):
    try:
        float(str(text))
    except ValueError:
        return False
    return True
