"""Do several columns of paired values differ, and what do tests between them say?

Box plots with every value, the pairs joined, and a bracket with its words over each comparison.
"""

import numpy as np

from reanalysis.plots.style import (
    DISAGREEMENT,
    GREY,
    INK,
    SMALL_PX,
    book_style,
    mark_of_test,
    new_figure,
    place_axes,
    px,
)

_LEFT, _TOP, _WIDTH, _HEIGHT, _ACROSS, _DOWN = 62, 34, 246, 300, 318, 410
_STEP = 0.1


@book_style()
def box_brackets(panels, *, quantity, limits=None, axes=None):
    """Box plots of paired columns, one panel per comparison, two panels side by side.

    Parameters
    ----------
    panels : mapping of str to (DataFrame, list)
        By title: one column of the frame per box, its rows being the pairs; a boolean level
        named ``repeated`` of the index marks rows that repeat others (drawn hollow and red).
        The list holds ``(first, second, words)``: positions of two boxes, and what to write
        over their bracket.
    quantity : str
        What is measured, with its unit.
    limits : tuple of float, optional
        Range of the values; from the data without it.
    axes : sequence of matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    ndarray of matplotlib.axes.Axes
    """
    n_rows = -(-len(panels) // 2)
    if axes is None:
        figure = new_figure(_DOWN * n_rows)
        axes = [
            place_axes(
                figure,
                left=_LEFT + _ACROSS * (place % 2),
                top=_TOP + _DOWN * (place // 2),
                width=_WIDTH,
                height=_HEIGHT,
            )
            for place in range(len(panels))
        ]
    values = np.concatenate([frame.to_numpy(float).ravel() for frame, _ in panels.values()])
    low, high = limits or (values.min(), values.max())
    for place, (ax, (title, (frame, brackets))) in enumerate(
        zip(axes, panels.items(), strict=True)
    ):
        _draw_boxes(ax, frame)
        span = high - low
        for height, (first, second, words) in enumerate(brackets):
            _draw_bracket(ax, first, second, high + span * (0.05 + _STEP * height), span, words)
        top = high + span * (0.12 + _STEP * max(len(brackets), 1))
        ax.set(ylim=(low - 0.05 * span, top), xlabel=title, ylabel="" if place % 2 else quantity)
        ax.locator_params(axis="y", nbins=6)
    return np.array(axes)


def _draw_boxes(ax, frame):
    names = [str(name) for name in frame.columns]
    wide = frame.set_axis(names, axis=1).reset_index(drop=True)
    for row in wide.to_numpy(float):
        ax.plot(range(len(row)), row, color=GREY, lw=px(0.5), alpha=0.35, zorder=1)
    mark = mark_of_test(0)
    ax.boxplot(
        wide.to_numpy(float),
        positions=range(len(names)),
        widths=0.5,
        whis=(0, 100),
        showfliers=False,
        patch_artist=True,
        boxprops={"facecolor": "#DCE9F3", "edgecolor": INK, "linewidth": px(1.3)},
        medianprops={"color": INK, "linewidth": px(2)},
        whiskerprops={"color": INK, "linewidth": px(1.3)},
        capprops={"color": INK, "linewidth": px(1.3)},
        zorder=2,
    )
    again = np.zeros(len(frame), bool)
    if "repeated" in frame.index.names:
        again = frame.index.get_level_values("repeated").to_numpy(bool)
    for column in range(len(names)):
        values = wide.iloc[:, column].to_numpy(float)
        area = 26 * px(1) ** 2
        ax.scatter(
            np.full((~again).sum(), column), values[~again], s=area, color=mark.color, zorder=3
        )
        ax.scatter(
            # beside the others, since they hold the same values
            np.full(again.sum(), column + 0.13),
            values[again],
            s=area,
            facecolor="white",
            edgecolor=DISAGREEMENT,
            linewidth=px(1.3),
            zorder=3,
        )
    ax.set_xticks(range(len(names)), names)
    ax.set(xlabel="", ylabel="")


def _draw_bracket(ax, first, second, y, span, words):
    drop = 0.012 * span
    ends = [first + 0.04, first + 0.04, second - 0.04, second - 0.04]
    ax.plot(ends, [y - drop, y, y, y - drop], color=INK, lw=px(1.2), clip_on=False)
    ax.annotate(
        words,
        ((first + second) / 2, y),
        xytext=(0, px(3)),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=px(SMALL_PX),
        annotation_clip=False,
    )
