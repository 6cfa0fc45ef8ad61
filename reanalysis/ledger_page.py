"""How does a ledger look on its page?

What does not come out stands first, the heaviest consequence on top and numbers with one
explanation together under it; what does come out waits behind a fold. Every row has an address.
"""

import json
from html import escape

from reanalysis.display import VERDICT_LABELS, Output
from reanalysis.html_tables import caption, csv_link, scrollable
from reanalysis.study_contract import CONSEQUENCES
from reanalysis.verdicts import TRUNCATION

LEDGER_MIME = "application/vnd.reanalysis.ledger+json"
_CONSEQUENCE_WORDS = {
    "none": "Touches no sentence of the paper.",
    "wording": "Touches the wording.",
    "interpretation": "Touches the interpretation.",
    "conclusion": "Touches the conclusion.",
}


def show_ledger(ledger):
    """Show a study's ledger: what did not come out first, what did behind a fold.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    Output
        HTML whose rows carry the anchors ``claim-<claim_id>``, and the same rows as JSON, from
        which the scoreboard is made.
    """
    rows = ledger.table()
    came_out = rows["verdict"] == "reproduced"
    parts = []
    if not came_out.all():
        parts.append(_ledger_table(rows[~came_out], "Printed results that need a word"))
    if came_out.any():
        table = _ledger_table(rows[came_out], "Printed results that are reproduced")
        summary = f"{came_out.sum()} printed results that are reproduced"
        parts.append(f'<details class="numbers"><summary>{summary}</summary>{table}</details>')
    records = json.loads(rows.to_json(orient="records", double_precision=10))
    bundle = {"study_id": ledger.study.id, "title": ledger.study.card["title"], "rows": records}
    markup = "".join(parts) + csv_link(rows, f"{ledger.study.id}_ledger")
    return Output({"text/html": markup, LEDGER_MIME: bundle, "text/plain": rows.to_string()})


def verdict_badge(verdict):
    """The badge of a verdict: its word, in markup to which the stylesheet adds icon and colour.

    Parameters
    ----------
    verdict : str
        One of ``VERDICTS``, or ``"missing"``.

    Returns
    -------
    str
        HTML.
    """
    label = VERDICT_LABELS.get(verdict, verdict)
    return f'<span class="verdict verdict-{verdict}">{label}</span>'


def _ledger_table(rows, title):
    columns = ("Where and what", "Printed", "Recomputed", "Verdict")
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    # What touches a conclusion comes first; numbers with one explanation stand together under it.
    weight = rows["consequence"].map(CONSEQUENCES.index)
    ordered = rows.assign(weight=-weight, rank=rows["verdict"].map(_rank))
    keys = ["weight", "rank", "reason"]
    groups = ordered.sort_values(keys[:2], kind="stable").groupby(keys, sort=False)
    body = "".join(_ledger_group(group.to_dict("records")) for _, group in groups)
    table = (
        f'<table class="dataframe ledger">{caption(title)}<thead><tr>{head}</tr></thead>{body}'
        "</table>"
    )
    return scrollable(table, title)


def _rank(verdict):
    """Order in a ledger: what contradicts itself first, what is missing before all."""
    order = ("missing", "contradicted", "differs", "other_method", "within_rounding")
    return order.index(verdict) if verdict in order else len(order)


def _ledger_group(rows):
    """Claims with one verdict and one explanation, the explanation above them."""
    first = rows[0]
    why = [f"<strong>{_CONSEQUENCE_WORDS[first['consequence']]}</strong>"]
    why += [escape(first["reason"])] if first["reason"] else []
    if first["check"]:
        why.append(f"What can still be said: {escape(first['check'])}.")
    head = ""
    if first["verdict"] != "reproduced":
        head = (
            f'<tr class="why"><th scope="rowgroup" colspan="4">{verdict_badge(first["verdict"])} '
            f"{' '.join(why)}</th></tr>"
        )
    return f"<tbody>{head}{''.join(map(_ledger_row, rows))}</tbody>"


def _ledger_row(row):
    anchor, unit = f"claim-{row['claim_id']}", f" {row['unit']}" if row["unit"] else ""
    notes = ""
    if row["contradicted_by"]:
        links = (f'<a href="#claim-{i}">{i}</a>' for i in row["contradicted_by"].split())
        notes += f"<br>ruled out by {', '.join(links)}"
    if row["verdict"] in ("other_method", "differs") and row["alternatives_tried"]:
        notes += _methods_tried(row)
    if row["moved"]:
        notes += f"<br><strong>moved</strong>: expected {row['expected_verdict']}"
    cells = {
        "Printed": escape(row["published"]) + escape(unit),
        "Recomputed": escape(row["recomputed"]) or "—",
        "Verdict": verdict_badge(row["verdict"]) + notes,
    }
    body = "".join(f'<td data-label="{label}">{text}</td>' for label, text in cells.items())
    return (
        f'<tr id="{anchor}"><th scope="row"><a class="cite-number" href="#{anchor}" '
        f'title="Cite this number: {anchor}">{escape(row["source"])}</a>: '
        f"{escape(row['quantity'])}</th>{body}</tr>"
    )


def _methods_tried(row):
    """The alternatives behind a fold, those that reach the whole family marked."""
    reaching = set(filter(None, row["alternatives_reaching"].split("; ")))
    cut = "; truncating instead of rounding does" if TRUNCATION in reaching else ""
    reaching.discard(TRUNCATION)  # tried of every family, and none of the methods listed
    items = ""
    for text in row["alternatives_values"].split("; "):
        name = text.rpartition(": ")[0]
        items += f"<li>{'<strong>reaches all:</strong> ' * (name in reaching)}{escape(text)}</li>"
    tried = row["alternatives_tried"]
    methods = "method" if tried == 1 else "methods"
    verb = "reaches" if len(reaching) == 1 else "reach"
    chance = (
        "A number printed at random in their range would be reached by some of them in "
        f"{row['alternatives_chance']:.0%} of cases."
        if tried > 1
        else "Of a single method there is no range in which to judge chance."
    )
    return (
        f"<details><summary>{tried} other {methods} tried, {len(reaching)} "
        f"{verb} every number of the family{cut}</summary><p>{chance}</p><ul>{items}</ul></details>"
    )
