"""Who has what, and where: findings patient by patient, as maps of cells."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.colors import ListedColormap

from reanalysis.plots.intervals import row_rule, row_text
from reanalysis.plots.style import (
    BLUE,
    GREY,
    INK,
    RULE,
    SMALL_PX,
    book_style,
    fit_words,
    new_figure,
    place_axes,
    px,
)

# Like the image: what is dark on it is dark here; every cell says it in a word as well.
SIGNAL_FACES = {"hypointense": "#3D3D3D", "isointense": "#A8A8A8", "hyperintense": "#F6F6F6"}
_SIGNAL_LETTERS = {"hypointense": "#FFFFFF", "isointense": INK, "hyperintense": INK}
_SIGNAL_WORDS = {"hypointense": "darker", "isointense": "equal", "hyperintense": "brighter"}
_LEFT, _WIDTH, _CELL, _TOP = 86, 530, 36, 46


@book_style()
def presence_map(frame, *, columns, rows, ax=None):
    """Cells that are true are filled and marked; the totals stand below.

    Parameters
    ----------
    frame : pandas.DataFrame of bool
        One row per patient, one column per place.
    columns, rows : str
        What the columns and the rows are.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If a cell is neither true nor false.
    """
    if not all(pd.api.types.is_bool_dtype(dtype) for dtype in frame.dtypes):
        raise ValueError(f"expected cells that are true or false, got {list(frame.dtypes)}")
    ax = _cells(frame, frame.astype(int), ["white", BLUE], columns, rows, ax)
    for y, x in np.argwhere(frame.to_numpy()):
        words = {"ha": "center", "va": "center", "fontsize": px(SMALL_PX)}
        ax.text(x + 0.5, y + 0.5, "yes", color="white", **words)
    return _totals(ax, frame.sum(), len(frame))


@book_style()
def signal_map(frame, *, columns="Sequence", rows="Patient", ax=None):
    """Signals relative to the surroundings, each cell as dark or bright as the image.

    Parameters
    ----------
    frame : pandas.DataFrame of str
        One row per patient, one column per sequence; ``hypointense``, ``isointense`` or
        ``hyperintense``.
    columns, rows : str
        What the columns and the rows are.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes
        Below it, how many rows are brighter.

    Raises
    ------
    ValueError
        If a cell holds another word.
    """
    codes = {name: code for code, name in enumerate(SIGNAL_FACES)}
    if unknown := set(np.ravel(frame.to_numpy())) - set(codes):
        raise ValueError(f"expected {list(codes)}, got {sorted(map(str, unknown))}")
    numbers = frame.map(codes.get)
    ax = _cells(frame, numbers, list(SIGNAL_FACES.values()), columns, rows, ax)
    for y, row in enumerate(frame.to_numpy()):
        for x, signal in enumerate(row):
            words = {"ha": "center", "va": "center", "fontsize": px(SMALL_PX)}
            color = _SIGNAL_LETTERS[signal]
            ax.text(x + 0.5, y + 0.5, _SIGNAL_WORDS[signal], color=color, **words)
    return _totals(ax, (frame == "hyperintense").sum(), len(frame))


@book_style()
def phase_signs(counts, signs, *, subject, ax=None):
    """Signals of one finding in every phase, beside what is said of others in the same phase.

    Parameters
    ----------
    counts : pandas.DataFrame of int
        One row per sequence; columns ``hypointense``, ``isointense``, ``hyperintense``.
    signs : pandas.DataFrame of str
        Same rows; at most two columns, one per other finding; empty where nothing is said.
    subject : str
        What the counts are of.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there are more than two columns of signs, or the rows differ.
    """
    if signs.shape[1] > 2 or list(signs.index) != list(counts.index):
        raise ValueError(
            f"expected at most two columns and rows {list(counts.index)}, got "
            f"{list(signs.columns)} and {list(signs.index)}"
        )
    row, head, left, width, column = 62, 58, 118, 212, 144
    height = head + row * len(counts)
    if ax is None:
        ax = place_axes(new_figure(height + 12), left=left, top=4, width=width, height=height)
    total = int(counts.sum(axis=1).max())
    ax.set(xlim=(0, total), ylim=(height, 0), xticks=[], yticks=[])
    ax.axis("off")
    places = [0, *(width + 14 + column * k for k in range(signs.shape[1]))]
    rooms = [width, *([column - 10] * signs.shape[1])]
    for name, place, room in zip([subject, *signs.columns], places, rooms, strict=True):
        words, size = fit_words(str(name), room, 2)
        row_text(ax, 24, words, dx=place, size=size, weight="bold" if place == 0 else "normal")
    for k, (sequence, numbers) in enumerate(counts.iterrows()):
        top = head + row * k
        row_rule(ax, top, left=left - 10, right=column * signs.shape[1] + 10)
        words, size = fit_words(str(sequence), left - 20, 2)
        row_text(ax, top + row / 2, words, dx=-left + 10, size=size)
        _stacked(ax, top + 10, row - 20, numbers)
        for place, text in zip(places[1:], signs.iloc[k], strict=True):
            words, size = fit_words(str(text), column - 10, 3, SMALL_PX)
            if words:
                row_text(ax, top + row / 2, words, dx=place, size=size)
    return ax


def _stacked(ax, top, height, numbers):
    """Counts of one row as neighbouring bars, each with its word where there is room."""
    start = 0
    for signal, n in numbers.items():
        if n:
            face = SIGNAL_FACES[signal]
            ax.barh(top + height / 2, n, height, start, color=face, ec=GREY, lw=px(1))
            share = n / numbers.sum()  # narrow bars take two lines, or the number only
            joint = " " if share > 0.4 else "\n"
            words = f"{n}{joint}{_SIGNAL_WORDS[signal]}" if share > 0.2 else str(n)
            style = {"ha": "center", "va": "center", "fontsize": px(SMALL_PX)}
            middle = start + n / 2
            ax.text(middle, top + height / 2, words, color=_SIGNAL_LETTERS[signal], **style)
        start += n


def _cells(frame, numbers, faces, columns, rows, ax):
    """Heat map of codes with light rules between the cells."""
    height = _CELL * len(frame)
    if ax is None:
        figure = new_figure(_TOP + height + 74)
        ax = place_axes(figure, left=_LEFT, top=_TOP, width=_WIDTH, height=height)
    sns.heatmap(
        numbers,
        ax=ax,
        cmap=ListedColormap(faces),
        vmin=0,
        vmax=len(faces) - 1,
        cbar=False,
        linewidths=px(1),
        linecolor=RULE,
        annot=False,
    )
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set_xticks(np.arange(frame.shape[1]) + 0.5, list(map(str, frame.columns)), rotation=0)
    ax.set_yticks(np.arange(len(frame)) + 0.5, list(map(str, frame.index)), rotation=0)
    ax.tick_params(length=0)
    ax.set(xlabel=columns, ylabel=rows)
    return ax


def _totals(ax, totals, n):
    """One line of totals under the cells."""
    for x, total in enumerate(totals):
        words = {"ha": "center", "va": "center", "fontsize": px(SMALL_PX), "color": INK}
        ax.text(x + 0.5, n + 0.5, f"{total} of {n}", clip_on=False, **words)
    return ax
