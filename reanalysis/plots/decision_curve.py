"""For whom is the test worth doing: net benefit over the threshold at which one would act?"""

import numpy as np
from matplotlib.patheffects import withStroke

from reanalysis.plots.style import (
    GREY,
    INK,
    LONG_DASHES,
    RULE,
    SMALL_PX,
    TEXT_PX,
    book_style,
    mark_of_test,
    new_figure,
    place_axes,
    px,
)

_AXES = {"left": 66, "top": 16, "width": 556, "height": 400}
_KEY_ROW, _KEY_TOP = 26, 500
EVERYBODY, NOBODY = "everybody", "nobody"
_STRATEGIES = {EVERYBODY: (GREY, LONG_DASHES), NOBODY: (INK, "-")}


@book_style()
def decision_curve(curves, *, marks=None, ax=None):
    """Net benefit of tests, of acting on everybody and on nobody, against the threshold.

    Answers: at which threshold does each strategy do most good?

    Parameters
    ----------
    curves : DataFrame
        Columns ``test, threshold, net_benefit``, as
        :func:`reanalysis.net_benefit.decision_curves` returns them; at most four tests.
    marks : mapping of str to float, optional
        Thresholds worth a vertical line (0–1), by the words written at it.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If columns are missing or there is no test.
    """
    tests = _tests(curves)
    if ax is None:
        rows = len(tests) + len(_STRATEGIES)
        figure = new_figure(_KEY_TOP + _KEY_ROW * rows)
        ax = place_axes(figure, **_AXES)
    _prepare(ax, curves)
    styles = dict(_STRATEGIES)
    for position, name in enumerate(tests):
        mark = mark_of_test(position)
        styles[name] = mark.color, mark.line
    for name, (color, line) in styles.items():
        rows = curves[curves["test"] == name]
        width = px(1.4 if name in _STRATEGIES else 2.6)
        x, y = 100 * rows["threshold"], 100 * rows["net_benefit"]
        ax.plot(x, y, color=color, ls=line, lw=width, label=name, zorder=3)
    for words, threshold in (marks or {}).items():
        _draw_mark(ax, words, 100 * threshold)
    _write_key(ax, {name: styles[name] for name in (*tests, *_STRATEGIES)})
    return ax


def _tests(curves):
    missing = {"test", "threshold", "net_benefit"} - set(curves.columns)
    if missing:
        raise ValueError(f"expected columns test, threshold, net_benefit; missing {missing}")
    tests = [name for name in curves["test"].unique() if name not in _STRATEGIES]
    if not tests:
        raise ValueError("expected at least one test, got none")
    return tests


def _prepare(ax, curves):
    """Axes; far below zero nobody would act, so that the frame ends soon under it."""
    top = 100 * curves["net_benefit"].max()
    ax.set_xlim(100 * curves["threshold"].min(), 100 * curves["threshold"].max())
    ax.set_ylim(-0.12 * top, 1.06 * top)
    ax.set_xlabel("Threshold: probability (%) at which one would act")
    ax.set_ylabel("Net benefit (true positives, % of patients)")
    ax.grid(color=RULE, lw=px(0.6))
    ax.locator_params(axis="both", nbins=6)


def _draw_mark(ax, words, percent):
    """Vertical line at a threshold, named at its top on the side where there is room."""
    low, high = ax.get_xlim()
    right = percent < (low + high) / 2
    ax.plot([percent] * 2, ax.get_ylim(), color=GREY, lw=px(1.2), ls=(0, (2, 2)), zorder=1.5)
    ax.annotate(
        words,
        (percent, 0.97),
        xycoords=("data", "axes fraction"),
        xytext=(px(6 if right else -6), 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="top",
        fontsize=px(SMALL_PX),
        color=GREY,
        path_effects=[withStroke(linewidth=px(3), foreground="white")],
    )


def _write_key(ax, styles):
    """Each strategy with its line, below the axes, where no curve can cross it."""
    width, height = np.array(ax.figure.get_size_inches()) * 100
    box = ax.get_position()
    for position, (name, (color, line)) in enumerate(styles.items()):
        words = f"act on {name}" if name in _STRATEGIES else f"act if {name} is positive"
        y = -(_KEY_TOP - _AXES["top"] - _AXES["height"] + _KEY_ROW * position) / (
            box.height * height
        )
        ends = np.array([0, 52]) / (box.width * width)
        style = {"color": color, "ls": line, "lw": px(2.2), "clip_on": False}
        ax.plot(ends, [y, y], transform=ax.transAxes, **style)
        ax.annotate(
            words,
            (ends[1], y),
            xycoords="axes fraction",
            xytext=(px(10), 0),
            textcoords="offset points",
            va="center_baseline",
            fontsize=px(TEXT_PX - 1),
            annotation_clip=False,
        )
