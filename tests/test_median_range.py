"""Data behind a printed median and range, and what tests say of them."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from reanalysis import median_range_tests as tests_of
from reanalysis.median_range_samples import SHAPES, MedianRange, is_possible_mean

GROUPS = {
    "even, skew": MedianRange(n=8, median=1.6, low=0.18, high=198.47),
    "even, from zero": MedianRange(n=8, median=0.9, low=0, high=6.4),
    "odd": MedianRange(n=7, median=3, low=1, high=4),
    "smallest": MedianRange(n=4, median=3, low=1, high=6),
}
# Not a set of patients: chosen without ties for the comparison with R.
FIRST = np.array([[0.48, 1.2, 2.6, 3.0, 3.2, 4.1, 5.5, 6.1]])
SECOND = np.array([[0.05, 0.3, 0.7, 0.8, 1.0, 2.2, 6.4]])


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_samples_have_the_printed_median_and_range(group):
    rng = np.random.default_rng(2)
    samples = [group.simulate(rng, 200, shape=shape) for shape in SHAPES]
    samples += [group.corners(), group.placed(0.3, 0.8, 0.6)[None]]
    for rows in samples:
        assert rows.shape[1] == group.n
        assert (np.diff(rows, axis=1) >= -1e-12).all()
        assert_allclose(np.median(rows, axis=1), group.median)
        assert_allclose(rows[:, [0, -1]], np.tile([group.low, group.high], (len(rows), 1)))


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_no_sample_leaves_the_possible_means(group):
    """Random samples, some with members heaped at the ends of where they may lie."""
    rng = np.random.default_rng(3)
    low, high = group.mean_bounds()
    for shape in SHAPES:
        means = group.simulate(rng, 2000, shape=shape).mean(axis=1)
        assert low - 1e-9 <= means.min() <= means.max() <= high + 1e-9
    assert is_possible_mean(group, (low + high) / 2)
    assert not is_possible_mean(group, high + 0.01)


def test_possible_means_by_hand():
    """Four values 1, a, b, 6 with a + b = 6: their mean is 13 / 4 whatever a and b are."""
    assert GROUPS["smallest"].mean_bounds() == (3.25, 3.25)
    # 1, 1, 1, 3, 3, 3, 4 and 1, 3, 3, 3, 4, 4, 4
    assert_allclose(GROUPS["odd"].mean_bounds(), (16 / 7, 22 / 7))


def test_p_values_agree_with_r():
    """tests/reference/median_range/two_groups.R, R 4.2.2, to its printed digits."""
    golden = {
        tests_of.STUDENT: 0.150032481975,
        tests_of.WELCH: 0.155342992155,
        tests_of.STUDENT_LOG: 0.06658281072,
        tests_of.WELCH_LOG: 0.0857623378998,
        tests_of.RANK: 0.0938616938617,
    }
    found = tests_of.p_values_by_test(FIRST, SECOND).iloc[0]
    for test, value in golden.items():
        assert_allclose(found[test], value, rtol=1e-10)


def test_logarithms_of_zero_are_left_out():
    groups = MedianRange(n=6, median=3, low=1, high=9), GROUPS["even, from zero"]
    rng = np.random.default_rng(4)
    table = tests_of.simulated_p_values(*groups, "0.08", rng=rng, n_samples=50)
    assert set(table["test"]) == {tests_of.STUDENT, tests_of.WELCH, tests_of.RANK}
    assert (table["conf_low"] <= table["estimate"]).all()
    assert table[["reaching", "significant"]].stack().between(0, 1).all()


@pytest.mark.parametrize("seed", range(3))
def test_no_sample_beats_the_smallest_student_p(seed):
    """A random search over every free value, heaped at the ends and not, stays above the bound."""
    rng = np.random.default_rng(seed)
    first = MedianRange(n=14, median=7.4, low=0.58, high=221.13)
    second = GROUPS["even, skew"]
    low, high = tests_of.student_p_bounds(first, second)
    assert high == 1.0
    smallest = 1.0
    for _ in range(20):
        pair = []
        for group in (first, second):
            free = group.n // 2 - 2
            shares = rng.beta(*rng.uniform(0.1, 3, 2), (2, 1000, free))
            step = rng.integers(0, 2, (1000, 1)) * group.step
            left, right = group.median - step, group.median + step
            lower = group.low + shares[0] * (left - group.low)
            upper = right + shares[1] * (group.high - right)
            ends = np.full((1000, 1), group.low), np.full((1000, 1), group.high)
            pair.append(np.hstack([ends[0], lower, left, right, upper, ends[1]]))
        smallest = min(smallest, stats.ttest_ind(*pair, axis=1).pvalue.min())
    assert low <= smallest
    # The corners are data, too, and the bound is as small as the smallest of them.
    corners = [group.corners() for group in (first, second)]
    a, b = np.meshgrid(*(np.arange(len(c)) for c in corners), indexing="ij")
    pairs = corners[0][a.ravel()], corners[1][b.ravel()]
    assert low <= stats.ttest_ind(*pairs, axis=1).pvalue.min() + 1e-9


def test_forms_of_the_t_test_at_the_corners():
    """One-sided is half of two-sided where the first mean is the larger; the order is a mirror."""
    first = MedianRange(n=14, median=7.4, low=0.58, high=221.13)
    second = GROUPS["even, skew"]
    found, mirrored = (tests_of.smallest_by_form(*g) for g in ((first, second), (second, first)))
    for form in (tests_of.STUDENT, tests_of.WELCH):
        assert_allclose(found[form], mirrored[form])
        assert_allclose(found[f"{form}, one-sided"], found[form] / 2)
        assert mirrored[f"{form}, one-sided"] > found[f"{form}, one-sided"]
    assert_allclose(found[tests_of.STUDENT], tests_of.student_p_bounds(first, second)[0])


def test_bounds_do_not_depend_on_the_order_of_the_groups():
    groups = MedianRange(n=14, median=3.1, low=0.48, high=6.1), GROUPS["even, from zero"]
    forward, backward = (tests_of.student_p_bounds(*g) for g in (groups, groups[::-1]))
    assert_allclose(forward, backward, rtol=1e-4)  # a search, to its tolerance


def test_groups_far_apart_are_never_alike():
    near = MedianRange(n=6, median=2, low=1, high=3)
    far = MedianRange(n=6, median=20, low=19, high=21)
    low, high = tests_of.student_p_bounds(near, far)
    assert 0 <= low <= high < 1e-6


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: MedianRange(n=3, median=1, low=0, high=2), "4 or more"),
        (lambda: MedianRange(n=6, median=3, low=0, high=2), "low <= median"),
        (lambda: GROUPS["odd"].simulate(np.random.default_rng(1), 5, shape="round"), "shape"),
    ],
)
def test_unfit_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
