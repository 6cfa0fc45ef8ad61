"""How does contrast agent pass from blood into tissue, and what does a fit get back from it?

The extended Tofts model: what arrives in the plasma leaks into the space between the cells and
washes back. Inputs are population averages; nothing here is a patient.

Vocabulary: ``ktrans`` is the volume transfer constant (1/min), ``ve`` the share of the tissue
that the agent spreads into outside cells and vessels, its volume of distribution, ``vp`` the
share of plasma, ``kep = ktrans / ve`` the rate of washing back. Times are minutes after the
injection, concentrations mmol/l.
"""

from dataclasses import astuple, dataclass

import numpy as np
from scipy import optimize

# Where a fit looks: ktrans (1/min), ve, vp.
_LOWEST, _HIGHEST = (1e-5, 1e-3, 0.0), (5.0, 1.0, 0.5)
_START = (0.1, 0.2, 0.02)


@dataclass(frozen=True)
class Kinetics:
    """One tissue of the extended Tofts model.

    Parameters
    ----------
    ktrans : float
        Volume transfer constant, 1/min, at least 0.
    ve : float
        Share of extravascular extracellular space, above 0 and at most 1.
    vp : float, default 0
        Share of plasma, 0 or more; with ``ve`` at most 1.

    Raises
    ------
    ValueError
        If a value is out of its range.
    """

    ktrans: float
    ve: float
    vp: float = 0.0

    def __post_init__(self):
        if not (self.ktrans >= 0 and 0 < self.ve <= 1 and 0 <= self.vp <= 1 - self.ve):
            raise ValueError(
                "expected ktrans of at least 0, ve above 0, vp of at least 0, ve and vp of "
                f"together at most 1, got {self.ktrans}, {self.ve}, {self.vp}"
            )

    @property
    def kep(self):
        """Rate at which the agent washes back, 1/min."""
        return self.ktrans / self.ve


def tissue_concentration(time_min, kinetics, plasma):
    """Concentration of contrast agent in a tissue.

    Parameters
    ----------
    time_min : array_like
        Minutes after the injection.
    kinetics : Kinetics
        The tissue.
    plasma : ExponentialInput or SampledInput
        What arrives.

    Returns
    -------
    ndarray
        In mmol/l of tissue.

    Notes
    -----
    ``C(t) = vp Cp(t) + ktrans ∫ Cp(s) exp(-kep (t - s)) ds``, one arterial input, no delay.

    References
    ----------
    Tofts PS, et al. J Magn Reson Imaging 1999;10:223–232.

    Examples
    --------
    >>> from reanalysis.plasma_input import parker_input
    >>> tissue = Kinetics(ktrans=0.25, ve=0.3, vp=0.05)
    >>> found = tissue_concentration([0.5, 5.0], tissue, parker_input(5))
    >>> [round(float(c), 2) for c in found]
    [0.49, 0.33]
    """
    inside = kinetics.ktrans * plasma.washed_in(time_min, kinetics.kep)
    return kinetics.vp * plasma.concentration(time_min) + inside


def fit_kinetics(time_min, measured, plasma):
    """Extended Tofts model by least squares.

    Parameters
    ----------
    time_min, measured : array_like, shape (n,)
        Times, minutes, and tissue concentrations, mmol/l; at least four.
    plasma : ExponentialInput or SampledInput
        The input that the reader assumes.

    Returns
    -------
    Kinetics

    Raises
    ------
    ValueError
        If there are fewer than four measurements, or not as many as times.
    """
    t, c = np.asarray(time_min, float), np.asarray(measured, float)
    if t.shape != c.shape or len(t) <= len(_START):
        raise ValueError(f"expected four or more times and values, got {t.shape} and {c.shape}")
    in_plasma = plasma.concentration(t)

    def left_over(values):
        ktrans, ve, vp = values
        return vp * in_plasma + ktrans * plasma.washed_in(t, ktrans / ve) - c

    limits = {"bounds": (_LOWEST, _HIGHEST), "x_scale": _START}
    best = optimize.least_squares(left_over, _START, xtol=1e-10, ftol=1e-10, **limits)
    ktrans, ve, vp = map(float, best.x)
    return Kinetics(ktrans, ve, min(vp, 1 - ve))


def as_row(kinetics):
    """The parameters of a tissue, for a table.

    Parameters
    ----------
    kinetics : Kinetics
        The tissue.

    Returns
    -------
    dict of str to float
        ``ktrans, ve, vp, kep``.
    """
    return dict(zip(("ktrans", "ve", "vp"), astuple(kinetics), strict=True)) | {"kep": kinetics.kep}
