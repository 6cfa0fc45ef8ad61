"""Which patients' data could lie behind a few printed survival rates?

A paper prints survival at two or three times, how many patients there were and a median
follow-up, and shows the curve only as a picture. Many data sets agree with that to the last
printed digit. They are drawn here as an *ensemble* of reconstructed patients: what is computed
from it is a range, never one number. (From a digitised curve:
:mod:`reanalysis.survival_from_curve`.)

Vocabulary: a *member* is one reconstructed data set, ``time`` and ``event`` for each patient; a
*candidate* is one draw of follow-up times, weighted by how probable it makes what is printed.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from reanalysis.survival_assumptions import (
    OBSERVED,
    REVERSE_KAPLAN_MEIER,
    SurvivalAssumptions,
    draw_scenarios,
)
from reanalysis.survival_ensemble import Diagnostics, SurvivalEnsemble
from reanalysis.survival_histories import sample_histories
from reanalysis.survival_order import (
    draw_times,
    draw_times_with_median,
    median_ranks,
)
from reanalysis.survival_printed import InfeasibleConstraintsError, PrintedCurve, conflict_among

_SCENARIOS = 6000
_TRIED = 4000
_CANDIDATES = 300
_DRAWS_PER_CANDIDATE = 12
_ROUNDS = 4
# Members are sought until this share of the number asked for is independent of each other.
_ENOUGH = 0.5
# The spread of a median on the scale of shares is 0.5/√n; proposals are wider.
_WIDER = 0.65
# Survival varies a little less than the approximation by which candidates are chosen allows.
_WIDER_LIKELY = 1.3
# How far from where it was seen the patient in the middle is looked for.
_NEARBY = 4


def reconstruct_from_summaries(
    n,
    survival_at,
    follow_up_median=None,
    *,
    unit="%",
    follow_up_definition=OBSERVED,
    follow_up_std_error=None,
    events=None,
    at_risk=None,
    assumptions=None,
    n_members=100,
    seed,
):
    """Ensemble of reconstructed patients that satisfy everything printed about one arm.

    Parameters
    ----------
    n : int
        Patients (or lesions) of the arm.
    survival_at : dict of float to str
        Survival exactly as printed, by time: ``{3: "82.00", 5: "72.38"}``.
    follow_up_median : str, optional
        Median follow-up exactly as printed, in the unit of the times.
    unit : str, default "%"
        Unit of the printed survival: ``%`` or ``proportion``.
    follow_up_definition : str, default "observed"
        What the median is of: ``observed`` (all patients' times), ``reverse_kaplan_meier`` or
        ``event_free``; see :func:`reanalysis.survival_order.median_ranks`.
    follow_up_std_error : str, optional
        Printed standard error of the follow-up, taken as SD of all observed times over √n.
    events : int or tuple of int, optional
        Events of the arm, also those after the last printed time, or the fewest and the most.
    at_risk : dict of float to int or tuple of int, optional
        Patients at risk at given times, or the fewest and the most. By default at least one at
        the last printed time: a curve that has ended has no survival there.
    assumptions : SurvivalAssumptions, optional
        Of follow-up and hazards, where nothing is printed.
    n_members : int, default 100
        Members wanted.
    seed : int
        Of all random draws.

    Returns
    -------
    SurvivalEnsemble

    Raises
    ------
    InfeasibleConstraintsError
        If no data set satisfies what is printed; the error names the smallest set of
        constraints in conflict, and whether that is arithmetic or due to the assumptions.
    ValueError
        If an argument is not as described.

    Notes
    -----
    Importance sampling in three steps: courses of hazard and censoring from the assumptions;
    ordered times of leaving given the printed median, with their exact weight
    (:func:`reanalysis.survival_order.draw_times_with_median`); and who of the leavers has an
    event, given the printed survival, with its exact probability
    (:func:`reanalysis.survival_histories.sample_histories`). What is printed is checked again in
    every member. Events of a reconstruction never coincide.

    Examples
    --------
    >>> arm = reconstruct_from_summaries(40, {1: "90.0", 3: "81.2"}, "2.5", seed=1)
    >>> all(map(arm.printed.satisfied_by, arm.time, arm.event))
    True
    >>> band = arm.survival_band([2]).iloc[0]
    >>> bool(0.81 < band.conf_low < band.conf_high < 0.91)
    True

    Every member has the printed rates; in between the curve is known only as a range.
    """
    printed = PrintedCurve.of(
        n, survival_at, follow_up_median, unit=unit, follow_up_std_error=follow_up_std_error,
        follow_up_definition=follow_up_definition, events=events, at_risk=at_risk,
    )  # fmt: skip
    return reconstruct(printed, assumptions or SurvivalAssumptions(), n_members, seed)


def reconstruct(printed, assumptions, n_members, seed):
    """The same from a :class:`reanalysis.survival_printed.PrintedCurve`.

    Parameters
    ----------
    printed : PrintedCurve
    assumptions : SurvivalAssumptions
    n_members : int
    seed : int

    Returns
    -------
    SurvivalEnsemble

    Raises
    ------
    InfeasibleConstraintsError
        If no data set satisfies what is printed.
    """
    rng = np.random.default_rng(seed)
    assumptions = assumptions.completed(printed.last_time, printed.median)
    drawn = _draw_until_enough(printed, assumptions, n_members, rng)
    if drawn is None:
        raise InfeasibleConstraintsError.of(
            printed, conflict_among(printed, assumptions, _possible)
        )
    return _members(printed, assumptions, drawn, n_members, rng)


def _possible(printed, assumptions):
    """Whether a short search finds any member."""
    rng = np.random.default_rng(0)
    return _draw_until_enough(printed, assumptions, 1, rng) is not None


@dataclass(frozen=True)
class _Draws:
    """Candidates with weights; several histories each."""

    time: np.ndarray  # (n_candidates, n)
    event: np.ndarray  # (n_candidates, n_draws, n)
    valid: np.ndarray  # (n_candidates, n_draws)
    log_weight: np.ndarray  # (n_candidates,)
    family: np.ndarray  # (n_candidates,)
    origin: np.ndarray  # (n_candidates,): the same where the times are
    n_tried: int

    @classmethod
    def joined(cls, parts):
        names = ("time", "event", "valid", "log_weight", "family")
        arrays = (np.concatenate([getattr(part, name) for part in parts]) for name in names)
        shifts = np.cumsum([0, *(part.n_tried for part in parts)])
        origin = [part.origin + shift for part, shift in zip(parts, shifts[:-1], strict=True)]
        return cls(*arrays, origin=np.concatenate(origin), n_tried=int(shifts[-1]))

    @property
    def weight(self):
        """Weights of the candidates, with the share of their histories that are valid."""
        share = self.valid.mean(axis=1)
        if not (share > 0).any():
            return np.zeros(len(share))
        top = self.log_weight[share > 0].max()
        return np.exp(np.minimum(self.log_weight - top, 0.0)) * share

    @property
    def effective_size(self):
        weight = np.bincount(self.origin, self.weight)
        return float(weight.sum() ** 2 / (weight**2).sum()) if weight.any() else 0.0


def _draw_until_enough(printed, assumptions, n_members, rng):
    parts = []
    ranks = None
    for _ in range(_ROUNDS):
        if printed.needs_ranks and ranks is None:
            ranks = _likely_ranks(printed, assumptions, rng)
        drawn = _draw(printed, assumptions, ranks, rng)
        if drawn is not None:
            parts.append(drawn)
        if parts:
            joined = _Draws.joined(parts)
            if joined.effective_size >= _ENOUGH * n_members:
                break
    return joined if parts and joined.weight.any() else None


def _draw(printed, assumptions, ranks, rng):
    """One round of candidates, or None if no course of follow-up fits at all."""
    n, median = printed.n, printed.median_window
    scenarios = draw_scenarios(
        assumptions, n, printed.times, printed.survival,
        median=printed.median, n_scenarios=_SCENARIOS, rng=rng,
    )  # fmt: skip
    guess = _log_plausibility(scenarios, printed)
    if not np.isfinite(guess).any():
        return None
    chosen = _systematic(np.exp(guess - guess.max()), _TRIED, rng)
    scenarios, log_weight = scenarios.take(chosen), (scenarios.log_weight - guess)[chosen]
    pairs = None
    if median is None:
        time = draw_times(scenarios, n, rng)
    else:
        pairs, log_share = _ranks(printed, ranks, scenarios, rng)
        time, log_density = draw_times_with_median(scenarios, n, pairs, median, rng)
        log_weight = log_weight + log_density - log_share
    log_weight = np.where(printed.times_fit(time), log_weight, -np.inf)
    probability = scenarios.by_event[np.arange(len(time))[:, None], scenarios.cell(time)]
    boundaries = (time[:, :, None] <= printed.times).sum(axis=1)
    # Who had an event is worked out only where it is likely to give what is printed.
    guess = _log_likely(printed, probability, boundaries, pairs)
    if not np.isfinite(log_weight + guess).any():
        return None
    total = log_weight + guess
    some = _systematic(np.exp(total - total.max()), _CANDIDATES, rng)
    histories = sample_histories(
        probability[some], boundaries[some], printed.survival_windows, rng=rng,
        n_draws=_DRAWS_PER_CANDIDATE * (3 if printed.needs_ranks else 1),
    )  # fmt: skip
    valid = histories.exact & printed.events_fit(histories.event)
    if printed.needs_ranks:
        found = median_ranks(histories.event, printed.definition)
        valid &= (found == pairs[some][:, None]).all(axis=-1)
    log_weight = np.where(valid.any(axis=1), histories.log_probability - guess[some], -np.inf)
    family = scenarios.family[some]
    return _Draws(time[some], histories.event, valid, log_weight, family, some, _TRIED)


def _log_likely(printed, probability, boundaries, pairs):
    """How likely the printed survival and the rank of the median are, by normal approximation.

    Only a proposal, as :func:`_log_plausibility`: it is divided out of the weights.
    """
    n = printed.n
    step = -np.log(np.maximum(1 - 1 / np.arange(n, 0, -1), 1 / (4 * n)))
    zero = np.zeros((len(probability), 1))
    mean = np.concatenate([zero, np.cumsum(probability * step, axis=1)], axis=1)
    spread = probability * (1 - probability)
    variance = np.concatenate([zero, np.cumsum(spread * step**2, axis=1)], axis=1)
    total = np.zeros(len(probability))
    before, level = np.zeros((len(probability), 1), int), 0.0
    for k, survival in enumerate(np.maximum(printed.survival, 1 / (4 * n))):
        here = boundaries[:, k, None]
        rise, room = (
            (np.take_along_axis(a, here, 1) - np.take_along_axis(a, before, 1))[:, 0]
            for a in (mean, variance)
        )
        room = _WIDER_LIKELY * room + (1 / (2 * n)) ** 2
        gap = -np.log(survival) - level
        total -= 0.5 * (rise - gap) ** 2 / room + 0.5 * np.log(room)
        before, level = here, -np.log(survival)
    if printed.needs_ranks:
        # Half of the censored, or half of the curve of censoring, must be gone by then.
        censored = 1 - probability
        if printed.definition == REVERSE_KAPLAN_MEIER:
            gone, room = np.cumsum(censored * step, axis=1), np.cumsum(spread * step**2, axis=1)
            target, unit = np.log(2), step
        else:
            gone, room = np.cumsum(censored, axis=1), np.cumsum(spread, axis=1)
            target, unit = gone[:, -1] / 2, np.ones(n)
        here = pairs[:, :1]
        gone, room = (np.take_along_axis(a, here, 1)[:, 0] for a in (gone, room))
        room = room + unit[here[:, 0]] ** 2
        total -= 0.5 * (gone - target) ** 2 / room + 0.5 * np.log(room)
    return total


def _log_plausibility(scenarios, printed):
    """How well courses of follow-up agree with the median and with patients at the end, roughly.

    Only a proposal: it decides where to look, and is divided out of the weights.
    """
    n = printed.n
    gone = scenarios.at(np.full(len(scenarios.left), printed.times[-1]))[0]
    with np.errstate(divide="ignore"):
        total = np.log1p(-(np.minimum(gone, 1.0) ** n))
    if printed.median_window is not None:
        middle = printed.median
        ended = scenarios.share_before(middle, printed.definition)
        # A little wider than the median of n patients varies.
        total = total - 0.5 * ((ended - 0.5) / (_WIDER / np.sqrt(n))) ** 2
        density = scenarios.at(np.full(len(ended), middle))[1]
        total = np.where(density > 0, total + np.log(np.maximum(density, 1e-300)), -np.inf)
    if printed.sd_window is not None:
        mass = np.diff(scenarios.left, axis=1)
        centres = (scenarios.times[1:] + scenarios.times[:-1]) / 2
        mean = mass @ centres
        sd = np.sqrt(np.maximum(mass @ centres**2 - mean**2, 0.0))
        wanted = np.mean(printed.sd_window)
        spread = max(wanted / np.sqrt(n), np.ptp(printed.sd_window) / 2)
        total = total - 0.5 * ((sd - wanted) / spread) ** 2
    return np.where(np.isnan(total), -np.inf, total)


def _ranks(printed, likely, scenarios, rng):
    """Ranks that define the median for each candidate, and the logarithm of how often they are.

    That a patient leaves at the median given the course of follow-up is a binomial probability.
    """
    size = len(scenarios.left)
    if not printed.needs_ranks:
        return median_ranks(np.zeros((size, printed.n), bool), OBSERVED), np.zeros(size)
    pairs, share = likely
    gone = scenarios.at(np.full(size, printed.median))[0]
    odds = share * stats.binom.pmf(pairs[:, 0], printed.n - 1, gone[:, None]) + 1e-12
    odds /= odds.sum(axis=1, keepdims=True)
    chosen = (rng.random((size, 1)) > np.cumsum(odds, axis=1)).sum(axis=1).clip(max=len(pairs) - 1)
    return pairs[chosen], np.log(odds[np.arange(size), chosen])


def _likely_ranks(printed, assumptions, rng):
    """Which leavers define the median, when only the survival is as printed."""
    drawn = _draw(printed.without("follow-up median"), assumptions, None, rng)
    if drawn is None or not drawn.weight.any():
        return np.array([median_ranks(np.zeros(printed.n, bool), OBSERVED)]), np.ones(1)
    ranks = median_ranks(drawn.event[drawn.valid], printed.definition)
    shifted = np.concatenate([ranks + step for step in range(-_NEARBY, _NEARBY + 1)])
    inside = (shifted >= 0).all(axis=1) & (shifted < printed.n).all(axis=1)
    pairs = np.unique(shifted[inside], axis=0)
    # Which patient it is follows from the course of follow-up; only how often one and how often
    # the mean of two is taken from what was seen.
    gaps = np.unique(np.ptp(pairs, axis=1))
    seen = np.array([(np.ptp(ranks, axis=1) == gap).mean() for gap in gaps])
    return pairs, seen[np.searchsorted(gaps, np.ptp(pairs, axis=1))]


def _systematic(weight, size, rng):
    """Positions drawn in proportion to weights, with as few repeats as possible."""
    places = (rng.random() + np.arange(size)) / size
    return np.searchsorted(np.cumsum(weight) / np.sum(weight), places).clip(max=len(weight) - 1)


def _members(printed, assumptions, drawn, n_members, rng):
    weight = drawn.weight
    rows = _systematic(weight, n_members, rng)
    picked = np.empty(n_members, int)
    for row in np.unique(rows):
        which = np.flatnonzero(rows == row)
        valid = rng.permutation(np.flatnonzero(drawn.valid[row]))
        picked[which] = np.resize(valid, len(which))
    order = rng.permutation(n_members)
    rows, picked = rows[order], picked[order]
    share = np.bincount(drawn.family, weight, minlength=len(assumptions.censoring)) / weight.sum()
    diagnostics = Diagnostics(
        candidates=drawn.n_tried,
        accepted=len(np.unique(drawn.origin[weight > 0])),
        effective_size=drawn.effective_size,
        share_by_family=dict(zip(assumptions.censoring, share.tolist(), strict=True)),
    )
    family = np.array(assumptions.censoring)[drawn.family[rows]]
    return SurvivalEnsemble(
        drawn.time[rows], drawn.event[rows, picked], printed, family, diagnostics, assumptions
    )
