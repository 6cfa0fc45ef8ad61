"""Which statements clash with which: one column per minimal contradiction."""

import numpy as np

from reanalysis.plots.intervals import draw_marker, row_rule, row_text
from reanalysis.plots.style import (
    DISAGREEMENT,
    GREY,
    RULE,
    SMALL_PX,
    MarkStyle,
    book_style,
    fit_words,
    new_figure,
    place_axes,
    px,
)

_LABELS, _WIDTH, _ROW, _HEAD = 290, 336, 32, 66
_MEMBER = MarkStyle(DISAGREEMENT, DISAGREEMENT, "o")
_OTHER = MarkStyle(RULE, GREY, "o")
_MOST_COLUMNS = 12


@book_style()
def contradiction_grid(membership, *, ax=None):
    """Statements down, minimal contradictions across; the dots of a column cannot all be true.

    Parameters
    ----------
    membership : pandas.DataFrame
        As :meth:`reanalysis.consistency.contradictions.Contradictions.membership` returns it;
        1 to 12 columns.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there is no column, or more than can be read.
    """
    n_rows, n_columns = membership.shape
    if not 0 < n_columns <= _MOST_COLUMNS:
        raise ValueError(f"expected 1 to {_MOST_COLUMNS} contradictions, got {n_columns}")
    height = _HEAD + _ROW * n_rows + 8
    if ax is None:
        figure = new_figure(height + 8)
        ax = place_axes(figure, left=_LABELS, top=4, width=_WIDTH, height=height)
    ax.set(xlim=(0, n_columns), ylim=(height, 0))
    ax.axis("off")
    row_text(ax, 14, "The dots of one column cannot all be true", dx=-_LABELS + 10, color=GREY)
    for column, name in enumerate(membership.columns):
        where = np.flatnonzero(membership[name])
        places = _HEAD + _ROW * (where + 0.5)
        ends = [places.min(), places.max()]
        ax.plot([column + 0.5] * 2, ends, color=DISAGREEMENT, lw=px(2.4), zorder=2)
        ax.annotate(
            str(name),
            (column + 0.5, _HEAD - 12),
            ha="center",
            va="center",
            fontsize=px(SMALL_PX),
            color=GREY,
        )
    for row, (name, members) in enumerate(membership.iterrows()):
        y = _HEAD + _ROW * (row + 0.5)
        row_rule(ax, y - _ROW / 2, left=_LABELS - 10)
        words, size = fit_words(str(name), _LABELS - 24, 1)
        row_text(ax, y, words, dx=-_LABELS + 10, size=size)
        for column, member in enumerate(members):
            mark = _MEMBER if member else _OTHER
            draw_marker(ax, column + 0.5, y, mark, area=150 if member else 30)
    return ax
