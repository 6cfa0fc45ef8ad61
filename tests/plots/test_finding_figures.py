"""Figures of findings patient by patient, of the fat fraction, and of constructed ratios."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from reanalysis.plots.fat_fraction_curve import fat_fraction_curve
from reanalysis.plots.finding_maps import phase_signs, presence_map, signal_map
from reanalysis.plots.legibility import assert_legible
from reanalysis.plots.ratio_of_means import ratio_of_means

SEQUENCES = ["T2", "T1", "arterial", "portal", "delayed", "hepatobiliary"]


def places():
    cells = np.zeros((9, 8), dtype=bool)
    cells[[0, 1, 2, 8], [7, 3, 0, 3]] = True
    return pd.DataFrame(cells, index=range(1, 10), columns=range(1, 9))


def signals():
    names = np.array(["hypointense", "isointense", "hyperintense"])
    return pd.DataFrame(names[np.arange(54).reshape(9, 6) % 3], columns=SEQUENCES)


def counts():
    columns = ["hypointense", "isointense", "hyperintense"]
    rows = [(5, 4, 0), (0, 2, 7), (1, 0, 8), (0, 0, 9), (0, 0, 9), (2, 1, 6)]
    return pd.DataFrame(rows, index=SEQUENCES, columns=columns)


def signs():
    words = ["isointense to hyperintense", "", "early enhancement", "", "", "retention (5 seen)"]
    frame = pd.DataFrame({"focal nodular hyperplasia": words}, index=SEQUENCES)
    return frame.assign(**{"hepatocellular adenoma": words[::-1]})


def fractions():
    rows = {"liver": (0.26, 0.15, 0.47), "spared": (0.09, 0.02, 0.17)}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "minimum", "maximum"])


def samples():
    rng = np.random.default_rng(2)
    made = {"before": rng.uniform(100, 900, 9), "change": rng.uniform(0.3, 1.9, 9)}
    return {name: pd.DataFrame(made) for name in ("liver", "spared area, in two lines")}


def draw_ratios(ax=None):
    published = dict.fromkeys(samples(), 0.8)
    options = {"recomputed": dict.fromkeys(samples(), 1.1), "quantity": "Change (ratio)"}
    return ratio_of_means(samples(), published=published, **options, ax=ax)


FIGURES = {
    "places": lambda ax=None: presence_map(places(), columns="Segment", rows="Patient", ax=ax),
    "signals": lambda ax=None: signal_map(signals(), ax=ax),
    "signs": lambda ax=None: phase_signs(counts(), signs(), subject="Sparing (nine)", ax=ax),
    "fat fraction": lambda ax=None: fat_fraction_curve(fractions(), ax=ax),
    "ratios": draw_ratios,
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


def test_every_cell_and_total_is_written():
    texts = [text.get_text() for text in presence_map(places(), columns="S", rows="P").texts]
    assert texts.count("yes") == 4
    assert texts[-8:] == [f"{n} of 9" for n in (1, 0, 0, 2, 0, 0, 0, 1)]
    texts = [text.get_text() for text in signal_map(signals()).texts]
    assert [texts.count(word) for word in ("darker", "equal", "brighter")] == [18, 18, 18]


def test_bars_of_a_sequence_add_up():
    widths = [bar.get_width() for bar in phase_signs(counts(), signs(), subject="S").patches]
    assert sum(widths) == counts().to_numpy().sum()


def test_the_curve_touches_zero_at_one_half():
    x, y = fat_fraction_curve(fractions()).lines[0].get_data()
    assert (x[0], y[0], x[-1]) == (0, 100, 50)
    assert y[-1] == pytest.approx(0)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="true or false"):
        presence_map(places().astype(int), columns="S", rows="P")
    with pytest.raises(ValueError, match="bright"):
        signal_map(signals().replace("isointense", "bright"))
    with pytest.raises(ValueError, match="two columns"):
        phase_signs(counts(), signs().assign(third=""), subject="S")
    with pytest.raises(ValueError, match="fat fractions of 0"):
        fat_fraction_curve(2 * fractions())
    with pytest.raises(ValueError, match="same regions"):
        ratio_of_means(samples(), published={}, recomputed={}, quantity="Q")
