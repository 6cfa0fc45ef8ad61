"""How sure is each proportion, when it rests on six patients, or on nineteen?"""

import numpy as np

from reanalysis.plots.intervals import (
    draw_bracket,
    draw_estimate,
    draw_key,
    draw_marker,
    interval_text,
    row_rule,
    row_text,
)
from reanalysis.plots.style import (
    GREY,
    ROLES,
    ROW_PX,
    RULE,
    book_style,
    fit_words,
    new_figure,
    place_axes,
    px,
)

_LABELS, _WIDTH, _NUMBERS = 220, 250, 154
_HEAD, _LINE, _PAD, _COUNTS = 52, 24, 20, 50
_NEEDED = {"label", "events", "total", "estimate", "conf_low", "conf_high", "published"}


@book_style()
def proportion_forest(frame, *, quantity="Patients (%)", decimals=1, ax=None):
    """Proportions with their counts and intervals, each with what is printed.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``label``, ``events``, ``total``, ``estimate``, ``conf_low``, ``conf_high`` and
        ``published`` (proportions 0–1; missing where nothing is printed).
    quantity : str, default "Patients (%)"
        What the axis shows, with its unit.
    decimals : int, default 1
        Decimals of a printed percentage: a published value that is not the estimate rounded to
        them is joined to it by a red bracket.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If columns are missing.
    """
    if missing := _NEEDED - set(frame.columns):
        raise ValueError(f"expected columns {sorted(_NEEDED)}, missing {sorted(missing)}")
    rows = list(frame.itertuples())
    apart = [_differs(row, decimals) for row in rows]
    heights = [_PAD + _LINE * (1 + differs) for differs in apart]
    tops = _HEAD + np.cumsum([0, *heights])
    if ax is None:
        figure = new_figure(tops[-1] + 70)
        ax = place_axes(figure, left=_LABELS, top=8, width=_WIDTH, height=tops[-1])
    ax.set(xlim=(0, 100), ylim=(tops[-1], 0), yticks=[], xlabel=quantity)
    ax.set_xticks(range(0, 101, 25))
    ax.spines["left"].set_visible(False)
    ax.vlines(range(25, 101, 25), _HEAD, tops[-1], color=RULE, lw=px(0.8), zorder=0)
    roles = ["recomputed", "published"] if frame["published"].notna().any() else ["recomputed"]
    draw_key(ax, 14, [(ROLES[name], name) for name in roles], dx=-_LABELS + 8)
    row_text(ax, 38, "n of N", side="left", dx=-_COUNTS, color=GREY)
    row_text(ax, 38, "% (95% CI)", side="right", dx=_NUMBERS, color=GREY)
    for row, top, height, differs in zip(rows, tops[:-1], heights, apart, strict=True):
        row_rule(ax, top, left=_LABELS - 8, right=_NUMBERS)
        words, size = fit_words(str(row.label), _LABELS - _COUNTS - 14, 2, ROW_PX)
        row_text(ax, top + height / 2, words, dx=-_LABELS + 8, size=size)
        _draw_row(ax, top + (_PAD + _LINE) / 2, row, differs=differs, decimals=decimals)
    return ax


def _draw_row(ax, y, row, *, differs, decimals):
    """Interval and circle, and the diamond behind it or, where print differs, below."""
    recomputed, published = ROLES["recomputed"], ROLES["published"]
    percent = _Percent(row)
    row_text(ax, y, f"{row.events}/{row.total}", dx=-_COUNTS, size=ROW_PX)
    draw_estimate(ax, y, percent, recomputed)
    words = interval_text(percent, f".{decimals}f")
    row_text(ax, y, words, side="right", dx=_NUMBERS, size=ROW_PX)
    if not np.isfinite(row.published):
        return
    place = y + _LINE if differs else y
    draw_marker(ax, 100 * row.published, place, published, area=150, zorder=2.8)
    if differs:
        words = f"{100 * row.published:.{decimals}f} printed"
        row_text(ax, place, words, side="right", dx=_NUMBERS, size=ROW_PX, color=GREY)
        draw_bracket(ax, y, place, 100, reach=2)


class _Percent:
    """A row in per cent."""

    def __init__(self, row):
        self.estimate, self.conf_low, self.conf_high = (
            100 * value for value in (row.estimate, row.conf_low, row.conf_high)
        )


def _differs(row, decimals):
    half = 0.5 * 10.0 ** -(decimals + 2)
    return bool(np.isfinite(row.published) and abs(row.published - row.estimate) > half * 1.001)
