"""Figures of cohort studies: what is drawn is what is printed or was computed, and can be read."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from numpy.testing import assert_allclose

from reanalysis.cox_table import check_rows
from reanalysis.plateau import describe_plateau
from reanalysis.plots.estimate_forest import estimate_forest
from reanalysis.plots.hazard_ratio_forest import hazard_ratio_forest
from reanalysis.plots.legibility import assert_legible
from reanalysis.plots.plateau_steps import plateau_steps
from reanalysis.plots.printed_rates import printed_rates
from reanalysis.survival_reconstruction import reconstruct_from_summaries

ROWS = [
    ("Marking", "0.145", "0.032", "0.657", "0.012"),
    ("A grade whose three numbers do not fit", "2.118", "0.378", "12.105", "0.870"),
    ("Face: x vs posterior", "<0.001", "0", "0", "1.000"),
]
RATES = [
    ("LCR", "marked", "97.51", "97.51", "2.01"),
    ("LCR", "not marked", "82.00", "72.38", "3.12"),
    ("OSR", "marked", "97.50", "97.50", "2.01"),
    ("OSR", "not marked", "96.08", "86.82", "4.60"),
]


@pytest.fixture
def cox():
    columns = ["label", "estimate", "conf_low", "conf_high", "p_value"]
    return pd.DataFrame(ROWS, columns=columns)


@pytest.fixture
def survival():
    columns = ["outcome", "arm", "rate_3_years", "rate_5_years", "follow_up_median"]
    return pd.DataFrame(RATES, columns=columns)


@pytest.fixture(scope="module")
def plateau():
    arm = reconstruct_from_summaries(85, {3: "97.51", 5: "97.51"}, "2.01", n_members=10, seed=1)
    return describe_plateau(arm, 5)


def draw_all(cox, survival, plateau):
    titles = {"LCR": "Local control", "OSR": "Overall survival"}
    yield hazard_ratio_forest(cox, check_rows(cox))
    yield printed_rates(survival, titles=titles)
    yield plateau_steps(plateau, quantity="Local control (%)", printed={3: 0.9751, 5: 0.9751})


def test_figures_are_legible_sized_labelled_and_white(cox, survival, plateau):
    """As for every other figure of the book."""
    for drawn in draw_all(cox, survival, plateau):
        axes = np.ravel(drawn)
        figure = axes[0].figure
        assert_legible(figure)
        assert figure.get_size_inches()[0] * figure.dpi == pytest.approx(640)
        assert figure.get_facecolor() == (1.0, 1.0, 1.0, 1.0)
        assert all("(" in ax.get_xlabel() for ax in axes)


def points_of(ax):
    return [c for c in ax.collections if isinstance(c, PathCollection)]


def test_a_row_without_an_estimate_has_no_mark(cox):
    """Two diamonds and the key; the words stand where the third would be."""
    ax = hazard_ratio_forest(cox, check_rows(cox))
    places = [points.get_offsets()[0] for points in points_of(ax)]
    assert_allclose(sorted(x for x, _ in places[1:]), [0.145, 2.118])
    words = [text.get_text() for text in ax.texts]
    assert words.count("not estimable") == 1
    assert "0.870 ≠ 0.396" in words
    with pytest.raises(ValueError, match="as many checks as rows"):
        hazard_ratio_forest(cox, check_rows(cox).iloc[:2])


def test_diamonds_lie_at_the_printed_rates(survival):
    """Both arms, three and five years."""
    (ax,) = printed_rates(survival, titles={"LCR": "Local control"})
    places = np.vstack([points.get_offsets() for points in points_of(ax)])
    assert_allclose(places, [(3, 97.51), (5, 97.51), (3, 82.0), (5, 72.38)])


def test_the_steps_tell_the_numbers_of_the_plateau(plateau):
    """Ranges at risk, and how deep one more event goes."""
    axes = plateau_steps(plateau, quantity="Local control (%)")
    words = [text.get_text() for text in axes[1].texts]
    row = plateau.at_risk.iloc[-1]
    low, high = int(row["conf_low"]), int(row["conf_high"])
    assert (f"{low}" if low == high else f"{low}–{high}") in words
    red = axes[3].lines[-1]
    assert_allclose(red.get_ydata(), [100 * plateau.one_more[1], 100 * plateau.survival])
    assert not axes[0].texts


def test_ranges_and_lone_numbers_in_a_forest():
    """Words of the key and heading can be set; a number without an interval is written alone."""
    rows = [("A", "published", 0.005, 0.005, 0.005), ("A", "simulated", 0.004, 0.0004, 0.2)]
    frame = pd.DataFrame(rows, columns=["label", "source", "estimate", "conf_low", "conf_high"])
    options = {"words": {"simulated": "reconstructed"}, "heading": "P (range)", "spec": ".3f"}
    ax = estimate_forest(frame, quantity="P value (log scale)", log=True, **options)
    words = [text.get_text() for text in ax.texts]
    assert {"0.005", "0.004 (0.000–0.200)", "reconstructed", "P (range)"} <= set(words)
    assert "simulated" not in words
    assert [t.get_text() for t in ax.get_xticklabels()] == ["0.001", "0.01", "0.1"]
