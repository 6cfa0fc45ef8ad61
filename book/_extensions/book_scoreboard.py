"""Which printed numbers came out, over all studies?

Two directives, both made from what the executed notebooks hold: ``{scoreboard}``, all ledgers as
one table with downloads, and ``{study-list}``, what each study found, in a few lines.
"""

from functools import cache
from html import escape
from pathlib import Path

import book_ledgers as ledgers
import yaml
from docutils import nodes
from myst_nb.core.render import load_mime_renders
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from reanalysis.display import VERDICT_LABELS
from reanalysis.ledger_page import LEDGER_MIME, verdict_badge
from reanalysis.study_contract import VERDICTS

CHAPTERS = "notebooks/"
DOWNLOADS = {"ledgers.csv": ledgers.ledgers_as_csv, "ledgers.json": ledgers.ledgers_as_json}
COLUMNS = ("Study", "Where and what", "Printed", "Recomputed", "Verdict", "Touches", "Why")
# What the table can be filtered by, and the choice that leaves everything in.
FILTERS = {"study": "all studies", "verdict": "all verdicts", "touches": "anything"}


def read_chapters(app):
    """The executed chapters of the book, in its order.

    Parameters
    ----------
    app : sphinx.application.Sphinx

    Returns
    -------
    list of book_ledgers.Chapter

    Raises
    ------
    sphinx.errors.ExtensionError
        If a chapter has no valid executed copy.
    """
    executed = Path(app.srcdir) / app.config.book_executed
    docnames = [name for name in app.config.external_site_map if name.startswith(CHAPTERS)]
    try:
        return [ledgers.read_chapter(name, app.srcdir, executed) for name in docnames]
    except ledgers.UnexecutedChapterError as error:
        raise ExtensionError(str(error), modname=__name__) from error


class _FromLedgers(SphinxDirective):
    """A piece of a page made from the executed chapters."""

    def run(self):
        """The piece as HTML; the page is read again whenever a chapter was executed again."""
        chapters = read_chapters(self.env.app)
        for chapter in chapters:
            executed = f"{self.config.book_executed}/{chapter.docname}.ipynb"
            self.env.note_dependency(str(Path(self.env.srcdir) / executed))
        return [nodes.raw("", self.markup(chapters), format="html")]

    def address(self, target):
        """Relative address of a page or file of the site."""
        return self.env.app.builder.get_relative_uri(self.env.docname, target)

    def file_address(self, name):
        """Relative address of a file at the top of the site."""
        return "../" * self.env.docname.count("/") + name


class Scoreboard(_FromLedgers):
    """All studies' ledgers: counts by verdict, every claim, downloads."""

    def markup(self, chapters):
        """HTML of the scoreboard."""
        return self._counts(chapters) + self._downloads() + self._claims(chapters)

    def _counts(self, chapters):
        head = "".join(f'<th scope="col">{verdict_badge(verdict)}</th>' for verdict in VERDICTS)
        body = ""
        for chapter in chapters:
            link = f'<a href="{self.address(chapter.docname)}">{escape(self._name(chapter))}</a>'
            numbers = [len(chapter.rows), *chapter.counts().values()]
            body += f'<tr><th scope="row">{link}</th>{_number_cells(numbers)}</tr>'
        if len(chapters) > 1:
            columns = zip(*([len(c.rows), *c.counts().values()] for c in chapters), strict=True)
            body += (
                f'<tr class="total"><th scope="row">All {len(chapters)} studies</th>'
                f"{_number_cells([sum(column) for column in columns])}</tr>"
            )
        caption = "Printed results of each study, by verdict"
        table = (
            f'<table class="dataframe verdict-counts"><caption>{caption}</caption><thead><tr>'
            f'<th scope="col">Study</th><th scope="col">Printed results</th>{head}'
            f"</tr></thead><tbody>{body}</tbody></table>"
        )
        return _scrollable(table, caption)

    def _downloads(self):
        links = " · ".join(
            f'<a href="{self.file_address(name)}" download>{name}</a>' for name in DOWNLOADS
        )
        return f'<p class="download">All rows as files: {links}</p>'

    def _claims(self, chapters):
        caption = "Every printed result"
        ordered = {"Touches": ' aria-sort="ascending"'}
        head = "".join(
            f'<th scope="col"{ordered.get(column, "")}>'
            f'<span class="plain">{column}</span>'
            f'<button type="button" class="sort">{column}</button></th>'
            for column in COLUMNS
        )
        claims = ledgers.most_consequential_first(chapters)
        body = "".join(self._claim(chapter, row) for chapter, row in claims)
        table = (
            f'<table class="dataframe ledger claims"><caption>{caption}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )
        filters = self._filters(claims)
        return f'<div class="scoreboard">{filters}{_scrollable(table, caption)}</div>'

    def _filters(self, claims):
        """The controls: on the page from the start, so that nothing moves when they wake up."""
        fields = (
            '<div><label for="filter-words">Words</label><input type="search" name="words" '
            'id="filter-words" placeholder="e.g. specificity"></div>'
        )
        values = {
            "study": [self._name(chapter) for chapter, _ in claims],
            "verdict": [row["verdict"] for _, row in claims],
            "touches": [_touched(row) for _, row in claims],
        }
        for name, everything in FILTERS.items():
            options = "".join(
                f'<option value="{escape(value)}">{escape(value.replace("_", " "))}</option>'
                for value in dict.fromkeys(values[name])
            )
            fields += (
                f'<div><label for="filter-{name}">{name.capitalize()}</label>'
                f'<select name="{name}" id="filter-{name}"><option value="">{everything}</option>'
                f"{options}</select></div>"
            )
        return (
            '<form class="filters" role="search" aria-label="Filter the table">'
            f'{fields}<button type="reset">Show all</button></form>'
            '<p class="count" role="status" aria-live="polite">'
            f"{len(claims)} of {len(claims)} printed results shown</p>"
        )

    def _claim(self, chapter, row):
        study = escape(self._name(chapter))
        address = f"{self.address(chapter.docname)}#claim-{row['claim_id']}"
        unit = f" {row['unit']}" if row["unit"] else ""
        consequence = _touched(row)
        cells = {
            "Printed": escape(row["published"] + unit),
            "Recomputed": escape(row["recomputed"]) or "—",
            "Verdict": verdict_badge(row["verdict"]),
            "Touches": f'<span class="touches touches-{row["consequence"]}">{consequence}</span>',
            "Why": escape(row["reason"]),
        }
        ranks = {
            "Verdict": ledgers.verdict_rank(row),
            "Touches": ledgers.consequence_rank(row),
        }
        rest = "".join(
            f'<td data-label="{label}"'
            + (f' data-sort="{ranks[label]}"' if label in ranks else "")
            + f">{markup}</td>"
            for label, markup in cells.items()
        )
        return (
            f'<tr data-study="{study}" data-verdict="{row["verdict"]}" '
            f'data-touches="{consequence}"><td data-label="Study">{study}</td>'
            f'<th scope="row"><a href="{address}">{escape(row["source"])}</a>: '
            f"{escape(row['quantity'])}</th>{rest}</tr>"
        )

    def _name(self, chapter):
        return _card(self.env.srcdir, chapter.study_id)["short_title"]


class StudyList(_FromLedgers):
    """What each study found: its question, the finding, how many numbers came out."""

    def markup(self, chapters):
        """HTML of the list."""
        return f'<ul class="study-list">{"".join(map(self._study, chapters))}</ul>'

    def _study(self, chapter):
        card = _card(self.env.srcdir, chapter.study_id)
        address = self.address(chapter.docname)
        counts = " ".join(
            f'<span class="count">{number} {verdict_badge(verdict)}</span>'
            for verdict, number in chapter.counts().items()
            if number
        )
        return (
            f'<li><p class="study-question"><a href="{address}">{escape(chapter.heading)}</a></p>'
            f"<p>{escape(chapter.answer['finding'])}</p>"
            f'<p class="study-counts"><span class="count">{len(chapter.rows)} printed results:'
            f'</span> {counts}</p><p class="study-source">{escape(card["citation"])}</p></li>'
        )


class LedgerOutput:
    """Tells MyST-NB that the ledger's JSON is data for other pages, with nothing to show.

    Without it every page with a ledger gives a warning about an unknown type of output, although
    the same output holds the table to show.
    """

    mime_priority_overrides = ()

    @staticmethod
    def handle_mime(renderer, data, inline):
        """Nodes for one output, or None where it is not a ledger."""
        del renderer, inline
        return [] if data.mime_type == LEDGER_MIME else None


def write_downloads(app, exception):
    """Write all ledgers as CSV and JSON beside the pages.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    exception : Exception or None
        What stopped the build, if anything.
    """
    if exception is None and app.builder.format == "html":
        chapters = read_chapters(app)
        for name, as_text in DOWNLOADS.items():
            (Path(app.outdir) / name).write_text(as_text(chapters), encoding="utf-8")


@cache  # one build, one reading: the table names its study in each of thousands of rows
def _card(srcdir, study_id):
    path = Path(srcdir) / "data" / study_id / "study.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _touched(row):
    """What a deviation changes, as a reader is told."""
    return row["consequence"] if row["consequence"] != "none" else "nothing"


def _number_cells(numbers):
    return "".join(f"<td>{number}</td>" for number in numbers)


def _scrollable(table, label):
    return (
        f'<div class="table-scroll" role="region" tabindex="0" aria-label="{escape(label)}">'
        f"{table}</div>"
    )


def _verdict_role(_name, rawtext, text, lineno, inliner, _options=None, _content=None):
    if text not in VERDICT_LABELS:
        message = inliner.reporter.error(
            f"unknown verdict {text!r}; expected one of {', '.join(VERDICT_LABELS)}", line=lineno
        )
        return [inliner.problematic(rawtext, rawtext, message)], [message]
    return [nodes.raw("", verdict_badge(text), format="html")], []


def setup(app):
    """Register the two directives and the role ``{verdict}``, which shows a badge."""
    app.setup_extension("book_downloads")  # it knows where the executed copies are
    app.add_directive("scoreboard", Scoreboard)
    app.add_directive("study-list", StudyList)
    app.add_role("verdict", _verdict_role)
    app.connect("build-finished", write_downloads)
    if LedgerOutput not in load_mime_renders():
        load_mime_renders().append(LedgerOutput)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
