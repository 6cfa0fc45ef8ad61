"""Which data may stand behind a printed median and range?

The single values are unknown. What they can be is bounded; here they are also *simulated*: samples
with exactly this median and range.
"""

from dataclasses import dataclass

import numpy as np

SHAPES = ("even", "log")
_NOISE = 1e-9


@dataclass(frozen=True, kw_only=True)
class MedianRange:
    """A group printed as median and range.

    Parameters
    ----------
    n : int
        Size of the group, at least 4.
    median, low, high : float
        As printed.

    Raises
    ------
    ValueError
        If the group is smaller than 4 or the numbers are out of order.
    """

    n: int
    median: float
    low: float
    high: float

    def __post_init__(self):
        if self.n < 4 or not self.low <= self.median <= self.high:
            raise ValueError(f"expected 4 or more members, low <= median <= high, got {self}")

    @property
    def step(self):
        """How far the two middle values may lie from the median; 0 for an odd number."""
        return min(self.median - self.low, self.high - self.median) if self.n % 2 == 0 else 0.0

    def mean_bounds(self):
        """Smallest and largest mean that the sample can have.

        Returns
        -------
        low, high : float

        Notes
        -----
        One member lies at each end of the range. The sum is smallest with the lower half (but
        its last) at the minimum and the upper half at the median, the two middle values adding
        up to twice the median; each further member of the upper half is at least the upper one
        of these.

        Examples
        --------
        >>> group = MedianRange(n=8, median=1.6, low=0.18, high=198.47)
        >>> "{:.1f} to {:.1f}".format(*group.mean_bounds())
        '25.7 to 75.2'

        A formula that says 1.6 or 10 000 has left what is possible.
        """
        means = [row.mean() for row in self.corners()]
        return float(min(means)), float(max(means))

    def corners(self):
        """Samples with as many members as possible at the ends of where they may lie.

        Returns
        -------
        ndarray, shape (n_samples, n)
            Sorted rows, each with this median and range.
        """
        half, odd = divmod(self.n, 2)
        inner = half - 1 - (1 - odd)  # free members in each half besides end and middle
        rows = []
        for step in np.unique([0.0, self.step]):
            left, right = self.median - step, self.median + step
            middle = [self.median] if odd else [left, right]
            for a in range(inner + 1):
                for b in range(inner + 1):
                    lower = [self.low] * (1 + a) + [left] * (inner - a)
                    upper = [right] * (inner - b) + [self.high] * (1 + b)
                    rows.append([*lower, *middle, *upper])
        return np.array(rows)

    def placed(self, lower, upper, apart):
        """The sample whose free members lie at one place in each half.

        Parameters
        ----------
        lower, upper : float
            Where the free members of the lower and of the upper half lie in theirs, 0–1.
        apart : float
            Distance of the two middle values, as a share of the largest possible one.

        Returns
        -------
        ndarray, shape (n,)
            Sorted.
        """
        half, odd = divmod(self.n, 2)
        inner = half - 1 - (1 - odd)
        left, right = self.median - apart * self.step, self.median + apart * self.step
        below = self.low + lower * (left - self.low)
        above = right + upper * (self.high - right)
        middle = [self.median] if odd else [left, right]
        return np.array([self.low, *[below] * inner, *middle, *[above] * inner, self.high])

    def simulate(self, rng, n_samples, *, shape="log"):
        """Simulated samples with exactly this median and range.

        Parameters
        ----------
        rng : numpy.random.Generator
            Seeded source.
        n_samples : int
            Samples wanted.
        shape : {"log", "even"}, default "log"
            How the values between the fixed ones are spread: evenly on the logarithmic scale
            (many small, few large) or evenly on the plain one. Where the range begins at 0, the
            lower half is spread evenly in both.

        Returns
        -------
        ndarray, shape (n_samples, n)
            Sorted rows.

        Raises
        ------
        ValueError
            If the shape is unknown.
        """
        if shape not in SHAPES:
            raise ValueError(f"expected a shape out of {SHAPES}, got {shape!r}")
        half, odd = divmod(self.n, 2)
        inner = half - 1 - (1 - odd)
        step = rng.uniform(0, 1, (n_samples, 1)) ** 2 * self.step
        left, right = self.median - step, self.median + step
        lower = _between(rng, self.low, left, inner, shape)
        upper = _between(rng, right, self.high, inner, shape)
        middle = [left] if odd else [left, right]
        ends = (np.full((n_samples, 1), end) for end in (self.low, self.high))
        return np.sort(np.hstack([next(ends), lower, *middle, upper, next(ends)]), axis=1)


def _between(rng, low, high, n, shape):
    """Values between two ends, spread evenly on the plain or the logarithmic scale."""
    n_samples = max(np.size(low), np.size(high))
    share = rng.uniform(0, 1, (n_samples, n))
    low, high = (np.broadcast_to(end, (n_samples, 1)) for end in (low, high))
    if shape == "log" and np.all(low > 0):
        return low * (high / low) ** share
    return low + (high - low) * share


def is_possible_mean(group, mean):
    """Whether a sample with this median and range can have this mean.

    Parameters
    ----------
    group : MedianRange
        The group.
    mean : float
        In its unit.

    Returns
    -------
    bool
    """
    low, high = group.mean_bounds()
    return bool(low - _NOISE <= mean <= high + _NOISE)
