"""The ledger: every verdict by rule, strict in builds, lenient at the keyboard."""

import math
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from reanalysis.ledger import Ledger, UnexpectedVerdictError, UnexpectedVerdictWarning
from reanalysis.ledger_page import show_ledger
from reanalysis.ledger_rows import _range_text
from reanalysis.study_contract import CLAIM_COLUMNS


@dataclass
class FakeStudy:
    """A study with claims and nothing else."""

    claims: pd.DataFrame
    id: str = "fake"
    path: object = None

    def __post_init__(self):
        from pathlib import Path

        self.path = Path("fake")
        self.card = {"title": "Fake"}


def ledger_of(*claims, strict=True):
    """A ledger over claims given as (id, published[, column=value …])."""
    rows = []
    for claim_id, published, *others in claims:
        row = dict.fromkeys(CLAIM_COLUMNS, "") | {
            "claim_id": claim_id,
            "published": published,
            "source": "Table 1",
            "quantity": "a number",
            "expected_verdict": "reproduced",
            "consequence": "none",
        }
        rows.append(row | (others[0] if others else {}))
    return Ledger(FakeStudy(pd.DataFrame(rows, columns=list(CLAIM_COLUMNS))), strict=strict)


def test_reproduced_and_differs():
    """The printed precision decides."""
    ledger = ledger_of(("a", "0.78"), ("b", "0.78"))
    ledger.recompute("a", 0.7831)
    ledger.recompute("b", 0.7871)
    assert [ledger.verdict("a"), ledger.verdict("b")] == ["reproduced", "differs"]


def test_percent_is_scaled_by_the_unit():
    """Values are handed over as proportions."""
    ledger = ledger_of(("a", "83.6", {"unit": "%"}))
    ledger.recompute("a", 0.8362)
    assert ledger.verdict("a") == "reproduced"
    assert ledger.table().loc[0, "recomputed"] == "83.6"


def test_within_rounding_needs_the_interval():
    """Only input rounding that is shown counts."""
    ledger = ledger_of(("a", "0.86"))
    ledger.recompute("a", 0.857)
    ledger.recompute("a", 0.852, interval=(0.846, 0.858))
    assert ledger.verdict("a") == "within_rounding"
    ledger.recompute("a", 0.852, interval=(0.846, 0.854))
    assert ledger.verdict("a") == "differs"


def test_a_method_must_reach_its_whole_family():
    """One hit among several is chance; all of a family is an explanation."""
    family = {"method": "I²"}
    ledger = ledger_of(("a", "0.80", family), ("b", "0.50", family))
    ledger.recompute("a", 0.70, alternatives={"midas": 0.801, "raw": 0.802})
    ledger.recompute("b", 0.40, alternatives={"midas": 0.499, "raw": 0.45})
    assert ledger.verdict("a") == ledger.verdict("b") == "other_method"
    table = ledger.table()
    assert list(table["alternatives_reaching"]) == ["midas", "midas"]
    ledger.recompute("b", 0.40, alternatives={"midas": 0.47, "raw": 0.45})
    assert ledger.verdict("a") == ledger.verdict("b") == "differs"


def test_the_ledger_says_how_often_chance_would_reach():
    """Two methods, 0.80 and 0.90, cover two of the eleven numbers printable from 0.80 to 0.90."""
    ledger = ledger_of(("a", "0.80", {"method": "m"}), ("b", "0.80"))
    ledger.recompute("a", 0.70, alternatives={"one": 0.801, "two": 0.899})
    ledger.recompute("b", 0.80)
    chances = ledger.table().set_index("claim_id")["alternatives_chance"]
    assert chances["a"] == pytest.approx(2 / 11)
    assert np.isnan(chances["b"])


def test_a_family_member_nobody_recomputed_blocks_the_explanation():
    """What was not tried was not reached."""
    family = {"method": "I²"}
    ledger = ledger_of(("a", "0.80", family), ("b", "0.50", family))
    ledger.recompute("a", 0.70, alternatives={"midas": 0.801})
    assert ledger.verdict("a") == "differs"


def test_truncation_is_tried_unasked():
    """87.867 cut to 87.8 is named when every number of the family was cut."""
    ledger = ledger_of(("a", "87.8", {"method": "m"}), ("b", "12.3", {"method": "m"}))
    ledger.recompute("a", 87.867)
    ledger.recompute("b", 12.399)
    assert ledger.verdict("a") == "other_method"
    assert "truncated" in ledger.table().loc[0, "alternatives_reaching"]
    ledger.recompute("b", 12.299)
    assert ledger.verdict("a") == "differs"


def test_the_page_says_what_was_tried():
    """Chance needs a range, of two methods at least; truncation is none of the methods counted."""
    ledger = ledger_of(("a", "87.8", {"method": "m"}), ("b", "0.80", {"method": "n"}))
    ledger.recompute("a", 87.867, alternatives={"one": 87.91})
    ledger.recompute("b", 0.70, alternatives={"one": 0.801, "two": 0.899})
    a, b = re.findall(r"<summary>(\d.*?)</p>", show_ledger(ledger).data["text/html"])
    assert a == (
        "1 other method tried, 0 reach every number of the family; truncating instead of rounding "
        "does</summary><p>Of a single method there is no range in which to judge chance."
    )
    assert b == (
        "2 other methods tried, 1 reaches every number of the family</summary><p>A number printed "
        "at random in their range would be reached by some of them in 18% of cases."
    )


def test_contradiction_comes_before_reproduction():
    """A number that comes out is still wrong when the paper prints another one for it."""
    ledger = ledger_of(("abstract.n", "434"), ("table.n", "443"))
    ledger.recompute("abstract.n", 434, contradicted_by=["table.n"])
    assert ledger.verdict("abstract.n") == "contradicted"


def test_a_contradiction_is_checked_not_believed():
    """Naming a claim that is compatible contradicts nothing."""
    ledger = ledger_of(("abstract.n", "0.8"), ("table.n", "0.79"))
    ledger.recompute("abstract.n", 0.79, contradicted_by=["table.n"])
    assert ledger.verdict("abstract.n") == "reproduced"
    ledger.recompute("abstract.n", 0.79, contradicted_by={"table.n": (0.60, 0.70)})
    assert ledger.verdict("abstract.n") == "contradicted"


def test_words_are_decided_by_a_rule():
    """True holds, False differs or is contradicted; a number for words is refused."""
    ledger = ledger_of(("a", "similar"), ("b", "better"), ("c", "0.5"))
    ledger.recompute("a", True)
    ledger.recompute("b", False, contradicted_by=["a"])
    assert [ledger.verdict("a"), ledger.verdict("b")] == ["reproduced", "contradicted"]
    ledger.recompute("b", False)
    assert ledger.verdict("b") == "differs"
    with pytest.raises(ValueError, match="expected True or False"):
        ledger.recompute("a", 0.9)
    with pytest.raises(ValueError, match="expected a number"):
        ledger.recompute("c", np.True_.item())


def test_not_recomputable_keeps_its_bound():
    """Outside what the printed data allow, a number differs after all."""
    lost = {"expected_verdict": "not_recomputable", "reason": "rows not printed"}
    ledger = ledger_of(("a", "0.50", lost), ("b", "0.50", lost), ("c", "0.50", lost))
    ledger.bound("a", 0.4, 0.6, "from the margins")
    ledger.bound("b", 0.6, 0.7, "from the margins")
    assert [ledger.verdict(i) for i in "abc"] == ["not_recomputable", "differs", "not_recomputable"]


def test_a_claim_nobody_recomputed_fails():
    """Forgetting a row is an error, and it is named."""
    ledger = ledger_of(("a", "0.78"), ("b", "0.50"))
    ledger.recompute("a", 0.78)
    with pytest.raises(UnexpectedVerdictError, match="b: expected reproduced, got missing"):
        ledger.assert_expected()


@pytest.mark.parametrize(("value", "moved"), [(0.78, False), (0.79, True)])
def test_expectations_are_strict_in_both_directions(value, moved):
    """A number that suddenly comes out fails like one that no longer does."""
    wrong = {"expected_verdict": "differs", "reason": "misprint"}
    expecting_reproduced, expecting_differs = (
        ledger_of(("a", "0.78")),
        ledger_of(("a", "0.78", wrong)),
    )
    expecting_reproduced.recompute("a", value)
    expecting_differs.recompute("a", value)
    assert expecting_reproduced.table().loc[0, "moved"] == moved
    assert expecting_differs.table().loc[0, "moved"] != moved


def test_the_claim_that_contradicts_is_part_of_the_expectation():
    """Being ruled out by another claim than the one named is a change."""
    wrong = {"expected_verdict": "contradicted", "contradicted_by": "b", "reason": "see b"}
    ledger = ledger_of(("a", "0.8", wrong), ("b", "0.5"), ("c", "0.4"))
    for claim in "bc":
        ledger.recompute(claim, {"b": 0.5, "c": 0.4}[claim])
    ledger.recompute("a", 0.5, contradicted_by=["b"])
    ledger.assert_expected()
    ledger.recompute("a", 0.5, contradicted_by=["c"])
    with pytest.raises(UnexpectedVerdictError, match="a: expected contradicted"):
        ledger.assert_expected()


def test_at_the_keyboard_a_change_is_a_warning():
    """A reader who changes a number sees what moved, and the notebook runs on."""
    ledger = ledger_of(("a", "0.78"), strict=False)
    ledger.recompute("a", 0.5)
    with pytest.warns(UnexpectedVerdictWarning, match="a: expected reproduced, got differs"):
        ledger.assert_expected()


def test_strictness_follows_the_environment(monkeypatch):
    """Builds and tests set REANALYSIS_STRICT=1."""
    monkeypatch.setenv("REANALYSIS_STRICT", "1")
    assert ledger_of(("a", "1"), strict=None).strict
    monkeypatch.delenv("REANALYSIS_STRICT")
    assert not ledger_of(("a", "1"), strict=None).strict


def test_a_whole_table_posts_in_one_call():
    """Row and column labels make the path; empty cells are no claims."""
    ledger = ledger_of(("t.omit.ct.low", "0.5"), ("t.omit.ct.high", "0.9"))
    columns = pd.MultiIndex.from_tuples([("ct", "low"), ("ct", "high"), ("mri", "low")])
    frame = pd.DataFrame([[0.51, 0.9, np.nan]], index=["omit"], columns=columns)
    ledger.recompute_frame("t", frame, alternatives={"other": frame + 0.1})
    assert list(ledger.table()["verdict"]) == ["reproduced", "reproduced"]
    assert list(ledger.table()["alternatives_tried"]) == [1, 1]


def test_an_unknown_claim_offers_the_nearest():
    """Typing errors are found at once."""
    ledger = ledger_of(("abstract.sensitivity", "0.78"))
    with pytest.raises(ValueError, match=r"nearest: abstract\.sensitivity"):
        ledger.recompute("abstract.sensitivty", 0.78)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.4, 0.6, "0.400 to 0.600"),
        (-2, 0.5, "−2 to 0.500"),
        (26, math.inf, "26 or more"),
        (-math.inf, 30, "30 or less"),
        (-math.inf, math.inf, "anything"),
        (7, 7, "7"),
        (0.00004, 0.22, "<0.001 to 0.220"),
        (0.0, 0.22, "0 to 0.220"),
    ],
)
def test_a_bound_reads_as_a_sentence_would(low, high, text):
    assert _range_text(low, high) == text
