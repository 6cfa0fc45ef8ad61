"""How well do readers agree, analysis by analysis, strategy by strategy?

One block per analysis, one line per strategy, with the words of a reliability scale above the
axis; blocks that only repeat another one are marked.
"""

import numpy as np

from reanalysis.plots.intervals import (
    draw_estimate,
    draw_key,
    interval_text,
    panel,
    row_rule,
    row_text,
)
from reanalysis.plots.style import (
    DISAGREEMENT,
    GREY,
    INK,
    ROLES,
    ROW_PX,
    RULE,
    SMALL_PX,
    book_style,
    new_figure,
    place_axes,
    px,
)
from reanalysis.reliability_scale import KOO_2016

_LABELS, _WIDTH, _NUMBERS = 198, 272, 162
_LINE, _HEAD, _GAP, _TOP = 21, 25, 8, 62
_TICKS = {-0.25: "−0.25", 0: "0", 0.25: "0.25", 0.5: "0.5", 0.75: "0.75", 1: "1"}


@book_style()
def icc_forest(frame, *, repeated=None, scale=None, ax=None):
    """Every ICC of a paper with its interval.

    Parameters
    ----------
    frame : DataFrame
        ``analysis, strategy, icc, conf_low, conf_high``, optionally ``source`` ("published",
        the default, "recomputed" or "simulated").
    repeated : mapping of str to str, optional
        Analyses that repeat the numbers of another, and which.
    scale : mapping of str to float, optional
        Where each class of reliability begins; Koo and Li's without it.
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
    needed = {"analysis", "strategy", "icc", "conf_low", "conf_high"}
    if missing := needed - set(frame.columns):
        raise ValueError(f"expected columns {sorted(needed)}, missing {sorted(missing)}")
    blocks = list(frame.groupby("analysis", sort=False))
    heights = [_HEAD + _LINE * len(rows) + _GAP for _, rows in blocks]
    total = _TOP + sum(heights)
    if ax is None:
        figure = new_figure(total + 62)
        ax = place_axes(figure, left=_LABELS, top=6, width=_WIDTH, height=total)
    low = min(-0.25, float(frame["conf_low"].min()) - 0.02)
    label = "ICC, absolute agreement (proportion of variance)"
    panel(ax, total, limits=(low, 1.0), ticks=_TICKS, label=label)
    _draw_scale(ax, total, scale or KOO_2016, low)
    sources = frame.get("source", "published")
    names = ["published"] if isinstance(sources, str) else list(dict.fromkeys(sources))
    draw_key(ax, 14, [(ROLES[name], name) for name in names], dx=-_LABELS + 8)
    row_text(ax, 14, "ICC (95% CI)", side="right", dx=_NUMBERS, color=GREY)
    for top, (name, rows) in zip(_TOP + np.cumsum([0, *heights[:-1]]), blocks, strict=True):
        _draw_block(ax, top, name, rows, (repeated or {}).get(name))
    return ax


def _draw_scale(ax, total, scale, low):
    """Limits between the classes, and their words in the middle of each."""
    starts = [max(start, low) for start in scale.values()]
    for start in starts[1:]:
        ax.plot([start, start], [_TOP - 10, total], color=RULE, lw=px(1.2), zorder=0)
    ax.plot([0, 0], [_TOP - 10, total], color=GREY, lw=px(1), ls=(0, (4, 3)), zorder=0)
    for word, left, right in zip(scale, starts, [*starts[1:], 1.0], strict=True):
        # a class narrower than its word leaves its name to the text
        if right - left < 0.2:
            continue
        ax.annotate(
            word,
            ((max(left, 0) + right) / 2, _TOP - 20),
            ha="center",
            va="center",
            fontsize=px(SMALL_PX),
            color=GREY,
        )


def _draw_block(ax, top, name, rows, repeats):
    words = name if repeats is None else f"{name}: the numbers of “{repeats}” again"
    color = INK if repeats is None else DISAGREEMENT
    row_rule(ax, top, left=_LABELS - 8, right=_NUMBERS)
    row_text(ax, top + 14, words, dx=-_LABELS + 8, size=ROW_PX, weight="bold", color=color)
    for place, row in enumerate(rows.itertuples()):
        y, mark = top + _HEAD + _LINE * (place + 0.5), ROLES[getattr(row, "source", "published")]
        row_text(ax, y, row.strategy, dx=-_LABELS + 20, size=SMALL_PX)
        shown = _Row(row.icc, row.conf_low, row.conf_high)
        draw_estimate(ax, y, shown, mark, area=46, line=mark.line)
        row_text(ax, y, interval_text(shown), side="right", dx=_NUMBERS, color=mark.letters)


class _Row:
    """An estimate by the names the drawing functions know."""

    def __init__(self, estimate, conf_low, conf_high):
        self.estimate, self.conf_low, self.conf_high = estimate, conf_low, conf_high
