"""Do the notebooks run on a Dask cluster: a scheduler and workers that are reached over TCP?"""

import re
import subprocess
import sys

import joblib
import nbformat
import pytest

from reanalysis import execute
from reanalysis.built_files import EXECUTED

WORKER = "import os\nprint(os.environ['DASK_WORKER_NAME'], len('{name}'))"
SMALL_STUDY = """
import os
import joblib

def test_where():
    where = joblib.delayed(lambda: os.environ["DASK_WORKER_NAME"])
    assert joblib.Parallel()([where()] * 3) == ["a worker"] * 3
"""
# A cluster in a process of its own, so that nothing but TCP joins it to the test.
CLUSTER = """
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, protocol="tcp", dashboard_address=None,
        host="127.0.0.1", env={"DASK_WORKER_NAME": "a worker"},
    ) as cluster:
        print(cluster.scheduler_address, flush=True)
        input()
"""


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    script = tmp_path_factory.mktemp("cluster") / "cluster.py"
    script.write_text(CLUSTER)
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, script], stdin=pipe, stdout=pipe, text=True, cwd=script.parent
    ) as process:
        address = process.stdout.readline().strip()
        assert re.match(r"tcp://127\.0\.0\.1:\d+$", address)
        yield address
        process.communicate("\n")


@pytest.fixture
def book(tmp_path):
    (tmp_path / "_config.yml").write_text("title: Book\n")
    (tmp_path / "_toc.yml").write_text("root: one\nchapters:\n- file: two\n- file: three\n")
    for name in ("one", "two", "three"):
        notebook = nbformat.v4.new_notebook()
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        notebook.cells = [nbformat.v4.new_code_cell(WORKER.format(name=name))]
        nbformat.write(notebook, tmp_path / f"{name}.ipynb")
    return tmp_path


def test_notebooks_run_on_the_workers(scheduler, book):
    outcomes = execute.execute_book(book, scheduler=scheduler)
    assert [outcome.failure for outcome in outcomes] == [None] * 3
    for name in ("one", "two", "three"):
        executed = nbformat.read(book / EXECUTED / f"{name}.ipynb", as_version=4)
        assert executed.cells[0].outputs[0].text == f"a worker {len(name)}\n"


def test_any_parallel_loop_runs_on_the_workers(scheduler):
    with execute.run_on(scheduler):
        found = joblib.Parallel()(joblib.delayed(divmod)(number, 3) for number in range(20))
    assert found == [divmod(number, 3) for number in range(20)]


def test_a_simulation_study_runs_on_the_workers(scheduler, tmp_path):
    """As ``make validate SCHEDULER=…`` runs it."""
    study = tmp_path / "validate_small.py"
    study.write_text(SMALL_STUDY)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.validate.conftest", "-p"]
    command += ["no:cacheprovider", "--rootdir", tmp_path, "-c", "/dev/null", study]
    result = subprocess.run(
        [*command, "--scheduler", scheduler], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    here = subprocess.run(command, capture_output=True, text=True, check=False)
    assert here.returncode == 1  # without it the loop stays on this machine
    assert "KeyError: 'DASK_WORKER_NAME'" in here.stdout


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ValueError, match="cluster"), execute.run_on("tcp://127.0.0.1:1"):
        pass
