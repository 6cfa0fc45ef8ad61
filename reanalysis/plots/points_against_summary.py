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
# Spread of the points around their row, and size of a point, px².
_JITTER, _POINT = 0.16, 42
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
    Points are spread a little up and down, at random with a fixed seed, so that equal values can
    be told apart. The circle is the mean of the points. The group's line is its mean ± one SD,
    which is neither a range nor an interval of the mean; it may reach below zero.
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
    rows = np.full(len(values), _ROWS["patients"])
    jitter = np.random.default_rng(0).uniform(-_JITTER, _JITTER, len(values))
    style = {"color": here.color, "alpha": 0.5, "s": _POINT * px(1) ** 2, "legend": False}
    sns.scatterplot(x=values, y=rows + jitter, ax=ax, linewidth=0, zorder=2, **style)
    low, high = panel["mean"] - panel["sd"], panel["mean"] + panel["sd"]
    ax.plot([low, high], [_ROWS["group"]] * 2, color=there.color, lw=px(1.8), zorder=2)
    draw_marker(ax, values.mean(), _ROWS["patients"] + 0.36, here)
    draw_marker(ax, panel["mean"], _ROWS["group"], there)
    ends = [*values, low, high]
    slack = 0.05 * (max(ends) - min(ends))
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
