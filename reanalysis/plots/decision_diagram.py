"""Which questions lead to which decision?"""

from matplotlib.patches import FancyBboxPatch

from reanalysis.plots.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    PURPLE,
    ROW_PX,
    SMALL_PX,
    book_style,
    letters_of,
    new_figure,
    place_axes,
    px,
    wrap,
)

_WIDTH, _PAD, _LINE, _GAP = 624, 10, 18, 46
# Kind of a box -> colour of its frame and width of its line; ends are filled a little as well.
_KINDS = {"question": (INK, 1.4), "end": (BLUE, 2.2), "gap": (GREY, 1.4)}
_FRAMES = (BLUE, GREEN, PURPLE)


@book_style()
def decision_diagram(boxes, arrows, *, ax=None):
    """Questions as boxes, answers on the arrows between them, decisions at the ends.

    Parameters
    ----------
    boxes : DataFrame
        Columns ``box`` (name), ``text``, ``kind`` ("question", "end" or "gap": an end that no
        definition covers, dashed), ``row`` (0 at the top), ``left`` and ``right`` (ends of the
        box as shares of the width, 0–1).
    arrows : DataFrame
        Columns ``start``, ``stop`` (names of boxes, the second in a later row) and ``answer``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure 640 px wide is made without it.

    Returns
    -------
    matplotlib.axes.Axes
        Without axes lines.

    Raises
    ------
    ValueError
        If columns are missing, a kind is unknown, or an arrow names no box or leads upwards.
    """
    _check(boxes, arrows)
    words = {b.box: _wrapped(b) for b in boxes.itertuples()}
    tops, top = {}, 6.0
    for row, rows in boxes.groupby("row", sort=True):
        tops[row] = top
        top += max(_height(words[name]) for name in rows["box"]) + _GAP
    height = top - _GAP + 6
    if ax is None:
        ax = place_axes(new_figure(height + 4), left=8, top=2, width=_WIDTH, height=height)
    ax.set(xlim=(0, _WIDTH), ylim=(height, 0))
    ax.axis("off")
    frames, ends = {}, iter(_FRAMES)
    for box in boxes.itertuples():
        frame = box.left * _WIDTH, tops[box.row], box.right * _WIDTH, _height(words[box.box])
        color = _KINDS[box.kind][0] if box.kind != "end" else next(ends, BLUE)
        frames[box.box] = frame
        _draw_box(ax, frame, words[box.box], box.kind, color)
    for arrow in arrows.itertuples():
        _draw_arrow(ax, frames[arrow.start], frames[arrow.stop], arrow.answer)
    return ax


def _check(boxes, arrows):
    needed = {"box", "text", "kind", "row", "left", "right"}
    if missing := needed - set(boxes.columns):
        raise ValueError(f"expected columns {sorted(needed)}, missing {sorted(missing)}")
    if missing := {"start", "stop", "answer"} - set(arrows.columns):
        raise ValueError(f"expected columns start, stop, answer; missing {sorted(missing)}")
    if unknown := set(boxes["kind"]) - set(_KINDS):
        raise ValueError(f"expected kinds out of {list(_KINDS)}, got {sorted(unknown)}")
    rows = boxes.set_index("box")["row"]
    for start, stop in zip(arrows["start"], arrows["stop"], strict=True):
        if start not in rows or stop not in rows or rows[stop] <= rows[start]:
            raise ValueError(f"expected an arrow down from box to box, got {start!r} to {stop!r}")


def _wrapped(box):
    """The words of a box in its width: the first line stands for itself."""
    room = (box.right - box.left) * _WIDTH - 2 * _PAD
    weight = "bold" if box.kind == "end" else "normal"
    return "\n".join(wrap(line, room, ROW_PX, weight) for line in box.text.splitlines())


def _height(words):
    return 2 * _PAD + _LINE * len(words.splitlines())


def _draw_box(ax, frame, words, kind, color):
    left, top, right, height = frame
    face = (color, 0.1) if kind == "end" else "white"
    patch = FancyBboxPatch(
        (left + 1, top),
        right - left - 2,
        height,
        boxstyle="round,pad=0,rounding_size=6" if kind == "question" else "square,pad=0",
        facecolor=face,
        edgecolor=color,
        linestyle=(0, (4, 3)) if kind == "gap" else "-",
        linewidth=px(_KINDS[kind][1]),
        zorder=2,
    )
    ax.add_patch(patch)
    ax.text(
        (left + right) / 2,
        top + height / 2,
        words,
        ha="center",
        va="center",
        fontsize=px(ROW_PX),
        fontweight="bold" if kind == "end" else "normal",
        color=letters_of(color),
        linespacing=1.2,
        zorder=3,
    )


def _draw_arrow(ax, start, stop, answer):
    """From the lower edge of one box to the upper edge of the other, straight down at its end."""
    low, high = max(start[0], stop[0]), min(start[2], stop[2])
    x = (stop[0] + stop[2]) / 2
    from_x = min(max(x, start[0] + 14), start[2] - 14)
    bottom, top = start[1] + start[3], stop[1]
    arrow = {"arrowstyle": "-|>,head_width=0.25,head_length=0.5", "color": GREY, "lw": px(1.4)}
    arrow |= {"shrinkA": 0, "shrinkB": 0}
    if low < x < high:
        from_x = x
    ax.annotate("", (x, top), (from_x, bottom), arrowprops=arrow, zorder=1)
    share = 0.45
    where = from_x + share * (x - from_x), bottom + share * (top - bottom)
    box = {"facecolor": "white", "edgecolor": "none", "pad": px(1)}
    style = {"ha": "center", "va": "center", "fontsize": px(SMALL_PX), "zorder": 3}
    ax.text(*where, answer, bbox=box, color=INK, **style)
