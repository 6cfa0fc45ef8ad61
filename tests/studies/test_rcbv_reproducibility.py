"""The chapter on rCBV: what must hold of its data, and what moves when they change."""

import json
import runpy
import shutil
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from reanalysis.alternatives.signed_rank import signed_rank_p
from reanalysis.ledger import UnexpectedVerdictError
from reanalysis.reader_study import repeated_analyses, side_by_side
from reanalysis.studies import data_folder, load_study, refresh_hashes

STUDY = "rcbv_reproducibility"
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / f"{STUDY}.ipynb"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """The study's data in a folder where a test may change them, every warning an error."""
    shutil.copytree(data_folder() / STUDY, tmp_path / "data" / STUDY)
    monkeypatch.setenv("REANALYSIS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("REANALYSIS_STRICT", "1")
    yield tmp_path / "data" / STUDY
    plt.close("all")


def cells():
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]


def test_a_changed_icc_fails_and_names_its_claims(copy, tmp_path):
    path = copy / "icc.csv"
    text = path.read_text(encoding="utf-8")
    old = "R1 vs. R2,same level,2,white matter,1,0.527,0.21,0.74"
    assert old in text
    path.write_text(text.replace(old, old.replace("0.527", "0.627")), encoding="utf-8")
    refresh_hashes(STUDY)
    script = tmp_path / "chapter.py"
    code = ["".join(cell["source"]) for cell in cells() if cell["cell_type"] == "code"]
    script.write_text("\n".join(code), encoding="utf-8")
    with pytest.raises(UnexpectedVerdictError) as error:
        runpy.run_path(str(script))
    message = str(error.value)
    assert "abstract.neuroradiologists: expected reproduced, got differs" in message
    assert "table1.pairs: expected reproduced" in message
    assert "results.similar.largest: expected reproduced, got differs" in message
    assert "results.groups.largest" not in message


def test_the_supplement_repeats_all_readers_pooled():
    icc = load_study(STUDY).table("icc")
    assert set(repeated_analyses(icc).values()) == {"All readers pooled"}
    assert len(icc.drop_duplicates(["location", "n_rois", "icc", "conf_low", "conf_high"])) == 48


def test_no_pair_of_general_radiologists_is_moderate_by_its_estimate():
    """Behind the rows on "regardless": one moderate ICC each in the two other levels."""
    icc = load_study(STUDY).table("icc")
    rows = icc[icc["comparison"] == "same level"]
    moderate = rows["icc"].ge(0.5).groupby(rows["analysis"]).sum()
    assert moderate.to_dict() == {"R1 vs. R2": 1, "R3 vs. R4": 0, "R5 vs. R6": 1}
    assert rows["conf_high"].ge(0.5).all()


def test_copies_lowered_with_one_area_turn_its_test_round():
    """What the solution of the exercise says of the nine rows."""
    icc = load_study(STUDY).table("icc")
    copies = icc["printed_in"].eq("Supplementary Table 2")
    place = icc["location"].eq("centrum semiovale")
    icc.loc[copies & place, "icc"] -= 0.1
    pairs = side_by_side(icc[copies], "location")
    assert (pairs["centrum semiovale"] < pairs["white matter"]).all()
    assert len(pairs) == 9
    both = side_by_side(icc, "location")
    assert signed_rank_p(both["centrum semiovale"] - both["white matter"]) > 0.5


def test_every_simulated_figure_says_so_in_its_caption():
    """A cell that draws something simulated has the word in its caption and its alt text."""
    drawn = [c for c in cells() if "show_figure(" in "".join(c["source"])]
    simulated = [c for c in drawn if "simulat" in "".join(c["source"])]
    for cell in simulated:
        shown = cell["metadata"]["mystnb"]
        assert "simulated" in shown["figure"]["caption"].lower()
        assert "simulated" in shown["image"]["alt"].lower()
    for cell in (c for c in drawn if c not in simulated):
        assert "simulated" not in cell["metadata"]["mystnb"]["figure"]["caption"].lower()
