"""Killed at any point, does the next run finish, with the bytes of a build from nothing?

A book of three notebooks is built; then its data, its prose and its lock change. The build of the
change is killed, with everything it started, and run again.
"""

import os
import shutil
import signal
import subprocess
import sys

import nbformat
import pytest

from reanalysis import publish
from reanalysis.built_files import EXECUTED

from .test_same_bytes import tree

CONFIG = """\
title: Three
only_build_toc_files: true
exclude_patterns: [_build]
execute: {{execute_notebooks: cache, raise_on_error: true, stderr_output: error}}
html: {{use_multitoc_numbering: false}}
sphinx:
  local_extensions: {{book_downloads: '{extensions}', book_weight: '{extensions}', stopper: .}}
  config: {{html_last_updated_fmt: null}}
"""
# Both commands of `make book` in one process; what it is told to do, it is killed before.
BUILD = """
import errno, os, pathlib, signal
from reanalysis import execute, execution_cache, publish

def stop_at_call(number, place, name, full=False):
    calls, original = [], getattr(place, name)
    def counted(*arguments, **options):
        calls.append(name)
        if len(calls) == number:
            if full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.killpg(0, signal.SIGKILL)
        return original(*arguments, **options)
    setattr(place, name, counted)

stop = os.environ.get("STOP_AT")
if stop == "executing":
    stop_at_call(2, execute, "_peak_megabytes")
if stop == "storing":
    stop_at_call(2, execution_cache.ExecutionStore, "write_executed_copy")
if stop == "swapping":
    stop_at_call(2, pathlib.Path, "rename")
if stop == "disk full while storing":
    stop_at_call(2, execution_cache.ExecutionStore, "write_executed_copy", full=True)
if stop == "disk full while swapping":
    stop_at_call(2, pathlib.Path, "rename", full=True)
raise SystemExit(execute.main([]) or publish.main([]))
"""
# The same inside Sphinx.
STOPPER = """
import errno, os, signal
import book_downloads

def stop():
    os.killpg(0, signal.SIGKILL)

def on_page(app, pagename, *rest):
    if pagename == "two" and os.environ.get("STOP_AT") == "rendering":
        stop()
    if pagename == "two" and os.environ.get("STOP_AT") == "disk full while rendering":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

def half_a_copy(source, target):
    target.write_bytes(source.read_bytes()[:100])
    stop()

def setup(app):
    app.connect("html-page-context", on_page)
    if os.environ.get("STOP_AT") == "copying":
        book_downloads.copy_whole = half_a_copy
"""


def build(book, stop_at=""):
    environment = os.environ | {"STOP_AT": stop_at, "SOURCE_DATE_EPOCH": "1700000000"}
    return subprocess.run(
        [sys.executable, "-c", BUILD], cwd=book, env=environment,
        capture_output=True, text=True, check=False, start_new_session=True,
    )  # fmt: skip


def write_sources(book, checkout, version):
    (book / "data" / "alpha").mkdir(parents=True, exist_ok=True)
    (book / "data" / "alpha" / "n.csv").write_text(version)
    (book / "requirements.lock").write_text(f"package=={version}\n")
    (book / "_toc.yml").write_text(
        "format: jb-book\nroot: one\nchapters:\n- file: two\n- file: three\n"
    )
    (book / "_config.yml").write_text(CONFIG.format(extensions=checkout / "book" / "_extensions"))
    (book / "stopper.py").write_text(STOPPER)
    for name in ("one", "two", "three"):
        cells = [
            nbformat.v4.new_markdown_cell(f"# {name}\n\nVersion {version}.", id=f"{name}-prose"),
            nbformat.v4.new_code_cell(
                "from pathlib import Path\n"
                f"print('{name}', Path('data', 'alpha', 'n.csv').read_text())",
                id=f"{name}-code",
            ),
        ]
        notebook = nbformat.v4.new_notebook(cells=cells)
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, book / f"{name}.ipynb")


@pytest.fixture(scope="module")
def before(checkout, tmp_path_factory):
    """Return the book as it was built before the change."""
    book = tmp_path_factory.mktemp("before") / "book"
    write_sources(book, checkout, "1")
    result = build(book)
    assert result.returncode == 0, result.stdout + result.stderr
    return book


@pytest.fixture(scope="module")
def clean(checkout, tmp_path_factory):
    """Return what a build of the changed book gives, from nothing."""
    book = tmp_path_factory.mktemp("clean") / "book"
    write_sources(book, checkout, "2")
    result = build(book)
    assert result.returncode == 0, result.stdout + result.stderr
    return tree(book / publish.SITE), tree(book / EXECUTED)


@pytest.mark.parametrize("point", ["executing", "storing", "rendering", "copying", "swapping"])
def test_killed_the_next_run_finishes(before, clean, checkout, tmp_path, point):
    book = tmp_path / "book"
    shutil.copytree(before, book, symlinks=True)
    write_sources(book, checkout, "2")
    assert build(book, stop_at=point).returncode == -signal.SIGKILL
    if point == "swapping":  # between its two steps: the old site waits under another name
        assert not (book / publish.SITE).exists()
        assert tree(book / publish.REPLACED) == tree(before / publish.SITE)
    else:  # whoever reads the site sees the old one, whole
        assert tree(book / publish.SITE) == tree(before / publish.SITE)

    the_next_run_gives(book, clean)


@pytest.mark.parametrize("doing", ["storing", "rendering", "swapping"])
def test_when_the_disk_is_full_the_build_says_so_and_the_next_run_finishes(
    before, clean, checkout, tmp_path, doing
):
    book = tmp_path / "book"
    shutil.copytree(before, book, symlinks=True)
    write_sources(book, checkout, "2")
    result = build(book, stop_at=f"disk full while {doing}")
    assert result.returncode == 1
    assert "No space left on device" in result.stdout + result.stderr
    kept = publish.REPLACED if doing == "swapping" else publish.SITE
    assert tree(book / kept) == tree(before / publish.SITE)
    the_next_run_gives(book, clean)


def the_next_run_gives(book, clean):
    """Build once more: the bytes of a clean build, and nothing left lying about."""
    result = build(book)
    assert result.returncode == 0, result.stdout + result.stderr
    assert (tree(book / publish.SITE), tree(book / EXECUTED)) == clean
    assert {path.name for path in (book / "_build").iterdir() if path.is_dir()} == {
        ".jupyter_cache", "executed", "html",
    }  # fmt: skip


def test_a_page_that_warns_leaves_the_old_site(before, checkout, tmp_path):
    book = tmp_path / "book"
    shutil.copytree(before, book, symlinks=True)
    notebook = nbformat.read(book / "two.ipynb", as_version=4)
    notebook.cells[0].source += "\n\n{ref}`no-such-place`"
    nbformat.write(notebook, book / "two.ipynb")
    result = build(book)
    assert result.returncode == 1
    assert "no-such-place" in result.stdout + result.stderr
    assert tree(book / publish.SITE) == tree(before / publish.SITE)


def test_plain_jupyter_book_shows_the_stored_results(before, checkout, tmp_path):
    """Without a command of ours: what was executed before is found, and nothing runs."""
    book = tmp_path / "book"
    shutil.copytree(before, book, symlinks=True)
    (book / "data" / "alpha" / "n.csv").write_text("9")  # a kernel that ran now would print it
    plain = [sys.executable, "-c", publish.JUPYTER_BOOK, "build", ".", "-W", "-n", "--keep-going"]
    result = subprocess.run(plain, cwd=book, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    for name in ("one", "two", "three"):
        page = (book / publish.SITE / f"{name}.html").read_text(encoding="utf-8")
        assert f"{name} 1" in page
        assert f"{name} 9" not in page
