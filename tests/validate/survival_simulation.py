"""Known patients printed as a paper would, and reconstructed: does the truth lie inside?

A case is a data set of two arms that is known: simulated, or drawn from the patients of a public
data set. From it only this is kept: patients per arm, survival at two times in percent, to one
decimal or (every fourth case) two, and the median follow-up to two decimals with its definition.
The ensemble is asked for what was not kept.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.datasets import load_gbsg2, load_kidney_transplant, load_lung
from lifelines.statistics import logrank_test

from reanalysis.diagnostic_accuracy import proportion
from reanalysis.survival_assumptions import FOLLOW_UP_DEFINITIONS
from reanalysis.survival_ensemble import ensemble_range
from reanalysis.survival_from_curve import digitise, reconstruct_from_curve
from reanalysis.survival_order import median_follow_up
from reanalysis.survival_printed import InfeasibleConstraintsError
from reanalysis.survival_reconstruction import reconstruct_from_summaries
from reanalysis.survival_two_arms import pair_arms

RESULT = Path(__file__).parents[2] / "benchmarks" / "survival" / "from_summaries.csv"
SEED = 20240330
N_CASES = 200
N_MEMBERS = 100
_DAYS = 365.25
# A curve is printed up to a time at which this many are still at risk in both arms.
_AT_RISK_AT_END = 5
_FEWEST_EVENTS = 3
_SCALES = {
    "hazard ratio": lambda values: np.log(np.maximum(values, 1e-300)),
    "log-rank P": lambda values: np.log10(np.maximum(values, 1e-300)),
}


def simulate_case(case):
    """One data set, printed and reconstructed.

    Parameters
    ----------
    case : int
        Its number; everything random follows from it and the seed.

    Returns
    -------
    DataFrame
        One row per quantity: ``truth``; ``conf_low``, ``estimate``, ``conf_high`` over the
        ensemble; ``from_curve`` and ``from_curve_without_table``, by reconstruction from the
        digitised curve.
    """
    rng = np.random.default_rng([SEED, case])
    definition, decimals = FOLLOW_UP_DEFINITIONS[case % 3], 2 if case % 4 == 0 else 1
    source, first, second, times = _known(case, definition, rng)
    middles = [times[0] / 2, sum(times) / 2]
    truth = _quantities(first, second, middles)
    curves = [
        _quantities(*(_from_curve(arm, case, table=table) for arm in (first, second)), middles)
        for table in (True, False)
    ]
    try:
        arms = [
            reconstruct_from_summaries(
                **_printed(arm, times, definition, decimals),
                n_members=N_MEMBERS,
                seed=10 * case + k,
            )
            for k, arm in enumerate((first, second))
        ]
        ensemble = _of_ensemble(pair_arms(*arms, seed=case), middles)
        sizes = [arm.diagnostics.effective_size for arm in arms]
    except InfeasibleConstraintsError:
        ensemble, sizes = dict.fromkeys(truth, (np.nan,) * 3), [0.0]
    rows = [
        (case, source, definition, decimals, len(first), len(second), name, truth[name],
         *ensemble[name],
         curves[0][name], curves[1][name], min(sizes))
        for name in truth
    ]  # fmt: skip
    columns = ["case", "source", "definition", "decimals", "n_first", "n_second", "quantity",
               "truth",
               "conf_low", "estimate", "conf_high", "from_curve", "from_curve_without_table",
               "effective_size"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def covered(table):
    """Whether the truth lies in the central 95 % of the ensemble.

    A survival that has not changed since it was printed is known to its printed digits only.

    Parameters
    ----------
    table : DataFrame
        Rows of :func:`simulate_case`.

    Returns
    -------
    Series of bool
    """
    slack = np.where(
        table["quantity"].str.startswith("survival"), 0.5 / 10 ** (table["decimals"] + 2.0), 0
    )
    return (table["truth"] >= table["conf_low"] - slack) & (
        table["truth"] <= table["conf_high"] + slack
    )


def summary(table):
    """Coverage and width by quantity, beside reconstruction from the full curve.

    Parameters
    ----------
    table : DataFrame
        Rows of :func:`simulate_case`.

    Returns
    -------
    DataFrame
        ``cases``, ``covered``, ``coverage`` with its Wilson interval; ``median_width`` of the
        central 95 %; ``width_from_curve``, ``width_from_curve_without_table``: twice the error
        that 95 % of the reconstructions from the digitised curve stay below. Widths are of the
        survival, of the natural logarithm of the hazard ratio and of the decadic one of P.
    """
    rows = []
    for name, part in table.groupby("quantity", sort=False):
        inside = int(covered(part).sum())
        share = proportion(inside, len(part))
        scale = _SCALES.get(name, np.asarray)
        width = np.nanmedian(scale(part["conf_high"]) - scale(part["conf_low"]))
        others = [
            2 * np.quantile(np.abs(scale(part[column]) - scale(part["truth"])), 0.95)
            for column in ("from_curve", "from_curve_without_table")
        ]
        rows.append((name, len(part), inside, share.estimate, share.conf_low, share.conf_high,
                     width, *others))  # fmt: skip
    columns = ["quantity", "cases", "covered", "coverage", "conf_low", "conf_high",
               "median_width", "width_from_curve", "width_from_curve_without_table"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _known(case, definition, rng):
    """Two arms of known patients, and the two times at which survival is printed."""
    while True:
        if case % 2:
            source, arms = _public(rng)
        else:
            source, arms = "simulated", [_simulated(rng, arm) for arm in _two_hazards(rng)]
        end = min(np.sort(arm["time"])[-_AT_RISK_AT_END] for arm in arms)
        last = np.floor(2 * end * rng.uniform(0.75, 1.0)) / 2
        times = (last * 0.6, last)
        enough = all(arm["event"].sum() >= _FEWEST_EVENTS for arm in arms)
        defined = all(np.isfinite(_median(arm, definition)) for arm in arms)
        if last >= 1 and enough and defined:
            return source, *arms, times


def _two_hazards(rng):
    """Survival at five years and shape of the hazard of each arm."""
    first = rng.uniform(0.5, 0.95)
    ratio = np.exp(rng.uniform(np.log(0.4), np.log(3)))
    return [(first, rng.uniform(0.6, 1.8)), (first**ratio, rng.uniform(0.6, 1.8))]


def _simulated(rng, hazard):
    survival, shape = hazard
    n = int(rng.integers(50, 121))
    scale = 5 / (-np.log(survival)) ** (1 / shape)
    event_time = scale * rng.weibull(shape, n)
    longest = rng.uniform(4, 8)
    follow_up = rng.uniform(rng.uniform(0, 0.4) * longest, longest, n)
    if rng.random() < 0.5:
        follow_up = np.minimum(follow_up, rng.exponential(rng.uniform(4, 30), n))
    time = np.minimum(event_time, follow_up)
    return pd.DataFrame({"time": np.maximum(time, 1 / _DAYS), "event": event_time <= follow_up})


def _public(rng):
    """Patients drawn from a public data set, without replacement."""
    sets = {
        "gbsg2": (load_gbsg2, "time", "cens", lambda t: t["horTh"] == "yes"),
        "lung": (load_lung, "time", "status", lambda t: t["sex"] == 2),
        "kidney_transplant": (load_kidney_transplant, "time", "death", lambda t: t["age"] > 45),
    }
    name = str(rng.choice(list(sets)))
    load, time, event, group = sets[name]
    table = load()
    data = pd.DataFrame({"time": table[time] / _DAYS, "event": table[event].astype(bool)})
    arms = [data[group(table)], data[~group(table)]]
    return name, [
        arm.sample(min(len(arm), int(rng.integers(50, 121))), random_state=rng) for arm in arms
    ]


def _printed(arm, times, definition, decimals):
    """What a paper prints of an arm."""
    survival = KaplanMeierFitter().fit(arm["time"], arm["event"]).survival_function_at_times(times)
    return {
        "n": len(arm),
        "survival_at": {t: f"{100 * s:.{decimals}f}" for t, s in zip(times, survival, strict=True)},
        "follow_up_median": f"{_median(arm, definition):.2f}",
        "follow_up_definition": definition,
    }


def _median(arm, definition):
    ordered = arm.sort_values(["time", "event"], ascending=[True, False])
    return median_follow_up(ordered["time"].to_numpy(), ordered["event"].to_numpy(), definition)


def _from_curve(arm, case, *, table):
    """Reconstruction from the digitised curve of the whole follow-up."""
    end = arm["time"].max()
    at_risk = {t: int((arm["time"] >= t).sum()) for t in np.linspace(0, end, 6)[:-1]}
    clicks = digitise(arm["time"], arm["event"], seed=case)
    return reconstruct_from_curve(clicks, n=len(arm), at_risk=at_risk if table else None)


def _quantities(first, second, middles):
    found = {}
    for name, arm in (("first", first), ("second", second)):
        curve = KaplanMeierFitter().fit(arm["time"], arm["event"])
        for place, time in zip(("early", "late"), middles, strict=True):
            found[f"survival, {name}, {place}"] = float(
                curve.survival_function_at_times(time).iloc[0]
            )
    both = pd.concat([first.assign(arm=1.0), second.assign(arm=0.0)]).astype(float)
    fit = CoxPHFitter().fit(both, "time", "event")
    found["hazard ratio"] = float(fit.hazard_ratios_.iloc[0])
    test = logrank_test(first["time"], second["time"], first["event"], second["event"])
    found["log-rank P"] = float(test.p_value)
    return found


def _of_ensemble(pair, middles):
    values = {}
    for name, arm in (("first", pair.first), ("second", pair.second)):
        for k, place in enumerate(("early", "late")):
            values[f"survival, {name}, {place}"] = arm.survival(middles)[:, k]
    values |= {"hazard ratio": pair.hazard_ratio, "log-rank P": pair.log_rank_p}
    ranges = {name: ensemble_range(v) for name, v in values.items()}
    return {name: (low, middle, high) for name, (middle, low, high, *_) in ranges.items()}
