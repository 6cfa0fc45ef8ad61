"""What the tests of the chapters share: a chapter whose data a test may change."""

import json
import runpy
import shutil
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from reanalysis.ledger import UnexpectedVerdictError
from reanalysis.studies import data_folder, refresh_hashes

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


class Chapter:
    """One study's notebook, and a copy of its data."""

    def __init__(self, study, folder, place):
        self.study, self.folder, self.place = study, folder, place
        notebook = (NOTEBOOKS / f"{study}.ipynb").read_text(encoding="utf-8")
        self.cells = json.loads(notebook)["cells"]

    def change(self, file, old, new):
        """Replace one text that must be there once, and record the file's new hash."""
        text = (self.folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (self.folder / file).write_text(text.replace(old, new), encoding="utf-8")
        refresh_hashes(self.study)

    def run(self):
        """Run the code cells one after another, as a kernel would, and return their names."""
        script = self.place / f"{self.study}.py"
        sources = ["".join(c["source"]) for c in self.cells if c["cell_type"] == "code"]
        script.write_text("\n".join(sources), encoding="utf-8")
        return runpy.run_path(str(script))

    def what_moved(self):
        """Run the chapter, which must fail; return what it says of its claims."""
        with pytest.raises(UnexpectedVerdictError) as error:
            self.run()
        return str(error.value)

    def figures(self):
        """Return caption, alt text and source of every figure."""
        drawn = (c for c in self.cells if "show_figure(" in "".join(c["source"]))
        shown = ((c["metadata"]["mystnb"], "".join(c["source"])) for c in drawn)
        return [(m["figure"]["caption"], m["image"]["alt"], source) for m, source in shown]


@pytest.fixture
def chapter(request, tmp_path, monkeypatch):
    """Give the chapter of the study that the test's module names as ``STUDY``."""
    study = request.module.STUDY
    folder = tmp_path / "data" / study
    shutil.copytree(data_folder() / study, folder)
    monkeypatch.setenv("REANALYSIS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("REANALYSIS_STRICT", "1")
    yield Chapter(study, folder, tmp_path)
    plt.close("all")
