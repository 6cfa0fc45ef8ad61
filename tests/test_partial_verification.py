"""Sensitivity and specificity when not everybody was verified."""

import itertools
from pathlib import Path

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reanalysis.diagnostic_accuracy import TwoByTwo
from reanalysis.partial_verification import correct_for_verification

GOLDEN = pd.read_csv(Path(__file__).parent / "reference" / "classification" / "golden.csv")
GOLDEN = GOLDEN[GOLDEN["topic"] == "verification"]
NAMES = ("tp", "fp", "fn", "tn", "unverified_positive", "unverified_negative")


@pytest.mark.parametrize("case", GOLDEN["case"].unique())
def test_corrected_accuracy_is_the_maximum_of_the_likelihood(case):
    # R 4.2.2, optim() of the likelihood of all six cells: its optimum has about seven digits.
    counts = dict(zip(NAMES, map(int, case.split()), strict=True))
    found = correct_for_verification(**counts)
    golden = GOLDEN[GOLDEN["case"] == case].set_index("quantity")["value"]
    for measure in ("sensitivity", "specificity"):
        ours = getattr(found, measure)
        theirs = [golden[f"{measure}.{end}"] for end in ("estimate", "low", "high")]
        assert_allclose([ours.estimate, ours.conf_low, ours.conf_high], theirs, atol=2e-6)


def test_with_everybody_verified_nothing_is_corrected():
    """Invariant: then it is the plain table, and the range is a point."""
    counts = {"tp": 23, "fp": 3, "fn": 18, "tn": 60}
    found = correct_for_verification(**counts, unverified_positive=0, unverified_negative=0)
    plain = TwoByTwo(**counts)
    for measure in ("sensitivity", "specificity"):
        assert_allclose(getattr(found, measure).estimate, getattr(plain, measure).estimate)
        assert_allclose(getattr(found, f"{measure}_range"), getattr(plain, measure).estimate)
    assert_allclose(found.prevalence, plain.prevalence.estimate)
    assert_allclose(found.accuracy, plain.accuracy.estimate)


def test_the_range_holds_every_outcome_of_the_unverified():
    """Exhaustive: all ways in which those not verified can turn out; both ends are reached."""
    counts = {"tp": 4, "fp": 2, "fn": 1, "tn": 3}
    found = correct_for_verification(**counts, unverified_positive=3, unverified_negative=2)
    seen = [
        (4 + a) / (4 + a + 1 + b) for a, b in itertools.product(range(4), range(3))
    ]  # a of 3 positives and b of 2 negatives are diseased
    assert_allclose(found.sensitivity_range, [min(seen), max(seen)])
    seen = [(3 + 2 - b) / (3 + 2 - b + 2 + 3 - a) for a, b in itertools.product(range(4), range(3))]
    assert_allclose(found.specificity_range, [min(seen), max(seen)])


def test_an_empty_cell_leaves_the_interval_open():
    """Edge: nobody missed among the verified."""
    found = correct_for_verification(
        tp=9, fp=2, fn=0, tn=7, unverified_positive=1, unverified_negative=5
    )
    assert (found.sensitivity.conf_low, found.sensitivity.conf_high) == (0, 1)
    assert found.sensitivity.estimate == 1
    assert found.sensitivity_range == (9 / 14, 1.0)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"tp": -1}, "tp must be"),
        ({"fn": 0, "tn": 0}, "either result"),
        ({"fp": 1.5}, "fp must be"),
    ],
)
def test_unfit_counts_are_refused(changed, message):
    counts = dict(zip(NAMES, (4, 2, 1, 3, 5, 6), strict=True)) | changed
    with pytest.raises(ValueError, match=message):
        correct_for_verification(**counts)
