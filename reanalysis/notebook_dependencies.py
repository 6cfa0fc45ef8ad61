"""What must be executed again when a file changes?

The answer is read from the sources, never declared by hand: the ``import`` statements of a
notebook's code cells, those of the modules they name, and so on; and the data folders and files
that are named in them.

Vocabulary: the *book* is the folder that holds ``_toc.yml``, ``notebooks/``, ``data/`` and the
package. *Modules* are the book's own Python files that importing runs; what is installed is
covered by the lock. *Data folders*: a notebook reads the study of its own name, if there is one,
and every study that it or one of its modules names as a string. *Named files*: those whose path
from the notebook, ``../…``, stands in a cell. Whether more is read is checked while it runs
(`reanalysis.opened_files`).
"""

import ast
import functools
from dataclasses import dataclass
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager

# With one of these, what is imported is known only when it runs: the whole package counts.
DYNAMIC_IMPORTS = {"import_module", "__import__", "iter_modules", "walk_packages"}
# With one of these, a notebook may read every study.
READS_EVERY_STUDY = {"list_studies"}


@dataclass(frozen=True)
class Dependencies:
    """What the results of one notebook are made from, besides its own code.

    Parameters
    ----------
    modules : tuple of str
        Files of the book that are imported, relative to it, sorted.
    data_folders : tuple of str
        Folders of data, relative to the book, sorted; ``data`` alone is all of them.
    named_files : tuple of str, optional
        Files that a cell names by their path, relative to the book, sorted.
    """

    modules: tuple
    data_folders: tuple
    named_files: tuple = ()

    def files(self, root):
        """All files that count, as they exist now.

        Parameters
        ----------
        root : Path
            The book.

        Returns
        -------
        list of Path
            Sorted, each once.
        """
        data = {path for folder in self.data_folders for path in (root / folder).rglob("*")}
        others = {root / name for name in (*self.modules, *self.named_files)}
        return sorted(path for path in data | others if path.is_file())


def dependencies_of(root, name, notebook):
    """Find what a notebook's results are made from.

    Parameters
    ----------
    root : Path
        The book.
    name : str
        Path of the notebook, relative to `root`.
    notebook : nbformat.NotebookNode
        Its content.

    Returns
    -------
    Dependencies

    Examples
    --------
    >>> import nbformat
    >>> cell = nbformat.v4.new_code_cell("from reanalysis import estimates")
    >>> notebook = nbformat.v4.new_notebook(cells=[cell])
    >>> dependencies_of(Path(), "notebooks/new.ipynb", notebook).modules
    ('reanalysis/__init__.py', 'reanalysis/estimates.py')
    """
    cells, modules, sources = _followed(root, name, notebook)
    if cells is None:  # a cell that is no Python: nothing can be left out
        return Dependencies(_package(root, "reanalysis"), ("data",))
    folders, files = _data_folders(root, name, cells, sources), _named_files(root, name, cells)
    return Dependencies(tuple(sorted(modules)), folders, files)


def installed_imports(root, name, notebook):
    """Find what a notebook and the book's modules behind it import from installed packages.

    Parameters
    ----------
    root : Path
        The book.
    name : str
        Path of the notebook, relative to `root`.
    notebook : nbformat.NotebookNode
        Its content.

    Returns
    -------
    set of str
        Dotted names; some may be no modules but something inside one. A notebook with a cell that
        is no Python has none here.
    """
    _, _, sources = _followed(root, name, notebook)
    folders = (root, (root / name).parent)
    found = set()
    for level, module, names in {statement for source in sources for statement in source.imports}:
        if not level:
            found |= {module, *(f"{module}.{imported}" for imported in names)}
    return {module for module in found if not [*_found(module.split("."), root, folders)]}


@dataclass(frozen=True)
class _Source:
    """What a text of Python says about what it needs."""

    imports: tuple  # one (level, module, names) per imported module; ``import x`` has no names
    names: frozenset  # names and attributes that occur
    strings: frozenset


def _followed(root, name, notebook):
    """What a notebook's cells need, the book's modules behind them, and what both need."""
    transform = TransformerManager().transform_cell
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    cells = [source for text in texts if (source := _parsed(transform(text))) is not None]
    if len(cells) < len(texts):
        return None, set(), []

    folders = (root, (root / name).parent)
    modules, sources = set(), list(cells)
    waiting = {found for cell in cells for found in _imported(cell, root, folders, package=())}
    while waiting:
        module = waiting.pop()
        modules.add(module)
        source = None
        if module.endswith(".py"):
            source = _parsed((root / module).read_text(encoding="utf-8"))
        if source is not None:  # one that does not parse fails when it is imported
            sources.append(source)
            package = Path(module).parent.parts
            found = {*_imported(source, root, folders, package=package), *_beside(root, package)}
            waiting |= found - modules
    return cells, modules, sources


@functools.cache  # most modules stand behind most notebooks
def _parsed(text):
    """Read what a text of Python needs, or return None where it is none."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None
    imports, names, strings = [], set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports += [(0, alias.name, ()) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported = tuple(alias.name for alias in node.names)
            imports.append((node.level, node.module or "", imported))
        elif isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.alias):
            names.add(node.name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            strings.add(node.value)
    return _Source(tuple(imports), frozenset(names), frozenset(strings))


def _imported(source, root, folders, *, package):
    """Files of the book that a text's import statements name, with their packages."""
    for level, module, names in source.imports:
        above = package[: len(package) - level + 1] if level else ()
        base = [*above, *(module.split(".") if module else ())]
        yield from _found(base, root, folders)
        for imported in names:
            # The name may be a module, or something in the one before it.
            yield from _found([*base, imported], root, folders)
    if DYNAMIC_IMPORTS & source.names:
        yield from _package(root, package[0] if package else "reanalysis")


def _found(parts, root, folders):
    """Files that importing a dotted name runs, as far as they belong to the book."""
    for folder in folders:
        for length in range(1, len(parts) + 1):
            place = folder.joinpath(*parts[:length])
            for file in (place / "__init__.py", place.with_name(f"{place.name}.py")):
                if file.is_file():
                    yield file.relative_to(root).as_posix()
                    break


def _beside(root, package):
    """What lies in a package and is no Python: a module may read it."""
    files = root.joinpath(*package).glob("*.[!p]*") if package else ()
    return (path.relative_to(root).as_posix() for path in files if path.is_file())


def _package(root, name):
    """All files of a package that can be imported or read."""
    files = (path for path in (root / name).rglob("*") if path.is_file())
    kept = (path for path in files if path.suffix != ".pyc")
    return tuple(sorted(path.relative_to(root).as_posix() for path in kept))


def _named_files(root, name, cells):
    """Which files of the book the cells name by their path from the notebook."""
    root = root.resolve()
    folder = (root / name).parent
    texts = set().union(*(cell.strings for cell in cells))
    paths = {(folder / text).resolve() for text in texts if text.startswith("../")}
    files = (path for path in paths if path.is_relative_to(root) and path.is_file())
    return tuple(sorted(path.relative_to(root).as_posix() for path in files))


def _data_folders(root, name, cells, sources):
    """Which studies may be read: all, or those that are named."""
    if any(READS_EVERY_STUDY & cell.names for cell in cells):
        return ("data",)
    studies = {path.name for path in (root / "data").glob("*") if path.is_dir()}
    named = studies & {Path(name).stem}.union(*(source.strings for source in sources))
    return tuple(sorted(f"data/{study}" for study in named))
