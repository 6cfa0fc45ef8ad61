"""Printed Cox tables held against themselves."""

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter
from numpy.testing import assert_allclose

from reanalysis.cox_table import (
    check_rows,
    implied_ranges,
    per_unit_std_error,
    printed_rows,
    row_labels,
)

COLUMNS = ["estimate", "conf_low", "conf_high", "p_value"]


def table(**rows):
    return pd.DataFrame(rows, index=COLUMNS).T.rename_axis("term")


def test_a_row_of_altman_and_bland_closes():
    """BMJ 2011;343:d2304: ratio 0.81, interval 0.70 to 0.94, P 0.005."""
    found = check_rows(
        table(a=("0.81", "0.70", "0.94", "0.005"), b=("0.81", "0.70", "0.94", "0.5"))
    )
    assert found["closes"].tolist() == [True, False]
    assert_allclose(found.at["a", "p_value"], 0.005, atol=2e-4)
    assert not found["separated"].any()


def test_an_interval_without_width_is_separation():
    """Nothing is computed from it, and it is not called an error."""
    found = check_rows(table(a=("94.934", "0", "0", "1.000"), b=("2.0", "1.0", "4.0", "0.050")))
    assert found["separated"].tolist() == [True, False]
    assert found.loc["a", ["p_value", "std_error"]].isna().all()
    assert list(implied_ranges(found, "t")) == ["b"]


def test_each_number_lies_in_what_the_others_imply():
    """A row that closes implies itself; one with a wrong limit does not."""
    good = implied_ranges(check_rows(table(a=("2.00", "1.00", "4.00", "0.050"))), "t")["a"]
    for claim, value in (("t.a", 2.0), ("t.a.low", 1.0), ("t.a.high", 4.0)):
        low, high = good[claim]
        assert low - 0.01 <= value <= high + 0.01
    bad = implied_ranges(check_rows(table(a=("2.00", "1.00", "4.80", "0.050"))), "t")["a"]
    assert not bad["t.a.high"][0] <= 4.8 <= bad["t.a.high"][1]


def test_rows_come_from_the_claims():
    """As text, in the order of the terms."""
    ids = [f"t.{name}{end}" for name in ("x", "y") for end in ("", ".low", ".high", ".p_value")]
    claims = pd.DataFrame({"claim_id": ids, "published": list("12345678")})
    terms = pd.DataFrame({"term": ["y", "x"], "variable": ["Y", "X"]})
    rows = printed_rows(claims, terms, "t")
    assert rows.loc["y", COLUMNS].tolist() == list("5678")


def test_labels_name_the_reference_where_it_is_printed():
    """And nothing where it is not."""
    rows = [("Sex", "not stated", "not stated"), ("Pole", "upper", "lower")]
    terms = pd.DataFrame(rows, columns=["variable", "contrast", "reference"])
    assert row_labels(terms) == ["Sex", "Pole: upper vs lower"]


def test_standard_error_per_unit_is_that_of_a_fitted_model():
    """lifelines, one covariate without effect: within the scatter of such a model."""
    rng = np.random.default_rng(4)
    data = pd.DataFrame({"x": rng.normal(70, 11, 4000), "time": rng.exponential(size=4000)})
    data["event"] = data["time"] < 0.2
    fit = CoxPHFitter().fit(data, "time", "event")
    expected = per_unit_std_error(int(data["event"].sum()), data["x"].std())
    assert_allclose(fit.standard_errors_["x"], expected, rtol=0.05)
    with pytest.raises(ValueError, match="above 0"):
        per_unit_std_error(0, 11)
