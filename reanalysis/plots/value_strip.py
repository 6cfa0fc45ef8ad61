"""On which side of a cut-off does each printed value lie?"""

import numpy as np

from reanalysis.plots.style import (
    GREY,
    INK,
    RULE,
    SMALL_PX,
    TEXT_PX,
    book_style,
    mark_of_test,
    new_figure,
    place_axes,
    px,
    wrap,
)

_LABELS, _WIDTH, _ROW, _TOP, _FOOT = 176, 446, 112, 44, 60
_DOT = 13


@book_style()
def value_strip(frame, *, cutoff, quantity, cutoff_words, notes=(), ax=None):
    """Every value as one point, in rows, with the cut-off through all of them.

    Answers: how many lie on which side, and how many so near that a new reading could move them?

    Parameters
    ----------
    frame : DataFrame
        Columns ``row`` (words at the left; rows in order of first appearance, at most four kinds)
        and ``value``.
    cutoff : float
        Drawn as a dashed line, in the unit of the values.
    quantity : str
        What the axis shows, with its unit.
    cutoff_words : str
        Words at the top of the dashed line.
    notes : sequence of (str, float, str), optional
        Row, value and words for points that deserve a name; written below the point.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If a column is missing, there is no value, or a note names an unknown row.
    """
    rows = _rows(frame, notes)
    height = _ROW * len(rows)
    if ax is None:
        figure = new_figure(_TOP + height + _FOOT)
        ax = place_axes(figure, left=_LABELS, top=_TOP, width=_WIDTH, height=height)
    values = frame["value"].to_numpy(float)
    margin = 0.06 * max(np.ptp([*values, cutoff]), 1e-9)
    ax.set(xlim=(min(*values, cutoff) - margin, max(*values, cutoff) + margin))
    ax.set(ylim=(height, 0), yticks=[], xlabel=quantity)
    ax.spines["left"].set_visible(False)
    ax.plot([cutoff] * 2, [0, height], color=INK, lw=px(1.4), ls=(0, (4, 3)), zorder=2)
    ax.annotate(
        cutoff_words,
        (cutoff, 0),
        xytext=(0, px(8)),
        textcoords="offset points",
        ha="center",
        fontsize=px(SMALL_PX),
    )
    per_px = np.ptp(ax.get_xlim()) / _WIDTH
    for position, (name, inside) in enumerate(rows.items()):
        middle = _ROW * (position + 0.5)
        ax.plot(ax.get_xlim(), [_ROW * (position + 1)] * 2, color=RULE, lw=px(1), zorder=1)
        ax.annotate(
            wrap(name, _LABELS - 22, TEXT_PX - 1),
            (0, middle),
            xycoords=("axes fraction", "data"),
            xytext=(px(-_LABELS + 8), 0),
            textcoords="offset points",
            va="center",
            fontsize=px(TEXT_PX - 1),
            linespacing=1.2,
        )
        mark = mark_of_test(position)
        heights = middle - 12 + _DOT * _stacked(inside, per_px)
        look = {"marker": mark.marker, "s": 90 * px(1) ** 2, "edgecolor": "white"}
        ax.scatter(inside, heights, facecolor=mark.color, lw=px(1), zorder=3, **look)
        for value, words in [(value, words) for row, value, words in notes if row == name]:
            _write_note(ax, value, heights[np.argmin(np.abs(inside - value))], words)
    return ax


def _rows(frame, notes):
    if missing := {"row", "value"} - set(frame.columns):
        raise ValueError(f"expected columns row and value, missing {sorted(missing)}")
    rows = {name: np.sort(part["value"].to_numpy(float)) for name, part in _grouped(frame)}
    if not rows:
        raise ValueError("expected at least one value, got none")
    if unknown := {row for row, _, _ in notes} - set(rows):
        raise ValueError(f"expected notes on {list(rows)}, got {sorted(unknown)}")
    return rows


def _grouped(frame):
    return frame.groupby("row", sort=False)


def _stacked(values, per_px):
    """Level of each sorted value, so that no point covers another."""
    levels, taken = [], {}
    order = [0, -1, 1, -2, 2]
    for value in values:
        free = [k for k in order if value - taken.get(k, -np.inf) > (_DOT + 1) * per_px]
        level = free[0] if free else order[-1]
        taken[level] = value
        levels.append(level)
    return np.array(levels, float)


def _write_note(ax, value, y, words):
    ax.annotate(
        words,
        (value, y),
        xytext=(0, px(-34)),
        textcoords="offset points",
        ha="center",
        va="top",
        fontsize=px(SMALL_PX),
        color=GREY,
        arrowprops={"arrowstyle": "-", "color": GREY, "lw": px(1), "shrinkA": 0, "shrinkB": 4},
    )
