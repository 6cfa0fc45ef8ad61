"""Execute the notebooks of the book, as many at a time as there are cores.

``python -m reanalysis.execute`` runs every notebook that ``_toc.yml`` lists and whose stored
result no longer holds (`reanalysis.execution_cache` says when), each in its own kernel, and leaves
the results where Jupyter Book looks for them. A cell that fails, or that warns, fails the run.

With ``--scheduler ADDRESS`` the notebooks run on a Dask cluster instead (the ``cluster`` extra;
its workers need this environment and see this folder under the same path).
"""

import argparse
import contextlib
import importlib
import importlib.metadata
import json
import os
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import joblib
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal
from sqlalchemy.exc import SQLAlchemyError

from reanalysis.built_files import write_atomically
from reanalysis.execution_cache import (
    ExecutionStore,
    kernel_environment,
    notebooks_in_toc,
)
from reanalysis.notebook_dependencies import dependencies_of, installed_imports
from reanalysis.opened_files import opened_sources, recording
from reanalysis.warm_kernels import WarmKernels, can_fork

REPORT = "_build/execution_report.json"
CELL_TIMEOUT_SECONDS = 1800


# What a kernel sets for itself before its first import.
INLINE_BACKEND = "module://matplotlib_inline.backend_inline"

TERMINAL_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Outcome:
    """What executing one notebook gave: its outputs, and the reason if they may not be used."""

    name: str
    notebook: nbformat.NotebookNode
    seconds: float
    failure: str | None = None
    peak_megabytes: float | None = None


def run_notebook(name, notebook, root):
    """Execute one notebook in a kernel of its own; failures are returned, not raised."""
    print(f"  running     {name}", flush=True)
    started, peak = [], []
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder, "opened")
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT_SECONDS,
            record_timing=False,
            resources={"metadata": {"path": str((root / name).parent)}},
            extra_arguments=recording(root, record),
            on_cell_start=lambda **place: started.append(place["cell_index"]),
            on_cell_executed=lambda **_: peak.append(_peak_megabytes(client.km.provisioner.pid)),
        )
        try:
            client.execute(env=kernel_environment(root))
            failure = _warnings(name, notebook) or _unforeseen(name, notebook, root, record)
        except (CellControlSignal, RuntimeError, OSError, KeyError) as error:
            failure = _error(name, notebook, started[-1] if started else None, error)
    return Outcome(name, notebook, time.perf_counter() - begin, failure, *peak[-1:])


@contextlib.contextmanager
def warm_kernels(root, notebooks, scheduler):
    """Have the kernels of these notebooks start with their libraries, where that can be had.

    Parameters
    ----------
    root : Path
        The book.
    notebooks : dict of str to NotebookNode
        What will be executed, by its name.
    scheduler : str or None
        With a cluster, kernels start on its machines, each by itself.
    """
    if not notebooks or scheduler or not can_fork():
        yield
        return
    modules = {m for name, n in notebooks.items() for m in installed_imports(root, name, n)}
    environment = kernel_environment(root) | {"MPLBACKEND": INLINE_BACKEND}
    with WarmKernels(modules, environment):
        yield


def _peak_megabytes(pid):
    """Read how much memory a process has taken at most, where the system tells (Linux)."""
    with contextlib.suppress(OSError):
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        if found := re.search(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE):
            return round(int(found[1]) / 1024, 1)
    return None


def _error(name, notebook, index, error):
    """Describe why a notebook ended early: the traceback that its cell shows, if there is one."""
    outputs = [] if index is None else notebook.cells[index].outputs
    tracebacks = ["\n".join(out.traceback) for out in outputs if out.output_type == "error"]
    return _describe(name, notebook, index, "\n".join(tracebacks) or f"{error!r}")


def _warnings(name, notebook):
    """Describe what the cells wrote to standard error: a published page has no warnings."""
    found = [
        _describe(name, notebook, index, "".join(output.text))
        for index, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]
    return "\n".join(found) or None


def _unforeseen(name, notebook, root, record):
    """Describe which files were opened that no change of would make the result stale."""
    known = set(dependencies_of(root, name, notebook).files(root))
    unforeseen = [path for path in opened_sources(root, record) if path not in known]
    if not unforeseen:
        return None
    files = ", ".join(path.relative_to(root).as_posix() for path in unforeseen)
    return (
        f"{name}: it opened {files}, which the sources do not show, so that a change there would "
        "not execute it again. Import modules by name, and write a study's id as a string."
    )


def _describe(name, notebook, index, reason):
    """Say in which cell of which notebook something went wrong, with its source."""
    if index is None:
        return f"{name}, before the first cell:\n{reason}"
    number = sum(cell.cell_type == "code" for cell in notebook.cells[: index + 1])
    source = "\n".join(f"    {line}" for line in notebook.cells[index].source.splitlines())
    return f"{name}, code cell {number}:\n{source}\n{TERMINAL_COLOURS.sub('', reason)}"


def execute_book(root, *, names=(), force=False, jobs=None, scheduler=None):
    """Execute the stale notebooks of a book and store what they give.

    Parameters
    ----------
    root : Path
        The book: the folder of ``_config.yml`` and ``_toc.yml``.
    names : sequence of str
        Execute only these notebooks (paths or file stems); all when empty. Stale results of the
        others are removed all the same.
    force : bool
        Execute what is up to date, too.
    jobs : int, optional
        Kernels at a time; as many as there are cores by default.
    scheduler : str, optional
        Address of a Dask scheduler whose workers run the notebooks, e.g. ``tcp://host:8786``.

    Returns
    -------
    list of Outcome
        One per executed notebook, in the order in which they ended.

    Raises
    ------
    ValueError
        If a name is not a notebook of the book, or if two notebooks have the same code.
    """
    with ExecutionStore(root) as store, run_on(scheduler):
        jobs = jobs or (-1 if scheduler else joblib.cpu_count())  # -1: as many as the cluster takes
        return _execute_with(store, root, names, jobs, scheduler, force=force)


@contextlib.contextmanager
def run_on(scheduler):
    """Hand every parallel loop inside to a Dask cluster, by joblib's own backend.

    Parameters
    ----------
    scheduler : str or None
        Its address; None leaves the loops on this machine.
    """
    if scheduler is None:
        yield
        return
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise ValueError("a scheduler needs Dask: pip install 'reanalysis[cluster]'") from error
    with distributed.Client(scheduler), joblib.parallel_config(backend="dask"):
        yield


def _execute_with(store, root, names, jobs, scheduler, *, force):
    """Do what `execute_book` says, with its store opened."""
    begin = time.perf_counter()
    notebooks = {name: nbformat.read(root / name, as_version=4) for name in notebooks_in_toc(root)}
    store.check_distinct(notebooks)
    chosen = _chosen(names, notebooks)
    fresh = {name for name, notebook in notebooks.items() if store.is_fresh(name, notebook)}
    if force:
        fresh -= chosen
    store.drop_all_but(fresh)
    report = {name: {"state": "not run", "seconds": None} for name in notebooks}
    for name in fresh:
        store.write_executed_copy(name, notebooks[name])
        report[name] = {
            "state": "up to date",
            "seconds": store.seconds(name),
            "peak_megabytes": store.peak_megabytes(name),
        }
        print(f"  up to date  {name}", flush=True)

    stale = sorted(chosen - fresh, key=lambda name: (-store.seconds(name), name))
    made_under = {name: store.fingerprint(name, notebooks[name]) for name in stale}
    outcomes = []
    tasks = (joblib.delayed(run_notebook)(name, notebooks[name], root) for name in stale)
    parallel = joblib.Parallel(
        n_jobs=jobs,
        prefer="threads",  # a thread only waits for its kernel, which is a process of its own
        return_as="generator_unordered",
        batch_size=1,
    )
    with warm_kernels(root, {name: notebooks[name] for name in stale}, scheduler):
        for outcome in parallel(tasks):
            if outcome.failure is None:
                store.store(outcome, made_under[outcome.name])
            outcomes.append(outcome)
            state = "executed" if outcome.failure is None else "FAILED"
            report[outcome.name] = {
                "state": state,
                "seconds": round(outcome.seconds, 2),
                "peak_megabytes": outcome.peak_megabytes,
            }
            progress = f"{outcome.seconds:6.1f} s  ({len(outcomes)} of {len(stale)})"
            print(f"  {state:<10}  {outcome.name}  {progress}", flush=True)

    failed = sum(outcome.failure is not None for outcome in outcomes)
    seconds = time.perf_counter() - begin
    text = json.dumps({"notebooks": report, "seconds": round(seconds, 2)}, indent=1)
    write_atomically(root / REPORT, text + "\n")
    print(
        f"{len(notebooks)} notebooks: {len(fresh)} up to date, {len(outcomes) - failed} executed, "
        f"{failed} failed, in {seconds:.1f} s"
    )
    return outcomes


def _chosen(names, notebooks):
    """Find the notebooks that the command line names, by path or by file stem."""
    chosen = {name for name in notebooks if name in names or Path(name).stem in names}
    known = chosen | {Path(name).stem for name in chosen}
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"expected notebooks of _toc.yml ({', '.join(notebooks)}), got {unknown}")
    return chosen if names else set(notebooks)


def check_jupyter_book(version):
    """Stop with a sentence when Jupyter Book is of the generation that cannot build this book."""
    if not version.startswith("1."):
        raise SystemExit(
            f"Jupyter Book {version} cannot read _config.yml and _toc.yml: this book needs 1.x. "
            "`make book` makes an environment with the locked versions; in an environment of "
            "your own: python -m pip install --require-hashes -r requirements.lock"
        )


def main(arguments=None):
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m reanalysis.execute", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these notebooks (path or file stem)")
    parser.add_argument("--force", action="store_true", help="execute what is up to date, too")
    parser.add_argument("--jobs", type=int, help="kernels at a time (default: one per core)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster to run them on")
    options = parser.parse_args(arguments)
    check_jupyter_book(importlib.metadata.version("jupyter-book"))
    try:
        outcomes = execute_book(
            Path.cwd(),
            names=options.names,
            force=options.force,
            jobs=options.jobs,
            scheduler=options.scheduler,
        )
    except ValueError as error:
        parser.error(str(error))
    except (OSError, SQLAlchemyError) as error:  # no room on the disk, for example
        print(f"stopped: {error}\nwhat had ended is stored", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted: what had ended is stored", file=sys.stderr, flush=True)
        os._exit(130)  # without waiting for the running cells; a kernel ends when its parent does
    failures = [outcome.failure for outcome in outcomes if outcome.failure is not None]
    for failure in failures:
        print(f"\n{failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
