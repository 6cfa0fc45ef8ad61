"""Which tests of the same data give the P value that is printed?

One row per method, sorted, on a logarithmic axis; the methods that reach the print are marked.
"""

import numpy as np

from reanalysis.plots.intervals import draw_key, draw_marker, row_rule, row_text
from reanalysis.plots.style import (
    GREY,
    INK,
    PUBLISHED,
    RECOMPUTED,
    ROLES,
    ROW_PX,
    RULE,
    SMALL_PX,
    book_style,
    fit_words,
    new_figure,
    place_axes,
    px,
    text_width,
)
from reanalysis.published_numbers import PublishedNumber

_REACHES, _ROW, _HEAD = "\N{CHECK MARK}", 27, 44
# P values below this are written as an inequality.
_SMALLEST = 1e-4
_LABELS, _WIDTH, _NUMBERS = 250, 270, 96


@book_style()
def multiverse(table, printed, *, threshold=0.05, ax=None):
    """P values of one comparison by every method, and the printed one among them.

    Parameters
    ----------
    table : DataFrame
        Columns ``method``, ``p_value`` and ``reaches``, as
        :func:`reanalysis.alternatives.reached.reaches` returns them; rows without a P value are
        left out.
    printed : str
        The P value as printed, ``"0.044"`` or ``"<0.001"``; the band is its rounding.
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
        If a column is missing, no P value is positive, or `printed` is not a number.
    """
    number = _check(table, printed)
    rows = table[table["p_value"] > 0].sort_values("p_value", kind="stable")
    height = _HEAD + _ROW * len(rows) + 10
    if ax is None:
        figure = new_figure(height + 66)
        ax = place_axes(figure, left=_LABELS, top=8, width=_WIDTH, height=height)
    _prepare(ax, rows, number, threshold, height)
    key = [(ROLES["recomputed"], "recomputed"), (ROLES["published"], f"published: {number.text}")]
    draw_key(ax, 14, key, dx=-_LABELS + 8)
    row_text(ax, 14, f"P ({_REACHES} reaches it)", side="right", dx=_NUMBERS, color=GREY)
    row_rule(ax, _HEAD - 14, left=_LABELS - 8, right=_NUMBERS)
    for place, row in enumerate(rows.itertuples()):
        _draw_row(ax, _HEAD + _ROW * (place + 0.5) - 8, row, number.decimals)
    draw_marker(ax, number.value, _HEAD - 14, ROLES["published"], zorder=5)
    return ax


def _check(table, printed):
    needed = {"method", "p_value", "reaches"}
    if missing := needed - set(table.columns):
        raise ValueError(f"expected columns {sorted(needed)}, missing {sorted(missing)}")
    if not (table["p_value"] > 0).any():
        raise ValueError("expected at least one positive P value")
    number = PublishedNumber(printed)
    if number.is_words or not number.value > 0:
        raise ValueError(f"expected a printed P value above 0, got {printed!r}")
    return number


def _prepare(ax, rows, number, threshold, height):
    """Axis, the band of what would be printed so, and the level of significance."""
    low, high = number.interval()
    seen = [*rows["p_value"], number.value, threshold]
    limits = min(seen) / 1.15, min(1.15 * max(seen), 1.05)
    ax.set_xscale("log")
    ax.set(xlim=limits, ylim=(height, 0), yticks=[], xlabel="P value (log scale)")
    ticks = _apart(_ticks(*limits), limits)
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    ax.spines["left"].set_visible(False)
    ends = np.clip([low, high], *limits)
    ax.fill_betweenx([_HEAD - 14, height], *ends, color=RULE, zorder=0, lw=0)
    ax.plot([number.value] * 2, [_HEAD - 14, height], color=PUBLISHED, lw=px(1), zorder=1)
    dashes = {"color": INK, "lw": px(1), "ls": (0, (4, 3)), "zorder": 1}
    ax.plot([threshold] * 2, [_HEAD - 14, height], **dashes)


def _ticks(low, high):
    """A few round P values, more to a decade when there are few decades."""
    decades = np.log10(high / low)
    steps = (1, 2, 3, 5, 7) if decades < 1 else (1, 2, 5) if decades < 2.5 else (1,)
    powers = range(int(np.floor(np.log10(low))), 1)
    every = max(1, int(np.ceil(decades / 5)))
    powers = [power for power in powers if power % every == 0]
    return [s * 10.0**power for power in powers for s in steps if low <= s * 10.0**power <= high]


def _apart(ticks, limits):
    """The ticks whose words do not touch; powers of ten come before the others."""
    reach = np.log10(limits[1] / limits[0])
    kept = []
    for tick in sorted(ticks, key=lambda tick: (not float(np.log10(tick)).is_integer(), tick)):
        gaps = [_WIDTH * abs(np.log10(tick / other)) / reach for other in kept]
        words = [
            (text_width(f"{tick:g}", SMALL_PX) + text_width(f"{other:g}", SMALL_PX)) / 2
            for other in kept
        ]
        if all(gap > width + 6 for gap, width in zip(gaps, words, strict=True)):
            kept.append(tick)
    return sorted(kept)


def _draw_row(ax, y, row, decimals):
    weight = "bold" if row.reaches else "normal"
    # Bold letters are wider than those that fit_words measures.
    words, size = fit_words(row.method, (_LABELS - 18) / (1.12 if row.reaches else 1), 1, ROW_PX)
    row_text(ax, y, words, dx=-_LABELS + 8, size=size, weight=weight)
    draw_marker(ax, row.p_value, y, ROLES["recomputed"])
    digits = max(decimals, 1 - int(np.floor(np.log10(row.p_value))))
    value = f"{row.p_value:.{digits}f}" if row.p_value >= _SMALLEST else f"<{_SMALLEST:.4f}"
    row_text(ax, y, value, side="right", dx=_NUMBERS - 22, weight=weight)
    if row.reaches:
        row_text(ax, y, _REACHES, side="right", dx=_NUMBERS, color=RECOMPUTED, weight=weight)
