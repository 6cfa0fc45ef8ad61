"""The numbers on the primer about agreement are those that the package computes."""

from pathlib import Path

import numpy as np

from reanalysis.agreement import exact_limit_factors, intraclass_correlations, limits_of_agreement
from reanalysis.icc_intervals import icc_interval
from reanalysis.icc_sample_size import patients_for_width
from reanalysis.printed_icc import consistency_of

# Bland, Altman, Lancet 1986;327:307–310: two peak flow meters, first readings, l/min.
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
# Shrout, Fleiss, Psychol Bull 1979;86:420–428, Table 2: six targets, four judges.
JUDGES = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def page(checkout):
    path = Path(checkout) / "book" / "methods" / "agreement.md"
    return path.read_text(encoding="utf-8").replace("\n", " ")


def test_limits_of_the_peak_flow_meters(checkout):
    text, found = page(checkout), limits_of_agreement(np.subtract(WRIGHT, MINI))
    assert f"of −{-found.bias.estimate:.1f} l/min with" in text
    assert f"deviation of {found.std_dev:.1f}" in text
    limits = f"−{-found.lower.estimate:.1f} and {found.upper.estimate:.1f} l/min"
    assert f"The limits are {limits}" in text
    upper = found.upper
    assert f"lies between {upper.conf_low:.1f} and {upper.conf_high:.1f}" in text
    inner, outer = (abs(1.96 - factor) for factor in exact_limit_factors(30))
    assert f"{inner:.1f} standard deviations inwards and {outer:.1f} outwards" in text


def test_six_forms(checkout):
    text = page(checkout)
    for row in intraclass_correlations(JUDGES).itertuples():
        line = text.split(f"| {row.shrout_fleiss} |")[1]
        assert f"| {row.estimate:.2f} |" in line[:90]


def test_what_an_interval_gives_away(checkout):
    text, sizes = page(checkout), {"n_targets": 30, "n_readers": 2}
    low, high = icc_interval(0.4, "ICC(2,1)", reader_f=1, **sizes)
    assert f"about {low:.2f} to {high:.2f} if the readers" in text
    low, high = icc_interval(0.4, "ICC(2,1)", reader_f=70, **sizes)
    assert f"−{-low:.2f} to {high:.2f} if they differ" in text
    assert f"consistency is {consistency_of(0.4, 70, **sizes):.2f}" in text


def test_sample_sizes(checkout):
    two, three, six = (patients_for_width(0.5, k, 0.2) for k in (2, 3, 6))
    wanted = f"takes about {two} targets with two readers, {three} with three and {six} with six"
    assert wanted in page(checkout)
    assert patients_for_width(0.5, 2, 0.56) <= 30 <= patients_for_width(0.5, 2, 0.54)
