"""Which survival curves go through one printed point?

A survival at one time fixes one number of a curve and nothing else. Here it is carried through
the Weibull family: the hazard falls (shape below 1), stays (1, exponential) or rises (above 1).

Vocabulary: ``survival`` at ``time``, 0–1; ``shape`` of the Weibull distribution.
"""

import numpy as np
import pandas as pd
from scipy import special


def weibull_survival(at, *, time, survival, shape=1.0):
    """Survival of the Weibull curve of a shape that goes through one point.

    Parameters
    ----------
    at : array_like
        Times, unit of ``time``, at least 0.
    time, survival : float
        The point; survival inside (0, 1).
    shape : float, default 1
        Above 0; 1 is a constant hazard.

    Returns
    -------
    ndarray
        0–1.

    Raises
    ------
    ValueError
        If the point or the shape is out of its range.

    Notes
    -----
    ``S(t) = S₀^((t/t₀)^shape)``.

    Examples
    --------
    >>> round(float(weibull_survival(1, time=5, survival=0.25)), 2)
    0.76

    With a constant hazard, a quarter alive at five years means three quarters alive at one year.
    """
    if not (time > 0 and 0 < survival < 1 and shape > 0):
        raise ValueError(
            "expected a time and a shape above 0 and a survival between 0 and 1, got "
            f"{time}, {shape} and {survival}"
        )
    return survival ** ((np.asarray(at, float) / time) ** shape)


def curve_summaries(points, shapes, *, at=(1, 2, 5, 10)):
    """What each curve through a printed point says about other times.

    Parameters
    ----------
    points : sequence of tuple of float
        Time and survival (0–1) of each point.
    shapes : sequence of float
        Weibull shapes.
    at : sequence of float
        Times at which survival is wanted.

    Returns
    -------
    DataFrame
        ``time, survival, shape, median, mean`` (of the whole curve), one column ``at_<time>``
        per time, and ``yearly_hazard_first, yearly_hazard_last``: deaths per unit of time among
        those alive, over the first unit and at the printed time.
    """
    rows = []
    for time, survival in points:
        for shape in shapes:
            total = -np.log(survival)
            scale = time / total ** (1 / shape)
            curve = {"time": time, "survival": survival, "shape": shape}
            there = weibull_survival(at, **curve)
            first = -np.log(weibull_survival(1, **curve))
            row = curve | {"median": scale * np.log(2) ** (1 / shape)}
            row |= {"mean": scale * special.gamma(1 + 1 / shape)}
            row |= dict(zip((f"at_{t:g}" for t in at), there, strict=True))
            row |= {"yearly_hazard_first": float(first)}
            rows.append(row | {"yearly_hazard_last": shape * total / time})
    return pd.DataFrame(rows)
