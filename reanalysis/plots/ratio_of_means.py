"""Mean of the ratios or ratio of the means: the same patients, two answers."""

import numpy as np

from reanalysis.plots.intervals import draw_key, draw_marker, row_text
from reanalysis.plots.style import (
    GREY,
    ROLES,
    RULE,
    book_style,
    fit_words,
    new_figure,
    place_axes,
    px,
)

_AXES = {"left": 110, "top": 8, "width": 500}
_HEAD, _ROW = 76, 130
_LARGEST = 420


@book_style()
def ratio_of_means(samples, *, published, recomputed, quantity, ax=None):
    """Constructed patients of each region by their change, as large as their value before.

    Parameters
    ----------
    samples : mapping of str to pandas.DataFrame
        By region: columns ``before`` and ``change``; constructed data, drawn so.
    published, recomputed : mapping of str to float
        By region: the printed mean of the changes, and the change of the printed means.
    quantity : str
        What the change is, with its unit or "ratio".
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the three mappings are not of the same regions.
    """
    if not set(samples) == set(published) == set(recomputed):
        raise ValueError(f"expected the same regions, got {[*samples]}, {[*published]}")
    height = _HEAD + _ROW * len(samples)
    if ax is None:
        ax = place_axes(new_figure(height + 72), height=height, **_AXES)
    largest = max(frame["before"].max() for frame in samples.values())
    top = max(frame["change"].max() for frame in samples.values())
    ax.set(xlim=(0, 1.08 * top), ylim=(height, 0), yticks=[], xlabel=quantity)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=RULE, lw=px(0.6))
    left = -_AXES["left"] + 8
    keys = [("published", "published mean of the changes")]
    keys += [("recomputed", "change of the published means")]
    draw_key(ax, 14, [(ROLES[name], words) for name, words in keys], dx=left)
    simulated = ROLES["simulated"]
    words = "constructed patient, larger where the signal before was larger"
    draw_key(ax, 38, [(simulated, words)], dx=left)
    for k, (name, frame) in enumerate(samples.items()):
        y = _HEAD + _ROW * k
        words, size = fit_words(str(name), _AXES["left"] - 18, 2)
        row_text(ax, y + 50, words, dx=left, size=size)
        # Spread up and down so that triangles with like changes stay apart.
        order = np.argsort(np.argsort(frame["change"].to_numpy()))
        heights = y + 28 + 22 * (order % 3)
        areas = _LARGEST * frame["before"] / largest + 20
        for x, place, area in zip(frame["change"], heights, areas, strict=True):
            draw_marker(ax, x, place, simulated, area=area, alpha=0.75)
        for role, value in (("published", published[name]), ("recomputed", recomputed[name])):
            mark = ROLES[role]
            ax.plot([value] * 2, [y + 10, y + 96], color=mark.color, lw=px(1.4), zorder=1.5)
            draw_marker(ax, value, y + 102, mark, area=130)
    ax.axhline(_HEAD - 14, color=GREY, lw=px(0.8))
    return ax
