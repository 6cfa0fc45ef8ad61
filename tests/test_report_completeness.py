"""What the completeness check finds, and what it cannot."""

import pytest

from reanalysis import own_reports
from reanalysis.report_completeness import check_rewritten, denials, headings, measurements


def missing(*texts, **options):
    found = check_rewritten(*texts, **options)
    return found.loc[~found["found"], "item"].tolist()


def test_a_report_says_what_it_says():
    same = own_reports.REPORT, own_reports.REPORT
    found = check_rewritten(*same)
    assert found["found"].all()
    assert found["kind"].value_counts().to_dict() == {"denial": 6, "number": 5}


def test_the_missing_denial_is_found_and_nothing_else():
    texts = own_reports.REPORT, own_reports.REWRITTEN
    assert missing(*texts, sections=own_reports.SECTIONS) == ["no free fluid"]


def test_a_swapped_side_is_not_found():
    assert own_reports.WRONG_SIDE.count("right kidney") == 1
    assert missing(own_reports.REPORT, own_reports.WRONG_SIDE) == []


@pytest.mark.parametrize("line", own_reports.REPORT.splitlines())
def test_a_lost_line_is_noticed(line):
    assert missing(own_reports.REPORT, own_reports.REPORT.replace(line, ""))


def test_numbers_count_as_often_as_they_stand():
    assert missing("12 mm and 12 mm.", "12 mm.") == ["12 mm"]
    assert missing("2,5 cm", "2.5 cm") == []
    assert missing("9 mm", "9 cm") == ["9 mm"]
    assert missing("<3 mm", "3 mm") == ["<3 mm"]
    assert measurements("10.5 cm and 11 cm; 2023") == ["10.5 cm", "11 cm", "2023"]


def test_denials_need_all_their_words():
    assert denials("There is no evidence of a dilated duct.") == [("dilated", "duct")]
    assert missing("No dilated ducts.", "No evidence of dilated duct.") == []
    assert missing("No dilated ducts.", "Dilated ducts.") == ["no dilated ducts"]


def test_sections_and_their_order():
    text = "Liver: normal.\nSpleen: normal.\n"
    assert headings(text) == ["liver", "spleen"]
    assert missing(text, text, sections=("spleen", "liver")) == ["sections as asked for"]
    assert missing(text, text, sections=("liver", "aorta")) == ["aorta"]
