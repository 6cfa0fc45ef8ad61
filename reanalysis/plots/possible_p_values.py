"""Which P values do printed summaries allow, and where among them is the one that is printed?"""

import numpy as np

from reanalysis.plots.intervals import draw_key, draw_marker, row_rule, row_text
from reanalysis.plots.style import (
    GREY,
    INK,
    ROLES,
    ROW_PX,
    SMALL_PX,
    book_style,
    fit_words,
    new_figure,
    place_axes,
    px,
)

_LABELS, _WIDTH, _NUMBERS = 158, 382, 88
_HEAD, _ROW = 62, 62
_SMALLEST = 1e-4


@book_style()
def possible_p_values(table, *, thresholds=(0.05,), ax=None):
    """Range of P over all data that fit the print, and what usual shapes would give.

    Answers: is a verdict of significance certain from the summaries alone?

    Parameters
    ----------
    table : pandas.DataFrame
        Indexed by outcome; columns ``low``, ``high`` (all data that fit), ``usual_low``,
        ``usual_high`` (95 % of simulated data; missing where all data are listed) and
        ``printed`` (text, as printed).
    thresholds : sequence of float, default (0.05,)
        Levels of significance, drawn as dashed lines and named.
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
    needed = {"low", "high", "usual_low", "usual_high", "printed"}
    if missing := needed - set(table.columns):
        raise ValueError(f"expected columns {sorted(needed)}, missing {sorted(missing)}")
    height = _HEAD + _ROW * len(table)
    if ax is None:
        figure = new_figure(height + 66)
        ax = place_axes(figure, left=_LABELS, top=8, width=_WIDTH, height=height)
    ax.set_xscale("log")
    ax.set(xlim=(_SMALLEST * 0.7, 1.15), ylim=(height, 0), yticks=[])
    ax.set_xlabel("P value (log scale)")
    ticks = [1e-4, 1e-3, 1e-2, 1e-1, 1]
    ax.set_xticks(ticks, ["≤0.0001", "0.001", "0.01", "0.1", "1"])
    ax.minorticks_off()
    ax.spines["left"].set_visible(False)
    entries = [(ROLES["published"], "printed"), (ROLES["simulated"], "simulated, 95%")]
    draw_key(ax, 12, entries, dx=-_LABELS + 8)
    row_text(ax, 12, "blue bar: all data that fit", side="right", dx=_NUMBERS - 8, color=INK)
    for level in thresholds:
        ax.plot([level] * 2, [_HEAD - 6, height], color=INK, lw=px(1), ls=(0, (4, 3)), zorder=1)
        style = {"fontsize": px(SMALL_PX), "color": GREY, "ha": "center", "va": "center"}
        ax.text(level, _HEAD - 20, f"{level:g}", **style)
    for place, (name, row) in enumerate(table.iterrows()):
        _draw_row(ax, _HEAD + _ROW * place, str(name), row)
    return ax


def _draw_row(ax, top, name, row):
    middle = top + _ROW / 2
    words, size = fit_words(name, _LABELS - 16, 3)
    row_text(ax, middle, words, dx=-_LABELS + 8, size=size)
    row_rule(ax, top, left=_LABELS - 8, right=_NUMBERS - 8)
    blue, orange = ROLES["recomputed"], ROLES["simulated"]
    ends = np.maximum([row["low"], row["high"]], _SMALLEST)
    ax.fill_between(ends, middle - 9, middle + 9, color=blue.color, alpha=0.35, lw=0, zorder=2)
    for end in ends:
        ax.plot([end] * 2, [middle - 9, middle + 9], color=blue.color, lw=px(1.8), zorder=2)
    if np.isfinite(row["usual_low"]):
        usual = np.maximum([row["usual_low"], row["usual_high"]], _SMALLEST)
        ax.plot(usual, [middle] * 2, color=orange.color, lw=px(2.6), ls=orange.line, zorder=3)
        draw_marker(ax, usual, [middle] * 2, orange, area=46)
    draw_marker(ax, float(row["printed"]), middle, ROLES["published"], zorder=4)
    text = f"printed {row['printed']}"
    style = {"size": ROW_PX, "color": ROLES["published"].letters}
    row_text(ax, middle, text.replace("printed ", ""), side="right", dx=_NUMBERS - 30, **style)
