"""Events and numbers at risk behind a printed survival: against all combinations."""

import itertools

import numpy as np
import pytest

from reanalysis.survival_factors import feasible_factors


def enumerated(n, low, high, d):
    return [
        numbers
        for numbers in itertools.combinations(range(n, 0, -1), d)
        if low <= np.prod([1 - 1 / k for k in numbers]) <= high
    ]


@pytest.mark.parametrize(("n", "printed"), [(20, "79.4"), (25, "81.3"), (16, "60"), (12, "50.0")])
def test_every_history_is_found(n, printed):
    half = 0.5 * 10.0 ** -len(printed.partition(".")[2])
    low, high = ((float(printed) + sign * half) / 100 for sign in (-1, 1))
    table = feasible_factors(n, printed).set_index("events")
    for d in range(1, 6):
        histories = enumerated(n, low - 1e-12, high + 1e-12, d)
        assert (d in table.index) == bool(histories)
        if histories:
            row = table.loc[d]
            assert row.histories == len(histories)
            assert row.at_risk_first_min == min(h[0] for h in histories)
            assert row.at_risk_first_max == max(h[0] for h in histories)
            assert row.at_risk_last_min == min(h[-1] for h in histories)
            assert row.at_risk_last_max == max(h[-1] for h in histories)
            assert row.example in histories


def test_two_recurrences_among_85():
    # 97.51 % of 85 (doi 10.4274/dir.2023.232381): one event would need 40.2 at risk, three take
    # at least 3/85; two factors round to it only early. By exhaustion, as above.
    table = feasible_factors(85, "97.51")
    assert table.events.tolist() == [2]
    assert table.histories.tolist() == [len(enumerated(85, 0.97505, 0.97515, 2))] == [4]
    assert table.at_risk_last_min.tolist() == [75]


def test_examples_of_many_events_are_exact_and_within_their_bounds():
    table = feasible_factors(88, "72.38")
    assert table.events.max() == int(88 * (1 - 0.72375))
    for row in table.itertuples():
        assert len(set(row.example)) == row.events
        assert 0.72375 <= np.prod([1 - 1 / k for k in row.example]) <= 0.72385
        assert row.at_risk_last_min <= row.example[-1] <= row.at_risk_last_max
        assert row.example[0] <= 88


def test_edges():
    assert feasible_factors(40, "100").events.tolist()[0] == 0
    assert feasible_factors(30, "97.51").empty
    same = feasible_factors(85, 0.9751, decimals=4)
    assert same.equals(feasible_factors(85, "97.51"))
    assert feasible_factors(85, "0.9751", unit="proportion").equals(same)
    assert feasible_factors(40, "97.5", min_at_risk=40).example.tolist() == [(40,)]
    with pytest.raises(ValueError, match="above 0"):
        feasible_factors(10, "0")
    with pytest.raises(ValueError, match="as printed"):
        feasible_factors(10, 0.9)
    with pytest.raises(ValueError, match="min_at_risk"):
        feasible_factors(10, "90", min_at_risk=11)
