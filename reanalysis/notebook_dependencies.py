"""What must be executed again when a file changes?

The answer is read from the sources, never declared by hand: the ``import`` statements of a
notebook's code cells, those of the modules they name, and so on; and the data folders that are
named in them.

Vocabulary: the *book* is the folder that holds ``_toc.yml``, ``notebooks/``, ``data/`` and the
package. *Modules* are the book's own Python files that importing runs; what is installed is
covered by the lock. *Data folders*: a chapter under ``notebooks/`` reads the study of its own
name, and every study that it or one of its modules names as a string; an executable page under
``book/`` may read every study.
"""

import ast
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
    """

    modules: tuple
    data_folders: tuple

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
        return sorted(path for path in data | {root / m for m in self.modules} if path.is_file())


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
    trees, modules, seen = _followed(root, name, notebook)
    if trees is None:  # a cell that is no Python: nothing can be left out
        return Dependencies(_package(root, "reanalysis"), ("data",))
    return Dependencies(tuple(sorted(modules)), _data_folders(root, name, trees, seen))


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
    _, _, seen = _followed(root, name, notebook)
    folders = (root, (root / name).parent)
    found = set()
    for node in (node for tree in seen for node in ast.walk(tree)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {module for module in found if not [*_found(module.split("."), root, folders)]}


def _followed(root, name, notebook):
    """The trees of a notebook's cells, the book's modules behind them, and the trees of both."""
    transform = TransformerManager().transform_cell
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    trees = [tree for cell in cells if (tree := _parsed(transform(cell.source))) is not None]
    if len(trees) < len(cells):
        return None, set(), []

    folders = (root, (root / name).parent)
    modules, seen = set(), list(trees)
    waiting = {found for tree in trees for found in _imported(tree, root, folders, package=())}
    while waiting:
        module = waiting.pop()
        modules.add(module)
        tree = None
        if module.endswith(".py"):
            tree = _parsed((root / module).read_text(encoding="utf-8"))
        if tree is not None:  # one that does not parse fails when it is imported
            seen.append(tree)
            package = Path(module).parent.parts
            found = {*_imported(tree, root, folders, package=package), *_beside(root, package)}
            waiting |= found - modules
    return trees, modules, seen


def _parsed(source):
    """Parse Python, or return None where it is none."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


def _names(tree):
    """All names and attributes that occur in a tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name


def _imported(tree, root, folders, *, package):
    """Files of the book that the import statements of a tree name, with their packages."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _found(alias.name.split("."), root, folders)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = [*above, *(node.module.split(".") if node.module else ())]
            yield from _found(base, root, folders)
            for alias in node.names:
                # The name may be a module, or something in the one before it.
                yield from _found([*base, alias.name], root, folders)
    if DYNAMIC_IMPORTS & set(_names(tree)):
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


def _data_folders(root, name, cells, modules):
    """Which studies may be read: all, or those that are named."""
    studies = {path.name for path in (root / "data").glob("*") if path.is_dir()}
    own = Path(name).stem
    everything = any(READS_EVERY_STUDY & set(_names(tree)) for tree in cells)
    if everything or not name.startswith("notebooks/") or own not in studies:
        return ("data",)
    strings = {
        node.value
        for tree in modules
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return tuple(sorted(f"data/{study}" for study in studies & (strings | {own})))
