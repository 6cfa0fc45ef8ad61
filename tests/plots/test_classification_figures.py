"""Alluvial diagram, stacked shares and decision diagram: what is drawn is what was counted."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch
from numpy.testing import assert_allclose

from reanalysis.duct_types import decision_boxes
from reanalysis.plots.alluvial import alluvial
from reanalysis.plots.decision_diagram import decision_diagram
from reanalysis.plots.legibility import assert_legible
from reanalysis.plots.stacked_shares import stacked_shares

STAGES = {"type": "Type on the images", "fate": "What became of the donor", "joins": "Joins"}
PATHS = [
    ("Type 1", "transplanted", "One", 30),
    ("Type 1", "transplanted", "Two", 6),
    ("Type 1", "not transplanted", "", 22),
    ("Type 2", "transplanted", "One", 27),
    ("Type 2", "transplanted", "Two", 29),
    ("Type 2", "not transplanted", "", 80),
    ("Type 3", "transplanted", "Three", 1),
    ("Type 3", "not transplanted", "", 6),
]
FLOW = pd.DataFrame(PATHS, columns=["type", "fate", "joins", "n"])
SHARES = pd.DataFrame(
    {
        "system": ["Old"] * 5 + ["With a long name"] * 4 + ["New"] * 2,
        "class": ["A", "B", "C1", "C2", "Unclassified", "1", "2", "3", "Unclassified", "1", "2"],
        "n": [106, 60, 20, 2, 13, 105, 88, 4, 4, 58, 143],
    }
)
FIGURES = {
    "alluvial": lambda: alluvial(FLOW, STAGES),
    "alluvial, two stages": lambda: alluvial(FLOW, {"type": "Type", "fate": "Donor"}),
    "shares": lambda: stacked_shares(SHARES),
    "shares, one system": lambda: stacked_shares(SHARES[:5], quantity="Share of 201 donors (%)"),
    "decision": lambda: decision_diagram(*decision_boxes()),
}


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_legible_and_sized(name):
    ax = FIGURES[name]()
    figure = ax.figure
    assert_legible(figure)
    assert figure.get_size_inches()[0] * figure.dpi == pytest.approx(640)
    assert figure.get_facecolor() == (1.0, 1.0, 1.0, 1.0)
    assert not ax.axison or "%" in ax.get_xlabel()


def band_heights(ax):
    """Height of every band at its left end, px."""
    bands = [patch.get_path().vertices for patch in ax.patches if isinstance(patch, PathPatch)]
    return sorted(float(corners[7, 1] - corners[0, 1]) for corners in bands)


def test_bands_are_as_wide_as_their_numbers():
    """Paths that go the same way are one band; ended paths have none."""
    ax = alluvial(FLOW, STAGES, body_px=402)
    first = [36, 22, 56, 80, 1, 6]
    second = [30, 6, 27, 29, 1]
    assert_allclose(band_heights(ax), sorted(402 / 201 * n for n in first + second))


def test_bands_of_a_category_fill_it():
    """At either end of two stages the bands cover every patient once."""
    ax = alluvial(FLOW, {"type": "Type", "fate": "Donor"}, body_px=402)
    for corner in (0, 3):
        bands = [p.get_path().vertices for p in ax.patches if isinstance(p, PathPatch)]
        other = {0: 7, 3: 4}[corner]
        spans = sorted((b[corner, 1], b[other, 1]) for b in bands)
        assert_allclose(sum(high - low for low, high in spans), 402)
        assert all(a[1] <= b[0] + 1e-9 for a, b in itertools.pairwise(spans))


def test_every_number_of_a_stage_is_written():
    words = {text.get_text() for text in alluvial(FLOW, STAGES).texts}
    assert {"Type 1: 58", "transplanted: 93", "not transplanted: 108", "Three: 1"} <= words


def test_segments_are_as_long_as_their_shares():
    """Each bar ends where all patients are counted; what fits nowhere comes last, hatched."""
    ax = stacked_shares(SHARES)
    widths = [np.ptp(c.get_paths()[0].vertices[:, 0]) for c in ax.collections]
    assert_allclose(widths, SHARES["n"])
    hatched = [c.get_hatch() is not None for c in ax.collections]
    assert hatched == (SHARES["class"] == "Unclassified").tolist()


def test_every_class_is_named_somewhere():
    """In its segment or, where that is too short, below the bar."""
    words = " ".join(text.get_text() for text in stacked_shares(SHARES).texts)
    for row in SHARES.itertuples():
        name = row._2.lower() if row._2 == "Unclassified" else row._2
        assert f"{name}: {row.n}" in words


def test_boxes_hold_their_words_and_arrows_end_at_boxes():
    boxes, arrows = decision_boxes()
    ax = decision_diagram(boxes, arrows)
    frames = [p.get_bbox() for p in ax.patches if isinstance(p, FancyBboxPatch)]
    assert len(frames) == len(boxes)
    tops = {round(frame.y0, 6) for frame in frames}
    tips = [text for text in ax.texts if getattr(text, "arrow_patch", None)]
    assert len(tips) == len(arrows)
    assert {round(tip.xy[1], 6) for tip in tips} <= tops
    words = [text.get_text() for text in ax.texts]
    assert all(answer in words for answer in arrows["answer"])


DRAW = {
    "alluvial": lambda ax: alluvial(FLOW, STAGES, ax=ax),
    "shares": lambda ax: stacked_shares(SHARES, ax=ax),
    "decision": lambda ax: decision_diagram(*decision_boxes(), ax=ax),
}


@pytest.mark.parametrize("name", DRAW)
def test_readers_may_bring_their_own_axes(name):
    ax = Figure(figsize=(6.4, 6.4)).subplots()
    assert DRAW[name](ax) is ax


def test_unfit_input_is_refused():
    """Errors say what was expected."""
    with pytest.raises(ValueError, match="missing"):
        alluvial(FLOW.drop(columns="fate"), STAGES)
    with pytest.raises(ValueError, match="two stages"):
        alluvial(FLOW, {"type": "Type"})
    with pytest.raises(ValueError, match="at least 0"):
        alluvial(FLOW.assign(n=-1), STAGES)
    with pytest.raises(ValueError, match="same patients"):
        stacked_shares(SHARES.assign(n=range(len(SHARES))))
    with pytest.raises(ValueError, match="missing"):
        stacked_shares(SHARES.drop(columns="class"))
    boxes, arrows = decision_boxes()
    with pytest.raises(ValueError, match="arrow down"):
        decision_diagram(boxes, arrows.assign(stop="count"))
    with pytest.raises(ValueError, match="kinds out of"):
        decision_diagram(boxes.assign(kind="answer"), arrows)
