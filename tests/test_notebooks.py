"""Every chapter has the anatomy that readers learn once; no number in it is typed."""

import ast
import json
import re
import statistics
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
SECTIONS = (
    "What you will learn",
    "What the paper claims",
    "The data, and where they come from",
    "Look before computing",
    "The re-analysis",
    "What the paper did not ask",
    "Published versus recomputed",
    "What cannot be checked, and why",
    "Questions",
    "Exercise",
    "References and versions",
)
WIDEST, LONGEST, MEDIAN, LONGEST_FUNCTION = 88, 12, 3, 6
# A decimal, a percentage, or a number of points: what a recomputation might change.
TYPED = re.compile(r"\d+\.\d+|\d+\s?%|\d+ points")
# DOIs are addresses, 95 % is a convention, and .1% is how a number is to be written.
ADDRESS = re.compile(r"10\.\d{4,}/\S+|95\s?%|\.\d[f%]")


def read(path):
    """The cells of a notebook as (type, source, metadata)."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [(c["cell_type"], "".join(c["source"]), c["metadata"]) for c in cells]


def code_of(path):
    """The code cells' sources."""
    return [source for kind, source, _ in read(path) if kind == "code"]


def prose_of(path):
    """The Markdown cells' sources."""
    return [source for kind, source, _ in read(path) if kind == "markdown"]


def lines_of(source):
    """Lines that are neither blank nor comments."""
    return [s for s in source.splitlines() if s.strip() and not s.strip().startswith("#")]


def typed_numbers(text):
    """Results that stand in a text as typed digits."""
    return TYPED.findall(ADDRESS.sub("", text))


def strings_in(source):
    """The strings of a code cell, without the formats of what is inserted into them."""
    tree = ast.parse(source)
    formats = [n.format_spec for n in ast.walk(tree) if isinstance(n, ast.FormattedValue)]
    skipped = {id(part) for spec in formats if spec for part in ast.walk(spec)}
    constants = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in skipped)
    return [n.value for n in constants if isinstance(n.value, str)]


def chapters(function):
    """Run a test once per chapter."""
    return pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)(function)


def test_typed_numbers_are_found():
    """The check sees what it should, and lets pass what it should."""
    assert typed_numbers("It rose to 0.84.") == ["0.84"]
    assert typed_numbers("It rose by 8 points, to 84 %.") == ["8 points", "84 %"]
    assert typed_numbers("95 % CI, doi 10.4274/dir.2023.232280, Table 3") == []


@chapters
def test_sections_stand_in_order(path):
    """Ten sections, always the same, so that a reader finds their way."""
    headings = re.findall(r"^## (.+)$", "\n\n".join(prose_of(path)), flags=re.MULTILINE)
    assert tuple(headings) == SECTIONS


@chapters
def test_title_and_label(path):
    """The id of the study is its label; the title is a question."""
    label, title = prose_of(path)[0].splitlines()[:2]
    assert label == f"(study-{path.stem})="
    assert title.startswith("# ")
    assert title.endswith("?")


@chapters
def test_cells_are_short(path):
    """Code that can be read beside its sentence."""
    lengths = [len(lines_of(source)) for source in code_of(path)]
    assert max(lengths) <= LONGEST
    assert statistics.median(lengths) <= MEDIAN
    widths = [len(line) for source in code_of(path) for line in source.splitlines()]
    assert max(widths) <= WIDEST


@chapters
def test_more_prose_than_code(path):
    """At least five words for each line of code."""
    words = sum(len(text.split()) for text in prose_of(path))
    assert words >= 5 * sum(len(lines_of(source)) for source in code_of(path))


@chapters
def test_code_is_plain(path):
    """No long functions, installs, star imports, semicolons, paths or shell."""
    for source in code_of(path):
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < LONGEST_FUNCTION, node.name
            if isinstance(node, ast.ImportFrom):
                assert node.names[0].name != "*", source
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.search(r"\.(csv|yml|ipynb)$|^\.{0,2}/", node.value), node.value
        assert not re.search(r";\s*$|^[!%]", source, flags=re.MULTILINE), source


@chapters
def test_no_number_is_typed(path):
    """Results come out of cells; prose, captions and strings in code hold none."""
    texts = prose_of(path)
    for kind, source, metadata in read(path):
        shown = metadata.get("mystnb", {})
        texts += [shown.get("figure", {}).get("caption", ""), shown.get("image", {}).get("alt", "")]
        if kind == "code":
            texts += strings_in(source)
    assert [number for text in texts for number in typed_numbers(text)] == []


@chapters
def test_every_figure_has_name_caption_and_alt_text(path):
    """A caption states the finding, the alt text says what is seen; names are unique."""
    figures = [m.get("mystnb", {}) for _, source, m in read(path) if "show_figure(" in source]
    names = [shown["figure"]["name"] for shown in figures]
    assert figures
    assert len(set(names)) == len(names)
    for shown in figures:
        assert len(shown["figure"]["caption"].split()) >= 5
        assert len(shown["image"]["alt"].split()) >= 8


@chapters
def test_the_ledger_is_shown_and_enforced(path):
    """The last of the ledger's cells is its check."""
    sources = code_of(path)
    shown = next(i for i, source in enumerate(sources) if "show_ledger(ledger)" in source)
    assert sources[shown + 1].strip() == "ledger.assert_expected()"


@chapters
def test_questions_have_answers_behind_a_fold(path):
    """At least three questions with feedback, and a solution to the exercise."""
    text = "\n".join(prose_of(path)).split("## Questions")[1]
    questions, exercise = text.split("## Exercise")
    assert questions.count("<details>") == questions.count("</details>") >= 3
    assert "<summary>Solution</summary>" in exercise


@chapters
def test_every_figure_has_its_numbers_beside_it(path):
    """Under the same heading stands a table, which carries a CSV, or the ledger, which does too."""
    heading, shown = "", {}
    for kind, source, _ in read(path):
        if kind == "markdown":
            heading = (re.findall(r"^##+ .+$", source, flags=re.MULTILINE) or [heading])[-1]
        elif found := re.findall(r"show_(figure|table|ledger)\(", source):
            shown.setdefault(heading, set()).update(found)
    assert [heading for heading, kinds in shown.items() if kinds == {"figure"}] == []
