"""How far do areas scatter when features are chosen, and does the choice inflate them?

One point per simulated study, one row per design; the published area is a dashed line.
"""

import seaborn as sns

from reanalysis.plots.intervals import draw_key, row_rule, row_text
from reanalysis.plots.style import (
    GREY,
    INK,
    ROLES,
    ROW_PX,
    SMALL_PX,
    book_style,
    fit_words,
    new_figure,
    place_axes,
    px,
)

_LABELS, _WIDTH, _NUMBERS = 168, 332, 128
_HEAD, _ROW = 70, 84
# Points are spread over this share of a row's height, px.
_SPREAD = 24


@book_style()
def selection_strip(areas, *, quantity, published=None, rng, ax=None):
    """Areas of simulated studies by design.

    Parameters
    ----------
    areas : DataFrame
        One column per design, one row per simulated study.
    quantity : str
        What the axis shows, with its unit.
    published : tuple of (float, str), optional
        A published value and the words at its line.
    rng : numpy.random.Generator
        Seeded source of the vertical scatter, which means nothing.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    height = _HEAD + _ROW * areas.shape[1]
    if ax is None:
        figure = new_figure(height + 66)
        ax = place_axes(figure, left=_LABELS, top=8, width=_WIDTH, height=height)
    ax.set(xlim=(0, 1), ylim=(height, 0), yticks=[], xlabel=quantity)
    ax.spines["left"].set_visible(False)
    mark = ROLES["simulated"]
    draw_key(ax, 14, [(mark, "one simulated study")], dx=-_LABELS + 8)
    row_text(ax, 14, "median (middle 95%)", side="right", dx=_NUMBERS, color=GREY)
    ax.plot([0.5, 0.5], [_HEAD, height], color=INK, lw=px(1), ls=(0, (4, 3)), zorder=1)
    if published is not None:
        value, words = published
        ax.plot([value] * 2, [_HEAD - 10, height], color=GREY, lw=px(1.6), zorder=1)
        place = {"ha": "center", "va": "center", "fontsize": px(SMALL_PX), "color": GREY}
        ax.annotate(words, (value, _HEAD - 24), **place)
    for row, (name, values) in enumerate(areas.items()):
        top = _HEAD + _ROW * row
        row_rule(ax, top, left=_LABELS - 8, right=_NUMBERS)
        y = top + _ROW / 2 + rng.uniform(-_SPREAD, _SPREAD, len(values))
        points = {"color": mark.color, "marker": mark.marker, "s": 30 * px(1) ** 2}
        sns.scatterplot(x=values, y=y, ax=ax, alpha=0.55, linewidth=0, legend=False, **points)
        words, size = fit_words(str(name), _LABELS - 18, 3, ROW_PX)
        row_text(ax, top + _ROW / 2, words, dx=-_LABELS + 8, size=size)
        low, middle, high = values.quantile([0.025, 0.5, 0.975])
        text = f"{middle:.2f} ({low:.2f}–{high:.2f})"
        row_text(ax, top + _ROW / 2, text, side="right", dx=_NUMBERS, color=mark.letters)
    ax.set(xlabel=quantity, ylabel="")
    return ax
