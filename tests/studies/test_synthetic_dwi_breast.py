"""The chapter on synthetic DWI: a changed datum moves the claims that rest on it."""

import json
import runpy
import shutil
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from reanalysis.ledger import UnexpectedVerdictError
from reanalysis.studies import data_folder, load_study, refresh_hashes

STUDY = "synthetic_dwi_breast"
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / f"{STUDY}.ipynb"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the data that a test may change."""
    shutil.copytree(data_folder() / STUDY, tmp_path / "data" / STUDY)
    monkeypatch.setenv("REANALYSIS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("REANALYSIS_STRICT", "1")
    yield tmp_path / "data" / STUDY
    plt.close("all")


@pytest.fixture
def run_notebook(tmp_path):
    """Run the chapter's code cells as one script."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    script = tmp_path / f"{STUDY}.py"
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    script.write_text("\n".join(sources), encoding="utf-8")
    return lambda: runpy.run_path(str(script))


def change(path, old, new):
    """Replace one text that must be there once, and record the file's new hash."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    refresh_hashes(STUDY)


def test_a_lesion_moved_in_table_3_moves_its_claims(copy, run_notebook):
    """One benign lesion from bright to isointense on sDWI."""
    signals = copy / "signals.csv"
    change(signals, "sDWI,hyperintense,benign,15", "sDWI,hyperintense,benign,14")
    change(signals, "sDWI,isointense,benign,38", "sDWI,isointense,benign,39")
    with pytest.raises(UnexpectedVerdictError) as error:
        run_notebook()
    for claim in ("abstract.sdwi.specificity", "table3.sdwi.auc", "results.fp.sdwi"):
        assert claim in str(error.value)
    assert "abstract.sdwi.sensitivity:" not in str(error.value)


def test_a_count_in_prose_that_fits_no_table_stops_the_chapter(copy, run_notebook):
    """Thirteen instead of fifteen below the cut-off: the sensitivity of ADC cannot be."""
    change(copy / "counts_in_prose.csv", "hyperintense,below,15,", "hyperintense,below,13,")
    with pytest.raises(ValueError, match="got none"):
        run_notebook()


def test_facts_that_must_hold():
    """Totals of the transcribed tables, each against another."""
    study = load_study(STUDY)
    assert study.table("signals")["n"].sum() == 2 * study.card["n"]
    assert study.table("diagnoses")["n"].sum() == study.card["n"]
    assert study.table("lesion_size")["n"].sum() == study.card["n"]
    lesions = study.table("misread_lesions")
    assert lesions.groupby("table").size().tolist() == [7, 15]
    below = lesions["adc"] < study.printed("results.cutoff")
    assert (below == (lesions["marked_below_cutoff"] == "yes")).all()
