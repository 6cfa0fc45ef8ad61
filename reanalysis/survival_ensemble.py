"""What do all the reconstructed data sets of one arm say together?

Vocabulary: ``time`` and ``event`` have one row per member of the ensemble, ordered by time;
``at_risk`` counts patients just before a time, as a table under a curve does.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from reanalysis.survival_histories import survival_of_order


@dataclass(frozen=True)
class Diagnostics:
    """How the sampling went.

    Parameters
    ----------
    candidates : int
        Draws of follow-up times that were weighed.
    accepted : int
        Of these, how many led to a data set that fits.
    effective_size : float
        Candidates of equal weight that would be worth as much (Kish).
    share_by_family : dict of str to float
        Weight of each family of censoring.
    """

    candidates: int
    accepted: int
    effective_size: float
    share_by_family: dict = field(default_factory=dict)

    @property
    def acceptance(self):
        """Share of candidates that led to a data set that fits."""
        return self.accepted / self.candidates


@dataclass(frozen=True)
class SurvivalEnsemble:
    """Reconstructed data sets of one arm, each as printed.

    Parameters
    ----------
    time : ndarray, shape (n_members, n)
        Observed times, increasing in every row.
    event : ndarray of bool, shape (n_members, n)
        Whether each ended in an event.
    printed : PrintedCurve
        What all members satisfy.
    family : ndarray of str, shape (n_members,)
        Family of censoring each member was drawn from.
    diagnostics : Diagnostics
    assumptions : SurvivalAssumptions
    """

    time: np.ndarray
    event: np.ndarray
    printed: object
    family: np.ndarray
    diagnostics: Diagnostics
    assumptions: object

    def __len__(self):
        return len(self.time)

    @property
    def n_events(self):
        """Events of each member, shape (n_members,)."""
        return self.event.sum(axis=1)

    def member(self, position):
        """One reconstructed data set.

        Parameters
        ----------
        position : int

        Returns
        -------
        DataFrame
            ``time``, ``event``.
        """
        return pd.DataFrame({"time": self.time[position], "event": self.event[position]})

    def take(self, positions):
        """The ensemble of some members only, repeated where a position is.

        Parameters
        ----------
        positions : array_like of int

        Returns
        -------
        SurvivalEnsemble
        """
        rows = np.asarray(positions)
        parts = self.time[rows], self.event[rows], self.printed, self.family[rows]
        return SurvivalEnsemble(*parts, self.diagnostics, self.assumptions)

    def survival(self, at):
        """Kaplan–Meier survival of each member.

        Parameters
        ----------
        at : array_like, shape (n_times,)

        Returns
        -------
        ndarray, shape (n_members, n_times)
        """
        gone = _count_up_to(self.time, at, side="right")
        return np.take_along_axis(survival_of_order(self.event), gone, axis=1)

    def at_risk(self, at):
        """Patients at risk just before given times.

        Parameters
        ----------
        at : array_like, shape (n_times,)

        Returns
        -------
        ndarray of int, shape (n_members, n_times)
        """
        return self.time.shape[1] - _count_up_to(self.time, at, side="left")

    def restricted_mean(self, horizon):
        """Area under each member's curve up to a horizon.

        Parameters
        ----------
        horizon : float
            In the unit of the times, not beyond what is known: past the last follow-up of a
            member its curve is continued level.

        Returns
        -------
        ndarray, shape (n_members,)
        """
        until = np.minimum(self.time, horizon)
        widths = np.diff(until, axis=1, prepend=0.0, append=horizon)
        return (survival_of_order(self.event) * widths).sum(axis=1)

    def survival_band(self, at, conf_level=0.95):
        """Range of the survival over the ensemble.

        Parameters
        ----------
        at : array_like, shape (n_times,)
        conf_level : float, default 0.95
            Central share of the members.

        Returns
        -------
        DataFrame
            ``time``, ``estimate`` (median member), ``conf_low``, ``conf_high``, ``lowest``,
            ``highest``. It says what the printed numbers leave open, not what chance adds.
        """
        return _over_times(at, self.survival(at), conf_level)

    def numbers_at_risk(self, at, conf_level=0.95):
        """Range of the numbers at risk over the ensemble.

        Parameters
        ----------
        at : array_like, shape (n_times,)
        conf_level : float, default 0.95

        Returns
        -------
        DataFrame
            Columns as of :meth:`survival_band`.
        """
        return _over_times(at, self.at_risk(at), conf_level)

    def by_assumption(self, at, conf_level=0.95):
        """How much the assumption about censoring matters.

        Parameters
        ----------
        at : array_like, shape (n_times,)
        conf_level : float, default 0.95

        Returns
        -------
        DataFrame
            One row per family and time: ``censoring``, ``weight`` (its share of the ensemble),
            ``members``, ``time``, then survival and numbers at risk as median and range.
        """
        tables = []
        for family, weight in self.diagnostics.share_by_family.items():
            rows = np.flatnonzero(self.family == family)
            if not len(rows):
                continue
            part = self.take(rows)
            survival = part.survival_band(at, conf_level)
            at_risk = part.numbers_at_risk(at, conf_level)
            table = survival.drop(columns=["lowest", "highest"])
            table = table.join(
                at_risk[["estimate", "conf_low", "conf_high"]].add_prefix("at_risk_")
            )
            table.insert(0, "members", len(rows))
            table.insert(0, "weight", weight)
            table.insert(0, "censoring", family)
            tables.append(table)
        return pd.concat(tables, ignore_index=True)


def ensemble_range(values, conf_level=0.95):
    """Median, central share and extremes of one quantity over an ensemble.

    Parameters
    ----------
    values : array_like, shape (n_members,) or (n_members, m)
        May be infinite, e.g. a hazard ratio without events in one arm.
    conf_level : float, default 0.95

    Returns
    -------
    ndarray, shape (5,) or (5, m)
        Median, lower and upper end, lowest, highest.

    Examples
    --------
    >>> ensemble_range(np.arange(1, 101)).tolist()
    [50.0, 3.0, 98.0, 1.0, 100.0]

    Ends are values of members, never averages of two, so that infinite ones do no harm.
    """
    tail = (1 - conf_level) / 2
    share = [0.5, tail, 1 - tail, 0.0, 1.0]
    return np.quantile(np.asarray(values, float), share, axis=0, method="inverted_cdf")


def _over_times(at, values, conf_level):
    columns = ["estimate", "conf_low", "conf_high", "lowest", "highest"]
    table = pd.DataFrame(ensemble_range(values, conf_level).T, columns=columns)
    table.insert(0, "time", np.asarray(at, float))
    return table


def _count_up_to(time, at, side):
    at = np.atleast_1d(np.asarray(at, float))
    return np.array([np.searchsorted(row, at, side=side) for row in time])
