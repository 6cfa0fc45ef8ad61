"""How do several classifications divide the same patients?"""

import numpy as np
from matplotlib.colors import to_rgb

from reanalysis.plots.style import (
    BLUE,
    GREY,
    INK,
    ROW_PX,
    SMALL_PX,
    book_style,
    new_figure,
    place_axes,
    px,
    text_width,
    wrap,
)

_WIDTH, _HEAD, _BAR, _LINE = 624, 24, 34, 18
_AXIS = 56


@book_style()
def stacked_shares(table, *, rest="Unclassified", quantity="Share of the patients (%)", ax=None):
    """One bar per classification, divided by class, with what none of its classes takes.

    Parameters
    ----------
    table : DataFrame
        Columns ``system``, ``class`` and ``n``, from the top down and from the left to the right;
        each system divides the same number of patients.
    rest : str, default "Unclassified"
        Class that holds those who fit nowhere; drawn hatched at the end of its bar.
    quantity : str, default "Share of the patients (%)"
        What the axis shows, with its unit.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If columns are missing, a count is negative, or the systems do not divide the same number.
    """
    groups = _checked(table)
    tails = {name: _tail(rows, rest) for name, rows in groups.items()}
    tops, top = {}, 8.0
    for name, words in tails.items():
        tops[name] = top
        top += _HEAD + _BAR + 6 + _LINE * len(words.splitlines()) + 14
    if ax is None:
        ax = place_axes(new_figure(top + _AXIS), left=8, top=0, width=_WIDTH, height=top)
    total = int(next(iter(groups.values()))["n"].sum())
    ax.set(xlim=(0, total), ylim=(top, 0), yticks=[], xlabel=quantity)
    ticks = np.linspace(0, total, 6)
    ax.set_xticks(ticks, [f"{share:.0f}" for share in np.linspace(0, 100, 6)])
    ax.get_xticklabels()[0].set_ha("left")
    ax.get_xticklabels()[-1].set_ha("right")
    ax.spines["left"].set_visible(False)
    for name, rows in groups.items():
        _draw_system(ax, tops[name], name, rows, tails[name], rest)
    return ax


def _checked(table):
    if missing := {"system", "class", "n"} - set(table.columns):
        raise ValueError(f"expected columns system, class, n; missing {sorted(missing)}")
    if (table["n"] < 0).any():
        raise ValueError(f"expected counts of at least 0, got {table['n'].tolist()}")
    groups = dict(list(table.groupby("system", sort=False)))
    totals = {name: int(rows["n"].sum()) for name, rows in groups.items()}
    if len(set(totals.values())) != 1:
        raise ValueError(f"expected systems that divide the same patients, got {totals}")
    return groups


def _words(row):
    return f"{row['class']}: {row['n']}"


def _fits(row, total):
    return text_width(_words(row), SMALL_PX) + 8 < _WIDTH * row["n"] / total


def _tail(rows, rest):
    """The classes too small for words of their own, from the left."""
    total = rows["n"].sum()
    small = [row for _, row in rows.iterrows() if row["class"] != rest and not _fits(row, total)]
    words = " · ".join(_words(row) for row in small)
    return wrap(f"not labelled in the bar: {words}", _WIDTH, SMALL_PX) if small else ""


def _draw_system(ax, top, name, rows, tail, rest):
    total = rows["n"].sum()
    style = {"va": "center", "fontsize": px(ROW_PX)}
    ax.text(0, top + _HEAD / 2, name, fontweight="bold", **style)
    left_out = int(rows.loc[rows["class"] == rest, "n"].sum())
    ax.text(total, top + _HEAD / 2, f"{rest.lower()}: {left_out}", ha="right", **style)
    start, bar = 0.0, (top + _HEAD, top + _HEAD + _BAR)
    others = rows[rows["class"] != rest].reset_index(drop=True)
    for place, row in others.iterrows():
        # Paler from class to class, with white between: neighbours differ in print as well.
        strength = 0.5 - 0.4 * place / len(others) if place else 1.0
        face = tuple(1 - strength * (1 - np.array(to_rgb(BLUE))))
        _segment(ax, start, bar, row["n"], {"facecolor": face, "edgecolor": "white"})
        if _fits(row, total):
            where = {"ha": "center", "va": "center", "fontsize": px(SMALL_PX)}
            middle = start + row["n"] / 2
            ink = INK if place else "white"
            ax.text(middle, sum(bar) / 2, _words(row), color=ink, **where)
        start += row["n"]
    if left_out:
        look = {"facecolor": "white", "edgecolor": INK, "hatch": "/////"}
        _segment(ax, start, bar, left_out, look)
    if tail:
        below = bar[1] + 6
        ax.text(0, below, tail, va="top", fontsize=px(SMALL_PX), color=GREY, linespacing=1.2)


def _segment(ax, start, bar, n, look):
    if n:
        ax.fill_between([start, start + n], *bar, lw=px(1.2), **look)
