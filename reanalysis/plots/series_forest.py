"""What mean did each series have, and what do they say together?"""

import numpy as np

from reanalysis.plots.intervals import (
    LARGEST_AREA,
    draw_estimate,
    draw_pooled,
    interval_text,
    row_rule,
    row_text,
)
from reanalysis.plots.style import (
    GREY,
    LONG_DASHES,
    ROLES,
    ROW_PX,
    TEXT_PX,
    book_style,
    fit_words,
    new_figure,
    place_axes,
    px,
)

_LABELS, _WIDTH, _NUMBERS = 178, 284, 160
_HEAD, _ROW, _AXIS = 56, 30, 66


@book_style()
def series_forest(table, pooled, *, quantity, spec=".0f", own=None, title=None, ax=None):
    """Means of single-arm series with their random-effects summaries and prediction interval.

    Answers: how different are the series, and where would the next one lie?

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``series``, ``n``, ``estimate``, ``conf_low``, ``conf_high``, as
        :func:`reanalysis.series_pooling.series_means` returns them, drawn in this order.
    pooled : mapping of str to PooledSeries
        Summaries by the name of their model; the prediction interval is that of the last.
    quantity : str
        What the axis shows, with its unit.
    spec : str, default ".0f"
        Format of the numbers.
    own : str, optional
        The series that is the paper's own; written in bold.
    title : str, optional
        Written at the top.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If nothing is pooled.

    Notes
    -----
    Area of a point follows the number of patients. The axis ends where the last interval does; it
    starts at zero, or where a series does, and there a prediction interval that goes on is cut.
    """
    if not pooled:
        raise ValueError("expected at least one pooled summary")
    height = _HEAD + _ROW * (len(table) + len(pooled) + 1) + 14
    if ax is None:
        figure = new_figure(height + _AXIS)
        ax = place_axes(figure, left=_LABELS, top=8, width=_WIDTH, height=height)
    ends = table[["conf_low", "conf_high"]].to_numpy(float)
    last = max(ends.max(), *(summary.prediction_high for summary in pooled.values()))
    right = last + 0.05 * (last - ends.min())
    ax.set(xlim=(min(0, ends.min()), right), ylim=(height, 0), yticks=[])
    ax.set_xlabel(quantity)
    ax.locator_params(axis="x", nbins=6)
    ax.spines["left"].set_visible(False)
    if title:
        row_text(ax, 12, title, dx=-_LABELS + 8, size=TEXT_PX, weight="bold")
    row_text(ax, 38, "series (patients)", dx=-_LABELS + 8, color=GREY)
    row_text(ax, 38, "mean (95% CI)", side="right", dx=_NUMBERS, color=GREY)
    row_rule(ax, _HEAD - 4, left=_LABELS - 8, right=_NUMBERS)
    y = _HEAD + _ROW / 2
    for row in table.itertuples():
        weight = "bold" if row.series == own else "normal"
        area = LARGEST_AREA * row.n / table["n"].max()
        words, size = fit_words(f"{row.series} ({row.n})", _LABELS - 14, 1, ROW_PX)
        row_text(ax, y, words, dx=-_LABELS + 8, size=size, weight=weight)
        draw_estimate(ax, y, row, ROLES["published"], area=area)
        numbers = interval_text(row, spec)
        row_text(ax, y, numbers, side="right", dx=_NUMBERS, size=ROW_PX, weight=weight)
        y += _ROW
    row_rule(ax, y - _ROW / 2 + 4, left=_LABELS - 8, right=_NUMBERS)
    y += 14
    blue = ROLES["recomputed"]
    for name, summary in pooled.items():
        style = {"size": ROW_PX, "color": blue.letters}
        row_text(ax, y, f"Pooled, {name}", dx=-_LABELS + 8, **style)
        draw_pooled(ax, y, summary, blue, half_height=8)
        numbers = interval_text(summary, spec)
        row_text(ax, y, numbers, side="right", dx=_NUMBERS, **style)
        y += _ROW
    limits = np.array([summary.prediction_low, summary.prediction_high])
    inside = np.clip(limits, *ax.get_xlim())
    ax.plot(inside, [y, y], color=blue.color, lw=px(1.8), ls=LONG_DASHES)
    row_text(ax, y, "Next series, 95%", dx=-_LABELS + 8, **style)
    low, high = (format(limit, spec).replace("-", "\N{MINUS SIGN}") for limit in limits)
    row_text(ax, y, f"{low} to {high}", side="right", dx=_NUMBERS, **style)
    return ax
