"""Do forked kernels compute what others would, share nothing, and end when they should?"""

import json
import os
import sys
import time

import nbformat
import pytest
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient

from reanalysis.execution_cache import kernel_environment
from reanalysis.notebook_dependencies import installed_imports
from reanalysis.warm_kernels import WarmKernels, can_fork


def notebook_of(*sources):
    """A notebook with these code cells."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    return notebook


def printed(folder, *sources):
    """What the cells print in a kernel started as things are now; and the client."""
    notebook = notebook_of(*sources)
    client = NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(folder)}})
    client.execute(env=kernel_environment(folder))
    return "".join(out.text for cell in notebook.cells for out in cell.outputs)


def warm(folder, *modules):
    """A process that has imported the modules."""
    return WarmKernels(modules, kernel_environment(folder))


def has_ended(pid, seconds=20):
    """Whether a process is gone, or goes within some time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_a_fork_has_the_library_and_the_folder_and_its_own_state(tmp_path):
    assert can_fork() == (sys.platform == "linux")
    cell = "import os, sys\nprint('colorsys' in sys.modules, os.getcwd(), os.environ['X'])"
    change = "import colorsys\nprint(getattr(colorsys, 'mark', 0))\ncolorsys.mark = 1"
    os.environ["X"] = "seen"
    try:
        with warm(tmp_path, "colorsys"):
            assert printed(tmp_path, cell) == f"{can_fork()} {tmp_path} seen\n"
            assert [printed(tmp_path, change), printed(tmp_path, change)] == ["0\n", "0\n"]
        assert printed(tmp_path, cell) == f"False {tmp_path} seen\n"  # afterwards: as always
    finally:
        del os.environ["X"]


def test_nothing_of_the_book_is_imported_before_a_notebook_does(tmp_path):
    cell = "import sys\nprint([m for m in sys.modules if m.partition('.')[0] == 'reanalysis'])"
    with warm(tmp_path, "json"):
        assert printed(tmp_path, cell) == "[]\n"


def test_an_import_that_warns_is_left_to_the_notebook(tmp_path):
    (tmp_path / "loud.py").write_text("import warnings\nwarnings.warn('look here')\n")
    notebook = notebook_of("import loud")
    with warm(tmp_path, "loud") as kernels:
        client = NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}})
        client.execute(env=kernel_environment(tmp_path))
        assert kernels.fork([], str(tmp_path)) is None
    assert "look here" in notebook.cells[0].outputs[0].text


def test_what_cannot_be_imported_is_left_out(tmp_path):
    with warm(tmp_path, "no_such_module", "json.no_such_name"):
        assert printed(tmp_path, "print(1)") == "1\n"


def test_kernels_end_with_the_process_they_are_forks_of(tmp_path):
    with warm(tmp_path, "json") as kernels:
        ports = {f"{name}_port": 0 for name in ("shell", "iopub", "stdin", "control", "hb")}
        connection = {"ip": "127.0.0.1", "transport": "tcp", "key": "k", **ports}
        connection |= {"signature_scheme": "hmac-sha256"}
        (tmp_path / "connection.json").write_text(json.dumps(connection))
        pid = kernels.fork(["-f", str(tmp_path / "connection.json")], str(tmp_path))
        time.sleep(0.5)
        os.kill(pid, 0)  # it lives
    assert has_ended(pid)
    assert KernelProvisionerFactory.instance().default_provisioner_name == "local-provisioner"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import numpy as np, json", {"numpy", "json"}),
        ("from scipy import stats", {"scipy", "scipy.stats"}),
        ("from helper import answer", {"pandas"}),  # through the book's own module
        ("not python at all", set()),
    ],
)
def test_imports_of_installed_packages_are_found(tmp_path, source, expected):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "helper.py").write_text("import pandas\nanswer = 42\n")
    notebook = notebook_of(source)
    assert installed_imports(tmp_path, "notebooks/one.ipynb", notebook) == expected
