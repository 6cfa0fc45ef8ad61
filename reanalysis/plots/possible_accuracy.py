"""Where in the ROC plane can a rule lie, if its 2×2 table is only bounded?"""

import numpy as np

from reanalysis.plots.intervals import draw_marker
from reanalysis.plots.style import (
    GREY,
    INK,
    RULE,
    SMALL_PX,
    book_style,
    mark_of_test,
    new_figure,
    place_axes,
    px,
)

_AXES = {"left": 70, "top": 12, "width": 550, "height": 550}
_HEIGHT = 634


@book_style()
def possible_accuracy(frame, *, wider=None, ax=None):
    """Every possible pair of sensitivity and specificity of one or more rules.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``ratio`` (the name of the rule, at most four), ``sensitivity`` and
        ``specificity`` (0–1), one row per possible table.
    wider : pandas.DataFrame, optional
        The same, with fewer assumptions; drawn small and light.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If a column is missing or there are more than four rules.
    """
    needed = {"ratio", "sensitivity", "specificity"}
    if missing := needed - set(frame.columns):
        raise ValueError(f"expected columns {sorted(needed)}, missing {sorted(missing)}")
    if ax is None:
        ax = place_axes(new_figure(_HEIGHT), **_AXES)
    ax.set(xlim=(0, 100), ylim=(0, 100), aspect="equal")
    ax.set(xlabel="1 − specificity (%)", ylabel="Sensitivity (%)")
    ax.grid(color=RULE, lw=px(0.8))
    ax.plot([0, 100], [0, 100], color=INK, lw=px(1), ls=(0, (4, 3)), zorder=1)
    words = {"ha": "center", "va": "bottom", "fontsize": px(SMALL_PX), "color": GREY}
    words |= {"rotation": 45, "rotation_mode": "anchor"}
    ax.annotate("no better than chance", (24, 25), **words)
    for place, (rule, rows) in enumerate(frame.groupby("ratio", sort=False)):
        mark = mark_of_test(place)
        if wider is not None:
            others = wider[wider["ratio"] == rule]
            x, y = 100 * (1 - others["specificity"]), 100 * others["sensitivity"]
            draw_marker(ax, x, y, mark, area=26, zorder=2, alpha=0.45)
        x, y = 100 * (1 - rows["specificity"]), 100 * rows["sensitivity"]
        shift = 0.9 * (place - (frame["ratio"].nunique() - 1) / 2)
        ax.plot(x, y + shift, color=mark.color, lw=px(1.8), ls=mark.line, zorder=3)
        draw_marker(ax, x, y + shift, mark, area=130, zorder=4)
        ax.annotate(
            rule,
            (np.mean([x.min(), x.max()]), y.mean() + shift),
            xytext=(0, px(-26 if place % 2 else 14)),
            textcoords="offset points",
            ha="center",
            fontsize=px(SMALL_PX),
            color=mark.letters,
            zorder=6,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": px(2)},
        )
    return ax
