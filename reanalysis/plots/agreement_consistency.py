"""Do readers disagree about the level, or about the patients?

One row per comparison: the printed agreement ICC, and the range of the consistency ICC (readers'
levels taken out) that its printed interval implies.
"""

from reanalysis.plots.intervals import draw_key, draw_marker, panel, row_rule, row_text
from reanalysis.plots.style import (
    GREY,
    ROLES,
    ROW_PX,
    SMALL_PX,
    book_style,
    new_figure,
    place_axes,
    px,
)

_LABELS, _WIDTH, _NUMBERS = 150, 300, 180
_LINE, _HEAD, _TOP = 24, 26, 40


@book_style()
def agreement_consistency(frame, *, ax=None):
    """Agreement beside what it would be if readers' levels were aligned.

    Parameters
    ----------
    frame : DataFrame
        ``analysis, strategy, icc, consistency_low, consistency_high``; rows of one analysis
        stand together.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    blocks = list(frame.groupby("analysis", sort=False))
    total = _TOP + sum(_HEAD + _LINE * len(rows) for _, rows in blocks)
    if ax is None:
        figure = new_figure(total + 62)
        ax = place_axes(figure, left=_LABELS, top=6, width=_WIDTH, height=total)
    ticks = {value / 10: f"{value / 10:g}" for value in range(2, 9, 2)}
    panel(ax, total, limits=(0.15, 0.85), ticks=ticks, label="ICC (proportion of variance)")
    published, ours = ROLES["published"], ROLES["recomputed"]
    words = [(published, "published agreement"), (ours, "implied consistency")]
    draw_key(ax, 14, words, dx=-_LABELS + 8)
    y = _TOP
    for name, rows in blocks:
        row_rule(ax, y, left=_LABELS - 8, right=_NUMBERS)
        row_text(ax, y + 15, name, dx=-_LABELS + 8, size=ROW_PX, weight="bold")
        y += _HEAD
        for row in rows.itertuples():
            middle = y + _LINE / 2
            low, high = row.consistency_low, row.consistency_high
            row_text(ax, middle, row.strategy, dx=-_LABELS + 20, size=SMALL_PX)
            ax.plot([row.icc, low], [middle] * 2, color=GREY, lw=px(1), ls=(0, (2, 2)), zorder=1)
            ax.plot([low, high], [middle] * 2, color=ours.color, lw=px(2.4), zorder=2)
            draw_marker(ax, [low, high], [middle] * 2, ours, area=40)
            draw_marker(ax, row.icc, middle, published, area=50)
            text = f"{row.icc:.2f} → {low:.2f}–{high:.2f}"
            row_text(ax, middle, text, side="right", dx=_NUMBERS, color=ours.letters)
            y += _LINE
    return ax
