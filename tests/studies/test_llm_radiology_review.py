"""What must hold in the chapter on language models, and what a changed fact moves."""

import json
import runpy
import shutil
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from reanalysis.ledger import UnexpectedVerdictError
from reanalysis.rewritten_report import fates_of_statements, sections_in_order
from reanalysis.studies import data_folder, load_study, refresh_hashes

STUDY = "llm_radiology_review"
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / f"{STUDY}.ipynb"


@pytest.fixture(scope="module")
def statements():
    return load_study(STUDY).table("report_statements")


def test_every_statement_has_one_fate_in_each_output(statements):
    assert statements["statement"].tolist() == list(range(1, 26))
    expected = {
        "english": {"kept": 18, "moved": 6, "dropped": 1},
        "german": {"kept": 17, "moved": 5, "changed": 2, "dropped": 1},
    }
    for output, counts in expected.items():
        found = fates_of_statements(statements, output)
        assert found.value_counts().to_dict() == counts
        assert statements.loc[found == "dropped", "subject"].tolist() == ["free fluid"]
        places = statements[f"{output}_place"]
        assert sorted(places[places != ""].astype(int)) == list(range(1, 25))


def test_values_and_denials_are_complete(statements):
    """Counts of the second reading, by program: eight numbers and seven denials."""
    assert statements["kind"].isin(["value", "reference"]).sum() == 8
    assert (statements["value"] != "").sum() == 8
    assert (statements["kind"] == "denial").sum() == 7


def test_sections_of_the_prompt_are_there_in_order():
    sections = load_study(STUDY).table("report_sections")
    assert (sections["requested_place"] != "").sum() == 9
    assert sections_in_order(sections, "english") == (True, True)
    assert sections_in_order(sections, "german") == (True, True)


def test_simulated_figures_say_so():
    """What is not printed in the review is not shown as its data."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    figures = [cell["metadata"].get("mystnb", {}).get("figure") for cell in cells]
    captions = {figure["name"]: figure["caption"] for figure in figures if figure}
    assert len(captions) == 4
    for name in ("fig-llm-attention", "fig-llm-temperature"):
        assert "simulated" in captions[name].lower()
    for name in ("fig-llm-fates", "fig-llm-ledger"):
        assert "simulated" not in captions[name].lower()


def test_the_two_parts_are_kept_apart():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    text = "".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    analysis = text.split("## The re-analysis")[1].split("## What the paper did not ask")[0]
    assert analysis.rindex("### Part 1, audit") < analysis.index("### Part 2, illustration")


def test_a_changed_fact_fails_and_names_its_claims(tmp_path, monkeypatch):
    """The dropped statement is there after all, the hash refreshed."""
    monkeypatch.setenv("REANALYSIS_STRICT", "1")
    folder = tmp_path / "data" / STUDY
    shutil.copytree(data_folder() / STUDY, folder)
    monkeypatch.setenv("REANALYSIS_DATA", str(tmp_path / "data"))
    path = folder / "report_statements.csv"
    text = path.read_text(encoding="utf-8")
    old = "findings,dropped,,,dropped,,,,"
    assert text.count(old) == 1
    path.write_text(
        text.replace(old, "findings,same,25,vascular,same,25,vascular,,"), encoding="utf-8"
    )
    refresh_hashes(STUDY)
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    script = tmp_path / "chapter.py"
    script.write_text("\n".join(sources), encoding="utf-8")
    with pytest.raises(UnexpectedVerdictError) as error:
        runpy.run_path(str(script))
    plt.close("all")
    assert "table3.reduce.omission: expected differs, got reproduced" in str(error.value)
    assert "table3.reduce.typos" not in str(error.value)
