"""What readings may lie behind a reader study that prints its ICCs and its medians?

The readings are simulated, and conditioned on what is printed: random log-normal readings are
moved, in turn, to the nearest ones that have every printed ICC with its interval, and to those
that have the printed medians and interquartile ranges, until both hold to the printed digits.
What print does not fix varies over many such data sets.

Vocabulary: a *panel* is one strategy of measuring (one reference area, one number of regions);
``design`` says how each rater of a comparison is made of readers, ``groups`` which readers make up
a group.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from reanalysis.icc_intervals import icc_interval
from reanalysis.reader_moments import ReaderForms, nearest_moments, possible_levels

# Starts that are tried for one panel, and turns between ICCs and quartiles for each.
_TRIES, _TRIES_PER_SET, _STEPS = 60, 15, 120
# Spread of what is not printed, as standard deviations of logarithms: level and spread of each
# reader about their group, and the range of correlations to begin with.
_LEVELS, _SPREADS, _CORRELATIONS = 0.12, 0.2, (0.3, 0.6)
_QUARTILE = 0.674490  # of the standard normal distribution
_ROUNDING = np.array([[0.0005], [0.005], [0.005]])  # of an ICC and its limits in print
_CLEAR = 0.08  # least distance of a quartile from it, as a share of the group's median
_SINGULAR = 1e9  # condition of a covariance from which there is no way back
_LEAST = 0.05  # smallest reading, as a share of the smallest printed median


@dataclass(frozen=True)
class SimulatedReaders:
    """Simulated readings of one panel.

    Parameters
    ----------
    readings : ndarray, shape (n_sets, n_targets, n_readers)
        Many data sets that all have what is printed.
    tried : int
        How many starts it took.
    left_out : tuple of str
        Comparisons whose printed interval is impossible for their raters: not conditioned on.
    design : dict of str to ndarray
        Weights of the readers in each rater.
    """

    readings: np.ndarray
    tried: int
    left_out: tuple
    design: dict

    def raters(self, comparison):
        """Values of the raters of one comparison, shape (n_sets, n_targets, n_raters)."""
        return self.readings @ self.design[comparison].T


def design_of_readers(groups):
    """Every comparison of a study of readers in groups, a group being the mean of its readers.

    Parameters
    ----------
    groups : mapping of str to list of str
        Readers of each group.

    Returns
    -------
    design : dict of str to ndarray
        By names such as ``"R1 vs. R2"`` and ``"NeuRad vs. Res"``: all pairs of readers, all pairs
        of groups, ``"All groups pooled"`` and ``"All readers pooled"``.
    members : dict of str to list of int
        Places of the readers of each group.

    Examples
    --------
    >>> design, members = design_of_readers({"A": ["R1", "R2"], "B": ["R3", "R4"]})
    >>> design["A vs. B"].tolist()
    [[0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.5, 0.5]]
    """
    names = [name for readers in groups.values() for name in readers]
    members = {group: [names.index(r) for r in readers] for group, readers in groups.items()}
    single = dict(zip(names, np.eye(len(names)), strict=True))
    means = {group: np.mean([single[r] for r in rs], axis=0) for group, rs in groups.items()}
    design = {
        f"{first} vs. {second}": np.array([rows[first], rows[second]])
        for rows in (single, means)
        for first, second in combinations(rows, 2)
    }
    design["All groups pooled"] = np.array(list(means.values()))
    design["All readers pooled"] = np.eye(len(names))
    return design, members


def simulate_readers(printed, medians, *, design, groups, n_targets, n_sets, rng):
    """Simulated readings that have the printed ICCs, intervals, medians and quartile ranges.

    Parameters
    ----------
    printed : DataFrame
        One row per comparison: ``analysis, n_raters, icc, conf_low, conf_high``.
    medians : DataFrame
        ``group, median, iqr`` of the readings of each group, in their unit.
    design : mapping of str to ndarray, shape (n_raters, n_readers)
        Weights of the readers in each rater, by ``analysis``; more comparisons than are printed
        may be named, and are not conditioned on.
    groups : mapping of str to list of int
        Readers of each group, by ``group``; together all readers, none twice.
    n_targets : int
        Targets.
    n_sets : int
        Data sets wanted.
    rng : numpy.random.Generator
        Seeded source.

    Returns
    -------
    SimulatedReaders
        Fewer data sets than wanted if they are hard to find.

    Raises
    ------
    ValueError
        If nothing that fits is found.
    """
    rows = printed.set_index("analysis")
    kept = [name for name in rows.index if _is_possible(rows.loc[[name]], n_targets)]
    left_out, rows = tuple(rows.index.drop(kept)), rows.loc[kept]
    conditions = {name: design[name] for name in kept}
    forms, runs = ReaderForms(conditions, n_targets), possible_levels(rows, n_targets)
    numbers = rows[["icc", "conf_low", "conf_high"]].to_numpy(float).T
    wanted = [(groups[g.group], g.median, g.iqr) for g in medians.itertuples()]
    found, tried = [], 0
    for _ in range(_TRIES + _TRIES_PER_SET * n_sets):
        tried += 1
        readings = _one_set(forms, numbers, runs, wanted, rng)
        if readings is not None:
            found.append(readings)
        if len(found) == n_sets:
            break
    if not found:
        raise ValueError(f"expected data sets with all that is printed, found none of {tried}")
    return SimulatedReaders(np.array(found), tried, left_out, dict(design))


def _is_possible(row, n_targets):
    try:
        return possible_levels(row, n_targets) is not None
    except ValueError:
        return False


def _one_set(forms, numbers, runs, wanted, rng):
    """Random readings, moved in turn to the printed ICCs and to the printed quartiles."""
    means, covariance = _start(wanted, rng)
    spread = np.sqrt(np.log1p(np.diag(covariance) / means**2))
    root = np.linalg.cholesky(covariance / np.sqrt(np.outer(*[np.diag(covariance)] * 2)))
    drawn = rng.normal(size=(forms.n_targets, len(means))) @ root.T
    values = means * np.exp(spread * drawn - spread**2 / 2)
    least = _LEAST * min(median for _, median, _ in wanted)
    for _ in range(_STEPS):
        for group, median, iqr in wanted:
            values[:, group] = _stretched(values[:, group], median, iqr, least)
        covariance = np.cov(values.T)
        if np.linalg.cond(covariance) > _SINGULAR:
            return None
        start = values.mean(axis=0), np.linalg.cholesky(covariance)
        moments = nearest_moments(forms, numbers[0], runs, start)
        values = _with_moments(values, *moments)
        held = values.min() > least and all(_holds(values[:, g], m, q) for g, m, q in wanted)
        if held and _as_printed(forms, *moments, numbers):
            return values
    return None


def _start(wanted, rng):
    """Moments of log-normal readings with the printed medians and interquartile ranges."""
    size = sum(len(group) for group, *_ in wanted)
    means, spreads = np.empty(size), np.empty(size)
    for group, median, iqr in wanted:
        sigma = np.arcsinh(iqr / median / 2) / _QUARTILE
        means[group] = median * np.exp(sigma**2 / 2)
        spreads[group] = means[group] * np.sqrt(np.expm1(sigma**2))
    means = means * np.exp(rng.normal(0, _LEVELS, size))
    spreads = spreads * np.exp(rng.normal(0, _SPREADS, size))
    shared = rng.uniform(*_CORRELATIONS)
    return means, np.outer(spreads, spreads) * (shared + (1 - shared) * np.eye(size))


def _as_printed(forms, means, root, printed):
    """Whether every ICC and every limit rounds to what is printed."""
    values, _ = forms.agreement(means, root)
    icc, levels = np.split(values, 2)
    limits = icc_interval(
        icc,
        "ICC(2,1)",
        n_targets=forms.n_targets,
        n_readers=forms.n_raters,
        reader_f=np.exp(levels),
    )
    found = np.array([icc, *limits])
    return bool((np.abs(found - printed) <= _ROUNDING).all())


def _with_moments(values, means, root):
    """The nearest values that have these moments up to a common scale and shift."""
    centred = values - values.mean(axis=0)
    left, _, right = np.linalg.svd(centred @ root, full_matrices=False)
    shape = means + np.sqrt(len(values) - 1) * (left @ right) @ root.T
    gaps = shape - shape.mean()
    scale = (gaps * values).sum() / (gaps**2).sum()
    return values.mean() + scale * gaps


def _holds(values, median, iqr):
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    return abs(middle - median) < 0.05 and abs(high - low - iqr) < 0.05


def _stretched(values, median, iqr, least):
    """The same values, stretched piece by piece so that the quartiles are where they should be."""
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    ratio = iqr / (high - low)
    nodes = [values.min(), low, middle, high, values.max()]
    lower, upper = median - ratio * (middle - low), median + ratio * (high - middle)
    # the ends stay where they are, and the lower quartile clear of the smallest reading
    smallest = max(values.min(), least * 1.05)
    lower = max(lower, smallest + _CLEAR * median)
    ends = [smallest, lower, median, upper, max(values.max(), upper + 1e-3)]
    return np.interp(values, nodes, ends)
