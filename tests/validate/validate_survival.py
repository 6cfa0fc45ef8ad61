"""Two hundred known data sets, printed and reconstructed; run by ``make validate``.

Writes benchmarks/survival, of which tests/test_survival_simulation.py computes two per cent again.
"""

import joblib
import pandas as pd
import pytest

from reanalysis.plots.style import book_style
from tests.validate import survival_curves as curves
from tests.validate import survival_simulation as summaries
from tests.validate.survival_figure import draw


@pytest.fixture(scope="module")
def table():
    """Run the study of printed rates and write its files."""
    jobs = (joblib.delayed(summaries.simulate_case)(case) for case in range(summaries.N_CASES))
    return write(pd.concat(joblib.Parallel(n_jobs=-1)(jobs), ignore_index=True))


def write(found):
    """Files of the study: every case, the summary, the figure."""
    found.to_csv(summaries.RESULT, index=False, float_format="%.6g")
    summary = summaries.summary(found)
    summary.to_csv(
        summaries.RESULT.with_name("from_summaries_summary.csv"), index=False, float_format="%.3g"
    )
    with book_style():
        draw(summary).savefig(summaries.RESULT.with_suffix(".svg"), metadata={"Date": None})
    return found


def test_the_truth_is_inside_in_nine_of_ten(table):
    assert table["case"].nunique() == summaries.N_CASES
    assert summaries.summary(table)["coverage"].ge(0.9).all()


def test_curves_come_back():
    rows = [curves.curve_study(name, hand) for name in curves.SETS for hand in curves.HANDS]
    found = pd.concat(rows, ignore_index=True)
    found.to_csv(curves.RESULT, index=False, float_format="%.6g")
    shown = curves.for_print(curves.summary(found))
    shown.to_csv(curves.RESULT.with_name("from_curve_summary.csv"), index=False)
    given = curves.summary(found).set_index("given").loc["risk table"]
    assert (given["max_error"].le(0.02) & given["hazard_ratio_error"].le(0.05)).sum() >= 5
