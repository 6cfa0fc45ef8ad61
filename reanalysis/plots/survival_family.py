"""How different are the survival curves that go through one printed range? Computed, not data."""

import numpy as np

from reanalysis.plots.style import (
    DOTS,
    GREY,
    INK,
    LONG_DASHES,
    ORANGE,
    ROLES,
    RULE,
    SHORT_DASHES,
    SMALL_PX,
    book_style,
    letters_of,
    new_figure,
    place_axes,
    px,
)
from reanalysis.survival_from_one_point import weibull_survival

_AXES = {"left": 70, "top": 20, "width": 554, "height": 430}
_LINES = (DOTS, SHORT_DASHES, LONG_DASHES)
_HATCHES = ("//", "", "\\\\")


@book_style()
def survival_family(time, low, high, shapes, *, until, unit="years", ax=None):
    """Bands of Weibull curves through a printed range of survival, one per shape.

    Parameters
    ----------
    time, low, high : float
        The printed time and range of survival, 0–1.
    shapes : mapping of str to float
        Weibull shape by the words for it; at most three.
    until : float
        End of the axis.
    unit : str, default "years"
        Unit of time.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there is no shape or there are more than three.
    """
    if not 1 <= len(shapes) <= len(_LINES):
        raise ValueError(f"expected one to three shapes, got {len(shapes)}")
    if ax is None:
        ax = place_axes(new_figure(_AXES["top"] + _AXES["height"] + 62), **_AXES)
    at = np.linspace(0, until, 300)
    for (words, shape), line, hatch in zip(shapes.items(), _LINES, _HATCHES, strict=False):
        ends = [100 * weibull_survival(at, time=time, survival=s, shape=shape)
                for s in (low, high)]  # fmt: skip
        band = {"facecolor": "none" if hatch else ORANGE, "edgecolor": ORANGE, "lw": 0}
        ax.fill_between(at, *ends, hatch=hatch, alpha=0.35, zorder=1, **band)
        for end in ends:
            ax.plot(at, end, color=letters_of(ORANGE), ls=line, lw=px(1.8), zorder=2)
        ax.plot([], [], color=letters_of(ORANGE), ls=line, lw=px(1.8), label=words)
    mark = ROLES["published"]
    ax.plot([time] * 2, [100 * low, 100 * high], color=GREY, lw=px(1.6), zorder=3)
    look = {"marker": mark.marker, "s": 70 * px(1) ** 2, "zorder": 4, "facecolor": "white"}
    points = ax.scatter([time] * 2, [100 * low, 100 * high], edgecolor=mark.color, **look)
    points.set_label("published range")
    ax.set(xlim=(0, until), ylim=(0, 100), xlabel=f"Time ({unit})", ylabel="Alive (%)")
    ax.grid(color=RULE, lw=px(0.6))
    options = {"loc": "upper right", "frameon": True, "edgecolor": RULE, "labelcolor": INK}
    ax.legend(fontsize=px(SMALL_PX), handlelength=4, **options)
    return ax
