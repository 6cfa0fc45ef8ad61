"""What a level end of a reconstructed curve rests on."""

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from numpy.testing import assert_allclose

from reanalysis.plateau import describe_plateau
from reanalysis.survival_reconstruction import reconstruct_from_summaries


@pytest.fixture(scope="module")
def ensemble():
    return reconstruct_from_summaries(85, {3: "97.51", 5: "97.51"}, "2.01", n_members=20, seed=3)


def test_one_more_event_does_what_lifelines_says(ensemble):
    """Add the event to the typical member, just before the end, and fit again."""
    plateau = describe_plateau(ensemble, 5)
    time, event = plateau.typical["time"].to_numpy(), plateau.typical["event"].to_numpy().copy()
    left = int((time >= 5).sum())
    next_out = np.flatnonzero(time >= 5)[0]
    time = time.copy()
    time[next_out], event[next_out] = 4.999, True
    after = KaplanMeierFitter().fit(time, event).predict(5)
    assert_allclose(after, plateau.survival * (1 - 1 / left), rtol=1e-3)
    assert plateau.one_more[1] <= after <= plateau.one_more[2] + 1e-9


def test_few_begins_where_the_number_at_risk_falls_below(ensemble):
    """For every member, hence for the typical one."""
    plateau = describe_plateau(ensemble, 5, few=10)
    falls = np.array([np.sort(row)[-10] for row in ensemble.time])
    assert plateau.few_from[1] == falls.min() or plateau.few_from[1] in falls
    for row, moment in zip(ensemble.time, falls, strict=True):
        assert (row >= moment).sum() == 10
        assert (row > moment).sum() == 9


def test_the_typical_member_is_the_middle_one(ensemble):
    """As many members have fewer at risk at the end as have more."""
    at_risk = np.sort(ensemble.at_risk([5])[:, 0])
    left = (describe_plateau(ensemble, 5).typical["time"] >= 5).sum()
    assert left == at_risk[(len(at_risk) - 1) // 2]


def test_an_end_that_nobody_reaches_is_refused(ensemble):
    """Errors say what was expected."""
    with pytest.raises(ValueError, match="somebody at risk"):
        describe_plateau(ensemble, 1000)
