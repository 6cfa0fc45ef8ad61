"""Figures of printed areas: legible, sized, and showing what they are given."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from reanalysis.auc_comparison import differences_over_correlation
from reanalysis.estimates import Estimate
from reanalysis.plots.difference_over_correlation import difference_over_correlation
from reanalysis.plots.estimate_forest import estimate_forest
from reanalysis.plots.implied_totals import implied_totals
from reanalysis.plots.legibility import assert_legible
from reanalysis.plots.p_value_ranges import p_value_ranges
from reanalysis.plots.selection_strip import selection_strip

P_VALUES = pd.DataFrame(
    [
        ("DWI b200", 0.002, 1e-6, 0.06, 5e-7, 0.03),
        ("A signature with a long name", 0.3, 0.46, 0.62, 0.23, 0.31),
    ],
    columns=["label", "printed", "two_low", "two_high", "one_low", "one_high"],
)
TOTALS = pd.DataFrame({"equal groups": [32, 26], "one in four": [51, 40]}, index=["b200", "ADC"])


def draw_totals():
    return implied_totals(TOTALS, total=146, quantity="Lesions", words="all lesions")


def draw_differences():
    first, second = (
        Estimate(a, a - 0.18, a + 0.15, std_error=s) for a, s in ((0.79, 0.08), (0.53, 0.1))
    )
    frame = differences_over_correlation(first, second, np.linspace(0, 0.9, 10))
    panels = {"first minus second": frame, "the same again": frame}
    return difference_over_correlation(panels, quantity="Difference (proportion)")


def draw_chance():
    rows = [
        ("one score", "simulated", 0.5, 0.3, 0.7),
        ("best of seven", "simulated", 0.64, 0.5, 0.77),
    ]
    frame = pd.DataFrame(rows, columns=["label", "source", "estimate", "conf_low", "conf_high"])
    return estimate_forest(frame, quantity="Area (proportion)", heading="median (middle 95%)")


FIGURES = [lambda: p_value_ranges(P_VALUES), draw_totals, draw_differences, draw_chance]


@pytest.mark.parametrize("draw", FIGURES)
def test_figures_are_legible_sized_and_labelled(draw):
    axes = np.ravel(draw())
    assert_legible(axes[0].figure)
    assert axes[0].figure.get_size_inches()[0] * axes[0].figure.dpi == pytest.approx(640)
    assert all(ax.get_xlabel() for ax in axes)


def test_marks_stand_where_the_numbers_are():
    ax = p_value_ranges(P_VALUES)
    places = np.vstack([c.get_offsets() for c in ax.collections if isinstance(c, PathCollection)])
    # A range that begins below the axis is cut and has no marker at its cut end.
    assert {0.002, 0.3, 0.06, 0.46} <= set(places[:, 0].round(6))
    assert 1e-4 not in set(places[:, 0])
    ax = draw_totals()
    places = np.vstack([c.get_offsets() for c in ax.collections if isinstance(c, PathCollection)])
    assert {32, 51, 26, 40} <= set(places[:, 0])


def test_heading_is_written():
    assert any("median" in text.get_text() for text in draw_chance().texts)


def test_unfit_tables_are_named():
    with pytest.raises(ValueError, match="missing"):
        p_value_ranges(P_VALUES.drop(columns="one_low"))
    with pytest.raises(ValueError, match=r"in \(0, 1\]"):
        p_value_ranges(P_VALUES.assign(printed=0.0))
    with pytest.raises(ValueError, match="one to three"):
        implied_totals(TOTALS[[]], total=1, quantity="n", words="all")


def test_strip_shows_every_study_once_and_is_legible():
    rng = np.random.default_rng(3)
    areas = pd.DataFrame(rng.beta(8, 5, (60, 2)), columns=["chosen and tested", "untouched"])
    options = {"quantity": "AUC (proportion)", "rng": rng}
    ax = selection_strip(areas, published=(0.79, "published"), **options)
    assert_legible(ax.figure)
    assert ax.figure.get_size_inches()[0] * ax.figure.dpi == pytest.approx(640)
    sizes = [len(c.get_offsets()) for c in ax.collections if isinstance(c, PathCollection)]
    assert sizes.count(60) == 2
    drawn = np.sort(np.concatenate([c.get_offsets()[:, 0] for c in ax.collections][-2:]))
    np.testing.assert_allclose(drawn, np.sort(areas.to_numpy().ravel()))
    assert len(selection_strip(areas, **options).texts) == len(ax.texts) - 1
