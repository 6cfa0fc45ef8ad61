"""Which type does the printed wording give to a donor's bile ducts?

The proposed classification of doi 10.4274/dir.2023.232321 counts the ducts of the donated lobe that
join the common hepatic duct and asks, of a single one, whether it is at least 5 mm long. Its
wording admits two readings of "a maximum of two"; neither gives every donor one type.
"""

import itertools

import pandas as pd

SHORTEST_MM = 5
AS_WORDED, EXACTLY_TWO = "at most two", "exactly two"
READINGS = (AS_WORDED, EXACTLY_TWO)
ONE, MORE = "one", "more than one"


def types_by_wording(n_ducts, length_mm=None, reading=AS_WORDED):
    """Types whose printed definition a donor meets.

    Parameters
    ----------
    n_ducts : int
        Ducts of the donated lobe that join the common hepatic duct, at least 0.
    length_mm : float, optional
        Length of a single duct; needed when there is one.
    reading : {"at most two", "exactly two"}, default "at most two"
        How the number of ducts of type 2 is understood; the first is what is printed.

    Returns
    -------
    list of str
        ``"type 1"``, ``"type 2"``, ``"type 3"``, in this order; more than one where definitions
        overlap, none where they leave a gap.

    Raises
    ------
    ValueError
        If the reading is unknown, the number is not a whole number of at least 0, or the length
        of a single duct is missing.

    Examples
    --------
    >>> types_by_wording(1, 8.0), types_by_wording(1, 8.0, reading=EXACTLY_TWO)
    (['type 1', 'type 2'], ['type 1'])

    One duct of 8 mm is at most two ducts as well: as worded, it belongs to two types.
    """
    if reading not in READINGS:
        raise ValueError(f"expected a reading out of {READINGS}, got {reading!r}")
    if not float(n_ducts).is_integer() or n_ducts < 0:
        raise ValueError(f"n_ducts must be a whole number of at least 0, got {n_ducts!r}")
    if n_ducts == 1 and length_mm is None:
        raise ValueError("expected the length of a single duct, got None")
    long_enough = n_ducts == 1 and length_mm >= SHORTEST_MM
    too_short = n_ducts == 1 and length_mm < SHORTEST_MM
    up_to_two = n_ducts <= 2 if reading == AS_WORDED else n_ducts == 2
    meets = {"type 1": long_enough, "type 2": up_to_two or too_short, "type 3": n_ducts > 2}
    return [name for name, holds in meets.items() if holds]


def gaps_and_overlaps(most_ducts=4):
    """Every kind of donor, with the types that each reading of the wording gives.

    Parameters
    ----------
    most_ducts : int, default 4
        Largest number of ducts to list.

    Returns
    -------
    pandas.DataFrame
        One row per kind: ``ducts``, ``length`` (``"< 5 mm"``, ``"≥ 5 mm"`` or empty), and for
        each reading its types, joined by "and"; ``"none"`` where no definition fits.

    Examples
    --------
    >>> table = gaps_and_overlaps()
    >>> table[table.ducts == 0].iloc[0].to_dict()
    {'ducts': 0, 'length': '', 'at most two': 'type 2', 'exactly two': 'none'}

    A donor whose duct ends in the cystic duct has none that joins the common hepatic duct.
    """
    kinds = [(0, None), (1, SHORTEST_MM - 1), (1, SHORTEST_MM)]
    kinds += itertools.product(range(2, most_ducts + 1), [None])
    words = {None: "", SHORTEST_MM - 1: f"< {SHORTEST_MM} mm", SHORTEST_MM: f"≥ {SHORTEST_MM} mm"}
    rows = []
    for n_ducts, length in kinds:
        found = [" and ".join(types_by_wording(n_ducts, length, r)) or "none" for r in READINGS]
        rows.append((n_ducts, words[length], *found))
    return pd.DataFrame(rows, columns=["ducts", "length", *READINGS])


def predicted_and_observed(by_type, types=(1, 2, 3)):
    """Transplanted donors by the number of anastomoses that their type predicts, and by theirs.

    Type 1 stands for one anastomosis, types 2 and 3 for more.

    Parameters
    ----------
    by_type : DataFrame of int
        Donors by type (index 1, 2, 3) and number of anastomoses (columns 1, 2, 3).
    types : sequence of int, default (1, 2, 3)
        Types to include.

    Returns
    -------
    DataFrame
        Rows (predicted) and columns (observed) ``"one"`` and ``"more than one"``, as
        :func:`reanalysis.prediction_accuracy.prediction_accuracy` takes them.

    Examples
    --------
    >>> by_type = pd.DataFrame([[9, 2], [4, 6]], index=[1, 2], columns=[1, 2])
    >>> predicted_and_observed(by_type, types=(1, 2)).values.tolist()
    [[9, 2], [4, 6]]

    Of ten donors of type 2 six needed more than one anastomosis.
    """
    kept = by_type.loc[list(types)]
    observed = pd.DataFrame({ONE: kept[1], MORE: kept.drop(columns=1).sum(axis=1)})
    predicted = observed.index.map(lambda kind: ONE if kind == 1 else MORE)
    return observed.groupby(predicted).sum().reindex([ONE, MORE], fill_value=0)


def decision_boxes():
    """The definitions as questions and ends, for a diagram.

    Returns
    -------
    boxes, arrows : pandas.DataFrame
        As :func:`reanalysis.plots.decision_diagram.decision_diagram` takes them, with the number
        of ducts of type 2 read as exactly two.

    Examples
    --------
    >>> boxes, arrows = decision_boxes()
    >>> boxes[boxes.kind == "gap"].text.item()
    'not covered by the definitions'

    One of the four answers to the first question leads to no type.
    """
    count = "How many ducts of the donated lobe join the common hepatic duct?"
    rows = [
        ("count", count, "question", 0, 0.0, 1.0),
        ("length", "How long is it?", "question", 1, 0.0, 0.3),
        ("type 1", "Type 1\nsafe donor", "end", 2, 0.0, 0.24),
        ("type 2", "Type 2\nmay need additional anastomosis", "end", 2, 0.27, 0.53),
        ("type 3", "Type 3\nnot suited, more than two", "end", 2, 0.56, 0.78),
        ("none", "not covered by the definitions", "gap", 2, 0.81, 1.0),
    ]
    ways = [
        ("count", "length", "one"),
        ("count", "type 2", "two"),
        ("count", "type 3", "three or more"),
        ("count", "none", "none"),
        ("length", "type 1", f"{SHORTEST_MM} mm or more"),
        ("length", "type 2", "shorter"),
    ]
    boxes = pd.DataFrame(rows, columns=["box", "text", "kind", "row", "left", "right"])
    return boxes, pd.DataFrame(ways, columns=["start", "stop", "answer"])
