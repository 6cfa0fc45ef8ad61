"""What concentration of contrast agent arrives in a tissue, and what does an organ keep of it?

Population averages of the plasma concentration after an injection, and their convolution with an
exponential decay, which is all that compartment models need of them.

Times are minutes after the injection, concentrations mmol/l.
"""

from dataclasses import dataclass

import numpy as np
from scipy import signal, special

# Step of a sampled input: its integrals are right to one part in ten thousand from the sixth
# second after the injection on (tested against adaptive quadrature).
STEP_MIN = 0.05 / 60
# Share of the blood that is cells, as population inputs assume.
HAEMATOCRIT = 0.42


@dataclass(frozen=True)
class ExponentialInput:
    """Plasma concentration that is a sum of exponentials from time 0 on.

    Parameters
    ----------
    amplitudes : tuple of float
        Height of each exponential at time 0, mmol/l.
    rates : tuple of float
        Its rate of decay, 1/min, at least 0.

    References
    ----------
    Tofts PS, Kermode AG. Magn Reson Med 1991;17:357–367 (two exponentials).
    """

    amplitudes: tuple
    rates: tuple

    def concentration(self, time_min):
        """Plasma concentration, mmol/l, at times in minutes; 0 before the injection."""
        t = np.asarray(time_min, float)
        terms = zip(self.amplitudes, self.rates, strict=True)
        return np.where(t < 0, 0.0, sum(a * np.exp(-m * np.maximum(t, 0)) for a, m in terms))

    def washed_in(self, time_min, kep):
        """``∫ C(s) exp(-kep (t - s)) ds`` from 0 to each time, in closed form.

        Parameters
        ----------
        time_min : array_like
            Times, minutes.
        kep : float
            Rate, 1/min.

        Returns
        -------
        ndarray
            In mmol/l · min.

        Notes
        -----
        One term is ``a t exp(-kep t) φ((kep - m) t)`` with ``φ(x) = (exp(x) - 1) / x``: it has no
        gap where the two rates are equal.
        """
        t = np.maximum(np.asarray(time_min, float), 0)
        found = np.zeros(t.shape)
        for a, m in zip(self.amplitudes, self.rates, strict=True):
            slow, gap = min(m, kep), abs(kep - m)
            found += a * t * np.exp(-slow * t) * special.exprel(-gap * t)
        return found


@dataclass(frozen=True, eq=False)
class SampledInput:
    """Plasma concentration known on an even grid from time 0, linear in between.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Plasma concentration, mmol/l.
    step_min : float, default ``STEP_MIN``
        Step of the grid, minutes.

    Notes
    -----
    The integral is exact for the straight lines between grid points. Against the smooth curve
    they stand for it errs by about ``step²/12`` times the change of its slope.

    References
    ----------
    Flouri D, Lesnic D, Sourbron SP. Magn Reson Med 2016;76:998–1006 (recursive convolution).
    """

    values: np.ndarray
    step_min: float = STEP_MIN

    def concentration(self, time_min):
        """Plasma concentration, mmol/l, at times in minutes; 0 before the injection."""
        t = np.asarray(time_min, float)
        before, rest = self._last_before(np.maximum(t, 0))
        slopes = np.diff(self.values, append=self.values[-1]) / self.step_min
        return np.where(t < 0, 0.0, self.values[before] + rest * slopes[before])

    def washed_in(self, time_min, kep):
        """``∫ C(s) exp(-kep (t - s)) ds`` from 0 to each time, exact for straight lines.

        Parameters
        ----------
        time_min : array_like
            Times, minutes, within the grid.
        kep : float
            Rate, 1/min.

        Returns
        -------
        ndarray
            In mmol/l · min.
        """
        t, values = np.maximum(np.asarray(time_min, float), 0), self.values
        before, rest = self._last_before(t)
        old, new = _line_weights(self.step_min, kep)
        added = np.r_[0.0, old * values[:-1] + new * values[1:]]
        at_grid = signal.lfilter([1.0], [1.0, -np.exp(-kep * self.step_min)], added)
        old, new = _line_weights(rest, kep)
        return (
            at_grid[before] * np.exp(-kep * rest)
            + old * values[before]
            + new * self.concentration(t)
        )

    def _last_before(self, t):
        """Last grid point before each time, and how far behind it the time is."""
        end = self.step_min * (len(self.values) - 1)
        if np.any(t > end + 1e-9):
            raise ValueError(f"expected times up to {end:.3f} min, got {np.max(t):.3f}")
        before = np.minimum((t / self.step_min).astype(int), len(self.values) - 1)
        return before, t - before * self.step_min


def weinmann_input(dose_mmol_per_kg=0.1):
    """Population input of two exponentials, without a first pass.

    Parameters
    ----------
    dose_mmol_per_kg : float, default 0.1
        Dose per body weight.

    Returns
    -------
    ExponentialInput

    References
    ----------
    Tofts PS, Kermode AG. Magn Reson Med 1991;17:357–367, after measurements by Weinmann.
    """
    amplitudes = tuple(dose_mmol_per_kg * height for height in (3.99, 4.78))
    return ExponentialInput(amplitudes, (0.144, 0.0111))


def parker_concentration(time_min):
    """Population average of the concentration in arterial *blood*, with first pass.

    Parameters
    ----------
    time_min : array_like
        Minutes after the injection; 0 mmol/l before.

    Returns
    -------
    ndarray
        In mmol/l.

    References
    ----------
    Parker GJM, et al. Magn Reson Med 2006;56:993–1000, Table 1: two Gaussians for first pass and
    recirculation, an exponential behind a sigmoid for what follows.

    Examples
    --------
    >>> bool(5 < parker_concentration(0.17) < 7)
    True

    About six mmol/l at the peak, ten seconds after the injection.
    """
    t = np.asarray(time_min, float)
    passes = ((0.809, 0.17046, 0.0563), (0.330, 0.365, 0.132))
    found = 1.050 * np.exp(-0.1685 * np.maximum(t, 0)) * special.expit(38.078 * (t - 0.483))
    for area, center, width in passes:
        found = found + area * np.exp(-(((t - center) / width) ** 2) / 2) / (
            width * np.sqrt(2 * np.pi)
        )
    return np.where(t < 0, 0.0, found)


def parker_input(until_min, *, step_min=STEP_MIN, haematocrit=HAEMATOCRIT):
    """Population average with first pass, as plasma concentration on a grid.

    Parameters
    ----------
    until_min : float
        End of the grid, minutes.
    step_min : float, default ``STEP_MIN``
        Its step, minutes.
    haematocrit : float, default ``HAEMATOCRIT``
        Share of the blood that is cells.

    Returns
    -------
    SampledInput
    """
    grid = step_min * np.arange(int(np.ceil(until_min / step_min)) + 1)
    return SampledInput(parker_concentration(grid) / (1 - haematocrit), step_min)


def _line_weights(step, kep):
    """Weights of the first and last value of a straight line, integrated against a decay."""
    x = kep * np.asarray(step, float)
    # ∫ exp(-kep (h - s)) ds = h φ(-x); ∫ (s/h) exp(-kep (h - s)) ds = h (1 - φ(-x)) / x
    whole = special.exprel(-x)
    with np.errstate(divide="ignore", invalid="ignore"):
        rising = np.where(x > 1e-4, (1 - whole) / x, 0.5 - x / 6 + x * x / 24)
    return step * (whole - rising), step * rising
