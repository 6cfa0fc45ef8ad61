"""The monoexponential signal, and the image that is computed from it."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from reanalysis.diffusion_signal import (
    diffusion_signal,
    equal_signal_b_value,
    synthetic_signal,
)


def test_signal_by_hand():
    """exp(-55/70) exp(-800 · 0.0009) is 0.4558 · 0.4868."""
    assert_allclose(diffusion_signal(800, adc=0.9, t2_ms=70), 0.4557940 * 0.4867523, rtol=1e-5)
    assert diffusion_signal(0, adc=0.9, t2_ms=70, echo_time_ms=0) == 1.0


def test_the_adc_is_the_slope_and_t2_only_the_height():
    """A least-squares line through the logarithms, as the scanner fits it."""
    b = np.array([50, 400, 800])
    for t2 in (50, 200):
        slope, _ = np.polyfit(b, np.log(diffusion_signal(b, adc=1.3, t2_ms=t2)), 1)
        assert_allclose(slope, -1.3e-3, rtol=1e-10)


@pytest.mark.parametrize("b_value", [0, 1000, 1500, 3000])
def test_the_synthetic_signal_is_on_the_measured_line(b_value):
    """Two b-values determine the line: any further one adds nothing without noise."""
    measured = diffusion_signal([50, 800], adc=1.1, t2_ms=90)
    found = synthetic_signal(b_value, measured_b_values=[50, 800], measured_signals=measured)
    assert_allclose(found, diffusion_signal(b_value, adc=1.1, t2_ms=90), rtol=1e-12)


def test_two_tissues_are_equally_bright_where_their_lines_cross():
    """And nowhere if they run in parallel."""
    first, second = (1.6, 200), (0.9, 70)
    b = equal_signal_b_value(first, second)
    signals = [diffusion_signal(b, adc=adc, t2_ms=t2) for adc, t2 in (first, second)]
    assert_allclose(*signals, rtol=1e-12)
    assert equal_signal_b_value((1.0, 80), (1.0, 60)) == float("inf")


def test_impossible_values_are_refused():
    """Errors say what was expected and what came."""
    with pytest.raises(ValueError, match="t2_ms above 0"):
        diffusion_signal(800, adc=1.0, t2_ms=0)
    with pytest.raises(ValueError, match="of at least 0"):
        diffusion_signal(-50, adc=1.0, t2_ms=80)
    with pytest.raises(ValueError, match="two or more different b-values"):
        synthetic_signal(1500, measured_b_values=[800, 800], measured_signals=[0.2, 0.2])
    with pytest.raises(ValueError, match="positive signals"):
        synthetic_signal(1500, measured_b_values=[50, 800], measured_signals=[0.2, 0.0])
