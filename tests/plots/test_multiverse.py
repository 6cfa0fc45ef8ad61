"""The multiverse figure shows every P value where it belongs, and which of them are printed."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

from reanalysis.alternatives.reached import reaches
from reanalysis.alternatives.two_by_two_tests import FISHER, FISHER_BLAKER, two_by_two_variants
from reanalysis.plots.legibility import assert_legible
from reanalysis.plots.multiverse import multiverse


def variants(printed, first_events=6):
    """Every test of one constructed table."""
    table = two_by_two_variants(
        first_events=first_events, first_total=18, second_events=12, second_total=17
    )
    return reaches(table, {"p_value": printed})


def points_of(ax):
    """Places of the recomputed values, from the top down."""
    filled = [c for c in ax.collections if isinstance(c, PathCollection)]
    # The first two are the marks of the key, the last one is the printed value.
    return np.array([c.get_offsets()[0] for c in filled[2:-1]])


def words_of(ax, weight):
    return {text.get_text() for text in ax.texts if text.get_fontweight() == weight}


def test_rows_are_sorted_and_the_reaching_ones_marked():
    """Smallest on top; Fisher's test in two of its forms is what was printed."""
    table = variants("0.044")
    ax = multiverse(table, "0.044")
    x, y = points_of(ax).T
    assert_allclose(x, np.sort(table["p_value"]))
    assert (np.diff(y) > 0).all()
    marked = words_of(ax, "bold")
    assert {FISHER, FISHER_BLAKER, "0.044"} <= marked
    assert len(marked & set(table["method"])) == table["reaches"].sum() == 2


@pytest.mark.parametrize(
    ("printed", "first_events"), [("0.044", 6), ("0.04", 6), ("<0.001", 1), ("0.90", 12)]
)
def test_every_kind_of_print_is_legible(printed, first_events):
    """A number with its rounding, a bound, P values over several decades and near 1."""
    ax = multiverse(variants(printed, first_events), printed)
    assert_legible(ax.figure)
    assert ax.figure.get_size_inches()[0] * ax.figure.dpi == pytest.approx(640)
    assert len(ax.get_xticks()) >= 2
    assert ax.get_xscale() == "log"


def test_rows_without_a_value_are_left_out():
    """Nothing is drawn where a test has no P value."""
    table = variants("0.044")
    table.loc[0, "p_value"] = np.nan
    assert len(points_of(multiverse(table, "0.044"))) == len(table) - 1


def test_readers_may_bring_their_own_axes():
    """The function draws where it is told to."""
    ax = Figure(figsize=(6.4, 6.4)).subplots()
    assert multiverse(variants("0.044"), "0.044", ax=ax) is ax


def test_unfit_input_is_refused():
    """Errors say what was expected."""
    table = variants("0.044")
    with pytest.raises(ValueError, match="missing"):
        multiverse(table.drop(columns="reaches"), "0.044")
    with pytest.raises(ValueError, match="printed P value above 0"):
        multiverse(table, "significant")
    with pytest.raises(ValueError, match="at least one positive"):
        multiverse(pd.DataFrame({"method": ["a"], "p_value": [np.nan], "reaches": [False]}), "0.1")


def test_ticks_do_not_touch_where_few_decades_are_shown():
    """P values over two decades around one in a thousand: not every tick has room."""
    table = two_by_two_variants(first_events=6, first_total=36, second_events=28, second_total=56)
    ax = multiverse(reaches(table, {"p_value": "<0.001"}), "<0.001")
    assert_legible(ax.figure)
    assert {0.001, 0.01} <= set(np.round(ax.get_xticks(), 6))
