"""Every coefficient of association against R."""

from pathlib import Path

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reanalysis.alternatives import association as assoc
from reanalysis.alternatives.association import association_variants

GOLDEN = pd.read_csv(Path(__file__).parents[1] / "reference" / "classification" / "golden.csv")
GOLDEN = GOLDEN[GOLDEN["topic"] == "association"]
IN_R = {
    "cramer": assoc.CRAMER,
    "contingency": assoc.CONTINGENCY,
    "pearson": assoc.PEARSON,
    "spearman": assoc.SPEARMAN,
    "tau_b": assoc.TAU_B,
    "tau_c": assoc.TAU_C,
    "gamma": assoc.GAMMA,
    "somers": assoc.SOMERS,
}


def estimates(counts):
    return association_variants(counts).set_index("method")["estimate"]


@pytest.mark.parametrize("case", GOLDEN["case"].unique())
def test_coefficients_are_those_of_r(case):
    # tests/reference/classification/golden.csv: the R call stands on each of its lines.
    golden = GOLDEN[GOLDEN["case"] == case].set_index("quantity")["value"]
    assert set(golden.index) == set(IN_R)
    ours = estimates([[int(n) for n in row.split()] for row in case.split("/")])
    assert_allclose(ours[[IN_R[name] for name in golden.index]], golden, rtol=1e-9)


def test_every_coefficient_has_its_reference_and_its_maximum():
    """Complete agreement of two equally common classes: each reaches the most it can."""
    table = association_variants([[7, 0], [0, 7]])
    assert set(table["method"]) == set(assoc.REFERENCES)
    assert_allclose(table["estimate"], table["largest"])


def test_reversed_columns_change_the_sign_of_those_that_have_one():
    """Invariant; rows and columns without patients change nothing."""
    counts = [[8, 3, 1], [2, 9, 4]]
    here, there = estimates(counts), estimates([row[::-1] for row in counts])
    unsigned = [assoc.CRAMER, assoc.CONTINGENCY, assoc.SAKODA]
    assert_allclose(here[unsigned], there[unsigned])
    assert_allclose(here.drop(unsigned), -there.drop(unsigned))
    padded = [[8, 0, 3, 1], [0, 0, 0, 0], [2, 0, 9, 4]]
    # Numbers of classes matter to the one that takes them as numbers.
    rest = [name for name in assoc.REFERENCES if name != assoc.PEARSON]
    assert_allclose(estimates(padded)[rest], here[rest])


@pytest.mark.parametrize(
    "counts", [[[1, 2]], [[1, -2], [3, 4]], [[1, 2], [0, 0]], [[1.5, 2], [3, 4]]]
)
def test_unfit_tables_are_refused(counts):
    with pytest.raises(ValueError, match=r"expected patients|must be a table"):
        association_variants(counts)
