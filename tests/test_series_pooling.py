"""Pooled means and their prediction intervals against R's metafor."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from reanalysis.alternatives.random_effects import DERSIMONIAN_LAIRD, RESTRICTED_LIKELIHOOD
from reanalysis.series_pooling import LOG, RAW, pool_series, series_effects, series_means

GOLDEN = pd.read_csv(Path(__file__).parent / "reference" / "small_series" / "pooled_means.csv")
# As in tests/reference/small_series/reference.R, which names the call of each number.
DATA = {
    "series": pd.DataFrame(
        {"n": [19, 27, 21, 18, 12], "mean": [17, 14, 32, 17, 14], "sd": [12, 6, 45, 9, 8]}
    ),
    "wide": pd.DataFrame({"n": [20, 30, 25, 15], "mean": [14, 17, 32, 60], "sd": [6, 9, 20, 13]}),
}
MODELS = {"DL": DERSIMONIAN_LAIRD, "REML": RESTRICTED_LIKELIHOOD}
NUMBERS = ["estimate", "conf_low", "conf_high", "prediction_low", "prediction_high", "tau_squared"]


@pytest.mark.parametrize(
    "row", list(GOLDEN.itertuples()), ids=lambda r: f"{r.data}, {r.scale}, {r.model}"
)
def test_summaries_are_those_of_metafor(row):
    pooled = pool_series(DATA[row.data], MODELS[row.model], scale=row.scale)
    ours, theirs = ([getattr(source, name) for name in NUMBERS] for source in (pooled, row))
    # Both maximise the restricted likelihood by iteration, to about six digits.
    assert_allclose(ours, theirs, rtol=1e-5)


def test_equal_series_leave_no_variance_between_them():
    table = pd.DataFrame({"n": [20] * 4, "mean": [30.0] * 4, "sd": [10.0] * 4})
    pooled = pool_series(table)
    assert pooled.tau_squared == 0
    assert pooled.i_squared == 0
    # Without variance between series the prediction is the t interval of the summary.
    half = stats.t.ppf(0.975, 2) * 10 / np.sqrt(80)
    assert_allclose([pooled.prediction_low, pooled.prediction_high], [30 - half, 30 + half])


def test_the_log_scale_follows_a_change_of_unit():
    minutes, hours = DATA["wide"], DATA["wide"].assign(**(DATA["wide"][["mean", "sd"]] / 60))
    found = [pool_series(table, scale=LOG) for table in (minutes, hours)]
    assert_allclose(found[0].prediction_high, 60 * found[1].prediction_high)
    assert_allclose(found[0].tau_squared, found[1].tau_squared)


def test_single_series_have_t_intervals():
    row = series_means(DATA["series"]).iloc[1]
    expected = stats.t.interval(0.95, 26, loc=14, scale=6 / np.sqrt(27))
    assert_allclose([row["conf_low"], row["conf_high"]], expected)


def test_too_few_series_unknown_scales_and_negative_means_are_refused():
    with pytest.raises(ValueError, match="at least three"):
        pool_series(DATA["wide"].head(2))
    with pytest.raises(ValueError, match="expected a scale"):
        series_effects(DATA["wide"], "square root")
    with pytest.raises(ValueError, match="positive"):
        series_effects(DATA["wide"].assign(mean=-1), LOG)
    assert_allclose(series_effects(DATA["wide"], RAW)[1][0], 36 / 20)
