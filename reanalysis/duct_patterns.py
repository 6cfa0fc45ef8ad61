"""Do several classifications of bile ducts count the same patterns alike?

The donors are those of `reanalysis.donor_study`; a *pattern* is where a duct ends, a *class* is a
system's name for patterns.
"""

import pandas as pd

from reanalysis.donor_study import UNCLASSIFIED

THREE_OR_MORE = "three ducts or more join the common hepatic duct"
TO_LEFT = "a right duct joins the left hepatic duct"
LEFT_OUT = "left unclassified"
_AT_ONE_POINT = "three ducts meet at one point"
_BY_ITSELF = "a right duct joins the common hepatic duct by itself"
_POSTERIOR_TO_CYSTIC = "the right posterior duct joins the cystic duct"
_RIGHT_TO_CYSTIC = "the right hepatic duct joins the cystic duct"
# Classes that stand for one pattern: Couinaud 1957 (Le foie), whose C and D take the anterior duct
# as well; Huang 1996 (Transplant Proc 28:1669); Choi 2003 (Korean J Radiol 4:85).
_CLASSES = {
    _AT_ONE_POINT: {"Couinaud": ["B"], "Huang": ["2"], "Choi": ["2"]},
    _BY_ITSELF: {"Couinaud": ["C1", "C2"], "Huang": ["4"], "Choi": ["3B"]},
    TO_LEFT: {"Couinaud": ["D1", "D2"], "Huang": ["3"], "Choi": ["3A"]},
    _POSTERIOR_TO_CYSTIC: {"Couinaud": ["F"], "Huang": ["5"], "Choi": ["3C"]},
    _RIGHT_TO_CYSTIC: {"Choi": ["4"]},
    LEFT_OUT: {system: [UNCLASSIFIED] for system in ("Couinaud", "Huang", "Choi")},
}


def patterns_by_system(tables):
    """The same patterns of ducts as three classifications and the text count them.

    Answers: are donors of one pattern as many in each classification of the same donors?

    Parameters
    ----------
    tables : DonorTables
        As printed.

    Returns
    -------
    DataFrame of Int64
        By pattern; columns ``Couinaud, Huang, Choi, Text``, missing where a system has no class
        for the pattern or the text no number.

    Notes
    -----
    Three ducts or more join the common hepatic duct where three meet at one point, and where a
    right duct joins by itself; other classes may add to them, so that the sum is a least number.
    """
    counts = {
        pattern: {
            system: sum(tables.counts[system, name] for name in names)
            for system, names in classes.items()
        }
        for pattern, classes in _CLASSES.items()
    }
    found = pd.DataFrame.from_dict(counts, orient="index").assign(Text=None)
    found.loc[THREE_OR_MORE] = found.loc[[_AT_ONE_POINT, _BY_ITSELF]].sum()
    _, posterior, right_duct = tables.cystic
    texts = {THREE_OR_MORE: tables.joining.drop("2").sum()}
    texts |= {_POSTERIOR_TO_CYSTIC: posterior, _RIGHT_TO_CYSTIC: right_duct}
    found["Text"] = pd.Series(texts)
    first, second, *others = _CLASSES
    return found.loc[[first, second, THREE_OR_MORE, *others]].astype("Int64")
