"""What medians and ranges leave to a threshold on perfusion."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reanalysis import perfusion_statements as statements
from reanalysis import perfusion_threshold as rule
from reanalysis.diagnostic_accuracy import TwoByTwo
from reanalysis.studies import load_study

SIZES = {"recurrence": 14, "necrosis": 8, "recurrence missed": 6, "recurrence found": 8}
DOUBTED = [("recurrence found", "rVP")]


@pytest.fixture(scope="module")
def ratios():
    return load_study("srs_perfusion").table("ratios")


@pytest.fixture(scope="module")
def counts(ratios):
    return rule.possible_counts(ratios, SIZES, 1.5, distrusted=DOUBTED)


def test_tables_keep_the_groups_and_the_missed(counts):
    tables = rule.possible_tables(counts, 6)
    assert (tables["tp"] + tables["fn"] == 14).all()
    assert (tables["fp"] + tables["tn"] == 8).all()
    assert set(tables["fn"]) == {6}
    assert tables.groupby("ratio")["fp"].agg(list).to_dict() == {
        "rKtrans": [4, 5, 6, 7],
        "rVP": [1, 2, 3, 4],
    }
    wider = rule.possible_tables(counts, None)
    keys = ["ratio", "tp", "fp"]
    assert set(map(tuple, tables[keys].to_numpy())) < set(map(tuple, wider[keys].to_numpy()))
    assert set(wider["tp"]) == set(range(7, 14))


def test_p_values_of_the_hypothesis_agree_with_r(counts):
    """fisher.test in tests/reference/median_range/two_groups.R, R 4.2.2."""
    low = rule.low_before(counts).set_index(["ratio", "missed_low", "found_low"])["p_value"]
    assert_allclose(low["rKtrans", 2, 1], 0.538461538462, rtol=1e-11)
    assert_allclose(low["rVP", 3, 0], 0.0549450549451, rtol=1e-11)


def test_extremes_are_the_ends_of_the_differences(counts):
    low = rule.low_before(counts)
    frame = rule.low_before_extremes(low)
    shares = frame["estimate"].to_numpy().reshape(2, 2, 2)
    found = -np.diff(shares, axis=2)[..., 0]
    ends = low.groupby("ratio", sort=False)["difference"].agg(["max", "min"])
    assert_allclose(found, ends.to_numpy())


def test_negatives_that_the_proposal_would_trust(counts):
    """By hand: 6 - 2 recurrences and at most 4 necroses; 6 - 3 and at most 7."""
    trusted = rule.trusted_negatives(counts, rule.possible_tables(counts, 6))
    assert trusted.to_numpy().tolist() == [[4, 4, 0.5], [3, 7, 0.3]]


def test_necroses_below_the_common_median(ratios):
    """Eleven of 22 lie at or below; recurrences supply at most 2 + 4 (rKtrans), 3 + 4 (rVP)."""
    assert rule.necroses_at_most(ratios, SIZES, "rKtrans") == (5, pytest.approx(1.75))
    assert rule.necroses_at_most(ratios, SIZES, "rVP") == (4, pytest.approx(2.15))


def test_selection_is_undone():
    """Apply a known selection to a whole population, and correct it."""
    share = 0.4
    operated = TwoByTwo(tp=60, fp=20, fn=int(30 * share), tn=int(90 * share))
    row = rule.corrected_for_selection(operated, [share]).loc[share]
    assert_allclose(row.to_numpy(), [60 / 90, 90 / 110])
    same = rule.corrected_for_selection(operated, [1.0]).loc[1.0]
    estimates = operated.sensitivity.estimate, operated.specificity.estimate
    assert_allclose(same.to_numpy(), estimates)
    with pytest.raises(ValueError, match="above 0"):
        rule.corrected_for_selection(operated, [0])


def test_statements_that_clash(ratios):
    clash = statements.range_contradictions(ratios)
    whole = {"rVP, all (text): from 0.275", "rVP, all (table): from 0.4"}
    assert tuple(sorted(whole, reverse=True)) in clash.minimal
    high = ("rVP, all (text): to 7.536", "rVP, later high (text): to 29.56")
    assert high in clash.minimal
    assert len(clash.minimal) == 9
    assert {len(repair) for repair in clash.repairs if len(repair) < 5} == {4}
    assert all(whole <= set(repair) for repair in clash.repairs if len(repair) == 4)


def test_every_check_names_one_claim_once(ratios):
    study = load_study("srs_perfusion")
    numbers = study.table("numbers").set_index("quantity")["printed"]
    ids = [row[0] for row in statements.checks_of_ranges(ratios, numbers)]
    ids += statements.ends_that_clash(ratios)["claim"].tolist()
    assert len(set(ids)) == len(ids)
    assert set(ids) <= set(study.claims["claim_id"])


def test_rows_that_do_not_exist_are_refused(ratios):
    with pytest.raises(KeyError):
        rule.printed_group(ratios, "before", "necrosis", "rVP")
    assert isinstance(rule.printed_group(ratios, "before", "cohort", "rVP"), pd.Series)
