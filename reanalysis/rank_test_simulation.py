"""Which P values would a rank test give if the unprinted group had a usual shape?

Samples of a normal, gamma or log-normal shape are shifted and stretched to the printed mean and
SD and compared with the printed patients. Everything here is simulated: it says what is usual,
not what was seen.
"""

import numpy as np

from reanalysis.rank_test_bounds import fitting_sample

SHAPES = ("normal", "gamma", "log-normal")


def simulated_p_values(values, n, mean, sd, rng, *, shape="gamma", step=1, n_draws=1000):
    """P values against samples of a usual shape that are scaled to mean and SD.

    Parameters
    ----------
    values : array_like, shape (n_printed,), or callable
        The printed patients; a callable takes ``rng`` and draws them anew each time.
    n : int
        Size of the unprinted group.
    mean, sd : float
        Its printed summaries, above 0.
    rng : numpy.random.Generator
        Source of the draws.
    shape : str, default "gamma"
        One of ``SHAPES``.
    step : float, default 1
        Values are rounded to multiples of it, after scaling.
    n_draws : int, default 1000
        Number of samples.

    Returns
    -------
    ndarray, shape (n_draws,)
        Sorted P values, normal approximation with ties corrected.

    Raises
    ------
    ValueError
        If the shape is not known.

    Notes
    -----
    A draw is shifted and stretched to the printed mean and SD exactly, then rounded; draws with
    a value below one step are drawn again, as no procedure takes no time.
    """
    x = values if callable(values) else lambda _: np.asarray(values, float)
    p_values = []
    for _ in range(n_draws):
        sample = scaled_sample(n, mean, sd, rng, shape=shape, step=step)
        p_values.append(fitting_sample(sample, x(rng)).p_value)
    return np.sort(p_values)


def scaled_sample(n, mean, sd, rng, *, shape="gamma", step=1, lowest=None):
    """One sample of a usual shape with the printed mean and SD, rounded to steps.

    Parameters
    ----------
    n, mean, sd, rng, shape, step
        As for :func:`simulated_p_values`.
    lowest : float, optional
        Smallest possible value; one step without it.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If the shape is not known.

    Examples
    --------
    >>> sample = scaled_sample(19, 58.32, 47.11, np.random.default_rng(1))
    >>> bool(abs(sample.mean() - 58.32) < 0.5), bool(sample.min() >= 1)
    (True, True)
    """
    draw = {
        "normal": lambda: rng.normal(mean, sd, n),
        "gamma": lambda: rng.gamma((mean / sd) ** 2, sd**2 / mean, n),
        "log-normal": lambda: rng.lognormal(
            np.log(mean) - np.log1p((sd / mean) ** 2) / 2, np.sqrt(np.log1p((sd / mean) ** 2)), n
        ),
    }.get(shape)
    if draw is None:
        raise ValueError(f"expected a shape of {SHAPES}, got {shape!r}")
    lowest = step if lowest is None else lowest
    while True:
        sample = draw()
        scaled = mean + sd * (sample - sample.mean()) / sample.std(ddof=1)
        if scaled.min() >= lowest:
            return step * np.round(scaled / step)
