"""Two per cent of the validation studies (``make validate``), computed again."""

import numpy as np
import pandas as pd
import pytest

from tests.validate import survival_curves as curves
from tests.validate import survival_simulation as summaries

# Two simulated and two public data sets; all three definitions of the follow-up.
CASES = (3, 6, 7, 14)


@pytest.fixture(scope="module")
def stored():
    return pd.read_csv(summaries.RESULT)


@pytest.mark.parametrize("case", CASES)
def test_a_case_comes_out_again(stored, case):
    again = summaries.simulate_case(case).reset_index(drop=True)
    kept = stored[stored["case"] == case].reset_index(drop=True)
    words = ["source", "definition", "quantity", "n_first", "n_second"]
    pd.testing.assert_frame_equal(again[words], kept[words])
    numbers = ["truth", "conf_low", "estimate", "conf_high", "from_curve"]
    # Six digits are kept.
    np.testing.assert_allclose(again[numbers], kept[numbers], rtol=1e-5)


def test_the_truth_is_inside_in_nine_of_ten(stored):
    assert stored["case"].nunique() == summaries.N_CASES
    assert len(CASES) == 0.02 * summaries.N_CASES
    table = summaries.summary(stored)
    assert table["cases"].eq(summaries.N_CASES).all()
    assert table["coverage"].ge(0.9).all()
    kept = pd.read_csv(summaries.RESULT.with_name("from_summaries_summary.csv"))
    pd.testing.assert_frame_equal(table, kept, rtol=0.01)
    # What book/methods/kaplan_meier says in words: for the hazard ratio several times as wide as
    # from the curve with its risk table, and narrower than from the curve alone.
    assert (table["median_width"] > table["width_from_curve"]).all()
    ratio = table.set_index("quantity").loc["hazard ratio"]
    assert ratio["median_width"] > 4 * ratio["width_from_curve"]
    assert ratio["median_width"] < ratio["width_from_curve_without_table"]


@pytest.mark.parametrize(("name", "hand"), [("rossi", 1), ("waltons", 2)])
def test_a_curve_comes_back_again(name, hand):
    stored = pd.read_csv(curves.RESULT)
    kept = stored[(stored["set"] == name) & (stored["hand"] == hand)].reset_index(drop=True)
    again = curves.curve_study(name, hand)
    numbers = ["hazard_ratio", "hazard_ratio_error", "max_error", "rmse", "events_reconstructed"]
    np.testing.assert_allclose(again[numbers], kept[numbers], rtol=1e-4, atol=1e-6)


def test_with_a_risk_table_curves_come_back_in_five_sets_at_least():
    table = curves.summary(pd.read_csv(curves.RESULT))
    given = table[table["given"] == "risk table"]
    good = given["max_error"].le(0.02) & given["hazard_ratio_error"].le(0.05)
    assert good.sum() >= 5
    # As book/methods/kaplan_meier says in words.
    assert given["hazard_ratio_error"].lt(0.05).sum() == len(given) - 1 == 9
    assert given.set_index("set").query("hazard_ratio_error >= 0.05").n.to_dict() == {
        "leukemia": 42
    }
    worst = table.pivot_table("hazard_ratio_error", "set", "given")
    assert worst["nothing"].mean() > 1.9 * worst["risk table"].mean()
