"""Does the difference of two areas depend on a correlation that nobody printed?"""

import numpy as np

from reanalysis.plots.style import (
    INK,
    RULE,
    SMALL_PX,
    book_style,
    mark_of_test,
    new_figure,
    place_axes,
    px,
)

_AXES = {"left": 66, "top": 16, "width": 560, "height": 250}
_PANEL_STEP, _FOOT = 340, 4


@book_style()
def difference_over_correlation(differences, *, quantity, axes=None):
    """Differences with their intervals against the correlation of the two areas.

    Parameters
    ----------
    differences : mapping of str to DataFrame
        By the words above each panel; columns ``correlation, estimate, conf_low, conf_high``.
    quantity : str
        What the vertical axis shows.
    axes : sequence of Axes, optional
        Where to draw; a figure 640 px wide is made without them.

    Returns
    -------
    ndarray of matplotlib.axes.Axes
        One per difference.
    """
    if axes is None:
        figure = new_figure(_PANEL_STEP * len(differences) + _FOOT)
        tops = (_AXES["top"] + 22 + _PANEL_STEP * place for place in range(len(differences)))
        axes = [place_axes(figure, **(_AXES | {"top": top})) for top in tops]
    values = [frame[["conf_low", "conf_high"]].to_numpy() for frame in differences.values()]
    limits = (min(v.min() for v in values) - 0.04, max(v.max() for v in values) + 0.04)
    mark = mark_of_test(0)
    for ax, (title, frame) in zip(axes, differences.items(), strict=True):
        x = frame["correlation"]
        ax.set(xlim=(x.min(), x.max()), ylim=limits, ylabel=quantity)
        ax.set_xlabel("Correlation of the two areas (proportion, 0 to 1)")
        ax.grid(color=RULE, lw=px(0.6))
        ax.plot(x, np.zeros(len(x)), color=INK, lw=px(1.2), ls=(0, (4, 3)), zorder=2)
        band = {"facecolor": mark.color, "alpha": 0.16, "lw": 0, "zorder": 1}
        ax.fill_between(x, frame["conf_low"], frame["conf_high"], **band)
        for column in ("conf_low", "conf_high"):
            ax.plot(x, frame[column], color=mark.color, lw=px(1), zorder=2)
        ax.plot(x, frame["estimate"], color=mark.color, lw=px(2.6), zorder=3)
        ax.annotate(
            title,
            (0, 1),
            xycoords="axes fraction",
            xytext=(0, px(8)),
            textcoords="offset points",
            fontsize=px(SMALL_PX + 1),
            fontweight="bold",
        )
    return np.array(axes)
