"""Simulated readings have what is printed; the moments behind them; what they leave open."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reanalysis import simulated_agreement as sa
from reanalysis.agreement import intraclass_correlations, percentile_limits_of_agreement
from reanalysis.reader_moments import ReaderForms, nearest_moments, possible_levels
from reanalysis.reader_simulation import design_of_readers, simulate_readers
from reanalysis.reader_study import repeated_analyses
from reanalysis.studies import load_study

NAMES = {"NeuRad": ["R1", "R2"], "GenRad": ["R3", "R4"], "Res": ["R5", "R6"]}
DESIGN, MEMBERS = design_of_readers(NAMES)
PANEL = ("white matter", 3)


def strategy(table):
    return table[(table["location"] == PANEL[0]) & (table["n_rois"] == PANEL[1])]


@pytest.fixture(scope="module")
def printed():
    table = load_study("rcbv_reproducibility").table("icc")
    return strategy(table[~table["analysis"].isin(repeated_analyses(table))])


@pytest.fixture(scope="module")
def medians():
    return strategy(load_study("rcbv_reproducibility").table("medians"))


def simulate(printed, medians, seed=1, n_sets=2):
    groups = medians[medians["group"] != "Total"][["group", "median", "iqr"]]
    options = {"design": DESIGN, "groups": MEMBERS, "n_targets": 30, "n_sets": n_sets}
    return simulate_readers(printed, groups, **options, rng=np.random.default_rng(seed))


@pytest.fixture(scope="module")
def simulated(printed, medians):
    return simulate(printed, medians)


def test_every_printed_icc_and_interval_is_that_of_pingouin(simulated, printed):
    # Independent of the conditioning: pingouin's ICC(A,1) and its interval, of every comparison.
    for row in printed.itertuples():
        for ratings in simulated.raters(row.analysis):
            found = intraclass_correlations(ratings).loc["ICC(A,1)"]
            assert f"{found.estimate:.3f}" == f"{row.icc:.3f}"
            assert_allclose(found.conf_low, row.conf_low, atol=0.005 + 1e-9)
            assert_allclose(found.conf_high, row.conf_high, atol=0.005 + 1e-9)


def test_every_printed_median_and_quartile_range_is_met(simulated, medians):
    for group in MEMBERS:
        row = medians[medians["group"] == group].iloc[0]
        for readings in simulated.readings:
            low, middle, high = np.quantile(readings[:, MEMBERS[group]], [0.25, 0.5, 0.75])
            assert_allclose([middle, high - low], row[["median", "iqr"]].astype(float), atol=0.05)
    assert (simulated.readings > 0).all()


def test_data_sets_differ_and_come_again_with_their_seed(simulated, printed, medians):
    assert not np.allclose(simulated.readings[0], simulated.readings[1])
    again = simulate(printed, medians, n_sets=1)
    assert_allclose(again.readings[0], simulated.readings[0])


def test_an_impossible_row_is_left_out(printed, medians):
    strange = printed.copy()
    strange.loc[strange["analysis"] == "R1 vs. R2", "icc"] = 0.674
    found = simulate(strange, medians, n_sets=1)
    assert found.left_out == ("R1 vs. R2",)
    with pytest.raises(ValueError, match=r"no 2 raters have ICC 0\.674"):
        possible_levels(strange[strange["analysis"] == "R1 vs. R2"], 30)


def test_what_cannot_be_met_together_is_refused(printed, medians):
    # All six readers agree perfectly in rank with the pairs disagreeing: no such six readers.
    torn = printed[printed["analysis"].isin(["NeuRad vs. Res", "All readers pooled"])].copy()
    row = torn["analysis"] == "All readers pooled"
    torn.loc[row, ["icc", "conf_low", "conf_high"]] = [0.95, 0.92, 0.97]
    with pytest.raises(ValueError, match="found none"):
        simulate(torn, medians, n_sets=1)


def test_moments_give_the_icc_of_the_data_and_right_slopes():
    rng = np.random.default_rng(2)
    readings = rng.lognormal(2, 0.4, (30, 6))
    forms = ReaderForms(DESIGN, 30)
    means, root = readings.mean(axis=0), np.linalg.cholesky(np.cov(readings.T))
    values, slopes = forms.agreement(means, root)
    icc = [intraclass_correlations(readings @ w.T).estimate["ICC(A,1)"] for w in DESIGN.values()]
    assert_allclose(values[: len(DESIGN)], icc, rtol=1e-9)
    point, step = np.concatenate([means, root.ravel()]), 1e-6
    for place in (0, 5, 8, 20, 41):
        moved = [point + sign * step * (np.arange(42) == place) for sign in (1, -1)]
        ends = [forms.agreement(p[:6], p[6:].reshape(6, 6))[0] for p in moved]
        assert_allclose(slopes[:, place], (ends[0] - ends[1]) / (2 * step), atol=1e-6)


def test_moments_that_fit_stay_where_they_are(simulated, printed):
    conditions = {name: DESIGN[name] for name in printed["analysis"]}
    forms, readings = ReaderForms(conditions, 30), simulated.readings[0]
    start = readings.mean(axis=0), np.linalg.cholesky(np.cov(readings.T))
    runs = possible_levels(printed, 30)
    means, root = nearest_moments(forms, printed["icc"].to_numpy(), runs, start)
    assert_allclose(means, start[0], rtol=0.01)
    assert_allclose(root @ root.T, start[1] @ start[1].T, rtol=0.1, atol=1)


def test_summaries_of_an_ensemble(simulated, printed, medians):
    panels = {PANEL: simulated}
    met = sa.closeness(panels, printed, medians, MEMBERS)
    assert (met[met["of"] != "Total"]["met"] == 1).all()
    found = sa.simulated_differences(simulated, "R1 vs. R2")
    values = simulated.raters("R1 vs. R2")[0]
    limits = percentile_limits_of_agreement(values[:, 0] - values[:, 1])
    expected = [limits.lower.estimate, limits.bias.estimate, limits.upper.estimate]
    gaps = np.abs(found.limits.to_numpy() - expected).max(axis=1)
    assert gaps.min() < 1e-9
    first = np.quantile(found.differences, [0.025, 0.5, 0.975])
    assert_allclose(found.limits.iloc[0], first)
    oriented = sa.simulated_differences(simulated, "R1 vs. R2", oriented=True)
    assert oriented.differences.mean() > 0
    assert len(found.means) == len(found.differences) == 30
    frame = sa.limits_table(panels, ["R1 vs. R2"], ratios=True)
    assert frame.loc[0, "lower_min"] == found.ratios["lower"].min()
    crossing = sa.crossing_share([simulated], "R1 vs. R2", [0.9, 0.5])
    assert crossing["share"].is_monotonic_decreasing
    assert (crossing["smallest"] <= crossing["largest"]).all()


def test_panels_are_made_for_each_strategy(printed, medians):
    options = {"design": DESIGN, "groups": MEMBERS, "n_targets": 30, "n_sets": 1}
    panels = sa.simulate_panels(printed, medians, **options, seed=3)
    assert list(panels) == [PANEL]
    icc = sa.icc_of_sets(panels[PANEL], "R1 vs. R2")["icc"]
    row = printed.set_index("analysis").loc["R1 vs. R2"]
    assert_allclose(icc, row["icc"], atol=0.0005)
    assert isinstance(icc, pd.Series)
