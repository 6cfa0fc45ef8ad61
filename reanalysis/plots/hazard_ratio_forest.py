"""What does a printed Cox table look like, and which of its rows have no estimate at all?"""

import numpy as np

from reanalysis.plots.intervals import (
    PLAIN_AREA,
    draw_estimate,
    draw_key,
    panel,
    row_rule,
    row_text,
)
from reanalysis.plots.style import (
    DISAGREEMENT,
    GREY,
    INK,
    ROLES,
    RULE,
    SMALL_PX,
    book_style,
    fit_words,
    new_figure,
    place_axes,
    px,
)

_LABELS, _WIDTH, _NUMBERS = 196, 180, 256
_HEAD, _ROW = 44, 30
_P_COLUMN = 104
_MINUS_TICKS = (0.01, 0.1, 1, 10, 100)


@book_style()
def hazard_ratio_forest(rows, checked, *, limits=(0.02, 40), ax=None):
    """Hazard ratios as printed, with a flag where ratio, interval and P value do not fit.

    Parameters
    ----------
    rows : pandas.DataFrame
        Text columns ``label, estimate, conf_low, conf_high, p_value``, in order.
    checked : pandas.DataFrame
        The result of :func:`reanalysis.cox_table.check_rows`, in the same order.
    limits : tuple of float, default (0.02, 40)
        Range of the logarithmic axis.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the two tables differ in length.
    """
    if len(rows) != len(checked):
        raise ValueError(f"expected as many checks as rows, got {len(checked)} and {len(rows)}")
    height = _HEAD + _ROW * len(rows) + 8
    if ax is None:
        figure = new_figure(height + 66)
        ax = place_axes(figure, left=_LABELS, top=6, width=_WIDTH, height=height)
    ax.set_xscale("log")
    ticks = {tick: f"{tick:g}" for tick in _MINUS_TICKS if limits[0] <= tick <= limits[1]}
    panel(ax, height, limits=limits, ticks=ticks, label="Hazard ratio (log scale)")
    ax.minorticks_off()
    ax.plot([1, 1], [_HEAD, height], color=INK, lw=px(1), ls=(0, (4, 3)), zorder=1)
    draw_key(ax, 16, [(ROLES["published"], "published")], dx=-_LABELS + 8)
    row_text(ax, 16, "HR (95% CI)", side="right", dx=_NUMBERS - _P_COLUMN, color=GREY)
    row_text(ax, 16, "P", side="right", dx=_NUMBERS - 4, color=GREY)
    pairs = zip(rows.to_dict("records"), checked.to_dict("records"), strict=True)
    for position, (row, check) in enumerate(pairs):
        top = _HEAD + _ROW * position
        row_rule(ax, top, left=_LABELS - 8, right=_NUMBERS)
        _draw_row(ax, top + _ROW / 2, row, check)
    return ax


class _Values:
    """A row as numbers, for the drawing of intervals."""

    def __init__(self, row):
        self.estimate, self.conf_low, self.conf_high = (
            float(row[name]) for name in ("estimate", "conf_low", "conf_high")
        )


def _draw_row(ax, y, row, check):
    words, size = fit_words(str(row["label"]), _LABELS - 16, 1, SMALL_PX)
    row_text(ax, y, words, dx=-_LABELS + 8, size=size)
    numbers = f"{row['estimate']} ({row['conf_low']}–{row['conf_high']})"
    disagrees = not check["closes"] and not check["separated"]
    if check["separated"]:
        ends = np.array(ax.get_xlim())
        ax.fill_between(
            ends, y - _ROW / 2 + 5, y + _ROW / 2 - 5, facecolor="none", edgecolor=RULE, hatch="///"
        )
        middle = np.sqrt(ends.prod())
        ax.text(
            middle,
            y,
            "not estimable",
            ha="center",
            va="center",
            fontsize=px(12),
            color=GREY,
            backgroundcolor="white",
        )
    else:
        draw_estimate(ax, y, _Values(row), ROLES["published"], area=PLAIN_AREA)
    color = DISAGREEMENT if disagrees else INK
    row_text(ax, y, numbers, side="right", dx=_NUMBERS - _P_COLUMN, size=12, color=color)
    chance = row["p_value"] + (f" ≠ {check['p_value']:.3f}" if disagrees else "")
    row_text(
        ax, y, chance, side="right", dx=_NUMBERS - 4, size=11 if disagrees else 12, color=color
    )
