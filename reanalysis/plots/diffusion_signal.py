"""Why is a lesion bright at one b-value and not at another: an illustration, not data."""

import numpy as np

from reanalysis.diffusion_signal import diffusion_signal
from reanalysis.plots.labels import place_labels
from reanalysis.plots.style import (
    DOTS,
    GREY,
    INK,
    RULE,
    SMALL_PX,
    book_style,
    mark_of_test,
    new_figure,
    place_axes,
    px,
)

_AXES = {"left": 76, "top": 40, "width": 546, "height": 430}
_HEIGHT = 540
_REACH = 1700
_LOWEST = 0.01


@book_style()
def signal_over_b_value(tissues, *, measured=(50, 800), synthetic=1500, echo_time_ms=55.0, ax=None):
    """Simulated signal of several tissues against the b-value, on a logarithmic scale.

    Answers: which tissue is the brighter one, and does a higher b-value change that?

    Parameters
    ----------
    tissues : mapping of str to tuple of float
        ADC (10⁻³ mm²/s) and T2 (ms), by the name of the tissue; at most four.
    measured : sequence of float, default (50, 800)
        b-values that are measured, s/mm²; lines are solid between them.
    synthetic : float, default 1500
        b-value that is computed, s/mm²; lines are dotted up to it and beyond.
    echo_time_ms : float, default 55
        Echo time, ms.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there is no tissue.
    """
    if not tissues:
        raise ValueError("expected at least one tissue, got none")
    if ax is None:
        ax = place_axes(new_figure(_HEIGHT), **_AXES)
    ax.set_yscale("log")
    ax.set(xlim=(0, _REACH), ylim=(_LOWEST, 1))
    ax.set_xlabel("b-value (s/mm²)")
    ax.set_ylabel("Simulated signal (proportion, log scale)")
    ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]
    ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    ax.grid(color=RULE, lw=px(0.6))
    for b in (*measured, synthetic):
        words = "computed" if b == synthetic else "measured"
        ax.plot([b, b], [_LOWEST, 1], color=GREY, lw=px(1.2), ls=(0, (2, 2)), zorder=1.5)
        ax.annotate(
            f"{words}: {b:g}",
            (b, 1),
            xytext=(px(-6 if b < _REACH / 10 else 0), px(8)),
            textcoords="offset points",
            ha="left" if b < _REACH / 10 else "center",
            fontsize=px(SMALL_PX),
            color=INK,
        )
    _draw_tissues(ax, tissues, (*measured, synthetic), echo_time_ms)
    return ax


def _draw_tissues(ax, tissues, marked, echo_time_ms):
    anchors, texts, styles, lines, points = [], [], [], [], []
    for position, (name, (adc, t2)) in enumerate(tissues.items()):
        mark = mark_of_test(position)
        tissue = {"adc": adc, "t2_ms": t2, "echo_time_ms": echo_time_ms}
        inside, beyond = np.linspace(0, marked[-2], 80), np.linspace(marked[-2], _REACH, 80)
        for b, line in ((inside, "-"), (beyond, DOTS)):
            signal = diffusion_signal(b, **tissue)
            ax.plot(b, signal, color=mark.color, ls=line, lw=px(2.6), zorder=3)
            lines.append(np.column_stack([b, signal]))
        at = np.array(marked, float)
        places = np.column_stack([at, diffusion_signal(at, **tissue)])
        look = {"marker": mark.marker, "s": 80 * px(1) ** 2, "edgecolor": "white"}
        ax.scatter(*places.T, facecolor=mark.color, zorder=4, **look)
        points.append(places)
        choices = np.linspace(0.12, 0.95, 18) * _REACH
        anchors.append(np.column_stack([choices, diffusion_signal(choices, **tissue)]))
        texts.append(f"{name}\nADC {adc:g}, T2 {t2:g} ms")
        styles.append({"color": mark.letters})
    marks = np.vstack(points)
    radii, lines = np.full(len(marks), 6.0), np.vstack(lines)
    place_labels(ax, anchors, texts, marks=marks, radii=radii, lines=lines, styles=styles)
