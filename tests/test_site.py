"""Do the sources of the site, and the extensions that build it, keep their promises?"""

import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.parsers import expat

import pytest
import yaml
from docutils import nodes
from docutils.utils import new_document

from reanalysis.diagnostic_accuracy import TwoByTwo, post_test_probability, proportion
from reanalysis.display import VERDICT_LABELS
from reanalysis.ledger_page import LEDGER_MIME
from reanalysis.study_contract import CONSEQUENCES, VERDICTS

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "book"
STATIC = BOOK / "_static"
DOI = re.compile(r"doi = \{(10\.\d{4,9}/[^}\s]+)\}")

# The names that code and prose share (glossary).
VOCABULARY = {
    *("tp", "fp", "fn", "tn", "pre_test_probability", "post_test_probability"),
    *("likelihood_ratio_positive", "likelihood_ratio_negative", "time", "event", "arm"),
    *("n_at_risk", "reader", "target", "measurement", "estimate", "std_error", "conf_low"),
    *("conf_high", "p_value", "conf_level"),
}


@pytest.fixture
def extension(monkeypatch):
    monkeypatch.syspath_prepend(BOOK / "_extensions")

    def load(name):
        sys.modules.pop(name, None)
        return __import__(name)

    return load


@pytest.fixture(scope="module")
def stylesheet():
    return (STATIC / "book.css").read_text(encoding="utf-8")


def toc_files():
    def files(entry):
        if isinstance(entry, list):
            return [name for item in entry for name in files(item)]
        own = [entry[key] for key in ("root", "file") if key in entry]
        below = [files(entry[key]) for key in ("parts", "chapters", "sections") if key in entry]
        return own + [name for names in below for name in names]

    return files(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")))


# --- contents --------------------------------------------------------------------------------


def test_contents_list_every_page_once_and_nothing_else():
    sources = [*BOOK.rglob("*.md"), *BOOK.rglob("[!.]*.ipynb"), *ROOT.glob("notebooks/*.ipynb")]
    pages = {str(page.relative_to(ROOT).with_suffix("")) for page in sources}
    listed = toc_files()
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) == pages


def test_api_reference_holds_every_module_once():
    package = ROOT / "reanalysis"
    pages = {page.stem: page.read_text(encoding="utf-8") for page in BOOK.glob("api/*.md")}
    overview = pages.pop("index")
    written = "\n".join(pages.values())
    named = re.findall(r"automodule:: reanalysis\.(\S+)", written)
    assert len(named) == len(set(named))
    assert set(named) <= {path.stem for path in package.glob("[a-z]*.py")}
    wholes = {f"module of reanalysis.{path.parent.name}" for path in package.glob("*/__init__.py")}
    wholes |= {"other module of reanalysis"}
    assert set(re.findall(r"^% every (.+)$", written, re.MULTILINE)) == wholes
    assert set(re.findall(r"^% list every (.+)$", overview, re.MULTILINE)) == wholes


def test_glossary_holds_the_vocabulary_of_the_code():
    glossary = (BOOK / "glossary.md").read_text(encoding="utf-8")
    terms = set(re.findall(r"^(\S.*)$", glossary, re.MULTILINE))
    assert terms >= VOCABULARY


def test_every_reference_has_a_doi_or_an_address_and_every_study_is_a_reference():
    """Without one: a book, a study whose source states none, and what has a stable address."""
    text = (BOOK / "references.bib").read_text(encoding="utf-8")
    entries = re.split(r"^@", text, flags=re.MULTILINE)[1:]
    dois = DOI.findall(text)
    cards = [yaml.safe_load(p.read_text(encoding="utf-8")) for p in ROOT.glob("data/*/study.yml")]
    unstated = [card["title"] for card in cards if card["doi"] == "not stated"]
    without = [re.sub(r"[{}]", "", entry) for entry in entries if not DOI.search(entry)]
    articles = [entry for entry in without if not entry.startswith("book")]
    assert len(dois) == len(set(dois)) == len(entries) - len(without)
    assert {card["doi"] for card in cards} - {"not stated"} <= set(dois)
    assert all(any(title in article for article in articles) for title in unstated)
    others = [a for a in articles if not any(title in a for title in unstated)]
    assert all(re.search(r"^ *url = https://\S+", other, re.MULTILINE) for other in others)


def test_every_verdict_and_consequence_is_explained():
    decide = (BOOK / "how_we_decide.md").read_text(encoding="utf-8")
    read = (BOOK / "how_to_read.md").read_text(encoding="utf-8")
    for verdict in VERDICTS:
        section = decide.split(f"### {{verdict}}`{verdict}`")[1].split("\n###")[0]
        assert "*Example.*" in section
        assert f"{{verdict}}`{verdict}`" in read
    for consequence in CONSEQUENCES:
        assert f"\n{consequence}\n: " in decide


def test_prose_names_no_other_host():
    for page in BOOK.rglob("*.md"):
        assert not re.search(r"https?://", page.read_text(encoding="utf-8")), page


# --- worked examples -------------------------------------------------------------------------


def test_numbers_of_the_accuracy_primer():
    page = (BOOK / "methods" / "accuracy.md").read_text(encoding="utf-8")
    table = TwoByTwo(tp=45, fp=10, fn=15, tn=80)
    assert rf"\frac{{45}}{{60}} = {table.sensitivity.estimate:.2f}" in page
    assert rf"\frac{{80}}{{90}} = {table.specificity.estimate:.2f}" in page
    assert rf"\frac{{45}}{{55}} = {table.positive_predictive_value.estimate:.2f}" in page
    assert rf"\frac{{80}}{{95}} = {table.negative_predictive_value.estimate:.2f}" in page
    assert f"125 ÷ 150 = {table.accuracy.estimate:.2f}" in page
    positive = table.likelihood_ratio_positive
    assert f"{{specificity}}}} = {positive.estimate:.2f}" in page.replace("1-\\text", "")
    assert f"gives {positive.conf_low:.2f} to {positive.conf_high:.2f}" in page
    assert f"{{specificity}}}} = {table.likelihood_ratio_negative.estimate:.2f}" in page
    assert rf"\cdot 15}} = {table.diagnostic_odds_ratio.estimate:.0f}" in page
    for name, method in {"Wald": "normal", "Wilson": "wilson", "Clopper–Pearson": "beta"}.items():
        sensitivity = proportion(45, 60, method=method)
        assert f"| {name} | {sensitivity.conf_low:.2f} to {sensitivity.conf_high:.2f} |" in page
    nine_of_ten = proportion(9, 10)
    assert f"from {nine_of_ten.conf_low:.2f} to {nine_of_ten.conf_high:.2f}" in page
    assert f"143.1 = {post_test_probability(0.05, positive.estimate):.2f}" in page


def test_numbers_of_the_fagan_primer():
    page = (BOOK / "methods" / "fagan.md").read_text(encoding="utf-8")
    table = TwoByTwo(tp=45, fp=10, fn=15, tn=80)
    ratios = [table.likelihood_ratio_positive.estimate, table.likelihood_ratio_negative.estimate]
    for before in (0.05, 0.3, 0.5, 0.8):
        after = " | ".join(f"{post_test_probability(before, ratio):.2f}" for ratio in ratios)
        assert f"| {before:.2f} | {after} |" in page
    assert f"a probability of {post_test_probability(0.1, 9):.2f}" in page


# --- stylesheet, script, pictures ------------------------------------------------------------


def test_static_files_ask_no_other_host():
    for path in (path for path in STATIC.iterdir() if path.suffix != ".png"):
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|//[a-z]|@import", text.replace("// ", "")), path


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.svg")), ids=lambda path: path.name)
def test_pictures_are_well_formed_and_carry_no_script(path):
    elements = elements_of(path.read_text(encoding="utf-8"))
    assert elements[0] == "svg"
    assert "script" not in elements


def test_every_verdict_has_a_badge_with_an_icon_of_its_own(stylesheet):
    icons = {}
    for verdict in VERDICTS:
        rule = re.search(rf"\.verdict-{verdict} \{{(.*?)\n\}}", stylesheet, re.DOTALL).group(1)
        icons[verdict] = re.search(r'--icon: url\("data:image/svg\+xml,(.*?)"\)', rule).group(1)
    assert len(set(icons.values())) == len(VERDICTS)
    assert set(VERDICT_LABELS) == set(VERDICTS)


@pytest.mark.parametrize("theme", [":root", 'html[data-theme="dark"]'])
def test_words_on_badges_are_legible(stylesheet, theme):
    block = re.search(re.escape(theme) + r" \{(.*?)\n\}", stylesheet, re.DOTALL).group(1)
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    for verdict in VERDICTS:
        name = verdict.replace("_", "-")
        assert contrast(colours[name], colours[f"{name}-face"]) >= 4.5, verdict


def elements_of(markup):
    """Names of the elements of an XML text, which must be well formed."""
    names = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: names.append(name)
    parser.Parse(markup, True)
    return names


def contrast(one, other):
    """Contrast ratio of two sRGB colours (WCAG 2.2, definition of contrast ratio)."""

    def luminance(colour):
        channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


# --- mathematics -----------------------------------------------------------------------------


def test_mathematics_becomes_mathml(extension):
    to_mathml = extension("book_mathml").to_mathml
    formula = to_mathml(r"\frac{a}{b}", block=True)
    assert elements_of(formula) == ["math", "mfrac", "mi", "mi"]
    assert 'display="block"' in formula
    aligned = to_mathml(r"\begin{align*} a &= b \\ c &= d \end{align*}", block=True)
    assert aligned.count("<mtr>") == 2


def test_an_unknown_command_is_an_error(extension):
    with pytest.raises(ValueError, match="nosuchcommand"):
        extension("book_mathml").to_mathml(r"\nosuchcommand{x}")


# --- what other pages say about a chapter ----------------------------------------------------

ROWS = [
    {"claim_id": claim_id, "verdict": verdict, "consequence": consequence, "published": published}
    for claim_id, verdict, consequence, published in (
        ("a.one", "reproduced", "none", "0.78"),
        ("a.two", "differs", "wording", "0.10"),
        ("a.three", "other_method", "conclusion", "<1"),
        ("a.four", "contradicted", "wording", "x, y"),
    )
]
ANSWER = (
    '<dl class="answer-box"><div class="answer-question"><dt>Q</dt><dd>Is it?</dd></div>'
    '<div class="answer-finding"><dt>F</dt><dd>A &lt; B</dd></div></dl>'
)


def notebook(*, code="show_ledger(ledger)", outputs=True, ledgers=1):
    data = [{"data": {LEDGER_MIME: {"study_id": "s", "title": "T", "rows": ROWS}}}] * ledgers
    shown = [{"data": {"text/html": [ANSWER]}}, *data] if outputs else []
    cells = [
        {"cell_type": "markdown", "source": ["(study-s)=\n", "# Is it so?\n"]},
        {"cell_type": "code", "source": [code], "outputs": shown},
    ]
    return {"cells": cells}


@pytest.fixture
def chapter_files(tmp_path):
    def write(source, executed):
        for folder, content in (("book", source), ("executed", executed)):
            path = tmp_path / folder / "notebooks" / "s.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content), encoding="utf-8")
        return "notebooks/s", tmp_path / "book", tmp_path / "executed"

    return write


def test_a_chapter_is_read_from_its_executed_copy(extension, chapter_files):
    read_chapter = extension("book_ledgers").read_chapter
    chapter = read_chapter(*chapter_files(notebook(outputs=False), notebook()))
    assert (chapter.heading, chapter.study_id) == ("Is it so?", "s")
    assert chapter.answer == {"question": "Is it?", "finding": "A < B"}
    assert list(chapter.counts()) == list(VERDICTS)
    assert sum(chapter.counts().values()) == len(ROWS)


def test_rows_come_by_consequence_then_verdict(extension, chapter_files):
    module = extension("book_ledgers")
    chapter = module.read_chapter(*chapter_files(notebook(), notebook()))
    order = [row["claim_id"] for _, row in module.most_consequential_first([chapter])]
    assert order == ["a.three", "a.four", "a.two", "a.one"]


def test_downloads_hold_every_row_as_printed(extension, chapter_files):
    module = extension("book_ledgers")
    chapter = module.read_chapter(*chapter_files(notebook(), notebook()))
    lines = module.ledgers_as_csv([chapter]).splitlines()
    assert lines[0] == "study_id,claim_id,verdict,consequence,published"
    assert lines[-1] == 's,a.four,contradicted,wording,"x, y"'
    assert json.loads(module.ledgers_as_json([chapter])) == [
        {"study_id": "s", "title": "T", "rows": ROWS}
    ]


@pytest.mark.parametrize(
    ("executed", "message"),
    [
        (notebook(code="1 + 1"), "changed after it was executed"),
        (notebook(ledgers=0), "exactly one ledger"),
        (notebook(ledgers=2), "exactly one ledger"),
        (notebook(outputs=False), "exactly one ledger"),
    ],
)
def test_a_chapter_that_cannot_be_trusted_stops_the_build(
    extension, chapter_files, executed, message
):
    module = extension("book_ledgers")
    with pytest.raises(module.UnexecutedChapterError, match=message):
        module.read_chapter(*chapter_files(notebook(), executed))


def test_a_chapter_that_was_never_executed_stops_the_build(extension, tmp_path):
    module = extension("book_ledgers")
    with pytest.raises(module.UnexecutedChapterError, match="make book"):
        module.read_chapter("notebooks/s", tmp_path, tmp_path / "executed")


# --- folds -----------------------------------------------------------------------------------


def folded(code, *, prompt="Set-up", output=False):
    cell = nodes.container(nb_element="cell_code", hide_mode="input", classes=["cell"])
    cell["prompt_show"] = cell["prompt_hide"] = prompt
    cell += nodes.container("", nodes.literal_block(code, code), nb_element="cell_code_source")
    if output:
        cell += nodes.container(nb_element="cell_code_output")
    return cell


def test_folds_that_follow_one_another_are_one(extension):
    document = new_document("page")
    section = nodes.section()
    section += [folded("a = 1"), folded("b = 2"), folded("c = 3"), nodes.paragraph("", "Words.")]
    section += [folded("d = 4"), folded("e = 5", prompt="Ledger"), folded("f", output=True)]
    document += section
    document += folded("g = 7", prompt="Ledger")
    extension("book_folds").join_folds(document)
    blocks = [block.astext() for block in document.findall(nodes.literal_block)]
    assert blocks == ["a = 1\n\nb = 2\n\nc = 3", "d = 4", "e = 5", "f", "g = 7"]
    assert [type(child).__name__ for child in section.children] == [
        "container", "paragraph", "container", "container", "container",
    ]  # fmt: skip


# --- the public address ----------------------------------------------------------------------


def settings(address):
    return SimpleNamespace(book_repository=address, html_theme_options={}, html_baseurl="")


def test_without_an_address_nothing_that_needs_one_appears(extension):
    config = settings("")
    extension("book_site").apply_repository(None, config)
    assert (config.html_theme_options, config.html_baseurl) == ({}, "")


def test_one_address_turns_on_all_that_needs_it(extension):
    config = settings("https://github.com/Owner/name/")
    extension("book_site").apply_repository(None, config)
    assert config.html_baseurl == "https://owner.github.io/name/"
    assert config.html_theme_options["repository_url"] == "https://github.com/Owner/name"
    assert config.html_theme_options["launch_buttons"]["binderhub_url"]


def test_an_address_of_another_kind_is_an_error(extension):
    module = extension("book_site")
    with pytest.raises(module.ConfigError, match="OWNER/NAME"):
        module.apply_repository(None, settings("https://example.org/book"))


# --- docstrings ------------------------------------------------------------------------------


def test_modules_of_a_package_are_written_out(extension):
    source = ["# Plots\n\n% every module of reanalysis.plots\n"]
    extension("book_api").expand_modules(None, "book/api/plots", source)
    assert ".. automodule:: reanalysis.plots.fagan_nomogram\n   :members:" in source[0]
    source = ["% list every module of reanalysis.plots"]
    extension("book_api").expand_modules(None, "book/api/index", source)
    assert "   reanalysis.plots.fagan_nomogram\n" in source[0]


def test_modules_without_a_page_are_found(extension):
    source = ["% list every other module of reanalysis"]
    extension("book_api").expand_modules(None, "book/api/index", source)
    assert "reanalysis.ledger\n" not in source[0]


def test_the_help_of_a_command_is_shown_as_it_is(extension):
    lines = ["Check a table.", "", "    python -m reanalysis.check FILE", "", "  odd |layout|"]
    extension("book_api").to_restructured_text(None, "module", "x", None, None, lines)
    assert lines[2:4] == ["::", ""]
    assert "     odd |layout|" in lines


def test_docstrings_link_inside_the_package_only(extension):
    lines = ["See :func:`scipy.stats.norm` and :func:`proportion`: both", "when |ρ| = 1."]
    extension("book_api").to_restructured_text(None, "property", "x", None, None, lines)
    assert lines == ["See ``scipy.stats.norm`` and :func:`.proportion`: both", r"when \|ρ\| = 1."]
