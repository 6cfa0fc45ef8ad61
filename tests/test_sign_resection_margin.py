"""Every set of counts behind the sign, its resections and its margins; constructed data."""

import pandas as pd
import pytest
from scipy import stats

from reanalysis import sign_outcome_counts as outcome
from reanalysis.alternatives.two_by_two_tests import FISHER
from reanalysis.sign_resection_margin import (
    EVERYONE,
    names_of,
    predicted_by_the_rest,
    printed_statements,
    sign_fits,
)

# Constructed: 12 patients, 7 with the sign on one scan and 3 of them on the other. With the sign
# 5 of 7 resected, 4 of those clear; without 2 of 5 resected, 1 clear. Percentages and predictive
# values follow by division, the P values are those of SciPy below.
CELLS = {"both": 3, "first_only": 4, "second_only": 0, "neither": 5}
COUNTS = (7, 5, 4, 5, 2, 1)


def constructed(**changes):
    with_n, with_first, with_second, without_n, without_first, without_second = COUNTS
    fisher = [
        stats.fisher_exact(table).pvalue
        for table in (
            [[with_first, with_n - with_first], [without_first, without_n - without_first]],
            [
                [with_second, with_first - with_second],
                [without_second, without_first - without_second],
            ],
        )
    ]
    printed = {
        "mri": (7, 12),
        "ct": (3, 12),
        "halo_p": f"{stats.binomtest(4, 4).pvalue:.3f}",
        "resected_with": f"{100 * with_first / with_n:.1f}%",
        "resected_without": f"{100 * without_first / without_n:.1f}%",
        "resected_p": f"{fisher[0]:.3f}",
        "clear_with": f"{100 * with_second / with_first:.1f}%",
        "clear_without": f"{100 * without_second / without_first:.1f}%",
        "clear_p": f"{fisher[1]:.3f}",
        "ppv": f"{100 * with_second / with_first:.1f}%",
        "npv": f"{100 - 100 * without_second / without_first:.1f}%",
    }
    return printed | changes


@pytest.fixture(scope="module")
def found():
    return sign_fits(constructed(), max_n=12)


def test_the_true_counts_are_found(found):
    printed = constructed()
    assert found.fits.all(axis=1).any()
    best = outcome.best_counts(found, printed)
    assert best["n_numbers"].eq(8).all()
    assert COUNTS in [tuple(row) for row in best.drop(columns="n_numbers").to_numpy()]
    cross = outcome.cross_tables(found, printed)
    assert CELLS in cross.to_dict("records")
    assert (cross.sum(axis=1) == 12).all()
    assert (cross["first_only"] - cross["second_only"] == 4).all()


def test_every_pattern_has_counts_behind_it(found):
    """The joined patterns against a listing of all pairs of tables, for the whole sample."""
    names = names_of(constructed())
    whole = found.outcomes.query("with_n == 7 and without_n == 5")
    pairs = found.paired[found.paired[names["mri"]]]
    expected = {
        (True, *a, *b, True)
        for a in pairs[[names["ct"], names["halo_p"]]].drop_duplicates().itertuples(index=False)
        for b in whole[list(found.fits.columns[3:-1])].drop_duplicates().itertuples(index=False)
    }
    here = found.fits[found.fits[names["mri"]] & found.fits[EVERYONE]]
    assert set(here.itertuples(index=False, name=None)) == expected


def test_somebody_may_be_missing_from_either_group():
    """Counts of six of seven and of four of five fit only if not everyone is counted."""
    text = {"resected_with": "83.3%", "resected_without": "25.0%", "clear_with": "80.0%"}
    less = constructed(**text, clear_without="100.0%", npv="0.0%", resected_p="0.190")
    fits = sign_fits(less, max_n=12).fits
    assert fits.drop(columns=EVERYONE).all(axis=1).any()
    assert not fits.all(axis=1).any()


def test_fewer_sets_are_left_after_each_number(found):
    left = outcome.sets_left(found, constructed())["sets_left"]
    assert left.is_monotonic_decreasing
    assert left.iloc[0] == len(found.outcomes)
    assert left.iloc[-1] == len(outcome.best_counts(found, constructed()))


def test_a_number_that_is_left_out_is_predicted(found):
    rest = predicted_by_the_rest(found.outcomes, constructed(), everyone=True).set_index("role")
    assert rest.at["clear_with", "low"] <= 0.8 <= rest.at["clear_with", "high"]
    assert rest.at["npv", "low"] == rest.at["npv", "high"] == 0.5
    # A wrong number does not change what the others say of it.
    wrong = constructed(npv="80.0%")
    again = sign_fits(wrong, max_n=12)
    same = predicted_by_the_rest(again.outcomes, wrong, everyone=True).set_index("role")
    assert same.at["npv", "low"] == 0.5


def test_what_the_counts_say():
    names = ["with_n", "with_first", "with_second", "without_n", "without_first", "without_second"]
    counts = pd.Series(COUNTS, index=names)
    tables = outcome.tables_of(counts)
    assert vars(tables["of the resected"]) | {"tp": 4, "fp": 1, "fn": 1, "tn": 1} == vars(
        tables["of the resected"]
    )
    assert (tables["of all counted"].fp, tables["of all counted"].tn) == (3, 4)
    fates = outcome.fates(counts, {"mri": (7, 13)})
    assert fates.to_numpy().tolist() == [[4, 1, 2, 0], [1, 1, 3, 1]]
    p = outcome.group_tests(counts).loc[FISHER]
    assert p["resection"] == pytest.approx(stats.fisher_exact([[5, 2], [2, 3]]).pvalue)
    assert p["r0"] == pytest.approx(stats.fisher_exact([[4, 1], [1, 1]]).pvalue)
    rates = outcome.uncounted_patient(counts, {"mri": (7, 13)})
    assert rates["rate"].tolist() == pytest.approx([2 / 5, 2 / 6, 3 / 6])


def test_differences_are_newcombe_s():
    # Newcombe, Stat Med 1998;17:873-890, Table II, method 10, contrast (a) 56/70 - 48/80:
    # 0.0524 to 0.3339. Four printed digits.
    names = ["with_n", "with_first", "with_second", "without_n", "without_first", "without_second"]
    gap = outcome.group_differences(pd.Series((70, 56, 4, 80, 48, 1), index=names))["resection"]
    assert gap.in_order == pytest.approx((0.0524, 0.2, 0.3339), abs=5e-5)


def test_proportions_know_what_was_printed():
    names = ["with_n", "with_first", "with_second", "without_n", "without_first", "without_second"]
    frame = outcome.printed_proportions(pd.Series(COUNTS, index=names), constructed(npv="80.0%"))
    assert (frame["estimate"] - frame["published"]).abs().gt(0.001).sum() == 1
    assert frame.iloc[-1][["events", "total", "published"]].tolist() == [1, 2, 0.8]


def test_statements_are_read_from_the_results():
    rows = [
        ("halo sign", "CE-MRI", "events", "7", "patients"),
        ("halo sign", "CE-MRI", "total", "12", "patients"),
        ("halo sign", "CE-CT", "events", "3", "patients"),
        ("halo sign", "CE-CT", "total", "12", "patients"),
        ("halo sign", "CE-MRI against CE-CT", "p_value", "0.125", ""),
        ("resection", "MRI-halo", "percent", "71.4", "%"),
        ("resection", "no MRI-halo", "percent", "40.0", "%"),
        ("resection", "MRI-halo against none", "p_value", "0.558", ""),
        ("R0 of the resected", "MRI-halo", "percent", "80.0", "%"),
        ("R0 of the resected", "no MRI-halo", "percent", "50.0", "%"),
        ("R0 of the resected", "MRI-halo against none", "p_value", "1.000", ""),
        ("predictive value for R0", "positive", "percent", "80.0", "%"),
        ("predictive value for R0", "negative", "percent", "50.0", "%"),
    ]
    columns = ["result", "group", "measure", "printed", "unit"]
    assert printed_statements(pd.DataFrame(rows, columns=columns)) == constructed()
