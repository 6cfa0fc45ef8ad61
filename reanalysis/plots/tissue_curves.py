"""What does contrast agent do in a tissue, and how well does a fit follow it? A simulation."""

import numpy as np

from reanalysis.plots.labels import spread
from reanalysis.plots.style import (
    DOTS,
    INK,
    LONG_DASHES,
    ORANGE,
    RULE,
    SHORT_DASHES,
    SMALL_PX,
    book_style,
    letters_of,
    new_figure,
    place_axes,
    px,
)
from reanalysis.tracer_kinetics import tissue_concentration

_INPUT = {"left": 74, "top": 34, "width": 400, "height": 150}
_TISSUE = {"left": 74, "top": 232, "width": 400, "height": 300}
_HEIGHT = 600
# Room of a name of two lines, px.
_GAP = 40
_LINES = (DOTS, SHORT_DASHES, LONG_DASHES)
_MARKERS = ("^", "s", "v")


@book_style()
def tissue_curves(simulated, plasma):
    """Plasma input above, simulated measurements and fitted curves of tissues below.

    Parameters
    ----------
    simulated : mapping of str to tuple
        By the name of the tissue (at most three): times (min) and simulated measurements
        (mmol/l), and the :class:`reanalysis.tracer_kinetics.Kinetics` fitted to them.
    plasma : ExponentialInput or SampledInput
        The input.

    Returns
    -------
    list of matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there is no tissue or there are more than three.
    """
    if not 1 <= len(simulated) <= len(_LINES):
        raise ValueError(f"expected one to three tissues, got {len(simulated)}")
    figure = new_figure(_HEIGHT)
    above, below = (place_axes(figure, **place) for place in (_INPUT, _TISSUE))
    until = max(times[-1] for times, _, _ in simulated.values())
    fine = np.linspace(0, until, 600)
    above.plot(fine, plasma.concentration(fine), color=INK, lw=px(2))
    above.set(xlim=(0, until), ylim=(0, None), ylabel="Plasma (mmol/l)")
    above.set_title("Input: population average", loc="left", fontsize=px(SMALL_PX))
    below.set_title("Tissues: simulated, with fits", loc="left", fontsize=px(SMALL_PX))
    ends = [tissue_concentration([until], fit, plasma)[0] for _, _, fit in simulated.values()]
    highest = 1.06 * max(
        max(np.max(measured), tissue_concentration(fine, fit, plasma).max())
        for _, measured, fit in simulated.values()
    )
    places = spread(ends, _GAP * highest / _TISSUE["height"], low=0, high=highest)
    for (name, (times, measured, fit)), line, marker, place in zip(
        simulated.items(), _LINES, _MARKERS, places, strict=False
    ):
        curve = tissue_concentration(fine, fit, plasma)
        below.scatter(times, measured, marker=marker, s=22 * px(1) ** 2, color=ORANGE, alpha=0.7)
        below.plot(fine, curve, color=letters_of(ORANGE), ls=line, lw=px(2))
        words = f"{name}\nKtrans {fit.ktrans:.2f}, ve {fit.ve:.2f}"
        shift = {"xytext": (px(8), 0), "textcoords": "offset points", "va": "center"}
        style = {"fontsize": px(SMALL_PX), "color": letters_of(ORANGE)}
        below.annotate(words, (until, place), annotation_clip=False, **shift, **style)
    below.set(xlim=(0, until), ylim=(0, highest))
    below.set(xlabel="Time after the injection (min)", ylabel="Tissue (mmol/l)")
    for ax in (above, below):
        ax.grid(color=RULE, lw=px(0.6))
    return [above, below]
