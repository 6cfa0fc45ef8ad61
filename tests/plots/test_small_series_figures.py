"""Figures of a small series: legible, and what is drawn is what was computed."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

from reanalysis.alternatives.random_effects import DERSIMONIAN_LAIRD, RESTRICTED_LIKELIHOOD
from reanalysis.column_relations import rank_correlations
from reanalysis.plots.correlation_map import correlation_map
from reanalysis.plots.legibility import assert_legible
from reanalysis.plots.points_against_summary import points_against_summary
from reanalysis.plots.possible_p_values import possible_p_values
from reanalysis.plots.series_forest import series_forest
from reanalysis.plots.style import PUBLISHED, RECOMPUTED, SIMULATED
from reanalysis.plots.two_columns import two_columns
from reanalysis.series_pooling import pool_series, series_means

TIMES = [22, 19, 34, 6, 12, 36, 4, 21, 5]
PANELS = [
    {"values": TIMES, "mean": 58.3, "sd": 47.1, "quantity": "Time (min)", "words": "Time: P 0.002"},
    {"values": TIMES, "mean": 10, "sd": 14, "quantity": "Dose (Gy)", "words": "Dose: P 0.7"},
]
RANGES = pd.DataFrame(
    {
        "low": [0.1, 1e-8],
        "high": [0.25, 0.22],
        "usual_low": [np.nan, 1e-5],
        "usual_high": [np.nan, 0.008],
        "printed": ["0.175", "0.002"],
    },
    index=["Puncture attempts", "A quantity with a long name"],
)
SERIES = series_means(
    pd.DataFrame(
        {
            "series": ["Present study", "Meine 2020", "A long name 2018"],
            "n": [19, 27, 21],
            "mean": [17, 14, 32],
            "sd": [12, 6, 45],
        }
    )
)
MODELS = {"DL": DERSIMONIAN_LAIRD, "REML": RESTRICTED_LIKELIHOOD}
POOLED = {name: pool_series(SERIES, model) for name, model in MODELS.items()}
PATIENTS = pd.DataFrame({"time": TIMES, "passes": [4, 2, 4, 1, 2, 3, 1, 4, 1], "dose": range(9)})
FIRST = np.arange(9) < 5
SCATTER = {"x_label": "Time (min)", "y_label": "Total time (min)", "names": range(1, 10)}

FIGURES = {
    "points": lambda: points_against_summary(PANELS),
    "ranges": lambda: possible_p_values(RANGES, thresholds=(0.005, 0.05)),
    "forest": lambda: series_forest(
        SERIES, POOLED, quantity="Time (min)", own="Present study", title="Time"
    ),
    "columns": lambda: two_columns(
        TIMES,
        3 * np.array(TIMES),
        groups={"first": FIRST, "later": ~FIRST},
        lines={"three times": 3},
        **SCATTER,
    ),
    "correlations": lambda: correlation_map(
        rank_correlations(PATIENTS), names={"time": "Time", "passes": "Passes", "dose": "Dose"}
    ),
}


def points_of(ax, color):
    found = [c for c in ax.collections if isinstance(c, PathCollection)]
    return [c for c in found if to_hex(c.get_edgecolor()[0]) == color.lower()]


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_legible_sized_labelled_and_white(name):
    axes = np.ravel(FIGURES[name]())
    figure = axes[0].figure
    assert_legible(figure)
    assert figure.get_size_inches()[0] * figure.dpi == pytest.approx(640)
    assert figure.get_facecolor() == (1.0, 1.0, 1.0, 1.0)
    assert all(ax.get_xlabel() for ax in axes)


def test_patients_are_points_and_the_other_group_a_hollow_diamond():
    """Their places are the values, the mean, and mean ± SD; zero is drawn where it is passed."""
    first, second = points_against_summary(PANELS)
    values = np.sort(np.concatenate([c.get_offsets()[:, 0] for c in first.collections]))
    assert_allclose(values, np.sort([*TIMES, np.mean(TIMES), 58.3]))
    assert len(points_of(first, PUBLISHED)) == 1
    assert any(np.allclose(line.get_xdata(), [58.3 - 47.1, 58.3 + 47.1]) for line in first.lines)
    assert any(np.allclose(line.get_xdata(), 0) for line in second.lines)


def test_equal_values_can_be_counted():
    """Seven equal values lie in seven places, all inside the panel."""
    panel = PANELS[0] | {"values": [30] * 7 + [10, 60, 90]}
    (ax,) = points_against_summary([panel])
    places = ax.collections[0].get_offsets()
    assert len({tuple(place) for place in places.round(6)}) == 10
    assert_allclose(places[7:, 1], places[:7, 1].max())
    assert places[:, 1].min() > -0.5


def test_ranges_keep_their_roles():
    """Printed values hollow grey, simulated ones orange triangles, only where simulated."""
    ax = possible_p_values(RANGES)
    printed = [c.get_offsets()[0][0] for c in points_of(ax, PUBLISHED)][1:]
    assert_allclose(printed, [0.175, 0.002])
    assert [len(c.get_offsets()) for c in points_of(ax, SIMULATED)] == [1, 2]


def test_the_forest_draws_every_series_and_every_summary():
    ax = FIGURES["forest"]()
    assert_allclose([c.get_offsets()[0][0] for c in points_of(ax, PUBLISHED)], [17, 14, 32])
    pooled = [c.get_offsets()[0][0] for c in points_of(ax, RECOMPUTED)]
    assert_allclose(pooled, [fit.estimate for fit in POOLED.values()])
    assert ax.get_xlim()[1] > max(fit.prediction_high for fit in POOLED.values())
    assert_allclose(ax.lines[-1].get_xdata()[1], POOLED["REML"].prediction_high)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="at least one panel"):
        points_against_summary([])
    with pytest.raises(ValueError, match="at least one panel"):
        points_against_summary([{"values": TIMES}])
    with pytest.raises(ValueError, match="missing"):
        possible_p_values(RANGES.drop(columns="low"))
    with pytest.raises(ValueError, match="pooled"):
        series_forest(SERIES, {}, quantity="Time (min)")
    with pytest.raises(ValueError, match="exactly one group"):
        two_columns(TIMES, TIMES, groups={"first": FIRST}, **SCATTER)
    with pytest.raises(ValueError, match="expected columns"):
        correlation_map(rank_correlations(PATIENTS), names={"weight": "Weight"})


def test_readers_may_bring_their_own_axes():
    ax, other = Figure(figsize=(7, 5)).subplots(2)
    assert possible_p_values(RANGES, ax=ax) is ax
    assert points_against_summary(PANELS[:1], axes=[other])[0] is other


def test_patients_lie_where_their_columns_put_them():
    """Each group with its own mark, the line at its slope."""
    ax = FIGURES["columns"]()
    first, later = (c.get_offsets() for c in ax.collections if len(c.get_offsets()) > 1)
    assert_allclose(first, np.column_stack([TIMES, 3 * np.array(TIMES)])[FIRST])
    assert_allclose(later, np.column_stack([TIMES, 3 * np.array(TIMES)])[~FIRST])
    x, y = ax.lines[0].get_data()
    assert_allclose(y, 3 * np.asarray(x))


def test_every_pair_has_one_cell_with_its_correlation():
    ax = FIGURES["correlations"]()
    found = {text.get_text() for text in ax.texts}
    pairs = rank_correlations(PATIENTS)
    expected = {f"{value:+.2f}".replace("-", "\N{MINUS SIGN}") for value in pairs["correlation"]}
    assert found == expected
    assert len(ax.texts) == 3
