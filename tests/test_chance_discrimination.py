"""What chance reaches: against R's Wilcoxon distribution, enumeration and simulation."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reanalysis import chance_discrimination as chance
from reanalysis.roc import empirical_auc

GOLDEN = pd.read_csv(Path(__file__).parent / "reference" / "roc" / "roc.csv")
SIZES = {"n_positive": 16, "n_negative": 17}


def test_tails_are_those_of_r():
    # tests/reference/roc/roc.csv: R 4.2.2, pwilcox(u - 1, 16, 17, lower.tail = FALSE).
    table = chance.chance_areas(**SIZES)
    for row in GOLDEN[GOLDEN["what"] == "at least"].itertuples():
        nearest = (table["auc"] - row.at).abs().idxmin()
        assert_allclose(table["at_least"][nearest], row.value, rtol=1e-9)


def test_distribution_is_that_of_all_orders():
    found = chance.chance_areas(n_positive=3, n_negative=4)
    areas = [
        empirical_auc(ill, sorted(set(range(7)) - set(ill))) for ill in combinations(range(7), 3)
    ]
    shares = pd.Series(areas).round(9).value_counts(normalize=True).sort_index()
    kept = found[found["probability"] > 0]
    assert_allclose(kept["auc"], shares.index, atol=1e-8)
    assert_allclose(kept["probability"], shares.to_numpy(), rtol=1e-12)


def test_large_groups_keep_their_tails():
    table = chance.chance_areas(n_positive=73, n_negative=73)
    assert_allclose(table["probability"].sum(), 1)
    assert_allclose(table["probability"], table["probability"][::-1], rtol=1e-12)
    # Extreme areas have one order out of 146 over 73.
    assert table["at_least"].iloc[-1] == pytest.approx(1 / 9.37e42, rel=0.2)


def test_best_of_several_is_that_of_a_simulation():
    # 20,000 sets of seven useless scores: a share of 0.1 has a simulation error of 0.002.
    rng = np.random.default_rng(5)
    table = chance.chance_areas(**SIZES)
    drawn = rng.choice(table["auc"], size=(20_000, 7), p=table["probability"]).max(axis=1)
    found = chance.chance_of_best(0.72, 7, **SIZES)
    assert_allclose(found, (drawn >= 0.72 - 1e-12).mean(), atol=0.008)
    low, middle, high = chance.best_of_independent(7, **SIZES)
    assert_allclose([low, middle, high], np.quantile(drawn, [0.025, 0.5, 0.975]), atol=0.006)
    one = chance.best_of_independent(1, **SIZES, probabilities=(0.5,))
    assert_allclose(one[0], 0.5, atol=0.01)


def test_selection_inflates_only_what_it_has_seen():
    rng = np.random.default_rng(2)
    areas = chance.selection_on_noise(300, n_positive=40, n_negative=40, rng=rng, n_repeats=150)
    same, leaked, clean = (
        areas[name].mean() for name in (chance.SAME, chance.LEAKED, chance.CLEAN)
    )
    # The mean of 150 areas of 10 and 10 has a standard error of 0.011.
    assert_allclose(clean, 0.5, atol=0.04)
    assert same > 0.75
    assert leaked > 0.7
    again = chance.selection_on_noise(
        300, n_positive=40, n_negative=40, rng=np.random.default_rng(2), n_repeats=150
    )
    pd.testing.assert_frame_equal(areas, again)


def test_more_features_reach_higher():
    def median(n_features):
        rng = np.random.default_rng(3)
        found = chance.selection_on_noise(
            n_features, n_positive=20, n_negative=20, rng=rng, n_repeats=60
        )
        return found[chance.SAME].median()

    assert median(10) < median(100) < median(1000)


def test_tables_hold_what_the_functions_give():
    table = chance.best_of_each([1, 7], **SIZES)
    row = table.iloc[1]
    found = chance.best_of_independent(7, **SIZES)
    assert_allclose([row["conf_low"], row["estimate"], row["conf_high"]], found)
    sizes = {"n_positive": 12, "n_negative": 12}
    designs = chance.selection_by_design([50], seed=4, n_repeats=20, **sizes)
    rng = np.random.default_rng(4)
    areas = chance.selection_on_noise(50, rng=rng, n_repeats=20, **sizes)
    assert_allclose(designs.loc[(50, chance.LEAKED), "median"], areas[chance.LEAKED].median())


def test_empty_groups_are_named():
    with pytest.raises(ValueError, match="both groups"):
        chance.chance_areas(n_positive=0, n_negative=4)
