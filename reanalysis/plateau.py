"""How much is a flat end of a survival curve worth?

A curve that stays level may do so because nobody has an event, or because hardly anybody is left
to have one. Vocabulary: the *plateau* is what follows the last event; ``few`` is the number at
risk below which a curve should no longer be read.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reanalysis.survival_ensemble import ensemble_range

# Pocock, Clayton, Altman 2002 ask for 10 to 20 % of the patients still at risk.
FEW = 10


@dataclass(frozen=True)
class Plateau:
    """What is known about the end of a reconstructed curve.

    Parameters
    ----------
    typical : DataFrame
        ``time``, ``event`` of the member whose number at risk at the end is the median one.
    at_risk : DataFrame
        Numbers at risk over the ensemble, as ``numbers_at_risk`` gives them.
    few_from : tuple of float
        Time from which fewer than ``few`` are at risk: median member, lower and upper end.
    survival : float
        Height of the plateau, 0–1.
    one_more : tuple of float
        Height after one further event just before the end: median member, lower and upper end.
    few : int
        See above.
    """

    typical: pd.DataFrame
    at_risk: pd.DataFrame
    few_from: tuple
    survival: float
    one_more: tuple
    few: int


def describe_plateau(ensemble, end, *, few=FEW):
    """Numbers at risk along a plateau, and what one further event would do to it.

    Parameters
    ----------
    ensemble : SurvivalEnsemble
        Reconstructed data sets of one arm.
    end : float
        Time at which the plateau is read, in the unit of the times.
    few : int, default 10
        Number at risk below which a curve should not be read.

    Returns
    -------
    Plateau

    Raises
    ------
    ValueError
        If nobody is at risk at the end in some member.

    Notes
    -----
    An event among ``m`` at risk multiplies the curve by ``1 - 1/m``: with one patient left it
    falls to 0.

    References
    ----------
    Pocock SJ, Clayton TC, Altman DG. Survival plots of time-to-event outcomes in clinical trials:
    good practice and pitfalls. Lancet 2002;359:1686–1689.
    """
    at_risk = ensemble.at_risk([end])[:, 0]
    if at_risk.min() < 1:
        raise ValueError(f"expected somebody at risk at {end} in every member")
    survival = ensemble.survival([end])[:, 0]
    # `few` patients before the last one: the time at which the number at risk falls below it
    falls = ensemble.time[:, ensemble.time.shape[1] - few]
    middle = int(np.argsort(at_risk, kind="stable")[(len(at_risk) - 1) // 2])
    years = np.arange(0, np.floor(end) + 1)
    return Plateau(
        typical=ensemble.member(middle),
        at_risk=ensemble.numbers_at_risk(years),
        few_from=tuple(ensemble_range(falls)[:3]),
        survival=float(np.median(survival)),
        one_more=tuple(ensemble_range(survival * (1 - 1 / at_risk))[:3]),
        few=few,
    )
