"""What few patients can show: against R, enumeration and simulation."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from reanalysis import small_marker_study as small
from reanalysis.power_of_proportions import power_unpaired
from reanalysis.survival_from_one_point import curve_summaries, weibull_survival


def test_every_share_is_exact():
    # R 4.2.2: binom.test(0, 20), binom.test(5, 20), binom.test(10, 20), $conf.int.
    table = small.every_share(20)
    assert_allclose(table.loc[0, ["conf_low", "conf_high"]].tolist(), [0, 0.1684335], atol=1e-7)
    wanted = [0.08657147, 0.49104587]
    assert_allclose(table.loc[5, ["conf_low", "conf_high"]].tolist(), wanted, atol=1e-7)
    wanted = [0.2719578, 0.7280422]
    assert_allclose(table.loc[10, ["conf_low", "conf_high"]].tolist(), wanted, atol=1e-7)
    mirrored = 1 - table["conf_high"][::-1].to_numpy()
    assert_allclose(table["conf_low"], mirrored, atol=1e-12)


def test_detectable_effects_are_those_of_r():
    # R 4.2.2: power.t.test(n = 20, power = 0.8, type = "paired", strict = TRUE)$delta and
    # power.t.test(n = 10, power = 0.8, strict = TRUE)$delta (reference/small_marker_study).
    assert_allclose(small.detectable_change(20), 0.6604413, atol=1e-4)
    table = small.detectable_by_split(20).set_index("responders")
    assert_allclose(table.at[10, "effect"], 1.324947, atol=1e-4)
    assert table["effect"].idxmin() == 10
    assert_allclose(table["effect"], table["effect"][::-1], rtol=1e-6)


@pytest.mark.parametrize(("k", "m"), [(3, 17), (5, 15), (10, 10)])
def test_smallest_significant_area_is_that_of_the_rank_test(k, m):
    """One pair of patients fewer in order, and scipy's exact test is not significant."""
    least = small.smallest_significant_area(k, m)
    for pairs, significant in ((round(least * k * m), True), (round(least * k * m) - 1, False)):
        first, second = scores_with(pairs, k, m)
        p_value = stats.mannwhitneyu(first, second, method="exact").pvalue
        assert bool(p_value <= 0.05) == significant


def scores_with(pairs, k, m):
    """Scores of k and m patients of which so many pairs are in order."""
    second = np.arange(m, dtype=float)
    each = [min(m, max(0, pairs - i * m)) for i in range(k)]
    return np.array(each) - 0.5 + np.arange(k) * 1e-6, second


def test_nothing_is_significant_with_a_single_responder():
    assert np.isnan(small.smallest_significant_area(1, 19))


def test_chance_finding_is_that_of_a_simulation():
    # 4000 studies: a share of 0.27 has a simulation error of 0.007.
    rng = np.random.default_rng(6)
    scores = rng.standard_normal((4000, 20, 7)).argsort(axis=1).argsort(axis=1)
    areas = (scores[:, :10].sum(axis=1) - 45) / 100
    least = small.smallest_significant_area(10, 10)
    found = ((areas >= least - 1e-9) | (areas <= 1 - least + 1e-9)).any(axis=1).mean()
    assert_allclose(small.chance_of_a_finding(7, 10, 10), found, atol=0.025)
    assert small.chance_of_a_finding(1, 10, 10) < 0.05


def test_detectable_rate_is_the_first_with_enough_power():
    rate = small.detectable_response_rate(0.2, 10, 10)
    assert power_unpaired(0.2, rate, 10, 10) >= 0.8 > power_unpaired(0.2, rate - 0.01, 10, 10)
    assert np.isnan(small.detectable_response_rate(0.6, 10, 10))


def test_area_intervals_contain_their_area_and_stay_inside():
    table = small.area_intervals(20, (0.6, 0.95))
    assert len(table) == 2 * 19
    assert ((table["conf_low"] < table["auc"]) & (table["auc"] < table["conf_high"])).all()
    assert table[["conf_low", "conf_high"]].stack().between(0, 1).all()
    assert_allclose(table["width"], table["conf_high"] - table["conf_low"])


def test_curves_go_through_the_point():
    """Exponential by hand; every shape meets the point; the median halves."""
    assert_allclose(weibull_survival(1, time=5, survival=0.25), 0.25**0.2)
    table = curve_summaries([(5, 0.2), (5, 0.3)], (0.6, 1.0, 1.6), at=(1, 5))
    assert_allclose(table["at_5"], table["survival"])
    for row in table.itertuples():
        curve = {"time": row.time, "survival": row.survival, "shape": row.shape}
        assert_allclose(weibull_survival(row.median, **curve), 0.5)
        at = np.linspace(0, 400, 400_001)
        assert_allclose(np.trapezoid(weibull_survival(at, **curve), at), row.mean, rtol=1e-3)
        near = weibull_survival([5, 5.0001], **curve)
        assert_allclose(-np.diff(np.log(near)) / 1e-4, row.yearly_hazard_last, rtol=1e-3)
    with pytest.raises(ValueError, match="survival between 0 and 1"):
        weibull_survival(1, time=5, survival=1.0)
