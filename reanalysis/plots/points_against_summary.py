"""How do patients whose values are printed compare with a group printed as mean ± SD only?"""

import numpy as np
import seaborn as sns

from reanalysis.plots.intervals import draw_marker
from reanalysis.plots.style import (
    GREY,
    INK,
    ROLES,
    SMALL_PX,
    TEXT_PX,
    book_style,
    new_figure,
    place_axes,
    px,
)

_LEFT, _WIDTH, _PANEL, _GAP, _HEAD = 112, 508, 92, 76, 46
# Size of a point, px²; its lowest place in the row, how far apart points are stacked, and the
# height of the tallest stack, in rows.
_POINT, _BASE, _STEP, _STACK = 42, 0.16, 0.13, 0.56
_ROWS = {"patients": 0.0, "group": 1.0}


@book_style()
def points_against_summary(panels, *, patients="Study", group="Control", axes=None):
    """Printed patients as points, and under them mean ± SD of the group that is not printed.

    Answers: how far do the two groups overlap, as far as can be seen?

    Parameters
    ----------
    panels : sequence of dict
        One per outcome, drawn from the top: ``values`` (array_like, the printed patients),
        ``mean`` and ``sd`` (of the other group, as printed), ``quantity`` (with its unit) and
        ``words`` (written above, e.g. the printed P value).
    patients, group : str
        Names of the two groups.
    axes : sequence of Axes, optional
        Where to draw, one per panel; a figure 640 px wide is made without them.

    Returns
    -------
    ndarray of matplotlib.axes.Axes
        Shape ``(n_panels,)``.

    Raises
    ------
    ValueError
        If there is no panel, or a panel lacks one of its five entries.

    Notes
    -----
    Points that would cover one another are stacked, so that equal values can be counted. The
    circle is the mean of the points. The group's line is its mean ± one SD, which is neither a
    range nor an interval of the mean; it may reach below zero.
    """
    needed = {"values", "mean", "sd", "quantity", "words"}
    if not len(panels) or any(needed - set(panel) for panel in panels):
        raise ValueError(f"expected at least one panel, each with {sorted(needed)}")
    if axes is None:
        step = _HEAD + _PANEL + _GAP
        figure = new_figure(step * len(panels))
        frame = {"left": _LEFT, "width": _WIDTH, "height": _PANEL}
        axes = [place_axes(figure, top=_HEAD + step * i, **frame) for i in range(len(panels))]
    for ax, panel in zip(axes, panels, strict=True):
        _draw(ax, panel, patients, group)
    return np.asarray(axes)


def _draw(ax, panel, patients, group):
    values = np.asarray(panel["values"], float)
    here, there = ROLES["recomputed"], ROLES["published"]
    low, high = panel["mean"] - panel["sd"], panel["mean"] + panel["sd"]
    ends = [*values, low, high]
    slack = 0.05 * (max(ends) - min(ends))
    lanes = _lanes(values, np.sqrt(_POINT) / _WIDTH * (max(ends) - min(ends) + 2 * slack))
    step = min(_STEP, _STACK / max(1, lanes.max()))
    style = {"color": here.color, "alpha": 0.5, "s": _POINT * px(1) ** 2, "legend": False}
    rows = _ROWS["patients"] + _BASE - step * lanes
    sns.scatterplot(x=values, y=rows, ax=ax, linewidth=0, zorder=2, **style)
    ax.plot([low, high], [_ROWS["group"]] * 2, color=there.color, lw=px(1.8), zorder=2)
    draw_marker(ax, values.mean(), _ROWS["patients"] + 0.36, here)
    draw_marker(ax, panel["mean"], _ROWS["group"], there)
    ax.set(xlim=(min(ends) - slack, max(ends) + slack), ylim=(1.5, -0.5), ylabel="")
    ax.set_xlabel(panel["quantity"])
    if min(ends) < 0:
        ax.axvline(0, color=INK, lw=px(1), ls=(0, (4, 3)), zorder=1)
    names = [f"{patients},\n{len(values)} patients", f"{group},\nmean ± SD"]
    ax.set_yticks(list(_ROWS.values()), names, fontsize=px(SMALL_PX))
    for label, mark in zip(ax.get_yticklabels(), (here, there), strict=True):
        label.set_color(mark.letters)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    title, _, rest = panel["words"].partition(": ")
    ax.annotate(
        title,
        (0, 1),
        xycoords="axes fraction",
        xytext=(px(8 - _LEFT), px(12)),
        textcoords="offset points",
        fontsize=px(TEXT_PX),
        fontweight="bold",
    )
    ax.annotate(
        rest,
        (1, 1),
        xycoords="axes fraction",
        xytext=(0, px(12)),
        textcoords="offset points",
        ha="right",
        fontsize=px(SMALL_PX),
        color=GREY,
    )


def _lanes(values, width):
    """The lowest lane of each point in which it covers none of the points before it."""
    last, lanes = [], np.zeros(len(values), int)
    for i in np.argsort(values, kind="stable"):
        free = (k for k, end in enumerate(last) if values[i] - end >= width)
        lanes[i] = next(free, len(last))
        last[lanes[i] : lanes[i] + 1] = [values[i]]
    return lanes
