"""Is there a set of patients with the printed means and ranges? One is made, and labelled so.

Two regions of each patient (liver and spared area) are measured before and after. Values before
are drawn so that they have their printed mean and range; the values after follow from a
mixed-integer programme, since with the values before fixed every printed number is linear in
them. What comes out is rounded to whole signals and checked against print, digit by digit. The
sets are constructed: they show what is possible, never what was measured.
"""

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, brentq, milp

from reanalysis.consistency.ratio_summaries import QUANTITIES, STATISTICS
from reanalysis.published_numbers import PublishedNumber

# A reader calls two regions different from about this ratio of signals on; an assumption.
LEAST_BRIGHTER = 1.05
_TRIES = 400


def sample_with_summaries(liver, spared, *, n_equal, seed):
    """Patients whose signals have every printed mean and range of both regions.

    Parameters
    ----------
    liver, spared : PrintedChange
        Printed summaries, for the same number of patients.
    n_equal : int
        Patients in whom the two regions look alike before (ratio within 1 / 1.05 to 1.05); in
        the others the spared area is brighter. After, it is brighter in all.
    seed : int
        Seed of the draws.

    Returns
    -------
    pandas.DataFrame
        One row per patient, columns (region, quantity) as two levels: constructed data.

    Raises
    ------
    ValueError
        If no set was found in 400 draws, or the two summaries are of different numbers.

    Notes
    -----
    That a set was found proves that the summaries can be true together, in so many patients and
    with so many of them alike before. That none was found would prove nothing.
    """
    if liver.n != spared.n or not 0 <= n_equal < liver.n - 1:
        raise ValueError(
            f"expected equal n and n_equal below n - 1, got {liver.n}, {spared.n}, {n_equal}"
        )
    rng = np.random.default_rng(seed)
    for _ in range(_TRIES):
        before = _draw_before(liver, spared, n_equal, rng)
        if before is None:
            continue
        after = [_solve_after(liver, before[0], np.zeros(liver.n), rng)]
        if after[0] is None:
            continue
        after.append(_solve_after(spared, before[1], LEAST_BRIGHTER * after[0], rng))
        if after[1] is None:
            continue
        found = _as_frame(before, after)
        if meets_print(found, {"liver": liver, "spared": spared}).all():
            return found
    raise ValueError(f"no set of {liver.n} patients found in {_TRIES} draws")


def meets_print(sample, printed):
    """Which printed numbers does a set of patients have, digit by digit?

    Parameters
    ----------
    sample : pandas.DataFrame
        As :func:`sample_with_summaries` returns it.
    printed : mapping of str to PrintedChange
        By region.

    Returns
    -------
    pandas.Series of bool
        Index (region, quantity, statistic).
    """
    functions = {"mean": np.mean, "minimum": np.min, "maximum": np.max}
    met = {
        (region, quantity, statistic): PublishedNumber(
            getattr(summaries, quantity)[statistic]
        ).matches(float(functions[statistic](sample[region][quantity])))
        for region, summaries in printed.items()
        for quantity in QUANTITIES
        for statistic in STATISTICS
    }
    return pd.Series(met)


def share_before(sample):
    """What share of the contrast after was there before, patient by patient on average?

    Parameters
    ----------
    sample : pandas.DataFrame
        As :func:`sample_with_summaries` returns it.

    Returns
    -------
    float
        Mean of the logarithm of the ratio of the regions before, over that after.
    """
    logs = [np.log(sample["spared"][q] / sample["liver"][q]).mean() for q in ("before", "after")]
    return float(logs[0] / logs[1])


def _draw_before(liver, spared, n_equal, rng):
    """Values before in both regions, sorted alike: brighter liver, brighter area."""
    n = liver.n
    low, mean, high = (float(liver.before[s]) for s in ("minimum", "mean", "maximum"))
    first = np.sort(_with_mean(low, high, n * mean - low - high, n - 2, rng))
    first = np.round(np.r_[low, first, high])
    lowest, wanted, highest = (float(spared.before[s]) for s in ("minimum", "mean", "maximum"))
    second = np.empty(n)
    second[0], second[-1] = lowest, highest
    alike = rng.choice(np.arange(1, n - 1), size=max(n_equal - 1, 0), replace=False)
    rest = np.setdiff1d(np.arange(1, n - 1), alike)
    second[alike] = np.round(first[alike] * rng.uniform(0.97, 1.03, len(alike)))
    second[rest] = 0
    left = n * wanted - second.sum()
    base = LEAST_BRIGHTER * first[rest]
    gain = rng.dirichlet(np.full(len(rest), 3.0)) * (left - base.sum())
    second[rest] = np.round(base + gain)
    inside = (second >= lowest) & (second <= highest)
    brighter = second[rest] >= LEAST_BRIGHTER * first[rest]
    return (first, second) if inside.all() and brighter.all() else None


def _with_mean(low, high, total, n, rng):
    """Draws between two ends with a given sum: uniform draws bent by a power."""
    draws = rng.uniform(0.02, 0.98, n)

    def excess(power):
        return (low + (high - low) * draws ** np.exp(power)).sum() - total

    power = brentq(excess, -6, 6)
    return low + (high - low) * draws ** np.exp(power)


def _solve_after(printed, before, least, rng):
    """Values after, with mean and range of their own and of the change; None if there are none.

    Variables: n values after, then who has the smallest and largest value and change.
    """
    n = len(before)
    size = 5 * n
    after = np.eye(n, size)
    change = after / before[:, None]
    low, high = np.zeros(size), np.ones(size)
    bounds = {q: [_inside(printed, q, s) for s in STATISTICS] for q in ("after", "change")}
    low[:n] = np.maximum(bounds["after"][1][0], before * (1 + bounds["change"][1][0]))
    low[:n] = np.maximum(low[:n], least)
    high[:n] = np.minimum(bounds["after"][2][1], before * (1 + bounds["change"][2][1]))
    if (low[:n] > high[:n]).any():
        return None
    rules = [
        LinearConstraint(after.mean(axis=0), *bounds["after"][0]),
        LinearConstraint(change.mean(axis=0), *(1 + np.array(bounds["change"][0]))),
    ]
    ends = [(after, bounds["after"], 0.0), (change, bounds["change"], 1.0)]
    for place, (values, limits, shift) in enumerate(ends):
        span = shift + limits[2][1]
        for statistic in (1, 2):
            chosen = np.eye(n, size, (2 * place + statistic) * n)
            rules.append(LinearConstraint(chosen.sum(axis=0), 1, np.inf))
            if statistic == 1:
                top = shift + limits[1][1] + span
                rules.append(LinearConstraint(values + span * chosen, -np.inf, top))
            else:
                bottom = shift + limits[2][0] - span
                rules.append(LinearConstraint(values - span * chosen, bottom, np.inf))
    found = milp(
        np.r_[rng.normal(size=n), np.zeros(size - n)],
        integrality=np.r_[np.zeros(n), np.ones(size - n)],
        bounds=Bounds(low, high),
        constraints=rules,
    )
    return np.round(found.x[:n]) if found.success else None


def _inside(printed, quantity, statistic):
    """Bounds of print, drawn in a little so that rounding to whole signals stays within."""
    low, high = printed.bounds(quantity, statistic)
    margin = (high - low) / 4
    return low + margin, high - margin


def _as_frame(before, after):
    columns = {}
    for region, first, second in zip(("liver", "spared"), before, after, strict=True):
        columns[(region, "before")] = first
        columns[(region, "after")] = second
        columns[(region, "change")] = second / first - 1
    index = pd.RangeIndex(1, len(before[0]) + 1, name="patient")
    return pd.DataFrame(columns, index=index)
