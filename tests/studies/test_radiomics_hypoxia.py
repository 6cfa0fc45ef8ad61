"""The chapter on hypoxic metastases: what must hold, and what a changed datum moves."""

import numpy as np
import pytest

from reanalysis import auc_comparison, printed_aucs
from reanalysis.net_benefit import net_benefit
from reanalysis.roc_curve import binormal_roc
from reanalysis.studies import load_study

STUDY = "radiomics_hypoxia"


def test_a_changed_limit_moves_the_title(chapter):
    """Had the interval of T2W TE75 begun above a coin, the title would hold."""
    chapter.change("aucs.csv", "T2W TE75,T2W,0.64,0.42", "T2W TE75,T2W,0.64,0.52")
    moved = chapter.what_moved()
    for claim in ("title", "conclusion"):
        assert f"{claim}.t2w.predictive: expected differs, got reproduced" in moved
    # An interval of 0.52 to 0.82 would not lie about 0.64 on any scale.
    assert "results.t2w_te75.auc: expected not_recomputable, got differs" in moved


def test_a_changed_p_value_is_noticed(chapter):
    """Halved once more, the P value of ADC would leave what its interval allows two-sided."""
    printed = (chapter.folder / "claims.csv").read_text(encoding="utf-8").splitlines()
    line = next(row for row in printed if row.startswith("results.adc.p_value"))
    chapter.change("claims.csv", line, line.replace("0.019", "0.005"))
    moved = chapter.what_moved()
    assert "1 claim(s) moved" in moved
    assert "results.adc.p_value: expected not_recomputable, got differs" in moved


def test_data_and_claims_say_the_same():
    """Every cell of the table stands in the claims, as the same text."""
    study = load_study(STUDY)
    texts = printed_aucs.printed_texts(study.table("aucs"))
    published = study.claims.set_index("claim_id")["published"]
    ends = {"auc": "auc", "conf_low": "auc.low", "conf_high": "auc.high", "p_value": "p_value"}
    for name, row in texts.items():
        start = "results." + name.lower().replace(" ", "_")
        assert {column: published[f"{start}.{end}"] for column, end in ends.items()} == row


def test_no_one_reading_reaches_all_seven():
    """One-sided three at most, two-sided two; four P values are below any two-sided one."""
    table = load_study(STUDY).table("aucs")
    readings = printed_aucs.p_values_by_reading(printed_aucs.printed_texts(table))
    hits = readings[readings["reaches"]].groupby(["sides", "reading"]).size()
    assert hits.groupby("sides").max().to_dict() == {"one-sided": 3, "two-sided": 2}
    ranges = printed_aucs.p_value_ranges(readings)
    below = table.set_index("name")["p_value"] < ranges["two_low"]
    assert set(below[below].index) == {"T2W TE75", "DWI b800", "T2W TE300", "DWI b10"}


def test_only_the_best_survives_holm_and_best_and_worst_are_at_the_edge():
    """What the sixth section says of multiplicity and of the difference."""
    table = load_study(STUDY).table("aucs").set_index("name")
    adjusted = printed_aucs.corrected_p_values(table["p_value"])
    for word in ("printed", "doubled"):
        assert list(adjusted.index[adjusted[word, "Holm"] < 0.05]) == ["DWI b200"]
    areas = printed_aucs.printed_estimates(table.reset_index())
    gap = auc_comparison.area_difference(areas["DWI b200"], areas["DWI b10"])
    assert gap.p_value == pytest.approx(0.05, abs=0.001)
    assert auc_comparison.correlation_needed(areas["ADC"], areas["DWI b0"]) > 0.95


def test_a_lower_cut_off_beats_acting_on_everybody_by_a_little():
    """At one in five, prevalence one half: 0.389 by hand on the curve d' = sqrt(2)·z(0.79)."""
    curve = binormal_roc(0.79, n_positive=16, n_negative=16)
    along = curve.points(np.linspace(0, 1, 1001))
    rates = {rate: along[rate] for rate in ("sensitivity", "specificity")}
    found = net_benefit(**rates, prevalence=0.5, threshold=0.2)
    everybody = net_benefit(sensitivity=1, specificity=0, prevalence=0.5, threshold=0.2)
    assert (round(found.max(), 3), everybody) == (0.389, 0.375)
