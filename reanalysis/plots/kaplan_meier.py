"""How many are still without an event, and of how many patients do we know?

Kaplan–Meier curves with the numbers at risk under them: of data, and of ensembles of
reconstructed data, which are bands and not lines.
"""

import numpy as np
from lifelines import KaplanMeierFitter

from reanalysis.plots.labels import place_labels
from reanalysis.plots.style import (
    GREY,
    INK,
    ORANGE,
    ROLES,
    RULE,
    SMALL_PX,
    TEXT_PX,
    MarkStyle,
    book_style,
    letters_of,
    mark_of_test,
    new_figure,
    place_axes,
    px,
)

_LEFT, _WIDTH, _HEIGHT = 72, 540, 380
_TOP, _AXIS, _ROW, _FOOT = 44, 58, 19, 12
_NUMBER_PX = 12
_DIAMOND_PX = 10
# Two arms of reconstructed data: one hue, told apart by lightness, hatching and line.
_RECONSTRUCTED = (
    MarkStyle(ORANGE, letters_of(ORANGE), "^", (0, (1, 1.2))),
    MarkStyle("#7A5200", "#7A5200", "v", (0, (4, 1.6, 1, 1.6))),
)
_HATCHES = ("////", "\\\\\\\\")
_GRID = 401


@book_style()
def kaplan_meier(
    arms, *, reconstructed=(), quantity="Survival", unit="years", at=None, until=None,
    title=None, lowest=0, band=True, ax=None,
):  # fmt: skip
    """Kaplan–Meier curves of up to four arms with numbers at risk.

    Parameters
    ----------
    arms : dict of str to DataFrame
        ``time`` and ``event`` of each arm, by its name.
    reconstructed : sequence of str, default ()
        Names of arms that are reconstructed: at most two; they are drawn dotted and orange.
    quantity, unit : str
        What the curve counts, and the unit of the times.
    at : sequence of float, optional
        Times of the numbers at risk; by default those of the ticks.
    until : float, optional
        Where the axis ends; by default at the last time.
    title : str, optional
        Over the axes.
    lowest : float, default 0
        Percentage at which the axis begins; anything but 0 is for curves that hardly fall.
    band : bool, default True
        Whether lifelines' 95 % confidence band (log-log) is drawn.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes
        Numbers at risk are written under it.
    """
    until = until or max(float(frame["time"].max()) for frame in arms.values())
    ax, at = _prepare(ax, len(arms), quantity, unit, until, at, title, lowest)
    rows, anchors, marks, lines = {}, {}, {}, []
    for position, (name, frame) in enumerate(arms.items()):
        made = list(reconstructed).index(name) if name in reconstructed else None
        mark = mark_of_test(position) if made is None else _RECONSTRUCTED[made]
        curve = KaplanMeierFitter().fit(frame["time"], frame["event"])
        levels = curve.survival_function_.iloc[:, 0]
        # A line past the last follow-up would claim what nobody has seen.
        x = np.append(levels.index.to_numpy(), levels.index[-1])
        y = 100 * np.append(levels.to_numpy(), levels.iloc[-1])
        ax.step(x, y, where="post", color=mark.color, lw=px(2.2), ls=mark.line, zorder=3)
        if band:
            limits = 100 * curve.confidence_interval_.to_numpy()
            ax.fill_between(
                levels.index, *limits.T, step="post", color=mark.color, alpha=0.13, lw=0, zorder=1
            )
        censored = frame.loc[~frame["event"].astype(bool), "time"].to_numpy()
        level = 100 * curve.survival_function_at_times(censored).to_numpy()
        ax.vlines(censored, level - 1.2, level + 1.2, color=mark.color, lw=px(0.9), zorder=3)
        times = frame["time"].to_numpy()
        rows[name] = [str(int((times >= t).sum())) for t in at]
        grid = np.linspace(0.25, 0.9, 27) * min(until, x[-1])
        anchors[name] = np.column_stack([grid, 100 * curve.survival_function_at_times(grid)])
        fine = np.linspace(0, min(until, x[-1]), _GRID // 3)
        lines.append(np.column_stack([fine, 100 * curve.survival_function_at_times(fine)]))
        marks[name] = mark
    _number_rows(ax, at, rows, marks, "At risk", until)
    _name(ax, anchors, marks, reconstructed, np.empty((0, 2)), [], lines)
    return ax


@book_style()
def kaplan_meier_ensemble(
    arms, *, quantity="Survival", unit="years", at=None, until=None, title=None, lowest=0,
    known=None, ax=None,
):  # fmt: skip
    """Kaplan–Meier bands of one or two arms known only by what is printed.

    Parameters
    ----------
    arms : TwoArmEnsemble, or dict of str to SurvivalEnsemble
        At most two arms.
    quantity, unit : str
        What the curve counts, and the unit of the times.
    at : sequence of float, optional
        Times of the numbers at risk; by default whole numbers up to the end.
    until : float, optional
        Where the axis ends; by default at the last printed time.
    title : str, optional
        Over the axes.
    lowest : float, default 0
        Percentage at which the axis begins; anything but 0 is for curves that hardly fall.
    known : dict of str to DataFrame, optional
        Data whose ``time`` and ``event`` are known; their curves are drawn thin and black.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes
        Bands hold the central 95 % of the members at each time, lines are their median, hollow
        diamonds what is printed.

    Raises
    ------
    ValueError
        If there are more than two arms.
    """
    if not isinstance(arms, dict):
        arms = dict(zip(arms.names, (arms.first, arms.second), strict=True))
    if not 1 <= len(arms) <= 2:
        raise ValueError(f"expected one or two arms, got {len(arms)}")
    until = until or max(float(arm.printed.times[-1]) for arm in arms.values())
    ax, at = _prepare(ax, len(arms), quantity, unit, until, at, title, lowest)
    grid = np.linspace(0, until, _GRID)
    rows, anchors, marks, points, values, lines = {}, {}, {}, [], [], []
    for mark, hatch, (name, arm) in zip(_RECONSTRUCTED, _HATCHES, arms.items(), strict=False):
        band = arm.survival_band(grid)
        low, high = 100 * band["conf_low"], 100 * band["conf_high"]
        ax.fill_between(grid, low, high, step="post", color=mark.color, alpha=0.16, lw=0, zorder=1)
        ax.fill_between(
            grid, low, high, step="post", facecolor="none", edgecolor=mark.color, hatch=hatch,
            lw=0, alpha=0.45, zorder=1.5,
        )  # fmt: skip
        middle = 100 * band["estimate"]
        ax.step(grid, middle, where="post", color=mark.color, ls=mark.line, lw=px(2.2), zorder=3)
        at_risk = arm.numbers_at_risk(at)
        rows[name] = [
            f"{row.estimate:.0f}"
            if row.conf_low == row.conf_high
            else f"{row.estimate:.0f} ({row.conf_low:.0f}–{row.conf_high:.0f})"
            for row in at_risk.itertuples()
        ]
        for (time, text), survival in zip(
            arm.printed.survival_at, arm.printed.survival, strict=True
        ):
            if time <= until:
                points.append((time, 100 * survival))
                values.append(text if arm.printed.unit == "proportion" else f"{text} %")
        some = slice(_GRID // 4, -_GRID // 10, 12)
        anchors[name] = np.column_stack([grid, high])[some], np.column_stack([grid, low])[some]
        lines += [np.column_stack([grid, level])[::3] for level in (low, middle, high)]
        marks[name] = mark
    for frame in (known or {}).values():
        levels = KaplanMeierFitter().fit(frame["time"], frame["event"]).survival_function_
        y = 100 * levels.iloc[:, 0]
        ax.step(levels.index, y, where="post", color=INK, lw=px(1.2), zorder=4, label="known")
    points = np.array(points).reshape(-1, 2)
    role = ROLES["published"]
    ax.scatter(
        *points.T, s=px(_DIAMOND_PX) ** 2, marker=role.marker, facecolor=role.face,
        edgecolor=role.color, lw=px(1.6), zorder=5, clip_on=False,
    )  # fmt: skip
    _number_rows(ax, at, rows, marks, "At risk, reconstructed: median (central 95 %)", until)
    _name(
        ax, {n: np.vstack(a) for n, a in anchors.items()}, marks, list(arms), points, values, lines
    )
    return ax


def _prepare(ax, n_arms, quantity, unit, until, at, title, lowest):
    """Axes with labels and grid, and the times of the numbers at risk."""
    if ax is None:
        below = _AXIS + _ROW * (2 * n_arms + 1) + _FOOT
        top = _TOP if title else _FOOT + 4
        figure = new_figure(top + _HEIGHT + below)
        ax = place_axes(figure, left=_LEFT, top=top, width=_WIDTH, height=_HEIGHT)
    ax.set(xlim=(0, until), ylim=(lowest, 100 + 0.015 * (100 - lowest)))
    ax.set(xlabel=f"Time ({unit})", ylabel=f"{quantity} (%)")
    ax.set_yticks(np.arange(100, lowest - 1, -20 if lowest < 50 else -10))
    ax.grid(color=RULE, lw=px(0.6))
    if title:
        ax.annotate(
            title, (0, 1), xycoords="axes fraction", xytext=(px(8 - _LEFT), px(18)),
            textcoords="offset points", fontsize=px(TEXT_PX), fontweight="bold",
        )  # fmt: skip
    if at is None:
        ticks = ax.get_xticks()
        at = [tick for tick in ticks if 0 <= tick <= until]
    else:
        ax.set_xticks(at)
    return ax, np.asarray(at, float)


def _number_rows(ax, at, rows, marks, heading, until):
    """Numbers at risk under the axis: the name of each arm, and its numbers below."""
    words = {"xycoords": ("axes fraction", "axes fraction"), "textcoords": "offset points"}
    line = _AXIS
    ax.annotate(
        heading, (0, 0), xytext=(px(8 - _LEFT), -px(line)), va="top", fontsize=px(_NUMBER_PX),
        color=INK, fontweight="bold", **words,
    )  # fmt: skip
    for name, texts in rows.items():
        line += _ROW
        ax.annotate(
            name, (0, 0), xytext=(px(8 - _LEFT), -px(line)), va="top", fontsize=px(_NUMBER_PX),
            color=marks[name].letters, **words,
        )  # fmt: skip
        line += _ROW - 2
        for time, text in zip(at, texts, strict=True):
            end = time > 0.97 * until
            ax.annotate(
                text, (time, 0), xycoords=("data", "axes fraction"),
                xytext=(px(22) if end else 0, -px(line)), textcoords="offset points",
                ha="right" if end else "center", va="top", fontsize=px(_NUMBER_PX), color=INK,
            )  # fmt: skip


def _name(ax, anchors, marks, reconstructed, points, values, lines):
    """Names at the curves and printed values at their diamonds, where nothing is covered."""
    texts = [f"{name}, reconstructed" if name in reconstructed else name for name in anchors]
    styles = [{"color": GREY, "fontsize": px(SMALL_PX - 1)}] * len(values)
    styles += [{"color": marks[name].letters, "fontsize": px(SMALL_PX)} for name in anchors]
    place_labels(
        ax,
        [*points, *anchors.values()],
        [*values, *texts],
        marks=points,
        radii=np.full(len(points), _DIAMOND_PX / 2 + 2),
        lines=np.vstack(lines),
        styles=styles,
    )
