"""What the executable primers say is what the package and the benchmarks say."""

import json
import re
import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter
from lifelines.datasets import load_lung
from scipy import stats

from reanalysis.alternatives.limits_of_agreement import limits_of_agreement_variants
from reanalysis.alternatives.ratio_interval import NORMAL, ratio_interval_variants
from reanalysis.alternatives.two_by_two_tests import two_by_two_variants
from reanalysis.bivariate_intervals import prediction_intervals
from reanalysis.bivariate_meta_analysis import fit_bivariate_model
from reanalysis.consistency.estimate_intervals import check_triad
from reanalysis.example_reviews import example_review
from reanalysis.survival_factors import feasible_factors
from tests.validate import survival_simulation as summaries

METHODS = Path(__file__).resolve().parent.parent / "book" / "methods"
PRIMERS = sorted(METHODS.glob("*.ipynb"))


def cells_of(name):
    """The cells of a primer by their id, as (type, source)."""
    cells = json.loads((METHODS / name).read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: (cell["cell_type"], "".join(cell["source"])) for cell in cells}


@pytest.fixture
def run(tmp_path):
    """Run one cell of the primer on survival; return its variables and the tables it shows."""

    def run_cell(cell_id, **variables):
        tables = []
        variables["show_table"] = lambda frame, *_, **__: tables.append(frame)
        path = tmp_path / "cell.py"
        path.write_text(cells_of("kaplan_meier.ipynb")[cell_id][1], encoding="utf-8")
        return runpy.run_path(str(path), init_globals=variables), tables

    return run_cell


@pytest.mark.parametrize("cell_id", ["km-numbers", "km-both-numbers"])
def test_every_arm_has_its_own_curve_in_the_numbers_of_a_figure(run, cell_id):
    """One fitter for all arms gave every arm the curve of the last."""
    lung = load_lung().rename(columns={"status": "event"})
    arms = {"men": lung[lung["sex"] == 1], "women": lung[lung["sex"] == 2]}
    made, tables = run("km-numbers", arms=arms)
    if cell_id != "km-numbers":
        _, tables = run(cell_id, both=arms, steps_of=made["steps_of"])
    (table,) = tables
    assert list(table.index.unique("arm")) == ["men", "women"]
    for name, arm in arms.items():
        fit = KaplanMeierFitter().fit(arm["time"], arm["event"])
        shown = table.loc[name]
        np.testing.assert_array_equal(shown.index, fit.survival_function_.index)
        np.testing.assert_array_equal(shown["survival"], fit.survival_function_.iloc[:, 0])
        by_hand = [(arm["time"] >= time).sum() for time in shown.index]
        np.testing.assert_array_equal(shown["at risk"], by_hand)
    assert not table.loc["men"].equals(table.loc["women"])


@pytest.fixture
def at_methods(monkeypatch):
    """The folder in which the cells of a primer run."""
    monkeypatch.chdir(METHODS)


def test_the_table_of_curves_is_that_of_the_benchmark(run, at_methods):
    kept = pd.read_csv("../../benchmarks/survival/from_curve_summary.csv")
    _, (shown,) = run("curve-benchmark", pd=pd)
    numbers = kept.drop(columns="data set").replace("%$", "", regex=True).astype(float)
    np.testing.assert_array_equal(shown.drop(columns="Data set"), numbers)
    assert not shown["Data set"].str.contains("_").any()
    assert shown["Data set"].is_unique
    assert shown["Data set"].iloc[[2, 3, 8]].tolist() == [
        "kidney transplants", "breast cancer", "lymphoma",
    ]  # fmt: skip
    order = [re.sub(".*, ", "", column) for column in kept.columns[2:]]
    in_words = {"risk table": "risk table", "total events": "total of events"}
    in_words["nothing"] = "patients only"
    of = ["Survival", "Survival", "Survival", *["Hazard ratio (%)"] * 3]
    expected = [f"{o}: {in_words[g]}" for o, g in zip(of, order, strict=True)]
    assert shown.columns[2:].tolist() == expected


def test_the_table_of_ensembles_is_that_of_the_benchmark(run, at_methods):
    kept = summaries.summary(pd.read_csv(summaries.RESULT))
    _, (shown,) = run("ensemble-benchmark", pd=pd)
    numbers = kept.drop(columns="quantity")
    numbers[["coverage", "conf_low", "conf_high"]] *= 100
    # Three digits are kept.
    np.testing.assert_allclose(shown.drop(columns="Quantity"), numbers, rtol=5.1e-3)
    assert shown["Quantity"].notna().all()
    assert shown["Quantity"].iloc[[0, 4, 5]].tolist() == [
        "arm 1, up to first time", "hazard ratio (logarithm)", "log-rank P (logarithm)",
    ]  # fmt: skip
    assert kept["quantity"].iloc[[0, 4, 5]].tolist() == [
        "survival, first, early", "hazard ratio", "log-rank P",
    ]  # fmt: skip


def test_without_a_risk_table_small_samples_are_further_off_than_whole_sets(run, at_methods):
    """The sentence that reconciles the two tables: sets that are in both."""
    table = pd.read_csv(summaries.RESULT)
    table = table[table["quantity"] == "hazard ratio"]
    table = table.assign(
        error=np.abs(np.log(table["from_curve_without_table"] / table["truth"])),
        width=np.log(table["conf_high"] / table["conf_low"].where(table["conf_low"] > 0)),
    )
    assert table[["n_first", "n_second"]].min().min() >= 50
    assert table[["n_first", "n_second"]].max().max() <= 120
    _, (whole,) = run("curve-benchmark", pd=pd)
    whole = whole.set_index("Data set")["Hazard ratio (%): patients only"]
    for name, word in (("gbsg2", "breast cancer"), ("kidney_transplant", "kidney transplants")):
        worst = table.loc[table["source"] == name, "error"].quantile(0.95)
        assert worst > 4 * np.log1p(whole[word] / 100)
    # Seldom does an error exceed the whole width of its own ensemble: the page does not say so.
    assert (table["error"] > table["width"]).mean() < 0.05
    simulated = table[table["source"] == "simulated"]
    assert simulated["error"].median() > table["error"].median()


def test_the_printed_rate_leaves_most_at_risk_at_the_last_event():
    (row,) = feasible_factors(85, "97.51").itertuples()
    assert (row.events, row.histories, row.at_risk_last_min) == (2, 4, 75)
    assert "both early" not in cells_of("kaplan_meier.ipynb")["cell-014"][1]


@pytest.mark.parametrize("k", [3, 11, 90])
def test_the_limit_of_a_plateau_is_one_sided(k):
    """Exact one-sided limit of no event among k; three divided by k only where k is large."""
    assert 1 - 0.05 ** (1 / k) == pytest.approx(stats.beta.ppf(0.95, 1, k))
    assert (abs(3 / k / (1 - 0.05 ** (1 / k)) - 1) < 0.05) == (k > 50)
    assert "one-sided" in cells_of("kaplan_meier.ipynb")["cell-003"][1]


def test_no_table_on_the_page_about_survival_is_headed_by_code(run):
    made, (table,) = run("cell-013")
    assert not [name for name in table.columns if "_" in name]
    assert made["factors"]["events"].tolist() == table["events"].tolist()


@pytest.mark.parametrize("path", PRIMERS, ids=lambda path: path.stem)
def test_every_figure_has_its_numbers_beside_it(path):
    """After a figure comes a table, which carries a CSV, before the next figure or heading."""
    waiting = []
    for cell_id, (kind, source) in cells_of(path.name).items():
        found = re.findall(r"show_(figure|table|variants)\(", source) if kind == "code" else []
        headings = re.findall(r"^##+ .+$", source, flags=re.MULTILINE) if kind == "markdown" else []
        if "figure" in found:
            waiting.append(cell_id)
        elif found or headings:
            # The crosshair and the scattergram stand below and above tables of their studies.
            assert found or set(waiting) <= {"cell-003"}, waiting
            waiting = []
    assert waiting == []
    assert "csv-table" not in path.read_text(encoding="utf-8")


def test_how_far_a_large_study_moves_the_summary():
    """As the answer says: less than adding up, about half as far, and the interval widens."""
    studies = example_review("telomerase")
    before = fit_bivariate_model(studies)
    widths = [_width(before)]
    for n in (300, 1000):
        new = pd.DataFrame({"study": ["new"], "tp": [n], "fp": [0], "fn": [0], "tn": [n]})
        more = pd.concat([studies, new], ignore_index=True)
        after = fit_bivariate_model(more)
        widths.append(_width(after))
        for measure, true, false in (("sensitivity", "tp", "fn"), ("specificity", "tn", "fp")):
            moved = getattr(after, measure).estimate - getattr(before, measure).estimate
            added = _pooled(more, true, false) - _pooled(studies, true, false)
            assert 1 / 3 < moved / added < 0.71
    assert np.all(np.diff(widths, axis=0) > 0)


def _pooled(table, true, false):
    return table[true].sum() / (table[true].sum() + table[false].sum())


def _width(fit):
    intervals = prediction_intervals(fit)
    return (intervals["prediction_high"] - intervals["prediction_low"]).to_numpy()


def test_false_positive_rates_of_the_studies():
    """From nought to 0.76, the last of them alone beyond 0.34."""
    studies = example_review("telomerase")
    rates = (studies["fp"] / (studies["fp"] + studies["tn"])).sort_values()
    np.testing.assert_allclose(rates.iloc[[0, -2, -1]], [0, 16 / 47, 22 / 29])


def test_limits_of_agreement_hold_few_different_pairs():
    limits = limits_of_agreement_variants(n=17, mean="-2.1", sd="38.8").set_index("method")
    pairs = limits.round(6).groupby(["lower", "upper"]).size()
    assert (len(limits), len(pairs), pairs.max()) == (9, 4, 6)
    # Two SDs differ from 1.96 by as much whatever the number of pairs; Student's does not.
    beyond = {}
    for n in (17, 170):
        upper = limits_of_agreement_variants(n=n, mean=0, sd=1).set_index("method")["upper"]
        beyond[n] = upper[["2 SD", "t SD"]] - upper["1.96 SD"]
    assert beyond[17]["2 SD"] == pytest.approx(beyond[170]["2 SD"])
    assert beyond[17]["t SD"] > 10 * beyond[170]["t SD"] > 0


def test_an_interval_gives_estimate_and_p_value():
    printed = {"estimate": "0.62", "conf_low": "0.41", "conf_high": "0.94"}
    table = ratio_interval_variants(**printed, p_value="0.012")
    row = table.set_index(["quantity", "method"]).loc[("p_value", NORMAL)]
    found = check_triad(*printed.values(), "0.24", kind="ratio")
    # The check is the stricter, as the page explains.
    assert row["value_min"] < found.p_low < row["value"] < found.p_high < row["value_max"]
    middle, half = np.log([0.41, 0.94]).mean(), np.diff(np.log([0.41, 0.94])).item() / 2
    assert np.exp(middle) == pytest.approx(0.62, abs=0.005)
    p = 2 * stats.norm.sf(abs(middle) / (half / stats.norm.ppf(0.975)))
    assert found.p_low <= p <= found.p_high


def test_few_of_the_tests_would_not_have_been_significant():
    """The page says *could*."""
    groups = {"first_events": 6, "first_total": 18, "second_events": 12, "second_total": 17}
    p = two_by_two_variants(**groups)["p_value"]
    assert (len(p), (p >= 0.05).sum()) == (15, 2)
