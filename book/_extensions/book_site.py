"""How do the pages leave this machine: with which addresses, scripts and marks?

The book's public address is one setting, ``book_repository``. While it is empty no page names an
address; when it is set, launch buttons, repository links and canonical URLs appear.
"""

import re
from pathlib import Path

from sphinx.errors import ConfigError

# Scripts that one page alone needs, by page.
PAGE_SCRIPTS = {"book/scoreboard": "scoreboard.js", "search": "search_from_disk.js"}
# What the theme and docutils write that a screen reader stumbles over, and what it should be.
MENDED_MARKUP = {
    '<summary><span class="toctree-toggle"': (
        '<summary aria-label="Show or hide the pages of this section"><span class="toctree-toggle"'
    ),
    '<div id="pst-primary-sidebar" class': (
        '<div id="pst-primary-sidebar" role="region" aria-label="Title, search and contents" class'
    ),
    '<div role="list" class="citation-list">': '<div class="citation-list">',
    '<summary aria-label="Toggle hidden content">': "<summary>",  # its words say what is hidden
    ' role="doc-biblioentry"': "",  # deprecated, and not allowed on what docutils puts it on
}
# The top of the site: leads to the first page of the book.
FRONT_DOOR = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="_static/favicon.svg" type="image/svg+xml">
<meta http-equiv="refresh" content="0; url={address}">
</head>
<body><main><p><a href="{address}">{title}</a></p></main></body>
</html>
"""
_GITHUB = re.compile(r"https://github\.com/(?P<owner>[\w.-]+)/(?P<name>[\w.-]+)")


def apply_repository(app, config):
    """Turn on what needs the public address, when it is known.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        Not used; Sphinx hands it over.
    config : sphinx.config.Config
        ``book_repository`` is read; theme options and ``html_baseurl`` are set.

    Raises
    ------
    sphinx.errors.ConfigError
        If the address is not that of a GitHub repository.
    """
    del app
    if not config.book_repository:
        return
    found = _GITHUB.fullmatch(config.book_repository.rstrip("/"))
    if not found:
        raise ConfigError(
            "book_repository must be empty or like https://github.com/OWNER/NAME, "
            f"got {config.book_repository!r}"
        )
    config.html_baseurl = f"https://{found['owner'].lower()}.github.io/{found['name']}/"
    config.html_theme_options |= {
        "repository_url": found.group(),
        "repository_branch": config.html_theme_options.get("repository_branch") or "main",
        "path_to_docs": "",
        "use_repository_button": True,
        "use_issues_button": True,
        "use_edit_page_button": True,
        "launch_buttons": {
            "notebook_interface": "jupyterlab",
            "binderhub_url": "https://mybinder.org",
            "colab_url": "https://colab.research.google.com",
        },
    }


def drop_thebe(app, config):
    """Keep the live-code launcher off every page: it would fetch scripts from another host.

    Jupyter Book always loads ``sphinx_thebe``, which puts an inline script on each page even
    when no page uses it.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    config : sphinx.config.Config
        Not used; Sphinx hands it over.
    """
    del config
    for listeners in app.events.listeners.values():
        for listener in list(listeners):
            if listener.handler.__module__ == "sphinx_thebe":
                listeners.remove(listener)
    app.registry.css_files = [
        (name, attributes)
        for name, attributes in app.registry.css_files
        if name != "sphinx-thebe.css"
    ]


def add_page_script(app, pagename, templatename, context, doctree):
    """Load a script on the one page that needs it.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    pagename : str
        Page being written.
    templatename, context, doctree
        Not used; Sphinx hands them over.
    """
    del templatename, context, doctree
    if pagename in PAGE_SCRIPTS:
        app.add_js_file(PAGE_SCRIPTS[pagename], loading_method="defer")


def mend_pages(app, exception):
    """Mend the markup of the finished pages, and write the page at the top of the site.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    exception : Exception or None
        What stopped the build, if anything.
    """
    if exception is not None or app.builder.name != "html":
        return
    out = Path(app.outdir)
    for docname in [*app.env.found_docs, "search"]:
        page = out / f"{docname}.html"
        written = page.read_text(encoding="utf-8")
        mended = written
        for found, better in MENDED_MARKUP.items():
            mended = mended.replace(found, better)
        if mended != written:
            page.write_text(mended, encoding="utf-8")
    if app.config.root_doc != "index":
        address = app.builder.get_target_uri(app.config.root_doc)
        front_door = FRONT_DOOR.format(title=app.config.html_title, address=address)
        (out / "index.html").write_text(front_door, encoding="utf-8")


def setup(app):
    """Register the setting and the hooks."""
    app.add_config_value("book_repository", "", "html")
    app.connect("config-inited", apply_repository)
    app.connect("config-inited", drop_thebe)
    app.connect("html-page-context", add_page_script)
    app.connect("build-finished", mend_pages, priority=900)  # after all that write pages
    return {"parallel_read_safe": True, "parallel_write_safe": True}
