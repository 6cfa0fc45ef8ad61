"""Figures of medians with ranges, of simulated P values and of possible accuracies."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

from reanalysis.plots.legibility import assert_legible
from reanalysis.plots.median_ranges import median_ranges
from reanalysis.plots.possible_accuracy import possible_accuracy
from reanalysis.plots.simulated_p_values import simulated_p_values


def groups():
    rows = [
        ("rKtrans, at progression", "recurrence", "7.4", "0.58", "221.13"),
        ("rKtrans, at progression", "a group with a rather long name", "10.38", "0.35", "198.47"),
        ("rVP, before treatment", "necrosis", "0.9", "0", "6.40"),
    ]
    return pd.DataFrame(rows, columns=["panel", "label", "value", "low", "high"])


def p_values():
    rows = [
        ("rKtrans", "Student's t of logarithms", 0.28, 0.08, 0.67, 0.008),
        ("rVP", "Mann–Whitney", 0.165, 0.004, 0.62, 0.047),
    ]
    columns = ["panel", "label", "estimate", "conf_low", "conf_high", "reaching"]
    return pd.DataFrame(rows, columns=columns)


def tables(*ratios):
    rows = [(r, 8 / 14, tn / 8) for r in ratios for tn in range(1, 5)]
    return pd.DataFrame(rows, columns=["ratio", "sensitivity", "specificity"])


RANGES = {
    "threshold": 1.5,
    "quantity": "Ratio of lesion to normal tissue (log scale)",
    "threshold_words": "threshold",
}
FIGURES = {
    "ranges": lambda ax=None: median_ranges(groups(), **RANGES, ax=ax),
    "p values": lambda ax=None: simulated_p_values(p_values(), "0.08", ax=ax),
    "possible": lambda ax=None: possible_accuracy(
        tables("rVP", "rKtrans"), wider=tables("rVP"), ax=ax
    ),
    "possible, one": lambda ax=None: possible_accuracy(tables("rVP"), ax=ax),
}


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_figures_are_legible_and_as_wide_as_the_book(draw):
    figure = draw().figure
    assert_legible(figure)
    assert figure.get_size_inches()[0] * figure.dpi == pytest.approx(640)
    assert figure.get_facecolor() == (1.0, 1.0, 1.0, 1.0)


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_readers_may_bring_their_own_axes(draw):
    ax = Figure(figsize=(6.4, 6.4)).subplots()
    assert draw(ax=ax) is ax


def marks_of(ax):
    return [c for c in ax.collections if isinstance(c, PathCollection)]


def test_ranges_reach_from_the_smallest_to_the_largest_and_zero_gets_an_arrow():
    ax = median_ranges(groups(), **RANGES)
    lines = [tuple(line.get_xdata()) for line in ax.lines]
    assert (0.58, 221.13) in lines
    assert (0.1, 6.4) in lines
    assert [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "<"] == [0.1]
    values = [m.get_offsets()[0][0] for m in marks_of(ax)[1:]]
    assert_allclose(values, [7.4, 10.38, 0.9])
    assert "0.9 (0–6.40)" in {text.get_text() for text in ax.texts}


def test_simulated_p_values_stand_at_their_medians():
    ax = simulated_p_values(p_values(), "0.08")
    values = [m.get_offsets()[0][0] for m in marks_of(ax)]
    assert_allclose(values[-2:], [0.28, 0.165])
    assert ax.get_xlim()[0] < 0.004
    assert {"0.8%", "4.7%"} <= {text.get_text() for text in ax.texts}


def test_every_possible_table_is_a_point():
    ax = possible_accuracy(tables("rVP", "rKtrans"), wider=tables("rVP"))
    points = np.vstack([m.get_offsets() for m in marks_of(ax)])
    assert len(points) == 4 + 0 + 8
    assert_allclose(sorted(set(points[:, 0].round(6))), [50, 62.5, 75, 87.5])


@pytest.mark.parametrize(
    "call",
    [
        lambda: median_ranges(groups().drop(columns="low"), **RANGES),
        lambda: simulated_p_values(p_values().drop(columns="reaching"), "0.08"),
        lambda: possible_accuracy(tables("rVP").drop(columns="sensitivity")),
    ],
)
def test_missing_columns_are_refused(call):
    with pytest.raises(ValueError, match="missing"):
        call()
