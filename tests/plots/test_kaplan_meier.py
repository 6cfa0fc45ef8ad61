"""Kaplan–Meier figures: legible, and what is drawn is what was computed."""

import numpy as np
import pytest
from lifelines.datasets import load_lung
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

from reanalysis.plots.kaplan_meier import kaplan_meier, kaplan_meier_ensemble
from reanalysis.plots.legibility import assert_legible
from reanalysis.survival_reconstruction import reconstruct_from_summaries
from reanalysis.survival_two_arms import pair_arms


@pytest.fixture(scope="module")
def pair():
    arms = (
        reconstruct_from_summaries(85, {3: "97.51", 5: "97.51"}, "2.01", n_members=30, seed=1),
        reconstruct_from_summaries(88, {3: "82.00", 5: "72.38"}, "3.12", n_members=30, seed=2),
    )
    return pair_arms(*arms, names=("lipiodol marking", "no marking"))


@pytest.fixture(scope="module")
def lung():
    table = load_lung().rename(columns={"status": "event"})
    return {name: table.loc[table.sex == sex, ["time", "event"]]
            for sex, name in ((1, "men"), (2, "women"))}  # fmt: skip


def words(ax):
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("lowest", [0, 50])
def test_ensembles_are_legible_and_labelled_as_reconstructed(pair, lowest):
    ax = kaplan_meier_ensemble(pair, quantity="Local control", title="Local control", lowest=lowest)
    assert_legible(ax.figure)
    assert ax.figure.get_size_inches()[0] * ax.figure.dpi == pytest.approx(640)
    assert ax.figure.get_facecolor() == (1.0, 1.0, 1.0, 1.0)
    assert ax.get_xlabel() == "Time (years)"
    assert ax.get_ylabel() == "Local control (%)"
    assert {"lipiodol marking, reconstructed", "no marking, reconstructed"} <= set(words(ax))
    assert any(word.startswith("At risk, reconstructed") for word in words(ax))


def test_printed_points_and_numbers_at_risk_are_those_of_the_ensemble(pair):
    ax = kaplan_meier_ensemble(pair)
    (diamonds,) = [c for c in ax.collections if isinstance(c, PathCollection)]
    expected = [(3, 97.51), (5, 97.51), (3, 82.0), (5, 72.38)]
    assert_allclose(diamonds.get_offsets(), expected)
    row = pair.second.numbers_at_risk([3]).iloc[0]
    assert f"{row.estimate:.0f} ({row.conf_low:.0f}–{row.conf_high:.0f})" in words(ax)
    assert {"85", "88", "97.51 %", "72.38 %"} <= set(words(ax))


def test_known_data_are_drawn_over_the_bands(pair):
    known = pair.second.member(0)
    ax = kaplan_meier_ensemble({"no marking": pair.second}, known={"known": known})
    assert_legible(ax.figure)
    (line,) = [line for line in ax.lines if line.get_label() == "known"]
    x, y = line.get_data()
    assert_allclose(y[np.searchsorted(x, 3) - 1], 100 * pair.second.survival([3])[0, 0])


def test_one_arm_or_two_and_axes_of_ones_own(pair):
    assert_legible(kaplan_meier_ensemble({"no marking": pair.second}).figure)
    ax = Figure(figsize=(6.4, 6.4)).subplots()
    assert kaplan_meier_ensemble(pair, ax=ax) is ax
    three = dict.fromkeys("abc", pair.first)
    with pytest.raises(ValueError, match="one or two arms"):
        kaplan_meier_ensemble(three)


def test_data_are_drawn_as_lifelines_has_them(lung):
    ax = kaplan_meier(lung, unit="days", title="Lung cancer")
    assert_legible(ax.figure)
    men = lung["men"]
    at = [tick for tick in ax.get_xticks() if tick <= men.time.max()]
    assert {str(int((men.time >= t).sum())) for t in at} <= set(words(ax))
    assert "men" in words(ax)
    lowest = min(line.get_ydata().min() for line in ax.lines)
    # survfit(Surv(time, status) ~ sex, lung): 0.0357 for men at the end (R survival 3.5-3).
    assert_allclose(lowest, 3.57, atol=0.01)


def test_reconstructed_arms_are_dotted_and_say_so(lung):
    ax = kaplan_meier(
        {"drawn": lung["men"], "from the curve": lung["women"]},
        reconstructed=["from the curve"], unit="days", at=np.arange(0, 1001, 250), band=False,
    )  # fmt: skip
    assert_legible(ax.figure)
    assert "from the curve, reconstructed" in words(ax)
    styles = {str(line.get_linestyle()) for line in ax.lines if len(line.get_xdata()) > 50}
    assert len(styles) == 2
