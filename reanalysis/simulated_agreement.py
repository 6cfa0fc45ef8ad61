"""What do simulated readings with the printed ICCs say that the paper does not print?

An ensemble of simulated data sets has what is printed in common. A quantity that is the same in
all of them is identified by print; one that varies is not, and its range is all that can be said.

Vocabulary: ``panels`` are simulated readings by ``(location, n_rois)``.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reanalysis.icc_intervals import icc_interval
from reanalysis.reader_moments import ReaderForms
from reanalysis.reader_simulation import simulate_readers

_PERCENTILES = (0.025, 0.5, 0.975)
_PRINTED_PLAY = {"icc": 0.0005, "conf_low": 0.005, "conf_high": 0.005, "median": 0.05, "iqr": 0.05}
_NOISE = 1e-9


@dataclass(frozen=True)
class SimulatedDifferences:
    """Differences of two raters in one panel.

    Parameters
    ----------
    means, differences : ndarray, shape (n_targets,)
        Of one simulated data set, the one whose limits have the median width.
    limits : DataFrame
        ``lower, median, upper`` (percentiles of the differences) of every data set, that of
        ``differences`` first.
    ratios : DataFrame
        The same of the ratio of the first to the second rater.
    """

    means: np.ndarray
    differences: np.ndarray
    limits: pd.DataFrame
    ratios: pd.DataFrame


def simulate_panels(table, medians, *, design, groups, n_targets, n_sets, seed):
    """Simulated readings of every strategy of a reader study.

    Parameters
    ----------
    table : DataFrame
        ``analysis, n_raters, location, n_rois, icc, conf_low, conf_high``, without repeated rows.
    medians : DataFrame
        ``location, n_rois, group, median, iqr``.
    design, groups, n_targets, n_sets
        As for :func:`reanalysis.reader_simulation.simulate_readers`.
    seed : int
        Of the random draws.

    Returns
    -------
    dict of (str, int) to SimulatedReaders
        By ``(location, n_rois)``.
    """
    rng, panels = np.random.default_rng(seed), {}
    for key, rows in table.groupby(["location", "n_rois"], sort=False):
        here = (medians[["location", "n_rois"]] == key).all(axis=1) & medians["group"].isin(groups)
        columns = ["group", "median", "iqr"]
        panels[key] = simulate_readers(
            rows,
            medians.loc[here, columns],
            design=design,
            groups=groups,
            n_targets=n_targets,
            n_sets=n_sets,
            rng=rng,
        )
    return panels


def icc_of_sets(simulated, comparison):
    """ICC(2,1) with its interval in every simulated data set.

    Parameters
    ----------
    simulated : SimulatedReaders
        One panel.
    comparison : str
        Name in its design.

    Returns
    -------
    DataFrame
        ``icc, conf_low, conf_high``, one row per data set.
    """
    weights = simulated.design[comparison]
    n_targets = simulated.readings.shape[1]
    forms, rows = ReaderForms({comparison: weights}, n_targets), []
    for readings in simulated.readings:
        root = np.linalg.cholesky(np.cov(readings.T))
        (icc, level), _ = forms.agreement(readings.mean(axis=0), root)
        sizes = {"n_targets": n_targets, "n_readers": len(weights), "reader_f": np.exp(level)}
        rows.append((icc, *icc_interval(icc, "ICC(2,1)", **sizes)))
    return pd.DataFrame(rows, columns=["icc", "conf_low", "conf_high"])


def closeness(panels, table, medians, groups):
    """How closely the simulated data sets meet each printed number.

    Parameters
    ----------
    panels : mapping of (str, int) to SimulatedReaders
        From :func:`simulate_panels`.
    table, medians : DataFrame
        What is printed.
    groups : mapping of str to list of int
        Readers of each group; groups of `medians` that are not in it are those of all readers.

    Returns
    -------
    DataFrame
        One row per printed number: ``location, n_rois, of, what, printed, smallest, largest`` of
        the simulated ones, and ``met``, the share of data sets that round to it.
    """
    rows = []
    for (location, n_rois), simulated in panels.items():
        here = table[(table["location"] == location) & (table["n_rois"] == n_rois)]
        for row in here.itertuples():
            found = icc_of_sets(simulated, row.analysis)
            rows += [(location, n_rois, row.analysis, w, getattr(row, w), found[w]) for w in found]
        here = medians[(medians["location"] == location) & (medians["n_rois"] == n_rois)]
        for group, median, iqr in here[["group", "median", "iqr"]].itertuples(index=False):
            members = groups.get(group, range(simulated.readings.shape[2]))
            values = simulated.readings[:, :, list(members)].reshape(len(simulated.readings), -1)
            low, middle, high = np.quantile(values, [0.25, 0.5, 0.75], axis=1)
            rows.append((location, n_rois, group, "median", median, middle))
            rows.append((location, n_rois, group, "iqr", iqr, high - low))
    return pd.DataFrame([_closeness(*row) for row in rows])


def simulated_differences(simulated, comparison, *, oriented=False):
    """Differences of two raters over all simulated data sets.

    Parameters
    ----------
    simulated : SimulatedReaders
        One panel.
    comparison : str
        Name of a comparison of two raters.
    oriented : bool, default False
        Whether the rater with the lower mean is subtracted in every data set, for raters whose
        order print does not tell.

    Returns
    -------
    SimulatedDifferences

    Notes
    -----
    Percentiles of the differences by linear interpolation, as R and numpy have them.
    """
    values = simulated.raters(comparison)
    if oriented:
        swap = values[:, :, 0].mean(axis=1) < values[:, :, 1].mean(axis=1)
        values = np.where(swap[:, None, None], values[:, :, ::-1], values)
    gaps, names = values[:, :, 0] - values[:, :, 1], ["lower", "median", "upper"]
    limits = pd.DataFrame(np.quantile(gaps, _PERCENTILES, axis=1).T, columns=names)
    ratios = np.quantile(values[:, :, 0] / values[:, :, 1], _PERCENTILES, axis=1).T
    ratios = pd.DataFrame(ratios, columns=names)
    middle = int((limits["upper"] - limits["lower"]).argsort().iloc[len(limits) // 2])
    order = [middle, *(row for row in range(len(limits)) if row != middle)]
    limits, ratios = (frame.iloc[order].reset_index(drop=True) for frame in (limits, ratios))
    return SimulatedDifferences(values[middle].mean(axis=1), gaps[middle], limits, ratios)


def limits_table(panels, comparisons, *, ratios=False, oriented=False):
    """Range of the limits of agreement over the data sets, by comparison and panel.

    Parameters
    ----------
    panels : mapping of (str, int) to SimulatedReaders
        From :func:`simulate_panels`.
    comparisons : sequence of str
        Comparisons of two raters.
    ratios : bool, default False
        Whether of ratios instead of differences.
    oriented : bool, default False
        As for :func:`simulated_differences`.

    Returns
    -------
    DataFrame
        ``analysis, location, n_rois`` and, for ``lower, median, upper, half_width``, the smallest
        (``_min``) and the largest (``_max``) over the data sets.
    """
    rows = []
    for name in comparisons:
        for (location, n_rois), simulated in panels.items():
            found = simulated_differences(simulated, name, oriented=oriented)
            frame = found.ratios if ratios else found.limits
            frame = frame.assign(half_width=(frame["upper"] - frame["lower"]) / 2)
            ends = {f"{c}_{e}": getattr(frame[c], e)() for c in frame for e in ("min", "max")}
            rows.append({"analysis": name, "location": location, "n_rois": n_rois} | ends)
    return pd.DataFrame(rows)


def crossing_share(panels, comparison, threshold_ratio):
    """How often a second rater's value falls below what is a given fraction of the first's.

    Parameters
    ----------
    panels : iterable of SimulatedReaders
        Panels to pool.
    comparison : str
        Two raters.
    threshold_ratio : array_like
        Thresholds as fractions of the first reading, below 1.

    Returns
    -------
    DataFrame
        ``ratio, share, smallest, largest``: the mean over panels and data sets, in either order
        of the two raters, and the smallest and the largest data set.
    """
    shares = []
    for simulated in panels:
        values = simulated.raters(comparison)
        ratio = values[:, :, 1] / values[:, :, 0]
        both = np.concatenate([ratio, 1 / ratio], axis=1)
        shares.append([(both < cut).mean(axis=1) for cut in np.atleast_1d(threshold_ratio)])
    found = np.concatenate(shares, axis=1)
    columns = {"ratio": np.atleast_1d(threshold_ratio), "share": found.mean(axis=1)}
    return pd.DataFrame(columns | {"smallest": found.min(axis=1), "largest": found.max(axis=1)})


def _closeness(location, n_rois, of, what, printed, values):
    met = np.abs(np.asarray(values) - printed) <= _PRINTED_PLAY[what] + _NOISE
    return {
        "location": location,
        "n_rois": n_rois,
        "of": of,
        "what": what,
        "printed": printed,
        "smallest": float(np.min(values)),
        "largest": float(np.max(values)),
        "met": float(met.mean()),
    }
