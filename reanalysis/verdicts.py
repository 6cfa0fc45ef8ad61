"""By which rule does a recomputed value meet its printed number?

Precedence::

    contradicted > reproduced > within_rounding > other_method > differs

``contradicted``: another number printed in the same paper rules it out. ``reproduced``: the
value rounds to the printed text. ``within_rounding``: it can, when printed inputs vary within
their own rounding. ``other_method``: a method reaches it that is not the one used, and reaches
every printed number of its family. ``differs``: nothing that was tried reaches it with its
family; or the rule of a word does not hold. ``not_recomputable``: the data it needs, or the rule of
a word, were not printed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

TRUNCATION = "truncated instead of rounded"
MISSING = "missing"


@dataclass(frozen=True)
class Recomputed:
    """What a notebook handed over for one claim, in printed units.

    Parameters
    ----------
    value : float or bool, optional
        The recomputed value; for words, whether their rule holds.
    interval : tuple of float, optional
        What the value can be within the rounding of its inputs; beside ``check``, the bound.
    alternatives : mapping of str to float
        Values of other methods.
    contradicted_by : tuple of str
        Claims that rule the printed number out.
    check : str
        What a bound rests on, for a number that cannot be recomputed.
    """

    value: float | bool | None = None
    interval: tuple[float, float] | None = None
    alternatives: Mapping[str, float] = field(default_factory=dict)
    contradicted_by: tuple[str, ...] = ()
    check: str = ""


def verdict_on(published, found, *, recomputable, methods):
    """The verdict on one claim.

    Parameters
    ----------
    published : PublishedNumber
        The printed side.
    found : Recomputed or None
        The recomputed side, if a notebook handed one over.
    recomputable : bool
        Whether the study expects the claim to be recomputed at all.
    methods : sequence of str
        Methods that reach every number of the claim's family.

    Returns
    -------
    str
        One of ``VERDICTS``, or ``"missing"`` for a recomputable claim nobody recomputed.
    """
    if found is None or found.check:
        outside = found and not published.is_words and not published.reachable_from(*found.interval)
        if not recomputable:
            return "differs" if outside else "not_recomputable"
        return MISSING
    if found.contradicted_by:
        return "contradicted"
    if found.value is True or (not published.is_words and published.matches(found.value)):
        return "reproduced"
    if found.interval and published.reachable_from(*found.interval):
        return "within_rounding"
    return "other_method" if methods else "differs"


def method_reaches(method, published, found):
    """Whether a method reaches one printed number of a family.

    Parameters
    ----------
    method : str
        Name of an alternative, or ``TRUNCATION``.
    published : PublishedNumber
        The printed side.
    found : Recomputed or None
        The recomputed side.

    Returns
    -------
    bool
        True also for a number that its own paper contradicts: no method can be asked to reach a
        misprint. False for a number nobody recomputed: what was not tried was not reached.
    """
    if found is None or found.value is None:
        return False
    if found.contradicted_by:
        return True
    if method == TRUNCATION:
        return published.truncates_from(found.value)
    return method in found.alternatives and published.matches(found.alternatives[method])


def ruled_out_by(published, value, implied):
    """Which other claims are incompatible with a printed one.

    Parameters
    ----------
    published : PublishedNumber
        The claim in question.
    value : float or bool
        Its recomputed value; words are ruled out when their rule fails.
    implied : mapping of str to (low, high) or None
        What each other claim implies here, in printed units; None for words, which have no
        interval and speak only against words.

    Returns
    -------
    tuple of str
        Those of ``implied`` that leave no value for the claim.
    """
    if published.is_words:
        return () if value else tuple(implied)
    low, high = published.interval()
    return tuple(
        name for name, span in implied.items() if span and (span[1] < low or span[0] > high)
    )
