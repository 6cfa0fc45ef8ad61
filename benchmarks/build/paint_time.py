"""When does a page appear on a slow device, against the page that stock Jupyter Book makes?

``python benchmarks/build/paint_time.py [FOLDER]`` builds this book with stock Jupyter Book
(minutes; in a folder of its own, or takes what an earlier run left in ``FOLDER``), takes ours
from ``_build/html`` (``make book``), and opens the same pages of both in turn, each in a fresh
profile of Chromium whose processor is slowed down four times. Requests to other hosts, which only
the stock pages make, are refused at once, which favours those. Writes ``paint_time.csv`` beside
this file: medians in milliseconds, and kilobytes as sent without compression.
"""

import contextlib
import csv
import functools
import http.server
import shutil
import statistics
import sys
import tempfile
import threading
from pathlib import Path

from build_speed import CHECKOUT, ThisBook, seconds
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent
SLOWDOWN, RUNS = 4, 9
PHONE = {"width": 390, "height": 844}
PAGES = (
    "book/index.html",
    "book/methods/pooling_accuracy_studies.html",
    "notebooks/pet_mri_lymph_nodes.html",
    "notebooks/synthetic_dwi_breast.html",
)
WATCH = """
window.paints = {blocked: 0};
const watch = (type, note) =>
  new PerformanceObserver(list => list.getEntries().forEach(note)).observe({type, buffered: true});
watch("paint", entry => { window.paints[entry.name] = entry.startTime; });
watch("largest-contentful-paint", entry => { window.paints.largest = entry.startTime; });
watch("longtask", entry => { window.paints.blocked += Math.max(0, entry.duration - 50); });
"""


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        """Say nothing: a request is no news."""


@contextlib.contextmanager
def served(site):
    """Serve a folder; give its address."""
    handler = functools.partial(_QuietHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()


def open_once(browser, base, name):
    """Open a page in a fresh profile; return its figures."""
    context = browser.new_context(viewport=PHONE)
    context.add_init_script(WATCH)
    page = context.new_page()
    sizes = []
    page.route("**/*", lambda r: r.continue_() if r.request.url.startswith(base) else r.abort())
    page.on("response", lambda response: sizes.append(int(response.headers["content-length"])))
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.goto(base + name)
    page.wait_for_load_state("networkidle")
    page.wait_for_function("() => window.paints.largest")
    found = page.evaluate("() => window.paints")
    context.close()
    return {
        "first paint": found["first-contentful-paint"],
        "largest paint": found["largest"],
        "blocked": found["blocked"],
        "kilobytes": sum(sizes) / 1000,
    }


def compare(bases, chromium):
    """Open every page of both sites in turn; return one row per page and figure."""
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in PAGES:
            runs = {build: [] for build in bases}
            for _ in range(RUNS):
                for build, base in bases.items():
                    runs[build].append(open_once(browser, base, name))
            for figure in runs["ours"][0]:
                row = {"page": name, "figure": figure}
                for build, opened in runs.items():
                    row[build] = round(statistics.median(run[figure] for run in opened))
                row["ours / stock"] = round(row["ours"] / row["stock"], 2) if row["stock"] else ""
                rows.append(row)
                print(row, flush=True)
        browser.close()
    return rows


def main(given):
    """Build, compare, and keep the figures."""
    with contextlib.ExitStack() as servers:
        stock = Path(given[0] if given else tempfile.mkdtemp())
        if not (stock / "_build" / "html" / "index.html").exists():
            print(f"stock book in {stock}", flush=True)
            ThisBook().write(stock, "stock")
            seconds(ThisBook(), stock, "stock")
        sites = {"stock": stock / "_build" / "html", "ours": CHECKOUT / "_build" / "html"}
        bases = {build: servers.enter_context(served(site)) for build, site in sites.items()}
        rows = compare(bases, shutil.which("chromium"))
    with (FOLDER / "paint_time.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
