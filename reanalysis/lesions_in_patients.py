"""How much do several lesions of one patient lengthen an interval that counts them as separate?

Lesions of one patient resemble each other, so they tell less than as many lesions of different
patients. When only the two totals are printed, how the lesions are spread over the patients is
unknown, and the loss can be bounded.

Vocabulary: ``icc`` is the correlation of two lesions of one patient, 0–1; the *design effect* is
the factor on the variance; the *effective number* is the lesions divided by it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class DesignEffect:
    """Bounds of the design effect over all ways to spread the lesions.

    Parameters
    ----------
    low, high : float
        Smallest and largest factor on the variance, 1 or more.
    n_lesions : int
        Lesions in all.
    """

    low: float
    high: float
    n_lesions: int

    @property
    def effective_lesions(self):
        """Smallest and largest effective number of lesions, as a tuple of float."""
        return self.n_lesions / self.high, self.n_lesions / self.low


def spread_bounds(*, n_lesions, n_patients, most=None):
    """Bounds of the mean number of lesions that share a lesion's patient, itself included.

    Parameters
    ----------
    n_lesions, n_patients : int
        Printed totals; every patient has a lesion.
    most : int, optional
        Most lesions that one patient can have; without it all surplus ones may be in one.

    Returns
    -------
    low, high : float
        Of ``Σ m² / Σ m``, where ``m`` are the lesions of the patients.

    Raises
    ------
    ValueError
        If there are fewer lesions than patients, or more than `most` allows.

    Notes
    -----
    The sum of squares is smallest when the patients are as equal as can be, and largest when as
    many as possible have `most` and the others one.

    Examples
    --------
    >>> low, high = spread_bounds(n_lesions=146, n_patients=112, most=5)
    >>> round(low, 2), round(high, 2)
    (1.47, 2.14)

    From 34 patients with two lesions each to eight with five and one with three.
    """
    if not 1 <= n_patients <= n_lesions:
        raise ValueError(f"expected 1 <= patients <= lesions, got {n_patients}, {n_lesions}")
    most = n_lesions - n_patients + 1 if most is None else most
    if n_lesions > n_patients * most:
        raise ValueError(f"{n_lesions} lesions do not fit {n_patients} patients with {most} each")
    each, more = divmod(n_lesions, n_patients)
    smallest = more * (each + 1) ** 2 + (n_patients - more) * each**2
    full, rest = divmod(n_lesions - n_patients, most - 1) if most > 1 else (0, 0)
    others = n_patients - full - (1 if rest else 0)
    largest = full * most**2 + ((1 + rest) ** 2 if rest else 0) + others
    return smallest / n_lesions, largest / n_lesions


def design_effect_bounds(*, n_lesions, n_patients, icc, most=None):
    """By which factor does the variance grow, at the least and at the most?

    Parameters
    ----------
    n_lesions, n_patients : int
        Printed totals; every patient has a lesion.
    icc : float
        Correlation of two lesions of one patient, 0–1.
    most : int, optional
        Most lesions that one patient can have.

    Returns
    -------
    DesignEffect

    Raises
    ------
    ValueError
        If the correlation is not in 0–1 or the totals do not fit.

    Notes
    -----
    ``1 + (Σm²/Σm - 1) icc`` for a mean or a proportion over lesions that is estimated lesion by
    lesion. For an area under the ROC curve it is an approximation: with lesion-level scores use
    the method of Obuchowski (Biometrics 1997;53:567–578).

    References
    ----------
    Kish L. Survey sampling. New York: Wiley; 1965.

    Examples
    --------
    >>> found = design_effect_bounds(n_lesions=146, n_patients=112, icc=0.5, most=5)
    >>> [round(n) for n in found.effective_lesions]
    [93, 118]

    146 lesions are worth 93 to 118 independent ones if two of a patient correlate by one half.
    """
    if not 0 <= icc <= 1:
        raise ValueError(f"icc must lie in 0–1, got {icc!r}")
    spread = spread_bounds(n_lesions=n_lesions, n_patients=n_patients, most=most)
    return DesignEffect(*(1 + (mean - 1) * icc for mean in spread), n_lesions)
