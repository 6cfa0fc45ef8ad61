"""Is everything found that a notebook imports and reads, and nothing else?"""

import nbformat
import pytest

from reanalysis.execution_cache import notebooks_in_toc
from reanalysis.notebook_dependencies import dependencies_of

FILES = {
    "data/alpha/n.csv": "",
    "data/beta/n.csv": "",
    "reanalysis/__init__.py": "",
    "reanalysis/alone.py": "import json\n",
    "reanalysis/first.py": "import reanalysis.second as second\n",
    "reanalysis/second.py": "def later():\n    from reanalysis.plots import curve\n",
    "reanalysis/dynamic.py": "from importlib import import_module\nimport_module('x')\n",
    "reanalysis/names_beta.py": "SOURCE = 'beta'\n",
    "reanalysis/plots/__init__.py": "",
    "reanalysis/plots/curve.py": "from . import style\nfrom ..alone import json\n",
    "reanalysis/plots/style.py": "",
    "notebooks/local.py": "",
}
INIT, PLOTS = "reanalysis/__init__.py", "reanalysis/plots/__init__.py"
CURVE = {INIT, PLOTS, "reanalysis/plots/curve.py", "reanalysis/plots/style.py"}
CURVE |= {"reanalysis/alone.py"}
EVERYTHING = {name for name in FILES if name.startswith("reanalysis/")}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def find(root, *cells, name="notebooks/alpha.ipynb"):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_markdown_cell("import reanalysis.alone")]
    notebook.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    return dependencies_of(root, name, notebook)


@pytest.mark.parametrize(
    ("cell", "modules"),
    [
        ("import numpy", set()),
        ("import reanalysis", {INIT}),
        ("from reanalysis import nothing_of_this_name", {INIT}),
        ("from reanalysis.alone import json", {INIT, "reanalysis/alone.py"}),
        ("import reanalysis.plots.style", {INIT, PLOTS, "reanalysis/plots/style.py"}),
        ("from reanalysis.plots import curve", CURVE),
        ("from reanalysis import first", CURVE | {"reanalysis/first.py", "reanalysis/second.py"}),
        ("%matplotlib inline\nimport reanalysis.alone", {INIT, "reanalysis/alone.py"}),
        ("!ls\nif True:\n    import reanalysis", {INIT}),
        ("import local", {"notebooks/local.py"}),
        ("from reanalysis import dynamic", EVERYTHING),
        ("__import__('reanalysis.' + input())", EVERYTHING),
        ("this is no Python", EVERYTHING),
    ],
)
def test_modules(root, cell, modules):
    assert set(find(root, "1 + 1", cell).modules) == modules


@pytest.mark.parametrize(
    ("cell", "name", "folders"),
    [
        ("1", "notebooks/alpha.ipynb", {"data/alpha"}),
        ("load_study('alpha')", "notebooks/alpha.ipynb", {"data/alpha"}),
        ("load_study('beta')", "notebooks/alpha.ipynb", {"data/alpha", "data/beta"}),
        ("from reanalysis import names_beta", "notebooks/alpha.ipynb", {"data/alpha", "data/beta"}),
        ("studies.list_studies()", "notebooks/alpha.ipynb", {"data"}),
        ("from studies import list_studies as l", "notebooks/alpha.ipynb", {"data"}),
        ("1", "notebooks/new.ipynb", set()),
        ("1", "book/methods/page.ipynb", set()),
        ("load_study('beta')", "book/methods/page.ipynb", {"data/beta"}),
    ],
)
def test_data_folders(root, cell, name, folders):
    assert set(find(root, cell, name=name).data_folders) == folders


@pytest.mark.parametrize(
    ("cell", "name", "files"),
    [
        ("read('../data/beta/n.csv')", "notebooks/alpha.ipynb", {"data/beta/n.csv"}),
        ("read('../../data/beta/n.csv')", "book/methods/page.ipynb", {"data/beta/n.csv"}),
        ("read('../data/beta/none.csv')", "notebooks/alpha.ipynb", set()),
        ("read('../data/beta')", "notebooks/alpha.ipynb", set()),
        ("read('../../../../etc/hostname')", "notebooks/alpha.ipynb", set()),
        ("read('n.csv')", "notebooks/alpha.ipynb", set()),
    ],
)
def test_named_files(root, cell, name, files):
    found = find(root, cell, name=name)
    assert set(found.named_files) == files
    assert {root / file for file in files} <= set(found.files(root))


def test_files_are_those_that_exist_now(root):
    names = [path.relative_to(root).as_posix() for path in find(root, "import local").files(root)]
    assert names == ["data/alpha/n.csv", "notebooks/local.py"]


def test_no_chapter_depends_on_what_builds_the_book(checkout):
    for name in notebooks_in_toc(checkout):
        notebook = nbformat.read(checkout / name, as_version=4)
        found = dependencies_of(checkout, name, notebook)
        assert "reanalysis/__init__.py" in found.modules
        assert not {m for m in found.modules if "execut" in m or "notebook_dep" in m}
