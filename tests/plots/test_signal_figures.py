"""Squares of a paired table, a strip of values, and the signal over the b-value."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.testing import assert_allclose

from reanalysis.diffusion_signal import diffusion_signal
from reanalysis.paired_accuracy import PairedAccuracy, PairedCounts
from reanalysis.plots.diffusion_signal import signal_over_b_value
from reanalysis.plots.legibility import assert_legible
from reanalysis.plots.paired_squares import paired_squares
from reanalysis.plots.style import BLUE, PURPLE
from reanalysis.plots.value_strip import value_strip

PAIR = PairedAccuracy(
    diseased=PairedCounts.of_cells(59, 1, 16, 6), healthy=PairedCounts.of_cells(11, 22, 4, 16)
)
TISSUES = {"cancer": (0.9, 75), "benign, long T2": (1.5, 130), "parenchyma": (1.9, 58)}


def draw_squares(**options):
    names = {"tests": ("DWI", "sDWI"), "groups": ("Malignant", "Benign")}
    return paired_squares(PAIR, **names, **options)


def values():
    rows = [("missed", v) for v in (1.00, 1.16, 1.18, 1.20, 1.33)]
    rows += [("raised for nothing", v) for v in (0.93, 1.08, 1.10, 1.61)]
    return pd.DataFrame(rows, columns=["row", "value"])


def test_areas_are_patients_and_colours_say_who_is_right():
    """A positive second test is right in the diseased and wrong in the healthy."""
    ax = draw_squares()
    filled = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_facecolor()[3] == 1.0]
    squares = [p for p in filled if p.get_width() == p.get_height()][:-2]
    areas = sorted(p.get_width() ** 2 for p in squares)
    counts = sorted([*PAIR.diseased.cells, *PAIR.healthy.cells])
    assert_allclose(np.array(areas) / areas[-1], np.array(counts) / counts[-1])
    colors = {color: Rectangle((0, 0), 1, 1, facecolor=color).get_facecolor()
              for color in (BLUE, PURPLE)}  # fmt: skip
    by_color = {
        color: sorted(round(p.get_width() ** 2 / areas[-1] * 59) for p in squares
                      if p.get_facecolor() == found)
        for color, found in colors.items()
    }  # fmt: skip
    assert by_color == {BLUE: [16, 22], PURPLE: [1, 4]}


def test_every_value_stands_at_its_place_and_none_covers_another():
    """Points that are too near each other move up or down, never sideways."""
    ax = value_strip(values(), cutoff=1.189, quantity="ADC (proportion)", cutoff_words="cut-off")
    found = [c.get_offsets() for c in ax.collections]
    assert_allclose(found[0][:, 0], [1.00, 1.16, 1.18, 1.20, 1.33])
    for points in found:
        place = ax.transData.transform(points)
        gaps = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
        assert gaps[np.triu_indices(len(place), 1)].min() > 9.5
    (line,) = [line for line in ax.lines if list(line.get_xdata()) == [1.189, 1.189]]
    assert list(line.get_ydata()) == [0, ax.get_ylim()[0]]


def test_lines_are_the_signal_and_dotted_where_it_is_computed():
    """Solid up to the last measured b-value."""
    ax = signal_over_b_value(TISSUES)
    for name, (adc, t2) in TISSUES.items():
        texts = [text.get_text() for text in ax.texts]
        assert any(text.startswith(name) for text in texts)
        expected = diffusion_signal(np.linspace(0, 800, 80), adc=adc, t2_ms=t2)
        drawn = [line for line in ax.lines if len(line.get_xdata()) == 80]
        solid = [line for line in drawn if line.get_linestyle() == "-"]
        assert any(np.allclose(line.get_ydata(), expected) for line in solid)
        assert len(drawn) == 2 * len(solid)


@pytest.mark.parametrize(
    "draw",
    [
        draw_squares,
        lambda: draw_squares(words=("bright", "not bright")),
        lambda: value_strip(
            values(),
            cutoff=1.189,
            quantity="ADC (proportion)",
            cutoff_words="cut-off",
            notes=[("missed", 1.00, "Figure 2")],
        ),
        lambda: signal_over_b_value(TISSUES | {"cyst-like": (2.3, 250)}),
    ],
)
def test_figures_are_legible_and_of_one_width(draw):
    """No text overlaps, leaves the figure or is too small."""
    ax = draw()
    assert_legible(ax.figure)
    assert ax.figure.get_size_inches()[0] * ax.figure.dpi == pytest.approx(640)


def test_own_axes_and_wrong_input():
    """They draw where they are told to, and say what they miss."""
    for draw in (
        lambda ax: draw_squares(ax=ax),
        lambda ax: value_strip(
            values(), cutoff=1, quantity="ADC (%)", cutoff_words="cut-off", ax=ax
        ),
        lambda ax: signal_over_b_value(TISSUES, ax=ax),
    ):
        ax = Figure(figsize=(6.4, 6.4)).subplots()
        assert draw(ax) is ax
    axis = {"cutoff": 1, "quantity": "ADC (%)", "cutoff_words": "cut-off"}
    with pytest.raises(ValueError, match="missing"):
        value_strip(values().drop(columns="row"), **axis)
    with pytest.raises(ValueError, match="expected notes on"):
        value_strip(values(), notes=[("nowhere", 1.0, "x")], **axis)
    with pytest.raises(ValueError, match="at least one value"):
        value_strip(values().iloc[:0], **axis)
    with pytest.raises(ValueError, match="at least one tissue"):
        signal_over_b_value({})
