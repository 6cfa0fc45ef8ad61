"""What is left of the signal on the opposed-phase image, for how much fat?"""

import numpy as np

from reanalysis.plots.intervals import draw_marker
from reanalysis.plots.style import (
    BLUE,
    GREY,
    INK,
    ROLES,
    RULE,
    SMALL_PX,
    book_style,
    new_figure,
    place_axes,
    px,
)
from reanalysis.signal_ratios import LARGEST_FAT_FRACTION, opposed_to_in_phase

_AXES = {"left": 70, "top": 72, "width": 540, "height": 430}


@book_style()
def fat_fraction_curve(published, *, ax=None):
    """Opposed-phase over in-phase signal against the share of fat, with published values.

    Parameters
    ----------
    published : pandas.DataFrame
        One row per tissue (index: its name); columns ``mean``, ``minimum`` and ``maximum`` of
        its fat fraction, 0–0.5.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If a published value is outside 0 to 0.5.
    """
    values = published[["mean", "minimum", "maximum"]].to_numpy(float)
    if not ((values >= 0) & (values <= LARGEST_FAT_FRACTION)).all():
        raise ValueError(f"expected fat fractions of 0 to 0.5, got {published.to_dict()}")
    if ax is None:
        ax = place_axes(new_figure(_AXES["top"] + _AXES["height"] + 70), **_AXES)
    fraction = np.linspace(0, 1, 201)
    seen = fraction <= LARGEST_FAT_FRACTION
    curve = 100 * opposed_to_in_phase(fraction)
    ax.plot(100 * fraction[seen], curve[seen], color=BLUE, lw=px(2.6))
    ax.plot(100 * fraction[~seen], curve[~seen], color=BLUE, lw=px(2.2), ls=(0, (3, 2)))
    ax.grid(color=RULE, lw=px(0.6))
    ax.set(xlim=(0, 100), ylim=(0, 100))
    ax.set_xlabel("Share of fat in the signal (%)")
    ax.set_ylabel("Opposed-phase signal, of in-phase (%)")
    mark = ROLES["published"]
    per_px = 100 / _AXES["height"]
    for k, (name, row) in enumerate(published.iterrows()):
        height = 100 + (24 + 26 * k) * per_px
        ends = [100 * row["minimum"], 100 * row["maximum"]]
        ax.plot(ends, [height] * 2, color=GREY, lw=px(1.8), clip_on=False)
        foot = 100 * opposed_to_in_phase(row["mean"])
        drop = {"color": GREY, "lw": px(1.2), "ls": (0, (2, 2)), "clip_on": False}
        ax.plot([100 * row["mean"]] * 2, [foot, height], **drop)
        draw_marker(ax, 100 * row["mean"], height, mark, area=130)
        ax.annotate(
            f"{name}: published mean and range",
            (ends[1], height),
            xytext=(px(10), 0),
            textcoords="offset points",
            va="center",
            fontsize=px(SMALL_PX),
            color=GREY,
            annotation_clip=False,
        )
    words = {"fontsize": px(SMALL_PX), "color": INK, "ha": "left", "va": "center"}
    ax.text(56, 6, "beyond one half the formula\nreads the mirror image", **words)
    return ax
