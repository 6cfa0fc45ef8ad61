"""The formulas of fat fraction and enhancement: units, limits, and as printed."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from reanalysis import signal_ratios as ratios

# tests/reference/signal_ratios/signal_ratios.R, R 4.2.2: base R, the formulas written out there.
R_WEIGHTS = {
    (350, 160, 70): 0.4400710925,
    (600, 160, 70): 0.2980275912,
    (600, 160, 10): 0.165424589,
}
R_APPARENT_FIFTH = 0.2696214263


def weight(t1_ms, repetition_time_ms, flip_angle_degrees):
    return ratios.spoiled_echo_weight(
        t1_ms, repetition_time_ms=repetition_time_ms, flip_angle_degrees=flip_angle_degrees
    )


@pytest.mark.parametrize(("settings", "expected"), R_WEIGHTS.items())
def test_weight_of_a_spoiled_echo_as_in_r(settings, expected):
    assert_allclose(weight(*settings), expected, rtol=1e-9)  # ten digits are printed by R


def test_t1_weighting_is_undone():
    """A fifth of the protons looks like more than a quarter in R, and comes back as a fifth."""
    fat_to_water = weight(350, 160, 70) / weight(600, 160, 70)
    assert_allclose(ratios.without_t1_weighting(R_APPARENT_FIFTH, fat_to_water), 0.2, rtol=1e-8)
    assert ratios.without_t1_weighting(0.3, 1.0) == pytest.approx(0.3)


@pytest.mark.parametrize("share", [0, 0.1, 0.262, 0.5])
def test_fat_fraction_is_the_share_of_fat(share):
    """Water plus fat in phase, water minus fat opposed: the share comes back, up to one half."""
    found = ratios.fat_fraction(in_phase=700.0, opposed_phase=700 * (1 - 2 * share))
    assert found == pytest.approx(share, abs=1e-12)
    assert ratios.opposed_to_in_phase(share) == pytest.approx(1 - 2 * share, abs=1e-12)


def test_beyond_one_half_the_formula_reads_the_mirror_image():
    left = ratios.opposed_to_in_phase(0.7)
    assert ratios.fat_fraction(in_phase=1, opposed_phase=left) == pytest.approx(0.3)


@pytest.mark.parametrize("gain", [0.01, 3, 1000])
def test_ratios_do_not_know_the_gain_and_the_printed_formulas_do(gain):
    echoes = {"in_phase": 400.0, "opposed_phase": 190.0}
    phases = {"precontrast": 405.0, "hepatobiliary": 736.0}
    for right, printed, signals in (
        (ratios.fat_fraction, ratios.fat_fraction_as_printed, echoes),
        (ratios.relative_enhancement, ratios.relative_enhancement_as_printed, phases),
    ):
        scaled = {name: gain * value for name, value in signals.items()}
        assert right(**scaled) == pytest.approx(right(**signals))
        assert printed(**scaled) != pytest.approx(printed(**signals), rel=0.1)


def test_formulas_as_printed_by_the_rules_of_arithmetic():
    """By hand: 400 - 190 / 2 × 400 = -37 600; 736 - 405 / 405 = 735."""
    assert ratios.fat_fraction_as_printed(in_phase=400, opposed_phase=190) == -37600
    assert ratios.relative_enhancement_as_printed(precontrast=405, hepatobiliary=736) == 735


def test_no_enhancement_is_zero_and_a_doubled_signal_one():
    found = ratios.relative_enhancement(precontrast=[5, 5], hepatobiliary=[5, 10])
    assert_allclose(found, [0, 1])


def test_equal_fat_makes_no_contrast():
    assert ratios.contrast_without_fat_signal(spared=0.2, liver=0.2) == 1
    assert ratios.contrast_without_fat_signal(spared=0, liver=0.5) == 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ratios.fat_fraction(in_phase=0, opposed_phase=1), "in_phase must be above 0"),
        (lambda: ratios.fat_fraction(in_phase=1, opposed_phase=-1), "at least 0"),
        (lambda: ratios.fat_fraction(in_phase=np.nan, opposed_phase=1), "in_phase"),
        (lambda: ratios.relative_enhancement(precontrast=0, hepatobiliary=1), "precontrast"),
        (lambda: ratios.opposed_to_in_phase(1.2), "fractions of 0 to 1"),
        (lambda: weight(600, 160, 120), "up to 90"),
        (lambda: ratios.without_t1_weighting(0.6, 1.5), "fractions of 0"),
        (lambda: ratios.contrast_without_fat_signal(spared=0.1, liver=1), "shares"),
    ],
)
def test_impossible_values_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
