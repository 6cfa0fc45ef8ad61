"""How wide is the interval for every number of patients, or for every split of them?"""

import numpy as np

from reanalysis.plots.style import (
    DOTS,
    INK,
    RULE,
    SMALL_PX,
    book_style,
    mark_of_test,
    new_figure,
    place_axes,
    px,
)

_AXES = {"left": 74, "top": 42, "width": 500, "height": 400}
_APART = 0.18


@book_style()
def interval_columns(frame, *, x, x_label, y_label, limits, scale=1.0, reference=None, ax=None):
    """One vertical interval per whole number, for one or two series.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``series`` (its name; at most two), the column named by `x` (whole numbers),
        ``estimate``, ``conf_low``, ``conf_high``.
    x : str
        Column of the whole numbers.
    x_label, y_label : str
        What the axes show, with units.
    limits : tuple of float
        Ends of the vertical axis.
    scale : float, default 1
        Factor of the estimates, 100 for percentages.
    reference : tuple of float and str, optional
        A level worth a dotted line, and the words for it.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If columns are missing or there are more than two series.
    """
    if missing := {"series", x, "estimate", "conf_low", "conf_high"} - set(frame.columns):
        raise ValueError(f"expected columns of intervals, missing {sorted(missing)}")
    groups = list(frame.groupby("series", sort=False))
    if not 1 <= len(groups) <= 2:
        raise ValueError(f"expected one or two series, got {len(groups)}")
    if ax is None:
        ax = place_axes(new_figure(_AXES["top"] + _AXES["height"] + 62), **_AXES)
    ends = frame[x].min() - 0.6, frame[x].max() + 0.6
    ax.set(xlim=ends, ylim=limits, xlabel=x_label, ylabel=y_label)
    ax.set_xticks(range(int(frame[x].min()), int(frame[x].max()) + 1, 2))
    ax.grid(axis="y", color=RULE, lw=px(0.6))
    if reference is not None:
        level, words = reference
        ax.plot(ends, [level] * 2, color=INK, lw=px(1.2), ls=DOTS, zorder=1.5)
        shift = {"xytext": (px(4), 0), "textcoords": "offset points", "va": "center"}
        style = {"fontsize": px(SMALL_PX), "color": INK, "annotation_clip": False}
        ax.annotate(words, (ends[1], level), **shift, **style)
    for position, (name, rows) in enumerate(groups):
        mark = mark_of_test(position)
        at = rows[x] + (2 * position - 1) * _APART * (len(groups) - 1)
        low, high = scale * rows["conf_low"], scale * rows["conf_high"]
        ax.vlines(at, low, high, color=mark.color, lw=px(2), ls=mark.line, zorder=2)
        look = {"marker": mark.marker, "s": 42 * px(1) ** 2, "zorder": 3, "clip_on": False}
        ax.scatter(at, scale * rows["estimate"], color=mark.color, **look)
        place = {"xycoords": "axes fraction", "va": "bottom", "annotation_clip": False}
        style = {"fontsize": px(SMALL_PX), "color": mark.letters}
        left = 0.02 + 0.5 * position
        ax.annotate(str(name), (left + 0.03, 1.025), **place, **style)
        ax.plot(
            [left],
            [1.05],
            marker=mark.marker,
            ms=px(8),
            color=mark.color,
            transform=ax.transAxes,
            clip_on=False,
        )
    return ax


def one_series(frame, name):
    """A table of intervals with the name of its one series.

    Parameters
    ----------
    frame : pandas.DataFrame
        Intervals.
    name : str
        What they are.

    Returns
    -------
    pandas.DataFrame
    """
    return frame.assign(series=np.repeat(name, len(frame)))
