"""A browser, and the built site to look at in it, over http and from disk."""

import functools
import http.server
import os
import shutil
import threading
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from reanalysis import publish

SITE = Path(os.environ.get("REANALYSIS_SITE", Path(__file__).parents[2] / "_build" / "html"))
# Nothing that the browser itself would ask of other hosts.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Record:
    """What went wrong, and where requests went, while pages were open."""

    errors: list = field(default_factory=list)
    foreign: list = field(default_factory=list)


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        """Say nothing: a request is no news."""


@pytest.fixture(scope="session")
def site():
    if not (SITE / "index.html").is_file():
        pytest.fail(f"there is no site in {SITE}: run `make book` first")
    return SITE


def page_names():
    """Every page of the site by its path, the front door left out: it only leads on."""
    names = (str(page.relative_to(SITE)) for page in SITE.rglob("*.html"))
    return sorted(name for name in names if not name.startswith("_") and name != "index.html")


CHAPTERS = [name for name in page_names() if name.startswith("notebooks/")]


@pytest.fixture(scope="session")
def server(site):
    handler = functools.partial(_QuietHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()


@pytest.fixture(scope="session")
def chromium():
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.fail("these tests need Chromium (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def offline(site, tmp_path_factory):
    """Where the book for reading without a network begins, once it is unpacked."""
    root = tmp_path_factory.mktemp("offline")
    (root / publish.SITE).parent.mkdir()
    (root / publish.SITE).symlink_to(site.resolve(), target_is_directory=True)
    with zipfile.ZipFile(publish.pack(root)) as archive:
        archive.extractall(root)
    return f"{(root / publish.OFFLINE).as_uri()}/"


@pytest.fixture(params=["http", "file"])
def address(request):
    """Where the site begins: on a server, and on disk as it comes out of the offline zip."""
    return request.getfixturevalue("server" if request.param == "http" else "offline")


@pytest.fixture
def open_page(chromium):
    """Open a page in a fresh profile; its ``record`` collects errors and foreign requests."""
    contexts = []

    def open_at(base, name, *, viewport=WIDE, color_scheme="light"):
        context = chromium.new_context(
            viewport=viewport, color_scheme=color_scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.record = watch(page, base)
        page.goto(base + name)
        return page

    yield open_at
    for context in contexts:
        context.close()


def watch(page, base):
    """Record a page's console errors, failed requests and requests that leave the site."""
    record = Record()

    def on_console(message):
        if message.type == "error":
            record.errors.append(message.text)

    def on_request(request):
        if not request.url.startswith((base, "data:", "blob:")):
            record.foreign.append(request.url)

    def on_response(response):
        if response.status >= 400:
            record.errors.append(f"{response.status} {response.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: record.errors.append(str(error)))
    page.on("request", on_request)
    page.on("response", on_response)
    page.on("requestfailed", lambda request: record.errors.append(f"failed: {request.url}"))
    return record
