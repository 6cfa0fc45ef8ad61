"""The chapter on perfusion after radiosurgery: what must hold, and what a changed datum moves."""

import json
import runpy
import shutil
from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from reanalysis import perfusion_statements as statements
from reanalysis import perfusion_threshold as rule
from reanalysis.alternatives.median_to_mean import QUANTILE_ESTIMATION, median_to_mean_variants
from reanalysis.consistency.median_counts import counts_reaching_threshold
from reanalysis.ledger import UnexpectedVerdictError
from reanalysis.median_range_samples import MedianRange, is_possible_mean
from reanalysis.median_range_tests import STUDENT, WELCH, smallest_by_form, student_p_bounds
from reanalysis.studies import data_folder, load_study, refresh_hashes

STUDY = "srs_perfusion"
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / f"{STUDY}.ipynb"


@pytest.fixture(scope="module")
def ratios():
    return load_study(STUDY).table("ratios")


def test_most_missed_recurrences_were_high_before(ratios):
    """Four at least, whether 10.38 is a median or a mean, and whatever the rounding."""
    row = rule.printed_group(ratios, "before", "recurrence missed", "rKtrans")
    for statistic in ("median", "mean"):
        numbers = {"value": row.value, "low": row.low, "high": row.high, "statistic": statistic}
        assert min(counts_reaching_threshold(6, threshold=1.5, **numbers)) == 4


def test_student_cannot_print_the_p_value_for_rktrans():
    """Over all corners of the rounding of the six printed numbers."""
    first = product((7.35, 7.45), (0.575, 0.585), (221.125, 221.135))
    second = list(product((1.55, 1.65), (0.175, 0.185), (198.465, 198.475)))
    keys = ("median", "low", "high")
    for a in first:
        for b in second:
            group = MedianRange(n=14, **dict(zip(keys, a, strict=True)))
            other = MedianRange(n=8, **dict(zip(keys, b, strict=True)))
            assert student_p_bounds(group, other)[0] > 0.085


def test_other_forms_of_the_t_test_can_print_it_for_rktrans(ratios):
    """Published 0.08: not by Student's two-sided test, but by Welch's and by one-sided ones."""
    sizes = {"recurrence": 14, "necrosis": 8}
    pair = [rule.median_range(ratios, name, "rKtrans", n) for name, n in sizes.items()]
    found = smallest_by_form(*pair)
    assert found[STUDENT] > 0.085
    assert max(found[WELCH], found[f"{STUDENT}, one-sided"]) < 0.075


@pytest.mark.parametrize(
    "groups", [["recurrence found"], ["cohort"], ["recurrence found", "cohort"]]
)
def test_exchanging_the_ratios_does_not_mend_the_largest_values(ratios, groups):
    """Of the recurrences that were high later, of all lesions, or of both."""
    other = {"rKtrans": "rVP", "rVP": "rKtrans"}
    chosen = ratios["group"].isin(groups) & (ratios["time"] == "before")
    changed = ratios.assign(ratio=ratios["ratio"].mask(chosen, ratios["ratio"].map(other)))
    clashes = statements.range_contradictions(changed).minimal
    assert any(": to " in statement for clash in clashes for statement in clash)


def test_two_recurrences_give_a_whole_row_of_the_table(ratios):
    """0.35 and 0.49 would print as 0.4 (0.4-0.5), as the table does of its low group."""
    lows = [
        float(rule.printed_group(ratios, "before", f"recurrence {name}", "rKtrans").low)
        for name in ("missed", "found")
    ]
    row = rule.printed_group(ratios, "before", "ratio below threshold", "rKtrans", "Table 1")
    middle = sum(lows) / 2
    assert lows == [0.35, 0.49]  # a tie, half to even and half up alike: 0.4
    assert [row.value, row.high] == [f"{middle:.1f}", f"{lows[1]:.1f}"] == ["0.4", "0.5"]
    held = statements.smallest_of_recurrences(ratios)
    assert held["table1.low.rktrans.low"] == {"smallest of the recurrences": 0.35}
    assert held["table1.low.rvp.low"] == {"smallest of the recurrences": 0.20}


def test_low_necroses_before_treatment_by_rvp_need_medians(ratios):
    """At least four of eight if 2.81 and 3.94 are medians, none if they are means."""
    sizes = {"recurrence": 14, "necrosis": 8, "recurrence missed": 6, "recurrence found": 8}
    fewest, middle = rule.necroses_at_most(ratios, sizes, "rVP")
    assert fewest == 4
    supplied = 0
    for name, n in (("recurrence missed", 6), ("recurrence found", 8)):
        row = rule.printed_group(ratios, "before", name, "rVP")
        numbers = {"value": row.value, "low": row.low, "high": row.high, "statistic": "mean"}
        supplied += n - min(counts_reaching_threshold(n, threshold=middle * (1 + 1e-9), **numbers))
    assert supplied >= 11


def test_a_fitted_tail_leaves_what_is_possible(ratios):
    """Quantile estimation for eight values from 0.18 to 198.47 gives a mean beyond the largest."""
    group = rule.median_range(ratios, "necrosis", "rKtrans", 8)
    ends = {"minimum": group.low, "median": group.median, "maximum": group.high}
    means = median_to_mean_variants(n=8, **ends).set_index("method")["mean"]
    assert means[QUANTILE_ESTIMATION] > group.high
    assert not is_possible_mean(group, means[QUANTILE_ESTIMATION])
    assert is_possible_mean(group, means["Wan 2014"])


def run_changed(tmp_path, monkeypatch, file, old, new):
    """The chapter on a copy of the data with one text changed, hashes refreshed."""
    monkeypatch.setenv("REANALYSIS_STRICT", "1")
    folder = tmp_path / "data" / STUDY
    shutil.copytree(data_folder() / STUDY, folder)
    monkeypatch.setenv("REANALYSIS_DATA", str(tmp_path / "data"))
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    refresh_hashes(STUDY)
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    script = tmp_path / "chapter.py"
    script.write_text("\n".join(sources), encoding="utf-8")
    with pytest.raises(UnexpectedVerdictError) as error:
        runpy.run_path(str(script))
    plt.close("all")
    return str(error.value)


def test_another_p_value_would_confirm(tmp_path, monkeypatch):
    old = "P value,0.08,"
    message = run_changed(tmp_path, monkeypatch, "numbers.csv", old, old.replace("0.08", "0.04"))
    assert "conclusion.confirmed: expected differs, got reproduced" in message
    assert "1 claim(s) moved" in message


def test_another_largest_value_moves_the_table(tmp_path, monkeypatch):
    old = "cohort,,rKtrans,median,1.7,0.20,29.56"
    message = run_changed(tmp_path, monkeypatch, "ratios.csv", old, old.replace("29.56", "19.56"))
    assert "table1.cohort.rktrans.high: expected reproduced, got differs" in message
    assert "1 claim(s) moved" in message
