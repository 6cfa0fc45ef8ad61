"""Numbers that must be ordered, and are not."""

import pandas as pd
import pytest

from reanalysis.consistency.contradictions import find_contradictions
from reanalysis.consistency.ordered_numbers import contradictions_of_chains, ordered_fits


def statements(**printed):
    rows = [(name, name.split("_")[0], text, "low") for name, text in printed.items()]
    return pd.DataFrame(rows, columns=["statement", "quantity", "printed", "chain"])


def order(*pairs, reading=""):
    rows = [(*pair, reading, "low") for pair in pairs]
    return pd.DataFrame(rows, columns=["smaller", "larger", "reading", "chain"])


def test_a_part_cannot_begin_below_the_whole():
    found = find_contradictions(
        ordered_fits(statements(all="0.275", part="0.20"), order(("all", "part")))
    )
    assert found.minimal == (("all", "part"),)
    assert found.repairs == (("all",), ("part",))


def test_rounding_is_allowed_its_ends():
    """0.3 may be 0.25, and so may 0.2."""
    table = ordered_fits(statements(all="0.3", part="0.2"), order(("all", "part")))
    assert find_contradictions(table).consistent
    table = ordered_fits(statements(all="0.4", part="0.2"), order(("all", "part")))
    assert not find_contradictions(table).consistent


def test_order_is_passed_on_through_a_third_quantity():
    """All <= part <= few: the outer two clash though no pair of neighbours does."""
    printed = statements(all="3.00", part="2.98", few="2.96")
    pairs = order(("all", "part"), ("part", "few"))
    assert find_contradictions(ordered_fits(printed, pairs)).minimal == (
        ("all", "part"),
        ("all", "few"),
        ("part", "few"),
    )
    alone = statements(all="3.0", few="2.5")
    alone.loc[2] = ("part", "part", "1", "low")
    assert ("all", "few") in find_contradictions(ordered_fits(alone, pairs)).minimal


def test_a_reading_is_a_statement_that_may_be_given_up():
    both = pd.concat([order(("all", "part")), order(("part", "all"), reading="same")])
    found = contradictions_of_chains(statements(all="0.20", part="0.4"), both)
    assert found.minimal == (("all", "part", "same"),)


def test_two_numbers_for_one_quantity():
    found = contradictions_of_chains(statements(all_text="0.275", all_table="0.4"), order())
    assert found.minimal == (("all_text", "all_table"),)


def test_chains_are_mended_together():
    first = statements(all="0.4", part="0.2")
    second = first.assign(chain="high", statement=first["statement"] + " high")
    both = pd.concat([first, second], ignore_index=True)
    pairs = pd.concat([order(("all", "part")), order(("all", "part")).assign(chain="high")])
    found = contradictions_of_chains(both, pairs)
    assert len(found.minimal) == 2
    assert {len(repair) for repair in found.repairs} == {2}
    assert len(found.repairs) == 4


def test_unknown_quantities_and_too_many_are_refused():
    with pytest.raises(ValueError, match="none for"):
        ordered_fits(statements(all="1"), order(("all", "part")))
    many = statements(**{f"q{i}": f"{i}.5" for i in range(9)})
    with pytest.raises(ValueError, match="fewer quantities"):
        ordered_fits(many, order())
