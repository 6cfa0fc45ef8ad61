"""What do two signal intensities of one region say about its fat, and about its enhancement?

Signal intensities of MRI have no unit: the scanner's gain is arbitrary and multiplies every
value of an examination. Only ratios within one examination mean anything, so a formula is right
only if it does not change when all signals are multiplied by one number.

Vocabulary: ``in_phase`` and ``opposed_phase`` signals (water plus fat, water minus fat);
``precontrast`` and ``hepatobiliary`` signals (before, and 20 minutes after the contrast agent).
"""

import numpy as np

# Of two protons of equal signal nothing is left on opposed-phase images.
LARGEST_FAT_FRACTION = 0.5


def fat_fraction(*, in_phase, opposed_phase):
    """Share of fat in the signal, from dual-echo images: ``(IP - OP) / (2 IP)``.

    Parameters
    ----------
    in_phase : float or array_like
        Signal of water and fat together, above 0, shape (n,).
    opposed_phase : float or array_like
        Signal of water minus fat, as a magnitude, at least 0, shape (n,).

    Returns
    -------
    float or ndarray
        0–0.5; below 0 where the opposed-phase signal is the larger one. Without a unit.

    Raises
    ------
    ValueError
        If an in-phase signal is not above 0, or an opposed-phase signal is below 0.

    Notes
    -----
    With W and F the signals of water and fat, IP = W + F and OP = W - F, so that the formula is
    F / (W + F). A magnitude image shows W - F without its sign, so that beyond one half the
    fraction falls again: 0.3 is 30 % or 70 % of fat.

    References
    ----------
    Bydder M and others. Magn Reson Imaging 2008;26:347–359.

    Examples
    --------
    >>> fat_fraction(in_phase=400, opposed_phase=200)
    0.25

    A quarter of the signal is fat: the liver loses half its signal on the opposed-phase image.
    """
    together = _checked("in_phase", in_phase)
    apart = _checked("opposed_phase", opposed_phase, zero_allowed=True)
    return _plain((together - apart) / (2 * together))


def fat_fraction_as_printed(*, in_phase, opposed_phase):
    """The formula without brackets, ``IP - OP / 2 × IP``, read by the rules of arithmetic.

    Parameters
    ----------
    in_phase, opposed_phase : float or array_like
        As for :func:`fat_fraction`.

    Returns
    -------
    float or ndarray
        A difference of a signal and a squared signal: it has no meaning, and changes with the
        scanner's gain.

    Raises
    ------
    ValueError
        As :func:`fat_fraction`.

    Examples
    --------
    >>> fat_fraction_as_printed(in_phase=400, opposed_phase=200)
    -39600.0

    Minus four million per cent of fat: the brackets matter.
    """
    together = _checked("in_phase", in_phase)
    apart = _checked("opposed_phase", opposed_phase, zero_allowed=True)
    return _plain(together - apart / 2 * together)


def opposed_to_in_phase(fraction):
    """Opposed-phase signal as a share of the in-phase signal, for a true share of fat.

    Parameters
    ----------
    fraction : float or array_like
        Share of fat in the signal, 0–1.

    Returns
    -------
    float or ndarray
        ``abs(1 - 2 fraction)``: falls to 0 at one half, and rises again.

    Raises
    ------
    ValueError
        If a fraction is outside 0 to 1.

    Examples
    --------
    >>> round(opposed_to_in_phase(0.262), 3), round(opposed_to_in_phase(0.09), 3)
    (0.476, 0.82)

    A liver with 26 % of fat keeps less than half of its signal, a spared area four fifths.
    """
    share = np.asarray(fraction, dtype=float)
    if not ((share >= 0) & (share <= 1)).all():
        raise ValueError(f"expected fractions of 0 to 1, got {fraction!r}")
    return _plain(np.abs(1 - 2 * share))


def relative_enhancement(*, precontrast, hepatobiliary):
    """Gain of signal by the contrast agent, in units of the signal before it.

    Parameters
    ----------
    precontrast, hepatobiliary : float or array_like
        Signals of one region before and after; before above 0, shape (n,).

    Returns
    -------
    float or ndarray
        ``(after - before) / before``: 0 for no enhancement, 1 for a doubled signal.

    Raises
    ------
    ValueError
        If a signal is not a number, a precontrast signal is not above 0, or one after is below.

    Examples
    --------
    >>> relative_enhancement(precontrast=400, hepatobiliary=700)
    0.75

    The signal rose by three quarters of what it was.
    """
    before = _checked("precontrast", precontrast)
    after = _checked("hepatobiliary", hepatobiliary, zero_allowed=True)
    return _plain((after - before) / before)


def relative_enhancement_as_printed(*, precontrast, hepatobiliary):
    """The formula without its outer brackets: ``after - before / before``, so ``after - 1``.

    Parameters
    ----------
    precontrast, hepatobiliary : float or array_like
        As for :func:`relative_enhancement`.

    Returns
    -------
    float or ndarray
        The signal after less one: the scanner's gain decides it.

    Raises
    ------
    ValueError
        As :func:`relative_enhancement`.

    Examples
    --------
    >>> relative_enhancement_as_printed(precontrast=400, hepatobiliary=700)
    699.0

    What was there before has dropped out.
    """
    before = _checked("precontrast", precontrast)
    after = _checked("hepatobiliary", hepatobiliary, zero_allowed=True)
    return _plain(after - before / before)


def spoiled_echo_weight(t1_ms, *, repetition_time_ms, flip_angle_degrees):
    """How strongly a tissue of this T1 shows in a spoiled gradient echo, before any decay.

    Parameters
    ----------
    t1_ms, repetition_time_ms : float
        Above 0.
    flip_angle_degrees : float
        Above 0, at most 90.

    Returns
    -------
    float
        Signal as a share of that of fully relaxed protons, 0–1.

    Raises
    ------
    ValueError
        If a time is not above 0 or the angle is outside its range.

    References
    ----------
    Liu CY and others. Magn Reson Med 2007;58:354–364 (bias of the fat fraction by T1).

    Examples
    --------
    >>> scan = {"repetition_time_ms": 160, "flip_angle_degrees": 70}
    >>> round(spoiled_echo_weight(350, **scan) / spoiled_echo_weight(600, **scan), 2)
    1.48

    A proton of fat then counts as much as one and a half protons of water in a liver.
    """
    if not (t1_ms > 0 and repetition_time_ms > 0 and 0 < flip_angle_degrees <= 90):
        raise ValueError(
            "expected times above 0 and an angle above 0 and up to 90, got "
            f"{t1_ms!r}, {repetition_time_ms!r}, {flip_angle_degrees!r}"
        )
    angle = np.radians(flip_angle_degrees)
    left = np.exp(-repetition_time_ms / t1_ms)
    return float(np.sin(angle) * (1 - left) / (1 - np.cos(angle) * left))


def without_t1_weighting(fraction, fat_to_water):
    """The share of fat among the protons, from its share of a T1-weighted signal.

    Parameters
    ----------
    fraction : float or array_like
        Share of fat in the signal, 0–0.5.
    fat_to_water : float
        Signal of a proton of fat relative to one of water, above 0.

    Returns
    -------
    float or ndarray
        0–1; equal to ``fraction`` when both kinds of protons show alike.

    Raises
    ------
    ValueError
        If the weight is not above 0, or a fraction is outside 0 to 0.5.

    Examples
    --------
    >>> round(without_t1_weighting(0.262, 1.48), 2)
    0.19

    T1 weighting turned a fifth of fat into a quarter.
    """
    share = np.asarray(fraction, dtype=float)
    if fat_to_water <= 0 or not ((share >= 0) & (share <= LARGEST_FAT_FRACTION)).all():
        raise ValueError(
            f"expected a weight above 0 and fractions of 0 to 0.5, got {fat_to_water!r}, "
            f"{fraction!r}"
        )
    return _plain(share / (share + fat_to_water * (1 - share)))


def contrast_without_fat_signal(*, spared, liver):
    """How much brighter less fatty tissue is once the signal of fat is suppressed.

    Parameters
    ----------
    spared, liver : float
        Shares of fat, 0 up to but not including 1.

    Returns
    -------
    float
        Signal of the spared area over that of the liver, if fat gives no signal and water is
        the same in both: the ratio of what is left, ``(1 - spared) / (1 - liver)``.

    Raises
    ------
    ValueError
        If a share is outside its range.

    Examples
    --------
    >>> round(contrast_without_fat_signal(spared=0.09, liver=0.262), 2)
    1.23

    A quarter brighter, without any difference in T1 or in contrast agent.
    """
    if not (0 <= spared < 1 and 0 <= liver < 1):
        raise ValueError(f"expected shares of 0 up to 1, got {spared!r} and {liver!r}")
    return (1 - spared) / (1 - liver)


def _checked(name, values, *, zero_allowed=False):
    numbers = np.asarray(values, dtype=float)
    if not (np.isfinite(numbers) & ((numbers > 0) | (zero_allowed & (numbers == 0)))).all():
        least = "at least 0" if zero_allowed else "above 0"
        raise ValueError(f"{name} must be {least}, got {values!r}")
    return numbers


def _plain(values):
    return float(values) if np.ndim(values) == 0 else values
