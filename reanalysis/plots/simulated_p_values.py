"""Which P values do tests give for data that fit what is printed?

One row per test: the middle 95% and the median of simulated P values, and the printed one.
"""

import numpy as np

from reanalysis.plots.intervals import draw_key, draw_marker, row_rule, row_text
from reanalysis.plots.style import (
    GREY,
    INK,
    PUBLISHED,
    ROLES,
    ROW_PX,
    RULE,
    book_style,
    fit_words,
    new_figure,
    place_axes,
    px,
)
from reanalysis.published_numbers import PublishedNumber

_LABELS, _WIDTH, _NUMBERS = 232, 290, 108
_HEAD, _PANEL, _ROW = 50, 36, 30
_NEEDED = {"panel", "label", "estimate", "conf_low", "conf_high", "reaching"}
_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1)


@book_style()
def simulated_p_values(frame, printed, *, threshold=0.05, ax=None):
    """Simulated P values by test, with the band of what would be printed like the paper's.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``panel`` and ``label`` (words), ``estimate`` (median P value), ``conf_low`` and
        ``conf_high`` (its middle 95%), ``reaching`` (share of simulations, 0–1).
    printed : str
        The printed P value.
    threshold : float, default 0.05
        Level of significance, drawn as a dashed line.
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
    number = PublishedNumber(printed)
    panels = [rows for _, rows in frame.groupby("panel", sort=False)]
    height = _HEAD + _PANEL * len(panels) + _ROW * len(frame) + 6
    if ax is None:
        figure = new_figure(height + 70)
        ax = place_axes(figure, left=_LABELS, top=8, width=_WIDTH, height=height)
    limits = min(0.02, 0.9 * frame["conf_low"].min()), 1
    ax.set_xscale("log")
    ax.set(xlim=limits, ylim=(height, 0), yticks=[], xlabel="P value (log scale)")
    ticks = [tick for tick in _TICKS if tick >= limits[0]]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    ax.spines["left"].set_visible(False)
    ax.fill_betweenx([_HEAD - 8, height], *number.interval(), color=RULE, zorder=0, lw=0)
    ax.plot([number.value] * 2, [_HEAD - 8, height], color=PUBLISHED, lw=px(1), zorder=1)
    dashes = {"color": INK, "lw": px(1), "ls": (0, (4, 3)), "zorder": 1}
    ax.plot([threshold] * 2, [_HEAD - 8, height], **dashes)
    key = [(ROLES["simulated"], "simulated"), (ROLES["published"], f"published: {printed}")]
    draw_key(ax, 14, key, dx=-_LABELS + 8)
    row_text(ax, 14, f"print {printed}", side="right", dx=_NUMBERS, color=GREY)
    draw_marker(ax, number.value, _HEAD - 8, ROLES["published"], zorder=5)
    top = _HEAD
    for rows in panels:
        row_text(ax, top + _PANEL / 2, rows["panel"].iloc[0], dx=-_LABELS + 8, weight="bold")
        top += _PANEL
        for row in rows.itertuples():
            _draw_row(ax, top, row)
            top += _ROW
    return ax


def _draw_row(ax, top, row):
    y, mark = top + _ROW / 2, ROLES["simulated"]
    row_rule(ax, top, left=_LABELS - 8, right=_NUMBERS)
    words, size = fit_words(row.label, _LABELS - 18, 1, ROW_PX)
    row_text(ax, y, words, dx=-_LABELS + 8, size=size)
    ends = np.clip([row.conf_low, row.conf_high], *ax.get_xlim())
    ax.plot(ends, [y, y], color=mark.color, lw=px(2.4), ls=mark.line, zorder=2)
    draw_marker(ax, row.estimate, y, mark)
    row_text(ax, y, f"{100 * row.reaching:.1f}%", side="right", dx=_NUMBERS, size=ROW_PX)
