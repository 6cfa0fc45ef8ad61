"""Curves of public data sets, read off by hand and turned back into patients: how much is lost?

A *hand* is a seed: clicks with a tremor of one pixel on a figure of 600 × 400.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter, KaplanMeierFitter, datasets
from numpy.lib.stride_tricks import sliding_window_view

from reanalysis.survival_from_curve import digitise, reconstruct_from_curve

RESULT = Path(__file__).parents[2] / "benchmarks" / "survival" / "from_curve.csv"
HANDS = (1, 2, 3)
GIVEN = ("risk table", "total events", "nothing")
# time, event, which patients are the first arm
SETS = {
    "rossi": ("week", "arrest", lambda t: t["fin"] == 1),
    "lung": ("time", "status", lambda t: t["sex"] == 2),
    "gbsg2": ("time", "cens", lambda t: t["horTh"] == "yes"),
    "waltons": ("T", "E", lambda t: t["group"] != "control"),
    "larynx": ("time", "death", lambda t: t["Stage_III"] + t["Stage_IV"] > 0),
    "dd": ("duration", "observed", lambda t: t["democracy"] == "Democracy"),
    "kidney_transplant": ("time", "death", lambda t: t["age"] > 50),
    "canadian_senators": (
        "diff_days",
        "observed",
        lambda t: t["Political Affiliation at Appointment"].str.contains("Liberal"),
    ),
    "lymphoma": ("Time", "Censor", lambda t: t["Stage_group"] == 2),
    "leukemia": ("t", "status", lambda t: t["Rx"] == 1),
}
# Three pixels either side are half a per cent of the axis: a fall that is drawn in the right
# place, as far as a figure shows it, is no error, however tall it is.
_PIXELS, _PER_PIXEL = 600, 3
_NEAR = 3 * _PER_PIXEL


def curve_study(name, hand):
    """One data set read off by one hand.

    Parameters
    ----------
    name : str
        One of ``SETS``.
    hand : int
        Seed of the clicks.

    Returns
    -------
    DataFrame
        One row per thing that is printed beside the curve: true hazard ratio and its relative
        error, largest and root-mean-square error of the survival (of the worse arm), events.
    """
    column, event, of_first = SETS[name]
    table = getattr(datasets, f"load_{name}")()
    table = table[table[column] > 0]
    data = pd.DataFrame({"time": table[column].astype(float), "event": table[event].astype(bool)})
    first = np.asarray(of_first(table), bool)
    true_ratio = _hazard_ratio(data["time"], data["event"], first)
    rows = []
    for given in GIVEN:
        parts = [_reconstructed(data[first == arm], hand, given) for arm in (True, False)]
        both = pd.concat([part.assign(arm=arm) for part, arm in zip(parts, (1, 0), strict=True)])
        ratio = _hazard_ratio(both["time"], both["event"], both["arm"])
        errors = [
            _errors(data[first == arm], part)
            for part, arm in zip(parts, (True, False), strict=True)
        ]
        rows.append((name, hand, given, len(data), true_ratio, ratio / true_ratio - 1,
                     *np.max(errors, axis=0), int(data["event"].sum()),
                     int(both["event"].sum())))  # fmt: skip
    columns = ["set", "hand", "given", "n", "hazard_ratio", "hazard_ratio_error", "max_error",
               "max_error_anywhere", "rmse", "events", "events_reconstructed"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def summary(table):
    """Worst of all hands, by set and by what is printed beside the curve.

    Parameters
    ----------
    table : DataFrame
        Rows of :func:`curve_study`.

    Returns
    -------
    DataFrame
    """
    worst = {"n": "max", "hazard_ratio_error": "max", "max_error": "max",
             "max_error_anywhere": "max", "rmse": "max"}  # fmt: skip
    table = table.assign(hazard_ratio_error=table["hazard_ratio_error"].abs())
    return table.groupby(["set", "given"], sort=False).agg(worst).reset_index()


def for_print(table):
    """The summary as a table to read, with percentages.

    Parameters
    ----------
    table : DataFrame
        Of :func:`summary`.

    Returns
    -------
    DataFrame
    """
    wide = table.pivot(
        index=["set", "n"], columns="given", values=["max_error", "hazard_ratio_error"]
    )
    shown = pd.DataFrame({"data set": [name for name, _ in wide.index],
                          "patients": [n for _, n in wide.index]})  # fmt: skip
    for given in GIVEN:
        shown[f"survival, {given}"] = wide["max_error", given].map("{:.3f}".format).to_numpy()
    for given in GIVEN:
        text = wide["hazard_ratio_error", given].map("{:.1%}".format).to_numpy()
        shown[f"hazard ratio, {given}"] = text
    return shown.sort_values("patients", ascending=False)


def _reconstructed(arm, hand, given):
    clicks = digitise(arm["time"], arm["event"], seed=hand)
    end = arm["time"].max()
    at_risk = {t: int((arm["time"] >= t).sum()) for t in np.linspace(0, end, 6)[:-1]}
    told = {
        "risk table": {"at_risk": at_risk},
        "total events": {"n": len(arm), "total_events": int(arm["event"].sum())},
        "nothing": {"n": len(arm)},
    }
    return reconstruct_from_curve(clicks, **told[given])


def _hazard_ratio(time, event, arm):
    frame = pd.DataFrame({"time": np.asarray(time), "event": np.asarray(event, int),
                          "arm": np.asarray(arm, int)})  # fmt: skip
    return float(CoxPHFitter().fit(frame, "time", "event").hazard_ratios_.iloc[0])


def _errors(known, made):
    """Largest error of the survival within three pixels, anywhere, and root mean square."""
    grid = np.linspace(0, known["time"].max(), _PIXELS * _PER_PIXEL + 1)[:-1]
    true, found = (
        KaplanMeierFitter().fit(f["time"], f["event"]).survival_function_at_times(grid).to_numpy()
        for f in (known, made)
    )
    around = sliding_window_view(np.pad(found, _NEAR, mode="edge"), 2 * _NEAR + 1)
    near = np.maximum(np.maximum(around.min(axis=1) - true, true - around.max(axis=1)), 0)
    return near.max(), np.abs(true - found).max(), np.sqrt(np.mean((true - found) ** 2))
