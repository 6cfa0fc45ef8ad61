"""Net benefit against R, a printed table, and what follows from its definition."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reanalysis.diagnostic_accuracy import TwoByTwo
from reanalysis.net_benefit import (
    decision_curves,
    net_benefit,
    net_benefit_difference,
    useful_range,
)
from reanalysis.paired_accuracy import PairedAccuracy, PairedCounts

GOLDEN = pd.read_csv(Path(__file__).parent / "reference" / "paired" / "net_benefit.csv")
TABLE = TwoByTwo(tp=18, fp=6, fn=2, tn=74)
# Table 4 of PMC6993280: acting on all patients at a prevalence of 0.3, by threshold in %.
PRINTED = {3: 0.278, 5: 0.263, 8: 0.239, 10: 0.222, 20: 0.125, 30: 0.000, 50: -0.400, 90: -6.000}


def test_curves_are_those_of_one_row_per_patient():
    """tests/reference/paired/reference.R, R 4.2.2: counted patient by patient."""
    curves = decision_curves({"test": TABLE}, GOLDEN["threshold"])
    found = curves.pivot(index="threshold", columns="test", values="net_benefit")
    # Twelve printed digits.
    assert_allclose(found["test"], GOLDEN["test"], atol=1e-11)
    assert_allclose(found["everybody"], GOLDEN["everybody"], atol=1e-11)
    assert (found["nobody"] == 0).all()


def test_acting_on_everybody_is_as_printed():
    """A published decision analysis, three decimals."""
    thresholds = np.array(list(PRINTED)) / 100
    found = net_benefit(sensitivity=1, specificity=0, prevalence=0.3, threshold=thresholds)
    assert_allclose(found, list(PRINTED.values()), atol=5.01e-4)


def test_a_test_is_useful_between_its_two_posterior_probabilities():
    """At the ends of the range the curve meets the two strategies without a test."""
    found = useful_range(TABLE)
    curves = decision_curves({"test": TABLE}, [found.low, found.high])
    at = curves.pivot(index="test", columns="threshold", values="net_benefit")
    assert_allclose(at.loc["test"].iloc[0], at.loc["everybody"].iloc[0], atol=1e-12)
    assert_allclose(at.loc["test"].iloc[1], 0, atol=1e-12)
    assert_allclose([found.low, found.high], [2 / 76, 18 / 24])
    assert useful_range(TwoByTwo(tp=3, fp=0, fn=1, tn=4)).high == 1


def test_the_gain_of_the_second_test_is_the_difference_of_the_curves():
    """By pairs or by margins: the same estimate; the pairing narrows the interval."""
    diseased = PairedCounts(both=59, first_only=1, second_only=16, neither=6)
    healthy = PairedCounts(both=11, first_only=22, second_only=4, neither=16)
    pair = PairedAccuracy(diseased=diseased, healthy=healthy)
    curves = decision_curves({"a": pair.first, "b": pair.second}, [0.1], prevalence=0.2)
    values = curves.set_index("test")["net_benefit"]
    gain = net_benefit_difference(pair, prevalence=0.2, threshold=0.1)
    assert_allclose(gain.estimate, values["b"] - values["a"])
    apart = PairedCounts(both=55, first_only=5, second_only=20, neither=2)
    wider = PairedAccuracy(diseased=apart, healthy=healthy)
    assert net_benefit_difference(wider, prevalence=0.2, threshold=0.1).std_error > gain.std_error
    assert net_benefit_difference(pair, prevalence=0, threshold=0).p_value == 1.0


def test_values_out_of_range_are_refused():
    """Errors say which value, and what was expected."""
    rates = {"sensitivity": 0.9, "specificity": 0.9, "prevalence": 0.2}
    with pytest.raises(ValueError, match="threshold must lie in 0 to below 1"):
        net_benefit(**rates, threshold=1)
    with pytest.raises(ValueError, match="prevalence must lie in 0–1"):
        net_benefit(**rates | {"prevalence": 20}, threshold=0.1)
    other = TwoByTwo(tp=1, fp=1, fn=1, tn=1)
    with pytest.raises(ValueError, match="tables of one prevalence"):
        decision_curves({"a": TABLE, "b": other}, [0.1])
