"""A prediction against what happened, and against the best guess without it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from reanalysis.prediction_accuracy import prediction_accuracy

GOLDEN = pd.read_csv(Path(__file__).parent / "reference" / "classification" / "golden.csv")
GOLDEN = GOLDEN[GOLDEN["topic"] == "prediction"]


def table_of(text):
    counts = [[int(cell) for cell in row.split()] for row in text.split("/")]
    labels = list("abc"[: len(counts)])
    return pd.DataFrame(counts, index=labels, columns=labels)


@pytest.mark.parametrize("case", GOLDEN["case"].unique())
def test_accuracy_is_that_of_caret(case):
    # R caret 6.0.93, confusionMatrix()$overall; twelve digits are printed, uniroot gives fewer.
    golden = GOLDEN[GOLDEN["case"] == case].set_index("quantity")["value"]
    found = prediction_accuracy(table_of(case))
    ours = {
        "Accuracy": found.accuracy.estimate,
        "AccuracyLower": found.accuracy.conf_low,
        "AccuracyUpper": found.accuracy.conf_high,
        "AccuracyNull": found.no_information_rate,
        "AccuracyPValue": found.p_value,
        "Kappa": found.kappa.estimate,
    }
    assert set(ours) == set(golden.index)
    assert_allclose([ours[name] for name in golden.index], golden, rtol=1e-9)


def test_the_guess_that_always_names_the_commonest_is_no_better_than_itself():
    """Edge: a prediction that is the best guess gains nothing and loses nothing."""
    table = pd.DataFrame([[40, 25], [0, 0]], index=["one", "more"], columns=["one", "more"])
    found = prediction_accuracy(table)
    assert (found.gained, found.lost, found.gain.estimate) == (0, 0, 0)
    assert found.n_correct == found.n_guessed == 40
    assert found.accuracy.estimate == found.no_information_rate
    assert found.gain.p_value == 1
    assert found.balanced_accuracy == 0.5
    assert found.kappa.estimate == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=4, max_size=4), st.integers(1, 12))
def test_the_gain_is_the_difference_of_the_two_rates(cells, more):
    """Invariant: gained minus lost is what separates accuracy from the no-information rate."""
    table = pd.DataFrame(np.array(cells).reshape(2, 2), index=["a", "b"], columns=["a", "b"])
    table.loc["a", "a"] += more  # somebody is counted
    found = prediction_accuracy(table)
    rates = found.accuracy.estimate - found.no_information_rate
    assert_allclose((found.gained - found.lost) / found.n, rates, atol=1e-12)
    assert_allclose(found.gain.estimate, rates, atol=1e-12)
    assert found.n_correct - found.n_guessed == found.gained - found.lost


@pytest.mark.parametrize(
    ("counts", "columns", "message"),
    [
        ([[3, 1], [2, 4]], ["b", "a"], "same outcomes"),
        ([[3, -1], [2, 4]], ["a", "b"], "whole numbers"),
        ([[3, 1.5], [2, 4]], ["a", "b"], "whole numbers"),
    ],
)
def test_unfit_tables_are_refused(counts, columns, message):
    with pytest.raises(ValueError, match=message):
        prediction_accuracy(pd.DataFrame(counts, index=["a", "b"], columns=columns))
