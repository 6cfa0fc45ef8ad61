"""Which of the six intraclass correlations can a printed one be, by its interval?

The forms differ in the interval that belongs to one and the same value, so a table of printed
ICCs with intervals tells which form it holds.
"""

import numpy as np
import pandas as pd

from reanalysis.consistency.printed_bounds import plain_bounds
from reanalysis.icc_intervals import icc_interval
from reanalysis.printed_icc import ICC_STEPS, READER_F, rows_as_printed, within_print

FORMS = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")


def fitting_forms(table, *, n_targets, decimals=(3, 2)):
    """Which of the six ICCs can each row be, by its interval?

    Parameters
    ----------
    table : DataFrame
        As for :func:`implied_by_table`.
    n_targets : int
        Targets of every row.
    decimals : tuple of int, default (3, 2)
        As for :func:`implied_by_table`.

    Returns
    -------
    DataFrame
        One column per form, true where some value within the rounding has the printed interval.
    """
    cache, rows = {}, list(rows_as_printed(table, decimals))
    for row in set(rows):
        *texts, k = row
        cache[row] = [_form_fits(*texts, form, n_targets, k) for form in FORMS]
    return pd.DataFrame([cache[row] for row in rows], columns=list(FORMS), index=table.index)


def _form_fits(icc, conf_low, conf_high, form, n, k):
    rho = np.linspace(*map(float, plain_bounds(icc)), ICC_STEPS)
    if form.startswith("ICC(2"):
        rho, reader_f = (g.ravel() for g in np.meshgrid(rho, READER_F))
    else:
        reader_f = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = icc_interval(rho, form, n_targets=n, n_readers=k, reader_f=reader_f)
    return bool((within_print(ends[0], conf_low) & within_print(ends[1], conf_high)).any())
