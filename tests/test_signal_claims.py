"""What follows from the printed tables, and that nothing follows that they leave open."""

import pytest
from numpy.testing import assert_allclose

from reanalysis import signal_claims, signal_readings
from reanalysis.studies import load_study


@pytest.fixture(scope="module")
def study():
    return load_study("synthetic_dwi_breast")


@pytest.fixture(scope="module")
def readings(study):
    tables = study.table("counts_in_prose"), study.table("misread_lesions")
    return signal_readings.reconstruct_readings(signal_readings.printed_counts(*tables, "92.68%"))


def test_an_open_count_is_refused(readings):
    """The one number that the benign tables leave open."""
    levels = {"dwi": "hyperintense", "sdwi": "isointense", "adc": "below"}
    with pytest.raises(ValueError, match="the tables allow 0 to 2"):
        signal_claims.the_count(readings["benign"], **levels)
    assert signal_claims.the_count(readings["benign"], sdwi="hyperintense") == 15


def test_type_a_is_put_back_from_the_totals(study):
    """One lesion is missing from Table 5; by the totals it was bright on neither sequence."""
    tables = signal_claims.tables_by_density(study.table("density"), study.table("signals"))
    for table in tables.values():
        assert table["A"].to_dict() == {"hyperintense": 0, "isointense": 1}
        assert table.sum().tolist() == [1, 24, 75, 35]


def test_p_values_by_density_against_r(study):
    """The same P values from base R 4.2.2.

    With a <- matrix(c(20, 4, 53, 22, 20, 15), 2), b <- matrix(c(16, 8, 48, 27, 26, 9), 2):
    chisq.test(a)$p.value; prop.trend.test(a[1, ], colSums(a))$p.value; and G² of
    cbind(c(0, 1), a) from 2 * sum(x * log(x / chisq.test(x)$expected)), the empty cell left out.
    """
    tables = signal_claims.tables_by_density(study.table("density"), study.table("signals"))
    found = signal_claims.p_values_by_density(tables)
    pearson = found.loc["χ² (Pearson), three categories"]
    assert_allclose(pearson, [0.0940891262268, 0.5632521412789], rtol=1e-6)
    trend = found.loc["linear-by-linear trend, N instead of N − 1, three categories"]
    assert_allclose(trend, [0.0297405697281, 0.4655744071758], rtol=1e-6)
    g_squared = found.loc["likelihood ratio G², four categories"]
    assert_allclose(g_squared, [0.0658029500239, 0.3352960649474], rtol=1e-6)


def test_intervals_of_each_test_by_every_method(study):
    """R 4.2.2: binom.test(20, 53)$conf.int and binom.test(75, 82)$conf.int."""
    tables = signal_readings.two_by_two_of_each_sequence(study.table("signals"))
    found = signal_claims.interval_limits_by_method(tables)["Clopper–Pearson"]
    limits = found.loc["DWI", ["specificity.low", "specificity.high"]]
    assert_allclose(limits.astype(float), [0.247872198465, 0.521060715081], rtol=1e-6)
    limits = found.loc["sDWI", ["sensitivity.low", "sensitivity.high"]]
    assert_allclose(limits.astype(float), [0.831992049991, 0.964987342298], rtol=1e-6)


def test_sizes_are_compared_with_the_listed_count(study, readings):
    """Table 4 replaces the printed count of small lesions bright on both; R fisher.test."""
    small = study.table("small_lesions").set_index(["pathology", "seen_on"])["n"]
    lesions = study.table("misread_lesions")
    found = signal_claims.size_comparisons(small, lesions[lesions["table"] == "Table 4"], readings)
    row = found.loc["benign, bright on neither"]
    assert row.iloc[:4].tolist() == [11, 23, 5, 30]
    assert found.loc["benign, bright on DWI", "small_events"] == 12
    # fisher.test(matrix(c(11,12,5,25),2))$p.value
    assert_allclose(row["p_value"], 0.0185423503745, rtol=1e-6)


def test_a_changed_list_fails_its_sentence(study):
    """Four of the seven are DCIS; with one relabelled the statement no longer holds."""
    lesions = study.table("misread_lesions")
    missed = lesions[lesions["table"] == "Table 2"].copy()
    assert all(signal_claims.rules_of_missed_lesions(missed, 1.189).values())
    missed.loc[missed.index[0], "diagnosis"] = "Luminal B IDC"
    broken = [k for k, v in signal_claims.rules_of_missed_lesions(missed, 1.189).items() if not v]
    assert broken == ["dcis", "idc", "axilla"]


def test_counts_that_contradict_each_other_have_no_p_value(study):
    """A reader who moves one count sees a gap, not an exception."""
    signals = study.table("signals")
    rows = (signals["sequence"] == "sDWI") & (signals["pathology"] == "benign")
    signals.loc[rows, "n"] = [14, 39]
    tables = signal_claims.tables_by_density(study.table("density"), signals)
    found = signal_claims.p_values_by_density(tables)
    four = found.filter(like="four", axis="index")
    assert four["sDWI"].isna().all()
    assert four["DWI"].notna().all()
