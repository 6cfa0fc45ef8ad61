"""Which patients could be behind the survival rates that a paper prints for two arms?

A thin layer between a study's table of printed rates and the reconstruction: it passes on, as
printed, all that constrains the patients of each outcome. Nothing that comes out of it is a
patient; each data set is one of many that fit.
"""

from dataclasses import replace

import numpy as np

from reanalysis.survival_reconstruction import reconstruct_from_summaries
from reanalysis.survival_two_arms import pair_arms

YEARS = (3, 5)


def constraints_of(row):
    """What is printed about one arm and outcome.

    Parameters
    ----------
    row : mapping
        Keys ``n, rate_3_years, rate_5_years, follow_up_median``, the last three as printed.

    Returns
    -------
    tuple
        Number of patients, survival as printed by year, median follow-up as printed.
    """
    survival = {year: row[f"rate_{year}_years"] for year in YEARS}
    return row["n"], survival, row["follow_up_median"]


def reconstruct_arms(survival, outcome, *, with_std_error=False, n_members=200, seed=1, **options):
    """Data sets that fit what is printed about one outcome, each arm by itself.

    Parameters
    ----------
    survival : pandas.DataFrame
        Columns ``outcome, arm, n, rate_3_years, rate_5_years, follow_up_median,
        follow_up_std_error``.
    outcome : str
        Which rows.
    with_std_error : bool, default False
        Whether the printed standard error of the follow-up is read as the standard deviation of
        all times over the root of their number, and asked for as well.
    n_members : int, default 200
        Data sets wanted of each arm.
    seed : int, default 1
        Of the random draws; the second arm takes the next one.
    **options
        For :func:`reanalysis.survival_reconstruction.reconstruct_from_summaries`.

    Returns
    -------
    dict of str to SurvivalEnsemble
        By arm, in the order of the table.

    Raises
    ------
    ValueError
        If there are not two arms of this outcome, or nothing fits.
    """
    rows = survival[survival["outcome"] == outcome].to_dict("records")
    if len(rows) != 2:
        raise ValueError(f"expected two arms of {outcome!r}, got {len(rows)}")
    found = {}
    for position, row in enumerate(rows):
        more = {"follow_up_std_error": row["follow_up_std_error"]} if with_std_error else {}
        found[row["arm"]] = reconstruct_from_summaries(
            *constraints_of(row), n_members=n_members, seed=seed + position, **more, **options
        )
    return found


def pair_as_printed(arms, *, events=None, p_value=None, n_members=100, seed=1):
    """Pairs of data sets that fit what is printed about both arms together.

    Parameters
    ----------
    arms : dict of str to SurvivalEnsemble
        Result of :func:`reconstruct_arms`.
    events : int or tuple of int, optional
        Events of both arms together, or the fewest and the most.
    p_value : str, optional
        Printed log-rank P value; only pairs that round to it are kept.
    n_members : int, default 100
        Pairs wanted.
    seed : int, default 1
        Of the pairing.

    Returns
    -------
    TwoArmEnsemble
    """
    return pair_arms(
        *arms.values(),
        names=tuple(arms),
        events=events,
        p_value=p_value,
        n_members=n_members,
        seed=seed,
    )


def reconstruct_study(survival, p_values, events, *, n_members, **options):
    """Every outcome of a study, twice: without its printed P value, and with it.

    Parameters
    ----------
    survival : pandas.DataFrame
        As for :func:`reconstruct_arms`.
    p_values : mapping of str to str
        Log-rank P value of each outcome, as printed.
    events : mapping of str to (int, tuple or None)
        Events of both arms together, by outcome; None where nothing is printed.
    n_members : mapping of str to int
        Data sets of each arm, by outcome.
    **options
        For :func:`reconstruct_arms`.

    Returns
    -------
    tuple of dict
        Pairs by outcome: those that fit everything but the P value, and those that fit all.
    """
    arms = {o: reconstruct_arms(survival, o, n_members=n_members[o], **options) for o in p_values}
    free = {o: pair_as_printed(found, events=events[o]) for o, found in arms.items()}
    fitting = {
        o: pair_as_printed(found, events=events[o], p_value=p_values[o])
        for o, found in arms.items()
    }
    return free, fitting


def log_rank_within(pair, stop):
    """Log-rank P value of each pair if observation had ended for all at one time.

    Parameters
    ----------
    pair : TwoArmEnsemble
        Reconstructed data sets of two arms.
    stop : float
        End of observation, in the unit of the times.

    Returns
    -------
    numpy.ndarray, shape (n_members,)
    """
    stopped = [
        replace(
            arm,
            time=np.minimum(arm.time, stop),
            event=arm.event & (arm.time <= stop),
        )
        for arm in (pair.first, pair.second)
    ]
    return replace(pair, first=stopped[0], second=stopped[1]).log_rank_p
