"""What does a build cost, against stock ``jupyter-book build``?

``python benchmarks/build/build_speed.py [N …] [book]`` builds books in a temporary folder with
stock Jupyter Book and with the two commands of ``make book``, in turn in the same run: from
nothing, unchanged, after one study's data changed, and after one sentence changed. A number is a
synthetic book of so many notebooks of equal cost; ``book`` is this book. Keeps the figures in
``build_speed.csv`` beside this file, in the place of older ones of the same book.
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml

FOLDER = Path(__file__).parent
CHECKOUT = FOLDER.parents[1]
BOOKS = ("12",)
PROSE = "# Study {number}\n\nA sentence of version {version}.\n\n" + "Words of a chapter. " * 60
# Each notebook imports what a chapter does, reads its study's data and draws two figures.
CELLS = (
    """\
import os
from pathlib import Path
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import scipy.stats
import statsmodels.formula.api""",
    """\
table = pd.read_csv(Path("../data/study_{number:03}/table.csv"))
table""",
    """\
rng = np.random.default_rng({number})
draws = rng.choice(table["x"], size=(20_000, len(table))).mean(axis=1)
scipy.stats.describe(draws)""",
    """\
figure, ax = plt.subplots()
ax.hist(draws, bins=40);""",
    """\
figure, ax = plt.subplots()
ax.plot(table["x"], table["y"], "o");""",
)
CONFIG = """\
title: Synthetic
only_build_toc_files: true
exclude_patterns: [_build]
execute: {execute_notebooks: cache, timeout: 600}
"""
JUPYTER_BOOK = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
BUILDS = {
    "stock": ([sys.executable, "-c", JUPYTER_BOOK, "build", ".", "--quiet"],),
    "ours": tuple([sys.executable, "-m", f"reanalysis.{step}"] for step in ("execute", "publish")),
}
STEPS = ("cold", "unchanged", "one CSV", "one sentence")


@dataclass(frozen=True)
class SyntheticBook:
    """A book of so many studies, of which nothing is this book's."""

    size: int
    name: str = "synthetic"
    package: Path = CHECKOUT

    def write(self, folder, build):
        """Write it, the same for either build."""
        del build
        (folder / "notebooks").mkdir(parents=True)
        for number in range(self.size):
            self._write_notebook(folder, number, version=1)
            self._write_data(folder, number, version=1)
        chapters = "".join(f"- file: notebooks/study_{n:03}\n" for n in range(self.size))
        (folder / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{chapters}")
        (folder / "_config.yml").write_text(CONFIG)
        (folder / "index.md").write_text("# Synthetic\n")

    def change_data(self, folder):
        """Change the data of the first study."""
        self._write_data(folder, 0, version=2)

    def change_prose(self, folder):
        """Change a sentence of the second."""
        self._write_notebook(folder, 1, version=2)

    def _write_notebook(self, folder, number, version):
        prose = PROSE.format(number=number, version=version)
        cells = [nbformat.v4.new_markdown_cell(prose, id="p")]
        cells += [
            nbformat.v4.new_code_cell(source.format(number=number), id=f"c{place}")
            for place, source in enumerate(CELLS)
        ]
        notebook = nbformat.v4.new_notebook(cells=cells)
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, folder / "notebooks" / f"study_{number:03}.ipynb")

    def _write_data(self, folder, number, version):
        place = folder / "data" / f"study_{number:03}"
        place.mkdir(parents=True, exist_ok=True)
        rows = "".join(f"{i * version % 97},{i * number % 89}\n" for i in range(200))
        (place / "table.csv").write_text(f"x,y\n{rows}")


@dataclass(frozen=True)
class ThisBook:
    """The book of this checkout; for the stock build without its own extensions."""

    name: str = "this book"
    package: Path = Path()  # each copy brings the package along
    study: str = "pet_mri_lymph_nodes"

    @property
    def size(self):
        """How many notebooks it has."""
        return len([*CHECKOUT.glob("notebooks/*.ipynb"), *CHECKOUT.glob("book/*/*.ipynb")])

    def write(self, folder, build):
        """Copy what git keeps."""
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True
        )
        for name in filter(None, listed.stdout.split("\0")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(CHECKOUT / name, folder / name)
        if build == "stock":
            config = yaml.safe_load((folder / "_config.yml").read_text(encoding="utf-8"))
            del config["sphinx"]["local_extensions"]
            del config["sphinx"]["config"]["html_math_renderer"]
            (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")

    def change_data(self, folder):
        """Change the wording of one reason in the claims of one study."""
        path = folder / "data" / self.study / "claims.csv"
        with path.open(newline="", encoding="utf-8") as file:
            columns, *rows = csv.reader(file)
        rows[-1][columns.index("reason")] += " (Reworded.)"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([columns, *rows])
        refresh = [sys.executable, "-m", "reanalysis.studies", self.study]
        subprocess.run(refresh, cwd=folder, env=environment(folder), check=True)

    def change_prose(self, folder):
        """Add a sentence to one chapter."""
        path = folder / "notebooks" / f"{self.study}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        prose = next(cell for cell in notebook.cells if cell.cell_type == "markdown")
        prose.source += "\n\nA sentence more."
        nbformat.write(notebook, path)


def environment(package):
    """What a build sees: the package of this folder, and a date."""
    return os.environ | {"PYTHONPATH": str(package), "SOURCE_DATE_EPOCH": "1700000000"}


def seconds(book, folder, build):
    """Run the commands of a build one after the other; return how long they took together."""
    begin = time.perf_counter()
    for command in BUILDS[build]:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(folder / book.package),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{build} ended with {done.returncode}:\n{done.stdout}")
    return time.perf_counter() - begin


def measure(book, folder):
    """Build a book both ways through all steps, in turn; return one row per step."""
    for build in BUILDS:
        book.write(folder / build, build)
    rows = []
    for step in STEPS:
        taken = {}
        for build in BUILDS:
            if step == "one CSV":
                book.change_data(folder / build)
            if step == "one sentence":
                book.change_prose(folder / build)
            taken[build] = seconds(book, folder / build, build)
        rows.append({"book": book.name, "notebooks": book.size, "step": step} | taken)
        print(rows[-1], flush=True)
    cold = rows[0]["stock"]
    for row in rows:
        row["ours / stock cold"] = round(row["ours"] / cold, 3)
        row["ours / stock"] = round(row["ours"] / row["stock"], 3)
        row |= {build: round(row[build], 1) for build in BUILDS}
    return rows


def keep(rows):
    """Write the figures of one book, in the place of older ones of the same book."""
    path = FOLDER / "build_speed.csv"
    measured = (rows[0]["book"], str(rows[0]["notebooks"]))
    with path.open(newline="", encoding="utf-8") as file:
        others = [r for r in csv.DictReader(file) if (r["book"], r["notebooks"]) != measured]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows([*others, *rows])


def main(names):
    """Measure these books and keep the figures."""
    for name in names:
        book = ThisBook() if name == "book" else SyntheticBook(int(name))
        with tempfile.TemporaryDirectory() as folder:
            keep(measure(book, Path(folder)))


if __name__ == "__main__":
    main(sys.argv[1:] or BOOKS)
