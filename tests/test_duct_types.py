"""What the printed definitions say, and what they leave open."""

import pandas as pd
import pytest

from reanalysis.duct_types import (
    AS_WORDED,
    EXACTLY_TWO,
    decision_boxes,
    gaps_and_overlaps,
    predicted_and_observed,
    types_by_wording,
)

# Ducts of the lobe, length in mm, and the types by either reading; methods of
# doi 10.4274/dir.2023.232321, worked by hand.
CASES = [
    (0, None, ["type 2"], []),
    (1, 4.9, ["type 2"], ["type 2"]),
    (1, 5.0, ["type 1", "type 2"], ["type 1"]),
    (2, None, ["type 2"], ["type 2"]),
    (3, None, ["type 3"], ["type 3"]),
    (5, None, ["type 3"], ["type 3"]),
]


@pytest.mark.parametrize(("n_ducts", "length", "worded", "exactly"), CASES)
def test_types_by_either_reading(n_ducts, length, worded, exactly):
    assert types_by_wording(n_ducts, length, reading=AS_WORDED) == worded
    assert types_by_wording(n_ducts, length, reading=EXACTLY_TWO) == exactly


def test_neither_reading_gives_everyone_one_type():
    """One overlap as worded, one gap when read as exactly two."""
    table = gaps_and_overlaps()
    assert (table[AS_WORDED].str.contains(" and ")).sum() == 1
    assert (table[EXACTLY_TWO] == "none").sum() == 1
    assert not table[EXACTLY_TWO].str.contains(" and ").any()


def test_the_diagram_has_an_end_for_every_kind_of_donor():
    """Every end is reached, and from the first question only."""
    boxes, arrows = decision_boxes()
    ends = set(boxes.loc[boxes["kind"] != "question", "box"])
    assert ends == {"type 1", "type 2", "type 3", "none"}
    assert ends <= set(arrows["stop"])
    assert set(boxes["box"]) - set(arrows["stop"]) == {"count"}


def test_types_two_and_three_predict_more_than_one():
    by_type = pd.DataFrame([[9, 2, 0], [4, 6, 0], [0, 0, 3]], index=[1, 2, 3], columns=[1, 2, 3])
    assert predicted_and_observed(by_type).to_numpy().tolist() == [[9, 2], [4, 9]]
    assert predicted_and_observed(by_type, types=(1, 2)).to_numpy().tolist() == [[9, 2], [4, 6]]
    assert predicted_and_observed(by_type, types=(1,)).to_numpy().tolist() == [[9, 2], [0, 0]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_ducts": 1}, "length of a single duct"),
        ({"n_ducts": -1}, "whole number"),
        ({"n_ducts": 2, "reading": "two"}, "reading out of"),
    ],
)
def test_unfit_questions_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        types_by_wording(**options)
