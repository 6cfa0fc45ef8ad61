"""The chapter on the bile ducts of liver donors: what must hold, and what a changed datum moves."""

import pytest

from reanalysis import donor_study, duct_patterns
from reanalysis.several_paired_tests import cochran_q_bounds, paired_comparisons
from reanalysis.studies import load_study

STUDY = "bile_duct_classification"


@pytest.fixture
def tables():
    return donor_study.read_tables(load_study(STUDY))


def test_all_parts_divide_the_same_donors(tables):
    """Six classifications, the ducts, the cystic ducts and the lobes: 201; operations: 93."""
    assert (tables.sums == 201).all()
    assert tables.total == tables.joining.sum() == tables.cystic.sum() == 201
    assert tables.techniques.sum() == tables.operated.sum() == tables.by_type.to_numpy().sum() == 93
    assert (tables.operated <= tables.candidates).all()
    paths = tables.paths()
    assert paths["n"].sum() == 201
    assert paths.groupby("type")["n"].sum().tolist() == tables.candidates.tolist() == [58, 136, 7]


def test_no_denominator_but_107_reaches_four_of_the_five_technique_shares(tables):
    """Found by trying every one up to 1,000, not by assuming it."""
    from reanalysis.consistency.percentages import denominators_reaching

    rows = tables.graft.query("group == 'Surgical technique'")
    reached = [
        set(denominators_reaching(f"{p}%", count=n, max_denominator=1000)["denominator"])
        for n, p in zip(rows["n"], rows["percent"], strict=True)
    ]
    hits = {size: sum(size in found for found in reached) for size in range(1, 1001)}
    assert max(hits.values()) == 4
    assert [size for size, n in hits.items() if n == 4] == [donor_study.UNNAMED_DENOMINATOR]


def test_patterns_that_the_classifications_count_differently(tables):
    """Added up from Tables 2 and 3 by hand; by the text 41, 7 and 1 donors have 3 to 5 ducts."""
    found = duct_patterns.patterns_by_system(tables)
    three = found.loc[duct_patterns.THREE_OR_MORE]
    assert three.tolist() == [19 + 22 + 22, 21 + 30, 19 + 35, 41 + 7 + 1]
    assert (three.drop("Text") > three["Text"]).all()
    to_left = found.loc[duct_patterns.TO_LEFT]
    assert to_left.dropna().tolist() == [10 + 4, 33, 26]
    gap = to_left[["Huang", "Choi"]] - to_left["Couinaud"]
    assert (gap > found.at[duct_patterns.LEFT_OUT, "Couinaud"]).all()
    cystic = found[found.index.str.endswith("joins the cystic duct")]
    assert cystic["Text"].tolist() == [4, 1]
    assert cystic["Choi"].tolist() == [3, 2]
    assert cystic.sum().tolist() == [4, 4, 5, 5]


def test_most_donors_of_type_2_have_a_single_short_duct(tables):
    """By the definition, over every split of ducts between the lobes that the counts allow."""
    many = tables.joining.drop("2").sum()
    most_with_two = many - tables.candidates[3] + 1
    assert (many, most_with_two, tables.candidates[2] - most_with_two) == (49, 43, 93)


def test_of_the_older_pairs_only_one_depends_on_the_overlap(tables):
    """Nine stay above the usual level whatever the overlap: 0.05 as the chapter uses it."""
    older = tables.unclassified.drop("Proposed")
    pairs = paired_comparisons(older.to_dict(), 201)
    open_to_both = pairs[(pairs["p_low"] < 0.05) & (pairs["p_high"] >= 0.05)]
    assert (len(pairs), (pairs["p_low"] >= 0.05).sum()) == (10, 9)
    assert open_to_both[["first", "second"]].to_numpy().tolist() == [["Huang", "Karakas"]]
    q = cochran_q_bounds(older, 201)
    assert q.p_low < 0.05 < q.p_high


def test_every_count_and_share_of_the_tables_is_a_claim(tables):
    """Tables 1 to 4: each printed cell stands in the ledger."""
    claims = set(load_study(STUDY).claims["claim_id"])
    counts = [c for c in claims if c.startswith("table") and c.endswith(".count")]
    shares = [c for c in claims if c.startswith("table") and c.endswith(".percent")]
    assert len(counts) == len(tables.classes) + len(tables.graft) + 4
    assert len(shares) == (tables.classes["percent"] != "").sum() + len(tables.graft) + 4


def test_a_changed_count_fails_and_names_its_claims(chapter):
    """One donor of type 2 moved from two anastomoses to one, the hash refreshed."""
    old, new = "2,1,27,Table 4\n2,2,29,Table 4", "2,1,28,Table 4\n2,2,28,Table 4"
    chapter.change("anastomoses.csv", old, new)
    message = chapter.what_moved()
    assert "table4.type_2.one.percent: expected reproduced, got differs" in message
    assert "abstract.type_2.additional.percent: expected reproduced, got differs" in message
    assert "results.anastomoses.one: expected reproduced, got differs" in message
    assert "table2." not in message
