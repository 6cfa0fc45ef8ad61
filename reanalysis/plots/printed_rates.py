"""What is printed about survival, before anything is reconstructed?"""

import numpy as np

from reanalysis.plots.style import (
    GREY,
    SMALL_PX,
    book_style,
    mark_of_test,
    new_figure,
    place_axes,
    px,
)

_LEFT, _WIDTH, _HEIGHT, _GAP, _TOP = 62, 430, 112, 84, 34
_YEARS = (0, 3, 5)


@book_style()
def printed_rates(survival, *, titles, floor=60):
    """The printed rates of each outcome and arm, and when half of each arm had left.

    Parameters
    ----------
    survival : pandas.DataFrame
        Columns ``outcome, arm, rate_3_years, rate_5_years, follow_up_median`` (text).
    titles : mapping of str to str
        Outcomes to draw, one panel each, and their titles.
    floor : float, default 60
        Where the axis of rates begins, %.

    Returns
    -------
    numpy.ndarray of matplotlib.axes.Axes
    """
    height = _TOP + len(titles) * (_HEIGHT + _GAP) - 14
    figure, axes = new_figure(height), []
    for position, (outcome, title) in enumerate(titles.items()):
        top = _TOP + position * (_HEIGHT + _GAP)
        ax = place_axes(figure, left=_LEFT, top=top, width=_WIDTH, height=_HEIGHT)
        rows = survival[survival["outcome"] == outcome].to_dict("records")
        _panel(ax, rows, title, floor)
        axes.append(ax)
    return np.array(axes)


def _panel(ax, rows, title, floor):
    ax.set(xlim=(0, 5.15), ylim=(floor, 103), yticks=[floor, 80, 100], xticks=range(6))
    ax.set_title(title, loc="left", fontsize=px(SMALL_PX + 1), pad=px(10))
    ends = []
    for position, row in enumerate(rows):
        mark = mark_of_test(position)
        values = [100.0, float(row["rate_3_years"]), float(row["rate_5_years"])]
        ax.plot(_YEARS, values, color=mark.color, lw=px(1.2), ls=mark.line, zorder=2)
        ax.scatter(
            _YEARS[1:],
            values[1:],
            s=70 * px(1) ** 2,
            marker="D",
            facecolor="white",
            edgecolor=GREY,
            linewidth=px(1.8),
            zorder=4,
            clip_on=False,
        )
        half = float(row["follow_up_median"])
        ax.plot([half] * 2, [floor, floor + 9], color=mark.color, lw=px(3), zorder=3)
        ends.append((values[-1], row["arm"], mark))
        ax.annotate(
            f"half gone: {row['arm']}",
            (half, floor + 4),
            xytext=(px(6 if position else -6), 0),
            textcoords="offset points",
            ha="left" if position else "right",
            va="center",
            fontsize=px(12),
            color=mark.letters,
        )
    for value, name, mark in ends:
        ax.annotate(
            name,
            (5, value),
            xytext=(px(12), 0),
            textcoords="offset points",
            va="center",
            fontsize=px(SMALL_PX),
            color=mark.letters,
            annotation_clip=False,
        )
    ax.set_xlabel("Time after ablation (years)")
    ax.set_ylabel("%")
