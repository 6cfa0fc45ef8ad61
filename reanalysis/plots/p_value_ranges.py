"""Can a printed P value belong to the interval printed beside it, and with how many sides?

One row per result: the P values that the readings of its interval allow, two-sided and
one-sided, and the printed one.
"""

import numpy as np

from reanalysis.plots.intervals import draw_key, draw_marker, row_rule, row_text
from reanalysis.plots.style import (
    GREY,
    INK,
    ROLES,
    ROW_PX,
    book_style,
    fit_words,
    mark_of_test,
    new_figure,
    place_axes,
    px,
)

_LABELS, _WIDTH, _NUMBERS = 128, 340, 160
_HEAD, _ROW = 52, 58
_SIDES = {"two": "two-sided", "one": "one-sided"}
_TICKS = (0.0001, 0.001, 0.01, 0.1, 1)


@book_style()
def p_value_ranges(frame, *, threshold=0.05, smallest=1e-4, ax=None):
    """Printed P values among those that their intervals allow.

    Parameters
    ----------
    frame : DataFrame
        Columns ``label, printed`` (P values), ``two_low, two_high, one_low, one_high``: what the
        interval allows.
    threshold : float, default 0.05
        Level of significance, drawn as a dashed line.
    smallest : float, default 0.0001
        Left end of the axis; ranges that begin below it are cut.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If columns are missing or a printed P value is not in (0, 1].
    """
    _check(frame)
    height = _HEAD + _ROW * len(frame)
    if ax is None:
        figure = new_figure(height + 74)
        ax = place_axes(figure, left=_LABELS, top=8, width=_WIDTH, height=height)
    ax.set_xscale("log")
    ax.set(xlim=(smallest, 1), ylim=(height, 0), yticks=[], xlabel="P value (log scale)")
    ticks = [tick for tick in _TICKS if tick >= smallest]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    ax.spines["left"].set_visible(False)
    dashes = {"color": INK, "lw": px(1), "ls": (0, (4, 3)), "zorder": 1}
    ax.plot([threshold] * 2, [_HEAD - 8, height], **dashes)
    marks = {side: mark_of_test(place) for place, side in enumerate(_SIDES)}
    key = [(marks[side], f"{words}, allowed") for side, words in _SIDES.items()]
    draw_key(ax, 16, [(ROLES["published"], "published"), *key], dx=-_LABELS + 8)
    row_text(ax, 36, "published; two-sided", side="right", dx=_NUMBERS, color=GREY)
    for place, row in enumerate(frame.itertuples()):
        _draw_row(ax, _HEAD + _ROW * place, row, marks, smallest)
    return ax


def _check(frame):
    needed = {"label", "printed", "two_low", "two_high", "one_low", "one_high"}
    if missing := needed - set(frame.columns):
        raise ValueError(f"expected columns {sorted(needed)}, missing {sorted(missing)}")
    if not frame["printed"].between(0, 1, inclusive="right").all():
        raise ValueError(f"expected P values in (0, 1], got {frame['printed'].tolist()}")


def _draw_row(ax, top, row, marks, smallest):
    row_rule(ax, top, left=_LABELS - 8, right=_NUMBERS)
    words, size = fit_words(row.label, _LABELS - 16, 2, ROW_PX)
    row_text(ax, top + _ROW / 2, words, dx=-_LABELS + 8, size=size)
    places = {"two": top + 0.3 * _ROW, "one": top + 0.7 * _ROW}
    for side, y in places.items():
        ends = np.clip([getattr(row, f"{side}_low"), getattr(row, f"{side}_high")], smallest, 1)
        mark = marks[side]
        ax.plot(ends, [y, y], color=mark.color, lw=px(3), ls=mark.line, zorder=2)
        inside = [end for end in ends if end > smallest]
        draw_marker(ax, inside, [y] * len(inside), mark, area=50)
    draw_marker(ax, row.printed, top + _ROW / 2, ROLES["published"], area=110, zorder=5)
    low = f"{row.two_low:.3f}" if row.two_low >= 0.0005 else "<0.001"
    text = f"{row.printed:.3f}; {low}–{row.two_high:.3f}"
    row_text(ax, top + _ROW / 2, text, side="right", dx=_NUMBERS)
