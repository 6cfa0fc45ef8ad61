"""How many patients does the width of each printed interval imply, and how many were there?"""

from reanalysis.plots.intervals import draw_key, draw_marker, row_rule, row_text
from reanalysis.plots.style import (
    GREY,
    INK,
    ROW_PX,
    SMALL_PX,
    book_style,
    fit_words,
    mark_of_test,
    new_figure,
    place_axes,
    px,
)

_LABELS, _WIDTH, _NUMBERS = 128, 388, 112
_HEAD, _ROW = 76, 38


@book_style()
def implied_totals(table, *, total, quantity, words, ax=None):
    """Totals that printed intervals imply, beside the printed total.

    Parameters
    ----------
    table : DataFrame
        Index: names of the results. One column per assumption about the groups (at most three),
        by the words of the key; totals that would make the interval as wide as printed.
    total : float
        Printed number of patients (or lesions), drawn as a dashed line.
    quantity : str
        What the axis counts.
    words : str
        What is written at the dashed line.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there are no columns or more than three.
    """
    if not 1 <= table.shape[1] <= 3:
        raise ValueError(f"expected one to three columns, got {list(table.columns)}")
    height = _HEAD + _ROW * len(table) + 6
    if ax is None:
        figure = new_figure(height + 66)
        ax = place_axes(figure, left=_LABELS, top=8, width=_WIDTH, height=height)
    limits = (0, 1.08 * max(total, table.to_numpy().max()))
    ax.set(xlim=limits, ylim=(height, 0), yticks=[], xlabel=quantity)
    ax.spines["left"].set_visible(False)
    marks = [mark_of_test(place) for place in range(table.shape[1])]
    draw_key(ax, 16, list(zip(marks, table.columns, strict=True)), dx=-_LABELS + 8)
    row_text(ax, 48, "totals", side="right", dx=_NUMBERS, color=GREY)
    dashes = {"color": INK, "lw": px(1.2), "ls": (0, (4, 3)), "zorder": 1}
    ax.plot([total, total], [_HEAD - 8, height], **dashes)
    here = {"ha": "right", "va": "center", "fontsize": px(SMALL_PX)}
    ax.annotate(f"{words} \N{RIGHTWARDS ARROW}", (total, 48), color=INK, **here)
    for place, (name, row) in enumerate(table.iterrows()):
        top = _HEAD + _ROW * place
        row_rule(ax, top, left=_LABELS - 8, right=_NUMBERS)
        y = top + _ROW / 2
        label, size = fit_words(str(name), _LABELS - 16, 1, ROW_PX)
        row_text(ax, y, label, dx=-_LABELS + 8, size=size)
        ax.plot([row.min(), row.max()], [y, y], color=GREY, lw=px(1.4), zorder=2)
        for mark, value in zip(marks, row, strict=True):
            draw_marker(ax, value, y, mark)
        numbers = " / ".join(f"{value:.0f}" for value in row)
        row_text(ax, y, numbers, side="right", dx=_NUMBERS)
    return ax
