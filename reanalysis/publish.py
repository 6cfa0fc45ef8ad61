"""Build the site of the book from executed notebooks, whole or not at all.

``python -m reanalysis.publish`` renders every page into a fresh folder and then puts it in the
place of the old site: whoever reads ``_build/html`` meanwhile sees one site, never parts of two.
Interrupted at any moment, the next run begins with a fresh folder again. When nothing at all has
changed since the site was made, it stays. With ``--zip`` it packs the site for reading without a
network.
"""

import argparse
import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from reanalysis.built_files import EXECUTED, write_atomically

SITE = "_build/html"
FRESH = "_build/fresh"
REPLACED = "_build/replaced"
STAMP = "_build/site.sha256"
# What is made from the rest of the folder, and says nothing about the site.
NOT_A_SOURCE = {"_build", ".git", ".venv", ".hypothesis", "__pycache__", ".ipynb_checkpoints"}
OFFLINE = "radiology-recomputed"
# The date of a build that knows of no commit: the first that a zip file can hold.
NO_DATE = int(datetime(1980, 1, 1, tzinfo=UTC).timestamp())
# A site is trees of a million nodes, none of which is garbage before the end: looking for some as
# often as Python does would take a fifth of the time.
JUPYTER_BOOK = (
    "import gc, sys; gc.set_threshold(100_000, 50, 50); "
    "from jupyter_book.cli.main import main; sys.exit(main())"
)
STRICT = ("--quiet", "-W", "-n", "--keep-going")


def publish(root):
    """Render the site and swap it in, unless it was made from what is there now.

    Parameters
    ----------
    root : Path
        The book.

    Returns
    -------
    bool
        Whether it was rendered.

    Raises
    ------
    RuntimeError
        If a page gives a warning or cannot be made; the old site stays.
    """
    restore(root)
    stamp = root / STAMP
    present = made_from(root)
    made = stamp.read_text(encoding="ascii") if stamp.is_file() else None
    if made == present and (root / SITE / "index.html").is_file():
        return False
    stamp.unlink(missing_ok=True)
    swap(render(root), root)
    write_atomically(stamp, present)
    return True


def made_from(root):
    """Hash everything a site could be made from: every file, every version, the date.

    Parameters
    ----------
    root : Path
        The book, with its notebooks executed.

    Returns
    -------
    str
    """
    versions = sorted(f"{d.name}=={d.version}" for d in importlib.metadata.distributions())
    digest = hashlib.sha256(f"{sys.version}\n{commit_date()}\n{versions}".encode())
    tops = (path for path in root.iterdir() if path.name not in NOT_A_SOURCE)
    for top in sorted([*tops, root / EXECUTED]):
        for path in sorted([top, *top.rglob("*")]):
            if path.is_file() and not NOT_A_SOURCE & set(path.relative_to(top).parts):
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"\n{path.relative_to(root).as_posix()} {content}".encode())
    return digest.hexdigest()


def restore(root):
    """Undo a swap that was cut off between its two steps, and remove what is left of a run."""
    site, replaced = root / SITE, root / REPLACED
    if replaced.exists() and not site.exists():
        replaced.rename(site)
    for leftover in (root / FRESH, replaced):
        if leftover.exists():
            shutil.rmtree(leftover)


def render(root):
    """Let Jupyter Book make every page in a folder of its own.

    Parameters
    ----------
    root : Path
        The book.

    Returns
    -------
    Path
        The folder with the finished site.
    """
    folder = root / FRESH / "_build"
    folder.mkdir(parents=True)
    # Where Jupyter Book looks for results.
    (folder / ".jupyter_cache").symlink_to(Path("..", "..", ".jupyter_cache"))
    rendered = subprocess.run(
        [sys.executable, "-c", JUPYTER_BOOK, "build", ".", "--path-output", FRESH, *STRICT],
        cwd=root,
        check=False,
        # The package of this checkout, whichever one the environment was installed from.
        env=os.environ | {"PYTHONPATH": str(root), "PYTHONHASHSEED": "0"},
    )
    if rendered.returncode:
        raise RuntimeError("the site was not replaced: a page gave a warning or an error")
    return folder / "html"


def swap(fresh, root):
    """Put a finished site in the place of the old one.

    Parameters
    ----------
    fresh : Path
        The finished site, on the same file system.
    root : Path
        The book.
    """
    site, replaced = root / SITE, root / REPLACED
    if site.exists():
        site.rename(replaced)
    fresh.rename(site)
    restore(root)


def commit_date():
    """The moment that stands for this build: of the commit, never of the clock.

    Returns
    -------
    datetime
        What ``SOURCE_DATE_EPOCH`` says, in UTC; 1980 where it says nothing.
    """
    return datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH") or NO_DATE), UTC)


def pack(root):
    """Pack the site into one file, with its checksum beside it.

    Parameters
    ----------
    root : Path
        The book, with a finished site.

    Returns
    -------
    Path
        The zip file; the same site gives the same bytes.

    Raises
    ------
    FileNotFoundError
        If there is no site.
    """
    site = root / SITE
    if not (site / "index.html").is_file():
        raise FileNotFoundError(f"expected a site in {site}: run `make book` first")
    target = root / "_build" / f"{OFFLINE}.zip"
    partial = target.with_name(f".{target.name}.partial")
    moment = commit_date().timetuple()[:6]
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in site.rglob("*") if path.is_file()):
            name = f"{OFFLINE}/{path.relative_to(site).as_posix()}"
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # the same from every system
            archive.writestr(entry, path.read_bytes())
    partial.replace(target)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    # As sha256sum writes and checks it.
    target.with_name(f"{target.name}.sha256").write_text(f"{digest}  {target.name}\n")
    return target


def main(arguments=None):
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m reanalysis.publish", description=__doc__)
    parser.add_argument("--zip", action="store_true", help="pack the site that is there")
    options = parser.parse_args(arguments)
    root = Path.cwd()
    try:
        if options.zip:
            print(f"packed {pack(root).relative_to(root)}")
        else:
            print("site made anew" if publish(root) else "site up to date")
    except FileNotFoundError as error:
        parser.error(str(error))
    except (RuntimeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
