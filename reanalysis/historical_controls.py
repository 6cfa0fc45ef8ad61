"""How does a printed series compare with historical controls that are printed in summary?

For the outcomes of one table of patients and the summaries of their controls: what can be drawn,
which P values a rank test can have given, and how much dose an imbalance would have to explain.
Vocabulary: ``patients`` is the printed table; ``control`` has the control group's ``mean`` and
``sd`` as printed (text), indexed by outcome.
"""

import numpy as np
import pandas as pd

from reanalysis import rank_test_bounds
from reanalysis.consistency.integer_samples import integer_samples
from reanalysis.rank_test_simulation import SHAPES, simulated_p_values

_USUAL = (0.025, 0.975)


def panels_of(patients, control, *, labels, words):
    """What :func:`~reanalysis.plots.points_against_summary.points_against_summary` draws.

    Parameters
    ----------
    patients, control : pandas.DataFrame
        See the module.
    labels : mapping of str to str
        What the axis of each outcome says, in the order wanted.
    words : mapping of str to str
        Written above each panel, as ``"title: note"``.

    Returns
    -------
    list of dict

    Examples
    --------
    >>> patients = pd.DataFrame({"minutes": [6, 9]})
    >>> control = pd.DataFrame({"mean": ["12.0"], "sd": ["4.0"]}, index=["minutes"])
    >>> panels_of(patients, control, labels={"minutes": "Time (min)"}, words={"minutes": "Time"})
    [{'values': [6, 9], 'mean': 12.0, 'sd': 4.0, 'quantity': 'Time (min)', 'words': 'Time'}]
    """
    return [
        {
            "values": patients[outcome].tolist(),
            "mean": float(control.at[outcome, "mean"]),
            "sd": float(control.at[outcome, "sd"]),
            "quantity": label,
            "words": words[outcome],
        }
        for outcome, label in labels.items()
    ]


def rank_tests_of_every_sample(values, n, mean, sd, *, median, third_quartile):
    """The rank test against every control group of whole numbers that fits four summaries.

    Parameters
    ----------
    values : array_like, shape (n_printed,)
        The printed patients.
    n : int
        Size of the control group, odd, so that its median is one patient.
    mean, sd : str
        As printed.
    median, third_quartile : int
        As printed. The quartile is the value at place ``3 (n + 1) / 4`` in order, as SPSS has it
        (``"weibull"`` of numpy); that place must be a whole number.

    Returns
    -------
    pandas.DataFrame
        As :func:`reanalysis.rank_test_bounds.p_values_of_samples`, indexed by number of the
        sample, with the columns ``fits_quartile`` (whether the quartile fits as well).

    Raises
    ------
    ValueError
        If the place of the quartile is not a whole number.

    Notes
    -----
    Values run from 1 to the largest that mean and SD allow, so that no sample is left out.

    Examples
    --------
    >>> found = rank_tests_of_every_sample([1, 2, 2], 7, "3.0", "1.83", median=2, third_quartile=5)
    >>> len(found), int(found["fits_quartile"].sum())
    (2, 1)
    """
    if (3 * (n + 1)) % 4:
        raise ValueError(f"expected a group in which place 3 (n + 1) / 4 is whole, got n={n}")
    largest = int(np.ceil(float(mean) + float(sd) * (n - 1) / np.sqrt(n))) + 1
    samples = integer_samples(n, mean, sd, (1, largest), median=str(median))
    found = rank_test_bounds.p_values_of_samples(values, samples)
    place = 3 * (n + 1) // 4
    quartile = (samples.counts.cumsum(axis=1) < place).sum(axis=1) + 1
    return found.assign(fits_quartile=(quartile == third_quartile).to_numpy())


def possible_p_values(patients, n, control, outcomes, rng, *, searched=(), n_draws=1000):
    """Which P values of a rank test do mean and SD of the controls allow, outcome by outcome?

    Parameters
    ----------
    patients, control : pandas.DataFrame
        See the module.
    n : int
        Size of the control group.
    outcomes : sequence of str
        Columns of ``patients``.
    rng : numpy.random.Generator
        Source of the simulated samples.
    searched : sequence of str, optional
        Outcomes with so long a scale that a grid is searched instead of a proof.
    n_draws : int, default 1000
        Simulated samples per shape.

    Returns
    -------
    pandas.DataFrame
        Indexed by outcome: ``low``, ``high`` (all data that fit, in whole units), ``usual_low``
        and ``usual_high`` (95 % of simulated data of usual shapes).

    Examples
    --------
    >>> patients = pd.DataFrame({"minutes": [3, 5, 8, 9, 20]})
    >>> control = pd.DataFrame({"mean": ["12.0"], "sd": ["8.0"]}, index=["minutes"])
    >>> rng = np.random.default_rng(1)
    >>> found = possible_p_values(patients, 5, control, ["minutes"], rng, n_draws=50)
    >>> found.loc["minutes", ["low", "high"]].round(3).tolist()
    [0.245, 0.835]
    """
    rows = {}
    for outcome in outcomes:
        values, (mean, sd) = patients[outcome], control.loc[outcome, ["mean", "sd"]]
        every = 5 if outcome in searched else 1
        ends = rank_test_bounds.extreme_samples(values, n, mean, sd, every=every)
        limits = rank_test_bounds.p_value_range(values, ends)
        drawn = [
            simulated_p_values(values, n, float(mean), float(sd), rng, shape=s, n_draws=n_draws)
            for s in SHAPES
        ]
        rows[outcome] = (*limits, *np.quantile(np.concatenate(drawn), _USUAL))
    columns = ["low", "high", "usual_low", "usual_high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def needed_to_hide(*, expected, seen, share_more):
    """How large an effect per patient would hide an expected difference?

    Parameters
    ----------
    expected : float
        The difference that should be there (control minus printed patients).
    seen : float
        The difference that is there, in the same direction.
    share_more : float
        By how much more of the printed patients have the thing that is to explain it, above 0.

    Returns
    -------
    float
        What it would have to add in each patient who has it.

    Raises
    ------
    ValueError
        If no more of the printed patients have it.

    Examples
    --------
    >>> needed_to_hide(expected=60.0, seen=10.0, share_more=0.25)
    200.0

    With a quarter more patients affected, each would have to account for 200 units.
    """
    if share_more <= 0:
        raise ValueError(f"expected a share above 0, got {share_more!r}")
    return (expected - seen) / share_more
