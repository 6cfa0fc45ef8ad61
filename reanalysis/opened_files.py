"""Which files of the book does a running notebook open?

What results depend on is read from sources (`reanalysis.notebook_dependencies`). Here the kernel
itself writes down what it opens, so that a dependency that the sources do not show fails the
execution instead of keeping an old number in the site.
"""

import contextlib
import importlib.util
import os
import sys
from pathlib import Path

# What a kernel does before its first cell; it leaves no name behind.
FIRST_LINE = (
    "__import__('reanalysis.opened_files').opened_files.record_opened({root!r}, {record!r})"
)


def recording(root, record):
    """Return the arguments with which an IPython kernel writes down what it opens.

    Parameters
    ----------
    root : Path
        The book: files below it count.
    record : Path
        Where they are written down.

    Returns
    -------
    list of str
    """
    line = FIRST_LINE.format(root=str(root), record=str(record))
    return [f"--IPKernelApp.exec_lines={line}"]


def record_opened(root, record):
    """Write down every file below a folder that this process opens from now on, a line each.

    Parameters
    ----------
    root : str
        The folder, absolute and without symbolic links.
    record : str
        The file that is written; each line is there as soon as the file has been opened.
    """
    seen = set()
    descriptor = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def hook(event, arguments):
        if event == "open" and isinstance(arguments[0], str | bytes):
            path = Path(os.fsdecode(arguments[0])).resolve()
            if path not in seen and path.is_relative_to(root):
                os.write(descriptor, f"{path}\n".encode())
            seen.add(path)

    sys.addaudithook(hook)


def opened_sources(root, record):
    """Read what a kernel has written down.

    Parameters
    ----------
    root : Path
        The book.
    record : Path
        What `record_opened` wrote; none if the kernel ended before.

    Returns
    -------
    list of Path
        Sorted; a compiled module counts as its source. Hidden folders and what is built below
        ``_build`` are left out: they are no part of the book.
    """
    lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else ()
    found = set()
    for path in map(Path, lines):
        top = path.relative_to(root).parts[0]
        if top.startswith(".") or top == "_build":
            continue
        if path.parent.name == "__pycache__":
            with contextlib.suppress(ValueError):  # half a file, while it is compiled
                found.add(Path(importlib.util.source_from_cache(path)))
        else:
            found.add(path)
    return sorted(path for path in found if path.is_file())
