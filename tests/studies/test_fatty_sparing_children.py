"""What must hold in the chapter on spared areas of fatty livers, and what a changed datum moves."""

import json
import runpy
import shutil
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from reanalysis import fat_spared_areas as areas
from reanalysis import fat_spared_measurements as measured
from reanalysis.consistency.percentages import denominators_reaching
from reanalysis.ledger import UnexpectedVerdictError
from reanalysis.published_numbers import PublishedNumber
from reanalysis.studies import data_folder, load_study, refresh_hashes

STUDY = "fatty_sparing_children"
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / f"{STUDY}.ipynb"


@pytest.fixture(scope="module")
def study():
    return load_study(STUDY)


def test_nine_ages_have_a_whole_median_and_the_printed_mean(study):
    ages = study.table("patients")["age_years"]
    assert ages.median() == 16
    assert PublishedNumber("14.4").matches(ages.mean())


def test_segments_add_up_to_fourteen(study):
    where = areas.segment_map(study.table("segments"))
    assert where.sum().tolist() == [1, 1, 2, 7, 1, 0, 1, 1]
    assert (where.sum(axis=1) == 2).sum() == 5


def test_all_are_bright_before_the_hepatobiliary_phase(study):
    signals = study.table("signals")
    first = areas.first_brighter(signals)
    assert first.to_dict() == {
        "T1": 7, "arterial": 0, "portal": 2, "delayed": 0, "hepatobiliary": 0, "never": 0,
    }  # fmt: skip
    table = areas.signal_map(signals)
    assert (table["arterial"] == table["T1"]).all()


def test_first_brighter_sees_a_child_that_never_is(study):
    signals = study.table("signals").copy()
    signals.loc[(signals["patient"] == 8) & (signals["sequence"] != "T2"), "signal"] = "isointense"
    first = areas.first_brighter(signals)
    assert (first["never"], first["portal"]) == (1, 1)


def test_patients_needed_as_in_r():
    """tests/reference/signal_ratios/signal_ratios.R, R 4.2.2: binom.test(n, n)$conf.int."""
    assert [areas.patients_needed(share) for share in (0.5, 0.9, 0.95)] == [6, 36, 72]
    with pytest.raises(ValueError, match="above 0 and below 1"):
        areas.patients_needed(1)


def test_every_printed_summary_lies_within_its_bounds(study):
    bounds = measured.bounds_of_summaries(study.table("summaries"), sizes=(9, 13))
    assert len(bounds) == 27
    for path, (low, high) in bounds.iterrows():
        assert low <= study.printed(f"results.{path}") <= high, path


def test_bounds_see_a_mean_that_cannot_be(study):
    """Were the mean enhancement of the areas the least one, the mean signals would exclude it."""
    bounds = measured.bounds_of_summaries(study.table("summaries"), sizes=(9, 13))
    low, high = bounds.loc["enhancement.spared.mean"]
    assert low > 0.45
    assert high < 1.9
    assert bounds.at["enhancement.liver.minimum", "high"] == pytest.approx(0.366, abs=0.001)


def test_fourteen_percent_of_63_to_66(study):
    text = study.claims.set_index("claim_id").at["abstract.percent_included", "published"]
    assert denominators_reaching(f"{text}%", count=9)["denominator"].tolist() == [63, 64, 65, 66]


def test_contrast_before_by_two_routes(study):
    """By hand: ln(481 / 405) / ln(1112 / 736), and with 2.11 / 1.78 for the enhancement."""
    shares = measured.contrast_before_and_after(study.table("summaries"))["share_before"]
    assert shares.round(3).tolist() == [0.417, 0.503]


@pytest.mark.parametrize(
    ("name", "old", "new", "moved", "unmoved"),
    [
        (
            "signals.csv", "8,hepatobiliary,hyperintense", "8,hepatobiliary,isointense",
            ["abstract.hepatobiliary.all", "results.hepatobiliary.all"], "conclusion.hyperintense",
        ),
        (
            "patients.csv", "4,16,F", "4,14,F",
            ["abstract.age.median", "results.age.median"], "results.girls",
        ),
        (
            "summaries.csv", "enhancement,spared,mean,1.11", "enhancement,spared,mean,1.85",
            ["results.precontrast.spared.mean"], "results.t1.hyperintense.patients",
        ),
    ],
)  # fmt: skip
def test_a_changed_datum_fails_and_names_its_claims(
    tmp_path, monkeypatch, name, old, new, moved, unmoved
):
    """One cell changed, the hash refreshed: the chapter's own check says what fell."""
    monkeypatch.setenv("REANALYSIS_STRICT", "1")
    folder = tmp_path / "data" / STUDY
    shutil.copytree(data_folder() / STUDY, folder)
    monkeypatch.setenv("REANALYSIS_DATA", str(tmp_path / "data"))
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    refresh_hashes(STUDY)
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    # Constructed patients cannot exist for changed summaries; the ledger does not need them.
    made = ("sample", "made[0]", "met.sum", "ratio_of_means(shown")
    kept = [source for source in sources if not any(word in source for word in made)]
    script = tmp_path / "chapter.py"
    script.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(UnexpectedVerdictError) as error:
        runpy.run_path(str(script))
    plt.close("all")
    for claim in moved:
        assert f"{claim}: expected" in str(error.value)
    assert unmoved not in str(error.value)
