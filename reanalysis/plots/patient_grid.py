"""One mark per patient: how few they are, and what became of each."""

import numpy as np

from reanalysis.plots.intervals import draw_key, draw_marker, row_rule, row_text
from reanalysis.plots.style import (
    GREY,
    INK,
    ORANGE,
    SMALL_PX,
    MarkStyle,
    book_style,
    fit_words,
    letters_of,
    new_figure,
    place_axes,
)

_LABELS, _PITCH, _ROW, _HEAD, _PER_LINE = 150, 44, 42, 74, 10
_AREA = 420
_WORDS_AT_MOST = 4
# Filled, hollow, square, cross: told apart without colour. Orange is for what is reconstructed.
_KINDS = (
    MarkStyle(ORANGE, letters_of(ORANGE), "o"),
    MarkStyle(ORANGE, letters_of(ORANGE), "o", hollow=True),
    MarkStyle(GREY, GREY, "s", hollow=True),
    MarkStyle(INK, INK, "X"),
)


@book_style()
def patient_grid(counts, *, ax=None):
    """Patients of each group as a row of marks, by what became of them.

    Parameters
    ----------
    counts : pandas.DataFrame
        One row per group (index: its name), one column per fate, at most four; whole numbers of
        patients. The counts are taken to be reconstructed, and drawn so.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there are more fates than marks, or a count is not a whole number of at least 0.
    """
    numbers = counts.to_numpy(float)
    if counts.shape[1] > len(_KINDS):
        raise ValueError(f"expected at most {len(_KINDS)} fates, got {list(counts.columns)}")
    if not (np.isfinite(numbers).all() and (numbers >= 0).all() and (numbers % 1 == 0).all()):
        raise ValueError(f"expected whole numbers of patients, got {counts.to_dict()}")
    lines = [max(1, -(-int(total) // _PER_LINE)) for total in numbers.sum(axis=1)]
    tops = _HEAD + np.cumsum([0] + [_ROW * n + 34 for n in lines])
    if ax is None:
        figure = new_figure(tops[-1] + 10)
        frame = {"left": _LABELS, "top": 4, "width": _PITCH * _PER_LINE, "height": tops[-1]}
        ax = place_axes(figure, **frame)
    ax.set(xlim=(0, _PER_LINE), ylim=(tops[-1], 0))
    ax.axis("off")
    kinds = list(zip(_KINDS, map(str, counts.columns), strict=False))
    for row in range(0, len(kinds), 2):
        draw_key(ax, 14 + 24 * (row // 2), kinds[row : row + 2], dx=-_LABELS + 12)
    for (name, fates), top in zip(counts.iterrows(), tops[:-1], strict=True):
        row_rule(ax, top - 14, left=_LABELS - 12, right=0)
        words, size = fit_words(str(name), _LABELS - 24, 3)
        row_text(ax, top + _ROW / 2 + 2, words, dx=-_LABELS + 12, size=size)
        _draw_group(ax, top, fates)
    return ax


def _draw_group(ax, top, fates):
    """The marks of one group, and under them the counts in words."""
    kinds = [kind for kind, n in zip(_KINDS, fates, strict=False) for _ in range(int(n))]
    for place, kind in enumerate(kinds):
        line, column = divmod(place, _PER_LINE)
        draw_marker(ax, column + 0.5, top + _ROW * (line + 0.5), kind, area=_AREA)
    lines = max(1, -(-len(kinds) // _PER_LINE))
    present = [f"{int(n)} {name}" for name, n in fates.items() if n][:_WORDS_AT_MOST]
    row_text(ax, top + _ROW * lines + 8, " · ".join(present), dx=6, size=SMALL_PX, color=GREY)
