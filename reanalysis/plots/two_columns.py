"""How do two columns of a table of patients go together, patient by patient?"""

import numpy as np

from reanalysis.plots.intervals import draw_marker
from reanalysis.plots.labels import place_labels
from reanalysis.plots.style import (
    INK,
    SMALL_PX,
    book_style,
    mark_of_test,
    new_figure,
    place_axes,
    px,
)

_LEFT, _WIDTH, _HEIGHT, _TOP = 76, 540, 400, 44
_AREA = 70


@book_style()
def two_columns(x, y, *, names, groups, x_label, y_label, lines=None, ax=None):
    """Scatter of two columns with each patient's number, groups told apart by shape.

    Answers: does one column follow the other more closely than medicine would make it?

    Parameters
    ----------
    x, y : array_like, shape (n_patients,)
        The columns.
    names : sequence of str
        Written beside each point.
    groups : mapping of str to sequence of bool
        Up to four groups by name, in the order of their marks; every patient in one of them.
    x_label, y_label : str
        Quantities with their units.
    lines : mapping of str to float, optional
        Lines through the origin by the words written at them, with their slopes.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the groups leave a patient out or hold one twice.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    members = {name: np.asarray(group, bool) for name, group in groups.items()}
    if not np.all(sum(group.astype(int) for group in members.values()) == 1):
        raise ValueError("expected every patient in exactly one group")
    if ax is None:
        figure = new_figure(_TOP + _HEIGHT + 66)
        ax = place_axes(figure, left=_LEFT, top=_TOP, width=_WIDTH, height=_HEIGHT)
    ax.set(xlim=(0, 1.1 * x.max()), ylim=(0, 1.1 * y.max()), xlabel=x_label, ylabel=y_label)
    on_lines = []
    for words, slope in (lines or {}).items():
        _draw_line(ax, words, slope)
        reach = np.linspace(0, min(ax.get_xlim()[1], ax.get_ylim()[1] / slope), 60)
        on_lines.append(np.column_stack([reach, slope * reach]))
    left = 0.0
    for position, (name, group) in enumerate(members.items()):
        mark = mark_of_test(position)
        draw_marker(ax, x[group], y[group], mark, area=_AREA)
        _draw_key(ax, left, mark, f"{name} ({group.sum()})")
        left += 0.5
    places = np.column_stack([x, y])
    place_labels(
        ax,
        list(places),
        [str(name) for name in names],
        marks=places,
        radii=np.full(len(places), np.sqrt(_AREA) / 2 + 1),
        lines=np.concatenate(on_lines) if on_lines else (),
    )
    return ax


def _draw_line(ax, words, slope):
    reach = min(ax.get_xlim()[1], ax.get_ylim()[1] / slope)
    ax.plot([0, reach], [0, slope * reach], color=INK, lw=px(1.2), ls=(0, (4, 3)), zorder=1)
    ax.annotate(
        words,
        (reach, slope * reach),
        xytext=(px(-70), px(-4)),
        textcoords="offset points",
        ha="right",
        fontsize=px(SMALL_PX),
        color=INK,
    )


def _draw_key(ax, left, mark, words):
    place = ax.transAxes
    draw_marker(ax, left + 0.012, 1.06, mark, area=_AREA, transform=place)
    ax.text(
        left + 0.035,
        1.06,
        words,
        transform=place,
        va="center",
        fontsize=px(SMALL_PX),
        color=mark.letters,
    )
