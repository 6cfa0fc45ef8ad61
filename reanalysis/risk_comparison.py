"""How much more often does an outcome happen in one group than in the other?

Vocabulary: ``events`` of ``total`` patients in each of two independent groups. The measures are
second group against first: risk difference, risk ratio, odds ratio.
"""

from dataclasses import dataclass

from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.proportion import confint_proportions_2indep

from reanalysis.diagnostic_accuracy import proportion
from reanalysis.estimates import Estimate


@dataclass(frozen=True)
class RiskComparison:
    """Risks of two groups and the measures that compare them.

    Parameters
    ----------
    first, second : Estimate
        Risk of each group, 0–1.
    risk_difference : Estimate
        Second minus first, with Newcombe's score interval.
    risk_ratio, odds_ratio : Estimate
        Second over first, with normal intervals on the log scale (Katz; Woolf).
    """

    first: Estimate
    second: Estimate
    risk_difference: Estimate
    risk_ratio: Estimate
    odds_ratio: Estimate


def compare_risks(*, first_events, first_total, second_events, second_total, conf_level=0.95):
    """Risk difference, risk ratio and odds ratio of two independent groups.

    Parameters
    ----------
    first_events, first_total : int
        Events and patients of the first group, ``0 < first_events < first_total``.
    second_events, second_total : int
        The same of the second group.
    conf_level : float, default 0.95
        Confidence level.

    Returns
    -------
    RiskComparison

    Raises
    ------
    ValueError
        If a count is not a whole number, or a cell is empty: then ratios have no interval.

    References
    ----------
    Newcombe RG. Interval estimation for the difference between independent proportions.
    Stat Med 1998;17:873–890, method 10.

    Examples
    --------
    >>> risks = compare_risks(first_events=5, first_total=40, second_events=20, second_total=50)
    >>> f"{risks.risk_difference:+.2f}"
    '+0.28 (95% CI +0.09 to +0.43)'
    >>> f"{risks.odds_ratio:.1f}"
    '4.7 (95% CI 1.6 to 13.9)'

    Of a hundred patients of the second group 28 more have the outcome; the odds ratio makes the
    same difference look larger than the ratio of the risks, which is 3.2.
    """
    a, b = second_events, second_total - second_events
    c, d = first_events, first_total - first_events
    if min(a, b, c, d) < 1:
        raise ValueError(f"expected events and non-events in either group, got {[a, b, c, d]}")
    first = proportion(first_events, first_total, conf_level)
    second = proportion(second_events, second_total, conf_level)
    table = Table2x2([[a, b], [c, d]])
    ends = confint_proportions_2indep(
        a, second_total, c, first_total, compare="diff", method="newcomb", alpha=1 - conf_level
    )
    ratio = table.riskratio_confint(alpha=1 - conf_level)
    odds = table.oddsratio_confint(alpha=1 - conf_level)
    estimates = [
        Estimate(float(value), float(low), float(high), conf_level)
        for value, (low, high) in [
            (second.estimate - first.estimate, ends),
            (table.riskratio, ratio),
            (table.oddsratio, odds),
        ]
    ]
    return RiskComparison(first, second, *estimates)
