"""Constructed patients have every printed number, or there are none."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from reanalysis.consistency.ratio_summaries import PrintedChange
from reanalysis.ratio_samples import (
    LEAST_BRIGHTER,
    meets_print,
    sample_with_summaries,
    share_before,
)


def summaries(mean, minimum, maximum):
    return {"mean": mean, "minimum": minimum, "maximum": maximum}


@pytest.fixture(scope="module")
def printed():
    """Table of doi 10.4274/dir.2023.232447, Results: nine patients."""
    liver = PrintedChange(
        summaries("405", "129", "891"),
        summaries("736", "175", "1693"),
        summaries("0.78", "0.35", "1.6"),
        9,
    )
    spared = PrintedChange(
        summaries("481", "130", "1277"),
        summaries("1112", "203", "2834"),
        summaries("1.11", "0.45", "1.9"),
        9,
    )
    return {"liver": liver, "spared": spared}


@pytest.mark.parametrize("n_equal", [2, 3])
def test_constructed_patients_have_every_printed_number(printed, n_equal):
    found = sample_with_summaries(**printed, n_equal=n_equal, seed=5)
    assert meets_print(found, printed).all()
    assert len(meets_print(found, printed)) == 18
    ratio = found["spared"] / found["liver"]
    alike = ratio["before"].between(1 / LEAST_BRIGHTER, LEAST_BRIGHTER, inclusive="neither")
    assert alike.sum() == n_equal
    assert (ratio["after"] > 1).all()
    changes = found["liver"]["after"] / found["liver"]["before"] - 1
    assert_allclose(found["liver"]["change"], changes)
    assert 0 < share_before(found) < 1


def test_a_changed_signal_is_seen(printed):
    found = sample_with_summaries(**printed, n_equal=2, seed=5)
    found.loc[4, ("liver", "before")] += 9
    met = meets_print(found, printed)
    assert not met["liver", "before", "mean"]
    assert met["spared"].all()


def test_the_seed_decides(printed):
    first, again, other = (sample_with_summaries(**printed, n_equal=2, seed=s) for s in (1, 1, 2))
    assert first.equals(again)
    assert not np.allclose(first, other)


def test_what_cannot_be_is_not_found(printed):
    """No patient reaches the largest signal after without a larger change than the largest."""
    liver = printed["liver"]
    after = liver.after | {"maximum": "9000"}
    impossible = PrintedChange(liver.before, after, liver.change, 9)
    with pytest.raises(ValueError, match="no set of 9 patients"):
        sample_with_summaries(impossible, printed["spared"], n_equal=2, seed=1)
    with pytest.raises(ValueError, match="n_equal"):
        sample_with_summaries(**printed, n_equal=9, seed=1)
