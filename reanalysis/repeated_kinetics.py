"""What change of a kinetic parameter in one patient is more than the noise of two scans?

Scans are simulated: one tissue, measured again and again, with noise on every concentration and,
if wanted, with an input that is taller or flatter in truth than the population average that the
fit assumes. Nothing here is a patient.
"""

import numpy as np
import pandas as pd

from reanalysis.measurement_error import within_target_error
from reanalysis.tracer_kinetics import as_row, fit_kinetics, tissue_concentration

PARAMETERS = ("ktrans", "ve", "kep")


def scan_times(until_min=5.0, every_seconds=4.0):
    """Times of the images of one scan, minutes after the injection.

    Parameters
    ----------
    until_min : float, default 5
        End of the scan.
    every_seconds : float, default 4
        Time from image to image.

    Returns
    -------
    ndarray
    """
    return np.arange(0, until_min + 1e-9, every_seconds / 60)


def simulate_scans(tissue, plasma, *, n_scans, noise, input_cv=0.0, rng, time_min=None):
    """Fits of many simulated scans of one tissue that does not change.

    Parameters
    ----------
    tissue : Kinetics
        The truth.
    plasma : ExponentialInput or SampledInput
        The input that the fit assumes.
    n_scans : int
        Scans to simulate.
    noise : float
        Standard deviation of one concentration, mmol/l.
    input_cv : float, default 0
        How much the height of the true input varies from scan to scan (lognormal, coefficient
        of variation 0–1); the fit does not know it.
    rng : numpy.random.Generator
        Seeded source.
    time_min : array_like, optional
        Times of the images; those of :func:`scan_times` without it.

    Returns
    -------
    DataFrame
        Columns ``ktrans, ve, vp, kep``, one row per scan.
    """
    times = scan_times() if time_min is None else np.asarray(time_min, float)
    smooth = tissue_concentration(times, tissue, plasma)
    heights = np.exp(rng.normal(0, np.sqrt(np.log1p(input_cv**2)), n_scans))
    measured = heights[:, None] * smooth + rng.normal(0, noise, (n_scans, len(times)))
    return pd.DataFrame([as_row(fit_kinetics(times, row, plasma)) for row in measured])


def bias_over_grid(tissues, plasma, *, noise, n_scans, rng):
    """Mean error of the fitted parameters over several tissues, relative to the truth.

    Parameters
    ----------
    tissues : sequence of Kinetics
        The truths.
    plasma : ExponentialInput or SampledInput
        The input, known to the fit.
    noise, n_scans, rng
        As for :func:`simulate_scans`.

    Returns
    -------
    DataFrame
        One row per tissue and parameter: ``true_ktrans, true_ve, parameter, bias, std_error``,
        the last two as shares of the truth.
    """
    rows = []
    for tissue in tissues:
        found = simulate_scans(tissue, plasma, n_scans=n_scans, noise=noise, rng=rng)
        for name in PARAMETERS:
            share = found[name] / as_row(tissue)[name] - 1
            error = share.std(ddof=1) / np.sqrt(n_scans)
            rows.append((tissue.ktrans, tissue.ve, name, share.mean(), error))
    columns = ["true_ktrans", "true_ve", "parameter", "bias", "std_error"]
    return pd.DataFrame(rows, columns=columns)


def limits_of_change(scans):
    """Ratios of two scans between which 95 % stay if nothing has changed.

    Parameters
    ----------
    scans : DataFrame
        Columns ``ktrans, ve, kep``; an even number of rows, each two being scan and rescan.

    Returns
    -------
    DataFrame
        Index parameter; ``cv`` (within-patient, on the scale of logarithms), ``conf_low`` and
        ``conf_high`` (the limits, as ratios of second to first), ``share_outside`` (of these
        pairs).

    Raises
    ------
    ValueError
        If the number of rows is odd or a value is not positive.

    Notes
    -----
    ``exp(±1.96 √2 s)`` with the within-target standard deviation s of the logarithms.

    References
    ----------
    Bland JM, Altman DG. Stat Methods Med Res 1999;8:135–160, section 4.
    """
    rows = []
    for name in PARAMETERS:
        values = scans[name].to_numpy()
        if len(values) % 2 or (values <= 0).any():
            raise ValueError(f"expected pairs of positive values of {name}, got {len(values)}")
        pairs = np.log(values.reshape(-1, 2))
        error = within_target_error(pairs)
        reach = error.repeatability.estimate
        outside = (np.abs(np.diff(pairs, axis=1)) > reach).mean()
        rows.append((name, error.sem.estimate, np.exp(-reach), np.exp(reach), outside))
    columns = ["parameter", "cv", "conf_low", "conf_high", "share_outside"]
    return pd.DataFrame(rows, columns=columns).set_index("parameter")


def limits_by_setting(tissue, plasma, settings, *, n_scans, seed):
    """Limits of change under several assumptions, as forest plots want them.

    Parameters
    ----------
    tissue : Kinetics
        The truth.
    plasma : ExponentialInput or SampledInput
        The input that the fit assumes.
    settings : mapping of str to tuple of float
        Noise (mmol/l) and variation of the input (0–1), by the words for them.
    n_scans : int
        Scans in each setting, even.
    seed : int
        Seed of each setting.

    Returns
    -------
    DataFrame
        ``label, source`` (simulated), ``estimate`` (1, no change), ``conf_low, conf_high``,
        ``cv, share_outside, parameter, setting``.
    """
    tables = []
    for words, (noise, input_cv) in settings.items():
        rng = np.random.default_rng(seed)
        spread = {"noise": noise, "input_cv": input_cv}
        scans = simulate_scans(tissue, plasma, n_scans=n_scans, rng=rng, **spread)
        tables.append(limits_of_change(scans).reset_index().assign(setting=words))
    table = pd.concat(tables, ignore_index=True)
    labels = table["parameter"].map({"ktrans": "Ktrans"}).fillna(table["parameter"])
    fixed = {"label": labels + ", " + table["setting"], "source": "simulated", "estimate": 1.0}
    return table.assign(**fixed)
