"""Does a class predict the outcome better than the best guess without it?

Vocabulary: ``predicted`` is the outcome that a class stands for, ``observed`` what happened. The
*no-information rate* is the share of the commonest outcome: whoever always guesses that outcome
is right so often without looking at the class.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from reanalysis.alternatives.kappa import EXACT, UNWEIGHTED, kappa_variants
from reanalysis.diagnostic_accuracy import proportion
from reanalysis.estimates import Estimate
from reanalysis.paired_accuracy import PairedCounts, paired_difference


@dataclass(frozen=True)
class PredictionAccuracy:
    """A prediction against what happened, and against the best guess without it.

    Parameters
    ----------
    counts : pandas.DataFrame
        Patients by predicted (rows) and observed outcome (columns), the same labels in the same
        order.
    accuracy : Estimate
        Share of patients whose outcome was predicted; its P value is ``p_value``.
    no_information_rate : float
        Share of the commonest observed outcome, 0–1.
    commonest : object
        Label of that outcome.
    p_value : float
        How often a guesser who is right at the no-information rate would be right at least as
        often as the prediction was; exact, one-sided.
    kappa : Estimate
        Agreement of prediction and outcome beyond chance, with its large-sample interval.
    gained, lost : int
        Patients whom the prediction gets right and the best guess wrong, and the other way
        round. In all others both are right or both are wrong.
    gain : Estimate
        Accuracy minus the no-information rate on the same patients, with Tango's interval and
        McNemar's exact P value.
    """

    counts: pd.DataFrame
    accuracy: Estimate
    no_information_rate: float
    commonest: object
    p_value: float
    kappa: Estimate
    gained: int
    lost: int
    gain: Estimate

    @property
    def n(self):
        """Number of patients."""
        return int(self.counts.to_numpy().sum())

    @property
    def n_correct(self):
        """Patients whose outcome was predicted."""
        return int(np.trace(self.counts.to_numpy()))

    @property
    def n_guessed(self):
        """Patients whose outcome the best guess gets right."""
        return int(self.counts[self.commonest].sum())

    @property
    def balanced_accuracy(self):
        """Mean over the observed outcomes of the share that was predicted, 0–1."""
        table = self.counts.to_numpy(float)
        seen = table.sum(axis=0) > 0
        return float((np.diag(table)[seen] / table.sum(axis=0)[seen]).mean())


def prediction_accuracy(counts, conf_level=0.95):
    """Accuracy of a prediction against the no-information rate.

    Parameters
    ----------
    counts : pandas.DataFrame of int, shape (n_outcomes, n_outcomes)
        Patients by predicted (rows) and observed outcome (columns); rows and columns carry the
        same labels in the same order.
    conf_level : float, default 0.95
        Level of the intervals.

    Returns
    -------
    PredictionAccuracy

    Raises
    ------
    ValueError
        If the labels differ, or a cell is not a whole number of at least 0.

    Notes
    -----
    The interval of the accuracy is that of Clopper and Pearson. ``p_value`` is the binomial tail
    ``P(X >= correct)`` with ``n`` patients and the no-information rate, as in R's *caret*. That
    test takes the rate as known, though it was counted in the same patients. ``gain``
    does not: it compares prediction and best guess patient by patient.

    References
    ----------
    Kuhn M. Building predictive models in R using the caret package. J Stat Softw 2008;28(5):1–26.

    Examples
    --------
    >>> labels = ["one", "more"]
    >>> counts = pd.DataFrame([[40, 5], [25, 10]], index=labels, columns=labels)
    >>> found = prediction_accuracy(counts)
    >>> f"{found.accuracy:.2f}", round(found.no_information_rate, 2), round(found.p_value, 2)
    ('0.62 (95% CI 0.51 to 0.73)', 0.81, 1.0)
    >>> found.gained, found.lost
    (10, 25)

    To say "one" every time would have been right more often.
    """
    table = _checked(counts)
    n, correct = int(table.to_numpy().sum()), int(np.trace(table.to_numpy()))
    observed = table.sum()
    commonest = observed.idxmax()
    rate = float(observed.max() / n)
    p_value = float(stats.binom.sf(correct - 1, n, rate))
    share = proportion(correct, n, conf_level)
    right = int(table.at[commonest, commonest])
    gained, lost = correct - right, int(observed.max()) - right
    # of the paired counts the first test is the guess, and positive means right
    neither = n - right - gained - lost
    paired = PairedCounts(both=right, first_only=lost, second_only=gained, neither=neither)
    return PredictionAccuracy(
        counts=table,
        accuracy=Estimate(*(share.estimate, share.conf_low, share.conf_high), conf_level,
                          p_value=p_value),
        no_information_rate=rate,
        commonest=commonest,
        p_value=p_value,
        kappa=_kappa(table, conf_level),
        gained=gained,
        lost=lost,
        gain=paired_difference(paired, conf_level),
    )  # fmt: skip


def _kappa(table, conf_level):
    rows = kappa_variants(table, conf_level).set_index("method")
    row = rows.loc[f"{UNWEIGHTED}, {EXACT}"]
    numbers = [float(row[name]) for name in ("estimate", "conf_low", "conf_high")]
    return Estimate(*numbers, conf_level, float(row["std_error"]))


def _checked(counts):
    if list(counts.index) != list(counts.columns):
        raise ValueError(
            "expected the same outcomes, in the same order, as rows and columns, got "
            f"{list(counts.index)} and {list(counts.columns)}"
        )
    numbers = counts.to_numpy(float)
    if np.any(numbers != np.floor(numbers)) or np.any(numbers < 0) or numbers.sum() == 0:
        raise ValueError(f"counts must be whole numbers of at least 0, got {numbers.tolist()}")
    return counts.astype(int)
