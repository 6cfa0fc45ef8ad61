"""The ROC plane: legible, honest about what is known of each curve."""

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

from reanalysis.diagnostic_accuracy import TwoByTwo
from reanalysis.plots.legibility import assert_legible
from reanalysis.plots.roc import roc_plane
from reanalysis.roc_curve import binormal_roc, empirical_roc

TABLE = TwoByTwo(tp=45, fp=10, fn=15, tn=80)


def curve(**options):
    rng = np.random.default_rng(2)
    return empirical_roc(rng.normal(size=30) + 1, rng.normal(size=40), **options)


FIGURES = {
    "empirical": lambda: roc_plane({"a score": curve(rng=np.random.default_rng(1))}),
    "reconstructed": lambda: roc_plane(
        {name: binormal_roc(a, n_positive=16, n_negative=17) for name, a in
         {"DWI b200": 0.79, "DWI b10": 0.53}.items()}
    ),
    "all": lambda: roc_plane({"a score": curve()}, binary={"first": TABLE, "second test": TABLE}),
}  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_planes_are_legible_sized_and_labelled(name):
    ax = FIGURES[name]()
    assert_legible(ax.figure)
    assert ax.figure.get_size_inches()[0] * ax.figure.dpi == pytest.approx(640)
    assert all("proportion" in label for label in (ax.get_xlabel(), ax.get_ylabel()))


def test_a_binary_test_is_one_point_joined_by_straight_lines():
    ax = roc_plane(binary={"test": TABLE})
    chords = next(line for line in ax.lines if len(line.get_xdata()) == 3)
    assert_allclose(chords.get_xdata(), [0, 10 / 90, 1])
    assert_allclose(chords.get_ydata(), [0, 45 / 60, 1])
    assert max(len(line.get_xdata()) for line in ax.lines) == 3
    assert any("0.82" in text.get_text() for text in ax.texts)


def test_what_is_reconstructed_is_said_and_hatched():
    ax = FIGURES["reconstructed"]()
    bands = [c for c in ax.collections if isinstance(c, PolyCollection)]
    assert len({band.get_hatch() for band in bands}) == len(bands) == 2
    assert all("reconstructed" in text.get_text() for text in ax.texts)
    assert not any("reconstructed" in text.get_text() for text in FIGURES["empirical"]().texts)


def test_own_axes_and_empty_calls():
    ax = Figure(figsize=(6.4, 6.4)).subplots()
    assert roc_plane({"s": curve()}, ax=ax) is ax
    with pytest.raises(ValueError, match="one to 4"):
        roc_plane()
