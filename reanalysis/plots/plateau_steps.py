"""How does one read a flat end of a survival curve, step by step?"""

import numpy as np
from lifelines import KaplanMeierFitter

from reanalysis.plots.style import (
    DISAGREEMENT,
    GREY,
    INK,
    ROLES,
    RULE,
    SMALL_PX,
    book_style,
    new_figure,
    place_axes,
    px,
)

_LEFT, _WIDTH, _HEIGHT, _GAP, _TOP = 66, 548, 128, 92, 40
_MARK = ROLES["simulated"]
_TITLES = (
    "1  The curve alone: level, and almost at the top",
    "2  Who is still watched: numbers at risk (range)",
    "3  Stop reading where fewer than {few} are left",
    "4  One further event at the end would do this",
)


@book_style()
def plateau_steps(plateau, *, quantity, printed=None, end=5, floor=0):
    """Four panels: the curve, the numbers at risk, where to stop, and one further event.

    Parameters
    ----------
    plateau : Plateau
        Result of :func:`reanalysis.plateau.describe_plateau`.
    quantity : str
        What the curve shows, with its unit, e.g. ``"Local control (%)"``.
    printed : mapping of float to float, optional
        Published rates by time, 0–1: hollow diamonds.
    end : float, default 5
        Where the plateau is read.
    floor : float, default 0
        Where the vertical axis begins, %.

    Returns
    -------
    numpy.ndarray of matplotlib.axes.Axes
    """
    figure = new_figure(_TOP + 4 * (_HEIGHT + _GAP) - 20)
    curve = KaplanMeierFitter().fit(plateau.typical["time"], plateau.typical["event"])
    steps = curve.survival_function_.iloc[:, 0]
    steps = steps[steps.index <= end]
    times, heights = np.append(steps.index, end), 100 * np.append(steps, steps.iloc[-1])
    axes = []
    for position, title in enumerate(_TITLES):
        top = _TOP + position * (_HEIGHT + _GAP)
        ax = place_axes(figure, left=_LEFT, top=top, width=_WIDTH, height=_HEIGHT)
        ax.set(xlim=(0, end * 1.02), ylim=(floor, 104), xticks=range(int(end) + 1))
        ax.set_yticks([floor, 50, 100] if floor < 50 else [floor, 100])
        ax.set_title(title.format(few=plateau.few), loc="left", fontsize=px(SMALL_PX), pad=px(9))
        ax.set(xlabel="Time after treatment (years)", ylabel="%")
        ax.step(times, heights, where="post", color=_MARK.color, ls=_MARK.line, lw=px(2.4))
        if printed:
            heights_printed = [100 * value for value in printed.values()]
            ax.scatter(
                list(printed), heights_printed, s=70 * px(1) ** 2, marker="D", facecolor="white",
                edgecolor=GREY, linewidth=px(1.8), zorder=4, clip_on=False,
            )  # fmt: skip
        axes.append(ax)
    axes[0].set_ylabel(quantity)
    for ax in axes[1:]:
        _write_numbers(ax, plateau)
    for ax in axes[2:]:
        _shade(ax, plateau, end)
    _one_more(axes[3], plateau, end)
    return np.array(axes)


def _write_numbers(ax, plateau):
    place = ax.get_xaxis_transform()
    for row in plateau.at_risk.itertuples():
        low, high = int(row.conf_low), int(row.conf_high)
        words = f"{low}" if low == high else f"{low}–{high}"
        side = "left" if row.time == 0 else "right" if row.time == ax.get_xticks()[-1] else "center"
        ax.text(
            row.time, 0.22, words, transform=place, ha=side, va="center", fontsize=px(12),
            color=_MARK.letters,
        )  # fmt: skip


def _shade(ax, plateau, end):
    start = plateau.few_from[0]
    if start < end:
        ax.axvspan(start, ax.get_xlim()[1], facecolor="none", edgecolor=RULE, hatch="///", zorder=0)
        ax.axvline(start, color=INK, lw=px(1), ls=(0, (4, 3)))


def _one_more(ax, plateau, end):
    low, high = (100 * value for value in plateau.one_more[1:])
    top = 100 * plateau.survival
    ax.plot([end] * 2, [low, top], color=DISAGREEMENT, lw=px(2.6), zorder=3, clip_on=False)
    words = f"down to {100 * plateau.one_more[0]:.0f}%\n({low:.0f} to {high:.0f}%)"
    ax.annotate(
        words, (end, (low + top) / 2), xytext=(px(-10), 0), textcoords="offset points", ha="right",
        va="center", fontsize=px(SMALL_PX), color=DISAGREEMENT, backgroundcolor="white",
    )  # fmt: skip
