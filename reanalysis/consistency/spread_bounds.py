"""Which standard deviations do printed means, ranges and numbers allow?"""

import math


def sd_bounds(groups):
    """Smallest and largest standard deviation of groups taken together.

    Parameters
    ----------
    groups : pandas.DataFrame
        One row per group: ``n`` (2 or more), ``mean``, ``smallest`` and ``largest`` value, in one
        unit. A single row is allowed.

    Returns
    -------
    low, high : float
        Sample standard deviations (divisor n - 1), in the unit of the means.

    Raises
    ------
    ValueError
        If a column is missing, a group has fewer than two members, or a mean lies outside what
        its range and number allow.

    Notes
    -----
    In a group the squares about its mean are least with one member at each end of the range and
    all others alike, and at most ``n (largest - mean)(mean - smallest)`` (Bhatia and Davis).
    The squares of the means about the common mean are added. Rounding is not allowed for.

    References
    ----------
    Bhatia R, Davis C. Am Math Mon 2000;107:353–357.

    Examples
    --------
    >>> import pandas as pd
    >>> sizes = pd.DataFrame({"n": [10], "mean": [20.0], "smallest": [5], "largest": [40]})
    >>> low, high = sd_bounds(sizes)
    >>> f"{low:.1f} to {high:.1f}"
    '8.4 to 18.3'

    A printed SD of 25 mm would contradict the printed range.
    """
    needed = ["n", "mean", "smallest", "largest"]
    if missing := set(needed) - set(groups.columns):
        raise ValueError(f"expected columns {needed}, missing {sorted(missing)}")
    total = int(groups["n"].sum())
    common = float((groups["n"] * groups["mean"]).sum() / total)
    low = high = 0.0
    for n, mean, smallest, largest in groups[needed].itertuples(index=False):
        _check(n, mean, smallest, largest)
        between = n * (mean - common) ** 2
        high += between + n * (largest - mean) * (mean - smallest)
        rest = 0.0 if n == 2 else (2 * mean - smallest - largest) ** 2 / (n - 2)
        low += between + (smallest - mean) ** 2 + (largest - mean) ** 2 + rest
    low, high = (math.sqrt(squares / (total - 1)) for squares in (low, high))
    return low, high


def _check(n, mean, smallest, largest):
    if n < 2:
        raise ValueError(f"expected two or more members in each group, got {n!r}")
    ends = (largest + (n - 1) * smallest) / n, (smallest + (n - 1) * largest) / n
    if not ends[0] <= mean <= ends[1]:
        raise ValueError(
            f"a mean of {n} values from {smallest} to {largest}, both seen, lies between "
            f"{ends[0]:.4g} and {ends[1]:.4g}, got {mean!r}"
        )
