"""Two tests on the same patients: against R, the package DTComPair, and by enumeration."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reanalysis.alternatives.mcnemar_tests import ASYMPTOTIC
from reanalysis.paired_accuracy import PairedAccuracy
from reanalysis.paired_proportions import PairedCounts, paired_difference

GOLDEN = pd.read_csv(Path(__file__).parent / "reference" / "paired" / "differences.csv")
CELLS = ["both", "first_only", "second_only", "neither"]
# The data set Paired1 of the R package DTComPair 1.2.6 (hypothetical data), its README.
DISEASED = PairedCounts(both=319, first_only=78, second_only=22, neither=32)
HEALTHY = PairedCounts(both=31, first_only=53, second_only=22, neither=155)
PAIR = PairedAccuracy(diseased=DISEASED, healthy=HEALTHY)


@pytest.mark.parametrize("row", GOLDEN.to_dict("records"), ids=lambda row: str([*row.values()][:4]))
def test_intervals_and_p_values_are_those_of_r(row):
    """tests/reference/paired/reference.R, R 4.2.2: Wilson by prop.test, Tango by maximisation."""
    counts = PairedCounts(**{name: int(row[name]) for name in CELLS})
    tango, newcombe = (paired_difference(counts, method=m) for m in ("tango", "newcombe"))
    # R finds Tango's limits by maximising numerically: seven digits hold.
    assert_allclose(tango.in_order[::2], [row["tango_low"], row["tango_high"]], atol=2e-7)
    golden = [row["newcombe_low"], row["newcombe_high"]]
    assert_allclose(newcombe.in_order[::2], golden, atol=1e-10)
    # Written with twelve decimals.
    assert_allclose(tango.p_value, row["p_exact"], atol=1e-12)


@pytest.mark.parametrize(
    ("cells", "method", "low", "high"),
    [
        # DTComPair 1.2.6, sesp.diff.ci, documented example.
        ((18, 0, 14, 18), "tango", 0.1747417, 0.4166512),
        ((18, 0, 14, 18), "wald", 0.15554615, 0.40445385),
        ((18, 12, 2, 18), "tango", -0.34470882, -0.06111243),
        # contingencytables, tests of chapter 8 (Cavo 2012; there first minus second).
        ((59, 6, 16, 80), "tango", 0.0054, 0.1240),
        ((59, 6, 16, 80), "newcombe", 0.0046, 0.1186),
        ((59, 6, 16, 80), "wald", 0.0058, 0.1184),
    ],
)
def test_printed_examples(cells, method, low, high):
    """Examples that two R packages print."""
    found = paired_difference(PairedCounts.of_cells(*cells), method=method)
    assert_allclose([found.conf_low, found.conf_high], [low, high], atol=6e-5)


def test_mcnemar_for_sensitivity_and_specificity():
    """DTComPair 1.2.6, sesp.mcnemar(Paired1)."""
    assert_allclose(DISEASED.p_value(ASYMPTOTIC), 2.143518e-08, rtol=1e-6)
    assert_allclose(HEALTHY.turned.p_value(ASYMPTOTIC), 3.441579e-04, rtol=1e-6)
    assert_allclose(PAIR.sensitivity_difference.estimate, -0.1241685, rtol=1e-6)
    assert_allclose(PAIR.specificity_difference.estimate, 0.1187739, rtol=1e-6)


def test_predictive_values_are_those_of_dtcompair():
    """DTComPair 1.2.6: pv.wgs(Paired1), Kosinski 2013, and pv.rpv, Moskowitz and Pepe 2006."""
    p_values = PAIR.positive_predictive_value_p, PAIR.negative_predictive_value_p
    assert_allclose(p_values, [0.01939120, 4.775012e-05], rtol=1e-6)
    ppv, npv = PAIR.relative_positive_predictive_value, PAIR.relative_negative_predictive_value
    assert_allclose(
        [ppv.estimate, ppv.std_error, ppv.conf_low, ppv.conf_high, ppv.p_value],
        [1.04860694, 0.01991247, 1.00847050, 1.09034078, 0.01714612],
        rtol=1e-6,
    )
    assert_allclose(
        [npv.estimate, npv.std_error, npv.conf_low, npv.conf_high, npv.p_value],
        [0.8536403, 0.03783679, 0.7926258, 0.9193516, 2.885568e-05],
        rtol=1e-6,
    )


def test_relative_sensitivity_and_specificity_are_those_of_dtcompair():
    """DTComPair 1.2.6, sesp.rel(Paired1), Alonzo and others 2002."""
    for found, golden in (
        (PAIR.relative_sensitivity, [0.8589421, 0.02717863, 0.8143843, 0.9059378, 2.211197e-08]),
        (PAIR.relative_specificity, [1.1751412, 0.04513488, 1.0756505, 1.2838342, 0.0003493056]),
    ):
        values = [found.estimate, found.std_error, *found.in_order[::2], found.p_value]
        assert_allclose(values, golden, rtol=1e-6)


def test_relative_likelihood_ratios_are_those_of_dtcompair():
    """DTComPair 1.2.6, dlr.regtest(Paired1), Gu and Pepe 2009; there first over second."""
    for found, golden in (
        (PAIR.relative_likelihood_ratio_positive, [0.7345692, 0.1326086, 0.5664428, 0.9525973]),
        (PAIR.relative_likelihood_ratio_negative, [0.5768875, 0.137376, 0.4407136, 0.7551371]),
    ):
        inverse = found.transformed(lambda ratio: 1 / ratio)
        values = [inverse.estimate, found.std_error, inverse.conf_low, inverse.conf_high]
        assert_allclose(values, golden, rtol=1e-6)


def test_each_test_alone_is_its_own_two_by_two():
    """The pairing changes no margin; accuracy adds the two groups."""
    assert (PAIR.first.tp, PAIR.first.fp) == (397, 84)
    assert (PAIR.second.fn, PAIR.second.tn) == (110, 208)
    gain = PAIR.accuracy_difference.estimate
    assert_allclose(gain, PAIR.second.accuracy.estimate - PAIR.first.accuracy.estimate)


def test_exchanging_the_tests_mirrors_everything():
    """An invariant: which test is called the first is a name."""
    for cells in itertools.product(range(3), repeat=4):
        if not sum(cells):
            continue
        counts = PairedCounts.of_cells(*cells)
        mirrored = PairedCounts.of_cells(cells[0], cells[2], cells[1], cells[3])
        for method in ("tango", "newcombe", "wald"):
            one, other = (paired_difference(c, method=method) for c in (counts, mirrored))
            assert_allclose(one.in_order, -np.array(other.in_order)[::-1], atol=1e-8)
        assert_allclose(counts.p_value(), mirrored.p_value())


def test_tango_excludes_zero_exactly_when_mcnemar_says_so():
    """At a difference of 0 Tango's score is that of McNemar without a correction."""
    for first_only, second_only in itertools.product(range(1, 12), repeat=2):
        counts = PairedCounts(both=5, first_only=first_only, second_only=second_only, neither=7)
        found = paired_difference(counts)
        excluded = found.conf_low > 0 or found.conf_high < 0
        assert excluded == (counts.p_value(ASYMPTOTIC) < 0.05)


def test_empty_margins_leave_ratios_open():
    """A test without positives has no predictive value to compare."""
    nobody = PairedCounts(both=0, first_only=0, second_only=3, neither=5)
    pair = PairedAccuracy(diseased=nobody, healthy=PairedCounts.of_cells(0, 0, 2, 6))
    assert np.isnan(pair.positive_predictive_value_p)
    assert pair.relative_sensitivity.estimate == np.inf
    assert (pair.relative_sensitivity.conf_low, pair.relative_sensitivity.conf_high) == (0, np.inf)


def test_impossible_counts_and_methods_are_refused():
    """Errors say what was expected and what came."""
    with pytest.raises(ValueError, match="first_only must be a whole number"):
        PairedCounts(both=1, first_only=-1, second_only=0, neither=0)
    with pytest.raises(ValueError, match="at least one patient"):
        PairedCounts(both=0, first_only=0, second_only=0, neither=0)
    with pytest.raises(ValueError, match="expected a method out of"):
        paired_difference(DISEASED, method="exact")
