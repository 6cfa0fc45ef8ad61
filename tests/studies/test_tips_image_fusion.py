"""What must hold in the chapter on image fusion for TIPS, and what a changed datum moves."""

import numpy as np
import pandas as pd
import pytest

from reanalysis.alternatives.mann_whitney_tests import ASYMPTOTIC
from reanalysis.consistency.integer_samples import integer_samples
from reanalysis.rank_test_bounds import p_values_of_samples
from reanalysis.studies import load_study

STUDY = "tips_image_fusion"


@pytest.fixture
def patients():
    return load_study(STUDY).table("patients").set_index("patient")


def test_table_1_is_whole(patients):
    """19 patients by nine measurements; the totals were added up from the print by hand."""
    assert patients.shape == (19, 9)
    totals = patients.sum().round(2).to_dict()
    assert totals == {
        "simulation_time": 1164,
        "fusion_time": 115,
        "puncture_time": 337,
        "procedure_time": 1515,
        "needle_passes": 47,
        "entry_fluoroscopy_time": 105,
        "fluoroscopy_time": 506,
        "dose_area_product": 4191.59,
        "stents": 20,
    }


def test_total_time_is_three_times_fluoroscopy_in_the_first_thirteen_only(patients):
    triple = patients["procedure_time"] == 3 * patients["fluoroscopy_time"]
    assert triple[triple].index.tolist() == list(range(1, 14))


def test_parts_are_not_longer_than_the_whole(patients):
    assert (patients["puncture_time"] <= patients["procedure_time"]).all()
    assert (patients["entry_fluoroscopy_time"] <= patients["fluoroscopy_time"]).all()
    assert (patients["fluoroscopy_time"] <= patients["procedure_time"]).all()


def test_both_groups_have_nineteen_patients_wherever_categories_are_complete():
    counts = load_study(STUDY).table("categories")
    complete = counts[counts["characteristic"].isin(["sex", "child_pugh", "puncture_site"])]
    totals = complete.groupby("characteristic")[["study", "control"]].sum()
    pd.testing.assert_frame_equal(totals, totals * 0 + 19)


def test_plan_and_puncture_agree_in_17_at_most_and_in_three_at_least():
    """Every whole-number table with the printed margins: 12 and 7 planned; 10, 7, 2 punctured."""
    agreements = {
        left_left + right_right
        for left_left in range(11)
        for right_right in range(8)
        if 0 <= 12 - left_left - (7 - right_right) <= 2  # planned left, ended at the bifurcation
        and 0 <= 7 - right_right - (10 - left_left) <= 2  # planned right, ended there
    }
    assert agreements == set(range(3, 18))


def test_a_changed_patient_fails_and_names_its_claims(chapter):
    """One more pass for one patient, the hash refreshed: counts, mean and bounds move."""
    chapter.change("patients.csv", "2,65,6,19,99,2,", "2,65,6,19,99,3,")
    message = chapter.what_moved()
    assert "table2.needle_passes.study.mean: expected reproduced, got differs" in message
    assert "discussion.perfect: expected reproduced, got differs" in message
    assert "puncture_time" not in message


QUARTILES = [
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
]


@pytest.mark.parametrize("definition", QUARTILES)
def test_attempts_do_not_differ_by_any_definition_of_the_quartile(patients, definition):
    """The chapter takes the quartile as SPSS does; no other definition gives a smaller P."""
    passes = patients["needle_passes"]
    samples = integer_samples(19, "3.74", "2.40", (1, 14), median="3")
    p_values = p_values_of_samples(passes, samples)[ASYMPTOTIC]
    values = [np.repeat(samples.counts.columns, row) for row in samples.counts.to_numpy()]
    quartiles = np.array([np.quantile(v, 0.75, method=definition) for v in values])
    fitting = p_values[quartiles == 6]
    assert len(fitting) > 50
    assert fitting.min() > 0.1
    assert p_values.min() < 0.05
