"""Exact sample sizes against R, which searches by itself, and against published ones."""

from math import ceil
from pathlib import Path

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reanalysis import sample_size
from reanalysis.diagnostic_accuracy import proportion
from reanalysis.power_of_proportions import power_paired, power_unpaired
from reanalysis.sample_size import (
    normal_sample_size_paired,
    normal_sample_size_unpaired,
    sample_size_for_precision,
    sample_size_paired,
    sample_size_unpaired,
)

# tests/reference/sample_size/sizes.csv: the R call stands on each of its lines.
GOLDEN = pd.read_csv(Path(__file__).parent / "reference" / "sample_size" / "sizes.csv")


@pytest.mark.parametrize("row", GOLDEN.to_dict("records"), ids=lambda r: f"{r['design']}")
def test_sizes_are_those_of_r(row):
    rates, power, test = (row["first"], row["second"]), row["power"], row["test"]
    if test == "normal":
        # R solves for the root: eight digits.
        assert_allclose(normal_sample_size_unpaired(*rates, power), row["value"], rtol=1e-8)
    elif row["design"] == "paired":
        assert sample_size_paired(*rates, power=power, test=test) == row["value"]
    else:
        assert sample_size_unpaired(*rates, power=power, test=test) == (row["value"],) * 2


def test_connor_as_published():
    # powerandsamplesize.com, McNemar's Z-test, two-sided (Connor, Biometrics 1987;43:207-211):
    # discordant shares 0.45 and 0.05, power 0.8: 23 pairs.
    assert ceil(normal_sample_size_paired(0.45, 0.05)) == 23


def test_the_size_reaches_the_power_and_the_one_before_does_not():
    n = sample_size_paired(0.3, 0.1)
    assert power_paired(0.3, 0.1, n) >= 0.8 > power_paired(0.3, 0.1, n - 1)
    n, m = sample_size_unpaired(0.6, 0.2, ratio=0.5)
    assert m == ceil(n / 2)
    assert power_unpaired(0.6, 0.2, n, m) >= 0.8


def test_precision():
    n = sample_size_for_precision(0.8, 0.1)
    width = [proportion(round(0.8 * k), k) for k in (n - 1, n)]
    assert width[0].conf_high - width[0].conf_low > 0.2 >= width[1].conf_high - width[1].conf_low
    assert sample_size_for_precision(0.8, 0.05) > n
    # Rule of three (Hanley, Lippman-Hand, JAMA 1983;249:1743-1745): one-sided 3/n; the two-sided
    # limit without events is 1 - 0.025^(1/n), at most 0.2 from n = 17.
    assert sample_size_for_precision(0, 0.1) == 17


def test_a_start_that_is_too_high_is_left(monkeypatch):
    """The formula may exceed the exact size: the search goes down first."""
    expected = sample_size_paired(0.45, 0.05)
    monkeypatch.setattr(sample_size, "normal_sample_size_paired", lambda *_: 400.0)
    assert sample_size_paired(0.45, 0.05) == expected


def test_unfit_input_is_refused(monkeypatch):
    with pytest.raises(ValueError, match="two different proportions"):
        sample_size_unpaired(0.3, 0.3)
    with pytest.raises(ValueError, match="two different shares"):
        sample_size_paired(0.3, 0.3)
    with pytest.raises(ValueError, match="between 0 and 1"):
        sample_size_for_precision(1.2, 0.1)
    monkeypatch.setattr(sample_size, "LARGEST_N", 30)
    with pytest.raises(ValueError, match="at most 30 patients"):
        sample_size_paired(0.11, 0.1)
