"""Figures of small studies: patients one by one, proportions, contradictions, power."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

from reanalysis.plots.contradictions import contradiction_grid
from reanalysis.plots.legibility import assert_legible
from reanalysis.plots.patient_grid import patient_grid
from reanalysis.plots.power_curves import power_curves
from reanalysis.plots.proportion_forest import proportion_forest
from reanalysis.power_of_proportions import power_by_size


def fates(**changes):
    rows = {"With the sign": (4, 2, 4, 0), "Without the sign, and with a long name": (1, 4, 3, 13)}
    columns = ["clear margin", "margin not clear", "not resected", "not counted"]
    return pd.DataFrame.from_dict(rows | changes, orient="index", columns=columns)


def proportions():
    rows = [
        ("Halo on MRI", 10, 19, 0.526, 0.289, 0.756, 0.526),
        ("Not clear, no halo, with words for two lines", 4, 5, 0.8, 0.284, 0.995, 0.667),
        ("Nothing printed", 0, 5, 0.0, 0.0, 0.522, np.nan),
    ]
    columns = ["label", "events", "total", "estimate", "conf_low", "conf_high", "published"]
    return pd.DataFrame(rows, columns=columns)


def membership(n_columns=9):
    cells = np.tile([[True, False, True], [False, True, True], [True, True, False]], 4)[
        :, :n_columns
    ]
    names = ["negative predictive value 66.7%", "P 0.016", "everyone is counted"]
    return pd.DataFrame(cells, index=names, columns=range(1, n_columns + 1))


def powers():
    return power_by_size(
        0.667, {"20% without": 0.2, "30% without": 0.3, "40% without": 0.4}, range(4, 60, 8)
    )


FIGURES = {
    "patients": lambda ax=None: patient_grid(fates(), ax=ax),
    "proportions": lambda ax=None: proportion_forest(proportions(), ax=ax),
    "contradictions": lambda ax=None: contradiction_grid(membership(), ax=ax),
    "one contradiction": lambda ax=None: contradiction_grid(membership(1), ax=ax),
    "power": lambda ax=None: power_curves(
        powers(), quantity="Patients (number)", marks={"this study": 11}, ax=ax
    ),
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


def test_every_patient_has_one_mark():
    """Four marks of the key, and one per patient: ten and twenty-one, in lines of ten."""
    marks = [c for c in patient_grid(fates()).collections if isinstance(c, PathCollection)]
    assert len(marks) == 4 + fates().to_numpy().sum()
    places = np.array([m.get_offsets()[0] for m in marks[4:]])
    assert len(np.unique(places.round(6), axis=0)) == len(places)
    assert len(np.unique(places[:, 1])) == 1 + 3


def test_a_printed_value_that_is_not_the_estimate_is_bracketed():
    ax = proportion_forest(proportions())
    words = {text.get_text() for text in ax.texts}
    assert "66.7 printed" in words
    assert "52.6 printed" not in words
    assert "80.0 (28.4–99.5)" in words
    red = [line for line in ax.lines if line.get_color() == "#CC3311"]
    assert len(red) == 1


def test_the_key_names_print_only_where_something_is_printed():
    words = {text.get_text() for text in proportion_forest(proportions()).texts}
    assert "published" in words
    words = {
        text.get_text() for text in proportion_forest(proportions().assign(published=np.nan)).texts
    }
    assert "published" not in words
    assert "recomputed" in words


def test_members_of_a_contradiction_are_large_and_joined():
    table = membership(3)
    ax = contradiction_grid(table)
    marks = [c for c in ax.collections if isinstance(c, PathCollection)]
    sizes = np.array([m.get_sizes()[0] for m in marks])
    assert (sizes == sizes.max()).sum() == table.to_numpy().sum()
    joined = [line for line in ax.lines if line.get_color() == "#CC3311"]
    assert [line.get_xdata()[0] for line in joined] == [0.5, 1.5, 2.5]


def test_curves_are_the_powers():
    frame = powers()
    ax = power_curves(frame, quantity="Patients (number)")
    solid = [line for line in ax.lines if len(line.get_xdata()) == 7]
    for line, (_, rows) in zip(solid, frame.groupby("curve", sort=False), strict=True):
        assert_allclose(line.get_ydata(), 100 * rows["power"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: patient_grid(fates(x=(0.5, 1, 1, 1))), "whole numbers"),
        (lambda: patient_grid(fates().assign(fifth=1)), "at most 4 fates"),
        (lambda: proportion_forest(proportions().drop(columns="total")), "missing"),
        (lambda: contradiction_grid(membership(0)), "1 to 12"),
        (lambda: power_curves(powers().drop(columns="n"), quantity="n"), "missing"),
    ],
)
def test_unfit_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
