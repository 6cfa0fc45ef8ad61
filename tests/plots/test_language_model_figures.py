"""Figures on language models: legible, and what is drawn is what was computed."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from reanalysis.plots.attention_map import attention_map
from reanalysis.plots.legibility import assert_legible
from reanalysis.plots.statement_fates import statement_fates
from reanalysis.plots.token_probabilities import token_probabilities

FATES = pd.DataFrame(
    {"English": ["kept", "moved", "dropped"], "A long name of a text": ["changed"] * 3},
    index=["liver: size normal", "a statement with many words that fill its row", "no ascites"],
)
WEIGHTS = np.tri(4) / np.arange(1, 5)[:, None]
WORDS = ["no", "stone", "left", "kidneys"]
CHANCES = pd.DataFrame(
    {"T 0\ntop-p 1": [1, 0, 0], "T 1\ntop-p 1": [0.9, 0.098, 0.002]}, index=["blue", "grey", "red"]
)
FIGURES = {
    "fates": lambda: statement_fates(FATES),
    "attention": lambda: attention_map(WEIGHTS, WORDS, title="One head"),
    "probabilities": lambda: token_probabilities(CHANCES),
}


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_legible_at_the_base_width(draw):
    figure = draw().figure
    assert_legible(figure)
    assert round(figure.get_size_inches()[0] * 100) == 640


def words_in(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_one_mark_per_statement_and_text():
    marks = [c for c in statement_fates(FATES).collections if isinstance(c, PathCollection)]
    assert sum(len(mark.get_offsets()) for mark in marks) == FATES.size + 4


def test_hidden_tokens_have_no_number():
    found = words_in(attention_map(WEIGHTS, WORDS))
    assert sorted(found) == sorted(f"{w:.2f}" for w in WEIGHTS[WEIGHTS > 0])


def test_bars_are_as_long_as_the_probabilities():
    ax = token_probabilities(CHANCES)
    widths = np.array([bar.get_width() for bar in ax.patches])
    drawn = CHANCES.to_numpy().T[CHANCES.to_numpy().T > 0]
    assert np.allclose(widths / widths[0], drawn)
    assert words_in(ax).count("never") == 2
    assert "<0.01" in words_in(ax)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="expected the fates"):
        statement_fates(FATES.replace("kept", "lost"))
    with pytest.raises(ValueError, match="one to three"):
        statement_fates(FATES[[]])
    with pytest.raises(ValueError, match="square"):
        attention_map(WEIGHTS, WORDS[:3])
    with pytest.raises(ValueError, match="between 0 and 1"):
        token_probabilities(CHANCES * 2)
    with pytest.raises(ValueError, match="at most 5"):
        token_probabilities(pd.DataFrame(np.ones((1, 6))))
