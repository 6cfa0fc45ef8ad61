"""Which summary goes with a printed P value."""

import numpy as np
import pytest
from scipy import stats

from reanalysis.summary_from_p import NAMES, values_giving_p

PRINTED = dict(zip(NAMES, ("4.34", "8.08", "3.48", "8.64"), strict=True))
SIZES = {"first_n": 63, "second_n": 73}


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("first_mean", (4, 9)),
        ("first_spread", (1, 30)),
        ("second_mean", (-5, 4)),
        ("second_spread", (1, 30)),
    ],
)
def test_every_value_found_gives_a_p_that_prints_like_this(name, within):
    """The range starts and ends where P leaves its rounding, with some corner of the others."""
    ends = values_giving_p(name, PRINTED, "0.547", within=within, **SIZES)
    assert ends[0] < float(PRINTED[name]) + 0.4
    assert ends[0] <= ends[1]
    for end in ends:
        near = [
            _p({**{k: float(v) + d for k, v in PRINTED.items() if k != name}, name: end})
            for d in (-0.005, 0.0, 0.005)
        ]
        assert min(abs(np.array(near) - 0.547)) < 0.01


def _p(values):
    first = values["first_mean"], values["first_spread"], 63
    second = values["second_mean"], values["second_spread"], 73
    return stats.ttest_ind_from_stats(*first, *second).pvalue


def test_a_value_that_never_gives_it_is_missing():
    """P of 0.001 cannot be had from an SD as large as that."""
    found = values_giving_p("second_spread", PRINTED, "0.001", within=(5, 30), **SIZES)
    assert np.isnan(found).all()


def test_an_unknown_name_is_refused():
    """Errors say what was expected."""
    with pytest.raises(ValueError, match="expected one of"):
        values_giving_p("third_mean", PRINTED, "0.5", within=(0, 1), **SIZES)
