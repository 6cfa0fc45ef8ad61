"""Where do printed medians and ranges lie, and do the ranges of groups overlap?

One row per group, in panels, on one logarithmic axis with a threshold through all of them.
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
    new_figure,
    place_axes,
    px,
)

_LABELS, _WIDTH, _NUMBERS = 200, 282, 148
_HEAD, _PANEL, _ROW = 46, 36, 32
_NEEDED = {"panel", "label", "value", "low", "high"}
_TICKS = (0.1, 1, 10, 100)


@book_style()
def median_ranges(frame, *, threshold, quantity, threshold_words, smallest=0.1, ax=None):
    """Printed medians with their ranges.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``panel`` and ``label`` (words), ``value``, ``low`` and ``high`` (text, as
        printed). Panels come in order of first appearance.
    threshold : float
        Drawn as a dashed line.
    quantity : str
        What the axis shows, with its unit.
    threshold_words : str
        Words at the top of the dashed line.
    smallest : float, default 0.1
        Left end of the axis; a range that begins below it gets an arrow head.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If a column is missing.
    """
    if missing := _NEEDED - set(frame.columns):
        raise ValueError(f"expected columns {sorted(_NEEDED)}, missing {sorted(missing)}")
    panels = [rows for _, rows in frame.groupby("panel", sort=False)]
    height = _HEAD + _PANEL * len(panels) + _ROW * len(frame) + 6
    if ax is None:
        figure = new_figure(height + 70)
        ax = place_axes(figure, left=_LABELS, top=8, width=_WIDTH, height=height)
    largest = 1.3 * max(frame["high"].astype(float).max(), threshold)
    ax.set_xscale("log")
    ax.set(xlim=(smallest, largest), ylim=(height, 0), yticks=[], xlabel=quantity)
    ticks = [tick for tick in _TICKS if smallest <= tick <= largest]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    ax.spines["left"].set_visible(False)
    draw_key(ax, 14, [(ROLES["published"], "published")], dx=-_LABELS + 8)
    row_text(ax, 14, "value (range)", side="right", dx=_NUMBERS, color=GREY)
    ax.plot([threshold] * 2, [_HEAD - 8, height], color=INK, lw=px(1), ls=(0, (4, 3)), zorder=1)
    place = {"ha": "center", "va": "center", "fontsize": px(13), "color": INK}
    ax.annotate(threshold_words, (threshold, _HEAD - 20), **place)
    top = _HEAD
    for rows in panels:
        row_text(ax, top + _PANEL / 2, rows["panel"].iloc[0], dx=-_LABELS + 8, weight="bold")
        top += _PANEL
        for row in rows.itertuples():
            _draw_row(ax, top, row, smallest)
            top += _ROW
    return ax


def _draw_row(ax, top, row, smallest):
    y, mark = top + _ROW / 2, ROLES["published"]
    row_rule(ax, top, left=_LABELS - 8, right=_NUMBERS)
    words, size = fit_words(row.label, _LABELS - 18, 1, ROW_PX)
    row_text(ax, y, words, dx=-_LABELS + 8, size=size)
    low, value, high = (float(text) for text in (row.low, row.value, row.high))
    ends = np.maximum([low, high], smallest)
    ax.plot(ends, [y, y], color=mark.color, lw=px(1.8), solid_capstyle="butt", zorder=2)
    if low < smallest:
        ax.plot(smallest, y, marker="<", color=mark.color, ms=px(9), clip_on=False, zorder=3)
    draw_marker(ax, max(value, smallest), y, mark, area=100)
    text = f"{row.value} ({row.low}–{row.high})"
    words, size = fit_words(text, _NUMBERS - 8, 1, ROW_PX)
    row_text(ax, y, words, side="right", dx=_NUMBERS, size=size)
