"""What did each of two tests see that the other did not?

Two squares of four fields, the diseased and the healthy; the area of a square in a field is
proportional to its patients, and the two fields in which the tests disagree carry colour.
"""

from matplotlib.patches import Rectangle

from reanalysis.plots.style import (
    BLUE,
    GREY,
    INK,
    PURPLE,
    RULE,
    SMALL_PX,
    TEXT_PX,
    book_style,
    letters_of,
    new_figure,
    place_axes,
    px,
)

_FIELD, _GAP, _LEFT, _TOP, _FOOT = 116, 26, 124, 96, 92
_LARGEST = 106
_BETTER, _WORSE, _SAME = BLUE, PURPLE, GREY
_LETTERS = 22


@book_style()
def paired_squares(pair, *, tests, groups, words=("positive", "negative"), ax=None):
    """The cross-table of two tests, among the diseased and among the healthy.

    Answers: how many patients does the change of test turn from wrong to right, and how many the
    other way round?

    Parameters
    ----------
    pair : PairedAccuracy
        The two tests.
    tests : sequence of str
        Names of the first (rows) and of the second test (columns).
    groups : sequence of str
        What the diseased and the healthy are called.
    words : sequence of str, default ("positive", "negative")
        What a positive and a negative result are called.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        height = _TOP + 2 * _FIELD + _FOOT
        ax = place_axes(new_figure(height), left=0, top=0, width=640, height=height)
    ax.set(xlim=(0, 640), ylim=(_TOP + 2 * _FIELD + _FOOT, 0), aspect="equal")
    ax.axis("off")
    largest = max(*pair.diseased.cells, *pair.healthy.cells, 1)
    colors = {True: (_SAME, _WORSE, _BETTER, _SAME), False: (_SAME, _BETTER, _WORSE, _SAME)}
    parts = ((pair.diseased, True), (pair.healthy, False))
    for position, ((counts, diseased), name) in enumerate(zip(parts, groups, strict=True)):
        left = _LEFT + position * (2 * _FIELD + _GAP)
        _write(ax, left, _TOP - 66, f"{name}, n = {counts.n}", size=TEXT_PX, weight="bold")
        for column, word in enumerate(words):
            label = f"{tests[1]}\n{word}"
            _write(ax, left + (column + 0.5) * _FIELD, _TOP - 24, label, ha="center")
        for cell, (number, color) in enumerate(zip(counts.cells, colors[diseased], strict=True)):
            row, column = divmod(cell, 2)
            # both, first only, second only, neither: the rows are the first test's result
            x, y = left + column * _FIELD, _TOP + row * _FIELD
            _draw_field(ax, x, y, number, color, largest)
    for row, word in enumerate(words):
        _write(ax, 10, _TOP + (row + 0.5) * _FIELD, f"{tests[0]}\n{word}")
    foot = _TOP + 2 * _FIELD
    key = ((_BETTER, f"{tests[1]} right, {tests[0]} wrong"), (_WORSE, "the other way round"))
    for line, (color, text) in enumerate(key):
        y = foot + 30 + 28 * line
        ax.add_patch(Rectangle((_LEFT, y - 9), 18, 18, facecolor=color, **_look(color)))
        _write(ax, _LEFT + 28, y, text, color=letters_of(color), size=TEXT_PX - 1)
    return ax


def _draw_field(ax, x, y, number, color, largest):
    side = _LARGEST * (number / largest) ** 0.5
    ax.add_patch(Rectangle((x, y), _FIELD, _FIELD, facecolor="none", edgecolor=RULE, lw=px(1)))
    corner = (x + (_FIELD - side) / 2, y + (_FIELD - side) / 2)
    if number:
        ax.add_patch(Rectangle(corner, side, side, facecolor=color, **_look(color)))
    inside = side > 1.6 * _LETTERS
    place = {"ha": "center", "size": _LETTERS, "weight": "bold"}
    if inside:
        _write(ax, x + _FIELD / 2, y + _FIELD / 2, str(number), color="white", **place)
    else:
        below = y + _FIELD / 2 + side / 2 + 0.7 * _LETTERS
        _write(ax, x + _FIELD / 2, below, str(number), **place)


def _look(color):
    """Hatching doubles the colour where the second test is worse."""
    return {"hatch": "////" if color == _WORSE else None, "edgecolor": "white", "lw": 0}


def _write(ax, x, y, text, *, size=SMALL_PX, color=INK, ha="left", weight="normal"):
    look = {"ha": ha, "va": "center", "linespacing": 1.15}
    ax.text(x, y, text, fontsize=px(size), color=color, fontweight=weight, **look)
