"""Which results of the notebooks still hold, and where are they kept?

Vocabulary
----------
fingerprint
    What a notebook's results depend on, as one hash: its code cells with their metadata, the data
    and modules it reads (`reanalysis.notebook_dependencies`), the locked versions, and the
    environment of its kernel.
stale
    No result is stored, or the stored one was made under another fingerprint.
the cache
    jupyter-cache's folder, which Jupyter Book reads. By itself it looks at code cells only. Here
    it holds nothing but what a fingerprint vouches for: the rest is removed *before* anything is
    executed, so that an interruption leaves gaps and never an old number.
"""

import hashlib
import json
import os
import shutil
import sys

import nbformat
import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.db import NbCacheRecord
from sqlalchemy.exc import SQLAlchemyError

from reanalysis.built_files import EXECUTED, write_atomically
from reanalysis.notebook_dependencies import dependencies_of

# Where results are kept when _config.yml does not name a cache, and what is kept beside them.
DEFAULT_CACHE = "_build/.jupyter_cache"
STATE_FILE = "fingerprints.json"

# The same in every kernel, on every machine, at every commit: a result may depend on none of them.
# One BLAS thread, because sums over several are added in an order that the machine decides.
KERNEL_ENVIRONMENT = {
    "REANALYSIS_STRICT": "1",
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "315532800",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
# What a user may have set for other purposes and what would change results or warnings.
FOREIGN_VARIABLES = ("MPLBACKEND", "PYTHONSTARTUP", "PYTHONWARNINGS")


def notebooks_in_toc(root):
    """Which notebooks does the book consist of, in the order of ``_toc.yml``?

    Parameters
    ----------
    root : Path
        The folder that holds ``_toc.yml``.

    Returns
    -------
    list of str
        Paths relative to `root`, with ``/`` and with ``.ipynb``.
    """

    def entries(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key in {"root", "file"}:
                    yield value.removesuffix(".ipynb")
                else:
                    yield from entries(value)
        elif isinstance(node, list):
            for item in node:
                yield from entries(item)

    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    return [f"{entry}.ipynb" for entry in entries(toc) if (root / f"{entry}.ipynb").is_file()]


def kernel_environment(root):
    """Return the variables that every kernel of a book sees, and no other kernel's."""
    inherited = {key: value for key, value in os.environ.items() if key not in FOREIGN_VARIABLES}
    # The package and the data of this checkout, whichever one the environment was installed from.
    own = {"PYTHONPATH": str(root), "REANALYSIS_DATA": str(root / "data")}
    return inherited | KERNEL_ENVIRONMENT | own


def fingerprint(root, name, notebook, code_hash):
    """Hash everything that the results of one notebook depend on."""
    digest = hashlib.sha256(f"{code_hash}\n{sys.version}\n{KERNEL_ENVIRONMENT}".encode())
    for path in dependencies_of(root, name, notebook).files(root):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"\n{path.relative_to(root).as_posix()} {content}".encode())
    lock = root / "requirements.lock"
    digest.update(lock.read_bytes() if lock.is_file() else b"")
    return digest.hexdigest()


class ExecutionStore:
    """The cache, the fingerprints that vouch for it, and the executed copies of the notebooks."""

    def __init__(self, root):
        self.root = root
        config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8")) or {}
        self.folder = root / (config.get("execute", {}).get("cache") or DEFAULT_CACHE)
        self.cache = get_cache(self.folder)
        try:
            self.cache.list_cache_records()
        except (RuntimeError, SQLAlchemyError):  # cut off while it was created: begin again
            self.close()
            self.cache.clear_cache()
        try:
            text = (self.folder / STATE_FILE).read_text(encoding="utf-8")
            self.state = json.loads(text)
        except (FileNotFoundError, ValueError):
            self.state = {}

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        """Let go of the cache's database."""
        self.cache.db.dispose()

    def code_hash(self, notebook):
        """Return the key under which jupyter-cache looks for this notebook."""
        return self.cache.create_hashed_notebook(notebook)[1]

    def check_distinct(self, notebooks):
        """Refuse two notebooks with the same code: the cache could not tell them apart."""
        seen = {}
        for name, notebook in notebooks.items():
            if any(cell.cell_type == "code" for cell in notebook.cells):
                other = seen.setdefault(self.code_hash(notebook), name)
                if other != name:
                    raise ValueError(f"{other} and {name} have the same code cells")

    def executed_copy(self, name):
        """Return where the notebook with its outputs is kept."""
        return self.root / EXECUTED / name

    def fingerprint(self, name, notebook):
        """Hash everything that the results of one notebook depend on, as it is now."""
        return fingerprint(self.root, name, notebook, self.code_hash(notebook))

    def is_fresh(self, name, notebook):
        """Is there a complete result that was made under the present fingerprint?"""
        if self.state.get(name, {}).get("fingerprint") != self.fingerprint(name, notebook):
            return False
        try:
            self.cache.merge_match_into_notebook(notebook)
        except (KeyError, ValueError):
            return False
        return True

    def drop_all_but(self, fresh):
        """Remove every result that no fingerprint of the `fresh` notebooks vouches for."""
        kept = {self.state[name]["code_hash"] for name in fresh}
        for record in self.cache.list_cache_records():
            if record.hashkey not in kept:
                NbCacheRecord.remove_record(record.pk, self.cache.db)
        for folder in (self.folder / "executed").glob("*"):
            if folder.name not in kept:
                shutil.rmtree(folder)
        for copy in (self.root / EXECUTED).rglob("*.ipynb"):
            if copy.relative_to(self.root / EXECUTED).as_posix() not in fresh:
                copy.unlink()
        for name, entry in self.state.items():
            if name not in fresh:
                entry["fingerprint"] = None  # the seconds stay: they order the next run
        self._write_state()

    def store(self, outcome, made_under):
        """Keep the results of one notebook; its fingerprint is written last.

        Parameters
        ----------
        outcome : Outcome
            The executed notebook.
        made_under : str
            Fingerprint from before it was executed: what changed meanwhile makes it stale.
        """
        code_hash = self.code_hash(outcome.notebook)
        self.cache.cache_notebook_bundle(
            CacheBundleIn(
                outcome.notebook,
                str(self.root / outcome.name),
                data={"execution_seconds": outcome.seconds},
            ),
            check_validity=False,
            overwrite=True,
        )
        self.write_executed_copy(outcome.name, outcome.notebook)
        self.state[outcome.name] = {
            "fingerprint": made_under,
            "code_hash": code_hash,
            "seconds": round(outcome.seconds, 2),
            "peak_megabytes": outcome.peak_megabytes,
        }
        self._write_state()

    def write_executed_copy(self, name, notebook):
        """Write the notebook as it stands now, prose included, with its stored outputs."""
        _, merged = self.cache.merge_match_into_notebook(notebook)
        write_atomically(self.executed_copy(name), nbformat.writes(merged))

    def seconds(self, name):
        """Return how long the notebook took last time; an unknown one counts as the longest."""
        return self.state.get(name, {}).get("seconds", float("inf"))

    def peak_megabytes(self, name):
        """Return the memory that the notebook's kernel took last time, where it is known."""
        return self.state.get(name, {}).get("peak_megabytes")

    def _write_state(self):
        text = json.dumps(self.state, indent=1, sort_keys=True)
        write_atomically(self.folder / STATE_FILE, text)
