"""How bright is a lesion on a diffusion-weighted image, measured or computed?

Vocabulary: ``b_value`` in s/mm², ``adc`` (apparent diffusion coefficient) in 10⁻³ mm²/s as
papers print it, ``t2_ms`` and ``echo_time_ms`` in ms. Signals are relative to a tissue of the same
proton density without any decay.
"""

import numpy as np

# Papers print the ADC in units of 10⁻³ mm²/s.
_ADC_UNIT = 1e-3


def diffusion_signal(b_value, *, adc, t2_ms, echo_time_ms=55.0):
    """Signal of one tissue in the monoexponential model.

    Answers: is this lesion bright because water hardly moves, or because its T2 is long?

    Parameters
    ----------
    b_value : float or array_like
        Diffusion weighting, s/mm², at least 0.
    adc : float
        Apparent diffusion coefficient, 10⁻³ mm²/s, at least 0.
    t2_ms : float
        Transverse relaxation time, ms, greater than 0.
    echo_time_ms : float, default 55
        Echo time, ms, at least 0.

    Returns
    -------
    float or ndarray
        Signal, 0–1.

    Raises
    ------
    ValueError
        If a value is out of its range.

    Notes
    -----
    ``exp(-TE/T2) · exp(-b · ADC)``. The first factor is the same at every b-value: a long T2 stays
    bright however strong the weighting (T2 shine-through).

    References
    ----------
    Le Bihan D, Breton E, Lallemand D, et al. Radiology 1986;161:401–407.

    Examples
    --------
    >>> cyst_like = diffusion_signal(800, adc=1.6, t2_ms=200)
    >>> cancer = diffusion_signal(800, adc=0.9, t2_ms=70)
    >>> round(cyst_like, 2), round(cancer, 2)
    (0.21, 0.22)

    Equally bright at b = 800, for opposite reasons.
    """
    b = np.asarray(b_value, float)
    if np.any(b < 0) or adc < 0 or echo_time_ms < 0 or not t2_ms > 0:
        raise ValueError(
            "expected b_value, adc and echo_time_ms of at least 0 and t2_ms above 0, got "
            f"{b_value!r}, {adc!r}, {echo_time_ms!r}, {t2_ms!r}"
        )
    signal = np.exp(-echo_time_ms / t2_ms) * np.exp(-b * adc * _ADC_UNIT)
    return signal if signal.ndim else float(signal)


def synthetic_signal(b_value, *, measured_b_values, measured_signals):
    """Signal that a workstation computes for a b-value that was not measured.

    Answers: what does a synthetic image show that the measured ones do not hold already?

    Parameters
    ----------
    b_value : float or array_like
        Wanted diffusion weighting, s/mm².
    measured_b_values, measured_signals : array_like, shape (n_measured,)
        Two or more different b-values with their signals, greater than 0.

    Returns
    -------
    float or ndarray
        Signal on the straight line through the logarithms.

    Raises
    ------
    ValueError
        If there are fewer than two different b-values, or a signal is not positive.

    References
    ----------
    Blackledge MD, Leach MO, Collins DJ, Koh DM. Radiology 2011;261:573–581.

    Examples
    --------
    >>> low, high = diffusion_signal([50, 800], adc=0.9, t2_ms=70)
    >>> found = synthetic_signal(1500, measured_b_values=[50, 800], measured_signals=[low, high])
    >>> round(found / diffusion_signal(1500, adc=0.9, t2_ms=70), 6)
    1.0

    Without noise the computed image is the one that would have been measured, and nothing new.
    """
    b, signals = np.asarray(measured_b_values, float), np.asarray(measured_signals, float)
    if b.shape != signals.shape or len(np.unique(b)) < 2 or np.any(signals <= 0):
        raise ValueError(
            "expected positive signals at two or more different b-values, got "
            f"{measured_signals!r} at {measured_b_values!r}"
        )
    slope, intercept = np.polyfit(b, np.log(signals), 1)
    signal = np.exp(intercept + slope * np.asarray(b_value, float))
    return signal if signal.ndim else float(signal)


def equal_signal_b_value(first, second, *, echo_time_ms=55.0):
    """The b-value at which two tissues are equally bright.

    Parameters
    ----------
    first, second : tuple of float
        ADC (10⁻³ mm²/s) and T2 (ms) of each tissue.
    echo_time_ms : float, default 55
        Echo time, ms.

    Returns
    -------
    float
        In s/mm²; negative if they are never equally bright, infinite if their ADC is the same.

    Notes
    -----
    ``b = TE (1/T2₁ - 1/T2₂) / (ADC₂ - ADC₁)``.

    Examples
    --------
    >>> round(equal_signal_b_value((1.6, 200), (0.9, 70)))
    730

    Below that b-value the tissue with the long T2 is the brighter one, above it the cancer.
    """
    (adc1, t2_1), (adc2, t2_2) = first, second
    if adc1 == adc2:
        return float("inf")
    return echo_time_ms * (1 / t2_1 - 1 / t2_2) / ((adc2 - adc1) * _ADC_UNIT)
