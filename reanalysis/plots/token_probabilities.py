"""With which probability is each next token drawn, at several settings?"""

import numpy as np

from reanalysis.plots.intervals import row_rule, row_text
from reanalysis.plots.style import (
    GREY,
    INK,
    ORANGE,
    SMALL_PX,
    book_style,
    fit_words,
    new_figure,
    place_axes,
    px,
)

_LABELS, _WIDTH, _ROW, _HEAD = 110, 520, 34, 54
_MOST = 5
_BAR, _NUMBER = 0.55, 46


@book_style()
def token_probabilities(table, *, ax=None):
    """Bars of simulated probabilities: tokens down, settings across.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: the tokens. One column per setting, at most five, of probabilities 0–1; taken to
        be simulated, and drawn so.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there are more than five settings, or a number is not a probability.
    """
    n_rows, n_columns = table.shape
    if n_columns > _MOST:
        raise ValueError(f"expected at most {_MOST} settings, got {n_columns}")
    if not table.to_numpy(float).size or not np.all((table >= 0) & (table <= 1)):
        raise ValueError("expected probabilities between 0 and 1")
    height = _HEAD + _ROW * n_rows + 6
    if ax is None:
        ax = place_axes(new_figure(height + 8), left=_LABELS, top=4, width=_WIDTH, height=height)
    ax.set(xlim=(0, n_columns), ylim=(height, 0))
    ax.axis("off")
    column_px = _WIDTH / n_columns
    longest = 1 - (_NUMBER + 8) / column_px
    for row, token in enumerate(table.index):
        y = _HEAD + _ROW * (row + 0.5)
        row_rule(ax, y - _ROW / 2, left=_LABELS - 10)
        words, size = fit_words(str(token), _LABELS - 20, 1)
        row_text(ax, y, words, dx=-_LABELS + 12, size=size)
    for column, name in enumerate(table.columns):
        words, size = fit_words(str(name), column_px - 8, 2, SMALL_PX)
        head = {"fontsize": px(size), "color": GREY, "va": "center", "linespacing": 1.1}
        ax.annotate(words, (column, _HEAD / 2 - 2), **head)
        for row, chance in enumerate(table[name]):
            y = _HEAD + _ROW * (row + 0.5)
            look = {"facecolor": ORANGE, "edgecolor": INK, "hatch": "////", "lw": px(0.8)}
            if chance:
                ax.barh(y, chance * longest, _ROW * _BAR, left=column, **look)
            text = "never" if chance == 0 else f"{chance:.2f}" if chance >= 0.005 else "<0.01"
            shift = {"xytext": (px(5), 0), "textcoords": "offset points", "va": "center"}
            style = {"fontsize": px(SMALL_PX), "color": INK}
            ax.annotate(text, (column + chance * longest, y), **shift, **style)
    return ax
