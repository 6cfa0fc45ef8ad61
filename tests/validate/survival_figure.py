"""The study of reconstruction from printed rates in one figure: coverage above, width below."""

import numpy as np

from reanalysis.plots.style import (
    BLUE,
    GREY,
    ORANGE,
    RULE,
    SMALL_PX,
    TEXT_PX,
    book_style,
    letters_of,
    new_figure,
    place_axes,
    px,
)

_LEFT, _WIDTH, _ROW = 190, 420, 26
_WORDS = {
    "survival, first, early": "arm 1, up to first time",
    "survival, first, late": "arm 1, between times",
    "survival, second, early": "arm 2, up to first time",
    "survival, second, late": "arm 2, between times",
}
_MARKS = (
    ("median_width", "from printed rates (ensemble)", ORANGE, "^"),
    ("width_from_curve", "from the whole curve and its risk table", BLUE, "o"),
    ("width_from_curve_without_table", "from the whole curve alone", GREY, "s"),
)


@book_style()
def draw(table):
    """Figure of :func:`tests.validate.survival_simulation.summary`."""
    height = _ROW * len(table)
    figure = new_figure(2 * height + 300)
    above = place_axes(figure, left=_LEFT, top=44, width=_WIDTH, height=height)
    below = place_axes(figure, left=_LEFT, top=44 + height + 112, width=_WIDTH, height=height)
    rows = np.arange(len(table))[::-1]
    above.hlines(rows, 100 * table["conf_low"], 100 * table["conf_high"], color=ORANGE, lw=px(1.5))
    above.plot(100 * table["coverage"], rows, "^", color=ORANGE, ms=px(9))
    above.axvline(95, color=GREY, lw=px(1), ls=(0, (2, 2)))
    above.set(
        xlim=(80, 100.5),
        xticks=range(80, 101, 5),
        xlabel="Truth inside the central 95 % of the ensemble (% of cases)",
    )
    for column, _, color, marker in _MARKS:
        below.plot(table[column], rows, marker, color=color, ms=px(9), ls="none")
    below.set(xscale="log", xlabel="Width that holds 95 % of the truth (log scale)")
    for ax, title in ((above, "How often it is right"), (below, "How wide it is")):
        ax.set(yticks=rows, ylim=(-0.7, len(table) - 0.3))
        ax.set_yticklabels(table["quantity"].replace(_WORDS))
        ax.grid(color=RULE, lw=px(0.6))
        ax.annotate(
            title, (0, 1), xycoords="axes fraction", xytext=(px(8 - _LEFT), px(12)),
            textcoords="offset points", fontsize=px(TEXT_PX), fontweight="bold",
        )  # fmt: skip
    for k, (_, words, color, marker) in enumerate(_MARKS):
        y = -px(60 + 19 * k)
        below.annotate(words, (0, 0), xycoords="axes fraction", xytext=(px(16), y),
                       textcoords="offset points", va="top", fontsize=px(SMALL_PX),
                       color=letters_of(color))  # fmt: skip
        place = 1 - (44 + 2 * height + 112 + 68 + 19 * k) / (2 * height + 300)
        below.plot([(_LEFT + 6) / 640], [place], marker, color=color, ms=px(8), clip_on=False,
                   transform=figure.transFigure)  # fmt: skip
    return figure
