"""The command that checks a table of claims: what it recognises, says and returns."""

import re
import subprocess
import sys

import pytest

from reanalysis import check
from reanalysis.consistency.claim_checks import check_claims
from reanalysis.consistency.claims_file import ROLES, ClaimsFileError, read_claims

HEADER = "claim_id,published,unit,n,group,method,quantity"


def table(tmp_path, *rows, header=HEADER):
    path = tmp_path / "claims.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def statuses(tmp_path, *rows):
    """``{check: status}`` of the findings about these rows."""
    found = {}
    for row in check_claims(read_claims(table(tmp_path, *rows))):
        found.setdefault(row.check, []).append(row.status)
    return {name: several[0] if len(several) == 1 else several for name, several in found.items()}


def test_whole_numbers(tmp_path):
    honest = ("t.a.mean,5.21,integer 1-7,28,,,", "t.a.sd,1.60,integer 1-7,,,,")
    assert statuses(tmp_path, *honest) == {"GRIMMER": "fits", "samples listed": "fits"}
    assert statuses(tmp_path, "t.a.mean,5.19,points,28,,,") == {"GRIM": "contradicts"}
    assert statuses(tmp_path, "t.a.mean,3.44,score,18,,,", "t.a.sd,2.47,,,,,") == {
        "GRIMMER": "contradicts"
    }
    assert statuses(tmp_path, "t.a.mean,5.19,mm,28,,,") == {}
    assert statuses(tmp_path, "t.a.mean,5.19,integer,,,,") == {}


def test_samples_with_median_quartiles_and_range(tmp_path):
    # 1 1 2 3 3 4 5 6 7 7 7: mean 4.18, SD 2.27, median 4, quartiles 2.5 and 6.5, range 1 to 7.
    rows = [
        f"t.a.{role},{value},integer 0–10,11,,,"
        for role, value in {
            "mean": "4.18", "sd": "2.32", "median": "4", "q1": "2.5", "q3": "6.5", "min": "1",
            "max": "7",
        }.items()
    ]  # fmt: skip
    assert statuses(tmp_path, *rows) == {"GRIMMER": "fits", "samples listed": "fits"}
    rows[2] = rows[2].replace("median,4,", "median,7,")
    assert statuses(tmp_path, *rows)["samples listed"] == "contradicts"


def test_inequalities_are_left_where_they_say_too_little(tmp_path):
    assert statuses(tmp_path, "t.a.mean,<5.2,integer,28,,,", "t.a.sd,1.6,integer,,,,") == {}
    rows = ("t.hr,>10,,,,Cox,", "t.hr.low,2.00,,,,,", "t.hr.high,>100,,,,,", "t.hr.p,0.01,,,,,")
    assert statuses(tmp_path, *rows) == {"interval": "fits"}
    rows = ("t.x.percent,<5,%,40,,,", "t.p.sensitivity,>99,%,50,,,", "t.p.accuracy,>90,%,90,,,")
    assert statuses(tmp_path, *rows) == {"counts": ["fits"] * 3, "2×2 tables": "fits"}
    rows = ("f.start,>60,,,,,", "f.excluded.a,<5,,,,,", "f.remaining,58,,,,,")
    assert statuses(tmp_path, *rows) == {"exclusions": "fits"}


def test_population_sd_is_questionable(tmp_path):
    # Three ones of five: SD 0.49 when divided by n, 0.55 when divided by n - 1.
    rows = ("t.a.mean,0.60,binary,5,,,", "t.a.sd,{},binary,,,,")
    assert statuses(tmp_path, rows[0], rows[1].format("0.55")) == {"DEBIT": "fits"}
    assert statuses(tmp_path, rows[0], rows[1].format("0.49")) == {"DEBIT": "questionable"}
    assert statuses(tmp_path, rows[0], rows[1].format("0.40")) == {"DEBIT": "contradicts"}


def test_two_by_two_tables(tmp_path):
    rows = ("t.mri.sensitivity,71,%,7,,,", "t.mri.specificity,92,%,13,,,", "t.mri.ppv,{},%,,,,")
    assert statuses(tmp_path, rows[0], rows[1], rows[2].format(83)) == {
        "2×2 tables": "fits",
        "counts": ["fits", "fits"],
    }
    assert statuses(tmp_path, rows[0], rows[1], rows[2].format(82))["2×2 tables"] == "contradicts"
    # Without any n the figures may be pooled: nothing is checked.
    assert statuses(tmp_path, "t.sensitivity,71,%,,,,", "t.specificity,92,%,,,,") == {}
    # An unknown n is searched up to 500, which proves nothing.
    rows = ("t.sensitivity,0.9999,,?,,,", "t.accuracy,0.9999,,,,,")
    assert statuses(tmp_path, *rows) == {"2×2 tables": "questionable"}
    rows = ("t.tp,5,,,,,", "t.fp,1,,,,,", "t.fn,2,,,,,", "t.tn,12,,,,,", "t.kappa,{},,,,,")
    assert statuses(tmp_path, *rows[:4], rows[4].format("0.66")) == {"2×2 tables": "fits"}
    assert statuses(tmp_path, *rows[:4], rows[4].format("0.63")) == {"2×2 tables": "contradicts"}
    rows = ("t.accuracy,0.80,,20,,,", "t.prevalence,0.40,,25,,,")
    assert statuses(tmp_path, *rows)["2×2 tables"] == "contradicts"
    assert statuses(tmp_path, "t.dor,8.1,,?,,,", "t.kappa,0.5,,,,,") == {
        "2×2 tables": "not checked"
    }


def test_extremes_must_lie_on_the_scale(tmp_path):
    rows = ("t.mean,3.0,integer 1-5,5,,,", "t.sd,1.6,,,,,", "t.min,{},,,,,", "t.max,5,,,,,")
    for lowest, status in (("1", "fits"), ("0", "contradicts"), ("6", "contradicts")):
        filled = (*rows[:2], rows[2].format(lowest), rows[3])
        assert statuses(tmp_path, *filled)["samples listed"] == status


def test_one_group_joins_rows_of_several_places(tmp_path):
    rows = (
        "abstract.sensitivity,71,%,7,mri,,",
        "table2.specificity,92,%,13,mri,,",
        "text.ppv,82,%,,mri,,",
    )
    assert statuses(tmp_path, *rows)["2×2 tables"] == "contradicts"


def test_percentages(tmp_path):
    assert statuses(tmp_path, "t.men.percent,86.4,%,22,,,") == {"counts": "fits"}
    assert statuses(tmp_path, "t.men.percent,86.5,%,22,,,") == {"counts": "contradicts"}
    rows = ("t.men.percent,86.4,%,,,,", "t.men.count,18,,22,,,")
    assert statuses(tmp_path, *rows) == {"counts": "contradicts"}
    assert statuses(tmp_path, "t.men.percent,66.6,%,3,,,") == {"counts": "questionable"}


def test_patients_or_lesions(tmp_path):
    assert statuses(tmp_path, "t.patients,0,,,,,", "t.large.percent,43.3,%,,,,") == {}
    rows = ("t.patients,22,,,t,,", "t.lesions,30,,,t,,", "t.large.percent,{},%,,t,,")
    assert statuses(tmp_path, *rows[:2], rows[2].format("43.3")) == {"denominators": "fits"}
    assert statuses(tmp_path, *rows[:2], rows[2].format("43.4")) == {"denominators": "contradicts"}


def test_intervals_and_p_values(tmp_path):
    rows = ("t.hr,0.65,,,,{},", "t.hr.low,0.45,,,,,", "t.hr.high,{},,,,,", "t.hr.p,{},,,,,")

    def found(method, high, p):
        texts = (method, None, high, p)
        filled = [row.format(text) for row, text in zip(rows, texts, strict=True)]
        return statuses(tmp_path, *filled)

    assert found("Cox", "0.94", "0.02") == dict.fromkeys(
        ("interval", "symmetry", "P value"), "fits"
    )
    assert found("Cox", "0.94", "0.20")["P value"] == "contradicts"
    assert found("", "0.94", "0.20")["P value"] == "questionable"
    assert found("Cox", "0.94", "0.01")["P value"] == "questionable"  # one-sided
    assert found("Cox", "1.94", "0.02")["symmetry"] == "contradicts"
    assert found("exact", "1.94", "0.02")["symmetry"] == "questionable"
    assert found("", "0.59", "0.02") == {"interval": "contradicts"}
    assert found("Cox 90% CI", "0.94", "0.006")["P value"] == "contradicts"


def test_a_range_of_p_values_is_rounded_outwards(tmp_path):
    """From 0.02235 to 0.02630, by hand: the middle of the limits must print like the estimate."""
    rows = ("t.hr,0.62,,,,Cox,", "t.hr.low,0.41,,,,,", "t.hr.high,0.94,,,,,", "t.hr.p,0.02,,,,,")
    every = check_claims(read_claims(table(tmp_path, *rows)))
    (finding,) = (found for found in every if found.check == "P value")
    assert "P between 0.022 and 0.027;" in finding.statement


def test_sums_and_exclusions(tmp_path):
    rows = ("t.part.men,13,,,,,", "t.part.women,9,,,,,", "t.total,{},,,,,")
    assert statuses(tmp_path, *rows[:2], rows[2].format(22)) == {"totals": "fits"}
    assert statuses(tmp_path, *rows[:2], rows[2].format(23)) == {"totals": "contradicts"}
    rows = ("f.start,62,,,,,", "f.excluded.no_mri,13,,,,,", "f.remaining,{},,,,,")
    assert statuses(tmp_path, *rows[:2], rows[2].format(49)) == {"exclusions": "fits"}
    assert statuses(tmp_path, *rows[:2], rows[2].format(48)) == {"exclusions": "contradicts"}


def test_places(tmp_path):
    rows = ("abstract.n,62,,,,,number of patients", "results.n,61,,,,,number of patients")
    assert statuses(tmp_path, *rows) == {"places": "contradicts"}


def test_report_and_exit_status(tmp_path, capsys):
    path = table(tmp_path, "t.men.percent,86.4,%,22,,,", "t.age,61.2,years,,,,", "t.x,similar,,,,,")
    assert check.main([str(path)]) == 0
    printed = capsys.readouterr().out
    assert "3 claims, 1 checks: 1 fits" in printed
    assert "IN NO CHECK: 2 claims" in printed
    path = table(tmp_path, "t.men.percent,86.5,%,22,,,")
    assert check.main([str(path)]) == 1
    printed = capsys.readouterr().out
    assert "CONTRADICTS" in printed
    assert "line 2: t.men.percent" in printed
    assert "19 of 22 is 86.36%" in printed
    assert max(map(len, printed.splitlines()[1:])) <= 96


@pytest.mark.parametrize(
    ("rows", "header", "message"),
    [
        (["a,1"], "claim_id,value", "line 1: expected columns claim_id, published"),
        (["Table 2,1"], "claim_id,published", "line 2, claim_id: expected lower-case words"),
        (["a.b,86.4%"], "claim_id,published", "% goes into unit, got '86.4%'"),
        (["a.b,1,x"], "claim_id,published,n", "line 2, n: expected a whole number of at least 1"),
        (["a.b,1,x"], "claim_id,published", "expected 2 cells in each line, got more"),
        (["a.b,1", "a.b,2"], "claim_id,published", "line 3: expected each claim_id once"),
    ],
)
def test_errors_name_file_line_expected_and_got(tmp_path, capsys, rows, header, message):
    path = table(tmp_path, *rows, header=header)
    with pytest.raises(ClaimsFileError) as caught:
        read_claims(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert check.main([str(path)]) == 2
    assert message in capsys.readouterr().err


def test_a_missing_file_is_an_error_and_not_a_finding(tmp_path, capsys):
    assert check.main([str(tmp_path / "none.csv")]) == 2
    assert "expected a CSV file in UTF-8" in capsys.readouterr().err


def test_claims_of_a_study_contradict_nothing_they_are_not_known_to(checkout):
    assert check.main([str(checkout / "data" / "pet_mri_lymph_nodes" / "claims.csv")]) == 0


def test_help_names_every_role(checkout):
    result = subprocess.run(
        [sys.executable, "-m", "reanalysis.check", "--help"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    )
    for role in {*ROLES} - {"hazard_ratio", "odds_ratio", "risk_ratio"}:
        assert re.search(rf"\b{role}\b", result.stdout), role
