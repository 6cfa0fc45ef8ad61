"""Bounds of means and extremes of a change, against every small data set there is."""

from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from reanalysis.consistency.ratio_summaries import (
    PrintedChange,
    extreme_bounds,
    implied_correlation,
    mean_bounds,
    ratio_of_means,
)


def summaries(values, decimals=0):
    numbers = {"mean": np.mean(values), "minimum": np.min(values), "maximum": np.max(values)}
    return {name: f"{number:.{decimals}f}" for name, number in numbers.items()}


def printed_of(before, after, decimals=2):
    before, after = np.array(before, float), np.array(after, float)
    parts = summaries(before, 1), summaries(after, 1), summaries(after / before - 1, decimals)
    return PrintedChange(*parts, n=len(before))


def every_data_set(n=3):
    """All sets of n pairs of whole numbers on a small grid."""
    pairs = list(product((2, 3, 5), (3, 6)))
    return combinations_with_replacement(pairs, n)


def test_every_data_set_lies_within_its_own_bounds():
    """Exhaustive enumeration: 56 sets, and what each would print."""
    tried = 0
    for pairs in every_data_set():
        before, after = np.transpose(pairs)
        printed = printed_of(before, after)
        truth = {"before": before, "after": after, "change": after / before - 1}
        extremes, means = extreme_bounds(printed), mean_bounds(printed)
        for name, values in truth.items():
            low, high = means.loc[name]
            assert low - 1e-4 <= values.mean() <= high + 1e-4, (pairs, name)
            for statistic, value in (("minimum", values.min()), ("maximum", values.max())):
                low, high = extremes.loc[(name, statistic)]
                assert low - 1e-9 <= value <= high + 1e-9, (pairs, name, statistic)
        tried += 1
    assert tried == 56  # (6 + 2 choose 3)


def test_bounds_exclude_what_no_data_set_has():
    """A mean change printed far from what signals that double can have is excluded."""
    same = {"mean": "10", "minimum": "5", "maximum": "15"}
    twice = {"mean": "20", "minimum": "10", "maximum": "30"}
    change = {"mean": "1.0", "minimum": "0.9", "maximum": "1.1"}
    low, high = mean_bounds(PrintedChange(same, twice, change, 5)).loc["change"]
    assert 0.85 <= low <= 1.0 <= high <= 1.15
    impossible = PrintedChange(same, twice | {"mean": "28"}, change, 5)
    assert mean_bounds(impossible).loc["change"].isna().all()


def test_more_patients_never_narrow_the_bounds():
    """One patient at each extreme binds less the more patients there are."""
    printed = printed_of([129, 300, 405, 891], [175, 500, 800, 1693])
    widths = []
    for n in (4, 8, 16):
        parts = printed.before, printed.after, printed.change
        bounds = mean_bounds(PrintedChange(*parts, n=n))
        widths.append(bounds["high"] - bounds["low"])
    assert (widths[1] >= widths[0] - 1e-9).all()
    assert (widths[2] >= widths[1] - 1e-9).all()


def test_covariance_is_that_of_the_patients():
    """The identity behind the implied correlation, on made-up patients with printed digits."""
    rng = np.random.default_rng(4)
    before = rng.uniform(100, 900, 40)
    change = 0.3 + before / 1000 + rng.uniform(-0.1, 0.1, 40)
    after = before * (1 + change)
    parts = [summaries(values, 6) for values in (before, after, change)]
    covariance, low = implied_correlation(PrintedChange(*parts, n=40))
    assert covariance == pytest.approx(np.cov(before, change, ddof=0)[0, 1], rel=1e-3)
    assert 0 < low <= np.corrcoef(before, change)[0, 1]


def test_equal_changes_imply_no_correlation():
    printed = printed_of([100, 200, 300], [150, 300, 450])
    assert ratio_of_means(printed)[1] == pytest.approx(0.5)
    assert implied_correlation(printed)[1] == 0


def test_incomplete_summaries_are_refused():
    whole = {"mean": "2", "minimum": "1", "maximum": "3"}
    with pytest.raises(ValueError, match="missing"):
        PrintedChange(whole, {"mean": "2"}, whole, 4)
    with pytest.raises(ValueError, match="minimum above maximum"):
        PrintedChange(whole, whole | {"minimum": "9"}, whole, 4)
    with pytest.raises(ValueError, match="n of at least 2"):
        PrintedChange(whole, whole, whole, 1)
