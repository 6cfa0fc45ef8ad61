"""Three readings rebuilt from sentences: what is proved, what is bounded, what rules would do."""

import itertools

import pytest

from reanalysis import signal_readings
from reanalysis.signal_readings import FACTORS
from reanalysis.studies import load_study


@pytest.fixture(scope="module")
def counts():
    """The printed counts of the study."""
    study = load_study("synthetic_dwi_breast")
    tables = study.table("counts_in_prose"), study.table("misread_lesions")
    return signal_readings.printed_counts(*tables, "92.68%")


@pytest.fixture(scope="module")
def readings(counts):
    """Every cross-table that fits them."""
    return signal_readings.reconstruct_readings(counts)


def test_the_malignant_table_is_proved_by_an_independent_search(counts, readings):
    """By hand: 8 cells, solved from the sentences one after the other, here by brute force."""
    (row,) = readings["malignant"].tables.to_numpy().tolist()
    # both bright 60 - 1; sDWI alone 15 + 1; neither 3 + 3; DWI alone 0 + 1; 76 below in all
    expected = [58, 1, 0, 1, 15, 1, 3, 3]
    assert row == expected
    cells = list(itertools.product(*FACTORS.values()))
    for levels, n in counts["malignant"].values():
        inside = [all(c[list(FACTORS).index(f)] == v for f, v in levels.items()) for c in cells]
        assert sum(x for x, keep in zip(expected, inside, strict=True) if keep) == n


def test_one_benign_number_stays_open(readings):
    """Two lesions below the cut-off and not bright on sDWI: with or without DWI is not printed."""
    benign = readings["benign"]
    assert len(benign) == 3
    assert benign.bounds(sdwi="isointense", adc="below") == (2, 2)
    assert benign.bounds(dwi="hyperintense", sdwi="isointense", adc="below") == (0, 2)


def test_pairs_that_the_counts_decide_and_one_that_they_do_not(readings):
    """DWI against ADC among the benign lesions is open; the two others are not."""
    pair = signal_readings.paired(readings, "dwi", "sdwi")
    assert pair.diseased.cells == (59, 1, 16, 6)
    assert pair.healthy.cells == (11, 22, 4, 16)
    assert signal_readings.paired(readings, "adc", "sdwi").healthy.cells == (9, 2, 6, 36)
    with pytest.raises(ValueError, match="the printed ones leave"):
        signal_readings.paired(readings, "dwi", "adc")


def test_rules_of_one_reading_are_its_two_by_two(readings):
    """Each test alone gives the printed counts."""
    found = signal_readings.accuracy_of_rules(readings)
    assert found.loc["DWI alone"].tolist() == [60, 60, 33, 33, 80, 80]
    assert found.loc["sDWI alone"].tolist() == [75, 75, 15, 15, 113, 113]
    assert found.loc["ADC alone"].tolist() == [76, 76, 11, 11, 118, 118]


def test_no_rule_beats_the_best_of_all_256(readings):
    """Every rule on three readings, enumerated."""
    patterns = [set(itertools.compress(FACTORS, bits)) for bits in
                itertools.product((0, 1), repeat=3)]  # fmt: skip
    rules = {
        str(chosen): lambda seen, chosen=chosen: patterns.index(seen) in chosen
        for k in range(9)
        for chosen in itertools.combinations(range(8), k)
    }
    assert len(rules) == 256
    found = signal_readings.accuracy_of_rules(readings, rules)
    low, high = signal_readings.best_possible_rule(readings)
    assert found["correct_high"].max() == high == 121
    assert low == 119


def test_a_share_that_fits_no_count_is_refused():
    """Of 82 lesions none is 92.60 %."""
    study = load_study("synthetic_dwi_breast")
    tables = study.table("counts_in_prose"), study.table("misread_lesions")
    with pytest.raises(ValueError, match="expected one count of 82"):
        signal_readings.printed_counts(*tables, "92.60%")
