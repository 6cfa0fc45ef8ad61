"""What does it do to a measurement to take the highest of several regions?

The highest of k values drawn alike lies above their median, the more so the larger k; and it
varies less than one of them. Both follow from order statistics, without any data.

Vocabulary: ``n_regions`` values whose logarithms are normal with standard deviation ``region_sd``.
"""

import math

from scipy import integrate, stats


def median_of_maximum(n_regions):
    """Median of the highest of several standard normal values.

    Parameters
    ----------
    n_regions : int
        How many.

    Returns
    -------
    float

    Notes
    -----
    ``Φ⁻¹(2^(-1/k))``: the highest stays below x if all k do.

    References
    ----------
    David HA, Nagaraja HN. Order statistics, 3rd ed. Wiley 2003, chapter 2.

    Examples
    --------
    >>> [round(median_of_maximum(k), 2) for k in (1, 3, 5)]
    [0.0, 0.82, 1.13]

    The first two further regions raise the highest value more than the next two.
    """
    _check(n_regions)
    return float(stats.norm.ppf(0.5 ** (1 / n_regions)))


def sd_of_maximum(n_regions):
    """Standard deviation of the highest of several standard normal values.

    Parameters
    ----------
    n_regions : int
        How many.

    Returns
    -------
    float

    Examples
    --------
    >>> [round(sd_of_maximum(k), 2) for k in (1, 3, 5)]
    [1.0, 0.75, 0.67]
    """
    _check(n_regions)

    def moment(power):
        def density(x):
            return x**power * n_regions * stats.norm.cdf(x) ** (n_regions - 1) * stats.norm.pdf(x)

        return integrate.quad(density, -9, 9)[0]

    return math.sqrt(moment(2) - moment(1) ** 2)


def implied_region_sd(first, highest, n_regions):
    """Spread between regions that a rise of the median from one to several regions implies.

    Parameters
    ----------
    first, highest : float
        Median with one region, and of the highest of several, in one unit.
    n_regions : int
        How many, at least two.

    Returns
    -------
    float
        Standard deviation of the logarithms of regions of one tumour.

    Examples
    --------
    >>> round(implied_region_sd(13.7, 15.7, 3), 2)
    0.17

    Regions of one tumour would differ by a sixth, if their order were random.
    """
    _check(n_regions, least=2)
    return math.log(highest / first) / median_of_maximum(n_regions)


def expected_highest(first, region_sd, n_regions):
    """Median of the highest of several regions.

    Parameters
    ----------
    first : float
        Median with one region.
    region_sd : float
        From :func:`implied_region_sd`.
    n_regions : int
        How many.

    Returns
    -------
    float

    Examples
    --------
    >>> round(expected_highest(13.7, 0.17, 5), 1)
    16.6
    """
    return first * math.exp(region_sd * median_of_maximum(n_regions))


def _check(n_regions, least=1):
    if int(n_regions) != n_regions or n_regions < least:
        raise ValueError(f"expected at least {least} regions, a whole number, got {n_regions!r}")
