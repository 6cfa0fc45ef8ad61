"""Ensembles from printed rates: exactly as printed, and distributed as the assumptions say."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from reanalysis import survival_assumptions, survival_reconstruction
from reanalysis.survival_assumptions import (
    CENSORING_FAMILIES,
    EVENT_FREE,
    FLEXIBLE,
    FOLLOW_UP_DEFINITIONS,
    OBSERVED,
    REVERSE_KAPLAN_MEIER,
    UNIFORM_ACCRUAL,
    SurvivalAssumptions,
    draw_scenarios,
)
from reanalysis.survival_order import (
    draw_times,
    median_follow_up,
)
from reanalysis.survival_printed import InfeasibleConstraintsError, PrintedCurve
from reanalysis.survival_reconstruction import reconstruct_from_summaries

# As printed in doi 10.4274/dir.2023.232381, Figures 2–4: n, survival in % by year, median.
PRINTED = {
    "local control, marked": (85, {3: "97.51", 5: "97.51"}, "2.01"),
    "local control, unmarked": (88, {3: "82.00", 5: "72.38"}, "3.12"),
    "overall survival, unmarked": (88, {3: "96.08", 5: "86.82"}, "4.60"),
}


@pytest.mark.parametrize(
    ("name", "definition"), list(zip(PRINTED, FOLLOW_UP_DEFINITIONS, strict=True))
)
def test_every_member_is_as_printed_to_the_last_digit(name, definition):
    arm = reconstruct_from_summaries(
        *PRINTED[name], follow_up_definition=definition, n_members=25, seed=1
    )
    assert len(arm) == 25
    assert all(map(arm.printed.satisfied_by, arm.time, arm.event))
    # At least one patient is followed to the last printed time.
    assert arm.time.max(axis=1).min() >= 5


def test_the_same_seed_gives_the_same_patients():
    first, again, other = (
        reconstruct_from_summaries(*PRINTED["local control, marked"], n_members=10, seed=seed)
        for seed in (4, 4, 5)
    )
    assert np.array_equal(first.time, again.time)
    assert np.array_equal(first.event, again.event)
    assert not np.array_equal(first.time, other.time)


def weighted(values, weight):
    return np.sum(values * weight) / weight.sum()


@pytest.mark.parametrize(
    ("n", "survival", "median", "definition"),
    [
        *((n, {1: "0.8", 2: "0.6"}, "1.5", d) for n in (12, 13) for d in FOLLOW_UP_DEFINITIONS),
        (40, {1: "0.4"}, None, OBSERVED),
    ],
)
def test_sampling_agrees_with_plain_rejection(n, survival, median, definition):
    # The same assumptions, without any cleverness: draw, and keep what prints like this.
    printed = PrintedCurve.of(
        n, survival, median, unit="proportion", follow_up_std_error=None,
        follow_up_definition=definition, events=None, at_risk=None,
    )  # fmt: skip
    assumptions, rng = SurvivalAssumptions(), np.random.default_rng(11)
    kept = []
    for _ in range(6):
        scenarios = draw_scenarios(
            assumptions, n, printed.times, printed.survival,
            median=printed.median, n_scenarios=40_000, rng=rng,
        )  # fmt: skip
        time = draw_times(scenarios, n, rng)
        by_event = scenarios.by_event[np.arange(len(time))[:, None], scenarios.cell(time)]
        event = rng.random(time.shape) < by_event
        curve = np.cumprod(np.where(event, 1 - 1 / np.arange(n, 0, -1), 1), axis=1)
        good = printed.times_fit(time)
        for when, (low, high) in zip(printed.times, printed.survival_windows, strict=True):
            gone = (time <= when).sum(axis=1)
            level = np.where(gone > 0, curve[np.arange(len(time)), gone - 1], 1.0)
            good &= (level >= low) & (level <= high)
        if median:
            middle = median_follow_up(time, event, definition)
            good &= (middle >= printed.median_window[0]) & (middle <= printed.median_window[1])
        weight = np.exp(scenarios.log_weight[good])
        kept.append(
            np.column_stack(
                [
                    weight,
                    event[good].sum(axis=1),
                    (time[good] >= 1).sum(axis=1),
                    (time[good] >= 2).sum(axis=1),
                    time[good].mean(axis=1),
                    time[good][:, 0],
                ]
            )
        )
    weight, *columns = np.concatenate(kept).T
    effective = weight.sum() ** 2 / (weight**2).sum()
    assert effective > 60
    arm = reconstruct_from_summaries(
        n, survival, median, unit="proportion", follow_up_definition=definition,
        n_members=600, seed=2,
    )  # fmt: skip
    ours = [arm.n_events, arm.at_risk([1])[:, 0], arm.at_risk([2])[:, 0],
            arm.time.mean(axis=1), arm.time[:, 0]]  # fmt: skip
    for column, values in zip(columns, ours, strict=True):
        plain = weighted(column, weight)
        spread = np.sqrt(weighted((column - plain) ** 2, weight))
        noise = spread * np.sqrt(1 / effective + 1 / arm.diagnostics.effective_size)
        assert abs(values.mean() - plain) <= 4 * noise


def test_proposals_are_divided_out(monkeypatch):
    # Far worse proposals cost effective size, but must not move the ensemble.
    def means(seed):
        arm = reconstruct_from_summaries(
            40, {1: "0.4", 2: "0.3"}, "0.9", unit="proportion", n_members=1200, seed=seed
        )
        assert arm.diagnostics.effective_size > 150
        values = [arm.n_events, arm.at_risk([1])[:, 0], arm.at_risk([2])[:, 0], arm.time[:, -1]]
        return np.array([[v.mean(), v.std() / arm.diagnostics.effective_size**0.5] for v in values])

    good = means(1)
    monkeypatch.setattr(survival_reconstruction, "_WIDER_LIKELY", 8.0)
    monkeypatch.setattr(survival_assumptions, "_TEMPER", 0.4)
    poor = means(2)
    assert np.all(np.abs(good[:, 0] - poor[:, 0]) < 3 * np.hypot(good[:, 1], poor[:, 1]))


def test_events_numbers_at_risk_and_standard_error_are_kept():
    arm = reconstruct_from_summaries(
        60, {2: "81.3"}, "2.2", follow_up_std_error="0.15", events=(10, 12),
        at_risk={1: (48, 52), 2: 33}, n_members=30, seed=1,
    )  # fmt: skip
    assert all(map(arm.printed.satisfied_by, arm.time, arm.event))
    assert set(arm.n_events) <= {10, 11, 12}
    assert np.all(arm.at_risk([2]) == 33)
    assert arm.diagnostics.acceptance < 1
    assert_allclose(arm.time.std(axis=1, ddof=1) / np.sqrt(60), 0.15, atol=0.005 + 1e-9)


def test_without_a_median_follow_up_is_free():
    arm = reconstruct_from_summaries(50, {2: "0.80"}, unit="proportion", n_members=50, seed=1)
    assert_allclose(arm.survival([2]), 0.8, atol=0.005 + 1e-9)
    medians = median_follow_up(arm.time, arm.event, OBSERVED)
    assert np.ptp(medians) > 0.5


def test_assumptions_are_kept_and_reported():
    assumptions = SurvivalAssumptions(
        censoring=(UNIFORM_ACCRUAL,), longest_follow_up=(6, 6.5), shortest_follow_up=(1, 1.2)
    )
    arm = reconstruct_from_summaries(80, {3: "82.5"}, assumptions=assumptions, n_members=50, seed=1)
    assert arm.time.max() <= 6.5
    censored = arm.time[~arm.event]
    # Courses of follow-up are known to within one cell of a grid of about a hundred.
    assert censored.min() >= 1 - 6.5 / 90
    assert arm.diagnostics.share_by_family == pytest.approx({UNIFORM_ACCRUAL: 1.0})
    table = reconstruct_from_summaries(80, {3: "82.5"}, n_members=90, seed=1).by_assumption([2, 3])
    assert set(table.censoring) <= set(CENSORING_FAMILIES)
    assert_allclose(table.drop_duplicates("censoring").weight.sum(), 1, atol=0.05)
    with pytest.raises(ValueError, match="expected censoring out of"):
        SurvivalAssumptions(censoring=("none",))
    with pytest.raises(ValueError, match="from low to high"):
        SurvivalAssumptions(longest_follow_up=(3, 2))
    with pytest.raises(ValueError, match="variation"):
        SurvivalAssumptions(hazard_variation=-1)


@pytest.mark.parametrize(
    ("n", "survival", "more", "conflict"),
    [
        # 2.49 % of 30 is less than one patient, so nobody can have had an event.
        (30, {3: "97.51"}, {}, ("survival at 3",)),
        (85, {3: "97.51", 5: "98.00"}, {}, ("survival at 3", "survival at 5")),
        (85, {3: "97.51", 5: "97.51"}, {"events": 1}, ("survival at 3", "events")),
        (85, {3: "97.51"}, {"at_risk": {3: 84}}, ("survival at 3", "at risk at 3")),
        (40, {3: "90.0"}, {"at_risk": {1: 20, 2: 25}}, ("at risk at 1", "at risk at 2")),
    ],
)
def test_the_smallest_conflict_is_named(n, survival, more, conflict):
    with pytest.raises(InfeasibleConstraintsError, match="no data set can satisfy") as error:
        reconstruct_from_summaries(n, survival, "2.01", seed=1, **more)
    assert error.value.conflict == conflict


def test_a_conflict_with_the_assumptions_is_told_from_one_of_arithmetic():
    # Everybody is followed for three years at least, so the median cannot be 2.01 — unless half
    # the patients have had an event by then.
    assumptions = SurvivalAssumptions(
        (UNIFORM_ACCRUAL,), longest_follow_up=(6, 6), shortest_follow_up=(3, 3)
    )
    with pytest.raises(InfeasibleConstraintsError, match="under the assumptions made") as error:
        reconstruct_from_summaries(85, {5: "90.0"}, "2.01", assumptions=assumptions, seed=1)
    assert "follow-up median" in error.value.conflict


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((1, {3: "90"}), "two patients"),
        ((20, {}), "after 0"),
        ((20, {0: "100"}), "after 0"),
        ((20, {3: ">90"}), "plain number"),
        ((20, {3: "high"}), "plain number"),
        ((20, {3: "90"}, "about 2"), "plain number"),
    ],
)
def test_arguments_are_checked(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        reconstruct_from_summaries(*arguments, seed=1)


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ({"unit": "percent"}, "expected a unit"),
        ({"follow_up_definition": "mean"}, "expected a definition"),
        ({"events": 2.5}, "whole number"),
        ({"events": (3, 2)}, "whole number"),
    ],
)
def test_options_are_checked(option, complaint):
    with pytest.raises(ValueError, match=complaint):
        reconstruct_from_summaries(20, {3: "90"}, seed=1, **option)


def test_three_medians_of_one_follow_up():
    # Schemper, Smith 1996: the definitions differ as soon as there are early events.
    time = np.arange(1.0, 8.0)
    event = np.array([True, True, True, False, False, False, False])
    found = [median_follow_up(time, event, name) for name in FOLLOW_UP_DEFINITIONS]
    assert_allclose(found, [4.0, 5.0, 5.5])
    assert median_follow_up(time, ~event, EVENT_FREE) == 2.0
    assert np.isnan(median_follow_up(time, np.ones(7, bool), REVERSE_KAPLAN_MEIER))


def test_flexible_censoring_reaches_what_even_accrual_cannot():
    # A median of 2.01 years with somebody still followed at five: even accrual from one day to
    # another would put the last patients' follow-up below zero.
    arm = reconstruct_from_summaries(*PRINTED["local control, marked"], n_members=20, seed=3)
    share = arm.diagnostics.share_by_family
    assert share[UNIFORM_ACCRUAL] < 0.05 < share[FLEXIBLE]
