"""Which means and covariances of readers have all the ICCs that a paper prints?

Every ICC of a reader study, of pairs, of groups or of all readers, is a function of the readers'
means and covariances over the targets. With their intervals the ICCs pin these down up to scale
and place; what is left is drawn at random and then moved, by the smallest step that does it, to
where every ICC and every interval is the printed one.

Vocabulary: a *design* says how each rater of a comparison is made from the readers: one matrix per
comparison, a row per rater with weights that sum to 1.
"""

import numpy as np

from reanalysis.consistency.printed_bounds import plain_bounds
from reanalysis.icc_intervals import icc_interval

_READER_F = np.exp(np.linspace(np.log(1e-2), np.log(1e3), 4000))
# Newton steps at a time, and how far inside its box, as a share of it, a value is aimed at.
_STEPS, _INSET = 15, 0.2
# Play of an ICC about its printed value, within its rounding, and what the limits keep clear of
# the ends of theirs, so that both still round to what is printed.
_ICC_PLAY, _LIMIT_INSET = 4e-4, 2e-4
# An ICC moves by tenths where the logarithm of the reader F moves by ones.
_ICC_WEIGHT = 10.0


class ReaderForms:
    """Mean squares of every comparison as functions of the readers' moments.

    Parameters
    ----------
    design : mapping of str to ndarray, shape (n_raters, n_readers)
        Weights of the readers in each rater, by name of the comparison.
    n_targets : int
        Targets.
    """

    def __init__(self, design, n_targets):
        weights = list(design.values())
        self.n_targets, self.n_raters = n_targets, np.array([len(w) for w in weights], float)
        sums = [w.sum(axis=0) for w in weights]
        targets = np.array([np.outer(s, s) / len(w) for s, w in zip(sums, weights, strict=True)])
        every = np.array([w.T @ w for w in weights])
        self._targets = targets
        self._rest = (every - targets) / (self.n_raters - 1)[:, None, None]
        centred = [w - w.mean(axis=0) for w in weights]
        self._levels = np.array([c.T @ c / (len(c) - 1) for c in centred])

    def agreement(self, means, root):
        """ICC(2,1), log of the reader F, and their slopes.

        Parameters
        ----------
        means : ndarray, shape (n_readers,)
            Means of the readers.
        root : ndarray, shape (n_readers, n_readers)
            Any matrix whose product with its transpose is their covariance.

        Returns
        -------
        values : ndarray, shape (2 n_comparisons,)
            All ICCs, then all logarithms of the reader F.
        slopes : ndarray, shape (2 n_comparisons, n_readers + n_readers²)
            Derivatives by means and root.
        """
        k, n = self.n_raters, self.n_targets
        by_target, by_rest, by_level = self._targets @ root, self._rest @ root, self._levels @ means
        between = (by_target * root).sum(axis=(1, 2))
        rest = (by_rest * root).sum(axis=(1, 2))
        levels = n * (by_level * means).sum(axis=1)
        whole = between + (k - 1) * rest + k * (levels - rest) / n
        icc = (between - rest) / whole
        parts = ((1 - icc) / whole, (-1 - icc * (k - 1 - k / n)) / whole, -icc * k / n / whole)
        of_root = 2 * (parts[0][:, None, None] * by_target + parts[1][:, None, None] * by_rest)
        of_means = 2 * n * by_level
        log_root = -2 * by_rest / rest[:, None, None]
        of_icc = (parts[2][:, None] * of_means, of_root.reshape(len(k), -1))
        of_log_f = (of_means / levels[:, None], log_root.reshape(len(k), -1))
        slope_icc, slope_f = (np.concatenate(pair, axis=1) for pair in (of_icc, of_log_f))
        return np.concatenate([icc, np.log(levels / rest)]), np.concatenate([slope_icc, slope_f])


def possible_levels(table, n_targets):
    """Runs of the reader F with which each printed ICC has its printed interval.

    Parameters
    ----------
    table : DataFrame
        ``icc, conf_low, conf_high, n_raters``; printed to three and two decimals.
    n_targets : int
        Targets.

    Returns
    -------
    ndarray, shape (n_rows, n_runs, 2)
        Logarithms of both ends of each run; rows with fewer runs repeat their last.

    Raises
    ------
    ValueError
        If a row's interval is impossible for its raters.
    """
    found = []
    for row in table.itertuples():
        limits = icc_interval(
            row.icc, "ICC(2,1)", n_targets=n_targets, n_readers=row.n_raters, reader_f=_READER_F
        )
        printed = (f"{row.conf_low:.2f}", f"{row.conf_high:.2f}")
        bounds = [tuple(map(float, plain_bounds(text))) for text in printed]
        for inset in (_LIMIT_INSET, 0.0):
            fits = np.ones(len(_READER_F), bool)
            for (low, high), limit in zip(bounds, limits, strict=True):
                fits &= (low + inset < limit) & (limit < high - inset)
            edges = np.flatnonzero(np.diff(np.concatenate([[0], fits, [0]])))
            if len(edges):
                break
        if not len(edges):
            raise ValueError(f"no {row.n_raters} raters have ICC {row.icc} with {printed}")
        ends = np.log(_READER_F)
        found.append([(ends[a], ends[b - 1]) for a, b in edges.reshape(-1, 2)])
    longest = max(map(len, found))
    return np.array([rows + rows[-1:] * (longest - len(rows)) for rows in found])


def nearest_moments(forms, icc, runs, start):
    """Move means and covariances towards where every ICC and every interval is the printed one.

    Parameters
    ----------
    forms : ReaderForms
        The comparisons.
    icc : ndarray, shape (n_comparisons,)
        Printed ICCs.
    runs : ndarray, shape (n_comparisons, n_runs, 2)
        From :func:`possible_levels`.
    start : tuple of (ndarray, ndarray)
        Means, and a root of the covariance, to begin with.

    Returns
    -------
    tuple of (ndarray, ndarray)
        Means and root after at most fifteen steps; whether they have arrived is for the caller to
        check.

    Notes
    -----
    Damped Newton steps of smallest length for those ICCs and reader F that are outside; each
    parameter is measured by its own size at the start.
    """
    means, root = start
    size = len(means)
    spread = np.full(size**2, np.sqrt((root**2).sum() / size))
    scale, point = np.concatenate([np.abs(means), spread]), np.concatenate([means, root.ravel()])
    weight = np.concatenate([np.full(len(icc), _ICC_WEIGHT), np.ones(len(icc))])
    damping, worst = 1e-3, np.inf
    for _ in range(_STEPS):
        values, slopes = forms.agreement(point[:size], point[size:].reshape(size, size))
        low, high = _boxes(icc, runs, values[len(icc) :])
        inset = _INSET * (high - low)
        outside = np.maximum(values - high, 0) + np.minimum(values - low, 0)
        if not outside.any():
            break
        # aim a little inside, so that the last step does not end on the edge
        gap = (outside + np.sign(outside) * inset) * weight
        slopes = slopes * scale * (weight * (outside != 0))[:, None]
        system = slopes @ slopes.T
        system[np.diag_indices_from(system)] += damping * np.trace(system) / len(system) + 1e-12
        step = slopes.T @ np.linalg.solve(system, gap)
        point = point - scale * step * min(1.0, 0.3 / np.abs(step).max())
        size_now = np.abs(gap).max()
        damping = damping * 0.3 if size_now < worst else min(damping * 3, 1)
        worst = size_now
    return point[:size], point[size:].reshape(size, size)


def _boxes(icc, runs, levels):
    """Where every ICC must lie, and every reader F: in the run nearest to where it is."""
    at = levels[:, None]
    chosen = np.maximum(np.maximum(runs[:, :, 0] - at, at - runs[:, :, 1]), 0).argmin(axis=1)
    low, high = runs[np.arange(len(runs)), chosen].T
    return np.concatenate([icc - _ICC_PLAY, low]), np.concatenate([icc + _ICC_PLAY, high])
