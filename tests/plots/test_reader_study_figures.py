"""Figures of a reader study draw the numbers they are given, legibly."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

from reanalysis.plots.agreement_consistency import agreement_consistency
from reanalysis.plots.bland_altman import bland_altman
from reanalysis.plots.box_brackets import box_brackets
from reanalysis.plots.icc_forest import icc_forest
from reanalysis.plots.legibility import assert_legible
from reanalysis.plots.style import DISAGREEMENT
from reanalysis.printed_icc import implied_by_table
from reanalysis.reader_study import repeated_analyses, side_by_side
from reanalysis.studies import load_study


@pytest.fixture(scope="module")
def icc():
    table = load_study("rcbv_reproducibility").table("icc")
    return table.assign(strategy=table["location"] + ", " + table["n_rois"].astype(str))


@pytest.fixture(scope="module")
def panels(icc):
    def marked(frame):
        again = frame.index.get_level_values("analysis").isin(repeated_analyses(icc))
        return frame.assign(repeated=again).set_index("repeated", append=True)

    rois = marked(side_by_side(icc, "n_rois"))
    brackets = [(0, 1, "P = 0.242"), (1, 2, "P < 0.001"), (0, 2, "P = 0.354")]
    return {
        "(a) reference area": (marked(side_by_side(icc, "location")), [(0, 1, "P = 0.003")]),
        "(b) ROIs, both areas": (rois, brackets),
        "(c) ROIs, centrum semiovale": (rois, brackets[:1]),
    }


def points_of(ax):
    return [c.get_offsets() for c in ax.collections if isinstance(c, PathCollection)]


def check(axes):
    axes = np.ravel(axes)
    assert_legible(axes[0].figure)
    assert axes[0].figure.get_size_inches()[0] * axes[0].figure.dpi == pytest.approx(640)
    assert "proportion" in axes[0].get_xlabel() + axes[0].get_ylabel()


def test_forest_shows_every_icc_and_marks_copies(icc):
    before = dict(mpl.rcParams)
    ax = icc_forest(icc, repeated=repeated_analyses(icc))
    check(ax)
    drawn = [float(points[0, 0]) for points in points_of(ax)[1:]]
    assert_allclose(drawn, icc["icc"])
    red = [text.get_text() for text in ax.texts if text.get_color() == DISAGREEMENT]
    assert len(red) == 3
    assert all("All readers pooled" in words for words in red)
    assert dict(mpl.rcParams) == before


def test_forest_wants_its_columns(icc):
    with pytest.raises(ValueError, match="missing"):
        icc_forest(icc.drop(columns="strategy"))


def test_boxes_show_every_value_and_copies_in_red(icc, panels):
    axes = box_brackets(panels, quantity="ICC (proportion)")
    check(axes)
    plain, again = points_of(axes[0])[:2]
    wide = side_by_side(icc, "location").iloc[:, 0]
    assert len(plain) == 24
    assert len(again) == 9
    assert_allclose(np.sort(np.r_[plain[:, 1], again[:, 1]]), np.sort(wide))
    words = [text.get_text() for text in axes[1].texts]
    assert words == ["P = 0.242", "P < 0.001", "P = 0.354"]


def test_consistency_figure_draws_ranges(icc):
    rows = icc.query("n_rois == 5 and printed_in == 'Table 2'")
    both = rows.join(implied_by_table(rows, n_targets=30))
    ax = agreement_consistency(both)
    check(ax)
    ends = np.array([p[:, 0] for p in points_of(ax) if len(p) == 2])
    assert_allclose(ends, both[["consistency_low", "consistency_high"]])


def test_readers_may_bring_their_own_axes(icc, panels):
    figure = Figure(figsize=(12, 20))
    axes = figure.subplots(1, 5)
    assert icc_forest(icc, ax=axes[0]) is axes[0]
    assert box_brackets(panels, quantity="ICC", axes=axes[1:4])[0] is axes[1]
    rows = pd.DataFrame([("A", "x", 0.4, 0.5, 0.6)])
    rows.columns = ["analysis", "strategy", "icc", "consistency_low", "consistency_high"]
    assert agreement_consistency(rows, ax=axes[4]) is axes[4]


class Panel:
    """What a Bland–Altman panel needs, of made-up differences."""

    def __init__(self, seed, n_sets):
        rng = np.random.default_rng(seed)
        self.means, self.differences = rng.uniform(5, 40, 30), rng.normal(seed, 6, 30)
        rows = np.quantile(self.differences, [0.025, 0.5, 0.975]) + rng.normal(0, 1, (n_sets, 3))
        self.limits = pd.DataFrame(rows, columns=["lower", "median", "upper"])


@pytest.mark.parametrize(("source", "n_sets"), [("simulated", 6), ("recomputed", 1)])
def test_bland_altman_draws_points_limits_and_their_source(source, n_sets):
    panels = {f"Reader 1 vs. reader 2, {k} ROIs": Panel(k, n_sets) for k in range(1, 6)}
    axes = bland_altman(panels, unit="rCBV", source=source)
    figure = axes[0].figure
    assert_legible(figure)
    assert figure.get_size_inches()[0] * figure.dpi == pytest.approx(640)
    assert figure.texts[0].get_text().startswith(f"{source} readings")
    panel = panels["Reader 1 vs. reader 2, 2 ROIs"]
    points = next(p for p in points_of(axes[1]) if len(p) == 30)
    assert_allclose(points, np.c_[panel.means, panel.differences])
    drawn = [line.get_ydata()[0] for line in axes[1].lines[1:]]
    assert_allclose(drawn, panel.limits.iloc[0])
    assert len({ax.get_ylim() for ax in axes}) == 1


def test_bland_altman_wants_a_known_source():
    with pytest.raises(ValueError, match="out of"):
        bland_altman({"a": Panel(1, 1)}, unit="mm", source="invented")
