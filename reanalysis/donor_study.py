"""Which printed numbers of a study of liver donors follow from which others?

The tables of doi 10.4274/dir.2023.232321 and what they imply about one another. Vocabulary:
*candidates* are all donors evaluated, *operated* those of them who were transplanted; ``type`` is
that of the proposed classification.
"""

from dataclasses import dataclass

import pandas as pd

from reanalysis import class_shares

PROPOSED, UNCLASSIFIED = "Proposed", "Unclassified"
_LOBES, _TECHNIQUES = "Donated liver", "Surgical technique"
_JOINING, _CYSTIC = "ducts joining the common hepatic duct", "cystic duct"
# Denominator of the printed shares of techniques; no other whole number reaches four of five.
UNNAMED_DENOMINATOR = 107


@dataclass(frozen=True)
class DonorTables:
    """The tables of the study and the numbers that are read off them.

    Parameters
    ----------
    classes : DataFrame
        Columns ``table, system, class, n, percent``: donors by class of six classifications.
    graft : DataFrame
        Columns ``group, category, n, percent``: donated part of the liver, surgical technique.
    outcomes : DataFrame
        Columns ``type, anastomoses, n``: transplanted donors.
    ducts : DataFrame
        Columns ``feature, value, n``: ducts that join the common hepatic duct, cystic duct.
    """

    classes: pd.DataFrame
    graft: pd.DataFrame
    outcomes: pd.DataFrame
    ducts: pd.DataFrame

    @property
    def lobes(self):
        """Candidates by donated part of the liver."""
        return self._part(self.graft, _LOBES, "category")

    @property
    def techniques(self):
        """Operated donors by surgical technique."""
        return self._part(self.graft, _TECHNIQUES, "category")

    @property
    def joining(self):
        """Candidates by the number of ducts that join the common hepatic duct."""
        return self._part(self.ducts, _JOINING, "value")

    @property
    def cystic(self):
        """Candidates by how the cystic duct joins."""
        return self._part(self.ducts, _CYSTIC, "value")

    @property
    def total(self):
        """Number of candidates."""
        return int(self.lobes.sum())

    @property
    def counts(self):
        """Candidates by classification and class."""
        return self.classes.set_index(["system", "class"])["n"]

    @property
    def sums(self):
        """Candidates that each classification divides."""
        return self.counts.groupby(level="system", sort=False).sum()

    @property
    def unclassified(self):
        """Candidates whom each classification leaves out."""
        return self.counts.xs(UNCLASSIFIED, level="class")

    @property
    def by_type(self):
        """Operated donors by type (rows) and number of anastomoses (columns)."""
        table = self.outcomes.pivot(index="type", columns="anastomoses", values="n")
        return table.fillna(0).astype(int)

    @property
    def operated(self):
        """Operated donors by type."""
        return self.by_type.sum(axis=1)

    @property
    def candidates(self):
        """Candidates by type."""
        types = self.counts[PROPOSED].drop(UNCLASSIFIED)
        return types.set_axis(types.index.astype(int)).rename_axis("type")

    def paths(self):
        """Candidates by type, by whether they were transplanted, and by number of anastomoses.

        Returns
        -------
        DataFrame
            Columns ``type, donor, anastomoses`` (empty without an operation) and ``n``.
        """
        words = {1: "One", 2: "Two", 3: "Three"}
        seen = self.outcomes[self.outcomes["n"] > 0]
        rows = [
            (kind, "transplanted", words[number], n)
            for kind, number, n in seen[["type", "anastomoses", "n"]].itertuples(index=False)
        ]
        left = self.candidates - self.operated
        rows += [(kind, "not transplanted", "", n) for kind, n in left.items()]
        rows = sorted(rows, key=lambda row: row[0])
        named = [(f"Type {kind}", *rest) for kind, *rest in rows]
        return pd.DataFrame(named, columns=["type", "donor", "anastomoses", "n"])

    def _part(self, table, name, label):
        group = table.columns[0]
        return table[table[group] == name].set_index(label)["n"]


def read_tables(study):
    """The tables of the study, as loaded.

    Parameters
    ----------
    study : Study
        ``bile_duct_classification``.

    Returns
    -------
    DonorTables
    """
    names = ("classifications", "graft_and_technique", "anastomoses", "ducts")
    return DonorTables(*(study.table(name) for name in names))


def counts_of_tables(tables):
    """Every count of Tables 1 to 4 as what the other lines leave of its total.

    Parameters
    ----------
    tables : DonorTables
        As printed.

    Returns
    -------
    dict of str to DataFrame
        By the start of the claims' ids; one column ``count``.
    """
    labels = ["system", "class"]
    rest = class_shares.left_by_the_others(tables.classes, tables.total)
    found = {}
    for table, rows in tables.classes.groupby("table"):
        left = rest[rows.index].set_axis(rows.set_index(labels).index)
        found[_place(table)] = left.to_frame("count")
    table1 = {
        _LOBES: tables.total - (tables.lobes.sum() - tables.lobes),
        _TECHNIQUES: tables.operated.sum() - (tables.techniques.sum() - tables.techniques),
    }
    found["table1"] = pd.concat(table1).to_frame("count")
    pairs = tables.by_type.loc[[1, 2], [1, 2]]
    left = {
        (f"type_{kind}", word): tables.operated[kind] - pairs.at[kind, other]
        for kind in (1, 2)
        for word, other in (("one", 2), ("two", 1))
    }
    found["table4"] = pd.Series(left).to_frame("count")
    return found


def counts_of_text(tables):
    """Every count of the text that the tables, or other counts of the text, determine.

    Parameters
    ----------
    tables : DonorTables
        As printed.

    Returns
    -------
    dict of str to int or bool
        By claim; for numbers printed as words, whether they are the number that follows.
    """
    total, operated = tables.total, tables.operated
    right, left = (int(total - n) for n in tables.lobes.iloc[[1, 0]])
    first, second, third = tables.candidates
    anastomoses = tables.by_type.sum()
    found = dict.fromkeys(("abstract.n_donors", "methods.n_donors", "results.n_donors"), total)
    found |= {"abstract.n_compared": operated.sum(), "table1.donated_liver.n": total}
    operations = ("table1.surgical_technique.n", "results.n_among")
    found |= dict.fromkeys(operations, tables.techniques.sum())
    for place in ("abstract", "results"):
        found |= {f"{place}.right_lobe.count": right, f"{place}.left_lateral.count": left}
        found |= {f"{place}.type_2.count": total - first - third}
        found |= {f"{place}.type_3.count": total - first - second}
        found |= {f"{place}.n_transplanted": tables.techniques.sum()}
        found |= {f"{place}.transplanted.type_{kind}": n for kind, n in operated.items()}
    words = {1: "one", 2: "two", 3: "three"}
    found |= {f"results.anastomoses.{words[k]}": n for k, n in anastomoses.items()}
    rest = total - (tables.joining.sum() - tables.joining)
    found |= {"results.ducts.2": rest["2"], "results.ducts.3": rest["3"]}
    found |= {"results.ducts.4": rest["4"] == 7, "results.ducts.5": rest["5"] == 1}
    alone, posterior, right_duct = tables.cystic
    found |= {
        "results.cystic.alone": total - posterior - right_duct,
        "results.cystic.cystohepatic": total - alone == 5,
        "results.cystic.posterior": total - alone - right_duct == 4,
        "results.cystic.right": total - alone - posterior == 1,
    }
    more = operated[1] - tables.by_type.at[1, 1]
    found |= dict.fromkeys(("abstract.type_1.two", "discussion.type_1.two"), more == 6)
    triple = tables.by_type.at[3, 3] == tables.techniques.iloc[4] == 1
    places = ("abstract", "results", "limitations")
    found |= {f"{place}.type_3.three": triple for place in places}
    places = ("discussion", "limitations")
    return found | {f"{place}.type_3.transplanted": operated[3] == 1 for place in places}


def shares_of_candidates(tables, men):
    """Every printed share of the candidates, by each way of computing it.

    Parameters
    ----------
    tables : DonorTables
        As printed.
    men : sequence of int, shape (2,)
        Numbers of men and of women.

    Returns
    -------
    dict of str to dict of str to DataFrame
        By the start of the claims' ids, then by method; one column ``percent``.
    """
    methods = class_shares.shares_by_method(tables.classes, tables.total)
    found = {}
    for table, rows in tables.classes[tables.classes["percent"] != ""].groupby("table"):
        labels = rows.set_index(["system", "class"]).index
        found[_place(table)] = _frames(methods, labels, rows.index)
    mine = tables.classes.index[tables.classes["system"] == PROPOSED][:3]
    for place in ("abstract", "results"):
        found[place] = _frames(methods, ["type_1", "type_2", "type_3"], mine)
    lobes = _of_pair(tables.lobes.tolist(), tables.total)
    names = {"table1.donated_liver": list(tables.lobes.index), "methods": ["men", "women"]}
    for place, labels in names.items():
        pair = _of_pair(men, tables.total) if place == "methods" else lobes
        found[place] = _frames(pair, labels, [0, 1])
    by_lobe = _frames(lobes, ["right_lobe", "left_lateral"], [0, 1])
    for place in ("abstract", "results"):
        found[place] = {m: pd.concat([f, by_lobe[m]]) for m, f in found[place].items()}
    return found


def shares_ruled_out(tables):
    """Printed shares that the count beside them rules out.

    Parameters
    ----------
    tables : DonorTables
        As printed.

    Returns
    -------
    list of tuple
        ``(claim_id, share, options)``, for :meth:`reanalysis.ledger.Ledger.recompute`.
    """
    rows = []
    for name, n in tables.techniques.items():
        claim = f"table1.surgical_technique.{name.lower().replace('-', '_').replace(' ', '_')}"
        others = {"of 107, which is not printed": UNNAMED_DENOMINATOR, "of all": tables.total}
        alternatives = {way: n / size for way, size in others.items()}
        rows.append((claim, n / tables.techniques.sum(), {"alternatives": alternatives}))
    for name in ("D1", "F"):
        claim = f"table2.couinaud.{name.lower()}"
        rows.append((claim, tables.counts["Couinaud", name] / tables.total, {}))
    return [
        (f"{claim}.percent", share, options | {"contradicted_by": {f"{claim}.count": (share,) * 2}})
        for claim, share, options in rows
    ]


def shares_of_operated(tables):
    """Every printed share of the operated donors of one type.

    Parameters
    ----------
    tables : DonorTables
        As printed.

    Returns
    -------
    dict of str to float
        By claim, 0–1.
    """
    share = tables.by_type.div(tables.operated, axis=0)
    found = {
        f"table4.type_{kind}.{word}.percent": share.at[kind, number]
        for kind in (1, 2)
        for number, word in ((1, "one"), (2, "two"))
    }
    places = ("abstract.type_1.single", "results.type_1.single", "discussion.type_1.single")
    places += ("results.comparison.type_1",)
    found |= {f"{place}.percent": share.at[1, 1] for place in places}
    found |= {"results.comparison.type_2.percent": share.at[2, 1]}
    more = 1 - share.at[2, 1]
    places = ("abstract", "results", "discussion")
    found |= {f"{place}.type_2.additional.percent": more for place in places}
    return found | {"discussion.type_2.more_than_one": more}


def forest_rows(estimates):
    """Estimates by their labels, as a forest plot takes them.

    Parameters
    ----------
    estimates : mapping of str to Estimate
        By label, from the top down.

    Returns
    -------
    DataFrame
        Columns ``label, source, estimate, conf_low, conf_high``; the source is "recomputed".
    """
    rows = [
        (label, "recomputed", found.estimate, found.conf_low, found.conf_high)
        for label, found in estimates.items()
    ]
    return pd.DataFrame(rows, columns=["label", "source", "estimate", "conf_low", "conf_high"])


def measure_rows(sources, measures):
    """Measures of several tables or results, as a forest plot takes them.

    Parameters
    ----------
    sources : mapping of str to object
        By name, anything with the measures as attributes, such as a
        :class:`reanalysis.diagnostic_accuracy.TwoByTwo`.
    measures : sequence of str
        Names of the attributes, each an Estimate.

    Returns
    -------
    DataFrame
        As of :func:`forest_rows`; the measures in order, each by source.
    """
    named = {
        f"{measure.replace('_', ' ')}, {who}": getattr(source, measure)
        for measure in measures
        for who, source in sources.items()
    }
    return forest_rows(named)


def _place(table):
    return table.lower().replace(" ", "")


def _of_pair(counts, total):
    """Shares of two groups that make up the total, by method."""
    pair = pd.DataFrame({"system": "", "class": "", "n": counts})
    return class_shares.shares_by_method(pair, total)


def _frames(methods, labels, lines):
    return {
        name: pd.DataFrame({"percent": share[lines].to_numpy()}, index=labels)
        for name, share in methods.items()
    }
