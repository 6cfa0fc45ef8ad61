"""Where do the patients of each class go, stage by stage?"""

import numpy as np
import pandas as pd
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from reanalysis.plots.style import (
    BLUE,
    GREEN,
    INK,
    PURPLE,
    ROW_PX,
    SKY,
    SMALL_PX,
    book_style,
    fit_words,
    new_figure,
    place_axes,
    px,
)

# Colour doubled by hatching, so that the bands of two classes differ in print as well.
_LOOKS = ((BLUE, ""), (GREEN, "////"), (PURPLE, "...."), (SKY, "xxxx"))
_WIDTH, _TOP, _NODE, _GAP, _LABEL = 624, 66, 14, 34, 118
_BODY = 400


@book_style()
def alluvial(table, stages, *, weight="n", body_px=_BODY, ax=None):
    """Bands from stage to stage, as wide as the number of patients in them.

    Parameters
    ----------
    table : DataFrame
        One row per path: a column per stage with the category there, and the number of patients.
        Categories stand from the top down in order of first appearance; an empty category means
        that the path has ended.
    stages : mapping of str to str
        Columns from left to right, and the heading of each; two or more.
    weight : str, default "n"
        Column with the number of patients.
    body_px : float, default 400
        Height of the tallest stage without its gaps, px.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes
        Without axes lines: every number is written out.

    Raises
    ------
    ValueError
        If a column is missing, there are fewer than two stages, a count is negative, or the first
        stage has more categories than there are looks.
    """
    columns = list(stages)
    _check(table, columns, weight)
    per_patient = body_px / table[weight].sum()
    most = max(table.loc[table[column] != "", column].nunique() for column in columns)
    height = _TOP + body_px + _GAP * (most - 1) + 16
    if ax is None:
        ax = place_axes(new_figure(height + 8), left=8, top=4, width=_WIDTH, height=height)
    ax.set(xlim=(0, _WIDTH), ylim=(height, 0))
    ax.axis("off")
    # The last stage needs room for its labels on the right; the others have them over the bands.
    places = np.linspace(0, _WIDTH - _LABEL - _NODE, len(columns))
    boxes = [_boxes(table, column, weight, per_patient) for column in columns]
    looks = dict(zip(table[columns[0]].unique(), _LOOKS, strict=False))
    for left, column, found in zip(places, columns, boxes, strict=True):
        _draw_stage(ax, left, stages[column], found, last=column == columns[-1])
    for position in range(len(columns) - 1):
        ends = places[position] + _NODE, places[position + 1]
        pair = columns[position], columns[position + 1]
        _draw_bands(ax, ends, (table, columns[0], pair), boxes[position : position + 2],
                    (weight, per_patient, looks))  # fmt: skip
    return ax


def _check(table, columns, weight):
    if len(columns) < 2:
        raise ValueError(f"expected two stages or more, got {columns}")
    if missing := {*columns, weight} - set(table.columns):
        raise ValueError(f"expected columns {[*columns, weight]}, missing {sorted(missing)}")
    if (table[weight] < 0).any() or not table[weight].sum() > 0:
        raise ValueError(f"expected counts of at least 0, got {table[weight].tolist()}")
    if (n := table[columns[0]].nunique()) > len(_LOOKS):
        raise ValueError(f"expected at most {len(_LOOKS)} categories in the first stage, got {n}")


def _boxes(table, column, weight, per_patient):
    """Top, bottom and number of every category of a stage, in px."""
    counts = table[table[column] != ""].groupby(column, sort=False)[weight].sum()
    top, found = _TOP, {}
    for name, n in counts.items():
        found[name] = (top, top + n * per_patient, int(n))
        top += n * per_patient + _GAP
    return found


def _draw_stage(ax, left, heading, boxes, *, last):
    words, size = fit_words(heading, 190 if not last else _LABEL + _NODE, 2, ROW_PX)
    style = {"va": "top", "linespacing": 1.15}
    ax.text(left, 0, words, fontsize=px(size), fontweight="bold", **style)
    for name, (top, bottom, n) in boxes.items():
        ax.fill_between([left, left + _NODE], top, bottom, facecolor=INK, lw=0, zorder=3)
        where = {"fontsize": px(ROW_PX), "zorder": 4, "color": INK}
        if last:
            room = _LABEL - 10
            words, size = fit_words(f"{name}: {n}", room, 2, ROW_PX)
            where |= {"va": "center", "fontsize": px(size), "linespacing": 1.1}
            ax.text(left + _NODE + 8, (top + bottom) / 2, words, **where)
        else:
            # over the node; thin bands may run there
            box = {"facecolor": "white", "edgecolor": "none", "pad": px(2), "alpha": 0.85}
            ax.text(left + 1, top - 6, f"{name}: {n}", va="bottom", bbox=box, **where)


def _draw_bands(ax, ends, sources, boxes, scale):
    """Bands between two neighbouring stages, in order of category so that few of them cross."""
    table, first, (here, there) = sources
    weight, per_patient, looks = scale
    going = table[(table[here] != "") & (table[there] != "")]
    if going.empty:
        return
    keys = list(dict.fromkeys([first, here, there]))
    going = going.groupby(keys, sort=False, as_index=False)[weight].sum()
    order = {name: place for place, name in enumerate(looks)}
    left_at = {name: box[0] for name, box in boxes[0].items()}
    right_at = {name: box[0] for name, box in boxes[1].items()}
    ranks = pd.DataFrame(
        {
            "first": going[first].map(order),
            "here": going[here].map(left_at),
            "there": going[there].map(right_at),
        }
    )
    starts, stops = {}, {}
    for row in going.loc[ranks.sort_values(["here", "there", "first"]).index].index:
        name = going.at[row, here]
        starts[row] = left_at[name]
        left_at[name] += going.at[row, weight] * per_patient
    for row in ranks.sort_values(["there", "first", "here"]).index:
        name = going.at[row, there]
        stops[row] = right_at[name]
        right_at[name] += going.at[row, weight] * per_patient
    for row in going.index:
        n = going.at[row, weight]
        if n:
            _band(ax, ends, (starts[row], stops[row]), n * per_patient, looks[going.at[row, first]])
            _number(ax, ends, (starts[row], stops[row]), n * per_patient, int(n))


def _band(ax, ends, tops, thickness, look):
    (x0, x1), (y0, y1) = ends, tops
    bend = (x0 + x1) / 2
    corners = [(x0, y0), (bend, y0), (bend, y1), (x1, y1)]
    back = [(x1, y1 + thickness), (bend, y1 + thickness), (bend, y0 + thickness)]
    back += [(x0, y0 + thickness), (x0, y0)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    color, hatch = look
    options = {"facecolor": (color, 0.28), "edgecolor": (color, 0.75), "hatch": hatch}
    ax.add_patch(PathPatch(Path(corners + back, codes), lw=px(0.8), zorder=1, **options))


def _number(ax, ends, tops, thickness, n):
    """The number of a band where it has room for it, near its start."""
    if thickness < SMALL_PX - 2:
        return
    x = ends[0] + 0.12 * (ends[1] - ends[0])
    y = tops[0] + thickness / 2
    box = {"facecolor": "white", "edgecolor": "none", "pad": px(2), "alpha": 0.85}
    style = {"ha": "center", "va": "center", "fontsize": px(SMALL_PX), "zorder": 4}
    ax.text(x, y, f"{n}", color=INK, bbox=box, **style)
