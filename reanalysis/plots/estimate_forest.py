"""Which estimates agree, and how far apart are the others?

One row per quantity and one line per source, for any quantity and unit.
"""

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from reanalysis.plots.intervals import (
    PLAIN_AREA,
    draw_bracket,
    draw_estimate,
    draw_key,
    interval_text,
    row_rule,
    row_text,
)
from reanalysis.plots.style import (
    GREY,
    INK,
    ROLES,
    ROW_PX,
    book_style,
    fit_words,
    new_figure,
    place_axes,
    px,
)

_LABELS, _WIDTH, _NUMBERS = 168, 278, 182
# Up to this ratio of its ends a log axis is ticked like a linear one, beyond the other by decades.
_FEW_TICKS, _DECADES = 8, 300
_HEAD, _LINE, _PAD = 40, 27, 16


@book_style()
def estimate_forest(
    frame,
    *,
    quantity,
    reference=None,
    log=False,
    spec=".2f",
    limits=None,
    heading="estimate (95% CI)",
    words=None,
    ax=None,
):
    """Any estimates with their intervals, published and recomputed one under the other.

    Parameters
    ----------
    frame : DataFrame
        Columns ``label, source, estimate, conf_low, conf_high`` (limits equal to the estimate
        where there is no interval); ``source`` is "published",
        "recomputed" or "simulated". Rows with one label stand together, in order of first
        appearance; a red bracket joins published and recomputed where they differ in print.
    quantity : str
        What the axis shows, with its unit.
    reference : float, optional
        Value of no difference, drawn as a dashed line.
    log : bool, default False
        Whether the axis is logarithmic, as ratios want it.
    spec : str, default ".2f"
        Format of the numbers; ``"+.2f"`` for differences.
    limits : tuple of float, optional
        Range of the axis; from the data without it. Intervals that leave it are cut.
    heading : str, default "estimate (95% CI)"
        What the numbers at the right are.
    words : mapping of str to str, optional
        Words for sources in the key, e.g. ``{"simulated": "reconstructed"}``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If columns are missing or a source is unknown.
    """
    _check(frame)
    groups = list(frame.groupby("label", sort=False))
    tops = _HEAD + np.cumsum([0] + [_PAD + _LINE * len(rows) for _, rows in groups])
    if ax is None:
        figure = new_figure(tops[-1] + 78)
        ax = place_axes(figure, left=_LABELS, top=8, width=_WIDTH, height=tops[-1])
    _prepare(ax, frame, quantity, log=log, limits=limits, height=tops[-1])
    if reference is not None:
        ax.plot([reference] * 2, [_HEAD, tops[-1]], color=INK, lw=px(1), ls=(0, (4, 3)), zorder=1)
    sources = [name for name in ROLES if name in set(frame["source"])]
    key = [(ROLES[name], (words or {}).get(name, name)) for name in sources]
    draw_key(ax, 14, key, dx=-_LABELS + 8)
    row_text(ax, 14, heading, side="right", dx=_NUMBERS, color=GREY)
    for top, (label, rows) in zip(tops[:-1], groups, strict=True):
        middle = top + (_PAD + _LINE * len(rows)) / 2
        words, size = fit_words(str(label), _LABELS - 18, len(rows) + 1)
        row_text(ax, middle, words, dx=-_LABELS + 8, size=size)
        row_rule(ax, top, left=_LABELS - 8, right=_NUMBERS)
        _draw_lines(ax, top + _PAD / 2 + _LINE / 2, rows, spec)
    return ax


def _check(frame):
    needed = {"label", "source", "estimate", "conf_low", "conf_high"}
    if missing := needed - set(frame.columns):
        raise ValueError(f"expected columns {sorted(needed)}, missing {sorted(missing)}")
    if unknown := set(frame["source"]) - set(ROLES):
        raise ValueError(f"expected sources out of {list(ROLES)}, got {sorted(unknown)}")


def _prepare(ax, frame, quantity, *, log, limits, height):
    """Axis, range and frame of the panel."""
    if limits is None:
        ends = frame[["conf_low", "conf_high", "estimate"]].to_numpy(float)
        ends = np.log(ends[ends > 0]) if log else ends
        low, high = np.nanmin(ends), np.nanmax(ends)
        limits = (low - 0.06 * (high - low), high + 0.08 * (high - low))
        limits = tuple(np.exp(limits)) if log else limits
    ax.set_xscale("log" if log else "linear")
    ax.set(xlim=limits, ylim=(height, 0), yticks=[], xlabel=quantity)
    if log:
        steps = (1,) if limits[1] / limits[0] > _DECADES else (1, 2, 5)
        nice = [m * 10.0**e for e in range(-4, 5) for m in steps]
        if limits[1] / limits[0] < _FEW_TICKS:
            nice = MaxNLocator(5).tick_values(*limits)
        ticks = [tick for tick in nice if limits[0] <= tick <= limits[1]]
        ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        ax.minorticks_off()
    else:
        ax.locator_params(axis="x", nbins=5)
    ax.spines["left"].set_visible(False)


def _draw_lines(ax, y, rows, spec):
    """The sources of one label, one line each, and the bracket where print differs."""
    printed = {}
    for offset, row in enumerate(rows.itertuples()):
        mark, here = ROLES[row.source], y + _LINE * offset
        words = interval_text(row, spec)
        if row.conf_low == row.conf_high:  # printed without an interval
            words = words.partition(" ")[0]
        draw_estimate(ax, here, row, mark, area=PLAIN_AREA, line=mark.line)
        row_text(ax, here, words, side="right", dx=_NUMBERS, size=ROW_PX, color=mark.letters)
        printed[row.source] = (here, words, row.conf_high)
    pair = [printed[name] for name in ("recomputed", "published") if name in printed]
    if len(pair) == 2 and pair[0][1] != pair[1][1]:
        draw_bracket(ax, pair[0][0], pair[1][0], ax.get_xlim()[1], reach=0)


def comparison_forest(comparison, *, measure="difference", ax=None):
    """How much two tests differ in sensitivity and in specificity.

    Parameters
    ----------
    comparison : BivariateComparison
        Result of ``fit_bivariate_model(..., compare="test")``.
    measure : {"difference", "ratio"}, default "difference"
        Absolute or relative difference, second test against the first.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If `measure` is not one of the two.
    """
    if measure not in ("difference", "ratio"):
        raise ValueError(f"expected measure 'difference' or 'ratio', got {measure!r}")
    first, second = comparison.tests
    rows = []
    for name in ("sensitivity", "specificity"):
        estimate = getattr(comparison, f"{name}_{measure}")
        chance = "" if estimate.p_value is None else f"\nP = {estimate.p_value:.2f}"
        numbers = (estimate.estimate, estimate.conf_low, estimate.conf_high)
        rows.append((name.capitalize() + chance, "recomputed", *numbers))
    columns = ["label", "source", "estimate", "conf_low", "conf_high"]
    frame = pd.DataFrame(rows, columns=columns)
    if measure == "ratio":
        words = f"Ratio of proportions, {second} over {first} (log scale)"
        return estimate_forest(frame, quantity=words, reference=1.0, log=True, ax=ax)
    words = f"Difference of proportions, {second} minus {first}"
    return estimate_forest(frame, quantity=words, reference=0.0, spec="+.2f", ax=ax)
