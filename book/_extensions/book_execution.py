"""How was this book executed, and what would be executed again?

The directive ``{execution-record}``: versions, the commit's date, and what each notebook's results
depend on, as `reanalysis.execute` itself finds it. Nothing here is measured: seconds and memory
differ from run to run and stay in a report file.
"""

import importlib.metadata
import platform
import re
import tomllib
from collections import defaultdict
from html import escape
from pathlib import Path

import nbformat
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from reanalysis.execution_cache import notebooks_in_toc
from reanalysis.html_tables import scrollable
from reanalysis.notebook_dependencies import dependencies_of
from reanalysis.publish import NO_DATE, commit_date


class ExecutionRecord(SphinxDirective):
    """Versions, date and dependencies of the executed notebooks."""

    def run(self):
        """The record as HTML; the page is read again in every build."""
        self.env.note_reread()
        root = Path(self.env.srcdir)
        found = {
            name: dependencies_of(root, name, nbformat.read(root / name, as_version=4))
            for name in notebooks_in_toc(root)
        }
        markup = f"<p>{self._date()}</p>{_versions(root)}{self._depends(found)}{_executes(found)}"
        return [nodes.raw("", markup, format="html")]

    def _date(self):
        moment = commit_date()
        if moment.timestamp() == NO_DATE:
            return "This build knows of no commit."
        return f"The commit that was built is of {moment:%Y-%m-%d, %H:%M} UTC."

    def _depends(self, found):
        """One row per notebook: what its results are made from."""
        rows = []
        for name, dependencies in found.items():
            docname = name.removesuffix(".ipynb")
            address = self.env.app.builder.get_relative_uri(self.env.docname, docname)
            link = f'<a href="{address}">{escape(Path(docname).name)}</a>'
            places = [f"{folder}/" for folder in dependencies.data_folders]
            read = [f"<code>{place}</code>" for place in (*places, *dependencies.named_files)]
            files = "".join(f"<li><code>{escape(m)}</code></li>" for m in dependencies.modules)
            summary = f"<summary>{len(dependencies.modules)} modules</summary>"
            rows.append(
                (
                    link,
                    "<br>".join(read) or "no study's",
                    f"<details>{summary}<ul>{files}</ul></details>",
                )
            )
        caption = "What the results of each notebook depend on, besides its own code and the lock"
        return _table(caption, ("Notebook", "Data", "Modules"), rows)


def _versions(root):
    """One row per package that the book names itself, with the version that was used."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["book"]]
    names = sorted({re.match(r"[\w.-]+", requirement)[0] for requirement in asked})
    rows = [("Python", platform.python_version())]
    rows += [(name, importlib.metadata.version(name)) for name in names]
    return _table("Versions the notebooks were executed with", ("Software", "Version"), rows)


def _executes(found):
    """One row per file or folder: the notebooks that a change of it executes again."""
    readers = defaultdict(list)
    for name, dependencies in found.items():
        places = [f"{folder}/" for folder in dependencies.data_folders]
        for place in (*places, *dependencies.named_files, *dependencies.modules):
            readers[place].append(Path(name).stem)
    rows = [
        (f"<code>{escape(place)}</code>", _those(names, found))
        for place, names in sorted(readers.items())
    ]
    table = _table("What a change executes again", ("A change in", "executes"), rows)
    return f'<details class="numbers"><summary>By file</summary>{table}</details>'


def _those(names, found):
    everything = len(found) > 1 and len(names) == len(found)
    return "every notebook" if everything else escape(", ".join(names))


def _table(caption, columns, rows):
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    table = (
        f'<table class="dataframe"><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
    return scrollable(table, caption)


def setup(app):
    """Register the directive."""
    app.add_directive("execution-record", ExecutionRecord)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
