"""Do two builds of one commit give the same files? The site that is there, and one made anew."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from reanalysis import publish
from reanalysis.built_files import EXECUTED


def tree(folder):
    """Every file below a folder with a hash of what is in it."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def built_anew(checkout, tmp_path_factory):
    """Build what git keeps, as it stands in the working tree, in another folder from nothing."""
    folder = tmp_path_factory.mktemp("anew") / "another name"
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=checkout, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (checkout / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(checkout / name, folder / name)
    date = subprocess.run(
        ["git", "log", "-1", "--format=%ct"],
        cwd=checkout, capture_output=True, text=True, check=True,
    )  # fmt: skip
    environment = os.environ | {"SOURCE_DATE_EPOCH": date.stdout.strip()}
    for module in ("reanalysis.execute", "reanalysis.publish"):
        result = subprocess.run(
            [sys.executable, "-m", module],
            cwd=folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert result.returncode == 0, result.stdout + result.stderr
    return folder


@pytest.mark.parametrize("part", [publish.SITE, EXECUTED])
def test_two_builds_are_the_same(checkout, built_anew, part):
    one, other = tree(checkout / part), tree(built_anew / part)
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == []
    assert one


def test_nothing_in_the_site_names_the_folder_it_was_made_in(checkout):
    for path in (checkout / publish.SITE).rglob("*"):
        if path.is_file():
            assert os.fsencode(checkout) not in path.read_bytes(), path


def test_the_offline_book_is_the_site_and_its_checksum_holds(checkout, built_anew, tmp_path):
    packed = publish.pack(built_anew)
    first = packed.read_bytes()
    assert publish.pack(built_anew).read_bytes() == first
    digest, name = packed.with_name(f"{packed.name}.sha256").read_text().split()
    assert (name, digest) == (packed.name, hashlib.sha256(first).hexdigest())
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path)
    assert tree(tmp_path / publish.OFFLINE) == tree(checkout / publish.SITE)
