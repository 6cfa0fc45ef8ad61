"""Planted test sets are found again; the rank test is scipy's."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from reanalysis.alternatives.auc_test_sets import sets_of_printed_auc, smallest_total
from reanalysis.roc import empirical_auc
from reanalysis.roc_of_summary import hanley_mcneil_std_error


@pytest.mark.parametrize(
    ("sides", "alternative"), [("one_sided", "greater"), ("two_sided", "two-sided")]
)
@pytest.mark.parametrize("correction", [True, False])
def test_a_planted_set_is_found_with_the_p_value_of_scipy(sides, alternative, correction):
    # scipy.stats.mannwhitneyu(method='asymptotic'), which is R's wilcox.test(exact = FALSE).
    rng = np.random.default_rng(11)
    x, y = rng.normal(size=14) + 0.7, rng.normal(size=19)
    options = {"method": "asymptotic", "use_continuity": correction}
    p_value = stats.mannwhitneyu(x, y, alternative=alternative, **options).pvalue
    area = empirical_auc(x, y)
    half = stats.norm.ppf(0.975) * hanley_mcneil_std_error(area, n_positive=14, n_negative=19)
    # Printed with a bootstrap's lean: the width alone counts.
    printed = (area, area - half - 0.02, area + half - 0.02)
    names = ("auc", "conf_low", "conf_high")
    texts = {n: f"{v:.2f}" for n, v in zip(names, printed, strict=True)}
    table = sets_of_printed_auc(**texts, p_value=f"{p_value:.3f}", total_max=60)
    row = table.query("n_positive == 14 and n_negative == 19").iloc[0]
    assert row["width"]
    assert row[sides]
    assert not table.query("total == 8")["width"].any()


@pytest.mark.parametrize("share", [0.5, 0.25])
def test_smallest_total_is_the_first_that_is_narrow_enough(share):
    def width(total):
        sizes = {"n_positive": share * total, "n_negative": (1 - share) * total}
        return 2 * stats.norm.ppf(0.975) * hanley_mcneil_std_error(0.7, **sizes)

    total = smallest_total(0.7, width=0.3, share_positive=share)
    assert width(total) <= 0.3 < width(total - 1)


def test_groups_may_be_swapped_in_the_rank_test():
    table = sets_of_printed_auc(
        auc="0.70", conf_low="0.52", conf_high="0.88", p_value="0.03", total_max=50
    ).set_index(["n_positive", "n_negative"])
    pair = table.loc[(12, 20), "one_sided"], table.loc[(20, 12), "one_sided"]
    assert pair[0] == pair[1]
    assert_allclose(table["total"], [sum(sizes) for sizes in table.index])


@pytest.mark.parametrize(
    "wrong",
    [
        {"auc": "0.70", "conf_low": "0.80", "conf_high": "0.90"},
        {"auc": "0.70", "conf_low": "0.50", "conf_high": "0.60"},
    ],
)
def test_limits_beside_the_area_are_named(wrong):
    with pytest.raises(ValueError, match="around the area"):
        sets_of_printed_auc(**wrong, p_value="0.01")
    with pytest.raises(ValueError, match="a width"):
        smallest_total(0.7, width=0)
