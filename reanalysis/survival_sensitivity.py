"""How much of a comparison of two reconstructed curves is due to what had to be assumed?

Vocabulary: a *setting* is a named set of arguments of
:func:`reanalysis.survival_reconstruction.reconstruct_from_summaries`.
"""

import pandas as pd

from reanalysis.survival_printed import InfeasibleConstraintsError
from reanalysis.survival_reconstruction import reconstruct_from_summaries
from reanalysis.survival_two_arms import pair_arms


def compare_under(settings, first, second, *, horizon, n_members=50, seed=0):
    """What compares two arms, under one set of assumptions after another.

    Parameters
    ----------
    settings : dict of str to dict
        Name of a set of assumptions to arguments of ``reconstruct_from_summaries`` that differ.
    first, second : dict
        All other arguments of the two arms, also ``n`` and ``survival_at``.
    horizon : float
        For the restricted means.
    n_members : int, default 50
        Members of each ensemble.
    seed : int, default 0

    Returns
    -------
    DataFrame
        Rows of ``TwoArmEnsemble.ranges`` with ``setting`` and ``effective_size`` (of the arm
        that has less); one row with ``quantity`` "no data set fits" where that is so.
    """
    tables = []
    for name, changed in settings.items():
        try:
            arms = [
                reconstruct_from_summaries(**{**arm, **changed}, n_members=n_members, seed=seed + k)
                for k, arm in enumerate((first, second))
            ]
        except InfeasibleConstraintsError:
            table, size = pd.DataFrame({"quantity": ["no data set fits"]}), 0.0
        else:
            table = pair_arms(*arms, seed=seed).ranges(horizon=horizon)
            size = min(arm.diagnostics.effective_size for arm in arms)
        table.insert(0, "effective_size", size)
        table.insert(0, "setting", name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)
