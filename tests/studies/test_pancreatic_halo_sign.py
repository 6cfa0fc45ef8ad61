"""What must hold in the chapter on the MRI-halo sign, and what a changed datum moves."""

import pytest
from scipy import stats

from reanalysis import sign_outcome_counts as outcome
from reanalysis.alternatives.two_by_two_tests import two_by_two_variants
from reanalysis.consistency.contradictions import find_contradictions
from reanalysis.sign_resection_margin import EVERYONE, names_of, printed_statements, sign_fits
from reanalysis.studies import load_study

STUDY = "pancreatic_halo_sign"


@pytest.fixture(scope="module")
def printed():
    return printed_statements(load_study(STUDY).table("results"))


@pytest.fixture(scope="module")
def found(printed):
    return sign_fits(printed)


def test_one_set_of_counts_has_every_number_but_one(found, printed):
    best = outcome.best_counts(found, printed)
    assert best.to_numpy().tolist() == [[10, 6, 4, 8, 5, 1, 7]]


def test_nothing_has_every_number(found, printed):
    clash, names = find_contradictions(found.fits), names_of(printed)
    npv = names["npv"]
    assert {(names["resected_without"], npv), (names["clear_without"], npv)} <= set(clash.minimal)
    assert (names["mri"], names["ct"], names["halo_p"]) in clash.minimal
    assert (names["mri"], names["resected_without"], EVERYONE) in clash.minimal
    assert all(npv in repair for repair in clash.repairs if len(repair) == 3)
    assert min(len(repair) for repair in clash.repairs) == 3


def test_no_test_of_the_other_set_gives_the_printed_p_of_clear_margins():
    """The percentages leave 2 of 3 against 1 of 5 as well: 0.217 and 0.282 are nearest."""
    p = two_by_two_variants(first_events=2, first_total=3, second_events=1, second_total=5)[
        "p_value"
    ]
    assert len(p) >= 15
    assert (p - 0.242).abs().min() > 0.02


def test_no_test_gives_the_printed_p_of_the_sign(found, printed):
    tests = outcome.sign_tests(found, printed)
    assert len(tests) == 30
    assert not tests["p_value"].between(0.0155, 0.0165).any()
    assert (tests.loc[tests["paired"], "p_value"] < 0.05).all()


def test_a_t_test_of_the_pairs_hits_one_of_three(found, printed):
    """Ten against two of 19: t = 2.650 with 18 degrees of freedom, by hand; a lone hit."""
    tests = outcome.paired_t_tests(outcome.cross_tables(found, printed))
    hits = [name for name, p in tests.items() if 0.0155 <= p < 0.0165]
    assert hits == ["t test of the pairs (10 : 2)"]
    assert len(tests) == 3
    sign = (8 / 19) / ((12 - 64 / 19) / 18 / 19) ** 0.5
    assert tests[hits[0]] == pytest.approx(2 * stats.t.sf(sign, 18))


def test_a_changed_number_fails_and_names_its_claims(chapter):
    """One more clear margin without a halo, the hash refreshed."""
    old = "R0 of the resected,no MRI-halo,percent,20.0,%"
    chapter.change("results.csv", old, old.replace("20.0", "40.0"))
    moved = chapter.what_moved()
    assert "r0.with_halo: expected reproduced, got differs" in moved
    assert "predictive_value.positive: expected reproduced, got differs" in moved
    assert "halo.mri.percent" not in moved
