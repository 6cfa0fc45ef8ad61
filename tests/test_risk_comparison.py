"""Risks of two independent groups."""

from pathlib import Path

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reanalysis.risk_comparison import compare_risks

GOLDEN = pd.read_csv(Path(__file__).parent / "reference" / "classification" / "golden.csv")
GOLDEN = GOLDEN[GOLDEN["topic"] == "risks"]
NAMES = ("first_events", "first_total", "second_events", "second_total")


@pytest.mark.parametrize("case", GOLDEN["case"].unique())
def test_measures_are_those_of_r(case):
    # R epiR 2.0.57, epi.2by2(); the difference from prop.test() by Newcombe's method 10.
    golden = GOLDEN[GOLDEN["case"] == case].set_index("quantity")["value"]
    found = compare_risks(**dict(zip(NAMES, map(int, case.split()), strict=True)))
    for name, ours in (("RR", found.risk_ratio), ("OR", found.odds_ratio)):
        theirs = [golden[f"{name}.{end}"] for end in ("lower", "est", "upper")]
        assert_allclose(ours.in_order, theirs, rtol=1e-9)
    limits = [found.risk_difference.conf_low, found.risk_difference.conf_high]
    assert_allclose(limits, golden[["RD.lower", "RD.upper"]], rtol=1e-9)


def test_exchanged_groups_mirror():
    """Invariant: the difference changes its sign, the ratios become their inverses."""
    here = compare_risks(first_events=5, first_total=40, second_events=20, second_total=50)
    there = compare_risks(first_events=20, first_total=50, second_events=5, second_total=40)
    assert_allclose(
        here.risk_difference.in_order, [-x for x in there.risk_difference.in_order[::-1]]
    )
    for one, other in ((here.risk_ratio, there.risk_ratio), (here.odds_ratio, there.odds_ratio)):
        assert_allclose(one.in_order, [1 / x for x in other.in_order[::-1]])
    assert here.first == there.second


@pytest.mark.parametrize("events", [0, 40])
def test_empty_cells_are_refused(events):
    """Edge: a ratio without an interval is not handed out."""
    with pytest.raises(ValueError, match="either group"):
        compare_risks(first_events=events, first_total=40, second_events=20, second_total=50)
