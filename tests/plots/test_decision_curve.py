"""The decision curve shows each strategy where its net benefit lies."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

from reanalysis.diagnostic_accuracy import TwoByTwo
from reanalysis.net_benefit import decision_curves
from reanalysis.plots.decision_curve import decision_curve
from reanalysis.plots.legibility import assert_legible

TABLES = {"MRI": TwoByTwo(tp=18, fp=6, fn=2, tn=74), "CT": TwoByTwo(tp=12, fp=20, fn=8, tn=60)}
THRESHOLDS = np.linspace(0, 0.6, 61)


def test_lines_are_the_curves_and_the_strategies_are_named():
    """Two tests and the two strategies without one, in % of patients."""
    curves = decision_curves(TABLES, THRESHOLDS)
    ax = decision_curve(curves)
    lines = {line.get_label(): line for line in ax.lines}
    for name, rows in curves.groupby("test"):
        assert_allclose(lines[name].get_xdata(), 100 * rows["threshold"])
        assert_allclose(lines[name].get_ydata(), 100 * rows["net_benefit"])
    words = {text.get_text() for text in ax.texts}
    assert {"act if MRI is positive", "act on everybody", "act on nobody"} <= words
    styles = {str(lines[name].get_linestyle()) for name in TABLES}
    assert len(styles) == len(TABLES)


@pytest.mark.parametrize("n_tests", [1, 2])
def test_the_figure_is_legible_with_marks(n_tests):
    """Words at the marks do not touch each other or the key."""
    curves = decision_curves(dict(list(TABLES.items())[:n_tests]), THRESHOLDS)
    ax = decision_curve(curves, marks={"biopsy at a low risk": 0.02, "treatment": 0.5})
    assert_legible(ax.figure)
    assert ax.figure.get_size_inches()[0] * ax.figure.dpi == pytest.approx(640)
    assert all("%" in label for label in (ax.get_xlabel(), ax.get_ylabel()))


def test_own_axes_and_wrong_tables():
    """It draws where it is told to, and says what it misses."""
    curves = decision_curves(TABLES, THRESHOLDS)
    ax = Figure(figsize=(6.4, 6.4)).subplots()
    assert decision_curve(curves, ax=ax) is ax
    with pytest.raises(ValueError, match="missing"):
        decision_curve(curves.drop(columns="threshold"))
    with pytest.raises(ValueError, match="at least one test"):
        decision_curve(curves[curves["test"] == "nobody"])
