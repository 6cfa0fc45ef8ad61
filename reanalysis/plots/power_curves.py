"""How likely is a study of this size to find what it looks for?"""

import numpy as np

from reanalysis.plots.labels import spread
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

_AXES = {"left": 66, "top": 34, "width": 436, "height": 400}
_GAP = 20


@book_style()
def power_curves(frame, *, quantity, target=0.8, marks=None, ax=None):
    """Power against the number of patients, one curve per assumption.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``curve`` (its name, one short line; at most four different ones), ``n``
        (patients) and ``power`` (0–1).
    quantity : str
        What ``n`` counts, with its unit.
    target : float, default 0.8
        Power that is wanted, drawn as a dashed line.
    marks : mapping of str to float, optional
        Sizes worth a vertical line, by the words written at it.
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
    if missing := {"curve", "n", "power"} - set(frame.columns):
        raise ValueError(f"expected columns curve, n and power, missing {sorted(missing)}")
    if ax is None:
        ax = place_axes(new_figure(_AXES["top"] + _AXES["height"] + 66), **_AXES)
    last = float(frame["n"].max())
    ax.set(xlim=(0, last), ylim=(0, 100), xlabel=quantity, ylabel="Power (%)")
    ax.grid(color=RULE, lw=px(0.6))
    ax.plot([0, last], [100 * target] * 2, color=INK, lw=px(1.2), ls=(0, (5, 3)), zorder=1.5)
    for words, n in (marks or {}).items():
        ax.plot([n, n], [0, 100], color=GREY, lw=px(1.2), ls=(0, (2, 2)), zorder=1.5)
        shift = {"xytext": (px(4), px(6)), "textcoords": "offset points", "va": "bottom"}
        style = {"fontsize": px(SMALL_PX), "color": GREY}
        ax.annotate(words, (n, 100), annotation_clip=False, **shift, **style)
    curves = list(frame.groupby("curve", sort=False))
    ends = []
    for position, (_, rows) in enumerate(curves):
        mark = mark_of_test(position)
        style = {"color": mark.color, "ls": mark.line, "lw": px(2.4), "zorder": 3}
        ax.plot(rows["n"], 100 * rows["power"], **style)
        ends.append(100 * float(rows.sort_values("n")["power"].iloc[-1]))
    gap = 100 * _GAP / _AXES["height"]
    places = spread(np.array(ends), gap, low=0, high=100)
    for position, ((name, _), end, place) in enumerate(zip(curves, ends, places, strict=True)):
        mark = mark_of_test(position)
        x = last * (1 + np.array([0.005, 0.03]))
        ax.plot(x, [end, place], color=mark.color, lw=px(1), clip_on=False)
        shift = {"xytext": (px(3), 0), "textcoords": "offset points", "va": "center"}
        style = {"fontsize": px(SMALL_PX), "color": mark.letters}
        ax.annotate(str(name), (x[1], place), annotation_clip=False, **shift, **style)
    return ax
