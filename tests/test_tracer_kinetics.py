"""Tracer kinetics: against adaptive quadrature, closed forms, limits and mass balance."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import integrate

from reanalysis import repeated_kinetics as repeated
from reanalysis.plasma_input import (
    HAEMATOCRIT,
    ExponentialInput,
    SampledInput,
    parker_concentration,
    parker_input,
    weinmann_input,
)
from reanalysis.tracer_kinetics import Kinetics, as_row, fit_kinetics, tissue_concentration

TIMES = np.array([0.1, 0.17, 0.3, 0.5, 1.0, 2.0, 4.0, 6.0])
PARKER, WEINMANN = parker_input(6), weinmann_input()
TISSUE = Kinetics(ktrans=0.25, ve=0.3, vp=0.05)
# Where the population average bends most (min).
BENDS = (0.17046, 0.365, 0.483)


def quadrature(concentration, time, kep):
    """Adaptive quadrature, told where the integrand bends."""
    found, _ = integrate.quad(
        lambda s: concentration(s) * np.exp(-kep * (time - s)),
        0,
        time,
        points=[bend for bend in BENDS if bend < time],
        epsabs=1e-13,
        epsrel=1e-10,
        limit=400,
    )
    return found


@pytest.mark.parametrize("kep", [0.0, 0.05, 0.144, 0.5, 2.0, 8.0])
def test_convolution_against_adaptive_quadrature(kep):
    """One part in ten thousand for the sampled input; the closed form to rounding."""
    wanted = [quadrature(parker_concentration, t, kep) / (1 - HAEMATOCRIT) for t in TIMES]
    assert_allclose(PARKER.washed_in(TIMES, kep), wanted, rtol=1e-4)
    wanted = [quadrature(WEINMANN.concentration, t, kep) for t in TIMES]
    assert_allclose(WEINMANN.washed_in(TIMES, kep), wanted, rtol=1e-9)


def test_error_falls_with_the_square_of_the_step():
    """What the docstring states of straight lines between grid points."""
    exact = weinmann_input().washed_in(TIMES, 0.8)
    errors = []
    for step in (0.1, 0.05):
        grid = step * np.arange(int(6 / step) + 1)
        sampled = SampledInput(WEINMANN.concentration(grid), step)
        errors.append(abs(sampled.washed_in([6.0], 0.8)[0] - exact[-1]))
    assert_allclose(errors[0] / errors[1], 4, rtol=0.01)


def test_equal_rates_have_no_gap():
    """At kep equal to a rate the integral is a t exp(-m t)."""
    one = ExponentialInput((2.0,), (0.5,))
    assert_allclose(one.washed_in(TIMES, 0.5), 2 * TIMES * np.exp(-0.5 * TIMES), rtol=1e-12)
    near = one.washed_in(TIMES, 0.5 * (1 + 1e-9))
    assert_allclose(near, one.washed_in(TIMES, 0.5), rtol=1e-7)


def test_a_constant_input_fills_the_tissue_to_ve():
    """Closed form: ve (1 - exp(-kep t)) times the input; in the end ve."""
    constant = ExponentialInput((3.0,), (0.0,))
    tissue = Kinetics(ktrans=0.4, ve=0.25)
    times = np.array([0.0, 1.0, 5.0, 200.0])
    wanted = 3 * 0.25 * (1 - np.exp(-tissue.kep * times))
    assert_allclose(tissue_concentration(times, tissue, constant), wanted, rtol=1e-12)
    sampled = SampledInput(np.full(201, 3.0), 1.0)
    assert_allclose(tissue_concentration(times, tissue, sampled), wanted, rtol=1e-12, atol=1e-15)


def test_limits_of_the_model():
    """No transfer: plasma only. No washing back: Patlak's line. Very fast transfer: a mixture."""
    at = TIMES
    plasma = PARKER.concentration(at)
    assert_allclose(tissue_concentration(at, Kinetics(0.0, 0.3, 0.05), PARKER), 0.05 * plasma)
    slow = tissue_concentration(at, Kinetics(1e-6, 1.0), PARKER) / 1e-6
    assert_allclose(slow, PARKER.washed_in(at, 0.0), rtol=1e-4)
    fast = tissue_concentration(at, Kinetics(1e5, 0.3), WEINMANN)
    assert_allclose(fast, 0.3 * WEINMANN.concentration(at), rtol=1e-4)


def test_mass_balance():
    """What has leaked in, minus what has washed back, is what is there."""
    for plasma in (PARKER, WEINMANN):
        fine = np.linspace(0, 6, 20_001)
        inside = tissue_concentration(fine, Kinetics(0.25, 0.3), plasma)
        net = 0.25 * plasma.concentration(fine) - (0.25 / 0.3) * inside
        assert_allclose(integrate.simpson(net, x=fine), inside[-1], rtol=1e-4)


def test_all_that_goes_in_comes_out():
    """The area under a tissue curve is that of the input times its volume."""
    brief = ExponentialInput((5.0,), (4.0,))
    area, _ = integrate.quad(
        lambda t: float(tissue_concentration(t, TISSUE, brief)), 0, np.inf, limit=200
    )
    assert_allclose(area, (TISSUE.ve + TISSUE.vp) * 5 / 4, rtol=1e-6)


def test_concentration_is_linear_in_the_input_and_zero_before():
    """Twice the dose is twice the curve; nothing before the injection."""
    twice = tissue_concentration(TIMES, TISSUE, weinmann_input(0.2))
    assert_allclose(twice, 2 * tissue_concentration(TIMES, TISSUE, WEINMANN), rtol=1e-12)
    for plasma in (PARKER, WEINMANN):
        assert_allclose(tissue_concentration([-1.0], TISSUE, plasma), 0)


def test_parker_average_has_its_printed_shape():
    """Parker 2006, Table 1 and Figure 2: a peak of about 6 mmol/l at about ten seconds."""
    at = np.linspace(0, 1, 2001)
    peak = at[parker_concentration(at).argmax()]
    assert_allclose(peak, 0.17046, atol=0.003)
    # Late, only the exponential is left.
    assert_allclose(parker_concentration(5.0), 1.050 * np.exp(-0.1685 * 5), rtol=1e-6)


@pytest.mark.parametrize("plasma", [PARKER, WEINMANN], ids=["parker", "weinmann"])
def test_parameters_come_back_without_noise(plasma):
    """Over a grid, from one start, to five digits."""
    times = repeated.scan_times()
    for ktrans in (0.03, 0.1, 0.3, 1.0):
        for ve in (0.1, 0.3, 0.6):
            for vp in (0.01, 0.1):
                truth = Kinetics(ktrans, ve, vp)
                found = fit_kinetics(times, tissue_concentration(times, truth, plasma), plasma)
                wanted = list(as_row(truth).values())
                assert_allclose(list(as_row(found).values()), wanted, rtol=2e-4, atol=1e-6)


def test_no_bias_at_high_signal_to_noise():
    """Mean error over a grid within four of its standard errors, and below one per cent."""
    grid = [Kinetics(k, v, 0.05) for k in (0.1, 0.3, 0.8) for v in (0.15, 0.4)]
    rng = np.random.default_rng(4)
    bias = repeated.bias_over_grid(grid, PARKER, noise=0.002, n_scans=30, rng=rng)
    assert (bias["bias"].abs() < 4 * bias["std_error"]).all()
    assert bias["bias"].abs().max() < 0.01


def test_limits_of_change_are_computed():
    """A known scatter gives known limits, and one pair in twenty lies outside."""
    rng = np.random.default_rng(7)
    scans = np.exp(rng.normal(0, 0.1, (20_000, 3)))
    names = list(repeated.PARAMETERS)
    limits = repeated.limits_of_change(pd.DataFrame(scans, columns=names))
    assert_allclose(limits["cv"], 0.1, rtol=0.02)
    assert_allclose(limits["conf_high"], np.exp(1.96 * np.sqrt(2) * 0.1), rtol=0.01)
    assert_allclose(limits["conf_low"] * limits["conf_high"], 1)
    assert_allclose(limits["share_outside"], 0.05, atol=0.008)


def test_an_input_that_varies_cancels_in_kep():
    """Without noise Ktrans and ve vary as the input does, and kep not at all."""
    rng = np.random.default_rng(2)
    scans = repeated.simulate_scans(TISSUE, PARKER, n_scans=60, noise=1e-6, input_cv=0.15, rng=rng)
    assert_allclose(scans["kep"], TISSUE.kep, rtol=1e-3)
    spread = np.log(scans[["ktrans", "ve"]]).std()
    assert_allclose(spread, np.sqrt(np.log1p(0.15**2)), rtol=0.25)
    assert_allclose(spread["ktrans"], spread["ve"], rtol=1e-3)


def test_impossible_values_are_refused():
    """Errors say what was expected and what came."""
    with pytest.raises(ValueError, match="ve above 0"):
        Kinetics(0.1, 0.0)
    with pytest.raises(ValueError, match="together at most 1"):
        Kinetics(0.1, 0.8, 0.3)
    with pytest.raises(ValueError, match="expected times up to"):
        parker_input(2).washed_in([3.0], 0.5)
    with pytest.raises(ValueError, match="four or more"):
        fit_kinetics([0, 1, 2], [0, 1, 1], WEINMANN)
    with pytest.raises(ValueError, match="pairs of positive values"):
        repeated.limits_of_change(pd.DataFrame({"ktrans": [1.0], "ve": [1.0], "kep": [1.0]}))
