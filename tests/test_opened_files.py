"""Is every file of the book that a process opens written down, and nothing else?"""

import os
import subprocess
import sys

from reanalysis.opened_files import opened_sources, record_opened, recording

# A process of its own: what listens to it cannot be taken off again.
SCRIPT = """
import os, sys
from pathlib import Path
from reanalysis.opened_files import record_opened
root, record = sys.argv[1:]
record_opened(root, record)
sys.path.insert(0, root)
os.chdir(root)
for opening in (
    lambda: open("data/relative.csv"),
    lambda: Path("data/as_path.csv").read_text(),
    lambda: os.close(os.open(b"data/as_bytes.csv", os.O_RDONLY)),
    lambda: open("data/relative.csv"),
    lambda: open(root + "_beside/other.csv"),
    lambda: open(".hidden/settings"),
    lambda: open("_build/made"),
    lambda: __import__("module"),
):
    opening()
with open("data/removed.csv", "w") as file:
    os.close(os.dup(file.fileno()))
os.remove("data/removed.csv")
"""


def test_files_below_the_folder_are_written_down_once(tmp_path):
    root, record = tmp_path / "book", tmp_path / "record"
    names = ("relative.csv", "as_path.csv", "as_bytes.csv")
    files = [root / "data" / name for name in names]
    files += [root / ".hidden/settings", root / "_build/made", root / "module.py"]
    files += [tmp_path / "book_beside/other.csv"]
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    expected = sorted([*files[:3], root / "module.py"])
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(2):  # the second time the module is there compiled
        record.unlink(missing_ok=True)
        command = [sys.executable, "-W", "ignore", "-c", SCRIPT, root, record]
        subprocess.run(command, check=True, timeout=60, env=environment)
        assert opened_sources(root, record) == expected
        lines = record.read_text().splitlines()
        assert len(lines) == len(set(lines))
    assert (root / "__pycache__").is_dir()


def test_a_kernel_that_never_began_has_opened_nothing(tmp_path):
    assert opened_sources(tmp_path, tmp_path / "record") == []


def test_the_first_line_of_a_kernel_names_what_is_called(tmp_path):
    """The line reaches the function by its name; it leaves none behind."""
    (argument,) = recording(tmp_path, tmp_path / "record")
    module = "__import__('reanalysis.opened_files')"
    call = f"{record_opened.__name__}({str(tmp_path)!r}, {str(tmp_path / 'record')!r})"
    assert argument == f"--IPKernelApp.exec_lines={module}.opened_files.{call}"
