"""How could patients have come and gone, where a paper does not say?

A printed survival leaves open when patients were censored and when, between two printed times,
they had their events. Something has to be assumed; here it is one object, so that it can be
shown, changed and tried against others.

Vocabulary: *hazard* of the event, rate of censoring; both are step functions on a common grid of
times, in the unit of the printed times. A *leaver* is a patient who has an event or is censored.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import gammaln

OBSERVED = "observed"
REVERSE_KAPLAN_MEIER = "reverse_kaplan_meier"
EVENT_FREE = "event_free"
FOLLOW_UP_DEFINITIONS = (OBSERVED, REVERSE_KAPLAN_MEIER, EVENT_FREE)
UNIFORM_ACCRUAL = "uniform_accrual"
ACCRUAL_WITH_LOSSES = "accrual_with_losses"
FLEXIBLE = "flexible"
CENSORING_FAMILIES = (UNIFORM_ACCRUAL, ACCRUAL_WITH_LOSSES, FLEXIBLE)
_CELLS = 96
# Of all patients, this share is lost before the longest follow-up by the assumptions.
_LOSSES = (0.05, 0.8)
# How much the flexible rate of censoring varies along the whole follow-up, SD of its logarithm.
_FLEXIBLE_VARIATION = 1.5
# Proposals for the hazard are this much wider than what the printed survival suggests.
_TEMPER = 0.6


@dataclass(frozen=True)
class SurvivalAssumptions:
    """What is assumed about follow-up and hazards, because it is not printed.

    Parameters
    ----------
    censoring : tuple of str, default all three
        Families of censoring, tried with equal weight. ``uniform_accrual``: patients came at an
        even pace and were all followed until one date. ``accrual_with_losses``: some were lost
        before, at a constant rate. ``flexible``: a rate of censoring that wanders freely.
    longest_follow_up, shortest_follow_up : tuple of float, optional
        Between which values the follow-up of the first and of the last patient to come lies,
        had they had no event; same unit as the printed times. By default the longest is 1 to 1.6
        times the last printed time (or median, if that is later), the shortest is 0 to the
        printed median or half that time.
    hazard_variation : float, default 1.2
        How much the hazard varies between two printed times: SD of its logarithm from one end
        to the other. Its mean between two printed times is left to the printed survival.

    Raises
    ------
    ValueError
        If a family is unknown or a range is not in order.

    Examples
    --------
    >>> SurvivalAssumptions(censoring=("uniform_accrual",)).hazard_variation
    1.2
    """

    censoring: tuple = CENSORING_FAMILIES
    longest_follow_up: tuple | None = None
    shortest_follow_up: tuple | None = None
    hazard_variation: float = 1.2

    def __post_init__(self):
        if not self.censoring or not set(self.censoring) <= set(CENSORING_FAMILIES):
            raise ValueError(
                f"expected censoring out of {CENSORING_FAMILIES}, got {self.censoring}"
            )
        for name in ("longest_follow_up", "shortest_follow_up"):
            ends = getattr(self, name)
            if ends is not None and not 0 <= ends[0] <= ends[1]:
                raise ValueError(f"expected {name} from low to high, at least 0, got {ends}")
        if not self.hazard_variation >= 0:
            raise ValueError(f"expected a variation of at least 0, got {self.hazard_variation}")

    def completed(self, last_time, median=None):
        """The same with the default ranges of the longest and the shortest follow-up filled in.

        Parameters
        ----------
        last_time : float
            Last printed time.
        median : float, optional
            Printed median follow-up.

        Returns
        -------
        SurvivalAssumptions
        """
        # Somebody is followed as long as the median says, also where that is after the last time.
        end = max(last_time, median or 0.0)
        longest = self.longest_follow_up or (end, 1.6 * end)
        top = min(last_time, longest[0], median or 0.5 * last_time)
        shortest = self.shortest_follow_up or (0.0, top)
        return replace(self, longest_follow_up=longest, shortest_follow_up=shortest)


@dataclass(frozen=True)
class Scenarios:
    """Assumed courses of hazard and censoring, one per row.

    Parameters
    ----------
    times : ndarray, shape (n_cells + 1,)
        Ends of the cells of the grid, from 0; every printed time is one of them.
    left : ndarray, shape (n_scenarios, n_cells + 1)
        Probability that a patient has left by each of these times.
    by_event : ndarray, shape (n_scenarios, n_cells)
        Probability that one who leaves in a cell leaves by an event.
    followed : ndarray, shape (n_scenarios, n_cells + 1)
        Probability that a patient would still be followed, had there been no event.
    log_weight : ndarray, shape (n_scenarios,)
        Logarithm of prior over proposal density.
    family : ndarray of int, shape (n_scenarios,)
        Position of the family of censoring.
    """

    times: np.ndarray
    left: np.ndarray
    by_event: np.ndarray
    followed: np.ndarray
    log_weight: np.ndarray
    family: np.ndarray

    def take(self, rows):
        """Only some of the rows, in the order given."""
        names = ("left", "by_event", "followed", "log_weight", "family")
        return Scenarios(self.times, *(getattr(self, name)[rows] for name in names))

    def quantile(self, probability):
        """Times by which given shares of patients have left.

        Parameters
        ----------
        probability : ndarray, shape (n_scenarios, m)

        Returns
        -------
        ndarray, shape (n_scenarios, m)
        """
        offset = 2.0 * np.arange(len(self.left))[:, None]
        # A share that no patient reaches belongs to no cell: rows are kept apart by the offset.
        flat = np.interp(
            (probability + offset).ravel(),
            (self.left + offset).ravel(),
            np.tile(self.times, len(self.left)),
        )
        return flat.reshape(probability.shape)

    def at(self, time):
        """Share that has left by given times, and the density of leaving there.

        Parameters
        ----------
        time : ndarray, shape (n_scenarios,)

        Returns
        -------
        share, density : ndarray, shape (n_scenarios,)
            Zero density outside the grid.
        """
        cell = self.cell(time)
        rows = np.arange(len(self.left))
        low, high = self.left[rows, cell], self.left[rows, cell + 1]
        start, width = self.times[cell], np.diff(self.times)[cell]
        inside = (time >= 0) & (time <= self.times[-1])
        share = low + (high - low) * np.clip((time - start) / width, 0, 1)
        return share, np.where(inside, (high - low) / width, 0.0)

    def share_before(self, time, definition):
        """Share whose follow-up, as a definition of its median has it, has ended by a time.

        Parameters
        ----------
        time : float
        definition : str
            As in :func:`reanalysis.survival_order.median_ranks`.

        Returns
        -------
        ndarray, shape (n_scenarios,)
        """
        if definition == OBSERVED:
            ended = self.left
        elif definition == REVERSE_KAPLAN_MEIER:
            ended = 1 - self.followed
        else:
            censored = np.cumsum(np.diff(self.left, axis=1) * (1 - self.by_event), axis=1)
            ended = np.concatenate([np.zeros((len(censored), 1)), censored], axis=1)
            ended = ended / np.maximum(ended[:, -1:], 1e-300)
        cell = int(self.cell(time))
        part = (time - self.times[cell]) / (self.times[cell + 1] - self.times[cell])
        return ended[:, cell] + np.clip(part, 0, 1) * (ended[:, cell + 1] - ended[:, cell])

    def cell(self, time):
        """Cell of the grid in which times lie; the first or last for times outside."""
        place = np.searchsorted(self.times, time, side="left") - 1
        return np.clip(place, 0, len(self.times) - 2)


def draw_scenarios(assumptions, n, times, survival, *, median=None, n_scenarios, rng):
    """Courses of hazard and censoring from the assumptions, near the printed survival.

    Parameters
    ----------
    assumptions : SurvivalAssumptions
    n : int
        Patients of the arm; with the survival it tells how wide hazards must vary.
    times, survival : array_like, shape (n_times,)
        Printed times, increasing, and survival there, 0–1.
    median : float, optional
        Printed median follow-up.
    n_scenarios : int
        Rows wanted.
    rng : numpy.random.Generator

    Returns
    -------
    Scenarios

    Notes
    -----
    The mean hazard between two printed times has Jeffreys' prior for a rate, ``L^(-1/2)``; it is
    proposed from a gamma distribution about the printed survival, and the ratio of the two is the
    weight. Within an interval the logarithm of the hazard is a random walk.
    """
    times, survival = np.asarray(times, float), np.asarray(survival, float)
    assumptions = assumptions.completed(times[-1], median)
    longest, shortest = assumptions.longest_follow_up, assumptions.shortest_follow_up
    grid = _grid(times, max(longest[1], times[-1] * 1.001))
    family = np.arange(n_scenarios) % len(assumptions.censoring)
    followed = np.empty((n_scenarios, len(grid)))
    for position, name in enumerate(assumptions.censoring):
        rows = family == position
        followed[rows] = _still_followed(name, rows.sum(), grid, longest, shortest, rng)
    ends = np.searchsorted(grid, times)
    middle = np.searchsorted(grid, (np.concatenate([[0], times[:-1]]) + times) / 2)
    hazard, log_weight = _cumulative_hazard(
        grid, ends, n * followed[:, middle], survival, assumptions.hazard_variation, rng
    )
    left = 1 - np.exp(-hazard) * followed
    with np.errstate(divide="ignore", invalid="ignore"):
        censored = -np.diff(np.log(followed), axis=1)
        by_event = np.diff(hazard, axis=1) / (np.diff(hazard, axis=1) + censored)
    return Scenarios(grid, left, np.nan_to_num(by_event), followed, log_weight, family)


def _grid(times, end):
    knots = np.unique(np.concatenate([[0.0], times, [end]]))
    cells = np.maximum(4, np.rint(_CELLS * np.diff(knots) / end).astype(int))
    parts = [
        np.linspace(a, b, m, endpoint=False)
        for a, b, m in zip(knots[:-1], knots[1:], cells, strict=True)
    ]
    return np.concatenate([*parts, [end]])


def _still_followed(name, size, grid, longest, shortest, rng):
    """Share of patients not yet censored at each time of the grid, had there been no events."""
    last = rng.uniform(*longest, size)[:, None]
    first = np.minimum(rng.uniform(*shortest, size)[:, None], 0.98 * last)
    uniform = np.clip((last - grid) / (last - first), 0, 1)
    if name == UNIFORM_ACCRUAL:
        return uniform
    if name == ACCRUAL_WITH_LOSSES:
        rate = -np.log1p(-rng.uniform(*_LOSSES, size))[:, None] / last
        return uniform * np.exp(-rate * grid)
    steps = np.diff(grid)
    walk = np.cumsum(rng.standard_normal((size, len(steps))) * np.sqrt(steps / grid[-1]), axis=1)
    rate = np.exp(_FLEXIBLE_VARIATION * walk)
    total = -np.log(rng.uniform(0.02, 0.7, size))[:, None]
    mass = np.cumsum(rate * steps, axis=1)
    whole = np.concatenate([np.zeros((size, 1)), mass], axis=1)
    reach = np.array(
        [np.interp(end, grid, row) for end, row in zip(last[:, 0], whole, strict=True)]
    )
    return np.exp(-total * whole / reach[:, None]) * (grid < last)


def _cumulative_hazard(grid, ends, at_risk, survival, variation, rng):
    """Cumulative hazard at each time of the grid, and log prior over proposal."""
    size = len(at_risk)
    cumulative = np.zeros((size, len(grid)))
    log_weight = np.zeros(size)
    start, reached = 0, 1.0
    expected = -np.diff(np.log(np.maximum(np.concatenate([[1.0], survival]), 1e-3)))
    for k, end in enumerate(ends):
        weight = np.maximum(at_risk[:, k] * reached * np.exp(-expected[k] / 2), 0.7) * _TEMPER
        shape = 0.5 + weight * max(expected[k], 0.0)
        rise = rng.gamma(shape) / weight
        # Jeffreys' prior over the gamma proposal; constants that differ between rows are kept.
        log_weight += -0.5 * np.log(rise) - (
            shape * np.log(weight) + (shape - 1) * np.log(rise) - weight * rise - gammaln(shape)
        )
        shapes = _walk(np.diff(grid[start : end + 1]), size, variation, rng)
        rises = rise[:, None] * np.cumsum(shapes, axis=1)
        cumulative[:, start + 1 : end + 1] = cumulative[:, start, None] + rises
        start, reached = end, survival[k]
    if end < len(grid) - 1:
        mean = cumulative[:, end] / grid[end] * np.exp(variation * rng.standard_normal(size))
        later = mean[:, None] * (grid[end + 1 :] - grid[end])
        cumulative[:, end + 1 :] = cumulative[:, end, None] + later
    return cumulative, log_weight


def _walk(steps, size, variation, rng):
    """Shares of a rise that fall to each step: a random walk of the logarithm of the hazard."""
    share = np.sqrt(steps / steps.sum())
    walk = variation * np.cumsum(rng.standard_normal((size, len(steps))) * share, axis=1)
    mass = np.exp(walk) * steps
    return mass / mass.sum(axis=1, keepdims=True)
