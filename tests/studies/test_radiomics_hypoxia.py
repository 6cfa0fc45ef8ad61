"""The chapter on hypoxic metastases: what must hold, and what a changed datum moves."""

import json
import runpy
import shutil
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from reanalysis import auc_comparison, printed_aucs
from reanalysis.ledger import UnexpectedVerdictError
from reanalysis.studies import data_folder, load_study, refresh_hashes

STUDY = "radiomics_hypoxia"
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / f"{STUDY}.ipynb"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the study's data that a test may change."""
    shutil.copytree(data_folder() / STUDY, tmp_path / "data" / STUDY)
    monkeypatch.setenv("REANALYSIS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("REANALYSIS_STRICT", "1")
    yield tmp_path / "data" / STUDY
    plt.close("all")


def run_chapter(tmp_path):
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    script = tmp_path / "chapter.py"
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    script.write_text("\n".join(sources), encoding="utf-8")
    return runpy.run_path(str(script))


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    refresh_hashes(STUDY)


def test_a_changed_limit_moves_the_title(copy, tmp_path):
    """Had the interval of T2W TE75 begun above a coin, the title would hold."""
    change(copy / "aucs.csv", "T2W TE75,T2W,0.64,0.42", "T2W TE75,T2W,0.64,0.52")
    with pytest.raises(UnexpectedVerdictError) as error:
        run_chapter(tmp_path)
    for claim in ("title", "conclusion"):
        moved = f"{claim}.t2w.predictive: expected differs, got reproduced"
        assert moved in str(error.value)
    # An interval of 0.52 to 0.82 would not lie about 0.64 on any scale.
    assert "results.t2w_te75.auc: expected not_recomputable, got differs" in str(error.value)


def test_a_changed_p_value_is_noticed(copy, tmp_path):
    """Halved once more, the P value of ADC would leave what its interval allows two-sided."""
    claims = copy / "claims.csv"
    line = next(
        row for row in claims.read_text("utf-8").splitlines() if row.startswith("results.adc.p_val")
    )
    change(claims, line, line.replace("0.019", "0.005"))
    with pytest.raises(UnexpectedVerdictError, match=r"1 claim\(s\) moved") as error:
        run_chapter(tmp_path)
    assert "results.adc.p_value: expected not_recomputable, got differs" in str(error.value)


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
