"""What do the intervals and P values of a table of claims say?

Used by :mod:`reanalysis.consistency.claim_checks`; an estimate is a row whose id is that of its
limits without their last part.
"""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Context

from reanalysis.consistency.estimate_intervals import KINDS, check_triad, interval_contains

# Methods whose interval is symmetric on its usual scale, and whose P value goes with it.
WALD_METHODS = re.compile(r"\b(wald|cox|logistic|poisson|normal|z[- ]test|delong)\b", re.IGNORECASE)
_LEVEL = re.compile(r"(\d{2}(?:\.\d+)?)\s?%\s?(?:ci|confidence)", re.IGNORECASE)
# Two digits, rounded outwards: a range must not look narrower than it is.
_DOWN, _UP = Context(prec=2, rounding=ROUND_FLOOR), Context(prec=2, rounding=ROUND_CEILING)


def interval_findings(claims, kinds):
    """Findings about every estimate with limits or a P value.

    Parameters
    ----------
    claims : list of Claim
        Rows with numbers.
    kinds : dict of str to str
        Kind of estimate by role.

    Yields
    ------
    tuple
        The fields of a Finding.
    """
    by_id = {claim.claim_id: claim for claim in claims}
    for claim in claims:
        low, high = (by_id.get(f"{claim.claim_id}.{limb}") for limb in ("low", "high"))
        if low is None or high is None:
            continue
        inside = interval_contains(claim.printed, low.printed, high.printed)
        shown = f"{claim.printed} ({low.printed} to {high.printed})"
        statement = f"{shown}: the estimate lies {'inside' if inside else 'outside'} its interval"
        yield (
            "interval", (claim, low, high), "fits" if inside else "contradicts", statement,
            "the interval is one of this estimate",
        )  # fmt: skip
        values = not any(row.is_inequality for row in (claim, low, high))
        if inside and values and claim.role in kinds:
            yield from _triad(claim, low, high, by_id.get(f"{claim.claim_id}.p"), kinds)


def _triad(claim, low, high, p, kinds):
    kind = kinds[claim.role]
    level = _LEVEL.search(claim.method)
    found = check_triad(
        claim.printed,
        low.printed,
        high.printed,
        None if p is None else p.printed,
        kind=kind,
        conf_level=float(level[1]) / 100 if level else 0.95,
    )
    shown = f"{claim.printed} ({low.printed} to {high.printed})"
    scales = " or ".join(KINDS[kind][0])
    assumes = f"an interval of normal theory on the scale: {scales}"
    stated = bool(WALD_METHODS.search(claim.method))
    against = "contradicts" if stated else "questionable"
    if not found.usual_scale:
        others = ", ".join(found.symmetric_on) or "none"
        statement = f"{shown} is not symmetric on its usual scale ({scales}); it is on: {others}"
        yield "symmetry", (claim, low, high), against, statement, assumes
        return
    statement = f"{shown} can be symmetric on the scale: {found.usual_scale}"
    yield "symmetry", (claim, low, high), "fits", statement, assumes
    if p is None:
        return
    stated &= not p.method or bool(WALD_METHODS.search(p.method))
    against = "contradicts" if stated else "questionable"
    ends = _DOWN.create_decimal_from_float(found.p_low), _UP.create_decimal_from_float(found.p_high)
    allowed = "P between {:.2g} and {:.2g}".format(*map(float, ends))
    statement = f"{shown} goes with {allowed}; printed P {p.published}"
    status = "fits" if found.p_agrees else against
    if found.one_sided:
        statement, status = f"{statement} (as a one-sided P value)", "questionable"
    yield "P value", (claim, low, high, p), status, statement, assumes
