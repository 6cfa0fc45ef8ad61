"""What must hold in the chapter on the MRI-halo sign, and what a changed datum moves."""

import json
import runpy
import shutil
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from reanalysis import sign_outcome_counts as outcome
from reanalysis.consistency.contradictions import find_contradictions
from reanalysis.ledger import UnexpectedVerdictError
from reanalysis.sign_resection_margin import EVERYONE, names_of, printed_statements, sign_fits
from reanalysis.studies import data_folder, load_study, refresh_hashes

STUDY = "pancreatic_halo_sign"
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / f"{STUDY}.ipynb"


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


def test_no_test_gives_the_printed_p_of_the_sign(found, printed):
    tests = outcome.sign_tests(found, printed)
    assert len(tests) == 30
    assert not tests["p_value"].between(0.0155, 0.0165).any()
    assert (tests.loc[tests["paired"], "p_value"] < 0.05).all()


def test_a_changed_number_fails_and_names_its_claims(tmp_path, monkeypatch):
    """One more clear margin without a halo, the hash refreshed."""
    monkeypatch.setenv("REANALYSIS_STRICT", "1")
    folder = tmp_path / "data" / STUDY
    shutil.copytree(data_folder() / STUDY, folder)
    monkeypatch.setenv("REANALYSIS_DATA", str(tmp_path / "data"))
    text = (folder / "results.csv").read_text(encoding="utf-8")
    old = "R0 of the resected,no MRI-halo,percent,20.0,%"
    assert old in text
    changed = text.replace(old, old.replace("20.0", "40.0"))
    (folder / "results.csv").write_text(changed, encoding="utf-8")
    refresh_hashes(STUDY)
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    script = tmp_path / "chapter.py"
    script.write_text("\n".join(sources), encoding="utf-8")
    with pytest.raises(UnexpectedVerdictError) as error:
        runpy.run_path(str(script))
    plt.close("all")
    assert "r0.with_halo: expected reproduced, got differs" in str(error.value)
    assert "predictive_value.positive: expected reproduced, got differs" in str(error.value)
    assert "halo.mri.percent" not in str(error.value)
