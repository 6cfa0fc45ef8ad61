"""Is a chapter light, does it stand still while it loads, and do its downloads arrive?"""

import gzip
import json

import pytest

from .conftest import CHAPTERS, PHONE, WIDE

FIRST_VISIT_KB, LATER_VISIT_KB, MOST_SHIFT = 900, 400, 0.02
WATCH_SHIFTS = """
window.shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
# Through the whole page, a screen at a time, so that everything that waits is loaded.
SCROLL = """
async () => {
  for (let y = 0; y < document.body.scrollHeight; y += window.innerHeight) {
    window.scrollTo({top: y, behavior: "instant"});
    await new Promise(done => setTimeout(done, 30));
  }
}
"""


def kilobytes(responses):
    """Return what the responses weigh when a server compresses them, text as pictures."""
    return sum(len(gzip.compress(body, 9)) for body in responses.values()) / 1000


def bodies(page):
    """Collect what arrives, by address without its query."""
    found = {}

    def keep(response):
        if response.ok:
            found[response.url.partition("?")[0]] = response

    page.on("response", keep)
    return found


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_light(chromium, server, name):
    context = chromium.new_context(viewport=WIDE)
    page = context.new_page()
    found = bodies(page)
    page.goto(server + name)
    page.wait_for_load_state("networkidle")
    arrived = {address: response.body() for address, response in [*found.items()]}
    page.evaluate(SCROLL)
    page.wait_for_load_state("networkidle")
    everything = {address: response.body() for address, response in [*found.items()]}
    own = {address: body for address, body in everything.items() if "/_static/" not in address}
    context.close()
    assert kilobytes(arrived) <= FIRST_VISIT_KB
    # On a later visit, or from another chapter, what the pages share is there already.
    assert kilobytes(own) <= LATER_VISIT_KB
    assert len(arrived) < len(everything)  # what is far below waited


@pytest.mark.parametrize("viewport", [WIDE, PHONE])
@pytest.mark.parametrize("name", [*CHAPTERS, "book/index.html", "book/scoreboard.html"])
def test_a_page_stands_still_while_it_loads(chromium, server, name, viewport):
    context = chromium.new_context(viewport=viewport)
    context.add_init_script(WATCH_SHIFTS)
    page = context.new_page()
    page.goto(server + name)
    page.wait_for_load_state("networkidle")
    page.evaluate(SCROLL)
    page.wait_for_load_state("networkidle")
    shift = page.evaluate("() => window.shift")
    context.close()
    assert shift <= MOST_SHIFT


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_figure_waits_in_its_place_and_gives_its_files(open_page, server, site, name):
    page = open_page(server, name)
    images = page.locator("main figure img")
    assert images.count() > 0
    for attribute in ("width", "height", "alt"):
        assert all(images.evaluate_all(f"all => all.map(i => i.getAttribute('{attribute}'))"))
    assert set(images.evaluate_all("all => all.map(i => i.loading)")) == {"lazy"}
    links = page.locator("main figure .figure-files a")
    offered = links.evaluate_all("all => all.map(a => [a.href, a.download])")
    assert len(offered) >= images.count()
    starts = {"svg": b"<?xml", "png": b"\x89PNG"}
    for address, file_name in offered:
        path = site / address.removeprefix(server)
        kind = file_name.rpartition(".")[2]
        assert path.read_bytes().startswith(starts[kind]), address


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_download_button_saves_the_notebook_with_and_without_results(open_page, server, name):
    for label, with_results in (("With results", True), ("Without results", False)):
        page = open_page(server, name)
        page.get_by_role("button", name="Download this page").click()
        with page.expect_download() as download:
            page.get_by_role("link", name=label).first.click()
        assert download.value.suggested_filename.endswith(".ipynb")
        cells = json.loads(download.value.path().read_text(encoding="utf-8"))["cells"]
        outputs = [output for cell in cells for output in cell.get("outputs", ())]
        assert bool(outputs) is with_results


def test_icons_are_drawn(open_page, address):
    page = open_page(address, "book/index.html")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(
        "() => document.fonts.check('900 16px \"Font Awesome 6 Free\"', '\\uf0c9')"
    )
    widths = page.locator("button:visible .fa-solid:visible, button:visible .fas:visible")
    assert widths.count() > 2
    assert min(widths.evaluate_all("all => all.map(i => i.getBoundingClientRect().width)")) > 5


def test_scripts_and_fonts_that_no_page_uses_are_gone(site):
    assert not list(site.rglob("fontawesome*"))
    assert not list(site.rglob("*.map"))
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert ("searchindex.js" in text) is (page.name == "search.html"), page
