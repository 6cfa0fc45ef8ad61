"""How far apart can two curves be, if each is known only by what is printed?

Pairs the members of two ensembles and computes for each pair what a paper would have: the
log-rank test, the hazard ratio, the difference of restricted means.

Vocabulary: *first* and *second* arm; ratios and differences are of the first to the second.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from reanalysis.published_numbers import PublishedNumber
from reanalysis.survival_ensemble import SurvivalEnsemble, ensemble_range
from reanalysis.survival_printed import InfeasibleConstraintsError

_BLOCK = 2000
# Logarithms of hazard ratios beyond this are infinite for all purposes.
_FARTHEST = 15.0
_NEWTON_STEPS = 60


@dataclass(frozen=True)
class TwoArmEnsemble:
    """Pairs of reconstructed data sets; member ``i`` of one arm belongs to ``i`` of the other.

    Parameters
    ----------
    first, second : SurvivalEnsemble
        As many members each.
    names : tuple of str
        What the arms are called.
    pairs_tried, pairs_kept : int
        Pairs looked at, and how many of them fit what is printed of both arms together.
    """

    first: SurvivalEnsemble
    second: SurvivalEnsemble
    names: tuple
    pairs_tried: int
    pairs_kept: int

    def __len__(self):
        return len(self.first)

    @property
    def acceptance(self):
        """Share of pairs that fit what is printed of both arms together."""
        return self.pairs_kept / self.pairs_tried

    @property
    def log_rank_p(self):
        """P value of the log-rank test of each pair, shape (n_members,)."""
        return _by_block(self.first, self.second, _log_rank_p)

    @property
    def hazard_ratio(self):
        """Cox's hazard ratio of each pair, shape (n_members,); 0 or infinite without events."""
        return np.exp(_by_block(self.first, self.second, _log_hazard_ratio))

    def rmst_difference(self, horizon):
        """Difference of the restricted mean survival times of each pair.

        Parameters
        ----------
        horizon : float
            In the unit of the times.

        Returns
        -------
        ndarray, shape (n_members,)
            First minus second, in the unit of the times.
        """
        return self.first.restricted_mean(horizon) - self.second.restricted_mean(horizon)

    def survival_difference(self, at):
        """Difference of the survival of each pair.

        Parameters
        ----------
        at : array_like, shape (n_times,)

        Returns
        -------
        ndarray, shape (n_members, n_times)
            First minus second, 0–1.
        """
        return self.first.survival(at) - self.second.survival(at)

    def ranges(self, *, horizon, at=(), conf_level=0.95):
        """Range of everything that compares the arms.

        Parameters
        ----------
        horizon : float
            For the restricted means.
        at : array_like, optional
            Times at which survival and numbers at risk are wanted.
        conf_level : float, default 0.95
            Central share of the members.

        Returns
        -------
        DataFrame
            ``quantity``, ``estimate`` (median member), ``conf_low``, ``conf_high``, ``lowest``,
            ``highest``.
        """
        first, second = self.names
        rows = {
            f"events, {first}": self.first.n_events,
            f"events, {second}": self.second.n_events,
            "log-rank P": self.log_rank_p,
            "hazard ratio": self.hazard_ratio,
            f"restricted mean to {horizon:g}, difference": self.rmst_difference(horizon),
        }
        for k, time in enumerate(at):
            rows[f"survival at {time:g}, difference"] = self.survival_difference(at)[:, k]
            rows[f"at risk at {time:g}, {first}"] = self.first.at_risk(at)[:, k]
            rows[f"at risk at {time:g}, {second}"] = self.second.at_risk(at)[:, k]
        columns = ["estimate", "conf_low", "conf_high", "lowest", "highest"]
        table = pd.DataFrame(
            [ensemble_range(v, conf_level) for v in rows.values()], columns=columns
        )
        table.insert(0, "quantity", list(rows))
        return table

    def p_value_places(self, printed):
        """Where a printed P value lies among those of the ensemble.

        Parameters
        ----------
        printed : str
            As printed, e.g. ``0.005`` or ``<0.01``.

        Returns
        -------
        dict
            ``share_below``: members whose P is smaller than all that would print like this;
            ``share_equal``: members whose P prints like this; ``inside_range``: whether it
            lies between the smallest and the largest P of the ensemble.
        """
        low, high = PublishedNumber(printed).interval()
        p = self.log_rank_p
        return {
            "share_below": float((p < low).mean()),
            "share_equal": float(_matches(p, printed).mean()),
            "inside_range": bool(p.min() <= high and p.max() >= low),
        }


def pair_arms(
    first, second, *, names=("first", "second"), events=None, p_value=None, n_members=None, seed=0
):
    """Pair two ensembles at random, or so that both arms together are as printed.

    Parameters
    ----------
    first, second : SurvivalEnsemble
    names : tuple of str
        What the arms are called.
    events : int or tuple of int, optional
        Events of both arms together, or the fewest and the most.
    p_value : str, optional
        P value of the log-rank test as printed.
    n_members : int, optional
        Pairs wanted; by default as many as the smaller ensemble has members.
    seed : int, default 0
        Of the pairing.

    Returns
    -------
    TwoArmEnsemble

    Raises
    ------
    InfeasibleConstraintsError
        If no pair fits; the error names what conflicts.

    Notes
    -----
    With a constraint every member of one arm is tried with every member of the other, and pairs
    are drawn from those that fit: members are equally probable, so pairs are too.

    Examples
    --------
    >>> from reanalysis.survival_reconstruction import reconstruct_from_summaries
    >>> marked = reconstruct_from_summaries(60, {2: "95.0"}, "2.2", seed=1)
    >>> unmarked = reconstruct_from_summaries(60, {2: "65.2"}, "2.4", seed=2)
    >>> pair = pair_arms(marked, unmarked)
    >>> bool(pair.log_rank_p.max() < 0.05), bool(pair.hazard_ratio.max() < 1)
    (True, True)

    Whatever the data were, 95 and 65 % of 60 patients at two years differ significantly.
    """
    rng = np.random.default_rng(seed)
    wanted = n_members or min(len(first), len(second))
    if events is None and p_value is None:
        rows = [_repeated(rng.permutation(len(arm)), wanted) for arm in (first, second)]
        parts = [arm.take(row) for arm, row in zip((first, second), rows, strict=True)]
        return TwoArmEnsemble(*parts, tuple(names), wanted, wanted)
    rows = np.indices((len(first), len(second))).reshape(2, -1)
    fits = np.ones(rows.shape[1], bool)
    if events is not None:
        low, high = (events, events) if np.ndim(events) == 0 else events
        total = first.n_events[rows[0]] + second.n_events[rows[1]]
        fits &= (total >= low) & (total <= high)
        if not fits.any():
            _refuse(first, second, [f"events of both arms = {events}"])
    if p_value is not None:
        some = np.flatnonzero(fits)
        p = _by_block(first.take(rows[0][some]), second.take(rows[1][some]), _log_rank_p)
        fits[some] = _matches(p, p_value)
        if not fits.any():
            also = [] if events is None else [f"events of both arms = {events}"]
            _refuse(
                first,
                second,
                [*also, f"log-rank P = {p_value} (range {p.min():.2g}–{p.max():.2g})"],
            )
    chosen = _repeated(rng.permutation(np.flatnonzero(fits)), wanted)
    parts = [arm.take(row[chosen]) for arm, row in zip((first, second), rows, strict=True)]
    return TwoArmEnsemble(*parts, tuple(names), rows.shape[1], int(fits.sum()))


def _repeated(positions, size):
    return np.resize(positions, size)


def _matches(p, printed):
    number = PublishedNumber(printed)
    return np.array([number.matches(float(value)) for value in p])


def _refuse(first, second, extra):
    arms = [", ".join(arm.printed.in_words(name) for name in arm.printed.names())
            for arm in (first, second)]  # fmt: skip
    conflict = ("survival of the first arm", "survival of the second arm", *extra)
    raise InfeasibleConstraintsError(
        f"no pair of data sets was found that satisfies together: {'; '.join([*arms, *extra])}",
        conflict,
    )


def _by_block(first, second, statistic):
    """A statistic of every pair; blocks keep the arrays small."""
    values = []
    for start in range(0, len(first), _BLOCK):
        rows = slice(start, start + _BLOCK)
        values.append(statistic(*_risk_sets(
            (first.time[rows], first.event[rows]), (second.time[rows], second.event[rows])
        )))  # fmt: skip
    return np.concatenate(values)


def _risk_sets(first, second):
    """At each leaver of a pair, in order: whether an event, in the first arm, and both at risk."""
    time = np.concatenate([first[0], second[0]], axis=1)
    event = np.concatenate([first[1], second[1]], axis=1)
    of_first = np.arange(time.shape[1]) < first[0].shape[1]
    order = np.argsort(time, axis=1, kind="stable")
    event, of_first = np.take_along_axis(event, order, axis=1), of_first[order]
    at_risk = np.arange(time.shape[1], 0, -1)
    at_risk_first = np.cumsum(of_first[:, ::-1], axis=1)[:, ::-1]
    return event, event & of_first, at_risk_first, at_risk - at_risk_first


def _log_rank_p(event, event_first, at_risk_first, at_risk_second):
    share = at_risk_first / (at_risk_first + at_risk_second)
    gap = (event_first - event * share).sum(axis=1)
    variance = (event * share * (1 - share)).sum(axis=1)
    chi_squared = np.divide(gap**2, variance, out=np.zeros_like(gap), where=variance > 0)
    return stats.chi2.sf(chi_squared, 1)


def _log_hazard_ratio(event, event_first, at_risk_first, at_risk_second):
    """Root of the score of Cox's partial likelihood, by Newton steps kept inside a bracket.

    Without ties one covariate needs no general program, and all pairs are solved at once.
    """
    observed, total = event_first.sum(axis=1), event.sum(axis=1)
    low, high = np.full(len(event), -_FARTHEST), np.full(len(event), _FARTHEST)
    beta = np.zeros(len(event))
    for _ in range(_NEWTON_STEPS):
        risk = at_risk_first * np.exp(beta)[:, None]
        share = event * risk / (risk + at_risk_second)
        score = observed - share.sum(axis=1)
        low, high = np.where(score > 0, beta, low), np.where(score > 0, high, beta)
        information = (share * (1 - share)).sum(axis=1)
        step = np.divide(score, information, out=np.full_like(score, np.inf), where=information > 0)
        target = beta + step
        inside = (target > low) & (target < high)
        moved = np.where(inside, target, (low + high) / 2)
        if np.max(np.abs(moved - beta), initial=0) < 1e-10:
            break
        beta = moved
    beta = np.where(beta > _FARTHEST - 0.5, np.inf, beta)
    beta = np.where(beta < 0.5 - _FARTHEST, -np.inf, beta)
    return np.where(total > 0, beta, np.nan)
