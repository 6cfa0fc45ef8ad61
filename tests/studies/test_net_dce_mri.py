"""The chapter on a news item: nothing unprinted passes as data, and what a changed datum moves."""

import json
import re
import runpy
import shutil
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from reanalysis.ledger import UnexpectedVerdictError
from reanalysis.studies import data_folder, load_study, refresh_hashes

STUDY = "net_dce_mri"
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / f"{STUDY}.ipynb"
# Calls that show what is simulated or assumed, not printed.
SIMULATING = re.compile(r"tissue_curves\(|estimate_forest\(|survival_family\(")
LABELLED = re.compile(r"simulat", re.IGNORECASE)


def code_cells():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return [("".join(c["source"]), c["metadata"]) for c in cells if c["cell_type"] == "code"]


def unlabelled(cells):
    """Captions of figures of simulations that do not say so."""
    captions = [
        metadata["mystnb"]["figure"]["caption"]
        for source, metadata in cells
        if SIMULATING.search(source) and "show_figure(" in source
    ]
    return captions, [caption for caption in captions if not LABELLED.search(caption)]


def test_every_simulated_panel_says_so():
    """Three such figures; and the check finds a caption that does not say it."""
    captions, silent = unlabelled(code_cells())
    assert len(captions) == 3
    assert silent == []
    figure = {"mystnb": {"figure": {"caption": "Uptake in three tissues."}}}
    assert unlabelled([("show_figure(tissue_curves(x, y))", figure)])[1]


def test_tables_of_simulations_say_so():
    """Titles of the tables of fits, bias and repeatability."""
    for source, _ in code_cells():
        if "show_table(" in source and re.search(
            r"show_table\((bias|family|limits)|simulated", source
        ):
            assert LABELLED.search(source), source


def test_other_figures_hold_nothing_simulated():
    """The two of exact intervals say that they are possible results, or of every split."""
    for source, metadata in code_cells():
        if "interval_columns(drawn" in source:
            caption = metadata["mystnb"]["figure"]["caption"]
            assert re.search("possible results|every split", caption)


def test_no_simulated_data_are_stored():
    card = load_study(STUDY).card
    assert {file["origin"] for file in card["files"]} == {"transcribed", "derived"}


def test_both_checklists_are_complete():
    """STARD 2015: 30 items, four of them in two parts; REMARK: 20."""
    table = load_study(STUDY).table("reporting")
    items = table.groupby("guideline")["item"].apply(list)
    numbers = [re.sub("[ab]", "", item) for item in items["STARD 2015"]]
    assert sorted(set(map(int, numbers))) == list(range(1, 31))
    assert len(numbers) == 34
    assert list(map(int, items["REMARK"])) == list(range(1, 21))


def test_numbers_and_claims_say_the_same():
    study = load_study(STUDY)
    facts = study.table("facts").set_index("fact")["printed"]
    published = study.claims.set_index("claim_id")["published"]
    assert published["n_patients"] == facts["patients"]
    ends = {"low": "five-year survival, lower end", "high": "five-year survival, upper end"}
    for end, fact in ends.items():
        assert published[f"survival.five_years.{end}"] == facts[fact]


def test_a_changed_survival_moves_its_words(tmp_path, monkeypatch):
    """With an upper end above half, the outlook would not be poor by the stated rule."""
    monkeypatch.setenv("REANALYSIS_STRICT", "1")
    folder = tmp_path / "data" / STUDY
    shutil.copytree(data_folder() / STUDY, folder)
    monkeypatch.setenv("REANALYSIS_DATA", str(tmp_path / "data"))
    text = (folder / "facts.csv").read_text(encoding="utf-8")
    old = 'liver metastases",30,%'
    assert old in text
    changed = text.replace(old, old.replace("30", "60"))
    (folder / "facts.csv").write_text(changed, encoding="utf-8")
    refresh_hashes(STUDY)
    script = tmp_path / "chapter.py"
    script.write_text("\n".join(source for source, _ in code_cells()), encoding="utf-8")
    with pytest.raises(UnexpectedVerdictError, match=r"2 claim\(s\) moved") as error:
        runpy.run_path(str(script))
    plt.close("all")
    for claim in ("survival.poor", "survival.only"):
        assert f"{claim}: expected reproduced, got differs" in str(error.value)
