import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_cache import get_cache

from reanalysis import execute, execution_cache
from reanalysis.built_files import EXECUTED

# A study notebook that reads its study's data and its package, and says so in its output.
READS_EVERYTHING = """\
from pathlib import Path
import os
from toy import part
print("data", Path(os.environ["REANALYSIS_DATA"], "alpha", "n.csv").read_text(), part.VALUE)"""


def write_notebook(path, *cells, prose="Some prose."):
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    notebook.cells = [nbformat.v4.new_markdown_cell(prose)]
    notebook.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(notebook, path)


@pytest.fixture
def book(tmp_path):
    """Make a book of one study, `alpha`, and one executable page that names another, `beta`."""
    files = {
        "_config.yml": "execute: {execute_notebooks: cache}\n",
        "_toc.yml": (
            "format: jb-book\nroot: book/index\nparts:\n- chapters:\n"
            "  - file: notebooks/alpha\n  - file: book/methods/page\n"
        ),
        "book/index.md": "# Book\n",
        "data/alpha/n.csv": "1",
        "data/beta/n.csv": "1",
        # The package of the fixture: the name reanalysis stays the real one.
        "toy/__init__.py": "",
        "toy/part.py": "from .deep.base import VALUE\n",
        "toy/deep/__init__.py": "",
        "toy/deep/base.py": "VALUE = 7\n",
        "toy/other.py": "from toy import part\n",
        "requirements.lock": "numpy==2\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    write_notebook(tmp_path / "notebooks/alpha.ipynb", READS_EVERYTHING)
    write_notebook(tmp_path / "book/methods/page.ipynb", "print('a page of', 'beta')")
    return tmp_path


def run(book, *arguments):
    """Run the command line as `make book` does, with the executor of this checkout."""
    script = "import sys; from reanalysis.execute import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=book,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def states(book):
    report = json.loads((book / execute.REPORT).read_text())
    return {name: entry["state"] for name, entry in report["notebooks"].items()}


def output(book, name="notebooks/alpha.ipynb"):
    """Return what the code cells of the executed copy printed."""
    notebook = nbformat.read(book / EXECUTED / name, as_version=4)
    return "".join(out.text for cell in notebook.cells for out in cell.get("outputs", []))


def cached(book):
    """Return the notebooks that Jupyter Book would find executed."""
    cache = get_cache(book / execution_cache.DEFAULT_CACHE)
    found = []
    for name in execution_cache.notebooks_in_toc(book):
        with contextlib.suppress(KeyError):
            cache.match_cache_notebook(nbformat.read(book / name, as_version=4))
            found.append(name)
    cache.db.dispose()
    return found


def is_fresh(book, name="notebooks/alpha.ipynb"):
    with execution_cache.ExecutionStore(book) as store:
        return store.is_fresh(name, nbformat.read(book / name, as_version=4))


ALPHA, PAGE = "notebooks/alpha.ipynb", "book/methods/page.ipynb"


def test_executes_stores_and_then_executes_nothing(book):
    first = run(book)
    assert first.returncode == 0, first.stderr
    assert states(book) == {ALPHA: "executed", PAGE: "executed"}
    assert output(book) == "data 1 7\n"
    assert cached(book) == [ALPHA, PAGE]
    assert f"running     {ALPHA}" in first.stdout
    assert "2 of 2" in first.stdout
    report = json.loads((book / execute.REPORT).read_text())["notebooks"][ALPHA]
    assert report["seconds"] > 0
    assert report["peak_megabytes"] > 1 or not Path("/proc/self/status").exists()

    copy = book / EXECUTED / ALPHA
    before = copy.read_bytes()
    second = run(book)
    assert second.returncode == 0, second.stderr
    assert states(book) == {ALPHA: "up to date", PAGE: "up to date"}
    assert copy.read_bytes() == before

    # New prose reaches the executed copy without executing anything.
    write_notebook(book / ALPHA, READS_EVERYTHING, prose="Other prose.")
    assert run(book).returncode == 0
    assert states(book) == {ALPHA: "up to date", PAGE: "up to date"}
    assert "Other prose." in copy.read_text()
    assert output(book) == "data 1 7\n"

    # Changed data of both; only one of the notebooks is asked for.
    (book / "data/alpha/n.csv").write_text("2")
    (book / "data/beta/n.csv").write_text("2")
    assert run(book, "alpha").returncode == 0
    assert states(book) == {ALPHA: "executed", PAGE: "not run"}
    assert output(book) == "data 2 7\n"
    assert cached(book) == [ALPHA]


@pytest.fixture
def stored(book):
    """Give the book results as if both notebooks had been executed; no kernel is needed for it."""
    with execution_cache.ExecutionStore(book) as store:
        for name in execution_cache.notebooks_in_toc(book):
            notebook = nbformat.read(book / name, as_version=4)
            store.store(execute.Outcome(name, notebook, 1.0), store.fingerprint(name, notebook))
    return book


@pytest.mark.parametrize(
    ("changed", "stale"),
    [
        ("data/alpha/n.csv", {ALPHA}),
        ("data/beta/n.csv", {PAGE}),
        ("data/alpha/new.csv", {ALPHA}),
        ("data/gamma/n.csv", set()),
        ("toy/part.py", {ALPHA}),
        ("toy/__init__.py", {ALPHA}),
        ("toy/deep/base.py", {ALPHA}),
        ("toy/deep/table.csv", {ALPHA}),
        ("toy/deep/new.py", set()),
        ("toy/other.py", set()),
        ("requirements.lock", {ALPHA, PAGE}),
        ("book/index.md", set()),
        ("tests/test_new.py", set()),
        ("toy/__pycache__/part.cpython-311.pyc", set()),
    ],
)
def test_what_a_changed_file_makes_stale(stored, changed, stale):
    (stored / changed).parent.mkdir(parents=True, exist_ok=True)
    (stored / changed).write_text("changed")
    assert {name for name in (ALPHA, PAGE) if not is_fresh(stored, name)} == stale


def test_a_removed_data_file_makes_stale(stored):
    (stored / "data/alpha/n.csv").unlink()
    assert not is_fresh(stored)


@pytest.mark.parametrize(
    ("source", "metadata", "fresh"),
    [
        (READS_EVERYTHING, {}, True),
        (READS_EVERYTHING + "  # changed", {}, False),
        (READS_EVERYTHING, {"tags": ["hide-input"]}, False),
    ],
)
def test_code_and_cell_metadata_make_stale(stored, source, metadata, fresh):
    write_notebook(stored / ALPHA, source, prose="Other prose.")
    notebook = nbformat.read(stored / ALPHA, as_version=4)
    notebook.cells[-1].metadata.update(metadata)
    nbformat.write(notebook, stored / ALPHA)
    assert is_fresh(stored) is fresh


def test_a_damaged_result_is_stale(stored):
    for result in (stored / execution_cache.DEFAULT_CACHE).glob("executed/*/base.ipynb"):
        result.write_text(result.read_text()[:20])
    assert not is_fresh(stored)


def test_a_damaged_cache_is_begun_again(stored):
    cache = stored / execution_cache.DEFAULT_CACHE
    (cache / "global.db").write_bytes(b"")
    (cache / execution_cache.STATE_FILE).write_text("{")
    assert not is_fresh(stored)


def test_stale_results_are_gone_before_anything_is_executed(stored, monkeypatch):
    (stored / "data/alpha/n.csv").write_text("2")

    def killed(name, notebook, root):
        raise KeyboardInterrupt

    monkeypatch.setattr(execute, "run_notebook", killed)
    with pytest.raises(KeyboardInterrupt):
        execute.execute_book(stored, jobs=1)
    assert cached(stored) == [PAGE]
    copies = (stored / EXECUTED).rglob("*.ipynb")
    assert [*copies] == [stored / EXECUTED / PAGE]
    assert not is_fresh(stored)


def test_what_changes_while_a_notebook_runs_makes_its_result_stale(stored, monkeypatch):
    def changed_meanwhile(name, notebook, root):
        (stored / "data/alpha/n.csv").write_text("3")
        return execute.Outcome(name, notebook, 1.0)

    monkeypatch.setattr(execute, "run_notebook", changed_meanwhile)
    execute.execute_book(stored, names=["alpha"], jobs=1, force=True)
    assert states(stored)[ALPHA] == "executed"
    assert not is_fresh(stored)


@pytest.mark.parametrize("last", ["cache_notebook_bundle", "write_executed_copy", "_write_state"])
def test_a_result_cut_off_while_it_is_stored_does_not_count(stored, monkeypatch, last):
    (stored / "data/alpha/n.csv").write_text("2")

    def killed(*arguments, **options):
        raise KeyboardInterrupt

    notebook = nbformat.read(stored / ALPHA, as_version=4)
    with execution_cache.ExecutionStore(stored) as store:
        store.drop_all_but(set())
        monkeypatch.setattr(store.cache if last.startswith("cache") else store, last, killed)
        with pytest.raises(KeyboardInterrupt):
            store.store(execute.Outcome(ALPHA, notebook, 1.0), "fingerprint")
    assert not is_fresh(stored)


def test_a_result_of_earlier_code_does_not_come_back(stored):
    original = (stored / ALPHA).read_text()
    write_notebook(stored / ALPHA, "print('in between')")
    with execution_cache.ExecutionStore(stored) as store:
        store.drop_all_but({PAGE})
    (stored / ALPHA).write_text(original)
    assert cached(stored) == [PAGE]


def test_two_notebooks_with_the_same_code_are_refused(stored):
    write_notebook(stored / PAGE, READS_EVERYTHING)
    with pytest.raises(ValueError, match=r"alpha\.ipynb and .*page\.ipynb have the same code"):
        execute.execute_book(stored)


def test_an_unknown_name_lists_the_known_ones(stored):
    with pytest.raises(ValueError, match=r"notebooks/alpha\.ipynb.*got \['gamma'\]"):
        execute.execute_book(stored, names=["gamma"])


def test_failures_and_warnings_name_their_cell(stored):
    write_notebook(stored / ALPHA, "x = 1", "# divides\nx / 0")
    write_notebook(stored / PAGE, "import warnings", "x = 1", "warnings.warn('look here')")
    result = run(stored)
    assert result.returncode == 1
    assert states(stored) == {ALPHA: "FAILED", PAGE: "FAILED"}
    assert f"{ALPHA}, code cell 2:\n    # divides\n    x / 0\n" in result.stderr
    assert "ZeroDivisionError" in result.stderr
    assert result.stderr.count("# divides") == 2  # the cell's source, and the traceback's excerpt
    assert f"{PAGE}, code cell 3:\n    warnings.warn('look here')\n" in result.stderr
    assert "UserWarning: look here" in result.stderr
    assert "\x1b" not in result.stderr
    assert cached(stored) == []


def test_a_file_that_the_sources_do_not_show_fails_the_notebook_that_opens_it(stored):
    hidden = 'Path(os.environ["REANALYSIS_DATA"], "be" + "ta", "n.csv").read_text()'
    write_notebook(stored / ALPHA, f"import os\nfrom pathlib import Path\n{hidden}")
    write_notebook(stored / PAGE, 'exec("import to" + "y.other")')
    result = run(stored)
    assert result.returncode == 1
    assert states(stored) == {ALPHA: "FAILED", PAGE: "FAILED"}
    assert f"{ALPHA}: it opened data/beta/n.csv, which the sources do not show" in result.stderr
    assert f"{PAGE}: it opened toy/__init__.py, toy/deep/__init__.py, " in result.stderr
    assert "toy/other.py, toy/part.py, which the sources" in result.stderr
    assert cached(stored) == []


def test_the_kernel_sees_this_book_and_nothing_of_the_users_settings(stored):
    names = ["REANALYSIS_STRICT", "PYTHONHASHSEED", "REANALYSIS_DATA", "SOURCE_DATE_EPOCH"]
    write_notebook(stored / ALPHA, f"import os\nprint([os.environ[n] for n in {names}])")
    write_notebook(stored / PAGE, "import os\nprint(os.environ['MPLBACKEND'], os.getcwd())")
    os.environ["MPLBACKEND"] = "pdf"
    try:
        result = run(stored)
    finally:
        del os.environ["MPLBACKEND"]
    assert result.returncode == 0, result.stderr
    epoch = execution_cache.KERNEL_ENVIRONMENT["SOURCE_DATE_EPOCH"]
    assert output(stored) == f"['1', '0', '{stored / 'data'}', '{epoch}']\n"
    assert "matplotlib_inline" in output(stored, PAGE)
    assert output(stored, PAGE).endswith(f"{stored / 'book/methods'}\n")


def test_jupyter_book_2_is_refused_with_what_to_do():
    execute.check_jupyter_book("1.0.4.post1")
    with pytest.raises(SystemExit, match=r"needs 1\.x.*requirements\.lock"):
        execute.check_jupyter_book("2.0.1")
