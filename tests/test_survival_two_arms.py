"""What is computed over an ensemble: the same as lifelines computes from each member."""

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import restricted_mean_survival_time
from numpy.testing import assert_allclose

from reanalysis.survival_ensemble import ensemble_range
from reanalysis.survival_printed import InfeasibleConstraintsError
from reanalysis.survival_reconstruction import reconstruct_from_summaries
from reanalysis.survival_sensitivity import compare_under
from reanalysis.survival_two_arms import pair_arms


@pytest.fixture(scope="module")
def arms():
    return (
        reconstruct_from_summaries(60, {1: "93.2", 3: "88.1"}, "2.1", n_members=60, seed=1),
        reconstruct_from_summaries(70, {1: "85.4", 3: "70.3"}, "2.6", n_members=60, seed=2),
    )


def test_every_statistic_is_that_of_lifelines(arms):
    pair = pair_arms(*arms, n_members=6, seed=3)
    p, ratio, gap = pair.log_rank_p, pair.hazard_ratio, pair.rmst_difference(3.0)
    at = np.array([0.0, 0.5, 1.0, 2.2, 3.0])
    for i in range(len(pair)):
        first, second = pair.first.member(i), pair.second.member(i)
        test = logrank_test(first.time, second.time, first.event, second.event)
        assert_allclose(p[i], test.p_value, rtol=1e-9)
        both = pd.concat([first.assign(arm=1), second.assign(arm=0)]).astype(float)
        cox = CoxPHFitter().fit(both, "time", "event", fit_options={"precision": 1e-10})
        # lifelines stops its Newton steps a little earlier.
        assert_allclose(ratio[i], cox.hazard_ratios_.iloc[0], rtol=1e-4)
        curves = [KaplanMeierFitter().fit(frame.time, frame.event) for frame in (first, second)]
        means = [restricted_mean_survival_time(curve, t=3.0) for curve in curves]
        assert_allclose(gap[i], means[0] - means[1], atol=1e-9)
        survival = curves[0].survival_function_at_times(at)
        assert_allclose(pair.first.survival(at)[i], survival, atol=1e-12)
        at_risk = [(first.time >= time).sum() for time in at]
        assert pair.first.at_risk(at)[i].tolist() == at_risk


def test_arms_without_events_have_ratios_of_zero_or_infinity(arms):
    first = reconstruct_from_summaries(20, {2: "100"}, events=0, n_members=5, seed=1)
    pair = pair_arms(first, arms[1], n_members=5)
    assert np.all(pair.hazard_ratio == 0)
    assert np.all(pair_arms(arms[1], first, n_members=5).hazard_ratio == np.inf)
    assert np.isnan(pair_arms(first, first).hazard_ratio).all()
    assert np.all(pair_arms(first, first).log_rank_p == 1)


def test_ranges_are_of_members_and_in_order(arms):
    pair = pair_arms(*arms, names=("new", "old"))
    table = pair.ranges(horizon=3, at=(1, 3)).set_index("quantity")
    order = ["lowest", "conf_low", "estimate", "conf_high", "highest"]
    assert (np.diff(table[order].to_numpy(), axis=1) >= 0).all()
    assert table.loc["log-rank P", "estimate"] in pair.log_rank_p
    # Printed survival: 88.1 − 70.3, each to one decimal.
    assert_allclose(table.loc["survival at 3, difference", order], 0.178, atol=0.0011)
    band = pair.first.survival_band([3.0])
    assert_allclose(band[["conf_low", "conf_high"]], 0.881, atol=0.0006)
    assert ensemble_range([1.0, np.inf, np.inf]).tolist() == [np.inf, 1.0, np.inf, 1.0, np.inf]


def test_pairs_are_as_printed_of_both_arms(arms):
    pair = pair_arms(*arms, events=(20, 22), n_members=30, seed=1)
    total = pair.first.n_events + pair.second.n_events
    assert set(total) <= {20, 21, 22}
    assert pair.pairs_tried == 60 * 60
    assert 0 < pair.acceptance < 1
    middle = f"{np.median(pair_arms(*arms).log_rank_p):.2f}"
    pair = pair_arms(*arms, p_value=middle, n_members=30, seed=1)
    assert {f"{p:.2f}" for p in pair.log_rank_p} == {middle}
    assert pair.p_value_places(middle) == {
        "share_below": 0.0, "share_equal": 1.0, "inside_range": True,
    }  # fmt: skip
    assert not pair.p_value_places("<0.0001")["inside_range"]
    assert pair_arms(*arms).p_value_places("0.99")["share_below"] == 1


def test_what_no_pair_satisfies_is_named(arms):
    with pytest.raises(InfeasibleConstraintsError, match=r"log-rank P = 0\.99999") as error:
        pair_arms(*arms, p_value="0.99999")
    assert error.value.conflict[-1].startswith("log-rank P = 0.99999")
    with pytest.raises(InfeasibleConstraintsError, match="events of both arms = 3"):
        pair_arms(*arms, events=3)


def test_sensitivity_has_a_block_per_setting():
    table = compare_under(
        {"as assumed": {}, "reverse": {"follow_up_definition": "reverse_kaplan_meier"},
         "impossible": {"at_risk": {1: (0, 1), 3: (50, 60)}}},
        {"n": 60, "survival_at": {3: "88.1"}, "follow_up_median": "2.1"},
        {"n": 70, "survival_at": {3: "70.3"}, "follow_up_median": "2.6"},
        horizon=3, n_members=15,
    )  # fmt: skip
    rows = table.groupby("setting").quantity.agg(list)
    assert rows["impossible"] == ["no data set fits"]
    assert rows["as assumed"] == rows["reverse"]
    assert "log-rank P" in rows["reverse"]
