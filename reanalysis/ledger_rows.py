"""How does one line of a ledger read?"""

import math

import pandas as pd

from reanalysis.alternatives.reached import chance_of_reaching


def ledger_row(claim, published, found, verdict, methods):
    """One claim with both of its sides and the verdict.

    Parameters
    ----------
    claim : dict of str to str
        Row of ``claims.csv``.
    published : PublishedNumber
        The printed side.
    found : Recomputed
        The recomputed side; empty if no notebook handed one over.
    verdict : str
        What the rules make of the two.
    methods : sequence of str
        Methods that reach every number of the claim's family.

    Returns
    -------
    dict
        ``claim`` with the columns that :meth:`reanalysis.ledger.Ledger.table` adds.
    """
    ruled_out_by = found.contradicted_by if verdict == "contradicted" else ()
    as_expected = verdict == claim["expected_verdict"] and set(ruled_out_by) == set(
        claim["contradicted_by"].split()
    )
    return claim | {
        "recomputed": _recomputed_text(published, found),
        "recomputed_value": float("nan") if found.value is None else float(found.value),
        "verdict": verdict,
        "moved": not as_expected,
        "contradicted_by": " ".join(ruled_out_by),
        "alternatives_tried": len(found.alternatives),
        "alternatives_values": _alternatives_text(published, found),
        "alternatives_reaching": "; ".join(methods),
        "alternatives_chance": _chance(published, found),
        "check": found.check,
    }


def _recomputed_text(published, found):
    if isinstance(found.value, bool):
        return "holds" if found.value else "does not hold"
    if found.check:
        return _range_text(*found.interval)
    if found.value is None:
        return ""
    # One digit more than printed where print alone could not show the difference.
    finer = 0 if published.matches(found.value) and not published.relation else 1
    return f"{found.value:.{published.decimals + finer}f}"


def _range_text(low, high):
    """Say what a number may be; whole numbers without decimals, no end where there is none."""
    first, last = (_end_text(end) for end in (low, high))
    if math.isinf(high):
        return "anything" if math.isinf(low) else f"{first} or more"
    if math.isinf(low):
        return f"{last} or less"
    return first if first == last else f"{first} to {last}"


def _end_text(end):
    if 0 < end < 0.0005:  # not nothing, though it would print so
        return "<0.001"
    return (f"{end:.0f}" if float(end).is_integer() else f"{end:.3f}").replace("-", "−")


def _chance(published, found):
    """Share of the numbers that could stand here which some alternative would reach."""
    if not found.alternatives:
        return float("nan")
    table = pd.DataFrame({"method": list(found.alternatives), "value": found.alternatives.values()})
    return chance_of_reaching(table, {"value": published}).share


def _alternatives_text(published, found):
    """Every alternative with the value it gives, one digit finer than print."""
    places = published.decimals + 1
    return "; ".join(f"{name}: {value:.{places}f}" for name, value in found.alternatives.items())
