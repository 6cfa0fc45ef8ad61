"""How far apart are two measurements of the same targets, over the range of their values?

Differences against means as small multiples on common axes, with the limits of agreement and,
for an ensemble of data sets, the band over which each limit varies.
"""

import numpy as np

from reanalysis.plots.style import (
    GREY,
    INK,
    ROLES,
    SMALL_PX,
    book_style,
    new_figure,
    place_axes,
    px,
)

_LEFT, _TOP, _WIDTH, _HEIGHT, _ACROSS, _DOWN, _BELOW = 58, 64, 172, 140, 190, 204, 12
_COLUMNS = 3
_MINUS = "\N{MINUS SIGN}"


@book_style()
def bland_altman(panels, *, unit, source="simulated", limits=None, axes=None):
    """Bland–Altman plots of several comparisons, three to a row.

    Parameters
    ----------
    panels : mapping of str to object
        By title; each with ``means`` and ``differences`` (shape ``(n_targets,)``) and ``limits``,
        a DataFrame of ``lower, median, upper`` with a row per data set, that of the points first
        (real data have one row).
    unit : str
        What is measured, with its unit.
    source : {"simulated", "recomputed", "published"}, default "simulated"
        Where the points come from; decides their mark, and is written over the figure.
    limits : tuple of float, optional
        Range of the differences; from the data without it.
    axes : sequence of matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    ndarray of matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the source is unknown.
    """
    if source not in ROLES:
        raise ValueError(f"expected a source out of {list(ROLES)}, got {source!r}")
    n_rows = -(-len(panels) // _COLUMNS)
    if axes is None:
        figure = new_figure(_TOP + _DOWN * n_rows + _BELOW - 20)
        axes = [_axes(figure, place) for place in range(len(panels))]
        mark, words = ROLES[source], f"{source} readings"
        if len(next(iter(panels.values())).limits) > 1:
            words += "; lines: median and limits, hatched: their range over all data sets"
        height = figure.get_size_inches()[1] * 100
        figure.text(8 / 640, 1 - 14 / height, words, fontsize=px(SMALL_PX), color=mark.letters)
        figure.text(
            0.5, 8 / height, f"Mean of two readings ({unit})", ha="center", fontsize=px(SMALL_PX)
        )
    everything = [panel.differences for panel in panels.values()]
    everything += [panel.limits.to_numpy().ravel() for panel in panels.values()]
    everything = np.concatenate([*everything, [0.0]])
    pad = 0.06 * np.ptp(everything)
    low, high = limits or (everything.min() - pad, everything.max() + pad)
    right = max(panel.means.max() for panel in panels.values()) * 1.08
    for place, (ax, (title, panel)) in enumerate(zip(axes, panels.items(), strict=True)):
        _draw(ax, title, panel, ROLES[source], right)
        ax.set(xlim=(0, right), ylim=(low, high), xlabel="", ylabel="")
        ax.locator_params(axis="both", nbins=4)
        if place % _COLUMNS == 0:
            ax.set_ylabel(f"Difference ({unit})", fontsize=px(SMALL_PX))
        else:
            ax.tick_params(labelleft=False)
    return np.array(axes)


def _axes(figure, place):
    row, column = divmod(place, _COLUMNS)
    left, top = _LEFT + _ACROSS * column, _TOP + _DOWN * row
    return place_axes(figure, left=left, top=top, width=_WIDTH, height=_HEIGHT)


def _draw(ax, title, panel, mark, right):
    middle = panel.limits.iloc[0]
    ax.plot([0, right], [0, 0], color=GREY, lw=px(1), ls=(0, (4, 3)), zorder=1)
    for name in ("lower", "median", "upper"):
        ends = panel.limits[name].min(), panel.limits[name].max()
        if len(panel.limits) > 1:
            ax.fill_between(
                [0, right],
                *[[end, end] for end in ends],
                facecolor="none",
                edgecolor=mark.color,
                hatch="////",
                lw=0,
                alpha=0.8,
                zorder=0,
            )
        line = "-" if name == "median" else mark.line
        ax.plot([0, right], [middle[name]] * 2, color=INK, lw=px(2), ls=line, zorder=2)
    ax.scatter(
        panel.means,
        panel.differences,
        s=22 * px(1) ** 2,
        marker=mark.marker,
        facecolor=mark.face,
        edgecolor=mark.color,
        linewidth=px(1 if mark.hollow else 0),
        zorder=3,
    )
    numbers = f"{middle['lower']:.0f} to {middle['upper']:.0f}".replace("-", _MINUS)
    ax.annotate(
        f"{title}\n{numbers}",
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, px(4)),
        textcoords="offset points",
        va="bottom",
        fontsize=px(SMALL_PX),
        linespacing=1.2,
    )
