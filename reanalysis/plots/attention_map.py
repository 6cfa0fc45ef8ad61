"""Which token looks at which, and how much?"""

import numpy as np
import seaborn as sns
from matplotlib.colors import LinearSegmentedColormap

from reanalysis.plots.style import (
    GREY,
    INK,
    ORANGE,
    RULE,
    SMALL_PX,
    TEXT_PX,
    book_style,
    new_figure,
    place_axes,
    px,
)

_LEFT, _CELL, _TOP, _BOTTOM = 110, 62, 34, 64
_WIDEST = 8
# Orange: these weights come from random numbers, not from a study.
_COLOURS = LinearSegmentedColormap.from_list("simulated", ["white", ORANGE])


@book_style()
def attention_map(weights, tokens, *, title="", ax=None):
    """Attention weights as a table of shades, with their numbers; hidden tokens stay empty.

    Parameters
    ----------
    weights : array_like, shape (n_tokens, n_tokens)
        0–1, each row sums to one; taken to be simulated, and drawn so.
    tokens : sequence of str, length n_tokens
        Their names, short; at most eight.
    title : str, optional
        Words above the map.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the shapes do not fit or there are more than eight tokens.
    """
    weights, tokens = np.asarray(weights, float), list(map(str, tokens))
    n = len(tokens)
    if weights.shape != (n, n) or n > _WIDEST:
        raise ValueError(f"expected a square for {n} tokens (at most 8), got {weights.shape}")
    if ax is None:
        figure = new_figure(_TOP + n * _CELL + _BOTTOM)
        ax = place_axes(figure, left=_LEFT, top=_TOP, width=n * _CELL, height=n * _CELL)
    written = np.vectorize(lambda w: f"{w:.2f}" if w else "")(weights)
    text = {"fontsize": px(SMALL_PX), "color": INK}
    sns.heatmap(
        weights, mask=weights == 0, annot=written, fmt="", annot_kws=text, cmap=_COLOURS,
        vmin=0, vmax=1, cbar=False, linewidths=px(1), linecolor=RULE, ax=ax,
    )  # fmt: skip
    places = np.arange(n) + 0.5
    ax.set_xticks(places, tokens, rotation=0, fontsize=px(SMALL_PX))
    ax.set_yticks(places, tokens, rotation=0, fontsize=px(SMALL_PX))
    ax.tick_params(length=0)
    ax.set_xlabel("Token that is looked at", fontsize=px(TEXT_PX))
    ax.set_ylabel("Token that looks", fontsize=px(TEXT_PX))
    ax.set_title(title, loc="left", fontsize=px(SMALL_PX), color=GREY)
    return ax
