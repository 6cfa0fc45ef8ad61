"""Is everything that a report says still said in its rewritten form?

A check by plain rules that a reader can follow and run on a report of their own: numbers with
their unit, denials, and the sections that were asked for. It finds lost numbers and denials, not
what is wrong, nor a lost finding that has neither.
"""

import re

import pandas as pd

_NUMBER = re.compile(
    r"([<>≤≥]?)\s?(\d+(?:[.,]\d+)?)\s?(mm|cm|ml|mL|HU|%|°|mm²|cm²|kPa|m/s)?(?![\w.,]*\d)"
)
# Words that deny, in English; each denies what follows it up to the end of its clause.
_DENIAL = re.compile(
    r"\b(?:no|not|without|absent|negative for|free of|denies)\b[ ]+([^.;:\n]*)", re.IGNORECASE
)
_FILLER = {
    "a", "an", "any", "definite", "evidence", "further", "of", "or", "other", "sign", "signs",
    "significant", "suspicious", "the", "there", "is", "are", "been", "seen", "has", "have", "and",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]{2,}")
_HEADING = re.compile(r"^\s*(?:[-*•]\s*)?([^\W\d_][^\n:.]{0,40}):", re.MULTILINE)


def measurements(text):
    """The numbers of a text with their unit, decimal comma or point alike.

    Parameters
    ----------
    text : str
        A report.

    Returns
    -------
    list of str
        In the order of the text, such as ``"<3 mm"``.

    Examples
    --------
    >>> measurements("Cyst of 2,5 cm (<3 cm is small).")
    ['2.5 cm', '<3 cm']
    """
    found = _NUMBER.findall(text)
    return [f"{sign}{value.replace(',', '.')} {unit}".strip() for sign, value, unit in found]


def denials(text):
    """What a text denies: for each denial the words that carry it.

    Parameters
    ----------
    text : str
        A report in English.

    Returns
    -------
    list of tuple of str
        In the order of the text, lower case, without filling words and endings of the plural.

    Examples
    --------
    >>> denials("No evidence of gallstones. No ascites.")
    [('gallstone',), ('ascite',)]
    """
    clauses = [_telling_words(clause) for clause in _DENIAL.findall(text)]
    return [_stems(words) for words in clauses if words]


def headings(text):
    """The headings of a text: what stands before a colon at the start of a line.

    Parameters
    ----------
    text : str
        A report.

    Returns
    -------
    list of str
        In the order of the text, lower case.
    """
    return [heading.strip().lower() for heading in _HEADING.findall(text)]


def check_rewritten(source, rewritten, *, sections=()):
    """What of a report is missing in its rewritten form?

    Parameters
    ----------
    source, rewritten : str
        The report before and after, in the same language.
    sections : sequence of str, optional
        Headings that were asked for, in their order.

    Returns
    -------
    pandas.DataFrame
        Columns ``kind`` (number, denial, section, order), ``item`` and ``found`` (bool). A number
        counts as often as it stands; a denial is found if one of the rewritten form has all its
        words; the order is that of the sections that were found.

    Examples
    --------
    >>> found = check_rewritten("Cyst 12 mm. No stones. No fluid.", "Cyst: 12 mm. No stones.")
    >>> found.loc[~found["found"], "item"].tolist()
    ['no fluid']

    A denied finding was lost.
    """
    rows, left = [], measurements(rewritten)
    for item in measurements(source):
        rows.append(("number", item, item in left))
        if item in left:
            left.remove(item)
    kept = [set(words) for words in denials(rewritten)]
    rows += [
        ("denial", "no " + " ".join(words), any(set(_stems(words)) <= other for other in kept))
        for clause in _DENIAL.findall(source)
        if (words := _telling_words(clause))
    ]
    present = headings(rewritten)
    asked = [section.lower() for section in sections]
    rows += [("section", section, section in present) for section in asked]
    if asked:
        there = [present.index(section) for section in asked if section in present]
        rows.append(("order", "sections as asked for", there == sorted(there)))
    return pd.DataFrame(rows, columns=["kind", "item", "found"])


def _telling_words(clause):
    words = [word.lower() for word in _WORD.findall(clause)]
    return [word for word in words if word not in _FILLER]


def _stems(words):
    return tuple(word.removesuffix("s") for word in words)
