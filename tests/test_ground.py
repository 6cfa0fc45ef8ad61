"""Does the repository stand by itself: its lock, its wheel, its notebooks, its plain text?"""

import ast
import itertools
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml

import reanalysis
from reanalysis.execution_cache import notebooks_in_toc

# Written in pieces, so that this file passes its own test.
UNFINISHED = re.compile(rf"\b({'|'.join(['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'])})\b")
MACHINE_PATH = re.compile(r"(?<![\w.}<])/(?:root|work|tmp|home|opt|Users)/\w")
REGISTRY = re.compile(r"pypi\.org|pythonhosted\.|anaconda\.(?:org|com)|npmjs\.|cran\.r-project")
SILENCED = re.compile(
    r"#\s*noqa|type:\s*ignore|xfail\b|mark\.skip|pytest\.skip|importorskip|mark\.filterwarnings"
    r"|simplefilter\(.ignore|filterwarnings\(.ignore|nitpick_ignore|suppress_warnings"
)
UPSTREAM = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+/(?:issues|pull)/\d+")
CODE_SUFFIXES = {".py", ".ipynb", ".toml", ".yml", ".yaml", ".cfg"}


def tracked_files(checkout):
    """Return what git keeps, as it stands in the working tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=checkout, capture_output=True, text=True, check=True
    )
    paths = (checkout / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


# A line of the lock: name, perhaps with extras, and version.
PINNED = r"([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,-]+\])?==\S+"


def tracked_lines(checkout):
    for path in tracked_files(checkout):
        content = path.read_bytes()
        if b"\0" not in content and path.name != "requirements.lock":
            for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
                yield path, f"{path.relative_to(checkout)}:{number}: {line.strip()[:120]}", line


def tracked_notebooks(checkout):
    return [path for path in tracked_files(checkout) if path.suffix == ".ipynb"]


def test_lock_is_hashed_and_names_no_place(checkout):
    lock = (checkout / "requirements.lock").read_text(encoding="utf-8")
    assert not REGISTRY.search(lock)
    assert not re.search(r"://|--(?:extra-)?index-url|--find-links|--trusted-host| @ ", lock)
    requirements = re.split(r"\n(?=\S)", lock.strip())
    pinned = [entry for entry in requirements if not entry.startswith("#")]
    assert len(pinned) > 100
    for entry in pinned:
        assert re.match(PINNED, entry), entry
        assert "--hash=sha256:" in entry, entry


def test_lock_satisfies_what_the_package_asks_for(checkout):
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = itertools.chain.from_iterable(project["optional-dependencies"].values())
    asked = [*project["dependencies"], *extras]
    lock = (checkout / "requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(f"^{PINNED}", lock, flags=re.MULTILINE))
    names = {re.match(r"[\w.-]+", requirement)[0].lower() for requirement in asked}
    assert names <= locked
    assert "\njupyter-book==1." in lock


def test_conda_and_binder_use_the_lock(checkout):
    for file, lock in [
        ("environment.yml", "-r requirements.lock"),
        (".binder/environment.yml", "-r ../requirements.lock"),
    ]:
        environment = yaml.safe_load((checkout / file).read_text(encoding="utf-8"))
        assert environment["dependencies"] == ["python=3.11", "pip", {"pip": [lock]}]
        relative = lock.removeprefix("-r ")
        assert ((checkout / file).parent / relative).resolve() == checkout / "requirements.lock"
    after = checkout / ".binder" / "postBuild"
    assert "--no-deps" in after.read_text(encoding="utf-8")
    assert os.access(after, os.X_OK)


def test_notebooks_are_committed_without_outputs(checkout):
    for path in tracked_notebooks(checkout):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            assert cell.get("outputs", []) == [], path
            assert cell.get("execution_count") is None, path
            assert cell.get("id"), f"{path}: a cell has no id"


def test_every_notebook_is_in_the_book(checkout):
    present = {path.relative_to(checkout).as_posix() for path in tracked_notebooks(checkout)}
    assert present == set(notebooks_in_toc(checkout))
    assert {path.suffix for path in (checkout / "notebooks").glob("[!.]*")} == {".ipynb"}


def test_every_study_has_its_notebook(checkout):
    studies = {path.parent.name for path in (checkout / "data").glob("*/study.yml")}
    assert studies == {path.stem for path in (checkout / "notebooks").glob("*.ipynb")}


def test_every_notebook_runs_and_ends_in_the_expected_verdicts(checkout):
    # Results that still hold are reused, so this costs nothing after `make book`.
    result = subprocess.run(
        [sys.executable, "-m", "reanalysis.execute"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="module")
def installed_wheel(checkout, tmp_path_factory):
    """Build the wheel and install it into a folder of its own, away from the checkout."""
    dist, target = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("site")
    python = [sys.executable, "-m"]
    for command in (
        [*python, "build", "--wheel", "--no-isolation", "--outdir", str(dist), str(checkout)],
        [*python, "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target)],
    ):
        wheels = [str(path) for path in dist.glob("*.whl")]
        subprocess.run([*command, *wheels], capture_output=True, text=True, check=True)
    return target


def test_wheel_loads_every_study_away_from_the_checkout(checkout, installed_wheel, tmp_path):
    script = (
        "import reanalysis; from reanalysis.studies import list_studies, load_study\n"
        "print(reanalysis.__file__)\n"
        "for study_id in list_studies():\n"
        "    study = load_study(study_id, strict=True)\n"
        "    assert len(study.claims) > 0\n"
        "    assert study.path.is_relative_to(reanalysis.__path__[0]), study.path\n"
        "    print(study.id)\n"
    )
    environment = {key: value for key, value in os.environ.items() if "REANALYSIS" not in key}
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(installed_wheel)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    where, *studies = result.stdout.split()
    assert Path(where).is_relative_to(installed_wheel)
    assert studies == sorted(path.parent.name for path in (checkout / "data").glob("*/study.yml"))
    assert studies


def test_wheel_holds_the_data_and_the_licence(checkout, installed_wheel):
    shipped = installed_wheel / "reanalysis"
    for path in tracked_files(checkout):
        name = path.relative_to(checkout)
        if name.parts[0] == "data":
            assert (shipped / name).read_bytes() == path.read_bytes()
    licences = installed_wheel.glob("reanalysis-*.dist-info/licenses/LICENSE")
    assert [path.read_bytes() for path in licences] == [(checkout / "LICENSE").read_bytes()]


def test_nothing_is_unfinished_and_no_place_is_named(checkout):
    found = [
        place
        for _, place, line in tracked_lines(checkout)
        if UNFINISHED.search(line) or MACHINE_PATH.search(line) or REGISTRY.search(line)
    ]
    assert found == []


def test_nothing_is_silenced_without_its_upstream_report(checkout):
    found = [
        place
        for path, place, line in tracked_lines(checkout)
        if path.suffix in CODE_SUFFIXES and path != Path(__file__).resolve()
        if SILENCED.search(line) and not UPSTREAM.search(line)
    ]
    assert found == []


def lines_without_docstrings(source):
    """Count the lines of a module that are not part of a docstring."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, documented))
    docstrings = (node.body[0] for node in nodes if ast.get_docstring(node) is not None)
    inside = sum(node.end_lineno - node.lineno + 1 for node in docstrings)
    return len(source.splitlines()) - inside


def test_files_are_small_and_modules_short(checkout):
    for path in tracked_files(checkout):
        assert path.stat().st_size < 500_000, path
        if path.suffix == ".py" and path.is_relative_to(checkout / "reanalysis"):
            assert lines_without_docstrings(path.read_text(encoding="utf-8")) <= 300, path


def test_citation_says_the_version_and_no_address(checkout):
    citation = yaml.safe_load((checkout / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == reanalysis.__version__
    assert citation["license"] == ["MIT", "CC-BY-4.0"]
    assert {"title", "message", "authors"} <= set(citation)
    assert not {"url", "repository", "repository-code"} & set(citation)


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_of_the_front_pages_lead_somewhere(checkout, document):
    text = (checkout / document).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", text)
    missing = [link for link in links if "://" not in link and not (checkout / link).exists()]
    assert missing == []


def test_make_targets_and_workflows_agree(checkout):
    makefile = (checkout / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    described = re.findall(r"^([a-z]+):.*## \w", makefile, flags=re.MULTILINE)
    assert set(described) == targets
    for path in tracked_files(checkout):
        if path.is_relative_to(checkout / ".github" / "workflows"):
            workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
            steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
            called = set(re.findall(r"\bmake ([a-z]+)", "\n".join(s.get("run", "") for s in steps)))
            assert called <= targets
