"""What became of each statement of a text in each of its rewritten forms?"""

from reanalysis.plots.intervals import draw_key, draw_marker, row_rule, row_text
from reanalysis.plots.style import (
    BLUE,
    DISAGREEMENT,
    GREY,
    PURPLE,
    ROW_PX,
    SMALL_PX,
    MarkStyle,
    book_style,
    fit_words,
    letters_of,
    new_figure,
    place_axes,
    px,
)

_LABELS, _WIDTH, _ROW, _HEAD = 390, 236, 27, 76
_MARKS = {
    "kept": MarkStyle(GREY, GREY, "o", hollow=True),
    "moved": MarkStyle(BLUE, BLUE, "^"),
    "changed": MarkStyle(PURPLE, letters_of(PURPLE), "D"),
    "dropped": MarkStyle(DISAGREEMENT, DISAGREEMENT, "X"),
}
_LARGE = 150


@book_style()
def statement_fates(fates, *, ax=None):
    """One row per statement, one column per rewritten text, one mark per fate.

    Parameters
    ----------
    fates : pandas.DataFrame
        Index: the statements in a few words, in the order of the source. One column per text, at
        most three, holding the words of ``FATES`` in :mod:`reanalysis.rewritten_report`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there are more than three texts, none, or a fate without a mark.
    """
    if not 0 < fates.shape[1] <= 3:
        raise ValueError(f"expected one to three texts, got {list(fates.columns)}")
    if unknown := set(fates.to_numpy().ravel()) - set(_MARKS):
        raise ValueError(f"expected the fates {list(_MARKS)}, got {sorted(unknown)}")
    height = _HEAD + _ROW * len(fates) + 6
    if ax is None:
        ax = place_axes(new_figure(height + 8), left=_LABELS, top=4, width=_WIDTH, height=height)
    ax.set(xlim=(0, fates.shape[1]), ylim=(height, 0))
    ax.axis("off")
    key = list(zip(_MARKS.values(), _MARKS, strict=True))
    draw_key(ax, 14, key, dx=-_LABELS + 12)
    row_text(ax, _HEAD - 18, "Statement of the source", dx=-_LABELS + 12, color=GREY)
    for column, name in enumerate(fates.columns):
        style = {"ha": "center", "va": "center", "fontsize": px(SMALL_PX), "color": GREY}
        words, _ = fit_words(str(name), _WIDTH / fates.shape[1] - 10, 2, SMALL_PX)
        ax.annotate(words, (column + 0.5, _HEAD - 18), **style)
    for row, (name, found) in enumerate(fates.iterrows()):
        y = _HEAD + _ROW * (row + 0.5)
        row_rule(ax, y - _ROW / 2, left=_LABELS - 12)
        lost = (found == "dropped").any()
        words, size = fit_words(str(name), _LABELS - 30, 1, ROW_PX)
        weight = "bold" if lost else "normal"
        row_text(ax, y, words, dx=-_LABELS + 12, size=size, weight=weight)
        for column, fate in enumerate(found):
            area = 70 if fate == "kept" else _LARGE
            draw_marker(ax, column + 0.5, y, _MARKS[fate], area=area)
    return ax
