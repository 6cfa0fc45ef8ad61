"""How well does a score separate two groups, and what is only known of a yes-or-no test?

Empirical curves are steps, reconstructed ones dotted with a hatched band; a yes-or-no test is
one point with its uncertainty, joined to the corners by straight lines and never by a curve.
"""

import numpy as np
from matplotlib.patheffects import withStroke

from reanalysis.diagnostic_accuracy import proportion
from reanalysis.plots.intervals import interval_text
from reanalysis.plots.style import (
    DOTS,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    RULE,
    SMALL_PX,
    book_style,
    letters_of,
    mark_of_test,
    new_figure,
    place_axes,
    px,
)

_AXES = {"left": 66, "top": 12, "width": 560, "height": 560}
_HEIGHT = 634
_MOST = 4
# Reconstructed curves are dotted and orange first; further ones differ in colour and hatching.
_RECONSTRUCTED = (ORANGE, PURPLE, INK, GREY)
_HATCHES = ("////", "\\\\\\\\", "----", "||||")
_KEY_STEP = 0.055


@book_style()
def roc_plane(curves=None, *, binary=None, ax=None):
    """ROC curves with their bands, and yes-or-no tests as points, in one plane.

    Answers: at a false positive rate that I accept, how many of the diseased are found?

    Parameters
    ----------
    curves : mapping of str to RocCurve, optional
        By the name of the score.
    binary : mapping of str to TwoByTwo, optional
        By the name of the test; drawn with exact (Clopper–Pearson) intervals of sensitivity and
        specificity.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there is nothing to draw, or more than four curves and tests.
    """
    curves, binary = dict(curves or {}), dict(binary or {})
    if not 0 < len(curves) + len(binary) <= _MOST:
        raise ValueError(f"expected one to {_MOST} curves and tests, got {[*curves, *binary]}")
    if ax is None:
        ax = place_axes(new_figure(_HEIGHT), **_AXES)
    _prepare(ax)
    key = []
    for position, (name, curve) in enumerate(curves.items()):
        key.append(_draw_curve(ax, name, curve, position))
    for position, (name, table) in enumerate(binary.items(), start=len(curves)):
        key.append(_draw_binary(ax, name, table, mark_of_test(position)))
    _write_key(ax, key)
    return ax


def _prepare(ax):
    """Plane from 0 to 1, with the line of a score that tells nothing."""
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.set_xlabel("False-positive rate, 1 − specificity (proportion of the healthy)")
    ax.set_ylabel("Sensitivity (proportion of the diseased)")
    ticks = np.linspace(0, 1, 6)
    words = [f"{tick:g}" for tick in ticks.round(1)]
    ax.set_xticks(ticks, words)
    ax.set_yticks(ticks, words)
    ax.grid(color=RULE, lw=px(0.6))
    ax.plot([0, 1], [0, 1], color=GREY, lw=px(1), ls=(0, (2, 3)), zorder=1.5)


def _draw_curve(ax, name, curve, position):
    """Band and line; returns what the key says of them."""
    mark = mark_of_test(position)
    color = _RECONSTRUCTED[position] if curve.reconstructed else mark.color
    line = DOTS if curve.reconstructed else mark.line
    if curve.band is not None:
        band = (curve.band.false_positive_rate, curve.band.low, curve.band.high)
        face = "none" if curve.reconstructed else color
        hatch = _HATCHES[position] if curve.reconstructed else None
        look = {"facecolor": face, "edgecolor": color, "hatch": hatch, "lw": 0}
        ax.fill_between(*band, alpha=0.35 if curve.reconstructed else 0.14, zorder=1, **look)
        for end in band[1:]:
            ax.plot(band[0], end, color=color, lw=px(1), ls=line, zorder=2, alpha=0.8)
    style = {"color": color, "ls": line, "lw": px(3 if curve.reconstructed else 2.6)}
    ax.plot(curve.false_positive_rate, curve.sensitivity, zorder=4, clip_on=False, **style)
    words = f"{name}{', reconstructed' if curve.reconstructed else ''}"
    return style, None, f"{words}: area {interval_text(curve.auc)}", letters_of(color)


def _draw_binary(ax, name, table, mark):
    """One point, its two intervals, and the straight lines to the corners."""
    sensitivity = proportion(table.tp, table.tp + table.fn)
    false_positives = proportion(table.fp, table.fp + table.tn)
    x, y = false_positives.estimate, sensitivity.estimate
    chords = {"color": mark.color, "lw": px(1.2), "ls": (0, (4, 3)), "zorder": 2}
    ax.plot([0, x, 1], [0, y, 1], **chords)
    cross = {"color": mark.color, "lw": px(2), "zorder": 3, "solid_capstyle": "butt"}
    ax.plot([false_positives.conf_low, false_positives.conf_high], [y, y], **cross)
    ax.plot([x, x], [sensitivity.conf_low, sensitivity.conf_high], **cross)
    dot = {"marker": mark.marker, "color": mark.color, "ms": px(13), "mec": "white", "ls": "none"}
    ax.plot([x], [y], zorder=5, clip_on=False, **dot)
    words = f"{name}: one point, (sens. + spec.) / 2 = {(y + 1 - x) / 2:.2f}"
    return {**chords, "zorder": 6}, dot, words, mark.letters


def _write_key(ax, key):
    """Names in the corner that a score better than chance leaves empty."""
    for row, (line, dot, words, color) in enumerate(reversed(key)):
        y = 0.035 + _KEY_STEP * row
        sample = ([0.895, 0.98], [y, y])
        ax.plot(*sample, **line, transform=ax.transAxes)
        if dot:
            ax.plot([0.9375], [y], **(dot | {"ms": px(9)}), transform=ax.transAxes, zorder=7)
        ax.annotate(
            words,
            (0.87, y),
            xycoords="axes fraction",
            ha="right",
            va="center_baseline",
            fontsize=px(SMALL_PX),
            color=color,
            path_effects=[withStroke(linewidth=px(4), foreground="white")],
            zorder=7,
        )
