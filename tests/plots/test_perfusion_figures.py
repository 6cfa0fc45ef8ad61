"""Intervals over whole numbers, simulated tissue curves, a family of survival curves."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

from reanalysis.plasma_input import parker_input
from reanalysis.plots.interval_columns import interval_columns, one_series
from reanalysis.plots.legibility import assert_legible
from reanalysis.plots.style import ORANGE
from reanalysis.plots.survival_family import survival_family
from reanalysis.plots.tissue_curves import tissue_curves
from reanalysis.small_marker_study import area_intervals, every_share
from reanalysis.survival_from_one_point import weibull_survival
from reanalysis.tracer_kinetics import Kinetics, tissue_concentration

PLASMA = parker_input(5)
SHAPES = {"falling hazard": 0.6, "constant hazard": 1.0, "rising hazard": 1.6}


def draw_shares(**options):
    words = {"x": "events", "x_label": "Patients", "y_label": "Rate (%)", "limits": (0, 100)}
    return interval_columns(one_series(every_share(20), "rate"), scale=100, **words, **options)


def draw_areas(**options):
    table = area_intervals(20, (0.7, 0.9))
    table = table.assign(series=table["auc"].map({0.7: "fair marker", 0.9: "very good marker"}))
    words = {"x": "responders", "x_label": "Responders", "y_label": "Area", "limits": (0, 1)}
    return interval_columns(table, reference=(0.5, "a coin"), **words, **options)


def draw_tissues():
    times = np.arange(0, 5, 0.1)
    tissues = {"rich in vessels": Kinetics(0.6, 0.4, 0.1), "average": Kinetics(0.25, 0.3, 0.05)}
    tissues |= {"poor in vessels": Kinetics(0.06, 0.25, 0.02)}
    return tissue_curves(
        {n: (times, tissue_concentration(times, t, PLASMA), t) for n, t in tissues.items()},
        PLASMA,
    )


def draw_family(**options):
    return survival_family(5, 0.2, 0.3, SHAPES, until=10, **options)


def test_intervals_stand_at_their_numbers():
    ax = draw_shares()
    lines = next(c for c in ax.collections if len(c.get_paths()) == 21 and len(c.get_segments()))
    ends = np.array([segment[:, 1] for segment in lines.get_segments()])
    table = every_share(20)
    assert_allclose(ends, 100 * table[["conf_low", "conf_high"]].to_numpy())


def test_two_series_do_not_cover_each_other():
    ax = draw_areas()
    points = [c.get_offsets()[:, 0] for c in ax.collections if len(c.get_offsets()) == 19]
    assert len(points) == 2
    assert (points[1] - points[0] > 0.3).all()


def test_simulated_points_are_orange_and_lines_go_through_them():
    _, ax = draw_tissues()
    assert all(np.allclose(c.get_facecolor()[0][:3], to_rgba(ORANGE)[:3]) for c in ax.collections)
    for points, line in zip(ax.collections, ax.lines, strict=True):
        x, y = points.get_offsets().T
        # the line has a point every 0.008 min; the peak bends within it
        assert_allclose(np.interp(x, *line.get_data()), y, atol=0.02)


def test_every_band_ends_at_the_published_range():
    ax = draw_family()
    curves = [line for line in ax.lines if len(line.get_xdata()) == 300]
    assert len(curves) == 6
    for line, (shape, survival) in zip(
        curves, [(s, p) for s in SHAPES.values() for p in (0.2, 0.3)], strict=True
    ):
        curve = {"time": 5, "survival": survival, "shape": shape}
        assert_allclose(line.get_ydata(), 100 * weibull_survival(line.get_xdata(), **curve))
    (diamonds,) = [c for c in ax.collections if len(c.get_offsets()) == 2]
    assert_allclose(diamonds.get_offsets(), [[5, 20], [5, 30]])


@pytest.mark.parametrize("draw", [draw_shares, draw_areas, draw_tissues, draw_family])
def test_figures_are_legible_and_of_one_width(draw):
    figure = np.ravel(draw())[0].figure
    assert_legible(figure)
    assert figure.get_size_inches()[0] * figure.dpi == pytest.approx(640)


def test_own_axes_and_wrong_input():
    for draw in (draw_shares, draw_areas, draw_family):
        ax = Figure(figsize=(6.4, 6.4)).subplots()
        assert draw(ax=ax) is ax
    with pytest.raises(ValueError, match="missing"):
        interval_columns(every_share(5), x="events", x_label="", y_label="", limits=(0, 1))
    with pytest.raises(ValueError, match="one to three tissues"):
        tissue_curves({}, PLASMA)
    with pytest.raises(ValueError, match="one to three shapes"):
        survival_family(5, 0.2, 0.3, {}, until=10)
