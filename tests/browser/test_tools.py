"""Do search, scoreboard, colour mode, menu, questions and tables answer, also to the keyboard?"""

import csv
import io
import json
from urllib.parse import unquote

import pytest

from .conftest import CHAPTERS, PHONE

SCOREBOARD = "book/scoreboard.html"
VISIBLE_ROWS = "table.claims tbody tr:not([hidden])"


def test_search_finds_a_word_of_the_glossary(open_page, address):
    page = open_page(address, "search.html?q=prevalence")
    page.wait_for_selector("#search-results li a")
    found = page.locator("#search-results li a").evaluate_all("links => links.map(a => a.href)")
    assert any("glossary" in link for link in found)
    assert page.record.errors == []


def test_scoreboard_filters_by_keyboard(open_page, address):
    page = open_page(address, SCOREBOARD)
    everything = page.locator(VISIBLE_ROWS).count()
    page.get_by_label("Verdict", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    shown = page.locator(VISIBLE_ROWS)
    verdicts = set(shown.evaluate_all("rows => rows.map(row => row.dataset.verdict)"))
    assert len(verdicts) == 1
    assert 0 < shown.count() < everything
    assert (
        page.locator("p[role=status]").inner_text().startswith(f"{shown.count()} of {everything}")
    )
    page.get_by_role("button", name="Show all").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "all => document.querySelectorAll('table.claims tbody tr:not([hidden])').length === all",
        arg=everything,
    )


def test_scoreboard_filters_by_words(open_page, address):
    page = open_page(address, SCOREBOARD)
    page.get_by_label("Words").fill("no such words anywhere")
    assert page.locator(VISIBLE_ROWS).count() == 0
    assert page.locator("p[role=status]").inner_text().startswith("0 of ")


def test_scoreboard_sorts_by_keyboard_and_says_so(open_page, address):
    page = open_page(address, SCOREBOARD)
    header = page.locator("table.claims thead th", has_text="Printed")
    button = header.get_by_role("button")
    column = header.evaluate("cell => cell.cellIndex")
    for direction in ("ascending", "descending"):
        button.focus()
        page.keyboard.press("Enter")
        assert header.get_attribute("aria-sort") == direction
        cells = page.locator(f"table.claims tbody tr > :nth-child({column + 1})").all_inner_texts()
        numbers = [float(text) for text in cells if text.replace(".", "", 1).isdigit()]
        assert numbers == sorted(numbers, reverse=direction == "descending")
    assert page.locator("table.claims th[aria-sort]").count() == 1


def test_scoreboard_starts_with_what_touches_most(open_page, address):
    page = open_page(address, SCOREBOARD)
    touches = page.locator(VISIBLE_ROWS).evaluate_all(
        "rows => rows.map(row => row.dataset.touches)"
    )
    order = ["conclusion", "interpretation", "wording", "nothing"]
    ranks = [order.index(touched) for touched in touches]
    assert ranks == sorted(ranks)


def test_scoreboard_downloads_hold_what_the_table_shows(open_page, address, site):
    page = open_page(address, SCOREBOARD)
    n_rows = page.locator("table.claims tbody tr").count()
    with page.expect_download() as download:
        page.get_by_role("link", name="ledgers.csv").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert len(list(csv.DictReader(io.StringIO(text)))) == n_rows
    studies = json.loads((site / "ledgers.json").read_text(encoding="utf-8"))
    assert sum(len(study["rows"]) for study in studies) == n_rows


def test_scoreboard_is_complete_without_a_script(chromium, server):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server + SCOREBOARD)
    assert page.locator("table.claims tbody tr").count() > 0
    assert page.locator(".scoreboard :is(button, input, select):visible").count() == 0
    assert page.locator("table.claims th .plain:visible").count() == 7
    context.close()


def test_a_number_of_the_scoreboard_opens_its_chapter_at_that_number(open_page, address):
    page = open_page(address, SCOREBOARD)
    links = page.locator("table.claims tbody th a")
    link = links.nth(links.count() - 1)
    anchor = link.get_attribute("href").partition("#")[2]
    link.click()
    row = page.locator(f'[id="{anchor}"]')
    row.wait_for(state="visible")
    assert row.evaluate("element => element.matches(':target')")


def test_colour_mode_changes_and_stays(open_page, address):
    page = open_page(address, "book/index.html")
    seen = set()
    for _ in range(3):
        page.locator("button.theme-switch-button:visible").first.click()
        seen.add(page.locator("html").get_attribute("data-theme"))
    assert seen == {"light", "dark"}
    while page.locator("html").get_attribute("data-mode") != "dark":
        page.locator("button.theme-switch-button:visible").first.click()
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [CHAPTERS[0], "book/methods/kaplan_meier.html"])
def test_figures_are_neither_dimmed_nor_framed_and_fill_a_phone(
    open_page, server, name, color_scheme
):
    page = open_page(server, name, viewport=PHONE, color_scheme=color_scheme)
    shown = page.locator(".bd-article figure img").evaluate_all(
        """images => images.map(image => {
          const style = getComputedStyle(image);
          return [style.filter, style.padding, image.getBoundingClientRect().width];
        })"""
    )
    assert shown
    assert {tuple(style) for *style, _ in shown} == {("none", "0px")}
    assert min(width for *_, width in shown) > 0.95 * PHONE["width"]


def test_menu_opens_on_a_phone(open_page, address):
    page = open_page(address, "book/index.html", viewport=PHONE)
    page.locator("button.primary-toggle:visible").first.click()
    link = page.get_by_role("link", name="Glossary").first
    link.wait_for(state="visible")
    link.click()
    page.wait_for_url("**/glossary.html")


def test_answers_unfold_by_keyboard(open_page, address):
    page = open_page(address, "book/methods/accuracy.html")
    summary = page.locator("details.sd-dropdown summary").first
    answer = page.locator("details.sd-dropdown p").last
    assert not answer.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    answer.wait_for(state="visible")


@pytest.mark.parametrize("name", CHAPTERS)
def test_questions_and_exercise_answer_to_the_keyboard(open_page, address, name):
    """One answer opens at a time, stays open, and closes again; nothing gives it away before."""
    page = open_page(address, name)
    folds = page.locator("section#questions details, section#exercise details")
    assert folds.count() >= 4  # three questions and the solution
    for number in range(folds.count()):
        fold = folds.nth(number)
        answer = fold.locator(":scope > :not(summary)").first
        assert not answer.is_visible()
        fold.locator("summary").first.focus()
        page.keyboard.press("Enter")
        answer.wait_for(state="visible")
        assert len(answer.inner_text()) > 20
    page.keyboard.press("Enter")
    answer.wait_for(state="hidden")
    assert page.record.errors == []


# Of every table: its name, the addresses of its CSV files, and the rows that are shown of them.
TABLES = """
tables => tables.map(table => {
  const output = table.closest(".cell_output");
  const ledger = table.querySelector("table.ledger");
  return [
    table.getAttribute("aria-label"),
    [...output.querySelectorAll("a[download$='.csv']")].map(link => link.href),
    ledger
      ? output.querySelectorAll("table.ledger tbody tr[id^='claim-']").length
      : table.querySelectorAll("tbody tr").length,
  ];
})
"""


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_table_gives_its_numbers(open_page, address, name):
    """The CSV has a row for each row that is shown; the ledger's has one for each claim."""
    page = open_page(address, name)
    tables = page.locator("main .table-scroll").evaluate_all(TABLES)
    assert len(tables) > 5
    for label, links, n_rows in tables:
        assert len(links) == 1, label
        text = unquote(links[0].partition(",")[2])
        assert len(list(csv.DictReader(io.StringIO(text)))) == n_rows, label
    link = page.locator("main a[download$='.csv']:visible").first
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == link.get_attribute("download")
    saved = download.value.path().read_text(encoding="utf-8")
    assert saved == unquote(link.get_attribute("href").partition(",")[2])


def test_formulas_are_drawn_by_the_browser_itself(open_page, address):
    page = open_page(address, "book/methods/pooling_accuracy_studies.html")
    formulas = page.locator("math")
    assert formulas.count() > 5
    assert page.locator("script[src*=mathjax], script[src*=katex]").count() == 0
    heights = formulas.evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert min(heights) > 0
