"""Which columns of a table of patients go together?"""

import numpy as np
import pandas as pd
import seaborn as sns

from reanalysis.plots.style import (
    SMALL_PX,
    SMALLEST_PX,
    book_style,
    new_figure,
    place_axes,
    px,
    wrap,
)

_LEFT, _CELL, _TOP, _FOOT = 172, 58, 14, 104
# Blue for together and orange for against, both pale enough for black letters.
_COLORS = ("#E69F00", "#FFFFFF", "#56B4E9")


@book_style()
def correlation_map(pairs, *, names, ax=None):
    """Rank correlation of every pair of columns as a lower triangle of coloured cells.

    Answers: which measurements follow one another?

    Parameters
    ----------
    pairs : pandas.DataFrame
        Columns ``first``, ``second``, ``correlation``, as
        :func:`reanalysis.column_relations.rank_correlations` returns them.
    names : mapping of str to str
        What to write for each column, in the order wanted; columns not named are left out.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If a named column is in no pair.
    """
    known = {*pairs["first"], *pairs["second"]}
    if unknown := set(names) - known:
        raise ValueError(f"expected columns out of {sorted(known)}, got {sorted(unknown)}")
    columns = list(names)
    grid = pd.DataFrame(np.nan, index=columns, columns=columns)
    for row in pairs.itertuples():
        if {row.first, row.second} <= set(columns):
            grid.loc[row.first, row.second] = grid.loc[row.second, row.first] = row.correlation
    grid = grid.iloc[1:, :-1]
    if ax is None:
        figure = new_figure(_TOP + _CELL * len(grid) + _FOOT)
        ax = place_axes(figure, left=_LEFT, top=_TOP, width=448, height=_CELL * len(grid))
    hidden = np.triu(np.ones(grid.shape, bool), k=1)
    palette = sns.blend_palette(_COLORS, as_cmap=True)
    words = grid.map(lambda value: f"{value:+.2f}".replace("-", "\N{MINUS SIGN}"))
    sns.heatmap(
        grid,
        mask=hidden,
        vmin=-1,
        vmax=1,
        cmap=palette,
        annot=words,
        fmt="",
        annot_kws={"fontsize": px(SMALL_PX), "color": "black"},
        linewidths=px(2),
        cbar=False,
        ax=ax,
    )
    width = 448 / grid.shape[1] - 6
    below = [wrap(names[column], width, SMALLEST_PX) for column in grid.columns]
    ax.set_xticklabels(below, rotation=0, fontsize=px(SMALLEST_PX))
    beside = [names[row] for row in grid.index]
    ax.set_yticklabels(beside, rotation=0, fontsize=px(SMALL_PX))
    ax.tick_params(length=0)
    ax.set(ylabel="")
    ax.set_xlabel("Rank correlation ρ (0: none; ±1: same or opposite order)")
    return ax
