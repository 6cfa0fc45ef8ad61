"""The chapter on lipiodol marking: what its reconstructed patients must satisfy, and its traps."""

import ast
import json
import runpy
import shutil
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from scipy.stats import norm

from reanalysis.ledger import UnexpectedVerdictError
from reanalysis.printed_survival import reconstruct_study
from reanalysis.published_numbers import PublishedNumber
from reanalysis.studies import data_folder, load_study, refresh_hashes
from reanalysis.survival_factors import feasible_factors

STUDY = "lipiodol_cryoablation"
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / f"{STUDY}.ipynb"
P_VALUES = {"LCR": "0.005", "RFSR": "0.020", "OSR": "0.489"}
EVENTS = {"LCR": 20, "RFSR": (20, 173), "OSR": None}
SIZES = {"LCR": 200, "RFSR": 200, "OSR": 400}


@pytest.fixture(scope="module")
def cells():
    """The notebook's code cells with their metadata."""
    raw = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return [("".join(c["source"]), c["metadata"]) for c in raw if c["cell_type"] == "code"]


@pytest.fixture(scope="module")
def ensembles():
    """The ensembles that the chapter draws, by the same call."""
    survival = load_study(STUDY).table("survival")
    return survival, reconstruct_study(survival, P_VALUES, EVENTS, n_members=SIZES)[1]


@pytest.mark.parametrize("outcome", P_VALUES)
def test_every_reconstructed_pair_has_every_printed_number(ensembles, outcome):
    """Recomputed with lifelines from each of a hundred members, to the last printed digit."""
    survival, pairs = ensembles
    rows = survival[survival["outcome"] == outcome].to_dict("records")
    pair = pairs[outcome]
    assert len(pair) == 100
    for position in range(len(pair)):
        members = [arm.member(position) for arm in (pair.first, pair.second)]
        for row, data in zip(rows, members, strict=True):
            assert len(data) == row["n"]
            assert PublishedNumber(row["follow_up_median"]).matches(float(data["time"].median()))
            curve = KaplanMeierFitter().fit(data["time"], data["event"])
            for year in (3, 5):
                rate = PublishedNumber(row[f"rate_{year}_years"])
                assert rate.matches(100 * float(curve.predict(year)))
            assert (data["time"] >= 5).any()
        if outcome == "LCR":
            assert sum(data["event"].sum() for data in members) == 20
        first, second = members
        test = logrank_test(first["time"], second["time"], first["event"], second["event"])
        assert PublishedNumber(P_VALUES[outcome]).matches(test.p_value)


def test_two_marked_tumours_had_recurred_by_five_years():
    """No other number of events among 85 gives the printed rate, and both were early."""
    found = feasible_factors(85, "97.51")
    assert found["events"].tolist() == [2]
    assert found["at_risk_last_min"].item() >= 75


def test_the_share_of_men_mixes_two_columns():
    """73.12 % is 68 of 68 + 25, and not of 88."""
    counts = load_study(STUDY).table("baseline_categories").query("variable == 'sex'")
    counts = counts.set_index(["arm", "category"])["count"]
    men, women_of_others = counts["no lipiodol", "male"], counts["lipiodol", "female"]
    assert PublishedNumber("73.12").matches(100 * men / (men + women_of_others))
    assert not PublishedNumber("73.12").matches(100 * men / 88)


def test_no_single_misprint_explains_the_row_of_the_ckd_grade():
    """Ratio 2.118, limits 0.378 and 12.105, P 0.870: whichever is left out, the rest disagrees."""
    ratio, low, high, p_value = 2.118, 0.378, 12.105, 0.870
    assert not np.isclose(np.sqrt(low * high), ratio, atol=0.01)
    from_limits = abs(np.log(low * high)) / 2 / (np.log(high / low) / (2 * norm.ppf(0.975)))
    assert 2 * norm.sf(from_limits) < 0.5
    from_p = norm.ppf(0.975) * np.log(ratio) / norm.isf(p_value / 2)
    assert from_p > 4 * max(np.log(ratio / low), np.log(high / ratio))


def names_in(statement, context):
    """Names that a statement reads, or writes, apart from those of its loops."""
    nodes = list(ast.walk(statement))
    loops = [n.target for n in nodes if isinstance(n, ast.For | ast.comprehension)]
    own = {n.id for target in loops for n in ast.walk(target) if isinstance(n, ast.Name)}
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, context)} - own


def cells_from_ensembles(cells):
    """Cells that use reconstructed patients, or whatever was computed from them."""
    reconstructed = set()
    for source, metadata in cells:
        used = False
        for statement in ast.parse(source).body:
            read, written = (names_in(statement, kind) for kind in (ast.Load, ast.Store))
            if isinstance(statement, ast.AugAssign):
                read = read | written
            if "reconstruct_study" in read or read & reconstructed:
                used, reconstructed = True, reconstructed | written
            else:
                reconstructed = reconstructed - written
        if used:
            yield source, metadata


def test_what_is_reconstructed_says_so_in_its_caption(cells):
    """The word stands in the caption of every figure that an ensemble goes into."""
    captions = [
        metadata["mystnb"]["figure"]["caption"]
        for source, metadata in cells_from_ensembles(cells)
        if "show_figure(" in source and "ledger_strip" not in source
    ]
    assert len(captions) == 7
    assert all("reconstructed" in caption for caption in captions)


def test_tables_and_sentences_from_ensembles_say_so_too(cells):
    """In the caption of the table, in its rows, or in the sentence itself."""
    shown = [
        source
        for source, _ in cells_from_ensembles(cells)
        if any(call in source for call in ("show_table(", "Markdown(", "answer_box("))
    ]
    assert len(shown) >= 10
    assert [source for source in shown if "econstruct" not in source] == []


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the study's data that a test may change."""
    shutil.copytree(data_folder() / STUDY, tmp_path / "data" / STUDY)
    monkeypatch.setenv("REANALYSIS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("REANALYSIS_STRICT", "1")
    yield tmp_path / "data" / STUDY
    plt.close("all")


def test_a_changed_datum_fails_and_names_its_claims(copy, tmp_path, cells):
    """One patient more with a single kidney and one fewer with two, and another rate."""
    for file, old, new in [
        (
            "baseline_categories.csv",
            "kidney,bilateral,no lipiodol,81",
            "kidney,bilateral,no lipiodol,80",
        ),
        (
            "baseline_categories.csv",
            "kidney,unilateral,no lipiodol,7",
            "kidney,unilateral,no lipiodol,8",
        ),
        ("survival.csv", "RFSR,no lipiodol,88,80.97,68.10", "RFSR,no lipiodol,88,80.97,73.10"),
    ]:
        text = (copy / file).read_text(encoding="utf-8")
        assert old in text
        (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    refresh_hashes(STUDY)
    script = tmp_path / "chapter.py"
    script.write_text("\n".join(source for source, _ in cells), encoding="utf-8")
    with pytest.raises(UnexpectedVerdictError) as error:
        runpy.run_path(str(script))
    message = str(error.value)
    assert "table1.kidney.unilateral.no_lipiodol: expected reproduced, got differs" in message
    assert "results.lcr.no_lipiodol.y5: expected not_recomputable, got differs" in message
    assert "table1.sex.p_value" not in message


def test_the_ensembles_do_not_depend_on_the_run(ensembles):
    """Same seed, same patients."""
    survival, pairs = ensembles
    again = reconstruct_study(survival, {"LCR": "0.005"}, EVENTS, n_members=SIZES)[1]
    np.testing.assert_array_equal(pairs["LCR"].first.time, again["LCR"].first.time)
